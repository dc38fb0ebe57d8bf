"""What a round did for each collaboration: numbers that its process leader may read.

A round goes for all of them at once. What it has queued, opened and sent since it began is counted
by whose it is, when it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import reading
from models.edition import Edition, ReportKind
from models.group import Group
from models.letter import Letter, LetterItem, LetterPart, Notice
from models.letter_kinds import LetterKind
from models.person import Role, RoleHolding
from models.status_round import StatusRound
from notifications.about import GROUP, with_what_it_is_about

Shares = dict[
    str, dict[str, int]
]  # by collaboration's number, as JSON has it: {"3": {"letters": 2}}

_REPORTS = {
    "quarter-close": ReportKind.QUARTER,
    "year-close": ReportKind.YEAR,
    "deviation-report": ReportKind.DEVIATIONS,
}


@dataclass(frozen=True, slots=True)
class Before:
    """What was on file when a round began."""

    letter: int
    part: int
    status_round: int
    at: datetime


def before(settings: Settings) -> Before:
    """The newest of each, now."""
    with reading(settings) as session:
        letter = session.execute(select(func.max(c(Letter).id))).scalar() or 0
        part = session.execute(select(func.max(c(LetterPart).id))).scalar() or 0
        opened = session.execute(select(func.max(c(StatusRound).id))).scalar() or 0
    return Before(letter, part, opened, clock.now())


def shares(settings: Settings, line: str, since: Before) -> Shares:
    """What that line of the timetable has done for each since then."""
    with reading(settings) as session:
        if line == "morning-round":
            return _shared(_letters(session, since), "letters", "items")
        if line == "weekly-letter":
            return _shared(_weekly(session, since), "letters")
        if line == "status-round":
            return _shared(_opened(session, since), "rounds")
        if line in _REPORTS:
            return _shared(_sent(session, _REPORTS[line], since), "reports")
    return {}


def _shared(rows: Sequence[Any], *names: str) -> Shares:
    return {str(area): dict(zip(names, numbers, strict=True)) for area, *numbers in rows}


def _letters(session: Session, since: Before) -> Sequence[Any]:
    """Letters that hold something of a collaboration's, and how much of it."""
    asked = (
        select(
            c(Group).collaboration_id,
            func.count(c(LetterItem).letter_id.distinct()),
            func.count(c(Notice).id.distinct()),
        )
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .join(Letter, c(Letter).id == c(LetterItem).letter_id)
        .where(c(LetterItem).letter_id > since.letter, c(Letter).kind == LetterKind.MORNING)
    )
    asked = with_what_it_is_about(asked).join(Group, c(Group).id == GROUP)
    return session.execute(asked.group_by(c(Group).collaboration_id)).all()


def _weekly(session: Session, since: Before) -> Sequence[Any]:
    """The week's parts, to those who lead a collaboration."""
    asked = (
        select(c(Group).collaboration_id, func.count(c(LetterPart).id.distinct()))
        .select_from(LetterPart)
        .join(RoleHolding, c(RoleHolding).person_id == c(LetterPart).person_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            c(LetterPart).id > since.part,
            c(LetterPart).kind == LetterKind.WEEKLY,
            c(RoleHolding).role == Role.PROCESS_LEADER,
        )
    )
    return session.execute(asked.group_by(c(Group).collaboration_id)).all()


def _opened(session: Session, since: Before) -> Sequence[Any]:
    asked = (
        select(c(Group).collaboration_id, func.count())
        .select_from(StatusRound)
        .join(Group, c(Group).id == c(StatusRound).group_id)
        .where(c(StatusRound).id > since.status_round, c(StatusRound).opened_by == "")
    )
    return session.execute(asked.group_by(c(Group).collaboration_id)).all()


def _sent(session: Session, kind: ReportKind, since: Before) -> Sequence[Any]:
    e = c(Edition)
    asked = select(e.collaboration_id, func.count()).where(e.kind == kind, e.sent_at >= since.at)
    return session.execute(asked.group_by(e.collaboration_id)).all()
