"""Words as other process leaders write them: who, when, how far, what runs on, which goals."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from intake.drafts import Asks, PlanDraft
from intake.plan.heading_words import role_of
from intake.plan.responsible import responsible_in_text
from intake.plans import read_plan
from models.plan_shape import Role
from tests.plans_by_hand import drawn, read_blocks, sheet, understood, word

Read = Callable[..., PlanDraft]
TABLE = "Vad | Ansvarig | Klart\nKurs | AU | 2024"


@pytest.fixture
def plan(tmp_path: Path) -> Read:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""
    return partial(read_blocks, tmp_path)


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["Tidplan", "När", "Period", "Klart"])
@pytest.mark.parametrize(
    ("words", "start", "deadline"),
    [
        ("jan–juni 2024", "2024-01-01", "2024-06-30"),
        ("Q2", "", "2024-06-30"),
        ("löpande", "", "open"),
        ("våren 2024", "", "2024-06-30"),
        ("2024-03-01 – 2024-06-30", "2024-03-01", "2024-06-30"),
        ("jan 2024↵–↵maj 2024", "2024-01-01", "2024-05-31"),
        ("Från 1 mars till 15 april", "2024-03-01", "2024-04-15"),
        ("senast 1 december", "", "2024-12-01"),
        ("ht 2024 – vt 2025", "2024-08-01", "2025-06-30"),
        ("v. 10–14", "2024-03-04", "2024-04-07"),
    ],
)
def test_one_column_for_the_whole_time(
    plan: Read, head: str, words: str, start: str, deadline: str
) -> None:
    draft = plan("Aktivitetsplan 2024", f"Insats | Ägare | {head}\nTräff | AU | {words}")
    understood(draft.activities, f"what | start | deadline\nTräff | {start} | {deadline}")


@pytest.mark.parametrize(
    ("words", "start", "deadline"),
    [
        ("mars 2024 - tills vidare", "2024-03-01", "open"),
        ("fr.o.m. februari", "2024-02-01", "open"),
        ("Start: feb 2024¶Klart: nov 2024", "2024-02-01", "2024-11-30"),
    ],
)
def test_a_time_that_says_where_it_begins(
    plan: Read, words: str, start: str, deadline: str
) -> None:
    draft = plan("Aktivitetsplan 2024", f"Insats | Ägare | Tidplan\nTräff | AU | {words}")
    understood(draft.activities, f"what | start | deadline\nTräff | {start} | {deadline}")


@pytest.mark.parametrize("words", ["Startar 1 september", "Start v. 36", "påbörjas 2024-09-02"])
def test_what_starts_on_a_day_is_not_late_the_day_after(plan: Read, words: str) -> None:
    draft = plan("Aktivitetsplan 2024", f"Insats | Ägare | Klart senast\nTräff | AU | {words}")
    (known,) = draft.activities
    assert known.start.first is not None
    assert known.deadline.last is None
    assert Asks.NO_DEADLINE in {doubt.kind for doubt in known.questions}


@pytest.mark.parametrize("words", ["i maj", "31/5", "v. 20", "våren", "Q2", "före midsommar"])
def test_a_year_that_the_plan_gives_is_no_doubt(plan: Read, words: str) -> None:
    table = f"Aktivitet | Ansvarig | Klart senast | Uppföljning\nKurs | AU | {words} | Antal"
    (known,) = plan("Handlingsplan 2025", table).activities
    assert known.deadline.last is not None
    assert known.deadline.last.year == 2025
    assert known.doubts == ()
    (unknown,) = plan("Handlingsplan", table).activities
    assert unknown.deadline.last is None
    assert unknown.doubts
    (one_of_two,) = plan("Handlingsplan 2024–2025", table).activities
    assert any("Året står inte" in doubt for doubt in one_of_two.doubts)


def test_a_year_in_running_text_is_no_doubt_either(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025", "Aktivitet | Hur | Uppföljning\nKurs | NOSAM ska mötas i maj. | Ja"
    )
    assert not any("Året" in doubt for doubt in draft.activities[0].doubts)


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("Rehab ordnar kurs i mars.", "2025-03-31"),
        ("Möten hålls i mars och oktober.", "2025-10-31"),
        ("Nätverket ansvarar för kurser under våren 2025.", "2025-06-30"),
        ("Rutinen presenteras på NOSAM i december.", "2025-12-31"),
        ("Rutinen ersätter den från 2019.", ""),
        ("Enligt beslut i mars gäller rutinen.", ""),
    ],
)
def test_a_deadline_in_running_text(plan: Read, sentence: str, deadline: str) -> None:
    draft = plan("Handlingsplan 2025", f"Aktivitet | Hur | Uppföljning\nKurs | {sentence} | Ja")
    understood(draft.activities, f"what | deadline\nKurs | {deadline}")


# --- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "responsible", "decided_by"),
    [
        ("Ordförande NOSAM Lerum", "Ordförande NOSAM Lerum", ""),
        ("Ordf. NOSAM Lerum samt v. ordf. AU", "Ordf. NOSAM Lerum + v. ordf. AU", ""),
        ("Lerums kommun och VGR", "Lerums kommun + VGR", ""),
        ("Chefer inom kommun och region", "Chefer inom kommun och region", ""),
        ("Anna A., enhetschef; Bo B.", "Anna A., enhetschef + Bo B.", ""),
        ("Anna Ek, Lerums kommun; Bo By, VGR", "Anna Ek, Lerums kommun + Bo By, VGR", ""),
        ("Enhetschef hemtjänst, Lerums kommun", "Enhetschef hemtjänst, Lerums kommun", ""),
        ("AU (beslut), NOSAM Alingsås (genomför)", "NOSAM Alingsås", "AU"),
        ("Beslut: Samordningsgruppen. Ansvarig: TG Äldre", "TG Äldre", "Samordningsgruppen"),
        ("Beslut: Samordningsgruppen¶Ansvarig: TG Äldre", "TG Äldre", "Samordningsgruppen"),
        ("Samordningsgruppen beslutar, AU ansvarar", "AU", "Samordningsgruppen"),
        ("Beslutas av AU. Processledare ansvarar.", "Processledare", "AU"),
        ("Beslut i AU 2024-03-01. Ansvarig: NOSAM Lerum", "NOSAM Lerum", "AU"),
        ("Alla parter", "Alla parter", ""),
        ("Eva Ek, eva.ek@example.org", "Eva Ek", ""),
        ("Eva Ek (eva@example.org), Ulf By <ulf@example.org>", "Eva Ek + Ulf By", ""),
        ("Eva Ek, eva.ek@example.org, 0322-12 34 56", "Eva Ek", ""),
        ("eva.ek@example.org", "eva.ek@example.org", ""),
        ("NOSAM Alingsås/NOSAM Lerum", "NOSAM Alingsås + NOSAM Lerum", ""),
        ("NOSAM Alingsås & NOSAM Lerum", "NOSAM Alingsås + NOSAM Lerum", ""),
        ("NOSAM Alingsås samt SÄS", "NOSAM Alingsås + SÄS", ""),
        ("NOSAM↵Alingsås", "NOSAM Alingsås", ""),
        ("NOSAM Lerum¶Processledare", "NOSAM Lerum + Processledare", ""),
        ("NOSAM Lerum, Rehab och Psykiatri", "NOSAM Lerum + Rehab + Psykiatri", ""),
        ("NOSAM Barn och unga", "NOSAM Barn och unga", ""),
        ("Anna Andersson, Bo Berg och Cilla Ek", "Anna Andersson + Bo Berg + Cilla Ek", ""),
        ("Vård- och omsorgsförvaltningen", "Vård- och omsorgsförvaltningen", ""),
    ],
)
def test_who_is_responsible_and_who_decides(
    plan: Read, words: str, responsible: str, decided_by: str
) -> None:
    draft = plan("Aktivitetsplan 2024", f"Vad | Ansvarig | Klart\nKurs | {words} | 2024")
    understood(
        draft.activities, f"what | responsible | decided_by\nKurs | {responsible} | {decided_by}"
    )


@pytest.mark.parametrize(
    ("words", "responsible", "participants"),
    [
        ("NOSAM Lerum i samverkan med SÄS", "NOSAM Lerum", "SÄS"),
        ("NOSAM Lerum (ansvarig), SÄS (deltar)", "NOSAM Lerum", "SÄS"),
        ("Ansvarig: NOSAM Lerum. Genomförs av: enhetscheferna", "NOSAM Lerum", "enhetscheferna"),
        ("Enhetscheferna genomför", "Enhetscheferna", ""),
    ],
)
def test_who_takes_part_is_not_responsible(
    plan: Read, words: str, responsible: str, participants: str
) -> None:
    draft = plan("Aktivitetsplan 2024", f"Vad | Ansvarig | Klart\nKurs | {words} | 2024")
    understood(
        draft.activities,
        f"what | responsible | participants\nKurs | {responsible} | {participants}",
    )


def test_those_who_decide_answer_and_take_part_in_columns_of_their_own(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        """
        Åtgärd | Beslutas av | Ansvarig kommun | Ansvarig region | Medverkande | Resurser
        Rutin  | AU          | Socialchef      | Verksamhetschef | SÄS, BUP    | 20 tkr
        """,
    )
    understood(
        draft.activities,
        """
        what  | decided_by | responsible                  | participants | funding
        Rutin | AU         | Socialchef + Verksamhetschef | SÄS, BUP     | 20 tkr
        """,
    )


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["Kurs för chefer", "Nätverksgruppen ansvarar för den."], "Nätverksgruppen"),
        (["Kartläggning genomförs av temagrupp psykiatri under hösten."], "temagrupp psykiatri"),
        (["Arbetsgruppen håller fyra möten."], "Arbetsgruppen"),
        (["Kursen ges av SIP-samordnare i mars."], "SIP-samordnare"),
        (["Under 2026 hålls utbildningar av delregional samordnare."], "delregional samordnare"),
    ],
)
def test_a_name_in_running_text_ends_where_its_sentence_does(texts: list[str], name: str) -> None:
    assert responsible_in_text(texts) == name


# --- how far ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "state", "asked"),
    [
        ("PÅGÅR ", "pågående", False),
        ("Påbörjad", "pågående", False),
        ("Inte startad", "beslutad", False),
        ("Klar 2024-05-30", "föreslagen", True),
        ("Klar ✓", "föreslagen", True),
        ("☐ Ej påbörjad ☒ Pågår ☐ Klar", "pågående", False),
        ("☐ Pågår ☐ Klar", "föreslagen", False),
        ("Vilande", "pausad", False),
        ("Avbruten", "föreslagen", True),
        ("Grön", "föreslagen", True),
        ("50 %", "pågående", False),
        ("Väntar på besked från regionen", "föreslagen", True),
        ("-", "föreslagen", False),
    ],
)
def test_status_words(plan: Read, words: str, state: str, asked: bool) -> None:
    (one,) = plan("Plan 2024", f"Vad | Ansvarig | Status\nKurs | AU | {words}").activities
    assert one.state == state
    assert any("Läget" in doubt for doubt in one.doubts) is asked


# --- what runs on -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Följande aktiviteter löper över tid",
        "Löpande aktiviteter",
        "Aktiviteter som pågår över tid:",
        "Pågående aktiviteter utan slutdatum",
        "# Stående uppdrag",
    ],
)
@pytest.mark.parametrize("mark", ["• ", "- ", "– ", "* ", "1# ", "1. ", ""])
def test_lists_of_what_runs_on(plan: Read, title: str, mark: str) -> None:
    items = [f"{mark}Nätverk för SIP-samordnare", f"{mark.replace('1.', '2.')}Handbok"]
    for blocks in ([title, *items, "", TABLE], [TABLE, "", title, *items]):
        draft = plan("Aktivitetsplan 2024", *blocks)
        understood(draft.activities, "what\nKurs")
        understood(
            draft.continuous, "what | deadline\nNätverk för SIP-samordnare | open\nHandbok | open"
        )


@pytest.mark.parametrize(
    "words",
    [
        "Löpande aktiviteter: Nätverk för SIP, Handbok",
        "Följande aktiviteter löper över tid↵- Nätverk för SIP↵- Handbok",
    ],
)
def test_a_list_in_one_paragraph(plan: Read, words: str) -> None:
    understood(plan("Plan 2024", words, TABLE).continuous, "what\nNätverk för SIP\nHandbok")


def test_a_list_ends_where_something_else_begins(plan: Read) -> None:
    draft = plan(
        "Plan 2024", TABLE, "Löpande aktiviteter", "Nätverk", "Handbok", "", "Referenser", "Rutin A"
    )
    understood(draft.continuous, "what\nNätverk\nHandbok")
    draft = plan("Plan 2024", TABLE, "Löpande aktiviteter", "- Nätverk", "Referenser", "- Rutin A")
    understood(draft.continuous, "what\nNätverk")


def test_rows_under_a_heading_that_says_so_run_on(plan: Read) -> None:
    rows = "SIP-nätverk | AU |\nHandbok | AU | 2024"
    below = plan("Plan 2024", f"{TABLE}\nLöpande aktiviteter | < | <\n{rows}")
    beside = plan("Plan 2024", TABLE, "Löpande aktiviteter", f"Vad | Vem | Klart\n{rows}")
    for draft in (below, beside):
        understood(
            draft.activities,
            "what | deadline\nKurs | 2024-12-31\nSIP-nätverk | open\nHandbok | 2024-12-31",
        )


# --- goals --------------------------------------------------------------------------------------


def test_goals_in_a_list_above_and_one_without_activity(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        "Prioriterade mål",
        "* Öka tilliten",
        "* Minska återinläggningar",
        "Mål | Aktivitet | Ansvarig\nÖka tilliten | Besök | AU\nFler kontakter | Rutin | VGR",
    )
    assert [goal.text for goal in draft.goals] == [
        "Öka tilliten",
        "Minska återinläggningar",
        "Fler kontakter",
    ]


def test_goals_named_by_their_number(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        "Prioriterade mål",
        "Mål 1: Öka tilliten",
        "Mål 2: Färre fall",
        "Mål | Aktivitet\n1 | A\nMål 2 | B\n1, 2 | C\nMål 2: Färre fall | D",
    )
    understood(
        draft.activities,
        "what | goal\nA | Öka tilliten\nB | Färre fall\nC | Öka tilliten\nD | Färre fall",
    )
    assert draft.activities[2].goals == ("Öka tilliten", "Färre fall")
    assert [goal.text for goal in draft.goals] == ["Öka tilliten", "Färre fall"]


def test_goals_as_title_rows_in_the_table(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2024",
        """
        Aktivitet | Hur | Ansvarig
        Mål 1: Öka tilliten | < | <
        Studiebesök | Halvdag | AU
        Mål 2: Färre fall | < | <
        Samtal | Ring | Vårdcentralen
        """,
    )
    understood(draft.activities, "what | goal\nStudiebesök | Öka tilliten\nSamtal | Färre fall")


def test_another_table_does_not_go_on_with_the_goal_of_the_first(plan: Read) -> None:
    draft = plan("Plan 2024", "Mål | Vad | Vem\nTillit | A | AU", "Aktivitet | Ansvarig\nB | AU")
    understood(draft.activities, "what | goal\nA | Tillit\nB |")


# --- headings in other words yet ----------------------------------------------------------------

NORTH = """
Genomförandeplan 2026 – LOSAM Äldre
Gulmarkerat = klart
Inriktning | Vad ska vi göra | Så gör vi | Hållare | Med hjälp av | Börjar | Färdigt | Lägesbild
Trygg hemgång | Gemensam rutin | Utkast | MAS | Vårdcentralerna | feb 2026 | sept 2026 | Igång
"""
WEST = """
Vart ska vi? | Vad görs? | Vem håller i det? | Vilka fler är med? | Klart när? | Hur går det?
Fler unga i arbete | Samlad ingång | Omsorgschef | Kommunerna | före jul 2026 | Inte påbörjad
"""


def test_a_legend_over_the_headings_is_no_goal_and_rarer_headings_are_known(
    tmp_path: Path,
) -> None:
    draft = read_plan(sheet(tmp_path / "plan.xlsx", drawn(NORTH)))
    understood(
        draft.activities,
        """
        what | how | goal | taking_part | start | deadline
        Gemensam rutin | Utkast | Trygg hemgång | Vårdcentralerna | 2026-02-01 | 2026-09-30
        """,
    )
    assert [goal.text for goal in draft.goals] == ["Trygg hemgång"]
    assert [doubt.words for doubt in draft.questions if doubt.kind is Asks.COLUMN] == ["Hållare"]


def test_questions_for_headings_do_not_take_being_for_a_year(tmp_path: Path) -> None:
    draft = read_plan(word(tmp_path / "plan.docx", "# Aktivitetsplan 2026", drawn(WEST)))
    understood(
        draft.activities,
        """
        what | goal | responsible | taking_part | deadline | status_words
        Samlad ingång | Fler unga i arbete | Omsorgschef | Kommunerna | 2026-12-23 | Inte påbörjad
        """,
    )


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Pengar", Role.FUNDING),
        ("Fokus", Role.FOCUS_AREA),
        ("Vem driver?", Role.RESPONSIBLE),
        ("Tillsammans med", Role.PARTICIPANTS),
        ("Hur långt har vi kommit?", Role.STATUS),
        ("År", Role.PERIOD),
        ("Vad är det?", Role.WHAT),
    ],
)
def test_rarer_headings(heading: str, role: Role) -> None:
    assert role_of(heading) is role
