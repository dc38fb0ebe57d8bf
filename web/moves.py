"""Moving an activity, and agreeing anew about it, from its page. A refusal keeps what was written.

Until there is sign-in the pages are the process leader's own, and the history says so.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from intake.changes import ask_to_change
from intake.moves import ask_to_move, move_named
from models.database import transaction
from models.moves import Mover, Refused
from web.activities import Tried, activity_page
from web.page import fields, settings_of, today_of

router = APIRouter()
ON_PAGES = Mover("processledaren")
Sent = Annotated[dict[str, str], Depends(fields)]


@router.post("/aktiviteter/{activity_id}/flytta")
def move(request: Request, activity_id: int, given: Sent) -> Response:
    """Make a move, or say everything that stands in its way."""
    wanted = move_named(given.get("move", ""))
    try:
        if wanted is None:
            raise Refused(["Välj vilken flytt som ska göras."])
        with transaction(settings_of(request)) as session:
            today = today_of(request)
            ask_to_move(session, activity_id, wanted, given, ON_PAGES, today=today)
    except Refused as refused:
        tried = Tried(given.get("move", ""), refused.sentences, given)
        return activity_page(request, activity_id, tried)
    return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)


@router.post("/aktiviteter/{activity_id}/andra")
def change(request: Request, activity_id: int, given: Sent) -> Response:
    """Agree anew on what differs, or say everything that cannot be read."""
    try:
        with transaction(settings_of(request)) as session:
            ask_to_change(session, activity_id, given, ON_PAGES, today=today_of(request))
    except Refused as refused:
        return activity_page(request, activity_id, Tried("andra", refused.sentences, given))
    return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)
