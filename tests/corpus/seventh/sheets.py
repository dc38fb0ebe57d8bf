"""Plans in Excel and in an open sheet."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .kit import (
    DONE,
    DROPPED,
    GOING,
    OPEN_NAMESPACES,
    PAUSED,
    TO_COME,
    activity,
    drawn,
    open_file,
    plan,
)

BOLD = Font(bold=True)


def book(title: str) -> tuple[Workbook, Worksheet]:
    """A new book, and its only sheet under that name."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    return made, sheet


def fill(colour: str) -> PatternFill:
    """A cell's colour, as six hexadecimal digits."""
    return PatternFill("solid", start_color=colour)


def put(sheet: Worksheet, rows: Iterable[Iterable[Any]], bold: Iterable[int] = ()) -> None:
    """Add rows beneath those there are; days are shown as days, the rows of `bold` are bold."""
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    for number in bold:
        for cell in sheet[number]:
            cell.font = BOLD


@drawn(
    "numbers_export.xlsx",
    "Numbers, two tables on a sheet",
    plan(
        activity("Prova digital hemmonitorering", "Lungsjuksköterska", "2026-04-24", GOING),
        activity("Skriv avtal om låneplattor", "Avtalscontroller", "2026-03-27", DONE),
        activity("Andningsskola i grupp", "Fysioterapeut", "2026-09-30", TO_COME),
        activity("Rökfri väntan inför operation", "Tobaksavvänjare", "2026-11-13", TO_COME),
    ),
)
def _numbers(path: Path) -> None:
    made, summary = book("Export Summary")
    put(
        summary,
        (
            (),
            (None, "This document was exported from Numbers."),
            (),
            (None, "Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"),
            (None, "Plan", "Det vi gör nu", "Plan - Det vi gör nu"),
            (None, "Plan", "Det vi gör sedan", "Plan - Det vi gör sedan"),
        ),
    )
    headings = ("Aktivitet", "Ansvarig", "Klart senast", "Status")
    now = made.create_sheet("Plan - Det vi gör nu")
    put(
        now,
        (
            ("Det vi gör nu", None, None, None),
            headings,
            ("Prova digital hemmonitorering", "Lungsjuksköterska", date(2026, 4, 24), "Pågår"),
            ("Skriv avtal om låneplattor", "Avtalscontroller", date(2026, 3, 27), "Klar"),
        ),
        bold=(2,),
    )
    later = made.create_sheet("Plan - Det vi gör sedan")
    put(
        later,
        (
            ("Det vi gör sedan", None, None, None),
            headings,
            ("Andningsskola i grupp", "Fysioterapeut", date(2026, 9, 30), "Ej startad"),
            ("Rökfri väntan inför operation", "Tobaksavvänjare", date(2026, 11, 13), "Ej startad"),
        ),
        bold=(2,),
    )
    for sheet in (now, later):
        sheet.merge_cells("A1:D1")
    made.save(path)


@drawn(
    "gantt_veckor.xlsx",
    "a Gantt chart of weeks beside days",
    plan(
        activity("Intervjua tolv familjer", "Utredare", "2026-03-20", DONE, start="2026-03-02"),
        activity(
            "Beskriv dagens väg genom vården",
            "Processledare",
            "2026-04-24",
            GOING,
            start="2026-03-23",
        ),
        activity(
            "Samlokalisera två team",
            "Fastighetsplanerare",
            "2026-05-29",
            TO_COME,
            start="2026-04-27",
        ),
        activity("Jämför före och efter", "Statistiker", "2026-06-12", TO_COME, start="2026-06-01"),
        title="Projektplan En väg in för familjer Lindhed 2026",
    ),
)
def _gantt(path: Path) -> None:
    made, sheet = book("Gantt")
    weeks = list(range(10, 25))
    headings = ("Nr", "Aktivitet", "Resurs", "Start", "Slut", "Dagar", "% klart")
    months = {10: "mars", 14: "april", 18: "maj", 23: "juni"}
    put(
        sheet,
        (
            ("Projektplan En väg in för familjer Lindhed 2026",),
            ("Projektkontoret, version 4",),
            (*(None,) * 7, *(months.get(week) for week in weeks)),
            (*headings, *(f"v{week}" for week in weeks)),
            ("1", "FAS 1: FÖRSTÅ"),
            (
                "1.1",
                "Intervjua tolv familjer",
                "Utredare",
                date(2026, 3, 2),
                date(2026, 3, 20),
                15,
                1,
            ),
            (
                "1.2",
                "Beskriv dagens väg genom vården",
                "Processledare",
                date(2026, 3, 23),
                date(2026, 4, 24),
                22,
                0.4,
            ),
            ("2", "FAS 2: PROVA"),
            (
                "2.1",
                "Samlokalisera två team",
                "Fastighetsplanerare",
                date(2026, 4, 27),
                date(2026, 5, 29),
                21,
                0,
            ),
            (
                "2.2",
                "Jämför före och efter",
                "Statistiker",
                date(2026, 6, 1),
                date(2026, 6, 12),
                9,
                0,
            ),
        ),
        bold=(1, 4, 5, 8),
    )
    bars = {6: (10, 12), 7: (13, 17), 9: (18, 22), 10: (23, 24)}
    for row, (first, last) in bars.items():
        sheet.cell(row, 7).number_format = "0%"
        for week in range(first, last + 1):
            sheet.cell(row, 8 + weeks.index(week)).fill = fill("5B9BD5")
    for number in range(len(weeks)):
        sheet.column_dimensions[get_column_letter(8 + number)].width = 4
    made.save(path)


@drawn(
    "farg_for_huvudman.xlsx",
    "a colour tells who answers, with a legend",
    plan(
        activity("Läkarstöd till boenden dygnet runt", "Regionen", "2026-06-30", GOING),
        activity("Undersköterskor i hembesöksbilen", "Kommunen", "2026-04-30", GOING),
        activity("Labbprov inom två timmar", "Regionen", "2026-10-31", TO_COME),
        activity("Lokaler för gemensamt team", "Kommunen", "2026-12-31", TO_COME),
        title="Färdplan Nära vård Östanholm 2026",
    ),
)
def _colour_of_who(path: Path) -> None:
    made, sheet = book("Färdplan")
    region, municipality = fill("9DC3E6"), fill("FFE699")
    put(
        sheet,
        (
            ("Färdplan Nära vård Östanholm 2026",),
            ("Blå = Regionen ansvarar",),
            ("Gul = Kommunen ansvarar",),
            (),
            ("Aktivitet", "Klart", "Läge"),
            ("Läkarstöd till boenden dygnet runt", date(2026, 6, 30), "Pågår"),
            ("Undersköterskor i hembesöksbilen", date(2026, 4, 30), "Pågår"),
            ("Labbprov inom två timmar", date(2026, 10, 31), "Ej påbörjad"),
            ("Lokaler för gemensamt team", date(2026, 12, 31), "Ej påbörjad"),
        ),
        bold=(1, 5),
    )
    for row in (2, 6, 8):
        sheet.cell(row, 1).fill = region
    for row in (3, 7, 9):
        sheet.cell(row, 1).fill = municipality
    made.save(path)


@drawn(
    "matris_mal_kommuner.xlsx",
    "goals down, municipalities across",
    plan(
        activity(
            "Samtalsmottagning på gymnasiet",
            "Björkdala kommun",
            "2026-05-31",
            goal="Färre unga mår dåligt",
        ),
        activity(
            "Fritidsbank i tre orter", "Ekbacka kommun", "2026-09-30", goal="Färre unga mår dåligt"
        ),
        activity(
            "Psykolog i elevhälsans möten",
            "Region Sörviken",
            "2026-10-15",
            goal="Färre unga mår dåligt",
        ),
        activity(
            "Boka hembesök inom tre dygn",
            "Björkdala kommun",
            "2026-04-30",
            goal="Trygg hemgång för äldre",
        ),
        activity(
            "Utskrivningsbesked före lunch",
            "Region Sörviken",
            "2026-03-31",
            goal="Trygg hemgång för äldre",
        ),
        activity(
            "Anhörigcafé på bokbussen", "Ekbacka kommun", "2026-11-20", goal="Anhöriga får stöd"
        ),
        title="Handlingsplan Vårdsamverkan Sörviken 2026",
    ),
)
def _matrix(path: Path) -> None:
    made, sheet = book("Matris")
    put(
        sheet,
        (
            ("Handlingsplan Vårdsamverkan Sörviken 2026",),
            ("Den som står överst i kolumnen ansvarar. Klart senast står inom parentes.",),
            ("Mål", "Björkdala kommun", "Ekbacka kommun", "Region Sörviken"),
            (
                "Färre unga mår dåligt",
                "Samtalsmottagning på gymnasiet (maj 2026)",
                "Fritidsbank i tre orter (september 2026)",
                "Psykolog i elevhälsans möten (2026-10-15)",
            ),
            (
                "Trygg hemgång för äldre",
                "Boka hembesök inom tre dygn (april 2026)",
                "–",
                "Utskrivningsbesked före lunch (mars 2026)",
            ),
            ("Anhöriga får stöd", None, "Anhörigcafé på bokbussen (2026-11-20)", None),
        ),
        bold=(1, 3),
    )
    made.save(path)


@drawn(
    "aktiviteter_pa_tvaren.xlsx",
    "a table on its side, goal merged over columns",
    plan(
        activity(
            "Gemensam triage på telefon",
            "Rådgivningschef",
            "2026-04-15",
            GOING,
            "Rätt nivå från början",
            start="2026-01-12",
            follow_up="Andel som slipper akuten",
        ),
        activity(
            "Lättakut på lördagar",
            "Primärvårdschef",
            "2026-09-05",
            TO_COME,
            "Rätt nivå från början",
            start="2026-08-01",
            follow_up="Besök per lördag",
        ),
        activity(
            "Hembesök av specialistläkare",
            "Områdeschef medicin",
            "2026-12-04",
            TO_COME,
            "Vården kommer hem",
            start="2026-09-14",
            follow_up="Antal undvikna resor",
        ),
        title="Handlingsplan Akut i tid Norrsundet by 2026",
    ),
)
def _on_its_side(path: Path) -> None:
    made, sheet = book("Plan")
    put(
        sheet,
        (
            ("Handlingsplan Akut i tid Norrsundet by 2026",),
            (),
            ("", "Nr 1", "Nr 2", "Nr 3"),
            ("Mål", "Rätt nivå från början", None, "Vården kommer hem"),
            (
                "Aktivitet",
                "Gemensam triage på telefon",
                "Lättakut på lördagar",
                "Hembesök av specialistläkare",
            ),
            ("Ansvarig", "Rådgivningschef", "Primärvårdschef", "Områdeschef medicin"),
            ("Start", date(2026, 1, 12), date(2026, 8, 1), date(2026, 9, 14)),
            ("Klart", date(2026, 4, 15), date(2026, 9, 5), date(2026, 12, 4)),
            ("Status", "Pågår", "Ej startad", "Ej startad"),
            ("Uppföljning", "Andel som slipper akuten", "Besök per lördag", "Antal undvikna resor"),
        ),
        bold=(1, 3),
    )
    sheet.merge_cells("B4:C4")
    for row in range(4, 11):
        sheet.cell(row, 1).font = BOLD
    made.save(path)


@drawn(
    "sorterad_med_rubrik.xlsx",
    "the heading row sorted in among the others",
    plan(
        activity("Kalla till planeringsdag", "Administratör", "2026-03-11", DONE),
        activity("Samla anhörigas frågor", "Anhörigkonsulent", "2026-04-20", GOING),
        activity("Pröva vattenförlossning i grannlänet", "Barnmorska", "2026-10-01", TO_COME),
        activity("Rita om väntrummet", "Inredare", "2026-08-28", TO_COME),
        activity("Filma en rundtur", "Webbredaktör", "2026-06-05", GOING),
    ),
)
def _sorted(path: Path) -> None:
    made, sheet = book("Blad1")
    put(
        sheet,
        (
            ("Administratör", "Kalla till planeringsdag", date(2026, 3, 11), "Klar"),
            ("Anhörigkonsulent", "Samla anhörigas frågor", date(2026, 4, 20), "Pågår"),
            ("Ansvarig", "Aktivitet", "Klart senast", "Status"),
            (
                "Barnmorska",
                "Pröva vattenförlossning i grannlänet",
                date(2026, 10, 1),
                "Ej påbörjad",
            ),
            ("Inredare", "Rita om väntrummet", date(2026, 8, 28), "Ej påbörjad"),
            ("Webbredaktör", "Filma en rundtur", date(2026, 6, 5), "Pågår"),
        ),
        bold=(3,),
    )
    made.save(path)


@drawn(
    "enheter_i_rubriken.xlsx",
    "units in the headings, numbers in the cells",
    plan(
        activity(
            "Ställ iordning träningskök", "Rehabchef", "2026-05-31", GOING, start="2026-03-30"
        ),
        activity(
            "Kör provvecka med sex boende", "Teamledare", "2026-09-06", TO_COME, start="2026-08-31"
        ),
        activity("Mät väntan före och efter", "Analytiker", "2026-03-08", DONE, start="2026-03-02"),
        title="Genomförandeplan Vardagsrehab Tallmon 2026",
    ),
)
def _units(path: Path) -> None:
    made, sheet = book("Vardagsrehab")
    put(
        sheet,
        (
            ("Genomförandeplan Vardagsrehab Tallmon 2026",),
            (
                "Aktivitet",
                "Ansvarig (roll)",
                "Start (vecka)",
                "Klart (vecka)",
                "Framdrift (%)",
                "Insats (tim)",
            ),
            ("Ställ iordning träningskök", "Rehabchef", 14, 22, 40, 120),
            ("Kör provvecka med sex boende", "Teamledare", 36, 36, 0, 64),
            ("Mät väntan före och efter", "Analytiker", 10, 10, 100, 16),
        ),
        bold=(1, 2),
    )
    made.save(path)


@drawn(
    "forms_svar.xlsx",
    "answers of a form, its own times beside the plan's",
    plan(
        activity(
            "Vandring med nyblivna pensionärer",
            "Hälsopedagog",
            "2026-05-20",
            goal="Fler rör sig varje vecka",
            start=None,
            follow_up="Antal som kommer tillbaka",
        ),
        activity(
            "Kokkurs för ensamstående män",
            "Kostvetare",
            "2026-10-21",
            goal="Fler äter lagad mat",
            start=None,
            follow_up="Enkät efter sista kvällen",
        ),
        activity(
            "Cykelskola för nyanlända",
            "Integrationspedagog",
            "2026-06-10",
            goal="Fler rör sig varje vecka",
            start=None,
            follow_up="Antal som klarar provet",
        ),
    ),
)
def _forms(path: Path) -> None:
    at = datetime.fromisoformat
    made, sheet = book("Sheet1")
    put(
        sheet,
        (
            (
                "ID",
                "Starttid",
                "Slutförandetid",
                "E-post",
                "Namn",
                "Vilken aktivitet vill ni göra?",
                "Vilket mål bidrar den till?",
                "Vem ansvarar hos er?",
                "När ska den vara klar?",
                "Hur följer ni upp den?",
            ),
            (
                1,
                at("2026-01-19 09:02:11"),
                at("2026-01-19 09:10:40"),
                "anonymous",
                "Alva Exempelsson",
                "Vandring med nyblivna pensionärer",
                "Fler rör sig varje vecka",
                "Hälsopedagog",
                date(2026, 5, 20),
                "Antal som kommer tillbaka",
            ),
            (
                2,
                at("2026-01-20 13:45:03"),
                at("2026-01-20 13:59:58"),
                "anonymous",
                "Nils Provdal",
                "Kokkurs för ensamstående män",
                "Fler äter lagad mat",
                "Kostvetare",
                date(2026, 10, 21),
                "Enkät efter sista kvällen",
            ),
            (
                3,
                at("2026-01-22 08:15:30"),
                at("2026-01-22 08:21:09"),
                "anonymous",
                "Rut Påhittdotter",
                "Cykelskola för nyanlända",
                "Fler rör sig varje vecka",
                "Integrationspedagog",
                date(2026, 6, 10),
                "Antal som klarar provet",
            ),
        ),
        bold=(1,),
    )
    made.save(path)


@drawn(
    "summor_och_prydnad.xlsx",
    "sum rows and rows of ornament",
    plan(
        activity("Gungor som tål vuxna", "Parkingenjör", "2026-05-15", GOING, "Ute är för alla"),
        activity("Bänk var hundrade meter", "Gatuchef", "2026-08-31", TO_COME, "Ute är för alla"),
        activity(
            "Sångstund på vårdcentralen", "Kulturskolechef", "2026-04-10", GOING, "Kultur ger hälsa"
        ),
        activity("Bok på recept", "Bibliotekarie", "2026-11-06", TO_COME, "Kultur ger hälsa"),
        activity("Dans för Parkinson", "Danspedagog", "2026-09-17", TO_COME, "Kultur ger hälsa"),
        title="Handlingsplan Hälsa i vardagen Blåklinta 2026",
    ),
)
def _sums(path: Path) -> None:
    made, sheet = book("Plan 2026")
    put(
        sheet,
        (
            ("★ ★ ★", None, None, None, None),
            ("Handlingsplan Hälsa i vardagen Blåklinta 2026", None, None, None, None),
            ("~~~~~~~~~~~~~~~~~~~~~~~~", None, None, None, None),
            ("Aktivitet", "Ansvarig", "Klart", "Status", "Kostnad (kr)"),
            ("Mål 1: Ute är för alla", None, None, None, None),
            ("Gungor som tål vuxna", "Parkingenjör", date(2026, 5, 15), "Pågår", 45000),
            ("Bänk var hundrade meter", "Gatuchef", date(2026, 8, 31), "Ej påbörjad", 80000),
            ("Delsumma mål 1", None, None, None, 125000),
            ("----------", "----------", "----------", "----------", "----------"),
            ("Mål 2: Kultur ger hälsa", None, None, None, None),
            ("Sångstund på vårdcentralen", "Kulturskolechef", date(2026, 4, 10), "Pågår", 6000),
            ("Bok på recept", "Bibliotekarie", date(2026, 11, 6), "Ej påbörjad", 0),
            ("Dans för Parkinson", "Danspedagog", date(2026, 9, 17), "Ej påbörjad", 12000),
            ("Delsumma mål 2", None, None, None, 18000),
            ("==========", "==========", "==========", "==========", "=========="),
            ("Totalt", None, None, None, 143000),
            ("* * *", None, None, None, None),
        ),
        bold=(2, 4, 8, 14, 16),
    )
    for row in (5, 10):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        sheet.cell(row, 1).fill = fill("C6E0B4")
    made.save(path)


@drawn(
    "hjalptext_under_rubriken.xlsx",
    "numbers over the headings, help and an example beneath",
    plan(
        activity(
            "Inför gemensam bedömning av nutrition",
            "Dietist",
            "2026-05-31",
            goal="Ingen går ner i vikt ofrivilligt",
            follow_up="Andel med bedömning",
        ),
        activity(
            "Servera nattmål på korttidsplats",
            "Kökschef",
            "2026-09-30",
            goal="Ingen går ner i vikt ofrivilligt",
            follow_up="Nattfasta i timmar",
        ),
        activity(
            "Erbjud tandvård före operation",
            "Tandvårdskoordinator",
            "2026-11-15",
            goal="Färre får vårdskador",
            follow_up="Antal infektioner",
        ),
        title="Handlingsplan Mat och mun Högforsa 2026",
        left_out=["Exempel"],
    ),
)
def _help(path: Path) -> None:
    made, sheet = book("Mall 2026")
    put(
        sheet,
        (
            ("Handlingsplan Mat och mun Högforsa 2026",),
            (1, 2, 3, 4, 5),
            ("Mål", "Aktivitet", "Ansvarig", "Klart senast", "Uppföljning"),
            (
                "(välj ur samverkansplanen)",
                "(börja med ett verb)",
                "(roll, inte namn)",
                "(åååå-mm-dd)",
                "(vad mäter ni?)",
            ),
            (
                "EXEMPEL: Fler vaccineras",
                "EXEMPEL: Öppna kvällsmottagning",
                "EXEMPEL: Smittskyddschef",
                "2025-10-01",
                "EXEMPEL: Andel vaccinerade",
            ),
            (
                "Ingen går ner i vikt ofrivilligt",
                "Inför gemensam bedömning av nutrition",
                "Dietist",
                "2026-05-31",
                "Andel med bedömning",
            ),
            (
                "Ingen går ner i vikt ofrivilligt",
                "Servera nattmål på korttidsplats",
                "Kökschef",
                "2026-09-30",
                "Nattfasta i timmar",
            ),
            (
                "Färre får vårdskador",
                "Erbjud tandvård före operation",
                "Tandvårdskoordinator",
                "2026-11-15",
                "Antal infektioner",
            ),
        ),
        bold=(1, 3),
    )
    for row in (4, 5):
        for cell in sheet[row]:
            cell.font = Font(italic=True, color="808080")
    made.save(path)


@drawn(
    "tider_i_ord.xlsx",
    "dates in words, in a cell wrapped",
    plan(
        activity("Inventera tolkbehovet", "Tolksamordnare", "2026-05-31", start="2026-03-01"),
        activity("Skriv ny överenskommelse", "Jurist", "2026-12-31"),
        activity("Besvara frågor från föreningar", "Föreningslots", None),
        activity("Se över jourlistan", "Jouransvarig", "2026-08-31"),
        activity("Provköra sjuktransport", "Transportledare", "2026-04-19", first="2026-03-30"),
        activity("Lägg fast budget för teamet", "Ekonom", "2026-12-31"),
        activity("Utse kontaktperson per enhet", "Enhetschef", "2026-06-10"),
        activity("Anmäl ärendet till nämnden", "Nämndsekreterare", "2026-09-30"),
        activity("Håll studiecirkel", "Cirkelledare", "2026-09-30", first="2026-08-01"),
        title="Årsplan Samverkan Tranemossen 2026",
    ),
)
def _in_words(path: Path) -> None:
    made, sheet = book("Årsplan")
    put(
        sheet,
        (
            ("Årsplan Samverkan Tranemossen 2026",),
            ("Aktivitet", "Ansvarig", "När är\ndet klart?"),
            ("Inventera tolkbehovet", "Tolksamordnare", "mars–maj"),
            ("Skriv ny överenskommelse", "Jurist", "ht 26"),
            ("Besvara frågor från föreningar", "Föreningslots", "löpande"),
            ("Se över jourlistan", "Jouransvarig", "tertial 2"),
            ("Provköra sjuktransport", "Transportledare", "vecka 14–16"),
            ("Lägg fast budget för teamet", "Ekonom", "senast vid årsskiftet"),
            ("Utse kontaktperson per enhet", "Enhetschef", "början av juni"),
            ("Anmäl ärendet till nämnden", "Nämndsekreterare", "Q3"),
            ("Håll studiecirkel", "Cirkelledare", "augusti/september"),
        ),
        bold=(1, 2),
    )
    sheet["C2"].alignment = Alignment(wrap_text=True)
    made.save(path)


@drawn(
    "anteckningar_i_celler.ods",
    "notes on cells, typed days and shares in an open sheet",
    plan(
        activity("Ny rutin för syrgas hemma", "Lungläkare", "2026-04-22", GOING),
        activity("Larmmatta på provboende", "Välfärdstekniker", "2026-02-27", DONE),
        activity("Brandskydd vid syrgas", "Brandingenjör", "2026-10-09", TO_COME),
        activity("Gemensam upphandling av sug", "Upphandlare", "2026-12-18", PAUSED),
        activity("Pappersblankett för egenvård", "Registrator", "2026-05-06", DROPPED),
        title="Åtgärdsplan Avancerad vård hemma Sjötorp 2026",
    ),
)
def _open_notes(path: Path) -> None:
    note = (
        "<office:annotation><dc:creator>Nils Provdal</dc:creator>"
        "<dc:date>2026-02-11T00:00:00</dc:date><text:p>Räcker det till april?</text:p>"
        "</office:annotation>"
    )
    rows = (
        ("Ny rutin för syrgas hemma", "Lungläkare", "2026-04-22", note, 0.5, "Pågår"),
        ("Larmmatta på provboende", "Välfärdstekniker", "2026-02-27", "", 1.0, "Klar"),
        ("Brandskydd vid syrgas", "Brandingenjör", "2026-10-09", "", 0.0, "Ej påbörjad"),
        ("Gemensam upphandling av sug", "Upphandlare", "2026-12-18", note, 0.1, "Pausad"),
        ("Pappersblankett för egenvård", "Registrator", "2026-05-06", "", 0.2, "Utgår"),
    )
    title = _row(_words("Åtgärdsplan Avancerad vård hemma Sjötorp 2026"))
    headings = ("Åtgärd", "Ansvarig", "Färdigt", "Andel klart", "Status")
    told = title + _row(*map(_words, headings))
    for what, who, day, remark, share, state in rows:
        shown = datetime.fromisoformat(day).strftime("%d.%m.%y")
        told += _row(
            _words(what),
            _words(who),
            _typed({"value-type": "date", "date-value": day}, remark, shown),
            _typed({"value-type": "percentage", "value": f"{share}"}, "", f"{share:.0%}"),
            _words(state),
        )
    open_file(
        path,
        "application/vnd.oasis.opendocument.spreadsheet",
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {OPEN_NAMESPACES} '
        'office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Plan">{told}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
    )


def _row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _words(words: str) -> str:
    return _typed({"value-type": "string"}, "", words)


def _typed(kept: Mapping[str, str], note: str, shown: str) -> str:
    """A cell with what is kept (of the office namespace), its note and what is shown."""
    told = " ".join(f'office:{name}="{value}"' for name, value in kept.items())
    return f"<table:table-cell {told}>{note}<text:p>{shown}</text:p></table:table-cell>"
