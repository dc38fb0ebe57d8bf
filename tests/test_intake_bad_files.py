"""Whatever is handed over, the answer is a plan or one clear sentence; never a traceback."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.documents import MAX_BYTES, Refusal, read_tables
from intake.drafts import PlanDraft
from intake.people.lists import read_people
from intake.plans import as_json, read_plan

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADS = ["Mål", "Aktivitet", "Ansvarig", "Deadline"]


def word_bytes() -> bytes:
    document = docx.Document()
    document.add_paragraph("Aktivitetsplan 2024", style="Title")
    table = document.add_table(2, len(HEADS))
    for column, words in enumerate(HEADS):
        table.cell(0, column).text = words
        table.cell(1, column).text = "maj 2024"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel_bytes() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    book.active.append(["A", "B", "C", 2024])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The same package with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def refusal(path: Path, max_bytes: int = MAX_BYTES) -> str:
    with pytest.raises(Refusal) as refused:
        read_plan(path, max_bytes=max_bytes)
    told = str(refused.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["plan", "plan.xyz", "plan.zip"])
def test_an_unknown_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "use .docx, .xlsx, .pdf or .csv" in refusal(saved(tmp_path / name, b"x"))


@pytest.mark.parametrize("name", ["plan.docm", "plan.xlsm", "plan.xlsb"])
def test_files_for_macros_are_refused(tmp_path: Path, name: str) -> None:
    assert "macros" in refusal(saved(tmp_path / name, word_bytes()))


def test_a_macro_inside_an_ordinary_name_is_refused(tmp_path: Path) -> None:
    data = repacked(word_bytes(), lambda _, part: part, word__vbaProject__bin=b"x")
    data = data.replace(b"vbaProject/bin", b"vbaProject.bin")
    assert "macros" in refusal(saved(tmp_path / "plan.docx", data))


@pytest.mark.parametrize("name", ["plan.docx", "plan.xlsx"])
@pytest.mark.parametrize("data", [b"PK\x03\x04 not a zip", b"hello", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_file_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert "damaged" in refusal(saved(tmp_path / name, data))


@pytest.mark.parametrize("data", [b"", b"\n\n  ", bytes(100)])
def test_an_empty_file_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "is empty" in refusal(saved(tmp_path / "plan.docx", data))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "plan.docx")
    (tmp_path / "folder.docx").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.docx")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    data = OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert "password" in refusal(saved(tmp_path / "plan.docx", data))


def test_an_old_file_is_refused_also_under_a_new_name(tmp_path: Path) -> None:
    data = OLE + bytes(500) + "WordDocument".encode("utf-16-le")
    assert "old Office format" in refusal(saved(tmp_path / "plan.docx", data))
    assert "save it as .docx" in refusal(saved(tmp_path / "plan.doc", data))


def test_a_workbook_named_as_a_document_is_refused(tmp_path: Path) -> None:
    assert "really a .xlsx" in refusal(saved(tmp_path / "plan.docx", excel_bytes()))


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert refusal(path) == "plan.docx is 50 MB; files above 20 MB are not read."
    assert "files above 0.00 MB" in refusal(saved(tmp_path / "b.docx", b"x" * 90), max_bytes=80)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    data = repacked(word_bytes(), lambda _, part: part, word__media=bytes(300 * 1024 * 1024))
    assert len(data) < 2 * 1024 * 1024
    assert "unpacks to far more" in refusal(saved(tmp_path / "plan.docx", data))


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(tmp_path: Path, coding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY c "&b;&b;">]><a>&c;</a>'

    def planted(name: str, part: bytes) -> bytes:
        return bomb.encode(coding) if name.endswith("document.xml") else part

    data = repacked(word_bytes(), planted)
    assert "XML entities" in refusal(saved(tmp_path / "plan.docx", data))


def test_a_document_without_a_table_is_refused(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Inga tabeller här")
    document.save(str(tmp_path / "plan.docx"))
    assert "no table" in refusal(tmp_path / "plan.docx")
    openpyxl.Workbook().save(tmp_path / "plan.xlsx")
    assert "no table" in refusal(tmp_path / "plan.xlsx")


def test_a_table_without_headings_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Äpplen", "Päron"])
    book.active.append(["3", "4"])
    book.save(tmp_path / "plan.xlsx")
    assert "no table with headings" in refusal(tmp_path / "plan.xlsx")


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS + ["x"] * 9_996)
    book.active.append(["A", "B", "C", 2024])
    book.save(tmp_path / "plan 2024.xlsx")
    assert "10000 columns" in refusal(tmp_path / "plan 2024.xlsx")
    wide = ";".join(HEADS + ["x"] * 9_996)
    assert "256 columns" in refusal(saved(tmp_path / "plan.csv", f"{wide}\nA;B;C;2024".encode()))


def test_a_cell_far_out_does_not_make_a_million_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    book.active.append(["A", "B", "C", 2024])
    book.active.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "plan 2024.xlsx")
    draft = read_plan(tmp_path / "plan 2024.xlsx")
    assert len(draft.activities) == 1
    assert any("XFD1048576" in doubt for doubt in draft.doubts)


def test_a_merged_area_over_a_whole_sheet_is_refused(tmp_path: Path) -> None:
    def planted(name: str, part: bytes) -> bytes:
        merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'
        return part.replace(b"<pageMargins", merged) if "sheet1" in name else part

    data = repacked(excel_bytes(), planted)
    assert "cells" in refusal(saved(tmp_path / "plan.xlsx", data))


def test_a_cell_over_a_million_columns_is_bounded(tmp_path: Path) -> None:
    def planted(name: str, part: bytes) -> bytes:
        span = b'<w:tcPr><w:gridSpan w:val="1000000"/>'
        return part.replace(b"<w:tcPr>", span) if name.endswith("document.xml") else part

    path = saved(tmp_path / "plan.docx", repacked(word_bytes(), planted))
    (table,) = read_tables(path).tables
    assert max(len(row) for row in table.rows) <= 64


def test_invisible_signs_are_no_part_of_the_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Akti\u00advitet", "\u202eAnsvarig\u202c", "Dead\u200bline"])
    book.active.append(["Rutin\u00a0A", "NOSAM\ufeff", "maj 2024"])
    book.save(tmp_path / "plan 2024.xlsx")
    (one,) = read_plan(tmp_path / "plan 2024.xlsx").activities
    assert (one.what, one.responsible) == ("Rutin A", ("NOSAM",))


def test_formulas_without_a_saved_value_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    book.active.append(["A", "B", '=HYPERLINK("x")', 2024])
    book.save(tmp_path / "plan 2024.xlsx")
    assert any("formler" in doubt for doubt in read_plan(tmp_path / "plan 2024.xlsx").doubts)


# --- fuzz: a bounded run ------------------------------------------------------------------------

few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
KINDS = {".docx": word_bytes(), ".xlsx": excel_bytes()}


def read_or_refuse(data: bytes, ending: str) -> None:
    with TemporaryDirectory() as folder:
        path = saved(Path(folder) / f"plan{ending}", data)
        try:
            draft = read_plan(path)
        except Refusal:
            return
        assert isinstance(draft, PlanDraft)
        as_json(draft)


@few
@given(st.binary(max_size=2_000), st.sampled_from(sorted(KINDS)), st.booleans())
def test_random_bytes_are_refused(data: bytes, ending: str, zipped: bool) -> None:
    read_or_refuse((b"PK\x03\x04" if zipped else b"") + data, ending)


@few
@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_file_with_changed_bytes_is_read_or_refused(data: st.DataObject, ending: str) -> None:
    whole = bytearray(KINDS[ending])
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(whole) // 2, len(whole)))
    read_or_refuse(bytes(whole[:cut]), ending)


@few
@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_file_with_changed_xml_is_read_or_refused(data: st.DataObject, ending: str) -> None:
    def changed(name: str, part: bytes) -> bytes:
        if not name.endswith(("document.xml", "sheet1.xml", "styles.xml", "sharedStrings.xml")):
            return part
        at = data.draw(st.integers(0, len(part)))
        end = data.draw(st.integers(at, min(len(part), at + 200)))
        new = data.draw(
            st.sampled_from([b"", b"<", b'"', b"\x00", part[at:end] * 2, b"<a/>", b"9"])
        )
        return part[:at] + new + part[end:]

    read_or_refuse(repacked(KINDS[ending], changed), ending)


_cells = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.sampled_from(
        ["Aktivitet", "Ansvarig", "Mål", "Deadline", "Klart", "- a", "a\n\nb", "2024-02-31"]
    ),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
)


@few
@given(st.lists(st.lists(_cells, max_size=6), max_size=8))
def test_any_sheet_is_read_or_refused(rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    read_or_refuse(out.getvalue(), ".xlsx")


@few
@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx"]), st.booleans())
def test_any_list_of_people_is_read_or_refused(data: bytes, ending: str, headed: bool) -> None:
    with TemporaryDirectory() as folder:
        heads = b"Namn;E-post;Grupp\r\n" if headed else b""
        path = saved(Path(folder) / f"people{ending}", heads + data)
        with suppress(Refusal):
            read_people(path)
