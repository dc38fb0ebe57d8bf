"""Tables that are one: a table in two halves, and sheets that hold the same plan twice.

A table that is too wide for its page goes on in another: with the same numbers or the same
activities in its first column, or, printed on pages in width, with as many rows. Such halves are
joined before anything is read, and the joining is asked about. A sheet that is an older one or a
copy of the one beside it is left out with its reason, and asked about too: a plan is never doubled.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from intake.documents import Cell, Document, Paragraph, Table, unique_cells
from intake.plan.heading_words import DATE_ROLES, Synonyms, fold, role_of
from intake.plan.headings import Headings, headings_in
from intake.plan.kinds_of_rows import with_kinds_told
from intake.plan.named_cards import with_names
from models.plan_shape import Role

_FEWEST = 2  # rows; fewer are alike by chance
_SAME = 0.6  # of the words of a sheet's rows, which another sheet has too
_TELLS_WHAT = {Role.WHAT, Role.HOW, Role.GOAL, Role.FOCUS_AREA}
_SET_ASIDE = re.compile(
    r"\b(?:old|gammal|(?:gamla|äldre) (?:plan\w*|version\w*)|föregående|kopia|copy|backup"
    r"|arkiverad|arkiv|inaktuell|ersatt)\b",
    re.IGNORECASE,
)  # a sheet that is called "Äldre" is about old people
_COPY = re.compile(r"\(\d+\)\s*$")  # what Excel calls a copied sheet: "Plan (2)"
_TELLS_HOW = re.compile(
    r"(?:läs ?mig|read ?me|instruktion\w*|anvisning\w*|instruction\w*|manual|så (?:här )?fyller)\b",
    re.IGNORECASE,
)
_HOW_TO = "Bladet säger hur planen fylls i och är inte inläst."
_YEAR = re.compile(r"\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class Together:
    """A document with its halves joined; which sheets are left out and why; what is to be asked.

    `joined_rows` is how many rows went into the rows of another table.
    """

    document: Document
    left_out: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    joined_rows: int = 0


def put_together(document: Document, synonyms: Synonyms | None = None) -> Together:
    """Join halves, and say which sheets are another's older self. Sheets are never joined."""
    told, asked = with_kinds_told(document, synonyms)
    joined, more = _halves_joined(with_names(told, synonyms), synonyms)
    older = _older_sheets(joined, synonyms)
    rows = _rows_in(document) - _rows_in(joined)
    left_out = _instructions(joined, synonyms) | older
    return Together(joined, left_out, [*asked, *more, *older.values()], rows)


def _rows_in(document: Document) -> int:
    return sum(len(table.rows) for table in document.tables)


# --- halves ---------------------------------------------------------------------------------------


def _halves_joined(document: Document, synonyms: Synonyms | None) -> tuple[Document, list[str]]:
    blocks: list[Paragraph | Table] = []
    asked: list[str] = []
    at: int | None = None  # where the last table stands among the blocks
    for block in document.blocks:
        if isinstance(block, Table) and block.rows:
            left = blocks[at] if at is not None else None
            if isinstance(left, Table) and (joined := _joined(left, block, synonyms)):
                assert at is not None
                blocks[at] = joined
                asked.append(
                    f"Tabell {left.number} och {block.number} är lästa som två halvor av samma "
                    "tabell. Stämmer det?"
                )
                continue
            at = len(blocks)
        blocks.append(block)
    return (replace(document, blocks=blocks), asked) if asked else (document, [])


def _joined(left: Table, right: Table, synonyms: Synonyms | None) -> Table | None:
    """Both as one table, when the right one is the other half of the left one."""
    if left.name or right.name or left.number == 0 or right.number == 0:
        return None
    found = headings_in(left, synonyms)
    if found is None or len(right.rows) <= _FEWEST:
        return None
    at, headings = found
    pairs = _by_key(left.rows[at:], right.rows, headings, synonyms)
    pairs = pairs or _by_order(left.rows[at:], right.rows, headings, synonyms)
    if not pairs:
        return None
    width = max(cell.column for row in left.rows for cell in row)
    beside = {key: _moved(more, key, width) for key, more in pairs.items()}
    empty = [Cell("", 0, width + n) for n in range(1, len(right.rows[0]) + 1)]
    rows = [
        [*row, *beside.get(row[0].row, [replace(cell, row=row[0].row) for cell in empty])]
        for row in left.rows
    ]
    return replace(left, rows=rows)


def _moved(row: Sequence[Cell], number: int, width: int) -> list[Cell]:
    """The cells of a right half, as they stand to the right of a row of the left one."""
    return [
        replace(cell, row=number, column=width + at, merged_from=None)
        for at, cell in enumerate(row, start=1)
    ]


def _roles_of(row: Sequence[Cell], synonyms: Synonyms | None) -> dict[int, Role]:
    said = {at: role_of(cell.text, synonyms) for at, cell in enumerate(row)}
    return {at: role for at, role in said.items() if role}


def _by_key(
    left: Sequence[list[Cell]],
    right: Sequence[list[Cell]],
    headings: Headings,
    synonyms: Synonyms | None,
) -> dict[int, list[Cell]]:
    """The rows of the right half by the rows (their numbers) that have the same number or words."""
    key = right[0][0].text
    role = role_of(key, synonyms)
    columns = headings.columns(role) if role in (Role.NUMBER, Role.WHAT) else []
    others = set(_roles_of(right[0][1:], synonyms).values())
    known = set(headings.roles.values())
    if len(columns) != 1 or not others or others & (_TELLS_WHAT | known):
        return {}
    place = columns[0]
    mine = {
        fold(cell.text): row[0].row
        for row in left[1:]
        for cell in row
        if cell.column == place and fold(cell.text)
    }
    theirs = {fold(row[0].text): row[1:] for row in right[1:]}
    if len(mine) < _FEWEST or len(theirs) != len(right) - 1 or set(theirs) - set(mine):
        return {}
    if len(theirs) * 2 < len(mine):
        return {}
    return {left[0][0].row: right[0][1:]} | {mine[words]: row for words, row in theirs.items()}


def _by_order(
    left: Sequence[list[Cell]],
    right: Sequence[list[Cell]],
    headings: Headings,
    synonyms: Synonyms | None,
) -> dict[int, list[Cell]]:
    """Row beside row, when a printed sheet goes on to the right with who and when."""
    roles = set(_roles_of(right[0], synonyms).values())
    needed = roles & {Role.RESPONSIBLE, *DATE_ROLES}
    known = set(headings.roles.values())
    told = len(_roles_of(right[0], synonyms)) * 2 >= len(list(unique_cells(right[0])))
    if not needed or roles & (_TELLS_WHAT | known | {Role.NUMBER}) or not told:
        return {}
    if len(left) != len(right):
        return {}
    return {row[0].row: more for row, more in zip(left, right, strict=True)}


# --- sheets ---------------------------------------------------------------------------------------


def _older_sheets(document: Document, synonyms: Synonyms | None) -> dict[str, str]:
    """The sheets that another sheet of the file replaces, each with the sentence that says so."""
    plans = {
        table.name: _words_of(table)
        for table in document.tables
        if table.name and not table.hidden and headings_in(table, synonyms)
    }
    found: dict[str, str] = {}
    for name, words in plans.items():
        others = [other for other in plans if other != name and other not in found]
        current = next((other for other in others if _replaces(other, name, plans)), None)
        if current is not None and words:
            found[name] = (
                f"Bladet ”{name}” ser ut att vara en äldre version eller en kopia av "
                f"”{current}” och är inte inläst. Ska det med, så ge bladet ett annat namn och läs "
                "in filen igen."
            )
    return found


def _instructions(document: Document, synonyms: Synonyms | None) -> dict[str, str]:
    """The sheets that tell how a plan is filled in, beside others, and hold none themselves."""
    sheets = [table for table in document.tables if table.name and not table.hidden]
    told = [table for table in sheets if _TELLS_HOW.match(table.name)]
    if len(told) == len(sheets):
        return {}
    return {table.name: _HOW_TO for table in told if not headings_in(table, synonyms)}


def _replaces(current: str, name: str, plans: dict[str, set[str]]) -> bool:
    """Does one sheet hold what another held before it?"""
    if _SET_ASIDE.search(name):
        return not _SET_ASIDE.search(current)
    same = len(plans[name] & plans[current]) >= _SAME * len(plans[name])
    if not same:
        return False
    if _COPY.search(name):
        return not _COPY.search(current)
    mine, theirs = _YEAR.findall(name), _YEAR.findall(current)
    return bool(mine and theirs) and max(mine) < max(theirs)


def _words_of(table: Table) -> set[str]:
    """The longest words of each row: what a row is known by."""
    longest = [max((cell.text for cell in row), key=len, default="") for row in table.rows[1:]]
    return {fold(words) for words in longest} - {""}
