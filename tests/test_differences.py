"""Next month's file against what is on file: added, changed, no longer there, as before."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.differences import Kept, compare
from intake.filing.filing import key_of
from models.decision import Agreed
from models.lifecycle import State
from models.span import NOTHING
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
