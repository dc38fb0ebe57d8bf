"""Lists whose rows say what they are: "section", "task" and "note" in a column of their own.

Tools that keep sections, tasks and notes in one list write them out so, and people have "Mål" and
"Aktivitet" in a column "Typ". A section is told as a row across the table, as others draw it; a
note goes on with the task over it. Which row is an activity is then told as in every other table.
"""

from collections.abc import Sequence
from dataclasses import replace

from intake.documents import Cell, Document, Paragraph, Table
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.headings import Headings, headings_in
from intake.plan.rows import short
from models.plan_shape import Role

_TASKS = frozenset({
    "task", "subtask", "sub-task", "activity", "action", "milestone", "uppgift", "deluppgift",
    "aktivitet", "delaktivitet", "åtgärd", "insats", "moment", "milstolpe",
})  # fmt: skip
_GOALS = frozenset({"goal", "objective", "mål", "delmål"})
_SECTIONS = frozenset({
    "section", "heading", "sektion", "avsnitt", "rubrik", "fokusområde", "målområde",
    "insatsområde", "område",
})  # fmt: skip
_NOTES = frozenset({"note", "comment", "anteckning", "kommentar", "notering"})
_ALL = _TASKS | _GOALS | _SECTIONS | _NOTES
_HEADS = 4  # rows that may stand over the kinds: a title, the headings
_FEWEST = 2
_LONGEST_KIND = 20  # signs


def with_kinds_told(
    document: Document, synonyms: Synonyms | None = None
) -> tuple[Document, list[str]]:
    """The document with such lists drawn as others are, and what is to be asked about it."""
    asked: list[str] = []
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        told = _told(block, synonyms, asked) if isinstance(block, Table) else None
        blocks.append(told or block)
    return replace(document, blocks=blocks), asked


def _told(table: Table, synonyms: Synonyms | None, asked: list[str]) -> Table | None:
    column = 0 if table.hidden or table.number == 0 else _column_of_kinds(table.rows)
    found = headings_in(table, synonyms) if column else None
    if found is None or not found[1].has(Role.WHAT) or column in found[1].columns(Role.WHAT):
        return None
    at, headings = found
    noted = any(_kind(_words(row, column)) in _NOTES for row in table.rows[at + 1 :])
    list_of = _List(table.rows[: at + 1], column, headings, noted=noted)
    for row in table.rows[at + 1 :]:
        list_of.add(row)
    asked += list_of.left
    if list_of.noted:
        asked.append(
            f"Rader av slaget ”{list_of.noted}” är lagda som beskrivning på raden ovanför. "
            "Stämmer det?"
        )
    return replace(table, rows=list_of.rows)


def _column_of_kinds(rows: Sequence[Sequence[Cell]]) -> int:
    """The column that says what each row is, tasks and others, or 0."""
    for at in range(len(rows[0]) if rows else 0):
        top = [row[at].text for row in rows[: 2 * _HEADS] if at < len(row)]
        if not any(_kind(words) in _ALL for words in top):
            continue
        said = [_kind(row[at].text) for row in rows if at < len(row) and row[at].text]
        first = next((place for place, kind in enumerate(said) if kind in _ALL), len(said))
        said = said[first:] if first <= _HEADS else []
        kinds = set(said)
        several = len(said) >= _FEWEST and kinds & _TASKS and kinds - _TASKS
        if several and kinds <= _ALL:
            return rows[0][at].column
    return 0


def _kind(words: str) -> str:
    return words.strip(" .:").lower() if len(words) < _LONGEST_KIND else words


class _List:
    """The rows as they are told: the headings, then one after the other."""

    def __init__(
        self, heads: Sequence[list[Cell]], column: int, headings: Headings, *, noted: bool
    ) -> None:
        self.column = column
        self.what = headings.columns(Role.WHAT)[0]
        how = headings.columns(Role.HOW)
        self.how = how[0] if how else column  # which is free, once its words are told
        self.noted = ""
        told = _with(heads[-1], column, "Beskrivning" if noted and not how else "")
        if noted and not how and role_of(headings.told.get(self.what, "")) is not Role.WHAT:
            told = _with(told, self.what, "Aktivitet")  # "Content", beside which a note says how
        self.rows = [*heads[:-1], told]
        self.left: list[str] = []  # sentences on what is not read
        self.task = 0  # where the last task stands among the rows

    def add(self, row: list[Cell]) -> None:
        """One more row, as what it says that it is."""
        said = _words(row, self.column)
        kind = _kind(said)
        words = _words(row, self.what)
        if kind in _NOTES and words and self.task:
            self.noted = said
            self._go_on(words)
        elif kind in _GOALS | _SECTIONS and words:
            self.rows.append(_across(row, f"Mål: {words}" if kind in _GOALS else words))
            self._tell_others(row, words)
            self.task = 0
        else:
            self.rows.append(_with(row, self.column, ""))
            self.task = len(self.rows) - 1

    def _tell_others(self, row: Sequence[Cell], words: str) -> None:
        """What else stands in a row that only names others is said, and not read."""
        own = (self.column, self.what)
        others = [cell.text for cell in row if cell.text and cell.column not in own]
        if others:
            self.left.append(
                f"Raden ”{short(words)}” är läst som en rubrik. Det som också står i den är inte "
                f"inläst: {short(', '.join(others), 300)}."
            )

    def _go_on(self, words: str) -> None:
        above = self.rows[self.task]
        said = _words(above, self.how)
        self.rows[self.task] = _with(above, self.how, f"{said}\n{words}".strip())


def _words(row: Sequence[Cell], column: int) -> str:
    return next((cell.text.strip() for cell in row if cell.column == column), "")


def _with(row: Sequence[Cell], column: int, words: str) -> list[Cell]:
    return [
        replace(cell, text=words, value=None) if cell.column == column else cell for cell in row
    ]


def _across(row: Sequence[Cell], words: str) -> list[Cell]:
    """One text over the whole row, as a section is drawn."""
    first = replace(row[0], text=words, value=None, merged_from=None)
    rest = [
        Cell(words, cell.row, cell.column, page=cell.page, merged_from=first.origin)
        for cell in row[1:]
    ]
    return [first, *rest]
