"""`foljsam import` and `foljsam export`: what comes in as files, and goes out."""

from pathlib import Path
from typing import Annotated

import typer

from cli.console import Json, ready
from config import settings

imports = typer.Typer(no_args_is_help=True, help="Take in a plan, people, groups or deviations.")
exports = typer.Typer(no_args_is_help=True, help="Write what is on file to a file.")


@imports.command("plan")
def import_plan(
    file: Annotated[
        Path,
        typer.Argument(
            help="A .docx, .xlsx, .pdf, .csv, .odt, .ods, .pptx, .txt, .md or .html file."
        ),
    ],
    plan: Annotated[str, typer.Option(help="Another title than the file's own.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what is understood, save nothing.")
    ] = False,
    columns: Annotated[
        str, typer.Option("--columns", help='What headings stand over: "Drivs av=responsible,…".')
    ] = "",
    states: Annotated[
        str, typer.Option("--states", help='What words of status mean: "Rullar=pagaende,…".')
    ] = "",
    forget: Annotated[
        bool,
        typer.Option("--as-if-new", help="Read it without what was shown of such files before."),
    ] = False,
    apply_changes: Annotated[
        bool, typer.Option("--apply-changes", help="Change what a changed file says otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in an activity plan. The same file twice changes nothing."""
    from cli import plan_import

    asked = plan_import.Asked(
        file, plan, apply_changes, as_json, columns, states=states, forget=forget
    )
    if check:
        plan_import.show(settings.load(), asked)
    else:
        plan_import.take(ready(), asked)


@imports.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="A list as .csv or .xlsx.")],
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="End roles that the list no longer has.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in people, their groups and dated roles. The same file twice changes nothing."""
    from cli.people import take_in_people

    take_in_people(ready(), file, check=check, end_missing=end_missing, as_json=as_json)


@imports.command("groups")
def import_groups(
    file: Annotated[Path, typer.Argument(help="A list as .csv or .xlsx.")],
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in groups: their kind, the group above, days and chair. An empty cell says nothing."""
    from cli.people import take_in_groups

    take_in_groups(ready(), file, check=check, as_json=as_json)


@imports.command("deviations")
def import_deviations(
    file: Annotated[Path, typer.Argument(help="An export of the deviation system (.csv, .xlsx).")],
    mapping: Annotated[str, typer.Option(help="A saved mapping of its headings.")] = "",
    collaboration: Annotated[
        str, typer.Option(help="Whose it is, by name or number; needed where there are several.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept-words", help="Every new word in a coded column is a code.")
    ] = False,
    groups: Annotated[
        str, typer.Option("--groups", help='Other words for target groups: "BoU=Barn och unga,…".')
    ] = "",
    as_json: Json = False,
) -> None:
    """Take in deviations. Free text is never kept; the same file twice changes nothing."""
    from cli import deviations

    asked = deviations.Asked(file, mapping, collaboration, check, accept, as_json, groups)
    deviations.take(ready(), asked)


@exports.command("plan")
def export_plan(
    plan: Annotated[str, typer.Argument(help="The plan's number or title.")],
    kind: Annotated[str, typer.Option("--format", help="docx or xlsx.")] = "docx",
    file: Annotated[Path | None, typer.Option("--out", help="Where to write it.")] = None,
) -> None:
    """Write a plan as the table it came as. Taking it in again changes nothing."""
    from cli import exports as writing

    writing.plan(ready(), plan, kind, file)


@exports.command("archive")
def export_archive(
    year: Annotated[int, typer.Argument(help="The year, e.g. 2025.")] = 0,
    folder: Annotated[
        Path | None, typer.Option("--out", help="The folder; it must be empty or new.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Only compare this archive with its manifest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write everything of a year as a documented folder that an e-archive can take."""
    from cli import archive

    if check is not None:
        archive.verify(check, as_json=as_json)
    else:
        archive.write(ready(), year, folder, as_json=as_json)
