"""Reading a form about people and groups: every field understood, or a sentence for each.

What is asked of the fields is said by those who use it: the files of `people/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from intake.people.register import plain
from models.columns import c
from models.group import Group
from models.moves import Refused
from models.person import Person
from rules.swedish_dates import read

LONGEST = 200
TOLD_ONCE = -1  # given and not understood: its own sentence says so


@dataclass(slots=True)
class Reading:
    """Reads fields one by one, and gathers in Swedish what could not be understood."""

    session: Session
    given: Mapping[str, str]
    today: date
    problems: list[str] = field(default_factory=list)

    def words(self, name: str) -> str:
        """The words of a field on one line."""
        words = " ".join(self.given.get(name, "").replace("\x00", "").split())
        if len(words) > LONGEST:
            self.problems.append(
                f"”{words[:40]} …” är för långt. Högst {LONGEST} tecken får plats."
            )
        return words[:LONGEST]

    def asked(self, name: str, otherwise: str) -> str:
        """The words of a field that must not be empty."""
        words = self.words(name)
        if not words:
            self.problems.append(otherwise)
        return words

    def day(self, name: str, *, last: bool = False) -> date | None:
        """The first day that some words mean, or the last; None when nothing is written."""
        words = self.words(name)
        if not words:
            return None
        span = read(words, self.today)
        day = span.last if last else span.first
        if day is None:
            self.problems.append(
                span.doubt
                or f"”{words[:60]}” går inte att läsa som ett datum. Skriv till exempel 2025-08-15."
            )
        return day

    def number(self, name: str) -> int | None:
        """The number that a list of choices gives; None when nothing is chosen."""
        words = self.words(name)
        return int(words) if words.isdecimal() and len(words) < 10 else None

    def group(self, name: str, collaboration_id: int) -> int | None:
        """A group of the collaboration, chosen in a list or written by its name."""
        words = self.words(name)
        if not words:
            return None
        rows = self.session.execute(
            select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
        )
        for id_, known in rows:
            if words == str(id_) or plain(known) == plain(words):
                return int(id_)
        self.problems.append(f"Det finns ingen grupp som heter ”{words}”.")
        return TOLD_ONCE

    def person(self, name: str) -> int | None:
        """A person on file by address or by name; two of one name are not told apart."""
        words = self.words(name)
        if not words:
            return None
        rows = self.session.execute(select(c(Person).id, c(Person).name, c(Person).email)).all()
        by_email = [row.id for row in rows if row.email == words.lower()]
        found = by_email or [row.id for row in rows if plain(row.name) == plain(words)]
        if len(found) == 1:
            return int(found[0])
        self.problems.append(
            f"Det finns flera som heter {words}. Skriv e-postadressen i stället."
            if found
            else f"”{words}” finns inte bland personerna. Skriv namn eller e-postadress, eller låt "
            "processledaren lägga till personen först."
        )
        return TOLD_ONCE

    def done(self) -> None:
        """Raises `Refused` with every sentence, if there is any."""
        if self.problems:
            raise Refused(self.problems)
