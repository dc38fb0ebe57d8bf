"""People as forms change them: added, renamed, given a new address, gone; their links revoked.

Somebody who left keeps her history: her roles end, what she has handed over ends, her links close.
Raises `Refused` with sentences, and then nothing is changed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from intake.forms import Reading
from intake.people.delegation import end_all_of
from intake.people.lists import is_address
from intake.people.register import look_up_words, note
from intake.people.roles import take_role
from models.columns import c
from models.letter import Link
from models.moves import Mover, Refused
from models.person import Person, RoleHolding
from rules.wording import day_in_words


def add_person(
    session: Session, collaboration_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int:
    """Put somebody on file with a role in a group. Returns her number."""
    reading = Reading(given, today, session)
    name, email = _name_and_address(reading, None)
    group_id = reading.group("group", collaboration_id)
    if group_id is None:
        reading.problems.append("Välj vilken grupp personen hör till.")
    reading.done()
    assert group_id is not None
    person = Person(name=name, email=email)
    session.add(person)
    session.flush()
    assert person.id is not None
    words = f"Ny person: {name}, {email}."
    note(session, words, mover.name, today=today, person_id=person.id)
    take_role(session, group_id, person.id, given, mover, today=today)
    session.flush()
    look_up_words(session)
    return person.id


def change_person(
    session: Session, person_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Change a name or an address. A new address is one that has not failed yet."""
    reading = Reading(given, today, session)
    person = session.get_one(Person, person_id, with_for_update=True)
    name, email = _name_and_address(reading, person_id)
    reading.done()
    changed = []
    if name != person.name:
        changed.append(f"Namnet ändras från {person.name} till {name}.")
    if email != person.email:
        changed.append(f"Adressen ändras från {person.email} till {email}.")
    elif person.unreachable_since is not None and reading.line("try_again"):
        changed.append(f"Brev till {email} provas igen.")
    if email != person.email or reading.line("try_again"):
        person.unreachable_since, person.unreachable_why = None, ""
    person.name, person.email = name, email
    for words in changed:
        note(session, words, mover.name, today=today, person_id=person_id)
    session.flush()
    look_up_words(session)


def leave(
    session: Session, person_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Somebody leaves, on a last day that may have been or is to come.

    1. All her roles end that day; one that was to begin later begins and ends on its first day.
    2. What she has handed over, or taken over from others, ends with it.
    3. Her links close after it.
    """
    reading = Reading(given, today, session)
    last = reading.day("left_on", last=True)
    if not reading.line("left_on"):
        reading.problems.append("Skriv vilken som är eller var den sista dagen.")
    reading.done()
    assert last is not None
    person = session.get_one(Person, person_id, with_for_update=True)
    person.left_on = last
    for holding in session.execute(
        select(RoleHolding).where(
            c(RoleHolding).person_id == person_id,
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
        )
    ).scalars():
        holding.ends_on = max(last, holding.starts_on or last)
    end_all_of(session, person_id, mover, after=last)
    closes = clock.start_of(last + timedelta(days=1))
    session.execute(
        update(Link)
        .where(c(Link).person_id == person_id, c(Link).expires_at > closes)
        .values(expires_at=closes)
    )
    words = f"Sista dag: {day_in_words(last)}."
    note(session, words, mover.name, today=today, person_id=person_id)


def come_back(session: Session, person_id: int, mover: Mover, *, today: date) -> None:
    """Somebody had not left after all, or is back; roles are given anew."""
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.left_on is None:
        raise Refused([f"{person.name} har ingen sista dag. Läs in sidan igen."])
    person.left_on = None
    note(session, f"{person.name} är tillbaka.", mover.name, today=today, person_id=person_id)


def revoke_links(
    session: Session, person_id: int, mover: Mover, *, today: date, link_id: int | None = None
) -> int:
    """Revoke one of somebody's links, or all that are live. Returns how many."""
    now = clock.now()
    live = [
        c(Link).person_id == person_id,
        c(Link).revoked_at.is_(None),
        c(Link).expires_at > now,
    ]
    if link_id is not None:
        live.append(c(Link).id == link_id)
    changed = session.execute(update(Link).where(*live).values(revoked_at=now))
    number = int(changed.rowcount)  # type: ignore[attr-defined]
    if not number:
        raise Refused(["Länken gäller inte längre. Läs in sidan igen."])
    words = "En länk återkallas." if number == 1 else f"{number} länkar återkallas."
    note(session, words, mover.name, today=today, person_id=person_id)
    return number


def _name_and_address(reading: Reading, person_id: int | None) -> tuple[str, str]:
    name = reading.asked("name", "Skriv vad personen heter.")
    email = reading.line("email").lower()
    if not is_address(email):
        reading.problems.append(
            f"”{email}” är ingen e-postadress." if email else "Skriv en e-postadress."
        )
    taken = select(c(Person).id, c(Person).name).where(c(Person).email == email)
    row = reading.session.execute(taken).one_or_none()
    if row is not None and row.id != person_id:
        reading.problems.append(f"Adressen {email} har redan {row.name}.")
    return name, email
