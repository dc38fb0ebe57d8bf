"""Rapporter, for leaders: compile, write, take in the edited Word file, review, approve.

What the steps ask for is decided in `reports/approval.py`; here forms are read and refusals shown.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from intake.documents import Refusal
from intake.readers.fields import Written, read_fields
from intake.scanned import Unscanned
from models.columns import c
from models.database import Turns, reading, take_turns, transaction
from models.edition import ReportKind
from models.group import Collaboration, Group
from models.moves import Refused
from reports.approval import (
    CannotApprove,
    Edited,
    Place,
    approve,
    missing_promises,
    places,
    review,
    save,
)
from reports.compiling import compile_edition
from reports.editions import Of
from reports.rollup.adds_up import DoesNotAddUp
from reports.rollup.show import report_of
from reports.writers.word_body import PLACE
from rules.access import LEADER
from rules.meanwhile import FILLED_FROM, filled_from
from rules.periods import Kind, Period, parse_asked
from rules.wording import capitalised, day_in_words
from web.forms import fields
from web.kept_files import Given, file_of, sent
from web.numbers import stopped
from web.page import allow, mover_of, settings_of, show, today_of
from web.reports.reports import edition_page, found, listed
from web.sent import Stale, existing, number_of, seen
from web.watched import Happened, tell

router = APIRouter()
_NOTHING = "Det finns inga aktiviteter att berätta om i den perioden."
_PREFIX = "text_"


async def _file(request: Request) -> AsyncIterator[Given]:
    async with sent(request) as given:
        yield given


@router.post("/rapporter")
def compile_new(request: Request, given: Annotated[dict[str, str], Depends(fields)]) -> Response:
    """Compile a report of a group, or of all groups."""
    if wrong := stopped(request).sentences:
        return listed(request, " ".join(wrong), given)
    try:
        period = parse_asked(given.get("period", ""))
    except ValueError:
        return listed(request, "Välj en period.", given)
    group_id = number_of(given, "group")
    of = None
    if group_id or not given.get("group"):  # never all groups when something else was named
        of = _of(request, period, group_id)
    if of is None:
        return listed(request, "Välj en grupp.", given)
    try:
        cut_off = _cut_off(given.get("cut_off", ""), period, today_of(request))
    except ValueError as error:
        return listed(request, str(error), given)
    made = _compiled(request, of, cut_off)
    return listed(request, made, given) if isinstance(made, str) else made


def _compiled(request: Request, of: Of, cut_off: date) -> RedirectResponse | str:
    """The way to the edition, or the sentence that says why there is none."""
    try:
        made = compile_edition(settings_of(request), of, cut_off, mover_of(request).name)
    except DoesNotAddUp as error:
        return str(error)
    if made is None:
        return _NOTHING
    return RedirectResponse(f"/rapporter/{made[0]}{'' if made[1] else '?samma=1'}", 303)


def _cut_off(words: str, period: Period, today: date) -> date:
    """The last day that counts: today, if none is given. Raises `ValueError` with a sentence."""
    if today < period.first:
        raise ValueError(f"{capitalised(period.words)} har inte börjat. Välj en annan period.")
    if not words.strip():
        return today
    try:
        day = date.fromisoformat(words.strip())
    except ValueError:
        raise ValueError("Skriv dagen som 2025-03-13, eller lämna fältet tomt.") from None
    if not period.first <= day <= today:
        raise ValueError(
            f"Välj en dag från {day_in_words(period.first)} till {day_in_words(today)}, "
            "eller lämna fältet tomt."
        )
    return day


def _of(request: Request, period: Period, group_id: int) -> Of | None:
    """Which report. Without a group it is of all groups, where there is one collaboration."""
    kind = ReportKind.YEAR if period.kind is Kind.YEAR else ReportKind.QUARTER
    with reading(settings_of(request)) as session:
        if group_id:
            area = existing(session, Group, group_id).collaboration_id
            return Of(kind, area, group_id, str(period))
        areas = session.execute(select(c(Collaboration).id)).scalars().all()
    if len(areas) != 1:
        return None
    allow(request, LEADER, collaboration_id=areas[0])
    return Of(kind, areas[0], None, str(period))


def _roll_up(request: Request, session: Session, edition_id: int) -> Edited:
    """An edition that is compiled, written in and approved here: deviation reports are not."""
    edition = found(request, session, edition_id)
    if edition.frozen.of.kind is ReportKind.DEVIATIONS:
        raise HTTPException(404)
    return edition


@router.post("/rapporter/{edition_id}/igen")
def compile_again(request: Request, edition_id: int) -> Response:
    """Compile the same report anew: a new edition if anything differs."""
    with reading(settings_of(request)) as session:
        of = _roll_up(request, session, edition_id).frozen.of
    made = _compiled(request, of, today_of(request))
    return edition_page(request, edition_id, made) if isinstance(made, str) else made


@router.get("/rapporter/{edition_id}/skriv")
def write(request: Request, edition_id: int) -> HTMLResponse:
    """All places to write in, in one form."""
    return _form(request, edition_id)


@router.post("/rapporter/{edition_id}/skriv")
def save_words(
    request: Request, edition_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Keep all of it."""
    return _save(request, edition_id, given, "sparat")


@router.post("/rapporter/{edition_id}/word")
def take_in_word(
    request: Request, edition_id: int, given: Annotated[Given, Depends(_file)]
) -> Response:
    """Take in the words of the edited Word file; everything else in it is left as it is.

    An empty field changes nothing: somebody may have written on the page meanwhile.
    """
    try:
        written = _in_word(settings_of(request), given)
    except (Refusal, Unscanned) as refusal:
        tell(request, Happened.REFUSED_FILE)
        return _form(request, edition_id, refusal.swedish)
    with reading(settings_of(request)) as session:
        ours = report_of(_roll_up(request, session, edition_id).frozen, {}).title
    if written.title != ours:
        words = f"Filen är {written.title or 'en annan rapport'}. Här skriver du i {ours}."
        return _form(request, edition_id, words)
    given_words = {_PREFIX + key: words for key, words in written.texts.items() if words}
    if not given_words:
        words = "Inget är inläst: inget skrivfält i filen är ifyllt. Skriv i fälten och läs in."
        return _form(request, edition_id, words)
    return _save(request, edition_id, given_words, "inlast")


def _in_word(settings: Settings, given: Given) -> Written:
    """The words in a file's fields, and its title. Raises `Refusal` with a sentence."""
    if given.too_big or given.file is None:
        file_of(settings, Given(too_big=given.too_big))  # says which, and what to do
    assert given.file is not None
    if Path(given.name).suffix.lower() != ".docx":
        raise Refusal(
            "not a .docx file",
            "Filen ska vara rapportens Word-fil, .docx.",
        )
    most = settings.max_upload_bytes
    try:
        written = read_fields(given.name, given.file, PLACE, max_bytes=most)
    except Refusal as refusal:
        raise Refusal(str(refusal), f"Filen går inte att läsa in. {refusal.swedish}") from refusal
    if not written.texts:
        raise Refusal(
            "no fields in the file",
            "Filen har inga skrivfält. Hämta utkastet som Word-fil härifrån och skriv i den.",
        )
    return written


def _save(request: Request, edition_id: int, given: Mapping[str, str], done: str) -> Response:
    settings = settings_of(request)
    try:
        with transaction(settings) as session:
            take_turns(session, Turns.EDITIONS)
            edition = _roll_up(request, session, edition_id)
            here = places(session, edition)
            words = seen(given, _words_now(here), {_PREFIX + one.key: one.heading for one in here})
            texts = _texts(words)
            changed = save(session, edition, texts, mover_of(request).name)
    except Stale as stale:
        return _form(request, edition_id, " ".join(stale.sentences), stale.given)
    except (CannotApprove, Refused) as refused:
        return _form(request, edition_id, str(refused), given)
    return RedirectResponse(f"/rapporter/{edition_id}?{done if changed else 'lika'}=1", 303)


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(_PREFIX): words
        for name, words in given.items()
        if name.startswith(_PREFIX)
    }


def _words_now(here: Sequence[Place]) -> dict[str, str]:
    """What the form is filled from, by the names of its fields."""
    return {_PREFIX + one.key: one.text for one in here}


def _form(
    request: Request, edition_id: int, problem: str = "", given: Mapping[str, str] | None = None
) -> HTMLResponse:
    given = given or {}
    with reading(settings_of(request)) as session:
        edition = _roll_up(request, session, edition_id)
        here = places(session, edition)
        values = {
            "edition": edition,
            "places": here,
            "texts": _texts(given),
            "filled": given.get(FILLED_FROM) or filled_from(_words_now(here)),
            "missing": missing_promises(edition.frozen),
            "problem": problem,
            "approved": edition.approved,
        }
    return show(request, "report_write.html", "Skriv i rapporten", values, 422 if problem else 200)


@router.post("/rapporter/{edition_id}/granska")
def review_it(request: Request, edition_id: int) -> Response:
    """Somebody has read it."""
    try:
        with transaction(settings_of(request)) as session:
            _roll_up(request, session, edition_id)
            review(session, edition_id, mover_of(request).name)
    except CannotApprove as refused:
        return edition_page(request, edition_id, str(refused))
    return RedirectResponse(f"/rapporter/{edition_id}", 303)


@router.post("/rapporter/{edition_id}/godkann")
def approve_it(
    request: Request, edition_id: int, given: Annotated[dict[str, str], Depends(fields)]
) -> Response:
    """Approve it; with missing promises only with a reason."""
    try:
        with transaction(settings_of(request)) as session:
            _roll_up(request, session, edition_id)
            approve(session, edition_id, mover_of(request).name, given.get("reason", ""))
    except (CannotApprove, Refused) as refused:
        return edition_page(request, edition_id, str(refused), given)
    return RedirectResponse(f"/rapporter/{edition_id}", 303)
