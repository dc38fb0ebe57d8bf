"""Is the postman who claimed this still alive? A file that he keeps locked as long as he is.

The system lets go of the lock when a process ends, however it ends, so what a killed postman
carried is taken up at once. Postmen on several machines share the home folder and so the files;
of one whose file is not there nobody knows, and his claims are left until they are stale.
"""

import fcntl
import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path

from config.settings import Settings


class Presence:
    """One postman's sign that he lives."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.home / "postmen"
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._file: int | None = None

    def show(self) -> None:
        """Lock the file, before anything is claimed."""
        if self._file is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._path(self.name), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Take the file away: nothing is carried any more."""
        if self._file is not None:
            self._path(self.name).unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def is_dead(self, name: str) -> bool:
        """Is it certain that the postman of that name lives no more?"""
        if name == self.name:
            return False
        try:
            file = os.open(self._path(name), os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(file)
        return True

    def bury(self, name: str) -> None:
        """Take a dead postman's file away, when his letters are taken up."""
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / name.rpartition(":")[2]
