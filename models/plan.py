"""Plans (samverkansplan, aktivitetsplan, handlingsplan …) and the goals they set."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Plan(SQLModel, table=True):
    """A plan of a group for a period, maybe under a longer one."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("group_id", "title"),
        CheckConstraint("length(trim(title)) > 0", name="has_title"),
        CheckConstraint(
            "last_day IS NULL OR first_day IS NULL OR last_day >= first_day", name="dates"
        ),
        CheckConstraint("cap IS NULL OR cap > 0", name="cap"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
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
    purpose: str = ""
    target_groups: str = ""
    cap: int | None = None


class Goal(SQLModel, table=True):
    """A goal, focus area or sub-goal: a tree in each plan's own words."""

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
