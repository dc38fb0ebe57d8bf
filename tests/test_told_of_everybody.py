"""Rounds and the post are everybody's: what they broke on names nobody to who leads one."""

from datetime import date, timedelta

import pytest

from config import clock
from models.database import transaction
from models.heartbeat import MissedRound
from models.post import PostStop, Stage
from models.round import Round
from notifications.stops import sender
from tests.cast import Town
from tests.two_collaborations import Neighbours, neighbours

BROKE = "MostFailedError: 2 av 3 gick inte att göra. Dagens brev till Alice: SMTPServerDisconnected"
MISSED = f"Rundan gick sönder: {BROKE}"
SAID = "554 5.7.1 <alice@example.org>: Relay access denied"


@pytest.fixture
def two(town: Town) -> Neighbours:
    """Frida leads, Gustav leads elsewhere, and letters go by a server."""
    town.settings = town.settings.model_copy(update={"smtp_host": "mail.example.org"})
    return neighbours(town)


def broke(two: Neighbours) -> None:
    """One round broke on a letter to Alice, and one was missed for it."""
    now = clock.now()
    with transaction(two.settings) as session:
        day = date(2025, 1, 10)
        session.add(Round(line="morning-round", on_day=day, started_at=now, failed=BROKE))
        late = MissedRound(line="weekly-letter", due_at=now, why=MISSED, noticed_at=now)
        session.add(late)


def stands_still(two: Neighbours, said: str) -> None:
    """The server refuses us at a letter to Alice."""
    now = clock.now()
    with transaction(two.settings) as session:
        stop = PostStop(
            sender=sender(two.settings),
            stage=Stage.RCPT,
            said=said,
            since=now,
            next_try_at=now + timedelta(hours=1),
        )
        session.add(stop)


def test_gustav_reads_that_a_round_broke_and_not_whose_letter_it_broke_on(two: Neighbours) -> None:
    broke(two)
    page = two.gustavs().get("/").text
    assert "Rundor som inte gick bra" in page
    assert "Rundan gick sönder." in page
    assert "den görs om av sig själv" in page
    assert "Alice" not in page
    assert "Error" not in page


def test_whoever_keeps_the_machine_reads_what_it_broke_on(two: Neighbours) -> None:
    broke(two)
    page = two.machine().get("/").text
    assert page.count("Dagens brev till Alice") == 2


@pytest.mark.parametrize("said", [SAID, "[Errno 111] alice@example.org"])
def test_gustav_reads_that_the_post_stands_still_and_not_at_whose_address(
    two: Neighbours, said: str
) -> None:
    stands_still(two, said)
    gustav = two.gustavs()
    for page in ("/", "/utskick"):
        shown = gustav.get(page).text
        assert "står still" in shown
        assert "alice@example.org" not in shown
    assert "alice@example.org" in two.machine().get("/utskick").text
