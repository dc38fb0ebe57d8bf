"""What stands around the words of every letter that a round writes: a reference, and who signs.

The reference stands in the subject, so that somebody who presses Reply, or calls, can be helped. It
follows from the letter's own key: a rehearsal of the letter has the same.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.administrator import administrators
from models.columns import c
from models.delegation import Delegation
from models.group import Collaboration, Group, name_in_letters
from models.known import at_home, called, collaborations_of
from models.person import Person, Role, RoleHolding
from notifications.directory import directory
from rules.names_of_people import in_a_header
from rules.recipients import ADMINISTRATOR

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_LENGTH = 5


LEADS, ADMINISTERS = "processledare", "administratör"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whom the reader of a letter can ask: a process leader or who stands in for her, or an
    administrator (`role`).
    """

    name: str
    address: str
    telephone: str
    collaboration: str
    role: str = LEADS
    stands_in: bool = False

    @property
    def sender(self) -> str:
        """The name that a letter is sent in; the address stays ours.

        The collaboration comes first and whole: a mail program shows some thirty signs, and a
        person may be called anything, also as somebody who leads another.
        """
        name = in_a_header(self.name)
        return f"{self.collaboration} genom {name}" if name else self.collaboration

    @property
    def who(self) -> str:
        """What she is to the reader, after "som"."""
        return "ersätter processledaren" if self.stands_in else f"är {self.role}"


def reference(person_id: int, kind: str, today: date) -> str:
    """A short reference for one letter: "F-7K2QD"."""
    digest = hashlib.sha256(f"{person_id} {kind} {today}".encode()).digest()
    return "F-" + "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LENGTH])


def leaders(session: Session, today: date) -> dict[int, list[tuple[int, str]]]:
    """The process leaders of each collaboration that can be reached today: (person, address)."""
    first, last = c(RoleHolding).starts_on, c(RoleHolding).ends_on
    rows = session.execute(
        select(c(Group).collaboration_id, c(Person).id, c(Person).email)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .join(Person, c(Person).id == c(RoleHolding).person_id)
        .where(
            c(RoleHolding).role == Role.PROCESS_LEADER,
            first.is_(None) | (first <= today),
            last.is_(None) | (last >= today),
            c(Person).unreachable_since.is_(None),
            c(Person).left_on.is_(None) | (c(Person).left_on >= today),
        )
        .distinct()
        .order_by(c(Group).collaboration_id, c(Person).id)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for collaboration_id, person_id, address in rows:
        found.setdefault(collaboration_id, []).append((person_id, address))
    return found


def leading(session: Session, today: date) -> dict[int, list[tuple[int, str]]]:
    """Who sees to a process leader's letters today: she, or whoever stands in for her."""
    found = leaders(session, today)
    stood_in_for = _stood_in_for(session, today)
    if not stood_in_for:
        return found
    asked = directory(session, today, stood_in_for.keys())
    for area, group_id in stood_in_for.items():
        ids = [who.person_id for who in asked.last_resort(group_id) if who.via != ADMINISTRATOR]
        addresses = dict(
            session.execute(select(c(Person).id, c(Person).email).where(c(Person).id.in_(ids)))
            .tuples()
            .all()
        )
        if ids:
            found[area] = [(id_, addresses[id_]) for id_ in ids]
    return found


def with_stand_ins(session: Session, today: date) -> dict[int, list[tuple[int, str]]]:
    """Process leaders and whoever stands in for one: for what must not wait until she is back."""
    found = leaders(session, today)
    for area, people in leading(session, today).items():
        hers = found.setdefault(area, [])
        hers += [one for one in people if one not in hers]
    return found


def _stood_in_for(session: Session, today: date) -> dict[int, int]:
    """The collaborations in which somebody stands in for a process leader; a group of each."""
    row, first, last = c(Delegation), c(RoleHolding).starts_on, c(RoleHolding).ends_on
    rows = session.execute(
        select(c(Group).collaboration_id, c(Group).id)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .join(Delegation, row.person_id == c(RoleHolding).person_id)
        .where(
            c(RoleHolding).role == Role.PROCESS_LEADER,
            first.is_(None) | (first <= today),
            last.is_(None) | (last >= today),
            row.first_day <= today,
            row.last_day >= today,
            row.ended_on.is_(None) | (row.ended_on > today),
            row.activity_id.is_(None),
        )
        .distinct()
    )
    return dict(rows.tuples().all())


def replies_to(settings: Settings, session: Session, today: date) -> dict[int, str]:
    """Who gets the answer when somebody presses Reply, by collaboration.

    Empty when the installation has set one address for all letters.
    """
    if settings.mail_reply_to:
        return {}
    return {area: found[0][1] for area, found in leading(session, today).items()}


def signers(session: Session, today: date) -> dict[int, Signer]:
    """Who signs the letters of each collaboration: its first process leader that can be reached, or
    who stands in for her.
    """
    first = {area: found[0][0] for area, found in leading(session, today).items()}
    if not first:
        return {}
    asked = (
        select(
            c(Collaboration).id.label("area"),
            c(Person).id,
            called(c(Collaboration).id).label("name"),
            c(Person).email,
            c(Person).telephone,
            name_in_letters().label("collaboration"),
        )
        .join(Person, c(Person).id.in_(first.values()))
        .where(c(Collaboration).id.in_(first))
    )
    own = leaders(session, today)
    return {
        row.area: Signer(
            *(row.name, row.email, row.telephone, row.collaboration),
            stands_in=row.id not in {id_ for id_, _ in own.get(row.area, [])},
        )
        for row in session.execute(asked)
        if row.id == first[row.area]
    }


def whom_to_ask(session: Session, person_id: int, today: date) -> Signer | None:
    """Who helps somebody with a letter that no one leader is behind, such as a link to sign in.

    1. Who leads the process at her home, or else where she is known.
    2. Another administrator, when nobody does or it is herself.
    """
    leading = signers(session, today)
    home = session.get_one(Person, person_id).home_collaboration_id
    areas = set(session.execute(collaborations_of(person_id)).scalars())
    own = session.get_one(Person, person_id).email
    for area in sorted(areas, key=lambda area: (area != home, area)):
        if area in leading and leading[area].address != own:
            return leading[area]
    return next((one for one in administering(session, today) if one.address != own), None)


def administering(session: Session, today: date) -> list[Signer]:
    """The administrators that can be reached today, as whoever they help may ask them."""
    person = c(Person)
    asked = (
        select(at_home(), person.email, person.telephone)
        .where(person.id.in_(administrators(today)), person.unreachable_since.is_(None))
        .order_by(at_home(), person.id)
    )
    return [
        Signer(name, address, telephone, "", ADMINISTERS)
        for name, address, telephone in session.execute(asked)
    ]


def another_administrator(session: Session, person_id: int, today: date) -> Signer | None:
    """Somebody to ask for whoever administers: one of the others."""
    own = session.get_one(Person, person_id).email
    return next((one for one in administering(session, today) if one.address != own), None)


def signers_of_groups(session: Session, groups: Collection[int], today: date) -> list[Signer]:
    """The same of the collaborations that some groups are in."""
    areas = select(c(Group).collaboration_id).where(c(Group).id.in_(groups))
    found = signers(session, today)
    return [found[area] for area in sorted(set(session.execute(areas).scalars())) if area in found]
