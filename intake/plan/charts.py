"""A table made plain before its headings are looked for: charts, boards, days month first.

What tools write for other tools is told in `exported.py`.

A chart's months are letters under a year ("2025" over J F M … D): they get their names and that
year. Dates of a tool that writes the month first (01/15/2026 beside 06/18/2026) are real days
afterwards. What stands in the file otherwise is left as it is, and is shown as it stood.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from intake.documents import Cell, Table, unique_cells
from intake.plan.exported import as_written
from intake.plan.heading_words import fold, role_of
from intake.plan.listed import item_of
from intake.plan.states import tells_state
from models.plan_shape import Role
from models.span import Precision

_WITHIN = 15  # rows in which a chart's months are looked for
_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
_LETTERS = "jfmamjjasond"
_SHORTEST = 6  # letters; fewer are no months but a scale
_TO_DO = {
    "att göra",
    "to do",
    "todo",
    "backlog",
    "planerat",
    "planerade",
    "ej påbörjat",
    "inte börjat",
}
_DONE = {"klart", "klar", "klara", "done", "färdigt", "färdig", "avslutat", "slutfört", "utfört"}
_PART = re.compile(
    r"(?:(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}\.?"
    r"|(?:q|kv|kvartal|t|tertial|v|vecka) ?\.?\d{1,2}|[vh]t)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"20\d\d")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(20\d\d)(?:,? \d{1,2}:\d\d.{0,30})?")
_WEEKDAY = re.compile(
    r"(?P<day>må|ti|on|to|fr|lö|sö|mon|tue|wed|thu|fri|sat|sun)[a-zåäö]*\.?,?\s+"
    r"(?P<rest>\d{4}-\d\d-\d\d|\d\d-\d\d-\d\d|\d{1,2}/\d{1,2}/(?:20)?\d\d)(?: \d\d:\d\d)?",
    re.IGNORECASE,
)
_WEEKDAYS = ("må", "ti", "on", "to", "fr", "lö", "sö")
_WEEKDAYS_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEVEL = ("outline level", "dispositionsniva", "niva", "level")


def made_plain(table: Table) -> Table:
    """The table with the months of a chart named, and with days that are days."""
    rows = _board(table.rows) or _with_months(table.rows)
    rows = as_written(_outlined(rows))
    american = _is_american(rows)
    if american or any(_WEEKDAY.match(cell.text) for row in rows for cell in row):
        rows = [[_day(cell, american=american) for cell in row] for row in rows]
    return table if rows is table.rows else replace(table, rows=rows)


def _board(rows: list[list[Cell]]) -> list[list[Cell]] | None:
    """A board, with the columns "Att göra", "Pågår" and "Klart", as a list of its notes."""
    for at, row in enumerate(rows[:_WITHIN]):
        heads = list(unique_cells(row))
        words = [cell.text.strip().lower() for cell in heads]
        if len(words) < 2 or not _is_board(words) or len(rows) == at + 1:
            continue
        states = {cell.column: cell.text for cell in heads}
        notes = [
            (cell, item_of(cell.text), states[cell.column])
            for below in rows[at + 1 :]
            for cell in unique_cells(below)
            if cell.column in states
        ]
        more = [name for _, item, _ in notes for name in item.told if name != "Status"]
        names = ["Aktivitet", "Status", *dict.fromkeys(more)]
        listed = [[Cell(name, row[0].row, n, bold=True) for n, name in enumerate(names, 1)]]
        for note, item, state in notes:
            first = replace(note, text=item.what or note.text, column=1, merged_from=None)
            told = [state, *(item.told.get(name, "") for name in names[2:])]
            listed.append([first, *(Cell(words, note.row, n) for n, words in enumerate(told, 2))])
        empty = range(2, len(names) + 1)
        return [
            *([cell, *(Cell("", cell.row, n) for n in empty)] for cell, *_ in rows[:at]),
            *listed,
        ]
    return None


def _is_board(words: Sequence[str]) -> bool:
    """Are these the columns of a board: each a word of status, some to be done and some done?"""
    told = set(words)
    alike = len(told) == len(words) and all(tells_state(each) for each in words)
    return alike and bool(told & _TO_DO) and bool(told & _DONE)


def _with_months(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Months and quarters under a row of years get their year, one-letter months their names."""
    for at, row in enumerate(rows[:_WITHIN]):
        letters = _months_by_letter(row)
        years = _years_over(rows[at - 1]) if at else {}
        if not letters and not years:
            continue
        named = [_named(cell, letters, years) for cell in row]
        if named != row:
            return [*rows[:at], named, *rows[at + 1 :]]
    return rows


def _named(cell: Cell, letters: Mapping[int, str], years: Mapping[int, str]) -> Cell:
    month, year = letters.get(cell.column), years.get(cell.column)
    part = month or (cell.text if _PART.fullmatch(cell.text.strip()) else "")
    if not part or not (month or year):
        return cell
    return replace(cell, text=f"{part} {year}" if year else part)


def _months_by_letter(row: Sequence[Cell]) -> dict[int, str]:
    """Columns that are one-letter months: J F M A …, from any month, over one year or several."""
    found: dict[int, str] = {}
    runs: list[list[Cell]] = [[]]
    for cell in row:
        if re.fullmatch(r"[A-Za-z]", cell.text):
            runs[-1].append(cell)
        elif runs[-1]:
            runs.append([])
    for run in runs:
        letters = "".join(cell.text for cell in run).lower()
        first = _first_month(letters)
        if first is not None:
            found |= {c.column: _MONTHS[(first + at) % 12] for at, c in enumerate(run)}
    return found


def _first_month(letters: str) -> int | None:
    """The month that a run of letters begins with, when it can be only one."""
    if len(letters) < _SHORTEST:
        return None
    year = _LETTERS * (len(letters) // 12 + 2)
    fits = [first for first in range(12) if year[first : first + len(letters)] == letters]
    return fits[0] if len(fits) == 1 else None


def _years_over(row: Sequence[Cell]) -> dict[int, str]:
    """The year over each column: where it stands, merged or not, until the next one."""
    found: dict[int, str] = {}
    year = ""
    for cell in row:
        said = _YEAR.fullmatch(cell.text.strip())
        if said:
            year = said[0]
        elif cell.text:
            year = ""  # another heading over what follows
        if year:
            found[cell.column] = year
    return found


def _is_american(rows: Sequence[Sequence[Cell]]) -> bool:
    """Do the days with slashes all stand month first, and can some not stand otherwise?"""
    told = [said for row in rows for cell in row if (said := _SLASHED.fullmatch(cell.text))]
    firsts, seconds = [int(said[1]) for said in told], [int(said[2]) for said in told]
    return bool(told) and max(firsts) <= 12 < max(seconds)


def _day(cell: Cell, *, american: bool) -> Cell:
    """A day month first, and a day behind the two letters of its weekday, as a real day."""
    slashed = _SLASHED.fullmatch(cell.text) if american else None
    try:
        if slashed:
            day = date(int(slashed[3]), int(slashed[1]), int(slashed[2]))
            return replace(cell, text=day.isoformat(), value=day, precision=Precision.DAY)
        if (said := _WEEKDAY.fullmatch(cell.text)) and (found := _on_weekday(said)):
            return replace(cell, text=found.isoformat(), value=found, precision=Precision.DAY)
    except ValueError:
        return cell
    return cell


def _on_weekday(said: re.Match[str]) -> date | None:
    """The day behind its weekday: of "Mon 3/2/26" the one of both readings that is a Monday."""
    rest = said["rest"]
    if "/" not in rest:
        days = [date.fromisoformat(rest if len(rest) == 10 else f"20{rest}")]
    else:
        one, two, year = (int(part) for part in rest.split("/"))
        year += 2000 if year < 100 else 0
        days = [date(year, month, day) for month, day in ((one, two), (two, one)) if month <= 12]
    named = said["day"].lower()
    fits = {day for day in days if named in (_WEEKDAYS[day.weekday()], _WEEKDAYS_EN[day.weekday()])}
    return fits.pop() if len(fits) == 1 else None


def _outlined(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Tasks under a task of a lower level get its name as their goal, in a column after the last.

    A tool sums the upper task up out of those beneath; it stays an activity of its own.
    """
    for at, row in enumerate(rows[:_WITHIN]):
        level = next((cell.column for cell in row if fold(cell.text) in _LEVEL), 0)
        roles = {cell.column: role_of(cell.text) for cell in row}
        name = next((column for column, role in roles.items() if role is Role.WHAT), 0)
        if level and name and not {Role.GOAL, Role.FOCUS_AREA} & set(roles.values()):
            return _with_goals(rows, at, level, name)
    return rows


def _with_goals(rows: Sequence[list[Cell]], at: int, level: int, name: int) -> list[list[Cell]]:
    """The rows with one cell more: a heading, and under it what each is for."""
    upper: dict[int, str] = {}
    found: list[list[Cell]] = []
    for number, row in enumerate(rows):
        own = _level(row, level) if number > at else 0
        words = "Mål" if number == at else ""
        if own:
            words = next((upper[above] for above in range(own - 1, 0, -1) if above in upper), "")
            upper = {above: told for above, told in upper.items() if above < own}
            upper[own] = next((cell.text for cell in row if cell.column == name), "")
        found.append([*row, Cell(words, row[0].row, len(row) + 1)])
    return found


def _level(row: Sequence[Cell], column: int) -> int:
    said = next((cell.text for cell in row if cell.column == column), "")
    return int(said) if re.fullmatch(r"\d{1,2}", said) else 0
