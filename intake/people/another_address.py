"""Somebody gets another address from a leader, where several collaborations share an installation.

Whether the new address is somebody's on file elsewhere is not told, so the same is done in both
cases: what this collaboration has of her (roles, what its plans name her for, stand-ins there) goes
over to whoever has the new address, who is taken on as anybody new (`taking_on.py`). What others
have of her, and her account, stays hers. Who may do it is the work of `persons.py`.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Update, delete, or_, select, update
from sqlmodel import Session

from config import clock
from intake.people.taking_on import Typed, note_new, take_on
from models.activity import Activity, Responsibility
from models.addresses import close_doors
from models.administrator import is_administrator
from models.columns import c
from models.delegation import Delegation
from models.group import Group
from models.known import PersonKnown, collaborations_of
from models.part import Part
from models.person import Person, RoleHolding
from models.reach_of_links import close_links


def goes_over(
    session: Session, collaboration_id: int, person_id: int, typed: Typed, by: str, *, today: date
) -> int:
    """Let whoever has an address take somebody's place in a collaboration. Returns her number.

    1. Take her on, as anybody new.
    2. Give her the roles, and what the collaboration's plans and stand-ins name the other for. What
       was noted of the other stays hers: notes are never changed.
    3. The other is not known here any more. One who was at home here has used nothing yet: she has
       left, and whatever her old address opened is closed; but what others have typed of her since
       is theirs, and goes on.
    """
    take_on(session, collaboration_id, [typed], by)
    note_new(session, collaboration_id, typed, by, today=today)
    found = select(c(Person).id).where(c(Person).email == typed.email)
    other = int(session.execute(found).scalar_one())
    for statement in _moves(collaboration_id, person_id, other):
        session.execute(statement.execution_options(synchronize_session=False))
    session.execute(
        delete(PersonKnown).where(
            c(PersonKnown).person_id == person_id,
            c(PersonKnown).collaboration_id == collaboration_id,
        )
    )
    at_home = select(c(Person).id).where(
        c(Person).id == person_id, c(Person).home_collaboration_id == collaboration_id
    )
    if session.execute(at_home).first() is not None:
        _leaves_home(session, collaboration_id, person_id, today)
    session.flush()
    session.expire_all()
    return other


def _leaves_home(session: Session, collaboration_id: int, person_id: int, today: date) -> None:
    """She is nobody's, or theirs that have typed her address too."""
    herself = update(Person).where(c(Person).id == person_id)
    session.execute(herself.values(home_collaboration_id=None))
    known = set(session.execute(collaborations_of(person_id)).scalars())
    if known - {collaboration_id}:
        now = clock.now()
        close_links(session, person_id, [collaboration_id], now, now)
        return
    if not is_administrator(session, person_id, today):  # a leader puts none of them out
        session.execute(herself.values(left_on=today - timedelta(days=1)))
    close_doors(session, person_id)


def _moves(collaboration_id: int, person_id: int, other: int) -> list[Update]:
    groups = select(c(Group).id).where(c(Group).collaboration_id == collaboration_id)
    activities = select(c(Activity).id).where(c(Activity).group_id.in_(groups))

    def move(table: Any, there: Any, column: str = "person_id") -> Update:  # noqa: ANN401
        hers = c(table)[column] == person_id
        return update(table).where(hers, there).values({column: other})

    scope = or_(c(Delegation).group_id.in_(groups), c(Delegation).activity_id.in_(activities))
    return [
        move(RoleHolding, c(RoleHolding).group_id.in_(groups)),
        move(Responsibility, c(Responsibility).activity_id.in_(activities)),
        move(Part, c(Part).activity_id.in_(activities)),
        move(Delegation, scope),
        move(Delegation, scope, "delegate_id"),
    ]
