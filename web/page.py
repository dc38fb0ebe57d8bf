"""What every page has: who looks, the frame's values, a page rendered.

Who may open a page is decided before it is reached (`web/gate.py` asks `rules/access.py`), also for
the objects that the address names, and those that its fields name (`web/forms.py` asks
`rules/fields.py`). Four things are left to pages themselves:

- a list shows only what the viewer may read: `.where(mine(request, c(Plan).group_id))`, and of
  activities `.where(readable_activities(viewer_of(request)))`;
- what is found in another way than by a number in the address, the form or the query is asked about
  with `allow`: `allow(request, LEADER, plan_id=3)` before something is changed;
- of many rows in one form each is asked about by itself: `those_allowed(request, LEADER,
  "activity_id", numbers)`;
- what she may not do is not offered: `may_lead(request, collaboration_id)`.

Whoever changes something is `mover_of(request)`. Without sign-in all of them grant everything.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, or_, select, true, union
from sqlalchemy.orm import aliased

from config import clock
from config.settings import Settings, SignIn
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading
from models.group import Group
from models.known import called_by
from models.moves import Mover
from models.own_way import among, among_found, own_way
from models.person import Person
from rules.access import (
    AT_THE_MACHINE,
    LEADER,
    NOBODY,
    READER,
    Access,
    Verdict,
    Viewer,
    Whose,
    asked_of,
    decide,
    may,
)
from rules.fields import Named
from templates import render
from web.belongings import whose, whose_of
from web.rooms import OWN, above_of, rooms_of

_ABOUT = "about_collaborations"


class NotAllowed(Exception):  # noqa: N818 - an answer, not a fault
    """The viewer may not see or do that. `web/app.py` shows the page that says so."""


def settings_of(request: Request) -> Settings:
    """The installation that this request is for."""
    settings: Settings = request.app.state.settings
    return settings


def today_of(request: Request) -> date:
    """The day it is for this installation."""
    return clock.today(settings_of(request).today)


def viewer_of(request: Request) -> Viewer:
    """Who looks, and what she may do today. The gate has found it out."""
    if settings_of(request).sign_in is SignIn.OFF:
        return AT_THE_MACHINE
    viewer: Viewer = getattr(request.state, "viewer", NOBODY)
    return viewer


def mover_of(request: Request, remark: str = "") -> Mover:
    """Who moves or changes something, for the history: "Frida", "Frida, vid möte".

    She is called as the collaboration does that the request is about: its history is its people's.
    """
    viewer = viewer_of(request)
    name = _called_there(request, viewer)
    return Mover(", ".join(filter(None, (name, remark))), viewer.person_id)


def _called_there(request: Request, viewer: Viewer) -> str:
    about = about_of(request)
    areas = (about & viewer.leads) or about or viewer.leads
    if viewer.person_id is None or viewer.administrator or not areas:
        return viewer.name
    with reading(settings_of(request)) as session:
        asked = select(called_by(areas)).where(c(Person).id == viewer.person_id)
        return str(session.execute(asked).scalar_one())


def is_about(request: Request, objects: Iterable[Whose]) -> None:
    """Note which collaborations the request is about, as what it names tells."""
    about = about_of(request)
    setattr(request.state, _ABOUT, about.union(*(one.collaborations for one in objects)))


def about_of(request: Request) -> frozenset[int]:
    """Which collaborations the request is about, as far as has been noted."""
    return frozenset(getattr(request.state, _ABOUT, ()))


def allow(request: Request, access: Access = READER, **objects: int) -> None:
    """Raises `NotAllowed` unless she may do that much with each object: `plan_id=3`.

    The names are those of `web/belongings.py`. One that is not on file is a page that is not there.
    """
    viewer = viewer_of(request)
    if viewer.administrator:
        return
    with reading(settings_of(request)) as session:
        for name, number in objects.items():
            found = whose(session, name, number)
            if found is None:
                raise HTTPException(404)
            if not may(viewer, access, found):
                raise NotAllowed
            is_about(request, [found])


def allow_named(request: Request, named: Iterable[Named]) -> None:
    """The same of all that the fields of a form or a query name, in a question for each kind.

    One that is not on file is the page's own to tell of, in a sentence.
    """
    viewer = viewer_of(request)
    if viewer.administrator:
        return
    by_kind: dict[str, dict[int, Access]] = {}
    for one in named:
        asked = by_kind.setdefault(one.kind, {})
        asked[one.number] = max(one.access, asked.get(one.number, one.access))
    if not by_kind:
        return
    with reading(settings_of(request)) as session:
        for kind, asked in by_kind.items():
            found = whose_of(session, kind, asked)
            if not all(may(viewer, asked[number], one) for number, one in found.items()):
                raise NotAllowed
            is_about(request, found.values())


def those_allowed(
    request: Request, access: Access, name: str, numbers: Collection[int]
) -> set[int]:
    """Which of many objects of a kind she may do that much with, where each is judged by itself."""
    viewer = viewer_of(request)
    with reading(settings_of(request)) as session:
        found = whose_of(session, name, numbers)
    return {number for number, whose in found.items() if may(viewer, access, whose)}


def may_lead(request: Request, collaboration_id: int) -> bool:
    """May she move and change what is that collaboration's?"""
    viewer = viewer_of(request)
    return viewer.administrator or collaboration_id in viewer.leads


def mine(request: Request, group: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a row's group is one that she may read, for every list and count."""
    return readable(viewer_of(request), group)


def readable(viewer: Viewer, group: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same of somebody: for statements that are kept, since no request is."""
    if viewer.administrator:
        return true()
    if not viewer.leads:
        own: ColumnElement[bool] = group.in_(viewer.reads)
        return own
    hers = or_(_GROUP.id.in_(viewer.reads), _GROUP.collaboration_id.in_(viewer.leads))
    return among(group, select(_GROUP.id).where(hers))


_GROUP: Any = aliased(Group)
_OWNED: Any = aliased(Activity)


def readable_activities(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an activity is owned, or answered for, by a group that she may read.

    Each found by an index of its own: one "or" over both goes through the whole table.
    """
    if viewer.administrator:
        return true()
    answering = select(c(Responsibility).activity_id).where(
        c(Responsibility).group_id.in_(viewer.reads)
    )
    owned = select(_OWNED.id).where(readable(viewer, _OWNED.group_id))
    return own_way(
        sqlite=c(Activity).id.in_(union(owned, answering)),
        postgres=or_(
            readable(viewer, c(Activity).group_id), among_found(c(Activity).id, answering)
        ),
    )


def led(request: Request, group: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a row's group is in a collaboration that she leads."""
    return _led(viewer_of(request), group)


def leads_area(request: Request, area: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a row's collaboration is one that she leads."""
    viewer = viewer_of(request)
    if viewer.administrator:
        return true()
    hers: ColumnElement[bool] = area.in_(viewer.leads)
    return hers


def _led(viewer: Viewer, group: ColumnElement[Any]) -> ColumnElement[bool]:
    if viewer.administrator:
        return true()
    return among(group, select(_GROUP.id).where(_GROUP.collaboration_id.in_(viewer.leads)))


def leads(request: Request) -> bool:
    """Does she lead anything at all? Letters, rounds and addresses are for those who do."""
    return viewer_of(request).access >= LEADER


def may_open(request: Request, address: str) -> bool:
    """May she open that page? For menus and links; says nothing of the objects in the address."""
    path = address.partition("?")[0].partition("#")[0]
    return decide(viewer_of(request), asked_of("GET", path)) is Verdict.GRANTED


def _leads_to(request: Request, address: str) -> bool:
    """Does the menu lead there? Where nobody signs in, nothing is anybody's own."""
    if settings_of(request).sign_in is SignIn.OFF:
        return address not in (OWN, "/inloggningar/alla")
    return may_open(request, address) and not (address == OWN and leads(request))


def page(request: Request, title: str) -> dict[str, Any]:
    """The values that the frame around every page needs."""
    settings = settings_of(request)
    sign_in = settings.sign_in is not SignIn.OFF
    rooms = rooms_of(request.url.path, lambda address: _leads_to(request, address))
    return {
        "title": title,
        "rooms": rooms,
        "above": above_of(rooms),
        "may_seek": not sign_in or may_open(request, "/sok"),
        "seeks": request.query_params.get("q", "") if request.url.path == "/sok" else "",
        "organisation": settings.organisation,
        "today": today_of(request),
        "pretended": settings.today is not None,
        "alone": settings.links_live_in_files,
        "who": viewer_of(request).name if sign_in else "",
    }


def show(
    request: Request,
    template: str,
    title: str,
    values: Mapping[str, Any],
    status: int = 200,
) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(render(f"web/{template}", **page(request, title), **values), status)
