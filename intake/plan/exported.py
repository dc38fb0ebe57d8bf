"""What tools write for other tools: days as seconds since 1970, names in brackets or with links.

Only under headings that say what the cells are, and only where a whole column is written so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from intake.documents import Cell
from intake.plan.heading_words import DATE_ROLES, role_of
from models.plan_shape import Role
from models.span import Precision

_WITHIN = 15  # rows in which the headings are looked for
_HERE = ZoneInfo("Europe/Stockholm")  # a day began here when the tool wrote it down
_SECONDS = re.compile(r"(?P<seconds>[12]\d{9})(?:\d{3})?")
_CODED = re.compile(r"\[|[12]\d{9}")
_LISTED = re.compile(r"\[[^\[\]]{1,500}\]")
_TO = r" \((?:https?|notion)://[^\s()]{3,500}\)"
_LINKED = re.compile(rf"(?:[^()\n]{{1,300}}(?:\([^()\n]{{1,100}}\))?{_TO}(?:, ?|\n|$)){{1,20}}")
_LINK = re.compile(rf"{_TO}(?P<next>, ?)?")
_NAMING = {
    *(Role.GOAL, Role.FOCUS_AREA, Role.WHAT, Role.RESPONSIBLE, Role.PARTICIPANTS, Role.STATUS),
    Role.TARGET_GROUP,
}
_PEOPLE = (Role.RESPONSIBLE, Role.PARTICIPANTS)
_SEVERAL = 2  # headings that are known make a row the headings
_LONGEST = 4_000  # signs of a cell that is looked at


def as_written(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows with days that are days, and with names alone where links stood behind them."""
    coded = any(_CODED.match(cell.text) or "://" in cell.text for row in rows for cell in row)
    if not coded:
        return rows
    for at, row in enumerate(rows[:_WITHIN]):
        roles = {cell.column: role for cell in row if (role := role_of(cell.text))}
        if len(roles) >= _SEVERAL:
            return [*rows[: at + 1], *_plain(rows[at + 1 :], roles)]
    return rows


def _plain(rows: Sequence[list[Cell]], roles: dict[int, Role]) -> list[list[Cell]]:
    people = [at for at, role in roles.items() if role in _PEOPLE]
    days = _written_as(_SECONDS, rows, [at for at, role in roles.items() if role in DATE_ROLES])
    names = _written_as(_LINKED, rows, [at for at, role in roles.items() if role in _NAMING])
    told: dict[int, Callable[[Cell], Cell]] = dict.fromkeys(days, _day)
    told |= dict.fromkeys(names, _name)
    told |= dict.fromkeys(_written_as(_LISTED, rows, people), _listed)
    if not told:
        return list(rows)
    return [[told[c.column](c) if c.column in told else c for c in row] for row in rows]


def _written_as(
    pattern: re.Pattern[str], rows: Sequence[list[Cell]], columns: Sequence[int]
) -> set[int]:
    """Those of the columns in which every cell with words is written so."""
    told = {
        at: [cell.text for row in rows for cell in row if cell.column == at and cell.text]
        for at in columns
    }
    return {
        at
        for at, texts in told.items()
        if texts and all(len(text) <= _LONGEST and pattern.fullmatch(text) for text in texts)
    }


def _day(cell: Cell) -> Cell:
    """ "1776398400000" is a Friday in April."""
    told = _SECONDS.fullmatch(cell.text)
    if told is None:
        return cell
    day = datetime.fromtimestamp(int(told["seconds"]), UTC).astimezone(_HERE).date()
    return replace(cell, text=day.isoformat(), value=day, precision=Precision.DAY)


def _name(cell: Cell) -> Cell:
    """ "Alla får vila (https://…)" is a page called so; of several each has its line."""
    text = _LINK.sub(lambda link: "\n" if link["next"] else "", cell.text)
    return replace(cell, text=text.strip())


def _listed(cell: Cell) -> Cell:
    """ "[Bob Ask,Frida Lund]" are two."""
    names = [name.strip(" \"'") for name in cell.text.strip("[]").split(",")]
    return replace(cell, text="\n".join(name for name in names if name))
