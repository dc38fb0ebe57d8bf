"""A plan file against its plan on file: what is new is filed, what differs is changed when told so.

What differs is found by `differences.py`. Activities that the file no longer has are only told:
they are ended by a decision, never by a file.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from intake.drafts import PlanDraft
from intake.filing.differences import (
    Changed,
    Differences,
    Elsewhere,
    Kept,
    activities_of,
    compare,
)
from intake.filing.filing import Filed, file_plan, key_of, same_goal
from intake.filing.shape import keep_shape
from intake.lives.changes import ask_to_change
from intake.people.register import collaboration_on_file, plain
from models.activity import Activity
from models.columns import c
from models.decision import Agreed
from models.group import Group
from models.lifecycle import Brought, Move
from models.moves import Mover, make_move
from models.plan import Goal, Plan
from models.promise import Participant, Promise
from models.standing import whole

Accepted = Mapping[int, Collection[Agreed]]  # what to change, by the activity's number


def plan_of(session: Session, draft: PlanDraft, *, organisation: str, name: str = "") -> int | None:
    """The plan on file that a draft would be filed in: the group's own of that title.

    Looked for where it would be filed, and nowhere else: a file may name any collaboration.
    """
    area = collaboration_on_file(session, draft.organisation, organisation)
    rows = session.execute(
        select(c(Plan).id, c(Plan).title, c(Group).name.label("group"))
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(c(Plan).collaboration_id == area, c(Plan).withdrawn_on.is_(None))
    ).all()
    group = plain(draft.group or organisation)
    title = name or draft.title
    return next((r.id for r in rows if r.title == title and plain(r.group) == group), None)


def plan_by_file(session: Session, file: str, areas: Collection[int]) -> int | None:
    """The latest plan of some collaborations that a file of this name came to."""
    found = session.execute(
        select(c(Plan).id)
        .join(Activity, c(Activity).plan_id == c(Plan).id)
        .where(
            c(Plan).collaboration_id.in_(areas),
            c(Activity).source_file == file,
            c(Plan).withdrawn_on.is_(None),
        )
        .order_by(c(Plan).id.desc())
        .limit(1)
    ).scalar()
    return int(found) if found is not None else None


def kept_in(session: Session, plan_id: int) -> list[Kept]:
    """The activities of a plan, in words, in the plan's order."""
    file = whole(session, plan_id)
    if file is None:
        return []
    sources = {
        row.id: row
        for row in session.execute(
            select(
                c(Activity).id,
                c(Activity).source_key,
                c(Activity).source_file,
                c(Activity).status_words,
            ).where(c(Activity).plan_id == plan_id)
        )
    }
    taking_part = _words(session, Participant, plan_id)
    promises = _words(session, Promise, plan_id)
    return [
        Kept(
            id=one.id,
            what=one.what,
            how=one.how,
            responsible=one.responsible,
            start=one.start,
            deadline=one.deadline,
            follow_up=one.follow_up,
            goals=tuple(file.goals[goal].text for goal in one.goals if goal in file.goals),
            target_groups=one.target_groups,
            funding=one.funding,
            participants=tuple(dict.fromkeys(taking_part.get(one.id, ()))),
            promises=tuple(dict.fromkeys(promises.get(one.id, ()))),
            key=sources[one.id].source_key,
            state=one.state,
            status_words=sources[one.id].status_words,
            from_file=bool(sources[one.id].source_file),
        )
        for one in file.activities
    ]


def _words(
    session: Session, table: type[Participant] | type[Promise], plan_id: int
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(c(table).activity_id, c(table).words)
        .join(Activity, c(Activity).id == c(table).activity_id)
        .where(c(Activity).plan_id == plan_id)
        .order_by(c(table).id)
    )
    for activity_id, words in rows:
        found.setdefault(activity_id, []).append(words)
    return found


def against(session: Session, draft: PlanDraft, plan_id: int | None, *, today: date) -> Differences:
    """What of a draft differs from a plan; everything is new where there is none."""
    on_file = kept_in(session, plan_id) if plan_id is not None else []
    return compare(draft, on_file, today=today)


def all_changes(differences: Differences) -> Accepted:
    """Everything that the file says otherwise."""
    return {one.kept.id: [each.what for each in one.changes] for one in differences.changed}


def take_in(
    session: Session,
    draft: PlanDraft,
    differences: Differences,
    mover: Mover,
    *,
    organisation: str,
    review_months: int,
    today: date,
    name: str = "",
    accepted: Accepted | None = None,
    moved: Collection[int] = (),
    proposed_on: date | None = None,
) -> Filed:
    """File what is new and change what is accepted. Raises `Refused` with every sentence.

    1. New activities are proposed, and goals that the plan has not are added.
    2. Each accepted change is agreed anew, as by a form: the old words stay in the history.
    3. An activity that was reworded is known by its new words from now on.
    4. Those of `moved` come to the state that the file says, today.
    5. The shape of the table is kept anew.
    """
    wanted = accepted or {}
    filed = file_plan(
        session,
        _without_old_goals(draft, differences, wanted),
        mover,
        organisation=organisation,
        review_months=review_months,
        today=today,
        name=name,
        known=differences.same,
        proposed_on=proposed_on,
    )
    assert filed.plan_id is not None
    goals = _goals(session, filed.plan_id)
    changed = 0
    for one in differences.changed:
        given = _given(one, wanted.get(one.kept.id, ()), goals)
        if not given:
            continue
        given["reason"] = f"Enligt {draft.file}"
        made = ask_to_change(
            session,
            one.kept.id,
            given,
            mover,
            today=today,
            review_months=review_months,
            planned=True,
        )
        if {Agreed.WHAT, Agreed.HOW} & set(made):
            _known_by_new_words(session, filed.plan_id, one.kept.id)
        changed += bool(made)
    for elsewhere in differences.elsewhere:
        if elsewhere.kept.id in moved:
            _follow(session, elsewhere, mover, today)
    if changed:
        keep_shape(session, filed.plan_id, draft.shape, anew=True)
    return Filed(filed.plan_id, filed.new, len(differences.same) - changed, changed)


def _follow(session: Session, elsewhere: Elsewhere, mover: Mover, today: date) -> None:
    """Make the moves that lead where the file says; its words are the result."""
    for move in elsewhere.moves:
        brought = Brought(result=elsewhere.words if move is Move.FOLLOW_UP else "")
        make_move(session, elsewhere.kept.id, move, mover, today=today, brought=brought)


def _without_old_goals(draft: PlanDraft, differences: Differences, accepted: Accepted) -> PlanDraft:
    """The draft, in which only what is new and what gets new goals names goals."""
    renewed = {
        one.at for one in differences.changed if Agreed.GOALS in accepted.get(one.kept.id, ())
    }
    quiet: set[str] = set()
    drafts = activities_of(draft)
    for at in differences.same.keys() - renewed:
        quiet |= {drafts[at].goal, drafts[at].focus_area, *drafts[at].goals}
        drafts[at] = replace(drafts[at], goal="", goals=(), focus_area="")
    many = len(draft.activities)
    goals = [goal for goal in draft.goals if goal.text not in quiet]
    return replace(draft, activities=drafts[:many], continuous=drafts[many:], goals=goals)


def _given(one: Changed, accepted: Collection[Agreed], goals: Mapping[str, int]) -> dict[str, str]:
    """What a form would say. Goals are named as the plan has them."""
    given: dict[str, str] = {}
    for each in one.changes:
        if each.what not in accepted:
            continue
        words = each.after
        if each.what is Agreed.GOALS:
            texts = {number: text for text, number in goals.items()}
            found = [same_goal(line, goals) for line in words.split("\n")]
            words = "\n".join(texts[number] for number in found if number is not None)
        given[each.what.value] = words
    return given


def _goals(session: Session, plan_id: int) -> dict[str, int]:
    rows = session.execute(select(c(Goal).text, c(Goal).id).where(c(Goal).plan_id == plan_id))
    return dict(rows.tuples().all())


def _known_by_new_words(session: Session, plan_id: int, activity_id: int) -> None:
    """The key of the new words, unless another activity of the plan has it."""
    words = select(c(Activity).what, c(Activity).how).where(c(Activity).id == activity_id)
    key = key_of(*session.execute(words).tuples().one())
    taken = select(c(Activity).id).where(
        c(Activity).plan_id == plan_id, c(Activity).source_key == key
    )
    if session.execute(taken).first() is None:
        session.execute(
            update(Activity).where(c(Activity).id == activity_id).values(source_key=key)
        )


def as_json(draft: PlanDraft, differences: Differences) -> dict[str, Any]:
    """The differences as plain values, for the command line."""
    drafts = activities_of(draft)
    return {
        "added": [drafts[at].what for at in differences.added],
        "changed": [
            {
                "id": one.kept.id,
                "what": one.kept.what,
                "changes": [
                    {"field": each.what.value, "before": each.before, "after": each.after}
                    for each in one.changes
                ],
            }
            for one in differences.changed
        ],
        "removed": [
            {"id": one.id, "what": one.what, "proposal": "avbryt"} for one in differences.removed
        ],
        "elsewhere": [
            {
                "id": one.kept.id,
                "what": one.kept.what,
                "state": one.kept.state.value,
                "told": one.state.value,
                "proposal": [move.value for move in one.moves],
            }
            for one in differences.elsewhere
        ],
        "unchanged": differences.unchanged,
    }
