"""What responsible people answered, in their own words. Answers are added, never changed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of, where_given
from models.span import Precision


class Says(StrEnum):
    """What an answer says of an activity (row M7 of the requirements)."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    LATE = "late"
    DONE = "done"
    NOTHING_NEW = "nothing_new"
    NOT_ME = "not_me"


class Way(StrEnum):
    """How an answer came. By all ways but the first two somebody else has registered it."""

    LINK = "link"
    REPLY = "reply"  # to the letter, in the fixed words: it does what the letter's link may do
    PHONE = "phone"
    MEETING = "meeting"
    MAIL = "mail"


class StatusAnswer(SQLModel, table=True):
    """One answer about one activity, by one person. A proposed day is a proposal, no change.

    It came through her link, or as a reply to the letter with it; or the process leader has
    registered it in her name.
    """

    __tablename__ = "status_answer"
    __table_args__ = (
        Index("ix_status_answer_activity_id", "activity_id", "id"),
        CheckConstraint(
            "(way IN ('link', 'reply')) = (link_id IS NOT NULL) "
            "AND (way IN ('link', 'reply')) = (length(trim(registered_by)) = 0)",
            name="by_link_or_registered",
        ),
        where_given("status_answer", "batch"),
        where_given("status_answer", "undone_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    link_id: int | None = Field(default=None, foreign_key="link.id")
    at: datetime = Field(sa_type=Moment)
    on_day: date
    says: Says = Field(sa_type=one_of(Says, "says"))
    text: str = ""
    figure: str = ""
    instead: str = ""  # "not me: it is …"; empty when she does not know who
    proposed_text: str = ""
    proposed_first: date | None = None
    proposed_last: date | None = None
    proposed_precision: Precision = Field(
        default=Precision.NONE, sa_type=one_of(Precision, "proposed_precision")
    )
    review_was: date | None = None  # the next review as it was until this answer moved it
    way: Way = Field(
        default=Way.LINK, sa_type=one_of(Way, "way"), sa_column_kwargs={"server_default": "link"}
    )
    registered_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    before: dict[str, Any] = Field(  # what it changed of the activity's columns, as they were
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    batch: int | None = Field(default=None, sa_type=BigInteger)  # what one deed wrote
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back


class ReleasedWords(SQLModel, table=True):
    """What the process leader has said may stand in reports of an answer's words.

    `words` are the answer's own, or as she mended them (`edited`); none when she keeps them out.
    """

    __tablename__ = "answer_words"

    answer_id: int = Field(foreign_key="status_answer.id", primary_key=True)
    words: str
    edited: bool
    on_day: date
    by: str


class Settled(SQLModel, table=True):
    """What an answer proposed (a day, somebody else) has been given a yes or a no, and why."""

    __tablename__ = "answer_settled"

    answer_id: int = Field(foreign_key="status_answer.id", primary_key=True)
    accepted: bool
    on_day: date
    by: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    batch: int | None = Field(default=None, sa_type=BigInteger)  # of what a yes agreed anew
