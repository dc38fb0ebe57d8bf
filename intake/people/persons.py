"""People as forms change them: added, renamed, given a new address, moved home.

Last days and links are `last_day.py`. Raises `Refused` with sentences, and then nothing is changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from sqlalchemy import select, update
from sqlmodel import Session

from intake.forms import Reading
from intake.people.another_address import goes_over
from intake.people.mail_addresses import is_address
from intake.people.register import keep, look_up_words, note
from intake.people.roles import take_role
from intake.people.taking_on import (
    DECLINED,
    Typed,
    known_here,
    note_new,
    take_on,
    who_declined,
)
from models.addresses import is_proved, not_the_leaders, put_address
from models.administrator import is_administrator
from models.columns import c
from models.group import Collaboration
from models.known import PersonKnown, name_in, several_collaborations
from models.moves import Mover, Refused
from models.organisation_identity import free
from models.person import Person
from models.refusal import at
from models.register_change import RegisterChange, RegisterDeed
from models.session import end_sessions_of

USED = (
    "Adressen används redan, så den ändras av personen själv på sidan Mina uppgifter. Fungerar den "
    "inte längre, så be en administratör ändra den."
)
AN_ADMINISTRATOR = (
    "{name} är administratör. Uppgifterna ändras av {name} själv eller av en annan administratör."
)
RENAMED = "Namnet ändras från {before} till {after}."
_RENAMED_SINCE = "Namnet har ändrats igen, till {name}. Ändra det i formuläret i stället."
NOT_HERE = (
    "Det här bestämmer personen själv och sin egen samverkan. Du kan ge och avsluta roller i dina "
    "grupper."
)


class By(Enum):
    """As what somebody changes a person."""

    ADMINISTRATOR = auto()
    HOME = auto()  # the leader of the person's home collaboration
    OTHER = auto()  # the leader of another that she is known in


@dataclass(frozen=True, slots=True)
class Changed:
    """Who is on the page after a change, and the address that was in use and is hers no more.

    Whoever reads that address is to be told; "" when nobody is.
    """

    person_id: int
    left: str = ""


def add_person(
    session: Session, collaboration_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int:
    """Put somebody on file with a role in a group. Returns her number."""
    reading = Reading(given, today, session)
    name, email = _name_and_address(reading)
    known = known_here(session, collaboration_id, email)
    if known is not None:
        name_here = name_in(session, collaboration_id, known)
        reading.problems.append(at("email", f"Adressen {email} har redan {name_here}."))
    if email in who_declined(session, collaboration_id):
        reading.problems.append(at("email", DECLINED.format(email=email)))
    group_id = reading.group("group", collaboration_id)
    if group_id is None:
        reading.problems.append(at("group", "Välj vilken grupp personen hör till."))
    reading.done()
    assert group_id is not None
    typed = Typed(name, email)
    take_on(session, collaboration_id, [typed], mover.name)
    note_new(session, collaboration_id, typed, mover.name, today=today)
    found = session.execute(select(c(Person).id).where(c(Person).email == email))
    person_id = int(found.scalar_one())
    take_role(session, group_id, person_id, given, mover, today=today)
    session.flush()
    look_up_words(session)
    return person_id


def change_person(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    by: By = By.HOME,
) -> Changed:
    """Change a name or an address. A new address is one that has not failed yet.

    The leader of her home corrects an address that nobody has used; a used one is changed by its
    owner (`notifications/own_address.py`), or by an administrator. Where several collaborations
    share the installation, the leader's correction is `another_address.py`.
    """
    reading = Reading(given, today, session)
    person = session.get_one(Person, person_id, with_for_update=True)
    name, email = _name_and_address(reading, person.name)
    if email != person.email:
        reading.problems.extend(_why_not_address(session, person, email, by, today))
    elif name != person.name and by is By.HOME and is_administrator(session, person_id, today):
        reading.problems.append(AN_ADMINISTRATOR.format(name=person.name))
    reading.done()
    home = person.home_collaboration_id
    if email != person.email and by is By.HOME and home and several_collaborations(session):
        typed = Typed(name, email)
        return Changed(goes_over(session, home, person_id, typed, mover.name, today=today))
    left = person.email if email != person.email and _in_use(session, person_id) else ""
    changed = []
    if name != person.name:
        _renamed(session, person_id, None, (person.name, name), mover, today)
    if email != person.email:
        changed.append(f"Adressen ändras från {person.email} till {email}.")
    elif person.unreachable_since is not None and reading.line("try_again"):
        changed.append(f"Brev till {email} provas igen.")
    if reading.line("try_again"):
        person.unreachable_since, person.unreachable_why = None, ""
    person.name = name
    if email != person.email:
        put_address(session, person, email)
    for words in changed:
        note(session, words, mover.name, today=today, person_id=person_id)
    session.flush()
    look_up_words(session)
    return Changed(person_id, left)


def call_her(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    area: int,
    mover: Mover,
    *,
    today: date,
) -> int:
    """Change what a collaboration that is not her home calls somebody. Nothing of hers changes.

    With another address, somebody else takes her place here, as long as she has not been written to
    from here: the same as for one at home. Returns the number of the one who is known here then.
    """
    reading = Reading(given, today, session)
    called = name_in(session, area, person_id)
    name, email = _name_and_address(reading, called)
    another = email != session.get_one(Person, person_id).email
    if another and _told_here(session, person_id, area):
        reading.problems.append(at("email", USED))
    elif another:
        reading.problems.extend(at("email", told) for told in _why_not_here(session, email, area))
    reading.done()
    if another:
        typed = Typed(name, email)
        return goes_over(session, area, person_id, typed, mover.name, today=today)
    if name == called:
        return person_id
    session.execute(
        update(PersonKnown)
        .where(c(PersonKnown).person_id == person_id, c(PersonKnown).collaboration_id == area)
        .values(name=name)
    )
    _renamed(session, person_id, area, (called, name), mover, today)
    session.flush()
    look_up_words(session)
    return person_id


def _renamed(
    session: Session,
    person_id: int,
    area: int | None,
    names: tuple[str, str],
    mover: Mover,
    today: date,
) -> None:
    """Write down what she was called and is: by a collaboration, or (None) her own name."""
    before, after = names
    told = {"name_before": before, "name_after": after, "collaboration_id": area}
    change = keep(session, RegisterDeed.RENAMED, today, person_id=person_id, **told)
    note(
        *(session, RENAMED.format(before=before, after=after), mover.name),
        today=today,
        person_id=person_id,
        collaboration_id=area,
        change_id=change,
    )


def called_as_before(session: Session, change: RegisterChange, today: date, by: By) -> None:
    """A new name is taken back: by a collaboration, or as her own. Raises `Refused`."""
    person_id, area = change.person_id, change.collaboration_id
    assert person_id is not None
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if area is None:
        if by is By.HOME and is_administrator(session, person_id, today):
            raise Refused([AN_ADMINISTRATOR.format(name=person.name)])
        now = person.name
    else:
        now = name_in(session, area, person_id)
    if now != change.name_after:
        raise Refused([_RENAMED_SINCE.format(name=now)])
    if area is None:
        person.name = change.name_before
        return
    known = c(PersonKnown)
    session.execute(
        update(PersonKnown)
        .where(known.person_id == person_id, known.collaboration_id == area)
        .values(name=change.name_before)
    )


def _told_here(session: Session, person_id: int, area: int) -> bool:
    """Has she been written to, that this collaboration has taken her on?"""
    asked = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == person_id,
        c(PersonKnown).collaboration_id == area,
        c(PersonKnown).told_at.is_not(None),
    )
    return session.execute(asked).first() is not None


def _why_not_here(session: Session, email: str, area: int) -> list[str]:
    """What stands in the way of an address in a collaboration, as far as it knows itself."""
    if email in who_declined(session, area):
        return [DECLINED.format(email=email)]
    known = known_here(session, area, email)
    if known is None:
        return []
    return [f"Adressen {email} har redan {name_in(session, area, known)}."]


def move_home(
    session: Session, person_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Let somebody be at home in another collaboration; the old one still knows her."""
    reading = Reading(given, today, session)
    number = reading.number("home")
    to = session.get(Collaboration, number) if number else None
    if to is None:
        reading.problems.append(at("home", "Välj vilken samverkan personen ska höra hemma i."))
    reading.done()
    assert to is not None
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.home_collaboration_id == to.id:
        raise Refused([f"{person.name} hör redan hemma i {to.name}."])
    if person.home_collaboration_id is not None:
        was_home = person.home_collaboration_id
        person.home_collaboration_id = to.id
        session.flush()
        typed = [Typed(person.name, person.email)]
        take_on(session, was_home, typed, mover.name, anew=False)
    person.home_collaboration_id = to.id
    words = f"{person.name} hör nu hemma i {to.name}."
    note(session, words, mover.name, today=today, person_id=person_id)


def free_account(session: Session, person_id: int, mover: Mover, *, today: date) -> None:
    """Let somebody's address lead to another account at her organisation; she signs in anew."""
    if not free(session, person_id):
        raise Refused(["Inget konto är kopplat längre. Läs in sidan igen."])
    end_sessions_of(session, person_id)
    words = "Kontot hos organisationen är bortkopplat."
    note(session, words, mover.name, today=today, person_id=person_id)


def refuse_unless_hers(session: Session, person_id: int, by: By, today: date) -> None:
    """Raises `Refused` unless her last day and links are for that somebody to change at all.

    Where several collaborations share the installation each leader changes what is her own, at home
    or not (`last_day.py`); where there is one, who is at home nowhere is an administrator's.
    """
    if by is By.OTHER and not several_collaborations(session):
        raise Refused([NOT_HERE])
    if by is By.HOME and is_administrator(session, person_id, today):
        name = session.get_one(Person, person_id).name
        raise Refused([AN_ADMINISTRATOR.format(name=name)])


def _in_use(session: Session, person_id: int) -> bool:
    asked = select(c(Person).id).where(c(Person).id == person_id, is_proved())
    return session.execute(asked).first() is not None


def _why_not_address(
    session: Session, person: Person, email: str, by: By, today: date
) -> list[str]:
    """What stands in the way of another address."""
    assert person.id is not None
    if by is By.HOME:
        stays = select(c(Person).id).where(c(Person).id == person.id, not_the_leaders(today))
        if is_administrator(session, person.id, today):
            return [AN_ADMINISTRATOR.format(name=person.name)]
        if session.execute(stays).first() is not None:
            return [USED]
    home = person.home_collaboration_id
    if by is By.HOME and home and several_collaborations(session):
        return _why_not_here(session, email, home)
    taken = session.execute(select(c(Person).name).where(c(Person).email == email)).scalar()
    if taken is None:
        return []
    return [at("email", f"Adressen {email} har redan {taken}.")]


def _name_and_address(reading: Reading, kept: str = "") -> tuple[str, str]:
    name = reading.called("name", "Skriv vad personen heter.", kept)
    email = reading.line("email").lower()
    if not is_address(email):
        told = f"”{email}” är ingen e-postadress." if email else "Skriv en e-postadress."
        reading.problems.append(at("email", told))
    return name, email
