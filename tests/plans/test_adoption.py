"""Who adopted a plan and when, and how many activities they agreed on."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.decision import Decision
from models.plan import Adoption
from rules.wording import over_cap
from tests.cast import Town
from tests.plans.conftest import TODAY, facts, standing

pytestmark = pytest.mark.by_turns


def test_groups_adopt_a_plan_each_on_its_day(town: Town, frida: TestClient) -> None:
    by_alm = {"group": str(town.alm), "adopted_on": "2024-01-15", "reference": "§ 4"}
    frida.post(f"/planer/{town.plan}/antagen", data=by_alm)
    by_bjork = {"group": str(town.bjork), "adopted_on": "22 januari 2024"}
    frida.post(f"/planer/{town.plan}/antagen", data=by_bjork)
    page = frida.get(f"/planer/{town.plan}").text
    assert "NOSAM Alm 15 januari 2024, § 4" in page
    assert "NOSAM Björk 22 januari 2024" in page
    plan = standing(town, town.plan)
    assert (plan.adopted_on, plan.last_changed_on) == (date(2024, 1, 15), TODAY)
    with reading(town.settings) as session:
        decided = select(c(Decision).id).where(c(Decision).reference == "§ 4")
        assert session.execute(decided).scalar_one()


def test_an_adoption_by_mistake_is_taken_back_and_remembered(town: Town, frida: TestClient) -> None:
    by_alm = {"group": str(town.alm), "adopted_on": "2024-01-15"}
    frida.post(f"/planer/{town.plan}/antagen", data=by_alm)
    with reading(town.settings) as session:
        number = session.execute(select(c(Adoption).id)).scalar_one()
    frida.post(f"/planer/{town.plan}/antagen", data={"adoption": str(number)})
    assert standing(town, town.plan).adopted_by == ()
    assert "Antagen av: NOSAM Alm 15 januari 2024 → –" in frida.get(f"/planer/{town.plan}").text


def test_adoption_says_what_is_missing(town: Town, frida: TestClient) -> None:
    refused = frida.post(f"/planer/{town.plan}/antagen", data={"adopted_on": "2024-12-24"}).text
    assert "Välj vilken grupp som antog planen." in refused
    assert "som inte har varit än" in refused


def test_more_than_was_agreed_on_is_warned_of(town: Town, frida: TestClient) -> None:
    frida.post(f"/planer/{town.plan}/andra", data=facts(town, cap="1"))
    town.activity("Ett")
    assert "ni kom överens om" not in frida.get(f"/planer/{town.plan}").text
    town.activity("Två")
    page = frida.get(f"/planer/{town.plan}").text
    assert "Planen har två öppna aktiviteter, fler än den enda ni kom överens om." in page


def test_the_warning_is_a_sentence() -> None:
    assert over_cap(8, 8) == over_cap(80, None) == ""
    assert over_cap(11, 8).endswith("elva öppna aktiviteter, fler än de 8 ni kom överens om.")
