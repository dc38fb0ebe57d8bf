"""A mailbox that several share: one letter that names them, found by each name, leading nothing."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.people.comparing import Compared
from intake.people.register import names_in
from intake.people.roles import take_role
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.moves import Refused
from models.person import Person, Role, RoleHolding
from models.shared_mailbox import SharedMailbox, share
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_people import ALICE, BOB, EVERYBODY, TODAY, filed, fingerprint, listed, upload
from web.app import create_app

EVA = "Eva Ek;vard@example.org;NOSAM Alm;ledamot;;"
BO = "Bo By;vard@example.org;NOSAM Alm;ledamot;;"


def box(town: Town) -> Person:
    with reading(town.settings) as session:
        found = select(Person).where(c(Person).email == "vard@example.org")
        shared: Person = session.execute(found).scalar_one()
        return shared


def area_of(town: Town) -> int:
    with reading(town.settings) as session:
        return session.get_one(Group, town.alm).collaboration_id


def sharing(town: Town) -> set[str]:
    with reading(town.settings) as session:
        return set(session.execute(select(c(SharedMailbox).name)).scalars())


def test_both_are_in_one_letter_and_found_by_their_own_names(town: Town) -> None:
    filed(town, EVA, BO)
    shared = box(town)
    assert shared.name == "Bo By och Eva Ek"
    with reading(town.settings) as session:
        people = names_in(session, area_of(town)).people
    assert people["eva ek"] == people["bo by"] == people["bo by och eva ek"] == shared.id
    assert shared.id is not None
    town.decided("Trygg hemgång", by="2025-02-28", person=shared.id)
    town.morning("2025-01-29")
    (letter,) = town.letters()
    assert (letter.to_name, letter.to_address) == ("Bo By och Eva Ek", "vard@example.org")
    assert "Hej Bo By och Eva Ek" in letter.text


def test_the_same_list_again_changes_nothing_and_one_who_leaves_it_shares_no_more(
    town: Town,
) -> None:
    filed(town, EVA, BO)
    assert filed(town, BO, EVA).changes == []
    assert sharing(town) == {"Eva Ek", "Bo By"}
    assert "Namnet ändras" in _told(filed(town, EVA))
    assert (box(town).name, sharing(town)) == ("Eva Ek", set())


def _told(found: Compared) -> str:
    return " ".join(f"Namnet ändras {each.before} {each.after}" for each in found.changes)


def test_nobody_leads_with_a_shared_mailbox(town: Town) -> None:
    found = filed(town, EVA.replace("ledamot", "processledare"), BO)
    assert any("ingen vara processledare" in doubt.swedish for doubt in found.doubts)
    shared = box(town)
    with reading(town.settings) as session:
        held = select(c(RoleHolding).role).where(c(RoleHolding).person_id == shared.id)
        assert set(session.execute(held).scalars()) == {"ledamot"}
    given = {"role": "processledare"}
    with transaction(town.settings) as session, pytest.raises(Refused, match="egen adress"):
        take_role(session, town.alm, shared.id, given, FRIDA, today=TODAY)


def test_who_signs_in_with_one_leads_nothing_whatever_stands_on_file(town: Town) -> None:
    app = create_app(with_sign_in(town.settings))
    with transaction(town.settings) as session:
        session.add(RoleHolding(person_id=town.alice, group_id=town.alm, role=Role.PROCESS_LEADER))
    alices = browser(app)
    signs_in(town, alices, "alice@example.org")
    assert alices.get("/personer/las-in").status_code == 200
    with transaction(town.settings) as session:
        share(session, area_of(town), town.alice, ["Alice", "Eva Ek"])
    assert alices.get("/personer/las-in").status_code == 403


def test_a_list_does_not_make_a_process_leaders_address_a_shared_one(town: Town) -> None:
    found = filed(town, "Frida;frida@example.org;;;;", "Eva Ek;frida@example.org;;;;")
    assert any("en processledare delar inte brevlåda" in doubt.swedish for doubt in found.doubts)
    assert sharing(town) == set()
    with reading(town.settings) as session:
        assert session.get_one(Person, town.frida).name == "Frida"


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser on 10 June 2024."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def test_one_bad_row_is_shown_with_what_to_do_and_the_rest_is_saved(
    small_town: Town, frida: TestClient
) -> None:
    shown = upload(frida, listed("Eva Ek;eva@;NOSAM Alm;;;", "Bo By;bo.by@example.net;;;;")).text
    alert = shown.split('role="alert"')[1]
    assert "En rad sparas inte" in alert
    assert "Rad 2: ”eva@” är ingen e-postadress. Rätta adressen i filen." in alert
    assert "<td>Nej. ”eva@” är ingen e-postadress." in shown
    assert "Ny person: Bo By, bo.by@example.net." in shown
    fields = {"fingerprint": fingerprint(shown), "name": "personer.csv", "spara": "ja"}
    saved = frida.post("/personer/las-in", data=fields)
    assert "En rad sparades inte: rätta i filen" in saved.text
    with reading(small_town.settings) as session:
        names = set(session.execute(select(c(Person).name)).scalars())
    assert "Bo By" in names
    assert "Eva Ek" not in names


def test_a_bad_row_ends_nobodys_role(town: Town) -> None:
    """Alice stands in the list, with an address that cannot be read."""
    filed(town, *EVERYBODY, "Charlie;charlie@example.org;NOSAM Alm;ledamot;;")
    bad = ALICE.replace("alice@example.org", "alice@")
    found = filed(town, bad, BOB, "Eva;eva@example.org;NOSAM Alm;ledamot;;", end_missing=True)
    assert [each.name for each in found.missing] == ["Charlie"]
    with reading(town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == town.alice)
        assert set(session.execute(held).scalars()) == {None}


def test_a_bad_row_of_groups_stops_no_other(frida: TestClient) -> None:
    lines = "Grupp;Typ;Från\nNOSAM Ek;NOSAM;2024-02-30\nNOSAM Asp;NOSAM;2024-01-01\n"
    shown = upload(frida, lines.encode(), "grupper.csv").text
    assert "Rad 2: ”2024-02-30” är inget datum." in shown
    assert "Ny grupp: NOSAM Asp." in shown
