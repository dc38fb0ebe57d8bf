"""Two taps in a corridor: a letter's answers as links, all at once, and the day to answer by.

Opening a link changes nothing: it only chooses. That only what she touched counts is
`test_only_what_she_touched.py`.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config import policy
from intake.lives.answers import Asked, Last, understand
from models.activity import Answerable
from models.database import reading, transaction
from models.lifecycle import State
from models.part import Part, PartState
from models.span import Precision
from models.status import Says, StatusAnswer
from rules.calendar import is_quiet, working_day_after
from rules.marks import ANSWER, mark, without_links
from rules.wording import shortened
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)
NAMES = ("SIP", "Trygg hemgång", "Fallprevention", "Anhörigstöd", "Vårdkedja", "Mun och tänder")


@pytest.fixture
def browser(town: Town) -> TestClient:
    """Alice's browser; it is 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def letter(town: Town, name: str = "Alice") -> Any:  # noqa: ANN401 - a row
    """Somebody's newest letter."""
    return [one for one in town.letters() if one.to_name == name][-1]


def link(town: Town) -> str:
    """The path of the button's link in Alice's letter."""
    found = re.search(r"/svar/[\w.-]+", letter(town).text)
    assert found
    return found[0]


def taps(town: Town) -> dict[str, str]:
    """The answers of Alice's letter: what each says, and where it leads; the last of each word."""
    found = re.findall(r'href="[^"]*(/svar/[^"?]*\?val=[^"]*)"[^>]*>([^<]*)<', letter(town).html)
    return {words: path.replace("&amp;", "&") for path, words in found}


def answers(town: Town) -> list[tuple[int, Says]]:
    """What has been answered, in the order it came."""
    with reading(town.settings) as session:
        rows = session.execute(select(StatusAnswer).order_by("id")).scalars()
        return [(one.activity_id, one.says) for one in rows]


def sent(page: str) -> dict[str, str]:
    """What a browser sends of a page as it stands: hidden fields, and what is chosen."""
    given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    chosen = re.findall(
        r'<input type="(?:radio|checkbox)" name="(\w+)" value="(\w+)" checked', page
    )
    return given | dict(chosen)


def ask(town: Town, number: int = 1) -> list[int]:
    """So many of Alice's activities, in a letter of today."""
    made = [town.decided(name, by="2024-12-31") for name in NAMES[:number]]
    town.morning(TODAY)
    return made


def test_a_tap_in_the_letter_chooses_an_answer_and_saves_nothing(
    town: Town, browser: TestClient
) -> None:
    (sip,) = ask(town)
    assert set(taps(town)) == {"Enligt plan", "Försenat", "Klart", "Inte jag"}
    page = browser.get(taps(town)["Försenat"])
    assert sent(page.text)[f"says_{sip}"] == "late"
    assert answers(town) == []
    browser.post(f"{link(town)}/skicka", data=sent(page.text))
    assert answers(town) == [(sip, Says.LATE)]


def test_a_tap_about_what_is_not_hers_chooses_nothing(town: Town, browser: TestClient) -> None:
    ask(town)
    page = browser.get(f"{link(town)}?val=999-late").text
    assert "checked" not in page
    assert "checked" not in browser.get(f"{link(town)}?val=alla-done").text
    assert "checked" not in browser.get(f"{link(town)}?val=%00-%F0").text


def test_all_goes_as_planned_with_one_tap_and_one_to_send(town: Town, browser: TestClient) -> None:
    four = ask(town, 4)
    page = browser.get(taps(town)["Allt går enligt plan"])
    browser.post(f"{link(town)}/skicka", data=sent(page.text))
    assert sorted(answers(town)) == [(one, Says.ON_TRACK) for one in four]


def test_what_she_answers_by_itself_is_not_said_of_with_the_others(
    town: Town, browser: TestClient
) -> None:
    four = ask(town, 4)
    form = sent(browser.get(taps(town)["Allt går enligt plan"]).text)
    browser.post(f"{link(town)}/skicka", data=form | {f"says_{four[1]}": "late"})
    assert dict(answers(town))[four[1]] is Says.LATE
    assert len(answers(town)) == 4


def test_what_came_to_her_after_she_opened_the_page_is_not_answered(
    town: Town, browser: TestClient
) -> None:
    two = ask(town, 2)
    form = sent(browser.get(taps(town)["Allt går enligt plan"]).text)
    town.decided("Ny i går", by="2024-12-31")
    browser.post(f"{link(town)}/skicka", data=form)
    assert sorted(one for one, _ in answers(town)) == two


def test_what_is_late_or_said_to_be_is_asked_by_itself(town: Town, browser: TestClient) -> None:
    three = ask(town, 3)
    browser.post(link(town), data={f"says_{three[0]}": "late", f"date_{three[0]}": "maj 2025"})
    page = browser.get(f"{link(town)}?val=alla-on_track").text
    assert "Gäller de 2 som inte är sena" in page
    browser.post(f"{link(town)}/skicka", data=sent(page))
    assert answers(town)[0] == (three[0], Says.LATE)
    assert {one for one, _ in answers(town)[1:]} == set(three[1:])


def test_what_she_has_said_is_not_hers_goes_with_no_others_not_even_from_an_older_page(
    town: Town, browser: TestClient
) -> None:
    one, other, third = ask(town, 3)
    older = browser.get(f"{link(town)}?val=alla-on_track").text
    browser.post(f"{link(town)}/skicka", data={f"says_{one}": "not_me"})
    assert "Gäller de 2 som inte är sena" in browser.get(link(town)).text
    browser.post(f"{link(town)}/skicka", data=sent(older))
    assert answers(town) == [
        (one, Says.NOT_ME),
        (other, Says.ON_TRACK),
        (third, Says.ON_TRACK),
    ]


def test_many_that_are_late_are_folded_too_the_late_first(town: Town, browser: TestClient) -> None:
    late = [town.decided(f"Sen {n}", by="2024-11-30") for n in range(6)]
    town.decided("I tid", by="2024-12-31")
    town.morning(TODAY)
    page = browser.get(link(town)).text
    found = re.findall(r'<details class="folded" id="a(\d+)"( open)?>', page)
    assert [int(number) for number, _ in found[:6]] == late
    assert [opened for _, opened in found] == [""] * 7


def test_many_are_folded_and_what_is_late_is_open(town: Town, browser: TestClient) -> None:
    late = town.decided("Sen sedan i höst", by="2024-10-31")
    ask(town, 6)
    page = browser.get(link(town)).text
    assert page.count('<details class="folded"') == 7
    assert re.findall(r'<details class="folded" id="a(\d+)" open>', page) == [str(late)]
    assert page.index(f'id="a{late}"') < page.index("Trygg hemgång")
    assert "?val=" not in letter(town).html.replace("?val=alla-on_track", "")  # too many to tap


def test_the_subject_says_by_which_day_and_of_how_many(town: Town) -> None:
    ask(town, 3)
    subject = letter(town).subject.partition(" [")[0]
    assert re.fullmatch(r"Svara senast 31 dec: \S.* \+2", subject)
    assert len(subject) <= 46
    assert "Svara senast 31 december 2024." in letter(town).text
    assert "Svara senast 31 december 2024." in letter(town).html


def test_the_text_says_the_same_answers_as_the_html_and_its_first_link_is_the_page(
    town: Town,
) -> None:
    ask(town, 2)
    text = letter(town).text
    assert re.search(r"/svar/\S+", text)[0] == link(town)  # type: ignore[index]
    in_html = re.findall(r'href="[^"]*(\?val=[^"#]*)', letter(town).html)
    assert sorted(re.findall(r"/svar/\S+(\?val=[^\s#]*)", text)) == sorted(in_html)


def test_a_letter_shown_to_others_holds_no_link_to_tap() -> None:
    words = f'<a href="{mark(ANSWER)}?val=7-late#a7">Försenat</a>'
    assert "href" not in without_links(words)


def test_the_address_that_the_form_is_sent_to_opens_the_questions(
    town: Town, browser: TestClient
) -> None:
    ask(town)
    came = browser.get(f"{link(town)}/skicka", follow_redirects=False)
    assert (came.status_code, came.headers["location"]) == (303, link(town))


def test_done_by_one_tap_takes_the_result_that_she_writes_there(
    town: Town, browser: TestClient
) -> None:
    (sip,) = ask(town)
    page = browser.get(taps(town)["Klart"])
    browser.post(f"{link(town)}/skicka", data=sent(page.text) | {f"text_{sip}": "Rutinen gäller"})
    assert answers(town) == [(sip, Says.DONE)]


@given(
    says=st.none() | st.sampled_from(Says),
    late=st.booleans(),
    unsettled=st.booleans(),
    disowned=st.booleans(),
    only_parts=st.booleans(),
    shown=st.booleans(),
    read_newest=st.booleans(),
)
def test_all_never_answers_about_what_asks_for_its_own_answer(
    *,
    says: Says | None,
    late: bool,
    unsettled: bool,
    disowned: bool,
    only_parts: bool,
    shown: bool,
    read_newest: bool,
) -> None:
    last = None if says is None else Last(5, says)
    asked = Asked(
        *(7, State.ONGOING, False, None),
        last=last,
        late=late,
        unsettled=unsettled,
        disowned=disowned,
        only_parts=only_parts,
    )
    form = {"alla": "on_track"}
    form |= {"shown_7": "ja"} if shown else {}
    form |= {"last_7": "svar-5" if read_newest else "svar-4"} if last else {}
    understood = understand(form, [asked], TODAY)
    calm = says in {None, Says.ON_TRACK, Says.NOTHING_NEW}
    goes = shown and calm and not (late or unsettled or disowned or only_parts)
    newest = last is None or read_newest
    assert [one.says for one in understood.replies] == [Says.ON_TRACK] * (goes and newest)
    assert bool(understood.problems) == (goes and not newest)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 15))
def test_so_many_working_days_after_is_a_working_day_and_no_sooner(day: date, number: int) -> None:
    rules = policy.load()
    found = working_day_after(rules, day, number)
    between = (day + timedelta(days=n) for n in range(1, (found - day).days + 1))
    assert sum(not is_quiet(rules, one) for one in between) == number
    assert not is_quiet(rules, found)


@given(st.text(min_size=1, max_size=200), st.integers(8, 100))
def test_a_name_is_never_longer_than_there_is_room_for(words: str, most: int) -> None:
    short = shortened(words, most)
    assert len(short) <= most
    assert short == words or short.endswith("…")


def test_a_letter_of_nothing_but_late_things_does_not_offer_that_all_goes_as_planned(
    town: Town,
) -> None:
    town.decided("Sen", by="2024-10-31")
    town.decided("Senare", by="2024-09-30")
    town.morning(TODAY)
    assert "Allt går enligt plan" not in letter(town).html + letter(town).text


def test_the_figure_is_asked_for_by_what_it_is_followed_up_by(small_town: Town) -> None:
    named = small_town.decided("Trygg hemgång", by="2025-02-28", follow_up="Antal möten")
    small_town.morning("2025-01-29")
    path = "/svar/" + small_town.letters()[0].text.split("/svar/")[1].split()[0]
    page = browse(create_app(small_town.settings)).get(path).text
    assert f'<label for="figure_{named}">Antal möten ' in page


def test_bob_has_no_taps_for_a_part_that_the_page_asks_of_in_its_own_way(town: Town) -> None:
    shared = town.decided("Gemensam rutin", by="2025-12-15", person=town.alice)
    with transaction(town.settings) as session:
        part = Part(
            activity_id=shared,
            name="Björk",
            kind=Answerable.PERSON,
            person_id=town.bob,
            responsible="Bob",
            state=PartState.ONGOING,
            since=date(2024, 1, 2),
        )
        part.deadline_text, part.deadline_precision = "15 december", Precision.DAY
        part.deadline_last = date(2024, 12, 15)
        session.add(part)
    town.morning("2024-11-15")
    bobs = letter(town, "Bob")
    assert "Gemensam rutin" in bobs.text
    assert "?val=" not in bobs.text
    assert "?val=" not in bobs.html
    assert "Tryck på ett svar" not in bobs.html
