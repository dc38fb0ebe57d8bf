"""A roll-up's figures are those that somebody gets who counts what was done with a finger.

Random lives are played through the same doors as everybody's (`world.py`), and counted by the log
of what was done and docs/reports.md alone (`by_hand.py`). Each report is compiled on its day and
again when the world ends, with the same cut-off: it is the same edition, on both databases.
`LONG=1` draws 20 worlds of 16 periods; `WORLDS=4-7` some of them; `TELL=file` writes what was seen.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from models.database import reading
from models.edition import EditionState, ReportKind
from models.lifecycle import Move, State
from reports.editions import Frozen, Of, canonical, fingerprint
from reports.quarter import compile_quarter
from reports.rollup.shapes import SCHEMA, Counts, RollUp, read_facts
from reports.rollup.show import report_of
from reports.year import compile_year
from rules.periods import Kind, parse
from tests.cast import Town
from tests.recount.by_hand import Days, Sum, by_hand, closed
from tests.recount.page import Page, disagreements
from tests.recount.world import Life, World
from tests.sizes import LONG

PERIODS = [
    *("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3"),
    *("2024T1", "2024T2", "2024T3", "2025T1"),
    *("2024H1", "2024H2", "2025H1", "2024", "2025"),
]
SOME = PERIODS if LONG else ["2024Q2", "2024T3", "2024", "2025Q1", "2025"]
GROUPS = [None, "NOSAM Alm", "NOSAM Björk", "Samordningsgruppen"] if LONG else [None, "NOSAM Alm"]
_SEEN: dict[tuple[object, ...], str] = {}  # the hash of each report, to compare the databases


def worlds() -> range:
    """The seeds that are drawn."""
    first, _, last = os.environ.get("WORLDS", "0-19" if LONG else "0-0").partition("-")
    return range(int(first), int(last or first) + 1)


@dataclass(frozen=True)
class Asked:
    """A report: of a period, until a day, of a group or of all."""

    period: str
    cut_off: date
    group: str | None


def all_asked() -> list[Asked]:
    """Every report, in the order of their days."""
    found = []
    for name in SOME:
        last = parse(name).last
        for cut_off in (last - timedelta(days=20), last + timedelta(days=20)):
            found += [Asked(name, cut_off, group) for group in GROUPS]
    return sorted(found, key=lambda one: one.cut_off)


def compiled(world: World, asked: Asked) -> dict[str, object]:
    """The facts of a report, as they are now."""
    kind, compile_ = ReportKind.QUARTER, compile_quarter
    if parse(asked.period).kind is Kind.YEAR:
        kind, compile_ = ReportKind.YEAR, compile_year
    group = world.groups[asked.group] if asked.group else None
    with reading(world.town.settings) as session:
        return compile_(session, Of(kind, 1, group, asked.period), asked.cut_off)


def differences(facts: RollUp, world: World, asked: Asked) -> Iterator[str]:
    """Everything that the report counts otherwise than the log."""
    days = Days(parse(asked.period), asked.cut_off)
    yield from _figures(facts.counts, by_hand(world.lives, asked.group, days), "all")
    for group in facts.groups:
        yield from _figures(group.counts, by_hand(world.lives, group.name, days), group.name)
        listed = Counter(one.after for one in group.activities)
        if listed != Counter(group.counts.end):
            yield f"{group.name}: the list has {listed}"
        if sum(one.late for one in group.activities) != group.counts.late:
            yield f"{group.name}: late in the list"
    lives = {life.name: life for life in world.lives}
    for one in (one for group in facts.groups for one in group.activities):
        if parse(asked.period).kind is not Kind.YEAR:
            continue
        life = _whose(lives, one.what, one.plan)
        told = one.closed or one.after
        if life is not None and told is not closed(life, days):
            yield f"{one.what}: {told} after the closing, {closed(life, days)} by the log"


def _whose(lives: dict[str, Life], what: str, plan: str) -> Life | None:
    """An activity by its words and its plan: successors have their predecessor's words."""
    found = [one for one in lives.values() if one.name.rstrip("'") == what and one.plan == plan]
    return found[0] if len(found) == 1 else None


def _figures(counts: Counts, mine: Sum, whose: str) -> Iterator[str]:
    told = {
        "activities": (counts.activities, mine.activities),
        "start": (Counter(counts.start), mine.start),
        "end": (Counter(counts.end), mine.end),
        "flows": (Counter({(f.before, f.after): f.number for f in counts.flows}), mine.flows),
        "closing": (
            Counter({(f.before, f.after): f.number for f in counts.closing}),
            mine.closing,
        ),
        "outcomes": (Counter(counts.outcomes), mine.outcomes),
        "late": (counts.late, mine.late),
        "in time": (counts.followed_up_in_time, mine.in_time),
        "too late": (counts.followed_up_late, mine.too_late),
        "without deadline": (counts.followed_up_without_deadline, mine.without_deadline),
        "extended": (counts.extended, mine.extended),
        "kronor": (
            (counts.kronor_coming, counts.kronor_past, counts.kronor_over),
            (mine.coming, mine.past, mine.over),
        ),
        "undone": (counts.carried_undone, mine.undone),
    }
    for move in (Move.START, Move.FOLLOW_UP, Move.PAUSE):
        told[move.value] = ((counts.moved or {}).get(move, 0), mine.moved[move])
    for name, (report, log) in told.items():
        if report != log:
            yield f"{whose}, {name}: {report} in the report, {log} by the log"


def page_of(facts: dict[str, object], asked: Asked) -> Page:
    """The report as a draft."""
    kind = ReportKind.YEAR if asked.period.isdecimal() else ReportKind.QUARTER
    of = Of(kind, 1, None, asked.period)
    words = fingerprint(canonical(facts))
    frozen = Frozen(1, of, 1, asked.cut_off, EditionState.COMPILED, SCHEMA, words, facts)
    return Page(report_of(frozen, {}))


def crosses(world: World, cut_off: date) -> bool:
    """Was anything written down after the cut-off that counts from before it?"""
    return any(one.counts <= cut_off < one.registered for life in world.lives for one in life.done)


def figures_in(facts: RollUp) -> int:
    """How many figures were compared."""
    return sum(
        16 + len(one.start) + len(one.end) + len(one.flows) + len(one.outcomes)
        for one in (facts.counts, *(group.counts for group in facts.groups))
    )


@pytest.mark.parametrize("seed", worlds())
def test_every_figure_is_that_of_what_was_done(town: Town, seed: int) -> None:
    world = World(town, seed)
    waiting = all_asked()
    on_the_day: dict[Asked, str] = {}
    wrong: list[str] = []
    seen = Counter[str]()

    def until(day: date) -> None:
        """Whatever has its cut-off before this day is compiled, with all that was done by then."""
        while waiting and waiting[0].cut_off < day:
            asked = waiting.pop(0)
            facts = compiled(world, asked)
            told = read_facts(facts)
            wrong.extend(f"{asked}: {words}" for words in differences(told, world, asked))
            wrong.extend(f"{asked}: {words}" for words in disagreements(page_of(facts, asked)))
            on_the_day[asked] = fingerprint(canonical(facts))
            seen.update(reports=1, figures=figures_in(told))

    world.play(until)
    for asked, sha256 in on_the_day.items():
        if crosses(world, asked.cut_off):
            seen["written down after the cut-off"] += 1
            continue
        late = fingerprint(canonical(compiled(world, asked)))
        seen["compiled again"] += 1
        if late != sha256:
            wrong.append(f"{asked}: another edition when it is compiled late")
        known = _SEEN.setdefault((seed, asked), sha256)
        seen["compared between databases"] += known is not sha256
        if known != sha256:
            wrong.append(f"{asked}: another hash on the other database")
    _tell(town.settings, seed, seen, wrong)
    assert len(on_the_day) == len(all_asked())
    assert seen["compiled again"] > len(on_the_day) // 4
    assert wrong == []


def _tell(settings: Settings, seed: int, seen: Counter[str], wrong: list[str]) -> None:
    """Write down what was seen, where somebody asks for it."""
    if path := os.environ.get("TELL"):
        kind = settings.database.partition(":")[0]
        lines = [f"{kind} world {seed}: {dict(seen)}, {len(wrong)} wrong", *wrong[:40]]
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def test_a_report_that_said_one_thing_with_two_numbers_would_be_seen(small_town: Town) -> None:
    """A page of facts in which one more was carried over than the table of states has."""
    world = World(small_town, 1)
    facts: list[dict[str, object]] = []
    asked = Asked("2024", date(2025, 1, 20), None)

    def until(day: date) -> None:
        if not facts and day > asked.cut_off:
            facts.append(compiled(world, asked))
            raise _Enough

    with pytest.raises(_Enough):
        world.play(until)
    assert disagreements(page_of(facts[0], asked)) == []
    told = read_facts(facts[0])
    assert told.counts.end.get(State.CARRIED_OVER)
    counts = facts[0]["counts"]
    assert isinstance(counts, dict)
    counts["end"]["överförd"] += 1
    assert disagreements(page_of(facts[0], asked)) != []


class _Enough(Exception):  # noqa: N818 - no fault
    """The world need not go on."""
