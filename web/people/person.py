"""One person: what she answers for, her letters and links, and what the leader does with her."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import clock
from intake.people import persons as changing
from intake.people.delegation import delegate
from intake.people.roles import end_role, take_role
from models.columns import c
from models.database import reading
from models.letter import Letter, Link
from models.person import Person
from notifications.directory import AnswersFor, answers_for
from notifications.feeds import feed_address
from rules.wording import alphabetically
from web.page import mover_of, settings_of, show, today_of
from web.people.delegation import chosen, handed_over, scopes, take_back
from web.people.people import has_left, standing
from web.people.register import (
    ROLES,
    area_of_group,
    held,
    holdings,
    is_over,
    led_areas,
    notes,
    open_groups,
)
from web.sent import Sent, Tried, attempt, existing, locked, number_of, seen

router = APIRouter()
MOST = 200  # activities on a page
SHOWN = 20  # letters


@router.get("/personer/{person_id}")
def person(request: Request, person_id: int) -> HTMLResponse:
    """One person: roles, what she answers for and why, letters, stand-ins, links, history."""
    return _page(request, person_id, Tried())


@router.post("/personer/{person_id}/{deed}")
def change(request: Request, person_id: int, deed: str, given: Sent) -> Response:
    """Do one of the things that the page offers, or say why it cannot be done."""
    asked = _DEEDS.get(deed)
    if asked is None:
        raise HTTPException(404)

    def do(session: Session, *_: object) -> str:
        existing(session, Person, person_id)
        asked(session, request, person_id, given)
        return f"/personer/{person_id}#hant"

    return attempt(request, deed, given, do, partial(_page, request, person_id))


Deed = Callable[[Session, Request, int, dict[str, str]], Any]


def _change(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    row = locked(session, Person, person_id)
    asked = seen(given, person_now(row), {"name": "Namn", "email": "E-postadress"})
    changing.change_person(session, person_id, asked, mover_of(request), today=today)


def person_now(person: Person) -> dict[str, object]:
    """What the form of a person is filled from, by the names of its fields."""
    return {"name": person.name, "email": person.email}


def _leave(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    changing.leave(session, person_id, given, mover_of(request), today=today_of(request))


def _come_back(session: Session, request: Request, person_id: int, _: dict[str, str]) -> None:
    changing.come_back(session, person_id, mover_of(request), today=today_of(request))


def _take_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    area_of_group(session, request, given)
    group_id = number_of(given, "group")
    mover, today = mover_of(request), today_of(request)
    take_role(session, group_id, person_id, given, mover, today=today)


def _end_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    holding = held(session, given, person_id=person_id)
    end_role(session, holding, given, mover_of(request), today=today_of(request))


def _hand_over(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    scope = chosen(given, scopes(session, person_id, today, _led(session, request)))
    delegate(session, person_id, given, mover_of(request), today=today, scope=scope)


def _take_back(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    take_back(session, person_id, given, mover_of(request), today_of(request))


def _revoke(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    link_id = None if given.get("link") == "alla" else number_of(given, "link")
    mover, today = mover_of(request), today_of(request)
    changing.revoke_links(session, person_id, mover, today=today, link_id=link_id)


_DEEDS: dict[str, Deed] = {
    "andra": _change,
    "slutat": _leave,
    "tillbaka": _come_back,
    "roller": _take_role,
    "avsluta": _end_role,
    "ersattare": _hand_over,
    "avsluta-ersattare": _take_back,
    "lankar": _revoke,
}


def _page(request: Request, person_id: int, tried: Tried) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = existing(session, Person, person_id)
        answering: list[AnswersFor] = answers_for(session, person_id, today)
        roles = _roles(session, person_id)
        values = {
            "person": row,
            "standing": standing(row, today),
            "left": has_left(row, today),
            "answering": answering[:MOST],
            "answering_number": len(answering),
            "roles_now": [role for role in roles if not is_over(role, today)],
            "roles_then": [role for role in roles if is_over(role, today)],
            "letters": _letters(session, person_id),
            "handed_over": handed_over(session, person_id, today),
            "taken_over": handed_over(session, person_id, today, to_her=True),
            "links": _links(session, person_id),
            "feed": feed_address(session, settings_of(request), person_id=person_id),
            "back": f"/personer/{person_id}",
            "notes": notes(session, person_id=person_id),
            "scopes": scopes(session, person_id, today, _led(session, request)),
            "all_groups": open_groups(session, request),
            "roles": ROLES,
            "tried": tried,
            "person_now": person_now,
        }
    return show(request, "person.html", row.name, values, tried.status)


def _led(session: Session, request: Request) -> frozenset[int]:
    """The collaborations that the viewer leads."""
    return frozenset(area for area, _ in led_areas(session, request))


def _roles(session: Session, person_id: int) -> list[Any]:
    """Her roles, group by group, the earliest first."""
    rows = holdings(session, person_id=person_id)
    first = date.min
    return sorted(rows, key=lambda row: (alphabetically(row.group), row.starts_on or first))


def _letters(session: Session, person_id: int) -> list[Any]:
    rows = session.execute(
        select(c(Letter).id, c(Letter).on_day, c(Letter).subject, c(Letter).state)
        .where(c(Letter).person_id == person_id)
        .order_by(c(Letter).id.desc())
        .limit(SHOWN)
    )
    return list(rows)


def _links(session: Session, person_id: int) -> list[Any]:
    """The links that still open her page."""
    rows = session.execute(
        select(c(Link).id, c(Link).made_at, c(Link).expires_at)
        .where(
            c(Link).person_id == person_id,
            c(Link).revoked_at.is_(None),
            c(Link).expires_at > clock.now(),
        )
        .order_by(c(Link).id.desc())
    )
    return list(rows)
