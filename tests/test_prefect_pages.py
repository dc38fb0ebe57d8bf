"""The door to Prefect's own pages: administrators only, reading only, on an origin of its own."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import update
from starlette.websockets import WebSocketDisconnect

from config import clock, prefect_api
from config.settings import Settings
from models.database import transaction
from models.person import Person
from models.session import SignedIn
from tests.cast import Town
from tests.conftest import free_port
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_prefect_door import api_routes
from web.app import create_app
from web.prefect_door import create_door, ticket
from web.prefect_reads import READS, passes

ALLOWED = {"filter": "/api/flow_runs/filter", "count": "/api/flow_runs/count"}


def open_door(told: Settings, **headers: str) -> TestClient:
    """A browser at the door."""
    return TestClient(create_door(told), base_url="http://127.0.0.1", headers=headers)


@pytest.fixture
def here(place: Town) -> Iterator[TestClient]:
    """The door of an installation where nobody signs in."""
    with open_door(place.settings) as door:
        yield door


def test_whoever_is_at_the_machine_reads_without_ever_seeing_the_password(
    here: TestClient, place: Town
) -> None:
    runs = here.post("/api/flow_runs/filter", json={"limit": 3})
    assert (runs.status_code, type(runs.json())) == (200, list)
    told = here.get("/ui-settings").json()
    assert (told["auth"], told["csrf_enabled"], told["api_url"]) == (None, False, "/api")
    page = here.get("/", headers={"Sec-Fetch-Mode": "navigate", "Accept": "text/html"})
    assert "Prefect" in page.text
    everything = runs.text + str(runs.headers) + page.text + str(page.headers)
    assert place.settings.prefect_password.partition(":")[2] not in everything


def test_over_https_browsers_come_back_to_the_door_over_https(small_town: Town) -> None:
    far = {"base_url": "https://f.example.org", "prefect_ui_url": "https://prefect.example.org"}
    with open_door(with_sign_in(small_town.settings, **far)) as door:
        far_away = door.get("/")
    with open_door(small_town.settings) as door:
        here = door.get("/nothing")
        foreign = door.get("/", headers={"Host": "ond.example"})
    assert far_away.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in here.headers
    assert foreign.status_code == 400
    assert foreign.headers["X-Content-Type-Options"] == "nosniff"


def test_each_route_that_reads_is_one_of_prefects(prefect_server: Settings) -> None:
    there = {f"{method} {path}" for method, path in api_routes(prefect_server)}
    assert {re.sub(r"[{}]", "", route) for route in READS} - there == set()


def test_what_changes_anything_or_holds_secrets_does_not_pass(
    here: TestClient, place: Town, prefect_server: Settings
) -> None:
    """Every route that Prefect has: only those that are named pass the door."""
    before = _kept(place)
    named = {re.sub(r"[{}]", "", route) for route in READS}
    through = set()
    for method, path in api_routes(prefect_server):
        answer = here.request(method, f"/api{path}", json={} if method != "GET" else None)
        if answer.status_code != 403:
            through.add(f"{method} {path}")
    assert through == named
    assert _kept(place) == before
    for odd in ("/api/flow_runs/../flows/", "/api//flows/", "/api/flows%2f..", "/API/flows/"):
        assert here.post(odd, json={"name": "x"}).status_code in {403, 404, 405}
    assert _kept(place) == before


def _kept(place: Town) -> dict[str, Any]:
    kinds = ("flows", "flow_runs", "deployments", "automations", "work_pools")
    return {kind: prefect_api.ask(place.settings, f"{kind}/count", {}).json() for kind in kinds}


def test_a_setting_lets_changes_through_but_never_to_a_third_party(place: Town) -> None:
    told = place.settings.model_copy(update={"prefect_ui_changes": True})
    with open_door(told) as door:
        made = door.post("/api/flows/", json={"name": "ny"})
        assert made.status_code == 201
        assert door.delete(f"/api/flows/{made.json()['id']}").status_code == 204
        assert door.get("/api/collections/views/demo-flows").status_code == 403
    assert not passes("GET", "/collections/views/demo-flows", changes=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elak.example.org"},
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Host": "elak.example.org"},
    ],
)
def test_another_origin_is_turned_away(here: TestClient, headers: dict[str, str]) -> None:
    for path in ALLOWED.values():
        answer = here.post(path, json={}, headers=headers)
        assert answer.status_code in {400, 403}
    assert here.get("/api/flow_run_states/", headers=headers).status_code in {400, 403}
    answer = here.get("/ui-settings", headers=headers)
    assert answer.status_code in {400, 403}
    assert "access-control-allow-origin" not in answer.headers


def test_no_socket_opens_and_every_answer_keeps_to_itself(here: TestClient) -> None:
    socket = here.websocket_connect("/api/events/out", subprotocols=["prefect"])
    with pytest.raises(WebSocketDisconnect) as closed, socket:
        pass
    assert getattr(closed.value, "status_code", 403) in {400, 403}
    assert getattr(closed.value, "code", 1008) == 1008
    for path in ("/", "/ui-settings", "/api/health", "/api/flows/x"):
        answer = here.get(path, headers={"Accept": "text/html"})
        policy = answer.headers["content-security-policy"]
        assert "connect-src 'self'" in policy
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "set-cookie" not in answer.headers


@pytest.fixture
def heard() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Something in Prefect's place that remembers the headers it was sent."""
    seen: list[dict[str, str]] = []

    async def echo(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
        if scope["type"] != "http":
            return
        seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        headers = [(b"content-type", b"application/json"), (b"set-cookie", b"elak=1")]
        headers.append((b"location", b"http://elak.example.org/"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    port = free_port()
    server = uvicorn.Server(uvicorn.Config(echo, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        pass
    yield port, seen
    server.should_exit = True
    thread.join(10)


def test_no_cookie_goes_on_and_no_cookie_or_way_out_comes_back(
    lite: Settings, heard: tuple[int, list[dict[str, str]]]
) -> None:
    port, seen = heard
    told = lite.model_copy(
        update={
            "prefect_api_url": f"http://127.0.0.1:{port}/api",
            "prefect_auth": SecretStr("foljsam:nagot-hemligt-har"),
        }
    )
    with open_door(told) as door:
        answer = door.get(
            "/api/health", headers={"Cookie": "foljsam=abc", "Authorization": "Basic x"}
        )
    (sent,) = seen
    assert "cookie" not in sent
    assert sent["authorization"] == _basic("foljsam:nagot-hemligt-har")
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers


def _basic(words: str) -> str:
    request = next(
        httpx.BasicAuth(*words.split(":", 1)).auth_flow(httpx.Request("GET", "http://x"))
    )
    return request.headers["Authorization"]


@pytest.fixture
def told(place: Town) -> Settings:
    """Where people sign in; Frida leads, Alice chairs, root administers."""
    with transaction(place.settings) as session:
        session.add(Person(name="Root", email="root@example.org"))
    return with_sign_in(place.settings)


def test_the_administrator_gets_in_from_our_page_and_her_session_closes_the_door(
    place: Town, told: Settings
) -> None:
    root = browser(create_app(told))
    signs_in(place, root, "root@example.org")
    with open_door(told) as door:
        assert door.post(ALLOWED["filter"], json={}).status_code == 401
        assert "Öppna Prefects sidor från Körningar" in door.get("/").text
        way = root.get("/korningar/prefect", follow_redirects=False).headers["location"]
        assert way.startswith(f"{told.prefect_ui}/foljsam/in?biljett=")
        inside = door.get(way.removeprefix(told.prefect_ui), follow_redirects=False)
        assert "httponly" in inside.headers["set-cookie"].lower()
        assert door.post(ALLOWED["filter"], json={}).status_code == 200
        again = door.get(way.removeprefix(told.prefect_ui), follow_redirects=False)
        assert again.status_code == 401
        root.post("/logga-ut")
        assert door.post(ALLOWED["filter"], json={}).status_code == 401


def test_a_leader_does_not_get_in_nor_a_ticket_that_is_forged_or_was_hers(
    place: Town, told: Settings
) -> None:
    frida = browser(create_app(told))
    signs_in(place, frida, "frida@example.org")
    assert frida.get("/korningar").status_code == 200
    assert frida.get("/korningar/prefect", follow_redirects=False).status_code == 403
    with open_door(told) as door:
        hers = ticket(told, 1).removeprefix(told.prefect_ui)
        door.get(hers)  # as if she had made one
        assert door.post(ALLOWED["filter"], json={}).status_code == 401
        assert door.get("/foljsam/in?biljett=WzEsIngiXQ.x.y").status_code == 401


def test_the_door_closes_when_nothing_has_been_opened_for_a_while(
    place: Town, told: Settings
) -> None:
    root = browser(create_app(told))
    signs_in(place, root, "root@example.org")
    with open_door(told) as door:
        way = root.get("/korningar/prefect", follow_redirects=False).headers["location"]
        door.get(way.removeprefix(told.prefect_ui), follow_redirects=False)
        assert door.get("/api/health").status_code == 200
        with transaction(told) as session:
            past = clock.now() - timedelta(minutes=told.session_idle_minutes + 1)
            session.execute(update(SignedIn).values(seen_at=past))
        assert door.get("/api/health").status_code == 401
