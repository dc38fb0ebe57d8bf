"""How often: what can wait comes once a week to whoever has chosen it, and nothing else waits."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from config import clock, policy
from config.policy import Policy, PolicyError
from models.activity import Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.known import PersonKnown
from models.letter import LetterState
from models.letter_kinds import CAN_WAIT, LetterKind
from models.person import Person
from notifications.letters import parts
from notifications.outbox import Words
from notifications.why_not import explain
from rules.calendar import is_quiet
from rules.gathering import ANY_DAY, AT_ONCE, WEEK, gathering_day, waits_until
from rules.why_not import Reason
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
WEDNESDAY, THURSDAY, MONDAY = date(2024, 12, 4), date(2024, 12, 5), date(2024, 12, 9)
TYPED: dict[str, Any] = {"name": "Bob", "since": clock.now()}
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31))


def chose(town: Town, person: int, since: date = date(2024, 1, 1)) -> None:
    """Somebody has chosen letters once a week."""
    with transaction(town.settings) as session:
        session.execute(update(Person).where(c(Person).id == person).values(weekly_since=since))


def subjects(town: Town) -> list[tuple[date, str]]:
    """The day and the subject of each letter, without the reference."""
    return [(letter.on_day, letter.subject.partition(" [")[0]) for letter in town.letters()]


def days(town: Town) -> list[date]:
    """The days that letters were made on."""
    return [letter.on_day for letter in town.letters()]


# The rule.


def test_the_weeks_day_is_the_first_one_on_which_letters_go() -> None:
    promises = policy.load()
    assert gathering_day(promises, WEDNESDAY) == MONDAY
    assert gathering_day(promises, MONDAY) == MONDAY
    assert gathering_day(promises, date(2024, 12, 24)) == date(2024, 12, 30)
    assert gathering_day(promises, date(2025, 4, 20)) == date(2025, 4, 22)  # Easter Monday is none
    assert gathering_day(promises, date(2024, 7, 3)) == date(2024, 8, 5)  # past the quiet weeks


@given(reached=DAYS, far=st.integers(-400, 400), later=st.integers(0, 60))
def test_nothing_waits_past_its_week_nor_past_the_week_before_its_day(
    reached: date, far: int, later: int
) -> None:
    promises, by, today = policy.load(), reached + timedelta(far), reached + timedelta(later)
    until = waits_until(promises, reached, by, today)
    goes = gathering_day(promises, reached)
    assert goes is not None
    assert not is_quiet(promises, goes)
    if until is not None:
        assert until == goes > today
        assert by > today + WEEK
        assert by >= until
    elif by > today + WEEK and by >= goes:
        assert today >= goes


@given(reached=DAYS, later=st.integers(0, 60))
def test_what_nobody_has_answered_never_waits_and_what_has_no_day_waits_for_the_weeks(
    reached: date, later: int
) -> None:
    promises, today = policy.load(), reached + timedelta(later)
    assert waits_until(promises, reached, AT_ONCE, today) is None
    until = waits_until(promises, reached, ANY_DAY, today)
    assert (until is None) == (gathering_day(promises, reached) <= today)  # type: ignore[operator]


def test_a_policy_without_a_day_gathers_nothing_and_a_sixth_day_is_refused(town: Town) -> None:
    (town.settings.home / "policy.toml").write_text("[letter]\ngathered_on = 0\n", "utf-8")
    promises = policy.load(town.settings.home)
    assert waits_until(promises, WEDNESDAY, ANY_DAY, WEDNESDAY) is None
    policy.load.cache_clear()
    (town.settings.home / "policy.toml").write_text("[letter]\ngathered_on = 6\n", "utf-8")
    with pytest.raises(PolicyError, match="gathered_on must be 1"):
        policy.load(town.settings.home)


# The letters.


def test_what_is_a_month_away_waits_for_monday_and_comes_then(town: Town) -> None:
    chose(town, town.alice)
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=30))
    for day in (WEDNESDAY, THURSDAY):
        result = town.morning(day)
        assert (result.letter_ids, result.gathered) == ([], 1)
    town.morning(MONDAY)
    assert days(town) == [MONDAY]
    assert "Trygg hemgång" in town.letters()[0].text


def test_who_has_chosen_nothing_has_it_the_same_day(town: Town) -> None:
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=30))
    town.morning(WEDNESDAY)
    assert days(town) == [WEDNESDAY]


def test_what_is_due_within_a_week_comes_the_same_day_and_the_rest_waits(town: Town) -> None:
    chose(town, town.alice)
    town.decided("Snart", by=THURSDAY + timedelta(days=7))
    town.decided("Senare", by=THURSDAY + timedelta(days=30))
    town.morning(THURSDAY)
    town.morning(MONDAY)
    (_, first), (_, second) = subjects(town)
    assert days(town) == [THURSDAY, MONDAY]
    assert ("Snart" in first, "Senare" in second) == (True, True)
    assert "Senare" not in town.letters()[0].text


def test_a_day_that_has_passed_without_an_answer_comes_at_once_and_so_does_the_silence(
    town: Town,
) -> None:
    chose(town, town.alice)
    chose(town, town.frida)
    town.decided("Trygg hemgång", by=date(2024, 12, 3))
    town.morning(WEDNESDAY)
    assert days(town) == [WEDNESDAY]
    late = date(2025, 1, 2)  # a Thursday, more than fifteen working days later
    town.morning(late)
    told = [letter for letter in town.letters() if letter.person_id == town.frida]
    assert [letter.on_day for letter in told] == [late]


def test_what_is_for_two_of_whom_one_has_not_chosen_it_parts_them_not(town: Town) -> None:
    chose(town, town.alice)
    by = WEDNESDAY + timedelta(days=30)
    shared = town.decided("Trygg hemgång", by=by, person=town.alice)
    with transaction(town.settings) as session:
        also = Responsibility(
            activity_id=shared, kind=Answerable.PERSON, words="Bob", person_id=town.bob
        )
        session.add(also)
    town.morning(WEDNESDAY)
    town.morning(MONDAY)
    asked = [(letter.on_day, letter.person_id) for letter in town.letters()]
    assert asked == [(WEDNESDAY, town.alice), (WEDNESDAY, town.bob)]


def test_mondays_letter_that_never_went_is_not_kept_for_another_week(town: Town) -> None:
    chose(town, town.alice)
    town.settings = town.settings.model_copy(update={"smtp_host": "mail.example.org"})
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=30))
    town.morning(WEDNESDAY)
    town.morning(MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    town.morning(tuesday)
    states = [(letter.on_day, letter.state) for letter in town.letters()]
    assert states == [(MONDAY, LetterState.REPLACED), (tuesday, LetterState.QUEUED)]


@pytest.mark.parametrize("kind", [LetterKind.TAKEN_ON, LetterKind.YEAR, LetterKind.QUARTER])
def test_a_part_waits_when_its_kind_can(town: Town, kind: LetterKind) -> None:
    chose(town, town.bob)
    words = Words("Ett ord", "Ett ord om något.", "<tr><td>Ett ord om något.</td></tr>")
    with transaction(town.settings) as session:
        parts.add(session, town.bob, kind, words, today=WEDNESDAY, occasion="1 1")
        session.add(PersonKnown(id=1, person_id=town.bob, collaboration_id=1, **TYPED))
    made = town.morning(WEDNESDAY).letter_ids
    assert bool(made) == (kind not in CAN_WAIT)


# What she chooses, and what is told.


def test_she_chooses_it_on_her_own_page_and_can_have_it_daily_again(town: Town) -> None:
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=3))
    town.settings = town.settings.model_copy(update={"today": WEDNESDAY})
    town.morning(WEDNESDAY)
    link = town.letters()[-1].text.split("/svar/")[1].split()[0]
    with browse(create_app(town.settings)) as browser:
        page = browser.get(f"/svar/{link}/mitt").text
        assert "Hur ofta vill du ha brev?" in page
        assert "går breven inte att stänga av" in page
        form = {"gor": "brev", "letters": "veckovis"}
        told = browser.post(f"/svar/{link}/uppgifter", data=form).text
        assert "på måndagar" in told
        assert since(town) == WEDNESDAY
        form["letters"] = "aldrig"
        refused = browser.post(f"/svar/{link}/uppgifter", data=form)
        assert (refused.status_code, since(town)) == (422, WEDNESDAY)
        assert "Välj hur ofta du vill ha brev." in refused.text
        form["letters"] = "dagligen"
        browser.post(f"/svar/{link}/uppgifter", data=form)
    assert since(town) is None


def test_where_the_policy_has_no_day_there_is_nothing_to_choose(town: Town) -> None:
    policy.load.cache_clear()
    (town.settings.home / "policy.toml").write_text("[letter]\ngathered_on = 0\n", "utf-8")
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=3))
    town.settings = town.settings.model_copy(update={"today": WEDNESDAY})
    town.morning(WEDNESDAY)
    link = town.letters()[-1].text.split("/svar/")[1].split()[0]
    with browse(create_app(town.settings)) as browser:
        assert "Hur ofta" not in browser.get(f"/svar/{link}/mitt").text
        form = {"gor": "brev", "letters": "veckovis"}
        refused = browser.post(f"/svar/{link}/uppgifter", data=form)
    assert (refused.status_code, since(town)) == (422, None)


def since(town: Town) -> date | None:
    """When Alice chose letters once a week."""
    with reading(town.settings) as session:
        return session.get_one(Person, town.alice).weekly_since


def test_why_no_letter_says_that_it_waits_and_until_when(town: Town) -> None:
    chose(town, town.alice)
    town.decided("Trygg hemgång", by=WEDNESDAY + timedelta(days=30))
    town.morning(WEDNESDAY)
    with reading(town.settings) as session:
        told = explain(session, promises(town), town.alice, WEDNESDAY, WEDNESDAY)
    (because,) = [one for one in told if one.reason is Reason.GATHERED]
    assert because.words == (
        "Personen har valt brev en gång i veckan, och det kan vänta till måndag 9 december 2024."
    )


def promises(town: Town) -> Policy:
    """The town's policy."""
    return policy.load(town.settings.home)
