"""Reports as those who only read them do: on a phone, what is essential first, nothing cut off."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from config.settings import Settings
from models.database import reading
from models.edition import ReportKind
from models.lifecycle import Move
from reports.approval import edited, report
from reports.compiling import compile_edition
from reports.editions import Of
from reports.writers.html import write_html
from tests.browser.conftest import served
from tests.browser.test_in_chromium import LONGER
from tests.cast import Town
from tests.conftest import free_port
from tests.test_deviation_report import DUE, cases, groups, take
from tests.test_deviation_report import runs as tells_deviations
from tests.test_quarter_close import runs

STATISTICS = ("median", "slump", "signal", "mätpunkt")
LONG = "Gemensam rutin för utskrivning från sjukhus till kommunal hälso- och sjukvård " * 3
WIDER_THAN_THE_PHONE = """() => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  const rolls = one.closest('.scroll') && !one.closest('.stacks');
  return box.width > 0 && box.left >= 0 && box.right > innerWidth + 1 && !rolls;
}).map(one => one.tagName + ' ' + (one.textContent || '').trim().slice(0, 40))"""
IN_ORDER = """() => [...document.querySelectorAll('h2, table, figure, form')]
  .filter(one => one.offsetParent)
  .map(one => one.tagName === 'H2' ? one.textContent : one.tagName)"""


@pytest.fixture
def told(small_town: Town) -> Iterator[Settings]:
    """Alice's two groups have reports: of a quarter, and of three years of deviations."""
    for what in (LONG, "Anhörigstöd", LONGER):
        row = small_town.decided(what, by="2025-12-31", group=small_town.alm)
        small_town.move(row, Move.START, today=date(2024, 2, 1))
    runs(small_town, date(2024, 4, 5))
    assert small_town.letters()  # written now: the next report is in a letter of its own
    groups(small_town)
    rows = []
    for month in range(1, 40):  # more since 2024 than before it
        named = f"{2021 + (month + 11) // 12}-{(month - 1) % 12 + 1:02}"
        rows += cases("Äldre", named, 3 if month < 25 else 9, named)
    take(small_town, rows)
    tells_deviations(small_town, DUE)
    port = {"port": free_port(), "today": DUE}
    settings = small_town.settings.model_copy(update=port)
    with served(settings):
        yield settings


@pytest.fixture(params=[320, 360, 390])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone so wide."""
    size: ViewportSize = {"width": request.param, "height": 800}
    context = chromium.new_context(viewport=size, has_touch=True)
    yield context.new_page()
    context.close()


def wide(page: Page) -> tuple[int, int]:
    """How wide the page is, and how wide the phone."""
    found: tuple[int, int] = tuple(
        page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    )
    return found


def letters_of(town: Town) -> list[tuple[str, str]]:
    """Alice's letters with reports, as text and as a page."""
    hers = [one for one in town.letters() if one.to_name == "Alice"]
    return [(one.text, one.html) for one in hers if "/rapport/" in one.text]


def alone(town: Town, group: int) -> str:
    """The year's report as a file of its own."""
    of = Of(ReportKind.YEAR, 1, group, "2024")
    made = compile_edition(town.settings, of, date(2025, 1, 9), "Frida")
    assert made is not None
    with reading(town.settings) as session:
        found = edited(session, made[0])
        assert found is not None
        written = write_html(report(session, found))
    return written if isinstance(written, str) else written.decode()


def test_every_report_fits_a_phone_and_says_the_essential_first(
    small_town: Town, told: Settings, page: Page
) -> None:
    for text, _ in letters_of(small_town):
        path = text.split("/rapport/")[1].split()[0]
        page.goto(f"http://127.0.0.1:{told.port}/rapport/{path}")
        assert page.evaluate(WIDER_THAN_THE_PHONE) == []
        assert wide(page)[0] <= wide(page)[1]
        order = page.evaluate(IN_ORDER)
        assert order[0] == "I korthet"
        before_the_method = page.inner_text("article").lower().rpartition("\nså är ")[0]
        assert before_the_method
        assert [word for word in STATISTICS if word in before_the_method] == []
        page.get_by_role("link", name="Skriv vad ni").tap()
        assert page.get_by_label("Slutsats").bounding_box() is not None
        assert order.index("FIGURE") < order.index("FORM")
        for drawn in page.locator(".drawing svg:visible").all():
            box = drawn.bounding_box()
            assert box is not None
            assert box["width"] <= wide(page)[1]
        assert page.locator(".drawing .wide:visible").count() == 0
    page.goto("about:blank")  # away from the rules of our own pages
    page.set_content(alone(small_town, small_town.alm))
    assert wide(page)[0] <= wide(page)[1]


def test_their_letters_fit_too_and_speak_no_statistics(
    small_town: Town, told: Settings, page: Page
) -> None:
    assert told
    (_, deviations) = letters_of(small_town)
    assert "knappast en tillfällighet" in deviations[0]
    for text, html in letters_of(small_town):
        assert [word for word in STATISTICS if word in (text + html).lower()] == []
        page.set_content(html)
        assert wide(page)[0] <= wide(page)[1]
