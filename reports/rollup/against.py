"""An edition beside the one before: figures that moved, and whether anything explains it."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.edition import Edition
from models.group import Group
from models.part import PartChange
from models.status import StatusAnswer
from models.undoing import Undoing
from reports.editions import Frozen, before
from reports.rollup.shapes import RollUp, read_facts
from rules.checks import moved_figures


def moved_without_cause(session: Session, edition: Frozen) -> list[str]:
    """Sentences about figures that differ from the edition before although nothing was written down
    meanwhile about any activity of that group.
    """
    earlier = before(session, edition)
    if earlier is None or earlier.schema_version != edition.schema_version:
        return []
    was, now = read_facts(earlier.facts), read_facts(edition.facts)
    since = session.execute(
        select(c(Edition).compiled_at).where(c(Edition).id == earlier.id)
    ).scalar_one()
    touched = _groups_touched_since(session, edition.of.collaboration_id, since)
    figures_before, figures_now = _figures(was), _figures(now)
    explained = [
        name
        for name in figures_before.keys() | figures_now.keys()
        if name.rpartition(", ")[0] in touched or (_waits(name) and was.period != now.period)
    ]
    return moved_figures(figures_before, figures_now, explained)


def _figures(facts: RollUp) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in facts.groups:
        counts = group.counts
        told = {state.value: number for state, number in counts.end.items()} | {
            _LATE: counts.late,
            "aktiviteter": counts.activities,
            "uppföljda i tid": counts.followed_up_in_time,
            "uppföljda efter slutdatum": counts.followed_up_late,
            "som saknar något": counts.lacking,
            "uppföljda utan slutdatum": counts.followed_up_without_deadline,
            "med senare slutdatum": counts.extended,
        }
        found |= {f"{group.name}, {name}": number for name, number in told.items()}
    return found


_LATE = "försenade"


def _waits(name: str) -> bool:
    """Does the figure grow of itself, while the days of a period go by?"""
    return name.endswith(f", {_LATE}")


def _groups_touched_since(session: Session, collaboration_id: int, since: datetime) -> set[str]:
    """The groups with any activity that something was written down about, or that left them."""
    touched = _left_since(session, collaboration_id, since)
    for table in (MoveRow, Change, StatusAnswer, PartChange):
        rows = session.execute(
            select(c(Group).name, func.count())
            .join(Activity, c(Activity).group_id == c(Group).id)
            .join(table, c(table).activity_id == c(Activity).id)
            .where(c(table).at > since, c(Group).collaboration_id == collaboration_id)
            .group_by(c(Group).name)
        )
        touched |= {name for name, _ in rows}
        taken_back = session.execute(
            select(c(Group).name)
            .join(Activity, c(Activity).group_id == c(Group).id)
            .join(table, c(table).activity_id == c(Activity).id)
            .join(Undoing, c(Undoing).id == c(table).undone_id)
            .where(c(Undoing).at > since, c(Group).collaboration_id == collaboration_id)
            .distinct()
        )
        touched |= set(taken_back.scalars())
    return touched


def _left_since(session: Session, collaboration_id: int, since: datetime) -> set[str]:
    """The groups that an activity went from to another, or back from when that was undone."""
    row, group = c(Change), c(Group)
    sides = (row.before_values, row.after_values)
    either = [group.id == each["group_id"].as_integer() for each in sides]
    rows = session.execute(
        select(group.name)
        .join(Change, or_(*either))
        .outerjoin(Undoing, c(Undoing).id == row.undone_id)
        .where(row.what == Agreed.GROUP, or_(row.at > since, c(Undoing).at > since))
        .where(group.collaboration_id == collaboration_id)
        .distinct()
    )
    return set(rows.scalars())
