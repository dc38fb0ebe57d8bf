"""The application: which rooms there are, what surrounds them, what is said when all is not well.

Each page lives in a file of its own. No traceback reaches a person: an error is a plain page.
"""

import logging
import sqlite3
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from config import clock, virus_scanner
from config.settings import Settings, SignIn
from intake.places import Asker, NotNow, asking
from models.database import others_were_first, was_let_go
from models.in_turn import Busy
from models.moves import Refused
from notifications import links
from notifications.administrators import bring_in
from notifications.unreachable import free_at_start
from rules.access import SIGNED_IN, Verdict
from templates import render
from web import gate, lists, search, watched
from web.activities import activities, activity_list, comments, many, moves, row, undo
from web.asking import (
    another,
    answer,
    coming,
    drafts,
    feeds,
    letters,
    mine,
    new_link,
    signed_in,
    silent,
    status_rounds,
    talk,
    why_not,
)
from web.bodies import bounded
from web.door import Door
from web.entry import oidc, own, sessions, sign_in
from web.entry.sessions import cookie_name
from web.forms import narrowed, shut
from web.gate import let_in, own_form
from web.headers import CSP, Headers, headers_of
from web.numbers import stopped
from web.overview import health, one_heading, overview, run_log, runs
from web.pace import Pace
from web.page import NotAllowed, about_of, page, settings_of, viewer_of
from web.patience import Room
from web.people import (
    collaborations,
    delegation,
    group,
    groups,
    meeting_day,
    meeting_drafts,
    meetings,
    minutes,
    people,
    people_import,
    person,
    promises,
)
from web.plans import (
    plan_export,
    plan_forms,
    plan_import,
    plan_undo,
    plans,
    reminding,
    running,
    withdrawing,
    year_end,
)
from web.reports import (
    deviation_placing,
    deviation_sources,
    deviation_words,
    deviations,
    group_notes,
    report_forms,
    reports,
    words,
)
from web.watched import Happened

_STYLE = Path(__file__).resolve().parent.parent / "templates" / "web" / "style.css"
_NOT_HERS = (
    "Du har inte rätt att öppna sidan",
    "Den är för den som leder samverkan, eller för en annan grupp än dina. Fråga processledaren om "
    "du behöver den.",
)
_WITHOUT_ROLE = (
    "Du har ingen roll i Följsam just nu",
    "Du är inloggad, men hör inte till någon grupp i dag. Det du svarar för finns under Mina "
    "aktiviteter. Be processledaren lägga till dig i din grupp om du behöver se mer.",
)
_log = logging.getLogger("foljsam.web")


def create_app(settings: Settings) -> FastAPI:
    """The pages of one installation."""
    app = FastAPI(title="Följsam", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    virus_scanner.use(settings)
    ours = partial(sessions.is_ours, settings)
    app.state.pace = Pace(cookie_name(settings), ours)
    bring_in(settings, clock.today(settings.today))
    free_at_start(settings)
    for room in (
        lists,  # before all others: "3.xlsx" is no number
        overview,
        one_heading,
        search,
        activity_list,
        row,  # before activities: "rad.js" is no number
        activities,
        comments,
        many,
        moves,
        undo,
        meetings,
        meeting_drafts,
        meeting_day,
        minutes,
        coming,
        why_not,  # before letters: "varfor" is no number
        letters,
        status_rounds,
        words,
        runs,
        run_log,  # after runs: "prefect" is no run's number
        answer,
        mine,
        signed_in,
        new_link,
        another,
        drafts,
        silent,
        talk,
        sign_in,
        own,
    ):
        app.include_router(room.router)
    for room in (health, feeds, deviations, reports, report_forms, group_notes):
        app.include_router(room.router)
    for room in (deviation_sources, deviation_words, deviation_placing):
        app.include_router(room.router)
    # In this order: "ny" is no group's number, "ny" and "las-in" are nobody's.
    for room in (groups, group, people_import, people, person, delegation):
        app.include_router(room.router)
    for room in (collaborations, promises):
        app.include_router(room.router)
    # In this order: "ny" and "las-in" are no plan's number.
    for room in (plan_export, plan_import, plan_forms, plans, running, reminding):
        app.include_router(room.router)
    for room in (year_end, withdrawing, plan_undo):
        app.include_router(room.router)
    app.add_api_route("/style.css", _style, include_in_schema=False)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(Refused, _refused_form)
    app.add_exception_handler(DataError, _no_such_value)
    for second in (IntegrityError, StaleDataError):
        app.add_exception_handler(second, _was_second)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(NotNow, _not_now)
    for busy in (Busy, sqlite3.OperationalError, OperationalError, PoolTimeout):
        app.add_exception_handler(busy, _busy)
    app.add_exception_handler(Exception, _fault)
    oidc.prepare(app, settings)
    app.add_middleware(Frame)
    # A page on the open web must not reach loopback pages through a name that it owns.
    app.add_middleware(watched.Hosts, allowed_hosts=_hosts(settings))
    links_are_ours = partial(links.is_ours, settings)
    app.add_middleware(
        Room, cookie=cookie_name(settings), is_ours=ours, link_is_ours=links_are_ours
    )
    app.add_middleware(Headers, settings=settings)
    app.add_middleware(Door, settings=settings)
    return app


def _hosts(settings: Settings) -> list[str]:
    own = settings.pages_url.partition("://")[2].partition("/")[0].partition(":")[0]
    return ["127.0.0.1", "localhost", "[::1]", "::1", own]


class Frame:
    """What stands before every page: the gate.

    Plain ASGI: Starlette's `middleware("http")` costs more than many a page does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the gate, then let the page answer, or answer in its place."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = await _refused(Request(scope, receive))
        answer = refusal or self.app
        asking.set(_who_asks(scope))
        send = watched.watching(scope, send)
        bound = bounded(scope, receive, gate.may_send(Request(scope)))
        await answer(scope, shut(scope, bound), send)


def _who_asks(scope: Scope) -> Asker:
    """Who has signed in, for those who share out turns; nobody where there is one at the machine.

    She asks for what the address is about, and else for what she leads.
    """
    request = Request(scope)
    viewer, about = viewer_of(request), about_of(request)
    if viewer.person_id is None:
        return Asker()
    return Asker(str(viewer.person_id), (about & viewer.leads) or viewer.leads or about)


async def _refused(request: Request) -> Response | None:
    """What is said instead of a page; None when the gate has said yes."""
    signs_in = settings_of(request).sign_in is not SignIn.OFF
    if signs_in and not request.app.state.pace.allows(request.scope):
        watched.tell(request, Happened.TOO_OFTEN)
        return _wait(request)
    if not own_form(request):
        watched.tell(request, Happened.FOREIGN_FORM)
        return await _http_error(request, HTTPException(403, "Formuläret är inte vårt."))
    verdict = await let_in(request)
    if verdict is Verdict.GRANTED:
        try:
            await narrowed(request)
        except NotAllowed:
            verdict = Verdict.REFUSED
        else:
            return None
    if verdict is Verdict.NO_SUCH_PAGE:
        return await _http_error(request, HTTPException(404))
    if verdict is Verdict.SIGN_IN:
        return sign_in.asked_to(request)
    return await _not_allowed(request, NotAllowed())


def _wait(request: Request) -> Response:
    """She asks more often than anybody needs: nothing is looked up for it."""
    text = "Det kom för många anrop på kort tid. Det du skickade är inte sparat. Vänta en minut."
    words = render("web/message.html", **page(request, "Vänta lite"), text=text)
    return HTMLResponse(words, 429, headers={"Retry-After": "60"})


async def _style() -> Response:
    return PlainTextResponse(_STYLE.read_text("utf-8"), media_type="text/css")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: ("Sidan finns inte", "Adressen stämmer inte. Börja om från översikten."),
        405: ("Det går inte så", "Sidan kan inte ta emot det som skickades."),
    }
    title, text = words.get(error.status_code, ("Något är fel", str(error.detail)))
    return HTMLResponse(
        render("web/message.html", **page(request, title), text=text), error.status_code
    )


async def _not_allowed(request: Request, _error: Exception) -> Response:
    """Somebody is signed in, but this is not hers to open."""
    watched.tell(request, Happened.NOT_ALLOWED)
    title, text = _WITHOUT_ROLE if viewer_of(request).access is SIGNED_IN else _NOT_HERS
    return HTMLResponse(render("web/refused.html", **page(request, title), text=text), 403)


async def _refused_form(request: Request, error: Exception) -> Response:
    """A form was refused, and its page has no words for why: what to mend, and the rest kept."""
    assert isinstance(error, Refused)
    form = stopped(request)
    values = {
        "sentences": error.sentences,
        "to_mend": form.to_mend(),
        "as_they_were": form.as_they_were(),
    }
    title = "Det gick inte att spara"
    return HTMLResponse(render("web/number.html", **page(request, title), **values), 422)


async def _no_such_page(request: Request, _error: Exception) -> Response:
    """A word where a number should be in the address: there is no such page."""
    return await _http_error(request, HTTPException(404))


async def _no_such_value(request: Request, error: Exception) -> Response:
    """A number or a sign that the database has no room for: nobody's own page sends it."""
    _log.warning("what was sent cannot be kept: %s", getattr(error, "orig", error))
    sent = HTTPException(400, "Det som skickades går inte att läsa. Gå tillbaka och försök igen.")
    return await _http_error(request, sent)


async def _gone(_request: Request, _error: Exception) -> Response:
    """She went away, or was sent away, before she had said all. Nobody reads this."""
    return PlainTextResponse("", 400)


async def _busy(request: Request, error: Exception) -> Response:
    """The turn to write did not come in time, or the database has no room for one more."""
    if not _is_busy(error):
        return await _fault(request, error)
    _log.warning("the database was busy: %s", error)
    text = (
        "Många skriver i Följsam samtidigt. Det du skickade är inte sparat. Gå tillbaka, vänta en "
        "halv minut och skicka igen."
    )
    words = render("web/message.html", **page(request, "Många på en gång"), text=text)
    return HTMLResponse(words, 503, headers={"Retry-After": "30"})


async def _was_second(request: Request, error: Exception) -> Response:
    """Somebody else saved, or removed, the same in the same moment; a second tap does so too."""
    if isinstance(error, IntegrityError) and not others_were_first(error):
        return await _fault(request, error)
    _log.warning("somebody else was first: %s", getattr(error, "orig", error))
    text = (
        "Samma sak sparades eller togs bort i samma stund, av någon annan eller av dig själv med "
        "två tryck. Det här sparades inte. Gå tillbaka, läs in sidan igen och se vad som gäller."
    )
    words = render("web/message.html", **page(request, "Någon hann före"), text=text)
    return HTMLResponse(words, 409)


async def _not_now(request: Request, error: Exception) -> Response:
    """A file cannot be read now. A form with all that was filled in is one step back."""
    assert isinstance(error, NotNow)
    text = f"{error} Inget är sparat."
    words = render("web/message.html", **page(request, error.title), text=text)
    return HTMLResponse(words, 503, headers={"Retry-After": "60"})


def _is_busy(error: Exception) -> bool:
    if isinstance(error, OperationalError) and was_let_go(error):
        return True
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return "locked" in str(getattr(error, "orig", error))
    return True


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("a page failed: %s", request.url.path.split("/")[1], exc_info=error)
    title, text = "Något gick fel", "Felet är antecknat. Försök igen om en stund."
    # A fault is answered outside of everything that stands around pages.
    headers = headers_of(settings_of(request))
    headers |= {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
    words = render("web/message.html", **page(request, title), text=text)
    return HTMLResponse(words, 500, headers=headers)
