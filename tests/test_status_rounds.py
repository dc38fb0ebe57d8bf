"""Status rounds: opened in time, asked in the daily letter, answered on one page, closed."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from config import clock, policy
from intake.lives.entries import log_of
from intake.lives.undo import look, take_back, withdraw_plan
from models.activity import Responsibility
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.group import Group
from models.letter import Letter, LetterState
from models.lifecycle import Move
from models.person import Person
from models.status_round import (
    Meeting,
    StatusQuestion,
    StatusRound,
    counts_still,
    still_counts,
)
from notifications import status_rounds
from reports.editions import Of
from reports.rollup.around import rounds
from reports.rollup.asked import asked_for
from rules.calendar import is_quiet
from tests.cast import FRIDA, Town, have_gone
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
FAR = "2026-12-31"


def on_file(town: Town) -> list[Any]:
    """Every round, the oldest first."""
    with reading(town.settings) as session:
        return list(session.execute(select(StatusRound).order_by(c(StatusRound).id)).scalars())


def answered(town: Town) -> list[date | None]:
    """When each question was answered."""
    with reading(town.settings) as session:
        asked = select(c(StatusQuestion).answered_on).order_by(c(StatusQuestion).activity_id)
        return list(session.execute(asked).scalars())


def days(town: Town, first: date, last: date) -> None:
    """All lines on every day from one to another that is not quiet."""
    day = first
    while day <= last:
        if not is_quiet(policy.load(), day):
            town.lines(day)
        day += timedelta(days=1)


def browser(town: Town, today: date) -> TestClient:
    """A browser on a day."""
    return browse(create_app(town.settings.model_copy(update={"today": today})))


def link(town: Town, name: str) -> str:
    """The path of the link in somebody's latest letter."""
    letter = [each for each in town.letters() if each.to_name == name and each.link_id][-1]
    found = re.search(r"/svar/\S+", letter.text)
    assert found
    return found[0]


def test_a_round_opens_two_weeks_before_the_quarter_closes_and_closes_with_it(town: Town) -> None:
    town.decided(by=FAR)
    days(town, date(2024, 6, 10), date(2024, 7, 4))
    (one,) = on_file(town)
    assert (one.opened_on, one.closes_on) == (date(2024, 6, 17), date(2024, 6, 30))
    assert one.closed_on == date(2024, 7, 1)
    asked = [each.on_day for each in town.letters() if "Statusrunda" in each.text]
    assert asked == [date(2024, 6, 17), date(2024, 6, 25)]  # one rung fell on a Saturday


def test_a_meeting_opens_a_round_that_closes_before_it(town: Town) -> None:
    town.decided(by=FAR)
    with transaction(town.settings) as session:
        session.execute(insert(Meeting).values(group_id=town.alm, on_day=date(2024, 5, 16)))
    days(town, date(2024, 4, 22), date(2024, 4, 30))
    (one,) = on_file(town)
    assert (one.opened_on, one.closes_on) == (date(2024, 4, 25), date(2024, 5, 13))


def test_a_meeting_in_the_first_days_after_quiet_weeks_gets_its_round_before_them(
    town: Town,
) -> None:
    """Quiet from 8 July to 4 August: all days to ask before the 6th are quiet."""
    town.decided(by=FAR)
    with transaction(town.settings) as session:
        session.execute(insert(Meeting).values(group_id=town.alm, on_day=date(2024, 8, 6)))
        session.execute(insert(Meeting).values(group_id=town.bjork, on_day=date(2024, 8, 6)))
        session.execute(insert(Meeting).values(group_id=town.bjork, on_day=date(2024, 8, 29)))
    days(town, date(2024, 7, 3), date(2024, 8, 9))
    rounds = [one for one in on_file(town) if one.occasion_on != date(2024, 6, 30)]
    (one,) = rounds
    assert (one.group_id, one.occasion_on) == (town.alm, date(2024, 8, 6))
    assert (one.opened_on, one.closes_on) == (date(2024, 7, 5), date(2024, 7, 19))
    asked = [each for each in town.letters() if each.on_day == date(2024, 7, 5)]
    assert [each.to_name for each in asked] == ["Alice"]
    assert "Statusrunda" in asked[0].text


def test_a_group_that_was_just_asked_is_not_asked_again_for_another_occasion(town: Town) -> None:
    town.decided(by=FAR)
    with transaction(town.settings) as session:
        session.execute(insert(Meeting).values(group_id=town.alm, on_day=date(2024, 7, 5)))
    days(town, date(2024, 6, 10), date(2024, 7, 5))
    assert len(on_file(town)) == 1


def test_other_days_agreed_on_meanwhile_open_no_second_round_for_the_same_meeting(
    town: Town,
) -> None:
    town.decided(by=FAR)
    with transaction(town.settings) as session:
        session.execute(insert(Meeting).values(group_id=town.alm, on_day=date(2024, 5, 16)))
    promises = policy.load()
    for before, closes, today in ((21, 10, date(2024, 4, 25)), (7, 1, date(2024, 5, 10))):
        agreed = replace(promises.rounds, before_meeting=before, closes_before_meeting=closes)
        with transaction(town.settings) as session:
            status_rounds.close_due(session, today)
            status_rounds.open_due(session, replace(promises, rounds=agreed), today)
    assert [each.opened_on for each in on_file(town)] == [date(2024, 4, 25)]


def test_every_question_of_a_person_stands_in_one_letter_and_on_one_page(town: Town) -> None:
    first = town.decided("Hemgång", by=FAR)
    second = town.decided("SIP", by="2024-06-24")
    days(town, date(2024, 6, 17), date(2024, 6, 17))
    letter = town.letters()[-1]
    assert (letter.to_name, len([e for e in town.letters() if e.to_name == "Alice"])) == (
        "Alice",
        1,
    )
    assert letter.text.count("Statusrunda") == 1  # said once for both
    assert letter.text.count("* SIP") == 1  # one row, with both reasons
    page = browser(town, date(2024, 6, 17)).get(link(town, "Alice")).text
    for activity_id in (first, second):
        assert f'name="says_{activity_id}"' in page
    assert page.count("svara senast 30 juni 2024") == 2


def test_the_page_shows_the_last_answer_and_says_it_again_only_when_asked_to(
    town: Town,
) -> None:
    sip = town.decided(by="2024-06-24")
    town.morning("2024-06-17")
    alice = browser(town, date(2024, 6, 17))
    alice.post(link(town, "Alice"), data={f"says_{sip}": "at_risk", f"text_{sip}": "Trögt."})
    page = alice.get(link(town, "Alice")).text
    assert "Trögt.</textarea>" not in page
    assert " checked" not in page
    assert "Ditt senaste besked, 17 juni 2024: Osäkert om vi hinner. ”Trögt.”" in page
    shown = {f"last_{sip}": "svar-1", f"text_{sip}": ""}
    again = alice.post(link(town, "Alice"), data=shown)
    assert "Inget var ifyllt ännu" in again.text  # though a question may wait
    days(town, date(2024, 6, 18), date(2024, 6, 18))
    later = browser(town, date(2024, 6, 18))
    later.post(link(town, "Alice"), data=shown | {f"says_{sip}": "still"})
    assert answered(town) == [date(2024, 6, 18)]


def test_who_has_answered_is_not_chased_and_who_has_not_is(town: Town) -> None:
    hers = town.decided("Hemgång", by=FAR)
    town.decided("SIP", by=FAR, person=town.bob)
    days(town, date(2024, 6, 17), date(2024, 6, 17))
    browser(town, date(2024, 6, 17)).post(link(town, "Alice"), data={f"says_{hers}": "on_track"})
    days(town, date(2024, 6, 18), date(2024, 6, 28))
    chased = [e.to_name for e in town.letters() if e.on_day > date(2024, 6, 18) and e.link_id]
    assert chased == ["Bob"]


def test_a_late_answer_is_taken_and_marked(town: Town) -> None:
    sip = town.decided(by=FAR)
    days(town, date(2024, 6, 17), date(2024, 7, 3))
    today = date(2024, 7, 3)
    browser(town, today).post(link(town, "Alice"), data={f"says_{sip}": "on_track"})
    page = browser(town, today)
    assert answered(town) == [today]
    assert "3 juli 2024, sent" in page.get(f"/statusrundor/{on_file(town)[0].id}").text
    assert "1 av 1 (100 %), varav 1 sent" in page.get("/statusrundor").text


def test_frida_opens_a_round_and_reminds_with_a_click_but_nobody_gets_two_letters_a_day(
    town: Town,
) -> None:
    town.decided("Hemgång", by=FAR)
    town.decided("SIP", by=FAR, person=town.bob)
    frida = browser(town, date(2024, 4, 15))
    page = frida.post("/statusrundor", data={"group": str(town.alm)}).text
    assert "0 av 2 frågor är besvarade" in page
    assert frida.post("/statusrundor", data={"group": str(town.alm)}).status_code == 422
    round_id = on_file(town)[0].id
    said = frida.post(f"/statusrundor/{round_id}/paminn").text
    assert "Två brev går nu." in said
    again = frida.post(f"/statusrundor/{round_id}/paminn").text
    assert "Ingen får ett till brev" in again
    assert len(town.letters()) == 2
    have_gone(town.settings, date(2024, 4, 16))
    next_day = browser(town, date(2024, 4, 16))
    said = next_day.post(f"/statusrundor/{round_id}/paminn", data={"person": str(town.bob)}).text
    assert "Ett brev går nu." in said
    assert [each.to_name for each in town.letters()].count("Bob") == 2


def test_a_reminder_that_reaches_nobody_says_why(small_town: Town) -> None:
    """Nobody who answers for it, nor who leads, has an address that works."""
    town = small_town
    town.decided("Hemgång", by=FAR)
    frida = browser(town, date(2024, 4, 15))
    frida.post("/statusrundor", data={"group": str(town.alm)})
    with transaction(town.settings) as session:
        session.execute(update(Person).values(unreachable_since=clock.now()))
    said = frida.post(f"/statusrundor/{on_file(town)[0].id}/paminn").text
    assert "Inget brev går nu. Det finns ingen att fråga: ingen som kan svara går att nå." in said


def test_not_me_and_another_day_are_accepted_with_one_click(town: Town) -> None:
    sip = town.decided(by=FAR)
    days(town, date(2024, 6, 17), date(2024, 6, 17))
    today = browser(town, date(2024, 6, 18))
    proposed = {f"says_{sip}": "not_me", f"instead_{sip}": "Bob", f"date_{sip}": "mars 2025"}
    today.post(link(town, "Alice"), data=proposed)
    page = today.get(f"/statusrundor/{on_file(town)[0].id}").text
    assert "I stället svarar: Bob." in page
    found = re.search(r'action="(/forslag/\d+)"', page)
    assert found
    said = today.post(found[1], data={"answer": "ja"}).text
    assert "Bob svarar för aktiviteten och slutdatum är mars 2025" in said
    with reading(town.settings) as session:
        who = session.execute(select(c(Responsibility).person_id)).scalar_one()
    assert who == town.bob
    assert today.post(found[1], data={"answer": "ja"}).status_code == 422


def test_a_no_leaves_all_as_it_is(town: Town) -> None:
    sip = town.decided(by=FAR)
    days(town, date(2024, 6, 17), date(2024, 6, 17))
    today = browser(town, date(2024, 6, 18))
    today.post(link(town, "Alice"), data={f"says_{sip}": "late", f"date_{sip}": "2027-03-01"})
    round_id = on_file(town)[0].id
    today.post("/forslag/1", data={"answer": "nej", "round": str(round_id)})
    page = today.get(f"/statusrundor/{round_id}").text
    assert "Föreslår slutdatum" not in page


def test_nothing_is_asked_of_a_group_without_anything_open(town: Town) -> None:
    done = town.decided(by=FAR)
    town.change(done, reported_done_on=date(2024, 6, 1))
    days(town, date(2024, 6, 17), date(2024, 6, 18))
    assert on_file(town) == []
    with (
        pytest.raises(status_rounds.CannotOpen, match="inga öppna aktiviteter"),
        transaction(town.settings) as session,
    ):
        status_rounds.open_now(session, policy.load(), town.alm, date(2024, 6, 18), "Frida")


def test_a_question_about_what_has_ended_is_not_chased(town: Town) -> None:
    sip = town.decided(by=FAR)
    days(town, date(2024, 6, 17), date(2024, 6, 17))
    town.move(sip, Move.START, today=date(2024, 6, 18))
    town.change(sip, reported_done_on=date(2024, 6, 18))
    days(town, date(2024, 6, 18), date(2024, 6, 28))
    asked, told = [each for each in town.letters() if each.link_id]
    assert (asked.person_id, told.person_id) == (town.alice, town.frida)  # she follows it up


def test_a_letter_is_sent_again_with_one_click(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    frida = browser(town, date(2024, 12, 3))
    with transaction(town.settings) as session:
        letter = session.get_one(Letter, 1)
        letter.state, letter.server_said = LetterState.FAILED, "550 nej"
    frida.post("/utskick/1/igen")
    lost, letter = town.letters()  # what failed stays on file; the new one is made that day
    assert (lost.state, letter.state) == (LetterState.FAILED, LetterState.QUEUED)
    assert (letter.attempts, letter.on_day) == (0, date(2024, 12, 3))
    with transaction(town.settings) as session:
        row = session.get_one(Letter, letter.id)
        row.state, row.done_at = LetterState.SENT, row.queued_at
    frida.post(f"/utskick/{letter.id}/igen")
    assert len(town.letters()) == 2  # that one was by hand, and there is one such a day
    tomorrow = browser(town, date(2024, 12, 4))
    tomorrow.post(f"/utskick/{letter.id}/igen")
    tomorrow.post(f"/utskick/{letter.id}/igen")
    _, first, copy = town.letters()
    assert (copy.kind, copy.subject, copy.reply_to) == ("again", first.subject, first.reply_to)
    assert copy.message_id != first.message_id


def test_a_meeting_is_noted_and_removed(town: Town) -> None:
    town.decided(by=FAR)
    frida = browser(town, date(2024, 4, 15))
    held = {"group": str(town.alm), "on_day": "2024-05-16"}
    assert "torsdag 16 maj 2024: NOSAM Alm" in frida.post("/statusrundor/moten", data=held).text
    gone = frida.post("/statusrundor/moten", data=held | {"remove": "ja"}).text
    assert "Inga möten är inlagda." in gone
    assert "Borttaget: NOSAM Alm, 16 maj 2024" in gone
    back = frida.post("/statusrundor/moten", data=held).text  # "Ångra"
    assert "torsdag 16 maj 2024: NOSAM Alm" in back
    assert "Borttaget" not in back
    past = held | {"on_day": "2024-01-01"}
    assert frida.post("/statusrundor/moten", data=past).status_code == 422


def test_a_plan_that_is_taken_back_is_asked_about_no_more_and_leaves_no_gap_in_the_report(
    town: Town,
) -> None:
    town.decided(by=FAR)
    today = date(2024, 4, 15)
    frida = browser(town, today)
    frida.post("/statusrundor", data={"group": str(town.alm)})
    number = on_file(town)[0].id
    assert "1 av 1 har inte svarat" in frida.get("/").text
    assert asked_in_report(town) == [(1, 0)]
    with transaction(town.settings) as session:
        withdraw_plan(session, town.plan, FRIDA, today=today)
    assert "har inte svarat" not in frida.get("/").text
    page = frida.get(f"/statusrundor/{number}").text
    assert "Det som frågorna gällde har tagits tillbaka." in page
    assert "Påminn" not in page
    assert asked_in_report(town) == []
    said = frida.post(f"/statusrundor/{number}/paminn").text
    assert "brev går nu" not in said


def test_an_activity_that_is_taken_back_is_asked_about_no_more(town: Town) -> None:
    """It was read in by mistake: neither the round nor the report waits for an answer to it."""
    town.decided(by=FAR)
    mistake = town.activity("Av misstag", by="2025-12-31")
    today = date(2024, 4, 15)
    frida = browser(town, today)
    frida.post("/statusrundor", data={"group": str(town.alm)})
    number = on_file(town)[0].id
    assert "2 av 2 har inte svarat" in frida.get("/").text
    assert asked_in_report(town) == [(2, 0)]
    with transaction(town.settings) as session:
        entry = log_of(session, {mistake})[mistake][-1]
        chain = look(session, [mistake], entry.key, held=True)
        take_back(session, chain, FRIDA, today=today, reason="Fel rad")
    assert "1 av 1 har inte svarat" in frida.get("/").text
    assert "Av misstag" not in frida.get(f"/statusrundor/{number}").text
    assert asked_in_report(town) == [(1, 0)]


def test_whether_a_question_counts_is_said_in_one_place() -> None:
    assert str(counts_still()) == still_counts()
    assert still_counts("q").startswith("q.activity_id NOT IN")


def asked_in_report(town: Town) -> list[tuple[int, int]]:
    """What the second quarter's report says of each round: asked, and answered in time."""
    with reading(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        of = Of(ReportKind.QUARTER, area, None, "2024Q2")
        told = rounds(session, asked_for(session, of, date(2024, 7, 5)))
    return [(one.asked, one.in_time) for several in told.values() for one in several]


def test_nobody_is_told_to_have_been_asked_by_a_letter_that_did_not_arrive(
    small_town: Town,
) -> None:
    small_town.decided(by=FAR)
    frida = browser(small_town, date(2024, 4, 15))
    frida.post("/statusrundor", data={"group": str(small_town.alm)})
    number = on_file(small_town)[0].id
    small_town.morning("2024-04-16")
    assert "Brevet väntar på att skickas" in frida.get(f"/statusrundor/{number}").text
    have_gone(small_town.settings, date(2024, 4, 17))
    assert "16 april 2024" in frida.get(f"/statusrundor/{number}").text
    with transaction(small_town.settings) as session:
        session.execute(update(Letter).values(state=LetterState.BOUNCED))
    page = frida.get(f"/statusrundor/{number}").text
    assert "Brevet kom inte fram" in page
    assert "16 april 2024" not in page


def test_a_round_that_asked_nobody_promises_a_letter_only_while_something_is_unanswered(
    small_town: Town,
) -> None:
    sip = small_town.decided(by=FAR)
    frida = browser(small_town, date(2024, 4, 15))
    frida.post("/statusrundor", data={"group": str(small_town.alm)})
    address = f"/statusrundor/{on_file(small_town)[0].id}"
    assert "Ingen har fått frågan ännu." in frida.get(address).text
    with transaction(small_town.settings) as session:
        told = update(StatusQuestion).where(c(StatusQuestion).activity_id == sip)
        session.execute(told.values(answered_on=date(2024, 4, 15)))
    page = frida.get(address).text
    assert "Ingen fick frågan i ett brev." in page
    assert "nästa brev" not in page


def test_a_meeting_that_something_is_written_about_is_not_removed(town: Town) -> None:
    frida = browser(town, date(2024, 4, 15))
    held = {"group": str(town.alm), "on_day": "2024-05-16"}
    frida.post("/statusrundor/moten", data=held)
    frida.post(f"/moten/{town.alm}/dag/2024-05-16/punkter", data={"title": "Egen punkt"})
    told = frida.post("/statusrundor/moten", data=held | {"remove": "ja"})
    assert told.status_code == 422
    assert "Mötet har egna punkter, närvaro eller ett protokoll, så dagen står kvar." in told.text
    assert "torsdag 16 maj 2024: NOSAM Alm" in told.text


@pytest.mark.parametrize("room", ["statusrundor", "moten"])
def test_whoever_removes_a_meeting_learns_that_its_agenda_has_gone_out(
    town: Town, room: str
) -> None:
    frida = browser(town, date(2024, 4, 15))
    held = {"group": str(town.alm), "on_day": "2024-05-16"}
    frida.post("/statusrundor/moten", data=held)
    page = f"/moten/{town.alm}/dag/2024-05-16/skicka"
    seen = re.search(r'name="sett" value="([^"]*)"', frida.get(f"{page}?vad=dagordning").text)
    assert seen
    frida.post(page, data={"vad": "dagordning", "sett": seen[1]})
    address, form = "/statusrundor/moten", held
    if room == "moten":
        address, form = f"/moten/{town.alm}/dagar", {"days": "2024-05-16"}
    gone = frida.post(address, data=form | {"remove": "ja"})
    assert gone.status_code == 200
    assert "Dagordningen gick ut till gruppen 15 april 2024." in gone.text
    assert "säg till gruppen" in gone.text
