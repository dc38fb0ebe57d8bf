"""Taking back what was changed in a plan and its goals: as with activities, a correction.

The rows of the plan's log are marked (`models/undoing.py`), and what they changed is as it was.
Each row keeps the plan or the goal whole, so what is newer stands on what is older: it is taken
back with it, by whoever has seen it, or not at all. What an approved report tells is changed anew
instead, so that both are in the history. A plan that goes whole is `withdraw_plan` in `undo.py`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlmodel import Session

from intake.filing.target_groups import tag_plan
from intake.lives.moves import decision_on_file
from intake.lives.plan_changes import upwards
from intake.lives.undo import GONE_ALREADY, begin_undoing
from models.activity import ActivityGoal
from models.columns import c
from models.edition import Edition, EditionState, ReportKind
from models.moves import Mover, Refused
from models.plan import Adoption, Goal, Plan, PlanChange
from models.standing import GoalStanding, PlanChanged, PlanStanding, whole_log
from models.undoing import stands
from rules.wording import day_in_words

CLOSED = "Planen är avslutad. Öppna den igen först; det behöver ett beslut."
WITHDRAWN = "Planen togs tillbaka. Den ändras inte mer."
_CAME = "Det var då planen lades in. Ska den bort väljer du ”Ta tillbaka planen” på planens sida."
_TIED = "Målet ”{text}” har fått aktiviteter. Koppla dem till ett annat mål först."
_UNDER = "Målet ”{text}” har fått mål under sig som inte tas tillbaka. Flytta dem först."
_SAME_GOAL = "Planen har ett annat mål med samma ord, ”{text}”. Byt namn på det först."
_ABOVE_GONE = "Det som målet ”{text}” låg under finns inte kvar. Lägg till målet på nytt i stället."
_SAME_PLAN = "Gruppen har en annan plan som heter ”{title}”. Byt namn på den först."
_NUMBER_TAKEN = "Målet ”{text}” kan inte läggas tillbaka som det var. Lägg till det på nytt."
_ROUND = "Planen som den här låg under ligger nu under den här. Flytta den först."
_TOLD = (
    "En rapport som godkändes {day} bygger på planen som den stod efter ändringen. Ändra planen "
    "igen i stället, så står båda ändringarna i historien."
)
_READ = (EditionState.APPROVED, EditionState.SENT)


@dataclass(slots=True)
class PlanChain:
    """What is taken back together, newest first: what was asked for, and what stands on it."""

    asked: list[PlanChanged] = field(default_factory=list)
    above: list[PlanChanged] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[PlanChanged]:
        """All of it, newest first."""
        return sorted((*self.asked, *self.above), key=_place, reverse=True)

    @property
    def print(self) -> str:
        """What was looked at: the same words for the same rows, to be compared."""
        names = ",".join(str(row.id) for row in self.rows)
        return hashlib.sha256(names.encode()).hexdigest()[:16]


def _place(row: PlanChanged) -> int:
    return row.id


def look_at_plan(session: Session, plan_id: int, key: str, *, held: bool = False) -> PlanChain:
    """What would be taken back with an entry of a plan's history. `held`: nobody edits it now."""
    asked = select(c(Plan).closed_on, c(Plan).withdrawn_on, c(Plan).collaboration_id)
    row = asked.where(c(Plan).id == plan_id)
    closed, withdrawn, area = session.execute(row.with_for_update() if held else row).one()
    chain = PlanChain()
    log = sorted(whole_log(session, plan_id), key=_place)
    places = [place for place, one in enumerate(log) if one.key == key]
    for one in log[places[0] :] if places else []:
        (chain.asked if one.key == key else chain.above).append(one)
    if withdrawn is not None:
        chain.why_not = [WITHDRAWN]
    elif closed is not None:
        chain.why_not = [CLOSED]
    elif chain.rows:
        chain.why_not = _why_not(session, plan_id, area, chain)
    return chain


def _why_not(session: Session, plan_id: int, area: int, chain: PlanChain) -> list[str]:
    """What stands on the rows and is no row of the plan's own log."""
    found: list[str] = []
    if any(row.goal_id is None and row.before is None for row in chain.rows):
        return [_CAME]
    was = _oldest(chain.rows)
    for goal_id, before in was.items():
        if isinstance(before, GoalStanding):
            found += _goal_comes_back(session, plan_id, goal_id, before, was)
            if _came_anew(chain, goal_id):
                found += _goal_goes(session, goal_id, was)
        elif goal_id is not None:
            found += _goal_goes(session, goal_id, was)
    before = was.get(None)
    if isinstance(before, PlanStanding):
        found += _title_taken(session, plan_id, before)
        found += _goes_round(session, plan_id, area, before)
    return found + reports_of(session, area, chain.rows)


def _came_anew(chain: PlanChain, goal_id: int | None) -> bool:
    """Has a goal that was removed the number of one that came since? SQLite may give it again."""
    return any(row.goal_id == goal_id and row.before is None for row in chain.rows)


def _oldest(
    rows: Sequence[PlanChanged],
) -> dict[int | None, PlanStanding | GoalStanding | None]:
    """The plan and each goal as they were before the rows, which come newest first."""
    return {row.goal_id: row.before for row in rows}


_Was = dict[int | None, PlanStanding | GoalStanding | None]


def _goal_goes(session: Session, goal_id: int | None, was: _Was) -> list[str]:
    """Why a goal that was added cannot be taken away."""
    goal = session.get(Goal, goal_id)
    if goal is None:
        return []
    tied = select(exists().where(c(ActivityGoal).goal_id == goal_id))
    under = session.execute(select(c(Goal).id).where(c(Goal).parent_id == goal_id)).scalars()
    if session.execute(tied).scalar():
        return [_TIED.format(text=goal.text)]
    if any(id_ not in was for id_ in under):
        return [_UNDER.format(text=goal.text)]
    return []


def _goal_comes_back(
    session: Session, plan_id: int, goal_id: int | None, before: GoalStanding, was: _Was
) -> list[str]:
    """Why a goal cannot have the words and the place that it had."""
    there = session.execute(
        select(c(Goal).id, c(Goal).plan_id, c(Goal).text).where(
            (c(Goal).plan_id == plan_id) | (c(Goal).id == goal_id)
        )
    ).all()
    if any(row.id == goal_id and row.plan_id != plan_id for row in there):
        return [_NUMBER_TAKEN.format(text=before.text)]
    others = {row.id: row.text for row in there if row.id != goal_id}
    same = [id_ for id_, words in others.items() if words.casefold() == before.text.casefold()]
    if any(id_ not in was for id_ in same):
        return [_SAME_GOAL.format(text=before.text)]
    above = before.parent_id
    if above is not None and above not in others and was.get(above) is None:
        return [_ABOVE_GONE.format(text=before.text)]
    return []


def _title_taken(session: Session, plan_id: int, before: PlanStanding) -> list[str]:
    same = select(c(Plan).id).where(
        c(Plan).group_id == before.group_id,
        c(Plan).title == before.title,
        c(Plan).id != plan_id,
        c(Plan).withdrawn_on.is_(None),
    )
    taken = session.execute(same.limit(1)).first() is not None
    return [_SAME_PLAN.format(title=before.title)] if taken else []


def _goes_round(session: Session, plan_id: int, area: int, before: PlanStanding) -> list[str]:
    """Why the plan cannot lie under the one that it lay under."""
    plans = select(c(Plan).id, c(Plan).parent_id).where(c(Plan).collaboration_id == area)
    above = dict(session.execute(plans).tuples().all())
    return [_ROUND] if plan_id in upwards(before.parent_id, above) else []


def reports_of(session: Session, area: int, rows: Sequence[PlanChanged]) -> list[str]:
    """A sentence when an approved report was made after a change, of days that it counts on."""
    e = c(Edition)
    asked = select(e.compiled_at, e.cut_off, e.approved_at).where(
        e.collaboration_id == area, e.state.in_(_READ), e.kind != ReportKind.DEVIATIONS
    )
    for compiled, cut_off, approved in session.execute(asked.order_by(e.id)):
        if any(row.at < compiled and row.on_day <= cut_off for row in rows):
            return [_TOLD.format(day=day_in_words(_day_of(approved)))]
    return []


def _day_of(moment: datetime | None) -> date:
    assert moment is not None  # of an approved edition, as the database sees to
    return moment.date()


def take_back_in_plan(
    session: Session,
    plan_id: int,
    chain: PlanChain,
    mover: Mover,
    *,
    today: date,
    reason: str = "",
) -> None:
    """Take back all of a chain, or raise `Refused`.

    1. The undoing itself, and its mark on each row of the log.
    2. Goals that came go, goals that went come, and all are as they were; then the plan itself.
    """
    if chain.why_not:
        raise Refused(chain.why_not)
    if not chain.rows:
        raise Refused([GONE_ALREADY])
    _mark(session, [row.id for row in chain.rows], begin_undoing(session, mover, today, reason))
    was = _oldest(chain.rows)
    goals = {id_: told for id_, told in was.items() if id_ is not None}
    _put_goals(session, plan_id, goals)
    before = was.get(None)
    if isinstance(before, PlanStanding):
        _put_plan(session, plan_id, before)
    session.expire_all()


def _mark(session: Session, ids: Sequence[int], undoing_id: int) -> None:
    x = c(PlanChange)
    marked = session.execute(
        update(PlanChange)
        .where(x.id.in_(ids), stands(x))
        .values(undone_id=undoing_id)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != len(ids):  # type: ignore[attr-defined]
        raise Refused([GONE_ALREADY])


def _put_goals(session: Session, plan_id: int, goals: dict[int, Any]) -> None:
    """Goals as they were. Words first become nobody's, so that two may have changed theirs."""
    there = set(session.execute(select(c(Goal).id).where(c(Goal).plan_id == plan_id)).scalars())
    g = c(Goal)
    going = [id_ for id_, was in goals.items() if was is None]
    session.execute(update(Goal).where(g.id.in_(goals)).values(parent_id=None))
    session.execute(delete(Goal).where(g.id.in_(going), g.plan_id == plan_id))
    for id_ in goals.keys() & there - set(going):
        session.execute(update(Goal).where(g.id == id_).values(text=f"#{id_}"))
    for id_, was in goals.items():
        if was is not None and id_ not in there:
            session.add(Goal(id=id_, plan_id=plan_id, text=was.text))
    session.flush()
    for id_, was in goals.items():
        if was is not None:
            values = {"text": was.text, "called": was.called, "position": was.position}
            values["parent_id"] = was.parent_id
            session.execute(update(Goal).where(g.id == id_).values(**values))


def _put_plan(session: Session, plan_id: int, was: PlanStanding) -> None:
    values = {name: getattr(was, name) for name in _OWN}
    values["target_groups"] = was.target_group_words
    session.execute(update(Plan).where(c(Plan).id == plan_id).values(**values))
    tag_plan(session, plan_id, was.target_groups)
    wanted = {(one.group_id, one.on): one for one in was.adopted_by}
    a = c(Adoption)
    rows = session.execute(select(a.id, a.group_id, a.adopted_on).where(a.plan_id == plan_id))
    for id_, group_id, day in rows.all():
        if wanted.pop((group_id, day), None) is None:
            session.execute(delete(Adoption).where(a.id == id_))
    for one in wanted.values():
        ref = one.reference
        decision = decision_on_file(session, one.group_id, one.on, ref) if ref else None
        session.add(
            Adoption(
                plan_id=plan_id, group_id=one.group_id, adopted_on=one.on, decision_id=decision
            )
        )
    session.flush()


_OWN = (
    *("title", "group_id", "parent_id", "first_day", "last_day", "adopted_on", "last_changed_on"),
    *("purpose", "goal_words", "cap", "funding_text", "funding_amount", "funding_last"),
)
