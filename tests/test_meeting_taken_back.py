"""What a meeting leaves: points that wait again, letters that follow it, days asked about."""

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.lives.agenda import put_on_agenda
from intake.lives.meetings import forget_days, meeting_on
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter_kinds import LetterKind
from models.lifecycle import Brought, Move, State
from models.status_round import AgendaPoint
from notifications.letters.meetings import sent_on
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app
from web.people.meeting_row import TAKEN_UP

TODAY = date(2024, 12, 2)
MEETS = date(2024, 12, 9)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def put_up(town: Town, activity_id: int) -> None:
    """Alice puts an activity on her group's next meeting."""
    with transaction(town.settings) as session:
        put_on_agenda(session, activity_id, FRIDA, today=TODAY)


def waits(town: Town, activity_id: int) -> int:
    """How many points about it wait for a meeting."""
    point = c(AgendaPoint)
    asked = select(point.id).where(point.activity_id == activity_id, point.done_on.is_(None))
    with reading(town.settings) as session:
        return len(session.execute(asked).all())


def undo(frida: TestClient, page: str) -> str:
    """Press "Ångra" in a receipt."""
    form = re.search(r'<form[^>]*action="/aktiviteter/angra".*?</form>', page, re.DOTALL)
    assert form
    given = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    return str(frida.post("/aktiviteter/angra", data=given).text)


def test_what_the_meeting_was_at_waits_for_the_next_when_it_is_taken_back(
    town: Town, frida: TestClient
) -> None:
    sip, other = town.decided("Rutin för SIP"), town.decided("Bjud in anhöriga")
    for id_ in (sip, other):
        put_up(town, id_)
    frida.post(f"/moten/{town.alm}", data={f"move_{other}": TAKEN_UP})
    told = frida.post(f"/moten/{town.alm}", data={f"move_{sip}": "starta"})
    assert town.state(sip) is State.ONGOING
    assert (waits(town, sip), waits(town, other)) == (0, 0)
    undo(frida, told.text)
    assert town.state(sip) is State.DECIDED
    assert waits(town, sip) == 1
    assert "Uppsatt till mötet av" in frida.get(f"/moten/{town.alm}").text
    assert waits(town, other) == 0, "the meeting was at it, and nobody has said otherwise"


def test_what_was_put_on_anew_meanwhile_waits_once(town: Town, frida: TestClient) -> None:
    sip = town.decided("Rutin för SIP")
    put_up(town, sip)
    told = frida.post(f"/moten/{town.alm}", data={f"move_{sip}": "starta"})
    put_up(town, sip)
    undo(frida, told.text)
    assert waits(town, sip) == 1


def deadline(town: Town, activity_id: int) -> date | None:
    """The last day of an activity."""
    with reading(town.settings) as session:
        return session.get_one(Activity, activity_id).deadline_last


def test_a_new_deadline_that_has_been_is_asked_about_at_the_meeting_too(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided("Rutin för SIP", by="2024-10-31")
    town.move(sip, Move.START, today=date(2024, 2, 1))
    town.move(sip, Move.FOLLOW_UP, Brought(result="Bra", figure="1"), today=date(2024, 11, 2))
    given = {f"move_{sip}": "fortsätt", f"deadline_{sip}": "31 mars 2024"}
    asked = unescape(frida.post(f"/moten/{town.alm}", data=given).text)
    assert "31 mars 2024 har redan varit. Är det rätt dag?" in asked
    assert f'name="ja_deadline_{sip}" value="ja"' in asked
    assert f'href="#deadline_{sip}"' in asked
    assert town.state(sip) is State.FOLLOWED_UP
    frida.post(f"/moten/{town.alm}", data=given | {f"ja_deadline_{sip}": "ja"})
    assert (town.state(sip), deadline(town, sip)) == (State.ONGOING, date(2024, 3, 31))


def test_a_month_without_a_year_is_the_one_that_comes_and_nothing_is_asked(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided("Rutin för SIP", by="2024-10-31")
    town.move(sip, Move.START, today=date(2024, 2, 1))
    town.move(sip, Move.FOLLOW_UP, Brought(result="Bra", figure="1"), today=date(2024, 11, 2))
    frida.post(f"/moten/{town.alm}", data={f"move_{sip}": "fortsätt", f"deadline_{sip}": "mars"})
    assert deadline(town, sip) == date(2025, 3, 31)


def agenda_sent(town: Town, group_id: int, day: date) -> date | None:
    """When the agenda of the meeting on that day went out; the meeting is put on file."""
    with transaction(town.settings) as session:
        number = meeting_on(session, group_id, day)
        return sent_on(session, LetterKind.AGENDA, number)


def test_that_the_agenda_went_out_follows_the_meeting_and_not_its_number(
    town: Town, frida: TestClient
) -> None:
    town.activity("Trygg hemgång")
    assert agenda_sent(town, town.alm, MEETS) is None
    address = f"/moten/{town.alm}/dag/{MEETS}/skicka"
    form = frida.get(f"{address}?vad=dagordning").text
    given = dict(re.findall(r'name="(vad|sett|gor)" value="([^"]*)"', form))
    frida.post(address, data=given)
    assert agenda_sent(town, town.alm, MEETS) == TODAY
    with transaction(town.settings) as session:
        forget_days(session, town.alm, [MEETS])
    assert agenda_sent(town, town.bjork, MEETS) is None, "another's, with the same number or not"
    assert agenda_sent(town, town.alm, date(2025, 1, 13)) is None
    assert agenda_sent(town, town.alm, MEETS) == TODAY, "it was put back"
