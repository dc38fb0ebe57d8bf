"""What an activity promises to tell, and who takes part in it without answering for it."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Promise(SQLModel, table=True):
    """ "Redovisas i årsrapport": the sentence that promises, and to whom or where (`made_to`)."""

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("activity_id", "words", "made_to"),
        CheckConstraint("length(trim(words)) > 0", name="has_words"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    words: str
    made_to: str
    due: date | None = None  # the last day it is promised for, where the words tell


class Participant(SQLModel, table=True):
    """Somebody who takes part, in the plan's own words."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("activity_id", "words"),
        CheckConstraint("length(trim(words)) > 0", name="has_words"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    words: str
