"""The first page, *I dag*: what needs attention, with what is done about it on the spot.

Then what comes and what came, how many activities there are of each state, and the wheel.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from config import policy
from models.activity import Activity
from models.columns import c
from models.database import ask, reading
from models.group import Collaboration
from models.lifecycle import State
from models.person import Person
from models.plan import Plan
from models.resting import resting
from web.overview.attention import attention
from web.overview.heading import SHOWN, activity_of, seen_by
from web.overview.next_up import next_up
from web.overview.wheel import wheel
from web.page import leads, leads_area, settings_of, show, today_of

router = APIRouter()


@router.get("/")
def overview(request: Request) -> HTMLResponse:
    """The first page."""
    seen = seen_by(request)
    today = seen.today
    with reading(settings_of(request)) as session:
        found = [a for a in attention(session, seen) if a.number]
        told = {number for a in found for line in a.lines if (number := activity_of(line))}
        promises = policy.load(settings_of(request).home)
        values = {
            "shown": SHOWN,
            "at_rest": _at_rest(session, request),
            "activity_of": activity_of,
            "attention": found,
            "next_up": next_up(session, request, promises, today, told) if seen.leads else None,
            "counts": _counts(session, seen.activities),
            "states": list(State),
            "wheel": wheel(session, request, seen.activities, today),
            "any_plan": ask(session, _A_PLAN).first() is not None,
            "any_person": ask(session, _A_PERSON).first() is not None,
            "may_lead": leads(request),
        }
    return show(request, "overview.html", "I dag", values)


def _at_rest(session: Session, request: Request) -> list[tuple[int, str]]:
    """The collaborations that she leads, of which nothing goes out today: number and name."""
    if not leads(request):
        return []
    area = c(Collaboration)
    hers = leads_area(request, area.id)
    rows = ask(
        session, select(area.id, area.name).where(area.id.in_(resting(today_of(request))), hers)
    )
    return [(id_, name) for id_, name in rows]


def _counts(session: Session, seen: ColumnElement[bool]) -> dict[str, int]:
    """As many as the list has that each number leads to: nothing of a plan that was withdrawn."""
    withdrawn = select(c(Plan).id).where(c(Plan).withdrawn_on.is_not(None))
    there = c(Activity).plan_id.not_in(withdrawn)
    query = select(c(Activity).state, func.count()).where(seen, there)
    rows = ask(session, query.group_by(c(Activity).state))
    return {state.value: number for state, number in rows}


_A_PLAN = select(c(Plan).id).limit(1)
_A_PERSON = select(c(Person).id).limit(1)
