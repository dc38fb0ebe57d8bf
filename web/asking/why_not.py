"""Varför inget brev? For a person and a day: the reasons, as `rules/why_not.py` names them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from models.columns import c
from models.database import reading
from models.known import called_by
from models.person import Person
from notifications.why_not import EVERYTHING, Sight, explain, people_named
from rules.swedish_dates import read
from rules.why_not import Because
from web.asking.letters import hers as her_letters
from web.page import settings_of, show, today_of, viewer_of
from web.people.people import hers
from web.people.seen import seen_by

router = APIRouter()


@router.get("/utskick/varfor")
def why(request: Request, person: str = "", dag: str = "") -> HTMLResponse:
    """The form, and the answer when a person and a day are given."""
    settings, today = settings_of(request), today_of(request)
    day = (read(dag, today).last if dag else None) or today
    with reading(settings) as session:
        chosen = _person(session, request, person)
        name, because = "", list[Because]()
        if chosen is not None:
            sight = _sight(session, request, chosen)
            rules = policy.load(settings.home)
            name = seen_by(session, request, chosen).name(session)
            because = explain(session, rules, chosen, day, today, sight)
        values = {
            "asked": person,
            "person": name,
            "day": day,
            "because": because,
            "unknown": bool(person) and chosen is None,
        }
    return show(request, "why_not.html", "Varför inget brev?", values)


def _person(session: Session, request: Request, words: str) -> int | None:
    """By number, address, or the name she has here; of those that the viewer may see only."""
    if words.isdecimal() and len(words) < 10:
        asked = select(c(Person).id).where(c(Person).id == int(words), hers(request))
        return session.execute(asked).scalar()
    viewer = viewer_of(request)
    called = None if viewer.administrator else called_by(viewer.leads)
    found = people_named(session, words, hers(request), called) if words else []
    return found[0][0] if len(found) == 1 else None


def _sight(session: Session, request: Request, person_id: int) -> Sight:
    """What she may know of the person: as on the person's page, and in the lists of letters."""
    if viewer_of(request).administrator:
        return EVERYTHING
    seen = seen_by(session, request, person_id)
    left_on = seen.last_day(session)
    return Sight(seen.areas, her_letters(request), seen.at_home, seen.all_is_seen(session), left_on)
