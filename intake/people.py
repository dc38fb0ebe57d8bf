"""A list of people (csv, Excel) -> people with their dated roles in groups, as a draft.

Nothing is half understood here: a row that cannot be right is refused with its number and its
words, since a wrong address is a letter to the wrong person. Saving is the work of `filing.py`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from intake.documents import MAX_BYTES, Cell, Refusal, Table, read_bytes, read_tables
from intake.headings import fold

MAX_ROWS = 50_000
NOTHING_SAVED = "Nothing was saved."

_HEADING_WITHIN = 10
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)


class _Column(StrEnum):
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "e-mail"
    GROUP = "group"
    ROLE = "role"
    FROM = "from"
    TO = "to"


_HEADINGS: Mapping[str, _Column] = {
    word: column
    for column, words in {
        _Column.NAME: "namn|name|person|for och efternamn|fullstandigt namn|full name",
        _Column.FIRST_NAME: "fornamn|first name|given name",
        _Column.LAST_NAME: "efternamn|last name|surname",
        _Column.EMAIL: "e post|epost|e postadress|epostadress|mejl|mejladress|mail|mailadress"
        "|e mail|email|email address|e mail address|e mailadress|adress",
        _Column.GROUP: "grupp|group|nosam|samverkansgrupp|utvecklingsgrupp",
        _Column.ROLE: "roll|role|funktion|function|uppdrag|befattning|titel",
        _Column.FROM: "fran|from|fran och med|startdatum|start|fran datum|first day|borjar",
        _Column.TO: "till|to|tom|till och med|slutdatum|slut|till datum|last day|slutar",
    }.items()
    for word in words.split("|")
}


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """What a person is, in which group, from when till when (None = not told)."""

    group: str
    role: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person, known by the address (lower case)."""

    name: str
    email: str
    roles: list[RoleDraft] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """Everybody in the file, and how many rows said so."""

    people: list[PersonDraft]
    rows: int


def read_people(path: Path, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The people in a csv or xlsx file. Raises Refusal with one sentence and the row's number."""
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv", ".txt"):
        rows = _csv_rows(path.name, read_bytes(path, max_bytes=max_bytes))
    elif ending in (".xlsx", ".xlsm", ".xls"):
        rows = _sheet_rows(read_tables(path, max_bytes=max_bytes).tables, path.name)
    else:
        raise Refusal(f"{path.name} is not a kind of list that is read; use .csv or .xlsx.")
    columns, body = _headed(rows, path.name)
    people: dict[str, PersonDraft] = {}
    count = 0
    for row in body:
        if any(cell.text for cell in row):
            count += 1
            _add(people, row, columns)
    if not people:
        raise Refusal(f"{path.name} has headings but nobody under them. {NOTHING_SAVED}")
    return PeopleDraft(list(people.values()), count)


def _add(people: dict[str, PersonDraft], row: list[Cell], columns: dict[_Column, int]) -> None:
    """One row: a person, or one more role for a person already met."""
    cells = {column: row[at] for column, at in columns.items() if at < len(row)}
    number = row[0].row
    email = _email(_words(cells, _Column.EMAIL), number)
    name = _name(cells, number, email)
    role = _role(cells, number)
    known = people.setdefault(email, PersonDraft(name, email))
    if _same(known.name) != _same(name):
        raise _refused(number, f"{email} is {_quoted(name)} here and {_quoted(known.name)} above.")
    if role and role not in known.roles:
        known.roles.append(role)


def _name(cells: Mapping[_Column, Cell], number: int, email: str) -> str:
    columns = (_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME)
    name = " ".join(words for column in columns if (words := _words(cells, column)))
    if not name:
        raise _refused(number, f"the name of {email} is missing.")
    if len(name) > 200:
        raise _refused(number, f"the name {_quoted(name)} is too long.")
    if not name.replace("\xa0", " ").isprintable():  # it is going to stand in a mail's header
        raise _refused(number, f"the name {_quoted(name)} holds a line break or a control sign.")
    return " ".join(name.split())


def _role(cells: Mapping[_Column, Cell], number: int) -> RoleDraft | None:
    group, role = (" ".join(_words(cells, c).split()) for c in (_Column.GROUP, _Column.ROLE))
    first, last = (_day(cells.get(column), number) for column in (_Column.FROM, _Column.TO))
    if first and last and last < first:
        raise _refused(number, f"the last day {last} is before the first day {first}.")
    return RoleDraft(group, role, first, last) if group or role else None


def _email(words: str, number: int) -> str:
    address = words.strip()
    if not address:
        raise _refused(number, "the e-mail address is missing.")
    if len(address) > 254 or not _ADDRESS.fullmatch(address.lower()):
        raise _refused(number, f"{_quoted(words)} is not an e-mail address.")
    if len(address.split("@")[0]) > 64:
        raise _refused(number, f"{_quoted(words)} is not an e-mail address.")
    return address.lower()


def _day(cell: Cell | None, number: int) -> date | None:
    """A day: a real date, ISO, 2024/03/15, 20240315 or 15/3 2024. Nothing vaguer is a day."""
    if cell is None or not cell.text:
        return None
    if isinstance(cell.value, date):
        return cell.value
    if isinstance(cell.value, int | float) and 20_000 <= cell.value < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(cell.value))
    words = cell.text.strip()
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?", words)
    found = found or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", words)
    turned = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./ ]\s?(\d{4})", words)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if turned:
            return date(int(turned[3]), int(turned[2]), int(turned[1]))
    except ValueError:
        pass
    raise _refused(number, f"{_quoted(words)} is not a date; write it as 2024-03-15.")


def _words(cells: Mapping[_Column, Cell], column: _Column) -> str:
    cell = cells.get(column)
    return cell.text if cell else ""


def _headed(rows: list[list[Cell]], name: str) -> tuple[dict[_Column, int], list[list[Cell]]]:
    """Which column holds what, and the rows under the headings."""
    for at, row in enumerate(rows[:_HEADING_WITHIN]):
        columns: dict[_Column, int] = {}
        for position, cell in enumerate(row):
            column = _HEADINGS.get(fold(cell.text))
            if column:
                columns.setdefault(column, position)
        if len(columns) < 2:
            continue
        if _Column.EMAIL not in columns:
            raise Refusal(f"{name} has no column for e-mail addresses. {NOTHING_SAVED}")
        if not {_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME} & columns.keys():
            raise Refusal(f"{name} has no column for names. {NOTHING_SAVED}")
        return columns, rows[at + 1 :]
    raise Refusal(
        f"{name} has no recognisable heading row; "
        "name the columns Namn, E-post, Grupp, Roll, Från, Till."
    )


def _sheet_rows(tables: list[Table], name: str) -> list[list[Cell]]:
    """The first sheet that shows anything; a merged cell counts in each of its rows."""
    for table in tables:
        if table.rows and not table.hidden:
            return table.rows
    raise Refusal(f"{name} has no visible sheet with people in it.")


def _csv_rows(name: str, data: bytes) -> list[list[Cell]]:
    text = _decoded(name, data)
    if "\x00" in text:
        raise Refusal(f"{name} is not a text file; save it as CSV (UTF-8) and try again.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Cell]] = []
    try:
        for number, values in enumerate(reader, 1):  # rows as Excel counts them, blank ones too
            if number > MAX_ROWS:
                raise Refusal(f"{name} has more than {MAX_ROWS} rows; it is not read.")
            cells = [Cell(_trimmed(value), number, at) for at, value in enumerate(values, 1)]
            if any(cell.text for cell in cells):
                rows.append(cells)
    except csv.Error as error:
        line = reader.line_num
        raise Refusal(f"{name} is damaged near line {line}; save it as CSV again.") from error
    return rows


def _trimmed(value: str) -> str:
    """Only the ends are cleaned, so that an odd character inside is seen and refused."""
    return unicodedata.normalize("NFC", value).strip(" \t\xa0\u200b\ufeff\r\n")


def _delimiter(text: str) -> str:
    """The sign that the heading row is cut by."""
    for line in text.splitlines():
        counts = {sign: line.count(sign) for sign in ";\t,"}
        if max(counts.values()):
            return max(counts, key=lambda sign: counts[sign])
    return ";"


def _decoded(name: str, data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 as Excel writes it, else what Windows once wrote."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data[1:2] == b"\x00" or data[:1] == b"\x00":
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{name} is not readable text; save it as CSV (UTF-8) and try again.")


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _quoted(words: str) -> str:
    """The cell's words on one line; whatever is not printable is shown and not sent on."""
    plain = words if len(words) <= 80 else f"{words[:79]}…"
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in plain) + "'"


def _refused(number: int, what: str) -> Refusal:
    return Refusal(f"Row {number}: {what} {NOTHING_SAVED}")
