"""Ångra in a plan: what was changed in it and its goals, from the receipt or from its history.

What stands on it is shown before it is taken back too. How it is done is
`intake/lives/plan_undo.py`; a plan that is to go whole is `withdrawing.py`.
"""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from intake.lives.plan_undo import PlanChain, look_at_plan, take_back_in_plan
from intake.lives.undo import activities_of
from models.columns import c
from models.database import transaction
from models.group import Group
from models.moves import Refused
from models.plan import Plan
from models.standing import OnFile, whole, whole_log
from web.page import mover_of, settings_of, show, today_of
from web.plans.plan_timeline import Edit, story
from web.sent import Sent, existing

router = APIRouter()


@router.post("/planer/{plan_id}/angra")
def undo(request: Request, plan_id: int, given: Sent) -> Response:
    """Take back an entry of a plan's history, once she has seen what stands on it."""
    key, reason = given.get("gjort", ""), given.get("reason", "")
    chain, edits, problems = PlanChain(), list[Edit](), list[str]()
    title = ""
    try:
        with transaction(settings_of(request)) as session:
            title = existing(session, Plan, plan_id).title
            chain = look_at_plan(session, plan_id, key, held=True)
            asks = chain.above and given.get("kedja") != chain.print and not chain.why_not
            if asks:
                edits = _told(session, plan_id, chain)
            else:
                mover, today = mover_of(request), today_of(request)
                take_back_in_plan(session, plan_id, chain, mover, today=today, reason=reason)
    except Refused as refused:
        problems = refused.sentences
    if not problems and not edits:
        return RedirectResponse(f"/planer/{plan_id}?togs={key}#hant", 303)
    values = {"plan_id": plan_id, "plan_title": title, "key": key, "reason": reason}
    values |= {"edits": edits, "problems": problems, "print": chain.print}
    return show(request, "plan_undo.html", "Ångra", values, 422 if problems else 200)


def _told(session: Session, plan_id: int, chain: PlanChain) -> list[Edit]:
    """What would be taken back, in words, newest first."""
    file = whole(session, plan_id)
    assert file is not None
    groups, plans = names_of(session)
    return story(replace(file, plan_changes=tuple(chain.rows[::-1])), groups, plans)


def names_of(session: Session) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What groups and plans are called, by number."""
    groups = dict(session.execute(select(c(Group).id, c(Group).name)).tuples().all())
    return groups, dict(session.execute(select(c(Plan).id, c(Plan).title)).tuples().all())


def history_of(session: Session, plan_id: int, file: OnFile) -> list[Edit]:
    """Every edit of a plan, newest first, those that were taken back too."""
    groups, plans = names_of(session)
    log = whole_log(session, plan_id, every=True)
    return story(replace(file, plan_changes=log), groups, plans)


def receipt_in_plan(
    session: Session, plan_id: int, file: OnFile, key: str
) -> dict[str, object] | None:
    """What was saved just now in a plan; None when nothing of that key is there."""
    if not key:
        return None
    for edit in history_of(session, plan_id, file):
        if edit.key == key:
            told = {"lines": edit.lines, "undone": edit.undone, "came": edit.came}
            return {"key": key, "tied": 0} | told
    tied = activities_of(session, key)
    if not tied:
        return None
    return {"lines": (), "key": key, "undone": "", "came": False, "tied": len(tied)}
