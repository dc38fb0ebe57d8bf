"""Each collaboration says when its people are written to; what it does not say is everybody's.

Frida leads the cast's; Gustav the other, where Helga answers.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlmodel import Session

from config import clock, policy
from config.own_policy import (
    as_toml,
    checked,
    promised_on,
    sections_of,
    what_differs,
    with_own,
)
from config.policy import PolicyError
from intake.promises import newest_day, say, values_of, withdraw
from models.columns import c
from models.database import engine_for, reading, transaction
from models.group import Group
from models.moves import Refused
from models.promises import PolicyChange, policy_of, promised
from notifications import notices, reports_due, silence, status_rounds
from notifications.letters import morning
from notifications.quiet_days import nobody_is_written_to
from notifications.rehearsal import rehearse
from rules.calendar import all_quiet, held
from tests.cast import FRIDA, Town, have_gone
from tests.command import foljsam
from tests.conftest import browse
from tests.sign_in.conftest import with_sign_in
from tests.two_collaborations import Neighbours, neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
Own = dict[str, dict[str, Any]]
FEW: Own = {"deadline": {"default": [10, 2], "repeat_after": 5}}
QUIET_JUNE: Own = {"calendar": {"quiet": ["06-01..06-20"]}}
AWAKE_ALL_YEAR: Own = {"calendar": {"quiet": []}}
BASE = policy.load()
TODAY = date(2025, 6, 2)


def ours(town: Town) -> int:
    with reading(town.settings) as session:
        return session.get_one(Group, town.alm).collaboration_id


def says(town: Town, what: Own, counts: str, area: int | None = None) -> None:
    """The cast's collaboration, or another, says it from a day on."""
    area = area or ours(town)
    day = date.fromisoformat(counts)
    with transaction(town.settings) as session:
        say(session, area, what, day, FRIDA, today=day)


def days_of(town: Town) -> list[str]:
    return [str(letter.on_day) for letter in town.letters()]


def test_the_shipped_policy_is_what_its_own_words_make_of_it() -> None:
    assert with_own(BASE, sections_of(BASE)) == BASE
    assert what_differs(BASE, BASE) == {}


def test_who_says_nothing_has_everybodys_and_who_says_the_same_is_asked_about_together() -> None:
    day = date(2025, 6, 2)
    promises = promised_on(day, BASE, {1: {}, 2: FEW, 3: FEW, 4: QUIET_JUNE, 5: {"start": {}}})
    assert all(promises.of(area) is BASE for area in (1, None, 5))
    assert promises.of(2) is promises.of(3)
    shares = list(promises.shares())
    assert [(sorted(one.areas), one.others) for one in shares] == [
        ([2, 3, 4], True),
        ([2, 3], False),
        ([4], False),
    ]
    assert all(sum(one.holds(area) for one in shares) == 1 for area in (None, 1, 2, 3, 4, 99))
    assert promises.of(2).ladders["deadline"]["year"].rungs == (60, 30, 7, 1, -1, -7)
    assert promises.of(2).ladders["deadline"]["default"].repeat_after == 5


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"groups": {"kinds": []}}, "policy.toml alone"),
        ({"review": {"every_months": 3}}, "every_months"),
        ({"deadline": {"defualt": [1]}}, "defualt"),
        ({"escalation": {"chair": [1]}}, "chair"),
        ("nothing", "no sections"),
    ],
)
def test_what_nobody_reads_or_others_decide_cannot_be_said(wrong: object, told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        checked(wrong, "here")


def test_a_ladder_of_its_own_counts_from_its_day_and_holds_nobody_elses(town: Town) -> None:
    there = neighbours(town)
    town.decided("Trygg hemgång", by="2025-06-27")
    says(town, FEW, "2025-06-05")
    town.morning("2025-06-02")
    assert days_of(town) == ["2025-06-02"], "thirty days before, as the installation has it"
    town.morning("2025-06-10")
    assert days_of(town) == ["2025-06-02"]
    town.morning("2025-06-17")
    assert days_of(town) == ["2025-06-02", "2025-06-17"], "ten days before"
    town.morning("2025-06-23")
    assert days_of(town) == ["2025-06-02", "2025-06-17"], "the installation's week before is not"
    with reading(town.settings) as session:
        assert policy_of(session, BASE, there.theirs, date(2025, 6, 23)) is BASE


def test_in_quiet_weeks_of_its_own_it_waits_while_others_letters_go(town: Town) -> None:
    there = neighbours(town)
    town.decided("Trygg hemgång", by="2025-06-30")
    day = date(2025, 6, 2)
    says(town, QUIET_JUNE, "2025-05-01")
    with reading(town.settings) as session:
        promises = promised(session, BASE, day)
        assert held(promises).holds(ours(town))
        assert not held(promises).holds(there.theirs)
        assert not all_quiet(promises)
    town.morning("2025-06-02")
    assert days_of(town) == []
    town.morning("2025-06-23")
    assert days_of(town) == ["2025-06-23"], "the first day after"


def test_a_notice_from_before_waits_too(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-06-30")
    day = date(2025, 6, 2)
    with transaction(town.settings) as session:
        notices.sweep(session, BASE, day)
    says(town, QUIET_JUNE, "2025-06-03")
    with transaction(town.settings) as session:
        made = morning.write(session, town.settings, BASE, date(2025, 6, 3))
    assert (made.letter_ids, made.tomorrow) == ([], 1)


def test_when_the_installation_is_quiet_who_is_not_is_written_to(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-07-31")
    july = date(2025, 7, 24)
    assert nobody_is_written_to(town.settings, july)
    says(town, AWAKE_ALL_YEAR, "2025-06-01")
    assert not nobody_is_written_to(town.settings, july)
    assert nobody_is_written_to(town.settings, date(2025, 7, 26)), "a Saturday is everybody's"
    coming = rehearse(town.settings, BASE, date(2025, 7, 20), july)
    asked = [str(one.on_day) for one in coming if one.rows]
    assert asked == ["2025-07-21", "2025-07-24"], "a month before, and a week"


def test_who_runs_a_round_on_a_day_that_is_quiet_for_all_means_it(small_town: Town) -> None:
    town = small_town
    town.decided("Trygg hemgång", by="2025-06-30")
    says(town, FEW, "2025-05-01")
    town.morning("2025-06-21")
    assert days_of(town) == ["2025-06-21"], "a Saturday"


def test_silence_goes_up_the_line_in_its_own_time(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-05-30")
    town.morning("2025-06-02")
    says(town, {"escalation": {"chair": 3, "process_leader": 30}}, "2025-06-03")
    have_gone(town.settings, date(2025, 6, 3))
    with transaction(town.settings) as session:
        assert silence.sweep(session, BASE, date(2025, 6, 4)) == 0
        assert silence.sweep(session, BASE, date(2025, 6, 9)) == 1


def test_rounds_weeks_and_reports_ask_each_collaborations_own_days(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-09-30")
    says(town, QUIET_JUNE, "2025-05-01")
    with transaction(town.settings) as session:
        assert status_rounds.open_due(session, BASE, date(2025, 6, 19)) == []
    with transaction(town.settings) as session:
        assert status_rounds.open_due(session, BASE, date(2025, 6, 23))
    says(town, {"calendar": {"quiet": ["07-01..07-30"]}}, "2025-06-25")
    with reading(town.settings) as session:
        assert list(reports_due.quarters_due(session, BASE, date(2025, 7, 1))), (
            "the 7th is quiet, and so is every day before it"
        )


def test_the_newest_by_the_day_holds_and_what_has_not_begun_can_be_withdrawn(town: Town) -> None:
    says(town, FEW, "2025-06-01")
    says(town, QUIET_JUNE | FEW, "2025-07-01")
    area, today = ours(town), date(2025, 6, 10)
    with reading(town.settings) as session:
        assert newest_day(session, area, today) == date(2025, 7, 1)
        june, july = (policy_of(session, BASE, area, date(2025, m, 15)) for m in (6, 7))
        assert june.quiet == BASE.quiet
        assert july.quiet != BASE.quiet
        rows = session.execute(select(c(PolicyChange).section).order_by(c(PolicyChange).id))
        assert list(rows.scalars()) == ["deadline", "calendar"], "what is said already gets no row"
    with transaction(town.settings) as session:
        withdraw(session, area, date(2025, 7, 1), FRIDA, today=today)
    with reading(town.settings) as session:
        assert policy_of(session, BASE, area, date(2025, 7, 15)) == june
    with pytest.raises(Refused, match="Ändra i stället"), transaction(town.settings) as session:
        withdraw(session, area, date(2025, 6, 1), FRIDA, today=today)
    with pytest.raises(Refused, match="Inget är ändrat"):
        says(town, FEW, "2025-08-01")


def test_what_is_said_again_of_nothing_is_the_installations(small_town: Town) -> None:
    says(small_town, FEW, "2025-06-01")
    says(small_town, {}, "2025-06-02")
    with reading(small_town.settings) as session:
        assert policy_of(session, BASE, ours(small_town), date(2025, 6, 3)) is BASE


def test_the_words_of_a_policy_are_a_file_that_reads_as_the_same(small_town: Town) -> None:
    changed = with_own(BASE, FEW | QUIET_JUNE)
    home = small_town.settings.home
    (home / "policy.toml").write_text(as_toml(what_differs(changed, BASE)), "utf-8")
    policy.load.cache_clear()
    read = policy.load(home)
    (home / "policy.toml").unlink()
    policy.load.cache_clear()
    assert read == changed


def test_by_command_what_holds_is_a_file_that_is_read_in_again(small_town: Town) -> None:
    town, home = small_town, small_town.settings.home
    file = home / "new.toml"
    told = foljsam(home, "policy", "out")
    assert "[deadline]" in told.stdout
    assert "default = [30, 7, 1, -1, -7]" in told.stdout
    file.write_text(told.stdout.replace("[30, 7, 1, -1, -7]", "[20, -1]", 1), "utf-8")
    number = str(ours(town))
    done = foljsam(home, "policy", "in", str(file), "--for", number)
    assert "Slutdatum: 20 dagar före, 1 dag efter" in " ".join(done.stdout.split())
    assert "default = [20, -1]" in foljsam(home, "policy", "out", "--for", number).stdout
    assert "default = [30, 7" in foljsam(home, "policy", "out").stdout, "others' is as it was"
    file.write_text('[groups]\nkinds = ["NOSAM"]\n', "utf-8")
    refused = foljsam(home, "policy", "in", str(file))
    assert refused.returncode
    assert "policy.toml alone" in refused.stderr
    file.write_text("[deadline]\nrepeat_after = 1\n", "utf-8")
    assert "at most 150" in foljsam(home, "policy", "in", str(file)).stderr


def test_doctor_says_where_the_file_and_a_page_speak_of_the_same(small_town: Town) -> None:
    town, home = small_town, small_town.settings.home
    says(town, FEW, "2025-06-01")
    (home / "policy.toml").write_text("[deadline]\nrepeat_after = 14\n", "utf-8")
    policy.load.cache_clear()
    told = " ".join(foljsam(home, "doctor").stdout.split())
    assert "speak of [deadline] repeat_after: the page counts" in told
    (home / "policy.toml").write_text("[round]\nopen_days = 30\ndefault = [30]\n", "utf-8")
    policy.load.cache_clear()
    says(town, FEW | {"round": {"default": [21, 1]}}, "2025-06-02")
    told = " ".join(foljsam(home, "doctor").stdout.split())
    policy.load.cache_clear()
    assert "cannot be promised" in told


def test_what_does_not_go_with_the_file_any_more_stops_nobody() -> None:
    short: Own = {"round": {"default": [3, 1]}}
    promises = promised_on(TODAY, BASE, {1: short, 2: FEW})
    assert promises.of(1) == BASE
    assert promises.of(2) != BASE


def client_of(town: Town) -> TestClient:
    """The browser of whoever is at the machine, on 2 June 2025."""
    settings = town.settings.model_copy(update={"today": TODAY})
    return browse(create_app(settings), raise_server_exceptions=False)


PAGE = "/samverkan/{}/paminnelser"


def form(**changed: str) -> dict[str, str]:
    """The form as the page fills it, with something else in it."""
    filled = {name: str(value) for name, value in values_of(BASE).items()}
    return filled | {"gor": "spara", "fran": "2099-01-01"} | changed


def test_frida_sees_what_it_does_and_saves_it_and_it_stands_in_the_history(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-06-30")
    page, client = PAGE.format(ours(town)), client_of(town)
    shown = client.get(page).text
    assert "Samverkan följer installationen." in shown
    tried = client.post(page, data=form(gor="prova", fran="2025-06-03", deadline_fore="14, 3"))
    assert tried.status_code == 200
    assert "Inget är sparat än." in tried.text
    assert "tillkommer" in tried.text
    assert 'value="14, 3"' in tried.text
    assert "Samverkan följer installationen." in client.get(page).text, "nothing is kept"
    saved = client.post(page, data=form(fran="2025-06-03", deadline_fore="14, 3"))
    assert "Gäller från 3 juni 2025" in saved.text
    assert "14 och 3 dagar före" in client.get(f"/samverkan/{ours(town)}").text
    gone = client.post(page, data={"gor": "ta-bort", "dag": "2025-06-03"})
    assert "borttaget av" in gone.text


@pytest.mark.parametrize(
    ("field", "words", "told"),
    [
        ("deadline_fore", "trettio", "Skriv antal dagar, 0 till 400"),
        ("deadline_fore", "999", "0 till 400"),
        ("deadline_efter", "0", "1 till 720"),
        ("deadline_var", "0", "Skriv ett antal dagar, 1 till 365."),
        ("deadline_langst", "3", "Skriv minst så många dagar."),
        ("deadline_var", "1", "Välj glesare"),
        ("processledare", "4", "fler dagar än där"),
        ("ordforande", "", "Skriv ett antal dagar, 1 till 120."),
        ("tysta", "när det passar", "8 juli – 4 augusti"),
        ("tysta", "1 januari – 30 september", "mer än halva året"),
        ("fran", "2025-06-01", "Välj i dag eller en senare dag."),
        ("fran", "", "Skriv från vilken dag det ska gälla."),
        ("fran", "snart", "2025-08-15"),
    ],
)
def test_nonsense_is_refused_at_its_field_and_kept(
    small_town: Town, field: str, words: str, told: str
) -> None:
    town = small_town
    page = PAGE.format(ours(town))
    for what in ("spara", "prova"):
        refused = client_of(town).post(page, data=form(gor=what) | {field: words})
        assert refused.status_code == 422
        assert told in refused.text
        assert f'href="#paminnelser-{field}"' in refused.text
        assert f'id="paminnelser-{field}"' in refused.text
    with reading(town.settings) as session:
        assert session.execute(select(c(PolicyChange).id)).all() == []


def test_an_empty_ladder_reminds_nobody_and_is_refused(small_town: Town) -> None:
    page = PAGE.format(ours(small_town))
    told = client_of(small_town).post(page, data=form(start_fore="", start_efter="")).text
    assert "Skriv minst en dag, före eller efter." in told


def test_a_change_that_waits_is_what_the_next_one_begins_with(small_town: Town) -> None:
    town = small_town
    page, client = PAGE.format(ours(town)), client_of(town)
    client.post(page, data=form(fran="2025-07-01", ordforande="4"))
    assert "Formuläret visar det som gäller från 1 juli 2025." in client.get(page).text
    early = client.post(page, data=form(fran="2025-06-15", ordforande="6"))
    assert "En ändring är redan beslutad från 1 juli 2025." in early.text


def test_gustav_changes_his_own_alone(small_town: Town) -> None:
    there: Neighbours = neighbours(small_town)
    gustav = there.gustavs()
    assert gustav.get(PAGE.format(there.ours)).status_code == 403
    assert gustav.post(PAGE.format(there.ours), data=form()).status_code == 403
    assert gustav.get(PAGE.format(there.theirs)).status_code == 200


def test_a_preview_tells_gustav_of_his_own_letters_alone(small_town: Town) -> None:
    there = neighbours(small_town)
    signed = with_sign_in(small_town.settings)
    tomorrow = clock.today(signed.today) + timedelta(days=1)
    small_town.decided("Trygg hemgång", by=str(tomorrow + timedelta(days=20)))
    words = form(gor="prova", fran=str(tomorrow), deadline_fore="14, 3")
    shown = there.gustavs().post(PAGE.format(there.theirs), data=words)
    assert shown.status_code == 200
    assert "blir breven desamma" in shown.text
    assert "Trygg hemgång" not in shown.text
    hers = there.frida().post(PAGE.format(there.ours), data=words).text
    assert "Trygg hemgång" in hers


def test_each_day_of_a_year_is_in_one_share(small_town: Town) -> None:
    """However the days lie, whoever is quiet waits and whoever is not is asked about."""
    says(small_town, QUIET_JUNE, "2025-05-01")
    area = ours(small_town)
    with reading(small_town.settings) as session:
        for number in range(90):
            day = date(2025, 5, 15) + timedelta(days=number)
            promises = promised(session, BASE, day)
            waits = held(promises).holds(area)
            asked = any(one.holds(area) for one in notices.awake(promises))
            assert waits is not asked


def asked_in(town: Town, work: Callable[[Session, policy.Policy, date], object]) -> list[str]:
    """The statements of a round on a Monday in June."""
    asked: list[str] = []

    def note(*told: Any) -> None:  # noqa: ANN401 - connection, cursor, statement and more
        asked.append(told[2])

    engine = engine_for(town.settings)
    event.listen(engine, "before_cursor_execute", note)
    try:
        with transaction(town.settings) as session:
            work(session, BASE, TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize("work", [notices.sweep, silence.sweep, status_rounds.open_due])
def test_a_round_asks_once_what_is_promised_and_once_for_each_policy_however_many_have_it(
    town: Town, work: Callable[[Session, policy.Policy, date], object]
) -> None:
    there = neighbours(town)
    town.decided("Trygg hemgång", by="2025-06-30")
    asked_in(town, work)
    usual = asked_in(town, work)
    assert sum("policy_change" in statement for statement in usual) == 1
    of_some = re.compile(r"collaboration_id (NOT )?IN \(\d|of_plan")
    assert not any(of_some.search(statement) for statement in usual), (
        "where nobody says anything, nobody is asked whose a plan is"
    )
    says(town, FEW, "2025-05-01")
    asked_in(town, work)
    one_of_them = asked_in(town, work)
    says(town, FEW, "2025-05-01", there.theirs)
    asked_in(town, work)
    both = asked_in(town, work)
    assert len(usual) <= len(one_of_them) <= 2 * len(usual)
    assert len(both) == len(one_of_them)
