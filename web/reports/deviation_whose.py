"""Whose deviations a page is about: asked in one place, of every form and address that names it.

Where she leads one collaboration it is that one's, and nothing is shown of the choice. Where she
leads several, or is an administrator, she chooses. What she does not lead is refused.
"""

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from intake.deviation.whose import collaborations, the_only_one
from models.columns import c
from models.database import transaction
from models.deviation import DeviationImport
from web.page import NotAllowed, may_lead

FIELD = "collaboration"
_CHOOSE = "Välj samverkan: du leder flera, och filen eller källan hör till en av dem."
_NONE = "Det finns ingen sådan samverkan. Välj en i listan."
_LONGEST = 9  # digits of a number on file


@dataclass(frozen=True, slots=True)
class Whose:
    """The collaboration that is chosen, and those to choose among."""

    id: int | None
    offered: dict[int, str]
    problem: str = ""

    @property
    def choices(self) -> dict[int, str]:
        """What the form offers; nothing where there is nothing to choose."""
        return self.offered if len(self.offered) > 1 else {}


def whose(request: Request, session: Session, given: str) -> Whose:
    """Whose it is. Raises `NotAllowed` for a collaboration that she does not lead."""
    there = collaborations(session)
    offered = {id_: name for id_, name in there.items() if may_lead(request, id_)}
    words = given.strip()
    if words:
        number = int(words) if words.isascii() and words.isdecimal() else 0
        if len(words) > _LONGEST or number not in there:
            return Whose(None, offered, _NONE)
        if number not in offered:
            raise NotAllowed
        return Whose(number, offered)
    if len(offered) == 1:
        return Whose(next(iter(offered)), offered)
    return Whose(None, offered, _CHOOSE if offered else "")


def shown(request: Request, session: Session, given: str) -> Whose:
    """The same for a page that only shows: the first of several, where none is chosen."""
    found = whose(request, session, given)
    if found.id is None and found.offered and not given.strip():
        return Whose(next(iter(found.offered)), found.offered)
    return found


def first_one(settings: Settings, found: Whose) -> Whose:
    """Where nothing at all is on file yet, the installation's collaboration comes on file."""
    if found.id is not None or found.problem:
        return found
    with transaction(settings) as session:
        id_ = the_only_one(session, settings.organisation)
        return Whose(id_, collaborations(session))


def of_import(session: Session, import_id: int) -> int | None:
    """The collaboration of an import; None also where it waits to be placed."""
    asked = select(c(DeviationImport).collaboration_id).where(c(DeviationImport).id == import_id)
    return session.execute(asked).scalar()
