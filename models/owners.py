"""Which group owns an activity, and which one a question is referred to: changed, with history.

State stays where it is; what changes it is `models/moves.py`. Many at once, as when a group ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change
from models.group import Group
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.plan import Plan
from models.refusal import at
from models.statements import among, run
from models.undoing import batch_of

_COLUMN = {Agreed.GROUP: "group_id", Agreed.REFERRED: "referred_to_group_id"}


def move_to_group(
    session: Session,
    activity_ids: Iterable[int],
    group_id: int,
    mover: Mover,
    *,
    today: date,
    reason: str,
    decision_id: int | None = None,
) -> list[int]:
    """Let another group own activities, one or all of a dissolved group's. Returns those moved.

    The change is kept with who, when, why and on which decision. Those it owns already stay as they
    are. Raises `Refused` when something is missing, or an activity is no longer open.
    """
    return _put_group(
        session, activity_ids, group_id, Agreed.GROUP, mover, today, reason, decision_id
    )


def refer(
    session: Session,
    activity_ids: Iterable[int],
    group_id: int | None,
    mover: Mover,
    *,
    today: date,
    reason: str,
    decision_id: int | None = None,
) -> list[int]:
    """Refer the question to a higher group, or take it back (None). Returns those it was done for.

    State and owner stay; the higher group's meeting has it on its list until a decision is made.
    """
    return _put_group(
        session, activity_ids, group_id, Agreed.REFERRED, mover, today, reason, decision_id
    )


def _put_group(
    session: Session,
    activity_ids: Iterable[int],
    group_id: int | None,
    what: Agreed,
    mover: Mover,
    today: date,
    reason: str,
    decision_id: int | None,
) -> list[int]:
    """Write a group into many activities, and a row of history for each that it changes."""
    rows = _held_with_groups(session, activity_ids, _COLUMN[what])
    areas = {row.collaboration_id for row in rows}
    if len(areas) > 1:  # one that owns them all would own another collaboration's
        raise Refused(["Aktiviteterna hör till flera samverkansområden. Ta ett i taget."])
    groups = session.execute(
        select(c(Group).id, c(Group).name, c(Group).ends_on).where(
            c(Group).collaboration_id.in_(areas)
        )
    ).all()
    names = {group.id: group.name for group in groups}
    ended = {group.id for group in groups if group.ends_on and group.ends_on < today}
    problems = _group_problems(rows, group_id, names, ended, reason)
    if problems:
        raise Refused(problems)
    changing = [row for row in rows if row.was != group_id]
    if not changing:
        return []
    ids = [row.id for row in changing]
    words = (
        f"UPDATE activity SET {_COLUMN[what]} = :group_id WHERE id {among(session.connection())}"  # noqa: S608 - own words
    )
    run(session.connection(), words, {"ids": ids, "group_id": group_id})
    now = clock.now()
    history: list[dict[str, Any]] = [
        {
            "activity_id": row.id,
            "what": what,
            "before_words": names.get(row.was, ""),
            "after_words": names[group_id] if group_id else "",
            "before_values": {"group_id": row.was} if row.was else {},
            "after_values": {"group_id": group_id} if group_id else {},
            "on_day": today,
            "at": now,
            "by": mover.name,
            "reason": reason,
            "decision_id": decision_id,
            "batch": batch_of(session, today),
        }
        for row in changing
    ]
    session.execute(insert(Change), history)
    return ids


def _held_with_groups(session: Session, activity_ids: Iterable[int], column: str) -> list[Any]:
    asked = (
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).state,
            c(Activity)[column].label("was"),
            c(Plan).collaboration_id,
        )
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Activity).id.in_(sorted(set(activity_ids))))
        .order_by(c(Activity).id)
        .with_for_update(of=c(Activity).id)
    )
    return list(session.execute(asked))


def _group_problems(
    rows: Sequence[Any],
    group_id: int | None,
    names: Mapping[int, str],
    ended: set[int],
    reason: str,
) -> list[str]:
    problems = [
        f"”{row.what}” är {row.state.value} och flyttas inte."
        for row in rows
        if row.state not in OPEN
    ]
    if not rows:
        problems.append("Välj minst en aktivitet.")
    if group_id is not None and group_id not in names:
        problems.append(at("group", "Gruppen finns inte i den här samverkan."))
    if group_id in ended:
        problems.append(at("group", f"{names[group_id]} är avvecklad. Välj en annan grupp."))
    if not reason.strip():
        problems.append(at("reason", "Skriv varför."))
    return problems
