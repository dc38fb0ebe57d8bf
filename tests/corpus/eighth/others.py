# ruff: noqa: E501
"""Plans as PDF, CSV, an open document and an e-mail."""

from pathlib import Path

from .kit import drawn, keyed
from .markup import odt, printed

INSET = "#set table(inset: 6pt)\n"
LYING = '#set page(paper: "a4", flipped: true, margin: 2cm'
STANDING = '#set page(paper: "a4", margin: 2.2cm'


# Prints to PDF before she sends anything; the table runs over to a second page.
@drawn(
    "Aktivitetsplan Vårdsamverkan Ålinge 2026.pdf",
    "PDF: printed from Word, lying, two pages",
    keyed(
        """
        Gemensam handbok för SIP | SIP-samordnare | 2026-05-29 | done | Sammanhållen vård och omsorg | how=Vi samlar det som redan finns hos kommunerna och regionen i en enda handbok.
        SIP-utbildning för chefer | SIP-samordnare | 2026-11-13 | done | Sammanhållen vård och omsorg | how=En timme på ledningsgruppens möte med efterföljande samtal.
        Samordnare på vårdcentralen för de mest sköra | Vårdenhetschefer | 2027-01-31 | going | Sammanhållen vård och omsorg | how=Varje vårdcentral avsätter tid och utser en sjuksköterska med telefon.
        Hälsosamtal på daglig verksamhet | Distriktssköterska | 2027-03-26 | going | Främja hälsa | how=Samtalen hålls på plats med bildstöd och utan väntetid.
        Rörelse på recept till kommunens anläggningar | Fritidschef | 2027-05-31 | to come | Främja hälsa | how=Avtal om rabatt och en ledare som möter upp första gången.
        Föreläsningsserie om psykisk hälsa | Folkhälsostrateg | 2027-10-10 | to come | Främja hälsa | how=Fyra kvällar på biblioteket, den första på världsdagen.
        Analys av avvikelser i samverkan | Kvalitetssamordnare; MAS | 2026-12-31 | going | Lära tillsammans | how=Två gånger om året går vi igenom alla ärenden och ser efter vad de har gemensamt.
        Dialogdag för medarbetare | Processledare | 2027-04-22 | to come | Lära tillsammans | how=En dag med korta berättelser från vardagen och gemensam lunch.
        """,
        title="Aktivitetsplan Vårdsamverkan Ålinge 2026",
    ),
)
def _lying(path: Path) -> None:
    printed(
        path,
        """
# Aktivitetsplan Vårdsamverkan Ålinge 2026
Planen är antagen av samordningsgruppen och gäller för alla verksamheter som deltar i vårdsamverkan. Den beskriver vad vi gör tillsammans, vem som håller i det och när det ska vara klart.
Mål | Aktivitet | Hur | Ansvarig | Klart senast | Status
Sammanhållen vård och omsorg | Gemensam handbok för SIP | Vi samlar det som redan finns hos kommunerna och regionen i en enda handbok. | SIP-samordnare | 2026-05-29 | Klar
^ | SIP-utbildning för chefer | En timme på ledningsgruppens möte med efterföljande samtal. | SIP-samordnare | 2026-11-13 | Klar
^ | Samordnare på vårdcentralen för de mest sköra | Varje vårdcentral avsätter tid och utser en sjuksköterska med telefon. | Vårdenhetschefer | 2027-01-31 | Pågår
Främja hälsa | Hälsosamtal på daglig verksamhet | Samtalen hålls på plats med bildstöd och utan väntetid. | Distriktssköterska | 2027-03-26 | Pågår
^ | Rörelse på recept till kommunens anläggningar | Avtal om rabatt och en ledare som möter upp första gången. | Fritidschef | 2027-05-31 | Ej påbörjad
^ | Föreläsningsserie om psykisk hälsa | Fyra kvällar på biblioteket, den första på världsdagen. | Folkhälsostrateg | 2027-10-10 | Ej påbörjad
Lära tillsammans | Analys av avvikelser i samverkan | Två gånger om året går vi igenom alla ärenden och ser efter vad de har gemensamt. | Kvalitetssamordnare, MAS | 2026-12-31 | Pågår
^ | Dialogdag för medarbetare | En dag med korta berättelser från vardagen och gemensam lunch. | Processledare | 2027-04-22 | Ej påbörjad
""",
        "(3.6cm, 4.4cm, 1fr, 4.6cm, 3.1cm, 2.6cm)",
        f"{LYING}, footer: context align(center)[Sida #counter(page).display()])\n"
        "#set table(inset: 11pt)\n#set text(size: 13pt)",
    )


# Writes a first page of background; the plan itself is on the second.
@drawn(
    "Handlingsplan vård av äldre Hagtorpa.pdf",
    "PDF: a page of text, the plan on the second",
    keyed(
        """
        Läkarkontakt samma dag | Verksamhetschef vårdcentralen | 2027-02-15 | going
        Sjuksköterska i bil kvällar och helger | Enhetschef hemsjukvården | 2027-03-31 | going
        Gemensamt larmnummer vid försämring | Ledningssjuksköterska | 2026-12-10 | going
        Matkonsult till den som tappar i vikt | Dietist | 2027-05-28 | to come
        Uppföljning av de som flyttat in på boende | Kvalitetsutvecklare | 2027-10-15 | to come
        """,
        title="Handlingsplan för vård av äldre i Hagtorpa 2027",
    ),
)
def _second_page(path: Path) -> None:
    printed(
        path,
        """
# Handlingsplan för vård av äldre i Hagtorpa 2027
Hagtorpa kommun och Hagtorpa vårdcentral
## Bakgrund
Allt fler äldre bor kvar hemma med omfattande insatser. Det ställer krav på att vi känner till varandra och kan ändra planeringen samma dag.

Under hösten har medarbetare från hemtjänst, hemsjukvård och vårdcentral träffats tre gånger. Samtalen har handlat om vad som händer när någon blir sämre och vem som då ringer vem.
## Syfte
Den som bor hemma ska få rätt vård i rätt tid och slippa åka till sjukhus i onödan.
## Arbetssätt
Gruppen möts var sjätte vecka. Vårdcentralens verksamhetschef är sammankallande.
---
## Aktiviteter
Aktivitet | Ansvarig | Klart | Status
Läkarkontakt samma dag | Verksamhetschef vårdcentralen | 15 februari 2027 | Pågår
Sjuksköterska i bil kvällar och helger | Enhetschef hemsjukvården | 31 mars 2027 | Pågår
Gemensamt larmnummer vid försämring | Ledningssjuksköterska | 10 december 2026 | Pågår
Matkonsult till den som tappar i vikt | Dietist | 28 maj 2027 | Ej startad
Uppföljning av de som flyttat in på boende | Kvalitetsutvecklare | 15 oktober 2027 | Ej startad
""",
        "(1fr, 4.5cm, 3.6cm, 2.4cm)",
        f"{INSET}{STANDING}, footer: context align(right)"
        "[#counter(page).display() (#counter(page).final().first())])\n#set text(size: 11pt)",
    )


# A short plan for each of two goals; the second goes over to the next page.
@drawn(
    "Plan för barn och ungas hälsa.pdf",
    "PDF: a heading and a table for each goal",
    keyed(
        """
        Samordnad tid för hälsobesök och skolstart | Skolsköterska; BHV-sjuksköterska | 2027-08-16 | to come | Barn ska inte falla mellan stolarna | follow_up=Antal barn
        En gemensam remissmall | Elevhälsochef | 2027-02-12 | going | Barn ska inte falla mellan stolarna | follow_up=Andel rätt ställda remisser
        Konsultationstid hos BUP för skolpsykologer | Enhetschef BUP | 2026-12-17 | going | Barn ska inte falla mellan stolarna | follow_up=Antal samtal
        Ungas egen enkät om stress | Ungdomsrådet | 2027-03-19 | going | Unga ska kunna påverka | follow_up=Svar per skola
        Unga deltar i rekryteringen till mottagningen | Verksamhetschef ungdomsmottagningen | 2027-06-04 | to come | Unga ska kunna påverka | follow_up=Antal intervjuer
        Återkoppling till skolorna | Ungdomsstrateg | 2027-09-24 | to come | Unga ska kunna påverka | follow_up=Besökta skolor
        """,
        title="Plan för barn och ungas hälsa 2027",
    ),
)
def _two_goals(path: Path) -> None:
    printed(
        path,
        """
# Plan för barn och ungas hälsa 2027
Samverkan Lövnäs
## Mål: Barn ska inte falla mellan stolarna
Aktivitet | Ansvarig | Klart | Uppföljning | Status
Samordnad tid för hälsobesök och skolstart | Skolsköterska och BHV-sjuksköterska | 2027-08-16 | Antal barn | Inte startad
En gemensam remissmall | Elevhälsochef | 2027-02-12 | Andel rätt ställda remisser | Pågår
Konsultationstid hos BUP för skolpsykologer | Enhetschef BUP | 2026-12-17 | Antal samtal | Pågår
---
## Mål: Unga ska kunna påverka
Aktivitet | Ansvarig | Klart | Uppföljning | Status
Ungas egen enkät om stress | Ungdomsrådet | 2027-03-19 | Svar per skola | Pågår
Unga deltar i rekryteringen till mottagningen | Verksamhetschef ungdomsmottagningen | 2027-06-04 | Antal intervjuer | Inte startad
Återkoppling till skolorna | Ungdomsstrateg | 2027-09-24 | Besökta skolor | Inte startad
""",
        "(1fr, 4.2cm, 2.3cm, 3.2cm, 2.3cm)",
        f"{INSET}{STANDING}, footer: align(center)[Samverkan Lövnäs])",
    )


# Saved from Excel on her own computer: semicolons, the Windows alphabet.
@drawn(
    "aktiviteter.csv",
    "CSV: saved from Excel, semicolons",
    keyed(
        """
        Dela kalender för gemensamma hembesök | Planeringssekreterare | 2027-01-22 | going | Bättre vardag för personen
        Öva på svåra samtal | Sjukhuspräst; Kurator | 2027-03-05 | to come | Bättre vardag för personen
        Enhetliga blanketter för egenvård | MAS | 2026-11-13 | done | Säkra övergångar
        Byt fax mot säker e-post | IT-samordnare | 2026-12-21 | going | Säkra övergångar
        """,
    ),
)
def _semicolons(path: Path) -> None:
    text = """Mål;Aktivitet;Ansvarig;Klart senast;Status;Kommentar
Bättre vardag för personen;Dela kalender för gemensamma hembesök;Planeringssekreterare;2027-01-22;Pågår;
Bättre vardag för personen;Öva på svåra samtal;Sjukhuspräst och kurator;2027-03-05;Ej påbörjad;"Skådespelare bokas, 2 st"
Säkra övergångar;Enhetliga blanketter för egenvård;MAS;2026-11-13;Klar;
Säkra övergångar;Byt fax mot säker e-post;IT-samordnare;2026-12-21;Pågår;Sex faxar kvar
"""
    path.write_bytes(text.replace("\n", "\r\n").encode("cp1252"))


# A list in Teams, exported: commas, quotes, and who made each row and when.
@drawn(
    "Aktivitetslista NOSAM (export).csv",
    "CSV: exported from a list in Teams",
    keyed(
        """
        Se över rutin för intyg | Mona Testlund | 2027-01-15 | going
        Gemensam sommarplanering | Anders Provberg | 2027-04-01 | to come
        Introduktionsdag för AT-läkare i kommunen | Lotta Fiktivén | 2026-10-09 | done
        Prova gemensam jourlista | Ulla Exempelgren | 2027-02-28 | going
        Studiebesök hos grannsamverkan | Mona Testlund | 2027-05-20 | to come
        """,
    ),
)
def _teams(path: Path) -> None:
    text = """"Rubrik","Ansvarig","Förfallodatum","Status","Anteckningar","Skapad","Skapad av"
"Se över rutin för intyg","Mona Testlund","2027-01-15","Pågår","","2026-09-02","Anders Provberg"
"Gemensam sommarplanering","Anders Provberg","2027-04-01","Inte påbörjad","Tidigare än i fjol","2026-09-02","Anders Provberg"
"Introduktionsdag för AT-läkare i kommunen","Lotta Fiktivén","2026-10-09","Slutförd","","2026-05-11","Anders Provberg"
"Prova gemensam jourlista","Ulla Exempelgren","2027-02-28","Pågår","Två veckor i taget, utvärderas","2026-10-14","Mona Testlund"
"Studiebesök hos grannsamverkan","Mona Testlund","2027-05-20","Inte påbörjad","","2026-11-04","Mona Testlund"
"""
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))


# A small municipality that uses LibreOffice.
@drawn(
    "Aktivitetsplan hemtagning.odt",
    "ODT: LibreOffice, one table",
    keyed(
        """
        Hemtagningsteam möter upp första dygnet | Enhetschef hemtagning | 2027-02-01 | going | Trygg första vecka hemma | follow_up=Samtal efter fjorton dagar
        Matlåda och mediciner finns på plats | Omsorgsassistent | 2026-12-15 | going | Trygg första vecka hemma | follow_up=Checklista
        Vårdcentralen får besked samma dag | Koordinator slutenvården | 2026-10-30 | done | Trygg första vecka hemma | follow_up=Mätning en vecka i kvartalet
        Rehabplan inom tre dagar | Arbetsterapeut; Fysioterapeut | 2027-04-16 | to come | Tillbaka till det vanliga livet | follow_up=Journalgranskning
        """,
        title="Aktivitetsplan hemtagning Lillhamra kommun",
    ),
)
def _libre(path: Path) -> None:
    odt(
        path,
        """
# Aktivitetsplan hemtagning Lillhamra kommun
Tillsammans med Lillhamra vårdcentral och länssjukhuset. Reviderad 2026-11-20.
Mål | Aktivitet | Ansvarig | Klart senast | Uppföljning | Status
Trygg första vecka hemma | Hemtagningsteam möter upp första dygnet | Enhetschef hemtagning | 2027-02-01 | Samtal efter fjorton dagar | Pågår
Trygg första vecka hemma | Matlåda och mediciner finns på plats | Omsorgsassistent | 2026-12-15 | Checklista | Pågår
Trygg första vecka hemma | Vårdcentralen får besked samma dag | Koordinator slutenvården | 2026-10-30 | Mätning en vecka i kvartalet | Klar
Tillbaka till det vanliga livet | Rehabplan inom tre dagar | Arbetsterapeut¶Fysioterapeut | 2027-04-16 | Journalgranskning | Ej påbörjad
""",
    )


# Pastes the table into her letter and saves the letter from Outlook.
@drawn(
    "VB Aktiviteter vintern.html",
    "HTML: an e-mail with the table pasted in",
    keyed(
        """
        Samordna vaccination på boenden | Vaccinationssamordnare | 2026-12-11 | going
        Extra korttidsplatser över jul och nyår | Socialchef | 2026-12-21 | going
        Gemensam bemanningslista för helgerna | Bemanningschef; Vårdplatskoordinator | 2026-12-18 | to come
        Avstämning varje måndag kl. 8 | Processledare | 2027-02-28 | going
        Utvärdering av vintern | Utvecklingsledare | 2027-03-26 | to come
        """,
    ),
)
def _letter(path: Path) -> None:
    rows = """
Samordna vaccination på boenden|Vaccinationssamordnare|2026-12-11|Pågår
Extra korttidsplatser över jul och nyår|Socialchef|2026-12-21|Pågår
Gemensam bemanningslista för helgerna|Bemanningschef och vårdplatskoordinator|2026-12-18|Ej påbörjad
Avstämning varje måndag kl. 8|Processledare|2027-02-28|Pågår
Utvärdering av vintern|Utvecklingsledare|2027-03-26|Ej påbörjad
"""
    plain = '<p class="MsoNormal"><span lang="SV">{}</span></p>'
    cell = '<td style="border:solid windowtext 1.0pt;padding:0cm 5.4pt"><p class="MsoNormal">{}</p></td>'
    head = "".join(
        cell.format(f"<b>{name}</b>") for name in ("Aktivitet", "Ansvarig", "Klart", "Status")
    )
    table = "".join(
        "<tr>" + "".join(map(cell.format, row.split("|"))) + "</tr>\n"
        for row in rows.strip().splitlines()
    )
    letter = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        "<style>p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri}</style></head>\n"
        '<body lang="SV"><div class="WordSection1">\n'
        '<p class="MsoNormal"><b>Från:</b> Lotta Fiktivén &lt;lotta.fiktiven@example.org&gt;<br>'
        "<b>Skickat:</b> den 27 november 2026 15:42<br>"
        "<b>Till:</b> Mona Testlund &lt;mona.testlund@example.org&gt;<br>"
        "<b>Ämne:</b> VB: Aktiviteter vintern</p>\n"
        + "\n".join(
            map(
                plain.format,
                (
                    "Hej!",
                    "&nbsp;",
                    "Här kommer det vi enades om i onsdags. Säg till om jag har glömt något.",
                    "&nbsp;",
                ),
            )
        )
        + '\n<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0">\n'
        + f"<tr>{head}</tr>\n{table}</table>\n"
        + "\n".join(
            map(
                plain.format,
                (
                    "&nbsp;",
                    "Trevlig helg!",
                    "Lotta",
                    "&nbsp;",
                    "Lotta Fiktivén, processledare",
                    "Vårdsamverkan Snöstorp | 010-000 00 00",
                ),
            )
        )
        + "\n</div></body></html>\n"
    )
    path.write_text(letter, "utf-8")
