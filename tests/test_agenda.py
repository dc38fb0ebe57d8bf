"""The chair puts a silence on her group's meeting, and her letter says what to take up there."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from models.columns import c
from models.database import reading, transaction
from models.lifecycle import Move
from models.person import Role
from models.span import Precision
from models.status import Says, StatusAnswer
from models.status_round import AgendaPoint, Meeting
from notifications import links
from notifications.letters.to_take_up import MOST, to_take_up
from tests.cast import Town
from tests.conftest import browse
from tests.test_next_in_line import DUE, TODAY, alice, sip
from tests.test_one_tap import link
from tests.test_quarter_close import DUE as CLOSES
from tests.test_quarter_close import runs
from web.app import create_app

__all__ = ["alice", "sip"]  # fixtures

pytestmark = pytest.mark.by_turns
MEETS = date(2024, 6, 25)


def meets(town: Town, day: date = MEETS) -> None:
    """NOSAM Alm meets."""
    with transaction(town.settings) as session:
        session.add(Meeting(group_id=town.alm, on_day=day))


def points(town: Town) -> list[Any]:
    """What has been put on meetings: (activity, by, taken up on)."""
    row = c(AgendaPoint)
    with reading(town.settings) as session:
        asked = select(row.activity_id, row.by, row.done_on).order_by(row.id)
        return [tuple(one) for one in session.execute(asked)]


def wants_more_time(town: Town, activity: int, on_day: date) -> None:
    """Charlie says that it is late, and proposes another day."""
    later = date(2025, 3, 31)
    with transaction(town.settings) as session:
        session.add(
            StatusAnswer(
                activity_id=activity,
                person_id=town.charlie,
                link_id=links.make(session, town.settings, town.charlie),
                at=clock.now(),
                on_day=on_day,
                says=Says.LATE,
                proposed_text="mars 2025",
                proposed_first=later,
                proposed_last=later,
                proposed_precision=Precision.MONTH,
            )
        )


def put_up(town: Town, browser: TestClient, activity: int) -> str:
    """Alice presses the button."""
    done = browser.post(f"{link(town)}/tyst", data={"activity": activity, "gor": "motet"})
    return str(done.text)


def test_what_nobody_answers_is_put_on_the_meeting_once_and_the_page_says_which(
    town: Town, alice: TestClient, sip: int
) -> None:
    assert "Ta upp på mötet" in alice.get(link(town)).text
    assert "Ingen mötesdag är inlagd än." in put_up(town, alice, sip)
    meets(town)
    assert "NOSAM Alms möte 25 juni 2024." in put_up(town, alice, sip)
    assert points(town) == [(sip, "Alice", None)]
    page = alice.get(link(town)).text
    assert "Den står på listan till gruppens nästa möte." in page
    assert 'value="motet"' not in page


def test_the_process_leader_sees_who_put_it_there_and_it_leaves_when_the_meeting_was_at_it(
    town: Town, alice: TestClient, sip: int
) -> None:
    put_up(town, alice, sip)
    page = alice.get(f"/moten/{town.alm}").text
    assert "<h2>Uppsatt till mötet</h2>" in page
    assert "Uppsatt till mötet av Alice 18 juni 2024." in page
    other = town.decided("En annan", by=DUE)
    alice.post(f"/moten/{town.alm}", data={f"move_{other}": Move.START.value})
    assert points(town) == [(sip, "Alice", None)]
    done = alice.post(f"/moten/{town.alm}", data={f"move_{sip}": "uppe"}).text
    assert "uppe på mötet" in done
    assert points(town) == [(sip, "Alice", TODAY)]
    assert "Uppsatt till mötet" not in alice.get(f"/moten/{town.alm}").text


def test_what_the_meeting_registers_is_taken_up_too(
    town: Town, alice: TestClient, sip: int
) -> None:
    put_up(town, alice, sip)
    alice.post(f"/moten/{town.alm}", data={f"move_{sip}": Move.START.value})
    assert points(town) == [(sip, "Alice", TODAY)]


def test_what_was_never_asked_of_her_she_does_not_put_on_a_meeting(
    town: Town, alice: TestClient, sip: int
) -> None:
    other = town.decided("En annans fråga", by=DUE)
    refused = alice.post(f"{link(town)}/tyst", data={"activity": other, "gor": "motet"})
    assert (refused.status_code, points(town)) == (409, [])


def test_what_is_put_up_and_what_waits_for_a_yes_come_before_what_is_only_late(
    small_town: Town,
) -> None:
    town, day = small_town, date(2024, 4, 5)
    late = [town.decided(f"Sen {n}", by=date(2024, 3, n + 1), person=town.bob) for n in range(4)]
    town.decided("Kommer", by="2024-12-31")
    asked = town.decided("Vill ha mer tid", by="2024-12-31", person=town.charlie)
    wants_more_time(town, asked, date(2024, 4, 2))
    with transaction(town.settings) as session:
        told = to_take_up(session, town.alm, day)
    assert len(told) == MOST
    assert told[0] == (
        "Vill ha mer tid (Charlie): ett förslag väntar på ja eller nej. "
        "Senaste besked 2 april 2024: Försenat."
    )
    assert told[1] == "Sen 0 (Bob): slutdatum var 1 mars 2024. Inget besked har kommit."
    assert len(late) == 4


def test_the_quarters_letter_names_them_with_people_and_days_before_the_meeting(
    town: Town,
) -> None:
    town.holds(town.alice, town.alm, Role.MEMBER)
    row = town.decided("Trygg hemgång", by="2024-03-15", person=town.bob)
    town.move(row, Move.START, today=date(2024, 2, 1))
    meets(town, date(2024, 4, 12))
    assert runs(town, CLOSES)[0] == 1
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    for words in (letter.text, letter.html):
        assert "Att ta upp på mötet 12 april 2024" in words
        assert "Trygg hemgång (Bob): slutdatum var 15 mars 2024." in words


def test_a_letter_that_waited_past_the_meeting_names_what_is_to_be_taken_up_at_the_next(
    town: Town,
) -> None:
    """The post stood from the round until after the meeting; by then Hemgång was followed up."""
    town.holds(town.alice, town.alm, Role.MEMBER)
    for what, by in (("Trygg hemgång", "2024-03-15"), ("SIP", "2024-03-20")):
        row = town.decided(what, by=by, person=town.bob)
        town.move(row, Move.START, today=date(2024, 2, 1))
    meets(town, date(2024, 4, 12))
    meets(town, date(2024, 6, 14))
    assert runs(town, CLOSES)[0] == 1
    town.change(1, reported_done_on=date(2024, 4, 10))
    town.morning(date(2024, 4, 15))
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    for words in (letter.text, letter.html):
        assert "Att ta upp på mötet 14 juni 2024" in words
        assert "12 april" not in words
        assert "SIP (Bob): slutdatum var 20 mars 2024." in words
        assert "Trygg hemgång (Bob): slutdatum var" not in words


def test_a_group_with_nothing_pressing_has_nothing_to_take_up(small_town: Town) -> None:
    small_town.decided("Kommer", by="2024-12-31")
    with transaction(small_town.settings) as session:
        assert to_take_up(session, small_town.alm, date(2024, 4, 5)) == ()


def test_what_is_said_to_be_done_presses_no_group(small_town: Town) -> None:
    row = small_town.decided("Trygg hemgång", by="2024-03-15")
    small_town.change(row, reported_done_on=date(2024, 3, 20))
    with transaction(small_town.settings) as session:
        assert to_take_up(session, small_town.alm, date(2024, 4, 5)) == ()


def test_what_is_said_to_be_done_is_late_on_no_page(small_town: Town) -> None:
    row = small_town.decided("Trygg hemgång", by="2024-03-15")
    settings = small_town.settings.model_copy(update={"today": date(2024, 4, 5)})
    browser = browse(create_app(settings))
    assert 'class="late"' in browser.get("/planer/1").text
    small_town.change(row, reported_done_on=date(2024, 3, 20))
    assert 'class="late"' not in browser.get("/planer/1").text
