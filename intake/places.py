"""Whose turn it is to have a file read: a few at a time, and nobody takes all of the turns.

Who waits holds a thread that all pages share, so few wait. Somebody who is known (`asking`, set by
the pages) has one file read at a time and one that waits; what she sends beside them waits for her
own, and takes no place of others'. Who comes when there is no place is told to come back: that
says nothing of the file, so it is no `Refusal`.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

AT_ONCE = 2  # files that one process has read at the same time; others wait for their turn
MOST = 8  # with those that are read
OF_ONE = 2  # of them to one who asks
MOST_OF_ONE = 4  # hers altogether, with those that wait for her own
WITHIN = 120.0  # seconds, and then somebody is asked to try again

# Who asks, in words that only tell one from another; "" where all is one's own: a command, a round.
asking: ContextVar[str] = ContextVar("asking", default="")


class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """Other files are read just now. The message is for those who use the pages."""

    title = "Många filer på en gång"

    def __init__(
        self, words: str = "Flera andra filer läses just nu. Vänta en minut och försök igen."
    ) -> None:
        super().__init__(words)


@dataclass(eq=False, slots=True)
class _InLine:
    """Somebody who waits; the same one may wait for two files."""

    who: str


class Places:
    """The places of one process, in the order that they were taken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_InLine] = []  # the first in line first
        self._reading: Counter[str] = Counter()

    @contextmanager
    def turn(self, within: float = WITHIN) -> Iterator[None]:
        """Wait for one's turn, and keep it. Raises `NotNow` without a place, or when it is late."""
        who = asking.get()
        self._wait(who, within)
        try:
            yield
        finally:
            with self._changed:
                self._reading[who] -= 1
                self._changed.notify_all()

    def _wait(self, who: str, within: float) -> None:
        late = time.monotonic() + within
        with self._changed:
            if not self._has_room(who):
                raise NotNow
            mine = _InLine(who)
            self._waiting.append(mine)
            try:
                while not self._is_next(mine):
                    if not self._changed.wait(late - time.monotonic()):
                        raise NotNow
                self._reading[who] += 1
            finally:
                self._waiting.remove(mine)
                self._changed.notify_all()

    def _has_room(self, who: str) -> bool:
        inside = self._reading + Counter(each.who for each in self._waiting)
        if who and inside[who] >= OF_ONE:
            return inside[who] < MOST_OF_ONE
        shared = (min(number, OF_ONE) if each else number for each, number in inside.items())
        return sum(shared) < MOST

    def _is_next(self, mine: _InLine) -> bool:
        """Is a turn free, and does nobody before her wait for it?"""
        if self._reading.total() >= AT_ONCE:
            return False
        free = (each for each in self._waiting if not each.who or not self._reading[each.who])
        return next(free, None) is mine
