"""Ångra in the register: what was done with a group, a role, a stand-in or a name is taken back.

A correction, as with activities and plans: the row and its note stay in the log, marked, and what
they changed is as it was. Each deed says for itself why it cannot be taken back (`undo_roles.py`,
`undo_groups.py`): something newer stands on it, or it has mattered to others. Who may ask is
decided before this.
"""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import select, update
from sqlmodel import Session

from intake.lives.undo import GONE_ALREADY, begin_undoing
from intake.people.persons import AN_ADMINISTRATOR, By
from intake.people.register import look_up_words
from intake.people.undo_groups import (
    group_as_it_was,
    group_was_never_made,
    rests_again,
    rests_not,
)
from intake.people.undo_roles import (
    holds_again,
    never_held,
    never_stood_in,
    stands_in_again,
)
from models.administrator import is_administrator
from models.columns import c
from models.known import PersonKnown, name_in
from models.moves import Mover, Refused
from models.person import Person
from models.register_change import RegisterChange, RegisterDeed
from models.undoing import stands

_RENAMED_SINCE = "Namnet har ändrats igen, till {name}. Ändra det i formuläret i stället."


def take_back(
    session: Session,
    ids: Collection[int],
    mover: Mover,
    *,
    today: date,
    reason: str = "",
    by: By = By.HOME,
) -> None:
    """Take back some changes of the register, or raise `Refused`; then nothing is changed.

    1. The undoing itself, and its mark on each of them; somebody else may have been first.
    2. The newest first, what each of them changed is as it was.
    3. What words name is looked up again, since names are others now.

    `by` is as what she changes people: an administrator's name is not a leader's to change.
    """
    row = c(RegisterChange)
    asked = select(RegisterChange).where(row.id.in_(list(ids)), stands(row))
    changes = session.execute(asked.order_by(row.id.desc()).with_for_update()).scalars().all()
    if not changes or len(changes) != len(set(ids)):
        raise Refused([GONE_ALREADY])
    undoing_id = begin_undoing(session, mover, today, reason)
    for change in changes:
        _mark(session, change, undoing_id)
        if change.deed is RegisterDeed.RENAMED:
            _called_as_before(session, change, today, by)
        else:
            _DEEDS[change.deed](session, change, today)
        session.flush()
    look_up_words(session)
    session.expire_all()


def _mark(session: Session, change: RegisterChange, undoing_id: int) -> None:
    row = c(RegisterChange)
    marked = session.execute(
        update(RegisterChange)
        .where(row.id == change.id, stands(row))
        .values(undone_id=undoing_id)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused([GONE_ALREADY])


def _called_as_before(session: Session, change: RegisterChange, today: date, by: By) -> None:
    """She is called what she was: by a collaboration, or as her own name."""
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


_DEEDS: dict[RegisterDeed, Callable[[Session, RegisterChange, date], None]] = {
    RegisterDeed.ROLE_TAKEN: never_held,
    RegisterDeed.ROLE_ENDED: holds_again,
    RegisterDeed.STAND_IN_MADE: never_stood_in,
    RegisterDeed.STAND_IN_ENDED: stands_in_again,
    RegisterDeed.GROUP_MADE: group_was_never_made,
    RegisterDeed.GROUP_CHANGED: group_as_it_was,
    RegisterDeed.GROUP_RESTS: rests_not,
    RegisterDeed.GROUP_GOES_ON: rests_again,
}
