"""Comments about an activity, and the files that go with them."""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "png", "jpg")


def upgrade() -> None:
    """Two tables, both empty."""
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(by)) > 0", name=op.f("ck_comment_by_somebody")),
        sa.CheckConstraint(
            "address = '' OR address LIKE 'https://%'", name=op.f("ck_comment_address_is_https")
        ),
        sa.CheckConstraint(
            "(taken_back_on IS NULL AND taken_back_by = '') OR (taken_back_on IS NOT NULL"
            " AND length(trim(taken_back_by)) > 0 AND words = '' AND address = '')",
            name=op.f("ck_comment_taken_back_whole"),
        ),
        _to("comment", "activity_id", "activity"),
        _to("comment", "person_id", "person"),
        _to("comment", "link_id", "link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_activity_id", "comment", ["activity_id", "id"])
    op.create_index("ix_comment_at", "comment", ["at"])
    op.create_index(op.f("ix_comment_person_id"), "comment", ["person_id"])
    op.create_table(
        "comment_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_comment_file_has_name")),
        sa.CheckConstraint("size BETWEEN 1 AND 10485760", name=op.f("ck_comment_file_size")),
        sa.CheckConstraint("length(content) = size", name=op.f("ck_comment_file_whole")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_comment_file_sha256")),
        _to("comment_file", "comment_id", "comment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_file")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_comment_file_comment_id")),
    )


def downgrade() -> None:
    """What was said is forgotten."""
    op.drop_table("comment_file")
    op.drop_table("comment")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
