"""What was agreed anew, written down: the words before and after, and what they meant.

Whoever changes a deadline writes it here, a move as well as a form, so that history has them all.
Plans and goals are compared whole, so that no edit of them can be forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session

from config import clock
from models.activity import Activity, Responsibility
from models.by_the_heap import put_all
from models.columns import c
from models.decision import Agreed, Change
from models.plan import About, PlanChange
from models.span import Span
from models.standing import (
    GoalStanding,
    PlanStanding,
    as_json,
    goals_standing,
    plan_standing,
)
from models.undoing import batch_of, stands


@dataclass(frozen=True, slots=True)
class Said:
    """What is agreed about one thing: words, and the values behind them where words are not all."""

    words: str
    values: dict[str, Any] = field(default_factory=dict)
    # What stood beside it and is put back with it, when the change is taken back.
    beside: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def kept(self) -> dict[str, Any]:
        """The values as the log keeps them of what was before."""
        return self.values | ({"beside": self.beside} if self.beside else {})


def said_span(
    span: Span,
    *,
    runs_on: bool = False,
    review: date | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Said:
    """A start or a deadline as it is agreed; what runs on has a next review instead."""
    return Said(
        span.text,
        {
            **({"review": review.isoformat()} if runs_on and review else {}),
            "first": span.first.isoformat() if span.first else None,
            "last": span.last.isoformat() if span.last else None,
            "precision": span.precision.value,
            "open": runs_on,
        },
        dict(beside or {}),
    )


def beside_deadline(
    review_months: int | None, next_review: date | None, reported_done: date | None
) -> dict[str, Any]:
    """What a new deadline changes besides itself, as it was."""
    return {
        "review_months": review_months,
        "next_review_on": next_review.isoformat() if next_review else None,
        "reported_done_on": reported_done.isoformat() if reported_done else None,
    }


def said_deadline(session: Session, activity_id: int) -> Said:
    """An activity's deadline as it stands on file."""
    a = c(Activity)
    *span, runs_on, review, months, done = session.execute(
        select(
            *(a.deadline_text, a.deadline_first, a.deadline_last, a.deadline_precision),
            *(a.runs_on, a.next_review_on, a.review_months, a.reported_done_on),
        ).where(a.id == activity_id)
    ).one()
    beside = beside_deadline(months, review, done)
    return said_span(Span(*span), runs_on=runs_on, review=review, beside=beside)


def remember_change(
    session: Session,
    activity_id: int,
    what: Agreed,
    before: Said,
    after: Said,
    by: str,
    *,
    today: date,
    reason: str = "",
    counts: date | None = None,
    decision_id: int | None = None,
) -> None:
    """Add a row to the history, if anything differs.

    It counts from today, or an earlier day; never from before the last that was agreed of the same,
    so that days do not fall along a history.
    """
    if before == after:
        return
    session.execute(
        insert(Change).values(
            activity_id=activity_id,
            what=what,
            before_words=before.words,
            after_words=after.words,
            before_values=before.kept,
            after_values=after.values,
            on_day=_counts(session, activity_id, what, counts) if counts else today,
            at=clock.now(),
            by=by,
            reason=reason,
            decision_id=decision_id,
            batch=batch_of(session, today),
        )
    )


def _counts(session: Session, activity_id: int, what: Agreed, day: date) -> date:
    x = c(Change)
    asked = select(func.max(x.on_day)).where(
        x.activity_id == activity_id, x.what == what, stands(x)
    )
    latest: date | None = session.execute(asked).scalar()
    return max(day, latest or day)


def remember_changes(
    session: Session,
    what: Agreed,
    pairs: Mapping[int, tuple[Said, Said]],
    by: str,
    *,
    today: date,
    reason: str = "",
) -> None:
    """The same of many activities: what was agreed before and after, by their numbers."""
    at = clock.now()
    rows = [
        {
            "activity_id": activity_id,
            "what": what,
            "before_words": before.words,
            "after_words": after.words,
            "before_values": before.kept,
            "after_values": after.values,
            "on_day": today,
            "at": at,
            "by": by,
            "reason": reason,
            "batch": batch_of(session, today),
        }
        for activity_id, (before, after) in pairs.items()
        if before != after
    ]
    if rows:
        session.execute(insert(Change), rows)


def whom_named(session: Session, ids: Sequence[int]) -> dict[int, list[list[Any]]]:
    """Who answers for each activity: the words, and whom they name, as the log keeps it."""
    r = c(Responsibility)
    asked = select(r.activity_id, r.words, r.kind, r.person_id, r.group_id, r.role)
    found: dict[int, list[list[Any]]] = {id_: [] for id_ in ids}
    for id_, words, kind, *whom in session.execute(
        asked.where(r.activity_id.in_(ids)).order_by(r.id)
    ):
        found[id_].append([words, kind.value, *whom])
    return found


@dataclass(frozen=True, slots=True)
class PlanAsWas:
    """A plan and its goals at one moment, to compare with later."""

    plan: PlanStanding | None
    goals: dict[int, GoalStanding]


NO_PLAN_YET = PlanAsWas(None, {})


def plan_as_is(session: Session, plan_id: int) -> PlanAsWas:
    """A plan and its goals just now."""
    return PlanAsWas(plan_standing(session, plan_id), goals_standing(session, plan_id))


def remember_plan(
    session: Session,
    plan_id: int,
    before: PlanAsWas,
    by: str,
    *,
    today: date,
    reason: str = "",
) -> bool:
    """Add to the history whatever of a plan and its goals differs from before. Did anything?"""
    after = plan_as_is(session, plan_id)
    at = clock.now()
    numbers = sorted(before.goals.keys() | after.goals.keys())
    pairs: list[tuple[int | None, Any, Any]] = [(None, before.plan, after.plan)]
    pairs += [(number, before.goals.get(number), after.goals.get(number)) for number in numbers]
    rows = [
        {
            "plan_id": plan_id,
            "about": About.PLAN if goal_id is None else About.GOAL,
            "goal_id": goal_id,
            "before": as_json(was),
            "after": as_json(becomes),
            "on_day": today,
            "at": at,
            "by": by,
            "reason": reason,
            "batch": batch_of(session, today),
        }
        for goal_id, was, becomes in pairs
        if was != becomes
    ]
    put_all(session, PlanChange, rows)
    return bool(rows)
