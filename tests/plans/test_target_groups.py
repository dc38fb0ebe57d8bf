"""Target groups: tags of plans and activities, counted and filtered by, never sentences."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from config import settings as settings_module
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.filing import file_plan
from models import database
from models.database import reading, transaction
from models.standing import plan_standing
from rules.target_groups import are_names, names_in
from tests.cast import FRIDA, Town
from tests.conftest import fill_as_of
from tests.plans.conftest import TODAY, facts, standing


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
                session,
                draft,
                FRIDA,
                organisation="Vårdsamverkan Prov",
                review_months=6,
                today=TODAY,
            )
        assert filed.plan_id
        plan = standing(town, filed.plan_id)
        wanted = (("äldre", "barn"), "") if title == "Kort" else ((), words)
        assert (plan.target_groups, plan.target_group_words) == wanted


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
    fill_as_of(told, "0004", OLD)
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
