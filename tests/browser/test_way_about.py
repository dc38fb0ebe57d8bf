"""The way about in a real browser: as few clicks as before there were rooms, and by the keyboard.

Before, every place was one click from every page.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from config import settings as settings_module
from models.database import transaction
from models.group import Group
from tests.browser.conftest import served
from tests.cast import Town
from tests.conftest import free_port
from web.rooms import OWN, PLACES

TODAY = date(2024, 12, 2)
LONG = (
    "Samordningsgruppens gemensamma kompetensutvecklingsinsatser för undersköterskor, "
    "sjuksköterskor, arbetsterapeuter och biståndshandläggare kring trygg och säker utskrivning "
    "från sluten hälso- och sjukvård, inklusive läkemedelsgenomgångar, hjälpmedelsförskrivning, "
    "rehabiliteringsplanering och anhörigstöd för äldre personer i hela länet"
)
PLACES_HERE = [
    (address, name) for address, name in PLACES if address not in (OWN, "/inloggningar/alla")
]
# Ordinary words that stand in two pieces.
_CUT = """() => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const cut = [];
  while (walk.nextNode()) {
    if (walk.currentNode.parentElement.closest("svg")) continue;
    for (const found of walk.currentNode.data.matchAll(/(?<!\\p{L})\\p{L}{4,24}(?!\\p{L})/gu)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, found.index);
      range.setEnd(walk.currentNode, found.index + found[0].length);
      const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (tops.size > 1) cut.push(found[0]);
    }
  }
  return cut;
}"""
THUMB = 44  # CSS pixels: WCAG 2.2, 2.5.5


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Town]:
    """Frida's town, really served, with an activity whose name has forty words."""
    home = tmp_path_factory.mktemp("way")
    shutil.copy(migrated, home / "foljsam.db")
    told = settings_module.load(home=home, organisation="Vårdsamverkan Prov")
    told = told.model_copy(update={"port": free_port(), "today": TODAY})
    town = Town(told)
    town.decided(LONG, by="2024-11-01")
    town.decided("Handlingsplan för Almdalen", by="2024-11-01")
    with transaction(told) as session:  # the longest word of a narrow column
        session.get_one(Group, town.alm).name = "Handlingsplansgruppen Almdalen"
    with served(told):
        yield town


def opened(chromium: Browser, town: Town, width: int, path: str = "/", **how: bool) -> Page:
    """A page of the town's, in a window of that width."""
    page = chromium.new_page(viewport={"width": width, "height": 800}, **how)  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{town.settings.port}{path}")
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_every_place_is_one_click_from_every_page_without_javascript(
    chromium: Browser, town: Town, width: int
) -> None:
    page = opened(chromium, town, width, java_script_enabled=False)
    for address, name in PLACES_HERE:
        page.goto(f"http://127.0.0.1:{town.settings.port}/planer/{town.plan}")
        page.get_by_role("navigation", name="Alla sidor").get_by_role(
            "link", name=name, exact=True
        ).click()
        assert page.url.endswith(address)
    page.close()


def test_with_a_mouse_the_places_of_another_room_come_under_it(
    chromium: Browser, town: Town
) -> None:
    page = opened(chromium, town, 1280)
    menu = page.get_by_role("navigation", name="Huvudmeny")
    letters = menu.locator('a[href="/utskick"]')
    assert not letters.is_visible()
    menu.get_by_role("link", name="Inställningar").hover()
    letters.wait_for(state="visible")
    page.keyboard.press("Escape")
    letters.wait_for(state="hidden")
    page.mouse.move(640, 700)
    menu.get_by_role("link", name="Inställningar").hover()
    letters.click()
    assert page.url.endswith("/utskick")
    page.close()


def test_by_the_keyboard_too(chromium: Browser, town: Town) -> None:
    page = opened(chromium, town, 1280)
    page.keyboard.press("/")
    page.keyboard.type("handlingsplan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok?q=handlingsplan")
    assert page.get_by_role("link", name="Handlingsplan för Almdalen").count() == 1
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="I dag").focus()
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert reached == ["Planer", "Planer", "Aktiviteter", "Kommande"]
    page.close()


def test_on_a_phone_whatever_is_pressed_in_the_head_fits_a_thumb(
    chromium: Browser, town: Town
) -> None:
    page = opened(chromium, town, 360, "/aktiviteter")
    small = page.evaluate(
        """least => [...document.querySelectorAll("header nav a, header input, header button")]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < least)
        .map(one => one.textContent)""",
        THUMB - 0.5,
    )
    assert small == []
    page.close()


@pytest.mark.parametrize("width", [360, 768, 1080, 1280, 1920])
def test_a_name_of_forty_words_is_two_lines_and_a_word_is_not_cut(
    chromium: Browser, town: Town, width: int
) -> None:
    page = opened(chromium, town, width)
    for path in ("/", "/aktiviteter", f"/planer/{town.plan}", "/sok?q=samordning"):
        page.goto(f"http://127.0.0.1:{town.settings.port}{path}")
        name = page.locator("main").get_by_role("link", name=LONG).first
        lines = name.evaluate(
            "it => it.getBoundingClientRect().height / parseFloat(getComputedStyle(it).lineHeight)"
        )
        assert lines < 2.5, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(_CUT) == [], path
    page.close()
