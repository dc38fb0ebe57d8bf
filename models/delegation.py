"""Delegations: until a day somebody else answers, for all of a person's work or a piece of it.

A delegation is ended, never removed: `ended_on` is the first day on which it no longer counts.
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
