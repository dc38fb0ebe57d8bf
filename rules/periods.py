"""Quarter, tertial, half-year and year: first and last day, the one before, the cut-off.

Days that people write in words are read in `rules/swedish_dates.py`; here a period is a plain value
that figures and reports are counted by. Nothing here asks what day it is.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache, total_ordering

FIRST_YEAR, LAST_YEAR = 1900, 2200  # that somebody may ask for; they are compared with others


class Kind(StrEnum):
    """How long a period is, by its Swedish word."""

    QUARTER = "kvartal"
    TERTIAL = "tertial"
    HALF = "halvår"
    YEAR = "år"

    @property
    def months(self) -> int:
        """How many calendar months it has."""
        return {Kind.QUARTER: 3, Kind.TERTIAL: 4, Kind.HALF: 6, Kind.YEAR: 12}[self]

    @property
    def in_a_year(self) -> int:
        """How many of them make a year."""
        return 12 // self.months


_LETTERS = {Kind.QUARTER: "Q", Kind.TERTIAL: "T", Kind.HALF: "H", Kind.YEAR: ""}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_WRITTEN = re.compile(r"(\d{4})-?(?:([QTH])(\d))?", re.IGNORECASE)
_SHORT = {Kind.QUARTER: "kv", Kind.TERTIAL: "tertial", Kind.HALF: "halvår"}
_ORDINALS = {1: "första", 2: "andra", 3: "tredje", 4: "fjärde"}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole calendar months. Periods of one kind are ordered in time."""

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        """There is no fifth quarter."""
        if not 1 <= self.number <= self.kind.in_a_year:
            raise ValueError(f"a year has no {self}: it has {self.kind.in_a_year} of them")

    def __str__(self) -> str:
        """As it is kept and typed: 2025Q1, 2025T2, 2025H1, 2025."""
        letter = _LETTERS[self.kind]
        return f"{self.year}{letter}{self.number}" if letter else str(self.year)

    def __lt__(self, other: object) -> bool:
        """Earlier, for two of one kind."""
        if not isinstance(other, Period) or other.kind is not self.kind:
            return NotImplemented
        return (self.year, self.number) < (other.year, other.number)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * self.kind.months + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return _last_of(self.year, self.number * self.kind.months)

    @property
    def next(self) -> "Period":
        """The one that begins when this has ended."""
        return self.later(1)

    @property
    def previous(self) -> "Period":
        """The one before."""
        return self.later(-1)

    @property
    def a_year_before(self) -> "Period":
        """The same part of the year before."""
        return Period(self.kind, self.year - 1, self.number)

    def later(self, steps: int) -> "Period":
        """The one so many steps on; a negative number goes back."""
        years, number = divmod(self.number - 1 + steps, self.kind.in_a_year)
        return Period(self.kind, self.year + years, number + 1)

    def rolling(self, count: int = 4) -> list["Period"]:
        """This one and those just before it, oldest first."""
        return [self.later(-back) for back in reversed(range(count))]

    def holds(self, day: date) -> bool:
        """Does the day lie in it?"""
        return self.first <= day <= self.last

    @property
    def name(self) -> str:
        """In Swedish, short: "kv 1 2025", "tertial 2 2025", "halvår 1 2025", "2025"."""
        word = _SHORT.get(self.kind)
        return f"{word} {self.number} {self.year}" if word else str(self.year)

    @property
    def words(self) -> str:
        """In Swedish, for running text: "första kvartalet 2025", "året 2025"."""
        if self.kind is Kind.YEAR:
            return f"året {self.year}"
        ending = "et" if self.kind is not Kind.TERTIAL else "en"
        ordinal = _ORDINALS[self.number]
        return f"{ordinal} {self.kind.value}{ending} {self.year}"

    @property
    def after_under(self) -> str:
        """After "under": "det första kvartalet 2025", "den andra tertialen 2025", "2025"."""
        if self.kind is Kind.YEAR:
            return str(self.year)
        return f"{'den' if self.kind is Kind.TERTIAL else 'det'} {self.words}"

    def cut_off(self, days_after: int) -> date:
        """The last day on which what is registered still counts: so many days after the end."""
        return self.last + timedelta(days=days_after)

    def cut_off_on(self, month: int, day: int) -> date:
        """The same as a day of the year, such as 13 March: the first after the end.

        29 February means 28 February in a year that has none.
        """
        for year in (self.last.year, self.last.year + 1):
            last = 28 if (month, day) == (2, 29) and not _leap(year) else day
            if (found := date(year, month, last)) > self.last:
                return found
        raise AssertionError("every day of the year comes within a year")


def parse(words: str) -> Period:
    """ "2025Q1", "2025T2", "2025H1" or "2025" (also 2025-Q1, 2025q1) -> the period.

    Raises `ValueError` with a sentence.
    """
    match = _WRITTEN.fullmatch(words.strip())
    if not match:
        raise ValueError(f"{words!r} is not a period. Write it as 2025Q1, 2025T2, 2025H1 or 2025")
    kind = _KINDS[(match[2] or "").upper()]
    return Period(kind, int(match[1]), int(match[3] or 1))


def parse_asked(words: str) -> Period:
    """As `parse`, of what somebody asks for: a year that there may be figures for."""
    period = parse(words)
    if not FIRST_YEAR <= period.year <= LAST_YEAR:
        raise ValueError(f"{period.year} is not a year that figures are counted for")
    return period


def period_of(day: date, kind: Kind = Kind.QUARTER) -> Period:
    """The period of that kind which the day lies in."""
    return Period(kind, day.year, (day.month - 1) // kind.months + 1)


def counts_from(happened: date, today: date, days_after: int) -> date:
    """The day that something registered today counts from: the day it happened, while that quarter
    is still open, and else today, so that it is told in the next report and in no other.
    """
    return happened if today <= period_of(happened).cut_off(days_after) else today


def latest_closed(kind: Kind, today: date, days_after: int = 0) -> Period:
    """The last period whose cut-off has passed: the one that is to be reported on today."""
    period = period_of(today, kind).previous
    while period.cut_off(days_after) >= today:
        period = period.previous
    return period


def between(first: Period, last: Period) -> Iterator[Period]:
    """Every period from the one to the other, both included."""
    while first <= last:
        yield first
        first = first.next


@lru_cache(maxsize=256)
def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
