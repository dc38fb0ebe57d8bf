"""An export read in a process apart (`intake/apart.py`): bounded, and without any key of ours.

What is known of the file comes as one line, and then its cases, some at a time. They are many, so
they are not kept in memory: they lie as lines in a file without a name, until they are on file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, ValuesView
from dataclasses import fields
from datetime import date, datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from intake.apart import MEGABYTE, Bounds, Reader, told_by
from intake.deviation.reading import MARKED, look_at, pseudonym, read_export
from intake.deviation.shapes import Case, Column, Export, Heading, Refused, Source, Why
from intake.documents import File, Refusal, damaged
from models.deviation import FoundBy

BOUNDS = Bounds(work=120, wait=240, memory=440 * MEGABYTE, answer=256 * MEGABYTE)
_AT_A_TIME = 500
_LIBRARIES = (__name__, "python_calamine")


def read_apart(name: str, file: File, source: Source, key: bytes) -> Export:
    """As `read_export`, in a child process; `key` stays here."""
    reader = Reader(f"{__name__}:export_of", _LIBRARIES)
    words = (name, _as_words(source))
    with told_by(reader, name, file, *words, heavy=_heavy(name), bounds=BOUNDS) as lines:
        try:
            return _heard(lines, key)
        except Refusal:
            raise
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(name) from error


def look_apart(name: str, file: File, source: Source) -> list[Heading]:
    """As `look_at`, in a child process."""
    reader = Reader(f"{__name__}:headings_of", _LIBRARIES)
    words = (name, _as_words(source))
    with told_by(reader, name, file, *words, heavy=_heavy(name), bounds=BOUNDS) as lines:
        return [_heading(*told) for told in lines]


def _heavy(name: str) -> Refusal:
    return Refusal(
        f"{name} has cells too far apart, or too many; "
        "copy the table itself to a new file, or part of it, and try again.",
        f"{name} har celler för långt ifrån varandra, eller för många. "
        "Kopiera tabellen till en ny fil, eller en del av den, och försök igen.",
    )


# In the child.


def export_of(file: IO[bytes], name: str, source: str) -> Iterator[object]:
    """Read an export, and tell it."""
    export = read_export(name, file, _source(source), b"")
    yield {
        "file": export.file,
        "sha256": export.sha256,
        "headings": [_told(heading) for heading in export.headings],
        "counts": [export.rows, export.totals, export.hidden],
        "refused": [(each.row, each.why.value) for each in export.refused],
        "personnummer_rows": export.personnummer_rows,
    }
    cases = iter(export.cases.values())
    while some := list(islice(cases, _AT_A_TIME)):
        yield [[_plain(getattr(case, name)) for name in _OF_CASE] for case in some]


def headings_of(file: IO[bytes], name: str, source: str) -> Iterator[object]:
    """Read the headings of an export, and tell them."""
    for heading in look_at(name, file, _source(source)):
        yield _told(heading)


def _told(heading: Heading) -> list[object]:
    return [heading.text, heading.column.value if heading.column else "", heading.guessed]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _as_words(source: Source) -> str:
    columns = {
        heading: column.value if column else "" for heading, column in source.columns.items()
    }
    return json.dumps([source.name, columns, source.own_series])


def _source(words: str) -> Source:
    name, columns, own_series = json.loads(words)
    known = {heading: Column(word) if word else None for heading, word in columns.items()}
    return Source(name, known, own_series)


# In the process that asked.

_OF_CASE = tuple(each.name for each in fields(Case))
_DAYS = ("registered_on", "happened_on", "answered_on")


class Cases(Mapping[str, Case]):
    """The cases of an export by their number, read again from where they lie each time."""

    def __init__(self, lines: Iterable[Any], key: bytes) -> None:
        self._lie = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the last hold
        self._count = 0
        for some in lines:
            for values in some:
                _name_nobody(values, key)
                _case(values)  # what is odd is refused now
            self._count += len(some)
            self._lie.write(json.dumps(some) + "\n")

    def values(self) -> ValuesView[Case]:
        """Every case, in the order of the file."""
        return _Each(self)

    def each(self) -> Iterator[Case]:
        """Every case, a few at a time in memory."""
        self._lie.seek(0)
        for line in self._lie:
            for values in json.loads(line):
                yield _case(values)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return (case.number for case in self.each())

    def __getitem__(self, number: str) -> Case:
        for case in self.each():
            if case.number == number:
                return case
        raise KeyError(number)


class _Each(ValuesView[Case]):
    """The cases one after the other: asking for each by its number would read all of them again."""

    def __init__(self, cases: Cases) -> None:
        super().__init__(cases)
        self._cases = cases

    def __iter__(self) -> Iterator[Case]:
        return self._cases.each()


def _heard(lines: Iterator[Any], key: bytes) -> Export:
    told = next(lines)
    rows, totals, hidden = map(int, told["counts"])
    return Export(
        file=str(told["file"]),
        sha256=str(told["sha256"]),
        headings=[_heading(*each) for each in told["headings"]],
        rows=rows,
        totals=totals,
        hidden=hidden,
        refused=[Refused(int(row), Why(why)) for row, why in told["refused"]],
        personnummer_rows=list(map(int, told["personnummer_rows"])),
        cases=Cases(lines, key),
    )


def _heading(text: str, column: str, guessed: bool) -> Heading:
    return Heading(str(text), Column(column) if column else None, bool(guessed))


def _name_nobody(values: list[Any], key: bytes) -> None:
    """A case number that is a person's gets a word in its place, as no key is in the child."""
    at = _OF_CASE.index("number")
    number = str(values[at])
    if number.startswith(MARKED):
        values[at] = pseudonym(number.removeprefix(MARKED), key)


def _case(values: list[Any]) -> Case:
    told = dict(zip(_OF_CASE, values, strict=True))
    for name in _DAYS:
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    if told["changed_at"]:
        told["changed_at"] = datetime.fromisoformat(told["changed_at"])
    told["found_by"] = FoundBy(told["found_by"])
    return Case(**told)
