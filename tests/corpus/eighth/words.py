# ruff: noqa: E501
"""Plans in Word: the usual tables."""

from pathlib import Path

from .kit import drawn, keyed
from .markup import word


# She has led the collaboration for six years and keeps to the template with eight columns.
@drawn(
    "Aktivitetsplan Äldre 2026.docx",
    "Word: the full template, merged goals",
    keyed(
        """
        Gemensam checklista inför hemgång | Samordnare utskrivning | 2026-06-30 | done | Äldre ska känna sig trygga när de kommer hem från sjukhus | start=2026-02-01 | how=En arbetsgrupp med en person från varje verksamhet tar fram förslag | follow_up=Stickprov på 20 hemgångar
        Uppföljande telefonsamtal inom 72 timmar | Vårdenhetschef Lillåns vårdcentral | 2026-12-18 | going | ^ | start=2026-03-01 | how=Två vårdcentraler provar först | follow_up=Andel uppringda per månad
        Gå igenom oplanerade återinskrivningar | NOSAM Äldre | 2026-12-31 | going | ^ | start=2026-01-15 | how=Två tillfällen per termin med avidentifierade fall | follow_up=Redovisas i årsrapporten
        Balansgrupper på träffpunkterna | Rehabchef Lillåns kommun | 2026-10-30 | going | Färre fallolyckor bland personer över 80 år | start=2026-02-01 | how=Fysioterapeuter från båda huvudmännen leder grupperna | follow_up=Antal deltagare, självskattad balans
        Läkemedelsgenomgång efter fall | MAS | 2026-09-30 | to come | ^ | start=2026-04-01 | how=Rutin skrivs tillsammans med vårdcentralerna | follow_up=Antal genomgångar
        Sjukhusets team ringer hemtjänsten samma dag vid ändrad planering | Avdelningschef geriatriken | 2026-11-30 | going | Äldre ska känna sig trygga när de kommer hem från sjukhus | start=2026-09-01 | how=Ett gemensamt telefonnummer dygnet runt | follow_up=Samtal med tio hemtjänstgrupper
        Gemensam träff för nattpersonal | Enhetschef natt; Vårdenhetschef akuten | 2027-01-29 | to come | Äldre ska känna sig trygga när de kommer hem från sjukhus | start=2026-11-01 | how=Träffen hålls klockan 21 på sjukhuset | follow_up=Antal deltagare
        Broschyr om säkert hem | Kommunikatör | 2026-05-15 | done | Färre fallolyckor bland personer över 80 år | start=2026-02-01 | how=Delas ut av biståndshandläggare och distriktssköterskor | follow_up=Antal utdelade
        """,
        title="Aktivitetsplan 2026 NOSAM Äldre Lillån",
    ),
)
def _template(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan 2026 NOSAM Äldre Lillån
Planen utgår från samverkansplanen och visar vad vi tillsammans har bestämt att göra under året. Den gås igenom på varje möte.
## Målgrupp
Personer över 65 år som får hjälp av flera huvudmän på en gång.
## Prioriterade mål
- Äldre ska känna sig trygga när de kommer hem från sjukhus
- Färre fallolyckor bland personer över 80 år
## Aktiviteter
Mål | Vad | Hur | Ansvarig | Startdatum | Slutdatum | Uppföljning | Status
Äldre ska känna sig trygga när de kommer hem från sjukhus | Gemensam checklista inför hemgång | En arbetsgrupp med en person från varje verksamhet tar fram förslag | Samordnare utskrivning | 2026-02-01 | 2026-06-30 | Stickprov på 20 hemgångar | Klar
^ | Uppföljande telefonsamtal inom 72 timmar | Två vårdcentraler provar först | Vårdenhetschef Lillåns vårdcentral | 2026-03-01 | 2026-12-18 | Andel uppringda per månad | Pågår
^ | Gå igenom oplanerade återinskrivningar | Två tillfällen per termin med avidentifierade fall | NOSAM Äldre | 2026-01-15 | 2026-12-31 | Redovisas i årsrapporten | Pågår
^ | Sjukhusets team ringer hemtjänsten samma dag vid ändrad planering | Ett gemensamt telefonnummer dygnet runt | Avdelningschef geriatriken | 2026-09-01 | 2026-11-30 | Samtal med tio hemtjänstgrupper | Pågår
^ | Gemensam träff för nattpersonal | Träffen hålls klockan 21 på sjukhuset | Enhetschef natt och vårdenhetschef akuten | 2026-11-01 | 2027-01-29 | Antal deltagare | Ej påbörjad
Färre fallolyckor bland personer över 80 år | Balansgrupper på träffpunkterna | Fysioterapeuter från båda huvudmännen leder grupperna | Rehabchef Lillåns kommun | 2026-02-01 | 2026-10-30 | Antal deltagare, självskattad balans | Pågår
^ | Läkemedelsgenomgång efter fall | Rutin skrivs tillsammans med vårdcentralerna | MAS | 2026-04-01 | 2026-09-30 | Antal genomgångar | Ej påbörjad
^ | Broschyr om säkert hem | Delas ut av biståndshandläggare och distriktssköterskor | Kommunikatör | 2026-02-01 | 2026-05-15 | Antal utdelade | Klar 2026-05-12
Frågor om planen besvaras av processledaren.
""",
        wide=True,
        header="NOSAM Äldre Lillån, version 2026-11-16",
        footer="Vårdsamverkan Lillån",
    )


# New in the post, part time; four columns are enough. Writes what was said beside each row.
@drawn(
    "Handlingsplan SIP.docx",
    "Word: four columns, comments from the last meeting",
    keyed(
        """
        Utse SIP-samordnare i varje verksamhet | Verksamhetschefer | 2026-05-29 | *
        Grundutbildning i SIP för nyanställda | SIP-samordnare | 2026-11-27 | *
        Ta fram en mall för kallelse | Arbetsgruppen | 2026-09-11 | *
        Fråga personer som haft SIP hur det fungerade | Processledare | 2027-01-29 | *
        Redovisa antal SIP per kvartal | Systemförvaltare; Controller | 2027-02-12 | *
        """,
        title="Handlingsplan SIP Björkvik",
    ),
)
def _four_columns(path: Path) -> None:
    word(
        path,
        """
# Handlingsplan SIP Björkvik
Uppdaterad efter mötet 17 november 2026
Aktivitet | Ansvarig | Klart senast | Kommentar
Utse SIP-samordnare i varje verksamhet | Verksamhetschefer | 2026-05-29 | 17/11: Alla har utsett utom elevhälsan. Tas upp igen.
Grundutbildning i SIP för nyanställda | SIP-samordnare | 2026-11-27 | 17/11: 34 anmälda till det sista tillfället.
Ta fram en mall för kallelse | Arbetsgruppen | 2026-09-11 | 15/9: Mallen godkändes.¶17/11: Ligger nu på webben.
Fråga personer som haft SIP hur det fungerade | Processledare | 2027-01-29 | Enkäten är skickad till brukarrådet för synpunkter.
Redovisa antal SIP per kvartal | Systemförvaltare och controller | 2027-02-12 |
""",
    )


# A careful planner: a heading and a table for each goal in the collaboration plan.
@drawn(
    "Handlingsplan psykisk hälsa 2026-2027.docx",
    "Word: a heading and a table for each goal",
    keyed(
        """
        Kartlägg väntetider mellan vårdcentral och psykiatri | Utvecklingsledare psykiatri | 2026-06-30 | ended | Tidiga och samordnade insatser
        Starta gemensam bedömning en gång i veckan | Enhetschef öppenvård; Vårdenhetschef | 2027-03-31 | going | Tidiga och samordnade insatser
        Beskriv vilka grupper som finns och vem som får söka | Samverkanskoordinator | 2027-01-31 | going | Tidiga och samordnade insatser
        Utbilda handledare i suicidprevention | Folkhälsostrateg | 2026-10-31 | ended | Färre suicid och suicidförsök
        Rutin för stöd till efterlevande | Kurator | 2027-05-31 | to come | Färre suicid och suicidförsök
        Peer support på två boenden | Enhetschef socialpsykiatri | 2027-09-30 | to come | Ökat inflytande för den enskilde
        Brukarrevision av öppenvården | Brukarrådet | 2027-11-30 | going | Ökat inflytande för den enskilde
        """,
        title="Handlingsplan psykisk hälsa 2026–2027",
    ),
)
def _heading_per_goal(path: Path) -> None:
    word(
        path,
        """
# Handlingsplan psykisk hälsa 2026–2027
Vårdsamverkan Östanå
Beslutad av samordningsgruppen 2026-02-05
## Mål 1: Tidiga och samordnade insatser
Aktivitet | Ansvarig | Tidplan | Status
Kartlägg väntetider mellan vårdcentral och psykiatri | Utvecklingsledare psykiatri | Juni 2026 | Avslutad
Starta gemensam bedömning en gång i veckan | Enhetschef öppenvård och vårdenhetschef | Mars 2027 | Pågår
Beskriv vilka grupper som finns och vem som får söka | Samverkanskoordinator | Januari 2027 | Pågår
## Mål 2: Färre suicid och suicidförsök
Aktivitet | Ansvarig | Tidplan | Status
Utbilda handledare i suicidprevention | Folkhälsostrateg | Oktober 2026 | Avslutad
Rutin för stöd till efterlevande | Kurator | Maj 2027 | Ej startad
## Mål 3: Ökat inflytande för den enskilde
Aktivitet | Ansvarig | Tidplan | Status
Peer support på två boenden | Enhetschef socialpsykiatri | September 2027 | Ej startad
Brukarrevision av öppenvården | Brukarrådet | November 2027 | Pågår
""",
    )


# She copies one table per goal and writes the goal in its first row.
@drawn(
    "Åtgärdsplan barn och unga.docx",
    "Word: one table for each goal, the goal in its first row",
    keyed(
        """
        Gemensam föräldrautbildning | Familjecentralen | 2027-04-30 | going | Fler föräldrar får stöd tidigt
        Hembesök tillsammans av BVS och socialtjänst | BVC-samordnare; Enhetschef förebyggande | 2027-06-11 | going | Fler föräldrar får stöd tidigt
        Mötesplats för skola, BUP och socialtjänst | Rektor elevhälsan | 2027-02-26 | to come | Barn med långvarig frånvaro kommer tillbaka till skolan
        Enkel väg in för skolan till första linjen | Enhetschef Ungas hälsa | 2027-03-19 | going | Barn med långvarig frånvaro kommer tillbaka till skolan
        Hälsoundersökning inom fyra veckor | Barnläkare; Socialsekreterare | 2026-12-11 | done | Placerade barn får sin hälsoundersökning
        Tandvården deltar i uppföljningen | Klinikchef Folktandvården | 2027-05-21 | to come | Placerade barn får sin hälsoundersökning
        """,
        title="Åtgärdsplan barn och unga, Norrmossa närområde",
    ),
)
def _goal_row(path: Path) -> None:
    word(
        path,
        """
# Åtgärdsplan barn och unga, Norrmossa närområde
Reviderad november 2026

**Mål: Fler föräldrar får stöd tidigt** | < | < | <
**Åtgärd** | **Ansvarig** | **Klart** | **Status**
Gemensam föräldrautbildning | Familjecentralen | 2027-04-30 | Pågående
Hembesök tillsammans av BVS och socialtjänst | BVC-samordnare, enhetschef förebyggande | 2027-06-11 | Pågående

**Mål: Barn med långvarig frånvaro kommer tillbaka till skolan** | < | < | <
**Åtgärd** | **Ansvarig** | **Klart** | **Status**
Mötesplats för skola, BUP och socialtjänst | Rektor elevhälsan | 2027-02-26 | Inte påbörjad
Enkel väg in för skolan till första linjen | Enhetschef Ungas hälsa | 2027-03-19 | Pågående

**Mål: Placerade barn får sin hälsoundersökning** | < | < | <
**Åtgärd** | **Ansvarig** | **Klart** | **Status**
Hälsoundersökning inom fyra veckor | Barnläkare, socialsekreterare | 2026-12-11 | Genomförd
Tandvården deltar i uppföljningen | Klinikchef Folktandvården | 2027-05-21 | Inte påbörjad
""",
        bold=False,
    )


# Her group works without days: aim, what, how, how it is followed up.
@drawn(
    "HP NOSAM Västerskog 2027.docx",
    "Word: aim, activity, how, follow-up; nobody and no day",
    keyed(
        """
        Bjuda in hemsjukvården till vårdcentralens morgonmöte | - | - | * | Bättre kännedom om varandras uppdrag | how=Varannan tisdag, digitalt, högst en kvart. Den som leder mötet tar upp de personer där flera verksamheter är inblandade och frågar vem som gör vad till nästa gång. | follow_up=Frågas på NOSAM i maj
        Byta arbetsplats en halv dag | - | 2027-06-30 | * | ^ | how=Varje enhet tar emot två kollegor under våren. | follow_up=Antal byten, muntlig återkoppling
        Läsa tre avvikelser tillsammans på varje möte | - | - | * | Lära av det som inte fungerar | how=Processledaren väljer ut och tar bort allt som kan kännas igen. | follow_up=Årsrapporten
        Ta fram en bild av vägen in till rehabilitering | - | - | * | Individen vet vart hen ska vända sig | how=Ritas vid en halvdag med personal och patientföreträdare. Bilden ska gå att förstå utan att man arbetar i vården och beskriva både kommunens och regionens del. | follow_up=Bilden visas för politiska samrådet
        """,
        title="Handlingsplan 2027 NOSAM Västerskog",
    ),
)
def _no_days(path: Path) -> None:
    word(
        path,
        """
# Handlingsplan 2027 NOSAM Västerskog
Fastställd: 2026-11-19
Handlingsplanen bygger på samverkansplanens två områden. NOSAM följer upp den på sina ordinarie möten.

Delmål | Aktivitet/Vad? | Tillvägagångssätt/Hur? | Uppföljning/Utfall
Bättre kännedom om varandras uppdrag | Bjuda in hemsjukvården till vårdcentralens morgonmöte | Varannan tisdag, digitalt, högst en kvart. Den som leder mötet tar upp de personer där flera verksamheter är inblandade och frågar vem som gör vad till nästa gång. | Frågas på NOSAM i maj
^ | Byta arbetsplats en halv dag | Varje enhet tar emot två kollegor under våren. | Antal byten, muntlig återkoppling
Lära av det som inte fungerar | Läsa tre avvikelser tillsammans på varje möte | Processledaren väljer ut och tar bort allt som kan kännas igen. | Årsrapporten
Individen vet vart hen ska vända sig | Ta fram en bild av vägen in till rehabilitering | Ritas vid en halvdag med personal och patientföreträdare.¶Bilden ska gå att förstå utan att man arbetar i vården och beskriva både kommunens och regionens del. | Bilden visas för politiska samrådet
""",
        wide=True,
    )


# A small collaboration where everybody knows everybody; headings as questions.
@drawn(
    "Vad vi ska göra - palliativ vård.docx",
    "Word: questions as headings, people as one speaks of them",
    keyed(
        """
        Brytpunktssamtal dokumenteras på samma ställe | Karin på vårdcentralen | 2027-03-31 | * | follow_up=Journalgranskning, tio stycken
        Uppdatera akutasken på alla boenden | MAS; Apotekaren | 2026-12-15 | * | follow_up=Lista från varje boende
        Kväll för närstående i Folkets hus | Anhörigkonsulenten | 2027-02-10 | * | follow_up=Antal som kommer
        Smärtskattning ska göras sista veckan | Sjuksköterskorna i hemsjukvården | 2027-06-30 | * | follow_up=Palliativregistret
        Ordna telefonnummer till läkare på helger | Regionens närvårdschef | 2027-01-31 | * | follow_up=Numret finns på plats
        """,
        title="Vad vi ska göra – palliativ vård i Gransjö",
    ),
)
def _questions(path: Path) -> None:
    word(
        path,
        """
# Vad vi ska göra – palliativ vård i Gransjö
Hej! Detta är det vi kom överens om på planeringsdagen. Hör av er om något blivit fel. /Mona
Vad ska göras? | Vem gör det? | När ska det vara klart? | Hur vet vi att det är gjort?
Brytpunktssamtal dokumenteras på samma ställe | Karin på vårdcentralen | 31 mars 2027 | Journalgranskning, tio stycken
Uppdatera akutasken på alla boenden | MAS och apotekaren | 15 december 2026 | Lista från varje boende
Kväll för närstående i Folkets hus | Anhörigkonsulenten | 10 februari 2027 | Antal som kommer
Smärtskattning ska göras sista veckan | Sjuksköterskorna i hemsjukvården | 30 juni 2027 | Palliativregistret
Ordna telefonnummer till läkare på helger | Regionens närvårdschef | Sista januari 2027 | Numret finns på plats
""",
    )


# A draft for next year: nothing is booked yet, so times are seasons and quarters.
@drawn(
    "UTKAST aktivitetsplan 2027 rehab.docx",
    "Word: times as words",
    keyed(
        """
        Inventera vilka hjälpmedel som lånas ut dubbelt | Hjälpmedelssamordnare | 2027-03-31 | * | Smidig övergång mellan regionens och kommunens rehab
        Gemensam överrapporteringsmall | Arbetsgrupp rehab | 2027-06-30 | * | ^
        Prova överrapportering per video | Enhetschef kommunrehab; Rehabchef regionen | 2027-12-31 | * | ^
        Nätverksträffar för arbetsterapeuter och fysioterapeuter | Processledare | - | * | ^
        Träningsgrupp för personer med stroke | Fysioterapeut Strokeenheten | 2027-02-28 | * | Fler får rehabilitering nära hemmet
        Information om egen träning på nätet | Kommunikatör | 2027-05-31 | * | ^
        Redovisning för politiska samrådet | Processledare | 2027-12-31 | * | ^
        """,
    ),
)
def _seasons(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan 2027 Rehabilitering – UTKAST
Vårdsamverkan Heddinge-Tallås, temagrupp rehab
Mål | Aktivitet | Ansvarig | När
Smidig övergång mellan regionens och kommunens rehab | Inventera vilka hjälpmedel som lånas ut dubbelt | Hjälpmedelssamordnare | Kvartal 1 2027
^ | Gemensam överrapporteringsmall | Arbetsgrupp rehab | Våren 2027
^ | Prova överrapportering per video | Enhetschef kommunrehab, rehabchef regionen | Hösten 2027
^ | Nätverksträffar för arbetsterapeuter och fysioterapeuter | Processledare | Löpande
Fler får rehabilitering nära hemmet | Träningsgrupp för personer med stroke | Fysioterapeut Strokeenheten | Vecka 8
^ | Information om egen träning på nätet | Kommunikatör | Maj
^ | Redovisning för politiska samrådet | Processledare | Årsskiftet 2027/2028
""",
    )


# She thinks in traffic lights and writes beneath the table what they mean.
@drawn(
    "Aktivitetsplan samsjuklighet färg.docx",
    "Word: status as a colour, a legend beneath",
    keyed(
        """
        Gemensam utbildning om beroende för all personal | Utbildningsledare | 2026-10-30 | done | Personer med samsjuklighet får vård för allt samtidigt
        Överenskommelse om vem som kallar till SIP | Samverkansstrateg | 2026-12-18 | going | ^
        Samlokaliserat team prövas på beroendemottagningen | Verksamhetschef beroende; Avdelningschef socialtjänst | 2027-04-30 | going | ^
        Hälsokontroll erbjuds alla på boendestödet | Sjuksköterska boendestöd | 2027-05-28 | to come | Bättre fysisk hälsa
        Rökavvänjning i grupp | Tobakssamordnare | 2027-09-24 | to come | ^
        """,
        title="Aktivitetsplan samsjuklighet Kvarnbäcken",
    ),
)
def _colours(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan samsjuklighet Kvarnbäcken
Mål | Aktivitet | Ansvarig | Slutdatum | Status
Personer med samsjuklighet får vård för allt samtidigt | Gemensam utbildning om beroende för all personal | Utbildningsledare | 2026-10-30 | {92D050}
^ | Överenskommelse om vem som kallar till SIP | Samverkansstrateg | 2026-12-18 | {FFFF00}
^ | Samlokaliserat team prövas på beroendemottagningen | Verksamhetschef beroende och avdelningschef socialtjänst | 2027-04-30 | {FFFF00}
Bättre fysisk hälsa | Hälsokontroll erbjuds alla på boendestödet | Sjuksköterska boendestöd | 2027-05-28 | {FF0000}
^ | Rökavvänjning i grupp | Tobakssamordnare | 2027-09-24 | {FF0000}
Grön = klart, gul = pågår, röd = ej påbörjat
""",
    )


# A cheerful hand: her own words for how far things have come.
@drawn(
    "Handlingsplan våld i nära relationer.docx",
    "Word: status in her own words",
    keyed(
        """
        Ställa frågan om våld på alla mottagningar | Vårdutvecklare | 2026-12-31 | going | how=Tre frågor i journalmallen
        Lathund till reception och växel | Administrativ chef | 2026-09-30 | done | how=Ett A4, plastat
        Gemensam dag om hedersrelaterat våld | Socialchef; Områdeschef vårdcentraler | 2027-03-08 | to come | how=Halvdag på Internationella kvinnodagen
        Kontaktperson på varje arbetsplats | Enhetschefer | 2026-11-15 | going | how=Enhetschefen utser
        Grupp för den som utövar våld | Mansmottagningen | 2027-06-01 | paused | how=Tolv tillfällen
        Skyddat boende för fler kommuner | Socialchef | 2026-08-31 | dropped | how=Delad kostnad
        """,
        title="Handlingsplan mot våld i nära relationer 2026–2027",
    ),
)
def _own_words(path: Path) -> None:
    word(
        path,
        """
# Handlingsplan mot våld i nära relationer 2026–2027
Samverkansgruppen Trevattna kommuner och Region Södermo
Insats | Så gör vi | Vem ansvarar | Klart till | Läget just nu
Ställa frågan om våld på alla mottagningar | Tre frågor i journalmallen | Vårdutvecklare | 31/12 2026 | Igång
Lathund till reception och växel | Ett A4, plastat | Administrativ chef | 30/9 2026 | Klart!
Gemensam dag om hedersrelaterat våld | Halvdag på Internationella kvinnodagen | Socialchef + områdeschef vårdcentraler | 8/3 2027 | Ej igång
Kontaktperson på varje arbetsplats | Enhetschefen utser | Enhetschefer | 15/11 2026 | På gång
Grupp för den som utövar våld | Tolv tillfällen | Mansmottagningen | 1/6 2027 | Vilande
Skyddat boende för fler kommuner | Delad kostnad | Socialchef | 31/8 2026 | Avbruten
""",
        style="Light Grid Accent 1",
    )


# Writes a sentence into the status cell at each meeting.
@drawn(
    "Aktivitetsplan läkemedel uppdat nov.docx",
    "Word: a status word and a sentence in the same cell",
    keyed(
        """
        Gemensam läkemedelslista vid utskrivning | Överläkare medicinkliniken | 2026-10-31 | done | Säkrare läkemedel för äldre
        Utbilda delegerad personal i insulin | MAS | 2026-12-11 | going | Säkrare läkemedel för äldre
        Apotekare med på läkemedelsgenomgångar | Läkemedelskommittén | 2027-03-26 | going | Säkrare läkemedel för äldre
        Rutin för dosdispensering vid flytt | MAS; Vårdenhetschef | 2027-02-19 | to come | Säkrare läkemedel för äldre
        Minska antibiotika på särskilt boende | Boendeläkare | 2027-05-07 | to come | Färre vårdrelaterade infektioner
        Ta tillbaka läkemedel som inte används | Apotekschef | 2027-04-09 | to come | Säkrare läkemedel för äldre
        Signeringslistor blir digitala | Systemförvaltare | 2027-06-18 | going | Säkrare läkemedel för äldre
        Kurs för hygienombud | Hygiensjuksköterska | 2027-02-05 | going | Färre vårdrelaterade infektioner
        Rutin vid magsjuka på boende | MAS; Smittskyddsläkare | 2026-11-13 | done | Färre vårdrelaterade infektioner
        Tvätta händerna-vecka | Hygiensjuksköterska | 2026-10-16 | done | Färre vårdrelaterade infektioner
        """,
        title="Aktivitetsplan Läkemedel och hygien",
    ),
)
def _sentences(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan Läkemedel och hygien
Närvårdsområde Sjöhult | Senast ändrad 2026-11-24

Mål | Aktivitet | Ansvarig | Tidpunkt | Status/kommentar
Säkrare läkemedel för äldre | Gemensam läkemedelslista vid utskrivning | Överläkare medicinkliniken | 2026-10-31 | Klart. Används på alla avdelningar sedan oktober.
Säkrare läkemedel för äldre | Utbilda delegerad personal i insulin | MAS | 2026-12-11 | Pågår, tre av fem enheter har haft sin utbildning.
Säkrare läkemedel för äldre | Apotekare med på läkemedelsgenomgångar | Läkemedelskommittén | 2027-03-26 | Pågår. Avtal skrivs i december.
Säkrare läkemedel för äldre | Rutin för dosdispensering vid flytt | MAS/Vårdenhetschef | 2027-02-19 | Ej påbörjat, väntar på ny leverantör.
Säkrare läkemedel för äldre | Ta tillbaka läkemedel som inte används | Apotekschef | 2027-04-09 | Ej påbörjat
Säkrare läkemedel för äldre | Signeringslistor blir digitala | Systemförvaltare | 2027-06-18 | Pågår. Södra området är först ut.
Färre vårdrelaterade infektioner | Kurs för hygienombud | Hygiensjuksköterska | 2027-02-05 | Pågår
Färre vårdrelaterade infektioner | Rutin vid magsjuka på boende | MAS och smittskyddsläkare | 2026-11-13 | Klart, publicerad 9 november.
Färre vårdrelaterade infektioner | Minska antibiotika på särskilt boende | Boendeläkare | 2027-05-07 | Ej påbörjat
Färre vårdrelaterade infektioner | Tvätta händerna-vecka | Hygiensjuksköterska | 2026-10-16 | Klart
""",
    )


# Numbers everything as in the collaboration plan; goals are rows across the table.
@drawn(
    "Bilaga 1 Aktivitetsplan nära vård.docx",
    "Word: numbered, goals as rows across the table",
    keyed(
        """
        Mobilt närsjukvårdsteam på kvällar | Närsjukvårdschef | 2027-01-31 | going | Vård i hemmet när det går
        Gemensamma hembesök i samband med inskrivning i hemsjukvård | Vårdenhetschefer; Enhetschef hemsjukvård | 2026-11-30 | going | Vård i hemmet när det går
        Medicinsk vårdplan för alla inskrivna | Medicinskt ansvarig läkare | 2027-06-30 | going | Vård i hemmet när det går
        Digitala vårdmöten från äldreboendet | IT-strateg | 2027-04-15 | to come | Enkelt att nå rätt person
        Telefonlista som hålls aktuell | Samverkanssekreterare | 2026-10-01 | done | Enkelt att nå rätt person
        Patientkontrakt provas på två vårdcentraler | Utvecklingschef | 2027-10-31 | to come | Personen är delaktig i sin planering
        Utbildning i personcentrerat förhållningssätt | Utbildningsansvarig | 2027-12-15 | to come | Personen är delaktig i sin planering
        """,
    ),
)
def _across(path: Path) -> None:
    word(
        path,
        """
**Bilaga 1 till Samverkansplan 2025–2028**
Aktivitetsplan nära vård, Kustbygdens vårdsamverkan
Nr | Aktivitet | Ansvarig | Klart senast | Status
{E7E6E6}**1. Vård i hemmet när det går** | < | < | < | <
1.1 | Mobilt närsjukvårdsteam på kvällar | Närsjukvårdschef | 2027-01-31 | Pågår
1.2 | Gemensamma hembesök i samband med inskrivning i hemsjukvård | Vårdenhetschefer och enhetschef hemsjukvård | 2026-11-30 | Pågår
1.3 | Medicinsk vårdplan för alla inskrivna | Medicinskt ansvarig läkare | 2027-06-30 | Pågår
{E7E6E6}**2. Enkelt att nå rätt person** | < | < | < | <
2.1 | Digitala vårdmöten från äldreboendet | IT-strateg | 2027-04-15 | Planerad
2.2 | Telefonlista som hålls aktuell | Samverkanssekreterare | 2026-10-01 | Klar
{E7E6E6}**3. Personen är delaktig i sin planering** | < | < | < | <
3.1 | Patientkontrakt provas på två vårdcentraler | Utvecklingschef | 2027-10-31 | Planerad
3.2 | Utbildning i personcentrerat förhållningssätt | Utbildningsansvarig | 2027-12-15 | Planerad
""",
    )
