"""What whoever watches over the installation should hear of: sign-ins, refusals, forged forms.

A line each in the log `foljsam.security`: what happened, at which page, to whom, from where. A
person is a number, a place the block of network addresses, a page its first word and the numbers in
it; no name, address, key or word that somebody wrote.
"""

import logging
import re
from enum import Enum

from fastapi import Request
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.logs import SECURITY
from rules.access import NOBODY
from rules.networks import block

_log = logging.getLogger(SECURITY)
_PLAIN = re.compile(r"[a-z-]{1,20}|[0-9]{1,9}")
_KEYS = {"svar", "rapport", "kalender", "adress"}  # what follows is a key
_CLOSED = {403, 404, 410}
_OURS = "foljsam.host_is_ours"


class Happened(Enum):
    """What is told."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SESSION_ENDED = "ended a session"
    NOT_SIGNED_IN = "could not sign in"
    FOREIGN_FORM = "sent a form from another site"
    UNKNOWN_FIELDS = "sent a form with fields that it has not"
    NOT_ALLOWED = "was refused a page or an object"
    NO_LINK = "showed a link that does not open"
    FOREIGN_HOST = "asked for a host that is not ours"
    REFUSED_FILE = "sent a file that was refused"
    DOOR = "was turned away at the door to Prefect"
    TOO_OFTEN = "asked more often than anybody needs"


_AS_THEY_SHOULD = {Happened.SIGNED_IN, Happened.SIGNED_OUT, Happened.SESSION_ENDED}


def tell(request: Request, what: Happened, person: int | None = None, why: str = "") -> None:
    """Write a line. `why` is a word of ours, never of theirs."""
    viewer = getattr(request.state, "viewer", NOBODY)
    who = person if person is not None else viewer.person_id
    page = f"{request.method} {_page(request.scope['path'])}"
    _write(what, page, who, request.client.host if request.client else "", why)


def tell_of_asking(network: str, why: str) -> None:
    """The same of a link to sign in that was asked for and not written."""
    _write(Happened.NOT_SIGNED_IN, "POST /logga-in", None, network, why)


def watching(scope: Scope, send: Send) -> Send:
    """How a page behind a link in a letter answers; a link that does not open is told."""
    if not _KEYS.intersection(scope["path"].split("/")[1:2]):
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in _CLOSED:
            tell(Request(scope), Happened.NO_LINK, why=str(message["status"]))
        await send(message)

    return sent


class Hosts:
    """Starlette's look at which host is asked for, which tells of those that are not ours."""

    def __init__(self, app: ASGIApp, allowed_hosts: list[str]) -> None:
        self._app = app
        self._looked_at = TrustedHostMiddleware(self._let_through, allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or turn it away and tell."""
        await self._looked_at(scope, receive, send)
        if scope["type"] == "http" and _OURS not in scope:
            tell(Request(scope), Happened.FOREIGN_HOST)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_OURS] = True
        await self._app(scope, receive, send)


def _write(what: Happened, page: str, person: int | None, network: str, why: str) -> None:
    words = f'event="{what.value}" page="{page}" person={person or "-"}'
    words += f" from={block(network) if network else '-'}"
    if why:
        words += f' why="{why}"'
    level = logging.INFO if what in _AS_THEY_SHOULD else logging.WARNING
    _log.log(level, "%s", words)


def _page(path: str) -> str:
    """Where it was, without what opens anything."""
    words = path.strip("/").split("/")
    if words[0] in _KEYS:
        return f"/{words[0]}/…"
    known = [word if _PLAIN.fullmatch(word) else "…" for word in words[:4]]
    return "/" + "/".join(known)
