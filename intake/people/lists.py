"""A list of people -> people with their dated roles in groups, as a draft.

Every row is taken or left out with its number and what to do, since a wrong address is a letter to
the wrong person; one row that is left out stops no other. What is right but cannot be used (a role
without a group) is a doubt. Rows come from `list_files.py`, their columns from `list_headings.py`,
names and addresses are read in `list_names.py` and `mail_addresses.py`; comparing and saving is the
work of `filing.py`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
from intake.people.list_names import (
    all_of,
    as_addressed,
    looks_like,
    name_of,
    on_one_line,
    same_person,
    several,
    turned,
)
from intake.people.mail_addresses import Address, addresses_in, hers, only_inside
from intake.personnummer import masked
from intake.plan.front_page import GROUP
from intake.plan.responsible import split_responsible
from intake.plan.wording import Reader
from models.person import Role
from models.span import Precision
from rules.names_of_people import why_no_person
from rules.wording import visible

_ROLE = r"(?:v(?:ice|\.)?\s*)?ordf(?:örande\b|\.|\b)|processledare|PL\b"
_ROLES: tuple[tuple[str, str], ...] = (
    (r"ordf(?:örande|\.)?", "ordförande"),
    (r"v(?:ice|\.)?\s*ordf(?:örande|\.)?", "vice ordförande"),
    (r"process\W?ledare|pl", "processledare"),
    (r"ledam[oö]t(?:er)?", "ledamot"),
)
_OTHER_ROLE = r"ledamot|sammankallande|representant|ersättare|adjungerad|sekreterare|samordnare"
_ROLE_IN_GROUP = re.compile(
    rf"(?P<role>{_ROLE}|{_OTHER_ROLE})(?:\s*[,:–-])?(?:\s+(?:i|för|av|till))?\s+(?P<group>\S.*)",
    re.IGNORECASE,
)
_NEXT_ROLE = re.compile(
    rf"\s*(?:[;,/\n]|\s(?:och|samt)\s)\s*(?=(?:{_ROLE}|{_OTHER_ROLE}))", re.IGNORECASE
)
_YES = re.compile(r"(?:true|sant|ja|yes|1|aktiv\w*|blocked|blockerad)", re.IGNORECASE)
_NO = re.compile(
    r"(?:false|falskt|nej|no|0|inaktiv\w*|avst.ngd|avaktiverad|disabled)", re.IGNORECASE
)
_VAGUE = (Precision.NONE, Precision.INVALID, Precision.RECURRING, Precision.RELATIVE)
_NO_END = re.compile(
    r"[-–—. ]*|tills vidare|löpande|pågående|nuvarande|nu|ej bestämt", re.IGNORECASE
)


LONGEST_NAME = 200
_JOINER = re.compile("[\u200c\u200d]")  # between letters of a name in Persian, not seen


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """What a person is, in which group, from when till when (None = not told)."""

    group: str
    role: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person, known by the address (lower case).

    A mailbox that several people share has all of their `names`; one person has none there.
    """

    name: str
    email: str
    roles: list[RoleDraft] = field(default_factory=list)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look over before a list is saved, in both languages. Row 0: the list itself."""

    row: int
    english: str
    swedish: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: whom it tells of, or its words; and why it is left out ("" = taken)."""

    row: int
    name: str
    email: str
    left_out: str = ""
    words: str = ""  # all that a row that is left out says


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """Everybody in the file, how many rows said so, what is doubtful and what is left out."""

    people: list[PersonDraft]
    rows: int
    doubts: list[Doubt] = field(default_factory=list)
    file: str = ""
    left_out: list[Doubt] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Wrong(ValueError):  # noqa: N818 - a row that is left out, not a fault
    """A row that cannot be right: what is wrong with it and what to do, in both languages."""

    def __init__(self, english: str, swedish: str) -> None:
        super().__init__(english)
        self.english, self.swedish = english, swedish


def read_people(path: Path, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The people in a list. Raises Refusal with one sentence when nobody in it can be read."""
    check_kind(path.name)
    return people_in(path.name, file_at(path, max_bytes=max_bytes), max_bytes=max_bytes)


def people_in(name: str, file: File, *, max_bytes: int = MAX_BYTES) -> PeopleDraft:
    """The same for a file as a page receives it."""
    read = _Read()
    for listed in lists_in(name, file, max_bytes):
        section = ""
        for row in listed.rows:
            words = [cell.text for cell in row if cell.text]
            if len(set(words)) == 1 and GROUP.fullmatch(words[0]):
                section = words[0]
            elif words:
                read.row(row, replace(listed, group=section or listed.group))
    if not read.people and read.left_out:
        first = read.left_out[0]
        raise Refusal(
            f"Row {first.row}: {first.english} {NOTHING_SAVED}",
            f"Rad {first.row}: {first.swedish} {INGET_SPARAT}",
        )
    if not read.people:
        raise Refusal(
            f"{name} has headings but nobody under them. {NOTHING_SAVED}",
            f"{name} har rubriker men ingen person under dem. {INGET_SPARAT}",
        )
    people = [_finished(person, read.doubts) for person in read.people.values()]
    lines = sorted(read.lines, key=lambda line: line.row)
    return PeopleDraft(people, read.rows, read.doubts, masked(name), read.left_out, lines)


@dataclass(slots=True)
class _Read:
    """What is gathered while a list is gone through."""

    people: dict[str, PersonDraft] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[Doubt] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rows: int = 0

    def row(self, row: list[Cell], listed: ListOfPeople) -> None:
        """Take a row, or leave it out and say why."""
        number = row[0].row
        self.rows += 1
        if holds_numbers(row):
            self.doubts.append(Doubt(number, *HELD_A_NUMBER))
        cells = {column: row[at] for column, at in listed.columns.items() if at < len(row)}
        try:
            self._take(cells, number, listed)
        except _Wrong as wrong:
            self.left_out.append(Doubt(number, wrong.english, wrong.swedish))
            told = " ".join(cell.text for cell in cells.values() if cell.text)
            email = _words(cells, Column.EMAIL)
            self.lines.append(Line(number, visible(told), visible(email), wrong.swedish, told))

    def _take(self, cells: Mapping[Column, Cell], number: int, listed: ListOfPeople) -> None:
        """A row: a person or several, or one more role for somebody already met."""
        _refuse_shut(cells)
        doubts: list[Doubt] = []
        told = _people_of(cells, number, doubts)
        told = [
            replace(one, name=as_addressed(one.name, one.email))
            if listed.of_a_meeting or one.name.endswith(")")  # a directory's "Ek Alva (Norrås)"
            else one
            for one in told
        ]
        roles = list(dict.fromkeys(_roles(cells, listed)))
        for one in told:
            self._refuse_anothers(one)
        for one in told:
            known = self._known(one)
            known.roles.extend(role for role in roles if role not in known.roles)
            doubts.extend(
                _without_group(number, one.name, role.role)
                for role in roles
                if role.role and not role.group and _of_a_group(role.role, listed)
            )
            self.lines.append(Line(number, one.name, one.email))
        self.doubts.extend(doubts)

    def _refuse_anothers(self, one: PersonDraft) -> None:
        """An address that holds the name of somebody else is hers, and was copied to this row."""
        known = self.people.get(one.email)
        if known is None or any(same_person(known.name, name) for name in _names(one)):
            return
        if looks_like(one.email, known.name):
            raise _Wrong(
                f"{one.email} is '{visible(one.name)}' here and '{visible(known.name)}' above; "
                "correct the address.",
                f"{one.email} är ”{visible(one.name)}” här och ”{visible(known.name)}” längre upp. "
                "Rätta adressen i filen.",
            )

    def _known(self, one: PersonDraft) -> PersonDraft:
        """The draft that a row adds to: of one person, or of all who share a mailbox."""
        before = self.people.get(one.email)
        if before is None:
            self.people[one.email] = one
            return one
        names = list(_names(before))
        for name in _names(one):
            if not any(same_person(name, other) for other in names):
                names.append(name)
        if len(names) > 1:
            self.people[one.email] = replace(before, names=tuple(names))
        return self.people[one.email]


def _names(person: PersonDraft) -> tuple[str, ...]:
    return person.names or (person.name,)


def _finished(person: PersonDraft, doubts: list[Doubt]) -> PersonDraft:
    """A mailbox that is shared: named by all, told, and leading nothing."""
    if not person.names:
        return person
    name = all_of(person.names)
    leads = [role for role in person.roles if role.role == Role.PROCESS_LEADER]
    doubts.append(
        Doubt(
            0,
            f"{person.email} is shared by {name}: they get one letter. If that is wrong, correct "
            "the address.",
            f"{person.email} delas av {name}. De får ett gemensamt brev. Om det inte stämmer, "
            "rätta adressen i filen.",
        )
    )
    if leads:
        doubts.append(
            Doubt(
                0,
                f"{name} share a mailbox, and nobody leads with one; the role is not saved.",
                f"{name} delar brevlåda, och med en delad brevlåda kan ingen vara processledare. "
                "Rollen sparas inte. Ge processledaren en egen adress.",
            )
        )
    return replace(person, name=name, roles=[role for role in person.roles if role not in leads])


def _refuse_shut(cells: Mapping[Column, Cell]) -> None:
    is_shut = _YES.fullmatch(_words(cells, Column.SHUT).strip())
    if is_shut or _NO.fullmatch(_words(cells, Column.OPEN).strip()):
        raise _Wrong(
            "the account is closed, so nobody reads its mail.",
            "Kontot är avstängt, så ingen läser e-posten. Ta med personen med en annan adress.",
        )


def _people_of(cells: Mapping[Column, Cell], number: int, doubts: list[Doubt]) -> list[PersonDraft]:
    """Whom a row tells of: mostly one.

    1. As many names as addresses in two cells are so many people.
    2. Several names with one address share it.
    3. Several addresses with one name are hers: one is used, and which is told.
    """
    found = _addresses(cells)
    doubts.extend(_guest(number, one) for one in found if one.guest)
    listed = _words(cells, Column.NAME) or _words(cells, Column.SHOWN_NAME)
    names = several(listed, commas=len(found) > 1)
    name = _name(cells)
    if not name and len(found) > 1 and all(one.name for one in found):
        return [_checked(turned(one.name), one) for one in found]
    if len(names) == len(found) > 1:
        return [_checked(name, one) for name, one in _paired(names, found)]
    if len(names) > 1 and len(found) == 1:
        one = _checked(all_of(names), found[0])
        return [replace(one, names=tuple(names))]
    name = name or turned(found[0].name)
    chosen = hers(found, name)
    if len(found) > 1:
        doubts.append(_several_addresses(number, name, chosen, found))
    return [_checked(name, chosen)]


def _paired(names: list[str], found: tuple[Address, ...]) -> Iterator[tuple[str, Address]]:
    """Each name with the address that holds it, else with the one in its place."""
    own = {name: [one for one in found if looks_like(one.email, name)] for name in names}
    sure = all(len(hers) == 1 for hers in own.values())
    for at, name in enumerate(names):
        yield name, own[name][0] if sure else found[at]


def _addresses(cells: Mapping[Column, Cell]) -> tuple[Address, ...]:
    """The addresses of the first column that holds any.

    What somebody signs in with is an address where the list has no column for addresses.
    """
    columns = [Column.EMAIL, Column.DIRECTORY_EMAIL, Column.OTHER_EMAIL]
    if not {Column.EMAIL, Column.DIRECTORY_EMAIL} & cells.keys():
        columns = [Column.ACCOUNT, Column.OTHER_EMAIL]
    odd = ""
    for column in columns:
        told = addresses_in(_words(cells, column))
        found = tuple(one for one in told.found if not only_inside(one.email))
        if found:
            return found
        odd = odd or " ".join([*told.odd, *(one.email for one in told.found)])
    if not odd:  # a guest has no mail of the house's; her account is made from her own
        guests = tuple(
            one for one in addresses_in(_words(cells, Column.ACCOUNT)).found if one.guest
        )
        if guests:
            return guests
    if odd:
        raise _Wrong(
            f"'{visible(odd)}' is not an e-mail address.",
            f"”{visible(odd)}” är ingen e-postadress. Rätta adressen i filen.",
        )
    raise _Wrong("the e-mail address is missing.", "E-postadressen saknas. Skriv den i filen.")


def _guest(number: int, one: Address) -> Doubt:
    return Doubt(
        number,
        f"a guest's account; the address is read as {one.email}.",
        f"Ett gästkonto. Adressen läses som {one.email}. Stämmer den?",
    )


def _several_addresses(
    number: int, name: str, chosen: Address, found: tuple[Address, ...]
) -> Doubt:
    others = ", ".join(one.email for one in found if one != chosen)
    return Doubt(
        number,
        f"{name} has several addresses; {chosen.email} is used, and not {others}.",
        f"{name} har flera adresser. {chosen.email} används, men inte {others}.",
    )


def _checked(name: str, address: Address) -> PersonDraft:
    """A person, when the name is one: it is going to stand in a mail's header."""
    if not name:
        raise _Wrong(
            f"the name of {address.email} is missing.",
            f"Namnet på {address.email} saknas. Skriv det i filen.",
        )
    if len(name) > LONGEST_NAME:
        raise _Wrong(
            f"the name '{visible(name)}' is too long.",
            f"Namnet ”{visible(name)}” är för långt. Högst {LONGEST_NAME} tecken får plats.",
        )
    if not _JOINER.sub("", name).replace("\xa0", " ").isprintable():
        raise _Wrong(
            f"the name '{visible(name)}' holds a line break or a control sign.",
            f"Namnet ”{visible(name)}” har en radbrytning eller ett dolt tecken. Skriv om det.",
        )
    if why := why_no_person(name):
        raise _Wrong(
            f"the name '{visible(name)}' holds an address, an unseen sign or two alphabets in a "
            "word.",
            f"{why} Namnet är ”{visible(name)}”.",
        )
    return PersonDraft(" ".join(name.split()), address.email)


def _name(cells: Mapping[Column, Cell]) -> str:
    return name_of(
        on_one_line(_words(cells, Column.NAME)),
        _words(cells, Column.CALLED) or _words(cells, Column.FIRST_NAME),
        _words(cells, Column.LAST_NAME),
        _words(cells, Column.SHOWN_NAME),
        "" if _words(cells, Column.CALLED) else _words(cells, Column.MIDDLE_NAME),
    )


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


def _roles(cells: Mapping[Column, Cell], listed: ListOfPeople) -> list[RoleDraft]:
    """The roles of a row: mostly one, in one group."""
    first, last = _days(cells)
    if first and last and last < first:
        raise _Wrong(
            f"the last day {last} is before the first day {first}.",
            f"Sista dagen {last} är före första dagen {first}. Rätta datumen i filen.",
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


def _days(cells: Mapping[Column, Cell]) -> tuple[date | None, date | None]:
    """From when till when, out of two columns or of one that holds both ends."""
    period = cells.get(Column.PERIOD)
    if period and period.text and not {Column.FROM, Column.TO} & cells.keys():
        return _day(period, last=False), _day(period, last=True)
    first, last = cells.get(Column.FROM), cells.get(Column.TO)
    return _day(first, last=False), _day(last, last=True)


def _day(cell: Cell | None, *, last: bool) -> date | None:
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
    raise _Wrong(
        f"'{visible(cell.text)}' is not a date; write it as 2024-03-15.",
        f"”{visible(cell.text)}” är inget datum. Skriv det som 2024-03-15.",
    )


def _words(cells: Mapping[Column, Cell], column: Column) -> str:
    cell = cells.get(column)
    return cell.text if cell else ""
