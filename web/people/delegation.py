"""Handing over for a while: from the page behind a link, and from an activity's own page.

What is checked and kept is `intake/people/delegation.py`; a person's page (`person.py`)
asks the same. GET changes nothing, since mail scanners open links.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session

from intake.people.delegation import (
    EVERYTHING,
    NOTHING_THERE,
    Scope,
    areas_of,
    delegate,
    end_delegation,
    wished,
)
from intake.people.delegation_refusals import between
from intake.people.wishes import Waiting, keep, waiting
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Group
from models.known import called, called_by, collaborations_of, known_in, own_name
from models.left import has_left
from models.moves import Mover, Refused
from models.person import Person, RoleHolding
from models.refusal import at
from notifications import code, passed_on
from notifications.directory import AnswersFor, answering_now, answers_for
from notifications.links import Closed, Opened
from notifications.passed_on import Went
from rules.wording import alphabetically
from web.activities.activities import activity_page
from web.asking.answer import closed
from web.asking.behind import behind
from web.page import settings_of, show, today_of, viewer_of
from web.people.history import of_stand_ins, take_back_entry, with_receipt
from web.sent import Sent, Tried, attempt, existing, number_of

router = APIRouter()
_SENT = "Vi har skickat en kod till din e-postadress. Skriv den här och spara igen."
_WRONG = "Koden stämmer inte längre. Vi har skickat en ny till din e-postadress. Skriv den här."
_ENOUGH_WISHES = "Så mycket som går har redan skickats härifrån i dag. Försök igen i morgon."
_ENOUGH = "Du har fått så många koder som går i dag. Be processledaren spara ersättaren."
GONE = "Ersättaren gäller inte längre. Läs in sidan igen."


@router.get("/svar/{token}/ersattare")
def form(request: Request, token: str, sparad: int = 0) -> Response:
    """Who stands in for the link's owner, and the form to let somebody do it.

    `sparad` is the stand-in that was just saved, to be taken back at once.
    """
    return _tried(request, token, Tried(), sparad)


def _tried(request: Request, token: str, tried: Tried, saved: int = 0) -> Response:
    """The page with the form as it was left, and what stood in the way."""
    with reading(settings_of(request)) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        return _page(request, session, opened, token, tried, saved)


@router.post("/svar/{token}/ersattare")
def hand_over(request: Request, token: str, given: Sent) -> Response:
    """Hand over, or take back; the page says what holds afterwards."""
    settings = settings_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
    if isinstance(opened, Closed):
        return closed(request, opened)
    try:
        _prove(request, opened, given)
        with transaction(settings) as session:
            done = _do(session, request, opened, given)
    except Refused as refused:
        return _tried(request, token, Tried("ersattare", refused.sentences, given))
    if done.wished:
        title = "Processledaren har fått din önskan"
        return show(request, "message.html", title, {"text": done.wished})
    saved = f"?sparad={done.saved}" if done.saved else ""
    return RedirectResponse(f"/svar/{token}/ersattare{saved}", 303)


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of it: the delegation that was made, or what waits for the process leader's yes."""

    saved: int = 0
    wished: str = ""


_ASKED = "har fått veta vem du vill ska svara i ditt ställe, och säger ja eller nej."
_WAITS = {
    Went.TO_LEADERS: f"Processledaren {_ASKED}",
    Went.TO_ADMINISTRATORS: f"Den som sköter Följsam {_ASKED}",
    Went.TO_NOBODY: "Din önskan är sparad, men ingen processledare går att nå just nu.",
}


def _do(session: Session, request: Request, opened: Opened, given: dict[str, str]) -> _Done:
    """Hand over, or take back, or wish for somebody who is not on file."""
    today, person_id = today_of(request), opened.person_id
    mover = Mover(own_name(session, person_id), person_id)
    if given.get("delegation"):
        take_back(session, person_id, given, mover, today, opened)
        return _Done()
    scope = chosen(given, scopes(session, person_id, today, opened=opened))
    wish = wished(session, person_id, given, today=today, scope=scope)
    if wish is None:
        return _Done(saved=delegate(session, person_id, given, mover, today=today, scope=scope))
    days, settings = (wish.first, wish.last), settings_of(request)
    areas = areas_of(session, person_id, scope, today=today)
    went = Went.TO_LEADERS  # one that is on file already has been told of
    if keep(session, person_id, wish, scope, areas, today=today):
        went = passed_on.wish(
            session, settings, person_id, wish.address, days, wish.what, areas, today
        )
    if went is Went.ENOUGH:
        raise Refused([_ENOUGH_WISHES])
    return _Done(
        wished=f"{wish.address} finns inte här ännu. {_WAITS[went]} Svaret står i ditt nästa brev. "
        "Till dess kommer frågorna till dig."
    )


def _prove(request: Request, opened: Opened, given: Mapping[str, str]) -> None:
    """Whoever hands over has a code from the owner's mailbox: a letter may be forwarded.

    What cannot be saved anyway is refused first, so that no code is sent for it. Not asked of
    whoever is signed in as her, nor where letters are kept as files and nobody gets any.
    """
    settings = settings_of(request)
    signed_in = viewer_of(request).person_id == opened.person_id
    if given.get("delegation") or signed_in or settings.links_live_in_files:
        return
    words = given.get("code", "")
    if words and code.is_right(settings, opened.link_id, words):
        return
    try:
        with transaction(settings) as session:
            _do(session, request, opened, dict(given))
            raise _CouldBeDone
    except _CouldBeDone:
        pass
    with transaction(settings) as session:
        sent = code.send(session, settings, opened, today_of(request))
    raise Refused([at("code", _told_of_code(sent=sent, again=bool(words)))])


def _told_of_code(*, sent: bool, again: bool) -> str:
    if not sent:
        return _ENOUGH
    return _WRONG if again else _SENT


class _CouldBeDone(Exception):  # noqa: N818 - an answer, not a fault
    """It was tried, and is to be undone."""


@router.post("/aktiviteter/{activity_id}/ersattare")
def for_activity(request: Request, activity_id: int, given: Sent) -> Response:
    """The leader lets somebody answer for one activity for a while, instead of who does now."""

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Activity, activity_id)
        answering = {who.person_id for who in answering_now(session, activity_id, today)}
        person_id = number_of(given, "for")
        if person_id not in answering:
            raise Refused([at("for", "Välj vem som ska ersättas.")])
        scope = Scope(activity_id=activity_id)
        delegate(session, person_id, given, mover, today=today, scope=scope)
        return with_receipt(session, f"/aktiviteter/{activity_id}", "")

    return attempt(request, "ersattare", given, do, partial(activity_page, request, activity_id))


@router.post("/aktiviteter/{activity_id}/ersattare/angra")
def undo_for_activity(request: Request, activity_id: int, given: Sent) -> Response:
    """The leader takes back that somebody answers for one activity, or that it ended."""

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Activity, activity_id)
        told = of_stand_ins(session, activity_id)
        take_back_entry(session, told, given, mover, today)
        return f"/aktiviteter/{activity_id}?gjort={given['gjort']}"

    return attempt(request, "ersattare", given, do, partial(activity_page, request, activity_id))


Offer = tuple[str, str, Scope]


def scopes(
    session: Session,
    person_id: int,
    today: date,
    areas: Collection[int] | None = None,
    opened: Opened | None = None,
) -> list[Offer]:
    """What somebody may hand over: (value, words, scope): everything, a role, or an activity.

    With `areas` of her roles and activities those in these collaborations alone, as if she had no
    others: a leader of some must not learn of the rest. Through a link what it opens, and not
    everything where it is closed to some of that.
    """
    there: ColumnElement[bool] = true()
    if opened is not None:
        there = opened.opens(c(Group).collaboration_id)
    if areas is not None:
        there = c(Group).collaboration_id.in_(areas)
    whole = opened is None or opened.is_whole
    roles = session.execute(
        select(c(RoleHolding).group_id, c(RoleHolding).role, c(Group).name)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            c(RoleHolding).person_id == person_id,
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
            there,
        )
        .distinct()
    ).all()
    roles = sorted(roles, key=lambda row: alphabetically(row.name))
    found: list[Offer] = [("", "Allt", EVERYTHING)] if whole else []
    if len(roles) > 1 or not whole:
        found += [
            (f"roll-{group}-{role}", f"Bara som {role} i {name}", Scope(None, group, role))
            for group, role, name in roles
        ]
    found += [
        (f"aktivitet-{one.activity_id}", f"Bara: {_short(one.what)}", Scope(one.activity_id))
        for one in _answering(session, person_id, today, there)[:200]
    ]
    return found


def _answering(
    session: Session, person_id: int, today: date, there: ColumnElement[bool]
) -> list[AnswersFor]:
    """What she answers for of the activities whose groups are told of."""
    hers = answers_for(session, person_id, today)
    asked = (
        select(c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id.in_([one.activity_id for one in hers]), there)
    )
    told = set(session.execute(asked).scalars())
    return [one for one in hers if one.activity_id in told]


def chosen(given: Mapping[str, str], offered: list[Offer]) -> Scope:
    """The scope that a form chose among those it was offered."""
    if not offered:
        raise Refused([NOTHING_THERE])
    for value, _, scope in offered:
        if value == given.get("scope", ""):
            return scope
    raise Refused([at("scope", "Välj vad ersättaren ska svara för.")])


def handed_over(
    session: Session,
    person_id: int,
    today: date,
    *,
    to_her: bool = False,
    areas: Collection[int] | None = None,
    opened: Opened | None = None,
) -> list[Any]:
    """The delegations of somebody that hold or are to come: made by her, or to her.

    The other is called as these collaborations do, for their leader; without any, for herself, as
    the collaboration does whose role or activity it is, and her own home of all that she has.
    Through a link those that it opens.
    """
    d = c(Delegation)
    at: Any = aliased(Person)
    home = select(at.home_collaboration_id).where(at.id == person_id).scalar_subquery()
    owner: Any = aliased(Group)
    whose = (
        select(owner.collaboration_id)
        .where(owner.id == func.coalesce(d.group_id, c(Activity).group_id))
        .correlate_except(owner)
        .scalar_subquery()
    )
    hers, other = (d.delegate_id, d.person_id) if to_her else (d.person_id, d.delegate_id)
    shown: ColumnElement[bool] = true()
    if opened is not None and opened.closed_to:
        areas = set(session.execute(collaborations_of(person_id)).scalars()) - opened.closed_to
        shown = _opened_by(opened, areas, other)
    rows = session.execute(
        select(
            d.id,
            c(Person).id.label("other_id"),
            (called_by(areas) if areas is not None else called(func.coalesce(whose, home))).label(
                "name"
            ),
            d.first_day,
            d.last_day,
            d.role,
            d.activity_id,
            d.group_id,
            c(Group).name.label("group"),
            c(Activity).what,
        )
        .join(Person, c(Person).id == other)
        .outerjoin(Group, c(Group).id == d.group_id)
        .outerjoin(Activity, c(Activity).id == d.activity_id)
        .where(
            hers == person_id,
            d.last_day >= today,
            # One that was ended before it began never held, and is not to come either.
            or_(d.ended_on.is_(None), (d.ended_on > today) & (d.ended_on > d.first_day)),
            shown,
        )
        .order_by(d.first_day, d.id)
    )
    return list(rows)


def _opened_by(
    opened: Opened,
    areas: Collection[int],
    other: Any,  # noqa: ANN401 - a column
) -> ColumnElement[bool]:
    """The condition that a delegation is of what a link opens, which `areas` are.

    One of everything is of all that she has: a link opens it when it is closed to nothing of that,
    and the other is known in something that it opens.
    """
    d = c(Delegation)
    theirs = select(c(Group).id).where(opened.opens(c(Group).collaboration_id))
    handed = select(c(Activity).id).where(c(Activity).group_id.in_(theirs))
    of_some = or_(d.group_id.in_(theirs), d.activity_id.in_(handed))
    if not opened.is_whole:
        return of_some
    everything = and_(d.group_id.is_(None), d.activity_id.is_(None))
    return or_(of_some, and_(everything, other.in_(known_in(areas))))


def take_back(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    today: date,
    opened: Opened | None = None,
) -> None:
    """End the delegation that a form names, when it is one of hers that holds or is to come."""
    number = number_of(given, "delegation")
    hers = handed_over(session, person_id, today, opened=opened)
    if number not in {row.id for row in hers}:
        raise Refused([GONE])
    end_delegation(session, number, mover, today=today)


def _page(
    request: Request, session: Session, opened: Opened, token: str, tried: Tried, saved: int
) -> HTMLResponse:
    today = today_of(request)
    hers = handed_over(session, opened.person_id, today, opened=opened)
    values = {
        "token": token,
        "handed_over": hers,
        "saved": next((row for row in hers if row.id == saved), None),
        "taken_over": handed_over(session, opened.person_id, today, to_her=True, opened=opened),
        "scopes": scopes(session, opened.person_id, today, opened=opened),
        "colleagues": _colleagues(session, opened, today),
        "between": between,
        "wishes": _once(waiting(session, opened.person_id, today, but=opened.closed_to)),
        "asks_code": bool(tried.at("ersattare", "code") or tried.given.get("code")),
        "tried": tried,
    }
    title = "Låt någon svara i ditt ställe"
    return show(request, "delegation.html", title, values, tried.status)


def _once(wishes: list[Waiting]) -> list[Waiting]:
    """What she wished, told once though several leaders are asked."""
    told = {(one.address, one.days, one.what): one for one in reversed(wishes)}
    return list(reversed(told.values()))


def _colleagues(session: Session, opened: Opened, today: date) -> list[str]:
    """The names in the groups that are hers today, to choose among; others can be written.

    Where she holds a role or answers for an activity, of what the link opens.
    """
    person_id, held = opened.person_id, c(RoleHolding)
    there = opened.opens(c(Group).collaboration_id)
    answers = [one.activity_id for one in _answering(session, person_id, today, there)]
    roles = select(held.group_id).where(held.person_id == person_id, _holds(today))
    owners = select(c(Activity).group_id).where(c(Activity).id.in_(answers))
    rows = session.execute(
        select(called(c(Group).collaboration_id))
        .join(RoleHolding, held.person_id == c(Person).id)
        .join(Group, c(Group).id == held.group_id)
        .where(
            or_(c(Group).id.in_(roles), c(Group).id.in_(owners)),
            there,
            _holds(today),
            c(Person).id != person_id,
            ~has_left(c(Person).id, c(Group).collaboration_id, today),
            c(Person).unreachable_since.is_(None),
            or_(c(Person).left_on.is_(None), c(Person).left_on >= today),
        )
        .distinct()
    ).scalars()
    return sorted(rows, key=alphabetically)


def _holds(today: date) -> ColumnElement[bool]:
    """The condition that a role is held today."""
    starts, ends = c(RoleHolding).starts_on, c(RoleHolding).ends_on
    condition: ColumnElement[bool] = or_(starts.is_(None), starts <= today) & or_(
        ends.is_(None), ends >= today
    )
    return condition


def _short(words: str) -> str:
    return words if len(words) <= 70 else f"{words[:69]}…"
