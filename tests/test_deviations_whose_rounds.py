"""Whose deviations are, where no page is: the round, the folder, the command, the roll-ups."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli.main import app
from config import clock
from config.settings import Settings
from flows import deviation_report
from intake.deviation.folder import of_nobody, take_in_folder
from models.alone import keep_tally
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationCase, DeviationCode, DeviationMapping
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from models.person import Role
from reports.deviation import counting
from reports.deviation.compiling import crossed_before, told_before
from reports.deviation.published import Before
from reports.editions import Of, freeze
from reports.quarter import compile_quarter
from rules.periods import parse
from tests.cast import Town
from tests.deviation_files import HEADS, THREE, csv_file
from tests.test_deviation_report import DUE, QUARTER, cases, runs, take
from tests.two_collaborations import ANOTHER, Neighbours, neighbours

pytestmark = pytest.mark.by_turns
THEIRS = [*cases("Äldre", "2024-12", 8, "T"), *cases("Äldre", "2025-02", 28, "T")]


@pytest.fixture
def both(town: Town) -> Neighbours:
    """The two collaborations."""
    return neighbours(town)


def editions(both: Neighbours) -> list[tuple[int, str]]:
    """Whose the editions on file are, and what they tell."""
    e = c(Edition)
    with reading(both.town.settings) as session:
        rows = session.execute(select(e.collaboration_id, e.facts).order_by(e.id))
        return [(whose, facts) for whose, facts in rows]


def on_file(settings: Settings) -> dict[int | None, int]:
    """How many cases each collaboration has."""
    case = c(DeviationCase)
    with reading(settings) as session:
        rows = session.execute(
            select(case.collaboration_id, func.count()).group_by(case.collaboration_id)
        )
        return dict(rows.tuples().all())


def test_each_group_is_told_of_its_own_collaborations_cases(both: Neighbours) -> None:
    take(both.town, QUARTER, area=both.ours)
    take(both.town, THEIRS, area=both.theirs)
    waits, made, _ = runs(both.town, DUE)
    assert (waits, made) == (0, 4)
    letters = {one.to_name: one.text for one in both.town.letters()}
    assert "16 avvikelser i målgruppen Äldre registrerades" in letters["Alice"]
    assert "28 avvikelser" in letters["Gustav"]
    assert "28 avvikelser" not in letters["Frida"]
    assert "Psykiatri" not in letters["Gustav"]
    for whose, facts in editions(both):
        assert ('"28"' in facts) == (whose == both.theirs)
        assert ('"16"' in facts) == (whose == both.ours)


def test_one_that_waits_for_its_file_makes_no_other_wait(both: Neighbours) -> None:
    take(both.town, QUARTER, area=both.ours)
    take(both.town, THEIRS, datetime(2025, 3, 20, 8, tzinfo=UTC), area=both.theirs)
    assert runs(both.town, DUE)[:2] == (1, 2)
    told = [one for one in both.town.letters() if "väntar på en fil" in one.subject]
    assert [one.to_name for one in told] == ["Gustav"]
    assert ANOTHER in told[0].text
    assert {whose for whose, _ in editions(both)} == {both.ours}
    later = [*THEIRS, *cases("Äldre", "2025-03", 6, "T")]
    take(both.town, later, datetime(2025, 4, 7, 8, tzinfo=UTC), area=both.theirs)
    assert runs(both.town, date(2025, 4, 8))[:2] == (0, 2)


def test_one_that_fails_stops_no_other_and_is_told(both: Neighbours) -> None:
    """An edition of the first collaboration cannot be read; the other's reports go."""
    take(both.town, QUARTER, area=both.ours)
    take(both.town, THEIRS, area=both.theirs)
    broken = Of(ReportKind.DEVIATIONS, both.ours, None, "2024Q4")
    with transaction(both.town.settings) as session:
        facts = {"hidden": 7}
        freeze(session, broken, facts, schema_version=1, cut_off=DUE, by="en länk")
    with keep_tally() as tally:
        made = deviation_report.make_due(both.town.settings, DUE)
    assert len(made) == 2
    assert [whose for whose, _ in editions(both)] == [both.ours, both.theirs, both.theirs]
    (aside,) = tally.aside
    assert aside.collaboration_id == both.ours
    assert f"samverkan {both.ours}" in aside.what


def test_what_one_hid_or_told_is_not_looked_at_by_the_other(both: Neighbours) -> None:
    take(both.town, QUARTER, area=both.ours)
    runs(both.town, DUE)
    with reading(both.town.settings) as session:
        assert told_before(session, both.ours) != Before()
        assert told_before(session, both.theirs) == Before()
        assert crossed_before(session, both.theirs) == {}


def test_a_roll_up_tells_its_own_collaborations_deviations(both: Neighbours) -> None:
    take(both.town, QUARTER, area=both.ours)
    for area, told in ((both.ours, True), (both.theirs, False)):
        with reading(both.town.settings) as session:
            of = Of(ReportKind.QUARTER, area, None, "2025Q1")
            assert bool(compile_quarter(session, of, DUE)["deviations"]) is told


def test_every_statement_of_the_figures_asks_whose() -> None:
    for one in counting.statements(1, parse("2025Q1"), DUE, 60):
        assert "deviation_case.collaboration_id = :collaboration" in str(one), str(one)


def test_a_poisoned_edition_stops_nobody(both: Neighbours) -> None:
    """A crafted form once froze a roll-up's facts as a deviation edition; it cannot be removed."""
    take(both.town, QUARTER, area=both.ours)
    of = Of(ReportKind.DEVIATIONS, both.ours, None, "2025Q1")
    with reading(both.town.settings) as session:
        facts = compile_quarter(session, Of(ReportKind.QUARTER, both.ours, None, "2025Q1"), DUE)
    with transaction(both.town.settings) as session:
        freeze(session, of, facts, schema_version=1, cut_off=DUE, by="en länk")
    assert both.frida().get("/avvikelser").status_code == 200
    assert runs(both.town, DUE)[1] == 2


@pytest.mark.parametrize(
    ("method", "deed"),
    [
        ("POST", "igen"),
        ("GET", "skriv"),
        ("POST", "skriv"),
        ("POST", "word"),
        ("POST", "granska"),
        ("POST", "godkann"),
    ],
)
def test_a_deviation_edition_is_not_written_compiled_or_approved_by_a_crafted_form(
    both: Neighbours, method: str, deed: str
) -> None:
    both.town.decided("Trygg hemgång", by="2025-02-28")
    take(both.town, QUARTER, area=both.ours)
    runs(both.town, DUE)
    before = editions(both)
    for browser in (both.frida(), both.machine()):
        answer = browser.request(method, f"/rapporter/1/{deed}")
        assert answer.status_code == 404
        assert browser.get("/avvikelser").status_code == 200
    assert editions(both) == before
    with reading(both.town.settings) as session:
        states = set(session.execute(select(c(Edition).state)).scalars())
    assert states <= {EditionState.APPROVED, EditionState.SENT}


def leaves(folder: Path, name: str, rows: list[list[Any]]) -> None:
    """Somebody leaves a file in the watched folder, a while ago."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_file(rows))
    then = clock.now().timestamp() - 600
    os.utime(path, (then, then))


@pytest.fixture
def watched(both: Neighbours, tmp_path: Path) -> Settings:
    """Both leave their exports in one folder."""
    folder = tmp_path / "export"
    folder.mkdir()
    return both.town.settings.model_copy(update={"deviations_folder": str(folder)})


def test_each_collaboration_has_a_folder_of_its_own(watched: Settings, both: Neighbours) -> None:
    folder = Path(watched.deviations_folder)
    leaves(folder, f"{ANOTHER}/a.csv", THREE)
    leaves(folder, f"{both.ours}/a.csv", THREE[:1])
    leaves(folder, "b.csv", THREE)
    leaves(folder, "MedControl/c.csv", THREE)
    found = take_in_folder(watched, clock.now())
    assert sorted(one.waits for one in found) == [False, False, True, True]
    assert on_file(watched) == {both.ours: 1, both.theirs: 3}
    assert (folder / ANOTHER / "inlasta" / "a.csv.txt").is_file()
    assert (folder / "b.csv").is_file()
    assert of_nobody(watched) == 2
    page = both.machine()
    page.app.state.settings = watched  # type: ignore[attr-defined]
    assert "vems de är: 2" in page.get("/avvikelser/placera").text


def test_a_folder_called_as_fridas_source_is_not_gustavs_though_his_is_called_so(
    watched: Settings, both: Neighbours
) -> None:
    """From when hers was the only one its sources lay beside each other: "MedControl" is such."""
    folder = Path(watched.deviations_folder)
    with transaction(watched) as session:
        session.get_one(Collaboration, both.theirs).name = "MedControl"
        source = DeviationMapping(
            collaboration_id=both.ours,
            name="medcontrol",
            changed_at=clock.now(),
            changed_by="Frida",
        )
        session.add(source)
    leaves(folder, "MedControl/c.csv", THREE)
    leaves(folder, f"{both.theirs}/d.csv", THREE[:1])
    found = take_in_folder(watched, clock.now())
    assert sorted(one.waits for one in found) == [False, True]
    assert on_file(watched) == {both.theirs: 1}
    assert of_nobody(watched) == 1


def test_a_file_that_fails_stops_no_other(watched: Settings, both: Neighbours) -> None:
    """The first one's folder for what is done is no folder, so its file cannot be moved."""
    folder = Path(watched.deviations_folder)
    leaves(folder, f"{both.ours}/a.csv", THREE)
    leaves(folder, f"{both.theirs}/b.csv", THREE)
    done = folder / str(both.ours) / "inlasta"
    done.write_text("ingen mapp")
    found = {one.file: one for one in take_in_folder(watched, clock.now())}
    assert found["b.csv"].taken_in is not None
    assert "läses in nästa gång" in found["a.csv"].why_not
    done.unlink()
    (again,) = take_in_folder(watched, clock.now())
    assert again.taken_in is not None
    assert again.taken_in.again
    assert on_file(watched) == {both.ours: 3, both.theirs: 3}


def command(*words: str) -> Any:  # noqa: ANN401
    """What the command line answers."""
    return CliRunner().invoke(app, ["import", "deviations", *words])


def test_the_command_says_whose_the_file_is(both: Neighbours) -> None:
    file = both.town.settings.home / "export.csv"
    file.write_bytes(csv_file(THREE, heads=HEADS))
    told = str(command(str(file)).exception)
    assert "Several collaborations are on file" in told
    assert "There is no collaboration" in str(
        command(str(file), "--collaboration", "Ingen").exception
    )
    assert on_file(both.town.settings) == {}
    assert command(str(file), "--collaboration", ANOTHER.upper()).exit_code == 0
    assert command(str(file), "--collaboration", str(both.ours)).exit_code == 0
    assert on_file(both.town.settings) == {both.ours: 3, both.theirs: 3}


def test_alice_of_one_group_has_no_letter_of_the_others(both: Neighbours) -> None:
    """A group of the same name in both gets its own collaboration's figures."""
    with transaction(both.town.settings) as session:
        group = session.get_one(Group, both.their_group)
        assert group.name == "Temagrupp äldre"
    both.town.holds(both.town.bob, both.their_group, Role.CHAIR)
    take(both.town, QUARTER, area=both.ours)
    take(both.town, THEIRS, area=both.theirs)
    runs(both.town, DUE)
    letters = {one.to_name: one.text for one in both.town.letters()}
    assert "16 avvikelser" in letters["Alice"]
    assert "28 avvikelser" in letters["Bob"]


def test_a_check_on_a_new_installation_saves_nothing_at_all(told: Settings) -> None:
    file = told.home / "export.csv"
    file.write_bytes(csv_file(THREE, heads=HEADS))
    assert command(str(file), "--check").exit_code == 0
    assert command(str(file), "--check", "--accept-words").exit_code == 0
    with reading(told) as session:
        assert session.execute(select(c(Collaboration).id)).all() == []
        assert session.execute(select(c(DeviationCode).id)).all() == []
    assert on_file(told) == {}
