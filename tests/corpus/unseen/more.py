"""A few more, drawn when the first of the batch had been read: other layouts of the same kinds."""

from pathlib import Path
from typing import Any

import docx

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, printed, text
from tests.corpus.unseen.kit import GREEN, RED, book, document, open_text, rows, slides

_WHEN = (
    ("Q2–Q3 2026", "2026-09-30"),
    ("H1 2026", "2026-06-30"),
    ("27 feb", "2026-02-27"),
    ("15/4", "2026-04-15"),
    ("v. 12–14", "2026-04-05"),
    ("t.o.m. december 2026", "2026-12-31"),
    ("Snarast", None),
    ("Senast v.20", "2026-05-17"),
    ("Augusti/september 2026", "2026-09-30"),
    ("Under året", "2026-12-31"),
    ("första halvan av oktober", "2026-10-15"),
    ("Klart till sommaren 2026", "2026-08-31"),
    ("2026 kv 4", "2026-12-31"),
    ("torsdag 12 november 2026", "2026-11-12"),
)


def _boxes_of_word(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Checklista införande Samverkan Ljungby backe 2026", 1)
    made.add_heading("Före start", 2)
    made.add_paragraph("[x] Utse kontaktpersoner – Ansvarig: Områdeschef – Klart: 2026-01-30")
    made.add_paragraph("[ ] Teckna avtal – Ansvarig: Jurist – Klart: 2026-02-27")
    made.add_heading("Efter start", 2)
    made.add_paragraph("[ ] Följ upp efter tre månader – Ansvarig: Controller – Klart: juni 2026")
    made.save(str(path))


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "vem_nar_under_punkter.docx": (
        "nested bullets",
        {"activities": [
            one("Öppen förskola på biblioteket", ["Bibliotekarie"], "2026-03-31"),
            one("Lekgrupp för nyanlända", ["Förskolerektor"], "2026-09-30"),
        ]},
        document(
            "# Plan för tidiga insatser 2026",
            "- Öppen förskola på biblioteket", "-- Vem: Bibliotekarie", "-- När: mars 2026",
            "- Lekgrupp för nyanlända", "-- Vem: Förskolerektor", "-- När: september 2026",
        ),
    ),
    "blad_per_mal.xlsx": (
        "a sheet for each goal",
        {"activities": [
            one("Hälsosamtal vid 65", ["Distriktssköterska"], "2026-05-29",
                goal="Äldre bor tryggt hemma", state="pågående"),
            one("Fixartjänst", ["Fritidschef"], "2026-10-30", goal="Äldre bor tryggt hemma",
                state="beslutad"),
            one("Läxhjälp med fika", ["Rektor"], "2026-09-11", goal="Unga lyckas i skolan",
                state="beslutad"),
        ]},
        book(
            ("Mål 1", [["Mål 1: Äldre bor tryggt hemma"], [],
                       ["Aktivitet", "Ansvarig", "Slutdatum", "Status"],
                       ["Hälsosamtal vid 65", "Distriktssköterska", "2026-05-29", "Pågår"],
                       ["Fixartjänst", "Fritidschef", "2026-10-30", "Ej påbörjad"]]),
            ("Mål 2", [["Mål 2: Unga lyckas i skolan"], [],
                       ["Aktivitet", "Ansvarig", "Slutdatum", "Status"],
                       ["Läxhjälp med fika", "Rektor", "2026-09-11", "Ej påbörjad"]]),
        ),
    ),
    "arshjul_rader.xlsx": (
        "a year's wheel with months as rows",
        plan(
            "Årshjul samverkan 2026",
            one("Budgetdialog", ["Ekonomichef"], "2026-01-31"),
            one("Enkät till brukare", ["Kvalitetsutvecklare"], "2026-03-31"),
            one("Gemensam planeringsdag", ["Samordnare"], "2026-03-31"),
            one("Årsuppföljning", ["Controller"], "2026-11-30"),
        ),
        book(("Årshjul", [
            ["Årshjul samverkan 2026"], [],
            ["Månad", "Aktivitet", "Ansvarig"],
            ["Januari", "Budgetdialog", "Ekonomichef"],
            ["Mars", "Enkät till brukare", "Kvalitetsutvecklare"],
            ["", "Gemensam planeringsdag", "Samordnare"],
            ["November", "Årsuppföljning", "Controller"],
        ]), merged=["A5:A6"]),
    ),
    "tid_fran_till.docx": (
        "headings over headings",
        plan(
            "Handlingsplan suicidprevention Kustlandet 2026–2027",
            one("Utbilda gatekeepers", ["Suicidpreventiv samordnare"], "2026-12-31",
                start="2026-02-01", state="pågående"),
            one("Efterlevandestöd", ["Kyrkan", "Vuxenpsykiatrin"], "2027-06-30",
                start="2026-09-01", state="beslutad"),
        ),
        document(
            "# Handlingsplan suicidprevention Kustlandet 2026–2027",
            rows("""Aktivitet | Ansvarig | Start | Klart | Läge
                Utbilda gatekeepers | Suicidpreventiv samordnare | feb 2026 | dec 2026 | Pågår enligt plan
                Efterlevandestöd | Kyrkan, vuxenpsykiatrin | sept 2026 | juni 2027 | Ej påbörjat"""),
        ),
    ),
    "fler_tider.csv": (
        "dates in words",
        plan(
            "Handlingsplan Närvård Mellanbygden 2026",
            *(one(f"Punkt {at} på listan", ["Närvårdsledare"], last)
              for at, (_, last) in enumerate(_WHEN, 1)),
        ),
        text("\n".join([
            "Handlingsplan Närvård Mellanbygden 2026;;", ";;", "Vad;Vem;När",
            *(f"Punkt {at} på listan;Närvårdsledare;{said}"
              for at, (said, _) in enumerate(_WHEN, 1)),
            "",
        ])),
    ),
    "hakparenteser.docx": (
        "check list",
        plan(
            "Checklista införande Samverkan Ljungby backe 2026",
            one("Utse kontaktpersoner", ["Områdeschef"], "2026-01-30", goal="Före start",
                state=ASK_DONE),
            one("Teckna avtal", ["Jurist"], "2026-02-27", goal="Före start", state="föreslagen"),
            one("Följ upp efter tre månader", ["Controller"], "2026-06-30", goal="Efter start",
                state="föreslagen"),
        ),
        _boxes_of_word,
    ),
    "kodade_lagen.xlsx": (
        "words of status",
        {"activities": [
            one("Ny samverkansrutin", ["Samordnare"], "2026-05-29", state="pågående"),
            one("Anhörigdag", ["Anhörigkonsulent"], "2026-10-06", state="beslutad"),
            one("Enkät", ["Utredare"], "2026-03-13", state=ASK_DONE),
            one("Studieresa", ["Samordnare"], "2026-09-25", state=["ask", "avslutad"]),
        ]},
        book(("Lista", [
            ["Aktivitet", "Ansvarig", "Deadline", "Status (1–4)"],
            ["Ny samverkansrutin", "Samordnare", "2026-05-29", "2 – Pågår"],
            ["Anhörigdag", "Anhörigkonsulent", "2026-10-06", "1 – Ej påbörjad"],
            ["Enkät", "Utredare", "2026-03-13", "3 – Klar"],
            ["Studieresa", "Samordnare", "2026-09-25", "4 – Avbruten"],
        ])),
    ),
    "farg_pa_namnet.xlsx": (
        "status by colour",
        {"activities": [
            one("Skylta om", ["Fastighetschef"], "2026-04-30", state=ASK_DONE),
            one("Byt larmleverantör", ["Upphandlare"], "2026-12-31", state=["ask", "beslutad"]),
        ]},
        book(("Plan", [
            ["Aktivitet", "Ansvarig", "Klart senast"],
            [("Skylta om", GREEN), "Fastighetschef", "2026-04-30"],
            [("Byt larmleverantör", RED), "Upphandlare", "2026-12-31"],
            [],
            [("Grön", GREEN), "Klar"],
            [("Röd", RED), "Ej påbörjad"],
        ])),
    ),
    "etiketter.pdf": (
        "lines with labels",
        plan(
            "Handlingsplan våld i nära relationer Åbygden 2026",
            one("Gemensam riskbedömning", ["Kvinnofridssamordnare"], "2026-06-30",
                follow_up="Antal bedömningar"),
            one("Utbildning för tandvården", ["Folktandvården"], "2026-11-30",
                follow_up="Deltagarlista"),
        ),
        printed(
            "= Handlingsplan våld i nära relationer Åbygden 2026\n"
            "*Aktivitet:* Gemensam riskbedömning\n\n*Ansvarig:* Kvinnofridssamordnare\n\n"
            "*Klart:* juni 2026\n\n*Uppföljning:* Antal bedömningar\n\n"
            "*Aktivitet:* Utbildning för tandvården\n\n*Ansvarig:* Folktandvården\n\n"
            "*Klart:* november 2026\n\n*Uppföljning:* Deltagarlista\n"
        ),
    ),
    "vad_vem_nar.pptx": (
        "bullets on slides",
        {"activities": [
            one("Nytt forum för chefer", ["Kanslichef"], "2026-04-30"),
            one("Delad kalender", ["IT-strateg"], "2026-08-31"),
        ]},
        slides(
            ("Våra aktiviteter 2026", (
                "Nytt forum för chefer, ansvarig: Kanslichef, klart: april 2026",
                "Delad kalender, ansvarig: IT-strateg, klart: augusti 2026")),
        ),
    ),
    "tabell.odt": (
        "a table in an open document",
        plan(
            "Aktivitetsplan Samverkan skärgården 2026",
            one("Båtburen hemsjukvård", ["Verksamhetschef"], "2026-06-12", goal="Nåbar vård",
                follow_up="Antal besök"),
            one("Jourtelefon vintertid", ["Primärvårdschef"], "2026-11-01", goal="Nåbar vård",
                follow_up="Svarstid"),
        ),
        open_text(
            "# Aktivitetsplan Samverkan skärgården 2026",
            "## Mål: Nåbar vård",
            rows("""Aktivitet | Ansvarig | Färdigt senast | Följs upp genom
                Båtburen hemsjukvård | Verksamhetschef | 12 juni 2026 | Antal besök
                Jourtelefon vintertid | Primärvårdschef | 1 november 2026 | Svarstid"""),
        ),
    ),
    "people_rader.docx": (
        "people: lines in Word",
        {"people": [["Alva Ek", "alva.ek@example.org"], ["Bo By", "bo.by@example.org"]]},
        document(
            "# Deltagare",
            "Alva Ek, enhetschef, alva.ek@example.org",
            "Bo By, läkare, bo.by@example.org",
        ),
    ),
    "people_blad.xlsx": (
        "people: a sheet for each group",
        {"people": [["Alva Ek", "alva.ek@example.org"], ["Bo By", "bo.by@example.org"]],
         "groups": {"Alva Ek": ["Styrgruppen"], "Bo By": ["NOSAM Alm"]}},
        book(
            ("Styrgruppen", [["Förnamn", "Efternamn", "Kommun", "Epostadress", "Uppdrag"],
                             ["Alva", "Ek", "Norrås", "alva.ek@example.org", "Ordförande"]]),
            ("NOSAM Alm", [["Förnamn", "Efternamn", "Kommun", "Epostadress", "Uppdrag"],
                           ["Bo", "By", "Norrås", "bo.by@example.org", "Ledamot"]]),
        ),
    ),
}  # fmt: skip
