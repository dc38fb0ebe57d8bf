"""Plans as Word files and open text documents."""

from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.corpus.draw import ASK_DONE, Drawing, one, plan
from tests.corpus.unseen.kit import document, open_text, rows, shade, table

NOT_BEGUN = ["beslutad", "föreslagen"]

_CARDS = (
    ("Språkstödjare på BVC", "BVC-samordnare", "2026-02-01", "2026-11-30", "Pågår",
     "Föräldrar som inte talar svenska får stöd vid besöken.", "Antal besök med stöd"),
    ("Hälsokommunikatörer i Norra Torp", "Integrationsstrateg", "2026-09-01", "2027-05-31",
     "Ej startad", "Fyra kommunikatörer utbildas och möter grupper på SFI.", "Enkät efter träffarna"),
    ("Tolkguide för vården", "Tolksamordnare", "2026-01-15", "2026-04-10", "Klar",
     "En sida om när och hur tolk bokas.", "Färre ombokade besök"),
)  # fmt: skip


def _cards(path: Path) -> None:
    """One small table an activity, with label and word twice on a line."""
    made = docx.Document()
    made.add_heading("Handlingsplan Jämlik hälsa Torpa stad 2026", 1)
    for what, who, first, last, state, how, measure in _CARDS:
        card = table(made, [
            ["Aktivitet", what, "", ""],
            ["Ansvarig", who, "Status", state],
            ["Startdatum", first, "Slutdatum", last],
            ["Genomförande", how, "", ""],
            ["Uppföljning", measure, "", ""],
        ])  # fmt: skip
        for at in (0, 3, 4):
            line = card.rows[at].cells
            words = line[1].text
            line[1].merge(line[3]).text = words
        made.add_paragraph()
    made.save(str(path))


def _wide(path: Path) -> None:
    made = docx.Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    made.add_heading("Samverkansplan Äldre multisjuka Havsnäs 2026–2027", 1)
    made.add_paragraph("Planen är beslutad av samordningsgruppen den 18 december 2025.")
    table(made, rows("""Mål | Aktivitet | Ansvarig | Medverkande | Klart | Status
        Tryggt hemma | Mobil närvård dygnet runt | Närvårdschef | Ambulansen | 2026-09-30 | Pågår
         | Gemensam vårdplan i hemmet | Vårdenhetschef |  | 2026-06-15 | Klar
        Rätt läkemedel | Apotekare i teamet | Läkemedelschef | Vårdcentralerna | 2027-02-26 | Ej påbörjad"""))  # fmt: skip
    made.tables[0].cell(1, 0).merge(made.tables[0].cell(2, 0)).text = "Tryggt hemma"
    made.add_heading("Kommunikationsplan", 2)
    table(
        made,
        rows("""Målgrupp | Budskap | Kanal | Avsändare | Datum | Klart
        Medarbetare | Så fungerar teamet | Intranätet | Kommunikatör | 2026-03-02 | Ja
        Anhöriga | Ring ett nummer | Brev | Kommunikatör | 2026-04-01 | Nej"""),
    )
    made.save(str(path))


def _changed(path: Path) -> None:
    """Words that were put in and taken out while changes were tracked."""
    made = docx.Document()
    made.add_heading("Handlingsplan Ung hälsa Stenkulla 2026", 1)
    told = table(
        made,
        rows("""Aktivitet | Ansvarig | Klart senast
        Tjejgrupp och killgrupp på fritidsgården | Fritidsledare |
        Skolsköterska på lov |  | 2026-08-14
        Digital ungdomsmottagning | Mottagningschef | 2026-12-01"""),
    )
    _tracked(told.cell(1, 2), "2026-04-30", "2026-06-12")
    _tracked(told.cell(2, 1), "Rektor", "Elevhälsochef")
    made.save(str(path))


def _tracked(cell: Any, gone: str, come: str) -> None:  # noqa: ANN401 - has no types
    held = f'w:author="Siv Gran" w:date="2026-02-05T10:00:00Z" {nsdecls("w")}'
    line = cell.paragraphs[0]._p
    line.append(
        parse_xml(f'<w:del w:id="1" {held}><w:r><w:delText>{gone}</w:delText></w:r></w:del>')
    )
    line.append(parse_xml(f'<w:ins w:id="2" {held}><w:r><w:t>{come}</w:t></w:r></w:ins>'))


def _struck(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Åtgärder Vårdövergångar Lillån 2026", 1)
    told = table(
        made,
        rows("""Åtgärd | Ansvarig | Tidpunkt
        Ringrunda dagen efter hemgång | Vårdkoordinator | april 2026
        Gemensam taxi från akuten | Trafikplanerare | juni 2026
        Påse med läkemedel för tre dagar | Avdelningschef | oktober 2026"""),
    )
    for cell in told.rows[2].cells:
        for run in cell.paragraphs[0].runs:
            run.font.strike = True
    made.save(str(path))


def _shaded(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Lägesrapport Missbruk och beroende Kråkvik 2026", 1)
    made.add_paragraph("Grön = klart, gul = pågår, röd = ej påbörjad")
    told = table(
        made,
        rows("""Aktivitet | Ansvarig | Slutdatum | Läge
        Naloxonprogram på boendet | Sjuksköterska boendestöd | 2026-03-31 |
        Anhörigprogram i åtta steg | Alkohol- och drogterapeut | 2026-10-30 |
        Tillnyktring utanför häktet | Chefläkare | 2026-12-18 | """),
    )
    for at, colour in enumerate(("92D050", "FFFF00", "FF0000"), 1):
        shade(told.cell(at, 3), colour)
    made.save(str(path))


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "kort_fyra_rutor.docx": (
        "cards",
        plan(
            "Handlingsplan Jämlik hälsa Torpa stad 2026",
            *(
                one(what, [who], last, start=first, how=how, follow_up=measure, state=right)
                for (what, who, first, last, _, how, measure), right in zip(
                    _CARDS, ("pågående", NOT_BEGUN, ASK_DONE), strict=True)
            ),
        ),
        _cards,
    ),
    "liggande_och_kommunikation.docx": (
        "another table after the plan",
        plan(
            "Samverkansplan Äldre multisjuka Havsnäs 2026–2027",
            one("Mobil närvård dygnet runt", ["Närvårdschef"], "2026-09-30", goal="Tryggt hemma",
                participants=["Ambulansen"], state="pågående"),
            one("Gemensam vårdplan i hemmet", ["Vårdenhetschef"], "2026-06-15", goal="Tryggt hemma",
                state=ASK_DONE),
            one("Apotekare i teamet", ["Läkemedelschef"], "2027-02-26", goal="Rätt läkemedel",
                participants=["Vårdcentralerna"], state=NOT_BEGUN),
        )
        | {"left_out": ["Målgrupp"]},
        _wide,
    ),
    "sparade_andringar.docx": (
        "tracked changes",
        plan(
            "Handlingsplan Ung hälsa Stenkulla 2026",
            one("Tjejgrupp och killgrupp på fritidsgården", ["Fritidsledare"], "2026-06-12"),
            one("Skolsköterska på lov", ["Elevhälsochef"], "2026-08-14"),
            one("Digital ungdomsmottagning", ["Mottagningschef"], "2026-12-01"),
        ),
        _changed,
    ),
    "struken_rad.docx": (
        "struck rows",
        plan(
            "Åtgärder Vårdövergångar Lillån 2026",
            one("Ringrunda dagen efter hemgång", ["Vårdkoordinator"], "2026-04-30"),
            one("Gemensam taxi från akuten", ["Trafikplanerare"], "2026-06-30", asks=["status"]),
            one("Påse med läkemedel för tre dagar", ["Avdelningschef"], "2026-10-31"),
        ),
        _struck,
    ),
    "farg_i_word.docx": (
        "status by colour with a legend",
        plan(
            "Lägesrapport Missbruk och beroende Kråkvik 2026",
            one("Naloxonprogram på boendet", ["Sjuksköterska boendestöd"], "2026-03-31",
                state=ASK_DONE),
            one("Anhörigprogram i åtta steg", ["Alkohol- och drogterapeut"], "2026-10-30",
                state="pågående"),
            one("Tillnyktring utanför häktet", ["Chefläkare"], "2026-12-18", state=NOT_BEGUN),
        ),
        _shaded,
    ),
    "punkter_i_tre_led.docx": (
        "nested bullets",
        plan(
            "Aktiviteter Temagrupp Rehabilitering 2026",
            one("Gemensam remiss till rehab", ["Rehabchef"], "2026-05-31",
                goal="Kortare väg till träning"),
            one("Träna hemma med video", ["Fysioterapeut", "Digital strateg"], "2026-10-15",
                goal="Kortare väg till träning"),
            one("Återgång i arbete, trepartssamtal", ["Rehabkoordinator"], "2026-12-18",
                goal="Fler tillbaka i arbete"),
        ),
        document(
            "# Aktiviteter Temagrupp Rehabilitering 2026",
            "- Kortare väg till träning",
            "-- Gemensam remiss till rehab",
            "--- Ansvarig: Rehabchef",
            "--- Klart: maj 2026",
            "-- Träna hemma med video",
            "--- Ansvarig: Fysioterapeut och digital strateg",
            "--- Klart: 15 oktober 2026",
            "- Fler tillbaka i arbete",
            "-- Återgång i arbete, trepartssamtal",
            "--- Ansvarig: Rehabkoordinator",
            "--- Klart: 18 december 2026",
        ),
    ),
    "kryss_i_lagesrutor.docx": (
        "marks for the status",
        plan(
            "Uppföljning Hälsosamma levnadsvanor Bergby 2026",
            one("Rökfri operation", ["Operationskoordinator"], "2026-05-29", state=ASK_DONE),
            one("Fysisk aktivitet på recept", ["FaR-samordnare"], "2026-09-30", state="pågående"),
            one("Matvaneråd i primärvården", ["Dietist"], "2026-11-20", state=NOT_BEGUN),
        ),
        document(
            "# Uppföljning Hälsosamma levnadsvanor Bergby 2026",
            rows("""Aktivitet | Ansvarig | Klart senast | Ej påbörjad | Pågår | Klar
                Rökfri operation | Operationskoordinator | 2026-05-29 | ☐ | ☐ | ☒
                Fysisk aktivitet på recept | FaR-samordnare | 2026-09-30 | ☐ | ☒ | ☐
                Matvaneråd i primärvården | Dietist | 2026-11-20 | ☒ | ☐ | ☐"""),
        ),
    ),
    "tabell_pa_tvaren.docx": (
        "a table on its side",
        plan(
            "Tre gemensamma satsningar Ormsö 2026",
            one("Hälsobuss till skärgården", ["Primärvårdschef"], "2026-05-15", state="pågående"),
            one("Distansläkare på boenden", ["MAS"], "2026-09-30", state=NOT_BEGUN),
            one("Gemensam beredskap vid storm", ["Beredskapssamordnare"], "2026-11-01",
                state=NOT_BEGUN),
        ),
        document(
            "# Tre gemensamma satsningar Ormsö 2026",
            rows("""Aktivitet | Hälsobuss till skärgården | Distansläkare på boenden | Gemensam beredskap vid storm
                Ansvarig | Primärvårdschef | MAS | Beredskapssamordnare
                Klart | 2026-05-15 | 2026-09-30 | 2026-11-01
                Status | Pågår | Ej påbörjad | Ej påbörjad"""),
        ),
    ),
    "sektioner.odt": (
        "section rows",
        plan(
            "Lokal handlingsplan Hjortnäs 2026",
            one("Berättarkafé på boendet", ["Kultursekreterare"], "2026-04-30",
                goal="Minska ensamheten", state="pågående"),
            one("Ringkedja med frivilliga", ["Frivilligsamordnare"], "2026-06-18",
                goal="Minska ensamheten", state=NOT_BEGUN),
            one("Test av hörsel på plats", ["Hörselpedagog"], "2026-10-31",
                goal="Upptäcka ohälsa tidigt", state=NOT_BEGUN),
        ),
        open_text(
            "# Lokal handlingsplan Hjortnäs 2026",
            rows("""Aktivitet | Vem ansvarar | Klart senast | Status
                Minska ensamheten |  |  |
                Berättarkafé på boendet | Kultursekreterare | april 2026 | Pågår
                Ringkedja med frivilliga | Frivilligsamordnare | 18 juni 2026 | Inte påbörjad
                Upptäcka ohälsa tidigt |  |  |
                Test av hörsel på plats | Hörselpedagog | oktober 2026 | Inte påbörjad"""),
            "Nästa avstämning sker på samrådsmötet i maj.",
        ),
    ),
}  # fmt: skip
