"""How often a link to sign in is mailed: nobody's inbox is flooded, and nobody is shut out.

Strangers are counted together, and apart from her own browsers: however much they ask for letters
to her, a browser that she has signed in with is let through, up to a number of its own.

Counted from the rows of the last hour, that many at most from each block of network addresses;
nothing is kept in memory.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from models.columns import c
from models.session import SignInRequest

A_WHILE, AN_HOUR = timedelta(minutes=15), timedelta(hours=1)
LETTERS = 6  # to one address in an hour, asked for by strangers
LETTERS_FROM_ONE = 3  # of them from one block, so that the rest is left to others
ASKED = 30  # from one block in a while: a municipality may have only one
ASKED_BY_ONE = 10  # from one browser in a while
OWN_LETTERS = 5  # to one address in a while, asked for by one browser that she has signed in with


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a letter to an address, all of it as it is kept: hashes."""

    address: str
    network: str  # the block that it was asked from
    browser: str
    known_by: str = ""  # the key of a browser that she has signed in with; empty: a stranger's


def is_too_many(session: Session, now: datetime, asker: Asker) -> bool:
    """Has this asker, or have strangers together, asked for as much as they may?"""
    row = c(SignInRequest)
    written = and_(row.address_hash == asker.address, row.token_hash.is_not(None))
    if asker.known_by:
        own = and_(written, row.known_by == asker.known_by)
        return _since(session, now - A_WHILE, own) >= OWN_LETTERS
    stranger = row.known_by == ""
    from_there = row.from_hash == asker.network
    lately, hour = now - A_WHILE, now - AN_HOUR
    return (
        _since(session, hour, and_(stranger, written)) >= LETTERS
        or _since(session, hour, and_(stranger, written, from_there)) >= LETTERS_FROM_ONE
        or _since(session, lately, and_(stranger, from_there)) >= ASKED
        or _since(session, lately, row.browser_hash == asker.browser) >= ASKED_BY_ONE
    )


def _since(session: Session, begin: datetime, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SignInRequest)
    asked = query.where(c(SignInRequest).asked_at > begin, which)
    return int(session.execute(asked).scalar_one())
