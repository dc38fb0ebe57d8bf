"""What finances an activity can be agreed anew, and is kept in its history."""

from migrations.alter import allow_words

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AGREED = (
    "what",
    "how",
    "follow_up",
    "start",
    "deadline",
    "responsible",
    "goals",
    "target_groups",
    "funding",
    "group",
    "referred",
)


def upgrade() -> None:
    """Widen the closed list of what a change is about."""
    allow_words("change", "what", AGREED)
