"""Who answers for an activity today: person, role-holder, chair, process leader. Never nobody.

Pure: who holds which role when is handed in, and `today` decides which of it counts. The order is
the fallback chain of row P5: what the plan names, then the chair of the group that owns the
activity, then the process leader. An address that does not work is passed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.activity import Answerable
from models.person import Role


@dataclass(frozen=True, slots=True)
class Named:
    """One responsible as the plan names it."""

    kind: Answerable
    words: str
    person_id: int | None = None
    group_id: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a role in a group, from a day to a day."""

    person_id: int
    group_id: int
    group: str
    role: str
    first: date | None = None
    last: date | None = None

    def counts(self, today: date) -> bool:
        """Is the role held on that day?"""
        return (self.first is None or self.first <= today) and (
            self.last is None or self.last >= today
        )


@dataclass(frozen=True, slots=True)
class Answering:
    """A person who is to be asked, and by way of what ("via ordförande i NOSAM Alingsås")."""

    person_id: int
    via: str


class Directory:
    """Who can be asked on a given day. Built once a round, asked once an activity."""

    def __init__(self, holdings: Iterable[Holding], reachable: Iterable[int], today: date) -> None:
        self._reachable = frozenset(reachable)
        self._by_group: dict[int, list[Holding]] = {}
        self._leaders: list[Holding] = []
        for holding in sorted(holdings, key=lambda h: (h.group_id, h.role, h.person_id)):
            if not holding.counts(today) or holding.person_id not in self._reachable:
                continue
            self._by_group.setdefault(holding.group_id, []).append(holding)
            if holding.role == Role.PROCESS_LEADER:
                self._leaders.append(holding)

    def answering(self, named: Sequence[Named], owner_group_id: int) -> list[Answering]:
        """Everybody to ask about one activity, each once, in the plan's order.

        Empty only when nobody at all can be reached: no process leader is on file.
        """
        found: dict[int, Answering] = {}
        for one in named:
            for who in self._resolve(one):
                found.setdefault(who.person_id, who)
        if found:
            return list(found.values())
        return self._speaks_for(owner_group_id) or self._process_leaders()

    def _resolve(self, one: Named) -> list[Answering]:
        if one.kind is Answerable.PERSON and one.person_id in self._reachable:
            return [Answering(one.person_id, "")]
        if one.kind is Answerable.GROUP and one.group_id is not None:
            return self._speaks_for(one.group_id)
        if one.kind is Answerable.ROLE and one.group_id is not None:
            return self._with_role(one.group_id, one.role) or self._speaks_for(one.group_id)
        return []

    def _speaks_for(self, group_id: int) -> list[Answering]:
        """The chair; without one the deputy; without either, every member."""
        for role in (Role.CHAIR, Role.DEPUTY):
            holders = self._with_role(group_id, role)
            if holders:
                return holders
        return [_via(h) for h in self._by_group.get(group_id, [])]

    def _with_role(self, group_id: int, role: str) -> list[Answering]:
        wanted = role.casefold()
        holdings = self._by_group.get(group_id, [])
        return [_via(h) for h in holdings if h.role.casefold() == wanted]

    def _process_leaders(self) -> list[Answering]:
        return [_via(h) for h in self._leaders]


def _via(holding: Holding) -> Answering:
    return Answering(holding.person_id, f"{holding.role} i {holding.group}")
