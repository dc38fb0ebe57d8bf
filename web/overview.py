"""The overview: first what needs attention, then counts per state, then the list with a filter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlmodel import Session

from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import reading
from models.group import Group
from models.letter import Letter, LetterState, Notice
from models.lifecycle import OPEN, REMINDED, State
from models.person import Person
from models.plan import Goal, Plan
from models.round import Round
from models.span import Precision
from models.status import StatusAnswer
from web.conditions import asks_for_something
from web.page import settings_of, show, today_of

router = APIRouter()
PAGE = 50
SHOWN = 5  # examples under each heading of what needs attention
_FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Attention:
    """One heading of what needs attention: how many, a few of them, and where the rest are."""

    title: str
    number: int
    lines: list[tuple[str, str, str]]  # text, detail, address
    grave: bool = False
    more: str = ""  # the page where they are settled


@router.get("/")
def overview(
    request: Request, lage: str = "", grupp: str = "", sok: str = "", efter: str = ""
) -> HTMLResponse:
    """The first page. The address keeps the filter, so that a view can be bookmarked."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        rows, following = _list(session, lage, grupp, sok, efter)
        values = {
            "attention": [a for a in _attention(session, today) if a.number],
            "counts": _counts(session),
            "states": list(State),
            "groups": session.execute(
                select(c(Group).id, c(Group).name)
                .where(c(Group).id.in_(select(c(Activity).group_id)))
                .order_by(c(Group).name)
            ).all(),
            "rows": rows,
            "following": following,
            "chosen": {"lage": lage, "grupp": grupp, "sok": sok},
            "any_plan": session.execute(select(func.count()).select_from(Plan)).scalar_one() > 0,
        }
    return show(request, "overview.html", "Översikt", values)


def _counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(c(Activity).state, func.count()).group_by(c(Activity).state))
    return {state.value: number for state, number in rows}


def _list(
    session: Session, state: str, group: str, words: str, after: str
) -> tuple[list[Any], str]:
    """A page of activities, nearest deadline first, and the key of the page that follows."""
    day = func.coalesce(c(Activity).deadline_last, _FAR)
    query = (
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).deadline_text,
            c(Activity).deadline_last,
            c(Activity).runs_on,
            c(Activity).next_review_on,
            c(Group).name.label("group"),
            c(Plan).title.label("plan"),
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .order_by(day, c(Activity).id)
        .limit(PAGE + 1)
    )
    if state in set(State):
        query = query.where(c(Activity).state == State(state))
    if group.isdecimal() and len(group) < 10:
        query = query.where(c(Activity).group_id == int(group))
    if words.strip():
        pattern = "%" + words.strip().lower().replace("\\", "").replace("%", r"\%") + "%"
        query = query.where(
            or_(
                func.lower(c(Activity).what).like(pattern, escape="\\"),
                func.lower(c(Activity).how).like(pattern, escape="\\"),
            )
        )
    query = _from_key(query, day, after)
    rows = list(session.execute(query))
    if len(rows) <= PAGE:
        return rows, ""
    last = rows[PAGE - 1]
    return rows[:PAGE], f"{(last.deadline_last or _FAR).isoformat()}_{last.id}"


def _from_key(query: Select[Any], day: Any, after: str) -> Select[Any]:  # noqa: ANN401
    """Continue after a row, by its key: as quick on page 900 as on page 2."""
    words, _, number = after.partition("_")
    try:
        known = date.fromisoformat(words)
    except ValueError:
        return query
    if not number.isdecimal() or len(number) > 15:
        return query
    return query.where(or_(day > known, and_(day == known, c(Activity).id > int(number))))


def _attention(session: Session, today: date) -> list[Attention]:
    return [
        _broken_rounds(session),
        _overdue(session, today),
        _answers_to_settle(session),
        _reported_done(session),
        _waiting_letters(session),
        _unreachable(session),
        _without_responsible(session),
        _asked_nobody(session),
        _undecided(session, today),
        _doubtful(session),
        _goals_without_activity(session),
    ]


def _of_activities(
    session: Session,
    title: str,
    where: ColumnElement[bool],
    detail: ColumnElement[Any],
    *,
    grave: bool = False,
    more: str = "",
) -> Attention:
    number = session.execute(select(func.count()).select_from(Activity).where(where)).scalar_one()
    rows = session.execute(
        select(c(Activity).id, c(Activity).what, detail)
        .where(where)
        .order_by(c(Activity).deadline_last, c(Activity).id)
        .limit(SHOWN)
    )
    lines = [(what, str(told or ""), f"/aktiviteter/{id_}") for id_, what, told in rows]
    return Attention(title, number, lines, grave, more)


def _overdue(session: Session, today: date) -> Attention:
    late = and_(
        c(Activity).deadline_last < today,
        c(Activity).state.in_(REMINDED),
        c(Activity).reported_done_on.is_(None),
    )
    return _of_activities(session, "Försenade", late, c(Activity).deadline_text, grave=True)


def _reported_done(session: Session) -> Attention:
    done = and_(c(Activity).reported_done_on.is_not(None), c(Activity).state.in_(OPEN))
    return _of_activities(
        session, "Klara enligt ansvarig, väntar på uppföljning", done, c(Activity).reported_done_on
    )


def _without_responsible(session: Session) -> Attention:
    """No responsible named, or only words that name nobody on file."""
    somebody = (
        select(literal(1))
        .where(
            c(Responsibility).activity_id == c(Activity).id,
            c(Responsibility).kind != Answerable.WORDS,
        )
        .exists()
    )
    return _of_activities(
        session,
        "Saknar känd ansvarig",
        and_(c(Activity).state.in_(OPEN), ~somebody),
        c(Activity).deadline_text,
    )


def _asked_nobody(session: Session) -> Attention:
    """A rung was reached and there was nobody at all to write to."""
    unread = (
        select(literal(1))
        .where(c(Notice).activity_id == c(Activity).id, c(Notice).written_on.is_(None))
        .exists()
    )
    return _of_activities(
        session, "Har ingen att skriva till", unread, c(Activity).deadline_text, grave=True
    )


def _undecided(session: Session, today: date) -> Attention:
    waiting = and_(
        c(Activity).state == State.PROPOSED,
        or_(c(Activity).start_first <= today, c(Activity).start_first.is_(None)),
    )
    return _of_activities(
        session, "Väntar på beslut", waiting, c(Activity).deadline_text, more="/moten"
    )


def _doubtful(session: Session) -> Attention:
    """Dates that could not be read, and starts that lie after the deadline."""
    doubtful = and_(
        c(Activity).state.in_(OPEN),
        or_(
            c(Activity).deadline_precision == Precision.INVALID,
            c(Activity).start_precision == Precision.INVALID,
            c(Activity).start_first > c(Activity).deadline_last,
        ),
    )
    return _of_activities(session, "Tveksamma datum", doubtful, c(Activity).deadline_text)


def _answers_to_settle(session: Session) -> Attention:
    """Latest answers that ask for something: at risk, late, "not me", or a new date."""
    newest = select(func.max(c(StatusAnswer).id)).group_by(c(StatusAnswer).activity_id)
    asks = and_(
        c(StatusAnswer).id.in_(newest),
        c(Activity).state.in_(OPEN),
        asks_for_something(),
    )
    rows = session.execute(
        select(
            c(Activity).id, c(Activity).what, c(StatusAnswer).text, c(StatusAnswer).proposed_text
        )
        .join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
        .where(asks)
        .order_by(c(StatusAnswer).id.desc())
    ).all()
    lines = [
        (what, f"Nytt datum föreslås: {proposed}" if proposed else text, f"/aktiviteter/{id_}")
        for id_, what, text, proposed in rows[:SHOWN]
    ]
    return Attention("Svar att ta ställning till", len(rows), lines, more="/moten")


def _unreachable(session: Session) -> Attention:
    rows = session.execute(
        select(c(Person).name, c(Person).email, c(Person).unreachable_why)
        .where(c(Person).unreachable_since.is_not(None))
        .order_by(c(Person).name)
    ).all()
    lines = [(f"{name} ({email})", why, "") for name, email, why in rows[:SHOWN]]
    return Attention("Adresser som inte går att nå", len(rows), lines, grave=True)


def _waiting_letters(session: Session) -> Attention:
    """Letters that the server refused, or could not take yet."""
    stuck = or_(
        c(Letter).state == LetterState.FAILED,
        and_(c(Letter).state == LetterState.QUEUED, c(Letter).server_said != ""),
    )
    number = session.execute(select(func.count()).select_from(Letter).where(stuck)).scalar_one()
    rows = session.execute(
        select(c(Letter).id, c(Letter).to_name, c(Letter).server_said)
        .where(stuck)
        .order_by(c(Letter).id.desc())
        .limit(SHOWN)
    )
    lines = [(f"Till {name}", said, f"/utskick/{id_}") for id_, name, said in rows]
    return Attention("Brev som inte kommit fram", number, lines, grave=True)


def _broken_rounds(session: Session) -> Attention:
    """The latest round of each line, when it broke."""
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    rows = session.execute(
        select(c(Round).line, c(Round).on_day, c(Round).failed).where(
            c(Round).id.in_(newest), c(Round).failed != ""
        )
    ).all()
    lines = [(f"{line} {day}", failed, "/korningar") for line, day, failed in rows]
    return Attention("Rundor som inte gick bra", len(rows), lines, grave=True)


def _goals_without_activity(session: Session) -> Attention:
    """Goals that nothing is done for; a focus area counts through the goals below it."""
    below = select(c(Goal).parent_id).where(c(Goal).parent_id.is_not(None))
    empty = and_(c(Goal).id.not_in(select(c(ActivityGoal).goal_id)), c(Goal).id.not_in(below))
    rows = session.execute(
        select(c(Goal).text, c(Plan).title)
        .join(Plan, c(Plan).id == c(Goal).plan_id)
        .where(empty)
        .order_by(c(Goal).id)
    ).all()
    return Attention(
        "Mål utan aktivitet", len(rows), [(text, plan, "") for text, plan in rows[:SHOWN]]
    )
