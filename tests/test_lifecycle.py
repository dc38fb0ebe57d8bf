"""The table of moves: what leads where, what each needs, and the drawing that is made from it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lifecycle import (
    TABLE,
    Brought,
    Lack,
    Move,
    OnFile,
    Outcome,
    State,
    as_markdown,
    possible,
    refusals,
    rule_of,
    should_have,
    target,
)

WHOLE = OnFile(
    what="SIP",
    plan=True,
    group=True,
    goal=True,
    responsible_reachable=True,
    deadline=True,
    follow_up=True,
    state_before=State.ONGOING,
)


def test_what_a_group_has_decided_is_registered_whatever_it_lacks() -> None:
    decision = Brought(decision_id=1)
    assert refusals(Move.DECIDE, State.PROPOSED, OnFile(), decision) == []
    assert list(should_have(Move.DECIDE, OnFile(), decision)) == [
        Lack.GOAL,
        Lack.RESPONSIBLE,
        Lack.DEADLINE,
        Lack.FOLLOW_UP,
    ]
    (said,) = refusals(Move.DECIDE, State.PROPOSED, OnFile(), Brought())
    assert "beslutet" in said


def test_a_result_is_enough_to_follow_up() -> None:
    waiting = OnFile(parts_unanswered=("Lerum",))
    result = Brought(result="Fyra möten")
    assert refusals(Move.FOLLOW_UP, State.ONGOING, waiting, result) == []
    assert list(should_have(Move.FOLLOW_UP, waiting, result)) == [Lack.FIGURE, Lack.PART]
    assert refusals(Move.FOLLOW_UP, State.ONGOING, waiting, Brought()) == [
        "Skriv vad resultatet blev."
    ]


def test_where_the_lacks_are_hard_everything_that_is_missing_is_told_at_once() -> None:
    said = refusals(Move.DECIDE, State.PROPOSED, OnFile(), Brought(), frozenset(Lack))
    assert len(said) == 5
    assert "Koppla aktiviteten till minst ett mål." in said
    assert any("beslutet" in sentence for sentence in said)
    assert any("ansvarig" in sentence for sentence in said)
    only_goals = refusals(
        Move.DECIDE, State.PROPOSED, OnFile(), Brought(decision_id=1), frozenset({Lack.GOAL})
    )
    assert only_goals == ["Koppla aktiviteten till minst ett mål."]


def test_a_proposal_with_everything_can_be_decided() -> None:
    assert refusals(Move.DECIDE, State.PROPOSED, WHOLE, Brought(decision_id=1)) == []
    assert target(Move.DECIDE, WHOLE) is State.DECIDED


def test_what_runs_on_needs_a_cadence_instead_of_a_deadline() -> None:
    running = OnFile(goal=True, responsible_reachable=True, follow_up=True, cadence=True)
    assert should_have(Move.DECIDE, running, Brought(decision_id=1)) == {}
    assert refusals(Move.CONTINUE, State.FOLLOWED_UP, running, Brought()) == []
    assert refusals(Move.CONTINUE, State.FOLLOWED_UP, OnFile(), Brought()) == [
        "Ange ett nytt slutdatum, eller hur ofta aktiviteten ska ses över."
    ]


def test_a_refusal_says_what_can_be_done_instead() -> None:
    (said,) = refusals(Move.FOLLOW_UP, State.PROPOSED, WHOLE, Brought())
    assert said == (
        "Det går inte att följa upp en aktivitet som är föreslagen. "
        "Möjligt nu: besluta, avslå, avbryt, överför, dra tillbaka."
    )


def test_what_is_carried_over_can_only_be_taken_back() -> None:
    assert possible(State.CARRIED_OVER) == [Move.UNDO_CARRY_OVER]
    assert target(Move.UNDO_CARRY_OVER, WHOLE) is State.ONGOING
    for stopped in (
        OnFile(successor_lives=True),
        OnFile(next_plan_adopted=True),
        OnFile(plan_closed=True),
        OnFile(year_approved=True),
    ):
        why = Brought(reason="fel plan")
        assert len(refusals(Move.UNDO_CARRY_OVER, State.CARRIED_OVER, stopped, why)) == 1


def test_what_ordinary_operation_or_another_plan_takes_over_says_who_or_where() -> None:
    ordinary = Brought(outcome=Outcome.ORDINARY)
    assert refusals(Move.END, State.FOLLOWED_UP, WHOLE, ordinary) == [
        "Skriv vem som för arbetet vidare i ordinarie verksamhet."
    ]
    absorbed = Brought(outcome=Outcome.ABSORBED)
    assert refusals(Move.END, State.FOLLOWED_UP, WHOLE, absorbed) == [
        "Ange vilken plan eller aktivitet den är inarbetad i."
    ]
    into = Brought(outcome=Outcome.ABSORBED, into_plan_id=7)
    assert refusals(Move.END, State.FOLLOWED_UP, WHOLE, into) == []


def test_nothing_comes_to_life_in_a_closed_plan() -> None:
    closed = OnFile(what="SIP", plan=True, group=True, plan_closed=True)
    for move, state in (
        (Move.PROPOSE, None),
        (Move.REOPEN, State.ENDED),
        (Move.PROPOSE_AGAIN, State.WITHDRAWN),
    ):
        (said,) = refusals(move, state, closed, Brought(decision_id=1))
        assert said == "Planen är avslutad. Öppna den igen först; det behöver ett beslut."


def test_resuming_leads_back_to_where_the_pause_began() -> None:
    assert refusals(Move.RESUME, State.PAUSED, WHOLE, Brought()) == []
    assert target(Move.RESUME, WHOLE) is State.ONGOING


def test_a_part_that_has_not_answered_is_named() -> None:
    waiting = OnFile(parts_unanswered=("Lerum", "Alingsås"))
    told = Brought(result="bra", why_no_figure="ny metod")
    said = should_have(Move.FOLLOW_UP, waiting, told)
    assert refusals(Move.FOLLOW_UP, State.ONGOING, waiting, told, frozenset(Lack)) == [
        said[Lack.PART]
    ]
    assert list(said.values()) == [
        "Alla delar har inte svarat: Lerum, Alingsås. "
        "Skriv in deras läge, eller undanta dem med skäl."
    ]


def test_nothing_is_reopened_when_the_year_is_approved() -> None:
    said = refusals(Move.REOPEN, State.ENDED, OnFile(year_approved=True), Brought(decision_id=1))
    assert len(said) == 1
    assert "godkänd" in said[0]


def test_only_starting_may_be_done_through_a_link() -> None:
    assert [rule.move for rule in TABLE if rule.by_link] == [Move.START]


def test_every_move_has_one_line_and_every_state_can_be_reached() -> None:
    assert [rule.move for rule in TABLE] == list(Move)
    reached = {rule.to for rule in TABLE} | {State.PROPOSED}
    assert reached - {None} == set(State)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("state", list(State))
def test_a_move_is_refused_exactly_where_the_table_has_no_line(move: Move, state: State) -> None:
    everything = Brought(
        reason="r",
        decision_id=1,
        result="r",
        figure="3",
        outcome=Outcome.ACHIEVED,
        resume_when="sedan",
        stand_in_group_id=1,
        deadline=date(2025, 1, 1),
        next_plan_id=2,
    )
    allowed = not refusals(move, state, WHOLE, everything)
    assert allowed == (state in rule_of(move).sources)


@given(
    st.sampled_from(list(Move)),
    st.sampled_from([None, *State]),
    st.builds(
        OnFile,
        what=st.text(max_size=3),
        goal=st.booleans(),
        deadline=st.booleans(),
        has_successor=st.booleans(),
        year_approved=st.booleans(),
    ),
    st.builds(Brought, reason=st.text(max_size=3), result=st.text(max_size=3)),
)
def test_a_refusal_is_always_a_swedish_sentence(
    move: Move, state: State | None, on_file: OnFile, brought: Brought
) -> None:
    for sentence in refusals(move, state, on_file, brought):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_the_drawing_in_the_docs_is_the_table() -> None:
    page = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"
    assert page.read_text("utf-8") == as_markdown(), "run `make diagram`"
