"""What is understood of a plan that somebody sent, in a process of its own, as pages ask for it.

The command line reads its own files where it stands (`plans.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.documents import Document, Refusal
from intake.drafts import PlanDraft
from intake.filing.side_by_side import Place, Stood, rows_behind
from intake.made_apart import made_of_document
from intake.plan.heading_words import Synonyms
from intake.plans import understood
from models.plan_shape import Role


@dataclass(frozen=True, slots=True)
class Seen:
    """The plan, or the Swedish sentence that says why none was found."""

    draft: PlanDraft | None
    refusal: str = ""


def seen(document: Document, synonyms: Synonyms) -> Seen:
    """What is understood of a document that is read already, apart.

    Raises `Refusal` where it takes too long: then nothing more is to be asked of its words.
    """
    return made_of_document(see, document, synonyms)


def see(document: Document, synonyms: dict[str, Role]) -> Seen:
    """In the child: what is understood of it."""
    try:
        return Seen(understood(document, synonyms=synonyms))
    except Refusal as refusal:
        return Seen(None, refusal.swedish)


def cells_behind(document: Document, synonyms: Synonyms) -> Mapping[Place, tuple[Stood, ...]]:
    """The cells of each row that became an activity, by the row's place; worked out apart."""
    return dict(made_of_document(behind, document, synonyms))


def behind(document: Document, synonyms: dict[str, Role]) -> list[tuple[Place, tuple[Stood, ...]]]:
    """In the child: each row's place and its cells."""
    return list(rows_behind(document, synonyms).items())
