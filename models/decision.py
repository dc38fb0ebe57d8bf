"""Decisions that groups take, and what happens to activities: rows that are never changed.

A move changes where an activity is in its life, a change what is agreed about it (a new deadline,
somebody else who answers). Both keep who, when and why.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of, where_given
from models.lifecycle import Move, State


class Decision(SQLModel, table=True):
    """What a group decided on a day, with the reference of its protocol ("§ 12")."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("group_id", "decided_on", "reference"),
        CheckConstraint("length(trim(reference)) > 0", name="has_reference"),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="groups.id")
    decided_on: date
    reference: str
    text: str = ""


class MoveRow(SQLModel, table=True):
    """One move in an activity's life. A trigger refuses DELETE, and UPDATE of all but `undone_id`.

    `happened_on` is the day it happened, `registered_on` the day it was written down and `at` the
    moment; `on_day` is the day it counts from in reports (`models/happened.py`). `before` is what
    it changed of the activity's columns, as they were: what taking it back puts back.
    """

    __tablename__ = "move"
    __table_args__ = (
        Index("ix_move_activity_id", "activity_id", "id"),
        Index("ix_move_on_day", "on_day"),
        CheckConstraint(
            "(from_state IS NULL) = (move = 'föreslå')", name="only_a_proposal_comes_from_nothing"
        ),
        where_given("move", "batch"),
        where_given("move", "undone_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    move: Move = Field(sa_type=one_of(Move, "move"))
    from_state: State | None = Field(default=None, sa_type=one_of(State, "from_state"))
    to_state: State = Field(sa_type=one_of(State, "to_state"))
    on_day: date
    happened_on: date
    registered_on: date
    at: datetime = Field(sa_type=Moment)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    reason: str = ""
    details: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    before: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    batch: int | None = Field(default=None, sa_type=BigInteger)  # what one deed wrote
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back


class Agreed(StrEnum):
    """What of an activity can be agreed anew."""

    WHAT = "what"
    HOW = "how"
    FOLLOW_UP = "follow_up"
    START = "start"
    DEADLINE = "deadline"
    RESPONSIBLE = "responsible"
    GOALS = "goals"
    TARGET_GROUPS = "target_groups"
    FUNDING = "funding"
    PARTICIPANTS = "participants"
    PROMISES = "promises"
    GROUP = "group"
    REFERRED = "referred"
    FIGURE = "figure"
    WHY_NO_FIGURE = "why_no_figure"
    RESULT = "result"  # what was told of it was wrong, and has been corrected
    KEPT_BY = "kept_by"


class Change(SQLModel, table=True):
    """One thing agreed anew about an activity: the old words and the new ones (row L6).

    The values are what the words meant where words are not all: the days of a date, the goals.
    `before_values` also have what went along with the words, and goes back with them. A trigger in
    the database refuses DELETE, and UPDATE of all but `undone_id`.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_activity_id", "activity_id", "id"),
        CheckConstraint(
            "before_words <> after_words"
            " OR CAST(before_values AS VARCHAR) <> CAST(after_values AS VARCHAR)",
            name="changes_something",
        ),
        where_given("change", "batch"),
        where_given("change", "undone_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    what: Agreed = Field(sa_type=one_of(Agreed, "what"))
    before_words: str
    after_words: str
    before_values: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    after_values: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    reason: str = ""
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    batch: int | None = Field(default=None, sa_type=BigInteger)  # what one deed wrote
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back
