"""Tags for target groups: found by name, made once a collaboration, tied to plan or activity."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlmodel import Session, SQLModel

from models.activity import Activity
from models.columns import c
from models.plan import ActivityTargetGroup, Plan, PlanTargetGroup, TargetGroup
from models.refusal import at
from rules.target_groups import LONGEST, are_names


def too_long(words: str) -> list[str]:
    """What is wrong with words that should name target groups, as sentences."""
    if are_names(words):
        return []
    told = (
        f"En målgrupp är ett kort namn, högst {LONGEST} tecken. "
        "Skriv en på varje rad, till exempel ”barn och unga”."
    )
    return [at("target_groups", told)]


def target_groups_of(session: Session, activity_id: int) -> list[str]:
    """The tags of an activity, in the order they were made."""
    return list(
        session.execute(
            select(c(TargetGroup).name)
            .join(ActivityTargetGroup, c(ActivityTargetGroup).target_group_id == c(TargetGroup).id)
            .where(c(ActivityTargetGroup).activity_id == activity_id)
            .order_by(c(TargetGroup).id)
        ).scalars()
    )


def tag_plan(session: Session, plan_id: int, names: Sequence[str]) -> None:
    """Let a plan have these tags and no other."""
    area = session.execute(
        select(c(Plan).collaboration_id).where(c(Plan).id == plan_id)
    ).scalar_one()
    _tag(session, PlanTargetGroup, "plan_id", plan_id, _numbers(session, area, names))


def tag_activity(session: Session, activity_id: int, names: Sequence[str]) -> None:
    """Let an activity have these tags and no other."""
    area = session.execute(
        select(c(Plan).collaboration_id)
        .join(Activity, c(Activity).plan_id == c(Plan).id)
        .where(c(Activity).id == activity_id)
    ).scalar_one()
    _tag(session, ActivityTargetGroup, "activity_id", activity_id, _numbers(session, area, names))


def _tag(
    session: Session, table: type[SQLModel], key: str, number: int, tags: Sequence[int]
) -> None:
    session.execute(delete(table).where(c(table)[key] == number))
    if tags:
        session.execute(insert(table), [{key: number, "target_group_id": tag} for tag in tags])


def _numbers(session: Session, area: int, names: Sequence[str]) -> list[int]:
    known = {
        name.casefold(): id_
        for id_, name in session.execute(
            select(c(TargetGroup).id, c(TargetGroup).name).where(
                c(TargetGroup).collaboration_id == area
            )
        )
    }
    for name in names:
        if name.casefold() not in known:
            row = TargetGroup(collaboration_id=area, name=name)
            session.add(row)
            session.flush()
            assert row.id is not None
            known[name.casefold()] = row.id
    return list(dict.fromkeys(known[name.casefold()] for name in names))
