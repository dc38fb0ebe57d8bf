"""One's address is one's own: confirmed from the new, told to the old, undone from the old."""

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from config.settings import Settings
from models.address_change import AddressChange
from models.columns import c
from models.database import reading, transaction
from models.letter import Link
from models.person import Person
from models.session import SignedIn
from notifications.links import address as link_address
from notifications.outbox import send_again
from tests.cast import Town
from tests.sign_in.conftest import TODAY, browser, is_in, later, links, signs_in, with_sign_in
from tests.test_answers import link as answer_link
from web.app import create_app

NEW = "alice.berg@example.org"


@pytest.fixture
def told_app(town: Town) -> FastAPI:
    return create_app(with_sign_in(town.settings))


def email_of(town: Town, person_id: int) -> str:
    with reading(town.settings) as session:
        return session.get_one(Person, person_id).email


def letter(town: Town, address: str, kind: str) -> str:
    """The text of the latest letter of that kind to an address."""
    found = [one.text for one in town.letters() if (one.to_address, one.kind) == (address, kind)]
    return found[-1] if found else ""


def link_in(text: str) -> str:
    found = re.search(r"/adress/\S+", text)
    assert found
    return found[0]


def asks_for(client: TestClient, address: str) -> str:
    given = {"gor": "adress", "email": address}
    return str(client.post("/mina-uppgifter", data=given).text)


def changed(town: Town, client: TestClient, address: str) -> None:
    asks_for(client, address)
    client.post(link_in(letter(town, address, "address-confirm")))


def test_alice_changes_her_address_and_the_old_one_is_told(town: Town, told_app: FastAPI) -> None:
    alices = browser(told_app)
    signs_in(town, alices, "alice@example.org")
    with transaction(town.settings) as session:
        now = clock.now()
        session.add(Link(person_id=town.alice, made_at=now, expires_at=now.replace(year=2100)))
    assert NEW in asks_for(alices, NEW.upper())
    assert email_of(town, town.alice) == "alice@example.org"
    confirm = link_in(letter(town, NEW, "address-confirm"))
    assert "Det är min adress" in alices.get(confirm).text
    assert email_of(town, town.alice) == "alice@example.org"  # opening a link changes nothing
    assert "Adressen är ändrad" in alices.post(confirm).text
    assert email_of(town, town.alice) == NEW
    assert not is_in(alices)
    assert alices.post(confirm).status_code == 410
    with reading(town.settings) as session:
        assert session.execute(select(c(Link).revoked_at)).scalar_one() is not None
        assert session.get_one(Person, town.alice).proved_at is not None
    assert f"ändrad från alice@example.org till {NEW}" in letter(
        town, "alice@example.org", "address-changed"
    )


def test_it_was_not_alice_and_who_leads_her_home_is_told(town: Town, told_app: FastAPI) -> None:
    thiefs = browser(told_app)
    signs_in(town, thiefs, "alice@example.org")
    changed(town, thiefs, NEW)
    signs_in(town, thiefs, NEW)
    changed(town, thiefs, "mallory@example.org")
    signs_in(town, thiefs, "mallory@example.org")
    undo = link_in(letter(town, "alice@example.org", "address-changed"))
    alices = browser(told_app)
    assert "Det var inte jag" in alices.get(undo).text
    assert "ändrad tillbaka" in alices.post(undo).text
    assert email_of(town, town.alice) == "alice@example.org"
    assert not is_in(thiefs)
    assert "Det var inte jag" in letter(town, "frida@example.org", "address-undone")
    later_undo = link_in(letter(town, NEW, "address-changed"))
    assert thiefs.post(later_undo).status_code == 410  # what came after is undone with it
    assert email_of(town, town.alice) == "alice@example.org"


def test_a_link_to_sign_in_that_was_on_its_way_to_the_old_address_opens_nothing(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    other = browser(app)
    other.post("/logga-in", data={"address": "alice@example.org"})
    on_its_way = links(small_town)[-1]
    changed(small_town, alices, NEW)
    assert other.post(on_its_way).status_code == 410
    assert not is_in(other)


def test_an_address_that_is_another_persons_is_answered_alike_and_changes_nothing(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    free = asks_for(alices, NEW).replace(NEW, "X")
    taken = asks_for(alices, "bob@example.org").replace("bob@example.org", "X")
    assert free == taken
    bobs = link_in(letter(small_town, "bob@example.org", "address-confirm"))
    assert "hör redan till någon" in alices.post(bobs).text
    assert email_of(small_town, small_town.alice) == "alice@example.org"


def test_a_letter_to_confirm_goes_nowhere_else(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    asks_for(alices, NEW)
    with transaction(small_town.settings) as session:
        number = small_town.letters()[-1].id
        session.get_one(type(small_town.letters()[-1]), number).state = "failed"
        session.flush()
        assert send_again(session, small_town.settings, number, TODAY) is None


def test_old_and_many_requests_are_refused(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    asks_for(alices, NEW)
    old = link_in(letter(small_town, NEW, "address-confirm"))
    later(small_town, AddressChange, asked_at=timedelta(hours=24))
    assert alices.post(old).status_code == 410
    for number in range(5):
        asks_for(alices, f"a{number}@example.org")
    assert "många nya adresser" in asks_for(alices, "a9@example.org")
    assert "ingen e-postadress" in asks_for(alices, "alice@")


def test_an_administrator_changes_a_dead_address_and_the_old_one_is_told(
    town: Town, told_app: FastAPI
) -> None:
    alices, roots = browser(told_app), browser(told_app)
    signs_in(town, alices, "alice@example.org")
    signs_in(town, roots, "root@example.org")
    given = {"name": "Alice", "email": NEW}
    roots.post(f"/personer/{town.alice}/andra", data=given)
    assert email_of(town, town.alice) == NEW
    assert not is_in(alices)
    undo = link_in(letter(town, "alice@example.org", "address-changed"))
    browser(told_app).post(undo)
    assert email_of(town, town.alice) == "alice@example.org"
    assert letter(town, "root@example.org", "address-undone")


def page_by_link(town: Town, settings: Settings) -> str:
    """The page of one's own, by a link from a letter to Alice."""
    with transaction(town.settings) as session:
        now = clock.now()
        link = Link(person_id=town.alice, made_at=now, expires_at=now.replace(year=2100))
        session.add(link)
        session.flush()
        assert link.id is not None
    token = link_address(settings, link.id).partition("/svar/")[2]
    return f"/svar/{token}/uppgifter"


def test_whoever_has_a_link_changes_no_address_where_people_sign_in(
    small_town: Town, app: FastAPI
) -> None:
    thiefs = browser(app)
    own = page_by_link(small_town, with_sign_in(small_town.settings))
    shown = thiefs.get(own).text
    assert "Logga in för att byta adress" in shown
    assert "Ny e-postadress" not in shown
    refused = thiefs.post(own, data={"gor": "adress", "email": "mallory@example.org"})
    assert refused.status_code == 422
    assert "Logga in för att byta adress" in refused.text
    assert not letter(small_town, "mallory@example.org", "address-confirm")
    assert email_of(small_town, small_town.alice) == "alice@example.org"
    with reading(small_town.settings) as session:
        assert session.execute(select(c(AddressChange).id)).first() is None


def test_whoever_has_a_link_changes_her_address_where_nobody_signs_in(small_town: Town) -> None:
    client = browser(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    own = page_by_link(small_town, small_town.settings)
    assert "alice@example.org" in client.get(own).text
    client.post(own, data={"gor": "adress", "email": NEW})
    client.post(link_in(letter(small_town, NEW, "address-confirm")))
    assert email_of(small_town, small_town.alice) == NEW
    assert client.get(own).status_code == 410
    assert client.get("/mina-uppgifter").status_code == 404  # nobody is signed in here


def test_whoever_finds_an_open_browser_has_to_show_who_she_is_before_the_address_changes(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    later(small_town, SignedIn, proved_at=timedelta(minutes=16))
    page = alices.get("/mina-uppgifter").text
    assert "Ny e-postadress" not in page
    assert "/logga-in?till=/mina-uppgifter&amp;igen=ja" in page
    assert "Logga in på nytt" in asks_for(alices, NEW)
    assert not letter(small_town, NEW, "address-confirm")
    assert "Skicka länken" in alices.get("/logga-in?till=/mina-uppgifter&igen=ja").text
    signs_in(small_town, alices, "alice@example.org")
    assert "Titta i inkorgen" in asks_for(alices, NEW)


@pytest.mark.parametrize(
    "wish",
    [
        {"gor": "nej", "samverkan": "2"},
        {"gor": "ja", "samverkan": "2"},
        {"gor": "telefon", "telephone": "070-1 23 45"},
    ],
)
def test_a_forwarded_letter_says_no_and_gives_a_number_for_nobody_where_people_sign_in(
    small_town: Town, app: FastAPI, wish: dict[str, str]
) -> None:
    small_town.decided(by="2025-01-31")
    small_town.morning(TODAY)
    own = f"{answer_link(small_town)}/uppgifter"
    mallorys = browser(app)
    assert "Logga in för att ändra numret" in mallorys.get(own).text
    answer = mallorys.post(own, data=wish)
    assert (answer.status_code, "Med en länk från ett brev går det inte" in answer.text) == (
        422,
        True,
    )
    with reading(small_town.settings) as session:
        assert session.get_one(Person, small_town.alice).telephone == ""
