"""Plans whose headings are of the field, of English cousins and of planning tools."""

from datetime import date
from typing import Any

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, text
from tests.corpus.unseen.kit import book, document, rows

ENDED = ["ask", "avslutad"]

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "rubrik_handlaggare.xlsx": (
        "headings of the field",
        plan(
            "Genomförandeplan samordnad rehabilitering Västerskär 2026",
            one("Gemensam remissmall", ["Rehabkoordinator"], "2026-04-30", start="2026-02-02",
                goal="Remissvägar", state="pågående", how="Mallen tas fram med vårdcentralerna",
                follow_up="Antal remisser per månad"),
            one("Träffpunkt för långtidssjukskrivna", ["Arbetsmarknadsenheten"], "2026-09-15",
                start="2026-05-04", goal="Stöd", state="beslutad",
                how="Öppet en eftermiddag i veckan", follow_up="Enkät till deltagare"),
            one("Informationsfilm", ["Kommunikatör"], "2026-06-12", start="2026-03-16", goal="Stöd",
                state=ASK_DONE, how="Två minuter, textad", follow_up="Antal visningar"),
        ),
        book(("Plan", [
            ["Genomförandeplan samordnad rehabilitering Västerskär 2026"],
            ["Version 3"],
            [],
            ["Nr", "Område", "Rubrik", "Sammanfattning", "Handläggare", "Påbörjas", "Tidsgräns",
             "Förlopp", "Uppföljningsmått"],
            [1, "Remissvägar", "Gemensam remissmall", "Mallen tas fram med vårdcentralerna",
             "Rehabkoordinator", date(2026, 2, 2), date(2026, 4, 30), "Under arbete",
             "Antal remisser per månad"],
            [2, "Stöd", "Träffpunkt för långtidssjukskrivna", "Öppet en eftermiddag i veckan",
             "Arbetsmarknadsenheten", date(2026, 5, 4), date(2026, 9, 15), "Ej startad",
             "Enkät till deltagare"],
            [3, "Stöd", "Informationsfilm", "Två minuter, textad", "Kommunikatör",
             date(2026, 3, 16), date(2026, 6, 12), "Genomförd", "Antal visningar"],
        ])),
    ),
    "sharepointlista.csv": (
        "SharePoint list",
        {"activities": [
            one("Kartlägg vårdkedjan för stroke", ["Processledare stroke"], "2026-03-27",
                state="pågående", how="Intervjua personal på tre enheter"),
            one("Skriv gemensam rutin", ["Medicinskt ledningsansvarig läkare"], "2026-06-18",
                state="beslutad", how="Utgå från kartläggningen"),
            one("Inför telefonuppföljning", ["Strokesjuksköterska"], "2026-10-02", state="pausad",
                how="Inom tio dagar efter utskrivning"),
        ]},
        text("""
Titel,Beskrivning,Tilldelad,Förfallodatum,Aktivitetsstatus,Prioritet,Ändrad,Ändrad av,Objekttyp,Sökväg
Kartlägg vårdkedjan för stroke,Intervjua personal på tre enheter,Processledare stroke,2026-03-27,Pågår,(2) Normal,2026-01-12 09:14,Processledare stroke,Objekt,sites/stroke/Lists/Atgarder
Skriv gemensam rutin,Utgå från kartläggningen,Medicinskt ledningsansvarig läkare,2026-06-18,Inte påbörjad,(1) Hög,2026-01-12 09:15,Processledare stroke,Objekt,sites/stroke/Lists/Atgarder
Inför telefonuppföljning,Inom tio dagar efter utskrivning,Strokesjuksköterska,2026-10-02,Väntar på någon annan,(2) Normal,2026-02-03 15:40,Processledare stroke,Objekt,sites/stroke/Lists/Atgarder
""", "utf-8-sig"),
    ),
    "planner_export.xlsx": (
        "Planner",
        plan(
            "Nära vård Sjöbacka",
            one("Inventera mötesforum", ["Alva Ek"], "2026-02-27", start="2026-01-26",
                goal="Samverkan", state=ASK_DONE),
            one("Ta fram gemensam kalender", ["Alva Ek", "Bo By"], "2026-04-17", goal="Samverkan",
                start="2026-03-02", state="pågående"),
            one("Utbilda i SIP", ["Cia Dal"], "2026-11-06", goal="Kompetens", state="beslutad"),
            one("Bjud in patientföreningar", [], "2026-05-29", goal="Kompetens", state="beslutad",
                asks=["no-responsible"]),
        ),
        book(("Uppgifter", [
            ["Planens namn", "Nära vård Sjöbacka"],
            ["Plan-ID", "aV9xPz-Tk0uWqK"],
            ["Exportdatum", "2026-03-20"],
            [],
            ["Aktivitets-ID", "Aktivitetsnamn", "Bucketnamn", "Förlopp", "Prioritet",
             "Tilldelad till", "Skapad av", "Skapat den", "Startdatum", "Slutdatum",
             "Är återkommande", "Försenad", "Slutfört den", "Slutfört av",
             "Slutförda objekt i checklistan", "Objekt i checklistan", "Etiketter", "Beskrivning"],
            ["k1", "Inventera mötesforum", "Samverkan", "Slutfört", "Medel", "Alva Ek", "Dan Fors",
             "2026-01-20", "2026-01-26", "2026-02-27", "false", "false", "2026-02-25", "Alva Ek",
             "2/2", "", "", ""],
            ["k2", "Ta fram gemensam kalender", "Samverkan", "Pågår", "Viktigt", "Alva Ek;Bo By",
             "Dan Fors", "2026-01-20", "2026-03-02", "2026-04-17", "false", "false", "", "", "0/3",
             "Fråga IT;Pröva;Visa", "Grön", "I det system som båda har"],
            ["k3", "Utbilda i SIP", "Kompetens", "Inte startat", "Medel", "Cia Dal", "Dan Fors",
             "2026-01-21", "", "2026-11-06", "false", "false", "", "", "", "", "", ""],
            ["k4", "Bjud in patientföreningar", "Kompetens", "Inte startat", "Låg", "", "Dan Fors",
             "2026-01-21", "", "2026-05-29", "false", "false", "", "", "", "", "", ""],
        ])),
    ),
    "project_outline.xlsx": (
        "MS Project",
        {"activities": [
            one("Phase 1: Mapping", [], "2026-04-17", start="2026-03-02", state="pågående"),
            one("Phase 2: Pilot", [], "2026-10-30", start="2026-08-17",
                state=["beslutad", "föreslagen"]),
            one("Interview units", ["Alva Ek"], "2026-03-20", start="2026-03-02",
                goal="Phase 1: Mapping", state=ASK_DONE),
            one("Describe the flow", ["Bo By", "Cia Dal"], "2026-04-17", start="2026-03-23",
                goal="Phase 1: Mapping", state="pågående"),
            one("Try out at two units", ["Cia Dal"], "2026-10-30", start="2026-08-17",
                goal="Phase 2: Pilot", state=["beslutad", "föreslagen"]),
        ]},
        book(("Task_Table1", [
            ["ID", "Active", "Task Mode", "Task Name", "Duration", "Start", "Finish",
             "Predecessors", "Outline Level", "Resource Names", "% Complete"],
            [1, "Yes", "Auto Scheduled", "Phase 1: Mapping", "35 days", "Mon 3/2/26", "Fri 4/17/26",
             "", 1, "", "60%"],
            [2, "Yes", "Auto Scheduled", "Interview units", "15 days", "Mon 3/2/26", "Fri 3/20/26",
             "", 2, "Alva Ek", "100%"],
            [3, "Yes", "Auto Scheduled", "Describe the flow", "20 days", "Mon 3/23/26",
             "Fri 4/17/26", "2", 2, "Bo By,Cia Dal[50%]", "30%"],
            [4, "Yes", "Auto Scheduled", "Phase 2: Pilot", "55 days", "Mon 8/17/26", "Fri 10/30/26",
             "1", 1, "", "0%"],
            [5, "Yes", "Auto Scheduled", "Try out at two units", "55 days", "Mon 8/17/26",
             "Fri 10/30/26", "3", 2, "Cia Dal", "0%"],
        ])),
    ),
    "google_kryssrutor.csv": (
        "Google Sheets",
        {"activities": [
            one("Gemensam introduktion för nya chefer", ["HR-partner"], "2026-02-13",
                state=ASK_DONE),
            one("Studiebesök på mobilt team", ["Samordnare"], "2026-03-06", state="föreslagen"),
            one("Förslag till avtal", ["Jurist", "Förvaltningschef"], "2026-08-31",
                state="föreslagen"),
        ]},
        text("""
Färdig,Vad vi ska få gjort,Vem som driver,Sista dag,Anteckningar
TRUE,Gemensam introduktion för nya chefer,HR-partner,2026-02-13,Gick bra
FALSE,Studiebesök på mobilt team,Samordnare,2026-03-06,
FALSE,Förslag till avtal,"Jurist, förvaltningschef",2026-08-31,Väntar på mall
"""),
    ),
    "engelska_kusiner.xlsx": (
        "headings: English cousins",
        plan(
            "Action plan Coastal Health Partnership 2026",
            one("Map existing services", ["Project lead"], "2026-02-27", goal="Access",
                state=ASK_DONE),
            one("Agree on referral criteria", ["Chief physician"], "2026-06-30", goal="Access",
                state="pågående"),
            one("Train home care staff", ["Training officer"], "2026-10-15", goal="Workforce",
                state="beslutad"),
            one("Shared booking desk", ["IT lead"], "2026-12-31", goal="Workforce", state="pausad"),
            one("Pilot evening clinic", ["Clinic manager"], "2026-05-29", goal="Access",
                state=ENDED),
        ),
        book(("Actions", [
            ["Action plan Coastal Health Partnership 2026"],
            [],
            ["Ref", "Workstream", "Action", "Lead", "Target date", "RAG status", "Comments"],
            ["1.1", "Access", "Map existing services", "Project lead", "27 Feb 2026", "Complete",
             ""],
            ["1.2", "Access", "Agree on referral criteria", "Chief physician", "30 June 2026",
             "In progress", "Draft sent out"],
            ["2.1", "Workforce", "Train home care staff", "Training officer", "15 October 2026",
             "Not started", ""],
            ["2.2", "Workforce", "Shared booking desk", "IT lead", "31 December 2026", "On hold",
             "Awaiting supplier"],
            ["1.3", "Access", "Pilot evening clinic", "Clinic manager", "29 May 2026", "Cancelled",
             ""],
        ])),
    ),
    "fragor_som_rubriker.docx": (
        "headings that are questions",
        plan(
            "Plan för trygg hemgång",
            one("Ett gemensamt telefonnummer dygnet runt", ["Verksamhetschef närsjukvård"],
                "2026-05-31", goal="Den som kommer hem vet vart hon ska vända sig",
                follow_up="Mät svarstid i två veckor"),
            one("Hembesök inom två dygn", ["Enhetschef hemtjänst", "Distriktssköterska"],
                "2026-12-31", goal="Den som kommer hem vet vart hon ska vända sig",
                follow_up="Räkna besöken varje kvartal"),
        ),
        document(
            "# Plan för trygg hemgång – NOSAM Tallmon 2026",
            "Mål: Den som kommer hem vet vart hon ska vända sig",
            rows("""Vad behöver hända? | Vem ser till att det händer? | När ska det vara på plats? | Hur vet vi att det blev bra?
                Ett gemensamt telefonnummer dygnet runt | Verksamhetschef närsjukvård | Maj 2026 | Mät svarstid i två veckor
                Hembesök inom två dygn | Enhetschef hemtjänst, distriktssköterska | Hösten 2026 | Räkna besöken varje kvartal"""),
        ),
    ),
}  # fmt: skip
