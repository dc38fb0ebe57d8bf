"""A report as a tree of blocks: what is said, in which order, without saying how it looks.

`quarter.py`, `year.py` and `deviations.py` turn frozen facts into blocks with one set of wordings;
the writers (`reports/writers/`) turn blocks into a web page, PDF, Word and Excel. Blocks are plain
data, so that the same facts always give the same report.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_SPACE = re.compile(r"[ \n]+")  # a line never ends at a space that holds an amount together


class Tone(StrEnum):
    """How a paragraph is meant."""

    PLAIN = "plain"
    LEAD = "lead"  # the first words of a section, larger
    NOTE = "note"  # how a figure was counted, where it comes from
    WARNING = "warning"  # something does not add up, or is missing


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter. The title of the report itself is no heading here.

    `own_page`: on paper it starts a new page, as a chapter does that fills most of one.
    """

    level: int
    text: str
    own_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some words."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, and who said them when."""

    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row. The first cell of a row is its heading.

    `numbers` are the columns, counted from 0, that hold figures and are set to the right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""

    @property
    def stacks(self) -> bool:
        """Has it too much to read for a narrow screen? There each row is a card of its own."""
        return len(self.head) - len(self.numbers) >= _MANY_WORDY or len(self.head) >= _MANY

    @property
    def widths(self) -> tuple[int, ...]:
        """How wide the columns should be, to each other: by their longest word and usual length."""
        return tuple(
            _width([head, *(row[at] for row in self.rows)], figures=at in self.numbers)
            for at, head in enumerate(self.head)
        )

    @property
    def hyphenated(self) -> tuple[bool, ...]:
        """Which columns hold a word that may be wider than they are."""
        return tuple(
            _LONG_WORD.search(" ".join(row[at] for row in self.rows)) is not None
            for at in range(len(self.head))
        )


_MANY, _MANY_WORDY = 6, 3  # columns, and columns of words
_LONGEST_WORD, _LONGEST_CELL = 14, 90
_LONG_WORD = re.compile(rf"\w{{{_LONGEST_WORD}}}")


def _width(cells: Sequence[str], *, figures: bool) -> int:
    word = max(map(len, _SPACE.split(" ".join(cells))), default=1)
    needed = min(word, _LONGEST_WORD) + 5
    if figures:
        return needed
    usual = sum(map(len, cells)) // len(cells)
    return needed + min(usual, _LONGEST_CELL) // 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, what it shows in words (`alt`), and the same as a table for who cannot see it."""

    name: str  # a file name without ending
    svg: str
    alt: str
    caption: str
    table: Table | None = None
    narrow: str = ""  # the same drawn for a phone's width, where the whole would be too small

    @property
    def round(self) -> bool:
        """A year wheel: as high as it is wide, it is read whole or not at all."""
        return self.name.startswith("arshjul")


@dataclass(frozen=True, slots=True)
class Prose:
    """A place that people write in. `key` names it between compilations; `hint` says what fits."""

    key: str
    text: str
    hint: str


Block = Heading | Paragraph | Quote | Bullets | Table | Picture | Prose


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `reference` names the edition it was made from."""

    title: str
    subtitle: str
    organisation: str
    reference: str
    dated: str  # in Swedish words
    summary: str  # one sentence, for search engines and the file's own description
    blocks: tuple[Block, ...]
    contents: bool = False  # does it open with a table of contents?
    draft: bool = False
    keywords: tuple[str, ...] = field(default=())
    beside: tuple[Table, ...] = ()  # too long to read: they stand in the Excel file only

    def tables(self) -> Iterator[Table]:
        """Every table, those behind pictures too, in the order they stand."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Picture) and block.table:
                yield block.table


def as_plain(report: Report) -> dict[str, Any]:
    """The report as lists, texts and numbers; each block tells its kind, and its label if any."""
    plain = _values(report)
    del plain["beside"]
    labels = numbered(report.blocks)
    plain["blocks"] = [
        {**_plain(block), "label": labels.get(place, "")}
        for place, block in enumerate(report.blocks)
    ]
    return plain


def _plain(block: Block) -> dict[str, Any]:
    values = {"kind": type(block).__name__.lower(), **_values(block)}
    if isinstance(block, Table):
        values |= {
            "numbers": sorted(block.numbers),
            "widths": block.widths,
            "hyphenated": block.hyphenated,
            "stacks": block.stacks,
        }
    elif isinstance(block, Picture):
        values["round"] = block.round
        if block.table:
            values["table"] = {**_plain(block.table), "label": ""}
    return values


def _values(one: Report | Block) -> dict[str, Any]:
    """What it holds, one level down: `asdict` would copy every cell of every table."""
    return {name: getattr(one, name) for name in type(one).__slots__}


def numbered(blocks: Sequence[Block]) -> dict[int, str]:
    """ "Tabell 1", "Figur 2" for each block that has a caption, by the block's place."""
    counts = {Table: 0, Picture: 0}
    names = {Table: "Tabell", Picture: "Figur"}
    labels: dict[int, str] = {}
    for place, block in enumerate(blocks):
        if isinstance(block, Table | Picture):
            kind = type(block)
            counts[kind] += 1
            labels[place] = f"{names[kind]} {counts[kind]}"
    return labels
