"""Who comes second to an activity: what was last done with it since a list or a page was drawn.

Nobody is called somebody else: it may have been herself, in another window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, union_all
from sqlmodel import Session

from models.columns import c
from models.decision import Change, MoveRow
from models.part import PartChange
from models.undoing import Undoing, stands
from reports.rollup.story import DONE
from rules.wording import day_in_words
from web.activities.timeline import agreed_in_words

AGAIN = "Se över raden och skicka igen om det stämmer."


@dataclass(frozen=True, slots=True)
class Deed:
    """What was last done with an activity: in words ("startad"), as it is now, by whom and when."""

    at: datetime
    done: str
    now: str  # "nu pågående"
    by: str
    on_day: date


def who_changed(session: Session, ids: set[int], then: str = AGAIN) -> dict[int, str]:
    """Of each that was changed since she looked: by whom, when and how; and what she does then."""
    return {
        id_: f"Ändrad sedan du öppnade listan: {deed.now}, av {deed.by} "
        f"{day_in_words(deed.on_day)}. {then}"
        for id_, deed in last_deeds(session, ids).items()
    }


def last_deeds(session: Session, ids: Iterable[int]) -> dict[int, Deed]:
    """The newest of what was moved, agreed anew, changed in a part or taken back, by activity."""
    wanted = sorted(ids)
    found: dict[int, Deed] = {}
    for source in (_moved, _agreed, _of_parts, _taken_back):
        for id_, deed in source(session, wanted):
            if id_ not in found or deed.at >= found[id_].at:
                found[id_] = deed
    return found


def _newest(table: Any, ids: Sequence[int]) -> Any:  # noqa: ANN401 - a table, a condition
    row = c(table)
    newest = select(func.max(row.id)).where(row.activity_id.in_(ids), stands(row))
    return row.id.in_(newest.group_by(row.activity_id))


def _moved(session: Session, ids: Sequence[int]) -> list[tuple[int, Deed]]:
    row = c(MoveRow)
    rows = session.execute(
        select(row.activity_id, row.at, row.by, row.happened_on, row.move, row.to_state).where(
            _newest(MoveRow, ids), stands(row)
        )
    )
    return [
        (
            one.activity_id,
            Deed(
                *(one.at, DONE[one.move].lower(), f"nu {one.to_state.value}"),
                *(one.by, one.happened_on),
            ),
        )
        for one in rows
    ]


def _agreed(session: Session, ids: Sequence[int]) -> list[tuple[int, Deed]]:
    row = c(Change)
    rows = session.execute(
        select(row.activity_id, row.at, row.by, row.on_day, row.what).where(
            _newest(Change, ids), stands(row)
        )
    )
    told = [(one, agreed_in_words(one.what).lower()) for one in rows]
    return [(one.activity_id, Deed(one.at, how, how, one.by, one.on_day)) for one, how in told]


def _of_parts(session: Session, ids: Sequence[int]) -> list[tuple[int, Deed]]:
    row = c(PartChange)
    rows = session.execute(
        select(row.activity_id, row.at, row.by, row.on_day).where(
            _newest(PartChange, ids), stands(row)
        )
    )
    how = "en del ändrad"
    return [(one.activity_id, Deed(one.at, how, how, one.by, one.on_day)) for one in rows]


def _taken_back(session: Session, ids: Sequence[int]) -> list[tuple[int, Deed]]:
    tables = (c(MoveRow), c(Change), c(PartChange))
    undone = union_all(
        *(
            select(row.activity_id.label("id"), row.undone_id.label("undone"))
            .where(row.activity_id.in_(ids), row.undone_id.is_not(None))
            .distinct()
            for row in tables
        )
    ).subquery()
    rows = session.execute(
        select(undone.c.id, c(Undoing).at, c(Undoing).by, c(Undoing).on_day)
        .join(Undoing, c(Undoing).id == undone.c.undone)
        .order_by(c(Undoing).id)
    )
    how = "något togs tillbaka"
    return [(one.id, Deed(one.at, how, how, one.by, one.on_day)) for one in rows]
