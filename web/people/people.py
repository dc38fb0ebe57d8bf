"""People: whom letters reach, what each answers for today, and what the leader does with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import Session

from config import clock
from intake.people import groups as changing_groups
from intake.people import persons as changing
from intake.people.delegation import delegate, end_delegation
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.letter import Letter, Link
from models.moves import Refused
from models.person import Person, RoleHolding
from notifications.directory import AnswersFor, answers_for
from notifications.feeds import feed_address
from rules.wording import alphabetically
from web.activities.activities import Tried
from web.page import mover_of, settings_of, show, today_of, viewer_of
from web.people.delegation import chosen, handed_over, number_of, scopes
from web.people.groups import ROLES, Sent, chosen_area, held, led_areas, notes

router = APIRouter()
MOST = 200  # people, or activities of one, on a page
SHOWN = 20  # letters


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
        "utan-roll": sum(row.id not in roles and not _left(row, today) for row in rows),
        "slutat": sum(_left(row, today) for row in rows),
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
            c(Person).name,
            c(Person).email,
            c(Person).unreachable_since,
            c(Person).unreachable_why,
            c(Person).left_on,
        ).where(_hers(request))
    ).all()
    return rows, _roles_today(session, today_of(request))


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
    try:
        with transaction(settings_of(request)) as session:
            area = _area_of_group(session, request, given)
            mover, today = mover_of(request), today_of(request)
            person_id = changing.add_person(session, area, given, mover, today=today)
    except Refused as refused:
        return _new_person(request, Tried("ny", refused.sentences, given))
    return RedirectResponse(f"/personer/{person_id}", 303)


@router.get("/personer/{person_id}")
def person(request: Request, person_id: int) -> HTMLResponse:
    """One person: roles, what she answers for and why, letters, stand-ins, links, history."""
    return person_page(request, person_id, Tried())


@router.post("/personer/{person_id}/{deed}")
def change(request: Request, person_id: int, deed: str, given: Sent) -> Response:
    """Do one of the things that the page offers, or say why it cannot be done."""
    do = _DEEDS.get(deed)
    if do is None:
        raise HTTPException(404)
    try:
        with transaction(settings_of(request)) as session:
            _existing(session, person_id)
            do(session, request, person_id, given)
    except Refused as refused:
        return person_page(request, person_id, Tried(deed, refused.sentences, given))
    return RedirectResponse(f"/personer/{person_id}#hant", 303)


Deed = Callable[[Session, Request, int, dict[str, str]], Any]


def _change(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    changing.change_person(session, person_id, given, mover_of(request), today=today)


def _leave(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    changing.leave(session, person_id, given, mover_of(request), today=today_of(request))


def _come_back(session: Session, request: Request, person_id: int, _: dict[str, str]) -> None:
    changing.come_back(session, person_id, mover_of(request), today=today_of(request))


def _take_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    _area_of_group(session, request, given)
    group_id = number_of(given, "group")
    mover, today = mover_of(request), today_of(request)
    changing_groups.take_role(session, group_id, person_id, given, mover, today=today)


def _end_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    holding = held(session, given, person_id=person_id)
    changing_groups.end_role(session, holding, given, mover_of(request), today=today_of(request))


def _hand_over(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    scope = chosen(given, scopes(session, person_id, today))
    delegate(session, person_id, given, mover_of(request), today=today, scope=scope)


def _take_back(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    mine = {row.id for row in handed_over(session, person_id, today)}
    number = number_of(given, "delegation")
    if number not in mine:
        raise Refused(["Ersättaren gäller inte längre. Läs in sidan igen."])
    end_delegation(session, number, mover_of(request), today=today)


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


def person_page(request: Request, person_id: int, tried: Tried) -> HTMLResponse:
    """The page of one person, with her forms as they were left."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = _existing(session, person_id)
        answering: list[AnswersFor] = answers_for(session, person_id, today)
        roles = _roles(session, person_id)
        values = {
            "person": row,
            "standing": standing(row, today),
            "left": _left(row, today),
            "answering": answering[:MOST],
            "answering_number": len(answering),
            "roles_now": [r for r in roles if r.ends_on is None or r.ends_on >= today],
            "roles_then": [r for r in roles if r.ends_on is not None and r.ends_on < today],
            "letters": _letters(session, person_id),
            "handed_over": handed_over(session, person_id, today),
            "taken_over": handed_over(session, person_id, today, to_her=True),
            "links": _links(session, person_id),
            "feed": feed_address(session, settings_of(request), person_id=person_id),
            "back": f"/personer/{person_id}",
            "notes": notes(session, person_id=person_id),
            "scopes": scopes(session, person_id, today),
            "all_groups": _groups(session, request),
            "roles": ROLES,
            "tried": tried,
        }
    return show(request, "person.html", row.name, values, 422 if tried.problems else 200)


def _new_person(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        values = {"tried": tried, "all_groups": _groups(session, request), "roles": ROLES}
    return show(request, "person_new.html", "Ny person", values, 422 if tried.problems else 200)


def _existing(session: Session, person_id: int) -> Person:
    row = session.get(Person, person_id) if person_id < 2**31 else None
    if row is None:
        raise HTTPException(404)
    return row


def _area_of_group(session: Session, request: Request, given: dict[str, str]) -> int:
    """The collaboration of the group that a form names, when she runs it."""
    group = session.get(Group, number_of(given, "group"))
    if group is None:
        raise Refused(["Välj vilken grupp personen hör till."])
    return chosen_area(session, request, {"collaboration": str(group.collaboration_id)})


def _groups(session: Session, request: Request) -> list[tuple[int, str]]:
    """The groups that somebody can be given a role in."""
    areas = [area for area, _ in led_areas(session, request)]
    today = today_of(request)
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(
            c(Group).collaboration_id.in_(areas),
            or_(c(Group).ends_on.is_(None), c(Group).ends_on >= today),
        )
    )
    return sorted(((id_, name) for id_, name in rows), key=lambda pair: alphabetically(pair[1]))


def _hers(request: Request) -> ColumnElement[bool]:
    """The people whom the viewer may see: those of the collaborations that she runs."""
    viewer = viewer_of(request)
    if viewer.administrator:
        return true()
    led = (
        select(c(RoleHolding).person_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(Group).collaboration_id.in_(viewer.leads))
    )
    condition: ColumnElement[bool] = c(Person).id.in_(led)
    return condition


def _left(row: Any, today: date) -> bool:  # noqa: ANN401 - a row of columns
    return row.left_on is not None and row.left_on < today


def _shown(row: Any, roles: list[str], words: str, only: str, today: date) -> bool:  # noqa: ANN401
    wanted = words.strip().casefold()
    if wanted and not any(wanted in t.casefold() for t in (row.name, row.email, *roles)):
        return False
    match only:
        case "onadda":
            return row.unreachable_since is not None
        case "utan-roll":
            return not roles and not _left(row, today)
        case "slutat":
            return _left(row, today)
        case _:
            return True


def _roles_today(session: Session, today: date) -> dict[int, list[str]]:
    rows = session.execute(
        select(c(RoleHolding).person_id, c(RoleHolding).role, c(Group).name)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= today),
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
        )
        .order_by(c(Group).name)
    )
    found: dict[int, list[str]] = {}
    for person_id, role, group in rows:
        found.setdefault(person_id, []).append(f"{role} i {group}")
    return found


def _roles(session: Session, person_id: int) -> list[Any]:
    rows = session.execute(
        select(
            c(RoleHolding).id,
            c(RoleHolding).role,
            c(RoleHolding).starts_on,
            c(RoleHolding).ends_on,
            c(Group).id.label("group_id"),
            c(Group).name.label("group"),
        )
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(RoleHolding).person_id == person_id)
        .order_by(c(Group).name, c(RoleHolding).starts_on)
    )
    return list(rows)


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
