"""How each figure of a period may be shown, for all groups and periods together.

Every figure of a report gets a key, and every sum between figures is told to `rules/small_numbers`,
which hides what is small and what would tell it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from reports.deviation.figures import (
    ALL,
    BOTH,
    DIMENSIONS,
    IN_TIME,
    LATE,
    Counts,
    Figures,
    whole_quarters,
    with_name,
)
from rules.figures import AGES, Handling, Pair, RunChart, percent, run_chart
from rules.periods import Period
from rules.small_numbers import Key, Shown, Sum, protect


@dataclass(frozen=True, slots=True)
class Chart:
    """A group's run chart as it may be shown: a point that is hidden is None."""

    chart: RunChart
    kind: str  # "månad" or "kvartal"
    labels: tuple[str, ...]
    points: tuple[int | None, ...]


@dataclass
class Published:
    """The figures as they may be shown."""

    figures: Figures
    limit: int
    shown: dict[Key, Shown] = field(repr=False)

    def total(self, period: Period, group: str) -> Shown:
        """Cases of a group in a period, without the voided."""
        return self.shown.get((str(period), group), Shown(0))

    def voided(self, period: Period, group: str) -> Shown:
        """Voided cases."""
        return self.shown.get((str(period), group, "voided"), Shown(0))

    def count(self, period: Period, group: str, dimension: str, word: str) -> Shown:
        """Cases of a group in a period with that word."""
        return self.shown.get((str(period), group, dimension, word), Shown(0))

    def perspective(self, period: Period, group: str, found_by: str, process: str) -> Shown:
        """Cases found by one side in one process; the whole table or nothing of it."""
        key = (str(period), group, BOTH, f"{found_by}|{process}")
        return self.shown.get(key, Shown(None, withheld=True))

    def rolling(self, period: Period, group: str) -> Shown:
        """A whole year that ends with the period."""
        return self.shown.get((str(period), group, "year"), Shown(0))

    def waiting(self, group: str, label: str = "") -> Shown:
        """Open cases of an age, or of all ages."""
        return self.shown.get(("waiting", group, label), Shown(0))

    def handling(self, period: Period, group: str) -> Handling:
        """Handling times without their count, which other figures could be worked out from."""
        return replace(self.figures.handling(period, group, self.limit), known=0)

    def in_time(self, period: Period, group: str) -> int | None:
        """Per cent answered within the agreed days, of those where it is decided.

        None where there are none, and where a count behind it is hidden.
        """
        good = self.count(period, group, "answered", IN_TIME).value
        late = self.count(period, group, "answered", LATE).value
        return None if good is None or late is None else percent(good, good + late)

    def pairs(self, group: str) -> list[Pair]:
        """Pairs that stand out; never fewer cases than the limit."""
        return self.figures.standing_out(group, self.limit)

    def chart(self, group: str) -> Chart:
        """The run chart: by month where every month may be shown, else by quarter."""
        by_month = [(m, n) for (m, g), n in sorted(self.figures.months.items()) if g == group]
        shown = [self.shown.get(("month", str(m), group)) for m, _ in by_month]
        if by_month and all(figure and figure.value is not None for figure in shown):
            return _chart("månad", [str(m)[:7] for m, _ in by_month], [n for _, n in by_month])
        quarters = [str(quarter) for quarter in whole_quarters(self.figures, group)]
        points = [self.shown["quarter", quarter, group].value for quarter in quarters]
        return _chart("kvartal", quarters, points)

    @cached_property
    def hidden(self) -> set[Key]:
        """The keys of what is hidden, for the edition to keep."""
        return {key for key, figure in self.shown.items() if figure.value is None}


def publish(
    figures: Figures,
    limit: int,
    *,
    hidden_before: Collection[Key] = (),
    shown_before: Collection[Key] = (),
) -> Published:
    """Every figure as it may be shown.

    The keys are tuples of words, so that an edition can keep which were hidden and which shown.
    """
    cells, sums, keep = _cells(figures, limit)
    shown = protect(
        cells, sums, limit, keep=keep, hidden_before=hidden_before, shown_before=shown_before
    )
    return Published(figures, limit, shown)


def _chart(kind: str, labels: list[str], points: Sequence[int | None]) -> Chart:
    """Signals are looked for among the points that are shown."""
    seen = [(label, n) for label, n in zip(labels, points, strict=True) if n is not None]
    chart = run_chart([label for label, _ in seen], [n for _, n in seen])
    return Chart(chart, kind, tuple(labels), tuple(points))


def _cells(figures: Figures, limit: int) -> tuple[dict[Key, int], list[Sum], set[Key]]:
    """Every figure of a report by its key, every sum between them, and the totals to keep."""
    cells: dict[Key, int] = {}
    sums: list[Sum] = []
    groups = figures.groups
    for period in figures.periods:
        _period_cells(figures, period, groups, cells, sums, limit)
    _year_cells(figures, groups, cells, sums)
    _chart_cells(figures, groups, cells, sums, limit)
    for group in (*groups, ALL):
        ages = figures.waiting.get(group, {})
        cells |= {("waiting", group, label): ages.get(label, 0) for label, _ in AGES}
        cells["waiting", group, ""] = sum(ages.values())
        sums.append((("waiting", group, ""), [("waiting", group, label) for label, _ in AGES]))
    for label in ("", *(label for label, _ in AGES)):
        sums.append((("waiting", ALL, label), [("waiting", g, label) for g in with_name(groups)]))
    totals = {(str(period), g) for period in figures.periods for g in (*groups, ALL)}
    years = {(str(period), g, "year") for period in figures.periods for g in (*groups, ALL)}
    charts = {key for key in cells if isinstance(key, tuple) and key[0] in ("quarter", "month")}
    return cells, sums, totals | years | charts


def _period_cells(
    figures: Figures,
    period: Period,
    groups: list[str],
    cells: dict[Key, int],
    sums: list[Sum],
    limit: int,
) -> None:
    at = str(period)
    for group in (*groups, ALL):
        cells[at, group] = figures.total(period, group)
        cells[at, group, "voided"] = figures.voided.get((period, group), 0)
    named = with_name(groups)
    sums.append(((at, ALL), [(at, group) for group in named]))
    sums.append(((at, ALL, "voided"), [(at, group, "voided") for group in named]))
    if period not in figures.compared:
        return
    for name in DIMENSIONS:
        counts = figures.counts[name]
        words = _every_word(counts, period)
        for group in (*groups, ALL):
            here = counts.get((period, group), {})
            cells |= {(at, group, name, word): here.get(word, 0) for word in words}
            sums.append(((at, group), [(at, group, name, word) for word in words]))
        for word in words:
            sums.append(((at, ALL, name, word), [(at, group, name, word) for group in named]))
    if period == figures.period:
        _perspective_cells(figures, groups, cells, sums, limit)


def _perspective_cells(
    figures: Figures, groups: list[str], cells: dict[Key, int], sums: list[Sum], limit: int
) -> None:
    """Who found it, in which process: of a group only where none of the figures is small.

    It is the finest table of all; with small figures in it, it would take the others with it.
    """
    at, counts = str(figures.period), figures.counts[BOTH]
    both = _every_word(counts, figures.period)
    for group in (*groups, ALL):
        here = counts.get((figures.period, group), {})
        if any(0 < number < limit for number in here.values()):
            continue
        cells |= {(at, group, BOTH, word): here.get(word, 0) for word in both}
        for place, name in enumerate(("found_by", "process")):
            for word in _every_word(figures.counts[name], figures.period):
                parts = [(at, group, BOTH, w) for w in both if w.split("|")[place] == word]
                sums.append(((at, group, name, word), parts))
    named = with_name(groups)
    for word in both:
        parts = [(at, group, BOTH, word) for group in named]
        if all(part in cells for part in (*parts, (at, ALL, BOTH, word))):
            sums.append(((at, ALL, BOTH, word), parts))


def _every_word(counts: Counts, period: Period) -> list[str]:
    """The words that any group has in the period."""
    return sorted({word for (p, _), words in counts.items() if p == period for word in words})


def _year_cells(
    figures: Figures, groups: list[str], cells: dict[Key, int], sums: list[Sum]
) -> None:
    """The rolling year, and the one before it that an earlier report showed."""
    year = figures.period.kind.in_a_year
    for last in figures.periods[-2:]:
        parts = [each for each in last.rolling(year) if each in figures.periods]
        if len(parts) < year:
            continue
        for group in (*groups, ALL):
            cells[str(last), group, "year"] = sum(figures.total(p, group) for p in parts)
            sums.append(((str(last), group, "year"), [(str(p), group) for p in parts]))
        whole = [(str(last), group, "year") for group in with_name(groups)]
        sums.append(((str(last), ALL, "year"), whole))


def _chart_cells(
    figures: Figures, groups: list[str], cells: dict[Key, int], sums: list[Sum], limit: int
) -> None:
    """The points of the run charts, with the periods of the report that are made of them.

    Months are figures of the report only where none of them is small.
    """
    for group in (*groups, ALL):
        quarters = whole_quarters(figures, group)
        by_month = {m: n for (m, g), n in figures.months.items() if g == group}
        if any(0 < number < limit for number in by_month.values()):
            by_month = {}
        for quarter, number in quarters.items():
            key = ("quarter", str(quarter), group)
            cells[key] = number
            months = [month for month in by_month if quarter.holds(month)]
            if months:
                cells |= {("month", str(m), group): by_month[m] for m in months}
                sums.append((key, [("month", str(m), group) for m in months]))
        for period in figures.periods:
            parts = [q for q in quarters if period.first <= q.first and q.last <= period.last]
            if parts and parts[0].first == period.first and parts[-1].last == period.last:
                sums.append(((str(period), group), [("quarter", str(q), group) for q in parts]))
    for quarter in whole_quarters(figures, ALL):
        parts_ = [("quarter", str(quarter), group) for group in with_name(groups)]
        if all(part in cells for part in parts_):
            sums.append((("quarter", str(quarter), ALL), parts_))
