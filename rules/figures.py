"""What figures mean: medians and percentiles, shares, ages. Pure.

Counting is done in SQL (`reports/deviation/`); hiding in `rules/small_numbers.py`, figures
over time in `rules/run_charts.py`, units that recur in `rules/pairs.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

# Ages of open cases, in days since they were registered: label, last day included.
AGES: tuple[tuple[str, int | None], ...] = (
    ("0–30 dagar", 30),
    ("31–60 dagar", 60),
    ("61–90 dagar", 90),
    ("91–180 dagar", 180),
    ("över 180 dagar", None),
)


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
    """A share in whole per cent, halves up; None of nothing. 100 is all, and 0 is none."""
    if not whole:
        return None
    if part in (0, whole):
        return 100 * part // whole
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def age(registered: date, today: date) -> str:
    """Which age an open case has."""
    days = (today - registered).days
    return next(label for label, last in AGES if last is None or days <= last)


def age_limits(today: date) -> list[tuple[str, date | None]]:
    """For each age the first day of registration that has it; None for the oldest."""
    return [(label, today - timedelta(days=n) if n is not None else None) for label, n in AGES]


@dataclass(frozen=True, slots=True)
class Handling:
    """Handling times in days: how many are known, their median and 90th percentile."""

    known: int
    median: float | None
    ninetieth: float | None


def handling(counted: Mapping[int, int], limit: int = 1, decimals: int = 1) -> Handling:
    """Of hundredths of days. Below the limit of small numbers nothing but the count is said."""
    known = sum(counted.values())
    half, ninety = percentile(counted, 50), percentile(counted, 90)
    if half is None or ninety is None or known < limit:
        return Handling(known, None, None)
    return Handling(known, rounded(half / 100, decimals), rounded(ninety / 100, decimals))
