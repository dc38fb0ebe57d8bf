"""What stands around every page: headers, HEAD, who asks, and links as mail programs leave them."""

import asyncio
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from config import settings as settings_module
from config.settings import Settings, SettingsError
from models.database import transaction
from notifications import feeds, links
from rules.access import TABLE
from rules.networks import block, from_whom
from tests.cast import Town
from tests.conftest import a_moments_work, browse
from tests.sign_in.conftest import with_sign_in
from web.app import create_app
from web.door import Door, without_glue

GLUE = [".", ")", ">", "%20", ",", ";", ":", "!", "?", "%E2%80%9D", "'", "%22", "%3E.", "</a>"]
GLUE += [").", "%0A", "*", "_", "/", "]", "%C2%A0", "%E2%80%A6", "=20"]
PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


@pytest.fixture
def pages(small_town: Town) -> TestClient:
    """The pages, where people sign in."""
    return browse(create_app(with_sign_in(small_town.settings)), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/logga-in", 200), ("/", 303), ("/finns-inte", 404), ("/svar/x", 403), ("/style.css", 200)],
)
def test_every_answer_tells_browsers_what_they_may(
    pages: TestClient, path: str, status: int
) -> None:
    answer = pages.get(path, follow_redirects=False)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in PROMISED} == PROMISED
    for words in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"):
        assert words in answer.headers["Content-Security-Policy"]
    assert (answer.headers.get("Cache-Control") == "no-store") == (path != "/style.css")
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers
    if answer.content:
        assert answer.headers["Content-Type"].endswith("charset=utf-8")


def test_a_fault_and_a_foreign_host_have_the_headers_too(pages: TestClient) -> None:
    app: Any = pages.app

    def _breaks() -> None:
        raise RuntimeError

    app.router.add_api_route("/health2", _breaks)
    TABLE["GET /health2"] = TABLE["GET /health"]
    try:
        from rules import access

        access._lines.cache_clear()
        fault = pages.get("/health2")
    finally:
        del TABLE["GET /health2"]
        access._lines.cache_clear()
    foreign = pages.get("/", headers={"Host": "ond.example"})
    assert (fault.status_code, foreign.status_code) == (500, 400)
    for answer in (fault, foreign):
        assert {name: answer.headers.get(name) for name in PROMISED} == PROMISED
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_over_https_browsers_come_back_over_https(small_town: Town) -> None:
    told = with_sign_in(small_town.settings, base_url="https://foljsam.example.org")
    answer = browse(create_app(told)).get("/logga-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_head_answers_as_get_on_every_page(small_town: Town, pages: TestClient) -> None:
    """Also for whoever is at the machine, where every page is open."""
    small_town.decided("Trygg hemgång", by="2025-02-28")
    small_town.morning("2025-01-29")
    open_pages = browse(create_app(small_town.settings.model_copy(update={"prefect_port": 1})))
    changing = {"date", "content-length", "set-cookie", "etag"}
    seen = 0
    for line in TABLE:
        method, _, template = line.partition(" ")
        if method != "GET" or "oidc" in template:
            continue
        path = re.sub(r"\{\w+\}", "1", template)
        for client in (pages, open_pages):
            with a_moments_work():
                got = client.get(path, follow_redirects=False)
                asked = client.head(path, follow_redirects=False)
            assert asked.status_code == got.status_code, path
            assert asked.content == b""
            kept = [{n: v for n, v in a.headers.items() if n not in changing} for a in (asked, got)]
            assert kept[0] == kept[1], path
            seen += got.status_code == 200
    assert seen > 30
    assert pages.head("/planer/ny", follow_redirects=False).status_code == 303
    assert pages.head("/finns-inte").status_code == 404


@pytest.mark.parametrize("glue", GLUE)
def test_a_link_opens_with_what_a_mail_program_left_behind_it(small_town: Town, glue: str) -> None:
    told = small_town.settings
    with transaction(told) as session:
        link = links.make(session, told, small_town.alice)
        feeds.make(session, person_id=small_town.alice)
        session.flush()
        calendar = feeds.feed_address(session, told, person_id=small_town.alice)
    answer = links.address(told, link)
    pages = browse(create_app(told))
    paths = [one.removeprefix(told.pages_url) for one in (answer, calendar, f"{answer}/ersattare")]
    for path in paths:
        assert pages.get(path + glue).status_code == 200, path + glue
    edition = links.edition_address(told, link, 7).removeprefix(told.pages_url)
    assert without_glue(edition + glue.replace("%20", " ")).startswith(edition)


def test_what_is_taken_off_makes_no_forged_link_true(small_town: Town) -> None:
    told = small_town.settings
    with transaction(told) as session:
        path = links.address(told, links.make(session, told, small_town.alice))
    path = path.removeprefix(told.pages_url)
    pages = browse(create_app(told))
    for forged in (path[:-1], path[:-1] + ").", path + "a", path + "A.", path.replace(".", "..")):
        assert pages.get(forged).status_code == 403, forged
    assert without_glue("/aktiviteter/1).") == "/aktiviteter/1)."


OURS = settings_module.load(home="var", trusted_proxies="127.0.0.1, 10.1.0.0/16; ::1").proxies


@pytest.mark.parametrize(
    ("peer", "forwarded", "asker"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # a stranger says what she likes
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),  # the left is the stranger's word
        ("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"),  # two proxies of ours
        ("127.0.0.1", "203.0.113.9, skräp", "127.0.0.1"),
        ("::1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:127.0.0.1", "203.0.113.9:80", "203.0.113.9"),
        ("testclient", "203.0.113.9", "testclient"),
    ],
)
def test_who_asks_is_found_behind_our_own_proxies(peer: str, forwarded: str, asker: str) -> None:
    assert from_whom(peer, forwarded, OURS) == asker


def test_neighbours_are_counted_together() -> None:
    assert block("203.0.113.9") == block("203.0.113.200") != block("203.0.114.9")
    assert block("2001:db8:1:2::7") == block("2001:db8:1:2:ffff::1") != block("2001:db8:1:3::7")
    assert block("::ffff:203.0.113.9") == block("203.0.113.9")
    assert block("testclient") == "testclient"


def test_a_proxy_that_is_no_address_is_refused_at_the_start(tmp_path: str) -> None:
    with pytest.raises(SettingsError, match="FOLJSAM_TRUSTED_PROXIES"):
        settings_module.load(home=tmp_path, trusted_proxies="proxy.example.org")


def test_the_pages_see_who_asks_and_not_the_proxy(lite: Settings) -> None:
    seen: list[Any] = []

    async def page(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"])

    headers = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"203.0.113.9")]
    asked = {"type": "http", "method": "GET", "path": "/", "headers": headers}

    async def nothing(*_: object) -> Any:  # noqa: ANN401
        return None

    asyncio.run(Door(page, lite)(asked | {"client": ("127.0.0.1", 1)}, nothing, nothing))
    assert seen == [("203.0.113.9", 1)]
