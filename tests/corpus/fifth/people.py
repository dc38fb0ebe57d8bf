"""Lists of people as programs and colleagues write them. Nobody in them is a real person."""

from typing import Any

from tests.corpus.draw import Drawing, text
from tests.corpus.unseen.kit import book, document, rows

MAJ = ["Maj Sund", "maj.sund@example.org"]
OLLE = ["Olle Vik", "olle.vik@example.org"]
INES = ["Ines Park", "ines.park@example.org"]
SVEN = ["Sven Ö Lid", "sven.olid@example.org"]

FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "people_outlook_en.csv": (
        "people: Outlook",
        {"people": [MAJ, OLLE, SVEN], "left_out": ["Reception"]},
        text("""
"Title","First Name","Middle Name","Last Name","Company","Department","Job Title","Business Phone","E-mail Address","E-mail Type","E-mail Display Name"
"","Maj","","Sund","Björkviks kommun","Omsorg","Områdeschef","010-000 00 01","maj.sund@example.org","SMTP","Sund Maj, Björkvik"
"","Olle","","Vik","Region Björkvik","Primärvård","Verksamhetschef","010-000 00 02","olle.vik@example.org","SMTP","Vik, Olle (Region)"
"","Sven","Ö","Lid","Björkviks kommun","Elevhälsan","Skolläkare","","sven.olid@example.org","SMTP","Sven Ö Lid"
"","Reception","","","Björkviks kommun","","","010-000 00 09","","",""
"""),
    ),
    "people_teams_medlemmar.csv": (
        "people: Teams",
        {"people": [MAJ, INES, OLLE]},
        text("""
Namn,E-post,Roll,Titel,Plats
Sund Maj (Björkviks kommun),maj.sund@example.org,Ägare,Områdeschef,Björkvik
"Park, Ines",ines.park@example.org,Medlem,Kommunikatör,Björkvik
Olle Vik (gäst),olle.vik@example.org,Gäst,,
""", "utf-8-sig"),
    ),
    "people_hr_uttag.xlsx": (
        "people: HR",
        {"people": [MAJ, INES, SVEN]},
        book(("Uttag", [
            ["Rapport: Chefer och samordnare", "", "", "", "", ""],
            ["Urvalsdatum 2026-02-28"], [],
            ["Anställningsnr", "Namn", "Förvaltning", "Titel", "E-postadress arbete", "Tjänstgöringsgrad"],
            [55012, "Sund, Maj", "Omsorg", "Områdeschef", "MAJ.SUND@EXAMPLE.ORG", "100 %"],
            [55019, "Park, Ines", "Kansli", "Kommunikatör", "ines.park@example.org", "80 %"],
            [55044, "Lid, Sven Ö", "Elevhälsan", "Skolläkare", "sven.olid@example.org", "50 %"],
            ["Antal: 3"],
        ])),
    ),
    "people_deltagare.docx": (
        "people: a table in Word",
        {"people": [MAJ, OLLE, INES, SVEN], "left_out": ["Utses av regionen"]},
        document(
            "# Temagrupp Äldre, ledamöter 2026",
            rows("""Uppdrag | För- och efternamn | Representerar | Mejladress
                Ordförande | Maj Sund | Björkviks kommun | maj.sund@example.org
                Vice ordförande | Olle Vik | Region Björkvik | olle.vik@example.org
                Ledamot | Ines Park | Björkviks kommun | ines.park@example.org
                Ledamot | Sven Ö Lid | Elevhälsan | sven.olid@example.org
                Ledamot | Utses av regionen | Region Björkvik | """),
        ),
    ),
}  # fmt: skip
