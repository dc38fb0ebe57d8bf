"""What an activity is kin to: what it came from and became, and what was worked into it.

Questions only; the links are made by moves (`models/moves.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.lifecycle import State
from models.plan import Plan
from models.statements import among, run


@dataclass(frozen=True, slots=True)
class Kin:
    """One relative: an activity, and the plan it stands in."""

    id: int
    what: str
    state: State
    plan_id: int
    plan: str


def chain(session: Session, activity_id: int) -> list[Kin]:
    """The whole line of an activity, the oldest first, itself among them. The withdrawn are left
    out, unless it is the one that is asked about.
    """
    words = """
        WITH RECURSIVE back (id, step) AS (
            SELECT CAST(:id AS integer), 0
            UNION ALL
            SELECT a.successor_of, step - 1 FROM back JOIN activity a ON a.id = back.id
            WHERE a.successor_of IS NOT NULL
        ), ahead (id, step) AS (
            SELECT CAST(:id AS integer), 0
            UNION ALL
            SELECT s.id, step + 1 FROM ahead JOIN activity s ON s.successor_of = ahead.id
            WHERE s.state <> 'återtagen'
        )
        SELECT id, min(step) FROM (SELECT * FROM back UNION SELECT * FROM ahead) AS line
        GROUP BY id ORDER BY 2
    """
    ids = [row[0] for row in run(session.connection(), words, {"id": activity_id})]
    found = {kin.id: kin for kin in _told(session, c(Activity).id.in_(ids))}
    return [found[id_] for id_ in ids if id_ in found]


def plans_in_a_row(session: Session, activity_ids: Iterable[int]) -> dict[int, int]:
    """In how many plans in a row each of some activities has stood, itself counted; one question
    for a whole list. Those that are in their first are left out.

    A join would have SQLite read every activity for a filter before it looks one up.
    """
    words = f"""
        WITH RECURSIVE back (id, now, steps) AS (
            SELECT id, successor_of, 1 FROM activity WHERE id {among(session.connection())}
            UNION ALL
            SELECT id, (SELECT a.successor_of FROM activity a WHERE a.id = back.now), steps + 1
            FROM back WHERE now IS NOT NULL
        )
        SELECT id, max(steps) FROM back GROUP BY id HAVING max(steps) > 1
    """  # noqa: S608 - own words
    return dict(run(session.connection(), words, {"ids": list(activity_ids)}).tuples().all())


def absorbed_into(session: Session, activity_id: int) -> list[Kin]:
    """The activities that were worked into this one."""
    return _told(session, c(Activity).absorbed_into_activity_id == activity_id)


def absorbed_into_plan(session: Session, plan_id: int) -> list[Kin]:
    """The activities of other plans that were worked into this plan."""
    return _told(session, c(Activity).absorbed_into_plan_id == plan_id)


def _told(session: Session, condition: object) -> list[Kin]:
    query = (
        select(c(Activity).id, c(Activity).what, c(Activity).state, c(Plan).id, c(Plan).title)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(c(Activity).id)
    )
    return [Kin(*row) for row in session.execute(query)]
