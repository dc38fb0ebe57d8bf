"""The register of people and groups: found by name, made when missing, and whom words name.

Whatever is put on file asks here. Whom a plan's words name is looked up among the people and groups
of the plan's own collaboration, and looked up again when more of them arrive; nothing is guessed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session

from config import clock
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import Turns, take_turns
from models.group import Collaboration, Group, RegisterNote
from models.known import called, is_known_in
from models.moves import Refused
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from models.register_change import RegisterChange, RegisterDeed
from models.round import ImportedFile
from models.shared_mailbox import names_that_share
from models.undoing import batch_of
from rules.recipients import Named
from rules.wording import alphabetically, with_och


@dataclass(frozen=True, slots=True)
class Names:
    """Who can be named: people by name and address, groups by name, all in lower case."""

    people: dict[str, int]
    groups: dict[str, int]


def look_up_words(session: Session) -> int:
    """Try again to find whom words name, for every responsible that is only words so far.

    A group is one of the collaboration whose plan it is; another's may have the same name.
    """
    waiting = session.execute(
        select(c(Responsibility).id, c(Responsibility).words, c(Plan).collaboration_id)
        .join(Activity, c(Activity).id == c(Responsibility).activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Responsibility).kind == Answerable.WORDS)
    ).all()
    known = {area: names_in(session, area) for area in {row.collaboration_id for row in waiting}}
    found = 0
    for id_, words, area in waiting:
        named = whom(words, known[area].people, known[area].groups)
        if named.kind is not Answerable.WORDS:
            values = {k: v for k, v in asdict(named).items() if k != "words"}
            session.execute(
                update(Responsibility).where(c(Responsibility).id == id_).values(**values)
            )
            found += 1
    return found


def whom(words: str, people: dict[str, int], groups: dict[str, int]) -> Named:
    """Whom some words name among people (by name and address) and groups (by name), casefolded.

    "NOSAM" alone names nobody when there are several; guessing would write to the wrong people.
    """
    key = plain(words)
    if key in people:
        return Named(Answerable.PERSON, words, person_id=people[key])
    if key in groups:
        return Named(Answerable.GROUP, words, group_id=groups[key])
    name = key.partition(",")[0]  # "Anna Ek, enhetschef"
    if name in people:
        return Named(Answerable.PERSON, words, person_id=people[name])
    match = re.fullmatch(r"(?P<role>.+?) (?:i|för|av) (?P<group>.+)", key)
    if match and match["group"] in groups:
        return Named(Answerable.ROLE, words, group_id=groups[match["group"]], role=match["role"])
    for role in (Role.DEPUTY, Role.CHAIR, Role.PROCESS_LEADER):  # "Ordförande NOSAM Lerum"
        group = key.removeprefix(f"{role} ")
        if group != key and group in groups:
            return Named(Answerable.ROLE, words, group_id=groups[group], role=role.value)
    return Named(Answerable.WORDS, words)


def names_in(session: Session, collaboration_id: int) -> Names:
    """Everybody known, and every group, that words may name in one collaboration.

    A person is named as the collaboration calls her, whatever she is called elsewhere; a shared
    mailbox by everybody who shares it too.
    Two people of one name: she who holds a role in the collaboration, else the words do not tell.
    """
    here = set(
        session.execute(
            select(c(RoleHolding).person_id)
            .join(Group, c(Group).id == c(RoleHolding).group_id)
            .where(c(Group).collaboration_id == collaboration_id)
        ).scalars()
    )
    people: dict[str, int] = {}
    by_name: dict[str, list[int]] = {}
    known = select(c(Person).id, called(collaboration_id), c(Person).email)
    for id_, name, email in session.execute(known.where(is_known_in({collaboration_id}))):
        people[plain(email)] = id_
        by_name.setdefault(plain(name), []).append(id_)
    for name, id_ in session.execute(names_that_share(collaboration_id)).tuples():
        by_name.setdefault(plain(name), []).append(id_)
    for name, ids in by_name.items():
        if only := _the_only_one(ids) or _the_only_one(here.intersection(ids)):
            people[name] = only
    groups = select(c(Group).name, c(Group).id).where(c(Group).collaboration_id == collaboration_id)
    return Names(people, {plain(name): id_ for name, id_ in session.execute(groups)})


def _the_only_one(ids: Iterable[int]) -> int | None:
    listed = list(ids)
    return listed[0] if len(listed) == 1 else None


def collaboration_named(session: Session, told: str, organisation: str) -> int:
    """The collaboration by name; the plan's own words for it lose against one that is on file.

    1. One that is called so, or was when it came on file, in whichever capitals and spaces.
    2. The first of an installation is made by the first file. After that none is made by a name
       that was misspelt, and none is guessed: raises `Refused` with those that there are.
    """
    known = _by_every_name(session)
    if not known:  # two first files at once: one makes it, and the other finds it
        take_turns(session, Turns.NAMES)
        known = _by_every_name(session)
    found = _first_known(known, organisation, told)
    if found is not None:
        return found
    if known:
        on_file = session.execute(select(c(Collaboration).name)).scalars()
        names = with_och(sorted(on_file, key=alphabetically))
        told_why = f"Det finns ingen samverkan som heter {organisation}. Här finns {names}."
        raise Refused([f"{told_why} Välj en av dem, eller lägg till en ny under Samverkan."])
    row = Collaboration(name=organisation)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def collaboration_on_file(session: Session, told: str, organisation: str) -> int | None:
    """The collaboration that `collaboration_named` would find: never another; None makes none."""
    return _first_known(_by_every_name(session), organisation, told)


def _by_every_name(session: Session) -> dict[str, int]:
    """Collaborations by what they are called, and by what they were called first."""
    area = c(Collaboration)
    rows = session.execute(select(area.id, area.name, area.first_name)).all()
    known = {plain(row.first_name or row.name): int(row.id) for row in rows}
    return known | {plain(row.name): int(row.id) for row in rows}


def _first_known(known: Mapping[str, int], *names: str) -> int | None:
    return next((known[plain(name)] for name in names if plain(name) in known), None)


def group_named(session: Session, collaboration_id: int, name: str) -> int:
    """A group of a collaboration by its name; made when there is none."""
    wanted = plain(name)
    rows = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    )
    for id_, known in rows:
        if plain(known) == wanted:
            return int(id_)
    row = Group(collaboration_id=collaboration_id, name=" ".join(name.split()))
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def note(
    session: Session,
    words: str,
    by: str,
    *,
    today: date,
    group_id: int | None = None,
    person_id: int | None = None,
    collaboration_id: int | None = None,
    change_id: int | None = None,
) -> None:
    """Write down what was done with a group or a person: a row that is never changed.

    With a collaboration it is told there; of a person alone without one, where she is at home. With
    a change (`keep`) it can be taken back.
    """
    session.execute(
        insert(RegisterNote).values(
            group_id=group_id,
            person_id=person_id,
            collaboration_id=collaboration_id,
            on_day=today,
            at=clock.now(),
            by=by,
            words=words,
            change_id=change_id,
        )
    )


def keep(
    session: Session,
    deed: RegisterDeed,
    today: date,
    **what: Any,  # noqa: ANN401 - columns of the table
) -> int:
    """Keep what a deed changed, and what stood before it, for `register_undo.py`. Its number."""
    row = RegisterChange(
        deed=deed, batch=batch_of(session, today), on_day=today, at=clock.now(), **what
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    session.info[_KEPT] = row.batch
    return row.id


def kept(session: Session) -> int | None:
    """The batch of what this transaction kept of the register, to take it back by, if anything."""
    batch: int | None = session.info.get(_KEPT)
    return batch


_KEPT = "kept of the register"


def remember(
    session: Session, kind: str, name: str, fingerprint: str, counts: dict[str, int]
) -> None:
    """Remember a file by its fingerprint, once."""
    known = session.execute(
        select(c(ImportedFile).id).where(
            c(ImportedFile).kind == kind, c(ImportedFile).sha256 == fingerprint
        )
    ).scalar()
    if known is None:
        session.add(
            ImportedFile(kind=kind, name=name, sha256=fingerprint, at=clock.now(), counts=counts)
        )


def plain(words: str) -> str:
    """Words to compare by: one blank between them, in lower case."""
    return " ".join(words.split()).casefold()
