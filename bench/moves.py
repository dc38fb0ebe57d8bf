"""A move (guarded change of state, row of history, commit), and many at once, beside others.

    python -m bench.moves [--moves 400] [--many 10000] [--rounds 5] [--databases sqlite,postgres]

On the same database, in turns: the bare driver, ours, and viewflow.fsm with Django's ORM. The last
is measured where it is installed, for instance beside the repository:

    pip install --target /tmp/peers django django-viewflow
    PYTHONPATH=/tmp/peers python -m bench.moves

Every mover has activities of its own that wait to be started, so nobody meets anybody.
"""

import argparse
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

import models.tables  # noqa: F401 - every table, so that foreign keys find theirs
from bench import crowd
from bench.grounds import GROUNDS, Ground, machine
from config.settings import Settings
from models.database import transaction
from models.lifecycle import Move
from models.moves import Mover, make_move, make_moves

TODAY = date(2026, 3, 2)
FRIDA = Mover("Frida")
BARE, OURS, PEER = "driver", "make_move", "viewflow + Django"
BARE_MANY, OURS_MANY = "bare statements", "make_moves"
Ids = list[int]
Work = Callable[[Ids], None]

_CHANGE = "UPDATE activity SET state = 'pågående', state_since = {p} WHERE id = {p} AND state = {p}"
_REMEMBER = (
    "INSERT INTO move (activity_id, move, from_state, to_state, on_day, happened_on, "
    "registered_on, at, by, reason, details) "
    "VALUES ({p}, 'starta', 'beslutad', 'pågående', {p}, '{today}', '{today}', {p}, 'Frida', '', "
    "'{{}}')"
)
_REMEMBER_MANY = (
    "INSERT INTO move (activity_id, move, from_state, to_state, on_day, happened_on, "
    "registered_on, at, by, reason, details) "
    "SELECT id, 'starta', state, 'pågående', {p}, '{today}', '{today}', {p}, 'Frida', '', "
    "'{{}}' FROM activity WHERE id {among} AND state = 'beslutad'"
)
_CHANGE_MANY = (
    "UPDATE activity SET state = 'pågående', state_since = {p} "
    "WHERE id {among} AND state = 'beslutad'"
)


def main() -> None:
    """Measure, and print a table of medians and ratios."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--moves", type=int, default=400)
    asked.add_argument("--many", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--databases", default="sqlite,postgres")
    told = asked.parse_args()
    print(machine())
    print("| database | work | a second | to the driver |\n| --- | --- | --- | --- |")
    for name in told.databases.split(","):
        with GROUNDS[name]() as ground:
            for line in measure(ground, told.moves, told.many, told.rounds):
                print(line)


def measure(ground: Ground, moves: int, many: int, rounds: int) -> Iterator[str]:
    """One line for each work: how many moves a second, as medians of the rounds."""
    crowd.fill(ground, rounds * (3 * moves + 2 * many))
    ground.bare(
        "UPDATE activity SET state = 'beslutad', state_before_pause = NULL, resume_on = NULL"
    )
    ground.settle()
    ids = count(1)
    with _bare(ground.settings) as (bare, bare_many):
        one = {BARE: bare, OURS: _ours(ground.settings)} | _peer(ground.settings)
        yield from _told(ground.name, _measured(one, moves, rounds, ids), BARE)
        together = {BARE_MANY: bare_many, OURS_MANY: _ours_many(ground.settings)}
        yield from _told(ground.name, _measured(together, many, rounds, ids), BARE_MANY)


def _measured(
    works: dict[str, Work], number: int, rounds: int, ids: Iterator[int]
) -> dict[str, float]:
    """Moves a second of each work; they take turns, in the other order every second round."""
    speeds: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds):
        for name in list(works) if turn % 2 else list(works)[::-1]:
            mine = [next(ids) for _ in range(number)]
            began = perf_counter()
            works[name](mine)
            speeds[name].append(number / (perf_counter() - began))
    return {name: median(times) for name, times in speeds.items()}


def _told(where: str, speeds: dict[str, float], to: str) -> Iterator[str]:
    for name, speed in speeds.items():
        yield f"| {where} | {name} | {speed:,.0f} | {speed / speeds[to]:.2f} |"


def _ours(settings: Settings) -> Work:
    def work(ids: Ids) -> None:
        for id_ in ids:
            with transaction(settings) as session:
                make_move(session, id_, Move.START, FRIDA, today=TODAY)

    return work


def _ours_many(settings: Settings) -> Work:
    def work(ids: Ids) -> None:
        with transaction(settings) as session:
            moved = make_moves(session, ids, Move.START, FRIDA, today=TODAY)
        assert len(moved.states) == len(ids)

    return work


@contextmanager
def _bare(settings: Settings) -> Iterator[tuple[Work, Work]]:
    """The driver alone, with the pragmas of `models/database.py`: one by one, and many."""
    if settings.database.startswith("sqlite"):
        path = Path(settings.home) / "foljsam.db"
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            for rule in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
                connection.execute(f"PRAGMA {rule}")
            among = "IN (SELECT value FROM json_each(?))"
            yield _works(connection, "BEGIN IMMEDIATE", "?", among, json.dumps)
        return
    address = settings.database.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield _works(connection, "BEGIN", "%s", "= ANY(%s)", list)


def _works(
    connection: Any,  # noqa: ANN401 - either driver's own
    begin: str,
    place: str,
    among: str,
    listed: Callable[[Ids], object],
) -> tuple[Work, Work]:
    change, remember = _CHANGE.format(p=place), _REMEMBER.format(p=place, today=TODAY)
    change_many = _CHANGE_MANY.format(p=place, among=among)
    remember_many = _REMEMBER_MANY.format(p=place, today=TODAY, among=among)

    def bare(ids: Ids) -> None:
        for id_ in ids:
            connection.execute(begin)
            at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            changed = connection.execute(change, (str(TODAY), id_, "beslutad")).rowcount
            connection.execute(remember, (id_, str(TODAY), at))
            connection.execute("COMMIT" if changed else "ROLLBACK")

    def bare_many(ids: Ids) -> None:
        connection.execute(begin)
        at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute(remember_many, (str(TODAY), at, listed(ids)))
        connection.execute(change_many, (str(TODAY), listed(ids)))
        connection.execute("COMMIT")

    return bare, bare_many


def _peer(settings: Settings) -> dict[str, Work]:
    """viewflow.fsm on Django's ORM, on the same tables; nothing where it is not installed."""
    try:
        from bench import django_peer

        return {PEER: django_peer.work(settings, TODAY)}
    except ImportError:
        print("(viewflow and Django are not installed; see `python -m bench.moves --help`)")
        return {}


if __name__ == "__main__":
    main()
