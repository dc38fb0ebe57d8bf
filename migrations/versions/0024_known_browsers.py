"""A request to sign in tells whether a browser of hers sent it: strangers are counted apart."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column; the requests on file are strangers', and gone in a day."""
    op.add_column(
        "sign_in_request", sa.Column("known_by", sa.String(), nullable=False, server_default="")
    )
