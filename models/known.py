"""Who is known in a collaboration: the people whom words written there may mean.

One condition for names typed in forms, names in files and names behind links, so that none of them
reaches, or tells of, people of another collaboration.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, false, select
from sqlmodel import Session

from models.columns import c
from models.group import Collaboration, Group
from models.person import Person, RoleHolding


def known_in(collaborations: Collection[int]) -> ColumnElement[bool]:
    """The condition that a person is known in every one of these collaborations.

    She holds or held a role in a group there. Where there is one collaboration only, everybody on
    file is of it, also who has not been given a role yet.
    """
    if not collaborations:
        return false()
    return and_(*(_known_in_one(one) for one in sorted(collaborations)))


def _known_in_one(collaboration_id: int) -> ColumnElement[bool]:
    there = (
        select(c(RoleHolding).person_id)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(Group).collaboration_id == collaboration_id)
    )
    others = select(c(Collaboration).id).where(c(Collaboration).id != collaboration_id)
    has_role = select(c(RoleHolding).id).where(c(RoleHolding).person_id == c(Person).id)
    of_the_only_one = and_(~exists(others), ~exists(has_role))
    known: ColumnElement[bool] = c(Person).id.in_(there) | of_the_only_one
    return known


def collaborations_of(session: Session, person_id: int) -> frozenset[int]:
    """The collaborations in which somebody holds or held a role."""
    rows = session.execute(
        select(c(Group).collaboration_id)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .where(c(RoleHolding).person_id == person_id)
        .distinct()
    )
    return frozenset(rows.scalars())
