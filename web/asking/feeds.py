"""Calendar feeds: what a calendar program reads, and the buttons that make and revoke an address.

Whoever has the address may read it, as with links in letters. So a person's is shown to herself
alone, and a group's to its process leader; the leader may close either, or see to it that there is
one. Where several collaborations share the installation a person's is hers alone to make and close,
or an administrator's: it holds what is of all.
"""

import hashlib
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from models.database import reading, transaction
from models.group import Group
from models.known import own_name
from models.moves import Refused
from models.person import Person
from notifications import feeds
from notifications.links import Closed
from rules.access import LEADER
from web.asking.answer import closed
from web.asking.behind import behind
from web.page import allow, settings_of, show, today_of, viewer_of
from web.sent import Sent

router = APIRouter()
_OFF = (
    "Här öppnas inget utan inloggning, och ett kalenderprogram kan inte logga in. "
    "Slutdatum, översyner och möten står på sidorna."
)


@router.get("/kalender/{token}.ics")
def calendar(request: Request, token: str) -> Response:
    """A feed as a calendar program asks for it: whole, or not at all when it has the same."""
    settings = settings_of(request)
    with reading(settings) as session:
        feed = feeds.open_feed(session, settings, token)
        if feed is None:
            raise HTTPException(404)
        content = feeds.calendar_of(session, settings, feed, today_of(request))
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "").replace("W/", "")
    if tag in [one.strip() for one in known.split(",")]:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="foljsam.ics"'
    return Response(content, headers=headers, media_type="text/calendar; charset=utf-8")


@router.post("/personer/{person_id}/kalender")
def for_a_person(request: Request, person_id: int, given: Sent) -> HTMLResponse:
    """The leader of the only collaboration makes or revokes a person's address."""
    allow(request, LEADER, calendar_of_person_id=person_id)
    return _changed(request, given, f"/personer/{person_id}", person_id=person_id)


@router.post("/grupper/{group_id}/kalender")
def for_a_group(request: Request, group_id: int, given: Sent) -> HTMLResponse:
    """The process leader makes or revokes a group's address."""
    return _changed(request, given, f"/grupper/{group_id}", group_id=group_id)


@router.post("/svar/{token}/kalender")
def for_oneself(request: Request, token: str, given: Sent) -> Response:
    """Whoever holds a link in a letter makes or revokes her own address.

    It shows what the link opens and no more, and is closed with it.
    """
    settings, back = settings_of(request), f"/svar/{token}"
    if settings.links_sign_in:
        return _are_off(request)
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            does = feeds.revoke_through if _takes_away(given) else feeds.make_through
            does(session, opened)
            session.flush()
            address = feeds.address_through(session, settings, opened)
            name = own_name(session, opened.person_id)
    except Refused as refused:
        text = " ".join(refused.sentences)
        return show(request, "message.html", "Inget ändrades", {"text": text}, 409)
    return _told(request, address, {"shown": True, "back": back, "name": name, "bare": True})


def _takes_away(given: Mapping[str, str]) -> bool:
    return given.get("gor") == "dra-in"


def _are_off(request: Request) -> HTMLResponse:
    return show(request, "message.html", "Kalenderadresser är avstängda", {"text": _OFF})


def _told(request: Request, address: str, values: Mapping[str, object]) -> HTMLResponse:
    title = "Kalendern finns nu" if address else "Kalendern är borttagen"
    return show(request, "feed.html", title, {"feed": address, **values})


def _may_see(request: Request, person_id: int | None) -> bool:
    """Is it her own, or is she alone at the machine, where letters on file open as well?"""
    return viewer_of(request).person_id == person_id or settings_of(request).links_live_in_files


def _changed(
    request: Request,
    given: dict[str, str],
    back: str,
    *,
    person_id: int | None = None,
    group_id: int | None = None,
) -> HTMLResponse:
    """Make or revoke, and show how it stands."""
    settings = settings_of(request)
    if settings.links_sign_in:
        return _are_off(request)
    whose = {"person_id": person_id, "group_id": group_id}
    with transaction(settings) as session:
        known: Person | Group | None  # held, so that two taps make one address
        if person_id:
            known = session.get(Person, person_id, with_for_update=True)
        else:
            known = session.get(Group, group_id, with_for_update=True)
        if known is None:
            raise HTTPException(404)
        (feeds.revoke if _takes_away(given) else feeds.make)(session, **whose)
        session.flush()
        address = feeds.feed_address(session, settings, **whose)
        name = known.name
    shown = group_id is not None or _may_see(request, person_id)
    return _told(request, address, {"shown": shown, "back": back, "name": name, "bare": False})
