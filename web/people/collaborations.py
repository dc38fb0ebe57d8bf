"""Collaborations: those she runs, a new one, what each is called, and when one rests or ends.

Who administers makes and ends them; who leads one says what it is called and lets it rest. An
installation with one needs none of this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select
from sqlmodel import Session

from intake.people import collaborations as changing
from intake.people.collaborations import pause_of, pauses, standing
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Collaboration, Group, RegisterNote
from models.known import called
from models.lifecycle import OPEN
from models.moves import Mover
from models.person import Person, Role, RoleHolding
from rules.wording import alphabetically
from web.page import leads_area, settings_of, show, today_of, viewer_of
from web.people.history import Entry, entries
from web.sent import Sent, Tried, attempt, existing, locked, seen

router = APIRouter()
Deed = Callable[[Session, Mover, date], object]


@dataclass(frozen=True, slots=True)
class Line:
    """A collaboration in the list."""

    id: int
    name: str
    standing: str
    leaders: list[str]
    groups: int
    open: int


@router.get("/samverkan")
def collaborations(request: Request) -> HTMLResponse:
    """Those that she runs, and for administrators a new one."""
    return _list(request, Tried())


@router.post("/samverkan")
def make(request: Request, given: Sent) -> Response:
    """Make a collaboration."""

    def do(session: Session, mover: Mover, today: date) -> str:
        return f"/samverkan/{changing.make_collaboration(session, given, mover, today=today)}"

    return attempt(request, "ny", given, do, partial(_list, request))


@router.get("/samverkan/{collaboration_id}")
def collaboration(request: Request, collaboration_id: int) -> HTMLResponse:
    """One: what it is called, who leads it, whether it is at work."""
    return _one(request, collaboration_id, Tried())


@router.post("/samverkan/{collaboration_id}/andra")
def change(request: Request, collaboration_id: int, given: Sent) -> Response:
    """Change what it is called, here and in letters."""

    def do(session: Session, mover: Mover, today: date) -> None:
        now = named(locked(session, Collaboration, collaboration_id))
        asked = seen(given, now, _LABELS)
        knows_all = viewer_of(request).administrator
        changing.change_collaboration(
            *(session, collaboration_id, asked, mover),
            today=today,
            knows_all=knows_all,
            installation=settings_of(request).organisation,
        )

    return _try(request, collaboration_id, "andra", given, do)


@router.post("/samverkan/{collaboration_id}/pausa")
def pause(request: Request, collaboration_id: int, given: Sent) -> Response:
    """Let it rest."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.pause_collaboration(session, collaboration_id, given, mover, today=today)

    return _try(request, collaboration_id, "pausa", given, do)


@router.post("/samverkan/{collaboration_id}/ateruppta")
def resume(request: Request, collaboration_id: int) -> Response:
    """Let it go on."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.resume_collaboration(session, collaboration_id, mover, today=today)

    return _try(request, collaboration_id, "ateruppta", {}, do)


@router.post("/samverkan/{collaboration_id}/avsluta")
def end(request: Request, collaboration_id: int, given: Sent) -> Response:
    """Say its last day."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.end_collaboration(session, collaboration_id, given, mover, today=today)

    return _try(request, collaboration_id, "avsluta", given, do)


@router.post("/samverkan/{collaboration_id}/avsluta/angra")
def go_on(request: Request, collaboration_id: int) -> Response:
    """Take back that it ends."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.take_back_end(session, collaboration_id, mover, today=today)

    return _try(request, collaboration_id, "angra", {}, do)


def named(row: Collaboration) -> dict[str, object]:
    """What the form of names is filled from, by the names of its fields."""
    return {"name": row.name, "sender_name": row.sender_name}


_LABELS = {"name": "Namn", "sender_name": "Avsändare i brev"}


def lines(session: Session, request: Request) -> list[Line]:
    """The collaborations that she runs, in the order of the alphabet."""
    today = today_of(request)
    area = c(Collaboration)
    asked = select(area.id, area.name, area.ends_on).where(leads_area(request, area.id))
    rows = session.execute(asked).all()
    groups, active = _numbers(session)
    leaders, rests = _leaders(session, today), pauses(session, today)
    return [
        Line(
            row.id,
            row.name,
            standing(row.ends_on, rests.get(row.id), today),
            sorted(leaders.get(row.id, ()), key=alphabetically),
            groups.get(row.id, 0),
            active.get(row.id, 0),
        )
        for row in sorted(rows, key=lambda row: alphabetically(row.name))
    ]


def _numbers(session: Session) -> tuple[dict[int, int], dict[int, int]]:
    """How many groups and open activities each has."""
    groups = select(c(Group).collaboration_id, func.count()).group_by(c(Group).collaboration_id)
    active = (
        select(c(Group).collaboration_id, func.count())
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(c(Activity).state.in_(OPEN))
        .group_by(c(Group).collaboration_id)
    )
    return (
        dict(session.execute(groups).tuples().all()),
        dict(session.execute(active).tuples().all()),
    )


def _leaders(session: Session, today: date) -> dict[int, list[str]]:
    """Who leads each today, by the names that it knows them by."""
    holding = c(RoleHolding)
    has_begun = holding.starts_on.is_(None) | (holding.starts_on <= today)
    goes_on = holding.ends_on.is_(None) | (holding.ends_on >= today)
    rows = session.execute(
        select(c(Group).collaboration_id, called(c(Group).collaboration_id))
        .select_from(RoleHolding)
        .join(Group, c(Group).id == holding.group_id)
        .join(Person, c(Person).id == holding.person_id)
        .where(holding.role == Role.PROCESS_LEADER, has_begun, goes_on)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for number, name in rows:
        found.setdefault(number, []).append(name)
    return found


def _try(
    request: Request, number: int, form: str, given: Mapping[str, str], deed: Deed
) -> Response:
    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Collaboration, number)
        deed(session, mover, today)
        return f"/samverkan/{number}#hant"

    return attempt(request, form, given, do, partial(_one, request, number))


def _list(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        values = {
            "lines": lines(session, request),
            "may_make": viewer_of(request).administrator,
            "tried": tried,
        }
    return show(request, "collaborations.html", "Samverkan", values, tried.status)


def _one(request: Request, number: int, tried: Tried) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = existing(session, Collaboration, number)
        pause = pause_of(session, number, today)
        values = {
            "area": row,
            "named": named(row),
            "standing": standing(row.ends_on, pause, today),
            "pause": pause,
            "over": row.ends_on is not None and row.ends_on < today,
            "leaders": sorted(_leaders(session, today).get(number, ()), key=alphabetically),
            "may_end": viewer_of(request).administrator,
            "notes": _notes(session, number),
            "tried": tried,
        }
    return show(request, "collaboration.html", row.name, values, tried.status)


def _notes(session: Session, number: int) -> list[Entry]:
    """What was done with the collaboration itself, newest first."""
    note = c(RegisterNote)
    return entries(
        session,
        note.collaboration_id == number,
        note.person_id.is_(None),
        note.group_id.is_(None),
    )
