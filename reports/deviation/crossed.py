"""Process, class and severity asked for together: what may be told of it, and what is answered.

The tables are made here for every group and period that a report compares, by `rules/
crossed_numbers.py`; an earlier period is told as its own report told it. A page asks them with
`answer`, from frozen facts alone.
"""

from collections.abc import Mapping

from models.deviation import NOT_GIVEN
from reports.deviation.figures import ALL, CROSSED, UNKNOWN, with_name
from reports.deviation.published import Published
from reports.editions import Facts
from rules.crossed_numbers import Crossed, cross, together
from rules.periods import Period
from rules.small_numbers import HIDDEN

Tables = Mapping[tuple[str, str], Crossed]  # (period, group) ->


def tables(told: Published, before: Tables) -> dict[tuple[str, str], Crossed]:
    """Every table that may be told; a group without one is not asked about in that way."""
    figures = told.figures
    found: dict[tuple[str, str], Crossed] = {}
    for period in figures.compared:
        at = str(period)
        for group in (*figures.groups, ALL):
            earlier = before.get((at, group))
            if period != figures.period and earlier:
                found[at, group] = earlier
                continue
            made = (
                _of_all(told, period, found) if group == ALL else _of(told, period, group, earlier)
            )
            if made:
                found[at, group] = made
    return found


def _of(told: Published, period: Period, group: str, before: Crossed | None) -> Crossed | None:
    """A group's own table; none where its total is not told."""
    cells = told.figures.crossed.get((period, group), {})
    if not told.as_it_is(period):
        return None
    if not cells or told.total(period, group).value is None:
        return None
    return cross(cells, _hidden(told, period, group), told.limit, before)


def _of_all(told: Published, period: Period, found: Tables) -> Crossed | None:
    """Every group together: sums of their tables. One that has cases and no table hides it."""
    figures, mine = told.figures, []
    for group in with_name(figures.groups):
        if figures.total(period, group):
            if (str(period), group) not in found:
                return None
            mine.append(found[str(period), group])
    if not mine or told.total(period, ALL).value is None:
        return None
    cells: dict[tuple[str, ...], int] = {}
    for table in mine:
        for place, number in table.cells.items():
            words = tuple(table.lumps[column][at][0] for column, at in enumerate(place))
            cells[words] = cells.get(words, 0) + number
    lumps = Crossed(together(mine), {})
    return cross(cells, _hidden(told, period, ALL), told.limit, lumps)


def _hidden(told: Published, period: Period, group: str) -> list[set[str]]:
    """The words of each column whose figures are hidden in the column's own table."""
    return [
        {
            word
            for words in (told.figures.counts[name].get((period, g), {}) for g in _groups(told))
            for word in words
            if told.count(period, group, name, word).value is None
        }
        for name in CROSSED
    ]


def _groups(told: Published) -> tuple[str, ...]:
    return (*told.figures.groups, ALL, NOT_GIVEN)


def frozen(table: Crossed) -> Facts:
    """A table as an edition keeps it."""
    return {
        "lumps": [[list(lump) for lump in lumps] for lumps in table.lumps],
        "cells": [[*place, number] for place, number in sorted(table.cells.items())],
    }


def thawed(facts: Facts) -> Crossed:
    """The table of an edition."""
    return Crossed(
        tuple(tuple(tuple(lump) for lump in lumps) for lumps in facts["lumps"]),
        {tuple(place): number for *place, number in facts["cells"]},
    )


def answer(facts: Facts, target: Facts, period: str, chosen: Mapping[str, str]) -> str:
    """How many cases of a target group have the chosen words (column -> word), as it may be shown.

    1. Nothing chosen: the total. One column: its own table. A word that nobody has: nothing.
    2. Several: the table of all of them, or hidden.
    """
    total = str(target["total"][period])
    place = 1 + facts["compared"].index(period)
    alone = [_alone(target, place, name, word) for name, word in chosen.items()]
    if not alone or total in ("0", UNKNOWN):
        return total
    if len(alone) == 1 or "0" in alone:
        return "0" if "0" in alone else alone[0]
    table = target.get("crossed", {}).get(period)
    told = thawed(table).ask([chosen.get(name, "") for name in CROSSED]) if table else None
    return HIDDEN if told is None else str(told)


def _alone(target: Facts, place: int, name: str, word: str) -> str:
    row = next((row for row in target["dimensions"][name] if row[0] == word), None)
    if row:
        return str(row[place])
    rest = target.get("rest", {}).get(name)
    return "0" if rest is None or rest[place - 1] == "0" else HIDDEN
