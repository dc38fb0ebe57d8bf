"""Nobody answers in the place of a server of ours: a certificate that is not known is refused."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from config import prefect_api
from config.mail_settings import SmtpSecurity
from config.settings import Settings, SignIn
from notifications.smtp import knock
from tests.cast import Town
from tests.conftest import free_port
from tests.imap_server import certificate
from tests.sign_in.conftest import browser, with_sign_in
from tests.test_postman import with_server
from web.app import create_app


@pytest.fixture
def cert(tmp_path: Path) -> Path:
    """A certificate that nobody knows; its key lies beside it."""
    return certificate(tmp_path)[0]


def context_of(cert: Path) -> ssl.SSLContext:
    """What a server with that certificate needs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, cert.with_name("key.pem"))
    return context


@pytest.fixture
def https(cert: Path) -> Iterator[str]:
    """A web server with that certificate, which says yes to everything."""

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Yes)
    server.socket = context_of(cert).wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.mark.parametrize("how", [SmtpSecurity.TLS, SmtpSecurity.STARTTLS])
def test_a_mail_server_that_nobody_knows_gets_no_letter(
    lite: Settings, cert: Path, monkeypatch: pytest.MonkeyPatch, how: SmtpSecurity
) -> None:
    port, context = free_port(), context_of(cert)
    whole, begun = (context, None) if how is SmtpSecurity.TLS else (None, context)
    server = Controller(
        object(), hostname="127.0.0.1", port=port, ssl_context=whole, tls_context=begun
    )
    told = with_server(lite, port).model_copy(update={"smtp_security": how})
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    server.start()  # it looks whether it answers, so it has to know itself
    try:
        asyncio.run(knock(told))
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(Exception, match=r"(?i)certificate"):
            asyncio.run(knock(told))
    finally:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        server.stop()


def test_a_provider_that_nobody_knows_is_not_asked(
    small_town: Town, https: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = {"sign_in": SignIn.OIDC, "oidc_issuer": https, "oidc_client_id": "f"}
    told = with_sign_in(small_town.settings, **known, oidc_client_secret=SecretStr("hemligt"))
    answer = browser(create_app(told)).get("/logga-in/oidc", follow_redirects=False)
    assert answer.status_code == 403
    assert "CERTIFICATE_VERIFY_FAILED" in caplog.text


def test_a_prefect_server_that_nobody_knows_gets_no_password(
    lite: Settings, https: str, cert: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lite.model_copy(update={"prefect_api_url": f"{https}/api"})
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
        prefect_api.ask(told, "health")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    prefect_api._trusted.cache_clear()  # we are started anew
    assert prefect_api.ask(told, "health").status_code == 200
    prefect_api._trusted.cache_clear()
