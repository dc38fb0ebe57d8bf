"""Approved editions become letters: what quarter's and year's closing do alike.

Files are made before the transaction, which then only claims the editions and puts the parts on
file: an approved edition does not move meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from models.resting import resting
from notifications.letters import reports as letters
from notifications.outbox import Enclosed
from reports.approval import Edited, earlier_approved, mark_sent, not_sent_to_all, report
from reports.files import MEDIA_TYPES, as_file, file_name
from reports.rollup.in_short import in_short
from reports.rollup.notes import corrected_in_short
from reports.rollup.shapes import read_facts
from rules.periods import parse


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approved edition that has not been sent, and how it is spoken of."""

    edition_id: int
    collaboration_id: int
    whose: str


def waiting(session: Session, kind: ReportKind, today: date) -> list[Waiting]:
    """Approved editions that have not been sent, oldest first, without a look at their facts.

    Those of a collaboration that rests wait until it goes on.
    """
    e = c(Edition)
    rows = session.execute(
        select(e.id, e.collaboration_id, c(Collaboration).name, c(Group).name.label("group"))
        .add_columns(e.period)
        .join(Collaboration, c(Collaboration).id == e.collaboration_id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .where(e.kind == kind, e.state == EditionState.APPROVED)
        .where(e.collaboration_id.not_in(resting(today)))
        .order_by(e.id)
    )
    return [
        Waiting(id_, area, f"{group or name}, {period}") for id_, area, name, group, period in rows
    ]


def names(session: Session, groups: Sequence[int]) -> dict[int, str]:
    """What groups are called."""
    asked = select(c(Group).id, c(Group).name).where(c(Group).id.in_(groups))
    return dict(session.execute(asked).tuples().all())


def areas(session: Session) -> dict[int, str]:
    """What the collaborations are called."""
    asked = select(c(Collaboration).id, c(Collaboration).name)
    return dict(session.execute(asked).tuples().all())


def told(session: Session, settings: Settings, edition: Edited, file_format: str) -> letters.Told:
    """An edition as a letter tells it, with its file."""
    shown, frozen = report(session, edition), edition.frozen
    facts = read_facts(frozen.facts)
    data = as_file(file_format, frozen, shown, settings.report_template)
    name = file_name(frozen, shown, file_format)
    corrects = earlier_approved(session, edition) is not None
    correction = f", rättad: utgåva {frozen.number}" if corrects else ""
    return letters.Told(
        edition_id=frozen.id,
        group_id=frozen.of.group_id,
        title=shown.title,
        whose=(facts.group or facts.organisation) + correction,
        essentials=(
            *in_short(facts.counts, facts.period, facts.schema),
            *corrected_in_short(facts),
        ),
        file=Enclosed(name, MEDIA_TYPES[file_format].partition(";")[0], data),
        collaboration_id=frozen.of.collaboration_id,
        written_about=frozen.of.kind is ReportKind.QUARTER,
    )


def send(
    session: Session,
    settings: Settings,
    kind: ReportKind,
    prepared: Sequence[tuple[letters.Told, Sequence[int]]],
    period: str,
    today: date,
) -> list[int]:
    """Claim the editions and write to whoever is to have them. Returns the parts' ids.

    1. An edition that another round has claimed meanwhile is left out.
    2. A person's reports are gathered in one letter; what she has had before is not sent again.
    3. An edition whose letter to somebody could not be made is given back, for the next round.
    """
    name = letters.YEAR if kind is ReportKind.YEAR else letters.QUARTER
    hers: dict[int, list[letters.Told]] = {}
    for one, people in prepared:
        if mark_sent(session, one.edition_id):
            had = letters.had_by(session, name, one.edition_id)
            for person_id in people:
                if person_id not in had:
                    hers.setdefault(person_id, []).append(one)
    if kind is ReportKind.YEAR:
        subject, lead = f"Årsrapport {period}", f"Här är årsrapporten för {period}."
    else:
        subject = f"Statusrapport {parse(period).name}"
        lead = f"Så gick det med aktiviteterna under {parse(period).after_under}."
    written = letters.write(
        session, settings, name, {**hers}, subject=subject, lead=lead, today=today
    )
    for person_id in written.set_aside:
        for one in hers[person_id]:
            not_sent_to_all(session, one.edition_id)
    return written.part_ids
