"""A page of a foreign site, in the browser of whoever is at the machine, gets at nothing.

Real Chromium, a page served at another loopback port (the same site, another origin) and at another
host, and what it may try: fetch with and without CORS, forms, sockets, frames, scripts. Against
every port of `foljsam up`, and of the roles apart with Prefect as docker-compose.yml starts it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from config import clock, prefect_api, settings
from config.settings import Clock, Settings
from tests.browser.conftest import launched
from tests.conftest import free_port
from tests.databases import put_migrated
from tests.prefects import put_tables
from tests.sizes import LONG
from tests.test_docs import compose, filled_in
from tests.test_up import wait_for

PASSWORD = "foljsam:" + "abc123" * 8  # what test_docs fills in

ATTACK = """
async (targets) => {
  const got = [];
  const body = JSON.stringify({limit: 5, name: "elak"});
  for (const url of targets) {
    for (const options of [
      {},
      {credentials: "include"},
      {method: "POST", body, headers: {"Content-Type": "application/json"}},
      {method: "POST", body, headers: {"Content-Type": "text/plain"}, credentials: "include"},
      {method: "DELETE"},
      {method: "POST", body, headers: {"Authorization": "Basic eDp5"}},
      {method: "POST", body, headers: {"Prefect-Csrf-Token": "x", "Prefect-Csrf-Client": "y"}},
    ]) {
      try {
        const answer = await fetch(url, options);
        const said = (await answer.text()).slice(0, 200);
        got.push([url, options.method || "GET", answer.status, said]);
      } catch (error) {}
    }
    for (const method of ["GET", "POST"]) {
      try {
        const answer = await fetch(url, {mode: "no-cors", method, credentials: "include",
          body: method === "POST" ? body : undefined});
        if (answer.type !== "opaque") got.push([url, "no-cors " + method, answer.type, ""]);
      } catch (error) {}
    }
    const form = document.createElement("form");
    const frame = document.createElement("iframe");
    frame.name = "f" + Math.random();
    document.body.append(frame);
    form.method = "post"; form.action = url; form.enctype = "text/plain"; form.target = frame.name;
    const field = document.createElement("input");
    field.name = '{"name": "elak", "x": "'; field.value = '"}';
    form.append(field); document.body.append(form); form.submit();
    await new Promise((done) => setTimeout(done, 150));
    try {
      const text = frame.contentDocument && frame.contentDocument.body.innerText;
      if (text) got.push([url, "frame", 0, text]);
    } catch (error) {}
  }
  return got;
}
"""
SOCKET = """
(urls) => Promise.all(urls.map((url) => new Promise((done) => {
  const socket = new WebSocket(url, ["prefect"]);
  socket.onopen = () => socket.send(JSON.stringify({type: "auth", token: ""}));
  socket.onmessage = (message) => done(url + ": " + message.data);
  socket.onclose = () => done("");
  setTimeout(() => done(""), 5000);
})))
"""


class _Page(BaseHTTPRequestHandler):
    """The foreign site's page."""

    def do_GET(self) -> None:
        """Always the same."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elak</title><body>elak</body>")

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of whoever is at the machine."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def foreign() -> Iterator[int]:
    """A site of somebody else's; its port."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site.server_port
    site.shutdown()


def _started(home: Path, words: list[str], told: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"FOLJSAM_HOME": str(home)} | told,
        start_new_session=True,
    )


def _ended(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _ports() -> dict[str, str]:
    names = ("FOLJSAM_PORT", "FOLJSAM_PREFECT_PORT", "FOLJSAM_PREFECT_DOOR_PORT")
    return {name: str(free_port()) for name in names}


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _all_answer(told: Settings) -> None:
    for address in (f"{told.prefect_api}/health", f"{told.prefect_ui}/api/health"):
        wait_for(lambda address=address: _answers(address), within=180)  # type: ignore[misc]
    wait_for(lambda: _answers(f"{told.pages_url}/style.css"), within=60)


@contextmanager
def up(home: Path) -> Iterator[Settings]:
    """`foljsam up`, as it is started on one machine, in a week when no round goes by itself."""
    first, last = clock.today() - timedelta(1), clock.today() + timedelta(1)
    quiet = f'[calendar]\nquiet = ["{first:%m-%d}..{last:%m-%d}"]\n'
    (home / "policy.toml").write_text(quiet, "utf-8")
    ports = _ports()
    process = _started(home, ["-m", "cli", "up"], ports)
    told = _read(home, ports)
    _all_answer(told)
    yield told
    _ended(process)


@contextmanager
def apart(home: Path) -> Iterator[Settings]:
    """Prefect's server as docker-compose.yml starts it, and the pages beside it."""
    ports = _ports()
    port = ports["FOLJSAM_PREFECT_PORT"]
    wanted = compose()["services"]["prefect-server"]["environment"]
    given = {name: filled_in(value) for name, value in wanted.items()}
    given |= {
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": (
            f"http://127.0.0.1:{ports['FOLJSAM_PREFECT_DOOR_PORT']}"
        ),
    }
    server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    roles = {
        "FOLJSAM_PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "FOLJSAM_PREFECT_AUTH": PASSWORD,
        "FOLJSAM_CLOCK": "prefect",
    } | ports
    running = [_started(home, server, given), _started(home, ["-m", "cli", "web"], roles)]
    told = _read(home, roles)
    _all_answer(told)
    yield told
    _ended(*running)


def _read(home: Path, told: dict[str, str]) -> Settings:
    given = {name.removeprefix("FOLJSAM_").lower(): value for name, value in told.items()}
    return settings.load(home=home, **given)


@pytest.fixture(params=[up, apart], scope="module")
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Each way to run it, one after the other, with something at Prefect to read and to spoil."""
    home = tmp_path_factory.mktemp("installation")
    put_migrated(home)
    for database in (home / "prefect.db", home / "prefect" / "prefect.db"):
        put_tables(database)
    with request.param(home) as told:
        prefect_api.ask(told, "flows/", {"name": "hemlig"}, timeout=30)
        yield told


def _kept(told: Settings) -> str:
    """What Prefect has on file that a page could change."""
    found = {
        kind: prefect_api.ask(told, f"{kind}/filter", {}, timeout=30).json()
        for kind in ("flows", "flow_runs", "deployments", "automations", "work_pools", "variables")
    }
    return json.dumps(found, sort_keys=True)


def _targets(told: Settings) -> list[str]:
    ports = (told.prefect_api.removesuffix("/api"), told.prefect_ui)
    paths: tuple[str, ...] = (
        "/",
        "/ui-settings",
        "/api/flows/filter",
        "/api/flows/",
        "/api/admin/version",
    )
    paths += ("/api/flow_runs/", "/api/automations/", "/api/csrf-token?client=x", "/openapi.json")
    pages = ("/", "/korningar", "/korningar/prefect", "/utskick", "/health", "/grupper/ny")
    return [f"{port}{path}" for port in ports for path in paths] + [
        f"{told.pages_url}{path}" for path in pages
    ]


def _page(chromium: Browser, address: str) -> Page:
    page = chromium.new_page()
    page.goto(address)
    return page


def _foreign_hosts(told: Settings) -> tuple[str, ...]:
    """The same site and another one: each with one way to run it, or both with both."""
    both = ("127.0.0.1", "localhost")
    if LONG:
        return both
    return both[:1] if told.clock is Clock.LOCAL else both[1:]


def test_a_foreign_page_reads_nothing_and_changes_nothing_at_any_port(
    chromium: Browser, foreign: int, installation: Settings
) -> None:
    before = _kept(installation)
    assert "hemlig" in before
    for host in _foreign_hosts(installation):
        _attack(chromium, f"http://{host}:{foreign}/", installation)
    assert _kept(installation) == before


def _attack(chromium: Browser, address: str, installation: Settings) -> None:
    page = _page(chromium, address)
    assert page.evaluate(ATTACK, _targets(installation)) == []
    sockets = [
        f"{port.replace('http', 'ws', 1)}/api/{path}"
        for port in (installation.prefect_api.removesuffix("/api"), installation.prefect_ui)
        for path in ("events/out", "events/in", "logs/out", "task_runs/subscriptions/scheduled")
    ]
    assert set(page.evaluate(SOCKET, sockets)) == {""}
    page.close()


def test_a_name_that_is_pointed_at_the_machine_reads_nothing(installation: Settings) -> None:
    """DNS rebinding: the browser believes that the foreign host's origin is ours."""
    rebound = {"Host": f"elak.example.org:{installation.prefect_door_port}"}
    rebound |= {"Sec-Fetch-Site": "same-origin"}
    for address in (installation.prefect_ui, installation.pages_url):
        assert httpx.get(f"{address}/", headers=rebound).status_code == 400
    api = httpx.post(f"{installation.prefect_api}/flows/filter", headers=rebound, json={})
    assert api.status_code in {401, 403}
    assert "hemlig" not in api.text


def test_prefects_pages_work_at_the_door_and_talk_to_nobody_else(
    chromium: Browser, installation: Settings
) -> None:
    asked: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(installation.prefect_ui)
    deadline = time.monotonic() + 60
    while "dashboard" not in page.url and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    page.goto(f"{page.url.rpartition('/')[0]}/flows")
    page.get_by_text("hemlig").first.wait_for(timeout=60_000)
    page.close()
    outside = [
        url for url in asked if not url.startswith((installation.prefect_ui, "data:", "blob:"))
    ]
    assert outside == []
