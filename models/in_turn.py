"""A queue for what only one may do at a time: whoever came first goes first.

Knows nothing of databases. `models/database.py` lets the writers of a SQLite file take turns by it,
since SQLite itself lets those who wait look again now and then, and whoever looks at the right
moment wins.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Busy(RuntimeError):  # noqa: N818 - an answer, not a fault
    """The turn did not come in time. Nothing was done."""


class InTurn:
    """Turns, in the order they were asked for, among the threads of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Wait at most so many seconds, then have the turn until the block ends. Raises `Busy`."""
        self._take(patience)
        try:
            yield
        finally:
            self._give_back()

    def _take(self, patience: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            if patience <= 0:
                raise Busy
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(patience):
            return
        with self._lock:
            if mine.is_set():  # it came just as we stopped waiting
                return
            self._waiting.remove(mine)
        raise Busy

    def _give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # still taken: handed over
            else:
                self._taken = False
