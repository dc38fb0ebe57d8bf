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
from intake.people.persons import By, called_as_before
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
from models.columns import c
from models.moves import Mover, Refused
from models.register_change import RegisterChange, RegisterDeed
from models.undoing import stands


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
            called_as_before(session, change, today, by)
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
