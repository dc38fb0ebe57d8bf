"""Brister: a fact is never refused; what it lacks is seen, and gone when it is mended."""

from datetime import date
from itertools import product

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from config.policy import LACKS, PolicyError, load
from intake.lives.changes import ask_to_change
from intake.lives.parts import ask_to_put_parts
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.lacks import IN_WORDS, in_words, lacking, lacks_of, lacks_of_one
from models.lifecycle import Brought, Lack, Move, State
from models.moves import facts
from reports.editions import Of
from reports.quarter import compile_quarter
from reports.rollup.in_short import in_short
from reports.rollup.shapes import RollUp, read_facts
from reports.rollup.story import story
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 3, 4)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def lacks(town: Town, activity_id: int) -> tuple[Lack, ...]:
    """What an activity lacks today."""
    with reading(town.settings) as session:
        return lacks_of(session, [activity_id], TODAY).get(activity_id, ())


def change(town: Town, activity_id: int, **given: str) -> None:
    """Frida agrees something anew."""
    with transaction(town.settings) as session:
        ask_to_change(session, activity_id, given, FRIDA, today=TODAY)


def test_a_decision_goes_through_with_nothing_but_itself(town: Town) -> None:
    bare = town.decided(follow_up="", goal=False, words="Varje verksamhet")
    assert town.state(bare) is State.DECIDED
    assert lacks(town, bare) == (Lack.GOAL, Lack.RESPONSIBLE, Lack.DEADLINE, Lack.FOLLOW_UP)


def test_each_brist_is_gone_when_it_is_mended(town: Town) -> None:
    bare = town.decided(follow_up="", goal=False, words="Varje verksamhet")
    change(town, bare, goals="Hålla ihop vården")
    assert Lack.GOAL not in lacks(town, bare)
    change(town, bare, follow_up="Antal möten", deadline="hösten 2024")
    assert lacks(town, bare) == (Lack.RESPONSIBLE,)
    change(town, bare, responsible="Alice")
    assert lacks(town, bare) == ()


def test_a_proposal_and_what_is_over_lack_nothing(town: Town) -> None:
    bare = town.activity(follow_up="", goal=False, words="Varje verksamhet")
    assert lacks(town, bare) == ()
    town.move(bare, Move.DECIDE, Brought(decision_id=town.decision))
    town.move(bare, Move.START)
    assert lacks(town, bare)
    town.move(bare, Move.FOLLOW_UP, Brought(result="Fyra möten", figure="4"))
    assert lacks(town, bare) == ()


def test_a_follow_up_without_a_figure_lacks_it_and_one_that_says_why_does_not(town: Town) -> None:
    told, silent = (town.decided(f"A{n}", by="2024-12-31") for n in range(2))
    for one in (told, silent):
        town.move(one, Move.START)
    town.move(told, Move.FOLLOW_UP, Brought(result="Bra", why_no_figure="Ny metod"))
    town.move(silent, Move.FOLLOW_UP, Brought(result="Bra"))
    assert (lacks(town, told), lacks(town, silent)) == ((), (Lack.FIGURE,))


def test_pages_and_the_database_agree_on_what_everything_lacks(town: Town) -> None:
    """Every combination of what may be there, in every state where a brist can be."""
    ids = []
    for goal, follow_up, words, by, runs_on in product(
        (True, False), ("Antal", ""), ("", "alla"), ("2024-12-31", None), (None, TODAY)
    ):
        for far in range(4):
            one = town.activity(goal=goal, follow_up=follow_up, words=words, by=by, runs_on=runs_on)
            ids.append(one)
            steps = [
                (Move.DECIDE, Brought(decision_id=town.decision)),
                (Move.START, Brought()),
                (Move.FOLLOW_UP, Brought(result="Bra", figure="4" if goal else "")),
            ]
            for move, brought in steps[:far]:
                town.move(one, move, brought)
            if follow_up:
                with transaction(town.settings) as session:
                    ask_to_put_parts(session, one, {"name": "Alm"}, FRIDA, today=TODAY)
    with reading(town.settings) as session:
        pure = {id_: lacks_of_one(*facts(session, id_, TODAY)) for id_ in ids}
        assert lacks_of(session, ids, TODAY) == {id_: told for id_, told in pure.items() if told}
        for lack in (*Lack, None):
            found = set(
                session.execute(select(c(Activity).id).where(lacking(lack, TODAY))).scalars()
            )
            assert found == {
                id_ for id_, told in pure.items() if (lack in told if lack else bool(told))
            }
    assert set(pure.values()) >= {(), (Lack.GOAL,), (Lack.FIGURE, Lack.PART)}


def test_the_page_says_what_is_lacking_and_how_to_mend_it(town: Town, frida: TestClient) -> None:
    bare = town.decided(follow_up="", goal=False)
    page = frida.get(f"/aktiviteter/{bare}").text
    assert "Saknar mål, slutdatum och hur den följs upp." in page
    assert "Koppla aktiviteten till minst ett mål." in page
    change(town, bare, goals="Hålla ihop vården", deadline="2024-12-31", follow_up="Antal")
    assert "Saknar" not in frida.get(f"/aktiviteter/{bare}").text


def test_an_installation_may_make_a_lack_hard(town: Town, frida: TestClient) -> None:
    (town.settings.home / "policy.toml").write_text('[brister]\nmust = ["goal"]\n', "utf-8")
    load.cache_clear()
    bare = town.activity(follow_up="", goal=False)
    given = {
        "move": "besluta",
        "decision_group": "Samordningsgruppen",
        "decided_on": "2024-02-14",
        "decision_reference": "§ 12",
    }
    page = frida.post(f"/aktiviteter/{bare}/flytta", data=given)
    assert page.status_code == 422
    assert "Koppla aktiviteten till minst ett mål." in page.text
    change(town, bare, goals="Hålla ihop vården")
    assert frida.post(f"/aktiviteter/{bare}/flytta", data=given).status_code == 200
    assert lacks(town, bare) == (Lack.DEADLINE, Lack.FOLLOW_UP)


def test_a_misspelt_lack_is_refused_when_the_policy_is_read(town: Town) -> None:
    (town.settings.home / "policy.toml").write_text('[brister]\nmust = ["mål"]\n', "utf-8")
    load.cache_clear()
    with pytest.raises(PolicyError, match="the words are goal, responsible"):
        load(town.settings.home)


def test_the_policy_and_the_lifecycle_know_the_same_lacks() -> None:
    assert tuple(lack.value for lack in Lack) == LACKS
    assert set(IN_WORDS) == set(Lack)
    assert in_words([Lack.GOAL]) == "mål"
    assert in_words([]) == ""


def test_lists_say_what_is_lacking_and_find_it(town: Town, frida: TestClient) -> None:
    bare = town.decided("Trygg hemgång", follow_up="", goal=False, by="2024-12-31")
    town.decided("SIP för fler", by="2024-12-31")
    page = frida.get("/aktiviteter").text
    assert page.count("Saknar mål och hur den följs upp") == 1
    for saknar in ("nagot", "mal", "uppfoljning"):
        found = frida.get(f"/aktiviteter?saknar={saknar}").text
        assert f"/aktiviteter/{bare}" in found
        assert "SIP för fler" not in found
    assert f"/aktiviteter/{bare}" not in frida.get("/aktiviteter?saknar=slutdatum").text
    assert "Det går inte att söka" in frida.get("/aktiviteter?saknar=annat").text
    assert "Saknar mål och hur den följs upp" in frida.get(f"/planer/{town.plan}").text


def test_a_figure_is_told_after_the_follow_up(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    town.move(sip, Move.START)
    town.move(sip, Move.FOLLOW_UP, Brought(result="Bra"))
    assert "Saknar siffra för utfallet." in frida.get(f"/aktiviteter/{sip}").text
    page = frida.post(f"/aktiviteter/{sip}/andra", data={"figure": "12 möten"})
    assert page.status_code == 200
    assert "Siffra för utfallet ändrat" in page.text
    assert lacks(town, sip) == ()


def of_lacks(town: Town, person: str) -> list[str]:
    """The lines about what is lacking in the newest letter to somebody."""
    letters = [letter for letter in town.letters() if letter.to_name == person]
    lines = letters[-1].text.splitlines() if letters else []
    return [line.strip() for line in lines if ": saknar " in line or " till." in line]


def test_what_is_lacking_is_asked_of_the_responsible_and_the_process_leader(town: Town) -> None:
    town.decided("Trygg hemgång", follow_up="", by="2025-12-31", person=town.bob)
    town.morning("2024-01-11")
    assert of_lacks(town, "Bob") == ["Trygg hemgång: saknar hur den följs upp."]
    assert of_lacks(town, "Frida") == ["Trygg hemgång: saknar hur den följs upp."]
    assert of_lacks(town, "Alice") == []
    newest = {letter.to_name: letter for letter in town.letters()}
    assert "/aktiviteter?saknar=nagot" in newest["Frida"].text
    for words in (newest["Frida"].text, newest["Frida"].html):
        assert "Du kan skriva in det själv." in words
        assert "skriver processledaren in det" not in words
    assert "så skriver processledaren in det." in newest["Bob"].text


def test_a_decided_activity_without_responsible_is_never_the_chairs(town: Town) -> None:
    town.decided("Trygg hemgång", words="Varje verksamhet", by="2025-12-31")
    town.morning("2024-01-11")
    assert {letter.to_name for letter in town.letters()} == {"Frida"}
    assert of_lacks(town, "Frida") == ["Trygg hemgång: saknar ansvarig som går att nå."]


def test_it_is_asked_for_when_it_arises_then_after_7_and_30_days_and_every_30(town: Town) -> None:
    bare = town.decided(goal=False, by="2026-12-31")  # on 10 January
    asked = [10, 11, 16, 17, 18]
    for day in asked:
        town.morning(date(2024, 1, day))
    town.morning("2024-02-09")
    town.morning("2024-03-10")
    town.morning("2024-03-11")
    assert town.rungs(bare) == [("lack", 0), ("lack", -7), ("lack", -30), ("lack", -60)]


def test_what_was_mended_before_the_letter_is_not_asked_for(town: Town) -> None:
    bare = town.decided(goal=False, by="2026-12-31")
    town.morning("2024-01-10")
    number = len(town.letters())
    change(town, bare, goals="Hålla ihop vården")
    town.morning("2024-01-17")
    assert len(town.letters()) == number
    assert town.rungs(bare) == [("lack", 0)]


def test_a_letter_never_has_more_than_three_lines_of_it(town: Town) -> None:
    for n in range(5):
        town.decided(f"Aktivitet {n}", goal=False, by="2026-12-31")
    town.morning("2024-01-10")
    lines = of_lacks(town, "Frida")
    assert len(lines) == 3
    assert lines[-1] == "… och tre aktiviteter till."
    assert [rung for n in range(1, 6) for rung in town.rungs(n)] == [("lack", 0)] * 5


def test_nobody_is_told_that_somebody_is_silent_about_what_is_lacking(town: Town) -> None:
    bare = town.decided(goal=False, by="2026-12-31")
    for day in ("2024-01-10", "2024-02-20", "2024-03-20"):
        town.morning(day)
    assert "silence" not in dict(town.rungs(bare))


def test_what_is_paused_is_not_asked_about(town: Town) -> None:
    bare = town.decided(goal=False, by="2026-12-31")
    rests = Brought(reason="Sjuk", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    town.move(bare, Move.PAUSE, rests)
    town.morning("2024-01-11")
    assert town.letters() == []


def test_one_without_a_deadline_is_in_every_status_round(town: Town) -> None:
    bare = town.decided("Trygg hemgång")
    for day in ("2024-03-17", "2024-06-16"):
        town.lines(day)
        town.lines(date.fromisoformat(day).replace(day=18))
    assert [kind for kind, _ in town.rungs(bare)].count("round") >= 2


def quarter(town: Town, cut_off: date = date(2024, 4, 5)) -> RollUp:
    """The first quarter of 2024, compiled."""
    with reading(town.settings) as session:
        of = Of(ReportKind.QUARTER, 1, None, "2024Q1")
        return read_facts(compile_quarter(session, of, cut_off))


def test_a_roll_up_counts_what_is_lacking_and_tells_of_each(town: Town) -> None:
    bare = town.decided("Trygg hemgång", follow_up="", goal=False, words="Varje verksamhet")
    silent = town.decided("SIP för fler", by="2024-12-31")
    town.decided("Hel", by="2024-12-31")
    town.activity("Förslag", goal=False, follow_up="")
    town.move(silent, Move.START)
    with transaction(town.settings) as session:
        ask_to_put_parts(session, silent, {"name": "Alm"}, FRIDA, today=date(2024, 1, 12))
    town.move(silent, Move.FOLLOW_UP, Brought(result="Bra"))
    facts = quarter(town)
    assert facts.counts.lacking == 2
    assert facts.counts.lacks == dict.fromkeys(Lack, 1)
    told = {one.what: one for one in facts.groups[0].activities}
    assert told["Trygg hemgång"].lacks == lacks(town, bare)
    assert told["SIP för fler"].lacks == lacks(town, silent)
    assert told["Hel"].lacks == told["Förslag"].lacks == ()
    assert "Saknade siffra för utfallet och besked från alla delar." in story(told["SIP för fler"])
    said = " ".join(in_short(facts.counts, facts.period))
    assert "Två aktiviteter saknade något vid kvartalets slut: en utan mål," in said


def test_what_was_mended_after_the_period_was_lacking_in_it(town: Town) -> None:
    bare = town.decided(follow_up="", goal=False, words="")
    silent = town.decided("SIP för fler", by="2024-12-31")
    town.move(silent, Move.START)
    town.move(silent, Move.FOLLOW_UP, Brought(result="Bra"))
    before = quarter(town)
    later = date(2024, 4, 20)
    with transaction(town.settings) as session:
        mended = {"goals": "Hålla ihop vården", "follow_up": "Antal", "deadline": "2024-12-31"}
        ask_to_change(session, bare, mended, FRIDA, today=later)
        ask_to_change(session, silent, {"figure": "12"}, FRIDA, today=later)
    assert lacks(town, bare) == lacks(town, silent) == ()
    assert quarter(town).counts.lacks == before.counts.lacks
    assert before.counts.lacks == {
        Lack.GOAL: 1,
        Lack.DEADLINE: 1,
        Lack.FOLLOW_UP: 1,
        Lack.FIGURE: 1,
    }
