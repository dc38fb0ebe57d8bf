"""Plans and goals as the process leader edits them, in words -> rows and history, or sentences.

All of what a form asks for, or nothing; everything that is missing or cannot be read is said at
once. Each edit is compared with what was, and what differs is kept in the plan's history.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, exists, func, select, update
from sqlmodel import Session

from intake.filing.target_groups import tag_plan, too_long
from intake.lives.changes import ask_to_change, misread_funding, put_funding
from intake.lives.moves import decision_on_file
from models.activity import Activity, ActivityGoal
from models.changes import NO_PLAN_YET, plan_as_is, remember_plan
from models.columns import c
from models.group import Group
from models.moves import Mover, Refused
from models.plan import Adoption, Goal, Plan
from rules.swedish_dates import read
from rules.target_groups import names_in

_LONGEST = 4000


@dataclass(slots=True)
class Words:
    """A form's words, read one by one; `problems` gathers what could not be read."""

    given: Mapping[str, str]
    today: date
    problems: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Words in one line."""
        return self._fits(" ".join(self.given.get(name, "").replace("\x00", "").split()))

    def lines(self, name: str) -> str:
        """Words that may go on for several lines."""
        words = self.given.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
        return self._fits(words)

    def number(self, name: str) -> int | None:
        """A number that a list of choices, or a person, gave; None when the field is empty."""
        words = self.line(name)
        if not words:
            return None
        if words.isdecimal() and len(words) < 10:
            return int(words)
        self.problems.append(f"”{words[:60]}” är inget antal. Skriv till exempel 8.")
        return None

    def day(self, name: str, *, first: bool = False) -> date | None:
        """The day some words mean: their last, or their first where a period begins."""
        words = self.line(name)
        if not words:
            return None
        span = read(words, self.today)
        found = span.first if first else span.last
        if found is None:
            self.problems.append(span.doubt or f"”{words[:60]}” går inte att läsa som ett datum.")
        return found

    def refuse(self) -> None:
        """Raise `Refused` when there is anything to say."""
        if self.problems:
            raise Refused(self.problems)

    def _fits(self, words: str) -> str:
        if len(words) > _LONGEST:
            self.problems.append(f"Texten är för lång. Högst {_LONGEST} tecken får plats.")
        return words


def start_plan(session: Session, given: Mapping[str, str], mover: Mover, *, today: date) -> int:
    """Put a new plan on file and return its number."""
    words = Words(given, today)
    group_id = words.number("group")
    group = session.get(Group, group_id) if group_id else None
    if group is None:
        words.problems.append("Välj vilken grupp som äger planen.")
        group = Group(collaboration_id=0, name="")
    plan = Plan(collaboration_id=group.collaboration_id, group_id=group.id or 0, title="")
    _fill(session, plan, words)
    words.refuse()
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
    with _editing(session, plan_id, given, mover, today) as (plan, words):
        group_id = group_of(session, plan, words)
        if group_id is None:
            words.problems.append("Välj vilken grupp som äger planen.")
        else:
            plan.group_id = group_id
        _fill(session, plan, words)
        words.refuse()
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
    plan.first_day = words.day("first_day", first=True)
    plan.last_day = words.day("last_day")
    plan.adopted_on = words.day("adopted_on")
    plan.cap = words.number("cap")
    plan.purpose = words.lines("purpose")
    plan.target_groups = words.lines("target_group_words")
    plan.goal_words = "\n".join(names_in(words.lines("goal_words")))
    put_funding(plan, words.lines("funding"), plan.first_day or words.today)
    words.problems += misread_funding(plan.funding_text, words.today)
    words.problems += too_long(words.lines("target_groups"))
    words.problems += _plan_problems(session, plan)


def _plan_problems(session: Session, plan: Plan) -> list[str]:
    problems = []
    if not plan.title:
        problems.append("Skriv vad planen heter.")
    if plan.first_day and plan.last_day and plan.last_day < plan.first_day:
        problems.append("Planen slutar innan den börjar. Rätta datumen.")
    if plan.cap == 0:
        problems.append("Taket ska vara minst 1. Lämna fältet tomt om ni inte har något tak.")
    with session.no_autoflush:
        same = select(c(Plan).id).where(
            c(Plan).group_id == plan.group_id, c(Plan).title == plan.title
        )
        if plan.title and session.execute(same.where(c(Plan).id != (plan.id or 0))).first():
            problems.append("Gruppen har redan en plan med det namnet.")
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
        return ["Den överordnade planen finns inte. Välj en i listan."]
    if plan.id is not None and plan.id in _upwards(plan.parent_id, above):
        return ["En plan kan inte ligga under sig själv. Välj en annan överordnad plan."]
    return []


def _upwards(number: int | None, above: Mapping[int, int | None]) -> Iterator[int]:
    """A row and all above it."""
    while number is not None:
        yield number
        number = above.get(number)


def ask_to_add_goal(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Add a goal, last among those it stands beside."""
    with _editing(session, plan_id, given, mover, today) as (_, words):
        last = select(func.max(c(Goal).position)).where(c(Goal).plan_id == plan_id)
        position = (session.execute(last).scalar() or 0) + 1
        goal = Goal(plan_id=plan_id, text="", position=position)
        _fill_goal(session, goal, words)
        words.refuse()
        session.add(goal)


def ask_to_change_goal(
    session: Session,
    plan_id: int,
    goal_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
) -> None:
    """Change a goal's words, or what it stands under."""
    with _editing(session, plan_id, given, mover, today) as (_, words):
        _fill_goal(session, _goal(session, plan_id, goal_id), words)
        words.refuse()


def _fill_goal(session: Session, goal: Goal, words: Words) -> None:
    with session.no_autoflush:
        rows = session.execute(
            select(c(Goal).id, c(Goal).text, c(Goal).parent_id).where(
                c(Goal).plan_id == goal.plan_id
            )
        ).all()
    above = {row.id: row.parent_id for row in rows}
    goal.text, goal.called = words.line("text"), words.line("called")
    goal.parent_id = words.number("parent")
    if not goal.text:
        words.problems.append("Skriv målet.")
    if any(row.text.casefold() == goal.text.casefold() and row.id != goal.id for row in rows):
        words.problems.append("Planen har redan det målet.")
    if goal.parent_id is not None and goal.parent_id not in above:
        words.problems.append("Det överordnade målet finns inte i planen. Välj ett i listan.")
    elif goal.id is not None and goal.id in _upwards(goal.parent_id, above):
        words.problems.append("Ett mål kan inte ligga under sig självt. Välj ett annat.")


def ask_to_reorder_goal(
    session: Session, plan_id: int, goal_id: int, step: int, mover: Mover, *, today: date
) -> None:
    """Let a goal change places with the one before (-1) or after (1) under the same goal."""
    with _editing(session, plan_id, {}, mover, today):
        parent = _goal(session, plan_id, goal_id).parent_id
        order = list(
            session.execute(
                select(c(Goal).id)
                .where(c(Goal).plan_id == plan_id, c(Goal).parent_id.is_not_distinct_from(parent))
                .order_by(c(Goal).position, c(Goal).id)
            ).scalars()
        )
        at = order.index(goal_id)
        if 0 <= at + step < len(order):
            order[at], order[at + step] = order[at + step], order[at]
        for position, number in enumerate(order):
            session.execute(update(Goal).where(c(Goal).id == number).values(position=position))


def ask_to_remove_goal(
    session: Session, plan_id: int, goal_id: int, mover: Mover, *, today: date
) -> None:
    """Take away a goal that nothing is tied to and nothing stands under."""
    with _editing(session, plan_id, {}, mover, today):
        goal = _goal(session, plan_id, goal_id)
        problems = []
        if session.execute(select(exists().where(c(ActivityGoal).goal_id == goal_id))).scalar():
            problems.append("Målet har aktiviteter. Koppla dem till ett annat mål först.")
        if session.execute(select(exists().where(c(Goal).parent_id == goal_id))).scalar():
            problems.append("Målet har mål under sig. Flytta eller ta bort dem först.")
        if problems:
            raise Refused(problems)
        session.delete(goal)


def ask_to_connect(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int:
    """Tie many activities to a goal at a time, or untie them. Returns how many were changed.

    `goal` is the goal's number, `activity_7` is there when activity 7 is ticked.
    """
    words = Words(given, today)
    goal_id = words.number("goal")
    ticked = {int(n[9:]) for n in given if n.startswith("activity_") and n[9:].isdecimal()}
    own = set(
        session.execute(select(c(Activity).id).where(c(Activity).plan_id == plan_id)).scalars()
    )
    texts = dict(
        session.execute(select(c(Goal).id, c(Goal).text).where(c(Goal).plan_id == plan_id))
        .tuples()
        .all()
    )
    if goal_id not in texts:
        words.problems.append("Välj ett mål.")
    if not ticked & own:
        words.problems.append("Kryssa i minst en aktivitet.")
    words.refuse()
    assert goal_id is not None
    untie = given.get("do") == "koppla-bort"
    changed = 0
    for activity_id in sorted(ticked & own):
        served = set(
            session.execute(
                select(c(ActivityGoal).goal_id).where(c(ActivityGoal).activity_id == activity_id)
            ).scalars()
        )
        wanted = served - {goal_id} if untie else served | {goal_id}
        goals = "\n".join(texts[number] for number in sorted(wanted))
        told = {"goals": goals, "reason": words.line("reason")}
        changed += bool(ask_to_change(session, activity_id, told, mover, today=today))
    return changed


def ask_to_adopt(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Register that a group adopted the plan, on a day, maybe with a reference."""
    with _editing(session, plan_id, given, mover, today) as (plan, words):
        group_id, day = group_of(session, plan, words), words.day("adopted_on")
        reference = words.line("reference")
        if group_id is None:
            words.problems.append("Välj vilken grupp som antog planen.")
        if day is None and not words.line("adopted_on"):
            words.problems.append("Skriv vilken dag gruppen antog planen.")
        if day is not None and day > today:
            words.problems.append(f"Planen kan inte vara antagen {day}, som inte har varit än.")
        known = select(c(Adoption).id).where(
            c(Adoption).plan_id == plan_id,
            c(Adoption).group_id == group_id,
            c(Adoption).adopted_on == day,
        )
        if session.execute(known).first():
            words.problems.append("Det är redan registrerat att gruppen antog planen den dagen.")
        words.refuse()
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
    with _editing(session, plan_id, given, mover, today) as (_, words):
        session.execute(
            delete(Adoption).where(
                c(Adoption).plan_id == plan_id, c(Adoption).id == words.number("adoption")
            )
        )


def _goal(session: Session, plan_id: int, goal_id: int) -> Goal:
    goal = session.get(Goal, goal_id)
    if goal is None or goal.plan_id != plan_id:
        raise Refused(["Målet finns inte kvar i planen. Läs in sidan igen."])
    return goal


@contextmanager
def _editing(
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
