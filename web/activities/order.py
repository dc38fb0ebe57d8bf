"""The list of activities in order: by a column of choice; what goes on apart from what is over.

Words stand as Swedes sort them, which neither database does by itself, so a list that is sorted by
a column is sorted here, as far as `MOST` rows; by deadline the database gives it in order.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from models.lifecycle import State
from models.listing import FAR
from rules.wording import alphabetically

MOST = 2000  # rows that are sorted by a column
BY_DAY = "slutdatum"
# What the address says, and what the column is called.
COLUMNS = {
    "aktivitet": "Aktivitet",
    "lage": "Läge",
    "ansvarig": "Ansvarig",
    BY_DAY: "Slutdatum",
    "grupp": "Grupp",
}
OPEN, OVER, ALL = "", "avslutade", "alla"
SHOWN = {OPEN: "Öppna", OVER: "Avslutade", ALL: "Alla"}  # the tabs
TOO_MANY = (
    f"Listan har fler än {MOST} aktiviteter och står efter slutdatum. Snäva in urvalet för att "
    "ordna den efter något annat."
)
_STATES = {state: at for at, state in enumerate(State)}


class Column(NamedTuple):
    """The head of a column: its name, where a press leads, and which way it is sorted, if it is."""

    name: str
    address: str
    sorted: str  # as `aria-sort` has it, or ""


class Tab(NamedTuple):
    """What is shown: what goes on, what is over, or all."""

    name: str
    address: str
    current: bool


def by_column(chosen: str) -> bool:
    """Is it sorted here, and not by the database?"""
    return chosen.removeprefix("-") in COLUMNS and chosen != BY_DAY


def in_order(
    rows: Sequence[Any], chosen: str, answers: Mapping[int, Sequence[str]]
) -> Sequence[Any]:
    """The rows of `models/listing.py` by a column; those without a day stand last either way."""
    if not by_column(chosen):
        return rows
    name, falling = chosen.removeprefix("-"), chosen.startswith("-")
    if name == BY_DAY:
        dated = [row for row in rows if row.deadline_last]
        undated = [row for row in rows if not row.deadline_last]
        return [*sorted(dated, key=lambda row: row.deadline_last, reverse=falling), *undated]
    keys: dict[str, Callable[[Any], Any]] = {
        "aktivitet": lambda row: alphabetically(row.what),
        "lage": lambda row: (_STATES[row.state], row.deadline_last or FAR),
        "ansvarig": lambda row: alphabetically(", ".join(answers.get(row.id, ())) or "\uffff"),
        "grupp": lambda row: (alphabetically(row.group), alphabetically(row.plan)),
    }
    return sorted(rows, key=keys[name], reverse=falling)


def columns(chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """The heads: a press sorts by a column, and one more the other way."""
    now = chosen.get("ordna") or BY_DAY
    found = []
    for key, name in COLUMNS.items():
        then = f"-{key}" if now == key else key
        way = {key: "ascending", f"-{key}": "descending"}.get(now, "")
        asked = "" if then == BY_DAY else then
        found.append(Column(name, address({**chosen, "ordna": asked}), way))
    return tuple(found)


def tabs(chosen: Mapping[str, str]) -> tuple[Tab, ...]:
    """The tabs; a state that was chosen is no tab's."""
    return tuple(
        Tab(
            name,
            address({**chosen, "visa": key, "lage": ""}),
            not chosen.get("lage") and chosen.get("visa", OPEN) == key,
        )
        for key, name in SHOWN.items()
    )


def address(chosen: Mapping[str, str]) -> str:
    """The list with these choices."""
    words = urlencode({key: value for key, value in chosen.items() if value})
    return f"/aktiviteter?{words}" if words else "/aktiviteter"
