"""What the cells beneath a heading say of it: days, names, words of status, yes and no, per cents.

The heading is one voice; the cells are the others. Where they agree against it ("Tilldelad till"
over names, "Klart?" over TRUE and FALSE) they win, and an unknown heading over them gets its role.
Words of the installation's own are never voted down. What a heading says: `heading_words.py`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum, auto

from intake.documents import Cell
from intake.plan.heading_words import Synonyms, is_aside, is_own
from intake.plan.states import tells_state
from intake.plan.wording import read_once
from models.plan_shape import Role
from models.span import Precision

LOOKED_AT = 25  # cells of a column; enough to hear what it holds
_MOST = 0.7  # of the cells must agree
_LONGEST_DAY = 45  # signs; a longer cell is a sentence with a date in it
_LONGEST_NAME = 90

_YES_OR_NO = re.compile(r"(?:true|false|sant|falskt|ja|nej|yes|no|x|[☐☒☑✓✔✗]+)", re.IGNORECASE)
_PER_CENT = re.compile(r"\d{1,3}(?:[.,]\d+)? ?%")
_DATE = re.compile(r"(?:20)?\d\d[-./]\d{1,2}[-./]\d{1,2}(?:[T ].*)?|\d{1,2}[./-]\d{1,2}[./-]20\d\d")
_FIGURE = re.compile(r"[\d\s.,]+(?: ?(?:kr|tkr|kkr|mkr|sek|h|tim|dagar|days?))?", re.IGNORECASE)
_WHO = re.compile(
    r"(?i:\w*(?:chef(?:er|en)?|samordnare|ledare|koordinator|handläggare|strateg|utvecklare"
    r"|controller|sekreterare|sköterska|terapeut|psykolog|kurator|rektor|konsulent|pedagog"
    r"|utredare|jurist|analytiker|kommunikatör|administratör|ansvarig|ekonom|ordförande)\b"
    r"|\b(?:nosam|losam|mas|mar|sas|bup|hsl|ifo)\b|\w*(?:grupp(?:en)?|nämnd(?:en)?"
    r"|förvaltning(?:en)?|enhet(?:en)?|kommun(?:en)?|region(?:en)?|styrelsen?)\b)"
    r"|^[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäö]+)? [A-ZÅÄÖ][a-zåäöé]+$|\S+@\S+\.\S+"
)
# Who takes part, as the heading of a column of crosses: "Kommunen", "Primärvården".
_PARTY = re.compile(
    r"(?i:kommun|region|primärvård|vårdcentral|slutenvård|specialistvård|psykiatri|sjukhus"
    r"|socialtjänst|hemsjukvård|hemtjänst|äldreomsorg|omsorg|elevhälsa|skola|förvaltning|nämnd"
    r"|brukar|patientförening|civilsamhälle)"
)
_MARK = re.compile(r"[x✓✔☒☑●•■]|ja", re.IGNORECASE)
_BOX = re.compile(r"[☐☒☑✓✔✗🗹●•x–-]", re.IGNORECASE)
_TICKED_OR_NOT = re.compile(r"[☐☒☑✓✔🗹]|\[[ xX]?\]")
_NO_DAY = (Precision.NONE, Precision.INVALID)


class Kind(Enum):
    """What the cells of a column hold."""

    DATES = auto()  # in figures
    DAYS = auto()  # in words or figures
    YES_OR_NO = auto()
    PER_CENT = auto()
    FIGURES = auto()
    STATES = auto()
    NAMES = auto()


_TIMES = (Role.START, Role.DEADLINE, Role.PERIOD)
# Cells of this kind under a heading of this role are of that role instead.
_GAINSAID: dict[Kind, dict[Role, Role]] = {
    Kind.YES_OR_NO: dict.fromkeys(_TIMES, Role.STATUS),
    Kind.PER_CENT: dict.fromkeys((*_TIMES, Role.STATUS), Role.STATUS),
    Kind.STATES: dict.fromkeys((*_TIMES, Role.HOW, Role.FOCUS_AREA), Role.STATUS),
    Kind.NAMES: {**dict.fromkeys(_TIMES, Role.RESPONSIBLE), Role.FUNDING: Role.RESPONSIBLE},
    Kind.DATES: {Role.GOAL: Role.DEADLINE},
    Kind.FIGURES: {
        Role.RESPONSIBLE: Role.FUNDING,
        Role.GOAL: Role.FOLLOW_UP,
        Role.STATUS: Role.STATUS,
    },
}


def voted(
    known: Mapping[int, Role],
    heads: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    synonyms: Synonyms | None,
) -> dict[int, Role]:
    """The roles of a heading row's columns, when the cells beneath have been heard too."""
    roles = dict(known)
    kinds = {cell.column: kind_of_column(cell.column, rows) for cell in heads}
    free = [cell for cell in heads if not is_own(cell.text, synonyms)]
    for cell in free:
        role = roles.get(cell.column)
        others = {has for at, has in roles.items() if at != cell.column}
        others |= {Role.STATUS} if _says_state(free, roles, kinds) else set()
        told = _instead(role, kinds[cell.column], others) if role else None
        if told:
            del roles[cell.column]
            if told not in others:
                roles[cell.column] = told
    for cell in free:
        if cell.column not in roles and not is_aside(cell.text):
            found = _missing(set(roles.values()), kinds[cell.column])
            if found:
                roles[cell.column] = found
    return roles


def _says_state(
    heads: Sequence[Cell], roles: Mapping[int, Role], kinds: Mapping[int, Kind | None]
) -> bool:
    """Does a column say in words how it goes, under a heading that nobody knows?"""
    unnamed = [cell for cell in heads if cell.column not in roles and not is_aside(cell.text)]
    return any(kinds[cell.column] is Kind.STATES for cell in unnamed)


def _instead(role: Role, kind: Kind | None, others: set[Role]) -> Role | None:
    """What the cells make of a heading that is known, or None where they do not gainsay it.

    A role that another column has already leaves this one without any.
    """
    told = _GAINSAID.get(kind, {}).get(role) if kind else None
    if told is role:
        return role if role in others else None  # "% klart" beside "Status", "35" beside "Pågår"
    if role in (Role.FUNDING, Role.HOW) and told in others:
        return None  # one cell "Utkast" under "Så gör vi", beside a status, is how it is done
    return told


def _missing(roles: set[Role], kind: Kind | None) -> Role | None:
    """The role that cells of a kind have under a heading that nobody knows, where it is free."""
    if kind in (Kind.DATES, Kind.DAYS) and not roles & {Role.DEADLINE, Role.PERIOD}:
        return Role.DEADLINE
    if kind is Kind.STATES and Role.STATUS not in roles:
        return Role.STATUS
    if kind is Kind.NAMES and Role.RESPONSIBLE not in roles:
        return Role.RESPONSIBLE
    return None


def kind_of_column(column: int, rows: Sequence[Sequence[Cell]]) -> Kind | None:
    """What most of a column's cells hold, or None."""
    cells = _cells_of(column, rows)
    if not cells:
        return None
    for kind, holds in _HOLDS:
        if sum(map(holds, cells)) >= _MOST * len(cells):
            return kind
    return None


def is_party(heading: Cell, rows: Sequence[Sequence[Cell]]) -> bool:
    """Is it a column of crosses under the name of somebody who may answer or take part?"""
    return names_party(heading.text) and is_crossed(heading.column, rows)


def names_party(words: str) -> bool:
    """Do the words name somebody who may answer: a municipality, a group, a role?"""
    return bool(_PARTY.search(words) or _WHO.search(words))


def is_crossed(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    """Is there a cross in some of a column's cells and nothing else in any?"""
    cells = _cells_of(column, rows)
    return bool(cells) and all(_MARK.fullmatch(cell.text.strip()) for cell in cells)


def is_ticked(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    """Are there only boxes and crosses in a column's cells, ticked or not?"""
    cells = _cells_of(column, rows)
    return bool(cells) and all(_BOX.fullmatch(cell.text.strip()) for cell in cells)


def is_boxed(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    """Are there boxes in a column's cells, ticked or not, and nothing else?"""
    cells = _cells_of(column, rows)
    return bool(cells) and all(_TICKED_OR_NOT.fullmatch(cell.text.strip()) for cell in cells)


def words_in(column: int, rows: Sequence[Sequence[Cell]]) -> float:
    """How many words the cells of a column have, on the whole."""
    cells = _cells_of(column, rows)
    return sum(len(cell.text.split()) for cell in cells) / len(cells) if cells else 0.0


def _cells_of(column: int, rows: Iterable[Sequence[Cell]]) -> list[Cell]:
    found: list[Cell] = []
    for row in rows:
        cell = row[column - 1] if 0 < column <= len(row) else None
        if cell is None or cell.column != column:
            cell = next((other for other in row if other.column == column), None)
        if cell and cell.text and not cell.from_above:
            found.append(cell)
        if len(found) == LOOKED_AT:
            break
    return found


def is_day(cell: Cell) -> bool:
    """Is this cell a day, a month or another stretch of time, and nothing more?"""
    if isinstance(cell.value, date):
        return True
    if len(cell.text) > _LONGEST_DAY or not re.search(r"\d|[a-zåäö]{3}", cell.text.lower()):
        return False
    span = read_once(cell.text, date(2025, 1, 1))
    return span.precision not in _NO_DAY or bool(span.doubt)


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell.value, int | float) or bool(_FIGURE.fullmatch(cell.text))


def _says(pattern: re.Pattern[str]) -> Callable[[Cell], bool]:
    return lambda cell: bool(pattern.fullmatch(cell.text.strip(" .!")))


def _names(cell: Cell) -> bool:
    return names_somebody(cell.text)


def names_somebody(words: str) -> bool:
    """Are these words a person's name, a title, or a body of some kind?"""
    return len(words) <= _LONGEST_NAME and bool(_WHO.search(words))


_HOLDS: tuple[tuple[Kind, Callable[[Cell], bool]], ...] = (
    (Kind.YES_OR_NO, _says(_YES_OR_NO)),
    (Kind.PER_CENT, _says(_PER_CENT)),
    (Kind.STATES, lambda cell: len(cell.text) <= 30 and tells_state(cell.text)),
    (Kind.DATES, lambda cell: isinstance(cell.value, date) or _says(_DATE)(cell)),
    (Kind.DAYS, lambda cell: not _FIGURE.fullmatch(cell.text) and is_day(cell)),
    (Kind.FIGURES, _is_figure),
    (Kind.NAMES, _names),
)
