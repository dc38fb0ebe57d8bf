"""The log of some activities as entries, newest first: what each deed wrote, and what stands on it.

An entry is what one deed wrote about one activity; rows of before there were batches are entries by
themselves. Only rows that stand are read. What is taken back with what is asked for is a `Chain`;
taking it back is `undo.py`.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, or_, select, union
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Change, MoveRow
from models.lifecycle import Move
from models.part import PartChange
from models.plan import Plan
from models.status import StatusAnswer, Way
from models.undoing import stands

# Moves that a successor makes, or its predecessor, in the same deed.
_TOGETHER = {
    Move.PROPOSE.value,
    Move.WITHDRAW.value,
    Move.PROPOSE_AGAIN.value,
    Move.CARRY_OVER.value,
    Move.UNDO_CARRY_OVER.value,
}
_AT_ONCE = 500  # ids in one question


class Kind(StrEnum):
    """Which log a row stands in."""

    MOVE = "move"
    CHANGE = "change"
    PART = "part"
    ANSWER = "answer"


LOGS: dict[Kind, Any] = {
    Kind.CHANGE: Change,
    Kind.PART: PartChange,
    Kind.ANSWER: StatusAnswer,
    Kind.MOVE: MoveRow,
}


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log: what it says (a move, what was agreed, a part's name, an answer's word).

    `before` is what it put aside; `details` of a move is what was brought along, `counts_on` the
    day that it counts from. `by_link`: a person gave it herself, so that nobody else takes it back.
    """

    kind: Kind
    id: int
    activity_id: int
    batch: int | None
    at: datetime
    on_day: date
    by: str
    says: str
    words: str = ""
    before: dict[str, Any] | None = None
    part_id: int | None = None
    from_state: str | None = None
    counts_on: date | None = None
    details: dict[str, str] = field(default_factory=dict)
    by_link: bool = False

    @property
    def key(self) -> str:
        """The entry that it belongs to, as a form says it."""
        return str(self.batch) if self.batch is not None else f"{self.kind.value}-{self.id}"

    @property
    def name(self) -> str:
        """The row itself."""
        return f"{self.kind.value}-{self.id}"


Rows = dict[int, list[Logged]]


@dataclass(slots=True)
class Chain:
    """What is taken back together, newest first.

    `above` are the rows that stand on what was asked for, `kept` answers that people gave
    themselves since and that stay, `why_not` the sentences that refuse an activity.
    """

    asked: list[Logged] = field(default_factory=list)
    above: list[Logged] = field(default_factory=list)
    kept: list[Logged] = field(default_factory=list)
    why_not: dict[int, list[str]] = field(default_factory=dict)
    ties: set[tuple[int, int]] = field(default_factory=set)  # what goes together or not at all

    @property
    def rows(self) -> list[Logged]:
        """All of it, newest first."""
        return sorted((*self.asked, *self.above), key=_when, reverse=True)

    @property
    def print(self) -> str:
        """What was looked at: the same words for the same rows, to be compared."""
        names = ",".join(sorted(row.name for row in self.rows))
        return hashlib.sha256(names.encode()).hexdigest()[:16]

    def tied_to(self, ids: Iterable[int]) -> set[int]:
        """Some activities, and those whose deeds go with theirs."""
        found = set(ids)
        while more := {id_ for tie in self.ties if found & set(tie) for id_ in tie} - found:
            found |= more
        return found

    def without(self, ids: Collection[int]) -> "Chain":
        """The same, with some activities left as they are."""
        return Chain(
            [row for row in self.asked if row.activity_id not in ids],
            [row for row in self.above if row.activity_id not in ids],
            [row for row in self.kept if row.activity_id not in ids],
        )


_ORDER = list(LOGS)


def _when(row: Logged) -> tuple[datetime, int, int]:
    return (row.at, _ORDER.index(row.kind), row.id)


def log_of(session: Session, ids: Iterable[int]) -> Rows:
    """Every row that stands about each activity, newest first."""
    found: Rows = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        for row in _rows(session, wanted[start : start + _AT_ONCE]):
            found.setdefault(row.activity_id, []).append(row)
    for rows in found.values():
        rows.sort(key=_when, reverse=True)
    return found


def _rows(session: Session, ids: list[int]) -> Iterable[Logged]:
    m, x, p, s = c(MoveRow), c(Change), c(PartChange), c(StatusAnswer)
    moves = select(
        *(m.id, m.activity_id, m.batch, m.at, m.registered_on, m.by, m.move, m.to_state),
        *(m.before, m.from_state, m.on_day, m.details),
    )
    for row in session.execute(moves.where(m.activity_id.in_(ids), stands(m))):
        yield Logged(
            *(Kind.MOVE, row.id, row.activity_id, row.batch, row.at, row.registered_on, row.by),
            *(row.move.value, row.to_state.value, row.before),
            from_state=row.from_state.value if row.from_state else None,
            counts_on=row.on_day,
            details=row.details,
        )
    changes = select(
        *(x.id, x.activity_id, x.batch, x.at, x.on_day, x.by, x.what),
        *(x.before_words, x.before_values),
    )
    for row in session.execute(changes.where(x.activity_id.in_(ids), stands(x))):
        yield Logged(
            *(Kind.CHANGE, row.id, row.activity_id, row.batch, row.at, row.on_day, row.by),
            *(row.what.value, row.before_words, row.before_values),
        )
    parts = select(
        *(p.id, p.activity_id, p.batch, p.at, p.on_day, p.by, p.part_id, p.before, p.after)
    )
    for row in session.execute(parts.where(p.activity_id.in_(ids), stands(p))):
        yield Logged(
            *(Kind.PART, row.id, row.activity_id, row.batch, row.at, row.on_day, row.by),
            *(row.after.get("name", ""), "", row.before),
            part_id=row.part_id,
        )
    answers = select(
        *(s.id, s.activity_id, s.batch, s.at, s.on_day, s.registered_by, s.says, s.before, s.way)
    )
    for row in session.execute(answers.where(s.activity_id.in_(ids), stands(s))):
        yield Logged(
            *(Kind.ANSWER, row.id, row.activity_id, row.batch, row.at, row.on_day),
            *(row.registered_by, row.says.value, "", row.before),
            by_link=row.way in (Way.LINK, Way.REPLY),
        )


def chain_of(session: Session, starts: Iterable[tuple[int, str]], key: str) -> Chain:
    """What is taken back with entries of some activities, `key` being the one that was asked for.

    1. The rows of those entries, and all that was written about the same activities since.
    2. Where a life was begun, carried over or taken back in it: the same deed of what it came from
       or became, and what was written about that since.
    3. Why not, where a plan is closed or the log did not keep what was before.
    """
    chain = Chain()
    seen: dict[str, Logged] = {}
    met: set[tuple[int, str]] = set()
    waits = set(starts)
    while waits:
        met |= waits
        log = log_of(session, {id_ for id_, _ in waits})
        new = [
            row
            for id_, entry in waits
            for row in _since(log.get(id_, []), entry)
            if row.name not in seen
        ]
        seen |= {row.name: row for row in new}
        onward, ties = _kin_of(session, new)
        chain.ties |= ties
        waits = onward - met
    for row in sorted(seen.values(), key=_when, reverse=True):
        if row.by_link:
            chain.kept.append(row)
        elif row.key == key:
            chain.asked.append(row)
        else:
            chain.above.append(row)
    chain.why_not = _why_not(session, chain)
    return chain


def _since(rows: list[Logged], key: str) -> list[Logged]:
    """The rows of an entry, and all that are newer; none where there is no such entry."""
    places = [place for place, row in enumerate(rows) if row.key == key]
    return rows[: places[-1] + 1] if places else []


def _kin_of(
    session: Session, rows: Iterable[Logged]
) -> tuple[set[tuple[int, str]], set[tuple[int, int]]]:
    """The same deeds of what activities came from and became, where a deed is about both; and
    which activities they are."""
    keys: dict[int, set[str]] = {}
    for row in rows:
        if row.kind is Kind.MOVE and row.says in _TOGETHER and row.batch is not None:
            keys.setdefault(row.activity_id, set()).add(row.key)
    if not keys:
        return set(), set()
    a = c(Activity)
    related = select(a.id, a.successor_of).where(
        a.successor_of.is_not(None), or_(a.id.in_(keys), a.successor_of.in_(keys))
    )
    found: set[tuple[int, str]] = set()
    ties: set[tuple[int, int]] = set()
    for id_, came_from in session.execute(related):
        found |= {(came_from, key) for key in keys.get(id_, ())}
        found |= {(id_, key) for key in keys.get(came_from, ())}
        if keys.get(id_, set()) & keys.get(came_from, set()):
            ties.add((id_, came_from))
    return found, ties


def of_batch(session: Session, batch: int) -> set[int]:
    """The activities that one deed was about, and that something of it still stands of."""
    asked: list[Select[Any]] = [
        select(c(table).activity_id).where(c(table).batch == batch, stands(c(table)))
        for table in LOGS.values()
    ]
    return set(session.execute(union(*asked)).scalars())


def _why_not(session: Session, chain: Chain) -> dict[int, list[str]]:
    """The sentences that refuse each activity whose rows cannot be taken back."""
    ids = {row.activity_id for row in chain.rows}
    closed = session.execute(
        select(c(Activity).id, c(Plan).title)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Activity).id.in_(ids), c(Plan).closed_on.is_not(None))
    )
    found: dict[int, list[str]] = {}
    for id_, title in closed:
        found[id_] = [
            f"Planen ”{title}” är avslutad. Öppna den igen först; det behöver ett beslut."
        ]
    for row in chain.rows:
        if row.kind is Kind.MOVE and not row.before and row.says in _HELD_MORE:
            told = (
                f"”{row.says.capitalize()}” registrerades innan det gick att ångra, så det som "
                "gällde före går inte att få fram. Gör en ny flytt i stället."
            )
            found.setdefault(row.activity_id, []).append(told)
    return found


# Moves that put aside more than history tells, of before the log kept it.
_HELD_MORE = {
    Move.CONTINUE.value,
    Move.PROLONG.value,
    Move.RESUME.value,
    Move.RETURN.value,
    Move.REOPEN.value,
}
