"""What was counted of a period's deviations, for every group: as it is, for the program alone.

`counting.py` fills it, `published.py` says how each figure may be shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.deviation import NOT_GIVEN
from rules.figures import Handling, handling
from rules.pairs import Counted
from rules.periods import Period, period_of
from rules.wording import alphabetically

ALL = "Alla grupper"  # every group that is named; cases without a group are told by themselves
DIMENSIONS = ("process", "classified", "severity", "area", "found_by", "answered")
UNKNOWN = "–"  # before the first case on file nothing is known, which is not 0
CROSSED = ("process", "classified", "severity")  # what may be asked for together
IN_TIME, LATE, UNDECIDED = "inom utsatt tid", "senare", "ännu inte avgjort"
CHART_POINTS = 12
_CHART_YEARS = 4  # twelve tertials
Counts = dict[tuple[Period, str], dict[str, int]]  # (period, group) -> word -> cases
Both = dict[tuple[Period, str], dict[tuple[str, str], int]]  # … -> (side, process) -> cases


@dataclass(slots=True)
class Figures:
    """What was counted, for one period and those it is compared with."""

    period: Period
    today: date
    totals: dict[tuple[Period, str], int]
    voided: dict[tuple[Period, str], int]
    counts: dict[str, Counts]  # dimension ->
    both: Both  # both perspectives: who found it, in which process
    crossed: dict[tuple[Period, str], dict[tuple[str, ...], int]]  # words of CROSSED -> cases
    handled: dict[tuple[Period, str], dict[int, int]]  # hundredths of a day -> cases
    waiting: dict[str, dict[str, int]]  # group -> age -> open cases
    pairs: dict[str, list[Counted]]  # group -> the year's pairs that recur
    tried: dict[str, int]  # group -> how many pairs it has
    months: dict[tuple[date, str], int]  # the first day of a month, for the run charts
    answer_days: int = 0

    @property
    def groups(self) -> list[str]:
        """The groups that have cases in the periods or open ones, in Swedish order of letters."""
        named = (
            {group for _, group in self.totals} | set(self.waiting) | {g for _, g in self.months}
        )
        return sorted(named - {ALL}, key=alphabetically)

    @property
    def periods(self) -> list[Period]:
        """The period, and back to the same a year before, oldest first."""
        return self.period.rolling(self.period.kind.in_a_year + 1)

    @property
    def compared(self) -> list[Period]:
        """The periods that are told in detail: this one, the one before, a year before."""
        return compared_with(self.period)

    @property
    def known_from(self) -> date | None:
        """The first month that has any case at all; before it nothing is known, which is not 0."""
        return min((month for (month, _), number in self.months.items() if number), default=None)

    def knows(self, period: Period) -> bool:
        """Does what is on file reach back to it? To the reported one it does, or none was made."""
        known = self.known_from
        return period == self.period or (known is not None and period.last >= known)

    def total(self, period: Period, group: str) -> int:
        """Cases of a group in a period, without the voided."""
        return self.totals.get((period, group), 0)

    def handling(self, period: Period, group: str, limit: int) -> Handling:
        """Handling times of a group's cases that are registered in the period."""
        return handling(self.handled.get((period, group), {}), limit)

    def times(self, period: Period, groups: Iterable[str]) -> dict[int, int]:
        """The handling times of several groups together: hundredths of a day -> cases."""
        found: dict[int, int] = {}
        for group in groups:
            for time, number in self.handled.get((period, group), {}).items():
                found[time] = found.get(time, 0) + number
        return found

    def in_months(self, period: Period, group: str) -> int:
        """Cases of a group in any period that the run chart reaches."""
        first, last = from_to(period.first, period.last)
        return sum(self.months.get((first_day(m), group), 0) for m in range(first, last + 1))

    def knows_all(self, period: Period) -> bool:
        """Does what is on file reach back to its first month?"""
        known = self.known_from
        return known is not None and period.first >= known.replace(day=1)

    def decided(self, period: Period) -> bool:
        """Have the days passed that its last case is to be answered in?"""
        return self.today > period.last + timedelta(days=self.answer_days)

    @property
    def all_months(self) -> list[date]:
        """Every month that the run chart has."""
        return sorted({month for month, _ in self.months})

    def words(self, dimension: str, group: str) -> list[str]:
        """The words that a dimension has in any of the periods, most cases in the period first."""
        counts = self.counts[dimension]
        named = {word for p in self.periods for word in counts.get((p, group), {})}
        here = counts.get((self.period, group), {})
        return sorted(named, key=lambda word: (-here.get(word, 0), alphabetically(word)))


def chart_months(period: Period) -> tuple[int, int]:
    """Four years of whole quarters, and all that the report compares with."""
    first = _last_quarter(period).later(1 - 4 * _CHART_YEARS).first
    return from_to(min(first, period.a_year_before.first), period.last)


def _last_quarter(period: Period) -> Period:
    """The last quarter that has ended when the period has."""
    return period_of(period.next.first).previous


def from_to(first: date, last: date) -> tuple[int, int]:
    return first.year * 12 + first.month - 1, last.year * 12 + last.month - 1


def first_day(month: int) -> date:
    """Of a month that is counted from year 0."""
    return date(month // 12, month % 12 + 1, 1)


def compared_with(period: Period) -> list[Period]:
    """A year's year before is the one before."""
    return list(dict.fromkeys((period, period.previous, period.a_year_before)))


def with_name(groups: list[str]) -> list[str]:
    return [group for group in groups if group != NOT_GIVEN]
