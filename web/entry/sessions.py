"""Being signed in: a key in the browser's cookie, its hash on file, and what it gives today.

A session is over when nothing has been opened for a while, when it is old, and when she or an
administrator ends it. What she may do is looked up at every request, so a role that ends takes its
rights with it at once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import Request, Response
from itsdangerous import BadSignature
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Session

from config import clock, signing
from config.settings import Settings
from models.administrator import is_administrator
from models.columns import c
from models.database import ask, at_once, reading, transaction
from models.group import Group
from models.person import Person, Role, RoleHolding, proved
from models.session import SignedIn
from models.shared_mailbox import SharedMailbox
from rules.access import NOBODY, Viewer

LATELY = timedelta(minutes=15)  # so long what she showed is good for what is her own
_SEEN_EVERY = timedelta(minutes=5)  # opening pages should write seldom
_SALT = "session"
_KEPT = timedelta(days=31)  # sessions that are over
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Windows", "iPhone", "iPad", "Android", "Mac", "Linux")
_IN_WORDS = {"Edg": "Edge", "OPR": "Opera"}


def cookie_name(settings: Settings, name: str = "foljsam") -> str:
    """`__Host-`: no other host under the same domain can set the cookie in our place."""
    return f"__Host-{name}" if settings.https else name


def hashed(key: str) -> str:
    """What is kept of a key that is long and random."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key(settings: Settings) -> str:
    """A key that nobody guesses, signed: one that is made up is known without a look on file."""
    return str(signing.signer(settings.secret, _SALT).dumps(secrets.token_urlsafe(32)))


def is_ours(settings: Settings, key: str) -> bool:
    """Have we made that key? Whether the session lasts is asked of the database."""
    try:
        signing.signer(settings.secret, _SALT).loads(key)
    except (BadSignature, UnicodeError):
        return False
    return True


def sign_in(
    request: Request,
    response: Response,
    session: Session,
    person_id: int,
    proved_at: datetime | None,
) -> None:
    """Sign somebody in: always with a new key, and the browser's old session is over.

    `proved_at` is when she showed who she is: just now, or as her organisation tells.
    """
    settings: Settings = request.app.state.settings
    now = clock.now()
    old, key = request.cookies.get(cookie_name(settings), ""), new_key(settings)
    session.execute(delete(SignedIn).where(c(SignedIn).began_at < now - _KEPT))
    _end(session, c(SignedIn).token_hash == hashed(old))
    proved(session, person_id, now)
    session.execute(
        insert(SignedIn).values(
            person_id=person_id,
            token_hash=hashed(key),
            browser=browser_in_words(request.headers.get("user-agent", "")),
            began_at=now,
            seen_at=now,
            proved_at=proved_at,
        )
    )
    put_cookie(settings, response, "foljsam", key, timedelta(hours=settings.session_hours))


def put_cookie(
    settings: Settings, response: Response, name: str, value: str, lasts: timedelta
) -> None:
    """A cookie that scripts cannot read and other sites' forms do not bring along.

    Lax and not Strict: a link in a letter must open the page for somebody who is signed in.
    """
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=int(lasts.total_seconds()),
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )


def viewer(settings: Settings, key: str, today: date) -> Viewer:
    """Who has that key and what she may do today; nobody when the session is over."""
    return _viewer(settings, _BY_KEY, today, key=hashed(key))


def viewer_of_number(settings: Settings, session_id: int, today: date) -> Viewer:
    """The same of a session by its number, which is no secret: for whoever has a proof of it."""
    return _viewer(settings, _BY_NUMBER, today, number=session_id)


def _viewer(settings: Settings, question: Select[Any], today: date, **which: object) -> Viewer:
    with reading(settings) as session:
        row = ask(session, question, **which, **_limits(settings)).first()
        if row is None or (row.left_on is not None and row.left_on < today):
            return NOBODY
        she = holder(session, row.person_id, today)
    if clock.now() - row.seen_at > _SEEN_EVERY:
        _seen(settings, row.id)
    return replace(she, name=row.name, session_id=row.id, signed_in=True)


def holder(session: Session, person_id: int, today: date) -> Viewer:
    """What the roles that somebody holds that day let her read and do, signed in or not."""
    held = ask(session, _HELD, person_id=person_id, today=today).all()
    leads = [h.collaboration_id for h in held if h.role.casefold() == _LEADER and not h.shared]
    return Viewer(
        person_id=person_id,
        administrator=is_administrator(session, person_id, today),
        leads=frozenset(leads),
        reads=frozenset(h.id for h in held),
    )


_PERSON = (c(Person).name, c(Person).email, c(Person).left_on)
_LEADER = Role.PROCESS_LEADER.value


def _held() -> Select[Any]:
    """The roles that she holds that day, and whether she is a mailbox that several share there."""
    holding = c(RoleHolding)
    today: BindParameter[date] = bindparam("today")
    share = select(c(SharedMailbox).id).where(
        c(SharedMailbox).person_id == holding.person_id,
        c(SharedMailbox).collaboration_id == c(Group).collaboration_id,
    )
    shared = share.correlate(RoleHolding, Group).exists()
    return (
        select(holding.role, c(Group).id, c(Group).collaboration_id, shared.label("shared"))
        .join(Group, c(Group).id == holding.group_id)
        .where(
            holding.person_id == bindparam("person_id"),
            or_(holding.starts_on.is_(None), holding.starts_on <= today),
            or_(holding.ends_on.is_(None), holding.ends_on >= today),
        )
    )


def _open() -> ColumnElement[bool]:
    """The condition that a session is not over, by `_limits`."""
    row = c(SignedIn)
    return and_(
        row.ended_at.is_(None),
        row.began_at > bindparam("began_after"),
        row.seen_at > bindparam("seen_after"),
    )


def _limits(settings: Settings) -> dict[str, datetime]:
    """Since when a session must have begun, and been used."""
    now = clock.now()
    return {
        "began_after": now - timedelta(hours=settings.session_hours),
        "seen_after": now - timedelta(minutes=settings.session_idle_minutes),
    }


_SESSION = (
    select(c(SignedIn).id, c(SignedIn).seen_at, c(SignedIn).person_id, *_PERSON)
    .join(Person, c(Person).id == c(SignedIn).person_id)
    .where(_open())
)
_BY_KEY = _SESSION.where(c(SignedIn).token_hash == bindparam("key"))
_BY_NUMBER = _SESSION.where(c(SignedIn).id == bindparam("number"))
_HELD = _held()


def proved_lately(settings: Settings, session_id: int | None) -> bool:
    """Has whoever has that session shown who she is just now? A session may be left open."""
    asked = select(c(SignedIn).proved_at).where(c(SignedIn).id == session_id)
    with reading(settings) as session:
        proved_at = session.execute(asked).scalar()
    return proved_at is not None and clock.now() - proved_at < LATELY


def _seen(settings: Settings, session_id: int) -> None:
    """Note that she is here; a page does not wait for that, and the next one notes it as well."""
    at_once(
        settings, update(SignedIn).where(c(SignedIn).id == session_id).values(seen_at=clock.now())
    )


def _end(session: Session, which: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(SignedIn)
        .where(which, c(SignedIn).ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(c(SignedIn).id)
    )
    return len(ended.all())


def end(settings: Settings, session_id: int, *, of: int | None = None) -> bool:
    """End one session, only `of` that person if she is given. False when there is no such one."""
    whose = c(SignedIn).person_id == of if of is not None else c(SignedIn).id.is_not(None)
    with transaction(settings) as session:
        return _end(session, and_(c(SignedIn).id == session_id, whose)) > 0


def end_all(settings: Settings, person_id: int) -> None:
    """End all sessions of one person."""
    with transaction(settings) as session:
        _end(session, c(SignedIn).person_id == person_id)


def sessions(settings: Settings, of: int | None = None) -> Sequence[Any]:
    """The sessions that are not over, of one person or of all, the latest first."""
    query = (
        select(
            c(SignedIn).id,
            c(SignedIn).browser,
            c(SignedIn).began_at,
            c(SignedIn).seen_at,
            *_PERSON,
        )
        .join(Person, c(Person).id == c(SignedIn).person_id)
        .where(_open())
        .order_by(c(SignedIn).seen_at.desc(), c(SignedIn).id.desc())
        .limit(200)
    )
    if of is not None:
        query = query.where(c(SignedIn).person_id == of)
    with reading(settings) as session:
        return ask(session, query, **_limits(settings)).all()


def browser_in_words(user_agent: str) -> str:
    """ "Firefox, Windows": so that she knows which of her sessions it is; nothing else is kept."""
    found = [
        next((_IN_WORDS.get(word, word) for word in words if word in user_agent), "")
        for words in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or "okänd webbläsare"
