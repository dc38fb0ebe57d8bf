"""A link that is closed to a collaboration names nothing of it and changes nothing in it.

Drakfors and Kvarnsten share the installation. Drakfors' guest has a role and work in Kvarnsten too,
whose leader closes all her links. Every page that the table of rights has behind a link is then
opened, and every form sent, filled with what is Kvarnsten's.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select, update
from sqlmodel import SQLModel

from config import clock
from config import settings as settings_module
from config.settings import Settings, SignIn
from intake.lives.parts import ask_to_put_parts
from intake.people.declining import decline
from intake.people.last_day import revoke_links
from intake.people.persons import By
from models.activity import Responsibility
from models.columns import c
from models.database import engine_for, reading, transaction
from models.delegation import Delegation, StandInWish
from models.group import Collaboration
from models.letter import Letter, LetterItem, LetterState, Link, Notice
from models.moves import Mover
from models.person import Role, RoleHolding
from models.resting import CollaborationPause
from models.session import SignedIn
from models.status import StatusAnswer
from notifications import feeds, links
from notifications.bag import Bag
from notifications.links import Closed
from rules.access import TABLE
from rules.fields import FIELDS
from tests.cast import Town
from tests.security.realm import TODAY, Realm
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_answers import link as link_of
from web.app import create_app

THEIRS = "Kvarnsten"
_BEHIND = ("/svar/{token}", "/rapport/{token}", "/kalender/{token}")
# What is the link's own, or hers alone, and so may change.
_HER_OWN = {"link", "answer_draft", "feed", "feed_closed", "letter", "letter_item"}
_GOR = {
    "/svar/{token}/kalender": ["skapa"],
    "/svar/{token}/tyst": ["paminn", "ta-over", "motet"],
    "/svar/{token}/uppgifter": ["nej", "ja"],
}


class Closing:
    """Both realms, the guest's link and calendar, and what is Kvarnsten's to be asked for."""

    def __init__(self, told: Settings) -> None:
        self.told = told
        self.hers, self.theirs = Realm(told, "Drakfors"), Realm(told, THEIRS)
        self.theirs.takes_on(self.hers)
        self.guest = self.hers.people["gäst"]
        with transaction(told) as session:
            link = c(Link)
            newest = select(link.id).where(link.person_id == self.guest).order_by(link.id.desc())
            self.link: int = session.execute(newest.limit(1)).scalar_one()
            self._more_of_theirs(session)
        self.app = create_app(told)

    def _more_of_theirs(self, session: Any) -> None:  # noqa: ANN401
        """She has handed over everything to one of theirs, and wishes for somebody else there."""
        days = {"first_day": date(2025, 4, 1), "last_day": date(2025, 5, 1)}
        to = {"person_id": self.guest, "delegate_id": self.theirs.people["ledamot"]}
        row = insert(Delegation).values(**to, **days, role="", at=clock.now(), by="x")
        number = session.execute(row.returning(c(Delegation).id)).scalar_one()
        self.theirs.ids["delegation_id"].append(number)
        wish = {"person_id": self.guest, "address": f"vem@{THEIRS}.example.org", "on_day": TODAY}
        of = {"collaboration_id": self.theirs.area, "group_id": self.theirs.near, "role": "x"}
        session.execute(insert(StandInWish).values(**wish, **of, **days))

    def close(self) -> None:
        """Kvarnsten's leader presses "Återkalla alla"."""
        with transaction(self.told) as session:
            areas = [self.theirs.area]
            revoke_links(session, self.guest, Mover("x"), today=TODAY, by=By.OTHER, areas=areas)

    def address(self, template: str) -> str:
        """A template with the guest's token in it."""
        begins = len(self.told.pages_url)
        edition = self.theirs.ids["edition_id"][0]
        with reading(self.told) as session:
            calendar = feeds.feed_address(session, self.told, person_id=self.guest)
        tokens = {
            "svar": links.address(self.told, self.link)[begins:],
            "rapport": links.edition_address(self.told, self.link, edition)[begins:],
            "kalender": calendar[begins:].removesuffix(".ics"),
        }
        room = template.split("/")[1]
        return template.replace(f"/{room}/{{token}}", tokens[room])

    def forms(self, template: str) -> Iterator[dict[str, str]]:
        """What can be sent there, each time with something else of Kvarnsten's in it."""
        fields = FIELDS.get(f"POST {template}", {})
        base: dict[str, str] = {}
        more: list[tuple[str, str]] = []
        for name in fields:
            values = self._values(name)
            if "{n}" in name:
                base |= {name.replace("{n}", str(n)): values[0] for n in self._numbers(name)}
            elif len(values) == 1:
                base[name] = values[0]
            else:
                more += [(name, value) for value in values]
        for gor in _GOR.get(template, [""]):
            chosen = base | ({"gor": gor} if "gor" in fields else {})
            yield chosen
            for name, value in more:
                yield chosen | {name: value}

    def _numbers(self, name: str) -> list[int]:
        kind = "part_id" if name.startswith("part") else "activity_id"
        return self.theirs.ids[kind]

    def _values(self, name: str) -> list[str]:
        ids = self.theirs.ids
        scopes = [f"roll-{self.theirs.near}-ledamot", f"aktivitet-{ids['activity_id'][-1]}", ""]
        known = {
            "says_{n}": ["late"],
            "part_{n}": ["klar"],
            "date_{n}": ["2025-05-05"],
            "last_{n}": [f"svar-{ids['answer_id'][-1]}"],
            "shown_{n}": ["ja"],
            "start_{n}": ["ja"],
            "alla": ["on_track"],
            "activity": [str(number) for number in ids["activity_id"]],
            "answer": [str(number) for number in ids["answer_id"]],
            "delegation": [str(number) for number in ids["delegation_id"]],
            "scope": scopes,
            "samverkan": [str(self.theirs.area), "0"],
            "delegate": [self.theirs.name("ordf")],
            "first_day": ["2025-06-01"],
            "last_day": ["2025-06-10"],
            "gor": [""],
            "email": [f"ny@{THEIRS.lower()}.example.org"],
            "code": [""],
        }
        return known.get(name, ["x"])

    def rows(self) -> set[str]:
        """All that is on file, but what is the link's own or hers; and who else has letters."""
        found = set()
        with engine_for(self.told).connect() as connection:
            for table in SQLModel.metadata.tables.values():
                if table.name in _HER_OWN:
                    continue
                asked = select(table)
                if table.name == "person":
                    asked = asked.where(table.c.id != self.guest)
                found |= {f"{table.name}: {tuple(row)}" for row in connection.execute(asked)}
            for row in connection.execute(select(c(Letter).id, c(Letter).person_id)):
                if row.person_id in set(self.theirs.people.values()):
                    found.add(f"letter: {tuple(row)}")
        return found


def behind(method: str) -> list[str]:
    """The templates of all that is reached with a link in a letter."""
    lines = (line.partition(" ")[2] for line in TABLE if line.startswith(f"{method} "))
    return sorted(one for one in lines if one.startswith(_BEHIND))


@pytest.fixture(params=[True, False], ids=["sign-in", "alone"])
def place(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Closing:
    """The two of them, with and without sign-in."""
    shutil.copy(migrated, tmp_path / "foljsam.db")
    told = with_sign_in(settings_module.load(home=tmp_path), prefect_port=1)
    if not request.param:
        told = told.model_copy(update={"sign_in": SignIn.OFF})
    return Closing(told)


def named(place: Closing, client: TestClient) -> set[str]:
    """Which pages behind the link name anything of Kvarnsten's."""
    found = set()
    for template in behind("GET"):
        page = client.get(place.address(template), follow_redirects=False)
        assert page.status_code != 429
        if THEIRS in page.text or (template.endswith(".pdf") and page.status_code == 200):
            found.add(template)
    return found


def test_a_closed_link_names_nothing_of_them_and_an_open_one_does(place: Closing) -> None:
    client = browser(place.app)
    told = named(place, client)
    assert {f"/svar/{{token}}{one}" for one in ("", "/mitt", "/ersattare", "/uppgifter")} <= told
    assert "/kalender/{token}.ics" in told
    place.close()
    assert named(place, client) == set()
    offers = client.get(f"{place.address('/svar/{token}')}/ersattare").text
    assert f'value="roll-{place.hers.near}-ledamot"' in offers
    assert ">Allt<" not in offers, "that would be theirs too"
    own = client.get(f"{place.address('/svar/{token}')}/uppgifter").text
    assert "Den här länken öppnar inte allt" in own
    assert "Inga just nu" not in own


def test_no_form_behind_a_closed_link_changes_or_names_anything_of_theirs(place: Closing) -> None:
    place.close()
    client, before, sent = browser(place.app), place.rows(), 0
    for template in behind("POST"):
        for given in place.forms(template):
            page = client.post(place.address(template), data=given, follow_redirects=False)
            assert page.status_code not in {400, 429, 500}, (template, given)
            hers = page.text.replace(place.theirs.name("ordf"), "")  # what was typed comes back
            hers = hers.replace(f"ny@{THEIRS.lower()}.example.org", "")
            assert THEIRS not in hers, (template, given)
            sent += 1
    assert place.rows() - before == set()
    assert before - place.rows() == set()
    assert sent > 40


def test_no_page_asks_for_itself_what_a_link_opens() -> None:
    """`behind` asks, and brings what the link is closed to; a page that asked past it would not."""
    web = Path(__file__).resolve().parents[1] / "web"
    asks = re.compile(r"\blinks\.open_link\(|import .*\bopen_link\b|\blinks\.look\(")
    found = {path.name for path in web.rglob("*.py") if asks.search(path.read_text())}
    assert found == {"behind.py"}


def calendar(place: Closing, client: TestClient) -> str:
    """The address that her link makes or shows, or ""."""
    page = client.post(f"{place.address('/svar/{token}')}/kalender", data={"gor": "skapa"})
    found = re.search(r"/kalender/[^\"<\s]+\.ics", page.text)
    return found[0] if found else ""


def test_a_calendar_is_closed_with_the_links_and_a_new_link_makes_a_whole_one(
    place: Closing,
) -> None:
    client = browser(place.app)
    first = calendar(place, client)
    assert THEIRS in client.get(first).text
    place.close()
    assert THEIRS not in client.get(first).text
    assert "Drakfors" in client.get(first).text
    assert calendar(place, client) == first, "it shows what the link opens"
    closed, place.link = place.link, new_link(place)
    whole = calendar(place, client)
    assert whole != first
    assert THEIRS in client.get(whole).text
    assert client.get(first).status_code == 404
    place.link = closed
    assert calendar(place, client) == "", "it shows more than the old link opens"
    told = client.post(f"{place.address('/svar/{token}')}/kalender", data={"gor": "dra-in"})
    assert (told.status_code, "visar mer än den här länken" in told.text) == (409, True)
    assert client.get(whole).status_code == 200


def test_a_calendar_made_through_a_closed_link_shows_only_what_that_opens(place: Closing) -> None:
    with transaction(place.told) as session:
        feeds.revoke(session, person_id=place.guest)
    place.close()
    client = browser(place.app)
    address = calendar(place, client)
    assert (THEIRS in client.get(address).text, "Drakfors" in client.get(address).text) == (
        False,
        True,
    )


def test_a_part_of_hers_in_theirs_is_in_no_calendar_that_is_closed_to_them(place: Closing) -> None:
    given = {
        "name": "Lånade lokaler",
        "responsible": f"gast.{place.hers.people['ordf']}@example.org",
        "deadline": "2025-02-20",
    }
    with transaction(place.told) as session:
        theirs = place.theirs.ids["activity_id"][-1]
        ask_to_put_parts(session, theirs, given, Mover("x"), today=TODAY)
    client = browser(place.app)
    ics, mine = calendar(place, client), f"{place.address('/svar/{token}')}/mitt"
    assert all("Lånade lokaler" in client.get(page).text for page in (ics, mine))
    place.close()
    assert not any("Lånade lokaler" in client.get(page).text for page in (ics, mine))


def asked_of_theirs(place: Closing) -> int:
    """Her letter asks about an activity of Kvarnsten's; its number."""
    asked: int = place.theirs.ids["activity_id"][-1]
    held = (
        select(c(LetterItem).letter_id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(Notice).activity_id == asked)
    )
    letter = c(Letter)
    with transaction(place.told) as session:
        session.execute(
            update(Letter)
            .where(letter.id.in_(held), letter.person_id == place.guest)
            .values(link_id=place.link)
        )
    return asked


def test_who_says_no_to_them_opens_and_answers_nothing_of_theirs_by_an_old_letter(
    place: Closing,
) -> None:
    asked, client = asked_of_theirs(place), browser(place.app)
    link = place.address("/svar/{token}")
    assert THEIRS in client.get(link).text
    says_no(place)
    before = place.rows()
    for page in ("", "/mitt", "/ersattare"):
        assert THEIRS not in client.get(f"{link}{page}").text, page
    answer = {f"says_{asked}": "late", f"text_{asked}": "Efter mitt nej"}
    assert THEIRS not in client.post(link, data=answer).text
    assert place.rows() == before


@pytest.mark.parametrize("revoked", [False, True])
def test_her_letter_tells_where_she_said_no_unless_they_have_revoked_it(
    place: Closing, revoked: bool
) -> None:
    asked_of_theirs(place)
    if revoked:
        place.close()
    says_no(place)
    client, own = browser(place.app), f"{place.address('/svar/{token}')}/uppgifter"
    assert (THEIRS in client.get(own).text) is not revoked
    yes = client.post(own, data={"gor": "ja", "samverkan": str(place.theirs.area)})
    takes_it_back = not revoked and place.told.sign_in is SignIn.OFF  # else by signing in
    assert ("Ditt nej är borttaget" in yes.text) is takes_it_back


def says_no(place: Closing) -> None:
    """She says no to being known in Kvarnsten."""
    with transaction(place.told) as session:
        decline(session, place.guest, place.theirs.area, today=TODAY)


def new_link(place: Closing) -> int:
    """She asks for a new link."""
    with transaction(place.told) as session:
        return links.make(session, place.told, place.guest)


def test_who_has_left_a_group_is_not_offered_its_people(place: Closing) -> None:
    with transaction(place.told) as session:
        session.execute(
            update(RoleHolding)
            .where(c(RoleHolding).person_id == place.guest)
            .where(c(RoleHolding).group_id == place.theirs.near)
            .values(ends_on=TODAY - timedelta(days=1))
        )
        session.execute(delete(Delegation))
        session.execute(delete(Responsibility).where(c(Responsibility).person_id == place.guest))
        session.add(
            RoleHolding(
                person_id=place.hers.people["ledamot"],
                group_id=place.theirs.near,
                role=Role.MEMBER,
            )
        )
    page = browser(place.app).get(f"{place.address('/svar/{token}')}/ersattare").text
    offered = re.findall(r'<option value="([^"]*)"', page)
    assert [one for one in offered if THEIRS in one] == []
    assert "Ordf Drakfors" in offered


# A link for a session.


@pytest.fixture
def app(small_town: Town) -> FastAPI:
    """The pages of a town where people sign in; Alice answers for an activity."""
    small_town.decided(by="2025-01-31")
    return create_app(with_sign_in(small_town.settings))


def answering(client: TestClient) -> str:
    """Where *Lämna besked* leads."""
    led = client.post("/mina-aktiviteter/svara", follow_redirects=False)
    assert led.status_code == 303
    return str(led.headers["location"])


@pytest.mark.parametrize("more", [{}, {"links_sign_in": True}])
def test_the_page_that_a_session_opens_is_shut_with_it_and_to_others(
    small_town: Town, more: dict[str, bool]
) -> None:
    small_town.decided(by="2025-01-31")
    app = create_app(with_sign_in(small_town.settings, **more))
    alices, others = browser(app), browser(app)
    signs_in(small_town, alices, "alice@example.org")
    signs_in(small_town, others, "alice@example.org")
    path = answering(alices)
    assert alices.get(path).status_code == 200
    assert others.get(path).status_code == 403, "hers too, but another session"
    assert browser(app).get(path, follow_redirects=False).status_code in {303, 403}
    alices.post("/logga-ut", data={})
    for one in (alices, browser(app)):
        assert one.get(path, follow_redirects=False).status_code in {303, 403}
        sent = one.post(path, data={"says_1": "late", "text_1": "x"}, follow_redirects=False)
        assert sent.status_code in {303, 401, 403}
        made = one.post(f"{path}/kalender", data={"gor": "skapa"})
        assert "/kalender/" not in made.text.replace(f"{path}/kalender", "")
    with reading(small_town.settings) as session:
        assert session.execute(select(StatusAnswer)).all() == []


def test_one_session_has_one_link_that_lives_for_hours(small_town: Town, app: FastAPI) -> None:
    alices = browser(app)
    signs_in(small_town, alices, "alice@example.org")
    assert len({answering(alices) for _ in range(5)}) == 1
    with reading(small_town.settings) as session:
        made = session.execute(
            select(c(Link).made_at, c(Link).expires_at).where(c(Link).session_id.is_not(None))
        ).one()
        sessions = session.execute(select(c(SignedIn).id)).all()
    assert made.expires_at - made.made_at <= timedelta(hours=12)
    assert len(sessions) == 1


def test_she_answers_in_her_session_and_the_leader_sees_what_the_link_is(
    small_town: Town, app: FastAPI
) -> None:
    alices, fridas = browser(app), browser(app)
    signs_in(small_town, alices, "alice@example.org")
    signs_in(small_town, fridas, "frida@example.org")
    path = answering(alices)
    number = re.findall(r'name="says_(\d+)"', alices.get(path).text)[0]
    sent = alices.post(path, data={f"says_{number}": "on_track"}, follow_redirects=False)
    assert sent.headers["location"] == f"{path}/tack"
    assert "Öppnad från Mina aktiviteter" in fridas.get(f"/personer/{small_town.alice}").text


# Collaborations that rest, or have ended.


def letter_states(town: Town) -> list[LetterState]:
    """How the letters stand."""
    with reading(town.settings) as session:
        return list(session.execute(select(c(Letter).state).order_by(c(Letter).id)).scalars())


def test_a_letter_that_was_just_made_does_not_go_when_its_collaboration_rests(
    small_town: Town,
) -> None:
    today = clock.in_stockholm(clock.now()).date()
    small_town.decided(by=str(today + timedelta(days=7)))
    small_town.morning(today)
    assert letter_states(small_town) == [LetterState.QUEUED]
    with transaction(small_town.settings) as session:
        area = session.execute(select(c(Collaboration).id)).scalar_one()
        session.add(CollaborationPause(collaboration_id=area, first_day=today, reason="vila"))
    assert Bag(small_town.settings).fill(10) == []
    assert letter_states(small_town) == [LetterState.EMPTY]


def test_the_link_of_one_that_has_ended_says_so_and_takes_no_answer(small_town: Town) -> None:
    told = small_town.settings.model_copy(update={"today": date(2025, 1, 10)})
    small_town.decided("Trygg hemgång", by="2025-01-17")
    small_town.morning("2025-01-10")
    path, client = link_of(small_town), browser(create_app(told))
    number = re.findall(r'name="says_(\d+)"', client.get(path).text)[0]
    with transaction(told) as session:
        session.execute(update(Collaboration).values(ends_on=date(2025, 1, 9)))
    page = client.get(path).text
    assert "avslutades 9 januari 2025" in page
    assert "Trygg hemgång" not in page
    assert "avslutades 9 januari 2025" in client.get(f"{path}/mitt").text
    sent = client.post(path, data={f"says_{number}": "late", f"text_{number}": "Sent"})
    assert sent.status_code == 422
    assert "tar inte emot fler besked, för samverkan är avslutad" in sent.text
    with reading(told) as session:
        assert session.execute(select(StatusAnswer)).all() == []


def test_what_she_answered_one_that_has_ended_stands(small_town: Town) -> None:
    told = small_town.settings.model_copy(update={"today": date(2025, 1, 10)})
    small_town.decided("Trygg hemgång", by="2025-01-17")
    small_town.morning("2025-01-10")
    path, client = link_of(small_town), browser(create_app(told))
    number = re.findall(r'name="says_(\d+)"', client.get(path).text)[0]
    client.post(path, data={f"says_{number}": "late", f"text_{number}": "Sent"})
    assert "Ta tillbaka" in client.get(f"{path}/mitt").text
    with transaction(told) as session:
        session.execute(update(Collaboration).values(ends_on=date(2025, 1, 9)))
        answer = session.execute(select(c(StatusAnswer).id)).scalar_one()
    assert "Ta tillbaka" not in client.get(f"{path}/mitt").text
    refused = client.post(f"{path}/ta-tillbaka", data={"answer": str(answer)})
    assert refused.status_code == 422
    assert "”Trygg hemgång” står kvar, för samverkan är avslutad" in refused.text
    with reading(told) as session:
        assert session.execute(select(c(StatusAnswer).undone_id)).scalar_one() is None


def test_a_link_for_a_session_opens_for_nobody_elsewhere(small_town: Town) -> None:
    """Not by mail either, where nobody is signed in."""
    now = clock.now()
    with transaction(small_town.settings) as session:
        row = Link(person_id=small_town.alice, made_at=now, expires_at=now, session_id=1)
        session.add(row)
        session.flush()
        assert links.look(session, row.id, now) is Closed.ELSEWHERE
