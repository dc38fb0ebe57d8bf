"""Why did no letter go? Each reason by its name, from the page and from the command line."""

import json
from datetime import date
from pathlib import Path

import pytest

from config import clock, policy
from intake.lives.changes import ask_to_change
from intake.lives.registered import ask_to_register
from models.database import reading, transaction
from models.delegation import Delegation
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from models.lifecycle import Brought, Move
from models.person import Person
from models.plan import Plan
from models.round import Round
from notifications.outbox import Words, queue
from notifications.why_not import explain, people_named
from rules.why_not import Because, Reason
from tests.cast import FRIDA, Town
from tests.command import foljsam
from tests.conftest import browse
from tests.test_cli import refused
from web.app import create_app

pytestmark = pytest.mark.by_turns
DAY = date(2024, 12, 3)


def ran(town: Town, *days: date) -> None:
    """A morning round that ended well."""
    now = clock.now()
    with transaction(town.settings) as session:
        for day in days:
            session.add(Round(line="morning-round", on_day=day, started_at=now, finished_at=now))


def why(town: Town, person: int, day: date = DAY, today: date = DAY) -> list[Because]:
    """The reasons."""
    with reading(town.settings) as session:
        return explain(session, policy.load(), person, day, today)


def reasons(town: Town, person: int, day: date = DAY, today: date = DAY) -> list[Reason]:
    """The reasons' names."""
    return [one.reason for one in why(town, person, day, today)]


def test_nothing_was_reached_and_it_says_when_the_next_is(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    ran(town, DAY)
    (because,) = why(town, town.alice)
    assert because.reason is Reason.NOTHING_REACHED
    assert because.words == (
        "Påmindes redan 2 december 2024 (slutdatum 31 december 2024, 29 dagar före). "
        "Nästa nås 24 december 2024."
    )


def test_what_became_of_a_letter_is_told(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning(DAY)
    assert reasons(town, town.alice) == [Reason.WAITS_IN_OUTBOX]
    for state, reason in (
        (LetterState.SENT, Reason.SENT),
        (LetterState.FAILED, Reason.DID_NOT_ARRIVE),
    ):
        with transaction(town.settings) as session:
            letter = session.get_one(Letter, 1)
            letter.state, letter.done_at = state, clock.now()
        assert reasons(town, town.alice) == [reason]


def test_a_quiet_day_and_a_round_that_did_not_run(town: Town) -> None:
    town.decided(by="2024-12-31")
    assert reasons(town, town.alice, date(2024, 12, 1))[0] is Reason.QUIET_DAY
    assert reasons(town, town.alice)[0] is Reason.ROUND_DID_NOT_RUN
    assert reasons(town, town.alice, date(2025, 1, 2))[0] is Reason.NOT_YET


def test_an_address_that_does_not_work_and_somebody_who_answers_for_nothing(town: Town) -> None:
    ran(town, DAY)
    assert reasons(town, town.bob) == [Reason.ANSWERS_FOR_NOTHING]
    with transaction(town.settings) as session:
        session.get_one(Person, town.bob).unreachable_since = clock.now()
    today = clock.today()
    ran(town, today)
    assert Reason.UNREACHABLE in reasons(town, town.bob, today, today)


def test_what_is_done_paused_or_without_a_day_says_so(town: Town) -> None:
    ran(town, DAY)
    done = town.decided("Klar", by="2024-12-31")
    town.change(done, reported_done_on=date(2024, 11, 1))
    town.activity("Utan dag")
    paused = town.decided("Pausad", by="2024-12-31", group=town.alm)
    pause = Brought(reason="Sjuk", resume_on=date(2025, 9, 1), stand_in_group_id=town.alm)
    town.move(paused, Move.PAUSE, pause)
    found = {one.what: one.reason for one in why(town, town.alice)}
    assert found["Klar"] is Reason.ALREADY_ANSWERED
    assert found["Utan dag"] is Reason.NO_DAY
    assert found["Pausad"] is Reason.NOTHING_REACHED


def test_what_came_after_the_days_letter_went_tomorrow(town: Town) -> None:
    town.decided("Först", by="2024-12-31")
    town.morning("2024-12-02")
    town.decided("Sedan", by="2024-12-31", person=town.bob)
    with transaction(town.settings) as session:
        session.get_one(Letter, 1).person_id = town.bob
    town.morning("2024-12-02")
    town.morning(DAY)
    with transaction(town.settings) as session:
        session.get_one(Letter, 1).person_id = town.alice
    ran(town, date(2024, 12, 2))
    (because,) = why(town, town.bob, date(2024, 12, 2))
    assert because.reason is Reason.TOMORROW
    assert because.words == ("Nåddes den dagen men gick 3 december 2024: högst ett brev om dagen.")


def test_a_plans_own_money_is_named_to_whom_it_is_told(town: Town) -> None:
    with transaction(town.settings) as session:
        session.get_one(Plan, town.plan).funding_last = date(2024, 12, 31)
    ran(town, DAY, date(2024, 11, 4))
    assert reasons(town, town.bob) == [Reason.ANSWERS_FOR_NOTHING]
    town.morning("2024-11-01")
    (because,) = why(town, town.alice, date(2024, 11, 4))
    assert (because.reason, because.what) == (Reason.NOTHING_REACHED, "Medel i Plan 2024")
    assert because.words.startswith("Påmindes redan 1 november 2024 (")
    assert because.words.endswith("Nästa nås 17 december 2024.")


def test_frida_asks_the_page(town: Town) -> None:
    town.decided(by="2024-12-31")
    frida = browse(create_app(town.settings.model_copy(update={"today": DAY})))
    page = frida.get("/utskick/varfor?person=alice@example.org&dag=2024-12-01").text
    assert "1 december 2024 är en tyst dag" in page
    assert "Ingen eller flera heter" in frida.get("/utskick/varfor?person=Ingen").text
    assert frida.get("/utskick/varfor").status_code == 200


def test_swedish_letters_are_found_whatever_their_case(town: Town) -> None:
    with transaction(town.settings) as session:
        session.add(Person(name="Åsa Öhman", email="asa@example.org"))
    with reading(town.settings) as session:
        for words in ("Åsa Öhman", "åsa öhman", " ÅSA ÖHMAN ", "ASA@example.org"):
            assert [name for _, name, _ in people_named(session, words)] == ["Åsa Öhman"], words


def test_the_command_says_it_too(small_town: Town, tmp_path: Path) -> None:
    small_town.decided(by="2024-12-31")
    said = foljsam(tmp_path, "why", "Alice", "2024-12-01", "--json")
    assert json.loads(said.stdout.splitlines()[0])["reason"] == "quiet_day"
    assert "nobody on file" in refused(foljsam(tmp_path, "why", "Zoe", "2024-12-01"))


def test_it_is_told_as_it_stood_that_day(town: Town) -> None:
    ran(town, DAY)
    activity = town.decided("Trygg hemgång", by="2024-12-31")
    agreed = {"deadline": "2025-06-30", "reason": "Väntar på avtal"}
    with transaction(town.settings) as session:
        ask_to_change(session, activity, agreed, FRIDA, today=date(2024, 12, 10))
    town.activity("Kom till senare", by="2024-12-31", today=date(2024, 12, 10))
    (because,) = why(town, town.alice, DAY, date(2024, 12, 12))
    assert because.what == "Trygg hemgång"
    assert "Nästa nås 24 december 2024" in because.words


def test_a_proposal_that_waits_is_the_reason(town: Town) -> None:
    ran(town, DAY)
    activity = town.decided(by="2024-12-31", person=town.bob)
    said = {"who": "Bob", "way": "phone", "says": "late", "date": "2025-03-31"}
    with transaction(town.settings) as session:
        ask_to_register(session, activity, said, FRIDA, today=date(2024, 11, 20))
    (because,) = why(town, town.bob)
    assert because.reason is Reason.RESTS
    assert "Ett förslag från 20 november 2024 väntar" in because.words


def test_a_stand_in_for_one_thing_is_named_with_it(town: Town) -> None:
    ran(town, DAY)
    activity = town.decided("Trygg hemgång", by="2024-12-31", person=town.bob)
    with transaction(town.settings) as session:
        session.add(
            Delegation(
                person_id=town.bob,
                delegate_id=town.alice,
                activity_id=activity,
                first_day=date(2024, 12, 1),
                last_day=date(2024, 12, 20),
                at=clock.now(),
                by="Frida",
            )
        )
    (because, *_) = why(town, town.bob)
    assert because.words == "Frågorna om Trygg hemgång går till ersättaren Alice."


def test_a_report_beside_and_what_a_bounce_means_are_told(town: Town) -> None:
    ran(town, DAY)
    with transaction(town.settings) as session:
        words = Words("Statusrapport 2024Q3", "text", "html")
        queue(session, town.settings, town.bob, LetterKind.HEARTBEAT, words, today=DAY)
        letter = session.get_one(Letter, 1)
        letter.state, letter.done_at = LetterState.SENT, clock.now()
    assert why(town, town.bob)[0] == Because(
        Reason.OTHER_LETTER, "Ett annat brev gick den dagen: Statusrapport 2024Q3"
    )
    assert reasons(town, town.bob)[1] is Reason.ANSWERS_FOR_NOTHING
    with transaction(town.settings) as session:
        letter = session.get_one(Letter, 1)
        letter.state, letter.server_said = LetterState.BOUNCED, "552 5.2.2 mailbox full"
    assert "studsade. Brevlådan är full." in why(town, town.bob)[0].words


def test_a_round_that_broke_is_told_from_one_that_never_was(town: Town) -> None:
    town.decided(by="2024-12-31")
    with transaction(town.settings) as session:
        session.add(Round(line="morning-round", on_day=DAY, started_at=clock.now(), failed="borta"))
    assert why(town, town.alice)[0].words.startswith("Morgonrundan 3 december 2024 gick sönder")
