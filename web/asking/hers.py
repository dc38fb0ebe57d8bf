"""What a person may answer about behind a link: activities, their parts, and of which only those.

Nothing of a collaboration that the link is closed to. What she says of them is `answer.py`; what
others have said is `said.py`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session

from intake.lives.answers import AskedPart
from models.activity import Activity
from models.columns import c
from models.group import Group
from models.letter import Letter, LetterItem, Notice, NoticeKind
from models.lifecycle import OPEN
from models.part import Part, PartState, is_told
from models.plan import Plan
from notifications.directory import answers_for, parts_for, reach
from notifications.links import Opened

MOST = 200  # activities on one page


@dataclass(frozen=True, slots=True)
class Hers:
    """What a person may answer about: activities, their parts, and of which only the parts."""

    rows: list[Any]
    parts: dict[int, tuple[AskedPart, ...]]
    only_parts: AbstractSet[int]


def what_is_hers(session: Session, opened: Opened, today: date) -> Hers:
    """What this person answers for today, whole or in part, and what the letter was about."""
    person_id = opened.person_id
    found = reach(session, person_id, today)
    whole = {
        *in_letter(session, opened),
        *(one.activity_id for one in answers_for(session, person_id, today, found)),
    }
    in_part = parts_for(session, person_id, today, found)
    rows = _open(session, whole | in_part.keys(), opened)
    only_parts = {row.id for row in rows} - whole
    parts: dict[int, tuple[AskedPart, ...]] = {}
    waiting = _parts_waiting(session, in_part)
    for activity_id, part_id, name, state in _parts(session, [row.id for row in rows]):
        if activity_id in whole or part_id in in_part[activity_id]:
            waits = part_id in waiting and state != PartState.UNANSWERED
            asked = AskedPart(part_id, name, state, waits)
            parts[activity_id] = (*parts.get(activity_id, ()), asked)
    return Hers(rows, parts, only_parts)


def in_letter(session: Session, opened: Opened) -> set[int]:
    """The activities that the letter with the link asked about, as a whole."""
    of_the_whole = or_(c(Notice).part_id.is_(None), c(Notice).kind == NoticeKind.SILENCE)
    return set(
        session.execute(
            select(c(Notice).activity_id)
            .join(LetterItem, c(LetterItem).notice_id == c(Notice).id)
            .join(Letter, c(Letter).id == c(LetterItem).letter_id)
            .where(c(Letter).link_id == opened.link_id, c(Notice).activity_id.is_not(None))
            .where(of_the_whole, c(Notice).kind.not_in((NoticeKind.LACK, NoticeKind.UNDONE)))
            .where(c(Notice).activity_id.in_(opens(opened)))
        ).scalars()
    )


def opens(opened: Opened) -> Select[tuple[int]]:
    """The activities that a link is not closed to, whoever's they are."""
    return (
        select(c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Group).collaboration_id.not_in(opened.closed_to))
    )


def withdrawn_plans(session: Session, opened: Opened) -> list[Any]:
    """The plans that her letter asked about, and that have been taken back since."""
    about = select(c(Activity).plan_id).where(c(Activity).id.in_(in_letter(session, opened)))
    asked = select(c(Plan).title, c(Plan).withdrawn_on).where(
        c(Plan).id.in_(about), c(Plan).withdrawn_on.is_not(None)
    )
    return list(session.execute(asked.order_by(c(Plan).title)))


def _parts(session: Session, activity_ids: list[int]) -> list[Any]:
    return list(
        session.execute(
            select(c(Part).activity_id, c(Part).id, c(Part).name, c(Part).state)
            .where(c(Part).activity_id.in_(activity_ids), is_told())
            .order_by(c(Part).id)
        )
    )


def _parts_waiting(session: Session, in_part: dict[int, set[int]]) -> set[int]:
    """Which of her own parts a letter has asked about without an answer so far."""
    hers = [part_id for part_ids in in_part.values() for part_id in part_ids]
    waiting = select(c(Notice).part_id).where(
        c(Notice).part_id.in_(hers),
        c(Notice).written_on.is_not(None),
        c(Notice).settled_on.is_(None),
    )
    return {part_id for part_id in session.execute(waiting).scalars() if part_id is not None}


def _open(session: Session, ids: AbstractSet[int], opened: Opened) -> list[Any]:
    return list(
        session.execute(
            select(
                c(Activity).id,
                c(Activity).group_id,
                c(Activity).what,
                c(Activity).how,
                c(Activity).follow_up,
                c(Activity).state,
                c(Activity).deadline_text,
                c(Activity).deadline_last,
                c(Activity).runs_on,
                c(Activity).review_months,
                c(Plan).title.label("plan"),
            )
            .join(Plan, c(Plan).id == c(Activity).plan_id)
            .where(c(Activity).state.in_(OPEN), c(Activity).id.in_(ids))
            .where(c(Activity).id.in_(opens(opened)))
            .order_by(
                c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id
            )
            .limit(MOST)
        )
    )
