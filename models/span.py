"""A date as people write it: the words, the first and the last day they mean, and how precise.

"hösten 2024" is no day. It is kept as the words, 2024-08-01 to 2024-12-31, and "season". As a
deadline a span means its last day, as a start its first. Reading words into spans is the work of
`rules/swedish_dates.py`; this file only says what a span is.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypedDict


class Precision(StrEnum):
    """How much the words tell. A range joins two ends; the coarser one names it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    HALF = "half"
    SEASON = "season"
    TERM = "term"
    SCHOOL_YEAR = "school-year"
    YEAR = "year"
    DAY_RANGE = "day-range"
    WEEK_RANGE = "week-range"
    MONTH_RANGE = "month-range"
    QUARTER_RANGE = "quarter-range"
    TERTIAL_RANGE = "tertial-range"
    HALF_RANGE = "half-range"
    SEASON_RANGE = "season-range"
    TERM_RANGE = "term-range"
    SCHOOL_YEAR_RANGE = "school-year-range"
    YEAR_RANGE = "year-range"
    TURN = "turn"  # the last day before and the first day after a turn of year, half-year, month
    APPROX = "approx"  # "början av mars": a third of the period
    RELATIVE = "relative"  # "om två veckor", "nästa vecka"
    HOLIDAY = "holiday"  # "till påsk", "midsommar 2024"
    OPEN = "open"  # "löpande", "tills vidare": it never ends by itself
    RECURRING = "recurring"  # "kvartalsvis": needs a cadence, not a day
    NONE = "none"  # there is no date in the words
    INVALID = "invalid"  # looks like a date and is none, or cannot be told: ask, never guess


class SpanJson(TypedDict):
    """How a span leaves the house: on the command line and in previews."""

    text: str
    first: str | None
    last: str | None
    precision: str
    open: bool
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """What somebody wrote, and the days it means (both ends included; None = unknown or unbounded).

    `open` is true when the words say that there is no end ("tills vidare", "från maj").
    `doubt` is a Swedish sentence for the person who wrote the words, when they should be looked at.
    """

    text: str
    first: date | None
    last: date | None
    precision: Precision
    open: bool = False
    doubt: str | None = None

    def __post_init__(self) -> None:
        """A span never ends before it begins."""
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"a span cannot end before it begins: {self.text!r}")

    def as_json(self) -> SpanJson:
        """The span as plain values, days in ISO 8601."""
        return SpanJson(
            text=self.text,
            first=self.first.isoformat() if self.first else None,
            last=self.last.isoformat() if self.last else None,
            precision=self.precision.value,
            open=self.open,
            doubt=self.doubt,
        )


NOTHING = Span("", None, None, Precision.NONE)
