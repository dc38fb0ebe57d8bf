"""Whose a file of deviations is: the collaboration that it is taken in for, told and never guessed.

Where there is one collaboration it is that one's; where there are several somebody names it. Who
may name which is asked by the pages.
"""

from sqlalchemy import select
from sqlmodel import Session

from intake.documents import Refusal
from intake.people.register import collaboration_named, plain
from models.columns import c
from models.group import Collaboration
from rules.wording import alphabetically


def collaborations(session: Session) -> dict[int, str]:
    """Every collaboration on file and its name, in Swedish order of letters."""
    rows = session.execute(select(c(Collaboration).id, c(Collaboration).name)).tuples().all()
    return dict(sorted(rows, key=lambda row: alphabetically(row[1])))


def the_only_one(session: Session, organisation: str) -> int | None:
    """The only collaboration; the first one is made. None where there are several."""
    there = collaborations(session)
    if not there:
        return collaboration_named(session, "", organisation)
    return next(iter(there)) if len(there) == 1 else None


def named(session: Session, words: str) -> int | None:
    """The collaboration that has that number; else the one that is called so.

    A leader chooses what hers is called: a name that is a number stands in nobody's place.
    """
    wanted = plain(words)
    there = collaborations(session)
    numbers = {str(id_): id_ for id_ in there}
    names = {plain(name): id_ for id_, name in there.items()}
    return numbers.get(wanted, names.get(wanted))


def asked_for(session: Session, words: str) -> int | None:
    """The collaboration that a command names; the only one, where it names none.

    None where none is on file yet. Raises `Refusal` when it is not told.
    """
    there = collaborations(session)
    if not words.strip() and len(there) < 2:
        return next(iter(there), None)
    found = named(session, words) if words.strip() else None
    if found is not None:
        return found
    names = ", ".join(there.values())
    if words.strip():
        raise Refusal(
            f"There is no collaboration {words!r}. There is: {names}.",
            f"Det finns inget samverkansområde som heter {words}.",
        )
    raise Refusal(
        f"Several collaborations are on file: {names}. Say whose the file is with --collaboration.",
        "Välj vilket samverkansområde filen gäller.",
    )
