"""A group that is taken back: it was never made, it is as it was, it does not rest, or it does.

A group goes for good only while nothing hangs on it. What was written about it is then told in its
collaboration's history.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select, update
from sqlmodel import Session

from intake.people.groups import KEPT, above, named_otherwise, rests_then
from models.columns import METADATA, c
from models.group import Group, GroupPause, RegisterNote
from models.moves import Refused
from models.register_change import RegisterChange
from models.undoing import stands
from rules.wording import day_in_words, with_och

_HANGS = "{group} har redan {what}, så gruppen tas inte bort. Avveckla den i stället."
_NEWER = "Gruppen har ändrats sedan dess. Ta tillbaka det först, så kan gruppen tas bort."
_CHANGED_SINCE = "{what} har ändrats igen sedan dess. Ändra det i formuläret i stället."
_NAME_TAKEN = "Det finns en annan grupp som heter {name}. Byt namn på den först."
_ROUND = "Gruppen som den låg under ligger nu under den här. Flytta den först."
_DAYS = "Gruppens sista dag är {last}. Den första kan inte komma efter den."
_OVER = "{group} är avvecklad."
_PAUSE_CHANGED = "Pausen har ändrats sedan dess. Läs in sidan igen."
_HAS_RESTED = (
    "Gruppen har varit vilande sedan {day}, och det som skulle ha gått till den har gått till "
    "andra. Välj ”Gruppen är i gång igen” i stället."
)
_RESTS_OTHERWISE = "Gruppen är vilande andra dagar sedan dess. Ta tillbaka det först."
_LABELS = {
    "name": "Gruppens namn",
    "kind": "Typ av grupp",
    "parent_id": "Gruppen som den ligger under",
    "starts_on": "Gruppens första dag",
    "temporary": "Om gruppen är tillfällig",
}
_ON_IT = {
    "role_holding": "medlemmar",
    "activity": "aktiviteter",
    "responsibility": "aktiviteter som den svarar för",
    "plan": "planer",
    "adoption": "planer som den har antagit",
    "decision": "beslut",
    "meeting": "möten",
    "status_round": "statusrundor",
    "edition": "rapporter",
    "groups": "grupper under sig",
    "group_pause": "pauser",
    "delegation": "ersättare",
    "feed": "en kalenderadress",
}
_LOG = ("register_change", "register_note")


def group_was_never_made(session: Session, change: RegisterChange, _today: date) -> None:
    """The group goes, while nothing hangs on it; its log becomes its collaboration's."""
    group, row, note = _group(session, change), c(RegisterChange), c(RegisterNote)
    newer = select(row.id).where(row.group_id == group.id, row.id != change.id, stands(row))
    if session.execute(newer.limit(1)).first() is not None:
        raise Refused([_NEWER])
    if what := sorted(set(_hanging_on(session, change))):
        raise Refused([_HANGS.format(group=group.name, what=with_och(what))])
    for statement in (
        update(RegisterNote)
        .where(note.group_id == group.id)
        .values(group_id=None, collaboration_id=group.collaboration_id),
        update(RegisterChange).where(row.group_id == group.id).values(group_id=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.delete(group)


def _hanging_on(session: Session, change: RegisterChange) -> Iterator[str]:
    """What names the group, in words: every table with a column that can."""
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            of_its_log = table.name in _LOG and key.parent.name == "group_id"
            if key.column.table.name != "groups" or of_its_log:
                continue
            named = select(table).where(key.parent == change.group_id).limit(1)
            if session.execute(named).first() is not None:
                yield _ON_IT.get(table.name, "annat som hör till den")


def group_as_it_was(session: Session, change: RegisterChange, _today: date) -> None:
    """What was changed in the group's own facts is as before; what has changed again is not."""
    group = _group(session, change)
    was = {name: getattr(change, f"{field}_before") for name, field in KEPT.items()}
    became = {name: getattr(change, f"{field}_after") for name, field in KEPT.items()}
    mine = [name for name in KEPT if was[name] != became[name]]
    problems = [
        _CHANGED_SINCE.format(what=_LABELS[name])
        for name in mine
        if getattr(group, name) != became[name]
    ]
    if "name" in mine and named_otherwise(
        session, group.collaboration_id, change.name_before, group.id
    ):
        problems.append(_NAME_TAKEN.format(name=change.name_before))
    if "parent_id" in mine and group.id in above(session, change.parent_before):
        problems.append(_ROUND)
    first = change.starts_before
    if "starts_on" in mine and first and group.ends_on and group.ends_on < first:
        problems.append(_DAYS.format(last=day_in_words(group.ends_on)))
    if problems:
        raise Refused(problems)
    for name in mine:
        setattr(group, name, was[name])


def rests_not(session: Session, change: RegisterChange, today: date) -> None:
    """The group was not to rest: the pause goes, as long as no day has gone by with it."""
    _group(session, change)
    pause = _pause(session, change)
    if pause is None or pause.last_day != change.last_after:
        raise Refused([_PAUSE_CHANGED])
    since = max(pause.first_day, change.on_day)
    if since < today:
        raise Refused([_HAS_RESTED.format(day=day_in_words(since))])
    session.delete(pause)


def rests_again(session: Session, change: RegisterChange, today: date) -> None:
    """The group was not to go on: it rests as long as was said."""
    group, pause = _group(session, change), _pause(session, change)
    assert group.id is not None
    assert change.rests_from is not None
    if group.ends_on is not None and group.ends_on < today:
        raise Refused([_OVER.format(group=group.name)])
    ended = pause is not None and pause.last_day == change.last_after
    never_began = pause is None and change.last_after is None  # it went when the group went on
    if not (ended if change.last_after else never_began):
        raise Refused([_PAUSE_CHANGED])
    but = pause.id if pause else None
    if rests_then(session, group.id, change.rests_from, change.last_before, but):
        raise Refused([_RESTS_OTHERWISE])
    if pause is not None:
        pause.last_day = change.last_before
        return
    session.add(
        GroupPause(
            group_id=group.id,
            first_day=change.rests_from,
            last_day=change.last_before,
            reason=change.reason,
        )
    )


def _group(session: Session, change: RegisterChange) -> Group:
    return session.get_one(Group, change.group_id, with_for_update=True, populate_existing=True)


def _pause(session: Session, change: RegisterChange) -> GroupPause | None:
    """The pause that the change is about: a group's pauses begin on different days."""
    pause = c(GroupPause)
    asked = select(GroupPause).where(
        pause.group_id == change.group_id, pause.first_day == change.rests_from
    )
    found: GroupPause | None = session.execute(asked.with_for_update()).scalar()
    return found
