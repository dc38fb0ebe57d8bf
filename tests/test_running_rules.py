"""Which moves a row of a running plan has had, and which days cannot be true."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from models.lifecycle import Move, State, rule_of
from models.span import NOTHING, Precision, Span
from rules.running import (
    BY_KEY,
    STANDINGS,
    Standing,
    Told,
    started_as_planned,
    steps,
    within,
    wrong_days,
)

DECIDED, TODAY = date(2024, 1, 22), date(2024, 6, 10)
DAYS = some.none() | some.dates(date(2023, 6, 1), date(2025, 1, 1))


@given(some.sampled_from(STANDINGS), DAYS, DAYS)
def test_what_is_not_refused_is_moves_that_lead_there_on_days_that_go_forward(
    standing: Standing, started: date | None, came: date | None
) -> None:
    told = Told(standing, started, came)
    if list(wrong_days(told, DECIDED, TODAY)):
        return
    found = steps(told, DECIDED, TODAY)
    state = State.PROPOSED
    for step in found:
        rule = rule_of(step.move)
        assert state in rule.sources
        assert rule.to is not None
        state = rule.to
    assert state is standing.state
    days = [DECIDED, *(step.on_day for step in found), TODAY]
    assert days == sorted(days)


@given(some.sampled_from(STANDINGS), DAYS, DAYS)
def test_a_day_that_was_said_is_the_day_of_its_move(
    standing: Standing, started: date | None, came: date | None
) -> None:
    told = Told(standing, started, came)
    if list(wrong_days(told, DECIDED, TODAY)):
        return
    by_move = {step.move: step for step in steps(told, DECIDED, TODAY)}
    if started:
        assert by_move[Move.START].on_day == started
    for move in (Move.FOLLOW_UP, Move.END, Move.PAUSE):
        if came and move in by_move:
            assert by_move[move].on_day == came
            assert by_move[move].known


def test_what_is_decided_has_not_started_and_what_goes_has_not_been_followed_up() -> None:
    decided = Told(BY_KEY["beslutad"], started=date(2024, 3, 1))
    assert [name for name, _ in wrong_days(decided, DECIDED, TODAY)] == ["started"]
    ongoing = Told(BY_KEY["pagaende"], came=date(2024, 3, 1))
    assert [name for name, _ in wrong_days(ongoing, DECIDED, TODAY)] == ["came"]


def test_words_that_leave_room_mean_a_day_that_can_be_true() -> None:
    january = Span("januari 2024", date(2024, 1, 1), date(2024, 1, 31), Precision.MONTH)
    assert within(january, DECIDED, TODAY, last=False) == DECIDED
    year = Span("2024", date(2024, 1, 1), date(2024, 12, 31), Precision.YEAR)
    assert within(year, DECIDED, TODAY, last=True) == TODAY
    july = Span("juli 2024", date(2024, 7, 1), date(2024, 7, 31), Precision.MONTH)
    assert within(july, DECIDED, TODAY, last=True) == date(2024, 7, 1)  # and that is refused
    assert within(NOTHING, DECIDED, TODAY, last=True) is None


def test_a_start_that_the_plan_sets_in_the_future_is_not_known() -> None:
    coming = Span("sept 2024", date(2024, 9, 1), date(2024, 9, 30), Precision.MONTH)
    assert started_as_planned(coming, DECIDED, TODAY) is None
    before = Span("2020", date(2020, 1, 1), date(2020, 12, 31), Precision.YEAR)
    assert started_as_planned(before, DECIDED, TODAY) == DECIDED
