"""Collaborations and their groups (NOSAM, temagrupp, samordningsgrupp …), each with its dates.

A group may rest for a while (`GroupPause`) or be dissolved (its last day); neither removes it. What
is done with groups and people is told in rows that are never changed (`RegisterNote`).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, Index, UniqueConstraint, false, func
from sqlmodel import Field, SQLModel

from models.columns import Moment, c, where_given

MOST_GROUPS = 10  # how far up a tree of groups that rest we look for one that speaks


class Collaboration(SQLModel, table=True):
    """A collaboration area: the unit that work is split by.

    It comes into being when somebody makes it, or with the first plan or list of an installation,
    and never by a name that nobody knows (`collaboration_named` in `intake/people/register.py`).
    """

    __tablename__ = "collaboration"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    # The name that it came on file by, which settings and files may go on using; empty: its name.
    first_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # What letters say that they come from; empty: its name.
    sender_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ends_on: date | None = None  # its last day: after it nothing goes out (`models/resting.py`)
    # Does the name of whoever answered stand beside her words in the quarterly reports?
    names_in_reports: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class CollaborationName(SQLModel, table=True):
    """A name that a collaboration, or its letters, have had: what was sent under it is theirs.

    Written when the name is left for another; no other collaboration may take it.
    """

    __tablename__ = "collaboration_name"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    name: str
    left_on: date | None = None  # the day it was left; empty: before this was kept


def name_in_letters() -> ColumnElement[str]:
    """What letters say that they come from: the collaboration's own word for it, or its name."""
    area = c(Collaboration)
    return func.coalesce(func.nullif(area.sender_name, ""), area.name)


class Group(SQLModel, table=True):
    """A group that decides, answers for activities, or gets reports. Ended ones stay on file.

    `successor_id` is the group that its duty went to when it was dissolved.
    """

    __tablename__ = "groups"  # "group" is a word of SQL's own
    __table_args__ = (
        UniqueConstraint("collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates"
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("successor_id IS NULL OR successor_id <> id", name="not_its_own_successor"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    name: str
    kind: str = ""  # one of the policy's kinds, or a word that a file used
    temporary: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    parent_id: int | None = Field(default=None, foreign_key="groups.id")
    starts_on: date | None = None
    ends_on: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="groups.id")
    # Why and by whom it is dissolved, and when its duties moved: they do after its last day, and
    # until then it can be taken back.
    dissolve_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    dissolve_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    handed_over_on: date | None = None

    @property
    def is_to_be_dissolved(self) -> bool:
        """Has somebody said so, and have its duties not moved yet?"""
        return bool(self.dissolve_reason) and self.handed_over_on is None


class GroupPause(SQLModel, table=True):
    """A group rests from a day to a day (None: until somebody says that it goes on), and why."""

    __tablename__ = "group_pause"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="dates"),
        CheckConstraint("length(trim(reason)) > 0", name="has_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id", index=True)
    first_day: date
    last_day: date | None = None
    reason: str


class RegisterNote(SQLModel, table=True):
    """What was done with a group, a person or a collaboration, in one Swedish sentence.

    One of a person and no group may be a collaboration's; else it is hers and her home's. What can
    be taken back has its row in `models/register_change.py`. A trigger in the database refuses
    UPDATE and DELETE, but for one thing: what was written about a group that was taken back is its
    collaboration's from then on.
    """

    __tablename__ = "register_note"
    __table_args__ = (
        CheckConstraint(
            "group_id IS NOT NULL OR person_id IS NOT NULL OR collaboration_id IS NOT NULL",
            name="is_about_somebody",
        ),
        CheckConstraint("length(trim(words)) > 0", name="says_something"),
        Index("ix_register_note_group_id", "group_id", "id"),
        Index("ix_register_note_person_id", "person_id", "id"),
        Index("ix_register_note_collaboration_id", "collaboration_id", "id"),
        where_given("register_note", "change_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    words: str
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    change_id: int | None = Field(default=None, foreign_key="register_change.id")
