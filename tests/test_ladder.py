"""Which windows have reached which rung? Held against a plain count of days, for any day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import Ladder, PolicyError, load
from rules.ladder import Window, all_windows, rungs, windows

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LADDERS = st.builds(
    lambda steps, repeat, more: Ladder(
        tuple(sorted(steps, reverse=True)), repeat, max(0, -min(steps)) + more
    ),
    st.sets(st.integers(-60, 90), min_size=1, max_size=8),
    st.integers(1, 60),
    st.integers(0, 400),
)


def standing_on(found: list[Window], day: date, precision: str = "day") -> list[int]:
    """The rungs a day stands on."""
    return [w.rung for w in found if w.holds(day, precision)]


def test_a_december_deadline_climbs_the_ladder_day_by_day() -> None:
    ladder = {"default": Ladder((30, 7, 1, -1, -7), 30, 100)}
    deadline = date(2024, 12, 31)

    def rung(today: str) -> list[int]:
        return standing_on(windows("deadline", ladder, date.fromisoformat(today)), deadline)

    assert rung("2024-11-30") == []
    assert rung("2024-12-01") == [30]
    assert rung("2024-12-23") == [30]
    assert rung("2024-12-24") == [7]
    assert rung("2024-12-30") == [1]
    assert rung("2024-12-31") == [1]
    assert rung("2025-01-01") == [-1]
    assert rung("2025-01-07") == [-7]
    assert rung("2025-02-06") == [-37]
    assert rung("2025-04-10") == [-97]
    assert rung("2025-04-11") == []  # given up: only the overview tells


def test_a_year_as_deadline_is_spoken_of_earlier_than_a_day() -> None:
    policy = load()
    found = windows("deadline", policy.ladders["deadline"], date(2024, 11, 1))
    assert standing_on(found, date(2024, 12, 31), "year") == [60]
    assert standing_on(found, date(2024, 12, 31), "month") == []


@given(LADDERS, DAYS, DAYS)
def test_any_day_stands_on_one_rung_at_most_and_it_is_the_last_one_reached(
    ladder: Ladder, today: date, day: date
) -> None:
    found = standing_on(windows("deadline", {"default": ladder}, today), day)
    ahead = (day - today).days
    reached = [rung for rung in rungs(ladder) if ahead <= rung]
    given_up = -ahead > ladder.give_up_after
    expected = [] if given_up or not reached else [min(reached)]
    assert found == expected


@given(LADDERS, DAYS, st.integers(0, 40))
def test_an_outage_of_any_length_catches_up_with_one_rung_not_with_all_that_were_missed(
    ladder: Ladder, day: date, outage: int
) -> None:
    today = day + timedelta(days=outage)
    assert len(standing_on(windows("deadline", {"default": ladder}, today), day)) <= 1


@given(DAYS, DAYS, st.sampled_from(["day", "month", "year", "season"]))
def test_the_shipped_policy_puts_a_deadline_on_one_rung_whatever_its_precision(
    today: date, day: date, precision: str
) -> None:
    found = [w for w in all_windows(load(), today) if w.kind == "deadline"]
    assert len(standing_on(found, day, precision)) <= 1


def test_a_ladder_that_does_not_fall_is_refused() -> None:
    with pytest.raises(PolicyError, match="must fall"):
        Ladder((1, 7), 30, 100)


def test_an_installation_changes_one_promise_and_keeps_the_others(tmp_path: Path) -> None:
    home = tmp_path
    (home / "policy.toml").write_text("[deadline]\ndefault = [14]\n", "utf-8")
    policy = load(home)
    assert policy.ladders["deadline"]["default"].rungs == (14,)
    assert policy.ladders["deadline"]["year"].rungs[0] == 60
    assert policy.ladders["start"]["default"].rungs == (0, -14)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("[deadlin]\ndefault = [1]", "no section"),
        ("[deadline]\ndefault = [1, 7]", "must fall"),
        ("[deadline]\nrepeat_after = 0", "at least 1"),
        ("[review]\nevery_months = 0", "at least 1"),
        ("[deadline\n", "policy.toml"),
        ("[deadline]\ndefalt = [1]", "has no 'defalt'"),
        ("[start]\nyear = [1]", "has no 'year'"),
        ("[deadline]\ndefault = 3", "cannot be 3"),
        ("deadline = 3", "must be a section"),
        ("[deviations]\nsmall_numbers = 2", "small_numbers cannot be 2"),
        ('[calendar]\nquiet = ["juli"]', "is written 07-08"),
        ('[calendar]\nquiet = ["02-30..03-01"]', "policy.toml"),
    ],
)
def test_a_policy_that_promises_the_impossible_is_refused_with_its_file(
    tmp_path: Path, words: str, said: str
) -> None:
    home = tmp_path
    (home / "policy.toml").write_text(words, "utf-8")
    with pytest.raises(PolicyError, match=said) as refused:
        load(home)
    assert "policy.toml" in str(refused.value)
