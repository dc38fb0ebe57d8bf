# ruff: noqa: E501
"""Plans in Excel."""

from pathlib import Path

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from .kit import drawn, keyed
from .markup import book


# An orderly analyst turned process leader: title rows, filters, real days, everything in one list.
@drawn(
    "Aktivitetsplan_samordningsgruppen_2026.xlsx",
    "Excel: title rows, filters, real days",
    keyed(
        """
        Reviderad samverkansplan till politiskt samråd | Processledare | 2027-10-29 | to come | Tydligt ansvar | start=2027-03-01
        Kartlägg alla mötesforum och lägg ner dem som ingen saknar | Processledare | 2026-06-26 | done | Tydligt ansvar | start=2026-01-19
        Webbplatsen för samverkan görs om | Kommunikatör | 2027-02-19 | going | Lära av varandra | start=2026-10-05
        Patientberättelser på samordningsgruppens möten | Sekreterare | 2026-12-04 | going | Lära av varandra | start=2026-01-23
        Ny överenskommelse om hemsjukvård | Förvaltningschef; Närsjukvårdsdirektör | 2026-12-31 | going | Tydligt ansvar | start=2026-01-12
        Gemensam lägesbild varje månad | Processledare | 2026-12-15 | going | Tydligt ansvar | start=2026-02-02
        Ta fram nyckeltal för samverkan | Controller | 2026-05-29 | done | Följa upp det vi gör | start=2026-02-16
        Enkät till medarbetare | HR-strateg | 2026-11-06 | done | Följa upp det vi gör | start=2026-09-14
        Konferens om nära vård | Kommunikatör | 2026-10-08 | done | Lära av varandra | start=2026-03-02
        Skuggning mellan verksamheter | Enhetschefer | 2027-03-31 | going | Lära av varandra | start=2026-09-01
        Gemensam kompetensplan | HR-strateg | 2027-06-30 | to come | Rätt kompetens | start=2027-01-11
        Traineeprogram för sjuksköterskor | Verksamhetschef | 2027-08-31 | to come | Rätt kompetens | start=2027-01-18
        """,
        title="Aktivitetsplan 2026 Samordningsgruppen Norra Vassdalen",
    ),
)
def _filters(path: Path) -> None:
    made = book(
        {
            "Aktivitetsplan": """
**Aktivitetsplan 2026 Samordningsgruppen Norra Vassdalen** | < | < | < | < | < | < | <
Uppdaterad 2026-11-23

Nr | Mål | Aktivitet | Ansvarig | Start | Klart senast | Status | Kommentar
#1 | Tydligt ansvar | Ny överenskommelse om hemsjukvård | Förvaltningschef, närsjukvårdsdirektör | @2026-01-12 | @2026-12-31 | Pågår | Remiss till 4 december
#2 | Tydligt ansvar | Gemensam lägesbild varje månad | Processledare | @2026-02-02 | @2026-12-15 | Pågår |
#3 | Följa upp det vi gör | Ta fram nyckeltal för samverkan | Controller | @2026-02-16 | @2026-05-29 | Klar | Tolv nyckeltal valda
#4 | Följa upp det vi gör | Enkät till medarbetare | HR-strateg | @2026-09-14 | @2026-11-06 | Klar | 212 svar
#5 | Lära av varandra | Konferens om nära vård | Kommunikatör | @2026-03-02 | @2026-10-08 | Klar |
#6 | Lära av varandra | Skuggning mellan verksamheter | Enhetschefer | @2026-09-01 | @2027-03-31 | Pågår | Fem par i gång
#7 | Rätt kompetens | Gemensam kompetensplan | HR-strateg | @2027-01-11 | @2027-06-30 | Ej påbörjad |
#8 | Rätt kompetens | Traineeprogram för sjuksköterskor | Verksamhetschef | @2027-01-18 | @2027-08-31 | Ej påbörjad |
#9 | Tydligt ansvar | Reviderad samverkansplan till politiskt samråd | Processledare | @2027-03-01 | @2027-10-29 | Ej påbörjad |
#10 | Tydligt ansvar | Kartlägg alla mötesforum och lägg ner dem som ingen saknar | Processledare | @2026-01-19 | @2026-06-26 | Klar | Sju forum borttagna
#11 | Lära av varandra | Webbplatsen för samverkan görs om | Kommunikatör | @2026-10-05 | @2027-02-19 | Pågår |
#12 | Lära av varandra | Patientberättelser på samordningsgruppens möten | Sekreterare | @2026-01-23 | @2026-12-04 | Pågår | En berättelse per möte
"""
        }
    )
    sheet = made["Aktivitetsplan"]
    sheet.auto_filter.ref = "A4:H16"
    sheet.freeze_panes = "A5"
    made.save(path)


# Three target groups, a sheet for each, and a sheet that tells how to fill it in.
@drawn(
    "Handlingsplan alla målgrupper.xlsx",
    "Excel: a sheet for each group and one of instructions",
    keyed(
        """
        Vårdcentralen har en äldremottagning | Vårdenhetschef | 2027-03-31 | going
        Nattfasta mäts två gånger om året | MAS | 2026-12-31 | going
        Utegym med handledning | Folkhälsoplanerare | 2027-05-31 | to come
        Snabb väg till logoped | Chefslogoped | 2027-02-28 | going
        Gemensam utbildning om neuropsykiatri | Specialpedagog; Psykolog BUP | 2026-10-15 | done
        Möten om barn som far illa | Socialsekreterare | 2027-04-30 | to come
        Kontaktsjuksköterska på boendestöd | Enhetschef psykiatri | 2027-01-31 | going
        Kurs i återhämtning | Brukarföreningen | 2027-09-30 | to come
        """,
    ),
)
def _three_sheets(path: Path) -> None:
    head = "Aktivitet | Ansvarig | Slutdatum | Status | Kommentar"
    book(
        {
            "Instruktion": """
**Så fyller du i handlingsplanen**
Skriv en aktivitet på varje rad.
Ansvarig är en funktion, inte en grupp.
Uppdatera status före varje möte.
""",
            "Äldre": f"""
{head}
Vårdcentralen har en äldremottagning | Vårdenhetschef | @2027-03-31 | Pågår | Rekrytering klar
Nattfasta mäts två gånger om året | MAS | @2026-12-31 | Pågår |
Utegym med handledning | Folkhälsoplanerare | @2027-05-31 | Ej startad |
""",
            "Barn och unga": f"""
{head}
Snabb väg till logoped | Chefslogoped | @2027-02-28 | Pågår |
Gemensam utbildning om neuropsykiatri | Specialpedagog, psykolog BUP | @2026-10-15 | Klar | 90 deltagare
Möten om barn som far illa | Socialsekreterare | @2027-04-30 | Ej startad |
""",
            "Psykisk hälsa": f"""
{head}
Kontaktsjuksköterska på boendestöd | Enhetschef psykiatri | @2027-01-31 | Pågår |
Kurs i återhämtning | Brukarföreningen | @2027-09-30 | Ej startad | Söker lokal
""",
        }
    ).save(path)


# Made a drop-down for the states so that everybody writes alike; empty rows wait beneath.
@drawn(
    "Mall aktivitetsplan ifylld.xlsx",
    "Excel: drop-downs, a sheet of lists, empty rows beneath",
    keyed(
        """
        Checklista vid byte av vårdnivå | Utvecklingssjuksköterska | 2027-01-29 | going
        Läkarmedverkan på korttidsboende | Områdeschef primärvård | 2026-12-18 | going
        Gemensam träning i förflyttning | Ergonom | 2026-09-25 | ended
        Informationsblad på fem språk | Kommunikatör | 2027-03-12 | to come
        Uppföljning av vård i livets slut | Palliativ samordnare | 2027-05-21 | paused
        """,
    ),
)
def _drop_downs(path: Path) -> None:
    made = book(
        {
            "Plan": """
Prioritet | Aktivitet | Ansvarig | Deadline | Status
Hög | Checklista vid byte av vårdnivå | Utvecklingssjuksköterska | 2027-01-29 | Pågår
Hög | Läkarmedverkan på korttidsboende | Områdeschef primärvård | 2026-12-18 | Pågår
Medel | Gemensam träning i förflyttning | Ergonom | 2026-09-25 | Avslutad
Medel | Informationsblad på fem språk | Kommunikatör | 2027-03-12 | Ej påbörjad
Låg | Uppföljning av vård i livets slut | Palliativ samordnare | 2027-05-21 | Pausad
 |  |  |  |
 |  |  |  |
 |  |  |  |
""",
            "Listor": """
Status | Prioritet
Ej påbörjad | Hög
Pågår | Medel
Pausad | Låg
Avslutad |
""",
        }
    )
    states = DataValidation(type="list", formula1="Listor!$A$2:$A$5", allow_blank=True)
    states.add("E2:E40")
    made["Plan"].add_data_validation(states)
    made.save(path)


# Types whatever comes to hand in the column of days.
@drawn(
    "Plan 2027 munhälsa.xlsx",
    "Excel: real days and typed times in one column",
    keyed(
        """
        Utbilda tandvårdsombud på alla boenden | Tandvårdssamordnare | 2027-02-15 | *
        Munvårdskort vid varje säng | Enhetschefer | 2027-03-31 | *
        Nödvändig tandvård, gå igenom intyg | Biståndschef | - | *
        Uppsökande verksamhet i hemmet | Folktandvården | 2027-06-30 | *
        Studiebesök på tandkliniken | Processledare | 2027-03-21 | *
        Avstämning med regionens tandvårdsenhet | Processledare | 2027-11-30 | *
        """,
        title="Plan munhälsa 2027",
    ),
)
def _mixed_days(path: Path) -> None:
    book(
        {
            "Blad1": """
**Plan munhälsa 2027**

Aktivitet | Ansvarig | När | Kommentar
Utbilda tandvårdsombud på alla boenden | Tandvårdssamordnare | @2027-02-15 | 40 ombud
Munvårdskort vid varje säng | Enhetschefer | mars 2027 |
Nödvändig tandvård, gå igenom intyg | Biståndschef | Löpande |
Uppsökande verksamhet i hemmet | Folktandvården | våren 2027 | Avtal finns
Studiebesök på tandkliniken | Processledare | v 11 |
Avstämning med regionens tandvårdsenhet | Processledare | nov 2027 | Bokas av sekreteraren
""",
            "Blad2": "",
        },
        headings="FFFFFF",
    ).save(path)


# Likes it to look well: merged goals, colours in the column of states.
@drawn(
    "Handlingsplan suicidprevention.xlsx",
    "Excel: merged goals, coloured states with words",
    keyed(
        """
        Utbildning i första hjälpen vid psykisk kris | Suicidpreventionssamordnare | 2026-12-04 | going | Öka kunskapen | how=Åtta halvdagar | follow_up=Antal utbildade
        Temavecka i september | Folkhälsostrateg; Kommunikatör | 2027-09-10 | to come | Öka kunskapen | how=Föreläsning, film och bokbord | follow_up=Antal besökare
        Översyn av broar och järnväg | Räddningstjänsten | 2027-04-30 | going | Begränsa tillgång till medel och platser | how=Gemensam vandring med Trafikverket | follow_up=Rapport till rådet
        Minska hemmalager av läkemedel | Apotekschef | 2026-08-28 | done | Begränsa tillgång till medel och platser | how=Kampanj för att lämna tillbaka | follow_up=Insamlade kilo
        Uppföljning inom en vecka efter suicidförsök | Sektionsledare akutpsykiatri | 2027-02-26 | going | Säkra vården efter försök | how=Telefon och ett bokat besök | follow_up=Andel uppföljda
        """,
        title="Handlingsplan suicidprevention 2026–2027",
    ),
)
def _pretty(path: Path) -> None:
    book(
        {
            "Handlingsplan": """
**Handlingsplan suicidprevention 2026–2027** | < | < | < | < | < | <
Mål | Aktivitet | Hur | Ansvarig | Klart senast | Uppföljning | Status
Öka kunskapen | Utbildning i första hjälpen vid psykisk kris | Åtta halvdagar | Suicidpreventionssamordnare | @2026-12-04 | Antal utbildade | {FFEB9C}Pågår
^ | Temavecka i september | Föreläsning, film och bokbord | Folkhälsostrateg och kommunikatör | @2027-09-10 | Antal besökare | {FFC7CE}Ej påbörjad
Begränsa tillgång till medel och platser | Översyn av broar och järnväg | Gemensam vandring med Trafikverket | Räddningstjänsten | @2027-04-30 | Rapport till rådet | {FFEB9C}Pågår
^ | Minska hemmalager av läkemedel | Kampanj för att lämna tillbaka | Apotekschef | @2026-08-28 | Insamlade kilo | {C6EFCE}Klar
Säkra vården efter försök | Uppföljning inom en vecka efter suicidförsök | Telefon och ett bokat besök | Sektionsledare akutpsykiatri | @2027-02-26 | Andel uppföljda | {FFEB9C}Pågår
"""
        }
    ).save(path)


# Reports numbers to the board: a sheet of counts beside the plan.
@drawn(
    "Uppföljning handlingsplan tertial 3.xlsx",
    "Excel: the plan and a sheet of counts",
    keyed(
        """
        Fast vårdkontakt till alla med hemsjukvård | Vårdenhetschefer | 2026-12-31 | going | Kontinuitet
        Fast läkare på särskilt boende | Primärvårdschef | 2026-10-31 | done | Kontinuitet
        Gemensam utbildning för undersköterskor | Utbildningsanordnare | 2027-03-31 | going | Kompetens
        Instruktör i förflyttningsteknik | Rehabchef | 2026-09-30 | done | Kompetens
        Tolkförmedling, gemensamt avtal | Upphandlare | 2027-06-30 | to come | Tillgänglighet
        Öppet hus för allmänheten | Kommunikatör | 2027-05-08 | to come | Tillgänglighet
        """,
    ),
)
def _counts(path: Path) -> None:
    book(
        {
            "Handlingsplan": """
Område | Aktivitet | Ansvarig | Slutdatum | Status T3 | Kommentar T3
Kontinuitet | Fast vårdkontakt till alla med hemsjukvård | Vårdenhetschefer | @2026-12-31 | Pågår | 80 % har fått
Kontinuitet | Fast läkare på särskilt boende | Primärvårdschef | @2026-10-31 | Klar |
Kompetens | Gemensam utbildning för undersköterskor | Utbildningsanordnare | @2027-03-31 | Pågår | Två omgångar kvar
Kompetens | Instruktör i förflyttningsteknik | Rehabchef | @2026-09-30 | Klar |
Tillgänglighet | Tolkförmedling, gemensamt avtal | Upphandlare | @2027-06-30 | Ej påbörjad | Väntar på budget
Tillgänglighet | Öppet hus för allmänheten | Kommunikatör | @2027-05-08 | Ej påbörjad |
""",
            "Sammanställning": """
**Antal aktiviteter per status**
Status | Antal | Andel
Klar | #2 | 33 %
Pågår | #2 | 33 %
Ej påbörjad | #2 | 33 %
Summa | #6 | 100 %
""",
        }
    ).save(path)


# Begins in B2, as one does for air, and formats it as a table.
@drawn(
    "aktivitetslista hjälpmedel.xlsx",
    "Excel: formatted as a table, begins in B2",
    keyed(
        """
        Gemensamt regelverk för förskrivning | Hjälpmedelschef; MAR | 2027-01-15 | going
        Hämta och lämna en gång i veckan | Logistiksamordnare | 2026-11-20 | going
        Konsulent ute på plats i varje kommun | Hjälpmedelskonsulent | 2027-02-26 | to come
        Sängar till korttid inom ett dygn | Enhetschef korttid | 2026-10-02 | done
        Återbruk av enkla hjälpmedel | Miljösamordnare | 2027-08-20 | to come
        """,
    ),
)
def _formatted(path: Path) -> None:
    made = book(
        {
            "Aktiviteter": """
Vad | Vem | Startdatum | Slutdatum | Status | Anteckningar
Gemensamt regelverk för förskrivning | Hjälpmedelschef/MAR | @2026-09-01 | @2027-01-15 | Pågående | På remiss
Hämta och lämna en gång i veckan | Logistiksamordnare | @2026-08-24 | @2026-11-20 | Pågående |
Konsulent ute på plats i varje kommun | Hjälpmedelskonsulent | @2027-01-11 | @2027-02-26 | Inte startad |
Sängar till korttid inom ett dygn | Enhetschef korttid | @2026-03-02 | @2026-10-02 | Slutförd | Bra resultat
Återbruk av enkla hjälpmedel | Miljösamordnare | @2027-03-01 | @2027-08-20 | Inte startad |
"""
        },
        left=2,
    )
    sheet = made["Aktiviteter"]
    # The text begins with its headings: one row is put in above, so that the table begins in B2.
    sheet.insert_rows(1)
    made_table = Table(displayName="Tabell1", ref="B2:G7")
    made_table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(made_table)
    made.save(path)


# Focus areas as coloured bands over the rows, numbers before each activity.
@drawn(
    "Aktivitetsplan 2027 NOSAM Östra.xlsx",
    "Excel: focus areas as bands, numbered",
    keyed(
        """
        Sjukgymnast i hemmet samma vecka | Rehabchef | 2027-03-31 | going | Trygga övergångar
        Fika med sjuksköterska på träffpunkten | Hälsosamordnare | 2027-02-28 | to come | Hälsofrämjande arbete
        Gå-tillsammans-grupper | Pensionärsrådet | 2027-05-15 | to come | Hälsofrämjande arbete
        Gemensam vårdplan i ett system | Systemägare | 2027-12-15 | going | Trygga övergångar
        En sida om alla telefonvägar | Processledare | 2027-01-31 | going | Information och kommunikation
        Nyhetsbrev fyra gånger om året | Kommunikatör | 2027-12-31 | going | Information och kommunikation
        """,
        title="Aktivitetsplan 2027 NOSAM Östra Fagerlund",
    ),
)
def _bands(path: Path) -> None:
    book(
        {
            "2027": """
**Aktivitetsplan 2027 NOSAM Östra Fagerlund** | < | < | < | <

Nr | Aktivitet | Ansvarig | Klart senast | Status
{FCE4D6}**Trygga övergångar** | < | < | < | <
1.1 | Sjukgymnast i hemmet samma vecka | Rehabchef | @2027-03-31 | Pågår
1.2 | Gemensam vårdplan i ett system | Systemägare | @2027-12-15 | Pågår
{FCE4D6}**Hälsofrämjande arbete** | < | < | < | <
2.1 | Fika med sjuksköterska på träffpunkten | Hälsosamordnare | @2027-02-28 | Ej påbörjad
2.2 | Gå-tillsammans-grupper | Pensionärsrådet | @2027-05-15 | Ej påbörjad
{FCE4D6}**Information och kommunikation** | < | < | < | <
3.1 | En sida om alla telefonvägar | Processledare | @2027-01-31 | Pågår
3.2 | Nyhetsbrev fyra gånger om året | Kommunikatör | @2027-12-31 | Pågår
"""
        }
    ).save(path)


# Writes the state anew each tertial, in a column of its own.
@drawn(
    "Uppföljning per tertial 2026.xlsx",
    "Excel: a column of states for each tertial",
    keyed(
        """
        Samverkansrutin mellan akut och hemsjukvård | Akutchef; Enhetschef hemsjukvård | 2026-10-30 | done
        Färre väntedagar för utskrivningsklara | Biståndschef | 2026-12-31 | going
        Planera för sommaren tillsammans | Verksamhetschefer | 2026-05-15 | done
        Säker hantering av nycklar | Planerare | 2026-11-30 | going
        Sjukresor till dagverksamhet | Trafikhandläggare | 2027-01-31 | to come
        """,
        title="Aktivitetsplan 2026 med uppföljning per tertial",
    ),
)
def _tertials(path: Path) -> None:
    book(
        {
            "Uppföljning": """
**Aktivitetsplan 2026 med uppföljning per tertial** | < | < | < | < | <

Aktivitet | Ansvarig | Klart senast | Status T1 | Status T2 | Status T3
Samverkansrutin mellan akut och hemsjukvård | Akutchef, enhetschef hemsjukvård | @2026-10-30 | Ej påbörjad | Pågår | Klar
Färre väntedagar för utskrivningsklara | Biståndschef | @2026-12-31 | Pågår | Pågår | Pågår
Planera för sommaren tillsammans | Verksamhetschefer | @2026-05-15 | Pågår | Klar | Klar
Säker hantering av nycklar | Planerare | @2026-11-30 | Ej påbörjad | Ej påbörjad | Pågår
Sjukresor till dagverksamhet | Trafikhandläggare | @2027-01-31 | Ej påbörjad | Ej påbörjad | Ej påbörjad
"""
        }
    ).save(path)


# Keeps the people she needs on a sheet of their own; writes each goal once.
@drawn(
    "Barn som anhöriga plan.xlsx",
    "Excel: goals written once, how and follow-up, contacts on a sheet of their own",
    keyed(
        """
        Rutin i alla verksamheter | Barnrättsombud | 2027-01-31 | going | Barn får information | how=Gemensam text, egen logga | follow_up=Egenkontroll
        Böcker och filmer att låna | Bibliotekarie | 2026-12-18 | going | Barn får information | how=Hylla på varje mottagning | follow_up=Antal lån
        Grupper på två orter | Kurator; Familjebehandlare | 2027-05-28 | to come | Barn får stöd | how=Åtta träffar efter skolan | follow_up=Barnens svar
        Läger på höstlovet | Barnrättsombud | 2027-11-05 | to come | Barn får stöd | how=Tillsammans med scouterna | follow_up=Antal barn
        """,
    ),
)
def _contacts(path: Path) -> None:
    book(
        {
            "Plan": """
Mål | Aktivitet | Hur | Ansvarig | Klart | Uppföljning | Status
Barn får information | Rutin i alla verksamheter | Gemensam text, egen logga | Barnrättsombud | @2027-01-31 | Egenkontroll | Pågår
 | Böcker och filmer att låna | Hylla på varje mottagning | Bibliotekarie | @2026-12-18 | Antal lån | Pågår
Barn får stöd | Grupper på två orter | Åtta träffar efter skolan | Kurator och familjebehandlare | @2027-05-28 | Barnens svar | Ej påbörjad
 | Läger på höstlovet | Tillsammans med scouterna | Barnrättsombud | @2027-11-05 | Antal barn | Ej påbörjad
""",
            "Kontakter": """
Namn | Verksamhet | E-post
Lotta Fiktivén | Elevhälsan | lotta.fiktiven@example.org
Anders Provberg | Vuxenpsykiatrin | anders.provberg@example.org
""",
        },
        headings="E2EFDA",
    ).save(path)
