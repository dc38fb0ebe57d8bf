"""People: whom letters reach and who cannot be reached, found by name or role, and somebody new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlmodel import Session

from config import clock
from intake.people import persons as changing
from models.columns import c
from models.database import reading
from models.group import Group
from models.known import at_home_in, called_by, known_in
from models.left import last_day_here
from models.moves import Mover
from models.person import Person, RoleHolding
from rules.wording import alphabetically
from web.page import led, settings_of, show, today_of, viewer_of
from web.people.history import with_receipt
from web.people.register import ROLES, area_of_group, open_groups
from web.sent import Sent, Tried, attempt

router = APIRouter()
MOST = 200  # people on a page


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to say of whether somebody can be asked, and since when."""

    words: str
    grave: bool = False


@router.get("/personer")
def people(request: Request, sok: str = "", visa: str = "") -> HTMLResponse:
    """Everybody, those who cannot be reached marked; found by name, address, group or role."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        rows, roles = everybody(session, request)
    counts = {
        "": len(rows),
        "onadda": sum(row.unreachable_since is not None for row in rows),
        "utan-roll": sum(row.id not in roles and not has_left(row, today) for row in rows),
        "slutat": sum(has_left(row, today) for row in rows),
    }
    found = sought(rows, roles, sok, visa, today)
    values = {
        "people": found[:MOST],
        "found": len(found),
        "standing": {row.id: standing(row, today) for row in found},
        "roles": roles,
        "counts": counts,
        "chosen": {"sok": sok, "visa": visa},
    }
    return show(request, "people.html", "Personer", values)


def everybody(session: Session, request: Request) -> tuple[Sequence[Any], dict[int, list[str]]]:
    """Those whom she may see, and the roles they hold today."""
    rows = session.execute(
        select(
            c(Person).id,
            called_by(viewer_of(request).leads).label("name"),
            c(Person).email,
            *_of_her_own(request),
        ).where(hers(request))
    ).all()
    return rows, _roles_today(session, request)


def sought(
    rows: Sequence[Any], roles: dict[int, list[str]], sok: str, visa: str, today: date
) -> list[Any]:
    """Those who fit what is looked for, by name."""
    found = [row for row in rows if _shown(row, roles.get(row.id, []), sok, visa, today)]
    return sorted(found, key=lambda row: alphabetically(row.name))


@router.get("/personer/ny")
def new_person(request: Request) -> HTMLResponse:
    """The form for somebody new."""
    return _new_person(request, Tried())


@router.post("/personer/ny")
def add_person(request: Request, given: Sent) -> Response:
    """Add somebody with a role in a group."""

    def do(session: Session, mover: Mover, today: date) -> str:
        area = area_of_group(session, request, given)
        person_id = changing.add_person(session, area, given, mover, today=today)
        return with_receipt(session, f"/personer/{person_id}", "")

    return attempt(request, "ny", given, do, partial(_new_person, request))


def _new_person(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        values = {"tried": tried, "all_groups": open_groups(session, request), "roles": ROLES}
    return show(request, "person_new.html", "Ny person", values, tried.status)


def standing(row: Any, today: date) -> Standing:  # noqa: ANN401 - a row of columns
    """Whether somebody can be reached: gone since, no answer from the address since and why."""
    if row.left_on is not None:
        verb = "Slutade" if row.left_on < today else "Slutar"
        return Standing(f"{verb} {row.left_on}")
    if row.unreachable_since is not None:
        since = clock.in_stockholm(row.unreachable_since).date()
        why = f": {row.unreachable_why}" if row.unreachable_why else ""
        return Standing(f"Går inte att nå sedan {since}{why}", grave=True)
    return Standing("")


def has_left(row: Any, today: date) -> bool:  # noqa: ANN401 - a row of columns
    """Has somebody had her last day?"""
    return row.left_on is not None and row.left_on < today


def hers(request: Request) -> ColumnElement[bool]:
    """The people whom the viewer may see: those known in the collaborations that she runs."""
    viewer = viewer_of(request)
    if viewer.administrator:
        return true()
    condition: ColumnElement[bool] = c(Person).id.in_(known_in(viewer.leads))
    return condition


def _of_her_own(request: Request) -> list[ColumnElement[Any]]:
    """Whether she can be reached, told where she is at home; and her last day there."""
    columns = (c(Person).unreachable_since, c(Person).unreachable_why, c(Person).left_on)
    viewer = viewer_of(request)
    if viewer.administrator:
        return list(columns)
    since, why, left = (at_home_in(viewer.leads, column) for column in columns)
    left = func.coalesce(last_day_here(viewer.leads), left)
    return [
        since.label("unreachable_since"),
        why.label("unreachable_why"),
        left.label("left_on"),
    ]


def _shown(row: Any, roles: list[str], words: str, only: str, today: date) -> bool:  # noqa: ANN401
    wanted = words.strip().casefold()
    if wanted and not any(wanted in t.casefold() for t in (row.name, row.email, *roles)):
        return False
    match only:
        case "onadda":
            return row.unreachable_since is not None
        case "utan-roll":
            return not roles and not has_left(row, today)
        case "slutat":
            return has_left(row, today)
        case _:
            return True


def _roles_today(session: Session, request: Request) -> dict[int, list[str]]:
    """The roles that people hold today in the groups that she runs."""
    today = today_of(request)
    rows = session.execute(
        select(c(RoleHolding).person_id, c(RoleHolding).role, c(Group).name)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= today),
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
            led(request, c(Group).id),
        )
    )
    found: dict[int, list[str]] = {}
    for person_id, role, group in sorted(rows, key=lambda row: alphabetically(row.name)):
        found.setdefault(person_id, []).append(f"{role} i {group}")
    return found
