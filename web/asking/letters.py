"""Utskick: every letter, where it is on its way, and how the person saw it."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlmodel import Session

from config import clock, policy
from models.alone import alone
from models.bounce import Bounce, Report
from models.columns import c
from models.database import reading, transaction
from models.known import called_by
from models.letter import Letter, LetterItem, LetterState, Notice
from models.person import Person
from models.post import Stage
from models.post_hold import held
from notifications import release
from notifications.about import WHAT, letters_of, with_what_it_is_about
from notifications.letters.again import LOST
from notifications.letters.again import again as sent_again
from notifications.stops import stands
from rules.marks import without_links
from rules.refusals import judge_words
from web.page import settings_of, show, today_of, viewer_of
from web.sent import existing

router = APIRouter()
PAGE = 50
_DOUBTED_SHOWN = 5  # reports that were not believed

STATE_IN_WORDS = {
    LetterState.QUEUED: "I kö",
    LetterState.SENDING: "Skickas",
    LetterState.SENT: "Skickat",
    LetterState.KEPT: "Sparat som fil",
    LetterState.FAILED: "Kom inte fram",
    LetterState.BOUNCED: "Studsade",
    LetterState.REPLACED: "Ersatt av ett senare brev",
    LetterState.EMPTY: "Behövdes inte",
}


@router.get("/utskick")
def letters(request: Request, fore: str = "", sok: str = "") -> HTMLResponse:
    """All letters, the newest first; or those whose subject has a word or a reference."""
    query = written(request, sok).limit(PAGE + 1)
    if fore.isdecimal() and len(fore) < 15:
        query = query.where(c(Letter).id < int(fore))
    with reading(settings_of(request)) as session:
        rows = session.execute(query).all()
        waiting = session.execute(
            select(func.count(), func.max(c(Letter).server_said)).where(
                c(Letter).state.in_((LetterState.QUEUED, LetterState.SENDING)), hers(request)
            )
        ).one()
        stop = stands(session, settings_of(request))
        hold = held(session)
        lost = session.execute(_lost(request).limit(PAGE)).all()
        made_by = release.waits_until(session, settings_of(request), clock.now())
    whole = viewer_of(request).administrator
    values = {
        "hold": hold,
        "stop": stop,
        "stopped_means": stopped_in_words(stop.stage, stop.said, whole=whole) if stop else "",
        "whole": whole,
        "lost": [(row, meaning(row.stage, row.server_said)) for row in lost],
        "sought": sok,
        "rows": rows[:PAGE],
        "following": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "words": STATE_IN_WORDS,
        "waiting": waiting[0],
        "said": waiting[1] or "",
        "server": settings_of(request).smtp_host,
        "folder": _folder(request),
        "made_by": made_by,
    }
    return show(request, "letters.html", "Utskick", values)


def _folder(request: Request) -> str:
    """Where letters are kept as files: a path, for those who keep the machine."""
    return str(settings_of(request).letters_folder) if viewer_of(request).administrator else ""


def _lost(request: Request) -> Select[Any]:
    """The letters that did not come and that nobody has seen to, the newest first."""
    return (
        select(
            c(Letter).id,
            c(Letter).on_day,
            called_here(request),
            c(Letter).subject,
            c(Letter).stage,
            c(Letter).server_said,
        )
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(c(Letter).state.in_(LOST), c(Letter).seen_to_at.is_(None), hers(request))
        .order_by(c(Letter).id.desc())
    )


def meaning(stage: Stage | None, said: str) -> str:
    """What a server's words mean, in Swedish; the words themselves where they are no reply."""
    judged = judge_words(stage, said)
    return judged.means if judged else said


def stopped_in_words(stage: Stage, said: str, *, whole: bool) -> str:
    """What stopped everybody's post. The server's own words may name whose letter it was (`whole`).

    They stand at her own letters; of the others' only an administrator reads them.
    """
    judged = judge_words(stage, said)
    if judged is not None:
        return judged.means
    return said if whole else "Varför mejlservern inte tar emot brev ser den som är administratör."


def written(request: Request, sok: str) -> Select[Any]:
    """The letters that she may see, the newest first."""
    query = (
        select(
            c(Letter).id,
            c(Letter).on_day,
            called_here(request),
            c(Letter).to_address,
            c(Letter).subject,
            c(Letter).state,
            c(Letter).server_said,
            c(Letter).done_at,
        )
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(hers(request))
        .order_by(c(Letter).id.desc())
    )
    if sok.strip():
        query = query.where(c(Letter).subject.icontains(sok.strip()[:200], autoescape=True))
    return query


@router.get("/utskick/{letter_id}")
def letter(request: Request, letter_id: int) -> HTMLResponse:
    """One letter: headers, why it was written, and the letter itself in a frame."""
    with reading(settings_of(request)) as session:
        row = existing(session, Letter, letter_id)
        name = _name_here(session, request, letter_id)
        asked = (
            select(
                c(Notice).activity_id,
                c(Notice).plan_id,
                WHAT,
                c(Notice).kind,
                c(Notice).rung,
                c(Notice).due_on,
                c(LetterItem).via,
            )
            .select_from(LetterItem)
            .join(Notice, c(Notice).id == c(LetterItem).notice_id)
            .where(c(LetterItem).letter_id == letter_id)
            .order_by(c(Notice).due_on)
        )
        items = session.execute(with_what_it_is_about(asked)).all()
        doubted = session.execute(
            select(c(Bounce).at, c(Bounce).said)
            .where(c(Bounce).letter_id == letter_id, c(Bounce).report == Report.NOT_BELIEVED)
            .order_by(c(Bounce).id)
            .limit(_DOUBTED_SHOWN)
        ).all()
    values = {
        "letter": row,
        "name": name,
        "items": items,
        "doubted": doubted,
        "words": STATE_IN_WORDS,
        "text": _greeting(without_link(row.text), row.to_name, name),
        "means": meaning(row.stage, row.server_said) if row.state in LOST else "",
        "stuck": row.state in (LetterState.QUEUED, LetterState.SENDING),
    }
    return show(request, "letter.html", row.subject, values)


@router.post("/utskick/{letter_id}/igen")
def again(request: Request, letter_id: int) -> Response:
    """Send a letter once more."""
    settings, today = settings_of(request), today_of(request)
    with transaction(settings) as session:
        existing(session, Letter, letter_id)
        number = sent_again(session, settings, policy.load(settings.home), letter_id, today)
    return RedirectResponse(f"/utskick/{number or letter_id}", 303)


@router.post("/utskick/igen")
def all_again(request: Request) -> Response:
    """Send every letter that did not come once more; one that cannot be made stops no other."""
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        numbers = [row.id for row in session.execute(_lost(request))]
    for number in numbers:
        with alone("Att skicka igen brev", str(number)), transaction(settings) as session:
            sent_again(session, settings, policy.load(settings.home), number, today)
    return RedirectResponse("/utskick", 303)


@router.get("/utskick/{letter_id}/brev")
def as_seen(request: Request, letter_id: int) -> Response:
    """The letter's HTML alone, as a mail program shows it, without a link that works.

    The link belongs to the one who got the letter; a reader of this page must not answer for her.
    """
    with reading(settings_of(request)) as session:
        row = existing(session, Letter, letter_id)
        name = _name_here(session, request, letter_id)
    body = _greeting(without_link(row.html), escape(row.to_name), escape(name))
    csp = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    return HTMLResponse(body, headers={"Content-Security-Policy": csp})


def called_here(request: Request) -> ColumnElement[str]:
    """The name of the one who got the letter of the row, as she who looks knows her.

    A letter greets its reader by her own name. `Person` is to be joined.
    """
    viewer = viewer_of(request)
    own = c(Letter).to_name
    name = own if viewer.administrator else called_by(viewer.leads, otherwise=own)
    return name.label("to_name")


def _name_here(session: Session, request: Request, letter_id: int) -> str:
    asked = (
        select(called_here(request))
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(c(Letter).id == letter_id)
    )
    return str(session.execute(asked).scalar_one())


def _greeting(words: str, own: str, name: str) -> str:
    """The words of a letter, greeting its reader by the name that she who looks knows."""
    return words.replace(own, name) if own and own != name else words


def hers(request: Request) -> ColumnElement[bool]:
    """The condition that a letter is about nothing but what she leads; with nothing about, that it
    went to somebody known there only. `web/belongings.py` says the same of one letter."""
    viewer = viewer_of(request)
    if viewer.administrator:
        return true()
    if not viewer.leads:  # she reads no letters, and the question is a long one
        return false()
    return letters_of(viewer.leads)


def without_link(body: str) -> str:
    """The body of a letter with words in place of its links."""
    return without_links(body)
