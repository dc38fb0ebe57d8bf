"""Whom the organisation's own sign-in says that somebody is: the name that it never reuses.

An address may be given to somebody else; what the provider calls `sub` may not. It is bound to the
person at her first sign-in, and freed by an administrator or with another address.
"""

from datetime import datetime

from sqlalchemy import UniqueConstraint, delete
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c


class OrganisationIdentity(SQLModel, table=True):
    """One person's account at one provider."""

    __tablename__ = "organisation_identity"
    __table_args__ = (
        UniqueConstraint("person_id", "issuer"),
        UniqueConstraint("issuer", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    issuer: str
    subject: str
    since: datetime = Field(sa_type=Moment)


def free(session: Session, person_id: int) -> int:
    """Let somebody be bound anew, by whom her address leads to. How many accounts it was."""
    gone = session.execute(
        delete(OrganisationIdentity).where(c(OrganisationIdentity).person_id == person_id)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
