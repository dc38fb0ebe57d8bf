"""One row of a plan under its headings, and the several activities that may share a row.

People write two activities in one row by leaving a blank line in its cells, or by giving each a
line of its own in every cell. Which rows there are is the work of `layout.py`, what their words
mean that of `plans.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from intake.documents import Cell
from intake.drafts import Asks, Doubt, Source
from intake.plan.heading_words import DATE_ROLES
from intake.plan.headings import Headings
from models.plan_shape import Role
from models.span import Precision
from rules import swedish_dates

_KEEPS = (Role.GOAL, Role.FOCUS_AREA)  # one for all activities of a row
# What begins something of its own when it stands alone in a row.
_NOT_CONTINUED = (None, Role.WHAT, Role.GOAL, Role.FOCUS_AREA, Role.NUMBER)
_SHORT_ROLES = (Role.START, Role.DEADLINE, Role.PERIOD, Role.RESPONSIBLE, Role.STATUS)
_SAID_ONCE = (Role.STATUS, Role.FOLLOW_UP)
_START_WORD = re.compile(r"\W*(?:start|från|fr\.?\s?o|påbörj|börj)", re.I)
_END_WORD = re.compile(r"\W*(?:slut|klar|färdig|deadline|senast|till|t\.?\s?o)", re.I)


_LAST_OF_WHO = re.compile(r"(?<!\w)(?:klar|klart|färdigt|deadline|slut)$", re.I)
_BETWEEN = " \t\r\n\f\v\xa0,;:/(–-"  # what stands between who and when
_OF_THE_FORM = re.compile(
    r"(?:klicka (?:eller tryck )?här|click (?:or tap )?here|(?:skriv|ange) (?:text )?här)\b.*"
    r"|välj ett (?:objekt|alternativ|datum)\.?|choose an item\.?",
    re.IGNORECASE,
)
_LONGEST = 1_000  # signs of a cell that are searched for dates


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The words of one row by what they are, with the sections above it filled in."""

    headings: Headings
    source: Source
    texts: Mapping[Role, str]
    cells: Mapping[Role, Cell]
    own_goal: bool = False
    doubts: tuple[Doubt, ...] = ()
    runs_on: str = ""  # the words of a heading over the row that say so
    year: int | None = None  # of the heading over the row, for dates without one

    def text(self, role: Role) -> str:
        """The words under a heading, or ""."""
        return self.texts.get(role, "")

    def cell(self, role: Role) -> Cell | None:
        """The cell under a heading, for what is not words alone."""
        return self.cells.get(role)

    def doubt(
        self, kind: Asks, sentence: str, role: Role | None = None, proposal: str = ""
    ) -> Doubt:
        """A doubt about this row, or about its cell under a heading."""
        source = self.source
        cell = self.cells.get(role) if role else None
        columns = self.headings.columns(role) if role else []
        if cell:
            source = replace(source, column=cell.column, page=cell.page or source.page)
        elif columns:
            source = replace(source, column=columns[0])
        return Doubt(kind, sentence, self.text(role) if role else "", proposal, source)

    def parts(self) -> list["PlanRow"]:
        """The row as one activity, or as several where its cells are cut alike."""
        count, by_lines = self._count(), False
        if count < 2:
            count, by_lines = self._count_of_lines(), True
        if count < 2:
            mixed = [role for role in (Role.WHAT, Role.HOW) if len(_groups(self.text(role))) > 1]
            doubt = self.doubt(
                Asks.SPLIT, "Raden kan rymma flera aktiviteter: cellerna har blankrader.", Role.WHAT
            )
            return [replace(self, doubts=(*self.doubts, doubt)) if len(mixed) > 1 else self]
        return [self._part(at, count, by_lines) for at in range(count)]

    def _count(self) -> int:
        """How many activities the row holds: a short cell and another must agree on it."""
        groups = {role: len(_groups(text)) for role, text in self.texts.items()}
        for count in sorted(set(groups.values()) - {0, 1}, reverse=True):
            cut = [role for role, has in groups.items() if has == count and role not in _KEEPS]
            lines = [
                role
                for role in DATE_ROLES
                if role not in cut and len(self.text(role).split("\n")) == count
            ]
            if len(cut) + len(lines) > 1 and any(role in _SHORT_ROLES for role in cut + lines):
                return count
        return 1

    def _count_of_lines(self) -> int:
        """How many activities the row holds when each has its own date, on a line of its own.

        Two lines in the only date column may be the two ends; then more than the text must agree.
        """
        cut = {role: len(_lines(text)) for role, text in self.texts.items() if role not in _KEEPS}
        dated = {role for role in DATE_ROLES if cut.get(role, 0) > 1}
        counts = {cut[role] for role in dated}
        if len(counts) != 1 or not all(_are_dates(_lines(self.text(role))) for role in dated):
            return 1
        (count,) = counts
        alike = {role for role, lines in cut.items() if lines == count} - dated
        needed = 2 if dated == {Role.PERIOD} else 1
        says_what = alike & {Role.WHAT, Role.HOW}
        return count if says_what and len(alike) >= needed else 1

    def _part(self, at: int, count: int, by_lines: bool) -> "PlanRow":
        texts: dict[Role, str] = {}
        told_once = []
        for role, text in self.texts.items():
            groups, lines = _groups(text), _lines(text)
            one_each = by_lines or (role in _SHORT_ROLES and len(groups) == 1)
            if len(groups) == count:
                texts[role] = groups[at]
            elif one_each and len(lines) == count and role not in _KEEPS:
                texts[role] = lines[at]
            elif role in _SAID_ONCE:
                texts[role] = text if at == 0 else ""
                told_once += [text] if text else []
            else:
                texts[role] = text
        cells = {
            role: cell
            if cell.text == texts.get(role)
            else replace(cell, text=texts[role], value=None)
            for role, cell in self.cells.items()
        }
        doubts = [
            self.doubt(
                Asks.SPLIT, f"En rad är delad i {count} aktiviteter; detta är nummer {at + 1}."
            )
        ]
        if told_once:
            once = f"”{short(told_once[0])}” står en gång i raden och är lagt på den första."
            doubts.append(self.doubt(Asks.SPLIT, once))
        return replace(self, texts=texts, cells=cells, doubts=(*self.doubts, *doubts))


def by_role(headings: Headings, row: list[Cell]) -> tuple[dict[Role, str], dict[Role, Cell]]:
    """The row's words by role; a cell merged over two columns belongs to the left one."""
    texts: dict[Role, str] = {}
    cells: dict[Role, Cell] = {}
    seen: set[tuple[int, int]] = set()
    _marked(headings, row, texts, cells)
    _crossed(headings, row, texts, cells)
    _chosen(headings, row, texts, cells)
    newest = _newest_round(headings, row)
    for cell in row:
        role = headings.roles.get(cell.column)
        if cell is newest:
            role = Role.STATUS
        elif cell.column in headings.rounds and role is Role.STATUS:
            continue  # how it went before
        if role is None or not says_something(cell) or cell.origin in seen:
            continue
        seen.add(cell.origin)
        if when := headings.both.get(cell.column):
            who, time = _who_and_when(cell.text)
            texts[role], texts[when] = who, time
            cells[role], cells[when] = replace(cell, text=who), replace(cell, text=time)
            continue
        if year := headings.yearly.get(cell.column):
            texts[Role.PERIOD] = year
            cells[Role.PERIOD] = replace(cell, text=year, value=None, precision=None)
        texts[role] = f"{texts[role]}\n{cell.text}" if role in texts else cell.text
        cells.setdefault(role, cell)
    _dates_joined(headings, row, texts, cells)
    return texts, cells


def _newest_round(headings: Headings, row: list[Cell]) -> Cell | None:
    """Of the columns for each follow-up, the last one that says something in this row."""
    told = {cell.column: cell for cell in row if says_something(cell)}
    return next((told[at] for at in reversed(headings.rounds) if at in told), None)


_CALLED = (("vecka", "v. "), ("kvartal", "Q"), ("tertial", "T"), ("manad", ""))
_MONTH_NAMES = (
    "jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec",
)  # fmt: skip


def _dates_joined(
    headings: Headings, row: list[Cell], texts: dict[Role, str], cells: dict[Role, Cell]
) -> None:
    """ "2026" under "År" beside "2" under "Kvartal" is "Q2 2026": a figure is what it is under."""
    timed = [
        cell for cell in row if headings.roles.get(cell.column) in DATE_ROLES and cell.text.strip()
    ]
    years = [cell for cell in timed if _is_year(cell, headings)]
    for role in DATE_ROLES:
        own = [cell for cell in timed if headings.roles[cell.column] is role and cell not in years]
        if len(own) != 1 or role in headings.both.values():
            continue
        said = _called(own[0], headings)
        year = years[0].text.strip() if len(years) == 1 else ""
        dated = re.search(r"(?<!\d)20\d\d", said) or own[0].precision
        if said == own[0].text and (dated or not year):
            continue
        texts[role] = said if dated or not year else f"{said} {year}"
        cells[role] = replace(own[0], text=texts[role], value=None, precision=None)
    told = {headings.roles[cell.column] for cell in timed if cell not in years}
    if len(years) == 1 and told and Role.PERIOD not in told:
        texts.pop(Role.PERIOD, None)  # the year alone, beside the days that now have it
        cells.pop(Role.PERIOD, None)


def _is_year(cell: Cell, headings: Headings) -> bool:
    words = headings.words.get(cell.column, "").split()
    return "ar" in words[:1] and bool(re.fullmatch(r"20\d\d", cell.text.strip()))


def _called(cell: Cell, headings: Headings) -> str:
    """The cell's words; a number under "Vecka", "Kvartal", "Tertial" or "Månad" by its name."""
    text = cell.text.strip()
    heading = headings.words.get(cell.column, "")
    if not re.fullmatch(r"\d{1,2}", text):
        return cell.text
    for word, sign in _CALLED:
        if word not in heading:
            continue
        if sign:
            return f"{sign}{text}"
        return _MONTH_NAMES[int(text) - 1] if 1 <= int(text) <= 12 else text
    return cell.text


def by_year(headings: Headings, row: list[Cell]) -> list[list[Cell]]:
    """The row once for each year that it has an activity in ("Insatser 2025 | Insatser 2026")."""
    years = [cell.column for cell in row if cell.column in headings.yearly and says_something(cell)]
    if len(years) < 2:
        return [row]
    return [
        [
            replace(cell, text="", value=None)
            if cell.column in headings.yearly and cell.column != year
            else cell
            for cell in row
        ]
        for year in years
    ]


def _marked(
    headings: Headings, row: list[Cell], texts: dict[Role, str], cells: dict[Role, Cell]
) -> None:
    """Columns for the quarters or months: from the first that is filled in to the last."""
    filled = _ticked(headings, row) or coloured(headings, row)
    if not filled:
        return
    names = [headings.spans[cell.column] for cell in (filled[0], filled[-1])]
    texts[Role.PERIOD] = names[0] if names[0] == names[1] else " – ".join(names)
    cells[Role.PERIOD] = replace(filled[0], text=texts[Role.PERIOD], value=None, precision=None)
    told = [f"{headings.spans[cell.column]}: {cell.text}" for cell in filled if len(cell.text) > 3]
    if told:
        texts[Role.HOW] = "\n".join(told)


def _crossed(
    headings: Headings, row: list[Cell], texts: dict[Role, str], cells: dict[Role, Cell]
) -> None:
    """Columns of crosses, each somebody's: those that are crossed answer, or take part."""
    crossed = [cell for cell in row if cell.column in headings.parties and cell.text.strip()]
    if crossed:
        names = "\n".join(headings.parties[cell.column] for cell in crossed)
        texts[headings.crossed] = names
        cells[headings.crossed] = replace(crossed[0], text=names)


def _chosen(
    headings: Headings, row: list[Cell], texts: dict[Role, str], cells: dict[Role, Cell]
) -> None:
    """Columns of boxes, each a state: the one that is ticked says it; two are both told."""
    ticked = [
        cell
        for cell in row
        if cell.column in headings.choices and cell.text.strip() not in ("", "☐", "-", "–")
    ]
    if ticked:
        said = ", ".join(headings.choices[cell.column] for cell in ticked)
        texts[Role.STATUS] = said
        cells[Role.STATUS] = replace(ticked[0], text=said)


def _ticked(headings: Headings, row: list[Cell]) -> list[Cell]:
    return [
        cell
        for cell in row
        if cell.column in headings.spans
        and says_something(cell)
        and not re.fullmatch("nej|ej|0|☐", cell.text, re.IGNORECASE)
    ]


def coloured(headings: Headings, row: list[Cell]) -> list[Cell]:
    """The months that are told by one colour of their cells alone, and not by the whole row's."""
    if _ticked(headings, row):
        return []
    timed = [cell for cell in row if cell.column in headings.spans]
    plain = {cell.fill for cell in row if cell.column in headings.roles} | {""}
    coloured = [cell for cell in timed if cell.fill not in plain]
    return coloured if len({cell.fill for cell in coloured}) == 1 else []


def _who_and_when(words: str) -> tuple[str, str]:
    """ "Anna, klart i maj" under "Ansvarig/klart": the names, and the words of time."""
    found = [
        span.text
        for span in swedish_dates.find(words[:_LONGEST], date(2021, 3, 1))
        if span.precision is not Precision.NONE
    ]
    who = words
    for time in found:
        who = who.replace(f"({time})", "", 1).replace(time, "", 1)
    who = _without_end("\n".join(_without_end(line) for line in who.split("\n")))
    return who.strip(" ,;:–-/\n"), "\n".join(found)


def _without_end(line: str) -> str:
    """ "Anna, klart" without what led to the time; by plain cuts, since a cell may be of commas."""
    kept = line.rstrip(_BETWEEN)
    last = _LAST_OF_WHO.search(kept)
    return kept[: last.start()].rstrip(_BETWEEN) if last else kept


def says_something(cell: Cell) -> bool:
    """A cell with a dash in it, or with a form's own words, is as empty as one without."""
    return bool(re.search(r"[^\s–—−_.-]", cell.text)) and not _OF_THE_FORM.fullmatch(cell.text)


def is_ditto(text: str) -> bool:
    """Does the cell say that what stands above counts here as well?"""
    return bool(
        re.fullmatch(r"[-–\s]*[”\"'´`“]{1,2}[-–\s]*|d:o|dito|(?:se|som|samma som) ovan", text, re.I)
    )


def _groups(text: str) -> list[str]:
    """The parts of a cell that blank lines cut apart, or that are numbered 1, 2, 3."""
    lines = [re.fullmatch(r"(\d{1,2})[.)]\s+(.+)", line) for line in text.split("\n")]
    numbered = [line[2] for at, line in enumerate(lines, 1) if line and int(line[1]) == at]
    if len(numbered) == len(lines) > 1:
        return numbered
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _lines(text: str) -> list[str]:
    """The lines of a cell, without list marks."""
    lines = (re.sub(r"^\s*(?:[-–•*·»]\s|\d{1,2}[.)]\s)\s*", "", x) for x in text.split("\n"))
    return [line.strip() for line in lines if line.strip()]


def _are_dates(lines: list[str]) -> bool:
    """Is every line a date of its own, and none the rest of the line above or "slut: …"?"""
    with_year = sum(bool(re.search(r"(?<!\d)(?:19|20)\d\d", line)) for line in lines)
    two_ends = any(map(_START_WORD.match, lines)) and any(map(_END_WORD.match, lines))
    return (
        not two_ends
        and with_year in (0, len(lines))
        and all(
            swedish_dates.read(line[:200], date(2021, 3, 1)).precision is not Precision.NONE
            for line in lines
        )
    )


def short(words: str, length: int = 60) -> str:
    """The words on one line, cut to quote them in a sentence."""
    plain = " ".join(words.split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"


def as_above(row: list[Cell], headings: Headings, last: PlanRow | None) -> list[Cell]:
    """The row with what it says by ditto marks filled in, from the last one above it."""
    if last is None:
        return row
    above = last.cells

    def filled(cell: Cell) -> Cell:
        role = headings.roles.get(cell.column)
        if role is None or not is_ditto(cell.text):
            return cell
        over = above.get(role, Cell("", cell.row, cell.column))
        return replace(over, row=cell.row, column=cell.column, merged_from=None)

    return [filled(cell) for cell in row]


def continued(last: PlanRow | None, cell: Cell, role: Role | None) -> PlanRow | None:
    """The row above with what stands alone under it, or None where that is something of its own."""
    if last is None or role is None or role in _NOT_CONTINUED:
        return None
    if role in DATE_ROLES and (said := last.cells.get(role)) and said.text:
        return None
    more = dict(last.texts)
    more[role] = "\n".join(part for part in (more.get(role, ""), cell.text) if part)
    cells = {**last.cells, role: replace(cell, text=more[role])}
    longer = replace(last, texts=more, cells=cells)
    if role is Role.RESPONSIBLE:
        return longer
    told = f"”{short(cell.text)}” står i en rad för sig och är fogat till raden ovanför."
    return replace(longer, doubts=(*longer.doubts, longer.doubt(Asks.JOINED, told, role)))
