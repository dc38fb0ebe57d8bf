"""How each figure of a period may be told, by the two rules of `rules/small_numbers.py`.

What is told stands by itself: each group's count of a period, and its lists. A year, half a year
and all groups are added up from that. In each calendar year a collaboration tells one length of
period, that of its first report (`Before.lengths`), and until there is one the agreed length
(`Before.usual`): a tertial less a quarter would be a month.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reports.deviation.figures import (
    ALL,
    CHART_POINTS,
    IN_TIME,
    LATE,
    Figures,
    with_name,
)
from rules.figures import Handling, handling, percent
from rules.pairs import Counted, Pair, stand_out
from rules.periods import Kind, Period, period_of
from rules.run_charts import MOST_POINTS
from rules.small_numbers import (
    NOTHING,
    UNTOLD,
    Listed,
    Shown,
    added,
    corrected,
    listed,
    one,
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What a collaboration's editions have told.

    `hidden`: what those from before these rules hid; it stays hidden. `lists`: (period, group,
    column) -> as it was told first. `lengths`: calendar year -> how long its periods are. `usual`:
    how long they are agreed to be, for a year of which nothing is told yet.
    """

    hidden: frozenset[Key] = frozenset()
    lists: Mapping[Key, Listed] = field(default_factory=dict)
    lengths: Mapping[int, Kind] = field(default_factory=dict)
    usual: Kind | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A group's run chart: by month where every month may be told, else by period."""

    kind: str  # "månad", "kvartal" …
    labels: tuple[str, ...]
    points: tuple[Shown, ...]
    by_period: tuple[Shown, ...]  # never by month, and further back: the level is asked of it
    length: Kind  # of those periods, whatever the report's own is


@dataclass(frozen=True, slots=True)
class Published:
    """The figures as they may be told."""

    figures: Figures
    limit: int
    before: Before

    def length(self, year: int) -> Kind:
        """How long the periods are that are told of a year."""
        usual = self.before.usual or self.figures.period.kind
        return self.before.lengths.get(year, usual)

    def as_it_is(self, period: Period) -> bool:
        """Is it one of the periods that are told by themselves?"""
        return self.length(period.year) is period.kind

    def total(self, period: Period, group: str) -> Shown:
        """Cases of a group in a period, without the voided."""
        if group == ALL:
            return added(self.total(period, each) for each in with_name(self.figures.groups))
        if self.as_it_is(period):
            number = self.figures.in_months(period, group)
            return self._unless_hidden(
                number, (str(period), group), ("quarter", str(period), group)
            )
        parts = _parts(period, self.length(period.year))
        return added(self.total(part, group) for part in parts) if parts else UNTOLD

    def _unless_hidden(self, number: int, *keys: Key) -> Shown:
        shown = one(number, self.limit)
        hidden = any(key in self.before.hidden for key in keys)
        return UNTOLD if hidden and not shown.below else shown

    def voided(self, period: Period, group: str) -> Shown:
        """Voided cases."""
        if group == ALL:
            return added(self.voided(period, each) for each in with_name(self.figures.groups))
        if not self.as_it_is(period):
            return UNTOLD
        number = self.figures.voided.get((period, group), 0)
        return self._unless_hidden(number, (str(period), group, "voided"))

    def column(self, period: Period, group: str, name: str) -> Listed:
        """A group's cases by the words of a column, as they were told first or may be told now."""
        at = (str(period), group, name)
        total = self.total(period, group).value
        undecided = name == "answered" and not self.figures.decided(period)
        if total is None or undecided or not self.as_it_is(period):
            return self.before.lists.get(at, NOTHING)
        now = listed(self.figures.counts[name].get((period, group), {}), self.limit)
        told = {w: n for w, n in now.told.items() if (*at, w) not in self.before.hidden}
        if now.total is not None:
            now = Listed(now.total, told)
        return corrected(now, self.before.lists.get(at), self.limit)

    def count(self, period: Period, group: str, dimension: str, word: str) -> Shown:
        """Cases of a group in a period with that word."""
        if group != ALL:
            return self.column(period, group, dimension).word(word)
        named = with_name(self.figures.groups)
        return added(self._one_of_all(period, each, dimension, word) for each in named)

    def _one_of_all(self, period: Period, group: str, dimension: str, word: str) -> Shown:
        told = self.column(period, group, dimension)
        if told.total is not None:
            return told.word(word)
        return Shown(0, self.total(period, group).high)

    def both(self, period: Period, group: str) -> Mapping[tuple[str, str], int]:
        """Found by one side in one process; of a group only where no figure of it is small."""
        if group == ALL:
            whole: dict[tuple[str, str], int] = {}
            for each in with_name(self.figures.groups):
                if self.total(period, each).high == 0:
                    continue
                part = self.both(period, each)
                if not part:
                    return {}
                for pair, number in part.items():
                    whole[pair] = whole.get(pair, 0) + number
            return whole
        here = self.figures.both.get((period, group), {})
        lists = [self.column(period, group, name) for name in ("found_by", "process")]
        told = all(
            not each.rest and dict(each.told) == _summed(here, at) for at, each in enumerate(lists)
        )
        small = any(0 < number < self.limit for number in here.values())
        return here if told and not small else {}

    def rolling(self, period: Period, group: str) -> Shown:
        """A whole year that ends with the period."""
        return added(self.total(each, group) for each in period.rolling(period.kind.in_a_year))

    def waiting(self, group: str, label: str = "") -> Shown:
        """Open cases of an age, or of all ages."""
        if group == ALL:
            return added(self.waiting(each, label) for each in with_name(self.figures.groups))
        ages = self.figures.waiting.get(group, {})
        whole = one(sum(ages.values()), self.limit)
        if not label:
            return whole
        told = listed(ages, self.limit)
        return Shown(0, whole.high) if told.total is None else told.word(label)

    def handling(self, period: Period, group: str) -> Handling:
        """Handling times without their count, which other figures could be worked out from.

        In whole days: where times are whole, the fraction of a percentile tells how many they are
        (16,3 is three tenths of the way: 8, 18, 28 … cases). Only where the number of cases is
        told: a year's times would say whether four small quarters are five cases. Of all groups,
        those of the groups whose own are told.
        """
        groups = [group]
        if group == ALL:
            named = with_name(self.figures.groups)
            groups = [g for g in named if self.handling(period, g).median is not None]
        elif self.total(period, group).value is None:
            groups = []
        return replace(handling(self.figures.times(period, groups), self.limit, 0), known=0)

    def in_time(self, period: Period, group: str) -> int | None:
        """Per cent answered within the agreed days, where that is decided and both are told."""
        good = self.count(period, group, "answered", IN_TIME).value
        late = self.count(period, group, "answered", LATE).value
        return None if good is None or late is None else percent(good, good + late)

    def pairs(self, group: str, reports: int = 1) -> list[tuple[Pair, int]]:
        """Pairs that stand out, and how many cases are told of each: a round number at most.

        Each is tried as if its process had no more cases than are told of it, in all and of each
        unit: so it tells nothing of those that are not, and what is said of it is true all the
        more.
        """
        figures, step = self.figures, max(self.limit, 5)
        tried = figures.tried.get(group, 0)
        pairs = [self._as_told(pair, group) for pair in figures.pairs.get(group, ())]
        found = stand_out(pairs, tried, self.limit, reports)
        return [(pair, pair.cases // step * step) for pair in found if pair.cases >= step]

    def _as_told(self, pair: Counted, group: str) -> Counted:
        year = self.figures.period.rolling(self.figures.period.kind.in_a_year)
        told = sum(self.count(each, group, "process", pair.names[2]).low for each in year)
        numbers = (pair.cases, pair.reported, pair.investigated, pair.process)
        return Counted(pair.names, *(min(number, told) for number in numbers))

    def chart(self, group: str) -> Chart:
        """The run chart."""
        figures = self.figures
        kind = self.length(figures.period.last.year)
        last = period_of(figures.period.next.first, kind).previous
        known = [each for each in last.rolling(MOST_POINTS) if figures.knows_all(each)]
        by_period = tuple(self.total(each, group) for each in known)
        drawn, shown = known[-CHART_POINTS:], by_period[-CHART_POINTS:]
        months = [month for month in figures.all_months if drawn and month >= drawn[0].first]
        by_month = [self._month(month, group) for month in months]
        if drawn and all(p.value is not None for p in (*shown, *by_month)):
            labels = tuple(str(month)[:7] for month in months)
            return Chart("månad", labels, tuple(by_month), by_period, kind)
        return Chart(kind.value, tuple(str(each) for each in drawn), shown, by_period, kind)

    def _month(self, month: date, group: str) -> Shown:
        named = with_name(self.figures.groups) if group == ALL else [group]
        numbers = [self.figures.months.get((month, each), 0) for each in named]
        return added(one(number, self.limit) for number in numbers)


def _summed(both: Mapping[tuple[str, str], int], at: int) -> dict[str, int]:
    """By one of two words, whatever the other is; without those that are nothing."""
    found: dict[str, int] = {}
    for words, number in both.items():
        if number:
            found[words[at]] = found.get(words[at], 0) + number
    return found


def publish(figures: Figures, limit: int, before: Before | None = None) -> Published:
    """Every figure as it may be told."""
    return Published(figures, limit, before or Before())


def _parts(period: Period, kind: Kind) -> list[Period]:
    """The shorter periods that it is made of, if it is made of such."""
    if kind.months >= period.kind.months or period.kind.months % kind.months:
        return []
    last = period_of(period.last, kind)
    return last.rolling(period.kind.months // kind.months)
