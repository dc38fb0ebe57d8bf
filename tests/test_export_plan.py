"""A plan goes out as the table it came as, and reading that file in again changes nothing."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.main import app
from intake.filing.differences import Differences
from intake.filing.taking_in import against, kept_in, plan_of, take_in
from intake.plans import plan_in, read_plan
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.database import reading, transaction
from models.group import Group
from models.moves import Mover, propose, put_span
from models.plan import Goal, Plan
from models.promise import Participant
from models.standing import goals_standing
from reports.plan_table import WRITERS, PlanTable, plan_table
from rules.span_words import words_for
from rules.swedish_dates import read
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

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


def written(town: Town, plan_id: int) -> PlanTable:
    with reading(town.settings) as session:
        table = plan_table(session, plan_id)
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
    max_examples=25,
    deadline=None,
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
