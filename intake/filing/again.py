"""Does a file say just what is on file? Asked before a plan goes out, so that it can come in again.

Stricter than `differences.py`, where an empty cell says nothing: here what is on file must be said.
"""

from datetime import date

from sqlmodel import Session

from intake.drafts import ActivityDraft, PlanDraft
from intake.filing.differences import Kept, activities_of
from intake.filing.taking_in import against, kept_in, plan_of


def says_the_same(
    session: Session, draft: PlanDraft, plan_id: int, *, organisation: str, today: date
) -> bool:
    """Would reading this in change nothing, and does it leave nothing out?"""
    if plan_of(session, draft, organisation=organisation) != plan_id:
        return False
    differences = against(session, draft, plan_id, today=today)
    if not differences.nothing:
        return False
    kept = {one.id: one for one in kept_in(session, plan_id)}
    drafts = activities_of(draft)
    return all(_says_all(drafts[at], kept[number]) for at, number in differences.same.items())


def _says_all(draft: ActivityDraft, one: Kept) -> bool:
    pairs: list[tuple[object, object]] = [
        (one.how, draft.how),
        (one.follow_up, draft.follow_up),
        (one.start.text, draft.start.text),
        (one.deadline.text or one.deadline.open, draft.deadline.text),
        (one.responsible, draft.responsible),
        (one.goals, draft.goals or draft.goal),
        (one.target_groups, draft.target_group),
        (one.participants, draft.taking_part),
        (one.funding.words, draft.money.text),
    ]
    return all(said or not on_file for on_file, said in pairs)
