"""What `rules/recipients.py` needs to know, fetched: roles, groups, stand-ins, whom plans name.

Also the questions that pages ask about it: who answers for an activity just now, and which
activities, or parts of them, a person answers for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from models.activity import Activity, Responsibility
from models.administrator import administrator_ids
from models.columns import c
from models.database import ask
from models.delegation import Delegation
from models.group import Group
from models.known import called, known_where, several_collaborations, typed_elsewhere
from models.left import who_have_left
from models.letter import Notice
from models.lifecycle import State
from models.person import Person
from notifications.register import (
    ANSWERS_FOR,
    AREAS,
    AREAS_OF,
    GONE,
    GROUPS,
    HOLDINGS,
    IN_AREAS,
    NAMED,
    NAMED_FOR,
    PARTS_FOR,
    PAUSED,
    RESTED,
    STAND_INS,
    of_the_day,
)
from rules import recipients
from rules.recipients import MOST_STEPS, Directory, Facts, Holding, Named, StandIn


@dataclass(frozen=True, slots=True)
class JustNow:
    """Somebody who would be written to today, and how she came to be: "via ordförande i …"."""

    person_id: int
    name: str
    email: str
    how: str


@dataclass(frozen=True, slots=True)
class AnswersFor:
    """An open activity that a person answers for, and how."""

    activity_id: int
    what: str
    state: State
    group: str
    plan: str
    deadline_text: str
    deadline_last: date | None
    how: str


def directory(
    session: Session,
    today: date,
    within: Collection[int] | None = None,
    stand_ins: list[StandIn] | None = None,
    spared: int | None = None,
) -> Directory:
    """Everybody who can be asked on that day; the administrators last of all.

    With `within` only the groups of those collaborations are known. A round asks about all; a page
    about one group or person need not read the whole register of an installation with hundreds.
    `stand_ins` are those of that day, for whoever has asked for them already. `spared` is somebody
    whose work is looked for although no letter reaches her.
    """
    if stand_ins is None:
        stand_ins = _stand_ins(session, today)
    administrators = administrator_ids(session, today)
    return Directory(_facts(session, today, within, stand_ins, spared, administrators), today)


def _facts(
    session: Session,
    today: date,
    within: Collection[int] | None,
    stand_ins: list[StandIn],
    spared: int | None,
    administrators: Sequence[int],
) -> Facts:
    gone = ask(session, GONE, spared=spared or 0, today=today)
    return Facts(
        holdings=[Holding(*row) for row in _within(session, HOLDINGS, within)],
        reachable=_AllBut(frozenset(gone.scalars())),
        groups=_groups(session, within),
        stand_ins=stand_ins,
        paused=dict(ask(session, PAUSED).tuples().all()),
        administrators=administrators,
        known=_known(session, stand_ins, today),
        called=_called(session, stand_ins, today),
        left=who_have_left(session, today, within),
    )


def named(session: Session, activity_ids: Iterable[int]) -> dict[int, list[Named]]:
    """Whom the plan names as responsible for some activities."""
    return _gather(ask(session, NAMED_FOR, activities=list(activity_ids)))


def named_in_unwritten(session: Session) -> dict[int, list[Named]]:
    """Whom the plan names for every activity that has a notice waiting, however many they are."""
    waiting = select(c(Notice).activity_id).where(c(Notice).written_on.is_(None))
    return _gather(session.execute(NAMED.where(c(Responsibility).activity_id.in_(waiting))))


def answering_now(session: Session, activity_id: int, today: date) -> list[JustNow]:
    """Who would be written to about an activity today, and why just they."""
    owner = (
        select(c(Activity).group_id, c(Group).collaboration_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Activity).id == activity_id)
    )
    group_id, area = session.execute(owner).one()
    whom = named(session, [activity_id]).get(activity_id, [])
    groups = {group_id, *(one.group_id for one in whom if one.group_id is not None)}
    asked = directory(session, today, areas_of(session, groups))
    return introduced(session, asked.answering(whom, group_id, activity_id), area)


def introduced(
    session: Session, answering: list[recipients.Answering], collaboration_id: int
) -> list[JustNow]:
    """The same people as the collaboration knows them, in the same order."""
    rows = session.execute(
        select(c(Person).id, called(collaboration_id), c(Person).email).where(
            c(Person).id.in_([who.person_id for who in answering])
        )
    )
    people = {id_: (name, email) for id_, name, email in rows}
    return [JustNow(who.person_id, *people[who.person_id], who.how) for who in answering]


@dataclass(frozen=True, slots=True)
class _AllBut:
    """Everybody but some: who cannot be written to are few, and the others need no reading."""

    some: frozenset[int]

    def __contains__(self, person_id: object) -> bool:
        return person_id not in self.some


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person's work may come from today: asked once for a page, used by each question.

    `people` are she and those she stands in for, `groups` those that any of them may speak for,
    `activities` those that were handed over one by one.
    """

    person_id: int
    today: date
    directory: Directory
    people: frozenset[int]
    groups: tuple[int, ...]
    activities: frozenset[int]
    spared: int | None = None


def reach(
    session: Session, person_id: int, today: date, *, though_unreachable: bool = False
) -> Reach:
    """Where a person's work may come from that day.

    1. Whose work may come to her: her own, and of those she stands in for.
    2. Which collaborations that touches; only their groups and roles are read.
    3. Which groups she speaks for, also instead of groups that rest or are dissolved.
    """
    stand_ins = _stand_ins(session, today)
    people, activities = _hers_and_handed_over(person_id, stand_ins)
    administrators = administrator_ids(session, today)
    areas = None  # an administrator is asked where nobody else can be: all of them
    if people.isdisjoint(administrators):
        areas = _areas(session, people, activities)
    spared = person_id if though_unreachable else None
    facts = _facts(session, today, areas, stand_ins, spared, administrators)
    asked = Directory(facts, today)
    groups = _groups_of(asked, facts, person_id, people)
    return Reach(person_id, today, asked, frozenset(people), groups, frozenset(activities), spared)


def answers_for(
    session: Session, person_id: int, today: date, found: Reach | None = None
) -> list[AnswersFor]:
    """The open activities that a person answers for today, nearest deadline first.

    Those that her reach touches are each asked who answers for them.
    """
    hers = found or reach(session, person_id, today)
    rows = ask(
        session,
        ANSWERS_FOR,
        people=list(hers.people),
        groups=hers.groups,
        activities=list(hers.activities),
    ).all()
    whom = named(session, [row.id for row in rows])
    asked = _wide_enough(session, hers, whom.values(), {row.group_id for row in rows})
    return [
        _answers_for(row, who.how)
        for row in rows
        for who in asked.answering(whom.get(row.id, []), row.group_id, row.id)
        if who.person_id == person_id
    ]


def parts_for(
    session: Session, person_id: int, today: date, found: Reach | None = None
) -> dict[int, set[int]]:
    """The parts of open activities that a person answers for today, by their activity."""
    hers = found or reach(session, person_id, today)
    rows = ask(
        session,
        PARTS_FOR,
        people=list(hers.people),
        groups=hers.groups,
        activities=list(hers.activities),
    ).all()
    whom = {row.id: [Named(*row[3:])] for row in rows}
    asked = _wide_enough(session, hers, whom.values(), {row.owner for row in rows})
    parts: dict[int, set[int]] = {}
    for row in rows:
        answering = asked.answering(whom[row.id], row.owner, row.activity_id)
        if any(who.person_id == person_id for who in answering):
            parts.setdefault(row.activity_id, set()).add(row.id)
    return parts


def _areas(session: Session, people: set[int], activities: set[int]) -> set[int]:
    """The collaborations that people's roles, and what they are named for, lie in."""
    found = ask(session, AREAS, people=list(people), activities=list(activities))
    return set(found.scalars())


def _wide_enough(
    session: Session, hers: Reach, whom: Iterable[list[Named]], owners: set[int]
) -> Directory:
    """The directory of her reach, or a wider one where a plan names another collaboration's group.

    Otherwise that group would seem to have nobody, and the question would come to the next in line.
    """
    groups = owners | {one.group_id for named_one in whom for one in named_one if one.group_id}
    if hers.directory.knows(groups):
        return hers.directory
    within = areas_of(session, [*groups, *hers.groups])
    return directory(session, hers.today, within, spared=hers.spared)


def areas_of(session: Session, group_ids: Iterable[int]) -> set[int]:
    """The collaborations of some groups."""
    return set(ask(session, AREAS_OF, groups=list(group_ids)).scalars())


def _answers_for(row: Any, how: str) -> AnswersFor:  # noqa: ANN401 - a row of columns
    return AnswersFor(
        row.id,
        row.what,
        row.state,
        row.group,
        row.plan,
        row.deadline_text,
        row.deadline_last,
        how,
    )


def _hers_and_handed_over(person_id: int, stand_ins: list[StandIn]) -> tuple[set[int], set[int]]:
    """She and those she stands in for, a few steps back; activities handed over to any of them."""
    people = {person_id}
    for _ in range(MOST_STEPS):
        people |= {one.person_id for one in stand_ins if one.delegate_id in people}
    handed = {one.activity_id for one in stand_ins if one.delegate_id in people}
    return people, {activity_id for activity_id in handed if activity_id is not None}


def _groups_of(asked: Directory, facts: Facts, person_id: int, people: set[int]) -> tuple[int, ...]:
    """The groups where she or those she stands in for hold a role, and those she speaks for."""
    groups = {holding.group_id for holding in facts.holdings if holding.person_id in people}
    for group in facts.groups:
        speaking = asked.speaking_for(group.id) or asked.last_resort(group.id)
        if any(who.person_id == person_id for who in speaking):
            groups.add(group.id)
    return tuple(sorted(groups))


def _within(
    session: Session, question: Select[Any], within: Collection[int] | None
) -> Iterable[Any]:
    """A question about groups, of those in some collaborations or of all."""
    if within is None:
        return ask(session, question)
    return ask(session, question.where(IN_AREAS), areas=list(within))


def _groups(session: Session, within: Collection[int] | None) -> list[recipients.Group]:
    pauses: dict[int, list[tuple[date, date | None]]] = {}
    for group_id, first, last in ask(session, RESTED):
        pauses.setdefault(group_id, []).append((first, last))
    return [
        recipients.Group(*row, pauses=tuple(pauses.get(row.id, ())))  # type: ignore[misc]
        for row in _within(session, GROUPS, within)
    ]


def _stand_ins(session: Session, today: date) -> list[StandIn]:
    rows = ask(session, STAND_INS, today=today)
    return [one for one in (StandIn(*row) for row in rows) if one.counts(today)]


def _known(session: Session, stand_ins: list[StandIn], today: date) -> dict[int, set[int]] | None:
    """Which stand-ins each collaboration knows; None where nobody could be unknown."""
    if not stand_ins or not several_collaborations(session):
        return None
    delegates = select(c(Delegation).delegate_id).where(*of_the_day(today))
    known: dict[int, set[int]] = {}
    for person_id, collaboration_id in session.execute(known_where(delegates)):
        known.setdefault(collaboration_id, set()).add(person_id)
    return known


def _called(session: Session, stand_ins: list[StandIn], today: date) -> dict[tuple[int, int], str]:
    """What collaborations call those who have handed over, where it is not their own name."""
    if not stand_ins or not several_collaborations(session):
        return {}
    givers = select(c(Delegation).person_id).where(*of_the_day(today))
    rows = session.execute(typed_elsewhere(givers))
    return {(area, person_id): name for area, person_id, name in rows}


def _gather(rows: Iterable[Any]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = {}
    for activity_id, *named_one in rows:
        found.setdefault(activity_id, []).append(Named(*named_one))
    return found
