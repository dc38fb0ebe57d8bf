"""Reading a form: every field understood, or a sentence for each.

What is asked of the fields is said by those who use it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlmodel import Session

from intake.people.register import plain
from intake.personnummer import holds, refusal
from models.columns import c
from models.group import Group
from models.known import called, is_known_in
from models.moves import Refused
from models.person import Person
from models.refusal import at
from models.shared_mailbox import names_that_share
from rules.names_of_people import why_no_person
from rules.span_words import not_a_day
from rules.swedish_dates import read, read_coming

_SOON = timedelta(days=183)
TOLD_ONCE = -1  # given and not understood: its own sentence says so


@dataclass(slots=True)
class Words:
    """Reads fields one by one, and gathers in Swedish what could not be understood."""

    given: Mapping[str, str]
    today: date
    problems: list[str] = field(default_factory=list, kw_only=True)
    longest: ClassVar[int] = 4000

    def line(self, name: str) -> str:
        """The words of a field on one line."""
        return self._fits(name, " ".join(self.given.get(name, "").replace("\x00", "").split()))

    def lines(self, name: str) -> str:
        """Words that may go on for several lines."""
        words = self.given.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
        return self._fits(name, words)

    def asked(self, name: str, otherwise: str) -> str:
        """The words of a field that must not be empty."""
        words = self.line(name)
        if not words:
            self.problems.append(at(name, otherwise))
        return words

    def number(self, name: str) -> int | None:
        """A number that a list of choices, or a person, gave; None when the field is empty."""
        words = self.line(name)
        if not words:
            return None
        if words.isdecimal() and len(words) < 10:
            return int(words)
        self.problems.append(at(name, f"”{words[:60]}” är inget antal. Skriv till exempel 8."))
        return None

    def day(self, name: str, *, last: bool = False, coming: bool = False) -> date | None:
        """The first day that some words mean, or the last; None when nothing is written.

        `coming`: words without a year mean the time that comes, where it comes within half a year.
        """
        words = self.line(name)
        if not words:
            return None
        span = read(words, self.today)
        if coming:
            ahead = read_coming(words, self.today)
            if ahead.last is not None and ahead.last - self.today <= _SOON:
                span = ahead
        day = span.last if last else span.first
        if day is None:
            example = "" if span.doubt else " Skriv till exempel 2025-08-15."
            self.problems.append(at(name, not_a_day(span, words) + example))
        return day

    def done(self) -> None:
        """Raises `Refused` with every sentence, if there is any."""
        if self.problems:
            raise Refused(self.problems)

    def _fits(self, name: str, words: str) -> str:
        if holds(words):
            self.problems.append(at(name, refusal(words)))
        if len(words) > self.longest:
            told = f"”{words[:40]} …” är för långt. Högst {self.longest} tecken får plats."
            self.problems.append(at(name, told))
        return words[: self.longest]


@dataclass(slots=True)
class Reading(Words):
    """The same for short fields, among them groups and people that are looked up on file."""

    session: Session
    longest: ClassVar[int] = 200

    def called(self, name: str, otherwise: str, kept: str = "") -> str:
        """What somebody is to be called. A name that is kept as it was is not asked about: it may
        be older than this.
        """
        words = self.asked(name, otherwise)
        if words and words != kept and (why := why_no_person(words)):
            self.problems.append(at(name, why))
        return words

    def group(self, name: str, collaboration_id: int) -> int | None:
        """A group of the collaboration, chosen in a list or written by its name."""
        words = self.line(name)
        if not words:
            return None
        rows = self.session.execute(
            select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
        )
        for id_, known in rows:
            if words == str(id_) or plain(known) == plain(words):
                return int(id_)
        self.problems.append(at(name, f"Det finns ingen grupp som heter ”{words}”."))
        return TOLD_ONCE

    def person(self, name: str, collaborations: Collection[int]) -> int | None:
        """Somebody known in all of these collaborations, by address or by a name that one has.

        Two of one name are not told apart. Whoever is known elsewhere only is as unknown as
        somebody who is not on file at all: the sentence must not tell which.
        """
        words = self.line(name)
        if not words:
            return None
        names = [called(area).label(f"in_{area}") for area in sorted(collaborations)]
        asked = select(c(Person).id, c(Person).email, *names)
        rows = self.session.execute(asked.where(is_known_in(collaborations))).all()
        sharing = self._sharing(words, collaborations)
        by_email = [row.id for row in rows if row.email == words.lower()]
        found = by_email or [
            id_
            for id_, _, *hers in rows
            if id_ in sharing or plain(words) in {plain(name) for name in hers}
        ]
        if len(found) == 1:
            return int(found[0])
        told = (
            f"Det finns flera som heter {words}. Skriv e-postadressen i stället."
            if found
            else f"”{words}” finns inte bland personerna. Skriv namn eller e-postadress, eller låt "
            "processledaren lägga till personen först."
        )
        self.problems.append(at(name, told))
        return TOLD_ONCE

    def _sharing(self, words: str, collaborations: Collection[int]) -> set[int]:
        """The mailboxes that somebody of that name shares with others."""
        return {
            id_
            for area in collaborations
            for name, id_ in self.session.execute(names_that_share(area)).tuples()
            if plain(name) == plain(words)
        }
