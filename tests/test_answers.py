"""Alice's link: opens without an account, changes nothing by being opened, takes her answer."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from config import clock
from intake.lives.answers import Asked, understand
from intake.lives.parts import ask_to_put_parts
from intake.people.delegation import delegate
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter import Link
from models.lifecycle import Brought, Move, Outcome, State
from models.part import Part
from models.person import Person
from models.status import Says, StatusAnswer
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def browser(town: Town) -> TestClient:
    """Alice's browser; it is 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def link(town: Town, name: str = "Alice") -> str:
    """The path of the link in somebody's letter."""
    letter = next(each for each in town.letters() if each.to_name == name)
    found = re.search(r"/svar/\S+", letter.text)
    assert found
    return found[0]


def answers(town: Town) -> list[Any]:
    """Every answer on file."""
    with reading(town.settings) as session:
        return list(session.execute(select(StatusAnswer)).scalars())


def asked(town: Town, **kwargs: Any) -> int:  # noqa: ANN401
    """A decided activity that Alice has had a letter about."""
    activity_id = town.decided(by="2024-12-31", **kwargs)
    town.morning(TODAY)
    return activity_id


def test_opening_the_link_any_number_of_times_changes_nothing(
    town: Town, browser: TestClient
) -> None:
    sip = asked(town)
    for _ in range(3):
        page = browser.get(link(town))
        assert page.status_code == 200
    assert "Hej Alice" in page.text
    assert f'name="says_{sip}"' in page.text
    assert "checked" not in page.text  # nothing is answered for her
    assert answers(town) == []
    assert town.state(sip) is State.DECIDED


def test_alice_answers_and_the_receipt_says_what_was_understood(
    town: Town, browser: TestClient
) -> None:
    sip = asked(town)
    receipt = browser.post(
        link(town),
        data={
            f"says_{sip}": "at_risk",
            f"text_{sip}": "Två kommuner är inte med.",
            f"figure_{sip}": "7",
            f"date_{sip}": "mars 2025",
        },
    )
    assert receipt.status_code == 200
    for words in ("Osäkert om vi hinner", "Två kommuner är inte med.", "31 mars 2025"):
        assert words in receipt.text
    (answer,) = answers(town)
    assert (answer.says, answer.figure, answer.on_day) == (Says.AT_RISK, "7", TODAY)
    assert answer.proposed_last == date(2025, 3, 31)
    with reading(town.settings) as session:  # a proposal changes no deadline
        assert session.get_one(Activity, sip).deadline_last == date(2024, 12, 31)


def test_starting_is_the_one_move_a_link_makes(town: Town, browser: TestClient) -> None:
    sip = asked(town)
    browser.post(link(town), data={f"says_{sip}": "on_track", f"start_{sip}": "ja"})
    assert town.state(sip) is State.ONGOING
    browser.post(link(town), data={f"says_{sip}": "done", f"start_{sip}": "ja"})
    assert town.state(sip) is State.ONGOING  # started already; done is for others to decide
    assert len(answers(town)) == 2


def test_what_alice_reports_as_done_is_not_asked_about_again(
    town: Town, browser: TestClient
) -> None:
    sip = asked(town)
    browser.post(link(town), data={f"says_{sip}": "done"})
    town.morning("2024-12-31")
    assert [letter.person_id for letter in town.letters()] == [town.alice, town.frida]


def test_an_answer_about_what_runs_on_moves_the_next_review(
    town: Town, browser: TestClient
) -> None:
    network = town.decided("Nätverk", runs_on=TODAY)
    town.morning(TODAY)
    browser.post(link(town), data={f"says_{network}": "nothing_new"})
    with reading(town.settings) as session:
        assert session.get_one(Activity, network).next_review_on == date(2025, 6, 2)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "Hej"}, "Välj hur det går"),
        ({"says": "hittepå"}, "Välj hur det går"),
        ({"says": "late", "date": "31 april 2025"}, "april"),
        ({"says": "late", "date": "vet inte"}, "går inte att läsa som ett datum"),
        ({"says": "late", "text": "x" * 4001}, "för lång"),
        ({}, "Inget var ifyllt"),
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_is_saved(
    town: Town, browser: TestClient, fields: dict[str, str], said: str
) -> None:
    sip, other = asked(town), town.decided("Annat", by="2024-12-31")
    sent = {f"{name}_{sip}": value for name, value in fields.items()}
    if fields:
        sent[f"says_{other}"] = "on_track"
    page = browser.post(link(town), data=sent)
    assert page.status_code == 422
    assert said in page.text
    assert answers(town) == []
    assert fields.get("text", "")[:50] in page.text  # what she wrote is still there


def test_alice_cannot_answer_for_somebody_elses_activity(town: Town, browser: TestClient) -> None:
    asked(town)
    bobs = town.decided("Bobs", by="2025-03-31", group=town.bjork)
    page = browser.post(link(town), data={f"says_{bobs}": "done", f"start_{bobs}": "ja"})
    assert page.status_code == 422
    assert answers(town) == []
    assert town.state(bobs) is State.DECIDED


def test_what_alice_says_of_an_activity_that_was_ended_meanwhile_is_not_lost_in_silence(
    town: Town, browser: TestClient
) -> None:
    ended, lives = asked(town, what="Trygg hemgång"), town.decided("SIP", by="2025-03-31")
    left = Brought(outcome=Outcome.CEASED, reason="Slut", decision_id=town.decision)
    town.move(ended, Move.ABANDON, left, today=TODAY)
    form = {f"says_{ended}": "late", f"text_{ended}": "Vi väntar.", f"says_{lives}": "on_track"}
    page = browser.post(link(town), data=form)
    assert page.status_code == 422
    assert "”Trygg hemgång” är avslutad sedan du öppnade sidan." in page.text
    assert '<p class="words">Vi väntar.</p>' in page.text
    assert page.text.count(" checked") == 1  # what she said of the other is still there
    assert answers(town) == []
    browser.post(link(town), data={f"says_{lives}": "on_track"})
    assert [one.activity_id for one in answers(town)] == [lives]


def test_last_times_answer_about_what_is_ended_stands_in_nobodys_way(
    town: Town, browser: TestClient
) -> None:
    ended, lives = asked(town, what="Trygg hemgång"), town.decided("SIP", by="2025-03-31")
    first = {f"says_{ended}": "late", f"text_{ended}": "Vi väntar."}
    browser.post(link(town), data=first)
    left = Brought(outcome=Outcome.CEASED, reason="Slut", decision_id=town.decision)
    town.move(ended, Move.ABANDON, left, today=TODAY)
    untouched = {f"last_{ended}": "svar-1", f"text_{ended}": "", f"says_{lives}": "on_track"}
    assert browser.post(link(town), data=untouched).status_code == 200
    assert [one.activity_id for one in answers(town)] == [ended, lives]


def test_not_me_is_remembered_with_the_name_of_who_it_is(town: Town, browser: TestClient) -> None:
    sip = asked(town)
    page = browser.post(
        link(town), data={f"says_{sip}": "not_me", f"instead_{sip}": "Bob i NOSAM Björk"}
    )
    assert "I stället svarar: Bob i NOSAM Björk" in page.text
    (answer,) = answers(town)
    assert answer.instead == "Bob i NOSAM Björk"


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-9] + t[-9:-4][::-1].swapcase() + t[-4:], lambda t: "x" + t, lambda _: "MQ.abc"],
)
def test_a_forged_link_is_refused_in_friendly_words(
    town: Town,
    browser: TestClient,
    spoil: Any,  # noqa: ANN401
) -> None:
    sip = asked(town)
    forged = "/svar/" + spoil(link(town).removeprefix("/svar/"))
    for answer in (browser.get(forged), browser.post(forged, data={f"says_{sip}": "done"})):
        assert answer.status_code == 403
        assert "Länken går inte att läsa" in answer.text
    assert answers(town) == []


@pytest.mark.parametrize(
    ("column", "said"),
    [("expires_at", "Länken har gått ut"), ("revoked_at", "Länken gäller inte längre")],
)
def test_an_expired_or_revoked_link_opens_nothing(
    town: Town, browser: TestClient, column: str, said: str
) -> None:
    sip = asked(town)
    with transaction(town.settings) as session:
        session.execute(update(Link).values({column: clock.now() - timedelta(seconds=1)}))
    for answer in (
        browser.get(link(town)),
        browser.get(link(town) + "/tack"),
        browser.post(link(town), data={f"says_{sip}": "done"}),
    ):
        assert answer.status_code == 410
        assert said in answer.text
    assert answers(town) == []


def test_a_link_that_was_made_after_alices_last_day_was_known_closes_with_that_day(
    town: Town, browser: TestClient
) -> None:
    sip, today = asked(town), clock.today()
    for last_day, status in ((today, 200), (today - timedelta(days=1), 410)):
        with transaction(town.settings) as session:
            session.get_one(Person, town.alice).left_on = last_day
        assert browser.get(link(town)).status_code == status
    assert browser.post(link(town), data={f"says_{sip}": "done"}).status_code == 410
    assert answers(town) == []


def test_a_link_opens_for_as_many_days_as_the_letter_says(town: Town) -> None:
    asked(town)
    with reading(town.settings) as session:
        row = session.execute(select(Link)).scalars().first()
    assert row is not None
    assert row.expires_at - row.made_at == timedelta(days=45)
    assert "gäller i 45 dagar" in town.letters()[0].text


def test_what_people_write_is_shown_as_words_not_as_markup(town: Town, browser: TestClient) -> None:
    sip = asked(town)
    page = browser.post(
        link(town), data={f"says_{sip}": "late", f"text_{sip}": "<script>alert(1)</script>"}
    )
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


@given(
    st.dictionaries(
        st.sampled_from(
            ["says_1", "text_1", "figure_1", "instead_1", "date_1", "start_1", "says_2", "x"]
        ),
        st.text(max_size=30),
    )
)
def test_no_form_whatever_it_holds_is_more_than_understood_or_refused(
    form: dict[str, str],
) -> None:
    understood = understand(form, [Asked(1, State.DECIDED, False, None)], TODAY)
    for reply in understood.replies:
        assert reply.activity.id == 1
        assert reply.says in Says
    for sentences in understood.problems.values():
        assert all(sentence.endswith((".", "!", "?")) for sentence in sentences)


def parts(town: Town, activity_id: int, names: str, responsible: str = "") -> dict[str, int]:
    """Frida puts parts on an activity; their numbers by name."""
    given = {"name": names, "responsible": responsible}
    with transaction(town.settings) as session:
        ask_to_put_parts(session, activity_id, given, FRIDA, today=TODAY)
        rows = session.execute(
            select(c(Part).name, c(Part).id).where(c(Part).activity_id == activity_id)
        )
        return dict(rows.tuples().all())


def states(town: Town) -> dict[str, str]:
    """Where every part stands."""
    with reading(town.settings) as session:
        rows = session.execute(select(c(Part).name, c(Part).state)).tuples()
        return {name: state.value for name, state in rows}


def test_alice_says_how_far_the_parts_have_come(town: Town, browser: TestClient) -> None:
    sip = asked(town)
    number = parts(town, sip, "Alm\nBjörk\nEk")
    page = browser.get(link(town))
    assert page.text.count("Inte svarat, som nu") == 3
    fields = {f"part_{number['Alm']}": "klar", f"part_{number['Ek']}": ""}
    receipt = browser.post(link(town), data=fields)
    assert "Alm är <strong>klar</strong>" in receipt.text
    assert "Björk" not in receipt.text
    assert states(town) == {"Alm": "klar", "Björk": "inte svarat", "Ek": "inte svarat"}
    assert answers(town) == []  # nothing is said of the whole
    assert town.state(sip) is State.DECIDED


def test_an_excused_part_needs_to_be_told_why_or_nothing_is_saved(
    town: Town, browser: TestClient
) -> None:
    sip = asked(town)
    number = parts(town, sip, "Alm")["Alm"]
    fields = {f"part_{number}": "undantagen", f"says_{sip}": "on_track"}
    page = browser.post(link(town), data=fields)
    assert page.status_code == 422
    assert "Skriv varför delen är undantagen." in page.text
    assert (states(town), answers(town)) == ({"Alm": "inte svarat"}, [])
    browser.post(link(town), data={**fields, f"why_{sip}": "Har inget boende"})
    assert (states(town), len(answers(town))) == ({"Alm": "undantagen"}, 1)


def test_who_answers_for_a_part_sees_that_part_and_no_more(town: Town, browser: TestClient) -> None:
    asked(town)
    bobs = town.decided("Bobs", by="2025-03-31", group=town.bjork)
    number = parts(town, bobs, "Alm", "Alice") | parts(town, bobs, "Björk", "Charlie")
    page = browser.get(link(town)).text
    assert f"part_{number['Alm']}" in page
    assert f"part_{number['Björk']}" not in page
    assert f"says_{bobs}" not in page
    fields = {f"part_{one}": "pågående" for one in number.values()} | {f"says_{bobs}": "done"}
    browser.post(link(town), data=fields)
    assert states(town) == {"Alm": "pågående", "Björk": "inte svarat"}
    assert answers(town) == []


def test_who_stands_in_sees_what_the_letter_named_and_what_she_stands_in_for(
    town: Town, browser: TestClient
) -> None:
    named = asked(town)
    bobs = town.decided("Nätverk", by="2025-06-30", person=town.bob)
    with transaction(town.settings) as session:
        to = {"delegate": "Alice", "last_day": "2024-12-20"}
        delegate(session, town.bob, to, FRIDA, today=TODAY)
    page = browser.get(link(town)).text
    assert f"says_{named}" in page
    assert f"says_{bobs}" in page
    browser.post(link(town), data={f"says_{bobs}": "on_track"})
    (answer,) = answers(town)
    assert (answer.activity_id, answer.person_id) == (bobs, town.alice)


def test_who_answers_has_shown_that_the_address_is_hers(town: Town, browser: TestClient) -> None:
    sip = asked(town)
    browser.get(link(town))
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).proved_at is None
    browser.post(link(town), data={f"says_{sip}": "on_track", f"text_{sip}": "Går bra"})
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).proved_at is not None
