"""`foljsam backup`, `restore`, `move-database`, `sending`: an installation is kept, and moved."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.console import Json, Wrong, out, ready
from config import home, settings

keeping = typer.Typer()
Key = Annotated[
    Path | None, typer.Option("--key-file", help="The file of the key that seals the backup.")
]


@keeping.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The new file, e.g. foljsam.tar.gz.")],
    key_file: Key = None,
    as_json: Json = False,
) -> None:
    """Write everything to one file, also while Följsam runs. A key that is not there is made."""
    from dataclasses import asdict

    from cli.backup import write_backup

    made = write_backup(ready(), file, key_file)
    if as_json:
        typer.echo(json.dumps(asdict(made)))
        return
    out.print(f"{file}: {made.rows} rows, and the secret. Keep it where only you can read it.")
    if key_file:
        out.print(f"It opens with {key_file} alone: keep that apart from it.")


@keeping.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `foljsam backup` wrote.")],
    key_file: Key = None,
    as_json: Json = False,
) -> None:
    """Put a backup in an empty place. Nothing leaves it until `foljsam sending on`."""
    from dataclasses import asdict

    from cli.backup import restore_backup

    told = settings.load()
    made = restore_backup(told, file, key_file)
    home.close(told)
    if as_json:
        typer.echo(json.dumps(asdict(made)))
        return
    out.print(f"{made.rows} rows of {made.at} are back. No letter leaves: `foljsam sending on`.")


@keeping.command(name="move-database")
def move_database(
    address: Annotated[str, typer.Argument(help="e.g. postgresql://foljsam@db/foljsam, empty.")],
) -> None:
    """Copy everything to another, empty database. Stop Följsam first."""
    from cli.backup import move_database as move

    number = move(ready(), address)
    out.print(
        f"{number} rows are there. Set FOLJSAM_DATABASE_URL to it and start. Nothing leaves the "
        "old database any more."
    )


@keeping.command()
def sending(
    what: Annotated[str, typer.Argument(help="on, or off; without it, how it stands.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is off, in Swedish.")] = "",
) -> None:
    """Say whether letters leave, the mailbox is read and the watcher is told."""
    from models.database import reading, transaction
    from models.post_hold import held, hold, let_go

    told = ready()
    if what not in ("", "on", "off"):
        raise Wrong(f"{what!r} is neither on nor off.")
    if what == "off" and not reason.strip():
        raise Wrong("Say why with --reason: it stands where people look for their letters.")
    if what:
        with transaction(told) as session:
            if what == "off":
                hold(session, reason)
            else:
                let_go(session, "kommandot sending")
    with reading(told) as session:
        row = held(session)
    if row is None:
        out.print("Letters leave.")
    else:
        out.print(f"Nothing leaves since {row.since:%Y-%m-%d}: {row.why}", markup=False)
