"""The sweep: which activities have reached a rung, and have no notice of it yet?

One set-based statement for each kind of day; the windows come from `rules/ladder.py`. What becomes
of a notice is the work of `notifications/letters.py`.

The statement is put together as words, not from SQLAlchemy's parts: a ladder has some thirty steps,
and building, naming and compiling them anew took longer than the database's own work.
"""

from datetime import date
from itertools import groupby

from sqlalchemy import Date, TextClause, bindparam, text
from sqlmodel import Session

from config.policy import Policy
from models.letter import NoticeKind
from models.lifecycle import REMINDED, State
from rules.ladder import Window, all_windows

# Which day each kind watches, which column tells how precise it is, and in which states it counts.
# Reviews go on while the activity is alive.
_WATCHED: dict[NoticeKind, tuple[str, str, tuple[State, ...]]] = {
    NoticeKind.DEADLINE: ("deadline_last", "deadline_precision", REMINDED),
    NoticeKind.START: ("start_due", "start_precision", (State.DECIDED,)),
    NoticeKind.REVIEW: ("next_review_on", "'day'", REMINDED),
    NoticeKind.RESUME: ("resume_on", "'day'", (State.PAUSED,)),
}


def sweep(session: Session, policy: Policy, today: date) -> dict[str, int]:
    """Put every reached rung on file as a notice, once. Returns how many were new, by kind.

    1. The policy's ladders and `today` give windows: "deadlines from A to B stand on rung R".
    2. The windows of one kind touch, so one range of one index holds them all.
    3. `INSERT … SELECT … ON CONFLICT DO NOTHING`: what is on file already stays as it is.
    """
    return {
        kind: _put_on_file(session, list(windows), today)
        for kind, windows in groupby(all_windows(policy, today), key=lambda w: w.kind)
    }


def _put_on_file(session: Session, windows: list[Window], today: date) -> int:
    return int(session.execute(reached(windows), {"today": today}).rowcount)  # type: ignore[attr-defined]


def reached(windows: list[Window]) -> TextClause:
    """Notices for the activities on the rungs of one kind. Also what EXPLAIN is asked about."""
    kind = NoticeKind(windows[0].kind)
    day, precision, states = _WATCHED[kind]
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    by_ladder = groupby(windows, key=lambda w: (w.precisions, w.all_but))
    ladders = [list(steps) for _, steps in by_ladder]
    on_each = [_on_ladder(steps, day, precision) for steps in ladders]
    rungs = [_rung(steps, day) for steps in ladders]
    rung = rungs[0]
    if len(ladders) > 1:
        pairs = zip(on_each, rungs, strict=True)
        rung = f"CASE {' '.join(f'WHEN {on} THEN {standing}' for on, standing in pairs)} END"
    on_any = " OR ".join(f"({on})" for on in on_each)
    return text(
        "INSERT INTO notice (activity_id, kind, rung, due_on, reached_on) "  # noqa: S608 - own names
        f"SELECT id, '{kind.value}', {rung}, {day}, :today FROM activity "
        f"WHERE {day} BETWEEN '{first}' AND '{last}' AND {_in_states(states)} "
        f"AND reported_done_on IS NULL AND ({on_any}) "
        "ON CONFLICT (activity_id, kind, due_on, rung) DO NOTHING"
    ).bindparams(bindparam("today", type_=Date))


def _on_ladder(steps: list[Window], day: str, precision: str) -> str:
    """Is the day on this ladder at all, by its precision and between its ends?"""
    ends = f"{day} BETWEEN '{steps[-1].first}' AND '{steps[0].last}'"
    if not steps[0].precisions:
        return ends
    words = (name.replace("'", "''").replace(":", "\\:") for name in steps[0].precisions)
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{precision} {'NOT IN' if steps[0].all_but else 'IN'} ({listed}) AND {ends}"


def _rung(steps: list[Window], day: str) -> str:
    """The rung by the day: the first step that the day is not before."""
    return "CASE " + " ".join(f"WHEN {day} >= '{w.first}' THEN {w.rung}" for w in steps) + " END"


def _in_states(states: tuple[State, ...]) -> str:
    """States as literals, never bound, and "=" for one: else SQLite ignores the partial index.

    (`state IN ('pausad')` is not recognised as the index's own `state = 'pausad'`: a full scan.)
    """
    listed = [f"'{state.value}'" for state in states]
    return f"state = {listed[0]}" if len(listed) == 1 else f"state IN ({', '.join(listed)})"
