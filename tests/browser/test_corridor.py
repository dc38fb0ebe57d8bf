"""One minute in a corridor: from the letter to the receipt on a phone, and every tap counted.

The phone is 390 by 800 with touch, and the network answers after six tenths of a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.status import Says, StatusAnswer
from tests.browser.conftest import served
from tests.browser.test_in_chromium import LONGER
from tests.cast import Town
from tests.conftest import free_port

TODAY = date(2024, 12, 2)
LATENCY = 600  # milliseconds


@dataclass
class Phone:
    """Alice's phone, with her letter open."""

    town: Town
    page: Page
    taps: int = 0

    def tap(self, what: Locator) -> None:
        """One tap."""
        self.taps += 1
        what.tap()

    def write(self, words: str, field: Locator) -> None:
        """A tap in the field, and the words."""
        self.tap(field)
        field.fill(words)

    def open_letter(self) -> None:
        """The newest letter, as a mail program shows it."""
        self.page.set_content(self.town.letters()[-1].html)

    def tap_in_letter(self, words: str) -> None:
        """A link in the letter, by its words."""
        self.tap(self.page.get_by_role("link", name=words, exact=True).first)
        self.page.wait_for_url("**/svar/**")

    def send(self) -> None:
        """The button, and the receipt."""
        self.tap(self.page.get_by_role("button", name="Skicka besked"))
        self.page.wait_for_url("**/tack")

    def answers(self) -> list[tuple[int, Says, str]]:
        """What is on file."""
        row = c(StatusAnswer)
        asked = select(row.activity_id, row.says, row.proposed_text).order_by(row.id)
        with reading(self.town.settings) as session:
            return list(session.execute(asked).tuples())


@pytest.fixture
def town_served(small_town: Town) -> Iterator[Town]:
    """A town whose pages are served; nobody has a letter yet."""
    told = small_town.settings.model_copy(update={"port": free_port(), "today": TODAY})
    small_town.settings = told
    with served(told):
        yield small_town


@pytest.fixture
def phone(chromium: Browser, town_served: Town) -> Iterator[Phone]:
    """A phone with touch on a slow network."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    slow = {"offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    yield Phone(town_served, page)
    context.close()


def ask(phone: Phone, number: int, by: date = date(2024, 12, 31)) -> list[int]:
    """So many of Alice's activities in her letter of today, which is opened."""
    made = [phone.town.decided(f"Aktivitet {one}", by=by) for one in range(number)]
    phone.town.morning(TODAY)
    phone.open_letter()
    return made


def test_one_on_track_takes_three_taps_at_most(phone: Phone) -> None:
    (one,) = ask(phone, 1)
    phone.tap_in_letter("Enligt plan")
    phone.send()
    assert phone.answers() == [(one, Says.ON_TRACK, "")]
    assert phone.taps <= 3


@pytest.mark.parametrize("number", [4, 25])
def test_four_or_twenty_five_on_track_take_four_taps_at_most(phone: Phone, number: int) -> None:
    made = ask(phone, number)
    phone.tap_in_letter("Allt går enligt plan")
    phone.send()
    assert sorted(phone.answers()) == [(one, Says.ON_TRACK, "") for one in made]
    assert phone.taps <= 4


@pytest.mark.parametrize("by", [date(2024, 12, 31), TODAY - timedelta(days=8)])
def test_twenty_five_are_few_screens_though_all_of_them_are_late(phone: Phone, by: date) -> None:
    ask(phone, 25, by=by)
    address = phone.page.get_by_role("link", name="Lämna besked").first.get_attribute("href")
    assert address is not None
    phone.page.goto(address)
    screens = phone.page.evaluate("document.documentElement.scrollHeight / innerHeight")
    assert screens <= 1.75, "a screen and a half, and what says that it is a trial"
    assert phone.page.locator("details.folded[open]").count() == 0


@pytest.mark.parametrize("words", ["Försenat", "Enligt plan"])
def test_one_late_with_a_new_day_takes_five_taps_at_most(phone: Phone, words: str) -> None:
    (one,) = ask(phone, 1, by=TODAY - timedelta(days=8))
    phone.tap_in_letter(words)
    phone.write("mars 2025", phone.page.get_by_label("När blir det klart?"))
    phone.send()
    ((activity, _, proposed),) = phone.answers()
    assert (activity, proposed) == (one, "mars 2025")
    assert phone.taps <= 5


@pytest.mark.parametrize("whose", ["", "Bob"])
def test_not_mine_and_not_known_whose_take_four_taps_at_most(phone: Phone, whose: str) -> None:
    (one,) = ask(phone, 1)
    phone.tap_in_letter("Inte jag")
    if whose:
        phone.write(whose, phone.page.get_by_label("Vem svarar för den i stället?"))
    phone.send()
    assert phone.answers() == [(one, Says.NOT_ME, "")]
    assert phone.taps <= 4


def test_a_network_that_is_gone_at_send_loses_nothing_and_doubles_nothing(phone: Phone) -> None:
    ask(phone, 1)
    phone.tap_in_letter("Försenat")
    page = phone.page
    page.get_by_label("När blir det klart?").fill("mars 2025")
    page.route("**/skicka", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Skicka besked").tap()
    page.wait_for_timeout(2 * LATENCY)
    page.unroute("**/skicka")
    if not page.get_by_label("När blir det klart?").is_visible():
        page.go_back()
    assert page.get_by_label("När blir det klart?").input_value() == "mars 2025"
    phone.send()
    assert [said for _, said, _ in phone.answers()] == [Says.LATE]


def test_back_from_the_receipt_changes_nothing_that_she_chose(phone: Phone) -> None:
    ask(phone, 1)
    phone.tap_in_letter("Försenat")
    phone.send()
    phone.page.go_back()
    assert phone.page.get_by_label("Försenat", exact=True).is_checked()
    phone.send()
    assert {said for _, said, _ in phone.answers()} == {Says.LATE}


def test_the_button_counts_and_a_long_text_says_how_long_it_is(phone: Phone) -> None:
    ask(phone, 2)
    phone.tap_in_letter("Enligt plan")
    page = phone.page
    button = page.get_by_role("button", name="Skicka besked")
    assert button.inner_text() == "Skicka besked, 1 av 2"
    page.get_by_label("Försenat").last.check()
    assert button.inner_text() == "Skicka besked, 2 av 2"
    page.get_by_label("Kort om läget").first.fill("x" * 4012)
    told = page.locator("[role=status]", has_text="4012 av 4000 tecken, 12 för många")
    assert told.is_visible()


def test_names_of_any_length_break_on_the_narrowest_phone_in_letter_page_and_receipt(
    chromium: Browser, town_served: Town
) -> None:
    """No JavaScript, dark, and without pictures; a word longer than the phone, and forty words."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 800},
        has_touch=True,
        java_script_enabled=False,
        color_scheme="dark",
    )
    phone = Phone(town_served, context.new_page())
    for what in (LONGER, "Gemensam rutin för utskrivning 🌱 " * 10, "Anhörigstöd"):
        town_served.decided(what, by="2024-12-31")
    town_served.morning(TODAY)
    phone.open_letter()
    assert wide(phone.page) <= 320
    phone.tap_in_letter("Försenat")
    assert wide(phone.page) <= 320
    phone.send()
    phone.page.get_by_role("link", name="Kvar att svara på: två aktiviteter").tap()
    assert wide(phone.page) <= 320
    context.close()


def test_the_note_over_a_form_that_was_refused_leads_to_what_is_to_be_mended(phone: Phone) -> None:
    ask(phone, 25)
    phone.tap_in_letter("Lämna besked om aktiviteterna")
    phone.page.goto(f"{phone.page.url.partition('?')[0]}?val=20-late")
    phone.page.locator("#date_20").fill("förra veckan")
    phone.page.get_by_role("button", name="Skicka besked").tap()
    phone.page.wait_for_url("**/skicka")
    phone.page.locator(".note.problem").get_by_role("link", name="Aktivitet 19").tap()
    box = phone.page.locator("#a20 .problem").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800


def wide(page: Page) -> int:
    """How wide the page is."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_what_was_filled_in_when_she_left_is_there_when_she_comes_back(phone: Phone) -> None:
    ask(phone, 1)
    phone.tap_in_letter("Försenat")
    page = phone.page
    address = page.url
    page.get_by_label("Kort om läget").fill("Avtalet dröjer")
    page.goto("about:blank")
    page.wait_for_timeout(2 * LATENCY)
    page.goto(address.partition("?")[0])
    assert "Inget av det är skickat ännu." in page.inner_text("main")
    assert page.get_by_label("Kort om läget").input_value() == "Avtalet dröjer"
    assert page.get_by_label("Försenat").is_checked()
    assert phone.answers() == []
    phone.send()
    page.goto(address.partition("?")[0])
    assert "Inget av det är skickat ännu." not in page.inner_text("main")
