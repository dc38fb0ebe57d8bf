"""No form takes a personnummer: every form of every page is filled in with one, field by field.

The forms are read off the pages as they are shown, and the routes off the application, so that a
new page, form or field is tried without anybody's help.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, select

from config.settings import Settings
from models.database import engine_for, transaction
from models.edition import ReportKind
from models.part import Part, PartState
from reports.compiling import compile_edition
from reports.editions import Of
from rules import fields
from rules.access import TABLE
from rules.fields import FIELDS, WORDS
from tests.cast import Town
from tests.conftest import a_moments_work, browse
from tests.sign_in.conftest import with_sign_in
from tests.test_deviation_report import DUE, QUARTER, groups, path_of, plan_for, runs, take
from web.app import create_app
from web.sent import Sent

NUMBER = "19121212-1212"
WRITTEN = f"Ring om {NUMBER} i mars"
TYPED = {"text", "search", "email", "textarea"}
NO_WORDS = {"checkbox", "radio", "submit", "button", "file", "image", "reset"}


@dataclass
class Form:
    """A form as a page shows it: where it is sent, and its fields with what stands in them."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def worded(self) -> list[str]:
        """The fields that words can be sent in: all but ticks and buttons."""
        return [name for name, kind in self.kinds.items() if kind not in NO_WORDS]


class Page(HTMLParser):
    """The forms of a page, each with its first button pressed, and where its links lead."""

    def __init__(self, address: str, words: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self._form: Form | None = None
        self._area = self._select = ""
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith("/"):
            self.links.add(told["href"].partition("#")[0])
        if tag == "form" and told.get("method", "").lower() == "post":
            self._form = Form(told.get("action") or self.address)
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "option" and self._select:
            self._option(told)
        name = told.get("name", "")
        if not name:
            return
        kind = {"textarea": "textarea", "select": "select", "button": "submit"}.get(
            tag, told.get("type", "text")
        )
        pressed = kind == "submit" and "submit" not in self._form.kinds.values()
        self._form.kinds[name] = kind
        if kind not in {"checkbox", "radio", "submit"} or "checked" in told or pressed:
            self._form.fields[name] = told.get("value", "")
        self._area = name if tag == "textarea" else ""
        self._select = name if tag == "select" else ""

    def _option(self, told: dict[str, str]) -> None:
        """The first choice stands, until one says that it is chosen."""
        assert self._form is not None
        if "selected" in told or not self._form.fields[self._select]:
            self._form.fields[self._select] = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in {"textarea", "select"}:
            self._area = self._select = ""


@dataclass
class Place:
    """A town where something of each kind can be written about."""

    town: Town
    client: TestClient
    app: FastAPI
    settings: Settings
    starts: list[str]


@pytest.fixture
def place(small_town: Town) -> Iterator[Place]:
    """A decided activity with a part, a round, letters with links, reports of both kinds."""
    town = small_town
    activity = town.decided("Trygg hemgång", by="2025-05-31", person=town.alice)
    town.activity("Nätverk", by="2025-03-01")
    town.decided("Samverkan", by="2025-02-28")
    with transaction(town.settings) as session:
        session.add(
            Part(activity_id=activity, name="Alms kommun", state=PartState.UNANSWERED, since=DUE)
        )
    old, _ = groups(town)
    plan_for(town, old)
    take(town, QUARTER)
    runs(town, DUE)
    told = town.settings.model_copy(update={"today": DUE})
    report = path_of(town, "Alice")
    compile_edition(told, Of(ReportKind.QUARTER, 1, None, "2025Q1"), date(2025, 3, 31), "Frida")
    town.morning(DUE + timedelta(days=1))  # the day has had its letter, with the report
    letter = next(x for x in town.letters() if x.to_name == "Alice" and "/svar/" in x.text)
    answer = "/svar/" + letter.text.split("/svar/")[1].split()[0]
    app = create_app(told)
    with a_moments_work():
        yield Place(town, browse(app), app, told, ["/", answer, f"{answer}/ersattare", report])


def everything_on_file(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = engine_for(settings)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in tables.sorted_tables
        }


def in_files(home: Path) -> list[str]:
    """The files of the installation that hold the number in plain."""
    return [
        path.name
        for path in home.rglob("*")
        if path.is_file()
        and any(each.encode() in path.read_bytes() for each in (NUMBER, "1212121212"))
    ]


def pages(place: Place) -> Iterator[Page]:
    """Every page that can be reached, once of each kind of address."""
    waiting, seen = list(place.starts), set()
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "0", address.partition("?")[0])
        if kind in seen or re.search(r"\.\w{2,5}$", kind):
            continue
        seen.add(kind)
        answer = place.client.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = Page(str(answer.url.path), answer.text)
            waiting += sorted(page.links)
            yield page


def every_form(place: Place) -> list[Form]:
    """Every form of every page, one of each with the same fields."""
    found: dict[tuple[str, ...], Form] = {}
    for page in pages(place):
        for form in page.forms:
            names = (re.sub(r"\d+", "0", name) for name in form.kinds)
            found.setdefault((re.sub(r"\d+", "0", form.action), *sorted(set(names))), form)
    return list(found.values())


def reading_routes(app: FastAPI) -> list[str]:
    """The routes that read a form."""
    read = []
    for context in iter_route_contexts(app.routes):
        route, methods = context.original_route, context.methods or ()
        if isinstance(route, APIRoute) and "POST" in methods and route.dependant.dependencies:
            read.append(str(context.path))
    return sorted(read)


def test_every_field_of_every_form_refuses_a_number_and_nothing_is_on_file(place: Place) -> None:
    forms = every_form(place)
    before = everything_on_file(place.settings)
    tried, wrong = 0, []
    for form in forms:
        for name in form.worded():
            answer = place.client.post(form.action, data={**form.fields, name: WRITTEN})
            tried += 1
            says = form.kinds[name] not in TYPED or "personnummer" in answer.text
            if answer.status_code != 422 or not says:
                wrong.append((form.action, name, answer.status_code))
    assert wrong == []
    assert everything_on_file(place.settings) == before
    assert in_files(place.settings.home) == []
    assert len(forms) > 40, len(forms)
    assert tried > 150, tried


def test_what_else_was_written_comes_back_with_the_form(place: Place) -> None:
    lost = []
    for form in every_form(place):
        typed = [name for name, kind in form.kinds.items() if kind in TYPED]
        for name in typed:
            given = {each: f"Ord {at} kvar" for at, each in enumerate(typed)} | {name: WRITTEN}
            answer = place.client.post(form.action, data={**form.fields, **given})
            lost += [(form.action, name, each) for each in given if given[each] not in answer.text]
    assert lost == []


def test_every_route_that_reads_a_form_looks_it_through(place: Place) -> None:
    """Also one whose form no page showed, with a field that nobody has thought of."""
    routes = reading_routes(place.app)
    before = everything_on_file(place.settings)
    for template in routes:
        path = re.sub(r"\{\w+\}", "1", template)
        for name in ("reason", "ett nytt fält", WRITTEN):
            place.client.post(path, data={name: WRITTEN}, follow_redirects=False)
    assert everything_on_file(place.settings) == before
    assert {f"POST {template}" for template in routes} <= TABLE.keys()
    assert len(routes) > 40, len(routes)


def test_a_form_is_read_nowhere_else_than_where_it_is_looked_through() -> None:
    reads = re.compile(r"\.form\(|MultiPartParser\(|FormParser\(|Form\(\)|\.body\(\)")
    files = [path for path in Path("web").rglob("*.py") if reads.search(path.read_text("utf-8"))]
    assert {path.name for path in files} == {"forms.py", "kept_files.py"}  # the door, and one more
    kept = Path("web/kept_files.py").read_text("utf-8")
    assert "read_form(request, parse=" in kept  # which hands its parser on to the door
    assert "await refuse_numbers(request" in Path("web/forms.py").read_text("utf-8")


def test_a_form_that_nobody_answers_for_comes_back_to_be_mended(place: Place) -> None:
    @place.app.post("/logga-ut/provad")
    def _planted(request: Request, given: Sent) -> str:
        with transaction(place.settings):
            return "sparat"

    TABLE["POST /logga-ut/provad"] = TABLE["POST /logga-in"]
    FIELDS["POST /logga-ut/provad"] = {"skäl": WORDS, "namn": WORDS}
    fields._lines.cache_clear()
    try:
        answer = place.client.post("/logga-ut/provad", data={"skäl": WRITTEN, "namn": "Alice & Bo"})
    finally:
        del TABLE["POST /logga-ut/provad"], FIELDS["POST /logga-ut/provad"]
        fields._lines.cache_clear()
    assert answer.status_code == 422
    assert "sparat." in answer.text
    (form,) = Page("/logga-ut/provad", answer.text).forms
    assert form.fields == {"skäl": WRITTEN, "namn": "Alice & Bo"}


def test_an_address_to_sign_in_with_gets_the_answer_that_all_get(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings, prefect_port=1))
    client = browse(app)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    sent = {"address": "1912121212@example.org", "till": f"/aktiviteter?sok={NUMBER}"}
    answer = client.post("/logga-in", data=sent)
    assert answer.status_code == 200
    assert "Titta i din inkorg" in answer.text
    assert in_files(small_town.settings.home) == []


def test_a_search_is_let_through_and_kept_nowhere(place: Place) -> None:
    before = everything_on_file(place.settings)
    assert place.client.get("/aktiviteter", params={"sok": NUMBER}).status_code == 200
    assert everything_on_file(place.settings) == before
