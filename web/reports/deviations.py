"""Avvikelser: files read in, looked at before they count, taken back; and the latest figures.

A file never lies on disk under a name: what waits for a yes is its coded columns only. So whoever
changes how a source is read chooses the file again. How sources are read is
`deviation_sources.py`; whose everything is, `deviation_whose.py`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Row, func, select
from sqlmodel import Session

from config import clock, policy
from intake.deviation import codes
from intake.deviation.placing import anything_unplaced
from intake.deviation.shapes import SOMETHING_ELSE, SWEDISH, Column, Heading, Source, Why
from intake.deviation.spelling import (
    Alias,
    aliases,
    forget_alias,
    groups_on_file,
    teach_alias,
)
from intake.deviation.ticking import reading_of, words_of
from intake.deviations import (
    MAX_BYTES,
    WAITS_AT_MOST,
    CannotUndo,
    compare,
    drop,
    drop_old,
    look,
    look_at,
    read_deviations,
    source_named,
    take_in,
    taken_before,
    undo,
)
from intake.documents import Refusal
from intake.scanned import Infected, Unscanned
from models.columns import c
from models.database import reading, transaction
from models.deviation import (
    DeviationCase,
    DeviationImport,
    DeviationRow,
    ImportState,
)
from reports.deviation.compiling import told_before
from reports.deviation.counting import count
from reports.deviation.figures import ALL
from reports.deviation.published import publish
from rules.deviation_reports import CADENCES
from rules.periods import period_of
from rules.wording import alphabetically
from web import kept_files
from web.forms import fields
from web.page import mover_of, settings_of, show, today_of, viewer_of
from web.reports.deviation_sources import sources
from web.reports.deviation_whose import FIELD, first_one, of_import, shown, whose
from web.reports.deviation_words import ticked, to_tick
from web.watched import Happened, tell

router = APIRouter()
_SHOWN_ROWS = 5
_SHOWN_IMPORTS = 40


@dataclass(frozen=True, slots=True)
class Given:
    """What the form brought."""

    name: str = ""
    file: IO[bytes] | None = None
    source: str = ""
    collaboration: str = ""
    problem: str = ""
    headings: list[Heading] = field(default_factory=list)


async def sent(request: Request) -> AsyncIterator[Given]:
    """The form with its file, which has no name on disk: it holds free text."""
    brought = kept_files.sent(request, most=MAX_BYTES, field_name="fil", max_fields=10)
    async with brought as form:
        words = {name: word.replace("\x00", "") for name, word in form.fields.items()}
        told = Given(source=words.get("kalla", ""), collaboration=words.get(FIELD, ""))
        if form.too_big:
            yield replace(told, problem=f"Filen är större än {MAX_BYTES // 1024**2} MB.")
        elif form.file is None:
            yield replace(told, problem="Välj en fil först.")
        else:
            yield replace(told, name=form.name, file=form.file)


@router.get("/avvikelser")
def deviations(request: Request, collaboration: str = "") -> HTMLResponse:
    """The latest figures, the files that were read in, and the sources."""
    return _overview(request, collaboration)


def _overview(request: Request, collaboration: str, problem: str = "") -> HTMLResponse:
    settings = settings_of(request)
    told = c(DeviationImport)
    with reading(settings) as session:
        mine = shown(request, session, collaboration)
        problem = problem or mine.problem
        imports = session.execute(
            select(DeviationImport.__table__)  # type: ignore[attr-defined]
            .where(told.collaboration_id == mine.id, told.collaboration_id.is_not(None))
            .where(told.state != ImportState.WAITING)
            .order_by(told.at.desc(), told.id.desc())
            .limit(_SHOWN_IMPORTS)
        ).all()
        values = {
            "imports": imports,
            "latest": next((i.id for i in imports if i.state == ImportState.TAKEN_IN), None),
            "sources": sources(session, mine.id),
            "groups": _groups(session, mine.id),
            "taught": _taught(session, mine.id),
            "figures": _figures(request, session, mine.id) if mine.id else None,
            "problem": problem,
            "mine": mine,
            "unplaced": viewer_of(request).administrator and anything_unplaced(session),
        }
    return show(request, "deviations.html", "Avvikelser", values, 422 if problem else 200)


def _groups(session: Session, area: int | None) -> list[str]:
    """The words that a collaboration's cases call target groups by."""
    found = groups_on_file(session, area) if area else {}
    return sorted((word for word in found if word != SOMETHING_ELSE), key=alphabetically)


def _taught(session: Session, area: int | None) -> list[Alias]:
    return aliases(session, area) if area else []


def _figures(request: Request, session: Session, area: int) -> dict[str, Any] | None:
    """A collaboration's cases by quarter and group, the small ones hidden."""
    case = c(DeviationCase)
    latest = select(func.max(case.registered_on)).where(case.collaboration_id == area)
    last = session.execute(latest).scalar()
    if last is None:
        return None
    promised = policy.load(settings_of(request).home).deviations
    today = today_of(request)
    length = CADENCES[promised.cadence]
    period = period_of(min(last, today) if last.year < today.year + 1 else today, length)
    counted = count(session, area, period, today=today, answer_days=promised.answer_days)
    before = told_before(session, area, length)
    public = publish(counted, promised.small_numbers, before)
    begins = counted.known_from
    periods = [each for each in counted.periods if begins and each.last >= begins]
    return {
        "limit": promised.small_numbers,
        "periods": [each.name for each in periods],
        "rows": [
            (group, [str(public.total(each, group)) for each in periods])
            for group in (*counted.groups, ALL)
        ],
    }


@router.get("/avvikelser/las-in")
def choose(
    request: Request, kalla: str = "", sparad: str = "", collaboration: str = ""
) -> HTMLResponse:
    """The form to choose a file."""
    given = Given(source=kalla, collaboration=collaboration)
    return _choose(request, given, saved=bool(sparad))


def _choose(request: Request, given: Given, *, saved: bool = False) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        mine = whose(request, session, given.collaboration)
        areas = [mine.id] if mine.id else list(mine.offered)
        named = {row.name for area in areas for row in sources(session, area)}
    values = {
        "problem": given.problem,
        "mine": mine,
        "sources": sorted(named, key=alphabetically),
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
    settings, now = settings_of(request), clock.now()
    with reading(settings) as session:
        mine = whose(request, session, given.collaboration)
    if problem := mine.problem or given.problem:
        return _choose(request, replace(given, problem=problem))
    area = first_one(settings, mine).id
    assert area is not None
    source = Source()
    try:
        with reading(settings) as session:
            source = source_named(session, area, given.source)
        export = read_deviations(given.name, _file(given), source, key=settings.secret)
    except (Refusal, Unscanned) as refusal:
        tell(request, Happened.REFUSED_FILE)
        headings = [] if isinstance(refusal, Infected | Unscanned) else _headings(given, source)
        return _choose(request, replace(given, problem=refusal.swedish, headings=headings))
    with transaction(settings) as session:
        drop_old(session, now - WAITS_AT_MOST)
        reading_now = reading_of(source, codes.unknown(session, area, export))
        if taken_before(session, area, export.sha256, reading_now) is None:
            import_id = look(session, area, export, source, mover_of(request).name, now)
            return RedirectResponse(f"/avvikelser/las-in/{import_id}", 303)
    return _choose(request, replace(given, problem="Filen är redan inläst. Inget är ändrat."))


def _file(given: Given) -> IO[bytes]:
    if given.file is None:
        raise Refusal("no file was chosen", "Välj en fil först.")
    return given.file


def _headings(given: Given, source: Source) -> list[Heading]:
    """The headings of a file that could not be read, to be told which is which."""
    try:
        return look_at(given.name, _file(given), source)
    except (Refusal, Unscanned):
        return []


@router.get("/avvikelser/las-in/{import_id}")
def preview(request: Request, import_id: int) -> HTMLResponse:
    """What a waiting file says, in coded columns only."""
    with reading(settings_of(request)) as session:
        told = waiting(session, import_id)
        only_status = compare(session, import_id).only_status
        rows = session.execute(
            select(DeviationRow.__table__)  # type: ignore[attr-defined]
            .where(c(DeviationRow).import_id == import_id)
            .order_by(c(DeviationRow).row)
            .limit(_SHOWN_ROWS)
        ).all()
    values = {
        "told": told,
        "only_status": only_status,
        "headings": [(text, _label(word)) for text, word in told.headings],
        "refused": _by_reason(told.refused),
        "rows": [_cells(row, told.headings) for row in rows],
        "shown": [_label(word) for _, word in told.headings if word],
        "words": to_tick(codes.thawed(told.unknown)),
    }
    return show(request, "deviations_preview.html", f"Förhandsvisning: {told.file}", values)


def waiting(session: Session, import_id: int) -> Row[Any]:
    """A file that waits for a yes. One that does not, or is not there, is no page."""
    row = session.execute(
        select(DeviationImport.__table__).where(  # type: ignore[attr-defined]
            c(DeviationImport).id == import_id,
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


@router.post("/avvikelser/las-in/{import_id}")
def answer(
    request: Request, import_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Take a waiting file in, or let go of it."""
    try:
        with transaction(settings_of(request)) as session:
            area = waiting(session, import_id).collaboration_id
            if "spara" in given:
                good = ticked(words_of(session, import_id), given)
                take_in(session, import_id, clock.now(), good, mover_of(request).name)
            else:
                drop(session, import_id)
    except Refusal as refusal:  # it waits to be placed, or somebody else has just answered
        return _overview(request, "", refusal.swedish)
    return RedirectResponse(_overview_of(request, area), 303)


@router.post("/avvikelser/malgrupper")
def same_group(request: Request, given: Annotated[dict[str, str], Depends(fields)]) -> Response:
    """Teach that a word is another spelling of a target group, or forget it."""
    settings = settings_of(request)
    with reading(settings) as session:
        mine = whose(request, session, given.get(FIELD, ""))
    if mine.id is None:
        return _overview(request, "", mine.problem)
    try:
        with transaction(settings) as session:
            if stem := given.get("bort"):
                forget_alias(session, mine.id, stem)
            else:
                by, word, means = mover_of(request).name, given.get("ord"), given.get("betyder")
                teach_alias(session, mine.id, word or "", means or "", by, clock.now())
    except ValueError as refused:
        return _overview(request, str(mine.id), str(refused))
    return RedirectResponse(_overview_of(request, mine.id), 303)


@router.post("/avvikelser/inlasningar/{import_id}/angra")
def take_back(request: Request, import_id: int) -> Response:
    """Take the latest import back."""
    settings = settings_of(request)
    with reading(settings) as session:
        area = of_import(session, import_id)
    try:
        with transaction(settings) as session:
            undo(session, import_id, mover_of(request).name, clock.now())
    except CannotUndo as refused:
        return _overview(request, str(area or ""), str(refused))
    return RedirectResponse(_overview_of(request, area), 303)


def _overview_of(request: Request, area: int | None) -> str:
    """The address of a collaboration's deviations, for whoever leads several."""
    with reading(settings_of(request)) as session:
        several = len(shown(request, session, "").offered) > 1
    return f"/avvikelser?{FIELD}={area}" if several and area else "/avvikelser"
