"""A new deadline without a year is in the time that comes, and one that has been is asked about."""

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st

from config import settings as settings_module
from models.activity import Activity
from models.database import reading
from models.lifecycle import Brought, Move
from rules.span_words import seldom_meant
from rules.swedish_dates import read, read_coming
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
NOVEMBER = date(2026, 11, 20)


@pytest.fixture
def frida(town: Town) -> Iterator[TestClient]:
    told = settings_module.load(**{**town.settings.model_dump(), "today": str(NOVEMBER)})
    with browse(create_app(told)) as client:
        yield client


def deadline(town: Town, activity_id: int) -> date | None:
    with reading(town.settings) as session:
        return session.get_one(Activity, activity_id).deadline_last


def changes(frida: TestClient, activity_id: int, day: str, **more: str) -> Response:
    given = {"deadline": day, "reason": "Sjukdom", **more}
    sent: Response = frida.post(f"/aktiviteter/{activity_id}/andra", data=given)
    return sent


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("15 mars", "2027-03-15"),
        ("mars", "2027-03-31"),
        ("våren", "2027-06-30"),
        ("v. 14", "2027-04-11"),
        ("15 december", "2026-12-15"),
        ("15 mars 2026", "2026-03-15"),
        ("mars -26", "2026-03-31"),
        ("2026-03-15", "2026-03-15"),
    ],
)
def test_words_without_a_year_mean_the_time_that_comes(words: str, day: str) -> None:
    assert str(read_coming(words, NOVEMBER).last) == day


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.dates(date(2020, 1, 1), date(2035, 12, 31))
)
def test_a_day_with_its_year_is_never_moved(today: date, day: date) -> None:
    assert read_coming(str(day), today) == read(str(day), today)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 12), st.integers(1, 28))
def test_a_day_without_a_year_is_within_a_year_from_now(today: date, month: int, day: int) -> None:
    last = read_coming(f"{day}/{month}", today).last
    assert last is not None
    assert today <= last
    assert (last - today).days <= 366
    assert seldom_meant(read_coming(f"{day}/{month}", today), today) == ""


def test_frida_writes_a_month_and_gets_the_one_that_comes(town: Town, frida: TestClient) -> None:
    id_ = town.activity("Rutin", by="2026-12-01")
    assert "Inget är sparat" not in changes(frida, id_, "mars").text
    assert deadline(town, id_) == date(2027, 3, 31)


def test_a_day_that_has_been_is_asked_about_at_its_field_and_a_yes_saves_it(
    town: Town, frida: TestClient
) -> None:
    id_ = town.activity("Rutin", by="2026-12-01")
    page = changes(frida, id_, "15 mars 2026")
    assert page.status_code == 422
    assert "15 mars 2026 har redan varit. Är det rätt dag?" in page.text
    assert 'name="ja_deadline" value="ja"' in page.text
    assert deadline(town, id_) == date(2026, 12, 1)
    changes(frida, id_, "15 mars 2026", ja_deadline="ja")
    assert deadline(town, id_) == date(2026, 3, 15)


@pytest.mark.parametrize("where", ["flytta", "rad"])
def test_what_goes_on_gets_the_month_that_comes_and_a_day_that_has_been_is_asked_about(
    where: str, town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Rutin", by="2026-10-31", today=date(2026, 1, 2))
    town.move(id_, Move.START, today=date(2026, 2, 1))
    town.move(id_, Move.FOLLOW_UP, Brought(result="Bra", figure="1"), today=date(2026, 11, 2))
    given = {"move": "fortsätt", "reason": "Mer att göra"}
    at = f"/aktiviteter/{id_}/{where}"
    asked = frida.post(at, data={**given, "deadline": "2026-03-31"})
    assert "31 mars 2026 har redan varit. Är det rätt dag?" in asked.text
    assert 'name="ja_deadline"' in asked.text
    assert deadline(town, id_) == date(2026, 10, 31)
    frida.post(at, data={**given, "deadline": "mars"})
    assert deadline(town, id_) == date(2027, 3, 31)


def test_a_yes_lets_what_goes_on_have_a_day_that_has_been(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Rutin", by="2026-10-31", today=date(2026, 1, 2))
    town.move(id_, Move.START, today=date(2026, 2, 1))
    town.move(id_, Move.FOLLOW_UP, Brought(result="Bra", figure="1"), today=date(2026, 11, 2))
    given = {"move": "fortsätt", "deadline": "2026-11-10", "ja_deadline": "ja"}
    frida.post(f"/aktiviteter/{id_}/flytta", data=given)
    assert deadline(town, id_) == date(2026, 11, 10)


def test_a_pause_that_is_looked_at_in_march_is_looked_at_next_march(
    town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Rutin", by="2027-10-31", today=date(2026, 1, 2))
    town.move(id_, Move.START, today=date(2026, 2, 1))
    given = {"move": "pausa", "reason": "Väntar på avtal", "review_on": "mars"}
    frida.post(f"/aktiviteter/{id_}/flytta", data={**given, "stand_in": "NOSAM Björk"})
    with reading(town.settings) as session:
        assert session.get_one(Activity, id_).resume_on == date(2027, 3, 31)


def test_a_slip_of_the_pen_far_off_is_asked_about(town: Town, frida: TestClient) -> None:
    id_ = town.activity("Rutin", by="2026-12-01")
    assert "mer än tio år bort" in changes(frida, id_, "2062-03-15").text
    assert deadline(town, id_) == date(2026, 12, 1)


def test_for_many_at_once_it_is_asked_once(town: Town, frida: TestClient) -> None:
    ids = [town.activity(what, by="2026-12-01") for what in ("Rutin", "Kurs")]
    page = frida.get("/aktiviteter").text
    rows = {f"rad_{id_}": _version(page, id_) for id_ in ids}
    told = {
        "gor": "ändra slutdatum",
        "utfor": "ja",
        "deadline": "2026-03-15",
        "reason": "Sjukdom",
        **rows,
    }
    page = frida.post("/aktiviteter/flera", data=told)
    assert page.text.count('name="ja_deadline"') == 1
    frida.post("/aktiviteter/flera", data=told | {"ja_deadline": "ja"})
    assert {deadline(town, id_) for id_ in ids} == {date(2026, 3, 15)}


def _version(page: str, id_: int) -> str:
    at = page.index(f'name="rad_{id_}"')
    return page[at:].split('value="')[1].split('"', maxsplit=1)[0]
