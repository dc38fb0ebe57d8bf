"""Every route is opened by every kind of person, and lets in those whom the table promises.

Alice chairs NOSAM Alm and Charlie NOSAM Björk; Frida leads their process. Gustav leads another
collaboration. Bob's role has ended. Root is an administrator. Nobody has not signed in.
"""

import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.routing import APIRoute, iter_route_contexts
from httpx import Response
from sqlalchemy import select

from config import clock
from config import settings as settings_module
from models import database
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.letter import Link
from models.person import Person, Role, RoleHolding
from models.session import SignedIn
from notifications.links import address
from rules.access import (
    ADMINISTRATOR,
    ANYONE,
    LEADER,
    READER,
    SIGNED_IN,
    TABLE,
    Access,
    Verdict,
    Viewer,
    Whose,
    asked_of,
    decide,
    may,
    onward,
)
from tests.cast import Town
from tests.conftest import a_moments_work, browse
from tests.sign_in.conftest import with_sign_in
from web.app import create_app
from web.belongings import KINDS, whose
from web.entry.sessions import hashed
from web.page import NotAllowed, allow

TODAY = date(2025, 1, 10)
OWN_DOORS = {"session_id"}  # one's own, which the page itself sees to
NOBODY, ALICE, BOB, CHARLIE = "nobody", "alice", "bob", "charlie"
FRIDA, GUSTAV, ROOT = "frida", "gustav", "root"
EVERYBODY = (NOBODY, BOB, CHARLIE, ALICE, GUSTAV, FRIDA, ROOT)

# Whom the table promises to let in: to what is nobody's in particular, and to what is NOSAM Alm's.
PROMISED: dict[Access, set[str]] = {
    ANYONE: set(EVERYBODY),
    SIGNED_IN: set(EVERYBODY) - {NOBODY},
    READER: {ALICE, CHARLIE, GUSTAV, FRIDA, ROOT},
    LEADER: {GUSTAV, FRIDA, ROOT},
    ADMINISTRATOR: {ROOT},
}
PROMISED_OF_ALM: dict[Access, set[str]] = PROMISED | {
    READER: {ALICE, FRIDA, ROOT},
    LEADER: {FRIDA, ROOT},
}


@dataclass
class Place:
    """Two collaborations, and one object of each kind that is NOSAM Alm's or Alice's."""

    town: Town
    app: FastAPI
    people: dict[str, int]
    objects: dict[str, int]

    def opens(self, who: str, method: str, path: str, **data: str) -> Response:
        """Somebody, newly signed in, opens an address."""
        client = browse(self.app, raise_server_exceptions=False)
        client.headers["Sec-Fetch-Site"] = "same-origin"
        if who != NOBODY:
            client.cookies.set("foljsam", self._key(who))
        sent = {"data": data} if data else {}
        answer: Response = client.request(method, path, follow_redirects=False, **sent)
        return answer

    def _key(self, who: str) -> str:
        key, now = secrets.token_urlsafe(32), clock.now()
        with transaction(self.town.settings) as session:
            session.add(
                SignedIn(
                    person_id=self.people[who], token_hash=hashed(key), began_at=now, seen_at=now
                )
            )
        return key


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    """One place for the whole walk: everybody is on file, and something is to be opened."""
    home = tmp_path_factory.mktemp("access")
    shutil.copy(migrated, home / "foljsam.db")
    plain = settings_module.load(home=home, organisation="Vårdsamverkan Prov")
    town = Town(plain)
    activity = town.decided("Trygg hemgång", by="2025-02-28")
    town.activity("Nätverk", group=town.bjork)
    town.morning("2025-01-29")
    with transaction(plain) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        ceder = Group(collaboration_id=other.id, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org")
        root = Person(name="Root", email="root@example.org")
        session.add_all([ceder, gustav, root])
        session.flush()
        assert ceder.id is not None
        assert gustav.id is not None
        assert root.id is not None
        session.add(RoleHolding(person_id=gustav.id, group_id=ceder.id, role=Role.PROCESS_LEADER))
        people = {
            ALICE: town.alice,
            BOB: town.bob,
            CHARLIE: town.charlie,
            FRIDA: town.frida,
            GUSTAV: gustav.id,
            ROOT: root.id,
        }
    with reading(plain) as session:
        collaboration = session.get_one(Group, town.alm).collaboration_id
    objects = {
        "activity_id": activity,
        "collaboration_id": collaboration,
        "group_id": town.alm,
        "letter_id": town.letters()[0].id,
        "person_id": town.alice,
        "plan_id": town.plan,
    }
    told = with_sign_in(plain, prefect_port=1)
    with a_moments_work(0.2):
        yield Place(town, create_app(told), people, objects)
    database.close(plain)


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, template) that the application has, whoever added it."""
    return sorted(
        (method, str(context.path))
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
    )


def listed_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Those that stand in the table; the first test names the others."""
    return [(m, template) for m, template in routes(app) if f"{m} {template}" in TABLE]


def filled_in(template: str, objects: dict[str, int]) -> str:
    """An address of that route, about what is NOSAM Alm's."""
    return re.sub(r"\{(\w+)\}", lambda m: str(objects.get(m[1], 1)), template)


def objects_in(template: str) -> set[str]:
    """The objects that a route's address names."""
    return set(re.findall(r"\{(\w+_id)\}", template))


def verdict(answer: Response) -> Verdict:
    """What the gate said, told by the answer alone."""
    if answer.status_code == 401 or "/logga-in?till=" in answer.headers.get("location", ""):
        return Verdict.SIGN_IN
    if answer.status_code == 403 and (
        "inte rätt att" in answer.text or "ingen roll" in answer.text
    ):
        return Verdict.REFUSED
    return Verdict.GRANTED


def test_every_route_stands_in_the_table_and_the_table_names_no_other(place: Place) -> None:
    assert {f"{method} {template}" for method, template in routes(place.app)} == TABLE.keys()


def test_nothing_is_served_in_another_way_than_as_a_route(place: Place) -> None:
    contexts = iter_route_contexts(place.app.routes)
    assert [x.path for x in contexts if not isinstance(x.original_route, APIRoute)] == []


def test_of_every_object_in_an_address_it_is_known_whose_it_is(place: Place) -> None:
    named = {name for _, template in routes(place.app) for name in objects_in(template)}
    assert named - KINDS.keys() - OWN_DOORS == set()


def test_everybody_opens_every_route_and_gets_what_the_table_promises(place: Place) -> None:
    wrong = []
    for method, template in listed_routes(place.app):
        access = TABLE[f"{method} {template}"]
        about_alm = bool(objects_in(template) & place.objects.keys())
        promised = (PROMISED_OF_ALM if about_alm else PROMISED)[access]
        if access is READER and objects_in(template) & {"person_id", "letter_id"}:
            promised = PROMISED_OF_ALM[LEADER]  # of people and letters, only leaders read
        if template == "/personer/{person_id}/kalender":
            promised = PROMISED_OF_ALM[ADMINISTRATOR]  # where there are several, her own as well
        for who in EVERYBODY:
            answer = place.opens(who, method, filled_in(template, place.objects))
            found = verdict(answer)
            if who in promised:
                expected = Verdict.GRANTED
            else:
                expected = Verdict.SIGN_IN if who == NOBODY else Verdict.REFUSED
            if found is not expected:
                wrong.append((who, method, template, expected.name, answer.status_code))
    assert wrong == [], wrong


def test_the_holder_of_a_link_opens_her_own_page_and_nothing_else(place: Place) -> None:
    with transaction(place.town.settings) as session:
        now = clock.now()
        link = Link(person_id=place.town.alice, made_at=now, expires_at=now.replace(year=2100))
        session.add(link)
        session.flush()
        assert link.id is not None
        path = "/svar/" + address(place.town.settings, link.id).partition("/svar/")[2]
    client = browse(place.app)
    assert "Hej Alice" in client.get(path).text
    for method, template in listed_routes(place.app):
        if TABLE[f"{method} {template}"] is not ANYONE:
            asked = client.request(
                method, filled_in(template, place.objects), follow_redirects=False
            )
            assert verdict(asked) is Verdict.SIGN_IN, template


def test_a_route_that_was_forgotten_in_the_table_does_not_exist(place: Place) -> None:
    app = create_app(place.app.state.settings)

    @app.get("/planterad")
    def _planted() -> str:
        return "hemligt"

    app.mount("/monterad", app=place.app)
    forgetful = Place(place.town, app, place.people, place.objects)
    for who in EVERYBODY:
        for path in ("/planterad", "/monterad/style.css", "/monterad/"):
            answer = forgetful.opens(who, "GET", path)
            assert answer.status_code == 404, (who, path)
            assert "hemligt" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/aktiviteter/+{}",
        "/aktiviteter/%20{}",
        "/aktiviteter/{}.0",
        "/aktiviteter/{}/",
        "//aktiviteter/{}",
        "/aktiviteter/{}%0A",
        "/aktiviteter/{}%2Fflytta",
        "/aktiviteter/../aktiviteter/{}",
        "/AKTIVITETER/{}",
        "/aktiviteter/{};x",
        "/aktiviteter/٧",
        "/utskick%0a",
    ],
)
def test_an_odd_spelling_is_no_way_around(place: Place, path: str) -> None:
    answer = place.opens(CHARLIE, "GET", path.format(place.objects["activity_id"]))
    assert "Trygg hemgång" not in answer.text
    assert answer.status_code in {403, 404}


def test_other_methods_are_no_way_around(place: Place) -> None:
    assert place.opens(CHARLIE, "HEAD", "/utskick").status_code == 403  # as GET is
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = place.opens(CHARLIE, method, "/utskick")
        assert answer.status_code in {404, 405}
        assert "alice@example.org" not in answer.text


def test_lists_show_each_her_own(place: Place) -> None:
    def listed(who: str) -> str:
        return place.opens(who, "GET", "/").text

    assert "Trygg hemgång" in listed(ALICE)
    assert "Trygg hemgång" in listed(FRIDA)
    assert "Trygg hemgång" in listed(ROOT)
    for who in (CHARLIE, GUSTAV):
        assert "Trygg hemgång" not in listed(who)
    assert "NOSAM Alm" in place.opens(ALICE, "GET", "/moten").text
    assert "NOSAM Alm" not in place.opens(CHARLIE, "GET", "/moten").text
    assert "alice@example.org" in place.opens(FRIDA, "GET", "/utskick").text
    assert "alice@example.org" not in place.opens(GUSTAV, "GET", "/utskick").text


def words_of(answer: Response) -> str:
    """What can be read in an answer, also when it is a workbook or another bundle of files."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as bundle:
        return "".join(bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist())


def test_a_group_may_read_what_it_answers_for_though_another_owns_it(place: Place) -> None:
    shown = place.opens(CHARLIE, "GET", "/aktiviteter").text
    (number,) = re.findall(r'/aktiviteter/(\d+)">Nätverk', shown)
    assert place.opens(CHARLIE, "GET", f"/aktiviteter/{number}").status_code == 200
    moved = place.opens(CHARLIE, "POST", f"/aktiviteter/{number}/flytta", move="besluta")
    assert moved.status_code == 403


def test_no_page_at_all_shows_what_is_anothers(place: Place) -> None:
    """Charlie leads nothing and Gustav leads elsewhere; Trygg hemgång and Alice are Frida's."""
    shown = []
    for method, template in listed_routes(place.app):
        if method != "GET" or objects_in(template):
            continue
        for who, secrets_of_others in (
            (CHARLIE, ["Trygg hemgång"]),
            (GUSTAV, ["Trygg hemgång", "alice@example.org", "NOSAM Alm"]),
        ):
            words = words_of(place.opens(who, method, filled_in(template, place.objects)))
            shown += [(who, template, it) for it in secrets_of_others if it in words]
    assert shown == []


def test_a_letter_about_two_collaborations_is_an_administrators(place: Place) -> None:
    town = place.town
    with transaction(town.settings) as session:
        query = select(c(Group).id).where(c(Group).name == "NOSAM Ceder")
        ceder = session.execute(query).scalar_one()
    both = town.decided("Gemensam sak", by="2025-03-31", person=town.frida)
    theirs = town.decided("Annans sak", by="2025-03-31", person=town.frida)
    town.change(theirs, group_id=ceder)
    assert both
    town.morning("2025-03-03")
    letter = town.letters()[-1]
    assert "Annans sak" in letter.text
    assert "Gemensam sak" in letter.text
    for who in (FRIDA, GUSTAV):
        assert place.opens(who, "GET", f"/utskick/{letter.id}").status_code == 403
        assert f"/utskick/{letter.id}" not in place.opens(who, "GET", "/utskick").text
    assert place.opens(ROOT, "GET", f"/utskick/{letter.id}").status_code == 200
    assert f"/utskick/{letter.id}" in place.opens(ROOT, "GET", "/utskick").text


def test_a_reader_is_offered_nothing_that_she_may_not_do(place: Place) -> None:
    activity = f"/aktiviteter/{place.objects['activity_id']}"
    meeting = f"/moten/{place.town.alm}"
    for path in (activity, meeting):
        assert "Registrera</button>" not in place.opens(ALICE, "GET", path).text
        assert "Starta</button>" not in place.opens(ALICE, "GET", path).text
    assert "Starta</button>" in place.opens(FRIDA, "GET", activity).text


def test_a_menu_leads_only_where_she_may_go(place: Place) -> None:
    for who in (ALICE, GUSTAV, FRIDA, ROOT):
        page = place.opens(who, "GET", "/").text
        menu = re.findall(r'<a href="([^"]+)"', page.partition("<nav")[2].partition("</nav>")[0])
        assert menu
        for path in menu:
            assert verdict(place.opens(who, "GET", path)) is Verdict.GRANTED, (who, path)


def test_on_each_database_it_is_known_whose_an_object_is(town: Town) -> None:
    town.decided(by="2025-02-28")
    town.morning("2025-01-29")
    with reading(town.settings) as session:
        alm = session.get_one(Group, town.alm)
        ours = frozenset({alm.collaboration_id})
        assert whose(session, "group_id", town.alm) == Whose(ours, frozenset({town.alm}))
        assert whose(session, "letter_id", town.letters()[0].id) == Whose(ours)
        assert whose(session, "person_id", town.alice) == Whose(ours)
        assert whose(session, "glömd_id", 1) == Whose()
        for name in KINDS:
            assert whose(session, name, 999) is None
            assert whose(session, name, 10**10 - 1) is None


def test_a_page_asks_of_what_the_address_does_not_name(place: Place) -> None:
    def asks(viewer: Viewer, access: Access, **objects: int) -> bool:
        scope = {"type": "http", "app": place.app, "state": {"viewer": viewer}}
        try:
            allow(Request(scope), access, **objects)
        except (NotAllowed, HTTPException):
            return False
        return True

    alm, plan = place.town.alm, place.town.plan
    alice = Viewer(signed_in=True, reads=frozenset({alm}))
    assert asks(alice, READER, group_id=alm, plan_id=plan)
    assert not asks(alice, LEADER, plan_id=plan)
    assert not asks(alice, READER, group_id=alm, plan_id=999)
    assert not asks(Viewer(), READER, group_id=alm)
    assert asks(Viewer(signed_in=True, administrator=True), LEADER, plan_id=plan)


@pytest.mark.parametrize("number", ["9223372036854775808", "99999999999999999999"])
def test_a_number_that_no_object_has_is_no_page_with_sign_in_or_without(
    place: Place, small_town: Town, number: str
) -> None:
    open_to_all = browse(create_app(small_town.settings))
    for key in TABLE:
        method, template = key.split(" ", 1)
        if "_id}" not in template:
            continue
        address = re.sub(r"\{\w+_id\}", number, template)
        assert open_to_all.request(method, address).status_code == 404, key
        assert place.opens(ROOT, method, address).status_code == 404, key


@pytest.mark.parametrize("number", ["99999", "-1", "0"])
def test_what_is_sent_about_an_object_that_is_not_on_file_meets_no_fault(
    small_town: Town, number: str
) -> None:
    client = browse(create_app(small_town.settings))
    client._transport.raise_server_exceptions = False
    faults = []
    for key in TABLE:
        method, template = key.split(" ", 1)
        address = re.sub(r"\{\w+_id\}", number, template).replace("{deed}", "andra")
        if "_id}" in template and client.request(method, address, data={}).status_code >= 500:
            faults.append(key)
    assert faults == []


def test_the_table_by_itself() -> None:
    alm = Whose(frozenset({1}), frozenset({10}))
    reader = Viewer(signed_in=True, reads=frozenset({10}))
    leader = Viewer(signed_in=True, leads=frozenset({1}), reads=frozenset({12}))
    administrator = Viewer(signed_in=True, administrator=True)
    assert may(reader, READER, alm)
    assert not may(reader, LEADER, alm)
    assert not may(reader, READER, Whose(frozenset({1}), frozenset({11})))
    assert may(leader, LEADER, alm)
    assert not may(leader, ADMINISTRATOR, alm)
    assert not may(leader, READER, Whose(frozenset({2})))
    assert not may(leader, READER, Whose())
    assert may(administrator, ADMINISTRATOR, Whose())
    assert decide(administrator, asked_of("GET", "/glömd")) is Verdict.NO_SUCH_PAGE
    assert onward("/moten/7") == "/moten/7"
    assert onward("//moten/7") == "/"
