"""What Frida did with groups, roles, stand-ins and names is taken back, and stays in the log.

It is as if it had never been where nobody met it; what has mattered is ended instead.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from config import clock
from intake.people import declining, groups, last_day, persons, roles
from intake.people.delegation import EVERYTHING, Scope, delegate, end_delegation
from intake.people.register_undo import take_back
from models.administrator import Administrator
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Group, GroupPause, RegisterNote
from models.meeting import MeetingPresent
from models.moves import Refused
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from models.register_change import RegisterChange, RegisterDeed
from models.session import SignedIn
from models.shared_mailbox import SharedMailbox
from models.status_round import Meeting
from models.undoing import Undoing, stands
from notifications.directory import answering_now
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.two_collaborations import Neighbours, neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
MONDAY, TUESDAY, FRIDAY = date(2024, 6, 10), date(2024, 6, 11), date(2024, 6, 14)


def do(town: Town, what: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Frida does something on Monday."""
    with transaction(town.settings) as session:
        return what(session, *args, FRIDA, **({"today": MONDAY} | kwargs))


def newest(town: Town) -> int:
    """The number of the newest change of the register that stands."""
    row = c(RegisterChange)
    with reading(town.settings) as session:
        return int(session.execute(select(func.max(row.id)).where(stands(row))).scalar_one())


def undo(town: Town, *ids: int, today: date = MONDAY) -> None:
    """Frida takes changes back: the newest, unless told which."""
    with transaction(town.settings) as session:
        take_back(session, ids or [newest(town)], FRIDA, today=today)


def refused(town: Town, *ids: int, today: date = MONDAY) -> str:
    with pytest.raises(Refused) as said:
        undo(town, *ids, today=today)
    return str(said.value)


def asked(town: Town, activity: int, today: date = MONDAY) -> list[str]:
    with reading(town.settings) as session:
        return [f"{w.name}, {w.how}" for w in answering_now(session, activity, today)]


def roles_of(town: Town, group: int) -> list[tuple[int, str, date | None]]:
    h = c(RoleHolding)
    with reading(town.settings) as session:
        rows = session.execute(
            select(h.person_id, h.role, h.ends_on).where(h.group_id == group).order_by(h.id)
        )
        return [tuple(row) for row in rows]


def log_of(town: Town, group: int) -> list[tuple[str, bool]]:
    """What the group's history says, and whether it stands; oldest first."""
    note, change = c(RegisterNote), c(RegisterChange)
    with reading(town.settings) as session:
        rows = session.execute(
            select(note.words, change.undone_id.is_(None))
            .outerjoin(RegisterChange, change.id == note.change_id)
            .where(note.group_id == group)
            .order_by(note.id)
        )
        return [(words, bool(standing)) for words, standing in rows]


def takes(town: Town, who: str, role: str = "vice ordförande", **given: str) -> None:
    """Somebody takes a role in NOSAM Alm."""
    do(town, roles.take_role, town.alm, None, {"person": who, "role": role, **given})


def ends(town: Town, person: int, group: int, **given: str) -> None:
    h = c(RoleHolding)
    with reading(town.settings) as session:
        held = select(h.id).where(h.person_id == person, h.group_id == group)
        number = session.execute(held).scalar_one()
    do(town, roles.end_role, number, given)


# --- Roles


def test_a_role_that_was_taken_by_mistake_leaves_no_trace_and_stays_in_the_log(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    before = roles_of(town, town.alm)
    takes(town, "Bob", "ordförande")
    assert len(asked(town, sip)) == 2
    undo(town, today=TUESDAY)
    assert roles_of(town, town.alm) == before
    assert asked(town, sip) == ["Alice, via ordförande i NOSAM Alm"]
    assert log_of(town, town.alm) == [("Bob blir ordförande i NOSAM Alm.", False)]
    with reading(town.settings) as session:
        told = session.execute(select(c(Undoing).by, c(Undoing).on_day)).one()
    assert tuple(told) == ("Frida", TUESDAY)
    takes(town, "Bob", "ordförande")  # and may be taken for good
    assert len(roles_of(town, town.alm)) == len(before) + 1


def test_what_was_taken_back_is_not_taken_back_once_more(town: Town) -> None:
    takes(town, "Bob")
    number = newest(town)
    undo(town, number)
    assert "redan taget tillbaka" in refused(town, number)


def test_a_role_by_which_she_was_written_to_is_ended_instead(town: Town) -> None:
    town.decided(by="2024-06-24")
    takes(town, "Bob", "ordförande")
    town.morning(MONDAY)
    assert "Bob" in {letter.to_name for letter in town.letters()}
    assert refused(town, today=TUESDAY) == (
        "Bob har fått brev härifrån sedan dess. Rollen tas därför inte tillbaka. Avsluta den i "
        "stället."
    )


def test_a_letter_that_never_went_is_none(town: Town) -> None:
    town.decided(by="2024-06-24")
    takes(town, "Bob", "ordförande")
    town.morning(MONDAY)
    with transaction(town.settings) as session:
        session.execute(text("UPDATE letter SET state = 'empty'"))
    undo(town, today=TUESDAY)
    assert town.bob not in {person for person, *_ in roles_of(town, town.alm)}


def test_a_role_by_which_she_was_at_a_meeting_is_ended_instead(town: Town) -> None:
    takes(town, "Bob")
    with transaction(town.settings) as session:
        meeting = Meeting(group_id=town.alm, on_day=MONDAY)
        session.add(meeting)
        session.flush()
        assert meeting.id is not None
        there = MeetingPresent(
            meeting_id=meeting.id, person_id=town.bob, name="Bob", at=clock.now(), by="Frida"
        )
        session.add(there)
    assert "närvarande på ett möte" in refused(town)


def test_who_could_lead_for_a_day_cannot_never_have_led(town: Town) -> None:
    takes(town, "Bob", "processledare")
    assert refused(town, today=TUESDAY) == (
        "Bob har haft processledarens rättigheter sedan 10 juni 2024. Rollen tas därför inte "
        "tillbaka. Avsluta den i stället."
    )
    undo(town)


def test_what_stands_on_a_role_is_taken_back_first(town: Town) -> None:
    takes(town, "Bob")
    taken = newest(town)
    ends(town, town.bob, town.alm)
    assert refused(town, taken) == "Rollen har avslutats sedan dess. Ta tillbaka det först."
    undo(town)
    undo(town, taken)
    assert town.bob not in {person for person, *_ in roles_of(town, town.alm)}


def test_both_at_once_are_taken_back_newest_first(town: Town) -> None:
    takes(town, "Bob")
    taken = newest(town)
    ends(town, town.bob, town.alm)
    undo(town, taken, newest(town))
    assert town.bob not in {person for person, *_ in roles_of(town, town.alm)}


def test_a_role_that_somebody_stands_in_for_is_not_taken_back(town: Town) -> None:
    takes(town, "Bob")
    taken, scope = newest(town), Scope(group_id=town.alm, role="vice ordförande")
    given = {"delegate": "Charlie", "last_day": "15 augusti"}
    do(town, delegate, town.bob, given, scope=scope)
    assert refused(town, taken) == "Någon ersätter Bob i den rollen. Avsluta det först."


def test_a_role_that_ended_by_mistake_is_hers_as_long_as_it_was(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    before = roles_of(town, town.alm)
    ends(town, town.alice, town.alm, ends_on="2024-06-09")
    assert not asked(town, sip)[0].startswith("Alice")
    undo(town, today=FRIDAY)
    assert roles_of(town, town.alm) == before
    assert asked(town, sip) == ["Alice, via ordförande i NOSAM Alm"]
    assert log_of(town, town.alm)[-1][1] is False


def test_a_role_is_not_held_twice_because_its_end_is_taken_back(town: Town) -> None:
    ends(town, town.alice, town.alm, ends_on="2024-06-09")
    ended = newest(town)
    takes(town, "Alice", "ordförande", starts_on="2024-07-01")
    assert refused(town, ended) == "Alice är redan ordförande i NOSAM Alm de dagarna."


def test_who_has_left_does_not_get_her_role_back(town: Town) -> None:
    ends(town, town.alice, town.alm)
    ended = newest(town)
    do(town, last_day.leave, town.alice, {"left_on": "2024-06-10"})
    assert "Alice har en sista dag, 10 juni 2024." in refused(town, ended)


def test_who_leaves_and_ends_before_that_has_her_role_until_she_leaves(town: Town) -> None:
    do(town, last_day.leave, town.alice, {"left_on": "2024-07-31"})
    ends(town, town.alice, town.alm, ends_on="2024-06-30")
    undo(town)
    assert roles_of(town, town.alm)[0][2] == date(2024, 7, 31)


def test_an_end_that_was_changed_again_is_taken_back_from_the_newest(town: Town) -> None:
    ends(town, town.alice, town.alm, ends_on="2024-06-30")
    first = newest(town)
    ends(town, town.alice, town.alm, ends_on="2024-07-31")
    assert "Rollen har fått en annan sista dag" in refused(town, first)
    undo(town)
    undo(town, first)
    assert roles_of(town, town.alm)[0][2] is None


def test_a_mailbox_that_has_become_shared_does_not_lead_again(town: Town) -> None:
    ends(town, town.frida, town.deciders)
    with transaction(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        shared = {"person_id": town.frida, "collaboration_id": area}
        session.add_all([SharedMailbox(**shared, name=name) for name in ("Frida", "Hugo")])
    assert refused(town) == roles.A_SHARED_MAILBOX


def test_who_has_said_no_since_does_not_get_her_role_back(town: Town) -> None:
    two = neighbours(town)
    with transaction(town.settings) as session:
        session.get_one(Person, two.gustav).home_collaboration_id = two.theirs
        roles.take_role(session, town.alm, two.gustav, {"role": "ledamot"}, FRIDA, today=MONDAY)
    ends(town, two.gustav, town.alm, ends_on="2024-06-09")
    with transaction(town.settings) as session:
        declining.decline(session, two.gustav, two.ours, today=MONDAY)
    assert "har sagt nej till att finnas med här" in refused(town)


@pytest.mark.parametrize("deed", ["given", "ended"])
def test_a_leader_whose_rights_are_others_signs_in_anew(town: Town, deed: str) -> None:
    if deed == "given":
        takes(town, "Bob", "processledare")
    else:
        do(town, roles.take_role, town.alm, town.bob, {"role": "processledare"})
        ends(town, town.bob, town.alm)
    with transaction(town.settings) as session:
        long_ago = clock.now() - timedelta(days=1)
        session.add(
            SignedIn(person_id=town.bob, token_hash="x", began_at=long_ago, seen_at=long_ago)
        )
    undo(town)
    with reading(town.settings) as session:
        assert session.execute(select(c(SignedIn).ended_at)).scalar_one() is not None


# --- Stand-ins


def hand_over(town: Town, to: str = "Bob", scope: Scope = EVERYTHING, **given: str) -> int:
    fields = {"delegate": to, "last_day": "15 augusti", **given}
    return int(do(town, delegate, town.alice, fields, scope=scope))


def test_a_stand_in_by_mistake_never_stood_in(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    hand_over(town, first_day="2024-06-12")
    undo(town, today=FRIDAY)
    assert asked(town, sip, FRIDAY) == ["Alice, via ordförande i NOSAM Alm"]
    hand_over(town, "Charlie", first_day="2024-06-12")  # the days are free again
    assert asked(town, sip, FRIDAY)[0].startswith("Charlie")


def test_a_stand_in_who_was_asked_is_ended_instead(town: Town) -> None:
    town.decided(by="2024-06-24")
    hand_over(town)
    town.morning(MONDAY)
    assert refused(town, today=TUESDAY) == (
        "Bob har fått brev härifrån sedan dess. Ersättaren tas därför inte tillbaka. Avsluta det i "
        "stället."
    )


def test_a_stand_in_who_was_told_and_has_not_begun_never_is(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    hand_over(town, first_day="2024-07-01")
    town.morning(MONDAY)
    undo(town, today=TUESDAY)
    assert asked(town, sip, date(2024, 7, 2)) == ["Alice, via ordförande i NOSAM Alm"]


def test_a_stand_in_who_was_ended_by_mistake_goes_on(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    number = hand_over(town)
    do(town, end_delegation, number)
    assert asked(town, sip) == ["Alice, via ordförande i NOSAM Alm"]
    undo(town, today=TUESDAY)
    assert asked(town, sip, TUESDAY)[0].startswith("Bob")


def test_nobody_stands_in_beside_another_because_an_end_is_taken_back(town: Town) -> None:
    number = hand_over(town)
    do(town, end_delegation, number)
    ended = newest(town)
    hand_over(town, "Charlie", first_day="2024-07-01")
    assert refused(town, ended).startswith("Charlie ersätter redan Alice från 1 juli")


def test_a_stand_in_whose_days_are_over_is_made_anew(town: Town) -> None:
    number = hand_over(town, last_day="2024-06-12")
    do(town, end_delegation, number)
    assert "den dagen har varit" in refused(town, today=FRIDAY)


def test_a_stand_in_for_what_is_closed_does_not_go_on(town: Town) -> None:
    sip = town.activity()
    number = hand_over(town, scope=Scope(activity_id=sip))
    do(town, end_delegation, number)
    with transaction(town.settings) as session:
        session.execute(text("UPDATE activity SET state = 'avslagen'"))
    assert "Aktiviteten är inte öppen längre" in refused(town)


# --- Groups


def area_of(town: Town) -> int:
    with reading(town.settings) as session:
        return session.get_one(Group, town.alm).collaboration_id


def make(town: Town, **given: str) -> int:
    fields = {"name": "NOSAM Ceder", **given}
    return int(do(town, groups.save_group, area_of(town), fields))


def change(town: Town, group: int, **given: str) -> None:
    do(town, groups.save_group, area_of(town), given, group_id=group)


def facts_of(town: Town, group: int) -> tuple[Any, ...]:
    g = c(Group)
    asked_for = select(g.name, g.kind, g.parent_id, g.starts_on, g.temporary).where(g.id == group)
    with reading(town.settings) as session:
        return tuple(session.execute(asked_for).one())


def test_a_group_by_mistake_is_gone_and_its_collaboration_tells_it(town: Town) -> None:
    group = make(town)
    undo(town)
    with reading(town.settings) as session:
        assert session.get(Group, group) is None
        note = session.execute(select(RegisterNote)).scalar_one()
    assert (note.words, note.collaboration_id, note.group_id) == (
        *("Ny grupp: NOSAM Ceder.", area_of(town), None),
    )
    make(town)  # and its name is free


def test_a_group_with_something_on_it_stays(town: Town) -> None:
    group = make(town)
    made = newest(town)
    do(town, roles.take_role, group, town.bob, {"role": "ledamot"})
    with transaction(town.settings) as session:
        session.add(Plan(collaboration_id=area_of(town), group_id=group, title="Plan"))
    assert refused(town, made) == (
        "NOSAM Ceder har redan medlemmar och planer, så gruppen tas inte bort. Avveckla den i "
        "stället."
    )


def test_a_group_whose_roles_were_taken_back_may_go(town: Town) -> None:
    group = make(town)
    made = newest(town)
    do(town, roles.take_role, group, town.bob, {"role": "ledamot"})
    change(town, group, name="NOSAM Cypress")
    assert "Gruppen har ändrats sedan dess." in refused(town, made)
    undo(town)
    undo(town)
    undo(town, made)
    with reading(town.settings) as session:
        assert session.get(Group, group) is None
        assert session.execute(select(func.count()).select_from(RegisterNote)).scalar() == 3


def test_every_fact_of_a_group_is_as_it_was(town: Town) -> None:
    before = facts_of(town, town.bjork)
    told = {"name": "Fel", "kind": "NOSAM", "parent": "NOSAM Alm", "starts_on": "2024-01-01"}
    change(town, town.bjork, **told, temporary="ja")
    assert len(set(facts_of(town, town.bjork)) & set(before)) < len(before)
    undo(town)
    assert facts_of(town, town.bjork) == before


def test_what_was_changed_again_is_taken_back_from_the_newest(town: Town) -> None:
    change(town, town.bjork, name="NOSAM Bok")
    first = newest(town)
    change(town, town.bjork, name="NOSAM Bok", kind="NOSAM")
    undo(town, first)  # the kind is another matter
    assert facts_of(town, town.bjork)[:2] == ("NOSAM Björk", "NOSAM")
    change(town, town.bjork, name="NOSAM Bok", kind="NOSAM")
    again = newest(town)
    change(town, town.bjork, name="NOSAM Bärnsten", kind="NOSAM")
    assert "Gruppens namn har ändrats igen sedan dess." in refused(town, again)


def test_a_name_that_another_group_has_by_now_does_not_come_back(town: Town) -> None:
    change(town, town.bjork, name="NOSAM Bok")
    renamed = newest(town)
    make(town, name="NOSAM Björk")
    assert refused(town, renamed).startswith("Det finns en annan grupp som heter NOSAM Björk.")


def test_groups_do_not_come_to_lie_under_each_other(town: Town) -> None:
    change(town, town.bjork, name="NOSAM Björk", parent="NOSAM Alm")
    change(town, town.bjork, name="NOSAM Björk")
    moved = newest(town)
    change(town, town.alm, name="NOSAM Alm", parent="NOSAM Björk")
    assert "Flytta den först." in refused(town, moved)


def pauses_of(town: Town) -> list[tuple[date, date | None, str]]:
    p = c(GroupPause)
    with reading(town.settings) as session:
        return [tuple(row) for row in session.execute(select(p.first_day, p.last_day, p.reason))]


def test_a_pause_by_mistake_is_gone_while_no_day_has_gone_by(town: Town) -> None:
    do(town, groups.pause_group, town.alm, {"reason": "Sommar", "first_day": "2024-05-01"})
    assert "Gruppen har varit vilande sedan 10 juni 2024" in refused(town, today=TUESDAY)
    undo(town)
    assert pauses_of(town) == []


def test_a_pause_to_come_is_gone_on_any_day_before_it(town: Town) -> None:
    do(town, groups.pause_group, town.alm, {"reason": "Sommar", "first_day": "2024-07-01"})
    undo(town, today=FRIDAY)
    assert pauses_of(town) == []


@pytest.mark.parametrize("first", ["2024-06-01", "2024-06-10", "2024-07-01"])
def test_a_group_that_went_on_by_mistake_rests_as_long_as_was_said(town: Town, first: str) -> None:
    given = {"reason": "Sommar", "first_day": first, "last_day": "2024-08-31"}
    do(town, groups.pause_group, town.alm, given)
    before = pauses_of(town)
    do(town, groups.resume_group, town.alm)
    assert pauses_of(town) != before
    undo(town, today=TUESDAY)
    assert pauses_of(town) == before


def test_a_group_does_not_rest_twice_on_a_day(town: Town) -> None:
    do(town, groups.pause_group, town.alm, {"reason": "Sommar", "first_day": "2024-07-01"})
    do(town, groups.resume_group, town.alm)
    went_on = newest(town)
    do(town, groups.pause_group, town.alm, {"reason": "Höst", "first_day": "2024-09-01"})
    assert "Gruppen är vilande andra dagar sedan dess." in refused(town, went_on)


# --- Names


def test_a_name_is_what_it_was_and_what_was_called_since_is_not_lost(town: Town) -> None:
    given = {"name": "Alise", "email": "alice@example.org"}
    do(town, persons.change_person, town.alice, given)
    first = newest(town)
    do(town, persons.change_person, town.alice, given | {"name": "Alis"})
    assert refused(town, first) == (
        "Namnet har ändrats igen, till Alis. Ändra det i formuläret i stället."
    )
    undo(town)
    undo(town, first)
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).name == "Alice"


def test_an_administrators_name_is_no_leaders_to_take_back(town: Town) -> None:
    given = {"name": "Alise", "email": "alice@example.org"}
    do(town, persons.change_person, town.alice, given)
    with transaction(town.settings) as session:
        session.add(Administrator(person_id=town.alice, starts_on=MONDAY, by="x", at=clock.now()))
    assert "är administratör" in refused(town)


# --- The database


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM register_change",
        "UPDATE register_change SET last_after = '2024-01-01'",
        "UPDATE register_change SET holding_id = NULL",
        "UPDATE register_note SET words = 'annat'",
        "UPDATE register_note SET group_id = NULL",
        "UPDATE register_note SET collaboration_id = NULL",
        "DELETE FROM register_note",
    ],
)
def test_the_log_is_history(town: Town, deed: str) -> None:
    takes(town, "Bob")
    with (
        pytest.raises(DatabaseError, match="is history"),
        transaction(town.settings) as session,
    ):
        session.execute(text(deed))


def test_what_was_taken_back_stays_so(town: Town) -> None:
    takes(town, "Bob")
    undo(town)
    with (
        pytest.raises(DatabaseError, match="is history"),
        transaction(town.settings) as session,
    ):
        session.execute(text("UPDATE register_change SET undone_id = NULL"))


@pytest.mark.parametrize(
    ("deed", "what"),
    [
        (RegisterDeed.ROLE_TAKEN, {}),
        (RegisterDeed.GROUP_RESTS, {"group_id": 1}),
        (RegisterDeed.RENAMED, {"person_id": 1, "name_before": " ", "name_after": "Bo"}),
        (RegisterDeed.STAND_IN_MADE, {"group_id": 1}),
    ],
)
def test_a_change_is_about_what_its_deed_is_about(
    town: Town, deed: RegisterDeed, what: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError), transaction(town.settings) as session:
        session.add(RegisterChange(deed=deed, batch=1, on_day=MONDAY, at=clock.now(), **what))


# --- The pages


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser on Monday."""
    return browse(create_app(small_town.settings.model_copy(update={"today": MONDAY})))


def undo_in(page: str) -> tuple[str, str]:
    """Where the receipt's Ångra is sent, and what it names."""
    receipt = page.partition('class="receipt"')[2].partition("</div>")[0]
    found = re.search(r'action="([^"]+)".*?name="gjort" value="(\d+)"', receipt, re.S)
    assert found, receipt
    return found[1], found[2]


def test_a_role_is_taken_back_from_its_receipt(small_town: Town, frida: TestClient) -> None:
    given = {"person": "Bob", "role": "ledamot"}
    page = frida.post(f"/grupper/{small_town.alm}/roller", data=given).text
    assert "Bob blir ledamot i NOSAM Alm." in page
    where, key = undo_in(page)
    back = frida.post(where, data={"gjort": key}).text
    assert "Togs tillbaka av" in back.partition('class="receipt"')[2].partition("</div>")[0]
    assert '<li class="undone">' in back
    assert "<strong>Bob blir ledamot i NOSAM Alm.</strong>" in back
    again = frida.post(where, data={"gjort": key})
    assert (again.status_code, "redan taget tillbaka" in again.text) == (422, True)


def test_a_name_a_role_and_a_stand_in_are_taken_back_on_her_page(
    small_town: Town, frida: TestClient
) -> None:
    alice = f"/personer/{small_town.alice}"
    for deed, given, words in (
        ("andra", {"name": "Alise", "email": "alice@example.org"}, "ändras från Alice till Alise"),
        ("roller", {"group": str(small_town.bjork), "role": "ledamot"}, "blir ledamot i NOSAM Bj"),
        ("ersattare", {"delegate": "Bob", "last_day": "15 augusti", "scope": ""}, "Bob ersätter"),
    ):
        page = frida.post(f"{alice}/{deed}", data=given).text
        assert words in page.partition('class="receipt"')[2].partition("</div>")[0]
        where, key = undo_in(page)
        assert where == f"{alice}/angra"
        assert frida.post(where, data={"gjort": key}).status_code == 200
    history = frida.get(alice).text.partition('id="hant"')[2]
    assert history.count('class="undone"') == 3
    assert "/angra" not in history
    with reading(small_town.settings) as session:
        assert session.get_one(Person, small_town.alice).name == "Alice"


def test_a_stand_in_is_taken_back_on_the_activitys_page(
    small_town: Town, frida: TestClient
) -> None:
    sip = small_town.decided(by="2024-12-31")
    given = {"for": str(small_town.alice), "delegate": "Bob", "last_day": "15 augusti"}
    page = frida.post(f"/aktiviteter/{sip}/ersattare", data=given).text
    where, key = undo_in(page)
    assert where == f"/aktiviteter/{sip}/ersattare/angra"
    other = small_town.decided("Nätverk", by="2024-12-31")
    elsewhere = frida.post(f"/aktiviteter/{other}/ersattare/angra", data={"gjort": key})
    assert elsewhere.status_code == 422
    back = frida.post(where, data={"gjort": key}).text
    assert "Togs tillbaka av" in back
    assert asked(small_town, sip) == ["Alice, via ordförande i NOSAM Alm"]


def test_a_new_group_is_taken_back_and_told_of_by_its_collaboration(
    small_town: Town, frida: TestClient
) -> None:
    page = frida.post("/grupper/ny", data={"name": "NOSAM Ceder"}).text
    where, key = undo_in(page)
    gone = frida.post(where, data={"gjort": key})
    assert gone.url.path == f"/samverkan/{area_of(small_town)}"
    assert "Ny grupp: NOSAM Ceder." in gone.text.partition('id="hant"')[2]
    assert "NOSAM Ceder" not in frida.get("/grupper").text


def test_a_refusal_stands_at_the_top_and_nothing_is_changed(
    small_town: Town, frida: TestClient
) -> None:
    page = frida.post(
        f"/grupper/{small_town.alm}/roller", data={"person": "Bob", "role": "ledamot"}
    ).text
    where, key = undo_in(page)
    ends(small_town, small_town.bob, small_town.alm)
    answer = frida.post(where, data={"gjort": key})
    assert answer.status_code == 422
    assert "Rollen har avslutats sedan dess." in answer.text.partition('class="errors"')[2]


def test_days_of_meetings_are_taken_back_from_their_receipt(
    small_town: Town, frida: TestClient
) -> None:
    to = f"/moten/{small_town.alm}/dagar"
    frida.post(to, data={"days": "2024-09-10"})
    page = frida.post(to, data={"days": "2024-09-10\n2024-10-08"}).text
    receipt = page.partition('class="receipt"')[2].partition("</div>")[0]
    assert "Inlagt: 8 oktober 2024" in receipt  # the other was there
    found = re.search(r'name="days" value="([^"]+)"', receipt)
    assert found
    back = frida.post(to, data={"days": found[1], "remove": "ja"}).text
    assert "Borttaget: 8 oktober 2024" in back
    with reading(small_town.settings) as session:
        days = session.execute(select(c(Meeting).on_day)).scalars()
        assert list(days) == [date(2024, 9, 10)]


# --- Two collaborations


@pytest.fixture
def two(small_town: Town) -> Neighbours:
    return neighbours(small_town)


def kept_in(two: Neighbours) -> str:
    """The key of the newest change."""
    with reading(two.town.settings) as session:
        row = c(RegisterChange)
        return str(session.execute(select(row.batch).order_by(row.id.desc())).scalars().first())


def test_a_leader_takes_nothing_back_of_another_collaboration(two: Neighbours) -> None:
    frida, gustav = two.frida(), two.gustavs()
    given = {"person": "Bob", "role": "ledamot"}
    assert frida.post(f"/grupper/{two.our_group}/roller", data=given).status_code == 200
    key = {"gjort": kept_in(two)}
    assert gustav.post(f"/grupper/{two.our_group}/angra", data=key).status_code == 403
    assert gustav.post(f"/grupper/{two.their_group}/angra", data=key).status_code == 422
    assert gustav.post(f"/personer/{two.gustav}/angra", data=key).status_code in (403, 422)
    with reading(two.town.settings) as session:
        assert session.execute(select(c(Undoing).id)).first() is None
    assert frida.post(f"/grupper/{two.our_group}/angra", data=key).status_code == 200


def test_a_stand_in_for_all_that_she_has_is_only_taken_back_where_all_is_seen(
    two: Neighbours,
) -> None:
    """Alice is known in both: what she handed over whole is no single leader's."""
    with transaction(two.town.settings) as session:
        held = RoleHolding(person_id=two.town.alice, group_id=two.their_group, role=Role.MEMBER)
        session.add(held)
    given = {"delegate": "bob@example.org", "last_day": "2099-01-01"}
    today = clock.today()
    given["last_day"] = (today + timedelta(days=30)).isoformat()
    with transaction(two.town.settings) as session:
        session.add(RoleHolding(person_id=two.town.bob, group_id=two.their_group, role="ledamot"))
        session.flush()
        delegate(session, two.town.alice, given, FRIDA, today=today)
    page = f"/personer/{two.town.alice}"
    frida, key = two.frida(), {"gjort": kept_in(two)}
    shown = frida.get(page).text.partition('id="hant"')[2]
    assert "Bob ersätter Alice" in shown
    assert key["gjort"] not in shown
    assert frida.post(f"{page}/angra", data=key).status_code == 422
    assert two.machine().post(f"{page}/angra", data=key).status_code == 200
    with reading(two.town.settings) as session:
        assert session.execute(select(c(Delegation).ended_on)).scalar_one() is not None


def test_a_reader_sees_the_history_without_the_button(two: Neighbours) -> None:
    given = {"person": "Bob", "role": "ledamot"}
    two.frida().post(f"/grupper/{two.our_group}/roller", data=given)
    page = two._signed_in(two.town.alice).get(f"/grupper/{two.our_group}?gjort={kept_in(two)}").text
    assert "Bob blir ledamot i Temagrupp äldre." in page
    assert "Ångra" not in page
