"""The year wheel on the overview: this year's, another year's, or one group's."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from intake.lives.undo import withdraw_plan
from models.database import transaction
from models.plan import Plan
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app
from web.overview.wheel import MOST

TODAY = date(2025, 2, 3)


@pytest.fixture
def pages(small_town: Town) -> TestClient:
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def test_last_years_wheel_is_a_year_away(small_town: Town, pages: TestClient) -> None:
    small_town.decided("Bjud in anhöriga", by="2024-12-01")
    now = pages.get("/").text
    assert "Inget i planerna har start eller slutdatum 2025." in now
    then = pages.get("/?ar=2024").text
    assert "Årshjul 2024" in then
    assert "<svg" in then


def test_too_many_for_one_wheel_are_drawn_group_by_group(
    small_town: Town, pages: TestClient
) -> None:
    for number in range(MOST + 1):
        small_town.activity(f"Träff {number}", by="2025-06-01")
    own = small_town.activity("Björks egen", by="2025-06-01")
    small_town.change(own, group_id=small_town.bjork)
    assert "för många aktiviteter för ett hjul" in pages.get("/").text
    hers = pages.get("/?grupp=NOSAM Björk").text
    assert "Årshjul 2025, NOSAM Björk" in hers
    assert "Björks egen" in hers


@pytest.mark.parametrize("address", ["/?ar=0", "/?ar=snart", "/?ar=99999&grupp=Ingen"])
def test_a_year_or_a_group_that_is_none_gives_this_years(pages: TestClient, address: str) -> None:
    assert "Årshjul 2025</h2>" in pages.get(address).text


def test_the_numbers_are_those_of_the_lists_that_they_lead_to(small_town: Town) -> None:
    """A plan that was read in by mistake, and withdrawn, is in neither."""
    small_town.decided("Träff", by="2025-06-01")
    with transaction(small_town.settings) as session:
        kept = session.get_one(Plan, small_town.plan)
        mistake = Plan(
            collaboration_id=kept.collaboration_id, group_id=small_town.alm, title="Fel fil"
        )
        session.add(mistake)
        session.flush()
        assert mistake.id is not None
        wrong = mistake.id
    id_ = small_town.activity("Från fel fil", by="2025-06-01")
    small_town.change(id_, plan_id=wrong)
    app = create_app(small_town.settings.model_copy(update={"today": TODAY}))
    pages = browse(app)
    one = '<span class="number">1</span> Föreslagen'
    assert one in pages.get("/").text
    with transaction(small_town.settings) as session:
        withdraw_plan(session, wrong, FRIDA, today=TODAY)
    first = pages.get("/").text
    assert '<span class="number">0</span> Föreslagen' in first
    assert '<span class="number">0</span> Återtagen' in first
    assert '<span class="number">1</span> Beslutad' in first
    assert "Från fel fil" not in pages.get("/aktiviteter?lage=återtagen&visa=alla").text
