"""Signing in with the organisation's own sign-in, at a real provider on loopback."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from sqlalchemy import select

from config.settings import Settings, SignIn
from models.columns import c
from models.database import reading
from models.person import Person
from tests.cast import Town
from tests.conftest import browse, free_port
from tests.provider import CLIENT, SECRET, Provider
from tests.sign_in.conftest import asks, browser, is_in, links, with_sign_in
from web.app import create_app
from web.entry import provider as asked_provider
from web.entry.oidc import address_in
from web.entry.provider import NotProven

ALICE = {"email": "Alice@example.org", "email_verified": True, "name": "Alice"}


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    """A provider that runs."""
    provider = Provider(free_port())
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def provider(started: Provider) -> Provider:
    """The provider, honest again; Alice comes."""
    started.person, started.lies = dict(ALICE), {}
    started.signed_with, started.algorithm, started.silent = None, "RS256", False
    started.calls_itself, started.drips = "", False
    started.odd.clear()
    started.asked.clear()
    return started


def told(town: Town, provider: Provider, **more: Any) -> Settings:  # noqa: ANN401
    """The installation's settings, with that provider."""
    known: dict[str, Any] = {
        "sign_in": SignIn.OIDC,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
    }
    given = with_sign_in(town.settings).model_dump() | known | more
    return Settings(_env_file=None, **given)


@pytest.fixture
def client(small_town: Town, provider: Provider) -> TestClient:
    """A browser at the pages."""
    return browser(create_app(told(small_town, provider)))


def comes_back(client: TestClient, till: str = "/") -> str:
    """The address that the provider sends the browser back to."""
    away = client.get("/logga-in/oidc", params={"till": till}, follow_redirects=False)
    assert away.status_code == 302
    back = httpx.get(away.headers["location"])
    return back.headers["location"].removeprefix("http://127.0.0.1")


def signs_in(client: TestClient, till: str = "/") -> httpx.Response:
    """Off to the provider, and back."""
    answer: httpx.Response = client.get(comes_back(client, till), follow_redirects=False)
    return answer


def test_where_both_are_on_alice_signs_in_with_her_organisation_and_charlie_by_a_link(
    small_town: Town, provider: Provider
) -> None:
    pages = create_app(told(small_town, provider, sign_in=SignIn.BOTH))
    alice, charlie = browser(pages), browser(pages)
    page = alice.get("/logga-in").text
    assert "Logga in med din organisation" in page
    assert "Skicka länken" in page
    assert signs_in(alice).status_code == 303
    assert is_in(alice)
    asks(charlie, "charlie@example.org")
    (link,) = links(small_town)
    charlie.post(link)
    assert is_in(charlie)


@pytest.mark.parametrize("how", [SignIn.MAIL, SignIn.OIDC])
def test_where_one_is_on_the_other_is_not_there(
    small_town: Town, provider: Provider, how: SignIn
) -> None:
    client = browser(create_app(told(small_town, provider, sign_in=how)))
    assert (client.post("/logga-in", data={"address": "a@example.org"}).status_code == 404) == (
        how is SignIn.OIDC
    )
    assert (client.get("/logga-in/oidc", follow_redirects=False).status_code == 404) == (
        how is SignIn.MAIL
    )


def test_alice_signs_in_and_comes_to_the_page_she_asked_for(
    client: TestClient, provider: Provider
) -> None:
    away = client.get("/moten")
    assert 'href="/logga-in/oidc?till=/moten"' in away.text
    answer = signs_in(client, "/moten")
    assert answer.headers["location"] == "/moten"
    assert is_in(client)
    (asked,) = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert asked["redirect_uri"] == "http://127.0.0.1/logga-in/oidc/svar"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_signs_nobody_in_behind_her_back(client: TestClient, site: str) -> None:
    """She may be signed in with her organisation; here she signs in by pressing a button."""
    away = client.get(
        "/logga-in/oidc?till=/moten", headers={"Sec-Fetch-Site": site}, follow_redirects=False
    )
    assert away.status_code == 303
    assert away.headers["location"] == "/logga-in?till=/moten"
    assert "set-cookie" not in away.headers


def test_the_way_back_never_leads_away(client: TestClient) -> None:
    assert signs_in(client, "//evil.example").headers["location"] == "/"


@pytest.mark.parametrize(
    ("lies", "why"),
    [
        ({"aud": "another"}, "meant for another application"),
        ({"aud": "another", "azp": CLIENT}, "meant for another, though we asked"),
        ({"aud": ["another"], "azp": CLIENT}, "the same as a list"),
        ({"iss": "https://evil.example"}, "of another provider"),
        ({"nonce": "another"}, "of another visit"),
        ({"nonce": ""}, "of no visit"),
        ({"exp": int(time.time()) - 600}, "old"),
        ({"exp": None}, "for ever"),
        ({"nbf": int(time.time()) + 86_400}, "not yet"),
        ({"email_verified": False}, "an address that anybody may have written"),
        ({"email_verified": "false"}, "the same in words"),
        ({"email_verified": None}, "verified by nobody"),
        ({"email": None}, "without address"),
        ({"email": ["alice@example.org"]}, "an address of another shape"),
        ({"email": "alice"}, "no address"),
        ({"email": "alice@example.org\x00"}, "an address that no column holds"),
        ({"email": "\ud800alice@example.org"}, "an address with half a character"),
        ({"sub": "1\x00"}, "a name that no column holds"),
        ({"sub": "\ud800"}, "a name with half a character"),
        ({"auth_time": 10**20}, "shown on no day that there is"),
        ({"auth_time": -(10**20)}, "shown before all days"),
        ({"auth_time": int(time.time()) + 86_400}, "shown tomorrow, so just now until then"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_that_proves_nothing_lets_nobody_in(
    client: TestClient, provider: Provider, lies: dict[str, Any], why: str
) -> None:
    provider.lies = lies
    refused = signs_in(client)
    assert refused.status_code == 403, why
    assert "Inloggningen gick inte" in refused.text
    assert not is_in(client)


def test_an_answer_signed_by_somebody_else_lets_nobody_in(
    client: TestClient, provider: Provider
) -> None:
    provider.signed_with = RSAKey.generate_key(2048, {"kid": "nyckel-1"})
    assert signs_in(client).status_code == 403


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_answer_that_is_not_signed_with_the_providers_key_lets_nobody_in(
    client: TestClient, provider: Provider, algorithm: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.algorithm = algorithm
    assert signs_in(client).status_code == 403
    assert "Algorithm" in caplog.text  # and not that the provider could not say it
    assert not is_in(client)


def test_no_id_token_lets_nobody_in(client: TestClient, provider: Provider) -> None:
    provider.silent = True
    assert signs_in(client).status_code == 403


def test_a_provider_that_calls_itself_something_else_is_not_believed(
    client: TestClient, provider: Provider
) -> None:
    provider.calls_itself = "https://evil.example"
    assert signs_in(client).status_code == 403


def test_mallory_cannot_let_alice_in_as_mallory(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    """An answer to a question that this browser did not ask: another's state."""
    provider.person = {"email": "charlie@example.org", "email_verified": True}
    mallorys = browser(client.app)  # type: ignore[arg-type]
    back = comes_back(mallorys)
    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_an_answer_works_once(client: TestClient) -> None:
    back = comes_back(client)
    assert client.get(back, follow_redirects=False).status_code == 303
    client.post("/logga-ut")
    assert client.get(back).status_code == 403
    assert not is_in(client)


def test_of_two_tabs_on_their_way_the_latest_gets_in_and_the_other_is_told(
    client: TestClient,
) -> None:
    first, second = comes_back(client), comes_back(client)
    assert "Försök en gång till" in client.get(first).text
    assert client.get(second, follow_redirects=False).status_code == 303
    assert is_in(client)


@pytest.mark.parametrize(
    "query",
    ["", "?code=x", "?state=x", "?code=x&state=y", "?error=access_denied&error_description=%0Ax"],
)
def test_an_answer_out_of_nowhere_lets_nobody_in(client: TestClient, query: str) -> None:
    assert client.get(f"/logga-in/oidc/svar{query}").status_code == 403
    assert not is_in(client)


def test_somebody_who_is_not_on_file_is_told_whom_to_ask(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    provider.person = {"email": "mallory@example.org", "email_verified": True}
    refused = signs_in(client)
    assert refused.status_code == 403
    assert "Be processledaren lägga till dig" in refused.text
    assert not is_in(client)
    with reading(small_town.settings) as session:
        query = select(c(Person).id).where(c(Person).email == "mallory@example.org")
        assert session.execute(query).first() is None


def test_an_administrator_is_put_on_file_with_her_name(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    provider.person = {"email": "root@example.org", "email_verified": True, "name": "Rut Root"}
    signs_in(client)
    assert "Rut Root" in client.get("/").text


def test_a_provider_that_does_not_speak_of_verified_is_trusted_only_when_told(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    provider.person = {"upn": "alice@example.org"}  # as ADFS and Entra ID may
    assert signs_in(client).status_code == 403
    trusting = told(small_town, provider, oidc_trust_email=True, oidc_email_claim="upn")
    trusted = browser(create_app(trusting))
    assert signs_in(trusted).status_code == 303
    assert is_in(trusted)
    provider.lies = {"email_verified": False}
    assert signs_in(browser(create_app(trusting))).status_code == 403


def test_a_provider_that_does_not_answer_is_said_plainly(
    small_town: Town, provider: Provider
) -> None:
    away = told(small_town, provider, oidc_issuer=f"http://127.0.0.1:{free_port()}")
    client = browser(create_app(away))
    refused = client.get("/logga-in/oidc")
    assert refused.status_code == 403
    assert "Inloggningen gick inte" in refused.text
    assert client.get("/style.css").status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
@pytest.mark.parametrize(
    "said",
    [b"[]", b"{}", b'"x"', b"null", b"<html>", b'{"keys":5}', b'{"id_token":5}', b"\xff\xfe"],
)
def test_whatever_a_provider_answers_it_is_said_plainly(
    small_town: Town, provider: Provider, path: str, said: bytes
) -> None:
    provider.odd[path] = said
    client = browse(create_app(told(small_town, provider)), raise_server_exceptions=False)
    refused = client.get("/logga-in/oidc", follow_redirects=False)
    if refused.status_code == 302:
        back = httpx.get(refused.headers["location"]).headers["location"]
        refused = client.get(back.removeprefix("http://127.0.0.1"))
    assert (refused.status_code, "Inloggningen gick inte" in refused.text) == (403, True)


def test_a_provider_that_never_ends_its_answer_is_not_waited_for(
    client: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_provider, "WITHIN", 0.5)
    provider.odd["/.well-known/openid-configuration"], provider.drips = b" ", True
    assert client.get("/logga-in/oidc").status_code == 403


def test_an_answer_without_end_is_not_read(
    client: TestClient, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.odd["/.well-known/openid-configuration"] = b" " * (asked_provider.MOST + 1)
    assert client.get("/logga-in/oidc").status_code == 403
    assert "the answer is too long" in caplog.text


def test_a_provider_that_changes_its_keys_under_the_same_name_is_believed_the_next_time(
    client: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signs_in(client).status_code == 303
    monkeypatch.setattr(provider, "key", RSAKey.generate_key(2048, {"kid": "nyckel-1"}))
    monkeypatch.setattr(asked_provider, "ANEW_AFTER", -1.0)
    assert signs_in(client).status_code == 403
    assert signs_in(client).status_code == 303


def test_a_key_that_is_withdrawn_signs_nobody_in_for_long(
    client: TestClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn = provider.key
    assert signs_in(client).status_code == 303
    monkeypatch.setattr(provider, "key", RSAKey.generate_key(2048, {"kid": "nyckel-2"}))
    provider.signed_with = withdrawn
    monkeypatch.setattr(asked_provider, "KNOWN_FOR", -1.0)  # ten minutes later
    assert signs_in(client).status_code == 403


def test_a_sign_that_only_becomes_hers_in_lower_case_is_not_hers(
    small_town: Town, provider: Provider
) -> None:
    claims = {"email": "bo@\u212aommunen.example.org", "email_verified": True}  # the Kelvin sign
    with pytest.raises(NotProven):
        address_in(claims, told(small_town, provider))


def test_what_stands_in_the_address_is_not_written_down_as_it_came(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    words = {"error": "x", "error_description": "811218-9876"}
    assert client.get("/logga-in/oidc/svar", params=words).status_code == 403
    assert "811218-9876" not in caplog.text


def test_the_mailed_link_is_not_another_way_in(client: TestClient) -> None:
    assert client.post("/logga-in", data={"address": "alice@example.org"}).status_code == 404


def test_secrets_are_not_said(
    small_town: Town, provider: Provider, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lies = {"nonce": "another"}
    refused = signs_in(client)
    everything = caplog.text + refused.text + repr(told(small_town, provider))
    assert SECRET not in everything
    assert "sign-in was refused" in caplog.text


def test_an_account_is_known_by_its_own_name_whatever_address_it_has_by_now(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    assert signs_in(client).status_code == 303
    provider.person = dict(ALICE) | {"email": "alice.berg@example.org"}
    assert signs_in(client).status_code == 303
    assert "Alice" in client.get("/mina-uppgifter").text
    provider.person = dict(ALICE) | {"email": "bob@example.org"}  # another's, but it is her account
    signs_in(client)
    assert "Alice" in client.get("/mina-uppgifter").text


def test_an_address_that_is_given_to_somebody_else_opens_nothing_until_it_is_freed(
    small_town: Town, provider: Provider
) -> None:
    settings = told(small_town, provider, sign_in=SignIn.BOTH)
    pages = create_app(settings)
    alices, others = browser(pages), browser(pages)
    assert signs_in(alices).status_code == 303
    provider.person = dict(ALICE) | {"sub": "2", "name": "Alice Nyss"}
    refused = signs_in(others)
    assert refused.status_code == 403
    assert "annat konto" in refused.text
    assert not is_in(others)
    roots = browser(pages)
    asks(roots, "root@example.org")
    roots.post(links(small_town)[-1])
    page = f"/personer/{small_town.alice}"
    assert "Koppla loss kontot" in roots.get(page).text
    assert roots.post(f"{page}/koppla-loss").status_code == 200
    assert "bortkopplat" in roots.get(page).text
    assert not is_in(alices)
    assert signs_in(others).status_code == 303
    assert is_in(others)


def test_only_an_administrator_frees_an_account(
    small_town: Town, provider: Provider, client: TestClient
) -> None:
    signs_in(client)
    provider.person = {"email": "frida@example.org", "email_verified": True, "sub": "7"}
    signs_in(client)
    page = f"/personer/{small_town.alice}"
    assert "Koppla loss" not in client.get(page).text
    assert client.post(f"{page}/koppla-loss").status_code == 403


@pytest.mark.parametrize(
    ("asked", "said", "enough"),
    [
        ({"oidc_acr": "loa3, loa4"}, {"acr": "loa3"}, True),
        ({"oidc_acr": "loa3"}, {"acr": "loa2"}, False),
        ({"oidc_acr": "loa3"}, {}, False),
        ({"oidc_amr": "mfa"}, {"amr": ["pwd", "mfa"]}, True),
        ({"oidc_amr": "mfa"}, {"amr": ["pwd"]}, False),
        ({"oidc_amr": "mfa"}, {"amr": "mfa"}, False),
        ({"oidc_max_age_minutes": 60}, {"auth_time": -50}, True),
        ({"oidc_max_age_minutes": 60}, {"auth_time": -70}, False),
        ({"oidc_max_age_minutes": 60}, {}, False),
    ],
)
def test_a_sign_in_that_is_not_as_the_settings_ask_lets_nobody_in(
    small_town: Town,
    provider: Provider,
    asked: dict[str, Any],
    said: dict[str, Any],
    enough: bool,
) -> None:
    client = browser(create_app(told(small_town, provider, **asked)))
    if "auth_time" in said:
        said = {"auth_time": int(time.time()) + said["auth_time"] * 60}
    provider.lies = said
    answer = signs_in(client)
    assert (answer.status_code, is_in(client)) == ((303, True) if enough else (403, False))
    (sent,) = provider.asked
    assert sent.get("acr_values", "") == " ".join(asked.get("oidc_acr", "").split(", ")).strip()
    assert ("max_age" in sent) == ("oidc_max_age_minutes" in asked)


def test_signing_in_anew_is_shown_at_the_organisation(
    small_town: Town, client: TestClient, provider: Provider
) -> None:
    signs_in(client)
    given = {"gor": "adress", "email": "alice.berg@example.org"}
    assert "Logga in på nytt" in client.post("/mina-uppgifter", data=given).text
    for shown, status in ((-3600, 403), (-5, 303)):
        provider.lies = {"auth_time": int(time.time()) + shown}
        provider.asked.clear()
        away = client.get("/logga-in/oidc?till=/mina-uppgifter&igen=ja", follow_redirects=False)
        back = httpx.get(away.headers["location"]).headers["location"]
        answer = client.get(back.removeprefix("http://127.0.0.1"), follow_redirects=False)
        assert answer.status_code == status
        assert provider.asked[0]["prompt"] == "login"
        assert provider.asked[0]["max_age"] == "900"
    assert "Titta i inkorgen" in client.post("/mina-uppgifter", data=given).text
