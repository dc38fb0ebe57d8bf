"""Reads a PDF in a process of its own: a page of it is a program (`intake/apart.py`).

One line comes back: the content, as plain JSON.
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from intake.apart import tell, told_by
from intake.documents import Cell, Content, Paragraph, Refusal, Table

SECONDS = 60
MEMORY = 640 * 1024 * 1024


def read_apart(name: str, data: bytes, max_pages: int) -> Content:
    """As `read_pdf`, in a child process that is ended when it takes too much."""
    heavy = Refusal(
        f"{name} takes too long to read; use the Word or Excel file instead.",
        f"{name} tar för lång tid att läsa. Använd Word- eller Excelfilen i stället.",
    )
    words = (name, str(max_pages))
    with told_by(__name__, name, data, *words, heavy=heavy, seconds=SECONDS) as lines:
        (told,) = lines
    return Content([_block(block) for block in told["blocks"]], told["notes"], told["margin"])


def _block(told: dict[str, Any]) -> Paragraph | Table:
    if "rows" not in told:
        return Paragraph(**told)
    rows = [[_cell(cell) for cell in row] for row in told["rows"]]
    return Table(told["number"], rows)


def _cell(told: dict[str, Any]) -> Cell:
    merged = told["merged_from"]
    return Cell(**(told | {"merged_from": tuple(merged) if merged else None}))


def _tell(data: bytes) -> Iterator[dict[str, Any]]:
    from intake.readers.pdf import read_pdf

    name, max_pages = sys.argv[1:]
    yield asdict(read_pdf(name, data, int(max_pages)))


if __name__ == "__main__":
    tell(_tell, seconds=SECONDS, memory=MEMORY)
