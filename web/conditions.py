"""Conditions that more than one page asks about: said once, so that pages agree."""

from sqlalchemy import ColumnElement, and_, or_

from models.activity import Activity
from models.columns import c
from models.status import Says, StatusAnswer


def proposes_another_day() -> ColumnElement[bool]:
    """An answer proposes a day that the activity does not have already."""
    proposed = c(StatusAnswer).proposed_last
    return and_(
        proposed.is_not(None),
        or_(c(Activity).deadline_last.is_(None), c(Activity).deadline_last != proposed),
    )


def asks_for_something() -> ColumnElement[bool]:
    """An answer that somebody must take a stand on: at risk, late, "not me", or another day."""
    return or_(
        c(StatusAnswer).says.in_((Says.AT_RISK, Says.LATE, Says.NOT_ME)), proposes_another_day()
    )
