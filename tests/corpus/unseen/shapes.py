"""Plans as check lists, bullets, cards, slides, sections and boxes, and names of all kinds."""

from pathlib import Path
from typing import Any

import docx

from tests.corpus.draw import ASK_DONE, TASTE, Drawing, one, plan, text
from tests.corpus.unseen.kit import (
    GREEN,
    RED,
    YELLOW,
    book,
    document,
    open_text,
    rows,
    shade,
    slides,
    table,
)


def _lights(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Åtgärdsplan efter patientsäkerhetsrond, Östra närsjukvården 2026", 1)
    made.add_paragraph("Grönt = genomfört, gult = pågår, rött = inte påbörjat")
    plain = rows("""Åtgärd | Ansvar | Slutdatum | Trafikljus
        Märk upp läkemedelsvagnar | Apotekare | 2026-02-20 |
        Ny rutin för narkotikakontroll | Sektionschef | 2026-04-24 |
        Inköp av larm | Teknisk samordnare | 2026-09-30 |""")
    made_table = table(made, plain)
    for row, colour in zip(made_table.rows[1:], (GREEN, YELLOW, RED), strict=True):
        shade(row.cells[3], colour)
    made.save(str(path))


def _nested(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Aktiviteter Vårdsamverkan Norrhult 2026", 1)
    made.add_paragraph("Mål: Färre återinläggningar", style="List Bullet")
    made.add_paragraph("Ring upp alla inom tre dygn", style="List Bullet 2")
    made.add_paragraph("Ansvarig: Utskrivningskoordinator", style="List Bullet 3")
    made.add_paragraph("Klart: 2026-04-15", style="List Bullet 3")
    made.add_paragraph("Läkemedelsavstämning före hemgång", style="List Bullet 2")
    made.add_paragraph("Ansvarig: Klinisk apotekare", style="List Bullet 3")
    made.add_paragraph("Klart: juni 2026", style="List Bullet 3")
    made.add_paragraph("Mål: Stärkt anhörigstöd", style="List Bullet")
    made.add_paragraph("Starta anhörigcafé", style="List Bullet 2")
    made.add_paragraph("Ansvarig: Anhörigkonsulent", style="List Bullet 3")
    made.add_paragraph("Klart: v. 40 2026", style="List Bullet 3")
    made.save(str(path))


def _cards(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Aktivitetskort – Delregional grupp Äldre 2026", 1)
    cards = (
        (
            "Gemensamt trygghetsteam",
            "Teamet möter upp hemma vid utskrivning",
            "Biståndschef",
            "2026-03-02",
            "2026-08-31",
            "Pågår",
            "Antal hemgångar med team",
        ),
        (
            "Demensronder",
            "Rond varannan månad på varje boende",
            "Demenssamordnare",
            "2026-09-01",
            "2027-06-30",
            "Planerad",
            "Enkät till personal",
        ),
    )
    labels = (
        "Aktivitet",
        "Beskrivning",
        "Aktivitetsägare",
        "Start",
        "Slut",
        "Status",
        "Mäts genom",
    )
    for card in cards:
        table(made, [[label, told] for label, told in zip(labels, card, strict=True)])
        made.add_paragraph()
    made.save(str(path))


_NAMES: list[tuple[str, object, dict[str, Any]]] = [
    ("Verksamhetschef primärvården", ["Verksamhetschef primärvården"], {}),
    ("MAS och MAR", ["MAS", "MAR"], {}),
    ("Socialchef/Barn- och utbildningschef", ["Socialchef", "Barn- och utbildningschef"], {}),
    ("Hälso- och sjukvårdsförvaltningen", ["Hälso- och sjukvårdsförvaltningen"], {}),
    ("Stab & Utveckling", ["Stab & Utveckling"], {}),
    ("Alva Ek; Bo By", TASTE, {"last": TASTE, "asks": ["no-date"]}),
    (
        "Enhetschef hemtjänst + enhetschef hemsjukvård",
        ["Enhetschef hemtjänst", "enhetschef hemsjukvård"],
        {},
    ),
    ("Ansvarig för välfärdsteknik", ["Ansvarig för välfärdsteknik"], {}),
    (
        "Sofia Ask (kommunen) och Nils Berg (regionen)",
        ["Sofia Ask (kommunen)", "Nils Berg (regionen)"],
        {},
    ),
    ("NOSAM Ekdalen", ["NOSAM Ekdalen"], {}),
    ("Vård- och omsorgsboendet Linden", ["Vård- och omsorgsboendet Linden"], {}),
    (
        "Chefläkare i samverkan med Socialförvaltningen",
        ["Chefläkare"],
        {"participants": ["Socialförvaltningen"]},
    ),
    ("Utses senare", [], {"asks": ["no-responsible"]}),
    ("Samtliga enhetschefer", ["Samtliga enhetschefer"], {}),
    ("Individ- och familjeomsorg samt elevhälsa", ["Individ- och familjeomsorg", "elevhälsa"], {}),
    (
        "Arbetsgrupp digitalisering (sammankallande: Cia Dal)",
        ["Arbetsgrupp digitalisering (sammankallande: Cia Dal)"],
        {},
    ),
]

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "att_gora.odt": (
        "check list",
        plan(
            "Att göra, samrådsgrupp Ängsholm hösten 2026",
            one("Boka lokal till föreläsning", ["Administratör"], "2026-08-28", goal="Kunskap",
                state=ASK_DONE),
            one("Bjud in pensionärsorganisationerna", ["Ordförande"], "2026-09-11", goal="Kunskap",
                state="föreslagen"),
            one("Ta fram underlag om trygghetslarm", ["Larmsamordnare"], "2026-10-31",
                goal="Teknik", state="föreslagen"),
        ),
        open_text(
            "# Att göra, samrådsgrupp Ängsholm hösten 2026",
            "## Kunskap",
            "☒ Boka lokal till föreläsning, ansvarig: Administratör, senast: 28 augusti 2026",
            "☐ Bjud in pensionärsorganisationerna, ansvarig: Ordförande, senast: 11 september 2026",
            "## Teknik",
            "☐ Ta fram underlag om trygghetslarm, ansvarig: Larmsamordnare, senast: oktober 2026",
        ),
    ),
    "nastlade_punkter.docx": (
        "nested bullets",
        plan(
            "Aktiviteter Vårdsamverkan Norrhult 2026",
            one("Ring upp alla inom tre dygn", ["Utskrivningskoordinator"], "2026-04-15",
                goal="Färre återinläggningar"),
            one("Läkemedelsavstämning före hemgång", ["Klinisk apotekare"], "2026-06-30",
                goal="Färre återinläggningar"),
            one("Starta anhörigcafé", ["Anhörigkonsulent"], "2026-10-04",
                goal="Stärkt anhörigstöd"),
        ),
        _nested,
    ),
    "bild_per_aktivitet.pptx": (
        "cards on slides",
        {"activities": [
            one("Gemensam väg in", ["Verksamhetsutvecklare"], "2026-05-31",
                follow_up="Andel som får svar samma dag"),
            one("Rörligt team för barn", ["Enhetschef BUP"], "2026-12-18",
                follow_up="Antal hembesök"),
        ]},
        slides(
            ("Handlingsplan Barn och unga 2026", ("Samverkansgrupp Lillviken",)),
            ("Aktivitet 1: Gemensam väg in", (
                "Ansvarig: Verksamhetsutvecklare", "Klart: maj 2026",
                "Uppföljning: Andel som får svar samma dag")),
            ("Aktivitet 2: Rörligt team för barn", (
                "Ansvarig: Enhetschef BUP", "Klart: 18 december 2026",
                "Uppföljning: Antal hembesök")),
        ),
    ),
    "tabeller_pa_bilder.pptx": (
        "tables on slides",
        {"activities": [
            one("Samordnad individuell plan före utskrivning", ["Vårdplaneringsteam"],
                "2026-04-30", goal="Rätt stöd i rätt tid"),
            one("Stödlinje för skolpersonal", ["Elevhälsochef"], "2026-09-30",
                goal="Rätt stöd i rätt tid"),
            one("Lokal överenskommelse om missbruksvård", ["IFO-chef"], "2026-11-30",
                goal="Tydligt ansvar"),
        ]},
        slides(
            ("Mål 1: Rätt stöd i rätt tid", rows("""Aktivitet | Ansvarig | Klart
                Samordnad individuell plan före utskrivning | Vårdplaneringsteam | april 2026
                Stödlinje för skolpersonal | Elevhälsochef | september 2026""")),
            ("Mål 2: Tydligt ansvar", rows("""Aktivitet | Ansvarig | Klart
                Lokal överenskommelse om missbruksvård | IFO-chef | november 2026""")),
        ),
    ),
    "aktivitetskort.docx": (
        "cards",
        plan(
            "Aktivitetskort – Delregional grupp Äldre 2026",
            one("Gemensamt trygghetsteam", ["Biståndschef"], "2026-08-31", start="2026-03-02",
                how="Teamet möter upp hemma vid utskrivning", state="pågående",
                follow_up="Antal hemgångar med team"),
            one("Demensronder", ["Demenssamordnare"], "2027-06-30", start="2026-09-01",
                how="Rond varannan månad på varje boende", state=["beslutad", "ask"],
                follow_up="Enkät till personal"),
        ),
        _cards,
    ),
    "sektioner.xlsx": (
        "section rows",
        plan(
            "Lokal samverkansplan Storåsen 2026",
            one("Utbildning i lågaffektivt bemötande", ["Utbildningssamordnare"], "2026-05-08",
                goal="Kompetens och bemötande", state="pågående"),
            one("Reflektionsgrupper", ["Handledare"], "2026-12-11", goal="Kompetens och bemötande",
                state="beslutad"),
            one("Gemensam aktivitetspark", ["Fritidschef"], "2026-08-31",
                goal="Förebyggande arbete", state="beslutad"),
            one("Promenadgrupper för äldre", ["Folkhälsosamordnare"], "2026-04-20",
                goal="Förebyggande arbete", state=ASK_DONE),
        ),
        book(("2026", [
            ["Lokal samverkansplan Storåsen 2026"],
            [],
            ["Aktivitet", "Vem ansvarar", "Ska vara klart", "Nuläge"],
            ["Kompetens och bemötande"],
            ["Utbildning i lågaffektivt bemötande", "Utbildningssamordnare", "2026-05-08",
             "Påbörjad"],
            ["Reflektionsgrupper", "Handledare", "2026-12-11", "Inte påbörjad"],
            ["Förebyggande arbete"],
            ["Gemensam aktivitetspark", "Fritidschef", "2026-08-31", "Inte påbörjad"],
            ["Promenadgrupper för äldre", "Folkhälsosamordnare", "2026-04-20", "Avklarad"],
            ["Totalt antal aktiviteter: 4"],
        ]), merged=["A4:D4", "A7:D7"]),
    ),
    "emoji.xlsx": (
        "status by emoji with a legend",
        plan(
            "Uppföljning av samverkansplan Hamnstaden 2026",
            one("Lots för unga vuxna", ["Ungdomssamordnare"], "2026-06-30", state=ASK_DONE),
            one("Drogfri skolgård", ["Rektor", "Fältassistent"], "2026-05-15", state="pågående"),
            one("Sommarjobb för alla nior", ["Arbetsmarknadschef"], "2026-08-14",
                state=["beslutad", "ask"]),
            one("Mobil ungdomsmottagning", ["Barnmorska"], "2026-11-27", state=["pausad", "ask"]),
        ),
        book(("Lägesbild", [
            ["Uppföljning av samverkansplan Hamnstaden 2026"],
            [],
            ["", "Aktivitet", "Ansvarig", "Deadline"],
            ["🟢", "Lots för unga vuxna", "Ungdomssamordnare", "2026-06-30"],
            ["🟡", "Drogfri skolgård", "Rektor / fältassistent", "2026-05-15"],
            ["⚪", "Sommarjobb för alla nior", "Arbetsmarknadschef", "2026-08-14"],
            ["⏸", "Mobil ungdomsmottagning", "Barnmorska", "2026-11-27"],
            [],
            ["🟢 klar"], ["🟡 pågår"], ["⚪ ej påbörjad"], ["⏸ pausad"],
        ])),
    ),
    "trafikljus.docx": (
        "status by colour in Word",
        plan(
            "Åtgärdsplan efter patientsäkerhetsrond, Östra närsjukvården 2026",
            one("Märk upp läkemedelsvagnar", ["Apotekare"], "2026-02-20", state=ASK_DONE),
            one("Ny rutin för narkotikakontroll", ["Sektionschef"], "2026-04-24",
                state="pågående"),
            one("Inköp av larm", ["Teknisk samordnare"], "2026-09-30", state=["beslutad", "ask"]),
        ),
        _lights,
    ),
    "vem_av_alla.csv": (
        "names of those who answer",
        {"activities": [
            one(f"Uppdrag nummer {at}", who, **{"last": "2026-09-30", **more})
            for at, (_, who, more) in enumerate(_NAMES, 1)
        ]},
        text("\n".join([
            "Uppdrag;Ansvarig;Klart senast",
            *(f"Uppdrag nummer {at};{told};2026-09-30" for at, (told, _, _) in enumerate(_NAMES, 1)),
            "",
        ])),
    ),
    "textrutor.docx": (
        "text boxes",
        plan(
            "Aktiviteter i Samverkansgrupp Mosskullen 2026",
            one("Hälsosamtal för 70-åringar", ["Distriktssköterska"], "2026-10-16"),
            one("Lånedisk för hjälpmedel", ["Arbetsterapeut"], "2026-06-05"),
        ),
        document(
            "# Aktiviteter i Samverkansgrupp Mosskullen 2026",
            ("Aktivitet: Hälsosamtal för 70-åringar", "Ansvarig: Distriktssköterska",
             "Klart: 16 oktober 2026"),
            ("Aktivitet: Lånedisk för hjälpmedel", "Ansvarig: Arbetsterapeut",
             "Klart: 5 juni 2026"),
        ),
    ),
}  # fmt: skip
