"""Small numbers cannot be worked out, from everything ever told, by whoever knows the rules.

Two words of a rest may change places: then the same is told, and each figure in it may be another.
What is told of a list depends on nothing but that list; sums of what was told tell nothing more.
"""

from collections.abc import Mapping
from itertools import permutations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.small_numbers import Listed, Shown, added, corrected, listed, one

LIMIT = 5
WORDS = ("Egenvård", "Läkemedel", "SIP", "Utskrivning")
LISTS = st.lists(
    st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=len(WORDS), max_size=len(WORDS)
).map(lambda numbers: dict(zip(WORDS, numbers, strict=True)))


def others(counts: Mapping[str, int], limit: int = LIMIT) -> list[dict[str, int]]:
    """Every other list that is told alike, of those with the rest's figures in another order."""
    told = listed(counts, limit)
    hidden = [word for word in counts if word not in told.told]
    found = []
    for order in permutations([counts[word] for word in hidden]):
        other = {**counts, **dict(zip(hidden, order, strict=True))}
        if listed(other, limit) == told:
            found.append(other)
    return found


@settings(max_examples=400, deadline=None)
@given(LISTS)
def test_every_small_figure_of_a_list_may_be_another(counts: dict[str, int]) -> None:
    assume(sum(counts.values()) >= LIMIT)
    told = listed(counts, LIMIT)
    assert told.total == sum(counts.values())
    assert told.rest == 0 or told.rest >= LIMIT
    assert all(number >= LIMIT and counts[word] == number for word, number in told.told.items())
    for word, number in counts.items():
        if 0 < number < LIMIT:
            assert any(other[word] != number for other in alike(counts))


def alike(counts: Mapping[str, int]) -> list[dict[str, int]]:
    """Lists that are told alike: in another order, or divided otherwise."""
    told = listed(counts, LIMIT)
    hidden = [word for word in counts if word not in told.told]
    found = others(counts)
    for one_, other in product(hidden, hidden):
        if one_ == other:
            continue
        nearer = {**counts, one_: counts[one_] - 1, other: counts[other] + 1}
        nothing = dict.fromkeys(hidden, 0)
        further = {**counts, **nothing, one_: told.rest - 1, other: 1}
        found += [
            each for each in (nearer, further)
            if min(each.values()) >= 0 and listed(each, LIMIT) == told
        ]  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("counts", "told", "rest"),
    [
        ({"SIP": 3, "Läkemedel": 20, "Egenvård": 9}, {"Läkemedel": 20}, 12),
        ({"SIP": 3, "Läkemedel": 20, "Egenvård": 4}, {"Läkemedel": 20}, 7),
        ({"SIP": 4, "Läkemedel": 20, "Egenvård": 4, "Övrigt": 9}, {"Läkemedel": 20}, 17),
        ({"SIP": 3, "Läkemedel": 9, "Egenvård": 9}, {}, 21),
        ({"SIP": 0, "Läkemedel": 7}, {"Läkemedel": 7}, 0),
    ],
)
def test_the_small_ones_stand_together_and_the_least_of_the_others_helps(
    counts: dict[str, int], told: dict[str, int], rest: int
) -> None:
    found = listed(counts, LIMIT)
    assert (found.told, found.rest) == (told, rest)


def test_of_a_small_sum_no_list_is_told() -> None:
    assert listed({"SIP": 4}, LIMIT).total is None
    assert str(listed({"SIP": 4}, LIMIT).word("SIP")) == "dold"
    assert listed({}, LIMIT).word("SIP").value == 0


def test_a_sum_tells_no_more_than_its_parts() -> None:
    year = added([one(n, LIMIT) for n in (3, 2, 0, 4)])
    assert str(year) == "3–12"
    assert str(added([one(57, LIMIT), one(3, LIMIT)])) == "58–61"
    assert str(added([one(0, LIMIT), one(3, LIMIT)])) == "<5"
    assert str(added([one(7, LIMIT), one(12, LIMIT)])) == "19"
    assert str(added([one(7, LIMIT), Shown(0, None)])) == "minst 7"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=5, max_size=16))
def test_years_that_overlap_are_the_same_whatever_the_small_quarters_are(
    quarters: list[int],
) -> None:
    """Hand attack: two rolling years less each other are the newest quarter less the oldest."""
    other = [4 if n == 1 else n - 1 if 1 < n < LIMIT else n for n in quarters]
    assert _years(quarters) == _years(other)
    assert all(a != b for a, b in zip(quarters, other, strict=True) if 0 < a < LIMIT)


def _years(quarters: list[int]) -> list[Shown]:
    told = [one(n, LIMIT) for n in quarters]
    return [added(told[at - 3 : at + 1]) for at in range(3, len(told))]


def test_a_limit_of_one_hides_nothing() -> None:
    assert listed({"a": 1, "b": 2}, 1) == Listed(3, {"a": 1, "b": 2})
    assert str(one(1, 1)) == "1"


def test_a_correction_by_a_few_keeps_what_was_told() -> None:
    before = listed({"SIP": 9, "Läkemedel": 12}, LIMIT)
    assert corrected(listed({"SIP": 11, "Läkemedel": 12}, LIMIT), before, LIMIT) == before
    much = corrected(listed({"SIP": 11, "Läkemedel": 22, "Egenvård": 30}, LIMIT), before, LIMIT)
    assert (much.told, much.rest) == ({"Egenvård": 30}, 33)
