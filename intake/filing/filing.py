"""Drafts become rows: all of a file, or nothing, and the same file twice changes nothing.

Reading and doubting is done before this (`plans.py`); here nothing is guessed. Whom a plan's words
name is looked up by `people/register.py`; lists of people are filed by `people/filing.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import insert, select
from sqlmodel import Session

from config import clock
from intake.drafts import ActivityDraft, Asks, PlanDraft
from intake.filing.shape import keep_shape
from intake.filing.target_groups import tag_activity, tag_plan
from intake.people.register import collaboration_named, group_named, look_up_words, plain, remember
from intake.plan.front_page import without_label
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.changes import NO_PLAN_YET, PlanAsWas, plan_as_is, remember_plan
from models.columns import c
from models.moves import Mover, propose, put_span
from models.plan import Goal, Plan
from models.promise import Participant, Promise
from rules.alike import closest
from rules.calendar import months_after
from rules.target_groups import are_names, names_in

MOST_COMPARED = 300  # goals of a plan; with more only the same words are the same goal
SAME_GOAL = 0.9  # how alike two wordings of a goal are when they are the same goal


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of a file. `plan_id` is None for a list of people."""

    plan_id: int | None
    new: int
    unchanged: int
    changed: int = 0

    @property
    def nothing_new(self) -> bool:
        """Was everything in the file on file already?"""
        return self.new == 0 and self.changed == 0


def file_plan(
    session: Session,
    draft: PlanDraft,
    mover: Mover,
    *,
    organisation: str,
    review_months: int,
    today: date,
    name: str = "",
    known: Mapping[int, int] | None = None,
    proposed_on: date | None = None,
) -> Filed:
    """Put a plan on file, its activities as Föreslagen.

    `known` tells which of them, by their place in the file, are on file in other words
    (`differences.py`): all others are new. Without it the words alone tell. They are proposed
    today, or on `proposed_on`: what a plan already follows was proposed when it was decided.

    1. Find or make the collaboration, the owning group, the plan and the goals.
    2. Propose each activity that the plan does not have yet; one it has stays as it is.
    3. Look up whom the words for responsible name.
    4. Keep the shape of the table when anything is new, and remember the file by its fingerprint.
    """
    collaboration = collaboration_named(session, draft.organisation or organisation, organisation)
    group_id = group_named(session, collaboration, draft.group or organisation)
    plan_id, before = _plan(session, collaboration, group_id, draft, name)
    goals = _goals(session, plan_id, draft)
    on_file = set(
        session.execute(
            select(c(Activity).source_key).where(c(Activity).plan_id == plan_id)
        ).scalars()
    )
    new = unchanged = 0
    seen: dict[str, int] = {}
    for position, (activity, runs_on) in enumerate(
        [(a, False) for a in draft.activities] + [(a, True) for a in draft.continuous]
    ):
        key = _key(activity, seen)
        if position in known if known is not None else key in on_file:
            unchanged += 1
            continue
        while key in on_file:  # told to be another one than whose words these were
            key = _key(activity, seen)
        row = _activity(activity, plan_id, group_id, position, key)
        row.runs_on = runs_on or activity.deadline.open
        if row.runs_on:
            row.review_months = review_months
            begins = max(draft.first_day or today, today)  # a plan may have run for years
            row.next_review_on = months_after(begins, review_months)
        new_id = propose(session, row, mover, today=today, happened_on=proposed_on)
        _link_goals(session, new_id, activity.goals or (activity.goal,), goals)
        _link_words(session, new_id, activity)
        if are_names(activity.target_group):
            tag_activity(session, new_id, names_in(activity.target_group))
        for words in dict.fromkeys(activity.responsible):
            session.add(Responsibility(activity_id=new_id, kind=Answerable.WORDS, words=words))
        new += 1
    session.flush()
    look_up_words(session)
    on_day = today if before is not NO_PLAN_YET else proposed_on or today
    remember_plan(session, plan_id, before, mover.name, today=on_day)
    keep_shape(session, plan_id, draft.shape, anew=bool(new))
    remember(session, "plan", draft.file, draft.sha256, {"new": new, "unchanged": unchanged})
    return Filed(plan_id, new, unchanged)


def _plan(
    session: Session, collaboration_id: int, group_id: int, draft: PlanDraft, name: str
) -> tuple[int, PlanAsWas]:
    """The plan, made if it is not there, and what it was before."""
    title = name or draft.title
    found = session.execute(
        select(c(Plan).id).where(
            c(Plan).group_id == group_id, c(Plan).title == title, c(Plan).withdrawn_on.is_(None)
        )
    ).scalar()
    if found is not None:
        return int(found), plan_as_is(session, found)
    plan = Plan(
        collaboration_id=collaboration_id,
        group_id=group_id,
        title=title,
        first_day=draft.first_day,
        last_day=draft.last_day,
        adopted_on=draft.adopted_on,
        last_changed_on=draft.last_changed_on,
        purpose=draft.purpose,
        target_groups="" if are_names(draft.target_groups) else draft.target_groups,
        goal_words=draft.goal_words,
    )
    session.add(plan)
    session.flush()
    assert plan.id is not None
    if not plan.target_groups:
        tag_plan(session, plan.id, names_in(draft.target_groups))
    return plan.id, NO_PLAN_YET


def _goals(session: Session, plan_id: int, draft: PlanDraft) -> dict[str, int]:
    """Goals of the plan by their words; missing ones are added, parents before children."""
    known: dict[str, int] = dict(
        session.execute(select(c(Goal).text, c(Goal).id).where(c(Goal).plan_id == plan_id))
        .tuples()
        .all()
    )
    wanted = [(goal.text, goal.parent) for goal in draft.goals]
    wanted += [(a.goal, a.focus_area) for a in draft.activities if a.goal]
    for text, parent in wanted:
        for words, above in ((parent, ""), (text, parent)):
            if words and same_goal(words, known) is None:
                goal = Goal(
                    plan_id=plan_id,
                    text=words,
                    position=len(known),
                    parent_id=known.get(above) if above else None,
                )
                session.add(goal)
                session.flush()
                assert goal.id is not None
                known[words] = goal.id
    return known


def same_goal(words: str, known: Mapping[str, int]) -> int | None:
    """The goal that has these words, but for a slip of the pen or a "Mål 1:" before them."""
    if words in known:
        return known[words]
    plainly = {_plainly(other): id_ for other, id_ in reversed([*known.items()])}
    wanted = _plainly(words)
    if wanted in plainly or len(known) > MOST_COMPARED:
        return plainly.get(wanted)
    found = closest(wanted, plainly, SAME_GOAL)
    return None if found is None else plainly[found]


@lru_cache(maxsize=8192)  # each goal is asked about with every other of its plan
def _plainly(goal: str) -> str:
    return plain(without_label(goal))


def _link_goals(
    session: Session, activity_id: int, named: Sequence[str], goals: dict[str, int]
) -> None:
    """Tie an activity to its goals, each once."""
    ids = (same_goal(words, goals) for words in named if words)
    for goal_id in dict.fromkeys(id_ for id_ in ids if id_ is not None):
        session.execute(insert(ActivityGoal).values(activity_id=activity_id, goal_id=goal_id))


def _link_words(session: Session, activity_id: int, draft: ActivityDraft) -> None:
    """What it promises to tell, and who takes part, in the plan's words."""
    for words in dict.fromkeys(draft.taking_part):
        session.add(Participant(activity_id=activity_id, words=words))
    for promise in draft.promises:
        session.add(
            Promise(
                activity_id=activity_id,
                words=promise.words,
                made_to=promise.to,
                due=promise.due.last,
            )
        )


def _activity(
    draft: ActivityDraft, plan_id: int, group_id: int, position: int, key: str
) -> Activity:
    # Who is unknown today may be on file tomorrow, so that doubt is asked anew each time.
    lasting = [q.sentence for q in draft.questions if q.kind is not Asks.RESPONSIBLE_UNKNOWN]
    row = Activity(
        plan_id=plan_id,
        group_id=group_id,
        position=position,
        what=draft.what,
        how=draft.how,
        follow_up=draft.follow_up,
        status_words=draft.status_words,
        source_key=key,
        source_file=draft.source.file,
        source_table=draft.source.sheet or str(draft.source.table),
        source_row=draft.source.row,
        doubts="\n".join(dict.fromkeys(lasting)),
        funding_text=draft.money.text,
        funding_last=draft.money.last.last,
        funding_amount=draft.money.amount,
        state_since=clock.today(),
    )
    put_span(row, "start", draft.start)
    put_span(row, "deadline", draft.deadline)
    return row


def _key(activity: ActivityDraft, seen: dict[str, int]) -> str:
    """What makes an activity the same one in next month's file: its words, not its place."""
    key = key_of(activity.what, activity.how)
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else f"{key}-{seen[key]}"


def key_of(what: str, how: str) -> str:
    """The key of an activity that says this for the first time in its plan."""
    return sha256("\n".join((plain(what), plain(how))).encode()).hexdigest()[:24]
