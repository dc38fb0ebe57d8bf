"""Every schedule in one table: which flow, when, and why then.

Read by whichever clock is on (`flows/schedule.py`): APScheduler on one machine, Prefect deployments
on many. Nothing is scheduled between 02 and 03, where summer time takes an hour or gives one.
Weekdays are written by name: APScheduler and cron do not count them alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.clock import STOCKHOLM

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timetable. `cron` is read in Europe/Stockholm."""

    name: str
    title: str  # Swedish, for the process leader
    when: str  # the cron in Swedish words
    flow: str  # module:function, the file that does it
    cron: str
    why: str


TIMETABLE = (
    Line(
        name="morning-round",
        title="Morgonrundan",
        when="Måndag till fredag klockan 06.10",
        flow="flows.morning_round:morning_round",
        cron="10 6 * * mon-fri",
        why="Letters lie in the inbox when people come to work. Quiet days: rules/calendar.py.",
    ),
)

POST_EVERY_SECONDS = 10  # the postman's tick
CATCH_UP_EVERY_MINUTES = 60  # how often a missed line of the timetable is looked for


def line(name: str) -> Line:
    """The line with that name. Raises `KeyError` when there is none."""
    for each in TIMETABLE:
        if each.name == name:
            return each
    raise KeyError(name)


@lru_cache
def trigger(line: Line) -> "CronTrigger":
    """The line's cron as APScheduler understands it, in Stockholm's time."""
    from apscheduler.triggers.cron import CronTrigger  # not until somebody asks for a time

    return CronTrigger.from_crontab(line.cron, timezone=STOCKHOLM)


def runs_on(line: Line, day: date) -> bool:
    """Does the line run at all on that day?"""
    midnight = datetime.combine(day, time(), ZoneInfo(STOCKHOLM))
    following = trigger(line).get_next_fire_time(None, midnight)
    return following is not None and following.date() == day
