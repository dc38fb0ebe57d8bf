"""Calendar feeds: an address that a calendar program may read, for a person or a group."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class Feed(SQLModel, table=True):
    """One address. The signature says that we made it, the row whether it is revoked."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name="whose"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    group_id: int | None = Field(default=None, foreign_key="groups.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
