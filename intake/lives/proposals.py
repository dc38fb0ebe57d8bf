"""A new activity as somebody proposes it in a plan, in words -> a row as Föreslagen, or sentences.

What is asked for here is what a decision will need; only what is to be done, and a group, must be
there from the start. The same words twice in a plan is one activity.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import Session

from intake.filing.filing import key_of
from intake.filing.target_groups import tag_activity, too_long
from intake.forms import Words
from intake.lives.changes import (
    days_meant,
    follow_deadline,
    lines_of,
    misread_funding,
    put_funding,
)
from intake.lives.plan_changes import group_of
from intake.people.register import look_up_words
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.decision import Agreed
from models.moves import Mover, Refused, propose, put_span
from models.plan import Goal, Plan
from models.refusal import asks, at, said_yes
from models.span import Span
from rules.span_words import not_a_day, seldom_meant
from rules.target_groups import names_in


def ask_to_propose(
    session: Session,
    plan_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    review_months: int | None = None,
) -> int:
    """Propose an activity in a plan and return its number, or raise `Refused` with every sentence.

    `given` holds what, how, responsible (one a line), `goal_7` for a ticked goal, target groups,
    start, deadline, follow-up, funding, and the group's number; without one the plan's group
    owns it.
    """
    plan = session.get(Plan, plan_id, with_for_update=True)
    if plan is None:
        raise Refused([f"Det finns ingen plan med nummer {plan_id}."])
    words = Words(given, today)
    row = _row(session, plan, words)
    goals = _goals(session, plan_id, given)
    start, deadline = _span(words, "start"), _span(words, "deadline")
    words.problems += too_long(words.lines("target_groups"))
    words.problems += misread_funding(words.lines("funding"), today)
    words.done()
    put_span(row, "start", start)
    put_span(row, "deadline", deadline)
    follow_deadline(row, deadline, today, review_months)
    put_funding(row, words.lines("funding"), today)
    activity_id = propose(session, row, mover, today=today)
    for name in dict.fromkeys(lines_of(words.lines("responsible"))):
        session.add(Responsibility(activity_id=activity_id, kind=Answerable.WORDS, words=name))
    if goals:
        rows = [{"activity_id": activity_id, "goal_id": goal} for goal in goals]
        session.execute(insert(ActivityGoal), rows)
    tag_activity(session, activity_id, names_in(words.lines("target_groups")))
    session.flush()
    look_up_words(session)
    return activity_id


def _row(session: Session, plan: Plan, words: Words) -> Activity:
    assert plan.id is not None
    what, how = words.line("what"), words.lines("how")
    if not what:
        words.problems.append(at("what", "Skriv vad som ska göras."))
    if plan.approved_on is not None:
        words.problems.append("Planens år är godkänt. Föreslå aktiviteten i nästa plan.")
    group_id = group_of(session, plan, words) if words.line("group") else plan.group_id
    if group_id is None:
        words.problems.append(at("group", "Gruppen finns inte. Välj en i listan."))
    key = key_of(what, how)
    known = select(c(Activity).id).where(
        c(Activity).plan_id == plan.id, c(Activity).source_key == key
    )
    if what and session.execute(known).first():
        told = "Den aktiviteten finns redan i planen, med samma vad och hur."
        words.problems.append(at("what", told))
    last = select(func.max(c(Activity).position)).where(c(Activity).plan_id == plan.id)
    return Activity(
        plan_id=plan.id,
        group_id=group_id or plan.group_id,
        position=(session.execute(last).scalar() or 0) + 1,
        what=what,
        how=how,
        follow_up=words.lines("follow_up"),
        source_key=key,
        state_since=words.today,
    )


def _span(words: Words, name: str) -> Span:
    said = words.line(name)
    what = Agreed(name)
    span = days_meant(what, said, words.today)
    if said and span.first is None and span.last is None and not span.open:
        words.problems.append(at(name, not_a_day(span, said)))
        return span
    sure = what is not Agreed.DEADLINE or said_yes(words.given, name)
    if not sure and (asked := seldom_meant(span, words.today)):
        words.problems.append(asks(name, asked))
    return span


def _goals(session: Session, plan_id: int, given: Mapping[str, str]) -> list[int]:
    """The plan's goals that are ticked."""
    own = session.execute(select(c(Goal).id).where(c(Goal).plan_id == plan_id)).scalars()
    return [number for number in own if given.get(f"goal_{number}")]
