"""Moving activities: state and history written in one transaction, or a refusal and nothing.

The table of moves and their guards is `models/lifecycle.py`; this file brings the facts, makes the
guarded UPDATE and adds the row. Who may move what is decided by whoever calls.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlmodel import Session, col

from config import clock
from models.activity import Activity, Answerable, Responsibility
from models.decision import MoveRow
from models.lifecycle import Brought, Move, OnFile, State, refusals, target
from models.plan import Plan
from models.span import Span


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A move cannot be made. `sentences` say, in Swedish, everything that stands in the way."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves: a name for the history, and the person on file if there is one."""

    name: str
    person_id: int | None = None


def propose(session: Session, activity: Activity, mover: Mover, *, today: date) -> int:
    """Put a new activity on file as Föreslagen, with its first move. Returns its id.

    Raises `Refused` when what, plan or group is missing.
    """
    on_file = OnFile(
        what=activity.what, plan=activity.plan_id is not None, group=activity.group_id is not None
    )
    missing = refusals(Move.PROPOSE, None, on_file, Brought())
    if missing:
        raise Refused(missing)
    activity.state = State.PROPOSED
    activity.state_since = today
    session.add(activity)
    session.flush()
    assert activity.id is not None
    _remember(session, activity.id, Move.PROPOSE, None, State.PROPOSED, mover, Brought(), today)
    return activity.id


def make_move(
    session: Session,
    activity_id: int,
    move: Move,
    mover: Mover,
    *,
    today: date,
    brought: Brought | None = None,
) -> State:
    """Move one activity, and return the state it came to.

    1. Read what is on file about it.
    2. Ask the table; raise `Refused` with every sentence if something stands in the way.
    3. `UPDATE … WHERE state = the state that was read`: one row, or somebody else was first.
    4. Add the row to its history, in the same transaction.
    """
    brought = brought or Brought()
    state, on_file = facts(session, activity_id, today)
    missing = refusals(move, state, on_file, brought)
    if missing:
        raise Refused(missing)
    to = target(move, on_file)
    changed = session.execute(
        update(Activity)
        .where(col(Activity.id) == activity_id, col(Activity.state) == state)
        .values(state=to, state_since=today, **_effects(move, state, brought))
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            ["Någon annan hann flytta aktiviteten. Läs in sidan igen och se vad som hänt."]
        )
    _remember(session, activity_id, move, state, to, mover, brought, today)
    if move is Move.CARRY_OVER:
        _successor(session, activity_id, brought, mover, today)
    return to


def facts(session: Session, activity_id: int, today: date) -> tuple[State, OnFile]:
    """What the guards look at, in one question. Raises `Refused` when there is no such activity."""
    row = session.execute(_FACTS, {"id": activity_id, "today": today}).mappings().one_or_none()
    if row is None:
        raise Refused([f"Det finns ingen aktivitet med nummer {activity_id}."])
    before = row["state_before_pause"]
    on_file = OnFile(
        what=row["what"],
        plan=True,
        group=True,
        goal=bool(row["goal"]),
        responsible_reachable=bool(row["reachable"]),
        deadline=row["deadline_last"] is not None,
        cadence=bool(row["runs_on"]) and row["review_months"] is not None,
        follow_up=bool(row["follow_up"].strip()),
        year_approved=row["approved_on"] is not None,
        has_successor=bool(row["successor"]),
        state_before_pause=State(before) if before else None,
    )
    return State(row["state"]), on_file


# A responsible is reachable when it is a person, or a group or role that somebody holds today,
# and that somebody's address works.
_FACTS = text("""
    SELECT a.state, a.what, a.follow_up, a.deadline_last, a.runs_on, a.review_months,
           a.state_before_pause, p.approved_on,
           EXISTS (SELECT 1 FROM activity_goal g WHERE g.activity_id = a.id) AS goal,
           EXISTS (SELECT 1 FROM activity s WHERE s.successor_of = a.id) AS successor,
           EXISTS (
               SELECT 1
               FROM responsibility r
               LEFT JOIN role_holding h
                      ON h.group_id = r.group_id
                     AND (r.role = '' OR h.role = r.role)
                     AND (h.starts_on IS NULL OR h.starts_on <= :today)
                     AND (h.ends_on IS NULL OR h.ends_on >= :today)
               JOIN person who ON who.id = coalesce(r.person_id, h.person_id)
               WHERE r.activity_id = a.id AND who.unreachable_since IS NULL
           ) AS reachable
    FROM activity a JOIN plan p ON p.id = a.plan_id
    WHERE a.id = :id
""")


def _effects(move: Move, state: State, brought: Brought) -> dict[str, Any]:
    """What a move changes in the row besides the state."""
    leaves_pause = {"state_before_pause": None, "resume_on": None, "stand_in_group_id": None}
    match move:
        case Move.PAUSE:
            return {
                "state_before_pause": state,
                "resume_on": brought.resume_on or brought.review_on,
                "stand_in_group_id": brought.stand_in_group_id,
            }
        case Move.FOLLOW_UP:
            return {"result": brought.result, "reported_done_on": None}
        case Move.CONTINUE:
            return {
                "deadline_text": brought.deadline_text or str(brought.deadline),
                "deadline_first": brought.deadline,
                "deadline_last": brought.deadline,
                "deadline_precision": "day",
                "reported_done_on": None,
            }
        case Move.END | Move.ABANDON:
            return leaves_pause | {"outcome": brought.outcome or ""}
        case _:
            return leaves_pause


def _remember(
    session: Session,
    activity_id: int,
    move: Move,
    state: State | None,
    to: State,
    mover: Mover,
    brought: Brought,
    today: date,
) -> None:
    said = {
        "result": brought.result,
        "figure": brought.figure,
        "why_no_figure": brought.why_no_figure,
        "outcome": brought.outcome or "",
        "resume_on": brought.resume_on.isoformat() if brought.resume_on else "",
        "resume_when": brought.resume_when,
        "review_on": brought.review_on.isoformat() if brought.review_on else "",
        "stand_in_group": str(brought.stand_in_group_id or ""),
        "next_plan": str(brought.next_plan_id or ""),
        "deadline": brought.deadline.isoformat() if brought.deadline else "",
    }
    session.execute(
        insert(MoveRow).values(
            activity_id=activity_id,
            move=move,
            from_state=state,
            to_state=to,
            on_day=today,
            at=clock.now(),
            by=mover.name,
            person_id=mover.person_id,
            decision_id=brought.decision_id,
            reason=brought.reason,
            details={key: value for key, value in said.items() if value},
        )
    )


def _successor(
    session: Session, activity_id: int, brought: Brought, mover: Mover, today: date
) -> None:
    """The linked successor in the next plan: same words and people, a life of its own."""
    old = session.get_one(Activity, activity_id)
    plan = session.get_one(Plan, brought.next_plan_id)
    assert plan.id is not None
    new = Activity(
        plan_id=plan.id,
        group_id=old.group_id,
        what=old.what,
        how=old.how,
        follow_up=old.follow_up,
        runs_on=old.runs_on,
        review_months=old.review_months,
        next_review_on=old.next_review_on,
        successor_of=old.id,
        source_key=f"successor of {old.id}",
        state_since=today,
    )
    new_id = propose(session, new, mover, today=today)
    for row in session.execute(
        select(Responsibility).where(col(Responsibility.activity_id) == activity_id)
    ).scalars():
        session.add(
            Responsibility(
                activity_id=new_id,
                kind=Answerable(row.kind),
                words=row.words,
                person_id=row.person_id,
                group_id=row.group_id,
                role=row.role,
            )
        )


def put_span(activity: Activity, which: str, span: Span) -> None:
    """Write a span into an activity's columns; `which` is "start" or "deadline"."""
    setattr(activity, f"{which}_text", span.text)
    setattr(activity, f"{which}_first", span.first)
    setattr(activity, f"{which}_last", span.last)
    setattr(activity, f"{which}_precision", span.precision)
