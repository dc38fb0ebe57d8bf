"""A plan as a file of Word or Excel: the table that its collaboration works with."""

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from config.settings import Settings
from intake.documents import Refusal, read_content
from intake.filing.again import says_the_same
from intake.plan.synonyms import own_headings
from intake.plan_seen import seen
from intake.scanned import MadeHere
from models.database import reading
from reports.plan_files import MEDIA_TYPES, WRITERS, file_name
from reports.plan_table import Drawn, PlanTable, plan_table
from web.belongings import LARGEST
from web.page import settings_of, today_of

router = APIRouter()


@router.get("/planer/{plan_id}.docx")
def in_word(request: Request, plan_id: int) -> Response:
    """The plan as a Word file."""
    return _file(request, plan_id, "docx")


@router.get("/planer/{plan_id}.xlsx")
def in_excel(request: Request, plan_id: int) -> Response:
    """The plan as an Excel file."""
    return _file(request, plan_id, "xlsx")


def drawn_as(
    settings: Settings, plan_id: int, kind: str, *, today: date
) -> tuple[PlanTable, bytes] | None:
    """The plan in the shape that it came in, as far as reading it in again changes nothing.

    A shape that would be read as something else gives way to a plainer one; None: no such plan.
    Raises `NotNow` when it cannot be tried just now: that says nothing of the shape.
    """
    for drawn in Drawn:
        with reading(settings) as session:
            table = plan_table(session, plan_id, drawn)
        if table is None:
            return None
        data = WRITERS[kind](table)
        if drawn is Drawn.STANDARD or _comes_in_again(
            settings, plan_id, f"plan.{kind}", data, today
        ):
            return table, data
    return None


def _comes_in_again(settings: Settings, plan_id: int, name: str, data: bytes, today: date) -> bool:
    """Nothing is asked of the database while the file waits for its turn to be read."""
    try:
        made, known = MadeHere(data), own_headings(settings.home)
        draft = seen(read_content(name, made, max_bytes=len(data)), known).draft
    except Refusal:
        return False
    if draft is None:
        return False
    own = settings.organisation
    with reading(settings) as session:
        return says_the_same(session, draft, plan_id, organisation=own, today=today)


def _file(request: Request, plan_id: int, kind: str) -> Response:
    settings, today = settings_of(request), today_of(request)
    found = drawn_as(settings, plan_id, kind, today=today) if plan_id <= LARGEST else None
    if found is None:
        raise HTTPException(404)
    table, data = found
    headers = {"Content-Disposition": f'attachment; filename="{file_name(table, kind)}"'}
    return Response(data, media_type=MEDIA_TYPES[kind], headers=headers)
