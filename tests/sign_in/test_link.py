"""The mailed link: it opens once, for a while, in the browser that asked for it."""

import asyncio
import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from cli.mailbox import Mailbox
from models.session import SignInRequest
from notifications.postman import Postman
from tests.cast import Town
from tests.sign_in.conftest import asks, browser, is_in, later, links, signs_in, with_sign_in
from web.app import create_app


def test_alice_signs_in_by_a_link_and_is_greeted_by_name(
    small_town: Town, alices: TestClient
) -> None:
    away = alices.get("/moten", follow_redirects=False)
    assert away.headers["location"] == "/logga-in?till=/moten"
    assert not is_in(alices)
    answer = signs_in(small_town, alices, "alice@example.org")
    assert answer.status_code == 303
    page = alices.get("/").text
    assert "Alice" in page
    assert "Logga ut" in page
    assert "Utskick" not in page  # a reader's menu has only what she may open


def test_signing_in_works_on_each_database(town: Town) -> None:
    alices = browser(create_app(with_sign_in(town.settings)))
    signs_in(town, alices, "alice@example.org")
    assert is_in(alices)
    assert "Firefox, Windows" in alices.get("/inloggningar").text
    assert alices.get("/utskick").status_code == 403
    alices.post("/logga-ut", data={"overallt": "ja"})
    assert not is_in(alices)


def test_the_letter_goes_by_real_mail_and_its_link_opens(
    small_town: Town, mailbox: Mailbox
) -> None:
    told = with_sign_in(
        small_town.settings,
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        mail_from="foljsam@example.org",
    )
    alices = browser(create_app(told))
    asks(alices, "Alice@Example.org ")

    async def post() -> None:
        postman = Postman(told)
        await postman.post()
        await postman.close()

    asyncio.run(post())
    (received,) = mailbox.messages
    letter = message_from_bytes(bytes(received), policy=policy.default)
    assert letter["To"].addresses[0].addr_spec == "alice@example.org"
    body = letter.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://127.0.0.1(/logga-in/lank/\S+)", body.get_content())
    assert link
    assert alices.post(link[1]).status_code == 200
    assert is_in(alices)


def test_opening_the_link_uses_nothing_up_since_mail_scanners_open_links(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    asks(alices, "alice@example.org")
    (link,) = links(small_town)
    for _ in range(3):
        browser(app).get(link)
        alices.get(link)
    assert not is_in(alices)
    alices.post(link)
    assert is_in(alices)


def test_a_link_works_once_also_for_alice_herself(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    (link,) = links(small_town)
    alices.post("/logga-ut")
    again = alices.post(link)
    assert again.status_code == 410
    assert "Länken gäller inte längre" in again.text
    assert not is_in(alices)


def test_mallory_who_has_read_the_letter_cannot_use_the_link(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    asks(alices, "alice@example.org")
    (link,) = links(small_town)
    mallorys = browser(app)
    asks(mallorys, "mallory@example.org")  # a key of her own does not help
    for refused in (mallorys.get(link), mallorys.post(link)):
        assert refused.status_code == 403
        assert "Öppna länken där du bad om den" in refused.text
    assert not is_in(mallorys)
    alices.post(link)
    assert is_in(alices)


def test_a_link_that_mallory_asked_for_lets_alice_give_nothing_away(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    mallorys = browser(app)
    asks(mallorys, "alice@example.org")
    (link,) = links(small_town)
    assert alices.post(link).status_code == 403
    assert not is_in(mallorys)
    assert not is_in(alices)


def test_two_tabs_of_one_browser_may_both_have_asked(small_town: Town, alices: TestClient) -> None:
    asks(alices, "alice@example.org")
    asks(alices, "alice@example.org")
    first, second = links(small_town)
    alices.post(first)
    assert is_in(alices)
    assert alices.post(second).status_code == 200
    assert is_in(alices)


def test_a_link_lives_for_ten_minutes(small_town: Town, alices: TestClient) -> None:
    asks(alices, "alice@example.org")
    (link,) = links(small_town)
    later(small_town, SignInRequest, asked_at=timedelta(minutes=9))
    assert alices.get(link).status_code == 200
    later(small_town, SignInRequest, asked_at=timedelta(minutes=1))
    assert alices.get(link).status_code == 410
    assert alices.post(link).status_code == 410
    assert not is_in(alices)


def test_a_made_up_link_opens_nothing(alices: TestClient) -> None:
    asks(alices, "alice@example.org")
    for path in ("/logga-in/lank/x", "/logga-in/lank/" + "A" * 5000, "/logga-in/lank/%00"):
        assert alices.get(path).status_code in {403, 404}
        assert alices.post(path).status_code in {403, 404}


@pytest.mark.parametrize(
    "till",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "\\\\evil.example",
        "/\tevil",
        "/moten\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/finns-inte",
        "/logga-in",
        "/svar/abc",
        "/moten?x=" + "a" * 600,
    ],
)
def test_sign_in_never_leads_away(small_town: Town, alices: TestClient, till: str) -> None:
    asks(alices, "alice@example.org", till=till)
    answer = alices.post(links(small_town)[-1], follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_sign_in_leads_on_to_the_page_that_was_asked_for(
    small_town: Town, alices: TestClient
) -> None:
    away = alices.get("/?lage=beslutad&sok=n%C3%A4t", follow_redirects=False)
    page = alices.get(away.headers["location"]).text
    till = re.search(r'name="till" value="([^"]*)"', page)
    assert till
    asks(alices, "alice@example.org", till=till[1].replace("&amp;", "&"))
    answer = alices.post(links(small_town)[-1], follow_redirects=False)
    assert answer.headers["location"] == "/?lage=beslutad&sok=n%C3%A4t"


def test_the_link_in_a_sign_in_letter_is_not_shown_under_utskick(
    small_town: Town, app: FastAPI
) -> None:
    asks(browser(app), "alice@example.org")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    letter = small_town.letters()[0]
    token = links(small_town)[0].rpartition("/")[2]
    for path in (f"/utskick/{letter.id}", f"/utskick/{letter.id}/brev"):
        page = fridas.get(path)
        assert page.status_code == 200
        assert token not in page.text
