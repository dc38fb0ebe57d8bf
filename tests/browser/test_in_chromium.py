"""Alice and Frida in a real browser: wide and phone-narrow, with and without JavaScript."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, ViewportSize
from sqlalchemy import select

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.lifecycle import State
from tests.browser.conftest import served
from tests.cast import Town
from tests.conftest import a_moments_work, free_port

TODAY = date(2024, 12, 2)
# Longer than a phone is wide: somebody wrote it without a space.
LONGER = "Läkemedelsgenomgångsuppföljningsansvarsfördelningsöverenskommelsen"
NARROW = ViewportSize(width=320, height=800)
WIDE, PHONE = ViewportSize(width=1200, height=800), ViewportSize(width=390, height=800)


@pytest.fixture
def place(small_town: Town) -> Iterator[Town]:
    """A town whose pages are really served; Alice has a letter."""
    told = small_town.settings.model_copy(update={"port": free_port(), "today": TODAY})
    small_town.settings = told
    small_town.decided("Trygg hemgång", by="2024-12-31")
    small_town.morning(TODAY)
    with served(told):
        yield small_town


def sip_of(town: Town) -> int:
    """The one activity of the town."""
    with reading(town.settings) as session:
        return int(session.execute(select(c(Activity).id)).scalar_one())


def link(town: Town) -> str:
    """The whole address in Alice's letter."""
    found = re.search(r"http://\S+/svar/\S+", town.letters()[0].text)
    assert found
    return found[0]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_alice_answers_in_three_clicks(
    chromium: Browser,
    place: Town,
    size: ViewportSize,
    javascript: bool,
) -> None:
    page = chromium.new_page(viewport=size, java_script_enabled=javascript)
    page.goto(link(place))
    page.get_by_label("Går enligt plan").check()
    page.get_by_label("Arbetet har startat").check()
    page.get_by_role("button", name="Skicka besked").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Tack för ditt svar"
    assert "Går enligt plan" in page.inner_text("main")
    assert place.state(sip_of(place)) is State.ONGOING
    page.close()


def test_a_mistake_in_the_form_keeps_what_was_written(chromium: Browser, place: Town) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.goto(link(place))
    page.get_by_label("Kort om läget").fill("Vi väntar på Björk.")
    page.get_by_role("button", name="Skicka besked").click()
    assert "Välj hur det går" in page.get_by_role("alert").last.inner_text()
    assert page.get_by_label("Kort om läget").input_value() == "Vi väntar på Björk."
    page.close()


@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW])
def test_every_page_fits_its_screen_has_one_heading_and_names_its_fields(
    chromium: Browser,
    place: Town,
    size: ViewportSize,
) -> None:
    page = chromium.new_page(viewport=size)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    base = f"http://127.0.0.1:{place.settings.port}"
    letter = place.letters()[0].id
    late = place.decided(LONGER, by="2024-11-15")  # late: it stands on the first page
    paths = (
        "/",
        f"/aktiviteter/{late}",
        "/moten",
        f"/moten/{place.alm}",
        "/kommande",
        "/utskick",
        f"/utskick/{letter}",
        "/korningar",
        f"/personer/{place.alice}",
        f"/grupper/{place.alm}",
        f"/planer/{place.plan}",
        "/aktiviteter",
        "/ord",
        "/statusrundor",
    )
    for address in (*(base + path for path in paths), link(place)):
        with a_moments_work():
            page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
        assert page.locator("h1").count() == 1, address
        assert page.locator("html").get_attribute("lang") == "sv"
        unnamed = page.evaluate(
            """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
            .filter(field => !field.labels.length && !field.ariaLabel).map(field => field.name)"""
        )
        assert unnamed == [], address
    assert wrong == []
    page.close()


def test_frida_reads_the_letter_as_alice_saw_it(chromium: Browser, place: Town) -> None:
    page = chromium.new_page(viewport=WIDE)
    page.goto(f"http://127.0.0.1:{place.settings.port}/utskick")
    page.get_by_role("link", name="Svara senast").click()
    inside = page.frame_locator("iframe").locator("body")
    assert "Hej Alice" in inside.inner_text()
    page.close()
