"""`foljsam deviations`: what has no collaboration is placed; one group's words are one."""

from pathlib import Path
from typing import Annotated

import typer

from cli.console import ready

deviations = typer.Typer(no_args_is_help=True, help="Say whose deviations are.")


@deviations.callback()
def _several() -> None:
    """Say whose deviations are."""


@deviations.command("same")
def same(
    word: Annotated[str, typer.Argument(help="A target group's word, as it is on file.")] = "",
    means: Annotated[str, typer.Argument(help="The target group that it is.")] = "",
    collaboration: Annotated[str, typer.Option(help="Whose deviations, by name or number.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="A list of such words (.csv, .xlsx): word, group.")
    ] = None,
) -> None:
    """List the target groups on file; or teach that a word is another spelling of one of them."""
    from cli.same_groups import same_group

    same_group(ready(), word, means, collaboration, file)


@deviations.command("place")
def place(
    what: Annotated[str, typer.Argument(help="The number of an import, or a source's name.")] = "",
    collaboration: Annotated[str, typer.Argument(help="Whose it is, by name or number.")] = "",
) -> None:
    """List what waits to be placed; or give it to a collaboration."""
    from cli.deviations import place_it, tell_unplaced

    told = ready()
    if what:
        place_it(told, what, collaboration)
    else:
        tell_unplaced(told)
