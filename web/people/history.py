"""What has happened with a group, a person or a collaboration, and Ångra in it.

An entry is told as it was written; what was taken back is marked, and who took it back stands
beside it. What one deed did is taken back as one, among the entries of the page that asks: whoever
may not read an entry cannot name it. How it is done is `intake/people/register_undo.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from intake.lives.undo import GONE_ALREADY
from intake.people.persons import By
from intake.people.register import kept
from intake.people.register_undo import take_back
from models.columns import c
from models.delegation import Delegation
from models.group import RegisterNote
from models.moves import Mover, Refused
from models.register_change import RegisterChange
from models.undoing import Undoing
from rules.wording import day_in_words


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a history. `key` is what it is taken back by; "": it is not, or has been."""

    on_day: Any
    words: str
    by: str
    change_id: int | None = None
    key: str = ""
    undone: str = ""  # the sentence that says who took it back, and when
    was: str = ""  # the key that it had


def entries(session: Session, *where: ColumnElement[bool]) -> list[Entry]:
    """The notes that fit, newest first; what was written down for two people stands once."""
    note, change, undoing = c(RegisterNote), c(RegisterChange), c(Undoing)
    rows = session.execute(
        select(
            *(note.on_day, note.words, note.by, note.change_id, change.batch),
            *(undoing.by.label("undone_by"), undoing.on_day.label("undone_on"), undoing.reason),
        )
        .outerjoin(RegisterChange, change.id == note.change_id)
        .outerjoin(Undoing, undoing.id == change.undone_id)
        .where(*where)
        .order_by(note.id.desc())
    )
    return list(dict.fromkeys(_entry(row) for row in rows))


def _entry(row: Any) -> Entry:  # noqa: ANN401 - a row of columns
    key = "" if row.batch is None else str(row.batch)
    told = (row.on_day, row.words, row.by, row.change_id)
    if row.undone_on is None:
        return Entry(*told, key=key, was=key)
    undone = f"Togs tillbaka av {row.undone_by} {day_in_words(row.undone_on)}."
    return Entry(*told, undone=" ".join(filter(None, (undone, row.reason))), was=key)


def notes(session: Session, **about: int) -> list[Entry]:
    """What was done with a group or a person, newest first."""
    return entries(session, *(c(RegisterNote)[name] == value for name, value in about.items()))


def of_stand_ins(session: Session, activity_id: int) -> list[Entry]:
    """Who has stood in, or is to, for that very activity; newest first."""
    change, d = c(RegisterChange), c(Delegation)
    about = select(change.id).join(Delegation, d.id == change.delegation_id)
    hers = about.where(d.activity_id == activity_id)
    return entries(session, c(RegisterNote).change_id.in_(hers))


def receipt_of(told: Sequence[Entry], key: str) -> dict[str, object] | None:
    """What was saved just now, to be taken back at once; or that it has been taken back."""
    found = [entry for entry in told if key and entry.was == key]
    if not found:
        return None
    lines = [entry.words for entry in found[::-1]]
    undone = next((entry.undone for entry in found if entry.undone), "")
    return {"lines": list(dict.fromkeys(lines)), "key": found[0].key, "undone": undone}


def take_back_entry(
    session: Session,
    told: Sequence[Entry],
    given: Mapping[str, str],
    mover: Mover,
    today: date,
    by: By = By.HOME,
) -> None:
    """Take back what a form names among the entries of its page. Raises `Refused`."""
    key = given.get("gjort", "")
    ids = {entry.change_id for entry in told if key and entry.key == key}
    changes = [id_ for id_ in ids if id_ is not None]
    if not changes:
        raise Refused([GONE_ALREADY])
    take_back(session, changes, mover, today=today, by=by)


def with_receipt(session: Session, address: str, otherwise: str = "#hant") -> str:
    """Where a page is shown again: with what was kept just now, else at its history."""
    batch = kept(session)
    return f"{address}{otherwise}" if batch is None else f"{address}?gjort={batch}"
