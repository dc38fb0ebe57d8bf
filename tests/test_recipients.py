"""Who answers today? The plan's own words first, then the chair, then the process leader."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.activity import Answerable
from rules.recipients import Answering, Directory, Holding, Named

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
    return [a.person_id for a in Directory(HOLDINGS, reachable, today).answering(named, owner)]


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
    directory = Directory(HOLDINGS, EVERYBODY, TODAY)
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
    found = Directory(members, EVERYBODY, TODAY).answering([group(ALM)], ALM)
    assert [a.person_id for a in found] == [BOB, CHARLIE]
    members.append(Holding(ALICE, ALM, "NOSAM Alm", "vice ordförande"))
    found = Directory(members, EVERYBODY, TODAY).answering([group(ALM)], ALM)
    assert [a.person_id for a in found] == [ALICE]


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
    found = [a.person_id for a in Directory(HOLDINGS, reachable, today).answering(named, 99)]
    assert found
    assert len(found) == len(set(found))
    assert set(found) <= reachable
