"""Plans as workbooks."""

from datetime import date, datetime
from pathlib import Path

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import NOT_BEGUN, ON_GOING, Files, book, keeper, plan, put

FILES: Files = {}
file = keeper(FILES)


@file(
    "ett_blad_per_ar.xlsx",
    "a sheet for each year",
    plan(
        "Handlingsplan Trygg förlossningsväg Hållsjö 2025–2026",
        one(
            "Barnmorska med i ambulansen",
            ["Vårdenhetschef förlossning"],
            "2025-03-31",
            state=ASK_DONE,
        ),
        one("Patienthotell nära kliniken", ["Lokalstrateg"], "2025-11-30", state=ON_GOING),
        one("Amningsstöd per telefon", ["BVC-samordnare"], "2026-03-31", state=ON_GOING),
        one(
            "Övning i bil tillsammans med räddningstjänsten",
            ["Ambulanschef"],
            "2026-10-15",
            state=NOT_BEGUN,
        ),
    ),
)
def _ett_blad_per_ar(path: Path) -> None:
    """Sheets '2025' and '2026' with the same columns; the days have no year ('31 mars', '15 oktober'), which the sheet gives."""
    head = ["Aktivitet", "Ansvarig", "Klart", "Status"]
    title = ["Handlingsplan Trygg förlossningsväg Hållsjö 2025–2026"]
    b, *_ = book(
        (
            "2025",
            [
                title,
                [],
                head,
                ["Barnmorska med i ambulansen", "Vårdenhetschef förlossning", "31 mars", "Klar"],
                ["Patienthotell nära kliniken", "Lokalstrateg", "30 november", "Pågår"],
            ],
        ),
        (
            "2026",
            [
                title,
                [],
                head,
                ["Amningsstöd per telefon", "BVC-samordnare", "31 mars", "Pågår"],
                [
                    "Övning i bil tillsammans med räddningstjänsten",
                    "Ambulanschef",
                    "15 oktober",
                    "Ej påbörjad",
                ],
            ],
        ),
    )
    b.save(path)


@file(
    "blad_per_grupp_och_las_mig.xlsx",
    "a sheet for each group, and one of instructions",
    plan(
        None,
        one(
            "Lånedator till den som saknar",
            ["Förvaltningschef kultur"],
            "2026-04-30",
            state=ON_GOING,
        ),
        one("Unga vuxna väljer mötesplats", ["Ungdomsstrateg"], "2026-10-30", state=NOT_BEGUN),
        one(
            "Höftskydd i hemtjänstens förråd",
            ["Enhetschef hemtjänst"],
            "2026-05-29",
            state=NOT_BEGUN,
        ),
        one("Syn- och hörselkoll i caféet", ["Syncentralen"], "2026-09-18", state=NOT_BEGUN),
        left_out=["Läs mig"],
    ),
)
def _blad_per_grupp_och_las_mig(path: Path) -> None:
    """Sheets 'Läs mig' (how to fill in, no activities), 'Unga' and 'Äldre'; the sheet's name is the group."""
    head = ["Nr", "Aktivitet", "Ansvarig", "Klart senast", "Status"]
    b, *_ = book(
        (
            "Läs mig",
            [
                ["Så här fyller du i planen"],
                ["1. Skriv en aktivitet per rad på din grupps blad."],
                ["2. Ange ett slutdatum för varje rad."],
                ["3. Ändra inte rubrikerna."],
            ],
        ),
        (
            "Unga",
            [
                head,
                [
                    1,
                    "Lånedator till den som saknar",
                    "Förvaltningschef kultur",
                    date(2026, 4, 30),
                    "Pågår",
                ],
                [
                    2,
                    "Unga vuxna väljer mötesplats",
                    "Ungdomsstrateg",
                    date(2026, 10, 30),
                    "Ej påbörjad",
                ],
            ],
        ),
        (
            "Äldre",
            [
                head,
                [
                    1,
                    "Höftskydd i hemtjänstens förråd",
                    "Enhetschef hemtjänst",
                    date(2026, 5, 29),
                    "Ej påbörjad",
                ],
                [
                    2,
                    "Syn- och hörselkoll i caféet",
                    "Syncentralen",
                    date(2026, 9, 18),
                    "Ej påbörjad",
                ],
            ],
        ),
    )
    b.save(path)


@file(
    "datum_pa_fem_satt.xlsx",
    "dates as cells of several formats and as text",
    plan(
        "Planering Digital kallelse Spångboda 2026",
        one("Kartlägg vilka kallelser som finns", ["Verksamhetsanalytiker"], "2026-02-28"),
        one("Skriv om breven på klarspråk", ["Klarspråkskonsult"], "2026-04-15"),
        one("Skicka provkallelser", ["Systemförvaltare"], "2026-06-05"),
        one("Stäng pappersflödet", ["Postansvarig"], "2026-10-31"),
        one("Fråga invånarna", ["Kommunikatör"], "2026-12-11"),
    ),
)
def _datum_pa_fem_satt(path: Path) -> None:
    """One column: a day shown as 'feb-26' (2026-02-28), one shown as '15 april', one with a clock, the text 'oktober 2026', the number 20261211."""
    b, ws = book(
        (
            "Blad1",
            [
                ["Planering Digital kallelse Spångboda 2026"],
                [],
                ["Aktivitet", "Ansvarig", "Klart senast"],
                ["Kartlägg vilka kallelser som finns", "Verksamhetsanalytiker", date(2026, 2, 28)],
                ["Skriv om breven på klarspråk", "Klarspråkskonsult", date(2026, 4, 15)],
                ["Skicka provkallelser", "Systemförvaltare", datetime(2026, 6, 5, 16, 0)],  # noqa: DTZ001
                ["Stäng pappersflödet", "Postansvarig", "oktober 2026"],
                ["Fråga invånarna", "Kommunikatör", 20261211],
            ],
        )
    )
    ws["C4"].number_format = "mmm-yy"
    ws["C5"].number_format = 'd" "mmmm'
    ws["C6"].number_format = "yyyy-mm-dd hh:mm"
    b.save(path)


@file(
    "forkortningar_bredvid.xlsx",
    "a list of abbreviations beside the plan",
    plan(
        "Åtgärder Ordnat införande Svartbro 2026",
        one("Gemensam upphandling av inkontinensskydd", ["Uroterapeut"], "2026-04-30"),
        one("Larm med rörelsesensor", ["Välfärdsteknikchef"], "2026-08-31"),
        one("Ny rutin för syrgas i hemmet", ["Lungsjuksköterska"], "2026-11-30"),
        left_out=["Förkortning"],
    ),
)
def _forkortningar_bredvid(path: Path) -> None:
    """The plan in columns A–C, an empty column, then Förkortning | Betyder in E–F on the same rows; no activity is to come of it."""
    b, _ws = book(
        (
            "Blad1",
            [
                ["Åtgärder Ordnat införande Svartbro 2026"],
                [],
                ["Åtgärd", "Ansvarig", "Klart", "", "Förkortning", "Betyder"],
                [
                    "Gemensam upphandling av inkontinensskydd",
                    "Uroterapeut",
                    "april 2026",
                    "",
                    "HSL",
                    "Hälso- och sjukvårdslagen",
                ],
                [
                    "Larm med rörelsesensor",
                    "Välfärdsteknikchef",
                    "augusti 2026",
                    "",
                    "SoL",
                    "Socialtjänstlagen",
                ],
                [
                    "Ny rutin för syrgas i hemmet",
                    "Lungsjuksköterska",
                    "november 2026",
                    "",
                    "VC",
                    "Vårdcentral",
                ],
            ],
        )
    )
    b.save(path)


@file(
    "tabellen_borjar_langt_ner.xlsx",
    "a long preface; the table starts in column C",
    plan(
        "Genomförandeplan Krisstöd vid dödsfall Hedkulla 2026",
        one(
            "Lista över vem som kontaktas nattetid",
            ["Krisledare POSOM"],
            "2026-03-31",
            state=ON_GOING,
        ),
        one("Rum för anhöriga på akuten", ["Akutchef"], "2026-09-30", state=NOT_BEGUN),
        one("Uppföljande brev efter sex veckor", ["Sjukhuskyrkan"], "2026-11-15", state=NOT_BEGUN),
    ),
)
def _tabellen_borjar_langt_ner(path: Path) -> None:
    """Reference number, purpose, who has decided and a small list of versions stand over the table, whose headings are on row 15 from column C."""
    b, ws = book(("Plan", []))
    put(ws, [["Genomförandeplan Krisstöd vid dödsfall Hedkulla 2026"]], 2, 3)
    put(
        ws,
        [
            ["Dnr:", "HS 2026-118"],
            ["Beslutad av:", "Ledningsgruppen för samverkan"],
            ["Gäller till:", "2026-12-31"],
        ],
        4,
        3,
    )
    put(
        ws,
        [
            [
                "Syfte: att den som mist någon plötsligt ska få samma hjälp oavsett var i länet det sker."
            ]
        ],
        8,
        3,
    )
    put(
        ws,
        [["Version", "Vad har ändrats"], ["0.9", "Utkast till gruppen"], ["1.0", "Fastställd"]],
        10,
        3,
    )
    put(
        ws,
        [
            ["Insats", "Ansvarig", "Klart senast", "Status"],
            [
                "Lista över vem som kontaktas nattetid",
                "Krisledare POSOM",
                date(2026, 3, 31),
                "Pågår",
            ],
            ["Rum för anhöriga på akuten", "Akutchef", date(2026, 9, 30), "Ej påbörjad"],
            [
                "Uppföljande brev efter sex veckor",
                "Sjukhuskyrkan",
                date(2026, 11, 15),
                "Ej påbörjad",
            ],
        ],
        15,
        3,
    )
    ws.merge_cells("C2:F2")
    ws.merge_cells("C8:F8")
    b.save(path)
