"""The receipt of an answer tells what holds now, also when its activity is over, or after a no."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from intake.lives.settling import settle
from models.database import transaction
from models.lifecycle import Brought, Move, Outcome
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_only_what_she_touched import link
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
NEXT = "väntar på processledarens ja eller nej"


@pytest.fixture
def alice(town: Town) -> TestClient:
    """Alice's phone."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


@pytest.fixture
def path(town: Town, alice: TestClient) -> str:
    """The way to her page: she has proposed another day for the only activity."""
    sip = town.decided(by="2024-12-31")
    town.morning(TODAY)
    alice.post(link(town), data={f"says_{sip}": "late", f"date_{sip}": "mars 2025"})
    return link(town)


def ends(town: Town) -> None:
    """Frida follows it up, and ends it."""
    town.move(1, Move.START, today=TODAY)
    brought = Brought(result="Den är på plats", figure="4 möten", outcome=Outcome.ACHIEVED)
    town.move(1, Move.FOLLOW_UP, brought, today=TODAY)
    town.move(1, Move.END, brought, today=TODAY)


def test_it_says_what_comes_next_while_it_waits(alice: TestClient, path: str) -> None:
    page = alice.get(f"{path}/tack").text
    assert NEXT in page
    assert "Det gäller när processledaren har godkänt det." in page


def test_of_what_has_ended_nothing_is_said_to_come_and_taking_back_is_refused(
    town: Town, alice: TestClient, path: str
) -> None:
    ends(town)
    refused = alice.post(f"{path}/ta-tillbaka", data={"answer": "1"})
    assert refused.status_code == 422
    assert "Aktiviteten är avslutad. Beskedet hör till det som hände" in refused.text
    for page in (refused.text, alice.get(f"{path}/tack").text, alice.get(f"{path}/mitt").text):
        assert "Aktiviteten är avslutad. Du får inga fler frågor om den." in page
        assert "Du föreslog nytt slutdatum: mars 2025" in page
        assert NEXT not in page
        assert "Det gäller när" not in page
        assert "Ta tillbaka" not in page


def test_of_what_was_refused_it_is_not_said_that_it_waits(
    town: Town, alice: TestClient, path: str
) -> None:
    with transaction(town.settings) as session:
        settle(session, 1, FRIDA, accept=False, today=TODAY, reason="Avtalet går ut")
    page = alice.get(f"{path}/tack").text
    assert "Frida sa nej till förslaget 2 december 2024. Skäl: Avtalet går ut" in page
    assert "Det gäller när" not in page
