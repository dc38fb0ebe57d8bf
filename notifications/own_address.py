"""A person changes her own address: asked for, confirmed from the new, undone from the old.

An address in use is nobody else's to change, but an administrator's where the old one is dead; the
old one is told in either case. What a change undoes is all that came after it, so that nobody can
use a later link to take back what the owner has undone.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.address_change import AddressChange
from models.addresses import put_address
from models.columns import c
from models.group import RegisterNote
from models.moves import Refused
from models.person import Person, proved
from notifications import links
from notifications.letters import addresses as letters

MOST = 5  # new addresses that somebody may ask for in a day
_UNDONE = "Länken gäller inte längre. Prata med processledaren."
OVER = "Länken gäller inte längre. Be om en ny på sidan Mina uppgifter."


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link about a change is about."""

    change_id: int
    name: str
    before: str
    after: str


def ask(session: Session, settings: Settings, person_id: int, address: str, today: date) -> None:
    """Somebody asks for another address: the new one is written to, and nothing is changed yet.

    The same is done whether or not the address is somebody else's here.
    """
    person = session.get_one(Person, person_id, with_for_update=True)  # two at once are two
    if address == person.email:
        raise Refused([f"Du har redan adressen {address}."])
    now, row = clock.now(), c(AddressChange)
    lately = select(func.count()).where(
        row.person_id == person_id, row.asked_at > now - timedelta(days=1)
    )
    if session.execute(lately).scalar_one() >= MOST:
        raise Refused(["Du har bett om många nya adresser i dag. Försök igen i morgon."])
    seed = secrets.token_urlsafe(24)
    change = AddressChange(
        person_id=person_id,
        before=person.email,
        after=address,
        by=person.name,
        asked_at=now,
        on_day=today,
        confirm_hash=_hashed(links.own_address_token(settings, seed)),
    )
    session.add(change)
    session.flush()
    letters.to_new(session, settings, change, seed)


def look(session: Session, token: str, *, undo: bool = False) -> Opened | None:
    """What a link would confirm or undo; None when it does so no more. Changes nothing."""
    change = _undoable(session, token) if undo else _waiting(session, token)
    if change is None or change.id is None:
        return None
    name = session.get_one(Person, change.person_id).name
    return Opened(change.id, name, change.before, change.after)


def confirm(session: Session, settings: Settings, token: str, today: date) -> None:
    """Whoever has the new address says that it is hers: it counts, and the old one is told."""
    change = _waiting(session, token)
    if change is None:
        raise Refused([OVER])
    person = session.get_one(Person, change.person_id, with_for_update=True)
    session.refresh(change)
    if change.done_at is not None or change.undone_at is not None:  # a second tap waited
        raise Refused([OVER])
    _refuse_taken(session, person, change.after)
    change.before, change.done_at = person.email, clock.now()
    _put(session, person, change.after, person.name, today)
    _tell_old(session, settings, change)


def changed_by_another(
    session: Session, settings: Settings, person_id: int, before: str, by: str, today: date
) -> None:
    """An administrator has changed an address that was in use: the old one is told."""
    now = clock.now()
    after = session.get_one(Person, person_id).email
    change = AddressChange(
        person_id=person_id,
        before=before,
        after=after,
        by=by,
        asked_at=now,
        done_at=now,
        on_day=today,
    )
    session.add(change)
    session.flush()
    _tell_old(session, settings, change)


def undo(session: Session, settings: Settings, token: str, today: date) -> None:
    """ "Det var inte jag": the old address is hers again, and who leads her home is told."""
    change = _undoable(session, token)
    if change is None:
        raise Refused([_UNDONE])
    person = session.get_one(Person, change.person_id, with_for_update=True)
    session.refresh(change)
    if change.undone_at is not None:
        raise Refused([_UNDONE])
    _refuse_taken(session, person, change.before)
    session.execute(
        update(AddressChange)
        .where(
            c(AddressChange).person_id == person.id,
            c(AddressChange).id >= change.id,
            c(AddressChange).undone_at.is_(None),
        )
        .values(undone_at=clock.now())
    )
    _put(session, person, change.before, "Det var inte jag", today)
    letters.to_leaders_undone(session, settings, change, today)


def _put(session: Session, person: Person, address: str, by: str, today: date) -> None:
    assert person.id is not None
    words = f"Adressen ändras från {person.email} till {address}."
    put_address(session, person, address)
    proved(session, person.id, clock.now())
    row = {"person_id": person.id, "on_day": today, "at": clock.now(), "by": by, "words": words}
    session.execute(insert(RegisterNote).values(**row))


def _tell_old(session: Session, settings: Settings, change: AddressChange) -> None:
    seed = secrets.token_urlsafe(24)
    change.undo_hash = _hashed(links.own_address_token(settings, seed))
    session.flush()
    letters.to_old(session, settings, change, seed)


def _refuse_taken(session: Session, person: Person, address: str) -> None:
    other = select(c(Person).id).where(c(Person).email == address, c(Person).id != person.id)
    if session.execute(other).first() is not None:
        raise Refused(
            [f"Adressen {address} hör redan till någon i Följsam. Be administratören om hjälp."]
        )


def _waiting(session: Session, token: str) -> AddressChange | None:
    since = clock.now() - timedelta(hours=letters.HOURS)
    row = c(AddressChange)
    return _found(
        session, row.confirm_hash == _hashed(token), row.done_at.is_(None), row.asked_at > since
    )


def _undoable(session: Session, token: str) -> AddressChange | None:
    since: datetime = clock.now() - timedelta(days=letters.DAYS)
    row = c(AddressChange)
    return _found(session, row.undo_hash == _hashed(token), row.done_at > since)


def _found(session: Session, *where: ColumnElement[bool]) -> AddressChange | None:
    asked = select(AddressChange).where(c(AddressChange).undone_at.is_(None), *where)
    return session.execute(asked).scalar()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
