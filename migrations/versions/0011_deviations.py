"""Deviations: cases of coded columns only, the files they came from, and how sources are read.

A case that an import changes is put aside as it was (`deviation_earlier`), so that the import can be
taken back. What a page has read and nobody has said yes to waits in `deviation_row`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOUND_BY = ("regionen", "kommunen", "ej angivet")
STATES = ("väntar", "inläst", "ångrad")


def upgrade() -> None:
    """Make the five tables."""
    _imports()
    _mappings()
    _cases()
    _waiting()
    _earlier()


def _imports() -> None:
    op.create_table(
        "deviation_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("totals", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("personnummer_rows", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_deviation_import_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_import")),
    )
    taken_in = sa.text("state = 'inläst'")
    op.create_index(
        "uq_deviation_import_once",
        "deviation_import",
        ["sha256", "reading"],
        unique=True,
        sqlite_where=taken_in,
        postgresql_where=taken_in,
    )


def _mappings() -> None:
    op.create_table(
        "deviation_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("own_series", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_deviation_mapping_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_deviation_mapping_name")),
    )


def _kept() -> list[sa.Column[Any]]:
    """The columns of a case, new for each table."""
    found_by = sa.Enum(
        *FOUND_BY, name="found_by", native_enum=False, create_constraint=True, length=40
    )
    return [
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reporting_org", sa.String(), nullable=False),
        sa.Column("reporting_unit", sa.String(), nullable=False),
        sa.Column("investigating_org", sa.String(), nullable=False),
        sa.Column("investigating_unit", sa.String(), nullable=False),
        sa.Column("found_by", found_by, nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("target_group", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("classified", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("handling", sa.Integer(), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
    ]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def _cases() -> None:
    op.create_table(
        "deviation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("first_import_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        *_kept(),
        sa.CheckConstraint("length(number) > 0", name=op.f("ck_deviation_case_has_number")),
        _refers("deviation_case", "first_import_id", "deviation_import"),
        _refers("deviation_case", "import_id", "deviation_import"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_case")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_deviation_case_series_number")),
    )
    op.create_index(
        "ix_deviation_case_month", "deviation_case", ["month", "target_group", "voided"]
    )
    op.create_index(
        "ix_deviation_case_waits",
        "deviation_case",
        ["target_group", "registered_on"],
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits"),
    )
    op.create_index("ix_deviation_case_first_import_id", "deviation_case", ["first_import_id"])


def _waiting() -> None:
    op.create_table(
        "deviation_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        *_kept(),
        _refers("deviation_row", "import_id", "deviation_import"),
        sa.PrimaryKeyConstraint("import_id", "series", "number", name=op.f("pk_deviation_row")),
    )


def _earlier() -> None:
    op.create_table(
        "deviation_earlier",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("earlier_import_id", sa.Integer(), nullable=False),
        *_kept(),
        _refers("deviation_earlier", "import_id", "deviation_import"),
        _refers("deviation_earlier", "case_id", "deviation_case"),
        _refers("deviation_earlier", "earlier_import_id", "deviation_import"),
        sa.PrimaryKeyConstraint("import_id", "case_id", name=op.f("pk_deviation_earlier")),
    )
    op.create_index("ix_deviation_earlier_case_id", "deviation_earlier", ["case_id"])
