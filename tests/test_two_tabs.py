"""Two tabs, or two people: who comes second is told, keeps her words, and puts nothing back."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed, Change
from models.group import Group
from models.part import Part
from models.person import Person
from models.plan import Goal, Plan
from rules.meanwhile import FILLED_FROM, compared, filled_from
from tests.cast import Town
from tests.conftest import browse
from tests.test_approval import JANUARY, year
from web.app import create_app

_FIELD = re.compile(
    r"<input(?P<input>[^>]*)>|<textarea(?P<area>[^>]*)>(?P<words>.*?)</textarea>"
    r"|<select(?P<select>[^>]*)>(?P<choices>.*?)</select>",
    re.DOTALL,
)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser, in January."""
    return browse(create_app(town.settings.model_copy(update={"today": JANUARY})))


def form(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the form on a page that leads there, untouched."""
    start = page.index(f'action="{action}"')
    found: dict[str, str] = {}
    for match in _FIELD.finditer(page[start : page.index("</form>", start)]):
        attributes = match["input"] or match["area"] or match["select"]
        name = re.search(r'name="([^"]*)"', attributes)
        if name is None or ('type="checkbox"' in attributes and "checked" not in attributes):
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        words = value[1] if value else match["words"] or ""
        if match["choices"] is not None:
            chosen = re.search(
                r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", match["choices"]
            )
            words = (chosen[1] or chosen[2]) if chosen else ""
        found[unescape(name[1])] = unescape(words)
    return found


def test_a_stale_form_puts_no_deadline_back(frida: TestClient, town: Town) -> None:
    """What the group decided meanwhile stands, also in the history."""
    activity = town.decided(by="2025-03-31")
    address = f"/aktiviteter/{activity}"
    first = form(frida.get(address).text, f"{address}/andra")
    second = dict(first)
    frida.post(f"{address}/andra", data=first | {"deadline": "2025-06-30", "reason": "Beslut"})
    second |= {"how": "Med en kurs i varje kommun.", "reason": "Tydligare"}
    told = frida.post(f"{address}/andra", data=second)
    assert told.status_code == 422
    assert "Slutdatum: fältet är ändrat till ”2025-06-30” av någon annan" in told.text
    assert "Med en kurs i varje kommun." in told.text
    again = form(told.text, f"{address}/andra")
    assert again["deadline"] == "2025-06-30"
    assert frida.post(f"{address}/andra", data=again).status_code == 200
    with reading(town.settings) as session:
        row = session.get_one(Activity, activity)
        changes = session.execute(select(c(Change).what).order_by(c(Change).id)).scalars().all()
    assert (row.deadline_text, row.how) == ("2025-06-30", "Med en kurs i varje kommun.")
    assert [what for what in changes if what is Agreed.DEADLINE] == [Agreed.DEADLINE]


def test_who_writes_the_same_field_may_save_anyway_when_she_has_seen(
    frida: TestClient, town: Town
) -> None:
    activity = town.decided(by="2025-03-31")
    address = f"/aktiviteter/{activity}"
    first = form(frida.get(address).text, f"{address}/andra")
    frida.post(f"{address}/andra", data=first | {"deadline": "2025-06-30", "reason": "Beslut"})
    told = frida.post(f"{address}/andra", data=first | {"deadline": "2025-09-30", "reason": "Nytt"})
    assert "Det du skrev står kvar i formuläret." in told.text
    again = form(told.text, f"{address}/andra")
    assert again["deadline"] == "2025-09-30"
    assert frida.post(f"{address}/andra", data=again).status_code == 200
    with reading(town.settings) as session:
        assert session.get_one(Activity, activity).deadline_text == "2025-09-30"


def test_nobody_is_told_when_nothing_has_changed_or_both_wrote_the_same(
    frida: TestClient, town: Town
) -> None:
    activity = town.decided(by="2025-03-31")
    address = f"/aktiviteter/{activity}"
    first = form(frida.get(address).text, f"{address}/andra")
    for _ in range(2):
        wrote = first | {"how": "En kurs.\r\nOch en till.", "reason": "Tydligare"}
        assert frida.post(f"{address}/andra", data=wrote).status_code == 200


def test_a_plan_a_goal_a_group_a_person_and_a_part_are_kept_alike(
    frida: TestClient, town: Town
) -> None:
    activity = town.decided(by="2025-03-31")
    frida.post(f"/aktiviteter/{activity}/delar", data={"name": "Alm"})
    with transaction(town.settings) as session:
        plan = session.get_one(Activity, activity).plan_id
        goal = Goal(plan_id=plan, text="Tillit", position=99)
        session.add(goal)
        session.flush()
        part = session.execute(select(c(Part).id)).scalar_one()
        person = session.execute(select(c(Person).id).limit(1)).scalar_one()
        group = session.execute(select(c(Group).id).limit(1)).scalar_one()
        goal_id = goal.id
    forms = {
        "plan": (f"/planer/{plan}/andra", f"/planer/{plan}/andra", "purpose", "title"),
        "goal": (f"/planer/{plan}/andra", f"/planer/{plan}/mal/{goal_id}", "called", "text"),
        "group": (f"/grupper/{group}", f"/grupper/{group}/andra", "kind", "name"),
        "person": (f"/personer/{person}", f"/personer/{person}/andra", "email", "name"),
        "part": (
            f"/aktiviteter/{activity}",
            f"/aktiviteter/{activity}/delar",
            "responsible",
            "why",
        ),
    }
    for name, (page, action, hers, others) in forms.items():
        stale = form(frida.get(page).text, action)
        new = "ny@example.org" if hers == "email" else "Nytt ord"
        assert frida.post(action, data=stale | {others: "Ändrat ord"}).status_code == 200, name
        told = frida.post(action, data=stale | {hers: new})
        assert told.status_code == 422, name
        assert "ändrat till ”Ändrat ord” av någon annan" in told.text, name
        again = form(told.text, action)
        assert (again[hers], again[others]) == (new, "Ändrat ord"), name
        assert frida.post(action, data=again).status_code == 200, name
        kept = form(frida.get(page).text, action)
        assert (kept[hers], kept[others]) == (new, "Ändrat ord"), name
    with reading(town.settings) as session:
        assert session.get_one(Plan, plan).title == "Ändrat ord"
        assert session.get_one(Part, part).responsible == "Nytt ord"


def test_two_who_write_in_a_report_do_not_undo_each_other(frida: TestClient, town: Town) -> None:
    town.decided(by="2024-11-30")
    year(town)
    stale = form(frida.get("/rapporter/1/skriv").text, "/rapporter/1/skriv")
    frida.post("/rapporter/1/skriv", data=stale | {"text_inledning": "Bobs inledning."})
    told = frida.post("/rapporter/1/skriv", data=stale | {"text_ekonomi": "Fridas ekonomi."})
    assert told.status_code == 422
    assert "ändrat till ”Bobs inledning.” av någon annan" in told.text
    again = form(told.text, "/rapporter/1/skriv")
    assert frida.post("/rapporter/1/skriv", data=again).status_code == 200
    shown = frida.get("/rapporter/1").text
    assert "Bobs inledning." in shown
    assert "Fridas ekonomi." in shown


@pytest.mark.parametrize("odd", ["", "{", "[1]", "null", '{"deadline": 7}', "[" * 100_000, "\x00"])
def test_a_form_with_odd_prints_is_read_all_the_same(odd: str) -> None:
    meanwhile = compared({"deadline": "mars", FILLED_FROM: odd}, {"how": ""}, {})
    assert meanwhile.told == []
    assert meanwhile.given["deadline"] == "mars"


def test_what_was_not_touched_is_what_is_on_file() -> None:
    sent = {"how": "a \r\nb", "deadline": "juni", FILLED_FROM: filled_from({"how": "a\nb"})}
    meanwhile = compared(sent, {"how": "c"}, {"how": "Hur"})
    assert meanwhile.given["how"] == "c"
    assert meanwhile.given["deadline"] == "juni"
    assert meanwhile.told == [
        "Hur: fältet är ändrat till ”c” av någon annan sedan du öppnade sidan. "
        "Det står nu i formuläret."
    ]
