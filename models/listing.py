"""The list of activities: what one may look for, and the one question that pages and commands ask.

Columns, not entities, in steps of a page; `ix_activity_list` gives them in order without sorting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlmodel import Session

from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.folding import holds
from models.group import Group
from models.known import named_so
from models.lacks import lacking
from models.lifecycle import OPEN, REMINDED, Lack, State
from models.own_way import own_way
from models.person import RoleHolding
from models.plan import ActivityTargetGroup, Plan
from models.statements import among, run

FAR = date(9999, 12, 31)  # where those without a deadline stand
# Word for word as in the index, or the database sorts all of them for each page.
_DAY: ColumnElement[date] = literal_column("coalesce(activity.deadline_last, '9999-12-31')")
# The thousand that a group may read are sorted sooner than found by the index of all: PostgreSQL
# believes otherwise, so there the day is said in other words.
_DAY_OF_FEW = own_way(sqlite=_DAY, postgres=_DAY + literal_column("0"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty, None and False: everything."""

    words: str = ""
    state: State | None = None
    goes_on: bool | None = None  # True: it is open; False: it is over
    group_id: int | None = None
    plan_id: int | None = None
    goal_id: int | None = None
    target_group_id: int | None = None
    answers: str = ""  # part of the words, or of the name of somebody who answers today
    due_from: date | None = None
    due_to: date | None = None
    late: bool = False
    lacks: Lack | None = None
    lacks_something: bool = False


def activities(wanted: Wanted, today: date, seen: ColumnElement[bool] | None = None) -> Select[Any]:
    """The activities looked for, nearest deadline first, those without one last."""
    everything = seen is None or seen is true()
    return (
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).deadline_text,
            c(Activity).deadline_last,
            c(Activity).runs_on,
            c(Activity).next_review_on,
            c(Group).name.label("group"),
            c(Plan).title.label("plan"),
            c(Activity).plan_id,
            c(Activity).successor_of,
            is_late(today).label("late"),
            c(Plan).collaboration_id,
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(
            *_conditions(wanted, today),
            c(Plan).withdrawn_on.is_(None),
            true() if seen is None else seen,
        )
        .order_by(_DAY if everything else _DAY_OF_FEW, c(Activity).id)
    )


def after(query: Select[Any]) -> Select[Any]:
    """Continue after a row: as quick on page 900 as on page 2. Executed with what `place` gives."""
    day, number = bindparam("day", type_=Date), bindparam("number", type_=Integer)
    # The day once more by itself: SQLite finds no place in an index by two columns together.
    return query.where(day <= _DAY, tuple_(_DAY, c(Activity).id) > tuple_(day, number))


def place(key: str) -> dict[str, date | int]:
    """Where a key says to continue; nowhere, when it makes no sense."""
    words, _, number = key.partition("_")
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return {}
    if not number.isdecimal() or len(number) > 9:
        return {}
    return {"day": day, "number": int(number)}


def key_of(row: Any) -> str:  # noqa: ANN401 - a row of `activities`
    """The key of a row, for the page that follows it."""
    return f"{(row.deadline_last or FAR).isoformat()}_{row.id}"


def responsible(session: Session, activity_ids: Iterable[int]) -> dict[int, list[str]]:
    """The words for who answers, by activity, in the order they were written."""
    connection = session.connection()
    asked = f"""
        SELECT activity_id, words FROM responsibility
        WHERE activity_id {among(connection)} ORDER BY id
    """  # noqa: S608 - own words
    named: dict[int, list[str]] = {}
    for activity_id, words in run(connection, asked, {"ids": list(activity_ids)}).all():
        named.setdefault(activity_id, []).append(words)
    return named


def _conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    activity = c(Activity)
    found: list[ColumnElement[bool]] = []
    if wanted.words.strip():
        found.append(_says(wanted.words.strip()))
    if wanted.state:
        found.append(activity.state == wanted.state)
    if wanted.goes_on is not None:
        found.append(activity.state.in_(OPEN) if wanted.goes_on else activity.state.not_in(OPEN))
    if wanted.group_id is not None:
        found.append(activity.group_id == wanted.group_id)
    if wanted.plan_id is not None:
        found.append(activity.plan_id == wanted.plan_id)
    if wanted.goal_id is not None:
        found.append(_linked(ActivityGoal, "goal_id", wanted.goal_id))
    if wanted.target_group_id is not None:
        found.append(_linked(ActivityTargetGroup, "target_group_id", wanted.target_group_id))
    if wanted.answers.strip():
        found.append(_answers(wanted.answers.strip(), today))
    if wanted.due_from:
        found.append(activity.deadline_last >= wanted.due_from)
    if wanted.due_to:
        found.append(activity.deadline_last <= wanted.due_to)
    if wanted.late:
        found.append(is_late(today))
    if wanted.lacks or wanted.lacks_something:
        found.append(lacking(wanted.lacks, today))
    return found


def is_late(today: date) -> ColumnElement[bool]:
    """The deadline has passed, somebody should still do it, and nobody has said that it is done."""
    return and_(
        c(Activity).deadline_last < today,
        c(Activity).state.in_(REMINDED),
        c(Activity).reported_done_on.is_(None),
    )


def late(row: Any, today: date) -> bool:  # noqa: ANN401 - an activity, or a row with its columns
    """The same of one activity that was read."""
    return late_by(row.deadline_last, row.state, row.reported_done_on, today)


def late_by(
    deadline_last: date | None, state: State, said_done_on: date | None, today: date
) -> bool:
    """The same of what is told of an activity on a day."""
    passed = deadline_last is not None and deadline_last < today
    return passed and state in REMINDED and said_done_on is None


def _says(words: str) -> ColumnElement[bool]:
    return or_(holds(c(Activity).what, words), holds(c(Activity).how, words))


def _linked(table: type[Any], column: str, number: int) -> ColumnElement[bool]:
    linked = c(table)
    return exists().where(linked.activity_id == c(Activity).id, linked[column] == number)


def _answers(words: str, today: date) -> ColumnElement[bool]:
    """Named so, or somebody whom the plan's collaboration calls so: herself, or by a role or group
    that she is in today."""
    people = named_so(lambda name: holds(name, words))
    area = c(Plan).collaboration_id
    held = and_(
        tuple_(c(RoleHolding).person_id, area).in_(people),
        c(RoleHolding).group_id == c(Responsibility).group_id,
        or_(c(Responsibility).role == "", c(RoleHolding).role == c(Responsibility).role),
        func.coalesce(c(RoleHolding).starts_on, today) <= today,
        func.coalesce(c(RoleHolding).ends_on, today) >= today,
    )
    return exists().where(
        c(Responsibility).activity_id == c(Activity).id,
        or_(
            holds(c(Responsibility).words, words),
            tuple_(c(Responsibility).person_id, area).in_(people),
            exists().where(held).correlate_except(RoleHolding),
        ),
    )
