"""The door to Prefect's own pages: administrators only, on an origin of its own.

Prefect knows no rights inside, so nobody meets it directly. The door is an application beside the
pages, on a port of its own, and in this order

1. answers to its own host names only, and to no page of another origin;
2. knows the administrator by a cookie of its own, got for a ticket that *Körningar* gave her. It
   closes with her session. Without sign-in, whoever is at the machine is let in, as to the pages;
3. passes on what `web/prefect_reads.py` names, with the password that she never sees, and nothing
   of her cookies. With FOLJSAM_PREFECT_UI_CHANGES it passes on changes too.

Sockets are closed: Prefect's pages ask again instead. A Content-Security-Policy keeps them from
talking to anybody else.
"""

import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import quote

import httpx
from fastapi.concurrency import run_in_threadpool
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import clock, prefect_api, signing
from config.settings import Settings, SignIn
from web.entry import sessions
from web.headers import HSTS
from web.prefect_reads import is_file, passes
from web.watched import Happened, Hosts, tell

ENTRANCE = "/foljsam/in"
TICKET_LASTS = 60  # seconds
_LARGEST = 1_000_000  # bytes of a question
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_CLOSED = (
    "<!doctype html><html lang='sv'><meta charset='utf-8'><title>Prefects sidor</title>"
    "<h1>Öppna Prefects sidor från Körningar</h1><p>De är för administratörer. "
    "<a href='{address}'>Logga in i Följsam</a> och välj Prefects egna sidor på Körningar.</p>"
)


def ticket(settings: Settings, session_id: int) -> str:
    """The address that lets the administrator with that session in, once and soon."""
    words = _signer(settings, "ticket").dumps([session_id, secrets.token_urlsafe(12)])
    return f"{settings.prefect_ui}{ENTRANCE}?biljett={words}"


def create_door(settings: Settings) -> ASGIApp:
    """The door of one installation."""
    door = Door(settings)
    app = Starlette(
        routes=[
            Route(ENTRANCE, door.enter),
            Route("/{path:path}", door.pass_on, methods=_METHODS),
        ],
        lifespan=door.open_for_a_while,
    )
    own = settings.prefect_ui.partition("://")[2].partition("/")[0].partition(":")[0]
    app.add_middleware(Hosts, allowed_hosts=["127.0.0.1", "localhost", own])
    app.add_middleware(Guarded, https=settings.prefect_ui.startswith("https://"))
    return app


class Guarded:
    """Around all that the door does: no sockets, no other origins, and what browsers are told."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = _HEADERS | ({"Strict-Transport-Security": HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn away, or let the door answer."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        own = _of_its_own(Request(scope))
        if not own:
            tell(Request(scope), Happened.DOOR, why="another origin")
        answer = self.app if own else _refused(403, "Inte härifrån.")
        await answer(scope, receive, sent)


class Door:
    """What is behind: the entrance, and Prefect."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._used: dict[str, float] = {}  # tickets, and when
        self._client = httpx.AsyncClient(
            base_url=settings.prefect_api.removesuffix("/api"), timeout=30
        )

    @asynccontextmanager
    async def open_for_a_while(self, _app: Starlette) -> AsyncIterator[None]:
        """Keep connections to Prefect while the door is open."""
        async with self._client:
            yield

    async def enter(self, request: Request) -> Response:
        """A ticket becomes a cookie; a used, old or forged one opens nothing."""
        session_id = self._session_of(request.query_params.get("biljett", ""))
        if session_id is None:
            tell(request, Happened.DOOR, why="ticket")
            return self._closed()
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            self._cookie,
            _signer(self._settings, "door").dumps(session_id),
            max_age=self._settings.session_hours * 3600,
            secure=self._https,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def pass_on(self, request: Request) -> Response:
        """Ask Prefect, when she may; and give her what it says."""
        path, method = request.scope["path"], request.method
        api = path == "/api" or path.startswith("/api/")
        if not await run_in_threadpool(self._lets_in, request):
            tell(request, Happened.DOOR, why="not an administrator's")
            return _refused(401, "Öppna från Körningar.") if api else self._closed()
        changes = self._settings.prefect_ui_changes
        known = passes(method, path[4:], changes=changes) if api else is_file(method, path)
        if not known:
            tell(request, Happened.DOOR, why="not to read")
            return _refused(403, "Prefects sidor visar, men ändrar inget här.")
        try:
            return await self._asked(request, path, await _body(request))
        except (httpx.HTTPError, ValueError):
            return _refused(502, "Prefects server svarar inte just nu.")

    async def _asked(self, request: Request, path: str, body: bytes) -> Response:
        """The same question, with the password and without her cookies."""
        said = await self._ask(request, path, body)
        if said.status_code == httpx.codes.FORBIDDEN:  # the server is a new one, or forgot us
            prefect_api.forget_token(self._settings)
            said = await self._ask(request, path, body)
        content = _without_sign_in(said.content) if path.endswith("/ui-settings") else said.content
        headers = _some(said.headers, "content-type")
        if re.match(r"/(?!/)", said.headers.get("location", "")):  # never away from the door
            headers["location"] = said.headers["location"]
        return Response(content, said.status_code, headers)

    async def _ask(self, request: Request, path: str, body: bytes) -> httpx.Response:
        headers = _some(request.headers, "accept", "content-type", "sec-fetch-mode")
        if request.method not in {"GET", "HEAD"}:
            headers |= await run_in_threadpool(prefect_api.change_headers, self._settings)
        return await self._client.request(
            request.method,
            quote(path),
            params=request.url.query or None,
            content=body,
            headers=headers,
            auth=prefect_api.password(self._settings),
        )

    def _lets_in(self, request: Request) -> bool:
        """Is she an administrator with an open session? Without sign-in whoever is here is one."""
        settings = self._settings
        if settings.sign_in is SignIn.OFF:
            return True
        lasts = settings.session_hours * 3600
        try:
            kept = _signer(settings, "door").loads(request.cookies.get(self._cookie, ""), lasts)
        except BadSignature:
            return False
        today = clock.today(settings.today)
        return sessions.viewer_of_number(settings, int(kept), today).administrator

    def _session_of(self, words: str) -> int | None:
        """Whose ticket it is, the first time that it is shown."""
        now = time.monotonic()
        self._used = {each: at for each, at in self._used.items() if now - at < 2 * TICKET_LASTS}
        try:
            session_id, word = _signer(self._settings, "ticket").loads(words, TICKET_LASTS)
        except (BadSignature, TypeError, ValueError):
            return None
        if word in self._used:
            return None
        self._used[word] = now
        return int(session_id)

    def _closed(self) -> Response:
        return HTMLResponse(_CLOSED.format(address=f"{self._settings.pages_url}/korningar"), 401)

    @property
    def _https(self) -> bool:
        return self._settings.prefect_ui.startswith("https://")

    @property
    def _cookie(self) -> str:
        return "__Host-foljsam-prefect" if self._https else "foljsam-prefect"


def _of_its_own(request: Request) -> bool:
    """Did one of Prefect's own pages ask, or nobody's browser? Others may only open a page.

    Another port of the same machine is the same site to a browser, but not the same origin.
    """
    origin = request.headers.get("origin", "")
    if origin and origin.partition("://")[2] != request.headers.get("host", ""):
        return False
    if request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        return True
    opens = request.headers.get("sec-fetch-mode") == "navigate"
    whole = request.headers.get("sec-fetch-dest") == "document"
    api = request.scope["path"].startswith("/api")
    return opens and whole and request.method == "GET" and not api


async def _body(request: Request) -> bytes:
    """What she asks; a longer question than any page's is refused."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise ValueError("the question is too long")
    return body


def _without_sign_in(content: bytes) -> bytes:
    """What Prefect's pages are told of the server: the door sees to password and tokens."""
    told = json.loads(content)
    return json.dumps(told | {"auth": None, "csrf_enabled": False}).encode()


def _some(headers: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: headers[name] for name in names if headers.get(name)}


def _refused(status: int, words: str) -> Response:
    return JSONResponse({"detail": words}, status)


def _signer(settings: Settings, what: str) -> URLSafeTimedSerializer:
    return signing.for_a_while(settings.secret, f"prefect-{what}")
