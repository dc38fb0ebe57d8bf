"""A no has its reason, who leads has a telephone, and a page that is left is kept.

What is settled already has no reason on file, and nobody has given a telephone number. No code has
been asked for, and nobody has left a page half filled in.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Why it was said; a telephone, a code and a draft."""
    op.add_column(
        "answer_settled", sa.Column("reason", sa.String(), nullable=False, server_default="")
    )
    op.create_table(
        "answer_draft",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_answer_draft_link_id_link")
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_answer_draft")),
    )
    op.add_column("notice", sa.Column("again_on", sa.Date(), nullable=True))
    op.add_column("link", sa.Column("code_seed", sa.String(), nullable=False, server_default=""))
    op.add_column("link", sa.Column("code_at", Moment(), nullable=True))
    op.add_column("link", sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("person", sa.Column("telephone", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """What was said no to has no reason on file."""
    op.drop_column("person", "telephone")
    op.drop_table("answer_draft")
    op.drop_column("notice", "again_on")
    for column in ("code_tries", "code_at", "code_seed"):
        op.drop_column("link", column)
    op.drop_column("answer_settled", "reason")
