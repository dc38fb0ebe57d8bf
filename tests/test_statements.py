"""A page asks the database as many questions whether there is little on file or much."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pendulum
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from models.database import engine_for, reading
from models.statements import run
from tests.cast import Town
from tests.conftest import browse
from tests.test_answers import link
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
MANY = 25


@pytest.fixture
def browser(town: Town) -> TestClient:
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def questions(town: Town, ask: Callable[[], object]) -> list[str]:
    """What the database is asked meanwhile."""
    heard: list[str] = []

    def note(_c: Any, _k: Any, words: str, *_: Any) -> None:  # noqa: ANN401
        heard.append(words)

    engine = engine_for(town.settings)
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return heard


def test_alices_page_asks_no_more_of_many_activities_than_of_one(
    town: Town, browser: TestClient
) -> None:
    first = town.decided(by="2024-12-31")
    town.morning(TODAY)
    alice = link(town)
    of_one = questions(town, lambda: browser.get(alice))
    for number in range(MANY):
        town.decided(f"Träff {number}", by="2024-12-31")
    of_many = questions(town, lambda: browser.get(alice))
    assert browser.get(alice).text.count('class="question"') == MANY + 1
    assert len(of_many) == len(of_one)

    def answer(words: str) -> None:
        said = {f"says_{first}": "on_track", f"text_{first}": words}
        assert browser.post(alice, data=said, follow_redirects=False).status_code == 303

    saved_of_many = questions(town, lambda: answer("Det går bra"))
    assert len(saved_of_many) <= len(of_many) + 11  # the link once more, and what is saved


def test_the_register_of_who_stands_in_is_read_once_for_a_page(
    town: Town, browser: TestClient
) -> None:
    town.decided(by="2024-12-31")
    town.morning(TODAY)
    alice = link(town)
    heard = questions(town, lambda: browser.get(alice))
    assert sum("FROM delegation" in words for words in heard) == 1


def test_the_overview_asks_no_more_of_many_activities_than_of_one(
    town: Town, browser: TestClient
) -> None:
    town.decided(by="2024-11-01")
    of_one = questions(town, lambda: browser.get("/"))
    for number in range(MANY):
        town.decided(f"Träff {number}", by="2024-11-01")
    of_many = questions(town, lambda: browser.get("/"))
    assert len(of_many) == len(of_one)


def test_a_wheel_that_is_too_full_to_be_drawn_is_counted_and_not_read(
    town: Town, browser: TestClient
) -> None:
    town.decided(by="2024-12-31")
    drawn = questions(town, lambda: browser.get("/"))
    for number in range(91):
        town.decided(f"Träff {number}", by="2024-12-31")
    counted = questions(town, lambda: browser.get("/"))
    assert "för många aktiviteter för ett hjul" in browser.get("/").text
    reads_rows = [words for words in drawn if "deadline_first" in words and "start_text" in words]
    assert len(reads_rows) == 1
    assert not [words for words in counted if words == reads_rows[0]]


def test_a_day_of_pendulums_is_a_day_to_both_drivers(town: Town) -> None:
    with reading(town.settings) as session:
        asked = "SELECT count(*) FROM activity WHERE state_since <= :today"
        days = (date(2024, 12, 2), pendulum.date(2024, 12, 2))
        found = [run(session.connection(), asked, {"today": day}).scalar() for day in days]
    assert found[0] == found[1]
