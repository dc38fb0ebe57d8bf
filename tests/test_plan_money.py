"""A plan's own money: agreed in words, kept in its history, and told of before its last day."""

from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import policy
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter
from models.person import Person
from models.plan import Plan
from notifications.rehearsal import rehearse
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 3, 4)
MONEY = "Statliga medel 400 000 kr, ska användas senast 2024-12-31"
FIRST = date(2024, 11, 1)  # sixty days before


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def agree(frida: TestClient, town: Town, words: str) -> str:
    """Frida writes what finances the plan; the page that came back."""
    facts = {"title": "Plan 2024", "group": str(town.alm), "funding": words}
    page: str = frida.post(f"/planer/{town.plan}/andra", data=facts).text
    return page


def test_the_amount_and_the_last_day_are_read_out_of_the_words(
    town: Town, frida: TestClient
) -> None:
    agree(frida, town, MONEY)
    with reading(town.settings) as session:
        plan = session.get_one(Plan, town.plan)
        kept = plan.funding_text, plan.funding_amount, plan.funding_last
    assert kept == (MONEY, 400_000, date(2024, 12, 31))
    page = frida.get(f"/planer/{town.plan}").text
    assert "400\xa0000&nbsp;kr, sista dag 31 december 2024" in page
    assert MONEY in frida.get(f"/planer/{town.plan}/andra").text


def test_agreeing_on_another_day_is_kept_in_the_plans_history(
    town: Town, frida: TestClient
) -> None:
    agree(frida, town, MONEY)
    agree(frida, town, "400 000 kr, får användas till och med 2025-06-30")
    story = frida.get(f"/planer/{town.plan}").text
    assert "Medlens sista dag" in story
    assert "2025-06-30" in story or "30 juni 2025" in story


def test_a_day_that_is_none_is_refused_in_a_sentence(town: Town, frida: TestClient) -> None:
    page = agree(frida, town, "100 000 kr, senast 31 april 2024")
    assert "Inget är sparat" in page
    assert "31 april" in page


def test_the_chair_of_the_plans_group_is_told_on_the_moneys_ladder(
    town: Town, frida: TestClient
) -> None:
    agree(frida, town, MONEY)
    town.morning(FIRST)
    town.morning(FIRST)
    ((address, subject, text),) = letters(town)
    assert address == "alice@example.org"
    assert subject.startswith("Medel i Plan 2024: sista dag 31 december 2024 [F-")
    assert "Medlen ska användas senast 31 december 2024 (om 60 dagar)." in text
    assert "Du behöver inte svara." in text
    assert f"/planer/{town.plan}" in text
    town.morning(date(2024, 12, 17))
    assert len(letters(town)) == 2


def test_without_a_chair_to_reach_the_process_leader_is_told(town: Town, frida: TestClient) -> None:
    agree(frida, town, MONEY)
    with transaction(town.settings) as session:
        session.execute(
            update(Person).where(c(Person).id == town.alice).values(left_on=date(2024, 6, 1))
        )
    town.morning(FIRST)
    assert [address for address, _, _ in letters(town)] == ["frida@example.org"]


def test_a_plan_that_is_closed_or_whose_day_was_moved_is_not_told_of(
    town: Town, frida: TestClient
) -> None:
    agree(frida, town, MONEY)
    agree(frida, town, MONEY.replace("2024-12-31", "2025-12-31"))
    town.morning(FIRST)
    assert letters(town) == []
    with transaction(town.settings) as session:
        closed = {"closed_on": date(2024, 6, 1)}
        session.execute(update(Plan).where(c(Plan).id == town.plan).values(closed))
    town.morning(date(2025, 11, 3))
    assert letters(town) == []


def test_nobody_is_asked_about_money_that_is_only_told_of(town: Town, frida: TestClient) -> None:
    agree(frida, town, MONEY)
    town.morning(date(2024, 12, 31))
    for day in (date(2025, 1, 16), date(2025, 1, 24)):
        town.morning(day)
    assert {address for address, _, _ in letters(town)} == {"alice@example.org"}


def test_it_stands_in_the_rehearsal_and_among_what_is_to_come(
    town: Town, frida: TestClient
) -> None:
    agree(frida, town, MONEY)
    (coming,) = rehearse(town.settings, policy.load(), FIRST, FIRST)
    assert coming.as_json()["items"] == [
        {"activity": None, "kind": "funding", "rung": 60, "deadline": "2024-12-31"}
    ]
    soon = town.settings.model_copy(update={"today": FIRST - timedelta(days=4)})
    page = browse(create_app(soon)).get(f"/kommande?till={FIRST}").text
    assert f'<a href="/planer/{town.plan}">Medel i Plan 2024</a>' in page
    town.morning(FIRST)
    with reading(town.settings) as session:
        number = session.execute(select(c(Letter).id)).scalar_one()
    page = frida.get(f"/utskick/{number}").text
    assert f'<a href="/planer/{town.plan}">Medel i Plan 2024</a>' in page
    assert "medlens sista dag 31 december 2024, 60 dagar före" in page


def letters(town: Town) -> list[tuple[str, str, str]]:
    """(address, subject, text) of every letter."""
    with reading(town.settings) as session:
        query = select(c(Letter).to_address, c(Letter).subject, c(Letter).text)
        return list(session.execute(query.order_by(c(Letter).id)).tuples())
