"""What is on file about the activities that are listed: one question for each kind of row.

Rows by activity, in the order they happened. What they come to is `listed.py`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlmodel import Session

from models.activity import Activity, ActivityGoal
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.group import Group
from models.known import called
from models.lifecycle import Move
from models.part import PartChange
from models.person import Person
from models.plan import Goal, Plan, PlanChange
from models.promise import Promise
from models.statements import one_of_ids, run
from models.status import ReleasedWords, StatusAnswer
from models.undoing import stands
from reports.rollup.asked import Asked
from reports.rollup.counts import GOES_ON, LATE, stood
from reports.rollup.plans_then import PlansThen, PlanThen

ByActivity = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Stood:
    """An activity before the period and at its end."""

    id: int
    owner: int
    was: str | None
    became: str
    since: date
    late: bool
    goes_on: bool  # its money is told by its successor


@dataclass(frozen=True, slots=True)
class OnFile:
    """Everything about the listed activities, by their numbers in the database."""

    activities: dict[int, Any]
    moves: ByActivity
    changes: ByActivity
    answers: ByActivity
    parts: ByActivity
    promises: ByActivity
    goals: ByActivity
    reviewed: ByActivity  # answers after the period that moved a review
    paused: ByActivity  # what pauses begun or prolonged until the period's end brought along
    plans: PlansThen
    names: dict[int, str]  # of activities that others were worked into, as they were
    aims: dict[int, tuple[int, str]]  # goals as they were: place and words
    sent_to: dict[int, int]  # the plans that successors had been carried over to

    def plan_of(self, activity_id: int) -> PlanThen:
        """The plan that an activity stood in at the period's end."""
        today = self.activities[activity_id].plan_id
        return self.plans[self.sent_to.get(activity_id, today)]


def standing(session: Session, asked: Asked) -> list[Stood]:
    """How each activity stood."""
    words = f"""{stood(asked)}
SELECT id, owner, was, became, since, {LATE} AS late, {GOES_ON} AS goes_on
FROM stood ORDER BY id"""  # noqa: S608 - own words
    rows = run(session.connection(), words, asked.days)
    return [
        Stood(id_, owner, was, became, _day(since), bool(late), bool(goes_on))
        for id_, owner, was, became, since, late, goes_on in rows
    ]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def on_file(session: Session, asked: Asked, plans: PlansThen, ids: Sequence[int]) -> OnFile:
    """The rows of some activities, from the period's first day on."""
    first, until, cut_off = asked.period.first, asked.until, asked.cut_off
    m, x, s, p = c(MoveRow), c(Change), c(StatusAnswer), c(PartChange)
    moves = (
        select(*_columns(MoveRow), c(Decision).reference, c(Group).name.label("decided_by"))
        .outerjoin(Decision, c(Decision).id == m.decision_id)
        .outerjoin(Group, c(Group).id == c(Decision).group_id)
        .where(m.on_day.between(first, cut_off), stands(m))
        .order_by(m.on_day, m.id)
    )
    changes = select(*_columns(Change)).where(x.on_day >= first, stands(x)).order_by(x.on_day, x.id)
    answers = (
        select(
            *_columns(StatusAnswer),
            called(asked.collaboration_id).label("who"),
            func.coalesce(c(ReleasedWords).words, "").label("released"),
            func.coalesce(c(ReleasedWords).edited, false()).label("edited"),
        )
        .outerjoin(ReleasedWords, c(ReleasedWords).answer_id == s.id)
        .join(Person, c(Person).id == s.person_id)
        .where(s.on_day <= cut_off, stands(s))
        .order_by(s.on_day, s.id)
    )
    parts = (
        select(*_columns(PartChange)).where(p.on_day <= until, stands(p)).order_by(p.on_day, p.id)
    )
    reviewed = (
        select(s.activity_id, s.at, s.review_was)
        .where(s.on_day > until, s.review_was.is_not(None), stands(s))
        .order_by(s.id)
    )
    paused = (
        select(m.activity_id, m.details)
        .where(m.move.in_((Move.PAUSE, Move.PROLONG)), m.on_day <= until, stands(m))
        .order_by(m.on_day, m.id)
    )
    promises = select(*_columns(Promise)).order_by(c(Promise).id)
    goals = select(c(ActivityGoal).activity_id, c(ActivityGoal).goal_id).order_by(
        c(ActivityGoal).activity_id, c(ActivityGoal).goal_id
    )
    a = c(Activity)
    activities = select(*_columns(Activity)).where(one_of_ids(session, a.id, ids)).order_by(a.id)
    told = {row.id: row for row in session.execute(activities)}
    moved = _gathered(session, moves, m.activity_id, ids)
    return OnFile(
        told,
        moved,
        _gathered(session, changes, x.activity_id, ids),
        _gathered(session, answers, s.activity_id, ids),
        _gathered(session, parts, p.activity_id, ids),
        _gathered(session, promises, c(Promise).activity_id, ids),
        _gathered(session, goals, c(ActivityGoal).activity_id, ids),
        _gathered(session, reviewed, s.activity_id, ids),
        _gathered(session, paused, m.activity_id, ids),
        plans,
        _names(session, asked, _brought(moved, "into_activity")),
        _aims(session, asked),
        _sent_to(session, asked, ids),
    )


def _sent_to(session: Session, asked: Asked, ids: Sequence[int]) -> dict[int, int]:
    """Where successors stood at the period's end: one may have been sent to another plan since."""
    a, m = c(Activity), c(MoveRow)
    rows = session.execute(
        select(a.id, m.details)
        .join(MoveRow, m.activity_id == a.successor_of)
        .where(one_of_ids(session, a.id, ids))
        .where(m.move == Move.CARRY_OVER, m.on_day <= asked.until, stands(m))
        .order_by(m.on_day, m.id)
    )
    return {id_: int(details["next_plan"]) for id_, details in rows}


def _aims(session: Session, asked: Asked) -> dict[int, tuple[int, str]]:
    """The goals of the collaboration by number; those changed since the period as they were."""
    plans = select(c(Plan).id).where(c(Plan).collaboration_id == asked.collaboration_id)
    g, x = c(Goal), c(PlanChange)
    found = {
        id_: (position, words)
        for id_, position, words in session.execute(
            select(g.id, g.position, g.text).where(g.plan_id.in_(plans)).order_by(g.id)
        )
    }
    since = (
        select(x.goal_id, x.before)
        .where(x.plan_id.in_(plans), x.goal_id.is_not(None))
        .where(x.on_day > asked.until, stands(x))
        .order_by(x.on_day.desc(), x.id.desc())
    )
    for goal_id, before in session.execute(since):
        if before is not None:
            found[goal_id] = (before["position"], before["text"])
    return found


def _brought(moves: ByActivity, name: str) -> list[int]:
    """The numbers that moves brought along under this name."""
    rows = (row for several in moves.values() for row in several)
    return sorted({int(row.details[name]) for row in rows if row.details.get(name)})


def _names(session: Session, asked: Asked, ids: Sequence[int]) -> dict[int, str]:
    """What activities were about at the period's end: the first new words since tell the old."""
    a, x = c(Activity), c(Change)
    now = select(a.id, a.what).where(one_of_ids(session, a.id, ids)).order_by(a.id)
    found = {int(id_): str(words) for id_, words in session.execute(now)}
    since = (
        select(x.activity_id, x.before_words)
        .where(one_of_ids(session, x.activity_id, ids))
        .where(x.what == Agreed.WHAT, x.on_day > asked.until, stands(x))
        .order_by(x.on_day.desc(), x.id.desc())
    )
    found.update((n, words) for n, words in session.execute(since))
    return found


def _columns(table: Any) -> Any:  # noqa: ANN401 - a table's columns
    return table.__table__.columns


def _gathered(
    session: Session,
    query: Select[Any],
    activity: Any,  # noqa: ANN401 - a column
    ids: Sequence[int],
) -> ByActivity:
    found: ByActivity = defaultdict(list)
    for row in session.execute(query.where(one_of_ids(session, activity, ids))):
        found[row.activity_id].append(row)
    return found
