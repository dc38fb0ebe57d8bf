"""What is of one collaboration is told there, and in no letter or page of another's.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, which has taken
Alice on as Vera Typad.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from intake.people.declining import accept, decline
from intake.people.group_list import file_groups, read_groups
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.plan import Plan
from models.reminded import remind_from
from notifications.letters import taken_on
from tests.sign_in.conftest import TODAY
from tests.test_border import Border, border, of_gustavs

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


# Letters.


def test_that_gustav_has_taken_alice_on_is_in_no_letter_that_a_reply_shows_frida(
    border: Border,
) -> None:
    border.town.decided(HERS, by="2025-01-30", person=border.town.alice)
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    with transaction(border.town.settings) as session:
        assert taken_on.write(session, DAY) == 1
    border.town.morning(DAY)
    letter = newest_to_alice(border)
    assert (letter.from_name, letter.reply_to, letter.takes_replies) == ("", "", False)
    fridas, _, rest = letter.text.partition("ÖVRIGT")
    assert HERS in fridas
    assert "Skriv till Frida, frida@example.org" in fridas
    assert "Annan" not in fridas.partition("VÅRDSAMVERKAN PROV")[2]
    assert "Vårdsamverkan Annan har lagt till dig" in rest
    assert "<h1" in letter.html
    assert "Övrigt" in letter.html


def in_sections(text: str) -> tuple[str, str]:
    """What a letter of both says of Frida's and of Gustav's, whichever stands first."""
    _, heading, rest = text.partition("VÅRDSAMVERKAN PROV")
    assert heading
    own, _, _ = rest.partition("VÅRDSAMVERKAN ANNAN")
    _, _, theirs = text.partition("VÅRDSAMVERKAN ANNAN")
    return own, theirs.partition("VÅRDSAMVERKAN PROV")[0]


def test_what_both_lack_is_asked_for_in_each_ones_section(known: Border) -> None:
    theirs = of_gustavs(known, known.town.alice)
    own = known.town.decided(HERS, by="2025-02-28", person=known.town.alice)
    for activity in (theirs, own):
        known.town.change(activity, follow_up="")
    known.town.morning(DAY)
    letter = newest_to_alice(known)
    assert (letter.from_name, letter.reply_to) == ("", "")
    fridas, gustavs = in_sections(letter.text)
    assert (f"{HERS}: saknar" in fridas, f"{THEIRS}: saknar" in gustavs) == (True, True)
    assert THEIRS not in fridas
    assert HERS not in gustavs
    assert letter.text.count("En aktivitet saknar något som behövs") == 2


def test_what_had_passed_with_both_stands_in_each_ones_section(known: Border) -> None:
    theirs = [of_gustavs(known, known.town.alice)]
    with reading(known.town.settings) as session:
        plan = session.get_one(Activity, theirs[0]).plan_id
    theirs.append(known.town.decided(THEIRS, by="2025-01-10", person=known.town.alice))
    known.town.change(theirs[1], plan_id=plan, group_id=known.ceder)
    own = [known.town.decided(HERS, by="2025-01-10", person=known.town.alice) for _ in range(2)]
    for activity in (*theirs, *own):
        known.town.change(activity, deadline_first=TODAY, deadline_last=date(2025, 1, 10))
    with transaction(known.town.settings) as session:
        for plan in session.execute(select(c(Plan).id)).scalars().all():
            remind_from(session, plan, DAY)
    known.town.morning(DAY)
    fridas, gustavs = in_sections(newest_to_alice(known).text)
    line = "Två aktiviteter med dagar som hade passerat när påminnelserna började"
    assert (line in fridas, line in gustavs) == (True, True)
    assert THEIRS not in fridas
    assert HERS not in gustavs
