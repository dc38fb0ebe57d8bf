"""The application: which rooms there are, what surrounds them, what is said when all is not well.

Each page lives in a file of its own. No traceback reaches a person: an error is a plain page.
"""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from config.settings import Settings
from models.database import reading
from templates import render
from web import activities, answer, coming, letters, meetings, moves, overview, runs
from web.page import page

_STYLE = Path(__file__).resolve().parent.parent / "templates" / "web" / "style.css"
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_log = logging.getLogger("foljsam.web")


def create_app(settings: Settings) -> FastAPI:
    """The pages of one installation."""
    app = FastAPI(title="Följsam", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    for room in (overview, activities, moves, meetings, coming, letters, runs, answer):
        app.include_router(room.router)
    app.add_api_route("/style.css", _style, include_in_schema=False)
    app.add_api_route("/health", _health, include_in_schema=False)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_exception_handler(Exception, _fault)
    app.middleware("http")(_headers)
    app.middleware("http")(_own_forms_only)
    # A page on the open web must not reach loopback pages through a name that it owns.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings))
    return app


def _hosts(settings: Settings) -> list[str]:
    own = settings.pages_url.partition("://")[2].partition("/")[0].partition(":")[0]
    return ["127.0.0.1", "localhost", "[::1]", "::1", own]


async def _headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"  # a link's token stays with its owner
    if not request.url.path.endswith(".css"):
        response.headers["Cache-Control"] = "no-store"
    return response


async def _own_forms_only(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """A form on another site must not post here in somebody's name.

    Browsers say where a request comes from (Sec-Fetch-Site, and Origin in older ones); a program
    that says neither is no browser, and carries nobody's session.
    """
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        site = request.headers.get("sec-fetch-site", "")
        origin = request.headers.get("origin", "")
        own = request.headers.get("host", "")
        foreign = site not in {"same-origin", "none"} if site else origin.partition("://")[2] != own
        if foreign and (site or origin):
            return await _http_error(request, HTTPException(403, "Formuläret är inte vårt."))
    return await call_next(request)


async def _style() -> Response:
    return PlainTextResponse(_STYLE.read_text("utf-8"), media_type="text/css")


def _health(request: Request) -> JSONResponse:
    """For a watcher: the pages answer and the database can be read."""
    with reading(request.app.state.settings) as session:
        session.connection().exec_driver_sql("SELECT 1")
    return JSONResponse({"ok": True})


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


async def _no_such_page(request: Request, _error: Exception) -> Response:
    """A word where a number should be in the address: there is no such page."""
    return await _http_error(request, HTTPException(404))


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("a page failed: %s", request.url.path.split("/")[1], exc_info=error)
    title, text = "Något gick fel", "Felet är antecknat. Försök igen om en stund."
    return HTMLResponse(render("web/message.html", **page(request, title), text=text), 500)
