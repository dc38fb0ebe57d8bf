"""Whatever bytes or tables come, the answer is a draft or a refusal; `make fuzz` tries more."""

import csv
import io
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import openpyxl
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.documents import Document, Refusal, Table, damaged
from intake.drafts import PlanDraft, as_json
from intake.people.lists import read_people
from intake.plans import plan_in, understood
from intake.readers.pdf import read_pdf
from tests.sizes import size

TIMES = size("FUZZ", 25, 1000)
some = settings(
    max_examples=TIMES,
    derandomize="FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
HEADS = ["Mål", "Aktivitet", "Ansvarig", "Deadline", "Uppföljning", "Status"]
ROW = ["Tillit", "Kurs i mars", "NOSAM Alm/AU", "31 maj 2026", "Redovisas i årsrapport", "Pågår"]


def as_word() -> bytes:
    document = docx.Document()
    document.add_paragraph("Aktivitetsplan 2026", style="Title")
    table = document.add_table(2, len(HEADS))
    for at, row in enumerate((HEADS, ROW)):
        for column, words in enumerate(row):
            table.cell(at, column).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_excel() -> bytes:
    return as_workbook([HEADS, ROW])


def as_workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(coding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEADS, ROW])
    return out.getvalue().encode(coding)


def as_pdf(stroke: str) -> bytes:
    cells = ", ".join(f"[{words}]" for words in (*HEADS, *ROW, *ROW))
    source = f"= Plan 2026\n#table(columns: 6, stroke: {stroke}, {cells})"
    compiled: bytes = typst.compile(source.encode(), format="pdf")
    return compiled


FILES = {
    "plan.docx": [as_word()],
    "plan.xlsx": [as_excel()],
    "plan.csv": [as_csv("utf-8-sig"), as_csv("cp1252"), as_csv("utf-16")],
    "plan.pdf": [as_pdf("1pt"), as_pdf("none")],
}


def read(name: str, data: bytes) -> None:
    """Read it as a page would; PDF in this process, since a thousand children take an hour."""
    try:
        draft = _pdf(name, data) if name.endswith(".pdf") else plan_in(name, data)
    except Refusal:
        return
    assert isinstance(draft, PlanDraft)
    as_json(draft)


def _pdf(name: str, data: bytes) -> PlanDraft:
    try:
        content = read_pdf(name, data, 20)
    except Refusal:
        raise
    except Exception as error:  # as `apart.py` takes whatever the library raises
        raise damaged(name) from error
    return understood(Document(name, "", content.blocks, content.notes, content.margin))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A real file with bytes changed, cut out, doubled or put in."""
    name = draw(st.sampled_from(sorted(FILES)))
    whole = bytearray(draw(st.sampled_from(FILES[name])))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, max(len(whole) - 1, 0)))
        end = min(len(whole), at + draw(st.integers(0, 40)))
        planted = draw(
            st.sampled_from([b"", b"\x00", b"\xff\xfe", b"<", b"/", b"9" * 9, b"-1 ", b'"'])
        )
        whole[at:end] = planted if draw(st.booleans()) else bytes(whole[at:end]) * 2
    return name, bytes(whole)


@some
@given(mutated())
def test_a_file_with_changed_bytes_is_read_or_refused(file: tuple[str, bytes]) -> None:
    read(*file)


@some
@given(st.sampled_from([*sorted(FILES), "x.docm", "x.doc", "x"]), st.binary(max_size=600))
def test_any_bytes_under_any_name_are_read_or_refused(name: str, data: bytes) -> None:
    starts = {".pdf": b"%PDF-1.4\n", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04"}
    read(name, data)
    if len(data) % 2 and not name.endswith(".pdf"):
        read(name, starts.get(Path(name).suffix, b"\xef\xbb\xbf") + data)


_words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        [
            *HEADS, *ROW, "", "-", "”", "Summa", "1.1", "Mål 1, 3", "Fokusområde: Barn", "x\n\ny",
            "a\nb", "31 april", "v. 53 2025", "2024–2025", "450 tkr senast 2026-10-31", "Vilande",
            "=HYPERLINK(1)", "\u202eabc", "Beslut: AU", "rapporteras till NOSAM och i årsrapport",
            "Start: jan, slut: maj", "100%", "(" * 30, "NOSAM " * 20, "i samverkan med TG Äldre",
            "Q1", "Q2", "Aktivitet:", "Ansvarig: AU", "kv 2", "0", "99999999999", "tom",
        ]
    ),
)  # fmt: skip


@some
@given(st.lists(st.lists(_words, max_size=7), max_size=9), st.sampled_from([";", ",", "\t"]))
def test_any_table_of_words_is_read_or_refused(rows: list[list[str]], sign: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([HEADS, *rows])
    read("plan 2026.csv", out.getvalue().encode())


@some
@given(st.lists(_words, max_size=25))
def test_any_paragraphs_are_read_or_refused(lines: list[str]) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph("".join(c for c in line if c.isprintable()))
    table = document.add_table(2, 3)
    for at, row in enumerate((HEADS[1:4], ROW[1:4])):
        for column, words in enumerate(row):
            table.cell(at, column).text = words
    out = io.BytesIO()
    document.save(out)
    read("plan.docx", out.getvalue())


@settings(some, max_examples=max(15, TIMES // 4))
@given(st.lists(st.lists(_words, min_size=3, max_size=3), min_size=1, max_size=12), st.booleans())
def test_any_table_in_a_pdf_is_read_or_refused(rows: list[list[str]], ruled: bool) -> None:
    printable = [["".join(c for c in word if c.isprintable()) for word in row] for row in rows]
    cells = ", ".join(
        '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for row in [HEADS[1:4], *printable]
        for word in row
    )
    stroke = "1pt" if ruled else "none"
    source = f"#set page(height: 9cm)\n= Plan 2026\n#table(columns: 3, stroke: {stroke}, {cells})"
    read("plan.pdf", typst.compile(source.encode(), format="pdf"))


@pytest.mark.parametrize("words", ["Redovisas i å//", "Stöd inom x och  och ", "/", "//A"])
def test_signs_that_join_nothing_are_read(words: str) -> None:
    draft = plan_in("plan 2026.csv", f"Aktivitet;Ansvarig;Deadline\nKurs;{words};maj\n".encode())
    assert draft.activities[0].what == "Kurs"


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_files_that_are_changed_are_read_when_they_are_whole(name: str) -> None:
    for data in FILES[name]:
        draft = plan_in(name, data)
        assert draft.activities[0].what == "Kurs i mars"
        assert draft.activities[0].source.row > 0


def test_no_file_is_left_behind(tmp_path: Path) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.pdf"
        path.write_bytes(as_pdf("1pt")[:900])
        with pytest.raises(Refusal):
            plan_in(path.name, path.read_bytes())
        assert [one.name for one in Path(folder).iterdir()] == ["plan.pdf"]


def test_a_table_of_people_is_no_plan_and_the_other_way_round(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(as_csv("utf-8"))
    with pytest.raises(Refusal):
        read_people(path)
    people = b"Namn;E-post;Grupp\nAlice Ek;alice@example.org;NOSAM Alm"
    with pytest.raises(Refusal):
        plan_in("people.csv", people)


def test_a_table_is_what_every_reader_gives() -> None:
    for data in FILES["plan.pdf"]:
        (table,) = read_pdf("plan.pdf", data, 5).blocks[1:]
        assert isinstance(table, Table)
