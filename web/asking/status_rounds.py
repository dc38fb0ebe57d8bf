"""Statusrundor: who has been asked, who has answered, who has not, and the groups' meetings.

A round is opened, people reminded and proposals settled with one click each. What a round is, and
when it opens by itself, is `notifications/status_rounds.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config import policy
from intake.lives.meetings import forget_days, is_on_file, meeting_on
from intake.lives.settling import settle
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.known import called
from models.letter import Letter, LetterItem, LetterState, Notice, NoticeKind
from models.moves import Refused
from models.person import Person
from models.proposals import (
    proposes_another_day,
    proposes_somebody_else,
    standing_proposal,
)
from models.status import Says, StatusAnswer
from models.status_round import Meeting, Occasion, StatusQuestion, StatusRound, counts_still
from models.undoing import stands
from notifications import status_rounds
from notifications.letters.asked_now import write_asked
from notifications.letters.morning import Result
from notifications.status_rounds import CannotOpen
from rules.swedish_dates import read_coming
from rules.wording import alphabetically, capitalised, counted, day_in_words
from web.activities.activities import activity_page
from web.days import day_in_address
from web.numbers import stopped
from web.page import may_lead, mine, mover_of, settings_of, show, today_of
from web.people.meeting_day import agenda_out
from web.sent import Sent, Tried, existing, number_of

router = APIRouter()
MOST = 60  # rounds on the page

OCCASIONS = {
    Occasion.QUARTER: "Inför kvartalets slut",
    Occasion.MEETING: "Inför möte",
    Occasion.ASKED: "Öppnad av processledaren",
}


_NOT_GONE = {
    LetterState.QUEUED: "Brevet väntar på att skickas",
    LetterState.SENDING: "Brevet väntar på att skickas",
    LetterState.FAILED: "Brevet kunde inte skickas",
    LetterState.BOUNCED: "Brevet kom inte fram",
}


@dataclass(slots=True)
class Questioned:
    """Somebody whom the round's questions were written to: how many, how many are answered.

    `days` are those when a letter went; without any `why_not` says why her latest one has not.
    """

    name: str
    person_id: int
    letter_id: int
    why_not: str = ""
    days: list[date] = field(default_factory=list)
    questions: set[int] = field(default_factory=set)
    answered: int = 0


@router.get("/statusrundor")
def rounds(request: Request) -> HTMLResponse:
    """The rounds, the newest first; how each group answers; the meetings that come."""
    return _rounds(request)


@router.post("/statusrundor")
def open_round(request: Request, given: Sent) -> Response:
    """Open a round for a group."""
    group_id = number_of(given, "group")
    settings, today = settings_of(request), today_of(request)
    promises = policy.load(settings.home)
    try:
        with transaction(settings) as session:
            existing(session, Group, group_id)
            by = mover_of(request).name
            round_id = status_rounds.open_now(session, promises, group_id, today, by)
    except CannotOpen as refused:
        return _rounds(request, str(refused), 422)
    return RedirectResponse(f"/statusrundor/{round_id}", 303)


@router.post("/statusrundor/moten")
def meeting(request: Request, given: Sent) -> Response:
    """Note or remove a day on which a group meets."""
    group_id, today = number_of(given, "group"), today_of(request)
    if wrong := stopped(request).sentences:
        return _rounds(request, " ".join(wrong), 422)
    on_day = read_coming(given.get("on_day", ""), today).last
    if on_day is None or on_day < today:
        return _rounds(request, "Skriv mötets dag, i dag eller senare: 2025-03-14.", 422)
    try:
        with transaction(settings_of(request)) as session:
            existing(session, Group, group_id)
            there = is_on_file(session, group_id, on_day)
            gone = bool(given.get("remove")) and there
            out = agenda_out(session, group_id, [on_day]) if gone else None
            if gone:
                forget_days(session, group_id, [on_day])
            elif not there and not given.get("remove"):
                meeting_on(session, group_id, on_day)
    except Refused as refused:
        return _rounds(request, " ".join(refused.sentences), 422)
    told = f"?group={group_id}&bort={on_day}&ute={out or ''}" if gone else ""
    return RedirectResponse(f"/statusrundor{told}#moten", 303)


@router.get("/statusrundor/{round_id}")
def one_round(request: Request, round_id: int) -> HTMLResponse:
    """One round: its questions and answers, and the people who got them."""
    return _round(request, round_id)


@router.post("/statusrundor/{round_id}/paminn")
def remind(request: Request, round_id: int, given: Sent) -> HTMLResponse:
    """Ask again about what is unanswered: now, or tomorrow to whoever has had today's letter."""
    settings, today = settings_of(request), today_of(request)
    person_id = number_of(given, "person") or None
    try:
        with transaction(settings) as session:
            asked = status_rounds.remind(session, round_id, today, person_id)
            promises = policy.load(settings.home)
            done = write_asked(session, settings, promises, round_id, today)
    except CannotOpen as refused:
        return _round(request, round_id, str(refused), 422)
    return _round(request, round_id, _reminded(asked, done))


@router.post("/forslag/{answer_id}")
def proposal(request: Request, answer_id: int, given: Sent) -> Response:
    """Say yes or no to another day, or to somebody else who answers."""
    mover, today = mover_of(request), today_of(request)
    back = number_of(given, "round")
    status = 200
    try:
        with transaction(settings_of(request)) as session:
            accept = given.get("answer") == "ja"
            months = policy.load(settings_of(request).home).review_months
            became = settle(
                session,
                answer_id,
                mover,
                accept=accept,
                today=today,
                review_months=months,
                reason=given.get("reason", ""),
            )
    except Refused as refused:
        became, status = " ".join(refused.sentences), 422
    if activity_id := number_of(given, "activity"):
        if status == 200 and given.get("from") == "today":
            return RedirectResponse("/", 303)
        if status == 200 and given.get("from") == "svar":
            page = number_of(given, "sida") or 1
            return RedirectResponse(f"/att-se-till?vad=svar&sida={page}", 303)
        if status == 200:
            return RedirectResponse(f"/aktiviteter/{activity_id}#hant", 303)
        return activity_page(request, activity_id, Tried("svar", [became], given))
    if back:
        return _round(request, back, became, status)
    return _rounds(request, became, status)


def _reminded(asked: int, done: Result) -> str:
    if not asked:
        return "Alla obesvarade frågor har redan ställts i dag. Ingen får ett till brev."
    now = counted(len(done.letter_ids), "brev", "brev", neuter=True)
    said = [f"{capitalised(now)} går nu." if done.letter_ids else "Inget brev går nu."]
    if done.without_reader:
        said.append(
            "Det finns ingen att fråga: ingen som kan svara går att nå. Rätta adressen på "
            "personens sida, eller byt ansvarig."
        )
    if done.outdated and not done.letter_ids:
        said.append("En del gäller inte längre, och frågas det inte om.")
    if done.tomorrow:
        said.append("Den som redan har fått dagens brev får frågan nästa arbetsdag.")
    if done.gathered:
        said.append("Den som har valt brev en gång i veckan får det som kan vänta då.")
    return " ".join(said)


def _rounds(request: Request, said: str = "", status: int = 200) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        rows, led = opened(session, request), _groups_led(request, session)
        meetings = session.execute(
            select(c(Group).id, c(Group).name, c(Meeting).on_day)
            .join(Group, c(Group).id == c(Meeting).group_id)
            .where(c(Meeting).on_day >= today, mine(request, c(Group).id))
            .order_by(c(Meeting).on_day)
        ).all()
        values = {
            "rounds": rows,
            "by_group": _by_group(rows),
            "meetings": meetings,
            "groups": led,
            "occasions": OCCASIONS,
            "promises": policy.load(settings_of(request).home).rounds,
            "said": said,
            "refused": status != 200,
            "removed": _removed(request, meetings, led),
        }
    return show(request, "status_rounds.html", "Statusrundor", values, status)


def _removed(
    request: Request, meetings: Sequence[Row[Any]], led: Sequence[Row[Any]]
) -> dict[str, Any] | None:
    """The meeting that was removed just now, if it is still gone: to put it back."""
    words = request.query_params
    day = day_in_address(words.get("bort", ""))
    group = next((one for one in led if str(one.id) == words.get("group")), None)
    if day is None or day < today_of(request) or group is None:
        return None
    if any((one.id, one.on_day) == (group.id, day) for one in meetings):
        return None
    return {"group": group, "day": day, "agenda": day_in_address(words.get("ute", ""))}


def opened(session: Session, request: Request) -> Sequence[Row[Any]]:
    """The latest rounds that she may read: how many questions, how many answered, how many late."""
    late = c(StatusQuestion).answered_on > c(StatusRound).closes_on
    return session.execute(
        select(
            c(StatusRound).id,
            c(Group).id.label("group_id"),
            c(Group).name.label("group"),
            c(StatusRound).occasion,
            c(StatusRound).occasion_on,
            c(StatusRound).opened_on,
            c(StatusRound).closes_on,
            c(StatusRound).closed_on,
            func.count().label("asked"),
            func.count(c(StatusQuestion).answered_on).label("answered"),
            func.sum(case((late, 1), else_=0)).label("late"),
        )
        .join(Group, c(Group).id == c(StatusRound).group_id)
        .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
        .where(mine(request, c(Group).id), counts_still())
        .group_by(*(column for column in c(StatusRound)), c(Group).id, c(Group).name)
        .order_by(c(StatusRound).opened_on.desc(), c(StatusRound).id.desc())
        .limit(MOST)
    ).all()


def _by_group(rows: Sequence[Row[Any]]) -> list[tuple[str, int, int]]:
    """(group, asked, answered) over the rounds shown."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        asked, answered = found.get(row.group, (0, 0))
        found[row.group] = asked + row.asked, answered + row.answered
    return [(group, *found[group]) for group in sorted(found, key=alphabetically)]


def _groups_led(request: Request, session: Session) -> list[Row[Any]]:
    """The groups that she may open rounds for."""
    rows = session.execute(select(c(Group).id, c(Group).name, c(Group).collaboration_id)).all()
    hers = [row for row in rows if may_lead(request, row.collaboration_id)]
    return sorted(hers, key=lambda row: alphabetically(row.name))


def _round(request: Request, round_id: int, said: str = "", status: int = 200) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        row = existing(session, StatusRound, round_id)
        group = session.get_one(Group, row.group_id)
        questions = _questions(session, row)
        values = {
            "round": row,
            "occasion": OCCASIONS[row.occasion],
            "questions": questions,
            "answered": sum(one.answered_on is not None for one in questions),
            "people": _people(session, row, questions),
            "not_me": Says.NOT_ME,
            "leads": may_lead(request, group.collaboration_id),
            "said": said,
            "refused": status != 200,
        }
    title = f"Statusrunda: {group.name}, till {day_in_words(row.closes_on)}"
    return show(request, "status_round.html", title, values, status)


def _questions(session: Session, row: StatusRound) -> list[Row[Any]]:
    """The questions, those that nobody has answered first, each with the latest answer."""
    proposal: Any = aliased(StatusAnswer)  # may be older than the newest answer
    newest = (
        select(func.max(c(StatusAnswer).id))
        .where(
            c(StatusAnswer).activity_id == c(Activity).id,
            stands(c(StatusAnswer)),
            # What was answered when it opened is shown with the answer that held then.
            or_(
                c(StatusAnswer).on_day >= row.opened_on,
                c(StatusQuestion).answered_on == row.opened_on,
            ),
        )
        .correlate(Activity, StatusQuestion)
        .scalar_subquery()
    )
    return list(
        session.execute(
            select(
                c(Activity).id,
                c(Activity).what,
                c(Activity).state,
                c(Activity).deadline_text,
                c(StatusQuestion).answered_on,
                (c(StatusQuestion).answered_on > row.closes_on).label("late"),
                func.coalesce(proposal.id, c(StatusAnswer).id).label("answer_id"),
                c(StatusAnswer).says,
                c(StatusAnswer).text,
                c(StatusAnswer).instead.label("named"),
                called(c(Group).collaboration_id).label("by"),
                case((proposes_somebody_else(proposal), proposal.instead), else_="").label(
                    "instead"
                ),
                case((proposes_another_day(proposal), proposal.proposed_text), else_="").label(
                    "proposed"
                ),
            )
            .join(StatusQuestion, c(StatusQuestion).activity_id == c(Activity).id)
            .join(Group, c(Group).id == c(Activity).group_id)
            .outerjoin(StatusAnswer, c(StatusAnswer).id == newest)
            .outerjoin(Person, c(Person).id == c(StatusAnswer).person_id)
            .outerjoin(proposal, proposal.id == standing_proposal())
            .where(c(StatusQuestion).round_id == row.id, counts_still())
            .order_by(c(StatusQuestion).answered_on.is_not(None), c(Activity).id)
        )
    )


def _people(session: Session, row: StatusRound, questions: list[Row[Any]]) -> list[Questioned]:
    """Everybody to whom a letter with one of the round's questions was written.

    Not one that another took the place of; and what waits, failed or came back has asked nobody.
    """
    area = session.get_one(Group, row.group_id).collaboration_id
    rows = session.execute(
        select(
            c(Letter).id,
            c(Letter).person_id,
            called(area, otherwise=c(Letter).to_name),
            c(Letter).state,
            c(Letter).went_on,
            c(Notice).activity_id,
        )
        .join(Person, c(Person).id == c(Letter).person_id)
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(
            c(Notice).kind == NoticeKind.ROUND,
            c(Notice).due_on == row.closes_on,
            c(Notice).activity_id.in_([one.id for one in questions]),
            c(Letter).state.not_in((LetterState.REPLACED, LetterState.EMPTY)),
        )
        .order_by(c(Letter).id)
    )
    found: dict[int, Questioned] = {}
    for letter_id, person_id, name, state, went_on, activity_id in rows:
        one = found.setdefault(person_id, Questioned(name, person_id, letter_id))
        one.letter_id, one.why_not = letter_id, _NOT_GONE.get(state, "")
        one.questions.add(activity_id)
        if not one.why_not and went_on is not None and went_on not in one.days:
            one.days.append(went_on)
    answered = {one.id for one in questions if one.answered_on is not None}
    for one in found.values():
        one.answered = len(one.questions & answered)
    return sorted(
        found.values(),
        key=lambda one: (one.answered == len(one.questions), alphabetically(one.name)),
    )
