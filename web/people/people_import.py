"""Reading in a list of people or groups: chosen, shown with what it changes, then saved.

Rows that cannot be right are shown with what to do; the others are saved, all of them or none.

Between the preview and the saving the file is kept by `kept_files.py`.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from intake.documents import File, Refusal
from intake.people.comparing import Compared, Difference, Differs, compare_people, told
from intake.people.filing import file_people
from intake.people.group_list import GroupsFiled, GroupsRead, file_groups
from intake.people.leaving import waits_for_somebody_new
from intake.people.list_files import check_kind
from intake.people.lists import Doubt, PeopleDraft
from intake.people.lists_apart import list_of_file
from intake.scanned import Unscanned
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration
from models.moves import Refused
from web.kept_files import Given, file_of, forget_named, keep, sent
from web.page import mover_of, settings_of, show, today_of, viewer_of
from web.people.register import led_areas
from web.watched import Happened, tell

router = APIRouter()
_MOST_LINES = 2_000  # rows of a file that its page shows one by one
_SHOWN = "slutar"  # what the preview said that the list ends, for the form to say back
_HEADINGS = {
    Differs.NEW_GROUP: "Nya grupper",
    Differs.NEW_PERSON: "Nya personer",
    Differs.RENAMED: "Nya namn",
    Differs.NEW_ADDRESS: "Nya adresser",
    Differs.TRIED_AGAIN: "Adresser som provas igen",
    Differs.BACK: "Tillbaka",
    Differs.NEW_ROLE: "Nya roller",
    Differs.NEW_DATES: "Nya datum",
}


async def _sent(request: Request) -> AsyncIterator[Given]:
    async with sent(request) as given:
        yield given


@router.get("/personer/las-in")
def choose(request: Request, sparat: str = "") -> HTMLResponse:
    """The form to choose a file."""
    saved = re.fullmatch(r"(\d{1,9})-(\d{1,9})-(\d{1,9})-(\d{1,9})", sparat)
    return _choose(request, "", tuple(int(n) for n in saved.groups()) if saved else ())


@router.post("/personer/las-in")
def read_in(request: Request, given: Annotated[Given, Depends(_sent)]) -> Response:
    """Show what a file would change; with the word to save, save all of it or nothing."""
    settings = settings_of(request)
    if "avbryt" in given.fields:
        forget_named(settings, given.fields)
        return RedirectResponse("/personer/las-in", 303)
    try:
        name, file = _file(request, given)
        area = _area(request)
        read = list_of_file(name, file, max_bytes=settings.max_upload_bytes)
        if isinstance(read, GroupsRead):
            return _groups(request, _Sent(name, file, area, given.fields), read)
        return _people(request, _Sent(name, file, area, given.fields), read)
    except (Refusal, Unscanned) as refusal:
        tell(request, Happened.REFUSED_FILE)
        return _choose(request, refusal.swedish)
    except Refused as refused:
        return _choose(request, " ".join(refused.sentences))


@dataclass(frozen=True, slots=True)
class _Sent:
    """The file as it came, the collaboration that it is for, and the form.

    The collaboration is a number: it may be called otherwise before the list is saved. None is the
    first one of the installation, which the list makes.
    """

    name: str
    file: File
    area: int | None
    fields: Mapping[str, str]


def _people(request: Request, sent: _Sent, draft: PeopleDraft) -> Response:
    settings, today = settings_of(request), today_of(request)
    name, fields, area = sent.name, sent.fields, sent.area
    end_missing = "avsluta" in fields
    if "spara" in fields:
        with transaction(settings) as session:
            by = f"{mover_of(request).name}, inläsning av {name}"
            filed = file_people(
                *(session, draft),
                organisation=settings.organisation,
                area=area,
                today=today,
                end_missing=end_missing,
                seen=fields.get(_SHOWN, "").split(",") if end_missing else None,
                by=by,
            )
        forget_named(settings, fields)
        counts = f"{filed.new}-{filed.changed}-{len(draft.left_out)}-{filed.came_since}"
        return RedirectResponse(f"/personer/las-in?sparat={counts}", 303)
    with reading(settings) as session:
        compared = compare_people(
            session, draft, organisation=settings.organisation, area=area, today=today
        )
    values = {
        "sections": _sections(compared.changes),
        "missing": [told(d) for d in compared.missing],
        "ends": ",".join(d.ends for d in compared.missing),
        "doubts": _in_order(compared.doubts),
        "left_out": _in_order(draft.left_out),
        "lines": draft.lines[:_MOST_LINES],
        "rows": len(draft.lines),
        "counts": f"{draft.rows} rader, {len(draft.people)} personer",
        "nothing": not compared.changes and not compared.missing,
        "summary": _summary(compared),
    }
    return _preview(request, name, sent.file, values)


def _groups(request: Request, sent: _Sent, read: GroupsRead) -> Response:
    """Groups are few: what would change is found by doing it, in a transaction taken back."""
    settings, today = settings_of(request), today_of(request)
    name, fields, area = sent.name, sent.fields, sent.area
    put = partial(
        file_groups,
        read=read,
        organisation=settings.organisation,
        area=area,
        today=today,
        by=f"{mover_of(request).name}, inläsning av {name}",
    )
    if "spara" in fields:
        with transaction(settings) as session:
            put(session)
        forget_named(settings, fields)
        return RedirectResponse("/grupper", 303)
    with transaction(settings) as session:
        nested = session.begin_nested()
        filed = put(session)
        nested.rollback()
    return _preview(request, name, sent.file, _of_groups(filed, len(read.groups)))


def _of_groups(filed: GroupsFiled, number: int) -> dict[str, object]:
    return {
        "sections": [("Ändringar", filed.changes)] if filed.changes else [],
        "missing": [],
        "ends": "",
        "left_out": _in_order(filed.left_out),
        "lines": [],
        "doubts": _in_order(filed.doubts),
        "counts": f"{number} grupper",
        "nothing": not filed.changes,
        "summary": f"{filed.new} nya, {filed.changed} ändras, {filed.unchanged} är som förut",
    }


def _preview(request: Request, name: str, file: File, values: dict[str, object]) -> HTMLResponse:
    fingerprint = keep(settings_of(request), file)
    values |= {"name": name, "fingerprint": fingerprint}
    return show(request, "people_preview.html", f"Förhandsvisning: {name}", values)


def _choose(request: Request, problem: str, saved: tuple[int, ...] = ()) -> HTMLResponse:
    today = today_of(request)
    with reading(settings_of(request)) as session:
        areas = [area for area, _ in led_areas(session, request)]
        waits = waits_for_somebody_new(session, areas, today)
    values = {
        "problem": problem,
        "saved": saved,
        "waits": waits,
        "most": settings_of(request).max_upload_mb,
    }
    title = "Läs in personer och grupper"
    return show(request, "people_import.html", title, values, 422 if problem else 200)


def _sections(changes: list[Difference]) -> list[tuple[str, list[str]]]:
    found = [
        (title, [told(d) for d in changes if d.kind is kind]) for kind, title in _HEADINGS.items()
    ]
    return [(title, lines) for title, lines in found if lines]


def _summary(compared: Compared) -> str:
    return f"{compared.new} nya, {compared.changed} ändras, {compared.unchanged} är som förut"


def _in_order(doubts: list[Doubt]) -> list[str]:
    return [
        f"Rad {doubt.row}: {doubt.swedish}" if doubt.row else doubt.swedish
        for doubt in sorted(doubts, key=lambda d: d.row)
    ]


def _file(request: Request, given: Given) -> tuple[str, File]:
    """The file that was sent, or the one that was shown before."""
    name, file = file_of(settings_of(request), given)
    check_kind(name)
    return name, file


def _area(request: Request) -> int | None:
    """The collaboration that the list is for: the only one she runs, or the installation's own.

    None where none is on file yet.
    """
    settings = settings_of(request)
    with reading(settings) as session:
        areas = {name: id_ for id_, name in led_areas(session, request)}
        first = _first(session)
    if settings.organisation in areas:
        return areas[settings.organisation]
    if viewer_of(request).administrator and not first:
        return None
    if len(areas) == 1:
        return next(iter(areas.values()))
    raise Refused(
        [
            "Du leder flera samverkansområden. Be administratören läsa in listan med "
            "kommandot foljsam import people."
        ]
    )


def _first(session: Session) -> str:
    return session.execute(select(c(Collaboration).name).limit(1)).scalar() or ""
