"""Drafts become rows: all of a file, or nothing, and the same file twice changes nothing.

Reading and doubting is done before this (`plans.py`, `people.py`); here nothing is guessed. Whom a
plan's words name is looked up among the people on file, and looked up again when people arrive.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256

from sqlalchemy import insert, select, update
from sqlmodel import Session

from config import clock
from intake.drafts import ActivityDraft, PlanDraft
from intake.people import PeopleDraft, PersonDraft, RoleDraft
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.group import Collaboration, Group
from models.moves import Mover, propose, put_span
from models.person import Person, Role, RoleHolding
from models.plan import Goal, Plan
from models.round import ImportedFile
from rules.calendar import months_after
from rules.recipients import Named

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
) -> Filed:
    """Put a plan on file, its activities as Föreslagen.

    1. Find or make the collaboration, the owning group, the plan and the goals.
    2. Propose each activity that the plan does not have yet; one it has stays as it is.
    3. Look up whom the words for responsible name.
    4. Remember the file by its fingerprint.
    """
    collaboration = _collaboration(session, draft.organisation or organisation, organisation)
    group_id = _group(session, collaboration, draft.group or organisation)
    plan_id = _plan(session, collaboration, group_id, draft, name)
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
        if key in on_file:
            unchanged += 1
            continue
        row = _activity(activity, plan_id, group_id, position, key)
        row.runs_on = runs_on or activity.deadline.open
        if row.runs_on:
            row.review_months = review_months
            row.next_review_on = months_after(draft.first_day or today, review_months)
        new_id = propose(session, row, mover, today=today)
        _link_goal(session, new_id, activity.goal, goals)
        for words in dict.fromkeys(activity.responsible):
            session.add(Responsibility(activity_id=new_id, kind=Answerable.WORDS, words=words))
        new += 1
    session.flush()
    look_up_words(session)
    _remember(session, "plan", draft.file, draft.sha256, {"new": new, "unchanged": unchanged})
    return Filed(plan_id, new, unchanged)


def file_people(session: Session, draft: PeopleDraft, *, organisation: str) -> Filed:
    """Put people, groups and dated roles on file; what is there already is brought up to date."""
    collaboration = _collaboration(session, organisation, organisation)
    new = changed = unchanged = 0
    for person in draft.people:
        person_id, outcome = _person(session, person)
        outcomes = [outcome] + [
            _holding(session, person_id, _group(session, collaboration, role.group), role)
            for role in person.roles
            if role.group
        ]
        new += "new" in outcomes[:1]
        changed += "new" not in outcomes[:1] and set(outcomes) != {"unchanged"}
        unchanged += set(outcomes) == {"unchanged"}
    session.flush()
    look_up_words(session)
    return Filed(None, new, unchanged, changed)


def look_up_words(session: Session) -> int:
    """Try again to find whom words name, for every responsible that is only words so far."""
    waiting = session.execute(
        select(c(Responsibility).id, c(Responsibility).words).where(
            c(Responsibility).kind == Answerable.WORDS
        )
    ).all()
    if not waiting:
        return 0
    people, groups = _names(session)
    found = 0
    for id_, words in waiting:
        named = whom(words, people, groups)
        if named.kind is not Answerable.WORDS:
            values = {k: v for k, v in asdict(named).items() if k != "words"}
            session.execute(
                update(Responsibility).where(c(Responsibility).id == id_).values(**values)
            )
            found += 1
    return found


def whom(words: str, people: dict[str, int], groups: dict[str, int]) -> Named:
    """Whom some words name among people (by name and address) and groups (by name), casefolded.

    "NOSAM" alone names nobody when there are several; guessing would write to the wrong people.
    """
    key = _plain(words)
    if key in people:
        return Named(Answerable.PERSON, words, person_id=people[key])
    if key in groups:
        return Named(Answerable.GROUP, words, group_id=groups[key])
    name = key.partition(",")[0]  # "Anna Ek, enhetschef"
    if name in people:
        return Named(Answerable.PERSON, words, person_id=people[name])
    match = re.fullmatch(r"(?P<role>.+?) (?:i|för|av) (?P<group>.+)", key)
    if match and match["group"] in groups:
        return Named(Answerable.ROLE, words, group_id=groups[match["group"]], role=match["role"])
    for role in (Role.DEPUTY, Role.CHAIR, Role.PROCESS_LEADER):  # "Ordförande NOSAM Lerum"
        group = key.removeprefix(f"{role} ")
        if group != key and group in groups:
            return Named(Answerable.ROLE, words, group_id=groups[group], role=role.value)
    return Named(Answerable.WORDS, words)


def _names(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    people: dict[str, int] = {}
    twice: set[str] = set()
    for id_, name, email in session.execute(select(c(Person).id, c(Person).name, c(Person).email)):
        people[_plain(email)] = id_
        twice.update({_plain(name)} & people.keys())
        people[_plain(name)] = id_
    for name in twice:  # two people of one name: the words do not tell which
        del people[name]
    groups = {
        _plain(name): id_ for id_, name in session.execute(select(c(Group).id, c(Group).name))
    }
    return people, groups


def _collaboration(session: Session, told: str, organisation: str) -> int:
    """The collaboration by name; the plan's own words for it lose against one that is on file."""
    for name in (organisation, told):
        found = session.execute(
            select(c(Collaboration).id).where(c(Collaboration).name == name)
        ).scalar()
        if found is not None:
            return int(found)
    row = Collaboration(name=organisation)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _group(session: Session, collaboration_id: int, name: str) -> int:
    wanted = _plain(name)
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    )
    for id_, known in rows:
        if _plain(known) == wanted:
            return int(id_)
    row = Group(collaboration_id=collaboration_id, name=" ".join(name.split()))
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _plan(
    session: Session, collaboration_id: int, group_id: int, draft: PlanDraft, name: str
) -> int:
    title = name or draft.title
    found = session.execute(
        select(c(Plan).id).where(c(Plan).group_id == group_id, c(Plan).title == title)
    ).scalar()
    if found is not None:
        return int(found)
    plan = Plan(
        collaboration_id=collaboration_id,
        group_id=group_id,
        title=title,
        first_day=draft.first_day,
        last_day=draft.last_day,
        adopted_on=draft.adopted_on,
        last_changed_on=draft.last_changed_on,
        purpose=draft.purpose,
        target_groups=draft.target_groups,
    )
    session.add(plan)
    session.flush()
    assert plan.id is not None
    return plan.id


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
            if words and _same_goal(words, known) is None:
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


def _same_goal(words: str, known: dict[str, int]) -> int | None:
    if words in known:
        return known[words]
    for other, id_ in known.items():
        if SequenceMatcher(None, _plain(words), _plain(other)).ratio() >= SAME_GOAL:
            return id_
    return None


def _link_goal(session: Session, activity_id: int, words: str, goals: dict[str, int]) -> None:
    goal_id = _same_goal(words, goals) if words else None
    if goal_id is not None:
        session.execute(insert(ActivityGoal).values(activity_id=activity_id, goal_id=goal_id))


def _activity(
    draft: ActivityDraft, plan_id: int, group_id: int, position: int, key: str
) -> Activity:
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
        doubts="\n".join(draft.doubts),
        state_since=clock.today(),
    )
    put_span(row, "start", draft.start)
    put_span(row, "deadline", draft.deadline)
    return row


def _key(activity: ActivityDraft, seen: dict[str, int]) -> str:
    """What makes an activity the same one in next month's file: its words, not its place."""
    words = "\n".join((_plain(activity.what), _plain(activity.how)))
    key = sha256(words.encode()).hexdigest()[:24]
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else f"{key}-{seen[key]}"


def _person(session: Session, draft: PersonDraft) -> tuple[int, str]:
    row = session.execute(
        select(c(Person).id, c(Person).name, c(Person).unreachable_since).where(
            c(Person).email == draft.email
        )
    ).one_or_none()
    if row is None:
        person = Person(name=draft.name, email=draft.email)
        session.add(person)
        session.flush()
        assert person.id is not None
        return person.id, "new"
    if row.name != draft.name or row.unreachable_since is not None:
        # Somebody says anew that this is the address: it is tried again.
        session.execute(
            update(Person)
            .where(c(Person).id == row.id)
            .values(name=draft.name, unreachable_since=None, unreachable_why="")
        )
        return int(row.id), "changed"
    return int(row.id), "unchanged"


def _holding(session: Session, person_id: int, group_id: int, draft: RoleDraft) -> str:
    """A role held, once. A later file may close it (a person who left keeps history)."""
    role = draft.role.strip().casefold() or Role.MEMBER.value
    held = session.execute(
        select(c(RoleHolding).id, c(RoleHolding).ends_on).where(
            c(RoleHolding).person_id == person_id,
            c(RoleHolding).group_id == group_id,
            c(RoleHolding).role == role,
            c(RoleHolding).starts_on == draft.first_day
            if draft.first_day
            else c(RoleHolding).starts_on.is_(None),
        )
    ).one_or_none()
    if held is None:
        session.add(
            RoleHolding(
                person_id=person_id,
                group_id=group_id,
                role=role,
                starts_on=draft.first_day,
                ends_on=draft.last_day,
            )
        )
        return "changed"
    if held.ends_on != draft.last_day:
        session.execute(
            update(RoleHolding).where(c(RoleHolding).id == held.id).values(ends_on=draft.last_day)
        )
        return "changed"
    return "unchanged"


def _remember(
    session: Session, kind: str, name: str, fingerprint: str, counts: dict[str, int]
) -> None:
    known = session.execute(
        select(c(ImportedFile).id).where(
            c(ImportedFile).kind == kind, c(ImportedFile).sha256 == fingerprint
        )
    ).scalar()
    if known is None:
        session.add(
            ImportedFile(kind=kind, name=name, sha256=fingerprint, at=clock.now(), counts=counts)
        )


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()
