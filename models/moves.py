"""Moving activities: state and history written in one transaction, or a refusal and nothing.

The table of moves and their guards is `models/lifecycle.py`, what the guards look at is fetched by
`models/facts.py`, and what is written is `models/effects.py`; this file judges and moves. Who may
move what is decided by whoever calls.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, func, insert, select
from sqlmodel import Session

from config import clock
from models import successors
from models.activity import Activity
from models.changes import remember_change, said_deadline
from models.columns import c
from models.decision import Agreed, MoveRow
from models.effects import put_next_reviews, values_of, write
from models.facts import facts as look_up
from models.facts import facts_of
from models.happened import When, when, wrong_days
from models.lifecycle import (
    NEXT_PLAN_OPEN,
    PLAN_OPEN,
    SOFT,
    Brought,
    Lack,
    Move,
    OnFile,
    State,
    refusals,
    rule_of,
    target,
)
from models.plan import Plan
from models.span import Span
from models.statements import ONE, among, run
from models.undoing import batch_of, stands


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A move cannot be made. `sentences` say, in Swedish, everything that stands in the way."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves: a name for the history, and the person on file if there is one."""

    name: str
    person_id: int | None = None


@dataclass(slots=True)
class Moved:
    """What came of many moves: the new state of each, or the sentences that refuse it."""

    states: dict[int, State] = field(default_factory=dict)
    refused: dict[int, list[str]] = field(default_factory=dict)


def propose(
    session: Session,
    activity: Activity,
    mover: Mover,
    *,
    today: date,
    happened_on: date | None = None,
) -> int:
    """Put a new activity on file as Föreslagen, with its first move. Returns its id.

    What was proposed before today, in a plan that runs already, is told and counted from then.
    Raises `Refused` when what, plan or group is missing, or the plan is closed.
    """
    closed = select(c(Plan).closed_on).where(c(Plan).id == activity.plan_id)
    held = session.execute(closed.with_for_update(read=True, key_share=True)).scalar()
    on_file = OnFile(
        what=activity.what,
        plan=activity.plan_id is not None,
        group=activity.group_id is not None,
        plan_closed=held is not None,
    )
    missing = refusals(Move.PROPOSE, None, on_file, Brought())
    if missing:
        raise Refused(missing)
    activity.state = State.PROPOSED
    day = min(happened_on or today, today)
    activity.state_since = day
    session.add(activity)
    session.flush()
    assert activity.id is not None
    session.execute(
        insert(MoveRow).values(
            activity_id=activity.id,
            move=Move.PROPOSE,
            from_state=None,
            to_state=State.PROPOSED,
            on_day=day,
            happened_on=day,
            registered_on=today,
            at=clock.now(),
            by=mover.name,
            person_id=mover.person_id,
            reason="",
            details={},
            batch=batch_of(session, today),
        )
    )
    return activity.id


def make_move(
    session: Session,
    activity_id: int,
    move: Move,
    mover: Mover,
    *,
    today: date,
    brought: Brought | None = None,
    hard: frozenset[Lack] = SOFT,
) -> State:
    """Move one activity, and return the state it came to. `hard` lacks refuse it too.

    1. Read what is on file about it; a database that can hold rows holds this one.
    2. Ask the table; raise `Refused` with every sentence if something stands in the way.
    3. Add the row to its history, and `UPDATE … WHERE state = the state that was read`, in the
       same transaction: one row, or somebody else was first.
    """
    brought = brought or Brought()
    on = session.connection()
    _hold_plans(on, [activity_id], move, brought)
    found = look_up(on, activity_id, today, move, brought)
    if found is None:
        raise Refused([_no_such(activity_id)])
    state, on_file = found
    said = when(on, brought, today)
    missing = refusals(move, state, on_file, brought, hard)
    missing += wrong_days(on, [activity_id], brought, said).get(activity_id, [])
    if missing:
        raise Refused(missing + _told_who(session, move, {activity_id: state})[activity_id])
    to = target(move, on_file)
    values = _values(session, move, mover, brought, said) | {
        "id": activity_id,
        "was": state,
        "to": to,
    }
    with _keeping_deadlines(session, [activity_id], move, mover, brought, said):
        if write(on, move, f"{ONE} AND a.state = :was", values, late=said.late) != 1:
            raise Refused(_told_who(session, move, {activity_id: None})[activity_id])
    if move in successors.MOVES:
        _follow_successors(session, [activity_id], move, mover, brought, today)
    return to


def make_moves(
    session: Session,
    activity_ids: Iterable[int],
    move: Move,
    mover: Mover,
    *,
    today: date,
    brought: Brought | None = None,
    hard: frozenset[Lack] = SOFT,
) -> Moved:
    """Move many activities alike, in as few statements as one. Those that are refused stay as they
    are, and `refused` says why; the others do not wait for them.
    """
    brought = brought or Brought()
    ids = sorted(set(activity_ids))
    on = session.connection()
    _hold_plans(on, ids, move, brought)
    found = facts_of(on, ids, today, move, brought)
    said = when(on, brought, today)
    wrong = wrong_days(on, ids, brought, said)
    moved = Moved()
    judged: dict[int, tuple[list[str], State | None]] = {}  # alike ones are judged once
    for id_ in ids:
        if id_ not in found:
            moved.refused[id_] = [_no_such(id_)]
            continue
        state, on_file = found[id_]
        key = id(found[id_])
        if key not in judged:
            missing = refusals(move, state, on_file, brought, hard)
            judged[key] = (missing, None if missing else target(move, on_file))
        missing, to = judged[key]
        if to is None or id_ in wrong:
            moved.refused[id_] = missing + wrong.get(id_, [])
        else:
            moved.states[id_] = to
    _say_who_was_first(session, move, moved, found)
    if moved.states:
        with _keeping_deadlines(session, list(moved.states), move, mover, brought, said):
            values = _values(session, move, mover, brought, said)
            _write_all(session, move, moved, values, said.late)
        if move in successors.MOVES:
            _follow_successors(session, list(moved.states), move, mover, brought, today)
    return moved


def facts(session: Session, activity_id: int, today: date) -> tuple[State, OnFile]:
    """All that the guards may look at. Raises `Refused` when there is no such activity."""
    found = look_up(session.connection(), activity_id, today)
    if found is None:
        raise Refused([_no_such(activity_id)])
    return found


def _no_such(activity_id: int) -> str:
    return f"Det finns ingen aktivitet med nummer {activity_id}."


def _hold_plans(on: Connection, ids: list[int], move: Move, brought: Brought) -> None:
    """What comes to life in a plan waits for whoever is closing the plan, and the other way round.

    SQLite has one writer, so nobody meets there.
    """
    needs = rule_of(move).needs
    if on.dialect.name == "sqlite":
        return
    if PLAN_OPEN in needs or NEXT_PLAN_OPEN in needs:
        words = (
            "SELECT 1 FROM plan WHERE id = :next_plan OR id IN "  # noqa: S608 - own words
            f"(SELECT plan_id FROM activity WHERE id {among(on)}) ORDER BY id FOR KEY SHARE"
        )
        run(on, words, {"ids": ids, "next_plan": brought.next_plan_id})


def _write_all(
    session: Session, move: Move, moved: Moved, values: dict[str, object], late: bool
) -> None:
    """Both statements for all that come to one state (after a pause there may be several)."""
    by_target: dict[State, list[int]] = {}
    for id_, to in moved.states.items():
        by_target.setdefault(to, []).append(id_)
    for to, ids in by_target.items():
        on = session.connection()
        written = write(on, move, among(on), values | {"ids": ids, "to": to}, late=late)
        if written != len(ids):  # their rows are held, so this is a fault of ours
            raise RuntimeError(f"{written} of {len(ids)} activities were moved")


def _values(
    session: Session, move: Move, mover: Mover, brought: Brought, said: When
) -> dict[str, object]:
    who = {"by": mover.name, "person_id": mover.person_id}
    return values_of(move, brought, said) | who | {"batch": batch_of(session, said.registered)}


def _follow_successors(
    session: Session, ids: list[int], move: Move, mover: Mover, brought: Brought, today: date
) -> None:
    """Carried over: a linked successor each, once. Undone: it is withdrawn, and the goals that came
    along are taken back.
    """
    if move is Move.UNDO_CARRY_OVER:
        alive = successors.of(session, ids, State.PROPOSED)
        reason = Brought(reason=f"Överföringen ångrades: {brought.reason}")
        make_moves(session, alive, Move.WITHDRAW, mover, today=today, brought=reason)
        successors.take_goals_back(session, alive, mover.name, today)
        return
    assert brought.next_plan_id is not None
    withdrawn = successors.of(session, ids, State.WITHDRAWN)
    to, by = brought.next_plan_id, mover.name
    successors.send_to(session, withdrawn, to, by, today)
    anew = successors.begin_anew(session, withdrawn, today)
    withdrawn = [id_ for id_ in withdrawn if id_ not in anew]
    successors.make(session, ids, to, by, mover.person_id, today, withdrawn)
    again = make_moves(session, withdrawn, Move.PROPOSE_AGAIN, mover, today=today)
    if again.refused:
        raise Refused([sentence for said in again.refused.values() for sentence in said])


@contextmanager
def _keeping_deadlines(
    session: Session, ids: list[int], move: Move, mover: Mover, brought: Brought, said: When
) -> Iterator[None]:
    """What goes on gets a new deadline; the old one is kept as for any change, in the same deed."""
    if move is not Move.CONTINUE:
        yield
        return
    before = {id_: said_deadline(session, id_) for id_ in ids}
    yield
    put_next_reviews(session.connection(), ids, said.registered)
    for id_, was in before.items():
        now = said_deadline(session, id_)
        remember_change(
            *(session, id_, Agreed.DEADLINE, was, now, mover.name),
            today=said.registered,
            reason=brought.reason,
            counts=said.counts,
            decision_id=brought.decision_id,
        )


def _say_who_was_first(
    session: Session, move: Move, moved: Moved, found: dict[int, tuple[State, OnFile]]
) -> None:
    wrong = {id_: found[id_][0] for id_ in moved.refused if id_ in found}
    for id_, said in _told_who(session, move, wrong).items():
        moved.refused[id_] = moved.refused[id_] + said


def _told_who(
    session: Session, move: Move, states: Mapping[int, State | None]
) -> dict[int, list[str]]:
    """Who moved an activity last, for those that are not where the move begins: somebody may have
    been first a moment ago. `None` for a state says that somebody was.
    """
    told: dict[int, list[str]] = {id_: [] for id_ in states}
    elsewhere = [id_ for id_, state in states.items() if state not in rule_of(move).sources]
    if not elsewhere:
        return told
    last = select(func.max(c(MoveRow).id)).where(
        c(MoveRow).activity_id.in_(elsewhere), stands(c(MoveRow))
    )
    rows = session.execute(
        select(
            c(MoveRow).activity_id,
            c(MoveRow).by,
            c(MoveRow).at,
            c(MoveRow).registered_on,
            c(MoveRow).from_state,
            c(MoveRow).to_state,
        ).where(c(MoveRow).id.in_(last.group_by(c(MoveRow).activity_id)))
    )
    for row in rows:
        here = clock.in_stockholm(row.at)
        day = row.registered_on
        then = f"{day} kl. {here:%H.%M}" if here.date() == day else str(day)
        source = f"från {row.from_state.value} " if row.from_state else ""
        told[row.activity_id] = [
            f"Senast flyttad av {row.by} {then}, {source}till {row.to_state.value}."
        ]
    return told


def put_span(activity: Activity, which: str, span: Span) -> None:
    """Write a span into an activity's columns; `which` is "start" or "deadline"."""
    setattr(activity, f"{which}_text", span.text)
    setattr(activity, f"{which}_first", span.first)
    setattr(activity, f"{which}_last", span.last)
    setattr(activity, f"{which}_precision", span.precision)
