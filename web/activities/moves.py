"""Moving an activity, and agreeing anew about it, from its page.

A refusal keeps what was written.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from config import policy
from intake.lives.by_mail import settle as settle_mail
from intake.lives.changes import ask_to_change
from intake.lives.correcting import ask_to_correct, told_now
from intake.lives.moves import ask_for_group, ask_to_move, move_named
from intake.lives.parts import ask_to_put_parts
from intake.lives.registered import ask_to_register
from models.activity import Activity
from models.moves import Mover, Refused
from models.part import Part
from models.refusal import at
from models.undoing import batch_of
from web.activities.activities import activity_page
from web.activities.forms import (
    CORRECT_FIELDS,
    PART_FIELDS,
    REFER_FIELDS,
    agreed_fields,
    agreed_now,
    labels_of,
    part_now,
    referred_now,
)
from web.page import settings_of
from web.sent import Sent, attempt, existing, locked, number_of, seen

router = APIRouter()


@router.post("/aktiviteter/{activity_id}/flytta")
def move(request: Request, activity_id: int, given: Sent) -> Response:
    """Make a move, or say everything that stands in its way."""
    wanted = move_named(given.get("move", ""))
    promises = policy.load(settings_of(request).home)

    def do(session: Session, mover: Mover, today: date) -> None:
        if wanted is None:
            raise Refused([at("move", "Välj vilken flytt som ska göras.")])
        ask_to_move(session, activity_id, wanted, given, mover, today=today, promises=promises)

    return _try(request, activity_id, given.get("move", ""), given, do)


@router.post("/aktiviteter/{activity_id}/grupp")
def let_group(request: Request, activity_id: int, given: Sent) -> Response:
    """Let another group own the activity."""

    def do(session: Session, mover: Mover, today: date) -> None:
        ask_for_group(session, [activity_id], given, mover, today=today)

    return _try(request, activity_id, "grupp", given, do)


@router.post("/aktiviteter/{activity_id}/hanskjut")
def refer(request: Request, activity_id: int, given: Sent) -> Response:
    """Refer the question to a higher group, or take it back."""

    def do(session: Session, mover: Mover, today: date) -> None:
        row = locked(session, Activity, activity_id)
        asked = seen(given, referred_now(session, row), labels_of(REFER_FIELDS))
        ask_for_group(session, [activity_id], asked, mover, today=today, only_refer=True)

    return _try(request, activity_id, "hanskjut", given, do)


@router.post("/aktiviteter/{activity_id}/delar")
def put_parts(request: Request, activity_id: int, given: Sent) -> Response:
    """Put parts on the activity, or change one of them."""

    def do(session: Session, mover: Mover, today: date) -> None:
        asked = _part_seen(session, activity_id, given)
        ask_to_put_parts(session, activity_id, asked, mover, today=today)

    return _try(request, activity_id, f"del {given.get('row', '')}".strip(), given, do, "delar")


@router.post("/aktiviteter/{activity_id}/ratta")
def correct(request: Request, activity_id: int, given: Sent) -> Response:
    """Correct what was told of a result; what stood first is kept."""

    def do(session: Session, mover: Mover, today: date) -> None:
        row = locked(session, Activity, activity_id)
        asked = seen(given, told_now(row), labels_of(CORRECT_FIELDS))
        ask_to_correct(session, activity_id, asked, mover, today=today)

    return _try(request, activity_id, "ratta", given, do)


@router.post("/aktiviteter/{activity_id}/svar")
def register(request: Request, activity_id: int, given: Sent) -> Response:
    """Register an answer that came some other way than through a link."""

    def do(session: Session, mover: Mover, today: date) -> None:
        existing(session, Activity, activity_id)
        ask_to_register(session, activity_id, given, mover, today=today)

    return _try(request, activity_id, "svar", given, do)


@router.post("/aktiviteter/{activity_id}/mejl")
def see_to_mail(request: Request, activity_id: int, given: Sent) -> Response:
    """Say yes to what somebody answered by mail, or that it has been read."""

    def do(session: Session, mover: Mover, today: date) -> None:
        line, accept = number_of(given, "line"), given.get("gor") == "ja"
        settle_mail(session, activity_id, line, mover, accept=accept, today=today)

    return _try(request, activity_id, "mejl", given, do, "mejl")


@router.post("/aktiviteter/{activity_id}/tveksamt")
def no_doubt(request: Request, activity_id: int, given: Sent) -> Response:
    """What was doubted when the plan was read is as it should be: it is told no more."""

    def do(session: Session, _mover: Mover, _today: date) -> None:
        row = locked(session, Activity, activity_id)
        told = " ".join(given.get("doubt", "").split())
        kept = [line for line in row.doubts.splitlines() if " ".join(line.split()) != told]
        row.doubts = "\n".join(kept)

    return _try(request, activity_id, "tveksamt", given, do, "")


@router.post("/aktiviteter/{activity_id}/andra")
def change(request: Request, activity_id: int, given: Sent) -> Response:
    """Agree anew on what differs, or say everything that cannot be read."""
    months = policy.load(settings_of(request).home).review_months

    def do(session: Session, mover: Mover, today: date) -> None:
        row = locked(session, Activity, activity_id)
        asked = seen(given, agreed_now(session, row), labels_of(agreed_fields(row.state)))
        ask_to_change(session, activity_id, asked, mover, today=today, review_months=months)

    return _try(request, activity_id, "andra", given, do)


def _part_seen(session: Session, activity_id: int, given: Mapping[str, str]) -> Mapping[str, str]:
    """The form of a part that is there; a new one is filled from nothing."""
    locked(session, Activity, activity_id)
    part = session.get(Part, number_of(given, "row"))
    if part is None or part.activity_id != activity_id:
        return given
    return seen(given, part_now(part), labels_of(PART_FIELDS))


def _try(
    request: Request,
    activity_id: int,
    form: str,
    given: Mapping[str, str],
    deed: Callable[[Session, Mover, date], object],
    anchor: str = "hant",
) -> Response:
    def do(session: Session, mover: Mover, today: date) -> str:
        deed(session, mover, today)
        return f"/aktiviteter/{activity_id}?gjort={batch_of(session, today)}#{anchor}"

    return attempt(request, form, given, do, partial(activity_page, request, activity_id))
