"""Proposing an activity in a plan, with everything that the decision will need."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading
from models.lifecycle import Brought, Move, State
from tests.cast import Town
from tests.plans.conftest import TODAY, goal, goals_of
from tests.test_meetings import hard

pytestmark = pytest.mark.by_turns


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


def test_the_page_says_that_what_is_missing_at_the_decision_is_a_brist(
    town: Town, frida: TestClient
) -> None:
    page = frida.get(f"/planer/{town.plan}/foresla").text
    assert "när den är beslutad räknas det som en brist." in page
    assert "kan beslutas behövs" not in page


def test_the_page_says_what_this_installation_refuses_to_decide_without(
    town: Town, frida: TestClient
) -> None:
    hard(town, "goal", "deadline")
    page = frida.get(f"/planer/{town.plan}/foresla").text
    assert "Innan aktiviteten kan beslutas behövs mål och slutdatum." in page
    assert "räknas det som en brist" not in page
