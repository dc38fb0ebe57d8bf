"""The rows of a form that are nobody's: how it is filled in, and an example of it.

They stand right under the headings, and are told as left out. What else a row may be is told in
`sections.py`.
"""

import re
from collections.abc import Mapping, Sequence

from intake.documents import Cell, unique_cells
from intake.plan.headings import Headings
from intake.plan.sections import is_sure
from models.plan_shape import Role

_HELP = re.compile(
    r"\(.*\)|\[.*\]|<.*>|å{2,4}[-/.]?m{1,2}[-/.]?d{1,2}|y{2,4}[-/.]?m{1,2}[-/.]?d{1,2}"
    r"|(?:ange|skriv|välj|fyll i|beskriv|här (?:skriv|ange|fyll)\w*|t\.? ?ex\b|namnge|kort om)\b.*"
    r"|(?:vad|vem|vilka|vilket|vilken|när|hur)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
_ALL_IN_BRACKETS = re.compile(r"\(.*\)|\[.*\]|<.*>", re.DOTALL)
_EXAMPLE = re.compile(
    r"\W*(?:(?:ett )?exempel(?:rad|text)?|example|ex|e\.g)\b\.?(?:\s*\d{1,2})?\s*(?:[:–—-]|\)|$)",
    re.IGNORECASE,
)
_FILLED_IN = "Raden säger hur tabellen fylls i och är ingen aktivitet."
_FOR_EXAMPLE = "Ett exempel, ingen aktivitet."
_FIRST_ROWS = 2  # under the headings, in which it stands how they are filled in


def helping_rows(
    headings: Headings, rows: Sequence[list[Cell]], known: Mapping[int, Headings | None]
) -> dict[int, str]:
    """The rows of a form under its headings that say how it is filled in, or give an example.

    Where there is nothing else they are read as they stand; `known` are rows that are headings.
    """
    found: dict[int, str] = {}
    plain = [row for row in rows if not ((own := known.get(row[0].row)) and is_sure(own))]
    for at, row in enumerate(plain):
        cells = [cell for cell in unique_cells(row) if not cell.from_above]
        told = [cell.text.strip() for cell in cells]
        if at < _FIRST_ROWS and _says_how(told):
            found[row[0].row] = _FILLED_IN
        elif _is_example(headings, cells):
            found[row[0].row] = _FOR_EXAMPLE
    return found if len(found) < len(plain) else {}


def _says_how(told: Sequence[str]) -> bool:
    """Is every cell in brackets, or are the most of them words of somebody who asks?"""
    if len(told) > 1 and all(map(_ALL_IN_BRACKETS.fullmatch, told)):
        return True
    return len(told) > 2 and all(map(_HELP.fullmatch, told))


def _is_example(headings: Headings, cells: Sequence[Cell]) -> bool:
    named = (Role.WHAT, Role.GOAL, Role.NUMBER)
    return len(cells) > 1 and any(
        _EXAMPLE.match(cell.text)
        for at, cell in enumerate(cells)
        if at == 0 or headings.roles.get(cell.column) in named
    )
