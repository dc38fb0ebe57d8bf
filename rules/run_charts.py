"""Run charts: what may be said of a figure over time. Pure.

Points may be known between two values only (`rules/small_numbers.py`). What is said is true of
every value that they may have.

1. Level: the last year against up to three years before it, of twelve points or more in all. Whole
   years are compared, so that the seasons are the same on both sides.
2. Trend: so many points in a row that each is more, or each less, than the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, erfc, factorial, sin, sqrt

from rules.small_numbers import Shown

FEWEST_POINTS = 12  # points that are known; with fewer nothing is said
MOST_POINTS = 16  # four years of quarters: a longer time before makes a change easier to see
CHANCE = 0.025  # how often, at most, chance alone may make a report say that the level has changed
_TREND_CHANCE = 0.005
SURE = (10_000, 1_000, 100, 50, 40)  # "less often than once in"


@dataclass(frozen=True, slots=True)
class Level:
    """The last year is more, or less, than the time before it lets expect."""

    now: Shown
    before: Shown  # all the points before, together
    more: bool
    sure: int  # chance gives as much less often than once in so many times
    periods: int = FEWEST_POINTS  # how many points there are before


def level(points: Sequence[Shown], in_a_year: int, tried: int = 1) -> Level | None:
    """Has the level changed? Of the last points that are known, sixteen at most in whole years;
    `tried` charts are looked at in all.

    The counts scatter as chance has it, or as much more as they do between the points of each side
    (quasi-Poisson; then Student's distribution tells, since so few points say how much). Of a point
    that is not known exactly, the value is taken that says least.
    """
    last = _known_last(points, in_a_year)
    if len(last) < FEWEST_POINTS:
        return None
    before, now = last[:-in_a_year], last[-in_a_year:]
    if len(before) < in_a_year:
        return None
    wide = _wide(before, now)
    old, new = _summed(before), _summed(now)
    share = in_a_year / len(before)
    for more in (True, False):
        theirs, mine = (old[1], new[0]) if more else (old[0], new[1])
        off = (mine - theirs * share) * (1 if more else -1)
        spread = sqrt(wide * share * (mine + theirs))
        free = len(last) - 2 if wide > 1 else None
        chance = _beyond(off / spread, free) if off > 0 and spread else 1.0
        if chance * tried < CHANCE:
            told = sure(chance * tried)
            return Level(Shown(*new), Shown(*old), more, told, len(before))
    return None


def _known_last(points: Sequence[Shown], in_a_year: int) -> list[Shown]:
    """The points since the last that is not known, sixteen at most, of whole years."""
    last: list[Shown] = []
    for point in reversed(points[-MOST_POINTS:]):
        if point.high is None:
            break
        last.insert(0, point)
    whole = len(last) // in_a_year * in_a_year
    return last[len(last) - whole :]


def _beyond(off: float, free: int | None) -> float:
    """How often chance gives so many standard deviations or more, to either side.

    By the normal distribution, or by Student's with so many degrees of freedom: an even number, for
    which it is a finite sum (Abramowitz and Stegun, 26.7.4).
    """
    if free is None:
        return erfc(off / sqrt(2))
    even = free - free % 2
    angle = atan2(off, sqrt(even))
    term = total = 1.0
    for k in range(1, even // 2):
        term *= (2 * k - 1) / (2 * k) * cos(angle) ** 2
        total += term
    return 1 - sin(angle) * total


def sure(chance: float) -> int:
    """Less often than once in so many times."""
    return next((times for times in SURE if chance < 1 / times), SURE[-1])


def trend(points: Sequence[Shown], tried: int = 1) -> tuple[int, int] | None:
    """The first and last place of the latest row of points that surely rise, or surely fall."""
    known = [point for point in points if point.high is not None]
    if len(known) < FEWEST_POINTS:
        return None
    least = trend_length(len(points), tried)
    found: tuple[int, int] | None = None
    for way in (1, -1):
        start = 0
        for at, (one, other) in enumerate(pairwise(points), start=1):
            if not _surely(one, other, way):
                start = at
            if at - start + 1 >= least and (found is None or at > found[1]):
                found = start, at
    return found


def trend_length(points: int, tried: int = 1) -> int:
    """How many in a row chance seldom gives: 7 of 12 points, 8 of 36."""
    length = 3
    while 2 * tried * (points - length + 1) > _TREND_CHANCE * factorial(length):
        length += 1
    return length


def lowest(points: Sequence[Shown]) -> Shown | None:
    """The lowest point, where it is known which value it has, or that it is small."""
    if not points or any(point.high is None for point in points):
        return None
    least = min(points, key=lambda point: (point.low, point.high))
    sure_ = least.value is not None or least.below
    return least if sure_ else None


def highest(points: Sequence[Shown]) -> Shown | None:
    """The highest point, where it is known which value it has, or that it is small."""
    if not points or any(point.high is None for point in points):
        return None
    most = max(points, key=lambda point: (point.high or 0, point.low))
    sure_ = most.value is not None or most.below
    return most if sure_ else None


def median(points: Sequence[Shown]) -> float | None:
    """The median, where it is the same whatever the points are."""
    if not points or any(point.high is None for point in points):
        return None
    low = _middle(sorted(point.low for point in points))
    high = _middle(sorted(point.high or 0 for point in points))
    return low if low == high else None


def _middle(values: Sequence[int]) -> float:
    half = len(values) // 2
    return float(values[half]) if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _surely(one: Shown, other: Shown, way: int) -> bool:
    """Is the other more (less) than the one, whatever they are?"""
    lower, higher = (one, other) if way > 0 else (other, one)
    return lower.high is not None and lower.high < higher.low


def _summed(points: Sequence[Shown]) -> tuple[int, int]:
    return sum(p.low for p in points), sum(p.high or 0 for p in points)


def _wide(*sides: Sequence[Shown]) -> float:
    """How many times wider than chance the points scatter about their side's mean; at least 1."""
    off, free, all_ = 0.0, 0, 0.0
    for side in sides:
        values = [(point.low + (point.high or 0)) / 2 for point in side]
        mean = sum(values) / len(values)
        off += sum((value - mean) ** 2 for value in values)
        free += len(values) - 1
        all_ += sum(values)
    mean = all_ / sum(len(side) for side in sides)
    return max(1.0, off / free / mean) if mean and free else 1.0
