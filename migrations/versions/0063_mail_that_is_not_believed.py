"""Mail that is not what it says: forged answers, reports that are not believed, who vouches.

An answer by mail that was saved by itself had been vouched for; of the others nobody knows.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_BECAME = (
    *("answered", "unread", "not-checked", "another", "forwarded", "closed", "refused"),
    *("unknown", "broken"),
)
_REPORTS = ("unreachable", "failed", "delayed", "irrelevant", "forged", "unknown")


def upgrade() -> None:
    """Two words more, and a column."""
    allow_words("mail_reply", "became", (*_BECAME, "forged"))
    allow_words("bounce", "report", (*_REPORTS, "not-believed"))
    op.add_column(
        "mail_reply",
        sa.Column("vouched", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE mail_reply SET vouched = true WHERE became = 'answered'")


def downgrade() -> None:
    """Without them: forged mail is mail that nobody vouched for, and such reports say nothing."""
    op.drop_column("mail_reply", "vouched")
    op.execute("UPDATE mail_reply SET became = 'not-checked' WHERE became = 'forged'")
    op.execute("UPDATE bounce SET report = 'unknown' WHERE report = 'not-believed'")
    allow_words("mail_reply", "became", _BECAME)
    allow_words("bounce", "report", _REPORTS)
