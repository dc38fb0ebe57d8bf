"""What was changed in the register of groups and people, with what stood before it.

The register's notes tell it in words (`RegisterNote` in `models/group.py`) and name the row here.
One that was taken back has the number of its undoing and stays; a trigger in the database refuses
all else. How it is taken back is `intake/people/register_undo.py`.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, false
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of, where_given


class RegisterDeed(StrEnum):
    """What was done with a group, a role, a stand-in or a person."""

    ROLE_TAKEN = "role_taken"
    ROLE_ENDED = "role_ended"
    STAND_IN_MADE = "stand_in_made"
    STAND_IN_ENDED = "stand_in_ended"
    GROUP_MADE = "group_made"
    GROUP_CHANGED = "group_changed"
    GROUP_RESTS = "group_rests"
    GROUP_GOES_ON = "group_goes_on"
    RENAMED = "renamed"


_OF_ROLES = "deed IN ('role_taken', 'role_ended')"
_OF_STAND_INS = "deed IN ('stand_in_made', 'stand_in_ended')"
_OF_GROUPS = "deed IN ('group_made', 'group_changed', 'group_rests', 'group_goes_on')"
_OF_PAUSES = "deed IN ('group_rests', 'group_goes_on')"
_OF_NAMES = "deed IN ('group_changed', 'renamed')"


class RegisterChange(SQLModel, table=True):
    """One deed: the row that it is about, and what stood before and after it.

    `last_before` and `last_after` are the last day of a role or a pause, or the day a stand-in
    ended; None: none. A role or a group that was taken back is gone, and its number here with it.
    `collaboration_id` is the one that calls a person so; None: it is her own name.
    """

    __tablename__ = "register_change"
    __table_args__ = (
        CheckConstraint(
            f"undone_id IS NOT NULL OR ({_OF_ROLES}) = (holding_id IS NOT NULL)", name="of_a_role"
        ),
        CheckConstraint(f"({_OF_STAND_INS}) = (delegation_id IS NOT NULL)", name="of_a_stand_in"),
        CheckConstraint(
            f"undone_id IS NOT NULL OR ({_OF_GROUPS}) = (group_id IS NOT NULL)", name="of_a_group"
        ),
        CheckConstraint("(deed = 'renamed') = (person_id IS NOT NULL)", name="of_a_person"),
        CheckConstraint(
            f"({_OF_PAUSES}) = (rests_from IS NOT NULL AND length(trim(reason)) > 0)",
            name="of_a_pause",
        ),
        CheckConstraint(
            f"({_OF_NAMES}) = (length(trim(name_before)) > 0 AND length(trim(name_after)) > 0)",
            name="of_a_name",
        ),
        Index("ix_register_change_batch", "batch"),
        where_given("register_change", "undone_id"),
        where_given("register_change", "holding_id"),
        where_given("register_change", "delegation_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deed: RegisterDeed = Field(sa_type=one_of(RegisterDeed, "deed"))
    batch: int = Field(sa_type=BigInteger)
    on_day: date
    at: datetime = Field(sa_type=Moment)
    holding_id: int | None = Field(default=None, foreign_key="role_holding.id")
    delegation_id: int | None = Field(default=None, foreign_key="delegation.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    last_before: date | None = None
    last_after: date | None = None
    rests_from: date | None = None  # the first day of the pause
    reason: str = ""  # of the pause
    name_before: str = ""
    name_after: str = ""
    kind_before: str = ""
    kind_after: str = ""
    parent_before: int | None = Field(default=None, foreign_key="groups.id")
    parent_after: int | None = Field(default=None, foreign_key="groups.id")
    starts_before: date | None = None
    starts_after: date | None = None
    temporary_before: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    temporary_after: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back
