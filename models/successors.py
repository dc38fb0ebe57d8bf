"""Successors: what is carried over goes on in another plan as a new proposal, linked to the old.

One successor for an activity, ever: one that was withdrawn is proposed again. The words, people,
goals, target groups, promises and parts go along; the dates do not, for a new plan sets its own.
`models/moves.py` calls this in the transaction of the move.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, select
from sqlmodel import Session

from config import clock
from models.activity import Activity, ActivityGoal
from models.changes import Said, plan_as_is, remember_changes, remember_plan
from models.columns import c
from models.decision import Agreed, MoveRow
from models.lifecycle import Move, State
from models.plan import Goal, PlanChange
from models.statements import among, run
from models.undoing import batch_of, standing, stands

MOVES = (Move.CARRY_OVER, Move.UNDO_CARRY_OVER)

# Columns that belong to one life only, and what a new one begins with; NULL where nothing is said.
_BEGINS_WITH = {
    "start_text": "''",
    "start_precision": "'none'",
    "deadline_text": "''",
    "deadline_precision": "'none'",
    "status_words": "''",
    "state": "'föreslagen'",
    "state_since": ":today",
    "result": "''",
    "figure": "''",
    "why_no_figure": "''",
    "outcome": "''",
    "kept_by": "''",
    "plan_id": ":next_plan",
    "successor_of": "a.id",
    "source_key": "'successor of ' || a.id",
    "source_file": "''",
    "source_table": "''",
    "doubts": "''",
}
_LEFT_BEHIND = {
    *("id", "start_first", "start_last", "deadline_first", "deadline_last", "state_before_pause"),
    *("resume_on", "stand_in_group_id", "reported_done_on", "absorbed_into_activity_id"),
    *("absorbed_into_plan_id", "referred_to_group_id", "source_row"),
}


def of(session: Session, ids: Sequence[int], state: State) -> list[int]:
    """The successors, in that state, of some activities."""
    which = among(session.connection())
    words = f"SELECT id FROM activity WHERE successor_of {which} AND state = :state"  # noqa: S608 - own words
    return list(
        run(session.connection(), words, {"ids": list(ids), "state": state.value}).scalars()
    )


def send_to(session: Session, ids: Sequence[int], plan_id: int, by: str, today: date) -> None:
    """Let withdrawn successors belong to another plan, before they are proposed again: they serve
    the goals of that one alone.
    """
    which = among(session.connection())
    values = {"ids": list(ids), "plan": plan_id}
    elsewhere = "SELECT g.id FROM goal g WHERE g.plan_id <> :plan"
    with _keeping_goals(session, ids, by, today):
        for words in (
            f"UPDATE activity SET plan_id = :plan WHERE id {which}",  # noqa: S608 - own words
            f"DELETE FROM activity_goal WHERE activity_id {which} AND goal_id IN ({elsewhere})",  # noqa: S608
        ):
            run(session.connection(), words, values)


@contextmanager
def _keeping_goals(session: Session, ids: Sequence[int], by: str, today: date) -> Iterator[None]:
    """Whatever goals these activities are given or lose, history has what they served before."""
    before = _goals_said(session, ids)
    yield
    after = _goals_said(session, ids)
    pairs = {id_: (before[id_], after[id_]) for id_ in ids}
    remember_changes(session, Agreed.GOALS, pairs, by, today=today, reason="Följer överföringen")


def _goals_said(session: Session, ids: Sequence[int]) -> dict[int, Said]:
    """The goals of each, as a change keeps them."""
    g, tie = c(Goal), c(ActivityGoal)
    rows = session.execute(
        select(tie.activity_id, g.text, g.id)
        .join(Goal, g.id == tie.goal_id)
        .where(tie.activity_id.in_(ids))
        .order_by(g.position, g.id)
    ).all()
    found = {}
    for id_ in ids:
        mine = [row for row in rows if row.activity_id == id_]
        words = "\n".join(row.text for row in mine)
        found[id_] = Said(words, {"ids": sorted(row.id for row in mine)})
    return found


def begin_anew(session: Session, ids: Sequence[int], today: date) -> set[int]:
    """Let those withdrawn successors whose whole life was taken back begin as if they were new.

    `make` gives them their first move. What they had of parts is as their predecessors' are.
    """
    on = session.connection()
    words = (
        f"UPDATE activity SET state = 'föreslagen', state_since = :today WHERE id {among(on)} "  # noqa: S608 - own words
        f"AND NOT EXISTS (SELECT 1 FROM move m WHERE m.activity_id = activity.id "
        f"AND {standing('m')}) RETURNING id"
    )
    anew = [int(id_) for id_ in run(on, words, {"ids": list(ids), "today": today}).scalars()]
    if anew:
        run(on, _PARTS_ANEW.format(among=among(on)), {"ids": anew})
    return set(anew)


def make(
    session: Session,
    ids: Sequence[int],
    plan_id: int,
    by: str,
    person_id: int | None,
    today: date,
    again: Sequence[int] = (),
) -> None:
    """Give each activity a successor in a plan, and what goes along with it.

    1. The rows themselves, for those that have none, and their first move.
    2. Who answers and takes part, target groups, promises and parts, where the successor has none
       of them yet.
    3. The goals, by their words: those that the plan has, and new ones where it has none.

    `again` are successors that are there already, and are to be proposed again.
    """
    values = {
        "ids": list(ids),
        "next_plan": plan_id,
        "today": today,
        "at": clock.now(),
        "by": by,
        "person_id": person_id,
        "empty": {},
        "batch": batch_of(session, today),
    }
    which = among(session.connection())
    for words in (_ROWS, _FIRST_MOVES, *_GO_ALONG):
        run(session.connection(), words.format(among=which), values)
    before = plan_as_is(session, plan_id)
    with _keeping_goals(session, again, by, today):
        _goals(session, ids, plan_id)
    remember_plan(session, plan_id, before, by, today=today, reason="Följer med det som överförs")


def _rows() -> str:
    columns = [column.name for column in Activity.__table__.columns if column.computed is None]  # type: ignore[attr-defined]
    taken = [name for name in columns if name not in _LEFT_BEHIND]
    told = ", ".join(_BEGINS_WITH.get(name, f"a.{name}") for name in taken)
    return (
        f"INSERT INTO activity ({', '.join(taken)}) SELECT {told} FROM activity a "  # noqa: S608 - own words
        "WHERE a.id {among} AND NOT EXISTS "
        "(SELECT 1 FROM activity s WHERE s.successor_of = a.id) ORDER BY a.id"
    )


_ROWS = _rows()
_FIRST_MOVES = f"""
    INSERT INTO move (activity_id, move, to_state, on_day, happened_on, registered_on, at, by,
                      person_id, reason, details, batch)
    SELECT s.id, 'föreslå', 'föreslagen', :today, :today, :today, :at, :by, :person_id,
           'Överförd från ' || p.title, :empty, :batch
    FROM activity s
    JOIN activity a ON a.id = s.successor_of
    JOIN plan p ON p.id = a.plan_id
    WHERE a.id {{among}} AND NOT EXISTS (
        SELECT 1 FROM move m WHERE m.activity_id = s.id AND {standing("m")})
    ORDER BY s.id
"""  # noqa: S608 - own words
_RESPONSIBLE = """
    INSERT INTO responsibility (activity_id, kind, words, person_id, group_id, role)
    SELECT s.id, r.kind, r.words, r.person_id, r.group_id, r.role
    FROM responsibility r JOIN activity s ON s.successor_of = r.activity_id
    WHERE r.activity_id {among} ORDER BY r.id
    ON CONFLICT DO NOTHING
"""
_TARGET_GROUPS = """
    INSERT INTO activity_target_group (activity_id, target_group_id)
    SELECT s.id, t.target_group_id
    FROM activity_target_group t JOIN activity s ON s.successor_of = t.activity_id
    WHERE t.activity_id {among} ORDER BY s.id
    ON CONFLICT DO NOTHING
"""
_PARTICIPANTS = """
    INSERT INTO participant (activity_id, words)
    SELECT s.id, t.words
    FROM participant t JOIN activity s ON s.successor_of = t.activity_id
    WHERE t.activity_id {among} ORDER BY t.id
    ON CONFLICT DO NOTHING
"""
_PROMISES = """
    INSERT INTO promise (activity_id, words, made_to)
    SELECT s.id, t.words, t.made_to
    FROM promise t JOIN activity s ON s.successor_of = t.activity_id
    WHERE t.activity_id {among} ORDER BY t.id
    ON CONFLICT DO NOTHING
"""
_PARTS = """
    INSERT INTO part (activity_id, name, state, why, since, responsible, kind, person_id, group_id,
                      role, deadline_text)
    SELECT s.id, t.name, t.state, t.why, t.since, t.responsible, t.kind, t.person_id, t.group_id,
           t.role, ''
    FROM part t JOIN activity s ON s.successor_of = t.activity_id
    WHERE t.activity_id {among} ORDER BY t.id
    ON CONFLICT DO NOTHING
"""
# What is told of a part that came along is told in full by its predecessor's own history.
_PARTS_HISTORY = f"""
    INSERT INTO part_change (activity_id, part_id, after, on_day, at, by, batch)
    SELECT s.id, t.id, h.after, :today, :at, :by, :batch
    FROM part t
    JOIN activity s ON s.id = t.activity_id
    JOIN part o ON o.activity_id = s.successor_of AND o.name = t.name
    JOIN part_change h ON h.id = (
        SELECT max(x.id) FROM part_change x WHERE x.part_id = o.id AND {standing("x")})
    WHERE s.successor_of {{among}}
      AND NOT EXISTS (
        SELECT 1 FROM part_change y WHERE y.part_id = t.id AND {standing("y")})
    ORDER BY t.id
"""  # noqa: S608 - own words
# Parts of a successor whose life was taken back, as those of its predecessor stand.
_PARTS_ANEW = f"""
    UPDATE part SET (state, why, since) = (
        SELECT o.state, o.why, o.since FROM activity s
        JOIN part o ON o.activity_id = s.successor_of
        WHERE s.id = part.activity_id AND o.name = part.name)
    WHERE activity_id {{among}}
      AND NOT EXISTS (SELECT 1 FROM part_change y WHERE y.part_id = part.id AND {standing("y")})
      AND EXISTS (SELECT 1 FROM activity s JOIN part o ON o.activity_id = s.successor_of
                  WHERE s.id = part.activity_id AND o.name = part.name)
"""  # noqa: S608 - own words

_GO_ALONG = (_RESPONSIBLE, _PARTICIPANTS, _TARGET_GROUPS, _PROMISES, _PARTS, _PARTS_HISTORY)


def _goals(session: Session, ids: Sequence[int], plan_id: int) -> None:
    served = session.execute(
        select(c(Activity).id, c(ActivityGoal).goal_id)
        .join(Activity, c(Activity).successor_of == c(ActivityGoal).activity_id)
        .where(c(ActivityGoal).activity_id.in_(ids))
        .order_by(c(Activity).id, c(ActivityGoal).goal_id)  # new goals alike on both databases
    ).all()
    already = set(
        session.execute(
            select(c(ActivityGoal).activity_id, c(ActivityGoal).goal_id)
            .join(Activity, c(Activity).id == c(ActivityGoal).activity_id)
            .where(c(Activity).successor_of.in_(ids))
        ).tuples()
    )
    known: dict[int, int] = {}
    rows = [(activity, same_goal(session, goal, plan_id, known)) for activity, goal in served]
    missing = dict.fromkeys(row for row in rows if row not in already)
    if missing:
        made = [{"activity_id": activity, "goal_id": goal} for activity, goal in missing]
        session.execute(insert(ActivityGoal), made)


def same_goal(session: Session, goal_id: int, plan_id: int, known: dict[int, int]) -> int:
    """The goal with the same words in another plan, made there when it has none.

    `known` remembers what was found, by the number of the old goal.
    """
    if goal_id in known:
        return known[goal_id]
    old = session.get_one(Goal, goal_id)
    there = select(c(Goal).id, c(Goal).text).where(c(Goal).plan_id == plan_id).order_by(c(Goal).id)
    for id_, words in session.execute(there):
        if _plain(words) == _plain(old.text):
            known[goal_id] = id_
            return int(id_)
    parent = same_goal(session, old.parent_id, plan_id, known) if old.parent_id else None
    told = old.model_dump(exclude={"id", "plan_id", "parent_id"})
    new = Goal(plan_id=plan_id, parent_id=parent, **told)
    session.add(new)
    session.flush()
    assert new.id is not None
    known[goal_id] = new.id
    return new.id


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def take_goals_back(session: Session, ids: Sequence[int], by: str, today: date) -> None:
    """Remove the goals that came to a plan with successors that are withdrawn again.

    Those alone that came then, and that nobody has changed or come to serve since: the others are
    the plan's own. What they lay under came along too, and goes when nothing else lies there.
    """
    going = _came_along(session, ids)
    numbers = [goal.id for goal in going]
    tied = select(c(ActivityGoal).activity_id).where(c(ActivityGoal).goal_id.in_(numbers))
    served_by = sorted(set(session.execute(tied).scalars()))
    with _keeping_goals(session, served_by, by, today):
        session.execute(delete(ActivityGoal).where(c(ActivityGoal).goal_id.in_(numbers)))
    while going:
        above = [goal.parent_id for goal in going if goal.parent_id]
        for plan_id in sorted({goal.plan_id for goal in going}):
            here = [goal.id for goal in going if goal.plan_id == plan_id]
            before = plan_as_is(session, plan_id)
            session.execute(delete(Goal).where(c(Goal).id.in_(here)))
            why = "Följde med det som överfördes"
            remember_plan(session, plan_id, before, by, today=today, reason=why)
        since = min(goal.came for goal in going)
        going = [goal for goal in _untouched(session, above) if goal.came >= since]


def give_goals_back(
    session: Session, served: Mapping[int, Iterable[str]], by: str, today: date
) -> None:
    """Let successors serve again what came along with them, by its words, after it was taken back.

    The goals were removed from the plan with the undone carrying over, and that is undone in turn.
    """
    for successor_id, words in served.items():
        asked = {_plain(each) for each in words}
        a, s = c(Activity), Activity.__table__.alias("s")  # type: ignore[attr-defined]
        rows = session.execute(
            select(c(Goal).id, c(Goal).text, s.c.plan_id)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .join(Activity, a.id == c(ActivityGoal).activity_id)
            .join(s, s.c.successor_of == a.id)
            .where(s.c.id == successor_id)
            .order_by(c(Goal).id)
        ).all()
        came = [row for row in rows if _plain(row.text) in asked]
        if not came:
            continue
        plan_id = came[0].plan_id
        before = plan_as_is(session, plan_id)
        known: dict[int, int] = {}
        goals = {same_goal(session, row.id, plan_id, known) for row in came}
        tie = c(ActivityGoal)
        ties = session.execute(select(tie.goal_id).where(tie.activity_id == successor_id))
        missing = sorted(goals - set(ties.scalars()))
        if missing:
            made = [{"activity_id": successor_id, "goal_id": goal} for goal in missing]
            session.execute(insert(ActivityGoal), made)
        remember_plan(session, plan_id, before, by, today=today, reason="Överföringen gäller igen")


def _came_along(session: Session, ids: Sequence[int]) -> list[Any]:
    """The goals that only withdrawn successors serve, these among them, and that came with them:
    not before the latest time that one of their predecessors was carried over.
    """
    a, m = c(Activity), c(MoveRow)
    mine = select(c(ActivityGoal).goal_id).where(c(ActivityGoal).activity_id.in_(ids))
    carried = and_(m.activity_id == a.successor_of, m.move == Move.CARRY_OVER, stands(m))
    rows = session.execute(
        select(c(ActivityGoal).goal_id, a.id, a.state, func.max(m.at).label("at"))
        .join(Activity, a.id == c(ActivityGoal).activity_id)
        .outerjoin(MoveRow, carried)
        .where(c(ActivityGoal).goal_id.in_(mine))
        .group_by(c(ActivityGoal).goal_id, a.id, a.state)
        .order_by(c(ActivityGoal).goal_id, a.id)
    ).all()
    served = {row.goal_id for row in rows if row.at is None or row.state is not State.WITHDRAWN}
    since: dict[int, datetime] = {}
    for row in rows:
        if row.goal_id not in served:
            since[row.goal_id] = min(row.at, since.get(row.goal_id, row.at))
    told = _untouched(session, list(since), served=True)
    return [goal for goal in told if goal.came >= since[goal.id]]


def _untouched(session: Session, ids: Sequence[int], *, served: bool = False) -> list[Any]:
    """Those of some goals that nothing lies under and that nobody has changed since they came, with
    when they came; without `served` also only those that nothing serves.

    The last that is remembered of such a goal is that it came. (SQLite may give the number of one
    that was removed to the next, so there may be older rows.)
    """
    g, x, under = c(Goal), c(PlanChange), Goal.__table__.alias("under")  # type: ignore[attr-defined]
    last = select(func.max(x.id)).where(x.goal_id.in_(ids), stands(x)).group_by(x.goal_id)
    query = (
        select(g.id, g.plan_id, g.parent_id, x.at.label("came"))
        .join(PlanChange, x.goal_id == g.id)
        .where(x.id.in_(last), x.before.is_(None))
        .where(g.id.in_(ids), ~select(under.c.id).where(under.c.parent_id == g.id).exists())
        .order_by(g.id)
    )
    if not served:
        ties = select(c(ActivityGoal).goal_id).where(c(ActivityGoal).goal_id == g.id)
        query = query.where(~ties.exists())
    return list(session.execute(query))
