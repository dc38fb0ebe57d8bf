"""Möte: what waits for a group's decision, answer or follow-up, registered row by row as it meets.

Each row is a transaction of its own: what the meeting agreed on is on file at once, and a row that
is refused says why and keeps what was written, whatever becomes of the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Row, case, func, or_, select
from sqlmodel import Session

from intake.changes import ask_to_change
from intake.moves import ask_to_move, move_named
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import OPEN, REMINDED, Move, Outcome, State, possible
from models.moves import Mover, Refused
from models.status import Says, StatusAnswer
from web.conditions import asks_for_something, proposes_another_day
from web.page import fields, settings_of, show, today_of

router = APIRouter()
IN_MEETING = Mover("processledaren, vid möte")

# What a meeting does with an activity, by where it is; the rest is done on the activity's own page.
_AT_MEETINGS = (
    Move.DECIDE,
    Move.REJECT,
    Move.START,
    Move.FOLLOW_UP,
    Move.END,
    Move.CONTINUE,
    Move.RESUME,
    Move.RETURN,
)
_PARTS = ("reference", "reason", "result", "figure", "outcome", "deadline", "move", "accept")


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of one row: what it became, or why it was refused."""

    what: str
    activity_id: int
    became: str = ""
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Minutes:
    """What was registered just now, and the words of the rows that were refused."""

    rows: list[Registered] = field(default_factory=list)
    given: Mapping[str, str] = field(default_factory=dict)

    def refused(self, activity_id: int) -> tuple[str, ...]:
        """Why a row was refused."""
        return next((r.refused for r in self.rows if r.activity_id == activity_id), ())


@router.get("/moten")
def meetings(request: Request) -> HTMLResponse:
    """The groups, and how much waits for each."""
    today = today_of(request)
    waits = case((_waiting(today), 1), else_=0)
    with reading(settings_of(request)) as session:
        rows = session.execute(
            select(c(Group).id, c(Group).name, func.sum(waits).label("waiting"))
            .join(Activity, c(Activity).group_id == c(Group).id)
            .group_by(c(Group).id, c(Group).name)
            .order_by(c(Group).name)
        ).all()
    return show(request, "meetings.html", "Möten", {"groups": rows})


@router.get("/moten/{group_id}")
def meeting(request: Request, group_id: int) -> HTMLResponse:
    """What waits for a group."""
    return _meeting(request, group_id, Minutes())


@router.post("/moten/{group_id}")
def register(
    request: Request, group_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> HTMLResponse:
    """Register the outcome of each row that has one."""
    minutes = Minutes(given=given)
    with reading(settings_of(request)) as session:
        waiting = _rows(session, group_id, today_of(request))
    for row in waiting:
        words = {part: given.get(f"{part}_{row.id}", "") for part in _PARTS}
        if words["move"] or words["accept"]:
            minutes.rows.append(_register(request, row, words, given))
    return _meeting(request, group_id, minutes)


def _register(
    request: Request,
    row: Row[Any],
    words: dict[str, str],
    given: Mapping[str, str],
) -> Registered:
    today = today_of(request)
    try:
        with transaction(settings_of(request)) as session:
            became = []
            if words["accept"]:
                reason = f"Föreslaget av den ansvariga, godkänt {today}"
                asked = {"deadline": row.proposed_text, "reason": reason}
                ask_to_change(session, row.id, asked, IN_MEETING, today=today)
                became.append(f"slutdatum {row.proposed_text}")
            if words["move"]:
                became.append(_move(session, row.id, words, given, today).value)
    except Refused as refused:
        return Registered(row.what, row.id, refused=tuple(refused.sentences))
    return Registered(row.what, row.id, became=", ".join(became))


def _move(
    session: Session, activity_id: int, words: dict[str, str], given: Mapping[str, str], today: date
) -> State:
    move = move_named(words["move"])
    if move is None:
        raise Refused(["Välj vad mötet kom fram till."])
    asked = {name: words[name] for name in ("reason", "result", "figure", "outcome", "deadline")}
    reference = words["reference"] or given.get("reference", "")
    if reference:  # one decision, registered once, for every row that it decides
        asked |= {
            "decision_group": given.get("decision_group", ""),
            "decided_on": given.get("decided_on", ""),
            "decision_reference": reference,
        }
    if not words["figure"]:
        asked["why_no_figure"] = words["reason"]
    return ask_to_move(session, activity_id, move, asked, IN_MEETING, today=today)


def _meeting(request: Request, group_id: int, minutes: Minutes) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        group = session.get(Group, group_id) if group_id < 2**31 else None
        if group is None:
            raise HTTPException(404)
        rows = _rows(session, group_id, today)
        names = session.execute(select(c(Group).name)).scalars()
        values = {
            "group": group.name,
            "sections": [
                ("Väntar på beslut", [r for r in rows if r.state is State.PROPOSED]),
                ("Svar att ta ställning till", [r for r in rows if _asks(r)]),
                ("Väntar på uppföljning", [r for r in rows if _to_follow_up(r)]),
            ],
            "moves": {
                state: [m.value for m in _AT_MEETINGS if m in possible(state)] for state in OPEN
            },
            "outcomes": [outcome.value for outcome in Outcome],
            "all_groups": sorted(names, key=str.casefold),
            "minutes": minutes,
            "given": minutes.given,
        }
    some_refused = any(row.refused for row in minutes.rows)
    title = f"Möte: {group.name}"
    return show(request, "meeting.html", title, values, 422 if some_refused else 200)


def _waiting(today: date) -> Any:  # noqa: ANN401 - a condition
    """Activities that a group should speak of (those with an answer that asks are added by row)."""
    return or_(
        c(Activity).state.in_((State.PROPOSED, State.FOLLOWED_UP)),
        c(Activity).reported_done_on.is_not(None) & c(Activity).state.in_(OPEN),
        (c(Activity).deadline_last < today) & c(Activity).state.in_(REMINDED),
    )


def _rows(session: Session, group_id: int, today: date) -> list[Row[Any]]:
    """What waits for a group, nearest deadline first, each with its latest answer."""
    newest = (
        select(func.max(c(StatusAnswer).id))
        .where(c(StatusAnswer).activity_id == c(Activity).id)
        .correlate(Activity)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).deadline_text,
            c(Activity).deadline_last,
            c(Activity).reported_done_on,
            c(StatusAnswer).says,
            c(StatusAnswer).text,
            c(StatusAnswer).instead,
            case((proposes_another_day(), c(StatusAnswer).proposed_text), else_="").label(
                "proposed_text"
            ),
        )
        .outerjoin(StatusAnswer, c(StatusAnswer).id == newest)
        .where(
            c(Activity).group_id == group_id,
            c(Activity).state.in_(OPEN),
            or_(_waiting(today), asks_for_something()),
        )
        .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    )
    return list(rows)


def _asks(row: Row[Any]) -> bool:
    answered = row.says in {Says.AT_RISK, Says.LATE, Says.NOT_ME} or bool(row.proposed_text)
    return row.state is not State.PROPOSED and answered


def _to_follow_up(row: Row[Any]) -> bool:
    return row.state is not State.PROPOSED and not _asks(row)
