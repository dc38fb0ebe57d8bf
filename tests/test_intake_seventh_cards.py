"""Cards and forms that a seventh batch of others' files had, in other files of each kind.

A label over each value, headings over cards, labels beside their words on a page. Its text and
lists are in `test_intake_seventh_text.py`.
"""

import io
from pathlib import Path

import docx
import pytest
import typst

from intake.plans import PlanDraft, plan_in
from tests.plans_by_hand import Rows, drawn
from tests.test_intake_seventh_text import days, forms, states, whats, whos

# --- forms ----------------------------------------------------------------------------------------


def in_cells(what: str, between: str) -> Rows:
    """A label and what it says in each cell, with a paragraph or a colon between them."""
    lines = (
        f"Aktivitet:{what} | < | <",
        "Ansvarig:Bob Ask | Deltar:Frida Lund | Klart senast:2026-05-20",
        "Så gör vi:Ring först. | < | <",
        "Följs upp genom:Antal samtal | < | Status:Pågår",
    )
    return drawn("\n".join(lines).replace(":", between))


@pytest.mark.parametrize("between", ["¶", ":¶", ": "])
def test_a_form_has_its_labels_in_the_cells_that_they_name(between: str, tmp_path: Path) -> None:
    draft = forms(tmp_path, in_cells("Ordna lokal", between), in_cells("Boka buss", between))
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    (one, _) = draft.activities
    assert (one.responsible, one.taking_part) == (("Bob Ask",), ("Frida Lund",))
    assert (one.how, one.follow_up, one.state) == ("Ring först.", "Antal samtal", "pågående")
    assert days(draft) == ["2026-05-20"] * 2


def test_a_form_may_have_a_row_of_labels_over_each_row_of_words(tmp_path: Path) -> None:
    rows = drawn(
        """Aktivitetsblad | < | <
        Aktivitet | < | <
        Ordna lokal | < | <
        Ansvarig | Klart | Status
        Bob Ask | 2026-05-20 | Pågår
        Så gör vi | < | <
        Ring först. | < | <"""
    )
    draft = forms(tmp_path, rows)
    (one,) = draft.activities
    assert (one.what, one.how, one.goal, one.state) == (
        "Ordna lokal",
        "Ring först.",
        "",
        "pågående",
    )


def test_several_forms_in_one_table_are_several_activities(tmp_path: Path) -> None:
    rows = drawn(
        """Aktivitet¶Ordna lokal | <
        Ansvarig¶Bob Ask | Klart¶2026-05-20
        Aktivitet¶Boka buss | <
        Ansvarig¶Frida Lund | Klart¶"""
    )
    draft = forms(tmp_path, rows)
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert whos(draft) == [("Bob Ask",), ("Frida Lund",)]


def test_a_label_that_a_form_has_twice_keeps_both_its_words(tmp_path: Path) -> None:
    rows = drawn(
        """Aktivitet¶Ordna lokal | Ansvarig¶Bob Ask
        Klart¶2026-05-20 | Ansvarig¶Frida Lund"""
    )
    assert whos(forms(tmp_path, rows)) == [("Bob Ask", "Frida Lund")]


def test_headings_that_stand_again_over_each_row_make_no_form(tmp_path: Path) -> None:
    heads = "Aktivitet | Ansvarig | Klart"
    rows = f"{heads}\nOrdna lokal | Bob Ask | 2026-05-20\n{heads}\nBoka | Frida Lund | 2026-10-09"
    assert whats(forms(tmp_path, drawn(rows))) == ["Ordna lokal", "Boka"]


@pytest.mark.parametrize(
    ("section", "goal"),
    [("Mål 2: Frisk", "Frisk"), ("Gemensamma insatser", "Gemensamma insatser")],
)
def test_a_name_over_each_row_makes_no_form(section: str, goal: str, tmp_path: Path) -> None:
    rows = f"""Aktivitet | Ansvarig | Klart
        Ordna lokal | Bob Ask | 2026-05-20
        {section} | < | <
        Boka buss | Frida Lund | 2026-10-09"""
    draft = forms(tmp_path, drawn(rows))
    assert [(one.what, one.goal) for one in draft.activities] == [
        ("Ordna lokal", ""),
        ("Boka buss", goal),
    ]


# --- cards under headings -------------------------------------------------------------------------

CARD = "Mål | Alla hittar\nAnsvarig | Bob Ask\nKlart senast | 2026-05-20\nStatus | Pågår"


def test_a_heading_over_a_card_that_does_not_say_what_is_what_is_done(tmp_path: Path) -> None:
    draft = forms(
        tmp_path,
        "# Ordna lokal",
        drawn(CARD),
        "# Aktivitet 2: Skicka brevet",
        "Ett brev till alla över sjuttio år.",
        drawn(CARD),
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]
    assert [one.goal for one in draft.activities] == ["Alla hittar"] * 2
    assert draft.activities[1].how == "Ett brev till alla över sjuttio år."
    assert draft.rows.seen == 8


def test_a_table_of_facts_is_no_card(tmp_path: Path) -> None:
    facts = drawn("Ansvarig | Frida Lund\nGäller | 2026\nUppföljning | Varje år")
    plan = drawn("Aktivitet | Ansvarig | Klart\nOrdna lokal | Bob Ask | 2026-05-20")
    assert whats(forms(tmp_path, facts, plan)) == ["Ordna lokal"]
    assert whats(forms(tmp_path, "# Så styrs arbetet", facts, plan)) == ["Ordna lokal"]


def printed(source: str) -> PlanDraft:
    page = '#set text(lang: "sv", size: 11pt, hyphenate: false)\n'
    return plan_in("plan.pdf", typst.compile((page + source).encode()))


def test_labels_beside_their_words_on_a_page_are_a_card() -> None:
    def card(what: str, how: str) -> str:
        told = (
            ("Ansvarig", "Bob Ask"),
            ("Klart senast", "2026-05-20"),
            ("Så gör vi", how),
            ("Status", "Pågår"),
        )
        cells = "".join(f"[{one}], [{two}], " for one, two in told)
        return f"= {what}\n#grid(columns: (4cm, 7cm), row-gutter: 1em, {cells})\n"

    long = "Ring alla som har flyttat under året och fråga vad de saknar i vardagen."
    draft = printed(card("Ordna lokal", "Ring först.") + "#pagebreak()\n" + card("Boka buss", long))
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert [one.how for one in draft.activities] == ["Ring först.", long]
    assert states(draft) == ["pågående"] * 2


def test_a_soft_hyphen_within_a_word_on_a_page_is_not_read() -> None:
    cells = "[Aktivitet], [Ansvarig], [Klart], [Hjälp-?medel på prov], [Bob Ask], [2026-05-20], "
    draft = printed(f"#table(columns: (8cm, 4cm, 4cm), {cells})")
    assert whats(draft) == ["Hjälpmedel på prov"]


def test_several_cards_in_one_table_are_several_activities_however_many(tmp_path: Path) -> None:
    card = "Aktivitet | Ordna {}\nAnsvarig | Bob Ask\nKlart | 2026-05-20\nStatus | Pågår"
    rows = drawn("\n".join(card.format(number) for number in range(1, 13)))
    draft = forms(tmp_path, rows)
    assert whats(draft) == [f"Ordna {number}" for number in range(1, 13)]
    assert {one.state for one in draft.activities} == {"pågående"}
    assert draft.rows.seen == len(rows)


def test_a_heading_between_cards_of_one_page_is_the_next_ones() -> None:
    cells = (
        "[Ansvarig], [Bob Ask], [Klart], [2026-05-20], [Status], [Pågår], [Mål], [Alla hittar], "
    )
    card = f"#grid(columns: (4cm, 7cm), row-gutter: 1em, {cells})\n"
    draft = printed(f"= Plan 2026\n== Ordna lokal\n{card}== Boka buss\n{card}")
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert [one.goal for one in draft.activities] == ["Alla hittar"] * 2


LABELS = (
    ("Ansvarig", "Bob Ask"),
    ("Klart", "2026-05-20"),
    ("Status", "Pågår"),
    ("Så gör vi", "Ring"),
)


@pytest.mark.parametrize("between", ["\t", "\t\t", "      "])
def test_labels_and_tabs_under_headings_are_cards(between: str) -> None:
    made = docx.Document()
    made.add_heading("Handlingsplan 2026", 1)
    for what in ("Ordna lokal", "Boka buss"):
        made.add_heading(what, 2)
        for label, words in LABELS:
            made.add_paragraph(f"{label}{between}{words}")
    told = io.BytesIO()
    made.save(told)
    draft = plan_in("plan.docx", told.getvalue())
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert [one.how for one in draft.activities] == ["Ring", "Ring"]


def test_labels_in_line_with_what_they_say_in_plain_text() -> None:
    card = "\n".join(f"{label:<14}{words}" for label, words in LABELS)
    draft = plan_in(
        "plan.md", f"# Plan 2026\n\n## Ordna lokal\n\n{card}\n\n## Boka\n\n{card}".encode()
    )
    assert whats(draft) == ["Ordna lokal", "Boka"]
    assert states(draft) == ["pågående"] * 2


@pytest.mark.parametrize("colon", ["", ":"])
def test_labels_over_what_they_say_line_by_line_are_cards_when_they_come_again(
    colon: str, tmp_path: Path
) -> None:
    lines: list[str | Rows] = []
    for what in ("Ordna lokal", "Boka buss"):
        lines.append(f"# {what}")
        for label, words in LABELS:
            lines += [f"{label}:" if colon else f"# {label}", words]
    draft = forms(tmp_path, *lines)
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert whos(draft) == [("Bob Ask",)] * 2
    assert states(draft) == ["pågående"] * 2


def test_headings_of_a_text_that_are_said_once_stay_headings(tmp_path: Path) -> None:
    plan = drawn("Aktivitet | Ansvarig | Klart\nOrdna lokal | Bob Ask | 2026-05-20")
    draft = forms(
        tmp_path, "# Syfte", "Alla ska hitta.", "# Ansvar", "Styrgruppen.", "# Tid", "2026", plan
    )
    assert whats(draft) == ["Ordna lokal"]
    assert draft.purpose == "Alla ska hitta."
