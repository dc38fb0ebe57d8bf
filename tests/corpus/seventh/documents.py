"""Plans in Word and in an open document."""

from collections.abc import Iterable
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.shared import Cm, Pt
from docx.table import Table, _Cell

from .kit import DONE, GOING, OPEN, OPEN_NAMESPACES, TO_COME, activity, drawn, open_file, plan

STRUCK = "~"


def write(cell: _Cell, words: str) -> None:
    """Write words into a cell: a new line is a break, and what stands between ~ is struck."""
    paragraph = cell.paragraphs[0]
    for number, part in enumerate(words.split(STRUCK)):
        if part:
            paragraph.add_run(part).font.strike = bool(number % 2) or None


def table(document: Word, rows: Iterable[Iterable[str]]) -> Table:
    """A table with lines, one cell for each word; the first row is bold."""
    told = [list(row) for row in rows]
    made = document.add_table(len(told), len(told[0]), style="Table Grid")
    for row, cells in zip(told, made.rows, strict=True):
        for words, cell in zip(row, cells.cells, strict=True):
            write(cell, words)
    for cell in made.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    return made


@drawn(
    "sedan_2019.docx",
    "one table kept for years",
    plan(
        activity("Köp in tryckavlastande madrasser", "MAS", "2019-11-30", DONE),
        activity("Väg alla som flyttar in", "Omvårdnadsansvarig sjuksköterska", "2021-06-30", DONE),
        activity("Mät nattfastan på alla boenden", "Kostombud", "2026-04-30", GOING),
        activity(
            "Gemensam sårrond med vårdcentralen",
            ["Distriktssköterska", "MAS"],
            "2026-10-15",
            TO_COME,
        ),
    ),
)
def _since_2019(path: Path) -> None:
    document = Document()
    document.add_paragraph("Handlingsplan trycksår och nutrition, Mossängens kommun").runs[
        0
    ].bold = True
    document.add_paragraph("Började skrivas hösten 2019. Vi fyller på längst ner.")
    table(
        document,
        (
            ("Vad", "Vem", "När", "Hur gick det?"),
            ("Köp in tryckavlastande madrasser", "MAS", "2019-11-30", "Klart"),
            (
                "Väg alla som flyttar in",
                "Omvårdnadsansvarig sjuksköterska",
                "våren 2021",
                "Klart, görs nu överallt",
            ),
            ("Mät nattfastan på alla boenden", "Kostombud", "2026-04-30", "Pågår"),
            (
                "Gemensam sårrond med vårdcentralen",
                "Distriktssköterska och MAS",
                "15 oktober 2026",
                "Ej påbörjat",
            ),
        ),
    )
    document.save(str(path))


@drawn(
    "dito_och_tecken.docx",
    "ditto marks in several columns",
    plan(
        activity(
            "Prova ut rullatorn före hemgång",
            "Arbetsterapeut",
            "2026-03-31",
            GOING,
            "Rätt hjälpmedel från första dagen",
        ),
        activity(
            "Låna ut duschstolar på helger",
            "Arbetsterapeut",
            "2026-05-15",
            TO_COME,
            "Rätt hjälpmedel från första dagen",
        ),
        activity(
            "Märk upp förrådet med bilder",
            "Förrådsvärd",
            "2026-05-15",
            TO_COME,
            "Rätt hjälpmedel från första dagen",
        ),
        activity(
            "Nattpatrullen får nyckelskåp",
            "Enhetschef nattpatrullen",
            "2026-09-30",
            GOING,
            "Lugna nätter hemma",
        ),
        activity(
            "Öva larmkedjan med ambulansen",
            "Enhetschef nattpatrullen",
            "2026-12-15",
            GOING,
            "Lugna nätter hemma",
        ),
        title="Handlingsplan Hjälpmedel och natt Granvattnet 2026",
    ),
)
def _ditto(path: Path) -> None:
    document = Document()
    document.add_heading("Handlingsplan Hjälpmedel och natt Granvattnet 2026", 0)
    table(
        document,
        (
            ("Mål", "Aktivitet", "Ansvarig", "Klart", "Status"),
            (
                "Rätt hjälpmedel från första dagen",
                "Prova ut rullatorn före hemgång",
                "Arbetsterapeut",
                "2026-03-31",
                "Pågår",
            ),
            ("–”–", "Låna ut duschstolar på helger", "–”–", "2026-05-15", "Ej påbörjad"),
            ("dito", "Märk upp förrådet med bilder", "Förrådsvärd", "dito", "”"),
            (
                "Lugna nätter hemma",
                "Nattpatrullen får nyckelskåp",
                "Enhetschef nattpatrullen",
                "2026-09-30",
                "Pågår",
            ),
            ("Se ovan", "Öva larmkedjan med ambulansen", "Samma som ovan", "2026-12-15", '-"-'),
        ),
    )
    document.save(str(path))


@drawn(
    "blankett_etikett_over.docx",
    "a form on each page, label over its value",
    plan(
        activity(
            "Samtalsgrupp för barn vars förälder är sjuk",
            "Kurator",
            "2026-05-29",
            GOING,
            "Barnet får veta vad som händer",
            participants=["Skolhälsovården"],
            how="Sex träffar efter skoltid, med fika och skapande.",
            follow_up="Barnens egna ord efter sista träffen",
        ),
        activity(
            "Barnlåda på varje avdelning",
            "Barnombud",
            "2026-09-18",
            TO_COME,
            "Barnet känner sig välkommet",
            participants=["Biblioteket"],
            how="Lådan fylls på varje månad.",
            follow_up="Frågor till avdelningarna i december",
        ),
        activity(
            "Fråga alltid om det finns barn hemma",
            "Verksamhetsutvecklare",
            "2026-11-30",
            TO_COME,
            "Inget barn glöms bort",
            participants=["Socialjouren"],
            how="Frågan läggs in i inskrivningssamtalet.",
            follow_up="Journalgranskning av femtio samtal",
        ),
        title="Aktivitetsblad Barn som anhöriga Tjärnvik 2026",
    ),
)
def _form(path: Path) -> None:
    document = Document()
    document.add_heading("Aktivitetsblad Barn som anhöriga Tjärnvik 2026", 1)
    cards = (
        (
            "Samtalsgrupp för barn vars förälder är sjuk",
            "Barnet får veta vad som händer",
            ("Kurator", "Skolhälsovården", "2026-05-29"),
            "Sex träffar efter skoltid, med fika och skapande.",
            ("Barnens egna ord efter sista träffen", "Pågår"),
        ),
        (
            "Barnlåda på varje avdelning",
            "Barnet känner sig välkommet",
            ("Barnombud", "Biblioteket", "2026-09-18"),
            "Lådan fylls på varje månad.",
            ("Frågor till avdelningarna i december", "Ej startad"),
        ),
        (
            "Fråga alltid om det finns barn hemma",
            "Inget barn glöms bort",
            ("Verksamhetsutvecklare", "Socialjouren", "2026-11-30"),
            "Frågan läggs in i inskrivningssamtalet.",
            ("Journalgranskning av femtio samtal", "Ej startad"),
        ),
    )
    for number, (what, goal, three, how, two) in enumerate(cards):
        if number:
            document.add_page_break()
        made = document.add_table(5, 6, style="Table Grid")
        _labelled(made, 0, (("Aktivitet", what),))
        _labelled(made, 1, (("Mål", goal),))
        labels = ("Ansvarig", "Deltar", "Klart senast")
        _labelled(made, 2, zip(labels, three, strict=True))
        _labelled(made, 3, (("Så gör vi", how),))
        _labelled(made, 4, zip(("Följs upp genom", "Status"), two, strict=True))
    document.save(str(path))


def _labelled(made: Table, row: int, fields: Iterable[tuple[str, str]]) -> None:
    """Fill a row of six cells: merged evenly, a small label above each value."""
    told = list(fields)
    wide = 6 // len(told)
    for number, (label, value) in enumerate(told):
        cell = made.cell(row, number * wide).merge(made.cell(row, number * wide + wide - 1))
        cell.paragraphs[0].add_run(label).font.size = Pt(8)
        cell.add_paragraph(value)


@drawn(
    "rubrikrad_upprepad_for_hand.docx",
    "the heading row typed again inside the table",
    plan(
        activity("Kartlägg väntetiden till fixartjänst", "Kommunvägledare", "2026-02-27"),
        activity("Byt glödlampor vid hembesök", "Fixare", "2026-03-31"),
        activity("Halkskydd till alla över åttio", "Folkhälsoplanerare", "2026-10-30"),
        activity("Golvkurs: att ta sig upp själv", "Fysioterapeut", "2026-05-08"),
        activity("Läkemedelsgenomgång efter fall", ["Apotekare", "Läkare"], "2026-06-12"),
        activity("Ring upp veckan efter fallet", "Vårdlots", "2026-09-04"),
        activity("Fallrapport till båda nämnderna", "Utredare", "2026-12-11"),
        title="Åtgärdsplan Fallprevention Kvarnåsen 2026",
    ),
)
def _headings_again(path: Path) -> None:
    document = Document()
    document.add_paragraph("Åtgärdsplan Fallprevention Kvarnåsen 2026", style="Title")
    headings = ("Nr", "Åtgärd", "Ansvarig", "Klart senast")
    table(
        document,
        (
            headings,
            ("1", "Kartlägg väntetiden till fixartjänst", "Kommunvägledare", "27 februari"),
            ("2", "Byt glödlampor vid hembesök", "Fixare", "31 mars"),
            ("3", "Halkskydd till alla över åttio", "Folkhälsoplanerare", "30 oktober"),
            headings,
            ("4", "Golvkurs: att ta sig upp själv", "Fysioterapeut", "8 maj"),
            ("5", "Läkemedelsgenomgång efter fall", "Apotekare, Läkare", "12 juni"),
            ("6", "Ring upp veckan efter fallet", "Vårdlots", "4 september"),
            tuple(words.upper() for words in headings),
            ("7", "Fallrapport till båda nämnderna", "Utredare", "11 december"),
        ),
    )
    document.save(str(path))


@drawn(
    "avstavade_rubriker.docx",
    "hyphenated headings in narrow columns",
    plan(
        activity(
            "Gemensam mall för vårdbegäran",
            "Informationsägare",
            "2026-04-30",
            GOING,
            "En väg in för remisser",
            follow_up="Stickprov på tjugo remisser",
        ),
        activity(
            "Svar inom tre dagar på frågor",
            "Remisskoordinator",
            "2026-08-31",
            TO_COME,
            "En väg in för remisser",
            follow_up="Mätning varje månad",
        ),
        activity(
            "Byt ut listan över direktnummer",
            "Växelansvarig",
            "2026-03-13",
            DONE,
            "Rätt person svarar",
            follow_up="Provringning",
        ),
        title="Handlingsplan Remissvägar Ytterby strand 2026",
    ),
)
def _hyphens(path: Path) -> None:
    document = Document()
    document.add_heading("Handlingsplan Remissvägar Ytterby strand 2026", 1)
    made = table(
        document,
        (
            (
                "Mål",
                "Akti\u00advi\u00adtet",
                "Ansva-\nrig",
                "Klar-\ndatum",
                "Upp-\nfölj-\nning",
                "Sta-\ntus",
            ),
            (
                "En väg in för remisser",
                "Gemensam mall för vårdbegäran",
                "Informa\u00adtions\u00adägare",
                "2026-04-30",
                "Stickprov på tjugo remisser",
                "Pågår",
            ),
            (
                "En väg in för remisser",
                "Svar inom tre dagar på frågor",
                "Remiss\u00adkoordi\u00adnator",
                "2026-08-31",
                "Mätning varje månad",
                "Ej på\u00adbörjad",
            ),
            (
                "Rätt person svarar",
                "Byt ut listan över direktnummer",
                "Växel\u00adansvarig",
                "2026-03-13",
                "Provringning",
                "Klar",
            ),
        ),
    )
    for row in made.rows:
        for cell in row.cells[2:]:
            cell.width = Cm(1.7)
    document.save(str(path))


@drawn(
    "nytt_datum.docx",
    "an old date crossed out beside the new one",
    plan(
        activity("Upphandla gemensamma munvårdskit", "Inköpare", "2026-06-30", GOING),
        activity("Tandhygienist till korttidsboendet", "Klinikchef", "2026-08-31", TO_COME),
        activity("Filmen om tandproteser", "Mediepedagog", "2026-10-31", GOING),
        activity("Munvårdsronder med MAS", "MAS", "2026-11-30", TO_COME),
        activity("Fluorlack på servicehuset", "Tandsköterska", "2026-09-15", TO_COME),
        title="Handlingsplan Mun och mat Silverdal 2026",
    ),
)
def _new_day(path: Path) -> None:
    document = Document()
    document.add_heading("Handlingsplan Mun och mat Silverdal 2026", 1)
    table(
        document,
        (
            ("Aktivitet", "Ansvarig", "Slutdatum", "Läge"),
            ("Upphandla gemensamma munvårdskit", "Inköpare", "~2026-03-31~ 2026-06-30", "Pågår"),
            (
                "Tandhygienist till korttidsboendet",
                "Klinikchef",
                "~2026-04-15~\nNytt datum: 2026-08-31",
                "Ej startad",
            ),
            ("Filmen om tandproteser", "Mediepedagog", "~maj~ oktober 2026", "Pågår"),
            ("Munvårdsronder med MAS", "MAS", "2026-11-30 (tidigare 2026-05-29)", "Ej startad"),
            ("Fluorlack på servicehuset", "Tandsköterska", "2026-09-15", "Ej startad"),
        ),
    )
    document.save(str(path))


@drawn(
    "overstruket_ar_klart.docx",
    "rows struck when they are done",
    plan(
        activity("Beställ nya blodtrycksmanschetter", "Avdelningschef", "2026-01-30", DONE),
        activity("Skriv lathund för egenmätning", "Hjärtsjuksköterska", "2026-03-27"),
        activity("Bjud in patientföreningen", "Samverkanslots", "2026-02-20", DONE),
        activity("Läsplattor till hembesöken", "IT-samordnare", "2026-06-05"),
        title="Att göra Hjärtsvikt hemma Stenbro 2026",
    ),
)
def _struck_when_done(path: Path) -> None:
    document = Document()
    document.add_heading("Att göra Hjärtsvikt hemma Stenbro 2026", 1)
    document.add_paragraph("Det som är överstruket är klart.")
    table(
        document,
        (
            ("Vad ska göras", "Vem gör det", "Till när"),
            ("~Beställ nya blodtrycksmanschetter~", "~Avdelningschef~", "~30 januari~"),
            ("Skriv lathund för egenmätning", "Hjärtsjuksköterska", "27 mars"),
            ("~Bjud in patientföreningen~", "~Samverkanslots~", "~20 februari~"),
            ("Läsplattor till hembesöken", "IT-samordnare", "5 juni"),
        ),
    )
    document.save(str(path))


@drawn(
    "loop_i_ord.docx",
    "a Loop task list pasted into Word",
    plan(
        activity("Stäm av vem som ringer anhöriga", "Alva Exempelsson", "2026-04-14", DONE),
        activity("Lägg in brytpunkter i kalendern", "Nils Provdal", "2026-04-28", OPEN),
        activity(
            "Be om statistik över återinskrivna",
            ["Alva Exempelsson", "Rut Påhittdotter"],
            "2026-05-12",
            OPEN,
        ),
    ),
)
def _loop(path: Path) -> None:
    document = Document()
    document.add_paragraph("Uppgiftslista")
    table(
        document,
        (
            ("", "Uppgift", "Tilldelad till", "Förfallodatum"),
            ("☑", "Stäm av vem som ringer anhöriga", "@Alva Exempelsson", "tis 14 apr. 2026"),
            ("☐", "Lägg in brytpunkter i kalendern", "@Nils Provdal", "tis 28 apr. 2026"),
            (
                "☐",
                "Be om statistik över återinskrivna",
                "@Alva Exempelsson @Rut Påhittdotter",
                "tis 12 maj 2026",
            ),
        ),
    )
    document.save(str(path))


@drawn(
    "stryk_det_som_inte_galler.docx",
    "the status is what is not struck",
    plan(
        activity("Gemensam introduktion för sommarvikarier", "HR-partner", "2026-05-22", GOING),
        activity("Tystnadsplikt på lätt svenska", "Jurist", "2026-03-06", DONE),
        activity("Språkombud i hemtjänsten", "Språklärare", "2026-10-16", TO_COME),
        title="Handlingsplan Kompetens i samverkan Bäckmo 2026",
    ),
)
def _strike_what_is_not(path: Path) -> None:
    document = Document()
    document.add_heading("Handlingsplan Kompetens i samverkan Bäckmo 2026", 1)
    table(
        document,
        (
            ("Aktivitet", "Ansvarig", "Klart", "Status (stryk det som inte gäller)"),
            (
                "Gemensam introduktion för sommarvikarier",
                "HR-partner",
                "2026-05-22",
                "~Ej påbörjad~ / Pågår / ~Klar~",
            ),
            (
                "Tystnadsplikt på lätt svenska",
                "Jurist",
                "2026-03-06",
                "~Ej påbörjad~ / ~Pågår~ / Klar",
            ),
            (
                "Språkombud i hemtjänsten",
                "Språklärare",
                "2026-10-16",
                "Ej påbörjad / ~Pågår~ / ~Klar~",
            ),
        ),
    )
    document.save(str(path))


@drawn(
    "protokoll_med_uppdrag.docx",
    "minutes with a task under each paragraph",
    plan(
        activity("Ta fram ett gemensamt informationsblad", "Kommunikatör", "2026-03-20"),
        activity("Räkna de korta vårdtiderna", ["Controller", "Vårdenhetschef"], "2026-04-07"),
        activity("Boka utbildning i teach-back", "Utbildningsledare", "2026-05-04"),
    ),
)
def _minutes(path: Path) -> None:
    document = Document()
    document.add_heading("Protokoll, närområdesgruppen Fagerlund", 1)
    document.add_paragraph("Tid: 2026-02-24 kl. 13.00–15.00. Plats: Folkets hus, sal B.")
    document.add_paragraph("Närvarande: Kommunikatör, Controller, Utbildningsledare, Sekreterare")
    told = (
        (
            "§ 12 Information till nya invånare",
            "Gruppen tycker att uppgifterna på de två webbplatserna skiljer sig åt.",
            "Uppdrag: Ta fram ett gemensamt informationsblad. "
            "Ansvarig: Kommunikatör. Klart: 2026-03-20.",
        ),
        (
            "§ 13 Korta vårdtider",
            "Lasarettet ser fler vårdtillfällen under ett dygn.",
            "Uppdrag: Räkna de korta vårdtiderna. "
            "Ansvariga: Controller och Vårdenhetschef. Klart: 2026-04-07.",
        ),
        ("§ 14 Laget runt", "Inget att anteckna.", ""),
        (
            "§ 15 Samtal som förstås",
            "Flera patienter ringer tillbaka samma dag med samma fråga.",
            "Uppdrag: Boka utbildning i teach-back. "
            "Ansvarig: Utbildningsledare. Klart: 2026-05-04.",
        ),
    )
    for heading, prose, task in told:
        document.add_heading(heading, 2)
        document.add_paragraph(prose)
        if task:
            document.add_paragraph().add_run(task).bold = True
    document.add_paragraph("Nästa möte: 2026-04-21 kl. 13.00, samma plats.")
    document.save(str(path))


@drawn(
    "kolumner_med_tabbar.docx",
    "columns made with tabs",
    plan(
        activity("Öppet hus på ungdomsmottagningen", "Barnmorska", "2026-03-18", DONE),
        activity("Drogtest med stöd i stället för böter", "Fältassistent", "2026-06-30", GOING),
        activity("Föräldracirkel i tre byar", ["Skolkurator", "Präst"], "2026-10-08", TO_COME),
        title="Arbetsplan Unga och droger Hult 2026",
    ),
)
def _tabs(path: Path) -> None:
    document = Document()
    document.add_heading("Arbetsplan Unga och droger Hult 2026", 1)
    rows = (
        ("Aktivitet", "Ansvarig", "Klart", "Status"),
        ("Öppet hus på ungdomsmottagningen", "Barnmorska", "2026-03-18", "Klar"),
        ("Drogtest med stöd i stället för böter", "Fältassistent", "2026-06-30", "Pågår"),
        ("Föräldracirkel i tre byar", "Skolkurator/Präst", "2026-10-08", "Ej påbörjad"),
    )
    for number, row in enumerate(rows):
        paragraph = document.add_paragraph()
        for place in (7.5, 11, 13.5):
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(place))
        paragraph.add_run("\t".join(row)).bold = not number or None
    document.save(str(path))


@drawn(
    "google_dokument.docx",
    "Google Docs with chips",
    plan(
        activity("Rita flödet från larm till hembesök", "Tjänstedesigner", "2026-04-17", GOING),
        activity(
            "Prova videosamtal med jourläkare", "Digitaliseringsledare", "2026-09-11", TO_COME
        ),
        activity(
            "Ordna reservström till trygghetslarmen", "Beredskapssamordnare", "2026-02-13", DONE
        ),
        title="Aktivitetsplan Mobila team Vitsand 2026",
    ),
)
def _google(path: Path) -> None:
    document = Document()
    document.add_paragraph("Aktivitetsplan Mobila team Vitsand 2026", style="Title")
    document.add_paragraph("Senast ändrad av Alva Exempelsson den 2 mars 2026", style="Subtitle")
    table(
        document,
        (
            ("Uppgift", "Ägare", "Förfallodatum", "Status", "Filer"),
            (
                "Rita flödet från larm till hembesök",
                "Tjänstedesigner",
                "17 apr. 2026",
                "Pågår",
                "Flöde v3",
            ),
            (
                "Prova videosamtal med jourläkare",
                "Digitaliseringsledare",
                "11 sep. 2026",
                "Inte påbörjad",
                "Fil",
            ),
            (
                "Ordna reservström till trygghetslarmen",
                "Beredskapssamordnare",
                "13 feb. 2026",
                "Slutförd",
                "Fil",
            ),
        ),
    )
    document.save(str(path))


@drawn(
    "andringar_sparade.odt",
    "tracked changes in an open document",
    plan(
        activity("Kyrkan lånar ut sin buss", "Diakon", "2026-06-12", goal="Ingen äter ensam"),
        activity(
            "Middag på skolan för äldre", "Måltidschef", "2026-09-25", goal="Ingen äter ensam"
        ),
        activity(
            "Väntjänst efter sjukhusvistelse",
            "Frivilligsamordnare",
            "2026-11-20",
            goal="Någon hör av sig",
        ),
        title="Handlingsplan Ensamhet Rävlanda ö 2026",
    ),
)
def _open_changes(path: Path) -> None:
    gone = {"c1": "2026-04-30", "c3": "Ställ in väntjänsten"}
    regions = "".join(
        f'<text:changed-region text:id="{name}"><text:deletion><office:change-info>'
        "<dc:creator>Rut Påhittdotter</dc:creator><dc:date>2026-02-03T10:00:00</dc:date>"
        f"</office:change-info><text:p>{words}</text:p></text:deletion></text:changed-region>"
        for name, words in gone.items()
    )
    regions += (
        '<text:changed-region text:id="c2"><text:insertion><office:change-info>'
        "<dc:creator>Rut Påhittdotter</dc:creator><dc:date>2026-02-03T10:01:00</dc:date>"
        "</office:change-info></text:insertion></text:changed-region>"
    )
    new_day = (
        '<text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>'
        '2026-06-12<text:change-end text:change-id="c2"/>'
    )
    rows = (
        ("Mål", "Aktivitet", "Ansvarig", "Klart"),
        ("Ingen äter ensam", "Kyrkan lånar ut sin buss", "Diakon", new_day),
        ("Ingen äter ensam", "Middag på skolan för äldre", "Måltidschef", "2026-09-25"),
        (
            "Någon hör av sig",
            '<text:change text:change-id="c3"/>Väntjänst efter sjukhusvistelse',
            "Frivilligsamordnare",
            "2026-11-20",
        ),
    )
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{words}</text:p></table:table-cell>" for words in row)
        + "</table:table-row>"
        for row in rows
    )
    open_file(
        path,
        "application/vnd.oasis.opendocument.text",
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {OPEN_NAMESPACES} '
        'office:version="1.2"><office:body><office:text>'
        f"<text:tracked-changes>{regions}</text:tracked-changes>"
        '<text:h text:outline-level="1">Handlingsplan Ensamhet Rävlanda ö 2026</text:h>'
        '<table:table table:name="Plan"><table:table-column '
        f'table:number-columns-repeated="4"/>{cells}</table:table>'
        "</office:text></office:body></office:document-content>",
    )
