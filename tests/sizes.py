"""How much a test draws: little with all tests, much with `make long`; decided here alone.

`LONG=1` makes every draw large; a name of its own (`LIFE_STEPS=50000`) makes one so. What is drawn
is the same each time, so that a failure comes back: `SEED=…` has another draw where a test draws by
itself; where Hypothesis does, LONG=1 draws anew each time and prints what repeats a failure.
"""

import os

from hypothesis import settings

LONG = os.environ.get("LONG") == "1"
BOTH = LONG or os.environ.get("BOTH") == "1"  # each on both databases (`tests/turns.py`)
SEED = int(os.environ.get("SEED", "13"))


def size(name: str, small: int, large: int) -> int:
    """How many: what the environment says under that name, or the usual small or large draw."""
    told = os.environ.get(name)
    if told:
        return int(told)
    return large if LONG else small


def draw_alike() -> None:
    """Hypothesis draws the same each time, unless the draw is large. No example is too slow."""
    settings.register_profile("small", deadline=None, derandomize=True, database=None)
    settings.register_profile("long", deadline=None, print_blob=True)
    settings.load_profile("long" if LONG else "small")
