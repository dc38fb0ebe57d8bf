"""Which rounds ran, in our own table: begun, ended well, or broken, and which were missed.

Prefect keeps its own history; this one is ours because catching up must work when Prefect's is
pruned, elsewhere, or new.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from config import clock
from config.settings import Settings
from config.timetable import TIMETABLE, Line, runs_on, trigger
from flows.ping import ping
from flows.shares import Shares
from models.alone import Aside
from models.columns import c
from models.database import reading, transaction
from models.round import Round, SetAside
from notifications.quiet_days import nobody_is_written_to


def begin(settings: Settings, line: str, today: date, flow_run_id: str) -> int:
    """Note that a round began; returns its number."""
    row = Round(line=line, on_day=today, started_at=clock.now(), flow_run_id=flow_run_id)
    with transaction(settings) as session:
        session.add(row)
    assert row.id is not None
    return row.id


def end(
    settings: Settings,
    round_id: int,
    counts: dict[str, int],
    aside: Sequence[Aside] = (),
    shares: Shares | None = None,
) -> None:
    """Note that a round ended well, what it did in all and for each, and what it set aside.

    Tells the watcher.
    """
    _set_aside(settings, round_id, aside)
    _note(
        settings,
        round_id,
        finished_at=clock.now(),
        counts=counts,
        shares=shares or {},
        failed="",
    )
    ping(settings, well=True)


def fail(
    settings: Settings, round_id: int, error: BaseException, aside: Sequence[Aside] = ()
) -> None:
    """Note that a round broke, and on what, and what it had set aside; tell the watcher."""
    _set_aside(settings, round_id, aside)
    _note(settings, round_id, failed=f"{type(error).__name__}: {error}"[:500])
    ping(settings, well=False)


def stopped(settings: Settings, round_id: int, aside: Sequence[Aside] = ()) -> None:
    """Note that a round was broken off because somebody stopped us.

    It is made good like one that broke. The watcher is not told: whoever stopped us knows.
    """
    _set_aside(settings, round_id, aside)
    _note(settings, round_id, failed=STOPPED)


def broke(settings: Settings, line: Line, today: date, since: datetime, error: Exception) -> None:
    """Note a round that broke before it could note anything itself (no server, for instance)."""
    query = select(func.count()).where(c(Round).line == line.name, c(Round).started_at >= since)
    with reading(settings) as session:
        noted = session.execute(query).scalar_one()
    if not noted:
        fail(settings, begin(settings, line.name, today, ""), error)


def missed(settings: Settings, now: datetime) -> list[Line]:
    """Lines whose time has come today, and that have had no good round since, in their order.

    1. A line that never ran is missed too: a machine that is up from eight begins at eight.
    2. A round that was run by hand for another day does not count, nor one that a clock which was
       ahead put in the future.
    3. On a quiet day (a Sunday, a holiday) nothing is made good; the next morning will.
    """
    known = standings(settings, now)
    found = []
    for line in TIMETABLE:
        if not goes(settings, line, now):
            continue
        due = time_on(line, now)
        standing = known.get(line)
        ran = standing is not None and standing.good is not None and standing.good >= due
        if due <= now and not ran:
            found.append(line)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How it has gone for a line of the timetable, rounds for other days left aside.

    So are those that began later than now: the clock was ahead, and they say nothing of today.
    """

    first: datetime  # when the earliest round that we remember began
    good: datetime | None  # when the latest one that ended well began
    latest: datetime
    failed: str  # what the latest one broke on, if it did


def standings(settings: Settings, now: datetime) -> dict[Line, Standing]:
    """Each line that ever began, and how it has gone."""
    asked = (
        select(
            c(Round).line,
            c(Round).on_day,
            c(Round).started_at,
            c(Round).finished_at,
            c(Round).failed,
        )
        .where(c(Round).started_at <= now + _OTHERS_CLOCKS)
        .order_by(c(Round).id.desc())
        .limit(_REMEMBERED)
    )
    with reading(settings) as session:
        rows = [row for row in session.execute(asked) if _was_for_its_day(row, settings.today)]
    found = {}
    for line in TIMETABLE:
        if own := [row for row in rows if row.line == line.name]:
            good = next((row.started_at for row in own if row.finished_at), None)
            found[line] = Standing(own[-1].started_at, good, own[0].started_at, own[0].failed)
    return found


def last_due(settings: Settings, line: Line, now: datetime) -> datetime | None:
    """When the line's time came last, quiet days left out; None when that is long ago."""
    for back in range(_FAR_BACK):
        midnight = clock.start_of(clock.in_stockholm(now).date() - timedelta(days=back))
        day = midnight.date()
        if runs_on(line, day) and not nobody_is_written_to(settings, day):
            due = time_on(line, midnight)
            if due <= now:
                return due
    return None


def goes(settings: Settings, line: Line, now: datetime) -> bool:
    """Does the line run at all on the day it is in Stockholm?"""
    return not rests(settings, line, clock.in_stockholm(now).date())


def rests(settings: Settings, line: Line, day: date) -> bool:
    """Is it a day on which the line does not run by itself: not its weekday, or quiet for all?"""
    return not runs_on(line, day) or nobody_is_written_to(settings, day)


def bury(settings: Settings, before: datetime) -> int:
    """Rounds whose process has not said since then that it lives are broken. Returns how many.

    One that only slept says at its end that it ended well, and is believed (`end`).
    """
    row = c(Round)
    last_seen = func.coalesce(row.seen_at, row.started_at)
    with transaction(settings) as session:
        dead = session.execute(
            update(Round)
            .where(row.finished_at.is_(None), row.failed == "", last_seen < before)
            .values(failed=GONE)
        )
    return int(dead.rowcount)  # type: ignore[attr-defined]


def seen(settings: Settings, round_id: int) -> None:
    """The round's process lives."""
    _note(settings, round_id, seen_at=clock.now())


def time_on(line: Line, moment: datetime) -> datetime:
    """When the line's time comes, on that day in Stockholm or the next that it has one."""
    midnight = clock.in_stockholm(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    following = trigger(line).get_next_fire_time(None, midnight)
    assert isinstance(following, datetime)
    return following


GONE = "Processen som körde rundan försvann."  # what a round broke on that nobody ended
STOPPED = "Följsam stängdes medan rundan gick."  # what a round broke on that we ended ourselves
_OTHERS_CLOCKS = timedelta(minutes=5)  # machines need not agree more closely than that
_REMEMBERED = 1000  # rounds to look back at; more than a year of mornings
_FAR_BACK = 60  # days: longer than any quiet weeks


def _was_for_its_day(row: Row[Any], pretended: date | None) -> bool:
    """Was it for the day it was run on, or for the one that the installation pretends?"""
    return row.on_day in (clock.in_stockholm(row.started_at).date(), pretended)


def _set_aside(settings: Settings, round_id: int, aside: Sequence[Aside]) -> None:
    if aside:
        with transaction(settings) as session:
            rows = [{"round_id": round_id} | asdict(one) for one in aside]
            session.execute(insert(SetAside), rows)


def _note(settings: Settings, round_id: int, **values: object) -> None:
    with transaction(settings) as session:
        session.execute(update(Round).where(c(Round).id == round_id).values(**values))
