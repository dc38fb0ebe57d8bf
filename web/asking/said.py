"""What has been said and asked of some activities, as the page behind a link shows it."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.proposals import proposes_another_day
from models.status import StatusAnswer
from models.status_round import StatusQuestion, StatusRound
from models.undoing import stands
from notifications.letters.said import newest_answers


def newest_by_activity(session: Session, activity_ids: list[int]) -> dict[int, Any]:
    """The newest answer about each, by anybody, with the name that the collaboration calls her."""
    return {row.activity_id: row for row in newest_answers(session, activity_ids)}


def proposed(session: Session, activity_ids: list[int]) -> dict[int, str]:
    """The day that somebody has proposed and that nobody has said yes or no to."""
    rows = session.execute(
        select(c(StatusAnswer).activity_id, c(StatusAnswer).proposed_text)
        .join(Activity, c(Activity).id == c(StatusAnswer).activity_id)
        .where(c(Activity).id.in_(activity_ids), proposes_another_day())
        .order_by(c(StatusAnswer).id)
    )
    return dict(rows.tuples().all())


def has_answered(session: Session, activity_ids: list[int], person_id: int) -> set[int]:
    """Which of them she has answered about before."""
    answer = c(StatusAnswer)
    rows = session.execute(
        select(answer.activity_id).where(
            answer.activity_id.in_(activity_ids), answer.person_id == person_id, stands(answer)
        )
    )
    return set(rows.scalars())


def asked_in_rounds(session: Session, activity_ids: list[int]) -> dict[int, date]:
    """Which of them an open status round asks about, and until when."""
    rows = session.execute(
        select(c(StatusQuestion).activity_id, func.min(c(StatusRound).closes_on))
        .join(StatusRound, c(StatusRound).id == c(StatusQuestion).round_id)
        .where(
            c(StatusQuestion).activity_id.in_(activity_ids),
            c(StatusQuestion).answered_on.is_(None),
            c(StatusRound).closed_on.is_(None),
        )
        .group_by(c(StatusQuestion).activity_id)
    )
    return dict(rows.tuples().all())
