"""Plans as Word files: tables, cards, headings with labels."""

from pathlib import Path

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    document,
    hmerge,
    keeper,
    label,
    plan,
    rows_of,
    table,
    vmerge,
)

FILES: Files = {}
file = keeper(FILES)


@file(
    "celler_ihop_liggande.docx",
    "cells merged down in two columns, overlapping",
    plan(
        "Handlingsplan Vårdsamverkan Älgnäs 2026",
        one(
            "Beställ rullstol redan på vårdavdelningen",
            ["Hjälpmedelsstrateg"],
            "2026-04-30",
            goal="Ingen väntar i onödan på hjälpmedel",
            state=ON_GOING,
        ),
        one(
            "Lånepool för sängar vid hemgång",
            ["Förrådsansvarig"],
            "2026-09-15",
            goal="Ingen väntar i onödan på hjälpmedel",
            state=NOT_BEGUN,
        ),
        one(
            "Lägesmöte varje tisdag kl. 8.15",
            ["Förrådsansvarig"],
            "2026-02-27",
            goal="Alla har samma bild av läget",
            state=ASK_DONE,
        ),
        one(
            "Gemensam anslagstavla i korridoren",
            ["Kanslist"],
            "2026-05-08",
            goal="Alla har samma bild av läget",
            state=NOT_BEGUN,
        ),
    ),
)
def _celler_ihop_liggande(path: Path) -> None:
    """Landscape; Delmål merged over rows 1-2 and 3-4, Ansvar merged over rows 2-3 (across the goals); a running number column."""
    d = document(True)
    d.add_heading("Handlingsplan Vårdsamverkan Älgnäs 2026", 0)
    d.add_paragraph(
        "Antagen av närsjukvårdsgruppen. Gäller vuxna med insatser från båda huvudmännen."
    )
    t = table(
        d,
        rows_of("""Delmål | Nr | Aktivitet | Ansvar | Färdigt senast | Läge
        Ingen väntar i onödan på hjälpmedel | 1 | Beställ rullstol redan på vårdavdelningen | Hjälpmedelsstrateg | 2026-04-30 | Pågår
         | 2 | Lånepool för sängar vid hemgång | Förrådsansvarig | 2026-09-15 | Ej påbörjad
        Alla har samma bild av läget | 3 | Lägesmöte varje tisdag kl. 8.15 |  | 2026-02-27 | Klart
         | 4 | Gemensam anslagstavla i korridoren | Kanslist | 2026-05-08 | Ej påbörjad"""),
    )
    vmerge(t, 0, 1, 2)
    vmerge(t, 0, 3, 4)
    vmerge(t, 3, 2, 3)
    d.save(path)


@file(
    "en_tabell_per_mal.docx",
    "a table under each goal's heading, headings differ",
    plan(
        "Aktivitetsplan Barnens väg in Furuklint 2026",
        one(
            "Samma samtycke till skola, vårdcentral och socialtjänst",
            ["Barnrättsstrateg"],
            "2026-05-31",
            goal="Familjen berättar en gång",
        ),
        one(
            "Ta bort dubbla hälsoenkäter",
            ["Skolsköterska", "BVC-samordnare"],
            "2026-08-31",
            goal="Familjen berättar en gång",
        ),
        one(
            "Väntrum utan skärmar",
            ["Vårdcentralschef"],
            "2026-10-15",
            goal="Barnet känner sig välkommet",
            state=ON_GOING,
        ),
        one(
            "Tider efter skolans slut",
            ["Mottagningschef"],
            "2026-12-01",
            goal="Barnet känner sig välkommet",
            state=NOT_BEGUN,
        ),
    ),
)
def _en_tabell_per_mal(path: Path) -> None:
    """Heading 2 'Mål 1: …' over each table; the second table has its columns in another order, other words and a status."""
    d = document()
    d.add_heading("Aktivitetsplan Barnens väg in Furuklint 2026", 1)
    d.add_heading("Mål 1: Familjen berättar en gång", 2)
    table(
        d,
        rows_of("""Aktivitet | Vem ansvarar | När klart
        Samma samtycke till skola, vårdcentral och socialtjänst | Barnrättsstrateg | maj 2026
        Ta bort dubbla hälsoenkäter | Skolsköterska och BVC-samordnare | augusti 2026"""),
    )
    d.add_paragraph()
    d.add_heading("Mål 2: Barnet känner sig välkommet", 2)
    table(
        d,
        rows_of("""Klart senast | Åtgärd | Läge | Ansvarig
        2026-10-15 | Väntrum utan skärmar | Pågår | Vårdcentralschef
        2026-12-01 | Tider efter skolans slut | Inte påbörjad | Mottagningschef"""),
    )
    d.save(path)


@file(
    "rubrik_och_feta_etiketter.docx",
    "activities as headings with bold labels",
    plan(
        "Arbetsplan Suicidprevention Lövsala 2026",
        one(
            "Kurs för frisörer och taxiförare",
            ["Folkhälsostrateg"],
            "2026-05-22",
            goal="Fler vågar fråga",
            state=ON_GOING,
            how="Tre kvällar per ort, sista kvällen med övning.",
            follow_up="Antal som går hela kursen",
        ),
        one(
            "Samtalskort i biblioteken",
            ["Bibliotekschef"],
            "2026-09-30",
            goal="Fler vågar fråga",
            state=NOT_BEGUN,
            how="Korten trycks på fem språk.",
            follow_up="Frågor till personalen i november",
        ),
        one(
            "Återkoppling inom ett dygn",
            ["Enhetschef mobila teamet"],
            "2026-12-11",
            goal="Ingen lämnas ensam efter ett försök",
            state=NOT_BEGUN,
            how="Ringlista fördelas vid morgonmötet.",
            follow_up="Andel uppringda",
        ),
    ),
)
def _rubrik_och_feta_etiketter(path: Path) -> None:
    """Heading 1 title, heading 2 goal ('Mål: …'), heading 3 activity, then paragraphs 'Huvudansvar:', 'Klart till:', 'Nuläge:', 'Så gör vi:', 'Uppföljning:'."""
    d = document()
    d.add_heading("Arbetsplan Suicidprevention Lövsala 2026", 1)
    d.add_paragraph("Planen är gemensam för kommunen och regionen och ses över varje kvartal.")
    for goal, acts in (
        (
            "Fler vågar fråga",
            (
                (
                    "Kurs för frisörer och taxiförare",
                    "Folkhälsostrateg",
                    "22 maj 2026",
                    "Pågår",
                    "Tre kvällar per ort, sista kvällen med övning.",
                    "Antal som går hela kursen",
                ),
                (
                    "Samtalskort i biblioteken",
                    "Bibliotekschef",
                    "september 2026",
                    "Ej påbörjad",
                    "Korten trycks på fem språk.",
                    "Frågor till personalen i november",
                ),
            ),
        ),
        (
            "Ingen lämnas ensam efter ett försök",
            (
                (
                    "Återkoppling inom ett dygn",
                    "Enhetschef mobila teamet",
                    "11 december 2026",
                    "Ej påbörjad",
                    "Ringlista fördelas vid morgonmötet.",
                    "Andel uppringda",
                ),
            ),
        ),
    ):
        d.add_heading("Mål: " + goal, 2)
        for what, who, when, state, how, follow in acts:
            d.add_heading(what, 3)
            for a, b in (
                ("Huvudansvar:", who),
                ("Klart till:", when),
                ("Nuläge:", state),
                ("Så gör vi:", how),
                ("Uppföljning:", follow),
            ):
                label(d, a, b)
    d.save(path)


@file(
    "tabell_i_tabell.docx",
    "tables inside a layout table",
    plan(
        "Gemensam plan för äldres trygghet, Brunnvik 2026",
        one("Nyckelfria lås i trygghetsboendet", ["Bostadschef"], "2026-03-31", goal="Trygg hemma"),
        one("Nattfrid med tyst tillsyn", ["Enhetschef natt"], "2026-06-30", goal="Trygg hemma"),
        one(
            "Samma sköterska ringer hela veckan",
            ["Omvårdnadsledare"],
            "2026-10-31",
            goal="Trygg i kontakten",
        ),
    ),
)
def _tabell_i_tabell(path: Path) -> None:
    """An outer table Mål | Aktiviteter; each right-hand cell holds a table Vad/Vem/Senast of its own."""
    d = document(True)
    d.add_heading("Gemensam plan för äldres trygghet, Brunnvik 2026", 1)
    t = table(d, [["Mål", "Aktiviteter"], ["Trygg hemma", ""], ["Trygg i kontakten", ""]])
    for at, rows in (
        (
            1,
            """Vad | Vem | Senast
            Nyckelfria lås i trygghetsboendet | Bostadschef | 2026-03-31
            Nattfrid med tyst tillsyn | Enhetschef natt | 2026-06-30""",
        ),
        (
            2,
            """Vad | Vem | Senast
            Samma sköterska ringer hela veckan | Omvårdnadsledare | 2026-10-31""",
        ),
    ):
        table(t.cell(at, 1), rows_of(rows))
        t.cell(at, 1).add_paragraph()
    d.save(path)


@file(
    "bock_sist.docx",
    "a tick in the last column",
    plan(
        "Att göra tillsammans, hemgångsgruppen Näsbruk 2026",
        one(
            "Byt ut faxen mot säker meddelandetjänst",
            ["Objektförvaltare"],
            "2026-03-13",
            state=ASK_DONE,
        ),
        one("Hemgångsväska med frukost och mjölk", ["Kostchef"], "2026-04-24", state=ASK_DONE),
        one(
            "Ring anhörig före klockan tolv",
            ["Avdelningssköterska"],
            "2026-06-05",
            state=[*NOT_BEGUN, "ask"],
        ),
        one(
            "Följebil från akuten på kvällar",
            ["Serviceledare"],
            "2026-10-02",
            state=[*NOT_BEGUN, "ask"],
        ),
    ),
)
def _bock_sist(path: Path) -> None:
    """Headings Nr | Vad | Vem gör vad | Klart till | Bock; ✓ where it is done, empty otherwise."""
    d = document()
    d.add_heading("Att göra tillsammans, hemgångsgruppen Näsbruk 2026", 1)
    table(
        d,
        rows_of("""Nr | Vad | Vem gör vad | Klart till | Bock
        1 | Byt ut faxen mot säker meddelandetjänst | Objektförvaltare | 13 mars | ✓
        2 | Hemgångsväska med frukost och mjölk | Kostchef | 24 april | ✓
        3 | Ring anhörig före klockan tolv | Avdelningssköterska | 5 juni |
        4 | Följebil från akuten på kvällar | Serviceledare | 2 oktober |"""),
    )
    d.save(path)


@file(
    "minnesanteckningar_med_atgardslista.docx",
    "minutes with those present and a list of actions",
    plan(
        None,
        one("Skicka ut förslag till gemensam vårdplan", ["Processledare"], "2026-03-06"),
        one("Boka studiebesök i Hagby", ["Kommunsekreterare"], "2026-03-31"),
        one("Ta fram underlag om nattbemanning", ["Enhetschef natt", "Controller"], "2026-04-20"),
        left_out=["Närvarande"],
    ),
)
def _minnesanteckningar_med_atgardslista(path: Path) -> None:
    """Minutes: a table of those present first, paragraphs under §, last a table 'Vad ska göras / Vem / När'; no title asked for."""
    d = document()
    d.add_heading("Minnesanteckningar närvårdsrådet Hagby", 1)
    d.add_paragraph("Tid: tisdag 17 februari 2026 kl. 13–15. Plats: Teams")
    table(
        d,
        rows_of("""Närvarande | Verksamhet
        Runa Ekvik | Hagby kommun, omsorg
        Birk Almsjö | Regionens primärvård
        Ylva Granbo | Regionens slutenvård"""),
    )
    d.add_heading("§ 1 Läget i verksamheterna", 2)
    d.add_paragraph("Gruppen gick laget runt. Det har varit många inskrivningar under helgerna.")
    d.add_heading("§ 2 Åtgärdslista", 2)
    table(
        d,
        rows_of("""Vad ska göras | Vem | När
        Skicka ut förslag till gemensam vårdplan | Processledare | 2026-03-06
        Boka studiebesök i Hagby | Kommunsekreterare | 2026-03-31
        Ta fram underlag om nattbemanning | Enhetschef natt, controller | 2026-04-20"""),
    )
    d.add_heading("§ 3 Nästa möte", 2)
    d.add_paragraph("21 april 2026 kl. 13.")
    d.save(path)


@file(
    "kort_med_rubrikrad.docx",
    "cards of two columns with the activity as title row",
    plan(
        "Handlingsplan Levnadsvanor Solberga strand 2026",
        one(
            "Promenadgrupp från vårdcentralen",
            ["Hälsopedagog"],
            "2026-06-18",
            start="2026-03-02",
            state=ON_GOING,
            how="Gruppen går varje torsdag, i alla väder.",
            follow_up="Antal deltagare per gång",
        ),
        one(
            "Sluta röka före operation",
            ["Tobaksavvänjare"],
            "2026-11-27",
            start="2026-08-24",
            state=NOT_BEGUN,
            how="Kallelsen får en sida om hjälp att sluta.",
            follow_up="Andel rökfria vid inskrivning",
        ),
    ),
)
def _kort_med_rubrikrad(path: Path) -> None:
    """One table of two columns per activity; a merged title row 'Aktivitet 1: …', then labels to the left and words to the right."""
    d = document()
    d.add_heading("Handlingsplan Levnadsvanor Solberga strand 2026", 1)
    for n, (what, who, a, b, how, fu, s) in enumerate(
        (
            (
                "Promenadgrupp från vårdcentralen",
                "Hälsopedagog",
                "2 mars 2026",
                "18 juni 2026",
                "Gruppen går varje torsdag, i alla väder.",
                "Antal deltagare per gång",
                "Pågår",
            ),
            (
                "Sluta röka före operation",
                "Tobaksavvänjare",
                "24 augusti 2026",
                "27 november 2026",
                "Kallelsen får en sida om hjälp att sluta.",
                "Andel rökfria vid inskrivning",
                "Ej startad",
            ),
        ),
        1,
    ):
        t = table(
            d,
            [
                [f"Aktivitet {n}: {what}", ""],
                ["Huvudansvarig", who],
                ["Startdatum", a],
                ["Slutdatum", b],
                ["Genomförande", how],
                ["Uppföljning", fu],
                ["Status", s],
            ],
        )
        hmerge(t, 0, 0, 1)
        d.add_paragraph()
    d.save(path)
