"""Whose an object is: for each {…_id} of an address, the collaborations and groups it belongs to.

The gate asks before the page is reached. A kind of object that is not here is nobody's, so only an
administrator may open it; `tests/test_access.py` names it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, null, select
from sqlmodel import Session

from models.activity import Activity, Responsibility
from models.columns import c
from models.edition import Edition
from models.group import Collaboration, Group
from models.letter import Letter, LetterItem, Notice
from models.person import Person, RoleHolding
from models.plan import Adoption, Goal, Plan
from models.status import StatusAnswer
from models.status_round import StatusRound
from notifications.about import GROUP, with_what_it_is_about
from rules.access import Whose

LARGEST = 2**31 - 1  # the largest number that a key can be


def whose(session: Session, name: str, number: int) -> Whose | None:
    """What an object belongs to; None when there is none with that number."""
    kind = KINDS.get(name)
    if kind is None:
        return Whose()
    return kind(session, number) if number <= LARGEST else None


def _by(query: Callable[[int], Select[Any]]) -> Callable[[Session, int], Whose | None]:
    """Whose it is by rows of (collaboration, group whose readers may read it or None)."""

    def kind(session: Session, number: int) -> Whose | None:
        rows = session.execute(query(number)).all()
        if not rows:
            return None
        return Whose(
            frozenset(collaboration for collaboration, _ in rows if collaboration is not None),
            frozenset(group for _, group in rows if group is not None),
        )

    return kind


def _group(number: int) -> Select[Any]:
    return select(c(Group).collaboration_id, c(Group).id).where(c(Group).id == number)


def _activity(number: int) -> Select[Any]:
    """Its group's; every group that answers for it may read it too, wherever it belongs."""
    owner = (
        select(c(Group).collaboration_id, c(Group).id)
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(c(Activity).id == number)
    )
    answering = select(null(), c(Responsibility).group_id).where(
        c(Responsibility).activity_id == number, c(Responsibility).group_id.is_not(None)
    )
    return select(owner.union_all(answering).subquery())


def _answer(number: int) -> Select[Any]:
    joined = select(c(Group).collaboration_id, c(Group).id).join(
        Activity, c(Activity).group_id == c(Group).id
    )
    asked = joined.join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
    return asked.where(c(StatusAnswer).id == number)


def _round(number: int) -> Select[Any]:
    joined = select(c(Group).collaboration_id, c(Group).id).join(
        StatusRound, c(StatusRound).group_id == c(Group).id
    )
    return joined.where(c(StatusRound).id == number)


def _plan(number: int) -> Select[Any]:
    """Its group's, and every group's that adopted it."""
    own = select(c(Plan).collaboration_id, c(Plan).group_id).where(c(Plan).id == number)
    adopted = (
        select(c(Plan).collaboration_id, c(Adoption).group_id)
        .join(Adoption, c(Adoption).plan_id == c(Plan).id)
        .where(c(Plan).id == number)
    )
    return select(own.union_all(adopted).subquery())


def _goal(number: int) -> Select[Any]:
    own = select(c(Plan).collaboration_id, c(Plan).group_id)
    return own.join(Goal, c(Goal).plan_id == c(Plan).id).where(c(Goal).id == number)


def _edition(number: int) -> Select[Any]:
    """Its group's; one of the whole collaboration is every group's."""
    whole = c(Edition).group_id.is_(None) & (
        c(Group).collaboration_id == c(Edition).collaboration_id
    )
    return (
        select(c(Edition).collaboration_id, c(Group).id)
        .outerjoin(Group, (c(Group).id == c(Edition).group_id) | whole)
        .where(c(Edition).id == number)
    )


def _collaboration(number: int) -> Select[Any]:
    return select(c(Collaboration).id, null()).where(c(Collaboration).id == number)


def _person(number: int) -> Select[Any]:
    """Of every collaboration that she holds or held a role in; one without roles is nobody's."""
    return (
        select(c(Group).collaboration_id, null())
        .select_from(Person)
        .outerjoin(RoleHolding, c(RoleHolding).person_id == c(Person).id)
        .outerjoin(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(Person).id == number)
        .distinct()
    )


def _letter(session: Session, number: int) -> Whose | None:
    """The collaboration of all that it is about; with nothing about, of the one it went to.

    One that speaks of several collaborations is an administrator's.
    """
    person = session.execute(select(c(Letter).person_id).where(c(Letter).id == number)).scalar()
    if person is None:
        return None
    groups = with_what_it_is_about(
        select(GROUP)
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(LetterItem).letter_id == number)
    )
    about = select(c(Group).collaboration_id).where(c(Group).id.in_(groups))
    found = set(session.execute(about).scalars())
    if not found:
        found = {row[0] for row in session.execute(_person(person)) if row[0] is not None}
    return Whose(frozenset(found)) if len(found) == 1 else Whose()


# A new kind of object: a line here, with a query by number or a function of one's own.
KINDS: dict[str, Callable[[Session, int], Whose | None]] = {
    "activity_id": _by(_activity),
    "answer_id": _by(_answer),
    "collaboration_id": _by(_collaboration),
    "edition_id": _by(_edition),
    "goal_id": _by(_goal),
    "group_id": _by(_group),
    "letter_id": _letter,
    "person_id": _by(_person),
    "plan_id": _by(_plan),
    "round_id": _by(_round),
}
