"""One activity: what was agreed, who answers for it just now, and its life as a timeline."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from intake.answers import SAYS_IN_WORDS
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import reading
from models.decision import Decision, MoveRow
from models.group import Group
from models.letter import Letter, LetterItem, Notice
from models.lifecycle import REMINDED, Brought, Move, possible, refusals
from models.moves import facts
from models.person import Person
from models.plan import Goal, Plan
from models.status import StatusAnswer
from notifications.directory import directory, named
from rules.wording import capitalised, rung_reached
from web.page import settings_of, show, today_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    day: date
    at: datetime
    what: str
    who: str = ""
    words: str = ""
    address: str = ""


@router.get("/aktiviteter/{activity_id}")
def activity(request: Request, activity_id: int) -> HTMLResponse:
    """The page of one activity."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = session.get(Activity, activity_id) if activity_id < 2**31 else None
        if row is None:
            raise HTTPException(404)
        group = session.get_one(Group, row.group_id)
        plan = session.get_one(Plan, row.plan_id)
        whom = named(session, [activity_id]).get(activity_id, [])
        values = {
            "activity": row,
            "group": group.name,
            "plan": plan,
            "goals": _goals(session, activity_id),
            "responsible": [one.words for one in whom],
            "just_now": _just_now(session, whom, row.group_id, today),
            "late": bool(row.deadline_last and row.deadline_last < today and row.state in REMINDED),
            "missing": _missing(session, row, today),
            "doubts": [line for line in row.doubts.splitlines() if line],
            "events": _timeline(session, activity_id),
        }
    return show(request, "activity.html", row.what, values)


def _goals(session: Session, activity_id: int) -> list[str]:
    return list(
        session.execute(
            select(c(Goal).text)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .where(c(ActivityGoal).activity_id == activity_id)
            .order_by(c(Goal).position)
        ).scalars()
    )


def _just_now(
    session: Session, whom: list[Any], group_id: int, today: date
) -> list[tuple[str, str, str]]:
    """Who would be written to today: name, address, by way of what."""
    answering = directory(session, today).answering(whom, group_id)
    people = {
        id_: (name, email)
        for id_, name, email in session.execute(
            select(c(Person).id, c(Person).name, c(Person).email).where(
                c(Person).id.in_([who.person_id for who in answering])
            )
        )
    }
    return [(*people[who.person_id], who.via) for who in answering]


def _missing(session: Session, row: Activity, today: date) -> list[str]:
    """What stands in the way of a decision, besides the decision itself."""
    assert row.id is not None
    state, on_file = facts(session, row.id, today)
    if Move.DECIDE not in possible(state):
        return []
    return refusals(Move.DECIDE, state, on_file, Brought(decision_id=0))


def _timeline(session: Session, activity_id: int) -> list[Event]:
    """Moves, answers and letters, newest first."""
    events = [*_moves(session, activity_id), *_answers(session, activity_id)]
    events += _letters(session, activity_id)
    return sorted(events, key=lambda event: (event.day, event.at), reverse=True)


def _moves(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
            c(MoveRow).on_day,
            c(MoveRow).at,
            c(MoveRow).to_state,
            c(MoveRow).by,
            c(MoveRow).reason,
            c(MoveRow).details,
            c(Decision).reference,
            c(Decision).decided_on,
            c(Group).name.label("decider"),
        )
        .outerjoin(Decision, c(Decision).id == c(MoveRow).decision_id)
        .outerjoin(Group, c(Group).id == c(Decision).group_id)
        .where(c(MoveRow).activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            capitalised(row.to_state.value),
            row.by,
            "\n".join(filter(None, [_decided(row), row.reason, *_brought(row.details)])),
        )
        for row in rows
    ]


_DETAILS = {
    "result": "Resultat",
    "figure": "Siffra",
    "why_no_figure": "Ingen siffra, därför att",
    "outcome": "Utfall",
    "resume_on": "Återupptas",
    "resume_when": "Villkor",
    "review_on": "Pausen ses över",
    "deadline": "Nytt slutdatum",
}


def _brought(details: dict[str, str]) -> list[str]:
    """What the one who moved brought along, a line each."""
    return [f"{label}: {details[key]}" for key, label in _DETAILS.items() if details.get(key)]


def _decided(row: Any) -> str:  # noqa: ANN401 - a row of columns
    if not row.reference:
        return ""
    return f"Beslut: {row.decider}, {row.decided_on}, {row.reference}"


def _answers(session: Session, activity_id: int) -> list[Event]:
    answer = c(StatusAnswer)
    rows = session.execute(
        select(
            answer.on_day,
            answer.at,
            answer.says,
            answer.text,
            answer.figure,
            answer.instead,
            answer.proposed_text,
            c(Person).name,
        )
        .join(Person, c(Person).id == answer.person_id)
        .where(answer.activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            f"Svar: {SAYS_IN_WORDS[row.says]}",
            row.name,
            "\n".join(
                filter(
                    None,
                    [
                        row.text,
                        row.figure and f"Siffra: {row.figure}",
                        row.instead and f"I stället: {row.instead}",
                        row.proposed_text and f"Föreslår nytt datum: {row.proposed_text}",
                    ],
                )
            ),
        )
        for row in rows
    ]


def _letters(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
            c(Letter).id,
            c(Letter).on_day,
            c(Letter).queued_at,
            c(Letter).to_name,
            c(LetterItem).via,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
        )
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(Notice).activity_id == activity_id)
        .distinct()
    )
    return [
        Event(
            row.on_day,
            row.queued_at,
            f"Brev till {row.to_name}",
            "",
            capitalised(rung_reached(row.kind, row.due_on, row.rung))
            + (f", till {row.via}" if row.via else ""),
            f"/utskick/{row.id}",
        )
        for row in rows
    ]
