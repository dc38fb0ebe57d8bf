"""Kommande: the letters of the next ninety days, as the rounds write them if nothing happens."""

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from config import policy
from models.columns import c
from models.database import reading
from models.group import Group
from models.person import RoleHolding
from notifications.rehearsal import LONGEST, Coming, rehearse
from notifications.reports_due import areas_with_deviations, may_be_corrected
from web.page import led, may_lead, settings_of, show, today_of, viewer_of

router = APIRouter()
DAYS = 90


@router.get("/kommande")
def coming(request: Request, till: str = "") -> HTMLResponse:
    """The letters to come, until a day of choice."""
    letters, last = until(request, till)
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        areas = [area for area in areas_with_deviations(session) if may_lead(request, area)]
        corrected = may_be_corrected(session, areas, policy.load(settings.home), today)
    values = {"letters": letters, "last": last, "corrected": corrected}
    return show(request, "coming.html", "Kommande utskick", values)


def until(request: Request, till: str) -> tuple[list[Coming], date]:
    """The letters until a day, and which day it is."""
    settings, today = settings_of(request), today_of(request)
    tomorrow = today + timedelta(days=1)
    last = _day(till) or today + timedelta(days=DAYS)
    last = min(max(last, tomorrow), tomorrow + timedelta(days=LONGEST))
    return _hers(request, rehearse(settings, policy.load(settings.home), tomorrow, last)), last


def _hers(request: Request, letters: list[Coming]) -> list[Coming]:
    """The letters about nothing but what she leads; else to people with roles there only."""
    if viewer_of(request).administrator:
        return letters
    role = c(RoleHolding)
    with reading(settings_of(request)) as session:
        groups = set(
            session.execute(select(c(Group).id).where(led(request, c(Group).id))).scalars()
        )
        held = session.execute(select(role.person_id, role.group_id)).all()
    elsewhere = {person for person, group in held if group not in groups}
    people = {person for person, _ in held} - elsewhere

    def about_hers(one: Coming) -> bool:
        about = {row.group_id for row in one.rows} - {None}
        return about <= groups if about else one.person_id in people

    return [one for one in letters if about_hers(one)]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
