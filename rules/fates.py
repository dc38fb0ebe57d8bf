"""What became of an activity in a period: one word, decided from what is on file. Pure.

The year's report tells it of each activity. Facts are gathered by `reports/rollup/listed.py`; days
and words that go with a fate are told beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.lifecycle import Move, Outcome, State
from models.part import PartState


class Fate(StrEnum):
    """What became of an activity."""

    PLANNED = "planerad"
    STARTS_LATER = "startar senare"
    DECIDED = "beslutad"
    PARTLY_DECIDED = "delvis beslutad"
    STARTED = "startad"
    CONTINUES = "fortsätter"
    EXTENDED = "förlängd"
    PAUSED = "pausad"
    RETURNED = "omtag"
    NOT_FOLLOWED_UP = "inte uppföljd"
    DONE = "genomförd"
    DONE_BEFORE = "uppföljd tidigare"
    ORDINARY = "ordinarie verksamhet"
    ENDED = "avslutad"
    CARRIED_OVER = "överförd"
    REJECTED = "avslagen"
    WITHDRAWN = "återtagen"


@dataclass(frozen=True, slots=True)
class Moved:
    """A move within the period."""

    move: Move
    on_day: date


@dataclass(frozen=True, slots=True)
class Life:
    """What is on file about an activity for a period that is looked at until its last day.

    `moves` are those of the period, in order. `prolonged` are the days on which the deadline became
    later. `heard` says that somebody told something of it in the period; `reported_done` that the
    last that was said is that it is done. `review_due`: it runs on, and should have been seen to.
    """

    state: State
    until: date
    moves: Sequence[Moved] = ()
    start: date | None = None  # the first day it may begin
    deadline: date | None = None
    prolonged: Sequence[date] = ()
    heard: bool = False
    reported_done: bool = False
    review_due: bool = False
    outcome: Outcome | None = None
    parts: Sequence[PartState] = ()

    @property
    def done(self) -> bool:
        """Is it followed up, or at least reported done?"""
        return self.state is State.FOLLOWED_UP or self.reported_done

    def made(self, move: Move) -> bool:
        """Was the move made in the period?"""
        return any(moved.move is move for moved in self.moves)


_OVER = {
    State.PAUSED: Fate.PAUSED,
    State.REJECTED: Fate.REJECTED,
    State.WITHDRAWN: Fate.WITHDRAWN,
    State.CARRIED_OVER: Fate.CARRIED_OVER,
}
_ACHIEVED = (Outcome.ACHIEVED, Outcome.PARTLY)
_AGREED = (PartState.DECIDED, PartState.ONGOING, PartState.DONE)
_NOT_AGREED = (PartState.UNANSWERED, PartState.IN_DIALOGUE)


def fate_of(life: Life) -> Fate:
    """What became of it.

    1. What is over, paused, carried over or said no to is just that.
    2. What parties see differently is partly decided, if it is not done.
    3. What was sent back is redone; what is not decided is planned.
    4. What is followed up or reported done is done, once: what was so before the period and has not
       been ended is told as that. What should have been followed up and was not, is not.
    5. What is decided has begun, begins later, or waits.
    6. The rest goes on: started in the period, with a later deadline, or as it was.
    """
    if life.state is State.ENDED:
        return _ended(life.outcome)
    return _OVER.get(life.state) or _open(life)


def _open(life: Life) -> Fate:
    if parties_differ(life.parts) and not life.done:
        return Fate.PARTLY_DECIDED
    if life.state is State.PROPOSED and not life.done:
        return Fate.RETURNED if life.made(Move.RETURN) else Fate.PLANNED
    if life.done:
        return Fate.DONE_BEFORE if followed_up_before(life) else Fate.DONE
    if forgotten(life):
        return Fate.NOT_FOLLOWED_UP
    return _waits(life) if life.state is State.DECIDED else _goes_on(life)


def _waits(life: Life) -> Fate:
    later = life.start is not None and life.start > life.until
    return Fate.STARTS_LATER if later else Fate.DECIDED


def _ended(outcome: Outcome | None) -> Fate:
    if outcome is Outcome.ORDINARY:
        return Fate.ORDINARY
    return Fate.DONE if outcome in _ACHIEVED else Fate.ENDED


def _goes_on(life: Life) -> Fate:
    if life.made(Move.START):
        return Fate.STARTED
    followed = {moved.on_day for moved in life.moves if moved.move is Move.CONTINUE}
    return Fate.EXTENDED if set(life.prolonged) - followed else Fate.CONTINUES


def parties_differ(parts: Sequence[PartState]) -> bool:
    """Have some parties agreed and others not?"""
    return any(part in _AGREED for part in parts) and any(part in _NOT_AGREED for part in parts)


def followed_up_before(life: Life) -> bool:
    """Was it followed up before the period, with nothing moved since?"""
    return life.state is State.FOLLOWED_UP and not life.moves


def forgotten(life: Life) -> bool:
    """Should it have been followed up by now, and has nobody told anything of it?"""
    due = life.review_due or (life.deadline is not None and life.deadline <= life.until)
    return due and not life.heard and not life.made(Move.FOLLOW_UP)
