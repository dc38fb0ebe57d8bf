"""A roll-up's figures are those that somebody gets who counts what was done with a finger.

Random lives are played through the same doors as everybody's (`world.py`), and counted by the log
of what was done and docs/reports.md alone (`by_hand.py`). Each report is compiled on its day and
again when the world ends, with the same cut-off: it is the same edition, on both databases.
`LONG=1` draws 20 worlds of 16 periods; `WORLDS=4-7` some of them; `TELL=file` writes what was seen.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed
from models.edition import Edition, EditionState, ReportKind
from models.lifecycle import Move, State
from reports.editions import Frozen, Of, canonical, fingerprint, freeze
from reports.quarter import compile_quarter
from reports.rollup.shapes import SCHEMA, Correction, Counts, RollUp, read_facts
from reports.rollup.show import report_of
from reports.rollup.story import LACKED
from reports.year import compile_year
from rules.periods import Kind, parse
from tests.cast import Town
from tests.recount.by_hand import (
    Days,
    Named,
    Read,
    Sum,
    by_hand,
    closed,
    corrected,
    registered_late,
    then,
    told_of,
)
from tests.recount.log import Life
from tests.recount.page import Page, disagreements
from tests.recount.world import World
from tests.sizes import LONG

pytestmark = pytest.mark.by_turns
PERIODS = [
    *("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3"),
    *("2024T1", "2024T2", "2024T3", "2025T1"),
    *("2024H1", "2024H2", "2025H1", "2024", "2025"),
]
SOME = PERIODS if LONG else ["2024Q2", "2024T3", "2024", "2025Q1", "2025"]
_TAKEN_BACK = 11  # at least so much is taken back in a world; in a calm one anything at all
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


def corrections(facts: RollUp, world: World, asked: Asked, read: Sequence[Read]) -> Iterator[str]:
    """What the report says was taken back since the one before, otherwise than the log."""
    days = Days(parse(asked.period), asked.cut_off)
    if days.period.kind is Kind.YEAR:  # which corrects annual reports, and none was approved
        read = ()
    mine = corrected(world.lives, asked.group, days, read)
    told: Counter[Named] = Counter(
        (one.what, _no_longer(one), one.day, one.undone)
        for one in facts.corrected
        if one.agreed is not Agreed.FIGURE  # the log knows that one was told, and not which
    )
    if told != mine:
        yield f"taken back: {told - mine} in the report alone, {mine - told} in the log alone"


def _no_longer(one: Correction) -> str:
    if one.part_state is not None:
        return f"{one.part} {one.part_state.value}"
    return str(one.move or one.agreed or one.says)


def sentences(page: Page, facts: RollUp, mine: Sum) -> Iterator[str]:
    """Every sentence at the top that says another number than the log."""
    if not mine.activities:
        return
    said = page.sentences()
    told = {
        "started": (said["started"], mine.moved[Move.START]),
        "followed up": (said["followed"], mine.moved[Move.FOLLOW_UP]),
        "how": (page.followed_up(), (mine.in_time, mine.too_late, mine.without_deadline)),
        "paused": (said["paused"], mine.moved[Move.PAUSE]),
        "extended": (said["extended"], mine.extended),
        "lacking": (said["lacking"], mine.lacking),
        "lacks": (page.lacked(), {LACKED[lack]: n for lack, n in mine.lacks.items()}),
        "late": (said["late"], mine.late),
        "taken back": (bool(page.under("Rättat sedan förra rapporten")), bool(facts.corrected)),
    }
    for name, (sentence, log) in told.items():
        if sentence != log:
            yield f"the sentence of {name}: {sentence}, {log} by the log"


def late_lines(page: Page, world: World, asked: Asked) -> Iterator[str]:
    """What stands under *Registrerat i efterhand*, by the log."""
    days = Days(parse(asked.period), asked.cut_off)
    lives = [one for one in world.lives if told_of(one, days)]
    lives = [one for one in lives if asked.group in (None, then(one, "owner", days))]
    mine = sum(registered_late(life, days) for life in lives)
    told = page.under("Registrerat i efterhand")
    if told != mine:
        yield f"registered late: {told} in the report, {mine} by the log"


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
        "funded": (counts.funded, mine.funded),
        "without goal": (counts.without_goal, mine.without_goal),
        "lacking": (counts.lacking, mine.lacking),
        "lacks": (Counter(counts.lacks), mine.lacks),
    }
    for move in (Move.START, Move.FOLLOW_UP, Move.PAUSE):
        told[move.value] = ((counts.moved or {}).get(move, 0), mine.moved[move])
    for name, (report, log) in told.items():
        if report != log:
            yield f"{whose}, {name}: {report} in the report, {log} by the log"


def differing(one: object, other: object, where: str = "") -> Iterator[str]:
    """What two plain values hold that differs, and where."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            yield from differing(one.get(name), other.get(name), f"{where}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (each, another) in enumerate(zip(one, other, strict=True)):
            yield from differing(each, another, f"{where}[{at}]")
    elif one != other:
        yield f"{where}: {one} on its day, {other} late"


def page_of(facts: dict[str, object], asked: Asked) -> Page:
    """The report as a draft."""
    kind = ReportKind.YEAR if asked.period.isdecimal() else ReportKind.QUARTER
    of = Of(kind, 1, None, asked.period)
    words = fingerprint(canonical(facts))
    frozen = Frozen(1, of, 1, asked.cut_off, EditionState.COMPILED, SCHEMA, words, facts)
    return Page(report_of(frozen, {}))


def crosses(world: World, cut_off: date) -> bool:
    """Was anything written down or taken back after the cut-off that counts from before it?"""
    return any(
        one.day <= cut_off < one.registered
        or (one.registered <= cut_off and one.undone is not None and one.undone > cut_off)
        for life in world.lives
        for one in life.records
    )


def approved(world: World, asked: Asked, facts: dict[str, object]) -> Read:
    """The report is frozen, and somebody approves it."""
    of = Of(ReportKind.QUARTER, 1, None, asked.period)
    with transaction(world.town.settings) as session:
        id_, _ = freeze(
            session, of, facts, schema_version=SCHEMA, cut_off=asked.cut_off, by="Frida"
        )
        session.execute(
            update(Edition)
            .where(c(Edition).id == id_)
            .values(
                state=EditionState.APPROVED, approved_at=c(Edition).compiled_at, approved_by="Frida"
            )
        )
    return Read(parse(asked.period), asked.cut_off, world.at)


def figures_in(facts: RollUp) -> int:
    """How many figures were compared."""
    return sum(
        25 + len(one.lacks) + len(one.start) + len(one.end) + len(one.flows) + len(one.outcomes)
        for one in (facts.counts, *(group.counts for group in facts.groups))
    )


@pytest.mark.parametrize("seed", worlds())
def test_every_figure_is_that_of_what_was_done(town: Town, seed: int) -> None:
    """1. Each report on its day; those of all groups are approved, so that later ones correct them.
    2. Each again when the world has ended: the same edition, or what the log says by then where
       something was written down or taken back after its day.
    """
    world = World(town, seed)
    waiting = all_asked()
    on_the_day: dict[Asked, str] = {}
    as_told: dict[Asked, dict[str, object]] = {}
    read: list[Read] = []
    wrong: list[str] = []
    seen = Counter[str]()

    def looked_at(asked: Asked, facts: dict[str, object], when: str) -> None:
        told, page = read_facts(facts), page_of(facts, asked)
        mine = by_hand(world.lives, asked.group, Days(parse(asked.period), asked.cut_off))
        for each in (
            differences(told, world, asked),
            corrections(told, world, asked, read),
            disagreements(page),
            sentences(page, told, mine),
            late_lines(page, world, asked),
        ):
            wrong.extend(f"{asked}{when}: {words}" for words in each)
        seen.update(reports=1, figures=figures_in(told), corrections=len(told.corrected))

    def until(day: date) -> None:
        """Whatever has its cut-off before this day is compiled, with all that was done by then."""
        while waiting and waiting[0].cut_off < day:
            asked = waiting.pop(0)
            facts = compiled(world, asked)
            looked_at(asked, facts, "")
            as_told[asked] = facts
            on_the_day[asked] = fingerprint(canonical(facts))
            world.told_until = max(world.told_until, asked.cut_off)
            if asked.group is None and parse(asked.period).kind is not Kind.YEAR:
                read.append(approved(world, asked, facts))

    world.play(until)
    for asked, sha256 in on_the_day.items():
        facts = compiled(world, asked)
        if crosses(world, asked.cut_off):
            looked_at(asked, facts, ", compiled late")
            seen["written down or taken back after the cut-off"] += 1
        else:
            seen["compiled again"] += 1
            if fingerprint(canonical(facts)) != sha256:
                told = next(differing(as_told[asked], facts))
                wrong.append(f"{asked}: another edition when it is compiled late, {told}")
        for when, mine in (("", sha256), (", compiled late", fingerprint(canonical(facts)))):
            known = _SEEN.setdefault((seed, asked, when), mine)
            seen["compared between databases"] += known is not mine
            if known != mine:
                wrong.append(f"{asked}{when}: another hash on the other database")
    seen["taken back"] = sum(not one.stands for life in world.lives for one in life.records)
    _tell(town.settings, seed, seen, wrong)
    assert len(on_the_day) == len(all_asked())
    assert seen["taken back"] >= (1 if world.calm else _TAKEN_BACK)
    assert not world.calm or seen["compiled again"] == len(on_the_day)
    assert wrong == []


def _tell(settings: Settings, seed: int, seen: Counter[str], wrong: list[str]) -> None:
    """Write down what was seen, where somebody asks for it."""
    if path := os.environ.get("TELL"):
        kind = settings.database.partition(":")[0]
        lines = [f"{kind} world {seed}: {dict(seen)}, {len(wrong)} wrong", *wrong[:60]]
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
