"""PDF plans: tables over pages, words that the page cut, and files that are no plan at all."""
# ruff: noqa: E501 - drawings of tables

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst

from intake.documents import Refusal, Table, read_content
from intake.plans import plan_in, read_plan
from tests.plans_by_hand import drawn, pdf, understood

TABLE = "Aktivitet | Ansvarig | Klart\nKurs | NOSAM Alm | maj 2026"


def typeset(source: str) -> bytes:
    compiled: bytes = typst.compile(source.encode(), format="pdf")
    return compiled


def tables(data: bytes) -> list[Table]:
    return read_content("plan.pdf", data).tables


def words(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def refusal(data: bytes, max_pages: int = 200) -> str:
    with pytest.raises(Refusal) as refused:
        plan_in("plan.pdf", data, max_pages=max_pages)
    assert refused.value.swedish.endswith(".")
    return str(refused.value)


# --- tables -------------------------------------------------------------------------------------


def test_a_row_that_the_page_cut_is_one_row_and_headings_are_not_repeated() -> None:
    long = " ".join(f"mening {n} om hur det går till i vardagen" for n in range(60))
    (table,) = tables(
        typeset(
            f"""#set page(width: 20cm, height: 9cm, margin: 1cm)
            #table(columns: (5cm, 8cm, 4cm), table.header[Aktivitet][Hur][Ansvarig],
            [Kurs], [{long}.], [NOSAM Alm], [Enkät], [Webben], [AU])"""
        )
    )
    assert words(table) == [
        ["Aktivitet", "Hur", "Ansvarig"],
        ["Kurs", f"{long}.", "NOSAM Alm"],
        ["Enkät", "Webben", "AU"],
    ]
    pages = [row[0].page for row in table.rows]
    assert pages == sorted(pages)
    assert pages[0] == pages[1] == 1 < pages[2]


def test_a_goal_merged_over_rows_is_repeated_and_tells_where_it_stands() -> None:
    (table,) = tables(
        typeset(
            """#table(columns: 3, table.header[Mål][Aktivitet][Klart],
            table.cell(rowspan: 2)[Tillit], [Möte], [maj], [Enkät], [juni])"""
        )
    )
    goal = table.rows[2][0]
    assert (goal.text, goal.merged_from) == ("Tillit", (2, 1))


def test_words_cut_at_the_end_of_a_line_are_whole_again() -> None:
    (table,) = tables(
        typeset(
            """#set text(lang: "sv", hyphenate: true)
            #table(columns: (2cm, 4cm), [Vem], [Hur], [Samordningsgruppens ordförande],
            [Verksamhetsutveckling genomförs i vård- och omsorgsförvaltningen])"""
        )
    )
    assert words(table)[1] == [
        "Samordningsgruppens ordförande",
        "Verksamhetsutveckling genomförs i vård- och omsorgsförvaltningen",
    ]


def test_a_word_that_only_the_cells_width_cut_is_whole_again() -> None:
    """Without a hyphen, as Word breaks a word that is wider than its column."""
    (table,) = tables(
        typeset(
            """#table(columns: (auto, 5cm), [Vem], [Hur],
            [samordningsgrup #linebreak() pens analys], [Möte])"""
        )
    )
    assert words(table)[1][0] == "samordningsgruppens analys"


def test_paragraphs_and_lists_in_a_cell_keep_their_lines() -> None:
    (table,) = tables(
        typeset(
            """#table(columns: (6cm, 6cm), [Vad], [Hur],
            [Kurs], [Bjud in. #linebreak() - Chefer #linebreak() - Alla \\ \\ Utvärdera.])"""
        )
    )
    assert words(table)[1][1] == "Bjud in.\n- Chefer\n- Alla\n\nUtvärdera."


def test_text_between_tables_names_the_focus_area(tmp_path: Path) -> None:
    draft = read_plan(
        pdf(
            tmp_path / "plan.pdf",
            "= Handlingsplan 2026",
            "== Fokusområde 1: Barn",
            drawn(TABLE),
            "== Fokusområde 2: Äldre",
            drawn(TABLE.replace("Kurs", "Besök")),
        )
    )
    understood(
        draft.activities,
        """
        what  | focus_area | responsible | deadline
        Kurs  | Barn       | NOSAM Alm   | 2026-05-31
        Besök | Äldre      | NOSAM Alm   | 2026-05-31
        """,
    )


def test_page_heads_and_numbers_are_no_part_of_the_text(tmp_path: Path) -> None:
    rows = [*drawn(TABLE), *[[f"Kurs {n}", "AU", "juni"] for n in range(90)]]
    document = read_content(
        "plan.pdf",
        pdf(
            tmp_path / "plan.pdf",
            "= Plan 2026",
            rows,
            page=", header: [Ekdals vårdsamverkan], footer: context [Sida #counter(page).display()]",
        ).read_bytes(),
    )
    assert document.margin == ["Ekdals vårdsamverkan"]
    assert [paragraph.text for paragraph in document.paragraphs] == ["Plan 2026"]
    assert len(document.tables[0].rows) == 92


def test_the_same_plan_in_pdf_without_lines_says_the_same(tmp_path: Path) -> None:
    rows = drawn(
        """
        Mål | Aktivitet | Ansvarig | Start | Klart senast
        Tillit | Studiebesök hos varandra en halv dag i veckan under våren och hösten | Alice Ek | jan | maj
        Fall | Hembesök till alla som har fyllt åttio år och bor ensamma | Rehab Alm | feb | okt
        """
    )
    told = {"columns": "(2.5cm, 6cm, 3cm, 2cm, 3cm)"}
    read = [
        read_plan(pdf(tmp_path / f"plan {stroke}.pdf", "= Plan 2026", rows, stroke=stroke, **told))
        for stroke in ("1pt", "none", "(bottom: 1pt)")
    ]
    said = [
        [(a.what, a.goal, a.responsible, a.start.first, a.deadline.last) for a in one.activities]
        for one in read
    ]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 2


# --- bad files ----------------------------------------------------------------------------------


def changed(
    data: bytes, change: Callable[[pikepdf.Pdf], None], key: pikepdf.Encryption | None = None
) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        change(document)
        document.save(out, encryption=key or False)
    return out.getvalue()


@pytest.fixture(scope="module")
def plan() -> bytes:
    return typeset("= Plan 2026\n#table(columns: 3, [Aktivitet], [Vem], [Klart], [A], [AU], [maj])")


def test_a_pdf_with_a_password_is_refused(plan: bytes) -> None:
    locked = changed(plan, lambda _: None, pikepdf.Encryption(user="hemligt", owner="x"))
    assert "password" in refusal(locked)


def test_a_pdf_that_only_forbids_changes_is_read(plan: bytes) -> None:
    marked = changed(plan, lambda _: None, pikepdf.Encryption(user="", owner="x"))
    assert len(plan_in("plan.pdf", marked).activities) == 1


def test_a_scanned_pdf_is_refused_with_what_to_do() -> None:
    picture = typeset("#rect(width: 10cm, height: 5cm, fill: gray)")
    assert "pictures of text" in refusal(picture)


@pytest.mark.parametrize("data", [b"%PDF-1.7 and then nothing", b"hello", b"PK\x03\x04"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    assert "real PDF file" in refusal(data)


def test_too_many_pages_are_refused() -> None:
    many = typeset("a #pagebreak() b #pagebreak() c")
    assert refusal(many, max_pages=2) == (
        "plan.pdf has 3 pages; PDF files above 2 pages are not read."
    )


def test_a_page_that_unpacks_to_gigabytes_is_refused(plan: bytes) -> None:
    def planted(document: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        first, again = (
            packer.compress(b"0 0 m " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
            for _ in range(2)
        )  # after a full flush the same is packed the same
        stream = document.make_stream(b"")
        stream.write(first + again * 199 + packer.flush(), filter=pikepdf.Name.FlateDecode)
        document.pages[0].Contents = stream

    assert "more on page 1" in refusal(changed(plan, planted))


def test_a_text_without_tables_or_activities_is_refused() -> None:
    assert "no table with headings" in refusal(typeset("Hej och välkommen till mötet."))
