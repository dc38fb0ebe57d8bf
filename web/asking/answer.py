"""The link's page: one person's open activities, and what she says of them. No account.

GET changes nothing, since mail scanners open links. POST saves all of the form or none of it.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import BindParameter, bindparam, select, update
from sqlmodel import Session

from config import clock
from intake.lives.answers import (
    ALL,
    LONGEST,
    STILL,
    Asked,
    Last,
    Understood,
    save,
    save_parts,
    understand,
)
from intake.lives.silent import silent_for
from models.activity import Activity
from models.columns import c
from models.database import ask, reading, transaction
from models.group import Group
from models.known import own_name
from models.letter import AnswerDraft, Link
from models.lifecycle import OPEN, State
from models.listing import late
from models.moves import Mover, Refused
from models.part import Part, PartState
from models.person import proved
from models.status import Says
from notifications.feeds import address_through
from notifications.links import Closed, Opened
from rules.wording import SAYS_IN_WORDS
from web.activities.conversation import how_many
from web.asking import drafts
from web.asking.behind import behind, told_of_ended
from web.asking.hers import Hers, in_letter, what_is_hers, withdrawn_plans
from web.asking.said import asked_in_rounds, has_answered, newest_by_activity, proposed
from web.numbers import stopped
from web.page import settings_of, show, today_of
from web.sent import Sent

router = APIRouter()
MANY = 5  # with more than so many, all can be answered at once and each is folded
FIRST = 8  # of so many more that they are folded together: 25 are one screen and a half
_TRIES = 3  # how often a form is read anew when what it is about changes meanwhile
_FIELD = re.compile(r"(says|text|figure|instead|date|start)_(\d{1,9})")


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """A form that was read and understood: all that is needed to save it."""

    opened: Opened
    understood: Understood
    asked: list[Asked]
    mover: Mover
    form: str  # its print


@dataclass(frozen=True, slots=True)
class Gone:
    """Something said of an activity that the form no longer holds: why not, and the words."""

    why: str
    words: str


_CLOSED = {
    Closed.FORGED: (
        403,
        "Länken går inte att läsa",
        "Adressen stämmer inte. Öppna länken direkt i brevet, eller skriv din e-postadress så "
        "skickar vi en ny.",
    ),
    Closed.EXPIRED: (
        410,
        "Länken har gått ut",
        "Inget är förlorat. Använd länken i ditt senaste brev, eller be om en ny här.",
    ),
    Closed.REVOKED: (
        410,
        "Länken gäller inte längre",
        "Den har dragits tillbaka. Använd länken i ditt senaste brev, eller be om en ny här.",
    ),
    Closed.ELSEWHERE: (
        403,
        "Logga in för att lämna besked",
        "Sidan öppnades från Mina aktiviteter. Den gäller bara medan du är inloggad, i samma "
        "webbläsare. Logga in och tryck på Lämna besked igen.",
    ),
}


@router.get("/svar/{token}")
def form(request: Request, token: str, val: str = "") -> Response:
    """The questions, with the answer that she tapped in her letter chosen. Changes nothing."""
    with reading(settings_of(request)) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        kept = drafts.kept(session, opened.link_id)
        given = (kept.fields if kept else {}) | _tapped(val)
        return _questions(request, session, opened, Understood(), given, kept=kept)


def _tapped(choice: str) -> dict[str, str]:
    """What a link in a letter has chosen: "7-late" of activity 7, "alla-on_track" of all."""
    which, _, says = choice.partition("-")
    if which == ALL and says == Says.ON_TRACK:
        return {ALL: says}
    if which.isdecimal() and says in set(Says):
        return {f"says_{which}": says}
    return {}


@router.get("/svar/{token}/skicka")
def loaded_anew(token: str) -> Response:
    """The address that the form is sent to, opened as a page: the questions are beside it."""
    return RedirectResponse(f"/svar/{token}", 303)


@router.post("/svar/{token}")
@router.post("/svar/{token}/skicka")
def answers(request: Request, token: str, given: Sent) -> Response:
    """The answers: everything is saved, or the form comes back with what was not understood.

    1. Read and understand the form, holding up nobody.
    2. Look once more, where only one writes at a time: a link that was revoked meanwhile, or an
       activity that was moved, sends us back to 1.
    3. Save, and show the receipt. The same form sent twice (a double tap, a page loaded anew) is
       one answer, and shows the first one's receipt.

    The form is sent to an address of its own, so that a browser that found no network keeps the
    page and what was written on it one step back. Pages opened before that send to the first.
    """
    settings, today = settings_of(request), today_of(request)
    if stopped(request).sentences:
        return _mended(request, token, given)
    try:
        for _ in range(_TRIES):
            with reading(settings) as session:
                read = _read(request, session, token, given)
            if isinstance(read, Response):
                return read
            with transaction(settings) as session:
                if _still_so(session, read):
                    if not _sent_first(session, read):
                        return RedirectResponse(f"/svar/{token}/tack", 303)
                    proved(session, read.opened.person_id, clock.now())
                    save_parts(session, read.understood.parts, read.mover, today=today)
                    replies, link_id = read.understood.replies, read.opened.link_id
                    save(session, replies, read.mover, link_id, today=today)
                    drafts.forget(session, link_id)
                    return RedirectResponse(f"/svar/{token}/tack", 303)
    except Refused as refused:
        return _too_late(request, " ".join(refused.sentences))
    return _too_late(request, "Det ändrades medan du svarade.")


def _read(
    request: Request, session: Session, token: str, given: dict[str, str]
) -> ReadAnswers | Response:
    """What a form says; or the page that says why nothing can be saved of it."""
    opened = behind(request, session, token)
    if isinstance(opened, Closed):
        return closed(request, opened)
    form = _print_of(given)
    if form and ask(session, _LATEST_FORM, link_id=opened.link_id).scalar_one() == form:
        return RedirectResponse(f"/svar/{token}/tack", 303)
    asked = _asked(session, request, opened)
    understood = understand(given, asked, today_of(request))
    gone = _gone(session, opened, given, {one.id for one in asked})
    if gone or not understood.whole:
        return _questions(request, session, opened, understood, given, gone)
    mover = Mover(own_name(session, opened.person_id), opened.person_id)
    return ReadAnswers(opened, understood, asked, mover, form)


def _print_of(given: Mapping[str, str]) -> str:
    """What tells a form that was sent from every other; "" for one without a key of its own.

    What is filled in counts too: whoever goes back and changes something has sent another form.
    """
    if not given.get("form_key"):
        return ""
    return hashlib.sha256(json.dumps(sorted(given.items())).encode()).hexdigest()


def _sent_first(session: Session, read: ReadAnswers) -> bool:
    """Note the form as the link's latest; false when it is so already."""
    if not read.form:
        return True
    noted = ask(session, _NOTE_FORM, link_id=read.opened.link_id, form=read.form)
    return bool(noted.rowcount)


def _still_so(session: Session, read: ReadAnswers) -> bool:
    """Does the link open still, and does all that is answered about stand as it was read?"""
    revoked_at = ask(session, _REVOKED, link_id=read.opened.link_id).scalar_one()
    about = {reply.activity.id for reply in read.understood.replies}
    about |= {reply.activity_id for reply in read.understood.parts}
    states = ask(session, _STATES, activities=list(about))
    parts = ask(session, _PART_STATES, activities=list(about))
    was = [activity for activity in read.asked if activity.id in about]
    return (
        revoked_at is None
        and dict(states.tuples().all()) == {activity.id: activity.state for activity in was}
        and {(part.id, part.state) for activity in was for part in activity.parts}
        <= set(parts.tuples().all())
    )


def _too_late(request: Request, why: str) -> Response:
    text = f"{why} Inget av ditt svar sparades; öppna länken igen."
    return show(request, "message.html", "Någon hann före", {"text": text}, 409)


def _mended(request: Request, token: str, given: dict[str, str]) -> Response:
    """The form with all that was filled in, and beside each activity what must be taken out."""
    settings = settings_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        asked = _asked(session, request, opened)
        understood = understand(given, asked, today_of(request))
        gone = _gone(session, opened, given, {one.id for one in asked})
        if understood.whole:  # in a field that says nothing of any of them
            raise Refused(stopped(request).sentences)
        return _questions(request, session, opened, understood, given, gone)


def _asked(session: Session, request: Request, opened: Opened) -> list[Asked]:
    """The activities that the form is about, and what was said of them last time."""
    hers = what_is_hers(session, opened, today_of(request))
    ids = [row.id for row in hers.rows]
    last, waiting = _said_before(session, hers, opened), proposed(session, ids)
    return _as_asked(hers, last, waiting, today_of(request))


def _said_before(session: Session, hers: Hers, opened: Opened) -> dict[int, Any]:
    """The newest answer about each: others' words only where she may read them."""
    newest = newest_by_activity(session, [row.id for row in hers.rows])
    return {
        id_: answer
        for id_, answer in newest.items()
        if id_ in hers.reads or answer.person_id == opened.person_id
    }


def _as_asked(
    hers: Hers, last: Mapping[int, Any], waiting: Mapping[int, str], today: date
) -> list[Asked]:
    """Each activity of hers as the form needs to know it."""
    return [
        Asked(
            *(row.id, row.state, row.runs_on, row.review_months),
            last=_to_say_again(last.get(row.id)),
            parts=hers.parts.get(row.id, ()),
            only_parts=row.id in hers.only_parts,
            late=late(row, today),
            unsettled=row.id in waiting,
            disowned=row.id in last and last[row.id].says is Says.NOT_ME,
        )
        for row in hers.rows
    ]


def closed(request: Request, why: Closed) -> HTMLResponse:
    """The page that says why a link does not open."""
    status, title, text = _CLOSED[why]
    unknown = why is Closed.FORGED
    token = "okand" if unknown else request.path_params["token"]
    values = {
        "text": text,
        "token": token,
        "unknown": unknown,
        "signs_in": why is Closed.ELSEWHERE,
    }
    return show(request, "link_closed.html", title, values, status)


def _questions(
    request: Request,
    session: Session,
    opened: Opened,
    understood: Understood,
    given: dict[str, str],
    gone: list[Gone] | None = None,
    kept: AnswerDraft | None = None,
) -> HTMLResponse:
    """The form; sent once already when `gone` is a list, empty or not."""
    hers, tried = what_is_hers(session, opened, today_of(request)), gone is not None
    ids = [row.id for row in hers.rows]
    last, waiting = _said_before(session, hers, opened), proposed(session, ids)
    asked = _as_asked(hers, last, waiting, today_of(request))
    together = {one.id for one in asked if one.may_go_with_all}
    rows = _by_plan(hers.rows) if len(ids) > MANY else hers.rows
    unfolded = _unfolded(asked, understood, given)
    rest = [row.id for row in rows[FIRST:]] if len(rows) > FIRST + MANY else []
    home = f"/svar/{request.path_params['token']}"
    values = {
        "name": own_name(session, opened.person_id),
        "feed": address_through(session, settings_of(request), opened),
        "back": home,
        "home": home,
        "rows": rows,
        "withdrawn": withdrawn_plans(session, hers.in_letter),
        "many": len(ids) > MANY,
        "together": together if len(together) > 1 else set(),
        "unfolded": unfolded,
        "rest": rest,
        "rest_is_open": not unfolded.isdisjoint(rest),
        "all_of_them": ALL,
        "on_track": Says.ON_TRACK.value,
        "last": last,
        "given": given,
        "form_key": secrets.token_urlsafe(16),
        "mine": opened.person_id,
        "still": STILL,
        "proposed": waiting,
        "reads": hers.reads,
        "comments": how_many(session, [id_ for id_ in ids if id_ in hers.reads]),
        "asked": asked_in_rounds(session, ids),
        "says": SAYS_IN_WORDS,
        "not_me": Says.NOT_ME.value,
        "problems": understood.problems,
        "nothing": tried and not understood.problems and not gone,
        "gone": gone or [],
        "silent": silent_for(session, opened.person_id, opened.silent_about),
        "ended": told_of_ended(session, opened),
        "kept_at": kept.at if kept else None,
        "longest": LONGEST,
        "parts": hers.parts,
        "only_parts": hers.only_parts,
        "part_states": list(PartState),
        "decided": State.DECIDED,
    }
    page = show(request, "answer.html", "Lämna besked", values, 422 if tried else 200)
    page.headers["Content-Security-Policy"] = drafts.CSP
    return page


def _by_plan(rows: list[Any]) -> list[Any]:
    """Plan by plan, the one with the day that comes first before the others."""
    plans = {row.plan: None for row in rows}
    return [row for plan in plans for row in rows if row.plan == plan]


def _unfolded(
    asked: list[Asked], understood: Understood, given: Mapping[str, str]
) -> AbstractSet[int]:
    """Which of many are opened: what cannot go with the others, and what she has touched.

    Where more than a few cannot, each is opened by her: else the page would be as long as before.
    """
    touched = {int(found[2]) for name in given if given[name] and (found := _FIELD.fullmatch(name))}
    apart = {one.id for one in asked if not one.may_go_with_all}
    few = apart if len(apart) <= MANY else set()
    return few | touched | understood.problems.keys()


def _to_say_again(answer: Any) -> Last | None:  # noqa: ANN401 - a row
    """The newest answer; "not me" is not said again by somebody else."""
    if answer is None or answer.says is Says.NOT_ME:
        return None
    return Last(answer.id, answer.says)


def _gone(
    session: Session, opened: Opened, given: Mapping[str, str], held: AbstractSet[int]
) -> list[Gone]:
    """What is said of activities that were ended, moved or taken over while the form was open.

    One that neither her letter nor an answer
    of hers has named is not named here either: the form may be anybody's making.
    """
    said: dict[int, dict[str, str]] = {}
    for name, value in given.items():
        found = _FIELD.fullmatch(name)
        if found and value.strip() and int(found[2]) not in held:
            said.setdefault(int(found[2]), {})[found[1]] = value.strip()
    if not said:
        return []
    known = in_letter(session, opened) | has_answered(session, list(said), opened.person_id)
    rows = session.execute(
        select(c(Activity).id, c(Activity).what, c(Activity).state, c(Group).collaboration_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id.in_(said.keys() & known), opened.opens(c(Group).collaboration_id))
    )
    names = {row.id: row for row in rows}
    return [
        Gone(_why_gone(names.get(id_), opened), words.get("text", ""))
        for id_, words in said.items()
    ]


def _why_gone(row: Any, opened: Opened) -> str:  # noqa: ANN401 - a row, or None
    if row is None:
        return "En aktivitet som du skrev om är inte längre din att svara för."
    if row.collaboration_id in opened.ended:
        return f"”{row.what}” tar inte emot fler besked, för samverkan är avslutad."
    if row.state in OPEN:
        return f"”{row.what}” är inte längre din att svara för."
    return f"”{row.what}” är {row.state.value} sedan du öppnade sidan."


_ACTIVITIES: BindParameter[int] = bindparam("activities", expanding=True)
_STATES = select(c(Activity).id, c(Activity).state).where(c(Activity).id.in_(_ACTIVITIES))
_PART_STATES = select(c(Part).id, c(Part).state).where(c(Part).activity_id.in_(_ACTIVITIES))
_REVOKED = select(c(Link).revoked_at).where(c(Link).id == bindparam("link_id"))
_LATEST_FORM = select(c(Link).latest_form).where(c(Link).id == bindparam("link_id"))
_NOTE_FORM = (
    update(Link)
    .where(c(Link).id == bindparam("link_id"), c(Link).latest_form != bindparam("form"))
    .values(latest_form=bindparam("form"))
)
