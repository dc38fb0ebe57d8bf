"""What is told of sign-ins and refusals: what, where, who and when, and nothing that opens."""

import logging
import os
import re
import subprocess
import sys

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from config.logs import SECURITY, OneLine
from flows.prefect_child import environment
from models.lifecycle import Move
from tests.cast import Town
from tests.sign_in.conftest import asks, browser, links, signs_in, with_sign_in
from web.prefect_door import create_door


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log, listening to all that is about security."""
    caplog.set_level(logging.INFO, SECURITY)
    return caplog


def lines(told: pytest.LogCaptureFixture) -> list[str]:
    """What has been told."""
    return [record.getMessage() for record in told.records if record.name == SECURITY]


def test_signing_in_and_out_is_told_by_number(
    told: pytest.LogCaptureFixture, small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    alices.post("/logga-ut")
    came, went = lines(told)
    assert came.startswith('event="signed in" page="POST /logga-in/lank/…"')
    assert went.startswith('event="signed out" page="POST /logga-ut"')
    for line in (came, went):
        assert f"person={small_town.alice} " in line


def test_who_asks_too_often_or_is_not_on_file_is_told_though_the_answer_is_the_same(
    told: pytest.LogCaptureFixture, small_town: Town, alices: TestClient
) -> None:
    asks(alices, "nobody@example.org")
    for _ in range(4):
        asks(alices, "alice@example.org")
    unknown, often = lines(told)
    assert 'why="nobody with that address"' in unknown
    assert 'why="too many"' in often


def test_a_link_that_signs_nobody_in_is_told_with_why(
    told: pytest.LogCaptureFixture, small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    asks(alices, "alice@example.org")
    browser(app).post(links(small_town)[0])
    (line,) = lines(told)
    assert 'event="could not sign in"' in line
    assert 'why="other browser"' in line


def test_a_form_from_another_site_is_told(
    told: pytest.LogCaptureFixture, small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    alices.post("/logga-ut", headers={"Sec-Fetch-Site": "cross-site"})
    assert 'event="sent a form from another site" page="POST /logga-ut"' in lines(told)[-1]


def test_what_alice_may_not_is_told_wherever_it_is_refused(
    told: pytest.LogCaptureFixture, small_town: Town, alices: TestClient
) -> None:
    """By the table, by an object in the address, by a field, and by a field that is none."""
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    signs_in(small_town, alices, "alice@example.org")
    alices.post(f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value})
    alices.get("/personer")
    alices.post("/mina-uppgifter", data={"hemligt": "x"})
    moved, people, fields = lines(told)[1:]
    assert f'refused a page or an object" page="POST /aktiviteter/{sip}/flytta"' in moved
    assert 'page="GET /personer"' in people
    assert "fields that it has not" in fields
    assert all(f"person={small_town.alice} " in line for line in (moved, people, fields))


def test_a_host_that_is_not_ours_and_a_file_that_is_refused_are_told(
    told: pytest.LogCaptureFixture, small_town: Town, app: FastAPI
) -> None:
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    fridas.get("/planer", headers={"Host": "evil.example"})
    for page in ("/personer/las-in", "/planer/las-in"):
        fridas.post(page, files={"file": ("hemlig.exe", b"MZ")})
    host, people, plan = lines(told)[1:]
    assert 'event="asked for a host that is not ours" page="GET /planer"' in host
    assert "evil" not in host
    assert 'event="sent a file that was refused" page="POST /personer/las-in"' in people
    assert f"person={small_town.frida} " in plan
    assert "hemlig" not in people + plan


def test_what_the_door_to_prefect_turns_away_is_told(
    told: pytest.LogCaptureFixture, small_town: Town
) -> None:
    door = create_door(with_sign_in(small_town.settings, prefect_port=1))
    asks_at = TestClient(door, base_url="http://127.0.0.1")
    asks_at.get("/runs")
    asks_at.get("/foljsam/in?biljett=hemligt")
    asks_at.post("/api/flow_runs/filter", headers={"Origin": "https://evil.example"})
    asks_at.get("/", headers={"Host": "evil.example"})
    nobody, ticket, origin, host = lines(told)
    door_words = 'event="was turned away at the door to Prefect"'
    assert all(door_words in line for line in (nobody, ticket, origin))
    assert 'why="another origin"' in origin
    assert "a host that is not ours" in host
    assert "hemligt" not in ticket


@pytest.mark.parametrize(
    "path", ["/svar/forged", "/rapport/forged", "/kalender/forged.ics", "/adress/forged"]
)
def test_a_link_that_does_not_open_is_told_without_its_key(
    told: pytest.LogCaptureFixture, alices: TestClient, path: str
) -> None:
    alices.get(path)
    (line,) = lines(told)
    assert 'event="showed a link that does not open"' in line
    assert "forged" not in line.partition(" why=")[0]


def test_no_line_holds_a_name_an_address_or_a_key(
    told: pytest.LogCaptureFixture, small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    key = dict(alices.cookies)["foljsam"]
    alices.get("/utskick?sok=hemligt")
    alices.get('/svar/a"b event=c')
    asks(alices, "alice@example.org")
    alices.post(links(small_town)[-1])
    whole = "\n".join(lines(told))
    for word in ("Alice", "example.org", key, "hemligt", links(small_town)[0][-20:], "event=c"):
        assert word not in whole


def test_nobody_writes_a_line_of_her_own_in_the_log() -> None:
    try:
        raise ValueError("first\n2026-01-01T00:00:00Z CRITICAL all: is well")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("foljsam.web", logging.ERROR, "", 1, "no: %s", ("a\r\nb\x1b",), info)
    written = OneLine().format(record).split("\n")
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ERROR foljsam\.web: no: ", written[0])
    assert written[0].endswith(r"a\r\nb\x1b")
    assert all(line.startswith("  | ") for line in written[1:])


def test_prefect_writes_its_lines_in_the_same_form(small_town: Town) -> None:
    program = (
        "import logging; from prefect.logging.configuration import setup_logging; setup_logging()",
        "logging.getLogger('prefect.server').error('a\\nb')",
        "logging.getLogger('uvicorn.error').error('c')",
    )
    ran = subprocess.run(
        [sys.executable, "-c", "; ".join(program)],
        env=os.environ | environment(small_town.settings),
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(ran.stderr.splitlines()) == 2
    told = (r"prefect\.server: a\\nb", "uvicorn.error: c")
    for line, words in zip(ran.stderr.splitlines(), told, strict=True):
        assert re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ ERROR {words}", line)
