"""The rehearsal: which letters will go out on the days to come, to whom, and why (row M9).

All lines of the timetable that write to people, in its order.

Not a second opinion but the rounds themselves, run day by day on what is on file now, in a place
where nothing is kept. So it cannot say anything else than what the rounds then do, as long as
nobody answers, moves or changes anything. Only reports are not compiled: their letters are foretold
by the same rules (`reports_to_come.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict

from sqlalchemy import select, update
from sqlmodel import Session

from config import clock, timetable
from config.policy import Policy
from config.settings import Settings
from models.columns import c
from models.database import scratch
from models.letter import Letter, LetterItem, LetterPart, LetterState, Notice
from models.reminded import remind_from
from models.round import Round
from notifications import notices, reports_to_come, silence, status_rounds
from notifications.about import GROUP, HOMES, WHAT, with_what_it_is_about
from notifications.letters import morning, taken_on, weekly
from notifications.quiet_days import quiet_for_all
from notifications.reports_to_come import Sent

LONGEST = 400  # days in one rehearsal

Rehearsed = Callable[[Session, Settings, Policy, date], list[int]]


class ItemJson(TypedDict):
    """One reason in a letter to come. No `activity`: it is a plan's money, or a delegation."""

    activity: int | None
    kind: str
    rung: int
    deadline: str


@dataclass(frozen=True, slots=True)
class Row:
    """One reason in a letter to come: about what, and why it stands there."""

    activity_id: int | None
    plan_id: int | None
    group_id: int | None
    what: str
    kind: str
    rung: int
    due_on: date
    via: str
    homes: frozenset[int | None]  # of a delegation without a group: whose people the two are


@dataclass(frozen=True, slots=True)
class Part:
    """Something else in a letter to come: a report, the week; of one collaboration, or of none."""

    title: str
    collaboration_id: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A letter to come."""

    on_day: date
    person_id: int
    name: str
    address: str
    subject: str
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = ()

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
            "parts": [part.title for part in self.parts],
        }


def rehearse(settings: Settings, policy: Policy, first: date, last: date) -> list[Coming]:
    """Every letter of the mornings from `first` to `last`, both included. Saves and sends nothing.

    Raises `ValueError` for a window that is turned around or too long.
    """
    return rehearse_until(settings, policy, first, last, lambda: False)[0]


def rehearse_until(
    settings: Settings,
    policy: Policy,
    first: date,
    last: date,
    enough: Callable[[], bool],
    begun: Mapping[int, date] | None = None,
    said: Callable[[Session], object] | None = None,
) -> tuple[list[Coming], date]:
    """The same until `enough` says so, asked after each day; and which day it came to.

    `begun`: as if these plans were reminded of from those days. `said`: as if that had been done.
    """
    if last < first or (last - first).days > LONGEST:
        raise ValueError(f"a rehearsal goes from a day to a later one, at most {LONGEST} days on")
    coming: list[Coming] = []
    reached = first
    with scratch(settings) as session:
        for plan_id, begins in (begun or {}).items():
            remind_from(session, plan_id, begins)
        if said is not None:
            said(session)
        _have_gone(session, first)
        lines = _lines(session, policy, first, last)
        for day, works in groupby(lines, key=itemgetter(0)):
            if day > first and enough():
                return _in_order(coming), reached
            for _, work in works:
                coming += _letters(session, work(session, settings, policy, day))
            _all_go(session, day)
            reached = day
    return _in_order(coming), last


def _have_gone(session: Session, first: date) -> None:
    """What waits to be sent when a rehearsal begins goes on its day too, and is not taken back."""
    session.execute(
        update(Letter)
        .where(c(Letter).state.in_((LetterState.QUEUED, LetterState.SENDING)))
        .where(c(Letter).on_day < first)
        .values(state=LetterState.KEPT, done_at=clock.now(), went_on=c(Letter).on_day)
        .execution_options(synchronize_session=False)
    )


def _all_go(session: Session, day: date) -> None:
    """In a rehearsal every letter goes on its day."""
    session.execute(
        update(Letter)
        .where(c(Letter).state.in_((LetterState.QUEUED, LetterState.SENDING)))
        .values(state=LetterState.KEPT, done_at=clock.now(), went_on=day)
        .execution_options(synchronize_session=False)
    )


def _in_order(coming: list[Coming]) -> list[Coming]:
    return sorted(coming, key=lambda letter: (letter.on_day, not letter.rows))


def _lines(
    session: Session, policy: Policy, first: date, last: date
) -> Iterator[tuple[date, Rehearsed]]:
    """What the timetable does on each day that is not quiet for all, in the timetable's order."""
    sent = Sent()
    lines = LINES | {name: partial(work, sent=sent) for name, work in REPORT_LINES.items()}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if quiet_for_all(session, policy, day):
            continue
        for line in timetable.TIMETABLE:
            if line.name in lines and timetable.runs_on(line, day):
                yield day, lines[line.name]


def status_round(session: Session, _settings: Settings, policy: Policy, day: date) -> list[int]:
    """Close and open status rounds; the morning writes the letters."""
    status_rounds.close_due(session, day)
    status_rounds.open_due(session, policy, day)
    return []


def weekly_letter(session: Session, settings: Settings, policy: Policy, day: date) -> list[int]:
    """The week's parts. That the round has gone is noted, as the flow notes it."""
    weekly.write(session, settings, policy, day)
    now = clock.now()
    session.add(Round(line=weekly.LINE, on_day=day, started_at=now, finished_at=now))
    session.flush()
    return []


def morning_round(session: Session, settings: Settings, policy: Policy, day: date) -> list[int]:
    """Rungs and silences that are reached; the last of a morning's rounds, so letters are made."""
    notices.sweep(session, policy, day)
    silence.sweep(session, policy, day)
    taken_on.write(session, day)
    return morning.write(session, settings, policy, day).letter_ids


LINES: dict[str, Rehearsed] = {
    "status-round": status_round,
    "weekly-letter": weekly_letter,
    "morning-round": morning_round,
}

# Said by rule, not by doing: the rounds themselves compile whole reports.
REPORT_LINES = {
    "quarter-close": reports_to_come.quarter_close,
    "year-close": reports_to_come.year_close,
    "deviation-report": reports_to_come.deviation_report,
}


def _letters(session: Session, ids: list[int]) -> list[Coming]:
    if not ids:
        return []
    asked = (
        select(
            c(Letter).id,
            c(Letter).on_day,
            c(Letter).person_id,
            c(Letter).to_name,
            c(Letter).to_address,
            c(Letter).subject,
            c(Notice).activity_id,
            c(Notice).plan_id,
            GROUP.label("group_id"),
            WHAT,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
            c(LetterItem).via,
            HOMES[0].label("home"),
            HOMES[1].label("home_of_delegate"),
        )
        .select_from(Letter)
        .outerjoin(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .outerjoin(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(Letter).id.between(min(ids), max(ids)))
        .order_by(c(Letter).id, c(Notice).due_on, c(Notice).activity_id, c(Notice).id)
    )
    rows = session.execute(with_what_it_is_about(asked)).all()
    parts = _parts(session, ids)
    gathered: dict[int, list[Any]] = {}
    for row in rows:
        gathered.setdefault(row.id, []).append(row)
    return [_coming(of_letter, parts.get(id_, [])) for id_, of_letter in gathered.items()]


def _parts(session: Session, ids: list[int]) -> dict[int, list[Part]]:
    p = c(LetterPart)
    asked = select(p.letter_id, p.title, p.collaboration_id)
    found: dict[int, list[Part]] = {}
    for letter_id, title, area in session.execute(asked.where(p.letter_id.in_(ids)).order_by(p.id)):
        found.setdefault(letter_id, []).append(Part(title, area))
    return found


def _coming(rows: list[Any], parts: list[Part]) -> Coming:
    head = rows[0]
    items = tuple(
        Row(
            row.activity_id,
            row.plan_id,
            row.group_id,
            row.what,
            row.kind.value,
            row.rung,
            row.due_on,
            row.via,
            frozenset({row.home, row.home_of_delegate}),
        )
        for row in rows
        if row.kind is not None
    )
    return Coming(
        head.on_day,
        head.person_id,
        head.to_name,
        head.to_address,
        head.subject,
        items,
        tuple(parts),
    )
