"""Forms: a small label over what is filled in, in the same cell or in the row beneath.

One form is one activity, and several may stand in one table. They are told as a table with the
labels as its headings; a card with its labels to the left is the work of `cards.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.documents import Cell, Table, unique_cells
from intake.plan.heading_words import Synonyms, role_of
from models.plan_shape import Role

_FEWEST = 3  # labels that a form has
_LONGEST_FORM = 200  # rows
_LONGEST_LABEL = 60  # signs
_MOST_WORDS = 6
_LABELLED = re.compile(r"(?P<label>[^:\n]{2,60})(?::\s*|\n)(?P<rest>.*)", re.DOTALL)

Pair = tuple[Cell, Cell]  # a label, and what is filled in under it


def filled_in(table: Table, synonyms: Synonyms | None) -> Table | None:
    """A table that is a form, or several of them, as one row for each under their labels."""
    pairs = _in_cells(table, synonyms) or _in_rows(table, synonyms) or _beside(table, synonyms)
    if not pairs:
        return None
    roles = [role_of(label.text, synonyms) for label, _ in pairs]
    filled = sum(bool(words.text) for _, words in pairs)
    if Role.WHAT not in roles or len(set(roles)) < _FEWEST or filled < _FEWEST:
        return None
    return _turned(table, pairs, synonyms)


def _in_cells(table: Table, synonyms: Synonyms | None) -> list[Pair]:
    """Labels in the cells that they are labels of: "Ansvarig", and on the next line "Kurator"."""
    pairs: list[Pair] = []
    seen: set[tuple[int, int]] = set()
    over, rows = 0, table.rows[_title_rows(table.rows, synonyms) :]
    for cell in (cell for row in rows for cell in unique_cells(row)):
        if cell.origin in seen:
            continue
        seen.add(cell.origin)
        told = _LABELLED.match(cell.text)
        if told and _is_label(told["label"], synonyms):
            label, words, over = told["label"], told["rest"].strip(), over + 1
        elif _is_label(cell.text, synonyms):
            label, words = cell.text, ""  # nothing is filled in
        else:
            return []
        pairs.append((replace(cell, text=_plain(label)), replace(cell, text=words)))
    return pairs if over >= _FEWEST else []


def _title_rows(rows: Sequence[list[Cell]], synonyms: Synonyms | None) -> int:
    """1 when the first row is one cell that says what the form is called, else 0."""
    first = list(unique_cells(rows[0])) if rows else []
    if len(first) != 1:
        return 0
    label = _label_of(first[0])
    if not _is_label(label, synonyms):
        return 1
    below = rows[1:_LONGEST_FORM]
    others = {_label_of(cell) for row in below for cell in unique_cells(row)} - {label}
    named = any(role_of(_plain(other), synonyms) is Role.WHAT for other in others)
    return int(named and label == first[0].text)


def _label_of(cell: Cell) -> str:
    labelled = _LABELLED.match(cell.text)
    return labelled["label"] if labelled else cell.text


def _in_rows(table: Table, synonyms: Synonyms | None) -> list[Pair]:
    """A row of labels, a row of what is filled in, and so on; one such pair is a usual table."""
    if len(table.rows) > _LONGEST_FORM:
        return []
    rows = table.rows[_title_rows(table.rows, synonyms) :]
    labels, words = rows[::2], rows[1::2]
    if len(labels) < 2 or len(labels) != len(words):
        return []
    in_turn = all(_are_labels(row, synonyms) for row in labels)
    if not in_turn or any(_are_labels(row, synonyms) for row in words):
        return []
    by_rows = [_under(heads, below) for heads, below in zip(labels, words, strict=True)]
    if not all(by_rows):
        return []
    said = [{role_of(label.text, synonyms) for label, _ in pairs} for pairs in by_rows]
    more = set().union(*said) - said[0]  # the same labels again are headings
    return [pair for pairs in by_rows for pair in pairs] if more else []


def _under(heads: list[Cell], below: list[Cell]) -> list[Pair]:
    """Each label of a row with the cell under it; [] where the rows are not cut alike."""
    labels = list(unique_cells(heads))
    if len(list(unique_cells(below))) > len(labels):
        return []  # a section's name, over a row of its own
    words = {cell.column: cell for cell in below}
    pairs: list[Pair] = []
    for cell in labels:
        under = words.get(cell.column)
        if under is None or (under.origin[1] != cell.column and under.text):
            return []
        pairs.append((replace(cell, text=_plain(cell.text)), under))
    return pairs


def _beside(table: Table, synonyms: Synonyms | None) -> list[Pair]:
    """Several cards under each other in two columns: what is done is told more than once."""
    rows: list[list[Cell]] = []
    for each in table.rows:
        row = list(unique_cells(each))
        if not 0 < len(row) <= 2 or row[0].column != table.rows[0][0].column:
            return []
        rows.append(row)
    labels = [_plain(row[0].text) for row in rows]
    roles = [role_of(label, synonyms) for label in labels]
    first = next(
        (label for label, role in zip(labels, roles, strict=True) if role is Role.WHAT), ""
    )
    if labels.count(first) < 2 or roles.count(None) * 3 > len(roles):
        return []
    if labels.index(first) != 0 or role_of(rows[0][-1].text, synonyms):
        return []
    return [
        (replace(row[0], text=label), row[1] if len(row) > 1 else replace(row[0], text=""))
        for row, label in zip(rows, labels, strict=True)
    ]


def _are_labels(row: Sequence[Cell], synonyms: Synonyms | None) -> bool:
    cells = list(unique_cells(list(row)))
    return bool(cells) and all(_is_label(cell.text, synonyms) for cell in cells)


def _is_label(words: str, synonyms: Synonyms | None) -> bool:
    """Short words of ours without a number or more after a colon: "Mål 2: Frisk" is a goal."""
    plain = _plain(words)
    if not plain or len(plain) > _LONGEST_LABEL or re.search(r"[\d:]", plain):
        return False
    return len(plain.split()) <= _MOST_WORDS and role_of(plain, synonyms) is not None


def _plain(label: str) -> str:
    return label.strip(" :")


def _turned(table: Table, pairs: Sequence[Pair], synonyms: Synonyms | None) -> Table:
    """One row of labels, and one for each form: where what is done is told anew, one begins."""
    forms: list[dict[str, Cell]] = []
    for label, words in pairs:
        begins = role_of(label.text, synonyms) is Role.WHAT and forms and label.text in forms[-1]
        if begins or not forms:
            forms.append({})
        said = forms[-1].get(label.text)
        more = f"{said.text}\n{words.text}".strip() if said else words.text
        forms[-1][label.text] = replace(said or words, text=more)
    labels = list(dict.fromkeys(label.text for label, _ in pairs))
    first = min(cell.row for cell in forms[0].values())
    rows = [[Cell(label, first, at) for at, label in enumerate(labels, 1)]]
    for form in forms:
        number = min(cell.row for cell in form.values())
        told = [form.get(label) for label in labels]
        rows.append(
            [
                replace(cell, row=number, column=at, merged_from=None)
                if cell
                else Cell("", number, at)
                for at, cell in enumerate(told, 1)
            ]
        )
    called = table.rows[: _title_rows(table.rows, synonyms)]
    return replace(table, rows=[*called, *rows])
