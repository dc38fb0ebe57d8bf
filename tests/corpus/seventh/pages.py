"""Plans as PDF, set with typst."""

from pathlib import Path

import typst

from .kit import DONE, GOING, TO_COME, activity, drawn, plan


def print_pages(path: Path, source: str) -> None:
    """Set the source and write it as a PDF."""
    path.write_bytes(typst.compile(source.encode()))


def cells(*words: str) -> str:
    """Cells of a typst table."""
    return "".join(f"[{each}], " for each in words) + "\n"


@drawn(
    "ett_kort_per_sida.pdf",
    "a card on each page",
    plan(
        activity(
            "Kontaktsjuksköterska redan vid misstanke",
            "Onkologichef",
            "2026-05-22",
            GOING,
            "Ingen väntar ensam på besked",
            how="Sjuksköterskan ringer samma dag som remissen kommer.",
            follow_up="Dagar från remiss till samtal",
        ),
        activity(
            "Rehab före operation",
            "Onkologisk fysioterapeut",
            "2026-09-07",
            TO_COME,
            "Stark nog för behandling",
            how="Fyra veckors träning på närmaste gym.",
            follow_up="Sexminuters gångtest",
        ),
        activity(
            "Cancerkoordinator i kommunen",
            "Socialchef",
            "2026-02-10",
            DONE,
            "Ingen väntar ensam på besked",
            how="En halv tjänst delas av tre kommuner.",
            follow_up="Antal samtal i kvartalet",
        ),
    ),
)
def _cards(path: Path) -> None:
    labels = ("Mål", "Ansvarig", "Klart senast", "Status", "Så gör vi", "Uppföljning")
    cards = (
        (
            "Kontaktsjuksköterska redan vid misstanke",
            "Ingen väntar ensam på besked",
            "Onkologichef",
            "2026-05-22",
            "Pågår",
            "Sjuksköterskan ringer samma dag som remissen kommer.",
            "Dagar från remiss till samtal",
        ),
        (
            "Rehab före operation",
            "Stark nog för behandling",
            "Onkologisk fysioterapeut",
            "2026-09-07",
            "Ej påbörjad",
            "Fyra veckors träning på närmaste gym.",
            "Sexminuters gångtest",
        ),
        (
            "Cancerkoordinator i kommunen",
            "Ingen väntar ensam på besked",
            "Socialchef",
            "2026-02-10",
            "Klar",
            "En halv tjänst delas av tre kommuner.",
            "Antal samtal i kvartalet",
        ),
    )
    told = '#set text(lang: "sv", size: 12pt)\n#set page(header: [Cancervård nära Alnäs 2026])\n'
    for number, (what, *values) in enumerate(cards, start=1):
        pairs = "".join(cells(f"*{one}*", two) for one, two in zip(labels, values, strict=True))
        told += "#pagebreak()\n" if number > 1 else ""
        told += f"#text(size: 10pt)[Aktivitet {number} av 3]\n\n= {what}\n#v(1em)\n"
        told += f"#grid(columns: (4cm, 1fr), row-gutter: 1.2em, {pairs})\n"
    print_pages(path, told)


@drawn(
    "mal_over_sidbrytning.pdf",
    "a merged goal over a page break, headings on each page",
    plan(
        *(
            activity(what, who, day, state, goal)
            for goal, rows in (
                (
                    "Färre återinläggningar inom trettio dagar",
                    (
                        ("Ring upp två dagar efter hemgång", "Vårdplanerare", "2026-03-30", DONE),
                        ("Läkemedelslista på lättläst", "Klinisk farmaceut", "2026-05-11", GOING),
                        ("Hembesök av läkare första veckan", "Närvårdschef", "2026-06-22", GOING),
                        ("Snabbspår tillbaka till avdelningen", "Platschef", "2026-09-14", TO_COME),
                        ("Egen plan vid försämring", "KOL-sjuksköterska", "2026-10-26", TO_COME),
                    ),
                ),
                (
                    "Hemtjänst och sjukvård talar samma språk",
                    (
                        ("Gemensamma ord för hälsoläge", "Begreppsansvarig", "2026-04-27", GOING),
                        (
                            "Undersköterskan är med på ronden",
                            "Planeringschef",
                            "2026-11-16",
                            TO_COME,
                        ),
                        ("Kort med tecken på sepsis", "Infektionsläkare", "2026-12-07", TO_COME),
                    ),
                ),
            )
            for what, who, day, state in rows
        ),
        title="Handlingsplan Hemma igen Klarälvsby 2026",
    ),
)
def _merged_goal(path: Path) -> None:
    first = (
        ("Ring upp två dagar efter hemgång", "Vårdplanerare", "2026-03-30", "Klar"),
        ("Läkemedelslista på lättläst", "Klinisk farmaceut", "2026-05-11", "Pågår"),
        ("Hembesök av läkare första veckan", "Närvårdschef", "2026-06-22", "Pågår"),
        ("Snabbspår tillbaka till avdelningen", "Platschef", "2026-09-14", "Ej påbörjad"),
        ("Egen plan vid försämring", "KOL-sjuksköterska", "2026-10-26", "Ej påbörjad"),
    )
    second = (
        ("Gemensamma ord för hälsoläge", "Begreppsansvarig", "2026-04-27", "Pågår"),
        ("Undersköterskan är med på ronden", "Planeringschef", "2026-11-16", "Ej påbörjad"),
        ("Kort med tecken på sepsis", "Infektionsläkare", "2026-12-07", "Ej påbörjad"),
    )
    goals = (
        ("Färre återinläggningar inom trettio dagar", first),
        ("Hemtjänst och sjukvård talar samma språk", second),
    )
    told = "".join(
        f"table.cell(rowspan: {len(rows)})[{goal}],\n" + "".join(cells(*row) for row in rows)
        for goal, rows in goals
    )
    headings = cells("*Mål*", "*Aktivitet*", "*Ansvarig*", "*Klart*", "*Status*")
    print_pages(
        path,
        '#set text(lang: "sv", size: 11pt, hyphenate: false)\n'
        "#set page(width: 21cm, height: 11cm, margin: 1.5cm, "
        "footer: context align(center)[Sida #counter(page).display() av "
        "#counter(page).final().first()])\n"
        "= Handlingsplan Hemma igen Klarälvsby 2026\n#v(1em)\n"
        "#table(columns: (4cm, 1fr, 3.3cm, 2.4cm, 2.6cm), inset: 9pt, "
        f"table.header({headings}), {told})\n",
    )


@drawn(
    "excelutskrift.pdf",
    "a narrow print with words cut at line ends",
    plan(
        activity(
            "Förskrivarutbildning i inkontinenshjälpmedel",
            "Hjälpmedelskonsulent",
            "2026-04-21",
            GOING,
            follow_up="Kostnad per brukare",
        ),
        activity(
            "Toalettassistans nattetid",
            "Verksamhetsansvarig",
            "2026-08-19",
            TO_COME,
            follow_up="Antal fall nattetid",
        ),
        activity(
            "Uroterapeut på distans",
            "Mottagningsföreståndare",
            "2026-11-25",
            TO_COME,
            follow_up="Väntetid i veckor",
        ),
        title="Åtgärdsplan Kontinens Nybodarna 2026",
    ),
)
def _narrow(path: Path) -> None:
    rows = (
        (
            "Förskrivarutbildning i inkontinens-?hjälp-?medel",
            "Hjälp-?medels-?konsulent",
            "2026-04-21",
            "Pågår",
            "Kostnad per brukare",
        ),
        (
            "Toalettassistans nattetid",
            "Verksam-?hets-?ansvarig",
            "2026-08-19",
            "Ej på-?börjad",
            "Antal fall nattetid",
        ),
        (
            "Uroterapeut på distans",
            "Mottag-?nings-?före-?ståndare",
            "2026-11-25",
            "Ej på-?börjad",
            "Väntetid i veckor",
        ),
    )
    headings = ("Åtgärd", "An-?svarig", "Slut-?datum", "Läge", "Upp-?följ-?ning")
    told = "".join(cells(*row) for row in rows)
    print_pages(
        path,
        '#set text(lang: "sv", size: 10pt, hyphenate: false)\n'
        "#set page(width: 15cm, height: 21cm, margin: 1.2cm, header: [Blad1], "
        "footer: align(right)[Sida 1])\n"
        "*Åtgärdsplan Kontinens Nybodarna 2026*\n\n"
        "#table(columns: (4cm, 1.7cm, 2.2cm, 1.7cm, 1.7cm), inset: 4pt, "
        f"{cells(*(f'*{each}*' for each in headings))}{told})\n",
    )
