"""How a plan stood at the end of a day, told from what is on file and the rows that changed it.

One rule for everything: what the last change up to that day made it; where there is none, what the
first change after it found; where nothing ever changed it, as it stands. Pure: `models/standing.py`
brings the rows, and nothing on file is ever overwritten, so every day can be told again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from models.decision import Agreed
from models.lifecycle import State
from models.span import Precision, Span
from models.standing import (
    ActivityStanding,
    Changed,
    Funding,
    GoalStanding,
    Moved,
    OnFile,
    PlanStanding,
)
from rules.swedish_dates import read

T = TypeVar("T")
# What of an activity is told again, and what it is called in its standing; the rest of what can be
# agreed is read in the activity's own timeline.
_TOLD = {
    Agreed.WHAT: "what",
    Agreed.HOW: "how",
    Agreed.FOLLOW_UP: "follow_up",
    Agreed.START: "start",
    Agreed.DEADLINE: "deadline",
    Agreed.RESPONSIBLE: "responsible",
    Agreed.GOALS: "goals",
    Agreed.TARGET_GROUPS: "target_groups",
    Agreed.FUNDING: "funding",
    Agreed.GROUP: "group_id",
}


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """Something became something else on a day."""

    on_day: date
    before: T
    after: T


@dataclass(frozen=True, slots=True)
class Then:
    """A whole plan as it stood: its goals in their order, and the activities it had."""

    plan: PlanStanding
    goals: dict[int, GoalStanding]
    activities: tuple[ActivityStanding, ...]


def as_it_stood(now: T, turns: Sequence[Turn[T]], day: date) -> T:
    """What something was at the end of a day. `turns` come in the order they happened."""
    past = [turn.after for turn in turns if turn.on_day <= day]
    if past:
        return past[-1]
    return turns[0].before if turns else now


def now(file: OnFile) -> Then:
    """The plan as it stands on file."""
    return Then(file.plan, file.goals, file.activities)


def plan_on(file: OnFile, day: date) -> Then | None:
    """The plan at the end of a day; None when it was not there yet."""
    own = [
        Turn(change.on_day, change.before, change.after)
        for change in file.plan_changes
        if change.goal_id is None
    ]
    plan = as_it_stood(file.plan, own, day)
    if plan is None:
        return None
    assert isinstance(plan, PlanStanding)
    return Then(plan, _goals_on(file, day), _activities_on(file, day))


def _goals_on(file: OnFile, day: date) -> dict[int, GoalStanding]:
    turns: dict[int, list[Turn[Any]]] = {}
    for change in file.plan_changes:
        if change.goal_id is not None:
            turn: Turn[Any] = Turn(change.on_day, change.before, change.after)
            turns.setdefault(change.goal_id, []).append(turn)
    stood = {
        goal_id: as_it_stood(file.goals.get(goal_id), turns.get(goal_id, []), day)
        for goal_id in file.goals.keys() | turns.keys()
    }
    there = [(goal_id, goal) for goal_id, goal in stood.items() if goal is not None]
    return dict(sorted(there, key=lambda one: (one[1].position, one[0])))


def _activities_on(file: OnFile, day: date) -> tuple[ActivityStanding, ...]:
    moves = _by_activity(file.moves)
    changes = _by_activity(file.changes)
    by_words = {goal.text.casefold(): goal_id for goal_id, goal in file.goals.items()}
    stood = (
        _activity_on(each, moves.get(each.id, []), changes.get(each.id, []), by_words, day)
        for each in file.activities
    )
    return tuple(each for each in stood if each is not None)


_M = TypeVar("_M", Moved, Changed)


def _by_activity(rows: Iterable[_M]) -> dict[int, list[_M]]:
    found: dict[int, list[_M]] = {}
    for row in rows:
        found.setdefault(row.activity_id, []).append(row)
    return found


def _activity_on(
    present: ActivityStanding,
    moves: Sequence[Moved],
    changes: Sequence[Changed],
    goals: dict[str, int],
    day: date,
) -> ActivityStanding | None:
    """An activity at the end of a day; None when it was not proposed yet."""
    state = state_on(moves, day)
    if state is None:
        return None
    agreed: dict[str, Any] = {}
    for what in {change.what for change in changes} & _TOLD.keys():
        turns: list[Turn[Any]] = [
            Turn(
                change.on_day,
                meant(what, change.before_words, change.before_values, change.on_day, goals),
                meant(what, change.after_words, change.after_values, change.on_day, goals),
            )
            for change in changes
            if change.what is what
        ]
        agreed[_TOLD[what]] = as_it_stood(getattr(present, _TOLD[what]), turns, day)
    return replace(present, state=state, **agreed)


def state_on(moves: Sequence[Moved], day: date) -> State | None:
    """Where an activity was in its life at the end of a day; None before it was proposed."""
    past = [move.to_state for move in moves if move.on_day <= day]
    return past[-1] if past else None


def meant(
    what: Agreed, words: str, values: dict[str, Any], on_day: date, goals: dict[str, int]
) -> Any:  # noqa: ANN401 - as many kinds as there are things to agree on
    """What some words of a change meant. Values tell exactly; rows without them are read anew."""
    match what:
        case Agreed.START | Agreed.DEADLINE:
            return _span(words, values) if values else read(words, on_day)
        case Agreed.GOALS:
            return tuple(values["ids"]) if values else _goals_named(words, goals)
        case Agreed.GROUP:
            return values["group_id"]
        case Agreed.FUNDING:
            last = values["last"]
            return Funding(words, values["amount"], date.fromisoformat(last) if last else None)
        case Agreed.RESPONSIBLE | Agreed.TARGET_GROUPS:
            return tuple(line for line in words.splitlines() if line)
        case _:
            return words


def _goals_named(words: str, goals: dict[str, int]) -> tuple[int, ...]:
    lines = [line.strip().casefold() for line in words.splitlines()]
    return tuple(sorted(goals[line] for line in lines if line in goals))


def _span(words: str, values: dict[str, Any]) -> Span:
    first, last = (date.fromisoformat(values[k]) if values[k] else None for k in ("first", "last"))
    return Span(words, first, last, Precision(values["precision"]), values["open"])
