"""`foljsam policy out`, `in`: when people are written to, as a file and back (docs/policy.md).

The page *Påminnelser* of a collaboration says the same. What is read in counts from a day on, and
stands over `policy.toml`, which nobody needs to edit.
"""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.commands.collaborations import numbered
from cli.console import Json, Wrong, day, out, ready

promises = typer.Typer(help="Read out, and read in, when people are written to.")
Whose = Annotated[
    str,
    typer.Option("--for", help="A collaboration, by name or number. Default: the installation."),
]
_BY = "kommandot policy"


@promises.command(name="out")
def read_out(
    whose: Whose = "",
    on: Annotated[str, typer.Option(help="What holds on that day. Default: today.")] = "",
    as_json: Json = False,
) -> None:
    """Print what holds as a file: ladders, escalation and quiet weeks."""
    from config import clock, policy
    from config.own_policy import as_toml, sections_of
    from models.database import reading
    from models.promises import policy_of

    told = ready()
    wanted = day(on) or clock.today(told.today)
    with reading(told) as session:
        area = numbered(session, whose) if whose else None
        says = sections_of(policy_of(session, policy.load(told.home), area, wanted))
    typer.echo(json.dumps(says, ensure_ascii=False) if as_json else as_toml(says), nl=as_json)


@promises.command(name="in")
def read_in(
    file: Annotated[Path, typer.Argument(help="As `foljsam policy out` prints it, or a part.")],
    whose: Whose = "",
    begins: Annotated[
        str, typer.Option("--from", help="The day from which it counts. Default: today.")
    ] = "",
) -> None:
    """Let the installation, or a collaboration, say what a file says of ladders and quiet weeks.

    Sections that the file does not have stay as they are.
    """
    from config import clock, policy
    from config.own_policy import checked
    from config.policy import PolicyError
    from intake.promises import say_what_a_file_says
    from models.database import transaction
    from models.moves import Mover

    told = ready()
    today = clock.today(told.today)
    try:
        says = checked(_sections(file), str(file))
        with transaction(told) as session:
            area = numbered(session, whose) if whose else None
            changed = say_what_a_file_says(
                *(session, policy.load(told.home), area, says),
                *(day(begins) or today, Mover(_BY)),
                today=today,
            )
    except (PolicyError, TypeError, ValueError) as error:
        raise Wrong(f"{error}. Nothing was read in.") from error
    for words in changed:
        out.print(words, markup=False)
    out.print(f"Counts from {day(begins) or today}.")


def _sections(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Wrong(f"{file} cannot be read: {error.strerror}.") from error
