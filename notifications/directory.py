"""What `rules/recipients.py` needs to know, fetched: who holds which role, and whom plans name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from models.activity import Responsibility
from models.columns import c
from models.group import Group
from models.letter import Notice
from models.person import Person, RoleHolding
from rules.recipients import Directory, Holding, Named


def directory(session: Session, today: date) -> Directory:
    """Everybody who can be asked on that day."""
    holdings = session.execute(
        select(
            c(RoleHolding).person_id,
            c(RoleHolding).group_id,
            c(Group).name,
            c(RoleHolding).role,
            c(RoleHolding).starts_on,
            c(RoleHolding).ends_on,
        ).join(Group, c(Group).id == c(RoleHolding).group_id)
    )
    reachable = session.execute(select(c(Person).id).where(c(Person).unreachable_since.is_(None)))
    return Directory((Holding(*row) for row in holdings), reachable.scalars(), today)


def named(session: Session, activity_ids: Iterable[int]) -> dict[int, list[Named]]:
    """Whom the plan names as responsible for some activities."""
    return _gather(session, _NAMED.where(c(Responsibility).activity_id.in_(list(activity_ids))))


def named_in_unwritten(session: Session) -> dict[int, list[Named]]:
    """Whom the plan names for every activity that has a notice waiting, however many they are."""
    waiting = select(c(Notice).activity_id).where(c(Notice).written_on.is_(None))
    return _gather(session, _NAMED.where(c(Responsibility).activity_id.in_(waiting)))


_NAMED = select(
    c(Responsibility).activity_id,
    c(Responsibility).kind,
    c(Responsibility).words,
    c(Responsibility).person_id,
    c(Responsibility).group_id,
    c(Responsibility).role,
).order_by(c(Responsibility).id)


def _gather(session: Session, query: Select[Any]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = {}
    for activity_id, *named_one in session.execute(query):
        found.setdefault(activity_id, []).append(Named(*named_one))
    return found
