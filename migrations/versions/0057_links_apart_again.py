"""A link may be for one session alone, and a calendar's address is closed as links are.

Links that are on file are for nobody's session. Through which link an address was made is not known
of those that are on file; they show what they did until somebody closes all.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns and a table."""
    op.add_column("link", sa.Column("session_id", sa.Integer(), nullable=True))
    # A column with its constraint in one statement: Alembic's own way would make SQLite's table
    # anew.
    op.execute(
        "ALTER TABLE feed ADD COLUMN link_id INTEGER "
        "CONSTRAINT fk_feed_link_id_link REFERENCES link (id)"
    )
    op.create_index("ix_feed_link_id", "feed", ["link_id"])
    op.create_table(
        "feed_closed",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_closed_feed_id_feed")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_feed_closed_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("feed_id", "collaboration_id", name=op.f("pk_feed_closed")),
    )


def downgrade() -> None:
    """A link for one session opens nothing more, and an address that was closed to some is gone."""
    op.execute("UPDATE link SET revoked_at = made_at WHERE session_id IS NOT NULL")
    op.execute("UPDATE feed SET revoked_at = made_at WHERE id IN (SELECT feed_id FROM feed_closed)")
    op.drop_table("feed_closed")
    op.drop_index("ix_feed_link_id", "feed")
    op.drop_column("feed", "link_id")
    op.drop_column("link", "session_id")
