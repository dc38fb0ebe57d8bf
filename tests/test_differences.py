"""Next month's file against what is on file: added, changed, no longer there, as before."""

import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from cli.console import Wrong
from cli.main import app
from config import settings
from intake.drafts import ActivityDraft, FundingDraft, PlanDraft, PromiseDraft, Source
from intake.filing.differences import Kept, compare
from intake.filing.filing import key_of
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed, Change
from models.group import Collaboration, Group
from models.lifecycle import State
from models.plan import Goal, Plan
from models.promise import Promise
from models.span import NOTHING
from models.standing import Funding
from rules.span_words import means_the_same, words_for
from rules.swedish_dates import read
from tests.plans_by_hand import HEADS, ROW, word

TODAY = date(2024, 6, 10)


def said(what: str, how: str = "", **more: object) -> ActivityDraft:
    """An activity as a file has it; dates are written as words."""
    for name in ("start", "deadline"):
        if name in more:
            more[name] = read(str(more[name]), date(2024, 1, 1))
    goal = str(more.pop("goal", "Trygg vård"))
    source = Source("plan.docx", 1, 2)
    return ActivityDraft(what=what, how=how, goal=goal, goals=(goal,), source=source, **more)  # type: ignore[arg-type]


def kept(number: int, what: str, how: str = "", **more: object) -> Kept:
    """An activity on file, filed under its own words unless told otherwise."""
    for name in ("start", "deadline"):
        if name in more:
            more[name] = read(str(more[name]), date(2024, 1, 1))
    more.setdefault("key", key_of(what, how))
    more.setdefault("goals", ("Trygg vård",))
    return Kept(id=number, what=what, how=how, **more)  # type: ignore[arg-type]


def plan(*activities: ActivityDraft) -> PlanDraft:
    return PlanDraft(title="Plan", file="plan.docx", sha256="0" * 64, activities=list(activities))


def test_what_is_new_changed_gone_and_as_before_is_told_apart() -> None:
    found = compare(
        plan(said("Nätverk"), said("Utbildning", "Kurser"), said("Enkät")),
        [kept(1, "Nätverk"), kept(2, "Utbildning", "Möten"), kept(3, "Handbok i inflytande")],
        today=TODAY,
    )
    assert found.added == [2]
    ((one,), gone) = (found.changed, found.removed)
    assert (one.kept.id, one.changes[0].what) == (2, Agreed.HOW)
    assert (one.changes[0].before, one.changes[0].after) == ("Möten", "Kurser")
    assert [each.id for each in gone] == [3]
    assert found.unchanged == 1


def test_an_activity_is_known_by_the_words_it_was_filed_under() -> None:
    renamed = kept(1, "Helt nya ord här", key=key_of("Nätverk", ""))
    found = compare(plan(said("Nätverk")), [renamed], today=TODAY)
    assert found.same == {0: 1}
    assert [each.what for each in found.changed[0].changes] == [Agreed.WHAT]


def test_an_activity_is_known_by_almost_the_same_words_within_its_goal() -> None:
    before = kept(1, "Nätverk för samordnare i Alm")
    now = said("Nätverk för samordnare i Alm och Björk")
    assert compare(plan(now), [before], today=TODAY).same == {0: 1}
    elsewhere = said("Nätverk för samordnare i Alm och Björk", goal="En annan sak helt")
    assert compare(plan(elsewhere), [before], today=TODAY).added == [0]


def test_an_activity_is_known_by_its_place_when_the_rest_of_it_says_the_same() -> None:
    more: dict[str, Any] = {"responsible": ("Alice",), "deadline": "maj 2024"}
    before = [kept(1, "Nätverk"), kept(2, "Kurs om SIP", **more), kept(3, "Enkät")]
    now = [said("Nätverk"), said("Gemensam fortbildning", **more), said("Enkät")]
    assert compare(plan(*now), before, today=TODAY).same == {0: 1, 1: 2, 2: 3}
    other = [said("Nätverk"), said("Gemensam fortbildning"), said("Enkät")]
    assert compare(plan(*other), before, today=TODAY).added == [1]


def test_two_of_the_same_words_are_told_apart_by_their_goals() -> None:
    before = [kept(1, "Möten", goals=("Ett",)), kept(2, "Möten", goals=("Två",))]
    found = compare(plan(said("Möten", goal="Två"), said("Möten", goal="Ett")), before, today=TODAY)
    assert found.same == {0: 2, 1: 1}
    assert found.nothing


def test_an_empty_cell_says_nothing() -> None:
    before = kept(1, "Nätverk", "Möten", responsible=("Alice",), deadline="2024-05-01")
    assert compare(plan(said("Nätverk", "Möten")), [before], today=TODAY).nothing


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ("Dec 2024", "december 2024", True),
        ("2024-05-01", "1 maj 2024", True),
        ("löpande", "tills vidare", True),
        ("2024", "december 2024", False),
        ("maj", "juni", False),
    ],
)
def test_dates_are_compared_by_the_days_they_mean(before: str, now: str, same: bool) -> None:
    written = date(2024, 1, 1)
    assert means_the_same(read(before, written), read(now, written)) is same


def test_a_new_date_gets_the_year_that_the_file_meant() -> None:
    found = compare(
        plan(said("Nätverk", deadline="maj")), [kept(1, "Nätverk")], today=date(2026, 2, 1)
    )
    assert [(each.what, each.after) for each in found.changed[0].changes] == [
        (Agreed.DEADLINE, "maj 2024")
    ]
    assert words_for(NOTHING) == ""


MONEY = Funding("450", 450_000, date(2024, 10, 31))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (FundingDraft("450", 450_000, read("2024-10-31", TODAY)), []),
        (FundingDraft("500", 500_000, read("31 oktober", TODAY)), ["500 (500000 kr), senast "]),
        (FundingDraft("500 tkr", 500_000), ["500 tkr"]),
        (FundingDraft(), []),
    ],
)
def test_money_is_compared_by_its_kronor_and_its_last_day(
    told: FundingDraft, words: list[str]
) -> None:
    found = compare(
        plan(said("Nätverk", money=told)), [kept(1, "Nätverk", funding=MONEY)], today=TODAY
    )
    after = [each.after for one in found.changed for each in one.changes]
    assert [line[: len(words[0])] for line in after] == words


def test_who_takes_part_is_compared_without_those_who_answer_for_it() -> None:
    before = kept(1, "Nätverk", responsible=("Alice",), participants=("Skolan", "Alice"))
    same = said("Nätverk", responsible=("Alice",), taking_part=("Skolan",))
    assert compare(plan(same), [before], today=TODAY).nothing
    more = said("Nätverk", responsible=("Alice",), taking_part=("Skolan", "Bob"))
    ((one,),) = [one.changes for one in compare(plan(more), [before], today=TODAY).changed]
    assert (one.what, one.after) == (Agreed.PARTICIPANTS, "Skolan\nBob")


def test_a_promise_is_new_taken_back_or_not_spoken_of() -> None:
    promise = "Redovisas i årsrapport"
    before = kept(1, "Nätverk", follow_up=promise, promises=(promise, "Rapporteras till AU"))
    silent = said("Nätverk")
    assert compare(plan(silent), [before], today=TODAY).nothing
    other = said("Nätverk", follow_up="Antal möten")
    ((_, told),) = [one.changes for one in compare(plan(other), [before], today=TODAY).changed]
    assert (told.what, told.after) == (Agreed.PROMISES, "Rapporteras till AU")
    new = said("Nätverk", promises=(PromiseDraft("Presenteras för NOSAM", "NOSAM"),))
    ((one,),) = [one.changes for one in compare(plan(new), [before], today=TODAY).changed]
    assert one.after.split("\n")[0] == "Presenteras för NOSAM"


@pytest.mark.parametrize("state", [State.ENDED, State.REJECTED, State.CARRIED_OVER])
def test_what_is_over_is_not_missed(state: State) -> None:
    over = kept(1, "Nätverk", "Möten", state=state)
    assert compare(plan(), [over], today=TODAY).removed == []


# --- the command --------------------------------------------------------------------------------


def run(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["import", "plan", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_the_command_files_what_is_new_and_changes_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path / "home"))
    first = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, ROW]))
    assert "differences" not in run(first, "--check")
    assert not (tmp_path / "home").exists()
    assert run(first)["saved"] == {"plan_id": 1, "new": 1, "unchanged": 0, "changed": 0}
    later, new = [*ROW], [*ROW]
    later[5], new[1] = "Mars 2025", "Enkät till alla"
    second = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, later, new]))
    looked = run(second, "--check")["differences"]
    told = run(second)
    assert told["saved"] == {"plan_id": 1, "new": 1, "unchanged": 1, "changed": 0}
    changes = [{"field": "deadline", "before": "Dec 2024", "after": "Mars 2025"}]
    assert told["differences"] == looked
    assert looked == {
        "added": ["Enkät till alla"],
        "changed": [{"id": 1, "what": "Nätverk", "changes": changes}],
        "removed": [],
        "elsewhere": [],
        "unchanged": 0,
    }
    assert run(second, "--apply-changes")["saved"] == {
        **{"plan_id": 1, "new": 0, "unchanged": 1, "changed": 1}
    }
    third = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, later]))
    differences = run(third)["differences"]
    assert isinstance(differences, dict)
    assert differences["removed"] == [{"id": 2, "what": "Enkät till alla", "proposal": "avbryt"}]
    assert differences["unchanged"] == 1


MORE = [*HEADS, "Deltar", "Budget (tkr)"]


def test_money_participants_and_promises_are_changed_with_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path / "home"))
    row = [*ROW[:6], "Redovisas i årsrapport", "", "Skolan", "450"]
    first = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [MORE, row]))
    run(first)
    assert run(first)["differences"] == {
        "added": [],
        "changed": [],
        "removed": [],
        "elsewhere": [],
        "unchanged": 1,
    }
    row = [*ROW[:6], "Rapporteras till AU", "", "Skolan, Region Alm", "500"]
    second = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [MORE, row]))
    assert run(second, "--apply-changes")["saved"]["changed"] == 1  # type: ignore[index]
    assert run(second)["differences"] == {
        "added": [],
        "changed": [],
        "removed": [],
        "elsewhere": [],
        "unchanged": 1,
    }
    with reading(settings.load()) as session:
        rows = session.execute(select(c(Change).what, c(Change).after_words)).tuples().all()
        assert dict(rows) == {
            Agreed.FOLLOW_UP: "Rapporteras till AU",
            Agreed.FUNDING: "500 (500000 kr)",
            Agreed.PROMISES: "Rapporteras till AU",
            Agreed.PARTICIPANTS: "Skolan\nRegion Alm",
        }
        made = session.execute(
            select(c(Promise).made_to, c(Activity).funding_amount).join(Activity)
        )
        assert made.tuples().all() == [("AU", 500_000)]


def test_check_asks_those_on_file_and_saves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path / "home"))
    first = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, ROW]))
    run(first)
    people = tmp_path / "people.csv"
    people.write_text("Namn;E-post;Grupp\nAlice Ek;alice@example.org;NOSAM Lerum", "utf-8")
    assert CliRunner().invoke(app, ["import", "people", str(people)]).exit_code == 0
    with transaction(settings.load()) as session:
        session.execute(update(Plan).values(cap=1))
    before = rows_of(settings.load())
    alise = [*ROW[:3], "Alise Ek", *ROW[4:]]
    other = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2025", [HEADS, alise]))
    told = run(other, "--check")
    assert told["seems_to_be"] == {"plan_id": 1, "title": "Aktivitetsplan 2024"}
    (activity,) = cast(list[dict[str, Any]], told["activities"])
    asked = {doubt["kind"]: doubt["proposal"] for doubt in activity["questions"]}
    assert asked["responsible-unknown"] == "Alice Ek"
    assert asked["duplicate"] == "överför"
    survey = ["Nytt mål", "Enkät till alla", *ROW[2:]]
    full = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, ROW, survey]))
    told = run(full, "--check")
    assert "too-many" in [doubt["kind"] for doubt in told["plan"]["questions"]]  # type: ignore[index]
    assert rows_of(settings.load()) == before


def rows_of(told: settings.Settings) -> list[int]:
    with reading(told) as session:
        tables = (Activity, Plan, Goal, Group, Collaboration, Change)
        return [session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables]


def test_check_with_a_database_of_another_version_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_HOME", str(tmp_path))
    (tmp_path / "foljsam.db").write_bytes(b"")
    file = str(word(tmp_path / "plan.docx", "Aktivitetsplan 2024", [HEADS, ROW]))
    done = CliRunner().invoke(app, ["import", "plan", file, "--check"])
    assert isinstance(done.exception, Wrong)
    assert "another version" in str(done.exception)
