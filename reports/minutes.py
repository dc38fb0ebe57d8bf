"""Minutes of a group's meeting: what it decided on a day, by paragraph, as it is registered now.

Made from the log each time: what was taken back is not there, and what was registered later is.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.group import Collaboration, Group
from models.lifecycle import Move
from models.plan import Adoption, Plan
from models.undoing import stands
from reports.blocks import Block, Heading, Paragraph, Report, Table
from reports.rollup.story import DONE, sentence
from rules.wording import day_in_words

MOST_DAYS = 24  # meetings that are listed
_HEAD = ("Paragraf", "Ärende", "Beslut", "Kommentar")
_NUMBER = re.compile(r"[0-9]{1,9}")
_TOLD = {"result": "Resultat", "figure": "Siffra", "outcome": "Utfall", "kept_by": "Förs vidare av"}
_CHANGED = {Agreed.GROUP: "Byter grupp till", Agreed.REFERRED: "Hänskjuts till"}

Row = tuple[str, str, str, str]


def days_of(session: Session, group_id: int) -> list[date]:
    """The days on which a group has decided something that stands, the latest first."""
    d = c(Decision)
    moved = select(c(MoveRow).decision_id).where(stands(c(MoveRow)))
    changed = select(c(Change).decision_id).where(stands(c(Change)))
    adopted = select(c(Adoption).decision_id)
    asked = select(d.decided_on).where(
        d.group_id == group_id,
        d.id.in_(moved.union_all(changed, adopted)),
    )
    days = session.execute(asked.distinct().order_by(d.decided_on.desc()).limit(MOST_DAYS))
    return list(days.scalars())


def minutes_of(session: Session, group_id: int, day: date, today: date) -> Report | None:
    """The minutes of a day; None when nothing is registered of it."""
    group = session.get_one(Group, group_id)
    organisation = session.get_one(Collaboration, group.collaboration_id).name
    decided = _decided(session, group_id, day)
    beside = _beside(session, group_id, day)
    if not (decided or beside):
        return None
    blocks: list[Block] = []
    if decided:
        blocks += [Heading(1, "Beslut"), Table("Beslut vid mötet", _HEAD, tuple(decided))]
    if beside:
        told = "Det här hände samma dag utan något beslut med paragraf."
        blocks += [Heading(1, "Övrigt den dagen"), Paragraph(told)]
        rows = tuple((what, how, why) for _, what, how, why in beside)
        blocks.append(Table("Övrigt den dagen", ("Ärende", "Vad", "Kommentar"), rows))
    return Report(
        title=f"Protokollsutdrag: {group.name}",
        subtitle=f"Möte {day_in_words(day)}",
        organisation=organisation,
        reference=f"Så som det var registrerat {day_in_words(today)}",
        dated=day_in_words(day),
        summary=f"Vad {group.name} beslutade {day_in_words(day)}.",
        blocks=tuple(blocks),
        keywords=("protokoll", group.name),
    )


def _decided(session: Session, group_id: int, day: date) -> list[Row]:
    """Every row that a decision of the day is behind, by its paragraph."""
    of_the_day = c(Decision).group_id == group_id, c(Decision).decided_on == day
    moves = session.execute(
        select(*_OF_MOVES, c(Decision).reference)
        .join(Activity, c(Activity).id == c(MoveRow).activity_id)
        .join(Decision, c(Decision).id == c(MoveRow).decision_id)
        .where(*of_the_day, stands(c(MoveRow)))
        .order_by(c(MoveRow).id)
    )
    rows = [_moved(row, row.reference) for row in moves]
    changes = session.execute(
        select(c(Decision).reference, c(Activity).what.label("about"), c(Change).what)
        .add_columns(c(Change).after_words, c(Change).reason)
        .join(Activity, c(Activity).id == c(Change).activity_id)
        .join(Decision, c(Decision).id == c(Change).decision_id)
        .where(*of_the_day, stands(c(Change)))
        .order_by(c(Change).id)
    )
    for row in changes:
        how = f"{_CHANGED.get(row.what, 'Ändras till')} {row.after_words or 'ingen'}"
        rows.append((row.reference, row.about, how, row.reason))
    plans = session.execute(
        select(c(Decision).reference, c(Plan).title)
        .join(Adoption, c(Adoption).decision_id == c(Decision).id)
        .join(Plan, c(Plan).id == c(Adoption).plan_id)
        .where(*of_the_day)
        .order_by(c(Adoption).id)
    )
    rows += [(row.reference, row.title, "Planen antas", "") for row in plans]
    return sorted(rows, key=lambda row: _place(row[0]))


def _beside(session: Session, group_id: int, day: date) -> list[Row]:
    """What happened to the group's activities that day and no decision is behind."""
    rows = session.execute(
        select(*_OF_MOVES)
        .join(Activity, c(Activity).id == c(MoveRow).activity_id)
        .where(
            c(Activity).group_id == group_id,
            c(MoveRow).happened_on == day,
            c(MoveRow).decision_id.is_(None),
            c(MoveRow).move != Move.PROPOSE,
            stands(c(MoveRow)),
        )
        .order_by(c(MoveRow).id)
    )
    return [_moved(row, "") for row in rows]


_OF_MOVES: Sequence[Any] = (
    c(Activity).what.label("about"),
    c(MoveRow).move,
    c(MoveRow).reason,
    c(MoveRow).details,
)


def _moved(row: Any, reference: str) -> Row:  # noqa: ANN401 - a row
    told = [f"{label}: {row.details[key]}" for key, label in _TOLD.items() if row.details.get(key)]
    why = [sentence(words) for words in (row.reason, *told) if words]
    return (reference, row.about, DONE[row.move], " ".join(why))


def _place(reference: str) -> tuple[int, str]:
    """§ 9 comes before § 12."""
    found = _NUMBER.search(reference)
    return (int(found[0]) if found else 0, reference)
