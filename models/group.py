"""Collaborations and their groups (NOSAM, temagrupp, samordningsgrupp …), each with its dates."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import METADATA  # noqa: F401 - the naming of constraints, before any table


class Collaboration(SQLModel, table=True):
    """A collaboration area: the unit that work is split by."""

    __tablename__ = "collaboration"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str


class Group(SQLModel, table=True):
    """A group that decides, answers for activities, or gets reports. Ended ones stay on file."""

    __tablename__ = "groups"  # "group" is a word of SQL's own
    __table_args__ = (
        UniqueConstraint("collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates"
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    name: str
    kind: str = ""
    parent_id: int | None = Field(default=None, foreign_key="groups.id")
    starts_on: date | None = None
    ends_on: date | None = None
