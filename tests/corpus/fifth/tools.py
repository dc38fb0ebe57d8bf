"""Plans as programs write them: Planner, SharePoint, Project, Trello, Jira, Monday, Stratsys."""

from typing import Any

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, text
from tests.corpus.unseen.kit import book

NOT_BEGUN = ["beslutad", "föreslagen"]

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "planner_flera_tilldelade.xlsx": (
        "Planner",
        {"activities": [
            one("Inventera mötesplatser för äldre", ["Maj Sund", "Olle Vik"], "2026-04-17",
                start="2026-02-02", state="pågående"),
            one("Skriv avtal med Röda korset", ["Maj Sund"], "2026-06-12", state=NOT_BEGUN),
            one("Ta fram affisch", ["Ines Park"], "2026-03-06", start="2026-02-16", state=ASK_DONE),
            one("Utse ambassadörer i varje kommundel", [], None, state=NOT_BEGUN,
                asks=["no-responsible", "no-deadline"]),
        ]},
        book(("Uppgifter", [
            ["Uppgifts-ID", "Uppgiftsnamn", "Bucketnamn", "Förlopp", "Prioritet", "Tilldelad till",
             "Skapad av", "Skapat datum", "Startdatum", "Förfallodatum", "Är återkommande", "Försenad",
             "Slutfört datum", "Slutfört av", "Slutförda checklistepunkter", "Checklistepunkter",
             "Etiketter", "Beskrivning"],
            ["qT1x", "Inventera mötesplatser för äldre", "Våren", "Pågår", "Viktigt",
             "Maj Sund;Olle Vik", "Ines Park", "2026-01-14", "2026-02-02", "2026-04-17", "false",
             "false", "", "", "1/3", "Ring kyrkan;Ring PRO;Ring biblioteket", "", ""],
            ["qT2x", "Skriv avtal med Röda korset", "Våren", "Inte startad", "Medel", "Maj Sund",
             "Ines Park", "2026-01-14", "", "2026-06-12", "false", "false", "", "", "", "", "", ""],
            ["qT3x", "Ta fram affisch", "Kommunikation", "Slutförd", "Låg", "Ines Park", "Ines Park",
             "2026-01-15", "2026-02-16", "2026-03-06", "false", "false", "2026-03-04", "Ines Park",
             "", "", "Rosa", ""],
            ["qT4x", "Utse ambassadörer i varje kommundel", "Hösten", "Inte startad", "Medel", "",
             "Ines Park", "2026-01-15", "", "", "false", "false", "", "", "", "", "", ""],
        ]), ("Plan", [["Plannamn", "Ensamhet Björkvik"], ["Plan-ID", "kJ7"],
                      ["Exportdatum", "2026-03-10"]])),
    ),
    "sharepoint_vy.csv": (
        "SharePoint list",
        {"activities": [
            one("Gemensam rutin för nödläkemedel", ["Rut Alm"], "2026-05-29", state="pågående"),
            one("Checklista för korttidsplats", ["Sven Ö Lid"], "2026-09-11", state=NOT_BEGUN),
            one("Pröva mobilt blåsteam", ["Rut Alm", "Tea Norr"], "2026-11-27",
                state=["pausad", "ask"]),
        ]},
        text("""
"Rubrik","Ansvarig person","Slutdatum","Genomförande","Kommun","Ändrat","Ändrat av","Bifogade filer"
"Gemensam rutin för nödläkemedel","Rut Alm","2026-05-29 00:00","Pågående","Tallbo;#Ekskär","2026-02-03 09:14","Rut Alm","0"
"Checklista för korttidsplats","Sven Ö Lid","2026-09-11 00:00","Ej påbörjad","Tallbo","2026-02-03 09:20","Rut Alm","1"
"Pröva mobilt blåsteam","Rut Alm;Tea Norr","2026-11-27 00:00","Vilande","Ekskär","2026-02-04 15:02","Tea Norr","0"
""", "utf-8-sig"),
    ),
    "project_svensk.csv": (
        "MS Project",
        {"activities": [
            one("Förstudie trygg förlossning i glesbygd", [], "2026-04-30",
                start="2026-02-02", state="pågående"),
            one("Intervjua barnmorskor", ["Utredare"], "2026-03-13", start="2026-02-02",
                goal="Förstudie trygg förlossning i glesbygd", state=ASK_DONE),
            one("Räkna på restider", ["Controller"], "2026-04-30", start="2026-03-16",
                goal="Förstudie trygg förlossning i glesbygd", state="pågående"),
            one("Skriv beslutsunderlag", ["Utredare", "Verksamhetschef kvinnosjukvård"],
                "2026-06-12", start="2026-05-04", state=NOT_BEGUN),
        ]},
        text("""
ID;Aktiv;Uppgiftsläge;Namn;Varaktighet;Start;Slut;Föregående aktiviteter;Dispositionsnivå;Resursnamn;% färdigt
1;Ja;Autoplanerad;Förstudie trygg förlossning i glesbygd;64 dagar;må 2026-02-02;to 2026-04-30;;1;;60%
2;Ja;Autoplanerad;Intervjua barnmorskor;30 dagar;må 2026-02-02;fr 2026-03-13;;2;Utredare;100%
3;Ja;Autoplanerad;Räkna på restider;34 dagar;må 2026-03-16;to 2026-04-30;2;2;Controller;25%
4;Ja;Autoplanerad;Skriv beslutsunderlag;30 dagar;må 2026-05-04;fr 2026-06-12;3;1;Utredare;Verksamhetschef kvinnosjukvård;0%
""".replace("Utredare;Verksamhetschef kvinnosjukvård", '"Utredare;Verksamhetschef kvinnosjukvård"')),
    ),
    "trello_listor.csv": (
        "Trello",
        {"activities": [
            one("Bjud in tandvården till nätverket", ["Ines Park"], "2026-04-24", state="pågående"),
            one("Översätt foldern till lätt svenska", ["Olle Vik"], "2026-05-15", state=NOT_BEGUN),
            one("Boka Folkets hus", ["Ines Park"], "2026-02-27", state=ASK_DONE),
        ]},
        text("""
Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Count,Checklist Item Total Count,Archived,List ID,List Name,Board ID,Board Name
a1,Bjud in tandvården till nätverket,https://example.org/c/a1,,Nätverk (green),Ines Park,2026-04-24 12:00 PM,0,0,false,l2,Pågår,b1,Munhälsa Björkvik
a2,Översätt foldern till lätt svenska,https://example.org/c/a2,Be Språkcentrum läsa,,Olle Vik,2026-05-15 12:00 PM,1,0,false,l1,Att göra,b1,Munhälsa Björkvik
a3,Boka Folkets hus,https://example.org/c/a3,,,Ines Park,2026-02-27 12:00 PM,0,2,false,l3,Klart,b1,Munhälsa Björkvik
"""),
    ),
    "jira_svensk.csv": (
        "Jira",
        {"activities": [
            one("Delad kalender för hembesök", ["tea.norr"], "2026-05-08", state="pågående"),
            one("Läsbehörighet för kommunens rehab", ["rut.alm"], "2026-08-28", state=NOT_BEGUN),
            one("Utbilda lokala administratörer", ["tea.norr"], "2026-02-20", state=ASK_DONE),
        ]},
        text("""
Ärendetyp,Ärendenyckel,Sammanfattning,Tilldelad,Rapportör,Prioritet,Status,Lösning,Skapad,Uppdaterad,Förfallodatum
Uppgift,SAM-11,Delad kalender för hembesök,tea.norr,olle.vik,Medium,Pågående,,07/jan/26 9:10 AM,03/feb/26 1:00 PM,08/maj/26 12:00 AM
Uppgift,SAM-12,Läsbehörighet för kommunens rehab,rut.alm,olle.vik,Medium,Att göra,,07/jan/26 9:12 AM,07/jan/26 9:12 AM,28/aug/26 12:00 AM
Uppgift,SAM-13,Utbilda lokala administratörer,tea.norr,olle.vik,High,Klar,Klart,07/jan/26 9:15 AM,20/feb/26 4:00 PM,20/feb/26 12:00 AM
"""),
    ),
    "monday_grupper.xlsx": (
        "Monday",
        plan(
            "Tidiga insatser Kvarnsjö",
            one("Familjecentral i gamla apoteket", ["Ella Hav"], "2026-08-31", start="2026-03-02",
                goal="Mötesplatser", state="pågående"),
            one("Öppen förskola på lördagar", ["Ella Hav", "Kim Ros"], "2026-10-30",
                start="2026-09-05", goal="Mötesplatser", state=NOT_BEGUN),
            one("Hembesök till alla förstagångsföräldrar", ["Kim Ros"], "2026-12-18",
                start="2026-01-12", goal="Hembesök", state=["pausad", "pågående", "ask"]),
        ),
        book(("Tidiga insatser Kvarnsjö", [
            ["Tidiga insatser Kvarnsjö"], [],
            ["Mötesplatser"],
            ["Name", "Person", "Status", "Timeline - Start", "Timeline - End", "Last Updated"],
            ["Familjecentral i gamla apoteket", "Ella Hav", "Working on it", "2026-03-02",
             "2026-08-31", "Ella Hav 2026-02-11"],
            ["Öppen förskola på lördagar", "Ella Hav, Kim Ros", "Not Started", "2026-09-05",
             "2026-10-30", "Ella Hav 2026-02-11"],
            [],
            ["Hembesök"],
            ["Name", "Person", "Status", "Timeline - Start", "Timeline - End", "Last Updated"],
            ["Hembesök till alla förstagångsföräldrar", "Kim Ros", "Stuck", "2026-01-12",
             "2026-12-18", "Kim Ros 2026-02-14"],
        ])),
    ),
    "stratsys.xlsx": (
        "Stratsys",
        plan(
            "Handlingsplan God och nära vård Söderslätt 2026",
            one("Införa patientkontrakt på alla vårdcentraler", ["Per Lind"], "2026-12-31",
                start="2026-01-01", goal="Invånaren är medskapare", state="pågående"),
            one("Dialogträffar med pensionärsråden", ["Siv Gran"], "2026-05-31",
                start="2026-03-01", goal="Invånaren är medskapare", state=ASK_DONE),
            one("Gemensam bemanning av närakut", ["Per Lind"], "2027-06-30", start="2026-09-01",
                goal="Vård dygnet runt", state=NOT_BEGUN),
        ),
        book(("Rapport", [
            ["Handlingsplan God och nära vård Söderslätt 2026"],
            ["Utskriven 2026-06-03 10:12"], [],
            ["Styrkort: Mål", "Aktivitet", "Status aktivitet", "Startdatum", "Slutdatum",
             "Ansvariga", "Kommentar till status"],
            ["Invånaren är medskapare", "Införa patientkontrakt på alla vårdcentraler", "Pågående",
             "2026-01-01", "2026-12-31", "Per Lind", "Sex av nio är igång"],
            ["", "Dialogträffar med pensionärsråden", "Avslutad", "2026-03-01", "2026-05-31",
             "Siv Gran", "Tre träffar hållna"],
            ["Vård dygnet runt", "Gemensam bemanning av närakut", "Ej påbörjad", "2026-09-01",
             "2027-06-30", "Per Lind", ""],
        ]), merged=["A5:A6"]),
    ),
}  # fmt: skip
