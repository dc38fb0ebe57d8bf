"""Reports in the day's letters: a part for each person, with all that is hers, files attached.

Which reports, what is essential in them and the files themselves are handed in; who is to have them
is found here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.group import Group
from models.known import called_in_letters
from models.letter import LetterPart
from models.letter_kinds import LetterKind
from models.person import Person, RoleHolding
from notifications.letters import parts
from notifications.outbox import Enclosed, Words
from rules import marks
from templates import render

QUARTER, YEAR, DRAFT = LetterKind.QUARTER, LetterKind.YEAR, LetterKind.DRAFT


@dataclass(frozen=True, slots=True)
class Told:
    """One edition as a letter tells it: its title, whose it is, what is essential, the file."""

    edition_id: int
    group_id: int | None
    title: str
    whose: str
    essentials: tuple[str, ...]
    file: Enclosed
    collaboration_id: int | None = None
    written_about: bool = False  # may its readers write about it?


@dataclass(slots=True)
class Written:
    """The parts that were put on file, and the people whose parts could not be made."""

    part_ids: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)


def members(session: Session, groups: Collection[int], today: date) -> dict[int, list[int]]:
    """Who holds any role today in each of these groups and can be reached: the people's ids."""
    h = c(RoleHolding)
    rows = session.execute(
        select(h.group_id, h.person_id)
        .join(Person, c(Person).id == h.person_id)
        .join(Group, c(Group).id == h.group_id)
        .where(
            h.group_id.in_(groups),
            h.starts_on.is_(None) | (h.starts_on <= today),
            h.ends_on.is_(None) | (h.ends_on >= today),
            c(Group).ends_on.is_(None) | (c(Group).ends_on >= today),
            c(Person).unreachable_since.is_(None),
            c(Person).left_on.is_(None) | (c(Person).left_on >= today),
        )
        .distinct()
        .order_by(h.group_id, h.person_id)
    )
    found: dict[int, list[int]] = {}
    for group_id, person_id in rows:
        found.setdefault(group_id, []).append(person_id)
    return found


def groups_of(session: Session, collaboration_id: int) -> list[int]:
    """The groups of a collaboration, dissolved ones too."""
    asked = select(c(Group).id).where(c(Group).collaboration_id == collaboration_id)
    return list(session.execute(asked).scalars())


def readers(
    session: Session, collaboration_id: int, group_id: int | None, today: date
) -> list[int]:
    """Everybody in the group; for a report of all groups, everybody in any of them."""
    groups = [group_id] if group_id is not None else groups_of(session, collaboration_id)
    found = members(session, groups, today)
    return sorted({person for people in found.values() for person in people})


def write(
    session: Session,
    settings: Settings,
    kind: LetterKind,
    told: dict[int, Sequence[Told]],
    *,
    subject: str,
    lead: str,
    today: date,
) -> Written:
    """Put a part on file for each person with her reports; one that cannot be made stops no other.

    Called by whoever has claimed the editions, in the same transaction: each edition goes to each
    person once.
    """
    done = Written()
    for person_id, reports in told.items():
        done.set_aside.append(person_id)
        areas = {one.collaboration_id for one in reports}
        # Whose leaders are told what it broke on: of reports of several, administrators alone.
        area = reports[0].collaboration_id if len(areas) == 1 else None
        name = called_in_letters(session, person_id, areas)
        with alone(f"{subject}, brev till", name, session, collaboration_id=area):
            part_id = _add(
                session, settings, kind, person_id, reports, subject=subject, lead=lead, today=today
            )
            done.set_aside.remove(person_id)
            if part_id is not None:
                done.part_ids.append(part_id)
    return done


def _add(
    session: Session,
    settings: Settings,
    kind: LetterKind,
    person_id: int,
    reports: Sequence[Told],
    *,
    subject: str,
    lead: str,
    today: date,
) -> int | None:
    """One person's part; None when she has had it."""
    pages = [f"{marks.EDITION}{one.edition_id}" for one in reports]
    values = {
        "lead": lead,
        "reports": [(one, marks.mark(page)) for one, page in zip(reports, pages, strict=True)],
        "days": settings.link_days,
    }
    words = Words(
        subject,
        render("mail/report/text.txt", **values),
        render("mail/report/html.html", **values),
    )
    areas = {one.collaboration_id for one in reports}
    return parts.add(
        session,
        person_id,
        kind,
        words,
        today=today,
        occasion=",".join(str(one.edition_id) for one in reports),
        collaboration_id=areas.pop() if len(areas) == 1 else None,
        leads_to=pages,
        enclosed=[one.file for one in reports],
    )


def had_by(session: Session, kind: LetterKind, edition_id: int) -> set[int]:
    """Who has had a part with that edition: some may have, when others' could not be made."""
    asked = select(c(LetterPart).person_id, c(LetterPart).occasion).where(
        c(LetterPart).kind == kind, c(LetterPart).occasion.contains(str(edition_id))
    )
    return {
        person_id
        for person_id, occasion in session.execute(asked)
        if str(edition_id) in occasion.split(",")
    }


def drafts_sent(session: Session) -> set[str]:
    """The occasions that a draft has been mailed for: a collaboration and a year."""
    asked = select(c(LetterPart).occasion).where(c(LetterPart).kind == DRAFT)
    return set(session.execute(asked).scalars())


def write_draft(
    session: Session,
    settings: Settings,
    told: Told,
    leaders: Sequence[int],
    missing: Sequence[str],
    *,
    occasion: str,
    today: date,
) -> list[int]:
    """Tell each process leader of a collaboration that the year's draft is there, with its file."""
    values = {
        "told": told,
        "missing": missing,
        "address": f"{settings.pages_url}/rapporter/{told.edition_id}/skriv",
    }
    words = Words(
        f"Utkast till {told.title[:1].lower()}{told.title[1:]}",
        render("mail/year_draft/text.txt", **values),
        render("mail/year_draft/html.html", **values),
    )
    queued = []
    for person_id in leaders:
        part_id = parts.add(
            session,
            person_id,
            DRAFT,
            words,
            today=today,
            occasion=occasion,
            collaboration_id=told.collaboration_id,
            edition_id=told.edition_id,
            enclosed=[told.file],
        )
        if part_id is not None:
            queued.append(part_id)
    return queued
