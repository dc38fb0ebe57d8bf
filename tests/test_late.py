"""Late is one thing wherever it is told: the day has passed, and nobody has said it is done."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from intake.lives.parts import ask_to_put_parts
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.lifecycle import State
from models.listing import is_late, late
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_answers import link
from web.app import create_app

TODAY = date(2024, 12, 2)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser on 2 December 2024."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def test_the_rows_and_the_database_agree_on_every_life(town: Town) -> None:
    """Each state, with a deadline before, on and after the day or none, done or not."""
    lives = [
        (state, deadline, done)
        for state in State
        for deadline in (None, YESTERDAY, TODAY, TODAY + timedelta(days=1))
        for done in (None, YESTERDAY)
    ]
    ids = town.proposed_many(len(lives), by="2025-12-31")
    with transaction(town.settings) as session:
        for id_, (state, deadline, done) in zip(ids, lives, strict=True):
            session.execute(
                update(Activity)
                .where(c(Activity).id == id_)
                .values(
                    state=state,
                    deadline_text=str(deadline or ""),
                    deadline_first=deadline,
                    deadline_last=deadline,
                    deadline_precision="day" if deadline else "none",
                    reported_done_on=done,
                    state_before_pause=State.ONGOING if state is State.PAUSED else None,
                )
            )
    with reading(town.settings) as session:
        told = set(session.execute(select(c(Activity).id).where(is_late(TODAY))).scalars())
    reckoned = {
        id_
        for id_, (state, deadline, done) in zip(ids, lives, strict=True)
        if late(SimpleNamespace(state=state, deadline_last=deadline, reported_done_on=done), TODAY)
    }
    assert told == reckoned
    assert len(told) == 3, "one of each state that is reminded of"


@pytest.mark.parametrize("done", [False, True])
def test_what_is_said_to_be_done_is_late_on_no_page(
    small_town: Town, frida: TestClient, *, done: bool
) -> None:
    sip = small_town.decided("Rutin för SIP", by="2024-12-06")
    small_town.morning("2024-11-29")
    small_town.change(
        sip, deadline_last=YESTERDAY, deadline_first=YESTERDAY, deadline_text="2024-12-01"
    )
    if done:
        small_town.change(sip, reported_done_on=YESTERDAY)
    behind = link(small_town)
    for address in (
        f"/planer/{small_town.plan}/avsluta",
        f"/planer/{small_town.plan}",
        f"/aktiviteter/{sip}",
        f"/moten/{small_town.alm}",
        behind,
        "/aktiviteter",
    ):
        page = frida.get(address).text
        assert "Rutin för SIP" in page, address
        told = 'class="late' in page
        assert told is not done, address


def test_a_part_is_late_while_its_activity_may_be(small_town: Town, frida: TestClient) -> None:
    sip = small_town.decided("Rutin för SIP", by="2024-12-31")
    with transaction(small_town.settings) as session:
        words = {"name": "Ale kommun", "state": "beslutad", "deadline": str(YESTERDAY)}
        ask_to_put_parts(session, sip, words, FRIDA, today=date(2024, 11, 1))
    address = f"/aktiviteter/{sip}"
    assert 'class="late">Försenad' in frida.get(address).text
    small_town.change(sip, reported_done_on=YESTERDAY)
    assert 'class="late">Försenad' not in frida.get(address).text
