"""An address does not work: the person is marked, and the next in line is to be written to.

The same whether the server said so at once, or in a report that came back days later.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from models.columns import c
from models.letter import Letter, LetterItem, LetterState, Notice
from models.person import Person


def mark_unreachable(session: Session, letter_id: int, said: str, now: datetime) -> bool:
    """Remember that the letter's address does not work; was that news?

    1. Mark the person, unless she has got another address since the letter was written.
    2. Free the notices that stood in no other letter that may have come through, and have no
       answer: they wait for the next round anew, which asks whoever is next to answer.
    """
    address = select(c(Letter).to_address).where(c(Letter).id == letter_id).scalar_subquery()
    whose = select(c(Letter).person_id).where(c(Letter).id == letter_id).scalar_subquery()
    marked = session.execute(
        update(Person)
        .where(c(Person).id == whose, c(Person).email == address)
        .where(c(Person).unreachable_since.is_(None))
        .values(unreachable_since=now, unreachable_why=said)
        .returning(c(Person).id)
        .execution_options(synchronize_session=False)
    ).first()
    own = select(c(LetterItem).notice_id).where(c(LetterItem).letter_id == letter_id)
    other = (
        select(c(LetterItem).notice_id)
        .join(Letter, c(Letter).id == c(LetterItem).letter_id)
        .where(
            c(Letter).id != letter_id,
            c(Letter).state.not_in((LetterState.FAILED, LetterState.BOUNCED)),
            c(LetterItem).notice_id.in_(own),
        )
    )
    session.execute(
        update(Notice)
        .where(c(Notice).id.in_(own), c(Notice).id.not_in(other))
        .where(c(Notice).settled_on.is_(None))
        .values(written_on=None)
        .execution_options(synchronize_session=False)
    )
    return marked is not None
