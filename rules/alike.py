"""Which of several wordings one is most like, at a price that is known beforehand.

To compare two texts sign by sign takes the square of their length, and most of it is spent on those
that are nothing like one another. So all are ranked by which letters they are made of, which is an
upper bound of how alike they can be, and only the best few are compared.

Pure. What is alike enough to be proposed, or to be taken as the same, is for the caller to say.
"""

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

_COMPARED = 5  # of the others, the best by their letters
_LONGEST = 200  # signs; what differs later than that is a long text's own end


def closest(words: str, others: Iterable[str], at_least: float) -> str | None:
    """The one that is most like the words, or None where none is so alike (0 to 1)."""
    short = words[:_LONGEST]
    letters = Counter(short)
    ranked = nlargest(_COMPARED, ((_at_most(letters, other[:_LONGEST]), other) for other in others))
    found = [
        (SequenceMatcher(None, short, other[:_LONGEST]).ratio(), other)
        for bound, other in ranked
        if bound >= at_least
    ]
    best, other = max(found, default=(0.0, ""))
    return other if best >= at_least else None


def _at_most(letters: Counter[str], other: str) -> float:
    """No two texts of these letters are more alike than this."""
    length = letters.total() + len(other)
    return 2 * (letters & Counter(other)).total() / length if length else 1.0
