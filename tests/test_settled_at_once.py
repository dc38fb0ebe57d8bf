"""An answer is taken back while somebody says yes to it: one of the two is told."""

import threading
from datetime import date

from sqlalchemy import insert

from config import clock
from intake.lives.settling import settle
from intake.lives.taking_back import take_back
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.moves import Mover, Refused
from models.span import Precision
from models.status import Says, Settled, StatusAnswer
from notifications import links
from tests.cast import FRIDA, Town

TODAY = date(2025, 1, 10)


def test_a_yes_that_waited_for_alice_taking_it_back_changes_nothing(town: Town) -> None:
    activity = town.decided("Trygg hemgång", by="2025-03-31", person=town.alice)
    day = date(2025, 6, 30)
    with transaction(town.settings) as session:
        told = insert(StatusAnswer).values(
            activity_id=activity,
            person_id=town.alice,
            link_id=links.make(session, town.settings, town.alice),
            at=clock.now(),
            on_day=TODAY,
            says=Says.LATE,
            proposed_text="30 juni 2025",
            proposed_first=day,
            proposed_last=day,
            proposed_precision=Precision.DAY,
        )
        answer = session.execute(told.returning(c(StatusAnswer).id)).scalar_one()
    came: list[str] = []

    def says_yes() -> None:
        try:
            with transaction(town.settings) as session:
                came.append(settle(session, answer, FRIDA, accept=True, today=TODAY))
        except Refused as refused:
            came.extend(refused.sentences)

    frida = threading.Thread(target=says_yes)
    with transaction(town.settings) as session:
        take_back(session, answer, Mover("Alice", town.alice), today=TODAY)
        session.flush()
        frida.start()
        frida.join(1)  # she waits, or has been refused already
    frida.join(60)
    assert came == ["Beskedet är taget tillbaka."]
    with reading(town.settings) as session:
        assert session.get(Settled, answer) is None
        assert session.get_one(Activity, activity).deadline_last == date(2025, 3, 31)
