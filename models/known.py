"""Who is known where: a person is one, and may be known in several collaborations.

She belongs to her home collaboration (`Person.home_collaboration_id`): the one that first took her
on file. Another that takes her on knows her by the name that it typed, and only in its own groups.
So what somebody is called is asked here and nowhere else (`called`, `name_in`); what is hers alone
is told by her own name (`own_name`).
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
    union,
)
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c
from models.database import ask
from models.group import Collaboration, Group
from models.person import Person, RoleHolding


class PersonKnown(SQLModel, table=True):
    """A collaboration has taken somebody on file, by a name that it typed.

    `told_at` is when she was told of it. `declined_at` is when she said no: then she is not known
    there any more, whatever she did there.
    """

    __tablename__ = "person_known"
    __table_args__ = (UniqueConstraint("person_id", "collaboration_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    collaboration_id: int = Field(foreign_key="collaboration.id", index=True)
    name: str
    since: datetime = Field(sa_type=Moment)
    by: str = ""
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    declined_at: datetime | None = Field(default=None, sa_type=Moment)


def known_in(collaborations: Collection[int]) -> Select[Any]:
    """The ids of everybody who is known in any of these collaborations.

    At home there, taken on there, or with a role there now or before; not who has said no.
    """
    areas = list(collaborations)
    declined = select(c(PersonKnown).person_id).where(
        c(PersonKnown).person_id == c(RoleHolding).person_id,
        c(PersonKnown).collaboration_id == c(Group).collaboration_id,
        c(PersonKnown).declined_at.is_not(None),
    )
    at_home = select(c(Person).id).where(c(Person).home_collaboration_id.in_(areas))
    taken_on = select(c(PersonKnown).person_id).where(
        c(PersonKnown).collaboration_id.in_(areas), c(PersonKnown).declined_at.is_(None)
    )
    with_roles = (
        select(c(RoleHolding).person_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(Group).collaboration_id.in_(areas), ~declined.exists())
    )
    return select(union(at_home, taken_on, with_roles).subquery().c[0])


def known_only_in(collaborations: Collection[int]) -> Select[Any]:
    """The ids of those who are known in these collaborations, and never were in another.

    For what follows a person and no group, as letters about nothing but herself do: also of the
    time before she said no to another, which wrote to her too.
    """
    areas = list(collaborations)
    taken_on = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == c(Person).id,
        c(PersonKnown).collaboration_id.not_in(areas),
    )
    with_a_role = (
        select(c(RoleHolding).id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(
            c(RoleHolding).person_id == c(Person).id,
            c(Group).collaboration_id.not_in(areas),
        )
    )
    return select(c(Person).id).where(
        c(Person).id.in_(known_in(areas)),
        or_(
            c(Person).home_collaboration_id.is_(None),
            c(Person).home_collaboration_id.in_(areas),
        ),
        ~taken_on.correlate(Person).exists(),
        ~with_a_role.correlate(Person).exists(),
    )


def ever_known_in(person_id: int) -> CompoundSelect[Any]:
    """The ids of the collaborations that somebody is or was known in, those she said no to too."""
    home = select(c(Person).home_collaboration_id).where(
        c(Person).id == person_id, c(Person).home_collaboration_id.is_not(None)
    )
    taken_on = select(c(PersonKnown).collaboration_id).where(c(PersonKnown).person_id == person_id)
    with_roles = (
        select(c(Group).collaboration_id)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .where(c(RoleHolding).person_id == person_id)
    )
    return union(home, taken_on, with_roles)


def is_known_in(collaborations: Collection[int]) -> ColumnElement[bool]:
    """The condition that the person of the row is known in every one of these collaborations.

    For names typed in forms, names in files and names behind links: none of them reaches, or tells
    of, people of another collaboration. Where there is one collaboration only, everybody on file is
    of it, also who has neither a home nor a role yet.
    """
    if not collaborations:
        return false()
    return and_(true(), *(_is_known_in_one(one) for one in sorted(collaborations)))


def _is_known_in_one(collaboration_id: int) -> ColumnElement[bool]:
    others = select(c(Collaboration).id).where(c(Collaboration).id != collaboration_id)
    has_role = select(c(RoleHolding).id).where(c(RoleHolding).person_id == c(Person).id)
    of_the_only_one = and_(
        ~exists(others), ~exists(has_role), c(Person).home_collaboration_id.is_(None)
    )
    return or_(c(Person).id.in_(known_in([collaboration_id])), of_the_only_one)


def collaborations_of(person_id: int) -> Select[Any]:
    """The collaborations that somebody is known in; none for one who is nobody's."""
    declined = select(c(PersonKnown).collaboration_id).where(
        c(PersonKnown).person_id == person_id, c(PersonKnown).declined_at.is_not(None)
    )
    at_home = select(c(Person).home_collaboration_id.label("id")).where(
        c(Person).id == person_id, c(Person).home_collaboration_id.is_not(None)
    )
    taken_on = select(c(PersonKnown).collaboration_id).where(
        c(PersonKnown).person_id == person_id, c(PersonKnown).declined_at.is_(None)
    )
    with_roles = (
        select(c(Group).collaboration_id)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .where(c(RoleHolding).person_id == person_id, c(Group).collaboration_id.not_in(declined))
    )
    return select(union(at_home, taken_on, with_roles).subquery().c[0])


def areas_declined(session: Session, person_id: int) -> frozenset[int]:
    """The collaborations that somebody has said no to being known in."""
    row = c(PersonKnown)
    asked = select(row.collaboration_id).where(
        row.person_id == person_id, row.declined_at.is_not(None)
    )
    return frozenset(session.execute(asked).scalars())


def known_where(people: Select[Any]) -> Select[Any]:
    """Rows of (person, collaboration): where each of some people is known."""
    declined = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == c(RoleHolding).person_id,
        c(PersonKnown).collaboration_id == c(Group).collaboration_id,
        c(PersonKnown).declined_at.is_not(None),
    )
    at_home = select(c(Person).id, c(Person).home_collaboration_id).where(
        c(Person).id.in_(people), c(Person).home_collaboration_id.is_not(None)
    )
    taken_on = select(c(PersonKnown).person_id, c(PersonKnown).collaboration_id).where(
        c(PersonKnown).person_id.in_(people), c(PersonKnown).declined_at.is_(None)
    )
    with_roles = (
        select(c(RoleHolding).person_id, c(Group).collaboration_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(RoleHolding).person_id.in_(people), ~declined.exists())
    )
    return select(union(at_home, taken_on, with_roles).subquery())


def several_collaborations(session: Session) -> bool:
    """Is there more than one in this installation?"""
    return len(ask(session, _A_FEW).all()) > 1


def name_in(session: Session, collaboration_id: int, person_id: int) -> str:
    """What a collaboration calls somebody."""
    return names_in(session, collaboration_id, [person_id])[person_id]


def names_in(session: Session, collaboration_id: int, people: Collection[int]) -> dict[int, str]:
    """What a collaboration calls some people, by their numbers."""
    asked = select(c(Person).id, called(collaboration_id)).where(c(Person).id.in_(list(people)))
    return dict(session.execute(asked).tuples().all())


def own_name(session: Session, person_id: int) -> str:
    """What somebody is called at home, in her own letters and by administrators."""
    return str(ask(session, _OWN_NAME, person_id=person_id).scalar_one())


def called_in_letters(session: Session, person_id: int, areas: Collection[int | None]) -> str:
    """What she is called in a letter of these collaborations: as the only one does, or her own."""
    one = next(iter(areas)) if len(areas) == 1 else None
    return own_name(session, person_id) if one is None else name_in(session, one, person_id)


def at_home(person: Any = None) -> ColumnElement[str]:  # noqa: ANN401 - a table or an alias of one
    """The same of the person of the row. `tests/test_names.py` knows who may ask, and why."""
    name: ColumnElement[str] = _columns(person).name
    return name


def called_by(
    collaborations: Collection[int],
    person: Any = None,  # noqa: ANN401 - a table or an alias of one
    otherwise: Any = None,  # noqa: ANN401 - a column
) -> ColumnElement[str]:
    """What the collaborations that somebody leads call the person of the row.

    `otherwise` is what stands for her own name, as in `called`.
    """
    areas, p = list(collaborations), _columns(person)
    home = p.home_collaboration_id
    typed = (
        select(func.min(c(PersonKnown).name))
        .where(
            c(PersonKnown).person_id == p.id,
            c(PersonKnown).collaboration_id.in_(areas),
            or_(home.is_(None), home.not_in(areas)),
        )
        .correlate_except(PersonKnown)
        .scalar_subquery()
    )
    return func.coalesce(typed, p.name if otherwise is None else otherwise)


def at_home_in(collaborations: Collection[int], value: Any) -> ColumnElement[Any]:  # noqa: ANN401
    """What is a person's and her home's to know, there; nothing to others that know her."""
    home = c(Person).home_collaboration_id
    return case((home.in_(list(collaborations)), value), else_=null())


def called(collaboration: Any, person: Any = None, otherwise: Any = None) -> ColumnElement[str]:  # noqa: ANN401
    """What a collaboration calls the person of the row: the name that it typed, or her own.

    `collaboration` is a column or a number; `person` an alias of the table, where it is not the
    table itself. `otherwise` is what stands for her own name: the one a letter went to, say.
    """
    p = _columns(person)
    typed = (
        select(c(PersonKnown).name)
        .where(
            c(PersonKnown).person_id == p.id,
            c(PersonKnown).collaboration_id == collaboration,
            p.home_collaboration_id.is_distinct_from(collaboration),
        )
        .correlate_except(PersonKnown)
        .scalar_subquery()
    )
    return func.coalesce(typed, p.name if otherwise is None else otherwise)


def signed(by: ColumnElement[str], collaboration: Any, person: Any = None) -> ColumnElement[str]:  # noqa: ANN401
    """Who did something, as it is told there: her own name is what the collaboration calls her."""
    return case((by == at_home(person), called(collaboration, person)), else_=by)


def called_in_words(collaboration: str, person: str, otherwise: str) -> str:
    """`called` for statements that are text: the same, of columns by their names in it."""
    return (
        f"coalesce((SELECT k.name FROM person_known k JOIN person p ON p.id = k.person_id "  # noqa: S608
        f"WHERE k.person_id = {person} AND k.collaboration_id = {collaboration} "
        f"AND coalesce(p.home_collaboration_id, 0) <> {collaboration}), {otherwise})"
    )


def typed_elsewhere(people: Select[Any]) -> Select[Any]:
    """Rows of (collaboration, person, name): the names that others than their homes have typed."""
    k = c(PersonKnown)
    return (
        select(k.collaboration_id, k.person_id, k.name)
        .join(Person, c(Person).id == k.person_id)
        .where(
            k.person_id.in_(people),
            c(Person).home_collaboration_id.is_distinct_from(k.collaboration_id),
        )
    )


def named_so(
    holds: Callable[[ColumnElement[str]], ColumnElement[bool]],
) -> CompoundSelect[tuple[int, int]]:
    """Rows of (person, collaboration): who is called something that fits, and where."""
    k, home = c(PersonKnown), c(Person).home_collaboration_id
    typed = (
        select(k.person_id, k.collaboration_id)
        .join(Person, c(Person).id == k.person_id)
        .where(home.is_distinct_from(k.collaboration_id), holds(k.name))
    )
    another_name = select(k.id).where(
        k.person_id == c(Person).id,
        k.collaboration_id == c(Collaboration).id,
        home.is_distinct_from(k.collaboration_id),
    )
    own = (
        select(c(Person).id, c(Collaboration).id)
        .join(Collaboration, true())
        .where(holds(at_home()), ~another_name.exists())
    )
    return own.union_all(typed)


def _columns(person: Any) -> Any:  # noqa: ANN401 - the table's columns, or the alias with its own
    return c(Person) if person is None else person


_A_FEW = select(c(Collaboration).id).limit(2)
_OWN_NAME = select(at_home()).where(c(Person).id == bindparam("person_id"))
