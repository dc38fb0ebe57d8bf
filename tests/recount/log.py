"""The log of a world: what was done, agreed and said, by which deed, and what was taken back.

It is written by whoever does it, in the order it is done, and knows nothing of the database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from models.lifecycle import Move, Outcome, State
from models.status import Says

MISTAKE = "Plan som lästes in av misstag"
NOBODY = "Kalle Kula"  # who is not on file
PARTS = ("Alms kommun", "Björks kommun")

# What is done with an activity and with what it became, in one deed.
_TOGETHER = {
    *(Move.PROPOSE, Move.WITHDRAW, Move.PROPOSE_AGAIN, Move.CARRY_OVER, Move.UNDO_CARRY_OVER),
}


@dataclass(eq=False, kw_only=True)
class Record:
    """A line of the log: which deed wrote it, as which line, and the day that it counts from.

    `undone` is the day that it was taken back, `undone_at` the line that was written by then.
    """

    deed: int
    at: int
    day: date
    registered: date
    undone: date | None = None
    undone_at: int = 0

    @property
    def stands(self) -> bool:
        """Has nobody taken it back?"""
        return self.undone is None


@dataclass(eq=False, kw_only=True)
class Done(Record):
    """A move, on the day it happened. `due` is the deadline on the day it was written, `figure`
    whether one was told, `plan` where it was carried over to.
    """

    happened: date
    move: Move
    before: State | None
    after: State
    due: date | None
    outcome: Outcome | None = None
    figure: bool = False
    plan: str = ""


@dataclass(eq=False, kw_only=True)
class Anew(Record):
    """Something agreed anew: an owner, a deadline, money as (kronor, last day), a part's state."""

    about: str
    was: object
    now: object


@dataclass(eq=False, kw_only=True)
class Told(Record):
    """An answer. What somebody answered herself through a link is never taken back."""

    says: Says
    herself: bool


@dataclass(eq=False)
class Life:
    """An activity: its log, and what is agreed of it now."""

    name: str
    id: int
    plan: str  # that it stands in today
    came_from: "Life | None"
    now: dict[str, object]
    records: list[Record] = field(default_factory=list)
    successor: "Life | None" = None

    @property
    def done(self) -> list[Done]:
        """The moves that stand."""
        return [one for one in self.records if isinstance(one, Done) and one.stands]

    @property
    def said(self) -> list[Told]:
        """The answers that stand."""
        return [one for one in self.records if isinstance(one, Told) and one.stands]

    @property
    def state(self) -> State:
        """Where it is now. One whose whole life was taken back never was."""
        done = self.done
        return done[-1].after if done else State.WITHDRAWN

    def agreed(self, about: str) -> list[Anew]:
        """What was agreed anew about one thing, and stands."""
        return [
            one
            for one in self.records
            if isinstance(one, Anew) and one.stands and one.about == about
        ]

    def kin(self) -> Iterator["Life"]:
        """What it came from, and what it became."""
        if self.came_from:
            yield self.came_from
        if self.successor:
            yield self.successor

    def deeds(self) -> list[int]:
        """The deeds that can be taken back, oldest first."""
        return list(dict.fromkeys(one.deed for one in self.records if _hers_to_undo(one)))


def _hers_to_undo(one: Record) -> bool:
    return one.stands and not (isinstance(one, Told) and one.herself)


def chain(starts: Iterable[tuple[Life, int]]) -> list[tuple[Life, Record]]:
    """What goes when deeds are taken back: what they wrote, and all that was written of the same
    activity since; and where they are about what it came from or became, the same of that.
    """
    found: dict[Record, Life] = {}
    waits = list(starts)
    while waits:
        life, deed = waits.pop()
        mine = [one.at for one in life.records if one.stands and one.deed == deed]
        for one in life.records:
            if not mine or not one.stands or one.at < min(mine) or one in found:
                continue
            found[one] = life
            if isinstance(one, Done) and one.move in _TOGETHER:
                waits += [(other, one.deed) for other in life.kin()]
    return [(life, one) for one, life in found.items() if _hers_to_undo(one)]


def taken_back(lines: Iterable[tuple[Life, Record]], day: date, at: int) -> None:
    """Mark lines as taken back, and let what was agreed be what it was before them."""
    for life, one in sorted(lines, key=lambda each: each[1].at, reverse=True):
        one.undone, one.undone_at = day, at
        if isinstance(one, Anew):
            life.now[one.about] = one.was
