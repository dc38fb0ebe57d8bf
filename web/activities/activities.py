"""One activity: what was agreed, who answers for it just now, and its life as a timeline."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session

from intake.lives.by_mail import WHY_IT_WAITS, waiting_for
from intake.plan.doubts import NO_DEADLINE, NO_FOLLOW_UP, NO_RESPONSIBLE
from intake.plan.rows import short
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import reading
from models.decision import MoveRow
from models.group import Group
from models.kin import absorbed_into, chain
from models.known import called
from models.lacks import in_words, lacks_of_one
from models.lifecycle import (
    OPEN,
    Brought,
    Move,
    OnFile,
    State,
    asked_for,
    should_have,
)
from models.listing import late, late_by
from models.moves import facts
from models.part import Part, PartState, is_told
from models.person import Person
from models.plan import Goal, Plan
from models.proposals import proposes, proposes_another_day, worries
from models.status import StatusAnswer
from models.undoing import stands
from models.versions import versions
from notifications.directory import answering_now, named
from rules.lives import parts_in_words
from rules.wording import SAYS_IN_WORDS
from web.activities.conversation import conversation, receipt
from web.activities.forms import forms
from web.activities.timeline import commented, timeline
from web.activities.undone import receipt_of
from web.page import may_lead, settings_of, show, today_of
from web.people.history import of_stand_ins
from web.people.history import receipt_of as receipt_of_stand_in
from web.sent import Tried, existing

router = APIRouter()


@router.get("/aktiviteter/{activity_id}")
def activity(request: Request, activity_id: int, gjort: str = "", samtal: str = "") -> HTMLResponse:
    """The page of one activity; the address may say what was done just now (`gjort`)."""
    return activity_page(request, activity_id, Tried(), gjort, whole=samtal == "alla")


def activity_page(
    request: Request, activity_id: int, tried: Tried, done: str = "", *, whole: bool = False
) -> HTMLResponse:
    """An activity with its life, and its forms as they were left if one of them was refused.

    `whole`: all that has been said about it, and not only the newest.
    """
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = existing(session, Activity, activity_id)
        group = session.get_one(Group, row.group_id)
        area = group.collaboration_id
        plan = session.get_one(Plan, row.plan_id)
        whom = named(session, [activity_id]).get(activity_id, [])
        on_file = facts(session, activity_id, today)[1]
        missing = _missing(row.state, on_file)
        lacks = lacks_of_one(row.state, on_file)
        talk = conversation(session, activity_id, whole=whole)
        values = {
            "activity": row,
            "group": group.name,
            "plan": plan,
            "goals": _goals(session, activity_id),
            "responsible": [one.words for one in whom],
            "just_now": answering_now(session, activity_id, today),
            "late": late(row, today),
            "missing": missing,
            "lacks": in_words(lacks),
            "asked_for": asked_for(lacks, on_file),
            "doubts": _doubts(row, bool(whom), bool(missing or lacks)),
            "pause": _pause(session, row),
            "referred_to": _group_name(session, row.referred_to_group_id),
            **_parts(session, row, today),
            **_kin(session, row),
            "standing": _standing(session, activity_id),
            "mail_why": WHY_IT_WAITS,
            "mails": waiting_for(session, activity_id) if may_lead(request, area) else [],
            "says": SAYS_IN_WORDS,
            "talk": talk,
            "events": timeline(session, activity_id, commented(talk)),
            "receipt": receipt(session, activity_id, done)
            or receipt_of(session, activity_id, done),
            "instead": receipt_of_stand_in(of_stand_ins(session, activity_id), done)
            if done
            else None,
            "tried": tried,
            "may_lead": may_lead(request, area),
            "version": versions(session, [activity_id])[activity_id],
        } | forms(session, row)
    return show(request, "activity.html", row.what, values, tried.status)


def _standing(session: Session, activity_id: int) -> list[Any]:
    """The answers that wait for a stand: what proposes, and the newest if it worries."""
    answer = c(StatusAnswer)
    newest = (
        select(func.max(answer.id))
        .where(answer.activity_id == activity_id, stands(answer))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            *(answer.id, answer.on_day, answer.says, answer.text, answer.instead),
            case((proposes_another_day(), answer.proposed_text), else_="").label("proposed_text"),
            called(c(Group).collaboration_id).label("name"),
        )
        .join(Activity, c(Activity).id == answer.activity_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Person, c(Person).id == answer.person_id)
        .where(
            answer.activity_id == activity_id,
            c(Activity).state.in_(OPEN),
            or_(proposes(), and_(answer.id == newest, worries())),
        )
        .order_by(answer.id)
    )
    return list(rows)


def _doubts(row: Activity, responsible: bool, missing: bool) -> list[str]:
    """What was doubted when the plan was read, without what has been mended or is asked above."""
    mended = {
        NO_RESPONSIBLE: responsible or missing,
        NO_FOLLOW_UP: bool(row.follow_up) or missing,
        NO_DEADLINE: bool(row.deadline_text) or row.runs_on,
    }
    told = [line for line in row.doubts.splitlines() if line and not mended.get(line)]
    if row.state is not State.PROPOSED:  # it has a state by now, whatever the plan's word meant
        told = [line for line in told if not line.startswith("Läget ”")]
    # A doubt about a date quotes it: with other words on file it speaks of a date that is gone.
    dates = {"Startdatum ”": row.start_text, "Slutdatum ”": row.deadline_text}
    return [
        line
        for line in told
        if all(
            not line.startswith(begins) or line.startswith(f"{begins}{short(words)}”")
            for begins, words in dates.items()
        )
    ]


def _group_name(session: Session, group_id: int | None) -> str:
    group = session.get(Group, group_id) if group_id else None
    return group.name if group else ""


def _pause(session: Session, row: Activity) -> dict[str, Any] | None:
    """Why it stands still, until when or on what condition, and who takes questions meanwhile."""
    if row.state is not State.PAUSED:
        return None
    last = session.execute(
        select(c(MoveRow).reason, c(MoveRow).details)
        .where(
            c(MoveRow).activity_id == row.id,
            c(MoveRow).move.in_((Move.PAUSE, Move.PROLONG)),
            stands(c(MoveRow)),
        )
        .order_by(c(MoveRow).id.desc())
    ).first()
    return {
        "why": last.reason if last else "",
        "condition": last.details.get("resume_when", "") if last else "",
        "resumes": bool(last and last.details.get("resume_on")),
        "until": row.resume_on,
        "stand_in": _group_name(session, row.stand_in_group_id),
    }


def _parts(session: Session, activity: Activity, today: date) -> dict[str, Any]:
    """The parts one by one, and the whole in a line; late while the activity may be."""
    rows = session.execute(
        select(
            c(Part).id,
            c(Part).name,
            c(Part).state,
            c(Part).why,
            c(Part).since,
            c(Part).responsible,
            c(Part).deadline_text,
            c(Part).deadline_last,
        )
        .where(c(Part).activity_id == activity.id, is_told())
        .order_by(c(Part).id)
    ).all()
    done = (PartState.DONE, PartState.EXCUSED)
    return {
        "parts": rows,
        "late_parts": {
            row.id
            for row in rows
            if row.state not in done
            and late_by(row.deadline_last, activity.state, activity.reported_done_on, today)
        },
        "parts_line": parts_in_words([(row.name, row.state.value) for row in rows]),
    }


def _kin(session: Session, row: Activity) -> dict[str, Any]:
    """Where it came from and what it became: the years before and after, and what was absorbed."""
    assert row.id is not None
    line = chain(session, row.id)
    place = next((n for n, kin in enumerate(line, start=1) if kin.id == row.id), 1)
    into = None
    if row.absorbed_into_activity_id:
        into = session.get_one(Activity, row.absorbed_into_activity_id)
    into_plan = None
    if row.absorbed_into_plan_id:
        into_plan = session.get_one(Plan, row.absorbed_into_plan_id)
    return {
        "chain": line if len(line) > 1 else [],
        "years": place,
        "absorbed_into": into,
        "absorbed_into_plan": into_plan,
        "absorbed": absorbed_into(session, row.id),
    }


def _goals(session: Session, activity_id: int) -> list[str]:
    return list(
        session.execute(
            select(c(Goal).text)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .where(c(ActivityGoal).activity_id == activity_id)
            .order_by(c(Goal).position)
        ).scalars()
    )


def _missing(state: State, on_file: OnFile) -> list[str]:
    """What a decision would leave lacking."""
    if state is not State.PROPOSED:
        return []
    return list(should_have(Move.DECIDE, on_file, Brought()).values())
