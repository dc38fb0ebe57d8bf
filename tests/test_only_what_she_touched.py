"""Only what somebody touched in her form counts, and a proposal stands until it is settled."""

import re
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.lives.settling import settle
from models.database import reading, transaction
from models.status import Says, StatusAnswer
from notifications.letters import week
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app
from web.asking import answer

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def browser(town: Town) -> TestClient:
    """A browser on 2 December 2024, of whoever has the link."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def link(town: Town, name: str = "Alice") -> str:
    """The path of the link in somebody's newest letter."""
    letter = [each for each in town.letters() if each.to_name == name][-1]
    found = re.search(r"/svar/\S+", letter.text)
    assert found
    return found[0]


def answers(town: Town) -> list[Any]:
    """Every answer on file, in the order they came."""
    with reading(town.settings) as session:
        return list(session.execute(select(StatusAnswer).order_by("id")).scalars())


def as_drawn(page: str) -> dict[str, str]:
    """What a browser sends of a form that nobody has touched."""
    drawn = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    drawn |= dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked', page))
    drawn |= dict.fromkeys(re.findall(r'<input id="\w+" name="(\w+)" value=""', page), "")
    drawn |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', page))
    return drawn


@pytest.fixture
def two(town: Town) -> tuple[int, int]:
    """Two of Alice's activities, both asked about: SIP and Trygg hemgång."""
    both = town.decided(by="2024-12-31"), town.decided("Trygg hemgång", by="2024-12-31")
    town.morning(TODAY)
    return both


def test_what_she_did_not_touch_is_not_answered_anew(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, home = two
    browser.post(link(town), data={f"says_{sip}": "late", f"date_{sip}": "våren 2025"})
    form = as_drawn(browser.get(link(town)).text)
    browser.post(link(town), data=form | {f"says_{home}": "on_track"})
    assert [(one.activity_id, one.says) for one in answers(town)] == [
        (sip, Says.LATE),
        (home, Says.ON_TRACK),
    ]


def test_a_stand_ins_newer_answer_is_shown_and_not_undone_by_the_owners_about_another(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, home = two
    browser.post(link(town), data={f"says_{sip}": "on_track"})
    with transaction(town.settings) as session:
        session.add(
            StatusAnswer(
                activity_id=sip,
                person_id=town.charlie,
                link_id=1,
                at=answers(town)[0].at,
                on_day=TODAY,
                says=Says.LATE,
                text="Väntar på avtal.",
            )
        )
    page = browser.get(link(town)).text
    assert "Senaste beskedet, från Charlie, 2 december 2024: Försenat." in page
    assert "Stämmer fortfarande: Försenat" in page
    browser.post(link(town), data=as_drawn(page) | {f"says_{home}": "on_track"})
    assert [one.says for one in answers(town) if one.activity_id == sip][-1] is Says.LATE


def test_what_still_holds_is_said_with_one_tap_and_of_the_answer_that_she_read(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, _ = two
    browser.post(link(town), data={f"says_{sip}": "late", f"text_{sip}": "Avtalet dröjer."})
    form = as_drawn(browser.get(link(town)).text)
    browser.post(link(town), data={f"says_{sip}": "at_risk"})
    stale = browser.post(link(town), data=form | {f"says_{sip}": "still"})
    assert stale.status_code == 422
    assert "Någon har lämnat ett nyare besked sedan du öppnade sidan." in stale.text
    assert len(answers(town)) == 2
    form = as_drawn(browser.get(link(town)).text)
    browser.post(link(town), data=form | {f"says_{sip}": "still"})
    assert [one.says for one in answers(town)] == [Says.LATE, Says.AT_RISK, Says.AT_RISK]
    assert answers(town)[-1].text == ""


def test_a_double_tap_is_one_answer_and_shows_its_receipt_but_a_change_is_another(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, _ = two
    form = as_drawn(browser.get(link(town)).text) | {f"says_{sip}": "late"}
    assert form["form_key"]
    for _ in range(2):
        receipt = browser.post(link(town), data=form)
        assert (receipt.status_code, "Det här är sparat." in receipt.text) == (200, True)
    assert len(answers(town)) == 1
    browser.post(link(town), data=form | {f"says_{sip}": "on_track"})  # back, and another choice
    assert [one.says for one in answers(town)] == [Says.LATE, Says.ON_TRACK]


def test_a_form_that_must_be_read_anew_is_saved_and_not_taken_for_sent(
    town: Town, browser: TestClient, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What she answers about changes between the reading and the saving, once."""
    sip, _ = two
    looks = iter([False])
    stands = answer._still_so
    monkeypatch.setattr(
        answer, "_still_so", lambda session, read: next(looks, True) and stands(session, read)
    )
    form = as_drawn(browser.get(link(town)).text) | {f"says_{sip}": "late"}
    receipt = browser.post(link(town), data=form)
    assert "Det här är sparat." in receipt.text
    assert [one.says for one in answers(town)] == [Says.LATE]


def test_a_proposed_day_stands_when_a_later_answer_says_that_all_is_well(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, _ = two
    frida = browse(create_app(town.settings.model_copy(update={"today": TODAY})))
    browser.post(link(town), data={f"says_{sip}": "late", f"date_{sip}": "våren 2025"})
    browser.post(link(town), data={f"says_{sip}": "on_track"})
    assert "Nytt datum föreslås: våren 2025" in frida.get("/").text
    assert "våren 2025" in frida.get(f"/moten/{town.alm}").text
    assert "Nytt slutdatum är föreslaget: våren 2025." in browser.get(link(town)).text
    with reading(town.settings) as session:
        (told,) = week._proposals(session, [1])
    assert told.endswith(": nytt slutdatum våren 2025")
    proposing = answers(town)[0].id
    with transaction(town.settings) as session:
        settle(session, proposing, FRIDA, accept=False, today=TODAY)
    assert "våren 2025" not in frida.get("/").text
    assert "våren 2025" not in frida.get(f"/moten/{town.alm}").text
    with reading(town.settings) as session:
        assert week._proposals(session, [1]) == []


def test_a_later_proposal_takes_the_earlier_ones_place_for_good(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, _ = two
    frida = browse(create_app(town.settings.model_copy(update={"today": TODAY})))
    for day in ("mars 2025", "maj 2025"):
        browser.post(link(town), data={f"says_{sip}": "late", f"date_{sip}": day})
    first = frida.get("/").text
    assert "Nytt datum föreslås: maj 2025" in first
    assert "mars 2025" not in first
    with transaction(town.settings) as session:
        settle(session, answers(town)[1].id, FRIDA, accept=True, today=TODAY)
    assert "föreslås" not in frida.get("/").text


def test_an_answer_that_was_settled_leaves_what_is_to_be_settled_also_when_it_said_late(
    town: Town, browser: TestClient, two: tuple[int, int]
) -> None:
    sip, _ = two
    frida = browse(create_app(town.settings.model_copy(update={"today": TODAY})))
    browser.post(link(town), data={f"says_{sip}": "late", f"date_{sip}": "mars 2025"})
    assert "Svar att ta ställning till" in frida.get("/").text
    with transaction(town.settings) as session:
        settle(session, answers(town)[0].id, FRIDA, accept=True, today=TODAY)
    assert "Svar att ta ställning till" not in frida.get("/").text
    assert "Svar att ta ställning till" not in frida.get(f"/moten/{town.alm}").text
