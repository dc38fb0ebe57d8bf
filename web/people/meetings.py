"""Möte: what waits for a group's decision, answer or follow-up, registered row by row as it meets.

Rows that the meeting decides alike (§ 12 decides five) are moved together; what it agreed on is on
file at once, and a row that is refused says why and keeps what was written, whatever becomes of the
others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Row, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config import policy
from intake.lives.agenda import take_off_agenda
from intake.lives.entries import of_batch
from intake.lives.meetings import draft_of
from intake.lives.moves import ask_for_group, decision_in, move_alike
from intake.lives.settling import settle
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed, Change, Decision
from models.group import Group
from models.lifecycle import OPEN, Move, Outcome, State
from models.listing import is_late
from models.moves import Moved, Refused
from models.owners import refer
from models.plan import Plan
from models.proposals import (
    proposes_another_day,
    proposes_somebody_else,
    standing_proposal,
    unsettled,
    worries,
)
from models.refusal import field_of
from models.status import Says, StatusAnswer
from models.status_round import AgendaPoint, Meeting
from models.undoing import go_on_with, new_batch, stands
from models.versions import versions
from notifications.directory import answers_for, reach
from reports.minutes import days_of
from rules.swedish_dates import read
from rules.wording import alphabetically
from web.days import day_in_address
from web.numbers import stopped
from web.page import leads, may_lead, mine, mover_of, settings_of, show, today_of, viewer_of
from web.people.meeting_drafts import (
    CSP,
    SEEN,
    answered_anew,
    chosen_in,
    no_longer_here,
    overtaken,
    overtaken_by_others,
    registered_on,
    save,
    seen_in,
)
from web.people.meeting_row import (
    ANSWERED,
    DRAWN,
    NOT_NOW,
    PARTS,
    REFERRED,
    TAKEN_UP,
    TO_A_GROUP,
    asked_by,
    choices,
    place_of,
)
from web.sent import Sent, existing, number_of

router = APIRouter()

_MOST_OTHERS = 200  # activities in which nothing waits
_MOST_DAYS = 60  # in a receipt
_MOST_PAST = 400  # meetings that have been; the page unfolds all but the last ones


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of one row: what it became, or why it was refused."""

    what: str
    activity_id: int
    became: str = ""
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Minutes:
    """What was registered just now, and the words of the rows that were refused."""

    rows: list[Registered] = field(default_factory=list)
    given: Mapping[str, str] = field(default_factory=dict)
    batch: int | None = None  # all of it, to take it back by
    also: frozenset[int] = frozenset()  # rows that she takes up although nothing waits
    kept: bool = False  # it was filled in earlier, and nothing of it is registered

    def refused(self, activity_id: int) -> tuple[str, ...]:
        """Why a row was refused."""
        return next((r.refused for r in self.rows if r.activity_id == activity_id), ())


@router.get("/moten")
def meetings(request: Request) -> HTMLResponse:
    """The groups, and how much waits for each; and what she answers for herself."""
    values = {"groups": waiting_groups(request), "own": _own(request), "leads": leads(request)}
    return show(request, "meetings.html", "Möten", values)


def _own(request: Request) -> list[Any]:
    """The open activities that whoever has signed in answers for."""
    person_id = viewer_of(request).person_id
    if person_id is None:
        return []
    today = today_of(request)
    with reading(settings_of(request)) as session:
        found = reach(session, person_id, today)
        return list(answers_for(session, person_id, today, found))


def waiting_groups(request: Request) -> list[dict[str, Any]]:
    """The groups that she may read and that own, answer for, are asked about anything or meet; and
    how much waits for each; all of hers for whoever leads none.
    """
    today = today_of(request)
    waits = case((c(Activity).state.in_(OPEN) & _comes_up(today), 1), else_=0)
    with reading(settings_of(request)) as session:
        rows = session.execute(
            select(c(Group).id, c(Group).name, func.sum(waits).label("waiting"))
            .join(Activity, c(Activity).group_id == c(Group).id)
            .outerjoin(
                StatusAnswer,
                (c(StatusAnswer).id == _newest_answer()) & stands(c(StatusAnswer)),
            )
            .where(mine(request, c(Group).id))
            .group_by(c(Group).id, c(Group).name)
        ).all()
        referred = session.execute(
            select(c(Group).id, c(Group).name, func.count().label("waiting"))
            .join(Activity, c(Activity).referred_to_group_id == c(Group).id)
            .where(mine(request, c(Group).id), c(Activity).state.in_(OPEN))
            .group_by(c(Group).id, c(Group).name)
        ).all()
        answering = session.execute(
            select(c(Group).id, c(Group).name, literal(0).label("waiting")).where(
                mine(request, c(Group).id), _ANSWERS_FOR_ANYTHING
            )
        ).all()
        meeting = session.execute(
            select(c(Group).id, c(Group).name, literal(0).label("waiting")).where(
                mine(request, c(Group).id),
                c(Group).ends_on.is_(None) | (c(Group).ends_on >= today),
                _HAS_A_MEETING if leads(request) else true(),
            )
        ).all()
    waiting: dict[tuple[str, int], int] = {}
    for row in (*rows, *referred, *answering, *meeting):
        waiting[row.name, row.id] = waiting.get((row.name, row.id), 0) + row.waiting
    return [
        {"id": id_, "name": name, "waiting": number}
        for (name, id_), number in sorted(
            waiting.items(), key=lambda each: alphabetically(each[0][0])
        )
    ]


_HAS_A_MEETING = (
    select(literal(1)).where(c(Meeting).group_id == c(Group).id).correlate(Group).exists()
)
# Looked for group by group: from all that groups answer for it would read the whole installation.
_ANSWERS_FOR_ANYTHING = (
    select(literal(1))
    .join_from(Responsibility, Activity, c(Activity).id == c(Responsibility).activity_id)
    .where(c(Responsibility).group_id == c(Group).id, c(Activity).state.in_(OPEN))
    .correlate(Group)
    .exists()
)


@router.get("/moten/{group_id}")
def meeting(request: Request, group_id: int, dag: str = "") -> HTMLResponse:
    """What waits for a group; with what she had filled in when she left, if anything."""
    with reading(settings_of(request)) as session:
        existing(session, Group, group_id)
        draft = draft_of(session, group_id, viewer_of(request).person_id)
        late = overtaken(session, chosen_in(draft))
    rows = [Registered(one.what, one.activity_id, refused=(one.sentence,)) for one in late]
    given = draft or ({"decided_on": dag} if dag else {})
    also = frozenset(seen_in(draft))
    return meeting_page(request, group_id, Minutes(rows, given, also=also, kept=bool(draft)))


@router.post("/moten/{group_id}")
def register(request: Request, group_id: int, given: Sent) -> HTMLResponse:
    """Register the outcome of each row that has one: answers first, then the moves.

    A row that others changed since she saw it is set aside and told of.
    """
    if stopped(request).sentences:
        return meeting_page(request, group_id, Minutes(given=given))
    also = frozenset(seen_in(given))
    if given.get("ta_upp"):  # one more row, and nothing is registered
        more = also | {number_of(given, "ta_upp")}
        return meeting_page(request, group_id, Minutes(given=given, also=more))
    sheet = _sheet(request, group_id, given, also)
    _move_rows(request, sheet, _answer_rows(request, sheet))
    rows = list(sheet.registered.values())
    done = [row.activity_id for row in rows if not row.refused]
    still = _still_to_do(given, rows)
    with transaction(settings_of(request)) as session:
        take_off_agenda(session, done, mover_of(request), sheet.batch, today=today_of(request))
        save(session, request, group_id, still if len(done) < len(rows) else {})
        # Of a row that was only seen, or only up, there is nothing to take back.
        batch = sheet.batch if of_batch(session, sheet.batch) else None
    left = also & {row.activity_id for row in rows if row.refused}
    return meeting_page(request, group_id, Minutes(rows, still, batch, also=frozenset(left)))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form that was sent: its rows as they are now, what she saw of each, and what came of it."""

    group_id: int
    given: Mapping[str, str]
    rows: list[Row[Any]]
    seen: Mapping[int, str]  # the version of each row in which she chose something
    batch: int
    registered: dict[int, Registered]

    def words_of(self, row: Row[Any]) -> dict[str, str]:
        """What is said of a row, "all of them" too; nothing of one that is set aside.

        What came since the page was drawn was not there to be decided by the tick, and what another
        group has referred here is no proposal of this one's.
        """
        words = {part: self.given.get(f"{part}_{row.id}", "") for part in PARTS}
        if row.id in self.registered:
            return dict.fromkeys(PARTS, "")
        if words["move"] == NOT_NOW:
            return words | {"move": ""}
        shown = f"{SEEN}{row.id}" in self.given or not seen_in(self.given)
        if self.given.get("decide_all") and _is_to_decide(row, self.group_id) and shown:
            words["move"] = words["move"] or Move.DECIDE.value
        return words


def _sheet(
    request: Request, group_id: int, given: Mapping[str, str], also: frozenset[int]
) -> _Sheet:
    """What was sent beside what is on file; rows that others changed since are set aside."""
    chosen = chosen_in(given)
    with reading(settings_of(request)) as session:
        rows = rows_of(session, group_id, today_of(request), also)
        late = overtaken(session, chosen)
        if given.get("decide_all"):
            referred = {row.id for row in rows if row.referred_to_group_id == group_id}
            late += overtaken_by_others(session, given, chosen.keys() | referred)
        known = {row.id for row in rows} | {one.activity_id for one in late}
        late += no_longer_here(session, chosen.keys() - known)
    late += [answered_anew(row.id, row.what) for row in rows if _ticked_another(given, row)]
    aside = {
        one.activity_id: Registered(one.what, one.activity_id, refused=(one.sentence,))
        for one in late
    }
    return _Sheet(group_id, given, rows, chosen, new_batch(), aside)


def _ticked_another(given: Mapping[str, str], row: Row[Any]) -> bool:
    """What was ticked for a row is an answer that is no longer the one it shows.

    A tick that does not say which answer was seen ("ja" and not "ja 17") is taken as it is.
    """
    _, _, seen = given.get(f"accept_{row.id}", "").partition(" ")
    return seen not in ("", str(row.answer_id))


def _answer_rows(request: Request, sheet: _Sheet) -> dict[int, dict[str, str]]:
    """Settle what was proposed and answer what was referred; the moves that are left to make."""
    to_move = {}
    for row in sheet.rows:
        words = sheet.words_of(row)
        if words["accept"] or words["move"] in _NO_MOVES:
            sheet.registered[row.id] = _answer(request, row, words, sheet)
        elif words["move"]:
            to_move[row.id] = _asked(words, sheet.given)
    return to_move


def _move_rows(request: Request, sheet: _Sheet, to_move: Mapping[int, Mapping[str, str]]) -> None:
    """Make the moves, and note what each row became or why it was refused."""
    seen = {id_: sheet.seen[id_] for id_ in to_move.keys() & sheet.seen.keys()}
    with transaction(settings_of(request)) as session:
        go_on_with(session, today_of(request), sheet.batch)
        moved = _move(request, session, to_move, seen)
    for row in sheet.rows:
        if row.id in to_move:
            state = moved.states.get(row.id)
            why = tuple(moved.refused.get(row.id, ()))
            became = state.value if state else ""
            sheet.registered[row.id] = Registered(row.what, row.id, became, why)


def _still_to_do(given: Mapping[str, str], rows: Sequence[Registered]) -> dict[str, str]:
    """What was sent, without the rows that are registered: a row that stays on the page is empty.

    "All of them" stays ticked while one of them is refused.
    """
    ends = tuple(f"_{row.activity_id}" for row in rows if not row.refused)
    still = {name: words for name, words in given.items() if not (ends and name.endswith(ends))}
    if not any(row.refused for row in rows):
        still.pop("decide_all", None)
    return still


_NO_MOVES = (ANSWERED, TAKEN_UP, *TO_A_GROUP)


def _answer(request: Request, row: Row[Any], words: dict[str, str], sheet: _Sheet) -> Registered:
    """What the responsible proposed is agreed to, or the question goes to a group or back to it.

    A move that was chosen for the same row goes with it: both are on file, or neither.
    """
    try:
        with transaction(settings_of(request)) as session:
            go_on_with(session, today_of(request), sheet.batch)
            became = _answered(request, session, row, words, sheet)
            if words["move"] not in ("", *_NO_MOVES):
                moved = _move(request, session, {row.id: _asked(words, sheet.given)}, {})
                if row.id in moved.refused:
                    raise Refused(moved.refused[row.id])
                became.append(moved.states[row.id].value)
    except Refused as refused:
        return Registered(row.what, row.id, refused=tuple(refused.sentences))
    return Registered(row.what, row.id, became=", ".join(became))


def _answered(
    request: Request, session: Session, row: Row[Any], words: dict[str, str], sheet: _Sheet
) -> list[str]:
    """What came of a row's answer, or of its question. Raises `Refused`."""
    today, mover = today_of(request), mover_of(request, "vid möte")
    asked = _asked(words, sheet.given)
    became = []
    if words["accept"]:
        accept = words["accept"].startswith("ja")
        said = settle(
            *(session, row.answer_id, mover),
            accept=accept,
            today=today,
            review_months=policy.load(settings_of(request).home).review_months,
            decision_id=decision_in(session, row.id, asked, today=today) if accept else None,
        )
        became.append(said.removesuffix("."))
    if words["move"] == ANSWERED:
        decision = decision_in(session, row.id, asked, today=today)
        refer(
            *(session, [row.id], None, mover),
            today=today,
            reason=words["reason"],
            decision_id=decision,
        )
        became.append("frågan besvarad")
    if words["move"] == TAKEN_UP:
        became.append("uppe på mötet")
    if words["move"] in TO_A_GROUP:
        refers = words["move"] == REFERRED
        ask_for_group(session, [row.id], asked, mover, today=today, only_refer=refers)
        became.append(f"{'hänskjuten' if refers else 'lämnad'} till {asked['group']}")
    return became


def _asked(words: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A row's move and what it brings along, with the meeting's decision."""
    asked = {name: words[name] for name in ("move", "ja_deadline", *DRAWN)}
    reference = words["reference"] or given.get("reference", "")
    if reference:  # one decision, registered once, for every row that it decides
        asked |= {
            "decision_group": given.get("decision_group", ""),
            "decided_on": given.get("decided_on", ""),
            "decision_reference": reference,
        }
    else:  # it happened at the meeting
        asked["happened_on"] = given.get("decided_on", "")
    if not words["figure"]:
        asked["why_no_figure"] = words["reason"]
    return asked


def _move(
    request: Request,
    session: Session,
    asked: Mapping[int, Mapping[str, str]],
    seen: Mapping[int, str],
) -> Moved:
    """Make the moves, those alike together; one that somebody was first with is set aside."""
    late = {one.activity_id: [one.sentence] for one in overtaken(session, seen, held=True)}
    moved = move_alike(
        session,
        {id_: words for id_, words in asked.items() if id_ not in late},
        mover_of(request, "vid möte"),
        today=today_of(request),
        promises=policy.load(settings_of(request).home),
    )
    moved.refused |= late
    return moved


def meeting_page(
    request: Request, group_id: int, minutes: Minutes, wrong_days: Sequence[str] = ()
) -> HTMLResponse:
    """What waits for a group, its minutes and its days; with what was registered just now."""
    today, problems = today_of(request), stopped(request).sentences
    with reading(settings_of(request)) as session:
        group = existing(session, Group, group_id)
        waiting = rows_of(session, group_id, today)
        known = {row.id for row in waiting}
        more = rows_of(session, group_id, today, minutes.also) if minutes.also - known else waiting
        taken_up = [row for row in more if row.id not in known]
        rows = [*waiting, *taken_up]
        shown = _day_of(minutes.given, today)
        coming = _coming_days(session, group_id, today)
        names = session.execute(select(c(Group).name).where(mine(request, c(Group).id))).scalars()
        values = {
            "group": group.name,
            "may_register": may_lead(request, group.collaboration_id),
            "sections": [*sections_of(waiting, group_id), ("Tas upp på mötet", taken_up)],
            "most_others": _MOST_OTHERS,
            "others": _others(session, group_id, [row.id for row in rows]),
            "group_id": group_id,
            "answered": ANSWERED,
            "taken_up": TAKEN_UP,
            "not_now": NOT_NOW,
            "to_decide": TO_DECIDE,
            "moves": choices(),
            "asked_by": asked_by(),
            "outcomes": [outcome.value for outcome in Outcome],
            "all_groups": sorted(names, key=alphabetically),
            "all_plans": sorted(
                session.execute(
                    select(c(Plan).title).where(
                        c(Plan).collaboration_id == group.collaboration_id,
                        c(Plan).withdrawn_on.is_(None),
                    )
                ).scalars(),
                key=alphabetically,
            ),
            "minutes": minutes,
            "versions": versions(session, [row.id for row in rows]),
            "registered_day": shown,
            "latest": _latest_decision(session, group_id),
            "registered": registered_on(session, group_id, shown),
            "answers_for": answers_for_others(session, group_id),
            "decided_days": days_of(session, group_id),
            "coming_days": coming,
            "past_days": _past_days(session, group_id, today),
            "put_in": [day for day in _days_told(request, "inlagda") if day in coming],
            "taken_out": [day for day in _days_told(request, "borttagna") if day not in coming],
            "agenda_out": day_in_address(request.query_params.get("ute", "")),
            "wrong_days": wrong_days,
            "place_of": _place_of,
            "problems": problems,
            "given": minutes.given,
        }
    refused = any(row.refused for row in minutes.rows) and not minutes.kept
    some_refused = bool(problems or wrong_days) or refused
    title = f"Möte: {group.name}"
    page = show(request, "meeting.html", title, values, 422 if some_refused else 200)
    page.headers["Content-Security-Policy"] = CSP
    return page


def _day_of(given: Mapping[str, str], today: date) -> date:
    """The day of the meeting that is being registered."""
    words = given.get("decided_on", "")
    return (read(words, today).last or today) if words else today


def _place_of(activity_id: int, sentence: str) -> str:
    """Where on the page a sentence about a row leads: its field, or what was chosen for the row."""
    name = field_of(sentence)
    if name in ("decision_group", "decided_on"):
        return name
    return f"{place_of(name)}_{activity_id}"


TO_DECIDE = "Väntar på beslut"


def sections_of(rows: list[Row[Any]], group_id: int) -> list[tuple[str, list[Row[Any]]]]:
    """Each row once, under what it waits for."""
    own = [row for row in rows if row.referred_to_group_id != group_id]
    return [
        ("Hänskjutna hit", [row for row in rows if row.referred_to_group_id == group_id]),
        (TO_DECIDE, [row for row in own if _is_to_decide(row, group_id)]),
        ("Svar att ta ställning till", [row for row in own if _asks(row)]),
        ("Uppsatt till mötet", [row for row in own if _is_put_up(row)]),
        ("Väntar på uppföljning", [row for row in own if _to_follow_up(row)]),
    ]


def _waiting(today: date) -> Any:  # noqa: ANN401 - a condition
    """Activities that a group should speak of, whatever was answered."""
    put_up = select(c(AgendaPoint).activity_id).where(c(AgendaPoint).done_on.is_(None))
    return or_(
        c(Activity).state.in_((State.PROPOSED, State.FOLLOWED_UP)),
        c(Activity).reported_done_on.is_not(None) & c(Activity).state.in_(OPEN),
        is_late(today),
        c(Activity).id.in_(put_up),
    )


def _comes_up(today: date) -> Any:  # noqa: ANN401 - a condition
    """The same, and those with an answer that asks; the newest answer is joined in."""
    return or_(_waiting(today), worries(), standing_proposal().is_not(None))


def _newest_answer() -> Any:  # noqa: ANN401 - a scalar subquery
    newest: Any = aliased(StatusAnswer)
    return (
        select(func.max(newest.id))
        .where(newest.activity_id == c(Activity).id, stands(newest))
        .correlate(Activity)
        .scalar_subquery()
    )


def rows_of(
    session: Session, group_id: int, today: date, also: Collection[int] = ()
) -> list[Row[Any]]:
    """What waits for a group, nearest deadline first, each with its latest answer.

    `also` are open activities of the group that come with it although nothing waits in them.
    """
    proposal: Any = aliased(StatusAnswer)  # may be older than the newest answer
    rows = session.execute(
        select(
            c(Activity).id,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).deadline_text,
            c(Activity).deadline_last,
            c(Activity).reported_done_on,
            c(Activity).referred_to_group_id,
            c(Group).name.label("owner"),
            _why_referred().label("why_referred"),
            c(AgendaPoint).by.label("put_by"),
            c(AgendaPoint).on_day.label("put_on"),
            c(StatusAnswer).says,
            c(StatusAnswer).text,
            unsettled().label("unsettled"),
            func.coalesce(proposal.id, c(StatusAnswer).id).label("answer_id"),
            case((proposes_somebody_else(proposal), proposal.instead), else_="").label("instead"),
            case((proposes_somebody_else(proposal), 1), else_=0).label("not_hers"),
            case((proposes_another_day(proposal), proposal.proposed_text), else_="").label(
                "proposed_text"
            ),
        )
        .join(Group, c(Group).id == c(Activity).group_id)
        .outerjoin(
            AgendaPoint,
            (c(AgendaPoint).activity_id == c(Activity).id) & c(AgendaPoint).done_on.is_(None),
        )
        .outerjoin(StatusAnswer, c(StatusAnswer).id == _newest_answer())
        .outerjoin(proposal, proposal.id == standing_proposal())
        .where(
            c(Activity).state.in_(OPEN),
            or_(
                c(Activity).referred_to_group_id == group_id,
                and_(
                    c(Activity).group_id == group_id,
                    or_(
                        _waiting(today),
                        worries(),
                        proposal.id.is_not(None),
                        c(Activity).id.in_(also),
                    ),
                ),
            ),
        )
        .order_by(c(Activity).deadline_last.is_(None), c(Activity).deadline_last, c(Activity).id)
    )
    return list(rows)


def _latest_decision(session: Session, group_id: int) -> Row[Any] | None:
    """The paragraph that the group's latest decision has, and its day: the next one follows it."""
    row = c(Decision)
    asked = select(row.reference, row.decided_on).where(row.group_id == group_id)
    newest = asked.order_by(row.decided_on.desc(), row.id.desc()).limit(1)
    return session.execute(newest).first()


def _others(session: Session, group_id: int, shown: Sequence[int]) -> list[Any]:
    """The group's other open activities, nearest deadline first: nothing waits in them."""
    row = c(Activity)
    asked = (
        select(row.id, row.what, row.state, row.deadline_text)
        .where(row.group_id == group_id, row.state.in_(OPEN), row.id.not_in(shown))
        .order_by(row.deadline_last.is_(None), row.deadline_last, row.id)
        .limit(_MOST_OTHERS)
    )
    return list(session.execute(asked))


def answers_for_others(session: Session, group_id: int) -> list[Any]:
    """The open activities that the group answers for and another group owns."""
    rows = session.execute(
        select(c(Activity).id, c(Activity).what, c(Activity).state, c(Activity).deadline_text)
        .add_columns(c(Group).name.label("owner"))
        .join(Responsibility, c(Responsibility).activity_id == c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(
            c(Responsibility).group_id == group_id,
            c(Activity).group_id != group_id,
            c(Activity).state.in_(OPEN),
        )
        .distinct()
        .order_by(c(Activity).id)
    )
    return list(rows)


def _coming_days(session: Session, group_id: int, today: date) -> list[date]:
    """The days on which the group meets from today on."""
    asked = select(c(Meeting).on_day).where(
        c(Meeting).group_id == group_id, c(Meeting).on_day >= today
    )
    return list(session.execute(asked.order_by(c(Meeting).on_day)).scalars())


def _past_days(session: Session, group_id: int, today: date) -> list[date]:
    """The last days on which the group has met, the latest first."""
    asked = select(c(Meeting).on_day).where(
        c(Meeting).group_id == group_id, c(Meeting).on_day < today
    )
    latest = asked.order_by(c(Meeting).on_day.desc()).limit(_MOST_PAST)
    return list(session.execute(latest).scalars())


def _days_told(request: Request, word: str) -> list[date]:
    """The days that were put in or taken out just now, as the address tells; "2025-03-14_…"."""
    told = request.query_params.get(word, "").split("_")[:_MOST_DAYS]
    today = today_of(request)
    return [day for day in map(day_in_address, told) if day is not None and day >= today]


def _why_referred() -> Any:  # noqa: ANN401 - a scalar subquery
    """Why the question was referred, the last time it was."""
    return (
        select(c(Change).reason)
        .where(
            c(Change).activity_id == c(Activity).id,
            c(Change).what == Agreed.REFERRED,
            stands(c(Change)),
        )
        .order_by(c(Change).id.desc())
        .limit(1)
        .correlate(Activity)
        .scalar_subquery()
    )


def _is_to_decide(row: Row[Any], group_id: int) -> bool:
    return row.state is State.PROPOSED and row.referred_to_group_id != group_id


def _asks(row: Row[Any]) -> bool:
    worried = row.says in {Says.AT_RISK, Says.LATE} and row.unsettled
    answered = worried or bool(row.not_hers or row.proposed_text)
    return row.state is not State.PROPOSED and answered


def _is_put_up(row: Row[Any]) -> bool:
    return bool(row.put_by) and row.state is not State.PROPOSED and not _asks(row)


def _to_follow_up(row: Row[Any]) -> bool:
    return not row.put_by and row.state is not State.PROPOSED and not _asks(row)
