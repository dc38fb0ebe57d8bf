"""Moves are found by their day, so that a period's report need not read every move there is."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of days."""
    op.create_index("ix_move_on_day", "move", ["on_day"])


def downgrade() -> None:
    """Without it; reports say the same, later."""
    op.drop_index("ix_move_on_day", "move")
