"""Notes, letters and web pages that hold a plan: plain text, Markdown and HTML are read.

What stands in a list under labels is an activity, what a table holds its rows; what a page does not
show is not read, and what it lays out with a table is no table.
"""
# ruff: noqa: E501 - drawings of tables

import pytest

from intake.documents import Refusal
from intake.plans import PlanDraft, plan_in
from tests.plans_by_hand import understood


def text(words: str, name: str = "Mötet.txt", coding: str = "utf-8") -> PlanDraft:
    return plan_in(name, words.encode(coding))


WANTED = """
    what          | responsible | deadline   | state
    Ordna lokal   | Bob Ask     | 2026-05-20 | pågående
    Skicka brevet | Frida Lund  | 2026-10-09 | beslutad
"""


def test_dashes_with_labels_on_lines_of_their_own() -> None:
    draft = text(
        """
        Anteckningar 24 februari 2026

        - Ordna lokal
        Ansvarig: Bob Ask
        Klart: 20 maj 2026
        Läge: pågår

        - Skicka brevet
        Ansvarig: Frida Lund
        Klart: 9 oktober 2026
        Läge: ej påbörjad

        Nästa avstämning: 14 april
        """.replace("        ", "")
    )
    understood(draft.activities, WANTED)
    assert draft.activities[-1].follow_up == ""


def test_points_whose_words_go_on_over_two_lines() -> None:
    draft = text(
        "1. Ta fram en gemensam rutin för hemgång tillsammans med alla\n"
        "   vårdcentraler i området. Ansvarig: Bob Ask. Klart: 2026-05-20\n"
        "2. Skicka brevet. Ansvarig: Frida Lund. Klart: 2026-10-09\n"
    )
    assert [one.what for one in draft.activities] == [
        "Ta fram en gemensam rutin för hemgång tillsammans med alla vårdcentraler i området",
        "Skicka brevet",
    ]


def test_a_letter_that_is_answered_has_its_marks_taken_off() -> None:
    draft = text("> - Ordna lokal. Ansvarig: Bob Ask. Klart: 2026-05-20\n> \n> Hälsningar Alice\n")
    assert draft.activities[0].what == "Ordna lokal"


@pytest.mark.parametrize("sign", ["\t", ";"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "cp1252"])
def test_a_text_file_cut_by_a_sign_is_a_list(sign: str, coding: str) -> None:
    rows = (
        ("Aktivitet", "Ansvarig", "Klart", "Läge"),
        ("Ordna lokal", "Bob Ask", "2026-05-20", "Pågår"),
        ("Skicka brevet", "Frida Lund", "2026-10-09", "Ej påbörjad"),
    )
    understood(text("\r\n".join(map(sign.join, rows)), coding=coding).activities, WANTED)


def test_a_table_with_tabs_in_the_middle_of_a_letter() -> None:
    draft = text(
        "Hej!\nHär är listan.\n\nAktivitet\tAnsvarig\tKlart\tLäge\n"
        "Ordna lokal\tBob Ask\t2026-05-20\tPågår\nSkicka brevet\tFrida Lund\t2026-10-09\tEj påbörjad\n"
        "\nHälsningar Alice\n"
    )
    understood(draft.activities, WANTED)


def test_markdown_with_a_table_without_outer_strokes_under_each_goal() -> None:
    draft = text(
        """
# Handlingsplan 2026
## Mål 1: Alla hittar rätt
Aktivitet | Ansvarig | Klart | Läge
--- | --- | ---: | ---
**Ordna lokal** | Bob Ask | 2026-05-20 | Pågår

Mål 2: Alla förstår
-------------------
| Aktivitet | Ansvarig | Klart | Läge |
|---|---|---|---|
| Skicka ~~kortet~~ [brevet](https://example.org) | Frida Lund | 2026-10-09 | Ej påbörjad |
""",
        "plan.md",
    )
    understood(draft.activities, WANTED)
    assert draft.title == "Handlingsplan 2026"
    assert [one.goal for one in draft.activities] == ["Alla hittar rätt", "Alla förstår"]


def test_markdown_with_boxes_to_tick() -> None:
    draft = text(
        "# Plan 2026\n\n- [ ] Ordna lokal. Ansvarig: Bob Ask. Klart: 2026-05-20\n"
        "- [x] Skicka brevet. Ansvarig: Frida Lund. Klart: 2026-10-09\n",
        "plan.md",
    )
    assert [one.status_words for one in draft.activities] == ["", "Klar"]


def test_notes_without_an_activity_are_refused_in_words() -> None:
    with pytest.raises(Refusal, match="has no table with headings"):
        text("Vi träffades och drack kaffe.\nDet var trevligt.\n")


HEADS = "<tr><th>Aktivitet<th>Ansvarig<th>Klart<th>Läge</tr>"


def test_a_web_page_with_a_table_in_the_table_that_lays_it_out() -> None:
    draft = text(
        f"""<html><head><title>Handlingsplan 2026</title><style>p {{color: red}}</style></head>
        <body><table><tr><td><p>Hej!<p>Här är listan.
        <table border=1>{HEADS}
        <tr><td>Ordna lokal<td>Bob&nbsp;Ask<td>2026-05-20<td><b>Pågår</b></tr>
        <tr style="display:none"><td>Gammalt<td>Ingen<td>2020-01-01<td>Klar</tr>
        <tr><td>Skicka <s>kortet</s> brevet<td>Frida Lund<td>2026-10-09<td>Ej påbörjad</tr>
        </table></td></tr></table><script>alert("Aktivitet")</script></body></html>""",
        "sida.html",
    )
    understood(draft.activities, WANTED)
    assert draft.title == "Handlingsplan 2026"


def test_a_web_page_with_cells_over_several_rows_and_columns() -> None:
    draft = text(
        f"""<table><tr><th colspan=5>Handlingsplan 2026</tr>
        {HEADS.replace("<tr>", "<tr><th>Mål")}
        <tr><td rowspan=2>Alla hittar rätt<td>Ordna lokal<td>Bob Ask<td>2026-05-20<td>Pågår</tr>
        <tr><td>Skicka brevet<td>Frida Lund<td>2026-10-09<td>Ej påbörjad</tr></table>""",
        "sida.htm",
    )
    understood(draft.activities, WANTED)
    assert {one.goal for one in draft.activities} == {"Alla hittar rätt"}


def test_a_web_page_in_the_coding_that_it_names() -> None:
    page = (
        "<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><table>"
        f"{HEADS}<tr><td>Åka buss<td>Åsa Öst<td>2026-05-20<td>Pågår</table>"
    )
    draft = text(page, "sida.htm", "cp1252")
    assert (draft.activities[0].what, draft.activities[0].responsible) == ("Åka buss", ("Åsa Öst",))


def test_a_letter_with_points_and_labels_under_them() -> None:
    draft = text(
        """<div>Hej!</div><ul><li>Ordna lokal<div>Ansvarig: Bob Ask</div><div>Klart: 20 maj 2026</div>
        <div>Läge: pågår</div></li><li><p>Skicka brevet</p><ul><li>Ansvarig: Frida Lund<li>Klart: 2026-10-09
        <li>Läge: ej påbörjad</ul></li></ul><p>Hälsningar</p>""",
        "brev.html",
    )
    understood(draft.activities, WANTED)


def test_colours_of_a_web_page_are_told_by_their_legend() -> None:
    draft = text(
        f"""<p>Grön = klart, gul = pågår</p><table>{HEADS}
        <tr><td>Ordna lokal<td>Bob Ask<td>2026-05-20<td bgcolor="#ffc000"></tr>
        <tr><td>Boka buss<td>Bob Ask<td>2026-05-20<td style="background:rgb(0,176,80)"></tr></table>""",
        "sida.html",
    )
    assert [one.status_words for one in draft.activities] == ["pågår", "klart"]


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 20_000,
        b"<table><tr><td>" * 3_000 + b"Aktivitet",
        b"<table><tr><td colspan=99999 rowspan=99999>Aktivitet<td>Ansvarig</table>",
        b"PK\x03\x04 no page",
        b"\xff\xfe\x00",
    ],
)
def test_a_page_that_is_none_is_refused(page: bytes) -> None:
    with pytest.raises(Refusal):
        plan_in("sida.html", page)
