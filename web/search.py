"""Sök: one field in the head of every page, for everything that she may open.

Of each kind the first few and how many there are, counted as far as `MOST`. What is not hers is
neither shown nor counted: each question asks as the list of its kind does. Nothing is written, and
each question stops at `MOST` rows; of letters only the newest are looked through, since their rows
are wide. The lists have filters for the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.decision import Decision
from models.folding import holds
from models.group import Group
from models.known import called_by
from models.letter import Letter
from models.lifecycle import OPEN
from models.listing import FAR
from models.person import Person
from models.plan import Plan
from models.span import Precision
from rules.access import Viewer
from rules.swedish_dates import read
from rules.wording import capitalised, day_in_words, period_in_words
from web.asking import letters
from web.page import leads, mine, readable_activities, settings_of, show, today_of, viewer_of
from web.people import people

router = APIRouter()
SHOWN = 6  # of each kind
MOST = 100  # counted of each kind
RECENT = 10_000  # letters, the newest
LATEST = 50_000  # activities whose "how" an administrator's search looks through too
LONGEST = 100  # characters that are looked for
_PIECES = 5  # words that are looked for
_SHORTEST = 2
_SCRIPT = Path(__file__).resolve().parent.parent / "templates" / "web" / "head.js"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    name: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What was found of one kind."""

    key: str  # the place in the page
    title: str
    hits: list[Hit]  # `MOST` and one more, at most
    everything: str = ""  # the list that shows all of them

    @property
    def number(self) -> str:
        """How many there are: "7", "100+"."""
        return f"{MOST}+" if len(self.hits) > MOST else str(len(self.hits))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: all the words that were written, and each by itself."""

    whole: str
    pieces: tuple[str, ...]
    today: date

    def among(self, *columns: ColumnElement[str]) -> ColumnElement[bool]:
        """Every word stands in one of the columns."""
        return and_(*(or_(*(holds(column, one) for column in columns)) for one in self.pieces))


@router.get("/sok")
def search(request: Request, q: str = "") -> HTMLResponse:
    """All that is found, kind by kind."""
    sought = sought_by(q, today_of(request))
    found: list[Kind] = []
    if sought:
        with reading(settings_of(request)) as session:
            found = everything(session, request, sought)
    values = {"sought": sought, "kinds": found, "shown": SHOWN, "recent": RECENT}
    return show(request, "search.html", "Sök", values)


@router.get("/sok.js", include_in_schema=False)
def script() -> Response:
    """What makes "/" lead to the field, and Escape shut the menu; all works without it."""
    return Response(_SCRIPT.read_text("utf-8"), media_type="text/javascript")


def sought_by(words: str, today: date) -> Sought | None:
    """What somebody looks for; None for what is too short to find anything by."""
    whole = " ".join(words.replace("\x00", "").split())[:LONGEST].strip()
    if len(whole) < _SHORTEST and not whole.isdecimal():
        return None
    return Sought(whole, tuple(whole.split()[:_PIECES]), today)


def everything(session: Session, request: Request, sought: Sought) -> list[Kind]:
    """The kinds of which something was found, in the order in which they stand."""
    asked: list[Callable[[Session, Request, Sought], Kind]] = [_activities, _plans, _groups]
    if leads(request):
        asked.append(_people)
    asked.append(_decisions)
    if leads(request):
        asked.append(_letters)
    kinds = [ask(session, request, sought) for ask in asked]
    return [kind for kind in kinds if kind.hits]


def _activities(session: Session, request: Request, sought: Sought) -> Kind:
    """By what and how, or by its number; the newest hundred, open ones first."""
    a, viewer = c(Activity), viewer_of(request)
    withdrawn = select(c(Plan).id).where(c(Plan).withdrawn_on.is_not(None))
    newest = (
        select(a.id)
        .where(
            or_(sought.among(a.what, _how(viewer)), _of_number(sought)),
            readable_activities(viewer),
            a.plan_id.not_in(withdrawn),
        )
        .order_by(a.id.desc())
        .limit(MOST + 1)
    )
    rows = session.execute(
        select(
            *(a.id, a.what, a.state, a.deadline_text, a.deadline_last),
            c(Group).name.label("group"),
            c(Plan).title.label("plan"),
        )
        .join(Group, c(Group).id == a.group_id)
        .join(Plan, c(Plan).id == a.plan_id)
        .where(a.id.in_(select(newest.subquery().c.id)))
    ).all()
    in_order = sorted(rows, key=lambda r: (r.state not in OPEN, r.deadline_last or FAR, r.id))
    hits = [
        Hit(
            row.what,
            _beside(capitalised(row.state.value), row.deadline_text, row.group, row.plan),
            f"/aktiviteter/{row.id}",
        )
        for row in in_order
    ]
    listed = f"/aktiviteter?sok={quote(sought.whole)}&visa=alla"
    return Kind("aktiviteter", "Aktiviteter", hits, listed)


def _how(viewer: Viewer) -> ColumnElement[str]:
    """How it is done; for whoever sees the activities of all, that of the latest of them."""
    how = c(Activity).how
    if not viewer.administrator:
        return how
    newest = select(func.max(c(Activity).id)).correlate(None).scalar_subquery()
    return case((c(Activity).id > newest - LATEST, how), else_="")


def _of_number(sought: Sought) -> ColumnElement[bool]:
    """The activity whose number was written: lists and meetings have it."""
    if sought.whole.isdecimal() and len(sought.whole) <= 9:
        return c(Activity).id == int(sought.whole)
    return false()


def _plans(session: Session, request: Request, sought: Sought) -> Kind:
    rows = session.execute(
        select(
            *(c(Plan).id, c(Plan).title, c(Plan).first_day, c(Plan).last_day),
            c(Group).name.label("group"),
        )
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(
            sought.among(c(Plan).title),
            mine(request, c(Plan).group_id),
            c(Plan).withdrawn_on.is_(None),
        )
        .order_by(c(Plan).last_day.desc(), c(Plan).id.desc())
        .limit(MOST + 1)
    )
    hits = [
        Hit(
            row.title,
            _beside(period_in_words(row.first_day, row.last_day), row.group),
            f"/planer/{row.id}",
        )
        for row in rows
    ]
    return Kind("planer", "Planer", hits, "/planer")


def _groups(session: Session, request: Request, sought: Sought) -> Kind:
    rows = session.execute(
        select(c(Group).id, c(Group).name, c(Group).kind)
        .where(sought.among(c(Group).name), mine(request, c(Group).id))
        .order_by(c(Group).name, c(Group).id)
        .limit(MOST + 1)
    )
    hits = [Hit(row.name, capitalised(row.kind), f"/grupper/{row.id}") for row in rows]
    return Kind("grupper", "Grupper", hits, "/grupper")


def _people(session: Session, request: Request, sought: Sought) -> Kind:
    """By the name that she knows somebody by, or the address."""
    name = called_by(viewer_of(request).leads)
    rows = session.execute(
        select(c(Person).id, name.label("name"), c(Person).email)
        .where(sought.among(name, c(Person).email), people.hers(request))
        .order_by(name, c(Person).id)
        .limit(MOST + 1)
    )
    hits = [Hit(row.name, row.email, f"/personer/{row.id}") for row in rows]
    return Kind("personer", "Personer", hits, f"/personer?sok={quote(sought.whole)}")


def _decisions(session: Session, request: Request, sought: Sought) -> Kind:
    """By reference, words or group, or by the day; each leads to the meetings of its group."""
    d = c(Decision)
    found = [sought.among(d.reference, d.text, c(Group).name)]
    day = _day(sought)
    if day is not None:
        found.append(d.decided_on == day)
    rows = session.execute(
        select(d.id, d.group_id, d.decided_on, d.reference, d.text, c(Group).name.label("group"))
        .join(Group, c(Group).id == d.group_id)
        .where(or_(*found), mine(request, d.group_id))
        .order_by(d.decided_on.desc(), d.id.desc())
        .limit(MOST + 1)
    )
    hits = [
        Hit(
            f"{row.group} {day_in_words(row.decided_on)}, {row.reference}",
            row.text,
            f"/moten/{row.group_id}#protokoll",
        )
        for row in rows
    ]
    return Kind("beslut", "Beslut och protokoll", hits)


def _day(sought: Sought) -> date | None:
    """The day that was written, if it was one."""
    span = read(sought.whole, sought.today)
    return span.first if span.precision is Precision.DAY and span.first == span.last else None


def _letters(session: Session, request: Request, sought: Sought) -> Kind:
    """By subject, or by the name of the one who got it; among the newest."""
    letter, name = c(Letter), letters.called_here(request)
    newest = select(func.max(letter.id)).correlate(None).scalar_subquery()
    rows = session.execute(
        select(letter.id, letter.on_day, letter.subject, letter.state, name)
        .join(Person, c(Person).id == letter.person_id)
        .where(
            letter.id > newest - RECENT,
            sought.among(letter.subject, name.element),
            letters.hers(request),
        )
        .order_by(letter.id.desc())
        .limit(MOST + 1)
    )
    hits = [
        Hit(
            row.subject,
            _beside(row.to_name, day_in_words(row.on_day), letters.STATE_IN_WORDS[row.state]),
            f"/utskick/{row.id}",
        )
        for row in rows
    ]
    return Kind("brev", "Brev", hits, f"/utskick?sok={quote(sought.whole)}")


def _beside(*words: str) -> str:
    """What there is of it, with a comma between."""
    said: Sequence[str] = [one for one in words if one]
    return ", ".join(said)
