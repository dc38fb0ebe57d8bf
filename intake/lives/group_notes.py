"""What a group writes about a report -> a row, or sentences that refuse it; and the yes to it.

A note is kept as it is written, and never changed. Others than whoever wrote it read it when the
process leader has said yes, as she lets it stand. A personnummer is refused: what is kept stays
kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import Session

from config import clock
from intake.lives.proposals import ask_to_propose
from intake.personnummer import holds, refusal
from models.activity import Activity
from models.columns import c
from models.database import Turns, take_turns
from models.edition import Edition, ReportKind
from models.group import Group
from models.group_note import GroupNote, ReleasedNote, note_waits
from models.moves import Mover, Refused
from models.plan import Adoption, Plan
from rules.periods import parse

LONGEST = 4000
FIELDS = {"pattern": "monster", "measure": "atgard", "conclusion": "slutsats"}
_CAME = {ReportKind.DEVIATIONS: "avvikelserapporten", ReportKind.QUARTER: "statusrapporten"}


@dataclass(frozen=True, slots=True)
class SaidYesToNote:
    """The words of a note as the process leader lets them stand; none when kept out."""

    note_id: int
    words: Mapping[str, str]  # by column


def record(
    session: Session, edition_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int | None:
    """Keep what was written about an edition; the number of the activity that it proposed, if any.

    The same words once more by the same person are the first ones: a button may be tapped twice.
    Raises `Refused` with every sentence, and keeps nothing.
    """
    words = {column: given.get(name, "").strip() for column, name in FIELDS.items()}
    what = " ".join(given.get("aktivitet", "").split())
    _check(words, what)
    take_turns(session, Turns.EDITIONS)
    again = _already(session, edition_id, words, what, mover)
    if again is not None:
        return again.activity_id
    activity_id = None
    if what:
        activity_id = _propose(session, edition_id, what, words["pattern"], mover, today)
    session.execute(
        insert(GroupNote).values(
            edition_id=edition_id,
            at=clock.now(),
            by=mover.name,
            person_id=mover.person_id,
            activity_id=activity_id,
            **words,
        )
    )
    return activity_id


def _check(words: Mapping[str, str], what: str) -> None:
    every = (*words.values(), what)
    problems = []
    if not any(every):
        problems.append("Inget var ifyllt. Skriv minst en sak.")
    if any(len(text) > LONGEST for text in every):
        problems.append(f"Skriv kortare, högst {LONGEST} tecken i varje ruta.")
    if any(holds(text) for text in every):
        problems.append("Ta bort personnumret. Här ska ingen kunna kännas igen.")
    if problems:
        raise Refused(problems)


def _already(
    session: Session, edition_id: int, words: Mapping[str, str], what: str, mover: Mover
) -> GroupNote | None:
    """The note that says the same, by the same person about the same edition."""
    note = c(GroupNote)
    same = (note[column] == text for column, text in words.items())
    return session.execute(
        select(GroupNote)
        .outerjoin(Activity, c(Activity).id == note.activity_id)
        .where(note.edition_id == edition_id, note.by == mover.name, *same)
        .where(note.person_id.is_not_distinct_from(mover.person_id))
        .where(func.coalesce(c(Activity).what, "") == what)
        .limit(1)
    ).scalar()


def _propose(
    session: Session, edition_id: int, what: str, pattern: str, mover: Mover, today: date
) -> int:
    """Propose the activity in the group's plan; how it came about stands with it."""
    edition = session.execute(
        select(c(Edition).group_id, c(Edition).kind, c(Edition).period).where(
            c(Edition).id == edition_id
        )
    ).one()
    plan_id = current_plan(session, edition.group_id, today)
    if plan_id is None:
        raise Refused(
            [
                "Det finns ingen öppen plan att föreslå aktiviteten i. Be processledaren lägga upp "
                "en plan för gruppen, eller skriv förslaget som en åtgärd så länge."
            ]
        )
    came = f"Från {_CAME[edition.kind]} {parse(edition.period).name}."
    how = f"{came} Mönster: {pattern}" if pattern else came
    group = {"group": str(edition.group_id)}
    return ask_to_propose(session, plan_id, {"what": what, "how": how, **group}, mover, today=today)


def current_plan(session: Session, group_id: int | None, today: date) -> int | None:
    """The group's own open plan that holds today, or one that it has adopted; the latest begun."""
    p = c(Plan)
    adopted = select(c(Adoption).plan_id).where(c(Adoption).group_id == group_id)
    found = session.execute(
        select(p.id)
        .join(Group, c(Group).collaboration_id == p.collaboration_id)
        .where(
            c(Group).id == group_id,
            (p.group_id == group_id) | p.id.in_(adopted),
            p.closed_on.is_(None),
            p.approved_on.is_(None),
            p.last_day.is_(None) | (p.last_day >= today),
        )
        .order_by(
            (p.group_id == group_id).desc(),
            func.coalesce(p.first_day, date.min).desc(),
            p.id.desc(),
        )
        .limit(1)
    ).scalar()
    return int(found) if found is not None else None


def release_notes(
    session: Session, chosen: Iterable[SaidYesToNote], mover: Mover, *, today: date
) -> int:
    """Let notes be read by others, or keep them out. Returns how many were settled now.

    What somebody else has settled meanwhile stays as it is. Raises `Refused`, and nothing is kept,
    when mended words hold a personnummer or are too long.
    """
    asked = {one.note_id: _mended(one.words) for one in chosen}
    note = c(GroupNote)
    waiting = session.execute(
        select(note.id, *(note[column] for column in FIELDS)).where(
            note.id.in_(asked), note_waits()
        )
    ).all()
    rows = [
        {
            "note_id": row.id,
            **asked[row.id],
            "edited": any(
                _one_line(asked[row.id][column]) != _one_line(row._mapping[column])
                for column in FIELDS
            ),
            "on_day": today,
            "by": mover.name or "processledaren",
        }
        for row in waiting
    ]
    if rows:
        session.execute(insert(ReleasedNote), rows)
    return len(rows)


def _mended(words: Mapping[str, str]) -> dict[str, str]:
    """Every field of a note as it may stand."""
    mended = {column: words.get(column, "").strip() for column in FIELDS}
    for text in mended.values():
        if holds(text):
            raise Refused([refusal(text)])
        if len(text) > LONGEST:
            raise Refused([f"Texten är för lång. Högst {LONGEST} tecken får plats."])
    return mended


def _one_line(words: str) -> str:
    """Browsers end lines in their own way: that mends nothing."""
    return " ".join(words.split())
