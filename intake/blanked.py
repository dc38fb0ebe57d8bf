"""Personnummer in a file that is read: blanked where its words enter, and told by their places.

A file is somebody else's, and is read whole: the words go on without the numbers, and whoever reads
it in is told where they stood. A form is refused instead (`web/numbers.py`).
"""

from dataclasses import replace
from typing import TypeVar

from intake.documents import Cell, Document, Paragraph, Table
from intake.personnummer import find, masked

MOST = 20  # places that a note names
Block = TypeVar("Block", Paragraph, Table)


def without_numbers(document: Document) -> Document:
    """The document with every number blanked, and a note that tells how many and where."""
    places: list[str] = []
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        told = _paragraph(block, places) if isinstance(block, Paragraph) else _table(block, places)
        blocks.append(told)
    margin = [_told(words, "sidhuvud eller textruta", places) for words in document.margin]
    boxes = [masked(words) for words in document.boxes]  # counted in the margin already
    notes = [_note(places)] if places else []
    return replace(
        document,
        file=masked(document.file),
        blocks=blocks,
        margin=margin,
        boxes=boxes,
        notes=[*document.notes, *notes],
    )


def blanked(cell: Cell) -> Cell:
    """A cell without its numbers, and how many they were. What lies behind it goes with them."""
    found = len(find(cell.text))
    if not found and not find(str(cell.value or "")):
        return cell
    return replace(cell, text=masked(cell.text), value=None, numbers=max(found, 1))


def _paragraph(block: Paragraph, places: list[str]) -> Paragraph:
    words = _told(block.text, f"stycke {block.number}", places)
    return block if words == block.text else replace(block, text=words)


def _table(table: Table, places: list[str]) -> Table:
    named = _told(table.name, "ett bladnamn", places)
    where = f"blad {named}" if named else f"tabell {table.number}"
    rows = [[_cell(cell, where, places) for cell in row] for row in table.rows]
    return replace(table, name=named, rows=rows)


def _cell(cell: Cell, where: str, places: list[str]) -> Cell:
    told = blanked(cell)
    stands_here = cell.merged_from is None or cell.merged_from == (cell.row, cell.column)
    if told.numbers and stands_here:
        places += [f"{where}, rad {cell.row}, kolumn {cell.column}"] * told.numbers
    return told


def _told(words: str, where: str, places: list[str]) -> str:
    places += [where] * len(find(words))
    return masked(words)


def _note(places: list[str]) -> str:
    each = list(dict.fromkeys(places))
    more = f" och {len(each) - MOST} ställen till" if len(each) > MOST else ""
    stood = "Ett personnummer" if len(places) == 1 else f"{len(places)} personnummer"
    gone = "är borttaget" if len(places) == 1 else "är borttagna"
    return (
        f"{stood} stod i filen och {gone}: {'; '.join(each[:MOST])}{more}. "
        "Sådana sparas inte. Ta bort dem i filen också."
    )
