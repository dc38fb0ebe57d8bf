"""Roll-ups: facts against GROUP BYs written by hand, frozen facts, files against LibreOffice.

    python -m bench.rollup [--activities 1000000] [--databases sqlite,postgres] [--rounds 3]

By hand are the statements that somebody who knows SQL would write for the same figures and no
others (`BY_HAND`), ours those that `reports/rollup/counts.py` asks. Both go through the driver
alone, with their rows fetched and nothing made of them. The files are those of a year's report that
tells of 500 activities; LibreOffice turns its Word file into PDF, its second time, with a warm
profile.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import models.tables  # noqa: F401 - every table, so that foreign keys find theirs
from bench.grounds import GROUNDS, Ground, machine
from config import policy
from models.database import reading, transaction
from models.edition import ReportKind
from reports.blocks import Report
from reports.editions import Of, freeze, newest
from reports.files import as_files
from reports.quarter import compile_quarter
from reports.rollup.asked import asked_for
from reports.rollup.counts import statements
from reports.rollup.shapes import SCHEMA
from reports.rollup.show import report_of
from reports.writers.html import write_html
from reports.writers.pdf import write_pdf
from reports.writers.word import write_word
from reports.year import compile_year

GROUPS = 50
REPORTED = 500
CUT_OFF = date(2025, 4, 4)
QUARTER = Of(ReportKind.QUARTER, 1, None, "2025Q1")
YEAR = Of(ReportKind.YEAR, 1, None, "2025")


def fill(ground: Ground, number: int) -> None:
    """Groups, plans, goals and activities with two or three moves each, by the database itself.

    One in five was moved in the first quarter of 2025, one in fifty got a later deadline then.
    """
    counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
    for words in _FILLED:
        most = GROUPS if "groups" in words or "plan" in words.split("(")[0] else number
        ground.bare(_for(ground, words.replace("NUMBERS", counted.format(most))))
    ground.settle()


_NOW = "'2025-01-02 08:00:00+00'"
_FILLED = (
    "INSERT INTO collaboration (id, name) VALUES (1, 'Vårdsamverkan')",
    "INSERT INTO groups (id, collaboration_id, name, kind) NUMBERS "
    "SELECT i, 1, 'Temagrupp ' || i, '' FROM n",
    "INSERT INTO plan (id, collaboration_id, group_id, title, first_day, last_day, purpose, "
    "target_groups) NUMBERS SELECT i, 1, i, 'Plan 2025 ' || i, DATE '2025-01-01', "
    "DATE '2025-12-31', '', '' FROM n",
    "INSERT INTO goal (id, plan_id, position, text) SELECT id, id, 0, 'Hålla ihop' FROM plan",
    "INSERT INTO activity (id, plan_id, group_id, position, what, how, follow_up, status_words, "
    "start_text, start_precision, deadline_text, deadline_last, deadline_precision, runs_on, "
    "state, state_since, result, outcome, source_key, source_file, source_table, doubts) NUMBERS "
    "SELECT i, 1 + i % 50, 1 + i % 50, i, 'Aktivitet ' || i || ': gemensam vårdplanering', "
    "'Arbetsgruppen tar fram ett underlag och prövar det på två orter.', 'Enkät', '', '', "
    "'none', '', CASE i % 4 WHEN 0 THEN DATE '2025-02-28' WHEN 1 THEN DATE '2025-06-30' "
    "ELSE DATE '2025-12-31' END, 'day', (1 = 0), CASE WHEN i % 5 = 0 THEN 'uppföljd' "
    "WHEN i % 3 = 0 THEN 'beslutad' ELSE 'pågående' END, CASE WHEN i % 5 = 0 "
    "THEN DATE '2025-03-10' ELSE DATE '2024-11-04' END, '', '', 'rad ' || i, '', '', '' FROM n",
    "INSERT INTO activity_goal (activity_id, goal_id) SELECT id, group_id FROM activity "
    "WHERE id % 10 > 0",
    *(
        "INSERT INTO move (activity_id, move, from_state, to_state, on_day, happened_on, "
        f"registered_on, at, by, reason, details) SELECT id, {move}, DATE '{day}', DATE '{day}', "
        f"DATE '{day}', {_NOW}, 'Frida', '', '{{}}' FROM activity "
        f"WHERE {which} ORDER BY id"
        for move, day, which in (
            ("'föreslå', NULL, 'föreslagen'", "2024-09-02", "1 = 1"),
            ("'besluta', 'föreslagen', 'beslutad'", "2024-10-07", "1 = 1"),
            ("'starta', 'beslutad', 'pågående'", "2024-11-04", "state <> 'beslutad'"),
            ("'följ upp', 'pågående', 'uppföljd'", "2025-03-10", "state = 'uppföljd'"),
        )
    ),
    "INSERT INTO change (activity_id, what, before_words, after_words, before_values, "
    "after_values, on_day, at, by, reason) SELECT id, 'deadline', 'mars', 'juni', "
    '\'{"last": "2025-03-31"}\', \'{"last": "2025-06-30"}\', '
    f"DATE '2025-02-03', {_NOW}, 'Frida', '' FROM activity WHERE id % 50 = 1",
)


def _for(ground: Ground, words: str) -> str:
    """SQLite keeps days as text and knows no DATE '…', and no zone in moments."""
    if "SQLite" not in ground.name:
        return words
    return words.replace("DATE '", "'").replace("+00'", ".000000'")


# States at the start and the end, moves between, in time or not, late: as they are on file, with no
# regard to what was agreed anew since. The newest move of each activity has the highest number.
_STATES = (
    "SELECT a.group_id, m.to_state, count(*) FROM (SELECT max(id) AS newest FROM move "
    "WHERE on_day {} GROUP BY activity_id) x JOIN move m ON m.id = x.newest "
    "JOIN activity a ON a.id = m.activity_id GROUP BY a.group_id, m.to_state"
)
BY_HAND = (
    _STATES.format("< DATE '2025-01-01'"),
    _STATES.format("<= DATE '2025-03-31'"),
    "SELECT a.group_id, m.move, count(*) FROM move m JOIN activity a ON a.id = m.activity_id "
    "WHERE m.on_day BETWEEN DATE '2025-01-01' AND DATE '2025-03-31' GROUP BY a.group_id, m.move",
    "SELECT a.group_id, m.on_day <= a.deadline_last, count(*) FROM move m "
    "JOIN activity a ON a.id = m.activity_id WHERE m.move = 'följ upp' "
    "AND m.on_day BETWEEN DATE '2025-01-01' AND DATE '2025-03-31' GROUP BY 1, 2",
    "SELECT group_id, count(*) FROM activity WHERE state IN ('beslutad', 'pågående') "
    "AND deadline_last <= DATE '2025-03-31' GROUP BY group_id",
)


def our_statements(ground: Ground) -> list[str]:
    """The GROUP BYs of the quarter with its days written into them."""
    with reading(ground.settings) as session:
        asked = asked_for(session, QUARTER, CUT_OFF)
    found = []
    for words in statements(asked):
        filled = re.sub(r"(?<!:):([a-z_]+)", lambda m: f"DATE '{asked.days[m[1]]}'", words)
        found.append(_for(ground, filled))
    return found


def facts_ratios(ground: Ground, number: int, rounds: int) -> str:
    """A line of the table: by hand, our statements, facts, and the frozen facts read again."""
    fill(ground, number)
    by_hand, ours = [_for(ground, words) for words in BY_HAND], our_statements(ground)
    promises = policy.load()
    with transaction(ground.settings) as session:
        facts = compile_quarter(session, QUARTER, CUT_OFF, promises)
        freeze(session, QUARTER, facts, schema_version=SCHEMA, cut_off=CUT_OFF, by="bench")
    _same(ground, by_hand, facts["counts"], number)

    def compiled() -> None:
        with reading(ground.settings) as session:
            compile_quarter(session, QUARTER, CUT_OFF, promises)

    def read() -> None:
        with reading(ground.settings) as session:
            newest(session, QUARTER)

    works = {
        "by hand": lambda: [ground.ask(words) for words in by_hand],
        "ours": lambda: [ground.ask(words) for words in ours],
        "facts": compiled,
        "frozen": read,
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(_timed(work))
    hand, own, made, frozen = (median(times[name]) for name in works)
    return (
        f"| {ground.name} | {number:,} | {hand:,.0f} ms | {own:,.0f} ms | {made:,.0f} ms "
        f"| **{made / hand:.2f}** | {frozen:.1f} ms | **{frozen / hand:.4f}** |"
    )


def _same(ground: Ground, by_hand: list[str], counts: dict[str, Any], number: int) -> None:
    """Both must count the same, or there is nothing to compare."""

    def by_hand_sums(words: str) -> dict[Any, int]:
        found: Counter[Any] = Counter()
        for row in ground.ask(words):
            found[row[-2]] += int(str(row[-1]))
        return dict(found)

    start, end, moves, in_time, _ = (by_hand_sums(words) for words in by_hand)
    late = sum(int(str(row[-1])) for row in ground.ask(by_hand[-1]))
    told = (counts["start"], counts["end"], counts["moves"], counts["late"])
    timely = (counts["followed_up_in_time"], counts["followed_up_late"])
    hand = (in_time.get(True, 0), in_time.get(False, 0))
    if (start, end, moves, late) != told or hand != timely or counts["activities"] != number:
        raise SystemExit(f"By hand: {start, end, moves, late, hand}; the facts: {told, timely}.")


def file_ratios(ground: Ground, rounds: int) -> str:
    """A line of the table: each file of a year's report, and LibreOffice's PDF of the Word file."""
    fill(ground, REPORTED)
    with transaction(ground.settings) as session:
        facts = compile_year(session, YEAR, date(2026, 3, 13), policy.load())
        freeze(session, YEAR, facts, schema_version=SCHEMA, cut_off=CUT_OFF, by="bench")
        frozen = newest(session, YEAR)
    assert frozen is not None
    report = report_of(frozen, {})
    new = count(1)

    def unseen() -> Report:
        """Typst remembers what it has made: each time it gets a report that it has not seen."""
        return replace(report, reference=f"Utgåva {next(new)}")

    works: dict[str, Callable[[], object]] = {
        "HTML": lambda: write_html(unseen()),
        "Word": lambda: write_word(unseen()),
        "PDF": lambda: write_pdf(unseen()),
        "together": lambda: as_files(("html", "docx", "pdf"), frozen, unseen(), None),
    }
    for work in works.values():
        work()
    took = {name: median(_timed(work) for _ in range(rounds)) for name, work in works.items()}
    office = median(libre_office(write_word(report), rounds))
    ours = took["together"]
    each = " | ".join(f"{took[name]:,.0f} ms" for name in works)
    return f"| {REPORTED} | {each} | {office:,.0f} ms | **{ours / office:.2f}** |"


def libre_office(word: bytes, rounds: int) -> Iterator[float]:
    """How long LibreOffice takes to turn a Word file into PDF, after a first time."""
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("LibreOffice (soffice) is not installed; --no-files leaves this out.")
    with tempfile.TemporaryDirectory(prefix="foljsam-bench-") as folder:
        (Path(folder) / "report.docx").write_bytes(word)
        command = [office, "--headless", "--convert-to", "pdf", "--outdir", folder]

        def convert() -> None:
            subprocess.run(
                [*command, str(Path(folder) / "report.docx")],
                env=os.environ | {"HOME": folder},
                check=True,
                capture_output=True,
            )

        convert()
        for _ in range(rounds):
            yield _timed(convert)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-files", action="store_true", help="without LibreOffice")
    asked = parser.parse_args()
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    print(
        "\n| database | activities | by hand | our statements | facts | ratio "
        "| frozen facts | ratio |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for name in asked.databases.split(","):
        with GROUNDS[name]() as ground:
            print(facts_ratios(ground, asked.activities, asked.rounds), flush=True)
    if asked.no_files:
        return
    print(
        "\n| activities | HTML | Word | PDF | together | LibreOffice | ratio |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    with GROUNDS["sqlite"]() as ground:
        print(file_ratios(ground, asked.rounds))


if __name__ == "__main__":
    main()
