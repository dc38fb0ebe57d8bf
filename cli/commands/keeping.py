"""`foljsam backup`, `restore`, `move-database`, `sending`: an installation is kept, and moved."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.console import Json, Wrong, out, ready
from config import copied, home, settings

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
    if made.aside:
        names = ", ".join(made.aside)
        out.print(
            f"{told.home / copied.ASIDE}: settings that lead to what the installation it was made "
            f"of speaks to were put aside ({names}). The file says how to take them in.",
            markup=False,
        )


@keeping.command(name="move-database")
def move_database(
    address: Annotated[
        str, typer.Argument(help="postgresql://foljsam@db/foljsam, empty; never with a password.")
    ] = "",
    address_file: Annotated[
        Path | None, typer.Option("--address-file", help="A file that holds the address.")
    ] = None,
) -> None:
    """Copy everything to another, empty database. Stop Följsam first. Without an address: asks."""
    from cli.backup import move_database as move

    number = move(ready(), _address(address, address_file))
    out.print(
        f"{number} rows are there. Set FOLJSAM_DATABASE_URL to it and start. Nothing leaves the "
        "old database any more."
    )


def _address(typed: str, file: Path | None) -> str:
    """The address of a database, with its password: what is typed everybody on the machine sees."""
    from cli.backup import has_a_password

    if typed and file:
        raise Wrong("Say the address or --address-file, not both.")
    if typed and has_a_password(typed):
        raise Wrong(
            "A password in a command is seen by everybody on the machine, and kept by the shell. "
            "Put the address in a file and say --address-file, or say no address and be asked."
        )
    if typed:
        return typed
    if file:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Wrong(f"{file} cannot be read.") from error
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(typer.prompt("The new database's address", hide_input=True)).strip()


@keeping.command()
def sending(
    what: Annotated[str, typer.Argument(help="on, or off; without it, how it stands.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is off, in Swedish.")] = "",
) -> None:
    """Say whether anything leaves: letters, what is published; and whether the mailbox is read."""
    from models.database import reading, transaction
    from models.post_hold import held, hold, let_go

    told = ready()
    if what not in ("", "on", "off"):
        raise Wrong(f"{what!r} is neither on nor off.")
    if what == "off" and not reason.strip():
        raise Wrong("Say why with --reason: it stands where people look for their letters.")
    if what == "on" and (told.home / copied.ASIDE).exists():
        raise Wrong(
            f"{told.home / copied.ASIDE} has settings that were put aside when this was restored. "
            "Move those that it is to have to foljsam.env, remove the file, and say it again."
        )
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
