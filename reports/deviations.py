"""Compile the facts of deviation reports: for every group of a period at once.

Editions are kept and mailed, so their facts hold figures as they may be shown and nothing else; and
which were hidden and which shown, so that later editions never tell together what one hid. Wording
is `reports/deviation_words.py`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock, policy
from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.deviation import NOT_GIVEN, DeviationCase, DeviationImport, ImportState
from models.deviation_analysis import DeviationAnalysis
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from reports.deviation_figures import ALL, DIMENSIONS, Chart, Figures, Published, count
from reports.editions import Facts, Of
from rules.deviation_reports import SharedOut, share_out
from rules.figures import AGES, FEWEST_POINTS, RunChart
from rules.periods import Period, parse
from rules.small_numbers import Key

SCHEMA = 1
EVERY_TARGET = "Alla målgrupper"  # how all of them together are called in a report
UNKNOWN = "–"  # before the first case on file nothing is known, which is not 0
_MOVING = ("handling", "in_time", "waiting", "waiting_total")  # cases are answered all the time


class NoReport(ValueError):  # noqa: N818 - an answer, not a fault
    """A group receives no target group's figures."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a group concluded from a report."""

    group: str
    period: str
    day: date
    by: str
    pattern: str
    measure: str
    conclusion: str
    activity: str


def compile_deviations(
    session: Session, of: Of, cut_off: date, promises: Policy | None = None
) -> Facts:
    """The facts of one report. Raises `NoReport` when the group receives nobody's figures."""
    compiled = compile_all(session, parse(of.period), cut_off, promises or policy.load())
    if of not in compiled:
        raise NoReport(
            "The group receives no target group's figures: see receivers under [deviations]."
        )
    return compiled[of]


def compile_all(
    session: Session,
    period: Period,
    cut_off: date,
    promises: Policy,
    *,
    again: bool = False,
) -> dict[Of, Facts]:
    """Every report of a period: one for each group that receives any, one for the whole.

    1. Count once for all.
    2. Say how each figure may be shown, with what earlier editions hid and showed; those of the
       same period too when it is counted again.
    3. Share the target groups out.
    """
    agreed = promises.deviations
    figures = count(session, period, today=cut_off, answer_days=agreed.answer_days)
    hidden, shown = told_before(session, "" if again else str(period))
    told = figures.published(agreed.small_numbers, hidden_before=hidden, shown_before=shown)
    areas, groups = _areas(session), _groups(session, period)
    named = [name for name in figures.groups if name != NOT_GIVEN]
    shared = share_out({id_: row.name for id_, row in groups.items()}, named, agreed.receivers)
    compiled = {}
    for id_, targets in shared.groups.items():
        area = groups[id_].collaboration_id
        of = Of(ReportKind.DEVIATIONS, area, id_, str(period))
        compiled[of] = _facts(told, areas[area], groups[id_].name, targets, cut_off, promises)
    for area, organisation in areas.items():
        of = Of(ReportKind.DEVIATIONS, area, None, str(period))
        extra = (NOT_GIVEN,) if figures.total(period, NOT_GIVEN) else ()
        facts = _facts(told, organisation, "", (ALL, *shared.nobodys, *extra), cut_off, promises)
        names = {id_: row.name for id_, row in groups.items() if row.collaboration_id == area}
        facts["receivers"] = _receivers(told, shared, named, names)
        facts |= _keys(told, named, totals=True, whole=(ALL, *shared.nobodys, NOT_GIVEN))
        compiled[of] = facts
    return compiled


def same_figures(one: Facts, other: Facts) -> bool:
    """Do two compilations tell the same but for what moves as cases are answered?"""
    return _still(one) == _still(other)


def taken_in_on(session: Session) -> date | None:
    """The day that the latest file still standing was taken in."""
    asked = select(func.max(c(DeviationImport).at)).where(
        c(DeviationImport).state == ImportState.TAKEN_IN
    )
    at = session.execute(asked).scalar()
    return clock.in_stockholm(at).date() if at is not None else None


def newest_case(session: Session) -> date | None:
    """The latest day that any case is registered on."""
    return session.execute(select(func.max(c(DeviationCase).registered_on))).scalar()


def analyses(session: Session, collaboration_id: int, period: Period) -> list[Analysis]:
    """What groups wrote about the deviation reports whose periods lie in this one, oldest first."""
    a, e = c(DeviationAnalysis), c(Edition)
    rows = session.execute(
        select(
            c(Group).name.label("group"), e.period, a.at, a.by, a.pattern, a.measure,
            a.conclusion, c(Activity).what,
        )
        .join(Edition, e.id == a.edition_id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .outerjoin(Activity, c(Activity).id == a.activity_id)
        .where(e.collaboration_id == collaboration_id)
        .order_by(a.id)
    )  # fmt: skip
    return [
        Analysis(
            row.group or "",
            row.period,
            clock.in_stockholm(row.at).date(),
            row.by,
            row.pattern,
            row.measure,
            row.conclusion,
            row.what or "",
        )
        for row in rows
        if period.first <= parse(row.period).first and parse(row.period).last <= period.last
    ]


def _areas(session: Session) -> dict[int, str]:
    rows = session.execute(select(c(Collaboration).id, c(Collaboration).name))
    return dict(rows.tuples().all())


def _groups(session: Session, period: Period) -> dict[int, Any]:
    """The groups that are there when the period is over."""
    g = c(Group)
    rows = session.execute(
        select(g.id, g.name, g.collaboration_id)
        .where(g.ends_on.is_(None) | (g.ends_on > period.last))
        .order_by(g.name, g.id)
    )
    return {row.id: row for row in rows}


def told_before(session: Session, but_not: str = "") -> tuple[set[Key], set[Key]]:
    """What editions on file hide, and what they show; without those of one period."""
    e = c(Edition)
    rows = session.execute(
        select(e.facts).where(e.kind == ReportKind.DEVIATIONS, e.period != but_not)
    )
    hidden: set[Key] = set()
    shown: set[Key] = set()
    for (words,) in rows:
        facts = json.loads(words)
        hidden |= {tuple(key) for key in facts["hidden"]}
        shown |= {tuple(key) for key in facts["shown"]}
    for key, figure in _in_roll_ups(session):
        (shown if figure.isdecimal() else hidden).add(key)
    return hidden, shown - hidden


def _in_roll_ups(session: Session) -> Iterator[tuple[Key, str]]:
    """The totals that approved status and annual reports told, as they stand there."""
    e = c(Edition)
    rows = session.execute(
        select(e.facts)
        .where(e.kind != ReportKind.DEVIATIONS, e.group_id.is_(None))
        .where(e.state.in_((EditionState.APPROVED, EditionState.SENT)))
    )
    for (words,) in rows:
        facts = json.loads(words)
        period = parse(facts["period"]["name"])
        for told in facts["deviations"]:
            for at, figure in (
                (period, told["now"]),
                (period.previous, told["before"]),
                (period.a_year_before, told["a_year_before"]),
            ):
                if figure != UNKNOWN:
                    yield (str(at), told["group"]), figure


def _facts(
    told: Published,
    organisation: str,
    group: str,
    targets: Sequence[str],
    cut_off: date,
    promises: Policy,
) -> Facts:
    figures = told.figures
    return {
        "schema": SCHEMA,
        "organisation": organisation,
        "group": group,
        "period": str(figures.period),
        "until": cut_off.isoformat(),
        "limit": told.limit,
        "answer_days": promises.deviations.answer_days,
        "periods": [str(each) for each in figures.periods],
        "compared": [str(each) for each in figures.compared],
        "may_lack_after": "",
        "targets": [_target(told, name) for name in targets],
        **_keys(told, targets),
    }


def _target(told: Published, name: str) -> Facts:
    figures, period = told.figures, told.figures.period
    known = figures.known_from

    def of(each: Period, words: object) -> str:
        return str(words) if known and each.last >= known else UNKNOWN

    year = period.kind.in_a_year
    return {
        "name": EVERY_TARGET if name == ALL else name,
        "total": {str(p): of(p, told.total(p, name)) for p in figures.periods},
        "voided": {str(p): of(p, told.voided(p, name)) for p in figures.compared},
        "rolling": {
            str(p): str(told.rolling(p, name))
            for p in figures.periods[-2:]
            if known and p.later(1 - year).first >= known
        },
        "dimensions": {dimension: _rows(told, name, dimension) for dimension in DIMENSIONS},
        "both": _both(told, name),
        "handling": {str(p): _handling(told, p, name) for p in figures.compared},
        "in_time": {str(p): told.in_time(p, name) for p in figures.compared},
        "waiting": [[label, str(told.waiting(name, label))] for label, _ in AGES],
        "waiting_total": str(told.waiting(name)),
        "pairs": [
            [pair.reporting, pair.investigating, pair.process, pair.cases]
            for pair in told.pairs(name)
        ],
        "chart": _chart(told.chart(name)),
    }


def _rows(told: Published, name: str, dimension: str) -> list[list[str]]:
    """Each word's figures. Which words stand, and in which order, follows from what is shown."""
    compared, known = told.figures.compared, told.figures.known_from
    every = {
        word for (p, _), words in told.figures.counts[dimension].items() if p in compared
        for word in words
    }  # fmt: skip
    rows = [
        [
            word,
            *(
                str(told.count(p, name, dimension, word)) if known and p.last >= known else UNKNOWN
                for p in compared
            ),
        ]
        for word in every
    ]
    return sorted((row for row in rows if set(row[1:]) - {"0", UNKNOWN}), key=_most_first)


def _most_first(row: list[str]) -> tuple[int, str]:
    """By the figure as it is shown: the order must not tell what is hidden."""
    return -int(row[1]) if row[1].isdecimal() else 0, row[0].casefold()


def _handling(told: Published, period: Period, name: str) -> list[str]:
    times = told.handling(period, name)
    return [
        f"{days:g}".replace(".", ",") if days is not None else UNKNOWN
        for days in (times.median, times.ninetieth)
    ]


def _both(told: Published, name: str) -> Facts:
    """Who found it, in which process; nothing where the table is withheld."""
    figures, period = told.figures, told.figures.period
    sides = [w for w in figures.words("found_by", name) if _here(figures, name, "found_by", w)]
    rows = [
        [word, *(str(told.perspective(period, name, side, word)) for side in sides)]
        for word in figures.words("process", name)
        if _here(figures, name, "process", word)
    ]
    open_ = sides and all(cell.isdecimal() for row in rows for cell in row[1:])
    return {"sides": sides, "rows": rows} if open_ else {"sides": [], "rows": []}


def _here(figures: Figures, name: str, dimension: str, word: str) -> int:
    return figures.counts[dimension].get((figures.period, name), {}).get(word, 0)


def _chart(drawn: Chart) -> Facts:
    chart = drawn.chart
    labels = chart.labels

    def around(places: Sequence[int]) -> list[str]:
        return [labels[at] for at in places]

    return {
        "kind": drawn.kind,
        "labels": list(drawn.labels),
        "points": list(drawn.points),
        "median": str(float(chart.median)) if chart.median is not None else "",
        "enough": _useful(chart) >= FEWEST_POINTS,
        "shift": around(chart.shift),
        "above": bool(
            chart.shift and chart.median is not None and chart.points[chart.shift[0]] > chart.median
        ),
        "trend": around(chart.trend),
        "rises": bool(chart.trend and chart.points[chart.trend[0]] < chart.points[chart.trend[-1]]),
        "few_crossings": chart.few_crossings,
    }


def _useful(chart: RunChart) -> int:
    return sum(1 for point in chart.points if point != chart.median)


def _receivers(
    told: Published, shared: SharedOut, targets: Sequence[str], names: dict[int, str]
) -> list[list[str]]:
    """Each target group's total, and who has its report."""
    rows = [
        [
            target,
            *(str(told.total(p, target)) for p in told.figures.compared),
            ", ".join(names[id_] for id_ in shared.receivers(target) if id_ in names),
        ]
        for target in targets
    ]
    return sorted(rows, key=_most_first)


def _keys(
    told: Published,
    targets: Sequence[str],
    *,
    totals: bool = False,
    whole: Sequence[str] = (),
) -> dict[str, list[list[str]]]:
    """Which figures of these target groups are hidden and which shown; or their totals only."""
    mine = set(whole if totals else targets)
    keys = [key for key in told.shown if isinstance(key, tuple) and _about(key) in mine]
    if totals:
        compared = {str(period) for period in told.figures.compared}
        known = set(keys)
        keys += [
            (period, name)
            for period in sorted(compared)
            for name in targets
            if (period, name) not in known
        ]
    return {
        "hidden": _listed(key for key in keys if told.shown[key].value is None),
        "shown": _listed(key for key in keys if told.shown[key].value is not None),
    }


def _about(key: tuple[Any, ...]) -> str:
    """The target group that a figure is about."""
    return str(key[2] if key[0] in ("quarter", "month") else key[1])


def _listed(keys: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    return sorted([str(word) for word in key] for key in keys)


def _still(facts: Facts) -> Facts:
    """What does not move by itself when the same cases are answered later."""
    apart = ("targets", "hidden", "shown", "until", "may_lack_after")
    kept = {name: value for name, value in facts.items() if name not in apart}
    kept["targets"] = [
        {
            name: value
            for name, value in target.items()
            if name not in _MOVING and name != "dimensions"
        }
        | {
            "dimensions": {n: rows for n, rows in target["dimensions"].items() if n != "answered"},
        }
        for target in facts["targets"]
    ]
    return kept
