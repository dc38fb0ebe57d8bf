"""A queue for what only one may do at a time: whoever came first goes first.

Knows nothing of databases. `models/database.py` lets the writers of a SQLite file take turns by it,
since SQLite itself lets those who wait look again now and then, and whoever looks at the right
moment wins. Threads of a process stand in line; of several processes the first of each line wait to
be next (`Next`), so that one that writes over and over holds up no other.
"""

import fcntl
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock

_LOOK_AGAIN = 0.001  # seconds; there are as many who look as processes, and a look costs little


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


class Next:
    """Who of several processes is next: a file that is kept locked by the one that waits.

    Whoever has had the turn and wants it again stands behind the one that is next already. Which of
    those who wait to be next comes first is chance, and soon over. The system lets go of the lock
    when a process ends, however it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._owner = 0
        self._file = -1

    @contextmanager
    def waiting(self, until: float) -> Iterator[None]:
        """Be next as long as the block lasts. Raises `Busy` when that has not come by `until`."""
        file = self._opened()
        if not look_until(until, lambda: _locked(file)):
            raise Busy
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        if self._owner == os.getpid():
            os.close(self._file)
            self._owner = 0

    def _opened(self) -> int:
        """The file as this process opened it: a lock is shared with whoever got the number."""
        if self._owner != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._owner = os.getpid()
        return self._file


def look_until(until: float, look: Callable[[], bool]) -> bool:
    """Look again and again until it is so; false when it is not by then."""
    while not look():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_AGAIN)
    return True


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
