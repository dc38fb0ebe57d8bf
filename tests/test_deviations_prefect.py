"""What Prefect is told of deviations: counts. All it keeps is searched for a planted sentinel."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config import clock
from config.settings import Settings
from tests.cast import Town
from tests.deviation_files import HEADS, SENTINEL, csv_file, excel, row
from tests.test_deviation_report import QUARTER, groups
from tests.test_flows import ask, run_in_turn

NAMED = "om Anna Provsson på Alm"  # words in the name of a file
KEPT_BY_PREFECT = ("artifacts", "flow_runs", "task_runs", "logs", "events", "block_documents")
STORY = f"Patienten ringde och berättade att {SENTINEL}. Ingen svarade på hela dagen!"


def leaves(folder: Path, name: str, data: bytes) -> None:
    """Somebody leaves a file in the watched folder, a while ago."""
    path = folder / f"{NAMED} {name}"
    path.write_bytes(data)
    then = clock.now().timestamp() - 600
    os.utime(path, (then, then))


def planted() -> list[list[Any]]:
    """The quarter's cases, free text in each, and in cells that should have none."""
    return [
        *QUARTER,
        row("P-1", "2025-02-02", STORY, process=STORY, unit=STORY, status=STORY),
        row("P-2", SENTINEL),
        row(f"{SENTINEL} 9", "2025-02-02"),
        row("", "2025-02-02", text=f"19121212-1212 {SENTINEL}"),
    ]


def everything_on_disk(*homes: Path) -> bytes:
    """Every byte in these folders."""
    return b"".join(p.read_bytes() for home in homes for p in home.rglob("*") if p.is_file())


def test_prefect_keeps_no_words_of_a_deviation_nor_the_name_of_a_file(
    place: Town, prefect_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    groups(place)
    folder = tmp_path_factory.mktemp("export")
    leaves(folder, "kv 1.csv", csv_file(planted()))
    leaves(folder, "kv 1.xlsx", excel({"Data": [list(HEADS), *planted()]}))
    leaves(folder, "annat.csv", csv_file([[SENTINEL, "x"]], heads=["Något", SENTINEL]))
    day = str(date(2025, 4, 4))
    os.environ["FOLJSAM_DEVIATIONS_FOLDER"] = str(folder)
    try:
        read, sent = run_in_turn(place, ("deviation-import", day), ("deviation-report", day))
    finally:
        del os.environ["FOLJSAM_DEVIATIONS_FOLDER"]
    assert json.loads(read.stdout)["files"] == 2, read.stderr
    assert json.loads(read.stdout)["turned_away"] == 1
    assert json.loads(sent.stdout)["editions"] == 3, sent.stderr
    said = read.stdout + read.stderr + sent.stdout + sent.stderr
    said += "".join(str(letter.text) + str(letter.html) for letter in place.letters())
    for kind in KEPT_BY_PREFECT:
        said += json.dumps(ask(place, f"{kind}/filter"), ensure_ascii=False)
    assert "Avvikelser 2025-04-04: 3 filer." in said
    kept = everything_on_disk(prefect_server.home)
    assert b"avvikelserapporter 2025-04-04" in kept
    for words in (SENTINEL, "ladan", "Patienten", "121212-1212"):
        assert words not in said
        for coding in ("utf-8", "utf-16-le"):
            assert words.encode(coding) not in kept + everything_on_disk(place.settings.home)
    for words in (NAMED, "Provsson"):
        assert words not in said
        assert words.encode() not in kept
