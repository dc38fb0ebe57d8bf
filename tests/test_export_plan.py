"""A plan goes out as the table it came as, and reading that file in again changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from typer.testing import CliRunner

from cli.main import app
from intake.drafts import PlanDraft
from intake.filing.again import says_the_same
from intake.filing.differences import Differences
from intake.filing.taking_in import against, kept_in, plan_of, take_in
from intake.plans import plan_in, read_plan
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import State
from models.moves import Mover, propose, put_span
from models.plan import Goal, Plan
from models.plan_shape import Role
from models.promise import Participant
from models.standing import goals_standing
from reports.plan_files import WRITERS
from reports.plan_table import Drawn, PlanTable, plan_table
from rules.span_words import words_for
from rules.swedish_dates import read
from tests.cast import Town
from tests.conftest import browse
from tests.plans_by_hand import Rows, drawn, word
from tests.sizes import size
from web.app import create_app
from web.plans.plan_export import drawn_as

CASES = Path(__file__).resolve().parents[2] / "shared/cases"
EXAMPLE = Path(__file__).resolve().parents[1] / "cli/example/aktivitetsplan_2024.docx"
FILES = [
    EXAMPLE,
    *(
        CASES / name
        for name in (
            "aktivitetsplan_2024.docx",
            "aktivitetsplan_2024.xlsx",
            "handlingsplan_goteborg_sydvast_2024.docx",
        )
    ),
]
TODAY = date(2026, 5, 4)
FRIDA = Mover("Frida")
_PLANS = count()


OF_DATES = (Role.START, Role.DEADLINE, Role.PERIOD)


def taken_in(town: Town, draft: PlanDraft) -> int:
    """A plan that was not on file, as a file brought it."""
    with transaction(town.settings) as session:
        filed = take_in(
            session,
            draft,
            against(session, draft, None, today=TODAY),
            FRIDA,
            organisation=town.settings.organisation,
            review_months=6,
            today=TODAY,
        )
    assert filed.plan_id is not None
    return filed.plan_id


def written(town: Town, plan_id: int, drawn: Drawn = Drawn.OWN) -> PlanTable:
    with reading(town.settings) as session:
        table = plan_table(session, plan_id, drawn)
    assert table is not None
    return table


def read_again(town: Town, plan_id: int, kind: str) -> Differences:
    """The plan, out and in again: what would change."""
    table = written(town, plan_id)
    draft = plan_in(f"plan.{kind}", WRITERS[kind](table))
    with reading(town.settings) as session:
        found = plan_of(session, draft, organisation=town.settings.organisation)
        assert found == plan_id, (draft.title, draft.group)
        differences = against(session, draft, found, today=TODAY)
    with transaction(town.settings) as session:
        before = kept_in(session, plan_id), goals_standing(session, plan_id)
        take_in(
            session,
            draft,
            differences,
            FRIDA,
            organisation=town.settings.organisation,
            review_months=6,
            today=TODAY,
        )
        assert (kept_in(session, plan_id), goals_standing(session, plan_id)) == before
    return differences


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_plan_is_the_same_after_it_has_been_out(
    small_town: Town, path: Path, kind: str
) -> None:
    if not path.is_file():
        pytest.skip("the shared cases are not here")
    draft = read_plan(path)
    with transaction(small_town.settings) as session:
        new = against(session, draft, None, today=TODAY)
        organisation = small_town.settings.organisation
        filed = take_in(
            session, draft, new, FRIDA, organisation=organisation, review_months=6, today=TODAY
        )
    assert filed.plan_id is not None
    differences = read_again(small_town, filed.plan_id, kind)
    assert differences.nothing, differences
    assert len(differences.same) == filed.new


# --- random plans -------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("Nätverk", "möten", "Utbildning", "om", "SIP", "för", "ansvariga", "deltagare", "och"),
        *("samverkan", "Uppföljning", "av", "avvikelser", "2024", "i", "NOSAM", "=HYPERLINK(1)"),
        *("+46", "@alla", "-minska", "<b>", "&", "”citat”", "Öka", "aktivitet", "Summa", "mål"),
    ]
)
PHRASE = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)
TEXT = st.lists(PHRASE, max_size=3).map("\n".join)
NAMES = st.sampled_from(["NOSAM Alm", "Alice", "Samordningsgruppen", "Bob Berg, chef", "Skolan"])
DATES = st.sampled_from(
    ["", "2024-05-02", "maj", "hösten 2024", "mars 2024", "v 14", "tills vidare", "2024", "löpande"]
)


@st.composite
def activities(draw: st.DrawFn) -> dict[str, object]:
    return {
        "what": draw(PHRASE),
        "how": draw(TEXT),
        "follow_up": draw(TEXT),
        "start": draw(DATES),
        "deadline": draw(DATES),
        "responsible": draw(st.lists(NAMES, max_size=3, unique=True)),
        "participants": draw(st.lists(NAMES, max_size=2, unique=True)),
        "goals": draw(st.lists(st.integers(0, 2), max_size=2, unique=True)),
        "runs_on": draw(st.booleans()),
    }


def filed(town: Town, rows: list[dict[str, object]]) -> int:
    """A plan with these activities, as forms would have made it."""
    number = next(_PLANS)
    with transaction(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        plan = Plan(
            collaboration_id=area,
            group_id=town.alm,
            title=f"Trygg vård {number}",
            first_day=date(2024, 1, 1),
            last_day=date(2024, 12, 31),
            purpose="Att öka aktivitet i samverkan",
        )
        session.add(plan)
        session.flush()
        assert plan.id is not None
        goals: list[int | None] = []
        for text in ("Hålla ihop vården", "Delmål 2: trygg hemgång", "Unga; deras nära."):
            goal = Goal(plan_id=plan.id, text=text, position=len(goals))
            session.add(goal)
            session.flush()
            goals.append(goal.id)
        for at, row in enumerate(rows):
            made = Activity(
                plan_id=plan.id,
                group_id=town.alm,
                position=at,
                what=str(row["what"]),
                how=str(row["how"]),
                follow_up=str(row["follow_up"]),
                source_key=f"{number}-{at}",
                state_since=TODAY,
            )
            deadline = read(str(row["deadline"]), date(2023, 3, 1))
            put_span(made, "start", read(str(row["start"]), date(2022, 3, 1)))
            put_span(made, "deadline", deadline)
            made.runs_on = deadline.open or (bool(row["runs_on"]) and not deadline.last)
            if made.runs_on:
                made.review_months, made.next_review_on = 6, TODAY
            id_ = propose(session, made, FRIDA, today=TODAY)
            for goal_at in row["goals"]:  # type: ignore[attr-defined]
                session.add(ActivityGoal(activity_id=id_, goal_id=goals[goal_at]))
            for name in row["responsible"]:  # type: ignore[attr-defined]
                session.add(Responsibility(activity_id=id_, kind=Answerable.WORDS, words=str(name)))
            for name in row["participants"]:  # type: ignore[attr-defined]
                session.add(Participant(activity_id=id_, words=str(name)))
    return plan.id


@settings(
    max_examples=size("PLANS_OUT", 8, 200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(activities(), min_size=1, max_size=6), kind=st.sampled_from(list(WRITERS)))
def test_any_plan_is_the_same_after_it_has_been_out(
    small_town: Town, rows: list[dict[str, object]], kind: str
) -> None:
    differences = read_again(small_town, filed(small_town, rows), kind)
    assert differences.nothing, differences
    assert len(differences.same) == len(rows)


@pytest.mark.parametrize("words", ["maj", "2024-05-02", "hösten 2024", "v 14", "om två veckor"])
def test_words_for_a_date_mean_the_same_on_any_day(words: str) -> None:
    span = read(words, date(2024, 2, 1))
    again = read(words_for(span), date(2031, 9, 9))
    assert (again.first, again.last) == (span.first, span.last)


# --- her own shape ------------------------------------------------------------------------------

HEADINGS = {
    Role.GOAL: ["Mål", "Delmål", "Prioriterat mål", "Vad vill vi uppnå?"],
    Role.WHAT: ["Aktivitet", "Vad", "Åtgärd", "Insats", "Vad ska göras?"],
    Role.HOW: ["Hur", "Tillvägagångssätt", "Genomförande", "Metod/\nHur?"],
    Role.RESPONSIBLE: ["Ansvarig", "Vem", "Ägare", "Beslut\nVem/Ansvarig"],
    Role.PARTICIPANTS: ["Deltagare", "Övriga deltar", "Samverkanspart"],
    Role.START: ["Start", "Startdatum", "Påbörjas"],
    Role.DEADLINE: ["Deadline", "Klart senast", "Slutdatum", "Klart när?"],
    Role.PERIOD: ["Tidplan", "När", "Tid", "Start- och slutdatum"],
    Role.FOLLOW_UP: ["Uppföljning", "Mätetal", "Indikator", "Utfall"],
    Role.FUNDING: ["Finansiering", "Budget (tkr)", "Resurser"],
    Role.STATUS: ["Status", "Läge", "Nuläge"],
    Role.TARGET_GROUP: ["Målgrupp"],
    Role.NUMBER: ["Nr", "Nummer", "#"],
    None: ["Kommentar", "Mötesnoteringar"],
}
MAY_STAND = [
    *(Role.HOW, Role.RESPONSIBLE, Role.PARTICIPANTS, Role.FOLLOW_UP, Role.FUNDING, Role.STATUS),
    *(Role.TARGET_GROUP, Role.NUMBER, None),
]
ENDS = st.sampled_from(["", "mars 2026", "hösten 2026", "2026-05-02", "kv 2 2026", "dec 2026"])
WHOLE = st.sampled_from(
    [
        *("", "mars – juni 2026", "2026", "tills vidare", "2026-03-01 – 2026-09-30"),
        *("jan 2026 – dec 2026", "senast maj 2026", "från mars 2026", "v 14 2026"),
    ]
)
UNDER: dict[Role | None, st.SearchStrategy[str]] = {
    Role.GOAL: st.sampled_from(["Trygg hemgång", "Unga mår bra", "Hel vård"]),
    Role.WHAT: PHRASE,
    Role.HOW: TEXT,
    Role.RESPONSIBLE: st.lists(NAMES, max_size=2, unique=True).map("\n".join),
    Role.PARTICIPANTS: st.lists(NAMES, max_size=2, unique=True).map(", ".join),
    Role.START: ENDS,
    Role.DEADLINE: ENDS,
    Role.PERIOD: WHOLE,
    Role.FOLLOW_UP: st.sampled_from(["", "Antal", "Redovisas i årsrapport", "Enkät i maj"]),
    Role.FUNDING: st.sampled_from(["", "450", "200 tkr, nyttjas senast 2026-10-31"]),
    Role.STATUS: st.sampled_from(["", "Pågår", "Ej påbörjad", "Vilande"]),
    Role.TARGET_GROUP: st.sampled_from(["", "Äldre", "Barn och unga"]),
    Role.NUMBER: st.just("1"),
    None: st.just(""),
}


@dataclass(frozen=True)
class Drawing:
    """A table as a collaboration may have drawn it: headings in some order, goals in some way."""

    heads: list[str]
    rows: list[list[str]]


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    dates = draw(st.sampled_from([[Role.PERIOD], [Role.START, Role.DEADLINE], [Role.DEADLINE], []]))
    others = draw(st.lists(st.sampled_from(MAY_STAND), min_size=2, max_size=6, unique=True))
    goals = draw(st.sampled_from(["column", "rows", "none"]))
    roles = draw(
        st.permutations([Role.WHAT, *dates, *others, *([Role.GOAL] if goals == "column" else [])])
    )
    assume(set(roles) - {Role.WHAT, Role.NUMBER, None})  # else it is no plan's table
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        if goals == "rows" and draw(st.booleans()):
            rows.append([f"Mål 1: {draw(UNDER[Role.GOAL])}"])
        rows.append([draw(UNDER[role]) for role in roles])
    return Drawing([draw(st.sampled_from(HEADINGS[role])) for role in roles], rows)


def in_excel(drawing: Drawing, title: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([title])
    sheet.append([])
    sheet.append(drawing.heads)
    for row in drawing.rows:
        sheet.append([f"'{cell}" if cell.startswith("=") else cell for cell in row])
        if len(row) == 1:
            sheet.merge_cells(None, sheet.max_row, 1, sheet.max_row, len(drawing.heads))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


@settings(
    max_examples=size("SHAPES", 8, 200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawing=drawings(), kind=st.sampled_from(list(WRITERS)))
def test_a_table_goes_out_under_the_headings_it_came_under(
    small_town: Town, drawing: Drawing, kind: str
) -> None:
    title = f"Aktivitetsplan 2026 nummer {next(_PLANS)}"
    draft = plan_in("plan.xlsx", in_excel(drawing, title))
    plan_id = taken_in(small_town, draft)
    found = drawn_as(small_town.settings, plan_id, kind, today=TODAY)
    assert found is not None
    table, data = found
    again = plan_in(f"plan.{kind}", data)
    with reading(small_town.settings) as session:
        own = small_town.settings.organisation
        assert says_the_same(session, again, plan_id, organisation=own, today=TODAY)
    assert draft.shape is not None
    heads = [column.heading for column in table.columns]
    kept = [column.heading for column in draft.shape.columns if column.role not in OF_DATES]
    assert [words for words in heads if words in kept] == kept, heads
    event(f"{len(heads) - len(draft.shape.columns)} more columns")


def out_and_in(town: Town, *blocks: str, kind: str = "xlsx") -> tuple[int, PlanTable, PlanDraft]:
    """A Word plan drawn by hand taken in, given out, and read again."""
    path = town.settings.home / "plan.docx"
    parts: list[str | Rows] = [drawn(block) if "|" in block else block for block in blocks]
    plan_id = taken_in(town, read_plan(word(path, "# Aktivitetsplan 2026", *parts)))
    found = drawn_as(town.settings, plan_id, kind, today=TODAY)
    assert found is not None
    return plan_id, found[0], plan_in(f"plan.{kind}", found[1])


def test_quarters_as_columns_are_ticked_until_the_dates_no_longer_fit(small_town: Town) -> None:
    """Alice's course moves to a day of its own, which no quarter can tell."""
    plan_id, table, again = out_and_in(
        small_town,
        """
        Insats | Ansvarig | Kv 1 | Kv 2 | Kv 3 | Anteckningar
        Kurs | Alice | x | x |  | ring Bob
        Nätverk | Bob |  |  | x |
        """,
    )
    heads = ["Insats", "Ansvarig", "Kv 1", "Kv 2", "Kv 3", "Anteckningar"]
    assert [column.heading for column in table.columns] == heads
    assert [row.cells[2:] for row in table.rows] == [("x", "x", "", ""), ("", "", "x", "")]
    assert [one.deadline.last for one in again.activities] == [date(2026, 6, 30), date(2026, 9, 30)]
    with transaction(small_town.settings) as session:
        course = session.execute(select(Activity).where(c(Activity).what == "Kurs")).scalar_one()
        put_span(course, "deadline", read("2026-05-12", TODAY))
    assert [column.heading for column in written(small_town, plan_id).columns] == [
        *("Insats", "Ansvarig", "Start", "Klart senast", "Anteckningar")
    ]


def test_goals_that_had_rows_of_their_own_have_them_again(small_town: Town) -> None:
    _, table, again = out_and_in(
        small_town,
        "Fokusområde 1: Barn och unga",
        "Delmål | Aktivitet | Vem\nTidigt stöd | Kurs | Alice",
        "Fokusområde 2: Äldre",
        "Delmål | Aktivitet | Vem\nTrygg hemgång | Nätverk | Bob",
    )
    assert [row.section for row in table.rows if row.section] == [
        *("Fokusområde: Barn och unga", "Fokusområde: Äldre")
    ]
    assert [one.goals for one in again.activities] == [("Tidigt stöd",), ("Trygg hemgång",)]
    assert again.goal_words == "Fokusområde\nDelmål"


def test_what_has_no_column_gets_one_and_a_moved_activity_tells_its_state(
    small_town: Town,
) -> None:
    plan_id, table, _ = out_and_in(
        small_town, "Vad | Ansvarig | Läge\nKurs | Alice | Vilande\nNätverk | Bob |"
    )
    assert [row.cells for row in table.rows] == [
        ("Kurs", "Alice", "Vilande"),
        ("Nätverk", "Bob", "Föreslagen"),
    ]
    with transaction(small_town.settings) as session:
        course = session.execute(select(Activity).where(c(Activity).what == "Kurs")).scalar_one()
        course.state, course.funding_text, course.funding_amount = State.DECIDED, "5 tkr", 5000
    table = written(small_town, plan_id)
    assert [column.heading for column in table.columns] == [
        "Vad",
        "Ansvarig",
        "Finansiering",
        "Läge",
    ]
    assert table.rows[0].cells == ("Kurs", "Alice", "5 tkr", "Beslutad")


def test_the_shape_is_kept_until_a_file_says_something_new(small_town: Town) -> None:
    plan_id, *_ = out_and_in(small_town, "Vad | Ansvarig\nKurs | Alice")

    def again(*blocks: str) -> list[str]:
        path = small_town.settings.home / "plan.docx"
        draft = read_plan(word(path, "# Aktivitetsplan 2026", *(drawn(one) for one in blocks)))
        with transaction(small_town.settings) as session:
            found = against(session, draft, plan_id, today=TODAY)
            told = {"organisation": small_town.settings.organisation, "review_months": 6}
            take_in(session, draft, found, FRIDA, today=TODAY, **told)  # type: ignore[arg-type]
        return [column.heading for column in written(small_town, plan_id).columns]

    assert again("Ansvarig | Insats\nAlice | Kurs") == ["Vad", "Ansvarig"]
    assert again("Ansvarig | Insats\nAlice | Kurs\nBob | Nätverk") == ["Ansvarig", "Insats"]


def test_goals_that_are_called_by_numbers_alone_stay_apart(small_town: Town) -> None:
    rows = "Mål | Vad | Ansvarig\nMål 0 | Kurs | Alice\nMål 1 | Nätverk | Bob"
    _, table, again = out_and_in(small_town, rows)
    assert [one.goals for one in again.activities] == [("Mål 0",), ("Mål 1",)]
    assert [column.heading for column in table.columns] == ["Mål", "Vad", "Ansvarig"]


def test_a_plan_without_a_table_has_the_standard_headings(small_town: Town) -> None:
    _, table, _ = out_and_in(small_town, "Aktivitet: Kurs", "Ansvarig: Alice", "Klart: maj 2026")
    assert [column.heading for column in table.columns][:3] == ["Nr", "Mål", "Aktivitet"]


# --- what it looks like -------------------------------------------------------------------------


@pytest.fixture
def plan(small_town: Town) -> int:
    common = {"follow_up": "Antal", "start": "", "participants": ["Skolan"], "runs_on": False}
    rows: list[dict[str, object]] = [
        common | {"what": "Nätverk", "how": "", "deadline": "maj", "responsible": [], "goals": [0]},
        common
        | {"what": '=HYPERLINK("x")', "how": "", "deadline": "", "responsible": [], "goals": [0]},
        {
            **common,
            **{"what": "Handbok", "how": "", "follow_up": "", "deadline": "löpande"},
            **{"participants": [], "responsible": [], "goals": []},
        },
    ]
    return filed(small_town, rows)


def test_goals_are_merged_and_formulas_are_words(small_town: Town, plan: int) -> None:
    book = openpyxl.load_workbook(BytesIO(WRITERS["xlsx"](written(small_town, plan))))
    sheet = book["Aktiviteter"]
    assert [cell.value for cell in sheet[1]][:3] == ["Nr", "Mål", "Aktivitet"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B2:B3"]
    assert sheet["C3"].value == '=HYPERLINK("x")'
    assert sheet["C3"].data_type == "s"
    assert sheet["H2"].value == "maj 2023"
    assert [cell.value for cell in book["Löper över tid"]["A"]][-1] == "– Handbok"
    document = docx.Document(BytesIO(WRITERS["docx"](written(small_town, plan))))
    assert document.tables[0].cell(1, 1).text == document.tables[0].cell(2, 1).text
    assert "Följande aktiviteter löper över tid" in [p.text for p in document.paragraphs]


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    with browse(create_app(small_town.settings)) as client:
        yield client


def test_the_plans_page_and_the_command_give_the_same_file(
    small_town: Town, plan: int, frida: TestClient, tmp_path: Path
) -> None:
    assert f'href="/planer/{plan}.docx"' in frida.get(f"/planer/{plan}").text
    for kind in WRITERS:
        answer = frida.get(f"/planer/{plan}.{kind}")
        assert answer.status_code == 200
        assert f'.{kind}"' in answer.headers["content-disposition"]
        path = tmp_path / f"ut.{kind}"
        options = ["export", "plan", str(plan), "--format", kind, "--out", str(path)]
        done = CliRunner().invoke(app, options)
        assert done.exit_code == 0, done.output
        assert len(plan_in(path.name, path.read_bytes()).activities) == 2
    assert frida.get("/planer/999.docx").status_code == 404
