"""Varför inget brev? For a person and a day: the reasons, as `rules/why_not.py` names them."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from config import policy
from models.database import reading
from models.person import Person
from notifications.why_not import explain, people_named
from rules.swedish_dates import read
from web.page import settings_of, show, today_of
from web.people.people import hers

router = APIRouter()


@router.get("/utskick/varfor")
def why(request: Request, person: str = "", dag: str = "") -> HTMLResponse:
    """The form, and the answer when a person and a day are given."""
    settings, today = settings_of(request), today_of(request)
    day = (read(dag, today).last if dag else None) or today
    with reading(settings) as session:
        chosen = _person(session, request, person)
        because = (
            explain(session, policy.load(settings.home), chosen.id, day, today)
            if chosen and chosen.id
            else []
        )
        values = {
            "asked": person,
            "person": chosen.name if chosen else "",
            "day": day,
            "because": because,
            "unknown": bool(person) and chosen is None,
        }
    return show(request, "why_not.html", "Varför inget brev?", values)


def _person(session: Session, request: Request, words: str) -> Person | None:
    """By number, name or address; by those of the collaborations that the viewer leads only."""
    if words.isdecimal() and len(words) < 10:
        return session.get(Person, int(words))
    found = people_named(session, words, hers(request)) if words else []
    return session.get(Person, found[0][0]) if len(found) == 1 else None
