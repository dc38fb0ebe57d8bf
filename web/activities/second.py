"""Who comes second to an activity: what somebody else did with it since a list was drawn."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from models.columns import c
from models.decision import Change, MoveRow
from models.undoing import stands
from rules.wording import day_in_words
from web.activities.timeline import AGREED_IN_WORDS

AGAIN = "Se över raden och skicka igen om det stämmer."


def who_changed(session: Session, ids: set[int], then: str = AGAIN) -> dict[int, str]:
    """Of each that was changed since she looked: by whom, when and how; and what she does then."""
    moves = select(func.max(c(MoveRow).id)).where(
        c(MoveRow).activity_id.in_(ids), stands(c(MoveRow))
    )
    changes = select(func.max(c(Change).id)).where(
        c(Change).activity_id.in_(ids), stands(c(Change))
    )
    latest: dict[int, Any] = {}
    for row in session.execute(
        select(c(MoveRow).activity_id, c(MoveRow).at, c(MoveRow).by, c(MoveRow).on_day)
        .add_columns(c(MoveRow).to_state.label("how"))
        .where(c(MoveRow).id.in_(moves.group_by(c(MoveRow).activity_id)))
    ):
        latest[row.activity_id] = (row.at, f"nu {row.how.value}", row)
    for row in session.execute(
        select(
            c(Change).activity_id, c(Change).at, c(Change).by, c(Change).on_day, c(Change).what
        ).where(c(Change).id.in_(changes.group_by(c(Change).activity_id)))
    ):
        how = f"{AGREED_IN_WORDS[row.what].lower()} ändrat"
        if row.activity_id not in latest or row.at >= latest[row.activity_id][0]:
            latest[row.activity_id] = (row.at, how, row)
    return {
        id_: f"Ändrad sedan du öppnade listan: {how}, av {row.by} {day_in_words(row.on_day)}. "
        f"{then}"
        for id_, (_, how, row) in latest.items()
    }
