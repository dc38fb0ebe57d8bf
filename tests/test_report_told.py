"""What a roll-up tells its readers: whole, true on its own, and readable where they read it."""

from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from intake.lives.changes import ask_to_change
from intake.lives.plan_changes import ask_to_change_plan
from models.database import reading, transaction
from models.edition import ReportKind
from models.lifecycle import Brought, Move
from models.status import Says
from reports.approval import doubts, earlier_approved, edited, report
from reports.blocks import Heading, Paragraph, Report, Table, Tone
from reports.changes import changes
from reports.compiling import compile_edition
from reports.editions import Of
from reports.rollup.shapes import Days, Said
from reports.rollup.story import days_in_words, said_in_words
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from rules.lives import each_month
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_approval import JANUARY, approved, follow_up, on_file, promised, write, year
from tests.word_files import read_prose
from web.app import create_app

pytestmark = pytest.mark.by_turns
APRIL = date(2024, 4, 5)


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser, in January."""
    return browse(create_app(small_town.settings.model_copy(update={"today": JANUARY})))


def quarter(
    town: Town, when: date = APRIL, period: str = "2024Q1", group: int | None = None
) -> int:
    """A quarter's roll-up, compiled on a day."""
    of = Of(ReportKind.QUARTER, 1, group, period)
    made = compile_edition(town.settings, of, when, "Frida")
    assert made is not None
    return made[0]


def shown(town: Town, edition_id: int) -> Report:
    """The edition as it is shown in every format."""
    with reading(town.settings) as session:
        found = edited(session, edition_id)
        assert found is not None
        return report(session, found)


def tables(town: Town, edition_id: int) -> dict[str, Table]:
    """The report's tables by caption."""
    return {table.caption: table for table in shown(town, edition_id).tables()}


def warned(town: Town, edition_id: int) -> list[str]:
    """The warnings that a report holds."""
    blocks = shown(town, edition_id).blocks
    return [b.text for b in blocks if isinstance(b, Paragraph) and b.tone is Tone.WARNING]


def test_the_figure_of_a_follow_up_is_told_with_its_result(town: Town) -> None:
    follow_up(town, promised(town), date(2024, 11, 20))
    page = write_html(shown(town, year(town)))
    assert "Resultat: Fler kom hem tryggt. Siffra: 12." in page


def test_a_figure_in_an_answer_is_told_as_a_figure() -> None:
    said = Said(APRIL, Says.ON_TRACK, "", "41", "Alice")
    assert said_in_words(said) == "går enligt plan. Siffra: 41."
    spoken = Said(APRIL, Says.ON_TRACK, "Det rullar på.", "", "Alice")
    assert said_in_words(spoken) == "”Det rullar på.”"


@pytest.mark.parametrize(
    ("written", "told"),
    [("2024-06-30", "30 juni 2024"), ("2024-06-31", "2024-06-31"), ("sommaren", "sommaren")],
)
def test_a_day_in_figures_is_told_in_words(written: str, told: str) -> None:
    assert days_in_words(Days(written)) == told


def test_a_quarter_does_not_miss_what_the_years_report_is_to_tell(town: Town) -> None:
    promised(town)
    told = tables(town, quarter(town))["Det som ska redovisas"]
    assert [row[3] for row in told.rows] == ["Återstår"]
    assert warned(town, quarter(town)) == []
    told = tables(town, edition := year(town))["Det som ska redovisas"]
    assert [row[3] for row in told.rows] == ["Saknas"]
    assert warned(town, edition) == ["En redovisning saknas. Den står först i tabellen."]


def test_a_plans_own_money_comes_among_the_days_of_the_next_period(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        money = "400 000 kronor, används senast 2024-05-15"
        words = {"title": "Plan 2024", "group": str(town.alm), "funding": money}
        ask_to_change_plan(session, town.plan, words, FRIDA, today=date(2024, 2, 1))
    (comes,) = tables(town, quarter(town))["NOSAM Alm: det som kommer andra kvartalet 2024"].rows
    assert comes == ("15 maj 2024", "Planens medel ska vara använda", "Plan 2024")


def test_time_that_goes_by_is_no_figure_that_moved_without_a_cause(town: Town) -> None:
    town.decided("SIP för fler", by="2024-02-29")
    quarter(town, date(2024, 2, 15))
    late = quarter(town)
    assert on_file(town, late).frozen.number == 2
    assert warned(town, late) == []


def test_a_draft_warns_first_in_every_format(town: Town) -> None:
    town.decided("SIP för fler", by="2024-11-30")
    approved(town, first := year(town))
    town.change(1, deadline_first=None, deadline_last=None, deadline_text="i höst")
    second = year(town)
    assert second != first
    opening = shown(town, second).blocks[0]
    assert isinstance(opening, Paragraph)
    assert opening.text.startswith("NOSAM Alm, försenade var 1 i förra utgåvan och är 0 nu")


def test_a_draft_says_which_texts_are_still_last_years(town: Town) -> None:
    town.decided("SIP för fler", by="2025-11-30")
    write(town, year(town), framat="Nästa år börjar vi om.")
    edition = year(town, date(2026, 1, 9), "2025")
    said = ["Texten är kvar från förra året under Inför 2026."]
    assert doubts(shown(town, edition)) == said
    write(town, edition, framat="Nästa år går vi vidare.")
    assert doubts(shown(town, edition)) == []


def test_a_promise_that_was_kept_one_year_is_not_missed_the_next(town: Town) -> None:
    activity = promised(town)
    town.move(activity, Move.FOLLOW_UP, Brought(result="Klart", figure="2"), date(2024, 11, 20))
    told = tables(town, year(town, date(2026, 1, 9), "2025"))["Det som ska redovisas"]
    assert [row[3] for row in told.rows] == ["Redovisad"]


def test_what_was_done_after_the_period_is_told_as_such(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-11-30")
    town.move(sip, Move.START, today=date(2024, 4, 3))
    (row,) = tables(town, quarter(town))["NOSAM Alm: aktiviteterna"].rows
    assert row[1] == "Beslutad"
    assert row[3].endswith("Efter periodens slut: Startad 3 april 2024.")


def test_a_correction_lists_every_figure_that_moved(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-11-30")
    write(town, first := year(town), inledning="Ett bra år.")
    approved(town, first)
    town.move(sip, Move.START, today=date(2024, 12, 20))
    paused = Brought(
        reason="Väntar på avtal", review_on=date(2025, 3, 1), stand_in_group_id=town.alm
    )
    town.move(sip, Move.PAUSE, paused, today=date(2024, 12, 27))
    second = year(town)
    write(town, second, inledning="Ett ganska bra år.")
    rows = tables(town, second)["Det som skiljer sig från utgåva 1"].rows
    for row in (
        ("NOSAM Alm: startade", "0", "1"),
        ("NOSAM Alm: pausades", "0", "1"),
        ("NOSAM Alm: SIP för fler, pausen omprövas", "–", "1 mars 2025"),
        ("Texten under I korthet", "text", "ändrad text"),
    ):
        assert row in rows


def test_a_correction_of_words_alone_tells_what_happened_before_and_now(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-11-30")
    approved(town, year(town))
    with transaction(town.settings) as session:
        given = {"what": "SIP för alla", "reason": "Fler behöver"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 12, 30))
    with transaction(town.settings) as session:
        given = {"what": "SIP för fler", "reason": "Som förut"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 12, 30))
    second = on_file(town, year(town))
    with reading(town.settings) as session:
        first = earlier_approved(session, second)
        assert first is not None
    (told,) = changes(first.frozen, second.frozen, {}, {})
    assert told.what == "NOSAM Alm: SIP för fler – vad som hände"
    assert "Omformulerad" in told.after
    assert "Omformulerad" not in told.before


def test_a_section_that_nobody_wrote_in_and_that_has_nothing_is_left_out_when_approved(
    town: Town,
) -> None:
    town.decided("SIP för fler", by="2024-11-30")

    def headings(edition_id: int) -> set[str]:
        return {b.text for b in shown(town, edition_id).blocks if isinstance(b, Heading)}

    edition = year(town)
    asked = {"Målgrupper", "Ekonomi 2024", "Avvikelser i samverkan", "Löften om redovisning"}
    assert asked <= headings(edition)
    write(town, edition, ekonomi="Vi gick jämnt upp.")
    approved(town, edition)
    assert headings(edition) & asked == {"Ekonomi 2024"}


def test_a_groups_report_does_not_say_that_deviations_are_missing(small_town: Town) -> None:
    small_town.decided("SIP för fler", by="2024-11-30")
    of = Of(ReportKind.YEAR, 1, small_town.alm, "2024")
    made = compile_edition(small_town.settings, of, JANUARY, "Frida")
    assert made is not None
    page = write_html(shown(small_town, made[0]))
    assert "Avvikelserna räknas för hela samverkan" in page
    assert "Inga avvikelser är inlästa" not in page


def test_on_a_narrow_screen_a_wide_table_is_cards_that_name_each_cell(small_town: Town) -> None:
    small_town.decided("SIP för fler", by="2024-11-30")
    page = write_html(shown(small_town, year(small_town)))
    assert '<td data-label="Vad som hände">Beslutad 10 januari 2024' in page
    assert '<td class="number">1</td>' in page  # two columns have room enough
    assert '<div class="drawing wheel"' in page


def test_amounts_are_numbers_in_the_excel_file(small_town: Town) -> None:
    money = small_town.decided("SIP för fler", by="2024-11-30")
    small_town.change(money, funding_text="300 000 kronor", funding_amount=300_000)
    book = load_workbook(BytesIO(write_excel(shown(small_town, year(small_town)))))
    amount = book["Medel i planerna"].cell(4, 4)
    assert (amount.value, amount.number_format) == (300_000, '#,##0" kr"')
    about = [row[0].value for row in book["Om filen"].iter_rows()]
    assert about[-1] == "Utkast – inte godkänt"
    assert all(not name.endswith(" de") for name in book.sheetnames)


def filled(file: bytes, key: str, words: str) -> bytes:
    """The Word file with words written in one of its fields."""
    document = docx.Document(BytesIO(file))
    for control in document.element.body.iter(qn("w:sdt")):
        about = control.find(qn("w:sdtPr"))
        if about.find(qn("w:tag")).get(qn("w:val")) == f"foljsam:{key}":
            next(control.iter(qn("w:t"))).text = words
            about.remove(about.find(qn("w:showingPlcHdr")))
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def test_an_empty_field_in_word_leaves_what_was_written_on_the_page(
    frida: TestClient, small_town: Town
) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    draft = frida.get("/rapporter/1/fil.docx").content
    frida.post("/rapporter/1/skriv", data={"text_ekonomi": "Vi gick jämnt upp."})
    edited_file = filled(draft, "framat", "Nästa år börjar vi om.")
    assert read_prose(edited_file)["ekonomi"] == ""
    done = frida.post("/rapporter/1/word", files={"file": ("utkast.docx", edited_file)})
    assert "Texterna i Word-filen är inlästa." in done.text
    assert "Vi gick jämnt upp." in done.text
    assert "Nästa år börjar vi om." in done.text


def test_another_reports_word_file_is_refused_by_its_name(
    frida: TestClient, small_town: Town
) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    quarter(small_town)
    other = frida.get("/rapporter/2/fil.docx").content
    refused = frida.post("/rapporter/1/word", files={"file": ("utkast.docx", other)})
    assert refused.status_code == 422
    assert "Filen är Statusrapport kv 1 2024. Här skriver du i Årsrapport 2024." in refused.text


def test_a_tertial_can_be_asked_for_until_a_day(frida: TestClient, small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    assert '<option value="2024T3">Tertial 3 2024</option>' in frida.get("/rapporter").text
    asked = {"period": "2024T3", "group": "", "cut_off": "2024-12-31"}
    made = frida.post("/rapporter", data=asked)
    assert "till och med 31 december 2024" in made.text
    again = frida.post("/rapporter", data=asked)
    assert "Inget har ändrats sedan den här utgåvan sammanställdes." in again.text
    for day, says in (("2025-02-01", "till 9 januari 2025"), ("i mars", "Skriv dagen som")):
        refused = frida.post("/rapporter", data=asked | {"cut_off": day})
        assert refused.status_code == 422
        assert says in refused.text
        assert '<option value="2024T3" selected>' in refused.text


def test_the_years_report_stands_first_of_its_year(frida: TestClient, small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    quarter(small_town, JANUARY, "2024Q4")
    year(small_town)
    page = frida.get("/rapporter").text
    assert page.index("Årsrapporter 2024") < page.index("Fjärde kvartalet 2024")


def test_how_often_is_said_in_words() -> None:
    assert [each_month(n) for n in (1, 2, 6, 12, 18)] == [
        "varje månad",
        "varannan månad",
        "var sjätte månad",
        "var tolfte månad",
        "var 18:e månad",
    ]
