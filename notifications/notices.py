"""The sweep: which activities have reached a rung, and have no notice of it yet?

One set-based statement for each ladder; the windows come from `rules/ladder.py`. What becomes of a
notice is the work of `notifications/letters.py`.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby

from sqlalchemy import Date, TextClause, bindparam, text
from sqlmodel import Session

from config.policy import Policy
from models.letter import NoticeKind
from models.lifecycle import REMINDED, State
from rules.ladder import Window, all_windows

# Which day each kind watches, and in which states. Reviews go on while the activity is alive.
_WATCHED: dict[NoticeKind, tuple[str, tuple[State, ...]]] = {
    NoticeKind.DEADLINE: ("deadline_last", REMINDED),
    NoticeKind.START: ("start_due", (State.DECIDED,)),
    NoticeKind.REVIEW: ("next_review_on", REMINDED),
    NoticeKind.RESUME: ("resume_on", (State.PAUSED,)),
}


def sweep(session: Session, policy: Policy, today: date) -> dict[str, int]:
    """Put every reached rung on file as a notice, once. Returns how many were new, by kind.

    1. The policy's ladders and `today` give windows: "deadlines from A to B stand on rung R".
    2. The windows of one ladder touch, so one range of one index holds them all.
    3. `INSERT … SELECT … ON CONFLICT DO NOTHING`: what is on file already stays as it is.
    """
    made: dict[str, int] = {}
    ladders = groupby(all_windows(policy, today), key=lambda w: (w.kind, w.precisions, w.all_but))
    for (kind, _, _), standing in ladders:
        windows = list(standing)
        statement = _insertion(kind, *shape(windows))
        done = session.execute(statement, days(windows, today))
        made[kind] = made.get(kind, 0) + int(done.rowcount)  # type: ignore[attr-defined]
    return made


def shape(windows: list[Window]) -> tuple[tuple[int, ...], tuple[str, ...], bool]:
    """What of a ladder stays the same from day to day: its rungs, and whom it is for."""
    first = windows[0]
    return tuple(w.rung for w in windows), first.precisions, first.all_but


def days(windows: list[Window], today: date) -> dict[str, date]:
    """What of a ladder moves with the day: where each window begins, and the range of them all."""
    begins = {f"from_{number}": window.first for number, window in enumerate(windows)}
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    return {"today": today, "first": first, "last": last} | begins


@lru_cache(maxsize=64)
def _insertion(
    kind: str, rungs: tuple[int, ...], precisions: tuple[str, ...], all_but: bool
) -> TextClause:
    """Kept from day to day: to build a statement takes longer than a small sweep."""
    selection = reached(kind, rungs, precisions, all_but)
    return _with_days(
        "INSERT INTO notice (activity_id, kind, rung, due_on, reached_on) "
        f"{selection} ON CONFLICT DO NOTHING",
        rungs,
    )


def reached(kind: str, rungs: tuple[int, ...], precisions: tuple[str, ...], all_but: bool) -> str:
    """SQL for the activities that stand on the rungs of one ladder, as rows of a notice.

    States are literals: SQLite uses a partial index only for a query that says the same words.
    """
    day, states = _WATCHED[NoticeKind(kind)]
    cases = " ".join(f"WHEN {day} >= :from_{n} THEN {rung}" for n, rung in enumerate(rungs))
    where = [f"{day} BETWEEN :first AND :last", _among("state", [s.value for s in states])]
    where.append("reported_done_on IS NULL")
    if precisions and kind == NoticeKind.DEADLINE:
        wanted = _among("deadline_precision", precisions)
        where.append(f"NOT {wanted}" if all_but else wanted)
    return (
        f"SELECT id, '{kind}', CASE {cases} END, {day}, :today "  # noqa: S608 - our own words only
        f"FROM activity WHERE {' AND '.join(where)}"
    )


def _with_days(sql: str, rungs: tuple[int, ...]) -> TextClause:
    names = ["today", "first", "last", *(f"from_{number}" for number in range(len(rungs)))]
    return text(sql).bindparams(*(bindparam(name, type_=Date) for name in names))


def _among(column: str, words: Iterable[str]) -> str:
    """`column = 'word'` for one word, as the indexes have it, else `column IN (…)`."""
    quoted = [f"'{word}'" for word in words]
    return f"{column} = {quoted[0]}" if len(quoted) == 1 else f"{column} IN ({', '.join(quoted)})"
