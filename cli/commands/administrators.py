"""`foljsam administrator add`, `end` and `list`: who may do everything.

The way back in for whoever has the machine; each change is told to all administrators by letter.
"""

import json
from typing import Annotated

import typer

from cli.console import Json, out, ready

administrators = typer.Typer(help="Say who may do everything.", no_args_is_help=True)
_ADDRESS = "Her address, e.g. alma@example.org."


@administrators.command()
def add(
    address: Annotated[str, typer.Argument(help=_ADDRESS)],
    name: Annotated[str, typer.Option(help="Her name, if she is not on file.")] = "",
) -> None:
    """Make somebody an administrator. She signs in with that address to use it."""
    from config import clock
    from models.database import transaction
    from models.moves import Mover
    from notifications import administrators as changing

    told = ready()
    with transaction(told) as session:
        mover, today = Mover("kommandot administrator"), clock.today(told.today)
        changing.add(session, told, address, mover, name=name, today=today)
    out.print(f"{address} is an administrator now. All administrators are told by letter.")


@administrators.command()
def end(address: Annotated[str, typer.Argument(help=_ADDRESS)]) -> None:
    """Let somebody be an administrator no more. The last one cannot be ended."""
    from config import clock
    from models.database import transaction
    from models.moves import Mover
    from notifications import administrators as changing

    told = ready()
    with transaction(told) as session:
        mover, today = Mover("kommandot administrator"), clock.today(told.today)
        changing.end(session, told, address, mover, today=today)
    out.print(f"{address} is an administrator no more. All administrators are told by letter.")


@administrators.command(name="list")
def list_them(as_json: Json = False) -> None:
    """List everybody who is or was an administrator."""
    from models.database import reading
    from notifications.administrators import listed

    with reading(ready()) as session:
        rows = listed(session)
    if as_json:
        keys = ("name", "address", "since", "until", "by")
        told = [dict(zip(keys, row, strict=True)) for row in rows]
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for name, address, since, until, by in rows:
        ended = f", until {until}" if until else ""
        out.print(f"{name}  {address}  since {since}{ended}  ({by})", markup=False)
    if not rows:
        out.print("Nobody is an administrator. foljsam administrator add makes somebody one.")
