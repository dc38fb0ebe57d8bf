"""Headings, days and words of status that somebody wrote without a look at the reader.

The lists stand in `tests/corpus/third/`. A heading is right when it is taken for what it says, and
so is one that says nothing of an activity (money, an order) when it is taken for no part of it. A
word of status is right when its state is among those that it may say, or when it is asked about
and may be.
"""

import csv
from collections.abc import Iterator
from datetime import date

from intake.plan.heading_words import role_of
from intake.plan.states import state_of
from models.plan_shape import Role
from models.span import Precision, Span
from rules.swedish_dates import read
from tests.corpus.third.draw import HERE

DAY = date(2026, 1, 15)
ALSO: dict[
    str, set[Role | None]
] = {  # a column of days may hold stretches of time, what goals stand under is a level of them
    "deadline": {Role.DEADLINE, Role.PERIOD},
    "goal": {Role.GOAL, Role.FOCUS_AREA},
    "state": {Role.STATUS},
    "": {None, Role.FUNDING, Role.NUMBER},
}


def rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def heading_is_right(row: dict[str, str]) -> bool:
    fits = ALSO.get(row["field"]) or {Role(row["field"])}
    return role_of(row["heading"]) in fits


def state_is_right(row: dict[str, str]) -> bool:
    said, may_be = state_of(row["wording"]), row["right"].split("|")
    if said.doubt:
        told = said.proposal in may_be if said.proposal else True
        return told and (said.proposal in may_be or "ask" in may_be)
    return said.state in may_be


def last_day(span: Span) -> date | None:
    """A turn of year or of half-year is, as a deadline, its last day before midnight."""
    return span.first if span.precision is Precision.TURN else span.last


def day_is_right(row: dict[str, str]) -> bool:
    span = read(row["wording"], DAY)
    begins = not row["first"] or (span.first and span.first.isoformat() == row["first"])
    last = last_day(span)
    return bool(begins) and (last.isoformat() if last else "") == row["last"]


def test_ninety_five_of_a_hundred_headings_are_known() -> None:
    wrong = [row["heading"] for row in rows("headings.csv") if not heading_is_right(row)]
    assert wrong == ["Beskrivning av åtgärd"]  # 73 of 74; alone it is taken for what is done


def test_ninety_five_of_a_hundred_words_of_status_are_known_or_asked_about() -> None:
    wrong = [row["wording"] for row in rows("states.csv") if not state_is_right(row)]
    assert wrong == []


def test_ninety_eight_of_a_hundred_days_are_right() -> None:
    wrong = [row["wording"] for row in rows("dates.csv") if not day_is_right(row)]
    assert wrong == []
