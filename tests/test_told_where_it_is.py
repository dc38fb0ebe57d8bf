"""What is of one collaboration is told there, and in no letter or page of another's.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, which has taken
Alice on as Vera Typad.
"""

from datetime import date
from typing import Any

import pytest

from intake.people.declining import accept, decline
from intake.people.group_list import file_groups, read_groups
from models.database import transaction
from notifications.letters import taken_on
from tests.sign_in.conftest import TODAY
from tests.test_border import Border, border

__all__ = ["border"]

pytestmark = pytest.mark.by_turns
DAY = date(2025, 1, 29)
HERS, THEIRS = "Trygg hemgång", "Mötesplats"


@pytest.fixture
def known(border: Border) -> Border:
    """Gustav's collaboration has taken Alice on, and she has been told so."""
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    with transaction(border.town.settings) as session:
        taken_on.write(session, TODAY)
    border.town.letters()
    return border


def page_of_alice(border: Border, address: str) -> str:
    return str(border.signed_in(address).get(f"/personer/{border.town.alice}").text)


def newest_to_alice(border: Border) -> Any:  # noqa: ANN401 - a letter with its links
    return [one for one in border.town.letters() if one.to_address == "alice@example.org"][-1]


# Pages.


def test_frida_does_not_read_that_alice_says_no_to_gustav_or_yes_again(known: Border) -> None:
    alice, settings = known.town.alice, known.town.settings
    for answers in (decline, accept):
        with transaction(settings) as session:
            answers(session, alice, known.gustavs, today=TODAY)
        fridas = page_of_alice(known, "frida@example.org")
        assert "Alice" in fridas
        for words in ("Annan", "säger nej", "kan finnas med", "Vera"):
            assert words not in fridas
    gustavs = page_of_alice(known, "gustav@example.org")
    assert "Vera Typad säger nej till att finnas med i Vårdsamverkan Annan." in gustavs
    assert "Vera Typad kan finnas med i Vårdsamverkan Annan igen." in gustavs
    assert "Alice säger" not in gustavs


def test_a_list_of_gustavs_groups_tells_frida_nothing_of_whom_it_makes_chair(known: Border) -> None:
    listed = "Grupp;Ordförande\nNOSAM Ceder;alice@example.org\n".encode()
    with transaction(known.town.settings) as session:
        filed = file_groups(
            session,
            read_groups("grupper.csv", listed),
            organisation="Vårdsamverkan Annan",
            by="Gustav, inläsning av grupper.csv",
            today=TODAY,
        )
    told = "Vera Typad blir ordförande i NOSAM Ceder."
    assert told in filed.changes
    assert "NOSAM Ceder" not in page_of_alice(known, "frida@example.org")
    assert told in page_of_alice(known, "gustav@example.org")
    gustavs = known.signed_in("gustav@example.org").get(f"/grupper/{known.ceder}").text
    assert gustavs.count(told) == 1
