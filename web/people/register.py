"""What the pages of groups and of people share: which areas, groups and roles a form may name.

What is done is `intake/people/`; the pages are `groups.py`, `group.py`, `people.py`, `person.py`.
Their histories, and Ångra in them, are `history.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import ColumnElement, case, null, or_, select
from sqlmodel import Session

from intake.people.register import collaboration_named
from models.columns import c
from models.group import Collaboration, Group
from models.known import called
from models.moves import Refused
from models.person import Person, Role, RoleHolding
from models.refusal import at
from rules.wording import alphabetically
from web.page import may_lead, settings_of, today_of, viewer_of
from web.sent import number_of

ROLES = [Role.CHAIR.value, Role.DEPUTY.value, Role.MEMBER.value, Role.PROCESS_LEADER.value]


def led_areas(session: Session, request: Request) -> list[tuple[int, str]]:
    """The collaborations that the viewer runs: number and name."""
    rows = session.execute(select(c(Collaboration).id, c(Collaboration).name))
    return [(id_, name) for id_, name in rows if may_lead(request, id_)]


def chosen_area(session: Session, request: Request, given: Mapping[str, str]) -> int:
    """The collaboration that a form is about: the one it names, or the only one she leads.

    A form that names another never falls through to her own.
    """
    areas = led_areas(session, request)
    if not areas and viewer_of(request).administrator:
        organisation = settings_of(request).organisation
        return collaboration_named(session, organisation, organisation)
    named = given.get("collaboration", "")
    if not named and len(areas) == 1:
        return areas[0][0]
    chosen = next((area for area, _ in areas if str(area) == named), None)
    if chosen is None:
        raise Refused([at("collaboration", "Välj vilken samverkan det gäller.")])
    return chosen


def group_choices(
    session: Session, areas: Sequence[int], *where: ColumnElement[bool]
) -> list[tuple[int, str]]:
    """The groups of some collaborations that a form may name, in the order of the alphabet."""
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id.in_(areas), *where)
    )
    return sorted(((id_, name) for id_, name in rows), key=lambda pair: alphabetically(pair[1]))


def open_groups(session: Session, request: Request) -> list[tuple[int, str]]:
    """The groups that somebody can be given a role in."""
    areas = [area for area, _ in led_areas(session, request)]
    ends = c(Group).ends_on
    return group_choices(session, areas, or_(ends.is_(None), ends >= today_of(request)))


def area_of_group(session: Session, request: Request, given: Mapping[str, str]) -> int:
    """The collaboration of the group that a form names, when she runs it."""
    group = session.get(Group, number_of(given, "group"))
    if group is None or not may_lead(request, group.collaboration_id):
        raise Refused([at("group", "Välj vilken grupp personen hör till.")])
    return group.collaboration_id


def held(session: Session, given: Mapping[str, str], **of: int) -> int:
    """The role that a form names, when it is one of that group's or person's."""
    number = number_of(given, "holding")
    row = session.get(RoleHolding, number)
    if row is None or any(getattr(row, name) != value for name, value in of.items()):
        raise Refused([at("holding", "Välj vilken roll som avslutas.")])
    return number


def holdings(session: Session, **of: int) -> Sequence[Any]:
    """The roles in a group or of a person, past ones too: who, in which group, on which days."""
    h, unreachable = c(RoleHolding), c(Person).unreachable_since
    return session.execute(
        select(
            h.id,
            h.role,
            h.starts_on,
            h.ends_on,
            h.person_id,
            h.group_id,
            called(c(Group).collaboration_id).label("name"),
            case(
                (c(Person).home_collaboration_id == c(Group).collaboration_id, unreachable),
                else_=null(),
            ).label("unreachable_since"),
            c(Group).name.label("group"),
            c(Group).collaboration_id,
        )
        .join(Person, c(Person).id == h.person_id)
        .join(Group, c(Group).id == h.group_id)
        .where(*(h[name] == value for name, value in of.items()))
        .order_by(h.id)
    ).all()


def is_over(row: Any, today: date) -> bool:  # noqa: ANN401 - a row of columns
    """Has a group, or a role in one, had its last day?"""
    return row.ends_on is not None and row.ends_on < today
