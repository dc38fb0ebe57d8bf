"""The columns of a file as its process leader showed them, for the next file from the same place.

A file is of the same place as another when the row that looks most like headings has the same
words, whatever their order. What she shows is kept when the plan is saved, by her collaboration.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from intake.documents import Document
from intake.plan.heading_words import fold
from intake.plan.refusing import headings_seen
from models.plan import Plan
from models.plan_shape import Role
from models.taught import columns_taught, teach_columns


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was shown of the columns of such a file, and the day; nothing and None when never."""

    columns: Mapping[str, Role] = field(default_factory=dict)
    on_day: date | None = None


def source_of(document: Document) -> str:
    """The place that a file comes from, as a digest of its headings; "" for a file without any."""
    headings = sorted({fold(heading) for heading in headings_seen(document)} - {""})
    if not headings:
        return ""
    return hashlib.sha256("\n".join(headings).encode()).hexdigest()


def remembered(session: Session, collaborations: Collection[int], document: Document) -> Remembered:
    """What has been shown of such files in some collaborations."""
    source = source_of(document)
    if not source:
        return Remembered()
    return Remembered(*columns_taught(session, collaborations, source))


def remember(
    session: Session, plan_id: int, document: Document, columns: Mapping[str, Role], today: date
) -> None:
    """Keep what was shown of a file that came to a plan; no columns: forget what was shown."""
    source = source_of(document)
    if source:
        collaboration_id = session.get_one(Plan, plan_id).collaboration_id
        teach_columns(session, collaboration_id, source, columns, today)
