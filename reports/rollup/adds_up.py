"""From the beginning to the end: two tables that anybody can add up, and a check that they do.

What was open when the period began, what came to it and what left it make what was open at its
end; what the closing after it did is told for itself. An edition whose figures do not add up is
refused (`must_add_up`): its lists, its groups and its sums are counted in two ways.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from models.lifecycle import OPEN, Move, State
from reports.blocks import Block, Table
from reports.rollup.counts import TOLD_OF
from reports.rollup.in_short import of_the_period
from reports.rollup.money import sums_of
from reports.rollup.shapes import LATE_APART, Counts, Flow, GroupFacts, RollUp
from rules.checks import sums
from rules.fates import Fate
from rules.wording import day_in_words

_SAID_NO = (State.REJECTED, State.WITHDRAWN)
_REFUSED = (
    "Rapporten sammanställs inte, för siffrorna går inte ihop. Felet är programmets eller "
    "databasens: visa det här för den som sköter systemet."
)


class DoesNotAddUp(ValueError):  # noqa: N818 - an answer, not a fault of who asks
    """Facts that contradict themselves; the message says, in Swedish, what does not agree."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(f"{_REFUSED} {' '.join(sentences)}")
        self.sentences = list(sentences)


def from_start_to_end(facts: RollUp) -> Table:
    """Open at the beginning, what came and what left, open at the end: by group and in all."""
    period = facts.period
    head = (
        "Grupp",
        f"Öppna vid {of_the_period(period)} början",
        "Nya",
        "Öppnade igen",
        "Avslutade",
        "Överförda",
        "Avslagna eller återtagna",
        f"Öppna {day_in_words(period.until)}",
    )
    rows = [(g.name, *_from_start(g.counts)) for g in facts.groups if g.counts.end]
    if len(rows) > 1:
        rows.append(("Alla", *_from_start(facts.counts)))
    note = "De öppna vid början, de nya och de som öppnades igen blir tillsammans de övriga."
    caption = "Öppna aktiviteter från början till slut"
    return Table(caption, head, _as_words(rows), frozenset(range(1, len(head))), note)


def closing(facts: RollUp, cut_off: date) -> list[Block]:
    """What was done after the period's end and closes it: by group and in all."""
    if not facts.counts.closing:
        return []
    period = facts.period
    whose = of_the_period(period)
    head = (
        "Grupp",
        f"Öppna vid {whose} slut",
        "Öppnade igen",
        "Avslutade",
        "Överförda",
        "Avslagna eller återtagna",
        "Öppna efteråt",
    )
    rows = [(g.name, *_from_end(g.counts)) for g in facts.groups if g.counts.end]
    if len(rows) > 1:
        rows.append(("Alla", *_from_end(facts.counts)))
    note = (
        f"Läget vid {whose} slut ändras inte av det här. Vad det blev av aktiviteterna berättas "
        "med det."
    )
    done = "registrerades" if facts.schema >= LATE_APART else "gjordes"
    caption = f"Det som {done} efter {whose} slut, till och med {day_in_words(cut_off)}"
    return [Table(caption, head, _as_words(rows), frozenset(range(1, len(head))), note)]


def _as_words(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(cell) for cell in row) for row in rows)


def _from_start(counts: Counts) -> tuple[int, ...]:
    open_before = sum(f.number for f in counts.flows if f.before in OPEN)
    new = sum(f.number for f in counts.flows if f.before is None)
    return (open_before, new, *_changes(counts.flows), _open_at_end(counts))


def _from_end(counts: Counts) -> tuple[int, ...]:
    changes = _changes(counts.closing)
    before = _open_at_end(counts)
    return (before, *changes, before + changes[0] - sum(changes[1:]))


def _changes(flows: Iterable[Flow]) -> tuple[int, int, int, int]:
    """(Opened again, ended, carried over, said no to.)"""
    all_ = list(flows)
    again = sum(f.number for f in all_ if f.before is not None and f.before not in OPEN)
    ended = sum(f.number for f in all_ if f.after is State.ENDED)
    carried = sum(f.number for f in all_ if f.after is State.CARRIED_OVER)
    no = sum(f.number for f in all_ if f.after in _SAID_NO)
    return again, ended, carried, no


def _open_at_end(counts: Counts) -> int:
    return sum(number for state, number in counts.end.items() if state in OPEN)


def must_add_up(facts: RollUp) -> None:
    """Raises `DoesNotAddUp` with every sentence when anything contradicts itself.

    1. In each group and in all: what flowed is what stood at the start and at the end.
    2. Each group's list is its figures.
    3. The groups make the whole.
    """
    found = _flows("Alla grupper", facts.counts)
    for group in facts.groups:
        found += _flows(group.name, group.counts)
        if not group.left_out:
            found += _list(group, facts)
    found += _groups(facts)
    if found:
        raise DoesNotAddUp(found)


def _flows(name: str, counts: Counts) -> list[str]:
    open_before, new, again, *left, open_after = _from_start(counts)
    found = sums(
        f"{name}, öppna från början till slut",
        open_before + new + again,
        {
            "lämnade": sum(left),
            "öppna": open_after,
        },
    )
    before: dict[State, int] = {}
    after: dict[State, int] = {}
    for flow in counts.flows:
        after[flow.after] = after.get(flow.after, 0) + flow.number
        if flow.before is not None:
            before[flow.before] = before.get(flow.before, 0) + flow.number
    found += _alike(f"{name}, vid början", counts.start, before)
    found += _alike(f"{name}, vid slutet", counts.end, after)
    listed = {"i flödet": sum(after.values())}
    return found + sums(f"{name}, aktiviteter", counts.activities, listed)


def _list(group: GroupFacts, facts: RollUp) -> list[str]:
    counts, all_ = group.counts, group.activities
    before: dict[State, int] = {}
    after: dict[State, int] = {}
    for one in all_:
        after[one.after] = after.get(one.after, 0) + 1
        if one.before is not None:
            before[one.before] = before.get(one.before, 0) + 1
    found = _alike(f"{group.name}, vid början", counts.start, before, "i listan")
    found += _alike(f"{group.name}, vid slutet", counts.end, after, "i listan")
    found += sums(f"{group.name}, försenade", counts.late, {"i listan": sum(a.late for a in all_)})
    lacking = sum(bool(one.lacks) for one in all_)
    found += sums(f"{group.name}, saknar något", counts.lacking, {"i listan": lacking})
    money = (counts.kronor_coming, counts.kronor_past, counts.kronor_over)
    for told, made in zip(money, sums_of(all_, facts), strict=True):
        found += sums(f"{group.name}, kronor", told, {"i listan": made})
    return found + _happened(group) + _told_as_carried(group)


def _happened(group: GroupFacts) -> list[str]:
    """What sentences say was done is what the activities' own stories tell."""
    counts = group.counts
    followed = counts.followed_up_in_time + counts.followed_up_late
    followed += counts.followed_up_without_deadline
    extended = sum(any(each.later for each in one.agreed) for one in group.activities)
    found = sums(f"{group.name}, med senare slutdatum", counts.extended, {"i listan": extended})
    made: dict[Move, int] = {}
    times = 0
    for one in group.activities:
        moves = [step.move for step in one.steps if not step.afterwards]
        times += moves.count(Move.FOLLOW_UP)
        for move in set(moves):
            made[move] = made.get(move, 0) + 1
    found += sums(f"{group.name}, gånger som något följdes upp", followed, {"i listan": times})
    for move in TOLD_OF:
        told = (counts.moved or {}).get(move, 0)
        found += sums(f"{group.name}, {move.value}", told, {"i listan": made.get(move, 0)})
    return found


def _told_as_carried(group: GroupFacts) -> list[str]:
    """Carried over at the end and by the closing make those that are told as carried over."""
    told = sum(one.fate is Fate.CARRIED_OVER for one in group.activities)
    by_closing = [f for f in group.counts.closing if f.after is State.CARRIED_OVER]
    back = [f for f in group.counts.closing if f.before is State.CARRIED_OVER]
    made = group.counts.end.get(State.CARRIED_OVER, 0)
    made += sum(f.number for f in by_closing) - sum(f.number for f in back)
    return sums(f"{group.name}, överförda", told, {"vid slutet och efteråt": made})


def _groups(facts: RollUp) -> list[str]:
    found = []
    for name, words in _IN_WORDS.items():
        parts = {group.name: getattr(group.counts, name) for group in facts.groups}
        found += sums(f"Alla grupper, {words}", getattr(facts.counts, name), parts)
    for state in State:
        parts = {group.name: group.counts.end.get(state, 0) for group in facts.groups}
        found += sums(f"Alla grupper, {state.value}", facts.counts.end.get(state, 0), parts)
    return found


_IN_WORDS = {
    "activities": "aktiviteter",
    "late": "försenade",
    "lacking": "saknar något",
    "extended": "med senare slutdatum",
    "followed_up_in_time": "uppföljda i tid",
    "followed_up_late": "uppföljda efter slutdatum",
    "followed_up_without_deadline": "uppföljda utan slutdatum",
    "kronor_coming": "kronor kvar",
    "kronor_past": "kronor vars sista dag har passerat",
    "kronor_over": "kronor vid det som är över",
    "carried_undone": "ångrade överföringar",
    "without_goal": "utan mål",
    "funded": "med medel",
}


def _alike(
    name: str, told: Mapping[State, int], made: Mapping[State, int], where: str = "i flödet"
) -> list[str]:
    found = []
    for state in State:
        if told.get(state, 0) != made.get(state, 0):
            found += sums(f"{name}, {state.value}", told.get(state, 0), {where: made.get(state, 0)})
    return found
