"""Plans as printed pages."""

from pathlib import Path

from tests.corpus.draw import ASK_DONE, one
from tests.corpus.sixth.kit import (
    NOT_BEGUN,
    ON_GOING,
    Files,
    chromium,
    keeper,
    plan,
    typeset,
)

FILES: Files = {}
file = keeper(FILES)


_LONG = (
    (
        "Hembesök före hemgång",
        "Hemgångssamordnare",
        "2026-04-30",
        "april 2026",
        ON_GOING,
        "Pågår",
        "Arbetsterapeut och hemtjänst går igenom bostaden medan den enskilde ännu är inskriven.",
    ),
    (
        "Samma läkemedelslista i båda systemen",
        "Läkemedelsstrateg",
        "2026-06-30",
        "juni 2026",
        ON_GOING,
        "Pågår",
        "Listan skrivs ut på hemgångsdagen och läses högt tillsammans med den som ska ta läkemedlen.",
    ),
    (
        "Mat i kylen vid hemkomst",
        "Kostombud",
        "2026-09-30",
        "september 2026",
        NOT_BEGUN,
        "Ej påbörjad",
        "Butiken packar en kasse efter en lista som den enskilde själv har valt.",
    ),
    (
        "Telefonsamtal dagen efter",
        "Vårdkoordinator",
        "2026-10-31",
        "oktober 2026",
        NOT_BEGUN,
        "Ej påbörjad",
        "Fem frågor ställs på samma sätt till alla och svaren samlas i ett enkelt blad.",
    ),
    (
        "Möte efter två veckor",
        "Biståndshandläggare",
        "2026-12-31",
        "december 2026",
        NOT_BEGUN,
        "Ej påbörjad",
        "Mötet hålls hemma eller på distans beroende på vad den enskilde vill.",
    ),
)


_MORE = (
    "Ansvariga enheter berättar vid varje avstämning vad som gått bra och vad som behöver ändras.",
    "Om något hindrar arbetet tas det upp med närmaste chef samma vecka.",
    "Nya medarbetare får en genomgång under sin första månad.",
    "Den enskilde och de närstående tillfrågas alltid innan något bestäms.",
    "Anteckningar förs i en gemensam mall så att båda huvudmännen kan läsa dem.",
    "Vid sommar och jul utses en ersättare som har samma uppdrag.",
    "Erfarenheterna samlas i ett blad som läses upp när gruppen träffas.",
)


def _grown(how: str) -> str:
    return " ".join([how, *_MORE])


@file(
    "utskrift_fran_webblasare.pdf",
    "a page printed by a browser, rows broken over pages",
    plan(
        "Handlingsplan Sammanhållen hemgång Lyshult 2026",
        *(
            one(what, [who], last, state=state, how=_grown(how))
            for what, who, last, _, state, _, how in _LONG
        ),
    ),
)
def _utskrift_fran_webblasare(path: Path) -> None:
    """Chromium's PDF; a thead that is repeated on each page; tall rows that break in the middle."""
    rows = "".join(
        f"<tr><td>{w}</td><td>{_grown(h)}</td><td>{who}</td><td>{said}</td><td>{s}</td></tr>"
        for w, who, _, said, _, s, h in _LONG
    )
    chromium(
        path,
        f"""<!doctype html><html lang="sv"><meta charset="utf-8"><style>
@page{{size:A4 landscape;margin:18mm}} body{{font:13px 'Liberation Sans'}} table{{border-collapse:collapse;width:100%}}
th,td{{border:1px solid #444;padding:6px;vertical-align:top;text-align:left}} td:nth-child(2){{width:38%}}</style>
<h1>Handlingsplan Sammanhållen hemgång Lyshult 2026</h1><table><thead><tr><th>Aktivitet</th><th>Hur</th><th>Ansvarig</th>
<th>Klart</th><th>Status</th></tr></thead><tbody>{rows}</tbody></table></html>""",
    )


@file(
    "farglagd_utan_linjer.pdf",
    "a zebra table without lines, goals as coloured bands",
    plan(
        "Aktivitetsöversikt Ungas psykiska hälsa Fristorp 2026",
        one(
            "Elevhälsans öppna dörr",
            ["Skolkurator"],
            "2026-03-31",
            goal="Unga vet vart de vänder sig",
            state=ASK_DONE,
        ),
        one(
            "Chatt med ungdomsmottagningen",
            ["Barnmorska"],
            "2026-05-31",
            goal="Unga vet vart de vänder sig",
            state=ON_GOING,
        ),
        one(
            "Gemensam väntelista för samtal",
            ["Enhetschef första linjen"],
            "2026-08-31",
            goal="Hjälpen kommer i tid",
            state=NOT_BEGUN,
        ),
        one(
            "Sommarteam när skolan är stängd",
            ["Fältsekreterare"],
            "2026-06-15",
            goal="Hjälpen kommer i tid",
            state=ON_GOING,
        ),
    ),
)
def _farglagd_utan_linjer(path: Path) -> None:
    """Chromium's PDF; no lines at all, every other row grey; a band in one colour over all columns holds the goal."""

    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{x}</td>" for x in cells) + "</tr>"

    body = (
        "<tr class=b><td colspan=4>Mål: Unga vet vart de vänder sig</td></tr>"
        + row("Elevhälsans öppna dörr", "Skolkurator", "mars 2026", "Klar")
        + row("Chatt med ungdomsmottagningen", "Barnmorska", "maj 2026", "Pågår")
        + "<tr class=b><td colspan=4>Mål: Hjälpen kommer i tid</td></tr>"
        + row(
            "Gemensam väntelista för samtal",
            "Enhetschef första linjen",
            "augusti 2026",
            "Ej påbörjad",
        )
        + row("Sommarteam när skolan är stängd", "Fältsekreterare", "15 juni 2026", "Pågår")
    )
    chromium(
        path,
        f"""<!doctype html><html lang="sv"><meta charset="utf-8"><style>@page{{size:A4;margin:20mm}}
body{{font:13px 'Liberation Sans'}} *{{-webkit-print-color-adjust:exact}} table{{border-collapse:collapse;width:100%}}
th,td{{padding:8px 10px;text-align:left}} th{{background:#1f4e79;color:#fff}} tr:nth-child(even){{background:#eee}}
tr.b{{background:#bdd7ee!important;font-weight:bold}}</style>
<h1>Aktivitetsöversikt Ungas psykiska hälsa Fristorp 2026</h1><table><thead><tr><th>Aktivitet</th><th>Ansvarig</th>
<th>Klart</th><th>Läge</th></tr></thead><tbody>{body}</tbody></table></html>""",
    )


@file(
    "protokoll_med_atgarder.pdf",
    "minutes with actions under the paragraphs",
    plan(
        None,
        one("Räkna om väntelistan varje månad", ["Habiliteringsekonom"], "2026-04-15"),
        one("Bjud in skolans specialpedagoger", ["Sekreterare"], "2026-05-05"),
        one(
            "Pröva gemensamt hembesök i tre familjer",
            ["Teamledare", "Handläggare LSS"],
            "2026-10-01",
        ),
    ),
)
def _protokoll_med_atgarder(path: Path) -> None:
    """Minutes in running text; under three of the paragraphs a block 'Åtgärd:', 'Ansvarig:', 'Klart:'; no title asked for."""
    typeset(
        path,
        """
= Protokoll, samrådsgrupp Barn med funktionsnedsättning
Datum: 3 mars 2026. Plats: Stadshuset, rum Ekorren.

== § 1 Föregående protokoll
Protokollet från januari lades till handlingarna.

== § 2 Väntetider
Gruppen gick igenom väntetiderna. Siffrorna skiljer sig mellan huvudmännen.

*Åtgärd:* Räkna om väntelistan varje månad \\
*Ansvarig:* Habiliteringsekonom \\
*Klart:* 2026-04-15

== § 3 Skolans medverkan
Skolan saknas ofta vid samrådet.

*Åtgärd:* Bjud in skolans specialpedagoger \\
*Ansvarig:* Sekreterare \\
*Klart:* 5 maj 2026

== § 4 Hembesök
Två kommuner har goda erfarenheter av att komma tillsammans.

*Åtgärd:* Pröva gemensamt hembesök i tre familjer \\
*Ansvarig:* Teamledare och handläggare LSS \\
*Klart:* 1 oktober 2026

== § 5 Övrigt
Inget övrigt. Nästa möte hålls 12 maj 2026.
""",
    )
