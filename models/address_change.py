"""Addresses that are changed: asked for, confirmed from the new one, and undone from the old.

Keys are kept as hashes: the rows open nothing.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class AddressChange(SQLModel, table=True):
    """One change of somebody's address; it counts when `done_at` is set, until it is undone."""

    __tablename__ = "address_change"
    __table_args__ = (
        UniqueConstraint("confirm_hash"),
        UniqueConstraint("undo_hash"),
        CheckConstraint("length(before) > 0 AND length(after) > 0", name="has_addresses"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    before: str
    after: str
    by: str
    asked_at: datetime = Field(sa_type=Moment)
    on_day: date
    confirm_hash: str | None = None  # None: an administrator changed it, nothing is to be confirmed
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    undo_hash: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
