"""A roll-up's figures are those that somebody gets who reads the log of moves with a finger.

Random lives are played through the same doors as everybody's. The recount knows nothing of how
reports are made: it reads moves in the order they were made, and docs/reports.md. `LONG=1` draws
more worlds.
"""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import MoveRow
from models.edition import ReportKind
from models.group import Group
from models.lifecycle import OPEN, Brought, Move, Outcome, State, possible
from models.moves import Refused
from models.plan import Plan
from reports.editions import Of, canonical
from reports.quarter import compile_quarter
from reports.rollup.shapes import RollUp, read_facts
from reports.year import compile_year
from rules.periods import parse
from tests.cast import Town

WORLDS = range(20) if os.environ.get("LONG") else range(2)
PERIODS = [
    *("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2"),
    *("2024T1", "2024T2", "2024T3", "2025T1"),
    *("2024H1", "2024H2", "2025H1", "2024", "2025", "2025Q3"),
]
SOME = PERIODS if os.environ.get("LONG") else ["2024Q2", "2024Q4", "2024", "2025Q1", "2025"]
_PUT_FORWARD = (Move.PROPOSE, Move.WITHDRAW, Move.PROPOSE_AGAIN)


@dataclass(frozen=True)
class Logged:
    """A move as it stands in the log."""

    day: date
    move: Move
    to: State


@dataclass
class Recount:
    """What the log gives for one group and one period."""

    activities: int
    start: Counter[State]
    end: Counter[State]
    moved: Counter[Move]


def play(town: Town, seed: int) -> None:
    """Eight activities and what comes of them, from January 2024 until the autumn after."""
    drawn = Random(seed)
    with transaction(town.settings) as session:
        area = session.execute(select(c(Group).collaboration_id).limit(1)).scalar_one()
        next_plan = Plan(collaboration_id=area, group_id=town.bjork, title="Plan 2025")
        session.add(next_plan)
        session.flush()
        next_id = next_plan.id
    for number in range(8):
        day = date(2024, 1, 2) + timedelta(days=drawn.randrange(60))
        town.activity(f"Aktivitet {number}", by="2024-09-30", today=day)
    day = date(2024, 3, 5)
    while day < date(2025, 9, 1):
        day += timedelta(days=drawn.randrange(1, 7))
        with reading(town.settings) as session:
            states = session.execute(
                select(c(Activity).id, c(Activity).state).order_by(c(Activity).id)
            ).all()
        id_, state = drawn.choice(list(states))
        brought = Brought(
            reason="ett skäl",
            decision_id=town.decision,
            result="bra",
            figure="4",
            outcome=drawn.choice([Outcome.ACHIEVED, Outcome.NOT_ACHIEVED, Outcome.CEASED]),
            resume_on=day + timedelta(days=drawn.randrange(20, 90)),
            stand_in_group_id=town.deciders,
            deadline=day + timedelta(days=drawn.randrange(30, 200)),
            next_plan_id=next_id,
        )
        ways = possible(state)
        if not ways:
            continue
        try:
            town.move(id_, drawn.choice(ways), brought, today=day)
        except Refused:
            continue


def log_of(settings: Settings) -> dict[tuple[str, int, bool], list[Logged]]:
    """Every activity's moves, by (group, number, whether it is a successor)."""
    found: dict[tuple[str, int, bool], list[Logged]] = defaultdict(list)
    with reading(settings) as session:
        rows = session.execute(
            select(c(Group).name, c(Activity).id, c(Activity).successor_of, MoveRow)
            .join(Activity, c(Activity).group_id == c(Group).id)
            .join(MoveRow, c(MoveRow).activity_id == c(Activity).id)
            .order_by(c(MoveRow).id)
        )
        for group, id_, came_from, move in rows:
            logged = Logged(move.on_day, Move(move.move), State(move.to_state))
            found[group, id_, came_from is not None].append(logged)
    return found


def recount(
    log: dict[tuple[str, int, bool], list[Logged]], group: str | None, first: date, until: date
) -> Recount:
    """Who was open at any moment, where they stood before and after, and who was moved how."""
    found = Recount(0, Counter(), Counter(), Counter())
    for (owner, _, successor), moves in log.items():
        before = [m for m in moves if m.day < first]
        within = [m for m in moves if first <= m.day <= until]
        if group not in (None, owner) or not (before or within):
            continue
        was_open = bool(before) and before[-1].to in OPEN
        came_alive = any(m.to in OPEN for m in within)
        begun = before or any(m.move not in _PUT_FORWARD for m in within)
        for move in {m.move for m in within}:
            found.moved[move] += 1
        if not (was_open or came_alive) or (successor and not begun):
            continue
        found.activities += 1
        found.end[(before + within)[-1].to] += 1
        if before:
            found.start[before[-1].to] += 1
    return found


def compiled(settings: Settings, period: str, group: int | None, cut_off: date) -> RollUp:
    """The roll-up of a period."""
    kind, compile_ = ReportKind.QUARTER, compile_quarter
    if period.isdecimal():
        kind, compile_ = ReportKind.YEAR, compile_year
    with reading(settings) as session:
        facts = compile_(session, Of(kind, 1, group, period), cut_off)
    assert canonical(facts)
    return read_facts(facts)


@pytest.mark.parametrize("seed", WORLDS)
def test_the_figures_are_those_of_the_log(town: Town, seed: int) -> None:
    play(town, seed)
    log = log_of(town.settings)
    for name in SOME:
        period = parse(name)
        for cut_off in (period.last - timedelta(days=20), period.last + timedelta(days=20)):
            until = min(cut_off, period.last)
            for group, id_ in ((None, None), ("NOSAM Alm", town.alm)):
                facts = compiled(town.settings, name, id_, cut_off)
                mine = recount(log, group, period.first, until)
                told = (seed, name, cut_off, group)
                assert facts.counts.activities == mine.activities, told
                assert facts.counts.start == dict(mine.start), told
                assert facts.counts.end == dict(mine.end), told
                moved = {m: mine.moved[m] for m in (Move.START, Move.FOLLOW_UP, Move.PAUSE)}
                assert facts.counts.moved == {m: n for m, n in moved.items() if n}, told
                listed = Counter(one.after for g in facts.groups for one in g.activities)
                assert listed == mine.end, told
                assert facts.doubts == (), told


@pytest.mark.parametrize("seed", WORLDS)
def test_a_pause_is_told_as_it_was_also_when_compiled_late(small_town: Town, seed: int) -> None:
    """Compiled half a year later, a paused activity tells the day that was said then."""
    town = small_town
    play(town, seed)
    with reading(town.settings) as session:
        rows = session.execute(
            select(MoveRow).where(c(MoveRow).on_day <= date(2024, 12, 31)).order_by(c(MoveRow).id)
        ).scalars()
        last: dict[int, MoveRow] = {}
        pauses: dict[int, str] = {}
        for move in rows:
            last[move.activity_id] = move
            if move.move in (Move.PAUSE, Move.PROLONG):
                pauses[move.activity_id] = move.details["resume_on"]
        paused = [id_ for id_, move in last.items() if move.to_state is State.PAUSED]
        expected = sorted(pauses[id_] for id_ in paused)
    facts = compiled(town.settings, "2024Q4", None, date(2025, 1, 15))
    told = sorted(
        str(one.resume) for g in facts.groups for one in g.activities if one.after is State.PAUSED
    )
    assert told == expected
