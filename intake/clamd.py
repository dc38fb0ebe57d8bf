"""What is said to clamd, and what it answers: a file's bytes out, a word about them back.

INSTREAM of clamd(8): each piece is its length in four bytes, then the piece; a length of nothing
ends it. All of a talk has its time, since a scanner that hangs must not hang those who ask. Others
answer in the same words (c-icap, wrappers of commercial scanners). What the answer means for the
file is `intake/scanned.py`'s.
"""

import os
import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from config.virus_scanner import Scanner

WITHIN = 10.0  # seconds for all of a talk
EACH_MEGABYTE = 0.2  # seconds more for each megabyte that is looked through
_KNOCK_WITHIN = 5.0
_MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096
_LONGEST_NAME = 100
_FOUND = re.compile(r"^(?:stream|instream\([^)]*\)): (?P<name>.+) FOUND$")
_CLEAN = re.compile(r"^(?:stream|instream\([^)]*\)): OK$")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._:/-]")


class NoAnswerError(OSError):
    """The scanner said nothing of the file. The message says why, for whoever runs it."""


class TooLargeError(ValueError):
    """The file is larger than the scanner takes (StreamMaxLength)."""


@dataclass(slots=True)
class _Talk:
    """A connection, and until when it may last."""

    socket: socket.socket
    until: float

    def left(self) -> float:
        """How many seconds there are. Raises `TimeoutError` when there are none."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def say(self, words: bytes) -> None:
        self.socket.settimeout(self.left())
        self.socket.sendall(words)

    def answers(self, within: float = 0) -> bool:
        """Has it said something, or hung up?"""
        waiting = select.poll()  # select() knows no more than a thousand open files
        waiting.register(self.socket, select.POLLIN)
        return bool(waiting.poll(within * 1000))

    def heard(self) -> str:
        """Its answer, without what ends it."""
        said = b""
        while b"\0" not in said and len(said) < _LONGEST_ANSWER:
            self.socket.settimeout(self.left())
            part = self.socket.recv(_LONGEST_ANSWER)
            if not part:
                break
            said += part
        return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def found_in(scanner: Scanner, file: IO[bytes], *, within: float) -> str:
    """The name of what the scanner knows in a file; "" when it knows nothing of it.

    Raises `TooLargeError`, or `NoAnswerError` when it does not answer, or not in these words.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    with _talk(scanner, within + EACH_MEGABYTE * size / _MEGABYTE) as connection:
        return _asked(connection, file)


def knock(scanner: Scanner) -> None:
    """Does it answer at all? Raises `NoAnswerError`."""
    with _talk(scanner, _KNOCK_WITHIN) as connection:
        try:
            connection.say(b"zPING\0")
            said = connection.heard()
        except OSError as error:
            raise NoAnswerError(_why(error)) from error
    if said != "PONG":
        raise NoAnswerError(f"it answers {said[:_LONGEST_NAME]!r}")


def takes(scanner: Scanner, size: int) -> bool:
    """Would it take a file of that size? clamd says no before the file is sent, and yes to none."""
    with _talk(scanner, _KNOCK_WITHIN) as connection, suppress(OSError):
        connection.say(b"zINSTREAM\0" + size.to_bytes(4, "big"))
        if connection.answers(within=0.5):
            return "size limit exceeded" not in connection.heard()
    return True


def harmless_virus() -> IO[bytes]:
    """EICAR's file, that every scanner takes for a virus and that does nothing.

    Put together here: written out, scanners of those who read this code would take it away.
    """
    first, last = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"ANTIVIRUS-TEST-FILE!$H+H*"
    return BytesIO(first + b"EICAR-" + b"STANDARD-" + last)


@contextmanager
def _talk(scanner: Scanner, within: float) -> Iterator[_Talk]:
    """A connection to a scanner, shut at the end."""
    until = time.monotonic() + within
    try:
        made = _connected(scanner, within)
    except OSError as error:
        raise NoAnswerError(_why(error)) from error
    except UnicodeError as error:  # no name that a host can have
        raise NoAnswerError("there is no such host") from error
    with made:
        yield _Talk(made, until)


def _connected(scanner: Scanner, within: float) -> socket.socket:
    if not scanner.path:
        return socket.create_connection((scanner.host, scanner.port), within)
    made = socket.socket(socket.AF_UNIX)
    try:
        made.settimeout(within)
        made.connect(scanner.path)
    except OSError:
        made.close()
        raise
    return made


def _asked(connection: _Talk, file: IO[bytes]) -> str:
    """What it says of a file. One that says no hangs up while the file is still on its way."""
    whole = False
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # what it said is read below
            connection.say(b"zINSTREAM\0")
            while not connection.answers():
                piece = file.read(_PIECE)
                connection.say(len(piece).to_bytes(4, "big") + piece)
                if not piece:
                    whole = True
                    break
        said = connection.heard()
    except OSError as error:
        raise NoAnswerError(_why(error)) from error
    return _understood(said, whole=whole)


def _understood(said: str, *, whole: bool) -> str:
    """The name of what it found. A yes counts only when it has had all of the file."""
    if _CLEAN.match(said) and whole:
        return ""
    if found := _FOUND.match(said):
        return _NOT_IN_A_NAME.sub("?", found["name"])[:_LONGEST_NAME]
    if "size limit exceeded" in said:
        raise TooLargeError
    raise NoAnswerError(f"it answers {said[:_LONGEST_NAME]!r}" if said else "it hung up")


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    return error.strerror or type(error).__name__
