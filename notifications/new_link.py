"""A new link instead of one that has closed: to the address on file, and to no other.

Whoever asks gets the same answer at the same speed, whether or not anybody is on file: what differs
is done here, after the answer is sent. One letter to a person and day, however often it is asked
for.
"""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.known import own_name
from models.letter import Letter
from models.letter_kinds import LetterKind
from models.person import Person
from notifications import links
from notifications.letters import frame
from notifications.outbox import Words, queue
from rules import marks
from templates import render

KIND = LetterKind.NEW_LINK


def send(settings: Settings, token: str, address: str, today: date) -> int | None:
    """Queue a letter with a new link to whom the closed one was for, or who has that address.

    None when nobody is, she cannot be reached, or has had one today.
    """
    with reading(settings) as session:
        person_id = links.was_for(session, settings, token) or _with_address(session, address)
        if person_id is None or not _can_be_reached(session, person_id, today):
            return None
        if _has_had_one(session, person_id, today):
            return None  # so that no row is written for each who asks
    with transaction(settings) as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if _has_had_one(session, person_id, today):  # another asked at the same moment
            return None
        signer = None
        if person.home_collaboration_id is not None:
            signer = frame.signers(session, today).get(person.home_collaboration_id)
        contact = signer or frame.whom_to_ask(session, person_id, today)
        values = {
            "name": own_name(session, person_id),
            "link": marks.mark(marks.ANSWER),
            "days": settings.link_days,
            "organisation": settings.organisation,
            "signer": contact,
        }
        words = Words(
            f"Din nya länk [{frame.reference(person_id, KIND, today)}]",
            render("mail/new_link/text.txt", **values),
            render("mail/new_link/html.html", **values),
        )
        return queue(
            session,
            settings,
            person_id,
            KIND,
            words,
            today=today,
            link_id=links.make(session, settings, person_id),
            leads_to=[marks.ANSWER],
            signer=signer,
            contact=contact,
        )


def _with_address(session: Session, address: str) -> int | None:
    words = address.strip().lower()
    if not words:
        return None
    return session.execute(select(c(Person).id).where(c(Person).email == words)).scalar()


def _has_had_one(session: Session, person_id: int, today: date) -> bool:
    asked = select(c(Letter).id).where(
        c(Letter).person_id == person_id, c(Letter).kind == KIND, c(Letter).on_day == today
    )
    return session.execute(asked.limit(1)).first() is not None


def _can_be_reached(session: Session, person_id: int, today: date) -> bool:
    person = session.get_one(Person, person_id)
    gone = person.left_on is not None and person.left_on < today
    return person.unreachable_since is None and not gone
