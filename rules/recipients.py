"""Who answers for it today: person, stand-in, role-holder, chair, process leader. Never nobody.

Pure: who holds which role, which groups rest and who stands in for whom is handed in, and `today`
decides which of it counts. The order is the fallback chain of row P5:

1. A paused activity: the group that takes questions about it meanwhile.
2. Whom the plan names: a person, a role in a group, or the chair, deputy or members of a group.
3. The chair, deputy or members of the group that owns the activity.
4. The process leaders of its own collaboration, then the administrators.

A group that rests or is dissolved is spoken for by its successor, or by the group above it. Whoever
has handed over is asked through the stand-in, where she is known: for a role in the group's
collaboration, else in the activity's. An address that does not work is passed over, and so is
whoever has left the collaboration of the activity, or of the group that she holds the role in.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.activity import Answerable
from models.group import MOST_GROUPS
from models.person import Role
from rules.wording import day_in_words

MOST_STEPS = 3  # so many stand-ins in a row are followed: Alice, Bob, Charlie, Dan
ADMINISTRATOR = "administratör"  # as what they are asked
STANDS_IN = "ersättare för "


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
        return _within(today, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Group:
    """A group: where it belongs, and when it cannot speak for itself (dissolved, or resting)."""

    id: int
    name: str
    collaboration_id: int = 0
    parent_id: int | None = None
    successor_id: int | None = None
    last: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()

    def speaks(self, today: date) -> bool:
        """Is it neither dissolved nor resting on that day?"""
        if self.last is not None and self.last < today:
            return False
        return not any(_within(today, first, last) for first, last in self.pauses)


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody stands in for a person: in everything, in one activity, or in one role."""

    person_id: int
    delegate_id: int
    for_whom: str  # the person's own name
    first: date
    last: date
    activity_id: int | None = None
    group_id: int | None = None
    role: str = ""
    ended_on: date | None = None  # the first day on which it no longer counts

    def counts(self, today: date) -> bool:
        """Does it hold on that day?"""
        over = self.ended_on is not None and self.ended_on <= today
        return _within(today, self.first, self.last) and not over


@dataclass(frozen=True, slots=True)
class Answering:
    """A person who is to be asked, and as what ("ordförande i NOSAM Alingsås"; "": as herself)."""

    person_id: int
    via: str

    @property
    def how(self) -> str:
        """How she came to be asked: "via ordförande i NOSAM Alm", "ersätter Alice till 15 maj"."""
        if self.via.startswith(STANDS_IN):
            return f"ersätter {self.via.removeprefix(STANDS_IN)}"
        return self.via and f"via {self.via}"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything on file that tells who can be asked. `reachable` are the people themselves.

    `known` tells which stand-ins each collaboration knows; None where there is one only. `called`
    is what a collaboration calls somebody who has handed over, where it is not her own name. `left`
    are those whose last day in a collaboration is over.
    """

    holdings: Iterable[Holding]
    reachable: Container[int]
    groups: Iterable[Group] = ()
    stand_ins: Iterable[StandIn] = ()
    paused: Mapping[int, int] = field(default_factory=dict)  # activity -> the group that stands in
    administrators: Sequence[int] = ()
    known: Mapping[int, Container[int]] | None = None
    called: Mapping[tuple[int, int], str] = field(default_factory=dict)  # collaboration, person
    left: Mapping[int, Container[int]] = field(default_factory=dict)  # collaboration -> people


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is asked about: an activity or none, and the group that owns it."""

    activity_id: int | None
    group_id: int


class Directory:
    """Who can be asked on a given day. Built once a round, asked once an activity."""

    def __init__(self, facts: Facts, today: date) -> None:
        self._today = today
        self._reachable = facts.reachable
        self._groups = {group.id: group for group in facts.groups}
        self._paused = facts.paused
        self._administrators = facts.administrators
        self._known = facts.known
        self._called = facts.called
        self._left = facts.left
        self._by_group: dict[int, list[Holding]] = {}
        self._leaders: dict[int, list[Holding]] = {}
        for holding in sorted(facts.holdings, key=lambda h: (h.group_id, h.role, h.person_id)):
            if not holding.counts(today):
                continue
            self._by_group.setdefault(holding.group_id, []).append(holding)
            if holding.role == Role.PROCESS_LEADER:
                self._leaders.setdefault(self._area(holding.group_id), []).append(holding)
        self._stand_ins: dict[int, list[StandIn]] = {}
        for one in sorted(facts.stand_ins, key=lambda s: (s.last, s.delegate_id)):
            if one.counts(today):
                self._stand_ins.setdefault(one.person_id, []).append(one)

    def knows(self, group_ids: Iterable[int]) -> bool:
        """Are all of these groups among the facts?"""
        return all(group_id in self._groups for group_id in group_ids)

    def answering(
        self, named: Sequence[Named], owner_group_id: int, activity_id: int | None = None
    ) -> list[Answering]:
        """Everybody to ask about one activity, each once, in the plan's order.

        Empty only when nobody at all can be reached: the collaboration has no process leader whose
        address works, and the installation no administrator.
        """
        stand_in = self._paused.get(activity_id) if activity_id is not None else None
        matter = _Matter(activity_id, owner_group_id)
        if stand_in is not None and (found := self._speaking(stand_in, matter)):
            return found
        found = _each_once(who for one in named for who in self._resolve(one, matter))
        return (
            found
            or self._speaking(owner_group_id, matter)
            or self.last_resort(owner_group_id, activity_id)
        )

    def named(
        self, named: Sequence[Named], owner_group_id: int, activity_id: int
    ) -> list[Answering]:
        """Those whom the plan names, as far as they can be reached; nobody instead of them."""
        matter = _Matter(activity_id, owner_group_id)
        return _each_once(who for one in named for who in self._resolve(one, matter))

    def speaking_for(self, group_id: int, activity_id: int | None = None) -> list[Answering]:
        """The chair; without one the deputy; without either, every member.

        For a group that rests or is dissolved: whoever speaks for its successor, or above it.
        """
        return self._speaking(group_id, _Matter(activity_id, group_id))

    def _speaking(self, group_id: int, matter: _Matter) -> list[Answering]:
        asked = self._instead_of(group_id)
        if asked is None:
            return []
        for role in (Role.CHAIR, Role.DEPUTY):
            if holders := self._with_role(asked, role, matter):
                return self._told_why(holders, group_id, asked)
        everybody = self._asked(self._by_group.get(asked, []), matter)
        return self._told_why(everybody, group_id, asked)

    def last_resort(self, group_id: int, activity_id: int | None = None) -> list[Answering]:
        """The process leaders of the group's own collaboration; without them the administrators."""
        matter = _Matter(activity_id, group_id)
        leaders = self._asked(self._leaders.get(self._area(group_id), []), matter)
        administrators = (p for p in self._administrators if p in self._reachable)
        return leaders or [Answering(person, ADMINISTRATOR) for person in administrators]

    def _resolve(self, one: Named, matter: _Matter) -> list[Answering]:
        if one.kind is Answerable.PERSON and one.person_id is not None:
            who = self._herself_or_stand_in(one.person_id, matter)
            return [who] if who else []
        if one.kind is Answerable.GROUP and one.group_id is not None:
            return self._speaking(one.group_id, matter)
        if one.kind is Answerable.ROLE and one.group_id is not None:
            asked = self._instead_of(one.group_id)
            holders = self._with_role(asked, one.role, matter) if asked is not None else []
            told = self._told_why(holders, one.group_id, asked)
            return told or self._speaking(one.group_id, matter)
        return []

    def _with_role(self, group_id: int, role: str, matter: _Matter) -> list[Answering]:
        wanted = role.casefold()
        holdings = self._by_group.get(group_id, [])
        return self._asked([h for h in holdings if h.role.casefold() == wanted], matter)

    def _asked(self, holdings: Iterable[Holding], matter: _Matter) -> list[Answering]:
        asked = (self._herself_or_stand_in(h.person_id, matter, h) for h in holdings)
        return _each_once(who for who in asked if who)

    def _herself_or_stand_in(
        self, person_id: int, matter: _Matter, holding: Holding | None = None
    ) -> Answering | None:
        """The stand-in at the end of a short chain; without one that works, the person herself."""
        steps: list[StandIn] = []
        met = {person_id}
        while len(steps) < MOST_STEPS:
            at = steps[-1].delegate_id if steps else person_id
            stand_in = self._stand_in(at, matter, holding)
            if stand_in is None or stand_in.delegate_id in met:
                break
            steps.append(stand_in)
            met.add(stand_in.delegate_id)
        as_what = f"{holding.role} i {holding.group}" if holding else ""
        owner = self._area(matter.group_id)
        here = self._area(holding.group_id) if holding else owner
        while steps:
            if self._reaches(steps[-1].delegate_id, here, owner):
                name = self._called.get((here, person_id), steps[0].for_whom)
                return Answering(steps[-1].delegate_id, _standing_in(name, steps, as_what))
            steps.pop()
        reached = self._reaches(person_id, here, owner)
        return Answering(person_id, as_what) if reached else None

    def _stand_in(self, person_id: int, matter: _Matter, holding: Holding | None) -> StandIn | None:
        """Who stands in just here: for this activity before this role before everything."""
        activity_id = matter.activity_id
        owner = self._area(matter.group_id)
        here = self._area(holding.group_id) if holding else owner
        hers = self._stand_ins.get(person_id, [])
        known_here = [s for s in hers if self._is_known(s.delegate_id, here)]
        for_activity = (
            s
            for s in hers
            if activity_id and s.activity_id == activity_id and self._is_known(s.delegate_id, owner)
        )
        for_role = (
            s
            for s in known_here
            if holding
            and s.group_id == holding.group_id
            and s.role.casefold() == holding.role.casefold()
        )
        for_all = (s for s in known_here if s.activity_id is None and s.group_id is None)
        return next(for_activity, None) or next(for_role, None) or next(for_all, None)

    def _reaches(self, person_id: int, *areas: int) -> bool:
        """Does a letter about what is of these collaborations reach her?"""
        if person_id not in self._reachable:
            return False
        return not any(person_id in self._left.get(area, ()) for area in areas)

    def _is_known(self, person_id: int, collaboration_id: int) -> bool:
        return self._known is None or person_id in self._known.get(collaboration_id, ())

    def _instead_of(self, group_id: int) -> int | None:
        """The group itself while it speaks, else the first that does: successor, or group above."""
        at: int | None = group_id
        for _ in range(MOST_GROUPS):
            group = self._groups.get(at) if at is not None else None
            if at is None or group is None or group.speaks(self._today):
                return at
            at = group.successor_id or group.parent_id
        return None

    def _told_why(
        self, answering: list[Answering], group_id: int, asked: int | None
    ) -> list[Answering]:
        """When another group speaks, it is said for which."""
        if asked == group_id:
            return answering
        instead = f", i stället för {self._groups[group_id].name}"
        return [replace(who, via=who.via + instead) for who in answering]

    def _area(self, group_id: int) -> int:
        group = self._groups.get(group_id)
        return group.collaboration_id if group else 0


def _each_once(answering: Iterable[Answering]) -> list[Answering]:
    found: dict[int, Answering] = {}
    for who in answering:
        found.setdefault(who.person_id, who)
    return list(found.values())


def _standing_in(name: str, steps: Sequence[StandIn], as_what: str) -> str:
    """ "ersättare för Alice, ordförande i NOSAM Alm, till 15 augusti 2024"."""
    until = day_in_words(min(step.last for step in steps))
    as_what = as_what and f", {as_what},"
    return f"{STANDS_IN}{name}{as_what} till {until}"


def _within(today: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= today) and (last is None or last >= today)
