"""Plans as printed pages and slides."""

from typing import Any

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, printed
from tests.corpus.unseen.kit import rows, slides

NOT_BEGUN = ["beslutad", "föreslagen"]

_LONG = (
    ("Gemensam telefonlinje för vårdpersonal", "Samordningschef", "2026-03-31"),
    ("Fast läkare på varje boende", "Primärvårdsdirektör", "2026-05-31"),
    ("Vårdplaner skrivs tillsammans med anhöriga", "Biståndschef", "2026-06-30"),
    ("Nattpatrull med sjuksköterska", "Nattchef", "2026-09-30"),
    ("Utbildning i demensvård för vikarier", "Silviasyster", "2026-10-31"),
    ("Uppföljning av återinläggningar varje månad", "Controller", "2026-12-31"),
    ("Brukarråd läser alla nya rutiner", "Brukarombud", "2027-01-31"),
)
_FILLING = "Arbetet sker i samråd mellan huvudmännen och redovisas på varje möte i gruppen. " * 7
_SAID = ("mars 2026", "maj 2026", "juni 2026", "september 2026", "oktober 2026", "december 2026",
         "januari 2027")  # fmt: skip


def _wide() -> str:
    made = (
        "#set page(flipped: true)\n= Handlingsplan Sammanhållen demensvård Ulvsund 2026\n#table(\n"
        "columns: (7cm, 9cm, 4.5cm, 3.5cm),\n"
        "table.header([*Aktivitet*], [*Så gör vi*], [*Ansvarig*], [*Klart*]),\n"
    )
    for (what, who, _), said in zip(_LONG, _SAID, strict=True):
        made += f"[{what}], [{_FILLING}], [{who}], [{said}],\n"
    return made + ")\n"


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "liggande_tre_sidor.pdf": (
        "a continued table over pages",
        plan(
            "Handlingsplan Sammanhållen demensvård Ulvsund 2026",
            *(one(what, [who], last, how=_FILLING.strip()) for what, who, last in _LONG),
        ),
        printed(_wide()),
    ),
    "fotnoter.pdf": (
        "footnotes",
        plan(
            "Åtgärdsplan Barn i samhällsvård 2026",
            one("Hälsoundersökning inom fyra veckor", ["Barnhälsovårdsöverläkare"], "2026-05-31",
                state="pågående"),
            one("Skolfam i fler kommuner", ["Skolpsykolog"], "2026-08-31", state=NOT_BEGUN),
            one("Tandvårdskort till familjehem", ["Tandvårdsstrateg"], "2026-11-30",
                state=NOT_BEGUN),
        ),
        printed(
            "= Åtgärdsplan Barn i samhällsvård 2026\n"
            "#table(columns: (6cm, 4.5cm, 3.5cm, 3cm),\n"
            "[*Åtgärd*], [*Ansvarig*], [*Klart*], [*Status*],\n"
            "[Hälsoundersökning inom fyra veckor], [Barnhälsovårdsöverläkare],"
            " [maj 2026#footnote[Förutsätter att läkartid finns.]], [Pågår],\n"
            "[Skolfam i fler kommuner], [Skolpsykolog],"
            " [augusti 2026#footnote[Beslut i nämnden väntas i april.]], [Ej påbörjad],\n"
            "[Tandvårdskort till familjehem], [Tandvårdsstrateg], [november 2026], [Ej påbörjad],\n)\n"
        ),
    ),
    "rubriker_och_stycken.pdf": (
        "lines with labels",
        plan(
            "Utvecklingsplan Nära vård Sjöhult 2026",
            one("Öppna jour för egenremiss", ["Verksamhetschef"], "2026-04-30",
                goal="Lätt att komma i kontakt", state="pågående"),
            one("Samma telefontid i hela kommunen", ["Vårdenhetschef", "Växelansvarig"],
                "2026-09-01", goal="Lätt att komma i kontakt", state=NOT_BEGUN),
            one("Fast vårdkontakt till alla över 80", ["Områdeschef"], "2026-12-31",
                goal="Kontinuitet", state=NOT_BEGUN),
        ),
        printed(
            "= Utvecklingsplan Nära vård Sjöhult 2026\n"
            "== Mål: Lätt att komma i kontakt\n"
            "*Aktivitet:* Öppna jour för egenremiss \\ *Ansvarig:* Verksamhetschef \\"
            " *Klart:* april 2026 \\ *Status:* Pågår\n\n"
            "*Aktivitet:* Samma telefontid i hela kommunen \\ *Ansvarig:* Vårdenhetschef och"
            " växelansvarig \\ *Klart:* 1 september 2026 \\ *Status:* Ej påbörjad\n\n"
            "== Mål: Kontinuitet\n"
            "*Aktivitet:* Fast vårdkontakt till alla över 80 \\ *Ansvarig:* Områdeschef \\"
            " *Klart:* 31 december 2026 \\ *Status:* Ej påbörjad\n"
        ),
    ),
    "bild_med_emoji.pptx": (
        "status by emoji",
        plan(
            "Lägesbild Vårdsamverkan Gränna skog 2026",
            one("Gemensam larmpärm", ["Säkerhetssamordnare"], "2026-03-20", state=ASK_DONE),
            one("Läkarmedverkan på SÄBO", ["Vårdcentralschef"], "2026-06-30", state="pågående"),
            one("Nytt avtal om hjälpmedel", ["Avtalsstrateg"], "2026-12-31", state=NOT_BEGUN),
        ),
        slides(
            ("Lägesbild Vårdsamverkan Gränna skog 2026", ("Styrgruppen 12 maj",)),
            ("Var står vi?", rows("""Aktivitet | Ansvarig | Slutdatum | Status
                Gemensam larmpärm | Säkerhetssamordnare | 2026-03-20 | ✅ Klar
                Läkarmedverkan på SÄBO | Vårdcentralschef | 2026-06-30 | 🔄 Pågår
                Nytt avtal om hjälpmedel | Avtalsstrateg | 2026-12-31 | ⏳ Ej påbörjad""")),
            ("Tack!", ("Frågor tas av kansliet",)),
        ),
    ),
    "punkter_pa_bilder.pptx": (
        "bullets on slides",
        {"activities": [
            one("Cirkelledare utbildas", ["Studieförbundet"], "2026-05-31",
                goal="Fler rör på sig"),
            one("Vandringsleder med bänkar", ["Parkchef"], "2026-08-31", goal="Fler rör på sig"),
            one("Lunchklubb på skolan", ["Måltidschef"], "2026-11-30", goal="Färre äter ensamma"),
        ]},
        slides(
            ("Mål 1: Fler rör på sig", (
                "Cirkelledare utbildas (ansvarig: Studieförbundet, klart: maj 2026)",
                "Vandringsleder med bänkar (ansvarig: Parkchef, klart: augusti 2026)")),
            ("Mål 2: Färre äter ensamma", (
                "Lunchklubb på skolan (ansvarig: Måltidschef, klart: november 2026)",)),
        ),
    ),
}  # fmt: skip
