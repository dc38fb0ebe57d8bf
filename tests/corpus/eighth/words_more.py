# ruff: noqa: E501
"""More plans in Word, and minutes with a list of what was agreed."""

from pathlib import Path

from .kit import drawn, keyed
from .markup import word


# In a hurry between two meetings: empty rows, a gap here and there, double spaces.
@drawn(
    "handlingsplan demens ny (2).docx",
    "Word: a bit of mess, empty rows and empty cells",
    keyed(
        """
        Demensteam träffas varannan månad | Demenssjuksköterska | 2026-12-31 | going | Tidig upptäckt av demenssjukdom
        Minnesutredning även i hemmet | Distriktsarbetsterapeut | 2027-03-31 | going | Tidig upptäckt av demenssjukdom
        Körkortsfrågan, vem gör vad | - | 2027-02-28 | to come | Tidig upptäckt av demenssjukdom
        Utbildning BPSD för nya | BPSD-administratör | 2026-11-30 | going | Bra stöd när sjukdomen går vidare
        Avlastning på kort varsel | Biståndschef | - | to come | Bra stöd när sjukdomen går vidare
        Anhöriggrupp på kvällstid | Anhörigkonsulent; Kurator minnesmottagningen | 2027-01-20 | to come | Bra stöd när sjukdomen går vidare
        """,
        title="Handlingsplan demens 2026/2027",
    ),
)
def _mess(path: Path) -> None:
    word(
        path,
        """
**Handlingsplan demens  2026/2027**


Mål | Aktivitet  | Ansvarig/¶samordnar | Klart¶datum | Status
Tidig upptäckt av demenssjukdom | Demensteam träffas varannan månad | Demenssjuksköterska | 2026-12-31 | pågår
 | Minnesutredning även  i hemmet | Distriktsarbetsterapeut | 2027-03-31 | Pågår
 | Körkortsfrågan, vem gör vad |  | 2027-02-28 | ej påbörjad
 |  |  |  |
Bra stöd när sjukdomen går vidare | Utbildning BPSD för nya | BPSD-administratör | 2026-11-30 | Pågår
 | Avlastning på kort varsel | Biståndschef |  | Ej påbörjad
 | Anhöriggrupp på kvällstid | Anhörigkonsulent, kurator minnesmottagningen | 2027-01-20 | Ej påbörjad
 |  |  |  |
 |  |  |  |
""",
    )


# Comes from project work; what is to be done is a list of steps in the cell.
@drawn(
    "Aktivitetsplan digital samverkan.docx",
    "Word: steps as a list in the cell",
    keyed(
        """
        Införa gemensam videotjänst för SIP-möten | Digitaliseringsstrateg | 2027-05-28 | going | how=Välj tjänst Testa på två enheter Utbilda alla samordnare | follow_up=Antal möten per månad
        Egenmonitorering vid hjärtsvikt | Medicinchef | 2027-09-30 | going | how=Bjud in patienter Lämna ut utrustning Utvärdera efter sex månader | follow_up=Antal patienter, akutbesök
        Läsbehörighet i kommunens journal | Objektägare; MAS | 2027-02-26 | to come | how=Kartlägg behov Beställ behörigheter | follow_up=Stickprov i loggen
        Chatt för frågor mellan hemtjänst och vårdcentral | Enhetschef hemtjänst | 2027-11-12 | to come | how=Riskbedöm Prova i ett område | follow_up=Enkät till personalen
        """,
        title="Aktivitetsplan Digital samverkan Rävsta–Hultbro",
    ),
)
def _steps(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan Digital samverkan Rävsta–Hultbro
Aktivitet | Genomförande | Ansvarig | Slutdatum | Uppföljning/mått | Status
Införa gemensam videotjänst för SIP-möten | - Välj tjänst¶- Testa på två enheter¶- Utbilda alla samordnare | Digitaliseringsstrateg | 2027-05-28 | Antal möten per månad | Pågår
Egenmonitorering vid hjärtsvikt | - Bjud in patienter¶- Lämna ut utrustning¶- Utvärdera efter sex månader | Medicinchef | 2027-09-30 | Antal patienter, akutbesök | Pågår
Läsbehörighet i kommunens journal | - Kartlägg behov¶- Beställ behörigheter | Objektägare¶MAS | 2027-02-26 | Stickprov i loggen | Ej påbörjad
Chatt för frågor mellan hemtjänst och vårdcentral | - Riskbedöm¶- Prova i ett område | Enhetschef hemtjänst | 2027-11-12 | Enkät till personalen | Ej påbörjad
""",
        wide=True,
    )


# Always writes who takes part as well as who answers for it.
@drawn(
    "Plan anhörigstöd 2027.docx",
    "Word: responsible and taking part",
    keyed(
        """
        Anhörigvecka med föreläsning och fika | Anhörigsamordnare | 2027-10-08 | to come | participants=Biblioteket; Röda Korset | how=Program sprids i augusti
        Fråga om anhöriga vid varje nybesök | Vårdenhetschef | 2027-03-12 | going | participants=Sjuksköterskor; Läkare | how=Sökord i journalen
        Samtalsgrupp för unga omsorgsgivare | Skolkurator | 2027-04-30 | to come | participants=Ungdomsmottagningen | how=Sex träffar på fritidsgården
        Webbsida med allt stöd på ett ställe | Kommunikatör | 2027-01-29 | going | participants=Anhörigföreningen | how=Kommunens och regionens sidor länkar till varandra
        """,
        title="Plan för anhörigstöd 2027",
    ),
)
def _taking_part(path: Path) -> None:
    word(
        path,
        """
# Plan för anhörigstöd 2027
Bergsäters kommun och närsjukvården i Bergsäter
Aktivitet | Hur | Ansvarig | Medverkande | Klart senast | Status
Anhörigvecka med föreläsning och fika | Program sprids i augusti | Anhörigsamordnare | Biblioteket, Röda Korset | 2027-10-08 | Inte påbörjad
Fråga om anhöriga vid varje nybesök | Sökord i journalen | Vårdenhetschef | Sjuksköterskor, läkare | 2027-03-12 | Påbörjad
Samtalsgrupp för unga omsorgsgivare | Sex träffar på fritidsgården | Skolkurator | Ungdomsmottagningen | 2027-04-30 | Inte påbörjad
Webbsida med allt stöd på ett ställe | Kommunens och regionens sidor länkar till varandra | Kommunikatör | Anhörigföreningen | 2027-01-29 | Påbörjad
""",
    )


# The municipality's document template: facts about the document come in a table of their own.
@drawn(
    "Handlingsplan missbruk och beroende.docx",
    "Word: a table of facts about the document comes first",
    keyed(
        """
        Gemensam ingång för unga under 25 år | Verksamhetschef IFO; Enhetschef beroendevården | 2027-06-30 | going | Lätt att söka hjälp
        Kvällsöppet en gång i veckan | Enhetschef beroendevården | 2027-02-01 | going | Lätt att söka hjälp
        Naloxonprogram för anhöriga | Smittskyddssjuksköterska | 2026-12-31 | going | Ingen ska dö av överdos
        Rutin efter överdos på akuten | Akutchef | 2027-03-31 | to come | Ingen ska dö av överdos
        Boendesamordnare möter vid utskrivning | Boendesamordnare | 2027-09-30 | to come | En fungerande vardag efter behandling
        """,
        title="Handlingsplan missbruk och beroende",
    ),
)
def _facts_first(path: Path) -> None:
    word(
        path,
        """
Dokumenttyp | Handlingsplan
Fastställd av | Samverkansgrupp missbruk och beroende
Datum | 2026-03-12
Version | 1.2
Dokumentansvarig | Ingrid Påhittsson, ingrid.pahittsson@example.org
Gäller till | 2027-12-31

# Handlingsplan missbruk och beroende
## Inledning
Kommunen och regionen har ett gemensamt ansvar för personer med skadligt bruk. Planen pekar ut det vi vill göra tillsammans.
## Aktiviteter
Mål | Aktivitet | Ansvarig | Deadline | Status
Lätt att söka hjälp | Gemensam ingång för unga under 25 år | Verksamhetschef IFO, enhetschef beroendevården | Halvårsskiftet 2027 | Pågår
^ | Kvällsöppet en gång i veckan | Enhetschef beroendevården | 1 februari 2027 | Pågår
Ingen ska dö av överdos | Naloxonprogram för anhöriga | Smittskyddssjuksköterska | Årsskiftet 2026/2027 | Pågår
^ | Rutin efter överdos på akuten | Akutchef | 31 mars 2027 | Ej påbörjad
En fungerande vardag efter behandling | Boendesamordnare möter vid utskrivning | Boendesamordnare | September 2027 | Ej påbörjad
## Uppföljning
Planen följs upp i september varje år och redovisas för politiskt samråd.
""",
        bold=False,
        header="Furuhöjda kommun, 2026-03-12, dnr 2026/000",
        footer="Postadress: Furuhöjda kommun, 000 00 Furuhöjda. Telefon: 010-000 00 00",
    )


# A formal hand: who sits in the group stands in the plan.
@drawn(
    "Verksamhetsplan närområdesgrupp Söderheden.docx",
    "Word: a table of the members before the plan",
    keyed(
        """
        Hälsosamtal för 75-åringar | Distriktssköterska; Hälsopedagog | 2027-05-14 | going | Förebyggande arbete
        Munhälsobedömning vid inflyttning | Tandhygienist | 2027-03-31 | going | Förebyggande arbete
        Matlag för ensamboende | Träffpunktssamordnare | 2027-09-30 | to come | Förebyggande arbete
        Avvikelser tas upp på varje möte | Mona Testlund | 2026-12-31 | going | Ständig förbättring
        Gemensam introduktion för nya chefer | HR-partner | 2027-08-31 | to come | Ständig förbättring
        """,
        title="Verksamhetsplan 2027 för närområdesgrupp Söderheden",
    ),
)
def _members(path: Path) -> None:
    word(
        path,
        """
# Verksamhetsplan 2027 för närområdesgrupp Söderheden
## Ledamöter
Namn | Verksamhet | Roll
Mona Testlund | Söderhedens vårdcentral | Ordförande
Anders Provberg | Hemsjukvården | Vice ordförande
Lotta Fiktivén | Folktandvården | Ledamot
Ulla Exempelgren | Socialförvaltningen | Ledamot
## Vad vi ska åstadkomma
Fokusområde | Aktivitet | Ansvarig | Sluttid | Status
Förebyggande arbete | Hälsosamtal för 75-åringar | Distriktssköterska och hälsopedagog | 14 maj 2027 | Pågår
^ | Munhälsobedömning vid inflyttning | Tandhygienist | Q1 2027 | Pågår
^ | Matlag för ensamboende | Träffpunktssamordnare | Q3 2027 | Planeras
Ständig förbättring | Avvikelser tas upp på varje möte | Mona Testlund | Dec 2026 | Pågår
^ | Gemensam introduktion för nya chefer | HR-partner | Aug 2027 | Planeras
## Möten 2027
Gruppen träffas 20 januari, 17 mars, 19 maj, 22 september och 24 november.
""",
    )


# Two employers are always equals: one responsible from each, in columns of their own.
@drawn(
    "Gemensam plan utskrivning sjukhus-kommun.docx",
    "Word: one responsible from each employer, two columns",
    keyed(
        """
        Samma information till patienten på avdelning och i hemmet | Enhetschef hemtjänst; Avdelningschef medicin | 2027-01-31 | going
        Beräknat utskrivningsdatum sätts inom ett dygn | Biståndshandläggare; Överläkare | 2026-12-15 | going
        Gemensam genomgång av utskrivningsklara varje tisdag | Samordnare; Vårdplatskoordinator | 2026-10-01 | done
        Läkemedel med hem för tre dagar | MAS; Apotekschef | 2027-03-15 | to come
        Enkät till patienter efter två veckor | Kvalitetsstrateg; Verksamhetsutvecklare | 2027-05-31 | to come
        """,
        title="Gemensam plan för utskrivning",
    ),
)
def _two_employers(path: Path) -> None:
    word(
        path,
        """
# Gemensam plan för utskrivning
Almvika sjukhus – Almvika kommun
Aktivitet | Ansvarig kommun | Ansvarig region | Klart | Status
Samma information till patienten på avdelning och i hemmet | Enhetschef hemtjänst | Avdelningschef medicin | Jan 2027 | Pågår
Beräknat utskrivningsdatum sätts inom ett dygn | Biståndshandläggare | Överläkare | 15 dec 2026 | Pågår
Gemensam genomgång av utskrivningsklara varje tisdag | Samordnare | Vårdplatskoordinator | 1 okt 2026 | Klart
Läkemedel med hem för tre dagar | MAS | Apotekschef | 15 mars 2027 | Ej startat
Enkät till patienter efter två veckor | Kvalitetsstrateg | Verksamhetsutvecklare | Maj 2027 | Ej startat
""",
        style="Medium Shading 1 Accent 1",
        bold=False,
    )


# The region's form for improvement work, filled in once for each activity.
@drawn(
    "Aktivitetsblad fallprevention.docx",
    "Word: a form for each activity",
    keyed(
        """
        Hembesök av arbetsterapeut till alla över 85 | Arbetsterapeut | 2027-04-30 | going | Färre fall i hemmet | how=Brev först, sedan telefon och besök | follow_up=Antal besök och åtgärder
        Halkskydd till låns på vårdcentralen | Verksamhetschef | 2026-12-01 | going | Färre fall i hemmet | how=Beställs genom regionens förråd | follow_up=Antal utlånade par
        Fallregistrering på samma sätt | MAR | 2027-02-15 | to come | Lära av varje fall | how=Gemensam mall i båda avvikelsesystemen | follow_up=Jämförelse varje halvår
        Teamronder på korttidsboendet | Enhetschef korttidsboendet | 2027-06-01 | to come | Lära av varje fall | how=En timme varannan vecka | follow_up=Protokoll från ronderna
        """,
    ),
)
def _forms(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsblad fallprevention Åmossen

Aktivitet | Hembesök av arbetsterapeut till alla över 85
Mål | Färre fall i hemmet
Genomförande | Brev först, sedan telefon och besök
Ansvarig | Arbetsterapeut
Klart senast | =2027-04-30
Uppföljning | Antal besök och åtgärder
Status | =Pågår

Aktivitet | Halkskydd till låns på vårdcentralen
Mål | Färre fall i hemmet
Genomförande | Beställs genom regionens förråd
Ansvarig | Verksamhetschef
Klart senast | =2026-12-01
Uppföljning | Antal utlånade par
Status | =Pågår

Aktivitet | Fallregistrering på samma sätt
Mål | Lära av varje fall
Genomförande | Gemensam mall i båda avvikelsesystemen
Ansvarig | MAR
Klart senast | =2027-02-15
Uppföljning | Jämförelse varje halvår
Status | =Ej påbörjad

Aktivitet | Teamronder på korttidsboendet
Mål | Lära av varje fall
Genomförande | En timme varannan vecka
Ansvarig | Enhetschef korttidsboendet
Klart senast | =2027-06-01
Uppföljning | Protokoll från ronderna
Status | =Ej påbörjad
""",
        bold=False,
    )


# Types days as she says them; the year stands in the title.
@drawn(
    "Aktivitetsplan 2027 familjecentral.docx",
    "Word: days without a year",
    keyed(
        """
        Öppen förskola även på fredagar | Förskollärare | 2027-03-15 | *
        Barnmorska och socialrådgivare tar emot tillsammans | Barnmorska; Socialrådgivare | 2027-03-28 | *
        Pappagrupp | Föräldrarådgivare | 2027-09-30 | *
        Språkcafé för nyanlända föräldrar | Bibliotekarie | 2027-05-12 | *
        Föreläsning om sömn | BHV-sjuksköterska | 2027-11-04 | *
        Styrgruppen går igenom året | Samordnare familjecentralen | 2027-12-31 | *
        """,
        title="Aktivitetsplan 2027 Familjecentralen Lärkan",
    ),
)
def _no_year(path: Path) -> None:
    word(
        path,
        """
# Aktivitetsplan 2027 Familjecentralen Lärkan
Vad | Vem | Klart | Anteckning
Öppen förskola även på fredagar | Förskollärare | 15/3 | Lokal finns
Barnmorska och socialrådgivare tar emot tillsammans | Barnmorska och socialrådgivare | v. 12 | Två tider i veckan
Pappagrupp | Föräldrarådgivare | 30 sept |
Språkcafé för nyanlända föräldrar | Bibliotekarie | 12 maj | Kaffet står församlingen för
Föreläsning om sömn | BHV-sjuksköterska | 4/11 |
Styrgruppen går igenom året | Samordnare familjecentralen | December |
""",
    )


# Start and end belong together to her: one column "Tidsperiod".
@drawn(
    "Samverkansplan LSS aktiviteter.docx",
    "Word: a stretch of time in one column",
    keyed(
        """
        Hälsokontroll anpassad för personer med funktionsnedsättning | Habiliteringschef | 2027-06-30 | to come | Jämlik hälsa | start=2027-01-01
        Bildstöd i väntrummen | Logoped | 2027-05-31 | to come | Jämlik hälsa | start=2027-02-01
        Tandvård på daglig verksamhet | Tandhygienist | 2027-11-30 | to come | Jämlik hälsa | start=2027-08-01
        Övergång från barn- till vuxenhabilitering | Habiliteringschef; LSS-handläggare | 2027-09-30 | going | Inga glapp mellan verksamheter | start=2026-09-01
        Träffar för gode män | Överförmyndarhandläggare | 2027-04-30 | going | Inga glapp mellan verksamheter | start=2026-10-01
        """,
        title="Samverkansplan LSS och habilitering",
    ),
)
def _stretches(path: Path) -> None:
    word(
        path,
        """
# Samverkansplan LSS och habilitering
Mål | Aktivitet | Ansvarig | Tidsperiod | Status
Jämlik hälsa | Hälsokontroll anpassad för personer med funktionsnedsättning | Habiliteringschef | jan–juni 2027 | Ej startad
^ | Bildstöd i väntrummen | Logoped | feb–maj 2027 | Ej startad
^ | Tandvård på daglig verksamhet | Tandhygienist | aug–nov 2027 | Ej startad
Inga glapp mellan verksamheter | Övergång från barn- till vuxenhabilitering | Habiliteringschef och LSS-handläggare | sept 2026 – sept 2027 | Pågår
^ | Träffar för gode män | Överförmyndarhandläggare | okt 2026 – april 2027 | Pågår
""",
    )


# Ticks things off: an X when it is done, else nothing.
@drawn(
    "Att göra-lista hemsjukvård.docx",
    "Word: an X when it is done",
    keyed(
        """
        Ny rutin för vårdbegäran | Enhetschef hemsjukvården | 2026-06-15 | done
        Såromläggning lika i hela området | Sårsjuksköterska | 2026-09-30 | done
        Mobil provtagning | Laboratoriechef | 2026-12-18 | not done
        Fördelning av förbrukningsmaterial | Ekonom; Enhetschef hemsjukvården | 2027-01-31 | not done
        Kontaktlista till jourläkare | Vårdadministratör | 2026-05-20 | done
        Gemensam utbildning i venprovtagning | Klinisk lärare | 2027-04-14 | not done
        """,
        title="Att göra-lista samverkan hemsjukvård Ekelinge",
    ),
)
def _crosses(path: Path) -> None:
    word(
        path,
        """
# Att göra-lista samverkan hemsjukvård Ekelinge
X = klart
Vad ska göras | Ansvarig | Senast | Klart
Ny rutin för vårdbegäran | Enhetschef hemsjukvården | 2026-06-15 | X
Såromläggning lika i hela området | Sårsjuksköterska | 2026-09-30 | X
Mobil provtagning | Laboratoriechef | 2026-12-18 |
Fördelning av förbrukningsmaterial | Ekonom och enhetschef hemsjukvården | 2027-01-31 |
Kontaktlista till jourläkare | Vårdadministratör | 2026-05-20 | X
Gemensam utbildning i venprovtagning | Klinisk lärare | 2027-04-14 |
""",
    )


# An experienced hand who serves several groups and keeps them in one document.
@drawn(
    "Handlingsplaner 2027 alla grupper.docx",
    "Word: a table for each group, with columns of its own",
    keyed(
        """
        Trygg hemgång även på fredagar | Utskrivningssamordnare | 2027-02-28 | going | how=Fredagsmöte klockan tio
        Syn och hörsel kontrolleras vid hembesök | Distriktssköterska | 2027-05-31 | to come | how=Enkel mall
        Träffar för vårdbiträden och undersköterskor om tecken på sjukdom | Utbildningssjuksköterska | 2027-03-19 | to come | how=Tre tillfällen, film till den som inte kan komma
        Ungdomsmottagning på nätet | Enhetschef ungdomsmottagningen | 2027-06-15 | to come | how=Gemensamt schema
        Elevhälsan och BUP har fast telefontid | Skolöverläkare; Enhetschef BUP | 2027-01-15 | going | how=Onsdagar 8–9
        Gemensam väntelista för utredning av uppmärksamhet och koncentration | Områdeschef barn | 2027-11-30 | to come | how=Listan hålls av första linjen
        Samråd utan namn varje månad | Socialjouren | 2026-12-15 | done | how=Digitalt, trettio minuter
        Krisstöd efter olycka | Krissamordnare | 2027-03-31 | going | how=Listan ses över
        Arbete och sysselsättning för långtidssjuka | Rehabkoordinator | 2027-10-29 | to come | how=Möte med Försäkringskassan
        """,
        title="Handlingsplaner 2027 Vårdsamverkan Mellanbygd",
    ),
)
def _groups(path: Path) -> None:
    word(
        path,
        """
# Handlingsplaner 2027 Vårdsamverkan Mellanbygd
Alla tre grupperna har lämnat sina planer. De läggs samman här inför samordningsgruppens möte.
## Grupp Äldre
Aktivitet | Hur | Ansvarig | Klart | Status
Trygg hemgång även på fredagar | Fredagsmöte klockan tio | Utskrivningssamordnare | 2027-02-28 | Pågår
Syn och hörsel kontrolleras vid hembesök | Enkel mall | Distriktssköterska | 2027-05-31 | Ej påbörjad
Träffar för vårdbiträden och undersköterskor om tecken på sjukdom | Tre tillfällen, film till den som inte kan komma | Utbildningssjuksköterska | 2027-03-19 | Ej påbörjad
## Grupp Barn och unga
Aktivitet | Ansvarig | Hur | Klart | Status
Ungdomsmottagning på nätet | Enhetschef ungdomsmottagningen | Gemensamt schema | 2027-06-15 | Ej påbörjad
Elevhälsan och BUP har fast telefontid | Skolöverläkare, enhetschef BUP | Onsdagar 8–9 | 2027-01-15 | Pågår
Gemensam väntelista för utredning av uppmärksamhet och koncentration | Områdeschef barn | Listan hålls av första linjen | 2027-11-30 | Ej påbörjad
Samråd utan namn varje månad | Socialjouren | Digitalt, trettio minuter | 2026-12-15 | Klar
## Grupp Psykisk hälsa
Åtgärd | Ansvarig | Tillvägagångssätt | Slutdatum | Läge
Krisstöd efter olycka | Krissamordnare | Listan ses över | 2027-03-31 | Pågår
Arbete och sysselsättning för långtidssjuka | Rehabkoordinator | Möte med Försäkringskassan | 2027-10-29 | Ej påbörjad
""",
    )


# The secretary's minutes; what was agreed is a table at the end.
@drawn(
    "Minnesanteckningar NOSAM 2026-11-25.docx",
    "Word: minutes with a list of what was agreed",
    keyed(
        """
        Bjuda in ambulansen till januarimötet | Sekreteraren | 2026-12-11 | *
        Ta fram siffror över oplanerade inskrivningar | Anders Provberg | 2027-01-13 | *
        Skicka ut förslag till mötesdagar | Sekreteraren | 2026-12-04 | *
        Fråga kommunjuristen om delning av listor | Lotta Fiktivén | 2027-01-13 | *
        Boka lokal till planeringsdagen | Mona Testlund; Ulla Exempelgren | 2027-01-29 | *
        """,
    ),
)
def _minutes(path: Path) -> None:
    word(
        path,
        """
# Minnesanteckningar NOSAM Stenåsa
Tid: 25 november 2026 kl. 13–15
Plats: Digitalt
Närvarande: Mona Testlund, Anders Provberg, Lotta Fiktivén, Ulla Exempelgren
## 1. Mötet öppnas
Ordföranden hälsade alla välkomna. Förra mötets anteckningar lades till handlingarna.
## 2. Läget i verksamheterna
Vårdcentralen har anställt två sjuksköterskor. Hemtjänsten har fortfarande svårt att hitta vikarier.
## 3. Oplanerade inskrivningar
Gruppen talade om hur vi kan se mönster. Det behövs siffror innan vi går vidare.
## 4. Planeringsdag 2027
Dagen blir i april. Alla tänker på vilka frågor de vill ta upp.
## Åtgärdslista
Vad | Vem | När
Bjuda in ambulansen till januarimötet | Sekreteraren | 2026-12-11
Ta fram siffror över oplanerade inskrivningar | Anders Provberg | 2027-01-13
Skicka ut förslag till mötesdagar | Sekreteraren | 2026-12-04
Fråga kommunjuristen om delning av listor | Lotta Fiktivén | 2027-01-13
Boka lokal till planeringsdagen | Mona Testlund och Ulla Exempelgren | 2027-01-29
Nästa möte: 13 januari 2027 kl. 13–15
Vid anteckningarna: sekreteraren
""",
        header="Minnesanteckningar 2026-11-25",
    )
