"""Groups: the tree of them, who speaks for each today, and what the leader does with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import func, select
from sqlmodel import Session

from config import policy
from intake.people import groups as changing
from intake.people.register import collaboration_named
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group, GroupPause, RegisterNote
from models.lifecycle import OPEN
from models.moves import Refused
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from notifications.directory import JustNow, directory, introduced
from notifications.feeds import feed_address
from rules.recipients import Directory
from rules.wording import alphabetically, day_in_words
from web.activities.activities import Tried
from web.page import (
    allow,
    fields,
    may_lead,
    mine,
    mover_of,
    settings_of,
    show,
    today_of,
    viewer_of,
)

router = APIRouter()
Sent = Annotated[dict[str, str], Depends(fields)]
ROLES = [Role.CHAIR.value, Role.DEPUTY.value, Role.MEMBER.value, Role.PROCESS_LEADER.value]


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
            "lines": [line for line in lines if not _dissolved(line.row, today)],
            "dissolved": [line for line in lines if _dissolved(line.row, today)],
            "may_lead": bool(_led(session, request)),
        }
    return show(request, "groups.html", "Grupper", values)


def tree(session: Session, request: Request) -> list[Line]:
    """The groups that she may read, each below the one it belongs to."""
    today = today_of(request)
    found = session.execute(_GROUPS.where(mine(request, c(Group).id))).all()
    rows = sorted(found, key=lambda row: alphabetically(row.name))
    asked = directory(session, today, settings_of(request).administrator_addresses)
    return _tree(session, rows, asked, today)


@router.get("/grupper/ny")
def new_group(request: Request) -> HTMLResponse:
    """The form for a new group."""
    return _new_group(request, Tried())


@router.post("/grupper/ny")
def make_group(request: Request, given: Sent) -> Response:
    """Make a group, or say what is missing."""
    try:
        with transaction(settings_of(request)) as session:
            area = chosen_area(session, request, given)
            mover, today = mover_of(request), today_of(request)
            group_id = changing.save_group(session, area, given, mover, today=today)
    except Refused as refused:
        return _new_group(request, Tried("ny", refused.sentences, given))
    return RedirectResponse(f"/grupper/{group_id}", 303)


@router.get("/grupper/{group_id}")
def group(request: Request, group_id: int) -> HTMLResponse:
    """One group: who is in it, what it answers for, whom it is asked through, what has happened."""
    return _group_page(request, group_id, Tried())


@router.get("/grupper/{group_id}/avveckla")
def ask_dissolve(request: Request, group_id: int) -> HTMLResponse:
    """What would be moved, before anything is."""
    return _dissolve_page(request, group_id, Tried())


@router.post("/grupper/{group_id}/avveckla")
def dissolve(request: Request, group_id: int, given: Sent) -> Response:
    """Dissolve a group and move what it leaves behind."""
    try:
        with transaction(settings_of(request)) as session:
            _existing(session, group_id)
            mover, today = mover_of(request), today_of(request)
            changing.dissolve_group(session, group_id, given, mover, today=today)
    except Refused as refused:
        return _dissolve_page(request, group_id, Tried("avveckla", refused.sentences, given))
    return RedirectResponse(f"/grupper/{group_id}#hant", 303)


@router.post("/grupper/{group_id}/andra")
def change_group(request: Request, group_id: int, given: Sent) -> Response:
    """Change what a group is called, its kind, the group above it."""

    def do(session: Session) -> None:
        row, mover, today = _existing(session, group_id), mover_of(request), today_of(request)
        area = row.collaboration_id
        changing.save_group(session, area, given, mover, today=today, group_id=group_id)

    return _try(request, group_id, Tried("andra", given=given), do)


@router.post("/grupper/{group_id}/pausa")
def pause(request: Request, group_id: int, given: Sent) -> Response:
    """Let a group rest."""

    def do(session: Session) -> None:
        _existing(session, group_id)
        mover, today = mover_of(request), today_of(request)
        changing.pause_group(session, group_id, given, mover, today=today)

    return _try(request, group_id, Tried("pausa", given=given), do)


@router.post("/grupper/{group_id}/ateruppta")
def resume(request: Request, group_id: int) -> Response:
    """Let a group go on."""

    def do(session: Session) -> None:
        changing.resume_group(session, group_id, mover_of(request), today=today_of(request))

    return _try(request, group_id, Tried("ateruppta"), do)


@router.post("/grupper/{group_id}/roller")
def take_role(request: Request, group_id: int, given: Sent) -> Response:
    """Somebody takes a role in a group."""

    def do(session: Session) -> None:
        _existing(session, group_id)
        mover, today = mover_of(request), today_of(request)
        changing.take_role(session, group_id, None, given, mover, today=today)

    return _try(request, group_id, Tried("roller", given=given), do)


@router.post("/grupper/{group_id}/roller/avsluta")
def end_role(request: Request, group_id: int, given: Sent) -> Response:
    """A role in a group ends."""

    def do(session: Session) -> None:
        holding = held(session, given, group_id=group_id)
        changing.end_role(session, holding, given, mover_of(request), today=today_of(request))

    return _try(request, group_id, Tried("avsluta", given=given), do)


def held(session: Session, given: Mapping[str, str], **of: int) -> int:
    """The role that a form names, when it is one of that group's or person's."""
    words = given.get("holding", "")
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    row = session.get(RoleHolding, number)
    if row is None or any(getattr(row, name) != value for name, value in of.items()):
        raise Refused(["Välj vilken roll som avslutas."])
    return number


def chosen_area(session: Session, request: Request, given: Mapping[str, str]) -> int:
    """The collaboration that a form is about: the only one she leads, or the one chosen."""
    areas = _led(session, request)
    if not areas and viewer_of(request).administrator:
        organisation = settings_of(request).organisation
        return collaboration_named(session, organisation, organisation)
    chosen = next((area for area, _ in areas if str(area) == given.get("collaboration")), None)
    if chosen is None and len(areas) != 1:
        raise Refused(["Välj vilken samverkan det gäller."])
    area = chosen or areas[0][0]
    if not may_lead(request, area):
        allow(request, collaboration_id=area)
    return int(area)


def led_areas(session: Session, request: Request) -> list[tuple[int, str]]:
    """The collaborations that the viewer runs: number and name."""
    return _led(session, request)


def notes(session: Session, **about: int) -> Sequence[Any]:
    """What was done with a group or a person, newest first."""
    note = c(RegisterNote)
    where = [note[name] == value for name, value in about.items()]
    return session.execute(
        select(note.on_day, note.words, note.by).where(*where).order_by(note.id.desc())
    ).all()


_GROUPS = select(
    c(Group).id,
    c(Group).name,
    c(Group).kind,
    c(Group).temporary,
    c(Group).parent_id,
    c(Group).starts_on,
    c(Group).ends_on,
)


def _led(session: Session, request: Request) -> list[tuple[int, str]]:
    rows = session.execute(select(c(Collaboration).id, c(Collaboration).name))
    return [(id_, name) for id_, name in rows if may_lead(request, id_)]


def _existing(session: Session, group_id: int) -> Group:
    row = session.get(Group, group_id) if group_id < 2**31 else None
    if row is None:
        raise HTTPException(404)
    return row


def _dissolved(row: Any, today: date) -> bool:  # noqa: ANN401 - a row of columns
    return row.ends_on is not None and row.ends_on < today


def _tree(session: Session, rows: Sequence[Any], asked: Directory, today: date) -> list[Line]:
    """Each group below the one it belongs to; a parent that she may not see is left out."""
    counts: dict[int, int] = dict(
        session.execute(
            select(c(Activity).group_id, func.count())
            .where(c(Activity).state.in_(OPEN))
            .group_by(c(Activity).group_id)
        )
        .tuples()
        .all()
    )
    pauses = _pauses(session, today)
    chairs = _chairs(session, today)
    shown = {row.id for row in rows}
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)
    lines: list[Line] = []

    def hang(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            speaking = asked.speaking_for(row.id) or asked.last_resort(row.id)
            standing = _standing(row, pauses.get(row.id), today)
            chair = chairs.get(row.id, "")
            told = introduced(session, speaking)
            lines.append(Line(row, depth, standing, chair, told, counts.get(row.id, 0)))
            hang(row.id, depth + 1)

    hang(None, 0)
    return lines


def _pauses(session: Session, today: date) -> dict[int, GroupPause]:
    """The pause of each group that rests, or is going to."""
    rows = session.execute(select(GroupPause).order_by(c(GroupPause).first_day.desc())).scalars()
    return {p.group_id: p for p in rows if p.last_day is None or p.last_day >= today}


def _chairs(session: Session, today: date) -> dict[int, str]:
    rows = session.execute(
        select(c(RoleHolding).group_id, c(Person).name, *_DAYS)
        .join(Person, c(Person).id == c(RoleHolding).person_id)
        .where(c(RoleHolding).role == Role.CHAIR)
    )
    names: dict[int, list[str]] = {}
    for group_id, name, first, last in rows:
        if (first is None or first <= today) and (last is None or last >= today):
            names.setdefault(group_id, []).append(name)
    return {group_id: ", ".join(sorted(told)) for group_id, told in names.items()}


_DAYS = (c(RoleHolding).starts_on, c(RoleHolding).ends_on)


def _standing(row: Any, pause: GroupPause | None, today: date) -> str:  # noqa: ANN401 - a row
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


def _try(request: Request, group_id: int, tried: Tried, do: Callable[[Session], None]) -> Response:
    try:
        with transaction(settings_of(request)) as session:
            do(session)
    except Refused as refused:
        return _group_page(request, group_id, Tried(tried.form, refused.sentences, tried.given))
    return RedirectResponse(f"/grupper/{group_id}#hant", 303)


def _new_group(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        areas = _led(session, request)
        values = {
            "tried": tried,
            "areas": areas,
            "kinds": policy.load(settings_of(request).home).group_kinds,
            "all_groups": _choices(session, [area for area, _ in areas], 0),
            "group": tried.given,
        }
    return show(request, "group_new.html", "Ny grupp", values, 422 if tried.problems else 200)


def _choices(session: Session, areas: Sequence[int], without: int) -> list[tuple[int, str]]:
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(
            c(Group).collaboration_id.in_(areas), c(Group).id != without
        )
    )
    return sorted(((id_, name) for id_, name in rows), key=lambda pair: alphabetically(pair[1]))


def _group_page(request: Request, group_id: int, tried: Tried) -> HTMLResponse:
    today, settings = today_of(request), settings_of(request)
    with reading(settings) as session:
        row = _existing(session, group_id)
        asked = directory(session, today, settings.administrator_addresses)
        lead = may_lead(request, row.collaboration_id)
        members = _members(session, group_id)
        pause = _pauses(session, today).get(group_id)
        values = {
            "group": row,
            "standing": _standing(row, pause, today),
            "resting": pause,
            "over": _dissolved(row, today),
            "parent": session.get(Group, row.parent_id) if row.parent_id else None,
            "successor": session.get(Group, row.successor_id) if row.successor_id else None,
            "below": session.execute(
                select(c(Group).id, c(Group).name).where(c(Group).parent_id == group_id)
            ).all(),
            "speaking": introduced(session, asked.speaking_for(group_id)),
            "last_resort": introduced(session, asked.last_resort(group_id)),
            "members": [m for m in members if m.ends_on is None or m.ends_on >= today],
            "former": [m for m in members if m.ends_on is not None and m.ends_on < today],
            "activities": _activities(session, group_id),
            "plans": session.execute(
                select(c(Plan).id, c(Plan).title)
                .where(c(Plan).group_id == group_id)
                .order_by(c(Plan).first_day.desc(), c(Plan).title)
            ).all(),
            "notes": notes(session, group_id=group_id),
            "may_lead": lead,
            "feed": feed_address(session, settings, group_id=group_id),
            "back": f"/grupper/{group_id}",
            "kinds": policy.load(settings.home).group_kinds,
            "roles": ROLES,
            "all_groups": _choices(session, [row.collaboration_id], group_id),
            "tried": tried,
        }
    return show(request, "group.html", row.name, values, 422 if tried.problems else 200)


def _members(session: Session, group_id: int) -> list[Any]:
    """Everybody who holds or held a role: chair, deputy, then the others."""
    rows = session.execute(
        select(
            c(RoleHolding).id,
            c(RoleHolding).role,
            *_DAYS,
            c(Person).id.label("person_id"),
            c(Person).name,
            c(Person).email,
            c(Person).unreachable_since,
        )
        .join(Person, c(Person).id == c(RoleHolding).person_id)
        .where(c(RoleHolding).group_id == group_id)
    )
    order = {role: at for at, role in enumerate(ROLES)}
    return sorted(
        rows, key=lambda r: (order.get(r.role, len(order)), r.role, alphabetically(r.name))
    )


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
        row = _existing(session, group_id)
        choices = _choices(session, [row.collaboration_id], group_id)
        values = {
            "group": row,
            "left": changing.left_behind(session, group_id),
            "members": [
                m for m in _members(session, group_id) if m.ends_on is None or m.ends_on >= today
            ],
            "below": session.execute(select(c(Group).name).where(c(Group).parent_id == group_id))
            .scalars()
            .all(),
            "all_groups": choices,
            "parent_id": row.parent_id,
            "tried": tried,
        }
    title = f"Avveckla {row.name}"
    return show(request, "group_dissolve.html", title, values, 422 if tried.problems else 200)
