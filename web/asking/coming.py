"""Kommande: the letters of the next ninety days, as the rounds write them if nothing happens."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from config import policy
from models.activity import Activity
from models.columns import c
from models.database import reading
from notifications.rehearsal import LONGEST, Coming, rehearse
from web.page import led, settings_of, show, today_of, viewer_of

router = APIRouter()
DAYS = 90


@router.get("/kommande")
def coming(request: Request, till: str = "") -> HTMLResponse:
    """The letters to come, until a day of choice."""
    letters, last = until(request, till)
    values = {"letters": letters, "last": last}
    return show(request, "coming.html", "Kommande utskick", values)


def until(request: Request, till: str) -> tuple[list[Coming], date]:
    """The letters until a day, and which day it is."""
    settings, today = settings_of(request), today_of(request)
    tomorrow = today + timedelta(days=1)
    last = _day(till) or today + timedelta(days=DAYS)
    last = min(max(last, tomorrow), tomorrow + timedelta(days=LONGEST))
    return _hers(request, rehearse(settings, policy.load(settings.home), tomorrow, last)), last


def _hers(request: Request, letters: list[Coming]) -> list[Coming]:
    """The letters that are about nothing but what she leads."""
    if viewer_of(request).administrator:
        return letters
    query = select(c(Activity).id).where(led(request, c(Activity).group_id))
    with reading(settings_of(request)) as session:
        hers = set(session.execute(query).scalars())
    return [one for one in letters if all(row.activity_id in hers for row in one.rows)]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
