"""A plan that was taken in while it went is silent until Frida says from when (both databases)."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import policy
from intake.lives.undo import withdraw_plan
from models.columns import c
from models.database import reading, transaction
from models.letter import Notice
from models.plan import Plan
from models.reminded import remind_from
from models.resting import CollaborationPause
from notifications import reports_due, status_rounds
from notifications.rehearsal import rehearse, rehearse_until
from notifications.why_not import explain
from rules.why_not import Reason
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)


def begins(town: Town, day: date | None) -> None:
    with transaction(town.settings) as session:
        remind_from(session, town.plan, day)


def notices(town: Town) -> list[tuple[str, str, int]]:
    """(kind, day, rung) of every notice."""
    with reading(town.settings) as session:
        rows: Any = session.execute(
            select(c(Notice).kind, c(Notice).due_on, c(Notice).rung).order_by(c(Notice).due_on)
        )
        return [(kind.value, str(day), rung) for kind, day, rung in rows]


def test_no_rung_of_a_silent_plan_is_reached(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-06-17")
    with transaction(town.settings) as session:
        money = update(Plan).values(funding_last=date(2024, 6, 20), funding_text="1 kr")
        session.execute(money.where(c(Plan).id == town.plan))
    begins(town, None)
    town.morning(TODAY)
    assert notices(town) == []
    begins(town, date(2024, 6, 12))
    town.morning(TODAY)
    assert notices(town) == []
    town.morning("2024-06-12")
    assert [(kind, day) for kind, day, _ in notices(town)] == [
        ("deadline", "2024-06-17"),
        ("funding", "2024-06-20"),
    ]


def test_a_day_that_had_passed_is_asked_once_and_a_new_day_stands_on_the_whole_ladder(
    town: Town,
) -> None:
    late = town.decided("Trygg hemgång", by="2024-03-01", start=date(2024, 2, 1))
    town.decided("Nätverk", by="2024-06-18")
    begins(town, date(2024, 6, 11))
    for day in ("2024-06-11", "2024-06-12", "2024-06-17", "2024-07-01", "2024-07-30"):
        town.morning(day)
    of_late = [one for one in notices(town) if one[1] in ("2024-03-01", "2024-02-01")]
    asked = [(kind, rung) for kind, _, rung in of_late if kind != "silence"]
    assert sorted(asked) == [("deadline", -102), ("start", -131)]
    of_other = [rung for kind, day, rung in notices(town) if day == "2024-06-18"]
    assert len(of_other) > 2
    town.change(late, deadline_first=date(2024, 8, 1), deadline_last=date(2024, 8, 1))
    town.morning("2024-07-31")
    assert ("deadline", "2024-08-01", 1) in notices(town)


def test_what_is_lacking_is_asked_for_once_the_plan_is_reminded_of(town: Town) -> None:
    town.decided("Nätverk", follow_up="")
    begins(town, None)
    town.morning("2024-01-15")
    assert town.letters() == []
    begins(town, date(2024, 1, 18))
    town.morning("2024-01-18")
    assert any("saknar" in letter.text for letter in town.letters())


def test_nobody_is_told_that_it_is_done_before_the_plan_is_reminded_of(town: Town) -> None:
    done = town.decided("Trygg hemgång", by="2024-06-17")
    town.change(done, reported_done_on=date(2024, 6, 8))
    begins(town, None)
    town.morning(TODAY)
    assert (notices(town), town.letters()) == ([], [])
    begins(town, date(2024, 6, 12))
    town.morning("2024-06-12")
    town.morning("2024-06-13")
    assert ("done", "2024-06-08", 0) in notices(town)
    assert any("Klart 8 juni 2024" in letter.text for letter in town.letters())


def test_a_status_round_does_not_ask_about_a_silent_plan(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    begins(town, None)
    promises = policy.load(town.settings.home)
    with transaction(town.settings) as session:
        assert status_rounds.open_due(session, promises, date(2024, 6, 25)) == []
    begins(town, date(2024, 6, 20))
    with transaction(town.settings) as session:
        assert len(status_rounds.open_due(session, promises, date(2024, 6, 25))) == 1


def test_the_first_letters_can_be_seen_before_anything_has_begun(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-06-17")
    begins(town, None)
    promises, last = policy.load(town.settings.home), date(2024, 6, 20)
    assert rehearse(town.settings, promises, TODAY, last) == []
    letters, _ = rehearse_until(
        town.settings, promises, TODAY, last, lambda: False, {town.plan: TODAY}
    )
    assert {letter.name for letter in letters} == {"Alice"}
    assert any(row.kind == "deadline" for letter in letters for row in letter.rows)
    assert rehearse(town.settings, promises, TODAY, last) == []  # it was only seen
    with reading(town.settings) as session:
        asked = select(c(Plan).reminded_from).where(c(Plan).id == town.plan)
        assert session.execute(asked).scalar_one() is None


def test_why_no_letter_went_says_that_nobody_has_begun(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-06-17")
    begins(town, None)
    with reading(town.settings) as session:
        found = explain(session, policy.load(), town.alice, TODAY, TODAY)
    told = {one.reason: one.words for one in found}
    assert "har inte börjat" in told[Reason.PLAN_NOT_BEGUN]


def test_a_silent_plan_keeps_its_groups_report_waiting_only_while_it_goes_on(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-12-31")
    with transaction(town.settings) as session:
        area = session.get_one(Plan, town.plan).collaboration_id
        mistake = Plan(collaboration_id=area, group_id=town.alm, title="Fel plan")
        session.add(mistake)
        session.flush()
        number = mistake.id
        assert number is not None
        remind_from(session, number, None)
    town.plan = number
    town.activity("Inläst av misstag", by="2025-12-31", goal=False)
    assert town.alm not in reports_to_come(town)
    with transaction(town.settings) as session:
        withdraw_plan(session, number, FRIDA, today=date(2024, 12, 3))
    assert town.alm in reports_to_come(town)


def test_a_silent_plan_that_is_closed_keeps_no_report_waiting(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-12-31")
    begins(town, None)
    assert town.alm not in reports_to_come(town)
    with transaction(town.settings) as session:
        closing = update(Plan).values(closed_on=date(2024, 12, 31))
        session.execute(closing.where(c(Plan).id == town.plan))
    assert town.alm in reports_to_come(town)


def reports_to_come(town: Town) -> set[int]:
    """The groups whose report of the last quarter of 2024 has reached its day."""
    with reading(town.settings) as session:
        due = reports_due.quarters_due(session, policy.load(town.settings.home), date(2025, 1, 9))
        return {one.group_id for one in due}


def browser(town: Town, day: date) -> TestClient:
    """A process leader's, on a day."""
    return browse(create_app(town.settings.model_copy(update={"today": day})))


def test_the_first_letters_say_how_far_off_each_day_is_when_they_go(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-06-28")
    begins(town, None)
    page = browser(town, TODAY).get(f"/planer/{town.plan}/paminn").text
    first = page.partition('data-label="Dag"')[2].partition("</tr>")[0]
    assert "17 dagar före" in first, "30 days before it had passed when the letters begin"
    assert "30 dagar före" not in first


def test_the_first_letters_show_the_report_that_waits_for_the_plan(town: Town) -> None:
    town.decided("Trygg hemgång", by="2025-12-31")
    begins(town, None)
    frida = browser(town, date(2025, 1, 8))
    assert "Statusrapport kv 4" not in frida.get("/kommande?till=2025-01-31").text
    page = frida.get(f"/planer/{town.plan}/paminn").text
    assert "Statusrapport kv 4" in page


@pytest.mark.parametrize(
    ("what", "said"),
    [("closed_on", "avslutad sedan 5 juni 2024"), ("withdrawn_on", "återtagen sedan 5 juni 2024")],
)
def test_nobody_begins_reminding_of_a_plan_that_is_over(
    small_town: Town, what: str, said: str
) -> None:
    begins(small_town, None)
    with transaction(small_town.settings) as session:
        over = update(Plan).where(c(Plan).id == small_town.plan)
        session.execute(over.values({what: date(2024, 6, 5)}))
    frida = browser(small_town, TODAY)
    page = frida.get(f"/planer/{small_town.plan}/paminn").text
    assert said in page
    assert "<button>Börja påminna" not in page
    sent = frida.post(f"/planer/{small_town.plan}/paminn", data={"from_day": "2024-06-12"})
    assert (sent.status_code, said in sent.text) == (422, True)
    with reading(small_town.settings) as session:
        asked = select(c(Plan).reminded_from).where(c(Plan).id == small_town.plan)
        assert session.execute(asked).scalar_one() is None


def test_who_began_reminding_is_told_where_the_plan_says_that_letters_go(town: Town) -> None:
    begins(town, None)
    frida = browse(create_app(town.settings.model_copy(update={"today": TODAY})))
    address = f"/planer/{town.plan}"
    assert "bestämde det" not in frida.get(address).text
    frida.post(f"{address}/paminn", data={"from_day": "2024-06-12"})
    told = "processledaren bestämde det 10 juni 2024."
    before = frida.get(address).text
    assert "Inga brev går ut om planen före 12 juni 2024." in before
    assert told in before
    assert told in frida.get(f"{address}/paminn").text
    later = browse(create_app(town.settings.model_copy(update={"today": date(2024, 7, 1)})))
    after = later.get(address).text
    assert "Brev går ut om planen från och med 12 juni 2024." in after
    assert told in after


def test_a_plan_that_was_never_silent_names_nobody(small_town: Town) -> None:
    frida = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    page = frida.get(f"/planer/{small_town.plan}").text
    assert "bestämde det" not in page
    assert "Brev går ut om planen" not in page
    letters = frida.get(f"/planer/{small_town.plan}/paminn").text
    assert "påminns om." in letters
    assert "1970" not in letters, "the day that stands for always is no day to read"


def test_a_closed_plan_and_one_at_rest_promise_no_letters(small_town: Town) -> None:
    with transaction(small_town.settings) as session:
        remind_from(session, small_town.plan, TODAY, by="Frida", said_on=TODAY)
    frida = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    address = f"/planer/{small_town.plan}"
    assert "Brev går ut om planen" in frida.get(address).text
    with transaction(small_town.settings) as session:
        area = session.get_one(Plan, small_town.plan).collaboration_id
        pause = CollaborationPause(collaboration_id=area, first_day=TODAY, reason="Sommar")
        session.add(pause)
    assert "Brev går ut om planen" not in frida.get(address).text
    with transaction(small_town.settings) as session:
        session.execute(update(Plan).values(closed_on=TODAY, reminded_from=None))
    assert "Inga brev går ut om planen" not in frida.get(address).text
