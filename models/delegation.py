"""Delegations: until a day somebody else answers, for all of a person's work or a piece of it.

A delegation is ended, never removed: `ended_on` is the first day on which it no longer counts. A
wish for one waits for the process leader, since the stand-in is not on file.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import Moment


class Delegation(SQLModel, table=True):
    """One person stands in for another from a day to a day: for everything, unless it is narrower.

    With `activity_id` it is for that activity only, with `group_id` and `role` for that role only.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("person_id <> delegate_id", name="to_somebody_else"),
        CheckConstraint("last_day >= first_day", name="dates"),
        CheckConstraint("(group_id IS NULL) = (role = '')", name="a_role_is_in_a_group"),
        CheckConstraint("activity_id IS NULL OR group_id IS NULL", name="one_scope"),
        Index("ix_delegation_person_id", "person_id", "last_day"),
        Index("ix_delegation_delegate_id", "delegate_id", "last_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    delegate_id: int = Field(foreign_key="person.id")
    activity_id: int | None = Field(default=None, foreign_key="activity.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    role: str = ""
    first_day: date
    last_day: date
    ended_on: date | None = None
    at: datetime = Field(sa_type=Moment)
    by: str


class StandInWish(SQLModel, table=True):
    """Somebody wants an address that is not on file to stand in for her; a row a collaboration.

    What it is for is told as in `Delegation`. Until `settled_on` it waits for the collaboration's
    process leader, whose no has a reason.
    """

    __tablename__ = "stand_in_wish"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="dates"),
        CheckConstraint("(group_id IS NULL) = (role = '')", name="a_role_is_in_a_group"),
        CheckConstraint("activity_id IS NULL OR group_id IS NULL", name="one_scope"),
        CheckConstraint("(accepted IS NULL) = (settled_on IS NULL)", name="settled"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    address: str
    activity_id: int | None = Field(default=None, foreign_key="activity.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    role: str = ""
    first_day: date
    last_day: date
    on_day: date
    accepted: bool | None = None
    settled_on: date | None = None
    settled_by: str = ""
    reason: str = ""
