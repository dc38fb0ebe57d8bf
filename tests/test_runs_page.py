"""Körningar: the process leader reads what a round did for hers, its log, and runs one now."""

import asyncio
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from config import clock, prefect_api, timetable
from config.settings import Clock, Settings
from flows.schedule import Clockwork
from models.database import transaction
from models.group import Collaboration, Group
from models.person import Person, Role, RoleHolding
from models.round import Round
from rules.access import Viewer
from tests.cast import Town
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from web.app import create_app
from web.overview.run_log import may_read
from web.overview.run_now import RUNS_ALREADY

MORNING = "morning-round"


@dataclass
class Two:
    """Two collaborations on one installation: Frida leads the first, Gustav the second."""

    town: Town
    app: FastAPI
    hers: int
    his: int
    flow: str

    def browser_of(self, address: str) -> TestClient:
        """Somebody who has signed in."""
        client = browser(self.app)
        signs_in(self.town, client, address)
        return client

    def ran(self, name: str, *log: str, **round_: Any) -> str:  # noqa: ANN401
        """A round of the past, at Prefect and in our own table; its flow run."""
        done = {"type": "COMPLETED", "name": "Completed"}
        asked = {"flow_id": self.flow, "name": name, "state": done}
        run = str(prefect_api.ask(self.town.settings, "flow_runs/", asked, timeout=20).json()["id"])
        now = clock.now()
        lines = [
            {
                "name": "prefect.flow_runs",
                "level": 20,
                "message": words,
                "timestamp": now.isoformat(),
                "flow_run_id": run,
            }
            for words in log
        ]
        prefect_api.ask(self.town.settings, "logs/", lines, timeout=20)  # type: ignore[arg-type]
        given: dict[str, Any] = {"finished_at": now, "counts": {}, "shares": {}} | round_
        with transaction(self.town.settings) as session:
            session.add(
                Round(
                    line=MORNING,
                    on_day=date(2025, 1, 10),
                    started_at=now,
                    flow_run_id=run,
                    **given,
                )
            )
        return run


@pytest.fixture
def two(place: Town) -> Two:
    """Both, with Prefect's server."""
    with transaction(place.settings) as session:
        hers = session.get_one(Group, place.alm).collaboration_id
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        group = Group(collaboration_id=other.id, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org")
        session.add_all([group, gustav, Person(name="Root", email="root@example.org")])
        session.flush()
        assert gustav.id is not None
        assert group.id is not None
        session.add(RoleHolding(person_id=gustav.id, group_id=group.id, role=Role.PROCESS_LEADER))
        his = other.id
    app = create_app(with_sign_in(place.settings))
    flow = prefect_api.ask(place.settings, "flows/", {"name": MORNING}, timeout=20).json()["id"]
    return Two(place, app, hers, his, flow)


def test_each_leader_reads_what_a_round_did_for_hers_and_nothing_of_others(two: Two) -> None:
    shares = {
        str(two.hers): {"letters": 2, "items": 5},
        str(two.his): {"letters": 41, "items": 97},
    }
    run = two.ran("morgonrunda 1", counts={"letters": 43, "items": 102}, shares=shares)
    broken = two.ran("morgonrunda 2", failed="ValueError: Bosse Okänd", finished_at=None)
    frida, gustav = (two.browser_of(f"{who}@example.org") for who in ("frida", "gustav"))
    root = two.browser_of("root@example.org")
    for client, says in ((frida, "två brev om fem saker"), (gustav, "41 brev om 97 saker")):
        page = client.get("/korningar").text
        assert says.lower() in page.lower()
        assert "102" not in page
        assert "Bosse" not in page + client.get(f"/korningar/{broken}").text
        assert "för alla samverkan på en gång" in page
    assert "97 saker" not in frida.get("/korningar").text + frida.get(f"/korningar/{run}").text
    assert "Bosse" in root.get("/korningar").text
    for client in (frida, gustav, root):
        assert client.get("/korningar.xlsx").status_code == 200


def test_a_run_that_is_not_in_our_table_is_an_administrators(two: Two) -> None:
    asked = {"flow_id": two.flow, "name": "någon annans", "state": {"type": "COMPLETED"}}
    run = prefect_api.ask(two.town.settings, "flow_runs/", asked, timeout=20).json()["id"]
    frida, root = two.browser_of("frida@example.org"), two.browser_of("root@example.org")
    assert "någon annans" not in frida.get("/korningar").text
    assert "någon annans" in root.get("/korningar").text
    for odd in (run, "1", "x", "00000000-0000-0000-0000-000000000000"):
        assert frida.get(f"/korningar/{odd}").status_code == 404


def test_the_log_shows_the_lines_that_are_hers_and_says_that_there_are_others(two: Two) -> None:
    run = two.ran(
        "morgonrunda 3",
        "Beginning flow run 'morgonrunda 2025-01-10' for flow 'morning-round'",
        f"samverkan {two.hers}: brev 2, rader 5",
        f"samverkan {two.his}: brev 41, rader 97",
        "Bosse Okänd svarade inte",
    )
    page = two.browser_of("frida@example.org").get(f"/korningar/{run}").text
    assert f"samverkan {two.hers}: brev 2" in page
    assert "Beginning flow run" in page
    assert "41" not in page
    assert "Bosse" not in page
    assert "2 rader kan handla om andra samverkan" in page
    everything = two.browser_of("root@example.org").get(f"/korningar/{run}").text
    assert "Bosse Okänd" in everything


def test_a_line_that_only_begins_as_hers_is_not_hers() -> None:
    frida = Viewer(signed_in=True, leads=frozenset({3}))
    assert may_read(frida, "samverkan 3: brev 2, rader 5")
    for words in (
        "samverkan 33: brev 2",
        "samverkan 3: brev 2\nBosse",
        "samverkan 3: bosse okänd",
        "Finished in state Failed('Bosse')",
        "Beginning flow run 'x' for flow 'y' Bosse",
    ):
        assert not may_read(frida, words)


def test_a_leader_of_some_runs_a_round_now_only_when_its_time_has_come(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    two.app.state.run_now = lambda name: not begun and _noted(begun, name)
    frida, root = two.browser_of("frida@example.org"), two.browser_of("root@example.org")
    _it_is(monkeypatch, "2025-01-10 05:00")
    early = frida.post("/korningar", data={"runda": MORNING})
    assert early.status_code == 422
    assert "Den går för alla samverkan klockan 06.10" in early.text
    assert begun == []
    _it_is(monkeypatch, "2025-01-10 07:00")
    late = frida.post("/korningar", data={"runda": MORNING}, follow_redirects=False)
    assert late.headers["location"] == f"/korningar?startad={MORNING}"
    assert begun == [MORNING]
    assert "Morgonrundan är på väg" in frida.get(late.headers["location"]).text
    again = root.post("/korningar", data={"runda": MORNING})
    assert (again.status_code, RUNS_ALREADY in again.text) == (422, True)


def test_who_leads_them_all_or_administers_runs_a_round_at_any_time(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    two.app.state.run_now = lambda name: _noted(begun, name)
    _it_is(monkeypatch, "2025-01-10 05:00")
    root = two.browser_of("root@example.org")
    assert root.post("/korningar", data={"runda": MORNING}).status_code == 200
    assert begun == [MORNING]
    assert root.post("/korningar", data={"runda": "allt"}).status_code == 422
    assert root.post("/korningar").status_code == 422
    alice = two.browser_of("alice@example.org")
    assert alice.post("/korningar", data={"runda": MORNING}).status_code == 403
    assert begun == [MORNING]


def _noted(begun: list[str], name: str) -> bool:
    begun.append(name)
    return True


def _it_is(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    moment = datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(clock.STOCKHOLM))
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_without_a_clock_she_is_told_so(small_town: Town) -> None:
    told = small_town.settings.model_copy(update={"prefect_port": 1})
    page = TestClient(create_app(told), base_url="http://127.0.0.1").post(
        "/korningar", data={"runda": MORNING}
    )
    assert (page.status_code, "Här går ingen klocka" in page.text) == (422, True)


def test_with_prefects_clock_a_worker_is_given_one_run_however_often_it_is_pressed(
    two: Two,
) -> None:
    told = two.town.settings
    app = create_app(told.model_copy(update={"clock": Clock.PREFECT}))
    frida = TestClient(app, base_url="http://127.0.0.1")
    _no_deployment_is_left(told, "year-close")
    assert "Här går ingen klocka" in frida.post("/korningar", data={"runda": "year-close"}).text
    asked = {"name": "year-close", "flow_id": two.flow}
    deployment = prefect_api.ask(told, "deployments/", asked, timeout=20).json()["id"]
    first = frida.post("/korningar", data={"runda": "year-close"}, follow_redirects=False)
    assert first.status_code == 303
    second = frida.post("/korningar", data={"runda": "year-close"})
    assert (second.status_code, RUNS_ALREADY in second.text) == (422, True)
    of_it = {"flow_runs": {"deployment_id": {"any_": [deployment]}}}
    (run,) = prefect_api.ask(told, "flow_runs/filter", of_it).json()
    assert "kör nu" in run["tags"]
    _no_deployment_is_left(told, "year-close")


def _no_deployment_is_left(settings: Settings, name: str) -> None:
    """Prefect's server is shared by the tests of a process; some of them deploy the timetable."""
    named = {"deployments": {"name": {"any_": [name]}}}
    for found in prefect_api.ask(settings, "deployments/filter", named, timeout=20).json():
        until = time.monotonic() + 30
        answer = _delete(settings, found["id"])
        while answer.status_code == 503 and time.monotonic() < until:  # somebody else writes
            time.sleep(0.5)
            answer = _delete(settings, found["id"])
        answer.raise_for_status()


def _delete(settings: Settings, deployment: str) -> httpx.Response:
    return httpx.delete(
        f"{settings.prefect_api}/deployments/{deployment}",
        headers=prefect_api.change_headers(settings),
        auth=prefect_api.password(settings),
        timeout=20,
    )


def test_the_clockwork_runs_what_was_asked_for_once(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    async def fake(line: timetable.Line, _today: date | None = None) -> dict[str, int]:
        ran.append(line.name)
        begun.set()
        await asyncio.to_thread(go_on.wait, 20)
        return {}

    monkeypatch.setattr("flows.schedule.run_line", fake)
    clockwork = Clockwork(small_town.settings, lambda: None)
    assert not clockwork.run_soon(MORNING)  # it has not begun to tick
    clockwork.start()
    assert clockwork.run_soon(MORNING)
    assert begun.wait(20)
    assert not clockwork.run_soon(MORNING)
    go_on.set()
    clockwork.stop()
    assert ran == [MORNING]
