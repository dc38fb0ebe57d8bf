"""A plan's goals: a tree in the plan's own words, and the activities tied to them."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.decision import Change
from models.plan import Goal
from tests.cast import Town
from tests.plans.conftest import facts, goal, goals_of

pytestmark = pytest.mark.by_turns


def test_goals_stand_as_a_tree_in_the_plans_own_words(town: Town, frida: TestClient) -> None:
    frida.post(f"/planer/{town.plan}/andra", data=facts(town, goal_words="Prioriterat mål\nDelmål"))
    added = {"text": "Färre återbesök", "parent": str(town.goal)}
    frida.post(f"/planer/{town.plan}/mal", data=added)
    frida.post(f"/planer/{town.plan}/mal", data={"text": "Närmare"})
    with reading(town.settings) as session:
        nearer = session.execute(select(c(Goal).id).where(c(Goal).text == "Närmare")).scalar_one()
    own_word = {"text": "Närmare", "called": "Fokusområde", "do": "spara"}
    frida.post(f"/planer/{town.plan}/mal/{nearer}", data=own_word)
    page = frida.get(f"/planer/{town.plan}").text
    for word, words in (
        ("Prioriterat mål", "Hålla ihop vården"),
        ("Delmål", "Färre återbesök"),
        ("Fokusområde", "Närmare"),
    ):
        assert f'<span class="quiet">{word}</span><br>{words}' in page


def test_what_has_no_goal_and_what_has_no_activity_are_shown(town: Town, frida: TestClient) -> None:
    town.activity("Trygg hemgång")
    town.activity("Jourlinje", goal=False)
    goal(town, "Alla vet vem de ska ringa")
    page = frida.get(f"/planer/{town.plan}").text
    empty = page.split("<h2>Mål utan aktiviteter</h2>")[1].split("<h2")[0]
    loose = page.split("<h2>Aktiviteter utan mål</h2>")[1].split("<h2")[0]
    assert "Alla vet vem de ska ringa" in empty
    assert "Hålla ihop vården" not in empty
    assert "Jourlinje" in loose
    assert "Trygg hemgång" not in loose


def test_goals_change_places_and_stay_under_their_own(town: Town, frida: TestClient) -> None:
    first, second = goal(town, "Ett", town.goal), goal(town, "Två", town.goal)
    frida.post(f"/planer/{town.plan}/mal/{second}", data={"do": "upp"})
    page = frida.get(f"/planer/{town.plan}").text
    assert page.index(f"mal-{town.goal}") < page.index(f"mal-{second}") < page.index(f"mal-{first}")
    frida.post(f"/planer/{town.plan}/mal/{second}", data={"do": "upp"})  # it is first already
    assert frida.get(f"/planer/{town.plan}").text.count(f'id="mal-{second}"') == 1


def test_a_goal_is_removed_only_when_it_is_empty(town: Town, frida: TestClient) -> None:
    town.activity()
    goal(town, "Under", town.goal)
    refused = frida.post(f"/planer/{town.plan}/mal/{town.goal}", data={"do": "ta-bort"}).text
    assert "Målet har aktiviteter." in refused
    assert "Målet har mål under sig." in refused
    free = goal(town, "Fritt")
    frida.post(f"/planer/{town.plan}/mal/{free}", data={"do": "ta-bort"})
    page = frida.get(f"/planer/{town.plan}").text
    assert f'id="mal-{free}"' not in page
    assert "Målet togs bort: Fritt" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "Skriv målet."),
        ({"text": "hålla ihop VÅRDEN"}, "Planen har redan det målet."),
        ({"text": "Nytt", "parent": "999"}, "Det överordnade målet finns inte i planen."),
    ],
)
def test_a_goal_that_cannot_be_is_refused(
    town: Town, frida: TestClient, given: dict[str, str], sentence: str
) -> None:
    assert sentence in frida.post(f"/planer/{town.plan}/mal", data=given).text


def test_a_goal_cannot_stand_under_its_own(town: Town, frida: TestClient) -> None:
    below = goal(town, "Under", town.goal)
    given = {"text": "Hålla ihop vården", "parent": str(below), "do": "spara"}
    refused = frida.post(f"/planer/{town.plan}/mal/{town.goal}", data=given).text
    assert "Ett mål kan inte ligga under sig självt." in refused


def test_many_activities_are_tied_to_a_goal_at_a_time(town: Town, frida: TestClient) -> None:
    first, second, third = (town.activity(what) for what in ("Ett", "Två", "Tre"))
    nearer = goal(town, "Närmare")
    ticked = {f"activity_{first}": "ja", f"activity_{third}": "ja", "goal": str(nearer)}
    frida.post(f"/planer/{town.plan}/koppla", data=ticked | {"do": "koppla"})
    assert goals_of(town, first) == goals_of(town, third) == [town.goal, nearer]
    assert goals_of(town, second) == [town.goal]
    ticked = {f"activity_{first}": "ja", "goal": str(town.goal), "do": "koppla-bort"}
    frida.post(f"/planer/{town.plan}/koppla", data=ticked)
    assert goals_of(town, first) == [nearer]
    with reading(town.settings) as session:
        kept = session.execute(select(c(Change).after_words).order_by(c(Change).id)).scalars()
        assert list(kept) == ["Hålla ihop vården\nNärmare"] * 2 + ["Närmare"]


def test_tying_says_what_is_missing(town: Town, frida: TestClient) -> None:
    town.activity()
    refused = frida.post(f"/planer/{town.plan}/koppla", data={"do": "koppla"})
    assert refused.status_code == 422
    assert "Välj ett mål." in refused.text
    assert "Kryssa i minst en aktivitet." in refused.text
