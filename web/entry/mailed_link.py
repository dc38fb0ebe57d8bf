"""Signing in by a link in a letter: asked for, written, opened once, in the browser that asked.

Whoever asks gets the same answer, at the same speed, whether or not the address is on file: all
that can differ is done by `ask`, which runs after the answer has been sent.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import Turns, reading, take_turns, transaction
from models.person import Person
from models.session import SignInRequest
from notifications import links
from notifications.letters.frame import Signer, whom_to_ask
from notifications.outbox import SIGN_IN, Words, queue
from rules import marks
from rules.names_of_people import why_no_person
from rules.networks import block
from templates import render
from web.entry.lockout import Asker, is_too_many
from web.entry.sessions import hashed
from web.watched import tell_of_asking

LIVES = timedelta(minutes=10)
KEPT = timedelta(days=1)


class Closed(Enum):
    """Why a link does not sign anybody in."""

    UNKNOWN = "unknown"
    OVER = "over"  # used, or older than it lives
    OTHER_BROWSER = "other browser"


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody wrote an address in the form."""

    address: str
    browser: str  # the key that the browser holds until the link comes
    network: str
    onward: str
    known_as: str = ""  # the browser's own key, if she has signed in there (`known.py`)


@dataclass(frozen=True, slots=True)
class Opens:
    """A link signs this person in, and leads on."""

    person_id: int
    onward: str


def ask(settings: Settings, asking: Asking, today: date) -> None:
    """Write a letter with a link, if somebody on file has that address.

    1. One at a time, so that of many who ask at once each is counted; forget those from before
       yesterday.
    2. Too many (`lockout.py`): nothing more.
    3. Remember the request; for somebody on file, queue the letter in the same transaction.
    """
    now, address = clock.now(), asking.address.strip().lower()
    with transaction(settings) as session:
        take_turns(session, Turns.SIGN_IN_LINKS)
        row = c(SignInRequest)
        session.execute(delete(SignInRequest).where(row.asked_at < now - KEPT))
        asker = Asker(
            address=_blurred(settings, address),
            network=_blurred(settings, block(asking.network)),
            browser=hashed(asking.browser),
            known_by=hashed(asking.known_as) if asking.known_as else "",
        )
        if is_too_many(session, now, asker):
            tell_of_asking(asking.network, "too many")
            return
        person = known(session, address, today)
        if person is None:
            tell_of_asking(asking.network, "nobody with that address")
        seed = secrets.token_urlsafe(24)
        token = links.sign_in_token(settings, seed)
        request_id: int = session.execute(
            insert(SignInRequest)
            .values(
                asked_at=now,
                address_hash=asker.address,
                from_hash=asker.network,
                browser_hash=asker.browser,
                known_by=asker.known_by,
                person_id=person,
                token_hash=None if person is None else hashed(token),
                onward=asking.onward,
            )
            .returning(row.id)
        ).scalar_one()
        if person is not None:
            _queue_letter(session, settings, person, str(request_id), seed, today)


def known(session: Session, address: str, today: date, name: str = "") -> int | None:
    """The person with that address, if she may sign in.

    Somebody who is on file by her address alone, as the setting brings administrators in, gets the
    name that her organisation tells.
    """
    found = session.execute(
        select(c(Person).id, c(Person).name, c(Person).left_on).where(c(Person).email == address)
    ).first()
    if found is None or (found.left_on is not None and found.left_on < today):
        return None
    if name.strip() and found.name == address and not why_no_person(name):
        session.execute(update(Person).where(c(Person).id == found.id).values(name=name.strip()))
    return int(found.id)


def look(settings: Settings, token: str, browser: str) -> Opens | Closed:
    """What a link would do. Looks, and changes nothing: mail scanners open links."""
    with reading(settings) as session:
        return _look(session, token, browser)


def use(session: Session, token: str, browser: str) -> Opens | Closed:
    """Use a link up; of two who try at once one is let in."""
    opens = _look(session, token, browser)
    if isinstance(opens, Closed):
        return opens
    used = session.execute(
        update(SignInRequest)
        .where(c(SignInRequest).token_hash == hashed(token), c(SignInRequest).used_at.is_(None))
        .values(used_at=clock.now())
        .returning(c(SignInRequest).id)
    ).first()
    return Closed.OVER if used is None else opens


def _look(session: Session, token: str, browser: str) -> Opens | Closed:
    row = session.execute(
        select(
            c(SignInRequest).asked_at,
            c(SignInRequest).used_at,
            c(SignInRequest).browser_hash,
            c(SignInRequest).person_id,
            c(SignInRequest).onward,
        ).where(c(SignInRequest).token_hash == hashed(token))
    ).first()
    if row is None or row.person_id is None:
        return Closed.UNKNOWN
    if row.used_at is not None or row.asked_at <= clock.now() - LIVES:
        return Closed.OVER
    if not browser or row.browser_hash != hashed(browser):
        return Closed.OTHER_BROWSER
    return Opens(row.person_id, row.onward)


def _blurred(settings: Settings, words: str) -> str:
    """What is kept of an address: enough to count by, and only for us."""
    return hmac.new(settings.secret.encode(), words.encode(), "sha256").hexdigest()


def _queue_letter(
    session: Session, settings: Settings, person: int, occasion: str, seed: str, today: date
) -> None:
    """The letter keeps the seed of its link, which opens nothing without our key."""
    page = f"{marks.SIGN_IN}{seed}"
    contact = whom_to_ask(session, person, today)
    queue(
        session,
        settings,
        person,
        SIGN_IN,
        _letter(settings, marks.mark(page), contact),
        today=today,
        occasion=occasion,
        leads_to=[page],
        contact=contact,
    )


def _letter(settings: Settings, link: str, contact: Signer | None) -> Words:
    values = {
        "contact": contact,
        "link": link,
        "minutes": int(LIVES.total_seconds()) // 60,
        "organisation": settings.organisation,
    }
    return Words(
        "Din länk för att logga in",
        render("mail/sign_in/text.txt", **values),
        render("mail/sign_in/html.html", **values),
    )
