"""Has it mattered that somebody had a role, or stood in? Asked before it is said that she did not.

What the story tells of a day must be what people met: who had letters, answered or led cannot
afterwards have been somebody else. So what has mattered is ended from a day, and not taken back.
Only what is of the collaboration counts, and is told of: what she has elsewhere is not its to know.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from models.activity import Activity, Responsibility
from models.columns import c
from models.group import Group
from models.letter import Letter, LetterItem, LetterPart, LetterState, Notice
from models.meeting import MeetingPresent
from models.person import Role, RoleHolding
from models.status import StatusAnswer
from models.status_round import Meeting
from models.undoing import stands
from rules.wording import day_in_words

_LETTER = "{name} har fått brev härifrån sedan dess"
_ANSWER = "{name} har svarat sedan dess"
_PRESENT = "{name} är antecknad som närvarande på ett möte sedan dess"
_LED = "{name} har haft processledarens rättigheter sedan {day}"


def why_she_mattered(
    session: Session, person_id: int, areas: Collection[int], since: datetime
) -> str:
    """What somebody has got or said in some collaborations since then; "" when nothing."""
    there = _activities(areas)
    if _has_letters(session, person_id, areas, there, since):
        return _LETTER
    answer = c(StatusAnswer)
    said = select(answer.id).where(
        answer.person_id == person_id,
        answer.at >= since,
        answer.activity_id.in_(select(c(Activity).id).where(there)),
        stands(answer),
    )
    return _ANSWER if session.execute(said.limit(1)).first() is not None else ""


def why_role_mattered(
    session: Session,
    holding: RoleHolding,
    collaboration_id: int,
    since: datetime,
    registered_on: date,
    today: date,
) -> str:
    """The same of a role in a group: also that she was at a meeting, or could lead for a day.

    Whether she signed in to lead is not asked: she may have done it for what she has elsewhere.
    """
    person_id = holding.person_id
    if told := why_she_mattered(session, person_id, [collaboration_id], since):
        return told
    there = (
        select(c(MeetingPresent).id)
        .join(Meeting, c(Meeting).id == c(MeetingPresent).meeting_id)
        .where(
            c(MeetingPresent).person_id == person_id,
            c(MeetingPresent).at >= since,
            c(Meeting).group_id == holding.group_id,
        )
    )
    if session.execute(there.limit(1)).first() is not None:
        return _PRESENT
    first = max(holding.starts_on or registered_on, registered_on)
    if holding.role == Role.PROCESS_LEADER and first < today:
        return _LED.replace("{day}", day_in_words(first))
    return ""


def _activities(areas: Collection[int]) -> ColumnElement[bool]:
    """The condition that an activity is of these collaborations: owned, or answered for."""
    groups = select(c(Group).id).where(c(Group).collaboration_id.in_(list(areas)))
    answered = select(c(Responsibility).activity_id).where(c(Responsibility).group_id.in_(groups))
    return or_(c(Activity).group_id.in_(groups), c(Activity).id.in_(answered))


def _has_letters(
    session: Session,
    person_id: int,
    areas: Collection[int],
    there: ColumnElement[bool],
    since: datetime,
) -> bool:
    """Has she been written to about what is there? One that never went is none."""
    letter = c(Letter)
    hers = (
        letter.person_id == person_id,
        letter.queued_at >= since,
        letter.state.not_in((LetterState.REPLACED, LetterState.EMPTY)),
    )
    asked = (
        select(letter.id)
        .join(LetterItem, c(LetterItem).letter_id == letter.id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .where(*hers, there)
    )
    if session.execute(asked.limit(1)).first() is not None:
        return True
    part = c(LetterPart)
    parts = (
        select(letter.id)
        .join(LetterPart, part.letter_id == letter.id)
        .where(*hers, part.collaboration_id.in_(list(areas)))
    )
    return session.execute(parts.limit(1)).first() is not None
