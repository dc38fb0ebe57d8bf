"""Deviation reports in the day's letters: the essentials, one chart, the files, a link to each.

Also the word to process leaders that a report waits for its export. What is essential and the
files themselves are handed in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.group import Collaboration
from models.known import called_in_letters, name_in
from models.letter import LetterPart
from models.letter_kinds import LetterKind
from notifications.letters import parts, reports
from notifications.outbox import Enclosed, Words
from rules import marks
from templates import render

REPORT, WAITS = LetterKind.DEVIATIONS, LetterKind.EXPORT
CHART = "diagram"  # the name that the HTML calls the picture by begins so


@dataclass(frozen=True, slots=True)
class Told:
    """One edition as its letter tells it. `alt` is the chart in words."""

    edition_id: int
    title: str
    whose: str
    correction: bool
    essentials: tuple[str, ...]
    warning: str
    alt: str
    files: tuple[Enclosed, ...]
    collaboration_id: int | None = None

    @property
    def has_chart(self) -> bool:
        """Is there a picture to show?"""
        return bool(self.chart)

    @property
    def chart(self) -> str:
        """The name that the HTML calls the picture by; two reports may be in one letter."""
        return next((file.content_id for file in self.files if file.content_id), "")


def readers(
    session: Session,
    leaders: Mapping[int, Sequence[tuple[int, str]]],
    collaboration_id: int,
    group_id: int | None,
    today: date,
) -> list[int]:
    """The group; process leaders for the whole, and where nobody in the group can be reached."""
    found: list[int] = []
    if group_id is not None:
        found = reports.readers(session, collaboration_id, group_id, today)
    return found or [person_id for person_id, _ in leaders.get(collaboration_id, ())]


def write(
    session: Session, settings: Settings, told: Told, people: Sequence[int], today: date
) -> reports.Written:
    """Put the report in each person's letter, once an edition; one that fails stops no other."""
    done = reports.Written()
    had = reports.had_by(session, REPORT, told.edition_id)
    for person_id in sorted(set(people) - had):
        done.set_aside.append(person_id)
        name = called_in_letters(session, person_id, {told.collaboration_id})
        area = told.collaboration_id
        with alone("Avvikelserapport, brev till", name, session, collaboration_id=area):
            part_id = _add(session, settings, told, person_id, today)
            done.set_aside.remove(person_id)
            if part_id is not None:
                done.part_ids.append(part_id)
    return done


def _add(
    session: Session, settings: Settings, told: Told, person_id: int, today: date
) -> int | None:
    """One person's part; None when she has had it."""
    page = f"{marks.EDITION}{told.edition_id}"
    values = {
        "told": told,
        "chart": told.chart,
        "address": marks.mark(page),
        "days": settings.link_days,
    }
    subject = f"{told.title}: {told.whose}" + (" (rättad)" if told.correction else "")
    return parts.add(
        session,
        person_id,
        REPORT,
        _words("deviations", subject, values),
        today=today,
        occasion=str(told.edition_id),
        collaboration_id=told.collaboration_id,
        edition_id=told.edition_id,
        leads_to=[page],
        enclosed=told.files,
    )


def say_that_it_waits(
    session: Session,
    settings: Settings,
    leaders: Sequence[int],
    *,
    collaboration_id: int,
    period: str,
    words: str,
    why: str,
    waits_to: date | None,
    today: date,
) -> list[int]:
    """Tell each process leader of a collaboration, once for a period, that its reports wait.

    `waits_to`: the day after which they go anyway.
    """
    occasion = f"{period} {_of(collaboration_id)} {why}"
    p = c(LetterPart)
    asked = select(p.person_id).where(
        p.kind == WAITS, p.occasion.in_((occasion, f"{period} {why}"))
    )
    known = set(session.execute(asked).scalars())
    whose = session.get_one(Collaboration, collaboration_id).name
    page = f"{settings.pages_url}/avvikelser/las-in?collaboration={collaboration_id}"
    subject = f"Avvikelser {words}: rapporterna väntar på en fil"
    queued: list[int] = []
    for person_id in sorted(set(leaders) - known):
        name = name_in(session, collaboration_id, person_id)
        kind = "Att avvikelserapporter väntar, brev till"
        with alone(kind, name, session, collaboration_id=collaboration_id):
            values: dict[str, object] = {
                "words": words,
                "why": why,
                "waits_to": waits_to,
                "whose": whose,
                "address": page,
            }
            part_id = parts.add(
                session,
                person_id,
                WAITS,
                _words("deviations_wait", subject, values),
                today=today,
                occasion=occasion,
                collaboration_id=collaboration_id,
                period=period,
            )
            if part_id is not None:
                queued.append(part_id)
    return queued


def said_to_wait(session: Session, collaboration_id: int) -> set[str]:
    """The periods that its process leaders have been told wait for an export, as they are kept.

    Letters from when deviations were nobody's in particular told it of every collaboration.
    """
    p = c(LetterPart)
    of_it = p.collaboration_id.is_(None) | (p.collaboration_id == collaboration_id)
    asked = select(p.period).where(p.kind == WAITS, of_it).distinct()
    return set(session.execute(asked).scalars())


def _of(collaboration_id: int) -> str:
    """How an occasion names the collaboration that it is about."""
    return f"#{collaboration_id}"


def _words(letter: str, subject: str, values: dict[str, object]) -> Words:
    return Words(
        subject,
        render(f"mail/{letter}/text.txt", **values),
        render(f"mail/{letter}/html.html", **values),
    )
