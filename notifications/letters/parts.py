"""Parts of the day's letter besides notices: a report, the week's sums, a word about somebody.

Whoever decides that something is to be said calls `add` in the same transaction. It waits until it
stands in a letter (`morning.py`), or is found to hold no longer when one is made (`pieces.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlmodel import Session

from config import clock
from models.columns import c
from models.left import is_out_of
from models.letter import Attachment, LetterPart
from models.letter_kinds import PLACES, LetterKind, Place
from models.person import Person
from notifications.outbox import Enclosed, Words
from rules.personnummer import masked, masked_letter


def add(
    session: Session,
    person_id: int,
    kind: LetterKind,
    words: Words,
    *,
    today: date,
    occasion: str = "",
    collaboration_id: int | None = None,
    edition_id: int | None = None,
    period: str = "",
    leads_to: Iterable[str] = (),
    enclosed: Sequence[Enclosed] = (),
) -> int | None:
    """Put a part on file; its id, or None when she has it for that day and occasion.

    `words`: what a letter with nothing else would be called, and the piece in two spellings.
    `leads_to`: the pages whose marks stand in it (`rules/marks.py`).
    """
    assert PLACES[kind] is Place.PART
    p = c(LetterPart)
    had = select(p.id).where(
        p.person_id == person_id, p.on_day == today, p.kind == kind, p.occasion == occasion
    )
    if session.execute(had).first() is not None:
        return None
    part_id: int = session.execute(
        insert(LetterPart)
        .values(
            person_id=person_id,
            kind=kind,
            occasion=occasion,
            on_day=today,
            decided_at=clock.now(),
            collaboration_id=collaboration_id,
            edition_id=edition_id,
            period=period,
            title=masked(words.subject),
            text=masked_letter(words.text),
            html=masked_letter(words.html),
            leads_to=" ".join(leads_to),
        )
        .returning(p.id)
    ).scalar_one()
    for file in enclosed:
        session.execute(
            insert(Attachment).values(
                letter_part_id=part_id,
                name=file.name,
                media_type=file.media_type,
                content_id=file.content_id,
                content=file.content,
            )
        )
    return part_id


def waiting(session: Session, today: date) -> Sequence[Row[Any]]:
    """The parts that wait for a letter, of those who can be reached, in the order of deciding."""
    p = c(LetterPart)
    return session.execute(
        select(*p)
        .join(Person, c(Person).id == p.person_id)
        .where(
            p.letter_id.is_(None),
            p.dropped_on.is_(None),
            p.on_day <= today,
            c(Person).unreachable_since.is_(None),
            or_(c(Person).left_on.is_(None), c(Person).left_on >= today),
            ~is_out_of(p.person_id, p.collaboration_id, today),
        )
        .order_by(p.id)
    ).all()


def still_wait(session: Session, ids: Collection[int]) -> bool:
    """Do all these parts wait yet?"""
    p = c(LetterPart)
    asked = select(p.id).where(p.id.in_(ids), p.letter_id.is_(None), p.dropped_on.is_(None))
    return len(session.execute(asked).all()) == len(ids)


def stand_in(session: Session, ids: Collection[int], letter_id: int) -> None:
    """These parts stand in that letter."""
    _put(session, ids, letter_id=letter_id)


def drop(session: Session, ids: Collection[int], today: date) -> None:
    """These parts hold no longer, and are in no letter."""
    _put(session, ids, dropped_on=today)


def _put(session: Session, ids: Collection[int], **values: object) -> None:
    if ids:
        session.execute(
            update(LetterPart)
            .where(c(LetterPart).id.in_(ids), c(LetterPart).letter_id.is_(None))
            .values(values)
            .execution_options(synchronize_session=False)
        )
