"""Periods: whole months, one after the other, named as people name them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.periods import Kind, Period, between, latest_closed, parse, parse_asked, period_of

KINDS = st.sampled_from(list(Kind))
DAYS = st.dates(date(1910, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize(
    ("words", "first", "last", "name"),
    [
        ("2025Q1", "2025-01-01", "2025-03-31", "kv 1 2025"),
        ("2024-Q4", "2024-10-01", "2024-12-31", "kv 4 2024"),
        ("2025t2", "2025-05-01", "2025-08-31", "tertial 2 2025"),
        ("2025H2", "2025-07-01", "2025-12-31", "halvår 2 2025"),
        (" 2024 ", "2024-01-01", "2024-12-31", "2024"),
    ],
)
def test_a_period_as_typed(words: str, first: str, last: str, name: str) -> None:
    period = parse(words)
    assert (str(period.first), str(period.last), period.name) == (first, last, name)


@pytest.mark.parametrize("words", ["1900", "1900Q1", "2200", "2200T3"])
def test_the_first_and_the_last_that_may_be_asked_for_have_neighbours(words: str) -> None:
    period = parse_asked(words)
    assert parse(str(period.rolling()[0])) == period.later(-3)
    assert period.previous.last + timedelta(days=1) == period.first
    assert len({*period.rolling(), period.a_year_before, period.next}) >= 5


@pytest.mark.parametrize("words", ["", "2025Q5", "2025T0", "2025H3", "25Q1", "Q1", "2025Q", "1066"])
def test_what_is_no_period_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(ValueError, match=r"period|year"):
        parse_asked(words)


def test_a_period_in_running_text() -> None:
    assert [parse(words).words for words in ("2025Q3", "2025T1", "2025H2", "2025")] == [
        "tredje kvartalet 2025",
        "första tertialen 2025",
        "andra halvåret 2025",
        "året 2025",
    ]


@settings(max_examples=80, deadline=None)
@given(DAYS, KINDS)
def test_every_day_lies_in_one_period_of_each_kind(day: date, kind: Kind) -> None:
    period = period_of(day, kind)
    assert period.holds(day)
    assert not period.next.holds(day)
    assert not period.previous.holds(day)
    assert period.next.first == period.last + timedelta(days=1)
    assert period.next.previous == period.previous.next == period
    assert parse(str(period)) == period


@settings(max_examples=50, deadline=None)
@given(DAYS, KINDS)
def test_the_periods_of_a_year_make_the_year(day: date, kind: Kind) -> None:
    year = period_of(day, Kind.YEAR)
    parts = list(between(period_of(year.first, kind), period_of(year.last, kind)))
    assert len(parts) == kind.in_a_year
    assert (parts[0].first, parts[-1].last) == (year.first, year.last)
    assert parts[-1].rolling(kind.in_a_year) == parts == sorted(set(parts))


@settings(max_examples=50, deadline=None)
@given(DAYS, KINDS)
def test_a_year_before_is_as_many_steps_back_as_a_year_has(day: date, kind: Kind) -> None:
    period = period_of(day, kind)
    assert period.a_year_before == period.later(-kind.in_a_year)


def test_a_cut_off_is_days_after_the_end_or_a_day_of_the_year_after() -> None:
    assert parse("2025Q1").cut_off(20) == date(2025, 4, 20)
    assert parse("2025").cut_off_on(3, 13) == date(2026, 3, 13)
    assert parse("2025Q1").cut_off_on(3, 31) == date(2026, 3, 31)
    assert parse("2025Q1").cut_off_on(4, 1) == date(2025, 4, 1)
    assert parse("2024").cut_off_on(2, 29) == date(2025, 2, 28)


@settings(max_examples=80, deadline=None)
@given(DAYS, KINDS, st.integers(0, 120))
def test_the_latest_closed_period_is_the_last_whose_cut_off_has_passed(
    day: date, kind: Kind, grace: int
) -> None:
    closed = latest_closed(kind, day, grace)
    assert closed.cut_off(grace) < day <= closed.next.cut_off(grace)


def test_periods_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(TypeError):
        _ = parse("2025Q1") < Period(Kind.YEAR, 2025)


def test_a_period_after_under_has_its_article() -> None:
    assert [parse(words).after_under for words in ("2025Q3", "2025T1", "2025H2", "2025")] == [
        "det tredje kvartalet 2025",
        "den första tertialen 2025",
        "det andra halvåret 2025",
        "2025",
    ]
