"""A period's figures for every group at once: a handful of GROUP BY statements, whatever the size.

Counted are cases by the day they are registered; voided ones (makulerade) apart. `count` gives the
figures as they are, for nobody's eyes but the program's; `Figures.published` says how each may be
shown. Months are counted and put together to quarters, tertials, half-years or years here, so that
the statements are the same for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select
from sqlmodel import Session

from models.columns import c
from models.deviation import NOT_GIVEN, DeviationCase
from rules.figures import (
    AGES,
    LEAST_RECURRING,
    Handling,
    Pair,
    RunChart,
    age_limits,
    handling,
    percent,
    run_chart,
    stand_out,
)
from rules.periods import Kind, Period, period_of
from rules.small_numbers import Key, Shown, Sum, protect

ALL = "Alla grupper"  # every group that is named; cases without a group are told by themselves
DIMENSIONS = ("process", "classified", "severity", "area", "found_by", "answered")
_BOTH = "found_by/process"  # both perspectives: who found it, in which process
IN_TIME, LATE, UNDECIDED = "inom utsatt tid", "senare", "ännu inte avgjort"
_CHART_YEARS = 3

Counts = dict[tuple[Period, str], dict[str, int]]  # (period, group) -> word -> cases


@dataclass(frozen=True, slots=True)
class Chart:
    """A group's run chart as it may be shown: a point that is hidden is None."""

    chart: RunChart
    kind: str  # "månad" or "kvartal"
    labels: tuple[str, ...]
    points: tuple[int | None, ...]


@dataclass(slots=True)
class Figures:
    """What was counted, for one period and those it is compared with."""

    period: Period
    today: date
    totals: dict[tuple[Period, str], int]
    voided: dict[tuple[Period, str], int]
    counts: dict[str, Counts]  # dimension ->
    handled: dict[tuple[Period, str], dict[int, int]]  # hundredths of a day -> cases
    waiting: dict[str, dict[str, int]]  # group -> age -> open cases
    pairs: dict[str, dict[tuple[str, str, str], int]]  # group -> the year's pairs that recur
    usual: dict[str, Fraction]  # group -> the mean of all its pairs
    months: dict[tuple[date, str], int]  # the first day of a month, for the run charts

    @property
    def groups(self) -> list[str]:
        """The groups that have cases in the periods or open ones, in Swedish order of letters."""
        named = (
            {group for _, group in self.totals} | set(self.waiting) | {g for _, g in self.months}
        )
        return sorted(named - {ALL}, key=_swedish)

    @property
    def periods(self) -> list[Period]:
        """The period, and back to the same a year before, oldest first."""
        return self.period.rolling(self.period.kind.in_a_year + 1)

    @property
    def compared(self) -> list[Period]:
        """The periods that are told in detail: this one, the one before, a year before."""
        return _compared(self.period)

    @property
    def known_from(self) -> date | None:
        """The first month that has any case at all; before it nothing is known, which is not 0."""
        return min((month for (month, _), number in self.months.items() if number), default=None)

    def total(self, period: Period, group: str) -> int:
        """Cases of a group in a period, without the voided."""
        return self.totals.get((period, group), 0)

    def handling(self, period: Period, group: str, limit: int) -> Handling:
        """Handling times of a group's cases that are registered in the period."""
        return handling(self.handled.get((period, group), {}), limit)

    def standing_out(self, group: str, limit: int) -> list[Pair]:
        """The pairs of the last year that recur."""
        return stand_out(self.pairs.get(group, {}), self.usual.get(group, Fraction(0)), limit)

    def words(self, dimension: str, group: str) -> list[str]:
        """The words that a dimension has in any of the periods, most cases in the period first."""
        counts = self.counts[dimension]
        named = {word for p in self.periods for word in counts.get((p, group), {})}
        here = counts.get((self.period, group), {})
        return sorted(named, key=lambda word: (-here.get(word, 0), _swedish(word)))

    def published(
        self,
        limit: int,
        *,
        hidden_before: Collection[Key] = (),
        shown_before: Collection[Key] = (),
    ) -> "Published":
        """Every figure as it may be shown, for all groups and periods together.

        The keys are tuples of words, so that an edition can keep which were hidden and which shown.
        """
        cells, sums, keep = _cells(self, limit)
        return Published(
            self,
            limit,
            protect(
                cells,
                sums,
                limit,
                keep=keep,
                hidden_before=hidden_before,
                shown_before=shown_before,
            ),
        )


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
        key = (str(period), group, _BOTH, f"{found_by}|{process}")
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
        quarters = [str(quarter) for quarter in _quarters(self.figures, group)]
        points = [self.shown["quarter", quarter, group].value for quarter in quarters]
        return _chart("kvartal", quarters, points)

    @cached_property
    def hidden(self) -> set[Key]:
        """The keys of what is hidden, for the edition to keep."""
        return {key for key, figure in self.shown.items() if figure.value is None}


def _chart(kind: str, labels: list[str], points: Sequence[int | None]) -> Chart:
    """Signals are looked for among the points that are shown."""
    seen = [(label, n) for label, n in zip(labels, points, strict=True) if n is not None]
    chart = run_chart([label for label, _ in seen], [n for _, n in seen])
    return Chart(chart, kind, tuple(labels), tuple(points))


def count(session: Session, period: Period, *, today: date, answer_days: int) -> Figures:
    """Count a period and those it is compared with, for every group.

    1. Totals and voided by month, three years back: the run charts too.
    2. By each dimension, for the period and back to the same a year before.
    3. Handling times as a list of values and how many have them; who answered in time.
    4. Open cases by age, and the pairs of the last year.
    """
    periods = period.rolling(period.kind.in_a_year + 1)
    figures = Figures(period, today, {}, {}, {}, {}, {}, {}, {}, {})
    _totals(session, figures, periods)
    months = _from_to(periods[0].first, period.last)
    figures.counts[_BOTH] = _counted(session, months, ("found_by", "process"), period.kind)
    for at, name in enumerate(("found_by", "process")):
        figures.counts[name] = _part(figures.counts[_BOTH], at)
    for name in ("classified", "severity", "area"):
        figures.counts[name] = _counted(session, months, (name,), period.kind)
    figures.counts["answered"] = _answered(session, months, period.kind, today, answer_days)
    compared = _compared(period)
    figures.handled = _handled(session, compared)
    figures.waiting = _waiting(session, today)
    year = period.rolling(period.kind.in_a_year)
    _pairs(session, figures, _from_to(year[0].first, period.last))
    return figures


def statements(period: Period, today: date, answer_days: int) -> list[Select[Any]]:
    """The statements that `count` asks, bare: for the bench, and to look at their plans."""
    months = _from_to(period.rolling(period.kind.in_a_year + 1)[0].first, period.last)
    year = _from_to(period.rolling(period.kind.in_a_year)[0].first, period.last)
    compared = _compared(period)
    return [
        _totals_asked(_chart_months(period)),
        *(_asked(months, names) for names in _ASKED),
        _answered_asked(months, today, answer_days),
        _handled_asked(compared),
        _waiting_asked(today),
        _pairs_asked(year),
    ]


_ASKED = (("found_by", "process"), ("classified",), ("severity",), ("area",))


def _totals(session: Session, figures: Figures, periods: Sequence[Period]) -> None:
    kind = figures.period.kind
    first, last = _chart_months(figures.period)
    for month, group, voided, number in session.execute(_totals_asked((first, last))):
        day = _first_day(month)
        for name in _counted_in(group):
            if not voided:
                key = day, name
                figures.months[key] = figures.months.get(key, 0) + number
            if day >= periods[0].first:
                into = figures.voided if voided else figures.totals
                at = period_of(day, kind), name
                into[at] = into.get(at, 0) + number
    _fill_months(figures, first, last)


def _fill_months(figures: Figures, first: int, last: int) -> None:
    """A month without cases is a point too, from the first month that has any."""
    begins = figures.known_from
    if begins is None:
        return
    first = max(first, _from_to(begins, begins)[0])
    for name in {group for _, group in figures.months}:
        for month in range(first, last + 1):
            figures.months.setdefault((_first_day(month), name), 0)


def _counted(
    session: Session, months: tuple[int, int], names: tuple[str, ...], kind: Kind
) -> Counts:
    found: Counts = defaultdict(lambda: defaultdict(int))
    for month, group, *words, number in session.execute(_asked(months, names)):
        word = "|".join(each or NOT_GIVEN for each in words)
        period = period_of(_first_day(month), kind)
        for name in _counted_in(group):
            found[period, name][word] += number
    return _plain(found)


def _part(counts: Counts, at: int) -> Counts:
    found: Counts = defaultdict(lambda: defaultdict(int))
    for key, words in counts.items():
        for word, number in words.items():
            found[key][word.split("|")[at]] += number
    return _plain(found)


def _answered(
    session: Session, months: tuple[int, int], kind: Kind, today: date, answer_days: int
) -> Counts:
    found: Counts = defaultdict(lambda: defaultdict(int))
    rows = session.execute(_answered_asked(months, today, answer_days))
    for month, group, good, late, every in rows:
        period = period_of(_first_day(month), kind)
        parts = {IN_TIME: good, LATE: late, UNDECIDED: every - good - late}
        for name in _counted_in(group):
            for word, number in parts.items():
                found[period, name][word] += number
    return _plain(found)


def _handled(
    session: Session, periods: Sequence[Period]
) -> dict[tuple[Period, str], dict[int, int]]:
    found: Any = defaultdict(lambda: defaultdict(int))
    for place, group, hundredths, number in session.execute(_handled_asked(periods)):
        for name in _counted_in(group):
            found[periods[place], name][hundredths] += number
    return {key: dict(values) for key, values in found.items()}


def _waiting(session: Session, today: date) -> dict[str, dict[str, int]]:
    found: Any = defaultdict(lambda: dict.fromkeys((label for label, _ in AGES), 0))
    for group, label, number in session.execute(_waiting_asked(today)):
        for name in _counted_in(group):
            found[name][label] += number
    return dict(found)


def _pairs(session: Session, figures: Figures, months: tuple[int, int]) -> None:
    for group, *names, number, cases, pairs in session.execute(_pairs_asked(months)):
        reporting, investigating, process = names
        at = group or NOT_GIVEN
        figures.pairs.setdefault(at, {})[reporting, investigating, process or NOT_GIVEN] = number
        figures.usual[at] = Fraction(int(cases), pairs)


_CASE = c(DeviationCase)
_COUNTS = _CASE.voided.is_(False)


def _totals_asked(months: tuple[int, int]) -> Select[Any]:
    by = (_CASE.month, _CASE.target_group, _CASE.voided)
    return select(*by, func.count()).where(_CASE.month.between(*months)).group_by(*by)


def _asked(months: tuple[int, int], names: tuple[str, ...]) -> Select[Any]:
    by = (_CASE.month, _CASE.target_group, *(_CASE[name] for name in names))
    return select(*by, func.count()).where(_CASE.month.between(*months), _COUNTS).group_by(*by)


def _answered_asked(months: tuple[int, int], today: date, days: int) -> Select[Any]:
    """In time; late, or still unanswered when the days have passed; the rest is undecided."""
    overdue = and_(_CASE.waits, _CASE.registered_on < today - timedelta(days=days))
    late = or_(_CASE.answer_days > days, overdue)
    by = (_CASE.month, _CASE.target_group)
    return (
        select(
            *by,
            func.count(case((_CASE.answer_days <= days, 1))),
            func.count(case((late, 1))),
            func.count(),
        )
        .where(_CASE.month.between(*months), _COUNTS)
        .group_by(*by)
    )


def _handled_asked(periods: Sequence[Period]) -> Select[Any]:
    """By the place of the period among these: months would give three times as many rows."""
    spans = [_CASE.month.between(*_from_to(each.first, each.last)) for each in periods]
    place = case(*((span, at) for at, span in enumerate(spans))).label("place")
    known = _CASE.handling.is_not(None)
    return (
        select(place, _CASE.target_group, _CASE.handling, func.count())
        .where(or_(*spans), _COUNTS, known)
        .group_by("place", _CASE.target_group, _CASE.handling)
    )


def _waiting_asked(today: date) -> Select[Any]:
    """Few of all cases are open; they have an index of their own."""
    steps = [
        (_CASE.registered_on >= day, literal(label))
        for label, day in age_limits(today)
        if day is not None
    ]
    label = case(*steps, else_=literal(AGES[-1][0])).label("age")
    return (
        select(_CASE.target_group, label, func.count())
        .where(_CASE.waits)
        .group_by(_CASE.target_group, "age")
    )


def _pairs_asked(months: tuple[int, int]) -> Select[Any]:
    """The pairs that recur, each with how many cases and pairs its group has in all."""
    by = (_CASE.target_group, _CASE.reporting_unit, _CASE.investigating_unit, _CASE.process)
    number = func.count().label("number")
    pairs = (
        select(
            *by,
            number,
            func.sum(func.count()).over(partition_by=_CASE.target_group).label("cases"),
            func.count().over(partition_by=_CASE.target_group).label("pairs"),
        )
        .where(_CASE.month.between(*months), _COUNTS)
        .where(_CASE.reporting_unit != "", _CASE.investigating_unit != "")
        .group_by(*by)
        .subquery()
    )
    return select(pairs).where(pairs.c.number >= LEAST_RECURRING)


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
        sums.append((("waiting", ALL, label), [("waiting", g, label) for g in _named(groups)]))
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
    named = _named(groups)
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
    at, counts = str(figures.period), figures.counts[_BOTH]
    both = _every_word(counts, figures.period)
    for group in (*groups, ALL):
        here = counts.get((figures.period, group), {})
        if any(0 < number < limit for number in here.values()):
            continue
        cells |= {(at, group, _BOTH, word): here.get(word, 0) for word in both}
        for place, name in enumerate(("found_by", "process")):
            for word in _every_word(figures.counts[name], figures.period):
                parts = [(at, group, _BOTH, w) for w in both if w.split("|")[place] == word]
                sums.append(((at, group, name, word), parts))
    named = _named(groups)
    for word in both:
        parts = [(at, group, _BOTH, word) for group in named]
        if all(part in cells for part in (*parts, (at, ALL, _BOTH, word))):
            sums.append(((at, ALL, _BOTH, word), parts))


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
        whole = [(str(last), group, "year") for group in _named(groups)]
        sums.append(((str(last), ALL, "year"), whole))


def _chart_cells(
    figures: Figures, groups: list[str], cells: dict[Key, int], sums: list[Sum], limit: int
) -> None:
    """The points of the run charts, with the periods of the report that are made of them.

    Months are figures of the report only where none of them is small.
    """
    for group in (*groups, ALL):
        quarters = _quarters(figures, group)
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
    for quarter in _quarters(figures, ALL):
        parts_ = [("quarter", str(quarter), group) for group in _named(groups)]
        if all(part in cells for part in parts_):
            sums.append((("quarter", str(quarter), ALL), parts_))


def _quarters(figures: Figures, group: str) -> dict[Period, int]:
    """The whole quarters of the run chart, oldest first."""
    found: dict[Period, int] = {}
    for (month, name), number in sorted(figures.months.items()):
        quarter = period_of(month)
        if name == group and quarter <= _last_quarter(figures.period):
            found[quarter] = found.get(quarter, 0) + number
    return found


def _chart_months(period: Period) -> tuple[int, int]:
    """Three years of whole quarters, and all that the report compares with."""
    first = _last_quarter(period).later(1 - 4 * _CHART_YEARS).first
    return _from_to(min(first, period.a_year_before.first), period.last)


def _last_quarter(period: Period) -> Period:
    """The last quarter that has ended when the period has."""
    return period_of(period.next.first).previous


def _from_to(first: date, last: date) -> tuple[int, int]:
    return first.year * 12 + first.month - 1, last.year * 12 + last.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _compared(period: Period) -> list[Period]:
    """A year's year before is the one before."""
    return list(dict.fromkeys((period, period.previous, period.a_year_before)))


def _counted_in(group: str) -> tuple[str, ...]:
    return (group, ALL) if group and group != NOT_GIVEN else (NOT_GIVEN,)


def _named(groups: list[str]) -> list[str]:
    return [group for group in groups if group != NOT_GIVEN]


def _plain(found: Counts) -> Counts:
    return {key: dict(words) for key, words in found.items()}


def _swedish(words: str) -> list[int]:
    """å, ä, ö last; neither database sorts so by itself."""
    order = "åäö"
    return [0x250 + order.index(x) if x in order else ord(x) for x in words.lower()]
