"""Who answers today? The plan's own words first, then the chair, then the process leader."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.activity import Answerable
from rules.recipients import Answering, Directory, Facts, Group, Holding, Named, StandIn
from tests.sizes import size

ALICE, BOB, CHARLIE, FRIDA = 1, 2, 3, 4
ALM, BJORK, DECIDERS = 10, 20, 30
TODAY = date(2024, 6, 1)
HOLDINGS = (
    Holding(ALICE, ALM, "NOSAM Alm", "ordförande"),
    Holding(BOB, BJORK, "NOSAM Björk", "ordförande", last=date(2024, 8, 31)),
    Holding(CHARLIE, BJORK, "NOSAM Björk", "ordförande", first=date(2024, 9, 1)),
    Holding(FRIDA, DECIDERS, "Samordningsgruppen", "processledare"),
)
EVERYBODY = (ALICE, BOB, CHARLIE, FRIDA)


def ask(*named: Named, owner: int = ALM, today: date = TODAY, without: int = 0) -> list[int]:
    """Who is asked."""
    reachable = [p for p in EVERYBODY if p != without]
    return [
        a.person_id for a in Directory(Facts(HOLDINGS, reachable), today).answering(named, owner)
    ]


def group(number: int) -> Named:
    return Named(Answerable.GROUP, "g", group_id=number)


def test_a_person_is_asked_herself_and_a_group_through_its_chair() -> None:
    assert ask(Named(Answerable.PERSON, "Alice", person_id=ALICE)) == [ALICE]
    assert ask(group(BJORK)) == [BOB]


def test_the_day_decides_which_chair_it_is() -> None:
    assert ask(group(BJORK), today=date(2024, 8, 31)) == [BOB]
    assert ask(group(BJORK), today=date(2024, 9, 1)) == [CHARLIE]


def test_a_role_in_a_group_is_asked_and_told_why() -> None:
    chair = Named(Answerable.ROLE, "Ordförande i NOSAM Alm", group_id=ALM, role="Ordförande")
    directory = Directory(Facts(HOLDINGS, EVERYBODY), TODAY)
    assert directory.answering([chair], BJORK) == [Answering(ALICE, "ordförande i NOSAM Alm")]


def test_two_responsible_groups_are_both_asked_and_nobody_twice() -> None:
    assert ask(group(ALM), group(BJORK), group(ALM)) == [ALICE, BOB]


def test_words_that_name_nobody_fall_back_on_the_owning_groups_chair() -> None:
    assert ask(Named(Answerable.WORDS, "Varje verksamhet")) == [ALICE]
    assert ask() == [ALICE]


def test_when_the_chair_cannot_be_reached_the_process_leader_is_asked() -> None:
    assert ask(group(ALM), without=ALICE) == [FRIDA]


def test_a_group_without_a_chair_speaks_through_its_deputy_or_else_all_its_members() -> None:
    members = [
        Holding(BOB, ALM, "NOSAM Alm", "ledamot"),
        Holding(CHARLIE, ALM, "NOSAM Alm", "ledamot"),
    ]
    found = Directory(Facts(members, EVERYBODY), TODAY).answering([group(ALM)], ALM)
    assert [a.person_id for a in found] == [BOB, CHARLIE]
    members.append(Holding(ALICE, ALM, "NOSAM Alm", "vice ordförande"))
    found = Directory(Facts(members, EVERYBODY), TODAY).answering([group(ALM)], ALM)
    assert [a.person_id for a in found] == [ALICE]


def stands_in(for_whom: int, who: int, **narrower: Any) -> StandIn:  # noqa: ANN401
    """Somebody stands in for somebody from 1 May to 15 August 2024."""
    names = {ALICE: "Alice", BOB: "Bob", CHARLIE: "Charlie", FRIDA: "Frida"}
    days = date(2024, 5, 1), date(2024, 8, 15)
    return StandIn(for_whom, who, names[for_whom], *days, **narrower)


def through(
    *stand_ins: StandIn,
    named: Sequence[Named] = (),
    today: date = TODAY,
    without: int = 0,
    activity: int | None = None,
    **more: Any,  # noqa: ANN401
) -> list[Answering]:
    """Who is asked about Alm's activity when these stand in."""
    reachable = [p for p in EVERYBODY if p != without]
    facts = Facts(HOLDINGS, reachable, stand_ins=stand_ins, **more)
    return Directory(facts, today).answering(named, ALM, activity)


ALICE_HERSELF = Named(Answerable.PERSON, "Alice", person_id=ALICE)


def test_who_has_handed_over_is_asked_through_the_stand_in_and_it_is_told() -> None:
    (who,) = through(stands_in(ALICE, BOB), named=[ALICE_HERSELF])
    assert who == Answering(BOB, "ersättare för Alice till 15 augusti 2024")
    assert who.how == "ersätter Alice till 15 augusti 2024"
    (who,) = through(stands_in(ALICE, BOB))
    assert who.how == "ersätter Alice, ordförande i NOSAM Alm, till 15 augusti 2024"


@pytest.mark.parametrize("today", ["2024-04-30", "2024-08-16"])
def test_a_stand_in_answers_on_the_days_that_were_said_and_on_no_other(today: str) -> None:
    assert through(stands_in(ALICE, BOB), today=date.fromisoformat(today)) == [
        Answering(ALICE, "ordförande i NOSAM Alm")
    ]


def test_a_stand_in_that_was_ended_answers_no_more() -> None:
    ended = stands_in(ALICE, BOB, ended_on=TODAY)
    assert [who.person_id for who in through(ended)] == [ALICE]


def test_the_narrower_stand_in_goes_before_the_wider() -> None:
    stand_ins = (
        stands_in(ALICE, BOB),
        stands_in(ALICE, CHARLIE, group_id=ALM, role="ordförande"),
        stands_in(ALICE, FRIDA, activity_id=7),
    )
    assert [w.person_id for w in through(*stand_ins, activity=7)] == [FRIDA]
    assert [w.person_id for w in through(*stand_ins, activity=8)] == [CHARLIE]
    assert [w.person_id for w in through(*stand_ins, named=[ALICE_HERSELF])] == [BOB]


def test_a_chain_of_stand_ins_is_followed_and_a_circle_is_not() -> None:
    chain = stands_in(ALICE, BOB), stands_in(BOB, CHARLIE)
    assert [w.person_id for w in through(*chain)] == [CHARLIE]
    assert [w.person_id for w in through(*chain, without=CHARLIE)] == [BOB]
    circle = stands_in(ALICE, BOB), stands_in(BOB, ALICE)
    assert [w.person_id for w in through(*circle)] == [BOB]


def test_when_the_stand_in_cannot_be_reached_the_person_herself_is_asked() -> None:
    assert [w.person_id for w in through(stands_in(ALICE, BOB), without=BOB)] == [ALICE]
    assert [w.person_id for w in through(stands_in(ALICE, BOB), without=ALICE)] == [BOB]


def test_a_group_that_rests_is_spoken_for_by_the_group_above_it() -> None:
    groups = [
        Group(ALM, "NOSAM Alm", parent_id=BJORK, pauses=((date(2024, 5, 1), None),)),
        Group(BJORK, "NOSAM Björk"),
    ]
    assert through(groups=groups) == [
        Answering(BOB, "ordförande i NOSAM Björk, i stället för NOSAM Alm")
    ]
    assert [w.person_id for w in through(groups=groups, today=date(2024, 4, 30))] == [ALICE]


def test_a_dissolved_group_is_spoken_for_by_its_successor_or_else_by_the_process_leader() -> None:
    gone = Group(ALM, "NOSAM Alm", successor_id=BJORK, last=date(2024, 5, 31))
    assert [w.person_id for w in through(groups=[gone, Group(BJORK, "B")])] == [BOB]
    alone = Group(ALM, "NOSAM Alm", last=date(2024, 5, 31))
    assert through(groups=[alone]) == [Answering(FRIDA, "processledare i Samordningsgruppen")]


def test_a_paused_activity_is_asked_about_where_questions_go_meanwhile() -> None:
    assert [w.person_id for w in through(activity=7, paused={7: BJORK})] == [BOB]
    assert [w.person_id for w in through(activity=8, paused={7: BJORK})] == [ALICE]


def test_the_last_to_be_asked_are_those_of_the_own_collaboration() -> None:
    groups = [Group(ALM, "NOSAM Alm", 1), Group(DECIDERS, "Samordningsgruppen", 2)]
    assert through(groups=groups, without=ALICE) == []
    assert through(groups=groups, without=ALICE, administrators=[CHARLIE]) == [
        Answering(CHARLIE, "administratör")
    ]


PEOPLE = st.sampled_from(EVERYBODY)
GROUPS = st.sampled_from([ALM, BJORK, DECIDERS, 40])
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@st.composite
def stand_in(draw: st.DrawFn) -> StandIn:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    scope = draw(st.sampled_from([{}, {"activity_id": 7}, {"group_id": ALM, "role": "ordförande"}]))
    ended = draw(st.none() | DAYS)
    return StandIn(draw(PEOPLE), draw(PEOPLE), "X", first, last, ended_on=ended, **scope)  # type: ignore[arg-type]


@st.composite
def group_on_file(draw: st.DrawFn, number: int) -> Group:
    pauses = tuple((draw(DAYS), None) for _ in range(draw(st.integers(0, 1))))
    parent, successor = draw(st.none() | GROUPS), draw(st.none() | GROUPS)
    return Group(number, f"G{number}", 1, parent, successor, draw(st.none() | DAYS), pauses)


@settings(max_examples=size("RECIPIENTS", 120, 2000))
@given(st.data())
def test_whatever_is_on_file_somebody_who_can_be_reached_is_asked(data: st.DataObject) -> None:
    """Frida leads the process and can be reached; all else is any way at all."""
    holdings = [
        *HOLDINGS,
        *data.draw(st.lists(st.builds(Holding, PEOPLE, GROUPS, st.just("G"), st.just("ledamot")))),
    ]
    reachable = {FRIDA, *data.draw(st.sets(PEOPLE))}
    stand_ins = data.draw(st.lists(stand_in(), max_size=5))
    groups = [data.draw(group_on_file(number)) for number in (ALM, BJORK, DECIDERS, 40)]
    paused = data.draw(st.dictionaries(st.just(7), GROUPS))
    named = data.draw(
        st.lists(
            st.one_of(
                st.builds(group, GROUPS),
                st.builds(lambda p: Named(Answerable.PERSON, "p", person_id=p), PEOPLE),
                st.just(Named(Answerable.WORDS, "alla")),
            ),
            max_size=3,
        )
    )
    today = data.draw(DAYS)
    facts = Facts(holdings, reachable, groups, stand_ins, paused)
    found = Directory(facts, today).answering(named, ALM, 7)
    ids = [who.person_id for who in found]
    assert ids
    assert len(ids) == len(set(ids))
    assert set(ids) <= reachable
    assert found == Directory(facts, today).answering(named, ALM, 7)
    holding_now = {one.delegate_id for one in stand_ins if one.counts(today)}
    for who in found:
        if who.via.startswith("ersättare för"):
            assert who.person_id in holding_now


@given(
    st.lists(
        st.one_of(
            st.builds(group, st.sampled_from([ALM, BJORK, DECIDERS, 99])),
            st.builds(
                lambda p: Named(Answerable.PERSON, "p", person_id=p), st.sampled_from([1, 2, 99])
            ),
            st.just(Named(Answerable.WORDS, "alla")),
        ),
        max_size=4,
    ),
    st.dates(date(2023, 1, 1), date(2026, 1, 1)),
    st.sets(st.sampled_from([ALICE, BOB, CHARLIE])),
)
def test_as_long_as_a_process_leader_can_be_reached_it_is_never_nobody(
    named: list[Named], today: date, unreachable: set[int]
) -> None:
    reachable = set(EVERYBODY) - unreachable
    found = [a.person_id for a in Directory(Facts(HOLDINGS, reachable), today).answering(named, 99)]
    assert found
    assert len(found) == len(set(found))
    assert set(found) <= reachable
