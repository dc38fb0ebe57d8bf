"""What groups write about their reports, and what the process leader lets others read of it.

Rows are added, never changed: a trigger in the database refuses UPDATE and DELETE of a note.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, func, literal, or_, select
from sqlmodel import Field, SQLModel

from models.columns import Moment, c


class GroupNote(SQLModel, table=True):
    """What somebody wrote about an edition: a pattern, a measure, a conclusion; who and when.

    `activity_id` is the activity that was proposed from it.
    """

    __tablename__ = "group_note"
    __table_args__ = (
        CheckConstraint(
            "length(trim(pattern)) + length(trim(measure)) + length(trim(conclusion)) > 0"
            " OR activity_id IS NOT NULL",
            name="says_something",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    at: datetime = Field(sa_type=Moment)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    pattern: str = ""
    measure: str = ""
    conclusion: str = ""
    activity_id: int | None = Field(default=None, foreign_key="activity.id")


class ReleasedNote(SQLModel, table=True):
    """What the process leader has said may be read of a note: its words, as they may stand.

    Its own, or as she mended them (`edited`); none when she keeps them out.
    """

    __tablename__ = "released_note"

    note_id: int = Field(foreign_key="group_note.id", primary_key=True)
    pattern: str = ""
    measure: str = ""
    conclusion: str = ""
    edited: bool
    on_day: date
    by: str


def has_words() -> ColumnElement[bool]:
    """The note of the row has words: one that only proposes an activity has none."""
    note = c(GroupNote)
    fields = (note.pattern, note.measure, note.conclusion)
    return or_(*(func.length(func.trim(words)) > 0 for words in fields))


def note_waits() -> ColumnElement[bool]:
    """The note of the row has words, and nobody has said whether others may read them."""
    said = select(literal(1)).where(c(ReleasedNote).note_id == c(GroupNote).id)
    return has_words() & ~said.correlate(GroupNote).exists()
