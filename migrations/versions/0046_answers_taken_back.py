"""A no has its reason, an answer may be taken back, and letters say who they are from.

What is settled already has no reason on file, and nothing has been taken back. Letters on file are
from the organisation, and nobody has given a telephone number.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Why it was said and by whom it was taken back; whose name a letter has; a telephone."""
    op.add_column(
        "answer_settled", sa.Column("reason", sa.String(), nullable=False, server_default="")
    )
    op.add_column(
        "answer_settled",
        sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("letter", sa.Column("from_name", sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("telephone", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """What was taken back stands as seen, without a reason."""
    op.drop_column("person", "telephone")
    op.drop_column("letter", "from_name")
    op.drop_column("answer_settled", "taken_back")
    op.drop_column("answer_settled", "reason")
