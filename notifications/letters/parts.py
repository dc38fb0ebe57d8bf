"""Parts of the day's letter besides notices: a report, the week's sums, a word about somebody.

Whoever decides that something is to be said calls `add` in the same transaction. It waits until it
stands in a letter (`morning.py`), or is found to hold no longer when one is made (`pieces.py`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config import clock
from models.columns import c
from models.left import is_out_of
from models.letter import Attachment, Letter, LetterPart, LetterState
from models.letter_kinds import PLACES, LetterKind, Place
from models.person import Person
from notifications.outbox import Enclosed, Words
from rules.personnummer import masked, masked_letter

LOST = (LetterState.FAILED, LetterState.BOUNCED)
# How often a part is told. After each letter that does not come the wait is twice as long, a month
# in all: a full mailbox may be emptied, and one that is too large takes her questions down with it.
_MOST_TOLD = 6


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
    if session.execute(_on_day(person_id, kind, occasion, today)).first() is not None:
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


def _on_day(person_id: int, kind: LetterKind, occasion: str, day: date) -> Select[tuple[int]]:
    """Her part of that kind and occasion on a day: there is at most one."""
    p = c(LetterPart)
    return select(p.id).where(
        p.person_id == person_id, p.on_day == day, p.kind == kind, p.occasion == occasion
    )


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


def tell_anew(session: Session, letter_id: int) -> None:
    """What stood in a letter that did not come waits once more, as a part of its own.

    The lost letter keeps its parts: they say whose it is. What was told as many times as it may be,
    or waits anew already, is not told again.
    """
    p = c(LetterPart)
    lost = session.execute(
        select(*p, c(Letter).on_day.label("tried_on"))
        .join(Letter, c(Letter).id == p.letter_id)
        .where(p.letter_id == letter_id)
        .order_by(p.id)
    )
    for row in lost.all():
        told = select(func.count(), func.max(p.id)).where(is_told_with(p, row))
        times, newest = session.execute(told).one()
        if newest != row.id or times >= _MOST_TOLD:
            continue
        again = {name: getattr(row, name) for name in _COPIED}
        waits_until = row.tried_on + timedelta(days=2 ** (times - 1))
        on_day = _on_day(row.person_id, row.kind, row.occasion, waits_until)
        if session.execute(on_day).first() is not None:
            continue  # the next week's part has come in its place
        part_id = session.execute(
            insert(LetterPart).values(again | {"on_day": waits_until}).returning(p.id)
        ).scalar_one()
        _enclose_again(session, row.id, part_id)


# What is the same each time that something is told; `decided_at` is what tells it from others.
_SAME = ("person_id", "kind", "occasion", "decided_at")
_COPIED = (*_SAME, "collaboration_id", "edition_id", "period", "title", "text", "html", "leads_to")


def is_told_with(part: Any, row: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns, a row
    """The condition that a part is the same as that one, told another time or then."""
    found: ColumnElement[bool] = literal(value=True)
    for name in _SAME:
        found &= getattr(part, name) == getattr(row, name)
    return found


def _enclose_again(session: Session, part_id: int, again: int) -> None:
    file = c(Attachment)
    columns = ("name", "media_type", "content_id", "content")
    session.execute(
        insert(Attachment).from_select(
            ["letter_part_id", *columns],
            select(literal(again), *(getattr(file, name) for name in columns)).where(
                file.letter_part_id == part_id
            ),
        )
    )


def wait_at_once(session: Session, letter_id: int, today: date) -> None:
    """The parts of a lost letter wait for one that somebody sends by hand today.

    Not what she has been told since; what waits to be told another day is told now instead.
    """
    p, other = c(LetterPart), aliased(LetterPart)
    elsewhere: Any = other
    for row in session.execute(select(*p).where(p.letter_id == letter_id)).all():
        told = (
            select(elsewhere.id)
            .join(Letter, c(Letter).id == elsewhere.letter_id)
            .where(is_told_with(elsewhere, row), c(Letter).state.not_in(LOST))
        )
        if session.execute(told.limit(1)).first() is not None:
            continue
        later = select(p.id).where(
            is_told_with(p, row), p.letter_id.is_(None), p.dropped_on.is_(None)
        )
        drop(session, list(session.execute(later).scalars()), today)
        session.execute(
            update(LetterPart)
            .where(p.id == row.id)
            .values(letter_id=None)
            .execution_options(synchronize_session=False)
        )


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
