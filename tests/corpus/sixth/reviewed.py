"""Word files with what Word puts beside the words: notes, comments, fields, tracked changes."""

from pathlib import Path

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    document,
    hmerge,
    keeper,
    plan,
    rows_of,
    table,
    vmerge,
)

FILES: Files = {}
file = keeper(FILES)


@file(
    "ruta_i_marginalen.docx",
    "a text box beside the plan that is no activity",
    plan(
        "Åtgärdsplan Psykisk hälsa i arbetslivet Tegelhamn 2026",
        one(
            "Stödsamtal inom en vecka efter sjukskrivning",
            ["Rehabkoordinator"],
            "2026-04-17",
            state=ON_GOING,
        ),
        one(
            "Frukostmöte med arbetsgivare", ["Näringslivsutvecklare"], "2026-09-24", state=NOT_BEGUN
        ),
        one(
            "Gemensam plan för återgång",
            ["Handläggare Samordningsförbundet"],
            "2026-11-20",
            state=NOT_BEGUN,
        ),
    ),
)
def _ruta_i_marginalen(path: Path) -> None:
    """A floating text box with contact words and the next meeting's day; the plan is an ordinary table."""
    d = document()
    d.add_heading("Åtgärdsplan Psykisk hälsa i arbetslivet Tegelhamn 2026", 1)
    p = d.add_paragraph()
    p._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
            '<v:shape style="position:absolute;margin-left:320pt;margin-top:0;width:150pt;height:70pt">'
            "<v:textbox><w:txbxContent>"
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Kontakt</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>Kansliet, kansli@example.org</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>Nästa träff: 12 mars 2026 i Rådhuset</w:t></w:r></w:p>"
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    )
    table(
        d,
        rows_of("""Åtgärd | Ansvarig | Slutdatum | Status
        Stödsamtal inom en vecka efter sjukskrivning | Rehabkoordinator | 2026-04-17 | Pågår
        Frukostmöte med arbetsgivare | Näringslivsutvecklare | 2026-09-24 | Ej påbörjad
        Gemensam plan för återgång | Handläggare Samordningsförbundet | 2026-11-20 | Ej påbörjad"""),
    )
    d.save(path)


@file(
    "fotnoter_i_tabellen.docx",
    "footnotes in cells",
    plan(
        "Handlingsplan Palliativ vård Gråberga 2026",
        one("Brytpunktssamtal före hemgång", ["Överläkare medicin"], "2026-06-12", state=ON_GOING),
        one("Trygghetslåda i varje hemsjukvårdsbil", ["Apotekare"], "2026-03-20", state=ASK_DONE),
        one("Samtalsgrupp för efterlevande", ["Diakon", "Kurator"], "2026-10-30", state=NOT_BEGUN),
    ),
)
def _fotnoter_i_tabellen(path: Path) -> None:
    """Real Word footnotes on an activity, on a deadline and on a responsible; words at the foot of the page."""
    d = document()
    d.add_heading("Handlingsplan Palliativ vård Gråberga 2026", 1)
    t = table(
        d,
        rows_of("""Aktivitet | Ansvarig | Klart | Status
        Brytpunktssamtal före hemgång | Överläkare medicin | 2026-06-12 | Pågår
        Trygghetslåda i varje hemsjukvårdsbil | Apotekare | 2026-03-20 | Genomfört
        Samtalsgrupp för efterlevande | Diakon och kurator | 2026-10-30 | Ej påbörjad"""),
    )
    notes = [
        "Gäller även korttidsboendet.",
        "Förutsätter att medel beviljas senast 1 mars 2026.",
        "Diakonen deltar från och med hösten.",
    ]
    x = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>'
    x += (
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    )
    for i, n in enumerate(notes, 1):
        x += (
            f'<w:footnote w:id="{i}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {n}</w:t></w:r></w:p></w:footnote>'
        )
    x += "</w:footnotes>"
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        x.encode(),
        d.part.package,
    )
    d.part.relate_to(part, RT.FOOTNOTES)
    for i, (r, c) in enumerate(((1, 0), (1, 2), (3, 1)), 1):
        t.cell(r, c).paragraphs[0]._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{i}"/></w:r>'
            )
        )
    d.save(path)


@file(
    "formular_med_faltvaljare.docx",
    "content controls: a list for the status, a day picker",
    plan(
        "Aktivitetsplan Nära vård Kolryd 2026",
        one("Pröva gemensam jourtelefon", ["Samverkanschef"], "2026-05-29", state=ON_GOING),
        one("Hembesök av dietist", ["Rehabchef"], "2026-09-11", state=NOT_BEGUN),
        one(
            "Skriv rutin för provtagning hemma",
            ["Laboratorieansvarig"],
            None,
            state="*",
            asks=["no-deadline"],
        ),
    ),
)
def _formular_med_faltvaljare(path: Path) -> None:
    """Word content controls: the status from a drop-down, the day from a picker; in the last row both still show their prompts ('Välj ett objekt.', 'Klicka här för att ange ett datum.')."""
    d = document()
    d.add_heading("Aktivitetsplan Nära vård Kolryd 2026", 1)
    rows = [
        ("Pröva gemensam jourtelefon", "Samverkanschef", "2026-05-29", "Pågår"),
        ("Hembesök av dietist", "Rehabchef", "2026-09-11", "Ej påbörjad"),
        ("Skriv rutin för provtagning hemma", "Laboratorieansvarig", None, None),
    ]
    t = table(
        d, [["Aktivitet", "Ansvarig", "Klart senast", "Status"], *[["", "", "", ""] for _ in rows]]
    )
    spaces = nsdecls("w")
    for i, (a, b, c, s) in enumerate(rows, 1):
        for j, (words, pr) in enumerate(
            (
                (a, "<w:text/>"),
                (b, "<w:text/>"),
                (
                    c,
                    (f'<w:date w:fullDate="{c}T00:00:00Z">' if c else "<w:date>")
                    + '<w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="sv-SE"/><w:storeMappedDataAs w:val="dateTime"/>'
                    '<w:calendar w:val="gregorian"/></w:date>',
                ),
                (
                    s,
                    '<w:dropDownList><w:listItem w:value="Välj ett objekt."/>'
                    '<w:listItem w:displayText="Ej påbörjad" w:value="Ej påbörjad"/>'
                    '<w:listItem w:displayText="Pågår" w:value="Pågår"/>'
                    '<w:listItem w:displayText="Klar" w:value="Klar"/></w:dropDownList>',
                ),
            )
        ):
            cell = t.cell(i, j)
            prompt = words is None
            said = words or ("Klicka här för att ange ett datum." if j == 2 else "Välj ett objekt.")
            style = (
                '<w:rPr><w:rStyle w:val="PlaceholderText"/><w:color w:val="808080"/></w:rPr>'
                if prompt
                else ""
            )
            cell.paragraphs[0]._p.append(
                parse_xml(
                    f'<w:sdt {spaces}><w:sdtPr><w:id w:val="{7000 + i * 10 + j}"/>'
                    + ("<w:showingPlcHdr/>" if prompt else "")
                    + pr
                    + f"</w:sdtPr><w:sdtContent><w:r>{style}<w:t>{said}</w:t></w:r></w:sdtContent></w:sdt>"
                )
            )
    d.save(path)


@file(
    "insatta_och_borttagna_rader.docx",
    "tracked changes of whole rows",
    plan(
        "Handlingsplan Funktionsstöd Ristorp 2026",
        one("Tandvårdsbesök med bildstöd", ["Tandvårdsstrateg"], "2026-05-15"),
        one("Hälsoundersökning i eget tempo", ["Distriktssköterska"], "2026-09-18"),
        one("Simhall för alla, lugn timme", ["Badchef"], "2026-11-06"),
    ),
)
def _insatta_och_borttagna_rader(path: Path) -> None:
    """Tracked: row 2 of the table deleted (must not be an activity), row 4 inserted (is one), a word swapped in the first activity."""
    d = document()
    d.add_heading("Handlingsplan Funktionsstöd Ristorp 2026", 1)
    t = table(
        d,
        rows_of("""Aktivitet | Ansvarig | Klart
        Tandvårdsbesök med  | Tandvårdsstrateg | 2026-05-15
        Enkät om tillgänglighet | Utredare | 2026-06-30
        Hälsoundersökning i eget tempo | Distriktssköterska | 2026-09-18
        Simhall för alla, lugn timme | Badchef | 2026-11-06"""),
    )
    h = f'w:author="Granskare" w:date="2026-01-20T08:00:00Z" {nsdecls("w")}'
    p = t.cell(1, 0).paragraphs[0]
    p.runs[0].text = "Tandvårdsbesök med "
    p._p.append(parse_xml(f'<w:del w:id="90" {h}><w:r><w:delText>tolk</w:delText></w:r></w:del>'))
    p._p.append(parse_xml(f'<w:ins w:id="91" {h}><w:r><w:t>bildstöd</w:t></w:r></w:ins>'))
    for row, mark, at in ((2, "del", 100), (4, "ins", 120)):
        tr = t.rows[row]._tr
        tr.get_or_add_trPr().append(parse_xml(f'<w:{mark} w:id="{at}" {h}/>'))
        for n, cell in enumerate(t.rows[row].cells, 1):
            para = cell.paragraphs[0]._p
            for r in list(para.findall(qn("w:r"))):
                wrap = parse_xml(f'<w:{mark} w:id="{at + n}" {h}/>')
                para.replace(r, wrap)
                if mark == "del":
                    for x in r.findall(qn("w:t")):
                        x.tag = qn("w:delText")
                wrap.append(r)
    d.save(path)


@file(
    "titel_i_sidhuvudet.docx",
    "the title in the page header, two heading rows",
    plan(
        "Handlingsplan Munhälsa hela livet Askeby 2026",
        one(
            "Munhälsobedömning vid inskrivning",
            ["Tandhygienist"],
            "2026-06-30",
            start="2026-02-01",
            participants=["Hemsjukvården"],
            state=ON_GOING,
        ),
        one(
            "Tandborsten med i väskan",
            ["Avdelningschef"],
            "2026-04-30",
            start="2026-03-01",
            participants=["Ambulansen"],
            state=ASK_DONE,
        ),
        one(
            "Fluorskölj på alla boenden",
            ["MAS"],
            "2026-12-31",
            start="2026-09-01",
            participants=["Folktandvården"],
            state=NOT_BEGUN,
        ),
    ),
)
def _titel_i_sidhuvudet(path: Path) -> None:
    """The plan's name stands only in the page header; two heading rows (Roller: Ansvarig/Medverkar, Tid: Från/Till) with merged cells."""
    d = document(True)
    d.sections[0].header.paragraphs[0].text = "Handlingsplan Munhälsa hela livet Askeby 2026"
    d.sections[0].footer.paragraphs[0].text = "Dnr VS 2026/14. Sida 1 av 1"
    t = table(
        d,
        rows_of("""Aktivitet | Roller |  | Tid |  | Status
         | Ansvarig | Medverkar | Från | Till |
        Munhälsobedömning vid inskrivning | Tandhygienist | Hemsjukvården | 2026-02-01 | 2026-06-30 | Pågår
        Tandborsten med i väskan | Avdelningschef | Ambulansen | 2026-03-01 | 2026-04-30 | Klar
        Fluorskölj på alla boenden | MAS | Folktandvården | 2026-09-01 | 2026-12-31 | Ej påbörjad"""),
    )
    hmerge(t, 0, 1, 2)
    hmerge(t, 0, 3, 4)
    vmerge(t, 0, 0, 1)
    vmerge(t, 5, 0, 1)
    d.save(path)


@file(
    "granskad_med_kommentarer.docx",
    "margin comments",
    plan(
        "Åtgärdsplan Rehabilitering i hemmet Stavnäs 2026",
        one("Gemensam bedömning av hemmiljön", ["Arbetsterapeut"], "2026-05-29"),
        one("Träningsprogram på surfplatta", ["Fysioterapeut", "IT-pedagog"], "2026-09-25"),
        one("Uppringning sex veckor efter avslut", ["Rehabassistent"], "2026-12-04"),
    ),
)
def _granskad_med_kommentarer(path: Path) -> None:
    """Word comments in the margin ask for another day and another person; the cells hold what is decided."""
    d = document()
    d.add_heading("Åtgärdsplan Rehabilitering i hemmet Stavnäs 2026", 1)
    t = table(
        d,
        rows_of("""Åtgärd | Ansvarig | Klart senast
        Gemensam bedömning av hemmiljön | Arbetsterapeut | 2026-05-29
        Träningsprogram på surfplatta | Fysioterapeut/IT-pedagog | 2026-09-25
        Uppringning sex veckor efter avslut | Rehabassistent | 2026-12-04"""),
    )
    d.add_comment(
        t.cell(1, 2).paragraphs[0].runs,
        text="Hinner vi? Kan vi säga 2026-06-30?",
        author="Siri Strandmo",
        initials="SS",
    )
    d.add_comment(
        t.cell(3, 1).paragraphs[0].runs,
        text="Borde det inte vara enhetschefen?",
        author="Ture Lövhage",
        initials="TL",
    )
    d.save(path)


@file(
    "punkter_i_cellerna.docx",
    "several paragraphs and bullets in a cell",
    plan(
        "Lokal handlingsplan Demensvänlig kommun Örtvik 2026",
        one(
            "Demensvänner i butikerna",
            ["Demenssjuksköterska", "Näringslivschef"],
            "2026-05-20",
            state=ON_GOING,
            goal="Staden är lätt att hitta i",
        ),
        one(
            "Skyltar med bild på vårdcentralen",
            ["Fastighetstekniker"],
            "2026-08-28",
            state=NOT_BEGUN,
            goal="Staden är lätt att hitta i",
        ),
        one(
            "Avlösning i hemmet på lördagar",
            ["Anhörigkonsulent"],
            "2026-11-14",
            state=NOT_BEGUN,
            goal="Anhöriga orkar",
        ),
    ),
)
def _punkter_i_cellerna(path: Path) -> None:
    """Cells of several paragraphs: two persons under one another in Ansvarig, bullets in 'Så går vi till väga'; how is not keyed (a matter of taste how lines are joined)."""
    d = document(True)
    d.add_heading("Lokal handlingsplan Demensvänlig kommun Örtvik 2026", 1)
    t = table(
        d,
        [
            ["Mål", "Aktivitet", "Så går vi till väga", "Ansvarig", "Klart", "Status"],
            [
                "Staden är lätt att hitta i",
                "Demensvänner i butikerna",
                "",
                "Demenssjuksköterska\nNäringslivschef",
                "20 maj 2026",
                "Pågår",
            ],
            [
                "Staden är lätt att hitta i",
                "Skyltar med bild på vårdcentralen",
                "",
                "Fastighetstekniker",
                "28 augusti 2026",
                "Ej påbörjad",
            ],
            [
                "Anhöriga orkar",
                "Avlösning i hemmet på lördagar",
                "",
                "Anhörigkonsulent",
                "14 november 2026",
                "Ej påbörjad",
            ],
        ],
    )
    for row, lines in (
        (1, ("Korta utbildningar före öppning", "Dekal i fönstret", "Träff för dem som gått")),
        (2, ("Gå igenom entrén med brukarrådet", "Beställ skyltarna")),
        (3, ("Två avlösare per gång", "Anmälan till växeln")),
    ):
        c = t.cell(row, 2)
        c.paragraphs[0].text = lines[0]
        c.paragraphs[0].style = d.styles["List Bullet"]
        for line in lines[1:]:
            c.add_paragraph(line, style="List Bullet")
    d.save(path)
