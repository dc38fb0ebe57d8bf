"""Plans as the process leader edits them, in words -> rows and history, or sentences.

All of what a form asks for, or nothing; everything that is missing or cannot be read is said at
once. Each edit is compared with what was, and what differs is kept in the plan's history. Goals
have a file of their own (`goal_changes.py`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy import delete, select
from sqlmodel import Session

from intake.filing.target_groups import tag_plan, too_long
from intake.forms import Words
from intake.lives.changes import misread_funding, put_funding
from intake.lives.moves import decision_on_file
from models.changes import NO_PLAN_YET, plan_as_is, remember_plan
from models.columns import c
from models.group import Group
from models.moves import Mover, Refused
from models.plan import Adoption, Plan
from models.refusal import at
from rules.target_groups import names_in


def start_plan(session: Session, given: Mapping[str, str], mover: Mover, *, today: date) -> int:
    """Put a new plan on file and return its number."""
    words = Words(given, today)
    group_id = words.number("group")
    group = session.get(Group, group_id) if group_id else None
    if group is None:
        words.problems.append(at("group", "Välj vilken grupp som äger planen."))
        group = Group(collaboration_id=0, name="")
    plan = Plan(collaboration_id=group.collaboration_id, group_id=group.id or 0, title="")
    _fill(session, plan, words)
    words.done()
    session.add(plan)
    session.flush()
    assert plan.id is not None
    tag_plan(session, plan.id, names_in(words.lines("target_groups")))
    remember_plan(session, plan.id, NO_PLAN_YET, mover.name, today=today)
    return plan.id


def ask_to_change_plan(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Change a plan's own facts to what the form says."""
    with editing(session, plan_id, given, mover, today) as (plan, words):
        group_id = group_of(session, plan, words)
        if group_id is None:
            words.problems.append(at("group", "Välj vilken grupp som äger planen."))
        else:
            plan.group_id = group_id
        _fill(session, plan, words)
        words.done()
        tag_plan(session, plan_id, names_in(words.lines("target_groups")))


def group_of(session: Session, plan: Plan, words: Words) -> int | None:
    """The group that the form names, if it is one of the plan's own collaboration."""
    with session.no_autoflush:
        group = session.get(Group, words.number("group") or 0)
    if group is None or group.collaboration_id != plan.collaboration_id:
        return None
    return group.id


def _fill(session: Session, plan: Plan, words: Words) -> None:
    """Put what the form says into the plan, and gather what is wrong with it."""
    plan.title = words.line("title")
    plan.parent_id = words.number("parent")
    plan.first_day = words.day("first_day")
    plan.last_day = words.day("last_day", last=True)
    plan.adopted_on = words.day("adopted_on", last=True)
    plan.cap = words.number("cap")
    plan.purpose = words.lines("purpose")
    plan.target_groups = words.lines("target_group_words")
    plan.goal_words = "\n".join(names_in(words.lines("goal_words")))
    put_funding(plan, words.lines("funding"), plan.first_day or words.today)
    words.problems += misread_funding(plan.funding_text, words.today)
    words.problems += too_long(words.lines("target_groups"))
    words.problems += _plan_problems(session, plan)


def _plan_problems(session: Session, plan: Plan) -> list[str]:
    problems: list[str] = []
    if not plan.title:
        problems.append(at("title", "Skriv vad planen heter."))
    if plan.first_day and plan.last_day and plan.last_day < plan.first_day:
        problems.append(at("last_day", "Planen slutar innan den börjar. Rätta datumen."))
    if plan.cap == 0:
        told = "Taket ska vara minst 1. Lämna fältet tomt om ni inte har något tak."
        problems.append(at("cap", told))
    with session.no_autoflush:
        same = select(c(Plan).id).where(
            c(Plan).group_id == plan.group_id,
            c(Plan).title == plan.title,
            c(Plan).withdrawn_on.is_(None),
        )
        if plan.title and session.execute(same.where(c(Plan).id != (plan.id or 0))).first():
            problems.append(at("title", "Gruppen har redan en plan med det namnet."))
        if plan.parent_id is not None:
            problems += _parent_problems(session, plan)
    return problems


def _parent_problems(session: Session, plan: Plan) -> list[str]:
    above = dict(
        session.execute(
            select(c(Plan).id, c(Plan).parent_id).where(
                c(Plan).collaboration_id == plan.collaboration_id
            )
        )
        .tuples()
        .all()
    )
    if plan.parent_id not in above:
        return [at("parent", "Den överordnade planen finns inte. Välj en i listan.")]
    if plan.id is not None and plan.id in upwards(plan.parent_id, above):
        told = "En plan kan inte ligga under sig själv. Välj en annan överordnad plan."
        return [at("parent", told)]
    return []


def upwards(number: int | None, above: Mapping[int, int | None]) -> Iterator[int]:
    """A row and all above it."""
    while number is not None:
        yield number
        number = above.get(number)


def ask_to_adopt(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Register that a group adopted the plan, on a day, maybe with a reference."""
    with editing(session, plan_id, given, mover, today) as (plan, words):
        group_id, day = group_of(session, plan, words), words.day("adopted_on", last=True)
        reference = words.line("reference")
        if group_id is None:
            words.problems.append(at("group", "Välj vilken grupp som antog planen."))
        if day is None and not words.line("adopted_on"):
            words.problems.append(at("adopted_on", "Skriv vilken dag gruppen antog planen."))
        if day is not None and day > today:
            told = f"Planen kan inte vara antagen {day}, som inte har varit än."
            words.problems.append(at("adopted_on", told))
        known = select(c(Adoption).id).where(
            c(Adoption).plan_id == plan_id,
            c(Adoption).group_id == group_id,
            c(Adoption).adopted_on == day,
        )
        if session.execute(known).first():
            told = "Det är redan registrerat att gruppen antog planen den dagen."
            words.problems.append(at("adopted_on", told))
        words.done()
        assert group_id is not None
        assert day is not None
        decision = decision_on_file(session, group_id, day, reference) if reference else None
        session.add(
            Adoption(plan_id=plan_id, group_id=group_id, adopted_on=day, decision_id=decision)
        )
        plan.adopted_on = plan.adopted_on or day


def ask_to_take_back_adoption(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Take away an adoption that was registered by mistake; the history keeps it."""
    with editing(session, plan_id, given, mover, today) as (_, words):
        session.execute(
            delete(Adoption).where(
                c(Adoption).plan_id == plan_id, c(Adoption).id == words.number("adoption")
            )
        )


@contextmanager
def editing(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, today: date
) -> Iterator[tuple[Plan, Words]]:
    """A plan to edit, and afterwards its history with whatever became different.

    1. The plan's row is locked, so that two people's edits come one after the other.
    2. What the plan and its goals are is kept while the edit is made.
    3. If anything differs, "senast ändrad" is today, and the history gets what was and what is.
    """
    plan = session.get(Plan, plan_id, with_for_update=True)
    if plan is None:
        raise Refused([f"Det finns ingen plan med nummer {plan_id}."])
    before = plan_as_is(session, plan_id)
    words = Words(given, today)
    yield plan, words
    session.flush()
    if plan_as_is(session, plan_id) != before:
        plan.last_changed_on = today
        session.flush()
        reason = words.line("reason")
        remember_plan(session, plan_id, before, mover.name, today=today, reason=reason)
