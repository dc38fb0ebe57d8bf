"""What figures mean: medians and percentiles, shares, run charts, what stands out. Pure.

Counting is done in SQL (`reports/deviation/`); hiding in `rules/small_numbers.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import comb, log2

# Ages of open cases, in days since they were registered: label, last day included.
AGES: tuple[tuple[str, int | None], ...] = (
    ("0–30 dagar", 30),
    ("31–60 dagar", 60),
    ("61–90 dagar", 90),
    ("91–180 dagar", 180),
    ("över 180 dagar", None),
)
FEWEST_POINTS = 10  # useful points in a run chart; with fewer nothing is said
TREND = 6  # points in a row that all rise, or all fall
LEAST_RECURRING = 5


def percentile(counted: Mapping[int, int], percent: int) -> Fraction | None:
    """The percentile of values given as value -> how many; exact. None when there is none.

    Between two values it lies on the straight line between them, as PERCENTIL.INK in Excel and
    percentile_cont in PostgreSQL have it. The 50th is the median.
    """
    many = sum(counted.values())
    if not many:
        return None
    place = Fraction((many - 1) * percent, 100)
    below = int(place)
    low, high = _at(counted, below), _at(counted, min(below + 1, many - 1))
    return low + (high - low) * (place - below)


def _at(counted: Mapping[int, int], place: int) -> int:
    passed = 0
    for value in sorted(counted):
        passed += counted[value]
        if passed > place:
            return value
    raise IndexError(place)


def rounded(value: Fraction, decimals: int = 1) -> float:
    """Half away from zero, as people round."""
    scale = 10**decimals
    whole = abs(value) * scale + Fraction(1, 2)
    return float(Fraction(int(whole), scale)) * (-1 if value < 0 else 1)


def percent(part: int, whole: int) -> int | None:
    """A share in whole per cent, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def age(registered: date, today: date) -> str:
    """Which age an open case has."""
    days = (today - registered).days
    return next(label for label, last in AGES if last is None or days <= last)


def age_limits(today: date) -> list[tuple[str, date | None]]:
    """For each age the first day of registration that has it; None for the oldest."""
    return [(label, today - timedelta(days=n) if n is not None else None) for label, n in AGES]


@dataclass(frozen=True, slots=True)
class RunChart:
    """Points in time order with their median, and the signals that chance seldom gives.

    `shift`: the longest row of points on one side of the median is longer than chance allows.
    `crossings`: the line crosses the median more seldom than chance allows.
    `trend`: six points in a row rise, or fall.
    Each holds the places of the points that make it, or is empty.
    """

    labels: tuple[str, ...]
    points: tuple[int, ...]
    median: Fraction | None
    shift: tuple[int, ...] = ()
    trend: tuple[int, ...] = ()
    few_crossings: bool = False

    @property
    def signal(self) -> bool:
        """Is there any?"""
        return bool(self.shift or self.trend or self.few_crossings)


def run_chart(labels: Sequence[str], points: Sequence[int]) -> RunChart:
    """A run chart read by Anhøj's rules, with the trend rule beside them.

    Points on the median are passed by. With n useful points the longest run may be
    round(log2(n) + 3), and the crossings at least the 5th percentile of n − 1 tosses of a coin.
    """
    counted: dict[int, int] = {}
    for point in points:
        counted[point] = counted.get(point, 0) + 1
    median = percentile(counted, 50)
    chart = RunChart(tuple(labels), tuple(points), median)
    useful = [at for at, point in enumerate(points) if point != median]
    if median is None or len(useful) < FEWEST_POINTS:
        return chart
    runs = _runs(useful, [points[at] > median for at in useful])
    longest = max(runs, key=len)
    return RunChart(
        chart.labels,
        chart.points,
        median,
        shift=tuple(longest) if len(longest) > longest_run(len(useful)) else (),
        trend=_trend(points),
        few_crossings=len(runs) - 1 < fewest_crossings(len(useful)),
    )


def longest_run(useful: int) -> int:
    """How long a run on one side may be among so many useful points: 6 for 10, 8 for 24."""
    return int(log2(useful) + 3 + 0.5)


def fewest_crossings(useful: int) -> int:
    """How many times so many useful points must cross the median: 2 for 10, 8 for 24."""
    tosses, sum_ = useful - 1, 0
    for crossings in range(tosses + 1):
        sum_ += comb(tosses, crossings)
        if sum_ * 20 >= 2**tosses:
            return crossings
    return tosses


def _runs(places: Sequence[int], above: Sequence[bool]) -> list[list[int]]:
    runs = [[places[0]]]
    for (_, before), (place, side) in pairwise(zip(places, above, strict=True)):
        if side == before:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _trend(points: Sequence[int]) -> tuple[int, ...]:
    """The longest row of points that all rise or all fall; a repeated value counts once."""
    best: list[int] = []
    for sign in (1, -1):
        row: list[int] = []
        for at, point in enumerate(points):
            step = (point - points[row[-1]]) * sign if row else 1
            if step > 0:
                row.append(at)
            elif step < 0:
                row = [at]
            if len(row) > len(best):
                best = list(row)
    return tuple(best) if len(best) >= TREND else ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A reporting unit, an investigating unit and a process that come together again and again."""

    reporting: str
    investigating: str
    process: str
    cases: int


def stand_out(pairs: Mapping[tuple[str, str, str], int], mean: Fraction, limit: int) -> list[Pair]:
    """The pairs that recur more than chance would have it, most cases first.

    A pair stands out with at least five cases (and never below the small-number limit), when that
    is more than the mean of all pairs that occur and three times its square root: a count that
    scatters as chance does is seldom that far off.
    """
    least = max(limit, LEAST_RECURRING)
    found = [
        Pair(*names, cases)
        for names, cases in pairs.items()
        if cases >= least and cases > mean and (cases - mean) ** 2 > 9 * mean
    ]
    return sorted(found, key=lambda p: (-p.cases, p.reporting, p.investigating, p.process))


@dataclass(frozen=True, slots=True)
class Handling:
    """Handling times in days: how many are known, their median and 90th percentile."""

    known: int
    median: float | None
    ninetieth: float | None


def handling(counted: Mapping[int, int], limit: int = 1) -> Handling:
    """Of hundredths of days. Below the limit of small numbers nothing but the count is said."""
    known = sum(counted.values())
    half, ninety = percentile(counted, 50), percentile(counted, 90)
    if half is None or ninety is None or known < limit:
        return Handling(known, None, None)
    return Handling(known, rounded(half / 100), rounded(ninety / 100))
