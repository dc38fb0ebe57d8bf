"""Whoever reads the log of what happened leaves out what was taken back, or says here why not.

Statements are found in the source: in words by their table and the name they give it, and others by
the columns they ask for. A new one that reads all rows fails, until it asks `standing` or `stands`.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("models", "rules", "intake", "notifications", "reports", "flows", "web", "cli")
LOGS = {"MoveRow", "Change", "PartChange", "StatusAnswer", "PlanChange"}
IN_WORDS = re.compile(
    r"\b(?:FROM|JOIN) (?:move|change|part_change|status_answer|plan_change) (\w+)"
)
# What reads every row, and why.
READ_ALL = {
    ("models/versions.py", "_NEWEST"): "a row that was taken back made another version",
    ("intake/lives/entries.py", "of_batch"): "asks `stands` of each table in turn",
    ("intake/lives/undo.py", "_mark"): "marks them",
    ("models/changes.py", "remember_plan"): "only adds",
    ("web/activities/timeline.py", "_moves"): "the log tells what was taken back, and says so",
    ("web/activities/timeline.py", "_changes"): "the log tells what was taken back, and says so",
    ("web/activities/timeline.py", "_parts"): "the log tells what was taken back, and says so",
    ("web/activities/timeline.py", "_answers"): "the log tells what was taken back, and says so",
    ("notifications/calendar_days.py", "_parts"): "counts times changed, which must never fall",
    ("notifications/calendar_days.py", "_MOVES"): "counts times changed, which must never fall",
    ("notifications/calendar_days.py", "_AGREED"): "counts times changed, which must never fall",
    ("reports/rollup/against.py", "_groups_touched_since"): "a change and its undoing both explain",
    ("reports/rollup/against.py", "_left_since"): "a change and its undoing both explain",
    ("notifications/letters/taken_back.py", "_WHAT_WAS"): "tells what was taken back",
    ("notifications/reports_to_come.py", "_taken_back"): "asks what was taken back",
    ("reports/minutes.py", "_OF_MOVES"): "columns; whoever asks for them asks",
    ("reports/rollup/corrected.py", "_moves"): "tells what was taken back",
    ("reports/rollup/corrected.py", "_changes"): "tells what was taken back",
    ("reports/rollup/corrected.py", "_answers"): "tells what was taken back",
    ("reports/rollup/corrected.py", "_parts"): "tells what was taken back",
    ("reports/archive/sources.py", "_ACTIVITIES"): "the archive keeps the whole log",
    ("reports/archive/sources.py", "SOURCES"): "the archive keeps the whole log",
    ("web/overview/health.py", "_first_move"): "when the installation was begun with",
    ("web/belongings.py", "_answer"): "whose a row is does not change",
    ("notifications/answered.py", "is_answered"): "asks by `NEWEST`",
    ("notifications/bounces.py", "_may_be_so"): "who took her answer back has had the letter too",
    ("notifications/letters/said.py", "add_what_was_settled"): "asks by `_SETTLED`",
    ("web/asking/mine.py", "given_by"): "her own answers, also those that she took back",
    ("web/asking/mine.py", "own_page"): "her own answers, also those that she took back",
    ("web/asking/mine.py", "_opened_by"): "whose a row is does not change",
    ("web/asking/mine.py", "_refuse_unless_open"): "whose a row is does not change",
    ("web/overview/attention.py", "_answers_to_settle"): "asks by `_ASKS`",
    ("web/overview/attention.py", "_words_that_wait"): "asks by `_WORDS_WAIT`",
    ("web/asking/mine.py", "_receipt"): "her own answers, also those that she took back",
    ("cli/example/promises.py", "_on_file"): "counts what the example wrote",
    ("web/activities/second.py", "_taken_back"): "tells what was taken back",
    ("models/part.py", "put_part"): "only adds",
    ("models/moves.py", "propose"): "only adds",
    ("models/owners.py", "_put_group"): "only adds",
    ("models/changes.py", "remember_change"): "only adds",
    ("models/changes.py", "remember_changes"): "only adds",
    ("intake/lives/answers.py", "save"): "only adds",
    ("intake/lives/words.py", "release"): "asks `words_wait`, which asks",
    ("models/released.py", "words_wait"): "asks",
    ("models/successors.py", "_PARTS_HISTORY"): "the row is the newest that stands",
    ("notifications/letters/told.py", "_RESTING"): "asks by `PROPOSES`",
    ("notifications/notices.py", "waits_for_a_yes"): "asks by `PROPOSES`",
}
# Conditions of `models/proposals.py` and `models/released.py` that ask for whoever uses them.
ASKS = ("stands(", "standing(", "proposes", "worries(", "words_wait(", "standing_proposal(")


def blocks() -> list[tuple[str, str, str]]:
    """(file, name, source) of each function and each constant outside functions."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            lines = source.splitlines()
            for node in ast.parse(source).body:
                told = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                found.append((path.relative_to(ROOT).as_posix(), _named(node), told))
    return found


def _named(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return ""


def forgets(name: str, source: str) -> str:
    """What a block of source reads without asking whether it stands; nothing when all is well."""
    for alias in IN_WORDS.findall(source):
        asks = f'standing("{alias}")' in source or f"standing('{alias}')" in source
        if not asks:
            return str(alias)
    read = {table for table in LOGS if re.search(rf"\bc\({table}\)", source)}
    asks = any(word in source for word in ASKS)
    return ", ".join(sorted(read)) if read and name and not asks else ""


def test_nobody_reads_what_was_taken_back_by_mistake() -> None:
    found = {(file, name): forgets(name, source) for file, name, source in blocks()}
    forgotten = {where: what for where, what in found.items() if what and where not in READ_ALL}
    assert forgotten == {}


def test_the_exceptions_are_still_there() -> None:
    there = {(file, name) for file, name, _ in blocks()}
    assert READ_ALL.keys() <= there


@pytest.mark.parametrize(
    "source",
    [
        'ASKED = "SELECT 1 FROM move m WHERE m.activity_id = 7"',
        "def asked():\n    return select(c(Change).what).where(c(Change).activity_id == 7)",
    ],
)
def test_a_statement_that_forgets_is_found(source: str) -> None:
    assert forgets("asked", source)
