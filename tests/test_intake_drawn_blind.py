"""Whole plans as other collaborations draw them: what is expected was written first.

Word, Excel, PDF and CSV, each of another shape; the cast is made up. One expectation was changed
after the first reading: a single period ("läsåret 2025/26") is a deadline without a start, as it is
in every other plan.
"""
# ruff: noqa: E501 - drawings of tables

from datetime import date
from pathlib import Path

from intake.drafts import Asks, PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import drawn, excel, pdf, understood, word


def kinds(draft: PlanDraft, number: int) -> set[str]:
    """What is asked about an activity, counted from 1."""
    return {doubt.kind.value for doubt in draft.activities[number - 1].questions}


def test_word_landscape_with_section_rows_and_numbered_activities(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "# Handlingsplan 2026 – Närvårdssamverkan Ekdal",
            "Antagen av samordningsgruppen 2025-12-04",
            drawn(
                """
                Nr | Åtgärd | Så gör vi | Ansvarig part/kontaktperson | Klart senast | Mått
                Fokusområde 1: Barn och unga | < | < | < | < | <
                1.1 | Föräldrastöd i förskolan | Kurs två kvällar | Ekdals kommun | kv 2 2026 | Antal kurser
                1.2 | Gemensam mottagning | Lokal och bemanning | Alice Ek, enhetschef | 2026-11-15 | Väntetid
                Fokusområde 2: Äldre | < | < | < | < | <
                2.1 | Läkemedelsgenomgångar | Varje vårdcentral | NOSAM Alm | ht 2026 |
                """
            ),
        )
    )
    assert (draft.year, draft.adopted_on) == (2026, date(2025, 12, 4))
    understood(
        draft.activities,
        """
        what                     | focus_area    | responsible           | deadline   | follow_up
        Föräldrastöd i förskolan | Barn och unga | Ekdals kommun         | 2026-06-30 | Antal kurser
        Gemensam mottagning      | Barn och unga | Alice Ek, enhetschef  | 2026-11-15 | Väntetid
        Läkemedelsgenomgångar    | Äldre         | NOSAM Alm             | 2026-12-31 |
        """,
    )


def test_excel_with_months_terms_a_total_a_footnote_and_hidden_sheets(tmp_path: Path) -> None:
    draft = read_plan(
        excel(
            tmp_path / "Genomförandeplan 2026.xlsx",
            {
                "Läs mig": [["Fyll i en rad för varje insats."]],
                "Insatser": [
                    ["Genomförandeplan 2026", None, None, None, None],
                    ["Temagrupp Äldre", None, None, None, None],
                    [None, None, None, None, None],
                    ["Insats", "Vem gör?", "Påbörjas", "Slutförs", "Kostnad (tkr)"],
                    ["Fallprevention", "Rehab Alm", (date(2026, 2, 1), "mmm-yy"), "vt 2026", 120],
                    [
                        "Trygg hemgång",
                        "Bob Ask",
                        (date(2026, 9, 1), "mmm-yy"),
                        (date(2026, 10, 31), "yyyy-mm-dd"),
                        80,
                    ],
                    ["Anhörigcafé", None, 2026, "löpande", None],
                    ["Summa", None, None, None, 200],
                    ["* Kostnaden delas lika.", None, None, None, None],
                ],
                "Gammal": [["Insats", "Vem gör?"], ["Utgår", "Ingen"]],
            },
            hidden=["Gammal"],
        )
    )
    understood(
        draft.activities,
        """
        what           | responsible | start      | deadline   | funding
        Fallprevention | Rehab Alm   | 2026-02-01 | 2026-06-30 | 120
        Trygg hemgång  | Bob Ask     | 2026-09-01 | 2026-10-31 | 80
        Anhörigcafé    |             | 2026-01-01 | open       |
        """,
    )
    assert draft.group == "Temagrupp Äldre"
    assert [one.money.amount for one in draft.activities] == [120_000, 80_000, None]
    assert any("dolt" in skipped.reason for skipped in draft.skipped)


def test_pdf_with_a_ruled_table_over_pages_and_narrow_columns(tmp_path: Path) -> None:
    rows = [["Mål", "Aktivitet", "Ansvarig", "Start", "Klart", "Uppföljning"]]
    for number in range(1, 31):
        rows.append(
            [
                f"Delmål {(number + 9) // 10}",
                f"Insats {number}: kartlägg behoven hos målgruppen tillsammans med brukarna och ta "
                "fram en gemensam rutin för hela närområdet",
                "Ordförande i NOSAM Alm",
                "jan 2026",
                "31 okt 2026",
                "Antal deltagare redovisas i årsrapporten",
            ]
        )
    draft = read_plan(
        pdf(
            tmp_path / "plan.pdf",
            "= Aktivitetsplan 2026 NOSAM Alm",
            rows,
            "Planen följs upp i mars.",
            page=", flipped: true, header: [Vårdsamverkan Ekdal], footer: context [Sida #counter(page).display()]",
            columns="(2cm, 6.5cm, 3cm, 2cm, 2cm, 4cm)",
        )
    )
    assert (draft.title, draft.group, draft.year) == (
        "Aktivitetsplan 2026 NOSAM Alm",
        "NOSAM Alm",
        2026,
    )
    assert [one.what for one in draft.activities] == [row[1] for row in rows[1:]]
    assert {one.responsible for one in draft.activities} == {("Ordförande i NOSAM Alm",)}
    assert {one.deadline.last for one in draft.activities} == {date(2026, 10, 31)}
    assert [one.goal for one in draft.activities] == [row[0] for row in rows[1:]]
    pages = [one.source.page for one in draft.activities]
    assert pages == sorted(pages)
    assert pages[0] == 1 < pages[-1]
    assert draft.activities[0].promises[0].to == "årsrapporten"


def test_pdf_with_horizontal_rules_only_and_section_rows(tmp_path: Path) -> None:
    draft = read_plan(
        pdf(
            tmp_path / "plan.pdf",
            "= Verksamhetsplan 2026",
            "Samordningsgruppen i Ekdal fastställde planen 2026-01-20.",
            drawn(
                """
                Vad ska göras? | Vem ansvarar? | När ska det vara klart? | Hur följer vi upp?
                Område: Psykisk hälsa | < | < | <
                Utbilda i första hjälpen | Temagrupp Psykiatri | 2026-05-31 | Antal utbildade
                Stödlinje på kvällar med personal från båda huvudmännen och ett gemensamt schema | Bob Ask | december | Samtal per månad
                Område: Missbruk | < | < | <
                Gemensam mottagning | NOSAM Björk | v. 40 | Besök
                """
            ),
            stroke="(x, y) => (bottom: 0.5pt)",
            columns="(7cm, 4cm, 3cm, 4cm)",
        )
    )
    assert draft.adopted_on == date(2026, 1, 20)
    understood(
        draft.activities,
        """
        what | focus_area | responsible | deadline | follow_up
        Utbilda i första hjälpen | Psykisk hälsa | Temagrupp Psykiatri | 2026-05-31 | Antal utbildade
        Stödlinje på kvällar med personal från båda huvudmännen och ett gemensamt schema | Psykisk hälsa | Bob Ask | 2026-12-31 | Samtal per månad
        Gemensam mottagning | Missbruk | NOSAM Björk | 2026-10-04 | Besök
        """,
    )


def test_pdf_without_any_lines(tmp_path: Path) -> None:
    draft = read_plan(
        pdf(
            tmp_path / "Åtgärdsplan 2026.pdf",
            "= Åtgärdsplan 2026",
            "Temagrupp Rehab har tagit fram planen tillsammans med kommunerna under hösten. Den "
            "gäller till dess att en ny antas, och följs upp på varje möte.",
            drawn(
                """
                Åtgärd | Ägare | Deadline | Läge
                Gemensam hjälpmedelsrutin för hela området | Rehabchef Alm | april | Pågår
                Webbutbildning | Temagrupp Rehab | 1 sept | Ej påbörjad
                Stående möten | Processledare | löpande | Avvaktar
                """
            ),
            stroke="none",
            columns="(6cm, 4cm, 3cm, 3cm)",
        )
    )
    understood(
        draft.activities,
        """
        what | responsible | deadline | state
        Gemensam hjälpmedelsrutin för hela området | Rehabchef Alm | 2026-04-30 | pågående
        Webbutbildning | Temagrupp Rehab | 2026-09-01 | beslutad
        Stående möten | Processledare | open | föreslagen
        """,
    )
    status = next(q for q in draft.activities[2].questions if q.kind is Asks.STATUS)
    assert (status.words, status.proposal) == ("Avvaktar", "pausad")
    assert status.source is not None
    assert (status.source.page, status.source.column) == (1, 4)


def test_csv_from_windows_with_line_breaks_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "plan 2026.csv"
    path.write_bytes(
        "Aktivitet;Ansvarig;Övriga;Tidplan;Status\r\n"
        '"Öppet hus\r\nför föräldrar";Familjecentralen;"BVC, Förskolan";"mars–maj";Klart\r\n'
        'Enkät;"NOSAM Alm\r\nNOSAM Björk";;"Från 1 feb till 30 juni";Avbruten\r\n'.encode("cp1252")
    )
    draft = read_plan(path)
    understood(
        draft.activities,
        """
        what | responsible | taking_part | start | deadline | state
        Öppet hus↵för föräldrar | Familjecentralen | BVC + Förskolan | 2026-03-01 | 2026-05-31 | föreslagen
        Enkät | NOSAM Alm + NOSAM Björk | | 2026-02-01 | 2026-06-30 | föreslagen
        """,
    )
    assert "status" in kinds(draft, 2)


def test_csv_with_tabs_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "insatser.csv"
    path.write_bytes(
        "Handlingsplan 2026 NOSAM Björk\r\n\r\nVad\tVem\tNär\tMätetal\r\n"
        "Träff för nyanställda\tCharlie Lind\tv. 10\tAntal\r\n"
        "Rutin för hemgång\tVårdcentralen Björk\tv. 45–46\tAndel\r\n".encode("utf-16")
    )
    draft = read_plan(path)
    assert (draft.title, draft.group) == ("Handlingsplan 2026 NOSAM Björk", "NOSAM Björk")
    understood(
        draft.activities,
        """
        what                  | responsible         | deadline   | follow_up
        Träff för nyanställda | Charlie Lind        | 2026-03-08 | Antal
        Rutin för hemgång     | Vårdcentralen Björk | 2026-11-15 | Andel
        """,
    )


def test_word_with_two_deadlines_in_one_column(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "Handlingsplan 2026",
            drawn(
                """
                Aktivitet | Ansvarig | Deadline | Uppföljning
                Kartlägg | AU | Delrapport 2026-03-31, slutrapport 2026-11-30 | Rapport
                Pilot | AU | Start 2026-02-01↵Slut 2026-08-31 | Besök
                """
            ),
        )
    )
    understood(
        draft.activities,
        """
        what     | start      | deadline
        Kartlägg |            | 2026-11-30
        Pilot    | 2026-02-01 | 2026-08-31
        """,
    )
    assert draft.activities[0].doubts


def test_word_with_several_goals_for_an_activity(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "Aktivitetsplan 2026",
            "# Prioriterade mål",
            "1# Öka tilliten",
            "1# Färre fall",
            "1# Kortare väntan",
            drawn(
                """
                Mål | Aktivitet | Ansvarig | Medverkande | Klart | Status
                Mål 1, 3 | Gemensam ingång | NOSAM Alm i samverkan med BUP | | juni | Avvaktar
                2 | Hembesök | Rehab Alm | Vårdcentralen, Brandförsvaret | 2026 | Startat
                Öka tilliten↵Färre fall | Träff | AU tillsammans med PRO | | maj | Avbruten
                """
            ),
        )
    )
    understood(
        draft.activities,
        """
        what | goals | responsible | taking_part | state
        Gemensam ingång | Öka tilliten + Kortare väntan | NOSAM Alm | BUP | föreslagen
        Hembesök | Färre fall | Rehab Alm | Vårdcentralen + Brandförsvaret | pågående
        Träff | Öka tilliten + Färre fall | AU | PRO | föreslagen
        """,
    )
    assert [goal.text for goal in draft.goals] == ["Öka tilliten", "Färre fall", "Kortare väntan"]
    asked = [q.proposal for one in draft.activities for q in one.questions if q.kind is Asks.STATUS]
    assert asked == ["pausad", "avslutad"]


def test_excel_with_two_heading_rows_merged_goals_and_money(tmp_path: Path) -> None:
    draft = read_plan(
        excel(
            tmp_path / "plan.xlsx",
            {
                "Plan_2026": [
                    ["Delmål", "Insats", "Huvudansvarig", "Tidplan", "<", "Finansiering"],
                    ["^", "^", "^", "Start", "Slut", "^"],
                    [
                        "Trygg start",
                        "BVC-team",
                        "Ekdals kommun",
                        "2026-01-15",
                        "2026-06-30",
                        "Statsbidrag 1,5 mnkr, ska användas senast 2026-12-31",
                    ],
                    ["^", "Föräldrakurs", "Region Ekdal", "hösten 2026", "2027", "300 000 kr"],
                ]
            },
        )
    )
    understood(
        draft.activities,
        """
        what         | goal        | responsible   | start      | deadline
        BVC-team     | Trygg start | Ekdals kommun | 2026-01-15 | 2026-06-30
        Föräldrakurs | Trygg start | Region Ekdal  | 2026-08-01 | 2027-12-31
        """,
    )
    money = [(one.money.amount, one.money.last.last) for one in draft.activities]
    assert money == [(1_500_000, date(2026, 12, 31)), (300_000, None)]


def test_word_with_labelled_paragraphs_and_no_table(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "# Handlingsplan 2026 NOSAM Alm",
            "# Fokusområde: Äldres hälsa",
            "Aktivitet 1: Fallskola på tre orter",
            "Ansvarig: Rehab Alm",
            "Tidplan: februari–maj",
            "Uppföljning: Antal deltagare",
            "Aktivitet 2: Hembesök till alla som fyller 80",
            "Ansvarig: Alice Ek",
            "Tidplan: senast 30 november",
            "Uppföljning: Antal besök",
        )
    )
    understood(
        draft.activities,
        """
        what                           | focus_area    | responsible | start      | deadline
        Fallskola på tre orter         | Äldres hälsa  | Rehab Alm   | 2026-02-01 | 2026-05-31
        Hembesök till alla som fyller 80 | Äldres hälsa | Alice Ek   |            | 2026-11-30
        """,
    )


def test_word_with_running_text_money_and_promises(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "Handlingsplan 2026 NOSAM Alm",
            drawn(
                """
                Delmål | Vad? | Hur? | Uppföljning
                Unga | Ungdomsteam | Arbetsgruppen startar i februari 2026 i samverkan med Temagrupp Barn. Medlen på 450 tkr ska nyttjas senast 2026-10-31. | Resultatet redovisas i årsrapport och återrapporteras till samordningsgruppen.
                Äldre | Nätverk | Processledare bjuder in i mars. | Rapporterades i maj 2025.
                """
            ),
        )
    )
    first, second = draft.activities
    assert (first.money.amount, first.money.last.last) == (450_000, date(2026, 10, 31))
    assert [promise.to for promise in first.promises] == ["årsrapport", "samordningsgruppen"]
    assert first.taking_part == ("Temagrupp Barn",)
    assert (first.responsible, first.start.first) == (("Arbetsgruppen",), date(2026, 2, 1))
    assert second.promises == ()
    assert second.money.text == ""


def test_excel_with_a_sheet_for_each_focus_area(tmp_path: Path) -> None:
    heads = ["Prio", "Aktivitet", "Ansvarig", "Slutdatum", "Kommentar"]
    draft = read_plan(
        excel(
            tmp_path / "Aktiviteter NOSAM Alm 2026.xlsx",
            {
                "Barn": [heads, [1, "Skolteam", "Elevhälsan", 46173, "Ny"]],
                "Vuxna": [heads, [1, "Samtal", "Psykiatri Alm", "2026-02-30", None]],
                "Äldre": [heads, [2, "Besök", "?", "maj 2026", "Klart nästan"]],
            },
        )
    )
    understood(
        draft.activities,
        """
        what     | responsible   | deadline
        Skolteam | Elevhälsan    | 2026-05-31
        Samtal   | Psykiatri Alm |
        Besök    |               | 2026-05-31
        """,
    )
    assert "no-such-day" in kinds(draft, 2)
    assert "no-responsible" in kinds(draft, 3)


def test_word_with_a_table_inside_a_table(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Aktivitetsplan 2026 Temagrupp Barn", level=0)
    outer = document.add_table(1, 1)
    outer.cell(0, 0).text = "Fokusområde: Tidiga insatser"
    inner = outer.cell(0, 0).add_table(3, 3)
    for at, row in enumerate(
        drawn(
            "Aktivitet | Vem | Klart senast\nÖppen förskola | Ekdals kommun | ht 2026\nKurs | BVC | maj"
        )
    ):
        for column, words in enumerate(row):
            inner.cell(at, column).text = words
    path = tmp_path / "plan.docx"
    document.save(str(path))
    understood(
        read_plan(path).activities,
        """
        what           | focus_area       | responsible   | deadline
        Öppen förskola | Tidiga insatser  | Ekdals kommun | 2026-12-31
        Kurs           | Tidiga insatser  | BVC           | 2026-05-31
        """,
    )


def test_word_with_school_years_and_who_decides(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "Samverkansplan 2025–2027",
            drawn(
                """
                SAMVERKANSPLAN 2025–2027 | < | < | < | <
                Målområde | Insats | Ansvar | Period | Indikator
                Skolfrånvaro | Kartläggning | Rektor Alm (beslut: Styrgruppen) | läsåret 2025/26 | Frånvaro
                ^ | Stödteam | Beslutas av styrgruppen, elevhälsan genomför | hösten 2026 – våren 2027 | Nöjdhet
                """
            ),
        )
    )
    understood(
        draft.activities,
        """
        what         | goal         | start      | deadline   | follow_up
        Kartläggning | Skolfrånvaro |            | 2026-06-30 | Frånvaro
        Stödteam     | Skolfrånvaro | 2026-08-01 | 2027-06-30 | Nöjdhet
        """,
    )
    assert (draft.first_day, draft.last_day) == (date(2025, 1, 1), date(2027, 12, 31))
    assert draft.activities[1].decided_by == "styrgruppen"
    assert draft.activities[1].responsible == ("elevhälsan",)
