"""A collaboration reads of somebody only the name that it typed itself.

Its leader opens every page, list, file and calendar that the routes have for her, and sends every
form that she is shown.
"""

import html
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from httpx import Response

from config import settings as settings_module
from models.database import reading, transaction
from notifications import feeds
from rules.access import TABLE
from tests.conftest import browse
from tests.security.came import words_of
from tests.security.page_forms import Form, read_page
from tests.security.realm import Realm
from tests.security.shared_person import ADDRESS, OWN, TYPED, Shared
from tests.security.walk import OTHER_LEADER, Place, Sending, addresses, drawn, route_of
from tests.sign_in.conftest import with_sign_in
from tests.sizes import LONG, SEED
from web.app import create_app

_LEFT_OUT = {"GET /logga-in", "GET /logga-in/oidc", "GET /logga-in/oidc/svar"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Shared]:
    """Both realms, and Alice in both."""
    home = tmp_path_factory.mktemp("names")
    shutil.copy(migrated, home / "foljsam.db")
    told = with_sign_in(settings_module.load(home=home), prefect_port=1)
    place = Place(told, create_app(told), Realm(told, "Drakfors"), Realm(told, "Kvarnsten"))
    yield Shared(place)
    place.close()


@pytest.fixture(scope="module")
def opened(shared: Shared) -> dict[str, Response]:
    """Every address that the leader there can open, and what she gets."""
    looks = shared.place.browsers[OTHER_LEADER]
    found = {}
    for key in TABLE:
        method, _, template = key.partition(" ")
        if method != "GET" or key in _LEFT_OUT or "{token}" in template:
            continue
        for path in addresses(template, shared.there):
            answer = looks.get(path, follow_redirects=False)
            if answer.status_code == 200:
                found[path] = answer
    return found


def read(answer: Response) -> str:
    """What can be read in an answer, whatever kind of file it is."""
    if not answer.content.startswith(b"%PDF"):
        return words_of(answer)
    with pdfplumber.open(BytesIO(answer.content)) as pages:
        return "\n".join(page.extract_text() for page in pages.pages)


def test_the_leader_there_reads_no_other_name_anywhere(opened: dict[str, Response]) -> None:
    told = {path: read(answer) for path, answer in opened.items()}
    assert [path for path, words in told.items() if OWN.casefold() in words.casefold()] == []
    calling = {path.strip("/").split("/")[0] for path, words in told.items() if TYPED in words}
    # Where somebody is told of at all, it is she: else the walk would prove nothing.
    assert calling >= {
        *("aktiviteter", "grupper", "personer", "personer.xlsx", "statusrundor", "utskick"),
        *("utskick.xlsx", "rapporter", "planer", "ord"),
    }


def test_no_letter_of_that_collaboration_alone_calls_her_otherwise(shared: Shared) -> None:
    leads = shared.place.browsers[OTHER_LEADER]
    seen = [n for n in shared.there.ids["letter_id"] if leads.get(f"/utskick/{n}").is_success]
    assert len(seen) > 10
    hers = [number for number in seen if TYPED in leads.get(f"/utskick/{number}").text]
    assert hers  # letters to her are among them, and greet her so
    assert TYPED in leads.get(f"/utskick/{hers[0]}/brev").text


def test_no_answer_to_a_form_tells_another_name(
    shared: Shared, opened: dict[str, Response]
) -> None:
    place, todo = shared.place, []
    for form in _forms(opened):
        one = Sending(OTHER_LEADER, form.method, form.action, tuple(form.values.items()))
        todo.append(one)
        for name in form.values:
            for words in (TYPED, ADDRESS, str(shared.person)):
                sent = tuple((form.values | {name: words}).items())
                todo.append(replace(one, fields=sent))
    told = []
    for one in todo if LONG else drawn(todo, 60, SEED):
        answer = place.send(one)
        words = html.unescape(words_of(answer))
        if answer.is_redirect:
            words += words_of(place.browsers[OTHER_LEADER].get(answer.headers["location"]))
        if OWN.casefold() in words.casefold():
            told.append(str(one))
        if place.changed():
            place.restore()
    assert told == []


def _forms(opened: dict[str, Response]) -> list[Form]:
    """Each form of the pages once, by where it is sent and what it holds; no heavy page."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    for path, answer in opened.items():
        if "text/html" in answer.headers["content-type"]:
            for form in read_page(answer.text, path)[0]:
                form.action = form.action.partition("#")[0].partition("?")[0]
                route = route_of(form.method, form.action)
                if "kommande" not in form.action:
                    found.setdefault((route, frozenset(form.values)), form)
    return list(found.values())


def test_the_calendar_of_a_group_there_names_her_as_typed(shared: Shared) -> None:
    with transaction(shared.settings) as session:
        feeds.make(session, group_id=shared.there.near)
    with reading(shared.settings) as session:
        address = feeds.feed_address(session, shared.settings, group_id=shared.there.near)
    calendar = browse(shared.place.app).get(address[len(shared.settings.pages_url) :]).text
    assert "BEGIN:VEVENT" in calendar
    assert OWN not in calendar


def test_looking_for_her_finds_what_she_answers_for_by_the_typed_name_alone(
    shared: Shared,
) -> None:
    leads = shared.place.browsers[OTHER_LEADER]
    found = leads.get("/aktiviteter", params={"ansvarig": TYPED}).text
    assert f"{shared.there.mark} beslutad" in found
    found = leads.get("/aktiviteter", params={"ansvarig": OWN}).text
    assert f"{shared.there.mark} beslutad" not in found
