"""The process leader's weekly letter: what nobody answers, cannot be reached, or waits for her.

On the first working day of the week, or the next if that was missed, and only with something to
tell. It is the day's letter: what else is for her that day waits until tomorrow. What it lists is
`week.py`.
"""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.database import Turns, take_turns
from models.known import called_in_letters, name_in
from models.letter import Letter
from models.round import Round, SetAside
from notifications import silence
from notifications.letters import frame
from notifications.letters.morning import WEEKLY, written_to
from notifications.letters.week import MOST, Section, sections
from notifications.outbox import Words, queue
from rules.calendar import first_working_day, monday_of
from rules.wording import capitalised, counted
from templates import render

LINE = "weekly-letter"


def write(session: Session, settings: Settings, policy: Policy, today: date) -> list[int]:
    """Queue the week's letter to each process leader who has not had it. Returns their ids.

    1. Is it the day? Take the lock that the morning's letters take.
    2. Gather by process leader, over all collaborations that she leads.
    3. Nothing to tell: no letter. Had the day's letter: hers comes tomorrow.
    """
    if not _is_due(session, policy, today):
        return []
    take_turns(session, Turns.LETTERS)
    silence.settle(session, today)  # nobody is told of a silence that an answer has ended
    leads: dict[int, list[int]] = {}
    for area, found in frame.leaders(session, today).items():
        for person_id, _ in found:
            leads.setdefault(person_id, []).append(area)
    passed_over = written_to(session, today) | _had_this_week(session, today)
    queued: list[int] = []
    for person_id, areas in leads.items():
        if person_id in passed_over:
            continue
        name = called_in_letters(session, person_id, set(areas))
        told_as = name_in(session, areas[0], person_id)
        with alone("Veckobrevet till", told_as, session, collaboration_id=areas[0]):
            told = sections(session, policy, areas, today)
            if told:
                words = _words(settings, name, told, person_id, today)
                letter_id = queue(
                    session, settings, person_id, WEEKLY, words, today=today, to_name=name
                )
                queued += [letter_id] if letter_id is not None else []
    return queued


def _is_due(session: Session, policy: Policy, today: date) -> bool:
    """Is it the week's first working day, or has that day's round left a letter undone?"""
    first = first_working_day(policy, today)
    if first is None or today <= first:
        return first == today
    gone = select(c(Round).id, c(Round).on_day).where(
        c(Round).line == LINE, c(Round).finished_at.is_not(None), c(Round).on_day < today
    )
    latest = session.execute(gone.order_by(c(Round).on_day.desc(), c(Round).id.desc())).first()
    if latest is None or latest.on_day < first:
        return latest is not None
    undone = select(c(SetAside).id).where(c(SetAside).round_id == latest.id)
    return session.execute(undone.limit(1)).first() is not None


def _had_this_week(session: Session, today: date) -> set[int]:
    had = select(c(Letter).person_id).where(
        c(Letter).kind == WEEKLY, c(Letter).on_day.between(monday_of(today), today)
    )
    return set(session.execute(had).scalars())


def _words(
    settings: Settings, name: str, told: list[Section], person_id: int, today: date
) -> Words:
    """Subject, plain text and HTML; the two bodies say the same."""
    total = sum(section.number for section in told)
    subject = f"Veckan: {counted(total, 'sak', 'saker')} att se till"
    values = {
        "name": name,
        "sections": told,
        "total": capitalised(counted(total, "sak", "saker")),
        "week": today.isocalendar().week,
        "most": MOST,
        "pages": settings.pages_url,
        "organisation": settings.organisation,
    }
    return Words(
        f"{subject} [{frame.reference(person_id, WEEKLY, today)}]",
        render("mail/weekly/text.txt", **values),
        render("mail/weekly/html.html", **values),
    )
