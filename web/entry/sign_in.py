"""Signing in and out: the form and its link, the organisation's own sign-in, one's sessions."""

import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from config import clock
from intake.personnummer import holds, masked
from models.database import transaction
from rules.access import onward
from web.entry import known, mailed_link, oidc, sessions
from web.entry.identity import Account, AnotherAccount, person_of
from web.entry.mailed_link import Asking, Closed
from web.entry.provider import NotProven
from web.page import settings_of, show, today_of, viewer_of
from web.sent import Sent
from web.watched import Happened, tell

router = APIRouter()
_ASKS = "foljsam-asks"  # the cookie that binds a link to the browser that asked for it
# Not the cookies: what tells her browser from strangers' (`known.py`) is to stay.
_LEAVE_NOTHING = '"cache", "storage"'
_TOLD = 500  # signs of why a sign-in was refused
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_log = logging.getLogger("foljsam.sign_in")

_CLOSED = {
    Closed.UNKNOWN: (403, "Länken går inte att läsa", "Kopiera hela länken från brevet."),
    Closed.OVER: (
        410,
        "Länken gäller inte längre",
        f"Den kan användas en gång, inom {mailed_link.LIVES.seconds // 60} minuter.",
    ),
    Closed.OTHER_BROWSER: (
        403,
        "Öppna länken där du bad om den",
        "Länken fungerar bara i den webbläsare där du skrev din adress. Öppna den där, eller be om "
        "en ny länk här.",
    ),
}


def asked_to(request: Request) -> Response:
    """The way to sign-in, for whoever opened a page without being signed in."""
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        till = quote(request.scope["path"] + query, safe="/")
        return RedirectResponse(f"/logga-in?till={till}", 303)
    text = "Inloggningen har gått ut, så inget är sparat. Logga in, gå tillbaka och skicka igen."
    return _sorry(request, 401, "Du behöver logga in igen", text)


def _sorry(request: Request, status: int, title: str, text: str) -> HTMLResponse:
    return show(request, "sign_in_closed.html", title, {"text": text}, status)


def _onward(request: Request, words: str) -> str:
    """Where she goes when she has signed in; her letter's link too, where that asks for it."""
    return onward(words, links_too=settings_of(request).links_sign_in)


@router.get("/logga-in")
def form(request: Request, till: str = "", ut: str = "", igen: str = "") -> Response:
    """Where one signs in, and anew (`igen`), and comes back to when one has signed out."""
    if viewer_of(request).signed_in and not igen:
        return RedirectResponse(_onward(request, till), 303)
    return _form(request, _onward(request, till), signed_out=bool(ut), anew=bool(igen))


def _form(
    request: Request,
    till: str,
    address: str = "",
    problem: str = "",
    *,
    signed_out: bool = False,
    anew: bool = False,
) -> HTMLResponse:
    values = {
        "mail": settings_of(request).sign_in.by_mail,
        "oidc": settings_of(request).sign_in.by_oidc,
        "till": till,
        "address": address,
        "problem": problem,
        "signed_out": signed_out,
        "anew": anew,
    }
    return show(request, "sign_in.html", "Logga in", values, 422 if problem else 200)


@router.post("/logga-in")
def ask(request: Request, given: Sent, after: BackgroundTasks) -> Response:
    """Take an address. The answer says nothing of whether it is on file."""
    settings = settings_of(request)
    if not settings.sign_in.by_mail:
        raise HTTPException(404)
    address, till = given.get("address", "").strip(), _onward(request, given.get("till", ""))
    if holds(unquote(till)):  # what was searched for is not to wait with the link
        till = "/"
    if len(address) > 320 or not _ADDRESS.fullmatch(address):
        return _form(
            request, till, address[:320], "Skriv din e-postadress, till exempel namn@example.org."
        )
    browser = request.cookies.get(sessions.cookie_name(settings, _ASKS)) or secrets.token_urlsafe(
        32
    )
    network = request.client.host if request.client else ""
    asking = Asking(address, browser, network, till, known.known_as(request, address))
    after.add_task(mailed_link.ask, settings, asking, today_of(request))
    minutes = mailed_link.LIVES.seconds // 60
    page = show(request, "sign_in_asked.html", "Titta i din inkorg", {"minutes": minutes})
    # As long as any link that it has asked for: two tabs share one key.
    sessions.put_cookie(settings, page, _ASKS, browser, mailed_link.LIVES + timedelta(minutes=5))
    page.headers["Connection"] = "close"  # the next answer on it would tell how long the task took
    return page


@router.get("/logga-in/lank/{token}")
def open_link(request: Request, token: str) -> Response:
    """A button: opening the link signs nobody in, since mail scanners open links."""
    opens = mailed_link.look(settings_of(request), token, _browser(request))
    if isinstance(opens, Closed):
        return _sorry(request, *_CLOSED[opens])
    return show(request, "sign_in_link.html", "Logga in", {})


@router.post("/logga-in/lank/{token}")
def use_link(request: Request, token: str) -> Response:
    """Sign in, and use the link up."""
    with transaction(settings_of(request)) as session:
        opens = mailed_link.use(session, token, _browser(request))
        if isinstance(opens, Closed):
            tell(request, Happened.NOT_SIGNED_IN, why=opens.value)
            return _sorry(request, *_CLOSED[opens])
        answer = RedirectResponse(_onward(request, opens.onward), 303)
        sessions.sign_in(request, answer, session, opens.person_id, clock.now())
        known.remember(request, answer, session, opens.person_id)
    tell(request, Happened.SIGNED_IN, opens.person_id, "link")
    return answer


def _browser(request: Request) -> str:
    return request.cookies.get(sessions.cookie_name(settings_of(request), _ASKS), "")


@router.get("/logga-in/oidc")
async def leave(request: Request, till: str = "", igen: str = "") -> Response:
    """Off to the organisation's own sign-in."""
    settings = settings_of(request)
    if not settings.sign_in.by_oidc:
        raise HTTPException(404)
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        # Her organisation may know her already: then nobody but another site would have chosen it.
        return RedirectResponse(f"/logga-in?till={quote(_onward(request, till), safe='/')}", 303)
    try:
        return await oidc.leave(request, settings, _onward(request, till), anew=bool(igen))
    except NotProven as error:
        return _not_proven(request, error)


@router.get("/logga-in/oidc/svar")
async def come_back(request: Request) -> Response:
    """Back from it: somebody on file is signed in."""
    settings = settings_of(request)
    if not settings.sign_in.by_oidc:
        raise HTTPException(404)
    try:
        claims = await oidc.come_back(request, settings)
        account = oidc.account_in(claims, settings, masked(str(claims.get("name") or "")))
        oidc.strong_enough(claims, settings)
        anew = bool(request.session.pop("anew", False))
        proved_at = oidc.proved_at(claims, settings, anew=anew)
    except NotProven as error:
        return _not_proven(request, error)
    answer = RedirectResponse(_onward(request, str(request.session.pop("onward", "/"))), 303)
    try:
        if await run_in_threadpool(_let_in, request, answer, account, proved_at):
            return answer
    except AnotherAccount:
        tell(request, Happened.NOT_SIGNED_IN, why="another account has that address")
        text = (
            "Din adress hör i Följsam ihop med ett annat konto hos din organisation. Be en "
            "administratör koppla loss det på din sida."
        )
        return _sorry(request, 403, "Det är ett annat konto", text)
    tell(request, Happened.NOT_SIGNED_IN, why="nobody with that address")
    text = "Din adress finns inte i Följsam. Be processledaren lägga till dig."
    return _sorry(request, 403, "Du finns inte med än", text)


def _let_in(
    request: Request, answer: Response, account: Account, proved_at: datetime | None
) -> bool:
    settings = settings_of(request)
    with transaction(settings) as session:
        person = person_of(session, account, today_of(request))
        if person is not None:
            sessions.sign_in(request, answer, session, person, proved_at)
            known.remember(request, answer, session, person)
    if person is not None:
        tell(request, Happened.SIGNED_IN, person, "organisation")
    return person is not None


def _not_proven(request: Request, error: Exception) -> Response:
    # What came in the address may be written by anybody.
    _log.warning("sign-in was refused: %r", masked(str(error))[:_TOLD])
    tell(request, Happened.NOT_SIGNED_IN, why="the organisation's sign-in")
    text = "Din organisations inloggning gav inget svar som går att lita på. Försök en gång till."
    return _sorry(request, 403, "Inloggningen gick inte", text)


@router.post("/logga-ut")
def leave_off(request: Request, given: Sent) -> Response:
    """Sign out, here or everywhere."""
    settings, viewer = settings_of(request), viewer_of(request)
    if viewer.person_id is None or viewer.session_id is None:
        return RedirectResponse("/", 303)
    if given.get("overallt") and not sessions.proved_lately(settings, viewer.session_id):
        return _sessions(request, "Dina inloggningar", viewer.person_id, anew=True)
    if given.get("overallt"):
        sessions.end_all(settings, viewer.person_id)
    else:
        sessions.end(settings, viewer.session_id)
    tell(request, Happened.SIGNED_OUT, why="everywhere" if given.get("overallt") else "")
    answer = RedirectResponse("/logga-in?ut=ja", 303)
    answer.delete_cookie(
        sessions.cookie_name(settings), secure=settings.https, httponly=True, samesite="lax"
    )
    answer.headers["Clear-Site-Data"] = _LEAVE_NOTHING
    return answer


@router.get("/inloggningar")
def own_sessions(request: Request) -> Response:
    """Where one is signed in."""
    return _sessions(request, "Dina inloggningar", viewer_of(request).person_id or 0)


@router.get("/inloggningar/alla")
def all_sessions(request: Request) -> Response:
    """Everybody who is signed in, for an administrator."""
    return _sessions(request, "Alla inloggningar", None)


def _sessions(request: Request, title: str, of: int | None, *, anew: bool = False) -> HTMLResponse:
    """The list; with `anew` what stands in the way of ending any: she has to sign in once more."""
    values: dict[str, Any] = {
        "rows": sessions.sessions(settings_of(request), of),
        "this": viewer_of(request).session_id,
        "everybodys": of is None,
        "may_see_all": viewer_of(request).administrator,
        "anew": anew,
    }
    return show(request, "sessions.html", title, values, 403 if anew else 200)


@router.post("/inloggningar/{session_id}/avsluta")
def end_session(request: Request, session_id: int) -> Response:
    """End one of one's own; an administrator ends anybody's. For another, she shows who she is."""
    viewer = viewer_of(request)
    another = viewer.session_id is not None and session_id != viewer.session_id
    if another and not sessions.proved_lately(settings_of(request), viewer.session_id):
        return _sessions(request, "Dina inloggningar", viewer.person_id or 0, anew=True)
    of = None if viewer.administrator else viewer.person_id or 0
    if not sessions.end(settings_of(request), session_id, of=of):
        raise HTTPException(404)
    tell(request, Happened.SESSION_ENDED, why=f"session {session_id}")
    if session_id == viewer.session_id:
        clear = {"Clear-Site-Data": _LEAVE_NOTHING}
        return RedirectResponse("/logga-in?ut=ja", 303, headers=clear)
    return RedirectResponse("/inloggningar/alla" if viewer.administrator else "/inloggningar", 303)
