"""A plan as a file of Word or Excel: the table that its collaboration works with."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from models.database import reading
from reports.plan_table import MEDIA_TYPES, WRITERS, file_name, plan_table
from web.belongings import LARGEST
from web.page import settings_of

router = APIRouter()


@router.get("/planer/{plan_id}.docx")
def in_word(request: Request, plan_id: int) -> Response:
    """The plan as a Word file."""
    return _file(request, plan_id, "docx")


@router.get("/planer/{plan_id}.xlsx")
def in_excel(request: Request, plan_id: int) -> Response:
    """The plan as an Excel file."""
    return _file(request, plan_id, "xlsx")


def _file(request: Request, plan_id: int, kind: str) -> Response:
    with reading(settings_of(request)) as session:
        table = plan_table(session, plan_id) if plan_id <= LARGEST else None
    if table is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(table, kind)}"'}
    return Response(WRITERS[kind](table), media_type=MEDIA_TYPES[kind], headers=headers)
