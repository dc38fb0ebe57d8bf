"""Deviations on file: later exports update, the same changes nothing, an import is undone."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner

from cli.main import app
from config import clock
from config.settings import Settings
from intake.deviation.shapes import Column, Source
from intake.deviation.ticking import words_of
from intake.deviations import (
    CannotUndo,
    Compared,
    TakenIn,
    drop_old,
    look,
    read_deviations,
    save_source,
    source_named,
    take_in,
    undo,
)
from models.columns import c
from models.database import reading, transaction
from models.deviation import (
    KEPT,
    DeviationCase,
    DeviationEarlier,
    DeviationImport,
    DeviationRow,
    ImportState,
)
from tests.deviation_files import HEADS, THREE, csv_file, ours, row

pytestmark = pytest.mark.by_turns
CHANGED = [*HEADS, "Senast ändrad"]


def takes_in(
    settings: Settings,
    rows: Sequence[Sequence[Any]],
    heads: Sequence[str] = HEADS,
    source: Source | None = None,
) -> TakenIn:
    """Frida leaves an export with these rows, and ticks every new word."""
    source = source or Source()
    export = read_deviations("export.csv", csv_file(rows, heads=heads), source, key="k")
    with transaction(settings) as session:
        area = ours(session)
        waiting_one = look(session, area, export, source, "Frida", clock.now())
        ticked = words_of(session, waiting_one)
        return take_in(session, waiting_one, clock.now(), ticked, "Frida")


def undoes(settings: Settings, import_id: int) -> None:
    """Frida takes an import back."""
    with transaction(settings) as session:
        undo(session, import_id, "Frida", clock.now())


def on_file(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """Every case with all that is kept of it."""
    columns = c(DeviationCase)
    with reading(settings) as session:
        rows = session.execute(select(columns.number, *(columns[name] for name in KEPT)))
        return {number: tuple(rest) for number, *rest in rows}


def groups(settings: Settings) -> dict[str, str]:
    """Each case's group."""
    return {number: kept[KEPT.index("target_group")] for number, kept in on_file(settings).items()}


def waiting(settings: Settings) -> int:
    """How many rows wait for a yes."""
    with reading(settings) as session:
        return int(session.execute(select(func.count(c(DeviationRow).row))).scalar_one())


def test_a_later_export_updates_and_never_doubles(told: Settings) -> None:
    assert takes_in(told, THREE).counts == Compared(3, 0, 0)
    later = [THREE[0], row("A-2", "2025-02-01", "Äldre"), row("A-4", "2025-05-01")]
    assert takes_in(told, later).counts == Compared(1, 1, 1)
    assert groups(told) == {"A-1": "Äldre", "A-2": "Äldre", "A-3": "Äldre", "A-4": "Äldre"}
    assert waiting(told) == 0


def test_the_same_file_twice_changes_nothing(told: Settings) -> None:
    """Also when a later file has changed what it said."""
    takes_in(told, THREE)
    takes_in(told, [row("A-2", "2025-02-01", "Äldre")])
    before = on_file(told)
    again = takes_in(told, THREE)
    assert (again.again, again.counts) == (True, Compared(0, 0, 3))
    assert on_file(told) == before
    assert waiting(told) == 0


def test_what_was_changed_before_does_not_win_by_coming_later(told: Settings) -> None:
    takes_in(told, [[*row("A-1", "2025-01-15", "Äldre"), "2025-03-02 10:00"]], CHANGED)
    older = [[*row("A-1", "2025-01-15", "Barn och unga"), "2025-03-02 09:59"]]
    assert takes_in(told, older, CHANGED).counts == Compared(0, 0, 1)
    newer = [[*row("A-1", "2025-01-15", "Barn och unga"), "2025-03-02 10:01"]]
    assert takes_in(told, newer, CHANGED).counts == Compared(0, 1, 0)
    assert groups(told) == {"A-1": "Barn och unga"}


def test_an_import_is_undone_to_what_was_before(told: Settings) -> None:
    takes_in(told, THREE)
    before = on_file(told)
    second = takes_in(told, [row("A-2", "2025-02-01", "Äldre"), row("A-4", "2025-05-01")])
    undoes(told, second.import_id)
    assert on_file(told) == before
    with reading(told) as session:
        state = select(c(DeviationImport).state).where(c(DeviationImport).id == second.import_id)
        assert session.execute(state).scalar_one() == ImportState.UNDONE
        assert session.execute(select(func.count(c(DeviationEarlier).case_id))).scalar_one() == 0


def test_imports_are_undone_the_latest_first(told: Settings) -> None:
    first = takes_in(told, THREE)
    second = takes_in(told, [row("A-2", "2025-02-01", "Äldre")])
    with pytest.raises(CannotUndo, match="Ångra export"):
        undoes(told, first.import_id)
    undoes(told, second.import_id)
    undoes(told, first.import_id)
    assert on_file(told) == {}
    with pytest.raises(CannotUndo, match="redan ångrad"):
        undoes(told, first.import_id)


def test_what_was_undone_can_be_taken_in_again(told: Settings) -> None:
    undoes(told, takes_in(told, THREE).import_id)
    assert takes_in(told, THREE).counts == Compared(3, 0, 0)


def test_sources_with_numbers_of_their_own_do_not_mix(told: Settings) -> None:
    takes_in(told, THREE)
    own = Source("Alm", {}, own_series=True)
    assert takes_in(told, THREE, source=own).counts == Compared(3, 0, 0)
    with reading(told) as session:
        assert session.execute(select(func.count(c(DeviationCase).id))).scalar_one() == 6


def test_a_mapping_is_saved_and_changed(told: Settings) -> None:
    for column in (Column.GROUP, None):
        with transaction(told) as session:
            area = ours(session)
            save_source(session, area, Source("Alm", {"klar": column}), "Frida", clock.now())
    with reading(told) as session:
        assert source_named(session, area, "Alm") == Source("Alm", {"klar": None})


def test_what_nobody_says_yes_to_is_dropped(told: Settings) -> None:
    export = read_deviations("export.csv", csv_file(THREE), Source(), key="k")
    with transaction(told) as session:
        look(session, ours(session), export, Source(), "Frida", clock.now())
    assert waiting(told) == 3
    with transaction(told) as session:
        drop_old(session, clock.now())
    assert waiting(told) == 0
    assert on_file(told) == {}


def test_the_open_cases_have_an_index_that_is_used(lite: Settings) -> None:
    asked = "EXPLAIN QUERY PLAN SELECT count(*) FROM deviation_case WHERE waits = 1"
    with reading(lite) as session:
        assert "ix_deviation_case_waits" in str(session.execute(text(asked)).all())


def command(*words: str) -> Any:  # noqa: ANN401
    """What the command line answers."""
    result = CliRunner().invoke(app, ["import", "deviations", *words])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_command_answers_a_program(told: Settings) -> None:
    file = told.home / "export.csv"
    file.write_bytes(csv_file([*THREE, row("", "2025-01-01"), row("A-5", "2025-01-01", text="x")]))
    expected = {
        "rows": 5,
        "cases": 4,
        "new": 4,
        "updated": 0,
        "unchanged": 0,
        "only_status": 0,
        "rejected": [{"row": 5, "reason": "The case number is missing."}],
        "personnummer_rows": [],
        "by_quarter_group": {
            "2025Q1": {"Barn och unga": 1, "Äldre": 2},
            "2025Q2": {"Äldre": 1},
        },
        "by_quarter_process": {"2025Q1": {"Läkemedel": 1, "SIP": 2}, "2025Q2": {"SIP": 1}},
        "unknown_words": 2,
    }
    assert command(str(file), "--check", "--json") == expected
    assert on_file(told) == {}
    assert command(str(file), "--json") == expected
    assert len(on_file(told)) == 4
    again = command(str(file), "--json")
    assert again == {**expected, "new": 0, "unchanged": 4}
