"""What was on file before deviations were a collaboration's: told where it can be, else placed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from config import settings as settings_module
from config.settings import Settings
from intake.deviation.placing import CannotPlace, place, unplaced
from models import database
from models.database import reading, transaction
from tests.conftest import browse, fill_as_of
from tests.deviation_files import THREE, csv_file
from tests.test_deviation_report import take
from tests.two_collaborations import Neighbours, neighbours
from web.app import create_app


@pytest.fixture(params=["sqlite", "postgres"])
def old(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """An installation without tables, on each database."""
    given: dict[str, object] = {"home": tmp_path, "organisation": "Prov"}
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path))
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        name = f"u{abs(hash(request.node.nodeid)) % 10**12}"
        server.psql(f"CREATE DATABASE {name}")
        given["database_url"] = str(server.get_uri(name))
        monkeypatch.setenv("FOLJSAM_DATABASE_URL", str(server.get_uri(name)))
    told = settings_module.load(**given)
    yield told
    database.close(told)


def one_import(number: int, by: str, source: str = "", state: str = "inläst") -> str:
    """A file that was taken in."""
    return (
        "INSERT INTO deviation_import (id, state, file, sha256, source, reading, at, by, rows,"
        " cases, new, updated, unchanged, totals, hidden, headings, refused, personnummer_rows,"
        f" undone_by) VALUES ({number}, '{state}', 'fil{number}.csv', '{number:064}', '{source}',"
        f" '', '2025-02-0{number} 08:00:00+00:00', '{by}', 1, 1, 1, 0, 0, 0, 0, '[]', '[]', '[]',"
        " '')"
    )


def a_case(number: int, first: int, latest: int = 0, area: str = "") -> str:
    """A case, with the file that it first came with and the one that changed it last."""
    return (
        "INSERT INTO deviation_case (id, series, number, first_import_id, import_id,"
        " registered_on, month, reporting_org, reporting_unit, investigating_org,"
        " investigating_unit, found_by, area, target_group, process, classified, severity, status,"
        f" voided, waits) VALUES ({number}, '', 'A-{number}', {first}, {latest or first},"
        f" '2025-01-15', 24300, '', '', '', '', 'ej angivet', '{area}', 'Äldre', 'SIP', '', '',"
        " '', false, false)"
    )


def earlier(case: int, changed_by: int, before: int) -> str:
    """A case as it was before an import changed it."""
    return (
        "INSERT INTO deviation_earlier (import_id, case_id, earlier_import_id, registered_on,"
        " month, reporting_org, reporting_unit, investigating_org, investigating_unit, found_by,"
        " area, target_group, process, classified, severity, status, voided, waits)"
        f" VALUES ({changed_by}, {case}, {before}, '2025-01-15', 24300, '', '', '', '',"
        " 'ej angivet', '', 'Barn', 'SIP', '', '', '', false, false)"
    )


def a_source(number: int, name: str, by: str) -> str:
    """How a source's files are read."""
    return (
        "INSERT INTO deviation_mapping (id, name, columns, own_series, changed_at, changed_by)"
        f" VALUES ({number}, '{name}', '{{}}', false, '2025-02-01 08:00:00+00:00', '{by}')"
    )


EDITION = (
    "INSERT INTO edition (id, kind, collaboration_id, period, number, cut_off, state,"
    " schema_version, facts, sha256, compiled_at, compiled_by, reviewed_by, approved_by,"
    " override_reason, prose) VALUES (1, 'deviations', 1, '2024Q4', 1, '2025-01-10', 'compiled',"
    f' 2, \'{{"targets":[],"hidden":[],"shown":[]}}\', \'{"f" * 64}\','
    " '2025-01-10 08:00:00+00:00', 'Följsam', '', '', '', '{}')"
)
ONE = ["INSERT INTO collaboration (id, name) VALUES (1, 'Prov')"]
TWO = [
    *ONE,
    "INSERT INTO collaboration (id, name) VALUES (2, 'Annan')",
    "INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'NOSAM Alm', '')",
    "INSERT INTO groups (id, collaboration_id, name, kind) VALUES (2, 2, 'NOSAM Ceder', '')",
    "INSERT INTO person (id, name, email, unreachable_why)"
    " VALUES (1, 'Frida', 'frida@example.org', '')",
    "INSERT INTO person (id, name, email, unreachable_why)"
    " VALUES (2, 'Gustav', 'gustav@example.org', '')",
    "INSERT INTO role_holding (person_id, group_id, role, starts_on, ends_on)"
    " VALUES (1, 1, 'processledare', NULL, NULL)",
    "INSERT INTO role_holding (person_id, group_id, role, starts_on, ends_on)"
    " VALUES (2, 2, 'processledare', NULL, '2025-02-03')",
]


def upgraded(old: Settings, *rows: str) -> None:
    """These rows were on file, and then the new version starts."""
    files_first = sorted(
        rows,
        key=lambda words: "INTO deviation_case" in words or 2 * ("INTO deviation_earlier" in words),
    )
    fill_as_of(old, "0020", ";\n".join(files_first))
    database.migrate(old)
    if old.database_url:
        with transaction(
            old
        ) as session:  # the rows above have numbers that PostgreSQL did not give
            for table in ("deviation_import", "deviation_case"):
                session.execute(text(f"SELECT setval('{table}_id_seq', 100)"))


def whose(old: Settings, table: str) -> dict[int, int | None]:
    """The collaboration of each row."""
    with reading(old) as session:
        asked = text(f"SELECT id, collaboration_id FROM {table}")
        return dict(session.execute(asked).tuples().all())


def test_where_there_is_one_collaboration_all_of_it_is_that_ones(old: Settings) -> None:
    rows = (one_import(1, "bevakad mapp"), a_case(1, 1), a_source(1, "MedControl", "Frida"))
    upgraded(old, *ONE, *rows, EDITION)
    for table in ("deviation_import", "deviation_case", "deviation_mapping"):
        assert whose(old, table) == {1: 1}
    with reading(old) as session:
        kept = session.execute(text("SELECT sha256, facts FROM edition")).one()
    assert kept.sha256 == "f" * 64
    assert kept.facts == '{"targets":[],"hidden":[],"shown":[]}'


def test_it_is_told_by_whoever_took_it_in_and_by_the_cases_areas(old: Settings) -> None:
    upgraded(
        old,
        *TWO,
        one_import(1, "Frida", "MedControl"),
        a_case(1, 1),
        one_import(2, "Gustav"),
        a_case(2, 2),
        one_import(3, "kommandoraden"),
        a_case(3, 3, area="Ceder"),
        one_import(4, "Gustav"),  # who led nothing any more that day
        a_case(4, 4),
        one_import(5, "kommandoraden"),
        a_case(5, 5, area="Alm"),
        a_case(6, 5, area="Björk"),  # which is nobody's
        a_source(1, "MedControl", "Gustav"),
        a_source(2, "Annat", "kommandoraden"),
    )
    assert whose(old, "deviation_import") == {1: 1, 2: 2, 3: 2, 4: None, 5: None}
    assert whose(old, "deviation_case") == {1: 1, 2: 2, 3: 2, 4: None, 5: None, 6: None}
    assert whose(old, "deviation_mapping") == {1: 1, 2: None}


def test_files_that_speak_of_the_same_cases_go_together_or_wait_together(old: Settings) -> None:
    """Gustav's file overwrote a case of Frida's by its number: nobody can tell whose they are."""
    upgraded(
        old,
        *TWO,
        one_import(1, "Frida"),
        a_case(1, 1, 2),
        one_import(2, "Gustav"),
        earlier(1, 2, 1),
        one_import(3, "kommandoraden"),
        a_case(2, 3, 4),
        one_import(4, "Frida"),
        earlier(2, 4, 3),
    )
    assert whose(old, "deviation_import") == {1: None, 2: None, 3: 1, 4: 1}
    assert whose(old, "deviation_case") == {1: None, 2: 1}


def waits(old: Settings) -> None:
    """Two files that hang together wait to be placed, and a source."""
    upgraded(
        old,
        *TWO,
        one_import(1, "kommandoraden", "MedControl"),
        a_case(1, 1, 2),
        one_import(2, "kommandoraden"),
        earlier(1, 2, 1),
        a_source(1, "MedControl", "kommandoraden"),
    )


def test_an_administrator_places_what_waits_on_a_page(old: Settings) -> None:
    waits(old)
    root = browse(create_app(old), raise_server_exceptions=False)
    for area in (1, 2):
        assert "fil1.csv" not in root.get(f"/avvikelser?collaboration={area}").text
    assert "placeras" in root.get("/avvikelser").text
    page = root.get("/avvikelser/placera").text
    assert "fil1.csv" in page
    assert "fil2.csv" in page
    assert root.post("/avvikelser/inlasningar/1/placera", data={}).status_code == 422
    none = root.post("/avvikelser/inlasningar/1/placera", data={"collaboration": "77"})
    assert none.status_code == 422
    done = root.post("/avvikelser/inlasningar/1/placera", data={"collaboration": "2"})
    assert "fil1.csv" not in done.text
    assert (
        "Inget väntar"
        in root.post("/avvikelser/kallor/1/placera", data={"collaboration": "2"}).text
    )
    assert whose(old, "deviation_import") == {1: 2, 2: 2}
    assert whose(old, "deviation_case") == {1: 2}
    assert "fil1.csv" in root.get("/avvikelser?collaboration=2").text
    again = root.post("/avvikelser/inlasningar/1/placera", data={"collaboration": "1"})
    assert (again.status_code, "redan placerad" in again.text) == (422, True)
    undone = root.post("/avvikelser/inlasningar/2/angra")
    assert undone.status_code == 200
    with reading(old) as session:
        groups = session.execute(text("SELECT target_group FROM deviation_case")).scalars().all()
    assert groups == ["Barn"]


def command(*words: str) -> Any:  # noqa: ANN401
    """What the command line answers."""
    return CliRunner().invoke(app, ["deviations", "place", *words])


def test_the_command_lists_and_places_what_waits(old: Settings) -> None:
    waits(old)
    listed = command().output
    assert "count nowhere" in CliRunner().invoke(app, ["doctor"]).output
    assert "1, 2: fil1.csv, fil2.csv" in listed
    assert "There is no collaboration" in str(command("1", "Ingen").exception)
    assert "waits to be placed" in str(command("9", "Annan").exception)
    assert command("2", "Annan").exit_code == 0
    assert whose(old, "deviation_case") == {1: 2}
    assert command("MedControl", "Annan").exit_code == 0
    assert whose(old, "deviation_mapping") == {1: 2}
    assert "Nothing waits" in command().output


def test_what_waits_counts_nowhere_and_is_not_placed_upon_the_same_cases(old: Settings) -> None:
    waits(old)
    with transaction(old) as session:
        (found,) = unplaced(session)
        assert (found.import_ids, found.cases) == ((1, 2), 1)
    both = browse(create_app(old))
    file = {"fil": ("ny.csv", csv_file(THREE))}
    sent = both.post("/avvikelser/las-in", files=file, data={"collaboration": "1"})
    both.post(str(sent.url.path), data={"spara": "ja"})
    with transaction(old) as session:
        with pytest.raises(CannotPlace, match="Ångra den inläsningen"):
            place(session, 1, 1)
        place(session, 1, 2)


def test_only_an_administrator_places(town: Any) -> None:  # noqa: ANN401
    both: Neighbours = neighbours(town)
    take(town, THREE, area=both.ours)
    frida = both.frida()
    assert frida.get("/avvikelser/placera").status_code == 403
    for path in ("inlasningar/1/placera", "kallor/1/placera"):
        named = {"collaboration": str(both.ours)}
        assert frida.post(f"/avvikelser/{path}", data=named).status_code == 403
