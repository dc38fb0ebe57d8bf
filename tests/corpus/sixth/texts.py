"""Plans as letters, plain text, Markdown and open text."""

from pathlib import Path
from xml.sax.saxutils import escape

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    keeper,
    open_file,
    open_table,
    plan,
    rows_of,
    save,
)

FILES: Files = {}
file = keeper(FILES)


@file(
    "semikolon_latin1.csv",
    "a list between semicolons, old code page",
    plan(
        "Insatsplan Hemlöshet och hälsa Åshälla 2026",
        one(
            "Sårmottagning på härbärget",
            ["Sjuksköterska öppenvård"],
            "2026-05-31",
            start="2026-02-01",
            goal="Vården finns där människor är",
            state=ON_GOING,
            follow_up="Antal besök",
        ),
        one(
            "Tandläkare två dagar i månaden",
            ["Klinikchef"],
            "2026-12-31",
            start="2026-09-01",
            goal="Vården finns där människor är",
            state=NOT_BEGUN,
            follow_up="Antal behandlade",
        ),
        one(
            "Gemensam rutin vid utskrivning till gatan",
            ["Kurator akutvård", "Boendesamordnare"],
            "2026-10-15",
            start="2026-03-15",
            goal="Ingen skrivs ut till ingenting",
            state=ON_GOING,
            follow_up="Avvikelser per tertial",
        ),
    ),
)
def _semikolon_latin1(path: Path) -> None:
    """Windows-1252, CRLF, semicolons, a quoted cell over two lines, empty columns at the end."""
    save(
        path,
        """
Insatsplan Hemlöshet och hälsa Åshälla 2026;;;;;;;;
;;;;;;;;
Mål;Insats;Ansvarig;Start;Slut;Status;Uppföljning;;
Vården finns där människor är;Sårmottagning på härbärget;Sjuksköterska öppenvård;2026-02-01;2026-05-31;Pågår;Antal besök;;
Vården finns där människor är;Tandläkare två dagar i månaden;Klinikchef;2026-09-01;2026-12-31;Ej påbörjad;Antal behandlade;;
Ingen skrivs ut till ingenting;Gemensam rutin vid utskrivning till gatan;"Kurator akutvård
Boendesamordnare";2026-03-15;2026-10-15;Pågår;Avvikelser per tertial;;
""",
        "cp1252",
        "\r\n",
    )


@file(
    "unicode_text_fran_excel.txt",
    "Excel's 'Unicode text': tabs, UTF-16",
    plan(
        None,
        one(
            "Uppsökande besök hos nyanlända äldre",
            ["Integrationslots"],
            "2026-06-30",
            state=ON_GOING,
        ),
        one("Hälsoinformation i moskén och kyrkan", ["Hälsoguide"], "2026-09-15", state=NOT_BEGUN),
        one("Tolkpool för akuta samtal", ["Tolkförmedlare"], "2026-12-01", state=NOT_BEGUN),
    ),
)
def _unicode_text_fran_excel(path: Path) -> None:
    """UTF-16 little-endian with a mark, tabs, CRLF, first row is the headings."""
    words = (
        "\ufeff"
        + "\r\n".join(
            "\t".join(r)
            for r in (
                ("Nr", "Aktivitet", "Huvudansvar", "Klart till", "Nuläge"),
                (
                    "1",
                    "Uppsökande besök hos nyanlända äldre",
                    "Integrationslots",
                    "2026-06-30",
                    "Pågår",
                ),
                (
                    "2",
                    "Hälsoinformation i moskén och kyrkan",
                    "Hälsoguide",
                    "2026-09-15",
                    "Ej påbörjad",
                ),
                ("3", "Tolkpool för akuta samtal", "Tolkförmedlare", "2026-12-01", "Ej påbörjad"),
            )
        )
        + "\r\n"
    )
    Path(path).write_bytes(words.encode("utf-16-le"))


@file(
    "mejl_fran_outlook.html",
    "a table pasted into a letter, Outlook's HTML",
    plan(
        None,
        one(
            "Gemensam rutin för vätskelista",
            ["Medicinskt ansvarig sjuksköterska"],
            "2026-04-10",
            state=ON_GOING,
        ),
        one(
            "Kylväskor till hemtjänstens bilar", ["Fordonsansvarig"], "2026-05-29", state=NOT_BEGUN
        ),
        one(
            "Värmeplan inför sommaren",
            ["Säkerhetsstrateg", "Miljöinspektör"],
            "2026-06-01",
            state=NOT_BEGUN,
        ),
    ),
)
def _mejl_fran_outlook(path: Path) -> None:
    """MsoNormalTable with o:p and spans, sender's lines over it, a greeting, and a signature with a telephone number beneath."""

    def cell(x: str, b: bool = False) -> str:
        x = f"<b>{x}</b>" if b else x
        return (
            f"<td width=151 valign=top style='width:113.3pt;border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt'>"
            f"<p class=MsoNormal>{x}<o:p></o:p></p></td>"
        )

    rows = rows_of("""Aktivitet | Ansvarig | Klart senast | Status
        Gemensam rutin för vätskelista | Medicinskt ansvarig sjuksköterska | 2026-04-10 | Pågår
        Kylväskor till hemtjänstens bilar | Fordonsansvarig | 2026-05-29 | Ej påbörjad
        Värmeplan inför sommaren | Säkerhetsstrateg och miljöinspektör | 2026-06-01 | Ej påbörjad""")
    t = "".join("<tr>" + "".join(cell(c, i == 0) for c in r) + "</tr>" for i, r in enumerate(rows))
    save(
        path,
        f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15 (filtered medium)">
<style><!-- p.MsoNormal {{margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}} --></style></head>
<body lang=SV link="#0563C1"><div class=WordSection1>
<p class=MsoNormal><b>Från:</b> Ylva Granbo &lt;ylva.granbo@example.org&gt;<br><b>Skickat:</b> den 3 mars 2026 09:14<br>
<b>Till:</b> Birk Almsjö<br><b>Ämne:</b> Aktiviteter inför värmen<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Hej! Här kommer listan som vi pratade om.<o:p></o:p></p>
<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>{t}</table>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Hör av dig om något saknas.<o:p></o:p></p>
<p class=MsoNormal>Med vänlig hälsning<br>Ylva Granbo<br>Samordnare, 010-000 00 00<o:p></o:p></p></div></body></html>
""",
        ends="\r\n",
    )


@file(
    "mejl_med_lista.html",
    "a letter with a list in lists",
    plan(
        None,
        one("Beställ broschyren om egenvård", ["Kommunikationsbyrån"], "2026-03-16"),
        one("Kontrollera hjärtstartarna", ["Vaktmästare"], "2026-04-01"),
        one("Planera anhörigveckan", ["Anhörigstödjare", "Bibliotekarie"], "2026-09-04"),
    ),
)
def _mejl_med_lista(path: Path) -> None:
    """A webmail letter: an ordered list, each point in bold and under it 'Ansvarig:' and 'Klart:' as an inner list."""
    items = "".join(
        f"<li><b>{a}</b><ul><li>Ansvarig: {b}</li><li>Klart: {c}</li></ul></li>"
        for a, b, c in (
            ("Beställ broschyren om egenvård", "Kommunikationsbyrån", "16 mars 2026"),
            ("Kontrollera hjärtstartarna", "Vaktmästare", "1 april 2026"),
            ("Planera anhörigveckan", "Anhörigstödjare och bibliotekarie", "4 september 2026"),
        )
    )
    save(
        path,
        f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Uppföljning av gårdagens möte</title></head>
<body><div dir="ltr"><div>Hej alla,</div><div><br></div><div>Tack för ett bra möte. Det här kom vi överens om:</div>
<ol>{items}</ol><div>Vi ses igen i april.</div><div>--<br>Runa</div></div></body></html>
""",
    )


@file(
    "anteckningar.md",
    "minutes as Markdown",
    plan(
        "Handlingsplan Tillgänglig vård Norrlunda 2026",
        one(
            "Teckenspråk på kallelsen",
            ["Dövkonsulent"],
            "2026-04-17",
            goal="Alla förstår",
            state=ON_GOING,
        ),
        one(
            "Hörslinga i receptionen",
            ["Hörselvårdschef"],
            "2026-06-24",
            goal="Alla förstår",
            state=NOT_BEGUN,
        ),
        one(
            "Sittplats i kön",
            ["Husansvarig"],
            "2026-03-06",
            goal="Alla orkar vänta",
            state=ASK_DONE,
        ),
    ),
)
def _anteckningar(path: Path) -> None:
    """Markdown: # title, ## Mål: …, a pipe table under each."""
    save(
        path,
        """
# Handlingsplan Tillgänglig vård Norrlunda 2026

Antecknat efter mötet i februari.

## Mål: Alla förstår

| Aktivitet | Ansvarig | Klart senast | Status |
|-----------|:--------:|--------------|--------|
| Teckenspråk på kallelsen | Dövkonsulent | 2026-04-17 | Pågår |
| Hörslinga i receptionen | Hörselvårdschef | 2026-06-24 | Ej påbörjad |

## Mål: Alla orkar vänta

| Aktivitet | Ansvarig | Klart senast | Status |
|-----------|:--------:|--------------|--------|
| Sittplats i kön | Husansvarig | 2026-03-06 | Klar |
""",
    )


@file(
    "avstamning.txt",
    "minutes as plain text",
    plan(
        None,
        one("Ordna parkering för hembesöksbilar", ["Trafikingenjör"], "2026-05-20", state=ON_GOING),
        one(
            "Samordna influensavaccinationen",
            ["Vaccinationssamordnare", "Verksamhetschef Eken"],
            "2026-10-09",
            state=NOT_BEGUN,
        ),
        one("Uppdatera telefonlistan", ["Receptionist"], "2026-03-02", state=ASK_DONE),
    ),
)
def _avstamning(path: Path) -> None:
    """Plain text with 1), 2), 3) and indented lines Ansvarig:/Klart:/Läge:; greeting above and a line on the next meeting beneath."""
    save(
        path,
        """
AVSTÄMNING LOKAL SAMVERKAN, TORPLUNDA

Vi träffades den 24 februari 2026 och gick igenom det som är på gång.

1) Ordna parkering för hembesöksbilar
   Ansvarig: Trafikingenjör
   Klart: 20 maj 2026
   Läge: pågår

2) Samordna influensavaccinationen
   Ansvarig: Vaccinationssamordnare och Verksamhetschef Eken
   Klart: 9 oktober 2026
   Läge: ej påbörjad

3) Uppdatera telefonlistan
   Ansvarig: Receptionist
   Klart: 2 mars 2026
   Läge: klart

Nästa avstämning: 14 april.
""",
        ends="\r\n",
    )


@file(
    "tva_grupper.odt",
    "a table for each group in an open document",
    plan(
        "Årsplan Lokala samverkansgrupper Käringmo 2026",
        one(
            "Gemensam föräldrakväll", ["Rektor", "Barnsjuksköterska"], "2026-04-22", state=ON_GOING
        ),
        one(
            "Ridläger för barn med diabetes",
            ["Diabetessjuksköterska"],
            "2026-08-07",
            state=NOT_BEGUN,
        ),
        one("Balansträning på lunchen", ["Friskvårdare"], "2026-05-13", state=NOT_BEGUN),
        one("Läsombud på alla boenden", ["Boendeassistent"], "2026-11-25", state=NOT_BEGUN),
    ),
)
def _tva_grupper(path: Path) -> None:
    """LibreOffice text: headings 'Grupp Barn och unga' and 'Grupp Äldre', a table under each; two persons under one another in a cell."""

    def h(n: int, w: str) -> str:
        return f'<text:h text:outline-level="{n}">{escape(w)}</text:h>'

    def p(w: str) -> str:
        return f"<text:p>{escape(w)}</text:p>"

    head = ["Vad", "Vem ansvarar", "Klart till", "Nuläge"]
    open_file(
        path,
        "text",
        h(1, "Årsplan Lokala samverkansgrupper Käringmo 2026")
        + p("Grupperna redovisar två gånger om året.")
        + h(2, "Grupp Barn och unga")
        + open_table(
            [
                head,
                ["Gemensam föräldrakväll", "Rektor\nBarnsjuksköterska", "2026-04-22", "Pågår"],
                [
                    "Ridläger för barn med diabetes",
                    "Diabetessjuksköterska",
                    "2026-08-07",
                    "Ej påbörjad",
                ],
            ],
            "Barn",
        )
        + p("")
        + h(2, "Grupp Äldre")
        + open_table(
            [
                head,
                ["Balansträning på lunchen", "Friskvårdare", "2026-05-13", "Ej påbörjad"],
                ["Läsombud på alla boenden", "Boendeassistent", "2026-11-25", "Ej påbörjad"],
            ],
            "Aldre",
        )
        + p("Uppdateras av kansliet."),
    )
