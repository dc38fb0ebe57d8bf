"""`foljsam list` and `foljsam move`: the activities, and their lives, from the command line."""

import json
from datetime import date
from typing import Any

import typer
from rich.table import Table
from sqlalchemy import select
from sqlmodel import Session

from cli.console import Wrong, no_group, out
from cli.year_end import BY_COMMAND, refused_aloud
from config import clock, policy
from config.settings import Settings
from intake.lives.moves import ask_for_group, ask_to_move, move_named
from intake.lives.parts import ask_to_put_parts
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import OPEN, Move, State
from models.listing import Wanted, activities, responsible


def show(settings: Settings, state: str, group: str, *, as_json: bool) -> None:
    """Print the activities, those with the nearest deadline first."""
    if state and state not in set(State):
        raise Wrong(f"There is no state {state!r}. There is: {', '.join(State)}.")
    with reading(settings) as session:
        names = list(session.execute(select(c(Group).name)).scalars())
        if group and not any(_in_group(name, group) for name in names):
            raise no_group(group, names)
        rows = _rows(session, state, group, clock.today(settings.today))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table()
    for heading in ("Id", "What", "State", "Group", "Responsible", "Deadline"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        responsible = ", ".join(row["responsible"])
        said = (row["what"], row["state"], row["group"], responsible, row["deadline"] or "")
        table.add_row(str(row["id"]), *said)
    out.print(table)


def _rows(session: Session, state: str, group: str, today: date) -> list[dict[str, Any]]:
    wanted = Wanted(state=State(state) if state else None)
    found = session.execute(activities(wanted, today))
    rows = [row for row in found if _in_group(row.group, group)]
    named = responsible(session, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "what": row.what,
            "state": row.state.value,
            "group": row.group,
            "plan": row.plan,
            "responsible": named.get(row.id, []),
            "deadline": row.deadline_last.isoformat() if row.deadline_last else None,
            "deadline_text": row.deadline_text,
        }
        for row in rows
    ]


def _in_group(name: str, wanted: str) -> bool:
    """Compared in Python: SQLite folds only the letters of English."""
    return not wanted or name.casefold() == wanted.strip().casefold()


def move(
    settings: Settings, activity_id: int, words: str, given: dict[str, str], *, as_json: bool
) -> None:
    """Move one activity. A refusal prints everything that is missing, and ends with code 2."""
    chosen = move_named(words)
    if chosen is None:
        raise Wrong(f"There is no move {words!r}. There is: {', '.join(Move)}.")
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        to = ask_to_move(
            session,
            activity_id,
            chosen,
            {**given, "ja_deadline": "ja"},  # what is typed at a prompt is meant
            BY_COMMAND,
            today=today,
            promises=policy.load(settings.home),
        )
    if as_json:
        moved = {"id": activity_id, "move": chosen.value, "state": to.value}
        typer.echo(json.dumps(moved, ensure_ascii=False))
    else:
        out.print(f"Activity {activity_id} is now {to.value}.")


def put_part(settings: Settings, activity_id: int, given: dict[str, str], *, as_json: bool) -> None:
    """Add a part to an activity or change it. A refusal prints every sentence, with code 2."""
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        states = ask_to_put_parts(session, activity_id, given, BY_COMMAND, today=today)
    for name, state in states.items():
        if as_json:
            told = {"id": activity_id, "part": name, "state": state.value}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            out.print(f"{name} is now {state.value}.", markup=False)


def regroup(
    settings: Settings,
    activity_ids: list[int],
    all_of: str,
    given: dict[str, str],
    *,
    only_refer: bool,
    as_json: bool,
) -> None:
    """Let another group own activities, or refer them to it."""
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        ids = activity_ids or _open_of(session, all_of)
        changed = ask_for_group(session, ids, given, BY_COMMAND, today=today, only_refer=only_refer)
    if as_json:
        told = {"group": given["group"], "changed": changed}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        out.print(f"{len(changed)} activities changed.")


def _open_of(session: Session, group: str) -> list[int]:
    """The open activities of a group, by its name."""
    groups = session.execute(select(c(Group).id, c(Group).name)).tuples()
    named = [id_ for id_, name in groups if group and _in_group(name, group)]
    if len(named) > 1:
        raise Wrong(f"Several groups are called {group!r}. Give the activities' numbers.")
    owned = select(c(Activity).id).where(
        c(Activity).group_id.in_(named), c(Activity).state.in_(OPEN)
    )
    return list(session.execute(owned.order_by(c(Activity).id)).scalars())
