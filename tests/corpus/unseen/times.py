"""Plans whose times stand in two columns, in charts of months, or in any words."""

from datetime import date
from typing import Any

from tests.corpus.draw import ASK_DONE, TASTE, Drawing, one, plan, text
from tests.corpus.unseen.kit import book, document, open_sheet

_LONE = (2, 10, 11, 14, 19, 22)  # one stretch of time: the deadline, from its first day
_BLUE = ("", "5B9BD5")
_LIGHT = ("", "BDD7EE")
_MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
_QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


def _marks(columns: int, *marked: int, sign: object = "x") -> list[object]:
    return [sign if at in marked else "" for at in range(columns)]


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "ar_manad.ods": (
        "year and part of it in two columns",
        plan(
            "Verksamhetsplan Vårdsamverkan Myrudden",
            one("Gemensam chefsdag", ["Samverkansledare"], "2026-03-31", follow_up="Utvärdering"),
            one("Ny blankett för egenvård", ["MAS"], "2026-10-31", follow_up="Stickprov"),
            one("Uppföljning av avtalet", ["Avtalsansvarig"], "2027-02-28", follow_up="Rapport"),
            one("Revidering av rutinen", ["MAS"], "2027-05-31", follow_up="Stickprov"),
        ),
        open_sheet(("Plan", [
            ["Verksamhetsplan Vårdsamverkan Myrudden"],
            [],
            ["Aktivitet", "Ansvarig", "År", "Månad", "Uppföljning"],
            ["Gemensam chefsdag", "Samverkansledare", (2026, 2), "mars", "Utvärdering"],
            ["Ny blankett för egenvård", "MAS", None, "oktober", "Stickprov"],
            ["Uppföljning av avtalet", "Avtalsansvarig", (2027, 2), "februari", "Rapport"],
            ["Revidering av rutinen", "MAS", None, "maj", "Stickprov"],
        ])),
    ),
    "kvartal_ar.xlsx": (
        "year and part of it in two columns",
        {"activities": [
            one("Se över ingångar till första linjen", ["Enhetschef första linjen"], "2026-06-30",
                goal="Tidiga insatser", state="pågående"),
            one("Öppna gemensam mottagning", ["Verksamhetschef"], "2027-03-31",
                goal="Tidiga insatser", state="beslutad"),
            one("Föräldrastöd på webben", ["Folkhälsostrateg"], "2026-12-31", goal="Föräldrar",
                state="beslutad"),
        ]},
        book(("Handlingsplan", [
            ["Målområde", "Insats", "Driver frågan", "Kvartal", "År", "Läge"],
            ["Tidiga insatser", "Se över ingångar till första linjen", "Enhetschef första linjen",
             "Kv 2", 2026, "Igång"],
            ["", "Öppna gemensam mottagning", "Verksamhetschef", "Kv 1", 2027, "Ej igång"],
            ["Föräldrar", "Föräldrastöd på webben", "Folkhälsostrateg", "Kv 4", 2026, "Ej igång"],
        ]), merged=["A2:A3"]),
    ),
    "veckor_fran_till.xlsx": (
        "year and part of it in two columns",
        {"activities": [
            one("Ta fram utbildningspaket", ["Utbildningsledare"], "2026-03-01",
                start="2026-01-19"),
            one("Genomföra utbildning", ["Utbildningsledare"], "2026-05-24", start="2026-03-30"),
            one("Sammanställa utvärdering", ["Kvalitetscontroller"], "2026-09-20",
                start="2026-08-24"),
        ]},
        book(("Blad1", [
            ["Moment", "Utförs av", "År", "Från vecka", "Till vecka"],
            ["Ta fram utbildningspaket", "Utbildningsledare", 2026, 4, 9],
            ["Genomföra utbildning", "Utbildningsledare", 2026, 14, 21],
            ["Sammanställa utvärdering", "Kvalitetscontroller", 2026, 35, 38],
        ])),
    ),
    "bokstavsmanader.xlsx": (
        "chart of months over two years",
        plan(
            "Tidsplan Samverkan vid psykisk ohälsa",
            one("Rekrytera samordnare", ["HR"], "2026-04-30", start="2026-02-01", goal="Starta"),
            one("Utforma samverkansmöten", ["Samordnare"], "2026-08-31", start="2026-05-01",
                goal="Starta"),
            one("Prova i två kommuner", ["Samordnare"], "2027-04-30", start="2026-09-01",
                goal="Pröva"),
            one("Besluta om fortsättning", ["Styrgruppen"], "2027-06-30", first="2027-06-01",
                goal="Pröva"),
        ),
        book(("Tidsplan", [
            ["Tidsplan Samverkan vid psykisk ohälsa"],
            ["", "", "", "2026", *[""] * 11, "2027", *[""] * 11],
            ["Fas", "Arbetsmoment", "Vem", *"JFMAMJJASOND", *"JFMAMJJASOND"],
            ["Starta", "Rekrytera samordnare", "HR", *_marks(24, 1, 2, 3, sign="●")],
            ["", "Utforma samverkansmöten", "Samordnare", *_marks(24, 4, 5, 6, 7, sign="●")],
            ["Pröva", "Prova i två kommuner", "Samordnare", *_marks(24, *range(8, 16), sign="●")],
            ["", "Besluta om fortsättning", "Styrgruppen", *_marks(24, 17, sign="●")],
        ]), merged=["D2:O2", "P2:AA2", "A4:A5", "A6:A7"]),
    ),
    "manader_i_word.docx": (
        "months with marks",
        plan(
            "Årshjul och aktiviteter 2026, Samverkansråd Björkvik",
            one("Dialogmöte med brukarråd", ["Ordförande"], "2026-03-31", first="2026-03-01"),
            one("Kampanj fallförebyggande", ["Fysioterapeut"], "2026-10-31", start="2026-09-01"),
            one("Gemensam budgetdialog", ["Ekonom"], "2026-06-30", start="2026-05-01"),
        ),
        document(
            "# Årshjul och aktiviteter 2026, Samverkansråd Björkvik",
            [["Vad", "Ansvar", *_MONTHS],
             ["Dialogmöte med brukarråd", "Ordförande", *_marks(12, 2, sign="X")],
             ["Kampanj fallförebyggande", "Fysioterapeut", *_marks(12, 8, 9, sign="X")],
             ["Gemensam budgetdialog", "Ekonom", *_marks(12, 4, 5, sign="X")]],
        ),
    ),
    "kvartal_farg.xlsx": (
        "chart of quarters by colour",
        plan(
            "Färdplan digital samverkan 2026–2027",
            one("Upphandla videotjänst", ["Upphandlare"], "2026-06-30", start="2026-01-01"),
            one("Koppla ihop journaler", ["Systemägare"], "2027-03-31", start="2026-07-01"),
            one("Utbilda superanvändare", ["Verksamhetsutvecklare"], "2027-09-30",
                start="2027-04-01"),
        ),
        book(("Färdplan", [
            ["Färdplan digital samverkan 2026–2027"],
            ["", "", 2026, "", "", "", 2027, "", "", ""],
            ["Leverans", "Ägare", *_QUARTERS, *_QUARTERS],
            ["Upphandla videotjänst", "Upphandlare", _BLUE, _BLUE, *[""] * 6],
            ["Koppla ihop journaler", "Systemägare", "", "", _BLUE, _BLUE, _BLUE, *[""] * 3],
            ["Utbilda superanvändare", "Verksamhetsutvecklare", *[""] * 5, _BLUE, _BLUE, ""],
        ]), merged=["C2:F2", "G2:J2"]),
    ),
    "tider_i_ord.csv": (
        "dates in words",
        plan(
            "Handlingsplan Närvård Granö 2026",
            *[one(f"Steg {at} i planen", ["Närvårdsledare"], last, asks=asks,
                  **{"first" if at in _LONE else "start": start})
              for at, (_, start, last, asks) in enumerate([
                ("senast sista mars", None, "2026-03-31", []),
                ("vt-26", "2026-01-01", "2026-06-30", []),
                ("till halvårsskiftet", TASTE, "2026-06-30", []),
                ("årsskiftet 2026/2027", TASTE, "2026-12-31", []),
                ("v 15-18", "2026-04-06", "2026-05-03", []),
                ("nov 2026–feb 2027", "2026-11-01", "2027-02-28", []),
                ("Påbörjas i mars, avslutas i oktober 2026", "2026-03-01", "2026-10-31", []),
                ("30/sep/26", TASTE, "2026-09-30", []),
                ("20260615", TASTE, "2026-06-15", []),
                ("Kv 3", "2026-07-01", "2026-09-30", []),
                ("mitten av maj", "2026-05-11", "2026-05-20", []),
                ("löpande", None, None, []),
                ("31 april 2026", None, None, ["no-such-day"]),
                ("2:a kvartalet 2026", "2026-04-01", "2026-06-30", []),
                ("ht 2026 – vt 2027", "2026-08-01", "2027-06-30", []),
                ("i slutet på augusti", TASTE, "2026-08-31", []),
                ("2026-05-31 (framflyttat till 2026-10-31)", TASTE, "2026-10-31", []),
                ("mars–april -26", "2026-03-01", "2026-04-30", []),
                ("T1 2026", "2026-01-01", "2026-04-30", []),
                ("före midsommar", TASTE, "2026-06-18", []),
                ("1 sept.", TASTE, "2026-09-01", []),
                ("var tredje månad under 2026", "2026-01-01", "2026-12-31", []),
                ("fredag v. 37", TASTE, "2026-09-11", []),
                ("sommaren 2026 och framåt", "2026-06-01", None, []),
              ], 1)],
        ),
        text("""
Handlingsplan Närvård Granö 2026;;
;;
Åtgärd;Ansvarig;Tidplan
Steg 1 i planen;Närvårdsledare;senast sista mars
Steg 2 i planen;Närvårdsledare;vt-26
Steg 3 i planen;Närvårdsledare;till halvårsskiftet
Steg 4 i planen;Närvårdsledare;årsskiftet 2026/2027
Steg 5 i planen;Närvårdsledare;v 15-18
Steg 6 i planen;Närvårdsledare;nov 2026–feb 2027
Steg 7 i planen;Närvårdsledare;Påbörjas i mars, avslutas i oktober 2026
Steg 8 i planen;Närvårdsledare;30/sep/26
Steg 9 i planen;Närvårdsledare;20260615
Steg 10 i planen;Närvårdsledare;Kv 3
Steg 11 i planen;Närvårdsledare;mitten av maj
Steg 12 i planen;Närvårdsledare;löpande
Steg 13 i planen;Närvårdsledare;31 april 2026
Steg 14 i planen;Närvårdsledare;2:a kvartalet 2026
Steg 15 i planen;Närvårdsledare;ht 2026 – vt 2027
Steg 16 i planen;Närvårdsledare;i slutet på augusti
Steg 17 i planen;Närvårdsledare;2026-05-31 (framflyttat till 2026-10-31)
Steg 18 i planen;Närvårdsledare;mars–april -26
Steg 19 i planen;Närvårdsledare;T1 2026
Steg 20 i planen;Närvårdsledare;före midsommar
Steg 21 i planen;Närvårdsledare;1 sept.
Steg 22 i planen;Närvårdsledare;var tredje månad under 2026
Steg 23 i planen;Närvårdsledare;fredag v. 37
Steg 24 i planen;Närvårdsledare;sommaren 2026 och framåt
"""),
    ),
    "procent_och_klart.ods": (
        "per cent, yes and no, beside days",
        {"activities": [
            one("Kompetenskartläggning", ["HR-chef"], "2026-03-31", state="pågående"),
            one("Gemensam introduktion", ["HR-chef"], "2026-09-01", state=["beslutad", "föreslagen"]),
            one("Mentorprogram", ["Chefssjuksköterska"], "2026-02-15", state=ASK_DONE),
        ]},
        open_sheet(("Blad 1", [
            ["Uppgift", "Ansvarig", "Klart", "Klart (%)", "Kommentar"],
            ["Kompetenskartläggning", "HR-chef", date(2026, 3, 31), "40 %", ""],
            ["Gemensam introduktion", "HR-chef", date(2026, 9, 1), "0 %", "Väntar på lokaler"],
            ["Mentorprogram", "Chefssjuksköterska", date(2026, 2, 15), "100 %", ""],
        ])),
    ),
}  # fmt: skip
