"""What is put on a group's next meeting, and taken off when the meeting has been at it.

A mark and no more: what the meeting comes to is registered as ever (`web/people/meetings.py`).
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.group import Group
from models.moves import Mover
from models.status_round import AgendaPoint, Meeting
from rules.wording import day_in_words

PUT_ON = "”{what}” står på listan till {group}s möte {day}."
_AT_A_TIME = 1000  # numbers in a statement
NO_DAY = "”{what}” står på listan till nästa möte i {group}. Ingen mötesdag är inlagd än."


def put_on_agenda(session: Session, activity_id: int, mover: Mover, *, today: date) -> str:
    """Put an activity on the next meeting of the group that owns it, once. Says which that is."""
    row = session.execute(
        select(c(Activity).what, c(Activity).group_id, c(Group).name)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id == activity_id)
    ).one()
    point = c(AgendaPoint)
    there = select(point.id).where(point.activity_id == activity_id, point.done_on.is_(None))
    if session.execute(there).first() is None:
        session.add(
            AgendaPoint(
                activity_id=activity_id,
                group_id=row.group_id,
                on_day=today,
                at=clock.now(),
                by=mover.name,
                person_id=mover.person_id,
            )
        )
        session.flush()
    meets = next_meeting(session, row.group_id, today)
    if meets is None:
        return NO_DAY.format(what=row.what, group=row.name)
    return PUT_ON.format(what=row.what, group=row.name, day=day_in_words(meets))


def take_off_agenda(
    session: Session, activity_ids: Collection[int], mover: Mover, batch: int, *, today: date
) -> None:
    """The meeting has been at these, in that deed; what was not on its list stays as it is."""
    point = c(AgendaPoint)
    session.execute(
        update(AgendaPoint)
        .where(point.activity_id.in_(activity_ids), point.done_on.is_(None))
        .values(done_on=today, done_by=mover.name, done_batch=batch)
    )


def put_on_again(session: Session, taken_back: Collection[tuple[int, int]]) -> None:
    """What a meeting registered was taken back, by activity and deed: the points wait again.

    One that somebody has put on anew meanwhile waits once.
    """
    point = c(AgendaPoint)
    batches = sorted({batch for _, batch in taken_back})
    again: list[int] = []
    for start in range(0, len(batches), _AT_A_TIME):
        some = batches[start : start + _AT_A_TIME]
        done = select(point.id, point.activity_id, point.done_batch)
        for id_, activity_id, batch in session.execute(done.where(point.done_batch.in_(some))):
            if (activity_id, batch) in taken_back:
                again.append(id_)
    waiting: Any = aliased(AgendaPoint)
    there = select(waiting.id).where(
        waiting.activity_id == point.activity_id, waiting.done_on.is_(None)
    )
    for start in range(0, len(again), _AT_A_TIME):
        session.execute(
            update(AgendaPoint)
            .where(point.id.in_(again[start : start + _AT_A_TIME]), ~there.exists())
            .values(done_on=None, done_by="", done_batch=None)
            .execution_options(synchronize_session=False)
        )


def next_meeting(session: Session, group_id: int, today: date) -> date | None:
    """The first day from today on that the group meets; None when none is known."""
    asked = select(c(Meeting).on_day).where(
        c(Meeting).group_id == group_id, c(Meeting).on_day >= today
    )
    return session.execute(asked.order_by(c(Meeting).on_day).limit(1)).scalar()
