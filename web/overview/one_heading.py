"""All that stands under one heading of the first page, a page of fifty at a time.

The first page shows a few of each and leads here; the questions are the same (`attention.py`).
"""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from models.database import reading
from web.overview.attention import heading_of
from web.overview.heading import REST, Attention, Part, activity_of, seen_by
from web.overview.next_up import ANSWERS_OF_WEEK, answers_of_week
from web.page import NotAllowed, leads, settings_of, show

router = APIRouter()
PAGE = 50


@router.get(REST)
def one_heading(request: Request, vad: str = "", sida: str = "") -> Response:
    """The lines of a heading; a page after the last one is the last."""
    if not vad:
        return RedirectResponse("/", 303)
    page = max(int(sida), 1) if sida.isdecimal() and len(sida) < 6 else 1
    with reading(settings_of(request)) as session:
        found = _asked(session, request, vad, page)
        pages = max(-(-found.number // PAGE), 1)
        if page > pages:
            page = pages
            found = _asked(session, request, vad, page)
    return _shown(request, found, vad, page, pages)


def _asked(session: Session, request: Request, word: str, page: int) -> Attention:
    part = Part((page - 1) * PAGE, PAGE)
    seen = seen_by(request, part)
    if word == ANSWERS_OF_WEEK and leads(request):
        return answers_of_week(session, request, seen.today, part)
    heading = heading_of(word, seen)
    if heading is not None:
        return heading.asked(session, seen)
    if word == ANSWERS_OF_WEEK:
        raise NotAllowed
    raise HTTPException(404)


def _shown(request: Request, found: Attention, word: str, page: int, pages: int) -> HTMLResponse:
    values = {
        "a": found,
        "word": word,
        "page": page,
        "pages": pages,
        "first": (page - 1) * PAGE + 1,
        "activity_of": activity_of,
    }
    return show(request, "one_heading.html", found.title, values)
