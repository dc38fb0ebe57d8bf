"""Goals that one deed added, as a file does, go again when all else that it did is taken back.

A goal on which something else stands stays: another activity serves it, another goal lies under it,
somebody has changed it since, or an approved report tells of it. It is told which, and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select, update
from sqlmodel import Session

from intake.lives.entries import Chain, of_batch
from intake.lives.plan_undo import reports_of
from intake.lives.undo import take_back
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.lifecycle import State
from models.moves import Mover
from models.plan import Goal, Plan, PlanChange
from models.standing import GoalStanding, PlanChanged, whole_log
from models.undoing import stands

_AT_A_TIME = 1000  # numbers in a statement


@dataclass(slots=True)
class Goals:
    """The words of the goals that went with what was taken back, and of those that stay."""

    gone: list[str] = field(default_factory=list)
    stay: list[str] = field(default_factory=list)


def take_back_with_goals(
    session: Session, chain: Chain, mover: Mover, *, today: date, reason: str = ""
) -> Goals:
    """Take back all of a chain, and the goals that came with it, or raise `Refused`."""
    undoing_id = take_back(session, chain, mover, today=today, reason=reason)
    told = Goals()
    taken = {row.activity_id for row in chain.rows}
    batches = {row.batch for row in chain.rows if row.batch is not None}
    for batch in _that_added_goals(session, sorted(batches)):
        if not of_batch(session, batch):
            _go_too(session, batch, taken, undoing_id, told)
    session.expire_all()
    return told


def _that_added_goals(session: Session, batches: Sequence[int]) -> list[int]:
    """Of many deeds, those that changed goals as well: few, or none."""
    x = c(PlanChange)
    found: list[int] = []
    for start in range(0, len(batches), _AT_A_TIME):
        some = batches[start : start + _AT_A_TIME]
        asked = select(x.batch).where(x.batch.in_(some), x.goal_id.is_not(None), stands(x))
        found += session.execute(asked.distinct()).scalars()
    return sorted(found)


def _came_with(session: Session, batch: int) -> dict[int, list[PlanChanged]]:
    """The goals that were added by one deed and have not been taken back, by plan."""
    x = c(PlanChange)
    asked = select(x.plan_id).where(x.batch == batch, x.goal_id.is_not(None), stands(x)).distinct()
    found = {}
    for plan_id in session.execute(asked).scalars().all():
        log = whole_log(session, plan_id)
        came = [row for row in log if row.key == str(batch) and row.goal_id and not row.before]
        if came:
            found[plan_id] = came
    return found


def _go_too(
    session: Session, batch: int, taken: Collection[int], undoing_id: int, told: Goals
) -> None:
    for plan_id, came in _came_with(session, batch).items():
        plan = session.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
        words = {row.goal_id: _words(row) for row in came if row.goal_id is not None}
        going = set(words)
        if plan.closed_on is not None or reports_of(session, plan.collaboration_id, came):
            going = set()
        going -= _served_by_others(session, going, taken) | _changed_since(session, plan_id, came)
        going = _with_nothing_under(session, going)
        _remove(session, came, going, undoing_id)
        told.gone += [text for number, text in words.items() if number in going]
        told.stay += [text for number, text in words.items() if number not in going]


def _words(row: PlanChanged) -> str:
    return row.after.text if isinstance(row.after, GoalStanding) else ""


def _served_by_others(session: Session, goals: Collection[int], taken: Collection[int]) -> set[int]:
    """Goals that an activity serves which did not go with what was taken back."""
    gone = select(c(Activity).id).where(
        c(Activity).id.in_(list(taken)), c(Activity).state == State.WITHDRAWN
    )
    asked = select(c(ActivityGoal).goal_id).where(
        c(ActivityGoal).goal_id.in_(list(goals)), c(ActivityGoal).activity_id.not_in(gone)
    )
    return set(session.execute(asked).scalars())


def _changed_since(session: Session, plan_id: int, came: Iterable[PlanChanged]) -> set[int]:
    """Goals that somebody has changed after they came."""
    since = {row.goal_id: row.id for row in came if row.goal_id is not None}
    return {
        row.goal_id
        for row in whole_log(session, plan_id)
        if row.goal_id in since and row.id > since[row.goal_id]
    }


def _with_nothing_under(session: Session, going: set[int]) -> set[int]:
    """Those that no goal lies under which stays; what lies under one that stays may go."""
    above: Mapping[int, int | None] = dict(
        session.execute(
            select(c(Goal).id, c(Goal).parent_id).where(c(Goal).parent_id.in_(list(going)))
        )
        .tuples()
        .all()
    )
    left = going
    while True:
        holds = {parent for child, parent in above.items() if child not in left}
        if not holds & left:
            return left
        left = left - holds


def _remove(
    session: Session, came: Iterable[PlanChanged], going: set[int], undoing_id: int
) -> None:
    """The goals, their ties to what was taken back, and the mark on their rows of the log."""
    rows = [row.id for row in came if row.goal_id in going]
    session.execute(
        update(PlanChange)
        .where(c(PlanChange).id.in_(rows), stands(c(PlanChange)))
        .values(undone_id=undoing_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(ActivityGoal).where(c(ActivityGoal).goal_id.in_(list(going))))
    session.execute(update(Goal).where(c(Goal).id.in_(list(going))).values(parent_id=None))
    session.execute(delete(Goal).where(c(Goal).id.in_(list(going))))
