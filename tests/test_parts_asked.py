"""A part's own deadline is asked about: of whoever answers for the part, until she has told."""

from datetime import date

import pytest
from sqlalchemy import select

from config import policy
from intake.lives.parts import ask_to_put_parts
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, Notice
from notifications.why_not import explain
from rules.why_not import Reason
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_silence import answer
from web.app import create_app

pytestmark = pytest.mark.by_turns
MADE = date(2024, 3, 4)
ASKED = date(2024, 5, 24)  # a Friday, seven days before the part's deadline
LATE = date(2024, 6, 3)  # the Monday after it


def put(town: Town, activity_id: int, name: str, today: date = MADE, **given: str) -> None:
    """Frida puts a part on file, or tells how far it has come."""
    with transaction(town.settings) as session:
        ask_to_put_parts(session, activity_id, {"name": name, **given}, FRIDA, today=today)


@pytest.fixture
def sip(town: Town) -> int:
    """Alice's activity; Charlie answers for the part Björk, by 31 May."""
    activity_id = town.decided("SIP i tid", by="2024-12-31")
    town.morning(date(2024, 1, 15))  # what the activity itself has reached is told
    put(town, activity_id, "Björk", responsible="Charlie", deadline="2024-05-31")
    return activity_id


def told(town: Town, person: int) -> list[Letter]:
    """The letters to somebody, in order."""
    return [letter for letter in town.letters() if letter.person_id == person]


def test_whoever_answers_for_the_part_is_asked_about_it_and_nobody_else(
    town: Town, sip: int
) -> None:
    town.morning(ASKED)
    (letter,) = told(town, town.charlie)
    assert letter.subject.startswith("Svara senast 31 maj: SIP i tid [")
    assert "Björk (inte svarat): slutdatum är 31 maj 2024 (om 7 dagar)." in letter.text
    assert "Björk (inte svarat): slutdatum är 31 maj 2024 (om 7 dagar)." in letter.html
    assert told(town, town.alice) == []
    town.morning(ASKED)
    assert len(told(town, town.charlie)) == 1


def test_a_part_that_is_done_or_excused_is_not_asked(town: Town, sip: int) -> None:
    put(town, sip, "Björk", state="klar")
    put(town, sip, "Alm", responsible="Bob", deadline="2024-05-31")
    put(town, sip, "Alm", state="undantagen", why="Deltar inte i år")
    assert town.morning(ASKED).letter_ids == []


def test_a_part_without_anybody_of_its_own_is_asked_of_who_answers_for_the_whole(
    town: Town, sip: int
) -> None:
    put(town, sip, "Ek", deadline="2024-05-31")
    town.morning(ASKED)
    (letter,) = told(town, town.alice)
    assert "Ek (inte svarat)" in letter.text
    assert "Björk" not in letter.text


def test_silence_about_a_part_goes_up_the_line_and_stops_when_it_is_told(
    town: Town, sip: int
) -> None:
    for day in (LATE, date(2024, 6, 19)):
        town.morning(day)
    (letter,) = told(town, town.alice)
    assert "Björk (inte svarat): ingen har svarat sedan 3 juni 2024." in letter.text
    assert "Charlie fick frågan 3 juni" in letter.text
    put(town, sip, "Björk", date(2024, 6, 20), state="i dialog")
    town.morning(date(2024, 6, 27))
    assert told(town, town.frida) == []
    with reading(town.settings) as session:
        settled = session.execute(select(c(Notice).settled_on).where(c(Notice).part_id == 1))
        assert None not in set(settled.scalars())


def test_an_answer_about_the_whole_settles_what_was_asked_of_the_part(town: Town, sip: int) -> None:
    town.morning(LATE)
    answer(town, sip, town.alice, date(2024, 6, 4))
    town.morning(date(2024, 6, 19))
    assert told(town, town.alice) == []


def test_charlie_tells_through_the_link_that_the_part_stands_where_it_did(
    town: Town, sip: int
) -> None:
    put(town, sip, "Björk", state="i dialog")
    town.morning(LATE)
    (letter,) = told(town, town.charlie)
    path = "/svar/" + letter.text.split("/svar/")[1].split()[0]
    browser = browse(create_app(town.settings.model_copy(update={"today": LATE})))
    page = browser.get(path).text
    assert "någon annan svarar för helheten" in page
    assert '<option value="">I dialog, som nu</option>' in page  # left alone it says nothing
    assert '<option value="i dialog">Fortfarande i dialog</option>' in page
    browser.post(path, data={"part_1": "i dialog"})
    town.morning(date(2024, 6, 19))
    assert told(town, town.alice) == []


def test_why_charlie_got_no_letter_is_told_by_the_parts_own_ladder(town: Town, sip: int) -> None:
    town.morning(ASKED)
    day = date(2024, 5, 27)
    with reading(town.settings) as session:
        (because, *_) = [
            one
            for one in explain(session, policy.load(), town.charlie, day, day)
            if one.activity_id == sip
        ]
    assert because.reason is Reason.NOTHING_REACHED
    assert "delens slutdatum 31 maj 2024, 7 dagar före" in because.words
