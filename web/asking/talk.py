"""The conversation about one activity of hers, behind a link: she reads it, and writes words or an
https address. A file is for whoever is signed in to attach.
"""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import clock
from intake.lives.comments import comment, take_back
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.known import name_in
from models.moves import Mover, Refused
from models.person import proved
from notifications.links import Closed, Opened
from web.activities.conversation import DONE, conversation, receipt, to_save
from web.asking.answer import closed
from web.asking.behind import behind
from web.asking.hers import what_is_hers
from web.page import settings_of, show, today_of
from web.sent import Sent, Tried, number_of

router = APIRouter()
FORM = "kommentar"


@router.get("/svar/{token}/samtal")
def talk(
    request: Request, token: str, aktivitet: str = "", gjort: str = "", visa: str = ""
) -> Response:
    """What has been said about one of her activities, and the form."""
    return _page(request, token, aktivitet, Tried(), gjort, whole=visa == "alla")


@router.post("/svar/{token}/samtal")
def write(request: Request, token: str, given: Sent) -> Response:
    """Save what she writes; or the form again, as it was."""
    settings, today = settings_of(request), today_of(request)
    number = given.get("activity", "")
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            activity_id, mover = _hers(request, session, opened, number)
            proved(session, opened.person_id, clock.now())
            saved = comment(session, activity_id, given, mover, today=today, link_id=opened.link_id)
    except Refused as refused:
        if not number.isdecimal():  # no page of ours has it so: `web/app.py` says what is wrong
            raise
        return _page(request, token, number, Tried(FORM, refused.sentences, given))
    return RedirectResponse(f"{_here(token, activity_id)}&gjort={DONE}{saved}", 303)


@router.post("/svar/{token}/samtal-angra")
def undo(request: Request, token: str, given: Sent) -> Response:
    """Take back what she wrote herself."""
    settings, today = settings_of(request), today_of(request)
    number = given.get("activity", "")
    saved = number_of(given, "kommentar")
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            activity_id, mover = _hers(request, session, opened, number)
            take_back(session, activity_id, saved, mover, today=today, only_own=True)
    except Refused as refused:
        if not number.isdecimal():
            raise
        return _page(request, token, number, Tried("samtal", refused.sentences, given))
    return RedirectResponse(f"{_here(token, activity_id)}&gjort={DONE}{saved}", 303)


@router.get("/svar/{token}/bilaga")
def download(request: Request, token: str, aktivitet: str = "", fil: str = "") -> Response:
    """A file that somebody attached about one of her activities, to be saved."""
    with reading(settings_of(request)) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        activity_id, _ = _hers(request, session, opened, aktivitet)
        found = to_save(session, activity_id, number_of({"fil": fil}, "fil"))
    if found is None:
        raise HTTPException(404)
    return found


def _here(token: str, activity_id: int) -> str:
    return f"/svar/{token}/samtal?aktivitet={activity_id}"


def _hers(request: Request, session: Session, opened: Opened, number: str) -> tuple[int, Mover]:
    """An activity where she may read what is said, and what she is called; else no such page."""
    asked = number_of({"number": number}, "number")
    hers = what_is_hers(session, opened, today_of(request))
    rows = {row.id: row for row in hers.rows if row.id in hers.reads}
    if asked not in rows:
        raise HTTPException(404)
    owner = select(c(Group).collaboration_id).where(c(Group).id == rows[asked].group_id)
    area = session.execute(owner).scalar_one()
    return asked, Mover(name_in(session, area, opened.person_id), opened.person_id)


def _page(
    request: Request,
    token: str,
    number: str,
    tried: Tried,
    done: str = "",
    *,
    whole: bool = False,
) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        activity_id, _ = _hers(request, session, opened, number)
        what = session.get_one(Activity, activity_id).what
        values = {
            "talk": conversation(session, activity_id, whole=whole),
            "mine": opened.person_id,
            "may_lead": False,
            "receipt": receipt(session, activity_id, done),
            "tried": tried,
            "home": f"/svar/{token}",
            "here": _here(token, activity_id),
            "activity_id": activity_id,
        }
    return show(request, "talk.html", f"Kommentarer: {what}", values, tried.status)
