"""Letters that were made and have certainly not gone: what stands in them can wait anew.

A day's letter that waited past its day is replaced by the next one, and so is one that was made by
hand; making one anew on its day is `anew.py`'s. What the server may have had is left as it is: a
retry is the same bytes, so that a double can be told.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import Session

from models.columns import c
from models.letter import Attachment, Letter, LetterItem, LetterPart, LetterState, Link, Notice
from models.letter_kinds import LetterKind


def certainly_not_gone() -> ColumnElement[bool]:
    """The condition that no server can have had the letter, and that we know what it is made of."""
    return c(Letter).made_at.is_not(None) & c(Letter).may_have_gone_at.is_(None)


def take_back(session: Session, today: date) -> int:
    """Let what stands in earlier days' letters that have not gone wait for today's. How many."""
    old = (
        select(c(Letter).id)
        .where(
            c(Letter).kind.in_((LetterKind.MORNING, LetterKind.AGAIN)),
            c(Letter).state == LetterState.QUEUED,
            c(Letter).on_day < today,
            certainly_not_gone(),
        )
        .with_for_update()
    )
    ids = list(session.execute(old).scalars())
    if not ids:
        return 0
    taken = session.execute(
        update(Letter)
        .where(c(Letter).id.in_(ids), c(Letter).state == LetterState.QUEUED)
        .values(state=LetterState.REPLACED)
        .returning(c(Letter).id, c(Letter).link_id)
        .execution_options(synchronize_session=False)
    ).all()
    free(session, [row.id for row in taken])
    closed = [row.link_id for row in taken if row.link_id is not None]
    session.execute(
        update(Letter)
        .where(c(Letter).id.in_([row.id for row in taken]))
        .values(link_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Link).where(c(Link).id.in_(closed)).execution_options(synchronize_session=False)
    )
    return len(taken)


def free(session: Session, letter_ids: Sequence[int]) -> list[int]:
    """What stands in these letters waits anew, but for what has been answered; which notices."""
    inside = select(c(LetterItem).notice_id).where(c(LetterItem).letter_id.in_(letter_ids))
    freed = session.execute(
        update(Notice)
        .where(c(Notice).id.in_(inside), c(Notice).settled_on.is_(None))
        .values(written_on=None)
        .returning(c(Notice).id)
        .execution_options(synchronize_session=False)
    )
    notices = list(freed.scalars())
    session.execute(
        delete(LetterItem)
        .where(c(LetterItem).letter_id.in_(letter_ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Attachment)
        .where(c(Attachment).letter_id.in_(letter_ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(LetterPart)
        .where(c(LetterPart).letter_id.in_(letter_ids))
        .values(letter_id=None)
        .execution_options(synchronize_session=False)
    )
    return notices
