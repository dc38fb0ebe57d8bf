"""What a person may answer about behind a link: activities, their parts, and of which only those.

Nothing of a collaboration that the link is closed to, or that has ended. What she says of them is
`answer.py`; what others have said is `said.py`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, bindparam, select
from sqlmodel import Session

from intake.lives.answers import AskedPart
from models.activity import Activity
from models.columns import c
from models.database import ask
from models.group import Group
from models.letter import Notice
from models.lifecycle import OPEN
from models.part import Part, PartState, is_told
from models.plan import Plan
from notifications.directory import answers_for, parts_for, reach
from notifications.letters.items import asked_about
from notifications.links import Opened
from web.entry.sessions import holder
from web.page import readable_activities

MOST = 200  # activities on one page


@dataclass(frozen=True, slots=True)
class Hers:
    """What a person may answer about: activities, their parts, and of which only the parts."""

    rows: list[Any]
    parts: dict[int, tuple[AskedPart, ...]]
    only_parts: AbstractSet[int]
    in_letter: AbstractSet[int]  # what the letter with the link asked about
    reads: AbstractSet[int]  # of these: where she may read what others have said


def what_is_hers(session: Session, opened: Opened, today: date) -> Hers:
    """What this person answers for today, whole or in part, and what the letter was about."""
    person_id = opened.person_id
    found = reach(session, person_id, today)
    of_letter = in_letter(session, opened)
    now = {one.activity_id for one in answers_for(session, person_id, today, found)}
    whole = of_letter | now
    in_part = parts_for(session, person_id, today, found)
    rows = _open(session, _asked_of(session, whole | in_part.keys(), opened))
    only_parts = {row.id for row in rows} - whole
    parts: dict[int, tuple[AskedPart, ...]] = {}
    waiting = _parts_waiting(session, in_part)
    for activity_id, part_id, name, state in _parts(session, [row.id for row in rows]):
        if activity_id in whole or part_id in in_part[activity_id]:
            waits = part_id in waiting and state != PartState.UNANSWERED
            asked = AskedPart(part_id, name, state, waits)
            parts[activity_id] = (*parts.get(activity_id, ()), asked)
    others = {row.id for row in rows} - now
    reads = now | _still_reads(session, person_id, others, today)
    return Hers(rows, parts, only_parts, of_letter, reads)


def _still_reads(
    session: Session, person_id: int, others: AbstractSet[int], today: date
) -> set[int]:
    """Where she may read signed in, by the roles that she holds today, though others answer for it.

    A letter asks on about what it asked for as long as its link is good, and somebody may answer
    for a part alone. What is said of the whole is for whoever answers for it now.
    """
    if not others:
        return set()
    she = holder(session, person_id, today)
    asked = select(c(Activity).id).where(c(Activity).id.in_(others), readable_activities(she))
    return set(session.execute(asked).scalars())


def in_letter(session: Session, opened: Opened) -> set[int]:
    """The activities that the letter with the link asked about, as a whole."""
    found = ask(session, _IN_LETTER, link_id=opened.link_id).scalars()
    asked = {one for one in found if one is not None}
    if not opened.closed_to:
        return asked
    return set(session.execute(opens(opened).where(c(Activity).id.in_(asked))).scalars())


def opens(opened: Opened) -> Select[tuple[int]]:
    """The activities that a link is not closed to, whoever's they are."""
    return (
        select(c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(opened.opens(c(Group).collaboration_id))
    )


def _asked_of(session: Session, ids: AbstractSet[int], opened: Opened) -> set[int]:
    """Those of them that answers are taken about; it seldom is closed, or over, anywhere."""
    if not opened.silent_about:
        return set(ids)
    asked = (
        select(c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id.in_(ids), opened.takes_answers(c(Group).collaboration_id))
    )
    return set(session.execute(asked).scalars())


def withdrawn_plans(session: Session, of_letter: AbstractSet[int]) -> list[Any]:
    """The plans that her letter asked about, and that have been taken back since."""
    if not of_letter:
        return []
    return list(ask(session, _WITHDRAWN, activities=list(of_letter)))


def _parts(session: Session, activity_ids: list[int]) -> list[Any]:
    return list(ask(session, _PARTS, activities=activity_ids))


def _parts_waiting(session: Session, in_part: dict[int, set[int]]) -> set[int]:
    """Which of her own parts a letter has asked about without an answer so far."""
    hers = [part_id for part_ids in in_part.values() for part_id in part_ids]
    if not hers:
        return set()
    waiting = ask(session, _WAITING, parts=hers).scalars()
    return {part_id for part_id in waiting if part_id is not None}


def _open(session: Session, ids: AbstractSet[int]) -> list[Any]:
    return list(ask(session, _OPEN, activities=list(ids)))


# The questions, made once (`ask`).
_ACTIVITIES: BindParameter[int] = bindparam("activities", expanding=True)
_IN_LETTER = asked_about(bindparam("link_id", type_=Integer))
_WITHDRAWN = (
    select(c(Plan).title, c(Plan).withdrawn_on)
    .where(c(Plan).id.in_(select(c(Activity).plan_id).where(c(Activity).id.in_(_ACTIVITIES))))
    .where(c(Plan).withdrawn_on.is_not(None))
    .order_by(c(Plan).title)
)
_PARTS = (
    select(c(Part).activity_id, c(Part).id, c(Part).name, c(Part).state)
    .where(c(Part).activity_id.in_(_ACTIVITIES), is_told())
    .order_by(c(Part).id)
)
_WAITING = select(c(Notice).part_id).where(
    c(Notice).part_id.in_(bindparam("parts", expanding=True)),
    c(Notice).written_on.is_not(None),
    c(Notice).settled_on.is_(None),
)
_OPEN = (
    select(
        c(Activity).id,
        c(Activity).group_id,
        c(Activity).what,
        c(Activity).how,
        c(Activity).follow_up,
        c(Activity).state,
        c(Activity).deadline_text,
        c(Activity).deadline_last,
        c(Activity).reported_done_on,
        c(Activity).runs_on,
        c(Activity).review_months,
        c(Plan).title.label("plan"),
    )
    .join(Plan, c(Plan).id == c(Activity).plan_id)
    .where(c(Activity).state.in_(OPEN), c(Activity).id.in_(_ACTIVITIES))
    .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    .limit(MOST)
)
