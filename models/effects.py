"""What a move changes in an activity's row, and its row of history: statements and their values.

Which move may be made, and when these are run, is `models/moves.py`.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from config import clock
from models.happened import LATEST, When
from models.lifecycle import Brought, Move, Outcome
from models.months import months_after
from models.statements import among, run

# What a move changes in the row besides the state.
_PAUSE_IS_OVER = "state_before_pause = NULL, resume_on = NULL, stand_in_group_id = NULL"
_ANSWERED = "referred_to_group_id = NULL"
_HOW_IT_ENDED = (
    "outcome = :outcome, kept_by = :kept_by, absorbed_into_activity_id = :into_activity, "
    "absorbed_into_plan_id = :into_plan"
)
_EFFECTS: dict[Move, tuple[str, ...]] = {
    Move.DECIDE: (_ANSWERED,),
    Move.REJECT: (_ANSWERED,),
    Move.FOLLOW_UP: (
        "result = :result, figure = :figure, why_no_figure = :why_no_figure",
        "reported_done_on = NULL",
    ),
    Move.CONTINUE: (
        # What runs over time may go on without a new one.
        "deadline_text = coalesce(:deadline_text, deadline_text)",
        "deadline_first = coalesce(:deadline, deadline_first)",
        "deadline_last = coalesce(:deadline, deadline_last)",
        "deadline_precision = coalesce(:deadline_precision, deadline_precision)",
        "reported_done_on = NULL",
        # Put by `put_next_reviews`, since databases count months differently; kept as it was here.
        "next_review_on = next_review_on",
    ),
    Move.END: (_HOW_IT_ENDED, _ANSWERED),
    Move.PAUSE: (
        "state_before_pause = state, resume_on = :pause_ends, stand_in_group_id = :stand_in",
    ),
    Move.PROLONG: (
        "resume_on = :pause_ends, stand_in_group_id = coalesce(:stand_in, stand_in_group_id)",
    ),
    Move.RESUME: (_PAUSE_IS_OVER,),
    Move.RETURN: (_PAUSE_IS_OVER, _ANSWERED, "reported_done_on = NULL"),
    Move.ABANDON: (_PAUSE_IS_OVER, _HOW_IT_ENDED, _ANSWERED),
    Move.REOPEN: (
        "outcome = '', kept_by = '', absorbed_into_activity_id = NULL",
        "absorbed_into_plan_id = NULL, reported_done_on = NULL",
    ),
}


_COLUMN_PUT = re.compile(r"(\w+) = ")


def put_by(move: Move) -> tuple[str, ...]:
    """The columns of an activity that a move changes, its state first."""
    found = [name for words in _EFFECTS.get(move, ()) for name in _COLUMN_PUT.findall(words)]
    return tuple(dict.fromkeys(("state", "state_since", *found)))


# `state_since` is the day that the latest move counts from.
_COUNTS = "CASE WHEN a.state_since > :on_day THEN a.state_since ELSE :on_day END"
_HAPPENED = f"CASE WHEN {LATEST} > :happened THEN {LATEST} ELSE :happened END"


def write(
    on: Connection, move: Move, which: str, values: dict[str, object], *, late: bool = False
) -> int:
    """Remember the move of those activities and change their state. Returns how many were moved.

    `late`: it was registered after it happened.
    """
    remember, change = _statements(move, which, late, on.dialect.name)
    added = run(on, remember, values).rowcount
    changed = run(on, change, values).rowcount
    return min(added, changed)


def values_of(move: Move, brought: Brought, days: When) -> dict[str, object]:
    """All that the statements ask for, except who moves, which activities, and where they come."""
    said = {
        "result": brought.result,
        "figure": brought.figure,
        "why_no_figure": brought.why_no_figure,
        "outcome": brought.outcome or "",
        "kept_by": brought.kept_by,
        "into_activity": str(brought.into_activity_id or ""),
        "into_plan": str(brought.into_plan_id or ""),
        "resume_on": brought.resume_on.isoformat() if brought.resume_on else "",
        "resume_when": brought.resume_when,
        "review_on": brought.review_on.isoformat() if brought.review_on else "",
        "stand_in_group": str(brought.stand_in_group_id or ""),
        "next_plan": str(brought.next_plan_id or ""),
        "deadline": brought.deadline.isoformat() if brought.deadline else "",
    }
    absorbed = brought.outcome is Outcome.ABSORBED
    dated = brought.deadline is not None
    return {
        "move": move.value,
        "on_day": days.counts,
        "happened": days.happened,
        "registered": days.registered,
        "at": clock.now(),
        "decision_id": brought.decision_id,
        "reason": brought.reason,
        "details": {key: str(value) for key, value in said.items() if value},
        "result": brought.result,
        "figure": brought.figure,
        "why_no_figure": brought.why_no_figure,
        "deadline": brought.deadline,
        "deadline_text": brought.deadline_text or str(brought.deadline) if dated else None,
        "deadline_precision": "day" if dated else None,
        "pause_ends": brought.resume_on or brought.review_on,
        "stand_in": brought.stand_in_group_id,
        "outcome": brought.outcome or "",
        "kept_by": brought.kept_by,
        "into_activity": brought.into_activity_id if absorbed else None,
        "into_plan": brought.into_plan_id if absorbed else None,
    }


def put_next_reviews(on: Connection, ids: Sequence[int], day: date) -> None:
    """What runs over time and goes on is reviewed again after as many months as it always is.

    One whose next review is still to come keeps it.
    """
    chosen = {"ids": list(ids), "day": day}
    passed = (
        f"a.id {among(on)} AND a.runs_on AND a.review_months IS NOT NULL "
        "AND (a.next_review_on IS NULL OR a.next_review_on <= :day)"
    )
    asked = f"SELECT DISTINCT a.review_months FROM activity a WHERE {passed}"  # noqa: S608 - own words
    for months in [row[0] for row in run(on, asked, chosen)]:
        change = (
            "UPDATE activity SET next_review_on = :next WHERE review_months = :months AND id IN "  # noqa: S608 - own words
            f"(SELECT a.id FROM activity a WHERE {passed})"
        )
        values = chosen | {"months": months, "next": months_after(day, months)}
        run(on, change, values)


@lru_cache(maxsize=128)
def _statements(move: Move, which: str, late: bool, dialect: str) -> tuple[str, str]:
    """The row of history, with what it changes as it was, and the guarded change of state. A pause
    is kept by what is carried over, so that undoing leads back to it.

    What is registered late never comes before what was there: neither in the order that reports
    count in, nor, where a decision's day is older than the move before it, in what is told.
    """
    counts, happened = (_COUNTS, _HAPPENED) if late else (":on_day", ":happened")
    as_object = "json_object" if dialect == "sqlite" else "json_build_object"
    before = ", ".join(f"'{name}', a.{name}" for name in put_by(move))
    remember = (
        "INSERT INTO move (activity_id, move, from_state, to_state, on_day, happened_on, "  # noqa: S608 - own words
        "registered_on, at, by, person_id, decision_id, reason, details, batch, before) "
        f"SELECT a.id, :move, a.state, :to, {counts}, {happened}, :registered, :at, :by, "
        f":person_id, :decision_id, :reason, :details, :batch, {as_object}({before}) "
        f"FROM activity a WHERE a.id {which} ORDER BY a.id"
    )
    changed = ", ".join((f"state = :to, state_since = {counts}", *_EFFECTS.get(move, ())))
    change = f"UPDATE activity AS a SET {changed} WHERE a.id {which}"  # noqa: S608 - own words
    return remember, change
