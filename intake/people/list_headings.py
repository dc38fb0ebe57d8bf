"""Which column of a list of people holds what, told by its headings and the words above them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from intake.documents import Cell, File, Refusal
from intake.people.list_files import HEADING_WITHIN, INGET_SPARAT, NOTHING_SAVED, rows_of
from intake.plan.front_page import GROUP
from intake.plan.heading_words import fold


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "e-mail"
    GROUP = "group"
    ROLE = "role"
    FROM = "from"
    TO = "to"
    PERIOD = "period"


_HEADINGS: Mapping[str, Column] = {
    word: column
    for column, words in {
        Column.NAME: "namn|name|person|for och efternamn|fullstandigt namn|full name",
        Column.FIRST_NAME: "fornamn|first name|given name",
        Column.LAST_NAME: "efternamn|last name|surname",
        Column.EMAIL: "e post|epost|e postadress|epostadress|mejl|mejladress|mail|mailadress"
        "|e mail|email|email address|e mail address|e mailadress",
        Column.GROUP: "grupp|group|nosam|forum",
        Column.ROLE: "roll|role|funktion|function|uppdrag",
        Column.FROM: "fran|from|fran och med|startdatum|start|fran datum|first day|borjar",
        Column.TO: "till|to|tom|till och med|slutdatum|slut|till datum|last day|slutar",
    }.items()
    for word in words.split("|")
}
# Looked for in longer headings ("Roll i gruppen", "Gäller fr.o.m."); the first that fits wins.
_IN_HEADING: tuple[tuple[str, Column], ...] = (
    (r"e ?post|mejl|e ?mail", Column.EMAIL),
    (r"fornamn", Column.FIRST_NAME),
    (r"efternamn", Column.LAST_NAME),
    (r"period|mandattid|uppdragstid", Column.PERIOD),
    (r"\bfran\b|\bfrom\b|start|tilltrad", Column.FROM),
    (r"\btill\b|\btom\b|slut|avgar|upphor", Column.TO),
    (r"\broll\b|funktion|uppdrag", Column.ROLE),
    (r"grupp|nosam|forum", Column.GROUP),
    (r"\bnamn\b|representant|\bledamot\b|\bperson\b", Column.NAME),
)
# These count only where nothing better is said: a title at work is no role in a group.
_WEAK = {
    "befattning": Column.ROLE,
    "titel": Column.ROLE,
    "adress": Column.EMAIL,
    "organisation": None,
    "telefon": None,
}


@dataclass(frozen=True, slots=True)
class ListOfPeople:
    """Rows under their headings. `group` is the one that the words above them name."""

    columns: Mapping[Column, int]
    rows: list[list[Cell]]
    group: str = ""
    prefix: str = ""  # a column "NOSAM" holds "Lerum"


def lists_in(name: str, file: File, max_bytes: int) -> list[ListOfPeople]:
    """The lists of a file; beside them a sheet of a workbook may hold something else."""
    shown = rows_of(name, file, _columns, max_bytes=max_bytes)
    if not shown:
        raise Refusal(
            f"{name} has no visible sheet with people in it.",
            f"{name} har inget synligt blad med personer.",
        )
    lists: list[ListOfPeople] = []
    refusals: list[Refusal] = []
    for title, rows in shown:
        try:
            lists.append(_headed(rows, name, title))
        except Refusal as refusal:
            refusals.append(refusal)
    if not lists:
        raise refusals[0]
    return lists


def _headed(rows: list[list[Cell]], name: str, title: str = "") -> ListOfPeople:
    """Which column holds what, the rows under the headings, and the group named over them."""
    for at, row in enumerate(rows[:HEADING_WITHIN]):
        columns = _columns([cell.text for cell in row])
        if len(columns) < 2:
            continue
        if Column.EMAIL not in columns:
            raise Refusal(
                f"{name} has no column for e-mail addresses. {NOTHING_SAVED}",
                f"{name} har ingen kolumn för e-post. {INGET_SPARAT}",
            )
        if not {Column.NAME, Column.FIRST_NAME, Column.LAST_NAME} & columns.keys():
            raise Refusal(
                f"{name} has no column for names. {NOTHING_SAVED}",
                f"{name} har ingen kolumn för namn. {INGET_SPARAT}",
            )
        above = [title, *(cell.text for line in rows[:at] for cell in line)]
        named = (found[1] for words in above if (found := GROUP.search(words)))
        group = re.split(r",|\s(?:19|20)\d\d", next(named, ""))[0].strip(" -–")
        has_groups = Column.GROUP in columns
        head = row[columns[Column.GROUP]].text.strip() if has_groups else ""
        prefix = head if re.fullmatch("NOSAM|LOSAM|TG|Temagrupp", head) else ""
        return ListOfPeople(columns, rows[at + 1 :], "" if has_groups else group, prefix)
    raise Refusal(
        f"{name} has no recognisable heading row; "
        "name the columns Namn, E-post, Grupp, Roll, Från, Till.",
        f"{name} har ingen rubrikrad som känns igen. "
        "Kalla kolumnerna Namn, E-post, Grupp, Roll, Från, Till.",
    )


def _columns(heads: list[str]) -> dict[Column, int]:
    """What each column holds, by its heading; the first of several that say the same counts."""
    columns: dict[Column, int] = {}
    longer: dict[Column, int] = {}
    weak: dict[Column, int] = {}
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
