"""Ord till rapporterna: what people wrote in their answers, read and let through all at once."""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select, update
from sqlmodel import Session

from intake.lives.words import SaidYes, release
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.known import called
from models.moves import Refused
from models.person import Person
from models.released import words_wait
from models.status import StatusAnswer
from web.page import led, mover_of, settings_of, show, today_of, viewer_of
from web.sent import Sent, number_of

router = APIRouter()
_WORDS = re.compile(r"words_(\d{1,9})")
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
            number = release(session, chosen, mover_of(request), today=today_of(request))
    except Refused as refused:
        return _page(request, problems=refused.sentences, given=given)
    return RedirectResponse(f"/ord?slappta={number}", 303)


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


def _areas(session: Session, request: Request) -> list[Any]:
    viewer = viewer_of(request)
    asked = select(c(Collaboration).id, c(Collaboration).name, c(Collaboration).names_in_reports)
    if not viewer.administrator:
        asked = asked.where(c(Collaboration).id.in_(viewer.leads))
    return list(session.execute(asked.order_by(c(Collaboration).id)))
