"""What stands around the words of every letter that a round writes: a reference, and a reply-to.

The reference stands in the subject, so that somebody who presses Reply, or calls, can be helped. It
follows from the letter's own key: a rehearsal of the letter has the same.
"""

import hashlib
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.group import Group
from models.person import Person, Role, RoleHolding

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_LENGTH = 5


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


def replies_to(settings: Settings, session: Session, today: date) -> dict[int, str]:
    """Who gets the answer when somebody presses Reply, by collaboration.

    Empty when the installation has set one address for all letters.
    """
    if settings.mail_reply_to:
        return {}
    return {area: found[0][1] for area, found in leaders(session, today).items()}
