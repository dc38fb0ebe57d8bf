"""Frida's week: in Monday's letter, when there is something to tell, and in none of its own."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from config import clock
from intake.people.delegation import delegate
from models.activity import Answerable, Responsibility
from models.columns import c
from models.database import transaction
from models.letter import Link
from models.part import Part, PartState, put_part
from models.person import Person
from models.round import Round
from models.status import Says, StatusAnswer
from tests.cast import FRIDA, Town

pytestmark = pytest.mark.by_turns
MONDAY = date(2024, 6, 3)


def weekly(town: Town) -> list[Any]:
    """The letters with a week in them."""
    return [each for each in town.letters() if "att se till i vecka" in each.text]


def test_frida_is_told_on_monday_what_has_nobody_no_day_or_no_address(town: Town) -> None:
    town.activity("Fler SIP", words="alla berörda")
    with transaction(town.settings) as session:
        session.get_one(Person, town.alice).unreachable_since = clock.now()
    town.lines(MONDAY)
    (letter,) = weekly(town)
    assert letter.to_name == "Frida"
    assert letter.subject.startswith("Veckan: tre saker att se till [F-")
    for words in ("Saknar ansvarig", "Saknar slutdatum", "Adresser som inte går att nå"):
        assert f"{words} (1)" in letter.html
        assert f"{words.upper()} (1)" in letter.text
    assert "* Alice (alice@example.org)" in letter.text


def test_she_gets_it_once_a_week_and_not_at_all_without_anything_to_tell(town: Town) -> None:
    town.decided(by="2025-12-31")
    town.lines(MONDAY)
    assert weekly(town) == []
    town.activity("Fler SIP", words="alla berörda")
    for day in (4, 5, 10, 11):
        town.lines(date(2024, 6, day))
    assert [each.on_day for each in weekly(town)] == [date(2024, 6, 10)]


def test_a_monday_that_was_missed_or_is_quiet_is_made_good_by_the_next_working_day(
    town: Town,
) -> None:
    town.activity("Fler SIP", words="alla berörda")
    town.lines(MONDAY)
    town.lines(date(2024, 6, 11))  # the machine was down on Monday the tenth
    town.lines(date(2024, 12, 27))  # Monday to Thursday: Christmas
    days = [each.on_day for each in weekly(town)]
    assert days == [MONDAY, date(2024, 6, 11), date(2024, 12, 27)]


def test_mondays_letter_has_the_week_and_what_else_is_for_her_that_day(town: Town) -> None:
    town.activity("Fler SIP", words="alla berörda")
    town.decided("Hemgång", by=MONDAY, person=town.frida)
    town.lines(MONDAY)
    town.lines(date(2024, 6, 4))
    hers = next(each for each in town.letters() if each.to_name == "Frida")
    assert hers.on_day == MONDAY
    assert "Hemgång" in hers.subject
    assert "FRÅGOR TILL DIG" in hers.text
    assert "i dag" in hers.text
    assert "SAKNAR ANSVARIG (1)" in hers.text


def test_mondays_week_holds_nobodys_letter_back(town: Town) -> None:
    town.activity("Fler SIP", words="alla berörda")
    both = town.decided("Hemgång", by=MONDAY, person=town.frida)
    with transaction(town.settings) as session:
        named = Responsibility(
            activity_id=both, kind=Answerable.PERSON, words="Bob", person_id=town.bob
        )
        session.add(named)
    town.lines(MONDAY)
    told = {each.to_name: each for each in town.letters() if "Hemgång" in each.text}
    assert {name: each.on_day for name, each in told.items()} == {"Frida": MONDAY, "Bob": MONDAY}


def test_it_tells_of_silence_with_everybody_who_was_asked(town: Town) -> None:
    town.decided("Hemgång", by="2024-05-31", person=town.bob)
    for day in (3, 7, 18):
        town.morning(date(2024, 6, day))
    town.lines(date(2024, 6, 24))
    said = weekly(town)[0].text
    assert "Hemgång. Bob fick frågan 3, 7 och 18 juni" not in said
    assert "Bob fick frågan 3 och 7 juni. Frågan har gått vidare till Alice 18 juni." in said


def test_what_has_been_silent_since_that_very_monday_is_told_and_not_a_week_later(
    town: Town,
) -> None:
    town.decided("Hemgång", by="2024-05-30", person=town.bob)
    town.morning(date(2024, 5, 31))
    town.morning(date(2024, 6, 7))
    town.lines(date(2024, 6, 17))  # a Monday, ten working days after
    (letter,) = weekly(town)
    assert "* Hemgång. Bob fick frågan 31 maj, 7 juni.\n" in letter.text


def test_a_question_that_has_gone_to_nobody_else_is_not_said_to_have_gone(town: Town) -> None:
    """Alice chairs the group and is the one who is silent."""
    town.decided("Hemgång", by="2024-05-31", person=town.alice)
    for day in (3, 7, 18):
        town.morning(date(2024, 6, day))
    town.lines(date(2024, 6, 24))
    said = weekly(town)[0].text
    assert "Hemgång. Alice fick frågan 3 och 7 juni.\n" in said
    assert "gått vidare" not in said


def test_a_part_that_is_silent_is_told_apart_from_the_rest(town: Town) -> None:
    """Bob has said where his part stands; Charlie has not, and neither has Alice of the whole."""
    hemgang = town.decided("Hemgång", by="2024-05-31", person=town.alice)
    parts = []
    with transaction(town.settings) as session:
        for name, who in (("Alingsås", town.bob), ("Lerum", town.charlie)):
            values = {"name": name, "state": PartState.UNANSWERED, "since": date(2024, 5, 1)}
            values |= {"deadline_text": "31 maj", "deadline_last": date(2024, 5, 31)}
            values |= {"kind": Answerable.PERSON, "person_id": who}
            parts.append(put_part(session, hemgang, None, values, "Frida", date(2024, 5, 2)))
    town.morning(date(2024, 6, 3))
    with transaction(town.settings) as session:
        before = session.get_one(Part, parts[0]).model_dump()
        told = {"state": PartState.ONGOING, "since": date(2024, 6, 4)}
        put_part(session, hemgang, before, told, "Bob", date(2024, 6, 4))
    for day in (7, 18):
        town.morning(date(2024, 6, day))
    town.lines(date(2024, 6, 24))
    said = weekly(town)[0].text
    assert "* Hemgång. Alice fick frågan 3 och 7 juni.\n" in said
    assert (
        "* Hemgång, Lerum. Charlie fick frågan 3 och 7 juni. Frågan har gått vidare till Alice"
        in said
    )
    assert "Bob" not in said


def test_it_tells_of_broken_rounds_and_of_proposals_that_wait_for_her(town: Town) -> None:
    sip = town.decided("Hemgång", by="2025-12-31")
    now = clock.now()
    with transaction(town.settings) as session:
        session.add(
            Round(line="morning-round", on_day=MONDAY, started_at=now, failed="OperationalError")
        )
        link = session.execute(
            insert(Link)
            .values(person_id=town.alice, made_at=now, expires_at=now)
            .returning(c(Link).id)
        ).scalar_one()
        session.add(
            StatusAnswer(
                activity_id=sip,
                person_id=town.alice,
                link_id=link,
                at=now,
                on_day=MONDAY,
                says=Says.NOT_ME,
                instead="Bob",
            )
        )
    town.lines(MONDAY)
    said = weekly(town)[0].text
    assert "* Hemgång: Bob svarar för den i stället" in said
    assert "* Morgonrundan 3 juni 2024" in said


def test_who_stands_in_for_frida_gets_her_week_signs_letters_and_is_replied_to(town: Town) -> None:
    town.activity("Fler SIP", words="alla berörda")
    town.decided("Hemgång", by=MONDAY)
    with transaction(town.settings) as session:
        given = {"delegate": "Bob", "first_day": "2024-06-01", "last_day": "2024-06-09"}
        delegate(session, town.frida, given, FRIDA, today=date(2024, 5, 31))
    town.lines(MONDAY)
    assert [each.to_name for each in weekly(town)] == ["Bob"]
    alices = next(each for each in town.letters() if each.to_name == "Alice")
    assert (alices.reply_to, alices.from_name) == (
        "bob@example.org",
        "Vårdsamverkan Prov genom Bob",
    )
    assert "Bob, som ersätter processledaren, dig" in alices.text
    town.lines(date(2024, 6, 10))
    assert [each.to_name for each in weekly(town)] == ["Bob", "Frida"]
