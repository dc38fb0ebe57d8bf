"""Sök: whatever one may open is found from every page, and nothing else is told of."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, literal, select, update

from config import clock
from models.database import transaction
from models.folding import folded, holds, know_folded
from models.group import Collaboration, Group
from models.known import PersonKnown
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from web.app import create_app
from web.search import MOST, SHOWN

TODAY = date(2025, 1, 10)


def found(client: TestClient, words: str) -> dict[str, list[str]]:
    """What the page shows, by kind: the names of the first few."""
    page = client.get("/sok", params={"q": words})
    assert page.status_code == 200
    sections = re.findall(
        r'<h2 id="(\w+)">.*?<ul class="plain hits">(.*?)</ul>', page.text, re.DOTALL
    )
    return {kind: re.findall(r'<a href="[^"]+">([^<]+)</a>', hits) for kind, hits in sections}


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Her browser, where nobody signs in."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def test_one_field_finds_every_kind(town: Town, frida: TestClient) -> None:
    town.decided("Trygg hemgång", by="2025-02-28")
    town.morning("2025-01-29")
    assert found(frida, "hemgång")["aktiviteter"] == ["Trygg hemgång"]
    assert found(frida, "plan 2024")["planer"] == ["Plan 2024"]
    assert found(frida, "alice")["personer"] == ["Alice"]
    assert found(frida, "alice")["brev"] != []
    assert found(frida, "björk")["grupper"] == ["NOSAM Björk"]
    assert found(frida, "§ 3")["beslut"] == ["Samordningsgruppen 10 januari 2024, § 3"]
    assert found(frida, "10 januari 2024")["beslut"] == found(frida, "§ 3")["beslut"]


def test_case_and_signs_mean_nothing_and_all_words_must_be_there(
    town: Town, frida: TestClient
) -> None:
    number = town.activity("Öppna mottagningen för äldre")
    town.activity("Öka till 100 % på Ås")
    assert found(frida, "ÖPPNA")["aktiviteter"] == ["Öppna mottagningen för äldre"]
    assert found(frida, "äldre öppna")["aktiviteter"] == ["Öppna mottagningen för äldre"]
    assert found(frida, "öppna ås") == {}
    assert found(frida, "100 %")["aktiviteter"] == ["Öka till 100 % på Ås"]
    assert found(frida, "1%0") == {}
    assert found(frida, "å_") == {}
    assert "Öppna mottagningen för äldre" in found(frida, str(number))["aktiviteter"]


def test_what_is_going_on_stands_first_and_what_was_taken_back_nowhere(
    town: Town, frida: TestClient
) -> None:
    over = town.activity("Utbildning i vår", by="2025-01-31")
    town.change(over, state="avslagen")
    town.activity("Utbildning i höst", by="2025-10-31")
    assert found(frida, "utbildning")["aktiviteter"] == ["Utbildning i höst", "Utbildning i vår"]
    with transaction(town.settings) as session:
        session.execute(update(Plan).values(withdrawn_on=TODAY))
    assert found(frida, "utbildning") == {}


def test_many_are_counted_as_far_as_a_hundred(town: Town, frida: TestClient) -> None:
    town.proposed_many(MOST + 5, by="2025-05-31")
    page = frida.get("/sok?q=aktivitet").text
    assert f"{MOST}+" in page
    assert len(found(frida, "aktivitet")["aktiviteter"]) == SHOWN
    everything = re.search(r'href="(/aktiviteter\?sok=[^"]+)"', page)
    assert everything
    assert "Aktivitet 0" in frida.get(everything[1].replace("&amp;", "&")).text


def test_too_little_to_look_for_says_what_to_write(frida: TestClient) -> None:
    for words in ("", " ", "a", "\x00"):
        assert "Skriv minst två tecken" in frida.get("/sok", params={"q": words}).text
    assert "Inget hittades" in frida.get("/sok?q=finnsinte").text
    assert frida.get("/sok", params={"q": "å" * 5000}).status_code == 200


def test_alice_finds_her_groups_and_neither_people_nor_letters(small_town: Town) -> None:
    small_town.decided("Trygg hemgång", by="2025-02-28")
    theirs = small_town.activity("Trygg utskrivning", group=small_town.bjork)
    small_town.change(theirs, group_id=small_town.bjork)
    small_town.morning("2025-01-29")
    app = create_app(with_sign_in(small_town.settings))
    alice, frida = browser(app), browser(app)
    signs_in(small_town, alice, "alice@example.org")
    assert found(alice, "trygg") == {"aktiviteter": ["Trygg hemgång"]}
    assert found(alice, "nosam")["grupper"] == ["NOSAM Alm"]
    assert found(alice, "alice") == {}
    assert found(alice, "§ 3") == {}  # decided in a group that is not hers
    signs_in(small_town, frida, "frida@example.org")
    assert found(frida, "trygg")["aktiviteter"] == ["Trygg hemgång", "Trygg utskrivning"]


def test_another_collaboration_finds_a_shared_person_by_its_own_name_for_her(
    small_town: Town,
) -> None:
    with transaction(small_town.settings) as session:
        area = Collaboration(name="Vårdsamverkan Annan")
        session.add(area)
        session.flush()
        group = Group(collaboration_id=area.id or 0, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org")
        session.add_all([group, gustav])
        session.flush()
        role = Role.PROCESS_LEADER
        session.add(RoleHolding(person_id=gustav.id or 0, group_id=group.id or 0, role=role))
        known = PersonKnown(
            person_id=small_town.alice,
            collaboration_id=area.id or 0,
            name="Elisabet Alsing",
            since=clock.now(),
        )
        session.add(known)
    client = browser(create_app(with_sign_in(small_town.settings)))
    signs_in(small_town, client, "gustav@example.org")
    assert found(client, "alsing")["personer"] == ["Elisabet Alsing"]
    assert found(client, "alice@")["personer"] == ["Elisabet Alsing"]
    assert found(client, "nosam")["grupper"] == ["NOSAM Ceder"]
    assert found(client, "bob") == {}


@given(
    st.text(alphabet="aAåÅäÄöÖéÉßkK %_\\§2", max_size=12),
    st.text(alphabet="aAåÅäÄöÖéÉkK%_\\§2", min_size=1, max_size=5),
)
def test_the_quick_way_finds_what_the_slow_one_does(words: str, sought: str) -> None:
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda raw, _: know_folded(raw))
    with engine.connect() as connection:
        column = literal(words)
        quick = connection.execute(select(holds(column, sought))).scalar_one()
        plain = sought.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        slow = folded(column).like(folded(literal(f"%{plain}%")), escape="\\")
        assert quick == connection.execute(select(slow)).scalar_one()
    engine.dispose()
