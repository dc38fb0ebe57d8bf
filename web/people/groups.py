"""Groups: the tree of them, who speaks for each today, and a new one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select
from sqlmodel import Session

from config import policy
from intake.people import groups as changing
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Group, GroupPause
from models.known import called
from models.lifecycle import OPEN
from models.moves import Mover
from models.person import Person, Role, RoleHolding
from notifications.directory import JustNow, areas_of, directory, introduced
from rules.recipients import Directory
from rules.wording import alphabetically, day_in_words
from web.page import leads, mine, settings_of, show, today_of
from web.people.history import with_receipt
from web.people.register import chosen_area, group_choices, is_over, led_areas
from web.sent import Sent, Tried, attempt

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """A group in the tree: how deep it stands, and who speaks for it."""

    row: Any
    depth: int
    standing: str
    chair: str
    speaking: list[JustNow]
    open: int


@router.get("/grupper")
def groups(request: Request) -> HTMLResponse:
    """The tree of groups; those that are dissolved stand last, apart."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        lines = tree(session, request)
        values = {
            "lines": [line for line in lines if not is_over(line.row, today)],
            "dissolved": [line for line in lines if is_over(line.row, today)],
            "may_lead": leads(request),
        }
    return show(request, "groups.html", "Grupper", values)


def tree(session: Session, request: Request) -> list[Line]:
    """The groups that she may read, each below the one it belongs to."""
    today = today_of(request)
    found = session.execute(_GROUPS.where(mine(request, c(Group).id))).all()
    rows = sorted(found, key=lambda row: alphabetically(row.name))
    asked = directory(session, today, areas_of(session, [row.id for row in rows]))
    return _tree(session, rows, asked, today)


@router.get("/grupper/ny")
def new_group(request: Request) -> HTMLResponse:
    """The form for a new group."""
    return _new_group(request, Tried())


@router.post("/grupper/ny")
def make_group(request: Request, given: Sent) -> Response:
    """Make a group, or say what is missing."""

    def do(session: Session, mover: Mover, today: date) -> str:
        area = chosen_area(session, request, given)
        made = changing.save_group(session, area, given, mover, today=today)
        return with_receipt(session, f"/grupper/{made}")

    return attempt(request, "ny", given, do, partial(_new_group, request))


def _new_group(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        areas = led_areas(session, request)
        values = {
            "tried": tried,
            "areas": areas,
            "kinds": policy.load(settings_of(request).home).group_kinds,
            "all_groups": group_choices(session, [area for area, _ in areas]),
            "group": tried.given,
        }
    return show(request, "group_new.html", "Ny grupp", values, tried.status)


def standing(row: Any, pause: GroupPause | None, today: date) -> str:  # noqa: ANN401 - a row
    """Where a group is in its life, in words; "" when nothing is to be said."""
    if row.ends_on is not None:
        verb = "Avvecklad" if row.ends_on < today else "Avvecklas"
        return f"{verb} {day_in_words(row.ends_on)}"
    if pause is not None:
        until = f" till {day_in_words(pause.last_day)}" if pause.last_day else ""
        if pause.first_day <= today:
            return f"Vilande{until}"
        return f"Vilande från {day_in_words(pause.first_day)}{until}"
    if row.starts_on is not None and row.starts_on > today:
        return f"Börjar {day_in_words(row.starts_on)}"
    return "Tillfällig" if row.temporary else ""


def pauses(session: Session, today: date) -> dict[int, GroupPause]:
    """The pause of each group that rests, or is going to."""
    rows = session.execute(select(GroupPause).order_by(c(GroupPause).first_day.desc())).scalars()
    return {p.group_id: p for p in rows if p.last_day is None or p.last_day >= today}


_GROUPS = select(
    c(Group).id,
    c(Group).name,
    c(Group).kind,
    c(Group).temporary,
    c(Group).parent_id,
    c(Group).collaboration_id,
    c(Group).starts_on,
    c(Group).ends_on,
)


def _tree(session: Session, rows: Sequence[Any], asked: Directory, today: date) -> list[Line]:
    """Each group below the one it belongs to; a parent that she may not see is left out."""
    counts: dict[int, int] = dict(
        session.execute(
            select(c(Activity).group_id, func.count())
            .where(c(Activity).state.in_(OPEN), c(Activity).group_id.in_([row.id for row in rows]))
            .group_by(c(Activity).group_id)
        )
        .tuples()
        .all()
    )
    resting = pauses(session, today)
    chairs = _chairs(session, [row.id for row in rows], today)
    shown = {row.id for row in rows}
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)
    lines: list[Line] = []

    def hang(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            speaking = asked.speaking_for(row.id) or asked.last_resort(row.id)
            stands = standing(row, resting.get(row.id), today)
            chair = chairs.get(row.id, "")
            told = introduced(session, speaking, row.collaboration_id)
            lines.append(Line(row, depth, stands, chair, told, counts.get(row.id, 0)))
            hang(row.id, depth + 1)

    hang(None, 0)
    return lines


def _chairs(session: Session, group_ids: Collection[int], today: date) -> dict[int, str]:
    rows = session.execute(
        select(
            c(RoleHolding).group_id,
            called(c(Group).collaboration_id).label("name"),
            c(RoleHolding).starts_on,
            c(RoleHolding).ends_on,
        )
        .join(Person, c(Person).id == c(RoleHolding).person_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(RoleHolding).role == Role.CHAIR, c(RoleHolding).group_id.in_(group_ids))
    )
    names: dict[int, list[str]] = {}
    for group_id, name, first, last in rows:
        if (first is None or first <= today) and (last is None or last >= today):
            names.setdefault(group_id, []).append(name)
    return {
        group_id: ", ".join(sorted(told, key=alphabetically)) for group_id, told in names.items()
    }
