"""What stands in for somebody stops at the border of a collaboration that does not know her.

Frida leads the cast's collaboration. Gustav leads another, where Nils is at home; Gustav stands in
for Nils in everything. Later Frida's takes Nils on and names him.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from intake.lives.changes import ask_to_change
from intake.people.declining import decline
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Collaboration, Group, RegisterNote
from models.known import PersonKnown
from models.letter import Letter, LetterItem, Notice, NoticeKind
from models.letter_kinds import LetterKind
from models.part import Part, PartState, put_part
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from notifications.directory import answering_now, answers_for, parts_for
from tests.cast import FRIDA, Town
from tests.sign_in.conftest import TODAY, browser, signs_in, with_sign_in
from web.app import create_app
from web.belongings import whose

pytestmark = pytest.mark.by_turns
WEDNESDAY = "2025-01-29"


@dataclass
class Border:
    """Two collaborations, and Nils who comes to be known in both."""

    town: Town
    app: FastAPI
    fridas: int
    gustavs: int
    ceder: int  # Gustav's group
    gustav: int
    nils: int

    def signed_in(self, address: str) -> TestClient:
        """Somebody's browser, signed in."""
        client = browser(self.app)
        signs_in(self.town, client, address)
        return client

    def taken_on(self, person: int, collaboration: int, name: str) -> None:
        """A collaboration takes somebody on."""
        with transaction(self.town.settings) as session:
            row = PersonKnown(
                person_id=person, collaboration_id=collaboration, name=name, since=clock.now()
            )
            session.add(row)

    def stands_in(self, person: int, delegate: int, **scope: Any) -> int:  # noqa: ANN401
        """Somebody stands in for a person for a month. Returns the delegation's number."""
        with transaction(self.town.settings) as session:
            row = Delegation(
                person_id=person,
                delegate_id=delegate,
                first_day=TODAY - timedelta(days=1),
                last_day=TODAY + timedelta(days=60),
                at=clock.now(),
                by="Gustav",
                **scope,
            )
            session.add(row)
            session.flush()
            assert row.id is not None
            return row.id

    def answers(self, person: int) -> set[int]:
        """The activities that somebody answers for."""
        with reading(self.town.settings) as session:
            return {one.activity_id for one in answers_for(session, person, TODAY)}

    def asked(self, activity: int) -> list[str]:
        """Who is asked about an activity, by name."""
        with reading(self.town.settings) as session:
            return [who.name for who in answering_now(session, activity, TODAY)]

    def holds(self, delegation: int) -> bool:
        """Has nobody ended it?"""
        with reading(self.town.settings) as session:
            return session.get_one(Delegation, delegation).ended_on is None


@pytest.fixture
def border(town: Town) -> Border:
    """Both collaborations, on each database."""
    with transaction(town.settings) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        ceder = Group(collaboration_id=other.id, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org", home_collaboration_id=other.id)
        nils = Person(name="Nils", email="nils@example.org", home_collaboration_id=other.id)
        session.add_all([ceder, gustav, nils])
        session.flush()
        assert ceder.id is not None
        assert gustav.id is not None
        assert nils.id is not None
        session.add(RoleHolding(person_id=gustav.id, group_id=ceder.id, role=Role.PROCESS_LEADER))
        fridas = session.get_one(Group, town.alm).collaboration_id
        numbers = (fridas, other.id, ceder.id, gustav.id, nils.id)
    return Border(town, create_app(with_sign_in(town.settings)), *numbers)


def of_gustavs(border: Border, person: int) -> int:
    """An activity of Gustav's group, which names a person."""
    activity = border.town.decided("Mötesplats", by="2025-02-28", person=person)
    with transaction(border.town.settings) as session:
        plan = Plan(collaboration_id=border.gustavs, group_id=border.ceder, title="Plan Ceder")
        session.add(plan)
        session.flush()
        row = session.get_one(Activity, activity)
        row.plan_id, row.group_id = plan.id or 0, border.ceder
    return activity


def test_gustav_who_leads_two_renames_her_where_she_is_known_and_reads_no_name_of_her_home(
    border: Border,
) -> None:
    """Bob is at home with Frida; Gustav's Annan calls him B. Berg, and his Tredje knows him not."""
    border.taken_on(border.town.bob, border.gustavs, "B. Berg")
    with transaction(border.town.settings) as session:
        third = Collaboration(name="Vårdsamverkan Tredje")
        session.add(third)
        session.flush()
        assert third.id is not None
        tall = Group(collaboration_id=third.id, name="NOSAM Tall")
        session.add(tall)
        session.flush()
        assert tall.id is not None
        leads = RoleHolding(group_id=tall.id, person_id=border.gustav, role=Role.PROCESS_LEADER)
        session.add(leads)
        number = third.id
    gustav = border.signed_in("gustav@example.org")
    page = f"/personer/{border.town.bob}"
    given = {"name": "Bo Berg", "email": "bob@example.org"}
    assert gustav.post(f"{page}/andra", data=given).status_code in (200, 303)
    told = select(c(RegisterNote).collaboration_id, c(RegisterNote).words)
    with reading(border.town.settings) as session:
        notes = session.execute(told.where(c(RegisterNote).person_id == border.town.bob)).tuples()
        found = dict(notes.all())
    assert "B. Berg" in found[border.gustavs]
    assert number not in found
    assert "från Bob" not in gustav.get(page).text


@pytest.mark.parametrize("typed", ["Nils", "nils@example.org", "NOSAM Ceder"])
def test_frida_who_types_whom_only_gustav_knows_names_nobody(border: Border, typed: str) -> None:
    """The words stand as she typed them, and he is not asked."""
    given = {"responsible": typed, "reason": "Ny ansvarig"}
    hers = border.town.decided("Anhörigstöd", by="2025-12-31", person=border.town.bob)
    with transaction(border.town.settings) as session:
        ask_to_change(session, hers, given, FRIDA, today=TODAY)
    named = c(Responsibility)
    with reading(border.town.settings) as session:
        rows = session.execute(
            select(named.kind, named.words, named.person_id, named.group_id).where(
                named.activity_id == hers
            )
        )
        assert [tuple(row) for row in rows] == [(Answerable.WORDS, typed, None, None)]
    assert hers not in border.answers(border.nils)


def test_who_stands_in_elsewhere_gets_nothing_where_she_is_unknown(border: Border) -> None:
    border.stands_in(border.nils, border.gustav)
    border.taken_on(border.nils, border.fridas, "Nils")
    activity = border.town.decided("Trygg hemgång", by="2025-02-28", person=border.nils)
    assert border.asked(activity) == ["Nils"]
    assert border.answers(border.gustav) == set()
    assert border.answers(border.nils) == {activity}
    border.town.morning(WEDNESDAY)
    about_it = [one for one in border.town.letters() if "Trygg hemgång" in one.text]
    assert [letter.to_address for letter in about_it] == ["nils@example.org"]
    page = border.signed_in("frida@example.org").get(f"/aktiviteter/{activity}").text
    assert "Nils" in page
    assert "Gustav" not in page


def test_the_same_holds_the_other_way(border: Border) -> None:
    border.stands_in(border.town.alice, border.town.bob)
    border.taken_on(border.town.alice, border.gustavs, "Alice")
    activity = of_gustavs(border, border.town.alice)
    assert border.asked(activity) == ["Alice"]
    assert border.answers(border.town.bob) == set()
    page = border.signed_in("gustav@example.org").get(f"/aktiviteter/{activity}").text
    assert "Alice" in page
    assert "Bob" not in page


def test_who_stands_in_answers_where_she_is_known(border: Border) -> None:
    border.stands_in(border.nils, border.gustav)
    at_home = of_gustavs(border, border.nils)
    assert border.asked(at_home) == ["Gustav"]
    assert at_home in border.answers(border.gustav)
    border.taken_on(border.nils, border.fridas, "Nils")
    border.taken_on(border.gustav, border.fridas, "Gustav")
    activity = border.town.decided("Trygg hemgång", by="2025-02-28", person=border.nils)
    assert border.asked(activity) == ["Gustav"]
    assert border.answers(border.gustav) == {at_home, activity}


def test_a_role_is_stood_in_for_by_who_is_known_where_the_group_is(border: Border) -> None:
    border.stands_in(border.nils, border.gustav)
    border.town.holds(border.nils, border.town.bjork, Role.DEPUTY)
    border.stands_in(border.town.charlie, border.nils)
    activity = border.town.decided("SIP", by="2025-02-28", group=border.town.bjork)
    assert border.asked(activity) == ["Nils"]  # for Charlie; from him it goes no further


def test_parts_stop_at_the_border_too(border: Border) -> None:
    border.stands_in(border.nils, border.gustav)
    border.taken_on(border.nils, border.fridas, "Nils")
    activity = border.town.decided("Trygg hemgång", by="2025-02-28")
    part_of(border, activity, border.nils)
    with reading(border.town.settings) as session:
        assert parts_for(session, border.gustav, TODAY) == {}
        assert activity in parts_for(session, border.nils, TODAY)


def part_of(border: Border, activity: int, person: int) -> int:
    """A part of an activity that a person answers for."""
    after = {
        "name": "Alm",
        "state": PartState.UNANSWERED,
        "since": TODAY,
        "responsible": "Nils",
        "kind": Answerable.PERSON,
        "person_id": person,
    }
    with transaction(border.town.settings) as session:
        return put_part(session, activity, None, after, "Frida", TODAY)


def test_why_no_letter_came_names_no_stand_in_from_elsewhere(border: Border) -> None:
    border.stands_in(border.nils, border.gustav)
    asked = {"person": str(border.nils), "dag": str(TODAY)}
    gustavs = border.signed_in("gustav@example.org").get("/utskick/varfor", params=asked)
    assert "Frågorna går till ersättaren Gustav." in gustavs.text
    border.taken_on(border.nils, border.fridas, "Nils")
    fridas = border.signed_in("frida@example.org").get("/utskick/varfor", params=asked)
    assert fridas.status_code == 200
    assert "Gustav" not in fridas.text


def told_of(border: Border, delegation: int, person: int) -> int:
    """The letter that tells somebody that she stands in. Returns its number."""
    now = clock.now()
    with transaction(border.town.settings) as session:
        notice = Notice(
            delegation_id=delegation,
            kind=NoticeKind.DELEGATION,
            rung=0,
            due_on=date(2025, 1, 9),
            reached_on=date(2025, 1, 9),
        )
        letter = Letter(
            person_id=person,
            kind=LetterKind.MORNING,
            on_day=date(2025, 1, 9),
            to_name="x",
            to_address="x@example.org",
            subject="Du ersätter någon",
            text="",
            html="",
            message_id=f"<{delegation}@example.org>",
            queued_at=now,
            not_before=now,
        )
        session.add_all([notice, letter])
        session.flush()
        assert letter.id is not None
        assert notice.id is not None
        session.add(LetterItem(letter_id=letter.id, notice_id=notice.id))
        return letter.id


def test_a_letter_about_a_stand_in_is_their_homes(border: Border) -> None:
    border.town.holds(border.gustav, border.town.bjork, Role.MEMBER)  # so Frida knows Gustav
    letter = told_of(border, border.stands_in(border.nils, border.gustav), border.gustav)
    with reading(border.town.settings) as session:
        found = whose(session, "letter_id", letter)
    assert found is not None
    assert found.collaborations == {border.gustavs}
    fridas, gustavs = border.signed_in("frida@example.org"), border.signed_in("gustav@example.org")
    assert "Du ersätter någon" not in fridas.get("/utskick").text
    assert fridas.get(f"/utskick/{letter}").status_code == 403
    assert "Du ersätter någon" in gustavs.get("/utskick").text
    assert gustavs.get(f"/utskick/{letter}").status_code == 200


@pytest.mark.parametrize("home", ["elsewhere", "nowhere"])
def test_a_letter_about_people_of_two_homes_is_the_administrators(
    border: Border, home: str
) -> None:
    with transaction(border.town.settings) as session:
        nils = session.get_one(Person, border.nils)
        nils.home_collaboration_id = border.fridas if home == "elsewhere" else None
    border.town.holds(border.nils, border.ceder, Role.MEMBER)
    letter = told_of(border, border.stands_in(border.nils, border.gustav), border.gustav)
    for leader in ("frida@example.org", "gustav@example.org"):
        client = border.signed_in(leader)
        assert "Du ersätter någon" not in client.get("/utskick").text
        assert client.get(f"/utskick/{letter}").status_code == 403


def test_who_says_no_leaves_parts_and_stand_ins_there(border: Border) -> None:
    border.taken_on(border.nils, border.fridas, "Nils")
    activity = border.town.decided("Trygg hemgång", by="2025-02-28")
    part = part_of(border, activity, border.nils)
    at_home = part_of(border, of_gustavs(border, border.nils), border.nils)
    there = [
        border.stands_in(border.nils, border.town.alice),
        border.stands_in(border.town.alice, border.nils, activity_id=activity),
        border.stands_in(border.town.alice, border.nils, group_id=border.town.alm, role=Role.CHAIR),
    ]
    kept = border.stands_in(border.nils, border.gustav)
    with transaction(border.town.settings) as session:
        decline(session, border.nils, border.fridas, today=TODAY)
    with reading(border.town.settings) as session:
        rows = session.execute(select(c(Part).id, c(Part).kind, c(Part).person_id))
        parts = {id_: (kind, person) for id_, kind, person in rows}
        assert session.get_one(Part, part).responsible == "Nils"
    assert parts[part] == (Answerable.WORDS, None)
    assert parts[at_home] == (Answerable.PERSON, border.nils)
    assert [border.holds(one) for one in there] == [False, False, False]
    assert border.holds(kept)
