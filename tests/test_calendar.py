"""No letter goes out by itself on a day when nobody is at work; it goes on the next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import Quiet, load
from rules.calendar import is_holiday, is_quiet

POLICY = load()


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-29",  # långfredagen
        "2024-04-01",  # annandag påsk
        "2024-05-01",
        "2024-05-09",  # Kristi himmelsfärd
        "2024-06-06",  # nationaldagen
        "2024-06-21",  # midsommarafton
        "2024-12-24",
        "2024-12-25",
        "2024-12-31",
        "2025-01-06",  # trettondedag jul
        "2024-07-15",  # the quiet weeks of summer
        "2025-01-01",
        "2024-12-01",  # a Sunday
    ],
)
def test_letters_wait_on_a_day_when_nobody_is_at_work(day: str) -> None:
    assert is_quiet(POLICY, date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        "2024-12-27",
        "2024-12-02",
        "2024-06-05",
        "2024-04-30",
        "2024-08-05",
        "2025-01-02",
        "2024-06-20",
    ],
)
def test_letters_go_on_an_ordinary_day(day: str) -> None:
    assert not is_quiet(POLICY, date.fromisoformat(day))


def test_a_sunday_is_no_holiday_though_the_law_says_so() -> None:
    assert not is_holiday(date(2024, 12, 1))


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_no_letter_ever_waits_longer_than_five_weeks(day: date) -> None:
    assert any(not is_quiet(POLICY, day + timedelta(days=n)) for n in range(36))


@given(st.dates(date(2023, 1, 1), date(2026, 12, 31)))
def test_a_stretch_and_its_complement_share_the_year_between_them(day: date) -> None:
    winter, rest = Quiet((12, 23), (1, 1)), Quiet((1, 2), (12, 22))
    assert winter.holds(day) != rest.holds(day)
