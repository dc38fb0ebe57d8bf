"""Which rounds ran, in our own table: begun, ended well, or broken, and which were missed.

Prefect keeps its own history; this one is ours because catching up must work when Prefect's is
pruned, elsewhere, or new.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from config import clock, policy
from config.settings import Settings
from config.timetable import TIMETABLE, Line, runs_on, trigger
from models.columns import c
from models.database import reading, transaction
from models.round import Round
from rules.calendar import is_quiet


def begin(settings: Settings, line: str, today: date, flow_run_id: str) -> int:
    """Note that a round began; returns its number."""
    row = Round(line=line, on_day=today, started_at=clock.now(), flow_run_id=flow_run_id)
    with transaction(settings) as session:
        session.add(row)
    assert row.id is not None
    return row.id


def end(settings: Settings, round_id: int, counts: dict[str, int]) -> None:
    """Note that a round ended well."""
    _note(settings, round_id, finished_at=clock.now(), counts=counts, failed="")


def fail(settings: Settings, round_id: int, error: BaseException) -> None:
    """Note that a round broke, and on what."""
    _note(settings, round_id, failed=f"{type(error).__name__}: {error}"[:500])


def broke(settings: Settings, line: Line, today: date, since: datetime, error: Exception) -> None:
    """Note a round that broke before it could note anything itself (no server, for instance)."""
    query = select(func.count()).where(c(Round).line == line.name, c(Round).started_at >= since)
    with reading(settings) as session:
        noted = session.execute(query).scalar_one()
    if not noted:
        fail(settings, begin(settings, line.name, today, ""), error)


def missed(settings: Settings, now: datetime) -> list[Line]:
    """Lines whose time has come today, and that have had no good round since.

    1. A line that never began is not missed: a new installation begins at its next time.
    2. A round that was run by hand for another day does not count.
    3. On a quiet day (a Sunday, a holiday) nothing is made good; the next morning will.
    """
    with reading(settings) as session:
        rows = session.execute(
            select(c(Round).line, c(Round).on_day, c(Round).started_at, c(Round).finished_at)
            .order_by(c(Round).id.desc())
            .limit(_REMEMBERED)
        ).all()
    found = []
    for line in TIMETABLE:
        own = [r for r in rows if r.line == line.name and _was_for_its_day(r)]
        good = [r.started_at for r in own if r.finished_at]
        since = good[0] if good else own[-1].started_at if own else None
        if since and goes(settings, line, now) and since < time_today(line, now) <= now:
            found.append(line)
    return found


def goes(settings: Settings, line: Line, now: datetime) -> bool:
    """Does the line run at all on the day it is in Stockholm?"""
    today = clock.in_stockholm(now).date()
    return runs_on(line, today) and not is_quiet(policy.load(settings.home), today)


def time_today(line: Line, now: datetime) -> datetime:
    """When the line's time comes, on the day it is in Stockholm or the next that it has one."""
    midnight = clock.in_stockholm(now).replace(hour=0, minute=0, second=0, microsecond=0)
    following = trigger(line).get_next_fire_time(None, midnight)
    assert isinstance(following, datetime)
    return following


_REMEMBERED = 500  # rounds to look back at; more than a year of mornings


def _was_for_its_day(row: Row[Any]) -> bool:
    return bool(row.on_day == clock.in_stockholm(row.started_at).date())


def _note(settings: Settings, round_id: int, **values: object) -> None:
    with transaction(settings) as session:
        session.execute(update(Round).where(c(Round).id == round_id).values(**values))
