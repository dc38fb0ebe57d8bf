"""`foljsam report`: a quarter, a year, the deviations, and the Word template."""

from pathlib import Path
from typing import Annotated

import typer

from cli.console import Json, day, ready

reports = typer.Typer(no_args_is_help=True, help="Roll-ups of a quarter or a year, as files.")

Group = Annotated[str, typer.Option(help="Of this group and those below it, by its name.")]
Format = Annotated[str, typer.Option("--format", help="html, pdf, docx, xlsx or json.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write; its ending may choose.")]
CutOff = Annotated[str, typer.Option(help="The last day looked at. Default: today.")]


def _write(
    kind: str,
    period: str,
    group: str,
    file_format: str,
    file: Path | None,
    today: str,
    *,
    as_json: bool,
) -> None:
    """What the three commands do alike."""
    from cli.reports import make
    from models.edition import ReportKind

    kind_of = ReportKind(kind)
    make(ready(), kind_of, period, group, file_format, file, day(today), as_json=as_json)


@reports.command(name="quarter")
def report_quarter(
    period: Annotated[str, typer.Argument(help="2025Q1; or 2025T2 (tertial), 2025H1 (half).")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the status roll-up of a quarter. The same facts are the same edition."""
    _write("quarter", period, group, file_format, file, today, as_json=as_json)


@reports.command(name="year")
def report_year(
    period: Annotated[str, typer.Argument(help="The year, e.g. 2025.")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the year's report: what became of every activity."""
    _write("year", period, group, file_format, file, today, as_json=as_json)


@reports.command(name="deviations")
def report_deviations(
    period: Annotated[str, typer.Argument(help="2025Q1; or 2025T2 (tertial), 2025 (a year).")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the report of deviations, small numbers hidden. The same facts are the same edition."""
    _write("deviations", period, group, file_format, file, today, as_json=as_json)


@reports.command(name="template")
def report_template(
    file: Annotated[Path, typer.Option("--out", help="Where to write.")] = Path("rapportmall.docx"),
) -> None:
    """Write the Word template of reports, to make one's own from."""
    from cli.reports import template

    template(file)
