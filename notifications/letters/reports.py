"""Letters with reports: one for each person, with all that is hers, files attached.

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
from models.letter import Letter
from models.person import Person, RoleHolding
from notifications import links
from notifications.letters import frame
from notifications.outbox import Enclosed, Words, queue
from rules import marks
from templates import render

QUARTER, YEAR, DRAFT = "quarterly-report", "annual-report", "annual-draft"


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


@dataclass(slots=True)
class Written:
    """The letters that were queued, and the people whose letters could not be made."""

    letter_ids: list[int] = field(default_factory=list)
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
    kind: str,
    told: dict[int, Sequence[Told]],
    *,
    subject: str,
    lead: str,
    today: date,
) -> Written:
    """Queue one letter to each person with her reports; one that cannot be made stops no other.

    Called by whoever has claimed the editions, in the same transaction: each edition goes to each
    person once.
    """
    done = Written()
    signers = frame.signers(session, today)
    for person_id, reports in told.items():
        done.set_aside.append(person_id)
        area = reports[0].collaboration_id
        name = called_in_letters(session, person_id, {area})
        with alone(f"{subject}, brev till", name, session, collaboration_id=area):
            letter_id = _queue(
                session,
                settings,
                kind,
                person_id,
                reports,
                subject=subject,
                lead=lead,
                today=today,
                signer=signers.get(area) if area else None,
            )
            done.set_aside.remove(person_id)
            if letter_id is not None:
                done.letter_ids.append(letter_id)
    return done


def _queue(
    session: Session,
    settings: Settings,
    kind: str,
    person_id: int,
    reports: Sequence[Told],
    *,
    subject: str,
    lead: str,
    today: date,
    signer: frame.Signer | None,
) -> int | None:
    """One person's letter; None when she has had it."""
    link_id = links.make(session, settings, person_id)
    pages = [f"{marks.EDITION}{one.edition_id}" for one in reports]
    name = called_in_letters(session, person_id, {one.collaboration_id for one in reports})
    values = {
        "name": name,
        "lead": lead,
        "subject": subject,
        "reports": [(one, marks.mark(page)) for one, page in zip(reports, pages, strict=True)],
        "organisation": settings.organisation,
        "signer": signer,
        "days": settings.link_days,
    }
    words = Words(
        f"{subject} [{frame.reference(person_id, kind, today)}]",
        render("mail/report/text.txt", **values),
        render("mail/report/html.html", **values),
    )
    return queue(
        session,
        settings,
        person_id,
        kind,
        words,
        today=today,
        occasion=",".join(str(one.edition_id) for one in reports),
        link_id=link_id,
        to_name=name,
        leads_to=pages,
        enclosed=[one.file for one in reports],
        signer=signer,
    )


def had_by(session: Session, kind: str, edition_id: int) -> set[int]:
    """Who has had a letter with that edition: some may have, when others' could not be made."""
    asked = select(c(Letter).person_id, c(Letter).occasion).where(
        c(Letter).kind == kind, c(Letter).occasion.contains(str(edition_id))
    )
    return {
        person_id
        for person_id, occasion in session.execute(asked)
        if str(edition_id) in occasion.split(",")
    }


def drafts_sent(session: Session) -> set[str]:
    """The occasions that a draft has been mailed for: a collaboration and a year."""
    asked = select(c(Letter).occasion).where(c(Letter).kind == DRAFT)
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
    """Queue the draft of the year's report to each process leader of a collaboration."""
    queued = []
    for person_id in leaders:
        name = called_in_letters(session, person_id, {told.collaboration_id})
        values = {
            "name": name,
            "told": told,
            "missing": missing,
            "address": f"{settings.pages_url}/rapporter/{told.edition_id}/skriv",
            "organisation": settings.organisation,
        }
        words = Words(
            f"Utkast till {told.title[:1].lower()}{told.title[1:]} "
            f"[{frame.reference(person_id, DRAFT, today)}]",
            render("mail/year_draft/text.txt", **values),
            render("mail/year_draft/html.html", **values),
        )
        letter_id = queue(
            session,
            settings,
            person_id,
            DRAFT,
            words,
            today=today,
            occasion=occasion,
            to_name=name,
            enclosed=[told.file],
        )
        if letter_id is not None:
            queued.append(letter_id)
    return queued
