"""A deviation report's facts: figures as they may be shown, and nothing else.

A list is told once for each period, and later editions repeat it from here. Wording is `words.py`.
"""

from collections.abc import Sequence
from datetime import date
from math import ceil

from config.policy import Policy
from reports.deviation.crossed import Tables, frozen
from reports.deviation.figures import ALL, CHART_POINTS, DIMENSIONS, UNKNOWN
from reports.deviation.published import Chart, Published
from reports.editions import Facts
from rules.deviation_reports import SharedOut
from rules.figures import AGES
from rules.periods import Period
from rules.run_charts import FEWEST_POINTS, highest, level, lowest, median, trend
from rules.small_numbers import HIDDEN, Shown
from rules.wording import alphabetically

SCHEMA = 9  # 4, 6, 8 and 10 are the roll-ups': an edition frozen with theirs is to be seen
BY_TWO_RULES = 3  # since this schema small numbers are told as `rules/small_numbers.py` has it
AS_TOLD = 5  # since this one handling times are whole days, and pairs are of what is told
IN_PLAIN_WORDS = 7  # since this one a report says what its figures mean, and its method stands last
WHOLE_YEARS = 9  # since this one a chart's last year is a year, whatever period the report is of
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
        "targets": [_target(told, name, crossed, len(targets)) for name in targets],
    }


def _target(told: Published, name: str, crossed: Tables, reports: int) -> Facts:
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
        "rest": {
            dimension: [_rest(told, p, name, dimension) for p in figures.compared]
            for dimension in DIMENSIONS
            if name != ALL
        },
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
            [*pair.names, cases, ceil(pair.expected), pair.sure]
            for pair, cases in told.pairs(name, reports)
        ],
        "chart": _chart(told.chart(name), reports),
    }


def _known(told: Published, period: Period, figure: Shown | str) -> str:
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
            *(_known(told, p, _word(told, p, name, dimension, word)) for p in compared),
        ]
        for word in every
    ]
    nothing = {"0", UNKNOWN, HIDDEN}
    return sorted((row for row in rows if set(row[1:]) - nothing), key=_most_first)


def _word(told: Published, period: Period, name: str, dimension: str, word: str) -> Shown | str:
    """A word's figure; of one in the rest, which the rest tells, nothing more is said."""
    figure = told.count(period, name, dimension, word)
    return HIDDEN if figure.value is None and not figure.low else figure


def _rest(told: Published, period: Period, name: str, dimension: str) -> str:
    """How many are not told one by one; nothing where the list is not told at all."""
    if not told.figures.knows(period):
        return UNKNOWN
    each = told.column(period, name, dimension)
    return "" if each.total is None else str(each.rest)


def _most_first(row: list[str]) -> tuple[int, tuple[str, str]]:
    """By the figure as it is shown: the order must not tell what is hidden."""
    least = row[1].partition("–")[0]
    return -int(least) if least.isdecimal() else 0, alphabetically(row[0])


def _handling(told: Published, period: Period, name: str) -> list[str]:
    times = told.handling(period, name)
    return [
        f"{days:g}".replace(".", ",") if days is not None else UNKNOWN
        for days in (times.median, times.ninetieth)
    ]


def _both(told: Published, name: str) -> Facts:
    """Who found it, in which process; nothing where the table is withheld."""
    here = told.both(told.figures.period, name)
    sides = sorted({side for side, _ in here})
    processes = sorted({process for _, process in here}, key=alphabetically)
    rows = [[each, *(str(here.get((side, each), 0)) for side in sides)] for each in processes]
    return {"sides": sides, "rows": rows}


def _chart(drawn: Chart, reports: int) -> Facts:
    """The points, and what is said of them; each is looked for in as many charts as are shown."""
    points, in_a_year = drawn.points, drawn.length.in_a_year
    changed = level(drawn.by_period, in_a_year, reports)
    row = trend(points, reports)
    low, high, middle = lowest(points), highest(points), median(points)
    known = sum(1 for point in drawn.by_period[-CHART_POINTS:] if point.high is not None)
    return {
        "kind": drawn.kind,
        "labels": list(drawn.labels),
        "points": [str(point) for point in points],
        "lowest": str(low) if low else "",
        "highest": str(high) if high else "",
        "median": f"{middle:g}" if middle is not None else "",
        "enough": known >= FEWEST_POINTS,
        "level": {
            "now": str(changed.now),
            "before": str(changed.before),
            "periods": changed.periods,
            "years": changed.periods // in_a_year,
            "more": changed.more,
            "sure": changed.sure,
        }
        if changed
        else {},
        "trend": [drawn.labels[at] for at in row] if row else [],
        "rises": bool(row and points[row[0]].low < points[row[1]].low),
    }


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


def _still(facts: Facts) -> Facts:
    """What does not move by itself when the same cases are answered later, in whatever order: that
    was another in editions of before.
    """
    apart = ("schema", "targets", "until", "may_lack_after")
    kept = {name: value for name, value in facts.items() if name not in apart}
    kept["targets"] = [
        {
            name: value
            for name, value in target.items()
            if name not in _MOVING and name not in ("dimensions", "rest", "chart")
        }
        | {
            "both": target["both"] | {"rows": sorted(target["both"]["rows"])},
            "dimensions": {
                n: sorted(rows) for n, rows in target["dimensions"].items() if n != "answered"
            },
        }
        for target in facts["targets"]
    ]
    if "receivers" in kept:
        kept["receivers"] = sorted(
            [*row, *sorted(whose.split(", "))] for *row, whose in kept["receivers"]
        )
    return kept
