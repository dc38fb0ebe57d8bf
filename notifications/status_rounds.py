"""Status rounds: opened before a quarter closes, before a meeting, or when somebody asks; closed.

A round holds a question for each of its group's open activities. The questions reach people as
notices (`notices.py`) in the daily letters; `intake/lives/answers.py` marks what is answered.
Opening twice changes nothing: one round for each group and occasion, and one at a time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    TextClause,
    bindparam,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlmodel import Session

from config.policy import Policy
from models.activity import Activity
from models.alone import alone
from models.columns import c
from models.group import Group
from models.lifecycle import REMINDED
from models.promises import policy_of, promised
from models.reminded import is_reminded_of
from models.status_round import (
    Meeting,
    Occasion,
    StatusQuestion,
    StatusRound,
    counts_still,
    still_counts,
)
from notifications.answered import is_answered
from notifications.notices import awake, waits_for_a_yes
from rules.calendar import working_day_after
from rules.periods import period_of
from rules.wording import day_in_words


class CannotOpen(Exception):  # noqa: N818 - an answer, not a fault
    """A round cannot be opened, or people not reminded; the message is a Swedish sentence."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A round to be opened: from which day on it may have been open, and when it closes."""

    group_id: int
    occasion: Occasion
    occasion_on: date
    window: date
    closes_on: date


def open_due(session: Session, policy: Policy, today: date) -> list[int]:
    """Open every round whose time has come. Returns their numbers.

    1. Which groups, for the quarter that closes and for meetings that come, by the days that their
       collaboration promises; none of one that is quiet while others are not.
    2. Not for a group that has been asked within the same days: nobody is asked twice.
    3. A question for each open activity; a group without any gets no round.
    """
    opened: list[int] = []
    planned_ones: list[Planned] = []
    groups: dict[int, tuple[str, int]] = {}
    for share in awake(promised(session, policy, today)):
        coming = [
            *_before_quarter(session, share.policy, today),
            *_before_meetings(session, share.policy, today),
        ]
        groups = groups or (_groups(session) if coming else {})
        planned_ones += [one for one in coming if share.holds(groups[one.group_id][1])]
    for planned in planned_ones:
        name, area = groups[planned.group_id]
        with alone("Statusrunda för", name, session, collaboration_id=area):
            if not _asked_before(session, planned):
                opened.append(_open(session, planned, today))
    return opened


def _groups(session: Session) -> dict[int, tuple[str, int]]:
    """Each group's name and collaboration."""
    asked = select(c(Group).id, c(Group).name, c(Group).collaboration_id)
    return {id_: (name, area) for id_, name, area in session.execute(asked)}


def open_now(session: Session, policy: Policy, group_id: int, today: date, by: str) -> int:
    """Open a round because somebody wants to know. Raises `CannotOpen` with a sentence."""
    running = (
        select(c(StatusRound).closes_on)
        .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
        .where(c(StatusRound).group_id == group_id, c(StatusRound).closed_on.is_(None))
        .where(counts_still())  # one whose plan was taken back asks nobody
        .limit(1)
    )
    if (closes_on := session.execute(running).scalar()) is not None:
        raise CannotOpen(
            f"Gruppen har redan en öppen runda, till och med {day_in_words(closes_on)}. "
            "Påminn i den i stället."
        )
    if group_id not in _with_something_open(session, today):
        raise CannotOpen("Gruppen har inga öppna aktiviteter att fråga om.")
    if _asked_today(session, group_id, today):
        raise CannotOpen("Gruppen har redan fått en runda i dag. Öppna nästa i morgon.")
    area = session.get_one(Group, group_id).collaboration_id
    own = policy_of(session, policy, area, today)
    closes_on = today + timedelta(days=own.rounds.open_days)
    planned = Planned(group_id, Occasion.ASKED, today, today, closes_on)
    return _open(session, planned, today, by)


def close_due(session: Session, today: date) -> int:
    """Close the rounds whose last day has passed. Late answers are still taken, and marked."""
    closed = session.execute(
        update(StatusRound)
        .where(c(StatusRound).closed_on.is_(None), c(StatusRound).closes_on < today)
        .values(closed_on=today)
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]


def remind(session: Session, round_id: int, today: date, person_id: int | None = None) -> int:
    """Ask anew about what is unanswered in an open round, of everybody or of one person.

    A notice of its own for today, once a day; the next letter of each person has it. Returns how
    many questions are asked anew. Raises `CannotOpen` when the round has closed.
    """
    row = session.get(StatusRound, round_id)
    if row is None or row.closed_on is not None:
        raise CannotOpen("Rundan är stängd. Svar tas emot, men ingen påminns längre.")
    asked = session.execute(
        _REMIND if person_id is None else _REMIND_ONE,
        {
            "round_id": round_id,
            "today": today,
            "rung": (row.closes_on - today).days,
            "due_on": row.closes_on,
        }
        | ({} if person_id is None else {"person_id": person_id}),
    )
    return int(asked.rowcount)  # type: ignore[attr-defined]


def _before_quarter(session: Session, policy: Policy, today: date) -> list[Planned]:
    ends = period_of(today).last
    window = ends - timedelta(days=policy.rounds.before_quarter)
    if not policy.rounds.before_quarter or today < window:
        return []
    return [
        Planned(group, Occasion.QUARTER, ends, window, ends)
        for group in sorted(_with_something_open(session, today))
    ]


def _before_meetings(session: Session, policy: Policy, today: date) -> list[Planned]:
    """For a meeting whose days to ask are all quiet the round opens on the last working day before
    them, and is open as long as one that somebody asks for, so that it is asked that day.
    """
    rounds = policy.rounds
    if not rounds.before_meeting:
        return []
    closes = timedelta(days=rounds.closes_before_meeting)
    next_time = working_day_after(policy, today, 1)
    latest = max(
        today + timedelta(days=rounds.before_meeting), next_time + closes - timedelta(days=1)
    )
    rows = session.execute(
        select(c(Meeting).group_id, c(Meeting).on_day)
        .where(c(Meeting).on_day >= today + closes, c(Meeting).on_day <= latest)
        .order_by(c(Meeting).on_day, c(Meeting).group_id)
    ).all()
    open_groups = _with_something_open(session, today) if rows else set()
    return [
        Planned(
            group,
            Occasion.MEETING,
            on_day,
            min(on_day - timedelta(days=rounds.before_meeting), today),
            _closes(policy, on_day, today),
        )
        for group, on_day in rows
        if group in open_groups
    ]


def _closes(policy: Policy, meeting: date, today: date) -> date:
    rounds = policy.rounds
    in_time = meeting - timedelta(days=rounds.closes_before_meeting)
    if today >= meeting - timedelta(days=rounds.before_meeting):
        return in_time
    return min(in_time, today + timedelta(days=rounds.open_days))


def _askable(today: date) -> tuple[ColumnElement[bool], ...]:
    """What can be asked about: it is open, not reported done, and in a plan that is reminded of."""
    a = c(Activity)
    reminded = is_reminded_of(a.plan_id, today)
    return a.state.in_(REMINDED), a.reported_done_on.is_(None), reminded


def _with_something_open(session: Session, today: date) -> set[int]:
    """Groups that own an activity which can be asked about."""
    asked = select(c(Activity).group_id).where(*_askable(today)).distinct()
    return set(session.execute(asked).scalars())


def _asked_before(session: Session, planned: Planned) -> bool:
    """Has the group a round that reached into the same days, or one for this very occasion?

    The days are the policy's, which may have changed since the occasion's round was opened.
    """
    r = c(StatusRound)
    of_the_occasion = (r.occasion == planned.occasion) & (r.occasion_on == planned.occasion_on)
    found = select(r.id).where(
        r.group_id == planned.group_id, (r.closes_on >= planned.window) | of_the_occasion
    )
    return session.execute(found).first() is not None


def _asked_today(session: Session, group_id: int, today: date) -> bool:
    found = select(c(StatusRound).id).where(
        c(StatusRound).group_id == group_id,
        c(StatusRound).occasion == Occasion.ASKED,
        c(StatusRound).occasion_on == today,
    )
    return session.execute(found).first() is not None


def _open(session: Session, planned: Planned, today: date, by: str = "") -> int:
    values: dict[str, Any] = {
        "group_id": planned.group_id,
        "occasion": planned.occasion,
        "occasion_on": planned.occasion_on,
        "opened_on": today,
        "closes_on": planned.closes_on,
        "opened_by": by,
    }
    made = insert(StatusRound).values(values).returning(c(StatusRound).id)
    round_id = int(session.execute(made).scalar_one())
    questions = select(literal(round_id), c(Activity).id).where(
        c(Activity).group_id == planned.group_id, *_askable(today)
    )
    session.execute(insert(StatusQuestion).from_select(["round_id", "activity_id"], questions))
    session.execute(_answered_before(today), {"round_id": round_id, "today": today})
    return round_id


def _answered_before(today: date) -> TextClause:
    """What somebody's answer holds against (`rules/answered.py`), or waits for the leader's yes, is
    answered when the round opens: nobody is asked about it.
    """
    answered = is_answered("round", "", today)
    return text(
        "UPDATE status_question SET answered_on = :today "  # noqa: S608 - own names
        "WHERE round_id = :round_id AND activity_id IN (SELECT activity.id FROM activity "
        "JOIN status_question q ON q.activity_id = activity.id AND q.round_id = :round_id "
        f"WHERE {answered} OR {waits_for_a_yes('activity.id')})"
    ).bindparams(bindparam("today", type_=Date))


_UNANSWERED = f"""
    INSERT INTO notice (activity_id, kind, rung, due_on, reached_on)
    SELECT q.activity_id, 'round', :rung, :due_on, :today FROM status_question q
    WHERE q.round_id = :round_id AND q.answered_on IS NULL AND {still_counts("q")}
"""  # noqa: S608 - own words
_HERS = """
    AND q.activity_id IN (
        SELECT n.activity_id FROM notice n
        JOIN letter_item i ON i.notice_id = n.id JOIN letter l ON l.id = i.letter_id
        WHERE l.person_id = :person_id AND n.kind = 'round' AND n.due_on = :due_on)
"""
_ONCE = "ON CONFLICT DO NOTHING"
_DAYS = (bindparam("today", type_=Date), bindparam("due_on", type_=Date))
_REMIND = text(_UNANSWERED + _ONCE).bindparams(*_DAYS)
_REMIND_ONE = text(_UNANSWERED + _HERS + _ONCE).bindparams(*_DAYS)
