"""Which rounds ran, in our own table: begun, ended well, or broken, and which were missed.

Prefect keeps its own history; this one is ours because catching up must work when Prefect's is
pruned, elsewhere, or new.
"""

from datetime import date, datetime

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select, update

from config import clock
from config.settings import Settings
from config.timetable import TIMETABLE, Line
from models.columns import c
from models.database import reading, transaction
from models.round import Round


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


def missed(settings: Settings, now: datetime) -> list[Line]:
    """Lines of the timetable that should have run since their last good round, and did not.

    A line that never ran is not missed: a new installation begins at its next time.
    """
    ended = (
        select(c(Round).line, func.max(c(Round).started_at))
        .where(c(Round).finished_at.is_not(None))
        .group_by(c(Round).line)
    )
    with reading(settings) as session:
        last = dict(session.execute(ended).tuples().all())
    return [line for line in TIMETABLE if line.name in last and _due(line, last[line.name], now)]


def _due(line: Line, since: datetime, now: datetime) -> bool:
    """Did the line's time come round after `since`?"""
    following = trigger(line).get_next_fire_time(since, since)
    return following is not None and following <= now


def trigger(line: Line) -> CronTrigger:
    """The line's cron as APScheduler understands it, in Stockholm's time."""
    return CronTrigger.from_crontab(line.cron, timezone=clock.STOCKHOLM)


def _note(settings: Settings, round_id: int, **values: object) -> None:
    with transaction(settings) as session:
        session.execute(update(Round).where(c(Round).id == round_id).values(**values))
