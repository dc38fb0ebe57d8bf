"""Plans as workbooks and lists with cells between signs."""

from typing import Any

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, text
from tests.corpus.unseen.kit import book, open_sheet

_WHEN = (
    ("senast 30 april", "2026-04-30"),
    ("3:e kvartalet 2026", "2026-09-30"),
    ("i slutet av maj 2026", "2026-05-31"),
    ("mitten av september 2026", "2026-09-20"),
    ("2026-09", "2026-09-30"),
    ("sept. -26", "2026-09-30"),
    ("260630", "2026-06-30"),
    ("30.6.2026", "2026-06-30"),
    ("v 36 2026", "2026-09-06"),
    ("tertial 1 2026", "2026-04-30"),
    ("andra halvåret 2026", "2026-12-31"),
    ("vecka 10-12, 2026", "2026-03-22"),
    ("fredag den 13 november", "2026-11-13"),
    ("1 kvartalet 27", "2027-03-31"),
    ("2027 (maj)", "2027-05-31"),
    ("ej bestämt", None),
    ("fortlöpande", None),
)

_STATES: tuple[tuple[str, object], ...] = (
    ("Igångsatt", "pågående"),
    ("På gång", ["ask", "pågående", "beslutad"]),
    ("Ej igångsatt", ["beslutad", "föreslagen"]),
    ("Inväntar beslut", ["ask", "föreslagen"]),
    ("Avslutad utan åtgärd", ["ask", "avslutad"]),
    ("Genomfört", ASK_DONE),
    ("Parkerad", ["ask", "pausad"]),
    ("Försenad men pågår", "pågående"),
    ("Inställd", ["ask", "avslutad"]),
    ("Delvis klar", ["ask", "pågående"]),
    ("Uppföljd", ["ask", "uppföljd"]),
    ("Idé", ["ask", "föreslagen"]),
    ("Planerat", "beslutad"),
    ("Avbrutet", ["ask", "avslutad"]),
)

_MONTHS = ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec"]


def _marked(*at: int) -> list[str]:
    return ["x" if month in at else "" for month in range(1, 13)]


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "kvartal_tva_ar.xlsx": (
        "quarters over two years",
        plan(
            "Färdplan samordnad stöd till unga 2026–2027",
            one("Bygga lotsfunktion", ["Ungdomslots"], "2026-09-30", start="2026-04-01"),
            one("Sprida arbetssättet", ["Skolchef"], "2027-06-30", start="2026-10-01"),
            one("Utvärdera med unga", ["FoU-ledare"], "2027-12-31", first="2027-10-01"),
        ),
        book(("Färdplan", [
            ["Färdplan samordnad stöd till unga 2026–2027"], [],
            ["Insats", "Ansvarig", "2026", "", "", "", "2027", "", "", ""],
            ["", "", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2", "Q3", "Q4"],
            ["Bygga lotsfunktion", "Ungdomslots", "", "■", "■", "", "", "", "", ""],
            ["Sprida arbetssättet", "Skolchef", "", "", "", "■", "■", "■", "", ""],
            ["Utvärdera med unga", "FoU-ledare", "", "", "", "", "", "", "", "■"],
        ]), merged=["C3:F3", "G3:J3"]),
    ),
    "signaler.xlsx": (
        "status by emoji",
        plan(
            "Åtgärdslista hemsjukvård 2026",
            one("Larmkedja på natten", ["Nattchef"], "2026-03-13", state=ASK_DONE),
            one("Rondkort", ["Omvårdnadsansvarig sjuksköterska"], "2026-06-12", state="pågående"),
            one("Bilpool", ["Samordnare"], "2026-11-27", state=["beslutad", "föreslagen"]),
        ),
        book(("Lista", [
            ["Åtgärdslista hemsjukvård 2026"],
            ["🟢 = klart   🟡 = pågår   🔴 = inte börjat"], [],
            ["🚦", "Åtgärd", "Vem?", "Datum"],
            ["🟢", "Larmkedja på natten", "Nattchef", "2026-03-13"],
            ["🟡", "Rondkort", "Omvårdnadsansvarig sjuksköterska", "2026-06-12"],
            ["🔴", "Bilpool", "Samordnare", "2026-11-27"],
        ])),
    ),
    "kostnader_under.xlsx": (
        "another table after the plan",
        plan(
            "Verksamhetsplan samverkan Strömdal 2026",
            one("Gemensam jourlista", ["Jourläkare"], "2026-03-27", goal="Tillgänglighet"),
            one("Antal platser på korttids ses över", ["Områdeschef"], "2026-05-29", goal="Tillgänglighet"),
            one("Summering av brukarråden", ["Utredare"], "2026-12-04", goal="Inflytande"),
        )
        | {"left_out": ["Resekostnader"]},
        book(("Plan", [
            ["Verksamhetsplan samverkan Strömdal 2026"], [],
            ["Målområde", "Åtgärder", "Ansvar", "Tid"],
            ["Tillgänglighet", "Gemensam jourlista", "Jourläkare", "2026-03-27"],
            ["Tillgänglighet", "Antal platser på korttids ses över", "Områdeschef", "2026-05-29"],
            ["Inflytande", "Summering av brukarråden", "Utredare", "2026-12-04"], [],
            ["Kostnadsslag", "Kommun", "Region", "Totalt"],
            ["Resekostnader", "40 000", "20 000", "60 000"],
            ["Lokaler", "10 000", "0", "10 000"],
            ["Summa", "50 000", "20 000", "70 000"],
        ])),
    ),
    "kopia_bredvid.xlsx": (
        "a copy of the sheet beside it",
        plan(
            "Handlingsplan tandhälsa 2026",
            one("Tandborstning på förskolan", ["Förskolechef"], "2026-04-24"),
            one("Munhälsobedömning hemma", ["Tandhygienist"], "2026-10-30"),
        )
        | {"left_out": ["kopia"]},
        book(
            ("Plan 2026", [["Handlingsplan tandhälsa 2026"], [], ["Vad", "Vem", "När"],
                           ["Tandborstning på förskolan", "Förskolechef", "2026-04-24"],
                           ["Munhälsobedömning hemma", "Tandhygienist", "2026-10-30"]]),
            ("Plan 2026 (kopia)", [["Handlingsplan tandhälsa 2026"], [], ["Vad", "Vem", "När"],
                                   ["Tandborstning på förskolan", "Förskolechef", "2026-04-24"],
                                   ["Munhälsobedömning hemma", "Tandhygienist", "2026-09-30"]]),
        ),
    ),
    "ar_och_tertial.csv": (
        "year and third of a year in two columns",
        {"activities": [
            one("Kartläggning av väntetider", ["Controller"], "2026-04-30"),
            one("Ny triageordning", ["Medicinsk rådgivare"], "2026-08-31"),
            one("Slutrapport", ["Utredare"], "2027-12-31"),
        ]},
        text("""
Åtgärd;Ansvarig tjänsteperson;År;Tertial
Kartläggning av väntetider;Controller;2026;T1
Ny triageordning;Medicinsk rådgivare;2026;T2
Slutrapport;Utredare;2027;T3
"""),
    ),
    "ar_fran_till_vecka.csv": (
        "year and weeks in three columns",
        {"activities": [
            one("Provdriva mobilt röntgen", ["Röntgenchef"], "2026-03-22", start="2026-02-02"),
            one("Utvärdera", ["Utredare"], "2026-10-04", start="2026-09-14"),
        ]},
        text("""
Aktivitet,Ansvarig,År,Från vecka,Till vecka
Provdriva mobilt röntgen,Röntgenchef,2026,6,12
Utvärdera,Utredare,2026,38,40
"""),
    ),
    "tider_blandat.csv": (
        "dates in words",
        plan(
            "Handlingsplan rörelse hela livet 2026",
            *(one(f"Steg {at} i arbetet", ["Folkhälsostrateg"], last)
              for at, (_, last) in enumerate(_WHEN, 1)),
        ),
        text("\n".join([
            "Handlingsplan rörelse hela livet 2026|||", "Åtgärd|Ansvarig|Tidsgräns",
            *(f"Steg {at} i arbetet|Folkhälsostrateg|{said}" for at, (said, _) in enumerate(_WHEN, 1)),
            "",
        ])),
    ),
    "lagesord.xlsx": (
        "words of status",
        {"activities": [
            one(f"Uppgift {at} i planen", ["Planerare"], "2026-06-30", state=state)
            for at, (_, state) in enumerate(_STATES, 1)
        ]},
        book(("Plan 2026", [
            ["Uppgift", "Utförare", "Klart", "Hur går det?"],
            *([f"Uppgift {at} i planen", "Planerare", "2026-06-30", said]
              for at, (said, _) in enumerate(_STATES, 1)),
        ])),
    ),
    "manader.ods": (
        "months as columns",
        plan(
            "Aktivitetsöversikt psykisk hälsa 2026",
            one("Temavecka i skolan", ["Skolkurator"], "2026-02-28", goal="Unga"),
            one("Föräldrakurs", ["Familjerådgivare"], "2026-05-31", start="2026-04-01", goal="Unga"),
            one("Samtal vid pension", ["Hälsopedagog"], "2026-11-30", start="2026-09-01", goal="Äldre"),
        ),
        open_sheet(("Översikt", [
            ["Aktivitetsöversikt psykisk hälsa 2026"], [],
            ["Aktivitet", "Ansvarig", *_MONTHS],
            ["Unga"],
            ["Temavecka i skolan", "Skolkurator", *_marked(2)],
            ["Föräldrakurs", "Familjerådgivare", *_marked(4, 5)],
            ["Äldre"],
            ["Samtal vid pension", "Hälsopedagog", *_marked(9, 10, 11)],
        ])),
    ),
    "asana.csv": (
        "Asana",
        {"activities": [
            one("Kartlägg befintliga grupper", ["Alva Ek"], "2026-03-06", state=ASK_DONE),
            one("Boka lokal", ["Bo By"], "2026-04-10", start="2026-04-01"),
            one("Ta fram inbjudan", [], "2026-05-08"),
        ]},
        text("""
Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task
1201,2026-01-12,2026-03-02,2026-03-02,Kartlägg befintliga grupper,Förberedelser,Alva Ek,alva.ek@example.org,,2026-03-06,,,Anhörigstöd,
1202,2026-01-12,,2026-01-20,Boka lokal,Förberedelser,Bo By,bo.by@example.org,2026-04-01,2026-04-10,,Minst 20 platser,Anhörigstöd,
1203,2026-01-13,,2026-01-13,Ta fram inbjudan,Genomförande,,,,2026-05-08,,,Anhörigstöd,
"""),
    ),
    "kryss_for_vem.xlsx": (
        "marks for who answers",
        plan(
            "Gemensam plan funktionsstöd 2026",
            one("Samordnad habilitering", ["Regionen"], "2026-05-15"),
            one("Fritidsbank", ["Kommunen", "Föreningarna"], "2026-08-28"),
            one("Tillgänglighetsinventering", ["Kommunen"], "2026-11-20"),
        ),
        book(("Plan", [
            ["Gemensam plan funktionsstöd 2026"], [],
            ["Aktivitet", "Ansvarig", "", "", "Klart senast"],
            ["", "Kommunen", "Regionen", "Föreningarna", ""],
            ["Samordnad habilitering", "", "x", "", "2026-05-15"],
            ["Fritidsbank", "x", "", "x", "2026-08-28"],
            ["Tillgänglighetsinventering", "x", "", "", "2026-11-20"],
        ]), merged=["B3:D3", "A3:A4", "E3:E4"]),
    ),
    "gjort_ja_nej.xlsx": (
        "year and month in two columns",
        {"activities": [
            one("Ny remissväg till logoped", ["Logopedchef"], "2026-02-28", state=ASK_DONE),
            one("Läsombud på boenden", ["Bibliotekschef"], "2026-08-31",
                state=["beslutad", "föreslagen", "ask"]),
            one("Tolk på distans", ["Tolksamordnare"], "2027-01-31",
                state=["beslutad", "föreslagen", "ask"]),
        ]},
        book(("Blad1", [
            ["Vad ska göras", "Vem har bollen", "År", "Månad", "Gjort (ja/nej)"],
            ["Ny remissväg till logoped", "Logopedchef", 2026, "februari", "Ja"],
            ["Läsombud på boenden", "Bibliotekschef", 2026, "augusti", "Nej"],
            ["Tolk på distans", "Tolksamordnare", 2027, "januari", "Nej"],
        ])),
    ),
    "people_grupper.csv": (
        "people: groups in a column",
        {"people": [["Alva Ek", "alva.ek@example.org"], ["Bo By och Cia Dal", "samverkan@example.org"]]},
        text("""
Deltagare;Tjänst;Arbetsplats;E-mail;Ingår i
Ek, Alva;enhetschef;Norrås kommun;alva.ek@example.org;Styrgruppen
By, Bo;sekreterare;Region Norrås;samverkan@example.org;Styrgruppen
Dal, Cia;sekreterare;Region Norrås;samverkan@example.org;Beredningsgruppen
"""),
    ),
}  # fmt: skip
