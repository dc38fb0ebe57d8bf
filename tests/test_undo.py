"""Nothing that is registered by mistake is for ever: it is taken back, and stays in the log."""

import re
from datetime import date
from time import process_time
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from config import policy
from intake.lives.changes import ask_to_change
from intake.lives.entries import log_of
from intake.lives.many import Alter, do_many
from intake.lives.parts import ask_to_put_parts
from intake.lives.registered import ask_to_register
from intake.lives.undo import look, take_back, withdraw_plan
from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import Change, MoveRow
from models.lifecycle import Brought, Move, Outcome, State
from models.moves import Refused, make_move, make_moves, propose
from models.part import Part, is_told
from models.plan import Goal, Plan, PlanChange
from models.status import StatusAnswer
from models.undoing import batch_of, stands
from models.versions import versions
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.two_collaborations import neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 3, 4)
WHOLE = Brought(
    reason="ett skäl",
    decision_id=1,
    result="Gick bra",
    figure="12",
    outcome=Outcome.ORDINARY,
    kept_by="Hemvården",
    resume_on=date(2024, 9, 1),
    stand_in_group_id=1,
    deadline=date(2024, 12, 1),
    next_plan_id=2,
)
FAR = [
    *(Move.DECIDE, Move.START, Move.FOLLOW_UP, Move.CONTINUE, Move.PAUSE, Move.PROLONG),
    *(Move.RESUME, Move.RETURN, Move.DECIDE, Move.START, Move.PAUSE, Move.ABANDON, Move.REOPEN),
    *(Move.DECIDE, Move.START, Move.FOLLOW_UP, Move.END),
]


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 4 March 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def next_plan(town: Town) -> int:
    """A plan for next year."""
    with transaction(town.settings) as session:
        first = session.get_one(Plan, town.plan)
        plan = Plan(collaboration_id=first.collaboration_id, group_id=town.alm, title="Plan 2025")
        session.add(plan)
        session.flush()
        assert plan.id is not None
        return plan.id


def row_of(town: Town, activity_id: int) -> tuple[object, ...]:
    """All that is on file in an activity's own row."""
    with reading(town.settings) as session:
        asked = select(*Activity.__table__.columns).where(c(Activity).id == activity_id)  # type: ignore[attr-defined]
        return tuple(session.execute(asked).one())


def latest(town: Town, activity_id: int) -> str:
    """The newest entry about an activity, as a form names it."""
    with reading(town.settings) as session:
        found: list[tuple[Any, int]] = []
        for table in (MoveRow, Change, StatusAnswer):
            row = c(table)
            asked = select(row.at, row.batch).where(row.activity_id == activity_id, stands(row))
            found += session.execute(asked).tuples().all()
        return str(max(found)[1])


def undo(town: Town, activity_id: int, key: str = "", reason: str = "") -> int:
    """Frida takes an entry back, the newest unless told otherwise, with what stands on it."""
    key = key or latest(town, activity_id)
    with transaction(town.settings) as session:
        chain = look(session, [activity_id], key, held=True)
        return take_back(session, chain, FRIDA, today=TODAY, reason=reason)


def test_every_move_is_taken_back_to_just_what_was_before(town: Town) -> None:
    activity_id = town.activity(by="2024-06-30")
    stood = []
    for move in FAR:
        stood.append(row_of(town, activity_id))
        town.move(activity_id, move, WHOLE, today=date(2024, 2, 1))
    for move, before in zip(reversed(FAR), reversed(stood), strict=True):
        undo(town, activity_id)
        assert row_of(town, activity_id) == before, move
    undo(town, activity_id)
    assert town.state(activity_id) is State.WITHDRAWN
    with reading(town.settings) as session:
        assert len(session.execute(select(c(MoveRow).id)).all()) == len(FAR) + 1
        assert session.execute(select(c(MoveRow).id).where(stands(c(MoveRow)))).all() == []


def test_what_was_agreed_anew_goes_back_to_the_words_and_people_before(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30", person=town.bob)
    town.change(activity_id, reported_done_on=date(2024, 2, 2))
    before = row_of(town, activity_id)
    with transaction(town.settings) as session:
        new = {
            "what": "Tryggare hemgång",
            "deadline": "hösten 2024",
            "responsible": "Alice",
            "goals": "",
            "target_groups": "Äldre",
            "participants": "Regionen",
            "promises": "Redovisas i årsrapporten.",
            "funding": "100 000 kr",
            "reason": "Nytt läge",
        }
        ask_to_change(session, activity_id, new, FRIDA, today=TODAY)
    assert row_of(town, activity_id) != before
    undo(town, activity_id, reason="Fel plan")
    assert row_of(town, activity_id) == before
    with reading(town.settings) as session:
        r = c(Responsibility)
        named = session.execute(select(r.kind, r.words, r.person_id)).tuples().all()
        for table in ("participant", "promise", "activity_target_group"):
            assert session.execute(text(f"SELECT 1 FROM {table}")).all() == []
        assert len(session.execute(text("SELECT 1 FROM activity_goal")).all()) == 1
    assert [tuple(one) for one in named] == [("person", "p", town.bob)]


def test_a_row_is_taken_back_once_and_nothing_else_of_it_changes(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    undo(town, activity_id)
    for words in (
        "UPDATE move SET undone_id = NULL",
        "UPDATE move SET reason = 'annat'",
        "DELETE FROM move",
        "UPDATE undoing SET reason = 'annat'",
    ):
        with pytest.raises(DatabaseError), transaction(town.settings) as session:
            session.execute(text(words))


def test_what_stands_on_it_goes_with_it_and_nothing_older(town: Town) -> None:
    activity_id = town.activity(by="2024-06-30")
    proposed = row_of(town, activity_id)
    town.move(activity_id, Move.DECIDE, WHOLE)
    decided = latest(town, activity_id)
    town.move(activity_id, Move.START)
    with transaction(town.settings) as session:
        new = {"deadline": "2024-09-01", "reason": "Tar längre tid"}
        ask_to_change(session, activity_id, new, FRIDA, today=TODAY)
        chain = look(session, [activity_id], decided)
    assert [row.says for row in chain.asked] == ["besluta"]
    assert [row.says for row in chain.above] == ["deadline", "starta"]
    undo(town, activity_id, decided)
    assert row_of(town, activity_id) == proposed


def test_a_new_part_that_is_taken_back_is_asked_about_no_more(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    with transaction(town.settings) as session:
        given = {"name": "Lerum", "responsible": "Bob", "deadline": "2024-05-01"}
        ask_to_put_parts(session, activity_id, given, FRIDA, today=TODAY)
    with transaction(town.settings) as session:
        given = {"name": "Lerum", "state": "klar", "responsible": "Alice", "deadline": ""}
        ask_to_put_parts(session, activity_id, given, FRIDA, today=date(2024, 3, 5))
        key = str(batch_of(session, date(2024, 3, 5)))
    undo(town, activity_id, key)
    with reading(town.settings) as session:
        part = session.execute(select(Part).where(is_told())).scalar_one()
        assert (part.state, part.person_id) == ("inte svarat", town.bob)
        assert (part.since, part.deadline_last) == (TODAY, date(2024, 5, 1))
        first = session.execute(text("SELECT batch FROM part_change ORDER BY id")).scalars().first()
    undo(town, activity_id, str(first))
    with reading(town.settings) as session:
        assert session.execute(select(c(Part).id).where(is_told())).all() == []
    town.morning("2024-05-02")
    assert "part" not in dict(town.rungs(activity_id))


def test_whose_part_was_taken_back_opens_the_page_behind_her_link(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30", person=town.alice)
    town.decided("SIP", by="2024-04-10", person=town.bob)
    with transaction(town.settings) as session:
        given = {"name": "Lerum", "responsible": "Bob", "deadline": "2024-05-01"}
        ask_to_put_parts(session, activity_id, given, FRIDA, today=TODAY)
        key = str(batch_of(session, TODAY))
    town.morning("2024-04-03")
    (path,) = {
        found
        for letter in town.letters()
        if letter.to_name == "Bob"
        for found in re.findall(r"/svar/[\w.-]+", letter.text)
    }
    undo(town, activity_id, key)
    page = browse(create_app(town.settings)).get(path)
    assert page.status_code == 200
    assert "SIP" in page.text
    assert "Lerum" not in page.text


def test_an_answer_she_registered_is_taken_back_but_not_what_alice_said_herself(
    town: Town,
) -> None:
    activity_id = town.decided(by="2024-03-10")
    with transaction(town.settings) as session:
        given = {"who": "Alice", "way": "phone", "says": "done"}
        ask_to_register(session, activity_id, given, FRIDA, today=TODAY)
    undo(town, activity_id)
    with reading(town.settings) as session:
        assert session.get_one(Activity, activity_id).reported_done_on is None
    town.morning("2024-03-09")
    link = re.search(r"/svar/\S+", town.letters()[-1].text)
    assert link
    phone = browse(create_app(town.settings.model_copy(update={"today": date(2024, 3, 9)})))
    town.move(activity_id, Move.START, today=date(2024, 3, 8))
    started = latest(town, activity_id)
    phone.post(link[0] + "/skicka", data={f"says_{activity_id}": "done"})
    with transaction(town.settings) as session:
        chain = look(session, [activity_id], started)
        assert [row.says for row in chain.kept] == ["done"]
        take_back(session, chain, FRIDA, today=date(2024, 3, 11))
    assert town.state(activity_id) is State.DECIDED
    with reading(town.settings) as session:
        assert session.get_one(Activity, activity_id).reported_done_on == date(2024, 3, 9)


def test_what_was_carried_over_comes_back_with_what_its_successor_has_done(town: Town) -> None:
    next_plan(town)
    activity_id = town.decided(by="2024-06-30")
    before = row_of(town, activity_id)
    town.move(activity_id, Move.CARRY_OVER, WHOLE)
    carried = latest(town, activity_id)
    with reading(town.settings) as session:
        successor = session.execute(
            select(c(Activity).id).where(c(Activity).successor_of == activity_id)
        ).scalar_one()
    town.move(successor, Move.DECIDE, WHOLE)
    with reading(town.settings) as session:
        chain = look(session, [activity_id], carried)
        # Asked from the other end it is the same: the two go together.
        proposed = next(row for row in chain.rows if row.says == "föreslå")
        other = look(session, [successor], proposed.key)
    assert {row.name for row in other.rows} == {row.name for row in chain.rows}
    assert {row.activity_id for row in chain.above} == {successor}
    undo(town, activity_id, carried)
    assert row_of(town, activity_id) == before
    assert town.state(successor) is State.WITHDRAWN
    town.move(activity_id, Move.CARRY_OVER, WHOLE)
    assert town.state(successor) is State.PROPOSED


def test_an_undone_carrying_over_that_holds_again_has_its_goals_again(town: Town) -> None:
    """The goal came to the next plan with it, went with the undoing, and comes back with that."""
    activity_id = town.decided("Trygg hemgång")
    with transaction(town.settings) as session:
        area = session.execute(select(c(Plan).collaboration_id)).scalar_one()
        following = Plan(collaboration_id=area, group_id=town.alm, title="Plan 2025")
        session.add(following)
        session.flush()
        plan_id = following.id
    brought = Brought(reason="Fel", next_plan_id=plan_id)
    town.move(activity_id, Move.CARRY_OVER, brought, TODAY)
    town.move(activity_id, Move.UNDO_CARRY_OVER, brought, TODAY)
    asked = select(c(Goal).text).where(c(Goal).plan_id == plan_id)
    served = (
        select(c(Goal).text)
        .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
        .join(Activity, c(Activity).id == c(ActivityGoal).activity_id)
        .where(c(Activity).successor_of == activity_id)
    )
    with transaction(town.settings) as session:
        assert list(session.execute(asked).scalars()) == []
        key = log_of(session, [activity_id])[activity_id][0].key
        take_back(session, look(session, [activity_id], key), FRIDA, today=TODAY)
        assert list(session.execute(asked).scalars()) == ["Hålla ihop vården"]
        assert list(session.execute(served).scalars()) == ["Hålla ihop vården"]
        told = select(c(PlanChange).goal_id).where(c(PlanChange).plan_id == plan_id)
        assert len(list(session.execute(told))) == 3


def test_what_was_done_with_many_is_taken_back_as_one(town: Town) -> None:
    ids = [town.activity(f"Aktivitet {n}", by="2024-06-30") for n in range(30)]
    before = [row_of(town, id_) for id_ in ids]
    with transaction(town.settings) as session:
        promises = policy.load(town.settings.home)
        rows = {id_: {"deadline": "2024-12-24", "reason": "Nytt"} for id_ in ids}
        many = do_many(session, Alter.DEADLINE, rows, FRIDA, today=TODAY, promises=promises)
        assert len(many.done) == len(ids)
        key = str(batch_of(session, TODAY))
    with transaction(town.settings) as session:
        take_back(session, look(session, ids, key, held=True), FRIDA, today=TODAY)
    assert [row_of(town, id_) for id_ in ids] == before


def test_a_list_drawn_before_it_was_taken_back_is_an_old_list(town: Town) -> None:
    activity_id = town.activity(by="2024-06-30")
    with reading(town.settings) as session:
        first = versions(session, [activity_id])
    town.move(activity_id, Move.DECIDE, WHOLE)
    undo(town, activity_id)
    with reading(town.settings) as session:
        assert versions(session, [activity_id]) != first


def test_a_move_of_before_the_log_kept_anything_is_worked_out(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    town.move(activity_id, Move.START)
    before = row_of(town, activity_id)
    town.move(activity_id, Move.PAUSE, WHOLE)
    paused = row_of(town, activity_id)
    town.move(activity_id, Move.ABANDON, WHOLE)
    forget(town)
    undo(town, activity_id, f"move-{newest_move(town, activity_id)}")
    assert row_of(town, activity_id) == paused
    undo(town, activity_id, f"move-{newest_move(town, activity_id)}")
    assert row_of(town, activity_id) == before


def test_a_move_that_cannot_be_worked_out_says_so(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    town.move(activity_id, Move.START)
    town.move(activity_id, Move.RETURN, WHOLE)
    forget(town)
    with pytest.raises(Refused, match="innan det gick att ångra"):
        undo(town, activity_id, f"move-{newest_move(town, activity_id)}")


def forget(town: Town) -> None:
    """Let the log be as older versions wrote it."""
    with transaction(town.settings) as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER move_no_update"))
        else:
            session.execute(text("DROP TRIGGER move_is_history ON move"))
        session.execute(update(MoveRow).values(before={}, batch=None))


def newest_move(town: Town, activity_id: int) -> int:
    """The number of the newest move that stands."""
    with reading(town.settings) as session:
        rows = select(c(MoveRow).id).where(c(MoveRow).activity_id == activity_id)
        return int(max(session.execute(rows.where(stands(c(MoveRow)))).scalars()))


def test_two_who_take_the_same_back_do_it_once(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    with transaction(town.settings) as session:
        chain = look(session, [activity_id], latest(town, activity_id))
    with transaction(town.settings) as session:
        take_back(session, chain, FRIDA, today=TODAY)
    with pytest.raises(Refused, match="redan taget tillbaka"), transaction(town.settings) as again:
        take_back(again, chain, FRIDA, today=TODAY)


def test_nothing_is_taken_back_in_a_plan_that_is_closed(town: Town) -> None:
    activity_id = town.decided(by="2024-06-30")
    with transaction(town.settings) as session:
        session.execute(update(Plan).values(closed_on=TODAY))
    with pytest.raises(Refused, match=r"är avslutad\. Öppna den igen först"):
        undo(town, activity_id)


def test_a_question_that_a_mistake_settled_is_asked_still(town: Town) -> None:
    activity_id = town.decided(by="2024-03-10")
    town.morning("2024-03-03")
    town.morning("2024-03-04")
    town.move(activity_id, Move.START, today=TODAY)
    key = latest(town, activity_id)
    town.morning("2024-03-05")
    assert settled(town) == [True]
    undo(town, activity_id, key)
    town.morning("2024-03-06")
    assert settled(town) == [False]


def settled(town: Town) -> list[bool]:
    """Whether each question of a letter has been settled."""
    with reading(town.settings) as session:
        days = session.execute(text("SELECT settled_on FROM notice WHERE kind = 'deadline'"))
        return [day is not None for day in days.scalars()]


# On the pages.


def test_a_move_is_taken_back_in_its_receipt_with_one_click(town: Town, frida: TestClient) -> None:
    activity_id = town.activity(by="2024-06-30")
    moved = {"move": "besluta", "decision": "Samordningsgruppen, 2024-03-01, § 7"}
    page = frida.post(f"/aktiviteter/{activity_id}/flytta", data=moved)
    assert "Sparat: Beslutad." in page.text
    key = re.search(r'name="gjort" value="([^"]+)"', page.text)
    assert key
    page = frida.post(f"/aktiviteter/{activity_id}/angra", data={"gjort": key[1]})
    assert page.url.path == f"/aktiviteter/{activity_id}"
    assert "Togs tillbaka av " in page.text
    assert "4 mars" in page.text
    assert town.state(activity_id) is State.PROPOSED


def test_a_proposal_that_is_taken_back_leaves_a_page_that_says_so(
    town: Town, frida: TestClient
) -> None:
    activity_id = town.activity(by="2024-06-30")
    key = latest(town, activity_id)
    page = frida.post(f"/aktiviteter/{activity_id}/angra", data={"gjort": key})
    assert page.status_code == 200
    assert "Återtagen" in page.text
    assert "Togs tillbaka av " in page.text


def test_the_page_shows_what_stands_on_it_and_takes_it_all_back(
    town: Town, frida: TestClient
) -> None:
    activity_id = town.activity(by="2024-06-30")
    town.move(activity_id, Move.DECIDE, WHOLE)
    decided = latest(town, activity_id)
    town.move(activity_id, Move.START)
    page = frida.post(f"/aktiviteter/{activity_id}/angra", data={"gjort": decided})
    assert "Mer har hänt sedan dess" in page.text
    assert town.state(activity_id) is State.ONGOING
    seen = re.search(r'name="kedja" value="(\w+)"', page.text)
    assert seen
    town.move(activity_id, Move.PAUSE, WHOLE)  # somebody was first
    given = {"gjort": decided, "kedja": seen[1], "reason": "Fel rad"}
    page = frida.post(f"/aktiviteter/{activity_id}/angra", data=given)
    assert "Pausad" in page.text
    assert town.state(activity_id) is State.PAUSED
    seen = re.search(r'name="kedja" value="(\w+)"', page.text)
    assert seen
    page = frida.post(f"/aktiviteter/{activity_id}/angra", data={**given, "kedja": seen[1]})
    assert town.state(activity_id) is State.PROPOSED
    assert "Fel rad" in page.text


def test_what_many_did_is_taken_back_from_its_receipt(town: Town, frida: TestClient) -> None:
    ids = [town.activity(f"A{n}", by="2024-06-30") for n in range(3)]
    with reading(town.settings) as session:
        now = versions(session, ids)
    sent = {f"rad_{id_}": now[id_] for id_ in ids} | {"gor": "besluta", "utfor": "ja"}
    sent |= {"decision_group": "NOSAM Alm", "decided_on": "2024-03-01"}
    page = frida.post("/aktiviteter/flera", data=sent | {"decision_reference": "§ 2"})
    assert [town.state(id_) for id_ in ids] == [State.DECIDED] * 3
    key = re.search(r'action="/aktiviteter/angra".*?value="(\d+)"', page.text, re.S)
    assert key
    page = frida.post("/aktiviteter/angra", data={"gjort": key[1]})
    assert "Det som gjordes med tre aktiviteter är taget tillbaka." in page.text
    assert [town.state(id_) for id_ in ids] == [State.PROPOSED] * 3
    page = frida.post("/aktiviteter/angra", data={"gjort": key[1]})
    assert page.status_code == 422
    assert "redan taget tillbaka" in page.text


def test_a_meeting_is_taken_back_as_one(town: Town, frida: TestClient) -> None:
    ids = [town.activity(f"A{n}", by="2024-06-30") for n in range(2)]
    head = {"decision_group": "NOSAM Alm", "decided_on": "2024-03-04", "reference": "§ 4"}
    page = frida.post(f"/moten/{town.alm}", data=head | {"decide_all": "ja"})
    key = re.search(r'action="/aktiviteter/angra".*?value="(\d+)"', page.text, re.S)
    assert key
    frida.post("/aktiviteter/angra", data={"gjort": key[1]})
    assert [town.state(id_) for id_ in ids] == [State.PROPOSED] * 2


@pytest.mark.parametrize("key", ["", "7", "move-9999999", "move-", "x" * 900, "-1", "change-1"])
def test_a_key_of_nothing_is_a_sentence(town: Town, frida: TestClient, key: str) -> None:
    activity_id = town.activity(by="2024-06-30")
    for address in (f"/aktiviteter/{activity_id}/angra", "/aktiviteter/angra"):
        page = frida.post(address, data={"gjort": key})
        assert page.status_code == 422
        assert "redan taget tillbaka, eller så finns det inte" in page.text
    assert town.state(activity_id) is State.PROPOSED


# A plan that was read in by mistake.


def test_a_plan_nobody_has_heard_of_is_gone_from_every_list(town: Town, frida: TestClient) -> None:
    activity_id = town.decided("Fel aktivitet", by="2024-06-30")
    asked = frida.post(f"/planer/{town.plan}/tillbaka", data={"reason": "Fel fil"})
    assert asked.status_code == 422
    assert town.state(activity_id) is State.DECIDED
    page = frida.post(f"/planer/{town.plan}/tillbaka", data={"reason": "Fel fil", "ja": "ja"})
    assert "Planen togs tillbaka av " in page.text
    assert "Fel fil" in page.text
    assert town.state(activity_id) is State.WITHDRAWN
    assert "Plan 2024" not in frida.get("/planer").text
    assert "Fel aktivitet" not in frida.get("/aktiviteter").text
    town.morning("2024-06-23")
    assert town.letters() == []
    with transaction(town.settings) as session:  # its title is free
        first = session.get_one(Plan, town.plan)
        area = first.collaboration_id
        session.add(Plan(collaboration_id=area, group_id=town.alm, title="Plan 2024"))


def test_those_who_had_letters_about_a_plan_are_told_once(town: Town) -> None:
    first = town.decided("Trygg hemgång", by="2024-03-10")
    town.decided("Samordnad vård", by="2024-03-10")
    town.morning("2024-03-09")
    link = re.search(r"/svar/\S+", town.letters()[-1].text)
    assert link
    with transaction(town.settings) as session:
        assert withdraw_plan(session, town.plan, FRIDA, today=date(2024, 3, 9))
    town.morning("2024-03-10")
    told = town.letters()[1:]
    assert [letter.to_name for letter in told] == ["Alice"]
    assert "Plan 2024" in told[0].text
    assert "togs tillbaka av Frida" in told[0].text
    for day in ("2024-03-11", "2024-03-17"):
        town.morning(day)
    assert len(town.letters()) == 2
    phone = browse(create_app(town.settings.model_copy(update={"today": date(2024, 3, 11)})))
    assert "Plan 2024 togs tillbaka 9 mars 2024" in phone.get(link[0]).text
    assert town.state(first) is State.WITHDRAWN


def test_who_had_a_letter_about_what_is_taken_back_is_told_once(town: Town) -> None:
    activity_id = town.activity(by="2024-03-30")
    other = town.decided("Ingen vet något", by="2024-12-30")
    with transaction(town.settings) as session:
        make_move(
            *(session, activity_id, Move.DECIDE, FRIDA),
            today=date(2024, 3, 1),
            brought=Brought(decision_id=town.decision),
        )
    town.morning("2024-03-23")
    assert [letter.to_name for letter in town.letters()] == ["Alice"]
    for id_ in (activity_id, other):
        with transaction(town.settings) as session:
            chain = look(session, [id_], latest(town, id_))
            take_back(session, chain, FRIDA, today=date(2024, 3, 23), reason="Fel möte")
    town.morning("2024-03-24")
    told = town.letters()[-1]
    assert told.to_name == "Alice"
    assert "Det som registrerades om den 1 mars 2024 togs tillbaka av Frida 23 mars" in told.text
    assert "Fel möte" in told.text
    assert "Ingen vet" not in told.text
    number = len(town.letters())
    town.morning("2024-03-25")
    assert "togs tillbaka" not in "".join(one.text for one in town.letters()[number:])


def test_rows_of_another_collaboration_are_set_aside(town: Town) -> None:
    """Gustav leads another collaboration, and has come upon the number of Frida's deed."""
    ids = [town.activity(f"A{n}", by="2024-06-30") for n in range(2)]
    with transaction(town.settings) as session:
        brought = Brought(decision_id=town.decision)
        make_moves(session, ids, Move.DECIDE, FRIDA, today=TODAY, brought=brought)
        key = str(batch_of(session, TODAY))
    gustav = neighbours(town).gustavs()
    page = gustav.post("/aktiviteter/angra", data={"gjort": key})
    assert "Den hör till en annan samverkan." in page.text
    assert "A0" not in page.text
    assert gustav.post(f"/aktiviteter/{ids[0]}/angra", data={"gjort": key}).status_code == 403
    assert gustav.post(f"/planer/{town.plan}/tillbaka", data={}).status_code == 403
    assert {town.state(id_) for id_ in ids} == {State.DECIDED}


def test_five_hundred_are_taken_back_within_two_seconds(small_town: Town) -> None:
    """Measured in the process's own time, so that what else goes on here does not count."""
    town = small_town
    with transaction(town.settings) as session:
        for n in range(500):
            row = Activity(
                plan_id=town.plan,
                group_id=town.alm,
                what=f"Aktivitet {n}",
                source_key=f"rad {n}",
                state_since=TODAY,
            )
            propose(session, row, FRIDA, today=TODAY)
        ids = list(session.execute(select(c(Activity).id)).scalars())
    with transaction(town.settings) as session:
        brought = Brought(decision_id=town.decision)
        day = date(2024, 3, 5)
        make_moves(session, ids, Move.DECIDE, FRIDA, today=day, brought=brought)
        key = str(batch_of(session, day))
    began = process_time()
    with transaction(town.settings) as session:
        take_back(session, look(session, ids, key, held=True), FRIDA, today=day)
    assert process_time() - began < 2
    assert {town.state(id_) for id_ in ids} == {State.PROPOSED}
