"""Calendars: what Alice answers for, in her own calendar, until the address is revoked."""

from datetime import date
from typing import Any

import pytest
import vobject
from fastapi.testclient import TestClient
from icalendar import Calendar

from config import clock, policy
from config.settings import Settings
from intake.lives.entries import log_of
from intake.lives.undo import look, take_back
from models.activity import Activity
from models.database import reading, transaction
from models.lifecycle import Brought, Move, Outcome
from models.moves import put_span
from models.part import PartState, put_part
from models.person import Person
from models.plan import Plan
from models.span import Precision, Span
from models.status_round import Meeting
from notifications import calendar_days, feeds, status_rounds
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app


def made(town: Town, **whose: int) -> str:
    """A new address's path."""
    with transaction(town.settings) as session:
        feeds.make(session, **whose)
    with reading(town.settings) as session:
        address = feeds.feed_address(session, town.settings, **whose)
    return address.removeprefix(town.settings.pages_url)


@pytest.fixture
def pages(small_town: Town) -> TestClient:
    """A browser on the town's pages."""
    return browse(create_app(small_town.settings))


def events(content: bytes) -> list[Any]:
    """A calendar's events, parsed again."""
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_alices_feed_has_what_she_answers_for_and_nobody_elses(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    town.decided("Gemensam utbildning", by="2024-11-30", group=town.bjork)
    content = _read(town, person_id=town.alice)
    (event,) = events(content)
    assert str(event["SUMMARY"]) == "Slutdatum: Trygg hemgång"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2024, 12, 31), date(2025, 1, 1))
    assert event["TRANSP"] == "TRANSPARENT"
    assert b"METHOD:PUBLISH" in content
    assert Calendar.from_ical(content)["X-WR-CALNAME"] == "Följsam: Alice"


def _read(town: Town, **whose: int) -> bytes:
    with transaction(town.settings) as session:
        feeds.make(session, **whose)
    with reading(town.settings) as session:
        address = feeds.feed_address(session, town.settings, **whose)
        token = address.rpartition("/")[2].removesuffix(".ics")
        feed = feeds.open_feed(session, town.settings, token)
        assert feed is not None
        return feeds.calendar_of(session, town.settings, feed, date(2024, 6, 3))


def test_a_vague_day_is_one_mark_on_its_last_day_with_the_days_in_words(small_town: Town) -> None:
    activity = small_town.decided("Trygg hemgång", by="2024-12-31")
    autumn = Span("hösten 2024", date(2024, 9, 1), date(2024, 11, 30), Precision.SEASON)
    with transaction(small_town.settings) as session:
        put_span(session.get_one(Activity, activity), "deadline", autumn)
    (event,) = events(_read(small_town, person_id=small_town.alice))
    assert str(event["SUMMARY"]) == "Slutdatum (hösten 2024): Trygg hemgång"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2024, 11, 30), date(2024, 12, 1))
    told = str(event["DESCRIPTION"])
    assert "Någon gång från 1 september 2024 till 30 november 2024." in told


def test_parts_money_meetings_and_rounds_stand_in_hers_and_lead_to_pages_without_a_key(
    town: Town,
) -> None:
    activity = town.decided("Trygg hemgång", by="2024-12-31")
    town.change(activity, funding_last=date(2024, 10, 31), funding_text="400 000 kr")
    with transaction(town.settings) as session:
        part = {"name": "Alingsås", "state": PartState.UNANSWERED, "since": date(2024, 1, 10)}
        part |= {"deadline_text": "maj", "deadline_last": date(2024, 5, 31)}
        put_part(session, activity, None, part, "Frida", date(2024, 1, 10))
        session.add(Meeting(group_id=town.alm, on_day=date(2024, 6, 18)))
        session.get_one(Plan, town.plan).funding_last = date(2024, 11, 15)
        rules = policy.load(town.settings.home)
        number = status_rounds.open_now(session, rules, town.alm, date(2024, 6, 3), "Frida")
    content = _read(town, person_id=town.alice)
    found = {str(event["SUMMARY"]): event for event in events(content)}
    pages = town.settings.pages_url
    assert {title: (event["DTSTART"].dt, str(event["URL"])) for title, event in found.items()} == {
        "Slutdatum: Alingsås, Trygg hemgång": (
            date(2024, 5, 31),
            f"{pages}/aktiviteter/{activity}",
        ),
        "Sista dag att svara i statusrundan: NOSAM Alm": (
            date(2024, 6, 17),
            f"{pages}/statusrundor/{number}",
        ),
        "Möte: NOSAM Alm": (date(2024, 6, 18), f"{pages}/grupper/{town.alm}"),
        "Medlens sista dag: Trygg hemgång": (
            date(2024, 10, 31),
            f"{pages}/aktiviteter/{activity}",
        ),
        "Medlens sista dag: Plan 2024": (date(2024, 11, 15), f"{pages}/planer/{town.plan}"),
        "Slutdatum: Trygg hemgång": (date(2024, 12, 31), f"{pages}/aktiviteter/{activity}"),
    }
    assert b"/svar/" not in content
    assert b"/kalender/" not in content
    assert len(events(_read(town, group_id=town.alm))) == 6


def test_an_empty_calendar_is_one_that_two_parsers_take(small_town: Town) -> None:
    content = _read(small_town, person_id=small_town.bob)
    assert events(content) == []
    assert Calendar.from_ical(content).walk("VTIMEZONE")
    other = vobject.readOne(content.decode())
    assert other.validate(raiseException=True)
    assert not hasattr(other, "method")


def test_two_parsers_read_the_same(small_town: Town) -> None:
    small_town.decided("Trygg hemgång; å, ä\noch \\ ö " + "lång " * 40, by="2024-12-31")
    small_town.decided("Gemensam utbildning", by="2024-11-30")
    content = _read(small_town, person_id=small_town.alice)
    other = vobject.readOne(content.decode())
    other.validate(raiseException=True)
    theirs = {
        (str(e.uid.value), str(e.summary.value), e.dtstart.value, str(e.url.value))
        for e in other.vevent_list
    }
    ours = {
        (str(e["UID"]), str(e["SUMMARY"]), e["DTSTART"].dt, str(e["URL"])) for e in events(content)
    }
    assert theirs == ours
    assert len(ours) == 2
    assert {e.transp.value for e in other.vevent_list} == {"TRANSPARENT"}


def test_whom_letters_do_not_reach_keeps_her_calendar(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        session.get_one(Person, town.alice).unreachable_since = clock.now()
    (event,) = events(_read(town, person_id=town.alice))
    assert str(event["SUMMARY"]) == "Slutdatum: Trygg hemgång"


def test_an_event_keeps_its_uid_and_counts_its_changes(small_town: Town) -> None:
    activity = small_town.decided(by="2024-12-31")
    (before,) = events(_read(small_town, person_id=small_town.alice))
    small_town.move(activity, Move.START)
    (after,) = events(_read(small_town, person_id=small_town.alice))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_is_taken_back_is_one_more_change_to_a_calendar(small_town: Town) -> None:
    activity = small_town.decided(by="2024-12-31")
    small_town.move(activity, Move.START)
    (before,) = events(_read(small_town, person_id=small_town.alice))
    with transaction(small_town.settings) as session:
        key = log_of(session, [activity])[activity][0].key
        take_back(session, look(session, [activity], key), FRIDA, today=date(2024, 3, 1))
    (after,) = events(_read(small_town, person_id=small_town.alice))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_what_is_ended_or_reported_done_leaves_the_calendar(small_town: Town) -> None:
    done = small_town.decided(by="2024-12-31")
    ended = small_town.decided(by="2024-12-31")
    small_town.change(done, reported_done_on=date(2024, 6, 1))
    decision = small_town.decision
    brought = Brought(outcome=Outcome.CEASED, reason="Inga pengar", decision_id=decision)
    small_town.move(ended, Move.ABANDON, brought)
    assert events(_read(small_town, person_id=small_town.alice)) == []


def test_a_groups_feed_has_the_groups_activities(small_town: Town) -> None:
    small_town.decided("Trygg hemgång", by="2024-12-31")
    small_town.decided("Gemensam utbildning", by="2024-11-30", group=small_town.bjork)
    (event,) = events(_read(small_town, group_id=small_town.bjork))
    assert "Gemensam utbildning" in str(event["SUMMARY"])


def test_a_line_break_in_a_title_makes_no_line_of_its_own(small_town: Town) -> None:
    small_town.decided("Titel\r\nEND:VEVENT\r\nATTENDEE:alla", by="2024-12-31")
    (event,) = events(_read(small_town, person_id=small_town.alice))
    assert "ATTENDEE" not in event


@pytest.mark.parametrize("ends", ["\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029", "\r"])
def test_no_sign_that_some_program_takes_for_a_lines_end_makes_an_event(
    small_town: Town, ends: str
) -> None:
    activity = small_town.decided("Trygg hemgång", by="2024-12-31")
    small_town.change(activity, how=f"Ring{ends}END:VEVENT{ends}BEGIN:VEVENT{ends}SUMMARY:Falskt")
    content = _read(small_town, person_id=small_town.alice).decode()
    assert [
        line for line in content.splitlines() if line in {"SUMMARY:Falskt", "BEGIN:VEVENT"}
    ] == ["BEGIN:VEVENT"]
    (event,) = events(content.encode())
    assert "SUMMARY:Falskt" in str(event["DESCRIPTION"])


def test_a_program_that_has_the_same_gets_nothing_new(small_town: Town, pages: TestClient) -> None:
    small_town.decided(by="2024-12-31")
    path = made(small_town, person_id=small_town.alice)
    first = pages.get(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    tag = {"If-None-Match": f"W/{first.headers['etag']}"}
    assert pages.get(path, headers=tag).status_code == 304
    small_town.decided("Ny", by="2024-11-30")
    assert pages.get(path, headers=tag).status_code == 200


def test_a_revoked_or_forged_address_does_not_open(small_town: Town, pages: TestClient) -> None:
    path = made(small_town, person_id=small_town.alice)
    assert pages.get(path[:-8] + "aaaa.ics").status_code == 404
    answered = pages.post(f"/personer/{small_town.alice}/kalender", data={"gor": "dra-in"})
    assert "Kalendern är borttagen" in answered.text
    assert pages.get(path).status_code == 404
    again = pages.post(f"/personer/{small_town.alice}/kalender", data={"gor": "skapa"})
    assert "/kalender/" in again.text
    assert made(small_town, person_id=small_town.alice) != path


def test_alice_gets_an_address_of_her_own_from_her_link(
    small_town: Town, pages: TestClient
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    (letter,) = small_town.letters()
    words = next(word for word in letter.text.split() if "/svar/" in word)
    path = words.removeprefix(small_town.settings.pages_url)
    answered = pages.post(f"{path}/kalender", data={"gor": "skapa"})
    assert answered.status_code == 200
    assert made(small_town, person_id=small_town.alice) in answered.text
    assert pages.post("/svar/forged/kalender").status_code == 403


def test_days_in_a_letter_say_publish_in_both_places(small_town: Town, lite: Settings) -> None:
    activity = small_town.decided(by="2024-12-31")
    with reading(lite) as session:
        entries = calendar_days.entries_of(session, lite, [activity])
    file = feeds.enclosed_calendar(entries)
    assert file is not None
    assert file.media_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert Calendar.from_ical(file.content)["METHOD"] == "PUBLISH"
    assert feeds.enclosed_calendar([]) is None
