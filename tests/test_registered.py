"""Answers that are registered; what is done reaches who follows up; a history that is honest."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from cli import doctor
from config import clock, policy
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState, Notice
from models.part import PartState, put_part
from models.status import StatusAnswer, Way
from notifications import notices
from notifications.letters.week import sections
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_silence import days, told
from web.activities.timeline import timeline
from web.app import create_app

pytestmark = pytest.mark.by_turns
DUE = date(2024, 5, 31)


def on(town: Town, day: str) -> TestClient:
    """Frida's browser on that day."""
    return browse(create_app(town.settings.model_copy(update={"today": date.fromisoformat(day)})))


def registers(town: Town, activity: int, day: str, **said: str) -> Any:  # noqa: ANN401
    """What the page says when Frida registers an answer of Bob's."""
    form = {"who": "Bob", "way": "phone", "says": "on_track"} | said
    return on(town, day).post(f"/aktiviteter/{activity}/svar", data=form, follow_redirects=False)


def answers(town: Town) -> list[Any]:
    """Every answer on file."""
    with reading(town.settings) as session:
        a = c(StatusAnswer)
        asked = select(a.person_id, a.way, a.registered_by, a.says, a.on_day, a.link_id)
        return list(session.execute(asked.order_by(a.id)))


def history(town: Town, activity: int) -> str:
    """What the activity's page tells of its life."""
    with reading(town.settings) as session:
        return "\n".join(f"{e.day} {e.what} | {e.who}" for e in timeline(session, activity))


def test_bobs_answer_by_telephone_is_his_and_says_who_wrote_it_down(town: Town) -> None:
    activity = town.decided(by=DUE, person=town.bob)
    town.morning("2024-06-03")
    done = registers(town, activity, "2024-06-05", text="Mötet är bokat.", on="2024-06-04")
    assert done.status_code == 303
    ((person, way, by, says, day, link),) = answers(town)
    assert (person, way, says.value, link) == (town.bob, Way.PHONE, "on_track", None)
    assert (by, day) == ("processledaren", date(2024, 6, 4))
    assert "2024-06-04 Svar: Går enligt plan | Bob per telefon, registrerat av" in history(
        town, activity
    )
    days(town, "2024-06-05", "2024-06-20")
    assert told(town) == []  # Bob has answered: nobody is told that he is silent


def test_what_cannot_be_registered_is_said_at_once_and_nothing_is_saved(small_town: Town) -> None:
    activity = small_town.decided(by=DUE, person=small_town.bob)
    page = registers(small_town, activity, "2024-06-05", who="Nisse", way="", on="juni", says="")
    assert page.status_code == 422
    for sentence in ("”Nisse” finns inte bland personerna", "Välj hur beskedet kom", "hur det går"):
        assert sentence in page.text
    assert 'value="Nisse"' in page.text
    late = registers(small_town, activity, "2024-06-05", on="2024-06-06")
    assert "2024-06-06 har inte varit än" in late.text
    assert answers(small_town) == []
    assert registers(small_town, activity, "2024-06-05").status_code == 303
    older = registers(small_town, activity, "2024-06-07", on="2024-06-04")
    assert "Det finns ett nyare besked, från 2024-06-05" in older.text
    assert len(answers(small_town)) == 1


def test_an_answer_needs_a_link_or_somebody_who_registered_it(town: Town) -> None:
    activity = town.decided(by=DUE)
    row: dict[str, Any] = {
        "activity_id": activity,
        "person_id": town.bob,
        "on_day": DUE,
        "says": "done",
    }
    with (
        pytest.raises(Exception, match="by_link_or_registered"),
        transaction(town.settings) as session,
    ):
        session.add(StatusAnswer(at=clock.now(), **row))


def test_klart_reaches_frida_in_her_next_letter_once_and_leads_to_the_page(town: Town) -> None:
    activity = town.decided("Trygg hemgång", by=DUE, person=town.bob)
    registers(town, activity, "2024-05-20", says="done", text="Alla är utbildade.")
    town.morning("2024-05-21")
    (letter,) = town.letters()
    assert letter.person_id == town.frida
    assert letter.subject.startswith("Trygg hemgång")
    assert "Bob svarade Klart 20 maj 2024. Nu återstår att följa upp den." in letter.text
    assert "Alla är utbildade." in letter.text
    assert f"/aktiviteter/{activity}" in letter.text
    days(town, "2024-05-22", "2024-07-05")
    assert len(town.letters()) == 1  # it is told, not asked: no silence comes of it


def test_what_bob_took_back_before_the_letter_is_not_told(small_town: Town) -> None:
    activity = small_town.decided(by="2024-12-31", person=small_town.bob)
    registers(small_town, activity, "2024-05-20", says="done")
    with transaction(small_town.settings) as session:
        notices.sweep(session, _policy(small_town), date(2024, 5, 20))
    registers(small_town, activity, "2024-05-20", says="late")
    small_town.morning("2024-05-21")
    assert small_town.letters() == []


def _policy(town: Town) -> Any:  # noqa: ANN401
    return policy.load(town.settings.home)


def test_frida_is_not_told_of_a_klart_of_her_own(small_town: Town) -> None:
    activity = small_town.decided(by=DUE, person=small_town.frida)
    registers(small_town, activity, "2024-05-20", who="Frida", says="done")
    small_town.morning("2024-05-21")
    assert small_town.letters() == []


def _with_a_part(town: Town) -> int:
    activity = town.decided(by="2024-12-31", person=town.bob)
    with transaction(town.settings) as session:
        after = {
            "name": "Alingsås",
            "state": PartState.UNANSWERED,
            "deadline_text": str(DUE),
            "deadline_last": DUE,
            "deadline_precision": "day",
            "since": date(2024, 1, 10),
        }
        put_part(session, activity, None, after, FRIDA.name, date(2024, 1, 10))
    return activity


def test_an_answer_about_an_activity_settles_what_was_asked_of_its_parts(town: Town) -> None:
    activity = _with_a_part(town)
    town.morning("2024-06-03")
    assert len(town.letters()) == 1
    registers(town, activity, "2024-06-04")
    with reading(town.settings) as session:
        assert session.execute(select(c(Notice).settled_on)).scalars().all() == [date(2024, 6, 4)]
    days(town, "2024-06-04", "2024-06-20")
    assert told(town) == []


def test_the_parts_ladder_rests_while_a_proposal_waits_also_after_a_later_answer(
    town: Town,
) -> None:
    activity = _with_a_part(town)
    registers(town, activity, "2024-05-20", says="late", date="2024-09-30")
    registers(town, activity, "2024-05-21", says="on_track")
    days(town, "2024-05-22", "2024-06-28")
    assert [letter for letter in town.letters() if letter.person_id == town.bob] == []
    with reading(town.settings) as session:
        titles = {one.title for one in sections(session, _policy(town), [1], date(2024, 6, 28))}
    assert "Förslag som väntar på ditt ja" in titles
    assert "Ingen svarar" not in titles


def test_history_and_doctor_tell_queued_refused_and_bounced_apart(small_town: Town) -> None:
    activity = small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    says = {
        LetterState.QUEUED: "Brev till Alice: väntar på att skickas",
        LetterState.FAILED: "Brev till Alice: togs inte emot",
        LetterState.BOUNCED: "Brev till Alice: studsade",
        LetterState.SENT: "Brev till Alice |",
    }
    doctors = {LetterState.FAILED: "1 were refused", LetterState.BOUNCED: "1 bounced"}
    for state, words in says.items():
        with transaction(small_town.settings) as session:
            session.execute(update(Letter).values(state=state, done_at=clock.now()))
        assert words in history(small_town, activity)
        with reading(small_town.settings) as session:
            found = [says for _, says, _ in doctor._letters(session, clock.now())]
        expected = doctors.get(state)
        assert [line for line in found if "last 7 days" in line] == (
            [f"of the last 7 days {expected}"] if expected else []
        )


def test_a_letter_with_the_clock_ahead_is_settled_by_an_answer_of_today(town: Town) -> None:
    activity = town.decided(by=DUE, person=town.bob)
    town.morning("2025-06-03")
    with transaction(town.settings) as session:
        session.execute(
            text("UPDATE letter SET state = 'kept', done_at = queued_at, went_on = '2024-06-03'")
        )
    registers(town, activity, "2024-06-04")
    days(town, "2024-06-05", "2024-06-19")
    assert told(town) == []
