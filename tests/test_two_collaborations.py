"""Two collaborations in one installation: what is named in one is looked for in that one only.

Frida leads hers, with Alice and Charlie. Gustav leads another, where Hanna chairs NOSAM Ceder.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select, update

from config import clock, policy
from intake.drafts import ActivityDraft, PlanDraft, Source
from intake.filing.known import with_doubts_on_file
from intake.people.delegation import EVERYTHING, areas_of
from intake.people.register import names_in
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import Collaboration, Group
from models.known import PersonKnown
from models.letter import Letter, LetterState, Link, Notice
from models.person import Person, Role, RoleHolding
from notifications import notices, status_rounds
from notifications.letters.again import again
from notifications.letters.asked_now import write_asked
from notifications.links import address
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import TODAY, browser, signs_in, with_sign_in
from tests.test_in_her_place import code_in
from web.app import create_app

pytestmark = pytest.mark.by_turns


@dataclass
class Both:
    """Frida's town, and Gustav's collaboration beside it."""

    town: Town
    other: int
    ceder: int
    gustav: int
    hanna: int

    def signed_in(self, mail: str) -> TestClient:
        """Somebody's browser, signed in."""
        client = browser(create_app(with_sign_in(self.town.settings)))
        signs_in(self.town, client, mail)
        return client

    def link(self, person: int) -> str:
        """The address of a live link to somebody's page, without the host."""
        now = clock.now()
        with transaction(self.town.settings) as session:
            row = Link(person_id=person, made_at=now, expires_at=now + timedelta(days=9999))
            session.add(row)
            session.flush()
            assert row.id is not None
            return address(self.town.settings, row.id).removeprefix(self.town.settings.pages_url)

    def roles(self, person: int) -> set[tuple[int, str]]:
        """The roles that somebody has: (group, role)."""
        with reading(self.town.settings) as session:
            rows = session.execute(
                select(c(RoleHolding).group_id, c(RoleHolding).role).where(
                    c(RoleHolding).person_id == person
                )
            )
            return set(rows.tuples())

    def stand_ins(self) -> int:
        """How many stand in for somebody."""
        with reading(self.town.settings) as session:
            return int(session.execute(select(func.count(c(Delegation).id))).scalar_one())


@pytest.fixture
def both(town: Town) -> Both:
    """Both collaborations, on each database."""
    with transaction(town.settings) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        ceder = Group(collaboration_id=other.id, name="NOSAM Ceder")
        gustav = Person(name="Gustav", email="gustav@example.org")
        hanna = Person(name="Hanna", email="hanna@example.org")
        session.add_all([ceder, gustav, hanna])
        session.flush()
        assert ceder.id is not None
        assert gustav.id is not None
        assert hanna.id is not None
        session.add(RoleHolding(person_id=gustav.id, group_id=ceder.id, role=Role.PROCESS_LEADER))
        session.add(RoleHolding(person_id=hanna.id, group_id=ceder.id, role=Role.CHAIR))
        return Both(town, other.id, ceder.id, gustav.id, hanna.id)


def refused(answer: Response) -> bool:
    """Is it the page that a forbidden address gives?"""
    return answer.status_code == 403 and "inte rätt att öppna sidan" in answer.text


def test_gustav_does_not_make_himself_process_leader_of_fridas(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    before = both.roles(both.gustav)
    form = {"group": str(both.town.deciders), "role": "processledare"}
    assert refused(gustav.post(f"/personer/{both.gustav}/roller", data=form))
    assert both.roles(both.gustav) == before
    assert gustav.get(f"/grupper/{both.town.deciders}").status_code == 403


@pytest.mark.parametrize("odd", ["٣", " {} ", "\x00{}", "0{}", "{}\n"])
def test_an_odd_spelling_of_a_number_is_no_way_around(both: Both, odd: str) -> None:
    gustav = both.signed_in("gustav@example.org")
    before = both.roles(both.gustav)
    words = odd.format(both.town.deciders)
    form = {"group": words, "role": "processledare"}
    gustav.post(f"/personer/{both.gustav}/roller", data=form)
    assert both.roles(both.gustav) == before


def test_nobody_new_is_put_in_a_group_of_another_collaboration(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    form = {"name": "Ivar", "email": "ivar@example.org", "group": str(both.town.alm)}
    assert refused(gustav.post("/personer/ny", data=form))
    with reading(both.town.settings) as session:
        assert session.execute(select(c(Person).id).where(c(Person).name == "Ivar")).all() == []


def test_a_group_is_not_made_in_ones_own_when_another_collaboration_was_named(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    with reading(both.town.settings) as session:
        fridas = session.get_one(Group, both.town.alm).collaboration_id
    form = {"name": "Ny grupp", "collaboration": str(fridas)}
    assert refused(gustav.post("/grupper/ny", data=form))
    unknown = gustav.post("/grupper/ny", data={"name": "Ny grupp", "collaboration": "999"})
    assert "Välj vilken samverkan det gäller." in unknown.text
    with reading(both.town.settings) as session:
        made = select(c(Group).id).where(c(Group).name == "Ny grupp")
        assert session.execute(made).all() == []


def test_a_role_of_another_collaboration_is_not_ended(both: Both) -> None:
    both.town.holds(both.town.alice, both.ceder, Role.MEMBER)  # Alice is known in both
    gustav = both.signed_in("gustav@example.org")
    with reading(both.town.settings) as session:
        chairs = select(c(RoleHolding).id).where(
            c(RoleHolding).person_id == both.town.alice, c(RoleHolding).group_id == both.town.alm
        )
        holding = session.execute(chairs).scalar_one()
    form = {"holding": str(holding), "ends_on": "2025-01-09"}
    assert refused(gustav.post(f"/personer/{both.town.alice}/avsluta", data=form))
    with reading(both.town.settings) as session:
        assert session.get_one(RoleHolding, holding).ends_on is None


def test_nobody_of_another_collaboration_is_found_by_name_or_address(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    told = set()
    for words in ("Alice", "alice@example.org", "Ingen Alls", "ingen@example.org"):
        answer = gustav.post(f"/grupper/{both.ceder}/roller", data={"person": words})
        assert answer.status_code == 422
        told.add(answer.text.replace(words, "…"))
    assert len(told) == 1  # on file elsewhere, and not on file at all: the very same page
    assert (both.ceder, Role.MEMBER.value) not in both.roles(both.town.alice)


def hands_over(both: Both, client: TestClient, page: str, **words: str) -> Response:
    """Hand over through a link, with the code that was mailed for it."""
    form = {"last_day": "15 augusti", **words}
    asked = client.post(page, data=form)
    assert asked.status_code == 422
    done: Response = client.post(page, data=form | {"code": code_in(both.town)})
    return done


def test_a_link_hands_nothing_over_to_another_collaboration(both: Both) -> None:
    client = browser(create_app(with_sign_in(both.town.settings)))
    page = both.link(both.town.alice) + "/ersattare"
    for pair in (("Hanna", "Ingen Alls"), ("hanna@example.org", "ingen@example.org")):
        told = set()
        for words in pair:
            form = {"delegate": words, "last_day": "15 augusti"}
            answer = client.post(page, data=form)
            assert answer.status_code == 422
            told.add(answer.text.replace(words, "…"))
        assert len(told) == 1  # on file elsewhere, and not on file at all: the very same page
    assert both.stand_ins() == 0
    handed = hands_over(both, client, page, delegate="Bob")
    assert handed.status_code == 200
    assert both.stand_ins() == 1


def test_two_of_one_name_are_told_apart_by_where_they_are_known(both: Both) -> None:
    with transaction(both.town.settings) as session:
        bob = Person(name="Bob", email="bob@annan.example.org")
        session.add(bob)
        session.flush()
        assert bob.id is not None
        session.add(RoleHolding(person_id=bob.id, group_id=both.ceder, role=Role.MEMBER))
    client = browser(create_app(with_sign_in(both.town.settings)))
    page = both.link(both.town.alice) + "/ersattare"
    assert hands_over(both, client, page, delegate="Bob").status_code == 200
    with reading(both.town.settings) as session:
        assert session.execute(select(c(Delegation).delegate_id)).scalar_one() == both.town.bob


def test_everything_goes_only_to_somebody_known_wherever_she_has_duties(both: Both) -> None:
    both.town.holds(both.town.alice, both.ceder, Role.MEMBER)
    client = browser(create_app(with_sign_in(both.town.settings)))
    page = both.link(both.town.alice) + "/ersattare"
    form = {"delegate": "Bob", "last_day": "15 augusti"}
    assert "”Bob” finns inte bland personerna" in client.post(page, data=form).text
    hers = f"roll-{both.town.alm}-ordförande"
    assert hands_over(both, client, page, delegate="Bob", scope=hers).status_code == 200
    assert both.stand_ins() == 1


def test_alice_reads_who_has_her_role_with_gustav_as_gustav_calls_her(both: Both) -> None:
    both.town.holds(both.town.alice, both.ceder, Role.MEMBER)
    with transaction(both.town.settings) as session:
        now = clock.now()
        hanna = session.get_one(Person, both.hanna)
        hanna.name = "Johanna von Hem"
        typed = PersonKnown(person_id=both.hanna, collaboration_id=both.other, name="H", since=now)
        handed = Delegation(
            person_id=both.town.alice,
            delegate_id=both.hanna,
            group_id=both.ceder,
            role=Role.MEMBER,
            first_day=TODAY,
            last_day=TODAY + timedelta(days=30),
            at=now,
            by="Alice",
        )
        session.add_all([typed, handed])
    client = browser(create_app(with_sign_in(both.town.settings)))
    page = client.get(both.link(both.town.alice) + "/ersattare").text
    assert "von Hem" not in page
    assert "H svarar för ledamot i NOSAM Ceder" in page


def test_what_came_to_her_from_elsewhere_counts_when_she_hands_over_everything(both: Both) -> None:
    with transaction(both.town.settings) as session:
        now, today = clock.now(), TODAY
        session.add(
            Delegation(
                person_id=both.hanna,
                delegate_id=both.town.alice,
                first_day=today,
                last_day=today + timedelta(days=30),
                at=now,
                by="Gustav",
            )
        )
    with reading(both.town.settings) as session:
        fridas = session.get_one(Group, both.town.alm).collaboration_id
        areas = areas_of(session, both.town.alice, EVERYTHING, today=TODAY)
    assert areas == {fridas, both.other}


def test_a_leader_hands_over_for_somebody_only_what_is_of_her_own(both: Both) -> None:
    both.town.holds(both.town.alice, both.ceder, Role.MEMBER)
    gustav = both.signed_in("gustav@example.org")
    path = f"/personer/{both.town.alice}/ersattare"
    form = {"delegate": "Hanna", "last_day": "15 augusti"}
    assert refused(gustav.post(path, data=form | {"scope": f"roll-{both.town.alm}-ordförande"}))
    assert gustav.post(path, data=form).status_code == 200  # all that she has with him
    with reading(both.town.settings) as session:
        handed = select(c(Delegation).group_id, c(Delegation).role)
        assert [tuple(row) for row in session.execute(handed)] == [(both.ceder, Role.MEMBER.value)]


def test_words_in_a_plan_name_only_people_and_groups_of_its_collaboration(both: Both) -> None:
    with reading(both.town.settings) as session:
        names = names_in(session, both.other)
    assert set(names.people) == {"gustav", "gustav@example.org", "hanna", "hanna@example.org"}
    assert set(names.groups) == {"nosam ceder"}


def test_a_name_that_is_almost_right_is_not_mended_with_one_from_elsewhere(both: Both) -> None:
    activity = ActivityDraft(
        what="Nätverk", responsible=("Charlei",), source=Source("plan.docx", table=1, row=1)
    )
    draft = PlanDraft("Plan", "plan.docx", "0" * 64, group="NOSAM Ceder", activities=[activity])
    with reading(both.town.settings) as session:
        read = with_doubts_on_file(session, draft, organisation="Vårdsamverkan Annan")
    (doubt,) = read.activities[0].questions
    assert "Charlie" not in doubt.sentence


def test_why_somebody_got_no_letter_is_not_told_of_other_collaborations(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    told = set()
    for words in ("Alice", "alice@example.org", "Ingen Alls", "999999"):
        answer = gustav.get("/utskick/varfor", params={"person": words})
        assert answer.status_code == 200
        told.add(answer.text.replace(words, "…"))
    assert len(told) == 1
    assert refused(gustav.get("/utskick/varfor", params={"person": both.town.alice}))


def test_a_filter_names_only_what_may_be_read(both: Both) -> None:
    gustav = both.signed_in("gustav@example.org")
    asked = {"grupp": both.town.alm, "plan": both.town.plan, "mal": both.town.goal}
    for name, number in asked.items():
        for page in ("/aktiviteter", "/aktiviteter.xlsx"):
            assert refused(gustav.get(page, params={name: number})), (page, name)
            assert gustav.get(page, params={name: 999}).status_code == 200
    assert refused(gustav.get("/planer/las-in", params={"plan": both.town.plan}))


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/statusrundor", {}),
        ("/statusrundor/moten", {"on_day": "2030-01-02"}),
        ("/rapporter", {"period": "2025Q1"}),
    ],
)
def test_a_group_that_is_not_on_file_is_a_page_that_is_not_there(
    town: Town, path: str, form: dict[str, str]
) -> None:
    told = town.settings.model_copy(update={"today": TODAY})
    pages = browse(create_app(told), raise_server_exceptions=False)
    assert pages.post(path, data=form | {"group": "999"}).status_code == 404
    assert pages.post(path, data=form | {"group": "9999999999999999999"}).status_code in {404, 422}


def test_a_report_of_all_groups_is_not_made_when_something_else_was_named(
    small_town: Town,
) -> None:
    small_town.decided("Trygg hemgång", by="2025-02-28")
    pages = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    answer = pages.post("/rapporter", data={"period": "2025Q1", "group": "Almö"})
    assert answer.status_code == 422
    assert "Välj en grupp." in answer.text


def notices_of(both: Both, activity: int) -> list[tuple[object, ...]]:
    """What is on file of what is asked about an activity: when it was written, asked, settled."""
    notice = c(Notice)
    asked = select(notice.id, notice.written_on, notice.asked_on, notice.settled_on)
    with reading(both.town.settings) as session:
        rows = session.execute(asked.where(notice.activity_id == activity).order_by(notice.id))
        return [tuple(row) for row in rows]


def test_what_frida_sends_again_or_asks_at_once_touches_nothing_of_gustavs(both: Both) -> None:
    town, day, promises = both.town, date(2024, 4, 15), policy.load()
    town.decided("Vårt", by="2024-05-15")
    theirs = town.decided("Deras", by="2024-05-16", person=both.hanna)
    moved = town.decided("Deras flyttade", by="2024-05-17", person=both.hanna)
    for activity in (theirs, moved):
        town.change(activity, group_id=both.ceder)
    with transaction(town.settings) as session:
        notices.sweep(session, promises, date(2024, 4, 17))
    town.change(moved, deadline_last=date(2024, 9, 30))  # its notice does not hold any more
    before = notices_of(both, theirs), notices_of(both, moved)
    with transaction(town.settings) as session:
        round_id = status_rounds.open_now(session, promises, town.alm, day, "Frida")
        status_rounds.remind(session, round_id, day)
        done = write_asked(session, town.settings, promises, round_id, day)
    assert len(done.letter_ids) == 1
    assert (notices_of(both, theirs), notices_of(both, moved)) == before
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(state=LetterState.FAILED, server_said="552 full"))
    with transaction(town.settings) as session:
        assert again(session, town.settings, promises, done.letter_ids[0], date(2024, 4, 16))
    assert (notices_of(both, theirs), notices_of(both, moved)) == before
    with reading(town.settings) as session:
        assert set(session.execute(select(c(Letter).to_name)).scalars()) == {"Alice"}
