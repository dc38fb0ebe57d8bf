"""What has been said and asked of some activities, as the page behind a link shows it."""

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import ask
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
    rows = ask(session, _PROPOSED, activities=activity_ids)
    return dict(rows.tuples().all())


def has_answered(session: Session, activity_ids: list[int], person_id: int) -> set[int]:
    """Which of them she has answered about before."""
    rows = ask(session, _HAS_ANSWERED, activities=activity_ids, person_id=person_id)
    return set(rows.scalars())


def asked_in_rounds(session: Session, activity_ids: list[int]) -> dict[int, date]:
    """Which of them an open status round asks about, and until when."""
    return dict(ask(session, _IN_ROUNDS, activities=activity_ids).tuples().all())


# The questions, made once (`ask`).
_ACTIVITIES: BindParameter[int] = bindparam("activities", expanding=True)
_PROPOSED = (
    select(c(StatusAnswer).activity_id, c(StatusAnswer).proposed_text)
    .join(Activity, c(Activity).id == c(StatusAnswer).activity_id)
    .where(c(Activity).id.in_(_ACTIVITIES), proposes_another_day())
    .order_by(c(StatusAnswer).id)
)
_HAS_ANSWERED = select(c(StatusAnswer).activity_id).where(
    c(StatusAnswer).activity_id.in_(_ACTIVITIES),
    c(StatusAnswer).person_id == bindparam("person_id"),
    stands(c(StatusAnswer)),
)
_IN_ROUNDS = (
    select(c(StatusQuestion).activity_id, func.min(c(StatusRound).closes_on))
    .join(StatusRound, c(StatusRound).id == c(StatusQuestion).round_id)
    .where(
        c(StatusQuestion).activity_id.in_(_ACTIVITIES),
        c(StatusQuestion).answered_on.is_(None),
        c(StatusRound).closed_on.is_(None),
    )
    .group_by(c(StatusQuestion).activity_id)
)
