"""Signing in by a mailed link: Alice gets in, once and in her own browser; Mallory does not."""

import asyncio
import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select, text, update

from cli.mailbox import Mailbox
from config.settings import Settings, SignIn
from models.columns import c
from models.database import reading, transaction
from models.decision import MoveRow
from models.lifecycle import Move
from models.person import Person, RoleHolding
from models.session import SignedIn, SignInRequest
from notifications.postman import Postman
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app
from web.entry import mailed_link

TODAY = date(2025, 1, 10)


def with_sign_in(settings: Settings, **more: Any) -> Settings:  # noqa: ANN401
    """The same installation, where people sign in."""
    told = {"sign_in": SignIn.MAIL, "base_url": "http://127.0.0.1", "today": TODAY}
    return settings.model_copy(update=told | {"administrators": "root@example.org"} | more)


def browser(app: FastAPI) -> TestClient:
    """A browser of its own, with its own cookies, that says where its forms come from."""
    client = browse(app)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"
    return client


@pytest.fixture
def app(small_town: Town) -> FastAPI:
    """The pages of a town where people sign in by mail."""
    return create_app(with_sign_in(small_town.settings))


@pytest.fixture
def alices(app: FastAPI) -> TestClient:
    """Alice's browser."""
    return browser(app)


def links(town: Town) -> list[str]:
    """The links to sign in with that have been written, oldest first."""
    found = [re.search(r"/logga-in/lank/\S+", letter.text) for letter in town.letters()]
    return [match[0] for match in found if match]


def asks(client: TestClient, address: str, **given: str) -> Response:
    """Somebody writes an address in the form."""
    answer: Response = client.post("/logga-in", data={"address": address} | given)
    return answer


def signs_in(town: Town, client: TestClient, address: str) -> Response:
    """Somebody asks for a link, opens it and presses the button."""
    asks(client, address)
    link = links(town)[-1]
    assert "Ett steg kvar" in client.get(link).text
    answer: Response = client.post(link, follow_redirects=False)
    return answer


def is_in(client: TestClient) -> bool:
    """Is the first page shown, rather than the form to sign in?"""
    return bool(client.get("/", follow_redirects=False).status_code == 200)


def later(town: Town, model: Any, **columns: timedelta) -> None:  # noqa: ANN401
    """Let time pass for the rows of a table."""
    with transaction(town.settings) as session:
        for row in session.execute(select(model)).scalars():
            for name, passed in columns.items():
                setattr(row, name, getattr(row, name) - passed)


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


def test_who_is_on_file_cannot_be_found_out(small_town: Town, app: FastAPI) -> None:
    answers = [asks(browser(app), who) for who in ("alice@example.org", "okand@example.org")]
    assert answers[0].text == answers[1].text
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers["content-length"] == answers[1].headers["content-length"]
    assert len(links(small_town)) == 1


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


def test_a_link_lives_for_a_quarter_of_an_hour(small_town: Town, alices: TestClient) -> None:
    asks(alices, "alice@example.org")
    (link,) = links(small_town)
    later(small_town, SignInRequest, asked_at=timedelta(minutes=14))
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


def test_many_requests_give_few_letters_and_always_the_same_answer(
    small_town: Town, app: FastAPI
) -> None:
    answers = {asks(browser(app), "alice@example.org").text for _ in range(9)}
    assert len(answers) == 1
    assert len(links(small_town)) == mailed_link.LETTERS
    later(small_town, SignInRequest, asked_at=mailed_link.LIVES)
    asks(browser(app), "alice@example.org")
    assert len(links(small_town)) == mailed_link.LETTERS + 1


def test_one_network_address_cannot_go_through_a_whole_register(
    small_town: Town, app: FastAPI
) -> None:
    mallorys = browser(app)
    for n in range(mailed_link.ASKED):
        asks(mallorys, f"gissning{n}@example.org")
    asks(mallorys, "alice@example.org")
    assert links(small_town) == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alice",
        "alice@example.org\r\nBcc: mallory@example.org",
        "alice@example.org\nmallory@example.org",
        "alice@example.org, mallory@example.org",
        "<alice@example.org>",
        "@",
        "a" * 400 + "@example.org",
    ],
)
def test_what_is_no_address_is_said_and_writes_nothing(
    small_town: Town, alices: TestClient, address: str
) -> None:
    refused = asks(alices, address)
    assert refused.status_code == 422
    assert "Skriv din e-postadress" in refused.text
    assert town_requests(small_town) == 0


def town_requests(town: Town) -> int:
    """How many requests are on file."""
    with reading(town.settings) as session:
        return len(session.execute(select(c(SignInRequest).id)).all())


def test_an_address_with_swedish_letters_works(small_town: Town, alices: TestClient) -> None:
    with transaction(small_town.settings) as session:
        session.add(Person(name="Åsa", email="åsa.öberg@exämple.org"))
    signs_in(small_town, alices, "Åsa.Öberg@exämple.org")
    assert "Du har ingen roll i Följsam just nu" in alices.get("/").text


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


def test_alice_signs_out(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    stolen = dict(alices.cookies)
    page = alices.post("/logga-ut")
    assert "Du är utloggad" in page.text
    assert not is_in(alices)
    alices.cookies.update(stolen)  # the key itself is worth nothing any more
    assert not is_in(alices)


def test_alice_signs_out_everywhere(small_town: Town, app: FastAPI, alices: TestClient) -> None:
    phone, bobs = browser(app), browser(app)
    for client, who in ((alices, "alice"), (phone, "alice"), (bobs, "charlie")):
        signs_in(small_town, client, f"{who}@example.org")
    assert alices.get("/inloggningar").text.count("Avsluta</button>") == 2
    phone.post("/logga-ut", data={"overallt": "ja"})
    assert not is_in(alices)
    assert not is_in(phone)
    assert is_in(bobs)


def test_alice_ends_her_own_sessions_and_nobody_elses(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    charlies = browser(app)
    signs_in(small_town, charlies, "charlie@example.org")
    signs_in(small_town, alices, "alice@example.org")
    with reading(small_town.settings) as session:
        query = select(c(SignedIn).id).where(c(SignedIn).person_id == small_town.charlie)
        hers = session.execute(query).scalar_one()
    assert alices.post(f"/inloggningar/{hers}/avsluta").status_code == 404
    assert is_in(charlies)
    assert alices.get("/inloggningar/alla").status_code == 403


def test_an_administrator_need_not_be_on_file_and_ends_anybodys_session(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    roots = browser(app)
    signs_in(small_town, roots, "root@example.org")
    page = roots.get("/inloggningar/alla").text
    assert "alice@example.org" in page
    assert "Firefox, Windows" in page
    number = re.search(r"/inloggningar/(\d+)/avsluta", page.split("alice@example.org")[1])
    assert number
    roots.post(f"/inloggningar/{number[1]}/avsluta")
    assert not is_in(alices)
    assert is_in(roots)


def test_a_session_ends_when_nothing_is_opened_and_when_it_is_old(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    later(small_town, SignedIn, seen_at=timedelta(minutes=119))
    assert is_in(alices)  # and was seen just now
    later(small_town, SignedIn, seen_at=timedelta(minutes=119))
    assert is_in(alices)
    later(small_town, SignedIn, seen_at=timedelta(minutes=121))
    assert not is_in(alices)
    signs_in(small_town, alices, "alice@example.org")
    later(small_town, SignedIn, began_at=timedelta(hours=12))
    assert not is_in(alices)


def test_a_role_that_ends_takes_its_rights_with_it_at_once(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    assert is_in(alices)
    with transaction(small_town.settings) as session:
        session.execute(
            update(RoleHolding)
            .where(c(RoleHolding).person_id == small_town.alice)
            .values(ends_on=TODAY - timedelta(days=1))
        )
    page = alices.get("/")
    assert page.status_code == 403
    assert "Du har ingen roll i Följsam just nu" in page.text
    assert "Logga ut" in page.text


def test_somebody_who_has_left_is_out_and_cannot_come_back(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    with transaction(small_town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.alice)
            .values(left_on=TODAY - timedelta(days=1))
        )
    assert not is_in(alices)
    asks(alices, "alice@example.org")
    assert len(links(small_town)) == 1


def test_signing_in_makes_a_new_key_and_ends_the_old(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    first = alices.cookies["foljsam"]
    signs_in(small_town, alices, "charlie@example.org")
    assert alices.cookies["foljsam"] != first
    old = browser(app)
    old.cookies.set("foljsam", first, domain="127.0.0.1")
    assert not is_in(old)


def test_the_history_says_who_moved(small_town: Town, app: FastAPI) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    fridas.post(f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value})
    with reading(small_town.settings) as session:
        row = session.execute(
            select(c(MoveRow).by, c(MoveRow).person_id).order_by(c(MoveRow).id.desc())
        ).first()
    assert row is not None
    assert tuple(row) == ("Frida", small_town.frida)


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


def test_without_sign_in_nobody_is_asked(small_town: Town) -> None:
    client = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    page = client.get("/")
    assert page.status_code == 200
    assert "Logga ut" not in page.text
    assert client.get("/logga-in", follow_redirects=False).headers["location"] == "/"
    assert asks(client, "alice@example.org").status_code == 404
    assert town_requests(small_town) == 0
