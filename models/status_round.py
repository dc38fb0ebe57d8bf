"""Status rounds: a group's open activities asked about together; its meetings and their agenda.

A question stands in a round until somebody answers about its activity; what an answer says is in
`models/status.py`. A round that has closed still takes answers: they are late.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of
from models.lifecycle import State
from models.undoing import standing


class Occasion(StrEnum):
    """What a status round is opened for."""

    QUARTER = "quarter"  # before a quarter closes
    MEETING = "meeting"  # before a meeting of the group
    ASKED = "asked"  # the process leader wanted to know


class Meeting(SQLModel, table=True):
    """A day on which a group meets."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("group_id", "on_day"),)

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id")
    on_day: date


class AgendaPoint(SQLModel, table=True):
    """An activity that somebody has put on its group's next meeting, until the meeting was at it.

    `on_day` is when it was put there, `done_on` when it was taken up; empty while it waits.
    `done_batch` is what the meeting registered of it: when that is taken back, it waits again.
    """

    __tablename__ = "agenda_point"
    __table_args__ = (
        Index(
            "uq_agenda_point_waiting",
            "activity_id",
            unique=True,
            sqlite_where=text("done_on IS NULL"),
            postgresql_where=text("done_on IS NULL"),
        ),
        CheckConstraint("done_on IS NULL OR done_on >= on_day", name="dates"),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id", index=True)
    activity_id: int = Field(foreign_key="activity.id", index=True)
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    done_on: date | None = None
    done_by: str = ""
    done_batch: int | None = Field(default=None, sa_type=BigInteger)


class StatusRound(SQLModel, table=True):
    """One round of one group. `occasion_on` is the quarter's last day, or the day of the meeting.

    A round that is asked for is for the day it was opened. `closed_on` is empty while it is open.
    """

    __tablename__ = "status_round"
    __table_args__ = (
        UniqueConstraint("group_id", "occasion", "occasion_on"),
        CheckConstraint("closes_on >= opened_on", name="closes_after_it_opens"),
        Index(
            "ix_status_round_open",
            "closes_on",
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id")
    occasion: Occasion = Field(sa_type=one_of(Occasion, "occasion"))
    occasion_on: date
    opened_on: date
    closes_on: date
    closed_on: date | None = None
    opened_by: str = ""  # empty: the timetable


class StatusQuestion(SQLModel, table=True):
    """One activity is asked about in a round. Answered after the round's last day: late."""

    __tablename__ = "status_question"

    round_id: int = Field(foreign_key="status_round.id", primary_key=True)
    activity_id: int = Field(foreign_key="activity.id", primary_key=True, index=True)
    answered_on: date | None = None


def still_counts(question: str = "status_question") -> str:
    """The condition, in the words of statements, that a question counts: neither its plan nor the
    whole life of its activity has been taken back since it was asked."""
    return f"""{question}.activity_id NOT IN (
    SELECT gone.id FROM activity gone JOIN plan ON plan.id = gone.plan_id
    WHERE plan.withdrawn_on IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM activity never
        WHERE never.id = {question}.activity_id AND never.state = '{State.WITHDRAWN}'
        AND NOT EXISTS (SELECT 1 FROM move lived
                        WHERE lived.activity_id = never.id AND {standing("lived")}))"""  # noqa: S608 - own names


def counts_still() -> ColumnElement[bool]:
    """The same of the questions that a statement joins in."""
    return literal_column(still_counts(), Boolean)
