"""One meeting of a group: its agenda, who was there, and its minutes, before and after it.

What it decides is registered on the group's page (`meetings.py`). Letters about it are seen before
they go, and what was seen is what goes: whoever else changed something meanwhile is told of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from intake.lives import meetings as writing
from models.columns import c
from models.database import reading
from models.group import Group
from models.letter_kinds import LetterKind
from models.meeting import MeetingPoint, MeetingPresent
from models.moves import Mover, Refused
from models.status_round import Meeting
from notifications.letters import meetings as letters
from notifications.outbox import Enclosed
from reports import agenda as agendas
from reports import minutes as told
from reports.blocks import Report
from reports.editions import canonical, fingerprint
from reports.files import MEDIA_TYPES
from reports.writers.pdf import write_pdf
from reports.writers.word import TemplateError, write_word
from rules.wording import counted, day_in_words, weekday_in_words
from web.days import day_in_address
from web.page import may_lead, mover_of, settings_of, show, today_of
from web.sent import Sent, Tried, attempt, existing, number_of, seen

router = APIRouter()
FORMATS = ("docx", "pdf")
_STEPS = {"upp": writing.UP, "ner": writing.DOWN}
_LABELS = {"title": "Punkten", "reference": "Paragrafen", "outcome": "Vad mötet kom fram till"}
_MOST_LINES = 40  # of a section in a letter; the file has all
NEW, PRESENT, LETTER, MOVED = "ny punkt", "narvaro", "skicka", "flytta"
_KINDS = {"dagordning": LetterKind.AGENDA, "protokoll": LetterKind.MINUTES}


@router.get("/moten/{group_id}/dag/{day}")
def meeting_day(request: Request, group_id: int, day: str) -> HTMLResponse:
    """A meeting of a group, by its day."""
    return _page(request, group_id, _day(day), Tried())


@router.get("/moten/{group_id}/dag/{day}/dagordning.{file_format}")
def agenda_file(request: Request, group_id: int, day: str, file_format: str) -> Response:
    """The agenda as Word or PDF."""
    meets = _day(day)
    if file_format not in FORMATS:
        raise HTTPException(404)
    with reading(settings_of(request)) as session:
        existing(session, Group, group_id)
        agenda = agendas.agenda_of(session, group_id, meets)
    report = agendas.as_report(agenda, today_of(request))
    return as_file(request, report, f"dagordning-{meets}", file_format)


def as_file(request: Request, report: Report, name: str, file_format: str) -> Response:
    """A report as a file to save."""
    try:
        if file_format == "pdf":
            made = write_pdf(report)
        else:
            made = write_word(report, settings_of(request).report_template)
    except TemplateError as error:
        raise HTTPException(
            422, "Er Word-mall går inte att använda. Säg till den som sköter Följsam."
        ) from error
    headers = {"Content-Disposition": f'attachment; filename="{name}.{file_format}"'}
    return Response(made, media_type=MEDIA_TYPES[file_format], headers=headers)


@router.post("/moten/{group_id}/dag/{day}/punkter")
def points(request: Request, group_id: int, day: str, given: Sent) -> Response:
    """Add a point of the meeting's own, change it, let it change places, or take it off."""
    meets = _day(day)
    point_id, deed = number_of(given, "punkt"), given.get("gor", "")

    def do(session: Session, mover: Mover, _today: date) -> str:
        existing(session, Group, group_id)
        meeting_id = writing.open_meeting(session, group_id, meets)
        if deed in _STEPS:
            writing.shift_point(session, meeting_id, point_id, _STEPS[deed])
        elif deed == "bort":
            writing.remove_point(session, meeting_id, point_id)
        elif deed == "spara":
            words = seen(given, _point_now(session, meeting_id, point_id), _LABELS)
            writing.change_point(session, meeting_id, point_id, words)
        else:
            writing.add_point(session, meeting_id, given.get("title", ""), mover)
        return f"{_address(group_id, meets)}#punkter"

    form = f"punkt {point_id}" if point_id else NEW
    return attempt(request, form, given, do, lambda tried: _page(request, group_id, meets, tried))


def _point_now(session: Session, meeting_id: int, point_id: int) -> dict[str, object]:
    """What the form of a point is filled from. Raises `Refused` when somebody took it off."""
    point = c(MeetingPoint)
    row = session.execute(
        select(point.title, point.reference, point.outcome).where(
            point.meeting_id == meeting_id, point.id == point_id
        )
    ).one_or_none()
    if row is None:
        raise Refused(["Punkten har tagits bort av någon annan. Lägg till den igen om den behövs."])
    return dict(row._mapping)


@router.post("/moten/{group_id}/dag/{day}/flytta")
def move(request: Request, group_id: int, day: str, given: Sent) -> Response:
    """The meeting is another day; the same form takes it back."""
    meets = _day(day)

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Group, group_id)
        to = writing.move_meeting(session, group_id, meets, given.get("to", ""), mover, today=today)
        return f"{_address(group_id, to)}?flyttat={meets}"

    return attempt(request, MOVED, given, do, lambda tried: _page(request, group_id, meets, tried))


@router.post("/moten/{group_id}/dag/{day}/narvaro")
def present(request: Request, group_id: int, day: str, given: Sent) -> Response:
    """Note who was there."""
    meets = _day(day)

    def do(session: Session, mover: Mover, _today: date) -> str:
        existing(session, Group, group_id)
        meeting_id = writing.open_meeting(session, group_id, meets)
        people = _people(session, group_id, meets)
        labels = {_tick(one.person_id): f"Närvaron för {one.name}" for one in people}
        guests = _guests(session, group_id, meets)
        labels["guests"] = "Gästerna"
        words = seen(given, _present_now(people, guests), labels)
        ticked = [one.person_id for one in people if words.get(_tick(one.person_id))]
        writing.note_present(session, meeting_id, ticked, words.get("guests", ""), mover)
        return f"{_address(group_id, meets)}#narvaro"

    return attempt(
        request, PRESENT, given, do, lambda tried: _page(request, group_id, meets, tried)
    )


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member that day, or somebody noted as one, and whether she was there."""

    person_id: int
    name: str
    there: bool


def _tick(person_id: int) -> str:
    return f"narvarande_{person_id}"


def _present_now(people: Sequence[Somebody], guests: str) -> dict[str, object]:
    now: dict[str, object] = {_tick(one.person_id): "ja" if one.there else "" for one in people}
    return now | {"guests": guests}


def _people(session: Session, group_id: int, day: date) -> list[Somebody]:
    noted = {row.person_id: row.name for row in _noted(session, group_id, day) if row.person_id}
    members = writing.members_on(session, group_id, day)
    return [Somebody(id_, name, id_ in noted) for id_, name in (noted | members).items()]


def _guests(session: Session, group_id: int, day: date) -> str:
    return "\n".join(row.name for row in _noted(session, group_id, day) if not row.person_id)


def _noted(session: Session, group_id: int, day: date) -> list[Any]:
    row = c(MeetingPresent)
    asked = (
        select(row.person_id, row.name)
        .join(Meeting, c(Meeting).id == row.meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
        .order_by(row.id)
    )
    return list(session.execute(asked))


@router.get("/moten/{group_id}/dag/{day}/skicka")
def before_sending(request: Request, group_id: int, day: str, vad: str = "") -> HTMLResponse:
    """The letter as it would go, to whom, and who would not get it."""
    return _letter_page(request, group_id, _day(day), vad, Tried())


@router.post("/moten/{group_id}/dag/{day}/skicka")
def send(request: Request, group_id: int, day: str, given: Sent) -> Response:
    """Send the agenda or the minutes to the group; minutes are for good from then on.

    The file is made before the transaction: nothing is computed while others wait for their turn.
    """
    meets, what = _day(day), given.get("vad", "")
    settings = settings_of(request)
    with reading(settings) as session:
        existing(session, Group, group_id)
        ready = _ready(session, request, group_id, meets, what)
    if ready is None:
        raise HTTPException(404)
    wanted = given.get("gor") != "las"
    name = f"{what}-{meets}.pdf"
    file = Enclosed(name, MEDIA_TYPES["pdf"], write_pdf(ready.report)) if wanted else None

    def do(session: Session, mover: Mover, today: date) -> str:
        meeting_id = writing.meeting_on(session, group_id, meets)
        now = _ready(session, request, group_id, meets, what)
        if now is None or given.get("sett", "") != now.letter.mark or now.report != ready.report:
            raise Refused([_CHANGED])
        if what == "protokoll":
            told.freeze_minutes(session, meeting_id, mover.name, today)
        number = 0
        if file is not None:
            letter = now.for_meeting(meeting_id)
            number = letters.send(session, settings, _KINDS[what], letter, [file], today)
            if not number:
                raise Refused([_NOBODY])
        return f"{_address(group_id, meets)}?skickat={number}#{what}"

    return attempt(
        *(request, LETTER, given, do),
        lambda tried: _letter_page(request, group_id, meets, what, tried),
    )


_CHANGED = (
    "Något har ändrats sedan du öppnade sidan, så inget är skickat. Nu visas brevet som det är. "
    "Läs igenom det och skicka igen."
)
_NOBODY = (
    "Inget är skickat. Ingen i gruppen kan få brevet, eller så har alla redan fått precis samma "
    "brev i dag."
)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A letter about a meeting, ready to be seen or sent, and the file that goes with it."""

    report: Report
    letter: letters.Told

    def for_meeting(self, meeting_id: int) -> letters.Told:
        """The same, about a meeting that is on file."""
        return replace(self.letter, meeting_id=meeting_id)


def _ready(
    session: Session, request: Request, group_id: int, day: date, what: str
) -> _Ready | None:
    if what == "dagordning":
        return _agenda_ready(session, request, group_id, day)
    if what == "protokoll":
        return _minutes_ready(session, request, group_id, day)
    raise HTTPException(404)


def _agenda_ready(session: Session, request: Request, group_id: int, day: date) -> _Ready | None:
    """None when the meeting has been: what waits now is not what it took up."""
    if day < today_of(request):
        return None
    agenda = agendas.agenda_of(session, group_id, day)
    number = 0
    parts = []
    if agenda.own:
        lines = [f"{at}. {title}" for at, title in enumerate(agenda.own, 1)]
        parts.append((agendas.OWN, _bounded(lines)))
        number = len(lines)
    for section in agenda.sections:
        lines = [
            f"{at}. {item.what} ({item.who}). {item.why}"
            for at, item in enumerate(section.items, number + 1)
        ]
        parts.append((section.title, _bounded(lines)))
        number += len(lines)
    if not parts:
        parts.append(("Dagordning", (agendas.NOTHING,)))
    lead = f"{agenda.group} möts {weekday_in_words(day)}. Här är dagordningen."
    subject = f"Dagordning: {agenda.group} {day_in_words(day)}"
    report = agendas.as_report(agenda, today_of(request))
    return _with_letter(request, group_id, day, report, subject, lead, parts)


def _minutes_ready(session: Session, request: Request, group_id: int, day: date) -> _Ready | None:
    found = told.ready_to_go(session, group_id, day, mover_of(request).name, today_of(request))
    if found is None:
        return None
    facts, sent = found
    parts = [(head, _bounded(lines)) for head, lines in told.in_lines(facts)]
    lead = f"Här är protokollet från mötet i {facts['group']} {day_in_words(day)}."
    subject = f"Protokoll: {facts['group']} {day_in_words(day)}"
    report = told.as_report(facts, day, sent.reference)
    return _with_letter(request, group_id, day, report, subject, lead, parts)


def _with_letter(
    request: Request,
    group_id: int,
    day: date,
    report: Report,
    subject: str,
    lead: str,
    parts: Sequence[tuple[str, tuple[str, ...]]],
) -> _Ready:
    words = canonical({"subject": subject, "lead": lead, "parts": [list(one) for one in parts]})
    letter = letters.Told(
        group_id=group_id,
        subject=subject,
        lead=lead,
        parts=tuple(parts),
        address=f"{settings_of(request).pages_url}{_address(group_id, day)}",
        link="Mötets sida",
        mark=fingerprint(words)[:12],
        meeting_id=0,
    )
    return _Ready(report, letter)


def _bounded(lines: Sequence[str]) -> tuple[str, ...]:
    if len(lines) <= _MOST_LINES:
        return tuple(lines)
    more = len(lines) - _MOST_LINES
    rest = counted(more, "punkt", "punkter")
    return (*lines[:_MOST_LINES], f"Och {rest} till. De står i filen.")


def _letter_page(
    request: Request, group_id: int, day: date, what: str, tried: Tried
) -> HTMLResponse:
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        group = existing(session, Group, group_id)
        ready = _ready(session, request, group_id, day, what)
        if ready is None:
            raise HTTPException(404)
        whom = letters.whom(session, group_id, today)
        first = next(iter(whom.readers), None)
        meeting_id = _meeting_id(session, group_id, day)
        letter = ready.for_meeting(meeting_id)
        words = None
        if first is not None:
            words = letters.words_to(session, settings, _KINDS[what], letter, first, today)
        values = {
            "group_id": group_id,
            "group": group.name,
            "day": day,
            "what": what,
            "words": words,
            "first": whom.readers.get(first, "") if first is not None else "",
            "whom": whom,
            "mark": letter.mark,
            "sent": told.sent_out(session, group_id, day),
            "sent_on": letters.sent_on(session, _KINDS[what], meeting_id),
            "tried": tried,
            "form": LETTER,
        }
    title = f"Skicka {'dagordningen' if what == 'dagordning' else 'protokollet'}: {group.name}"
    return show(request, "meeting_letter.html", title, values, tried.status)


def _page(request: Request, group_id: int, day: date, tried: Tried) -> HTMLResponse:
    """A meeting, with what stood in a form that was refused."""
    point = c(MeetingPoint)
    with reading(settings_of(request)) as session:
        group = existing(session, Group, group_id)
        agenda = agendas.agenda_of(session, group_id, day)
        rows = session.execute(
            select(point.id, point.title, point.reference, point.outcome)
            .join(Meeting, c(Meeting).id == point.meeting_id)
            .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
            .order_by(point.place, point.id)
        ).all()
        people = _people(session, group_id, day)
        guests = _guests(session, group_id, day)
        sent = told.sent_out(session, group_id, day)
        minutes = told.minutes_of(session, group_id, day, today_of(request))
        meeting_id = _meeting_id(session, group_id, day)
        values = {
            "group_id": group_id,
            "group": group.name,
            "day": day,
            "has_been": day < today_of(request),
            "agenda": agenda,
            "nothing": agendas.NOTHING,
            "points": rows,
            "people": people,
            "guests": guests,
            "present_now": _present_now(people, guests),
            "sent": sent,
            "minutes": minutes is not None,
            "may_lead": may_lead(request, group.collaboration_id),
            "may_write": may_lead(request, group.collaboration_id) and sent is None,
            "queued": _queued(request),
            "address": _address(group_id, day),
            "tried": tried,
            "new": NEW,
            "present_form": PRESENT,
            "moved_form": MOVED,
            "is_on_file": meeting_id != 0,
            "moved_from": _moved_from(request),
            "agenda_sent": letters.sent_on(session, LetterKind.AGENDA, meeting_id),
        }
    title = f"{group.name}, {weekday_in_words(day)}"
    return show(request, "meeting_day.html", title, values, tried.status)


def _moved_from(request: Request) -> date | None:
    """The day that the meeting was moved from just now."""
    return day_in_address(request.query_params.get("flyttat", ""))


def _meeting_id(session: Session, group_id: int, day: date) -> int:
    """The meeting's number; 0 when it is not on file."""
    asked = select(c(Meeting).id).where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
    return session.execute(asked).scalar() or 0


def agenda_out(session: Session, group_id: int, days: Sequence[date]) -> date | None:
    """The last day that an agenda of a meeting on any of these days was mailed; None: none was."""
    ids = [_meeting_id(session, group_id, day) for day in days]
    sent = [letters.sent_on(session, LetterKind.AGENDA, id_) for id_ in ids if id_]
    return max((day for day in sent if day is not None), default=None)


def _queued(request: Request) -> str:
    """What the receipt of a letter says; "" where none was sent just now."""
    words = request.query_params.get("skickat", "")
    if not words.isdecimal() or len(words) > 4:
        return ""
    number = int(words)
    if not number:
        return "Protokollet är låst. Inget brev skickades."
    return f"Brevet ligger i kö till {counted(number, 'person', 'personer')}."


def _address(group_id: int, day: date) -> str:
    return f"/moten/{group_id}/dag/{day}"


def _day(words: str) -> date:
    """The day in an address; anything else is a page that is not there."""
    day = day_in_address(words)
    if day is None:
        raise HTTPException(404)
    return day
