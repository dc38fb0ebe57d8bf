"""Somebody known in two collaborations: what the leader of the other one cannot learn or do.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, and has taken
her on as Alice Falsk.
"""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from models.database import transaction
from models.person import Person
from tests.sign_in.conftest import TODAY
from tests.test_people_elsewhere import ALICE, Two, two

__all__ = ["two"]
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
