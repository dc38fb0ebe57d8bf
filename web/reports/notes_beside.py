"""What groups wrote about a report, as it stands on the report's page, and the form to write more.

Others than whoever wrote it, and the process leader, read what she has let through. The form's
answer is `group_notes.py`; where she says yes is `words.py`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from intake.lives.group_notes import FIELDS, current_plan
from models.activity import Activity
from models.columns import c
from models.edition import Edition, ReportKind
from models.group import Collaboration
from models.group_note import GroupNote, ReleasedNote
from models.plan import Plan
from reports.approval import Edited
from reports.group_notes import with_mark

WRITTEN_ABOUT = (ReportKind.DEVIATIONS, ReportKind.QUARTER)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a form brought that could not be kept, and why."""

    problems: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)


NOTHING_TRIED = Tried()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: her number, None for nobody on file, and whether she leads the process there."""

    person_id: int | None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A note as its reader sees it; `waits` for the process leader's yes, or is `kept_out`."""

    words: dict[str, str]
    activity: str
    by: str
    at: datetime
    number: int
    waits: bool
    kept_out: bool


def notes_beside(
    session: Session, edition: Edited, send_to: str, tried: Tried, reader: Reader, today: date
) -> dict[str, Any] | None:
    """The values of `_group_notes.html`; None of a report that groups do not write about."""
    of = edition.frozen.of
    if of.kind not in WRITTEN_ABOUT or not edition.approved:
        return None
    plan_id = current_plan(session, of.group_id, today)
    plan = session.get(Plan, plan_id) if plan_id is not None else None
    named = session.get_one(Collaboration, of.collaboration_id).names_in_reports
    return {
        "send_to": send_to,
        "deviations": of.kind is ReportKind.DEVIATIONS,
        "written": _written(session, edition, reader, named=named),
        "named": named,
        "leads": reader.leads,
        "plan": plan.title if plan else "",
        "problems": tried.problems,
        "given": tried.given,
    }


def _written(session: Session, edition: Edited, reader: Reader, *, named: bool) -> list[Written]:
    """What is written about the report, whichever edition it was written about."""
    of, note, said, e = edition.frozen.of, c(GroupNote), c(ReleasedNote), c(Edition)
    rows = session.execute(
        select(note.at, note.by, note.person_id, e.number, c(Activity).what, said.edited)
        .add_columns(*(note[name] for name in FIELDS))
        .add_columns(*(said[name].label(f"may_{name}") for name in FIELDS))
        .join(Edition, e.id == note.edition_id)
        .outerjoin(ReleasedNote, said.note_id == note.id)
        .outerjoin(Activity, c(Activity).id == note.activity_id)
        .where(
            e.kind == of.kind,
            e.collaboration_id == of.collaboration_id,
            e.group_id.is_not_distinct_from(of.group_id),
            e.period == of.period,
        )
        .order_by(note.id)
    )
    found = (_as_read(row, reader, named=named) for row in rows)
    return [one for one in found if one is not None]


def _as_read(row: Any, reader: Reader, *, named: bool) -> Written | None:  # noqa: ANN401 - a row
    """A note as this reader may read it; None when she may not."""
    hers = reader.leads or (row.person_id is not None and row.person_id == reader.person_id)
    own = {name: row._mapping[name] for name in FIELDS}
    words = {name: row._mapping[f"may_{name}"] or "" for name in FIELDS}
    has_words = any(own.values())
    waits = has_words and row.edited is None
    kept_out = has_words and row.edited is not None and not any(words.values())
    if (waits or kept_out) and not hers:
        return None
    if waits or kept_out:
        words = own
    elif row.edited:
        words = with_mark(words)
    by = row.by if named or hers else ""
    return Written(words, row.what or "", by, row.at, row.number, waits, kept_out)
