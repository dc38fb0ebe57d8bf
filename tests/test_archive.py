"""A year's archive: whole, documented, without keys to doors, and enough to make it all again."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter import Attachment, Letter
from models.lifecycle import Brought, Move, Outcome
from models.part import Part
from reports.archive.fields import FIELDS
from reports.archive.making import make
from reports.archive.manifest import ArchiveError, check
from reports.archive.rebuilding import rebuild
from reports.archive.sources import SOURCES
from reports.editions import canonical, fingerprint
from tests.cast import Town
from tests.test_approval import approved, follow_up, promised, write, year
from tests.test_deviation_report import cases, take

pytestmark = pytest.mark.by_turns


@pytest.fixture
def told_of(town: Town) -> Town:
    """A town whose year has a report, a correction of it, and letters with links."""
    activity = promised(town)
    town.morning("2024-11-29")
    first = year(town)
    write(town, first, inledning="Ett bra år i Alm.")
    approved(town, first, "Uppföljningen görs i mars.")
    follow_up(town, activity, date(2024, 12, 3))
    ended = Brought(outcome=Outcome.ACHIEVED)
    town.move(activity, Move.END, ended, date(2024, 12, 20))
    approved(town, year(town, date(2025, 3, 1)))
    return town


def archived(town: Town, folder: Path) -> Path:
    """The archive of 2024."""
    with reading(town.settings) as session:
        make(session, "Vårdsamverkan Prov", 2024, folder)
    return folder


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """The lines of one file."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_an_archive_holds_the_year_and_both_editions_of_its_report(
    told_of: Town, tmp_path: Path
) -> None:
    folder = archived(told_of, tmp_path / "arkiv")
    assert [one["what"] for one in lines(folder, "activities.jsonl")] == ["Trygg hemgång"]
    assert [one["move"] for one in lines(folder, "moves.jsonl")][-1] == "avsluta"
    assert [one["to_name"] for one in lines(folder, "letters.jsonl")] == ["Alice"]
    assert [one["number"] for one in lines(folder, "editions.jsonl")] == [1, 2]
    assert [one["text"] for one in lines(folder, "written.jsonl")] == ["Ett bra år i Alm."]
    assert len(list((folder / "reports").glob("*.pdf"))) == 2


def test_the_years_reports_are_made_again_from_the_archive_byte_for_byte(
    told_of: Town, tmp_path: Path
) -> None:
    folder = archived(told_of, tmp_path / "arkiv")
    made = rebuild(folder)
    assert len(made) == 4
    for name, data in made.items():
        assert (folder / name).read_bytes() == data
    for one in lines(folder, "editions.jsonl"):
        assert fingerprint(canonical(one["facts"])) == one["sha256"]


def test_the_same_year_gives_the_same_bytes(told_of: Town, tmp_path: Path) -> None:
    one, other = archived(told_of, tmp_path / "a"), archived(told_of, tmp_path / "b")
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()


def test_a_manifest_tells_what_is_missing_changed_or_added(told_of: Town, tmp_path: Path) -> None:
    folder = archived(told_of, tmp_path / "arkiv")
    assert check(folder) == []
    (folder / "moves.jsonl").write_text("{}\n", "utf-8")
    (folder / "goals.jsonl").unlink()
    (folder / "extra.txt").write_text("hej", "utf-8")
    assert check(folder) == [
        "goals.jsonl is missing.",
        "extra.txt is not in the manifest.",
        "moves.jsonl has changed.",
    ]


def test_no_archived_letter_opens_a_door(told_of: Town, tmp_path: Path) -> None:
    letter = told_of.letters()[0]
    token = letter.text.partition("/svar/")[2].split()[0]
    assert len(token) > 10
    folder = archived(told_of, tmp_path / "arkiv")
    words = "".join(path.read_text("utf-8") for path in folder.glob("*.jsonl"))
    assert token not in words
    assert "/svar/…" in words


def test_every_file_and_field_is_described(told_of: Town, tmp_path: Path) -> None:
    folder = archived(told_of, tmp_path / "arkiv")
    readme = (folder / "README.txt").read_text("utf-8")
    for source in SOURCES:
        assert f"\n{source.file}.jsonl\n" in readme
        for line in lines(folder, f"{source.file}.jsonl"):
            assert line.keys() <= FIELDS.keys()


def test_a_folder_with_something_in_it_is_left_alone(small_town: Town, tmp_path: Path) -> None:
    (tmp_path / "mitt.txt").write_text("kvar", "utf-8")
    with pytest.raises(ArchiveError, match="is not empty"):
        archived(small_town, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".txt"] == ["mitt.txt"]


def test_another_year_has_none_of_it(told_of: Town, tmp_path: Path) -> None:
    with reading(told_of.settings) as session:
        make(session, "Vårdsamverkan Prov", 2020, tmp_path / "arkiv")
    assert lines(tmp_path / "arkiv", "activities.jsonl") == []
    assert lines(tmp_path / "arkiv", "letters.jsonl") == []
    assert lines(tmp_path / "arkiv", "editions.jsonl") == []


def test_parts_enclosures_and_coded_deviations_are_in_it(told_of: Town, tmp_path: Path) -> None:
    with transaction(told_of.settings) as session:
        activity = session.execute(select(c(Activity).id)).scalars().first()
        letter = session.execute(select(c(Letter).id)).scalars().first()
        assert activity
        assert letter
        session.add(Part(activity_id=activity, name="Björk", since=date(2024, 3, 1)))
        session.add(
            Attachment(
                letter_id=letter, name="bild.png", media_type="image/png", content=b"en bild"
            )
        )
    take(told_of, [*cases("Äldre", "2024-12", 2), *cases("Äldre", "2025-01", 1)])
    folder = archived(told_of, tmp_path / "arkiv")
    (part,) = lines(folder, "parts.jsonl")
    assert (part["name"], part["state"]) == ("Björk", "inte svarat")
    (enclosed,) = [a for a in lines(folder, "attachments.jsonl") if a["name"] == "bild.png"]
    assert enclosed["bytes"] == len(b"en bild")
    assert enclosed["sha256"] == sha256(b"en bild").hexdigest()
    found = lines(folder, "deviation_cases.jsonl")
    assert [one["registered_on"] for one in found] == ["2024-12-01", "2024-12-02"]
    assert check(folder) == []
