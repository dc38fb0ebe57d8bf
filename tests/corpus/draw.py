"""The corpus: for each file its kind, its right reading, and its drawing.

    python -m tests.corpus.draw

writes the files and `key.json` into this folder. The readings were written first. What a reading
means is told in `bench/reading.py`.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import typst
from openpyxl.styles import PatternFill

HERE = Path(__file__).parent
TASTE = "*"
ASK_DONE = ["ask", "pågående"]
Drawing = Callable[[Path], None]
Row = Sequence[object]


def one(what: str, who: object, last: str | None, **more: object) -> dict[str, object]:
    """The right reading of an activity; what is not named is a matter of taste."""
    told: dict[str, object] = {"what": what, "responsible": who, "deadline": last}
    return {"goal": TASTE, "start": TASTE, "state": TASTE} | told | more


def plan(title: str, *activities: dict[str, object]) -> dict[str, object]:
    """The right reading of a plan."""
    return {"title": title, "activities": list(activities)}


def sheet(*rows: Row, merged: Sequence[str] = (), name: str = "Blad1") -> Drawing:
    """A workbook of one sheet. A cell (words, colour) has a ground of that colour."""

    def draw(path: Path) -> None:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        page.title = name
        for at, row in enumerate(rows, 1):
            for column, told in enumerate(row, 1):
                words, ground = told if isinstance(told, tuple) else (told, "")
                cell = page.cell(at, column, words)
                if ground:
                    cell.fill = PatternFill("solid", fgColor=ground)
        for area in merged:
            page.merge_cells(area)
        book.save(path)

    return draw


def text(words: str, coding: str = "utf-8") -> Drawing:
    """A text file."""
    return _saved(words.lstrip("\n").encode(coding))


def _saved(data: bytes) -> Drawing:
    def draw(path: Path) -> None:
        path.write_bytes(data)

    return draw


def word(*blocks: object) -> Drawing:
    """A Word file: "# " is a heading, "- " a bullet, a list of rows a table."""

    def draw(path: Path) -> None:
        document = docx.Document()
        for block in blocks:
            if isinstance(block, str):
                _paragraph(document, block)
                continue
            rows = list(block)  # type: ignore[call-overload]
            table = document.add_table(len(rows), max(map(len, rows)))
            for row, cells in zip(rows, table.rows, strict=True):
                for words, cell in zip(row, cells.cells, strict=False):
                    cell.text = words
        document.save(str(path))

    return draw


def _paragraph(document: Any, words: str) -> None:  # noqa: ANN401 - python-docx has no types
    if words.startswith("#"):
        marks, _, rest = words.partition(" ")
        document.add_heading(rest, len(marks))
    elif words.startswith("- "):
        document.add_paragraph(words[2:], style="List Bullet")
    else:
        document.add_paragraph(words)


def printed(source: str) -> Drawing:
    """A PDF."""
    head = '#set page(paper: "a4", margin: 2cm)\n#set text(lang: "sv", size: 10pt)\n'
    return _saved(typst.compile((head + source).encode(), format="pdf"))


_X = ("", "4472C4")
_HEADS = "Aktivitet | Ansvarig | Klart senast"


def _table(drawing: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().split("\n")]


def _grid(rows: Sequence[str], columns: int) -> str:
    cells = ", ".join(f"[{cell.strip()}]" for row in rows for cell in row.split("|"))
    return f"#table(columns: {columns}, {cells})"


_LONG = "Arbetet görs tillsammans med verksamheterna och följs vid varje möte i gruppen. " * 3
_MANY = [
    f"table.cell(rowspan: 8)[Mål {goal}], "
    + ", ".join(
        f"[Steg {goal * 8 + at} i arbetet. {_LONG}],"
        f" [{('Rektor', 'Enhetschef', 'Samordnare')[at % 3]}],"
        f" [{('våren 2026', '2026-05-31', 'oktober 2026')[at % 3]}], [Följs upp i gruppen]"
        for at in range(8)
    )
    for goal in range(4)
]

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "rubriker_sammansatta.xlsx": (
        "headings: compounds",
        plan(
            "Insatsplan för NOSAM Björkön 2026",
            one("Starta närståendegrupp", ["Kurator"], "2026-05-31", start="2026-02-01",
                goal="Närstående", state="pågående"),
            one("Ta fram gemensam blankett", ["Socialsekreterare", "Distriktssköterska"],
                "2026-11-15", start="2026-08-17", goal="Information", state="beslutad"),
        ),
        sheet(
            ["Insatsplan för NOSAM Björkön 2026"],
            [],
            ["Insatsområde", "Delaktivitet", "Insatsansvarig", "Startdag", "Målvecka", "Förlopp"],
            ["Närstående", "Starta närståendegrupp", "Kurator", date(2026, 2, 1),
             date(2026, 5, 31), "Pågår"],
            ["Information", "Ta fram gemensam blankett", "Socialsekreterare och distriktssköterska",
             date(2026, 8, 17), date(2026, 11, 15), "Inte påbörjat"],
        ),
    ),
    "rubriker_okanda.csv": (
        "headings: only the cells tell",
        {
            "Bjud in skolorna till samtal": {
                "responsible": ["Skolkurator"], "deadline": "2026-03-20"
            },
            "Skriv rutin för överlämning": {
                "responsible": ["Verksamhetschef"], "deadline": "2026-09-01"
            },
            "Prova rutinen på två enheter": {
                "responsible": ["Enhetschef"], "deadline": "2026-12-11"
            },
        },
        text(
            """
Det vi gör;Håller ihop;Bortre gräns;Hur långt
Bjud in skolorna till samtal;Skolkurator;2026-03-20;Pågår
Skriv rutin för överlämning;Verksamhetschef;2026-09-01;Ej påbörjad
Prova rutinen på två enheter;Enhetschef;2026-12-11;Ej påbörjad
"""
        ),
    ),
    "rubriker_engelska.csv": (
        "headings: English tools",
        {
            "Invite the schools": {"responsible": ["Anna Ek"], "start": "2026-01-12",
                                   "deadline": "2026-02-27", "state": "pågående"},
            "Write the routine": {"responsible": ["Bo Alm", "Cia Berg"], "start": "2026-03-02",
                                  "deadline": "2026-05-29", "state": "beslutad"},
        },
        text(
            """
Task Name,Assigned To,Start Date,Finish,Bucket Name,Progress,Created By
Invite the schools,Anna Ek,2026-01-12,2026-02-27,Schools,In progress,Dan Dahl
Write the routine,"Bo Alm; Cia Berg",2026-03-02,2026-05-29,Routines,Not started,Dan Dahl
"""
        ),
    ),
    "planner_amerikansk.xlsx": (
        "Planner",
        {
            "Boka lokaler": {"start": "2026-04-02", "deadline": "2026-04-30", "goal": "Möten",
                             "responsible": ["Administratör"], "state": ASK_DONE},
            "Skicka inbjudan": {"start": "2026-05-04", "deadline": "2026-05-11", "goal": "Möten",
                                "responsible": ["Administratör", "Samordnare"],
                                "state": "beslutad"},
        },
        sheet(
            ["Uppgifts-ID", "Uppgiftsnamn", "Bucketnamn", "Förlopp", "Prioritet", "Tilldelad till",
             "Skapad av", "Skapat", "Startdatum", "Förfallodatum", "Sen"],
            ["q1", "Boka lokaler", "Möten", "Slutförd", "Hög", "Administratör", "Samordnare",
             "03/15/2026", "04/02/2026", "04/30/2026", "false"],
            ["q2", "Skicka inbjudan", "Möten", "Inte startad", "Hög", "Administratör;Samordnare",
             "Samordnare", "03/15/2026", "05/04/2026", "05/11/2026", "false"],
        ),
    ),
    "projektverktyg.csv": (
        "MS Project",
        {
            "Kartläggning": {"responsible": ["Utredare"], "start": "2026-09-07",
                             "deadline": "2026-10-16", "state": "pågående"},
            "Beslut i styrgrupp": {"responsible": ["Styrgrupp"], "start": "2026-10-20",
                                   "deadline": "2026-10-20", "state": TASTE},
        },
        text(
            """
ID;Namn;Varaktighet;Start;Slut;Föregående aktiviteter;Resursnamn;% färdigt
1;Kartläggning;30 dagar;må 2026-09-07;fr 2026-10-16;;Utredare;60%
2;Beslut i styrgrupp;0 dagar;ti 2026-10-20;ti 2026-10-20;1;Styrgrupp;0%
"""
        ),
    ),
    "annan_tabell_intressenter.docx": (
        "another table after the plan",
        {"count": 3},
        word(
            "# Handlingsplan Samverkan Ekdalen 2026",
            _table(f"""{_HEADS}
                Rutin för utskrivning | Vårdcentralschef | 2026-04-30
                Utbildning i rutinen | Enhetschef | 2026-06-15
                Utvärdering | Utvecklingsledare | 2026-12-01"""),
            "## Intressenter",
            _table("""Intressent | Förväntan | Påverkan
                Patienter | Trygg hemgång | Stor
                Personal | Tydlighet | Stor"""),
        ),
    ),
    "annan_tabell_budget.xlsx": (
        "another table after the plan",
        {"count": 2},
        sheet(
            ["Aktivitetsplan Ekdalen 2026"], [],
            ["Insats", "Vem", "När"],
            ["Temadag för personal", "Rektor", "2026-10-05"],
            ["Föräldrakurs", "Kurator", "2026-11-20"],
            [], [],
            ["Budget"],
            ["Post", "Belopp", "Konto"],
            ["Lokal", "12 000", "5010"],
            ["Mat", "8 000", "7690"],
        ),
    ),
    "punkter_med_etiketter.docx": (
        "bullets with labels",
        plan(
            "Åtgärdslista Samråd Lillån 2026",
            one("Se över vårdplanerna", ["Biståndshandläggare"], "2026-04-30"),
            one("Möte med hemsjukvården", ["Enhetschef"], "2026-05-08"),
            one("Besluta om nya tider", TASTE, "2026-06-15"),
        ),
        word(
            "# Åtgärdslista Samråd Lillån 2026",
            "## Åtgärder",
            "- Se över vårdplanerna. Ansvarig: Biståndshandläggare. Klart: april 2026",
            "- Möte med hemsjukvården (ansvarig: Enhetschef, klart: 2026-05-08)",
            "- Besluta om nya tider senast 2026-06-15",
        ),
    ),
    "rader_i_en_cell.csv": (
        "rows of one cell with labels",
        {"count": 3, "adopted": None},
        text(
            """
Åtgärd;Ansvarig;Uppföljning
Uppdatera telefonlistan. Ansvarig: Administratör. Klart: 2026-02-27;;
Kontakta föreningarna;Samordnare;Antal
Utvärdera kontakten. Beslut: styrgruppen 2026-11-30;;
"""
        ),
    ),
    "ar_och_vecka.csv": (
        "year and part of it in two columns",
        {"Kursdag": "2026-04-05", "Uppföljningsdag": "2026-10-11"},
        text("""
Aktivitet;Ansvarig;År;Vecka;Uppföljning
Kursdag;Rektor;2026;14;enkät
Uppföljningsdag;Rektor;2026;41;enkät
"""),
    ),
    "kvartal_sedan_ar.csv": (
        "year and part of it in two columns",
        {"Kursdag": "2027-03-31", "Uppföljningsdag": "2027-12-31"},
        text("""
Aktivitet;Ansvarig;Kvartal;År
Kursdag;Rektor;1;2027
Uppföljningsdag;Rektor;4;2027
"""),
    ),
    "manader_tva_ar.xlsx": (
        "chart of months over two years",
        {
            "Införa ny journalmodul": ["2026-02-01", "2026-04-30"],
            "Utbilda handledare": ["2026-10-01", "2027-02-28"],
            "Följa upp": ["2027-05-01", "2027-06-30"],
        },
        sheet(
            ["Tidplan 2026–2027 Samordnad vård"],
            ["", "", 2026, *[""] * 11, 2027, *[""] * 5],
            ["Aktivitet", "Ansvarig", *"JFMAMJJASOND", *"JFMAMJ"],
            ["Införa ny journalmodul", "IT-samordnare", "", "x", "x", "x", *[""] * 14],
            ["Utbilda handledare", "Studierektor", *[""] * 9, "x", "x", "x", "x", "x", *[""] * 4],
            ["Följa upp", "Utvecklingsledare", *[""] * 16, "x", "x"],
        ),
    ),
    "manader_farg.xlsx": (
        "chart of months over two years",
        {
            "Kartlägga behov": ["2026-01-01", "2026-03-31"],
            "Pröva arbetssätt": ["2026-11-01", "2027-01-31"],
        },
        sheet(
            ["Genomförandeplan Ungas hälsa"],
            ["", "", "", 2026, *[""] * 11, 2027],
            ["Spår", "Insats", "Ägare", *"JFMAMJJASOND", *"JFM"],
            ["Skola", "Kartlägga behov", "Skolchef", _X, _X, _X, *[""] * 12],
            ["Skola", "Pröva arbetssätt", "Rektor", *[""] * 10, _X, _X, _X, "", ""],
            merged=["D2:O2", "P2:R2"],
        ),
    ),
    "checklista.docx": (
        "check list",
        plan(
            "Att göra-lista Samverkan Sjövik 2026",
            one("Bjud in till dialogmöte", ["Processledare"], "2026-02-15", goal="Dialog",
                state=ASK_DONE),
            one("Skriv minnesanteckningar", ["Sekreterare"], "2026-03-01", goal="Dialog",
                state="föreslagen"),
            one("Beställ material", ["Administratör"], "2026-04-30", goal="Material",
                state="föreslagen"),
        ),
        word(
            "# Att göra-lista Samverkan Sjövik 2026",
            "## Dialog",
            "☑ Bjud in till dialogmöte. Ansvarig: Processledare. Klart: 2026-02-15",
            "☐ Skriv minnesanteckningar. Ansvarig: Sekreterare. Klart: 2026-03-01",
            "## Material",
            "☐ Beställ material – Ansvarig: Administratör. Klart: april 2026",
        ),
    ),
    "ar_over_tabellen.docx": (
        "a year in the heading over the table",
        {"Vårmöte 26": "2026-04-30", "Höstmöte 26": "2026-10-31", "Vårmöte 27": "2027-04-30"},
        word(
            "# Aktivitetsplan 2026–2027",
            "## Insatser 2026",
            _table("""Insats | Ansvarig | När
                Vårmöte 26 | Rektor | april
                Höstmöte 26 | Rektor | oktober"""),
            "## Insatser 2027",
            _table("Insats | Ansvarig | När\nVårmöte 27 | Rektor | april"),
        ),
    ),
    "procent_bredvid_klart.xlsx": (
        "per cent, yes and no, beside days",
        {
            "Ny webbsida": {"deadline": "2026-05-29", "state": "pågående"},
            "Nytt nyhetsbrev": {"deadline": "2026-09-30", "state": "föreslagen"},
        },
        sheet(
            ["Aktivitet", "Ansvarig", "Klart", "Klart %"],
            ["Ny webbsida", "Kommunikatör", date(2026, 5, 29), "75 %"],
            ["Nytt nyhetsbrev", "Kommunikatör", date(2026, 9, 30), "0 %"],
        ),
    ),
    "sant_falskt.csv": (
        "per cent, yes and no, beside days",
        {
            "Ringa föreningarna": {"deadline": "2026-01-30", "state": ASK_DONE},
            "Boka buss": {"deadline": "2026-03-06", "state": "föreslagen"},
        },
        text("""
Utfört?,Vad,Vem,Mål/klart
TRUE,Ringa föreningarna,Samordnare,2026-01-30
FALSE,Boka buss,Administratör,2026-03-06
"""),
    ),
    "farger_med_legend.xlsx": (
        "status by colour",
        {
            "Ny delegation": {"deadline": "2026-02-28", "state": ASK_DONE},
            "Ny introduktion": {"deadline": "2026-05-15", "state": ASK_DONE},
        },
        sheet(
            ["Åtgärdsplan Hemtjänst 2026"],
            [("", "92D050"), "Grön: Klar"],
            [("", "FFC000"), "Gul: Pågår"],
            [],
            ["Läge", "Åtgärd", "Åtgärdsägare", "Klardatum"],
            [("", "92D050"), "Ny delegation", "MAS", date(2026, 2, 28)],
            [("", "FFC000"), "Ny introduktion", "Enhetschef", date(2026, 5, 15)],
        ),
    ),
    "statusord.csv": (
        "words of status",
        {
            "Ett": {"state": ASK_DONE}, "Två": {"state": ASK_DONE}, "Tre": {"state": ASK_DONE},
            "Fyra": {"state": "uppföljd"}, "Fem": {"state": ASK_DONE}, "Sex": {"state": "pausad"},
            "Sju": {"state": ["ask", "avslutad"]}, "Åtta": {"state": "föreslagen"},
            "Nio": {"state": "pågående"}, "Tio": {"state": "beslutad"},
            "Elva": {"state": ["ask", "överförd"]}, "Tolv": {"state": ["ask"]},
        },
        text("""
Aktivitet;Ansvarig;Klart senast;Status
Ett;MAS;2026-05-01;Slutfört
Två;MAS;2026-05-01;Färdigställd
Tre;MAS;2026-05-01;Försenat
Fyra;MAS;2026-05-01;Klar och uppföljd
Fem;MAS;2026-05-01;100 %
Sex;MAS;2026-05-01;Vilande
Sju;MAS;2026-05-01;Struken
Åtta;MAS;2026-05-01;Ej beslutad
Nio;MAS;2026-05-01;Löper på
Tio;MAS;2026-05-01;Har inte startats
Elva;MAS;2026-05-01;Överförd till 2027
Tolv;MAS;2026-05-01;🔴
"""),
    ),
    "namn.csv": (
        "names of those who answer",
        {
            "Ett": ["Medicinskt ansvarig för rehabilitering"],
            "Två": ["Socialt ansvarig samordnare"],
            "Tre": ["Vård & Omsorg"],
            "Fyra": ["Arbetsterapeut", "fysioterapeut"],
            "Fem": ["Anna Ek", "Bo Alm"],
            "Sex": ["Kurator", "skolsköterska"],
            "Sju": ["Barn- och utbildningsförvaltningen"],
            "Åtta": ["Tekniskt ansvarig"],
        },
        text("""
Aktivitet;Ansvarig;Klart senast
Ett;Medicinskt ansvarig för rehabilitering;2026-05-01
Två;Socialt ansvarig samordnare;2026-05-01
Tre;Vård & Omsorg;2026-05-01
Fyra;Arbetsterapeut och fysioterapeut;2026-05-01
Fem;Anna Ek + Bo Alm;2026-05-01
Sex;Kurator/skolsköterska;2026-05-01
Sju;Barn- och utbildningsförvaltningen;2026-05-01
Åtta;Tekniskt ansvarig;2026-05-01
"""),
    ),
    "sidbrytning.pdf": (
        "a page break under a merged cell",
        {"count": 32},
        printed(
            "= Verksamhetsplan Närvård Ekdalen 2026\n"
            "#table(columns: (2.5cm, 5cm, 3cm, 2.6cm, 3cm), "
            "table.header([*Delmål*], [*Aktivitet*], [*Ansvar*], [*Tid*], [*Uppföljning*]), "
            + ", ".join(_MANY)
            + ")"
        ),
    ),
    "annan_tabell.pdf": (
        "another table after the plan",
        {"count": 2},
        printed(
            "= Handlingsplan Samverkan Ekdalen 2026\n"
            + _grid([_HEADS, "Rutin | Enhetschef | 2026-04-30", "Kurs | Rektor | 2026-06-15"], 3)
            + "\n= Risker\n"
            + _grid(["Risk | Sannolikhet | Konsekvens", "Sjukdom | Hög | Stor",
                     "Nytt system | Låg | Liten"], 3)
        ),
    ),
}  # fmt: skip


def main() -> None:
    """Write the key, and then the files."""
    key = {name: {"kind": kind, "right": right} for name, (kind, right, _) in FILES.items()}
    told = json.dumps(key, ensure_ascii=False, indent=1)
    (HERE / "key.json").write_text(told + "\n", "utf-8")
    for name, (_, _, draw) in FILES.items():
        draw(HERE / name)


if __name__ == "__main__":
    main()
