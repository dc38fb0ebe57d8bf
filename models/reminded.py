"""From which day a plan is reminded of: until then nothing goes out about anything in it.

A plan that was taken in while it was already going has no such day until its process leader has
seen the first letters and said so (`web/plans/reminding.py`). All others have had one from the
start. The sweep asks the same in its own words (`notifications/notices.py`).
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session

from models.columns import c
from models.plan import Plan
from models.resting import resting

AT_ONCE = timedelta(days=100)  # so long after it begins what had passed before is looked for


def is_reminded_of(plan_id: ColumnElement[int], today: date) -> ColumnElement[bool]:
    """The condition that something of that plan may be written about today.

    Not before somebody has said so, nor while its collaboration rests.
    """
    begins = c(Plan).reminded_from
    at_rest = c(Plan).collaboration_id.in_(resting(today))
    silent = select(c(Plan).id).where(or_(begins.is_(None), begins > today, at_rest))
    return plan_id.not_in(silent)


def remind_from(
    session: Session,
    plan_id: int,
    day: date | None,
    *,
    by: str = "",
    said_on: date | None = None,
) -> None:
    """Say from which day a plan is reminded of, and who said so when; None: not yet."""
    session.execute(
        update(Plan)
        .where(c(Plan).id == plan_id)
        .values(reminded_from=day, reminded_by=by, reminded_said_on=said_on)
        .execution_options(synchronize_session="fetch")
    )
