"""How many questions a request puts to the database: as many whatever there is on file.

The same requests are counted in a small town, and again when it has thirty activities more, which
Alice answers for and reads of. It is the shape that is held, not the number: a question for each
row would be seen at once.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from models.database import engine_for
from tests.cast import Town
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_load import link_of
from web.app import create_app

TODAY = date(2024, 2, 1)
MOST = 36  # of a saved answer, which has the most


@contextmanager
def counted(town: Town) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    seen: list[str] = []

    def one_more(_connection: Any, _cursor: Any, words: str, *_: Any) -> None:  # noqa: ANN401
        seen.append(re.sub(r"\s+", " ", words))

    engine = engine_for(town.settings)
    event.listen(engine, "before_cursor_execute", one_more)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", one_more)


@pytest.fixture
def alice(small_town: Town) -> TestClient:
    """Her browser: she has signed in."""
    told = with_sign_in(small_town.settings).model_copy(update={"today": TODAY})
    client = browser(create_app(told))
    signs_in(small_town, client, "alice@example.org")
    return client


def looks(path: str) -> Callable[[TestClient, str, int], int]:
    """Open a page."""
    return lambda client, link, _: int(client.get(path.format(link=link)).status_code)


def answers(client: TestClient, link: str, activity: int) -> int:
    """Send an answer about one activity."""
    said = {f"says_{activity}": "at_risk", f"text_{activity}": f"Nummer {activity}"}
    return int(client.post(link, data=said, follow_redirects=False).status_code)


@pytest.mark.parametrize(
    "does",
    [
        looks("{link}"),
        answers,
        looks("/"),
        looks("/aktiviteter"),
        looks("/planer"),
        looks("/grupper"),
        looks("/moten"),
        looks("/statusrundor"),
    ],
    ids=["svar", "answer", "/", "aktiviteter", "planer", "grupper", "moten", "statusrundor"],
)
def test_a_request_asks_as_much_of_many_rows_as_of_few(
    small_town: Town, alice: TestClient, does: Callable[[TestClient, str, int], int]
) -> None:
    town = small_town
    activities = [town.decided(f"Nätverk {n}", by="2024-02-28") for n in range(3)]
    _, link = link_of(town, town.alice)
    does(alice, link, activities[0])  # what is made once is made
    with counted(town) as few:
        first = does(alice, link, activities[1])
    for number in range(30):
        town.decided(f"Hemgång {number}", by="2024-02-28")
    with counted(town) as many:
        second = does(alice, link, activities[2])
    assert first == second < 400
    assert len(many) == len(few) <= MOST, sorted(set(many) - set(few))
