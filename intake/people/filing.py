"""A list of people put on file: what differs (`comparing.py`), all of it saved or nothing.

The same comparison is shown first and carried out afterwards, so that what is saved is what was
seen. A role that the list no longer has ends only when that is asked for.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session

from config import clock
from intake.people.comparing import (
    Compared,
    Difference,
    Differs,
    OnFile,
    compared_with,
    register_of,
    told,
)
from intake.people.lists import PeopleDraft
from intake.people.register import collaboration_named, look_up_words, plain
from models.columns import c
from models.group import Group, RegisterNote
from models.person import Person, RoleHolding


def file_people(
    session: Session,
    draft: PeopleDraft,
    *,
    organisation: str,
    today: date,
    end_missing: bool = False,
    by: str = "",
) -> Compared:
    """Put people, groups and dated roles on file; what is there already is brought up to date.

    1. Compare the list with what is on file.
    2. Make the groups and people that are new, and change names and addresses.
    3. Add roles, change their dates, and with `end_missing` end those that the list no longer has.
    4. Write down what was done, and look up whom plans name.
    """
    collaboration_id = collaboration_named(session, organisation, organisation)
    compared = compared_with(register_of(session, collaboration_id), draft, today)
    done = [*compared.changes, *(compared.missing if end_missing else [])]
    by = by or f"inläsning av {draft.file}"
    _make_groups(session, collaboration_id, done)
    _make_people(session, done)
    _change_people(session, done)
    known = register_of(session, collaboration_id)
    _make_roles(session, known, done)
    _change_roles(session, done, today)
    session.flush()
    _write_down(session, known, done, by, today)
    look_up_words(session)
    return compared


def _make_groups(session: Session, collaboration_id: int, done: Iterable[Difference]) -> None:
    rows = [
        {"collaboration_id": collaboration_id, "name": d.group, "kind": "", "temporary": False}
        for d in done
        if d.kind is Differs.NEW_GROUP
    ]
    if rows:
        session.execute(insert(Group), rows)


def _make_people(session: Session, done: Iterable[Difference]) -> None:
    rows = [
        {"name": d.name, "email": d.email, "unreachable_why": ""}
        for d in done
        if d.kind is Differs.NEW_PERSON
    ]
    if rows:
        session.execute(insert(Person), rows)


def _change_people(session: Session, done: Iterable[Difference]) -> None:
    tried_again = {"unreachable_since": None, "unreachable_why": ""}
    for d in done:
        changed: dict[Differs, dict[str, Any]] = {
            Differs.RENAMED: {"name": d.after},
            Differs.NEW_ADDRESS: {"email": d.after} | tried_again,
            Differs.TRIED_AGAIN: tried_again,
            Differs.BACK: {"left_on": None},
        }
        if values := changed.get(d.kind):
            session.execute(update(Person).where(c(Person).id == d.person_id).values(**values))


def _make_roles(session: Session, known: OnFile, done: Iterable[Difference]) -> None:
    rows = [
        {
            "person_id": known.by_email[d.email].id,
            "group_id": known.groups[plain(d.group)].id,
            "role": d.role,
            "starts_on": d.first_day,
            "ends_on": d.last_day,
        }
        for d in done
        if d.kind is Differs.NEW_ROLE
    ]
    if rows:
        session.execute(insert(RoleHolding), rows)


def _change_roles(session: Session, done: Iterable[Difference], today: date) -> None:
    """New last days; what the list no longer has ended yesterday, or on its first day."""
    yesterday = today - timedelta(days=1)
    for d in done:
        last = {
            Differs.NEW_DATES: d.last_day,
            Differs.MISSING_ROLE: max(yesterday, d.first_day or yesterday),
        }
        if d.kind in last:
            session.execute(
                update(RoleHolding)
                .where(c(RoleHolding).id == d.holding_id)
                .values(ends_on=last[d.kind])
            )


def _write_down(
    session: Session, known: OnFile, done: Sequence[Difference], by: str, today: date
) -> None:
    rows = [
        {
            "group_id": known.groups[plain(d.group)].id if d.group else None,
            "person_id": d.person_id or (known.by_email[d.email].id if d.email else None),
            "on_day": today,
            "at": clock.now(),
            "by": by,
            "words": told(d),
        }
        for d in done
    ]
    if rows:
        session.execute(insert(RegisterNote), rows)
