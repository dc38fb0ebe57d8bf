"""Columns made with tabs or spaces where no table is drawn -> rows of cells.

In a document each paragraph is a row and a tab (or several) parts its cells; in plain text every
sign is as wide as the others, so that white stands under white, and a line of dashes may say how
wide each column is. Which lines are rows is told here, what they mean elsewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from intake.documents import Cell, clean

MAX_COLUMNS = 64
MAX_WIDTH = 2_000  # signs of a line; a longer one is no row of text

_FEWEST = 3  # columns; two are a label and what it says
_BETWEEN = 4  # lines, with the row itself, that may stand before more rows
_LONGEST_SECTION = 100  # signs of a line that names the rows under it
_CUT = re.compile(r"\t| {3,}")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_WIDE = re.compile(r"\S(?: {2}|\t)")
_DASHES = re.compile(r" *[-=_]{2,}(?: +[-=_]{2,}){2,} *")
_WORD = re.compile(r"\S+")
_LONGEST_LABEL = 40  # signs
_LABEL = re.compile(r"[^\W\d_][^\s:.,;!?]*(?: [^\s:.,;!?]+){0,4}\??")
_BESIDE = re.compile(r" *(?P<label>\S+(?: \S+){0,4}) {2,}(?P<words>\S.*)")
_DATA = re.compile(r"@|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[.:]\d\d\b|\b0\d{1,3}[- ]\d|\b\d{3}[- ]\d\d")
_DASH = re.compile(r"[-=_]+")
_RULE = re.compile(r"[-=_*·.~ ]{3,}")

Row = list[str]  # one text alone stands over all columns


@dataclass(slots=True)
class Block:
    """Lines that are a table: where they begin and end, how many columns, and the rows.

    Each row with the number of the line that it begins on, counted from 0.
    """

    start: int
    end: int
    columns: int
    rows: list[tuple[int, Row]] = field(default_factory=list)

    def cells(self, first: int) -> list[list[Cell]]:
        """The rows as cells, numbered by their lines from `first` on."""
        told = []
        for at, row in self.rows:
            number = first + at - self.start
            over = (number, 1) if len(row) == 1 else None
            words = row * self.columns if over else [*row, *[""] * self.columns]
            rest = [
                Cell(text, number, column, merged_from=over)
                for column, text in enumerate(words[1 : self.columns], 2)
            ]
            told.append([Cell(row[0], number, 1), *rest])
        return told


# --- tabs -----------------------------------------------------------------------------------------


def among(said: Sequence[str]) -> Iterator[tuple[int, str, Block | None]]:
    """Paragraphs line by line: which one it is of, its words, and the table that begins there.

    Lines within a table are told by it alone. A paragraph has several lines when it is broken by
    hand and each of its parts has tabs.
    """
    lines: list[tuple[int, str]] = []
    for at, words in enumerate(said):
        parts = words.split("\n")
        tabs = len(parts) > 1 and all("\t" in part for part in parts)
        lines += [(at, part) for part in (parts if tabs else [words])]
    cut = [_parts(words) for _, words in lines]
    at = width = 0
    while at < len(lines):
        block = _tabbed_at(cut, at, width) or _paired(_label_and_words(cut, at), at)
        yield (*lines[at], block)
        at = block.end if block else at + 1
        width = block.columns if block else width


def _parts(line: str) -> Row:
    """The cells of a line, those that are empty too, but for the last ones."""
    if len(line) > MAX_WIDTH or not ("\t" in line or "   " in line):
        return [line.strip()]
    parts = [clean(part) for part in _CUT.split(line)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _tabbed_at(cut: Sequence[Row], at: int, before: int) -> Block | None:
    """The table that begins here; only one that goes on from before begins without headings."""
    heads = [part for part in cut[at] if part]
    width = len(heads)
    if not _FEWEST <= width <= MAX_COLUMNS or (_are_data(heads) and width != before):
        return None
    end = at + 1
    while end < len(cut) and (_fits(cut[end], width) or _stands_between(cut, end, width)):
        end += 1
    lines = cut[at:end]
    # Several tabs in a row only bring the words in under each other, where they are too many.
    aligned = any(len(parts) > width for parts in lines)
    rows: list[tuple[int, Row]] = []
    for number, parts in enumerate(lines, at):
        if rows and len(parts) == 1 and parts[0][:1].islower():
            rows[-1][1][0] += f" {clean(parts[0])}"  # the rest of what is done
        elif any(parts):
            rows.append((number, _aligned(parts, width) if aligned else list(map(clean, parts))))
    if sum(len(row) >= _FEWEST for _, row in rows) < 2:
        return None
    return Block(at, end, width, rows)


def _are_data(heads: Sequence[str]) -> bool:
    """Do words that should be headings hold a day, an hour, a number to call or an address?"""
    return any(_DATA.search(words) for words in heads)


def _label_and_words(cut: Sequence[Row], at: int) -> Iterator[tuple[str, str]]:
    """The lines from here on that are a label and what it says; "" before what goes on."""
    for number in range(at, len(cut)):
        parts = cut[number]
        told = [clean(part) for part in parts if part]
        if not told or len(told) + (not parts[0]) != 2:
            return
        yield ("", told[0]) if not parts[0] else (told[0], told[1])


def _paired(lines: Iterable[tuple[str, str]], at: int) -> Block | None:
    """Labels beside what they say, three or more under each other: a table of two columns.

    Labels with a colon tell that themselves, and numbers alone are those of pages.
    """
    rows: list[tuple[int, Row]] = []
    end = at
    for label, words in lines:
        if label and not (len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label)):
            break
        if label:
            rows.append((end, [label, words]))
        elif rows:
            rows[-1][1][1] += f"\n{words}"
        else:
            break
        end += 1
    several = len(rows) >= _FEWEST and not all(row[1].isdigit() for _, row in rows)
    return Block(at, end, 2, rows) if several else None


def _aligned(parts: Row, width: int) -> Row:
    """The cells of a line whose gaps are one tab or several; what begins further in stays so."""
    told = [clean(part) for part in parts if part]
    indent = next((at for at, part in enumerate(parts) if part), 0)
    return [*[""] * min(indent, width - len(told)), *told] if len(told) * 2 < width else told


def _fits(parts: Row, width: int) -> bool:
    """Is this a row under so many headings?"""
    return len(parts) > 1 and 0 < sum(map(bool, parts)) <= width


def _stands_between(cut: Sequence[Row], at: int, width: int) -> bool:
    """Is this a blank line, or one that names rows or goes on with one, before more rows?"""
    for parts in cut[at : at + _BETWEEN]:
        words = parts[0]
        if _fits(parts, width):
            return True
        if len(parts) > 1 or len(words) > _LONGEST_SECTION or words[-1:] in tuple(".:;,"):
            return False
    return False


# --- spaces ---------------------------------------------------------------------------------------

# The white between two columns: where it begins, and where the next one does.
_Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a text, by the white between them; `drawn`: a line of dashes tells it."""

    gaps: tuple[_Gap, ...]
    drawn: bool

    @property
    def many(self) -> int:
        """How many they are."""
        return len(self.gaps) + 1

    def taking(self, line: str) -> "_Columns | None":
        """The columns with a line in them too; None where its words go right across.

        A sentence may have its spaces where the columns have theirs: without any white that is
        wider than between words it is no row.
        """
        narrowed = [_narrowed(gap, line) for gap in self.gaps]
        kept = tuple(gap for gap in narrowed if gap)
        sentence = not self.drawn and not _WIDE.search(line) and not self.alone(line)
        return None if len(kept) < len(self.gaps) or sentence else replace(self, gaps=kept)

    def cells(self, line: str) -> Row:
        """The words of a line by the columns that they begin in."""
        edges = [left for left, _ in self.gaps]
        words = [""] * self.many
        for word in _WORD.finditer(line):
            column = bisect_right(edges, word.start())
            words[column] = f"{words[column]} {word[0]}".strip()
        return words

    def filled(self, line: str) -> int:
        """How many of the columns a line has words in."""
        return sum(map(bool, self.cells(line)))

    def alone(self, line: str) -> bool:
        """Does a line fill one column only?"""
        return self.filled(line) < 2

    def widths(self) -> list[int]:
        """How many signs have room in each column but the last one."""
        lefts = [0, *(right for _, right in self.gaps)]
        return [right - left - 1 for (_, right), left in zip(self.gaps, lefts, strict=False)]


def spaced_at(lines: Sequence[str], at: int, before: int = 0) -> Block | None:
    """The table that begins on this line of plain text, its columns parted by white.

    One that goes on from before, with as many columns, may begin without headings.
    """
    under = lines[at + 1] if at + 1 < len(lines) else ""
    if not _WIDE.search(lines[at]) and not _DASHES.fullmatch(under[:MAX_WIDTH]):
        return None
    columns = _columns(_plain(lines[at]), _plain(under))
    if columns.many == 2:
        return _paired(_spaced_labels(lines, at), at)
    if not _FEWEST <= columns.many <= MAX_COLUMNS:
        return None
    if columns.many != before and _are_data(columns.cells(_plain(lines[at]))):
        return None
    end, columns = _end_of(lines, at, columns)
    told = [(at + number, row) for number, row in _rows(lines[at:end], columns)]
    if sum(sum(map(bool, row)) >= _FEWEST for _, row in told) < 2:
        return None
    return Block(at, end, columns.many, told)


def _spaced_labels(lines: Sequence[str], at: int) -> Iterator[tuple[str, str]]:
    """The lines from here on whose words stand in line with those beside the first label."""
    edge = 0
    for number in range(at, len(lines)):
        line = _plain(lines[number])
        found = _BESIDE.fullmatch(line)
        if found and edge in (0, found.start("words")):
            edge = found.start("words")
            yield found["label"], clean(found["words"])
        elif line and edge and len(line) - len(line.lstrip()) == edge:
            yield "", clean(line)
        else:
            return


def _columns(line: str, under: str) -> _Columns:
    """The columns of a line of headings: as the dashes under it say, or by its own wide white."""
    if not line or _RULE.fullmatch(line):
        return _Columns((), drawn=False)
    drawn = _DASHES.fullmatch(under) is not None
    parts = [each.span() for each in (_DASH.finditer(under) if drawn else _CHUNK.finditer(line))]
    gaps = tuple((one[1], two[0]) for one, two in pairwise(parts))
    fits = all(_narrowed(gap, line) for gap in gaps)
    return _Columns(gaps if fits else (), drawn)


def _plain(line: str) -> str:
    """A line with its tabs as white; one that is too long is no row."""
    told = line.expandtabs(8).rstrip() if len(line) <= MAX_WIDTH else ""
    return told if len(told) <= MAX_WIDTH else ""


def _narrowed(gap: _Gap, line: str) -> _Gap | None:
    """The part of a gap that is white in this line too; None when words stand right across."""
    return _white(_CHUNK, gap, line) or _white(_WORD, gap, line)


def _white(words: re.Pattern[str], gap: _Gap, line: str) -> _Gap | None:
    start, end = gap
    left, right = gap
    for word in words.finditer(line, start, end):
        if word.end() - start < end - word.start():
            left = max(left, word.end())
        else:
            right = min(right, word.start())
    return (left, right) if right > left else None


def _end_of(lines: Sequence[str], at: int, columns: _Columns) -> tuple[int, _Columns]:
    """Where the table ends, and the white that goes through all of it."""
    end, last = at + 1, at + 1
    while end < len(lines):
        line = _plain(lines[end])
        if not line:
            if end > last:  # two blank lines
                break
            end += 1
            continue
        narrowed = columns.taking(line)
        after_blank = not lines[end - 1].strip()
        apart = narrowed is None or (after_blank and columns.alone(line))
        if apart and not _RULE.fullmatch(line) and not _names_rows(lines, end, columns):
            break
        columns = narrowed or columns
        end += 1
        last = end
    return last, columns


def _names_rows(lines: Sequence[str], at: int, columns: _Columns) -> bool:
    """Is it one short text, right over a row of several columns?"""
    line = _plain(lines[at]).strip()
    short = len(line) <= _LONGEST_SECTION and line[-1:] not in ".:;," and "  " not in line
    after = next((_plain(each) for each in lines[at + 1 : at + 3] if each.strip()), "")
    return short and columns.taking(after) is not None and not columns.alone(after)


def _rows(lines: Sequence[str], columns: _Columns) -> list[tuple[int, Row]]:
    """The lines as rows; a cell that was too narrow for its words goes on on the next line."""
    apart = _are_apart(lines, columns)
    widths = columns.widths()
    rows: list[tuple[int, Row]] = []
    above: Row = []  # the last line, by its columns; [] where nothing goes on
    for at, told in enumerate(lines):
        line = _plain(told)
        if not line or _RULE.fullmatch(line):
            above = []
            continue
        if columns.taking(line) is None:
            rows.append((at, [clean(line)]))  # over all columns
            above = []
            continue
        cells = columns.cells(line)
        if above and (apart or _goes_on(above, cells, widths)):
            number, begun = rows[-1]
            rows[-1] = (number, list(map(_joined, begun, cells)))
            above = [new or old for old, new in zip(above, cells, strict=True)]
            continue
        alone = bool(cells[0]) and not any(cells[1:]) and bool(rows)
        rows.append((at, [clean(cells[0])] if alone else list(map(clean, cells))))
        above = [] if alone else cells
    return rows


def _are_apart(lines: Sequence[str], columns: _Columns) -> bool:
    """Is there a blank line between all rows? Then what stands together is one row.

    So it is where each group begins with a line of most columns, and none has two lines of all.
    """
    groups: list[list[int]] = [[]]
    for line in map(_plain, lines):
        if not line or _RULE.fullmatch(line):
            groups.append([])
        elif columns.taking(line) is not None:
            groups[-1].append(columns.filled(line))
    told = [group for group in groups if group]
    return len(told) >= _FEWEST and all(
        group[0] * 2 > columns.many and columns.many not in group[1:] for group in told
    )


def _goes_on(above: Row, cells: Row, widths: Sequence[int]) -> bool:
    """Is a line the rest of the cells over it? It fills few columns, and those were full."""
    filled = [at for at, words in enumerate(cells) if words]
    if len(filled) * 2 > len(cells) or not all(above[at] for at in filled):
        return False
    return all(_was_full(above[at], cells[at], widths[at : at + 1]) for at in filled)


def _was_full(above: str, words: str, width: Sequence[int]) -> bool:
    first = words.split(maxsplit=1)[0]
    room = width[0] - len(above) - 1 if width else len(first)
    return first[0].islower() or first[0] in "(/&+" or above[-1] in "-/," or room < len(first)


def _joined(one: str, two: str) -> str:
    return clean(f"{one}\n{two}").replace("\n", " ") if two else one
