"""A row changed where one looks: its fields, whom they may name, and what is said at the row."""

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import Change
from models.group import Collaboration, Group
from models.left import put_last_day
from models.lifecycle import Move, State
from models.person import Person, Role
from models.plan import Goal
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
LIST = {"vy": "lista", "sok": "hemgång", "visa": "alla"}


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


@pytest.fixture
def near(small_town: Town) -> TestClient:
    """The same on one database, where nothing is stored that they keep differently."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def form(frida: TestClient, id_: int, **words: str) -> dict[str, str]:
    """The fields of a row as a browser would send them."""
    told = frida.get(f"/aktiviteter/{id_}/rad", params=words).text
    return filled(told)


def filled(text: str) -> dict[str, str]:
    """The fields of the row's form in a page, as they are filled in."""
    text = text[text.index('class="forms row-form"') :]
    text = text[: text.index("</form>")]
    given = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text)
    }
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', text):
        given[name] = unescape(value)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        given[name] = chosen[1] if chosen else ""
    return given


def save(frida: TestClient, id_: int, given: dict[str, str], status: int = 200) -> str:
    """Send the form of a row."""
    told = frida.post(f"/aktiviteter/{id_}/rad", data=given)
    assert told.status_code == status, told.text
    return str(told.text)


def on_file(town: Town, id_: int) -> Activity:
    """The activity as it is on file."""
    with reading(town.settings) as session:
        return session.get_one(Activity, id_)


def named(town: Town, id_: int) -> list[tuple[str, Answerable]]:
    """Whom it names: the words, and what they were understood as."""
    row = c(Responsibility)
    with reading(town.settings) as session:
        asked = select(row.words, row.kind).where(row.activity_id == id_).order_by(row.id)
        return list(session.execute(asked).tuples())


def told_at(text: str) -> list[str]:
    """What is wrong, each at its field."""
    return [unescape(words) for words in re.findall(r'class="wrong"[^>]*>([^<]+)<', text)]


def test_a_new_deadline_comes_back_to_the_same_list_at_the_same_row(
    town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31")
    given = form(frida, id_, **LIST) | {"deadline": "hösten 2025"}
    told = frida.post(f"/aktiviteter/{id_}/rad", data=given, follow_redirects=False)
    assert told.status_code == 303
    where = told.headers["location"]
    assert where.startswith("/aktiviteter?sok=hemg%C3%A5ng&visa=alla&gjort=")
    assert where.endswith(f"#rad-{id_}")
    page = frida.get(where).text
    assert "Sparat: Slutdatum ändrat." in page
    assert (on_file(town, id_).deadline_text, on_file(town, id_).deadline_last) == (
        "hösten 2025",
        date(2025, 12, 31),
    )
    undo = re.search(r'<form class="undo-row".*?</form>', page, re.S)
    assert undo
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[0]))
    back = frida.post(f"/aktiviteter/{id_}/angra", data=fields)
    assert str(back.url).split("?")[1].startswith("sok=hemg")
    assert "Togs tillbaka av" in back.text
    assert on_file(town, id_).deadline_text == "2025-03-31"


def test_only_what_she_touched_is_changed(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31", words="Projektledaren")
    save(frida, id_, form(frida, id_) | {"follow_up": "Enkät"})
    with reading(town.settings) as session:
        changed = session.execute(select(c(Change).what)).scalars().all()
    assert [what.value for what in changed] == ["follow_up"]


def test_several_answer_each_in_a_field_of_its_own(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31", words="Projektledaren")
    given = form(frida, id_)
    assert given["responsible_1"] == "Projektledaren"
    assert given["responsible_2"] == ""
    save(frida, id_, given | {"responsible_2": "Alice", "responsible_3": "NOSAM Björk"})
    assert named(town, id_) == [
        ("Projektledaren", Answerable.WORDS),
        ("Alice", Answerable.PERSON),
        ("NOSAM Björk", Answerable.GROUP),
    ]
    save(frida, id_, form(frida, id_) | {"responsible_1": ""})
    assert [words for words, _ in named(town, id_)] == ["Alice", "NOSAM Björk"]


@pytest.mark.parametrize("name", ["responsible_01", "goals_00", "responsible_0001"])
def test_a_field_has_one_spelling_of_its_number(
    small_town: Town, near: TestClient, name: str
) -> None:
    sip = small_town.decided(by="2024-12-31")
    assert near.post(f"/aktiviteter/{sip}/rad", data={name: "Bob"}).status_code == 400


def test_a_goal_is_one_of_the_plans(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31")
    with transaction(town.settings) as session:
        session.add(Goal(plan_id=town.plan, text="Färre; kortare vårdtider"))
    given = form(frida, id_) | {"goals_2": "Inget mål alls"}
    assert told_at(save(frida, id_, given, 422)) == ["Planen har inget mål ”Inget mål alls”."]
    save(frida, id_, given | {"goals_2": "Färre; kortare vårdtider"})
    assert form(frida, id_)["goals_2"] == "Färre; kortare vårdtider"


def test_a_move_and_what_it_asks_for_go_with_the_rest(town: Town, frida: TestClient) -> None:
    id_ = town.activity("Trygg hemgång", by="2025-03-31")
    given = form(frida, id_) | {"move": "besluta", "deadline": "2025-06-30"}
    page = save(frida, id_, given, 422)
    assert any("Ange hela beslutet" in words or "beslut" in words for words in told_at(page))
    assert on_file(town, id_).deadline_text == "2025-03-31"
    again = filled(page)
    assert (again["move"], again["deadline"]) == ("besluta", "2025-06-30")
    decided = {
        "decision_group": "Samordningsgruppen",
        "decided_on": "2024-11-20",
        "decision_reference": "§ 7",
    }
    save(frida, id_, again | decided)
    assert (town.state(id_), on_file(town, id_).deadline_text) == (State.DECIDED, "2025-06-30")


def test_what_goes_on_gets_its_new_deadline_by_the_move(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2024-03-31")
    town.move(id_, Move.START)
    save(frida, id_, form(frida, id_) | {"move": "följ upp", "result": "Bra"})
    save(frida, id_, form(frida, id_) | {"move": "fortsätt", "deadline": "2025-10-31"})
    assert town.state(id_) is State.ONGOING
    assert on_file(town, id_).deadline_text == "2025-10-31"


def test_somebody_new_is_on_file_and_answers_or_nothing_is_saved(
    town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31", words="Vera Lind")
    new = {"new_name": "Vera Lind", "new_email": "vera@example.org", "new_group": str(town.bjork)}
    page = save(frida, id_, form(frida, id_) | new | {"deadline": "blåsippa"}, 422)
    assert len(told_at(page)) == 1
    with reading(town.settings) as session:
        who = select(c(Person).id).where(c(Person).email == "vera@example.org")
        assert session.execute(who).first() is None
    page = save(frida, id_, form(frida, id_) | new | {"new_email": "alice@example.org"}, 422)
    assert told_at(page) == ["Adressen alice@example.org har redan Alice."]
    assert filled(page)["new_name"] == "Vera Lind"
    save(frida, id_, form(frida, id_) | new)
    assert named(town, id_) == [("Vera Lind", Answerable.PERSON)]


def test_a_name_without_an_address_stays_words(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31")
    given = form(frida, id_) | {"responsible_1": "Vera Lind", "new_name": "Vera Lind"}
    save(frida, id_, given)
    assert named(town, id_) == [("Vera Lind", Answerable.WORDS)]
    page = save(frida, id_, form(frida, id_) | {"new_name": "Någon annan"}, 422)
    assert told_at(page) == ["Skriv en e-postadress."]


def test_another_of_the_same_name_is_named_by_her_address(town: Town, frida: TestClient) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31", words="p")
    new = {"new_name": "Alice", "new_email": "alice2@example.org", "new_group": str(town.alm)}
    save(frida, id_, form(frida, id_) | new | {"responsible_1": ""})
    with reading(town.settings) as session:
        asked = select(c(Person).email).join(
            Responsibility, c(Responsibility).person_id == c(Person).id
        )
        emails = session.execute(asked.where(c(Responsibility).activity_id == id_)).scalars().all()
    assert emails == ["alice2@example.org"]
    offers = frida.get(f"/aktiviteter/{id_}/rad/namn", params={"q": "alice"}).json()["offers"]
    assert {"alice@example.org", "alice2@example.org"} <= {one["value"] for one in offers}


def test_who_comes_second_is_told_at_the_row_and_what_the_other_wrote(
    town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31")
    mine, theirs = form(frida, id_), form(frida, id_)
    save(frida, id_, theirs | {"deadline": "2025-05-31", "move": "starta"})
    page = unescape(save(frida, id_, mine | {"deadline": "2025-09-30"}, 422))
    assert "ändrat till ”2025-05-31” av någon annan" in page
    assert "av processledaren 2 december 2024" in page
    assert on_file(town, id_).deadline_text == "2025-05-31"
    again = filled(page)
    assert again["deadline"] == "2025-09-30"
    save(frida, id_, again)
    assert (on_file(town, id_).deadline_text, town.state(id_)) == ("2025-09-30", State.ONGOING)


def test_a_row_that_was_moved_since_the_list_was_drawn_says_so_before_she_begins(
    town: Town, frida: TestClient
) -> None:
    id_ = town.decided("Trygg hemgång", by="2025-03-31")
    listed = frida.get("/aktiviteter").text
    way = re.search(rf'href="(/aktiviteter/{id_}/rad\?[^"]*falt=deadline)"', listed)
    assert way
    assert "Ändrad sedan" not in frida.get(unescape(way[1])).text
    town.move(id_, Move.START, today=date(2024, 11, 30))
    told = frida.get(unescape(way[1])).text
    assert "Ändrad sedan du öppnade listan: nu pågående, av Frida 30 november 2024." in told
    assert "Fälten visar hur det är nu." in told


def test_only_those_known_in_the_collaboration_are_offered(
    small_town: Town, near: TestClient
) -> None:
    id_ = small_town.decided("Trygg hemgång", by="2025-03-31")
    with transaction(small_town.settings) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        session.add(Group(collaboration_id=other.id, name="Alnarpsgruppen"))
        session.add(Person(name="Alva", email="alva@example.org", home_collaboration_id=other.id))
        area = session.get_one(Group, small_town.alm).collaboration_id
        put_last_day(session, small_town.bob, [area], date(2024, 11, 30))

    def offered(letters: str) -> list[str]:
        told = near.get(f"/aktiviteter/{id_}/rad/namn", params={"q": letters}).json()
        return [one["value"] for one in told["offers"]]

    assert offered("al") == ["Alice", "NOSAM Alm", "Ordförande NOSAM Alm"]
    assert offered("bob") == []
    assert offered("") == []
    page = near.get(f"/aktiviteter/{id_}/rad").text
    assert '<option value="Alice">' in page
    assert "Alva" not in page
    assert "Alnarp" not in page


def test_whom_it_offers_tells_what_they_are(small_town: Town, near: TestClient) -> None:
    id_ = small_town.decided("Trygg hemgång", by="2025-03-31")
    small_town.holds(small_town.alice, small_town.bjork, Role.MEMBER)
    told = near.get(f"/aktiviteter/{id_}/rad/namn", params={"q": "alice"}).json()
    assert told == {
        "offers": [{"value": "Alice", "more": "ordförande NOSAM Alm, ledamot NOSAM Björk"}],
        "known": True,
    }
    goals = near.get(f"/aktiviteter/{id_}/rad/namn", params={"q": "vård", "vad": "mal"}).json()
    assert [one["value"] for one in goals["offers"]] == ["Hålla ihop vården"]


@pytest.mark.parametrize(
    ("words", "told", "wrong"),
    [
        ("hösten 2025", "1 augusti 2025 – 31 december 2025. Senast 31 december 2025.", False),
        ("v. 14", "31 mars 2025 – 6 april 2025. Senast 6 april 2025.", False),
        ("i maj", "1 maj 2025 – 31 maj 2025. Senast 31 maj 2025.", False),
        ("2025-03-31", "Senast 31 mars 2025.", False),
        ("löpande", "Löper över tid, utan slutdatum.", False),
        ("1 mars 2024", "1 mars 2024 har redan varit. Är det rätt dag?", True),
        ("blåsippa", "”blåsippa” går inte att läsa som ett datum.", True),
        ("", "", False),
    ],
)
def test_words_for_a_day_are_told_back(
    small_town: Town, near: TestClient, words: str, told: str, wrong: bool
) -> None:
    id_ = small_town.decided("Trygg hemgång", by="2025-03-31")
    answer = near.get(f"/aktiviteter/{id_}/rad/dag", params={"ord": words}).json()
    assert answer["wrong"] is wrong
    assert answer["words"].startswith(told)


def test_a_row_that_no_longer_is_in_the_list_has_its_receipt_above_it(
    small_town: Town, near: TestClient
) -> None:
    id_ = small_town.activity("Trygg hemgång", by="2025-03-31")
    small_town.activity("En annan", by="2025-03-31")
    given = form(near, id_, vy="lista", lage="föreslagen") | {"move": "dra tillbaka"}
    page = save(near, id_, given | {"reason": "Dubblett"})
    assert f'id="rad-{id_}"' not in page
    assert "Den står inte kvar på den här sidan av listan." in page
    assert "Sparat: " in page
    assert f'form="angra-{id_}"' in page


def test_a_piece_of_a_page_is_only_the_row(small_town: Town, near: TestClient) -> None:
    id_ = small_town.decided("Trygg hemgång", by="2025-03-31")
    given = form(near, id_, vy="plan", bit="ja") | {"deadline": "2025-06-30"}
    told = near.post(f"/aktiviteter/{id_}/rad", data=given)
    assert told.status_code == 200
    assert "<html" not in told.text
    assert told.text.count("<tr") == 1
    assert "2025-06-30" in told.text


def test_five_hundred_rows_bring_no_form_each(small_town: Town, near: TestClient) -> None:
    small_town.proposed_many(500, by="2025-06-30")
    page = near.get(f"/planer/{small_town.plan}").text
    assert page.count('data-row="deadline"') == 500
    assert page.count("<form") < 8


def test_a_personnummer_in_a_row_is_refused_there_and_nothing_is_saved(
    small_town: Town, near: TestClient
) -> None:
    id_ = small_town.decided("Trygg hemgång", by="2025-03-31")
    given = form(near, id_) | {"follow_up": "Fråga 19121212-1212", "deadline": "2025-06-30"}
    page = save(near, id_, given, 422)
    assert "personnummer" in page
    assert filled(page)["deadline"] == "2025-06-30"
    assert on_file(small_town, id_).deadline_text == "2025-03-31"


def test_what_has_ended_has_no_fields_to_agree_on(small_town: Town, near: TestClient) -> None:
    id_ = small_town.activity("Trygg hemgång", by="2025-03-31")
    save(near, id_, form(near, id_) | {"move": "dra tillbaka", "reason": "Dubblett"})
    given = form(near, id_)
    assert "deadline" not in given
    assert "responsible_1" not in given
    save(near, id_, given | {"move": "föreslå igen"})
    assert small_town.state(id_) is State.PROPOSED
