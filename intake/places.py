"""Whose turn it is to do what is heavy: a few at a time, and nobody takes all of the turns.

Who waits holds a thread that all pages share, so few wait. Turns are shared by person and by
collaboration (`asking`, set by the pages). Somebody who is known does one heavy thing at a time,
and what she sends beside what waits for her takes no place of others'. Of those who wait the turn
goes to the collaboration that has the fewest now, and then to the one that has waited the longest
since it had one: however many one leader takes on, her collaboration is one.

A file is read so (`apart.py`), and letters to come are worked out so (`web/asking/coming.py`). Who
comes when there is no place is told to come back: that says nothing of the file, so it is no
`Refusal`.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

WITHIN = 120.0  # seconds, and then somebody is asked to try again


@dataclass(frozen=True, slots=True)
class Shares:
    """How many turns and places there are, and how many of them are whose."""

    at_once: int  # turns that one process gives at the same time; others wait for theirs
    most: int  # places, with those that have their turn
    of_one: int  # of them to one who asks
    most_of_one: int  # hers altogether, with those that wait for her own
    of_area: int  # of the places to one collaboration
    most_of_area: int  # its own altogether


OF_FILES = Shares(at_once=2, most=8, of_one=2, most_of_one=4, of_area=4, most_of_area=8)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in words that only tell one from another, and for which collaborations."""

    who: str = ""  # where all is one's own: a command, a round
    areas: frozenset[int] = frozenset()


asking: ContextVar[Asker] = ContextVar("asking", default=Asker())  # noqa: B039 - it is frozen


class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """Other files are read just now. The message is for those who use the pages."""

    title = "Många filer på en gång"

    def __init__(
        self, words: str = "Flera andra filer läses just nu. Vänta en minut och försök igen."
    ) -> None:
        super().__init__(words)


@dataclass(eq=False, slots=True)
class _InLine:
    """Something that waits, or has its turn; the same one may wait for two files."""

    who: str
    area: int | None

    @property
    def share(self) -> tuple[int | None, str]:
        """Whose share it is of: a collaboration's, or that of somebody who asks for none."""
        return self.area, "" if self.area is not None else self.who


class Turn:
    """The turn that somebody has."""

    def __init__(self, places: "Places", mine: _InLine, within: float) -> None:
        self._places, self._mine, self._within = places, mine, within

    def give_way(self) -> None:
        """Let those who wait go first, and go on when it is hers again. Raises `NotNow` if late."""
        self._places.let_others(self._mine, self._within)


class Places:
    """The places of one process, in the order that they were taken."""

    def __init__(self, shares: Shares = OF_FILES) -> None:
        self.shares = shares
        self._changed = threading.Condition()
        self._waiting: list[_InLine] = []  # the first in line first
        self._having: list[_InLine] = []
        self._had_at: dict[tuple[int | None, str], int] = {}  # the number of each share's last turn
        self._turns = 0

    @contextmanager
    def turn(self, within: float = WITHIN, asker: Asker | None = None) -> Iterator[Turn]:
        """Wait for one's turn, and keep it. Raises `NotNow` without a place, or when it is late."""
        mine = self._enter(asker or asking.get(), within)
        try:
            yield Turn(self, mine, within)
        finally:
            self._leave(mine)

    def let_others(self, mine: _InLine, within: float) -> None:
        """Give the turn to who is before her now, if anybody, and wait for it anew."""
        with self._changed:
            self._having.remove(mine)
            self._waiting.insert(0, mine)  # before her own, and behind others'
            self._wait(mine, within)

    def _enter(self, asker: Asker, within: float) -> _InLine:
        with self._changed:
            mine = self._for(asker)
            if not self._has_room(mine):
                raise NotNow
            self._waiting.append(mine)
            self._wait(mine, within)
            return mine

    def _for(self, asker: Asker) -> _InLine:
        """One who asks for several collaborations counts as the one that has the fewest inside."""
        inside = Counter(each.area for each in self._inside())
        area = min(asker.areas, key=lambda number: (inside[number], number), default=None)
        return _InLine(asker.who, area)

    def _wait(self, mine: _InLine, within: float) -> None:
        late = time.monotonic() + within
        self._changed.notify_all()
        try:
            while not self._is_next(mine):
                if not self._changed.wait(late - time.monotonic()):
                    raise NotNow
            self._having.append(mine)
            self._turns += 1
            self._had_at[mine.share] = self._turns
        finally:
            self._waiting.remove(mine)
            self._changed.notify_all()

    def _leave(self, mine: _InLine) -> None:
        with self._changed:
            if mine in self._having:  # it is not when she gave way and was late
                self._having.remove(mine)
            self._changed.notify_all()

    def _inside(self) -> list[_InLine]:
        return [*self._having, *self._waiting]

    def _has_room(self, mine: _InLine) -> bool:
        """Is there a place: of all, or one that waits for her own or for her collaboration's?"""
        of_one = sum(bool(mine.who) and each.who == mine.who for each in self._inside())
        of_area = sum(mine.area is not None and each.area == mine.area for each in self._inside())
        shares = self.shares
        if of_one >= shares.most_of_one or of_area >= shares.most_of_area:
            return False
        if of_one >= shares.of_one or of_area >= shares.of_area:
            return True
        if mine.area is not None and not of_area:  # others' are never all there is
            return True
        return self._shared() < shares.most

    def _shared(self) -> int:
        """How many of the places that all share are taken."""
        of_one = Counter((each.area, each.who) for each in self._inside())
        taken: Counter[int | None] = Counter()
        for (area, who), number in of_one.items():
            taken[area] += min(number, self.shares.of_one) if who else number
        of_area = (taken[area] for area in taken if area is not None)
        return taken[None] + sum(min(number, self.shares.of_area) for number in of_area)

    def _is_next(self, mine: _InLine) -> bool:
        """Is a turn free, and does nobody before her wait for it?"""
        if len(self._having) >= self.shares.at_once:
            return False
        busy = {each.who for each in self._having if each.who}
        now = Counter(each.share for each in self._having)
        free = (each for each in self._waiting if each.who not in busy)
        first = min(free, key=lambda x: (now[x.share], self._had_at.get(x.share, 0)), default=None)
        return first is mine
