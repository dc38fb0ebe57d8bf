"""One thing agreed anew about many activities, in as few statements as for one.

By the same rules as `changes.py`, for what lists change many of: who answers, the deadline, how it
is followed up, and goals. A row that is refused stays as it was, and stops no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from intake.lives.changes import (
    agreed_problems,
    as_deadline,
    cannot_change,
    clean,
    days_meant,
    follow_deadline,
    lines_of,
)
from intake.people.register import names_in, whom
from models.activity import Activity, ActivityGoal, Responsibility
from models.by_the_heap import put_all
from models.changes import Said, remember_changes, whom_named
from models.columns import c
from models.decision import Agreed
from models.moves import Mover, put_span
from models.plan import Goal, Plan
from models.refusal import at

Rows = Sequence[Activity]
Words = Mapping[int, str]


@dataclass(slots=True)
class Alike:
    """What came of it: those that it changed, and the sentences that refuse others. What is in
    neither was so already.
    """

    changed: list[int] = field(default_factory=list)
    refused: dict[int, list[str]] = field(default_factory=dict)


def agree_alike(
    session: Session,
    about: Agreed,
    words: Words,
    mover: Mover,
    *,
    today: date,
    reason: str = "",
    review_months: int | None = None,
    sure: bool = False,
) -> Alike:
    """Agree anew on one thing: `words` by the numbers of activities; a goal is one more goal.

    `sure`: a deadline that is seldom meant is right.
    """
    rows = list(
        session.execute(
            select(Activity)
            .where(c(Activity).id.in_(list(words)))
            .order_by(c(Activity).id)
            .with_for_update()
        ).scalars()
    )
    asked = {number(row): clean(words[number(row)]) for row in rows}
    before = _SAID[about](session, rows)
    wanted = [row for row in rows if asked[number(row)] != before[number(row)].words]
    refused = _refused(session, about, wanted, asked, reason, today, sure)
    changing = [row for row in wanted if number(row) not in refused]
    _PUT[about](session, changing, asked, today, review_months)
    session.flush()
    after = _SAID[about](session, changing)
    pairs = {id_: (before[id_], after[id_]) for id_ in after}
    remember_changes(session, about, pairs, mover.name, today=today, reason=clean(reason))
    return Alike([id_ for id_, (was, now) in pairs.items() if was != now], refused)


def number(row: Activity) -> int:
    """The number of an activity on file."""
    assert row.id is not None
    return row.id


def _refused(
    session: Session,
    about: Agreed,
    rows: Rows,
    asked: Words,
    reason: str,
    today: date,
    sure: bool,
) -> dict[int, list[str]]:
    """What is wrong with each, of those with which anything is."""
    goals = _goals(session, rows) if about is Agreed.GOALS else {}
    refused = {}
    for row in rows:
        new = asked[number(row)]
        told = cannot_change(row)
        if about is Agreed.GOALS:
            if new.casefold() not in goals.get(row.plan_id, {}):
                told.append(at("goals", f"Planen har inget mål ”{new[:80]}”."))
        else:
            told += agreed_problems(session, row, {about: new}, reason, today, sure=sure)
        if told:
            refused[number(row)] = told
    return refused


def _goals(session: Session, rows: Rows) -> dict[int, dict[str, int]]:
    """The goals of the plans that some activities are in, by their words."""
    plans = {row.plan_id for row in rows}
    asked = select(c(Goal).plan_id, c(Goal).text, c(Goal).id).where(c(Goal).plan_id.in_(plans))
    found: dict[int, dict[str, int]] = {}
    for plan_id, text, id_ in session.execute(asked):
        found.setdefault(plan_id, {})[text.casefold()] = id_
    return found


def _said_follow_up(_session: Session, rows: Rows) -> dict[int, Said]:
    return {number(row): Said(row.follow_up) for row in rows}


def _said_deadline(_session: Session, rows: Rows) -> dict[int, Said]:
    return {number(row): as_deadline(row) for row in rows}


def _said_responsible(session: Session, rows: Rows) -> dict[int, Said]:
    every = whom_named(session, [number(row) for row in rows])
    return {
        id_: Said("\n".join(words for words, *_ in named), beside={"named": named})
        for id_, named in every.items()
    }


def _said_goals(session: Session, rows: Rows) -> dict[int, Said]:
    asked = (
        select(c(ActivityGoal).activity_id, c(Goal).text, c(Goal).id)
        .join(Goal, c(Goal).id == c(ActivityGoal).goal_id)
        .where(c(ActivityGoal).activity_id.in_([number(row) for row in rows]))
        .order_by(c(Goal).position, c(Goal).id)
    )
    found: dict[int, list[tuple[str, int]]] = {number(row): [] for row in rows}
    for activity_id, text, id_ in session.execute(asked):
        found[activity_id].append((text, id_))
    return {
        id_: Said("\n".join(text for text, _ in goals), {"ids": sorted(n for _, n in goals)})
        for id_, goals in found.items()
    }


def _put_follow_up(
    _session: Session, rows: Rows, asked: Words, _today: date, _months: int | None
) -> None:
    for row in rows:
        row.follow_up = asked[number(row)]


def _put_deadline(
    _session: Session, rows: Rows, asked: Words, today: date, months: int | None
) -> None:
    said = {asked[number(row)] for row in rows}
    spans = {words: days_meant(Agreed.DEADLINE, words, today) for words in said}
    for row in rows:
        span = spans[asked[number(row)]]
        put_span(row, "deadline", span)
        follow_deadline(row, span, today, months)


def _put_responsible(
    session: Session, rows: Rows, asked: Words, _today: date, _months: int | None
) -> None:
    """Whom the words name is looked up among those who are known in each one's collaboration."""
    ids = [number(row) for row in rows]
    plans = select(c(Plan).id, c(Plan).collaboration_id)
    areas = dict(
        session.execute(plans.where(c(Plan).id.in_({row.plan_id for row in rows}))).tuples().all()
    )
    known = {area: names_in(session, area) for area in set(areas.values())}
    session.execute(delete(Responsibility).where(c(Responsibility).activity_id.in_(ids)))
    values: list[dict[str, Any]] = []
    for row in rows:
        names = known[areas[row.plan_id]]
        for words in dict.fromkeys(lines_of(asked[number(row)])):
            named = whom(words, names.people, names.groups)
            values.append({"activity_id": number(row), **asdict(named)})
    put_all(session, Responsibility, values)


def _put_goals(
    session: Session, rows: Rows, asked: Words, _today: date, _months: int | None
) -> None:
    """One more goal for each that has not got it."""
    goals = _goals(session, rows)
    has = {id_: set(said.values["ids"]) for id_, said in _said_goals(session, rows).items()}
    values = []
    for row in rows:
        goal_id = goals[row.plan_id][asked[number(row)].casefold()]
        if goal_id not in has[number(row)]:
            values.append({"activity_id": number(row), "goal_id": goal_id})
    if values:
        session.execute(insert(ActivityGoal), values)


_SAID: dict[Agreed, Callable[[Session, Rows], dict[int, Said]]] = {
    Agreed.FOLLOW_UP: _said_follow_up,
    Agreed.DEADLINE: _said_deadline,
    Agreed.RESPONSIBLE: _said_responsible,
    Agreed.GOALS: _said_goals,
}
_PUT: dict[Agreed, Callable[[Session, Rows, Words, date, int | None], None]] = {
    Agreed.FOLLOW_UP: _put_follow_up,
    Agreed.DEADLINE: _put_deadline,
    Agreed.RESPONSIBLE: _put_responsible,
    Agreed.GOALS: _put_goals,
}
