"""Many activities at once: rows ticked in a list, one deed, one form, one answer.

The bar under a list (`templates/web/many_bar.html`) says which deed. This page shows the rows with
what the deed asks for, filled down over all of them, and what a row lacks at the row; then it does
what can be done. What it could not do is shown again, ticked, with its field. A row of somebody
else, one that is closed, or one that was changed since it was looked at is set aside with its
reason. How it is done is `intake/lives/many.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from intake.lives.many import (
    OF_A_ROW,
    Alter,
    Deed,
    Many,
    deed_named,
    do_many,
    is_possible,
    lacking,
)
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import Move, Outcome
from models.listing import Wanted, activities, responsible
from models.plan import Goal, Plan
from models.refusal import at, field_of
from models.undoing import batch_of
from models.versions import versions
from rules.access import LEADER
from rules.wording import alphabetically, capitalised, counted
from web.activities.activity_list import FIELDS, understand
from web.activities.bar import MOST
from web.activities.forms import AGREED_FIELDS, GROUP_FIELDS, Field, fields_of
from web.activities.second import who_changed
from web.forms import read_form
from web.numbers import stopped
from web.page import (
    mover_of,
    readable_activities,
    settings_of,
    show,
    those_allowed,
    today_of,
    viewer_of,
)
from web.sent import Tried

router = APIRouter()
_MOST_FIELDS = 6000
_ALL = "alla"  # the name of the form, before that of a field
_WHO = "Den finns inte, eller hör till en annan samverkan."
_ROW = "rad_"

# What has happened, of one and of several.
_DONE: dict[Deed, tuple[str, str]] = {
    Move.DECIDE: ("är beslutad", "är beslutade"),
    Move.START: ("har startat", "har startat"),
    Move.FOLLOW_UP: ("är uppföljd", "är uppföljda"),
    Move.PAUSE: ("är pausad", "är pausade"),
    Move.RESUME: ("är återupptagen", "är återupptagna"),
    Move.ABANDON: ("är avbruten", "är avbrutna"),
    Move.CARRY_OVER: ("är överförd", "är överförda"),
    Alter.RESPONSIBLE: ("har ny ansvarig", "har ny ansvarig"),
    Alter.DEADLINE: ("har nytt slutdatum", "har nytt slutdatum"),
    Alter.FOLLOW_UP: ("har ny uppföljning", "har ny uppföljning"),
    Alter.GOAL: ("har fått målet", "har fått målet"),
    Alter.GROUP: ("har bytt grupp", "har bytt grupp"),
}
_FOR = {
    Alter.RESPONSIBLE: "Ändra ansvarig för",
    Alter.DEADLINE: "Ändra slutdatum för",
    Alter.FOLLOW_UP: "Ändra uppföljning för",
    Alter.GOAL: "Lägg till mål för",
    Alter.GROUP: "Byt grupp för",
}
_WHY = Field("reason", "Varför?")
_BY_NAME = {each.name: each for each in AGREED_FIELDS}
_OF_ALL: dict[Deed, tuple[Field, ...]] = {
    Alter.RESPONSIBLE: (
        Field("responsible", "Ansvarig, en på varje rad", "lines", required=True),
        _WHY,
    ),
    Alter.DEADLINE: (
        Field("deadline", "Nytt slutdatum", "day", required=True),
        Field("reason", "Varför? Behövs för dem som redan har ett slutdatum"),
    ),
    Alter.FOLLOW_UP: (
        Field("follow_up", "Hur följs de upp?", "lines", required=True),
        _WHY,
    ),
    Alter.GOAL: (Field("goals", "Vilket mål?", "goal", required=True), _WHY),
    Alter.GROUP: tuple(each for each in GROUP_FIELDS if each.name != "decision"),
}
_OF_ONE = {
    "goals": Field("goals", "Mål", "goal"),
    "responsible": Field("responsible", "Ansvarig"),
    "deadline": Field("deadline", "Slutdatum", "day"),
    "follow_up": Field("follow_up", "Hur följs den upp?"),
    "result": Field("result", "Vad blev resultatet?"),
    "figure": Field("figure", "Siffra för utfallet"),
    "why_no_figure": Field("why_no_figure", "Om ingen siffra finns: varför?"),
    "outcome": Field("outcome", "Hur gick det?", "outcome"),
}


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that nothing is done with, and why. Without a name: she may not read it."""

    id: int
    what: str
    why: str


@dataclass(slots=True)
class Row:
    """A row of the form: what she sees of it, its fields, and what is wrong."""

    id: int
    version: str
    what: str
    state: str
    look: str
    responsible: str
    deadline: str
    plan: str
    fields: list[Field] = field(default_factory=list)
    goals: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Came:
    """What came of it so far."""

    asides: list[Aside] = field(default_factory=list)
    done: list[tuple[int, str]] = field(default_factory=list)
    same: list[tuple[int, str]] = field(default_factory=list)  # were so already
    refused: Mapping[int, list[str]] = field(default_factory=dict)
    for_all: list[str] = field(default_factory=list)  # sentences about what is said for all
    batch: int | None = None  # what was done, to take it back by


async def _fields(request: Request) -> dict[str, str]:
    sent = await read_form(request, max_fields=_MOST_FIELDS)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


@router.post("/aktiviteter/flera")
def many(request: Request, given: Annotated[dict[str, str], Depends(_fields)]) -> HTMLResponse:
    """Show the rows with what the deed asks for; with `utfor` do it."""
    deed = deed_named(given.get("gor", ""))
    if deed is None:
        raise HTTPException(404)
    seen = _chosen(request, given)
    came = Came()
    if len(seen) > MOST:
        told = f"Högst {MOST} aktiviteter åt gången. Gå tillbaka och snäva in urvalet."
        return _page(request, deed, {}, given, Came(for_all=[told]))
    if wrong := stopped(request).sentences:
        came.for_all = list(wrong)
    elif not seen:
        came.for_all = ["Kryssa för minst en aktivitet."]
    elif given.get("utfor"):
        _do(request, deed, seen, given, came)
    over = dict([*came.done, *came.same])
    left = {id_: version for id_, version in seen.items() if id_ not in over}
    return _page(request, deed, left, given, came)


def _chosen(request: Request, given: Mapping[str, str]) -> dict[int, str]:
    """The rows that were ticked, each with the version that was looked at.

    All of a list are found anew; those on pages that nobody opened have no version to compare.
    """
    seen: dict[int, str] = {}
    for name, version in given.items():
        number = name.removeprefix(_ROW)
        if name.startswith(_ROW) and number.isdecimal():
            seen[int(number)] = version
    if not given.get(_ALL):
        return seen
    today = today_of(request)
    wanted = understand({key: given.get(key, "") for key in FIELDS}, today).wanted
    found = activities(wanted, today, readable_activities(viewer_of(request)))
    with reading(settings_of(request)) as session:
        rows = session.execute(found.limit(MOST + 1)).all()
    return {row.id: seen.get(row.id, "") for row in rows}


def _do(
    request: Request, deed: Deed, seen: Mapping[int, str], given: Mapping[str, str], came: Came
) -> None:
    """Do it with the rows that are hers, may be, and stand as she saw them."""
    settings, today = settings_of(request), today_of(request)
    hers = those_allowed(request, LEADER, "activity_id", seen)
    with transaction(settings) as session:
        now = versions(session, hers, held=True)
        stale = {id_ for id_ in now if seen[id_] and seen[id_] != now[id_]}
        states = _states(session, now)
        ready = [id_ for id_ in now if id_ not in stale and is_possible(deed, states[id_])]
        rows = {id_: _brought(deed, id_, given) for id_ in ready}
        made = Many()
        if rows:
            made = do_many(
                *(session, deed, rows, mover_of(request)),
                today=today,
                promises=policy.load(settings.home),
            )
        names = _names(session, [*made.done, *made.same])
        why = who_changed(session, stale)
        came.batch = batch_of(session, today) if made.done else None
    came.done = [(id_, names[id_]) for id_ in made.done]
    came.same = [(id_, names[id_]) for id_ in made.same]
    came.refused = made.refused | {id_: [told] for id_, told in why.items()}
    came.for_all = _of_all(deed, made)
    came.refused = {
        id_: [told for told in sentences if told not in came.for_all]
        for id_, sentences in came.refused.items()
    }


def _brought(deed: Deed, id_: int, given: Mapping[str, str]) -> dict[str, str]:
    """What a row brings along: its own words, and those for all where it has none."""
    names = [each.name for each in fields_for_all(deed)]
    words = {name: given.get(name, "") for name in names}
    words |= {name: yes for name, yes in given.items() if name.startswith("ja_")}
    for name in OF_A_ROW.get(deed, ()):
        own = given.get(f"{name}_{id_}", "").strip()
        words[name] = own or words.get(name, "")
    return words


def fields_for_all(deed: Deed) -> tuple[Field, ...]:
    """What is asked for once, and holds for every row."""
    return fields_of(deed) if isinstance(deed, Move) else _OF_ALL[deed]


def _of_all(deed: Deed, made: Many) -> list[str]:
    """What is said of every refused row, and is about a field that is asked for once."""
    names = {each.name for each in fields_for_all(deed)}
    told: dict[str, int] = {}
    for sentences in made.refused.values():
        for sentence in dict.fromkeys(sentences):
            told[sentence] = told.get(sentence, 0) + 1
    return [
        sentence
        for sentences in list(made.refused.values())[:1]
        for sentence in dict.fromkeys(sentences)
        if told[sentence] == len(made.refused) and field_of(sentence) in names
    ]


def _states(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    asked = select(c(Activity).id, c(Activity).state).where(c(Activity).id.in_(list(ids)))
    return dict(session.execute(asked).tuples().all())


def _names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    asked = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(list(ids)))
    return dict(session.execute(asked).tuples().all())


def _page(
    request: Request, deed: Deed, seen: Mapping[int, str], given: Mapping[str, str], came: Came
) -> HTMLResponse:
    """What was done, what was set aside, and the rows that are left with their fields."""
    today, promises = today_of(request), policy.load(settings_of(request).home)
    hers = those_allowed(request, LEADER, "activity_id", seen)
    with reading(settings_of(request)) as session:
        rows = _rows(request, session, seen)
        known = {row.id: row for row in rows}
        asides = [Aside(id_, "", _WHO) for id_ in seen if id_ not in known]
        asides += [Aside(row.id, row.what, _WHO) for row in rows if row.id not in hers]
        left = [row for row in rows if row.id in hers]
        closed = [row for row in left if not is_possible(deed, row.state)]
        asides += [Aside(row.id, row.what, _why_closed(deed, row)) for row in closed]
        left = [row for row in left if is_possible(deed, row.state)]
        lacks = lacking(session, deed, [row.id for row in left], today, promises)
        shown = _form_rows(session, deed, left, seen, given, came, lacks)
        choices = _choices(session, {row.collaboration_id for row in left}, left)
    tried = Tried(_ALL, _summary(shown, came), given)
    values = {
        "deed": deed.value,
        "button": _title(deed, len(shown)) if shown else "",
        "for_all": fields_for_all(deed) if shown else (),
        "rows": shown,
        "asides": asides,
        "came": came,
        "told_done": _told_done(deed, came),
        "choices_of": choices,
        "tried": tried,
        "all": _ALL,
        "places": _places(shown),
        "back": {key: given[key] for key in FIELDS if given.get(key)},
        "address": urlencode({key: given[key] for key in FIELDS if given.get(key)}),
        "plan_id": given.get("plan", ""),
    }
    bad = bool(tried.problems) or bool(came.for_all)
    title = _title(deed, len(shown)) if shown else capitalised(deed.value)
    return show(request, "many.html", title, values, 422 if bad else 200)


def _rows(request: Request, session: Session, seen: Mapping[int, str]) -> list[Any]:
    """The rows as a list has them, of those that she may read."""
    may_read = readable_activities(viewer_of(request))
    asked = activities(Wanted(), today_of(request), may_read)
    return list(session.execute(asked.where(c(Activity).id.in_(list(seen)))))


def _form_rows(
    session: Session,
    deed: Deed,
    rows: list[Any],
    seen: Mapping[int, str],
    given: Mapping[str, str],
    came: Came,
    lacks: Mapping[int, list[str]],
) -> list[Row]:
    """The rows as the form draws them: each with its version, and the fields that it needs."""
    ids = [row.id for row in rows]
    now, named = versions(session, ids), responsible(session, ids)
    stale = {id_ for id_ in ids if seen[id_] and seen[id_] != now[id_]}
    changed = who_changed(session, stale) if stale else {}
    goals = _goals(session, {row.plan_id for row in rows})
    made = []
    for row in rows:
        told = list(came.refused.get(row.id, ()))
        if row.id in changed and changed[row.id] not in told:
            told.append(changed[row.id])
        asked = [*told, *lacks.get(row.id, ())]
        if not given.get("utfor"):  # foretold, before she has tried
            told = asked
        made.append(
            Row(
                *(row.id, now[row.id], row.what, capitalised(row.state.value)),
                *(row.state.name.lower(), ", ".join(named.get(row.id, ()))),
                *(row.deadline_text or ("löper över tid" if row.runs_on else ""), row.plan),
                fields=_fields_of_row(deed, row.id, asked, given),
                goals=goals.get(row.plan_id, []),
                told=told,
            )
        )
    return made


def _fields_of_row(deed: Deed, id_: int, told: list[str], given: Mapping[str, str]) -> list[Field]:
    """A follow-up has its own result; else a row has a field for what it lacks or has written."""
    names = OF_A_ROW.get(deed, ())
    if deed is Move.FOLLOW_UP:
        return [_OF_ONE[name] for name in names]
    lacks = {field_of(words) for words in told}
    return [_OF_ONE[name] for name in names if name in lacks or given.get(f"{name}_{id_}")]


def _summary(rows: list[Row], came: Came) -> list[str]:
    """What the summary says, each sentence at its field: for all first, then row by row."""
    if not (came.refused or came.for_all):
        return []
    told = list(came.for_all)
    for row in rows:
        names = {each.name for each in row.fields}
        for sentence in row.told:
            name = field_of(sentence)
            place = f"{name}_{row.id}" if name in names else f"{_ROW}{row.id}"
            told.append(at(place, f"{row.what}: {sentence}"))
    return told


def _places(rows: list[Row]) -> dict[str, str]:
    """Where each field of a row stands on the page, by what the summary calls it."""
    places = {f"{_ROW}{row.id}": f"{_ROW}{row.id}" for row in rows}
    for row in rows:
        for each in row.fields:
            places[f"{each.name}_{row.id}"] = f"{each.name}_{row.id}"
    return places


def _title(deed: Deed, number: int) -> str:
    words = _FOR[deed] if isinstance(deed, Alter) else capitalised(deed.value)
    return f"{words} {counted(number, 'aktivitet', 'aktiviteter')}"


def _told_done(deed: Deed, came: Came) -> str:
    if not came.done:
        return ""
    one, several = _DONE[deed]
    number = len(came.done)
    how = one if number == 1 else several
    return capitalised(f"{counted(number, 'aktivitet', 'aktiviteter')} {how}.")


def _why_closed(deed: Deed, row: Any) -> str:  # noqa: ANN401 - a row
    what = "det" if isinstance(deed, Alter) else deed.value
    return f"Den är {row.state.value}, så {what} går inte."


def _goals(session: Session, plans: set[int]) -> dict[int, list[tuple[str, str]]]:
    asked = select(c(Goal).plan_id, c(Goal).text).where(c(Goal).plan_id.in_(plans))
    found: dict[int, list[tuple[str, str]]] = {}
    for plan_id, text in session.execute(asked.order_by(c(Goal).position, c(Goal).id)):
        found.setdefault(plan_id, []).append((text, text))
    return found


def _choices(
    session: Session, areas: set[int], rows: list[Any]
) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen, by kind of field, in the collaborations that the rows belong to."""
    groups = select(c(Group).name).where(c(Group).collaboration_id.in_(areas))
    plans = select(c(Plan).title).where(c(Plan).collaboration_id.in_(areas))
    goals = _goals(session, {row.plan_id for row in rows})
    every = dict.fromkeys(pair for pairs in goals.values() for pair in pairs)
    return {
        "group": _pairs(session.execute(groups).scalars()),
        "plan": _pairs(session.execute(plans.where(c(Plan).closed_on.is_(None))).scalars()),
        "outcome": [(outcome.value, outcome.value) for outcome in Outcome],
        "goal": list(every),
    }


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(set(names), key=alphabetically)]
