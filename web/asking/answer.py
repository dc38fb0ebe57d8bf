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
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from intake.lives.answers import (
    SAYS_IN_WORDS,
    STILL,
    Asked,
    AskedPart,
    Last,
    Understood,
    save,
    save_parts,
    understand,
)
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterItem, Link, Notice, NoticeKind
from models.lifecycle import OPEN, REMINDED, State
from models.moves import Mover, Refused
from models.part import Part, PartChange, PartState
from models.person import Person, proved
from models.plan import Plan
from models.status import Says, StatusAnswer
from notifications.directory import answers_for, parts_for, reach
from notifications.feeds import feed_address
from notifications.links import Closed, Opened, open_link
from web.asking.said import asked_in_rounds, has_answered, newest_answers, proposed
from web.numbers import stopped
from web.page import settings_of, show, today_of
from web.sent import Sent

router = APIRouter()
MOST = 200  # activities on one page
_TRIES = 3  # how often a form is read anew when what it is about changes meanwhile
_FIELD = re.compile(r"(says|text|figure|instead|date|start)_(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Hers:
    """What a person may answer about: activities, their parts, and of which only the parts."""

    rows: list[Any]
    parts: dict[int, tuple[AskedPart, ...]]
    only_parts: AbstractSet[int]


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
        "Adressen stämmer inte. Öppna länken direkt i brevet, eller kopiera hela adressen.",
    ),
    Closed.EXPIRED: (
        410,
        "Länken har gått ut",
        "Inget är förlorat. Använd länken i ditt senaste brev, eller svara på brevet så hjälper "
        "processledaren dig.",
    ),
    Closed.REVOKED: (
        410,
        "Länken gäller inte längre",
        "Den har dragits tillbaka. Använd länken i ditt senaste brev, eller fråga processledaren.",
    ),
}


@router.get("/svar/{token}")
def form(request: Request, token: str) -> Response:
    """The questions. Looks, and changes nothing."""
    with reading(settings_of(request)) as session:
        opened = open_link(session, settings_of(request), token, clock.now())
        if isinstance(opened, Closed):
            return closed(request, opened)
        return _questions(request, session, opened, Understood(), {})


@router.post("/svar/{token}")
def answers(request: Request, token: str, given: Sent) -> Response:
    """The answers: everything is saved, or the form comes back with what was not understood.

    1. Read and understand the form, holding up nobody.
    2. Look once more, where only one writes at a time: a link that was revoked meanwhile, or an
       activity that was moved, sends us back to 1.
    3. Save, and show the receipt. The same form sent twice (a double tap, a page loaded anew) is
       one answer, and shows the first one's receipt.
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
                    return RedirectResponse(f"/svar/{token}/tack", 303)
    except Refused as refused:
        return _too_late(request, " ".join(refused.sentences))
    return _too_late(request, "Det ändrades medan du svarade.")


def _read(
    request: Request, session: Session, token: str, given: dict[str, str]
) -> ReadAnswers | Response:
    """What a form says; or the page that says why nothing can be saved of it."""
    opened = open_link(session, settings_of(request), token, clock.now())
    if isinstance(opened, Closed):
        return closed(request, opened)
    form = _print_of(given)
    if form and session.get_one(Link, opened.link_id).latest_form == form:
        return RedirectResponse(f"/svar/{token}/tack", 303)
    asked = _asked(session, request, opened)
    understood = understand(given, asked, today_of(request))
    gone = _gone(session, opened, given, {one.id for one in asked})
    if gone or not understood.whole:
        return _questions(request, session, opened, understood, given, gone)
    mover = Mover(session.get_one(Person, opened.person_id).name, opened.person_id)
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
    noted = session.execute(
        update(Link)
        .where(c(Link).id == read.opened.link_id, c(Link).latest_form != read.form)
        .values(latest_form=read.form)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined]


def _still_so(session: Session, read: ReadAnswers) -> bool:
    """Does the link open still, and does all that is answered about stand as it was read?"""
    link = session.get_one(Link, read.opened.link_id)
    about = {reply.activity.id for reply in read.understood.replies}
    about |= {reply.activity_id for reply in read.understood.parts}
    states = session.execute(
        select(c(Activity).id, c(Activity).state).where(c(Activity).id.in_(about))
    )
    parts = session.execute(select(c(Part).id, c(Part).state).where(c(Part).activity_id.in_(about)))
    was = [activity for activity in read.asked if activity.id in about]
    return (
        link.revoked_at is None
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
        opened = open_link(session, settings, token, clock.now())
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
    hers = _hers(session, request, opened)
    last = newest_answers(session, [row.id for row in hers.rows])
    return [
        Asked(
            *(row.id, row.state, row.runs_on, row.review_months),
            last=_to_say_again(last.get(row.id)),
            parts=hers.parts.get(row.id, ()),
            only_parts=row.id in hers.only_parts,
        )
        for row in hers.rows
    ]


@router.get("/svar/{token}/tack")
def receipt(request: Request, token: str) -> Response:
    """What was understood: the latest answer about each activity through this link."""
    settings = settings_of(request)
    with reading(settings) as session:
        opened = open_link(session, settings, token, clock.now())
        if isinstance(opened, Closed):
            return closed(request, opened)
        answer = c(StatusAnswer)
        rows = session.execute(
            select(
                c(Activity).what,
                c(Activity).state,
                answer.activity_id,
                answer.says,
                answer.text,
                answer.figure,
                answer.instead,
                answer.proposed_text,
                answer.proposed_last,
                answer.at,
            )
            .join(Activity, c(Activity).id == answer.activity_id)
            .where(answer.link_id == opened.link_id)
            .order_by(answer.id.desc())
        ).all()
        parts = _parts_told(session, opened)
    latest: dict[int, Any] = {}
    for row in rows:
        latest.setdefault(row.activity_id, row)
    values = {
        "answers": list(latest.values()),
        "parts": parts,
        "says": SAYS_IN_WORDS,
        "token": token,
    }
    return show(request, "receipt.html", "Tack för ditt svar", values)


def closed(request: Request, why: Closed) -> HTMLResponse:
    """The page that says why a link does not open."""
    status, title, text = _CLOSED[why]
    return show(request, "message.html", title, {"text": text}, status)


def _questions(
    request: Request,
    session: Session,
    opened: Opened,
    understood: Understood,
    given: dict[str, str],
    gone: list[Gone] | None = None,
) -> HTMLResponse:
    """The form; sent once already when `gone` is a list, empty or not."""
    hers, tried = _hers(session, request, opened), gone is not None
    rows = hers.rows
    ids = [row.id for row in rows]
    values = {
        "name": session.get_one(Person, opened.person_id).name,
        "feed": feed_address(session, settings_of(request), person_id=opened.person_id),
        "back": request.url.path,
        "rows": rows,
        "last": newest_answers(session, ids),
        "given": given,
        "form_key": secrets.token_urlsafe(16),
        "mine": opened.person_id,
        "still": STILL,
        "proposed": proposed(session, ids),
        "asked": asked_in_rounds(session, ids),
        "says": SAYS_IN_WORDS,
        "not_me": Says.NOT_ME.value,
        "problems": understood.problems,
        "nothing": tried and not understood.problems and not gone,
        "gone": gone or [],
        "parts": hers.parts,
        "only_parts": hers.only_parts,
        "part_states": list(PartState),
        "decided": State.DECIDED,
        "reminded": REMINDED,
    }
    return show(request, "answer.html", "Lämna besked", values, 422 if tried else 200)


def _to_say_again(answer: Any) -> Last | None:  # noqa: ANN401 - a row
    """The newest answer; "not me" is not said again by somebody else."""
    if answer is None or answer.says is Says.NOT_ME:
        return None
    return Last(answer.id, answer.says)


def _hers(session: Session, request: Request, opened: Opened) -> Hers:
    """What this person answers for today, whole or in part, and what the letter was about."""
    person_id, today = opened.person_id, today_of(request)
    found = reach(session, person_id, today)
    whole = {
        *_in_letter(session, opened),
        *(one.activity_id for one in answers_for(session, person_id, today, found)),
    }
    in_part = parts_for(session, person_id, today, found)
    rows = _open(session, whole | in_part.keys())
    only_parts = {row.id for row in rows} - whole
    parts: dict[int, tuple[AskedPart, ...]] = {}
    waiting = _parts_waiting(session, in_part)
    for activity_id, part_id, name, state in _parts(session, [row.id for row in rows]):
        if activity_id in whole or part_id in in_part[activity_id]:
            waits = part_id in waiting and state != PartState.UNANSWERED
            asked = AskedPart(part_id, name, state, waits)
            parts[activity_id] = (*parts.get(activity_id, ()), asked)
    return Hers(rows, parts, only_parts)


def _parts(session: Session, activity_ids: list[int]) -> list[Any]:
    return list(
        session.execute(
            select(c(Part).activity_id, c(Part).id, c(Part).name, c(Part).state)
            .where(c(Part).activity_id.in_(activity_ids))
            .order_by(c(Part).id)
        )
    )


def _parts_waiting(session: Session, in_part: dict[int, set[int]]) -> set[int]:
    """Which of her own parts a letter has asked about without an answer so far."""
    hers = [part_id for part_ids in in_part.values() for part_id in part_ids]
    waiting = select(c(Notice).part_id).where(
        c(Notice).part_id.in_(hers),
        c(Notice).written_on.is_not(None),
        c(Notice).settled_on.is_(None),
    )
    return {part_id for part_id in session.execute(waiting).scalars() if part_id is not None}


def _parts_told(session: Session, opened: Opened) -> list[Any]:
    """The parts whose state this person has told since the link was made, and where they stand."""
    made = select(c(Link).made_at).where(c(Link).id == opened.link_id).scalar_subquery()
    name = select(c(Person).name).where(c(Person).id == opened.person_id).scalar_subquery()
    told = select(c(PartChange).part_id).where(
        c(PartChange).at >= made, c(PartChange).by == name, c(PartChange).before.is_not(None)
    )
    return list(
        session.execute(
            select(c(Activity).what, c(Part).name, c(Part).state, c(Part).why)
            .join(Activity, c(Activity).id == c(Part).activity_id)
            .where(c(Part).id.in_(told))
            .order_by(c(Part).activity_id, c(Part).id)
        )
    )


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
    known = _in_letter(session, opened) | has_answered(session, list(said), opened.person_id)
    rows = session.execute(
        select(c(Activity).id, c(Activity).what, c(Activity).state).where(
            c(Activity).id.in_(said.keys() & known)
        )
    )
    names = {row.id: row for row in rows}
    return [Gone(_why_gone(names.get(id_)), words.get("text", "")) for id_, words in said.items()]


def _why_gone(row: Any) -> str:  # noqa: ANN401 - a row, or None
    if row is None:
        return "En aktivitet som du skrev om är inte längre din att svara för."
    if row.state in OPEN:
        return f"”{row.what}” är inte längre din att svara för."
    return f"”{row.what}” är {row.state.value} sedan du öppnade sidan."


def _in_letter(session: Session, opened: Opened) -> set[int]:
    """The activities that the letter with the link asked about, as a whole."""
    of_the_whole = or_(c(Notice).part_id.is_(None), c(Notice).kind == NoticeKind.SILENCE)
    return set(
        session.execute(
            select(c(Notice).activity_id)
            .join(LetterItem, c(LetterItem).notice_id == c(Notice).id)
            .join(Letter, c(Letter).id == c(LetterItem).letter_id)
            .where(c(Letter).link_id == opened.link_id, c(Notice).activity_id.is_not(None))
            .where(of_the_whole, c(Notice).kind != NoticeKind.LACK)
        ).scalars()
    )


def _open(session: Session, ids: AbstractSet[int]) -> list[Any]:
    return list(
        session.execute(
            select(
                c(Activity).id,
                c(Activity).group_id,
                c(Activity).what,
                c(Activity).how,
                c(Activity).state,
                c(Activity).deadline_text,
                c(Activity).deadline_last,
                c(Activity).runs_on,
                c(Activity).review_months,
                c(Plan).title.label("plan"),
            )
            .join(Plan, c(Plan).id == c(Activity).plan_id)
            .where(c(Activity).state.in_(OPEN), c(Activity).id.in_(ids))
            .order_by(
                c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id
            )
            .limit(MOST)
        )
    )
