"""What is said of a chart is true, and chance alone seldom makes anything said."""

import random

import pytest

from rules.pairs import Counted, stand_out
from rules.run_charts import (
    CHANCE,
    _beyond,
    highest,
    level,
    lowest,
    median,
    sure,
    trend,
    trend_length,
)
from rules.small_numbers import Shown, one

LIMIT = 5


def points(*numbers: int) -> list[Shown]:
    """Figures as they may be told."""
    return [one(number, LIMIT) for number in numbers]


def by_chance(chance: random.Random, mean: float) -> int:
    """How many of many cases fall in a quarter."""
    return sum(1 for _ in range(1000) if chance.random() < mean / 1000)


def test_a_year_that_is_half_as_much_again_is_told_and_how_sure() -> None:
    found = level(points(*[40] * 8, *[60] * 4), 4)
    assert found is not None
    assert (found.more, str(found.now), str(found.before)) == (True, "240", "320")
    assert found.sure >= 1000
    fewer = level(points(*[40] * 8, *[20] * 4), 4)
    assert fewer is not None
    assert not fewer.more


def test_three_years_before_are_looked_at_where_they_are_known() -> None:
    """What twelve points leave unsaid, sixteen say; of fourteen, whole years are twelve."""
    found = level(points(*[20] * 12, *[27] * 4), 4)
    assert found is not None
    assert (found.periods, str(found.before), found.sure) == (12, "240", 100)
    assert level(points(*[20] * 8, *[25] * 4), 4) is None
    shorter = level(points(*[40] * 10, *[60] * 4), 4)
    assert shorter is not None
    assert shorter.periods == 8
    unknown = [Shown(0, None), *points(*[40] * 12, *[60] * 4)]
    assert level(unknown, 4) is not None


def test_few_points_that_scatter_widely_say_less() -> None:
    """The same sums: told where the points lie close, and not where each side scatters."""
    assert level(points(*[40] * 12, *[56] * 4), 4) is not None
    wide = [*(20, 60, 40) * 4, *(36, 76, 46, 66)]
    assert sum(wide[:12]) == 480
    assert sum(wide[12:]) == 224
    assert level(points(*wide), 4) is None


@pytest.mark.parametrize(
    ("off", "free", "chance"),
    [(2.228, 10, 0.05), (3.169, 10, 0.01), (2.145, 14, 0.05), (2.977, 14, 0.01), (2.145, 15, 0.05)],
)
def test_student_is_as_in_the_tables(off: float, free: int, chance: float) -> None:
    assert _beyond(off, free) == pytest.approx(chance, abs=0.0002)


def test_how_sure_is_never_more_than_it_is() -> None:
    assert [sure(p) for p in (0.024, 0.021, 0.019, 0.009, 0.00005)] == [40, 40, 50, 100, 10_000]


def test_of_fewer_than_twelve_known_points_nothing_is_said() -> None:
    assert level(points(*[40] * 7, *[80] * 4), 4) is None
    hidden = [*points(*[40] * 11), Shown(0, None)]
    assert level(hidden, 4) is None
    assert trend([*points(*range(10, 21)), Shown(0, None)]) is None


def test_a_point_between_two_values_is_taken_as_what_says_least() -> None:
    wide = [Shown(40, 80) for _ in range(4)]
    assert level([*points(*[40] * 8), *wide], 4) is None


def test_chance_alone_makes_a_change_of_level_seldom() -> None:
    chance = random.Random(17)
    said = sum(
        level(points(*(by_chance(chance, 25) for _ in range(12))), 4) is not None
        for _ in range(300)
    )
    assert said / 300 <= 2 * CHANCE


def test_a_change_by_half_is_found_within_four_quarters() -> None:
    chance = random.Random(18)
    found = 0
    for _ in range(100):
        before = [by_chance(chance, 40) for _ in range(8)]
        after = [by_chance(chance, 60) for _ in range(4)]
        found += level(points(*before, *after), 4) is not None
    assert found >= 90


def test_step_by_step_is_said_of_steps_only() -> None:
    assert trend_length(12) == 7
    flat = points(9, 8, 9, 8, 9, 5, 6, 7, 7, 8, 9, 10)
    assert trend(flat) is None
    rising = points(9, 8, 9, 8, 9, 5, 6, 7, 8, 9, 10, 11)
    assert trend(rising) == (5, 11)
    assert trend(points(*range(20, 8, -1))) == (0, 11)


def test_lowest_highest_and_median_are_those_of_all_points() -> None:
    some = points(7, 3, 12, 9)
    assert [str(lowest(some)), str(highest(some)), median(some)] == ["<5", "12", 8.0]
    assert lowest([*some, Shown(0, None)]) is None
    assert highest([*some, Shown(11, 14)]) is None
    assert median(points(3, 2, 9, 12)) is None
    assert median(points(3, 9, 9, 12)) == 9.0


def all_pairs(chance: random.Random, planted: int = 0) -> list[Counted]:
    """A year of a process: ten units report to ten, as chance has it; one pair has more."""
    cells = {(u, v): by_chance(chance, 15) for u in range(10) for v in range(10)}
    if planted:
        cells[3, 4] = by_chance(chance, planted)
    whole = sum(cells.values())
    return [
        Counted(
            (f"Enhet {u}", f"Mottagning {v}", "SIP"),
            cases,
            sum(n for (a, _), n in cells.items() if a == u),
            sum(n for (_, b), n in cells.items() if b == v),
            whole,
        )
        for (u, v), cases in cells.items()
    ]


def test_pairs_that_only_chance_brought_together_are_seldom_named() -> None:
    chance = random.Random(19)
    named = sum(bool(stand_out(all_pairs(chance), 100, LIMIT)) for _ in range(100))
    assert named <= 5


def test_a_pair_with_three_times_its_expected_is_found_and_first() -> None:
    chance = random.Random(20)
    found = 0
    for _ in range(100):
        pairs = stand_out(all_pairs(chance, planted=45), 100, LIMIT)
        found += bool(pairs) and pairs[0].names[:2] == ("Enhet 3", "Mottagning 4")
    assert found >= 90


def test_large_units_meet_often_and_are_not_named_for_that() -> None:
    big = Counted(("Stor", "Större", "SIP"), 60, 120, 100, 200)
    assert stand_out([big], 4, LIMIT) == []
