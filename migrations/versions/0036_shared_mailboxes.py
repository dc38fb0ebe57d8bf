"""Mailboxes that several people share, and what a group's other spellings in deviations stand for."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody shares a mailbox so far, and no word stands for another."""
    op.create_table(
        "shared_mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_shared_mailbox_has_name")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_shared_mailbox_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_shared_mailbox_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_mailbox")),
        sa.UniqueConstraint(
            "person_id",
            "collaboration_id",
            "name",
            name=op.f("uq_shared_mailbox_person_id_collaboration_id_name"),
        ),
    )
    op.create_index(
        op.f("ix_shared_mailbox_collaboration_id"), "shared_mailbox", ["collaboration_id"]
    )
    op.add_column(
        "deviation_code", sa.Column("means", sa.String(), nullable=False, server_default="")
    )


def downgrade() -> None:
    """A shared mailbox keeps the name of all who share it, and words stand for themselves."""
    op.drop_column("deviation_code", "means")
    op.drop_index(op.f("ix_shared_mailbox_collaboration_id"), table_name="shared_mailbox")
    op.drop_table("shared_mailbox")
