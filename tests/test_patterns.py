"""Chance alone seldom makes a report claim a pattern, and a real one is found within four quarters.

Drawn with seeds: reports of a group where nothing has changed (cases scatter as chance has it, or
twice as widely), and those where a level or a pair has. What can be found depends on how many cases
there are; docs/deviations.md tells from how many on. `LONG=1` draws ten times as many.
"""

import random
from collections.abc import Callable, Iterator
from math import exp, lgamma, log

import pytest

from rules.pairs import Counted, stand_out
from rules.run_charts import CHANCE, level, trend
from rules.small_numbers import Shown, one
from tests.sizes import LONG, size

TIMES = 10 if LONG else 1
LIMIT = 5
QUARTERS = 16
Draw = Callable[[float], int]
EXPECTED = [(5, 22), (10, 18), (20, 18)]  # units on each side, cases of a pair in a year


def poisson(chance: random.Random, mean: float) -> int:
    """How many there are by chance, when so many are usual (Knuth's way, in parts)."""
    found = 0
    while mean > 0:
        part = min(mean, 30.0)
        mean -= part
        limit, product = exp(-part), chance.random()
        while product > limit:
            found += 1
            product *= chance.random()
    return found


def scattered(chance: random.Random, wider: float) -> Draw:
    """Counts that scatter so many times as widely as chance alone has it."""
    if wider <= 1:
        return lambda mean: poisson(chance, mean)
    return lambda mean: poisson(
        chance, chance.gammavariate(mean / (wider - 1), wider - 1) if mean else 0
    )


def told(counts: list[int]) -> list[Shown]:
    """As a chart has them."""
    return [one(number, LIMIT) for number in counts]


def pairs_of(draw: Draw, units: int, mean: float, planted: float = 1) -> tuple[list[Counted], int]:
    """A year of a process where so many units report to as many; one pair may meet more often."""
    cells = {
        (u, v): draw(mean * (planted if (u, v) == (1, 2) else 1))
        for u in range(units)
        for v in range(units)
    }
    whole = sum(cells.values())
    reported = [sum(n for (u, _), n in cells.items() if u == at) for at in range(units)]
    investigated = [sum(n for (_, v), n in cells.items() if v == at) for at in range(units)]
    tried = sum(1 for cases in cells.values() if cases)
    found = [
        Counted((str(u), str(v), "SIP"), cases, reported[u], investigated[v], whole)
        for (u, v), cases in cells.items()
        if cases
    ]
    return found, tried


@pytest.mark.parametrize(
    ("mean", "wider", "units"), [(8, 1, 6), (25, 1, 10), (60, 1, 20), (25, 2, 10), (60, 2, 6)]
)
def test_a_report_without_a_pattern_claims_one_in_at_most_one_of_twenty(
    mean: float, wider: float, units: int
) -> None:
    chance = random.Random(int(mean) * 100 + units)
    draw, purely = scattered(chance, wider), scattered(chance, 1)
    reports = 300 * TIMES
    claims = 0
    for _ in range(reports):
        chart = told([draw(mean) for _ in range(QUARTERS)])
        pairs, tried = pairs_of(purely, units, mean * 4 / units**2)
        claims += bool(level(chart, 4) or trend(chart[-12:]) or stand_out(pairs, tried, LIMIT))
    assert claims <= 0.05 * reports


@pytest.mark.parametrize(("mean", "after"), [(25, 1.5), (30, 1.5), (17, 0.5), (25, 0.5)])
def test_a_level_that_is_half_as_much_more_or_less_is_found_within_four_quarters(
    mean: float, after: float
) -> None:
    """Each quarter has a report; the fourth after the change has a whole year of it."""
    tries = 300 * TIMES
    found = sum(changes(random.Random(int(mean * 10 + after)), mean, after, tries))
    assert found >= 0.9 * tries


def changes(chance: random.Random, mean: float, after: float, tries: int) -> Iterator[bool]:
    """Is a change told in one of the four reports after it?"""
    draw = scattered(chance, 1)
    for _ in range(tries):
        quarters = [draw(mean) for _ in range(QUARTERS)] + [draw(mean * after) for _ in range(4)]
        charts = [told(quarters[: QUARTERS + so_far][-QUARTERS:]) for so_far in range(1, 5)]
        yield any(
            (said := level(chart, 4)) is not None and said.more == (after > 1) for chart in charts
        )


# As docs/deviations.md tells it: usual cases in a quarter, what they become, found of a hundred.
SELDOM_FOUND = [(20, 1.5, 86), (15, 1.5, 75), (10, 1.5, 57), (10, 0.5, 58), (12, 0.5, 76)]


@pytest.mark.parametrize(("mean", "after", "of_hundred"), SELDOM_FOUND)
def test_in_small_groups_a_level_is_found_as_often_as_the_documents_say(
    mean: float, after: float, of_hundred: int
) -> None:
    tries = 400 * TIMES
    found = sum(changes(random.Random(int(mean * 10 + after)), mean, after, tries))
    assert abs(100 * found / tries - of_hundred) <= (4 if TIMES > 1 else 8)


def test_no_rule_finds_ten_that_become_fifteen_in_more_than_seven_of_ten() -> None:
    """Also where the usual number is known exactly: a year of 40 that becomes one of 60."""
    least = next(n for n in range(40, 100) if as_many(n, 40) <= CHANCE / 2)
    assert as_many(least, 60) == pytest.approx(0.71, abs=0.01)


def as_many(least: int, mean: float) -> float:
    """How often chance gives so many or more, when so many are usual."""
    return 1 - sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(least))


@pytest.mark.parametrize(("expected", "least", "most"), [(10, 55, 85), (5, 10, 40)])
def test_in_small_processes_a_pair_is_found_as_often_as_the_documents_say(
    expected: float, least: int, most: int
) -> None:
    """Three times what is to be expected: seven of ten at ten in a year, two or three at five."""
    draw = scattered(random.Random(int(expected)), 1)
    tries = 60 * TIMES
    found = 0
    for _ in range(tries):
        named = stand_out(*pairs_of(draw, 10, expected, planted=3), LIMIT)
        found += any(pair.names[:2] == ("1", "2") for pair in named)
    assert least * tries <= 100 * found <= most * tries


@pytest.mark.parametrize(("units", "expected"), EXPECTED)
def test_a_pair_that_meets_three_times_as_often_is_found_within_a_year(
    units: int, expected: float
) -> None:
    draw = scattered(random.Random(units), 1)
    tries = size("PAIRS", 20, 600)  # where twenty report to twenty, each costs
    found = 0
    for _ in range(tries):
        named = stand_out(*pairs_of(draw, units, expected, planted=3), LIMIT)
        found += any(pair.names[:2] == ("1", "2") for pair in named)
    assert found >= 0.9 * tries
