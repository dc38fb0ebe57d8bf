"""`foljsam deviations`: what was taken in before deviations were a collaboration's is placed."""

from typing import Annotated

import typer

from cli.console import ready

deviations = typer.Typer(no_args_is_help=True, help="Say whose deviations are.")


@deviations.callback()
def _several() -> None:
    """Say whose deviations are."""


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
