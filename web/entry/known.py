"""A browser remembers, signed by us, with which addresses somebody has signed in there.

It opens nothing: it says only that whoever asks for a link to that address is no stranger, so that
strangers can neither use up her letters nor be let past what strangers may (`lockout.py`). The
cookie holds no address, only what we can tell one by, and is made anew at each sign-in.
"""

import hmac
import secrets
from datetime import timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlmodel import Session

from config import signing
from config.settings import Settings
from models.columns import c
from models.person import Person
from web.entry import sessions
from web.page import settings_of

LASTS = timedelta(days=180)
_COOKIE = "foljsam-known"
_MOST = 5  # people who share a browser


def known_as(request: Request, address: str) -> str:
    """The browser's own key, if somebody has signed in there with that address; else nothing."""
    settings = settings_of(request)
    key, marks = _held(request, settings)
    return key if _mark(settings, address) in marks else ""


def remember(request: Request, answer: Response, session: Session, person_id: int) -> None:
    """Let the browser of somebody who has just signed in remember it, with a new key."""
    settings = settings_of(request)
    address = session.execute(select(c(Person).email).where(c(Person).id == person_id)).scalar_one()
    mark = _mark(settings, address)
    _, before = _held(request, settings)
    marks = [mark, *(one for one in before if one != mark)][:_MOST]
    value = _signer(settings).dumps([secrets.token_urlsafe(16), marks])
    sessions.put_cookie(settings, answer, _COOKIE, str(value), LASTS)


def _held(request: Request, settings: Settings) -> tuple[str, list[str]]:
    value = request.cookies.get(sessions.cookie_name(settings, _COOKIE), "")
    try:
        key, marks = _signer(settings).loads(value, max_age=int(LASTS.total_seconds()))
    except (BadSignature, TypeError, ValueError):
        return "", []
    return str(key), [str(one) for one in marks]


def _mark(settings: Settings, address: str) -> str:
    """What an address is told by: nothing that anybody else could work out."""
    words = f"known-address {address.strip().lower()}"
    return hmac.new(settings.secret.encode(), words.encode(), "sha256").hexdigest()


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return signing.for_a_while(settings.secret, "known-browser")
