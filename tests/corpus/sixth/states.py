"""Workbooks whose states are told by letters, colours, quarters, formulas, or hidden rows."""

from datetime import date
from pathlib import Path

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    book,
    cached,
    keeper,
    plan,
)

FILES: Files = {}
file = keeper(FILES)


@file(
    "bokstaver_med_forklaring.xlsx",
    "letters for the status with a legend over the table",
    plan(
        "Uppföljning av samverkansavtal Tistelö 2026",
        one(
            "Läkarstöd till hemsjukvården kvällstid",
            ["Medicinsk rådgivare"],
            "2026-06-30",
            state=ON_GOING,
        ),
        one(
            "Gemensam utbildning i såromläggning",
            ["Sårsjuksköterska"],
            "2026-02-27",
            state=ASK_DONE,
        ),
        one("Gemensamt förråd av madrasser", ["Logistikchef"], "2026-11-13", state=NOT_BEGUN),
        one("Delad bil till rehab", ["Fordonssamordnare"], "2026-09-30", state=["avslutad", "ask"]),
    ),
)
def _bokstaver_med_forklaring(path: Path) -> None:
    """Status G/P/E/U with 'G = genomförd, P = pågår, E = ej påbörjad, U = utgår' over the table."""
    b, _ws = book(
        (
            "Uppföljning",
            [
                ["Uppföljning av samverkansavtal Tistelö 2026"],
                ["G = genomförd, P = pågår, E = ej påbörjad, U = utgår"],
                [],
                ["Åtagande", "Ansvarig", "Slutdatum", "Status"],
                [
                    "Läkarstöd till hemsjukvården kvällstid",
                    "Medicinsk rådgivare",
                    date(2026, 6, 30),
                    "P",
                ],
                ["Gemensam utbildning i såromläggning", "Sårsjuksköterska", date(2026, 2, 27), "G"],
                ["Gemensamt förråd av madrasser", "Logistikchef", date(2026, 11, 13), "E"],
                ["Delad bil till rehab", "Fordonssamordnare", date(2026, 9, 30), "U"],
            ],
        )
    )
    b.save(path)


@file(
    "formler_med_sparade_varden.xlsx",
    "formulas with the values that were saved",
    plan(
        "Tidplan gemensam korttidsenhet Vrånghult 2026",
        one(
            "Rekrytera arbetsledare",
            ["HR-specialist"],
            "2026-04-02",
            start="2026-03-02",
            state=ASK_DONE,
        ),
        one(
            "Inreda gemensamma rum",
            ["Lokalplanerare"],
            "2026-06-01",
            start="2026-04-02",
            state=ON_GOING,
        ),
        one(
            "Ta emot första gästen",
            ["Enhetschef korttid"],
            "2026-06-15",
            start="2026-06-01",
            state=NOT_BEGUN,
        ),
    ),
)
def _formler_med_sparade_varden(path: Path) -> None:
    """Slut = Start + antal dagar, Start = förra radens slut, Läge = OM(…) and Ansvarig looked up on another sheet; all with saved values."""
    b, ws, _people = book(
        (
            "Tidplan",
            [
                ["Tidplan gemensam korttidsenhet Vrånghult 2026"],
                [],
                ["Aktivitet", "Ansvarig", "Startdatum", "Dagar", "Slutdatum", "Färdigt", "Läge"],
                [
                    "Rekrytera arbetsledare",
                    "=VLOOKUP(1,Roller!A2:B4,2,FALSE)",
                    date(2026, 3, 2),
                    31,
                    "=C4+D4",
                    1,
                    '=IF(F4=1,"Klar",IF(F4>0,"Pågår","Ej påbörjad"))',
                ],
                [
                    "Inreda gemensamma rum",
                    "=VLOOKUP(2,Roller!A2:B4,2,FALSE)",
                    "=E4",
                    60,
                    "=C5+D5",
                    0.4,
                    '=IF(F5=1,"Klar",IF(F5>0,"Pågår","Ej påbörjad"))',
                ],
                [
                    "Ta emot första gästen",
                    "=VLOOKUP(3,Roller!A2:B4,2,FALSE)",
                    "=E5",
                    14,
                    "=C6+D6",
                    0,
                    '=IF(F6=1,"Klar",IF(F6>0,"Pågår","Ej påbörjad"))',
                ],
            ],
        ),
        (
            "Roller",
            [
                ["Nr", "Roll"],
                [1, "HR-specialist"],
                [2, "Lokalplanerare"],
                [3, "Enhetschef korttid"],
            ],
        ),
    )
    for r in (4, 5, 6):
        for c in "CE":
            ws[f"{c}{r}"].number_format = "yyyy-mm-dd"
        ws[f"F{r}"].number_format = "0%"
    b.save(path)

    def day(year: int, month: int, at: int) -> int:
        return (date(year, month, at) - date(1899, 12, 30)).days

    cached(
        path,
        {
            "B4": "HR-specialist",
            "B5": "Lokalplanerare",
            "B6": "Enhetschef korttid",
            "E4": day(2026, 4, 2),
            "C5": day(2026, 4, 2),
            "E5": day(2026, 6, 1),
            "C6": day(2026, 6, 1),
            "E6": day(2026, 6, 15),
            "G4": "Klar",
            "G5": "Pågår",
            "G6": "Ej påbörjad",
        },
    )


@file(
    "filtrerad_lista.xlsx",
    "rows that a filter hides",
    plan(
        "Åtgärdslista Samordnad individuell plan Kvistby 2026",
        one(
            "Utse en SIP-ansvarig per enhet",
            ["Avdelningschef socialtjänst"],
            "2026-03-27",
            state=ASK_DONE,
        ),
        one("Film om vad en SIP är", ["Informatör"], "2026-08-31", state=ON_GOING),
        one("Barnens egen mötesagenda", ["Barnpsykolog"], "2026-10-09", state=NOT_BEGUN),
        one("Mät kallelser per vårdcentral", ["Statistiker"], "2026-02-13", state=ASK_DONE),
        left_out=["dolda rader"],
    ),
)
def _filtrerad_lista(path: Path) -> None:
    """An autofilter on Status hides the two rows that are done; as the house has it (unseen: hidden rows are read and told)."""
    b, ws = book(
        (
            "Lista",
            [
                ["Åtgärdslista Samordnad individuell plan Kvistby 2026"],
                [],
                ["Åtgärd", "Ansvarig", "Klart", "Status"],
                [
                    "Utse en SIP-ansvarig per enhet",
                    "Avdelningschef socialtjänst",
                    date(2026, 3, 27),
                    "Klar",
                ],
                ["Film om vad en SIP är", "Informatör", date(2026, 8, 31), "Pågår"],
                ["Barnens egen mötesagenda", "Barnpsykolog", date(2026, 10, 9), "Ej påbörjad"],
                ["Mät kallelser per vårdcentral", "Statistiker", date(2026, 2, 13), "Klar"],
            ],
        )
    )
    ws.auto_filter.ref = "A3:D7"
    ws.auto_filter.add_filter_column(3, ["Pågår", "Ej påbörjad"])
    for r in (4, 7):
        ws.row_dimensions[r].hidden = True
    b.save(path)


@file(
    "lage_per_kvartal.xlsx",
    "a column of status for each quarter",
    plan(
        "Handlingsplan Trygg läkemedelskedja Mörtbo 2026",
        one("Farmaceut på vårdmöten", ["Chefsapotekare"], "2026-12-31", state=ON_GOING),
        one(
            "Läkemedelsberättelse på utskrivningsdagen",
            ["Verksamhetschef medicin"],
            "2026-06-30",
            state=ASK_DONE,
        ),
        one("Gallra i läkemedelsskåpen", ["Enhetschefer SÄBO"], "2026-11-30", state=ON_GOING),
    ),
)
def _lage_per_kvartal(path: Path) -> None:
    """Headings 'Läge kv 1', 'Läge kv 2', 'Läge kv 3', 'Läge kv 4'; the last that is filled is how it stands now (kv 4 is empty)."""
    b, _ws = book(
        (
            "2026",
            [
                ["Handlingsplan Trygg läkemedelskedja Mörtbo 2026"],
                [],
                [
                    "Aktivitet",
                    "Ansvarig",
                    "Klart senast",
                    "Läge kv 1",
                    "Läge kv 2",
                    "Läge kv 3",
                    "Läge kv 4",
                ],
                [
                    "Farmaceut på vårdmöten",
                    "Chefsapotekare",
                    date(2026, 12, 31),
                    "Ej påbörjad",
                    "Pågår",
                    "Pågår",
                    "",
                ],
                [
                    "Läkemedelsberättelse på utskrivningsdagen",
                    "Verksamhetschef medicin",
                    date(2026, 6, 30),
                    "Pågår",
                    "Klar",
                    "Klar",
                    "",
                ],
                [
                    "Gallra i läkemedelsskåpen",
                    "Enhetschefer SÄBO",
                    date(2026, 11, 30),
                    "Ej påbörjad",
                    "Ej påbörjad",
                    "Pågår",
                    "",
                ],
            ],
        )
    )
    b.save(path)


@file(
    "farg_pa_hela_raden.xlsx",
    "the whole row coloured, legend on its own sheet",
    plan(
        "Aktivitetslista Hemsjukvård Älvkarsta 2026",
        one(
            "Delade scheman med vårdcentralen", ["Planeringsansvarig"], "2026-03-27", state=ASK_DONE
        ),
        one("Digital medicinskåpslogg", ["Hjälpmedelstekniker"], "2026-06-26", state=ON_GOING),
        one("Introduktion för sommarvikarier", ["Metodhandledare"], "2026-05-29", state=NOT_BEGUN),
        one("Gemensam journalgranskning", ["Kvalitetssjuksköterska"], "2026-10-23", state=ON_GOING),
    ),
)
def _farg_pa_hela_raden(path: Path) -> None:
    """No status column: each row has a ground of green, yellow or white-grey; sheet 'Färgkoder' says green = klart, yellow = pågår, grey = inte påbörjat."""
    green, yellow, grey = "A9D08E", "FFE699", "D9D9D9"

    def row(colour: str, *cells: object) -> list[object]:
        return [(x, colour) for x in cells]

    b, _ws, _codes = book(
        (
            "Lista",
            [
                ["Aktivitetslista Hemsjukvård Älvkarsta 2026"],
                [],
                ["Aktivitet", "Ansvarig", "Klart"],
                row(
                    green,
                    "Delade scheman med vårdcentralen",
                    "Planeringsansvarig",
                    date(2026, 3, 27),
                ),
                row(yellow, "Digital medicinskåpslogg", "Hjälpmedelstekniker", date(2026, 6, 26)),
                row(grey, "Introduktion för sommarvikarier", "Metodhandledare", date(2026, 5, 29)),
                row(
                    yellow,
                    "Gemensam journalgranskning",
                    "Kvalitetssjuksköterska",
                    date(2026, 10, 23),
                ),
            ],
        ),
        (
            "Färgkoder",
            [
                ["Färg", "Betyder"],
                [("", green), "Klart"],
                [("", yellow), "Pågår"],
                [("", grey), "Inte påbörjat"],
            ],
        ),
    )
    b.save(path)
