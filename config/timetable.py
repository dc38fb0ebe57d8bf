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
    told_in_letters: bool = True  # does it decide what stands in the day's letters?


TIMETABLE = (
    Line(
        name="quarter-close",
        title="Kvartalets statusrapporter",
        when="Måndag till fredag klockan 05.20",
        flow="flows.quarter_close:quarter_close",
        cron="20 5 * * mon-fri",
        why="Asks each morning whether a group's day has come: after a quarter, or before its next "
        "meeting. Also sends corrections that somebody has approved. First, since making files "
        "takes its time, and they go in the same morning's letters.",
    ),
    Line(
        name="year-close",
        title="Årsrapporten",
        when="Måndag till fredag klockan 05.30",
        flow="flows.year_close:year_close",
        cron="30 5 * * mon-fri",
        why="In January the draft; on the morning after it is approved, the report to the groups.",
    ),
    Line(
        name="deviation-report",
        title="Avvikelserapporterna",
        when="Måndag till fredag klockan 05.40",
        flow="flows.deviation_report:deviation_report",
        cron="40 5 * * mon-fri",
        why="Asks each morning whether a period's day has come, and whether its export has. Also "
        "sends anew what a later file has changed.",
    ),
    Line(
        name="status-round",
        title="Statusrundor",
        when="Måndag till fredag klockan 05.50",
        flow="flows.status_round:status_round",
        cron="50 5 * * mon-fri",
        why="Questions that are opened now go in the same morning's letters.",
    ),
    Line(
        name="weekly-letter",
        title="Veckobrevet",
        when="Veckans första arbetsdag klockan 06.00",
        flow="flows.weekly_letter:weekly_letter",
        cron="0 6 * * mon-fri",
        why="Before the morning round: it is a part of that day's letter. On the week's other days "
        "it writes only what a missed day left unwritten.",
    ),
    Line(
        name="morning-round",
        title="Morgonrundan",
        when="Måndag till fredag klockan 06.10",
        flow="flows.morning_round:morning_round",
        cron="10 6 * * mon-fri",
        why="Last: the day's letters are made when it and all before it have ended, so that they "
        "lie in the inbox when people come to work. Quiet days: rules/calendar.py.",
    ),
    Line(
        name="deviation-import",
        title="Avvikelser från mappen",
        when="Måndag till fredag, varje timme 07.20–17.20",
        flow="flows.deviation_import:deviation_import",
        cron="20 7-17 * * mon-fri",
        why="Whoever leaves an export in the watched folder sees the same hour what became of it.",
        told_in_letters=False,
    ),
)

TITLES = {line.name: line.title for line in TIMETABLE}

POST_EVERY_SECONDS = 10  # the postman's tick
BOUNCES_EVERY_MINUTES = 5  # how often reports of undelivered letters are read
SWEEP_EVERY_MINUTES = 10  # how often what was kept for a day is looked for
CATCH_UP_EVERY_MINUTES = 60  # how often a missed line of the timetable is looked for
ASK_PREFECT_EVERY_MINUTES = 15  # how often, where Prefect's workers run them
SCANNER_EVERY_MINUTES = 1  # how often the virus scanner is asked whether it is there
GONE_EVERY_MINUTES = 5  # how often rounds are looked for whose process is gone


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
    return first_time_on(line, day) is not None


def first_time_on(line: Line, day: date) -> datetime | None:
    """When the line's time comes first that day; None when it does not."""
    midnight = datetime.combine(day, time(), ZoneInfo(STOCKHOLM))
    following: datetime | None = trigger(line).get_next_fire_time(None, midnight)
    return following if following is not None and following.date() == day else None
