"""What became of an activity in a year: one word for each life."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lifecycle import Move, Outcome, State
from models.part import PartState
from rules.fates import Fate, Life, Moved, fate_of

YEAR_END = date(2025, 12, 31)
ONGOING = Life(State.ONGOING, YEAR_END, deadline=date(2026, 6, 30))
LATE = replace(ONGOING, deadline=date(2025, 12, 31))


def moved(move: Move, month: int = 5) -> tuple[Moved, ...]:
    """It was moved in that month."""
    return (Moved(move, date(2025, month, 2)),)


@pytest.mark.parametrize(
    ("life", "fate"),
    [
        (Life(State.PROPOSED, YEAR_END), Fate.PLANNED),
        (Life(State.PROPOSED, YEAR_END, moved(Move.RETURN)), Fate.RETURNED),
        (Life(State.DECIDED, YEAR_END), Fate.DECIDED),
        (Life(State.DECIDED, YEAR_END, start=date(2026, 1, 1)), Fate.STARTS_LATER),
        (ONGOING, Fate.CONTINUES),
        (replace(ONGOING, moves=moved(Move.START)), Fate.STARTED),
        (replace(ONGOING, prolonged=[date(2025, 3, 1)]), Fate.EXTENDED),
        (LATE, Fate.NOT_FOLLOWED_UP),
        (replace(LATE, heard=True), Fate.CONTINUES),
        (replace(LATE, reported_done=True, heard=True), Fate.DONE),
        (replace(ONGOING, review_due=True), Fate.NOT_FOLLOWED_UP),
        (Life(State.FOLLOWED_UP, YEAR_END, moved(Move.FOLLOW_UP)), Fate.DONE),
        (Life(State.FOLLOWED_UP, YEAR_END), Fate.DONE_BEFORE),
        (Life(State.PAUSED, YEAR_END), Fate.PAUSED),
        (Life(State.ENDED, YEAR_END, outcome=Outcome.ACHIEVED), Fate.DONE),
        (Life(State.ENDED, YEAR_END, outcome=Outcome.CEASED), Fate.ENDED),
        (Life(State.ENDED, YEAR_END, outcome=Outcome.ABSORBED), Fate.ENDED),
        (Life(State.ENDED, YEAR_END, outcome=Outcome.ORDINARY), Fate.ORDINARY),
        (Life(State.CARRIED_OVER, YEAR_END), Fate.CARRIED_OVER),
        (Life(State.REJECTED, YEAR_END), Fate.REJECTED),
        (Life(State.WITHDRAWN, YEAR_END), Fate.WITHDRAWN),
    ],
)
def test_each_life_has_its_word(life: Life, fate: Fate) -> None:
    assert fate_of(life) is fate


def test_what_one_party_has_decided_and_another_has_not_is_partly_decided() -> None:
    parts = [PartState.DECIDED, PartState.IN_DIALOGUE]
    assert fate_of(replace(ONGOING, parts=parts)) is Fate.PARTLY_DECIDED
    assert fate_of(replace(ONGOING, parts=[PartState.DONE, PartState.EXCUSED])) is Fate.CONTINUES
    followed_up = moved(Move.FOLLOW_UP)
    assert fate_of(Life(State.FOLLOWED_UP, YEAR_END, followed_up, parts=parts)) is Fate.DONE


def test_what_was_followed_up_and_goes_on_is_not_called_prolonged() -> None:
    goes_on = replace(ONGOING, moves=moved(Move.CONTINUE), prolonged=[date(2025, 5, 2)])
    assert fate_of(goes_on) is Fate.CONTINUES


@given(
    st.sampled_from(State),
    st.lists(st.sampled_from(Move).map(lambda move: Moved(move, YEAR_END)), max_size=4),
    st.lists(st.sampled_from(PartState), max_size=3),
    st.booleans(),
    st.sampled_from([None, *Outcome]),
)
def test_every_life_has_a_fate_and_only_the_ended_have_ended(
    state: State, moves: list[Moved], parts: list[PartState], done: bool, outcome: Outcome | None
) -> None:
    life = Life(state, YEAR_END, moves, parts=parts, reported_done=done, outcome=outcome)
    assert (fate_of(life) in (Fate.ENDED, Fate.ORDINARY)) <= (state is State.ENDED)
