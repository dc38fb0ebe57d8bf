"""Writes the example plan and deviations, kept beside this: `python -m cli.example.build`.

The plan's table is drawn as such plans are: a goal cell merged over its activities, the heading row
repeated, two activities in one row as two paragraphs in each cell. The deviations are made up, and
their file says so in its first row.
"""

import csv
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.table import Table

PLAN = Path(__file__).with_name("aktivitetsplan_2024.docx")
PEOPLE = Path(__file__).with_name("personer.csv")
DEVIATIONS = Path(__file__).with_name("avvikelser.csv")

HEADINGS = (
    "Mål\nEnligt samverkansplanen",
    "Vad",
    "Hur",
    "Beslut\nVem/Ansvarig",
    "Startdatum",
    "Deadline/\nslutdatum",
    "Uppföljning,\nmätetal",
    "Status",
)
TRUST = "Bygga förtroende mellan huvudmännen"
CONTINUITY = "Hålla ihop vården för den som behöver flera parter"
HEALTH = "Arbeta tidigt och förebyggande"
MOBILE = "Pröva mobila arbetssätt mellan sjukhus och öppenvård"

# goal, what, how, responsible, start, deadline, follow-up, status; "\n\n" parts two activities
FIRST = (
    (
        CONTINUITY,
        "Fler och bättre samordnade individuella planer",
        "Varje verksamhet visar upp ett exempel som fungerat",
        "Samordningsgruppen beslutar/ordförande i NOSAM Almdala ansvarig",
        "Jan 2024",
        "Dec 2024",
        "Samordningsgruppens genomgång av exemplen",
        "",
    ),
    (
        CONTINUITY,
        "Trygg hemgång från sjukhuset",
        "En arbetsgrupp tar fram var det skaver kring psykiatriärenden\n\n"
        "Träffar mellan vårdcentral, öppenvård och habilitering om ärenden som skaver",
        "NOSAM Almdala\n\nNOSAM Almdala",
        "Januari 2024\n\nMars 2023",
        "2024\n\n2024",
        "",
        "Gruppen har träffats en gång i februari, nästa gång är bokad.",
    ),
    (
        CONTINUITY,
        "Öppenvårdens samordning",
        "Se hur it-stödet för utskrivning kan användas",
        "NOSAM",
        "Januari 2024",
        "2024",
        "",
        "",
    ),
    (
        CONTINUITY,
        "Tätare kontakt mellan psykiatrin och kommunens primärvård",
        "Möte är planerat",
        "NOSAM Björkvik",
        "Mars 2024",
        "Oktober 2024",
        "",
        "",
    ),
    (
        CONTINUITY,
        "Införa vård- och insatsprogrammen",
        "Följa över tid",
        "NOSAM Björkvik",
        "Mars 2024",
        "2024",
        "",
        "",
    ),
)
SECOND = (
    (
        HEALTH,
        "Samverka kring personer med aktivitetsersättning",
        "Ta kontakt med rehabmottagningen",
        "NOSAM Almdala",
        "Januari 2024",
        "2024",
        "",
        "",
    ),
    (
        TRUST,
        "Registrera avvikelser i samverkan",
        "Hitta mönster och ta upp dem på NOSAM",
        "Samordningsgruppen/\nNOSAM Björkvik ansvarar",
        "2020",
        "",
        "Analysen är gjord och förbättringar utpekade",
        "",
    ),
)
RUNS_ON = (
    "SIP, använda mer och bättre",
    "Nätverk för SIP-samordnare",
    "Mobilt psykiatriteam från sjukhuset",
    "Handbok i brukarinflytande",
    "Riktlinje för ansvar och konsultationer i psykiatrin",
)


MADE_UP = "Påhittade avvikelser från Exempeldalen, gjorda för att prova Följsam"
COLUMNS = (
    "Ärendenummer",
    "Registreringsdatum",
    "Rapporterande enhet",
    "Utredande enhet",
    "Målgrupp",
    "Process",
    "Status",
    "Svar skickat",
)
FIRST_YEAR = 2022
BY_QUARTER = (6, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9, 10)  # six in a row that rise: a trend
LATEST = date(2025, 1, 2)  # the day of the export: what was to be answered later is open
# who reports, who investigates, in which process; the first comes back more often than the others
BETWEEN = (
    ("Hemtjänsten Almdala", "Exempelsjukhuset", "Utskrivning"),
    ("Boendestödet Björkvik", "Exempelsjukhuset", "Läkemedel"),
    ("Hemtjänsten Almdala", "Exempelsjukhuset", "Utskrivning"),
    ("Psykiatrimottagningen", "Socialtjänsten Björkvik", "SIP"),
    ("Vårdcentralen Almdala", "Socialtjänsten Almdala", "Informationsöverföring"),
)
ANSWERED_AFTER = (24, 41, 17, 66, 33, 52, 80)  # days


def build_deviations(path: Path) -> None:
    """Write an export as a deviation system would, title row and all."""
    pairs, waits, number = cycle(BETWEEN), cycle(ANSWERED_AFTER), 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";", lineterminator="\r\n")
        rows.writerow([MADE_UP])
        rows.writerow(COLUMNS)
        for quarter, count in enumerate(BY_QUARTER):
            first = date(FIRST_YEAR + quarter // 4, 3 * (quarter % 4) + 1, 4)
            for each in range(count):
                number += 1
                registered = first + timedelta(days=each * 80 // count)
                answered = registered + timedelta(days=next(waits))
                done = answered < LATEST
                reporting, investigating, process = next(pairs)
                told = (f"EX-{number:03d}", registered, reporting, investigating)
                status = ("Avslutad", answered) if done else ("Under utredning", "")
                rows.writerow([*told, "Psykisk hälsa", process, *status])


def build(path: Path) -> None:
    """Write the plan to a file."""
    document = Document()
    document.add_heading("Aktivitetsplan 2024", 0)
    document.add_paragraph("NOSAM Psykisk hälsa, Vårdsamverkan Exempeldalen")
    document.add_heading("Syfte", 2)
    document.add_paragraph("Gruppen bereder frågor som behöver samordnas mellan huvudmännen.")
    document.add_heading("Prioriterade mål enligt Samverkansplan 2023-2026", 2)
    for goal in (TRUST, CONTINUITY, HEALTH, MOBILE):
        document.add_paragraph(goal, style="List Bullet")
    document.add_heading("Följande aktiviteter löper över tid", 2)
    for words in RUNS_ON:
        document.add_paragraph(f"- {words}")
    _table(document, FIRST)
    document.add_paragraph()
    _table(document, SECOND)
    document.save(str(path))


def _table(document: Doc, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=1 + len(rows), cols=len(HEADINGS), style="Table Grid")
    for column, heading in enumerate(HEADINGS):
        _fill(table, 0, column, heading)
    for number, row in enumerate(rows, start=1):
        for column, words in enumerate(row):
            if column or number == 1 or rows[number - 2][0] != words:
                _fill(table, number, column, words)
    _merge_equal_goals(table, rows)


def _fill(table: Table, row: int, column: int, words: str) -> None:
    cell = table.cell(row, column)
    first, *others = words.split("\n\n")
    cell.text = first
    for other in others:
        cell.add_paragraph()
        cell.add_paragraph(other)


def _merge_equal_goals(table: Table, rows: tuple[tuple[str, ...], ...]) -> None:
    start = 0
    for number in range(1, len(rows) + 1):
        if number == len(rows) or rows[number][0] != rows[start][0]:
            if number - start > 1:
                table.cell(start + 1, 0).merge(table.cell(number, 0))
            start = number


if __name__ == "__main__":
    build(PLAN)
    build_deviations(DEVIATIONS)
