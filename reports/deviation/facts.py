"""A deviation report's facts: figures as they may be shown, and nothing else.

They also hold which figures were hidden and which shown, so that later editions never tell together
what one hid. Wording is `words.py`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from config.policy import Policy
from reports.deviation.crossed import Tables, frozen
from reports.deviation.figures import ALL, DIMENSIONS, UNKNOWN, Figures
from reports.deviation.published import Chart, Published
from reports.editions import Facts
from rules.deviation_reports import SharedOut
from rules.figures import AGES, FEWEST_POINTS, RunChart
from rules.periods import Period
from rules.small_numbers import Shown

SCHEMA = 2
EVERY_TARGET = "Alla målgrupper"  # how all of them together are called in a report
_MOVING = (
    "crossed",  # it is told once for each period, and then kept to
    "handling",
    "in_time",
    "waiting",
    "waiting_total",
)  # cases are answered all the time


def same_figures(one: Facts, other: Facts) -> bool:
    """Do two compilations tell the same but for what moves as cases are answered?"""
    return _still(one) == _still(other)


def facts_of(
    told: Published,
    crossed: Tables,
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
        "targets": [_target(told, name, crossed) for name in targets],
        **keys(told, targets),
    }


def _target(told: Published, name: str, crossed: Tables) -> Facts:
    figures, period = told.figures, told.figures.period
    known = figures.known_from
    year = period.kind.in_a_year
    return {
        "name": EVERY_TARGET if name == ALL else name,
        "total": {str(p): _known(told, p, told.total(p, name)) for p in figures.periods},
        "voided": {str(p): _known(told, p, told.voided(p, name)) for p in figures.compared},
        "rolling": {
            str(p): str(told.rolling(p, name))
            for p in figures.periods[-2:]
            if known and p.later(1 - year).first >= known
        },
        "dimensions": {dimension: _rows(told, name, dimension) for dimension in DIMENSIONS},
        "both": _both(told, name),
        "crossed": {
            str(p): frozen(crossed[str(p), name])
            for p in figures.compared
            if (str(p), name) in crossed
        },
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


def _known(told: Published, period: Period, figure: Shown) -> str:
    """A figure as it may be shown; unknown, which is not 0, where no export reaches."""
    return str(figure) if told.figures.knows(period) else UNKNOWN


def _rows(told: Published, name: str, dimension: str) -> list[list[str]]:
    """Each word's figures. Which words stand, and in which order, follows from what is shown."""
    compared = told.figures.compared
    every = {
        word for (p, _), words in told.figures.counts[dimension].items() if p in compared
        for word in words
    }  # fmt: skip
    rows = [
        [
            word,
            *(_known(told, p, told.count(p, name, dimension, word)) for p in compared),
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


def receivers(
    told: Published, shared: SharedOut, targets: Sequence[str], names: dict[int, str]
) -> list[list[str]]:
    """Each target group's total, and who has its report."""
    rows = [
        [
            target,
            *(_known(told, p, told.total(p, target)) for p in told.figures.compared),
            ", ".join(names[id_] for id_ in shared.receivers(target) if id_ in names),
        ]
        for target in targets
    ]
    return sorted(rows, key=_most_first)


def keys(
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
    apart = ("schema", "targets", "hidden", "shown", "until", "may_lack_after")
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
