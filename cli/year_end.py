"""`foljsam plan close` and `foljsam plan carry-over`: the year's end from the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from sqlalchemy import select
from sqlmodel import Session

from cli.console import WRONG, Wrong, out
from cli.plans import those_named
from config import clock
from config.settings import Settings
from intake.lives import year_end
from models.columns import c
from models.database import transaction
from models.moves import Moved, Mover, Refused
from models.plan import Plan

BY_COMMAND = Mover("processledaren (kommando)")


def close(settings: Settings, plan: str, *, as_json: bool) -> None:
    """Close a plan; a refusal names what is open, and ends with code 2."""
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        plan_id = plan_named(session, plan)
        year_end.ask_to_close(session, plan_id, BY_COMMAND, today=today)
    if as_json:
        typer.echo(json.dumps({"plan": plan_id, "closed_on": today.isoformat()}))
    else:
        out.print(f"The plan is closed on {today}.")


def carry_over(
    settings: Settings, plan: str, to: str, reason: str, *, check: bool, as_json: bool
) -> None:
    """Carry every open activity of a plan over to another; `check` only shows what it makes."""
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        plan_id, next_id = plan_named(session, plan), plan_named(session, to)
        if check:
            seen = year_end.preview(session, plan_id, next_id, BY_COMMAND, today=today)
        else:
            moved = year_end.carry_over(
                session, plan_id, next_id, BY_COMMAND, today=today, reason=reason
            )
    if check:
        _show(seen, as_json=as_json)
    else:
        _tell(moved, "carried_over", "carried over", as_json=as_json)


def undo(settings: Settings, plan: str, reason: str, *, as_json: bool) -> None:
    """Take back all that was carried over from a plan and can be taken back."""
    today = clock.today(settings.today)
    with refused_aloud(as_json=as_json), transaction(settings) as session:
        plan_id = plan_named(session, plan)
        moved = year_end.undo_carry_over(session, plan_id, BY_COMMAND, today=today, reason=reason)
    _tell(moved, "taken_back", "taken back", as_json=as_json)


def plan_named(session: Session, words: str) -> int:
    """The number of a plan by its number or title. Raises `Wrong`."""
    rows = session.execute(select(c(Plan).id, c(Plan).title)).tuples().all()
    found = those_named(rows, words)
    if len(found) != 1:
        why = "There is no plan" if not found else "Several plans are called"
        raise Wrong(f"{why} {words!r}. Give its number.")
    return int(found[0])


@contextmanager
def refused_aloud(*, as_json: bool) -> Iterator[None]:
    """Say every sentence of a refusal, and end with code 2."""
    try:
        yield
    except Refused as refused:
        if as_json:
            typer.echo(json.dumps({"refused": refused.sentences}, ensure_ascii=False))
        else:
            for sentence in refused.sentences:
                typer.echo(sentence, err=True)
        raise typer.Exit(WRONG) from refused


def _show(seen: year_end.Preview, *, as_json: bool) -> None:
    coming = [
        {
            "id": one.id,
            "what": one.what,
            "state": one.state.value,
            "goals": list(one.goals),
            "responsible": list(one.responsible),
            "parts": list(one.parts),
        }
        for one in seen.coming
    ]
    if as_json:
        told: dict[str, Any] = {"coming": coming, "new_goals": list(seen.new_goals)}
        told["refused"] = {str(id_): list(said) for id_, said in seen.refused.items()}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in seen.coming:
        out.print(f"{one.id}: {one.what}", markup=False)
    for goal in seen.new_goals:
        out.print(f"  a goal that the plan gets: {goal}", markup=False)
    for id_, said in seen.refused.items():
        out.print(f"{id_}: {' '.join(said)}", markup=False)
    out.print(f"{len(coming)} activities would be carried over. Nothing was saved.")


def _tell(moved: Moved, key: str, words: str, *, as_json: bool) -> None:
    if as_json:
        refused = {str(id_): said for id_, said in moved.refused.items()}
        told = {key: list(moved.states), "refused": refused}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for id_, said in moved.refused.items():
            typer.echo(f"{id_}: {' '.join(said)}", err=True)
        out.print(f"{len(moved.states)} activities {words}.")
    if moved.refused:
        raise typer.Exit(WRONG)
