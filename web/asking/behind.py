"""What is behind a link: the one place where a page asks what a token opens.

What comes back says whose page it is, which collaborations the link is closed to and which have
ended. A page takes its rows through it (`opens`, `takes_answers`, `is_open_to`): no page asks
otherwise who has closed what, and `tests/test_behind_a_link.py` finds the one that forgets.
"""

from dataclasses import replace
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session

from config import clock
from models.columns import c
from models.database import ask
from models.group import Collaboration
from models.known import collaborations_of
from models.resting import ENDED
from notifications import links
from notifications.links import Closed, Opened
from web.page import settings_of, today_of, viewer_of


def behind(request: Request, session: Session, token: str) -> Opened | Closed:
    """What a link opens for whoever asks now, or why it does not open."""
    now, session_id = clock.now(), viewer_of(request).session_id
    opened = links.open_link(session, settings_of(request), token, now, session_id)
    if isinstance(opened, Closed):
        return opened
    return with_ended(request, session, opened)


def with_ended(request: Request, session: Session, opened: Opened) -> Opened:
    """The same, with the collaborations that have ended."""
    ended = frozenset(ask(session, ENDED, today=today_of(request)).scalars())
    return replace(opened, ended=ended) if ended else opened


def told_of_ended(session: Session, opened: Opened) -> list[Any]:
    """The collaborations of hers that have ended, by name and last day: no answers are taken."""
    if not opened.ended:
        return []
    row = c(Collaboration)
    hers = collaborations_of(opened.person_id)
    return list(
        session.execute(
            select(row.name, row.ends_on)
            .where(row.id.in_(opened.ended), opened.opens(row.id), row.id.in_(hers))
            .order_by(row.ends_on, row.name)
        )
    )
