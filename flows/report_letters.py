"""Approved editions become letters: what quarter's and year's closing do alike.

Files are made before the transaction, which then only claims the editions and queues the letters:
an approved edition does not move meanwhile.
"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from config.settings import Settings
from models.edition import ReportKind
from notifications.letters import reports as letters
from notifications.outbox import Enclosed
from reports.approval import Edited, earlier_approved, mark_sent, report
from reports.files import MEDIA_TYPES, as_file, file_name
from reports.rollup.sections import in_short
from reports.rollup.shapes import read_facts
from rules.periods import parse


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
        essentials=tuple(in_short(facts.counts, facts.period)),
        file=Enclosed(name, MEDIA_TYPES[file_format].partition(";")[0], data),
    )


def send(
    session: Session,
    settings: Settings,
    kind: ReportKind,
    prepared: Sequence[tuple[letters.Told, Sequence[int]]],
    period: str,
    today: date,
) -> list[int]:
    """Claim the editions and write to whoever is to have them. Returns the letters' ids.

    1. An edition that another round has claimed meanwhile is left out.
    2. A person's reports are gathered in one letter.
    """
    hers: dict[int, list[letters.Told]] = {}
    for one, people in prepared:
        if mark_sent(session, one.edition_id):
            for person_id in people:
                hers.setdefault(person_id, []).append(one)
    if kind is ReportKind.YEAR:
        subject, lead = f"Årsrapport {period}", f"Här är årsrapporten för {period}."
    else:
        subject = f"Statusrapport {parse(period).name}"
        lead = f"Så gick det med aktiviteterna under {parse(period).after_under}."
    name = letters.YEAR if kind is ReportKind.YEAR else letters.QUARTER
    return letters.write(session, settings, name, {**hers}, subject=subject, lead=lead, today=today)
