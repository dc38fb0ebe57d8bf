"""A period's figures for every group of a collaboration at once: a handful of GROUP BY statements.

Counted are cases by the day they are registered; voided ones (makulerade) apart. Months are counted
and put together to quarters, tertials, half-years or years here, so that the statements are the
same for all of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, Result, Select, and_, bindparam, case, func, literal, or_, select
from sqlmodel import Session

from models.columns import c
from models.deviation import NOT_GIVEN, DeviationCase
from reports.deviation.figures import (
    ALL,
    CROSSED,
    IN_TIME,
    LATE,
    UNDECIDED,
    Both,
    Counts,
    Figures,
    chart_months,
    compared_with,
    first_day,
    from_to,
)
from rules.figures import AGES, age_limits
from rules.pairs import LEAST_RECURRING, Counted
from rules.periods import Kind, Period, period_of


def count(
    session: Session, collaboration_id: int, period: Period, *, today: date, answer_days: int
) -> Figures:
    """Count a collaboration's cases of a period and those it is compared with, for every group.

    1. Totals and voided by month, three years back: the run charts too.
    2. By each dimension, for the period and back to the same a year before.
    3. Handling times as a list of values and how many have them; who answered in time.
    4. Open cases by age, and the pairs of the last year.
    """
    periods = period.rolling(period.kind.in_a_year + 1)
    figures = Figures(period, today, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, answer_days)
    asked = _Asked(session, collaboration_id)
    _totals(asked, figures, periods)
    months = from_to(periods[0].first, period.last)
    figures.both = _both(asked, months, period.kind)
    for at, name in enumerate(("found_by", "process")):
        figures.counts[name] = _part(figures.both, at)
    for name in ("classified", "severity", "area"):
        figures.counts[name] = _counted(asked, months, name, period.kind)
    figures.counts["answered"] = _answered(asked, months, period.kind, today, answer_days)
    compared = compared_with(period)
    figures.crossed = _crossed(asked, compared)
    figures.handled = _handled(asked, compared)
    figures.waiting = _waiting(asked, today)
    year = period.rolling(period.kind.in_a_year)
    _pairs(asked, figures, from_to(year[0].first, period.last))
    return figures


@dataclass(frozen=True, slots=True)
class _Asked:
    """Cases of one collaboration, and no others: every statement is asked through this."""

    session: Session
    collaboration_id: int

    def rows(self, asked: Select[Any]) -> Result[Any]:
        """What a statement answers of the collaboration's own cases."""
        return self.session.execute(asked, {_WHOSE: self.collaboration_id})


def statements(
    collaboration_id: int, period: Period, today: date, answer_days: int
) -> list[Select[Any]]:
    """The statements that `count` asks, bare: for the bench, and to look at their plans."""
    months = from_to(period.rolling(period.kind.in_a_year + 1)[0].first, period.last)
    year = from_to(period.rolling(period.kind.in_a_year)[0].first, period.last)
    compared = compared_with(period)
    asked = [
        _totals_asked(chart_months(period)),
        *(_by_words(months, names) for names in _ASKED),
        _answered_asked(months, today, answer_days),
        _crossed_asked(compared),
        _handled_asked(compared),
        _waiting_asked(today),
        _pairs_asked(year),
    ]
    return [one.params({_WHOSE: collaboration_id}) for one in asked]


_ASKED = (("found_by", "process"), ("classified",), ("severity",), ("area",))


def _totals(asked: _Asked, figures: Figures, periods: Sequence[Period]) -> None:
    kind = figures.period.kind
    first, last = chart_months(figures.period)
    for month, group, voided, number in asked.rows(_totals_asked((first, last))):
        day = first_day(month)
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
    first = max(first, from_to(begins, begins)[0])
    for name in {group for _, group in figures.months}:
        for month in range(first, last + 1):
            figures.months.setdefault((first_day(month), name), 0)


def _counted(asked: _Asked, months: tuple[int, int], column: str, kind: Kind) -> Counts:
    found: Counts = defaultdict(lambda: defaultdict(int))
    for month, group, word, number in asked.rows(_by_words(months, (column,))):
        period = period_of(first_day(month), kind)
        for name in _counted_in(group):
            found[period, name][word or NOT_GIVEN] += number
    return _plain(found)


def _both(asked: _Asked, months: tuple[int, int], kind: Kind) -> Both:
    """By side and process together: a pair of words, whatever signs stand in them."""
    found: Both = defaultdict(lambda: defaultdict(int))
    for month, group, side, process, number in asked.rows(
        _by_words(months, ("found_by", "process"))
    ):
        period = period_of(first_day(month), kind)
        for name in _counted_in(group):
            found[period, name][side or NOT_GIVEN, process or NOT_GIVEN] += number
    return {key: dict(pairs) for key, pairs in found.items()}


def _part(both: Both, at: int) -> Counts:
    """One word of the pairs, whatever the other is."""
    found: Counts = defaultdict(lambda: defaultdict(int))
    for key, pairs in both.items():
        for pair, number in pairs.items():
            found[key][pair[at]] += number
    return _plain(found)


def _answered(
    asked: _Asked, months: tuple[int, int], kind: Kind, today: date, answer_days: int
) -> Counts:
    found: Counts = defaultdict(lambda: defaultdict(int))
    rows = asked.rows(_answered_asked(months, today, answer_days))
    for month, group, good, late, every in rows:
        period = period_of(first_day(month), kind)
        parts = {IN_TIME: good, LATE: late, UNDECIDED: every - good - late}
        for name in _counted_in(group):
            for word, number in parts.items():
                found[period, name][word] += number
    return _plain(found)


def _crossed(
    asked: _Asked, periods: Sequence[Period]
) -> dict[tuple[Period, str], dict[tuple[str, ...], int]]:
    found: Any = defaultdict(lambda: defaultdict(int))
    for place, group, *words, number in asked.rows(_crossed_asked(periods)):
        at = periods[place], group or NOT_GIVEN
        found[at][tuple(word or NOT_GIVEN for word in words)] += number
    return {key: dict(words) for key, words in found.items()}


def _handled(asked: _Asked, periods: Sequence[Period]) -> dict[tuple[Period, str], dict[int, int]]:
    found: Any = defaultdict(lambda: defaultdict(int))
    for place, group, hundredths, number in asked.rows(_handled_asked(periods)):
        for name in _counted_in(group):
            found[periods[place], name][hundredths] += number
    return {key: dict(values) for key, values in found.items()}


def _waiting(asked: _Asked, today: date) -> dict[str, dict[str, int]]:
    found: Any = defaultdict(lambda: dict.fromkeys((label for label, _ in AGES), 0))
    for group, label, number in asked.rows(_waiting_asked(today)):
        for name in _counted_in(group):
            found[name][label] += number
    return dict(found)


def _pairs(asked: _Asked, figures: Figures, months: tuple[int, int]) -> None:
    for row in asked.rows(_pairs_asked(months)):
        group, reporting, investigating, process, *numbers, tried = row
        names = reporting, investigating, process or NOT_GIVEN
        at = group or NOT_GIVEN
        figures.pairs.setdefault(at, []).append(Counted(names, *(int(n) for n in numbers)))
        figures.tried[at] = tried


_CASE = c(DeviationCase)
_WHOSE = "collaboration"
_MINE = _CASE.collaboration_id == bindparam(_WHOSE, type_=Integer)
_COUNTS = _CASE.voided.is_(False)


def _totals_asked(months: tuple[int, int]) -> Select[Any]:
    by = (_CASE.month, _CASE.target_group, _CASE.voided)
    return select(*by, func.count()).where(_MINE, _CASE.month.between(*months)).group_by(*by)


def _by_words(months: tuple[int, int], names: tuple[str, ...]) -> Select[Any]:
    by: list[Any] = [_CASE.month, _CASE.target_group, *(_CASE[name] for name in names)]
    within = _CASE.month.between(*months)
    asked: Select[Any] = select(*by, func.count())
    return asked.where(_MINE, within, _COUNTS).group_by(*by)


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
        .where(_MINE, _CASE.month.between(*months), _COUNTS)
        .group_by(*by)
    )


def _in(periods: Sequence[Period]) -> tuple[Any, Any]:
    """The place of the period among these, and that it is one: months would give more rows."""
    spans = [_CASE.month.between(*from_to(each.first, each.last)) for each in periods]
    return case(*((span, at) for at, span in enumerate(spans))).label("place"), or_(*spans)


def _crossed_asked(periods: Sequence[Period]) -> Select[Any]:
    place, within = _in(periods)
    by = (_CASE.target_group, *(_CASE[name] for name in CROSSED))
    return select(place, *by, func.count()).where(_MINE, within, _COUNTS).group_by("place", *by)


def _handled_asked(periods: Sequence[Period]) -> Select[Any]:
    place, within = _in(periods)
    known = _CASE.handling.is_not(None)
    return (
        select(place, _CASE.target_group, _CASE.handling, func.count())
        .where(_MINE, within, _COUNTS, known)
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
        .where(_MINE, _CASE.waits)
        .group_by(_CASE.target_group, "age")
    )


def _pairs_asked(months: tuple[int, int]) -> Select[Any]:
    """The pairs that recur, each with how many cases its units and its process have.

    "Utreds av" is a unit in some files and an organisation in others: where there is no unit, the
    organisation is the one that is met.
    """
    reporting = _unit("reporting")
    investigating = _unit("investigating")
    group, process = _CASE.target_group, _CASE.process
    within = (group, process)

    def all_of(*by: Any) -> Any:  # noqa: ANN401 - columns
        return func.sum(func.count()).over(partition_by=by)

    pairs = (
        select(
            group,
            reporting.label("one"),
            investigating.label("other"),
            process,
            func.count().label("number"),
            all_of(*within, reporting).label("reported"),
            all_of(*within, investigating).label("investigated"),
            all_of(*within).label("whole"),
            func.count().over(partition_by=group).label("tried"),
        )
        .where(_MINE, _CASE.month.between(*months), _COUNTS)
        .where(reporting != "", investigating != "")
        .group_by(group, reporting, investigating, process)
        .subquery()
    )
    return select(pairs).where(pairs.c.number >= LEAST_RECURRING)


def _unit(side: str) -> Any:  # noqa: ANN401 - an expression
    unit, organisation = _CASE[f"{side}_unit"], _CASE[f"{side}_org"]
    return case((unit != literal(""), unit), else_=organisation)


def _counted_in(group: str) -> tuple[str, ...]:
    return (group, ALL) if group and group != NOT_GIVEN else (NOT_GIVEN,)


def _plain(found: Counts) -> Counts:
    return {key: dict(words) for key, words in found.items()}
