"""Labels and what they say beside each other on a PDF page, without lines: tables of two columns.

A card has "Ansvarig" to the left and a name to the right, both in line with those over and under
them. Tables of three columns or more that only white tells are found in `pdf_tables.py`.
"""

from collections.abc import Sequence

from intake.readers.pdf_tables import Box, Grid
from intake.readers.pdf_words import Line

_FEWEST = 3  # labels under each other; fewer stand so by chance
_LONGEST_LABEL = 40  # signs
_MOST_WORDS = 5
_NEAR = 3.0  # points; what begins this near is in line
_WHITE = 1.0  # of the size of the letters, between a label and what it says
_SAME_SIZE = 0.6  # points
_APART = 4.0  # of the size, between the lines of one card


def paired_grids(lines: Sequence[Line]) -> list[Grid]:
    """The tables of two columns among the lines that are in no other table."""
    found: list[Grid] = []
    at = 0
    while at < len(lines):
        rows, end = _rows_from(lines, at)
        if sum(bool(label and words) for label, words in rows) >= _FEWEST:
            found.append(_grid(rows, lines[at:end]))
            at = end
        else:
            at += 1
    return found


Row = tuple[list[Line], list[Line]]  # the lines of a label, and of what it says


def _rows_from(lines: Sequence[Line], at: int) -> tuple[list[Row], int]:
    """The rows that begin with this line, and the line after them."""
    first = _parted(lines[at])
    if first is None:
        return [], at + 1
    left, edge = lines[at].x0, first[1].x0
    rows: list[Row] = [([first[0]], [first[1]])]
    end, last = at + 1, at + 1
    while end < len(lines) and lines[end].top - lines[end - 1].bottom < _APART * lines[end].size:
        line, parts = lines[end], _parted(lines[end])
        if parts and abs(line.x0 - left) < _NEAR and abs(parts[1].x0 - edge) < _NEAR:
            rows.append(([parts[0]], [parts[1]]))
            last = end + 1
        elif abs(line.x0 - edge) < _NEAR:  # what it says goes on
            rows[-1][1].append(line)
            last = end + 1
        elif abs(line.x0 - left) < _NEAR and line.x1 < edge and _is_alike(line, first[0]):
            rows.append(([line], []))  # nothing is said
        else:
            break
        end += 1
    return rows[: len(rows) - (end - last)], last


def _parted(line: Line) -> tuple[Line, Line] | None:
    """A label and what stands beside it, when a line is these two."""
    for at, (one, two) in enumerate(zip(line.words, line.words[1:], strict=False), 1):
        if two.x0 - one.x1 > _WHITE * line.size:
            label = Line(line.words[:at], line.page)
            return (label, Line(line.words[at:], line.page)) if _is_label(label) else None
    return None


def _is_alike(line: Line, label: Line) -> bool:
    """Is a line a label as another one is, and no heading?"""
    same = abs(line.size - label.size) < _SAME_SIZE and line.bold == label.bold
    return same and _is_label(line)


def _is_label(line: Line) -> bool:
    words = line.text
    short = len(words) <= _LONGEST_LABEL and len(line.words) <= _MOST_WORDS
    return short and words[:1].isalpha() and words[-1] not in ".,;!?"


def _grid(rows: Sequence[Row], lines: Sequence[Line]) -> Grid:
    lefts = [min(line.x0 for line in lines), rows[0][1][0].x0]
    boxes = []
    for at, row in enumerate(rows):
        for column, said in enumerate(row):
            width = max((line.x1 - line.x0 for line in said), default=0.0)
            boxes.append(Box(at, column, 1, 1, width, said))
    widest = max(box.width for box in boxes if box.column)
    for box in boxes:
        box.width = widest if box.column else box.width
    top, bottom = lines[0].top, lines[-1].bottom
    return Grid(lines[0].page, top, bottom, lefts, boxes, ruled=False)
