"""Plans with something more: other tables, totals, old sheets, struck cells, wide pages."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, printed
from tests.corpus.unseen.kit import book, document, fill, rows

ENDED = ["ask", "avslutad"]


def _hidden(path: Path) -> None:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "Plan 2026"
    heads = ["Åtgärd", "Ansvarig", "Färdig senast"]
    fill(page, [
        ["Åtgärdsplan Hemsjukvård Klippan 2026"],
        heads,
        ["Gemensam väska för akuta besök", "Enhetschef hemsjukvård", date(2026, 3, 13)],
        ["Digital läkemedelslista", "MAS", date(2026, 6, 30)],
        ["Samverkansmöte med ambulansen", "Ambulanschef", date(2026, 9, 18)],
    ])  # fmt: skip
    page.auto_filter.ref = "A2:C5"
    page.row_dimensions[4].hidden = True
    old = made.create_sheet("Plan 2026 (old)")
    fill(old, [
        ["Åtgärdsplan Hemsjukvård Klippan 2026"],
        heads,
        ["Gemensam väska för akuta besök", "Enhetschef hemsjukvård", date(2026, 2, 1)],
        ["Digital läkemedelslista", "MAS", date(2026, 5, 1)],
    ])  # fmt: skip
    made.save(path)


def _struck(path: Path) -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    page = made.active
    assert page is not None
    fill(page, [
        ["Aktivitetslista Rehab i hemmet 2026"],
        [],
        ["Aktivitet", "Ansvarig", "Klart senast"],
        ["Teamträffar varje vecka", "Teamledare", date(2026, 4, 30)],
        ["Köp in surfplattor", "Inköpare", date(2026, 5, 15)],
        ["Hembesök med_x000D_\narbetsterapeut", "Arbetsterapeut", date(2026, 10, 9)],
        ["Utvärdera teamet", "", date(2026, 12, 4)],
    ])  # fmt: skip
    for cell in page[5]:
        cell.font = Font(strike=True)
    page["B7"] = CellRichText(
        TextBlock(InlineFont(strike=True), "Projektledare "), TextBlock(InlineFont(), "Controller")
    )
    made.save(path)


_WIDE = """#set page(flipped: false)
= Verksamhetsplan Samverkan Dalsjön 2026
#table(columns: (1cm, 6cm, 8cm), [*Nr*], [*Aktivitet*], [*Genomförande*],
[1], [Gemensam utskrivningsmall], [Mallen prövas på två avdelningar],
[2], [Anhöriggrupper på kvällstid], [Sex träffar per grupp],
[3], [Rutin för palliativ vård], [Arbetsgrupp med kommun och region])
#pagebreak()
#table(columns: (1cm, 5cm, 4cm, 4cm), [*Nr*], [*Ansvarig*], [*Klart*], [*Status*],
[1], [Avdelningschef], [2026-04-10], [Pågår],
[2], [Anhörigkonsulent], [2026-11-20], [Ej påbörjad],
[3], [Palliativ samordnare], [2026-08-31], [Klar])
"""

_GOALS = (
    ("Ökad delaktighet", ("Brukarråd bildas", "Dialogkvällar i bygden", "Ny webbsida")),
    (
        "Trygga övergångar",
        ("Checklista vid flytt", "Gemensamt journalutdrag", "Kontaktperson utses"),
    ),
    ("Hållbara medarbetare", ("Handledning i grupp", "Gemensam vikariepool", "Friskvårdstimme")),
    ("Bättre uppföljning", ("Kvalitetsråd varje månad", "Öppna jämförelser", "Avvikelseråd")),
)
_WHO = ("Samordnare", "Enhetschef", "Utvecklare")
_LAST = (("15 april 2026", "2026-04-15"), ("juni 2026", "2026-06-30"), ("v. 46 2026", "2026-11-15"))
_MORE = "Arbetet leds av en grupp med deltagare från båda huvudmännen och redovisas. " * 4


def _unruled() -> str:
    cells = []
    for goal, steps in _GOALS:
        for at, step in enumerate(steps):
            shown = goal if at == 0 else ""
            cells.append(f"[{shown}], [{step}], [{_MORE}], [{_WHO[at]}], [{_LAST[at][0]}]")
    return (
        "= Samverkansplan Höglandet 2026\n"
        "#table(columns: (3cm, 3.5cm, 5cm, 2.5cm, 2.5cm), stroke: none, row-gutter: 6pt, "
        "table.header([*Mål*], [*Aktivitet*], [*Hur*], [*Ansvarig*], [*När*]), "
        + ", ".join(cells)
        + ")"
    )


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "risker_efter.docx": (
        "another table after the plan",
        {
            "title": "Samverkansplan Lugnet 2026",
            "activities": [
                one("Vårdplatskoordinator på prov", ["Områdeschef"], "2026-06-30",
                    follow_up="Beläggning per vecka"),
                one("Rutin för hemgång på helg", ["Biståndshandläggare"], "2026-03-31",
                    follow_up="Antal helghemgångar"),
            ],
            "left_out": ["Personalbrist under sommaren", "Otydligt uppdrag", "Målgrupp"],
        },
        document(
            "# Samverkansplan Lugnet 2026",
            "## Aktiviteter",
            rows("""Aktivitet | Ansvarig | Tid | Uppföljning
                Vårdplatskoordinator på prov | Områdeschef | Första halvåret 2026 | Beläggning per vecka
                Rutin för hemgång på helg | Biståndshandläggare | 2026-03-31 | Antal helghemgångar"""),
            "## Riskanalys",
            rows("""Risk | Sannolikhet | Åtgärd | Ansvarig
                Personalbrist under sommaren | 4 | Rekrytera tidigt | Områdeschef
                Otydligt uppdrag | 2 | Skriv uppdragsbeskrivning | Styrgruppen"""),
            "## Kommunikationsplan",
            rows("""Målgrupp | Budskap | Kanal | När
                Medarbetare | Vad som ändras | APT | mars 2026"""),
        ),
    ),
    "indikatorer_under.xlsx": (
        "another table after the plan",
        {
            "title": "Plan för god och nära vård Skogsbygden 2026",
            "activities": [
                one("Fast vårdkontakt för alla över 80", ["Verksamhetschef"], "2026-10-31",
                    state="pågående"),
                one("Gemensam rehabmottagning", ["Rehabchef"], "2026-12-18", state="beslutad"),
            ],
            "left_out": ["Andel med fast vårdkontakt", "Återinläggning inom 30 dagar",
                         "Totalt 2 aktiviteter"],
        },
        book(("Plan", [
            ["Plan för god och nära vård Skogsbygden 2026"],
            [],
            ["Aktivitet", "Ansvarig", "Klart senast", "Status"],
            ["Fast vårdkontakt för alla över 80", "Verksamhetschef", "2026-10-31", "Pågående"],
            ["Gemensam rehabmottagning", "Rehabchef", "2026-12-18", "Ej påbörjad"],
            ["Totalt 2 aktiviteter"],
            [],
            ["Indikatorer"],
            ["Indikator", "Källa", "Mäts", "Målvärde"],
            ["Andel med fast vårdkontakt", "Journal", "Kvartalsvis", "80 %"],
            ["Återinläggning inom 30 dagar", "Register", "Årsvis", "10 %"],
        ])),
    ),
    "dold_rad_gammalt_blad.xlsx": (
        "hidden rows and old sheets",
        {
            "title": "Åtgärdsplan Hemsjukvård Klippan 2026",
            "activities": [
                one("Gemensam väska för akuta besök", ["Enhetschef hemsjukvård"], "2026-03-13"),
                one("Digital läkemedelslista", ["MAS"], "2026-06-30"),
                one("Samverkansmöte med ambulansen", ["Ambulanschef"], "2026-09-18"),
            ],
            "left_out": ["dolda rader", "Plan 2026 (old)"],
        },
        _hidden,
    ),
    "struket_1904.xlsx": (
        "struck cells, books of 1904",
        plan(
            "Aktivitetslista Rehab i hemmet 2026",
            one("Teamträffar varje vecka", ["Teamledare"], "2026-04-30"),
            one("Köp in surfplattor", ["Inköpare"], "2026-05-15", asks=["status"]),
            one("Hembesök med arbetsterapeut", ["Arbetsterapeut"], "2026-10-09"),
            one("Utvärdera teamet", ["Controller"], "2026-12-04"),
        ),
        _struck,
    ),
    "sidor_pa_bredden.pdf": (
        "a table over two pages in width",
        plan(
            "Verksamhetsplan Samverkan Dalsjön 2026",
            one("Gemensam utskrivningsmall", ["Avdelningschef"], "2026-04-10", state="pågående",
                how="Mallen prövas på två avdelningar"),
            one("Anhöriggrupper på kvällstid", ["Anhörigkonsulent"], "2026-11-20",
                state="beslutad", how="Sex träffar per grupp"),
            one("Rutin för palliativ vård", ["Palliativ samordnare"], "2026-08-31", state=ASK_DONE,
                how="Arbetsgrupp med kommun och region"),
        ),
        printed(_WIDE),
    ),
    "utan_linjer.pdf": (
        "a table without lines over pages",
        plan(
            "Samverkansplan Höglandet 2026",
            *(one(step, [_WHO[at]], _LAST[at][1], goal=goal)
              for goal, steps in _GOALS for at, step in enumerate(steps)),
        ),
        printed(_unruled()),
    ),
    "radbrytningar.xlsx": (
        "line breaks and merged cells",
        plan(
            "Gemensam plan demensvård Åkerby 2026–2027",
            one("Utbilda Silviasystrar", ["Demenssjuksköterska", "Utbildningsledare"], "2027-05-31",
                start="2026-09-01", goal="Personcentrerad vård", state="pågående"),
            one("Hemlik miljö på boendena", ["Boendechef"], "2026-12-31",
                goal="Personcentrerad vård", state="beslutad"),
            one("Minnesmottagning med drop-in", ["Minnesteam"], "2026-11-30", goal="Tidig upptäckt",
                state=ENDED),
        ),
        book(("Plan", [
            ["Gemensam plan demensvård Åkerby 2026–2027"],
            [],
            ["Mål", "Aktivitet", "Ansvarig", "Tid", "Status"],
            ["Personcentrerad\nvård", "Utbilda\nSilviasystrar",
             "Demenssjuksköterska\nUtbildningsledare", "Start: sept 2026\nKlart: maj 2027", "Pågår"],
            ["", "Hemlik miljö på boendena", "Boendechef", "Klart: 2026-12-31", "Ej\npåbörjad"],
            ["Tidig upptäckt", "Minnesmottagning med drop-in", "Minnesteam", "november 2026",
             "Avbruten"],
        ]), merged=["A1:E1", "A4:A5"]),
    ),
}  # fmt: skip
