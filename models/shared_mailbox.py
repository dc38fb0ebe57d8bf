"""Mailboxes that several people read: one address, one letter, and the names of those who share it.

The mailbox is a person on file like any other, named by all of them ("Anna Ek och Bo By"), in the
collaboration that said so. Nobody leads with it: who signs in with it cannot be told apart.
"""

from collections.abc import Collection

from sqlalchemy import CheckConstraint, Select, UniqueConstraint, delete, select
from sqlmodel import Field, Session, SQLModel

from models.columns import c


class SharedMailbox(SQLModel, table=True):
    """One of those who share a mailbox, as a collaboration names her."""

    __tablename__ = "shared_mailbox"
    __table_args__ = (
        UniqueConstraint("person_id", "collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    collaboration_id: int = Field(foreign_key="collaboration.id", index=True)
    name: str


def shared_in(collaboration_id: int) -> Select[tuple[int]]:
    """The ids of those on file that are shared mailboxes in a collaboration."""
    return select(c(SharedMailbox).person_id).where(
        c(SharedMailbox).collaboration_id == collaboration_id
    )


def names_that_share(collaboration_id: int) -> Select[tuple[str, int]]:
    """Each name of those who share a mailbox in a collaboration, and the mailbox's id."""
    return select(c(SharedMailbox).name, c(SharedMailbox).person_id).where(
        c(SharedMailbox).collaboration_id == collaboration_id
    )


def is_shared_mailbox(session: Session, collaboration_id: int, person_id: int) -> bool:
    """Is it one?"""
    asked = shared_in(collaboration_id).where(c(SharedMailbox).person_id == person_id)
    return session.execute(asked.limit(1)).first() is not None


def share(session: Session, collaboration_id: int, person_id: int, names: Collection[str]) -> None:
    """Say who share a mailbox. One or none: it is shared no more."""
    mine = (
        c(SharedMailbox).person_id == person_id,
        c(SharedMailbox).collaboration_id == collaboration_id,
    )
    session.execute(delete(SharedMailbox).where(*mine))
    if len(names) > 1:
        session.add_all(
            SharedMailbox(person_id=person_id, collaboration_id=collaboration_id, name=name)
            for name in names
        )
    session.flush()
