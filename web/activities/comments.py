"""Writing about an activity from its page: words, an https address, a file; and taking it back.

A refused file keeps the comment: nothing is saved, and the words stand in the form as they were.
"""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from sqlmodel import Session

from intake.attachments import Attached, attached, too_big
from intake.documents import Refusal
from intake.lives.comments import comment, read, take_back
from intake.scanned import Unscanned
from models.activity import Activity
from models.comment import MOST_BYTES
from models.database import reading
from models.moves import Mover
from models.refusal import at
from rules.comments import problems
from web.activities.activities import activity_page
from web.activities.conversation import DONE, to_save
from web.kept_files import Given, sent
from web.numbers import stopped
from web.page import settings_of
from web.sent import Sent, Tried, attempt, existing, number_of
from web.watched import Happened, tell

router = APIRouter()
FORM = "kommentar"


async def _sent(request: Request) -> AsyncIterator[Given]:
    async with sent(request, most=MOST_BYTES, keep_words=True) as given:
        yield given


@router.post("/aktiviteter/{activity_id}/kommentar")
def write(request: Request, activity_id: int, given: Annotated[Given, Depends(_sent)]) -> Response:
    """Save a comment with its file, or show the form again as it was, without the file."""
    again = partial(activity_page, request, activity_id)
    file = None
    if not stopped(request).sentences:
        try:
            file = _file_of(given)
        except (Refusal, Unscanned) as refusal:
            tell(request, Happened.REFUSED_FILE)
            wrong = problems(**read(given.fields), may_attach=True, has_file=True)
            told = [*wrong, at("file", refusal.swedish)]
            return again(Tried(FORM, told, given.fields))

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Activity, activity_id)
        most = settings_of(request).max_attached_mb
        number = comment(
            *(session, activity_id, given.fields, mover),
            today=today,
            attached=file,
            most_mb=most,
        )
        return f"/aktiviteter/{activity_id}?gjort={DONE}{number}#samtal"

    return attempt(request, FORM, given.fields, do, again)


def _file_of(given: Given) -> Attached | None:
    if given.too_big:
        raise too_big(given.name)
    return attached(given.name, given.file) if given.file is not None else None


@router.post("/aktiviteter/{activity_id}/kommentar/angra")
def undo(request: Request, activity_id: int, given: Sent) -> Response:
    """Take a comment back; what stood in it is gone."""
    number = number_of(given, "kommentar")

    def do(session: Session, mover: Mover, today: date) -> str:
        take_back(session, activity_id, number, mover, today=today)
        return f"/aktiviteter/{activity_id}?gjort={DONE}{number}#samtal"

    return attempt(request, "samtal", given, do, partial(activity_page, request, activity_id))


@router.get("/aktiviteter/{activity_id}/bilagor/{file_id}")
def download(request: Request, activity_id: int, file_id: int) -> Response:
    """A comment's file, to be saved."""
    with reading(settings_of(request)) as session:
        found = to_save(session, activity_id, file_id)
    if found is None:
        raise HTTPException(404)
    return found
