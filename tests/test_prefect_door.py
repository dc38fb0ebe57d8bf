"""Prefect's API opens with the installation's password alone, for our own processes."""

import base64
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from config import prefect_api
from config.settings import Settings, load
from flows import prefect_child
from tests.conftest import free_port
from tests.test_up import wait_for

FOREIGN = "http://127.0.0.1:9"
ANYBODY = {"/health", "/ready"}  # says true, and nothing else
SOCKETS = ("events/in", "events/out", "logs/out", "task_runs/subscriptions/scheduled")


def api_routes(prefect_server: Settings) -> list[tuple[str, str]]:
    """Every (method, path) of Prefect's API, as it tells them itself."""
    spec = httpx.get(
        f"{prefect_server.prefect_api}/openapi.json",
        auth=prefect_api.password(prefect_server),
        timeout=90,
    ).json()
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in spec["paths"].items()
        for method in methods
    ]


def test_without_the_password_no_route_of_the_api_answers(prefect_server: Settings) -> None:
    routes = api_routes(prefect_server)
    assert len(routes) > 150
    wrong = "Basic " + base64.b64encode(b"foljsam:gissat").decode()
    opened = set()
    for headers in ({}, {"Authorization": wrong}, {"Host": "elak.example.org"}):
        with httpx.Client(
            base_url=prefect_server.prefect_api, headers=headers, timeout=20
        ) as stranger:
            token = {"Prefect-Csrf-Token": "x", "Prefect-Csrf-Client": "y"}
            opened |= {
                (method, path)
                for method, path in routes
                if stranger.request(method, path, headers=token).status_code not in {401, 403}
            }
    assert {path for _, path in opened} <= ANYBODY


def test_with_the_password_but_no_token_nothing_is_changed(prefect_server: Settings) -> None:
    answer = httpx.post(
        f"{prefect_server.prefect_api}/flows/",
        json={"name": "x"},
        auth=prefect_api.password(prefect_server),
    )
    assert (answer.status_code, "CSRF" in answer.text) == (403, True)


def test_a_page_of_another_origin_may_read_nothing(prefect_server: Settings) -> None:
    ask = {"Origin": FOREIGN, "Access-Control-Request-Method": "POST"}
    before = httpx.options(f"{prefect_server.prefect_api}/flow_runs/filter", headers=ask)
    assert before.status_code == 400
    for path in ("/api/health", "/api/flows/x", "/ui-settings", "/"):
        answer = httpx.get(
            prefect_server.prefect_api.removesuffix("/api") + path, headers={"Origin": FOREIGN}
        )
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("subprotocol", [None, "prefect"])
def test_no_socket_opens_without_the_password(
    prefect_server: Settings, path: str, subprotocol: str | None
) -> None:
    address = f"{prefect_server.prefect_api.replace('http', 'ws', 1)}/{path}"
    with pytest.raises((ConnectionClosed, InvalidStatus)):
        _heard(address, [subprotocol] if subprotocol else None)


def _heard(address: str, words: Any) -> Any:  # noqa: ANN401
    """What a page of another origin hears at a socket."""
    with connect(address, origin=FOREIGN, subprotocols=words) as socket:  # type: ignore[arg-type]
        socket.send('{"type": "auth", "token": "foljsam:gissat"}')
        return socket.recv(timeout=10)


def test_ours_are_let_in(prefect_server: Settings) -> None:
    assert prefect_api.ask(prefect_server, "admin/version").json()
    made = prefect_api.ask(prefect_server, "flows/", {"name": "vår egen"}).json()["id"]
    prefect_api.forget_token(prefect_server)
    named = {"flows": {"name": {"any_": ["vår egen"]}}}
    found = prefect_api.ask(prefect_server, "flows/filter", named).json()
    assert [each["id"] for each in found] == [made]
    assert prefect_child.is_ready(prefect_server)
    other = SecretStr("foljsam:nagot-helt-annat")
    stranger = prefect_server.model_copy(update={"prefect_auth": other})
    assert not prefect_child.is_ready(stranger)


def test_the_password_is_made_once_for_the_owner_alone_and_is_never_said(tmp_path: Path) -> None:
    told = load(home=tmp_path / "home")
    assert told.prefect_password == ""  # looking makes nothing
    first = prefect_child.environment(told)
    kept = told.home / "prefect-password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_text()) >= 40
    again = prefect_child.environment(load(home=tmp_path / "home"))
    for name in ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING"):
        assert first[name] == again[name] == f"foljsam:{kept.read_text()}"
    named = load(home=tmp_path, prefect_auth="prefect:" + "hemligt" * 3)
    assert "hemligt" not in repr(named)
    assert prefect_child.environment(named)["PREFECT_API_AUTH_STRING"] == "prefect:" + "hemligt" * 3


def test_what_prefect_keeps_is_its_owners_alone(tmp_path: Path) -> None:
    """Seen as soon as a server without tables begins to make them."""
    told = load(home=tmp_path, prefect_port=free_port())
    folder, child = tmp_path / "prefect", prefect_child.start(told)
    try:
        wait_for(lambda: any(folder.glob("prefect.db*")), within=240)
    finally:
        child.stop()
    kept = list(folder.glob("prefect.db*"))
    assert kept
    open_to_others = [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []
