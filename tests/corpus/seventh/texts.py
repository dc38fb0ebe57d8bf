"""Plans as plain text, Markdown and a small web page."""

from pathlib import Path

from .kit import DONE, GOING, OPEN, TO_COME, activity, drawn, plan


@drawn(
    "rutor_pa_webbsida.html",
    "check boxes of a web page, lines with dashes",
    plan(
        activity("Märk om medicinskåpen", "Läkemedelsansvarig", "2026-02-20", DONE),
        activity("Byt till pappersfria beställningar", "Förrådschef", "2026-04-30", OPEN),
        activity("Prova robotkatt på dagverksamhet", "Aktivitetsledare", "2026-06-18", OPEN),
    ),
)
def _boxes(path: Path) -> None:
    rows = (
        (" checked", "Märk om medicinskåpen – Läkemedelsansvarig – 2026-02-20"),
        ("", "Byt till pappersfria beställningar – Förrådschef – 2026-04-30"),
        ("", "Prova robotkatt på dagverksamhet – Aktivitetsledare – 2026-06-18"),
    )
    items = "\n".join(
        f'<li><label><input type="checkbox" disabled{tick}> {words}</label></li>'
        for tick, words in rows
    )
    path.write_text(
        '<!doctype html>\n<html lang="sv"><head><meta charset="utf-8">'
        "<title>Att göra våren 2026</title></head>\n<body><h1>Att göra våren 2026</h1>\n"
        "<p>Aktivitet – ansvarig – klart senast</p>\n"
        f'<ul class="task-list">\n{items}\n</ul></body></html>\n',
        "utf-8",
    )


@drawn(
    "fast_bredd.txt",
    "columns of fixed width, a cell over two lines",
    plan(
        activity("Ny vägvisning från busstorget", "Trafikplanerare", "2026-05-13", GOING),
        activity(
            "Ledsagare från entrén till mottagningen för den som ser dåligt",
            "Receptionschef",
            "2026-09-22",
            TO_COME,
        ),
        activity("Kallelse i punktskrift", "Synkonsulent", "2026-03-02", DONE),
        activity("Ljudslinga i samtalsrummen", "Hörseltekniker", "2026-12-01", TO_COME),
        title="Handlingsplan Hitta rätt Smedjeholm 2026",
    ),
)
def _fixed(path: Path) -> None:
    rows = (
        ("Aktivitet", "Ansvarig", "Klart", "Status"),
        ("-" * 34, "-" * 16, "-" * 10, "-" * 10),
        ("Ny vägvisning från busstorget", "Trafikplanerare", "2026-05-13", "Pågår"),
        ("Ledsagare från entrén till", "Receptionschef", "2026-09-22", "Ej påbörjad"),
        ("mottagningen för den som ser dåligt", "", "", ""),
        ("Kallelse i punktskrift", "Synkonsulent", "2026-03-02", "Klar"),
        ("Ljudslinga i samtalsrummen", "Hörseltekniker", "2026-12-01", "Ej påbörjad"),
    )
    told = "\n".join(
        f"{what:<37}{who:<18}{day:<12}{state}".rstrip() for what, who, day, state in rows
    )
    path.write_text(f"Handlingsplan Hitta rätt Smedjeholm 2026\n\n{told}\n", "utf-8")


@drawn(
    "tavla.md",
    "a board in Markdown, the column tells the status",
    plan(
        activity("Sommarschema för läkarjouren", "Schemaläggare", "2026-05-04", GOING),
        activity("Reservrutin när nätet ligger nere", ["IT-chef", "MAR"], "2026-06-09", GOING),
        activity("Gemensam krisövning", "Säkerhetschef", "2026-10-14", TO_COME),
        activity("Uppdaterade larmlistor", "Växelledare", "2026-02-16", DONE),
        title="Handlingsplan Robust vård Malmberga 2026",
    ),
)
def _board(path: Path) -> None:
    path.write_text(
        "# Handlingsplan Robust vård Malmberga 2026\n\n"
        "## Att göra\n\n"
        "- [ ] **Gemensam krisövning** (ansvarig: Säkerhetschef, klart: 2026-10-14)\n\n"
        "## Pågår\n\n"
        "- [ ] **Sommarschema för läkarjouren** (ansvarig: Schemaläggare, klart: 2026-05-04)\n"
        "- [ ] **Reservrutin när nätet ligger nere** (ansvarig: IT-chef och MAR, "
        "klart: 2026-06-09)\n\n"
        "## Klart\n\n"
        "- [x] **Uppdaterade larmlistor** (ansvarig: Växelledare, klart: 2026-02-16)\n",
        "utf-8",
    )


@drawn(
    "copilot_referat.txt",
    "a machine's summary of a meeting with follow-up tasks",
    plan(
        activity("Vågar till hemmen", "Alva Exempelsson", "2026-04-15"),
        activity("Schema för telefonronden", "Nils Provdal", "2026-03-27"),
        activity("Frågor till patientrådet", "Rut Påhittdotter", "2026-05-08"),
    ),
)
def _summary(path: Path) -> None:
    path.write_text(
        "Genererad av AI. Kontrollera att det stämmer.\n\n"
        "Mötesanteckningar:\n"
        "• Hjärtsvikt hemma: Gruppen gick igenom hur vikt och andfåddhet följs i dag.\n"
        "• Telefonrond: Deltagarna var eniga om att kvart över åtta passar bäst.\n\n"
        "Uppföljningsuppgifter:\n"
        "• Vågar till hemmen: Köp in tjugo vågar senast den 15 april 2026. (Alva Exempelsson)\n"
        "• Schema för telefonronden: Skicka ut ett utkast senast den 27 mars 2026. "
        "(Nils Provdal)\n"
        "• Frågor till patientrådet: Samla ihop frågorna senast den 8 maj 2026. "
        "(Rut Påhittdotter)\n",
        "utf-8",
    )
