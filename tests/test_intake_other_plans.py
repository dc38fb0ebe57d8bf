"""Plans in Word as other process leaders draw them: other shapes, the same kinds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import pytest

from intake.drafts import PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import drawn, read_blocks, understood

Read = Callable[..., PlanDraft]
TABLE = "Vad | Ansvarig | Klart\nKurs | AU | 2024"


@pytest.fixture
def plan(tmp_path: Path) -> Read:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""
    return partial(read_blocks, tmp_path)


# --- shapes of tables ---------------------------------------------------------------------------


def test_eight_columns_in_another_order_with_other_headings(plan: Read) -> None:
    heads = (
        "Prioriterat mål | Ansvarig | Aktivitet | Genomförande "
        "| Påbörjas | Klart senast | Mätetal | Läge"
    )
    draft = plan(
        "# Aktivitetsplan 2025 för NOSAM Barn och unga",
        "Fastställd av Samordningsgruppen 2024-12-10",
        f"""
        {heads}
        Barns hälsa | NOSAM Barn och unga | Stöd | Kurs | 2025-02-01 | 2025-11-30 | Antal | Pågår
        ^ | Skolsköterskorna | Första linjen | Kartlägga | mars 2025 | juni 2025 | Väntetid |
        """,
        "",
        f"""
        {heads}
        Barns hälsa | Elevhälsan i Lerum | Upptäckt | Screening i åk 4 | ht 2025 | 2025 | Andel |
        Delaktighet | Processledaren | Brukarråd | Träffar | januari | december | | Klar
        """,
    )
    assert (draft.year, draft.group) == (2025, "NOSAM Barn och unga")
    understood(
        draft.activities,
        """
        what          | goal        | responsible         | start      | deadline   | state
        Stöd          | Barns hälsa | NOSAM Barn och unga | 2025-02-01 | 2025-11-30 | pågående
        Första linjen | Barns hälsa | Skolsköterskorna    | 2025-03-01 | 2025-06-30 | föreslagen
        Upptäckt      | Barns hälsa | Elevhälsan i Lerum  | 2025-08-01 | 2025-12-31 | föreslagen
        Brukarråd     | Delaktighet | Processledaren      | 2025-01-01 | 2025-12-31 | föreslagen
        """,
    )
    understood(draft.activities[1:2], "how | follow_up\nKartlägga | Väntetid")
    assert draft.skipped == []


def test_four_columns_under_title_rows_with_days_in_running_text(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025 NOSAM Centrum",
        """
        Fokusområde: Trygg utskrivning | < | < | <
        Delmål | Aktivitet/Vad? | Tillvägagångssätt/Hur? | Uppföljning/Utfall
        TG Äldre: Färre fall | Plan | Arbetsgrupp startar upp under andra kvartalet 2025. | Ja
        ^ | Genomgångar | Klart senast 31 oktober 2025. |
        Fokusområde: Hälsa | < | < | <
        TG Rehab/Hab: Rörelse | Fallskola | Dialog förs på NOSAM i september. | Tas upp på NOSAM.
        TG Psykiatri¶Suicid | Kurser | Hålls av Temagrupp Psykiatri i mars och oktober. |
        """,
    )
    understood(
        draft.activities,
        """
        what        | focus_area        | theme_group  | goal       | start      | deadline
        Plan        | Trygg utskrivning | TG Äldre     | Färre fall | 2025-04-01 |
        Genomgångar | Trygg utskrivning | TG Äldre     | Färre fall |            | 2025-10-31
        Fallskola   | Hälsa             | TG Rehab/Hab | Rörelse    |            | 2025-09-30
        Kurser      | Hälsa             | TG Psykiatri | Suicid     |            | 2025-10-31
        """,
    )
    assert draft.activities[0].responsible == ("Arbetsgrupp",)
    assert draft.activities[3].responsible == ("Temagrupp Psykiatri",)


def test_headings_in_the_text_name_the_focus_area_of_the_table_below(plan: Read) -> None:
    draft = plan(
        "# Handlingsplan 2024",
        "# Fokusområde 1: Suicidprevention",
        "Delmål | Aktivitet | Hur | Uppföljning\nFler utbildade | MHFA | Instruktörer | Antal",
        "",
        "# Fokusområde 2: Äldres hälsa",
        "Delmål | Aktivitet | Hur | Uppföljning\nFärre fall | Hembesök | Besök | Antal",
    )
    understood(
        draft.activities,
        """
        what     | focus_area       | goal
        MHFA     | Suicidprevention | Fler utbildade
        Hembesök | Äldres hälsa     | Färre fall
        """,
    )


def test_what_is_written_of_the_file_over_the_table_is_no_focus_area(plan: Read) -> None:
    draft = plan(
        "Verksamhetsplan 2025 – Temagrupp Äldre",
        "Beslutad av samordningsgruppen 2024-11-28, reviderad 2025-02-01",
        TABLE,
        "Utkast, Lena Ek, processledare",
        TABLE,
    )
    assert (draft.adopted_on, draft.last_changed_on) != (None, None)
    assert draft.goals == []
    understood(draft.activities, "what | goal | focus_area\nKurs | |\nKurs | |")
    draft = plan("Plan 2024", "# Dokumentation i samverkan", TABLE, "# Kontaktvägar", TABLE)
    understood(draft.activities, "focus_area\nDokumentation i samverkan\nKontaktvägar")


def test_the_title_may_stand_in_the_page_head_alone(plan: Read, tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Aktivitetsplan 2024 NOSAM Lerum"
    table = document.add_table(2, 3)
    for at, row in enumerate(drawn(TABLE)):
        for column, words in enumerate(row):
            table.cell(at, column).text = words
    path = tmp_path / "namnlös.docx"
    document.save(str(path))
    draft = read_plan(path)
    assert (draft.title, draft.group) == ("Aktivitetsplan 2024 NOSAM Lerum", "NOSAM Lerum")


def test_a_heading_over_two_headings(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        """
        Mål          | Aktivitet   | Ansvarig    | Tid       | <        | Uppföljning   | <
        ^            | ^           | ^           | Start     | Slut     | Mätetal       | Utfall
        Öka tilliten | Studiebesök | AU          | feb 2024  | maj 2024 | Antal besök   | Fyra besök
        ^            | Enkät       | NOSAM Lerum | sept 2024 | okt 2024 | Svarsfrekvens |
        """,
    )
    understood(
        draft.activities,
        """
        what        | goal         | responsible | start      | deadline   | follow_up
        Studiebesök | Öka tilliten | AU          | 2024-02-01 | 2024-05-31 | Antal besök¶Fyra besök
        Enkät       | Öka tilliten | NOSAM Lerum | 2024-09-01 | 2024-10-31 | Svarsfrekvens
        """,
    )


@pytest.mark.parametrize(
    "heads",
    [
        "Vad | Ansvarig | Q1 | Q2 | Q3 | Q4",
        "Vad | Ansvarig | Kvartal 1 | Kvartal 2 | Kvartal 3 | Kvartal 4",
        "Vad | Ansvarig | Tidplan | < | < | <\n^ | ^ | Kv 1 | Kv 2 | Kv 3 | Kv 4",
    ],
)
def test_a_column_for_each_quarter_with_marks(plan: Read, heads: str) -> None:
    rows = "A | AU | x | | |\nB | AU | | X | X |\nC | AU | | | Kurs hålls | x"
    understood(
        plan("Plan 2024", f"{heads}\n{rows}").activities,
        """
        what | responsible | start      | deadline
        A    | AU          |            | 2024-03-31
        B    | AU          | 2024-04-01 | 2024-09-30
        C    | AU          | 2024-07-01 | 2024-12-31
        """,
    )


def test_headings_in_capitals_with_hyphens_and_colons(plan: Read) -> None:
    draft = plan(
        "AKTIVITETSPLAN 2024",
        """
        MÅL: | AKTI\u00adVITET | AN-↵SVARIG | START\u00a0DATUM | SLUT-DATUM | UPP-FÖLJNING: | STATUS
        Öka  | Studie\u00adbesök | Process-↵ledare | feb\u00a02024 | maj↵2024 | Antal | PÅGÅR
        """,
    )
    understood(
        draft.activities,
        """
        what        | goal | responsible   | start      | deadline   | follow_up | state
        Studiebesök | Öka  | Processledare | 2024-02-01 | 2024-05-31 | Antal     | pågående
        """,
    )
    assert draft.activities[0].deadline.text == "maj 2024"


def test_questions_for_headings(plan: Read) -> None:
    draft = plan(
        "Plan 2025",
        """
        Vad vill vi uppnå? | Vad ska göras? | Hur gör vi? | Vem? | Klart när? | Hur vet vi det?
        Färre fall | Fallskola | Kurs | Rehab Lerum | 1/6 | Enkät
        """,
    )
    understood(
        draft.activities,
        """
        what      | goal       | how  | responsible | deadline   | follow_up
        Fallskola | Färre fall | Kurs | Rehab Lerum | 2025-06-01 | Enkät
        """,
    )


def test_running_numbers_empty_rows_and_a_row_with_only_a_goal(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        """
        Nr  | Mål          | Aktivitet   | Ansvarig    | Klart senast
        1   | Öka tilliten |             |             |
        1.1 |              | Studiebesök | AU          | maj 2024
        1.2 |              | Chefsdialog | AU          | -
            |              |             |             |
        2   | Färre fall   |             |             |
        2.1 |              | Hembesök    | NOSAM Äldre | 2024
        """,
    )
    understood(
        draft.activities,
        """
        what        | goal         | responsible | deadline
        Studiebesök | Öka tilliten | AU          | 2024-05-31
        Chefsdialog | Öka tilliten | AU          |
        Hembesök    | Färre fall   | NOSAM Äldre | 2024-12-31
        """,
    )
    assert "Inget slutdatum står i planen." in draft.activities[1].doubts


@pytest.mark.parametrize("mark", ["”", "-”-", '"', "d:o", "Dito", "se ovan"])
def test_ditto_marks_repeat_the_cell_above(plan: Read, mark: str) -> None:
    draft = plan("Plan 2024", f"Vad | Ansvarig | Klart\nA | AU | maj 2024\nB | {mark} | {mark}")
    understood(
        draft.activities,
        "what | responsible | deadline\nA | AU | 2024-05-31\nB | AU | 2024-05-31",
    )


@pytest.mark.parametrize("pairs", [False, True])
def test_a_card_for_each_activity(plan: Read, pairs: bool) -> None:
    def card(what: str, who: str, last: str) -> str:
        if pairs:
            return (
                f"Aktivitet: | {what} | Ansvarig: | {who}\nMål: | Tillit | Status: | Pågår\n"
                f"Start: | januari 2024 | Slut: | {last}\nBeskrivning: | Möten | < | <"
            )
        return (
            f"Aktivitet | {what}\nMål | Tillit\nGenomförande | Möten\nAnsvarig | {who}\n"
            f"Startdatum | januari 2024\nSlutdatum | {last}\nStatus | Pågår"
        )

    draft = plan("Plan 2024", card("Besök", "AU", "juni 2024"), "", card("Dialog", "PL", "2024"))
    understood(
        draft.activities,
        """
        what   | goal   | how   | responsible | start      | deadline   | state
        Besök  | Tillit | Möten | AU          | 2024-01-01 | 2024-06-30 | pågående
        Dialog | Tillit | Möten | PL          | 2024-01-01 | 2024-12-31 | pågående
        """,
    )


def test_tables_that_are_no_plans(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        "Version | Datum | Ändring | Utfärdad av\n1.0 | 2024-01-10 | Första utgåva | Lena A.",
        "Namn | Roll | Organisation\nEva Ek | ordförande | Lerums kommun",
        TABLE,
        "Förkortning | Betydelse\nSIP | Samordnad individuell plan\nAU | Arbetsutskott",
        "Mötesdatum | Tid | Plats\n2024-02-01 | 13–15 | Teams",
        "Datum | Aktivitet | Plats\n2024-02-01 | NOSAM-möte | Teams",
    )
    understood(draft.activities, "what\nKurs")
    assert len(draft.skipped) == 5, draft.skipped


# --- several in a row ---------------------------------------------------------------------------


def test_two_and_three_activities_in_one_row(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        """
        Vad | Hur | Ansvarig | Start | Slut | Uppföljning
        SIP | Chefer¶Alla¶Utvärdera | AU¶NOSAM¶PL | jan¶mars¶sept | feb¶juni¶dec | A¶B¶C
        MCP | Analys¶¶Åter | NOSAM Lerum¶¶NOSAM Alingsås | 2024¶¶2024 | juni¶¶dec | Protokoll
        """,
    )
    understood(
        draft.activities,
        """
        what | how       | responsible    | start      | deadline   | follow_up
        SIP  | Chefer    | AU             | 2024-01-01 | 2024-02-29 | A
        SIP  | Alla      | NOSAM          | 2024-03-01 | 2024-06-30 | B
        SIP  | Utvärdera | PL             | 2024-09-01 | 2024-12-31 | C
        MCP  | Analys    | NOSAM Lerum    | 2024-01-01 | 2024-06-30 | Protokoll
        MCP  | Åter      | NOSAM Alingsås | 2024-01-01 | 2024-12-31 |
        """,
    )


@pytest.mark.parametrize(
    "time", ["Start: feb 2024¶Slut: nov 2024", "Januari¶2024", "2024", "från februari¶till maj"]
)
def test_lines_are_one_activity_when_each_has_no_date_of_its_own(plan: Read, time: str) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        f"Vad | Hur | Ansvarig | Tid\nSIP | * Bjud in¶* Ta fram¶ | * AU¶* NOSAM Lerum | {time}",
    )
    understood(
        draft.activities, "what | how | responsible\nSIP | Bjud in¶Ta fram | AU + NOSAM Lerum"
    )
