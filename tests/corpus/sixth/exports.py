"""Plans as programs write them, and as sheets are saved for others."""

from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    book,
    keeper,
    open_file,
    plan,
    save,
)

FILES: Files = {}
file = keeper(FILES)


@file(
    "hypergene_uttag.xlsx",
    "Hypergene",
    plan(
        "Aktivitetsplan Nära vård och omsorg Ljungvalla 2026",
        one(
            "Hälsosamtal vid 75 år",
            ["Distriktssköterska"],
            "2026-12-31",
            start="2026-01-01",
            goal="Invånarna behåller sin hälsa",
            state=ON_GOING,
        ),
        one(
            "Egenvårdsskola på kvällstid",
            ["Vårdutvecklare"],
            "2026-06-30",
            start="2026-02-01",
            goal="Invånarna behåller sin hälsa",
            state=ASK_DONE,
        ),
        one(
            "Mobil röntgen till boenden",
            ["Röntgenchef"],
            "2026-11-30",
            start="2026-09-01",
            goal="Vården kommer till invånaren",
            state=NOT_BEGUN,
        ),
    ),
)
def _hypergene_uttag(path: Path) -> None:
    """Export with the headings Perspektiv | Mål | Aktivitet | Aktivitetsansvarig | Period fr.o.m. | Period t.o.m. | Genomförandegrad | Status | Kommentar, a line of choices over it and a line with who printed it beneath."""
    b, ws = book(
        (
            "Uttag",
            [
                ["Aktivitetsplan Nära vård och omsorg Ljungvalla 2026"],
                ["Organisation: Nämnden för hälsa   Period: 2026-06   Version: Fastställd"],
                [],
                [
                    "Perspektiv",
                    "Mål",
                    "Aktivitet",
                    "Aktivitetsansvarig",
                    "Period fr.o.m.",
                    "Period t.o.m.",
                    "Genomförandegrad",
                    "Status",
                    "Kommentar",
                ],
                [
                    "Invånare",
                    "Invånarna behåller sin hälsa",
                    "Hälsosamtal vid 75 år",
                    "Distriktssköterska",
                    date(2026, 1, 1),
                    date(2026, 12, 31),
                    0.5,
                    "Pågående",
                    "Hälften har fått kallelse",
                ],
                [
                    "Invånare",
                    "Invånarna behåller sin hälsa",
                    "Egenvårdsskola på kvällstid",
                    "Vårdutvecklare",
                    date(2026, 2, 1),
                    date(2026, 6, 30),
                    1,
                    "Genomförd",
                    "Åtta kvällar",
                ],
                [
                    "Process",
                    "Vården kommer till invånaren",
                    "Mobil röntgen till boenden",
                    "Röntgenchef",
                    date(2026, 9, 1),
                    date(2026, 11, 30),
                    0,
                    "Ej startad",
                    "",
                ],
                [],
                ["Utskrivet av Kvalitetsenheten 2026-07-02 08:41"],
            ],
        )
    )
    for r in (5, 6, 7):
        ws[f"G{r}"].number_format = "0%"
    b.save(path)


@file(
    "antura_aktiviteter.xlsx",
    "Antura",
    plan(
        None,
        one(
            "Intervjua hemtjänstpersonal",
            ["Birk Almsjö"],
            "2026-03-20",
            start="2026-02-09",
            state=[*ASK_DONE, "avslutad"],
        ),
        one(
            "Beskriv önskat flöde",
            ["Ylva Granbo"],
            "2026-05-08",
            start="2026-03-23",
            state=ON_GOING,
        ),
        one(
            "Prova flödet på en avdelning",
            ["Ylva Granbo"],
            "2026-10-16",
            start="2026-08-31",
            state=NOT_BEGUN,
        ),
    ),
)
def _antura_aktiviteter(path: Path) -> None:
    """Export: ID, WBS, Aktivitet, Typ, Ansvarig, Planerad start, Planerat slut, Verkligt slut, % färdigt, Tillstånd."""
    b, _ = book(
        (
            "Aktiviteter",
            [
                [
                    "ID",
                    "WBS",
                    "Aktivitet",
                    "Typ",
                    "Ansvarig",
                    "Planerad start",
                    "Planerat slut",
                    "Verkligt slut",
                    "% färdigt",
                    "Tillstånd",
                ],
                [
                    40211,
                    "1.1",
                    "Intervjua hemtjänstpersonal",
                    "Aktivitet",
                    "Birk Almsjö",
                    date(2026, 2, 9),
                    date(2026, 3, 20),
                    date(2026, 3, 18),
                    100,
                    "Avslutad",
                ],
                [
                    40212,
                    "1.2",
                    "Beskriv önskat flöde",
                    "Aktivitet",
                    "Ylva Granbo",
                    date(2026, 3, 23),
                    date(2026, 5, 8),
                    None,
                    35,
                    "Pågår",
                ],
                [
                    40213,
                    "2.1",
                    "Prova flödet på en avdelning",
                    "Aktivitet",
                    "Ylva Granbo",
                    date(2026, 8, 31),
                    date(2026, 10, 16),
                    None,
                    0,
                    "Ej startad",
                ],
            ],
        )
    )
    b.save(path)


@file(
    "stratsys_trad.xlsx",
    "Stratsys, a tree with levels in columns",
    plan(
        "Verksamhetsplan Samverkan Ekhamra 2026",
        one(
            "En väg in för förskolans oro",
            ["Förskolechef"],
            "2026-05-31",
            goal="Barn får hjälp tidigt",
            state=ON_GOING,
        ),
        one(
            "Föräldrastöd på tre språk",
            ["Familjestödjare"],
            "2026-09-30",
            goal="Barn får hjälp tidigt",
            state=NOT_BEGUN,
        ),
        one(
            "Seniorhälsodag på torget",
            ["Aktivitetsledare"],
            "2026-05-20",
            goal="Äldre är delaktiga",
            state=[*ASK_DONE, "avslutad"],
        ),
    ),
)
def _stratsys_trad(path: Path) -> None:
    """Column A the focus area (merged), B the goal (merged), C the activity; each on rows of its own as the tool writes them."""
    b, ws = book(
        (
            "Plan",
            [
                ["Verksamhetsplan Samverkan Ekhamra 2026"],
                [],
                ["Fokusområde", "Mål", "Aktivitet", "Ansvarig", "Slutdatum", "Status"],
                [
                    "Förebyggande arbete",
                    "Barn får hjälp tidigt",
                    "En väg in för förskolans oro",
                    "Förskolechef",
                    "2026-05-31",
                    "Pågående",
                ],
                [
                    "",
                    "",
                    "Föräldrastöd på tre språk",
                    "Familjestödjare",
                    "2026-09-30",
                    "Ej påbörjad",
                ],
                [
                    "",
                    "Äldre är delaktiga",
                    "Seniorhälsodag på torget",
                    "Aktivitetsledare",
                    "2026-05-20",
                    "Avslutad",
                ],
            ],
        )
    )
    ws.merge_cells("A4:A6")
    ws.merge_cells("B4:B5")
    ws.merge_cells("A1:F1")
    b.save(path)


@file(
    "sammanslaget.ods",
    "covered cells and repeats in an open sheet",
    plan(
        "Samverkansplan Hälsa i hyreshus Torsängen 2026",
        one(
            "Odlingslådor på gårdarna",
            ["Bovärd"],
            "2026-05-15",
            goal="Grannar lär känna varandra",
            state=ON_GOING,
        ),
        one(
            "Språkkafé med distriktssköterska",
            ["Föreningslots"],
            "2026-09-10",
            goal="Grannar lär känna varandra",
            state=NOT_BEGUN,
        ),
        one(
            "Trapphusvärdar",
            ["Bosocial strateg"],
            "2026-11-02",
            goal="Färre fall i trappan",
            state=NOT_BEGUN,
        ),
    ),
)
def _sammanslaget(path: Path) -> None:
    """LibreOffice sheet: the title over merged cells, the goal merged over two rows (covered cells), dates shown as 15.05.26, repeated empty columns and rows."""
    s = (
        '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>.</number:text>'
        '<number:month number:style="long"/><number:text>.</number:text><number:year/></number:date-style>'
        '<style:style style:name="d" style:family="table-cell" style:data-style-name="N1"/>'
    )

    def words(said: str, more: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{more}><text:p>{escape(said)}</text:p></table:table-cell>'

    def day(iso: str, shown: str) -> str:
        return f'<table:table-cell table:style-name="d" office:value-type="date" office:date-value="{iso}"><text:p>{shown}</text:p></table:table-cell>'

    def row(*cells: str) -> str:
        return (
            "<table:table-row>"
            + "".join(cells)
            + '<table:table-cell table:number-columns-repeated="1019"/></table:table-row>'
        )

    cov = "<table:covered-table-cell/>"
    body = (
        '<table:table table:name="Plan"><table:table-column table:number-columns-repeated="1024"/>'
        + row(
            words(
                "Samverkansplan Hälsa i hyreshus Torsängen 2026",
                ' table:number-columns-spanned="5" table:number-rows-spanned="1"',
            ),
            '<table:covered-table-cell table:number-columns-repeated="4"/>',
        )
        + '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        + row(*map(words, ("Mål", "Aktivitet", "Ansvarig", "Färdigt", "Läge")))
        + row(
            words(
                "Grannar lär känna varandra",
                ' table:number-columns-spanned="1" table:number-rows-spanned="2"',
            ),
            words("Odlingslådor på gårdarna"),
            words("Bovärd"),
            day("2026-05-15", "15.05.26"),
            words("Pågår"),
        )
        + row(
            cov,
            words("Språkkafé med distriktssköterska"),
            words("Föreningslots"),
            day("2026-09-10", "10.09.26"),
            words("Ej påbörjad"),
        )
        + row(
            words("Färre fall i trappan"),
            words("Trapphusvärdar"),
            words("Bosocial strateg"),
            day("2026-11-02", "02.11.26"),
            words("Ej påbörjad"),
        )
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
    )
    open_file(path, "spreadsheet", body, s)


@file(
    "asana_pa_svenska.csv",
    "Asana",
    plan(
        None,
        one(
            "Intervjua tio närstående",
            ["Runa Ekvik"],
            "2026-03-27",
            start="2026-02-16",
            state=ASK_DONE,
        ),
        one(
            "Skriv förslag till närståendepolicy",
            ["Siri Strandmo"],
            "2026-06-05",
            start="2026-04-07",
            state=ON_GOING,
        ),
        one("Remissrunda i nämnderna", ["Siri Strandmo"], "2026-10-02", state=NOT_BEGUN),
        one("Tryck en vikbar folder", [], "2026-11-13", state=NOT_BEGUN, asks=["no-responsible"]),
    ),
)
def _asana_pa_svenska(path: Path) -> None:
    """Asana's CSV with Swedish headings, comma and BOM; the section is a board's column; 'Slutförd den' filled where done."""
    save(
        path,
        """
Uppgifts-ID,Skapad den,Slutförd den,Senast ändrad,Namn,Avsnitt/kolumn,Ansvarig,Ansvarigs e-post,Startdatum,Förfallodatum,Taggar,Anteckningar,Projekt,Överordnad uppgift
120871,2026-01-19,2026-03-25,2026-03-25,Intervjua tio närstående,Klart,Runa Ekvik,runa.ekvik@example.org,2026-02-16,2026-03-27,,,Närståendestöd,
120872,2026-01-19,,2026-04-08,Skriv förslag till närståendepolicy,Pågår,Siri Strandmo,siri.strandmo@example.org,2026-04-07,2026-06-05,,Utgå från intervjuerna,Närståendestöd,
120873,2026-01-19,,2026-01-19,Remissrunda i nämnderna,Att göra,Siri Strandmo,siri.strandmo@example.org,,2026-10-02,,,Närståendestöd,
120874,2026-01-20,,2026-01-20,Tryck en vikbar folder,Att göra,,,,2026-11-13,Tryck,,Närståendestöd,
""",
        "utf-8-sig",
        "\r\n",
    )


@file(
    "jira_pa_engelska.csv",
    "Jira",
    plan(
        None,
        one("Map booking systems", ["Ture Lövhage"], "2026-03-31", state=ASK_DONE),
        one("Agree on one booking code list", ["Ylva Granbo"], "2026-06-12", state=ON_GOING),
        one("Test text reminders at two clinics", ["Ture Lövhage"], "2026-09-30", state=NOT_BEGUN),
    ),
)
def _jira_pa_engelska(path: Path) -> None:
    """Jira's CSV in English: Summary, Issue key, …, Due date as 30/Sep/26 12:00 AM, To Do / In Progress / Done."""
    save(
        path,
        """
Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Resolution,Assignee,Reporter,Created,Updated,Due date,Labels
Map booking systems,BOK-1,10411,Task,Done,BOK,Booking together,Medium,Done,Ture Lövhage,Birk Almsjö,12/Jan/26 9:02 AM,30/Mar/26 3:41 PM,31/Mar/26 12:00 AM,
Agree on one booking code list,BOK-2,10412,Task,In Progress,BOK,Booking together,High,,Ylva Granbo,Birk Almsjö,12/Jan/26 9:05 AM,07/Apr/26 10:12 AM,12/Jun/26 12:00 AM,codes
Test text reminders at two clinics,BOK-3,10413,Task,To Do,BOK,Booking together,Low,,Ture Lövhage,Birk Almsjö,12/Jan/26 9:07 AM,12/Jan/26 9:07 AM,30/Sep/26 12:00 AM,
""",
    )
