"""The rehearsal: which letters will go out on the days to come, to whom, and why (row M9).

Not a second opinion but the rounds themselves, run day by day on what is on file now, in a place
where nothing is kept. So it cannot say anything else than what the rounds then do, as long as
nobody answers, moves or changes anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypedDict

from sqlalchemy import select
from sqlmodel import Session

from config import timetable
from config.policy import Policy
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import scratch
from models.letter import Letter, LetterItem, Notice
from notifications import letters, notices
from rules.calendar import is_quiet

LONGEST = 400  # days in one rehearsal


class ItemJson(TypedDict):
    """One activity in a letter to come."""

    activity: int
    kind: str
    rung: int
    deadline: str


@dataclass(frozen=True, slots=True)
class Row:
    """One activity in a letter to come, and why it stands there."""

    activity_id: int
    what: str
    kind: str
    rung: int
    due_on: date
    via: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A letter to come."""

    on_day: date
    name: str
    address: str
    subject: str
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The letter as plain values."""
        items = [
            ItemJson(
                activity=row.activity_id,
                kind=row.kind,
                rung=row.rung,
                deadline=row.due_on.isoformat(),
            )
            for row in self.rows
        ]
        return {
            "date": self.on_day.isoformat(),
            "to": self.address,
            "subject": self.subject,
            "items": items,
        }


def rehearse(settings: Settings, policy: Policy, first: date, last: date) -> list[Coming]:
    """Every letter of the mornings from `first` to `last`, both included. Saves and sends nothing.

    Raises `ValueError` for a window that is turned around or too long.
    """
    if last < first or (last - first).days > LONGEST:
        raise ValueError(f"a rehearsal goes from a day to a later one, at most {LONGEST} days on")
    coming: list[Coming] = []
    with scratch(settings) as session:
        for day in _mornings(policy, first, last):
            notices.sweep(session, policy, day)
            result = letters.morning(session, settings, policy, day)
            coming += _letters(session, result.letter_ids)
    return coming


def _mornings(policy: Policy, first: date, last: date) -> Iterator[date]:
    """The days on which the timetable has a morning round, and that are not quiet."""
    line = timetable.line("morning-round")
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if timetable.runs_on(line, day) and not is_quiet(policy, day):
            yield day


def _letters(session: Session, ids: list[int]) -> list[Coming]:
    if not ids:
        return []
    rows = session.execute(
        select(
            c(Letter).id,
            c(Letter).on_day,
            c(Letter).to_name,
            c(Letter).to_address,
            c(Letter).subject,
            c(Activity).id.label("activity_id"),
            c(Activity).what,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
            c(LetterItem).via,
        )
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .where(c(Letter).id.between(min(ids), max(ids)))
        .order_by(c(Letter).id, c(Notice).due_on, c(Activity).id)
    ).all()
    gathered: dict[int, list[Any]] = {}
    for row in rows:
        gathered.setdefault(row.id, []).append(row)
    return [_coming(of_letter) for of_letter in gathered.values()]


def _coming(rows: list[Any]) -> Coming:
    head = rows[0]
    items = tuple(
        Row(row.activity_id, row.what, row.kind.value, row.rung, row.due_on, row.via)
        for row in rows
    )
    return Coming(head.on_day, head.to_name, head.to_address, head.subject, items)
