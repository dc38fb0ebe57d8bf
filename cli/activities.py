"""`foljsam list` and `foljsam move`: the activities, and their lives, from the command line."""

import json
from typing import Any

import typer
from rich.table import Table
from sqlalchemy import select
from sqlmodel import Session

from cli.console import WRONG, Wrong, out
from config import clock
from config.settings import Settings
from intake.moves import ask_to_move, move_named
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import Move, State
from models.moves import Mover, Refused
from models.plan import Plan

BY_COMMAND = Mover("processledaren (kommando)")


def show(settings: Settings, state: str, group: str, *, as_json: bool) -> None:
    """Print the activities, those with the nearest deadline first."""
    if state and state not in set(State):
        raise Wrong(f"There is no state {state!r}. There is: {', '.join(State)}.")
    with reading(settings) as session:
        rows = _rows(session, state, group)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table()
    for heading in ("Id", "What", "State", "Responsible", "Deadline"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        responsible = ", ".join(row["responsible"])
        table.add_row(str(row["id"]), row["what"], row["state"], responsible, row["deadline"] or "")
    out.print(table)


def _rows(session: Session, state: str, group: str) -> list[dict[str, Any]]:
    query = (
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).state,
            c(Group).name.label("group"),
            c(Plan).title.label("plan"),
            c(Activity).deadline_last,
            c(Activity).deadline_text,
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    )
    if state:
        query = query.where(c(Activity).state == State(state))
    rows = [row for row in session.execute(query) if _in_group(row.group, group)]
    named: dict[int, list[str]] = {}
    for activity_id, words in session.execute(
        select(c(Responsibility).activity_id, c(Responsibility).words).order_by(
            c(Responsibility).id
        )
    ):
        named.setdefault(activity_id, []).append(words)
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
    try:
        with transaction(settings) as session:
            to = ask_to_move(session, activity_id, chosen, given, BY_COMMAND, today=today)
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps({"refused": refused.sentences}, ensure_ascii=False))
        else:
            for sentence in refused.sentences:
                typer.echo(sentence, err=True)
        raise typer.Exit(WRONG) from refused
    if as_json:
        moved = {"id": activity_id, "move": chosen.value, "state": to.value}
        typer.echo(json.dumps(moved, ensure_ascii=False))
    else:
        out.print(f"Activity {activity_id} is now {to.value}.")
