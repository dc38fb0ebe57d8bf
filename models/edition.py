"""Editions of reports: facts as they were compiled, and who stood for them.

The facts of an edition never change: a correction is a new edition. A trigger in the database
refuses to change or remove them. What people write in a report lives beside the facts, row by row,
so that it is kept between compilations; an approved edition holds the words it was approved with.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of


class ReportKind(StrEnum):
    """What a report is about."""

    DEVIATIONS = "deviations"
    QUARTER = "quarter"
    YEAR = "year"


class EditionState(StrEnum):
    """How far an edition has come."""

    COMPILED = "compiled"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SENT = "sent"


class Edition(SQLModel, table=True):
    """One edition of one report: of a collaboration, or of one of its groups, for a period.

    `facts` is canonical JSON and `sha256` its hash (`reports/editions.py`); `period` is written
    as `rules/periods.py` does ("2025Q1"); `cut_off` is the last day that was looked at.
    """

    __tablename__ = "edition"
    __table_args__ = (
        Index(
            "uq_edition",
            "kind",
            "collaboration_id",
            text("coalesce(group_id, 0)"),
            "period",
            "number",
            unique=True,
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint(
            "state NOT IN ('approved', 'sent') OR approved_at IS NOT NULL",
            name="approved_by_somebody",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: ReportKind = Field(sa_type=one_of(ReportKind, "kind"))
    collaboration_id: int = Field(foreign_key="collaboration.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    period: str
    number: int
    cut_off: date
    state: EditionState = Field(
        default=EditionState.COMPILED, sa_type=one_of(EditionState, "state")
    )
    schema_version: int
    facts: str
    sha256: str
    compiled_at: datetime = Field(sa_type=Moment)
    compiled_by: str
    reviewed_at: datetime | None = Field(default=None, sa_type=Moment)
    reviewed_by: str = ""
    approved_at: datetime | None = Field(default=None, sa_type=Moment)
    approved_by: str = ""
    override_reason: str = ""  # why it was approved although promises were missing; printed
    prose: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_type=Moment)


class WrittenProse(SQLModel, table=True):
    """What somebody wrote at a place in a report. The newest row counts; the others are history."""

    __tablename__ = "written_prose"
    __table_args__ = (
        Index("ix_written_prose", "kind", "collaboration_id", "group_id", "period", "key", "id"),
        CheckConstraint("length(trim(key)) > 0", name="has_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: ReportKind = Field(sa_type=one_of(ReportKind, "kind"))
    collaboration_id: int = Field(foreign_key="collaboration.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    period: str
    key: str
    text: str
    at: datetime = Field(sa_type=Moment)
    by: str
