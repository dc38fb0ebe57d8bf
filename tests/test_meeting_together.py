"""Two who register one meeting, and one whose browser closes: nothing is lost or done twice."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.lives.undo import look, take_back
from models.columns import c
from models.database import reading, transaction
from models.decision import Change
from models.lifecycle import Brought, Move, State
from models.meeting import MeetingDraft
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser at the meeting of 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def drawn(town: Town, frida: TestClient) -> dict[str, str]:
    """The form as it is drawn just now: which version of each row she sees, and the head."""
    page = frida.get(f"/moten/{town.alm}").text
    seen = dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))
    return seen | {"decision_group": "NOSAM Alm", "decided_on": "2024-12-02", "reference": "§ 4"}


def register(town: Town, frida: TestClient, form: dict[str, str]) -> str:
    """She presses the button."""
    return str(frida.post(f"/moten/{town.alm}", data=form).text)


def test_a_row_that_moved_meanwhile_is_told_of_and_the_others_are_saved(
    town: Town, frida: TestClient
) -> None:
    first, second = (town.activity(name, by="2025-12-31") for name in ("Ett", "Två"))
    form = drawn(town, frida)
    another = {f"move_{first}": "avslå", f"reason_{first}": "Görs redan"}
    register(town, frida, drawn(town, frida) | another)
    told = register(town, frida, form | {f"move_{first}": "besluta", f"move_{second}": "besluta"})
    assert "Ett: Aktiviteten ändrades efter att du öppnade sidan" in told
    assert "avslagen 2 december 2024" in told
    assert f'href="/aktiviteter/{first}"' in told
    assert (town.state(first), town.state(second)) == (State.REJECTED, State.DECIDED)


def test_a_row_that_still_waits_is_done_when_she_has_seen_what_changed(
    town: Town, frida: TestClient
) -> None:
    row = town.decided("Trygg hemgång", by="2024-11-30")
    form = drawn(town, frida)
    town.move(row, Move.START, today=date(2024, 12, 1))
    followed = {f"move_{row}": "följ upp", f"result_{row}": "Klart", f"reason_{row}": "mäts ej"}
    told = register(town, frida, form | {"reference": ""} | followed)
    assert "Senast: startad 1 december 2024 av Frida." in told
    assert 'value="mäts ej"' in told
    assert town.state(row) is State.ONGOING
    register(town, frida, drawn(town, frida) | {"reference": ""} | followed)
    assert town.state(row) is State.FOLLOWED_UP


def test_one_tick_decides_only_what_she_has_seen(town: Town, frida: TestClient) -> None:
    seen = [town.activity(name, by="2025-12-31") for name in ("Ett", "Två", "Tre")]
    form = drawn(town, frida)
    later = town.activity("Kom till sedan", by="2025-12-31")
    changed = seen.pop()
    town.move(changed, Move.REJECT, Brought(reason="Görs redan", decision_id=town.decision))
    told = register(town, frida, form | {"decide_all": "ja"})
    assert "Tre: Aktiviteten ändrades" in told
    assert [town.state(row) for row in (*seen, later, changed)] == [
        State.DECIDED,
        State.DECIDED,
        State.PROPOSED,
        State.REJECTED,
    ]


def test_what_the_other_registers_is_seen(town: Town, frida: TestClient) -> None:
    row = town.activity("Trygg hemgång", by="2025-12-31")
    assert "Registrerat 2 december 2024" not in frida.get(f"/moten/{town.alm}").text
    register(town, frida, drawn(town, frida) | {f"move_{row}": "besluta"})
    told = frida.get(f"/moten/{town.alm}").text
    assert "Registrerat 2 december 2024" in told
    assert "vid möte" in told.partition('id="registrerat"')[2]


def draft(town: Town) -> list[dict[str, str]]:
    """What is kept."""
    with reading(town.settings) as session:
        return list(session.execute(select(c(MeetingDraft).fields)).scalars())


def test_what_was_typed_is_there_when_the_browser_was_closed_until_it_is_registered(
    town: Town, frida: TestClient
) -> None:
    row = town.activity("Trygg hemgång", by="2025-12-31")
    form = drawn(town, frida)
    kept = f"/moten/{town.alm}/utkast"
    assert frida.post(kept, data=form | {"reference": ""}).status_code == 204
    assert draft(town) == []  # nothing of hers
    filled = form | {f"move_{row}": "besluta", f"reason_{row}": "Viktigt för alla"}
    for _ in range(2):
        frida.post(kept, data=filled)
    assert len(draft(town)) == 1
    page = frida.get(f"/moten/{town.alm}").text
    assert "Det du fyllde i förra gången är kvar. Inget av det är registrerat än." in page
    assert 'value="Viktigt för alla"' in page
    assert town.state(row) is State.PROPOSED
    town.move(row, Move.WITHDRAW, Brought(reason="Fel"))
    assert "Aktiviteten ändrades" in frida.get(f"/moten/{town.alm}").text
    town.move(row, Move.PROPOSE_AGAIN, Brought(reason="Rätt"))
    register(town, frida, filled | drawn(town, frida))
    assert (town.state(row), draft(town)) == (State.DECIDED, [])


def test_what_was_refused_is_kept_and_what_was_saved_is_not(town: Town, frida: TestClient) -> None:
    first, second = (town.activity(name, by="2025-12-31") for name in ("Ett", "Två"))
    moves = {f"move_{first}": "besluta", f"move_{second}": "avslå"}  # without a reason
    told = register(town, frida, drawn(town, frida) | moves)
    assert "inte registrerat, se raden" in told
    (kept,) = draft(town)
    assert f"move_{second}" in kept
    assert f"move_{first}" not in kept
    frida.post(f"/moten/{town.alm}/utkast", data={"gor": "bort"})
    assert draft(town) == []
    assert "förra gången är kvar" not in frida.get(f"/moten/{town.alm}").text


def test_a_day_in_the_address_is_the_day_of_the_meeting(town: Town, frida: TestClient) -> None:
    page = frida.get(f"/moten/{town.alm}?dag=2024-11-12").text
    assert 'name="decided_on" value="2024-11-12"' in page


def test_any_open_activity_is_taken_up_and_nothing_typed_is_lost(
    town: Town, frida: TestClient
) -> None:
    waits = town.activity("Väntar", by="2025-12-31")
    calm = town.decided("Går som det ska", by="2025-12-31")
    page = frida.get(f"/moten/{town.alm}").text
    assert f'name="ta_upp" value="{calm}"' in page
    assert f'id="move_{calm}"' not in page
    form = drawn(town, frida) | {f"reason_{waits}": "Viktigt", "ta_upp": str(calm)}
    page = register(town, frida, form | {f"move_{waits}": "besluta"})
    assert (town.state(waits), f'id="move_{calm}"' in page) == (State.PROPOSED, True)
    assert 'value="Viktigt"' in page
    seen = dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))
    register(town, frida, seen | {"decided_on": "2024-12-02", f"move_{calm}": "starta"})
    assert town.state(calm) is State.ONGOING


def test_what_is_told_is_the_last_that_was_done_and_not_only_moves(
    town: Town, frida: TestClient
) -> None:
    row = town.activity("Trygg hemgång", by="2025-12-31")
    decide = {f"move_{row}": "besluta"}
    form = drawn(town, frida) | decide
    address = f"/aktiviteter/{row}"
    frida.post(f"{address}/andra", data={"deadline": "2026-01-31", "reason": "Personalbrist"})
    told = register(town, frida, form)
    assert "Någon annan" not in told  # it may have been herself
    assert "Senast: slutdatum ändrat 2 december 2024 av processledaren." in told
    form = drawn(town, frida) | decide
    frida.post(f"{address}/delar", data={"name": "Almby", "state": "pågående"})
    assert "Senast: en del ändrad 2 december 2024" in register(town, frida, form)
    form = drawn(town, frida) | decide
    with transaction(town.settings) as session:
        newest = select(c(Change).batch).where(c(Change).activity_id == row)
        key = str(session.execute(newest.order_by(c(Change).id.desc())).scalars().first())
        take_back(session, look(session, [row], key), FRIDA, today=TODAY)
    assert "Senast: något togs tillbaka 2 december 2024 av Frida." in register(town, frida, form)
    assert town.state(row) is State.PROPOSED
