"""The closing: what people do with a year's plans after New Year, and what it came to.

The state at the period's end stays what it was. What became of an activity is told with the
closing, where the period is a year and the plan ended with it; the two are shown beside each other
(`adds_up.py`), so that nobody has to guess which of them a figure is of. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.lifecycle import Move, State
from rules.periods import Kind, Period

# What may be done after the period's end, before the cut-off, and still be the period's own end.
_CLOSES = {
    *(Move.FOLLOW_UP, Move.END, Move.ABANDON, Move.CARRY_OVER, Move.REJECT, Move.WITHDRAW),
}
# What takes a closing back, and which.
_TAKES_BACK = {
    Move.UNDO_CARRY_OVER: (Move.CARRY_OVER,),
    Move.REOPEN: (Move.END, Move.ABANDON, Move.REJECT),
    Move.PROPOSE_AGAIN: (Move.WITHDRAW,),
}


@dataclass(frozen=True, slots=True)
class Closed:
    """The moves that tell what became of an activity, in order, and where they left it."""

    moves: list[Any]
    after: State


def closed(
    period: Period, until: date, ends: date | None, moves: Sequence[Any], became: State
) -> Closed:
    """What became of an activity, by its moves since the period began.

    `ends` is the last day of its plan, `became` its state on `until`.

    1. The moves of the period.
    2. In a year's report, where the plan ended with the year, those that happened in it and were
       registered after it, and those that closed it; until one that belongs to the next year.
    3. A closing that was taken back was none. A carrying over of the period's own that was undone
       before the cut-off was none either: nobody is to read that it goes on elsewhere. What ended
       in the year and was opened again in it is open, also when that was registered later.
    """
    counting = [move for move in moves if move.on_day <= until]
    told = Closed(counting, became)
    if period.kind is not Kind.YEAR:
        return told
    ended_with_it = ends is not None and ends <= period.last
    for move in moves[len(counting) :]:
        kind = Move(move.move)
        if kind in _TAKES_BACK and _taken_back(counting, kind, until):
            told = Closed(counting[:-1], State(counting[-1].from_state))
        elif ended_with_it and (kind in _CLOSES or move.happened_on <= until):
            told = Closed([*counting, move], State(move.to_state))
        else:
            break
        counting = told.moves
    return told


def _taken_back(counting: Sequence[Any], kind: Move, until: date) -> bool:
    """Does the move take back the one before it, and is that still to be taken back?

    What was ended in the period and is opened after it is a new beginning: it had ended.
    """
    if not counting or Move(counting[-1].move) not in _TAKES_BACK[kind]:
        return False
    return kind is Move.UNDO_CARRY_OVER or counting[-1].on_day > until
