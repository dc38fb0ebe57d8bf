"""A pause can be prolonged: one more move."""

from migrations.alter import allow_words

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOVES = (
    "föreslå",
    "besluta",
    "avslå",
    "starta",
    "följ upp",
    "fortsätt",
    "avsluta",
    "pausa",
    "förläng pausen",
    "återuppta",
    "återremittera",
    "avbryt",
    "överför",
    "återöppna",
    "ångra överföring",
    "dra tillbaka",
    "föreslå igen",
)


def upgrade() -> None:
    """Widen the closed list of moves."""
    allow_words("move", "move", MOVES)
