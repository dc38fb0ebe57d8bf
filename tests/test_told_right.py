"""What pages tell is so: no day that is another, no answer that cannot be settled, no dead end."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter
from models.lifecycle import State
from models.status import Says, StatusAnswer
from notifications.letters.week import _proposed
from reports.approval import _some
from rules.wording import rung_reached
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
WAITS = "Svar att ta ställning till"


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 2 December 2024, where Alice can answer too."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def answer(town: Town, frida: TestClient, activity_id: int, **words: str) -> str:
    """Alice answers through her link."""
    town.morning(TODAY)
    found = re.search(r"/svar/\S+", town.letters()[-1].text)
    assert found
    data = {f"{name}_{activity_id}": value for name, value in words.items()}
    page = frida.post(found[0], data=data)
    assert page.status_code == 200
    return str(page.text)


def newest(town: Town) -> int:
    """The newest answer's number."""
    with reading(town.settings) as session:
        return int(session.execute(select(c(StatusAnswer).id)).scalars().all()[-1])


@pytest.mark.parametrize("says", ["late", "at_risk"])
def test_a_worry_is_settled_on_the_activitys_page_and_leaves_every_list(
    town: Town, frida: TestClient, says: str
) -> None:
    sip = town.decided(by="2024-12-31")
    answer(town, frida, sip, says=says, text="Personalbrist")
    assert WAITS in frida.get("/").text
    page = frida.get(f"/aktiviteter/{sip}").text
    assert f'action="/forslag/{newest(town)}"' in page
    seen = frida.post(f"/forslag/{newest(town)}", data={"answer": "nej", "activity": sip})
    assert seen.status_code == 200
    assert WAITS not in seen.text
    assert WAITS not in frida.get("/").text
    assert WAITS not in frida.get(f"/moten/{town.alm}").text


def test_a_worry_is_settled_at_a_meeting_with_a_tick(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    answer(town, frida, sip, says="late", text="Personalbrist")
    page = frida.get(f"/moten/{town.alm}").text
    assert f'name="accept_{sip}" value="sett ' in page
    assert WAITS not in frida.post(f"/moten/{town.alm}", data={f"accept_{sip}": "sett"}).text


def test_not_me_without_a_name_is_saved_and_asked_of_the_process_leader(
    town: Town, frida: TestClient
) -> None:
    sip, other = town.decided(by="2024-12-31"), town.decided("Annan", by="2024-12-31")
    town.morning(TODAY)
    found = re.search(r"/svar/\S+", town.letters()[-1].text)
    assert found
    both = {f"says_{sip}": "not_me", f"says_{other}": "on_track"}
    assert "Tack för ditt svar" in frida.post(found[0], data=both).text
    assert WAITS in frida.get("/").text
    page = frida.get(f"/aktiviteter/{sip}").text
    assert "säger inte vem det är" in page
    with reading(town.settings) as session:
        first = session.execute(
            select(c(StatusAnswer).id).where(c(StatusAnswer).activity_id == sip)
        ).scalar_one()
    yes = frida.post(f"/forslag/{first}", data={"answer": "ja", "activity": sip})
    assert yes.status_code == 422
    assert "Svaret säger inte vem" in yes.text
    frida.post(f"/forslag/{first}", data={"answer": "nej", "activity": sip})
    assert WAITS not in frida.get("/").text


def test_the_weeks_letter_says_that_nobody_is_named() -> None:
    row = StatusAnswer(
        activity_id=1, person_id=1, link_id=1, at=clock.now(), on_day=TODAY, says=Says.NOT_ME
    )
    assert "svaret säger inte vem" in _proposed(row)


def test_a_letter_that_went_later_tells_its_own_distance() -> None:
    due = date(2024, 12, 31)
    assert rung_reached("deadline", due, 21, date(2024, 12, 18)).endswith("13 dagar före")
    assert rung_reached("deadline", due, 21, date(2025, 1, 1)).endswith("1 dag efter")
    assert rung_reached("deadline", due, 7).endswith("7 dagar före")
    assert "går vidare till" in rung_reached("silence", due, -1, TODAY)


def test_an_accepted_answer_and_a_move_are_told_as_one_sentence(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided(by="2024-12-31")
    answer(town, frida, sip, says="not_me", instead="Bob")
    told = frida.post(f"/moten/{town.alm}", data={f"accept_{sip}": "ja", f"move_{sip}": "starta"})
    assert "Bob svarar för aktiviteten, pågående" in told.text
    assert town.state(sip) is State.ONGOING


def test_a_letter_kept_as_a_file_was_said_nothing_of_by_a_server(
    town: Town, frida: TestClient
) -> None:
    town.decided(by="2024-12-31")
    town.morning(TODAY)
    with transaction(town.settings) as session:
        session.execute(
            update(Letter).values(state="kept", server_said="250 kept", done_at=clock.now())
        )
    assert "Servern sade" not in frida.get("/utskick/1").text


def test_a_doubt_goes_when_somebody_says_that_it_is_right(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    town.change(sip, doubts="Två rader säger olika.\nRubriken är gissad.")
    page = frida.post(f"/aktiviteter/{sip}/tveksamt", data={"doubt": "Två rader säger olika."}).text
    assert "Två rader säger olika." not in page
    assert "Rubriken är gissad." in page
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).doubts == "Rubriken är gissad."


def test_what_is_not_shown_at_once_can_be_unfolded(town: Town, frida: TestClient) -> None:
    for n in range(11):
        town.activity(f"Utan känd ansvarig {n}", by="2025-06-30", words="Någon")
    page = frida.get("/").text
    assert "<summary>… och 6 till</summary>" in page
    assert all(f"Utan känd ansvarig {n}" in page for n in range(11))


def test_a_refusal_names_three_of_forty_and_counts_the_rest() -> None:
    told = _some([f"Aktivitet {n}" for n in range(40)])
    assert told == "Aktivitet 0; Aktivitet 1; Aktivitet 2; och 37 till"
