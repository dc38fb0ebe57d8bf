"""What comes next, and what has come in: so that the day can be seen at a glance.

For whoever leads: the groups' next meetings, open rounds, drafts that wait, and when letters go.
What needs attention is `attention.py`; what stands there is not told here once more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.database import ask
from models.edition import Edition, EditionState
from models.group import Group
from models.known import called, called_by
from models.person import Person
from models.promises import promised
from models.round import Round
from models.status import Says, StatusAnswer
from models.status_round import Meeting, StatusQuestion, StatusRound, counts_still
from models.undoing import stands
from rules.calendar import is_quiet, working_day_after
from rules.wording import answer_in_words, counted, day_in_words, distance, weekday_in_words
from web.overview.heading import REST, Attention, Line, Part
from web.page import leads_area, led, readable_activities, viewer_of

MEETINGS, ANSWERS = 3, 6
ANSWERS_OF_WEEK = "besked"  # in the address of the list of all of them
MORNING = "morning-round"  # of the timetable: what comes after it goes the next morning
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NextUp:
    """What comes, soonest first, and the newest answers of the week that ask nothing of her."""

    coming: list[Line]
    came: list[Line]
    came_in_all: int
    only_above: bool  # all answers of the week are of what stands higher up on the page


def next_up(
    session: Session, request: Request, policy: Policy, today: date, told: Collection[int]
) -> NextUp:
    """`told`: activities that stand on the page already."""
    coming = [
        *_letters(session, request, policy, today),
        *_rounds(session, request),
        *_drafts(session, request),
        *_meetings(session, request, today),
    ]
    return NextUp(coming, *_answers(session, request, today, told))


def _letters(session: Session, request: Request, policy: Policy, today: date) -> list[Line]:
    """The next morning that may write of hers: today's too, until it has."""
    leads = viewer_of(request).leads
    gone = _has_gone(session, today)
    day = min(
        _next_morning(share.policy, today, gone=gone)
        for share in promised(session, policy, today).shares()
        if not leads or any(share.holds(area) for area in leads)
    )
    return [Line("Nästa brev", f"går {weekday_in_words(day)}, om något är att skriva", "/kommande")]


def _next_morning(policy: Policy, today: date, *, gone: bool) -> date:
    quiet = is_quiet(policy, today)
    return working_day_after(policy, today, 1) if quiet or gone else today


def _has_gone(session: Session, today: date) -> bool:
    """Has today's last round of the morning ended?"""
    ended = select(c(Round).id).where(
        c(Round).line == MORNING, c(Round).on_day == today, c(Round).finished_at.is_not(None)
    )
    return ask(session, ended.limit(1)).first() is not None


def _rounds(session: Session, request: Request) -> list[Line]:
    """Open status rounds, and how many have not answered yet."""
    unanswered = func.sum(case((c(StatusQuestion).answered_on.is_(None), 1), else_=0))
    rows = ask(
        session,
        select(c(StatusRound).id, c(StatusRound).closes_on, c(Group).name, unanswered, func.count())
        .join(Group, c(Group).id == c(StatusRound).group_id)
        .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
        .where(c(StatusRound).closed_on.is_(None), led(request, c(StatusRound).group_id))
        .where(counts_still())
        .group_by(c(StatusRound).id, c(StatusRound).closes_on, c(Group).name)
        .order_by(c(StatusRound).closes_on, c(StatusRound).id)
        .limit(MEETINGS),
    )
    return [
        Line(
            f"Statusrunda, {name}",
            f"stänger {day_in_words(closes_on)}; {left} av {number} har inte svarat",
            f"/statusrundor/{id_}",
        )
        for id_, closes_on, name, left, number in rows
    ]


def _drafts(session: Session, request: Request) -> list[Line]:
    """Reports that wait for somebody to read and approve them, each in its newest edition."""
    e: Any = c(Edition)
    later: Any = aliased(Edition)
    newer = select(later.id).where(
        later.kind == e.kind,
        later.collaboration_id == e.collaboration_id,
        later.group_id.is_not_distinct_from(e.group_id),
        later.period == e.period,
        later.number > e.number,
    )
    waits = e.state.in_((EditionState.COMPILED, EditionState.REVIEWED))
    asked = select(func.count()).select_from(Edition).where(waits, ~newer.exists())
    number = ask(session, asked.where(leads_area(request, e.collaboration_id))).scalar_one()
    if not number:
        return []
    words = counted(number, "rapport", "rapporter")
    return [Line("Utkast", f"{words} att läsa och godkänna", "/rapporter")]


def _meetings(session: Session, request: Request, today: date) -> list[Line]:
    rows = ask(
        session,
        select(c(Meeting).on_day, c(Group).id, c(Group).name)
        .join(Group, c(Group).id == c(Meeting).group_id)
        .where(c(Meeting).on_day >= today, led(request, c(Meeting).group_id))
        .order_by(c(Meeting).on_day, c(Group).name)
        .limit(MEETINGS),
    )
    return [
        Line(
            f"Möte, {name}",
            f"{weekday_in_words(on_day)}, {distance(today, on_day)}",
            f"/moten/{group_id}",
        )
        for on_day, group_id, name in rows
    ]


def answers_of_week(session: Session, request: Request, today: date, part: Part) -> Attention:
    """All activities that somebody has answered about this week, each by its newest answer."""
    lines, number = _newest(session, request, today, (), part)
    return Attention(
        "Besked de senaste sju dagarna", number, lines, rest=f"{REST}?vad={ANSWERS_OF_WEEK}"
    )


def _answers(
    session: Session, request: Request, today: date, told: Collection[int]
) -> tuple[list[Line], int, bool]:
    """The newest answers of the week, one of each activity; how many; are there only others?"""
    lines, number = _newest(session, request, today, told, Part(page=ANSWERS))
    if lines or not told:
        return lines, number, False
    _, others = _newest(session, request, today, (), Part(page=1))
    return [], 0, others > 0


def _newest(
    session: Session, request: Request, today: date, told: Collection[int], part: Part
) -> tuple[list[Line], int]:
    """The newest answer about each but those told of, the newest first; and how many there are."""
    viewer = viewer_of(request)
    answer = c(StatusAnswer)
    by = called(c(Group).collaboration_id)  # as it is there, whatever she leads elsewhere
    if viewer.administrator:
        by = called_by(())
    newest = (
        select(func.max(answer.id))
        .join(Activity, c(Activity).id == answer.activity_id)
        .where(answer.on_day > today - _A_WEEK, stands(answer), readable_activities(viewer))
        .group_by(answer.activity_id)
    )
    rows = ask(
        session,
        select(
            c(Activity).id,
            c(Activity).what,
            answer.says,
            answer.instead,
            answer.on_day,
            by.label("by"),
            func.count().over().label("of_all"),
        )
        .join(StatusAnswer, answer.activity_id == c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .outerjoin(Person, c(Person).id == answer.person_id)
        .where(answer.id.in_(newest), answer.activity_id.not_in(list(told)))
        .order_by(answer.id.desc())
        .offset(part.skip)
        .limit(part.most()),
    ).all()
    lines = []
    for id_, what, says, instead, on_day, by, _ in rows:
        said = answer_in_words(Says(says), instead, by)
        who = f", {by}" if by else ""
        lines.append(Line(what, f"{said}{who} {day_in_words(on_day)}", f"/aktiviteter/{id_}"))
    return lines, rows[0].of_all if rows else 0
