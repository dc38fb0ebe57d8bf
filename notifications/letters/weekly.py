"""The process leader's week: what nobody answers, cannot be reached, or waits for her.

A part of her letter on the first working day of the week, or the next if that was missed, and only
with something to tell. What it lists is looked up when the letter is made (`week.py`).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.database import Turns, take_turns
from models.known import called_in_letters
from models.letter import LetterPart
from models.letter_kinds import LetterKind
from models.promises import promised
from models.resting import at_rest
from models.round import Round, SetAside
from notifications import silence
from notifications.letters import frame, parts
from notifications.letters.week import MOST, sections
from notifications.outbox import Words
from rules.calendar import first_working_day, monday_of
from rules.wording import capitalised, counted
from templates import render

LINE = "weekly-letter"
_TITLE = "Veckan"  # what it is called until it is looked up


def write(session: Session, settings: Settings, policy: Policy, today: date) -> list[int]:
    """Put the week's part on file for each process leader who has not had it. Returns their ids.

    1. Is it the day, for any collaboration? Take the lock that the day's letters take.
    2. Gather by process leader, over all collaborations that she leads.
    3. Nothing to tell: no part.
    """
    due = [
        share
        for share in promised(session, policy, today).shares()
        if _is_due(session, share.policy, today)
    ]
    if not due:
        return []
    take_turns(session, Turns.LETTERS)
    silence.sweep(session, policy, today)  # what an answer has ended is gone, what is new is told
    passed_over = _had_this_week(session, today)
    queued: list[int] = []
    for person_id, hers in led_by(session, today).items():
        areas = [area for area in hers if any(share.holds(area) for share in due)]
        if not areas or person_id in passed_over:
            continue
        told_as = called_in_letters(session, person_id, set(areas))
        one = areas[0] if len(areas) == 1 else None  # whose leaders are told what it broke on
        with alone("Veckobrevet till", told_as, session, collaboration_id=one):
            if words(session, settings, policy, areas, today) is not None:
                waits = Words(_TITLE, "", "")
                part_id = parts.add(
                    *(session, person_id, LetterKind.WEEKLY, waits),
                    today=today,
                    collaboration_id=one,
                )
                queued += [part_id] if part_id is not None else []
    return queued


def led_by(session: Session, today: date) -> dict[int, list[int]]:
    """The collaborations that each process leader leads, and that do not rest."""
    leads: dict[int, list[int]] = {}
    silent = at_rest(session, today)
    for area, found in frame.leading(session, today).items():
        if area in silent:
            continue
        for person_id, _ in found:
            leads.setdefault(person_id, []).append(area)
    return leads


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
    p = c(LetterPart)
    had = select(p.person_id).where(
        p.kind == LetterKind.WEEKLY, p.on_day.between(monday_of(today), today)
    )
    return set(session.execute(had).scalars())


def words(
    session: Session, settings: Settings, policy: Policy, areas: Sequence[int], today: date
) -> Words | None:
    """What there is to tell of these collaborations today; None when that is nothing."""
    told = sections(session, policy, areas, today)
    if not told:
        return None
    total = sum(section.number for section in told)
    values = {
        "sections": told,
        "total": capitalised(counted(total, "sak", "saker")),
        "week": today.isocalendar().week,
        "most": MOST,
        "pages": settings.pages_url,
    }
    return Words(
        f"{_TITLE}: {counted(total, 'sak', 'saker')} att se till",
        render("mail/weekly/text.txt", **values),
        render("mail/weekly/html.html", **values),
    )
