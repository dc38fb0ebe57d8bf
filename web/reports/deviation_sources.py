"""Källor: how the files of a deviation system are read, a collaboration's own.

A new one begins with the headings of a file that waits for a yes; what is in its columns is not
shown.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row, select
from sqlmodel import Session

from config import clock
from intake.deviation.headings import LONGEST_HEADING
from intake.deviation.shapes import SWEDISH, Column, Heading, Source
from intake.deviations import save_source, source_numbered
from intake.plan.heading_words import fold
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationImport, DeviationMapping, ImportState
from web.forms import fields
from web.numbers import stopped
from web.page import mover_of, settings_of, show
from web.reports.deviation_whose import FIELD, Whose, first_one, whose

router = APIRouter()


def sources(session: Session, area: int | None) -> list[Row[Any]]:
    """The sources of a collaboration."""
    told = c(DeviationMapping)
    mine = (told.collaboration_id == area, told.collaboration_id.is_not(None))
    asked = select(told.id, told.name, told.own_series).where(*mine).order_by(told.name)
    return list(session.execute(asked).all())


@router.get("/avvikelser/las-in/{import_id}/kalla")
def new(request: Request, import_id: int) -> HTMLResponse:
    """A new source, that begins with the headings of a waiting file."""
    i = c(DeviationImport)
    with reading(settings_of(request)) as session:
        waits = session.execute(
            select(i.collaboration_id, i.source, i.headings).where(
                i.id == import_id, i.state == ImportState.WAITING
            )
        ).one_or_none()
        if waits is None:
            raise HTTPException(404)
        mine = whose(request, session, str(waits.collaboration_id or ""))
    headings = [Heading(text, Column(word) if word else None) for text, word in waits.headings]
    return _source(request, mine, Source(waits.source), headings)


@router.get("/avvikelser/kallor/{mapping_id}")
def source(request: Request, mapping_id: int) -> HTMLResponse:
    """How the files of a source are read."""
    with reading(settings_of(request)) as session:
        found = source_numbered(session, mapping_id)
        if found is None:
            raise HTTPException(404)
        told, area = found
        mine = whose(request, session, str(area or ""))
    headings = [Heading(text, column) for text, column in told.columns.items()]
    return _source(request, mine, told, headings)


def _source(
    request: Request, mine: Whose, told: Source, headings: list[Heading], problem: str = ""
) -> HTMLResponse:
    values = {
        "name": told.name,
        "mine": mine,
        "headings": headings,
        "own_series": told.own_series,
        "columns": SWEDISH,
        "problem": problem,
    }
    title = f"Källa: {told.name}" if told.name else "Ny källa"
    return show(request, "deviations_source.html", title, values, 422 if problem else 200)


@router.post("/avvikelser/kallor")
def save(request: Request, given: Annotated[dict[str, str], Depends(fields)]) -> Response:
    """Save which heading is which column; then the file is chosen again."""
    settings = settings_of(request)
    with reading(settings) as session:
        mine = whose(request, session, given.get(FIELD, ""))
    name = " ".join(given.get("namn", "").replace("\x00", "").split())[:LONGEST_HEADING]
    columns = _chosen(given)
    picked = [column for column in columns.values() if column]
    told = Source(name, columns, "egen" in given)
    problems = [mine.problem] if mine.problem else []
    if not name or "/" in name:
        problems.append("Ge källan ett namn, utan snedstreck.")
    problems += stopped(request).sentences
    if len(picked) != len(set(picked)):
        problems.append("Samma kolumn är vald två gånger.")
    if problems:
        headings = [Heading(text, column) for text, column in columns.items()]
        return _source(request, mine, told, headings, " ".join(problems))
    mine = first_one(settings, mine)
    assert mine.id is not None
    with transaction(settings) as session:
        save_source(session, mine.id, told, mover_of(request).name, clock.now())
    named = f"&{FIELD}={mine.id}" if mine.choices else ""
    return RedirectResponse(f"/avvikelser/las-in?kalla={quote(name)}&sparad=ja{named}", 303)


def _chosen(given: dict[str, str]) -> dict[str, Column | None]:
    """Folded heading -> column, of the fields rubrik0, kolumn0, rubrik1 …"""
    known = {column.value for column in Column}
    chosen: dict[str, Column | None] = {}
    for at in range(len(given)):
        heading = fold(given.get(f"rubrik{at}", ""))[: 2 * LONGEST_HEADING]
        word = given.get(f"kolumn{at}", "")
        if heading:
            chosen[heading] = Column(word) if word in known else None
    return chosen
