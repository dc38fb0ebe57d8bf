"""What was changed in a plan and its goals is taken back, and stays in the plan's history."""

import re
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from intake.lives.goal_changes import (
    ask_to_add_goal,
    ask_to_change_goal,
    ask_to_connect,
    ask_to_remove_goal,
)
from intake.lives.plan_changes import ask_to_adopt, ask_to_change_plan, start_plan
from intake.lives.plan_undo import look_at_plan, take_back_in_plan
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, EditionState, ReportKind
from models.moves import Refused
from models.plan import Goal, Plan, PlanChange
from models.standing import OnFile, whole
from rules.history import now, plan_on
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
MONDAY, TUESDAY, WEDNESDAY = date(2024, 3, 4), date(2024, 3, 5), date(2024, 3, 6)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on Tuesday."""
    return browse(create_app(town.settings.model_copy(update={"today": TUESDAY})))


def on_file(town: Town) -> OnFile:
    """The plan, and all that tells how it came to be so."""
    with reading(town.settings) as session:
        file = whole(session, town.plan)
    assert file is not None
    return file


def keys(town: Town) -> list[str]:
    """The entries of the plan's history that stand, each once, oldest first."""
    return list(dict.fromkeys(row.key for row in on_file(town).plan_changes))


def undo(town: Town, key: str, today: date = WEDNESDAY, reason: str = "") -> None:
    """Frida takes an entry back, with what stands on it."""
    with transaction(town.settings) as session:
        chain = look_at_plan(session, town.plan, key, held=True)
        take_back_in_plan(session, town.plan, chain, FRIDA, today=today, reason=reason)


def add(town: Town, words: str, today: date = MONDAY) -> int:
    """A goal in the plan; its number."""
    with transaction(town.settings) as session:
        ask_to_add_goal(session, town.plan, {"text": words}, FRIDA, today=today)
        asked = select(c(Goal).id).where(c(Goal).text == words)
        return int(session.execute(asked).scalar_one())


def change(town: Town, today: date = TUESDAY, **given: str) -> None:
    """The plan's own facts, changed."""
    asked = {"title": "Plan 2024", "group": str(town.alm)} | given
    with transaction(town.settings) as session:
        ask_to_change_plan(session, town.plan, asked, FRIDA, today=today)


def test_every_fact_of_a_plan_is_as_it_was(town: Town) -> None:
    change(town, MONDAY, target_groups="Barn", purpose="Ett syfte")
    before = now(on_file(town))
    told = {"title": "Fel namn", "group": str(town.bjork), "cap": "3", "funding": "100 000 kr"}
    told |= {"first_day": "2023-01-01", "last_day": "2023-12-31", "target_groups": "Äldre"}
    change(town, TUESDAY, **told, goal_words="Fokus", adopted_on="2024-02-01")
    assert now(on_file(town)) != before
    undo(town, keys(town)[-1])
    assert now(on_file(town)) == before


def test_goals_added_changed_and_removed_are_as_they_were(town: Town) -> None:
    above, under = add(town, "Trygghet"), add(town, "Hemgång")
    before = now(on_file(town))
    with transaction(town.settings) as session:
        given = {"text": "Trygg hemgång", "parent": str(above)}
        ask_to_change_goal(session, town.plan, under, given, FRIDA, today=TUESDAY)
    undo(town, keys(town)[-1])
    assert now(on_file(town)) == before
    with transaction(town.settings) as session:
        ask_to_remove_goal(session, town.plan, under, FRIDA, today=TUESDAY)
    undo(town, keys(town)[-1])
    assert now(on_file(town)) == before
    add(town, "Ett till", TUESDAY)
    undo(town, keys(town)[-1])
    assert now(on_file(town)) == before


def test_two_goals_that_changed_words_change_them_back(town: Town) -> None:
    first, second = add(town, "Ett"), add(town, "Två")
    before, stood = now(on_file(town)), len(keys(town))
    for goal, words in ((first, "Tre"), (second, "Ett"), (first, "Två")):
        with transaction(town.settings) as session:
            ask_to_change_goal(session, town.plan, goal, {"text": words}, FRIDA, today=TUESDAY)
    undo(town, keys(town)[stood])
    assert now(on_file(town)) == before


def test_an_adoption_comes_and_goes_with_its_reference(town: Town) -> None:
    before = now(on_file(town))
    told = {"group": str(town.alm), "adopted_on": "2024-02-01", "reference": "§ 4"}
    with transaction(town.settings) as session:
        ask_to_adopt(session, town.plan, told, FRIDA, today=MONDAY)
    adopted = now(on_file(town))
    assert [one.reference for one in adopted.plan.adopted_by] == ["§ 4"]
    undo(town, keys(town)[-1])
    assert now(on_file(town)) == before
    with transaction(town.settings) as session:
        assert session.execute(select(c(PlanChange).undone_id)).scalars().all() != [None]


def test_what_was_taken_back_is_in_no_telling_of_any_day_and_stays_in_the_log(town: Town) -> None:
    change(town, MONDAY, cap="2")
    change(town, TUESDAY, cap="5")
    undo(town, keys(town)[-1])
    file = on_file(town)
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        then = plan_on(file, day)
        assert then is not None
        assert then.plan.cap == 2
    with reading(town.settings) as session:
        log = session.execute(select(c(PlanChange).undone_id)).scalars().all()
    assert [undone is None for undone in log] == [True, False]


def test_a_row_of_a_plans_log_is_taken_back_once(town: Town) -> None:
    change(town, cap="2")
    undo(town, keys(town)[-1])
    with pytest.raises(DatabaseError), transaction(town.settings) as session:
        session.execute(text("UPDATE plan_change SET undone_id = NULL"))


def test_a_goal_that_has_got_activities_stays_and_the_sentence_says_so(town: Town) -> None:
    activity_id = town.activity(by="2024-06-30")
    goal = add(town, "Korta köer")
    came = keys(town)[-1]
    with transaction(town.settings) as session:
        given = {"goal": str(goal), f"activity_{activity_id}": "ja"}
        ask_to_connect(session, town.plan, given, FRIDA, today=TUESDAY)
    before = now(on_file(town))
    with pytest.raises(Refused, match="har fått aktiviteter"):
        undo(town, came)
    assert now(on_file(town)) == before


def test_the_receipt_offers_it_and_the_history_tells_who_took_it_back(
    town: Town, frida: TestClient
) -> None:
    page = frida.post(f"/planer/{town.plan}/mal", data={"text": "Fel mål"})
    assert "Nytt mål: Fel mål" in page.text
    key = re.findall(rf'/planer/{town.plan}/angra".*?value="([^"]+)"', page.text)[0]
    page = frida.post(f"/planer/{town.plan}/angra", data={"gjort": key})
    assert page.status_code == 200
    assert page.text.count("Togs tillbaka av processledaren 5 mars 2024.") == 2
    assert f'value="{key}"' not in page.text
    again = frida.post(f"/planer/{town.plan}/angra", data={"gjort": key})
    assert again.status_code == 422
    assert "redan taget tillbaka" in again.text


def test_what_stands_on_it_is_shown_before_it_goes_too(town: Town, frida: TestClient) -> None:
    add(town, "Första")
    key = keys(town)[-1]
    change(town, cap="4")
    page = frida.post(f"/planer/{town.plan}/angra", data={"gjort": key})
    assert "Tak: – → 4" in page.text
    assert "<strong>Nytt mål: Första" in page.text
    print_ = re.findall(r'name="kedja" value="(\w+)"', page.text)[0]
    add(town, "Någon annans", TUESDAY)
    told = {"gjort": key, "kedja": print_, "reason": "Fel plan"}
    page = frida.post(f"/planer/{town.plan}/angra", data=told)
    assert "Nytt mål: Någon annans" in page.text  # she had not seen it
    print_ = re.findall(r'name="kedja" value="(\w+)"', page.text)[0]
    page = frida.post(f"/planer/{town.plan}/angra", data=told | {"kedja": print_})
    assert "Fel plan" in page.text
    assert {goal.text for goal in on_file(town).goals.values()}.isdisjoint({"Första"})


def test_what_an_approved_report_builds_on_is_changed_anew_instead(town: Town) -> None:
    change(town, MONDAY, cap="4")
    with transaction(town.settings) as session:
        area = session.get_one(Plan, town.plan).collaboration_id
        made = datetime(2099, 1, 1, tzinfo=UTC)  # after the change, which is written just now
        session.add(
            Edition(
                kind=ReportKind.QUARTER,
                collaboration_id=area,
                period="2024Q1",
                number=1,
                cut_off=date(2024, 3, 31),
                state=EditionState.APPROVED,
                schema_version=1,
                facts="{}",
                sha256="0" * 64,
                compiled_at=made,
                compiled_by="Frida",
                approved_at=made,
            )
        )
    with pytest.raises(Refused, match="En rapport som godkändes 1 januari 2099 bygger på planen"):
        undo(town, keys(town)[-1])
    assert now(on_file(town)).plan.cap == 4


def test_a_plan_does_not_go_under_one_that_lies_under_it(town: Town) -> None:
    with transaction(town.settings) as session:
        given = {"title": "Plan för åren", "group": str(town.alm)}
        other = start_plan(session, given, FRIDA, today=MONDAY)
    change(town, MONDAY, parent=str(other))
    change(town, TUESDAY, parent="")
    with transaction(town.settings) as session:
        given = {"title": "Plan för åren", "group": str(town.alm), "parent": str(town.plan)}
        ask_to_change_plan(session, other, given, FRIDA, today=TUESDAY)
    with pytest.raises(Refused, match="ligger nu under den här"):
        undo(town, keys(town)[-1])


def test_a_closed_plan_and_one_that_was_just_made_say_why_not(town: Town) -> None:
    change(town, cap="4")
    with transaction(town.settings) as session:
        session.get_one(Plan, town.plan).closed_on = TUESDAY
        given = {"title": "Ny", "group": str(town.alm)}
        new = start_plan(session, given, FRIDA, today=TUESDAY)
    with pytest.raises(Refused, match="Planen är avslutad"):
        undo(town, keys(town)[-1])
    with transaction(town.settings) as session:
        file = whole(session, new)
        assert file is not None
        chain = look_at_plan(session, new, file.plan_changes[0].key)
    assert [told for told in chain.why_not if "Ta tillbaka planen" in told]
