"""Administrators come and go: brought in from the setting once, added and ended by hand.

Each change is told to all of them by letter, in the transaction that makes it; her sessions end
with it, so that the right is held by whoever proves her address anew. A right that ends with her
last day is told the morning after it.
"""

from datetime import date, timedelta

from sqlalchemy import exists, insert, select, true, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.administrator import (
    THE_LAST,
    Administrator,
    administrators,
    end_with_last_day,
    is_administrator,
    others_stay,
)
from models.alone import alone
from models.columns import c
from models.database import Turns, reading, take_turns, transaction
from models.group import RegisterNote
from models.letter_kinds import LetterKind
from models.moves import Mover, Refused
from models.person import Person, new_numbers
from models.session import end_sessions_of
from notifications.letters.frame import another_administrator
from notifications.outbox import Words, queue
from rules.names_of_people import why_no_person
from rules.wording import day_in_words
from templates import render

LETTER = LetterKind.ADMINISTRATORS
BY_SETTING = "FOLJSAM_ADMINISTRATORS"


def bring_in(settings: Settings, today: date) -> int:
    """Bring in whom the setting names, when nobody has ever been an administrator; how many.

    Asked at each start. The rows are history and never removed, so afterwards the setting has no
    effect, also when all of them have ended.
    """
    if not settings.administrator_addresses:
        return 0
    with reading(settings) as session:
        if _any_ever(session):
            return 0
    with transaction(settings) as session:
        take_turns(session, Turns.ADMINISTRATORS)
        if _any_ever(session):  # another process was first
            return 0
        for address in sorted(settings.administrator_addresses):
            person = _on_file(session, address, "")
            _give(session, person, BY_SETTING, today)
    return len(settings.administrator_addresses)


def add(
    session: Session, settings: Settings, address: str, mover: Mover, *, name: str, today: date
) -> None:
    """Somebody becomes an administrator from today. Raises `Refused`."""
    take_turns(session, Turns.ADMINISTRATORS)
    address = address.strip().lower()
    if "@" not in address.strip("@") or " " in address:
        raise Refused([f"”{address}” är ingen e-postadress."])
    person = _on_file(session, address, name)
    assert person.id is not None
    if person.left_on is not None:
        raise Refused([f"{person.name} har en sista dag. Ta bort den på personens sida först."])
    if is_administrator(session, person.id, today):
        raise Refused([f"{person.name} är redan administratör."])
    _give(session, person, mover.name, today)
    subject = f"{person.name} är administratör"
    _tell(session, settings, subject, f"{subject} från i dag.", mover, today, set())


def end(session: Session, settings: Settings, address: str, mover: Mover, *, today: date) -> None:
    """Somebody is an administrator no more, from now. The last one is not ended."""
    take_turns(session, Turns.ADMINISTRATORS)
    address = address.strip().lower()
    person = session.execute(select(Person).where(c(Person).email == address)).scalar()
    if person is None or person.id is None:
        raise Refused([f"Ingen i Följsam har adressen {address}."])
    if not is_administrator(session, person.id, today):
        raise Refused([f"{person.name} är inte administratör."])
    if not others_stay(session, person.id):
        raise Refused([THE_LAST.format(name=person.name)])
    session.execute(
        update(Administrator)
        .where(c(Administrator).person_id == person.id, c(Administrator).ended_on.is_(None))
        .values(ended_on=today, end_told_on=today)
    )
    end_sessions_of(session, person.id)
    subject = f"{person.name} är inte längre administratör"
    _note(session, person.id, f"{subject}.", mover.name, today)
    _tell(session, settings, subject, f"{subject}.", mover, today, {person.id})


def tell_of_last_days(session: Session, settings: Settings, today: date) -> int:
    """Whose last day has passed is no administrator any more: written down, and told once.

    So are those whose day was taken away since, and who lost the right by that. Returns how many.
    """
    take_turns(session, Turns.ADMINISTRATORS)
    end_with_last_day(session, true(), passed=today)
    row = c(Administrator)
    over = (
        select(row.id, row.person_id, row.ended_on, c(Person).name)
        .join(Person, c(Person).id == row.person_id)
        .where(row.ended_on <= today, row.end_told_on.is_(None))
        .order_by(row.id)
    )
    rows = session.execute(over).all()
    told_of = 0
    for id_, person_id, ended_on, name in rows:
        with alone("Ordet om att en administratör slutat,", name, session):
            ended = update(Administrator).where(row.id == id_).values(end_told_on=today)
            session.execute(ended)
            subject = f"{name} är inte längre administratör"
            last = day_in_words(ended_on - timedelta(days=1))
            told = f"{subject}. Den sista dagen var {last}."
            _note(session, person_id, told, "sista dagen", today)
            _tell(session, settings, subject, told, Mover(""), today, set())
            told_of += 1
    return told_of


def listed(session: Session) -> list[tuple[str, str, date, date | None, str]]:
    """(name, address, since, until, given by) of everybody who is or was one, the latest last."""
    rows = session.execute(
        select(
            c(Person).name,
            c(Person).email,
            c(Administrator).starts_on,
            c(Administrator).ended_on,
            c(Administrator).by,
        )
        .join(Person, c(Person).id == c(Administrator).person_id)
        .order_by(c(Administrator).id)
    )
    return list(rows.tuples())


def _any_ever(session: Session) -> bool:
    return bool(session.execute(select(exists().where(c(Administrator).id.is_not(None)))).scalar())


def _on_file(session: Session, address: str, name: str) -> Person:
    """The person with that address; put on file as nobody's, so that no leader can change her."""
    person = session.execute(select(Person).where(c(Person).email == address)).scalar()
    if person is None:
        if why := why_no_person(name):
            raise Refused([why])
        (number,) = new_numbers(session, 1)
        person = Person(id=number, name=name.strip() or address, email=address)
        session.add(person)
        session.flush()
    return person


def _give(session: Session, person: Person, by: str, today: date) -> None:
    assert person.id is not None
    session.execute(
        insert(Administrator).values(person_id=person.id, starts_on=today, by=by, at=clock.now())
    )
    end_sessions_of(session, person.id)
    _note(session, person.id, f"{person.name} blir administratör.", by, today)


def _note(session: Session, person_id: int, words: str, by: str, today: date) -> None:
    row = {"person_id": person_id, "on_day": today, "at": clock.now(), "by": by, "words": words}
    session.execute(insert(RegisterNote).values(**row))


def _tell(
    session: Session,
    settings: Settings,
    subject: str,
    sentence: str,
    mover: Mover,
    today: date,
    also: set[int],
) -> None:
    """Write to everybody who is an administrator now, and to whoever just was."""
    now = set(session.execute(administrators(today)).scalars())
    asked = select(c(Person).name).where(c(Person).id.in_(now)).order_by(c(Person).name)
    values = {
        "words": sentence,
        "by": mover.name,
        "now": list(session.execute(asked).scalars()),
        "organisation": settings.organisation,
    }
    occasion = f"{clock.now():%H:%M:%S.%f} {subject}"
    for person_id in sorted(now | also):
        contact = another_administrator(session, person_id, today)
        words = Words(
            subject,
            render("mail/administrators/text.txt", **values, contact=contact),
            render("mail/administrators/html.html", **values, contact=contact),
        )
        queue(
            *(session, settings, person_id, LETTER, words),
            today=today,
            occasion=occasion,
            contact=contact,
        )
