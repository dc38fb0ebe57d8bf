"""Days on which letters go out by themselves: not on weekends, holidays, eves or in quiet weeks.

A quiet day moves a letter to the next day that is none and never drops it: what a round has not
written, the next one finds still reached. A round that somebody runs by hand is not held back.
Reviews come back after a number of months (`models/months.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

from config.own_policy import Promised
from config.policy import Policy
from models.months import months_after as months_after  # noqa: PLC0414 - others find it here

_LONGEST = 366  # days that can be quiet in a row

# No public holidays by law, but nobody is at work: month and day. Midsummer's eve moves.
_EVES = {(12, 24), (12, 31)}


def is_quiet(policy: Policy, day: date) -> bool:
    """Should letters wait on that day?"""
    return is_off(day) or any(q.holds(day) for q in policy.quiet)


def is_off(day: date) -> bool:
    """Is it quiet for everybody, whatever a policy says?"""
    return day.weekday() >= 5 or is_holiday(day)


def all_quiet(promised: Promised) -> bool:
    """Is the day quiet for everybody, so that no round goes by itself?"""
    return all(is_quiet(share.policy, promised.day) for share in promised.shares())


@dataclass(frozen=True, slots=True)
class Held:
    """Whose letters wait today while others' go: each collaboration with weeks of its own, and the
    others together.
    """

    others: bool = False
    own: Mapping[int, bool] = field(default_factory=dict)

    def holds(self, area: int | None) -> bool:
        """Does what is of that collaboration wait? What is of none waits as the installation's."""
        return self.own.get(area or 0, self.others)


def held(promised: Promised) -> Held:
    """Nobody's where the day is quiet for all: whoever runs a round by hand means it."""
    if not promised.own or all_quiet(promised):
        return Held()
    own = {area: is_quiet(policy, promised.day) for area, policy in promised.own.items()}
    return Held(is_quiet(promised.usual, promised.day), own)


def working_days_before(policy: Policy, today: date, number: int) -> date:
    """The latest day since which so many working days have begun, today's among them."""
    day = today
    while number > 0:
        number -= not is_quiet(policy, day)
        day -= timedelta(days=1)
    return day


def quiet_before(policy: Policy, today: date) -> list[date]:
    """The quiet days right before a day, the latest first."""
    found: list[date] = []
    day = today - timedelta(days=1)
    while is_quiet(policy, day) and len(found) < _LONGEST:
        found.append(day)
        day -= timedelta(days=1)
    return found


def working_day_after(policy: Policy, day: date, number: int) -> date:
    """The day that so many working days after a day have begun with."""
    while number > 0:
        day += timedelta(days=1)
        number -= not is_quiet(policy, day)
    return day


def first_working_day(policy: Policy, week_of: date) -> date | None:
    """The first day of the day's week that is not quiet; None when the whole week is."""
    monday = monday_of(week_of)
    days = (monday + timedelta(days=number) for number in range(7))
    return next((day for day in days if not is_quiet(policy, day)), None)


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def is_holiday(day: date) -> bool:
    """Is it a Swedish public holiday, or the eve of one on which people are off?"""
    if (day.month, day.day) in _EVES:
        return True
    red = _public(day.year)
    return day in red or (day.month == 6 and _is_midsummer_eve(day))


def _is_midsummer_eve(day: date) -> bool:
    """The Friday between 19 and 25 June."""
    return day.weekday() == 4 and 19 <= day.day <= 25


@lru_cache(maxsize=32)
def _public(year: int) -> frozenset[date]:
    """Public holidays, without the Sundays that Swedish law counts among them."""
    return frozenset(holidays.country_holidays("SE", years=year, include_sundays=False))
