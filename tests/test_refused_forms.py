"""A refused form comes back at the field that is wrong, whatever form it is; read off the pages.

Every form of the pages is sent with the fields that must be filled in left empty and all others
filled in. A form that is new is tried without being named here.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from tests.cast import Town
from tests.conftest import a_moments_work, browse
from web.app import create_app

TYPED = "Anteckning"
_LINK = re.compile(r'href="(/[^"#]*)"')


class Forms(HTMLParser):
    """The POST forms of a page: where each goes, its fields, and which must be filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str], set[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, or a field of the form that is open."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = told.get("method") == "post"
            if self._open:
                self.found.append((told.get("action", ""), {}, set(), set()))
        name = told.get("name", "")
        if not (self._open and name and tag in {"input", "textarea", "select", "button"}):
            return
        _, fields, must, free = self.found[-1]
        if told.get("type") in {"checkbox", "radio"}:
            return
        fields.setdefault(name, told.get("value", ""))
        if told.get("aria-required") == "true":
            must.add(name)
        elif tag == "textarea" or (tag == "input" and "type" not in told):
            free.add(name)

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        self._open = self._open and tag != "form"


def pages(frida: TestClient) -> dict[str, str]:
    """A page of each kind, found along the links from the first."""
    waiting, found = ["/"], {}
    shapes: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "1", address.partition("?")[0])
        if shape in shapes or "." in shape:
            continue
        shapes.add(shape)
        page = frida.get(address)
        if page.status_code == 200 and "text/html" in page.headers["content-type"]:
            found[address] = page.text
            waiting += [unescape(link) for link in _LINK.findall(page.text)]
    return found


def forms(page: str, address: str) -> list[tuple[str, dict[str, str], set[str], set[str]]]:
    """The forms of a page that have a field which must be filled in."""
    parser = Forms()
    parser.feed(page)
    return [(to or address, *rest) for to, *rest in parser.found if rest[1]]  # type: ignore[misc]


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    """Frida's browser in a town with an activity of most states."""
    small_town.activity("Föreslagen", by="2025-06-30")
    small_town.decided("Beslutad", by="2025-06-30")
    with a_moments_work():
        yield browse(create_app(small_town.settings))


def test_every_refused_form_leads_to_its_fields_and_keeps_what_was_typed(
    frida: TestClient,
) -> None:
    tried = set()
    wrong = []
    for address, page in pages(frida).items():
        for to, fields, must, free in forms(page, address):
            hidden = {name: value for name, value in fields.items() if name not in must | free}
            given = hidden | dict.fromkeys(must, "") | dict.fromkeys(free, TYPED)
            told = frida.post(to, data=given)
            of = f"{to} ({', '.join(sorted(must))})"
            tried.add(of)
            ids = set(re.findall(r'id="([^"]+)"', told.text))
            links = re.findall(r'<li><a href="#([^"]+)"', told.text)
            if told.status_code != 422 or 'class="errors"' not in told.text:
                wrong.append(f"{of}: answers {told.status_code} without a summary")
            elif not links or set(links) - ids:
                wrong.append(f"{of}: leads to {links}")
            elif free and told.text.count(TYPED) < len(free):
                wrong.append(f"{of}: what was typed is lost")
    assert wrong == []
    assert len(tried) >= 12, tried


def test_a_field_that_is_wrong_says_so_itself(frida: TestClient, small_town: Town) -> None:
    told = frida.post("/personer/ny", data={"name": "", "email": "", "group": small_town.alm}).text
    assert 'href="#ny-name">Skriv vad personen heter.</a>' in told
    field = re.search(r'<input id="ny-name"[^>]*>', told)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby=" ny-name-fel"' in field[0]
    assert 'id="ny-name-fel">Skriv vad personen heter.' in told
    assert re.search(r'class="errors" role="alert" tabindex="-1" autofocus', told)
