"""A list of people -> people with their dated roles in groups, as a draft.

Nothing is half understood here: a row that cannot be right is refused with its number and its
words, since a wrong address is a letter to the wrong person. What is right but cannot be used (a
role without a group) is a doubt. Rows come from `list_files.py`, their columns from
`list_headings.py`; comparing and saving is the work of `filing.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from intake.documents import MAX_BYTES, Cell, File, Refusal, file_at
from intake.people.list_files import (
    HELD_A_NUMBER,
    INGET_SPARAT,
    NOTHING_SAVED,
    check_kind,
    holds_numbers,
)
from intake.people.list_headings import Column, ListOfPeople, lists_in
from intake.personnummer import masked
from intake.plan.front_page import GROUP
from intake.plan.responsible import split_responsible
from intake.plan.wording import Reader
from models.span import Precision
from rules.wording import visible

_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
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
    return people_in(path.name, file_at(path, max_bytes=max_bytes), max_bytes=max_bytes)


def people_in(name: str, file: File, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The same for a file as a page receives it."""
    people: dict[str, PersonDraft] = {}
    doubts: list[Doubt] = []
    count = 0
    for listed in lists_in(name, file, max_bytes):
        for row in listed.rows:
            if any(cell.text for cell in row):
                count += 1
                if holds_numbers(row):
                    doubts.append(Doubt(row[0].row, *HELD_A_NUMBER))
                _add(people, row, listed, doubts)
    if not people:
        raise Refusal(
            f"{name} has headings but nobody under them. {NOTHING_SAVED}",
            f"{name} har rubriker men ingen person under dem. {INGET_SPARAT}",
        )
    return PeopleDraft(list(people.values()), count, doubts, masked(name))


def _add(
    people: dict[str, PersonDraft], row: list[Cell], listed: ListOfPeople, doubts: list[Doubt]
) -> None:
    """One row: a person, or one more role for a person already met."""
    cells = {column: row[at] for column, at in listed.columns.items() if at < len(row)}
    number = row[0].row
    email = _email(_words(cells, Column.EMAIL), number)
    name = _name(cells, number, email)
    roles = _roles(cells, number, listed)
    known = people.setdefault(email, PersonDraft(name, email))
    if _same(known.name) != _same(name):
        raise _refused(
            number,
            f"{email} is '{visible(name)}' here and '{visible(known.name)}' above.",
            f"{email} är ”{visible(name)}” här och ”{visible(known.name)}” längre upp.",
        )
    for role in dict.fromkeys(roles):
        if role not in known.roles:
            known.roles.append(role)
        if role.role and not role.group and _of_a_group(role.role, listed):
            doubts.append(_without_group(number, name, role.role))


def _of_a_group(role: str, listed: ListOfPeople) -> bool:
    """Is it a role in a group? A title at work, where no groups are listed, is none."""
    words = rf"(?:{_ROLE}|{_OTHER_ROLE})"
    return Column.GROUP in listed.columns or bool(re.search(words, role, re.IGNORECASE))


def _without_group(number: int, name: str, role: str) -> Doubt:
    return Doubt(
        number,
        f"{name} is '{visible(role)}', but no group is named; the role is not saved.",
        f"{name} är ”{visible(role)}”, men ingen grupp står på raden. Rollen sparas inte.",
    )


def _name(cells: Mapping[Column, Cell], number: int, email: str) -> str:
    columns = (Column.NAME, Column.FIRST_NAME, Column.LAST_NAME)
    name = " ".join(words for column in columns if (words := _words(cells, column)))
    if not name:
        raise _refused(number, f"the name of {email} is missing.", f"namnet på {email} saknas.")
    if len(name) > 200:
        raise _refused(
            number,
            f"the name '{visible(name)}' is too long.",
            f"namnet ”{visible(name)}” är för långt.",
        )
    if not name.replace("\xa0", " ").isprintable():  # it is going to stand in a mail's header
        raise _refused(
            number,
            f"the name '{visible(name)}' holds a line break or a control sign.",
            f"namnet ”{visible(name)}” har en radbrytning eller ett dolt tecken.",
        )
    turned = re.fullmatch(r"((?:v[oa]n |af |de )?[\w-]+),\s*([^\W\d_][\w-]+(?: [\w-]+)?)", name)
    if turned and not turned[2].isupper() and turned[2][0].isupper():
        name = f"{turned[2]} {turned[1]}"  # "Ek, Eva"
    return " ".join(name.split())


def _roles(cells: Mapping[Column, Cell], number: int, listed: ListOfPeople) -> list[RoleDraft]:
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
        for name in _groups(_words(cells, Column.GROUP))
    ]
    told = _words(cells, Column.ROLE).replace("\xad", "")
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
            f"'{visible(words)}' is not an e-mail address.",
            f"”{visible(words)}” är ingen e-postadress.",
        )
    return address.lower()


def is_address(words: str) -> bool:
    """Can a letter be sent to it? Lower case, as addresses are on file."""
    if len(words) > 254 or len(words.partition("@")[0]) > 64:
        return False
    return bool(_ADDRESS.fullmatch(words))


def _days(cells: Mapping[Column, Cell], number: int) -> tuple[date | None, date | None]:
    """From when till when, out of two columns or of one that holds both ends."""
    period = cells.get(Column.PERIOD)
    if period and period.text and not {Column.FROM, Column.TO} & cells.keys():
        return _day(period, number, last=False), _day(period, number, last=True)
    first, last = cells.get(Column.FROM), cells.get(Column.TO)
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
        f"'{visible(cell.text)}' is not a date; write it as 2024-03-15.",
        f"”{visible(cell.text)}” är inget datum. Skriv det som 2024-03-15.",
    )


def _words(cells: Mapping[Column, Cell], column: Column) -> str:
    cell = cells.get(column)
    return cell.text if cell else ""


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _refused(number: int, english: str, swedish: str) -> Refusal:
    return Refusal(
        f"Row {number}: {english} {NOTHING_SAVED}", f"Rad {number}: {swedish} {INGET_SPARAT}"
    )
