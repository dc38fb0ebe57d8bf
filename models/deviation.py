"""Deviations (avvikelser i samverkan): cases, the files they came from, and how sources are read.

Only coded columns have a place here: days, units, group, process, class, severity, status and
handling time. There is no column for what happened in words: free text cannot be kept by mistake.

All of it is a collaboration's. What was taken in before that was kept, and could not be told, has
none (`collaboration_id` is NULL): it is nobody's until an administrator places it. Rows that hang
on an import are its collaboration's.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of

NOT_GIVEN = "Ej angiven"  # how an empty group, process … is counted and shown


class FoundBy(StrEnum):
    """Which side found it. Who investigates is the other side."""

    REGION = "regionen"
    MUNICIPALITY = "kommunen"
    UNKNOWN = "ej angivet"


class ImportState(StrEnum):
    """Where a file is: looked at and waiting for a yes, taken in, or taken back."""

    WAITING = "väntar"
    TAKEN_IN = "inläst"
    UNDONE = "ångrad"


class Kept(SQLModel):
    """All that is kept of a case. `month` is year × 12 + month − 1 of the day it is counted on."""

    registered_on: date  # the day it is counted on
    month: int
    happened_on: date | None = None
    changed_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_on: date | None = None
    reporting_org: str = ""
    reporting_unit: str = ""
    investigating_org: str = ""
    investigating_unit: str = ""
    found_by: FoundBy = Field(sa_type=one_of(FoundBy, "found_by"))
    area: str = ""
    target_group: str = ""
    process: str = ""
    classified: str = ""
    severity: str = ""
    status: str = ""
    handling: int | None = None  # hundredths of a day, so that medians are exact
    answer_days: int | None = None  # from the day it is counted on to the answer
    voided: bool = False  # makulerad
    waits: bool = False  # nobody has answered yet


KEPT = tuple(Kept.model_fields)


class DeviationImport(SQLModel, table=True):
    """A file, looked at or taken in: its fingerprint, its counts, and what was refused and why.

    `headings` is [[heading, column or ""], …] and `refused` [[row, reason], …], the words as in
    `intake/deviation/shapes.py`; rows are counted as Excel does. `source` is the mapping it was
    read with, `reading` its digest.
    """

    __tablename__ = "deviation_import"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256"),
        # The same file, read the same way, stands once among those that are taken in.
        Index(
            "uq_deviation_import_once",
            "collaboration_id",
            "sha256",
            "reading",
            unique=True,
            sqlite_where=text("state = 'inläst'"),
            postgresql_where=text("state = 'inläst'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    state: ImportState = Field(sa_type=one_of(ImportState, "state"))
    file: str
    sha256: str
    source: str = ""
    reading: str = ""
    at: datetime = Field(sa_type=Moment)
    by: str
    rows: int = 0
    cases: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    totals: int = 0  # rows of sums, that are no cases
    hidden: int = 0  # values that looked like free text, or that nobody ticked: not kept
    # [[column, word, cases], …]: words that wait for somebody to say that they are codes
    unknown: list[list[int | str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    headings: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    refused: list[list[int | str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    personnummer_rows: list[int] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_by: str = ""


class DeviationCase(Kept, table=True):
    """A case, as the file that told of it last has it. `series` sets sources' numbers apart."""

    __tablename__ = "deviation_case"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "series", "number"),
        CheckConstraint("length(number) > 0", name="has_number"),
        # Every report asks for a range of a collaboration's months.
        Index("ix_deviation_case_month", "collaboration_id", "month", "target_group", "voided"),
        Index(
            "ix_deviation_case_waits",
            "collaboration_id",
            "target_group",
            "registered_on",
            sqlite_where=text("waits = 1"),
            postgresql_where=text("waits"),
        ),
        Index("ix_deviation_case_first_import_id", "first_import_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    series: str = ""
    number: str
    first_import_id: int = Field(foreign_key="deviation_import.id")
    import_id: int = Field(foreign_key="deviation_import.id")


class DeviationRow(Kept, table=True):
    """A case as a file that waits for a yes has it. Gone when the file is taken in or dropped."""

    __tablename__ = "deviation_row"

    import_id: int = Field(foreign_key="deviation_import.id", primary_key=True)
    series: str = Field(default="", primary_key=True)
    number: str = Field(primary_key=True)
    row: int


class DeviationEarlier(Kept, table=True):
    """A case as it was before an import changed it, so that the import can be taken back."""

    __tablename__ = "deviation_earlier"

    import_id: int = Field(foreign_key="deviation_import.id", primary_key=True)
    case_id: int = Field(foreign_key="deviation_case.id", primary_key=True, index=True)
    earlier_import_id: int = Field(foreign_key="deviation_import.id")


class DeviationMapping(SQLModel, table=True):
    """How the files of a source are read: which heading is which column."""

    __tablename__ = "deviation_mapping"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    name: str
    columns: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    own_series: bool = False  # its numbers are its own: another source may use the same
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: str


class DeviationCode(SQLModel, table=True):
    """A word that somebody in a collaboration has said is a code, and not free text.

    `kind` is the column that it stands in; `word` is folded, so that capitals make no difference.
    """

    __tablename__ = "deviation_code"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "kind", "word"),
        CheckConstraint("length(trim(word)) > 0", name="has_word"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    kind: str
    word: str
    at: datetime = Field(sa_type=Moment)
    by: str
    means: str = ""  # the word that it is another spelling of; "" = it stands for itself
