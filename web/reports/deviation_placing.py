"""Placera: what was taken in before deviations were a collaboration's, for administrators alone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intake.deviation.folder import of_nobody
from intake.deviation.placing import CannotPlace, place, place_source, unplaced, unplaced_sources
from intake.deviation.whose import collaborations
from models.database import reading, transaction
from web.forms import fields
from web.page import settings_of, show
from web.reports.deviation_whose import FIELD, whose

router = APIRouter()
_PAGE = "/avvikelser/placera"


@router.get(_PAGE)
def waits(request: Request) -> HTMLResponse:
    """What waits, and the collaborations that it may be given to."""
    return _page(request)


def _page(request: Request, problem: str = "") -> HTMLResponse:
    settings = settings_of(request)
    with reading(settings) as session:
        values = {
            "files": unplaced(session),
            "sources": unplaced_sources(session),
            "areas": collaborations(session),
            "in_folder": 0,
            "problem": problem,
        }
    values["in_folder"] = of_nobody(settings)
    status = 422 if problem else 200
    return show(request, "deviations_place.html", "Placera avvikelser", values, status)


@router.post("/avvikelser/inlasningar/{import_id}/placera")
def place_files(
    request: Request, import_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Give a file, and those it hangs together with, to a collaboration."""
    try:
        with transaction(settings_of(request)) as session:
            mine = whose(request, session, given.get(FIELD, ""))
            if mine.id is None:
                raise CannotPlace("no collaboration", mine.problem)
            place(session, import_id, mine.id)
    except CannotPlace as refused:
        return _page(request, str(refused))
    return RedirectResponse(_PAGE, 303)


@router.post("/avvikelser/kallor/{mapping_id}/placera")
def place_mapping(
    request: Request, mapping_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """The same of a source."""
    try:
        with transaction(settings_of(request)) as session:
            mine = whose(request, session, given.get(FIELD, ""))
            if mine.id is None:
                raise CannotPlace("no collaboration", mine.problem)
            place_source(session, mapping_id, mine.id)
    except CannotPlace as refused:
        return _page(request, str(refused))
    return RedirectResponse(_PAGE, 303)
