"""What is said of a person's own: an address to confirm or that was changed, and a no to be there.

The no is a part of the process leader's next letter; the others are letters. Each is queued in the
transaction that decides it.
"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from config.settings import Settings
from models.address_change import AddressChange
from models.administrator import administrators
from models.group import Collaboration
from models.known import name_in, own_name
from models.letter_kinds import LetterKind
from models.person import Person
from notifications.letters import frame, parts
from notifications.outbox import CHANGED, CONFIRM, Words, queue
from rules import marks
from templates import render

UNDONE, DECLINED = LetterKind.UNDONE, LetterKind.DECLINED
HOURS = 24  # how long a new address can be confirmed
DAYS = 30  # how long it can be undone


def to_new(session: Session, settings: Settings, change: AddressChange, seed: str) -> None:
    """Ask whoever has the new address whether it is hers. Of `seed` the link is made."""
    page = f"{marks.OWN_ADDRESS}{seed}"
    contact = frame.whom_to_ask(session, change.person_id, change.on_day)
    words = _words(session, settings, change, "confirm", "Är det här din adress?", page, contact)
    _queue(session, settings, change, CONFIRM, words, change.after, page, contact)


def to_old(session: Session, settings: Settings, change: AddressChange, seed: str) -> None:
    """Tell whoever has the old address that it was changed, and how to undo it."""
    page = f"{marks.OWN_ADDRESS}{seed}/inte-jag"
    contact = frame.whom_to_ask(session, change.person_id, change.on_day)
    subject = "Din adress i Följsam är ändrad"
    words = _words(session, settings, change, "changed", subject, page, contact)
    _queue(session, settings, change, CHANGED, words, change.before, page, contact)


def to_leaders_undone(
    session: Session, settings: Settings, change: AddressChange, today: date
) -> None:
    """Tell who leads her home, and the administrators, that a change was not hers."""
    person = session.get_one(Person, change.person_id)
    subject = f"{own_name(session, change.person_id)}: det var inte jag"
    told = set(session.execute(administrators(today)).scalars())
    for leader in _leaders(session, person.home_collaboration_id, today) | told:
        contact = frame.another_administrator(session, leader, today)
        words = _words(session, settings, change, "undone", subject, "", contact)
        queue(
            *(session, settings, leader, UNDONE, words),
            today=today,
            occasion=str(change.id),
            contact=contact,
        )


def to_leaders_declined(
    session: Session, person_id: int, collaboration_id: int, today: date
) -> bool:
    """Tell who leads a collaboration that somebody has said no to it; is there anybody to tell?"""
    values = {
        "name": name_in(session, collaboration_id, person_id),
        "area": session.get_one(Collaboration, collaboration_id).name,
    }
    words = Words(
        f"{values['name']} har sagt nej",
        render("mail/declined/text.txt", **values),
        render("mail/declined/html.html", **values),
    )
    whom = _leaders(session, collaboration_id, today)
    for leader in whom:
        parts.add(
            session,
            leader,
            DECLINED,
            words,
            today=today,
            occasion=f"{person_id} {collaboration_id}",
            collaboration_id=collaboration_id,
        )
    return bool(whom)


def _leaders(session: Session, collaboration_id: int | None, today: date) -> set[int]:
    leading = frame.leaders(session, today)
    return {id_ for id_, _ in leading.get(collaboration_id or 0, [])}


def _words(
    session: Session,
    settings: Settings,
    change: AddressChange,
    about: str,
    subject: str,
    page: str,
    contact: frame.Signer | None,
) -> Words:
    values = {
        "contact": contact,
        "about": about,
        "subject": subject,
        "name": own_name(session, change.person_id),
        "before": change.before,
        "after": change.after,
        "by": change.by,
        "link": marks.mark(page),
        "hours": HOURS,
        "days": DAYS,
        "organisation": settings.organisation,
    }
    return _rendered(values)


def _rendered(values: Mapping[str, object]) -> Words:
    return Words(
        str(values["subject"]),
        render("mail/address/text.txt", **values),
        render("mail/address/html.html", **values),
    )


def _queue(
    session: Session,
    settings: Settings,
    change: AddressChange,
    kind: LetterKind,
    words: Words,
    address: str,
    page: str,
    contact: frame.Signer | None,
) -> None:
    queue(
        session,
        settings,
        change.person_id,
        kind,
        words,
        today=change.on_day,
        occasion=str(change.id),
        to_address=address,
        leads_to=[page],
        contact=contact,
    )
