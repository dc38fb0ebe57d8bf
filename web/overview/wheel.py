"""The year wheel on the overview: this year's, or another year's or group's that is asked for.

How it is drawn is `reports/drawings/wheel.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import ask
from models.group import Group
from models.lifecycle import State
from models.listing import late
from reports.blocks import Picture
from reports.drawings.bars import Bar, Days, Row
from reports.drawings.wheel import year_wheel
from rules.wording import alphabetically

MOST = 90  # activities; more make a wheel that nobody can read
_NOT_DRAWN = (State.REJECTED, State.WITHDRAWN)
_YEARS = range(1990, 2100)
_DUE = func.coalesce(c(Activity).deadline_last, c(Activity).deadline_first)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel, or why there is none, and what else may be asked for."""

    year: int
    group: str  # "" for all
    groups: list[str]
    number: int  # of activities that year
    picture: Picture | None


def wheel(session: Session, request: Request, seen: ColumnElement[bool], today: date) -> Wheel:
    """The wheel that the address asks for: `ar`, and `grupp` by its name."""
    words = request.query_params.get("ar", "")
    asked = int(words) if words.isdecimal() and len(words) == 4 else today.year
    year = asked if asked in _YEARS else today.year
    numbers = _numbers(session, seen, year)
    groups = sorted(numbers, key=alphabetically)
    group = request.query_params.get("grupp", "")
    if group not in groups:
        group = ""
    number = numbers[group] if group else sum(numbers.values())
    picture = None
    if 0 < number <= MOST:
        picture = _drawn(_rows(session, seen, year, group), year, today)
    return Wheel(year, group, groups, number, picture)


def _in_the_year(seen: ColumnElement[bool], year: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an activity has days in the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    start = func.coalesce(c(Activity).start_first, c(Activity).start_last)
    return (
        seen,
        c(Activity).state.not_in(_NOT_DRAWN),
        or_(start.is_not(None), _DUE.is_not(None)),
        or_(start.is_(None), start <= last),
        or_(_DUE.is_(None), first <= _DUE),
    )


def _numbers(session: Session, seen: ColumnElement[bool], year: int) -> dict[str, int]:
    """How many there are in each group; counted where they lie, since most are never drawn."""
    rows = ask(
        session,
        select(c(Group).name, func.count())
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(*_in_the_year(seen, year))
        .group_by(c(Group).name),
    )
    return dict(rows.tuples().all())


def _rows(session: Session, seen: ColumnElement[bool], year: int, group: str) -> Sequence[Any]:
    """Activities with days in the year, group by group; of one group if it is named."""
    rows = ask(
        session,
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
        .where(*_in_the_year(seen, year))
        .where(c(Group).name == group if group else true())
        .order_by(c(Group).name, _DUE, c(Activity).id),
    )
    return sorted(rows, key=lambda row: alphabetically(row.group))


def _drawn(rows: Sequence[Any], year: int, today: date) -> Picture:
    rings: dict[str, list[Bar]] = {}
    for number, row in enumerate(rows, start=1):
        bar = Bar(
            number,
            row.what,
            row.state,
            Days(row.start_text, row.start_first, row.start_last),
            Days(row.deadline_text, row.deadline_first, row.deadline_last),
            late(row, today),
        )
        rings.setdefault(row.group, []).append(bar)
    shown = [Row(group, tuple(bars)) for group, bars in rings.items()]
    return year_wheel(year, shown, today, caption=f"Årshjul {year}")
