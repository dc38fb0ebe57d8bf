"""Collaborations are made, named, rest and end; while one rests nothing of its goes out.

Frida leads the cast's, Gustav the other; who is at the machine administers both.
"""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import Date, bindparam, select, text

from config import policy
from intake.people import collaborations as changing
from intake.people.register import collaboration_named
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.letter import Letter, Notice
from models.moves import Refused
from models.resting import RESTING, at_rest
from notifications import reports_due, silence, status_rounds
from notifications.letters import weekly
from tests.cast import FRIDA, Town
from tests.command import foljsam
from tests.two_collaborations import ANOTHER, neighbours

pytestmark = pytest.mark.by_turns
WHY = {"reason": "Ny ledning väljs"}


def area_of(town: Town) -> int:
    with reading(town.settings) as session:
        return session.get_one(Group, town.alm).collaboration_id


def rest(town: Town, day: str, given: Mapping[str, str] = WHY) -> None:
    """The cast's collaboration rests from a day."""
    with transaction(town.settings) as session:
        today = date.fromisoformat(day)
        changing.pause_collaboration(session, area_of(town), given, FRIDA, today=today)


def goes_on(town: Town, day: str) -> None:
    with transaction(town.settings) as session:
        today = date.fromisoformat(day)
        changing.resume_collaboration(session, area_of(town), FRIDA, today=today)


def written(town: Town) -> list[tuple[str, str]]:
    """Each letter's day and subject."""
    return [(str(letter.on_day), letter.subject) for letter in town.letters()]


def open_notices(town: Town) -> int:
    with reading(town.settings) as session:
        asked = select(c(Notice).id).where(c(Notice).settled_on.is_(None))
        return len(session.execute(asked).all())


def test_while_it_rests_no_letter_goes_and_then_the_ladder_goes_on_where_it_stands(
    town: Town,
) -> None:
    sip = town.decided("Trygg hemgång", by="2025-06-30")
    town.morning("2025-05-31")
    town.morning("2025-06-02")
    asked = len(town.letters())
    assert asked == 1, "thirty days before"
    rest(town, "2025-06-03", WHY | {"last_day": "2025-06-25"})
    for day in ("2025-06-03", "2025-06-23", "2025-06-25"):
        town.morning(day)
    assert len(town.letters()) == asked
    assert open_notices(town) == 0, "what was asked rests too"
    town.morning("2025-06-26")
    assert len(town.letters()) == asked + 1
    assert town.rungs(sip)[-1] == ("deadline", 7)


def test_nobody_is_told_of_a_silence_and_no_week_round_or_report_comes_of_it(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-05-30")
    town.morning("2025-06-02")
    rest(town, "2025-06-03")
    day, promises = date(2025, 6, 30), policy.load()
    with transaction(town.settings) as session:
        assert silence.sweep(session, promises, day) == 0
        assert status_rounds.open_due(session, promises, date(2025, 6, 20)) == []
        assert list(reports_due.quarters_due(session, promises, date(2025, 7, 10))) == []
        assert list(reports_due.drafts_due(session, promises, date(2026, 1, 20))) == []
        assert weekly.led_by(session, day) == {}
    goes_on(town, "2025-07-07")
    with transaction(town.settings) as session:
        assert list(reports_due.quarters_due(session, promises, date(2025, 7, 10)))
        assert weekly.led_by(session, date(2025, 7, 7)) == {town.frida: [area_of(town)]}


def test_one_that_rests_holds_back_nobody_elses(town: Town) -> None:
    there = neighbours(town)
    town.decided("Trygg hemgång", by="2025-06-30")
    with transaction(town.settings) as session:
        changing.pause_collaboration(session, there.theirs, WHY, FRIDA, today=date(2025, 5, 30))
    town.morning("2025-06-02")
    assert len(town.letters()) == 1


def test_after_its_last_day_nothing_goes_and_it_can_be_taken_back(small_town: Town) -> None:
    town = small_town
    area = area_of(town)
    town.decided("Trygg hemgång", by="2025-06-30")
    with transaction(town.settings) as session:
        given = WHY | {"ends_on": "2025-05-31"}
        changing.end_collaboration(session, area, given, FRIDA, today=date(2025, 5, 20))
    town.morning("2025-06-02")
    assert town.letters() == []
    with transaction(town.settings) as session:
        changing.take_back_end(session, area, FRIDA, today=date(2025, 6, 3))
    town.morning("2025-06-03")
    assert len(town.letters()) == 1


def test_sweeps_and_questions_mean_the_same_by_resting(town: Town) -> None:
    """It is said twice, in the words of SQL and as an expression: on every day they agree."""
    there = neighbours(town)
    ours = area_of(town)
    rest(town, "2025-06-03", WHY | {"first_day": "2025-06-05", "last_day": "2025-06-07"})
    with transaction(town.settings) as session:
        given = WHY | {"ends_on": "2025-06-06"}
        changing.end_collaboration(session, there.theirs, given, FRIDA, today=date(2025, 6, 3))
    asked = f"SELECT id FROM collaboration WHERE id IN {RESTING}"
    words = text(asked).bindparams(bindparam("today", type_=Date))
    seen = {}
    with reading(town.settings) as session:
        for day in (date(2025, 6, number) for number in range(3, 10)):
            seen[day.day] = at_rest(session, day)
            assert set(session.execute(words, {"today": day}).scalars()) == seen[day.day]
    both = {ours, there.theirs}
    ended = {there.theirs}
    rests = {5: {ours}, 6: {ours}, 7: both, 8: ended, 9: ended}
    assert seen == {3: set(), 4: set()} | rests


def test_letters_come_from_what_it_calls_itself_there(small_town: Town) -> None:
    town = small_town
    town.decided("Trygg hemgång", by="2025-06-30")
    with transaction(town.settings) as session:
        given = {"name": "Vårdsamverkan Prov", "sender_name": "Närvård Prov"}
        changing.change_collaboration(session, area_of(town), given, FRIDA, today=date(2025, 5, 1))
    town.morning("2025-06-02")
    with reading(town.settings) as session:
        letter = session.execute(select(Letter)).scalar_one()
    assert letter.from_name == "Närvård Prov genom Frida"
    assert "Närvård Prov" in letter.html


def test_who_administers_makes_one_and_its_name_is_nobody_elses(small_town: Town) -> None:
    there = neighbours(small_town)
    machine = there.machine()
    made = machine.post("/samverkan", data={"name": "Närvård Väst"}, follow_redirects=False)
    assert made.status_code == 303
    assert "Ny samverkan: Närvård Väst." in machine.get(made.headers["location"]).text
    again = machine.post("/samverkan", data={"name": " närvård  VÄST"})
    assert again.status_code == 422
    assert "Det finns redan en samverkan som heter närvård VÄST" in again.text
    assert 'value="närvård' in again.text or 'value=" närvård' in again.text, "what she typed"
    assert "Skriv vad samverkan heter." in machine.post("/samverkan", data={"name": " "}).text


def test_gustav_sees_and_names_his_own_alone(small_town: Town) -> None:
    there = neighbours(small_town)
    gustav = there.gustavs()
    listed = gustav.get("/samverkan").text
    assert ANOTHER in listed
    assert "Vårdsamverkan Prov" not in listed.replace("Följsam", "").split("<main", 1)[1]
    assert gustav.get(f"/samverkan/{there.ours}").status_code == 403
    assert gustav.post("/samverkan", data={"name": "Min egen"}).status_code == 403
    own = f"/samverkan/{there.theirs}"
    nameless = gustav.post(f"{own}/andra", data={"name": "", "sender_name": "Ceder"}).text
    assert "Skriv vad samverkan heter." in nameless
    assert "Vårdsamverkan Prov" not in nameless.split("<main", 1)[1]
    assert "Avsluta samverkan" not in gustav.get(own).text
    assert gustav.post(f"{own}/avsluta", data=WHY).status_code == 403
    now = {"name": ANOTHER, "sender_name": "Samverkan Ceder"}
    assert gustav.post(f"{own}/andra", data=now, follow_redirects=False).status_code == 303
    assert "Avsändare i brev: Vårdsamverkan Annan blir Samverkan Ceder" in gustav.get(own).text


def test_a_rest_is_told_on_its_page_and_ended_there(small_town: Town) -> None:
    there = neighbours(small_town)
    gustav, own = there.gustavs(), f"/samverkan/{there.theirs}"
    refused = gustav.post(f"{own}/pausa", data={"last_day": "i går"})
    assert refused.status_code == 422
    assert "Skriv varför samverkan vilar." in refused.text
    assert gustav.post(f"{own}/pausa", data=WHY, follow_redirects=False).status_code == 303
    assert "Vilar" in gustav.get(own).text
    assert f'<a href="{own}">{ANOTHER}</a> vilar eller är avslutad.' in gustav.get("/").text
    assert "Ny ledning väljs" in gustav.get(own).text
    twice = gustav.post(f"{own}/pausa", data=WHY)
    assert "Samverkan vilar redan de dagarna." in twice.text
    assert gustav.post(f"{own}/ateruppta", follow_redirects=False).status_code == 303
    assert "I gång" in gustav.get(own).text


def test_a_misspelt_name_makes_no_collaboration(small_town: Town) -> None:
    town = small_town
    ours = area_of(town)
    neighbours(town)
    with transaction(town.settings) as session:
        renamed = {"name": "Närvård Prov"}
        changing.change_collaboration(session, ours, renamed, FRIDA, today=date(2025, 5, 1))
        assert collaboration_named(session, "", "närvård  PROV") == ours
        assert collaboration_named(session, "", "vårdsamverkan Prov") == ours, "as it was called"
    with transaction(town.settings) as session:
        assert collaboration_named(session, ANOTHER, "Vårdsamverkna Prov") != ours
        given = {"name": "Vårdsamverkan PROV"}
        with pytest.raises(
            Refused, match="Det finns redan en samverkan som heter Vårdsamverkan PROV"
        ):
            changing.make_collaboration(session, given, FRIDA, today=date(2025, 5, 1))
        with pytest.raises(Refused, match=r"Här finns Närvård Prov och Vårdsamverkan Annan"):
            collaboration_named(session, "", "Vårdsamverkna Prov")
    with reading(town.settings) as session:
        assert len(session.execute(select(c(Collaboration).id)).all()) == 2


def test_the_command_makes_names_rests_and_ends_one(small_town: Town) -> None:
    home = small_town.settings.home
    made = foljsam(home, "collaboration", "add", "Närvård Väst", "--sender", "Väst")
    assert made.returncode == 0, made.stderr
    assert "Närvård Väst is number 2." in made.stdout
    again = foljsam(home, "collaboration", "add", "NÄRVÅRD väst")
    assert (again.returncode, "Det finns redan" in again.stderr) == (2, True)
    unknown = foljsam(home, "collaboration", "rest", "Närvård Öst", "--reason", "Paus")
    assert "No collaboration is called Närvård Öst" in unknown.stderr
    assert foljsam(home, "collaboration", "rest", "2", "--reason", "Paus").returncode == 0
    assert "Vilar" in foljsam(home, "collaboration", "list").stdout
    assert foljsam(home, "collaboration", "resume", "närvård väst").returncode == 0
    assert foljsam(home, "collaboration", "end", "2", "--reason", "Slut").returncode == 0
    assert foljsam(home, "collaboration", "end", "2", "--undo").returncode == 0
    renamed = foljsam(home, "collaboration", "change", "2", "--name", "Närvård Sydväst")
    assert renamed.returncode == 0
    assert "Närvård Sydväst  (I gång)" in foljsam(home, "collaboration", "list").stdout
