"""What groups have written about reports, as the process leader has let it stand.

For roll-ups, which tell it, and for the page of a report. What is written and said yes to is
`intake/lives/group_notes.py`.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.edition import Edition, ReportKind
from models.group import Group
from models.group_note import GroupNote, ReleasedNote
from rules.periods import Period, parse

EDITED = "(redigerat)"


@dataclass(frozen=True, slots=True)
class Note:
    """What a group wrote about a report; `day` is the day from which others may read it."""

    group_id: int | None
    group: str
    period: str
    day: date
    by: str
    pattern: str
    measure: str
    conclusion: str
    activity: str

    def lies_in(self, period: Period) -> bool:
        """Is the report of a period within this one?"""
        its = parse(self.period)
        return period.first <= its.first and its.last <= period.last


def notes(session: Session, collaboration_id: int, kind: ReportKind) -> list[Note]:
    """What may be read of a collaboration's notes about reports of a kind, oldest first.

    Of a note that only proposes an activity there is nothing to say yes to.
    """
    note, said, e = c(GroupNote), c(ReleasedNote), c(Edition)
    rows = session.execute(
        select(e.group_id, c(Group).name.label("group"), e.period, note.at, note.by)
        .add_columns(note.pattern, note.measure, note.conclusion, c(Activity).what)
        .add_columns(said.on_day, said.edited)
        .add_columns(*(said[name].label(f"may_{name}") for name in _WORDS))
        .join(Edition, e.id == note.edition_id)
        .outerjoin(ReleasedNote, said.note_id == note.id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .outerjoin(Activity, c(Activity).id == note.activity_id)
        .where(e.collaboration_id == collaboration_id, e.kind == kind)
        .order_by(note.id)
    )
    found = []
    for row in rows:
        own = row._mapping
        words = {name: own[f"may_{name}"] or "" for name in _WORDS}
        only_proposes = not any(own[name].strip() for name in _WORDS)
        if any(words.values()) or only_proposes:
            day = row.on_day or clock.in_stockholm(row.at).date()
            found.append(
                Note(
                    row.group_id,
                    row.group or "",
                    row.period,
                    day,
                    row.by,
                    **(with_mark(words) if row.edited else words),
                    activity=row.what or "",
                )
            )
    return found


def with_mark(words: dict[str, str]) -> dict[str, str]:
    """The words with the mark of what was mended after the last of them."""
    last = [name for name, text in words.items() if text][-1]
    return words | {last: f"{words[last]} {EDITED}"}


_WORDS = ("pattern", "measure", "conclusion")
