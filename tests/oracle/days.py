"""Days on which letters go out, by docs/policy.md and the calendar on the wall. Shares no code."""

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path

POLICY = tomllib.loads((Path(__file__).parents[2] / "config" / "policy.toml").read_text())
DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday, by Butcher's rule."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _first(year: int, month: int, day: int, weekday: int) -> date:
    """The first such weekday on or after a day."""
    found = date(year, month, day)
    while found.weekday() != weekday:
        found += DAY
    return found


@cache
def holidays(year: int) -> frozenset[date]:
    """Public holidays, and the eves that are named in docs/policy.md."""
    sunday = easter(year)
    moving = {sunday + DAY * n for n in (-2, 0, 1, 39, 49)}
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    midsummer = _first(year, 6, 20, 5)
    return frozenset(
        moving
        | {date(year, month, day) for month, day in fixed}
        | {midsummer - DAY, midsummer, _first(year, 10, 31, 5)}
    )


@cache
def letters_go(day: date) -> bool:
    """Do letters go out by themselves that day?"""
    if day.weekday() > 4 or day in holidays(day.year):
        return False
    for stretch in POLICY["calendar"]["quiet"]:
        first, last = stretch.split("..")
        here = f"{day:%m-%d}"
        if first <= here <= last or (last < first and (here >= first or here <= last)):
            return False
    return True


def working_days_between(earlier: date, later: date) -> int:
    """How many days on which letters go there are after the earlier, up to the later."""
    return sum(letters_go(earlier + DAY * n) for n in range(1, (later - earlier).days + 1))


def next_working_day(day: date) -> date:
    """The first day after it on which letters go."""
    day += DAY
    while not letters_go(day):
        day += DAY
    return day


def rung_standing(section: str, precision: str, due: date, today: date) -> int | None:
    """The rung that a day stands on; None when it stands on none (docs/policy.md, Ladders)."""
    told = POLICY[section]
    rungs = told.get(precision, told["default"])
    left = (due - today).days
    if left > rungs[0] or left < -told["give_up_after"]:
        return None
    standing = min(rung for rung in rungs if rung >= left)
    if standing != rungs[-1]:
        return int(standing)
    from_day = min(rungs[-1], 0)
    again = (from_day - left) // told["repeat_after"]
    last = from_day - again * told["repeat_after"] if again > 0 else rungs[-1]
    return int(last) if -last <= told["give_up_after"] else None
