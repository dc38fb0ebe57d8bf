"""Readers in processes of their own, with bounds on their time and their memory.

A file may be a program or a trap: a few bytes may unpack to gigabytes, or never end. In a process
apart its reader is stopped, and the pages go on being served. What comes back is lines of JSON,
while the child goes on; what a line holds is each reader's own (`readers/pdf_apart.py`,
`deviation/excel_apart.py`).
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any

from intake.documents import Refusal, damaged

_DAMAGED = 3  # how the child ends when the file is not what it says
_ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def told_by(
    module: str,
    name: str,
    data: bytes,
    *words: str,
    heavy: Refusal,
    seconds: float | None = None,
) -> Iterator[Iterator[Any]]:
    """What the reader in `module` tells of a file, line by line; it is ended when nobody listens.

    Going through the lines raises the reader's own `Refusal`, `heavy` when it took too much or was
    not done in those seconds, or that the file is damaged.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
    )
    watch = Timer(seconds, child.kill) if seconds is not None else None
    try:
        if watch is not None:
            watch.start()
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError), child.stdin as into:  # how it ended is asked below
            into.write(data)
        with child.stdout as out:
            yield _lines(child, out, heavy, damaged(name))
    finally:
        if watch is not None:
            watch.cancel()
        child.kill()
        child.wait()


def _lines(
    child: subprocess.Popen[bytes], out: IO[bytes], heavy: Refusal, broken: Refusal
) -> Iterator[Any]:
    for line in out:
        if not line.endswith(b"\n"):
            continue
        told = json.loads(line)
        if isinstance(told, dict) and "refusal" in told:
            raise Refusal(*told["refusal"])
        yield told
    ended = child.wait()
    if ended:
        raise broken if ended == _DAMAGED else heavy


def tell(reader: Callable[[bytes], Iterable[object]], *, seconds: int, memory: int) -> None:
    """The child: a file in, lines of JSON out. What went wrong is told by how it ends.

    `seconds` are of work; `memory` is in addresses, of which a third or so is memory.
    """
    import logging

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    logging.disable(logging.CRITICAL)
    try:
        for told in reader(sys.stdin.buffer.read()):
            _say(told)
    except Refusal as refusal:
        _say({"refusal": [str(refusal), refusal.swedish]})
    except (MemoryError, BrokenPipeError):
        raise
    except BaseException:  # a library raises anything at all; a panic in Rust is no Exception
        sys.exit(_DAMAGED)


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told, default=str) + "\n")
