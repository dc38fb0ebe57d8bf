"""How mail servers are trusted, and how Följsam shows who it is: certificates and access tokens.

Certificates are checked always; an authority of the organisation's own may be added. Where the mail
server takes no passwords (Exchange Online), a token is fetched with OAuth2 client credentials (RFC
6749, 4.4) and shown with XOAUTH2, over SMTP and IMAP alike.
"""

import ssl
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from config import clock
from config.settings import Settings

_TIMEOUT = 30  # seconds
_BEFORE = timedelta(minutes=2)  # so long before its end a token is fetched anew
_SHORTEST = timedelta(minutes=5)  # where the server does not say how long a token lives


class TokenRefused(ValueError):  # noqa: N818 - an answer, not a fault
    """The server says no to our name or password. The message is its own words."""


class TokensAwayError(OSError):
    """No token can be fetched now; later it may go."""


@dataclass(frozen=True, slots=True)
class _Token:
    words: str
    until: datetime


_kept: dict[tuple[str, str, str], _Token] = {}
_turn = threading.Lock()


def context(settings: Settings) -> ssl.SSLContext:
    """What a mail server's certificate is checked against."""
    made = ssl.create_default_context()
    if settings.mail_ca_file is not None:
        made.load_verify_locations(settings.mail_ca_file)
    return made


def token(settings: Settings) -> str:
    """An access token, the same until shortly before it ends.

    Raises `TokenRefused`, or `TokensAwayError`.
    """
    with _turn:
        found = _kept.get(_key(settings))
        if found is None or clock.now() >= found.until - _BEFORE:
            found = _kept[_key(settings)] = _fetched(settings)
        return found.words


def forget(settings: Settings) -> None:
    """The mail server did not take it: the next one is fetched anew."""
    with _turn:
        _kept.pop(_key(settings), None)


def shown(user: str, words: str) -> bytes:
    """A token as XOAUTH2 shows it, before base64."""
    return f"user={user}\x01auth=Bearer {words}\x01\x01".encode()


def _key(settings: Settings) -> tuple[str, str, str]:
    return settings.mail_token_url, settings.mail_client_id, settings.mail_token_scope


def _fetched(settings: Settings) -> _Token:
    asked = {
        "grant_type": "client_credentials",
        "client_id": settings.mail_client_id,
        "client_secret": settings.mail_client_secret.get_secret_value(),
        "scope": settings.mail_token_scope,
    }
    try:
        answer = httpx.post(
            settings.mail_token_url, data=asked, timeout=_TIMEOUT, verify=context(settings)
        )
    except httpx.HTTPError as error:
        raise TokensAwayError(f"no token can be fetched: {error}") from error
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise TokensAwayError(f"no token can be fetched: {answer.status_code}")
    try:
        told = answer.json()
        words = str(told["access_token"])
        lives = timedelta(seconds=int(told.get("expires_in", 0))) or _SHORTEST
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TokenRefused(f"no token was given: {answer.status_code} {_why(answer)}") from error
    return _Token(words, clock.now() + lives)


def _why(answer: httpx.Response) -> str:
    """The server's own words for its no (RFC 6749, 5.2)."""
    try:
        told = answer.json()
        return f"{told.get('error', '')} {told.get('error_description', '')}".strip()[:300]
    except (ValueError, AttributeError):
        return ""
