"""Her own pages behind a link: the receipt, what has become of her answers, and what comes.

An answer can be taken back, or given anew, until somebody has taken a stand to it. GET changes
nothing. Asking and answering is `answer.py`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from config import clock, policy
from intake.lives.taking_back import NOT_HERS, take_back
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.known import called, own_name
from models.letter import LetterItem, Link, Notice, NoticeKind
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.part import Part, PartChange
from models.person import Person, proved
from models.status import ReleasedWords, Settled, StatusAnswer
from models.undoing import Undoing, stands
from notifications.calendar_days import Entry, of_person
from notifications.feeds import address_through
from notifications.letters import frame
from notifications.links import Closed, Opened
from rules.what_follows import Stand, Told, what_follows
from rules.wording import answer_in_words, takes_over
from web.asking.answer import closed
from web.asking.behind import behind, told_of_ended
from web.asking.hers import opens, what_is_hers
from web.page import settings_of, show, today_of
from web.sent import Sent, Tried, number_of

router = APIRouter()
MOST = 30  # answers on her page, the newest
_AHEAD = timedelta(days=90)  # what comes
_ASKS = (NoticeKind.LACK, NoticeKind.DONE, NoticeKind.DELEGATION)  # what asks for no answer


@dataclass(frozen=True, slots=True)
class Given:
    """An answer of hers, what comes of it, and whether it can be taken back."""

    row: Any
    says: str  # in words
    herself: bool  # she takes over what others were asked
    follows: str
    may_take_back: bool
    waits: bool  # what it proposes, for a yes or a no


@router.get("/svar/{token}/tack")
def receipt(request: Request, token: str) -> Response:
    """What was understood, what happens next, and what is left."""
    return _receipt(request, token)


@router.get("/svar/{token}/mitt")
def own_page(request: Request, token: str) -> Response:
    """Her answers and what became of them, what comes, and to whom to turn."""
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        entries = of_person(session, settings, opened.person_id, today, opened.closed_to)
        values = {
            "name": own_name(session, opened.person_id),
            "answers": given_by(
                session,
                _opened_by(opened) & (c(StatusAnswer).person_id == opened.person_id),
                opened.ended,
            )[:MOST],
            "coming": _coming(entries, today),
            "left": _left(session, opened, today),
            "leaders": _leaders(session, opened, today),
            "ended": told_of_ended(session, opened),
            "tried": Tried(),
            "weekly": session.get_one(Person, opened.person_id).weekly_since is not None,
            "gathered_on": policy.load(settings.home).gathered_on,
            "feed": address_through(session, settings, opened),
            "home": f"/svar/{token}",
            "back": f"/svar/{token}",
        }
    return show(request, "mine.html", "Det du svarar för", values)


@router.post("/svar/{token}/ta-tillbaka")
def take_it_back(request: Request, token: str, given: Sent) -> Response:
    """Take one of her answers back; the receipt says what holds now."""
    settings, today = settings_of(request), today_of(request)
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            proved(session, opened.person_id, clock.now())
            mover = Mover(own_name(session, opened.person_id), opened.person_id)
            number = number_of(given, "answer")
            _refuse_unless_open(session, opened, number)
            take_back(session, number, mover, today=today)
    except Refused as refused:
        return _receipt(request, token, refused.sentences)
    return RedirectResponse(f"/svar/{token}/tack", 303)


def _opened_by(opened: Opened) -> ColumnElement[bool]:
    """The condition that an answer is about what the link is not closed to."""
    return c(StatusAnswer).activity_id.in_(opens(opened))


def _refuse_unless_open(session: Session, opened: Opened, answer_id: int) -> None:
    asked = (
        select(c(Activity).what, c(Group).collaboration_id)
        .join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(StatusAnswer).id == answer_id, _opened_by(opened))
    )
    row = session.execute(asked).first()
    if row is None:
        raise Refused([NOT_HERS])
    if row.collaboration_id in opened.ended:
        told = f"Beskedet om ”{row.what}” står kvar, för samverkan är avslutad."
        raise Refused([told])


def _receipt(request: Request, token: str, problems: Sequence[str] = ()) -> HTMLResponse:
    settings = settings_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        values = {
            "answers": given_by(
                session,
                _opened_by(opened) & (c(StatusAnswer).link_id == opened.link_id),
                opened.ended,
            ),
            "parts": _parts_told(session, opened),
            "left": _left(session, opened, today_of(request)),
            "home": f"/svar/{token}",
            "problems": problems,
        }
    return show(request, "receipt.html", "Tack för ditt svar", values, 422 if problems else 200)


def given_by(
    session: Session, which: ColumnElement[bool], ended: Collection[int] = ()
) -> list[Given]:
    """Some answers, the latest about each activity, newest first, and what comes of each.

    `ended`: collaborations that are over, where none is taken back.
    """
    answer = c(StatusAnswer)
    rows = session.execute(
        select(
            answer.id,
            answer.activity_id,
            answer.says,
            answer.text,
            answer.figure,
            answer.instead,
            answer.proposed_text,
            answer.proposed_last,
            answer.on_day,
            answer.at,
            answer.registered_by,
            c(Activity).what,
            c(Activity).state,
            c(Activity).deadline_last,
            c(Settled).accepted,
            c(Settled).by.label("settled_by"),
            c(Settled).on_day.label("settled_on"),
            c(Settled).reason,
            answer.person_id,
            called(c(Group).collaboration_id).label("answered_by"),
            c(Undoing).on_day.label("undone_on"),
            c(Undoing).by.label("undone_by"),
            c(Undoing).person_id.label("undone_by_id"),
            c(ReleasedWords).answer_id.label("released"),
            c(Group).collaboration_id.in_(list(ended)).label("ended"),
        )
        .join(Activity, c(Activity).id == answer.activity_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Person, c(Person).id == answer.person_id)
        .outerjoin(Settled, c(Settled).answer_id == answer.id)
        .outerjoin(Undoing, c(Undoing).id == answer.undone_id)
        .outerjoin(ReleasedWords, c(ReleasedWords).answer_id == answer.id)
        .where(which)
        .order_by(answer.id.desc())
    ).all()
    latest: dict[int, Given] = {}
    for row in rows:
        latest.setdefault(row.activity_id, _given(row))
    return list(latest.values())


def _given(row: Any) -> Given:  # noqa: ANN401 - a row
    stand = None
    if row.undone_on is not None:
        by = "" if row.undone_by_id == row.person_id else row.undone_by
        stand = Stand(False, by, row.undone_on, taken_back=True)
    elif row.settled_by is not None:
        stand = Stand(row.accepted, row.settled_by, row.settled_on, row.reason)
    over = "" if row.state in OPEN else row.state.value
    herself = takes_over(row.says, row.instead, row.answered_by)
    told = Told(
        *(row.says, row.on_day, row.deadline_last, row.proposed_text, row.instead, herself),
        *(stand, over),
    )
    waits = stand is None and not over
    says = answer_in_words(row.says, row.instead, row.answered_by)
    may_take_back = waits and row.released is None and not row.ended
    return Given(row, says, herself, what_follows(told), may_take_back, waits)


def _parts_told(session: Session, opened: Opened) -> list[Any]:
    """The parts whose state this person has told since the link was made, and where they stand."""
    # Each change has its activity, group and person: joined as outer so that the changes, which are
    # few, are read first, and not all activities of the installation.
    made = select(c(Link).made_at).where(c(Link).id == opened.link_id).scalar_subquery()
    told = (
        select(c(PartChange).part_id)
        .outerjoin(Activity, c(Activity).id == c(PartChange).activity_id)
        .outerjoin(Group, c(Group).id == c(Activity).group_id)
        .outerjoin(Person, c(Person).id == opened.person_id)
        .where(
            c(PartChange).activity_id.in_(opens(opened)),
            c(PartChange).at >= made,
            c(PartChange).by == called(c(Group).collaboration_id),
            c(PartChange).before.is_not(None),
            stands(c(PartChange)),
        )
    )
    return list(
        session.execute(
            select(c(Activity).what, c(Part).name, c(Part).state, c(Part).why)
            .join(Activity, c(Activity).id == c(Part).activity_id)
            .where(c(Part).id.in_(told))
            .order_by(c(Part).activity_id, c(Part).id)
        )
    )


def _left(session: Session, opened: Opened, today: date) -> list[Any]:
    """What letters have asked about of hers, and nobody has answered."""
    rows = {row.id: row for row in what_is_hers(session, opened, today).rows}
    waiting = (
        select(c(Notice).activity_id)
        .join(LetterItem, c(LetterItem).notice_id == c(Notice).id)
        .where(c(Notice).activity_id.in_(rows), c(Notice).settled_on.is_(None))
        .where(c(Notice).kind.not_in(_ASKS))
        .where(_is_not_answered_since())
    )
    asked = set(session.execute(waiting).scalars())
    return [row for id_, row in rows.items() if id_ in asked]


def _is_not_answered_since() -> ColumnElement[bool]:
    """Nobody has answered since the notice was written about."""
    answer = c(StatusAnswer)
    since = select(answer.id).where(
        answer.activity_id == c(Notice).activity_id,
        or_(answer.on_day >= c(Notice).written_on, answer.on_day >= c(Notice).asked_on),
        stands(answer),
    )
    return ~since.correlate(Notice).exists()


def _coming(entries: Sequence[Entry], today: date) -> list[Entry]:
    return [entry for entry in entries if today <= entry.day <= today + _AHEAD]


def _leaders(session: Session, opened: Opened, today: date) -> list[Any]:
    """Who leads the process where she answers for something: name, address and telephone."""
    groups = {row.group_id for row in what_is_hers(session, opened, today).rows}
    return frame.signers_of_groups(session, groups, today)
