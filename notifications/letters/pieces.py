"""What the waiting parts say on the day their letter is made, and which of them hold no longer.

A report's words are of figures that are frozen, and were made with it. What tells of the present is
looked up anew here, also what a report's group has to take up. Around them stands `composed.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, String, cast, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.edition import Edition, EditionState, ReportKind
from models.known import PersonKnown
from models.letter import LetterPart
from models.letter_kinds import CAN_WAIT, LetterKind
from notifications.letters import parts, weekly
from notifications.letters.readers import Readers
from notifications.letters.to_take_up import with_what_to_take_up
from notifications.outbox import Words
from rules.gathering import ANY_DAY

_DONE = (EditionState.APPROVED, EditionState.SENT)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a letter: whose it is, what it would be called alone, and its two spellings.

    `collaboration_id` 0: of no one collaboration. Without a `part_id` it is of notices.
    """

    collaboration_id: int
    title: str
    text: str
    html: str
    leads_to: tuple[str, ...] = ()
    part_id: int | None = None


@dataclass(slots=True)
class Pieces:
    """The pieces of the day's letters by person, and what became of the other parts."""

    by_person: dict[int, list[Piece]] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    tomorrow: int = 0
    gathered: int = 0


def pieces(
    session: Session, settings: Settings, policy: Policy, today: date, readers: Readers
) -> Pieces:
    """What waits for whom; whose letter comes another day, hers wait on (`readers.py`)."""
    found = Pieces()
    rows = parts.waiting(session, today)
    if not rows:
        return found
    void = _no_longer(session) | _earlier_weeks(rows)
    leads = weekly.led_by(session, today)
    for row in rows:
        if row.id in void:
            found.dropped.append(row.id)
        elif row.person_id in readers.had_today or _is_quiet(row, readers):
            found.tomorrow += 1
        elif row.kind in CAN_WAIT and readers.gathers({row.person_id}, row.on_day, ANY_DAY):
            found.gathered += 1
        else:
            with alone("En del av brevet,", row.title, collaboration_id=row.collaboration_id):
                piece = _piece(session, settings, policy, row, leads, today, readers)
                if piece is None:
                    found.dropped.append(row.id)
                else:
                    found.by_person.setdefault(row.person_id, []).append(piece)
    return found


def _earlier_weeks(rows: Sequence[Row[Any]]) -> set[int]:
    """Weeks that waited until the next one came: they would say the same, looked up anew."""
    newest: dict[int, int] = {}
    weeks = [row for row in rows if row.kind == LetterKind.WEEKLY]
    for row in weeks:
        newest[row.person_id] = max(row.id, newest.get(row.person_id, 0))
    return {row.id for row in weeks if row.id < newest[row.person_id]}


def _is_quiet(row: Row[Any], readers: Readers) -> bool:
    """Is it of a collaboration that is quiet? The week of several is looked up area by area."""
    of_several = row.kind == LetterKind.WEEKLY and row.collaboration_id is None
    return not of_several and readers.held.holds(row.collaboration_id)


def _piece(
    session: Session,
    settings: Settings,
    policy: Policy,
    row: Row[Any],
    leads: Mapping[int, Sequence[int]],
    today: date,
    readers: Readers,
) -> Piece | None:
    """The part in words; None when there is nothing to say any more."""
    words, area = Words(row.title, row.text, row.html), row.collaboration_id or 0
    if row.kind == LetterKind.WEEKLY:
        areas = leads.get(row.person_id, ())
        areas = [area for area in areas if not readers.held.holds(area)]
        looked_up = weekly.words(session, settings, policy, areas, today) if areas else None
        if looked_up is None:
            return None
        words, area = looked_up, areas[0] if len(areas) == 1 else 0
    elif row.kind == LetterKind.QUARTER:
        words = with_what_to_take_up(session, words, row.occasion, today)
    return Piece(area, words.subject, words.text, words.html, tuple(row.leads_to.split()), row.id)


def _no_longer(session: Session) -> set[int]:
    """The waiting parts that hold no longer.

    1. A draft of a report that has been approved.
    2. A report that a later edition has replaced.
    3. That reports wait for a file, when they have been made.
    4. That somebody was taken on, when she has said no already.
    """
    p, told, later = c(LetterPart), c(Edition), aliased(Edition)
    newer: Any = later
    waits = (p.letter_id.is_(None), p.dropped_on.is_(None))
    replaced = (
        select(p.id)
        .join(Edition, told.id == p.edition_id)
        .join(
            later,
            (newer.kind == told.kind)
            & (newer.collaboration_id == told.collaboration_id)
            & (newer.period == told.period)
            & (newer.group_id.is_not_distinct_from(told.group_id))
            & newer.state.in_(_DONE),
        )
        .where(*waits)
        .where(
            ((p.kind == LetterKind.DRAFT) & (newer.id >= told.id))
            | ((p.kind == LetterKind.DEVIATIONS) & (newer.id > told.id))
        )
    )
    made = exists().where(
        told.kind == ReportKind.DEVIATIONS,
        told.collaboration_id == p.collaboration_id,
        told.period == p.period,
        told.state.in_(_DONE),
    )
    came = select(p.id).where(*waits, p.kind == LetterKind.EXPORT, made)
    known = exists().where(
        c(PersonKnown).person_id == p.person_id,
        p.occasion
        == cast(c(PersonKnown).collaboration_id, String) + " " + cast(c(PersonKnown).id, String),
        c(PersonKnown).declined_at.is_(None),
    )
    declined = select(p.id).where(*waits, p.kind == LetterKind.TAKEN_ON, ~known)
    found: set[int] = set()
    for asked in (replaced, came, declined):
        found.update(session.execute(asked).scalars())
    return found
