"""Mail servers that take no passwords, and certificates of the organisation's own authority."""

import asyncio
import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from config import settings as settings_module
from config.mail_settings import SmtpSecurity
from config.settings import Settings
from models.letter import LetterState
from notifications import mailboxes, trust
from notifications.smtp import NotLetIn, knock
from rules.refusals import Verdict
from tests.cast import Town
from tests.conftest import free_port
from tests.imap_server import ImapServer, certificate
from tests.test_certificates import context_of
from tests.test_postman import post, with_server


@dataclass
class Tokens:
    """Where tokens are fetched: gives `token`, or says no to another secret."""

    token: str = "right"
    lives: int = 3600
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    def open(self) -> HTTPServer:
        """Listen."""
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                words = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(words).items()}
                outer.asked.append(form)
                status, told = outer.status, {"access_token": outer.token}
                told |= {"token_type": "Bearer", "expires_in": outer.lives}  # type: ignore[dict-item]
                if form.get("client_secret") != "hemlig":
                    status, told = 401, {"error": "invalid_client", "error_description": "no"}
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Answers)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    """A token endpoint that answers."""
    one = Tokens()
    server = one.open()
    yield one
    server.shutdown()
    server.server_close()


class Exchange:
    """A mail server that signs in with XOAUTH2 and nothing else."""

    def __init__(self) -> None:
        self.users: list[str] = []
        self.came = 0
        self.port = free_port()
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            auth_required=True,
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
        )

    async def auth_XOAUTH2(self, _server: Any, args: list[str]) -> AuthResult:  # noqa: ANN401, N802
        """aiosmtpd's hook."""
        user, bearer, *_ = b64decode(args[1]).decode().split("\x01")
        self.users.append(user.removeprefix("user="))
        return AuthResult(success=bearer == "auth=Bearer right", handled=False)

    async def handle_DATA(self, *_: Any) -> str:  # noqa: ANN401, N802
        """aiosmtpd's hook."""
        self.came += 1
        return "250 kept"


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """The server, listening."""
    server = Exchange()
    server.controller.start()
    yield server
    server.controller.stop()


def with_tokens(told: Settings, tokens: Tokens, secret: str = "hemlig") -> Settings:
    """The installation that fetches tokens."""
    return told.model_copy(
        update={
            "smtp_user": "foljsam@example.org",
            "mail_token_url": f"http://127.0.0.1:{tokens.port}/token",
            "mail_client_id": "foljsam",
            "mail_client_secret": SecretStr(secret),
        }
    )


def test_a_letter_goes_with_a_token_that_is_fetched_once(
    small_town: Town, tokens: Tokens, exchange: Exchange
) -> None:
    told = with_tokens(with_server(small_town.settings, exchange.port), tokens)
    small_town.settings = told
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    assert post(told) == 1
    asyncio.run(knock(told))
    assert exchange.came == 1
    assert set(exchange.users) == {"foljsam@example.org"}
    (asked,) = tokens.asked
    assert asked == {
        "grant_type": "client_credentials",
        "client_id": "foljsam",
        "client_secret": "hemlig",
        "scope": "https://outlook.office365.com/.default",
    }


def test_a_token_that_is_old_or_was_not_taken_is_fetched_anew(
    lite: Settings, tokens: Tokens, exchange: Exchange
) -> None:
    told = with_tokens(with_server(lite, exchange.port), tokens)
    tokens.lives = 60  # ends before it can be trusted to hold
    asyncio.run(knock(told))
    asyncio.run(knock(told))
    assert len(tokens.asked) == 2
    tokens.token, tokens.lives = "wrong", 3600
    for _ in range(2):
        with pytest.raises(NotLetIn) as refused:
            asyncio.run(knock(told))
        assert refused.value.answer.verdict is Verdict.OURS
    assert len(tokens.asked) == 4


def test_a_secret_that_is_not_taken_stops_the_post_and_fails_no_letter(
    small_town: Town, tokens: Tokens, exchange: Exchange
) -> None:
    told = with_tokens(with_server(small_town.settings, exchange.port), tokens, "gammal")
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    post(told)
    (letter,) = [one for one in small_town.letters() if one.to_name == "Alice"]
    assert letter.state is LetterState.QUEUED
    assert "invalid_client" in letter.server_said


def test_when_no_token_can_be_fetched_just_now_letters_wait_as_for_a_server_that_is_down(
    small_town: Town, tokens: Tokens, exchange: Exchange
) -> None:
    tokens.status = 503
    told = with_tokens(with_server(small_town.settings, exchange.port), tokens)
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    post(told)
    (letter,) = small_town.letters()
    assert (letter.state, letter.attempts) == (LetterState.QUEUED, 0)


def test_the_mailbox_is_read_with_the_same_tokens_by_an_authority_of_our_own(
    lite: Settings, tokens: Tokens, tmp_path: Path
) -> None:
    cert, key = certificate(tmp_path)
    server = ImapServer(cert, key, [b"Subject: hej\r\n\r\nhej"])
    update = {
        "bounces_imap_host": "127.0.0.1",
        "bounces_imap_port": server.port,
        "bounces_imap_user": "svar@example.org",
    }
    told = with_tokens(lite, tokens).model_copy(update=update)
    with pytest.raises(mailboxes.MailboxError, match="certificate"):
        mailboxes.knock(told)
    told = told.model_copy(update={"mail_ca_file": cert})
    found: list[bytes] = []
    assert mailboxes.read(told, found.append) == 1
    assert server.seen == {1}
    trust.forget(told)
    tokens.token = "wrong"
    with pytest.raises(mailboxes.MailboxError, match="cannot be read"):
        mailboxes.read(told, found.append)
    server.close()


@pytest.mark.parametrize("how", [SmtpSecurity.TLS, SmtpSecurity.STARTTLS])
def test_a_mail_server_with_a_certificate_of_our_own_authority_is_trusted_by_a_setting(
    lite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: SmtpSecurity
) -> None:
    cert, _ = certificate(tmp_path)
    context, port = context_of(cert), free_port()
    whole, begun = (context, None) if how is SmtpSecurity.TLS else (None, context)
    server = Controller(
        object(), hostname="127.0.0.1", port=port, ssl_context=whole, tls_context=begun
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))  # it looks whether it answers
    server.start()
    monkeypatch.delenv("SSL_CERT_FILE")
    told = with_server(lite, port).model_copy(update={"smtp_security": how})
    try:
        with pytest.raises(Exception, match=r"(?i)certificate"):
            asyncio.run(knock(told))
        asyncio.run(knock(told.model_copy(update={"mail_ca_file": cert})))
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mail_token_url": "http://login.example.org/token"}, "MAIL_TOKEN_URL must begin with"),
        ({"mail_token_url": "https://login.example.org/token"}, "MAIL_CLIENT_ID"),
        ({"mail_ca_file": "/no/such/file.pem"}, "MAIL_CA_FILE"),
    ],
)
def test_half_a_configuration_is_refused_at_start(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(settings_module.SettingsError, match=said):
        settings_module.load(home=tmp_path, **given)
