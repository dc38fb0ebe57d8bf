"""Plans as colleagues draw them in workbooks, and lists with cells between signs."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, text
from tests.corpus.unseen.kit import GREEN, RED, YELLOW, book, fill, open_sheet

NOT_BEGUN = ["beslutad", "föreslagen"]
BLUE = "5B9BD5"

_WHEN = (
    ("Senast vecka 20, 2026", None, "2026-05-17"),
    ("v 14–18 -26", "2026-03-30", "2026-05-03"),
    ("Första kvartalet 2027", None, "2027-03-31"),
    ("T3 -26", None, "2026-12-31"),
    ("2:a halvåret 2026", None, "2026-12-31"),
    ("Start 1 april 2026, klart 30 november 2026", "2026-04-01", "2026-11-30"),
    ("i månadsskiftet augusti/september 2026", None, "2026-08-31"),
)


def _hidden(path: Path) -> None:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "Aktuell"
    fill(page, [
        ["Aktivitetsplan Psykisk hälsa Dalsele 2026"], [],
        ["Nr", "Aktivitet", "Ansvarig", "Gammalt slutdatum", "Slutdatum", "Status"],
        [1, "Första hjälpen-kurs för ledare i föreningar", "Folkhälsosamordnare",
         date(2025, 11, 28), date(2026, 4, 24), "Pågår"],
        [2, "Samtalsstöd på biblioteket", "Kurator primärvården", date(2025, 12, 19),
         date(2026, 9, 30), "Ej påbörjad"],
        [3, "Suicidpreventiv rond på skolorna", "Elevhälsochef", date(2026, 1, 30),
         date(2026, 11, 13), "Ej påbörjad"],
    ])  # fmt: skip
    page.column_dimensions["D"].hidden = True
    old = made.create_sheet("Arkiv 2025")
    fill(old, [
        ["Aktivitetsplan Psykisk hälsa Dalsele 2025"], [],
        ["Nr", "Aktivitet", "Ansvarig", "Slutdatum", "Status"],
        [1, "Kartläggning av föreningslivet", "Folkhälsosamordnare", date(2025, 5, 30), "Klar"],
    ])  # fmt: skip
    old.sheet_state = "hidden"
    made.save(path)


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "tva_rubrikrader.xlsx": (
        "two header rows",
        plan(
            "Genomförandeplan Barn och unga Vattholm 2026",
            one("Gemensam bedömning inom tio dagar", ["Enhetschef första linjen"], "2026-06-30",
                start="2026-02-01", participants=["Elevhälsan", "Socialtjänsten"],
                goal="Barn får hjälp i tid", state="pågående"),
            one("Föräldragrupper på kvällstid", ["Familjerådgivningen"], "2026-11-30",
                start="2026-09-01", participants=["BVC"], goal="Barn får hjälp i tid",
                state=NOT_BEGUN),
            one("En väg in på webben", ["Kommunikationsstrateg"], "2026-12-15",
                start="2026-03-01", participants=["Region Vattholm"], goal="Det är lätt att hitta rätt",
                state="pågående"),
        ),
        book(("Plan", [
            ["Genomförandeplan Barn och unga Vattholm 2026"], [],
            ["Mål", "Insats", "Ansvar", "", "Tid", "", "Läge"],
            ["", "", "Huvudansvarig", "Medverkar", "Start", "Slut", ""],
            ["Barn får hjälp i tid", "Gemensam bedömning inom tio dagar", "Enhetschef första linjen",
             "Elevhälsan, Socialtjänsten", date(2026, 2, 1), date(2026, 6, 30), "Pågår"],
            ["", "Föräldragrupper på kvällstid", "Familjerådgivningen", "BVC", date(2026, 9, 1),
             date(2026, 11, 30), "Ej startat"],
            ["Det är lätt att hitta rätt", "En väg in på webben", "Kommunikationsstrateg",
             "Region Vattholm", date(2026, 3, 1), date(2026, 12, 15), "Pågår"],
        ]), merged=["C3:D3", "E3:F3", "A3:A4", "B3:B4", "G3:G4", "A5:A6"]),
    ),
    "tertial_kryss.xlsx": (
        "thirds of a year with marks",
        plan(
            "Årsplan temagrupp Äldre 2026",
            one("Fallpreventionsvecka", ["Fysioterapeut"], "2026-12-31", first="2026-09-01"),
            one("Gemensam utbildning i palliativ vård", ["Palliativt ombud"], "2026-08-31",
                start="2026-01-01"),
            one("Översyn av hjälpmedelskedjan", ["Hjälpmedelskonsulent"], "2026-04-30",
                first="2026-01-01"),
        ),
        book(("Årsplan", [
            ["Årsplan temagrupp Äldre 2026"], [],
            ["Vad", "Vem", "T1", "T2", "T3"],
            ["Fallpreventionsvecka", "Fysioterapeut", "", "", "X"],
            ["Gemensam utbildning i palliativ vård", "Palliativt ombud", "X", "X", ""],
            ["Översyn av hjälpmedelskedjan", "Hjälpmedelskonsulent", "X", "", ""],
        ])),
    ),
    "dold_kolumn_dolt_blad.xlsx": (
        "hidden columns and sheets",
        plan(
            "Aktivitetsplan Psykisk hälsa Dalsele 2026",
            one("Första hjälpen-kurs för ledare i föreningar", ["Folkhälsosamordnare"],
                "2026-04-24", state="pågående"),
            one("Samtalsstöd på biblioteket", ["Kurator primärvården"], "2026-09-30",
                state=NOT_BEGUN),
            one("Suicidpreventiv rond på skolorna", ["Elevhälsochef"], "2026-11-13",
                state=NOT_BEGUN),
        )
        | {"left_out": ["Arkiv 2025"]},
        _hidden,
    ),
    "uppfoljning_i_tva_kolumner.xlsx": (
        "follow-up columns",
        plan(
            "Handlingsplan Trygg utskrivning Åminne 2026",
            one("Utskrivningsmöte på video", ["Vårdplaneringssamordnare"], "2026-03-31",
                state=ASK_DONE),
            one("Hemgångsteam även helger", ["Enhetschef hemtjänst"], "2026-10-31",
                state="pågående"),
            one("Ny blankett för egenvård", ["MAS"], "2026-12-11", state=NOT_BEGUN),
        ),
        book(("HP 2026", [
            ["Handlingsplan Trygg utskrivning Åminne 2026"], [],
            ["Aktivitet", "Ansvarig", "Klar senast", "Uppföljning april", "Uppföljning september"],
            ["Utskrivningsmöte på video", "Vårdplaneringssamordnare", "2026-03-31", "Pågår",
             "Klar 2026-08-28"],
            ["Hemgångsteam även helger", "Enhetschef hemtjänst", "2026-10-31", "Ej påbörjad",
             "Pågår"],
            ["Ny blankett för egenvård", "MAS", "2026-12-11", "Ej påbörjad", "Ej påbörjad"],
        ])),
    ),
    "farg_i_statuscell.xlsx": (
        "status by colour with a legend",
        plan(
            "Åtgärdslista Samsjuklighet Rönnvik 2026",
            one("Gemensamt intag varje torsdag", ["Enhetschef öppenvård"], "2026-03-27",
                state=ASK_DONE),
            one("Delat team för unga vuxna", ["Chefläkare psykiatri"], "2026-09-25",
                state="pågående"),
            one("Bostad först, tio lägenheter", ["Bostadssamordnare"], "2026-12-04",
                state=NOT_BEGUN),
            one("Brukarstyrda inskrivningar", ["Avdelningschef"], "2026-10-16",
                state=["pausad", "ask"]),
        ),
        book(("Läge", [
            ["Åtgärdslista Samsjuklighet Rönnvik 2026"], [],
            ["Åtgärd", "Ansvarig", "Färdigt", "Läge"],
            ["Gemensamt intag varje torsdag", "Enhetschef öppenvård", date(2026, 3, 27), ("", GREEN)],
            ["Delat team för unga vuxna", "Chefläkare psykiatri", date(2026, 9, 25), ("", YELLOW)],
            ["Bostad först, tio lägenheter", "Bostadssamordnare", date(2026, 12, 4), ("", RED)],
            ["Brukarstyrda inskrivningar", "Avdelningschef", date(2026, 10, 16), ("", BLUE)],
            [], ["Förklaring"],
            [("", GREEN), "Klar"], [("", YELLOW), "Pågår"], [("", RED), "Ej påbörjad"],
            [("", BLUE), "Vilande"],
        ])),
    ),
    "farg_utan_forklaring.xlsx": (
        "status by colour without a legend",
        plan(
            "Plan för hälsofrämjande mötesplatser 2026",
            one("Gåfotboll i tre orter", ["Fritidskonsulent"], "2026-05-22",
                state=ASK_DONE),
            one("Matlagningskurs för änkemän", ["Dietist"], "2026-10-09",
                state=["ask", "pågående"]),
            one("Uteträning vid vårdcentralen", ["Rehabchef"], "2026-08-21",
                state=["ask", "pågående", "beslutad"]),
        ),
        book(("Blad1", [
            ["Plan för hälsofrämjande mötesplatser 2026"], [],
            ["Aktivitet", "Ansvarig", "När", "Status"],
            ["Gåfotboll i tre orter", "Fritidskonsulent", "22 maj", ("", GREEN)],
            ["Matlagningskurs för änkemän", "Dietist", "9 oktober", ("", YELLOW)],
            ["Uteträning vid vårdcentralen", "Rehabchef", "21 augusti", ("", RED)],
        ])),
    ),
    "summa_och_budget.xlsx": (
        "totals rows and a budget after",
        plan(
            "Samverkansplan Funktionsnedsättning Lerhamn 2026",
            one("Gemensam habiliteringsplan", ["Habiliteringschef"], "2026-05-31",
                goal="En samlad planering"),
            one("Stödpersoner får handledning", ["Enhetschef daglig verksamhet"], "2026-10-31",
                goal="En samlad planering"),
            one("Hälsosamtal på gruppbostad", ["Distriktssköterska"], "2026-11-30",
                goal="Jämlik hälsa"),
        )
        | {"left_out": ["Summa", "Budgetpost"]},
        book(("Plan och medel", [
            ["Samverkansplan Funktionsnedsättning Lerhamn 2026"], [],
            ["Mål", "Aktivitet", "Ansvarig", "Klart", "Kostnad (kr)"],
            ["En samlad planering", "Gemensam habiliteringsplan", "Habiliteringschef", "maj 2026", 0],
            ["En samlad planering", "Stödpersoner får handledning", "Enhetschef daglig verksamhet",
             "oktober 2026", 90000],
            ["Jämlik hälsa", "Hälsosamtal på gruppbostad", "Distriktssköterska", "november 2026", 35000],
            ["", "Summa", "", "", 125000], [],
            ["Budgetpost", "Belopp", "Finansieras av", "Avser", "Anm."],
            ["Handledare", 90000, "Stimulansmedel", "2026", "Rekvirerat"],
            ["Hälsosamtal, material", 35000, "Regionen", "2026", ""],
            ["Totalt", 125000, "", "", ""],
        ])),
    ),
    "moment_under_aktivitet.xlsx": (
        "parent and sub-activities",
        plan(
            "Projektplan Digitala hembesök Storvåla",
            one("Välj leverantör", ["Upphandlare"], "2026-03-31", goal="Upphandling"),
            one("Teckna personuppgiftsavtal", ["Dataskyddsombud"], "2026-04-30",
                goal="Upphandling"),
            one("Prova i två hemtjänstgrupper", ["Projektledare"], "2026-09-30", goal="Pilot"),
            one("Fråga brukarna", ["Brukarombud", "Projektledare"], "2026-10-31", goal="Pilot"),
        ),
        book(("Plan", [
            ["Projektplan Digitala hembesök Storvåla"], [],
            ["Aktivitet", "Delaktivitet", "Ansvarig", "Klart"],
            ["Upphandling", "", "", ""],
            ["", "Välj leverantör", "Upphandlare", "2026-03-31"],
            ["", "Teckna personuppgiftsavtal", "Dataskyddsombud", "2026-04-30"],
            ["Pilot", "", "", ""],
            ["", "Prova i två hemtjänstgrupper", "Projektledare", "2026-09-30"],
            ["", "Fråga brukarna", "Brukarombud och projektledare", "2026-10-31"],
        ])),
    ),
    "engelska_projektkontoret.xlsx": (
        "English cousins",
        plan(
            "Action plan Integrated care Norrgård 2026",
            one("Single referral form", ["Head of primary care"], "2026-04-30",
                goal="Easy access", state="pågående"),
            one("Shared on-call list", ["Nurse manager"], "2026-06-30", goal="Easy access",
                state=NOT_BEGUN),
            one("Joint training day", ["HR partner"], "2026-10-15", goal="Skilled staff",
                state=ASK_DONE),
        ),
        book(("Actions", [
            ["Action plan Integrated care Norrgård 2026"], [],
            ["Goal", "Action", "Lead", "Due by", "Current status"],
            ["Easy access", "Single referral form", "Head of primary care", "30 April 2026",
             "In progress"],
            ["Easy access", "Shared on-call list", "Nurse manager", "30 June 2026", "Not started"],
            ["Skilled staff", "Joint training day", "HR partner", "15 October 2026", "Completed"],
        ])),
    ),
    "google_kryssrutor.ods": (
        "check boxes",
        plan(
            "Att göra före flytten till Hälsans hus",
            one("Säg upp gamla växeln", ["Kanslichef"], "2026-03-31", state=ASK_DONE),
            one("Märk upp entrén med teckenstöd", ["Tillgänglighetsstrateg"], "2026-05-13",
                state=[*NOT_BEGUN, "ask"]),
            one("Provkör reservkraften", ["Driftledare"], "2026-06-05", state=[*NOT_BEGUN, "ask"]),
        ),
        open_sheet(("Flytt", [
            ["Att göra före flytten till Hälsans hus"], [],
            ["Klart?", "Att göra", "Vem fixar", "Senast"],
            [True, "Säg upp gamla växeln", "Kanslichef", date(2026, 3, 31)],
            [False, "Märk upp entrén med teckenstöd", "Tillgänglighetsstrateg", date(2026, 5, 13)],
            [False, "Provkör reservkraften", "Driftledare", date(2026, 6, 5)],
        ])),
    ),
    "mal_over_grupper.ods": (
        "goals above groups of activities",
        plan(
            "Handlingsplan NOSAM Fågelsjö 2026–2027",
            one("Rundvandring på akuten för hemtjänstpersonal", ["Akutchef"], "2026-05-31",
                goal="Vi känner till varandras vardag"),
            one("Hospitering två dagar", ["Områdeschef", "Vårdenhetschef"], "2027-03-31",
                goal="Vi känner till varandras vardag"),
            one("Gemensam mall för SIP", ["SIP-samordnare"], "2026-09-30",
                goal="Den enskilde har en plan"),
            one("Stickprov av tio planer", ["Kvalitetsutvecklare"], "2027-10-31",
                goal="Den enskilde har en plan"),
        ),
        open_sheet(("Plan", [
            ["Handlingsplan NOSAM Fågelsjö 2026–2027"], [],
            ["Nr", "Aktivitet", "Ansvarig(a)", "Klart senast"],
            ["Mål 1: Vi känner till varandras vardag"],
            ["1.1", "Rundvandring på akuten för hemtjänstpersonal", "Akutchef", "maj 2026"],
            ["1.2", "Hospitering två dagar", "Områdeschef, Vårdenhetschef", "mars 2027"],
            ["Mål 2: Den enskilde har en plan"],
            ["2.1", "Gemensam mall för SIP", "SIP-samordnare", "september 2026"],
            ["2.2", "Stickprov av tio planer", "Kvalitetsutvecklare", "oktober 2027"],
        ])),
    ),
    "tider_som_de_skrivs.csv": (
        "dates in words",
        plan(
            "Handlingsplan Våld i nära relationer 2026",
            *(one(f"Punkt {at} på listan", ["Kvinnofridssamordnare"], last,
                  **({"start": first} if first and "Start" in said else {}))
              for at, (said, first, last) in enumerate(_WHEN, 1)),
        ),
        text("\n".join([
            "Handlingsplan Våld i nära relationer 2026;;", "Åtgärd;Ansvarig;Tidplan",
            *(f"Punkt {at} på listan;Kvinnofridssamordnare;{said}"
              for at, (said, _, _) in enumerate(_WHEN, 1)), "",
        ])),
    ),
    "manga_ansvariga.csv": (
        "several responsibles in a cell",
        {"activities": [
            one("Ta fram gemensam introduktion", ["HR-chef", "Utbildningsledare"], "2026-04-30"),
            one("Öva larmkedjan", ["Säkerhetssamordnare", "Jourhavande chef"], "2026-06-12"),
            one("Teckna avtal om läkarinsatser", ["Hälso- och sjukvårdsdirektör", "Socialdirektör"],
                "2026-12-31"),
            one("Byt journalskrivare på boendet", ["IT- och digitaliseringschef"], "2026-08-31"),
        ]},
        text("""
Aktivitet\tAnsvarig/ansvariga\tKlart
Ta fram gemensam introduktion\tHR-chef + utbildningsledare\t2026-04-30
Öva larmkedjan\tSäkerhetssamordnare & jourhavande chef\t2026-06-12
Teckna avtal om läkarinsatser\tHälso- och sjukvårdsdirektör / Socialdirektör\t2026-12-31
Byt journalskrivare på boendet\tIT- och digitaliseringschef\t2026-08-31
"""),
    ),
    "ar_over_manader.xlsx": (
        "months with marks under a year",
        plan(
            "Aktivitetskalender Anhörigstöd Mossby",
            one("Anhörigdag", ["Anhörigkonsulent"], "2026-10-31", first="2026-10-01"),
            one("Kurs i förflyttning", ["Arbetsterapeut"], "2027-02-28", start="2026-11-01"),
            one("Uppsökande samtal 75+", ["Äldrelots"], "2027-01-31", first="2027-01-01"),
        ),
        book(("Kalender", [
            ["Aktivitetskalender Anhörigstöd Mossby"], [],
            ["Aktivitet", "Ansvarig", "2026", "", "", "2027", ""],
            ["", "", "okt", "nov", "dec", "jan", "feb"],
            ["Anhörigdag", "Anhörigkonsulent", "●", "", "", "", ""],
            ["Kurs i förflyttning", "Arbetsterapeut", "", "●", "●", "●", "●"],
            ["Uppsökande samtal 75+", "Äldrelots", "", "", "", "●", ""],
        ]), merged=["C3:E3", "F3:G3"]),
    ),
    "noter_under.xlsx": (
        "notes beneath the table",
        plan(
            "Åtgärdsplan Läkemedel Ekhult 2026",
            one("Årliga genomgångar för alla över 75", ["Läkemedelsansvarig läkare"], "2026-12-31",
                state="pågående", start="2026-01-12"),
            one("Avsluta dosdispensering på två orter", ["Apotekare"], "2026-06-30",
                state=["avslutad", "ask"]),
            one("Gemensam lista över riskläkemedel", ["MAS", "Apotekare"], "2026-09-15",
                state=NOT_BEGUN),
        )
        | {"left_out": ["Alla datum är preliminära"]},
        book(("Plan", [
            ["Åtgärdsplan Läkemedel Ekhult 2026"], [],
            ["Vad", "Vem", "Fr.o.m.", "T.o.m.", "Status"],
            ["Årliga genomgångar för alla över 75", "Läkemedelsansvarig läkare", "2026-01-12",
             "2026-12-31", "Pågår enl. plan"],
            ["Avsluta dosdispensering på två orter", "Apotekare", "", "2026-06-30", "Utgår"],
            ["Gemensam lista över riskläkemedel", "MAS, apotekare", "", "2026-09-15", "Ej påbörjat"],
            [],
            ["* Alla datum är preliminära och stäms av i beredningsgruppen."],
            ["Planen reviderades 2026-02-05 efter synpunkter från pensionärsrådet."],
        ])),
    ),
}  # fmt: skip
