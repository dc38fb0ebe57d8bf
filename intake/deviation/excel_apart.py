"""Reads the sheets of an Excel export in a process of its own, with bounds on time and memory.

A hundred thousand rows ask for a quick reader, and the quick one (calamine, in Rust) makes a whole
rectangle of each sheet: a word in the last corner of an empty one would take all memory, and the
pages with it. What comes back is lines of JSON, while the child goes on: true (hidden) or false
where a sheet begins, and then some of its rows at a time. A date in them is words.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from intake.documents import Refusal, damaged

Row = tuple[int, Sequence[object]]
SECONDS = 120
MEMORY = 3 * 1024 * 1024 * 1024  # addresses; a sheet of full height and twenty columns has room
_DAMAGED = 3  # how the child ends when the file is not what it says
_AT_A_TIME = 1000
_ROOT = Path(__file__).resolve().parents[2]


def read_apart(name: str, data: bytes) -> Iterator[tuple[bool, Iterator[Row]]]:
    """Whether each sheet is hidden, and its rows that hold anything, numbered as Excel does.

    The rows of one are gone through before the next is asked for; those that are left are lost.
    """
    with _child(name, data) as lines:
        hidden = next(lines, None)
        while hidden is not None:
            following: list[bool] = []
            rows = _rows(lines, following)
            yield hidden, rows
            for _ in rows:
                pass
            hidden = following[0] if following else None


def _rows(lines: Iterator[Any], following: list[bool]) -> Iterator[Row]:
    """The rows until another sheet begins."""
    for told in lines:
        if isinstance(told, bool):
            following.append(told)
            return
        yield from told


@contextmanager
def _child(name: str, data: bytes) -> Iterator[Iterator[Any]]:
    child = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
    )
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError), child.stdin as into:  # how it ended is asked below
            into.write(data)
        with child.stdout as out:
            yield _lines(name, child, out)
    finally:
        child.kill()
        child.wait()


def _lines(name: str, child: subprocess.Popen[bytes], out: IO[bytes]) -> Iterator[Any]:
    for line in out:
        if line.endswith(b"\n"):
            yield json.loads(line)
    ended = child.wait()
    if ended:
        raise damaged(name) if ended == _DAMAGED else _too_heavy(name)


def _too_heavy(name: str) -> Refusal:
    return Refusal(
        f"{name} has cells too far apart, or too many; "
        "copy the table itself to a new file and try again.",
        f"{name} har celler för långt ifrån varandra, eller för många. "
        "Kopiera tabellen till en ny fil och försök igen.",
    )


def main() -> None:
    """The child: a workbook in, JSON out. Nothing is said of what went wrong, only that it did."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        _tell(sys.stdin.buffer.read())
    except (MemoryError, BrokenPipeError):
        raise
    except BaseException:  # a panic in Rust is no Exception
        sys.exit(_DAMAGED)


def _tell(data: bytes) -> None:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    for told in book.sheets_metadata:
        if told.typ is not SheetTypeEnum.WorkSheet:
            continue
        _say(told.visible is not SheetVisibleEnum.Visible)
        rows = enumerate(book.get_sheet_by_name(told.name).iter_rows(), 1)
        while some := list(islice(rows, _AT_A_TIME)):
            _say([(number, row) for number, row in some if any(value != "" for value in row)])


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told, default=str) + "\n")


if __name__ == "__main__":
    main()
