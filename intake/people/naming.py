"""Whom a few letters may mean: the people and groups that a field for who answers can name.

Those of one collaboration, called as it calls them, in words that lead to them when they are put on
file (`register.whom`). Whoever has left, and what is dissolved, is not offered.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlmodel import Session

from intake.people.register import Names, names_in, plain, whom
from models.activity import Answerable
from models.columns import c
from models.folding import holds
from models.group import Group
from models.known import called, is_known_in
from models.left import has_left
from models.person import Person, Role, RoleHolding
from models.shared_mailbox import SharedMailbox
from rules.wording import alphabetically, capitalised

MOST = 8


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that can be chosen: the words that name it, and what tells it from others."""

    value: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a few letters may mean, and whether the words name somebody as they are."""

    offers: list[Offered]
    known: bool


def look_for(session: Session, area: int, words: str, today: date) -> Found:
    """Those whom the letters fit, people first; first of all whose name begins so."""
    if not words.strip():
        return Found([], known=False)
    names = names_in(session, area)
    people = _people(session, area, words, today, names)
    groups = _groups(session, area, words, today)
    offers = [*_nearest(people, words), *_nearest(groups, words)][:MOST]
    known = whom(words, names.people, names.groups).kind is not Answerable.WORDS
    return Found(offers, known)


def everybody(session: Session, area: int, today: date, most: int) -> list[str]:
    """The words for all of them, as far as they are so many: for a list in a page."""
    people = _people(session, area, "", today, names_in(session, area))
    found = [one.value for _, one in (*people, *_groups(session, area, "", today))]
    return sorted(dict.fromkeys(found), key=alphabetically)[:most]


def _people(
    session: Session, area: int, words: str, today: date, names: Names
) -> list[tuple[str, Offered]]:
    """Each by what she is called; by her address where several are called so."""
    name = called(area)
    here = is_known_in({area}), ~has_left(c(Person).id, area, today)
    stays = or_(c(Person).left_on.is_(None), c(Person).left_on >= today)
    rows = session.execute(
        select(c(Person).id, name, c(Person).email).where(*here, stays, holds(name, words.strip()))
    ).all()
    sharing = session.execute(
        select(c(SharedMailbox).person_id, c(SharedMailbox).name, c(Person).email)
        .join(Person, c(Person).id == c(SharedMailbox).person_id)
        .where(
            c(SharedMailbox).collaboration_id == area,
            holds(c(SharedMailbox).name, words.strip()),
        )
    ).all()
    roles = _roles(session, area, [row[0] for row in (*rows, *sharing)], today)
    found = []
    for id_, told, email in (*rows, *sharing):
        value = told if names.people.get(plain(told)) == id_ else email
        more = [told] if value != told else []
        found.append((told, Offered(value, ", ".join([*more, *roles.get(id_, ())]))))
    return found


def _roles(session: Session, area: int, people: list[int], today: date) -> dict[int, list[str]]:
    """What each is today, in the collaboration's groups."""
    held = c(RoleHolding)
    rows = session.execute(
        select(held.person_id, held.role, c(Group).name)
        .join(Group, c(Group).id == held.group_id)
        .where(
            held.person_id.in_(people),
            c(Group).collaboration_id == area,
            func.coalesce(held.starts_on, today) <= today,
            func.coalesce(held.ends_on, today) >= today,
        )
        .order_by(held.id)
    )
    found: dict[int, list[str]] = {}
    for person_id, role, group in rows:
        found.setdefault(person_id, []).append(f"{role} {group}")
    return found


def _groups(session: Session, area: int, words: str, today: date) -> list[tuple[str, Offered]]:
    """Groups that go on, and the chairs of them."""
    ends = c(Group).ends_on
    rows = session.execute(
        select(c(Group).name).where(
            c(Group).collaboration_id == area, or_(ends.is_(None), ends >= today)
        )
    ).scalars()
    names = list(rows)
    chairs = [f"{capitalised(Role.CHAIR.value)} {name}" for name in names]
    pieces = plain(words).split()
    fits = [told for told in (*names, *chairs) if all(piece in plain(told) for piece in pieces)]
    return [(told, Offered(told)) for told in fits]


def _nearest(found: list[tuple[str, Offered]], words: str) -> list[Offered]:
    """Whose name begins so, then one of whose names does, then the others."""
    begun = plain(words)

    def key(one: tuple[str, Offered]) -> tuple[int, object]:
        told = plain(one[0])
        if told.startswith(begun):
            return 0, alphabetically(one[0])
        if f" {begun}" in told:
            return 1, alphabetically(one[0])
        return 2, alphabetically(one[0])

    ordered = sorted(dict.fromkeys(found), key=key)
    return [one for _, one in ordered]
