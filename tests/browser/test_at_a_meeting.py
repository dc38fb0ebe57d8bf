"""At a meeting in a real browser: what is typed is kept when it closes, others' rows turn up."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from models.lifecycle import Move, State
from tests.browser.conftest import served
from tests.cast import Town
from tests.conftest import free_port

TODAY = date(2024, 12, 2)
LONG = " ".join(["samverkansöverenskommelse om hemgång i närområdet"] * 10)


@pytest.fixture
def town(small_town: Town) -> Iterator[Town]:
    """The cast's installation, its pages served on the day of a meeting."""
    told = small_town.settings.model_copy(update={"port": free_port(), "today": TODAY})
    small_town.settings = told
    with served(told):
        yield small_town


def address(town: Town) -> str:
    """NOSAM Alm's page."""
    return f"http://127.0.0.1:{town.settings.port}/moten/{town.alm}"


def test_what_was_typed_is_there_when_the_browser_was_closed(chromium: Browser, town: Town) -> None:
    row = town.activity("Trygg hemgång", by="2025-12-31")
    page = chromium.new_page()
    page.goto(address(town))
    page.fill(f"#reference_{row}", "§ 99")
    page.close(run_before_unload=False)
    page = chromium.new_page()
    page.goto(address(town))
    for _ in range(20):
        if page.get_by_text("Det du fyllde i förra gången är kvar").count():
            break
        page.reload()
    assert page.input_value(f"#reference_{row}") == "§ 99"
    assert town.state(row) is State.PROPOSED
    page.close()


def test_what_another_registers_turns_up_without_a_press(chromium: Browser, town: Town) -> None:
    row = town.decided("Trygg hemgång", by="2024-11-30")
    page = chromium.new_page()
    page.goto(address(town))
    page.fill(f"#reference_{row}", "§ 99")
    note = page.locator(f"[data-row='{row}'] .meanwhile")
    assert not note.is_visible()
    town.move(row, Move.START, today=TODAY)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # she comes back to it
    note.wait_for(state="visible")
    assert "Startad" in page.inner_text("#registrerat")
    assert page.input_value(f"#reference_{row}") == "§ 99"
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_meeting_with_long_names_fits(chromium: Browser, town: Town, width: int) -> None:
    town.activity(LONG, by="2025-12-31", words=LONG)
    page = chromium.new_page(viewport={"width": width, "height": 900})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    for path in (f"/dag/{TODAY}", f"/dag/{TODAY}/skicka?vad=dagordning", ""):
        page.goto(address(town) + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1
    assert wrong == []
    page.close()


def test_only_the_fields_that_the_choice_asks_for_are_shown(chromium: Browser, town: Town) -> None:
    row = town.decided("Trygg hemgång", by="2024-11-30")
    page = chromium.new_page()
    page.goto(address(town))
    fields = page.locator(f"[data-row='{row}'] .row-fields [data-for]:visible input")
    page.select_option(f"#move_{row}", "pausa")
    page.wait_for_selector(f"#stand_in_{row}", state="visible")
    assert fields.count() == 3
    page.fill(f"#reason_{row}", "Sjukdom")
    page.fill(f"#resume_when_{row}", "Alice är tillbaka")
    page.select_option(f"#move_{row}", "starta")
    page.wait_for_selector(f"#stand_in_{row}", state="hidden")
    assert page.input_value(f"#resume_when_{row}") == "Alice är tillbaka"
    assert page.is_visible(f"#resume_when_{row}"), "what is written is not hidden from her"
    page.close()
