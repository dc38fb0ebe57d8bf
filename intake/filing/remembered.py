"""The columns of a file as its process leader showed them, for the next file from the same place.

What a word of state was said to mean is the collaboration's, whatever file it stands in.

A file is of the same place as another when the row that looks most like headings has the same
words, whatever their order. What she shows is kept when the plan is saved, by her collaboration.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session

from intake.documents import Document
from intake.drafts import ActivityDraft, Asks, PlanDraft
from intake.plan.heading_words import fold
from intake.plan.refusing import headings_seen
from models.plan import Plan
from models.plan_shape import Role
from models.taught import columns_taught, plainly, states_taught, teach_columns, teach_state
from rules.running import Standing


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


def remember_states(
    session: Session, plan_id: int, states: Mapping[str, Standing], today: date
) -> None:
    """Keep what words of state were said to mean of a file that came to a plan."""
    collaboration_id = session.get_one(Plan, plan_id).collaboration_id
    for words, means in states.items():
        teach_state(session, collaboration_id, words, means.state, means.outcome, today)


def with_states(
    session: Session,
    collaborations: Collection[int],
    draft: PlanDraft,
    told: Mapping[str, Standing],
) -> PlanDraft:
    """The draft with the states that its words were said to mean, now (`told`) or before."""
    means = {
        words: state.value
        for area in collaborations
        for words, (state, _) in states_taught(session, area).items()
    }
    means |= {plainly(words): standing.state.value for words, standing in told.items()}
    return replace(draft, activities=[_in_state(one, means) for one in draft.activities])


def _in_state(one: ActivityDraft, means: Mapping[str, str]) -> ActivityDraft:
    state = means.get(plainly(one.status_words))
    if not one.status_words or state is None:
        return one
    left = tuple(doubt for doubt in one.questions if doubt.kind is not Asks.STATUS)
    return replace(one, state=state, questions=left)
