"""Which column is which: a table's heading row is found and each heading gets a role.

The words that headings are known by stand in `heading_words.py`; the cells beneath have a voice too
(`votes.py`), and where no table of a file has known headings they alone tell (`lenient`). A table
whose headings tell no activity is no plan, and says why. What the rows under the headings mean is
the work of `plans.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.documents import Cell, Table, unique_cells
from intake.plan.heading_words import (
    DATE_ROLES,
    DONE_WORDS,
    ENDS,
    WEAK_WHAT,
    Synonyms,
    columns_of_form,
    fold,
    is_aside,
    is_own,
    role_of,
)
from intake.plan.state_columns import (
    choices_in,
    finished_on,
    rounds_in,
    unnamed_states,
    yes_or_no,
)
from intake.plan.votes import (
    LOOKED_AT,
    Kind,
    is_party,
    kind_of_column,
    voted,
    words_in,
)
from models.plan_shape import Role

HEADING_WITHIN = 15  # rows to look through before a table is given up
_WHOLE = 4  # columns of a plan that leave no doubt that it is one
_LONGEST = 80  # signs; no heading is longer when no word of it is known

_NO_PLAN = re.compile(
    r"version|utgava|revision|reviderad|forkortning|begrepp|definition|betydelse|forklaring|andring"
    r"|andrad|e ?post|mejl|telefon|narvarande|franvarande|\bnamn\b|organisation$|\bplats\b|lokal$"
    r"|dagordning"
)
# These only explain a heading that says the same without them: "Ansvarig (namn)".
_OF_WHOM = re.compile(
    r"\b(?:namn|organisation|e ?post(?:adress)?|telefon(?:nummer)?|plats|lokal)\b"
)
_SPAN = re.compile(
    r"(?:20\d\d )?(?:(?:q|kv|kvartal|t|tertial) ?\d|(?:v|vecka) ?\d{1,2}"
    r"|(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}"
    r"|(?:vt|ht|var|host|sommar|vinter)(?:en|terminen)?)(?: ?(?:20)?\d\d)?|20\d\d"
)
_SUM_UP = ("sammanfattning", "summary")
_FORMER = re.compile(
    r"completion date$|(?:gammal|gammalt|gamla|tidigare|ursprunglig|forra|fore detta|original)t?\b"
)
_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
_LETTERS = "jfmamjjasond"


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row of a plan table: what each column (by its number) holds.

    `words` are folded to compare by, `told` as they stood.
    """

    row: int
    roles: Mapping[int, Role]
    words: Mapping[int, str]
    unknown: tuple[str, ...]
    spans: Mapping[int, str] = field(default_factory=dict)  # columns that are a quarter, a month
    yearly: Mapping[int, str] = field(default_factory=dict)  # columns of activities, each a year's
    both: Mapping[int, Role] = field(default_factory=dict)  # "Ansvarig/klart": who, and this too
    told: Mapping[int, str] = field(default_factory=dict)
    guessed: Mapping[int, Role] = field(default_factory=dict)  # told by the cells beneath alone
    parties: Mapping[int, str] = field(default_factory=dict)  # columns of crosses, each somebody's
    choices: Mapping[int, str] = field(default_factory=dict)  # columns of crosses, each a state
    rounds: tuple[int, ...] = ()  # columns of states, one each time it was followed up, newest last

    def has(self, *roles: Role) -> bool:
        """Is there a column for any of these?"""
        timed = bool(self.spans or self.yearly) and Role.PERIOD in roles
        named = {*self.roles.values(), *self.both.values()}
        if self.parties:
            named.add(self.crossed)
        return timed or any(role in named for role in roles)

    @property
    def crossed(self) -> Role:
        """What a cross makes of somebody: who answers, unless another column says that."""
        answered = Role.RESPONSIBLE in {*self.roles.values(), *self.both.values()}
        return Role.PARTICIPANTS if answered else Role.RESPONSIBLE

    def over_several(self, column: int) -> bool:
        """Is the column one of several under one heading ("Ansvar" over two)?"""
        role, words = self.roles.get(column), self.words.get(column)
        beside = (column - 1, column + 1)
        return role is not None and any(
            self.roles.get(at) is role and self.words.get(at) == words for at in beside
        )

    def words_over(self, role: Role) -> str:
        """The words of the heading over a role's column, or ""."""
        return next((self.words[at] for at in self.columns(role) if at in self.words), "")

    def columns(self, role: Role) -> list[int]:
        """The columns of one role, from left to right."""
        found = {column for column, has in [*self.roles.items(), *self.both.items()] if has is role}
        return sorted(found)

    def repeated_by(self, row: list[Cell]) -> bool:
        """Is this row the same heading row again, as on a new page?"""
        words = {cell.column: fold(cell.text) for cell in row if cell.text}
        return bool(words) and words == dict(self.words)


def heading_row(
    row: list[Cell],
    synonyms: Synonyms | None = None,
    below: Sequence[list[Cell]] = (),
    *,
    lenient: bool = False,
) -> Headings | None:
    """The row as headings, or None when it is no heading row of a plan.

    The rows `below` say what the words leave open; `lenient`: they may say all of it.
    """
    spans = spans_in(row)
    cells = [cell for cell in unique_cells(row) if cell.column not in spans]
    if not cells or any(is_data(cell) for cell in cells):
        return None
    below = _without_repeats(cells, below)
    form = _of_the_form(cells)
    said = {c.column: role_of(c.text, synonyms) for c in cells if c.column not in form}
    choices = choices_in(cells, below)
    known = {column: role for column, role in said.items() if role and column not in choices}
    parties = {
        cell.column: cell.text
        for cell in cells
        if cell.column not in {*known, *choices} and is_party(cell, below)
    }
    cells = [cell for cell in cells if cell.column not in choices]
    asked = [cell for cell in cells if cell.column not in form]
    counted = sum(not is_aside(cell.text) for cell in asked) - len(parties)
    needed = 1 if any(not re.fullmatch(r"20\d\d", fold(words)) for words in spans.values()) else 2
    few = len(known) < needed or len(known) * 2 < counted
    if few and not lenient:
        return None
    if few and not _may_be_headings(cells, below):
        return None
    by_words = dict(known)
    known = voted(known, asked, below, synonyms)
    if lenient and not {Role.WHAT, Role.HOW, Role.GOAL} & set(known.values()):
        known |= _longest_words(known, cells, below)
    known = _without_former(known, cells)
    empty = frozenset(at for at in known if below and not words_in(at, below))
    weak = _weak_names(known, cells, synonyms, empty)
    known = {column: role for column, role in known.items() if column not in weak.dropped}
    known |= _summed_up(known, cells, weak)
    known |= yes_or_no(known, cells)
    both = _who_and_when(known, cells)
    unnamed = unnamed_states(known, row, below) or finished_on(known, cells)
    yearly = _by_year(known, cells)
    roles = _settled(known | dict.fromkeys(both, Role.RESPONSIBLE), cells)
    roles |= dict.fromkeys(yearly, Role.WHAT)
    parties = {column: name for column, name in parties.items() if column not in roles}
    unknown = tuple(c.text for c in cells if c.column not in roles and c.column not in parties)
    timed = {Role.PERIOD} if spans else set(both.values())
    others = [cell for cell in asked if cell.column not in weak.kept]
    if not _tells_activity(set(roles.values()) | timed) or _is_other_table(others, roles):
        return None
    return Headings(
        row=cells[0].row,
        roles=_spread(roles, row) | unnamed,
        words={cell.column: fold(cell.text) for cell in row if cell.text},
        unknown=unknown,
        spans=spans,
        yearly=yearly,
        both=both,
        told={cell.column: cell.text for cell in unique_cells(row)},
        guessed={at: role for at, role in known.items() if by_words.get(at) is not role},
        parties=parties,
        choices=choices,
        rounds=rounds_in(roles, cells, below),
    )


def _without_repeats(cells: Sequence[Cell], below: Sequence[list[Cell]]) -> Sequence[list[Cell]]:
    """The rows beneath that are heard, without the same headings over a next group of rows."""
    words = [cell.text for cell in cells]
    heard = below[: LOOKED_AT * 4]
    return [row for row in heard if [cell.text for cell in row if cell.text] != words]


def _may_be_headings(cells: Sequence[Cell], below: Sequence[list[Cell]]) -> bool:
    """Short words, each another, over something: what a row must be when no word of it is known."""
    texts = [fold(cell.text) for cell in cells]
    short = all(len(cell.text) <= _LONGEST and not cell.from_above for cell in cells)
    return len(cells) > 1 and len(set(texts)) == len(texts) and short and bool(below)


def _longest_words(
    known: Mapping[int, Role], cells: Sequence[Cell], below: Sequence[list[Cell]]
) -> dict[int, Role]:
    """The column that says most is what is done, where no heading names it."""
    free = [cell.column for cell in cells if cell.column not in known and not is_aside(cell.text)]
    length = {
        at: words_in(at, below)
        for at in free
        if kind_of_column(at, below) in (None, Kind.NAMES) and words_in(at, below) >= 2
    }
    return {max(length, key=lambda at: length[at]): Role.WHAT} if length else {}


@dataclass(frozen=True, slots=True)
class _Weak:
    """The columns that are called "Namn" or "Rubrik": those that name activities, and others."""

    kept: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()


def _without_former(known: Mapping[int, Role], cells: Sequence[Cell]) -> dict[int, Role]:
    """ "Gammalt slutdatum" beside "Slutdatum" is what was, and is told as a column left out.

    So is a day in words beside the day itself ("Due Date Text").
    """
    words = {cell.column: fold(cell.text) for cell in cells}
    said = set(words.values())
    former = {at for at, told in words.items() if _FORMER.match(told) or _is_twin(told, said)}
    now = {role for column, role in known.items() if column not in former}
    return {
        column: role for column, role in known.items() if column not in former or role not in now
    }


def _of_the_form(cells: Sequence[Cell]) -> frozenset[int]:
    """The columns that a form fills in itself, where these are the answers to one."""
    own = columns_of_form([cell.text for cell in cells])
    return frozenset(cell.column for cell in cells if own and fold(cell.text) in own)


def _is_twin(words: str, others: set[str]) -> bool:
    return words.endswith(" text") and words.removesuffix(" text") in others


def _weak_names(
    known: Mapping[int, Role],
    cells: Sequence[Cell],
    synonyms: Synonyms | None,
    empty: frozenset[int],
) -> _Weak:
    """ "Namn" names an activity where no other column does and the list says who, when and how."""
    named = [
        cell.column
        for cell in cells
        if known.get(cell.column) is Role.WHAT
        and fold(cell.text).replace(" ", "") in WEAK_WHAT
        and not is_own(cell.text, synonyms)
    ]
    if not named:
        return _Weak()
    roles = {role for at, role in known.items() if at not in named and at not in empty}
    sure = Role.WHAT in roles or not roles & DATE_ROLES
    if sure or not roles & {Role.RESPONSIBLE, Role.STATUS}:
        return _Weak(dropped=frozenset(named))
    return _Weak(frozenset(named[:1]), frozenset(named[1:]))


def _summed_up(known: Mapping[int, Role], cells: Sequence[Cell], weak: _Weak) -> dict[int, Role]:
    """ "Rubrik | Sammanfattning": what names no activity beside another one says how."""
    if Role.HOW in known.values():
        return {}
    said = [
        cell.column for cell in cells if cell.column in weak.dropped and fold(cell.text) in _SUM_UP
    ]
    return dict.fromkeys(said[:1], Role.HOW)


def _who_and_when(known: Mapping[int, Role], cells: list[Cell]) -> dict[int, Role]:
    """The columns for both, such as "Ansvarig/klart när", where no other column tells when."""
    found: dict[int, Role] = {}
    for cell in cells:
        parts = re.split(r"[/,&+(\n]|\s(?:och|samt|-|–)\s", cell.text)
        roles = [role for part in parts if (role := role_of(part))]
        when = next((role for role in roles if role in DATE_ROLES), None)
        if when and Role.RESPONSIBLE in roles:
            found[cell.column] = when
    timed = any(role in DATE_ROLES for column, role in known.items() if column not in found)
    return {} if timed or len(found) > 1 else found


def _by_year(known: Mapping[int, Role], cells: list[Cell]) -> dict[int, str]:
    """Several columns of activities, each with its year, where no column tells when."""
    found = {
        cell.column: year[0]
        for cell in cells
        if known.get(cell.column) is Role.WHAT and (year := re.search(r"\b20\d\d\b", cell.text))
    }
    several = len(set(found.values())) == len(found) > 1
    return found if several and not DATE_ROLES & set(known.values()) else {}


def spans_in(row: list[Cell]) -> dict[int, str]:
    """The columns that are each a quarter, a month or a year, when there are several of them."""
    cells = list(unique_cells(row))
    found = {cell.column: cell.text for cell in cells if _SPAN.fullmatch(fold(cell.text))}
    letters = "".join(cell.text if len(cell.text) == 1 else " " for cell in cells).lower()
    at = letters.find(_LETTERS)
    if at >= 0:  # J F M A M J J A S O N D
        found |= {
            cell.column: month for cell, month in zip(cells[at : at + 12], _MONTHS, strict=True)
        }
    return found if len(found) > 1 else {}


def headings_in(
    table: Table, synonyms: Synonyms | None = None, *, lenient: bool = False
) -> tuple[int, Headings] | None:
    """Which row of a table is its heading row, if any of the first ones is, and its headings."""
    for at, row in enumerate(table.rows[:HEADING_WITHIN]):
        below = table.rows[at + 1 :]
        found = heading_row(row, synonyms, below, lenient=lenient)
        if found and not _is_statistics(found, below):
            return at, found
    return None


def _is_statistics(headings: Headings, rows: list[list[Cell]]) -> bool:
    """ "Insats | Q1 | Q2" over figures counts something; over marks it says when."""
    if len(headings.roles) > 1 or not headings.spans:
        return False
    said = [
        cell.text for row in rows for cell in row if cell.column in headings.spans and cell.text
    ]
    figures = [
        text for text in said if re.fullmatch(r"[\d\s.,%]+(?:kr|tkr)?", text) and text != "1"
    ]
    return len(figures) * 2 > len(said)


def why_no_plan(rows: list[list[Cell]]) -> str:
    """A Swedish sentence on why a table is not read as a plan."""
    first = list(unique_cells(rows[0])) if rows else []
    words = " ".join(fold(cell.text) for cell in first)
    if re.search("forkortning|begrepp|definition|betydelse|forklaring", words):
        return "Tabellen är en lista över förkortningar eller begrepp, ingen plan."
    if re.search("version|utgava|revision|reviderad|andring|andrad", words):
        return "Tabellen är en versionshistorik, ingen plan."
    if re.search(r"namn|e ?post|mejl|telefon|narvarande", words):
        return "Tabellen är en lista över personer, ingen plan."
    return "Tabellen har inga rubriker som visar aktiviteter."


def is_data(cell: Cell) -> bool:
    """Real dates and numbers, and lone digits, stand under headings and not in them."""
    return cell.value is not None or bool(re.fullmatch(r"[\d\s./-]+", cell.text))


def _tells_activity(roles: set[Role]) -> bool:
    beside = roles & {Role.RESPONSIBLE, Role.START, Role.DEADLINE, Role.PERIOD, Role.FOLLOW_UP}
    if Role.WHAT in roles or Role.HOW in roles:
        return len(roles - {Role.NUMBER}) >= 2
    return Role.GOAL in roles and bool(beside)


def _is_other_table(cells: list[Cell], roles: Mapping[int, Role]) -> bool:
    """A version table has "Vad" and "Vem" as well; its other headings give it away."""
    whole = len(set(roles.values())) >= _WHOLE  # then who changed a row is said of a plan's
    foreign = sum(1 for cell in cells if _is_foreign(cell) and not (whole and is_aside(cell.text)))
    strange_first = _is_foreign(cells[0]) and len(roles) < _WHOLE
    return strange_first or (foreign > 0 and foreign * 3 >= len(roles))


def _is_foreign(cell: Cell) -> bool:
    """Does a heading say what no plan has: a version, a name, an address?"""
    folded = fold(cell.text)
    if not _NO_PLAN.search(folded):
        return False
    rest = _OF_WHOM.sub(" ", folded).strip()
    says_it = role_of(rest) or role_of(rest.removesuffix("s"))  # "Uppgiftens namn"
    return rest == folded or bool(_NO_PLAN.search(rest)) or says_it is None


def _settled(known: dict[int, Role], cells: list[Cell]) -> dict[int, Role]:
    """Several columns of one kind: each gets the place that its neighbours leave free."""
    words = {cell.column: fold(cell.text) for cell in cells}
    roles = dict(known)
    goals = [column for column, role in sorted(roles.items()) if role is Role.GOAL]
    if len(goals) > 1 and Role.FOCUS_AREA not in roles.values():
        below = [column for column in goals if "delmal" in words[column]]
        upper = goals[0] if goals[0] not in below[:1] else goals[1]
        roles[upper] = Role.FOCUS_AREA
    for column in [at for at, role in roles.items() if role is Role.DEADLINE]:
        others = {role for at, role in roles.items() if at != column}
        if words[column] in DONE_WORDS and others & ENDS:
            roles[column] = Role.STATUS  # "När | Klart": the second says yes or no
    lists = [column for column in roles if words[column] == "list name"]
    if lists and len([at for at, role in roles.items() if role is Role.STATUS]) > len(lists):
        above = {Role.GOAL, Role.FOCUS_AREA} & set(roles.values())
        roles |= dict.fromkeys(lists, Role.NUMBER if above else Role.FOCUS_AREA)
    now = [column for column, role in roles.items() if words[column] == "nulage"]
    for column in now:  # "Nuläge | Önskat läge" tell why, and "Status" how it goes
        if (
            any("onskat" in said for said in words.values())
            or len([at for at, role in roles.items() if role is Role.STATUS]) > 1
        ):
            del roles[column]
    _demote(roles, words, Role.WHAT, "aktivitet", Role.HOW)
    _demote(roles, words, Role.RESPONSIBLE, "ansvar", Role.PARTICIPANTS)
    if Role.WHAT not in roles.values():
        _promote(roles)
    return roles


def _demote(
    roles: dict[int, Role], words: dict[int, str], role: Role, keep: str, other: Role
) -> None:
    """Of several columns of a role, those that say `keep` (else the first) have it alone."""
    columns = [column for column, has in sorted(roles.items()) if has is role]
    kept = [column for column in columns if words[column].startswith(keep)] or columns[:1]
    for column in columns:
        if column not in kept:
            roles[column] = other


def _promote(roles: dict[int, Role]) -> None:
    """Without a column for what is done, "Beskrivning" or "Hur" says it, and else the goal."""
    for role in (Role.HOW, Role.GOAL):
        columns = [column for column, has in sorted(roles.items()) if has is role]
        if columns:
            roles[columns[0]] = Role.WHAT
            return


def _spread(roles: dict[int, Role], row: list[Cell]) -> dict[int, Role]:
    """A heading merged over several columns names all of them."""
    by_origin = {cell.origin: roles[cell.column] for cell in row if cell.column in roles}
    return {
        cell.column: by_origin[cell.origin]
        for cell in row
        if cell.text and cell.origin in by_origin
    }
