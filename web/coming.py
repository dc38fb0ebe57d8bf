"""Kommande: the letters of the next ninety days, as the rounds write them if nothing happens."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from config import policy
from notifications.rehearsal import LONGEST, rehearse
from web.page import settings_of, show, today_of

router = APIRouter()
DAYS = 90


@router.get("/kommande")
def coming(request: Request, till: str = "") -> HTMLResponse:
    """The letters to come, until a day of choice."""
    settings, today = settings_of(request), today_of(request)
    tomorrow = today + timedelta(days=1)
    last = _day(till) or today + timedelta(days=DAYS)
    last = min(max(last, tomorrow), tomorrow + timedelta(days=LONGEST))
    letters = rehearse(settings, policy.load(settings.home), tomorrow, last)
    values = {"letters": letters, "last": last}
    return show(request, "coming.html", "Kommande utskick", values)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
