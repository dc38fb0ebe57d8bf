"""Editions of reports, whose facts never change, and what people write in them."""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history, on_sqlite

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("deviations", "quarter", "year")
STATES = ("compiled", "reviewed", "approved", "sent")
FROZEN = (
    "kind", "collaboration_id", "group_id", "period", "number", "cut_off", "schema_version",
    "facts", "sha256", "compiled_at", "compiled_by",
)  # fmt: skip
SENTENCE = "the facts of an edition never change: make a new edition"


def one_of(words: tuple[str, ...], name: str) -> sa.Enum:
    """A column that holds one of the words."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Make the tables, and let the database keep what was compiled."""
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of(KINDS, "kind"), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("state", one_of(STATES, "state"), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compiled_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("override_reason", sa.String(), nullable=False),
        sa.Column("prose", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_edition_number")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_edition_sha256")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'sent') OR approved_at IS NOT NULL",
            name=op.f("ck_edition_approved_by_somebody"),
        ),
        *_belongs_to("edition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.create_index(
        "uq_edition",
        "edition",
        ["kind", "collaboration_id", sa.text("coalesce(group_id, 0)"), "period", "number"],
        unique=True,
    )
    op.create_table(
        "written_prose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of(KINDS, "kind"), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(key)) > 0", name=op.f("ck_written_prose_has_key")),
        *_belongs_to("written_prose"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written_prose")),
    )
    op.create_index(
        "ix_written_prose",
        "written_prose",
        ["kind", "collaboration_id", "group_id", "period", "key", "id"],
    )
    keep_history("written_prose")
    _freeze_facts()


def _belongs_to(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f(f"fk_{table}_collaboration_id_collaboration"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f(f"fk_{table}_group_id_groups")
        ),
    )


def _freeze_facts() -> None:
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER edition_facts_frozen BEFORE UPDATE OF {', '.join(FROZEN)} ON edition "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        op.execute(
            "CREATE TRIGGER edition_no_delete BEFORE DELETE ON edition "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION edition_facts_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER edition_facts_frozen BEFORE DELETE OR UPDATE OF {', '.join(FROZEN)} "
        "ON edition FOR EACH ROW EXECUTE FUNCTION edition_facts_frozen()"
    )
