"""Plans: the tree of them, and each as a document, as it is or as it stood on any day.

Looks, and changes nothing; forms are `plan_forms.py`. How a plan stood is `rules/history.py`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session

from intake.lives.running import waiting
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Collaboration, Group
from models.kin import absorbed_into_plan
from models.lacks import in_words, lacks_of
from models.lifecycle import OPEN, State
from models.listing import late_by
from models.own_way import among
from models.plan import Adoption, Plan, PlanTargetGroup, TargetGroup
from models.resting import resting
from models.standing import ActivityStanding, GoalStanding, OnFile, PlanStanding, whole
from models.versions import versions
from rules.history import Then, now, plan_on
from rules.span_words import not_a_day
from rules.swedish_dates import read
from rules.wording import alphabetically, over_cap
from web.activities.bar import DEEDS, MOST
from web.activities.saved import saved_of
from web.belongings import LARGEST
from web.page import leads, may_lead, mine, settings_of, show, today_of
from web.plans.plan_undo import history_of

router = APIRouter()
A_GOAL = "Mål"  # what a level is called that the plan has no word of its own for


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the tree of plans."""

    id: int
    depth: int
    row: Any
    counts: dict[State, int]
    target_groups: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many activities it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class GoalNode:
    """A goal with its word, the activities that serve it, and the goals under it."""

    id: int
    word: str
    text: str
    activities: tuple[ActivityStanding, ...]
    below: tuple["GoalNode", ...]

    @property
    def is_empty(self) -> bool:
        """Is nothing at all done for it?"""
        return not self.activities and not self.below


@router.get("/planer")
def plans(request: Request, malgrupp: str = "") -> HTMLResponse:
    """Every plan, under the one it belongs to. The address keeps the target group."""
    with reading(settings_of(request)) as session:
        lines = tree(session, readable(request))
    wanted = malgrupp.casefold()
    values = {
        "plans": [
            line
            for line in lines
            if not wanted or wanted in {name.casefold() for name in line.target_groups}
        ],
        "target_groups": _counted(name for line in lines for name in line.target_groups),
        "chosen": malgrupp,
        "states": list(State),
        "may_lead": leads(request),
    }
    return show(request, "plans.html", "Planer", values)


def readable(request: Request) -> ColumnElement[bool]:
    """A plan is read by the group that owns it and by those that adopted it."""
    adopted = select(c(Adoption).plan_id).where(mine(request, c(Adoption).group_id))
    return or_(mine(request, c(Plan).group_id), among(c(Plan).id, adopted))


def tree(session: Session, readable: ColumnElement[bool]) -> list[PlanLine]:
    """Plans with their counts, each under its parent; newest period first on each level."""
    rows = session.execute(
        select(
            c(Plan).id,
            c(Plan).parent_id,
            c(Plan).title,
            c(Plan).first_day,
            c(Plan).last_day,
            c(Plan).adopted_on,
            c(Plan).cap,
            c(Group).name.label("group"),
        )
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(readable, c(Plan).withdrawn_on.is_(None))
    ).all()
    shown = [row.id for row in rows]
    counts: dict[int, dict[State, int]] = {}
    for plan_id, state, number in session.execute(
        select(c(Activity).plan_id, c(Activity).state, func.count())
        .where(c(Activity).plan_id.in_(shown))
        .group_by(c(Activity).plan_id, c(Activity).state)
    ):
        counts.setdefault(plan_id, {})[State(state)] = number
    tags: dict[int, tuple[str, ...]] = {}
    for plan_id, name in session.execute(
        select(c(PlanTargetGroup).plan_id, c(TargetGroup).name)
        .join(TargetGroup, c(TargetGroup).id == c(PlanTargetGroup).target_group_id)
        .where(c(PlanTargetGroup).plan_id.in_(shown))
        .order_by(c(TargetGroup).id)
    ):
        tags[plan_id] = (*tags.get(plan_id, ()), name)
    return _branch(rows, counts, tags, None, 0)


def _branch(
    rows: Sequence[Any],
    counts: dict[int, dict[State, int]],
    tags: dict[int, tuple[str, ...]],
    parent: int | None,
    depth: int,
) -> list[PlanLine]:
    known = {row.id for row in rows}
    here = [r for r in rows if (r.parent_id if r.parent_id in known else None) == parent]
    lines: list[PlanLine] = []
    for row in newest_first(here):
        lines.append(PlanLine(row.id, depth, row, counts.get(row.id, {}), tags.get(row.id, ())))
        lines += _branch(rows, counts, tags, row.id, depth + 1)
    return lines


def listed(session: Session, *where: ColumnElement[bool]) -> list[Any]:
    """Some plans: number and title, the newest first."""
    rows = session.execute(select(c(Plan).id, c(Plan).title, c(Plan).first_day).where(*where))
    return newest_first(rows)


def newest_first(rows: Iterable[Any]) -> list[Any]:
    """Plans by the day they begin, the newest first, and then by title."""
    by_title = sorted(rows, key=lambda row: alphabetically(row.title))
    return sorted(by_title, key=lambda row: row.first_day or date.min, reverse=True)


@router.get("/planer/{plan_id}")
def plan(
    request: Request,
    plan_id: int,
    den: str = "",
    malgrupp: str = "",
    gjort: str = "",
    togs: str = "",
) -> HTMLResponse:
    """A plan as a document; `den` shows it as it stood at the end of that day. The address may say
    what was done with a row just now (`gjort`), or what was taken back of the plan (`togs`).
    """
    today = today_of(request)
    file = on_file(request, plan_id)
    day, problem = _asked_day(den, today)
    then = plan_on(file, day) if day else now(file)
    with reading(settings_of(request)) as session:
        names = _names(session)
        row = session.get_one(Plan, plan_id)
        below = listed(session, c(Plan).parent_id == plan_id, readable(request))
        absorbed = absorbed_into_plan(session, plan_id)
        here = [one.id for one in then.activities] if then and day is None else []
        lacks = {id_: in_words(told) for id_, told in lacks_of(session, here, today).items()}
        said_done = dict(session.execute(_said_done(plan_id)).tuples().all()) if here else {}
        rests = select(c(Collaboration).id).where(
            c(Collaboration).id == row.collaboration_id, c(Collaboration).id.in_(resting(today))
        )
        at_rest = session.execute(rests).first() is not None
        proposed = session.execute(
            select(func.count()).select_from(Activity).where(waiting(plan_id))
        ).scalar_one()
        leading = may_lead(request, row.collaboration_id) and day is None
        drawn = [each.id for each in then.activities] if then and leading else []
        drawn_from = versions(session, drawn)
        done = saved_of(session, request, gjort)
        edits = history_of(session, plan_id, file)
    values = {
        "plan_id": plan_id,
        "day": day,
        "den": den,
        "problem": problem,
        "leads": leading,
        "deeds": DEEDS if drawn and row.closed_on is None else (),
        "versions": drawn_from,
        "saved": done,
        "place": [("vy", "plan"), *([("malgrupp", malgrupp)] if malgrupp else [])],
        "number": len(drawn) if not malgrupp and len(drawn) <= MOST else 0,
        "groups": names["groups"],
        "plans": names["plans"],
        "below": below,
        "absorbed": absorbed,
        "closed_on": row.closed_on,
        "withdrawn": row if row.withdrawn_on else None,
        "row": row,
        "proposed": proposed,
        "begins": row.reminded_from,
        "begun": row.reminded_from is not None and row.reminded_from <= today,
        "at_rest": at_rest,
        "story": edits,
        "undone": next((edit.undone for edit in edits if togs and edit.key == togs), ""),
        "lacks": lacks,
        "late": _late(then, said_done, day or today),
        "chosen": malgrupp,
    }
    if then is None:
        return show(request, "plan_missing.html", file.plan.title, values)
    return show(request, "plan.html", then.plan.title, values | _document(then, malgrupp))


def on_file(request: Request, plan_id: int) -> OnFile:
    """A whole plan, or no such page."""
    with reading(settings_of(request)) as session:
        file = whole(session, plan_id) if plan_id <= LARGEST else None
    if file is None:
        raise HTTPException(404)
    return file


def _asked_day(words: str, today: date) -> tuple[date | None, str]:
    """The day that the plan is to be shown on, or why it is shown as it is now."""
    if not words.strip():
        return None, ""
    span = read(words.strip(), today)
    if span.last is None:
        return None, not_a_day(span, words)
    if span.last > today:
        return None, "Den dagen har inte varit än. Planen visas som den är nu."
    return span.last, ""


def _said_done(plan_id: int) -> Select[Any]:
    return select(c(Activity).id, c(Activity).reported_done_on).where(
        c(Activity).plan_id == plan_id, c(Activity).reported_done_on.is_not(None)
    )


def _late(then: Then | None, said_done: Mapping[int, date], day: date) -> set[int]:
    """What was late on the day that the plan is shown as of."""
    return {
        each.id
        for each in (then.activities if then else ())
        if late_by(each.deadline.last, each.state, said_done.get(each.id), day)
    }


def _names(session: Session) -> dict[str, dict[int, str]]:
    return {
        "groups": dict(session.execute(select(c(Group).id, c(Group).name)).tuples().all()),
        "plans": dict(session.execute(select(c(Plan).id, c(Plan).title)).tuples().all()),
    }


def _document(then: Then, target_group: str) -> dict[str, Any]:
    """What the template draws of a plan as it stood."""
    wanted = target_group.casefold()
    shown = tuple(
        each
        for each in then.activities
        if not wanted or wanted in {name.casefold() for name in each.target_groups}
    )
    tree = goal_tree(then.plan, then.goals, shown)
    still_open = sum(each.state in OPEN for each in then.activities)
    everything = goal_tree(then.plan, then.goals, then.activities)
    return {
        "plan": then.plan,
        "tree": tree,
        "activities": shown,
        "empty_goals": [node for node in flat(everything) if node.is_empty],
        "loose": [each for each in shown if not set(each.goals) & then.goals.keys()],
        "counts": Counter(each.state for each in then.activities),
        "states": list(State),
        "warning": over_cap(still_open, then.plan.cap),
        "target_groups": _counted(name for each in then.activities for name in each.target_groups),
    }


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    """Each name and how often it is there, in the order of the alphabet."""
    return sorted(Counter(names).items(), key=lambda pair: alphabetically(pair[0]))


def goal_tree(
    plan: PlanStanding,
    goals: dict[int, GoalStanding],
    activities: Sequence[ActivityStanding],
    parent: int | None = None,
    depth: int = 0,
) -> tuple[GoalNode, ...]:
    """Goals under goals, each with the plan's word for it and the activities that serve it."""
    words = plan.goal_words.splitlines()
    word = words[depth] if depth < len(words) else A_GOAL
    return tuple(
        GoalNode(
            id_,
            goal.called or word,
            goal.text,
            tuple(each for each in activities if id_ in each.goals),
            goal_tree(plan, goals, activities, id_, depth + 1),
        )
        for id_, goal in goals.items()
        if (goal.parent_id if goal.parent_id in goals else None) == parent
    )


def flat(nodes: Sequence[GoalNode]) -> list[GoalNode]:
    """Every goal of a tree, in reading order."""
    return [each for node in nodes for each in (node, *flat(node.below))]
