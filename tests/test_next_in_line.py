"""The chair who is told that nobody has answered: whose question it was, and what she can do."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from intake.lives.silent import GONE
from models.activity import Responsibility
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.known import PersonKnown
from models.letter import Notice, NoticeKind
from models.person import Person
from tests.cast import Town
from tests.conftest import browse
from tests.test_one_tap import answers, link
from tests.test_silence import days
from web.app import create_app

pytestmark = pytest.mark.by_turns
DUE = date(2024, 5, 31)
TODAY = date(2024, 6, 18)  # the day that Alice is told


@pytest.fixture
def sip(town: Town) -> int:
    """Bob has not answered, and Alice has been told."""
    number = town.decided("SIP i tid", by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-18")
    return number


@pytest.fixture
def alice(town: Town) -> TestClient:
    """Alice's browser; it is 18 June 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def test_her_page_says_whose_question_it_was_and_the_letter_what_she_can_do(
    town: Town, alice: TestClient, sip: int
) -> None:
    page = alice.get(link(town)).text
    assert "Frågan gick till Bob." in page
    assert "Påminn Bob" in page
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    assert "Bob fick frågan 3 och 7 juni." in letter.text
    assert "påminna, ta över frågan eller ta upp den på gruppens möte" in letter.text


def test_gustavs_chair_reads_what_bob_is_called_there_and_not_at_his_home(
    town: Town, alice: TestClient, sip: int
) -> None:
    """One letter to Bob was about both, and is to whom he is at home."""
    with transaction(town.settings) as session:
        at_home = session.get_one(Person, town.bob).home_collaboration_id
        elsewhere = Collaboration(name="Vårdsamverkan Annan")
        session.add(elsewhere)
        session.flush()
        session.execute(
            update(Group).where(c(Group).id == town.alm).values(collaboration_id=elsewhere.id)
        )
        session.execute(
            update(Person)
            .where(c(Person).id == town.alice)
            .values(home_collaboration_id=elsewhere.id)
        )
        assert at_home != elsewhere.id
        assert elsewhere.id is not None
        typed = PersonKnown(
            person_id=town.bob, collaboration_id=elsewhere.id, name="B. Berg", since=clock.now()
        )
        session.add(typed)
    page = alice.get(link(town)).text
    assert "Frågan gick till B. Berg." in page
    assert "Påminn B. Berg" in page
    done = alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "paminn"})
    assert "Frågan ställs igen i nästa brev till B. Berg." in done.text


def test_a_reminder_asks_bob_again_in_his_next_letter_and_once(
    town: Town, alice: TestClient, sip: int
) -> None:
    done = alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "paminn"})
    assert "Frågan ställs igen i nästa brev till Bob." in done.text
    before = len([one for one in town.letters() if one.to_name == "Bob"])
    town.morning("2024-06-19")
    town.morning("2024-06-20")
    bobs = [one for one in town.letters() if one.to_name == "Bob"]
    assert len(bobs) == before + 1
    assert "SIP i tid" in bobs[-1].subject


def test_a_reminder_asks_charlie_who_answers_since_and_says_so(
    town: Town, alice: TestClient, sip: int
) -> None:
    with transaction(town.settings) as session:
        session.execute(
            update(Responsibility)
            .where(c(Responsibility).activity_id == sip)
            .values(person_id=town.charlie, words="Charlie")
        )
    done = alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "paminn"})
    assert "Frågan ställs igen i nästa brev till Charlie." in done.text


def test_a_reminder_is_of_the_question_though_something_was_taken_back_since(
    town: Town, alice: TestClient, sip: int
) -> None:
    with transaction(town.settings) as session:
        taken_back = Notice(
            activity_id=sip, kind=NoticeKind.UNDONE, rung=0, due_on=TODAY, reached_on=TODAY
        )
        taken_back.written_on = TODAY
        session.add(taken_back)
    alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "paminn"})
    notice = c(Notice)
    with reading(town.settings) as session:
        again = select(notice.kind).where(notice.again_on == TODAY, notice.written_on.is_(None))
        assert list(session.execute(again).scalars()) == [NoticeKind.DEADLINE]


def test_taking_over_is_a_proposal_that_waits_for_a_yes(
    town: Town, alice: TestClient, sip: int
) -> None:
    done = alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "ta-over"})
    assert "väntar på processledarens ja" in done.text
    assert [one for one, _ in answers(town)] == [sip]
    page = alice.get(f"/aktiviteter/{sip}").text
    assert "Alice, 18 juni 2024: Tar över frågan." in page
    assert "Svar: Tar över frågan" in page
    assert "Godkänn" in page
    assert "I stället: " not in page
    assert "I stället svarar" not in page


def test_whoever_takes_it_over_never_reads_that_it_is_not_hers(
    town: Town, alice: TestClient, sip: int
) -> None:
    alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "ta-over"})
    for path in (f"{link(town)}/tack", f"{link(town)}/mitt"):
        page = alice.get(path).text
        assert "Tar över frågan" in page, path
        assert "<strong>Inte mitt ansvar" not in page, path
    assert "Inga ord väntar." in alice.get("/ord").text  # she has written none
    assert "Föreslås svara för den: Alice" in alice.get("/").text
    own = alice.get(f"{link(town)}/mitt").text
    assert "Förslaget att du svarar för den väntar på processledarens ja eller nej." in own


def test_what_she_can_do_is_said_once_of_several(town: Town) -> None:
    for number in range(3):
        town.decided(f"Vårdkedja {number}", by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-18")
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    for words in (letter.text, letter.html):
        assert words.count("På sidan kan du svara själv") == 1


def test_what_is_answered_or_not_hers_is_refused(town: Town, alice: TestClient, sip: int) -> None:
    other = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    refused = alice.post(f"{link(town)}/tyst", data={"activity": other, "gor": "paminn"})
    assert (refused.status_code, GONE in refused.text) == (409, True)
    alice.post(f"{link(town)}/skicka", data={f"says_{sip}": "at_risk"})
    late = alice.post(f"{link(town)}/tyst", data={"activity": sip, "gor": "paminn"})
    assert (late.status_code, GONE in late.text) == (409, True)
