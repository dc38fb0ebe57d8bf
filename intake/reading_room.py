"""A process that waits with the libraries loaded, and makes a child of itself for each file.

Started by `apart.py`, without settings, database or key. The child gets the file as its standard
input, sets bounds that it cannot lift, and tells lines of JSON: ["told", …] for what the reader
yields, and last how it went. It can write no file and start no process. Loading a library for each
file would take longer than reading most of them; nothing that somebody sent is read here itself.
"""

import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import IO, Any


def main() -> None:
    """Wait for files until the process that asks is gone."""
    door = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks, who ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.umask(0o077)
    while True:
        length, descriptors, _, _ = socket.recv_fds(door, 4, 2)
        if len(length) < 4 or len(descriptors) < 2:
            return
        job = json.loads(_whole(door, int.from_bytes(length, "big")))
        for library in job["libraries"]:
            import_module(library)
        _start(door, job, descriptors)


def _whole(door: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = door.recv(length - len(parts))
        if not part:
            sys.exit()
        parts += part
    return parts


def _start(door: socket.socket, job: dict[str, Any], descriptors: Sequence[int]) -> None:
    """A child for a file; the one that asks gets a hold of it, where the system has such."""
    child = os.fork()
    if not child:
        status = 1
        try:
            door.close()
            _read(job, *descriptors)
            status = 0
        finally:
            os._exit(status)
    for descriptor in descriptors:
        os.close(descriptor)
    try:
        hold = [os.pidfd_open(child)]
    except (AttributeError, OSError):  # another system, or it has ended already
        hold = []
    socket.send_fds(door, [b"."], hold)
    for descriptor in hold:
        os.close(descriptor)


def _read(job: dict[str, Any], source: int, out: int) -> None:
    """The child: bounds, then the reader."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody listens: end
    os.dup2(source, 0)
    os.dup2(out, 1)
    os.closerange(3, 256)
    os.lseek(0, 0, os.SEEK_SET)
    _bound(job["bounds"])
    logging.disable(logging.CRITICAL)
    module, _, function = job["address"].partition(":")
    with open(0, "rb", closefd=False) as file, open(1, "w", closefd=False) as lines:
        tell(getattr(import_module(module), function), file, job["words"], lines)


def _bound(bounds: dict[str, int]) -> None:
    """Bounds that hold until the process ends."""
    for what, most in (
        (resource.RLIMIT_CPU, bounds["work"]),
        (resource.RLIMIT_DATA, bounds["memory"]),
        (resource.RLIMIT_AS, 4 * bounds["memory"]),  # where the other is not heeded
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(bounds["wait"])


def tell(
    reader: Callable[..., Iterable[object]], file: IO[bytes], words: Sequence[str], out: IO[str]
) -> None:
    """Everything the reader says, a line each, and last how it went."""
    from intake.documents import Refusal, too_deep

    def say(kind: str, what: object = None) -> None:
        out.write(json.dumps([kind, what]) + "\n")
        out.flush()

    try:
        for told in reader(file, *words):
            say("told", told)
        say("end")
    except Refusal as refusal:
        say("refused", [str(refusal), refusal.swedish])
    except RecursionError:
        deep = too_deep(words[0] if words else "")
        say("refused", [str(deep), deep.swedish])
    except MemoryError:
        raise
    except BaseException:  # a library raises anything at all; a panic in Rust is no Exception
        say("damaged")


if __name__ == "__main__":
    main()
