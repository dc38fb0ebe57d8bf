"""A meeting registers what stood on the page when it was ticked: no more, and nothing by half."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from config import clock
from models.activity import Activity
from models.database import reading, transaction
from models.lifecycle import State
from models.span import Precision
from models.status import Says, StatusAnswer
from models.status_round import AgendaPoint
from notifications import links
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

TODAY = date(2024, 12, 2)
MARCH, SEPTEMBER = date(2025, 3, 31), date(2025, 9, 30)


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser at the meeting of 2 December 2024."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def late(town: Town, activity_id: int, day: date | None = None, on_day: date = TODAY) -> None:
    """Alice answers that it is late, and maybe proposes another day."""
    with transaction(town.settings) as session:
        session.add(
            StatusAnswer(
                activity_id=activity_id,
                person_id=town.alice,
                link_id=links.make(session, town.settings, town.alice),
                at=clock.now(),
                on_day=on_day,
                says=Says.LATE,
                proposed_text=str(day or ""),
                proposed_first=day,
                proposed_last=day,
                proposed_precision=Precision.DAY if day else Precision.NONE,
            )
        )


def deadline(town: Town, activity_id: int) -> date | None:
    """The last day of an activity as it is on file."""
    with reading(town.settings) as session:
        return session.get_one(Activity, activity_id).deadline_last


def drawn(page: str) -> dict[str, str]:
    """What the form has by itself, with every answer on it ticked."""
    seen = dict(re.findall(r'name="(seen_\d+)" value="([^"]+)"', page))
    ticks = dict(re.findall(r'name="(accept_\d+)" value="([^"]+)"', page))
    return seen | ticks | {"decision_group": "NOSAM Alm", "decided_on": "2024-12-02"}


def test_a_tick_says_yes_to_the_answer_she_saw_and_to_no_newer_one(
    small_town: Town, frida: TestClient
) -> None:
    sip = small_town.decided("Trygg hemgång", by="2024-12-31")
    late(small_town, sip, MARCH)
    form = drawn(frida.get(f"/moten/{small_town.alm}").text)
    late(small_town, sip, SEPTEMBER)  # while the meeting sits
    told = frida.post(f"/moten/{small_town.alm}", data=form)
    assert told.status_code == 422
    assert "Trygg hemgång: Ett nyare besked kom efter att du öppnade sidan" in told.text
    assert deadline(small_town, sip) == date(2024, 12, 31)
    assert "Godkänn föreslaget slutdatum: 2025-09-30" in told.text
    assert not re.search(rf'name="accept_{sip}"[^>]* checked', told.text)
    assert frida.post(f"/moten/{small_town.alm}", data=drawn(told.text)).status_code == 200
    assert deadline(small_town, sip) == SEPTEMBER


def test_all_of_them_are_the_groups_own_and_not_what_another_group_referred(
    small_town: Town, frida: TestClient
) -> None:
    own = [small_town.activity(f"Egen {n}", by="2025-12-31") for n in range(2)]
    asked = small_town.activity("Björks fråga", by="2025-12-31")
    small_town.change(asked, group_id=small_town.bjork, referred_to_group_id=small_town.alm)
    page = frida.get(f"/moten/{small_town.alm}").text
    assert "Mötet beslutade alla 2," in page
    form = drawn(page) | {"reference": "§ 1", "decide_all": "ja"}
    told = frida.post(f"/moten/{small_town.alm}", data=form)
    assert told.status_code == 200
    assert [small_town.state(id_) for id_ in (*own, asked)] == [
        State.DECIDED,
        State.DECIDED,
        State.PROPOSED,
    ]
    assert 'name="decide_all" value="ja" checked' not in told.text


def test_a_row_that_is_registered_and_still_waits_is_empty_again(
    small_town: Town, frida: TestClient
) -> None:
    asked = small_town.activity("Vem betalar?", by="2025-12-31")
    words = {
        f"move_{asked}": "hänskjut till en annan grupp",
        f"group_{asked}": "Samordningsgruppen",
        f"reason_{asked}": "Det rör regionen",
    }
    form = drawn(frida.get(f"/moten/{small_town.alm}").text) | words
    told = frida.post(f"/moten/{small_town.alm}", data=form).text
    assert f'id="move_{asked}"' in told  # it waits for a decision as before
    assert "Det rör regionen" not in told
    assert 'hänskjut till en annan grupp" selected' not in told


def test_a_yes_and_a_move_of_one_row_are_on_file_both_or_neither(
    small_town: Town, frida: TestClient
) -> None:
    sip = small_town.decided("Trygg hemgång", by="2024-12-31")
    late(small_town, sip, MARCH)
    page = frida.get(f"/moten/{small_town.alm}").text
    told = frida.post(f"/moten/{small_town.alm}", data=drawn(page) | {f"move_{sip}": "pausa"})
    assert told.status_code == 422
    assert deadline(small_town, sip) == date(2024, 12, 31)
    assert small_town.state(sip) is State.DECIDED
    told = frida.post(f"/moten/{small_town.alm}", data=drawn(page) | {f"move_{sip}": "starta"})
    assert told.status_code == 200
    assert "slutdatum är 2025-03-31, pågående" in told.text
    assert (deadline(small_town, sip), small_town.state(sip)) == (MARCH, State.ONGOING)


def test_nothing_is_offered_to_take_back_where_nothing_was_changed(
    small_town: Town, frida: TestClient
) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-12-31")
    late(small_town, sip)
    form = drawn(frida.get(f"/moten/{small_town.alm}").text)
    told = frida.post(f"/moten/{small_town.alm}", data=form).text
    assert "Svaret är sett" in told
    assert 'name="gjort"' not in told


def test_the_number_by_a_group_is_the_number_of_rows_on_its_page(
    small_town: Town, frida: TestClient
) -> None:
    proposes, worries, closed = (
        small_town.decided(name, by="2025-12-31") for name in ("Ny dag", "Oro", "Avbruten")
    )
    late(small_town, proposes, MARCH)
    late(small_town, worries)
    small_town.change(closed, state=State.ENDED)
    with transaction(small_town.settings) as session:
        session.add(
            AgendaPoint(
                group_id=small_town.alm,
                activity_id=closed,
                on_day=TODAY,
                at=clock.now(),
                by="Frida",
            )
        )
    rows = frida.get(f"/moten/{small_town.alm}").text.count("data-row=")
    assert rows == 2
    listed = re.search(
        r'NOSAM Alm</a></td><td data-label="Att ta upp">(\d+)<', frida.get("/moten").text
    )
    assert listed
    assert listed[1] == "2"
