"""Plans as Frida keeps them: under each other, goals in their own words, adopted and capped."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from typer.testing import CliRunner

from cli.main import app
from config import settings as settings_module
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.filing import file_plan
from intake.lives.plan_changes import ask_to_add_goal, ask_to_change_plan
from models import database
from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import Change, Decision
from models.lifecycle import Brought, Move, State
from models.moves import Refused
from models.plan import Adoption, Goal, Plan
from models.standing import PlanStanding, plan_standing
from rules.target_groups import are_names, names_in
from rules.wording import over_cap, period_in_words
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

TODAY = date(2024, 3, 1)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 1 March 2024."""
    told = town.settings.model_copy(update={"today": TODAY, "prefect_port": 1})
    return browse(create_app(told))


def standing(town: Town, plan_id: int) -> PlanStanding:
    """A plan's own row."""
    with reading(town.settings) as session:
        found = plan_standing(session, plan_id)
    assert found is not None
    return found


def goal(town: Town, words: str, under: int | None = None) -> int:
    """A new goal in the plan; its number."""
    given = {"text": words, "parent": str(under or "")}
    with transaction(town.settings) as session:
        ask_to_add_goal(session, town.plan, given, FRIDA, today=TODAY)
        return int(session.execute(select(c(Goal).id).where(c(Goal).text == words)).scalar_one())


def facts(town: Town, **others: str) -> dict[str, str]:
    """The plan's form, filled in."""
    return {"title": "Plan 2024", "group": str(town.alm), **others}


def goals_of(town: Town, activity: int) -> list[int]:
    """The goals that an activity serves."""
    with reading(town.settings) as session:
        query = select(c(ActivityGoal).goal_id).where(c(ActivityGoal).activity_id == activity)
        return sorted(session.execute(query).scalars())


# The tree of plans.


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


# Goals.


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


# Activities and goals, many at a time.


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


# Proposing.


def test_an_activity_is_proposed_with_everything_it_needs(town: Town, frida: TestClient) -> None:
    nearer = goal(town, "Närmare")
    given = {
        "what": "SIP-utbildning",
        "how": "Två halvdagar",
        "responsible": "Alice\nordförande i NOSAM Björk",
        "group": str(town.bjork),
        f"goal_{town.goal}": "ja",
        f"goal_{nearer}": "ja",
        "target_groups": "äldre, barn och unga",
        "start": "april",
        "deadline": "hösten 2024",
        "follow_up": "Antal utbildade",
    }
    page = frida.post(f"/planer/{town.plan}/foresla", data=given)
    number = int(page.url.path.rpartition("/")[2])
    with reading(town.settings) as session:
        row = session.get_one(Activity, number)
        named = session.execute(
            select(c(Responsibility).person_id, c(Responsibility).group_id)
            .where(c(Responsibility).activity_id == number)
            .order_by(c(Responsibility).id)
        ).all()
    assert (row.state, row.group_id) == (State.PROPOSED, town.bjork)
    assert (row.start_first, row.deadline_last) == (date(2024, 4, 1), date(2024, 12, 31))
    assert [tuple(one) for one in named] == [(town.alice, None), (None, town.bjork)]
    assert goals_of(town, number) == [town.goal, nearer]
    decided = Brought(decision_id=town.decision)
    assert town.move(number, Move.DECIDE, decided, today=TODAY) is State.DECIDED


def test_a_proposal_that_runs_on_is_reviewed(town: Town, frida: TestClient) -> None:
    given = {"what": "Nätverk", "deadline": "löpande"}
    page = frida.post(f"/planer/{town.plan}/foresla", data=given)
    with reading(town.settings) as session:
        row = session.get_one(Activity, int(page.url.path.rpartition("/")[2]))
    assert row.runs_on
    assert row.next_review_on is not None
    assert row.next_review_on > TODAY


def test_a_refused_proposal_keeps_what_was_written(town: Town, frida: TestClient) -> None:
    given = {"how": "Gemensamt", "deadline": "31 april", f"goal_{town.goal}": "ja"}
    refused = frida.post(f"/planer/{town.plan}/foresla", data=given)
    assert refused.status_code == 422
    assert "Skriv vad som ska göras." in refused.text
    assert "april" in refused.text.split('role="alert"')[1].split("</div>")[0]
    assert ">Gemensamt</textarea>" in refused.text
    assert f'name="goal_{town.goal}" value="ja" checked' in refused.text


def test_the_same_proposal_sent_twice_is_one(town: Town, frida: TestClient) -> None:
    for answer in (200, 422):
        sent = frida.post(f"/planer/{town.plan}/foresla", data={"what": "Nätverk", "how": "Möten"})
        assert sent.status_code == answer
    assert "Den aktiviteten finns redan i planen" in sent.text


# Adoption, cap, target groups.


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


def test_target_groups_are_counted_and_filtered_by(town: Town, frida: TestClient) -> None:
    frida.post(f"/planer/{town.plan}/andra", data=facts(town, target_groups="äldre"))
    for what, tags in (("Ett", "Äldre"), ("Två", "äldre; barn och unga"), ("Tre", "")):
        given = {"what": what, "target_groups": tags}
        frida.post(f"/planer/{town.plan}/foresla", data=given)
    page = frida.get(f"/planer/{town.plan}").text
    assert "äldre <strong>2</strong>" in page
    assert "barn och unga <strong>1</strong>" in page
    chosen = frida.get(f"/planer/{town.plan}", params={"malgrupp": "barn och unga"}).text
    assert ">Två</a>" in chosen
    assert ">Ett</a>" not in chosen
    assert "äldre <strong>1</strong>" in frida.get("/planer").text
    assert "Ingen plan har målgruppen" in frida.get("/planer", params={"malgrupp": "x"}).text


def test_a_target_group_is_a_name_and_not_a_sentence(town: Town, frida: TestClient) -> None:
    long = "Individer som samtidigt behöver insatser från både kommunen och regionen i hela Alm"
    refused = frida.post(f"/planer/{town.plan}/andra", data=facts(town, target_groups=long))
    assert "En målgrupp är ett kort namn" in refused.text


def test_names_of_target_groups_are_found_in_lists_of_them() -> None:
    assert names_in("- Barn och unga\n- äldre; Äldre,") == ["Barn och unga", "äldre"]
    assert not are_names("Vi vänder oss till alla. Särskilt äldre.")


def test_a_file_fills_target_groups_and_keeps_sentences_as_words(town: Town) -> None:
    source = Source("plan.docx", 1, 1)
    activity = ActivityDraft("Nätverk", source, target_group="äldre")
    for title, words in (("Kort", "äldre, barn"), ("Lång", "Alla som bor i Alm. Särskilt äldre.")):
        draft = PlanDraft(
            title,
            "plan.docx",
            title.encode().hex().zfill(64),
            target_groups=words,
            activities=[activity],
        )
        with transaction(town.settings) as session:
            filed = file_plan(
                session, draft, FRIDA, organisation="Prov", review_months=6, today=TODAY
            )
        assert filed.plan_id
        plan = standing(town, filed.plan_id)
        wanted = (("äldre", "barn"), "") if title == "Kort" else ((), words)
        assert (plan.target_groups, plan.target_group_words) == wanted


# Any day, and the history.


def test_a_plan_is_shown_as_it_stood(town: Town, frida: TestClient) -> None:
    sip = town.decided("Trygg hemgång", by="2024-06-30", today=date(2024, 1, 2))
    frida.post(f"/aktiviteter/{sip}/andra", data={"deadline": "2024-11-30", "reason": "Omtag"})
    renamed = {"text": "Korta vägar", "do": "spara"}
    frida.post(f"/planer/{town.plan}/mal/{town.goal}", data=renamed)
    then = frida.get(f"/planer/{town.plan}", params={"den": "1 februari 2024"}).text
    document = then.split('id="hant"')[0]
    assert "Så stod planen 1 februari 2024." in document
    for words in ("Hålla ihop vården", "2024-06-30", "Beslutad"):
        assert words in document
    assert "Korta vägar" not in document
    assert "Ändra planen" not in document
    today = frida.get(f"/planer/{town.plan}").text
    assert "Mål: Hålla ihop vården → Korta vägar" in today
    before = frida.get(f"/planer/{town.plan}", params={"den": "2024-01-05"}).text
    assert "Föreslagen" in before.split('id="hant"')[0]


@pytest.mark.parametrize(
    ("den", "sentence"),
    [("2030-01-01", "Den dagen har inte varit än."), ("blå", "går inte att läsa som ett datum")],
)
def test_a_day_that_cannot_be_shown_is_said(
    town: Town, frida: TestClient, den: str, sentence: str
) -> None:
    assert sentence in frida.get(f"/planer/{town.plan}", params={"den": den}).text


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


def test_the_command_line_shows_a_plan_on_a_day(small_town: Town) -> None:
    sip = small_town.decided("Trygg hemgång", by="2024-06-30")
    asked = ["plan", "show", "plan 2024", "--on", "2024-01-05", "--json"]
    shown = json.loads(CliRunner().invoke(app, asked).stdout)
    assert shown["on"] == "2024-01-05"
    assert [(one["id"], one["state"]) for one in shown["activities"]] == [(sip, "föreslagen")]
    now = json.loads(CliRunner().invoke(app, ["plan", "show", "1", "--json"]).stdout)
    assert now["activities"][0]["state"] == "beslutad"
    assert now["activities"][0]["goals"] == ["Hålla ihop vården"]


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


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_an_earlier_version_keeps_its_words_for_target_groups(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A list of names becomes tags, once for the collaboration; sentences stay words."""
    address = ""
    if kind == "postgres":
        server = request.getfixturevalue("postgres")
        server.psql("CREATE DATABASE target_groups")
        address = server.get_uri("target_groups")
    told = settings_module.load(home=tmp_path, database_url=address)
    config = Config()
    config.set_main_option("script_location", "migrations")
    with database.engine_for(told).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    with database.engine_for(told).begin() as connection:
        for words in OLD.strip().split(";\n"):
            connection.execute(text(words))
    database.migrate(told)
    with reading(told) as session:
        plans = [plan_standing(session, number) for number in (1, 2, 3)]
        assert session.execute(text("SELECT count(*) FROM target_group")).scalar() == 2
    database.close(told)
    assert [plan and (plan.target_groups, plan.target_group_words) for plan in plans] == [
        (("Barn och unga", "äldre"), ""),
        (("äldre",), ""),
        ((), "Alla som bor i Alm. Särskilt äldre."),
    ]


OLD = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'NOSAM Alm', '');
INSERT INTO plan (id, collaboration_id, group_id, title, purpose, target_groups)
VALUES (1, 1, 1, 'Ett', '', 'Barn och unga, äldre'), (2, 1, 1, 'Två', '', 'Äldre'),
  (3, 1, 1, 'Tre', '', 'Alla som bor i Alm. Särskilt äldre.')
"""
