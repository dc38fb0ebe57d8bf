"""One group: who is in it, whom it is asked through, and what the leader does with it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from intake.people import groups as changing
from intake.people import roles
from intake.people.dissolving import dissolve_group, left_behind, take_back
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Group
from models.lifecycle import OPEN
from models.moves import Mover
from models.plan import Plan
from notifications.directory import directory, introduced
from notifications.feeds import feed_address
from rules.wording import alphabetically
from web.page import may_lead, settings_of, show, today_of
from web.people.groups import pauses, standing
from web.people.history import notes, receipt_of, take_back_entry, with_receipt
from web.people.meetings import answers_for_others
from web.people.register import ROLES, group_choices, held, holdings, is_over
from web.plans.plans import listed
from web.sent import Sent, Tried, attempt, existing, locked, seen

router = APIRouter()
Deed = Callable[[Session, Mover, date], object]
UNDO = "ta-tillbaka"


@router.get("/grupper/{group_id}")
def group(request: Request, group_id: int, gjort: str = "") -> HTMLResponse:
    """One group: who is in it, what it answers for, whom it is asked through, what has happened."""
    return _group_page(request, group_id, Tried(), gjort)


@router.get("/grupper/{group_id}/avveckla")
def ask_dissolve(request: Request, group_id: int) -> HTMLResponse:
    """What would be moved, before anything is."""
    return _dissolve_page(request, group_id, Tried())


@router.post("/grupper/{group_id}/avveckla")
def dissolve(request: Request, group_id: int, given: Sent) -> Response:
    """Dissolve a group and move what it leaves behind."""

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Group, group_id)
        dissolve_group(session, group_id, given, mover, today=today)
        return f"/grupper/{group_id}#hant"

    return attempt(request, "avveckla", given, do, partial(_dissolve_page, request, group_id))


@router.post("/grupper/{group_id}/avveckla/angra")
def go_on(request: Request, group_id: int) -> Response:
    """Take back that a group is to be dissolved."""

    def do(session: Session, mover: Mover, today: date) -> None:
        take_back(session, group_id, mover, today=today)

    return _try(request, group_id, "angra", {}, do)


@router.post("/grupper/{group_id}/andra")
def change_group(request: Request, group_id: int, given: Sent) -> Response:
    """Change what a group is called, its kind, the group above it."""

    def do(session: Session, mover: Mover, today: date) -> None:
        row = locked(session, Group, group_id)
        asked = seen(given, group_now(row), _LABELS)
        area = row.collaboration_id
        changing.save_group(session, area, asked, mover, today=today, group_id=group_id)

    return _try(request, group_id, "andra", given, do)


def group_now(group: Group) -> dict[str, object]:
    """What the form of a group is filled from, by the names of its fields."""
    return {
        "name": group.name,
        "kind": group.kind,
        "parent": group.parent_id or "",
        "starts_on": group.starts_on or "",
        "temporary": "ja" if group.temporary else "",
    }


_LABELS = {
    "name": "Gruppens namn",
    "kind": "Typ av grupp",
    "parent": "Ligger under",
    "starts_on": "Första dag",
    "temporary": "Tillfällig grupp",
}


@router.post("/grupper/{group_id}/pausa")
def pause(request: Request, group_id: int, given: Sent) -> Response:
    """Let a group rest."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.pause_group(session, group_id, given, mover, today=today)

    return _try(request, group_id, "pausa", given, do)


@router.post("/grupper/{group_id}/ateruppta")
def resume(request: Request, group_id: int) -> Response:
    """Let a group go on."""

    def do(session: Session, mover: Mover, today: date) -> None:
        changing.resume_group(session, group_id, mover, today=today)

    return _try(request, group_id, "ateruppta", {}, do)


@router.post("/grupper/{group_id}/roller")
def take_role(request: Request, group_id: int, given: Sent) -> Response:
    """Somebody takes a role in a group."""

    def do(session: Session, mover: Mover, today: date) -> None:
        roles.take_role(session, group_id, None, given, mover, today=today)

    return _try(request, group_id, "roller", given, do)


@router.post("/grupper/{group_id}/roller/avsluta")
def end_role(request: Request, group_id: int, given: Sent) -> Response:
    """A role in a group ends."""

    def do(session: Session, mover: Mover, today: date) -> None:
        holding = held(session, given, group_id=group_id)
        roles.end_role(session, holding, given, mover, today=today)

    return _try(request, group_id, "avsluta", given, do)


@router.post("/grupper/{group_id}/angra")
def undo(request: Request, group_id: int, given: Sent) -> Response:
    """Take back an entry of the group's history; one that is gone is told by its collaboration."""

    def do(session: Session, mover: Mover, today: date) -> str:
        area = existing(session, Group, group_id).collaboration_id
        told = notes(session, group_id=group_id)
        take_back_entry(session, told, given, mover, today)
        if session.get(Group, group_id) is None:
            return f"/samverkan/{area}#hant"
        return f"/grupper/{group_id}?gjort={given['gjort']}"

    return attempt(request, UNDO, given, do, partial(_group_page, request, group_id))


def _try(
    request: Request, group_id: int, form: str, given: Mapping[str, str], deed: Deed
) -> Response:
    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Group, group_id)
        deed(session, mover, today)
        return with_receipt(session, f"/grupper/{group_id}")

    return attempt(request, form, given, do, partial(_group_page, request, group_id))


def _group_page(request: Request, group_id: int, tried: Tried, done: str = "") -> HTMLResponse:
    today, settings = today_of(request), settings_of(request)
    with reading(settings) as session:
        row = existing(session, Group, group_id)
        asked = directory(session, today, {row.collaboration_id})
        lead = may_lead(request, row.collaboration_id)
        members = _members(session, group_id)
        resting = pauses(session, today).get(group_id)
        told = notes(session, group_id=group_id)
        values = {
            "group": row,
            "standing": standing(row, resting, today),
            "resting": resting,
            "over": is_over(row, today),
            "parent": session.get(Group, row.parent_id) if row.parent_id else None,
            "successor": session.get(Group, row.successor_id) if row.successor_id else None,
            "below": _below(session, group_id),
            "speaking": introduced(session, asked.speaking_for(group_id), row.collaboration_id),
            "last_resort": introduced(session, asked.last_resort(group_id), row.collaboration_id),
            "members": [m for m in members if not is_over(m, today)],
            "former": [m for m in members if is_over(m, today)],
            "activities": _activities(session, group_id),
            "answers_for": answers_for_others(session, group_id),
            "plans": listed(session, c(Plan).group_id == group_id),
            "notes": told,
            "receipt": receipt_of(told, done),
            "may_lead": lead,
            "feed": feed_address(session, settings, group_id=group_id),
            "back": f"/grupper/{group_id}",
            "kinds": policy.load(settings.home).group_kinds,
            "roles": ROLES,
            "all_groups": _others(session, row),
            "tried": tried,
            "group_now": group_now,
        }
    return show(request, "group.html", row.name, values, tried.status)


def _members(session: Session, group_id: int) -> list[Any]:
    """Everybody who holds or held a role: chair, deputy, then the others."""
    order = {role: at for at, role in enumerate(ROLES)}
    rows = holdings(session, group_id=group_id)
    return sorted(
        rows, key=lambda r: (order.get(r.role, len(order)), r.role, alphabetically(r.name))
    )


def _others(session: Session, row: Group) -> list[tuple[int, str]]:
    """The other groups of its collaboration, to stand below or to be followed by."""
    return group_choices(session, [row.collaboration_id], c(Group).id != row.id)


def _below(session: Session, group_id: int) -> list[Any]:
    """The groups that stand right below it."""
    rows = session.execute(select(c(Group).id, c(Group).name).where(c(Group).parent_id == group_id))
    return sorted(rows, key=lambda row: alphabetically(row.name))


def _activities(session: Session, group_id: int) -> list[tuple[str, list[Any]]]:
    """The open activities of a group, by where they are."""
    rows = session.execute(
        select(c(Activity).id, c(Activity).what, c(Activity).state, c(Activity).deadline_text)
        .where(c(Activity).group_id == group_id, c(Activity).state.in_(OPEN))
        .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    ).all()
    by_state = [(state.value, [row for row in rows if row.state is state]) for state in OPEN]
    return [(state, found) for state, found in by_state if found]


def _dissolve_page(request: Request, group_id: int, tried: Tried) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = existing(session, Group, group_id)
        values = {
            "group": row,
            "left": left_behind(session, group_id),
            "members": [m for m in _members(session, group_id) if not is_over(m, today)],
            "below": [below.name for below in _below(session, group_id)],
            "all_groups": _others(session, row),
            "parent_id": row.parent_id,
            "tried": tried,
        }
    title = f"Avveckla {row.name}"
    return show(request, "group_dissolve.html", title, values, tried.status)
