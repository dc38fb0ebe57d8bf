"""`foljsam collaboration list`, `add`, `change`, `rest`, `resume`, `end`: as the page *Samverkan*.

An installation with one collaboration needs none of it: the first file makes it.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer
from sqlmodel import Session

from cli.console import Json, Wrong, out, ready

collaborations = typer.Typer(help="Make, name, rest and end collaborations.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Its name, or its number as `list` shows it.")]
Reason = Annotated[str, typer.Option(help="Why, in Swedish: it stands in its history.")]
_BY = "kommandot collaboration"


@collaborations.command(name="list")
def list_them(as_json: Json = False) -> None:
    """List every collaboration: its number, its name, and whether it is at work."""
    from sqlalchemy import select

    from config import clock
    from intake.people.collaborations import pauses, standing
    from models.columns import c
    from models.database import reading
    from models.group import Collaboration

    told = ready()
    today = clock.today(told.today)
    with reading(told) as session:
        area, rests = c(Collaboration), pauses(session, today)
        rows = [
            {
                "id": row.id,
                "name": row.name,
                "sender_name": row.sender_name,
                "standing": standing(row.ends_on, rests.get(row.id), today),
            }
            for row in session.execute(
                select(area.id, area.name, area.sender_name, area.ends_on).order_by(area.id)
            )
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for each in rows:
        out.print(f"{each['id']}  {each['name']}  ({each['standing']})", markup=False)
    if not rows:
        out.print("There is none yet: the first plan or list of people makes it.")


@collaborations.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    sender: Annotated[str, typer.Option(help="What its letters say that they come from.")] = "",
) -> None:
    """Make a collaboration."""
    from intake.people.collaborations import make_collaboration
    from models.moves import Mover

    made: list[int] = []

    def do(session: Session, mover: Mover, today: date) -> None:
        given = {"name": name, "sender_name": sender}
        made.append(make_collaboration(session, given, mover, today=today))

    _do(do)
    out.print(f"{name} is number {made[0]}.", markup=False)


@collaborations.command()
def change(
    which: Name,
    name: Annotated[str, typer.Option(help="Its new name.")] = "",
    sender: Annotated[str | None, typer.Option(help="What its letters come from.")] = None,
) -> None:
    """Change what one is called, or what its letters say that they come from."""
    from intake.people.collaborations import change_collaboration
    from models.group import Collaboration
    from models.moves import Mover

    def do(session: Session, mover: Mover, today: date) -> None:
        number = numbered(session, which)
        row = session.get_one(Collaboration, number)
        given = {"name": name or row.name}
        given["sender_name"] = row.sender_name if sender is None else sender
        change_collaboration(session, number, given, mover, today=today, knows_all=True)

    _do(do)
    out.print("Saved.")


@collaborations.command()
def rest(
    which: Name,
    reason: Reason,
    first: Annotated[str, typer.Option(help="From which day; without it today.")] = "",
    last: Annotated[str, typer.Option(help="To which day; without it until `resume`.")] = "",
) -> None:
    """Let one rest: nothing of its goes out meanwhile."""
    from intake.people.collaborations import pause_collaboration
    from models.moves import Mover

    def do(session: Session, mover: Mover, today: date) -> None:
        given = {"reason": reason, "first_day": first, "last_day": last}
        pause_collaboration(session, numbered(session, which), given, mover, today=today)

    _do(do)
    out.print("Saved: nothing of its goes out while it rests.")


@collaborations.command()
def resume(which: Name) -> None:
    """Let one that rests go on from today."""
    from intake.people.collaborations import resume_collaboration
    from models.moves import Mover

    def do(session: Session, mover: Mover, today: date) -> None:
        resume_collaboration(session, numbered(session, which), mover, today=today)

    _do(do)
    out.print("Saved: it goes on from today.")


@collaborations.command()
def end(
    which: Name,
    reason: Annotated[str, typer.Option(help="Why, in Swedish.")] = "",
    last: Annotated[str, typer.Option(help="Its last day; without it today.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it back.")] = False,
) -> None:
    """Say the last day of one: after it nothing goes out, and all of it may be read."""
    from intake.people.collaborations import end_collaboration, take_back_end
    from models.moves import Mover

    def do(session: Session, mover: Mover, today: date) -> None:
        number = numbered(session, which)
        if undo:
            take_back_end(session, number, mover, today=today)
        else:
            given = {"reason": reason, "ends_on": last}
            end_collaboration(session, number, given, mover, today=today)

    _do(do)
    out.print("Saved.")


def _do(deed: Callable[..., None]) -> None:
    from config import clock
    from models.database import transaction
    from models.moves import Mover

    told = ready()
    with transaction(told) as session:
        deed(session, Mover(_BY), clock.today(told.today))


def numbered(session: Session, which: str) -> int:
    """The collaboration by its number, else its name. Raises `Wrong` with those that there are."""
    from sqlalchemy import select

    from intake.deviation.whose import named
    from models.columns import c
    from models.group import Collaboration

    if (found := named(session, which)) is not None:
        return found
    asked = select(c(Collaboration).id, c(Collaboration).name).order_by(c(Collaboration).id)
    rows = session.execute(asked).all()
    known = "; ".join(f"{number} {name}" for number, name in rows) or "none"
    raise Wrong(f"No collaboration is called {which}. On file: {known}.")
