"""Which answers wait for a yes or a no: said once, so that pages and letters agree.

An answer may propose another day, or somebody else who answers. It stands until somebody has
settled it or a later answer proposes something else of the same kind; that a later answer says
how it goes takes nothing back. What a yes does is in `intake/lives/settling.py`.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from models.activity import Activity
from models.columns import c
from models.status import Says, Settled, StatusAnswer


def proposes_another_day(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """An answer proposes a day that its activity, joined in, does not have already."""
    later: Any = aliased(StatusAnswer)
    return and_(
        answer.proposed_last.is_not(None),
        or_(c(Activity).deadline_last.is_(None), c(Activity).deadline_last != answer.proposed_last),
        unsettled(answer),
        ~_exists_later(answer, later, later.proposed_last.is_not(None)),
    )


def proposes_somebody_else(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """An answer says "not me: it is …", and nobody has said yes or no to it."""
    later: Any = aliased(StatusAnswer)
    return and_(
        answer.says == Says.NOT_ME,
        unsettled(answer),
        ~_exists_later(answer, later, later.says == Says.NOT_ME),
    )


def proposes(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """An answer waits for a yes or a no: another day, or somebody else."""
    return or_(proposes_somebody_else(answer), proposes_another_day(answer))


def worries(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """An answer says that it is late or may be, and nobody has settled it. Ask of the newest."""
    return and_(answer.says.in_((Says.AT_RISK, Says.LATE)), unsettled(answer))


def unsettled(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """Nobody has said yes or no to an answer."""
    settled = select(literal(1)).where(c(Settled).answer_id == answer.id)
    return ~settled.correlate_except(Settled).exists()


def stands(answer: Any = StatusAnswer) -> ColumnElement[bool]:  # noqa: ANN401
    """Whoever gave the answer has not taken it back."""
    back = select(literal(1)).where(c(Settled).answer_id == answer.id, c(Settled).taken_back)
    return ~back.correlate_except(Settled).exists()


# The same as words of SQL, for statements of `s`.
STANDS = "s.id NOT IN (SELECT answer_id FROM answer_settled WHERE taken_back)"


def standing_proposal() -> Any:  # noqa: ANN401 - a scalar subquery
    """The newest answer about the row's activity that waits for a yes or a no: its id, or NULL."""
    answer: Any = aliased(StatusAnswer)
    return (
        select(func.max(answer.id))
        .where(answer.activity_id == c(Activity).id, proposes(answer))
        .correlate(Activity)
        .scalar_subquery()
    )


def _exists_later(answer: Any, later: Any, condition: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """A later answer about the same activity is of that kind."""
    asked = select(literal(1)).where(
        later.activity_id == answer.activity_id, later.id > answer.id, condition
    )
    return asked.correlate_except(later).exists()
