"""People as forms change them: added, renamed, given a new address, gone; their links revoked.

Somebody who left keeps her history: her roles end, what she has handed over ends, her links close.
Raises `Refused` with sentences, and then nothing is changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from intake.forms import Reading
from intake.people.another_address import goes_over
from intake.people.delegation import end_all_of
from intake.people.mail_addresses import is_address
from intake.people.register import look_up_words, note
from intake.people.roles import take_role
from intake.people.taking_on import (
    DECLINED,
    Typed,
    known_here,
    note_new,
    take_on,
    who_declined,
)
from models.addresses import is_proved, is_shared, not_the_leaders, put_address
from models.administrator import THE_LAST, is_administrator, others_stay
from models.columns import c
from models.group import Collaboration, Group
from models.known import PersonKnown, name_in, several_collaborations
from models.letter import Link
from models.moves import Mover, Refused
from models.organisation_identity import free
from models.person import Person, RoleHolding
from models.refusal import at
from models.session import end_sessions_of
from rules.wording import alphabetically, day_in_words

USED = (
    "Adressen används redan, så den ändras av personen själv på sidan Mina uppgifter. Fungerar den "
    "inte längre, så be en administratör ändra den."
)
AN_ADMINISTRATOR = (
    "{name} är administratör. Uppgifterna ändras av {name} själv eller av en annan administratör."
)
NOT_HERE = (
    "Det här bestämmer personen själv och sin egen samverkan. Du kan ge och avsluta roller i dina "
    "grupper."
)
SHARED = (
    "Det här påverkar mer än din samverkan. Be en administratör. Roller och ersättare i dina "
    "grupper avslutar du själv."
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
    name, email = _name_and_address(reading)
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
        changed.append(f"Namnet ändras från {person.name} till {name}.")
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
    name, email = _name_and_address(reading)
    another = email != session.get_one(Person, person_id).email
    if another and _told_here(session, person_id, area):
        reading.problems.append(at("email", USED))
    elif another:
        reading.problems.extend(at("email", told) for told in _why_not_here(session, email, area))
    reading.done()
    if another:
        typed = Typed(name, email)
        return goes_over(session, area, person_id, typed, mover.name, today=today)
    session.execute(
        update(PersonKnown)
        .where(c(PersonKnown).person_id == person_id, c(PersonKnown).collaboration_id == area)
        .values(name=name)
    )
    return person_id


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
        take_on(session, was_home, [Typed(person.name, person.email)], mover.name)
    person.home_collaboration_id = to.id
    words = f"{person.name} hör nu hemma i {to.name}."
    note(session, words, mover.name, today=today, person_id=person_id)


def leave(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    by: By = By.HOME,
    areas: Collection[int] = (),
) -> None:
    """Somebody leaves, on a last day that may have been or is to come.

    1. All her roles end that day; one that was to begin later begins and ends on its first day.
    2. What she has handed over, or taken over from others, ends with it.
    3. Her links close after it, and she is signed out.

    One whom another collaboration has too leaves only `areas`, which the leader leads: 1 and 2
    happen there, and nothing else. Else whoever filed an address first could remove others' people.
    """
    refuse_unless_hers(session, person_id, by, today)
    reading = Reading(given, today, session)
    last = reading.day("left_on", last=True)
    if not reading.line("left_on"):
        reading.problems.append(at("left_on", "Skriv vilken som är eller var den sista dagen."))
    reading.done()
    assert last is not None
    person = session.get_one(Person, person_id, with_for_update=True)
    if is_administrator(session, person_id, today) and not others_stay(session, person_id):
        raise Refused([THE_LAST.format(name=person.name)])
    if by is By.HOME and is_shared(session, person_id, today):
        _leave_only(session, person, areas, last, mover, today)
        return
    person.left_on = last
    _end_roles(session, person_id, last)
    end_all_of(session, person_id, mover, after=last)
    closes = clock.start_of(last + timedelta(days=1))
    session.execute(
        update(Link)
        .where(c(Link).person_id == person_id, c(Link).expires_at > closes)
        .values(expires_at=closes)
    )
    end_sessions_of(session, person_id)
    words = f"Sista dag: {day_in_words(last)}."
    note(session, words, mover.name, today=today, person_id=person_id)


def _leave_only(
    session: Session, person: Person, areas: Collection[int], last: date, mover: Mover, today: date
) -> None:
    """She leaves some collaborations, and not the installation."""
    assert person.id is not None
    _end_roles(session, person.id, last, areas)
    end_all_of(session, person.id, mover, after=last, areas=areas)
    asked = select(c(Collaboration).name).where(c(Collaboration).id.in_(areas))
    names = ", ".join(sorted(session.execute(asked).scalars(), key=alphabetically))
    words = f"Sista dag i {names}: {day_in_words(last)}."
    note(session, words, mover.name, today=today, person_id=person.id)


def _end_roles(
    session: Session, person_id: int, last: date, areas: Collection[int] | None = None
) -> None:
    """End her roles that day: all, or those in the groups of some collaborations."""
    asked = select(RoleHolding).where(
        c(RoleHolding).person_id == person_id,
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
    )
    if areas is not None:
        groups = select(c(Group).id).where(c(Group).collaboration_id.in_(areas))
        asked = asked.where(c(RoleHolding).group_id.in_(groups))
    for holding in session.execute(asked).scalars():
        if areas is None and not holding.ended_by_leaving:  # so that it can be taken back
            holding.ended_by_leaving, holding.ends_on_before = True, holding.ends_on
        holding.ends_on = max(last, holding.starts_on or last)


def _give_back_roles(session: Session, person_id: int) -> list[str]:
    """Give her the roles that ended because she left; not longer than their groups last.

    Returns which, in words. Who has taken one over meanwhile keeps it too.
    """
    asked = (
        select(RoleHolding, Group)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(RoleHolding).person_id == person_id, c(RoleHolding).ended_by_leaving.is_(True))
        .order_by(c(RoleHolding).id)
    )
    told = []
    for holding, group in session.execute(asked).all():
        ends = [day for day in (holding.ends_on_before, group.ends_on) if day is not None]
        holding.ends_on = max(min(ends), holding.starts_on or min(ends)) if ends else None
        holding.ended_by_leaving, holding.ends_on_before = False, None
        told.append(f"{holding.role} i {group.name}")
    return told


def come_back(
    session: Session, person_id: int, mover: Mover, *, today: date, by: By = By.HOME
) -> None:
    """Somebody had not left after all, or is back: the roles that ended then are hers again.

    What she had handed over stays ended, and links that were closed stay closed.
    """
    refuse(session, person_id, by, today)
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.left_on is None:
        raise Refused([f"{person.name} har ingen sista dag. Läs in sidan igen."])
    person.left_on = None
    end_sessions_of(session, person_id)
    words = f"{person.name} är tillbaka."
    roles = _give_back_roles(session, person_id)
    if roles:
        words += f" Har rollerna igen: {', '.join(roles)}."
    note(session, words, mover.name, today=today, person_id=person_id)


def revoke_links(
    session: Session,
    person_id: int,
    mover: Mover,
    *,
    today: date,
    link_id: int | None = None,
    by: By = By.HOME,
) -> int:
    """Revoke one of somebody's links, or all that are live. Returns how many."""
    refuse(session, person_id, by, today)
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


def free_account(session: Session, person_id: int, mover: Mover, *, today: date) -> None:
    """Let somebody's address lead to another account at her organisation; she signs in anew."""
    if not free(session, person_id):
        raise Refused(["Inget konto är kopplat längre. Läs in sidan igen."])
    end_sessions_of(session, person_id)
    words = "Kontot hos organisationen är bortkopplat."
    note(session, words, mover.name, today=today, person_id=person_id)


def refuse_unless_hers(session: Session, person_id: int, by: By, today: date) -> None:
    """Raises `Refused` unless her last day and links are for that somebody to change."""
    if by is By.OTHER:
        raise Refused([NOT_HERE])
    if by is By.HOME and is_administrator(session, person_id, today):
        name = session.get_one(Person, person_id).name
        raise Refused([AN_ADMINISTRATOR.format(name=name)])


def refuse(session: Session, person_id: int, by: By, today: date) -> None:
    """The same of what follows her everywhere: not a leader's where another has her on file too."""
    refuse_unless_hers(session, person_id, by, today)
    if by is By.HOME and is_shared(session, person_id, today):
        raise Refused([SHARED])


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


def _name_and_address(reading: Reading) -> tuple[str, str]:
    name = reading.asked("name", "Skriv vad personen heter.")
    email = reading.line("email").lower()
    if not is_address(email):
        told = f"”{email}” är ingen e-postadress." if email else "Skriv en e-postadress."
        reading.problems.append(at("email", told))
    return name, email
