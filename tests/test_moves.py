"""Moves on file: state and history in one transaction, or nothing. On both databases."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from config import clock
from intake.lives.moves import ask_to_move
from intake.people.dissolving import dissolve_group
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import engine_for, reading, transaction
from models.decision import Change, MoveRow
from models.delegation import Delegation
from models.group import Group, GroupPause
from models.lifecycle import Brought, Lack, Move, Outcome, State
from models.moves import Mover, Refused, facts, make_move, make_moves
from models.owners import move_to_group, refer
from models.plan import Plan
from tests.cast import FRIDA, Town


def history(town: Town, activity_id: int) -> list[tuple[State | None, State]]:
    """(from, to) of every move of an activity."""
    with reading(town.settings) as session:
        rows = session.execute(
            select(c(MoveRow).from_state, c(MoveRow).to_state)
            .where(c(MoveRow).activity_id == activity_id)
            .order_by(c(MoveRow).id)
        )
        return [(before, after) for before, after in rows]


def test_an_activity_lives_its_whole_life_and_every_move_is_remembered(town: Town) -> None:
    sip = town.activity(by="2024-12-31")
    town.move(sip, Move.DECIDE, Brought(decision_id=town.decision))
    town.move(sip, Move.START)
    town.move(sip, Move.FOLLOW_UP, Brought(result="Tolv exempel", figure="12"))
    town.move(sip, Move.END, Brought(outcome=Outcome.ACHIEVED))
    assert town.state(sip) is State.ENDED
    assert history(town, sip) == [
        (None, State.PROPOSED),
        (State.PROPOSED, State.DECIDED),
        (State.DECIDED, State.ONGOING),
        (State.ONGOING, State.FOLLOWED_UP),
        (State.FOLLOWED_UP, State.ENDED),
    ]


def test_a_refused_move_changes_nothing_and_says_everything(town: Town) -> None:
    bare = town.activity(follow_up="", goal=False, words="Varje verksamhet")
    with pytest.raises(Refused) as refused, transaction(town.settings) as session:
        make_move(session, bare, Move.DECIDE, FRIDA, today=date(2024, 2, 1), hard=frozenset(Lack))
    assert len(refused.value.sentences) == 5
    assert town.state(bare) is State.PROPOSED
    assert len(history(town, bare)) == 1


def test_a_chair_whose_time_is_over_does_not_count_as_reachable(town: Town) -> None:
    contact = town.activity(by="2024-12-31", group=town.bjork)
    with reading(town.settings) as session:
        assert facts(session, contact, date(2024, 3, 1))[1].responsible_reachable  # Bob
        assert facts(session, contact, date(2024, 9, 1))[1].responsible_reachable  # Charlie
        session.rollback()
    with transaction(town.settings) as session:
        session.execute(text("DELETE FROM role_holding WHERE person_id = :p"), {"p": town.charlie})
    with reading(town.settings) as session:
        assert not facts(session, contact, date(2024, 9, 1))[1].responsible_reachable


def test_a_pause_remembers_where_it_began_and_resuming_leads_back(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    town.move(sip, Move.START)
    pause = Brought(reason="Sjukdom", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    town.move(sip, Move.PAUSE, pause)
    assert town.state(sip) is State.PAUSED
    town.move(sip, Move.RESUME)
    assert town.state(sip) is State.ONGOING


def test_a_pause_is_prolonged_with_a_reason_and_the_first_one_stays_in_history(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    pause = Brought(reason="Sjukdom", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    town.move(sip, Move.PAUSE, pause)
    with pytest.raises(Refused) as refused:
        town.move(sip, Move.PROLONG)
    assert len(refused.value.sentences) == 2
    town.move(sip, Move.PROLONG, Brought(reason="Ännu sjuk", resume_on=date(2024, 11, 1)))
    with reading(town.settings) as session:
        row = session.get_one(Activity, sip)
        told = session.execute(
            select(c(MoveRow).details).where(c(MoveRow).activity_id == sip).order_by(c(MoveRow).id)
        ).scalars()
        days = [details["resume_on"] for details in told if "resume_on" in details]
    assert (row.state, row.resume_on) == (State.PAUSED, date(2024, 11, 1))
    assert row.stand_in_group_id == town.bjork
    assert days == ["2024-09-01", "2024-11-01"]
    town.move(sip, Move.RESUME)
    assert town.state(sip) is State.DECIDED


def test_carrying_over_makes_one_linked_successor_and_no_second(town: Town) -> None:
    sip = town.decided(by="2024-12-31", person=town.alice)
    with transaction(town.settings) as session:
        old = session.get_one(Plan, town.plan)
        following = Plan(
            collaboration_id=old.collaboration_id, group_id=town.alm, title="Plan 2025"
        )
        session.add(following)
        session.flush()
        next_plan = following.id
    town.move(sip, Move.CARRY_OVER, Brought(next_plan_id=next_plan))
    assert town.state(sip) is State.CARRIED_OVER
    with reading(town.settings) as session:
        (successor,) = session.execute(
            select(c(Activity).id).where(c(Activity).successor_of == sip)
        ).scalars()
        people = session.execute(
            select(c(Responsibility).person_id).where(c(Responsibility).activity_id == successor)
        ).scalars()
        assert list(people) == [town.alice]
    assert town.state(successor) is State.PROPOSED
    with pytest.raises(Refused):
        town.move(sip, Move.CARRY_OVER, Brought(next_plan_id=next_plan))


def all_at_once(number: int, deed: Callable[[int], None]) -> None:
    """So many people do something at the same moment."""
    ready = threading.Barrier(number)

    def work(who: int) -> None:
        ready.wait()
        deed(who)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_twenty_who_start_the_same_activity_at_once_one_wins_and_the_others_are_told_who(
    town: Town,
) -> None:
    sip = town.decided(by="2024-12-31")
    won: list[str] = []
    told: list[str] = []

    def start(who: int) -> None:
        try:
            with transaction(town.settings) as session:
                make_move(session, sip, Move.START, Mover(f"p{who}"), today=date(2024, 2, 1))
            won.append(f"p{who}")
        except Refused as refused:
            told.append(refused.sentences[-1])

    all_at_once(20, start)
    (winner,) = won
    assert set(told) == {f"Senast flyttad av {winner} 2024-02-01, från beslutad till pågående."}
    assert len(told) == 19
    assert history(town, sip).count((State.DECIDED, State.ONGOING)) == 1


def test_twenty_who_move_many_at_once_lose_nothing_and_double_nothing(town: Town) -> None:
    ids = [town.decided(f"A{n}", by="2024-12-31") for n in range(30)]
    moved: list[int] = []
    refused: list[int] = []

    def start(who: int) -> None:
        mine = ids[who % 7 :: 2] if who % 2 else ids  # overlapping handfuls
        with transaction(town.settings) as session:
            came = make_moves(session, mine, Move.START, Mover(f"p{who}"), today=date(2024, 2, 1))
        moved.extend(came.states)
        refused.extend(came.refused)

    all_at_once(20, start)
    assert sorted(moved) == ids
    assert all(town.state(id_) is State.ONGOING for id_ in ids)
    for id_ in ids:
        assert history(town, id_).count((State.DECIDED, State.ONGOING)) == 1
    assert refused


def test_many_moves_are_one_call_and_those_refused_say_why(town: Town) -> None:
    ready = [town.activity(f"A{n}", by="2024-12-31") for n in range(3)]
    bare = town.activity("Bar", goal=False, by="2024-12-31")
    decided = town.decided("Beslutad", by="2024-12-31")
    with transaction(town.settings) as session:
        came = make_moves(
            session,
            [*ready, bare, decided, 999],
            Move.DECIDE,
            FRIDA,
            today=date(2024, 2, 1),
            brought=Brought(decision_id=town.decision),
            hard=frozenset({Lack.GOAL}),
        )
    assert came.states == dict.fromkeys(ready, State.DECIDED)
    assert came.refused[bare] == ["Koppla aktiviteten till minst ett mål."]
    assert came.refused[decided][-1] == (
        "Senast flyttad av Frida 2024-01-10, från föreslagen till beslutad."
    )
    assert came.refused[999] == ["Det finns ingen aktivitet med nummer 999."]


def test_what_is_resumed_together_goes_back_to_where_each_was(town: Town) -> None:
    decided, begun = (town.decided(f"A{n}", by="2024-12-31") for n in range(2))
    town.move(begun, Move.START)
    pause = Brought(reason="Sjuk", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    with transaction(town.settings) as session:
        for move, brought in ((Move.PAUSE, pause), (Move.RESUME, None)):
            came = make_moves(
                session, [decided, begun], move, FRIDA, today=date(2024, 2, 1), brought=brought
            )
    assert came.states == {decided: State.DECIDED, begun: State.ONGOING}
    assert (town.state(decided), town.state(begun)) == (State.DECIDED, State.ONGOING)


def test_a_dissolved_groups_activities_move_to_another_with_history(town: Town) -> None:
    sip, contact = town.decided("SIP", by="2024-12-31"), town.activity("Kontakt")
    ended = town.activity("Slut")
    town.move(ended, Move.REJECT, Brought(reason="Nej", decision_id=town.decision))
    told: Any = {"today": date(2024, 5, 2), "reason": "Gruppen är avvecklad"}
    with transaction(town.settings) as session:
        ids = [sip, contact]
        assert move_to_group(session, ids, town.bjork, FRIDA, **told) == [sip, contact]
        assert move_to_group(session, ids, town.bjork, FRIDA, **told) == []
    with reading(town.settings) as session:
        rows = session.execute(
            select(c(Change).before_words, c(Change).after_words, c(Change).reason)
        ).all()
        assert [tuple(row) for row in rows] == [
            ("NOSAM Alm", "NOSAM Björk", "Gruppen är avvecklad")
        ] * 2
    with (
        pytest.raises(Refused, match="”Slut” är avslagen och flyttas inte"),
        transaction(town.settings) as session,
    ):
        move_to_group(session, [ended], town.bjork, FRIDA, **told)


def test_a_pause_on_a_condition_alone_is_looked_at_again_by_itself(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    given = {"reason": "Nytt avtal", "resume_when": "avtalet är klart", "stand_in": "NOSAM Björk"}
    with transaction(town.settings) as session:
        ask_to_move(session, sip, Move.PAUSE, given, FRIDA, today=date(2024, 2, 1))
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).resume_on == date(2024, 5, 1)


def test_a_question_is_referred_to_a_higher_group_until_a_decision_is_made(town: Town) -> None:
    sip = town.activity(by="2024-12-31")
    with transaction(town.settings) as session:
        refer(session, [sip], town.deciders, FRIDA, today=date(2024, 2, 1), reason="Ni är oense")
    assert town.state(sip) is State.PROPOSED
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).referred_to_group_id == town.deciders
    town.move(sip, Move.DECIDE, Brought(decision_id=town.decision))
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).referred_to_group_id is None


@pytest.mark.parametrize("deed", ["UPDATE move SET by = 'x'", "DELETE FROM move"])
def test_the_database_itself_refuses_to_change_history(town: Town, deed: str) -> None:
    town.activity()
    with pytest.raises(DatabaseError, match="never changed"), transaction(town.settings) as session:
        session.execute(text(deed))


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE activity SET state = 'glömd'",
        "UPDATE activity SET what = '  '",
        "UPDATE activity SET deadline_first = '2025-01-01', deadline_last = '2024-01-01'",
        "UPDATE activity SET state = 'pausad'",
        "UPDATE activity SET plan_id = 999",
        "UPDATE person SET email = 'Alice@EXAMPLE.org'",
        "UPDATE responsibility SET kind = 'person'",
        "INSERT INTO groups (collaboration_id, name, kind) SELECT 1, name, '' FROM groups",
    ],
)
def test_the_database_keeps_its_promises_whoever_writes(town: Town, deed: str) -> None:
    town.activity()
    with pytest.raises(IntegrityError), engine_for(town.settings).begin() as connection:
        connection.exec_driver_sql(deed)


def test_there_is_no_activity_999_and_the_refusal_says_so(town: Town) -> None:
    with pytest.raises(Refused, match="ingen aktivitet med nummer 999"):
        town.move(999, Move.START)


def test_the_move_is_signed_and_dated(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    with reading(town.settings) as session:
        row = (
            session.execute(
                select(MoveRow).where(c(MoveRow).activity_id == sip).order_by(c(MoveRow).id.desc())
            )
            .scalars()
            .first()
        )
    assert row is not None
    assert (row.by, row.on_day, row.decision_id) == (FRIDA.name, date(2024, 1, 10), town.decision)
    assert row.at.tzinfo is not None


def test_a_dissolved_groups_referred_questions_wait_for_its_successor(town: Town) -> None:
    sip, today = town.activity(by="2024-12-31"), date(2024, 2, 1)
    with transaction(town.settings) as session:
        refer(session, [sip], town.deciders, FRIDA, today=today, reason="Vem betalar?")
        given = {"reason": "Ny ordning", "successor": str(town.bjork)}
        dissolve_group(session, town.deciders, given, FRIDA, today=today)
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).referred_to_group_id == town.bjork
    later = date(2024, 3, 1)
    with pytest.raises(Refused, match="avvecklad"), transaction(town.settings) as session:
        refer(session, [sip], town.deciders, FRIDA, today=later, reason="Åter")


def reached(town: Town, activity_id: int, day: date) -> bool:
    """Does a letter reach somebody whom the plan names?"""
    with reading(town.settings) as session:
        found = facts(session, activity_id, day)
    assert found
    return found[1].responsible_reachable


@pytest.mark.parametrize(
    "gone", ["unreachable_since = '2024-02-01 08:00:00+00:00'", "left_on = '2024-02-28'"]
)
def test_who_has_left_is_reached_through_her_stand_in_only(town: Town, gone: str) -> None:
    sip = town.activity(by="2024-12-31", person=town.alice)
    march = date(2024, 3, 1)
    assert reached(town, sip, march)
    with transaction(town.settings) as session:
        session.execute(text(f"UPDATE person SET {gone} WHERE name = 'Alice'"))
    assert not reached(town, sip, march)
    for person, stand_in in ((town.alice, town.bob), (town.bob, town.charlie)):
        with transaction(town.settings) as session:
            session.add(
                Delegation(
                    person_id=person,
                    delegate_id=stand_in,
                    first_day=march,
                    last_day=date(2024, 3, 31),
                    at=clock.now(),
                    by="Frida",
                )
            )
    assert reached(town, sip, march)
    assert not reached(town, sip, date(2024, 4, 1))
    with transaction(town.settings) as session:
        session.execute(text("UPDATE person SET left_on = '2024-02-28' WHERE name = 'Bob'"))
    assert reached(town, sip, march)  # through Charlie, who stands in for Bob


def test_a_group_that_rests_is_reached_through_the_group_that_speaks_for_it(town: Town) -> None:
    contact = town.activity(by="2024-12-31", group=town.bjork)
    with transaction(town.settings) as session:
        session.add(
            GroupPause(group_id=town.bjork, first_day=date(2024, 3, 1), reason="Ingen ordförande")
        )
    assert reached(town, contact, date(2024, 2, 29))
    assert not reached(town, contact, date(2024, 3, 1))
    with transaction(town.settings) as session:
        session.get_one(Group, town.bjork).parent_id = town.alm
    assert reached(town, contact, date(2024, 3, 1))
    with transaction(town.settings) as session:
        session.get_one(Group, town.alm).ends_on = date(2024, 2, 1)
    assert not reached(town, contact, date(2024, 3, 1))


def test_what_runs_over_time_goes_on_after_a_follow_up_with_its_next_review(town: Town) -> None:
    network = town.decided("Nätverk", runs_on=date(2024, 9, 2))
    town.move(network, Move.START, today=date(2024, 9, 2))
    brought = Brought(result="Fyra möten.", figure="4")
    town.move(network, Move.FOLLOW_UP, brought, today=date(2024, 9, 2))
    town.move(network, Move.CONTINUE, today=date(2024, 9, 3))

    def next_review() -> date | None:
        with reading(town.settings) as session:
            return session.get_one(Activity, network).next_review_on

    assert next_review() == date(2025, 3, 3)
    town.move(network, Move.FOLLOW_UP, brought, today=date(2024, 10, 1))
    town.move(network, Move.CONTINUE, today=date(2024, 10, 2))
    assert next_review() == date(2025, 3, 3)  # still to come: it stays
