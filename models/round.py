"""Which rounds ran, and which files were taken in: the memory that catching up relies on."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class Round(SQLModel, table=True):
    """One run of a line of the timetable. `finished_at` is empty until it ended well."""

    __tablename__ = "round"
    __table_args__ = (
        Index("ix_round_line", "line", "finished_at"),
        CheckConstraint("finished_at IS NULL OR failed = ''", name="finished_or_failed"),
    )

    id: int | None = Field(default=None, primary_key=True)
    line: str
    on_day: date
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    failed: str = ""
    seen_at: datetime | None = Field(default=None, sa_type=Moment)  # its process lived then
    told_at: datetime | None = Field(default=None, sa_type=Moment)  # letters were made after it
    flow_run_id: str = ""
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # What it did for each collaboration, by its number: {"3": {"letters": 2}}.
    shares: dict[str, dict[str, int]] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )


class SetAside(SQLModel, table=True):
    """One thing that a round could not do, and did not let stop the others (`models/alone.py`).

    The next round of the line tries it again; those of the latest round are what is still undone.
    """

    __tablename__ = "set_aside"

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id", index=True)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    what: str  # Swedish, for the overview
    why: str


class ImportedFile(SQLModel, table=True):
    """A file that was taken in: its name, its fingerprint, and what came of it."""

    __tablename__ = "imported_file"
    __table_args__ = (
        UniqueConstraint("kind", "sha256"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str
    sha256: str
    at: datetime = Field(sa_type=Moment)
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
