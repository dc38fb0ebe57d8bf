"""Läs in en plan: a file is chosen, shown beside what was understood of it, and saved whole or not.

Everything is one form: it works without JavaScript, and the page keeps nothing but the file
(`kept_files.py`), which is read and compared anew when it is saved.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from config.settings import Settings
from intake.documents import Document, File, Refusal, kind_of, read_content
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.differences import Differences, activities_of
from intake.filing.edited import edited, may_accept, values_of
from intake.filing.known import with_doubts_on_file
from intake.filing.remembered import Remembered, remember, remembered
from intake.filing.side_by_side import Stood, tables_behind
from intake.filing.taking_in import against, take_in
from intake.lives.entries import of_batch
from intake.lives.running import decided_day, decision_of, take_decision
from intake.plan.heading_words import Synonyms
from intake.plan.synonyms import own_headings
from intake.plan_seen import cells_behind, seen
from intake.scanned import Unscanned
from models.columns import c
from models.database import Turns, reading, take_turns, transaction
from models.decision import Agreed
from models.group import Group
from models.moves import Mover, Refused
from models.plan import Plan, PlanChange
from models.reminded import remind_from
from models.undoing import batch_of, stands
from rules.meanwhile import filled_from, other_than
from rules.wording import alphabetically
from web.kept_files import Given, file_of, forget_named, keep, sent
from web.page import mover_of, settings_of, show, today_of
from web.people.register import group_choices, led_areas
from web.plans.plan_columns import (
    FORGET,
    ROLES,
    SHOWN,
    as_if_never_shown,
    columns_of,
    columns_seen,
    first_rows,
    pointed_out,
    without_what_was_typed,
)
from web.plans.plan_place import NEW, Chosen, chosen_place, named, refuse_one_on_file
from web.watched import Happened, tell

router = APIRouter()
MOST_FIELDS = 60_000  # of the largest plan that is read
MOST_ROWS = 400  # of the tables as they stood
_SCRIPT = Path(__file__).resolve().parents[2] / "templates" / "web" / "plan_import.js"
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_UNSEEN = (
    "Inget är sparat. Det här har ändrats sedan du såg förhandsvisningen, så se över ändringarna "
    "och spara igen:"
)
_LONGEST_NUMBER = 16
_NEW_PLAN = "planen"  # what was read in was a plan, and is taken back whole
FIELD_WORDS = {
    Agreed.WHAT: "Aktivitet",
    Agreed.HOW: "Hur",
    Agreed.RESPONSIBLE: "Ansvarig",
    Agreed.START: "Start",
    Agreed.DEADLINE: "Slutdatum",
    Agreed.FOLLOW_UP: "Uppföljning",
    Agreed.GOALS: "Mål",
    Agreed.TARGET_GROUPS: "Målgrupp",
    Agreed.FUNDING: "Pengar",
    Agreed.PARTICIPANTS: "Deltar",
    Agreed.PROMISES: "Löften att redovisa",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One activity as understood, beside the cells that it was read from."""

    at: int
    activity: ActivityDraft
    values: Mapping[str, str]
    stood: Sequence[Stood]

    @property
    def place(self) -> str:
        """Where in the file it stood."""
        return place_of(self.activity.source)


async def _sent(request: Request) -> AsyncIterator[Given]:
    async with sent(request, max_fields=MOST_FIELDS) as given:
        yield given


@router.get("/planer/las-in")
def choose(
    request: Request,
    plan: str = "",
    sparad: str = "",
    nya: str = "",
    andrade: str = "",
    gjort: str = "",
) -> HTMLResponse:
    """The form to choose a file; after a save it tells what was saved, and how it is undone."""
    numbers = [word for word in (sparad, nya, andrade) if word.isdecimal() and len(word) < 10]
    saved = [int(n) for n in numbers] if len(numbers) == 3 else []
    return _choose(request, (), plan, saved, gjort)


@router.get("/planer/las-in.js", include_in_schema=False)
def script() -> Response:
    """The page's script: a file can be dropped on it."""
    return Response(_SCRIPT.read_text("utf-8"), media_type="text/javascript")


@router.post("/planer/las-in")
def read_in(request: Request, given: Annotated[Given, Depends(_sent)]) -> Response:
    """Show what is understood of a file; with the word to save, save all of it or nothing."""
    settings = settings_of(request)
    if "avbryt" in given.fields:
        forget_named(settings, given.fields)
        return RedirectResponse("/planer", 303)
    fields: Mapping[str, str] = given.fields
    if "kolumner" in fields:
        fields = without_what_was_typed(fields)
    elif "fran_borjan" in fields:
        fields = as_if_never_shown(fields)
    try:
        name, file = file_of(settings, given)
        document = read(settings, name, file)
        shown = _shown_before(request, document, fields)
        synonyms = {**own_headings(settings.home), **shown.columns, **pointed_out(fields)}
        found = seen(document, synonyms)
        if found.draft is None:
            return _point_out(request, document, file, fields, found.refusal)
        return _answered(request, _Read(document, found.draft, file, fields, synonyms, shown))
    except (Refusal, Unscanned) as refusal:
        tell(request, Happened.REFUSED_FILE)
        return _choose(request, [refusal.swedish], fields.get("plan", ""))


def _answered(request: Request, it: "_Read") -> Response:
    """Saved, or shown; with what stood in the way of saving it."""
    try:
        if "spara" in it.fields or "pagar" in it.fields:
            return _save(request, it)
        return _preview(request, it)
    except Refused as refused:
        return _preview(request, replace(it, problems=refused.sentences))


def _shown_before(request: Request, document: Document, fields: Mapping[str, str]) -> Remembered:
    """What she, or somebody who leads with her, has shown of the columns of such a file."""
    if FORGET in fields:
        return Remembered()
    with reading(settings_of(request)) as session:
        areas = [id_ for id_, _ in led_areas(session, request)]
        return remembered(session, areas, document)


def _point_out(
    request: Request, document: Document, file: File, fields: Mapping[str, str], problem: str
) -> HTMLResponse:
    """Show the columns of a file where no plan was found, for her to say what they are."""
    columns = columns_seen(document, fields)
    if not columns:
        return _choose(request, [problem], fields.get("plan", ""))
    values = {
        "problems": [problem],
        "name": document.file,
        "fingerprint": keep(settings_of(request), file),
        "columns": columns,
        "rows": first_rows(document, columns),
        "roles": ROLES,
    }
    title = f"Kolumnerna i {document.file}"
    return _with_script(show(request, "plan_columns.html", title, values, 422))


def read(settings: Settings, name: str, file: File) -> Document:
    """The tables of a file that was sent."""
    kind_of(name)
    most, pages = settings.max_upload_bytes, settings.max_pdf_pages
    return read_content(name, file, max_bytes=most, max_pages=pages)


def place_of(source: Source) -> str:
    """Where something stood, in Swedish: "Tabell 1, rad 4, kolumn 2"."""
    if source.sheet:
        where = f"Blad {source.sheet}"
    elif source.table:
        where = f"Tabell {source.table}"
    else:
        where = "Löpande text"
    if source.page:
        where = f"Sida {source.page}, {where[0].lower()}{where[1:]}"
    row = f", {'rad' if source.table else 'stycke'} {source.row}"
    return where + row + (f", kolumn {source.column}" if source.column else "")


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, and the form as it was left."""

    document: Document
    draft: PlanDraft
    file: File
    fields: Mapping[str, str]
    synonyms: Synonyms
    shown: Remembered
    problems: Sequence[str] = ()


def _save(request: Request, it: _Read) -> Response:
    settings, today = settings_of(request), today_of(request)
    draft, fields = it.draft, it.fields
    with transaction(settings) as session:
        take_turns(session, Turns.PLANS)  # the same file from two tabs is one plan
        chosen = chosen_place(session, request, draft, fields)
        draft = with_doubts_on_file(
            session, named(session, draft, chosen, fields), organisation=chosen.area
        )
        left = edited(draft, fields, today=today)
        if left.problems:
            raise Refused(left.problems)
        refuse_one_on_file(session, left.draft, chosen)
        differences = against(session, left.draft, chosen.plan_id, today=today)
        _refuse_unseen(differences, fields)
        goes = _going(session, chosen.plan_id, left.draft, fields, today)
        filed = take_in(
            session,
            left.draft,
            differences,
            mover_of(request, f"inläsning av {draft.file}"),
            organisation=chosen.area,
            review_months=policy.load(settings.home).review_months,
            today=today,
            accepted=_accepted(differences, fields),
            moved=_moved(differences, fields),
            proposed_on=goes,
        )
        done = _NEW_PLAN if chosen.plan_id is None else _to_take_back(session, today)
        if goes and filed.plan_id is not None:
            _goes_already(session, filed.plan_id, chosen, fields, mover_of(request), today)
        if filed.plan_id is not None and (SHOWN in fields or FORGET in fields):
            remember(session, filed.plan_id, it.document, pointed_out(fields), today)
    forget_named(settings, fields)
    if goes:
        return RedirectResponse(f"/planer/{filed.plan_id}/pagar", 303)
    told = f"sparad={filed.plan_id}&nya={filed.new}&andrade={filed.changed}&gjort={done}"
    return RedirectResponse(f"/planer/las-in?{told}", 303)


def _to_take_back(session: Session, today: date) -> str:
    """The number of what was saved; "" when nothing of it can be taken back."""
    session.flush()
    batch = batch_of(session, today)
    return str(batch) if of_batch(session, batch) else ""


def _goals_came(session: Session, done: str) -> bool:
    """Did goals come with what was saved? They are taken back with it."""
    if not done.isdecimal() or len(done) > _LONGEST_NUMBER:
        return False
    x = c(PlanChange)
    came = select(x.id).where(x.batch == int(done), x.goal_id.is_not(None), stands(x))
    return session.execute(came.limit(1)).first() is not None


def _going(
    session: Session, plan_id: int | None, draft: PlanDraft, fields: Mapping[str, str], today: date
) -> date | None:
    """The day of the decision that the plan already follows; None when it does not go yet."""
    if "pagar" not in fields:
        return None
    known = decision_of(session, plan_id) if plan_id and not fields.get("decided_on") else None
    return known.on if known else decided_day(fields, draft.first_day, today)


def _goes_already(
    session: Session,
    plan_id: int,
    chosen: Chosen,
    fields: Mapping[str, str],
    mover: Mover,
    today: date,
) -> None:
    """Its decision is registered; and nothing goes out about a new one until she says so."""
    if chosen.plan_id is None:
        remind_from(session, plan_id, None)
    if fields.get("decided_on"):
        take_decision(session, plan_id, fields, mover, today=today)


def _moved(differences: Differences, fields: Mapping[str, str]) -> list[int]:
    """The activities that are to come to the state that the file says."""
    every = "change_all" in fields
    ids = [one.kept.id for one in differences.elsewhere]
    return [id_ for id_ in ids if every or f"state_{id_}" in fields]


def _stood(differences: Differences) -> dict[str, object]:
    """What is on file where the file says otherwise, by the names of the ticks that accept it."""
    stood: dict[str, object] = {}
    for one in differences.changed:
        for each in one.changes:
            stood[f"change_{one.kept.id}_{each.what}"] = each.before
    for other in differences.elsewhere:
        stood[f"state_{other.kept.id}"] = other.kept.state
    return stood


def _refuse_unseen(differences: Differences, fields: Mapping[str, str]) -> None:
    """Nobody accepts a change of what she has not seen: somebody may have changed it meanwhile."""
    stood = _stood(differences)
    ticked = {name: was for name, was in stood.items() if "change_all" in fields or name in fields}
    other = other_than(fields, ticked)
    told = []
    for one in differences.changed:
        for each in one.changes:
            if f"change_{one.kept.id}_{each.what}" in other:
                now = f"Nu står ”{each.before}”." if each.before else "Nu står inget där."
                told.append(f"{one.kept.what[:80]}: {FIELD_WORDS[each.what].lower()}. {now}")
    for elsewhere in differences.elsewhere:
        if f"state_{elsewhere.kept.id}" in other:
            told.append(f"{elsewhere.kept.what[:80]}: läget. Nu är den {elsewhere.kept.state}.")
    if told:
        raise Refused([_UNSEEN, *told])


def _accepted(differences: Differences, fields: Mapping[str, str]) -> dict[int, list[Agreed]]:
    return {
        one.kept.id: [
            each.what
            for each in one.changes
            if "change_all" in fields or f"change_{one.kept.id}_{each.what}" in fields
        ]
        for one in differences.changed
    }


def _choose(
    request: Request,
    problems: Sequence[str],
    plan: str,
    saved: Sequence[int] = (),
    done: str = "",
) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        plans = _plans(session, request)
        goals_came = _goals_came(session, done)
    values = {
        "problems": problems,
        "plans": plans,
        "chosen": plan,
        "saved": saved,
        "new_plan": done == _NEW_PLAN,
        "batch": done if done.isdecimal() else "",
        "goals_came": goals_came,
        "most": settings_of(request).max_upload_mb,
    }
    status = 422 if problems else 200
    return _with_script(show(request, "plan_import.html", "Läs in en plan", values, status))


def _preview(request: Request, file: _Read) -> HTMLResponse:
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        try:
            chosen = chosen_place(session, request, file.draft, file.fields)
            draft = named(session, file.draft, chosen, file.fields)
        except Refused as refused:
            return _choose(request, refused.sentences, "")
        draft = with_doubts_on_file(session, draft, organisation=chosen.area)
        differences = against(session, draft, chosen.plan_id, today=today)
        place = session.get(Plan, chosen.plan_id) if chosen.plan_id is not None else None
        begins = place.reminded_from if place is not None else None
        choices = {"plans": _plans(session, request), "groups": _groups(session, request)}
    stood = cells_behind(file.document, file.synonyms)
    cards = _cards(draft, differences, stood)
    values = choices | {
        "name": draft.file,
        "fingerprint": keep(settings, file.file),
        "filled_from": filled_from(_stood(differences)),
        "problems": file.problems,
        "draft": draft,
        "chosen": chosen,
        "reminded_from": begins,
        "new": NEW,
        "differences": differences,
        "doubtful": [card for card in cards if card.activity.questions],
        "certain": [card for card in cards if not card.activity.questions],
        "sheets": tables_behind(file.document, stood, MOST_ROWS),
        "given": file.fields,
        "field_words": FIELD_WORDS,
        "may_accept": may_accept,
        "place_of": place_of,
        "drafts": activities_of(draft),
        "columns": columns_of(draft),
        "roles": ROLES,
        "carried": [name for name in (SHOWN, FORGET) if name in file.fields],
        "shown_on": file.shown.on_day,
    }
    status = 422 if file.problems else 200
    title = f"Förhandsvisning: {draft.file}"
    return _with_script(show(request, "plan_preview.html", title, values, status))


def _cards(
    draft: PlanDraft, differences: Differences, stood: Mapping[tuple[int, int], Sequence[Stood]]
) -> list[Card]:
    drafts = activities_of(draft)
    return [
        Card(
            at,
            drafts[at],
            values_of(drafts[at]),
            stood.get((drafts[at].source.table, drafts[at].source.row), ()),
        )
        for at in differences.added
    ]


def _plans(session: Session, request: Request) -> list[tuple[int, str]]:
    areas = [id_ for id_, _ in led_areas(session, request)]
    rows = session.execute(
        select(c(Plan).id, c(Plan).title, c(Group).name)
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(c(Plan).collaboration_id.in_(areas), c(Plan).closed_on.is_(None))
    )
    return sorted(
        ((id_, f"{title}, {group}") for id_, title, group in rows),
        key=lambda pair: alphabetically(pair[1]),
    )


def _groups(session: Session, request: Request) -> list[tuple[int, str]]:
    areas = [id_ for id_, _ in led_areas(session, request)]
    return group_choices(session, areas)


def _with_script(response: HTMLResponse) -> HTMLResponse:
    """The page for files has a small script of ours, so that a file can be dropped on it."""
    response.headers["Content-Security-Policy"] = _CSP
    return response
