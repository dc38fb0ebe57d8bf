"""Frida takes in a plan that is already going: its true states, with the days they happened on."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from config import settings as settings_module
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading
from models.decision import Decision, MoveRow
from models.letter import Notice
from models.lifecycle import State
from models.plan import Plan
from tests.cast import Town
from tests.conftest import browse
from tests.test_plan_import_page import TITLE, kept, on_file, upload, word
from web.app import create_app

TODAY = date(2024, 6, 10)
NETWORK = ["Trygg vård", "Nätverk", "Möten", "NOSAM Alm", "mars 2024", "dec 2024", "Antal", "Pågår"]
SURVEY = ["Trygg vård", "Enkät", "Till alla", "NOSAM Alm", "feb 2024", "april 2024", "", "Uppföljd"]
COURSE = ["Trygg vård", "Utbildning", "Kurser", "", "", "", "", "Vilande"]
TEAM = [
    "Trygg vård",
    "Mobilt team",
    "Rekrytera",
    "NOSAM Björk",
    "jan 2024",
    "maj 2024",
    "",
    "Pågår",
]
GUIDE = ["Trygg vård", "Handbok", "Skriva", "NOSAM Alm", "", "sept 2024", "Antal", ""]


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    told = settings_module.load(**{**small_town.settings.model_dump(), "today": str(TODAY)})
    with browse(create_app(told)) as client:
        yield client


def taken_in(frida: TestClient, **fields: str) -> Response:
    """The plan of five rows is saved as one that goes already."""
    page = upload(frida, word(NETWORK, SURVEY, COURSE, TEAM, GUIDE))
    given = {**kept(page), "pagar": "ja", "decided_on": "22 januari 2024", **fields}
    saved: Response = frida.post("/planer/las-in", data=given)
    return saved


def rows(town: Town) -> dict[str, Any]:
    return {row.what: row for row in on_file(town)}


def table(frida: TestClient, town: Town, **fields: str) -> Response:
    (row, *_) = on_file(town)
    sent: Response = frida.post(
        f"/planer/{row.plan_id}/pagar", data={"gor": "registrera", **fields}
    )
    return sent


def moves(town: Town, what: str) -> list[tuple[str, str]]:
    """(move, day) of an activity's history."""
    with reading(town.settings) as session:
        found = session.execute(
            select(c(MoveRow).move, c(MoveRow).happened_on)
            .join(Activity, c(Activity).id == c(MoveRow).activity_id)
            .where(c(Activity).what == what)
            .order_by(c(MoveRow).id)
        )
        return [(move.value, str(day)) for move, day in found]


def plan(town: Town) -> Any:  # noqa: ANN401 - a row of columns
    with reading(town.settings) as session:
        asked = select(c(Plan).id, c(Plan).reminded_from, c(Plan).adopted_on)
        return session.execute(asked.where(c(Plan).title == TITLE)).one()


def standing(town: Town, what: str, key: str) -> dict[str, str]:
    return {f"standing_{rows(town)[what].id}": key}


def begin(frida: TestClient, town: Town, day: str) -> Response:
    sent: Response = frida.post(f"/planer/{plan(town).id}/paminn", data={"from_day": day})
    return sent


def test_the_files_words_and_one_row_give_five_activities_their_states(
    small_town: Town, frida: TestClient
) -> None:
    page = taken_in(frida)
    assert "Planen beslutades 22 januari 2024 av NOSAM Alm, enligt fastställd plan." in page.text
    assert "Förslag: Pausad" in page.text
    saved = table(
        frida,
        small_town,
        agree="ja",
        as_planned="ja",
        **standing(small_town, "Handbok", "beslutad"),
    )
    assert "Fem aktiviteter har fått sitt läge." in saved.text
    states = {what: row.state for what, row in rows(small_town).items()}
    assert states == {
        "Nätverk": State.ONGOING,
        "Enkät": State.FOLLOWED_UP,
        "Utbildning": State.PAUSED,
        "Mobilt team": State.ONGOING,
        "Handbok": State.DECIDED,
    }


def test_each_move_has_the_day_it_happened_and_is_marked_as_written_down_afterwards(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    survey = rows(small_town)["Enkät"].id
    table(
        frida,
        small_town,
        agree="ja",
        as_planned="ja",
        **{f"came_{survey}": "3 maj 2024", f"result_{survey}": "41 svar"},
    )
    assert moves(small_town, "Enkät") == [
        ("föreslå", "2024-01-22"),
        ("besluta", "2024-01-22"),
        ("starta", "2024-02-01"),
        ("följ upp", "2024-05-03"),
    ]
    assert rows(small_town)["Enkät"].result == "41 svar"
    # What the plan says began before it was decided, was going when it was.
    assert moves(small_town, "Mobilt team")[2] == ("starta", "2024-01-22")
    then = frida.get(f"/planer/{plan(small_town).id}?den=2024-02-15").text
    assert re.search(r"Pågående <strong>2", then)
    with reading(small_town.settings) as session:
        asked = select(c(MoveRow).by, c(MoveRow).registered_on, c(MoveRow).on_day)
        row = session.execute(asked.where(c(MoveRow).happened_on == date(2024, 5, 3))).one()
        assert row.registered_on == TODAY
        assert row.on_day == date(2024, 5, 3)  # reports count it then: none has told of the plan
        assert "i efterhand" in row.by
    page = frida.get(f"/aktiviteter/{survey}").text
    assert "Uppföljd" in page  # the plan's own words stand beside the state
    assert rows(small_town)["Enkät"].status_words == "Uppföljd"


def test_a_day_that_nobody_knows_is_the_latest_it_can_have_been_and_no_row_waits_for_it(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    table(frida, small_town, agree="ja")
    assert moves(small_town, "Enkät")[2:] == [("starta", "2024-06-10"), ("följ upp", "2024-06-10")]
    assert rows(small_town)["Enkät"].result == "Uppföljd"  # its own words, where there is no other
    assert moves(small_town, "Utbildning")[2:] == [("pausa", "2024-06-10")]


def test_what_cannot_be_true_is_refused_at_its_row_and_the_others_are_saved(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    by_name = rows(small_town)
    network, survey, team = (by_name[w].id for w in ("Nätverk", "Enkät", "Mobilt team"))
    page = table(
        frida,
        small_town,
        agree="ja",
        **{
            f"started_{network}": "1 juli 2024",
            f"started_{survey}": "12 mars 2024",
            f"came_{survey}": "1 mars 2024",
            f"started_{team}": "5 januari 2024",
        },
    )
    assert page.status_code == 422
    assert "1 juli 2024 har inte varit än. Skriv den dag det hände." in page.text
    assert "Dagen är före starten (12 mars 2024). Skriv en senare dag." in page.text
    assert "5 januari 2024 är före beslutet om planen (22 januari 2024)." in page.text
    assert f'href="#started_{network}"' in page.text
    assert f'id="started_{network}"' in page.text
    assert 'value="1 juli 2024"' in page.text
    assert "Utbildning: pausad" in page.text
    assert rows(small_town)["Nätverk"].state is State.PROPOSED
    assert rows(small_town)["Utbildning"].state is State.PAUSED
    again = table(frida, small_town, agree="ja", as_planned="ja")
    assert "Tre aktiviteter har fått sitt läge." in again.text


def test_a_decision_day_that_refuses_every_row_is_not_kept(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, SURVEY))
    frida.post("/planer/las-in", data={**kept(page), "spara": "ja"})
    network = standing(small_town, "Nätverk", "pagaende")
    started = {f"started_{rows(small_town)['Nätverk'].id}": "1 mars 2024"}
    page = table(frida, small_town, decided_on="22 maj 2024", **network, **started)
    assert "Inget är sparat" in page.text
    assert "Planen beslutades" not in page.text
    assert 'name="decided_on" value="22 maj 2024"' in page.text
    assert plan(small_town).adopted_on is None
    saved = table(frida, small_town, decided_on="22 januari 2024", **network, **started)
    assert "En aktivitet har fått sitt läge." in saved.text


def test_what_is_chosen_for_all_rows_stays_chosen_when_the_first_is_saved(
    small_town: Town, frida: TestClient
) -> None:
    page = taken_in(frida)
    (goes,) = re.findall(r'name="(all_\d+)" aria-label="[^"]*Pågår"', page.text)
    team = f"started_{rows(small_town)['Mobilt team'].id}"
    page = table(frida, small_town, **{goes: "pagaende", team: "5 januari 2024"})
    assert "En rad sparades." in page.text
    chosen = re.search(rf'name="{goes}".*?</select>', page.text, re.DOTALL)
    assert chosen
    assert 'value="pagaende" selected' in chosen[0]
    saved = table(frida, small_town, **{goes: "pagaende", team: "5 mars 2024"})
    assert "En aktivitet har fått sitt läge." in saved.text
    assert rows(small_town)["Mobilt team"].state is State.ONGOING


def test_a_second_press_tells_which_rows_have_their_state_already(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    once = standing(small_town, "Handbok", "beslutad") | standing(small_town, "Enkät", "pagaende")
    table(frida, small_town, **once)
    twice = table(frida, small_town, **once)
    assert twice.status_code == 200
    assert "Inget är sparat" not in twice.text
    assert "De här hade redan fått ett läge när du sparade" in twice.text
    assert "Handbok: beslutad" in twice.text
    assert "Enkät: pågående" in twice.text


@pytest.mark.parametrize("day", ["snart", "1 juli 2024", "5 januari 2024"])
def test_a_start_day_for_all_that_cannot_be_is_told_once_at_its_own_field(
    day: str, small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    guide = standing(small_town, "Handbok", "beslutad")
    page = table(frida, small_town, agree="ja", started_all=day, **guide)
    assert page.text.count('href="#started_all"') == 1
    assert 'aria-describedby="fel-started_all"' in page.text
    network = rows(small_town)["Nätverk"]
    assert network.state is State.PROPOSED
    assert f'href="#started_{network.id}"' not in page.text
    assert "Handbok: beslutad" in page.text


def test_one_name_is_filled_in_where_no_responsible_stands_and_a_row_may_have_its_own(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    guide = rows(small_town)["Handbok"].id
    table(
        frida,
        small_town,
        agree="ja",
        responsible_all="Alice",
        **standing(small_town, "Handbok", "pagaende"),
        **{f"responsible_{guide}": "Bob, Charlie"},
    )
    with reading(small_town.settings) as session:
        named = session.execute(
            select(c(Activity).what, c(Responsibility).words)
            .join(Responsibility, c(Responsibility).activity_id == c(Activity).id)
            .where(c(Activity).what.in_(("Utbildning", "Handbok", "Mobilt team")))
            .order_by(c(Activity).position, c(Responsibility).id)
        ).all()
    assert [tuple(row) for row in named] == [
        ("Utbildning", "Alice"),
        ("Mobilt team", "NOSAM Björk"),
        ("Handbok", "Bob"),
        ("Handbok", "Charlie"),
    ]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("", "Skriv vilken dag planen beslutades."),
        ("2024-07-01", "som inte har varit än"),
        ("när det passade", "går inte att läsa som ett datum"),
    ],
)
def test_a_plan_that_goes_needs_the_day_it_was_decided_before_anything_is_saved(
    small_town: Town, frida: TestClient, day: str, told: str
) -> None:
    page = taken_in(frida, decided_on=day)
    assert page.status_code == 422
    assert told in page.text
    assert on_file(small_town) == []


def test_a_day_that_is_none_is_told_at_its_field_and_the_summary_leads_there(
    small_town: Town, frida: TestClient
) -> None:
    """A plan that was on file, and goes: its table asks for the decision."""
    small_town.activity("Nätverk")
    address = f"/planer/{small_town.plan}/pagar"
    told = frida.post(address, data={"decided_on": "när det passade"})
    assert told.status_code == 422
    assert '<a href="#decided_on">' in told.text
    assert 'id="decided_on" name="decided_on" aria-invalid="true"' in told.text
    assert 'value="när det passade"' in told.text


def test_the_decision_may_be_another_groups_with_a_paragraph(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida, decision_group=str(small_town.deciders), decision_reference="§ 7")
    with reading(small_town.settings) as session:
        asked = select(c(Decision).group_id, c(Decision).decided_on, c(Decision).reference)
        found = session.execute(asked.order_by(c(Decision).id.desc())).first()
    assert tuple(found or ()) == (small_town.deciders, date(2024, 1, 22), "§ 7")
    assert str(plan(small_town).adopted_on) == "2024-01-22"


def test_a_plan_that_was_read_in_before_is_told_on_its_own_page(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, SURVEY))
    frida.post("/planer/las-in", data={**kept(page), "spara": "ja"})
    mine = plan(small_town).id
    assert f'href="/planer/{mine}/pagar"' in frida.get(f"/planer/{mine}").text
    assert "Skriv vilken dag planen beslutades." in table(frida, small_town, agree="ja").text
    saved = table(frida, small_town, agree="ja", as_planned="ja", decided_on="22 januari 2024")
    assert "Två aktiviteter har fått sitt läge." in saved.text
    assert rows(small_town)["Nätverk"].state is State.ONGOING
    then = frida.get(f"/planer/{mine}?den=2024-06-10").text
    assert re.search(r"Pågående <strong>1", then)
    assert f'href="/planer/{mine}/pagar"' not in frida.get(f"/planer/{mine}").text


def test_a_table_without_any_state_asks_for_one_and_a_look_saves_nothing(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    assert "Välj läge för minst en rad" in table(frida, small_town).text
    looked = table(frida, small_town, agree="ja", gor="visa")
    assert "Som ovan: Pausad" in looked.text
    assert {row.state for row in on_file(small_town)} == {State.PROPOSED}


def test_nothing_goes_out_about_it_until_she_has_said_from_when(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    table(frida, small_town, agree="ja", as_planned="ja")
    small_town.morning("2024-06-11")
    small_town.lines("2024-06-12")
    assert small_town.letters() == []
    assert "Påminnelser som inte har börjat" in frida.get("/").text
    seen = frida.get(f"/planer/{plan(small_town).id}/paminn").text
    assert "Alice" in seen
    assert small_town.letters() == []  # it was only shown
    assert begin(frida, small_town, "2024-06-09").status_code == 422
    begin(frida, small_town, "2024-06-13")
    small_town.morning("2024-06-12")
    assert small_town.letters() == []
    small_town.morning("2024-06-13")
    assert {letter.to_name for letter in small_town.letters()} >= {"Bob"}
    with browse(create_app(small_town.settings)) as later:
        assert "Påminnelser som inte har börjat" not in later.get("/").text


def test_a_day_that_reminding_begins_is_not_changed_from_a_page_opened_before(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    begin(frida, small_town, "2024-06-12")
    again = begin(frida, small_town, "2024-07-01")
    assert again.status_code == 422
    assert "planen påminns om från och med 12 juni 2024. Dagen är inte ändrad." in again.text
    assert str(plan(small_town).reminded_from) == "2024-06-12"
    assert begin(frida, small_town, "2024-06-12").status_code == 200  # a double press


def test_a_plan_that_is_reminded_of_does_not_promise_that_no_letters_go(
    small_town: Town, frida: TestClient
) -> None:
    new = upload(frida, word(NETWORK))
    assert "Inga brev går ut förrän du säger till." in new.text
    frida.post("/planer/las-in", data={**kept(new), "spara": "ja"})
    again = upload(frida, word(NETWORK, SURVEY))
    going = frida.get(f"/planer/{plan(small_town).id}/pagar")
    for page in (again, going):
        assert "Inga brev går ut" not in page.text
        assert "så brev om det som väntar kan gå i nästa morgonutskick" in page.text


def test_days_long_past_are_one_line_in_one_letter(small_town: Town, frida: TestClient) -> None:
    late = [
        ["Trygg vård", f"Insats {n}", f"Steg {n}", "NOSAM Alm", "", f"{n} mars 2024", "", "Pågår"]
        for n in (1, 2, 3)
    ]
    page = upload(frida, word(*late, NETWORK))
    given = {**kept(page), "pagar": "ja", "decided_on": "2024-01-22"}
    frida.post("/planer/las-in", data=given)
    table(frida, small_town, agree="ja", as_planned="ja")
    begin(frida, small_town, "2024-06-11")
    for day in ("2024-06-11", "2024-06-12", "2024-06-13", "2024-06-18"):
        small_town.morning(day)
    letters = [each for each in small_town.letters() if "Insats 1" in each.text]
    (letter,) = [each for each in letters if "hade passerat" in each.text]
    assert letter.to_name == "Alice"
    assert "Tre aktiviteter med dagar som hade passerat när påminnelserna började" in letter.text
    assert "Insats 1; Insats 2; Insats 3." in letter.text
    assert not any("Slutdatum var" in each.text for each in letters)  # no ladder's worth
    assert letter.subject.startswith("Svara senast 26 juni: Tre aktiviteter med")
    with reading(small_town.settings) as session:
        asked = select(c(Notice).due_on).where(c(Notice).kind == "deadline")
        assert len(session.execute(asked).all()) == 3


def test_another_collaborations_group_or_row_is_nobodys_here(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    other = small_town.activity("Annan plan")
    table(frida, small_town, agree="ja", **{f"standing_{other}": "pagaende"})
    assert small_town.state(other) is State.PROPOSED


def test_a_plan_taken_in_as_usual_is_reminded_of_from_the_start(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK))
    frida.post("/planer/las-in", data={**kept(page), "spara": "ja"})
    assert plan(small_town).reminded_from == date(1970, 1, 1)
    taken_in(frida)  # into the same plan
    assert plan(small_town).reminded_from == date(1970, 1, 1)


def test_a_file_that_says_another_state_shows_it_and_moves_what_is_ticked(
    small_town: Town, frida: TestClient
) -> None:
    taken_in(frida)
    guide = standing(small_town, "Handbok", "beslutad")
    table(frida, small_town, agree="ja", as_planned="ja", **guide)
    mine = plan(small_town).id
    out = frida.get(f"/planer/{mine}.xlsx").content
    assert "Allt i filen finns redan i planen." in upload(frida, out, "ut.xlsx").text

    again = [
        [*row[:7], words]
        for row, words in zip(
            (NETWORK, SURVEY, COURSE, TEAM, GUIDE),
            ("Klart och uppföljt", "Uppföljd", "Pågår", "Pågår", "Påbörjad"),
            strict=True,
        )
    ]
    page = upload(frida, word(*again))
    assert "Andra lägen i filen (3)" in page.text
    network, course, book = (rows(small_town)[w].id for w in ("Nätverk", "Utbildning", "Handbok"))
    assert f'name="state_{network}"' in page.text
    assert f'name="state_{course}"' not in page.text  # a pause is ended on its own page
    frida.post("/planer/las-in", data={**kept(page), "spara": "ja", f"state_{network}": "ja"})
    states = {what: row.state for what, row in rows(small_town).items()}
    assert states["Nätverk"] is State.FOLLOWED_UP
    assert states["Handbok"] is State.DECIDED
    assert rows(small_town)["Nätverk"].result == "Klart och uppföljt"
    assert f'name="state_{book}"' in upload(frida, word(*again)).text
