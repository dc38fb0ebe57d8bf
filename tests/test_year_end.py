"""The year's end: nothing is forgotten, what is left goes on, and it can be taken back."""

import json
import re
import threading
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from cli.console import Wrong
from cli.main import app
from intake.lives import year_end
from intake.lives.changes import ask_to_change
from intake.lives.goal_changes import ask_to_add_goal
from intake.lives.parts import ask_to_put_parts
from intake.lives.year_end import carry_over, make_next_plan, preview, undo_carry_over
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.kin import chain, plans_in_a_row
from models.lifecycle import Brought, Move, State
from models.moves import Moved, Refused
from models.plan import Goal, Plan
from models.promise import Participant, Promise
from models.year_end import close_plan
from reports.editions import Of, canonical
from reports.quarter import compile_quarter
from rules.lives import in_a_row
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.two_collaborations import Neighbours, neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 9)


def next_plan(town: Town, plan: int | None = None) -> int:
    """Next year's plan."""
    with transaction(town.settings) as session:
        return make_next_plan(session, plan or town.plan, FRIDA, today=TODAY)


def carried(town: Town, to: int, plan: int | None = None) -> Moved:
    """Everything that is open, carried over."""
    with transaction(town.settings) as session:
        return carry_over(session, plan or town.plan, to, FRIDA, today=TODAY)


def undone(town: Town, reason: str = "Fel plan") -> Moved:
    """All of it taken back."""
    with transaction(town.settings) as session:
        return undo_carry_over(session, town.plan, FRIDA, today=TODAY, reason=reason)


def successor(town: Town, activity_id: int) -> int:
    """The number of an activity's successor."""
    with reading(town.settings) as session:
        found = select(c(Activity).id).where(c(Activity).successor_of == activity_id)
        return int(session.execute(found).scalar_one())


def test_a_plan_is_not_closed_while_something_is_open_and_the_refusal_names_it(town: Town) -> None:
    town.activity("Trygg hemgång")
    with (
        pytest.raises(Refused, match="”Trygg hemgång” är föreslagen"),
        transaction(town.settings) as session,
    ):
        close_plan(session, town.plan, FRIDA, today=TODAY)
    carried(town, next_plan(town))
    with transaction(town.settings) as session:
        close_plan(session, town.plan, FRIDA, today=TODAY)
    with pytest.raises(Refused, match="Planen är avslutad"):
        town.activity("För sent")
    with pytest.raises(DatabaseError, match="never changed"), transaction(town.settings) as session:
        session.execute(text("DELETE FROM plan_closing"))


def test_a_closed_plan_is_opened_again_only_on_a_decision(town: Town) -> None:
    with transaction(town.settings) as session:
        close_plan(session, town.plan, FRIDA, today=TODAY)
    decision = {"decision": "Samordningsgruppen, 2024-12-01, § 9"}
    with pytest.raises(Refused) as refused, transaction(town.settings) as session:
        year_end.ask_to_reopen(session, town.plan, {}, FRIDA, today=TODAY)
    assert len(refused.value.sentences) == 2
    with transaction(town.settings) as session:
        given = {"reason": "Fel datum", **decision}
        year_end.ask_to_reopen(session, town.plan, given, FRIDA, today=TODAY)
    town.activity("Nu går det")


def test_goals_people_and_parts_go_along_and_doing_it_twice_changes_nothing(town: Town) -> None:
    sip = town.decided("SIP", by="2024-12-31", person=town.alice)
    with transaction(town.settings) as session:
        parts = {"name": "Alm\nBjörk", "state": "i dialog"}
        ask_to_put_parts(session, sip, parts, FRIDA, today=TODAY)
    following = next_plan(town)
    with transaction(town.settings) as session:
        seen = preview(session, town.plan, following, FRIDA, today=TODAY)
    assert [(one.what, one.goals, one.parts) for one in seen.coming] == [
        ("SIP", ("Hålla ihop vården",), ("Alm", "Björk"))
    ]
    assert seen.new_goals == ("Hålla ihop vården",)
    assert town.state(sip) is State.DECIDED
    assert list(carried(town, following).states) == [sip]
    assert carried(town, following).states == {}
    with reading(town.settings) as session:
        goals = session.execute(
            select(c(Goal).plan_id)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .where(c(ActivityGoal).activity_id == successor(town, sip))
        ).scalars()
        assert list(goals) == [following]
        seen = preview(session, town.plan, following, FRIDA, today=TODAY)
        assert seen.coming == ()


def test_taking_back_leads_each_to_where_it_was_also_to_its_pause(town: Town) -> None:
    begun, paused = (
        town.decided("Begonnen", by="2024-12-31"),
        town.decided("Pausad", by="2024-12-31"),
    )
    town.move(begun, Move.START)
    pause = Brought(reason="Sjuk", resume_on=date(2025, 2, 1), stand_in_group_id=town.bjork)
    town.move(paused, Move.PAUSE, pause)
    following = next_plan(town)
    carried(town, following)
    assert town.state(paused) is State.CARRIED_OVER
    assert set(undone(town).states) == {begun, paused}
    assert (town.state(begun), town.state(paused)) == (State.ONGOING, State.PAUSED)
    assert town.state(successor(town, paused)) is State.WITHDRAWN
    assert town.move(paused, Move.RESUME) is State.DECIDED
    carried(town, following)  # and once more: the same successor, proposed again
    assert town.state(successor(town, paused)) is State.PROPOSED


def test_what_lives_or_is_adopted_is_not_taken_back(town: Town) -> None:
    changed, adopted = (
        town.decided("Ändrad", by="2024-12-31"),
        town.decided("Orörd", by="2024-12-31"),
    )
    following = next_plan(town)
    carried(town, following)
    with transaction(town.settings) as session:
        new = {"how": "På ett annat sätt"}
        ask_to_change(session, successor(town, changed), new, FRIDA, today=TODAY)
    came = undone(town)
    assert list(came.states) == [adopted]
    assert "eget liv" in came.refused[changed][0]
    carried(town, following)
    with transaction(town.settings) as session:
        session.get_one(Plan, following).adopted_on = TODAY
    assert "fastställd" in undone(town).refused[adopted][0]


def test_the_third_year_in_a_row_is_shown_with_links_both_ways(town: Town) -> None:
    first = town.decided("SIP", by="2024-12-31")
    second_plan = next_plan(town)
    carried(town, second_plan)
    third_plan = next_plan(town, second_plan)
    carried(town, third_plan, second_plan)
    third = successor(town, successor(town, first))
    with reading(town.settings) as session:
        assert [kin.plan for kin in chain(session, first)] == [
            "Plan 2024",
            "Plan 2025",
            "Plan 2026",
        ]
        assert chain(session, first) == chain(session, third)
        assert plans_in_a_row(session, [first, third]) == {third: 3}
    pages = browse(create_app(town.settings))
    assert "tredje året i rad" in pages.get("/aktiviteter").text
    assert "tredje året i rad" in pages.get(f"/planer/{third_plan}/avsluta").text
    page = pages.get(f"/aktiviteter/{third}").text
    assert "Tredje året i rad" in page
    assert f"/aktiviteter/{first}" in page
    assert (in_a_row(1), in_a_row(2), in_a_row(12)) == ("", "andra året i rad", "tolfte året i rad")
    assert in_a_row(13) == "13:e året i rad"


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser in December."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def test_the_page_shows_then_does_then_closes(town: Town, frida: TestClient) -> None:
    sip, bare = town.decided("SIP", by="2024-12-31"), town.activity("Bar")
    address = f"/planer/{town.plan}/avsluta"
    assert "SIP" in frida.get(address).text
    chosen = {f"move_{sip}": "överför", f"move_{bare}": "avslå", "next_plan": "ny"}
    seen = frida.post(address, data={**chosen, "gor": "visa"}).text
    assert "Så här blir det i nästa plan" in seen
    assert town.state(sip) is State.DECIDED
    page = frida.post(address, data={**chosen, "gor": "registrera"})
    assert page.status_code == 422
    assert "Ange beslutet" in page.text
    assert (town.state(sip), town.state(bare)) == (State.CARRIED_OVER, State.PROPOSED)
    decided = {
        "decision_group": "NOSAM Alm",
        "decided_on": "2024-12-02",
        "decision_reference": "§ 4",
    }
    rejected = {f"move_{bare}": "avslå", f"reason_{bare}": "Inte möjligt", "gor": "registrera"}
    assert frida.post(address, data=rejected | decided).status_code == 200
    assert "är avslutad sedan 9 december 2024" in frida.post(address, data={"gor": "avsluta"}).text
    refused = frida.post(address, data={"gor": "angra", f"tillbaka_{sip}": "ja"})
    assert "Planen är avslutad. Öppna den igen först" in refused.text


def test_what_is_said_to_be_done_is_late_on_no_row(town: Town, frida: TestClient) -> None:
    sip = town.decided("SIP", by="2024-11-30")
    address = f"/planer/{town.plan}/avsluta"
    late = '<span class="late">(för 9 dagar sedan)</span>'
    assert late in frida.get(address).text
    town.change(sip, reported_done_on=date(2024, 12, 1))
    page = frida.get(address).text
    assert late not in page
    assert "Slutdatum 2024-11-30. Klar enligt ansvarig 1 december 2024." in page


def test_one_tick_carries_over_all_that_she_saw_but_those_she_chose_otherwise(
    town: Town, frida: TestClient
) -> None:
    ids = [town.decided(f"A{number}", by="2024-11-30") for number in range(11)]
    unseen = town.decided("Kom till medan sidan var öppen", by="2024-11-30")
    page = frida.get(f"/planer/{town.plan}/avsluta").text
    assert "Överför alla 12, utom dem där du väljer något annat" in page
    rows = {f"move_{number}": "" for number in ids}
    rows[f"move_{ids[3]}"] = "inget nu"
    form = {"gor": "registrera", "next_plan": "ny", "carry_rest": "ja", **rows}
    assert frida.post(f"/planer/{town.plan}/avsluta", data=form).status_code == 200
    assert [town.state(number) for number in ids].count(State.CARRIED_OVER) == 10
    assert town.state(ids[3]) is town.state(unseen) is State.DECIDED


def test_an_activity_of_another_plan_is_left_alone(town: Town, frida: TestClient) -> None:
    other = next_plan(town)
    sip = town.decided(by="2024-12-31")
    chosen = {f"move_{sip}": "överför", "next_plan": str(town.plan), "gor": "registrera"}
    page = frida.post(f"/planer/{other}/avsluta", data=chosen)
    assert "inte öppen i den här planen" in page.text
    assert town.state(sip) is State.DECIDED


def test_what_is_absorbed_is_linked_both_ways(town: Town, frida: TestClient) -> None:
    small, big = town.decided("Liten", by="2024-12-31"), town.decided("Stor", by="2024-12-31")
    given = {
        "move": "avbryt",
        "reason": "Görs ihop",
        "outcome": "inarbetad i annan plan",
        "into_activity": str(big),
        "decision_group": "NOSAM Alm",
        "decided_on": "2024-12-02",
        "decision_reference": "§ 5",
    }
    frida.post(f"/aktiviteter/{small}/flytta", data=given)
    assert f'href="/aktiviteter/{big}"' in frida.get(f"/aktiviteter/{small}").text
    assert "Inarbetat hit" in frida.get(f"/aktiviteter/{big}").text
    other = town.decided("Mindre", by="2024-12-31")
    following = next_plan(town)
    into = given | {"into_activity": "", "into_plan": "Plan 2025"}
    frida.post(f"/aktiviteter/{other}/flytta", data=into)
    assert f'href="/planer/{following}"' in frida.get(f"/aktiviteter/{other}").text
    assert "Mindre" in frida.get(f"/planer/{following}").text


def typed(*words: str) -> tuple[int, Any]:
    """What a command answers: its exit code, and its JSON."""
    came = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    return came.exit_code, json.loads(came.stdout)


def test_the_year_ends_from_the_command_line_too(small_town: Town) -> None:
    sip, contact = small_town.decided("SIP", by="2024-12-31"), small_town.activity("Kontakt")
    following = next_plan(small_town)
    code, said = typed("plan", "close", "Plan 2024")
    assert code == 2
    assert said["refused"][1] == "”SIP” är beslutad."
    assert typed("part", str(sip), "Alm", "i dialog")[1]["state"] == "i dialog"
    code, said = typed("part", str(sip), "Alm", "undantagen")
    assert (code, said["refused"]) == (2, ["Skriv varför delen är undantagen."])
    reason = ("--reason", "Gruppen är avvecklad")
    given = ("regroup", "NOSAM Björk", "--all-of", "NOSAM Alm", *reason)
    assert typed(*given)[1]["changed"] == [sip, contact]
    over = ("plan", "carry-over", "Plan 2024")
    code, said = typed(*over, "--to", str(following), "--check")
    assert [one["what"] for one in said["coming"]] == ["SIP", "Kontakt"]
    assert small_town.state(sip) is State.DECIDED
    assert typed(*over, "--to", "Plan 2025")[1]["carried_over"] == [sip, contact]
    assert typed(*over, "--to", "Plan 2025")[1]["carried_over"] == []
    assert typed(*over, "--undo", "--reason", "Fel")[1]["taken_back"] == [sip, contact]
    typed(*over, "--to", "Plan 2025")
    assert typed("plan", "close", "Plan 2024")[0] == 0


def plan_called(town: Town, there: Neighbours, title: str) -> int:
    """Gustav's group has a plan that is called so."""
    with transaction(town.settings) as session:
        plan = Plan(collaboration_id=there.theirs, group_id=there.their_group, title=title)
        session.add(plan)
        session.flush()
        return int(plan.id or 0)


def test_a_number_is_fridas_plan_though_gustav_calls_his_so(small_town: Town) -> None:
    contact, following = small_town.activity("Kontakt"), next_plan(small_town)
    his = plan_called(small_town, neighbours(small_town), str(following))
    over = ("plan", "carry-over", str(small_town.plan), "--to", str(following))
    assert typed(*over)[1]["carried_over"] == [contact]
    assert typed("plan", "show", str(following))[1]["id"] == following
    assert typed("plan", "show", str(his))[1]["id"] == his


def test_nothing_of_fridas_goes_on_in_a_plan_of_gustavs(small_town: Town) -> None:
    contact = small_town.activity("Kontakt")
    his = plan_called(small_town, neighbours(small_town), "Plan 2025")
    over = ("plan", "carry-over", "Plan 2024", "--to", "Plan 2025")
    for way in ([], ["--check"]):
        code, said = typed(*over, *way)
        assert (code, said["refused"]) == (
            2,
            ["Planen hör till en annan samverkan. Välj en plan i samma samverkan."],
        )
    with reading(small_town.settings) as session:
        there = select(c(Activity).id).where(c(Activity).plan_id == his)
        assert session.execute(there).all() == []
    assert small_town.state(contact) is State.PROPOSED


def test_a_group_of_fridas_takes_over_nothing_of_gustavs(small_town: Town) -> None:
    """Both have a Temagrupp äldre, and Frida's is dissolved: Björk takes what it had, of hers."""
    there = neighbours(small_town)
    hers, his = small_town.activity("Kontakt"), small_town.activity("Hemlig")
    small_town.change(hers, group_id=there.our_group)
    his_plan = plan_called(small_town, there, "Plan 2024 Annan")
    small_town.change(his, plan_id=his_plan, group_id=there.their_group)
    reason = ("--reason", "Gruppen är avvecklad")
    both = ["regroup", "NOSAM Björk", "--all-of", "temagrupp ÄLDRE", *reason]
    told = CliRunner().invoke(app, both)
    assert isinstance(told.exception, Wrong)
    assert "Several groups are called" in str(told.exception)
    code, said = typed("regroup", "NOSAM Björk", str(hers), str(his), *reason)
    assert (code, said["refused"]) == (
        2,
        ["Aktiviteterna hör till flera samverkansområden. Ta ett i taget."],
    )
    assert typed("regroup", "NOSAM Björk", str(hers), *reason)[1]["changed"] == [hers]
    with reading(small_town.settings) as session:
        assert session.get_one(Activity, his).group_id == there.their_group


def test_who_proposes_while_the_plan_is_being_closed_waits_and_is_refused(town: Town) -> None:
    refused: list[str] = []

    def propose() -> None:
        try:
            town.activity("Sent påkommet")
        except Refused as said:
            refused.append(said.sentences[0])

    late = threading.Thread(target=propose)
    with transaction(town.settings) as session:
        close_plan(session, town.plan, FRIDA, today=TODAY)
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive()
    late.join()
    assert refused == ["Planen är avslutad. Öppna den igen först; det behöver ett beslut."]


def test_what_was_promised_and_who_takes_part_go_along_once(town: Town) -> None:
    sip = town.decided("SIP", by="2024-12-31")
    with transaction(town.settings) as session:
        session.add(Participant(activity_id=sip, words="Brukarrådet"))
        told = date(2024, 12, 31)
        session.add(Promise(activity_id=sip, words="Redovisas", made_to="årsrapport", due=told))
    following = next_plan(town)
    carried(town, following)
    undone(town)
    carried(town, following)
    with reading(town.settings) as session:
        new = successor(town, sip)
        part = select(c(Participant).words).where(c(Participant).activity_id == new)
        assert list(session.execute(part).scalars()) == ["Brukarrådet"]
        promise = c(Promise)
        kept = select(promise.words, promise.made_to, promise.due).where(promise.activity_id == new)
        assert [tuple(row) for row in session.execute(kept)] == [("Redovisas", "årsrapport", None)]


def goals_of(town: Town, plan: int) -> list[str]:
    """The words of a plan's goals."""
    with reading(town.settings) as session:
        asked = select(c(Goal).text).where(c(Goal).plan_id == plan).order_by(c(Goal).id)
        return list(session.execute(asked).scalars())


def under_another_goal(town: Town) -> None:
    """The plan's goal lies under a larger one."""
    with transaction(town.settings) as session:
        above = Goal(plan_id=town.plan, text="Nära vård")
        session.add(above)
        session.flush()
        session.get_one(Goal, town.goal).parent_id = above.id


def test_a_carry_over_that_is_undone_takes_its_goals_with_it(town: Town) -> None:
    under_another_goal(town)
    town.decided("SIP", by="2024-12-31")
    following = next_plan(town)
    carried(town, following)
    assert goals_of(town, following) == ["Nära vård", "Hålla ihop vården"]
    undone(town)
    assert goals_of(town, following) == []
    carried(town, following)
    assert goals_of(town, following) == ["Nära vård", "Hålla ihop vården"]
    undone(town)
    assert goals_of(town, following) == []


def test_a_goal_of_the_next_plans_own_stays_when_a_carry_over_is_undone(town: Town) -> None:
    sip = town.decided("SIP", by="2024-12-31")
    following = next_plan(town)
    with transaction(town.settings) as session:
        ask_to_add_goal(session, following, {"text": "Hålla ihop vården"}, FRIDA, today=TODAY)
    carried(town, following)
    undone(town)
    assert goals_of(town, following) == ["Hålla ihop vården"]
    assert town.state(successor(town, sip)) is State.WITHDRAWN


def test_a_goal_that_another_activity_has_come_to_serve_stays_when_a_carry_over_is_undone(
    town: Town,
) -> None:
    town.decided("SIP", by="2024-12-31")
    following = next_plan(town)
    carried(town, following)
    with transaction(town.settings) as session:
        (goal,) = session.execute(select(c(Goal).id).where(c(Goal).plan_id == following)).scalars()
    other = town.activity("Ny mottagning", goal=False)
    with transaction(town.settings) as session:
        session.add(ActivityGoal(activity_id=other, goal_id=goal))
    undone(town)
    assert goals_of(town, following) == ["Hålla ihop vården"]


def test_what_is_carried_over_to_another_plan_the_second_time_serves_that_ones_goals(
    town: Town,
) -> None:
    sip = town.decided("SIP", by="2024-12-31")
    first, second = next_plan(town), next_plan_of(town, "Plan 2026")
    with transaction(town.settings) as session:
        ask_to_add_goal(session, first, {"text": "Hålla ihop vården"}, FRIDA, today=TODAY)
    carried(town, first)
    undone(town)
    carried(town, second)
    with reading(town.settings) as session:
        served = session.execute(
            select(c(Goal).plan_id)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .where(c(ActivityGoal).activity_id == successor(town, sip))
        ).scalars()
        assert list(served) == [second]


def next_plan_of(town: Town, title: str) -> int:
    """Another plan that activities may be carried over to."""
    with transaction(town.settings) as session:
        area = session.get_one(Plan, town.plan).collaboration_id
        plan = Plan(collaboration_id=area, group_id=town.alm, title=title)
        session.add(plan)
        session.flush()
        assert plan.id is not None
        return plan.id


def test_what_was_undone_and_carried_over_anew_can_be_undone_again(town: Town) -> None:
    sip = town.decided("SIP", by="2024-12-31")
    first, second = next_plan(town), next_plan_of(town, "Plan 2026")
    for plan in (first, second, first):
        carried(town, plan)
        assert town.state(sip) is State.CARRIED_OVER
        assert set(undone(town).states) == {sip}
        assert goals_of(town, plan) == []


def test_a_report_of_before_the_undoing_is_the_same_when_it_is_compiled_late(town: Town) -> None:
    """The successor stood in the first plan, with its goal, until it was withdrawn in May."""
    town.decided("SIP", by="2024-12-31")
    first, second = next_plan(town), next_plan_of(town, "Plan 2026")
    carried(town, first)
    of = Of(ReportKind.QUARTER, 1, None, "2025Q1")

    def compiled() -> str:
        with reading(town.settings) as session:
            return canonical(compile_quarter(session, of, date(2025, 4, 5)))

    before = compiled()
    assert '"goals":["Hålla ihop vården"]' in before
    assert '"plan":"Plan 2025"' in before
    with transaction(town.settings) as session:
        undo_carry_over(session, town.plan, FRIDA, today=date(2025, 5, 2), reason="Fel")
    assert compiled() == before
    with transaction(town.settings) as session:
        carry_over(session, town.plan, second, FRIDA, today=date(2025, 5, 3))
    assert compiled() == before


def test_a_refused_row_is_told_above_and_leads_to_its_field(town: Town, frida: TestClient) -> None:
    """To abandon needs an outcome, a reason and a decision; what is typed is kept."""
    sip = town.decided("Rutin för SIP", by="2024-12-01")
    town.change(sip, reported_done_on=date(2024, 11, 28))
    address = f"/planer/{town.plan}/avsluta"
    assert "Klar enligt ansvarig 28 november 2024." in frida.get(address).text
    form = {"gor": "registrera", f"move_{sip}": "avbryt", f"reason_{sip}": "Ingen tid"}
    told = frida.post(address, data=form).text
    summary = told[told.index('class="errors"') :]
    summary = summary[: summary.index("</div>")]
    assert "De här raderna är inte ändrade än:" in summary
    for name in (f"outcome_{sip}", "decision_group"):
        assert f'href="#{name}"' in summary, summary
        assert f'id="{name}"' in told
    assert 'value="Ingen tid"' in told


def test_a_refused_undo_keeps_its_ticks_and_words_and_says_where(
    town: Town, frida: TestClient
) -> None:
    town.decided("Rutin för SIP", by="2024-12-01")
    to = next_plan(town)
    carried(town, to)
    address = f"/planer/{town.plan}/avsluta"
    ticked = re.search(r'name="(tillbaka_\d+)"', frida.get(address).text)
    assert ticked
    told = frida.post(address, data={"gor": "angra", ticked[1]: "ja", "undo_reason": ""}).text
    assert 'class="errors"' in told
    assert re.search(rf'name="{ticked[1]}" value="ja" checked', told)
    links = re.findall(r'href="#(tillbaka_\d+|undo_reason)"', told)
    assert links
    assert all(f'id="{name}"' in told for name in links)
