"""Readers that do what a hostile file would like: look around, take everything, never end."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO


def surroundings(file: IO[bytes], folder: str) -> Iterator[object]:
    """What a reader can find out, and whether it can write a file or start a process."""
    yield file.read().decode()
    yield sorted(os.environ)
    yield [name for name in os.listdir("/proc/self/fd") if int(name) > 2]
    try:
        written = Path(folder, "planted").write_text("x" * 10_000)
        yield f"wrote {written}"
    except OSError as error:
        yield type(error).__name__


def hungry(_file: IO[bytes]) -> Iterator[object]:
    """Takes all memory there is."""
    taken = []
    while True:
        taken.append(bytearray(b"x" * 10_000_000))
        yield len(taken)


def slow(_file: IO[bytes]) -> Iterator[object]:
    """Waits for ever."""
    yield "begun"
    time.sleep(1000)


def busy(_file: IO[bytes]) -> Iterator[object]:
    """Works for ever."""
    yield sum(1 for _ in iter(int, 1))


def talkative(_file: IO[bytes]) -> Iterator[object]:
    """Tells without end."""
    while True:
        yield "x" * 100_000


def long_winded(_file: IO[bytes]) -> Iterator[object]:
    """Tells one line without end."""
    yield "x" * 30_000_000
