"""What is of one collaboration is told there, and in no letter or page of another's.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, which has taken
Alice on as Vera Typad.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from config import policy
from intake.people.declining import accept, decline
from intake.people.group_list import file_groups, read_groups
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration
from models.known import PersonKnown
from models.left import is_out_of
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from models.person import Person
from models.plan import Plan
from models.reminded import remind_from
from notifications.calendar_days import of_person
from notifications.letters import parts, taken_on
from notifications.letters.week import sections
from notifications.outbox import Words
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


def test_who_has_said_no_to_gustav_gets_no_report_of_his_that_waited(known: Border) -> None:
    alice, settings = known.town.alice, known.town.settings
    with transaction(settings) as session:
        home = session.get_one(Person, alice).home_collaboration_id
        for area, words in ((known.gustavs, "Gustavs rapport"), (home, "Fridas rapport")):
            parts.add(
                *(session, alice, LetterKind.QUARTER, Words(words, words, words)),
                today=DAY,
                occasion=words,
                collaboration_id=area,
            )
        decline(session, alice, known.gustavs, today=DAY)
    known.town.morning(DAY)
    letter = newest_to_alice(known)
    assert "Fridas rapport" in letter.text
    assert "Gustavs rapport" not in letter.text


def test_a_no_closes_what_is_asked_of_letters_as_a_last_day_does(known: Border) -> None:
    alice, settings = known.town.alice, known.town.settings
    theirs = select(c(Collaboration).id).where(is_out_of(alice, c(Collaboration).id, TODAY))
    with transaction(settings) as session:
        assert session.execute(theirs).scalars().all() == []
        decline(session, alice, known.gustavs, today=TODAY)
        assert session.execute(theirs).scalars().all() == [known.gustavs]
        accept(session, alice, known.gustavs, today=TODAY)
        assert session.execute(theirs).scalars().all() == []


def test_a_no_closes_her_calendar_to_what_names_her_there_all_the_same(known: Border) -> None:
    alice, settings = known.town.alice, known.town.settings
    of_gustavs(known, alice)
    known.town.decided(HERS, by="2025-02-28", person=alice)
    with transaction(settings) as session:
        session.execute(update(PersonKnown).values(declined_at=c(PersonKnown).since))
        days = of_person(session, settings, alice, TODAY)
    assert [one.title for one in days] == [f"Slutdatum: {HERS}"]


# The week.


def lost(border: Border, area: int) -> list[str]:
    """What the leader of a collaboration reads in the week of letters that did not come."""
    with reading(border.town.settings) as session:
        told = sections(session, policy.load(), [area], DAY)
    return [line for one in told if one.title == "Brev som inte kom fram" for line in one.lines]


def fail(border: Border) -> None:
    with transaction(border.town.settings) as session:
        session.execute(
            update(Letter)
            .where(c(Letter).person_id == border.town.alice)
            .values(state=LetterState.FAILED, server_said="552 5.2.2 mailbox full", done_at=None)
        )


FAILED = (
    "29 januari 2025: togs inte emot. Brevlådan är full. Be personen rensa, och skicka brevet igen."
)


def test_a_letter_of_gustavs_that_did_not_come_is_told_him_and_not_her_homes_leader(
    border: Border,
) -> None:
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    with transaction(border.town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=c(PersonKnown).since))
    of_gustavs(border, border.town.alice)
    border.town.morning(DAY)
    assert newest_to_alice(border).to_name == "Vera Typad"
    fail(border)
    assert lost(border, border.fridas) == []
    assert lost(border, border.gustavs) == [f"Till Vera Typad, {FAILED}"]


def test_a_letter_of_both_that_did_not_come_is_told_each_by_the_name_she_has_there(
    border: Border,
) -> None:
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    with transaction(border.town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=c(PersonKnown).since))
    of_gustavs(border, border.town.alice)
    border.town.decided(HERS, by="2025-02-28", person=border.town.alice)
    border.town.morning(DAY)
    fail(border)
    assert lost(border, border.fridas) == [f"Till Alice, {FAILED}"]
    assert lost(border, border.gustavs) == [f"Till Vera Typad, {FAILED}"]
