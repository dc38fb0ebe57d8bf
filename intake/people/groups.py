"""Groups as forms change them: made, renamed, resting, going on. Raises `Refused` with sentences.

Who takes a role in one is `roles.py`; how one ends for good is `dissolving.py`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from intake.forms import Reading
from intake.people.register import keep, note, plain
from models.columns import c
from models.group import Group, GroupPause
from models.moves import Mover, Refused
from models.refusal import at
from models.register_change import RegisterDeed
from rules.wording import day_in_words


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
    reading = Reading(given, today, session)
    name = reading.asked("name", "Skriv vad gruppen heter.")
    first, last = reading.day("starts_on"), reading.day("ends_on", last=True)
    parent = reading.group("parent", collaboration_id)
    if first and last and last < first:
        reading.problems.append(at("ends_on", "Gruppens sista dag är före den första."))
    ends = None if group_id is None else session.get_one(Group, group_id).ends_on
    if first and ends and ends < first:
        told = f"Gruppens sista dag är {day_in_words(ends)}. Den första kan inte komma efter den."
        reading.problems.append(at("starts_on", told))
    if named_otherwise(session, collaboration_id, name, group_id):
        reading.problems.append(at("name", f"Det finns redan en grupp som heter {name}."))
    if parent is not None and group_id in above(session, parent):
        told = "En grupp kan inte ligga under sig själv. Välj en annan grupp."
        reading.problems.append(at("parent", told))
    reading.done()
    values: dict[str, Any] = {
        "name": name,
        "kind": reading.line("kind"),
        "parent_id": parent,
        "starts_on": first,
        "temporary": bool(reading.line("temporary")),
    }
    if group_id is None:
        group = Group(collaboration_id=collaboration_id, ends_on=last, **values)
        session.add(group)
        session.flush()
        assert group.id is not None
        change = keep(session, RegisterDeed.GROUP_MADE, today, group_id=group.id)
        note(
            *(session, f"Ny grupp: {name}.", mover.name),
            today=today,
            group_id=group.id,
            change_id=change,
        )
        return group.id
    before = session.get_one(Group, group_id)
    changed = _changed(session, before, values)
    if changed:
        was = {f"{field}_before": getattr(before, name) for name, field in KEPT.items()}
        is_now = {f"{field}_after": values[name] for name, field in KEPT.items()}
        change = keep(
            session, RegisterDeed.GROUP_CHANGED, today, group_id=group_id, **was, **is_now
        )
        session.execute(update(Group).where(c(Group).id == group_id).values(**values))
        note(session, changed, mover.name, today=today, group_id=group_id, change_id=change)
    return group_id


def pause_group(
    session: Session, group_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Let a group rest from a day, maybe to a day, for a reason."""
    reading = Reading(given, today, session)
    reason = reading.asked("reason", "Skriv varför gruppen är vilande.")
    first = reading.day("first_day", coming=True) if reading.line("first_day") else today
    last = reading.day("last_day", last=True, coming=True)
    if first and last and first > last:
        first = reading.day("first_day")  # it rests already
    if first and last and last < first:
        reading.problems.append(at("last_day", "Den sista dagen är före den första."))
    group = session.get_one(Group, group_id, with_for_update=True)
    if group.ends_on is not None and group.ends_on < today:
        reading.problems.append(f"{group.name} är avvecklad.")
    if first and rests_then(session, group_id, first, last):
        reading.problems.append(at("first_day", "Gruppen är redan vilande de dagarna."))
    reading.done()
    assert first is not None
    session.add(GroupPause(group_id=group_id, first_day=first, last_day=last, reason=reason))
    until = f" till {day_in_words(last)}" if last else ""
    words = f"Vilande från {day_in_words(first)}{until}: {reason}"
    told = {"rests_from": first, "last_after": last, "reason": reason}
    change = keep(session, RegisterDeed.GROUP_RESTS, today, group_id=group_id, **told)
    note(session, words, mover.name, today=today, group_id=group_id, change_id=change)


def rests_then(
    session: Session, group_id: int, first: date, last: date | None, but: int | None = None
) -> bool:
    """Does a group rest on any of these days, one of its pauses aside?"""
    pause = c(GroupPause)
    meets = select(pause.id).where(
        pause.group_id == group_id,
        pause.id.is_distinct_from(but),
        or_(pause.last_day.is_(None), pause.last_day >= first),
        pause.first_day <= (last or date.max),
    )
    return session.execute(meets).first() is not None


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
    told: dict[str, Any] = {"rests_from": pause.first_day, "last_before": pause.last_day}
    if pause.first_day >= today:
        session.delete(pause)
    else:
        pause.last_day = told["last_after"] = today - timedelta(days=1)
    told |= {"group_id": group_id, "reason": pause.reason}
    change = keep(session, RegisterDeed.GROUP_GOES_ON, today, **told)
    words = "Gruppen är i gång igen."
    note(session, words, mover.name, today=today, group_id=group_id, change_id=change)


def named_otherwise(
    session: Session, collaboration_id: int, name: str, group_id: int | None
) -> bool:
    """Is another group of the collaboration called so?"""
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    )
    return any(plain(known) == plain(name) and id_ != group_id for id_, known in rows)


def above(session: Session, group_id: int | None) -> set[int]:
    """A group and all above it."""
    met: set[int] = set()
    while group_id is not None and group_id not in met:
        met.add(group_id)
        above = select(c(Group).parent_id).where(c(Group).id == group_id)
        group_id = session.execute(above).scalar()
    return met


# What a change keeps of a group, by the name that `RegisterChange` has for it.
KEPT = {
    "name": "name",
    "kind": "kind",
    "parent_id": "parent",
    "starts_on": "starts",
    "temporary": "temporary",
}
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
