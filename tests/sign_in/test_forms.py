"""Forms and cookies: no other site acts in Frida's name, and nothing is lost in silence."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from models.database import reading
from models.lifecycle import Move
from models.session import SignedIn
from tests.cast import Town
from tests.sign_in.conftest import asks, browser, later, links, signs_in, with_sign_in
from web.app import create_app


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # a neighbour under the same domain
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},  # carries a session, and does not say from where
    ],
)
def test_a_form_on_another_site_does_nothing_in_fridas_name(
    small_town: Town, app: FastAPI, headers: dict[str, str]
) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    del fridas.headers["Sec-Fetch-Site"]
    sent = fridas.post(
        f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value}, headers=headers
    )
    assert sent.status_code == 403
    assert small_town.state(sip).value == "beslutad"


def test_an_older_browser_that_only_says_origin_is_let_in(small_town: Town, app: FastAPI) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    del fridas.headers["Sec-Fetch-Site"]
    origin = {"Origin": "http://127.0.0.1"}
    fridas.post(f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value}, headers=origin)
    assert small_town.state(sip).value == "pågående"


def test_a_form_sent_after_the_session_ended_says_that_nothing_was_saved(
    small_town: Town, app: FastAPI
) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    later(small_town, SignedIn, seen_at=timedelta(days=1))
    sent = fridas.post(f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value})
    assert sent.status_code == 401
    assert "inget är sparat" in sent.text
    assert small_town.state(sip).value == "beslutad"


def test_cookies_are_kept_from_scripts_and_from_plain_http(small_town: Town) -> None:
    told = with_sign_in(small_town.settings, base_url="https://foljsam.example.org")
    app = create_app(told)
    client = TestClient(app, base_url="https://foljsam.example.org")
    client.headers["Sec-Fetch-Site"] = "same-origin"
    asked = asks(client, "alice@example.org")
    entered = client.post(links(small_town)[-1], follow_redirects=False)
    for said in (asked.headers["set-cookie"], entered.headers["set-cookie"]):
        assert said.startswith("__Host-foljsam")
        for words in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert words in said
        assert "Domain" not in said


def test_keys_are_not_on_file_as_they_are(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    keys = [cookie.value for cookie in alices.cookies.jar]
    with reading(small_town.settings) as session:
        kept = "".join(
            str(session.execute(text(f"SELECT * FROM {t}")).all())
            for t in ("signed_in", "sign_in_request")
        )
    assert keys
    assert not [key for key in keys if key and key in kept]
    assert "alice@example.org" not in kept
