"""Groups as forms change them: made, renamed, resting, going on, dissolved; roles taken and ended.

Nothing is removed. A group that is dissolved leaves nothing behind: its open activities and what it
answers for go to a group that is named, in the same transaction. Raises `Refused` with sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from intake.forms import TOLD_ONCE, Reading
from intake.people.register import note, plain
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.group import Group, GroupPause
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.owners import move_to_group, refer
from models.person import Person, Role, RoleHolding
from rules.wording import day_in_words


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a group owns and answers for that is still open: (number, what) of each activity."""

    owned: list[tuple[int, str]]
    answered_for: list[tuple[int, str]]

    def __bool__(self) -> bool:
        """Is there anything to take over?"""
        return bool(self.owned or self.answered_for)


def save_group(
    session: Session,
    collaboration_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    group_id: int | None = None,
) -> int:
    """Make a group, or change one: name, kind, group above, days, temporary. Returns its number."""
    reading = Reading(session, given, today)
    name = reading.asked("name", "Skriv vad gruppen heter.")
    first, last = reading.day("starts_on"), reading.day("ends_on", last=True)
    parent = reading.group("parent", collaboration_id)
    if first and last and last < first:
        reading.problems.append("Gruppens sista dag är före den första.")
    if _named_otherwise(session, collaboration_id, name, group_id):
        reading.problems.append(f"Det finns redan en grupp som heter {name}.")
    if parent is not None and group_id in _above(session, parent):
        reading.problems.append("En grupp kan inte ligga under sig själv. Välj en annan grupp.")
    reading.done()
    values: dict[str, Any] = {
        "name": name,
        "kind": reading.words("kind"),
        "parent_id": parent,
        "starts_on": first,
        "temporary": bool(reading.words("temporary")),
    }
    if group_id is None:
        group = Group(collaboration_id=collaboration_id, ends_on=last, **values)
        session.add(group)
        session.flush()
        assert group.id is not None
        note(session, f"Ny grupp: {name}.", mover.name, today=today, group_id=group.id)
        return group.id
    before = session.get_one(Group, group_id)
    changed = _changed(session, before, values)
    if changed:
        session.execute(update(Group).where(c(Group).id == group_id).values(**values))
        note(session, changed, mover.name, today=today, group_id=group_id)
    return group_id


def pause_group(
    session: Session, group_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Let a group rest from a day, maybe to a day, for a reason."""
    reading = Reading(session, given, today)
    reason = reading.asked("reason", "Skriv varför gruppen är vilande.")
    first = reading.day("first_day") if reading.words("first_day") else today
    last = reading.day("last_day", last=True)
    if first and last and last < first:
        reading.problems.append("Den sista dagen är före den första.")
    group = session.get_one(Group, group_id, with_for_update=True)
    if group.ends_on is not None and group.ends_on < today:
        reading.problems.append(f"{group.name} är avvecklad.")
    meets = select(c(GroupPause).id).where(
        c(GroupPause).group_id == group_id,
        or_(c(GroupPause).last_day.is_(None), c(GroupPause).last_day >= (first or today)),
        c(GroupPause).first_day <= (last or date.max),
    )
    if first and session.execute(meets).first():
        reading.problems.append("Gruppen är redan vilande de dagarna.")
    reading.done()
    assert first is not None
    session.add(GroupPause(group_id=group_id, first_day=first, last_day=last, reason=reason))
    until = f" till {day_in_words(last)}" if last else ""
    words = f"Vilande från {day_in_words(first)}{until}: {reason}"
    note(session, words, mover.name, today=today, group_id=group_id)


def resume_group(session: Session, group_id: int, mover: Mover, *, today: date) -> None:
    """Let a group go on from today. A pause that has not begun never does."""
    pause: GroupPause | None = session.execute(
        select(GroupPause)
        .where(
            c(GroupPause).group_id == group_id,
            or_(c(GroupPause).last_day.is_(None), c(GroupPause).last_day >= today),
        )
        .order_by(c(GroupPause).first_day)
        .with_for_update()
    ).scalar()
    if pause is None:
        raise Refused(["Gruppen är inte vilande. Läs in sidan igen."])
    if pause.first_day >= today:
        session.delete(pause)
    else:
        pause.last_day = today - timedelta(days=1)
    note(session, "Gruppen är i gång igen.", mover.name, today=today, group_id=group_id)


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

    1. Whatever it owns that is open moves to the successor, kept in each activity's history.
    2. What it, or a role in it, answers for is answered for by the successor.
    3. Its roles end on its last day; groups below it come under the successor.
    """
    reading = Reading(session, given, today)
    group = session.get_one(Group, group_id, with_for_update=True)
    reason = reading.asked("reason", "Skriv varför gruppen avvecklas.")
    last = reading.day("ends_on", last=True) if reading.words("ends_on") else today
    successor_id = reading.group("successor", group.collaboration_id)
    if group.successor_id is not None or (group.ends_on and group.ends_on < today):
        reading.problems.append(f"{group.name} är redan avvecklad.")
    if last and group.starts_on and last < group.starts_on:
        reading.problems.append("Den sista dagen är före gruppens första.")
    left = left_behind(session, group_id)
    below = session.execute(select(c(Group).id).where(c(Group).parent_id == group_id)).first()
    if successor_id is None and (left or below):
        reading.problems.append(
            "Välj vilken grupp som tar över. Det som är öppet får inte bli utan ansvarig."
        )
    if successor_id is not None:
        reading.problems += _cannot_take_over(session, group_id, successor_id, today)
    reading.done()
    assert last is not None
    if successor_id is not None and left.owned:
        move_to_group(
            session,
            [id_ for id_, _ in left.owned],
            successor_id,
            mover,
            today=today,
            reason=f"{group.name} avvecklas: {reason}",
        )
    if successor_id is not None:
        _hand_over(session, group_id, successor_id)
        waiting = select(c(Activity).id).where(
            c(Activity).referred_to_group_id == group_id, c(Activity).state.in_(OPEN)
        )
        ids = list(session.execute(waiting).scalars())
        if ids:
            why = f"{group.name} avvecklas: {reason}"
            refer(session, ids, successor_id, mover, today=today, reason=why)
    session.execute(
        update(RoleHolding)
        .where(
            c(RoleHolding).group_id == group_id,
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
            or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= last),
        )
        .values(ends_on=last)
    )
    group.ends_on, group.successor_id = last, successor_id
    _tell_dissolved(session, group, reason, mover, today)


def take_role(
    session: Session,
    group_id: int,
    person_id: int | None,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
) -> None:
    """Somebody takes a role in a group, from a day and maybe to a day."""
    reading = Reading(session, given, today)
    role = plain(reading.words("role")) or Role.MEMBER.value
    first, last = reading.day("starts_on"), reading.day("ends_on", last=True)
    if first and last and last < first:
        reading.problems.append("Rollens sista dag är före den första.")
    if person_id is None:
        reading.asked("person", "Skriv vem det gäller, med namn eller e-postadress.")
        person_id = reading.person("person")
    reading.done()
    assert person_id is not None
    group, person = session.get_one(Group, group_id), session.get_one(Person, person_id)
    meets = select(c(RoleHolding).id).where(
        c(RoleHolding).person_id == person_id,
        c(RoleHolding).group_id == group_id,
        c(RoleHolding).role == role,
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= (first or date.min)),
        or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= (last or date.max)),
    )
    if session.execute(meets).first():
        raise Refused([f"{person.name} är redan {role} i {group.name} de dagarna."])
    session.add(
        RoleHolding(
            person_id=person_id, group_id=group_id, role=role, starts_on=first, ends_on=last
        )
    )
    since = f" från {day_in_words(first)}" if first else ""
    until = f" till {day_in_words(last)}" if last else ""
    words = f"{person.name} blir {role} i {group.name}{since}{until}."
    note(session, words, mover.name, today=today, group_id=group_id, person_id=person_id)


def end_role(
    session: Session, holding_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """A role ends on a day (today, when none is written); that it was held stays on file."""
    reading = Reading(session, given, today)
    last = reading.day("ends_on", last=True) if reading.words("ends_on") else today
    holding = session.get(RoleHolding, holding_id, with_for_update=True)
    if holding is None or (holding.ends_on is not None and holding.ends_on < today):
        raise Refused(["Rollen är redan avslutad. Läs in sidan igen."])
    if last and holding.starts_on and last < holding.starts_on:
        reading.problems.append(f"Rollen börjar först {day_in_words(holding.starts_on)}.")
    reading.done()
    assert last is not None
    holding.ends_on = last
    person = session.get_one(Person, holding.person_id).name
    group = session.get_one(Group, holding.group_id).name
    note(
        session,
        f"{person} slutar som {holding.role} i {group} {day_in_words(last)}.",
        mover.name,
        today=today,
        group_id=holding.group_id,
        person_id=holding.person_id,
    )


def _named_otherwise(
    session: Session, collaboration_id: int, name: str, group_id: int | None
) -> bool:
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    )
    return any(plain(known) == plain(name) and id_ != group_id for id_, known in rows)


def _above(session: Session, group_id: int | None) -> set[int]:
    """A group and all above it."""
    met: set[int] = set()
    while group_id is not None and group_id not in met:
        met.add(group_id)
        above = select(c(Group).parent_id).where(c(Group).id == group_id)
        group_id = session.execute(above).scalar()
    return met


_IN_WORDS = {
    "name": "Namn",
    "kind": "Typ",
    "parent_id": "Ligger under",
    "starts_on": "Första dag",
    "temporary": "Tillfällig",
}


def _changed(session: Session, before: Group, values: Mapping[str, object]) -> str:
    """What differs, as a sentence for the history; "" when nothing does."""

    def said(value: object, name: str) -> str:
        if name == "parent_id" and isinstance(value, int):
            return session.get_one(Group, value).name
        if isinstance(value, bool):
            return "ja" if value else "nej"
        return str(value or "–")

    lines = [
        f"{label}: {said(getattr(before, name), name)} blir {said(values[name], name)}"
        for name, label in _IN_WORDS.items()
        if getattr(before, name) != values[name]
    ]
    return "; ".join(lines)


def _cannot_take_over(session: Session, group_id: int, successor_id: int, today: date) -> list[str]:
    if successor_id == TOLD_ONCE:
        return []
    if successor_id == group_id:
        return ["Gruppen kan inte ta över efter sig själv."]
    successor = session.get_one(Group, successor_id)
    if successor.ends_on is not None and successor.ends_on < today:
        return [f"{successor.name} är avvecklad. Välj en grupp som finns kvar."]
    return []


def _hand_over(session: Session, group_id: int, successor_id: int) -> None:
    """Let the successor answer for what the group, or a role in it, answered for and is open."""
    open_ones = select(c(Activity).id).where(c(Activity).state.in_(OPEN))
    named = (c(Responsibility).group_id == group_id) & c(Responsibility).activity_id.in_(open_ones)
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


def _tell_dissolved(session: Session, group: Group, reason: str, mover: Mover, today: date) -> None:
    assert group.ends_on is not None
    words = f"Avvecklas {day_in_words(group.ends_on)}: {reason}"
    if group.successor_id is not None:
        name = session.get_one(Group, group.successor_id).name
        words += f" {name} tar över."
        told = f"Tar över efter {group.name}."
        note(session, told, mover.name, today=today, group_id=group.successor_id)
    note(session, words, mover.name, today=today, group_id=group.id)
