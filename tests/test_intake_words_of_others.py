"""Headings, days and words of status that somebody wrote without a look at the reader.

The lists stand in `tests/corpus/third/` to `seventeenth/`. A heading is right when
it is taken for what it says, and so is one that says nothing of an activity (money, an order) when
it is taken for no part of it. A word of status is right when its state is among those that it may
say, or when it is asked about and may be.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from intake.plan.heading_words import role_of
from intake.plan.states import state_of
from intake.plans import read_plan
from models.plan_shape import Role
from models.span import Precision, Span
from rules.swedish_dates import read
from tests import corpus

HERE = Path(corpus.__file__).parent
DAY = date(2026, 1, 15)
ALSO: dict[
    str, set[Role | None]
] = {  # a column of days may hold stretches of time, what goals stand under is a level of them
    "deadline": {Role.DEADLINE, Role.PERIOD},
    "goal": {Role.GOAL, Role.FOCUS_AREA},
    "state": {Role.STATUS},
    "": {None, Role.FUNDING, Role.NUMBER},
    # What came of it is followed up, and may be last year's words of how it goes.
    "result": {Role.FOLLOW_UP, Role.STATUS, None},
    "comment": {None, Role.STATUS},
    "group": {Role.RESPONSIBLE, Role.PARTICIPANTS, Role.DECIDED_BY},
    "organisation": {Role.PARTICIPANTS, Role.RESPONSIBLE, None},
    "decision": {None, Role.DECIDED_BY},
    "period": {Role.PERIOD, Role.DEADLINE},
    "start": {Role.START, Role.PERIOD},
    "none": {None, Role.NUMBER},
    "ask": {None},
}
BESIDE = ("Kartlägga behov hos äldre", "Ta fram gemensam rutin", "Utbilda handledare i SIP")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def heading_is_right(row: dict[str, str]) -> bool:
    fits = ALSO.get(row["field"]) or {Role(row["field"])}
    return role_of(row["heading"]) in fits


def fits(field: str) -> set[Role | None]:
    every = (ALSO.get(one) or {Role(one)} for one in field.split("|"))
    return set().union(*every)


def role_over(row: dict[str, str], folder: Path) -> Role | None:
    """What a heading is taken for in a plan where its cells stand beneath it."""
    cells, wanted = row["cells"].split(" ¤ "), row["field"].split("|")
    columns = {
        "Aktivitet": BESIDE,
        "Ansvarig": ["Alice Ek"] * 3,
        "Klart senast": ["2025-05-01"] * 3,
    }
    instead = {
        "what": "Aktivitet", "responsible": "Ansvarig", "deadline": "Klart senast",
        "period": "Klart senast",
    }  # fmt: skip
    gone = next((instead[one] for one in wanted if one in instead), "")
    if gone and "ask" not in wanted:
        del columns[gone]
    columns[row["heading"]] = cells
    file = folder / "plan.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows((columns, *zip(*columns.values(), strict=True)))
    shape = read_plan(file).shape
    assert shape is not None
    return next(one.role for one in shape.columns if one.heading == row["heading"])


def state_is_right(row: dict[str, str]) -> bool:
    said, may_be = state_of(row["wording"]), row["right"].split("|")
    if said.doubt:
        told = said.proposal in may_be if said.proposal else True
        return told and (said.proposal in may_be or "ask" in may_be)
    return said.state in may_be


def last_day(span: Span) -> date | None:
    """A turn of year or of half-year is, as a deadline, its last day before midnight."""
    return span.first or span.last if span.precision is Precision.TURN else span.last


def day_is_right(row: dict[str, str], day: date = DAY) -> bool:
    span = read(row["wording"], day)
    begins = not row["first"] or (span.first and span.first.isoformat() == row["first"])
    last = last_day(span)
    return bool(begins) and (last.isoformat() if last else "") == row["last"]


def headings_wrong(name: str) -> list[str]:
    return [row["heading"] for row in rows(name) if not heading_is_right(row)]


def states_wrong(name: str) -> list[str]:
    return [row["wording"] for row in rows(name) if not state_is_right(row)]


def days_wrong(name: str, day: date = DAY) -> list[str]:
    return [row["wording"] for row in rows(name) if not day_is_right(row, day)]


def test_ninety_five_of_a_hundred_headings_are_known() -> None:
    # What describes an activity is how it is done, where another column says what; alone it is
    # taken for what.
    assert headings_wrong("third/headings.csv") == ["Beskrivning av åtgärd"]  # 73 of 74
    assert headings_wrong("fourth/headings.csv") == ["Aktivitetsbeskrivning"]  # 90 of 91
    assert headings_wrong("fourth/headings_more.csv") == []  # 54
    assert headings_wrong("fifth/headings.csv") == []  # 104
    assert headings_wrong("sixth/headings.csv") == ["Uppgiftsbeskrivning (kort)"]  # 123 of 124
    assert headings_wrong("seventh/headings.csv") == ["Activity description"]  # 132 of 133


def test_ordinary_headings_are_known_with_their_cells(tmp_path: Path) -> None:
    def wrong(name: str) -> list[str]:
        read = [(row, role_over(row, tmp_path)) for row in rows(name)]
        return [row["heading"] for row, role in read if role not in fits(row["field"])]

    # A key of Jira's is kept as it is, and is no number; a check list in a cell likewise.
    assert wrong("ninth/headings.csv") == ["Issue key"]  # 139 of 140
    assert wrong("tenth/headings.csv") == ["Checklistobjekt", "Issue key"]  # 148 of 150


def test_ninety_five_of_a_hundred_words_of_status_are_known_or_asked_about() -> None:
    assert states_wrong("third/states.csv") == []
    assert states_wrong("fourth/states.csv") == ["-"]  # nothing is said, so nothing is asked
    assert states_wrong("fourth/states_more.csv") == []
    assert states_wrong("fifth/states.csv") == ["Röd"]  # a legend often has red as not begun
    assert states_wrong("sixth/states.csv") == []  # 82
    assert states_wrong("seventh/states.csv") == []  # 76
    assert states_wrong("ninth/states.csv") == []  # 90
    assert states_wrong("tenth/states.csv") == []  # 100
    assert states_wrong("eleventh/states.csv") == []  # 120
    # What the participants wish for is said of what was done, which one has to know.
    more = "Deltagarna var mycket nöjda, fortsättning önskas."
    assert states_wrong("twelfth/states.csv") == [more]  # 119 of 120
    # Sentences that say two things, or of which only who knows them can tell.
    assert len(states_wrong("thirteenth/states.csv")) <= 2  # of 120
    assert len(states_wrong("fourteenth/states.csv")) <= 6  # of 120
    assert len(states_wrong("fifteenth/states.csv")) <= 4  # of 200
    assert len(states_wrong("sixteenth/states.csv")) <= 1  # of 200
    assert len(states_wrong("seventeenth/states.csv")) <= 4  # of 200


def test_no_word_of_status_is_taken_for_another_state_in_silence() -> None:
    silent = [
        row["wording"]
        for one in sorted(HERE.glob("*/states*.csv"))
        for row in rows(f"{one.parent.name}/{one.name}")
        if not state_is_right(row) and not state_of(row["wording"]).doubt
    ]
    assert silent == ["-"]  # nothing is said, so nothing is asked


def test_ninety_eight_of_a_hundred_days_are_right() -> None:
    assert days_wrong("third/dates.csv") == []
    # docs/dates.md has an early autumn until the 20th of September, and Easter until its Monday;
    # after the summer has no end.
    assert days_wrong("fourth/dates.csv") == [
        "tidig höst 2026",
        "efter sommaren 2026",
        "till påsk 2026",
    ]
    assert days_wrong("fifth/dates.csv") == []
    assert days_wrong("sixth/dates.csv") == []  # 79
    assert days_wrong("seventh/dates.csv") == []  # 85
    # What starts on a day is that day here; that it is no last day is for the plan to say
    # (`says_start`). What has no fifteenth month may be American, and is asked about.
    assert days_wrong("ninth/dates.csv", date(2025, 1, 20)) == ["Start 1 september"]
    assert days_wrong("tenth/dates.csv", date(2025, 1, 20)) == [
        "11/28/2025",
        "startar i april",
        "start v. 10",
        "påbörjas 2025-03-15",
    ]
