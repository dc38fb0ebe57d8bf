"""The rehearsal says exactly what the rounds then do, and leaves nothing behind."""

import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from cli.example.build import PEOPLE, PLAN
from config import policy
from models.columns import c
from models.database import reading
from models.letter import LetterItem, LetterState, Notice
from models.lifecycle import Move
from models.span import Precision
from notifications.rehearsal import rehearse
from rules.calendar import is_quiet
from tests.cast import Town
from tests.command import foljsam
from tests.conftest import browse
from tests.sizes import LONG, size
from tests.test_cli import refused, rows
from tests.test_morning_round import fresh_town
from tests.test_reports_to_come import send_reports
from web.app import create_app
from web.asking import coming

pytestmark = pytest.mark.by_turns
Letters = list[tuple[date, str, str, list[tuple[int | None, str, int]]]]


def said(town: Town, first: date, last: date) -> Letters:
    """What the rehearsal says."""
    coming = rehearse(town.settings, policy.load(), first, last)
    return [
        (
            each.on_day,
            each.address,
            each.subject,
            sorted((row.activity_id, row.kind, row.rung) for row in each.rows),
        )
        for each in coming
    ]


def done(town: Town, first: date, last: date) -> Letters:
    """What the rounds then do, each line in a transaction of its own, as flows do it."""
    day = first
    while day <= last:
        if not is_quiet(policy.load(), day):
            send_reports(town, day)
            town.lines(day)
        day += timedelta(days=1)
    with reading(town.settings) as session:
        found = [
            (each.on_day, each.to_address, each.subject, items_of(session, each.id))
            for each in town.letters()
        ]
    return sorted(found, key=lambda letter: (letter[0], not letter[3]))


def items_of(session: Session, letter_id: int) -> list[tuple[int | None, str, int]]:
    """What stands in a letter on file."""
    rows = session.execute(
        select(c(Notice).activity_id, c(Notice).kind, c(Notice).rung)
        .join(LetterItem, c(LetterItem).notice_id == c(Notice).id)
        .where(c(LetterItem).letter_id == letter_id)
    )
    return sorted((activity_id, kind.value, rung) for activity_id, kind, rung in rows)


def test_the_rehearsal_of_a_year_is_the_year(town: Town) -> None:
    town.decided("Hemgång", by="2024-12-31", start=date(2024, 3, 31))
    town.decided("Kontakt", by="2024-10-31", group=town.bjork)
    town.activity("Obeslutad", by="2024-12-31", precision=Precision.YEAR)
    town.decided("Nätverk", runs_on=date(2024, 7, 1))
    first, last = date(2024, 2, 1) if LONG else date(2024, 12, 9), date(2025, 1, 13)
    expected = said(town, first, last)
    assert town.letters() == []  # nothing was kept
    assert len(expected) > (15 if LONG else 5)
    assert done(town, first, last) == expected


@settings(max_examples=size("REHEARSALS", 4, 60))
@given(
    st.lists(
        st.tuples(
            st.integers(-40, 150),
            st.sampled_from([Precision.DAY, Precision.YEAR]),
            st.sampled_from(["alm", "bjork"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, size("REHEARSED_DAYS", 45, 120)),
)
def test_whatever_is_on_file_the_rehearsal_and_the_rounds_agree(
    activities: list[tuple[int, Precision, str, bool]], length: int
) -> None:
    today = date(2024, 7, 15)
    with TemporaryDirectory() as home, fresh_town(Path(home)) as town:
        for ahead, precision, group, started in activities:
            number = town.decided(
                by=today + timedelta(days=ahead),
                start=today + timedelta(days=ahead - 30),
                precision=precision,
                group=getattr(town, group),
            )
            if started:
                town.move(number, Move.START)
        last = today + timedelta(days=length)
        expected = said(town, today, last)
        assert done(town, today, last) == expected


def test_no_letter_is_rehearsed_for_a_weekend(small_town: Town) -> None:
    small_town.decided(by="2024-12-31")
    first, last = date(2024, 11, 29), date(2025, 1, 15)
    found = rehearse(small_town.settings, policy.load(), first, last)
    assert found
    assert [coming.on_day for coming in found if coming.on_day.weekday() > 4] == []


def test_what_has_been_written_already_is_not_rehearsed_again(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    coming = rehearse(town.settings, policy.load(), date(2024, 12, 3), date(2025, 1, 31))
    asked = [(each.on_day, row.kind, row.rung) for each in coming for row in each.rows][:2]
    assert asked == [
        (date(2024, 12, 17), "round", 21),  # before the quarter closes
        (date(2024, 12, 27), "deadline", 7),  # reached on Christmas Eve
    ]
    assert [letter.state for letter in town.letters()] == [LetterState.QUEUED]


def test_frida_sees_what_is_coming_and_why(town: Town) -> None:
    told = town.settings.model_copy(update={"today": date(2024, 11, 20)})
    with closing(browse(create_app(told))) as frida:
        assert "Inga brev väntar" in frida.get("/kommande?till=2024-11-21").text
        town.decided("Hemgång", by="2024-12-31")
        page = frida.get("/kommande?till=2024-12-06").text
        assert "måndag 2 december 2024" in page
        assert "Slutdatum 31 december 2024, 29 dagar före" in page.replace("slutdatum", "Slutdatum")
        assert "Statusrapport kv 3 2024" in page
    assert town.letters() == []


@pytest.mark.parametrize("last", ["nonsens", "9999-01-01"])
def test_whatever_day_is_asked_for_the_page_is_shown(
    small_town: Town, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr(coming, "ENOUGH", 0.2)  # seconds of processor, then it says how far it came
    told = small_town.settings.model_copy(update={"today": date(2024, 11, 20)})
    with closing(browse(create_app(told))) as frida:
        assert frida.get(f"/kommande?till={last}").status_code == 200


def test_the_command_prints_an_object_for_each_letter_and_saves_nothing(tmp_path: Path) -> None:
    foljsam(tmp_path, "import", "people", str(PEOPLE))
    foljsam(tmp_path, "import", "plan", str(PLAN))
    told = foljsam(tmp_path, "rehearse", "--from", "2024-11-29", "--to", "2024-12-20", "--json")
    letters = [json.loads(line) for line in told.stdout.splitlines()]
    assert letters
    assert letters[0].keys() == {"date", "to", "subject", "items", "parts"}
    assert letters[0]["items"][0].keys() == {"activity", "kind", "rung", "deadline"}
    assert rows(tmp_path, "letter") == rows(tmp_path, "notice") == 0


@pytest.mark.parametrize(
    ("first", "last"), [("2025-01-01", "2024-01-01"), ("2024-01-01", "2034-01-01")]
)
def test_a_window_turned_around_or_too_long_is_refused(
    tmp_path: Path, first: str, last: str
) -> None:
    said = refused(foljsam(tmp_path, "rehearse", "--from", first, "--to", last))
    assert "cannot be rehearsed" in said
