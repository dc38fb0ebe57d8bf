"""Moving an activity, and agreeing anew about it, from its page.

A refusal keeps what was written.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from config import policy
from intake.lives.changes import ask_to_change
from intake.lives.moves import ask_for_group, ask_to_move, move_named
from intake.lives.parts import ask_to_put_parts
from models.database import transaction
from models.moves import Refused
from web.activities.activities import Tried, activity_page
from web.page import fields, mover_of, settings_of, today_of

router = APIRouter()
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
            ask_to_move(
                session,
                activity_id,
                wanted,
                given,
                mover_of(request),
                today=today,
                promises=policy.load(settings_of(request).home),
            )
    except Refused as refused:
        tried = Tried(given.get("move", ""), refused.sentences, given)
        return activity_page(request, activity_id, tried)
    return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)


@router.post("/aktiviteter/{activity_id}/grupp")
def let_group(request: Request, activity_id: int, given: Sent) -> Response:
    """Let another group own the activity."""
    return _group(request, activity_id, given, only_refer=False)


@router.post("/aktiviteter/{activity_id}/hanskjut")
def refer(request: Request, activity_id: int, given: Sent) -> Response:
    """Refer the question to a higher group, or take it back."""
    return _group(request, activity_id, given, only_refer=True)


def _group(
    request: Request, activity_id: int, given: dict[str, str], *, only_refer: bool
) -> Response:
    try:
        with transaction(settings_of(request)) as session:
            ask_for_group(
                session,
                [activity_id],
                given,
                mover_of(request),
                today=today_of(request),
                only_refer=only_refer,
            )
    except Refused as refused:
        form = "hanskjut" if only_refer else "grupp"
        return activity_page(request, activity_id, Tried(form, refused.sentences, given))
    return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)


@router.post("/aktiviteter/{activity_id}/delar")
def put_parts(request: Request, activity_id: int, given: Sent) -> Response:
    """Put parts on the activity, or change one of them."""
    try:
        with transaction(settings_of(request)) as session:
            mover = mover_of(request)
            ask_to_put_parts(session, activity_id, given, mover, today=today_of(request))
    except Refused as refused:
        form = f"del {given.get('row', '')}".strip()
        return activity_page(request, activity_id, Tried(form, refused.sentences, given))
    return RedirectResponse(f"/aktiviteter/{activity_id}#delar", 303)


@router.post("/aktiviteter/{activity_id}/andra")
def change(request: Request, activity_id: int, given: Sent) -> Response:
    """Agree anew on what differs, or say everything that cannot be read."""
    try:
        with transaction(settings_of(request)) as session:
            ask_to_change(
                session,
                activity_id,
                given,
                mover_of(request),
                today=today_of(request),
                review_months=policy.load(settings_of(request).home).review_months,
            )
    except Refused as refused:
        return activity_page(request, activity_id, Tried("andra", refused.sentences, given))
    return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)
