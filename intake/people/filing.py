"""A list of people put on file: what differs (`comparing.py`), all of it saved or nothing.

The same comparison is shown first and carried out afterwards, so that what is saved is what was
seen. A role that the list no longer has ends only when that is asked for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import insert, update
from sqlmodel import Session

from config import clock
from intake.people.another_address import goes_over
from intake.people.comparing import (
    Compared,
    Difference,
    Differs,
    OnFile,
    compared_with,
    register_of,
    seen_to_end,
    told,
    with_activities,
)
from intake.people.leaving import let_go
from intake.people.lists import PeopleDraft
from intake.people.register import collaboration_named, look_up_words, plain
from intake.people.taking_on import Typed, take_on
from models.addresses import put_address
from models.administrator import end_with_last_day
from models.by_the_heap import put_all
from models.columns import c
from models.group import Group, RegisterNote
from models.known import PersonKnown, several_collaborations
from models.left import take_last_day_away
from models.moves import Mover
from models.person import Person, Role, RoleHolding
from models.session import end_sessions_at_home
from models.shared_mailbox import share, shared_in


def file_people(
    session: Session,
    draft: PeopleDraft,
    *,
    organisation: str,
    area: int | None = None,
    today: date,
    end_missing: bool = False,
    seen: Collection[str] | None = None,
    by: str = "",
) -> Compared:
    """Put people, groups and dated roles on file; what is there already is brought up to date.

    1. Compare the list with what is on file.
    2. Make the groups and people that are new, and change names and addresses.
    3. Add roles, change their dates, and with `end_missing` end those that the list no longer has;
       who has none left has left, and the activities that name her are told. Of those only what
       was shown, where `seen` says what was (`Difference.ends`).
    4. Write down what was done, and look up whom plans name.

    Whose list it is: the collaboration of that number (`area`), else of that name.
    """
    collaboration_id = area or collaboration_named(session, organisation, organisation)
    compared = compared_with(register_of(session, collaboration_id, today), draft, today)
    compared = with_activities(session, collaboration_id, compared)
    ending = compared.missing if end_missing else []
    if seen is not None:
        ending = seen_to_end(ending, seen)
        compared = replace(compared, came_since=_roles(compared.missing) - _roles(ending))
    done = [*compared.changes, *ending]
    by = by or f"inläsning av {draft.file}"
    _make_groups(session, collaboration_id, done)
    _make_people(session, collaboration_id, done, by)
    _change_people(session, collaboration_id, done, by, today)
    known = register_of(session, collaboration_id, today)
    _say_who_share(session, collaboration_id, known, draft)
    _make_roles(session, collaboration_id, known, done)
    _change_roles(session, collaboration_id, done, today)
    session.flush()
    _write_down(session, collaboration_id, known, done, by, today)
    leaving = [d.person_id for d in done if d.kind is Differs.LEAVES and d.person_id]
    let_go(session, collaboration_id, leaving, Mover(by), today)
    look_up_words(session)
    return compared


def _roles(missing: Iterable[Difference]) -> int:
    return sum(d.kind is Differs.MISSING_ROLE for d in missing)


def _make_groups(session: Session, collaboration_id: int, done: Iterable[Difference]) -> None:
    rows = [
        {"collaboration_id": collaboration_id, "name": d.group, "kind": "", "temporary": False}
        for d in done
        if d.kind is Differs.NEW_GROUP
    ]
    if rows:
        session.execute(insert(Group), rows)


def _make_people(
    session: Session, collaboration_id: int, done: Iterable[Difference], by: str
) -> None:
    new = [Typed(d.name, d.email) for d in done if d.kind is Differs.NEW_PERSON]
    take_on(session, collaboration_id, new, by)


def _change_people(
    session: Session, collaboration_id: int, done: Iterable[Difference], by: str, today: date
) -> None:
    """Names, addresses and last days of those at home here; of others the name they have here."""
    tried_again = {"unreachable_since": None, "unreachable_why": ""}
    at_home = c(Person).home_collaboration_id == collaboration_id
    for d in done:
        if d.kind is Differs.RENAMED:
            _rename(session, collaboration_id, d)
        elif d.kind is Differs.NEW_ADDRESS and d.person_id and several_collaborations(session):
            typed = Typed(d.name, d.after)
            goes_over(session, collaboration_id, d.person_id, typed, by, today=today)
        elif d.kind is Differs.NEW_ADDRESS:
            put_address(session, session.get_one(Person, d.person_id), d.after)
        elif d.kind is Differs.BACK and d.person_id:
            take_last_day_away(session, d.person_id, [collaboration_id])
            whose = c(Person).id == d.person_id
            end_with_last_day(session, whose, passed=today)
            session.execute(update(Person).where(whose).values(left_on=None))
        elif d.kind is Differs.TRIED_AGAIN:
            whose = c(Person).id == d.person_id
            session.execute(update(Person).where(whose, at_home).values(**tried_again))


def _rename(session: Session, collaboration_id: int, d: Difference) -> None:
    session.execute(
        update(Person)
        .where(c(Person).id == d.person_id, c(Person).home_collaboration_id == collaboration_id)
        .values(name=d.after)
    )
    session.execute(
        update(PersonKnown)
        .where(
            c(PersonKnown).person_id == d.person_id,
            c(PersonKnown).collaboration_id == collaboration_id,
        )
        .values(name=d.after)
    )


def _say_who_share(
    session: Session, collaboration_id: int, known: OnFile, draft: PeopleDraft
) -> None:
    """Who share a mailbox; one that the list gives a single name is shared no more."""
    asked = session.execute(shared_in(collaboration_id)).scalars()
    shared = set(asked)
    for person in draft.people:
        row = known.by_email.get(person.email)
        if row is not None and row.name == person.name and (person.names or row.id in shared):
            share(session, collaboration_id, row.id, person.names)


def _make_roles(
    session: Session, collaboration_id: int, known: OnFile, done: Iterable[Difference]
) -> None:
    rows = [
        {
            "person_id": known.by_email[d.email].id if d.email in known.by_email else d.person_id,
            "group_id": known.groups[plain(d.group)].id,
            "role": d.role,
            "starts_on": d.first_day,
            "ends_on": d.last_day,
        }
        for d in done
        if d.kind is Differs.NEW_ROLE
    ]
    put_all(session, RoleHolding, rows)
    for row in rows:
        if row["role"] == Role.PROCESS_LEADER:
            end_sessions_at_home(session, row["person_id"], collaboration_id)


def _change_roles(
    session: Session, collaboration_id: int, done: Iterable[Difference], today: date
) -> None:
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
            if d.role == Role.PROCESS_LEADER and d.person_id:
                end_sessions_at_home(session, d.person_id, collaboration_id)


def _write_down(
    session: Session,
    collaboration_id: int,
    known: OnFile,
    done: Sequence[Difference],
    by: str,
    today: date,
) -> None:
    """One line a difference, told here; of somebody at home elsewhere too."""
    rows = []
    for d in done:
        person = known.by_email.get(d.email)
        if d.kind is Differs.NEW_ADDRESS and person is not None and person.id != d.person_id:
            continue  # told as of anybody new
        rows.append(
            {
                "group_id": known.groups[plain(d.group)].id if d.group else None,
                "person_id": person.id if person is not None else d.person_id,
                "collaboration_id": None if d.group else collaboration_id,
                "on_day": today,
                "at": clock.now(),
                "by": by,
                "words": told(d),
            }
        )
    put_all(session, RegisterNote, rows)
