"""A code to the owner's address: says that whoever has her link has her mailbox too.

A letter may be forwarded, and a link in it opens her page. To hand over her duties that is not
enough. A code lives a quarter of an hour, for a few tries, and can be used once; the letter on file
has a mark in its place, and the link's row the seed that it is made of with our key.
"""

import hmac
import secrets
from datetime import date, timedelta

from sqlalchemy import func, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import transaction
from models.letter import Letter, Link
from models.person import Person
from notifications import links
from notifications.letters.frame import whom_to_ask
from notifications.links import Opened
from notifications.outbox import CODE, Words, queue
from rules import marks
from templates import render

LIVES = timedelta(minutes=15)
TRIES = 5  # of each code
A_DAY = 5  # codes to one person


def send(session: Session, settings: Settings, opened: Opened, today: date) -> bool:
    """Queue a letter with a new code; the one before it is good no more. False: enough today."""
    session.get_one(Person, opened.person_id, with_for_update=True)  # of two at once each counts
    had = select(func.count()).where(
        c(Letter).person_id == opened.person_id, c(Letter).kind == CODE, c(Letter).on_day == today
    )
    number = session.execute(had).scalar_one()
    if number >= A_DAY:
        return False
    seed = secrets.token_urlsafe(16)
    session.execute(
        update(Link)
        .where(c(Link).id == opened.link_id)
        .values(code_seed=seed, code_at=clock.now(), code_tries=0)
    )
    page = f"{marks.CODE}{seed}"
    contact = whom_to_ask(session, opened.person_id, today)
    values = {
        "contact": contact,
        "code": marks.mark(page),
        "minutes": int(LIVES.total_seconds()) // 60,
        "organisation": settings.organisation,
    }
    words = Words(
        "Din kod för att låta någon svara i ditt ställe",
        render("mail/code/text.txt", **values),
        render("mail/code/html.html", **values),
    )
    queue(
        session,
        settings,
        opened.person_id,
        CODE,
        words,
        today=today,
        occasion=f"{opened.link_id} {number + 1}",
        link_id=opened.link_id,
        leads_to=[page],
        contact=contact,
    )
    return True


def is_right(settings: Settings, link_id: int, words: str) -> bool:
    """Is it the link's code? Each try is counted before it is looked at; a right one is used up."""
    row = c(Link)
    with transaction(settings) as session:
        counted = session.execute(
            update(Link)
            .where(row.id == link_id, row.code_seed != "", row.code_tries < TRIES)
            .where(row.code_at > clock.now() - LIVES)
            .values(code_tries=row.code_tries + 1)
            .returning(row.code_seed)
        ).scalar()
        if counted is None:
            return False
        given, code = "".join(words.split()), links.code_of(settings, link_id, counted)
        right = hmac.compare_digest(given.encode(), code.encode())
        if right:
            session.execute(update(Link).where(row.id == link_id).values(code_seed=""))
        return right
