"""`foljsam report quarter|year|deviations`: compile, freeze, and write a file of any kind."""

import json
from datetime import date
from pathlib import Path

import typer
from sqlalchemy import select
from sqlmodel import Session

from cli.console import Wrong, no_group, out
from config import clock, policy
from config.settings import Settings
from models.columns import c
from models.database import at_one_moment, reading, transaction
from models.edition import ReportKind
from models.group import Collaboration, Group
from reports.approval import Edited, doubts, edited, report
from reports.deviation.compiling import NoReport, compile_deviations
from reports.editions import Of, freeze
from reports.files import MEDIA_TYPES, as_file, file_name
from reports.quarter import compile_quarter
from reports.rollup.adds_up import DoesNotAddUp
from reports.writers.word import TemplateError, default_template
from reports.year import compile_year
from rules.periods import Kind, Period, parse_asked

BY = "kommandoraden"
_COMPILED = {
    ReportKind.DEVIATIONS: compile_deviations,
    ReportKind.QUARTER: compile_quarter,
    ReportKind.YEAR: compile_year,
}
FORMATS = tuple(MEDIA_TYPES)


def make(
    settings: Settings,
    kind: ReportKind,
    words: str,
    group: str,
    file_format: str,
    file: Path | None,
    today: date | None,
    *,
    as_json: bool,
) -> None:
    """Compile the period, freeze it, and write the file. The same facts are the same edition."""
    period = _period(kind, words)
    cut_off = today or clock.today(settings.today)
    if cut_off < period.first:
        raise Wrong(f"{words} has not begun on {cut_off}. Nothing can be told of it.")
    chosen = _format(file_format, file)
    edition, new = _edition(settings, kind, period, group, cut_off)
    frozen = edition.frozen
    with reading(settings) as session:
        shown = report(session, edition)
    path = file or Path(file_name(frozen, shown, chosen))
    try:
        data = as_file(chosen, frozen, shown, settings.report_template)
    except TemplateError as error:
        raise Wrong(f"{error}. See FOLJSAM_REPORT_TEMPLATE.") from error
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Wrong(f"{path} cannot be written: {error.strerror}.") from error
    if as_json:
        told = {
            "file": str(path),
            "edition": frozen.number,
            "sha256": frozen.sha256,
            "new": new,
            "doubts": doubts(shown),
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    state = "a new edition" if new else "nothing has changed since"
    out.print(f"{path}: {frozen.reference} ({state}).", markup=False)
    for doubt in doubts(shown):
        out.print(f"  {doubt}", markup=False)


def template(file: Path) -> None:
    """Write our Word template, to make one's own from."""
    try:
        file.write_bytes(default_template())
    except OSError as error:
        raise Wrong(f"{file} cannot be written: {error.strerror}.") from error
    out.print(
        f"{file}: change its look, keep its tags, and name it in FOLJSAM_REPORT_TEMPLATE.",
        markup=False,
    )


def _period(kind: ReportKind, words: str) -> Period:
    try:
        period = parse_asked(words)
    except ValueError as error:
        raise Wrong(f"{error}.") from None
    either = kind is ReportKind.DEVIATIONS
    if not either and (kind is ReportKind.YEAR) != (period.kind is Kind.YEAR):
        raise Wrong(
            f"{words} is no year. Write it as 2025."
            if kind is ReportKind.YEAR
            else f"{words} is a year: ask for `foljsam report year {words}`."
        )
    return period


def _format(given: str, file: Path | None) -> str:
    """What is asked for, or what the file's name says, or a page."""
    chosen = given.lower() or (file.suffix.lstrip(".").lower() if file else "") or "html"
    if chosen not in FORMATS:
        raise Wrong(f"There is no format {chosen!r}. There is: {', '.join(FORMATS)}.")
    return chosen


def _edition(
    settings: Settings, kind: ReportKind, period: Period, group: str, cut_off: date
) -> tuple[Edited, bool]:
    compiled = _COMPILED[kind]
    promises = policy.load(settings.home)
    with at_one_moment(settings) as session:
        of = _whose(session, settings, kind, group, str(period))
        try:
            facts = compiled(session, of, cut_off, promises)
        except (NoReport, DoesNotAddUp) as error:
            raise Wrong(str(error)) from None
    with transaction(settings) as session:
        schema = facts["schema"]  # a roll-up's and a deviation report's are numbered apart
        id_, new = freeze(session, of, facts, schema_version=schema, cut_off=cut_off, by=BY)
        edition = edited(session, id_)
        assert edition is not None
    return edition, new


def _whose(session: Session, settings: Settings, kind: ReportKind, group: str, period: str) -> Of:
    """Whose report: the collaboration's, or the group's by its name."""
    areas = session.execute(select(c(Collaboration).id, c(Collaboration).name)).tuples().all()
    if group:
        rows = session.execute(select(c(Group).id, c(Group).name, c(Group).collaboration_id)).all()
        found = [row for row in rows if row.name.casefold() == group.strip().casefold()]
        if not found:
            raise no_group(group, [row.name for row in rows])
        if len(found) > 1:
            raise Wrong(f"Several collaborations have a group {group!r}.")
        return Of(kind, found[0].collaboration_id, found[0].id, period)
    own = [id_ for id_, name in areas if name == settings.organisation] or [id_ for id_, _ in areas]
    if not own:
        raise Wrong("Nothing is on file yet. Import a plan first: `foljsam import plan FILE`.")
    if len(own) > 1:
        names = ", ".join(name for _, name in areas)
        raise Wrong(
            "Several collaborations are on file: "
            f"{names}. Name one in FOLJSAM_ORGANISATION, or a group with --group."
        )
    return Of(kind, own[0], None, period)
