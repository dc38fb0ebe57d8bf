"""What a group writes about its report: a form by the letter's link, or signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intake.lives.group_notes import record
from models.database import ask, reading, transaction
from models.known import name_in
from models.moves import Mover, Refused
from models.resting import ENDED
from notifications import links
from reports.approval import Edited
from web.forms import fields
from web.page import mover_of, settings_of, today_of
from web.reports.notes_beside import WRITTEN_ABOUT, Tried
from web.reports.reports import edition_page, found, link_page, linked

router = APIRouter()
_KEPT = "#anteckningar"
_ENDED = "Ingenting sparades, för samverkan är avslutad. Rapporten går att läsa som förut."


@router.post("/rapport/{token}/analys")
def write_by_link(
    request: Request, token: str, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Keep what was written by whoever has the letter; or show the page with what was wrong."""
    edition = linked(request, token)
    if isinstance(edition, HTMLResponse):
        return edition
    settings = settings_of(request)
    with reading(settings) as session:
        person_id = links.reader_of_edition(session, settings, token)
        name = name_in(session, edition.frozen.of.collaboration_id, person_id)
        mover = Mover(name, person_id)
        ended = set(ask(session, ENDED, today=today_of(request)).scalars())
    if edition.frozen.of.collaboration_id in ended:
        problems = [_ENDED]
    else:
        problems = _keep(request, edition, given, mover)
    if problems:
        return link_page(request, token, edition, Tried(problems, given))
    return RedirectResponse(f"/rapport/{token}{_KEPT}", 303)


@router.post("/rapporter/{edition_id}/analys")
def write(
    request: Request, edition_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """The same, signed in."""
    with reading(settings_of(request)) as session:
        edition = found(request, session, edition_id)
    problems = _keep(request, edition, given, mover_of(request))
    if problems:
        return edition_page(request, edition_id, tried=Tried(problems, given))
    return RedirectResponse(f"/rapporter/{edition_id}{_KEPT}", 303)


def _keep(request: Request, edition: Edited, given: dict[str, str], mover: Mover) -> list[str]:
    """Keep it; or the sentences that refuse it."""
    if edition.frozen.of.kind not in WRITTEN_ABOUT or not edition.approved:
        raise HTTPException(404)
    try:
        with transaction(settings_of(request)) as session:
            record(session, edition.frozen.id, given, mover, today=today_of(request))
    except Refused as refused:
        return refused.sentences
    return []
