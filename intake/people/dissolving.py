"""A group is dissolved: what it leaves behind is taken over by another, in one transaction.

With a last day to come that happens when the day has been, by the first round of the morning.
Nothing is removed, and nothing that is open is left without somebody to answer for it. Raises
`Refused` with sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlmodel import Session

from intake.forms import TOLD_ONCE, Reading
from intake.lives.undo import begin_undoing
from intake.people.register import note
from models.activity import Activity, Answerable, Responsibility
from models.alone import alone
from models.changes import Said, remember_change
from models.columns import c
from models.decision import Agreed
from models.group import MOST_GROUPS, Group
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.owners import move_to_group, refer
from models.person import Role, RoleHolding
from models.refusal import at
from models.register_change import RegisterChange
from models.session import end_sessions_at_home
from models.undoing import stands
from rules.wording import day_in_words


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a group owns and answers for that is still open: (number, what) of each activity."""

    owned: list[tuple[int, str]]
    answered_for: list[tuple[int, str]]

    def __bool__(self) -> bool:
        """Is there anything to take over?"""
        return bool(self.owned or self.answered_for)


def left_behind(session: Session, group_id: int) -> LeftBehind:
    """What a group owns and answers for that is open."""
    open_ones = c(Activity).state.in_(OPEN)
    asked = select(c(Activity).id, c(Activity).what).order_by(c(Activity).id)
    named = select(c(Responsibility).activity_id).where(c(Responsibility).group_id == group_id)
    stands_in = or_(
        c(Activity).stand_in_group_id == group_id, c(Activity).referred_to_group_id == group_id
    )
    owned = session.execute(asked.where(open_ones, c(Activity).group_id == group_id))
    answered = session.execute(asked.where(open_ones, or_(c(Activity).id.in_(named), stands_in)))
    return LeftBehind(list(owned.tuples()), list(answered.tuples()))


def dissolve_group(
    session: Session, group_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """End a group for good, and let another take over what is open.

    With a last day to come its duties stay until it has been (`hand_over_due`), and it can be taken
    back (`take_back`). Else they move at once.
    """
    reading = Reading(given, today, session)
    group = session.get_one(Group, group_id, with_for_update=True)
    reason = reading.asked("reason", "Skriv varför gruppen avvecklas.")
    last = reading.day("ends_on", last=True) if reading.line("ends_on") else today
    successor_id = reading.group("successor", group.collaboration_id)
    if group.is_to_be_dissolved:
        reading.problems.append(f"{group.name} ska redan avvecklas. Ta tillbaka det först.")
    elif group.successor_id is not None or (group.ends_on and group.ends_on < today):
        reading.problems.append(f"{group.name} är redan avvecklad.")
    if last and group.starts_on and last < group.starts_on:
        reading.problems.append(at("ends_on", "Den sista dagen är före gruppens första."))
    left = left_behind(session, group_id)
    below = session.execute(select(c(Group).id).where(c(Group).parent_id == group_id)).first()
    if successor_id is None and (left or below):
        told = "Välj vilken grupp som tar över. Det som är öppet får inte bli utan ansvarig."
        reading.problems.append(at("successor", told))
    if successor_id is not None:
        reading.problems += _cannot_take_over(session, group_id, successor_id, today)
    reading.done()
    assert last is not None
    group.ends_on, group.successor_id = last, successor_id
    group.dissolve_reason, group.dissolve_by = reason, mover.name
    _tell_dissolved(session, group, reason, mover, today)
    if last <= today:
        _move_duties(session, group, mover, today)


def take_back(session: Session, group_id: int, mover: Mover, *, today: date) -> None:
    """The group goes on after all. Raises `Refused` when its duties have moved."""
    group = session.get_one(Group, group_id, with_for_update=True)
    if not group.is_to_be_dissolved:
        raise Refused([f"{group.name} är inte på väg att avvecklas. Läs in sidan igen."])
    group.ends_on = group.successor_id = None
    group.dissolve_reason = group.dissolve_by = ""
    note(session, "Avvecklingen tas tillbaka.", mover.name, today=today, group_id=group_id)


def hand_over_due(session: Session, today: date) -> int:
    """Move the duties of every group whose last day has been. Returns how many groups.

    In the name of whoever decided it. A missed day is made good by the next.
    """
    waiting = select(Group).where(
        c(Group).dissolve_reason != "",
        c(Group).handed_over_on.is_(None),
        c(Group).ends_on < today,
    )
    moved = 0
    for group in session.execute(waiting.order_by(c(Group).id)).scalars().all():
        with alone("Avvecklingen av", group.name, session, collaboration_id=group.collaboration_id):
            _move_duties(session, group, Mover(group.dissolve_by), today)
            moved += 1
    return moved


def _move_duties(session: Session, group: Group, mover: Mover, today: date) -> None:
    """Let the successor take over, on the day or after it.

    1. Whatever it owns that is open moves to the successor, kept in each activity's history.
    2. What it, or a role in it, answers for is answered for by the successor, kept as well.
    3. Its roles end on its last day, and those that were to begin after it never do; groups below
       it come under the successor.
    """
    group_id, last = group.id, group.ends_on
    assert group_id is not None
    assert last is not None
    why = f"{group.name} avvecklas: {group.dissolve_reason}"
    successor_id = _still_there(session, group.successor_id, today)
    if successor_id is not None:
        owned = [id_ for id_, _ in left_behind(session, group_id).owned]
        if owned:
            move_to_group(session, owned, successor_id, mover, today=today, reason=why)
        _hand_over(session, group, successor_id, mover, today, why)
        waiting = select(c(Activity).id).where(
            c(Activity).referred_to_group_id == group_id, c(Activity).state.in_(OPEN)
        )
        ids = list(session.execute(waiting).scalars())
        if ids:
            refer(session, ids, successor_id, mover, today=today, reason=why)
    leading = select(c(RoleHolding).person_id).where(
        c(RoleHolding).group_id == group_id,
        c(RoleHolding).role == Role.PROCESS_LEADER,
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
    )
    for leader in set(session.execute(leading).scalars()):
        end_sessions_at_home(session, leader, group.collaboration_id)
    session.execute(
        update(RoleHolding)
        .where(
            c(RoleHolding).group_id == group_id,
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
            or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= last),
        )
        .values(ends_on=last)
    )
    _never_begin(session, group, mover, today, why)
    group.handed_over_on = today


def _never_begin(session: Session, group: Group, mover: Mover, today: date, why: str) -> None:
    """Roles that begin after the group's last day are taken back: nobody has met them.

    One that has begun meanwhile, since the day was missed, ends on the day it began.
    """
    h, change = c(RoleHolding), c(RegisterChange)
    later = (h.group_id == group.id, h.starts_on > group.ends_on)
    in_its_own_words = {"synchronize_session": False}
    ids = list(session.execute(select(h.id).where(*later, h.starts_on > today)).scalars())
    if ids:
        undone = {"undone_id": begin_undoing(session, mover, today, why)}
        of_them = update(RegisterChange).where(change.holding_id.in_(ids))
        for statement in (
            of_them.where(stands(change)).values(**undone),
            of_them.values(holding_id=None),
            delete(RoleHolding).where(h.id.in_(ids)),
        ):
            session.execute(statement.execution_options(**in_its_own_words))
    session.execute(
        update(RoleHolding)
        .where(*later, or_(h.ends_on.is_(None), h.ends_on > h.starts_on))
        .values(ends_on=h.starts_on)
        .execution_options(**in_its_own_words)
    )


def _still_there(session: Session, group_id: int | None, today: date) -> int | None:
    """The group that is to take over, or the one that has taken over after that one."""
    for _ in range(MOST_GROUPS):
        group = session.get(Group, group_id) if group_id else None
        if group is None or group.ends_on is None or group.ends_on >= today:
            return group_id
        if group.successor_id is None:
            return group_id
        group_id = group.successor_id
    return group_id


def _cannot_take_over(session: Session, group_id: int, successor_id: int, today: date) -> list[str]:
    if successor_id == TOLD_ONCE:
        return []
    if successor_id == group_id:
        return ["Gruppen kan inte ta över efter sig själv."]
    successor = session.get_one(Group, successor_id)
    if successor.ends_on is not None and successor.ends_on < today:
        return [f"{successor.name} är avvecklad. Välj en grupp som finns kvar."]
    return []


def _hand_over(
    session: Session, group: Group, successor_id: int, mover: Mover, today: date, why: str
) -> None:
    """Let the successor answer for what the group, or a role in it, answered for and is open."""
    group_id = group.id
    open_ones = select(c(Activity).id).where(c(Activity).state.in_(OPEN))
    named = (c(Responsibility).group_id == group_id) & c(Responsibility).activity_id.in_(open_ones)
    _remember(session, named, group, successor_id, mover, today, why)
    session.execute(
        update(Responsibility)
        .where(named)
        .values(group_id=successor_id, kind=Answerable.GROUP, role="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Activity)
        .where(c(Activity).stand_in_group_id == group_id, c(Activity).state.in_(OPEN))
        .values(stand_in_group_id=successor_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Group)
        .where(c(Group).parent_id == group_id, c(Group).id != successor_id)
        .values(parent_id=successor_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Group)
        .where(c(Group).parent_id == group_id)
        .values(parent_id=None)
        .execution_options(synchronize_session=False)
    )


def _remember(
    session: Session,
    named: ColumnElement[bool],
    group: Group,
    successor_id: int,
    mover: Mover,
    today: date,
    why: str,
) -> None:
    """A row in the history of each activity that somebody else will answer for."""
    successor = session.get_one(Group, successor_id)
    words: dict[int, list[str]] = {}
    asked = select(c(Responsibility).activity_id, c(Responsibility).words).where(
        c(Responsibility).activity_id.in_(select(c(Responsibility).activity_id).where(named))
    )
    for activity_id, said in session.execute(asked.order_by(c(Responsibility).id)):
        words.setdefault(activity_id, []).append(said)
    for activity_id, before in words.items():
        takes_over = f"{successor.name} tar över efter {group.name}"
        remember_change(
            session,
            activity_id,
            Agreed.RESPONSIBLE,
            Said("\n".join(before)),
            Said("\n".join([*before, takes_over])),
            mover.name,
            today=today,
            reason=why,
        )


def _tell_dissolved(session: Session, group: Group, reason: str, mover: Mover, today: date) -> None:
    assert group.ends_on is not None
    words = f"Avvecklas {day_in_words(group.ends_on)}: {reason}"
    if group.successor_id is not None:
        name = session.get_one(Group, group.successor_id).name
        words += f" {name} tar över."
        told = f"Tar över efter {group.name}."
        note(session, told, mover.name, today=today, group_id=group.successor_id)
    note(session, words, mover.name, today=today, group_id=group.id)
