"""What is being typed at a meeting: kept when the page is left, and judged when it comes back.

A row that somebody else moved since the page was drawn is set aside with who did what, and the
others are saved. What is kept is no registration: the page says so, and forgets it when it is sent.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import or_, select
from sqlmodel import Session

from intake.lives.meetings import drop_draft, keep_draft
from models.activity import Activity
from models.columns import c
from models.database import transaction
from models.decision import Agreed, Change, Decision, MoveRow
from models.group import Group
from models.lifecycle import Move, State
from models.undoing import stands
from models.versions import versions
from reports.minutes import AT_A_MEETING, agreed_in_words, was_of
from reports.rollup.story import DONE
from rules.wording import day_in_words
from web.activities.second import last_deeds
from web.page import mover_of, settings_of, today_of
from web.sent import Sent, existing

router = APIRouter()
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LARGEST = 200_000  # characters of a draft
MOST = 60  # of what was registered just now
SEEN = "seen_"
_GIVEN_BY_ITSELF = ("decided_on", "decision_group", "gor", "ta_upp")  # what the page fills in
_CHOSEN = ("move", "accept")
_SCRIPT = Path(__file__).resolve().parents[2] / "templates" / "web" / "meeting.js"


@router.get("/mote.js", include_in_schema=False)
def script() -> Response:
    """The page's script."""
    return Response(_SCRIPT.read_text("utf-8"), media_type="text/javascript")


@router.post("/moten/{group_id}/utkast")
def keep(request: Request, group_id: int, given: Sent) -> Response:
    """Keep what is filled in, in place of what was kept before; or let it go."""
    if given.get("gor") == "bort":
        with transaction(settings_of(request)) as session:
            drop_draft(session, group_id, mover_of(request))
        return RedirectResponse(f"/moten/{group_id}", 303)
    if sum(map(len, given.values())) <= LARGEST:
        with transaction(settings_of(request)) as session:
            existing(session, Group, group_id)
            save(session, request, group_id, given)
    return Response(status_code=204)


def save(session: Session, request: Request, group_id: int, given: Mapping[str, str]) -> None:
    """Keep what she has filled in herself; nothing of hers keeps nothing."""
    hers = any(
        words.strip()
        for name, words in given.items()
        if name not in _GIVEN_BY_ITSELF and not name.startswith(SEEN)
    )
    fields = given if hers else {}
    keep_draft(session, group_id, mover_of(request), fields, today_of(request))


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A row that somebody was writing at, and that is no longer what she saw."""

    activity_id: int
    what: str
    sentence: str
    was_proposed: bool = False


def chosen_in(given: Mapping[str, str]) -> dict[int, str]:
    """The rows in which she has chosen something, and the version that she saw of each.

    A form that does not say what was seen is taken as it is.
    """
    found = {}
    for name in given:
        start, _, number = name.rpartition("_")
        if start in _CHOSEN and number.isdecimal() and given[name].strip():
            found[int(number)] = given.get(f"{SEEN}{number}", "")
    return {number: seen for number, seen in found.items() if seen}


def seen_in(given: Mapping[str, str]) -> set[int]:
    """The rows that were in the form."""
    numbers = (name.removeprefix(SEEN) for name in given if name.startswith(SEEN))
    return {int(number) for number in numbers if number.isdecimal()}


def overtaken(session: Session, seen: Mapping[int, str], *, held: bool = False) -> list[Overtaken]:
    """Those that others have changed since she saw them.

    `held`: nobody changes them until we are done.
    """
    now = versions(session, seen, held=held) if seen else {}
    changed = [number for number in sorted(now) if now[number] != seen[number]]
    return [_told(session, number) for number in changed]


def overtaken_by_others(
    session: Session, given: Mapping[str, str], chosen: Collection[int]
) -> list[Overtaken]:
    """The same of rows that "all of them" meant: they were proposed, and were changed since."""
    others = {number: given[f"{SEEN}{number}"] for number in seen_in(given) if number not in chosen}
    return [one for one in overtaken(session, others) if one.was_proposed]


def no_longer_here(session: Session, numbers: Iterable[int]) -> list[Overtaken]:
    """Rows that waited for the meeting when she saw them, and do not any more."""
    asked = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(list(numbers)))
    return [Overtaken(row.id, row.what, _GONE) for row in session.execute(asked)]


def answered_anew(activity_id: int, what: str) -> Overtaken:
    """A row whose answer she ticked, and that has another answer now."""
    return Overtaken(activity_id, what, _NEWER)


_NEWER = (
    "Ett nyare besked kom efter att du öppnade sidan, så raden är inte registrerad. Det visas nu. "
    "Kryssa i igen om mötet säger ja till det."
)
_GONE = (
    "Raden väntar inte på mötet längre, för den har tagits upp efter att du öppnade sidan. Inget "
    "är registrerat på den nu."
)


def _told(session: Session, activity_id: int) -> Overtaken:
    what = session.execute(select(c(Activity).what).where(c(Activity).id == activity_id)).scalar()
    move = c(MoveRow)
    states = session.execute(
        select(move.from_state, move.to_state)
        .where(move.activity_id == activity_id, stands(move))
        .order_by(move.id.desc())
        .limit(1)
    ).one()
    last = last_deeds(session, [activity_id])[activity_id]
    sentence = (
        "Aktiviteten ändrades efter att du öppnade sidan, så raden är inte registrerad. "
        f"Senast: {last.done} {day_in_words(last.on_day)} av {last.by}. Se efter om det du valde "
        "fortfarande stämmer."
    )
    return Overtaken(activity_id, str(what), sentence, State.PROPOSED in states)


def registered_on(session: Session, group_id: int, day: date) -> list[Any]:
    """What has been registered of a group's meeting on a day, by anybody, the newest first."""
    found = [*_moved_on(session, group_id, day), *_agreed_on(session, group_id, day)]
    newest = sorted(found, key=lambda one: one[0], reverse=True)
    return [
        {"id": row.id, "what": row.about, "became": became, "reference": row.reference or ""}
        | {"by": row.by}
        for _, became, row in newest[:MOST]
    ]


def _moved_on(session: Session, group_id: int, day: date) -> list[tuple[datetime, str, Any]]:
    move = c(MoveRow)
    rows = session.execute(
        select(c(Activity).id, c(Activity).what.label("about"), move.move, move.by, move.at)
        .add_columns(c(Decision).reference)
        .join(Activity, c(Activity).id == move.activity_id)
        .outerjoin(Decision, c(Decision).id == move.decision_id)
        .where(
            move.happened_on == day,
            move.move != Move.PROPOSE,
            stands(move),
            or_(c(Activity).group_id == group_id, c(Decision).group_id == group_id),
        )
        .order_by(move.id.desc())
        .limit(MOST)
    )
    return [(row.at, DONE[row.move], row) for row in rows]


def _agreed_on(session: Session, group_id: int, day: date) -> list[tuple[datetime, str, Any]]:
    """A day or a responsible that it said yes to, and questions that went to a group or back."""
    change = c(Change)
    counts = or_(
        c(Decision).decided_on == day, change.decision_id.is_(None) & (change.on_day == day)
    )
    ours = (c(Activity).group_id == group_id, c(Decision).group_id == group_id)
    handed_over = change.what.in_((Agreed.GROUP, Agreed.REFERRED)) & was_of(group_id)
    rows = session.execute(
        select(c(Activity).id, c(Activity).what.label("about"), change.what, change.after_words)
        .add_columns(change.by, change.at, c(Decision).reference)
        .join(Activity, c(Activity).id == change.activity_id)
        .outerjoin(Decision, c(Decision).id == change.decision_id)
        .where(counts, change.what.in_(AT_A_MEETING), stands(change), or_(*ours, handed_over))
        .order_by(change.id.desc())
        .limit(MOST)
    )
    return [(row.at, agreed_in_words(row.what, row.after_words), row) for row in rows]
