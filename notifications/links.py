"""Signed links: a letter's link opens one person's page, until it expires or is revoked.

The signature says that we made it; the row in the database says whether it still opens, so a link
can be revoked one by one. Letters on file have marks in place of their links (`rules/marks.py`);
the whole address is made when the letter is made bytes, and is on file nowhere.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import Session

from config import clock, signing
from config.settings import Settings
from models.columns import c
from models.database import ask
from models.edition import Edition
from models.letter import Link
from models.person import Person
from models.reach_of_links import shut_to
from rules import marks

_OF_A_SESSION = timedelta(hours=8)  # how long such a link opens, if the session lasts


class Closed(Enum):
    """Why a link does not open."""

    FORGED = "forged"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ELSEWHERE = "elsewhere"  # it is for one session, and another asks, or that one has ended


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that opens: whose it is, and which collaborations it opens.

    Whoever tells or does something behind a link takes the rows by `opens` or `takes_answers`, a
    condition on the collaboration of the row, or asks `is_open_to` of one: nothing else knows which
    ones it is closed to.
    """

    link_id: int
    person_id: int
    closed_to: frozenset[int] = frozenset()  # collaborations that it opens nothing of
    left: frozenset[int] = frozenset()  # of them those where she has nothing today
    declined: frozenset[int] = frozenset()  # of those the ones that only her own no closes
    ended: frozenset[int] = frozenset()  # collaborations that have ended: no answers are taken

    @property
    def is_whole(self) -> bool:
        """Does it open all that she has today?"""
        return self.closed_to <= self.left

    @property
    def closed_by_others(self) -> frozenset[int]:
        """The collaborations where it does not even take back her own no."""
        return self.closed_to - self.declined

    @property
    def silent_about(self) -> frozenset[int]:
        """The collaborations that nobody is asked of behind it."""
        return self.closed_to | self.ended

    def is_open_to(self, collaboration_id: int | None) -> bool:
        """Does it open what is of a collaboration?"""
        return collaboration_id not in self.closed_to

    def opens(self, collaboration: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
        """The condition that a row is of a collaboration that it opens."""
        condition: ColumnElement[bool] = collaboration.not_in(self.closed_to)
        return condition

    def takes_answers(self, collaboration: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
        """The same, and that the collaboration has not ended."""
        condition: ColumnElement[bool] = collaboration.not_in(self.silent_about)
        return condition


def addresses(settings: Settings, link_id: int | None, leads_to: str) -> dict[str, str]:
    """What becomes of the marks of a letter: a whole address for each page that it leads to."""
    found = {}
    for path in leads_to.split():
        if path.startswith(marks.SIGN_IN):
            token = sign_in_token(settings, path.removeprefix(marks.SIGN_IN))
            found[path] = f"{settings.pages_url}/{marks.SIGN_IN}{token}"
        elif path.startswith(marks.OWN_ADDRESS):
            seed, slash, deed = path.removeprefix(marks.OWN_ADDRESS).partition("/")
            token = own_address_token(settings, seed)
            found[path] = f"{settings.pages_url}/{marks.OWN_ADDRESS}{token}{slash}{deed}"
        elif link_id is not None and path.startswith(marks.CODE):
            found[path] = code_of(settings, link_id, path.removeprefix(marks.CODE))
        elif link_id is not None and path == marks.ANSWER:
            found[path] = address(settings, link_id)
        elif link_id is not None and path == marks.OWN:
            found[path] = f"{address(settings, link_id)}/uppgifter"
        elif link_id is not None and path == marks.MINE:
            found[path] = f"{address(settings, link_id)}/mitt"
        elif link_id is not None and path.startswith(marks.EDITION):
            edition_id = int(path.removeprefix(marks.EDITION))
            found[path] = edition_address(settings, link_id, edition_id)
    return found


def sign_in_token(settings: Settings, seed: str) -> str:
    """What a link to sign in holds; the letter keeps the seed, which opens nothing."""
    return str(_signer(settings, "sign-in").dumps(seed))


def own_address_token(settings: Settings, seed: str) -> str:
    """The same of a link that confirms or undoes a change of address."""
    return str(_signer(settings, "own-address").dumps(seed))


def address(settings: Settings, link_id: int) -> str:
    """The whole address of an answer page, for its owner's letter alone."""
    return f"{settings.pages_url}/svar/{_signer(settings).dumps(link_id)}"


def look(session: Session, link_id: int | None, now: datetime) -> Opened | Closed:
    """Does a letter's link open at that moment, for who shows in another way that it is hers?"""
    return _opened(session, link_id, now)


def open_link(
    session: Session,
    settings: Settings,
    token: str,
    now: datetime,
    session_id: int | None = None,
) -> Opened | Closed:
    """Whose page a token opens at that moment for whoever has that session, or why it does not."""
    try:
        link_id = _signer(settings).loads(token)
    except BadSignature:
        return Closed.FORGED
    return _opened(session, link_id, now, session_id)


def is_ours(settings: Settings, token: str) -> bool:
    """Have we signed it, for an answer page or an edition? Nothing is looked up."""
    return _held(settings, token) is not None


def _held(settings: Settings, token: str) -> object:
    """What a token of ours holds."""
    for salt in ("answer", "edition"):
        try:
            return _signer(settings, salt).loads(token)
        except (BadSignature, UnicodeError):
            continue
    return None


def code_of(settings: Settings, link_id: int, seed: str) -> str:
    """Six figures that only we can make of a link and a seed."""
    words = f"code {link_id} {seed}".encode()
    digest = hmac.new(settings.secret.encode(), words, "sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def was_for(session: Session, settings: Settings, token: str) -> int | None:
    """Whom a link was written to, of an answer page or an edition, though it has closed.

    None for what we have not signed.
    """
    held = _held(settings, token)
    link_id = held[0] if isinstance(held, list) and held else held
    link = session.get(Link, link_id) if isinstance(link_id, int) else None
    return link.person_id if link is not None else None


def make(session: Session, settings: Settings, person_id: int) -> int:
    """Put a link on file, for a letter that has none of the morning's."""
    now = clock.now()
    link = Link(
        person_id=person_id, made_at=now, expires_at=now + timedelta(days=settings.link_days)
    )
    session.add(link)
    session.flush()
    assert link.id is not None
    return link.id


def of_session(session: Session, settings: Settings, person_id: int, session_id: int) -> int:
    """The link of one who is signed in, for that session alone: the one she has, or a new one."""
    now, link = clock.now(), c(Link)
    lives = min(_OF_A_SESSION, timedelta(hours=settings.session_hours))
    session.get_one(Person, person_id, with_for_update=True)  # of two taps each finds the same
    had = session.execute(
        select(link.id)
        .where(link.person_id == person_id, link.session_id == session_id)
        .where(link.revoked_at.is_(None), link.expires_at > now + lives / 2)
        .order_by(link.id.desc())
    ).first()
    if had is not None and isinstance(_opened(session, had.id, now, session_id), Opened):
        return int(had.id)
    made = Link(person_id=person_id, made_at=now, expires_at=now + lives, session_id=session_id)
    session.add(made)
    session.flush()
    assert made.id is not None
    return made.id


def still_open(session: Session, settings: Settings, link_id: int, person_id: int) -> int:
    """The link if it opens, or a new one: for a letter that is sent once more."""
    opened = _opened(session, link_id, clock.now())
    return make(session, settings, person_id) if isinstance(opened, Closed) else link_id


def edition_address(settings: Settings, link_id: int, edition_id: int) -> str:
    """The whole address of exactly that edition of a report, for whoever has the letter."""
    return (
        f"{settings.pages_url}/rapport/{_signer(settings, 'edition').dumps([link_id, edition_id])}"
    )


def open_edition(session: Session, settings: Settings, token: str, now: datetime) -> int | Closed:
    """Which edition a token shows, or why it does not."""
    try:
        link_id, edition_id = _signer(settings, "edition").loads(token)
    except (BadSignature, TypeError, ValueError):
        return Closed.FORGED
    opened = _opened(session, link_id, now)
    if isinstance(opened, Closed):
        return opened
    whose = select(c(Edition).collaboration_id).where(c(Edition).id == int(edition_id))
    if not opened.is_open_to(session.execute(whose).scalar()):
        return Closed.EXPIRED
    return int(edition_id)


def reader_of_edition(session: Session, settings: Settings, token: str) -> int:
    """Who a link to an edition was written to; asked when it has opened."""
    link_id, _ = _signer(settings, "edition").loads(token)
    return session.get_one(Link, link_id).person_id


def _opened(
    session: Session, link_id: object, now: datetime, session_id: int | None = None
) -> Opened | Closed:
    asked = {"link_id": link_id}
    link = ask(session, _LINK, **asked).first() if isinstance(link_id, int) else None
    if link is None:
        return Closed.FORGED
    if link.revoked_at is not None:
        return Closed.REVOKED
    if link.session_id is not None and link.session_id != session_id:
        return Closed.ELSEWHERE
    # Her last day counts also for a link that was made after it was known.
    has_left = link.left_on is not None and link.left_on < clock.in_stockholm(now).date()
    if now >= link.expires_at or has_left:
        return Closed.EXPIRED
    shut = shut_to(session, link.id, link.person_id, now, clock.in_stockholm(now).date())
    if shut.wholly:
        return Closed.REVOKED if shut.revoked else Closed.EXPIRED
    return Opened(link.id, link.person_id, shut.areas, shut.left, shut.declined)


_LINK = (
    select(
        c(Link).id,
        c(Link).person_id,
        c(Link).revoked_at,
        c(Link).expires_at,
        c(Link).session_id,
        c(Person).left_on,
    )
    .join(Person, c(Person).id == c(Link).person_id)
    .where(c(Link).id == bindparam("link_id"))
)


def _signer(settings: Settings, salt: str = "answer") -> URLSafeSerializer:
    return _serializer(settings.secret, salt)


@lru_cache(maxsize=16)
def _serializer(secret: str, salt: str) -> URLSafeSerializer:
    """Kept, since the postman signs a link for each letter while the server waits."""
    return signing.signer(secret, salt, opens_old=True)
