"""*I dag*: Frida sees what to do, does it there, and sees what comes and what came."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from config import clock
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.group import Group
from models.letter import Letter, LetterState, Notice, NoticeKind
from models.lifecycle import Brought, Move
from models.plan import Plan
from models.round import Round
from models.status import Says, StatusAnswer
from models.status_round import Meeting
from notifications.letters import week
from notifications.letters.week import _silent, _without_deadline
from reports.editions import Of, freeze
from rules.access import Viewer
from tests.cast import Town
from tests.conftest import browse
from tests.test_answers import link
from web.app import create_app
from web.overview.attention import _headings

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def deadline(town: Town, activity_id: int) -> date | None:
    """The last day of an activity."""
    with reading(town.settings) as session:
        asked = select(c(Activity).deadline_last).where(c(Activity).id == activity_id)
        day: date | None = session.execute(asked).scalar_one()
        return day


def section(page: str, heading: str) -> str:
    """What stands in the section with that heading."""
    found = re.search(rf"<h2 id=[^>]*>{heading}</h2>(.*?)</section>", page, re.DOTALL)
    assert found, heading
    return found[1]


def press(frida: TestClient, page: str, button: str) -> str:
    """Press a button by what it is called, with what its form sends along."""
    for form in re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL):
        found = re.search(rf'<button[^>]*name="(\w+)" value="([^"]+)"[^>]*label="{button}"', form)
        if found:
            given = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
            action = re.search(r'action="([^"]+)"', form)
            assert action
            return str(frida.post(action[1], data=given | {found[1]: found[2]}).text)
    raise AssertionError(f"no button is called {button}")


def test_a_late_activity_tells_how_late_and_whose_and_gets_more_time_there(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided("Rutin för SIP", by="2024-11-29")
    page = frida.get("/").text
    assert "skulle ha varit klar för 3 dagar sedan; g" in page
    asked = press(frida, page, "Ge mer tid: Rutin för SIP")
    version = re.search(rf'name="rad_{sip}" value="([^"]+)"', asked)
    assert version, "the form has what it was filled from, so that who comes second is told"
    given = {"gor": "ändra slutdatum", "utfor": "ja", f"rad_{sip}": version[1]}
    frida.post("/aktiviteter/flera", data=given | {"deadline": "2025-03-31", "reason": "Mer tid"})
    assert deadline(town, sip) == date(2025, 3, 31)
    assert "skulle ha varit klar" not in frida.get("/").text


def test_a_proposed_day_is_approved_on_the_first_page_and_leaves_it(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided("Rutin för SIP", by="2024-12-31")
    town.morning(TODAY)
    given = {f"says_{sip}": "late", f"date_{sip}": "2025-02-28", f"text_{sip}": "Personalbrist"}
    frida.post(link(town), data=given)
    after = press(frida, frida.get("/").text, "Godkänn förslaget om Rutin för SIP")
    assert deadline(town, sip) == date(2025, 2, 28)
    assert "Kommer härnäst" in after, "she is back where she was"
    assert "Nytt datum föreslås" not in after


def test_a_worry_is_seen_with_one_press(town: Town, frida: TestClient) -> None:
    sip = town.decided("Rutin för SIP", by="2024-12-31")
    town.morning(TODAY)
    frida.post(link(town), data={f"says_{sip}": "at_risk", f"text_{sip}": "Personalbrist"})
    assert "Svar att ta ställning till" in frida.get("/").text
    after = press(frida, frida.get("/").text, "Sett: Rutin för SIP")
    assert "Svar att ta ställning till" not in after


def test_what_came_is_told_once_and_what_comes_stands_beside_it(
    town: Town, frida: TestClient
) -> None:
    calm = town.decided("Bjud in anhöriga", by="2024-12-31")
    late = town.decided("Rutin för SIP", by="2024-12-31")
    town.morning(TODAY)
    frida.post(link(town), data={f"says_{calm}": "on_track", f"says_{late}": "late"})
    with transaction(town.settings) as session:
        session.execute(insert(Meeting).values(group_id=town.alm, on_day=date(2024, 12, 9)))
    page = frida.get("/").text
    came = section(page, "Besked de senaste sju dagarna")
    assert "Bjud in anhöriga" in came
    assert "Alice 2024-12-02" in came or "Alice 2 december" in came
    assert "Rutin för SIP" not in came, "it waits for her above"
    comes = section(page, "Kommer härnäst")
    assert re.search(r"Möte, NOSAM Alm</a> <span[^>]*>måndag 9 december[^<]*, om 7 dagar", comes)
    assert "Nästa brev" in comes


def test_a_week_without_answers_says_so_and_one_with_only_hers_above_says_that(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided("Rutin för SIP", by="2024-12-31")
    town.morning(TODAY)
    assert "<p>Inga.</p>" in section(frida.get("/").text, "Besked de senaste sju dagarna")
    frida.post(link(town), data={f"says_{sip}": "late"})
    came = section(frida.get("/").text, "Besked de senaste sju dagarna")
    assert "Inga andra än dem som väntar på dig." in came


def test_a_week_of_many_answers_counts_them_all(town: Town, frida: TestClient) -> None:
    ids = town.proposed_many(120, by="2025-12-31")
    with transaction(town.settings) as session:
        by_phone = {"way": "phone", "registered_by": "Frida", "at": clock.now(), "on_day": TODAY}
        of_alice = {"person_id": town.alice, "says": Says.ON_TRACK, "proposed_precision": "none"}
        session.execute(
            insert(StatusAnswer), [{"activity_id": id_} | by_phone | of_alice for id_ in ids]
        )
    came = section(frida.get("/").text, "Besked de senaste sju dagarna")
    assert came.count("<li>") == 6
    assert "Och 109 till<" in came, "five stand above, where they wait to be decided"


def test_who_may_do_nothing_about_it_is_offered_nothing(town: Town) -> None:
    """Alice, a chair, reads her group's; the group that she is in is led by Frida."""
    town.decided("Rutin för SIP", by="2024-11-29")
    told = town.settings.model_copy(update={"today": TODAY})
    alice = Viewer(signed_in=True, person_id=town.alice, reads=frozenset({town.alm}))
    with pytest.MonkeyPatch.context() as as_alice:
        for room in ("web.page", "web.overview.heading", "web.overview.next_up"):
            as_alice.setattr(f"{room}.viewer_of", lambda _request: alice)
        text = browse(create_app(told)).get("/").text
    assert "skulle ha varit klar för 3 dagar sedan" in text
    assert 'class="deeds"' not in text
    assert "Kommer härnäst" not in text


def drafts(frida: TestClient) -> str:
    """What *Kommer härnäst* says of drafts."""
    found = re.search(r"Utkast</a> <span[^>]*>([^<]*)", frida.get("/").text)
    return found[1] if found else ""


def compiled(town: Town, facts: dict[str, int], group_id: int | None) -> None:
    """A year's report as it is compiled; the same words once more are the same edition."""
    with transaction(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        of = Of(ReportKind.YEAR, area, group_id, "2023")
        freeze(session, of, facts, schema_version=6, cut_off=TODAY, by="Frida")


def test_a_draft_waits_once_also_when_it_is_of_all_groups_and_made_anew(
    town: Town, frida: TestClient
) -> None:
    assert drafts(frida) == ""
    compiled(town, {"version": 1}, None)
    assert drafts(frida) == "en rapport att läsa och godkänna"
    compiled(town, {"version": 2}, None)
    assert drafts(frida) == "en rapport att läsa och godkänna"
    compiled(town, {"version": 1}, town.alm)
    assert drafts(frida) == "två rapporter att läsa och godkänna"


def test_the_next_letters_are_todays_until_the_morning_has_been(
    town: Town, frida: TestClient
) -> None:
    assert "går måndag 2 december 2024, om något" in frida.get("/").text
    now = clock.now()
    with transaction(town.settings) as session:
        session.add(Round(line="morning-round", on_day=TODAY, started_at=now, finished_at=now))
    assert "går tisdag 3 december 2024, om något" in frida.get("/").text


def test_a_goal_that_only_a_rejected_activity_served_has_none_until_its_plan_is_closed(
    town: Town, frida: TestClient
) -> None:
    row = town.activity("Trygg hemgång", by="2024-12-31")
    assert "Mål utan aktivitet" not in frida.get("/").text
    reject = Brought(reason="Görs redan", decision_id=town.decision)
    town.move(row, Move.REJECT, reject, today=date(2024, 11, 1))
    page = frida.get("/").text
    assert "Mål utan aktivitet" in page
    assert "Hålla ihop vården" in page
    with transaction(town.settings) as session:
        session.execute(update(Plan).values(closed_on=TODAY))
    assert "Mål utan aktivitet" not in frida.get("/").text


def many_answers(town: Town, number: int, says: Says = Says.LATE) -> list[int]:
    """As many ongoing activities, about each of which Alice has said so by telephone."""
    ids = town.proposed_many(number, by="2025-12-31")
    with transaction(town.settings) as session:
        by_phone = {"way": "phone", "registered_by": "Frida", "at": clock.now(), "on_day": TODAY}
        of_alice = {"person_id": town.alice, "says": says, "proposed_precision": "none"}
        session.execute(
            insert(StatusAnswer), [{"activity_id": id_} | by_phone | of_alice for id_ in ids]
        )
    return ids


def leads_to(page: str, words: str) -> str:
    """The address of the first link that says so."""
    found = re.search(rf'<a href="([^"]+)"[^>]*>{words}</a>', page)
    assert found, words
    return unescape(found[1])


def listed(frida: TestClient, address: str) -> list[int]:
    """Every activity of a list, page after page."""
    found: list[int] = []
    while True:
        page = frida.get(address).text
        lines = re.search(r'<ol class="plain lines"[^>]*>(.*?)</ol>', page, re.DOTALL)
        assert lines
        found += map(int, re.findall(r'<a href="/aktiviteter/(\d+)', lines[1]))
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        if following is None:
            return found
        address = unescape(following[1])


def test_five_hundred_answers_that_wait_are_listed_whole(town: Town, frida: TestClient) -> None:
    ids = many_answers(town, 500)
    page = frida.get("/").text
    address = leads_to(page, "Visa alla 500")
    whole = frida.get(address).text
    assert "<h1>Svar att ta ställning till</h1>" in whole
    assert "1–50 av 500." in whole
    assert '<a href="/">I dag</a>' in whole, "the way back"
    assert sorted(listed(frida, address)) == sorted(ids)


def test_an_answer_that_is_seen_in_the_list_leads_back_to_its_page(
    town: Town, frida: TestClient
) -> None:
    many_answers(town, 101)
    last = frida.get("/att-se-till?vad=svar&sida=3").text
    assert "101–101 av 101." in last
    label = re.search(r'aria-label="(Sett: [^"]+)"', last)
    assert label
    after = press(frida, last, label[1])
    assert "51–100 av 100." in after, "the third page is empty now, so the second is shown"


def test_what_waits_to_be_decided_leads_to_all_of_it(town: Town, frida: TestClient) -> None:
    ids = town.proposed_many(7, by="2025-12-31")
    address = leads_to(frida.get("/").text, "… och 2 till")
    assert sorted(listed(frida, address)) == sorted(ids)


def test_the_weeks_answers_are_all_a_press_away(town: Town, frida: TestClient) -> None:
    ids = many_answers(town, 60, Says.ON_TRACK)
    address = leads_to(frida.get("/").text, "Och 49 till")
    assert sorted(listed(frida, address)) == sorted(ids)


def test_every_heading_has_a_list_of_its_own_and_others_have_not(
    town: Town, frida: TestClient
) -> None:
    for heading in _headings():
        assert frida.get(f"/att-se-till?vad={heading.word}").status_code == 200, heading.word
    assert frida.get("/att-se-till?vad=annat").status_code == 404
    assert frida.get("/att-se-till").url.path == "/"
    assert "Inget just nu." in frida.get("/att-se-till?vad=svar&sida=7").text


def test_a_reader_lists_what_her_first_page_has_and_no_more(town: Town) -> None:
    """Alice, a chair, reads her group's; Frida's own headings say whose they are."""
    town.decided("Rutin för SIP", by="2024-11-29")
    other = town.decided("Björks egen", by="2024-11-29", group=town.bjork)
    town.change(other, group_id=town.bjork)
    told = town.settings.model_copy(update={"today": TODAY})
    alice = Viewer(signed_in=True, person_id=town.alice, reads=frozenset({town.alm}))
    with pytest.MonkeyPatch.context() as as_alice:
        for room in ("web.page", "web.overview.heading", "web.overview.next_up"):
            as_alice.setattr(f"{room}.viewer_of", lambda _: alice)
        hers = browse(create_app(told))
        late = hers.get("/att-se-till?vad=forsenade").text
        assert "Rutin för SIP" in late
        assert "Björks egen" not in late
        for heading in _headings():
            page = hers.get(f"/att-se-till?vad={heading.word}")
            assert page.status_code == (403 if heading.of_leaders else 200)
            assert ("för den som leder samverkan" in page.text) is heading.of_leaders
        assert hers.get("/att-se-till?vad=besked").status_code == 403
        assert hers.get("/att-se-till?vad=annat").status_code == 404


def test_what_nobody_answers_about_is_listed_as_the_weeks_letter_counts_it(
    town: Town, frida: TestClient
) -> None:
    """A question that has gone up the line; one that waits for Frida's yes is no silence."""
    silent = town.decided("Rutin för SIP", by="2024-12-31")
    waits = town.decided("Bjud in anhöriga", by="2024-12-31")
    with transaction(town.settings) as session:
        for id_ in (silent, waits):
            session.add(
                Notice(
                    activity_id=id_,
                    kind=NoticeKind.SILENCE,
                    due_on=date(2024, 11, 25),
                    rung=-1,
                    reached_on=date(2024, 11, 25),
                )
            )
        answered = {"activity_id": waits, "person_id": town.alice, "says": Says.LATE}
        day = date(2025, 2, 28)
        proposed = {"proposed_text": str(day), "proposed_first": day, "proposed_last": day}
        how = {"way": "phone", "registered_by": "Frida", "at": clock.now(), "on_day": TODAY}
        session.execute(
            insert(StatusAnswer), [answered | proposed | how | {"proposed_precision": "day"}]
        )
    assert listed(frida, "/att-se-till?vad=tysta") == [silent]
    with reading(town.settings) as session:
        assert len(_silent(session, [1])) == 1


def test_a_lost_letter_leaves_the_page_when_it_is_seen_to(town: Town, frida: TestClient) -> None:
    town.decided("Rutin för SIP", by="2024-12-31")
    town.morning(TODAY)
    lost = {"state": LetterState.FAILED, "server_said": "550 5.1.1 No such user"}
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(done_at=clock.now(), **lost))
    assert "Brev som inte kommit fram" in frida.get("/").text
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(seen_to_at=clock.now()))
    assert "Brev som inte kommit fram" not in frida.get("/").text


def test_days_on_the_page_are_said_as_people_say_them(small_town: Town) -> None:
    frida = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    sip = small_town.decided("Rutin för SIP", by="2024-12-31")
    small_town.change(sip, reported_done_on=date(2024, 11, 28))
    assert "sedan 28 november 2024" in frida.get("/").text


def test_what_the_weeks_letter_counts_without_a_deadline_is_listed_proposals_too(
    town: Town, frida: TestClient
) -> None:
    proposed, decided = town.activity("Rutin för SIP"), town.decided("Bjud in anhöriga")
    town.decided("Möten", runs_on=date(2025, 3, 1))
    town.decided("Enkät", by="2025-03-01")
    assert listed(frida, "/att-se-till?vad=utan-slutdatum") == [proposed, decided]
    with reading(town.settings) as session:
        told = _without_deadline(session, [1], TODAY)
    assert told == ["Rutin för SIP", "Bjud in anhöriga"]


def test_every_list_that_the_weeks_letter_leads_to_is_there() -> None:
    words = Path(week.__file__).read_text()
    led_to = re.findall(r'"/att-se-till\?vad=([a-z-]+)"', words)
    assert len(led_to) >= 6
    assert set(led_to) <= {heading.word for heading in _headings()}
