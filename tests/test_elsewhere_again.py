"""Somebody known in two collaborations: what the leader of the other one cannot learn or do.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, and has taken
her on as Alice Falsk.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import Session

from config import clock
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.known import with_doubts_on_file
from intake.forms import TOLD_ONCE, Reading
from intake.people.register import names_in
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Group
from models.letter import Link
from models.person import Person, Role, RoleHolding
from tests.sign_in.conftest import TODAY, is_in
from tests.test_people_elsewhere import ALICE, Two, holding, two

__all__ = ["two"]

pytestmark = pytest.mark.by_turns
EVA = "eva.ek@example.org"
WHY = "/utskick/varfor"


@pytest.fixture
def known(two: Two) -> Two:
    """Alice is known in both."""
    two.takes_on(two.signed_in("gustav@example.org"), "Alice Falsk", ALICE)
    return two


def told_why(client: TestClient, person: str, day: str = "2025-01-09") -> str:
    answer = client.get(WHY, params={"person": person, "dag": day})
    assert answer.status_code == 200
    return str(answer.text)


def gustavs_activity(two: Two, what: str) -> int:
    """An activity of Gustav's group that Alice answers for."""
    made = two.town.decided(what, by="2025-02-28", person=two.town.alice)
    two.town.change(made, group_id=two.ceder)
    return made


def test_why_no_letter_tells_gustav_nothing_of_what_is_fridas(known: Two) -> None:
    known.town.decided("Trygg hemgång", by="2025-02-28", person=known.town.alice)
    known.town.morning("2025-01-29")
    with transaction(known.town.settings) as session:
        alice = session.get_one(Person, known.town.alice)
        alice.left_on = TODAY - timedelta(days=1)
    gustavs = known.signed_in("gustav@example.org")
    for person in (str(known.town.alice), ALICE, "Alice Falsk"):
        for day in ("2025-01-09", "2025-01-29", "2025-01-30"):
            shown = told_why(gustavs, person, day)
            assert "Alice Falsk," in shown
            for secret in ("Trygg hemgång", "Alice,", "slutade", "Brevet är", "28 februari"):
                assert secret not in shown, (secret, day)
    fridas = told_why(known.signed_in("frida@example.org"), "Alice", "2025-01-29")
    assert "Brevet är skrivet och väntar" in fridas


def test_why_no_letter_finds_her_by_the_name_that_gustav_typed_only(known: Two) -> None:
    assert "Ingen eller flera" in told_why(known.signed_in("gustav@example.org"), "Alice")
    assert "Ingen eller flera" in told_why(known.signed_in("frida@example.org"), "Alice Falsk")


def test_why_no_letter_tells_gustav_of_his_own(known: Two) -> None:
    known.town.decided("Trygg hemgång", by="2025-02-28", person=known.town.alice)
    gustavs_activity(known, "Säker läkemedelslista")
    gustavs = told_why(known.signed_in("gustav@example.org"), "Alice Falsk")
    assert "Säker läkemedelslista" in gustavs
    assert "Trygg hemgång" not in gustavs
    fridas = told_why(known.signed_in("frida@example.org"), "Alice")
    assert "Trygg hemgång" in fridas
    assert "Säker läkemedelslista" not in fridas


def known_first_by_gustav(two: Two) -> str:
    """Gustav is first to take Eva on; then Frida makes her process leader. Returns her page."""
    page = two.takes_on(two.signed_in("gustav@example.org"), "Eva", EVA)
    given = {"name": "Eva", "email": EVA, "group": str(two.town.alm), "role": "processledare"}
    fridas = two.signed_in("frida@example.org")
    made = fridas.post("/personer/ny", data=given, follow_redirects=False)
    assert made.headers["location"].partition("?")[0] == page
    return page


def test_a_last_day_that_gustav_sets_ends_only_what_is_gustavs(two: Two) -> None:
    page = known_first_by_gustav(two)
    person_id = int(page.rpartition("/")[2])
    evas = two.signed_in(EVA)
    now = clock.now()
    with transaction(two.town.settings) as session:
        session.add(Link(person_id=person_id, made_at=now, expires_at=now.replace(year=2100)))
    gustavs = two.signed_in("gustav@example.org")
    shown = gustavs.get(page).text
    assert "Länkar i brev härifrån (1)" in shown  # of her own, since she is known
    left = gustavs.post(f"{page}/slutat", data={"left_on": "2025-01-09"}, follow_redirects=False)
    assert left.status_code == 303
    assert gustavs.post(f"{page}/lankar", data={"link": "1"}).status_code == 422
    assert gustavs.post(f"{page}/kalender", data={"gor": "skapa"}).status_code == 403
    with reading(two.town.settings) as session:
        eva = session.get_one(Person, person_id)
        assert eva.left_on is None
        there = session.get_one(RoleHolding, holding(two, person_id, two.ceder))
        here = session.get_one(RoleHolding, holding(two, person_id, two.town.alm))
        assert (str(there.ends_on), here.ends_on) == ("2025-01-09", None)
        (link,) = session.execute(select(Link)).scalars()
        assert link.revoked_at is None
        assert link.expires_at.year == 2100
    assert is_in(evas)
    assert "Sista dag i Vårdsamverkan Annan" in gustavs.get(page).text
    root = two.signed_in("root@example.org")
    root.post(f"{page}/slutat", data={"left_on": "2025-01-09"})
    assert str(two.person(person_id).left_on) == "2025-01-09"


def test_stand_ins_end_with_the_last_day_where_it_is_set(two: Two) -> None:
    page = known_first_by_gustav(two)
    person_id = int(page.rpartition("/")[2])
    last, now = TODAY + timedelta(days=90), clock.now()
    with transaction(two.town.settings) as session:
        for group, delegate in ((two.ceder, two.gustav), (two.town.alm, two.town.alice)):
            session.add(
                Delegation(
                    person_id=person_id,
                    delegate_id=delegate,
                    group_id=group,
                    role="ledamot",
                    first_day=TODAY,
                    last_day=last,
                    at=now,
                    by="x",
                )
            )
    two.signed_in("gustav@example.org").post(f"{page}/slutat", data={"left_on": "2025-01-20"})
    with reading(two.town.settings) as session:
        rows = session.execute(select(c(Delegation).group_id, c(Delegation).ended_on)).all()
    ended = {row.group_id: row.ended_on for row in rows}
    assert ended[two.ceder] == TODAY + timedelta(days=11)
    assert ended[two.town.alm] is None


def test_letters_about_herself_are_not_listed_where_she_has_only_a_role(two: Two) -> None:
    """Eva is at home in Frida's collaboration; her only role is in Gustav's."""
    with transaction(two.town.settings) as session:
        eva = Person(name="Eva", email=EVA, home_collaboration_id=area_of(session, two.town.alm))
        session.add(eva)
        session.flush()
        assert eva.id is not None
        session.add(RoleHolding(person_id=eva.id, group_id=two.ceder, role=Role.MEMBER))
    evas = two.signed_in(EVA)
    evas.post("/mina-uppgifter", data={"gor": "adress", "email": "eva.privat@example.org"})
    gustavs = two.signed_in("gustav@example.org")
    for path in ("/utskick", "/utskick.xlsx"):
        shown = words_of(gustavs.get(path))
        assert "eva.privat@example.org" not in shown
        assert EVA not in shown
    assert "gustav@example.org" in words_of(gustavs.get("/utskick.xlsx"))
    roots = two.signed_in("root@example.org")
    assert "eva.privat@example.org" in words_of(roots.get("/utskick.xlsx"))


def area_of(session: Session, group: int) -> int:
    return session.get_one(Group, group).collaboration_id


def words_of(answer: Response) -> str:
    """What a page or a workbook says."""
    assert answer.status_code == 200
    if not answer.content.startswith(b"PK"):
        return answer.text
    book = load_workbook(BytesIO(answer.content))
    return " ".join(str(v) for sheet in book for row in sheet.values for v in row)


def test_gustavs_plan_finds_alice_by_the_name_that_gustav_typed(known: Two) -> None:
    with reading(known.town.settings) as session:
        gustavs = names_in(session, known.other)
        fridas = names_in(session, area_of(session, known.town.alm))
    assert gustavs.people["alice falsk"] == known.town.alice
    assert "alice" not in gustavs.people
    assert fridas.people["alice"] == known.town.alice
    assert "alice falsk" not in fridas.people


def test_a_form_finds_her_by_the_name_of_its_own_collaboration(known: Two) -> None:
    with reading(known.town.settings) as session:
        given = {"her": "alice  FALSK", "other": "Alice"}
        gustavs = Reading(given, TODAY, session)
        assert gustavs.person("her", {known.other}) == known.town.alice
        assert gustavs.person("other", {known.other}) == TOLD_ONCE
        fridas = Reading(given, TODAY, session)
        assert fridas.person("other", {area_of(session, known.town.alm)}) == known.town.alice
        assert fridas.person("her", {area_of(session, known.town.alm)}) == TOLD_ONCE


def test_what_a_plan_is_asked_about_speaks_the_name_that_was_typed(known: Two) -> None:
    rutin = ActivityDraft("Ny rutin", Source("plan.csv", 1, 2), responsible=("Alice Falks",))
    draft = PlanDraft("Plan", "plan.csv", "0" * 64, activities=[rutin])
    with reading(known.town.settings) as session:
        asked = with_doubts_on_file(session, draft, organisation="Vårdsamverkan Annan")
    (doubt,) = asked.activities[0].questions
    assert doubt.proposal == "Alice Falsk"
