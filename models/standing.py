"""How a plan stands on file, and the rows that tell how it came to: what history is replayed from.

Set-based questions, a handful for a whole plan whatever it holds. What stood on an earlier day is
worked out from these rows by `rules/history.py`; nothing here looks back by itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select
from sqlmodel import Session

from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.lifecycle import State
from models.plan import (
    About,
    ActivityTargetGroup,
    Adoption,
    Goal,
    Plan,
    PlanChange,
    PlanTargetGroup,
    TargetGroup,
)
from models.span import Span
from models.undoing import Undoing, stands


@dataclass(frozen=True, slots=True)
class Adopted:
    """A group adopted the plan."""

    group_id: int
    on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A plan's own row as it stands, with its tags and who adopted it."""

    title: str
    group_id: int
    parent_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    adopted_on: date | None = None
    last_changed_on: date | None = None
    purpose: str = ""
    target_group_words: str = ""
    target_groups: tuple[str, ...] = ()
    goal_words: str = ""
    cap: int | None = None
    funding_text: str = ""
    funding_amount: int | None = None
    funding_last: date | None = None
    adopted_by: tuple[Adopted, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """A goal as it stands."""

    text: str
    called: str = ""
    parent_id: int | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Funding:
    """What finances an activity: the plan's words, whole kronor, and the last day of the money."""

    words: str = ""
    amount: int | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityStanding:
    """What is agreed about an activity, and its state. `deadline.open`: it runs on."""

    id: int
    position: int
    group_id: int
    state: State
    what: str
    how: str
    follow_up: str
    start: Span
    deadline: Span
    responsible: tuple[str, ...]
    goals: tuple[int, ...]
    target_groups: tuple[str, ...]
    funding: Funding


@dataclass(frozen=True, slots=True)
class Moved:
    """A move brought an activity to a state."""

    activity_id: int
    on_day: date
    to_state: State


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was agreed anew about an activity: words, and the values behind them."""

    activity_id: int
    what: Agreed
    on_day: date
    before_words: str
    after_words: str
    before_values: dict[str, Any]
    after_values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """The plan, or one of its goals, was changed. None: it was not there."""

    on_day: date
    at: datetime
    by: str
    reason: str
    goal_id: int | None
    before: PlanStanding | GoalStanding | None
    after: PlanStanding | GoalStanding | None
    key: str = ""  # the entry that it belongs to, as a form says it
    id: int = 0
    undone: tuple[str, date, str] | None = None  # by whom, when and why it was taken back


@dataclass(frozen=True, slots=True)
class OnFile:
    """A whole plan as it stands, and every row that tells how it came to."""

    plan: PlanStanding
    goals: dict[int, GoalStanding]
    activities: tuple[ActivityStanding, ...]
    moves: tuple[Moved, ...]
    changes: tuple[Changed, ...]
    plan_changes: tuple[PlanChanged, ...]


_PLAN: TypeAdapter[PlanStanding] = TypeAdapter(PlanStanding)
_GOAL: TypeAdapter[GoalStanding] = TypeAdapter(GoalStanding)


def as_json(standing: PlanStanding | GoalStanding | None) -> dict[str, Any] | None:
    """A standing as the plain values that `PlanChange` keeps."""
    if standing is None:
        return None
    shape: TypeAdapter[Any] = _PLAN if isinstance(standing, PlanStanding) else _GOAL
    plain: dict[str, Any] = shape.dump_python(standing, mode="json")
    return plain


def whole(session: Session, plan_id: int) -> OnFile | None:
    """Everything about a plan; None when there is no such plan."""
    plan = plan_standing(session, plan_id)
    if plan is None:
        return None
    return OnFile(
        plan=plan,
        goals=goals_standing(session, plan_id),
        activities=_activities(session, plan_id),
        moves=_moves(session, plan_id),
        changes=_changes(session, plan_id),
        plan_changes=whole_log(session, plan_id),
    )


def plan_standing(session: Session, plan_id: int) -> PlanStanding | None:
    """A plan's own row with its tags and who adopted it."""
    row = session.execute(
        select(
            c(Plan).title,
            c(Plan).group_id,
            c(Plan).parent_id,
            c(Plan).first_day,
            c(Plan).last_day,
            c(Plan).adopted_on,
            c(Plan).last_changed_on,
            c(Plan).purpose,
            c(Plan).target_groups.label("target_group_words"),
            c(Plan).goal_words,
            c(Plan).cap,
            c(Plan).funding_text,
            c(Plan).funding_amount,
            c(Plan).funding_last,
        ).where(c(Plan).id == plan_id)
    ).one_or_none()
    if row is None:
        return None
    tags = session.execute(
        select(c(TargetGroup).name)
        .join(PlanTargetGroup, c(PlanTargetGroup).target_group_id == c(TargetGroup).id)
        .where(c(PlanTargetGroup).plan_id == plan_id)
        .order_by(c(TargetGroup).id)
    ).scalars()
    adopted = session.execute(
        select(c(Adoption).group_id, c(Adoption).adopted_on, c(Decision).reference)
        .outerjoin(Decision, c(Decision).id == c(Adoption).decision_id)
        .where(c(Adoption).plan_id == plan_id)
        .order_by(c(Adoption).adopted_on, c(Adoption).id)
    )
    return PlanStanding(
        **row._mapping,
        target_groups=tuple(tags),
        adopted_by=tuple(Adopted(group, day, words or "") for group, day, words in adopted),
    )


def goals_standing(session: Session, plan_id: int) -> dict[int, GoalStanding]:
    """A plan's goals by number, in their order."""
    rows = session.execute(
        select(c(Goal).id, c(Goal).text, c(Goal).called, c(Goal).parent_id, c(Goal).position)
        .where(c(Goal).plan_id == plan_id)
        .order_by(c(Goal).position, c(Goal).id)
    )
    return {id_: GoalStanding(*values) for id_, *values in rows}


def _activities(session: Session, plan_id: int) -> tuple[ActivityStanding, ...]:
    a = c(Activity)
    ids = select(a.id).where(a.plan_id == plan_id)
    responsible = _gathered(
        session,
        select(c(Responsibility).activity_id, c(Responsibility).words)
        .where(c(Responsibility).activity_id.in_(ids))
        .order_by(c(Responsibility).id),
    )
    goals = _gathered(
        session,
        select(c(ActivityGoal).activity_id, c(ActivityGoal).goal_id)
        .where(c(ActivityGoal).activity_id.in_(ids))
        .order_by(c(ActivityGoal).goal_id),
    )
    tags = _gathered(
        session,
        select(c(ActivityTargetGroup).activity_id, c(TargetGroup).name)
        .join(TargetGroup, c(TargetGroup).id == c(ActivityTargetGroup).target_group_id)
        .where(c(ActivityTargetGroup).activity_id.in_(ids))
        .order_by(c(TargetGroup).id),
    )
    rows = session.execute(
        select(
            a.id,
            a.position,
            a.state,
            a.what,
            a.how,
            a.follow_up,
            a.start_text,
            a.start_first,
            a.start_last,
            a.start_precision,
            a.deadline_text,
            a.deadline_first,
            a.deadline_last,
            a.deadline_precision,
            a.runs_on,
            a.group_id,
            a.funding_text,
            a.funding_amount,
            a.funding_last,
        )
        .where(a.plan_id == plan_id)
        .order_by(a.position, a.id)
    )
    return tuple(
        ActivityStanding(
            id=row.id,
            position=row.position,
            group_id=row.group_id,
            state=State(row.state),
            what=row.what,
            how=row.how,
            follow_up=row.follow_up,
            start=Span(row.start_text, row.start_first, row.start_last, row.start_precision),
            deadline=Span(
                row.deadline_text,
                row.deadline_first,
                row.deadline_last,
                row.deadline_precision,
                row.runs_on,
            ),
            responsible=responsible.get(row.id, ()),
            goals=goals.get(row.id, ()),
            target_groups=tags.get(row.id, ()),
            funding=Funding(row.funding_text, row.funding_amount, row.funding_last),
        )
        for row in rows
    )


def _gathered(session: Session, query: Select[Any]) -> dict[int, tuple[Any, ...]]:
    """(activity, value) rows -> the values of each activity, in the query's order."""
    found: dict[int, tuple[Any, ...]] = {}
    for activity_id, value in session.execute(query):
        found[activity_id] = (*found.get(activity_id, ()), value)
    return found


def _moves(session: Session, plan_id: int) -> tuple[Moved, ...]:
    rows = session.execute(
        select(c(MoveRow).activity_id, c(MoveRow).on_day, c(MoveRow).to_state)
        .join(Activity, c(Activity).id == c(MoveRow).activity_id)
        .where(c(Activity).plan_id == plan_id, stands(c(MoveRow)))
        .order_by(c(MoveRow).on_day, c(MoveRow).id)
    )
    return tuple(Moved(*row) for row in rows)


def _changes(session: Session, plan_id: int) -> tuple[Changed, ...]:
    rows = session.execute(
        select(
            c(Change).activity_id,
            c(Change).what,
            c(Change).on_day,
            c(Change).before_words,
            c(Change).after_words,
            c(Change).before_values,
            c(Change).after_values,
        )
        .join(Activity, c(Activity).id == c(Change).activity_id)
        .where(c(Activity).plan_id == plan_id, stands(c(Change)))
        .order_by(c(Change).on_day, c(Change).id)
    )
    return tuple(Changed(*row) for row in rows)


def whole_log(session: Session, plan_id: int, *, every: bool = False) -> tuple[PlanChanged, ...]:
    """What was changed in a plan and its goals, in order; `every`: also what was taken back."""
    kept = c(PlanChange)
    rows = (
        select(
            kept.on_day,
            kept.at,
            kept.by,
            kept.reason,
            kept.about,
            kept.goal_id,
            kept.before,
            kept.after,
            kept.id,
            kept.batch,
            c(Undoing).by.label("undone_by"),
            c(Undoing).on_day.label("undone_on"),
            c(Undoing).reason.label("undone_why"),
        )
        .outerjoin(Undoing, c(Undoing).id == kept.undone_id)
        .where(kept.plan_id == plan_id)
        .order_by(kept.on_day, kept.id)
    )
    if not every:
        rows = rows.where(stands(kept))
    return tuple(
        PlanChanged(
            row.on_day,
            row.at,
            row.by,
            row.reason,
            row.goal_id,
            _read(row.about, row.before),
            _read(row.about, row.after),
            str(row.batch) if row.batch is not None else f"plan-{row.id}",
            row.id,
            (row.undone_by, row.undone_on, row.undone_why) if row.undone_by is not None else None,
        )
        for row in session.execute(rows)
    )


def _read(about: About, kept: dict[str, Any] | None) -> PlanStanding | GoalStanding | None:
    if kept is None:
        return None
    return (_PLAN if about is About.PLAN else _GOAL).validate_python(kept)
