"""A meeting's minutes as files, and the days on which a group meets, several at once for a year."""

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from intake.lives.meetings import coming_day, forget_days, meeting_on
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.moves import Refused
from models.refusal import at
from models.status_round import Meeting
from reports.minutes import minutes_of
from web.days import day_in_address
from web.numbers import stopped
from web.page import settings_of, today_of
from web.people.meeting_day import FORMATS, agenda_out, as_file
from web.people.meetings import Minutes, meeting_page
from web.sent import Sent, existing

router = APIRouter()
_MOST = 60  # days in one form


@router.get("/moten/{group_id}/protokoll.{file_format}")
def minutes(request: Request, group_id: int, file_format: str, dag: str = "") -> Response:
    """What the group decided on a day, as Word or PDF."""
    day = day_in_address(dag)
    if day is None or file_format not in FORMATS:
        raise HTTPException(404)
    settings = settings_of(request)
    with reading(settings) as session:
        existing(session, Group, group_id)
        told = minutes_of(session, group_id, day, today_of(request))
    if told is None:
        raise HTTPException(404)
    return as_file(request, told, f"protokoll-{day}", file_format)


@router.post("/moten/{group_id}/dagar")
def days(request: Request, group_id: int, given: Sent) -> Response:
    """Note the days on which the group meets, one a line; or remove one."""
    today = today_of(request)
    told = stopped(request).sentences
    if told:
        return meeting_page(request, group_id, Minutes(given=given), told)
    try:
        wanted = _read(given.get("days", ""), today)
    except Refused as refused:
        return meeting_page(request, group_id, Minutes(given=given), refused.sentences)
    problems: list[str] = []
    changed: list[date] = []
    with transaction(settings_of(request)) as session:
        existing(session, Group, group_id)
        ours = c(Meeting).group_id == group_id
        known = set(session.execute(select(c(Meeting).on_day).where(ours)).scalars())
        changed = [day for day in wanted if (day in known) == bool(given.get("remove"))]
        out = agenda_out(session, group_id, changed) if given.get("remove") else None
        if given.get("remove"):
            try:
                forget_days(session, group_id, wanted)
            except Refused as refused:
                problems = refused.sentences
        else:
            for day in changed:
                meeting_on(session, group_id, day)
    if problems:
        return meeting_page(request, group_id, Minutes(given=given), problems)
    if not changed:
        return RedirectResponse(f"/moten/{group_id}#dagar", 303)
    word = "borttagna" if given.get("remove") else "inlagda"
    days_told = "_".join(day.isoformat() for day in changed)
    went = f"&ute={out}" if out else ""
    return RedirectResponse(f"/moten/{group_id}?{word}={days_told}{went}#dagar", 303)


def _read(words: str, today: date) -> list[date]:
    """The days of a form. Raises `Refused` with a sentence for each that is none, or has been."""
    lines = [line.strip() for line in words.replace(";", "\n").splitlines() if line.strip()]
    problems = []
    found: list[date] = []
    for line in lines[:_MOST]:
        try:
            found.append(coming_day("days", line, today))
        except Refused as refused:
            problems += refused.sentences
    if not lines:
        problems.append(at("days", "Skriv minst en dag, en på varje rad: 2025-03-14."))
    if len(lines) > _MOST:
        problems.append(at("days", f"Högst {_MOST} dagar åt gången."))
    if problems:
        raise Refused(problems)
    return list(dict.fromkeys(found))
