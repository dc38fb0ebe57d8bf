"""The way about: a few rooms with their places, only those that somebody may open, and crumbs."""

import re
from datetime import date

import pytest

from rules.access import (
    LEADER,
    READER,
    SIGNED_IN,
    TABLE,
    Verdict,
    Viewer,
    asked_of,
    decide,
)
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from web.app import create_app
from web.rooms import HERE, OWN, PLACES, ROOMS, WITHIN, above_of, place_of, rooms_of

ALICE = Viewer(signed_in=True, reads=frozenset({1}))  # chairs a group
FRIDA = Viewer(signed_in=True, leads=frozenset({1}))
ROOT = Viewer(signed_in=True, administrator=True)
NOBODYS = Viewer(signed_in=True)


def seen_by(viewer: Viewer, path: str = "/") -> dict[str, list[str]]:
    """The rooms of somebody, with the places in each."""
    rooms = rooms_of(
        path, lambda address: decide(viewer, asked_of("GET", address)) is Verdict.GRANTED
    )
    return {room.name: [place.name for place in room.places] for room in rooms}


def test_each_sees_the_rooms_that_she_may_open() -> None:
    assert list(seen_by(FRIDA)) == ["I dag", "Planer", "Möten", "Rapporter", "Inställningar"]
    assert seen_by(FRIDA)["Inställningar"] == [
        *("Personer", "Grupper", "Samverkan", "Utskick", "Körningar"),
    ]
    assert "Inloggningar" in seen_by(ROOT)["Inställningar"]
    assert seen_by(ALICE)["Planer"] == ["Planer", "Aktiviteter"]
    assert seen_by(NOBODYS) == {"Mina aktiviteter": ["Mina aktiviteter"]}


def test_a_room_with_one_place_is_called_as_that_place() -> None:
    assert "Grupper" in seen_by(ALICE)
    assert "Inställningar" not in seen_by(ALICE)


def test_every_list_of_the_house_is_a_place_in_one_room_only() -> None:
    addresses = [address for address, _ in PLACES]
    assert len(addresses) == len(set(addresses))
    lists = {
        path
        for method, _, path in (key.partition(" ") for key in TABLE)
        if method == "GET" and re.fullmatch(r"/[a-z]*", path) and TABLE[f"GET {path}"] >= READER
    }
    assert lists - {"/sok"} == set(addresses) - {"/inloggningar/alla", OWN}
    assert TABLE["GET /inloggningar"] is SIGNED_IN  # one's own: behind one's name in the head
    assert all(TABLE[f"GET {address}"] >= READER for address in addresses if address != OWN)
    assert len(ROOMS) <= 6


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/"),
        ("/aktiviteter", "/aktiviteter"),
        ("/att-se-till", "/"),
        ("/aktiviteter/7", "/aktiviteter"),
        ("/planer/3/andra", "/planer"),
        ("/inloggningar/alla", "/inloggningar/alla"),
        ("/inloggningar", ""),
        ("/planerat", ""),
        ("/mina-uppgifter", ""),
    ],
)
def test_a_page_stands_under_its_place(path: str, place: str) -> None:
    assert place_of(path) == place


def test_the_place_and_its_room_are_marked_and_the_page_above_is_named() -> None:
    rooms = {room.name: room for room in rooms_of("/aktiviteter/7", lambda _: True)}
    assert rooms["Planer"].current == WITHIN
    assert {p.name: p.current for p in rooms["Planer"].places}["Aktiviteter"] == WITHIN
    above = above_of(tuple(rooms.values()))
    assert above is not None
    assert above.address == "/aktiviteter"
    on_it = {room.name: room for room in rooms_of("/aktiviteter", lambda _: True)}
    assert {p.name: p.current for p in on_it["Planer"].places}["Aktiviteter"] == HERE
    assert [name for name, room in on_it.items() if room.current] == ["Planer"]
    assert above_of(tuple(on_it.values())) is None


def test_frida_reaches_every_place_by_one_link_from_every_page(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings))
    frida = browser(app)
    signs_in(small_town, frida, "frida@example.org")
    places = [a for a, _ in PLACES if TABLE[f"GET {a}"] <= LEADER and a != OWN]
    for path in ("/", "/planer", f"/planer/{small_town.plan}", f"/grupper/{small_town.alm}"):
        page = frida.get(path).text
        foot = page.partition("<footer")[2]
        assert re.findall(r'<a href="([^"]+)"', foot) == places, path


def test_an_activity_leads_back_to_its_plan_and_a_form_to_what_it_is_about(
    small_town: Town,
) -> None:
    number = small_town.activity("Trygg hemgång")
    pages = browse(create_app(small_town.settings))
    plan = small_town.plan

    def trail(path: str) -> list[str]:
        found = re.search(r'<nav class="trail".*?</nav>', pages.get(path).text, re.DOTALL)
        return re.findall(r'href="([^"]+)"', found[0]) if found else []

    assert trail("/planer") == []
    assert trail(f"/planer/{plan}") == ["/planer"]
    assert trail(f"/aktiviteter/{number}") == ["/planer", f"/planer/{plan}"]
    for form in ("andra", "foresla", "pagar", "paminn", "avsluta"):
        assert trail(f"/planer/{plan}/{form}") == ["/planer", f"/planer/{plan}"], form
    group = small_town.alm
    assert trail(f"/grupper/{group}/avveckla") == ["/grupper", f"/grupper/{group}"]


def test_bob_who_has_no_role_signs_in_sees_what_he_answers_for_and_answers_there(
    small_town: Town,
) -> None:
    hers = small_town.activity("Trygg hemgång", by="2024-12-31", person=small_town.bob)
    said_done = small_town.activity("Nätverk", by="2024-12-30", person=small_town.bob)
    small_town.change(said_done, reported_done_on=date(2024, 12, 30))
    small_town.activity("Alices egen", by="2025-02-28", person=small_town.alice)
    bob = browser(create_app(with_sign_in(small_town.settings)))
    signs_in(small_town, bob, "bob@example.org")
    page = bob.get("/mina-aktiviteter").text
    assert "Du svarar för två aktiviteter. En är försenad." in page
    assert "Trygg hemgång" in page
    assert f"/aktiviteter/{hers}" not in page  # he may read it nowhere
    assert "Alices egen" not in page
    assert 'aria-current="page">Mina aktiviteter' in page
    answering = bob.post("/mina-aktiviteter/svara")
    assert answering.url.path.startswith("/svar/")
    assert "Trygg hemgång" in answering.text
    assert "Alices egen" not in answering.text


def test_alice_has_both_and_frida_who_leads_has_the_first_page_for_it(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings))
    for who, there in (("alice", True), ("frida", False)):
        client = browser(app)
        signs_in(small_town, client, f"{who}@example.org")
        assert ("/mina-aktiviteter" in client.get("/").text) is there
