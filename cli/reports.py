"""`foljsam report quarter|year`: compile, freeze, and write a roll-up as a file of any kind."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer
from sqlalchemy import select
from sqlmodel import Session

from cli.console import Wrong, out
from config import clock, policy
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.group import Collaboration, Group
from reports.blocks import Report
from reports.editions import Frozen, Of, canonical, freeze, newest
from reports.quarter import compile_quarter
from reports.rollup.against import moved_without_cause
from reports.rollup.shapes import SCHEMA
from reports.rollup.show import report_of
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from reports.writers.pdf import write_pdf
from reports.writers.word import TemplateError, default_template, write_word
from reports.year import compile_year
from rules.periods import Kind, Period, parse

BY = "kommandoraden"
FORMATS = ("html", "pdf", "docx", "xlsx", "json")


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
    frozen, new, doubts = _frozen(settings, kind, period, group, cut_off)
    path = file or Path(f"{_name(frozen, group)}.{chosen}")
    data = _written(settings, chosen, frozen, report_of(frozen, {}, doubts))
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
            "doubts": doubts,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    state = "a new edition" if new else "nothing has changed since"
    out.print(f"{path}: {frozen.reference} ({state}).", markup=False)


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
        period = parse(words)
    except ValueError as error:
        raise Wrong(f"{error}.") from None
    if (kind is ReportKind.YEAR) != (period.kind is Kind.YEAR):
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


def _frozen(
    settings: Settings, kind: ReportKind, period: Period, group: str, cut_off: date
) -> tuple[Frozen, bool, list[str]]:
    compiled = compile_year if kind is ReportKind.YEAR else compile_quarter
    promises = policy.load(settings.home)
    with reading(settings) as session:
        of = _whose(session, settings, kind, group, str(period))
        facts = compiled(session, of, cut_off, promises)
    with transaction(settings) as session:
        _, new = freeze(session, of, facts, schema_version=SCHEMA, cut_off=cut_off, by=BY)
        frozen = newest(session, of)
        assert frozen is not None
        doubts = moved_without_cause(session, frozen)
    return frozen, new, doubts


def _whose(session: Session, settings: Settings, kind: ReportKind, group: str, period: str) -> Of:
    """Whose report: the collaboration's, or the group's by its name."""
    areas = session.execute(select(c(Collaboration).id, c(Collaboration).name)).tuples().all()
    if group:
        rows = session.execute(select(c(Group).id, c(Group).name, c(Group).collaboration_id)).all()
        found = [row for row in rows if row.name.casefold() == group.strip().casefold()]
        if not found:
            raise Wrong(f"There is no group {group!r}. `foljsam list` shows the groups' names.")
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


def _written(settings: Settings, chosen: str, frozen: Frozen, report: Report) -> bytes:
    writers: dict[str, Callable[[], bytes]] = {
        "html": lambda: write_html(report).encode(),
        "pdf": lambda: write_pdf(report),
        "docx": lambda: write_word(report, settings.report_template),
        "xlsx": lambda: write_excel(report),
        "json": lambda: canonical(frozen.facts).encode(),
    }
    try:
        return writers[chosen]()
    except TemplateError as error:
        raise Wrong(f"{error}. See FOLJSAM_REPORT_TEMPLATE.") from error


def _name(frozen: Frozen, group: str) -> str:
    """The file's name without ending: "arsrapport-2025", "statusrapport-2025q1-nosam-alm"."""
    first = "arsrapport" if frozen.of.kind is ReportKind.YEAR else "statusrapport"
    words = "-".join(group.casefold().translate(_PLAIN).split())
    return "-".join(filter(None, (first, frozen.of.period.lower(), words)))


_PLAIN = str.maketrans({"å": "a", "ä": "a", "ö": "o", "/": " ", "\\": " "})
