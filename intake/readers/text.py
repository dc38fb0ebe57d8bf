"""Plain text and Markdown -> paragraphs and tables.

Notes of a meeting, a letter, what a program calls "Unicode text": a file whose lines are cut alike
by a sign is a list as a CSV file is; in others headings, bullets, labelled lines and tables of
strokes or tabs are told by how they stand. What the words mean is decided elsewhere.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from intake.documents import Cell, Content, Paragraph, Table, clean
from intake.readers.csv import decoded, is_list, rows_cut_by, squared
from intake.readers.spaced import Block, spaced_at

MAX_COLUMNS = 64

_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})\s++(?P<words>.*)$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{3,})\s*$")
_RULE = re.compile(r"^\s*(?:[-*_=~.·–—]\s*){3,}$")
_BULLET = re.compile(r"^(?P<indent>\s*)(?:[-–—•*+·●○▪◦]|\d{1,2}[.)])\s+(?P<words>\S.*)$")
_DIVIDER = re.compile(r"^\s*[|+]?\s*:?[-=]{2,}:?\s*(?:[|+]\s*:?[-=]{2,}:?\s*)*[|+]?\s*$")
_DRAWN = 3  # lines of dashes and strokes; so many stand between all rows
_STROKES = re.compile(r"(?<!\\)\|")
_TABS = re.compile(r"\t")
_LABEL = re.compile(r"^\s*[^\W\d_][\w /-]{1,30}:(?:\s|$)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_STRUCK = re.compile(r"~~[^~]*~~")
_LINK = re.compile(r"!?\[([^\]\n]{2,})\]\([^)\s]*\)")
_QUOTED = re.compile(r"^(?:> ?)+")
_WRAPPED = 55  # signs; a shorter line ends where its words do
_CAPITALS = re.compile(r"[^a-zåäöé]*[A-ZÅÄÖÉ]{2,}[^a-zåäöé]*")
_LONGEST_HEADING = 100


def read_text(name: str, data: bytes) -> Content:
    """What a .txt or .md file says, in reading order."""
    text = decoded(name, data)
    if is_list(text):
        return Content([Table(1, squared(rows_cut_by(name, text)))])
    return Content(blocks_of(text))


def blocks_of(text: str) -> list[Paragraph | Table]:
    """The paragraphs and tables of a text, each line where it stands."""
    walk = _Walk(text)
    walk.read()
    return walk.blocks


class _Walk:
    """Goes down through the lines once, a run of lines without a blank one at a time."""

    def __init__(self, text: str) -> None:
        self.lines = [_QUOTED.sub("", line.rstrip()) for line in text.splitlines()]
        self.blocks: list[Paragraph | Table] = []
        self.tables = 0
        self.columns = 0  # of the last table that white tells
        self.indents: list[int] = []  # of the bullets that the next one may stand within

    def read(self) -> None:
        at = 0
        while at < len(self.lines):
            end = self._table_at(at) if self.lines[at].strip() else at
            if end > at:
                at = end
                continue
            if not self.lines[at].strip() or _is_drawn(self.lines[at]):
                at += 1
                continue
            at = self._words_at(at)

    def _table_at(self, at: int) -> int:
        """The line after the table that begins here, or this one where none does."""
        sign = next((cut for cut in (_STROKES, _TABS) if _is_cut(self.lines, at, cut)), None)
        if sign is None:
            return self._spaced_at(at)
        end = at
        while end < len(self.lines) and _within(self.lines[end], sign):
            end += 1
        rows = [
            _row([self.lines[number] for number in group], group[0] + 1, sign)
            for group in _rows_of(self.lines, at, end)
        ]
        self.tables += 1
        self.blocks.append(Table(self.tables, squared([row for row in rows if _says(row)])))
        self.indents = []
        return end

    def _spaced_at(self, at: int) -> int:
        """The line after the table of white columns that begins here, or this one."""
        block = _spaced(self.lines, at, self.columns)
        if block is None:
            return at
        self.tables += 1
        self.blocks.append(Table(self.tables, block.cells(at + 1)))
        self.indents, self.columns = [], block.columns
        return block.end

    def _words_at(self, at: int) -> int:
        """One heading, bullet or paragraph; where the next one begins."""
        line = self.lines[at]
        after = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        if heading := _HEADING.match(line):
            words = heading["words"].rstrip().rstrip("#").rstrip()
            self._add(words, at, heading=True, title=len(heading["marks"]) == 1)
            return at + 1
        bullet = _BULLET.match(line)
        if not bullet and _UNDERLINE.match(after):
            self._add(line, at, heading=True, title="=" in after)
            return at + 2
        if _RULE.match(line):
            return at + 1
        if bullet:
            return self._bullet(at, len(bullet["indent"]), bullet["words"])
        self.indents = []
        words, end = self._joined(at, line)
        whole = _STRONG.fullmatch(words.strip()) or _CAPITALS.fullmatch(words.strip())
        heading_like = whole is not None and len(words) <= _LONGEST_HEADING and "\n" not in words
        self._add(words, at, heading=heading_like, title=heading_like and not self.blocks)
        return end

    def _bullet(self, at: int, indent: int, words: str) -> int:
        """A bullet with what stands under it, indented or labelled."""
        self.indents = [*(each for each in self.indents if each < indent), indent]
        said, end = self._joined(at, words, within=True)
        self._add(said, at, bullet=True, level=len(self.indents) - 1)
        return end

    def _joined(self, at: int, first: str, *, within: bool = False) -> tuple[str, int]:
        """A line with those that go on with it: a wrapped one, or labels under a bullet."""
        said, last, end = first.strip(), self.lines[at], at + 1
        while end < len(self.lines) and self._goes_on(end, last, within=within):
            line = self.lines[end]
            labelled = _LABEL.match(line) is not None
            said += ("\n" if labelled else " ") + line.strip()
            last, end = line, end + 1
        return said, end

    def _goes_on(self, at: int, last: str, *, within: bool) -> bool:
        line = self.lines[at]
        if not line.strip() or _BULLET.match(line) or _HEADING.match(line) or _RULE.match(line):
            return False
        if self._is_table(at):
            return False
        indented = line[:1].isspace()
        if _LABEL.match(line):
            return within
        return (within and indented) or len(last) >= _WRAPPED

    def _is_table(self, at: int) -> bool:
        if any(_is_cut(self.lines, at, cut) for cut in (_STROKES, _TABS)):
            return True
        return _spaced(self.lines, at, self.columns) is not None

    def _add(self, words: str, at: int, *, heading: bool = False, title: bool = False,
             bullet: bool = False, level: int = 0) -> None:  # fmt: skip
        text = clean(_plain(words))
        if text:
            self.blocks.append(
                Paragraph(text, at + 1, heading=heading, title=title, bullet=bullet, level=level)
            )


def _spaced(lines: Sequence[str], at: int, before: int) -> Block | None:
    """The table of white columns that begins on this line; a bullet begins none."""
    return None if _BULLET.match(lines[at]) else spaced_at(lines, at, before)


def _is_cut(lines: Sequence[str], at: int, sign: re.Pattern[str]) -> bool:
    """Does a table begin on this line: at least two lines that the sign cuts alike?"""
    told = [line for line in lines[at : at + 3] if not _is_drawn(line)]
    here = [_cells(line, sign) for line in told[:2]]
    if _is_drawn(lines[at]) or len(here) < 2 or min(map(len, here)) < 2:
        return False
    return len(here[0]) == len(here[1])


def _cells(line: str, sign: re.Pattern[str]) -> list[str]:
    words = line.strip()
    if sign is _STROKES:
        words = re.sub(r"^\||(?<!\\)\|$", "", words)
    return [cell.strip().replace("\\|", "|") for cell in sign.split(words)]


def _is_drawn(line: str) -> bool:
    """Is a line dashes and strokes, as between the rows of a table? Dashes alone are no such."""
    return ("+" in line or "|" in line) and _DIVIDER.match(line) is not None


def _within(line: str, sign: re.Pattern[str]) -> bool:
    return sign.search(line.strip()) is not None or (sign is _STROKES and _is_drawn(line))


def _rows_of(lines: Sequence[str], at: int, end: int) -> list[list[int]]:
    """The lines of each row: one, or where a line is drawn between all rows, those between."""
    groups: list[list[int]] = [[]]
    for number in range(at, end):
        if _DIVIDER.match(lines[number]):
            groups.append([])
        else:
            groups[-1].append(number)
    told = [group for group in groups if group]
    if len(groups) > _DRAWN:
        return told
    return [[number] for group in told for number in group]


def _row(lines: Sequence[str], number: int, sign: re.Pattern[str]) -> list[Cell]:
    """A row of one line, or of several that go on with each other's cells."""
    parts = [_cells(line, sign)[:MAX_COLUMNS] for line in lines]
    told = [" ".join(filter(None, cells)) for cells in zip_longest(*parts, fillvalue="")]
    return [
        Cell(clean(_plain(words)), number, column, bold=bool(_STRONG.fullmatch(words)))
        for column, words in enumerate(told, 1)
    ]


def _says(row: Sequence[Cell]) -> bool:
    return any(cell.text for cell in row)


def _plain(words: str) -> str:
    """The words without the marks of Markdown, and without those that are struck."""
    words = _BREAK.sub("\n", words)
    words = _STRUCK.sub("", words)
    words = _LINK.sub(r"\1", words)
    return _STRONG.sub(r"\2", words)
