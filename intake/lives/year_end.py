"""The year's end as somebody asks for it: what becomes of each open activity, and next year's plan.

A preview is the deed itself, done and taken back, so that it shows what will be. Guards are
`models/lifecycle.py`; closing a plan is `models/year_end.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from config.policy import Policy
from intake.lives.moves import move_alike, read_brought
from models.activity import Activity, ActivityGoal, Responsibility
from models.changes import NO_PLAN_YET, remember_plan
from models.columns import c
from models.lifecycle import OPEN, Brought, Move, State
from models.moves import Moved, Mover, Refused, make_moves
from models.part import Part, is_told
from models.plan import Goal, Plan, PlanTargetGroup
from models.refusal import at
from models.year_end import close_plan, reopen_plan
from rules.wording import alphabetically

# What can become of an activity at the year's end, by where it is.
CHOICES: dict[State, tuple[Move, ...]] = {
    State.PROPOSED: (Move.CARRY_OVER, Move.REJECT, Move.ABANDON, Move.WITHDRAW),
    State.DECIDED: (Move.CARRY_OVER, Move.ABANDON),
    State.ONGOING: (Move.CARRY_OVER, Move.FOLLOW_UP, Move.ABANDON),
    State.FOLLOWED_UP: (Move.END, Move.CARRY_OVER),
    State.PAUSED: (Move.CARRY_OVER, Move.ABANDON),
}

_ANOTHERS = "Planen hör till en annan samverkan. Välj en plan i samma samverkan."


@dataclass(frozen=True, slots=True)
class Coming:
    """What an activity will be in next year's plan."""

    id: int
    what: str
    state: State
    goals: tuple[str, ...]
    responsible: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What carrying over would make: rows, goals the next plan has not, and what is refused."""

    coming: tuple[Coming, ...]
    new_goals: tuple[str, ...]
    refused: Mapping[int, Sequence[str]]


def open_in(session: Session, plan_id: int) -> list[Any]:
    """The open activities of a plan, in the plan's order, as rows of columns."""
    a = c(Activity)
    return list(
        session.execute(
            select(a.id, a.what, a.state, a.deadline_text, a.deadline_last, a.result)
            .add_columns(a.reported_done_on)
            .where(a.plan_id == plan_id, a.state.in_(OPEN))
            .order_by(a.position, a.id)
        )
    )


def carried_from(session: Session, plan_id: int) -> list[Any]:
    """What was carried over from a plan: the old activity, its successor, and where that is."""
    old, new = Activity.__table__.alias("old"), c(Activity)  # type: ignore[attr-defined]
    return list(
        session.execute(
            select(old.c.id, new.id.label("successor"), new.what, new.state, c(Plan).title)
            .join(Activity, new.successor_of == old.c.id)
            .join(Plan, c(Plan).id == new.plan_id)
            .where(old.c.plan_id == plan_id, old.c.state == State.CARRIED_OVER)
            .order_by(old.c.position, old.c.id)
        )
    )


def register(
    session: Session,
    plan_id: int,
    chosen: Mapping[int, Mapping[str, str]],
    mover: Mover,
    *,
    today: date,
    promises: Policy,
) -> Moved:
    """Do with each activity what was chosen: `move` and what it brings along, by its number.

    Those that are asked alike are moved together; one that is refused does not stop the others, and
    one of another plan is left alone.
    """
    mine = {row.id for row in open_in(session, plan_id)}
    asked = {id_: given for id_, given in chosen.items() if id_ in mine}
    moved = move_alike(session, asked, mover, today=today, promises=promises)
    for id_ in chosen.keys() - mine:
        moved.refused[id_] = ["Aktiviteten är inte öppen i den här planen längre."]
    return moved


def carry_over(
    session: Session,
    plan_id: int,
    next_plan_id: int,
    mover: Mover,
    *,
    today: date,
    reason: str = "",
    only: Sequence[int] | None = None,
) -> Moved:
    """Carry over every open activity of a plan, or only some of them. Twice changes nothing.

    Raises `Refused` when the next plan is another collaboration's.
    """
    _refuse_anothers(session, plan_id, next_plan_id)
    ids = [row.id for row in open_in(session, plan_id) if only is None or row.id in set(only)]
    brought = Brought(reason=reason, next_plan_id=next_plan_id)
    return make_moves(session, ids, Move.CARRY_OVER, mover, today=today, brought=brought)


def _refuse_anothers(session: Session, plan_id: int, next_plan_id: int) -> None:
    """What a collaboration does goes on in its own plans, whoever asks and however it is named."""
    asked = select(c(Plan).collaboration_id).where(c(Plan).id.in_([plan_id, next_plan_id]))
    if len(set(session.execute(asked).scalars())) > 1:
        raise Refused([at("next_plan", _ANOTHERS)])


def preview(
    session: Session,
    plan_id: int,
    next_plan_id: int,
    mover: Mover,
    *,
    today: date,
    only: Sequence[int] | None = None,
) -> Preview:
    """What carrying over would make. Nothing of it stays on file."""
    with session.begin_nested() as trial:
        before = _goals_in(session, next_plan_id)
        moved = carry_over(session, plan_id, next_plan_id, mover, today=today, only=only)
        coming = _coming(session, list(moved.states))
        new_goals = tuple(sorted(_goals_in(session, next_plan_id) - before))
        trial.rollback()
    session.expire_all()
    return Preview(tuple(coming), new_goals, moved.refused)


def undo_carry_over(
    session: Session,
    plan_id: int,
    mover: Mover,
    *,
    today: date,
    reason: str,
    only: Sequence[int] | None = None,
) -> Moved:
    """Take back what was carried over from a plan, or only some of it."""
    ids = [row.id for row in carried_from(session, plan_id) if only is None or row.id in set(only)]
    brought = Brought(reason=reason)
    return make_moves(session, ids, Move.UNDO_CARRY_OVER, mover, today=today, brought=brought)


def ask_to_close(session: Session, plan_id: int, mover: Mover, *, today: date) -> None:
    """Close a plan. Raises `Refused` with the activities that are open."""
    close_plan(session, plan_id, mover, today=today)


def ask_to_reopen(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Open a closed plan again, on a decision and for a reason. Raises `Refused`."""
    area = session.execute(select(c(Plan).collaboration_id).where(c(Plan).id == plan_id)).scalar()
    brought, problems = read_brought(session, area, Move.REOPEN, given, today=today)
    if problems:
        raise Refused(problems)
    reopen_plan(
        session,
        plan_id,
        mover,
        today=today,
        reason=brought.reason,
        decision_id=brought.decision_id,
    )


def next_plans(session: Session, plan_id: int) -> list[tuple[int, str]]:
    """The plans that activities may be carried over to, the likeliest first: of the same group and
    later in time; then any that is not closed.
    """
    plan = session.get_one(Plan, plan_id)
    p = c(Plan)
    rows = session.execute(
        select(p.id, p.title, p.group_id, p.first_day).where(
            p.collaboration_id == plan.collaboration_id, p.id != plan_id, p.closed_on.is_(None)
        )
    ).all()
    likeliest = _following_title(plan.title).casefold()

    def rank(row: Any) -> tuple[object, ...]:  # noqa: ANN401 - a row of columns
        later = bool(plan.last_day and row.first_day and row.first_day > plan.last_day)
        is_likeliest = row.title.casefold() == likeliest
        title = alphabetically(row.title)
        return not is_likeliest, row.group_id != plan.group_id, not later, title

    return [(row.id, row.title) for row in sorted(rows, key=rank)]


def next_plan_on_file(session: Session, plan_id: int) -> int | None:
    """The group's plan for the year after, if it is on file and not closed."""
    plan = session.get_one(Plan, plan_id)
    asked = select(c(Plan).id).where(
        c(Plan).group_id == plan.group_id,
        c(Plan).title == _following_title(plan.title),
        c(Plan).id != plan_id,
        c(Plan).closed_on.is_(None),
    )
    found = session.execute(asked).scalar()
    return int(found) if found is not None else None


def make_next_plan(session: Session, plan_id: int, mover: Mover, *, today: date) -> int:
    """Next year's plan: the one on file, or one like this, a year later and not adopted."""
    found = next_plan_on_file(session, plan_id)
    if found is not None:
        return found
    old = session.get_one(Plan, plan_id)
    title = _following_title(old.title)
    taken = select(c(Plan).id).where(
        c(Plan).group_id == old.group_id, c(Plan).title == title, c(Plan).withdrawn_on.is_(None)
    )
    if title == old.title or session.execute(taken).first():
        raise Refused(
            ["Det går inte att se vad nästa års plan ska heta. Lägg upp den under Planer först."]
        )
    new = Plan(
        collaboration_id=old.collaboration_id,
        group_id=old.group_id,
        parent_id=old.parent_id,
        title=title,
        first_day=_a_year_later(old.first_day),
        last_day=_a_year_later(old.last_day),
        purpose=old.purpose,
        target_groups=old.target_groups,
        goal_words=old.goal_words,
        cap=old.cap,
    )
    session.add(new)
    session.flush()
    assert new.id is not None
    tags = select(c(PlanTargetGroup).target_group_id).where(c(PlanTargetGroup).plan_id == plan_id)
    for tag in session.execute(tags).scalars().all():
        session.add(PlanTargetGroup(plan_id=new.id, target_group_id=tag))
    session.flush()
    remember_plan(
        session, new.id, NO_PLAN_YET, mover.name, today=today, reason=f"Följer på {old.title}"
    )
    return new.id


def _following_title(title: str) -> str:
    """Every year in a title, one later: "Aktivitetsplan 2024" -> "Aktivitetsplan 2025"."""
    return re.sub(r"\b(20\d\d)\b", lambda year: str(int(year[1]) + 1), title)


def _a_year_later(day: date | None) -> date | None:
    if day is None:
        return None
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def _goals_in(session: Session, plan_id: int) -> set[str]:
    texts = select(c(Goal).text).where(c(Goal).plan_id == plan_id)
    return set(session.execute(texts).scalars())


def _coming(session: Session, ids: Sequence[int]) -> list[Coming]:
    a = c(Activity)
    rows = session.execute(
        select(a.id, a.successor_of, a.what).where(a.successor_of.in_(ids)).order_by(a.id)
    ).all()
    numbers = [row.id for row in rows]
    states = dict(session.execute(select(a.id, a.state).where(a.id.in_(numbers))).tuples().all())
    goals = _gathered(
        session.execute(
            select(c(ActivityGoal).activity_id, c(Goal).text)
            .join(Goal, c(Goal).id == c(ActivityGoal).goal_id)
            .where(c(ActivityGoal).activity_id.in_(numbers))
        )
    )
    who = _gathered(
        session.execute(
            select(c(Responsibility).activity_id, c(Responsibility).words)
            .where(c(Responsibility).activity_id.in_(numbers))
            .order_by(c(Responsibility).id)
        )
    )
    parts = _gathered(
        session.execute(
            select(c(Part).activity_id, c(Part).name)
            .where(c(Part).activity_id.in_(numbers), is_told())
            .order_by(c(Part).id)
        )
    )
    return [
        Coming(
            row.successor_of,
            row.what,
            states[row.id],
            goals.get(row.id, ()),
            who.get(row.id, ()),
            parts.get(row.id, ()),
        )
        for row in rows
    ]


def _gathered(rows: Any) -> dict[int, tuple[str, ...]]:  # noqa: ANN401 - a result of pairs
    found: dict[int, tuple[str, ...]] = {}
    for activity_id, words in rows:
        found[activity_id] = (*found.get(activity_id, ()), words)
    return found
