"""What is written down of a delegation, for both people, by the names that its readers know.

Who may hand over what to whom is `delegation.py`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from intake.people.register import note
from models.columns import c
from models.group import Group
from models.known import called_in_letters, is_known_in, name_in, own_name
from models.moves import Mover
from models.person import Person

_ELSEWHERE = "någon i en annan samverkan"


@dataclass(frozen=True, slots=True)
class One:
    """One of the two: what she is called where it is handed over."""

    id: int
    name: str


def one_of(session: Session, person_id: int, areas: Collection[int]) -> One:
    """Somebody, as these collaborations call her."""
    return One(person_id, called_in_letters(session, person_id, areas))


def note_both(
    session: Session,
    both: tuple[int, int],
    group_id: int | None,
    told: Callable[[str, str], str],
    mover: Mover,
    today: date,
    change_id: int | None = None,
) -> None:
    """Write it down for both, in the words of whoever reads it.

    What is handed over in a group is its collaboration's to read; everything, each one's home's.
    """
    for person_id in both:
        area = session.get_one(Person, person_id).home_collaboration_id
        if group_id is not None:
            area = session.get_one(Group, group_id).collaboration_id
        person, to = (_name_for(session, area, one) for one in both)
        note(
            session,
            told(person, to),
            signed(session, mover, set() if area is None else {area}),
            today=today,
            group_id=group_id,
            person_id=person_id,
            change_id=change_id,
        )


def _name_for(session: Session, area: int | None, person_id: int) -> str:
    """What readers in a collaboration are told of somebody; no name of one who is unknown there."""
    if area is None:
        return own_name(session, person_id)
    known = select(c(Person).id).where(c(Person).id == person_id, is_known_in({area}))
    if session.execute(known).first() is None:
        return _ELSEWHERE
    return name_in(session, area, person_id)


def signed(session: Session, mover: Mover, areas: Collection[int]) -> str:
    """Who hands over, for the history: she who does it herself as she is called there."""
    if mover.person_id is None or mover.name != own_name(session, mover.person_id):
        return mover.name
    return one_of(session, mover.person_id, areas).name
