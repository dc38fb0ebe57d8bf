"""When the day's letters are made: when the morning's rounds have ended, or at a settled hour.

Whichever is first. What a round that ends later has decided goes to those who have had no letter
that day, and waits with the rest until the next. The postman asks at each of his walks, and the
morning round when it has done its own; whoever comes first makes them, once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update
from sqlmodel import Session

from config import clock, policy
from config.own_policy import Promised
from config.settings import Settings
from config.timetable import TIMETABLE, first_time_on, runs_on
from models.columns import c
from models.database import reading, transaction
from models.promises import promised
from models.round import Round
from notifications.letters import in_turns
from notifications.letters.morning import Result
from rules.calendar import all_quiet

LINES = tuple(line for line in TIMETABLE if line.told_in_letters)


def make_due(settings: Settings, day: date | None = None, ending: str = "") -> Result | None:
    """Make the day's letters if it is time; None when it is not, or when they are made already.

    `ending`: the line of the round that asks, which has done its part. When its `day` is another
    than the one that is, or the installation pretends a day, there is nothing to wait for.
    """
    now, today = clock.now(), clock.today(settings.today)
    day = day or today
    with reading(settings) as session:
        rounds = _rounds(session, day)
        if not ending and not any(_untold(row) for row in rounds):
            return None
        promises = promised(session, policy.load(settings.home), day)
    played = day != today or settings.today is not None
    if not (played and ending) and not is_time(promises, settings, rounds, now, ending):
        return None
    result = in_turns.write(settings, policy.load(settings.home), day)
    with transaction(settings) as session:
        told = [row.id for row in rounds if _has_ended(row) or row.line == ending]
        session.execute(
            update(Round)
            .where(c(Round).id.in_(told), c(Round).told_at.is_(None))
            .values(told_at=now)
            .execution_options(synchronize_session=False)
        )
    return result


def is_time(
    promises: Promised,
    settings: Settings,
    rounds: Sequence[Row[Any]],
    now: datetime,
    ending: str = "",
) -> bool:
    """Have all the rounds of that morning ended well, or is it late enough?

    A morning that begins late, since the machine slept, has as long for its rounds as another.
    """
    expected = {line.name for line in LINES if runs_on(line, promises.day)}
    if all_quiet(promises):
        expected = set()  # somebody runs one by hand
    well = {row.line for row in rounds if row.finished_at is not None} | {ending}
    at_work = any(not _has_ended(row) and row.line != ending for row in rounds)
    if expected <= well and not at_work:
        return True
    return now >= latest(settings, rounds, now)


def waits_until(session: Session, settings: Settings, now: datetime) -> datetime | None:
    """When today's letters are made at the latest; None when no round of today waits for that."""
    rounds = _rounds(session, clock.today(settings.today))
    waiting = [row for row in rounds if row.told_at is None]
    return latest(settings, rounds, now) if waiting else None


def latest(settings: Settings, rounds: Sequence[Row[Any]], now: datetime) -> datetime:
    """The moment when nothing more is waited for."""
    zone = ZoneInfo(clock.STOCKHOLM)
    hour = datetime.combine(clock.in_stockholm(now).date(), settings.letters_at, zone)
    first = min((row.started_at for row in rounds), default=None)
    if first is None:
        return hour
    patience = max(hour - _first_of_the_day(hour), timedelta())
    late: datetime = first + patience
    return max(hour, late)


def _first_of_the_day(hour: datetime) -> datetime:
    """When the first round of a morning begins."""
    monday = hour.date() - timedelta(days=hour.weekday())
    times = [first_time_on(line, monday) for line in LINES]
    first = min(found.time() for found in times if found is not None)
    return datetime.combine(hour.date(), first, hour.tzinfo)


def _rounds(session: Session, day: date) -> Sequence[Row[Any]]:
    r = c(Round)
    asked = select(r.id, r.line, r.started_at, r.finished_at, r.failed, r.told_at)
    names = [line.name for line in LINES]
    return session.execute(asked.where(r.on_day == day, r.line.in_(names))).all()


def _has_ended(row: Row[Any]) -> bool:
    return row.finished_at is not None or row.failed != ""


def _untold(row: Row[Any]) -> bool:
    return _has_ended(row) and row.told_at is None
