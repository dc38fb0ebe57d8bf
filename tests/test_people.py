"""People on file: lists read in again, names and addresses, those who leave, their links."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from intake.people import last_day, persons
from intake.people.comparing import Compared, Differs, compare_people, told
from intake.people.delegation import delegate
from intake.people.filing import file_people
from intake.people.leaving import waits_for_somebody_new
from intake.people.lists import people_in
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Group, RegisterNote
from models.letter import Link
from models.moves import Refused
from models.person import Person, RoleHolding
from notifications.directory import answering_now
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)
ALICE = "Alice;alice@example.org;NOSAM Alm;ordförande;;"
BOB = "Bob;bob@example.org;NOSAM Björk;ordförande;;2024-08-31"
CHARLIE = "Charlie;charlie@example.org;NOSAM Björk;ordförande;2024-09-01;"
EVERYBODY = (ALICE, BOB, CHARLIE)


def listed(*lines: str) -> bytes:
    return "\n".join(["Namn;E-post;Grupp;Roll;Från;Till", *lines, ""]).encode()


def compared(town: Town, *lines: str) -> Compared:
    """What a list would change."""
    with reading(town.settings) as session:
        return compare_people(
            session,
            people_in("personer.csv", listed(*lines)),
            organisation=town.settings.organisation,
            today=TODAY,
        )


def filed(town: Town, *lines: str, end_missing: bool = False) -> Compared:
    """A list saved."""
    with transaction(town.settings) as session:
        return file_people(
            session,
            people_in("personer.csv", listed(*lines)),
            organisation=town.settings.organisation,
            today=TODAY,
            end_missing=end_missing,
        )


def kinds(found: Compared) -> list[str]:
    return [each.kind.value for each in found.changes]


def do(town: Town, what: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    with transaction(town.settings) as session:
        return what(session, *args, FRIDA, today=TODAY, **kwargs)


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser on 10 June 2024."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def test_a_list_that_says_what_is_on_file_changes_nothing(town: Town) -> None:
    found = filed(town, *EVERYBODY)
    assert (found.new, found.changed, found.unchanged) == (0, 0, 3)
    assert (found.changes, found.missing, found.doubts) == ([], [], [])


def test_a_changed_list_tells_only_the_differences(town: Town) -> None:
    lines = (
        ALICE.replace("Alice;", "Alice Berg;"),
        BOB.replace("2024-08-31", "2024-12-31"),
        CHARLIE,
        "Eva Ek;eva@example.org;Temagrupp Äldre;ledamot;;",
    )
    found = compared(town, *lines)
    assert kinds(found) == ["new group", "renamed", "new dates", "new person", "new role"]
    assert (found.new, found.changed, found.unchanged) == (1, 2, 1)
    assert kinds(filed(town, *lines)) == kinds(found)
    assert filed(town, *lines).changes == []
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).name == "Alice Berg"


def test_who_is_no_longer_in_the_list_is_told_and_ended_only_when_asked(town: Town) -> None:
    deputy = "Charlie;charlie@example.org;NOSAM Alm;vice ordförande;;"
    filed(town, *EVERYBODY, deputy)
    (missing,) = filed(town, *EVERYBODY).missing
    assert (missing.name, missing.role, missing.group) == (
        "Charlie",
        "vice ordförande",
        "NOSAM Alm",
    )
    with reading(town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).role == "vice ordförande")
        assert session.execute(held).scalar() is None
    filed(town, *EVERYBODY, end_missing=True)
    with reading(town.settings) as session:
        assert session.execute(held).scalar() == date(2024, 6, 9)
    assert filed(town, *EVERYBODY).missing == []


def test_whose_last_role_ends_has_left_and_somebody_new_is_asked_for(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-02-28", person=town.alice)
    town.decided("Samverkan", by="2025-02-28", person=town.charlie)
    lines = (BOB, CHARLIE, "Eva;eva@example.org;NOSAM Alm;ordförande;;")
    role, leaves = compared(town, *lines).missing
    assert (role.kind, leaves.kind) == (Differs.MISSING_ROLE, Differs.LEAVES)
    assert told(leaves) == "Alice har ingen roll kvar. Ny ansvarig behövs för ”Trygg hemgång”."
    assert leaves.as_json()["activities"] == ["Trygg hemgång"]
    filed(town, *lines)
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).left_on is None
    filed(town, *lines, end_missing=True)
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).left_on == date(2024, 6, 9)
        area = session.get_one(Group, town.alm).collaboration_id
        waits = waits_for_somebody_new(session, [area], TODAY)
    assert [(one.what, one.person_id) for one in waits] == [("Trygg hemgång", town.alice)]
    page = browse(create_app(town.settings.model_copy(update={"today": TODAY})))
    assert "Trygg hemgång" in page.get("/personer/las-in").text
    town.morning("2025-01-29")
    assert "alice@example.org" not in {letter.to_address for letter in town.letters()}
    (back, *_) = filed(town, *lines, ALICE).changes
    assert back.kind is Differs.BACK


def test_who_keeps_a_role_or_stands_in_the_list_has_not_left(town: Town) -> None:
    deputy = "Charlie;charlie@example.org;NOSAM Alm;vice ordförande;;"
    filed(town, *EVERYBODY, deputy)
    assert [each.kind for each in compared(town, *EVERYBODY).missing] == [Differs.MISSING_ROLE]
    still_there = compared(town, "Alice;alice@example.org;NOSAM Alm;ledamot;;")
    assert Differs.LEAVES not in {each.kind for each in still_there.missing if each.name == "Alice"}


def test_a_group_that_the_list_does_not_speak_of_keeps_its_people(small_town: Town) -> None:
    assert compared(small_town, ALICE).missing == []


def test_a_new_address_is_hers_when_name_and_role_say_so(town: Town) -> None:
    with transaction(town.settings) as session:
        session.execute(update(Person).values(unreachable_since=clock.now(), unreachable_why="550"))
    found = filed(town, ALICE.replace("alice@", "alice.berg@"), BOB, CHARLIE)
    assert kinds(found) == ["new address", "tried again", "tried again"]
    with reading(town.settings) as session:
        alice = session.get_one(Person, town.alice)
        assert (alice.email, alice.unreachable_since) == ("alice.berg@example.org", None)


def test_a_namesake_without_a_common_role_is_a_doubt_and_a_new_person(town: Town) -> None:
    found = compared(town, "Alice;alice@example.com;NOSAM Björk;ledamot;;")
    assert kinds(found) == ["new person", "new role"]
    (doubt,) = found.doubts
    assert "Alice finns redan med adressen alice@example.org" in doubt.swedish


def test_a_role_without_a_group_is_a_doubt_with_its_row(small_town: Town) -> None:
    found = compared(small_town, ALICE, "Eva;eva@example.org;;ordförande;;")
    (doubt,) = found.doubts
    assert doubt.row == 3
    assert doubt.swedish == (
        "Eva är ”ordförande”, men ingen grupp står på raden. Rollen sparas inte."
    )


def test_a_group_that_is_nearly_on_file_is_asked_about(small_town: Town) -> None:
    (doubt,) = compared(small_town, "Eva;eva@example.org;NOSAM Bjork;ledamot;;").doubts
    assert "Menas NOSAM Björk?" in doubt.swedish


def test_the_same_role_on_two_rows_is_one_role(town: Town) -> None:
    filed(town, ALICE, ALICE.removesuffix(";") + ";2024-12-31")
    with reading(town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == town.alice)
        assert list(session.execute(held).scalars()) == [date(2024, 12, 31)]


def test_what_a_list_changed_is_told_in_each_persons_history(small_town: Town) -> None:
    filed(small_town, ALICE.replace("Alice;", "Alice Berg;"))
    with reading(small_town.settings) as session:
        row = session.execute(select(c(RegisterNote).words, c(RegisterNote).by)).one()
    assert tuple(row) == ("Namnet ändras från Alice till Alice Berg.", "inläsning av personer.csv")


def test_many_people_are_read_in_quickly(town: Town) -> None:
    many = [f"P{n};p{n}@example.org;Grupp {n % 50};ledamot;;" for n in range(2000)]
    assert filed(town, *many).new == 2000
    assert filed(town, *many).unchanged == 2000


def test_who_leaves_is_asked_no_more_and_keeps_her_history(town: Town) -> None:
    hers = town.decided(by="2024-12-31", person=town.bob)
    with transaction(town.settings) as session:
        now = clock.now()
        session.add(Link(person_id=town.bob, made_at=now, expires_at=now + timedelta(days=9)))
        given = {"delegate": "Bob", "last_day": "15 augusti"}
        delegate(session, town.alice, given, FRIDA, today=TODAY)
    do(town, last_day.leave, town.bob, {"left_on": "2024-05-31"})
    with reading(town.settings) as session:
        names = [who.name for who in answering_now(session, hers, TODAY)]
        assert names == ["Alice"]  # the chair of the group that owns it; Bob stands in no more
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == town.bob)
        assert session.execute(held).scalar() == date(2024, 5, 31)
        assert session.execute(select(c(Link).expires_at)).scalar() == clock.start_of(
            date(2024, 6, 1)
        )
        assert session.execute(select(c(Delegation).ended_on)).scalar() == TODAY
    do(town, last_day.come_back, town.bob)
    with reading(town.settings) as session:
        assert session.get_one(Person, town.bob).left_on is None


def test_who_is_going_to_leave_answers_until_then(town: Town) -> None:
    hers = town.decided(by="2024-12-31", person=town.bob)
    do(town, last_day.leave, town.bob, {"left_on": "30 juni"})
    with reading(town.settings) as session:
        assert [w.name for w in answering_now(session, hers, date(2024, 6, 30))] == ["Bob"]
        assert [w.name for w in answering_now(session, hers, date(2024, 7, 1))] == ["Alice"]


def test_a_new_address_is_tried_and_a_taken_or_wrong_one_is_refused(small_town: Town) -> None:
    with transaction(small_town.settings) as session:
        session.execute(update(Person).values(unreachable_since=clock.now(), unreachable_why="550"))
    given = {"name": "Alice Berg", "email": "Alice.Berg@example.org"}
    do(small_town, persons.change_person, small_town.alice, given)
    with reading(small_town.settings) as session:
        alice = session.get_one(Person, small_town.alice)
        assert (alice.email, alice.unreachable_since) == ("alice.berg@example.org", None)
        assert session.get_one(Person, small_town.bob).unreachable_since is not None
    for email, sentence in (("bob@example.org", "har redan Bob"), ("alice@", "ingen e-postadress")):
        with pytest.raises(Refused, match=sentence):
            do(small_town, persons.change_person, small_town.alice, {"name": "A", "email": email})


def test_links_are_revoked_one_by_one_or_all(small_town: Town, frida: TestClient) -> None:
    now = clock.now()
    with transaction(small_town.settings) as session:
        links = [
            Link(person_id=small_town.alice, made_at=now, expires_at=now + timedelta(days=9))
            for _ in range(3)
        ]
        session.add_all(links)
        session.flush()
        one = links[0].id
    page = f"/personer/{small_town.alice}"
    assert "Länkar som gäller (3)" in frida.get(page).text
    frida.post(f"{page}/lankar", data={"link": str(one)})
    assert "Länkar som gäller (2)" in frida.get(page).text
    frida.post(f"{page}/lankar", data={"link": "alla"})
    assert "Länkar som gäller (0)" in frida.get(page).text
    assert frida.post(f"{page}/lankar", data={"link": "alla"}).status_code == 422


def test_the_list_marks_who_cannot_be_reached_and_who_has_no_role(
    small_town: Town, frida: TestClient
) -> None:
    with transaction(small_town.settings) as session:
        session.add(Person(name="Eva Ek", email="eva@example.org"))
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.bob)
            .values(unreachable_since=clock.now(), unreachable_why="550 okänd")
        )
    page = frida.get("/personer").text
    assert "Går inte att nå sedan" in page
    assert "550 okänd" in page
    alone = frida.get("/personer", params={"visa": "utan-roll"}).text
    assert "Eva Ek" in alone
    assert "alice@example.org" not in alone
    found = frida.get("/personer", params={"sok": "nosam alm"}).text
    assert "alice@example.org" in found
    assert "bob@example.org" not in found


def test_a_persons_page_tells_what_she_answers_for_and_why(
    small_town: Town, frida: TestClient
) -> None:
    small_town.decided("Trygg hemgång", by="2024-12-31")
    page = frida.get(f"/personer/{small_town.alice}").text
    assert "Trygg hemgång" in page
    assert "Via ordförande i NOSAM Alm" in page


def test_frida_adds_somebody_and_hands_over_for_her(small_town: Town, frida: TestClient) -> None:
    given = {"name": "Eva Ek", "email": "eva@example.org", "group": str(small_town.alm)}
    made = frida.post("/personer/ny", data=given)
    assert "Ledamot" in made.text
    wrong = frida.post("/personer/ny", data=given)
    assert wrong.status_code == 422
    assert "har redan Eva Ek" in wrong.text
    fields = {"delegate": "Eva Ek", "last_day": "15 augusti"}
    page = frida.post(f"/personer/{small_town.alice}/ersattare", data=fields).text
    assert "Eva Ek svarar för allt från 10 juni 2024 till 15 augusti 2024." in page
    assert frida.post(f"/personer/{small_town.alice}/okand").status_code == 404
    assert frida.get("/personer/999").status_code == 404


def test_the_receipt_for_somebody_new_takes_her_role_back_at_once(
    small_town: Town, frida: TestClient
) -> None:
    given = {"name": "Eva Ek", "email": "eva@example.org", "group": str(small_town.alm)}
    made = frida.post("/personer/ny", data=given)
    assert 'class="receipt"' in made.text
    page, done = str(made.url).split("?gjort=")
    undone = frida.post(f"{page}/angra", data={"gjort": done}).text
    assert "Togs tillbaka av processledaren 10 juni 2024." in undone
    assert "Ingen roll just nu." in undone


def upload(frida: TestClient, data: bytes, name: str = "personer.csv") -> Any:  # noqa: ANN401
    return frida.post("/personer/las-in", files={"file": (name, data)})


def fingerprint(page: str) -> str:
    found = re.search('name="fingerprint" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def ends(page: str) -> str:
    """What the preview shows that the list ends, as its form says it back."""
    found = re.search('name="slutar" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_role_that_was_given_after_the_preview_is_not_ended_by_it(
    small_town: Town, frida: TestClient
) -> None:
    """Charlie's, which was shown, ends; Eva's came meanwhile, and so has she not left."""
    filed(small_town, *EVERYBODY, "Charlie;charlie@example.org;NOSAM Alm;vice ordförande;;")
    shown = upload(frida, listed(*EVERYBODY)).text
    filed(
        small_town,
        "Eva;eva@example.org;NOSAM Alm;ledamot;;",
        "Charlie;charlie@example.org;NOSAM Alm;ledamot;;",
    )
    fields = {"fingerprint": fingerprint(shown), "name": "personer.csv", "spara": "ja"}
    saved = frida.post("/personer/las-in", data={**fields, "avsluta": "ja", "slutar": ends(shown)})
    assert "Två roller som inte står i listan är kvar: de gavs efter att du såg" in saved.text
    with reading(small_town.settings) as session:
        held = (
            select(c(Person).name, c(RoleHolding).role)
            .join(Person, c(Person).id == c(RoleHolding).person_id)
            .where(c(RoleHolding).ends_on.is_(None))
        )
        holds = set(session.execute(held).tuples())
        assert ("Eva", "ledamot") in holds
        assert ("Charlie", "ledamot") in holds
        assert ("Charlie", "vice ordförande") not in holds
        left = select(c(Person).name).where(c(Person).left_on.is_not(None))
        assert list(session.execute(left).scalars()) == []
    again = upload(frida, listed(*EVERYBODY)).text
    fields |= {"fingerprint": fingerprint(again), "avsluta": "ja", "slutar": ends(again)}
    frida.post("/personer/las-in", data=fields)
    with reading(small_town.settings) as session:
        assert ("Eva", "ledamot") not in set(session.execute(held).tuples())


def test_a_list_is_shown_before_it_is_saved_and_then_saved_whole(
    small_town: Town, frida: TestClient
) -> None:
    deputy = "Charlie;charlie@example.org;NOSAM Alm;vice ordförande;;"
    filed(small_town, *EVERYBODY, deputy)
    data = listed(*EVERYBODY, "Eva;eva@example.org;;ordförande;;")
    shown = upload(frida, data).text
    assert shown.index("Se över först") < shown.index("Står inte kvar i listan")
    assert "Ny person: Eva, eva@example.org." in shown
    with reading(small_town.settings) as session:
        assert session.execute(select(Person).where(c(Person).name == "Eva")).first() is None
    fields = {"fingerprint": fingerprint(shown), "name": "personer.csv", "spara": "ja"}
    saved = frida.post("/personer/las-in", data={**fields, "avsluta": "ja", "slutar": ends(shown)})
    assert "Listan är sparad: en ny person" in saved.text
    with reading(small_town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).role == "vice ordförande")
        assert session.execute(held).scalar() == date(2024, 6, 9)
    assert list((small_town.settings.home / "inlasning").iterdir()) == []


def test_a_list_of_groups_is_shown_and_saved_by_the_same_page(
    small_town: Town, frida: TestClient
) -> None:
    data = "Grupp;Typ;Överordnad grupp\nTemagrupp Äldre;temagrupp;NOSAM Alm\n".encode()
    shown = upload(frida, data, "grupper.csv").text
    assert "Ny grupp: Temagrupp Äldre." in shown
    with reading(small_town.settings) as session:
        assert len(session.execute(select(c(Group).id)).all()) == 3
    fields = {"fingerprint": fingerprint(shown), "name": "grupper.csv", "spara": "ja"}
    assert "Temagrupp Äldre" in frida.post("/personer/las-in", data=fields).text


def test_an_excel_list_is_read_by_the_page_too(frida: TestClient, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Namn", "E-post", "Grupp"])
    book.active.append(["Eva", "eva@example.org", "NOSAM Alm"])
    book.save(tmp_path / "p.xlsx")
    assert "Ny person: Eva" in upload(frida, (tmp_path / "p.xlsx").read_bytes(), "p.xlsx").text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("personer.pdf", b"%PDF-", "går att läsa"),
        ("personer.csv", b"Namn;E-post\nEva;eva@\n", "Rad 2: ”eva@” är ingen e-postadress"),
        ("personer.csv", b"A;B\n1;2\n", "ingen rubrikrad som känns igen"),
        ("personer.xlsx", b"PK\x03\x04 broken", "."),
        ("personer.csv", b"x" * 2_000_000, "större än 1 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_swedish_and_nothing_is_kept(
    small_town: Town, name: str, data: bytes, sentence: str
) -> None:
    told = small_town.settings.model_copy(update={"today": TODAY, "max_upload_mb": 1})
    page = upload(browse(create_app(told)), data, name)
    assert page.status_code == 422
    assert sentence in page.text.split('role="alert"')[1]
    assert list((told.home / "inlasning").glob("*")) == []


def test_without_a_file_or_with_a_made_up_fingerprint_nothing_happens(frida: TestClient) -> None:
    assert frida.post("/personer/las-in", data={"spara": "ja"}).status_code == 422
    for made_up in ("0" * 64, "../../foljsam.db"):
        fields = {"fingerprint": made_up, "name": "personer.csv", "spara": "ja"}
        assert frida.post("/personer/las-in", data=fields).status_code == 422
