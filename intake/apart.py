"""Every file that comes from somebody is read in a process of its own, with bounds; this asks it.

A file may be a program or a trap: a few bytes may unpack to gigabytes, or never end. So no reader
opens one in the process that serves pages. A child with nothing of ours in it (`reading_room.py`:
no settings, no database, no key) gets the file as its standard input, and bounds on time, memory
and what it may answer. What comes back is lines of JSON, which cannot do anything; what a line
holds is each reader's own. Here nothing is believed that a line says of itself: its length and the
sum of all are counted, and what is no such line means that the file is damaged.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from intake.documents import File, Refusal, damaged
from intake.places import Places
from intake.scanned import look_through

MEGABYTE = 1024 * 1024
_LONGEST_LINE = 8 * MEGABYTE
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reader may take: seconds of work and of waiting, memory, and bytes of answer."""

    work: int = 60
    wait: int = 120
    memory: int = 400 * MEGABYTE
    answer: int = 64 * MEGABYTE


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Reader:
    """A function in a module, as "module:function", and the libraries that it needs.

    `of_mail`: it reads a mail, of which no file is kept. That has been through its mailbox's own
    scanner, and an answer is not to wait for ours.
    """

    address: str
    libraries: Sequence[str] = ()
    of_mail: bool = False
    of_words: bool = False  # what it gets was read already, and looked through then


@contextmanager
def told_by(
    reader: Reader, name: str, file: File, *words: str, heavy: Refusal, bounds: Bounds = BOUNDS
) -> Iterator[Iterator[Any]]:
    """What a reader tells of a file, line by line; it is ended when nobody listens any more.

    The reader gets the open file and the words. Going through the lines raises its own `Refusal`,
    `heavy` when it took too much, or that the file is damaged. Raises `NotNow` (`places.py`) when
    too many others are read, and what `scanned.py` raises of a file with a virus.
    """
    if _in_a_child:
        yield _told_here(reader, file, words)
        return
    with _places.turn(), _opened(file) as source:
        if not (reader.of_mail or reader.of_words):
            look_through(name, file, source)
        out, child = _begin(reader, source, words, bounds)
        try:
            with open(out, "rb") as lines:
                yield _lines(lines, heavy, damaged(name), bounds)
        finally:
            _end(child)


_in_a_child: list[bool] = []


def read_here() -> None:
    """This process is a child that reads a file: what it reads on the way, it reads itself."""
    _in_a_child.append(True)


def _told_here(reader: Reader, file: File, words: Sequence[str]) -> Iterator[Any]:
    """The lines of a reader, as they would have come from another process."""
    module, _, function = reader.address.partition(":")
    read = getattr(import_module(module), function)
    with _as_open(file) as opened:
        for line in read(opened, *words):
            yield json.loads(json.dumps(line))


@contextmanager
def _as_open(file: File) -> Iterator[IO[bytes]]:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            yield opened
    elif isinstance(file, bytes):
        yield BytesIO(file)
    else:
        file.seek(0)
        yield file


@contextmanager
def _opened(file: File) -> Iterator[int]:
    """The file as a descriptor; bytes in memory are put in a file without a name."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            yield opened.fileno()
    elif isinstance(file, bytes):
        with TemporaryFile() as opened:
            opened.write(file)
            opened.flush()
            yield opened.fileno()
    else:
        file.flush()
        yield file.fileno()


_places = Places()


def _lines(out: IO[bytes], heavy: Refusal, broken: Refusal, bounds: Bounds) -> Iterator[Any]:
    """The lines until the one that says that all is told. A child that is late ends itself."""
    left = bounds.answer
    while True:
        line = out.readline(_LONGEST_LINE)
        left -= len(line)
        if not line.endswith(b"\n") or left < 0:  # it was ended, or tells without end
            raise heavy
        kind, told = _understood(line, broken)
        if kind == "told":
            yield told
        elif kind == "end":
            return
        elif kind == "refused":
            raise Refusal(*map(str, told[:2]))
        else:
            raise broken


def _understood(line: bytes, broken: Refusal) -> tuple[str, Any]:
    try:
        kind, told = json.loads(line)
    except (ValueError, TypeError, RecursionError) as error:
        raise broken from error
    if kind == "refused" and not isinstance(told, list):
        raise broken
    return str(kind), told


def _end(child: int | None) -> None:
    """End a child that goes on, and wait until its memory is given back."""
    if child is None:
        return
    try:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(child, signal.SIGKILL)
        select.select([child], [], [], 10)
    finally:
        os.close(child)


class _Room:
    """The process that waits with the libraries loaded, and makes a child of itself for a file."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.owner = os.getpid()
        self._socket = ours
        self._process = subprocess.Popen(
            [sys.executable, "-m", "intake.reading_room", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd=_ROOT,
            env=_environment(),
        )
        theirs.close()

    @property
    def open(self) -> bool:
        """Does it answer, and is it this process's own?"""
        return self.owner == os.getpid() and self._process.poll() is None

    def read(
        self, reader: Reader, source: int, words: Sequence[str], bounds: Bounds
    ) -> tuple[int, int | None]:
        """Begin to read a file: where its lines come, and the child (None where it cannot be had).

        Raises `OSError` when the room is closed.
        """
        out, into = os.pipe()
        job = {
            "address": reader.address,
            "libraries": list(reader.libraries),
            "words": list(words),
            "bounds": asdict(bounds),
        }
        asked = json.dumps(job).encode()
        try:
            length = len(asked).to_bytes(4, "big")
            socket.send_fds(self._socket, [length], [source, into])
            self._socket.sendall(asked)
            answer, found, _, _ = socket.recv_fds(self._socket, 1, 1)
            if not answer:
                raise ConnectionError("the reading room is closed")
        except OSError:
            os.close(out)
            raise
        finally:
            os.close(into)
        return out, found[0] if found else None

    def close(self) -> None:
        """Let it end."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    """What a child knows of its surroundings: no setting, no password, no address of ours."""
    known = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: os.environ[name] for name in known if name in os.environ}


_the_room: list[_Room] = []
_door = threading.Lock()


def _begin(
    reader: Reader, source: int, words: Sequence[str], bounds: Bounds
) -> tuple[int, int | None]:
    """Begin to read a file, in the room that is open or in a new one."""
    with _door:
        for tries_left in (1, 0):
            if not (_the_room and _the_room[0].open):
                _the_room[:] = [_Room()]
            try:
                return _the_room[0].read(reader, source, words, bounds)
            except OSError:  # it was ended by somebody: a new one is as good
                _the_room.pop().close()
                if not tries_left:
                    raise
    raise AssertionError("one of the two returns or raises")
