"""The day's letters to those whom a status round asks, at once: because a process leader says so.

Only of her own collaboration, and only to whom the round asks: everybody else's letter is made when
the morning's rounds have ended (`notifications/release.py`).
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import Turns, take_turns
from models.group import Group
from models.letter import Notice, NoticeKind
from models.status_round import StatusQuestion, StatusRound
from notifications.letters import morning
from notifications.letters.morning import Result
from notifications.letters.owed import drop_outdated


def write_asked(
    session: Session, settings: Settings, policy: Policy, round_id: int, today: date
) -> Result:
    """Write to those who have a question of that round that waits. What was done, in numbers.

    1. Which notices of the round wait, and what else waits in its collaboration.
    2. What no longer holds of these is dropped; others' are not looked at.
    3. The letters of those who are asked, with all that is theirs today. Somebody who has had
       today's letter gets the question in the next one.
    """
    take_turns(session, Turns.LETTERS)
    asked = _asked(session, round_id)
    waits = _waits_beside(session, round_id)
    result = Result(outdated=drop_outdated(session, today, waits))
    planned = morning.plan(session, settings, policy, today, only=waits)
    whom = [
        person_id
        for person_id, items in planned.owed.by_person.items()
        if any(asked.intersection(item.notice_ids) for item in items)
    ]
    morning.queue(session, settings, today, planned, whom, result)
    left = _waiting(session, asked)
    if left and planned.owed.tomorrow:
        result.tomorrow = left
    if left and planned.owed.gathered:
        result.gathered = left
    if left and planned.owed.without_reader and not (result.tomorrow or result.gathered):
        result.without_reader = left
    return result


def _asked(session: Session, round_id: int) -> set[int]:
    """The round's notices that wait to be written about."""
    row = session.get_one(StatusRound, round_id)
    notice, question = c(Notice), c(StatusQuestion)
    found = (
        select(notice.id)
        .join(StatusQuestion, question.activity_id == notice.activity_id)
        .where(question.round_id == round_id, notice.kind == NoticeKind.ROUND)
        .where(notice.due_on == row.closes_on, notice.written_on.is_(None))
    )
    return set(session.execute(found).scalars())


def _waits_beside(session: Session, round_id: int) -> list[int]:
    """Every notice about an activity of the round's collaboration that waits, the round's too."""
    row = session.get_one(StatusRound, round_id)
    area = select(c(Group).collaboration_id).where(c(Group).id == row.group_id).scalar_subquery()
    notice = c(Notice)
    found = (
        select(notice.id)
        .join(Activity, c(Activity).id == notice.activity_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Group).collaboration_id == area, notice.written_on.is_(None))
    )
    return list(session.execute(found.order_by(notice.id)).scalars())


def _waiting(session: Session, notices: Collection[int]) -> int:
    still = select(func.count()).where(c(Notice).id.in_(notices), c(Notice).written_on.is_(None))
    return int(session.execute(still).scalar_one())
