"""In PostgreSQL an account that may read and write, and change no table, is enough for every day.

The tables are made and changed by the account that owns them. What docs/running.md says to grant is
read from that page and granted here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from config.settings import Settings
from models import database
from models.database import transaction
from tests.cast import Town
from tests.conftest import browse
from tests.test_answers import TODAY, answers, link
from web.app import create_app

PAGE = Path(__file__).parents[1] / "docs" / "running.md"


@pytest.fixture(scope="module")
def everyday(tmp_path_factory: pytest.TempPathFactory, postgres: Any) -> Iterator[Settings]:  # noqa: ANN401
    """An installation whose tables another account owns."""
    postgres.psql("CREATE DATABASE everyday TEMPLATE template_foljsam")
    owner = str(postgres.get_uri("everyday"))
    granted = re.search(r"```sql\n(CREATE ROLE vardag.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert granted
    told = Settings(
        home=tmp_path_factory.mktemp("everyday"),
        organisation="Vårdsamverkan Prov",
        database_url=owner,
    )
    with transaction(told) as session:
        for statement in granted[1].split(";"):
            if statement.strip():
                session.execute(text(statement))
    database.close(told)
    settings = told.model_copy(update={"database_url": owner.replace("//postgres:", "//vardag:")})
    assert "vardag" in settings.database_url
    yield settings
    database.close(settings)


def test_a_day_goes_with_an_account_that_changes_no_table(everyday: Settings) -> None:
    database.migrate(everyday)  # what each start does: there is nothing to change
    town = Town(everyday)
    activity_id = town.decided(by="2024-12-31")
    town.morning(TODAY)
    told = everyday.model_copy(update={"today": TODAY})
    client = browse(create_app(told))
    answer = client.post(link(town), data={f"says_{activity_id}": "on_track"})
    assert answer.status_code == 200
    assert len(answers(town)) == 1


@pytest.mark.parametrize(
    "wish",
    [
        "DROP TABLE letter",
        "ALTER TABLE move DISABLE TRIGGER ALL",
        "CREATE TABLE extra (id int)",
        "TRUNCATE move",
        "CREATE ROLE extra SUPERUSER",
    ],
)
def test_it_may_not(everyday: Settings, wish: str) -> None:
    with pytest.raises(ProgrammingError), transaction(everyday) as session:
        session.execute(text(wish))
