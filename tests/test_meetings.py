"""A meeting: what waits for the group stands on one page, and each row is on file at once."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from intake.lives.year_end import make_next_plan
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision
from models.lifecycle import Brought, Move, State
from models.plan import Plan
from models.status_round import AgendaPoint
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser at the meeting of 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def answer(town: Town, frida: TestClient, activity_id: int, **words: str) -> None:
    """Alice answers through her link."""
    found = re.search(r"/svar/\S+", town.letters()[-1].text)
    assert found
    data = {f"{name}_{activity_id}": value for name, value in words.items()}
    assert frida.post(found[0], data=data).status_code == 200


def put_up(town: Town, activity_id: int) -> None:
    """Somebody has put it on the group's next meeting."""
    with transaction(town.settings) as session:
        session.add(
            AgendaPoint(
                group_id=town.alm,
                activity_id=activity_id,
                on_day=TODAY,
                at=clock.now(),
                by="Frida",
            )
        )


def head(**more: str) -> dict[str, str]:
    """The meeting's own fields."""
    return {"decision_group": "NOSAM Alm", "decided_on": "2024-12-02", "reference": "§ 4"} | more


def test_one_paragraph_decides_several_and_is_registered_once(
    town: Town, frida: TestClient
) -> None:
    ids = [town.activity(f"A{n}", by="2025-12-31") for n in range(3)]
    rows = {f"move_{number}": "besluta" for number in ids[:2]}
    page = frida.post(f"/moten/{town.alm}", data=head(**rows))
    assert page.status_code == 200
    assert [town.state(number) for number in ids] == [
        State.DECIDED,
        State.DECIDED,
        State.PROPOSED,
    ]
    with reading(town.settings) as session:
        found = session.execute(select(c(Decision).id).where(c(Decision).reference == "§ 4")).all()
    assert len(found) == 1


def hard(town: Town, *lacks: str) -> None:
    """This installation refuses what lacks these."""
    listed = ", ".join(f'"{lack}"' for lack in lacks)
    (town.settings.home / "policy.toml").write_text(f"[brister]\nmust = [{listed}]\n", "utf-8")


def test_a_meeting_decides_all_that_wait_with_one_tick_but_for_one(
    town: Town, frida: TestClient
) -> None:
    ids = [town.activity(f"A{n}", by="2025-12-31") for n in range(11)]
    page = frida.get(f"/moten/{town.alm}").text
    assert "Mötet beslutade alla 11" in page
    rows = {f"move_{ids[3]}": "inget nu"}
    assert frida.post(f"/moten/{town.alm}", data=head(decide_all="ja", **rows)).status_code == 200
    assert [town.state(id_) for id_ in ids].count(State.DECIDED) == 10
    assert town.state(ids[3]) is State.PROPOSED


def test_a_refused_row_is_led_to_from_the_top(town: Town, frida: TestClient) -> None:
    ids = [town.activity(f"A{n}", by="2025-12-31") for n in range(2)]
    told = frida.post(f"/moten/{town.alm}", data={"decide_all": "ja", "decided_on": "2024-12-02"})
    assert told.status_code == 422
    links = re.findall(r'<li><a href="#([^"]+)">', told.text)
    assert links == ["decision_group"] * 2 or links == [f"move_{id_}" for id_ in ids]
    assert all(f'id="{link}"' in told.text for link in links)
    assert 'name="decide_all" value="ja" checked' in told.text


def test_a_row_that_is_refused_says_why_and_does_not_stop_the_others(
    town: Town, frida: TestClient
) -> None:
    hard(town, "goal")
    whole, bare = town.activity(by="2025-12-31"), town.activity("Bar", follow_up="", goal=False)
    page = frida.post(
        f"/moten/{town.alm}",
        data=head(
            **{f"move_{whole}": "besluta", f"move_{bare}": "besluta", f"reason_{bare}": "Viktigt"}
        ),
    )
    assert page.status_code == 422
    assert "Koppla aktiviteten till minst ett mål." in page.text
    assert 'value="Viktigt"' in page.text
    assert (town.state(whole), town.state(bare)) == (State.DECIDED, State.PROPOSED)


def test_an_ongoing_activity_is_followed_up_and_then_ended(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-11-30")
    town.move(sip, Move.START)
    page = frida.get(f"/moten/{town.alm}").text
    assert "Väntar på uppföljning" in page
    frida.post(
        f"/moten/{town.alm}",
        data={f"move_{sip}": "följ upp", f"result_{sip}": "Klart", f"reason_{sip}": "mäts ej"},
    )
    assert town.state(sip) is State.FOLLOWED_UP
    frida.post(f"/moten/{town.alm}", data={f"move_{sip}": "avsluta", f"outcome_{sip}": "uppnått"})
    assert town.state(sip) is State.ENDED


def test_a_proposed_day_is_accepted_with_one_tick_and_does_not_come_back(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided(by="2024-12-31")
    town.morning(TODAY)
    answer(town, frida, sip, says="late", date="mars 2025", text="Personalbrist")
    page = frida.get(f"/moten/{town.alm}").text
    assert "Svar att ta ställning till" in page
    assert "Personalbrist" in page
    assert "Godkänn föreslaget slutdatum: mars 2025" in page
    page = frida.post(f"/moten/{town.alm}", data={f"accept_{sip}": "ja"}).text
    assert "Godkänn föreslaget" not in page
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).deadline_last == date(2025, 3, 31)
    assert "Svar att ta ställning till" not in frida.get("/").text  # a stand was taken
    timeline = frida.get(f"/aktiviteter/{sip}").text
    assert "Slutdatum ändrat" in timeline
    assert "Förut: 2024-12-31" in timeline


def test_the_list_of_meetings_tells_how_much_waits(town: Town, frida: TestClient) -> None:
    assert "Inga grupper äger" in frida.get("/moten").text
    town.activity("Att besluta")
    town.decided("Går av sig självt", by="2025-12-31")
    assert re.search(r'NOSAM Alm</a></td><td data-label="Att ta upp">1<', frida.get("/moten").text)
    assert frida.get("/moten/999").status_code == 404


def test_another_groups_activity_is_not_moved_from_here(town: Town, frida: TestClient) -> None:
    sip = town.activity(by="2025-12-31")
    frida.post(f"/moten/{town.bjork}", data=head(**{f"move_{sip}": "besluta"}))
    assert town.state(sip) is State.PROPOSED


def test_what_is_paused_and_quiet_does_not_crowd_the_page(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2025-12-31")
    pause = Brought(reason="Sjuk", resume_when="frisk", stand_in_group_id=town.bjork)
    town.move(sip, Move.PAUSE, pause)
    assert "Inget väntar" in frida.get(f"/moten/{town.alm}").text


def test_a_referred_question_stands_on_the_higher_groups_page_and_goes_back(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided(by="2025-12-31")
    asked = {"group": "Samordningsgruppen", "reason": "Vem betalar?"}
    frida.post(f"/aktiviteter/{sip}/hanskjut", data=asked)
    assert "Hänskjuten till Samordningsgruppen" in frida.get(f"/aktiviteter/{sip}").text
    page = frida.get(f"/moten/{town.deciders}").text
    assert "Hänskjutna hit" in page
    assert "Från NOSAM Alm: Vem betalar?" in page
    assert re.search(
        r'Samordningsgruppen</a></td><td data-label="Att ta upp">1<', frida.get("/moten").text
    )
    answered = {f"move_{sip}": "besvarad", f"reason_{sip}": "Regionen betalar"}
    assert frida.post(f"/moten/{town.deciders}", data=answered).status_code == 200
    assert "Hänskjutna hit" not in frida.get(f"/moten/{town.deciders}").text
    assert "Regionen betalar" in frida.get(f"/aktiviteter/{sip}").text


def test_every_way_on_is_open_at_the_meeting(town: Town, frida: TestClient) -> None:
    with transaction(town.settings) as session:
        make_next_plan(session, town.plan, FRIDA, today=TODAY)
        (next_title,) = session.execute(
            select(c(Plan).title).where(c(Plan).id != town.plan)
        ).scalars()
    rests, ends, goes_on, withdrawn = (
        *(town.decided(name, by="2025-12-31") for name in ("Vilar", "Slutar", "Förs över")),
        town.activity("Dras tillbaka", by="2025-12-31"),
    )
    for number in (rests, ends, goes_on):
        put_up(town, number)
    rows = {
        f"move_{rests}": "pausa",
        f"resume_on_{rests}": "mars 2025",
        f"stand_in_{rests}": "NOSAM Björk",
        f"reason_{rests}": "Sjukdom",
        f"move_{ends}": "avbryt",
        f"outcome_{ends}": "upphört",
        f"reason_{ends}": "Regionen tar över",
        f"move_{goes_on}": "överför",
        f"next_plan_{goes_on}": next_title,
        f"move_{withdrawn}": "dra tillbaka",
        f"reason_{withdrawn}": "Dubbel",
    }
    page = frida.post(f"/moten/{town.alm}", data=head(**rows))
    assert page.status_code == 200, problems(page.text)
    states = [town.state(number) for number in (rests, ends, goes_on, withdrawn)]
    assert states == [State.PAUSED, State.ENDED, State.CARRIED_OVER, State.WITHDRAWN]
    with reading(town.settings) as session:
        assert session.get_one(Activity, rests).resume_on == date(2025, 3, 31)


def test_the_meeting_refers_one_question_and_hands_another_over(
    town: Town, frida: TestClient
) -> None:
    asked, given = (town.activity(name, by="2025-12-31") for name in ("Fråga", "Byter"))
    rows = {
        f"move_{asked}": "hänskjut till en annan grupp",
        f"group_{asked}": "Samordningsgruppen",
        f"reason_{asked}": "Vem betalar?",
        f"move_{given}": "lämna över till en annan grupp",
        f"group_{given}": "NOSAM Björk",
        f"reason_{given}": "Rör Björk",
    }
    page = frida.post(f"/moten/{town.alm}", data=head(**rows))
    assert page.status_code == 200, problems(page.text)
    assert "hänskjuten till Samordningsgruppen" in page.text
    with reading(town.settings) as session:
        assert session.get_one(Activity, asked).referred_to_group_id == town.deciders
        assert session.get_one(Activity, given).group_id == town.bjork


def test_what_a_pause_lacks_is_said_at_its_fields(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2025-12-31")
    put_up(town, sip)
    told = frida.post(f"/moten/{town.alm}", data={f"move_{sip}": "pausa"})
    assert told.status_code == 422
    for name in ("reason", "resume_on", "stand_in"):
        assert f'href="#{name}_{sip}"' in told.text
    assert town.state(sip) is State.DECIDED


def problems(page: str) -> list[str]:
    """What a page says is wrong."""
    return re.findall(r'<p class="problem"[^>]*>([^<]+)<', page)
