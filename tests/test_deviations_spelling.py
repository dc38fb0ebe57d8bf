"""One target group is one row, however it is spelt; which day a stamp is; words of status."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli.main import app
from config import clock
from config.settings import Settings
from intake.deviation import codes
from intake.deviation.reading import read_export
from intake.deviation.shapes import SOMETHING_ELSE, Export, Source
from intake.deviation.spelling import (
    Alias,
    align_cases,
    groups_on_file,
    one_word_each,
    teach_alias,
)
from intake.deviations import Compared, look, read_deviations, take_in_unasked, undo
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationCase
from reports.deviation.counting import count
from rules.periods import parse
from tests.cast import Town
from tests.deviation_files import csv_file, ours, row
from tests.test_deviations_whose import chooses
from tests.two_collaborations import neighbours

pytestmark = pytest.mark.by_turns
YOUNG = ["Barn och unga", "Barn & unga", "BARN OCH UNGA", "BoU", "NOSAM Barn och unga (0–18 år)"]
YOUNG += ["Barn och unga 0-18 år", "barn o unga", "Barn och unga (BoU)"]
OLD = ["Äldre", "ÄLDRE", "Äldre (65+)", "Äldre (65 år och äldre)", "Målgrupp: Äldre", "Äldre 65+"]
NOTHING = ["Ej angivet", "Ej angiven", "ej angivna", "Uppgift saknas", "(tom)", "Inte angivet"]


def one_word(*words: str, taught: tuple[Alias, ...] = ()) -> set[str]:
    return set(one_word_each(dict.fromkeys(words, 1), {}, taught).values())


def read(rows: list[list[Any]], heads: list[str] | None = None) -> Export:
    data = csv_file(rows, heads=heads) if heads else csv_file(rows)
    return read_export("a.csv", data, Source(), b"k")


def taken(told: Settings, export: Export) -> Compared:
    with transaction(told) as session:
        area = ours(session)
        return take_in_unasked(session, area, export, Source(), "x", clock.now()).counts


@pytest.mark.parametrize(("words", "called"), [(YOUNG, "Barn och unga"), (OLD, "Äldre")])
def test_one_group_is_called_by_one_word(words: list[str], called: str) -> None:
    assert one_word(*words) == {called}


@pytest.mark.parametrize("words", NOTHING)
def test_what_says_that_nothing_is_given_is_no_group(words: str) -> None:
    assert one_word(words) == {""}
    (case,) = read([row("A-1", "2025-01-01", words)]).cases.values()
    assert case.target_group == ""


def test_ages_tell_groups_apart_where_one_name_has_several() -> None:
    words = ("Barn (0–6 år)", "Barn (7–12 år)", "Barn (0-6)")
    assert len(one_word(*words)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Äldre", "Vuxna"),
        ("Psykisk ohälsa", "Psykisk ohälsa och beroende"),
        ("LSS", "LSS vuxna"),
        ("Stöd", "Stöd | hjälp"),
    ],
)
def test_other_groups_stay_apart(one: str, other: str) -> None:
    assert len(one_word(one, other)) == 2


@settings(max_examples=200)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8, unique=True))
def test_every_word_has_one_and_it_is_called_so_itself(words: list[str]) -> None:
    called = one_word_each(dict.fromkeys(words, 1), {})
    assert called.keys() == set(words)
    again = one_word_each(dict.fromkeys(called.values(), 1), {})
    assert {again[word] for word in called.values()} == set(called.values())


def test_what_is_taught_counts_on_file_and_in_the_files_to_come(told: Settings) -> None:
    long = "Psykisk ohälsa, skadligt bruk och beroende"
    groups = [long, "Psykisk ohälsa, skadligt bruk & beroende", "Psykisk ohälsa"] * 5
    rows = [row(f"A-{n}", "2025-01-15", group) for n, group in enumerate(groups)]
    taken(told, read(rows))
    with transaction(told) as session:
        area = ours(session)
        assert groups_on_file(session, area) == {long: 10, "Psykisk ohälsa": 5}
        teach_alias(session, area, "Psykisk ohälsa", long, "Frida", clock.now())
        assert groups_on_file(session, area) == {long: 15}
        with pytest.raises(ValueError, match="Välj två målgrupper"):
            teach_alias(session, area, "Psykisk ohälsa", long, "Frida", clock.now())
    more = [row(f"B-{n}", "2025-02-15", "PSYKISK OHÄLSA") for n in range(3)]
    assert taken(told, read(rows + more)) == Compared(3, 0, 15)
    with reading(told) as session:
        assert groups_on_file(session, ours(session)) == {long: 18}


def test_a_spelling_that_was_on_file_before_is_mended_and_an_undo_keeps_to_it(
    told: Settings,
) -> None:
    rows = [row(f"A-{n}", "2025-01-15", "Äldre") for n in range(6)]
    taken(told, read(rows))
    with transaction(told) as session:
        first = session.execute(select(DeviationCase).limit(1)).scalar_one()
        first.target_group = "Äldre (65+)"
    changed = [row(f"A-{n}", "2025-01-15", "Äldre", process="Läkemedel") for n in range(6)]
    taken(told, read(changed))
    with transaction(told) as session:
        area = ours(session)
        assert groups_on_file(session, area) == {"Äldre": 6}
        undo(session, 2, "x", clock.now())
        assert groups_on_file(session, area) == {"Äldre": 6}
        align_cases(session, area)


def test_a_page_teaches_in_ones_own_collaboration_alone(town: Town) -> None:
    both = neighbours(town)
    frida, gustav = both.frida(), both.gustavs()
    groups = ["Psykiatri", "Psykisk ohälsa"]
    rows = [row(f"A-{n}", "2025-01-15", groups[n % 2]) for n in range(12)]
    for client in (frida, gustav):
        client.post(chooses(client, rows), data={"spara": "ja", "alla": "ja"})
    words = {"ord": "Psykiatri", "betyder": "Psykisk ohälsa"}
    ours_, theirs = str(both.ours), str(both.theirs)
    refused = frida.post("/avvikelser/malgrupper", data=words | {"collaboration": theirs})
    assert refused.status_code in (403, 404)
    same = {"ord": "Psykiatri", "betyder": "Psykiatri", "collaboration": ours_}
    told = frida.post("/avvikelser/malgrupper", data=same)
    assert (told.status_code, "redan samma målgrupp" in told.text) == (422, True)
    shown = frida.post("/avvikelser/malgrupper", data=words | {"collaboration": ours_})
    assert "”psykiatri” räknas som Psykisk ohälsa" in shown.text
    with reading(town.settings) as session:
        assert groups_on_file(session, both.ours) == {"Psykisk ohälsa": 12}
        assert groups_on_file(session, both.theirs) == {"Psykiatri": 6, "Psykisk ohälsa": 6}
    gone = frida.post("/avvikelser/malgrupper", data={"bort": "psykiatri", "collaboration": ours_})
    assert "räknas som Psykisk ohälsa" not in gone.text


def test_the_command_counts_one_group_in_one_row(lite: Settings, tmp_path: Path) -> None:
    groups = ["Äldre", "ÄLDRE", "Äldre (65+)", "Barn & unga", "BoU", "Ej angivet", ""]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_file([row(f"A-{n}", "2025-01-15", g) for n, g in enumerate(groups)]))
    told = CliRunner().invoke(app, ["import", "deviations", str(path), "--json"])
    quarter = json.loads(told.output)["by_quarter_group"]["2025Q1"]
    assert quarter == {"Barn & unga": 2, "Ej angiven": 2, "Äldre": 3}
    same = CliRunner().invoke(app, ["deviations", "same", "Barn & unga", "Äldre"])
    assert "barn och unga counts as Äldre" in same.output


def test_groups_on_rows_of_their_own() -> None:
    heads = ["Ärendenummer", "Registreringsdatum", "Process"]
    rows = [
        ["Målgrupp: Äldre (2 ärenden)", "", ""],
        ["A-1", "2025-01-15", "SIP"],
        ["A-2", "2025-01-16", "SIP"],
        ["Summa", "", "2"],
        ["", "Barn och unga (0–18 år)", ""],
        ["A-3", "2025-01-17", "SIP"],
    ]
    export = read(rows, heads)
    found = {case.number: case.target_group for case in export.cases.values()}
    assert found == {"A-1": "Äldre", "A-2": "Äldre", "A-3": "Barn och unga (0–18 år)"}
    assert (export.rows, export.totals, export.refused) == (3, 1, [])


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2024-12-31T23:30:00Z", "2025-01-01"),
        ("2025-06-30 22:15 UTC", "2025-07-01"),
        ("2025-06-30T22:15:00.000+00:00", "2025-07-01"),
        ("2025-01-01T00:30:00+02:00", "2024-12-31"),
        ("2025-01-01 00:30", "2025-01-01"),
        ("2025-03-31", "2025-03-31"),
        ("2025-03-31Z", "2025-03-31"),
    ],
)
def test_a_stamp_is_counted_on_the_day_that_it_was_here(stamp: str, day: str) -> None:
    (case,) = read([row("A-1", stamp)]).cases.values()
    assert str(case.registered_on) == day


def test_a_heading_that_says_utc_is_believed() -> None:
    heads = ["Ärendenummer", "Registreringsdatum (UTC)", "Målgrupp"]
    rows = [["A-1", "2024-12-31 23:30", "Äldre"], ["A-2", "2024-12-31", "Äldre"]]
    found = {case.number: str(case.registered_on) for case in read(rows, heads).cases.values()}
    assert found == {"A-1": "2025-01-01", "A-2": "2024-12-31"}


def test_any_sign_may_stand_in_a_word(told: Settings) -> None:
    signs = ["SIP | egenvård", "SIP|egenvård", "a/b=c", "(x)"]
    rows = [row(f"A-{n}", "2025-01-15", process=signs[n % 4]) for n in range(40)]
    taken(told, read(rows))
    with reading(told) as session:
        figures = count(
            session, ours(session), parse("2025Q1"), today=clock.today(), answer_days=60
        )
    at = parse("2025Q1"), "Äldre"
    assert figures.counts["process"][at] == dict.fromkeys(signs, 10)
    assert {process for _, process in figures.both[at]} == set(signs)
    assert sum(figures.counts["found_by"][at].values()) == 40


def test_a_file_that_only_changes_words_of_status_says_so(told: Settings) -> None:
    rows = [row(f"A-{n}", "2025-01-15", status="Avslutad") for n in range(8)]
    taken(told, read(rows))
    rows = [row(f"A-{n}", "2025-01-15", status="Besvarad") for n in range(6)]
    rows += [row("A-6", "2025-01-15", status="Under utredning")]
    assert taken(told, read(rows)) == Compared(0, 7, 0, only_status=6)


def test_words_beyond_what_can_be_asked_about_are_never_kept(lite: Settings) -> None:
    many = codes.MOST_ASKED + 100
    rows = [
        row(f"A-{n}", "2025-01-15", unit=f"Enheten för {chr(97 + n % 26)} {n % many // 26}")
        for n in range(many * 3)
    ]
    export = read_deviations("a.csv", csv_file(rows), Source(), key="k")
    with transaction(lite) as session:
        area = ours(session)
        look(session, area, export, Source(), "x", clock.now())
        taken_in = take_in_unasked(session, area, export, Source(), "x", clock.now())
        kept = select(c(DeviationCase).reporting_unit, func.count()).where(
            c(DeviationCase).import_id == taken_in.import_id
        )
        units = dict(session.execute(kept.group_by(c(DeviationCase).reporting_unit)).tuples().all())
    assert units.keys() == {SOMETHING_ELSE}
