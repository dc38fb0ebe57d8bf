"""What `directory.py` asks the database: roles, groups, stand-ins, whom plans name, what is whose.

Each question is made once, since every page about a person asks them (`models/database.py: ask`).
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select, text, union
from sqlalchemy.orm import aliased

from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.delegation import Delegation
from models.group import Group, GroupPause
from models.known import at_home
from models.lifecycle import OPEN
from models.own_way import among
from models.part import Part, is_told
from models.person import Person, RoleHolding
from models.plan import Plan


def of_the_day(today: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:  # noqa: ANN401
    """The condition that somebody has handed over that day (or on a day to be told)."""
    return c(Delegation).first_day <= today, c(Delegation).last_day >= today


PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
GROUP_IDS: BindParameter[int] = bindparam("groups", expanding=True)
ACTIVITIES: BindParameter[int] = bindparam("activities", expanding=True)
IN_AREAS = c(Group).collaboration_id.in_(bindparam("areas", expanding=True))
HOLDINGS = select(
    c(RoleHolding).person_id,
    c(RoleHolding).group_id,
    c(Group).name,
    c(RoleHolding).role,
    c(RoleHolding).starts_on,
    c(RoleHolding).ends_on,
).join(Group, c(Group).id == c(RoleHolding).group_id)
GONE = select(c(Person).id).where(
    or_(
        c(Person).unreachable_since.is_not(None) & (c(Person).id != bindparam("spared")),
        c(Person).left_on < bindparam("today"),
    )
)
RESTED = select(c(GroupPause).group_id, c(GroupPause).first_day, c(GroupPause).last_day)
GROUPS = select(
    c(Group).id,
    c(Group).name,
    c(Group).collaboration_id,
    c(Group).parent_id,
    c(Group).successor_id,
    c(Group).ends_on,
)
STAND_INS = (
    select(
        c(Delegation).person_id,
        c(Delegation).delegate_id,
        at_home(),
        c(Delegation).first_day,
        c(Delegation).last_day,
        c(Delegation).activity_id,
        c(Delegation).group_id,
        c(Delegation).role,
        c(Delegation).ended_on,
    )
    .outerjoin(Person, c(Person).id == c(Delegation).person_id)  # she is there: they are few
    .where(*of_the_day(bindparam("today")))
    .order_by(c(Delegation).id)
)
# Paused activities, and the group that takes questions about each: by a literal, as in the partial
# index that holds them.
PAUSED = select(c(Activity).id, c(Activity).stand_in_group_id).where(
    text("activity.state = 'pausad'"), c(Activity).stand_in_group_id.is_not(None)
)
NAMED = select(
    c(Responsibility).activity_id,
    c(Responsibility).kind,
    c(Responsibility).words,
    c(Responsibility).person_id,
    c(Responsibility).group_id,
    c(Responsibility).role,
).order_by(c(Responsibility).id)
NAMED_FOR = NAMED.where(c(Responsibility).activity_id.in_(ACTIVITIES))
AREAS_OF = select(c(Group).collaboration_id).where(c(Group).id.in_(GROUP_IDS)).distinct()


_OTHER: Any = aliased(Activity)  # within a question about activities
_PAUSED: Any = aliased(Activity, name="paused")
_IS_PAUSED = text("paused.state = 'pausad'")


def _areas_of_people() -> Select[Any]:
    held = select(c(RoleHolding).group_id).where(c(RoleHolding).person_id.in_(PEOPLE))
    named_for = select(c(Responsibility).activity_id).where(c(Responsibility).person_id.in_(PEOPLE))
    parts_of = select(c(Part).activity_id).where(c(Part).person_id.in_(PEOPLE))
    handed = select(_OTHER.id).where(_OTHER.id.in_(ACTIVITIES))
    owning = select(c(Activity).group_id).where(
        among(c(Activity).id, union(named_for, parts_of, handed))
    )
    where = select(c(Group).collaboration_id).where(among(c(Group).id, union(held, owning)))
    return where.distinct()


def _activities_of_people() -> Select[Any]:
    """Each way to answer is found by an index of its own; one "or" over all reads every row."""
    responsible = c(Responsibility)
    found = union(
        select(_OTHER.id).where(_OTHER.id.in_(ACTIVITIES)),
        select(responsible.activity_id).where(responsible.person_id.in_(PEOPLE)),
        select(responsible.activity_id).where(responsible.group_id.in_(GROUP_IDS)),
        select(_OTHER.id).where(_OTHER.group_id.in_(GROUP_IDS)),
        select(_PAUSED.id).where(_PAUSED.stand_in_group_id.in_(GROUP_IDS), _IS_PAUSED),
    )
    return (
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).state,
            c(Group).name.label("group"),
            c(Plan).title.label("plan"),
            c(Activity).deadline_text,
            c(Activity).deadline_last,
            c(Activity).group_id,
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(
            c(Activity).state.in_(OPEN),
            among(c(Activity).id, found),
        )
        .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    )


def _parts_of_people() -> Select[Any]:
    p = c(Part)
    return (
        select(
            p.id,
            p.activity_id,
            c(Activity).group_id.label("owner"),
            p.kind,
            p.responsible,
            p.person_id,
            p.group_id,
            p.role,
        )
        .join(Activity, c(Activity).id == p.activity_id)
        .where(
            c(Activity).state.in_(OPEN),
            p.kind != Answerable.WORDS,
            is_told(),
            or_(
                p.person_id.in_(PEOPLE),
                p.group_id.in_(GROUP_IDS),
                p.activity_id.in_(ACTIVITIES),
            ),
        )
    )


AREAS = _areas_of_people()
ANSWERS_FOR = _activities_of_people()
PARTS_FOR = _parts_of_people()
