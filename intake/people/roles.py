"""Roles in groups: taken and ended, on days; that one was held stays on file.

How either is taken back is `register_undo.py`, which asks `why_not_role` as taking one does.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session

from intake.forms import Reading
from intake.people.register import keep, note, plain
from intake.people.taking_on import DECLINED, Typed, take_on, who_declined
from models.columns import c
from models.group import Group
from models.known import name_in
from models.moves import Mover, Refused
from models.person import Person, Role, RoleHolding
from models.refusal import at
from models.register_change import RegisterDeed
from models.session import end_sessions_at_home
from models.shared_mailbox import is_shared_mailbox
from rules.wording import day_in_words

A_SHARED_MAILBOX = (
    "Brevlådan delas av flera, och med en delad brevlåda kan ingen vara processledare. Lägg till "
    "processledaren med en egen adress."
)


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
    reading = Reading(given, today, session)
    role = plain(reading.line("role")) or Role.MEMBER.value
    first, last = reading.day("starts_on"), reading.day("ends_on", last=True)
    if first and last and last < first:
        reading.problems.append(at("ends_on", "Rollens sista dag är före den första."))
    group = session.get_one(Group, group_id)
    if person_id is None:
        reading.asked("person", "Skriv vem det gäller, med namn eller e-postadress.")
        person_id = reading.person("person", {group.collaboration_id})
    reading.done()
    assert person_id is not None
    holding = RoleHolding(
        person_id=person_id, group_id=group_id, role=role, starts_on=first, ends_on=last
    )
    if why_not := why_not_role(session, group, holding):
        raise Refused(why_not)
    name = _known_as(session, group.collaboration_id, person_id, mover)
    session.add(holding)
    session.flush()
    change = keep(session, RegisterDeed.ROLE_TAKEN, today, holding_id=holding.id, last_after=last)
    since = f" från {day_in_words(first)}" if first else ""
    until = f" till {day_in_words(last)}" if last else ""
    words = f"{name} blir {role} i {group.name}{since}{until}."
    note(
        *(session, words, mover.name),
        today=today,
        group_id=group_id,
        person_id=person_id,
        change_id=change,
    )
    signed_out(session, role, person_id, group.collaboration_id)


def why_not_role(session: Session, group: Group, wanted: RoleHolding) -> list[str]:
    """Why somebody cannot hold a role in a group on these days.

    A shared mailbox leads nothing; who has said no is not taken on again; and the same role is not
    held twice on a day, `wanted` itself aside where it is on file already.
    """
    area, person_id, role = group.collaboration_id, wanted.person_id, wanted.role
    if role == Role.PROCESS_LEADER and is_shared_mailbox(session, area, person_id):
        return [A_SHARED_MAILBOX]
    email = session.get_one(Person, person_id).email
    if email in who_declined(session, area):
        return [DECLINED.format(email=email)]
    h, first, last = c(RoleHolding), wanted.starts_on, wanted.ends_on
    meets = select(h.id).where(
        h.person_id == person_id,
        h.group_id == group.id,
        h.role == role,
        h.id.is_distinct_from(wanted.id),
        or_(h.ends_on.is_(None), h.ends_on >= (first or date.min)),
        or_(h.starts_on.is_(None), h.starts_on <= (last or date.max)),
    )
    if session.execute(meets).first() is None:
        return []
    name = name_in(session, area, person_id)
    return [f"{name} är redan {role} i {group.name} de dagarna."]


def end_role(
    session: Session, holding_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """A role ends on a day (today, when none is written); that it was held stays on file."""
    reading = Reading(given, today, session)
    last = reading.day("ends_on", last=True) if reading.line("ends_on") else today
    holding = session.get(RoleHolding, holding_id, with_for_update=True)
    if holding is None or (holding.ends_on is not None and holding.ends_on < today):
        raise Refused(["Rollen är redan avslutad. Läs in sidan igen."])
    if last and holding.starts_on and last < holding.starts_on:
        told = f"Rollen börjar först {day_in_words(holding.starts_on)}."
        reading.problems.append(at("ends_on", told))
    reading.done()
    assert last is not None
    if holding.ends_on == last:  # a second tap changes nothing, and is not told of
        return
    before, holding.ends_on = holding.ends_on, last
    group = session.get_one(Group, holding.group_id)
    person = name_in(session, group.collaboration_id, holding.person_id)
    signed_out(session, holding.role, holding.person_id, group.collaboration_id)
    change = keep(
        *(session, RegisterDeed.ROLE_ENDED, today),
        holding_id=holding_id,
        last_before=before,
        last_after=last,
    )
    note(
        session,
        f"{person} slutar som {holding.role} i {group.name} {day_in_words(last)}.",
        mover.name,
        today=today,
        group_id=holding.group_id,
        person_id=holding.person_id,
        change_id=change,
    )


def _known_as(session: Session, collaboration_id: int, person_id: int, mover: Mover) -> str:
    """What the collaboration calls her, who is known there from now on."""
    email = session.get_one(Person, person_id).email
    name = name_in(session, collaboration_id, person_id)
    take_on(session, collaboration_id, [Typed(name, email)], mover.name)
    return name_in(session, collaboration_id, person_id)


def signed_out(session: Session, role: str, person_id: int, collaboration_id: int) -> None:
    """Who begins or ends to lead at home has other rights, and signs in anew for them."""
    if role == Role.PROCESS_LEADER:
        end_sessions_at_home(session, person_id, collaboration_id)
