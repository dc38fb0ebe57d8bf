"""Which columns say how it goes: boxes under each state, one column for each follow-up, ticks.

Given the columns that the words of the headings tell; which row the headings are is told in
`headings.py`.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from intake.documents import Cell
from intake.plan.heading_words import DONE_WORDS, ENDS, fold
from intake.plan.states import tells_state
from intake.plan.votes import Kind, is_boxed, is_ticked, kind_of_column, words_in
from models.plan_shape import Role

_FINISHED = re.compile(
    r"complet(?:ed|ion) (?:at|on|date)|slutforandedatum|(?:avbockad|slutford) den"
)
_TIMED = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)|var(?:en)?\b|host(?:en)?\b|halvar"
)
_SEVERAL = 3  # columns; two in falling order may be of two years


def choices_in(cells: Sequence[Cell], below: Sequence[list[Cell]]) -> dict[int, str]:
    """ "Ej påbörjad | Pågår | Klar" over boxes: the one that is ticked is the state."""
    found = {
        cell.column: cell.text
        for cell in cells
        if is_ticked(cell.column, below) and tells_state(cell.text)
    }
    return found if len(found) > 1 else {}


def rounds_in(
    roles: Mapping[int, Role], cells: Sequence[Cell], below: Sequence[list[Cell]]
) -> tuple[int, ...]:
    """ "Uppföljning april | Uppföljning september" over words of status, the last one last.

    So are "Läge kv 1" to "Läge kv 4", of which the last may still be empty.
    """
    states = [column for column, role in sorted(roles.items()) if role is Role.STATUS]
    kinds = {at: kind_of_column(at, below) for at in roles}
    if not states:
        followed = [column for column, role in sorted(roles.items()) if role is Role.FOLLOW_UP]
        found = [at for at in followed if kinds[at] is Kind.STATES]
        return tuple(found) if len(found) > 1 else ()
    told = {cell.column: fold(cell.text) for cell in cells if cell.column in states}
    timed = len(told) > 1 and all(_TIMED.search(words) for words in told.values())
    told_by_words = [at for at in told if kinds[at] is Kind.STATES]
    if not timed or not all(at in told_by_words or not words_in(at, below) for at in told):
        return ()
    numbers = [[int(each) for each in re.findall(r"\d+", words)][::-1] for words in told.values()]
    falling = all(one > other for one, other in pairwise(numbers))
    newest_first = falling and len(told) >= _SEVERAL
    return tuple(sorted(told, reverse=newest_first))


def yes_or_no(known: Mapping[int, Role], cells: list[Cell]) -> dict[int, Role]:
    """ "Klart?" beside a column that says when is a status."""
    asked = [
        cell.column
        for cell in cells
        if cell.text.rstrip().endswith("?") and fold(cell.text) in DONE_WORDS
    ]
    timed = any(role in ENDS for column, role in known.items() if column not in asked)
    return dict.fromkeys(asked, Role.STATUS) if timed else {}


def unnamed_states(
    known: Mapping[int, Role], row: Sequence[Cell], below: Sequence[list[Cell]]
) -> dict[int, Role]:
    """The column without a heading whose cells are words or signs of status and nothing else.

    Boxes to tick are such signs: a list of tasks has them before each task.
    """
    if Role.STATUS in known.values():
        return {}
    empty = [cell.column for cell in row if not cell.text]
    found = [at for at in empty if kind_of_column(at, below) is Kind.STATES or is_boxed(at, below)]
    return dict.fromkeys(found[:1], Role.STATUS)


def finished_on(known: Mapping[int, Role], cells: Sequence[Cell]) -> dict[int, Role]:
    """Where nothing else tells how it goes, the day that a task was ticked off does."""
    if Role.STATUS in known.values():
        return {}
    free = [cell for cell in cells if cell.column not in known]
    found = [cell.column for cell in free if _FINISHED.fullmatch(fold(cell.text))]
    return dict.fromkeys(found[:1], Role.STATUS)
