"""Frida moves activities and agrees anew about them, from her pages and from the command line."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from cli.example.build import PEOPLE, PLAN
from intake.lives.changes import ask_to_change
from intake.lives.moves import ask_to_move, move_named
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed, Change, Decision
from models.group import Collaboration, Group
from models.lifecycle import Move, State
from models.moves import Refused
from models.plan import Plan
from tests.cast import FRIDA, Town
from tests.command import foljsam
from tests.conftest import browse
from tests.test_cli import refused
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 3, 1)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser; it is 1 March 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def ask(town: Town, activity_id: int, move: Move, **given: str) -> State:
    """Ask for a move in words."""
    with transaction(town.settings) as session:
        return ask_to_move(session, activity_id, move, given, FRIDA, today=TODAY)


def change(town: Town, activity_id: int, **given: str) -> list[Agreed]:
    """Agree anew."""
    with transaction(town.settings) as session:
        return ask_to_change(session, activity_id, given, FRIDA, today=TODAY)


def changes(town: Town) -> list[Any]:
    """Every change on file."""
    with reading(town.settings) as session:
        return list(session.execute(select(Change).order_by(c(Change).id)).scalars())


def decisions(town: Town) -> int:
    """How many decisions are on file."""
    with reading(town.settings) as session:
        return len(session.execute(select(c(Decision).id)).all())


def test_a_decision_in_words_is_registered_once_and_moves_many(town: Town) -> None:
    for number in range(3):
        sip = town.activity(f"SIP {number}", by="2024-12-31")
        words = "samordningsgruppen, 2024-02-14, § 12"
        assert ask(town, sip, Move.DECIDE, decision=words) is State.DECIDED
    assert decisions(town) == 2  # the town's own, and § 12


def test_everything_that_is_missing_or_cannot_be_read_is_said_at_once(town: Town) -> None:
    sip = town.decided()
    with pytest.raises(Refused) as said:
        ask(town, sip, Move.PAUSE, stand_in="Hittepågruppen")
    sentences = said.value.sentences
    assert sentences[0] == "Gruppen ”Hittepågruppen” finns inte."
    assert len(sentences) == 3  # why, until when; not the stand-in once more
    assert decisions(town) == 1


@pytest.mark.parametrize(
    ("move", "given", "said"),
    [
        (Move.DECIDE, {"decision": "§ 12"}, "Ange hela beslutet"),
        (Move.DECIDE, {"decision": "Samordningsgruppen, 2024-02-30, § 1"}, "februari"),
        (Move.DECIDE, {"decision": "Samordningsgruppen, 2025-02-14, § 1"}, "inte har varit än"),
        (Move.ABANDON, {"outcome": "sådär"}, "Utfallet finns inte"),
        (Move.CARRY_OVER, {"next_plan": "Plan 2099"}, "Planen ”Plan 2099” finns inte."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_moved(
    town: Town, move: Move, given: dict[str, str], said: str
) -> None:
    sip = town.activity(by="2024-12-31")
    with pytest.raises(Refused) as refusal:
        ask(town, sip, move, **given)
    assert any(said in sentence for sentence in refusal.value.sentences)
    assert town.state(sip) is State.PROPOSED


def test_a_pause_takes_its_day_as_people_write_it(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    ask(town, sip, Move.PAUSE, reason="Sjuk", resume_on="september 2024", stand_in="NOSAM Björk")
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).resume_on == date(2024, 9, 30)


@pytest.mark.parametrize(
    ("words", "move"),
    [
        ("följ upp", Move.FOLLOW_UP),
        ("folj-upp", Move.FOLLOW_UP),
        ("Besluta", Move.DECIDE),
        ("aterremittera", Move.RETURN),
        ("decide", Move.DECIDE),
        ("glömma", None),
    ],
)
def test_a_move_is_known_by_its_name_with_or_without_swedish_letters(
    words: str, move: Move | None
) -> None:
    assert move_named(words) is move


def test_a_new_deadline_keeps_the_old_one_and_says_why(town: Town) -> None:
    sip = town.decided(by="2024-06-30")
    with pytest.raises(Refused, match="Skriv varför"):
        change(town, sip, deadline="ut 2026")
    assert change(town, sip, deadline="gäller 2026 ut", reason="Förlängt uppdrag, § 9") == [
        Agreed.DEADLINE
    ]
    (row,) = changes(town)
    assert (row.before_words, row.after_words) == ("2024-06-30", "gäller 2026 ut")
    assert (row.by, row.reason, row.on_day) == ("Frida", "Förlängt uppdrag, § 9", TODAY)
    with reading(town.settings) as session:
        assert session.get_one(Activity, sip).deadline_last == date(2026, 12, 31)


def test_who_answers_is_looked_up_when_it_is_agreed_anew(town: Town) -> None:
    sip = town.activity(by="2024-12-31", words="Varje verksamhet")
    change(town, sip, responsible="ordförande i NOSAM Björk\nAlice")
    town.morning("2024-12-01")
    assert sorted(letter.to_name for letter in town.letters()) == ["Alice", "Charlie"]


def test_what_runs_on_gets_a_cadence_instead_of_a_deadline_and_back(town: Town) -> None:
    sip = town.activity(by="2024-12-31")
    change(town, sip, deadline="tills vidare", reason="Ordinarie arbete")
    with reading(town.settings) as session:
        row = session.get_one(Activity, sip)
        assert (row.runs_on, row.next_review_on) == (True, date(2024, 9, 1))
    change(town, sip, deadline="2025-06-30", reason="Projekt igen")
    with reading(town.settings) as session:
        row = session.get_one(Activity, sip)
        assert (row.runs_on, row.next_review_on) == (False, None)


def test_what_is_the_same_is_no_change(town: Town) -> None:
    sip = town.activity("SIP", by="2024-12-31")
    assert change(town, sip, what=" SIP ", deadline="2024-12-31", goals="Hålla ihop vården") == []
    assert changes(town) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"what": ""}, "Skriv vad som ska göras."),
        ({"deadline": "31 april 2024", "reason": "r"}, "april"),
        ({"deadline": "när det blir", "reason": "r"}, "går inte att läsa"),
        ({"goals": "Ett mål till"}, "Planen har inget mål"),
        ({"how": "x" * 4001}, "för lång"),
    ],
)
def test_a_change_that_cannot_be_read_changes_nothing(
    town: Town, given: dict[str, str], said: str
) -> None:
    sip = town.activity(by="2024-12-31")
    with pytest.raises(Refused, match=said):
        change(town, sip, follow_up="Antal planer", **given)
    assert changes(town) == []


def test_the_database_itself_refuses_to_change_a_change(town: Town) -> None:
    change(town, town.activity(by="2024-12-31"), how="Möten")
    with pytest.raises(DatabaseError, match="never changed"), transaction(town.settings) as session:
        session.execute(text("UPDATE change SET after_words = 'x'"))


def test_frida_completes_and_decides_an_activity_on_its_page(town: Town, frida: TestClient) -> None:
    bare = town.activity(follow_up="", goal=False)
    page = frida.post(
        f"/aktiviteter/{bare}/andra",
        data={
            "follow_up": "Antal planer",
            "goals": "Hålla ihop vården\r\n",
            "deadline": "hösten 2024",
        },
    )
    assert page.status_code == 200
    assert "Uppföljning ändrat" in page.text
    page = frida.post(
        f"/aktiviteter/{bare}/flytta",
        data={
            "move": "besluta",
            "decision_group": "Samordningsgruppen",
            "decided_on": "14 februari 2024",
            "decision_reference": "§ 12",
        },
    )
    assert "Beslut: Samordningsgruppen, 2024-02-14, § 12" in page.text
    assert town.state(bare) is State.DECIDED


def test_a_refused_form_comes_back_with_every_sentence_and_what_was_written(
    town: Town, frida: TestClient
) -> None:
    bare = town.activity(follow_up="", goal=False)
    page = frida.post(
        f"/aktiviteter/{bare}/flytta", data={"move": "besluta", "decision_reference": "§ 77"}
    )
    assert page.status_code == 422
    assert "Inget är sparat" in page.text
    assert "Ange hela beslutet" in page.text
    assert 'value="§ 77"' in page.text
    assert town.state(bare) is State.PROPOSED


def test_only_the_moves_that_can_be_made_are_offered(town: Town, frida: TestClient) -> None:
    page = frida.get(f"/aktiviteter/{town.decided(by='2024-12-31')}").text
    offered = re.findall(r"<summary>([^<]+)</summary>", page)
    assert "Starta" in offered
    assert "Pausa" in offered
    assert "Besluta" not in offered


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (State.PROPOSED, "Besluta"),
        (State.DECIDED, "Starta"),
        (State.ONGOING, "Följ upp"),
        (State.FOLLOWED_UP, "Avsluta"),
        (State.PAUSED, "Återuppta"),
        (State.REJECTED, None),
    ],
)
def test_what_its_state_suggests_is_the_one_filled_button_and_stands_first(
    town: Town, frida: TestClient, state: State, move: str | None
) -> None:
    activity = town.decided(by="2024-12-31")
    before = State.ONGOING if state is State.PAUSED else None
    town.change(activity, state=state, state_before_pause=before)
    page = frida.get(f"/aktiviteter/{activity}").text
    found = re.findall(r'<details class="suggested"><summary>([^<]+)</summary>', page)
    assert found == ([move] if move else [])
    if move:
        assert page.index('class="suggested"') < page.index('id="flytta"')
        assert page.count(f"<summary>{move}</summary>") == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_on_another_site_moves_nothing(
    town: Town, frida: TestClient, headers: dict[str, str]
) -> None:
    sip = town.decided(by="2024-12-31")
    page = frida.post(f"/aktiviteter/{sip}/flytta", data={"move": "starta"}, headers=headers)
    assert page.status_code == 403
    assert town.state(sip) is State.DECIDED


def test_our_own_form_is_let_through(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1"}
    frida.post(f"/aktiviteter/{sip}/flytta", data={"move": "starta"}, headers=own)
    assert town.state(sip) is State.ONGOING


def test_activities_are_listed_and_moved_from_the_command_line(tmp_path: Path) -> None:
    foljsam(tmp_path, "import", "people", str(PEOPLE))
    foljsam(tmp_path, "import", "plan", str(PLAN))
    listed = json.loads(foljsam(tmp_path, "list", "--json").stdout)
    assert len(listed) == 13
    keys = {"id", "what", "state", "group", "plan", "responsible", "deadline"}
    assert keys <= listed[0].keys()
    sip = next(row["id"] for row in listed if row["what"].startswith("Fler och bättre"))
    decision = ("--decision", "Samordningsgruppen, 2024-01-22, § 7")
    done = foljsam(tmp_path, "move", str(sip), "besluta", *decision, "--json")
    assert json.loads(done.stdout) == {"id": sip, "move": "besluta", "state": "beslutad"}
    again = foljsam(tmp_path, "move", str(sip), "besluta", *decision, "--json")
    assert again.returncode == 2
    assert "Senast flyttad av" in json.loads(again.stdout)["refused"][-1]
    decided = json.loads(foljsam(tmp_path, "list", "--state", "beslutad", "--json").stdout)
    assert [row["id"] for row in decided] == [sip]
    nobody = foljsam(tmp_path, "list", "--group", "nosam psykisk HÄLSA", "--json")
    assert len(json.loads(nobody.stdout)) == 13
    assert "no move" in refused(foljsam(tmp_path, "move", str(sip), "glömma"))
    assert "no state" in refused(foljsam(tmp_path, "list", "--state", "glömd"))


def test_names_are_those_of_the_activitys_own_collaboration(town: Town) -> None:
    """Another collaboration has a plan and a group of the same names; they are never meant."""
    sip = town.decided("Trygg hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        session.add(Collaboration(id=9, name="Grannarna"))
        session.flush()
        session.add(Group(id=9, collaboration_id=9, name="Deras NOSAM"))
        session.flush()
        session.add(Plan(id=9, collaboration_id=9, group_id=9, title="Deras plan"))
    for given in ({"next_plan": "Deras plan"}, {"next_plan": "9"}):
        with pytest.raises(Refused, match="finns inte"), transaction(town.settings) as session:
            ask_to_move(session, sip, Move.CARRY_OVER, given, FRIDA, today=date(2024, 12, 20))


def test_what_finances_it_is_agreed_anew_and_reminded_of(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    assert change(town, sip, funding="400 000 kr, senast 2024-12-31") == [Agreed.FUNDING]
    assert change(town, sip, funding="Statsbidrag, 250 tkr") == [Agreed.FUNDING]
    with reading(town.settings) as session:
        row = session.get_one(Activity, sip)
        told = (row.funding_text, row.funding_amount, row.funding_last)
        assert told == ("Statsbidrag, 250 tkr", 250_000, None)
    first, second = changes(town)
    assert first.after_values == {"amount": 400_000, "last": "2024-12-31"} == second.before_values


def test_money_whose_last_day_is_no_day_is_refused(small_town: Town) -> None:
    sip = small_town.decided(by="2024-12-31")
    with pytest.raises(Refused, match="Den 31 februari 2024 finns inte"):
        change(small_town, sip, funding="400 000 kr, senast 2024-02-31")


def test_frida_writes_the_money_on_the_page_and_sees_how_it_was_read(
    town: Town, frida: TestClient
) -> None:
    sip = town.decided(by="2024-12-31")
    money = "400 000 kr, ska användas senast 2024-12-31"
    page = frida.post(f"/aktiviteter/{sip}/andra", data={"funding": money})
    assert "400\u00a0000&nbsp;kr, sista dag 31 december 2024" in page.text
    assert "Medel ändrat" in page.text


def test_what_runs_on_is_reviewed_as_often_as_this_installation_promises(
    small_town: Town, tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text("[review]\nevery_months = 2\n")
    sip = small_town.decided(by="2024-12-31")
    told = small_town.settings.model_copy(update={"today": TODAY, "home": tmp_path})
    told = told.model_copy(update={"database_url": small_town.settings.database})
    page = browse(create_app(told)).post(
        f"/aktiviteter/{sip}/andra", data={"deadline": "löpande", "reason": "Tar inte slut"}
    )
    assert page.status_code == 200
    with reading(small_town.settings) as session:
        assert session.get_one(Activity, sip).next_review_on == date(2024, 5, 1)
