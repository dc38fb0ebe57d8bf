"""The sweep: which activities have reached a rung, and have no notice of it yet?

One set-based statement for each ladder; the windows come from `rules/ladder.py`. What becomes of a
notice is the work of `notifications/letters.py`.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.letter import Notice, NoticeKind
from models.lifecycle import REMINDED, State
from rules.ladder import Window, all_windows


def sweep(session: Session, policy: Policy, today: date) -> dict[str, int]:
    """Put every reached rung on file as a notice, once. Returns how many were new, by kind.

    1. The policy's ladders and `today` give windows: "deadlines from A to B stand on rung R".
    2. The windows of one ladder touch, so one range of one index holds them all.
    3. `INSERT … SELECT … ON CONFLICT DO NOTHING`: what is on file already stays as it is.
    """
    made: dict[str, int] = {}
    ladders = groupby(all_windows(policy, today), key=lambda w: (w.kind, w.precisions, w.all_but))
    for (kind, _, _), windows in ladders:
        made[kind] = made.get(kind, 0) + _put_on_file(session, list(windows), today)
    return made


def _put_on_file(session: Session, windows: list[Window], today: date) -> int:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[
        session.get_bind().dialect.name
    ]
    statement = (
        insert(Notice)
        .from_select(
            ["activity_id", "kind", "rung", "due_on", "reached_on"], reached(windows, today)
        )
        .on_conflict_do_nothing()
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def reached(windows: list[Window], today: date) -> Select[Any]:
    """Activities on the rungs of one ladder, as rows of a notice. A test asks EXPLAIN about it."""
    kind = NoticeKind(windows[0].kind)
    day, states = _WATCHED[kind]
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    rung = case(*((day >= w.first, literal(w.rung)) for w in windows))
    query = select(c(Activity).id, literal(kind.value), rung, day, literal(today)).where(
        day.between(first, last), _in_states(states), c(Activity).reported_done_on.is_(None)
    )
    if kind is NoticeKind.DEADLINE:
        precision = c(Activity).deadline_precision
        chosen = windows[0].precisions
        query = query.where(
            precision.not_in(chosen) if windows[0].all_but else precision.in_(chosen)
        )
    return query


# Which day each kind watches, and in which states. Reviews go on while the activity is alive.
_WATCHED: dict[NoticeKind, tuple[Any, Iterable[State]]] = {
    NoticeKind.DEADLINE: (c(Activity).deadline_last, REMINDED),
    NoticeKind.START: (c(Activity).start_due, (State.DECIDED,)),
    NoticeKind.REVIEW: (c(Activity).next_review_on, REMINDED),
    NoticeKind.RESUME: (c(Activity).resume_on, (State.PAUSED,)),
}


def _in_states(states: Iterable[State]) -> ColumnElement[bool]:
    """States as literals, not bound values: SQLite ignores a partial index otherwise."""
    listed = ", ".join(f"'{state.value}'" for state in states)
    return literal_column(f"activity.state IN ({listed})")


def waiting(session: Session) -> int:
    """How many notices have not been put in a letter yet."""
    unwritten = select(func.count()).select_from(Notice).where(c(Notice).written_on.is_(None))
    return int(session.execute(unwritten).scalar_one())
