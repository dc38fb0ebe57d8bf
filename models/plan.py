"""Plans (samverkansplan, aktivitetsplan, handlingsplan …), the goals they set, whom they are for.

A plan has its own words for the levels of its goals ("Prioriterat mål", "Delmål"), tags for its
target groups, and the groups that adopted it. What changes in a plan or its goals is kept whole in
`PlanChange`, which the database never lets anybody change.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of, where_given

FROM_THE_START = date(1970, 1, 1)  # a plan that has been reminded of for as long as it was on file


class Plan(SQLModel, table=True):
    """A plan of a group for a period, maybe under a longer one.

    `target_groups` is what the plan itself says of whom it is for; the tags to count by are rows of
    `PlanTargetGroup`. `goal_words` are its words for the levels of its goals, one a line. Nothing
    goes out about it before `reminded_from`; NULL: not yet (`models/reminded.py`).
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index(
            "uq_plan_group_id_title",
            *("group_id", "title"),
            unique=True,
            sqlite_where=text("withdrawn_on IS NULL"),
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
        CheckConstraint("length(trim(title)) > 0", name="has_title"),
        CheckConstraint(
            "last_day IS NULL OR first_day IS NULL OR last_day >= first_day", name="dates"
        ),
        CheckConstraint("cap IS NULL OR cap > 0", name="cap"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index(
            "ix_plan_funding_due",
            "funding_last",
            sqlite_where=text("funding_last IS NOT NULL"),
            postgresql_where=text("funding_last IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id", index=True)
    group_id: int = Field(foreign_key="groups.id")
    parent_id: int | None = Field(default=None, foreign_key="plan.id")
    title: str
    first_day: date | None = None
    last_day: date | None = None
    adopted_on: date | None = None
    last_changed_on: date | None = None
    approved_on: date | None = None  # the year's report is approved: nothing reopens
    closed_on: date | None = None  # `models/year_end.py` closes and opens it
    purpose: str = ""
    target_groups: str = ""
    goal_words: str = Field(default="", sa_column_kwargs={"server_default": ""})
    cap: int | None = None
    funding_text: str = Field(default="", sa_column_kwargs={"server_default": ""})
    funding_amount: int | None = None  # in whole kronor
    funding_last: date | None = None  # the last day that the plan's money may be used
    reminded_from: date | None = Field(
        default=FROM_THE_START, sa_column_kwargs={"server_default": FROM_THE_START.isoformat()}
    )
    reminded_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    reminded_said_on: date | None = None  # the day that she said so; empty: it was never silent
    withdrawn_on: date | None = None  # it was read in by mistake, or is no plan any more
    withdrawn_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    withdrawn_why: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Goal(SQLModel, table=True):
    """A goal, focus area or sub-goal: a tree in each plan's own words.

    `called` is the goal's own word where it differs from its level's.
    """

    __tablename__ = "goal"
    __table_args__ = (
        UniqueConstraint("plan_id", "text"),
        CheckConstraint("length(trim(text)) > 0", name="has_text"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    parent_id: int | None = Field(default=None, foreign_key="goal.id")
    position: int = 0
    text: str
    called: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Adoption(SQLModel, table=True):
    """A group adopted a plan on a day, maybe by a decision in its protocol."""

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("plan_id", "group_id", "adopted_on"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    group_id: int = Field(foreign_key="groups.id")
    adopted_on: date
    decision_id: int | None = Field(default=None, foreign_key="decision.id")


class TargetGroup(SQLModel, table=True):
    """Whom plans and activities are for: a tag that a whole collaboration shares."""

    __tablename__ = "target_group"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    name: str


class PlanTargetGroup(SQLModel, table=True):
    """A plan is for a target group."""

    __tablename__ = "plan_target_group"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    target_group_id: int = Field(foreign_key="target_group.id", primary_key=True, index=True)


class ActivityTargetGroup(SQLModel, table=True):
    """An activity is for a target group."""

    __tablename__ = "activity_target_group"

    activity_id: int = Field(foreign_key="activity.id", primary_key=True)
    target_group_id: int = Field(foreign_key="target_group.id", primary_key=True, index=True)


class About(StrEnum):
    """What a change in a plan is about: the plan itself, or one of its goals."""

    PLAN = "plan"
    GOAL = "goal"


class PlanChange(SQLModel, table=True):
    """A plan or a goal of it as it was and as it became, whole. None: it was not there.

    `goal_id` outlives the goal, so it is no foreign key. A trigger in the database refuses DELETE,
    and UPDATE of all but `undone_id`.
    """

    __tablename__ = "plan_change"
    __table_args__ = (
        Index("ix_plan_change_plan_id", "plan_id", "id"),
        where_given("plan_change", "batch"),
        where_given("plan_change", "undone_id"),
        CheckConstraint("(about = 'goal') = (goal_id IS NOT NULL)", name="names_the_goal"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    about: About = Field(sa_type=one_of(About, "about"))
    goal_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    reason: str = ""
    batch: int | None = Field(default=None, sa_type=BigInteger)  # what one deed wrote
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back
