"""A list of groups (csv, Excel) -> groups with kind, group above, days and chair, as a draft.

Read as a list of people is (`lists.py`): a row that cannot be right is left out, and told. Which of
the two a file is, its headings tell: a list of people has addresses of its own for each row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from intake.documents import MAX_BYTES, Cell, File, Refusal
from intake.forms import TOLD_ONCE, Reading
from intake.people.list_files import (
    HELD_A_NUMBER,
    INGET_SPARAT,
    NOTHING_SAVED,
    holds_numbers,
    rows_of,
)
from intake.people.lists import Doubt
from intake.people.register import collaboration_named, look_up_words, note, plain
from intake.people.taking_on import Typed, take_on
from intake.plan.heading_words import fold
from models.columns import c
from models.group import Group
from models.known import name_in
from models.person import Person, Role, RoleHolding
from rules.swedish_dates import read


class _Column(StrEnum):
    NAME = "name"
    KIND = "kind"
    PARENT = "parent"
    FROM = "from"
    TO = "to"
    CHAIR = "chair"


MOST_GROUPS = 2_000  # of a list; each is asked about by itself while nothing else can be saved
_LEVELS = 30  # of groups under groups
_HEADINGS: tuple[tuple[str, _Column], ...] = (
    (r"e ?post|mejl|e ?mail", _Column.CHAIR),
    (r"ordforande", _Column.CHAIR),
    (r"overordnad|ligger under|tillhor|parent", _Column.PARENT),
    (r"\btyp\b|\bslag\b|\bsort\b|kind", _Column.KIND),
    (r"\bfran\b|\bfrom\b|start|borjar", _Column.FROM),
    (r"\btill\b|\btom\b|slut|upphor", _Column.TO),
    (r"grupp|nosam|forum|\bnamn\b", _Column.NAME),
)


class _Wrong(ValueError):  # noqa: N818 - a row that is left out, not a fault
    """A row that cannot be right: what is wrong with it and what to do, in both languages."""

    def __init__(self, english: str, swedish: str) -> None:
        super().__init__(english)
        self.english, self.swedish = english, swedish


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group as its row tells it; the chair by name or address."""

    row: int
    name: str
    kind: str = ""
    parent: str = ""
    first_day: date | None = None
    last_day: date | None = None
    chair: str = ""
    numbers: bool = False  # did the row hold a personnummer?


@dataclass(frozen=True, slots=True)
class GroupsRead:
    """The groups of a list, and the rows that are left out, each with what to do."""

    groups: list[GroupDraft]
    left_out: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GroupsFiled:
    """What a list of groups changes, as Swedish sentences, and what to look over."""

    changes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[Doubt] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def is_group_list(name: str, file: File, *, max_bytes: int = MAX_BYTES) -> bool:
    """Is it groups that the rows tell of? They have a kind or a group above, and nobody's role."""
    for _, rows in rows_of(name, file, _columns, max_bytes=max_bytes):
        for row in rows[:10]:
            columns = _columns([cell.text for cell in row])
            if _Column.NAME in columns and {_Column.KIND, _Column.PARENT} & columns.keys():
                return not any(re.search(r"\broll\b", fold(cell.text)) for cell in row)
    return False


def read_groups(name: str, file: File, *, max_bytes: int = MAX_BYTES) -> GroupsRead:
    """The groups of a file. Raises Refusal when none of its rows can be read."""
    found: dict[str, GroupDraft] = {}
    left_out: list[Doubt] = []
    for _, rows in rows_of(name, file, _columns, max_bytes=max_bytes):
        columns: Mapping[_Column, int] = {}
        for row in rows:
            if _Column.NAME not in columns:
                columns = _columns([cell.text for cell in row])
                columns = columns if len(columns) > 1 else {}
                continue
            try:
                _take(_draft(columns, row), found)
            except _Wrong as wrong:
                left_out.append(Doubt(row[0].row, wrong.english, wrong.swedish))
    if not found and left_out:
        first = left_out[0]
        raise Refusal(
            f"Row {first.row}: {first.english} {NOTHING_SAVED}",
            f"Rad {first.row}: {first.swedish} {INGET_SPARAT}",
        )
    if not found:
        raise Refusal(
            f"{name} has no groups under headings such as Grupp, Typ, Överordnad grupp.",
            f"{name} har inga grupper under rubriker som Grupp, Typ, Överordnad grupp.",
        )
    if len(found) > MOST_GROUPS:
        raise Refusal(
            f"{name} has {len(found)} groups; at most {MOST_GROUPS} are read at a time. "
            "Part the list.",
            f"{name} har {len(found)} grupper. Högst {MOST_GROUPS} läses åt gången. Dela listan.",
        )
    return GroupsRead(list(found.values()), left_out)


def _take(draft: GroupDraft | None, found: dict[str, GroupDraft]) -> None:
    if draft is None:
        return
    if plain(draft.name) in found:
        raise _Wrong(
            f"the group {draft.name} stands twice; the first row counts.",
            f"Gruppen {draft.name} står två gånger. Den första raden gäller.",
        )
    found[plain(draft.name)] = draft


def file_groups(
    session: Session,
    read: GroupsRead,
    *,
    organisation: str,
    area: int | None = None,
    today: date,
    by: str,
) -> GroupsFiled:
    """Put groups on file and bring those on file up to date: all of the list, or nothing.

    1. Make the groups that are new, and those above that only a row names.
    2. Change kind, group above and days where the list tells otherwise; an empty cell says nothing.
    3. Give the chair her role; whoever was chair until then ends the day before.

    Whose list it is: the collaboration of that number (`area`), else of that name.
    """
    area = area or collaboration_named(session, organisation, organisation)
    filed = GroupsFiled(left_out=list(read.left_out))
    drafts = read.groups
    known = _known(session, area)
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    outcomes: dict[str, str] = {}
    for draft in drafts:
        if draft.numbers:
            filed.doubts.append(Doubt(draft.row, *HELD_A_NUMBER))
        outcomes[draft.name] = "unchanged" if plain(draft.name) in known else "new"
        for name in filter(None, (draft.name, draft.parent)):
            if plain(name) not in known:
                group = Group(collaboration_id=area, name=" ".join(name.split()))
                session.add(group)
                session.flush()
                known[plain(name)] = group
                _tell(session, filed, f"Ny grupp: {group.name}.", group, by, today)
    for draft in drafts:
        changed = _update(session, filed, known, draft, by, today)
        changed |= _chair(session, filed, known[plain(draft.name)], draft, by, today)
        outcome = outcomes[draft.name]
        counts["changed" if changed and outcome == "unchanged" else outcome] += 1
    session.flush()
    look_up_words(session)
    return GroupsFiled(filed.changes, filed.doubts, filed.left_out, **counts)


def _known(session: Session, area: int) -> dict[str, Group]:
    rows = session.execute(select(Group).where(c(Group).collaboration_id == area)).scalars()
    return {plain(group.name): group for group in rows}


def _update(
    session: Session,
    filed: GroupsFiled,
    known: dict[str, Group],
    draft: GroupDraft,
    by: str,
    today: date,
) -> bool:
    group = known[plain(draft.name)]
    parent = known[plain(draft.parent)] if draft.parent else None
    told: dict[str, tuple[str, Any]] = {
        "kind": ("Typ", draft.kind),
        "parent_id": ("Ligger under", parent.id if parent else None),
        "starts_on": ("Första dag", draft.first_day),
        "ends_on": ("Sista dag", draft.last_day),
    }
    if parent is not None and _is_below(session, parent, group):
        filed.doubts.append(
            Doubt(
                draft.row,
                f"{group.name} cannot be under {parent.name}, which is under it.",
                f"{group.name} kan inte ligga under {parent.name}, som ligger under den.",
            )
        )
        del told["parent_id"]
    first, last = draft.first_day or group.starts_on, draft.last_day or group.ends_on
    if first and last and last < first:
        filed.doubts.append(
            Doubt(
                draft.row,
                f"{group.name} would end {last}, before it begins {first}; the days are kept.",
                f"{group.name} skulle sluta {last}, före den första dagen {first}. Dagarna är "
                "oförändrade.",
            )
        )
        del told["starts_on"], told["ends_on"]
    changed = {n: (label, v) for n, (label, v) in told.items() if v and v != getattr(group, n)}
    for name, (label, value) in changed.items():
        setattr(group, name, value)
        said = parent.name if name == "parent_id" and parent else value
        _tell(session, filed, f"{group.name}: {label} blir {said}.", group, by, today)
    session.flush()
    return bool(changed)


def _is_below(session: Session, group: Group, above: Group) -> bool:
    """Is a group under another, by as many levels as there may be?"""
    at: Group | None = group
    for _ in range(_LEVELS):
        if at is None or at is above:
            return at is above
        at = session.get(Group, at.parent_id) if at.parent_id else None
    return True  # no levels end there: one more would be too many


def _chair(
    session: Session, filed: GroupsFiled, group: Group, draft: GroupDraft, by: str, today: date
) -> bool:
    if not draft.chair:
        return False
    reading = Reading({"chair": draft.chair}, today, session)
    person_id = reading.person("chair", {group.collaboration_id})
    if person_id is None or person_id == TOLD_ONCE:
        filed.doubts.append(
            Doubt(
                draft.row,
                f"{draft.chair!r} is nobody on file; {group.name} gets no chair from the list.",
                f"{draft.chair} finns inte bland personerna, så {group.name} får ingen ordförande "
                "från listan. Läs in personerna först.",
            )
        )
        return False
    assert group.id is not None
    to_come, now = _chairs(session, group.id, today)
    if any(row.person_id == person_id for row in now):
        return False
    yesterday = today - timedelta(days=1)
    for row in now:
        session.execute(
            update(RoleHolding)
            .where(c(RoleHolding).id == row.id)
            .values(ends_on=max(yesterday, row.starts_on or yesterday))
        )
    hers = [row.starts_on for row in to_come if row.person_id == person_id]
    session.add(
        RoleHolding(
            person_id=person_id,
            group_id=group.id,
            role=Role.CHAIR,
            starts_on=today if now else draft.first_day,
            ends_on=min(hers) - timedelta(days=1) if hers else None,
        )
    )
    name = name_in(session, group.collaboration_id, person_id)
    email = session.get_one(Person, person_id).email
    take_on(session, group.collaboration_id, [Typed(name, email)], by)
    words = f"{name} blir ordförande i {group.name}."
    filed.changes.append(words)
    note(session, words, by, today=today, group_id=group.id, person_id=person_id)
    return True


def _chairs(session: Session, group_id: int, today: date) -> tuple[list[Any], list[Any]]:
    """Who is going to chair a group, and who chairs it today."""
    held = session.execute(
        select(c(RoleHolding).id, c(RoleHolding).person_id, c(RoleHolding).starts_on).where(
            c(RoleHolding).group_id == group_id,
            c(RoleHolding).role == Role.CHAIR,
            (c(RoleHolding).ends_on.is_(None)) | (c(RoleHolding).ends_on >= today),
        )
    ).all()
    to_come = [row for row in held if row.starts_on and row.starts_on > today]
    return to_come, [row for row in held if row not in to_come]


def _tell(
    session: Session, filed: GroupsFiled, words: str, group: Group, by: str, today: date
) -> None:
    filed.changes.append(words)
    note(session, words, by, today=today, group_id=group.id)


def _draft(columns: Mapping[_Column, int], row: list[Cell]) -> GroupDraft | None:
    cells = {column: row[at] for column, at in columns.items() if at < len(row)}
    words = {column: " ".join(cell.text.split()) for column, cell in cells.items()}
    number = row[0].row
    if not any(words.values()):
        return None
    name = words.get(_Column.NAME, "")
    if not name or len(name) > 200:
        raise _Wrong("the group's name is missing.", "Gruppens namn saknas. Skriv det i filen.")
    first, last = (_day(words.get(w, ""), w) for w in (_Column.FROM, _Column.TO))
    if first and last and last < first:
        raise _Wrong(
            f"the last day {last} is before the first day {first}.",
            f"Sista dagen {last} är före första dagen {first}. Rätta datumen i filen.",
        )
    kind, above = words.get(_Column.KIND, ""), words.get(_Column.PARENT, "")
    chair, held = words.get(_Column.CHAIR, ""), holds_numbers(row)
    return GroupDraft(number, name, kind, above, first, last, chair, held)


def _day(words: str, which: _Column) -> date | None:
    words = re.sub(r"[ T]00:00(?::00)?$", "", words)
    if not words or words in {"-", "–"}:
        return None
    span = read(words, date(2000, 1, 1))
    day = span.last if which is _Column.TO else span.first
    if day is None and span.open:
        return None
    if day is None or span.doubt:
        raise _Wrong(
            f"{words!r} is not a date; write it as 2024-03-15.",
            f"”{words}” är inget datum. Skriv det som 2024-03-15.",
        )
    return day


def _columns(heads: list[str]) -> dict[_Column, int]:
    found: dict[_Column, int] = {}
    for position, text in enumerate(heads):
        words = fold(text)
        if not words or len(words.split()) > 4:
            continue
        column = next((col for pattern, col in _HEADINGS if re.search(pattern, words)), None)
        if column:
            found.setdefault(column, position)
    return found
