"""Parts of an activity: a municipality, a region or a unit that does its own share of it.

"Lerum has decided, Alingsås has not": each part has a state of its own, which no guard holds back;
what happens to it is kept as rows that are never changed. `put_part` is the only way in.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    UniqueConstraint,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from config import clock
from models.activity import Answerable
from models.columns import Moment, c, one_of, where_given
from models.span import Precision
from models.undoing import batch_of, stands


class PartState(StrEnum):
    """How far a part has come, in its own words."""

    UNANSWERED = "inte svarat"
    IN_DIALOGUE = "i dialog"
    DECIDED = "beslutad"
    ONGOING = "pågående"
    DONE = "klar"
    EXCUSED = "undantagen"


class Part(SQLModel, table=True):
    """One part of one activity, by its name. `why` is the reason it stands where it stands."""

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("activity_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint("state <> 'undantagen' OR length(trim(why)) > 0", name="excused_with_why"),
        # What the sweep looks for: few rows, for most parts have the activity's own deadline.
        Index(
            "ix_part_due",
            "deadline_last",
            sqlite_where=text("deadline_last IS NOT NULL"),
            postgresql_where=text("deadline_last IS NOT NULL"),
        ),
        where_given("part", "person_id"),
        where_given("part", "group_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    name: str
    state: PartState = Field(default=PartState.UNANSWERED, sa_type=one_of(PartState, "state"))
    why: str = ""
    since: date
    responsible: str = ""  # as people write it; the columns below are whom it names
    kind: Answerable = Field(default=Answerable.WORDS, sa_type=one_of(Answerable, "kind"))
    person_id: int | None = Field(default=None, foreign_key="person.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    role: str = ""
    deadline_text: str = ""
    deadline_last: date | None = None
    deadline_precision: Precision = Field(
        default=Precision.DAY,
        sa_type=one_of(Precision, "deadline_precision"),
        sa_column_kwargs={"server_default": Precision.DAY.value},
    )


class PartChange(SQLModel, table=True):
    """A part as it became, whole. A trigger refuses DELETE, and UPDATE of all but `undone_id`."""

    __tablename__ = "part_change"
    __table_args__ = (
        Index("ix_part_change_activity_id", "activity_id", "id"),
        where_given("part_change", "batch"),
        where_given("part_change", "undone_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    part_id: int = Field(foreign_key="part.id")
    before: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    batch: int | None = Field(default=None, sa_type=BigInteger)  # what one deed wrote
    undone_id: int | None = Field(default=None, foreign_key="undoing.id")  # it was taken back


TOLD = ("name", "state", "why", "responsible", "deadline_text")  # what history tells of a part
# What goes back with it, when a change is taken back.
_BESIDE = ("since", "kind", "person_id", "group_id", "role", "deadline_last", "deadline_precision")


def is_told() -> ColumnElement[bool]:
    """The part of the row is there: it is not one whose whole history was taken back."""
    told = select(literal(1)).where(c(PartChange).part_id == c(Part).id, stands(c(PartChange)))
    return told.correlate(Part).exists()


def put_part(
    session: Session,
    activity_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    by: str,
    today: date,
) -> int:
    """Put a part on file, or change it, and add the row to its history. Returns its id.

    `before` is its row as it stands (None: it is new), `after` the columns it is to have.
    """
    if before is None:
        made = insert(Part).values(activity_id=activity_id, **after).returning(c(Part).id)
        part_id = int(session.execute(made).scalar_one())
    else:
        part_id = before["id"]
        session.execute(update(Part).where(c(Part).id == part_id).values(**after))
    session.execute(
        insert(PartChange).values(
            activity_id=activity_id,
            part_id=part_id,
            before=_told(before) | _beside(before) if before else None,
            after=_told({**(before or {}), **after}),
            on_day=today,
            at=clock.now(),
            by=by,
            batch=batch_of(session, today),
        )
    )
    return part_id


def _told(part: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(part[name]) for name in TOLD if part.get(name)}


def _beside(part: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(part[name]) for name in _BESIDE if part.get(name) is not None}
