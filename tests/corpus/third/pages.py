"""Plans as text, slides and printed pages, and a list of people."""

from pathlib import Path
from typing import Any

import docx

from tests.corpus.draw import ASK_DONE, Drawing, one, plan, printed
from tests.corpus.unseen.kit import boxed, document, open_text, rows, slides, table

_CARDS = (
    ("Gemensam mottagning för smärta", "Smärtläkare", "30 september 2026", "Antal bedömda"),
    ("Digital egenvårdsguide", "Utvecklingsledare", "mars 2027", "Antal besök på sidan"),
)

_BREAK = """= Handlingsplan trygg hemgång Granbygden 2026
#table(
  columns: (3.2cm, 6cm, 3.4cm, 3cm),
  table.header([*Inriktning*], [*Insats*], [*Ansvarig roll*], [*Färdigt*]),
  table.cell(rowspan: 9)[Hemgång utan glapp],
"""
_STEPS = [
    (f"Insats {at} för tryggare hemgång", who, said, last)
    for at, (who, said, last) in enumerate(
        [
            ("Biståndschef", "mars 2026", "2026-03-31"),
            ("Vårdsamordnare", "juni 2026", "2026-06-30"),
            ("Rehabchef", "oktober 2026", "2026-10-31"),
        ]
        * 6,
        1,
    )
]
_WORDS = (
    "Vi går igenom vad som händer den första veckan hemma och skriver ned vem som gör vad. " * 4
)


def _pages() -> str:
    made = _BREAK
    for at, (what, who, said, _) in enumerate(_STEPS):
        if at == 9:
            made += "  table.cell(rowspan: 9)[Anhöriga får stöd],\n"
        made += f"  [{what}. {_WORDS}], [{who}], [{said}],\n"
    return made + ")\n"


def _cards(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Åtgärdsplan långvarig smärta 2026–2027", 1)
    for what, who, last, measure in _CARDS:
        table(
            made,
            [
                ["Insats", what],
                ["Kontaktperson", who],
                ["När", last],
                ["Hur vet vi att det blev bra?", measure],
            ],
        )
        made.add_paragraph()
    made.save(str(path))


def _beside(path: Path) -> None:
    made = docx.Document()
    made.add_heading("Aktivitetsplan nära vård Myrlanda 2026", 1)
    boxed(made, "Planen gäller alla tre vårdcentralerna.", "Frågor besvaras av kansliet.")
    table(
        made,
        rows("""Aktivitet | Ansvarig | Klart
            Öppna drop-in för blodtryck | Vårdcentralschef | 2026-05-29
            Hembesök efter fall | Arbetsterapeut | 2026-10-16"""),
    )
    boxed(made, "Kom ihåg: statsbidraget söks senast i augusti.")
    made.save(str(path))


FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    "risker_forst.docx": (
        "another table before the plan",
        plan(
            "Handlingsplan samsjuklighet Fjällnära 2026",
            one("Gemensam intagningskonferens", ["Enhetschef beroende"], "2026-03-31", goal="Hålla ihop vården"),
            one("Boendestöd samma dag", ["Boendechef"], "2026-09-30", goal="Hålla ihop vården"),
            one("Utbildning i motiverande samtal", ["Metodstödjare"], "2026-11-30", goal="Kunna mer"),
        )
        | {"left_out": ["Personal slutar", "Lokalen blir inte klar"]},
        document(
            "# Handlingsplan samsjuklighet Fjällnära 2026",
            "## Risker som vi har sett",
            rows("""Risk | Sannolikhet | Konsekvens | Åtgärd | Ansvarig
                Personal slutar | 3 | 4 | Dela på uppgifterna | Enhetschef beroende
                Lokalen blir inte klar | 2 | 3 | Hyra tillfälligt | Boendechef"""),
            "## Det här gör vi",
            rows("""Mål | Insats | Ansvarig | När är det klart?
                Hålla ihop vården | Gemensam intagningskonferens | Enhetschef beroende | mars 2026
                Hålla ihop vården | Boendestöd samma dag | Boendechef | september 2026
                Kunna mer | Utbildning i motiverande samtal | Metodstödjare | november 2026"""),
        ),
    ),
    "mal_som_punkter.docx": (
        "nested bullets",
        plan(
            "Plan för trygg utskrivning 2026",
            one("Ringa upp inom tre dagar", ["Vårdsamordnare"], "2026-05-31", goal="Ingen ska falla mellan stolarna"),
            one("Läkemedelslista i brevlådan", ["Apotekare"], "2026-08-31", goal="Ingen ska falla mellan stolarna"),
            one("Gemensam introduktion", ["HR-chef"], "2026-10-31", goal="Personalen vet vem som gör vad"),
        ),
        document(
            "# Plan för trygg utskrivning 2026",
            "- Ingen ska falla mellan stolarna",
            "-- Ringa upp inom tre dagar. Ansvarig: Vårdsamordnare. Klart: maj 2026",
            "-- Läkemedelslista i brevlådan. Ansvarig: Apotekare. Klart: augusti 2026",
            "- Personalen vet vem som gör vad",
            "-- Gemensam introduktion. Ansvarig: HR-chef. Klart: oktober 2026",
        ),
    ),
    "rutor_bredvid.docx": (
        "words in text boxes",
        plan(
            "Aktivitetsplan nära vård Myrlanda 2026",
            one("Öppna drop-in för blodtryck", ["Vårdcentralschef"], "2026-05-29"),
            one("Hembesök efter fall", ["Arbetsterapeut"], "2026-10-16"),
        )
        | {"left_out": ["Planen gäller alla tre", "Kom ihåg: statsbidraget"]},
        _beside,
    ),
    "kort_med_fragor.docx": (
        "cards",
        plan(
            "Åtgärdsplan långvarig smärta 2026–2027",
            one(_CARDS[0][0], ["Smärtläkare"], "2026-09-30", follow_up="Antal bedömda"),
            one(_CARDS[1][0], ["Utvecklingsledare"], "2027-03-31", follow_up="Antal besök på sidan"),
        ),
        _cards,
    ),
    "ar_i_rubriken.docx": (
        "a year in the heading over a table",
        plan(
            "Genomförandeplan digital samverkan",
            one("Pröva delad vårdplan", ["Objektägare"], "2026-05-31", state="pågående"),
            one("Utbilda superanvändare", ["Verksamhetsutvecklare"], "2026-11-15", state="beslutad"),
            one("Bredda till alla enheter", ["Objektägare"], "2027-03-31", state="beslutad"),
            one("Avveckla faxen", ["IT-chef"], "2027-10-01", state="beslutad"),
        ),
        document(
            "# Genomförandeplan digital samverkan",
            "## Det här gör vi 2026",
            rows("""Insats | Vem leder? | Klar | Läge
                Pröva delad vårdplan | Objektägare | maj | Igång
                Utbilda superanvändare | Verksamhetsutvecklare | 15 november | Inte startad"""),
            "## Det här gör vi 2027",
            rows("""Insats | Vem leder? | Klar | Läge
                Bredda till alla enheter | Objektägare | mars | Inte startad
                Avveckla faxen | IT-chef | 1 oktober | Inte startad"""),
        ),
    ),
    "sidbrytning_mal.pdf": (
        "a page break in a PDF",
        plan(
            "Handlingsplan trygg hemgång Granbygden 2026",
            *(
                one(what, [who], last, goal="Hemgång utan glapp" if at < 9 else "Anhöriga får stöd")
                for at, (what, who, _, last) in enumerate(_STEPS)
            ),
        ),
        printed(_pages()),
    ),
    "stycken.pdf": (
        "lines with labels",
        plan(
            "Handlingsplan barn som anhöriga 2026",
            one("Ta fram ett stödmaterial", ["Barnombud"], "2026-06-15"),
            one("Starta en samtalsgrupp", ["Kurator", "Diakon"], "2026-09-30"),
        ),
        printed(
            "= Handlingsplan barn som anhöriga 2026\nPlanen antogs av ledningsgruppen 2026-01-22.\n\n"
            "== Aktivitet 1: Ta fram ett stödmaterial\nAnsvarig: Barnombud\n\nTidpunkt: senast 15 juni 2026\n\n"
            "== Aktivitet 2: Starta en samtalsgrupp\nAnsvarig: Kurator och diakon\n\n"
            "Tidpunkt: september 2026\n"
        ),
    ),
    "rutor_att_kryssa.odt": (
        "check list",
        plan(
            "Att göra inför samlokaliseringen 2026",
            one("Skriv hyresavtal", ["Fastighetsstrateg"], "2026-02-27", goal="Lokaler", state=ASK_DONE),
            one("Beställ skyltar", ["Kommunikatör"], "2026-04-17", goal="Lokaler", state="föreslagen"),
            one("Bjud in till öppet hus", ["Kommunikatör"], "2026-09-04", goal="Invigning", state="föreslagen"),
        ),
        open_text(
            "# Att göra inför samlokaliseringen 2026",
            "## Lokaler",
            "☒ Skriv hyresavtal (Fastighetsstrateg, klart 27 februari 2026)",
            "☐ Beställ skyltar (Kommunikatör, klart 17 april 2026)",
            "## Invigning",
            "☐ Bjud in till öppet hus (Kommunikatör, klart 4 september 2026)",
        ),
    ),
    "tabell_over_bilder.pptx": (
        "a table over two slides",
        plan(
            "Samverkansplan äldres hälsa 2026",
            one("Träffpunkt på landsbygden", ["Föreningskonsulent"], "2026-04-30", state="pågående"),
            one("Matlag för ensamma", ["Dietist"], "2026-06-30", state="beslutad"),
            one("Syninstruktör i hemmet", ["Synpedagog"], "2026-11-30", state="beslutad"),
        )
        | {"left_out": ["Post"]},
        slides(
            ("Samverkansplan äldres hälsa 2026", ("Beredd av arbetsgruppen",)),
            ("Aktiviteter", rows("""Aktivitet | Ansvarig | Klart | Status
                Träffpunkt på landsbygden | Föreningskonsulent | april 2026 | Pågår
                Matlag för ensamma | Dietist | juni 2026 | Ej påbörjad""")),
            ("Aktiviteter, forts.", rows("""Aktivitet | Ansvarig | Klart | Status
                Syninstruktör i hemmet | Synpedagog | november 2026 | Ej påbörjad""")),
            ("Budget", rows("""Post | Belopp | Finansiär | Anm
                Lokalhyra | 120 000 | Kommunen | Per år
                Resor | 15 000 | Regionen | Per år""")),
        ),
    ),
    "mal_pa_bilder.pptx": (
        "bullets on slides",
        {"activities": [
            one("Morgonmöte varje tisdag", ["Avdelningschef"], "2026-03-31", goal="Vi vet vem som kommer hem"),
            one("Delad plantavla", ["Vårdplanerare"], "2026-05-31", goal="Vi vet vem som kommer hem"),
            one("Anhörigkväll", ["Anhörigkonsulent"], "2026-10-31", goal="Anhöriga vet vart de ringer"),
        ]},
        slides(
            ("Mål: Vi vet vem som kommer hem", (
                "Morgonmöte varje tisdag – Ansvarig: Avdelningschef – Klart: mars 2026",
                "Delad plantavla – Ansvarig: Vårdplanerare – Klart: maj 2026")),
            ("Mål: Anhöriga vet vart de ringer", (
                "Anhörigkväll – Ansvarig: Anhörigkonsulent – Klart: oktober 2026",)),
        ),
    ),
    "people_sandlista.docx": (
        "people: a table in Word",
        {"people": [["Alva Ek", "alva.ek@example.org"], ["Bo By", "bo.by@example.org"],
                    ["Cia Dal", "cia.dal@example.org"]],
         "left_out": ["Vakant"]},
        document(
            "# Sändlista beredningsgruppen",
            rows("""Organisation | Representant | Kontakt
                Norrås kommun | Alva Ek, enhetschef | alva.ek@example.org
                Region Norrås | Bo By, överläkare | Tfn 070-000 00 02, bo.by@example.org
                Norrås kommun | Vakant |
                Brukarråd | Cia Dal | cia.dal@example.org"""),
        ),
    ),
}  # fmt: skip
