"""`foljsam plan`: a plan as it stood, its year's end."""

from typing import Annotated

import typer

from cli.console import Json, Wrong, day, ready

plans = typer.Typer(no_args_is_help=True, help="Look at plans.")


@plans.command(name="show")
def show_plan(
    plan: Annotated[str, typer.Argument(help="The plan's number or title.")],
    on: Annotated[
        str, typer.Option(help="As it stood at the end of this day, e.g. 2024-05-01.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show a plan with its activities, as it is or as it stood on any day."""
    from cli.plans import show

    show(ready(), plan, day(on), as_json=as_json)


@plans.command(name="close")
def close_plan(
    plan: Annotated[str, typer.Argument(help="The plan's number or title.")],
    as_json: Json = False,
) -> None:
    """Close a plan. Refused, with their names, while activities are open."""
    from cli.year_end import close

    close(ready(), plan, as_json=as_json)


@plans.command(name="carry-over")
def carry_over_plan(
    plan: Annotated[str, typer.Argument(help="The plan's number or title.")],
    to: Annotated[str, typer.Option(help="The plan that they go on in.")] = "",
    reason: Annotated[str, typer.Option(help="Why; needed when it is undone.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what it makes, save nothing.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was carried over.")] = False,
    as_json: Json = False,
) -> None:
    """Carry every open activity of a plan over to the next, or take it back."""
    from cli import year_end

    if undo:
        year_end.undo(ready(), plan, reason, as_json=as_json)
        return
    if not to:
        raise Wrong("Say with --to which plan the activities go on in.")
    year_end.carry_over(ready(), plan, to, reason, check=check, as_json=as_json)
