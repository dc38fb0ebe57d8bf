"""What is agreed anew about an activity: a deadline, who answers, how it is followed up.

All of what somebody asks for, or nothing; the old words are kept beside the new ones with who, when
and why. Where the activity is in its life is changed by moves only (`intake/lives/moves.py`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from config import policy
from intake.filing.target_groups import tag_activity, target_groups_of, too_long
from intake.people.register import look_up_words
from intake.plan.money import funding_of
from intake.plan.promises import promises_in
from intake.plan.wording import Reader
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.changes import Said, beside_deadline, remember_change, said_span, whom_named
from models.columns import c
from models.decision import Agreed
from models.lifecycle import State, possible
from models.moves import Mover, Refused, put_span
from models.plan import Goal, Plan
from models.promise import Participant, Promise
from models.refusal import asks, at, said_yes
from models.span import Precision, Span
from rules.calendar import months_after
from rules.span_words import not_a_day, seldom_meant
from rules.swedish_dates import read, read_coming
from rules.target_groups import names_in

_LONGEST = 4000
# The same words for many activities are read once.
_as_planned = lru_cache(maxsize=64)(read)
_as_proposed = lru_cache(maxsize=64)(read_coming)


def ask_to_change(
    session: Session,
    activity_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    review_months: int | None = None,
    planned: bool = False,
    why_asked: bool = True,
    decision_id: int | None = None,
) -> list[Agreed]:
    """Agree anew on what is given and differs. Returns what was changed.

    `given` holds new words by the names of `Agreed`; a name that is not there stays as it is.
    Responsible and goals are one a line. `review_months` is how often what comes to run on is
    reviewed, as the installation's policy says. `planned`: the words are those of a plan or of an
    answer, so that days that have passed are its own, and nothing to ask about. `why_asked`: a
    deadline is not put aside without a reason. `decision_id`: the decision that it was agreed by.
    Raises `Refused` with every sentence.
    """
    activity = session.get(Activity, activity_id, with_for_update=True)
    if activity is None:
        raise Refused([f"Det finns ingen aktivitet med nummer {activity_id}."])
    if told := cannot_change(activity):
        raise Refused(told)
    about = frozenset(Agreed(name) for name in given if name in _AGREED)
    before = said(session, activity, about)
    asked = {Agreed(k): clean(v) for k, v in given.items() if k in before}
    wanted = {what: words for what, words in asked.items() if words != before[what].words}
    sure = planned or said_yes(given, Agreed.DEADLINE)
    reason = clean(given.get("reason", ""))
    problems = agreed_problems(
        *(session, activity, wanted, reason, today),
        planned=planned,
        sure=sure,
        why_asked=why_asked,
    )
    if problems:
        raise Refused(problems)
    for what, words in wanted.items():
        _put(session, activity, what, words, today, planned)
        if what is Agreed.DEADLINE:
            span = days_meant(what, words, today, planned=planned)
            follow_deadline(activity, span, today, review_months)
    session.flush()
    if Agreed.RESPONSIBLE in wanted:
        look_up_words(session)
    after = said(session, activity, about)
    changed = [what for what in wanted if after[what] != before[what]]
    for what in changed:
        remember_change(
            session,
            activity_id,
            what,
            before[what],
            after[what],
            mover.name,
            today=today,
            reason=reason,
            decision_id=decision_id,
        )
    return changed


def cannot_change(activity: Activity) -> list[str]:
    """Why nothing is agreed anew about an activity any more, where that is so."""
    if not possible(activity.state) or activity.state in (State.CARRIED_OVER, State.WITHDRAWN):
        return [f"En aktivitet som är {activity.state} ändras inte längre."]
    return []


def as_agreed(session: Session, activity: Activity) -> dict[Agreed, str]:
    """What is agreed about an activity now, as words: what a form is filled with."""
    return {what: now.words for what, now in said(session, activity).items()}


def said(
    session: Session, activity: Activity, about: Collection[Agreed] | None = None
) -> dict[Agreed, Said]:
    """What is agreed about an activity now, with the values behind the words; or some of it."""
    wanted = (
        _SAYS if about is None else {what: says for what, says in _SAYS.items() if what in about}
    )
    return {what: says(session, activity) for what, says in wanted.items()}


def _said_responsible(session: Session, activity: Activity) -> Said:
    """The words; beside them whom each names, so that it is put back the same."""
    named = whom_named(session, [_number(activity)])[_number(activity)]
    return Said("\n".join(words for words, *_ in named), beside={"named": named})


def _said_goals(session: Session, activity: Activity) -> Said:
    goals = session.execute(
        select(c(Goal).text, c(Goal).id)
        .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
        .where(c(ActivityGoal).activity_id == activity.id)
        .order_by(c(Goal).position, c(Goal).id)
    ).all()
    return Said("\n".join(text for text, _ in goals), {"ids": sorted(id_ for _, id_ in goals)})


def as_deadline(activity: Activity) -> Said:
    """The deadline of an activity as it is agreed."""
    review = activity.next_review_on
    beside = beside_deadline(activity.review_months, review, activity.reported_done_on)
    return said_span(activity.deadline, runs_on=activity.runs_on, review=review, beside=beside)


def _said_target_groups(session: Session, activity: Activity) -> Said:
    return Said("\n".join(target_groups_of(session, _number(activity))))


def _said_participants(session: Session, activity: Activity) -> Said:
    p = c(Participant)
    rows = select(p.words).where(p.activity_id == activity.id).order_by(p.id)
    return Said("\n".join(session.execute(rows).scalars()))


def _said_promises(session: Session, activity: Activity) -> Said:
    """The sentences; behind them what was made of each: its words, to whom, and by when."""
    p = c(Promise)
    rows = session.execute(
        select(p.words, p.made_to, p.due).where(p.activity_id == activity.id).order_by(p.id)
    )
    made = [[words, to, due.isoformat() if due else None] for words, to, due in rows]
    return Said("\n".join(dict.fromkeys(words for words, *_ in made)), {"made": made})


def _said_funding(_session: Session, activity: Activity) -> Said:
    last = activity.funding_last
    return Said(
        activity.funding_text,
        {"amount": activity.funding_amount, "last": last.isoformat() if last else None},
    )


# Each thing that is agreed, and how it is said; asked for one by one, since most forms touch one.
_SAYS: dict[Agreed, Callable[[Session, Activity], Said]] = {
    Agreed.WHAT: lambda _, activity: Said(activity.what),
    Agreed.HOW: lambda _, activity: Said(activity.how),
    Agreed.FOLLOW_UP: lambda _, activity: Said(activity.follow_up),
    Agreed.START: lambda _, activity: said_span(activity.start),
    Agreed.DEADLINE: lambda _, activity: as_deadline(activity),
    Agreed.RESPONSIBLE: _said_responsible,
    Agreed.GOALS: _said_goals,
    Agreed.TARGET_GROUPS: _said_target_groups,
    Agreed.FUNDING: _said_funding,
    Agreed.PARTICIPANTS: _said_participants,
    Agreed.PROMISES: _said_promises,
    Agreed.FIGURE: lambda _, activity: Said(activity.figure),
    Agreed.WHY_NO_FIGURE: lambda _, activity: Said(activity.why_no_figure),
}
_AGREED = frozenset(what.value for what in _SAYS)


def days_meant(what: Agreed, words: str, today: date, *, planned: bool = False) -> Span:
    """The days that words for a start or a deadline mean: a new deadline's without a year come."""
    if what is Agreed.DEADLINE and not planned:
        return _as_proposed(words, today)
    return _as_planned(words, today)


def agreed_problems(
    session: Session,
    activity: Activity,
    wanted: Mapping[Agreed, str],
    reason: str,
    today: date,
    *,
    planned: bool = False,
    sure: bool = False,
    why_asked: bool = True,
) -> list[str]:
    """What is wrong with what is to be agreed anew, in sentences.

    `sure`: a deadline that is seldom meant has been said to be right.
    """
    problems: list[str] = []
    for what, words in wanted.items():
        if len(words) > _LONGEST:
            told = f"Texten är för lång. Högst {_LONGEST} tecken får plats."
            problems.append(at(what.value, told))
    if wanted.get(Agreed.WHAT, "x") == "":
        problems.append(at("what", "Skriv vad som ska göras."))
    for what in (Agreed.START, Agreed.DEADLINE):
        words = wanted.get(what, "")
        span = days_meant(what, words, today, planned=planned)
        if words and span.first is None and span.last is None and not span.open:
            problems.append(at(what.value, not_a_day(span, words)))
        elif what is Agreed.DEADLINE and not sure and (asked := seldom_meant(span, today)):
            problems.append(asks(what.value, asked))
    put_aside = Agreed.DEADLINE in wanted and activity.deadline_text
    if put_aside and why_asked and not reason.strip():
        told = "Skriv varför slutdatum ändras; det gamla står kvar i historien."
        problems.append(at("reason", told))
    if Agreed.GOALS in wanted:
        known = _goals(session, activity.plan_id)
        for line in wanted[Agreed.GOALS].splitlines():
            if line.strip().casefold() not in known:
                problems.append(at("goals", f"Planen har inget mål ”{line.strip()[:80]}”."))
    problems += too_long(wanted.get(Agreed.TARGET_GROUPS, ""))
    problems += misread_funding(wanted.get(Agreed.FUNDING, ""), today)
    return problems


def _put(
    session: Session, activity: Activity, what: Agreed, words: str, today: date, planned: bool
) -> None:
    match what:
        case Agreed.START | Agreed.DEADLINE:
            put_span(activity, what.value, days_meant(what, words, today, planned=planned))
        case Agreed.RESPONSIBLE:
            session.execute(
                delete(Responsibility).where(c(Responsibility).activity_id == activity.id)
            )
            for name in dict.fromkeys(lines_of(words)):
                session.add(
                    Responsibility(activity_id=_number(activity), kind=Answerable.WORDS, words=name)
                )
        case Agreed.GOALS:
            session.execute(delete(ActivityGoal).where(c(ActivityGoal).activity_id == activity.id))
            known = _goals(session, activity.plan_id)
            wanted = {known[line.strip().casefold()] for line in words.splitlines()}
            rows: list[dict[str, Any]] = [
                {"activity_id": activity.id, "goal_id": goal} for goal in wanted
            ]
            if rows:
                session.execute(insert(ActivityGoal), rows)
        case Agreed.TARGET_GROUPS:
            tag_activity(session, _number(activity), names_in(words))
        case Agreed.FUNDING:
            put_funding(activity, words, today)
        case Agreed.PARTICIPANTS:
            session.execute(delete(Participant).where(c(Participant).activity_id == activity.id))
            for name in dict.fromkeys(lines_of(words)):
                session.add(Participant(activity_id=_number(activity), words=name))
        case Agreed.PROMISES:
            _put_promises(session, activity, words, today)
        case _:
            setattr(activity, what.value, words)


def _put_promises(session: Session, activity: Activity, words: str, today: date) -> None:
    """The sentences that promise, one a line; those that were there stay as they are."""
    lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    ours = c(Promise).activity_id == activity.id
    session.execute(delete(Promise).where(ours, c(Promise).words.not_in(lines)))
    known = set(session.execute(select(c(Promise).words).where(ours)).scalars())
    reader = Reader(session.get_one(Plan, activity.plan_id).first_day or today)
    for line in dict.fromkeys(line for line in lines if line not in known):
        made = [(each.to, each.due.last) for each in promises_in([line], reader)] or [("", None)]
        for to, due in made:
            session.add(Promise(activity_id=_number(activity), words=line, made_to=to, due=due))


def put_funding(held: Activity | Plan, words: str, today: date) -> None:
    """What finances an activity or a plan: the words, and what they say of kronor and a day."""
    money = funding_of(words, "", (), Reader(today))
    held.funding_text = words
    held.funding_amount = money.amount
    held.funding_last = money.last.last


def misread_funding(words: str, today: date) -> list[str]:
    """A last day that is no day, in a sentence."""
    found = Reader(today).find(words[:_LONGEST])
    wrong = [span for span in found if span.precision is Precision.INVALID]
    return [at("funding", not_a_day(span, span.text)) for span in wrong]


def follow_deadline(
    activity: Activity, span: Span, today: date, review_months: int | None = None
) -> None:
    """A new day asks anew; what runs on is seen to by a cadence instead of a deadline."""
    activity.reported_done_on = None
    if span.open:
        activity.runs_on = True
        activity.review_months = (
            activity.review_months or review_months or policy.load().review_months
        )
        activity.next_review_on = activity.next_review_on or months_after(
            today, activity.review_months
        )
    elif span.last:
        activity.runs_on = False
        activity.next_review_on = None


def _goals(session: Session, plan_id: int) -> dict[str, int]:
    rows = session.execute(select(c(Goal).text, c(Goal).id).where(c(Goal).plan_id == plan_id))
    return {text.casefold(): id_ for text, id_ in rows}


def lines_of(words: str) -> list[str]:
    """One a line; on a command line apart by semicolons."""
    return [
        " ".join(name.split()) for name in words.replace(";", "\n").splitlines() if name.strip()
    ]


def _number(activity: Activity) -> int:
    assert activity.id is not None
    return activity.id


def clean(words: str) -> str:
    """Without what a form or a paste adds: NULs, carriage returns, blanks at the ends."""
    return words.replace("\x00", "").replace("\r\n", "\n").strip()
