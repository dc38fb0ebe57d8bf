"""The sweep: which activities have reached a rung, and have no notice of it yet?

One set-based statement for each kind of day; the windows come from `rules/ladder.py`. What becomes
of a notice is the work of `notifications/letters/`; what comes of no answer, `silence.py`.

The statement is put together as words, not from SQLAlchemy's parts: a ladder has some thirty steps,
and building, naming and compiling them anew took longer than the database's own work.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Date, TextClause, bindparam, text
from sqlmodel import Session

from config.policy import Policy
from models.letter import NoticeKind
from models.lifecycle import REMINDED, State
from rules.ladder import Window, all_windows

_QUESTIONS = (
    "status_question JOIN status_round ON status_round.id = status_question.round_id "
    "JOIN activity ON activity.id = status_question.activity_id"
)


@dataclass(frozen=True, slots=True)
class _Watched:
    """Which day a kind watches, which column tells how precise it is, and when it counts."""

    day: str
    precision: str
    states: tuple[State, ...]
    source: str = "activity"
    besides: str = ""


_OPEN_QUESTION = "status_round.closed_on IS NULL AND status_question.answered_on IS NULL"

# Reviews go on while the activity is alive.
_WATCHED: dict[NoticeKind, _Watched] = {
    NoticeKind.DEADLINE: _Watched("deadline_last", "deadline_precision", REMINDED),
    NoticeKind.START: _Watched("start_due", "start_precision", (State.DECIDED,)),
    NoticeKind.REVIEW: _Watched("next_review_on", "'day'", REMINDED),
    NoticeKind.RESUME: _Watched("resume_on", "'day'", (State.PAUSED,)),
    NoticeKind.FUNDING: _Watched("funding_last", "'day'", REMINDED),
    NoticeKind.ROUND: _Watched("closes_on", "'day'", REMINDED, _QUESTIONS, _OPEN_QUESTION),
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
    watched = _WATCHED[kind]
    day = watched.day
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    by_ladder = groupby(windows, key=lambda w: (w.plan, w.precisions, w.all_but))
    ladders = [list(steps) for _, steps in by_ladder]
    on_each = [_on_ladder(steps, watched) for steps in ladders]
    rungs = [_rung(steps, day) for steps in ladders]
    rung = rungs[0]
    if len(ladders) > 1:
        pairs = zip(on_each, rungs, strict=True)
        rung = f"CASE {' '.join(f'WHEN {on} THEN {standing}' for on, standing in pairs)} END"
    on_any = " OR ".join(f"({on})" for on in on_each)
    besides = f"AND {watched.besides} " if watched.besides else ""
    return text(
        "INSERT INTO notice (activity_id, kind, rung, due_on, reached_on) "  # noqa: S608 - own names
        f"SELECT activity.id, '{kind.value}', {rung}, {day}, :today FROM {watched.source} "
        f"WHERE {day} BETWEEN '{first}' AND '{last}' AND {_in_states(watched.states)} "
        f"AND reported_done_on IS NULL {besides}AND ({on_any}) "
        "ON CONFLICT (activity_id, kind, due_on, rung) DO NOTHING"
    ).bindparams(bindparam("today", type_=Date))


def _on_ladder(steps: list[Window], watched: _Watched) -> str:
    """Is the day on this ladder at all, by its plan, its precision and between its ends?"""
    first = steps[0]
    on = f"{watched.day} BETWEEN '{steps[-1].first}' AND '{first.last}'"
    if first.precisions:
        among = "NOT IN" if first.all_but else "IN"
        on = f"{watched.precision} {among} ({_quoted(first.precisions)}) AND {on}"
    if first.plan or first.other_plans:
        titles = _quoted((first.plan,) if first.plan else first.other_plans)
        plans = f"(SELECT id FROM plan WHERE title IN ({titles}))"  # noqa: S608 - quoted
        on = f"{on} AND plan_id {'IN' if first.plan else 'NOT IN'} {plans}"
    return on


def _quoted(words: tuple[str, ...]) -> str:
    """Words as literals in a list; a colon would be taken for a parameter."""
    escaped = (word.replace("'", "''").replace(":", "\\:") for word in words)
    return ", ".join(f"'{word}'" for word in escaped)


def _rung(steps: list[Window], day: str) -> str:
    """The rung by the day: the first step that the day is not before."""
    return "CASE " + " ".join(f"WHEN {day} >= '{w.first}' THEN {w.rung}" for w in steps) + " END"


def _in_states(states: tuple[State, ...]) -> str:
    """States as literals, never bound, and "=" for one: else SQLite ignores the partial index.

    (`state IN ('pausad')` is not recognised as the index's own `state = 'pausad'`: a full scan.)
    """
    listed = [f"'{state.value}'" for state in states]
    return f"state = {listed[0]}" if len(listed) == 1 else f"state IN ({', '.join(listed)})"


_LISTED = ", ".join(f"'{state.value}'" for state in REMINDED)

# Does a notice still hold: is the day still that day, and is the activity still where it counts?
STILL_HOLDS = f"""
    EXISTS (
        SELECT 1 FROM activity a
        WHERE a.id = notice.activity_id
          AND a.reported_done_on IS NULL
          AND CASE notice.kind
              WHEN 'deadline' THEN a.deadline_last = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'start' THEN a.start_due = notice.due_on AND a.state = 'beslutad'
              WHEN 'review' THEN a.next_review_on = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'resume' THEN a.resume_on = notice.due_on AND a.state = 'pausad'
              WHEN 'funding' THEN a.funding_last = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'round' THEN a.state IN ({_LISTED}) AND EXISTS (
                  SELECT 1 FROM status_question q JOIN status_round r ON r.id = q.round_id
                  WHERE q.activity_id = a.id AND q.answered_on IS NULL
                    AND r.closed_on IS NULL AND r.closes_on = notice.due_on)
              ELSE EXISTS (
                  SELECT 1 FROM notice asked
                  WHERE asked.activity_id = a.id AND asked.kind <> 'silence'
                    AND asked.written_on IS NOT NULL AND asked.settled_on IS NULL
                    AND asked.written_on = notice.due_on) END
    )
"""  # noqa: S608 - own names
