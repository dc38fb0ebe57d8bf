"""Small numbers: how a figure may be told, by its own value alone. Pure; no history, no solver.

Two rules, and nothing else is ever published:

1. A count stands by itself: 0, "<5" for what is from 1 to just under the limit, else as it is.
2. A list whose sum is told is told whole where nothing in it is small. Else its large words are
   told one by one, and all others as one rest.

Everything larger (a year, all groups) is added up from what was told: exact, or "60–63". So it
tells nothing more, whenever it is made and beside whatever else. docs/deviations.md has the
argument: the rules treat words alike, so that two words of a rest could change places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HIDDEN = "dold"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it may be told: between two values that a reader can tell herself.

    `high` is None where there is no upper one. `below` is the limit, for "<5".
    """

    low: int
    high: int | None
    below: int = 0

    @property
    def value(self) -> int | None:
        """The figure itself, where it is told."""
        return self.low if self.low == self.high and not self.below else None

    def __str__(self) -> str:
        """In a table."""
        if self.below:
            return f"<{self.below}"
        if self.high is None:
            return f"minst {self.low}" if self.low else HIDDEN
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


UNTOLD = Shown(0, None)


def one(number: int, limit: int) -> Shown:
    """A count that stands by itself."""
    if 0 < number < limit:
        return Shown(1, limit - 1, limit)
    return Shown(number, number)


def added(parts: Iterable[Shown]) -> Shown:
    """The sum of what was told; no more is known of it than of its parts."""
    low, high, small = 0, 0, []
    untold = False
    for part in parts:
        low += part.low
        if part.high is None:
            untold = True
        else:
            high += part.high
        if part.low or part.high != 0:
            small.append(part)
    if len(small) == 1:
        return small[0]
    return Shown(low, None if untold else high)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it may be told: some of its words, and all others together.

    `total` is what the list adds up to, None where nothing of it is told. Without a rest a word
    that is not in `told` is nothing; with one, it is somewhere in the rest.
    """

    total: int | None = None
    told: Mapping[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        """Those that are not told one by one."""
        return (self.total or 0) - sum(self.told.values())

    def word(self, word: str) -> Shown:
        """What is known of one word."""
        if self.total is None:
            return UNTOLD
        if word in self.told:
            return Shown(self.told[word], self.told[word])
        return Shown(0, self.rest)


NOTHING = Listed()


def listed(counts: Mapping[str, int], limit: int) -> Listed:
    """A list whose sum is told; nothing of it where that is small itself.

    Small words are enough together when they are at least two, the limit or more in all, and could
    be divided otherwise. Else the smallest large words, all that are equal, go with them.
    """
    total = sum(counts.values())
    if 0 < total < limit:
        return NOTHING
    small = [number for number in counts.values() if 0 < number < limit]
    large = {word: number for word, number in counts.items() if number >= max(1, limit)}
    if not small:
        return Listed(total, large)
    enough = limit <= sum(small) < len(small) * (limit - 1)
    return Listed(total, large if enough else without_least(large))


def without_least(told: Mapping[str, int]) -> dict[str, int]:
    """Without the smallest, and all that are as small."""
    least = min(told.values(), default=0)
    return {word: number for word, number in told.items() if number > least}


def corrected(now: Listed, before: Listed | None, limit: int) -> Listed:
    """A list that was told before, counted again.

    It stays as it was told until its sum has changed by the limit or more; then a word that has
    changed by less goes into the rest, and the smallest other with it.
    """
    if before is None or before.total is None or now == before:
        return now
    change = abs((now.total or 0) - before.total)
    if now.total is None or change < limit:
        return before
    told = {
        word: number
        for word, number in now.told.items()
        if not 0 < abs(number - before.told.get(word, number)) < limit
    }
    return now if told == dict(now.told) else Listed(now.total, without_least(told))
