"""A row changed where one looks, in a browser: by mouse, by keyboard alone, without JavaScript."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading
from models.lifecycle import State
from models.person import Person
from tests.browser.conftest import served
from tests.cast import Town
from tests.conftest import free_port

TODAY = date(2024, 12, 2)
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=800)


@pytest.fixture
def place(small_town: Town) -> Iterator[Town]:
    """A town whose pages are really served."""
    told = small_town.settings.model_copy(update={"port": free_port(), "today": TODAY})
    small_town.settings = told
    with served(told):
        yield small_town


def deadline(town: Town, id_: int) -> str:
    """The words of an activity's deadline on file."""
    with reading(town.settings) as session:
        return session.get_one(Activity, id_).deadline_text


def answers(town: Town, id_: int) -> list[str]:
    """Whom the activity names, in order."""
    asked = select(c(Responsibility).words).where(c(Responsibility).activity_id == id_)
    with reading(town.settings) as session:
        return list(session.execute(asked.order_by(c(Responsibility).id)).scalars())


def opened(chromium: Browser, town: Town, path: str, *, javascript: bool = True) -> Page:
    """A page of the town; what its script complains of fails the test."""
    page = chromium.new_page(viewport=WIDE, java_script_enabled=javascript)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"http://127.0.0.1:{town.settings.port}{path}")
    return page


def whom(page: Page) -> Locator:
    """The field for who answers, in the row's form."""
    return page.locator(".row-form").get_by_role("combobox", name="Ansvarig")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("of_the_plan", [False, True])
def test_a_new_deadline_is_a_press_a_field_and_enter(
    chromium: Browser, place: Town, javascript: bool, of_the_plan: bool
) -> None:
    id_ = place.decided("Trygg hemgång", by="2025-03-31")
    path = f"/planer/{place.plan}" if of_the_plan else "/aktiviteter?sok=hemg%C3%A5ng"
    page = opened(chromium, place, path, javascript=javascript)
    page.locator(f"#rad-{id_} a[data-row=deadline]").click()
    field = page.locator(".row-form").get_by_label("Slutdatum")
    expect(field).to_be_focused()
    field.fill("hösten 2025")
    if javascript:
        expect(page.locator("output")).to_contain_text("Senast 31 december 2025")
    field.press("Enter")
    row = page.locator(f"#rad-{id_}")
    expect(row).to_contain_text("Sparat: Slutdatum ändrat.")
    expect(row).to_contain_text("hösten 2025")
    assert deadline(place, id_) == "hösten 2025"
    assert path.partition("?")[0] in page.url
    if not of_the_plan:
        assert "sok=hemg" in page.url
    row.get_by_role("button", name="Ångra").click()
    expect(page.locator(f"#rad-{id_}")).to_contain_text("Togs tillbaka")
    assert deadline(place, id_) == "2025-03-31"
    page.close()


def test_by_keyboard_alone_and_escape_takes_it_back(chromium: Browser, place: Town) -> None:
    first = place.decided("Först", by="2025-03-31")
    second = place.decided("Sedan", by="2025-04-30")
    page = opened(chromium, place, "/aktiviteter")
    link = page.locator(f"#rad-{first} a[data-row=deadline]")
    link.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"#rad-{second} a[data-row=deadline]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".row-form").get_by_label("Slutdatum")).to_be_focused()
    page.keyboard.type("v. 20 2025")
    page.keyboard.press("Escape")
    expect(page.locator(f"#rad-{second} a[data-row=deadline]")).to_be_focused()
    assert deadline(place, second) == "2025-04-30"
    page.keyboard.press("Enter")
    expect(page.locator(".row-form").get_by_label("Slutdatum")).to_be_focused()
    page.keyboard.type("v. 20 2025")
    page.keyboard.press("Enter")
    expect(page.locator(f"#rad-{second} a[data-row=deadline]")).to_be_focused()
    assert deadline(place, second) == "v. 20 2025"
    page.close()


def test_people_are_found_by_a_few_letters_and_stand_as_tokens(
    chromium: Browser, place: Town
) -> None:
    id_ = place.decided("Trygg hemgång", by="2025-03-31", words="Projektledaren")
    page = opened(chromium, place, "/aktiviteter")
    page.locator(f"#rad-{id_} a[data-row=responsible]").click()
    box = whom(page)
    expect(box).to_be_focused()
    page.keyboard.type("ali")
    option = page.locator(".offers [role=option]").first
    expect(option).to_contain_text("Alice")
    expect(option).to_contain_text("ordförande NOSAM Alm")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(page.locator("[data-new] .chosen li")).to_have_count(2)
    page.keyboard.type("björk")
    expect(page.locator(".offers [role=option]").first).to_contain_text("NOSAM Björk")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ta bort Projektledaren").click()
    page.keyboard.press("Enter")
    expect(page.locator(f"#rad-{id_}")).to_contain_text("Sparat: Ansvarig ändrat.")
    assert answers(place, id_) == ["Alice", "NOSAM Björk"]
    page.close()


@pytest.mark.parametrize("where", ["list", "page"])
def test_somebody_new_is_put_on_file_without_losing_the_form(
    chromium: Browser, place: Town, where: str
) -> None:
    id_ = place.decided("Trygg hemgång", by="2025-03-31")
    path = "/aktiviteter" if where == "list" else f"/aktiviteter/{id_}"
    page = opened(chromium, place, path)
    page.locator("a[data-row=responsible]").click()
    expect(whom(page)).to_be_focused()
    page.keyboard.type("Vera Lind")
    page.keyboard.press("Tab")
    email = page.locator(".row-form").get_by_label("E-postadress")
    expect(email).to_be_focused()
    page.keyboard.type("vera@")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    expect(email).to_have_value("vera@")
    email.fill("vera@example.org")
    email.press("Enter")
    expect(page.locator("main")).to_contain_text("Sparat: Ansvarig ändrat.")
    with reading(place.settings) as session:
        vera = session.execute(
            select(c(Person).id).where(c(Person).email == "vera@example.org")
        ).scalar_one()
        named = session.execute(
            select(c(Responsibility).kind, c(Responsibility).person_id).where(
                c(Responsibility).activity_id == id_, c(Responsibility).words == "Vera Lind"
            )
        ).one()
    assert tuple(named) == (Answerable.PERSON, vera)
    page.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_move_asks_for_what_it_needs_in_the_row(
    chromium: Browser, place: Town, javascript: bool
) -> None:
    id_ = place.activity("Trygg hemgång", by="2025-03-31")
    page = opened(chromium, place, "/aktiviteter", javascript=javascript)
    page.locator(f"#rad-{id_} a[data-row=move]").click()
    page.locator(".row-form").get_by_label("Läge").select_option(label="Besluta")
    if not javascript:
        page.get_by_role("button", name="Spara").click()
    page.locator(".row-form").get_by_label("Vilken grupp beslutade?").select_option(
        label="Samordningsgruppen"
    )
    page.locator(".row-form").get_by_label("Vilken dag?").fill("2024-11-20")
    page.locator(".row-form").get_by_label("Paragraf").fill("§ 7")
    page.locator(".row-form").get_by_label("Paragraf").press("Enter")
    expect(page.locator(f"#rad-{id_}")).to_contain_text("Beslutad")
    assert place.state(id_) is State.DECIDED
    page.close()


def test_who_comes_second_is_told_at_the_row(chromium: Browser, place: Town) -> None:
    id_ = place.decided("Trygg hemgång", by="2025-03-31")
    first = opened(chromium, place, "/aktiviteter")
    second = opened(chromium, place, "/aktiviteter")
    for page in (first, second):
        page.locator(f"#rad-{id_} a[data-row=deadline]").click()
        expect(page.locator(".row-form").get_by_label("Slutdatum")).to_be_focused()
    first.locator(".row-form").get_by_label("Slutdatum").fill("2025-05-31")
    first.keyboard.press("Enter")
    expect(first.locator(f"#rad-{id_}")).to_contain_text("Sparat")
    second.locator(".row-form").get_by_label("Slutdatum").fill("2025-09-30")
    second.keyboard.press("Enter")
    told = second.locator(".errors")
    expect(told).to_contain_text("ändrat till ”2025-05-31” av någon annan")
    expect(told).to_contain_text("Slutdatum ändrat, av".lower())
    expect(second.locator(".row-form").get_by_label("Slutdatum")).to_have_value("2025-09-30")
    assert deadline(place, id_) == "2025-05-31"
    second.get_by_role("button", name="Spara").click()
    expect(second.locator(f"#rad-{id_}")).to_contain_text("Sparat")
    assert deadline(place, id_) == "2025-09-30"
    first.close()
    second.close()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_fields_of_a_row_fit_the_screen_and_each_has_its_name(
    chromium: Browser, place: Town, size: ViewportSize
) -> None:
    long = " ".join(f"{n}:e gemensamma läkemedelsgenomgången" for n in range(14))
    id_ = place.decided(long, by="2025-03-31", words=long)
    page = opened(chromium, place, "/aktiviteter")
    page.set_viewport_size(size)
    page.locator(f"#rad-{id_} a[data-row=responsible]").click()
    expect(whom(page)).to_be_focused()
    page.keyboard.type("a")
    expect(page.locator(".offers [role=option]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    unnamed = page.evaluate(
        """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
        .filter(field => !field.labels.length && !field.ariaLabel).map(field => field.name)"""
    )
    assert unnamed == []
    page.close()
