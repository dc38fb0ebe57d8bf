"""Whose an object is: for each {…_id} of an address, the collaborations and groups it belongs to.

The gate asks before the page is reached, also of what forms and queries name. A kind of object that
is not here is nobody's, so only an administrator may open it; `tests/test_access.py` names it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Select, null, select, true
from sqlmodel import Session

from models.activity import Activity, Responsibility
from models.columns import c
from models.comment import Comment, CommentFile
from models.delegation import Delegation
from models.deviation import DeviationImport, DeviationMapping
from models.edition import Edition
from models.group import Collaboration, Group
from models.group_note import GroupNote
from models.known import collaborations_of, ever_known_in, several_collaborations
from models.letter import Letter, LetterItem, LetterPart, Link, Notice
from models.person import Person, RoleHolding
from models.plan import Adoption, Goal, Plan, TargetGroup
from models.status import StatusAnswer
from models.status_round import StatusRound
from notifications.about import GROUP, HOMES, with_what_it_is_about
from rules.access import Whose

LARGEST = 2**31 - 1  # the largest number that a key can be
_AT_ONCE = 1000  # numbers in a question; a database takes no more than some thousands


def whose(session: Session, name: str, number: int) -> Whose | None:
    """What an object belongs to; None when there is none with that number."""
    return whose_of(session, name, {number}).get(number)


def whose_of(session: Session, name: str, numbers: Collection[int]) -> Mapping[int, Whose]:
    """The same of many objects of one kind; those that are not on file are not among them."""
    kind = KINDS.get(name)
    if kind is None:
        return {number: Whose() for number in numbers}
    known = sorted(number for number in numbers if number <= LARGEST)
    found: dict[int, Whose] = {}
    for at in range(0, len(known), _AT_ONCE):
        found |= kind(session, known[at : at + _AT_ONCE])
    return found


Kind = Callable[[Session, Collection[int]], Mapping[int, Whose]]


def _one_by_one(find: Callable[[Session, int], Whose | None]) -> Kind:
    """A kind of which few are ever named at once."""

    def kind(session: Session, numbers: Collection[int]) -> Mapping[int, Whose]:
        found = {number: find(session, number) for number in numbers}
        return {number: one for number, one in found.items() if one is not None}

    return kind


def _by(query: Callable[[int], Select[Any]]) -> Kind:
    """Whose it is by rows of (collaboration, group whose readers may read it or None)."""

    def find(session: Session, number: int) -> Whose | None:
        rows = session.execute(query(number)).all()
        return _whole(rows) if rows else None

    return _one_by_one(find)


def _whole(rows: Collection[Any]) -> Whose:
    """What rows that end with a collaboration and a group say together."""
    return Whose(
        frozenset(row[-2] for row in rows if row[-2] is not None),
        frozenset(row[-1] for row in rows if row[-1] is not None),
    )


def _all_by(query: Callable[[Collection[int]], Select[Any]]) -> Kind:
    """The same of a kind that a form names many of: rows of (number, collaboration, group)."""

    def kind(session: Session, numbers: Collection[int]) -> Mapping[int, Whose]:
        rows: dict[int, list[Any]] = {}
        for row in session.execute(query(numbers)):
            rows.setdefault(row[0], []).append(row)
        return {number: _whole(found) for number, found in rows.items()}

    return kind


def _group(number: int) -> Select[Any]:
    return select(c(Group).collaboration_id, c(Group).id).where(c(Group).id == number)


def _activity(numbers: Collection[int]) -> Select[Any]:
    """Its group's; every group that answers for it may read it too, wherever it belongs."""
    owner = (
        select(c(Activity).id, c(Group).collaboration_id, c(Group).id.label("group_id"))
        .select_from(Activity)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id.in_(numbers))
    )
    answering = select(c(Responsibility).activity_id, null(), c(Responsibility).group_id).where(
        c(Responsibility).activity_id.in_(numbers), c(Responsibility).group_id.is_not(None)
    )
    return select(owner.union_all(answering).subquery())


def _answer(number: int) -> Select[Any]:
    joined = select(c(Group).collaboration_id, c(Group).id).join(
        Activity, c(Activity).group_id == c(Group).id
    )
    asked = joined.join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
    return asked.where(c(StatusAnswer).id == number)


def _comment_file(session: Session, number: int) -> Whose | None:
    """The file of a comment is the activity's that it is about."""
    asked = select(c(Comment).activity_id).join(
        CommentFile, c(CommentFile).comment_id == c(Comment).id
    )
    about = session.execute(asked.where(c(CommentFile).id == number)).scalar()
    return None if about is None else whose(session, "activity_id", about)


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


def _goal(numbers: Collection[int]) -> Select[Any]:
    own = select(c(Goal).id, c(Plan).collaboration_id, c(Plan).group_id).select_from(Goal)
    return own.join(Plan, c(Plan).id == c(Goal).plan_id).where(c(Goal).id.in_(numbers))


def _adoption(number: int) -> Select[Any]:
    own = select(c(Plan).collaboration_id, c(Adoption).group_id)
    return own.join(Adoption, c(Adoption).plan_id == c(Plan).id).where(c(Adoption).id == number)


def _target_group(number: int) -> Select[Any]:
    """Its collaboration's, so every group's there."""
    return (
        select(c(TargetGroup).collaboration_id, c(Group).id)
        .outerjoin(Group, c(Group).collaboration_id == c(TargetGroup).collaboration_id)
        .where(c(TargetGroup).id == number)
    )


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


def _note(session: Session, number: int) -> Whose | None:
    """What a group wrote about a report is the report's."""
    row = session.get(GroupNote, number)
    return None if row is None else whose(session, "edition_id", row.edition_id)


def _collaboration(number: int) -> Select[Any]:
    return select(c(Collaboration).id, null()).where(c(Collaboration).id == number)


def _import(number: int) -> Select[Any]:
    """One that waits to be placed is nobody's."""
    asked = select(c(DeviationImport).collaboration_id, null())
    return asked.where(c(DeviationImport).id == number)


def _mapping(number: int) -> Select[Any]:
    """The same of how a source is read."""
    asked = select(c(DeviationMapping).collaboration_id, null())
    return asked.where(c(DeviationMapping).id == number)


def _person(number: int) -> Select[Any]:
    """Of every collaboration that she is known in; one who is known in none is nobody's."""
    known = collaborations_of(number).subquery()
    return (
        select(known.c[0], null())
        .select_from(Person)
        .outerjoin(known, true())
        .where(c(Person).id == number)
    )


def _holding(number: int) -> Select[Any]:
    """A role is the group's, whoever holds it."""
    own = select(c(Group).collaboration_id, null())
    joined = own.join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
    return joined.where(c(RoleHolding).id == number)


def _link(session: Session, number: int) -> Whose | None:
    """A link is its owner's."""
    owner = session.execute(select(c(Link).person_id).where(c(Link).id == number)).scalar()
    return None if owner is None else whose(session, "person_id", owner)


def _delegation(session: Session, number: int) -> Whose | None:
    """Of the activity or group that is handed over; of everything, its giver's."""
    row = session.get(Delegation, number)
    if row is None:
        return None
    if row.activity_id is not None:
        return whose(session, "activity_id", row.activity_id)
    if row.group_id is not None:
        return whose(session, "group_id", row.group_id)
    return whose(session, "person_id", row.person_id)


def _calendar_of(session: Session, number: int) -> Whose | None:
    """Her home collaboration's, where there is no other; else hers, and an administrator's.

    A calendar holds what is of all that know her. A leader who could close it would close others',
    and one who could not would learn that there are others.
    """
    person = session.get(Person, number)
    if person is None:
        return None
    known = set(session.execute(collaborations_of(number)).scalars())
    hers = known == {person.home_collaboration_id} and not several_collaborations(session)
    return Whose(frozenset(known)) if hers else Whose()


def _letter(session: Session, number: int) -> Whose | None:
    """The collaboration of all that it is about; with nothing about, of the one it went to.

    That somebody stands in for everything is of both people's home. A letter that speaks of several
    collaborations, or of one that is not told, is an administrator's.
    """
    person = session.execute(select(c(Letter).person_id).where(c(Letter).id == number)).scalar()
    if person is None:
        return None
    items = with_what_it_is_about(
        select(GROUP, *HOMES)
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(LetterItem).letter_id == number)
    )
    rows = session.execute(items).all()
    groups = {group for group, *_ in rows if group is not None}
    about = select(c(Group).collaboration_id).where(c(Group).id.in_(groups))
    found: set[int | None] = set(session.execute(about).scalars())
    for group, *homes in rows:
        if group is None:
            found.update(homes)
    parts = select(c(LetterPart).collaboration_id).where(c(LetterPart).letter_id == number)
    areas = list(session.execute(parts).scalars())
    found.update(area for area in areas if area is not None)
    if None in areas or not (rows or areas):  # what is of no one collaboration
        found.update(session.execute(ever_known_in(person)).scalars())
    return _of_one(found)


def _of_one(found: set[int | None]) -> Whose:
    """Of the only collaboration; nobody's when there are several, or one that is not told."""
    told = frozenset(one for one in found if one is not None)
    return Whose(told) if len(found) == len(told) == 1 else Whose()


# A new kind of object: a line here, with a query by number or a function of one's own.
KINDS: dict[str, Kind] = {
    "activity_id": _all_by(_activity),
    "adoption_id": _by(_adoption),
    "answer_id": _by(_answer),
    "calendar_of_person_id": _one_by_one(_calendar_of),
    "collaboration_id": _by(_collaboration),
    "delegation_id": _one_by_one(_delegation),
    "edition_id": _by(_edition),
    "file_id": _one_by_one(_comment_file),
    "goal_id": _all_by(_goal),
    "group_id": _by(_group),
    "holding_id": _by(_holding),
    "import_id": _by(_import),
    "letter_id": _one_by_one(_letter),
    "link_id": _one_by_one(_link),
    "mapping_id": _by(_mapping),
    "note_id": _one_by_one(_note),
    "person_id": _by(_person),
    "plan_id": _by(_plan),
    "round_id": _by(_round),
    "target_group_id": _by(_target_group),
}
