"""A list of people (csv, Excel) -> people with their dated roles in groups, as a draft.

Nothing is half understood here: a row that cannot be right is refused with its number and its
words, since a wrong address is a letter to the wrong person. What is right but cannot be used (a
role without a group) is a doubt. Comparing and saving is the work of `filing.py`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from intake.documents import MAX_BYTES, Cell, Refusal, read_bytes, read_content
from intake.plan.front_page import GROUP
from intake.plan.headings import fold
from intake.plan.responsible import split_responsible
from intake.plan.wording import Reader
from intake.readers.csv import MAX_ROWS, decoded
from models.span import Precision

NOTHING_SAVED = "Nothing was saved."
INGET_SPARAT = "Inget är sparat."

Headings = Callable[[list[str]], Mapping[Any, int]]

_HEADING_WITHIN = 10
_TEXT = (".csv", ".tsv", ".txt")
_EXCEL = (".xlsx", ".xlsm", ".xls")
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
class Doubt:
    """Something to look over before a list is saved, in both languages. Row 0: the list itself."""

    row: int
    english: str
    swedish: str


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """Everybody in the file, how many rows said so, and what is doubtful."""

    people: list[PersonDraft]
    rows: int
    doubts: list[Doubt] = field(default_factory=list)
    file: str = ""


def read_people(path: Path, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The people in a csv or xlsx file. Raises Refusal with one sentence and the row's number."""
    check_kind(path.name)
    return people_in(path.name, read_bytes(path, max_bytes=max_bytes), max_bytes=max_bytes)


def people_in(name: str, data: bytes, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The same for a file that is in memory, as a page receives it."""
    people: dict[str, PersonDraft] = {}
    doubts: list[Doubt] = []
    count = 0
    for listed in _lists(name, data, max_bytes):
        for row in listed.rows:
            if any(cell.text for cell in row):
                count += 1
                _add(people, row, listed, doubts)
    if not people:
        raise Refusal(
            f"{name} has headings but nobody under them. {NOTHING_SAVED}",
            f"{name} har rubriker men ingen person under dem. {INGET_SPARAT}",
        )
    return PeopleDraft(list(people.values()), count, doubts, name)


def check_kind(name: str) -> None:
    """Refuse a file that by its ending is no list."""
    if not name.lower().endswith((*_TEXT, *_EXCEL)):
        raise Refusal(
            f"{name} is not a kind of list that is read; use .csv or .xlsx.",
            f"{name} är ingen lista som går att läsa. Spara den som .xlsx eller .csv.",
        )


def rows_of(
    name: str, data: bytes, headings: Headings, *, max_bytes: int = MAX_BYTES
) -> list[tuple[str, list[list[Cell]]]]:
    """The rows of a csv file, or of each sheet that shows: (name of the sheet, rows).

    `headings` tells which columns some headings name; it decides how a csv file is cut.
    """
    check_kind(name)
    if name.lower().endswith(_TEXT):
        return [("", _csv_rows(name, data, headings))]
    tables = read_content(name, data, max_bytes=max_bytes).tables
    return [(table.name, table.rows) for table in tables if table.rows and not table.hidden]


@dataclass(frozen=True, slots=True)
class _List:
    """Rows under their headings. `group` is the one that the words above them name."""

    columns: Mapping[_Column, int]
    rows: list[list[Cell]]
    group: str = ""
    prefix: str = ""  # a column "NOSAM" holds "Lerum"


def _add(
    people: dict[str, PersonDraft], row: list[Cell], listed: _List, doubts: list[Doubt]
) -> None:
    """One row: a person, or one more role for a person already met."""
    cells = {column: row[at] for column, at in listed.columns.items() if at < len(row)}
    number = row[0].row
    email = _email(_words(cells, _Column.EMAIL), number)
    name = _name(cells, number, email)
    roles = _roles(cells, number, listed)
    known = people.setdefault(email, PersonDraft(name, email))
    if _same(known.name) != _same(name):
        raise _refused(
            number,
            f"{email} is {_quoted(name)} here and {_quoted(known.name)} above.",
            f"{email} är {_quoted(name)} här och {_quoted(known.name)} längre upp.",
        )
    for role in dict.fromkeys(roles):
        if role not in known.roles:
            known.roles.append(role)
        if role.role and not role.group and _of_a_group(role.role, listed):
            doubts.append(_without_group(number, name, role.role))


def _of_a_group(role: str, listed: _List) -> bool:
    """Is it a role in a group? A title at work, where no groups are listed, is none."""
    words = rf"(?:{_ROLE}|{_OTHER_ROLE})"
    return _Column.GROUP in listed.columns or bool(re.search(words, role, re.IGNORECASE))


def _without_group(number: int, name: str, role: str) -> Doubt:
    return Doubt(
        number,
        f"{name} is {_quoted(role)}, but no group is named; the role is not saved.",
        f"{name} är ”{role}”, men ingen grupp står på raden. Rollen sparas inte.",
    )


def _name(cells: Mapping[_Column, Cell], number: int, email: str) -> str:
    columns = (_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME)
    name = " ".join(words for column in columns if (words := _words(cells, column)))
    if not name:
        raise _refused(number, f"the name of {email} is missing.", f"namnet på {email} saknas.")
    if len(name) > 200:
        raise _refused(
            number,
            f"the name {_quoted(name)} is too long.",
            f"namnet {_quoted(name)} är för långt.",
        )
    if not name.replace("\xa0", " ").isprintable():  # it is going to stand in a mail's header
        raise _refused(
            number,
            f"the name {_quoted(name)} holds a line break or a control sign.",
            f"namnet {_quoted(name)} har en radbrytning eller ett dolt tecken.",
        )
    turned = re.fullmatch(r"((?:v[oa]n |af |de )?[\w-]+),\s*([^\W\d_][\w-]+(?: [\w-]+)?)", name)
    if turned and not turned[2].isupper() and turned[2][0].isupper():
        name = f"{turned[2]} {turned[1]}"  # "Ek, Eva"
    return " ".join(name.split())


def _roles(cells: Mapping[_Column, Cell], number: int, listed: _List) -> list[RoleDraft]:
    """The roles of a row: mostly one, in one group."""
    first, last = _days(cells, number)
    if first and last and last < first:
        raise _refused(
            number,
            f"the last day {last} is before the first day {first}.",
            f"sista dagen {last} är före första dagen {first}.",
        )
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
        raise _refused(number, "the e-mail address is missing.", "e-postadressen saknas.")
    if not is_address(address.lower()):
        raise _refused(
            number,
            f"{_quoted(words)} is not an e-mail address.",
            f"{_quoted(words)} är ingen e-postadress.",
        )
    return address.lower()


def is_address(words: str) -> bool:
    """Can a letter be sent to it? Lower case, as addresses are on file."""
    if len(words) > 254 or len(words.partition("@")[0]) > 64:
        return False
    return bool(_ADDRESS.fullmatch(words))


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
    raise _refused(
        number,
        f"{_quoted(cell.text)} is not a date; write it as 2024-03-15.",
        f"{_quoted(cell.text)} är inget datum. Skriv det som 2024-03-15.",
    )


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
            raise Refusal(
                f"{name} has no column for e-mail addresses. {NOTHING_SAVED}",
                f"{name} har ingen kolumn för e-post. {INGET_SPARAT}",
            )
        if not {_Column.NAME, _Column.FIRST_NAME, _Column.LAST_NAME} & columns.keys():
            raise Refusal(
                f"{name} has no column for names. {NOTHING_SAVED}",
                f"{name} har ingen kolumn för namn. {INGET_SPARAT}",
            )
        above = [title, *(cell.text for line in rows[:at] for cell in line)]
        named = (found[1] for words in above if (found := GROUP.search(words)))
        group = re.split(r",|\s(?:19|20)\d\d", next(named, ""))[0].strip(" -–")
        has_groups = _Column.GROUP in columns
        head = row[columns[_Column.GROUP]].text.strip() if has_groups else ""
        prefix = head if re.fullmatch("NOSAM|LOSAM|TG|Temagrupp", head) else ""
        return _List(columns, rows[at + 1 :], "" if has_groups else group, prefix)
    raise Refusal(
        f"{name} has no recognisable heading row; "
        "name the columns Namn, E-post, Grupp, Roll, Från, Till.",
        f"{name} har ingen rubrikrad som känns igen. "
        "Kalla kolumnerna Namn, E-post, Grupp, Roll, Från, Till.",
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


def _lists(name: str, data: bytes, max_bytes: int) -> list[_List]:
    """The lists of a file; beside them a sheet of a workbook may hold something else."""
    shown = rows_of(name, data, _columns, max_bytes=max_bytes)
    if not shown:
        raise Refusal(
            f"{name} has no visible sheet with people in it.",
            f"{name} har inget synligt blad med personer.",
        )
    lists: list[_List] = []
    refusals: list[Refusal] = []
    for title, rows in shown:
        try:
            lists.append(_headed(rows, name, title))
        except Refusal as refusal:
            refusals.append(refusal)
    if not lists:
        raise refusals[0]
    return lists


def _csv_rows(name: str, data: bytes, headings: Headings) -> list[list[Cell]]:
    text = decoded(name, data)
    sign = _delimiter(text, headings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[list[Cell]] = []
    try:
        for number, values in enumerate(reader, 1):  # rows as Excel counts them, blank ones too
            if number > MAX_ROWS:
                raise Refusal(
                    f"{name} has more than {MAX_ROWS} rows; it is not read.",
                    f"{name} har fler än {MAX_ROWS} rader. Så stora listor läses inte.",
                )
            cells = [Cell(_trimmed(value), number, at) for at, value in enumerate(values, 1)]
            if any(cell.text for cell in cells):
                rows.append(cells)
    except csv.Error as error:
        line = reader.line_num
        raise Refusal(
            f"{name} is damaged near line {line}; save it as CSV again.",
            f"{name} är skadad nära rad {line}. Spara den som CSV på nytt.",
        ) from error
    return rows


def _trimmed(value: str) -> str:
    """Only the ends are cleaned, so that an odd character inside is seen and refused."""
    return unicodedata.normalize("NFC", value).strip(" \t\xa0\u200b\ufeff\r\n")


def _delimiter(text: str, headings: Headings) -> str:
    """The sign that cuts the heading row into the most known headings; a title may hold others."""
    lines = text.splitlines()[:_HEADING_WITHIN]
    known = {
        sign: max((len(headings(line.split(sign))) for line in lines), default=0) for sign in ";\t,"
    }
    return max(known, key=lambda sign: known[sign])


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _quoted(words: str) -> str:
    """The cell's words on one line; whatever is not printable is shown and not sent on."""
    plain = words if len(words) <= 80 else f"{words[:79]}…"
    return "'" + "".join(c if c.isprintable() else repr(c)[1:-1] for c in plain) + "'"


def _refused(number: int, english: str, swedish: str) -> Refusal:
    return Refusal(
        f"Row {number}: {english} {NOTHING_SAVED}", f"Rad {number}: {swedish} {INGET_SPARAT}"
    )
