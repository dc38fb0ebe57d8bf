"""The tree of plans: a year's plan lies under the long one; what cannot be is refused."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from intake.lives.plan_changes import ask_to_change_plan
from models.database import reading, transaction
from models.moves import Refused
from models.plan import Plan
from rules.wording import period_in_words
from tests.cast import FRIDA, Town
from tests.plans.conftest import TODAY, facts, standing

pytestmark = pytest.mark.by_turns


def test_a_years_plan_lies_under_the_long_one(town: Town, frida: TestClient) -> None:
    long_one = {"title": "Samverkansplan", "group": str(town.deciders), "first_day": "2023"}
    made = frida.post("/planer/ny", data=long_one | {"last_day": "2026"})
    assert made.status_code == 200
    number = re.search(r"/planer/(\d+)/andra", str(made.url))
    assert number
    under = facts(town, parent=number[1], first_day="2024", last_day="2024")
    frida.post(f"/planer/{town.plan}/andra", data=under)
    page = frida.get("/planer").text
    assert "2023–2026" in page
    assert page.index("Samverkansplan") < page.index("Plan 2024")
    assert re.search(r'class="depth-1"><a href="/planer/\d+">Plan 2024', page)
    assert "Samverkansplan" in frida.get(f"/planer/{town.plan}").text


def test_the_tree_counts_activities_by_state(town: Town, frida: TestClient) -> None:
    town.activity("Ett")
    town.decided("Två", by="2024-12-31")
    assert "föreslagen 1, beslutad 1" in frida.get("/planer").text


def test_a_plan_cannot_lie_under_itself(town: Town, frida: TestClient) -> None:
    with transaction(town.settings) as session:
        below = Plan(
            collaboration_id=session.get_one(Plan, town.plan).collaboration_id,
            group_id=town.alm,
            parent_id=town.plan,
            title="Delplan",
        )
        session.add(below)
        session.flush()
        number = below.id
    answer = frida.post(f"/planer/{town.plan}/andra", data=facts(town, parent=str(number)))
    assert answer.status_code == 422
    assert "En plan kan inte ligga under sig själv." in answer.text
    assert standing(town, town.plan).parent_id is None


def test_a_refused_form_says_everything_and_keeps_what_was_written(
    town: Town, frida: TestClient
) -> None:
    wrong = {"title": "", "first_day": "2025", "last_day": "2024", "cap": "åtta", "purpose": "Vi."}
    answer = frida.post("/planer/ny", data=wrong)
    assert answer.status_code == 422
    for sentence in (
        "Skriv vad planen heter.",
        "Välj vilken grupp som äger planen.",
        "Planen slutar innan den börjar.",
        "”åtta” är inget antal.",
    ):
        assert sentence in answer.text
    assert 'value="åtta"' in answer.text
    assert ">Vi.</textarea>" in answer.text


def test_two_plans_of_a_group_have_different_names(town: Town, frida: TestClient) -> None:
    answer = frida.post("/planer/ny", data=facts(town))
    assert "Gruppen har redan en plan med det namnet." in answer.text


@pytest.mark.parametrize("path", ["/planer/99999", "/planer/9999999999", "/planer/x"])
def test_a_plan_that_is_not_there_is_no_page(town: Town, frida: TestClient, path: str) -> None:
    assert frida.get(path).status_code == 404
    assert frida.get(f"{path}/andra").status_code == 404


def test_an_edit_that_changes_nothing_leaves_no_trace(town: Town) -> None:
    for _ in range(2):
        with transaction(town.settings) as session:
            ask_to_change_plan(session, town.plan, facts(town), FRIDA, today=TODAY)
    with reading(town.settings) as session:
        assert session.execute(text("SELECT count(*) FROM plan_change")).scalar() == 0
    assert standing(town, town.plan).last_changed_on is None


def test_a_plan_of_another_collaboration_owns_nothing_here(town: Town) -> None:
    with transaction(town.settings) as session:
        session.execute(text("INSERT INTO collaboration (name) VALUES ('Annan')"))
        area = session.execute(text("SELECT max(id) FROM collaboration")).scalar()
        session.execute(
            text("INSERT INTO groups (collaboration_id, name, kind) VALUES (:a, 'Främmande', '')"),
            {"a": area},
        )
        stranger = session.execute(text("SELECT max(id) FROM groups")).scalar()
    given = facts(town, group=str(stranger))
    with (
        pytest.raises(Refused, match="Välj vilken grupp som äger planen"),
        transaction(town.settings) as session,
    ):
        ask_to_change_plan(session, town.plan, given, FRIDA, today=TODAY)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2024-01-01", "2024-12-31", "2024"),
        ("2023-01-01", "2026-12-31", "2023–2026"),
        ("2024-03-01", "2025-08-31", "1 mars 2024 – 31 augusti 2025"),
        ("2024-01-01", "", "från 2024"),
        ("", "2024-12-31", "till och med 2024"),
        ("", "", ""),
    ],
)
def test_a_period_reads_as_people_write_it(first: str, last: str, words: str) -> None:
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    assert period_in_words(*days) == words
