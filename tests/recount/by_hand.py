"""A roll-up counted by hand from the log, by what docs/reports.md says of each figure.

It knows the words of the log and nothing of how reports are made.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.lifecycle import Lack, Move, Outcome, State
from models.part import PartState
from models.status import Says
from rules.periods import Kind, Period
from tests.recount.log import MISTAKE, NOBODY, PARTS, Anew, Done, Life, Record, Told

_OPEN = {State.PROPOSED, State.DECIDED, State.ONGOING, State.FOLLOWED_UP, State.PAUSED}
_AWAITED = {State.PROPOSED, State.DECIDED, State.ONGOING}
_NO_MORE = {State.ENDED, State.REJECTED, State.WITHDRAWN}
_PUT_FORWARD = {Move.PROPOSE, Move.WITHDRAW, Move.PROPOSE_AGAIN}
ENDS = {"Plan 2024": 2024, "Plan 2025": 2025, "Plan 2026": 2026, MISTAKE: 2025}
_AGREED = {
    **{"owner": "group", "due": "deadline", "responsible": "responsible", "money": "funding"},
}
_DECIDED = {State.DECIDED, State.ONGOING, State.PAUSED}
_CLOSES = {
    *(Move.FOLLOW_UP, Move.END, Move.ABANDON, Move.CARRY_OVER, Move.REJECT, Move.WITHDRAW),
}


@dataclass(frozen=True)
class Days:
    """What is looked at: the period, and the last day that counts."""

    period: Period
    cut_off: date

    @property
    def until(self) -> date:
        """The last day of the period that has been reached."""
        return min(self.cut_off, self.period.last)

    @property
    def over(self) -> date:
        """The last day that is over."""
        if self.cut_off > self.period.last:
            return self.period.last
        return self.until - timedelta(days=1)


@dataclass
class Sum:
    """What the log gives for a group or for all."""

    activities: int = 0
    start: Counter[State] = field(default_factory=Counter)
    end: Counter[State] = field(default_factory=Counter)
    flows: Counter[tuple[State | None, State]] = field(default_factory=Counter)
    moved: Counter[Move] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    closing: Counter[tuple[State, State]] = field(default_factory=Counter)
    late: int = 0
    in_time: int = 0
    too_late: int = 0
    without_deadline: int = 0
    extended: int = 0
    coming: int = 0
    past: int = 0
    over: int = 0
    undone: int = 0
    funded: int = 0
    without_goal: int = 0
    lacking: int = 0
    lacks: Counter[Lack] = field(default_factory=Counter)


def by_hand(lives: Sequence[Life], group: str | None, days: Days) -> Sum:
    """Every figure of one group, or of all, from the log."""
    found = Sum()
    for life in lives:
        if group is None or then(life, "owner", days) == group:
            _add(found, life, days)
    return found


def then(life: Life, about: str, days: Days) -> object:
    """What was agreed on the last day: the first change after it tells."""
    after = [change.was for change in life.agreed(about) if change.day > days.until]
    return after[0] if after else life.now.get(about)


def _parts(life: Life, days: Days) -> tuple[list[Done], list[Done]]:
    """What was done before the period, and in it."""
    before = [one for one in life.done if one.day < days.period.first]
    within = [one for one in life.done if days.period.first <= one.day <= days.until]
    return before, within


def told_of(life: Life, days: Days) -> bool:
    """Was it open at any moment of the period? A successor that nobody has begun with is not."""
    before, within = _parts(life, days)
    open_before = bool(before) and before[-1].after in _OPEN
    if not open_before and not any(one.after in _OPEN for one in within):
        return False
    begun = before or any(one.move not in _PUT_FORWARD for one in within)
    return life.came_from is None or bool(begun)


def _add(found: Sum, life: Life, days: Days) -> None:
    before, within = _parts(life, days)
    for move in {one.move for one in within}:
        found.moved[move] += 1
    for one in within:
        if one.move is Move.FOLLOW_UP:
            _followed(found, one)
    later = [
        change
        for change in life.agreed("due")
        if days.period.first <= change.day <= days.until
        and isinstance(change.was, date)
        and isinstance(change.now, date)
        and change.now > change.was
    ]
    if not told_of(life, days):
        return
    found.extended += bool(later)
    last = (before + within)[-1]
    was = before[-1].after if before else None
    found.activities += 1
    found.end[last.after] += 1
    found.flows[was, last.after] += 1
    if was is not None:
        found.start[was] += 1
    if last.after is State.ENDED and last.outcome is not None:
        found.outcomes[last.outcome] += 1
    found.late += is_late(life, last, days)
    found.funded += then(life, "money", days) is not None
    found.without_goal += last.after in _OPEN and not then(life, "goals", days)
    lacks = list(lacked(life, last.after, days))
    found.lacking += bool(lacks)
    found.lacks.update(lacks)
    _add_money(found, life, last.after, days)
    after = closed(life, days)
    if after is not last.after:
        found.closing[last.after, after] += 1
    found.undone += last.after is State.CARRIED_OVER and _undone(life, days)


def _followed(found: Sum, one: Done) -> None:
    if one.due is None:
        found.without_deadline += 1
    elif one.happened <= one.due:
        found.in_time += 1
    else:
        found.too_late += 1


def is_late(life: Life, last: Done, days: Days) -> bool:
    """The deadline has passed, it waits, and the last that was said since its last move is not that
    it is done.
    """
    due = then(life, "due", days)
    if last.after not in _AWAITED or not isinstance(due, date) or due > days.over:
        return False
    said = [one for one in life.said if one.day <= days.until]
    return not (said and said[-1].says is Says.DONE and said[-1].day >= last.day)


def lacked(life: Life, state: State, days: Days) -> Iterator[Lack]:
    """What it should have had by where it was: what is decided, or told when it is followed up."""
    if state in _DECIDED:
        if not then(life, "goals", days):
            yield Lack.GOAL
        if then(life, "responsible", days) in ("", NOBODY):
            yield Lack.RESPONSIBLE
        if then(life, "due", days) is None:
            yield Lack.DEADLINE
        if not then(life, "follow_up", days):
            yield Lack.FOLLOW_UP
    if state is State.FOLLOWED_UP:
        if not _figure_told(life, days):
            yield Lack.FIGURE
        parts = (then(life, name, days) for name in PARTS)
        if PartState.UNANSWERED in parts:
            yield Lack.PART


def _figure_told(life: Life, days: Days) -> bool:
    """With the last follow-up, or since."""
    followed = [one for one in life.done if one.move is Move.FOLLOW_UP and one.day <= days.until]
    since = [one for one in life.agreed("figure") if one.day <= days.until]
    return followed[-1].figure or any(one.at > followed[-1].at for one in since)


def _add_money(found: Sum, life: Life, state: State, days: Days) -> None:
    money = then(life, "money", days)
    if not isinstance(money, tuple):
        return
    kronor, last = money
    if state in _NO_MORE:
        found.over += kronor
    elif state is State.CARRIED_OVER and life.successor and told_of(life.successor, days):
        return
    elif last is not None and last <= days.until:
        found.past += kronor
    else:
        found.coming += kronor


def closed(life: Life, days: Days) -> State:
    """Where the closing after a year left it; what was taken back before the cut-off was none."""
    _, within = _parts(life, days)
    done = list(within)
    state = ([one for one in life.done if one.day <= days.until])[-1].after
    if days.period.kind is not Kind.YEAR:
        return state
    ends = date(ENDS[plan_then(life, days)], 12, 31)
    for one in [one for one in life.done if days.until < one.day <= days.cut_off]:
        if _takes_back(one, done, days):
            state = done.pop().before or state
        elif ends <= days.period.last and (one.move in _CLOSES or one.happened <= days.until):
            done.append(one)
            state = one.after
        else:
            break
    return state


def plan_then(life: Life, days: Days) -> str:
    """The plan it stood in; a successor, the one that it had been carried over to by then."""
    carried = [
        one.plan
        for one in (life.came_from.done if life.came_from else ())
        if one.move is Move.CARRY_OVER and one.day <= days.until
    ]
    return carried[-1] if carried else life.plan


def _takes_back(one: Done, done: Sequence[Done], days: Days) -> bool:
    if not done:
        return False
    last = done[-1]
    after = last.day > days.until
    match one.move:
        case Move.UNDO_CARRY_OVER:
            return last.move is Move.CARRY_OVER
        case Move.REOPEN:
            return after and last.move in (Move.END, Move.ABANDON, Move.REJECT)
        case Move.PROPOSE_AGAIN:
            return after and last.move is Move.WITHDRAW
        case _:
            return False


def _undone(life: Life, days: Days) -> bool:
    """Was a carrying over of the period undone after its end, and not made anew by the cut-off?"""
    since = [one.move for one in life.done if days.until < one.day <= days.cut_off]
    turns = [move for move in since if move in (Move.CARRY_OVER, Move.UNDO_CARRY_OVER)]
    return bool(turns) and turns[-1] is Move.UNDO_CARRY_OVER


@dataclass(frozen=True)
class Read:
    """An approved report: its period, its cut-off, and how long the log was when it was made."""

    period: Period
    cut_off: date
    at: int

    def tells(self, one: Record) -> bool:
        """Did it tell of a line that was taken back after it? What was agreed it told until its
        period's end.
        """
        last = min(self.period.last, self.cut_off) if isinstance(one, Anew) else self.cut_off
        return one.at <= self.at < one.undone_at and self.period.first <= one.day <= last


Named = tuple[str, str, date, date]  # activity, what no longer holds, its day, when taken back


def corrected(
    lives: Sequence[Life], group: str | None, days: Days, read: Sequence[Read]
) -> Counter[Named]:
    """What earlier reports told, and was taken back in the period."""
    earlier = [one for one in read if one.period.last < days.period.first]
    found: Counter[Named] = Counter()
    for life in lives:
        if group is not None and then(life, "owner", days) != group:
            continue
        for one in life.records:
            if one.undone is None or not days.period.first <= one.undone <= days.until:
                continue
            words = _in_a_word(one)
            if words and any(each.tells(one) for each in earlier):
                day = one.happened if isinstance(one, Done) else one.day
                found[life.name.rstrip("'"), words, day, one.undone] += 1
    return found


def _in_a_word(one: Record) -> str:
    if isinstance(one, Done):
        return one.move.value
    if isinstance(one, Told):
        return one.says.value
    if isinstance(one, Anew) and isinstance(one.now, PartState):
        return f"{one.about} {one.now.value}"
    return _AGREED.get(one.about, "") if isinstance(one, Anew) else ""


def registered_late(life: Life, days: Days) -> int:
    """How much of it happened before the period and was written down in it."""
    _, within = _parts(life, days)
    return sum(one.happened < days.period.first and one.registered > one.happened for one in within)
