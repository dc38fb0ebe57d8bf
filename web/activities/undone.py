"""Rows of the log in a few Swedish words each, for the pages that take something back."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from intake.lives.entries import LOGS, Kind, Logged, log_of
from models.columns import c
from models.decision import Agreed
from models.lifecycle import Move, State
from models.status import Says
from models.undoing import Undoing
from rules.wording import SAYS_IN_WORDS
from web.activities.timeline import agreed_in_words, moved_in_words, taken_back


def in_words(row: Logged) -> str:
    """What a row says: "Beslutad", "Slutdatum ändrat", "Del: Lerum", "Svar: Klart"."""
    match row.kind:
        case Kind.MOVE:
            return moved_in_words(Move(row.says), State(row.words))
        case Kind.CHANGE:
            return agreed_in_words(Agreed(row.says))
        case Kind.PART:
            return f"Del: {row.says}"
        case _:
            return f"Svar: {SAYS_IN_WORDS[Says(row.says)]}"


def receipt_of(session: Session, activity_id: int, key: str) -> dict[str, object] | None:
    """What was saved just now, to be taken back at once; or that it has been taken back."""
    if not key:
        return None
    log = log_of(session, [activity_id]).get(activity_id, [])
    rows = [row for row in log if row.key == key]
    if rows:
        return {"words": words_of(rows), "key": key, "undone": "", "comment": False}
    undone = _undone(session, activity_id, key)
    if not undone:
        return None
    return {"words": [], "key": "", "undone": undone, "comment": False}


def words_of(rows: Iterable[Logged]) -> list[str]:
    """Each thing once, in the order it happened: the rows come newest first."""
    return list(dict.fromkeys(in_words(row) for row in list(rows)[::-1]))


def _undone(session: Session, activity_id: int, key: str) -> str:
    """Who took an entry back; nothing when there is none of that key."""
    kind, _, number = key.rpartition("-")
    if not number.isdecimal() or len(number) > 16:
        return ""
    for named, table in LOGS.items():
        row = c(table)
        which = row.batch == int(number) if not kind else row.id == int(number)
        if kind and kind != named.value:
            continue
        found = session.execute(
            select(c(Undoing).by, c(Undoing).on_day, c(Undoing).reason)
            .join(table, row.undone_id == c(Undoing).id)
            .where(row.activity_id == activity_id, which)
            .limit(1)
        ).first()
        if found is not None:
            return taken_back(*found)
    return ""
