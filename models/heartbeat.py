"""What the minute hand writes down: that it ticks, and which rounds it has missed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class Pulse(SQLModel, table=True):
    """The latest tick of something that is to tick: one row for each."""

    __tablename__ = "pulse"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class MissedRound(SQLModel, table=True):
    """A line of the timetable had its time at `due_at`, and no round has ended well since.

    `mended_at` is when one had. The administrators are written to once for each row.
    """

    __tablename__ = "missed_round"
    __table_args__ = (UniqueConstraint("line", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    line: str
    due_at: datetime = Field(sa_type=Moment)
    why: str  # Swedish, for the overview and the letter
    noticed_at: datetime = Field(sa_type=Moment)
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    mended_at: datetime | None = Field(default=None, sa_type=Moment)
