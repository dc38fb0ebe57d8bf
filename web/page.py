"""What every page has: the frame's values, and a page rendered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from config import clock
from config.settings import Settings
from templates import render

MENU = (
    ("/", "Översikt"),
    ("/moten", "Möten"),
    ("/utskick", "Utskick"),
    ("/kommande", "Kommande"),
    ("/korningar", "Körningar"),
)


def settings_of(request: Request) -> Settings:
    """The installation that this request is for."""
    settings: Settings = request.app.state.settings
    return settings


def today_of(request: Request) -> date:
    """The day it is for this installation."""
    return clock.today(settings_of(request).today)


def page(request: Request, title: str) -> dict[str, Any]:
    """The values that the frame around every page needs."""
    settings = settings_of(request)
    return {
        "title": title,
        "menu": MENU,
        "here": request.url.path,
        "organisation": settings.organisation,
        "today": today_of(request),
        "pretended": settings.today is not None,
    }


def show(
    request: Request,
    template: str,
    title: str,
    values: Mapping[str, Any],
    status: int = 200,
) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(render(f"web/{template}", **page(request, title), **values), status)


async def fields(request: Request) -> dict[str, str]:
    """A form's fields; read on the loop, so that the page itself may work in a thread."""
    sent = await request.form(max_files=0, max_fields=2000)
    return {name: value for name, value in sent.items() if isinstance(value, str)}
