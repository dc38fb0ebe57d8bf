"""The only place that asks what day and what time it is, in Stockholm.

Everything that decides takes `today` as an argument; the edges ask here. An installation that
pretends a day (demo, rehearsal: `FOLJSAM_TODAY`) pretends it for everybody.
"""

from datetime import UTC, date, datetime

import pendulum

STOCKHOLM = "Europe/Stockholm"
_HERE = pendulum.timezone(STOCKHOLM)  # by its name pendulum would read the zone's file each time


def today(pretended: date | None = None) -> date:
    """The day it is in Stockholm, or the day the installation pretends it is."""
    if pretended is not None:
        return pretended
    here = pendulum.now(_HERE)
    return date(here.year, here.month, here.day)


def now() -> datetime:
    """The moment it is, as an aware datetime in UTC."""
    return datetime.now(UTC)


def in_stockholm(moment: datetime) -> datetime:
    """A moment as the clock on the wall in Stockholm shows it."""
    return pendulum.instance(moment).in_timezone(_HERE)


def start_of(day: date) -> datetime:
    """The moment a day begins in Stockholm."""
    return pendulum.datetime(day.year, day.month, day.day, tz=_HERE)
