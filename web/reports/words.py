"""Ord till rapporterna: what people wrote in answers and about reports, let through all at once."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select, update
from sqlmodel import Session

from intake.lives.group_notes import SaidYesToNote, release_notes
from intake.lives.words import SaidYes, release
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from models.group import Collaboration, Group
from models.group_note import GroupNote, note_waits
from models.known import called
from models.moves import Refused
from models.person import Person
from models.released import words_wait
from models.status import StatusAnswer
from rules.periods import parse
from web.page import leads_area, led, mover_of, settings_of, show, today_of
from web.sent import Sent, number_of

router = APIRouter()
_WORDS = re.compile(r"words_(\d{1,9})")
_NOTE = re.compile(r"(pattern|measure|conclusion)_(\d{1,9})")
MOST = 200  # on one page: the rest stands there when these are settled


@router.get("/ord")
def waiting(request: Request, slappta: str = "") -> HTMLResponse:
    """The words that wait, each in a field where it can be mended."""
    settled = int(slappta) if slappta.isdecimal() and len(slappta) < 5 else None
    return _page(request, settled=settled)


@router.post("/ord")
def let_through(request: Request, given: Sent) -> Response:
    """Let through what stands in the fields; what is ticked as kept out is kept out."""
    chosen = [
        SaidYes(int(found[1]), "" if given.get(f"hold_{found[1]}") else words)
        for name, words in given.items()
        if (found := _WORDS.fullmatch(name))
    ]
    try:
        with transaction(settings_of(request)) as session:
            mover, today = mover_of(request), today_of(request)
            number = release(session, chosen, mover, today=today)
            number += release_notes(session, _notes_in(given), mover, today=today)
    except Refused as refused:
        return _page(request, problems=refused.sentences, given=given)
    return RedirectResponse(f"/ord?slappta={number}", 303)


def _notes_in(given: Mapping[str, str]) -> list[SaidYesToNote]:
    """The notes that a form lets through, as they stand in it; none of what is ticked."""
    words: dict[int, dict[str, str]] = {}
    for name, text in given.items():
        if found := _NOTE.fullmatch(name):
            kept_out = given.get(f"out_{found[2]}")
            words.setdefault(int(found[2]), {})[found[1]] = "" if kept_out else text
    return [SaidYesToNote(note_id, of_it) for note_id, of_it in words.items()]


@router.post("/ord/namn")
def names(request: Request, given: Sent) -> Response:
    """Whether the name of whoever answered stands beside her words."""
    with transaction(settings_of(request)) as session:
        session.execute(
            update(Collaboration)
            .where(c(Collaboration).id == number_of(given, "collaboration"))
            .values(names_in_reports=given.get("namn") == "ja")
        )
    return RedirectResponse("/ord", 303)


def _page(
    request: Request,
    *,
    settled: int | None = None,
    problems: list[str] | None = None,
    given: dict[str, str] | None = None,
) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        values = {
            "rows": _waiting(session, request),
            "notes": _notes(session, request),
            "labels": {"pattern": "Mönster", "conclusion": "Slutsats", "measure": "Åtgärd"},
            "about": _about,
            "areas": _areas(session, request),
            "settled": settled,
            "problems": problems or [],
            "given": given or {},
        }
    return show(request, "words.html", "Ord till rapporterna", values, 422 if problems else 200)


def _waiting(session: Session, request: Request) -> list[Any]:
    answer = c(StatusAnswer)
    return list(
        session.execute(
            select(
                answer.id,
                answer.text,
                answer.on_day,
                answer.activity_id,
                c(Activity).what,
                c(Group).name.label("group"),
                called(c(Group).collaboration_id).label("by"),
            )
            .join(Activity, c(Activity).id == answer.activity_id)
            .join(Group, c(Group).id == c(Activity).group_id)
            .join(Person, c(Person).id == answer.person_id)
            .where(words_wait(), led(request, c(Activity).group_id))
            .order_by(answer.id)
            .limit(MOST)
        )
    )


def _notes(session: Session, request: Request) -> list[Any]:
    """The notes about reports that wait, of the collaborations that she leads."""
    note, e = c(GroupNote), c(Edition)
    asked = (
        select(note.id, note.at, note.by, note.pattern, note.measure, note.conclusion)
        .add_columns(e.id.label("edition_id"), e.kind, e.period, c(Group).name.label("group"))
        .join(Edition, e.id == note.edition_id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .where(note_waits(), leads_area(request, e.collaboration_id))
    )
    return list(session.execute(asked.order_by(note.id).limit(MOST)))


def _about(row: Any) -> str:  # noqa: ANN401 - a row
    """ "Statusrapport kv 4 2024, NOSAM Alm"."""
    kind = "Avvikelserapport" if row.kind == ReportKind.DEVIATIONS else "Statusrapport"
    return f"{kind} {parse(row.period).name}, {row.group or 'alla grupper'}"


def _areas(session: Session, request: Request) -> list[Any]:
    area = c(Collaboration)
    asked = select(area.id, area.name, area.names_in_reports).where(leads_area(request, area.id))
    return list(session.execute(asked.order_by(area.id)))
