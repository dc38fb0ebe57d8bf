"""Avvikelser: files read in, looked at before they count, taken back; and the latest figures.

A file is read in memory and never lies on disk: what waits for a yes is its coded columns only. So
whoever changes how a source is read chooses the file again.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row, func, select
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from config import clock, policy
from intake.deviation.headings import LONGEST_HEADING
from intake.deviation.reading import look_at
from intake.deviation.shapes import SWEDISH, Column, Heading, Source, Why
from intake.deviations import (
    MAX_BYTES,
    CannotUndo,
    drop,
    drop_old,
    look,
    read_deviations,
    save_source,
    source_named,
    take_in,
    taken_before,
    undo,
)
from intake.documents import Refusal
from intake.plan.heading_words import fold
from models.columns import c
from models.database import reading, transaction
from models.deviation import (
    DeviationCase,
    DeviationImport,
    DeviationMapping,
    DeviationRow,
    ImportState,
)
from reports.deviation.compiling import told_before
from reports.deviation.counting import count
from reports.deviation.figures import ALL
from reports.deviation.published import publish
from rules.periods import Kind, period_of
from web.forms import fields, read_form
from web.page import mover_of, settings_of, show, today_of

router = APIRouter()
_WAITS_AT_MOST = timedelta(days=1)
_SHOWN_ROWS = 5
_SHOWN_IMPORTS = 40
_NEW = "ny"  # no source is called that
_OVERHEAD = 100_000  # what a form has beside its file


@dataclass(frozen=True, slots=True)
class Given:
    """What the form brought."""

    name: str = ""
    data: bytes = b""
    source: str = ""
    problem: str = ""
    headings: list[Heading] = field(default_factory=list)


async def sent(request: Request) -> Given:
    """The form with its file, kept in memory: a file on disk would be free text on disk."""
    if "content-type" not in request.headers:
        return Given(problem="Välj en fil först.")
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_BYTES + _OVERHEAD:
        return Given(problem=f"Filen är större än {MAX_BYTES // 1024**2} MB.")
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=10)
    parser.spool_max_size = MAX_BYTES + _OVERHEAD
    try:
        form = await read_form(request, parse=parser.parse)
    except MultiPartException as error:
        raise HTTPException(400, "Formuläret gick inte att läsa.") from error
    file, source = form.get("fil"), form.get("kalla")
    name = source if isinstance(source, str) else ""
    if not isinstance(file, UploadFile) or not file.filename:
        return Given(source=name, problem="Välj en fil först.")
    return Given(Path(file.filename).name, await file.read(), name)


@router.get("/avvikelser")
def deviations(request: Request) -> HTMLResponse:
    """The latest figures, the files that were read in, and the sources."""
    return _overview(request)


def _overview(request: Request, problem: str = "") -> HTMLResponse:
    settings = settings_of(request)
    told = c(DeviationImport)
    with reading(settings) as session:
        imports = session.execute(
            select(DeviationImport.__table__)  # type: ignore[attr-defined]
            .where(told.state != ImportState.WAITING)
            .order_by(told.at.desc(), told.id.desc())
            .limit(_SHOWN_IMPORTS)
        ).all()
        values = {
            "imports": imports,
            "latest": next((i.id for i in imports if i.state == ImportState.TAKEN_IN), None),
            "sources": _sources(session),
            "figures": _figures(request, session),
            "problem": problem,
        }
    return show(request, "deviations.html", "Avvikelser", values, 422 if problem else 200)


def _figures(request: Request, session: Session) -> dict[str, Any] | None:
    """Cases by quarter and group, the small ones hidden."""
    last = session.execute(select(func.max(c(DeviationCase).registered_on))).scalar()
    if last is None:
        return None
    promised = policy.load(settings_of(request).home).deviations
    today = today_of(request)
    period = period_of(min(last, today) if last.year < today.year + 1 else today, Kind.QUARTER)
    counted = count(session, period, today=today, answer_days=promised.answer_days)
    hidden, told = told_before(session)  # what editions hide stays hidden here
    shown = publish(counted, promised.small_numbers, hidden_before=hidden, shown_before=told)
    begins = counted.known_from
    periods = [each for each in counted.periods if begins and each.last >= begins]
    return {
        "limit": promised.small_numbers,
        "periods": [each.name for each in periods],
        "rows": [
            (group, [str(shown.total(each, group)) for each in periods])
            for group in (*counted.groups, ALL)
        ],
    }


@router.get("/avvikelser/las-in")
def choose(request: Request, kalla: str = "", sparad: str = "") -> HTMLResponse:
    """The form to choose a file."""
    return _choose(request, Given(source=kalla), saved=bool(sparad))


def _choose(request: Request, given: Given, *, saved: bool = False) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        sources = _sources(session)
    values = {
        "problem": given.problem,
        "sources": [row.name for row in sources],
        "chosen": given.source,
        "saved": saved,
        "headings": given.headings,
        "columns": SWEDISH,
        "most": MAX_BYTES // 1024**2,
    }
    status = 422 if given.problem else 200
    return show(request, "deviations_choose.html", "Läs in avvikelser", values, status)


@router.post("/avvikelser/las-in")
def read_in(request: Request, given: Annotated[Given, Depends(sent)]) -> Response:
    """Read the file, and show what it would change."""
    if given.problem:
        return _choose(request, given)
    settings, now = settings_of(request), clock.now()
    source = Source()
    try:
        with reading(settings) as session:
            source = source_named(session, given.source)
        export = read_deviations(given.name, given.data, source, key=settings.secret)
    except Refusal as refusal:
        told = Given(
            source=given.source,
            problem=refusal.swedish,
            headings=_headings(given, source),
        )
        return _choose(request, told)
    with transaction(settings) as session:
        drop_old(session, now - _WAITS_AT_MOST)
        before = taken_before(session, export.sha256, source.digest)
        if before is not None:
            return _choose(
                request,
                Given(source=given.source, problem="Filen är redan inläst. Inget är ändrat."),
            )
        number = look(session, export, source, mover_of(request).name, now)
    return RedirectResponse(f"/avvikelser/las-in/{number}", 303)


def _headings(given: Given, source: Source) -> list[Heading]:
    """The headings of a file that could not be read, to be told which is which."""
    try:
        return look_at(given.name, given.data, source)
    except Refusal:
        return []


@router.get("/avvikelser/las-in/{number}")
def preview(request: Request, number: int) -> HTMLResponse:
    """What a waiting file says, in coded columns only."""
    with reading(settings_of(request)) as session:
        told = _waiting(session, number)
        rows = session.execute(
            select(DeviationRow.__table__)  # type: ignore[attr-defined]
            .where(c(DeviationRow).import_id == number)
            .order_by(c(DeviationRow).row)
            .limit(_SHOWN_ROWS)
        ).all()
    values = {
        "told": told,
        "headings": [(text, _label(word)) for text, word in told.headings],
        "refused": _by_reason(told.refused),
        "rows": [_cells(row, told.headings) for row in rows],
        "shown": [_label(word) for _, word in told.headings if word],
    }
    return show(request, "deviations_preview.html", f"Förhandsvisning: {told.file}", values)


def _waiting(session: Session, number: int) -> Row[Any]:
    row = session.execute(
        select(DeviationImport.__table__).where(  # type: ignore[attr-defined]
            c(DeviationImport).id == min(number, 2**31 - 1),
            c(DeviationImport).state == ImportState.WAITING,
        )
    ).one_or_none()
    if row is None:
        raise HTTPException(404)
    return row


def _label(word: str) -> str:
    return SWEDISH[Column(word)] if word else ""


_IN_ROW = {
    Column.REGISTERED: "registered_on",
    Column.HAPPENED: "happened_on",
    Column.CHANGED: "changed_at",
    Column.ANSWERED: "answered_on",
    Column.CLOSED: "answered_on",
}


def _cells(row: Row[Any], headings: list[list[str]]) -> list[str]:
    """What is kept of a row, by the columns of the file."""
    found = []
    for _, word in headings:
        if not word:
            continue
        value = getattr(row, _IN_ROW.get(Column(word), word))
        if word == Column.HANDLING and value is not None:
            value = f"{value / 100:g}".replace(".", ",")
        if word == Column.CHANGED and value is not None:
            value = f"{clock.in_stockholm(value):%Y-%m-%d %H:%M}"
        found.append("–" if value in (None, "") else str(value))
    return found


def _by_reason(refused: list[list[Any]]) -> list[tuple[str, list[int]]]:
    return [
        (why.swedish, rows)
        for why in Why
        if (rows := [row for row, word in refused if word == why])
    ]


@router.post("/avvikelser/las-in/{number}")
def answer(
    request: Request, number: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Take a waiting file in, or let go of it."""
    with transaction(settings_of(request)) as session:
        _waiting(session, number)
        if "spara" in given:
            take_in(session, number, clock.now())
        else:
            drop(session, number)
    return RedirectResponse("/avvikelser", 303)


@router.post("/avvikelser/inlasningar/{number}/angra")
def take_back(request: Request, number: int) -> Response:
    """Take the latest import back."""
    try:
        with transaction(settings_of(request)) as session:
            undo(session, min(number, 2**31 - 1), mover_of(request).name, clock.now())
    except CannotUndo as refused:
        return _overview(request, str(refused))
    return RedirectResponse("/avvikelser", 303)


@router.get("/avvikelser/kallor/{name}")
def source(request: Request, name: str, fran: int = 0) -> HTMLResponse:
    """How the files of a source are read; a new one begins with the headings of a waiting file."""
    with reading(settings_of(request)) as session:
        if name == _NEW:
            waiting = _waiting(session, fran)
            headings = [Heading(t, Column(w) if w else None) for t, w in waiting.headings]
            return _source(request, Source(waiting.source), headings)
        try:
            told = source_named(session, name)
        except Refusal as refusal:
            raise HTTPException(404) from refusal
    headings = [Heading(text, column) for text, column in told.columns.items()]
    return _source(request, told, headings)


def _source(
    request: Request, told: Source, headings: list[Heading], problem: str = ""
) -> HTMLResponse:
    values = {
        "name": told.name,
        "headings": headings,
        "own_series": told.own_series,
        "columns": SWEDISH,
        "problem": problem,
    }
    title = f"Källa: {told.name}" if told.name else "Ny källa"
    return show(request, "deviations_source.html", title, values, 422 if problem else 200)


@router.post("/avvikelser/kallor")
def save(request: Request, given: Annotated[dict[str, str], Depends(fields)]) -> Response:
    """Save which heading is which column; then the file is chosen again."""
    name = " ".join(given.get("namn", "").replace("\x00", "").split())[:LONGEST_HEADING]
    columns = _chosen(given)
    picked = [column for column in columns.values() if column]
    told = Source(name, columns, "egen" in given)
    problems = []
    if not name or "/" in name or name == _NEW:
        problems.append("Ge källan ett namn, utan snedstreck.")
    if len(picked) != len(set(picked)):
        problems.append("Samma kolumn är vald två gånger.")
    if problems:
        headings = [Heading(text, column) for text, column in columns.items()]
        return _source(request, told, headings, " ".join(problems))
    with transaction(settings_of(request)) as session:
        save_source(session, told, mover_of(request).name, clock.now())
    return RedirectResponse(f"/avvikelser/las-in?kalla={quote(name)}&sparad=ja", 303)


def _chosen(given: dict[str, str]) -> dict[str, Column | None]:
    """Folded heading -> column, of the fields rubrik0, kolumn0, rubrik1 …"""
    known = {column.value for column in Column}
    chosen: dict[str, Column | None] = {}
    for at in range(len(given)):
        heading = fold(given.get(f"rubrik{at}", ""))[: 2 * LONGEST_HEADING]
        word = given.get(f"kolumn{at}", "")
        if heading:
            chosen[heading] = Column(word) if word in known else None
    return chosen


def _sources(session: Session) -> list[Row[Any]]:
    told = c(DeviationMapping)
    return list(session.execute(select(told.name, told.own_series).order_by(told.name)).all())
