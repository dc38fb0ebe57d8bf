"""Who comes back from the organisation's own sign-in: found by its name for her, not by an address.

1. An account that is bound to somebody on file is she, whatever address it has by now.
2. Else whoever has the address, and she is bound to the account from then on.
3. One who is bound to another account is not let in: the organisation has given the address to
   somebody else, or made her account anew. An administrator knows which, and frees her.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config import clock
from models.columns import METADATA, c
from models.organisation_identity import OrganisationIdentity
from models.person import Person
from web.entry import mailed_link

LONGEST = 255  # characters of a subject (OpenID Connect Core, 2)


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the provider: its issuer and subject, and what it says of the person."""

    issuer: str
    subject: str
    address: str
    name: str = ""


class AnotherAccount(Exception):  # noqa: N818 - an answer, not a fault
    """The address is of somebody who has signed in with another account."""


def person_of(session: Session, account: Account, today: date) -> int | None:
    """Whoever the account is, if she may sign in; bound to it. Raises `AnotherAccount`."""
    bound = c(OrganisationIdentity)
    asked = (
        select(c(Person).id, c(Person).left_on)
        .join(OrganisationIdentity, bound.person_id == c(Person).id)
        .where(bound.issuer == account.issuer, bound.subject == account.subject)
    )
    row = session.execute(asked).first()
    if row is not None:
        return None if row.left_on is not None and row.left_on < today else int(row.id)
    person_id = mailed_link.known(session, account.address, today, account.name)
    if person_id is None:
        return None
    _bind(session, person_id, account)
    hers = select(bound.subject).where(bound.person_id == person_id, bound.issuer == account.issuer)
    if session.execute(hers).scalar() != account.subject:
        raise AnotherAccount
    return person_id


def _bind(session: Session, person_id: int, account: Account) -> None:
    """Bind her, unless she or the account is bound: of two browsers at once one does it."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    row = insert(METADATA.tables["organisation_identity"]).values(
        person_id=person_id,
        issuer=account.issuer,
        subject=account.subject,
        since=clock.now(),
    )
    session.execute(row.on_conflict_do_nothing())
