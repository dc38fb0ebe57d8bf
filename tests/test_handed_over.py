"""Whoever is to stand in is told once, in the daily letter: for whom, what, until when, by whom."""

from datetime import date

import pytest

from config import policy
from intake.people.delegation import EVERYTHING, Scope, delegate, end_delegation
from models.database import reading, transaction
from models.letter import Letter
from notifications.rehearsal import rehearse
from notifications.why_not import explain
from rules.why_not import Reason
from tests.cast import FRIDA, Town

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)  # a Monday
TUESDAY = date(2024, 6, 11)


def hand_over(town: Town, scope: Scope = EVERYTHING, **given: str) -> int:
    """Alice's work goes to Bob until 15 August."""
    fields = {"delegate": "Bob", "last_day": "15 augusti", **given}
    with transaction(town.settings) as session:
        return delegate(session, town.alice, fields, FRIDA, today=TODAY, scope=scope)


def letters(town: Town) -> list[Letter]:
    """Bob's letters, in order; Alice is told too (`test_in_her_place.py`)."""
    return [one for one in town.letters() if one.to_name == "Bob"]


def test_bob_is_told_once_that_he_stands_in_for_alice(town: Town) -> None:
    hand_over(town)
    town.morning(TUESDAY)
    town.morning(TUESDAY)
    town.morning(date(2024, 6, 12))
    (letter,) = letters(town)
    assert letter.to_address == "bob@example.org"
    assert letter.subject.startswith("Du ersätter Alice till och med 15 augusti 2024 [F-")
    for said in (
        "Det gäller allt som Alice svarar för.",
        "Du får frågorna från och med 10 juni 2024.",
        "Registrerat av Frida.",
        "/svar/",
    ):
        assert said in letter.text
        assert said in letter.html


def test_the_letter_says_which_activity_or_role_it_is_about(town: Town) -> None:
    sip = town.activity("SIP i tid")
    hand_over(town, Scope(activity_id=sip))
    hand_over(town, Scope(group_id=town.alm, role="ordförande"))
    town.morning(TUESDAY)
    (letter,) = letters(town)
    assert letter.subject.startswith("Två saker att känna till")
    assert "Det gäller SIP i tid." in letter.text
    assert "Det gäller rollen som ordförande i NOSAM Alm." in letter.text


def test_it_stands_below_what_bob_is_asked_about_the_same_day(town: Town) -> None:
    town.decided("SIP i tid", by="2024-06-18", person=town.bob)
    hand_over(town)
    town.morning(TUESDAY)
    (letter,) = letters(town)
    assert letter.subject.startswith("Svara senast 18 juni: SIP i tid [")
    assert letter.text.index("SIP i tid") < letter.text.index("ATT KÄNNA TILL")


def test_what_is_taken_back_before_morning_is_not_told(town: Town) -> None:
    number = hand_over(town)
    with transaction(town.settings) as session:
        end_delegation(session, number, FRIDA, today=TODAY)
    assert town.morning(TUESDAY).letter_ids == []


def test_the_rehearsal_and_the_days_reasons_show_it(town: Town) -> None:
    hand_over(town)
    foretold = rehearse(town.settings, policy.load(), TUESDAY, TUESDAY)
    assert {one.address for one in foretold} == {"alice@example.org", "bob@example.org"}
    coming = next(one for one in foretold if one.address == "bob@example.org")
    assert [(row.kind, row.what) for row in coming.rows] == [("delegation", "Ersättare för Alice")]
    town.morning(TUESDAY)
    assert letters(town)[0].subject == coming.subject
    with reading(town.settings) as session:
        (because, *_) = explain(session, policy.load(), town.bob, TUESDAY, TUESDAY)
    assert because.reason in {Reason.SENT, Reason.WAITS_IN_OUTBOX}
