"""What the tests of plans share: Frida's browser, a plan's form filled in, what is on file."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from intake.lives.goal_changes import ask_to_add_goal
from models.activity import ActivityGoal
from models.columns import c
from models.database import reading, transaction
from models.plan import Goal
from models.standing import PlanStanding, plan_standing
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
