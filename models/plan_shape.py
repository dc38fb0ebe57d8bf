"""The shape of the table that a plan came in: its headings, in their own words and their own order.

Kept when a plan file is taken in, so that the plan can go out again as the table its collaboration
knows. What stands under the headings is the plan itself, and is not kept here.
"""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.columns import one_of


class Role(StrEnum):
    """What a column of a plan holds."""

    GOAL = "goal"
    FOCUS_AREA = "focus_area"
    WHAT = "what"
    HOW = "how"
    RESPONSIBLE = "responsible"
    DECIDED_BY = "decided_by"
    PARTICIPANTS = "participants"
    START = "start"
    DEADLINE = "deadline"
    PERIOD = "period"
    FOLLOW_UP = "follow_up"
    STATUS = "status"
    TARGET_GROUP = "target_group"
    FUNDING = "funding"
    NUMBER = "number"


class PlanShape(SQLModel, table=True):
    """How the table of a plan stood in its file.

    `goals_in_rows`: the goals had rows of their own above their activities. `title_above`: the
    plan's title stood over the headings. `sheet` is the name of its sheet in Excel, else "".
    """

    __tablename__ = "plan_shape"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id")
    goals_in_rows: bool = False
    title_above: bool = False
    sheet: str = ""


class PlanColumn(SQLModel, table=True):
    """A column of a plan's table, counted from 0 on the left. No `role`: nobody knew it."""

    __tablename__ = "plan_column"

    plan_id: int = Field(primary_key=True, foreign_key="plan_shape.plan_id")
    position: int = Field(primary_key=True)
    heading: str
    role: Role | None = Field(default=None, sa_type=one_of(Role, "role"), nullable=True)
