"""Each activity of a period as facts: what was done, agreed and said, and what became of it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from config import clock
from models.decision import Agreed
from models.lifecycle import REMINDED, Lack, Move, Outcome, State
from models.part import PartState
from models.standing import Funding
from models.status import Says, Way
from reports.rollup.asked import Asked
from reports.rollup.closing import closed
from reports.rollup.rows import OnFile, Stood
from reports.rollup.shapes import (
    ActivityFacts,
    Agreement,
    Days,
    PartFact,
    PromiseFact,
    Said,
    Step,
)
from rules.fates import Life, Moved, fate_of
from rules.periods import Kind, counts_from
from rules.wording import takes_over

_TOLD_CHANGES = {Agreed.DEADLINE, Agreed.START, Agreed.WHAT, Agreed.RESPONSIBLE, Agreed.GROUP}


def activity_facts(
    asked: Asked, stood: Stood, file: OnFile, number: int, lacks: tuple[Lack, ...] = ()
) -> ActivityFacts:
    """Everything the report tells of one activity. `lacks` is what it lacked at the end."""
    row = file.activities[stood.id]
    changes = file.changes.get(stood.id, [])
    moves = _corrected(file.moves.get(stood.id, []), changes)
    plan = file.plan_of(stood.id)
    goals = [goal.goal_id for goal in file.goals.get(stood.id, [])]
    then = _as_it_was(row, goals, [x for x in changes if x.on_day > asked.until])
    happened = sorted(moves, key=lambda move: move.happened_on)
    became = State(stood.became)
    told = closed(asked.period, asked.until, plan.last_day, moves, became)
    counting, after = told.moves, told.after
    within = [x for x in changes if x.on_day <= asked.until]
    outcome = _detail(counting, "outcome")
    agreed = tuple(_agreement(x, happened) for x in within if x.what in _TOLD_CHANGES)
    how = Outcome(outcome) if outcome and after is State.ENDED else None
    parts = tuple(_parts(file.parts.get(stood.id, [])))
    answers = file.answers.get(stood.id, [])
    life = Life(
        state=after,
        until=asked.passed,
        moves=[Moved(Move(move.move), move.on_day) for move in counting],
        start=then["start"].first,
        deadline=None if then["runs_on"] else then["deadline"].last,
        prolonged=[each.day for each in agreed if each.later],
        heard=_heard(asked, answers),
        reported_done=after is not State.PAUSED and _reported_done(asked, stood, answers),
        review_due=then["runs_on"] and _review_due(asked, stood, then["review_months"]),
        outcome=how,
        parts=[part.state for part in parts],
    )
    return ActivityFacts(
        number=number,
        what=then["what"],
        plan=plan.title,
        start=then["start"],
        deadline=then["deadline"],
        runs_on=then["runs_on"],
        before=State(stood.was) if stood.was else None,
        after=became,
        fate=fate_of(life),
        late=stood.late,
        next_review=_review(asked, row, file, stood),
        resume=_resumes(file.paused.get(stood.id, []), row)
        if stood.became == State.PAUSED
        else None,
        result=_detail(counting, "result"),
        figure=_figure(counting, within),
        outcome=how,
        outcome_details=_where_to(counting, file, after),
        newest=_newest(asked, answers),
        said_late=tuple(_as_told(asked, s, late=True) for s in _late(asked, answers)),
        goals=tuple(
            words for _, words in sorted(file.aims[g] for g in then["goals"] if g in file.aims)
        ),
        steps=tuple(_step(move, asked, file) for move in happened),
        agreed=agreed,
        said=_said(asked, answers),
        parts=parts,
        lacks=lacks,
        promises=tuple(_promises(asked, stood, file)),
        funding=then["funding"],
        closed=after if after is not became else None,
        money_goes_on=stood.goes_on and then["funding"] is not None,
    )


def _corrected(moves: Sequence[Any], changes: Sequence[Any]) -> Sequence[Any]:
    """The moves, with the words that somebody has corrected since, whenever that was.

    A correction is of what was told last before it. The words are put in the rows that were read.
    """
    for change in changes:
        if change.what not in (Agreed.RESULT, Agreed.KEPT_BY):
            continue
        told = [move for move in moves if move.at <= change.at and move.details.get(change.what)]
        if told:
            told[-1].details[change.what.value] = change.after_words
    return moves


def what_then(asked: Asked, file: OnFile, activity_id: int) -> str:
    """What an activity was about, in the words of the period's end."""
    since = [x for x in file.changes.get(activity_id, []) if x.on_day > asked.until]
    said = [x.before_words for x in since if x.what == Agreed.WHAT]
    return str(said[0] if said else file.activities[activity_id].what)


def _heard(asked: Asked, answers: Sequence[Any]) -> bool:
    """Did anybody tell something of it in the period?"""
    return any(
        asked.period.first <= s.on_day <= asked.until and s.says != Says.NOT_ME for s in answers
    )


def _reported_done(asked: Asked, stood: Stood, answers: Sequence[Any]) -> bool:
    """Is the last that was said of it, since its last move, that it is done?"""
    within = [s for s in answers if s.on_day <= asked.until]
    last = within[-1] if within else None
    return last is not None and last.says == Says.DONE and last.on_day >= stood.since


def _review_due(asked: Asked, stood: Stood, months: int | None) -> bool:
    """Should what runs on have been seen to in the period?"""
    awaited = stood.was in (State.DECIDED, State.ONGOING)
    return awaited and 0 < (months or 0) <= asked.period.kind.months


def _as_it_was(
    row: Any,  # noqa: ANN401 - a row of columns
    goals: Iterable[int],
    later: Iterable[Any],
) -> dict[str, Any]:
    """Words, days, money and goals as they stood at the end, where they were changed since."""
    then: dict[str, Any] = {
        "what": row.what,
        "start": Days(row.start_text, row.start_first, row.start_last),
        "deadline": Days(row.deadline_text, row.deadline_first, row.deadline_last),
        "runs_on": row.runs_on,
        "review_months": row.review_months,
        "funding": _funding(row.funding_text, row.funding_amount, row.funding_last),
        "goals": tuple(goals),
    }
    for change in reversed(list(later)):
        values = change.before_values
        match Agreed(change.what):
            case Agreed.WHAT:
                then["what"] = change.before_words
            case Agreed.START:
                then["start"] = _days(change.before_words, values)
            case Agreed.DEADLINE:
                then["deadline"] = _days(change.before_words, values)
                then["runs_on"] = bool(values.get("open"))
                beside = values.get("beside", {})
                then["review_months"] = beside.get("review_months", then["review_months"])
            case Agreed.FUNDING:
                amount, last = values.get("amount"), _day(values.get("last"))
                then["funding"] = _funding(change.before_words, amount, last)
            case Agreed.GOALS if "ids" in values:
                then["goals"] = tuple(values["ids"])
            case _:
                pass
    return then


def _days(words: str, values: dict[str, Any]) -> Days:
    return Days(words, _day(values.get("first")), _day(values.get("last")))


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None


def _step(move: Any, asked: Asked, file: OnFile) -> Step:  # noqa: ANN401
    decision = ", ".join(filter(None, (move.decided_by, move.reference)))
    afterwards = move.on_day > asked.until
    outcome = move.details.get("outcome")
    return Step(
        day=move.happened_on,
        move=Move(move.move),
        before=State(move.from_state) if move.from_state else None,
        after=State(move.to_state),
        why=move.reason,
        decision=decision,
        afterwards=afterwards,
        registered=move.registered_on if move.registered_on > move.happened_on else None,
        happened_in_time=afterwards and move.happened_on <= asked.until,
        outcome=Outcome(outcome) if outcome else None,
        where=_led_to(move, file),
    )


def _agreement(change: Any, moves: Sequence[Any]) -> Agreement:  # noqa: ANN401
    """What was agreed anew; `moves` are the activity's, in the order they are told."""
    before, after = change.before_values.get("last"), change.after_values.get("last")
    later = change.what == Agreed.DEADLINE and bool(before and after and after > before)
    return Agreement(
        day=change.on_day,
        what=Agreed(change.what),
        before=change.before_words,
        after=change.after_words,
        why=change.reason,
        later=later,
        after_steps=sum(
            (move.happened_on, move.at) <= (change.on_day, change.at) for move in moves
        ),
    )


def _said(asked: Asked, answers: Sequence[Any]) -> Said | None:
    """The last answer of the period that says something in words or figures, else the last one.

    Its words stand there when the process leader has said yes to them, with a mark where she
    mended them; until then only how it goes, never an older answer in their place. A year's report
    is read by anybody: there nobody is named, nor where the collaboration wants no names.
    """
    told = _with_words(asked, answers)
    return _as_told(asked, told) if told else None


def _newest(asked: Asked, answers: Sequence[Any]) -> Said | None:
    """The last answer of the period, where the words of an older one are told beside it: how it
    goes now is not what was said then, and what it proposes waits.
    """
    within = _within(asked, answers)
    if not within or within[-1] is _with_words(asked, answers):
        return None
    return _as_told(asked, within[-1])


def _within(asked: Asked, answers: Sequence[Any]) -> list[Any]:
    return [s for s in answers if asked.period.first <= s.on_day <= asked.until]


def _with_words(asked: Asked, answers: Sequence[Any]) -> Any | None:  # noqa: ANN401 - a row
    within = _within(asked, answers)
    told = [s for s in within if s.text or s.figure] or within
    return told[-1] if told else None


def _late(asked: Asked, answers: Sequence[Any]) -> list[Any]:
    """Answers of before the period that were written down in it, when their own report had gone: as
    for what happened (`rules/periods.py`), no other report tells of them. Whoever answers herself
    does it on the day that she does.
    """
    found = []
    for one in answers:
        if one.way in (Way.LINK, Way.REPLY):
            continue
        counts = counts_from(one.on_day, _registered(one), asked.quarter_cut_off)
        if one.on_day < asked.period.first <= counts <= asked.until:
            found.append(one)
    return found


def _registered(answer: Any) -> date:  # noqa: ANN401 - a row of columns
    given: date = answer.on_day
    return max(given, clock.in_stockholm(answer.at).date())


def _as_told(asked: Asked, answer: Any, *, late: bool = False) -> Said:  # noqa: ANN401 - a row
    """An answer as a report tells it; of one that came `late` also when it was registered."""
    named = asked.names and asked.period.kind is not Kind.YEAR
    words = answer.released
    if answer.edited and words:
        words = f"{words} (redigerat)"
    says = Says(answer.says)
    return Said(
        day=answer.on_day,
        says=says,
        text=words,
        figure=answer.figure,
        who=answer.who if named else "",
        proposed=answer.proposed_text if answer.proposed_last else "",
        takes_over=takes_over(says, answer.instead, answer.who),
        registered=_registered(answer) if late else None,
    )


def _parts(changes: Iterable[Any]) -> Iterable[PartFact]:
    """Each part as its last change left it, in the order they were added."""
    last = {change.part_id: change.after for change in changes}
    for part in last.values():
        yield PartFact(part["name"], PartState(part["state"]), part.get("why", ""))


def _promises(asked: Asked, stood: Stood, file: OnFile) -> Iterable[PromiseFact]:
    """Kept is what there is something to tell of: a result, or an answer in words or figures, from
    the period's first day to the cut-off. What was followed up before that has been told of. That
    it is somebody else's to answer tells nothing of it.
    """
    activity_id = stood.id
    moves = file.moves.get(activity_id, [])
    first = asked.period.first
    every = file.answers.get(activity_id, [])
    answers = [s for s in every if s.on_day >= first]
    if asked.period.kind is not Kind.YEAR:  # a year's own report looks so far that it has had them
        answers += _late(asked, every)
    told_before = stood.was == stood.became == State.FOLLOWED_UP and not moves
    kept = (
        told_before
        or any(move.details.get("result") for move in moves)
        or any(_tells(s) for s in answers)
    )
    promised = [(p.words, p.made_to, p.due) for p in file.promises.get(activity_id, [])]
    since = [x for x in file.changes.get(activity_id, []) if x.on_day > asked.until]
    for change in [x for x in since if x.what == Agreed.PROMISES][:1]:
        lines = [(words, "", None) for words in change.before_words.splitlines()]
        made = change.before_values.get("made") or lines  # older changes kept the words only
        promised = [(words, to, _day(due)) for words, to, due in made]
    for words, to, due in promised:
        yield PromiseFact(words, to, kept, due)


def _tells(answer: Any) -> bool:  # noqa: ANN401 - a row of columns
    """Does an answer tell something of what it is about, in words or figures?"""
    says = Says(answer.says)
    hers = says is not Says.NOT_ME or takes_over(says, answer.instead, answer.who)
    return hers and bool(answer.text or answer.figure)


def _resumes(pauses: Sequence[Any], row: Any) -> date | None:  # noqa: ANN401
    """The day that a pause was to end or be looked at again, as it was last said by the period's
    end. The row tells today's, so it is asked only where no move paused it.
    """
    if not pauses:
        return row.resume_on  # type: ignore[no-any-return]
    last = pauses[-1].details
    return _day(last.get("resume_on") or last.get("review_on"))


def _figure(moves: Sequence[Any], changes: Sequence[Any]) -> str:
    """The figure of the outcome: as it was last followed up with, or told since."""
    followed = [move for move in moves if move.move == Move.FOLLOW_UP][-1:]
    told = [(move.at, str(move.details.get("figure", ""))) for move in followed]
    told += [
        (x.at, str(x.after_words))
        for x in changes
        if x.what == Agreed.FIGURE and not any(x.at < move.at for move in followed)
    ]
    return sorted(told, key=lambda one: one[0])[-1][1] if told else ""


def _detail(moves: Iterable[Any], name: str) -> str:
    """The last thing of that name that was brought along."""
    told = [str(move.details[name]) for move in moves if move.details.get(name)]
    return told[-1] if told else ""


def _where_to(counting: Sequence[Any], file: OnFile, after: State) -> str:
    """Who keeps it, what it was worked into or the plan it goes on in: as the last move told."""
    over = after in (State.CARRIED_OVER, State.ENDED)
    return _led_to(counting[-1], file) if over and counting else ""


def _led_to(move: Any, file: OnFile) -> str:  # noqa: ANN401 - a row of columns
    """The same of one move; "" for one that leads on in life."""
    told = move.details
    if move.to_state == State.CARRIED_OVER:
        return _title(file, told, "next_plan")
    if move.to_state != State.ENDED:
        return ""
    into = file.names.get(_number(told, "into_activity"), "")
    return str(told.get("kept_by", "")) or into or _title(file, told, "into_plan")


def _title(file: OnFile, told: dict[str, str], name: str) -> str:
    plan = file.plans.get(_number(told, name))
    return plan.title if plan else ""


def _number(told: dict[str, str], name: str) -> int:
    return int(told.get(name) or 0)


def _funding(words: str, amount: int | None, last: date | None) -> Funding | None:
    if not words and amount is None:
        return None
    return Funding(words, amount, last)


def _review(
    asked: Asked,
    row: Any,  # noqa: ANN401 - a row of columns
    file: OnFile,
    stood: Stood,
) -> date | None:
    """The next review as it was at the period's end: the first that moved it since tells."""
    if State(stood.became) not in REMINDED:
        return None
    changes = [x for x in file.changes.get(stood.id, []) if x.on_day > asked.until]
    moved = [(s.at, s.review_was) for s in file.reviewed.get(stood.id, [])]
    moved += [
        (x.at, _day(x.before_values.get("review"))) for x in changes if x.what == Agreed.DEADLINE
    ]
    told: date | None = min(moved, key=lambda one: one[0])[1] if moved else row.next_review_on
    return told
