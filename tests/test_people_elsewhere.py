"""A person is one, known in several collaborations: each changes only what is its own.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, func, select, update

from config import clock
from config.settings import SignIn
from intake.people.comparing import compare_people
from intake.people.delegation import delegate
from intake.people.filing import file_people
from intake.people.lists import people_in
from models.columns import c
from models.database import engine_for, reading, transaction
from models.delegation import Delegation
from models.group import Collaboration, Group
from models.known import PersonKnown, known_in
from models.letter import Letter, LetterState, Link
from models.letter_kinds import LetterKind
from models.listing import Wanted, activities
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from models.session import SignedIn
from models.status import Says, StatusAnswer, Way
from notifications.directory import answering_now
from notifications.letters import taken_on
from notifications.letters.meetings import whom
from notifications.links import address
from tests.cast import FRIDA, Town
from tests.conftest import a_moments_work, browse
from tests.sign_in.conftest import TODAY, browser, is_in, signs_in, with_sign_in
from web.app import create_app

pytestmark = pytest.mark.by_turns
ALICE = "alice@example.org"


@dataclass
class Two:
    """Two collaborations that do not trust each other."""

    town: Town
    app: FastAPI
    other: int  # Gustav's collaboration
    ceder: int  # his group
    gustav: int

    def signed_in(self, address: str) -> TestClient:
        client = browser(self.app)
        signs_in(self.town, client, address)
        return client

    def person(self, person_id: int) -> Person:
        with reading(self.town.settings) as session:
            return session.get_one(Person, person_id)

    def takes_on(self, client: TestClient, name: str, email: str) -> str:
        given = {"name": name, "email": email, "group": str(self.ceder)}
        made = client.post("/personer/ny", data=given, follow_redirects=False)
        assert made.status_code == 303, made.text
        return str(made.headers["location"]).partition("?")[0]


@pytest.fixture
def two(town: Town) -> Two:
    with transaction(town.settings) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        ceder = Group(collaboration_id=other.id, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org", home_collaboration_id=other.id)
        session.add_all([ceder, gustav])
        session.flush()
        assert ceder.id is not None
        assert gustav.id is not None
        session.add(RoleHolding(person_id=gustav.id, group_id=ceder.id, role=Role.PROCESS_LEADER))
    app = create_app(with_sign_in(town.settings))
    return Two(town, app, other.id, ceder.id, gustav.id)


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: Any, _k: Any, words: str, *_: Any) -> None:  # noqa: ANN401
        asked.append(words)

    event.listen(engine_for(town.settings), "before_cursor_execute", note)
    yield asked
    event.remove(engine_for(town.settings), "before_cursor_execute", note)


def holding(two: Two, person: int, group: int) -> int:
    with reading(two.town.settings) as session:
        asked = select(c(RoleHolding).id).where(
            c(RoleHolding).person_id == person, c(RoleHolding).group_id == group
        )
        return int(session.execute(asked).scalar_one())


def listed(*lines: str) -> bytes:
    return "\n".join(["Namn;E-post;Grupp;Roll;Från;Till", *lines, ""]).encode()


def filed(two: Two, *lines: str, end_missing: bool = False) -> Any:  # noqa: ANN401
    """A list saved in Gustav's collaboration."""
    with transaction(two.town.settings) as session:
        return file_people(
            session,
            people_in("personer.csv", listed(*lines)),
            organisation="Vårdsamverkan Annan",
            today=TODAY,
            end_missing=end_missing,
        )


def test_gustav_takes_alice_on_and_cannot_take_her_account(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    page = two.takes_on(gustavs, "Alice Falsk", ALICE)
    changed = {"name": "Alice", "email": "mallory@example.org"}
    moved = gustavs.post(f"{page}/andra", data=changed, follow_redirects=False)
    instead = moved.headers["location"].removesuffix("#hant")
    assert instead != page  # Mallory is somebody new there, and Alice is not known any more
    assert gustavs.get(page).status_code == 403
    two.takes_on(gustavs, "Alice Falsk", ALICE)
    with transaction(two.town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=clock.now()))
    refused = gustavs.post(f"{page}/andra", data=changed | {"email": "gustav2@example.org"})
    assert refused.status_code == 422
    assert "Adressen används redan" in refused.text
    for deed, data in (
        ("tillbaka", {}),
        ("lankar", {"link": "7"}),
        ("kalender", {"gor": "skapa"}),
        ("hemma", {"home": str(two.other)}),
    ):
        assert gustavs.post(f"{page}/{deed}", data=data).status_code in (403, 422), deed
    gustavs.post(f"{page}/slutat", data={"left_on": "2025-01-01"})
    alice = two.person(two.town.alice)
    assert (alice.name, alice.email, alice.left_on) == ("Alice", ALICE, None)
    assert alice.home_collaboration_id != two.other


def test_a_name_typed_elsewhere_stays_there(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    page = two.takes_on(gustavs, "Alice Falsk", ALICE)
    gustavs.post(f"{page}/andra", data={"name": "Alice Fel", "email": ALICE})
    assert two.person(two.town.alice).name == "Alice"
    for path in ("/personer", page, f"/grupper/{two.ceder}"):
        shown = gustavs.get(path).text
        assert "Alice Fel" in shown
        for told in ("Ny person: Alice Falsk", "Alice Falsk blir", "från Alice Falsk till"):
            shown = shown.replace(told, "")
        assert "Alice Falsk" not in shown
    fridas = two.signed_in("frida@example.org")
    for path in ("/personer", f"/personer/{two.town.alice}", f"/grupper/{two.town.alm}"):
        assert "Fel" not in fridas.get(path).text
        assert "Falsk" not in fridas.get(path).text


def test_gustav_sees_and_ends_only_what_is_in_his_own_groups(two: Two) -> None:
    two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    two.town.morning("2025-01-29")
    gustavs = two.signed_in("gustav@example.org")
    page = two.takes_on(gustavs, "Alice Falsk", ALICE)
    shown = gustavs.get(page).text
    for secret in ("NOSAM Alm", "Trygg hemgång", "/utskick/"):
        assert secret not in shown.replace("/utskick/varfor", ""), secret
    assert "NOSAM Alm" not in gustavs.get("/personer").text
    hers = holding(two, two.town.alice, two.town.alm)
    assert gustavs.post(f"{page}/avsluta", data={"holding": str(hers)}).status_code == 403
    own = holding(two, two.town.alice, two.ceder)
    done = gustavs.post(f"{page}/avsluta", data={"holding": str(own)}, follow_redirects=False)
    assert done.status_code == 303
    with reading(two.town.settings) as session:
        assert session.get_one(RoleHolding, hers).ends_on is None
        assert session.get_one(RoleHolding, own).ends_on == TODAY


def test_what_gustav_hands_over_for_alice_is_what_she_has_with_him(two: Two) -> None:
    """The form offers the same for her as for somebody new, and reaches no further."""
    sip = two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    two.town.holds(two.town.alice, two.town.bjork, Role.MEMBER)  # two roles with Frida
    gustavs = two.signed_in("gustav@example.org")
    everything = {"delegate": "Gustav", "last_day": "2025-12-31", "scope": ""}
    offered = []
    for name, email in (("Alice F", ALICE), ("Ny N", "ny@example.org")):
        page = two.takes_on(gustavs, name, email)
        shown = gustavs.get(page).text
        found = re.search(r'<select id="ersattare-scope".*?</select>', shown)
        offered.append(found[0] if found else "")
        assert gustavs.post(f"{page}/ersattare", data=everything).status_code == 200
        assert "ledamot i NOSAM Ceder" in gustavs.get(page).text
        offered.append(str(gustavs.get(page).text.count("Avsluta:")))
    assert offered[:2] == offered[2:]
    with reading(two.town.settings) as session:
        rows = select(c(Delegation).group_id, c(Delegation).activity_id).where(
            c(Delegation).person_id == two.town.alice
        )
        assert [tuple(row) for row in session.execute(rows)] == [(two.ceder, None)]
        answering = answering_now(session, sip, TODAY)
        assert [one.person_id for one in answering] == [two.town.alice]
    alices = two.signed_in(ALICE)
    fridas = two.signed_in("frida@example.org")
    assert "Gustav" not in fridas.get(f"/personer/{two.town.alice}").text
    assert alices.get("/").status_code == 200


def test_gustav_is_not_told_that_alices_address_is_dead(two: Two) -> None:
    """It was before he took her on: told, it would say that somebody else had her on file."""
    gustavs = two.signed_in("gustav@example.org")
    with transaction(two.town.settings) as session:
        dead = update(Person).where(c(Person).id == two.town.alice)
        session.execute(dead.values(unreachable_since=clock.now(), unreachable_why="550 okänd"))
    two.takes_on(gustavs, "Alice F", ALICE)
    given = {"delegate": "Alice F", "last_day": "2025-02-01", "scope": ""}
    done = gustavs.post(f"/personer/{two.gustav}/ersattare", data=given)
    assert (done.status_code, "kommer inte fram" in done.text) == (200, False)
    assert "Alice F" in done.text
    with reading(two.town.settings) as session:
        assert "Alice F" not in whom(session, two.ceder, TODAY).unreached
        assert "Alice" in whom(session, two.town.alm, TODAY).unreached
    hers = two.signed_in("frida@example.org")
    refused = hers.post(
        f"/personer/{two.town.charlie}/ersattare", data=given | {"delegate": "Alice"}
    )
    assert "Brev till Alice kommer inte fram sedan" in refused.text


def test_gustav_sees_no_letter_to_come_of_what_alice_hands_over_at_home(two: Two) -> None:
    """Nor when it has gone. Bob has an activity with Gustav, and stands in for Alice at home."""
    town = two.town
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Bo Typad", "bob@example.org")
    with transaction(town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=clock.now()))
    course = town.decided("Kurs", by="2025-01-31", person=town.bob)
    town.change(course, group_id=two.ceder)
    page = "/kommande?till=2025-01-17"
    assert "Kurs" in gustavs.get(page).text
    with transaction(town.settings) as session:
        given = {"delegate": "Bob", "last_day": "2025-03-01"}
        delegate(session, town.alice, given, FRIDA, today=TODAY)
    here = with_sign_in(town.settings).model_copy(update={"sign_in": SignIn.OFF})
    assert "Ersättare för Alice" in browse(create_app(here)).get(page).text
    hidden = gustavs.get(page).text
    assert "Ersättare för" not in hidden
    assert "Kurs" not in hidden


def test_alice_reads_who_stands_in_for_her_as_her_home_calls_him(two: Two) -> None:
    """He is at home with Gustav, who calls him otherwise."""
    town = two.town
    with transaction(town.settings) as session:
        bo = Person(name="Bo Hemma", email="bo@example.org", home_collaboration_id=two.other)
        session.add(bo)
        session.flush()
        home = session.get_one(Person, town.alice).home_collaboration_id
        assert bo.id is not None
        assert home is not None
        known = PersonKnown(
            person_id=bo.id, collaboration_id=home, name="Bo Typad", since=clock.now()
        )
        session.add(known)
        given = {"delegate": "bo@example.org", "last_day": "2025-03-01"}
        delegate(session, town.alice, given, FRIDA, today=TODAY)
    town.morning("2025-01-13")
    (hers,) = [letter for letter in town.letters() if letter.to_address == ALICE]
    assert "Bo Typad ersätter dig" in hers.text
    assert "Bo Hemma" not in hers.text


def test_who_leads_with_gustav_reads_of_fridas_as_every_reader_there_does(two: Two) -> None:
    """He is in NOSAM Alm too: what asks for its leader is not asked of him, nor in his words."""
    town = two.town
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Alma Typad", ALICE)
    town.holds(two.gustav, town.alm, Role.MEMBER)
    number = town.decided("Trygg hemgång", by="2025-02-28", person=town.alice)
    with transaction(town.settings) as session:
        session.add(
            StatusAnswer(
                activity_id=number,
                person_id=town.alice,
                says=Says.ON_TRACK,
                text="",
                on_day=TODAY,
                at=clock.now(),
                way=Way.MEETING,
                registered_by="Frida",
            )
        )
        session.execute(update(Plan).values(reminded_from=None))
    gustavs = two.signed_in("gustav@example.org")
    answers = gustavs.get("/att-se-till?vad=besked").text
    assert "Alice" in answers
    assert "Alma Typad" not in answers
    assert "/paminn" not in gustavs.get("/").text
    assert f"/planer/{town.plan}/paminn" in two.signed_in("frida@example.org").get("/").text


def test_no_number_tells_who_was_on_file_before_or_how_many_are(two: Two) -> None:
    fridas, gustavs = two.signed_in("frida@example.org"), two.signed_in("gustav@example.org")
    given = {"name": "Zoe Xu", "group": str(two.town.alm)}
    fridas.post("/personer/ny", data=given | {"email": "zoe@example.org"})
    pages = [
        two.takes_on(gustavs, "Zoe Xu", email)
        for email in ("a@example.org", "zoe@example.org", "b@example.org", "c@example.org")
    ]
    numbers = [int(page.removeprefix("/personer/")) for page in pages]
    assert {len(str(number)) for number in numbers} == {9}
    apart = [abs(one - other) for one, other in pairwise(sorted(numbers))]
    assert min(apart) > 100  # drawn of 900 million: less than one time in a hundred thousand


def test_the_list_is_searched_by_the_names_that_its_own_collaboration_has(two: Two) -> None:
    """Alice answers through her group; what Gustav calls her is no word for Frida's activities."""
    sip = two.town.decided("Trygg hemgång", by="2025-02-28")
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Zoe Falsk", ALICE)
    theirs = two.town.decided("Rutin", by="2025-02-28", person=two.town.alice)
    with transaction(two.town.settings) as session:
        plan = Plan(collaboration_id=two.other, group_id=two.ceder, title="Gustavs plan")
        session.add(plan)
        session.flush()
        assert plan.id is not None
        moved = {"group_id": two.ceder, "plan_id": plan.id}
    two.town.change(theirs, **moved)
    found = {}
    with reading(two.town.settings) as session:
        for name in ("Alice", "Zoe"):
            asked = activities(Wanted(answers=name), TODAY)
            found[name] = [row.id for row in session.execute(asked)]
    assert found == {"Alice": [sip], "Zoe": [theirs]}


def test_frida_ends_no_roles_in_gustavs_groups(two: Two) -> None:
    page = two.takes_on(two.signed_in("gustav@example.org"), "Alice", ALICE)
    fridas = two.signed_in("frida@example.org")
    assert "NOSAM Ceder" not in fridas.get(page).text
    there = holding(two, two.town.alice, two.ceder)
    assert fridas.post(f"{page}/avsluta", data={"holding": str(there)}).status_code == 403


def test_who_leads_her_home_cannot_take_over_what_another_gave_her(two: Two) -> None:
    """Alice has never used her address, and Gustav has let her lead his process."""
    gustavs = two.signed_in("gustav@example.org")
    given = {"name": "A", "email": ALICE, "group": str(two.ceder), "role": "processledare"}
    gustavs.post("/personer/ny", data=given)
    fridas = two.signed_in("frida@example.org")
    changed = {"name": "Alice", "email": "frida2@example.org"}
    page = f"/personer/{two.town.alice}/andra"
    done = fridas.post(page, data=changed, follow_redirects=False)
    other = int(done.headers["location"].removesuffix("#hant").rpartition("/")[2])
    assert two.person(other).email == "frida2@example.org"
    alice = two.person(two.town.alice)
    assert (alice.email, alice.left_on) == (ALICE, None)
    with reading(two.town.settings) as session:
        led = select(c(RoleHolding).person_id).where(c(RoleHolding).group_id == two.ceder)
        assert set(session.execute(led).scalars()) == {two.gustav, two.town.alice}


def test_an_address_on_file_elsewhere_is_answered_as_a_new_one_with_the_same_work(
    two: Two,
) -> None:
    gustavs = two.signed_in("gustav@example.org")
    answers = []
    two.takes_on(gustavs, "Först Inte Räknad", "first@example.org")
    for name, email in (("Zoe Xu", ALICE), ("Zoe Xu", "zoe.xu@example.org")):
        with statements(two.town) as asked:
            page = two.takes_on(gustavs, name, email)
        done = len(asked)
        shown = gustavs.get(page).text.replace(email, "ADRESS")
        number = page.removeprefix("/personer/")
        shown = shown.replace(f"/personer/{number}", "/personer/N").replace(
            f"person={number}", "person=N"
        )
        again = gustavs.post(
            "/personer/ny", data={"name": name, "email": email, "group": str(two.ceder)}
        )
        answers.append((done, _without_ids(shown), again.text.replace(email, "ADRESS")))
    assert answers[0][0] == answers[1][0]
    assert answers[0][1] == answers[1][1]
    assert answers[0][2] == answers[1][2]


def _without_ids(words: str) -> str:
    """A page without numbers of rows, prints of what she typed, and days: one is pretended."""
    gone = r'name="(?:holding|gjort)" value="\d+"|name="filled_from" value="[^"]*"|<time .*?</time>'
    return re.sub(gone, "", words)


def test_a_list_shows_and_saves_the_same_for_both(two: Two) -> None:
    shown = []
    for name, email in (("Zoe Xu", ALICE), ("Yan Xu", "yan.xu@example.org")):
        line = f"{name};{email};NOSAM Ceder;ledamot;;"
        with reading(two.town.settings) as session:
            found = compare_people(
                session,
                people_in("personer.csv", listed(line)),
                organisation="Vårdsamverkan Annan",
                today=TODAY,
            )
        kinds = [each.kind.value for each in found.changes]
        saved = filed(two, line)
        assert [each.kind.value for each in saved.changes] == kinds
        shown.append((kinds, found.doubts, found.new, filed(two, line).changes))
    assert shown[0] == shown[1] == (["new person", "new role"], [], 1, [])
    assert two.person(two.town.alice).name == "Alice"


def test_a_list_renames_nobody_who_is_at_home_elsewhere(two: Two) -> None:
    filed(two, f"Alice Falsk;{ALICE};NOSAM Ceder;ordförande;;")
    filed(two, f"Alice Värre;{ALICE};NOSAM Ceder;ordförande;;")
    with reading(two.town.settings) as session:
        assert session.execute(select(c(PersonKnown).name)).scalar_one() == "Alice Värre"
    found = filed(two, "Alice Värre;mallory@example.org;NOSAM Ceder;ordförande;;")
    assert [each.kind.value for each in found.changes] == ["new address"]
    alice = two.person(two.town.alice)
    assert (alice.name, alice.email, alice.left_on) == ("Alice", ALICE, None)
    with reading(two.town.settings) as session:
        assert two.town.alice not in set(session.execute(known_in([two.other])).scalars())


def test_a_list_changes_no_address_that_has_been_written_to_from_here(two: Two) -> None:
    filed(two, f"Alice Falsk;{ALICE};NOSAM Ceder;ordförande;;")
    with transaction(two.town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=clock.now()))
    found = filed(two, "Alice Falsk;mallory@example.org;NOSAM Ceder;ordförande;;")
    (doubt,) = found.doubts
    assert "använder adressen alice@example.org" in doubt.swedish


def test_another_address_is_answered_the_same_whoever_has_it(two: Two) -> None:
    """Alice is on file with Frida; zoe@ and yan@ are nobody's. Gustav changes to each of them."""
    gustavs = two.signed_in("gustav@example.org")
    shown = []
    for first, then in (("xu@example.org", ALICE), ("xa@example.org", "yan@example.org")):
        page = two.takes_on(gustavs, "Zoe Xu", first)
        activity = two.town.decided("Rutin", by="2025-02-28", person=int(page.rpartition("/")[2]))
        two.town.change(activity, group_id=two.ceder)
        changed = {"name": "Zoe Xu", "email": then}
        with statements(two.town) as asked:
            moved = gustavs.post(f"{page}/andra", data=changed, follow_redirects=False)
        assert moved.status_code == 303, moved.text
        after = moved.headers["location"].removesuffix("#hant")
        told = gustavs.get(after).text.replace(then, "ADRESS").replace(first, "FÖRST")
        number = after.rpartition("/")[2]
        told = told.replace(f"/personer/{number}", "/personer/N").replace(
            f"person={number}", "person=N"
        )
        told = re.sub(rf"(/aktiviteter/|aktivitet-){activity}\b", r"\1A", told)
        assert "Rutin" in told
        shown.append((len(asked), _without_ids(told)))
    assert shown[0] == shown[1]
    alice = two.person(two.town.alice)
    assert (alice.name, alice.email, alice.left_on) == ("Alice", ALICE, None)


def test_a_list_changes_an_address_the_same_whoever_has_the_new_one(two: Two) -> None:
    found = []
    for first, then in (("xu@example.org", ALICE), ("xa@example.org", "yan@example.org")):
        filed(two, f"Zoe {first[1]};{first};NOSAM Ceder;ledamot;;")
        line = f"Zoe {first[1]};{then};NOSAM Ceder;ledamot;;"
        saved = filed(two, line)
        kinds = [each.kind.value for each in saved.changes]
        found.append((kinds, saved.doubts, saved.changed, filed(two, line).changes))
    assert found[0] == found[1] == (["new address"], [], 1, [])


def test_a_list_does_not_change_an_address_that_its_owner_has_used(two: Two) -> None:
    gustavs_own = two.signed_in("gustav@example.org")
    found = filed(two, "Gustav;mallory@example.org;NOSAM Ceder;processledare;;")
    assert "använder adressen gustav@example.org" in found.doubts[0].swedish
    assert two.person(two.gustav).email == "gustav@example.org"
    assert is_in(gustavs_own)


def test_an_address_that_nobody_has_used_is_corrected_by_the_leader_of_her_home(
    two: Two,
) -> None:
    fridas = two.signed_in("frida@example.org")
    given = {"name": "Charlie", "email": "charlie.ny@example.org"}
    page = f"/personer/{two.town.charlie}/andra"
    moved = fridas.post(page, data=given, follow_redirects=False)
    assert moved.status_code == 303
    charlie = int(moved.headers["location"].removesuffix("#hant").rpartition("/")[2])
    assert two.person(charlie).email == "charlie.ny@example.org"
    assert holding(two, charlie, two.town.bjork)
    with transaction(two.town.settings) as session:
        session.add(_delivered(charlie, "charlie.ny@example.org"))
    again = given | {"email": "charlie.x@example.org"}
    refused = fridas.post(f"/personer/{charlie}/andra", data=again)
    assert "Adressen används redan" in refused.text
    assert two.person(charlie).email == "charlie.ny@example.org"


def _delivered(person_id: int, address: str) -> Letter:
    now = clock.now()
    return Letter(
        person_id=person_id,
        kind=LetterKind.MORNING,
        on_day=date(2025, 1, 9),
        to_name="x",
        to_address=address,
        subject="x",
        text="",
        html="",
        message_id=f"<{address}>",
        queued_at=now,
        not_before=now,
        done_at=now,
        state=LetterState.SENT,
    )


def test_a_corrected_address_closes_what_the_old_one_opened(two: Two) -> None:
    now = clock.now()
    with transaction(two.town.settings) as session:
        session.add(
            Link(person_id=two.town.charlie, made_at=now, expires_at=now.replace(year=2100))
        )
        session.add(SignedIn(person_id=two.town.charlie, token_hash="x", began_at=now, seen_at=now))
    fridas = two.signed_in("frida@example.org")
    given = {"name": "Charlie", "email": "charlie.ny@example.org"}
    fridas.post(f"/personer/{two.town.charlie}/andra", data=given)
    with reading(two.town.settings) as session:
        assert session.execute(select(c(Link).revoked_at)).scalar_one() is not None
        ended = select(c(SignedIn).ended_at).where(c(SignedIn).token_hash == "x")
        assert session.execute(ended).scalar_one() is not None


def test_sessions_end_with_the_role_and_the_last_day(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    with transaction(two.town.settings) as session:
        session.execute(update(RoleHolding).where(c(RoleHolding).id < 0).values(role="x"))
    roots = two.signed_in("root@example.org")
    hers = holding(two, two.gustav, two.ceder)
    roots.post(f"/personer/{two.gustav}/avsluta", data={"holding": str(hers)})
    assert not is_in(gustavs)
    alices = two.signed_in(ALICE)
    roots.post(f"/personer/{two.town.alice}/slutat", data={"left_on": "2025-12-31"})
    assert not is_in(alices)


def test_an_administrator_moves_her_home_and_nobody_else_does(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    page = two.takes_on(gustavs, "Alice", ALICE)
    assert gustavs.post(f"{page}/hemma", data={"home": str(two.other)}).status_code == 403
    roots = two.signed_in("root@example.org")
    assert "Hör hemma i Vårdsamverkan Prov" in roots.get(page).text
    roots.post(f"{page}/hemma", data={"home": str(two.other)})
    assert "Hör hemma i Vårdsamverkan Annan" in roots.get(page).text
    assert two.person(two.town.alice).home_collaboration_id == two.other


def test_who_is_known_where_is_asked_in_one_place(two: Two) -> None:
    filed(two, f"Alice;{ALICE};NOSAM Ceder;ledamot;;")
    with reading(two.town.settings) as session:
        there = set(session.execute(known_in([two.other])).scalars())
        assert there == {two.gustav, two.town.alice}
        home = session.get_one(Group, two.town.alm).collaboration_id
        here = set(session.execute(known_in([home])).scalars())
        assert two.gustav not in here
        assert here >= {two.town.alice, two.town.bob}
        assert session.execute(select(func.count()).select_from(PersonKnown)).scalar() == 1


def test_alice_is_told_who_has_taken_her_on_and_says_no(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    given = {"name": "Alice F", "email": ALICE, "group": str(two.ceder), "role": "ordförande"}
    gustavs.post("/personer/ny", data=given)
    two.takes_on(gustavs, "Ny Nilsson", "ny@example.org")
    with transaction(two.town.settings) as session:
        assert taken_on.write(session, TODAY) == 1  # who is new is at home
        assert taken_on.write(session, TODAY) == 0
    told = two.town.letters()[-1]
    assert told.to_address == ALICE
    assert told.subject.startswith("Vårdsamverkan Annan har lagt till dig [F-")
    assert "Det gjordes av Gustav. Där heter du Alice F." in told.text
    own = re.search(r"/svar/\S+/uppgifter", told.text)
    assert own
    assert "Vårdsamverkan Annan" in browser(two.app).get(own[0]).text
    alices = two.signed_in(ALICE)
    done = alices.post("/mina-uppgifter", data={"gor": "nej", "samverkan": str(two.other)})
    assert "Du finns inte med där längre" in done.text
    with reading(two.town.settings) as session:
        held = session.get_one(RoleHolding, holding(two, two.town.alice, two.ceder))
        assert held.ends_on is not None
        assert held.ends_on < TODAY
    answer = two.town.letters()[-1]
    assert answer.to_address == "gustav@example.org"
    assert answer.subject.startswith("Alice F har sagt nej [F-")
    assert "Alice" not in gustavs.get("/personer").text
    assert gustavs.get(f"/personer/{two.town.alice}").status_code == 403
    again = gustavs.post("/personer/ny", data=given)
    assert "har sagt nej till att finnas med här" in again.text
    listed_again = filed(two, f"Alice;{ALICE};NOSAM Ceder;ledamot;;")
    assert "har sagt nej" in listed_again.doubts[0].swedish
    alices = two.signed_in(ALICE)
    alices.post("/mina-uppgifter", data={"gor": "ja", "samverkan": str(two.other)})
    assert gustavs.get(f"/personer/{two.town.alice}").status_code == 200


def test_nobody_says_no_to_her_home(two: Two) -> None:
    alices = two.signed_in(ALICE)
    with reading(two.town.settings) as session:
        home = session.get_one(Group, two.town.alm).collaboration_id
    for area in (home, two.other, 0):
        given = {"gor": "nej", "samverkan": str(area)}
        assert alices.post("/mina-uppgifter", data=given).status_code == 422


def test_gustavs_pages_call_alice_what_he_typed_and_never_what_she_is_called_at_home(
    two: Two,
) -> None:
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Alma Typad", ALICE)
    now = clock.now()
    with transaction(two.town.settings) as session:
        link = Link(person_id=two.gustav, made_at=now, expires_at=now + timedelta(days=9))
        session.add(link)
        session.flush()
        assert link.id is not None
        path = address(two.town.settings, link.id).removeprefix(two.town.settings.pages_url)
    page = f"{path}/ersattare"
    assert "Alma Typad" in gustavs.get(page).text
    given = {"delegate": "Alma Typad", "last_day": "2025-02-01", "scope": ""}
    assert gustavs.post(page, data=given).status_code == 200
    two.town.lines(TODAY)
    for each in (page, f"/personer/{two.gustav}", f"/grupper/{two.ceder}"):
        assert "Alma Typad" in gustavs.get(each).text, each
        assert "Alice" not in gustavs.get(each).text, each
    for each in ("/utskick", "/kommande", "/"):
        with a_moments_work(0.3):
            assert "Alice" not in gustavs.get(each).text, each
