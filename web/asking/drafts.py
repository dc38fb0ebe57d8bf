"""What was filled in on the page behind a link when she left it, and the page's small script.

A draft is no answer: the page shows it the next time, says that nothing is sent, and forgets it
when she sends. The script counts what is answered and how long a text is; all works without it.
"""

from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from config import clock
from intake.lives.answers import ALL, STILL
from models.columns import c
from models.database import ask, reading, transaction
from models.letter import AnswerDraft, Link
from notifications.links import Closed
from web.asking.behind import behind
from web.page import settings_of
from web.sent import Sent

router = APIRouter()
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
KEPT = timedelta(days=30)
LARGEST = 60_000  # characters of a draft
_SCRIPT = Path(__file__).resolve().parents[2] / "templates" / "web" / "answer.js"
# What the page itself puts in the form, and what is said of things as she saw them then.
_NOT_HERS = ("form_key", "last_", "shown_", ALL)


@router.get("/svar.js", include_in_schema=False)
def script() -> Response:
    """The page's script."""
    return Response(_SCRIPT.read_text("utf-8"), media_type="text/javascript")


@router.post("/svar/{token}/utkast")
def keep(request: Request, token: str, given: Sent) -> Response:
    """Keep what is filled in, in place of what was kept before; nothing filled in keeps nothing."""
    settings, now = settings_of(request), clock.now()
    fields = {
        name: words
        for name, words in given.items()
        if words and words != STILL and not name.startswith(_NOT_HERS)
    }
    with reading(settings) as session:
        opened = behind(request, session, token)
    if isinstance(opened, Closed) or sum(map(len, fields.values())) > LARGEST:
        return Response(status_code=204)
    with transaction(settings) as session:
        session.execute(delete(AnswerDraft).where(c(AnswerDraft).at < now - KEPT))
        session.get_one(Link, opened.link_id, with_for_update=True)  # two tabs take turns
        forget(session, opened.link_id)
        if fields:
            session.add(AnswerDraft(link_id=opened.link_id, fields=fields, at=now))
    return Response(status_code=204)


def kept(session: Session, link_id: int) -> AnswerDraft | None:
    """What was kept for a link."""
    found = ask(session, _KEPT, link_id=link_id).first()
    return None if found is None else AnswerDraft(**found._mapping)


def forget(session: Session, link_id: int) -> None:
    """It is sent, or empty."""
    ask(session, _FORGET, link_id=link_id)


_KEPT = select(AnswerDraft.__table__).where(c(AnswerDraft).link_id == bindparam("link_id"))  # type: ignore[attr-defined]
_FORGET = delete(AnswerDraft).where(c(AnswerDraft).link_id == bindparam("link_id"))
