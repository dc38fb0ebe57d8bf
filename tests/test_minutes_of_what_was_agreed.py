"""Minutes tell what a meeting said yes to and answered, and say of nothing that stands that it was
taken back: an activity that has another group now was this one's then."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.lives.undo import look, take_back
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision, MoveRow
from models.lifecycle import Brought, Move
from reports.minutes import in_lines, ready_to_go
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_meeting_as_seen import MARCH, drawn, late
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY, NEXT = date(2024, 12, 2), date(2024, 12, 16)


def on(town: Town, day: date = TODAY) -> TestClient:
    """Frida's browser on a day."""
    return browse(create_app(town.settings.model_copy(update={"today": day})))


def told(town: Town, day: date = TODAY, group: int | None = None) -> dict[str, tuple[str, ...]]:
    """What the minutes of a day tell, by heading."""
    with reading(town.settings) as session:
        ready = ready_to_go(session, group or town.alm, day, "Frida", day)
    return dict(in_lines(ready[0])) if ready else {}


def register(town: Town, words: dict[str, str], group: int | None = None) -> str:
    """The meeting registers its form, with every answer on it ticked."""
    browser, address = on(town), f"/moten/{group or town.alm}"
    answered = browser.post(address, data=drawn(browser.get(address).text) | words)
    assert answered.status_code == 200
    return str(answered.text)


def somebody_comes(town: Town, day: date) -> None:
    """There is something to tell of a day."""
    on(town, day).post(f"/moten/{town.alm}/dag/{day}/narvaro", data={"guests": "Gäst"})


def freeze(town: Town, day: date) -> None:
    """The minutes of a day are locked; somebody was there, so that there are any."""
    browser, address = on(town, day), f"/moten/{town.alm}/dag/{day}"
    somebody_comes(town, day)
    seen = browser.get(f"{address}/skicka?vad=protokoll").text
    mark = re.search(r'name="sett" value="([^"]*)"', seen)
    assert mark
    browser.post(f"{address}/skicka", data={"vad": "protokoll", "sett": mark[1], "gor": "las"})
    assert "Protokollet skickades ut" in browser.get(address).text


def test_until_when_a_paragraph_lets_something_go_on_stands_in_it(town: Town) -> None:
    """The new day of "Fortsätter" stood among what no paragraph was behind."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    town.move(sip, Move.START, today=date(2024, 2, 1))
    town.move(sip, Move.FOLLOW_UP, Brought(result="Fler", figure="4"), today=date(2024, 11, 1))
    with transaction(town.settings) as session:
        row = Decision(group_id=town.alm, decided_on=TODAY, reference="§ 12")
        session.add(row)
        session.flush()
        decision = row.id
    on_it = Brought(deadline=date(2025, 6, 30), reason="Mer att göra", decision_id=decision)
    town.move(sip, Move.CONTINUE, on_it, today=TODAY)
    assert told(town) == {
        "Beslut": (
            "§ 12. SIP för fler. Fortsätter. Mer att göra.",
            "§ 12. SIP för fler. Slutdatum ändras till 2025-06-30. Mer att göra.",
        )
    }


def test_a_day_that_the_meeting_said_yes_to_stands_in_its_minutes(town: Town) -> None:
    by_paragraph, beside = (
        town.decided(name, by="2024-12-31") for name in ("Trygg hemgång", "Fallprevention")
    )
    late(town, by_paragraph, MARCH)
    late(town, beside, MARCH)
    page = register(town, {f"reference_{by_paragraph}": "§ 12"})
    assert "Slutdatum ändras till 2025-03-31" in page
    minutes = told(town)
    assert minutes["Beslut"] == (
        "§ 12. Trygg hemgång. Slutdatum ändras till 2025-03-31. Föreslaget av Alice 2024-12-02.",
    )
    assert minutes["Övrigt den dagen"] == (
        "Fallprevention. Slutdatum ändras till 2025-03-31. Föreslaget av Alice 2024-12-02.",
    )
    assert on(town).get(f"/moten/{town.alm}/protokoll.docx?dag=2024-12-02").status_code == 200


def test_a_question_that_was_referred_and_answered_stands_in_both_groups_minutes(
    town: Town,
) -> None:
    sip = town.decided("Trygg hemgång", by="2025-12-31")
    on(town).post(
        f"/aktiviteter/{sip}/hanskjut",
        data={"group": "Samordningsgruppen", "reason": "Vem betalar?"},
    )
    assert told(town)["Övrigt den dagen"] == (
        "Trygg hemgång. Hänskjuts till Samordningsgruppen. Vem betalar?",
    )
    words = {
        f"move_{sip}": "besvarad",
        f"reason_{sip}": "Regionen betalar",
        "decision_group": "Samordningsgruppen",
        "reference": "§ 5",
    }
    page = register(town, words, town.deciders)
    assert "Frågan besvarad" in page
    assert told(town, group=town.deciders)["Beslut"] == (
        "§ 5. Trygg hemgång. Frågan besvarad. Regionen betalar.",
    )


def test_what_has_another_group_now_was_not_taken_back(town: Town) -> None:
    sip = town.decided("Trygg hemgång", by="2025-12-31")
    on(town).post(f"/aktiviteter/{sip}/flytta", data={"move": "starta"})
    freeze(town, TODAY)
    on(town, NEXT).post(
        f"/aktiviteter/{sip}/grupp", data={"group": "NOSAM Björk", "reason": "Rör Björk"}
    )
    minutes = told(town, NEXT)
    assert "Rättat i tidigare protokoll" not in minutes
    assert minutes["Övrigt den dagen"] == (
        "Trygg hemgång. Byter grupp till NOSAM Björk. Rör Björk.",
    )
    assert told(town, TODAY, town.bjork) == {}  # it was Alm's that day
    with transaction(town.settings) as session:
        started = select(c(MoveRow).batch).where(c(MoveRow).activity_id == sip)
        key = str(session.execute(started.order_by(c(MoveRow).id.desc())).scalars().first())
        take_back(session, look(session, [sip], key), FRIDA, today=NEXT)
    somebody_comes(town, NEXT)
    (gone,) = told(town, NEXT)["Rättat i tidigare protokoll"]
    assert "Startad i protokollet. Det har tagits tillbaka." in gone


def test_what_was_registered_after_minutes_went_out_is_called_later(town: Town) -> None:
    sip = town.decided("Trygg hemgång", by="2025-12-31")
    freeze(town, TODAY)
    on(town).post(f"/aktiviteter/{sip}/flytta", data={"move": "starta"})
    somebody_comes(town, NEXT)
    (later,) = told(town, NEXT)["Rättat i tidigare protokoll"]
    assert "Startad. Det registrerades efter att protokollet skickades ut." in later
