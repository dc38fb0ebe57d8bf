"""Conditions that more than one page asks about: said once, so that pages agree."""

from sqlalchemy import ColumnElement, and_, literal, or_, select

from models.activity import Activity
from models.columns import c
from models.status import Says, Settled, StatusAnswer


def proposes_another_day() -> ColumnElement[bool]:
    """An answer proposes a day that the activity does not have already."""
    proposed = c(StatusAnswer).proposed_last
    return and_(
        unsettled(),
        proposed.is_not(None),
        or_(c(Activity).deadline_last.is_(None), c(Activity).deadline_last != proposed),
    )


def asks_for_something() -> ColumnElement[bool]:
    """An answer that somebody must take a stand on: at risk, late, "not me", or another day."""
    return or_(
        c(StatusAnswer).says.in_((Says.AT_RISK, Says.LATE)),
        proposes_somebody_else(),
        proposes_another_day(),
    )


def proposes_somebody_else() -> ColumnElement[bool]:
    """An answer says "not me: it is …", and nobody has said yes or no to it."""
    return and_(c(StatusAnswer).says == Says.NOT_ME, unsettled())


def unsettled() -> ColumnElement[bool]:
    """Nobody has said yes or no to what an answer proposes."""
    settled = select(literal(1)).where(c(Settled).answer_id == c(StatusAnswer).id)
    return ~settled.exists()
