"""The bar under a list whose rows have tick boxes: which deeds it offers, and for how many at once.

What becomes of a press is `many.py`.
"""

from intake.lives.many import MOVES, Alter
from rules.wording import capitalised

MOST = 1000  # activities at once

# Moves, and what is agreed anew: each a value, and what its button says.
DEEDS = (
    tuple((move.value, capitalised(move.value)) for move in MOVES),
    tuple((alter.value, capitalised(alter.value)) for alter in Alter),
)
