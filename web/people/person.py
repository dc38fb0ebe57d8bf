"""One person: what she answers for, her letters and links, and what the leader does with her.

What each leader sees is decided by `seen.py`: what is of the collaborations that she leads, at home
there or not, as of anybody new.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from intake.people import last_day, wishes
from intake.people import persons as changing
from intake.people.delegation import EVERYTHING, delegate, delegate_there
from intake.people.persons import By
from intake.people.roles import end_role, take_role
from intake.people.wishes import Waiting
from models.columns import c
from models.database import reading
from models.group import Group
from models.known import collaborations_of
from models.letter import Letter
from models.moves import Refused
from models.person import Person, RoleHolding
from notifications import own_address
from notifications.directory import answers_for
from notifications.feeds import feed_address
from rules.wording import alphabetically
from web.asking.letters import hers as her_letters
from web.page import NotAllowed, may_lead, mover_of, settings_of, show, today_of
from web.people.delegation import GONE, chosen, handed_over, scopes, take_back
from web.people.history import receipt_of, take_back_entry, with_receipt
from web.people.people import standing
from web.people.register import ROLES, area_of_group, held, holdings, is_over, open_groups
from web.people.seen import Seen, seen_by
from web.sent import Sent, Tried, attempt, existing, locked, number_of
from web.sent import seen as as_seen

router = APIRouter()
MOST = 200  # activities on a page
SHOWN = 20  # letters


@router.get("/personer/{person_id}")
def person(request: Request, person_id: int, gjort: str = "") -> HTMLResponse:
    """One person: roles, what she answers for and why, letters, stand-ins, links, history."""
    return _page(request, person_id, Tried(), gjort)


@router.post("/personer/{person_id}/{deed}")
def change(request: Request, person_id: int, deed: str, given: Sent) -> Response:
    """Do one of the things that the page offers, or say why it cannot be done."""
    asked = _DEEDS.get(deed)
    if asked is None:
        raise HTTPException(404)

    def do(session: Session, *_: object) -> str:
        existing(session, Person, person_id)
        shown = asked(session, request, person_id, given) or person_id
        if deed == UNDO:
            return f"/personer/{shown}?gjort={given['gjort']}"
        return with_receipt(session, f"/personer/{shown}")

    return attempt(request, deed, given, do, partial(_page, request, person_id))


# Who is shown afterwards, where that is not the same person.
Deed = Callable[[Session, Request, int, dict[str, str]], int | None]


def _change(session: Session, request: Request, person_id: int, given: dict[str, str]) -> int:
    row, today = locked(session, Person, person_id), today_of(request)
    seen, mover = seen_by(session, request, person_id), mover_of(request)
    now = _filled_from(session, seen, row)
    asked = as_seen(given, now, {"name": "Namn", "email": "E-postadress"})
    if seen.by is By.OTHER:
        after = person_id
        knows_her = set(session.execute(collaborations_of(person_id)).scalars())
        for area in sorted(knows_her.intersection(seen.areas)):
            after = changing.call_her(session, person_id, asked, area, mover, today=today)
        return after
    changed = changing.change_person(session, person_id, asked, mover, today=today, by=seen.by)
    if changed.left:
        own_address.changed_by_another(
            session, settings_of(request), person_id, changed.left, mover.name, today
        )
    return changed.person_id


def _filled_from(session: Session, seen: Seen, person: Person) -> dict[str, object]:
    """What the form of a person is filled from, by the names of its fields."""
    return {"name": seen.name(session), "email": person.email}


def _leave(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    seen, today = seen_by(session, request, person_id), today_of(request)
    mover = mover_of(request)
    last_day.leave(session, person_id, given, mover, today=today, by=seen.by, areas=seen.areas)


def _come_back(session: Session, request: Request, person_id: int, _: dict[str, str]) -> None:
    seen, today = seen_by(session, request, person_id), today_of(request)
    mover = mover_of(request)
    last_day.come_back(session, person_id, mover, today=today, by=seen.by, areas=seen.areas)


def _move_home(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    if seen_by(session, request, person_id).by is not By.ADMINISTRATOR:
        raise NotAllowed
    changing.move_home(session, person_id, given, mover_of(request), today=today_of(request))


def _take_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    area_of_group(session, request, given)
    group_id = number_of(given, "group")
    if not may_lead(request, existing(session, Group, group_id).collaboration_id):
        raise NotAllowed
    mover, today = mover_of(request), today_of(request)
    take_role(session, group_id, person_id, given, mover, today=today)


def _end_role(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    holding = held(session, given, person_id=person_id)
    group_id = existing(session, RoleHolding, holding).group_id
    if not may_lead(request, existing(session, Group, group_id).collaboration_id):
        raise NotAllowed
    end_role(session, holding, given, mover_of(request), today=today_of(request))


def _hand_over(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    seen = seen_by(session, request, person_id)
    offered = scopes(session, person_id, today, seen.told_of)
    scope, mover = chosen(given, offered), mover_of(request)
    if scope == EVERYTHING and not seen.hands_over_all(session):
        delegate_there(session, person_id, given, mover, seen.areas, today=today)
    else:
        delegate(session, person_id, given, mover, today=today, scope=scope)


def _take_back(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    today = today_of(request)
    hers = handed_over(session, person_id, today)
    shown = seen_by(session, request, person_id).delegations(session, hers)
    if number_of(given, "delegation") not in {row.id for row in shown}:
        raise Refused([GONE])
    take_back(session, person_id, given, mover_of(request), today)


def _undo(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    """Take back an entry of her history, of those that are seen."""
    seen, today = seen_by(session, request, person_id), today_of(request)
    told = seen.notes(session)
    take_back_entry(session, told, given, mover_of(request), today, seen.by)


def _revoke(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    link_id = None if given.get("link") == "alla" else number_of(given, "link")
    mover, today = mover_of(request), today_of(request)
    seen = seen_by(session, request, person_id)
    by, areas = seen.by, seen.areas
    last_day.revoke_links(
        session, person_id, mover, today=today, link_id=link_id, by=by, areas=areas
    )


def _free(session: Session, request: Request, person_id: int, _: dict[str, str]) -> None:
    if seen_by(session, request, person_id).by is not By.ADMINISTRATOR:
        raise NotAllowed
    changing.free_account(session, person_id, mover_of(request), today=today_of(request))


def _wish(session: Session, request: Request, person_id: int, given: dict[str, str]) -> Waiting:
    """The wish that a form names, among those that she may answer."""
    told_of = seen_by(session, request, person_id).told_of
    hers = wishes.waiting(session, person_id, today_of(request), told_of)
    for one in hers:
        if one.id == number_of(given, "wish"):
            return one
    raise Refused([wishes.GONE])


def _say_yes(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    wish, today = _wish(session, request, person_id, given), today_of(request)
    whole = seen_by(session, request, person_id).hands_over_all(session)
    wishes.say_yes(session, wish, person_id, given, mover_of(request), today=today, whole=whole)


def _say_no(session: Session, request: Request, person_id: int, given: dict[str, str]) -> None:
    wish, today = _wish(session, request, person_id, given), today_of(request)
    wishes.say_no(session, wish, given, mover_of(request), today=today)


UNDO = "angra"
_DEEDS: dict[str, Deed] = {
    UNDO: _undo,
    "andra": _change,
    "slutat": _leave,
    "tillbaka": _come_back,
    "hemma": _move_home,
    "roller": _take_role,
    "avsluta": _end_role,
    "ersattare": _hand_over,
    "avsluta-ersattare": _take_back,
    "lankar": _revoke,
    "koppla-loss": _free,
    "onskan-ja": _say_yes,
    "onskan-nej": _say_no,
}


def _page(request: Request, person_id: int, tried: Tried, done: str = "") -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = existing(session, Person, person_id)
        seen = seen_by(session, request, person_id)
        answering = seen.answering(session, answers_for(session, person_id, today))
        roles = [role for role in _roles(session, person_id) if seen.has(role.collaboration_id)]
        name, left_on = seen.name(session), seen.last_day(session)
        areas = () if seen.by is By.ADMINISTRATOR else seen.areas
        handed = partial(handed_over, session, person_id, today, areas=areas)
        told = seen.notes(session)
        values = {
            "person": row,
            "name": name,
            "home": seen.home(session),
            "homes": seen.homes(session),
            "account": seen.has_account(session),
            "standing": standing(_stands(row, seen, left_on), today),
            "left_on": left_on,
            "unreachable": row.unreachable_since is not None and seen.at_home,
            "answering": answering[:MOST],
            "answering_number": len(answering),
            "roles_now": [role for role in roles if not is_over(role, today)],
            "roles_then": [role for role in roles if is_over(role, today)],
            "letters": _letters(session, request, person_id),
            "handed_over": seen.delegations(session, handed()),
            "taken_over": seen.delegations(session, handed(to_her=True)),
            "links": seen.links(session, today),
            "wishes": wishes.waiting(session, person_id, today, seen.told_of),
            "whole": seen.whole,
            "feed": _feed(session, request, seen),
            "back": f"/personer/{person_id}",
            "notes": told,
            "receipt": receipt_of(told, done),
            "scopes": scopes(session, person_id, today, seen.told_of),
            "all_groups": open_groups(session, request),
            "roles": ROLES,
            "tried": tried,
            "now": _filled_from(session, seen, row),
        }
    return show(request, "person.html", name, values, tried.status)


def _roles(session: Session, person_id: int) -> list[Any]:
    """Her roles, group by group, the earliest first."""
    rows = holdings(session, person_id=person_id)
    first = date.min
    return sorted(rows, key=lambda row: (alphabetically(row.group), row.starts_on or first))


def _letters(session: Session, request: Request, person_id: int) -> list[Any]:
    """The latest of the letters to her that the lists of letters show too."""
    rows = session.execute(
        select(c(Letter).id, c(Letter).on_day, c(Letter).subject, c(Letter).state)
        .where(c(Letter).person_id == person_id, her_letters(request))
        .order_by(c(Letter).id.desc())
        .limit(SHOWN)
    )
    return list(rows)


def _feed(session: Session, request: Request, seen: Seen) -> str:
    """Her calendar's address, where it is for the viewer to make and close."""
    if not (seen.whole and seen.at_home):
        return ""
    return feed_address(session, settings_of(request), person_id=seen.person_id)


@dataclass(frozen=True, slots=True)
class _Stands:
    """What is told of whether somebody can be reached, as `standing` asks for it."""

    left_on: date | None
    unreachable_since: datetime | None
    unreachable_why: str


def _stands(row: Person, seen: Seen, left_on: date | None) -> _Stands:
    """Her last day where she is seen; whether letters come to her, where she is at home."""
    if not seen.at_home:
        return _Stands(left_on, None, "")
    return _Stands(left_on, row.unreachable_since, row.unreachable_why)
