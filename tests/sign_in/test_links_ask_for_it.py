"""Where the installation asks for it, a letter's link opens for the one it was written to alone."""

from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from config.settings import SettingsError, load
from models.database import reading, transaction
from models.status import StatusAnswer
from notifications import feeds
from tests.cast import Town
from tests.sign_in.conftest import TODAY, browser, signs_in, with_sign_in
from tests.test_answers import link
from web.app import create_app


@pytest.fixture
def asking(small_town: Town) -> FastAPI:
    """The pages of a town where a link alone opens nothing; Alice has had a letter."""
    small_town.decided(by="2025-01-31")
    small_town.morning(TODAY)
    return create_app(with_sign_in(small_town.settings, links_sign_in=True))


def answers(town: Town) -> int:
    """How many answers are on file."""
    with reading(town.settings) as session:
        return len(session.execute(select(StatusAnswer)).all())


def test_a_link_leads_whoever_has_it_to_sign_in_and_alice_back(
    small_town: Town, asking: FastAPI
) -> None:
    path, alices = link(small_town), browser(asking)
    for page in (path, f"{path}/mitt", f"{path}/uppgifter", f"{path}/ersattare"):
        shown = alices.get(page, follow_redirects=False)
        assert shown.status_code == 303
        assert shown.headers["location"].startswith("/logga-in?till=/svar/")
    alices.post("/logga-in", data={"address": "alice@example.org", "till": path})
    signs_in(small_town, alices, "alice@example.org")
    assert "Alice" in alices.get(path).text


def test_what_is_sent_without_signing_in_is_not_saved(small_town: Town, asking: FastAPI) -> None:
    path, mallorys = link(small_town), browser(asking)
    for deed in ("", "/skicka", "/ersattare", "/uppgifter", "/utkast", "/tyst", "/annan"):
        answer = mallorys.post(path + deed, data={"says_1": "late", "text_1": "Mallory"})
        assert "Mallory" not in answer.text
        assert "Logga in" in answer.text
    assert answers(small_town) == 0


def test_bob_who_was_sent_alices_letter_sees_nothing_of_it(
    small_town: Town, asking: FastAPI
) -> None:
    path, bobs = link(small_town), browser(asking)
    signs_in(small_town, bobs, "bob@example.org")
    assert bobs.get(path).status_code == 403
    assert bobs.post(path, data={"says_1": "late"}).status_code == 403
    assert answers(small_town) == 0


def test_a_forged_link_says_so_to_anybody(small_town: Town, asking: FastAPI) -> None:
    forged = link(small_town)[:-3] + "xyz"
    shown = browser(asking).get(forged)
    assert (shown.status_code, "Skicka mig en ny länk" in shown.text) == (403, True)


def test_no_calendar_opens_by_its_address(small_town: Town, asking: FastAPI) -> None:
    with transaction(small_town.settings) as session:
        feeds.make(session, person_id=small_town.alice)
        session.flush()
        address = feeds.feed_address(session, small_town.settings, person_id=small_town.alice)
    assert address
    path = address[len(small_town.settings.pages_url) :]
    assert browser(asking).get(path).status_code == 404
    alices = browser(asking)
    signs_in(small_town, alices, "alice@example.org")
    shown = alices.post(f"{link(small_town)}/kalender", data={"gor": "skapa"}).text
    assert "ett kalenderprogram kan inte logga in" in shown


def test_it_needs_a_way_to_sign_in(small_town: Town) -> None:
    with pytest.raises(SettingsError, match="FOLJSAM_LINKS_SIGN_IN needs FOLJSAM_SIGN_IN"):
        load(home=small_town.settings.home, links_sign_in=True)


def test_without_it_a_link_is_the_key_as_before(small_town: Town) -> None:
    small_town.decided(by="2025-01-31")
    small_town.morning(date(2025, 1, 10))
    client: TestClient = browser(create_app(with_sign_in(small_town.settings)))
    assert "Alice" in client.get(link(small_town)).text
