"""Reads a PDF in a process of its own, with bounds on its time and its memory.

A page of PDF is a program: a few bytes may unpack to gigabytes or never end. In a process apart it
is stopped, and the pages go on being served. What comes back is plain JSON.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.documents import Cell, Content, Paragraph, Refusal, Table, damaged

SECONDS = 60
MEMORY = 640 * 1024 * 1024  # addresses, of which a third or so is memory

_ROOT = Path(__file__).resolve().parents[2]


def read_apart(name: str, data: bytes, max_pages: int) -> Content:
    """As `read_pdf`, in a child process that is ended when it takes too much."""
    command = [sys.executable, "-m", __name__, name, str(max_pages)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_heavy(name) from error
    if done.returncode < 0:
        raise _too_heavy(name)
    try:
        told = json.loads(done.stdout)
    except ValueError as error:
        raise damaged(name) from error
    if "refusal" in told:
        raise Refusal(*told["refusal"])
    return Content([_block(block) for block in told["blocks"]], told["notes"], told["margin"])


def _too_heavy(name: str) -> Refusal:
    return Refusal(
        f"{name} takes too long to read; use the Word or Excel file instead.",
        f"{name} tar för lång tid att läsa. Använd Word- eller Excelfilen i stället.",
    )


def _block(told: dict[str, Any]) -> Paragraph | Table:
    if "rows" not in told:
        return Paragraph(**told)
    rows = [[_cell(cell) for cell in row] for row in told["rows"]]
    return Table(told["number"], rows)


def _cell(told: dict[str, Any]) -> Cell:
    merged = told["merged_from"]
    return Cell(**(told | {"merged_from": tuple(merged) if merged else None}))


def _answer(name: str, data: bytes, max_pages: int) -> dict[str, Any]:
    from intake.readers.pdf import read_pdf

    try:
        return asdict(read_pdf(name, data, max_pages))
    except Refusal as refusal:
        told = refusal
    except MemoryError:
        told = _too_heavy(name)
    except Exception:  # the library raises anything at all on a damaged file
        told = damaged(name)
    return {"refusal": [str(told), told.swedish]}


def main() -> None:
    """The child: bytes in, JSON out."""
    import logging

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    logging.disable(logging.CRITICAL)
    name, max_pages = sys.argv[1:]
    told = _answer(name, sys.stdin.buffer.read(), int(max_pages))
    sys.stdout.write(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
