"""Lists of people as programs and colleagues write them. Nobody in them is a real person."""

from typing import Any

from tests.corpus.draw import Drawing, text
from tests.corpus.unseen.kit import book, document, open_sheet

ALVA = ["Alva Ek", "alva.ek@example.org"]
BO = ["Bo By", "bo.by@example.org"]
CIA = ["Cia Dal", "cia.dal@example.org"]
DAN = ["Dan Fors", "dan.fors@example.org"]
EVA = ["Eva Å Gren", "eva.agren@example.org"]

_TEAMS = """1. Sammanfattning
Mötesrubrik\tSamverkansmöte mars
Deltog\t3
Starttid\t2026-03-12 13:00
Sluttid\t2026-03-12 14:30

2. Deltagare
Namn\tFörsta anslutning\tSenast lämnat\tVaraktighet under möte\tE-postadress\tDeltagar-ID (UPN)\tRoll
Ek Alva\t2026-03-12 12:58\t2026-03-12 14:30\t1 h 32 min\talva.ek@example.org\talva.ek@example.org\tOrganisatör
By, Bo\t2026-03-12 13:01\t2026-03-12 14:29\t1 h 28 min\tbo.by@example.org\tbo.by@example.org\tPresentatör
Cia Dal (Extern)\t2026-03-12 13:05\t2026-03-12 14:00\t55 min\tcia.dal@example.org\t\tDeltagare

3. Mötesaktiviteter
Namn\tAnslutningstid\tTid när användaren lämnade
Ek Alva\t2026-03-12 12:58\t2026-03-12 14:30
"""

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "people_outlook_sv.csv": (
        "people: Outlook",
        {"people": [ALVA, BO, CIA], "left_out": ["saknar.adress"]},
        text("""
Förnamn;Efternamn;Företag;Befattning;E-postadress;Visningsnamn för e-post;E-post 2-adress;Anteckningar
Alva;Ek;Norrås kommun;Enhetschef;alva.ek@example.org;Ek Alva - Norrås kommun;;
Bo;By;Region Norrås;Läkare;bo.by@example.org;Bo By (bo.by@example.org);bo.privat@example.net;
;;Norrås kommun;;cia.dal@example.org;Dal, Cia;;ringer helst
Saknar;Adress;Norrås kommun;Chef;;;;saknar.adress
""", "utf-8-sig"),
    ),
    "people_ad.csv": (
        "people: AD",
        {"people": [ALVA, BO], "left_out": ["Dan Fors"]},
        text("""
#TYPE Selected.System.Management.Automation.PSCustomObject
"SamAccountName","Name","GivenName","Surname","EmailAddress","Department","Title","Enabled"
"alvek01","Ek Alva","Alva","Ek","alva.ek@example.org","Socialförvaltningen","Enhetschef","True"
"boby02","By Bo","Bo","By","bo.by@example.org","Primärvården","Läkare","True"
"dafo03","Fors Dan","Dan","Fors","dan.fors@example.org","Primärvården","Kurator","False"
"""),
    ),
    "people_teams.csv": (
        "people: Teams",
        {"people": [ALVA, BO, CIA]},
        text(_TEAMS, "utf-16"),
    ),
    "people_hr.xlsx": (
        "people: HR",
        {"people": [ALVA, BO, EVA]},
        book(("Anställda", [
            ["Personallista per 2026-02-01"],
            ["Uttag ur personalsystemet"],
            [],
            ["Anst.nr", "Efternamn", "Tilltalsnamn", "Organisatorisk enhet", "Befattning",
             "E-post (arbete)", "Chef", "Anställd fr.o.m."],
            [10231, "Ek", "Alva", "Hemtjänst norr", "Enhetschef", "Alva.Ek@example.org", "Dan Fors",
             "2019-04-01"],
            [10244, "By", "Bo", "Vårdcentral Björken", "Distriktsläkare", "bo.by@example.org",
             "Dan Fors", "2021-09-15"],
            [10310, "Å Gren", "Eva", "Elevhälsan", "Kurator", "eva.agren@example.org", "Dan Fors",
             "2023-01-09"],
        ])),
    ),
    "people_kontakter.docx": (
        "people: a table in Word",
        {"people": [ALVA, BO, CIA, DAN]},
        document(
            "# Kontaktlista styrgruppen",
            [["Funktion", "Namn", "Telefon och e-post"],
             ["Ordförande", "Alva Ek", "070-000 00 01\nalva.ek@example.org"],
             ["Ledamöter", "Bo By\nCia Dal", "bo.by@example.org\ncia.dal@example.org"],
             ["Sekreterare", "Dan Fors", "dan.fors@example.org, 070-000 00 04"]],
        ),
    ),
    "people_grupper.ods": (
        "people: groups as section rows",
        {"people": [ALVA, BO, CIA, DAN],
         "groups": {"Alva Ek": ["Styrgruppen"], "Cia Dal": ["Arbetsgrupp Äldre"]}},
        open_sheet(("Deltagare", [
            ["Deltagare i samverkan 2026"],
            [],
            ["Namn", "Roll", "Mejl"],
            ["Styrgruppen"],
            ["Alva Ek", "Ordförande", "alva.ek@example.org"],
            ["Bo By", "Ledamot", "bo.by@example.org"],
            ["Arbetsgrupp Äldre"],
            ["Cia Dal", "Sammankallande", "cia.dal@example.org"],
            ["Dan Fors", "Ledamot", "dan.fors@example.org"],
        ])),
    ),
    "people_mottagare.csv": (
        "people: addresses pasted from a letter",
        {"people": [ALVA, BO, CIA], "left_out": ["dan.fors"]},
        text("""
Till
"Alva Ek <alva.ek@example.org>; By, Bo <bo.by@example.org>; 'Cia Dal' <cia.dal@example.org>; dan.fors@example.org"
"""),
    ),
    "people_gaster.csv": (
        "people: guests",
        {"people": [ALVA, CIA, DAN],
         "left_out": ["rum.ekdalen"]},
        text("""
displayName,userPrincipalName,mail,userType,accountEnabled,jobTitle
Alva Ek,alva.ek@example.org,alva.ek@example.org,Member,True,Enhetschef
Cia Dal,cia.dal_example.org#EXT#@norras.onmicrosoft.example,,Guest,True,
"Fors, Dan (gäst)",dan.fors_example.org#EXT#@norras.onmicrosoft.example,dan.fors@example.org,Guest,True,Kurator
,rum.ekdalen@example.org,,Member,True,
""", "utf-8-sig"),
    ),
}  # fmt: skip
