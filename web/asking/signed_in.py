"""Mina aktiviteter: what whoever has signed in answers for, and the way to say how it goes.

The same as a link in a letter opens (`hers.py`), without the letter. To answer she gets a link of
her own, so that answering is one page and one set of rules. It opens in her session alone and ends
with it: the address stays in the browser's history.
"""

from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.left import areas_left
from models.listing import late
from notifications import links
from notifications.links import Opened
from web.asking.behind import with_ended
from web.asking.hers import what_is_hers
from web.page import readable_activities, settings_of, show, today_of, viewer_of

router = APIRouter()
_NO_LINK = 0  # no row has that number: nothing is hers by a letter


@router.get("/mina-aktiviteter")
def signed_in(request: Request) -> HTMLResponse:
    """What she answers for today, nearest deadline first."""
    today, person_id = today_of(request), _who(request)
    with reading(settings_of(request)) as session:
        rows = _rows(request, session, person_id, today)
        asked = select(c(Activity).id).where(
            c(Activity).id.in_([row.id for row in rows]), readable_activities(viewer_of(request))
        )
        values = {
            "rows": rows,
            "may_read": set(session.execute(asked).scalars()),
            "late": {row.id for row in rows if late(row, today)},
        }
    return show(request, "signed_in.html", "Mina aktiviteter", values)


@router.post("/mina-aktiviteter/svara")
def answer(request: Request) -> Response:
    """To the page where she says how it goes."""
    settings, person_id = settings_of(request), _who(request)
    session_id = viewer_of(request).session_id
    if session_id is None:
        raise HTTPException(404)
    with transaction(settings) as session:
        number = links.of_session(session, settings, person_id, session_id)
        whole = links.address(settings, number)
    return RedirectResponse(whole.removeprefix(settings.pages_url), 303)


def _who(request: Request) -> int:
    person_id = viewer_of(request).person_id
    if person_id is None:
        raise HTTPException(404)
    return person_id


def _rows(request: Request, session: Session, person_id: int, today: date) -> list[Any]:
    left = areas_left(session, person_id, today)
    opened = with_ended(request, session, Opened(_NO_LINK, person_id, left, left))
    return what_is_hers(session, opened, today).rows
