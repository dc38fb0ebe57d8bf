"""What hangs on a meeting: its own points, who was there, its minutes, and what is being typed.

The meeting itself is a day of a group (`models/status_round.py`), and what is put on its agenda by
itself follows from the activities (`reports/agenda.py`). Minutes that were sent out never change: a
trigger in the database refuses it, and what is corrected later is named in the next.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, func, text, update
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c
from models.letter import Letter
from models.letter_kinds import LetterKind

OF_A_MEETING = (LetterKind.AGENDA, LetterKind.MINUTES)


class MeetingPoint(SQLModel, table=True):
    """A point of a meeting's own, and what it came to. `place` is its order among them."""

    __tablename__ = "meeting_point"
    __table_args__ = (CheckConstraint("length(trim(title)) > 0", name="has_title"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    place: int
    title: str
    reference: str = ""
    outcome: str = ""
    at: datetime = Field(sa_type=Moment)
    by: str


class MeetingPresent(SQLModel, table=True):
    """Somebody was at a meeting: a member on file, or a guest by name (without `person_id`).

    `name` is what she was called there when it was noted.
    """

    __tablename__ = "meeting_present"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        Index(
            "uq_meeting_present_person",
            *("meeting_id", "person_id"),
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    name: str
    at: datetime = Field(sa_type=Moment)
    by: str


class MeetingMinutes(SQLModel, table=True):
    """Minutes as they were sent out. `facts` is canonical JSON and `sha256` its hash."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (
        UniqueConstraint("meeting_id"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    facts: str
    sha256: str
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str


class MeetingDraft(SQLModel, table=True):
    """What somebody had filled in at a group's meeting when she left the page. Nothing registered.

    `person_id` is empty where nobody signs in: there is one keyboard.
    """

    __tablename__ = "meeting_draft"
    __table_args__ = (
        Index(
            "uq_meeting_draft",
            *("group_id", text("coalesce(person_id, 0)")),
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    fields: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    on_day: date
    at: datetime = Field(sa_type=Moment)


def occasion_of(meeting_id: int) -> str:
    """How the occasion of a letter about a meeting begins."""
    return f"{meeting_id} "


def occasion_of_day(group_id: int, on_day: date) -> str:
    """The same of a meeting that was taken out of the calendar: its number may be another's."""
    return f"bort {group_id} {on_day.isoformat()} "


def hand_letters_over(session: Session, before: str, after: str) -> None:
    """The letters about a meeting are told by another beginning: it was taken out, or put back."""
    row = c(Letter)
    session.execute(
        update(Letter)
        .where(row.kind.in_(OF_A_MEETING), row.occasion.startswith(before, autoescape=True))
        .values(occasion=after + func.substr(row.occasion, len(before) + 1))
        .execution_options(synchronize_session=False)
    )
