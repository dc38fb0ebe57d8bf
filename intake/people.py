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
from datetime import date
from enum import StrEnum
from pathlib import Path

from intake.documents import MAX_BYTES, Cell, Refusal, Table, read_bytes, read_tables
from intake.plan.front_page import GROUP
from intake.plan.headings import fold
from intake.plan.responsible import split_responsible
from intake.plan.wording import Reader
from models.span import Precision

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
    PERIOD = "period"


_HEADINGS: Mapping[str, _Column] = {
    word: column
    for column, words in {
        _Column.NAME: "namn|name|person|for och efternamn|fullstandigt namn|full name",
        _Column.FIRST_NAME: "fornamn|first name|given name",
        _Column.LAST_NAME: "efternamn|last name|surname",
        _Column.EMAIL: "e post|epost|e postadress|epostadress|mejl|mejladress|mail|mailadress"
        "|e mail|email|email address|e mail address|e mailadress",
        _Column.GROUP: "grupp|group|nosam|forum",
        _Column.ROLE: "roll|role|funktion|function|uppdrag",
        _Column.FROM: "fran|from|fran och med|startdatum|start|fran datum|first day|borjar",
        _Column.TO: "till|to|tom|till och med|slutdatum|slut|till datum|last day|slutar",
    }.items()
    for word in words.split("|")
}
# Looked for in longer headings ("Roll i gruppen", "Gäller fr.o.m."); the first that fits wins.
_IN_HEADING: tuple[tuple[str, _Column], ...] = (
    (r"e ?post|mejl|e ?mail", _Column.EMAIL),
    (r"fornamn", _Column.FIRST_NAME),
    (r"efternamn", _Column.LAST_NAME),
    (r"period|mandattid|uppdragstid", _Column.PERIOD),
    (r"\bfran\b|\bfrom\b|start|tilltrad", _Column.FROM),
    (r"\btill\b|\btom\b|slut|avgar|upphor", _Column.TO),
    (r"\broll\b|funktion|uppdrag", _Column.ROLE),
    (r"grupp|nosam|forum", _Column.GROUP),
    (r"\bnamn\b|representant|\bledamot\b|\bperson\b", _Column.NAME),
)
# These count only where nothing better is said: a title at work is no role in a group.
_WEAK = {
    "befattning": _Column.ROLE,
    "titel": _Column.ROLE,
    "adress": _Column.EMAIL,
    "organisation": None,
    "telefon": None,
}
_ROLE = r"(?:v(?:ice|\.)?\s*)?ordf(?:örande\b|\.|\b)|processledare|PL\b"
_ROLES: tuple[tuple[str, str], ...] = (
    (r"ordf(?:örande|\.)?", "ordförande"),
    (r"v(?:ice|\.)?\s*ordf(?:örande|\.)?", "vice ordförande"),
    (r"process\W?ledare|pl", "processledare"),
)
_OTHER_ROLE = r"ledamot|sammankallande|representant|ersättare|adjungerad|sekreterare|samordnare"
_ROLE_IN_GROUP = re.compile(
    rf"(?P<role>{_ROLE}|{_OTHER_ROLE})(?:\s*[,:–-])?(?:\s+(?:i|för|av|till))?\s+(?P<group>\S.*)",
    re.IGNORECASE,
)
_NEXT_ROLE = re.compile(
    rf"\s*(?:[;,/\n]|\s(?:och|samt)\s)\s*(?=(?:{_ROLE}|{_OTHER_ROLE}))", re.IGNORECASE
)
_VAGUE = (Precision.NONE, Precision.INVALID, Precision.RECURRING, Precision.RELATIVE)
_NO_END = re.compile(
    r"[-–—. ]*|tills vidare|löpande|pågående|nuvarande|nu|ej bestämt", re.IGNORECASE
)


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
        lists = [_headed(_csv_rows(path.name, read_bytes(path, max_bytes=max_bytes)), path.name)]
    elif ending in (".xlsx", ".xlsm", ".xls"):
        lists = _sheets(read_tables(path, max_bytes=max_bytes).tables, path.name)
    else:
        raise Refusal(f"{path.name} is not a kind of list that is read; use .csv or .xlsx.")
    people: dict[str, PersonDraft] = {}
    count = 0
    for listed in lists:
        for row in listed.rows:
            if any(cell.text for cell in row):
                count += 1
                _add(people, row, listed)
    if not people:
        raise Refusal(f"{path.name} has headings but nobody under them. {NOTHING_SAVED}")
    return PeopleDraft(list(people.values()), count)


@dataclass(frozen=True, slots=True)
class _List:
    """Rows under their headings. `group` is the one that the words above them name."""

    columns: Mapping[_Column, int]
    rows: list[list[Cell]]
    group: str = ""
    prefix: str = ""  # a column "NOSAM" holds "Lerum"


def _add(people: dict[str, PersonDraft], row: list[Cell], listed: _List) -> None:
    """One row: a person, or one more role for a person already met."""
    cells = {column: row[at] for column, at in listed.columns.items() if at < len(row)}
    number = row[0].row
    email = _email(_words(cells, _Column.EMAIL), number)
    name = _name(cells, number, email)
    roles = _roles(cells, number, listed)
    known = people.setdefault(email, PersonDraft(name, email))
    if _same(known.name) != _same(name):
        raise _refused(number, f"{email} is {_quoted(name)} here and {_quoted(known.name)} above.")
    known.roles.extend(role for role in dict.fromkeys(roles) if role not in known.roles)


def _name(cells: Mapping[_Column, Cell], number: int, email: str) -> str:
    columns = (_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME)
    name = " ".join(words for column in columns if (words := _words(cells, column)))
    if not name:
        raise _refused(number, f"the name of {email} is missing.")
    if len(name) > 200:
        raise _refused(number, f"the name {_quoted(name)} is too long.")
    if not name.replace("\xa0", " ").isprintable():  # it is going to stand in a mail's header
        raise _refused(number, f"the name {_quoted(name)} holds a line break or a control sign.")
    turned = re.fullmatch(r"((?:v[oa]n |af |de )?[\w-]+),\s*([^\W\d_][\w-]+(?: [\w-]+)?)", name)
    if turned and not turned[2].isupper() and turned[2][0].isupper():
        name = f"{turned[2]} {turned[1]}"  # "Ek, Eva"
    return " ".join(name.split())


def _roles(cells: Mapping[_Column, Cell], number: int, listed: _List) -> list[RoleDraft]:
    """The roles of a row: mostly one, in one group."""
    first, last = _days(cells, number)
    if first and last and last < first:
        raise _refused(number, f"the last day {last} is before the first day {first}.")
    groups = [
        f"{listed.prefix} {name}" if name and listed.prefix and not GROUP.match(name) else name
        for name in _groups(_words(cells, _Column.GROUP))
    ]
    told = _words(cells, _Column.ROLE).replace("\xad", "")
    parts = [" ".join(part.split()) for part in _NEXT_ROLE.split(told)]
    held = [pair for part in parts for pair in _held(part, groups)]
    return [
        RoleDraft(group or listed.group, role, first, last)
        for group, role in held
        if group or role or listed.group
    ]


def _held(words: str, groups: list[str]) -> list[tuple[str, str]]:
    """Group and role: "Ordförande NOSAM Lerum" says both when no other group is named."""
    both = _ROLE_IN_GROUP.fullmatch(words)
    if both and (groups == [""] or groups == [both["group"]]):
        return [(group, _role_word(both["role"])) for group in _groups(both["group"])]
    return [(group, _role_word(words)) for group in groups]


def _role_word(words: str) -> str:
    """The role by its full name where it is one that the system knows."""
    known = (role for pattern, role in _ROLES if re.fullmatch(pattern, words, re.IGNORECASE))
    return next(known, words)


def _groups(words: str) -> list[str]:
    """The groups of a cell. Only what begins as groups do is told apart; a name may hold commas."""
    plain = " ".join(words.split())
    names = list(split_responsible(words).responsible) if len(plain) <= 200 else []
    return names if len(names) > 1 and all(GROUP.match(name) for name in names) else [plain]


def _email(words: str, number: int) -> str:
    address = re.sub(r"^(?:[^<>@]*<)?(?:mailto:)?([^<>]*)>?;?$", r"\1", words.strip()).strip()
    if not address:
        raise _refused(number, "the e-mail address is missing.")
    if len(address) > 254 or not _ADDRESS.fullmatch(address.lower()):
        raise _refused(number, f"{_quoted(words)} is not an e-mail address.")
    if len(address.split("@")[0]) > 64:
        raise _refused(number, f"{_quoted(words)} is not an e-mail address.")
    return address.lower()


def _days(cells: Mapping[_Column, Cell], number: int) -> tuple[date | None, date | None]:
    """From when till when, out of two columns or of one that holds both ends."""
    period = cells.get(_Column.PERIOD)
    if period and period.text and not {_Column.FROM, _Column.TO} & cells.keys():
        return _day(period, number, last=False), _day(period, number, last=True)
    first, last = cells.get(_Column.FROM), cells.get(_Column.TO)
    return _day(first, number, last=False), _day(last, number, last=True)


def _day(cell: Cell | None, number: int, *, last: bool) -> date | None:
    """A day: a real date or words that mean days for certain, of a period the first or the last."""
    if cell is None or _NO_END.fullmatch(cell.text):
        return None
    midnight = re.sub(r"[ T]00:00(?::00)?$", "", cell.text)
    words = re.sub(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", r"\1-\2-\3", midnight)
    span = Reader(None).cell(Cell(words, 0, 0, value=cell.value, precision=cell.precision))
    serial = cell.value is not None  # Excel's number of a day is doubtful in a plan, not here
    certain = serial or (span.doubt is None and span.precision not in _VAGUE)
    day = span.last if last else span.first
    if certain and day:
        return day
    if certain and span.open and last:
        return None
    raise _refused(number, f"{_quoted(cell.text)} is not a date; write it as 2024-03-15.")


def _words(cells: Mapping[_Column, Cell], column: _Column) -> str:
    cell = cells.get(column)
    return cell.text if cell else ""


def _headed(rows: list[list[Cell]], name: str, title: str = "") -> _List:
    """Which column holds what, the rows under the headings, and the group named over them."""
    for at, row in enumerate(rows[:_HEADING_WITHIN]):
        columns = _columns([cell.text for cell in row])
        if len(columns) < 2:
            continue
        if _Column.EMAIL not in columns:
            raise Refusal(f"{name} has no column for e-mail addresses. {NOTHING_SAVED}")
        if not {_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME} & columns.keys():
            raise Refusal(f"{name} has no column for names. {NOTHING_SAVED}")
        above = [title, *(cell.text for line in rows[:at] for cell in line)]
        named = (found[1] for words in above if (found := GROUP.search(words)))
        group = re.split(r",|\s(?:19|20)\d\d", next(named, ""))[0].strip(" -–")
        has_groups = _Column.GROUP in columns
        head = row[columns[_Column.GROUP]].text.strip() if has_groups else ""
        prefix = head if re.fullmatch("NOSAM|LOSAM|TG|Temagrupp", head) else ""
        return _List(columns, rows[at + 1 :], "" if has_groups else group, prefix)
    raise Refusal(
        f"{name} has no recognisable heading row; "
        "name the columns Namn, E-post, Grupp, Roll, Från, Till."
    )


def _columns(heads: list[str]) -> dict[_Column, int]:
    """What each column holds, by its heading; the first of several that say the same counts."""
    columns: dict[_Column, int] = {}
    longer: dict[_Column, int] = {}
    weak: dict[_Column, int] = {}
    for position, text in enumerate(heads):
        words = fold(text)
        whole = _HEADINGS.get(words)
        held = _WEAK.get(words)
        if whole:
            columns.setdefault(whole, position)
        elif held:
            weak.setdefault(held, position)
        elif words and words not in _WEAK and len(words.split()) <= 5 and "@" not in text:
            found = (column for pattern, column in _IN_HEADING if re.search(pattern, words))
            if column := next(found, None):
                longer.setdefault(column, position)
    return {**weak, **longer, **columns}


def _sheets(tables: list[Table], name: str) -> list[_List]:
    """The lists of a workbook; beside them a sheet may hold something else."""
    shown = [table for table in tables if table.rows and not table.hidden]
    if not shown:
        raise Refusal(f"{name} has no visible sheet with people in it.")
    lists: list[_List] = []
    refusals: list[Refusal] = []
    for table in shown:
        try:
            lists.append(_headed(table.rows, name, table.name))
        except Refusal as refusal:
            refusals.append(refusal)
    if not lists:
        raise refusals[0]
    return lists


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
    """The sign that cuts the heading row into the most known headings; a title may hold others."""
    lines = text.splitlines()[:_HEADING_WITHIN]
    known = {
        sign: max((len(_columns(line.split(sign))) for line in lines), default=0) for sign in ";\t,"
    }
    return max(known, key=lambda sign: known[sign])


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
