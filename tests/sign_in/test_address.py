"""The form for an address: it tells nobody who is on file, and mails few letters."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.database import transaction
from models.person import Person
from models.session import SignInRequest
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import TODAY, asks, browser, later, links, requests_on_file, signs_in
from web.app import create_app
from web.entry import lockout


def test_who_is_on_file_cannot_be_found_out(small_town: Town, app: FastAPI) -> None:
    answers = [asks(browser(app), who) for who in ("alice@example.org", "okand@example.org")]
    assert answers[0].text == answers[1].text
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers["content-length"] == answers[1].headers["content-length"]
    assert len(links(small_town)) == 1


def test_whether_a_letter_was_written_is_not_told_by_the_page_for_watchers(
    small_town: Town, app: FastAPI
) -> None:
    stranger = browser(app)
    before = stranger.get("/health").json()
    asks(stranger, "alice@example.org")
    assert len(links(small_town)) == 1
    assert stranger.get("/health").json() == before


def test_many_requests_give_few_letters_and_always_the_same_answer(
    small_town: Town, app: FastAPI
) -> None:
    answers = {asks(browser(app), "alice@example.org").text for _ in range(9)}
    assert len(answers) == 1
    assert len(links(small_town)) == lockout.LETTERS_FROM_ONE
    later(small_town, SignInRequest, asked_at=lockout.AN_HOUR)
    asks(browser(app), "alice@example.org")
    assert len(links(small_town)) == lockout.LETTERS_FROM_ONE + 1


def test_one_network_address_cannot_go_through_a_whole_register(
    small_town: Town, app: FastAPI
) -> None:
    for n in range(lockout.ASKED):
        asks(browser(app), f"gissning{n}@example.org")
    asks(browser(app), "alice@example.org")
    assert links(small_town) == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alice",
        "alice@example.org\r\nBcc: mallory@example.org",
        "alice@example.org\nmallory@example.org",
        "alice@example.org, mallory@example.org",
        "<alice@example.org>",
        "@",
        "a" * 400 + "@example.org",
    ],
)
def test_what_is_no_address_is_said_and_writes_nothing(
    small_town: Town, alices: TestClient, address: str
) -> None:
    refused = asks(alices, address)
    assert refused.status_code == 422
    assert "Skriv din e-postadress" in refused.text
    assert requests_on_file(small_town) == 0


def test_an_address_with_swedish_letters_works(small_town: Town, alices: TestClient) -> None:
    with transaction(small_town.settings) as session:
        session.add(Person(name="Åsa", email="åsa.öberg@exämple.org"))
    signs_in(small_town, alices, "Åsa.Öberg@exämple.org")
    assert "Du har ingen roll i Följsam just nu" in alices.get("/").text


def test_without_sign_in_nobody_is_asked(small_town: Town) -> None:
    client = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    page = client.get("/")
    assert page.status_code == 200
    assert "Logga ut" not in page.text
    assert client.get("/logga-in", follow_redirects=False).headers["location"] == "/"
    assert asks(client, "alice@example.org").status_code == 404
    assert requests_on_file(small_town) == 0
