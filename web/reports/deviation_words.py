"""Nya ord: which words of a file are codes, ticked one by one or all at once."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from config import clock
from intake.deviation.codes import Word
from intake.deviation.shapes import SWEDISH
from intake.deviation.ticking import tick, words_of
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationImport, ImportState
from web.forms import fields
from web.page import mover_of, settings_of, show
from web.reports.deviation_whose import FIELD

router = APIRouter()
_ALL = "alla"


def to_tick(words: Sequence[Word]) -> dict[str, list[tuple[str, Word]]]:
    """The words by the columns they stand in, each with the name of its box."""
    shown: dict[str, list[tuple[str, Word]]] = {}
    for at, word in enumerate(words):
        shown.setdefault(SWEDISH[word.column], []).append((f"ord{at}", word))
    return shown


def ticked(words: Sequence[Word], given: Mapping[str, str]) -> list[Word]:
    """Those that a form says are codes. A box is known by its place: the words do not change."""
    if _ALL in given:
        return list(words)
    return [word for at, word in enumerate(words) if f"ord{at}" in given]


@router.get("/avvikelser/inlasningar/{import_id}/ord")
def waiting_words(request: Request, import_id: int) -> HTMLResponse:
    """The words of a file that was taken in when nobody was there to be asked."""
    i = c(DeviationImport)
    with reading(settings_of(request)) as session:
        told = session.execute(
            select(i.file, i.state).where(i.id == import_id, i.state != ImportState.WAITING)
        ).one_or_none()
        if told is None:
            raise HTTPException(404)
        words = words_of(session, import_id)
    values = {"id": import_id, "file": told.file, "words": to_tick(words)}
    return show(request, "deviations_words.html", f"Nya ord: {told.file}", values)


@router.post("/avvikelser/inlasningar/{import_id}/ord")
def answer(
    request: Request, import_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Keep which of them are codes; the next file is read with them."""
    i = c(DeviationImport)
    with transaction(settings_of(request)) as session:
        asked = select(i.collaboration_id).where(i.id == import_id, i.state != ImportState.WAITING)
        row = session.execute(asked).one_or_none()
        if row is None or row.collaboration_id is None:
            raise HTTPException(404)
        good = ticked(words_of(session, import_id), given)
        tick(session, import_id, good, mover_of(request).name, clock.now())
    return RedirectResponse(f"/avvikelser?{FIELD}={row.collaboration_id}", 303)
