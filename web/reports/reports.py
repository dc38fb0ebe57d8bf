"""Rapporter: every edition, exactly as it is, as a page and as files; and by a link in a mail.

Readers see what was sent to their groups; leaders also the drafts. Writing and approving is
`web/reports/report_forms.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session

from config import clock
from models.columns import c
from models.database import reading
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from notifications import links
from notifications.links import Closed
from reports.approval import Edited, edited, missing_promises, report, state_in_words
from reports.files import MEDIA_TYPES, as_file, file_name
from reports.writers.html import values
from reports.writers.word import TemplateError
from rules.periods import Kind, Period, parse, period_of
from rules.wording import capitalised
from templates import render
from web.page import (
    NotAllowed,
    led,
    may_lead,
    mine,
    page,
    settings_of,
    show,
    today_of,
    viewer_of,
)
from web.reports.deviation_parts import as_chosen, beside
from web.reports.notes_beside import NOTHING_TRIED, Reader, Tried, notes_beside

router = APIRouter()
MOST = 200
NAMES = {"html": "Webbsida", "pdf": "PDF", "docx": "Word", "xlsx": "Excel", "json": "JSON"}
_BY_LINK = ("pdf",)
_DONE = {
    "samma": "Inget har ändrats sedan den här utgåvan sammanställdes.",
    "sparat": "Texterna är sparade.",
    "lika": "Inget är ändrat: texterna är de som redan stod här.",
    "inlast": "Texterna i Word-filen är inlästa. Tomma fält ändrade inget.",
}
_CLOSED = {
    Closed.FORGED: "Länken stämmer inte. Kontrollera att du fick med hela adressen.",
    Closed.EXPIRED: "Länken har gått ut. Be processledaren om rapporten.",
    Closed.REVOKED: "Länken gäller inte längre. Be processledaren om rapporten.",
}


@router.get("/rapporter")
def reports(request: Request) -> HTMLResponse:
    """Every report she may see, the latest period first; leaders may ask for a new one."""
    return listed(request)


def listed(
    request: Request, problem: str = "", given: dict[str, str] | None = None
) -> HTMLResponse:
    """The list, with what a form could not do and what was given in it."""
    with reading(settings_of(request)) as session:
        rows = _rows(request, session)
        groups = session.execute(
            select(c(Group).id, c(Group).name)
            .where(led(request, c(Group).id))
            .order_by(c(Group).name)
        ).all()
    shown: dict[str, list[Any]] = {}
    for row in rows:
        shown.setdefault(_heading(row), []).append(row)
    values_shown = {
        "reports": shown,
        "state": state_in_words,
        "files": _offered(draft=False),
        "groups": groups,
        "periods": _periods(request),
        "given": given or {},
        "problem": problem,
    }
    return show(request, "reports.html", "Rapporter", values_shown, 422 if problem else 200)


def _rows(request: Request, session: Session) -> Sequence[Any]:
    e = c(Edition)
    whole_of_mine = select(c(Group).collaboration_id).where(mine(request, c(Group).id))
    whole_that_i_lead = select(c(Group).collaboration_id).where(led(request, c(Group).id))
    leads = or_(
        led(request, e.group_id),
        and_(e.group_id.is_(None), e.collaboration_id.in_(whole_that_i_lead)),
    )
    reads = or_(
        mine(request, e.group_id),
        and_(e.group_id.is_(None), e.collaboration_id.in_(whole_of_mine)),
    )
    return session.execute(
        select(
            e.id,
            e.kind,
            e.period,
            e.number,
            e.state,
            e.cut_off,
            c(Group).name.label("group"),
            c(Collaboration).name.label("area"),
        )
        .join(Collaboration, c(Collaboration).id == e.collaboration_id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .where(or_(leads, and_(reads, e.state == EditionState.SENT)))
        .order_by(
            func.substr(e.period, 1, 4).desc(),
            case((e.kind == ReportKind.YEAR, 0), else_=1),
            e.period.desc(),
            c(Group).name.nulls_first(),
            e.number.desc(),
        )
        .limit(MOST)
    ).all()


def _heading(row: Any) -> str:  # noqa: ANN401 - a row of the query above
    period = parse(row.period)
    if row.kind == ReportKind.DEVIATIONS:
        return f"Avvikelser {period.name}"
    return (
        f"Årsrapporter {period.year}"
        if row.kind == ReportKind.YEAR
        else period.words.removeprefix("det ")
    )


_OFFERED = {Kind.QUARTER: 6, Kind.TERTIAL: 4, Kind.HALF: 3, Kind.YEAR: 3}


def _periods(request: Request) -> list[tuple[str, list[tuple[str, str]]]]:
    """The latest periods of each kind, those that have ended first: (kind, [(value, name)])."""
    today = today_of(request)
    return [
        (capitalised(kind.value), [_offer(one, today) for one in _latest(kind, today, number)])
        for kind, number in _OFFERED.items()
    ]


def _latest(kind: Kind, today: date, number: int) -> list[Period]:
    now = period_of(today, kind)
    return [*reversed(now.previous.rolling(number - 1)), now]


def _offer(period: Period, today: date) -> tuple[str, str]:
    goes_on = ", pågår" if period.holds(today) else ""
    return str(period), f"{capitalised(period.name)}{goes_on}"


@router.get("/rapporter/{edition_id}")
def one_edition(request: Request, edition_id: int) -> HTMLResponse:
    """Exactly that edition."""
    return edition_page(request, edition_id)


def edition_page(
    request: Request,
    edition_id: int,
    problem: str = "",
    given: dict[str, str] | None = None,
    tried: Tried = NOTHING_TRIED,
) -> HTMLResponse:
    """An edition as a page of ours, with what may be done with it."""
    with reading(settings_of(request)) as session:
        edition = found(request, session, edition_id)
        leads = may_lead(request, edition.frozen.of.collaboration_id)
        told = as_chosen(request, edition, report(session, edition))
        reader, send_to = (
            Reader(viewer_of(request).person_id, leads),
            f"/rapporter/{edition_id}/analys",
        )
        notes = notes_beside(session, edition, send_to, tried, reader, today_of(request))
        others = session.execute(
            select(c(Edition).id, c(Edition).number, c(Edition).state)
            .where(
                c(Edition).kind == edition.frozen.of.kind,
                c(Edition).collaboration_id == edition.frozen.of.collaboration_id,
                c(Edition).group_id.is_not_distinct_from(edition.frozen.of.group_id),
                c(Edition).period == edition.frozen.of.period,
            )
            .order_by(c(Edition).number.desc())
        ).all()
    deviations = beside(request, edition)
    shown = {
        "deviations": deviations,
        "notes": notes,
        "edition": edition,
        "approval": edition.approval,
        "state": state_in_words,
        "others": [one for one in others if leads or one.state == EditionState.SENT],
        "leads": leads and not deviations,  # nobody writes in those
        "newest": edition.frozen.number == others[0].number,
        "files": _offered(draft=not edition.approved),
        "missing": missing_promises(edition.frozen),
        "reason": (given or {}).get("reason", ""),
        "done": next((words for name, words in _DONE.items() if name in request.query_params), ""),
        "problem": problem,
        **values(told),
    }
    status = 422 if problem or tried.problems else 200
    return show(request, "report.html", told.title, shown, status)


def _offered(*, draft: bool) -> list[tuple[str, str]]:
    """The formats, by name; a draft is first of all a Word file."""
    names = list(NAMES.items())
    return sorted(names, key=lambda item: item[0] != "docx") if draft else names


@router.get("/rapporter/{edition_id}/fil.{file_format}")
def as_a_file(request: Request, edition_id: int, file_format: str) -> Response:
    """The edition as a file."""
    if file_format not in MEDIA_TYPES:
        raise HTTPException(404)
    settings = settings_of(request)
    with reading(settings) as session:
        edition = found(request, session, edition_id)
        told = report(session, edition)
    try:
        data = as_file(file_format, edition.frozen, told, settings.report_template)
    except TemplateError as error:
        raise HTTPException(
            422, "Er Word-mall går inte att använda. Säg till den som sköter Följsam."
        ) from error
    return _file(data, file_format, file_name(edition.frozen, told, file_format))


@router.get("/rapport/{token}")
def by_link(request: Request, token: str) -> HTMLResponse:
    """The edition that a link in a mail is for, without sign-in."""
    edition = linked(request, token)
    if isinstance(edition, HTMLResponse):
        return edition
    return link_page(request, token, edition)


def link_page(
    request: Request, token: str, edition: Edited, tried: Tried = NOTHING_TRIED
) -> HTMLResponse:
    """An edition as whoever has the letter sees it."""
    with reading(settings_of(request)) as session:
        told = as_chosen(request, edition, report(session, edition))
        reader = Reader(links.reader_of_edition(session, settings_of(request), token))
        send_to, today = f"/rapport/{token}/analys", today_of(request)
        notes = notes_beside(session, edition, send_to, tried, reader, today)
    files = [(one, NAMES[one]) for one in _BY_LINK]
    shown = {"token": token, "files": files, "notes": notes} | values(told)
    shown["deviations"] = beside(request, edition)
    status = 422 if tried.problems else 200
    return show(request, "report_by_link.html", told.title, shown, status)


@router.get("/rapport/{token}/fil.pdf")
def file_by_link(request: Request, token: str) -> Response:
    """The same as PDF."""
    edition = linked(request, token)
    if isinstance(edition, HTMLResponse):
        return edition
    settings = settings_of(request)
    with reading(settings) as session:
        told = report(session, edition)
    data = as_file("pdf", edition.frozen, told, None)
    return _file(data, "pdf", file_name(edition.frozen, told, "pdf"))


def linked(request: Request, token: str) -> Edited | HTMLResponse:
    """The edition of a link, or the page that says why it does not open."""
    settings = settings_of(request)
    with reading(settings) as session:
        opened = links.open_edition(session, settings, token, clock.now())
        edition = edited(session, opened) if isinstance(opened, int) else None
    if edition is not None and edition.approved:
        return edition
    why = _CLOSED[opened] if isinstance(opened, Closed) else _CLOSED[Closed.FORGED]
    status = 404 if opened is Closed.FORGED else 410
    frame = page(request, "Rapporten går inte att visa")
    return HTMLResponse(render("web/message.html", **frame, text=why), status)


def found(request: Request, session: Session, edition_id: int) -> Edited:
    """The edition, if she may see it: readers what was sent, leaders drafts too."""
    edition = edited(session, edition_id)
    if edition is None:
        raise HTTPException(404)
    sent = edition.frozen.state is EditionState.SENT
    if not sent and not may_lead(request, edition.frozen.of.collaboration_id):
        raise NotAllowed
    return edition


def _file(data: bytes, file_format: str, name: str) -> Response:
    how = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=MEDIA_TYPES[file_format], headers=how)
