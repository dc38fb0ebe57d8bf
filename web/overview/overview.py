"""The overview: first what needs attention, then how many there are of each, then the wheel."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Group
from models.lifecycle import REMINDED, State
from models.plan import Plan
from reports.blocks import Picture
from reports.drawings.bars import Bar, Days, Row
from reports.drawings.wheel import year_wheel
from web.overview.attention import attention, seen_by
from web.page import settings_of, show, today_of

router = APIRouter()
MOST_ON_WHEEL = 90  # activities; more make a wheel that nobody can read
_NOT_ON_WHEEL = (State.REJECTED, State.WITHDRAWN)


@router.get("/")
def overview(request: Request) -> HTMLResponse:
    """The first page."""
    today, seen = today_of(request), seen_by(request)
    with reading(settings_of(request)) as session:
        values = {
            "attention": [a for a in attention(session, seen, today) if a.number],
            "counts": _counts(session, seen.activities),
            "states": list(State),
            "wheel": _wheel(session, seen.activities, today),
            "any_plan": session.execute(select(c(Plan).id).limit(1)).first() is not None,
        }
    return show(request, "overview.html", "Översikt", values)


def _counts(session: Session, seen: ColumnElement[bool]) -> dict[str, int]:
    query = select(c(Activity).state, func.count()).where(seen)
    rows = session.execute(query.group_by(c(Activity).state))
    return {state.value: number for state, number in rows}


def _wheel(session: Session, seen: ColumnElement[bool], today: date) -> Picture | None:
    """Activities with days in this year, a ring for each group; None when too many, or none."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    start = func.coalesce(c(Activity).start_first, c(Activity).start_last)
    due = func.coalesce(c(Activity).deadline_last, c(Activity).deadline_first)
    rows = session.execute(
        select(
            c(Activity).what,
            c(Activity).state,
            c(Activity).start_text,
            c(Activity).start_first,
            c(Activity).start_last,
            c(Activity).deadline_text,
            c(Activity).deadline_first,
            c(Activity).deadline_last,
            c(Activity).reported_done_on,
            c(Group).name.label("group"),
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(
            seen,
            c(Activity).state.not_in(_NOT_ON_WHEEL),
            or_(start.is_not(None), due.is_not(None)),
            or_(start.is_(None), start <= last),
            or_(due.is_(None), due >= first),
        )
        .order_by(c(Group).name, due, c(Activity).id)
        .limit(MOST_ON_WHEEL + 1)
    ).all()
    if not rows or len(rows) > MOST_ON_WHEEL:
        return None
    rings: dict[str, list[Bar]] = {}
    for number, row in enumerate(rows, start=1):
        late = (
            row.deadline_last is not None
            and row.deadline_last < today
            and row.state in REMINDED
            and row.reported_done_on is None
        )
        bar = Bar(
            number,
            row.what,
            row.state,
            Days(row.start_text, row.start_first, row.start_last),
            Days(row.deadline_text, row.deadline_first, row.deadline_last),
            late,
        )
        rings.setdefault(row.group, []).append(bar)
    shown = [Row(group, tuple(bars)) for group, bars in rings.items()]
    return year_wheel(today.year, shown, today, caption=f"Årshjul {today.year}")
