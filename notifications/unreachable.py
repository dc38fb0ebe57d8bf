"""An address does not work: the person is marked, and the next in line is to be written to.

The same whether the server said so at once, or in a report that came back days later. What was
marked on words that say nothing of the address is taken back; what never came is told anew.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterItem, LetterState, Notice
from models.person import Person
from notifications.letters import parts
from rules.refusals import is_dead_address


def mark_unreachable(session: Session, letter_id: int, said: str, now: datetime) -> bool:
    """Remember that the letter's address does not work; was that news?

    1. Mark the person, unless she has got another address since the letter was written.
    2. What stood in it is told anew, to whoever is next to answer.
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
    free_what_never_came(session, letter_id)
    return marked is not None


def free_what_never_came(session: Session, letter_id: int) -> None:
    """What stood in a letter that did not come waits anew: notices, and what else was told.

    Notices that stood in another letter that may have come through, or have an answer, do not.
    """
    _free_notices(session, letter_id)
    parts.tell_anew(session, letter_id)


def _free_notices(session: Session, letter_id: int) -> None:
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
    session.execute(  # looked up anew among the letters that did come (`silence.py`)
        update(Notice)
        .where(c(Notice).id.in_(own), c(Notice).settled_on.is_(None))
        .values(asked_on=None)
        .execution_options(synchronize_session=False)
    )


def free_wrongly_marked(session: Session) -> int:
    """Free those who were marked on words that do not say that their address is dead; how many.

    Earlier versions marked on what a server said of our own sender. What stood in those people's
    letters, and has come to nobody since, counts as not told; reports and other parts
    are left, since those letters may be of any year.
    """
    p = c(Person)
    marked = session.execute(
        select(p.id, p.unreachable_why).where(
            p.unreachable_since.is_not(None), p.unreachable_why != ""
        )
    )
    wrongly = [id_ for id_, why in marked if not is_dead_address(why)]
    for id_ in wrongly:
        session.execute(
            update(Person)
            .where(p.id == id_)
            .values(unreachable_since=None, unreachable_why="")
            .execution_options(synchronize_session=False)
        )
        lost = select(c(Letter).id).where(
            c(Letter).person_id == id_,
            c(Letter).state.in_((LetterState.FAILED, LetterState.BOUNCED)),
        )
        for letter_id in session.execute(lost).scalars().all():
            _free_notices(session, letter_id)
    return len(wrongly)


def free_at_start(settings: Settings) -> int:
    """The same, at each start: an upgraded installation needs no hand. Returns how many."""
    wrongly = c(Person).unreachable_since.is_not(None) & (c(Person).unreachable_why != "")
    with reading(settings) as session:
        if session.execute(select(c(Person).id).where(wrongly).limit(1)).first() is None:
            return 0
    with transaction(settings) as session:
        return free_wrongly_marked(session)
