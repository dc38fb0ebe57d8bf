"""Every statement that feeds a roll-up's facts says in which order: a database may give any other.

What has no order of its own gives the same facts for years, and another hash on the day that a
database chooses another way to read. Deviations are counted into dictionaries and put in order by
Swedish letters, which two databases know differently; they have no part here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from models import database, effects, successors
from models.database import reading
from models.edition import ReportKind
from models.lifecycle import Move
from reports.editions import Of
from reports.quarter import compile_quarter
from reports.year import compile_year
from tests.cast import Town
from tests.outcomes_played import Year, outcomes

pytestmark = pytest.mark.by_turns
# What gives one row: a row by its number, or no more than one.
_ONE_ROW = re.compile(r"\bWHERE \w+\.id = (% )?\S+$|\bLIMIT\b", re.IGNORECASE)


def outermost(words: str) -> str:
    """A statement without all that stands in brackets."""
    while (shorter := re.sub(r"\([^()]*\)", " ", words)) != words:
        words = shorter
    return " ".join(words.split())


def without_order(statements: list[str]) -> list[str]:
    """Those that may give their rows in any order."""
    found = []
    for words in statements:
        left = outermost(words)
        reads = re.match(r"(SELECT|WITH|INSERT INTO .* SELECT)\b", left, re.IGNORECASE)
        if reads and "ORDER BY" not in left.upper() and not _ONE_ROW.search(left):
            found.append(left)
    return found


@contextmanager
def heard(town: Town) -> Iterator[list[str]]:
    """Every statement that is run while this lasts."""
    said: list[str] = []
    engine = database.engine_for(town.settings)

    def listen(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        said.append(given[2])

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("period", ["2025Q4", "2025"])
def test_every_statement_that_feeds_a_roll_up_has_an_order(town: Town, period: str) -> None:
    year = Year(town)
    for outcome in outcomes():
        year.play(outcome)
    whole = period.isdecimal()
    kind, compile_ = ReportKind.QUARTER, compile_quarter
    if whole:
        kind, compile_ = ReportKind.YEAR, compile_year
    with heard(town) as said, reading(town.settings) as session:
        compile_(session, Of(kind, 1, None, period), date(2026, 3, 13))
    asked = [words for words in said if "deviation" not in words]
    assert len(asked) > 20
    assert without_order(asked) == []


def test_what_is_made_for_many_at_once_is_made_in_an_order() -> None:
    made = [successors._ROWS, successors._FIRST_MOVES, *successors._GO_ALONG]
    made += effects._statements(Move.START, "IN (1)", False, "sqlite")[:1]
    assert without_order([words.replace("{among}", "IN (1)") for words in made]) == []


def test_a_statement_without_an_order_would_be_seen() -> None:
    assert without_order(["SELECT id FROM goal WHERE plan_id IN (SELECT 1 ORDER BY 1)"]) != []
    assert without_order(["WITH one AS (SELECT 1 ORDER BY 1) SELECT * FROM one"]) != []
    assert without_order(["SELECT id FROM goal ORDER BY id"]) == []
    assert without_order(["SELECT name FROM collaboration WHERE collaboration.id = ?"]) == []
