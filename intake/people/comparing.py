"""A list of people against what is on file: what differs, told before anything is saved.

Reading the list is the work of `lists.py`, saving what differs that of `filing.py`. Nobody is
removed: a role that the list no longer has is proposed to end.

What is on file is what the list's own collaboration knows. Somebody who is on file elsewhere alone
is new here, by the name that the list has; one who is at home elsewhere keeps her address and name
there. An address that its owner has used, or that has been written to from here, is no list's to
change.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session

from intake.people.leaving import named_in_plans
from intake.people.lists import Doubt, PeopleDraft, PersonDraft, RoleDraft
from intake.people.register import plain
from intake.people.taking_on import DECLINED, who_declined
from models.addresses import addresses_that_stay
from models.columns import c
from models.group import Collaboration, Group
from models.known import PersonKnown, at_home_in, called, known_in
from models.left import last_day_here
from models.person import Person, Role, RoleHolding

ALIKE = 0.85  # how alike two names of groups are when one may be a slip of the pen


class Differs(StrEnum):
    """In what way a list differs from what is on file."""

    NEW_PERSON = "new person"
    RENAMED = "renamed"
    NEW_ADDRESS = "new address"
    TRIED_AGAIN = "tried again"  # an address that did not work is told anew
    BACK = "back"  # somebody who had left is in the list again
    NEW_GROUP = "new group"
    NEW_ROLE = "new role"
    NEW_DATES = "new dates"
    MISSING_ROLE = "missing role"
    LEAVES = "leaves"  # with that her last role ends


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the list would change. The ids are what it changes (None: not on file yet)."""

    kind: Differs
    name: str = ""
    email: str = ""
    group: str = ""
    role: str = ""
    before: str = ""
    after: str = ""
    person_id: int | None = None
    holding_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    activities: tuple[str, ...] = ()  # open ones that name somebody who leaves

    @property
    def ends(self) -> str:
        """What it would end, as a form says that somebody has seen it: a role, or all of her."""
        return f"p{self.person_id}" if self.kind is Differs.LEAVES else str(self.holding_id)

    def as_json(self) -> dict[str, Any]:
        """What a program is told."""
        told: dict[str, Any] = {
            "kind": self.kind.value,
            "name": self.name,
            "email": self.email,
            "group": self.group,
            "role": self.role,
            "before": self.before,
            "after": self.after,
            "activities": list(self.activities),
        }
        return {key: value for key, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Compared:
    """What a list would change, what to look over, and how many of its people stay as they are."""

    changes: list[Difference] = field(default_factory=list)
    missing: list[Difference] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    came_since: int = 0  # roles that are missing and go on, since nobody had seen that they are


def compare_people(
    session: Session,
    draft: PeopleDraft,
    *,
    organisation: str,
    area: int | None = None,
    today: date,
) -> Compared:
    """What a list would change, in the collaboration of that number, else of that name. Looks, and
    changes nothing.
    """
    area = area or _collaboration_id(session, organisation)
    on_file = register_of(session, area, today)
    return with_activities(session, area, compared_with(on_file, draft, today))


def with_activities(session: Session, collaboration_id: int, compared: Compared) -> Compared:
    """The same, with the open activities that name those who leave."""
    leaving = {d.person_id for d in compared.missing if d.kind is Differs.LEAVES and d.person_id}
    if not leaving:
        return compared
    named: dict[int, list[str]] = {}
    for one in named_in_plans(session, collaboration_id, leaving):
        named.setdefault(one.person_id, []).append(one.what)
    missing = [
        replace(d, activities=tuple(named.get(d.person_id or 0, ())))
        if d.kind is Differs.LEAVES
        else d
        for d in compared.missing
    ]
    return replace(compared, missing=missing)


@dataclass(frozen=True, slots=True)
class OnFile:
    """The register as it stands: people by address and by name, groups, and roles held."""

    by_email: dict[str, Any]
    by_name: dict[str, list[Any]]
    groups: dict[str, Any]
    holdings: dict[tuple[int, int, str], list[Any]]
    declined: set[str]  # addresses of those who said no to being known here
    settled: set[int]  # those whose address no list may change


def _collaboration_id(session: Session, organisation: str) -> int:
    """The collaboration's number; 0 when there is none yet, and so nothing to differ from."""
    wanted = select(c(Collaboration).id).where(c(Collaboration).name == organisation)
    return int(session.execute(wanted).scalar() or 0)


def register_of(session: Session, collaboration_id: int, today: date) -> OnFile:
    """The register as it stands for a collaboration, with nothing of what only others know."""
    here = known_in([collaboration_id])
    people = session.execute(
        select(
            c(Person).id,
            called(collaboration_id).label("name"),
            c(Person).email,
            c(Person).unreachable_since,
            func.coalesce(
                last_day_here([collaboration_id]), at_home_in([collaboration_id], c(Person).left_on)
            ).label("left_on"),
            (c(Person).home_collaboration_id == collaboration_id).label("at_home"),
        ).where(c(Person).id.in_(here))
    ).all()
    groups = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    ).all()
    rows = session.execute(
        select(
            c(RoleHolding).id,
            c(RoleHolding).person_id,
            c(RoleHolding).group_id,
            c(RoleHolding).role,
            c(RoleHolding).starts_on,
            c(RoleHolding).ends_on,
        )
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(Group).collaboration_id == collaboration_id)
        .order_by(c(RoleHolding).id)
    )
    by_name: dict[str, list[Any]] = {}
    for person in people:
        by_name.setdefault(plain(person.name), []).append(person)
    holdings: dict[tuple[int, int, str], list[Any]] = {}
    for row in rows:
        holdings.setdefault((row.person_id, row.group_id, plain(row.role)), []).append(row)
    return OnFile(
        {person.email: person for person in people},
        by_name,
        {plain(group.name): group for group in groups},
        holdings,
        who_declined(session, collaboration_id),
        _settled(session, collaboration_id, here, today),
    )


def _settled(session: Session, collaboration_id: int, here: Select[Any], today: date) -> set[int]:
    """Those whose address is theirs to change.

    Of somebody at home elsewhere it counts that she has been written to from here, and nothing that
    another collaboration knows: a list must answer as for somebody new.
    """
    at_home = c(Person).home_collaboration_id == collaboration_id
    used = addresses_that_stay(here, today).where(at_home)
    told = select(c(PersonKnown).person_id).where(
        c(PersonKnown).collaboration_id == collaboration_id, c(PersonKnown).told_at.is_not(None)
    )
    ids = {*session.execute(used).scalars(), *session.execute(told).scalars()}
    return {int(id_) for id_ in ids}


def compared_with(on_file: OnFile, draft: PeopleDraft, today: date) -> Compared:
    """What a list would change in a register."""
    compared = Compared(doubts=list(draft.doubts))
    groups, doubts = _new_groups(on_file, draft)
    compared.changes.extend(groups)
    compared.doubts.extend(doubts)
    in_list = {person.email for person in draft.people}
    met: set[tuple[int, int, str]] = set()
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    here: set[int] = set()
    for person in draft.people:
        if person.email in on_file.declined:
            compared.doubts.append(_said_no(person))
            continue
        row, same = _who(on_file, person, in_list, compared.doubts)
        if person.names and row is not None and row.id in _leading(on_file, today):
            compared.doubts.append(_leads(person))
            continue
        if not same and row.id in on_file.settled:
            compared.doubts.append(_keeps_her_address(person, row))
            same = True
        here |= {row.id} if row is not None else set()
        changes = [*_person_changes(person, row, same), *_role_changes(on_file, person, row, met)]
        compared.changes.extend(changes)
        counts["new" if row is None else "changed" if changes else "unchanged"] += 1
    missing = _missing(on_file, draft, met, today)
    compared.missing.extend([*missing, *_leaving(on_file, missing, here, today)])
    return Compared(compared.changes, compared.missing, compared.doubts, **counts)


def seen_to_end(missing: Sequence[Difference], seen: Collection[str]) -> list[Difference]:
    """Of what the list no longer has, that which somebody saw: a role that came since goes on, and
    so does whoever holds it."""
    goes_on = {
        d.person_id for d in missing if d.kind is Differs.MISSING_ROLE and d.ends not in seen
    }
    return [
        d
        for d in missing
        if d.ends in seen and not (d.kind is Differs.LEAVES and d.person_id in goes_on)
    ]


def _new_groups(on_file: OnFile, draft: PeopleDraft) -> tuple[list[Difference], list[Doubt]]:
    """The groups that the list names and that are not on file; one that is nearly there is told."""
    named = {plain(r.group): r.group for p in draft.people for r in p.roles if r.group}
    new = {key: name for key, name in named.items() if key not in on_file.groups}
    doubts = []
    for key, name in new.items():
        if close := get_close_matches(key, on_file.groups, 1, ALIKE):
            meant = on_file.groups[close[0]].name
            doubts.append(
                Doubt(
                    0,
                    f"There is no group {name!r}; is {meant!r} meant? It would be a new group.",
                    f"Gruppen ”{name}” finns inte. Menas {meant}? Annars blir det en ny grupp.",
                )
            )
    changes = [Difference(Differs.NEW_GROUP, group=" ".join(name.split())) for name in new.values()]
    return changes, doubts


def _who(
    on_file: OnFile, person: PersonDraft, in_list: set[str], doubts: list[Doubt]
) -> tuple[Any, bool]:
    """The person on file, if any; and False when only the name and a role say that it is her.

    A new address is hers when one person has that name, her old address is not in the list, and she
    holds one of the roles that the list gives her. Less than that is a doubt.
    """
    if person.email in on_file.by_email:
        return on_file.by_email[person.email], True
    namesakes = [p for p in on_file.by_name.get(plain(person.name), []) if p.email not in in_list]
    if len(namesakes) == 1:
        (other,) = namesakes
        for role in person.roles:
            group = on_file.groups.get(plain(role.group))
            held = group and (other.id, group.id, _role(role)) in on_file.holdings
            if held:
                return other, False
        doubts.append(
            Doubt(
                0,
                f"{person.name} is on file with {other.email}; "
                f"{person.email} would be a new person.",
                f"{person.name} finns redan med adressen {other.email}. Med {person.email} blir "
                "det en ny person. Är det samma person? Ändra då adressen på personens sida först.",
            )
        )
    return None, True


def _leading(on_file: OnFile, today: date) -> set[int]:
    """Those who lead the collaboration's process that day."""
    return {
        person_id
        for (person_id, _, role), held in on_file.holdings.items()
        if role == Role.PROCESS_LEADER
        and any(h.ends_on is None or h.ends_on >= today for h in held)
    }


def _leads(person: PersonDraft) -> Doubt:
    return Doubt(
        0,
        f"{person.email} is a process leader's, who shares no mailbox; {person.name} are left out.",
        f"{person.email} är en processledares adress, och en processledare delar inte brevlåda. "
        f"{person.name} sparas inte. Rätta adressen i filen.",
    )


def _said_no(person: PersonDraft) -> Doubt:
    return Doubt(
        0,
        f"{person.email} has said no to being known here, and is left out.",
        f"{DECLINED.format(email=person.email)} Raden sparas inte.",
    )


def _keeps_her_address(person: PersonDraft, row: Any) -> Doubt:  # noqa: ANN401 - a row of columns
    return Doubt(
        0,
        f"{person.name} uses {row.email}; only she changes it, so {person.email} is not saved.",
        f"{person.name} använder adressen {row.email}, så den ändras inte till {person.email}. "
        "Den ändras av personen själv på sidan Mina uppgifter, eller av en administratör.",
    )


def _person_changes(
    person: PersonDraft,
    row: Any,  # noqa: ANN401 - a row of columns
    same: bool,
) -> list[Difference]:
    if row is None:
        return [Difference(Differs.NEW_PERSON, person.name, person.email)]
    found = []

    def differs(kind: Differs, before: str = "", after: str = "") -> None:
        found.append(
            Difference(
                kind, person.name, person.email, before=before, after=after, person_id=row.id
            )
        )

    if row.name != person.name:
        differs(Differs.RENAMED, row.name, person.name)
    if not same:
        differs(Differs.NEW_ADDRESS, row.email, person.email)
    elif row.unreachable_since is not None and row.at_home:
        differs(Differs.TRIED_AGAIN)
    if row.left_on is not None:
        differs(Differs.BACK)
    return found


def _role_changes(
    on_file: OnFile,
    person: PersonDraft,
    row: Any,  # noqa: ANN401 - a row of columns
    met: set[tuple[int, int, str]],
) -> list[Difference]:
    """Roles that are new, and roles whose last day the list tells otherwise."""
    found = []
    told_once = {(plain(r.group), _role(r), r.first_day): r for r in person.roles if r.group}
    for role in told_once.values():
        group = on_file.groups.get(plain(role.group))
        key = (row.id, group.id, _role(role)) if row and group else None
        held = on_file.holdings.get(key, []) if key else []
        if key:
            met.add(key)
        same = next((h for h in held if h.starts_on == role.first_day), None)
        if same and same.ends_on == role.last_day:
            continue
        found.append(
            Difference(
                Differs.NEW_DATES if same else Differs.NEW_ROLE,
                person.name,
                person.email,
                group=group.name if group else " ".join(role.group.split()),
                role=_role(role),
                before=period(same.starts_on, same.ends_on) if same else "",
                after=period(role.first_day, role.last_day),
                person_id=row.id if row else None,
                holding_id=same.id if same else None,
                first_day=role.first_day,
                last_day=role.last_day,
            )
        )
    return found


def _missing(
    on_file: OnFile, draft: PeopleDraft, met: set[tuple[int, int, str]], today: date
) -> list[Difference]:
    """Roles held today in the groups of the list, that the list no longer has.

    Not of somebody whose row was left out: she stands in the list, though it cannot be read.
    """
    unread = [f" {plain(line.words)} " for line in draft.lines if line.left_out]
    told = {plain(r.group) for p in draft.people for r in p.roles}
    groups = {group.id: group.name for key, group in on_file.groups.items() if key in told}
    people = {person.id: person for person in on_file.by_email.values()}
    return [
        Difference(
            Differs.MISSING_ROLE,
            people[h.person_id].name,
            people[h.person_id].email,
            group=groups[h.group_id],
            role=h.role,
            before=period(h.starts_on, h.ends_on),
            person_id=h.person_id,
            holding_id=h.id,
            first_day=h.starts_on,
        )
        for key, held in on_file.holdings.items()
        if key not in met and key[1] in groups and key[0] in people
        if not _stands_in(unread, people[key[0]])
        for h in held
        if (h.starts_on is None or h.starts_on <= today)
        and (h.ends_on is None or h.ends_on >= today)
    ]


def _leaving(
    on_file: OnFile, missing: list[Difference], here: set[int], today: date
) -> list[Difference]:
    """Those who stand nowhere in the list, and whose every role ends with it."""
    ends = {d.holding_id for d in missing}
    goes_on = {
        person_id
        for (person_id, _, _), held in on_file.holdings.items()
        if any(h.id not in ends and (h.ends_on is None or h.ends_on >= today) for h in held)
    }
    people = {person.id: person for person in on_file.by_email.values()}
    last = {d.person_id for d in missing if d.person_id} - here - goes_on
    return [
        Difference(Differs.LEAVES, people[one].name, people[one].email, person_id=one)
        for one in sorted(last)
        if people[one].left_on is None
    ]


def _stands_in(unread: list[str], person: Any) -> bool:  # noqa: ANN401 - a row of columns
    """Do rows that were left out speak of somebody, by her address or by every part of her name?"""
    if not unread:
        return False
    parts = plain(person.name).split()
    return any(
        person.email in words or all(re.search(rf"\b{re.escape(part)}\b", words) for part in parts)
        for words in unread
    )


def told(d: Difference) -> str:
    """What a difference changes, as a Swedish sentence; also what history says afterwards."""
    role = f"{d.role} i {d.group}"
    return {
        Differs.NEW_PERSON: f"Ny person: {d.name}, {d.email}.",
        Differs.RENAMED: f"Namnet ändras från {d.before} till {d.after}.",
        Differs.NEW_ADDRESS: f"Adressen till {d.name} ändras från {d.before} till {d.after}.",
        Differs.TRIED_AGAIN: f"Brev till {d.email} provas igen.",
        Differs.BACK: f"{d.name} är tillbaka.",
        Differs.NEW_GROUP: f"Ny grupp: {d.group}.",
        Differs.NEW_ROLE: f"{d.name} blir {role}, {d.after}.",
        Differs.NEW_DATES: f"{d.name}, {role}: {d.before} blir {d.after}.",
        Differs.MISSING_ROLE: f"{d.name} slutar som {role}; står inte kvar i listan.",
        Differs.LEAVES: _leaves(d),
    }[d.kind]


def _leaves(d: Difference) -> str:
    if not d.activities:
        return f"{d.name} har ingen roll kvar."
    listed = ", ".join(f"”{what}”" for what in d.activities)
    return f"{d.name} har ingen roll kvar. Ny ansvarig behövs för {listed}."


def period(first: date | None, last: date | None) -> str:
    """From when till when, in words."""
    if first and last:
        return f"{first} till {last}"
    if first or last:
        return f"från {first}" if first else f"till {last}"
    return "tills vidare"


def _role(draft: RoleDraft) -> str:
    return plain(draft.role) or Role.MEMBER.value
