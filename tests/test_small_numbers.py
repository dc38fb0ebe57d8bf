"""Small numbers cannot be worked out: somebody who knows the rule and every figure shown tries.

The attacker solves the sums exactly, in whole numbers: "<5" is 1 to 4, what is hidden beside it is
at least 5. A small figure is told when only one value is left for it.
"""

from collections.abc import Hashable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.small_numbers import Shown, protect

LIMIT = 5
FAR = 60  # more than any figure in these tables
Key = Hashable
Sums = list[tuple[Key, Sequence[Key]]]
Bounds = dict[Key, tuple[int, int]]


def told(shown: Mapping[Key, Shown], sums: Sums, cells: Mapping[Key, int]) -> list[Key]:
    """The small figures that an attacker can tell."""
    bounds = {key: attacker_sees(figure) for key, figure in shown.items()}
    found = []
    for key, figure in shown.items():
        low, high = bounds[key]
        if (
            figure.value is None
            and 0 < cells[key] < LIMIT
            and not any(
                solvable({**bounds, key: (other, other)}, sums)
                for other in range(low, high + 1)
                if other != cells[key]
            )
        ):
            found.append(key)
    return found


def attacker_sees(figure: Shown) -> tuple[int, int]:
    """Between which values a figure is, by how it is shown."""
    if figure.value is not None:
        return figure.value, figure.value
    if figure.withheld:
        return 0, FAR
    return (1, figure.below - 1) if figure.below else (LIMIT, FAR)


def solvable(bounds: Bounds, sums: Sums) -> bool:
    """Are there whole numbers within the bounds that make every sum add up?"""
    narrowed = narrow(dict(bounds), sums)
    if narrowed is None:
        return False
    open_ = [key for key, (low, high) in narrowed.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda k: narrowed[k][1] - narrowed[k][0])
    low, high = narrowed[key]
    return any(solvable({**narrowed, key: (v, v)}, sums) for v in range(low, high + 1))


def narrow(bounds: Bounds, sums: Sums) -> Bounds | None:
    """Each sum narrows its cells, again and again; None where nothing is left."""
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            signs = {total: 1, **dict.fromkeys(parts, -1)}
            least = sum(min(s * b for b in bounds[k]) for k, s in signs.items())
            most = sum(max(s * b for b in bounds[k]) for k, s in signs.items())
            if least > 0 or most < 0:
                return None
            for key, sign in signs.items():
                low, high = bounds[key]
                rest_least = least - min(sign * low, sign * high)
                rest_most = most - max(sign * low, sign * high)
                limits = sorted((-rest_least * sign, -rest_most * sign))
                new = max(low, limits[0]), min(high, limits[1])
                if new[0] > new[1]:
                    return None
                if new != (low, high):
                    bounds[key] = new
                    changed = True
                    break  # the sum's own bounds are others now
            if changed:
                break
    return bounds


def table(rows: list[list[int]], name: str = "") -> tuple[dict[Key, int], Sums]:
    """A table with its margins and its whole."""
    cells: dict[Key, int] = {}
    sums: Sums = []
    width = len(rows[0])
    for r, row in enumerate(rows):
        cells |= {(name, r, c): value for c, value in enumerate(row)}
        cells["row", r] = sum(row)
        sums.append((("row", r), [(name, r, c) for c in range(width)]))
    for c in range(width):
        cells[name, "all", c] = sum(row[c] for row in rows)
        sums.append(((name, "all", c), [(name, r, c) for r in range(len(rows))]))
    cells["whole"] = sum(sum(row) for row in rows)
    sums.append(("whole", [("row", r) for r in range(len(rows))]))
    sums.append(("whole", [(name, "all", c) for c in range(width)]))
    return cells, sums


FIGURES = st.one_of(st.integers(0, 6), st.integers(0, 14))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(FIGURES, min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_small_figure_of_a_table_with_margins_can_be_told(rows: list[list[int]]) -> None:
    cells, sums = table(rows)
    shown = protect(cells, sums, LIMIT)
    assert told(shown, sums, cells) == []
    assert all(figure.value in (None, cells[key]) for key, figure in shown.items())
    assert all(shown[key].value is None for key, value in cells.items() if 0 < value < LIMIT)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(FIGURES, FIGURES, FIGURES), min_size=2, max_size=3), st.data())
def test_nor_where_two_tables_share_a_margin(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """The same cases by process and by severity: each group's total is the same."""
    cells, sums = table([list(row) for row in rows], "process")
    other = []
    for row in rows:
        first = data.draw(st.integers(0, sum(row)))
        other.append([first, sum(row) - first])
    more, further = table(other, "severity")
    cells, sums = cells | more, sums + further
    shown = protect(cells, sums, LIMIT)
    assert told(shown, sums, cells) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURES, min_size=5, max_size=5))
def test_nor_from_the_rolling_year_of_the_edition_before(quarters: list[int]) -> None:
    """Two rolling years less each other are the newest quarter less the oldest."""
    cells: dict[Key, int] = dict(enumerate(quarters))
    cells |= {"before": sum(quarters[:4]), "now": sum(quarters[1:])}
    sums: Sums = [("before", [0, 1, 2, 3]), ("now", [1, 2, 3, 4])]
    before = protect({k: v for k, v in cells.items() if k not in (4, "now")}, sums[:1], LIMIT)
    shown = protect(
        cells,
        sums,
        LIMIT,
        hidden_before=[k for k, f in before.items() if f.value is None],
        shown_before=[k for k, f in before.items() if f.value is not None],
    )
    assert told(shown, sums, cells) == []
    assert all(shown[key].value is None for key, f in before.items() if f.value is None)


def test_a_single_small_figure_takes_the_smallest_other_with_it() -> None:
    cells: dict[Key, int] = {"SIP": 3, "Läkemedel": 20, "Egenvård": 9, "alla": 32}
    shown = protect(cells, [("alla", ["SIP", "Läkemedel", "Egenvård"])], LIMIT)
    assert {key: str(figure) for key, figure in shown.items()} == {
        "SIP": "<5",
        "Läkemedel": "20",
        "Egenvård": "dold",
        "alla": "32",
    }


def test_two_ones_are_not_safe_with_each_other() -> None:
    """1 + 1 = 2 can be nothing else; 2 + 3 = 5 can."""
    ones: dict[Key, int] = {"a": 1, "b": 1, "c": 30, "alla": 32}
    assert str(protect(ones, [("alla", ["a", "b", "c"])], LIMIT)["c"]) == "dold"
    others: dict[Key, int] = {"a": 2, "b": 3, "c": 30, "alla": 35}
    assert str(protect(others, [("alla", ["a", "b", "c"])], LIMIT)["c"]) == "30"


def test_nothing_is_shown_as_nothing() -> None:
    shown = protect({"a": 0, "b": 7, "alla": 7}, [("alla", ["a", "b"])], LIMIT)
    assert [str(figure) for figure in shown.values()] == ["0", "7", "7"]


def test_a_limit_of_one_hides_nothing() -> None:
    cells, sums = table([[1, 2], [3, 4]])
    assert all(figure.value is not None for figure in protect(cells, sums, 1).values())


def test_a_sum_that_does_not_add_up_is_never_passed_over() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        protect({"a": 1, "alla": 2}, [("alla", ["a"])], LIMIT)


def test_the_attacker_does_tell_what_is_hidden_alone() -> None:
    """Without it the other tests would say nothing."""
    cells, sums = table([[3, 20], [9, 40]])
    naive = {k: Shown(None, LIMIT) if 0 < v < LIMIT else Shown(v) for k, v in cells.items()}
    assert told(naive, sums, cells) == [("", 0, 0)]
