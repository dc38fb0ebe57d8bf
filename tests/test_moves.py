"""Moves on file: state and history in one transaction, or nothing. On both databases."""

import threading
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from models.activity import Activity, Responsibility
from models.columns import c
from models.database import engine_for, reading, transaction
from models.decision import MoveRow
from models.lifecycle import Brought, Move, Outcome, State
from models.moves import Mover, Refused, facts, make_move
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
    with pytest.raises(Refused) as refused:
        town.move(bare, Move.DECIDE)
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


def test_of_ten_who_start_the_same_activity_at_once_one_wins(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    told: list[str] = []
    ready = threading.Barrier(10)

    def start(name: str) -> None:
        ready.wait()
        try:
            with transaction(town.settings) as session:
                make_move(session, sip, Move.START, Mover(name), today=date(2024, 2, 1))
            told.append("won")
        except Refused as refused:
            told.append(refused.sentences[0])

    threads = [threading.Thread(target=start, args=(f"p{n}",)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("won") == 1
    assert len(told) == 10
    assert history(town, sip).count((State.DECIDED, State.ONGOING)) == 1


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
