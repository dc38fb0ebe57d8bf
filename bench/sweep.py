"""The sweep and the morning round, against one plain SQL statement that makes the same notices.

    python -m bench.sweep [--sizes 100000,1000000] [--databases sqlite,postgres] [--rounds 5]

Each round empties the notices and measures the bare statement and ours in turn, on the same data
and on connections that are kept, so that noise hits both. With `--where-it-goes` it also tells what
each statement of a morning costs, and by which index the sweep finds its rows.
"""

import argparse
import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import models.tables  # noqa: F401 - every table, so that foreign keys find theirs
from bench import crowd, where_it_goes
from bench.grounds import GROUNDS, Ground, machine
from config import policy
from models.database import transaction
from models.lifecycle import REMINDED
from notifications import notices
from notifications.letters import morning
from rules.ladder import Window, all_windows

BARE, OURS = "bare", "sweep"
BARE_AGAIN, OURS_AGAIN = "bare, second time", "sweep, second time"
ROUND = "sweep + letters"


@dataclass(slots=True)
class Measured:
    """Milliseconds of each work, on one database and size."""

    where: str
    activities: int
    notices: int = 0
    letters: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def time(self, name: str, work: Callable[[], object]) -> None:
        """Run once and note how long it took."""
        gc.collect()
        began = perf_counter()
        work()
        self.times.setdefault(name, []).append((perf_counter() - began) * 1000)

    def middle(self, name: str) -> float:
        """The median, in milliseconds."""
        return median(self.times[name])

    def ratio(self, name: str, to: str) -> float:
        """How many times the bare statement's median."""
        return self.middle(name) / self.middle(to)


def bare_statement() -> str:
    """The notices of today as one statement, as well as we know to write it by hand.

    Both ladders of the deadlines are answered by one walk along the index.
    """
    windows = all_windows(policy.load(), crowd.TODAY)
    reminded = "state IN (" + ", ".join(f"'{state.value}'" for state in REMINDED) + ")"
    start, review, resume = (
        [w for w in windows if w.kind == kind] for kind in ("start", "review", "resume")
    )
    branches = [
        _deadlines(windows, reminded),
        _branch("start", "start_due", _rungs("start_due", start), start, "state = 'beslutad'"),
        _branch("review", "next_review_on", _rungs("next_review_on", review), review, reminded),
        _branch("resume", "resume_on", _rungs("resume_on", resume), resume, "state = 'pausad'"),
    ]
    return (
        "INSERT INTO notice (activity_id, kind, rung, due_on, reached_on)\n"
        + "\nUNION ALL\n".join(branches)
        + "\nON CONFLICT DO NOTHING"
    )


def _deadlines(windows: list[Window], reminded: str) -> str:
    """Deadlines as precise as a year have a ladder of their own, which is longer at one end."""
    day = "deadline_last"
    year = [w for w in windows if w.kind == "deadline" and not w.all_but]
    usual = [w for w in windows if w.kind == "deadline" and w.all_but]
    last = max(w.last for w in usual)
    rung = (
        f"CASE WHEN deadline_precision = 'year' THEN {_rungs(day, year)} "
        f"ELSE {_rungs(day, usual)} END"
    )
    where = f"{reminded} AND (deadline_precision = 'year' OR {day} <= DATE '{last}')"
    return _branch("deadline", day, rung, year + usual, where)


def _branch(kind: str, day: str, rung: str, windows: list[Window], where: str) -> str:
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    return (
        f"SELECT id, '{kind}', {rung}, {day}, DATE '{crowd.TODAY}' "
        f"FROM activity WHERE {day} BETWEEN DATE '{first}' AND DATE '{last}' "
        f"AND {where} AND reported_done_on IS NULL"
    )


def _rungs(day: str, windows: list[Window]) -> str:
    steps = " ".join(f"WHEN {day} >= DATE '{w.first}' THEN {w.rung}" for w in windows)
    return f"CASE {steps} END"


def _sweep(ground: Ground) -> dict[str, int]:
    with transaction(ground.settings) as session:
        return notices.sweep(session, policy.load(), crowd.TODAY)


def _write(ground: Ground) -> morning.Result:
    with transaction(ground.settings) as session:
        return morning.write(session, ground.settings, policy.load(), crowd.TODAY)


def _round(ground: Ground) -> None:
    _sweep(ground)
    _write(ground)


def measure(ground: Ground, activities: int, rounds: int) -> Measured:
    """Bare and ours in turn, after one round of each that is not counted."""
    bare = _for(ground, bare_statement())
    measured = Measured(ground.name, activities)
    measured.notices, measured.letters = _same_notices(ground, bare)
    turns = (_bare_twice, _sweep_twice, _whole_round)
    for number in range(rounds):
        for turn in turns if number % 2 == 0 else reversed(turns):
            ground.empty()
            turn(ground, measured, bare)
    return measured


def _bare_twice(ground: Ground, measured: Measured, bare: str) -> None:
    measured.time(BARE, lambda: ground.bare(bare))
    measured.time(BARE_AGAIN, lambda: ground.bare(bare))


def _sweep_twice(ground: Ground, measured: Measured, _bare: str) -> None:
    measured.time(OURS, lambda: _sweep(ground))
    measured.time(OURS_AGAIN, lambda: _sweep(ground))


def _whole_round(ground: Ground, measured: Measured, _bare: str) -> None:
    measured.time(ROUND, lambda: _round(ground))


def _for(ground: Ground, statement: str) -> str:
    """SQLite keeps days as text and knows no DATE '…'."""
    return statement.replace("DATE '", "'") if "SQLite" in ground.name else statement


def _same_notices(ground: Ground, bare: str) -> tuple[int, int]:
    """Both must make the same, or the ratio means nothing. Warms both up. (notices, letters)."""
    question = "SELECT activity_id, kind, rung, due_on, reached_on FROM notice ORDER BY 1, 2"
    ground.empty()
    ground.bare(bare)
    by_bare = ground.ask(question)
    ground.empty()
    _sweep(ground)
    by_us = ground.ask(question)
    if by_bare != by_us or not by_us:
        raise SystemExit(f"The bare statement made {len(by_bare)} notices, the sweep {len(by_us)}.")
    return len(by_us), len(_write(ground).letter_ids)


def as_markdown(all_measured: list[Measured]) -> str:
    """The results as a table: milliseconds (medians), and ratios to the bare statement."""
    lines = [
        "| database | activities | notices | bare | sweep | ratio | bare, second time "
        "| sweep, second time | ratio | letters | sweep + letters | ratio to bare |",
        "|" + " --- |" * 12,
    ]
    lines += [
        f"| {m.where} | {m.activities:,} | {m.notices:,} | {m.middle(BARE):.1f} ms "
        f"| {m.middle(OURS):.1f} ms | **{m.ratio(OURS, BARE):.2f}** "
        f"| {m.middle(BARE_AGAIN):.1f} ms | {m.middle(OURS_AGAIN):.1f} ms "
        f"| **{m.ratio(OURS_AGAIN, BARE_AGAIN):.2f}** | {m.letters:,} "
        f"| {m.middle(ROUND):.0f} ms | **{m.ratio(ROUND, BARE):.1f}** |"
        for m in all_measured
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure what is asked for and print it."""
    asked = _arguments()
    print(machine())
    all_measured = [
        _on_fresh_ground(name, int(size), asked)
        for name in asked.databases.split(",")
        for size in asked.sizes.split(",")
    ]
    print()
    print(as_markdown(all_measured))


def _on_fresh_ground(name: str, size: int, asked: argparse.Namespace) -> Measured:
    with GROUNDS[name]() as ground:
        began = perf_counter()
        crowd.fill(ground, size)
        print(f"{ground.name}: {size:,} activities loaded in {perf_counter() - began:.0f} s")
        measured = measure(ground, size, asked.rounds)
        if asked.where_it_goes:
            ground.empty()
            print(where_it_goes.tell(ground, lambda: _round(ground)))
    return measured


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="100000,1000000", help="how many activities")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--where-it-goes", action="store_true", help="the cost of each statement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
