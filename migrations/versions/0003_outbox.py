"""Letters of every kind: an occasion of their own, and files that go with them."""

import sqlalchemy as sa
from alembic import op

from migrations.alter import unique_on

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let one person get letters of one kind for several occasions, with attachments."""
    op.add_column("letter", sa.Column("occasion", sa.String(), nullable=False, server_default=""))
    unique_on(
        "letter", ("person_id", "on_day", "kind"), ("person_id", "on_day", "kind", "occasion")
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_attachment_has_name")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_attachment_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("letter_id", "name", name=op.f("uq_attachment_letter_id_name")),
    )
