"""Who has a letter today, and whose waits: one a day, and once a week for whoever has chosen that.

What is of a collaboration that is quiet today, while others are not, waits whoever it is for.

What is for several people at once is never parted, since a notice is written about once: it waits
when any of them has had today's letter, and is gathered only when all of them have chosen that.
"""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.own_policy import Promised
from config.policy import Policy
from models.columns import c
from models.person import Person
from notifications.letters.items import Owed
from rules.calendar import Held
from rules.gathering import waits_until


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has had the day's letter, and who has chosen to have what can wait once a week."""

    promised: Promised
    today: date
    had_today: AbstractSet[int] = frozenset()
    weekly: AbstractSet[int] = frozenset()
    held: Held = field(default_factory=Held)

    def put_off(
        self,
        owed: Owed,
        whom: Collection[int],
        number: int,
        reached_on: date,
        by: date,
        area: int | None,
    ) -> bool:
        """Does something of a collaboration wait, that is for these people?

        So many notices are counted if it does. `reached_on` and `by` as `waits_until` in
        `rules/gathering.py` asks for them.
        """
        if self.held.holds(area) or not self.had_today.isdisjoint(whom):
            owed.tomorrow += number
            return True
        if self.gathers(whom, reached_on, by):
            owed.gathered += number
            return True
        return False

    def gathers(self, whom: Collection[int], reached_on: date, by: date) -> bool:
        """Does it wait for the week's letter, for all of these?"""
        if not whom or not set(whom) <= self.weekly:
            return False
        return waits_until(self.promised.usual, reached_on, by, self.today) is not None


def weekly(session: Session, policy: Policy) -> set[int]:
    """Who has chosen letters once a week; nobody where the policy has no day for it."""
    if policy.gathered_on == 0:
        return set()
    chosen = select(c(Person).id).where(c(Person).weekly_since.is_not(None))
    return {id_ for id_ in session.execute(chosen).scalars() if id_ is not None}
