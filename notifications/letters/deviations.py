"""Letters with deviation reports: the essentials, one chart, the files, a link to that edition.

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
from models.letter import Letter
from notifications import links
from notifications.letters import frame, reports
from notifications.outbox import Enclosed, Words, queue
from rules import marks
from templates import render

REPORT, WAITS = "deviation-report", "deviation-export"
CHART = "diagram"  # the name that the HTML calls the picture by


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
        return any(file.content_id for file in self.files)


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
    """Queue the report to each person, once for each edition; one that cannot be stops no other."""
    done = reports.Written()
    had = reports.had_by(session, REPORT, told.edition_id)
    signer = frame.signers(session, today).get(told.collaboration_id or 0)
    for person_id in sorted(set(people) - had):
        done.set_aside.append(person_id)
        name = called_in_letters(session, person_id, {told.collaboration_id})
        area = told.collaboration_id
        with alone("Avvikelserapport, brev till", name, session, collaboration_id=area):
            letter_id = _queue(session, settings, told, person_id, today, signer)
            done.set_aside.remove(person_id)
            if letter_id is not None:
                done.letter_ids.append(letter_id)
    return done


def _queue(
    session: Session,
    settings: Settings,
    told: Told,
    person_id: int,
    today: date,
    signer: frame.Signer | None,
) -> int | None:
    """One person's letter; None when she has had it."""
    link_id = links.make(session, settings, person_id)
    page = f"{marks.EDITION}{told.edition_id}"
    subject = f"{told.title}: {told.whose}" + (" (rättad)" if told.correction else "")
    name = called_in_letters(session, person_id, {told.collaboration_id})
    values = {
        "name": name,
        "told": told,
        "subject": subject,
        "chart": CHART,
        "address": marks.mark(page),
        "organisation": settings.organisation,
        "signer": signer,
        "days": settings.link_days,
    }
    return queue(
        session,
        settings,
        person_id,
        REPORT,
        _words("deviations", f"{subject} [{_reference(person_id, told, today)}]", values),
        today=today,
        occasion=str(told.edition_id),
        link_id=link_id,
        to_name=name,
        leads_to=[page],
        enclosed=told.files,
        signer=signer,
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
    today: date,
) -> list[int]:
    """Tell each process leader of a collaboration, once for a period, that its reports wait."""
    occasion = f"{period} {_of(collaboration_id)} {why}"
    asked = select(c(Letter).person_id).where(
        c(Letter).kind == WAITS, c(Letter).occasion.in_((occasion, f"{period} {why}"))
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
                "name": name,
                "words": words,
                "why": why,
                "whose": whose,
                "address": page,
                "organisation": settings.organisation,
                "subject": subject,
            }
            reference = frame.reference(person_id, f"{WAITS} {occasion}", today)
            letter_id = queue(
                session,
                settings,
                person_id,
                WAITS,
                _words("deviations_wait", f"{subject} [{reference}]", values),
                today=today,
                occasion=occasion,
                to_name=name,
            )
            if letter_id is not None:
                queued.append(letter_id)
    return queued


def said_to_wait(session: Session, collaboration_id: int) -> set[str]:
    """The periods that its process leaders have been told wait for an export, as they are kept.

    Letters from when deviations were nobody's in particular told it of every collaboration.
    """
    asked = select(c(Letter).occasion).where(c(Letter).kind == WAITS).distinct()
    found = set()
    for occasion in session.execute(asked).scalars():
        period, whose = [*occasion.split(" "), ""][:2]
        if whose == _of(collaboration_id) or not whose.startswith("#"):
            found.add(period)
    return found


def _of(collaboration_id: int) -> str:
    """How an occasion names the collaboration that it is about."""
    return f"#{collaboration_id}"


def _reference(person_id: int, told: Told, today: date) -> str:
    return frame.reference(person_id, f"{REPORT} {told.title} {told.whose}", today)


def _words(letter: str, subject: str, values: dict[str, object]) -> Words:
    return Words(
        subject,
        render(f"mail/{letter}/text.txt", **values),
        render(f"mail/{letter}/html.html", **values),
    )
