"""Parts: each municipality or unit has its own state, and the follow-up forgets none."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from intake.lives.parts import ask_to_put_parts
from models.columns import c
from models.database import engine_for, reading, transaction
from models.lifecycle import Brought, Lack, Move, Outcome, State
from models.moves import Refused, make_move
from models.part import Part, PartChange, PartState
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

TODAY = date(2024, 3, 4)
RESULT = Brought(result="Klart", figure="2")


def put(town: Town, activity_id: int, name: str, **given: str) -> dict[str, PartState]:
    """Frida says how far a part has come."""
    with transaction(town.settings) as session:
        words = {"name": name, **given}
        return ask_to_put_parts(session, activity_id, words, FRIDA, today=TODAY)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def test_a_follow_up_names_the_parts_that_are_missing_and_waits_where_that_is_wanted(
    town: Town,
) -> None:
    sip = town.decided(by="2024-12-31")
    town.move(sip, Move.START)
    put(town, sip, "Alm\nBjörk\nEk")
    put(town, sip, "alm", state="beslutad")
    with (
        pytest.raises(Refused, match="Alla delar har inte svarat: Björk, Ek"),
        transaction(town.settings) as session,
    ):
        make_move(
            session,
            *(sip, Move.FOLLOW_UP, FRIDA),
            today=TODAY,
            brought=RESULT,
            hard=frozenset({Lack.PART}),
        )
    put(town, sip, "Björk", state="undantagen", why="Deltar inte i år")
    put(town, sip, "Ek", state="i dialog")
    assert town.move(sip, Move.FOLLOW_UP, RESULT) is State.FOLLOWED_UP


def test_a_part_of_what_is_over_is_late_no_more(town: Town) -> None:
    """Its last day passed in April; in May the activity was ended all the same."""
    sip = town.decided(by="2024-12-31")
    put(town, sip, "Alm", deadline="2024-04-30")
    page = browse(create_app(town.settings.model_copy(update={"today": date(2024, 5, 2)})))
    late = '<span class="late">Försenad</span>'
    assert late in page.get(f"/aktiviteter/{sip}").text
    ended = Brought(outcome=Outcome.CEASED, reason="Slut", decision_id=town.decision)
    town.move(sip, Move.ABANDON, ended, today=date(2024, 5, 2))
    assert late not in page.get(f"/aktiviteter/{sip}").text


def test_every_change_of_a_part_is_kept_and_saying_the_same_changes_nothing(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    put(town, sip, "Alm")
    put(town, sip, "Alm", state="i dialog", responsible="Alice", deadline="hösten 2024")
    put(town, sip, "Alm", state="i dialog", responsible="Alice", deadline="hösten 2024")
    with reading(town.settings) as session:
        rows = session.execute(
            select(c(PartChange).before, c(PartChange).after).order_by(c(PartChange).id)
        ).all()
        (part,) = session.execute(select(Part)).scalars()
    assert [(before or {}).get("state") for before, _ in rows] == [None, "inte svarat"]
    assert rows[1].after["responsible"] == "Alice"
    assert (part.person_id, part.deadline_last) == (town.alice, date(2024, 12, 31))
    for deed in ("UPDATE part_change SET by = 'x'", "DELETE FROM part_change"):
        with pytest.raises(DatabaseError, match="never changed"), transaction(town.settings) as s:
            s.execute(text(deed))


def test_a_part_is_not_excused_without_a_reason_whoever_writes(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    with pytest.raises(Refused, match="varför delen är undantagen"):
        put(town, sip, "Alm", state="undantagen")
    put(town, sip, "Alm")
    with pytest.raises(IntegrityError), engine_for(town.settings).begin() as connection:
        connection.exec_driver_sql("UPDATE part SET state = 'undantagen'")


def test_all_that_is_wrong_with_a_part_is_said_at_once(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    with pytest.raises(Refused) as refused:
        put(town, sip, "  ", state="glömd", deadline="31 april 2024")
    assert len(refused.value.sentences) == 3


def test_the_page_shows_the_whole_in_words_and_takes_parts_in(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided(by="2024-12-31")
    address = f"/aktiviteter/{sip}"
    frida.post(f"{address}/delar", data={"name": "Alm\nBjörk"})
    frida.post(f"{address}/delar", data={"name": "Alm", "state": "beslutad"})
    frida.post(f"{address}/delar", data={"name": "Björk", "state": "i dialog"})
    page = frida.get(address).text
    assert "Alm beslutad, Björk i dialog" in page
    assert "Del: Björk" in page
    refused = frida.post(f"{address}/delar", data={"name": "Alm", "state": "undantagen", "row": 1})
    assert refused.status_code == 422
    assert "Skriv varför delen är undantagen." in refused.text
