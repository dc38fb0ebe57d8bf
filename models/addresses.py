"""Whose an address is to change: proved ones are their owners', others the home leader's.

An address is proved when somebody has signed in with it or answered by a link that came to it
(`Person.proved_at`), or when a letter to it was delivered.
"""

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlmodel import Session

from config import clock
from models.administrator import administrators
from models.columns import c
from models.feed import Feed
from models.group import Group
from models.known import PersonKnown
from models.letter import Letter, LetterState, Link
from models.organisation_identity import free
from models.person import Person, RoleHolding
from models.session import end_sessions_of


def is_proved() -> ColumnElement[bool]:
    """The condition that the person's present address has been used by somebody."""
    delivered = select(c(Letter).id).where(
        c(Letter).person_id == c(Person).id,
        c(Letter).to_address == c(Person).email,
        c(Letter).state == LetterState.SENT,
    )
    return or_(c(Person).proved_at.is_not(None), delivered.exists())


def not_the_leaders(today: date) -> ColumnElement[bool]:
    """The condition that the leader of her home may not correct a person's address.

    It is proved; or more than that collaboration's follows from it. Whoever could write the address
    could then sign in as her there.
    """
    return or_(is_proved(), is_more_than_her_homes(today))


def is_more_than_her_homes(today: date) -> ColumnElement[bool]:
    """The condition that a person is not for the leader of her home alone to change.

    Another collaboration has taken her on, or she has a role in one, or she is an administrator.
    One that has merely typed her address, and has not told her so, takes no right from her home:
    what it has of her stays hers when her home gives her another address.
    """
    nobody_knows = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == c(Person).id,
        c(PersonKnown).collaboration_id == c(Group).collaboration_id,
        or_(c(PersonKnown).told_at.is_(None), c(PersonKnown).declined_at.is_not(None)),
    )
    elsewhere = (
        select(c(RoleHolding).id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            c(RoleHolding).person_id == c(Person).id,
            c(Group).collaboration_id.is_distinct_from(c(Person).home_collaboration_id),
            or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
            ~nobody_knows.correlate(Person, Group).exists(),
        )
    )
    taken_on = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == c(Person).id,
        c(PersonKnown).collaboration_id.is_distinct_from(c(Person).home_collaboration_id),
        c(PersonKnown).told_at.is_not(None),
        c(PersonKnown).declined_at.is_(None),
    )
    an_administrator = c(Person).id.in_(administrators(today))
    return or_(elsewhere.exists(), taken_on.exists(), an_administrator)


def addresses_that_stay(people: Select[tuple[int]], today: date) -> Select[tuple[int]]:
    """Of these people, the ids of those whose address no leader may correct."""
    return select(c(Person).id).where(c(Person).id.in_(people), not_the_leaders(today))


def put_address(session: Session, person: Person, address: str) -> None:
    """Give somebody an address: whatever the old one opened is closed, and nothing is proved yet.

    Her links are revoked, her calendar's address is closed, she is signed out everywhere, and her
    account at the organisation is bound to her no more.
    """
    assert person.id is not None
    person.email, person.proved_at = address, None
    person.unreachable_since, person.unreachable_why = None, ""
    session.flush()
    free(session, person.id)
    close_doors(session, person.id)


def close_doors(session: Session, person_id: int) -> None:
    """Revoke every link of somebody's, close her calendar's address and sign her out."""
    now = clock.now()
    for table in (Link, Feed):
        session.execute(
            update(table)
            .where(c(table).person_id == person_id, c(table).revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )
    end_sessions_of(session, person_id)
