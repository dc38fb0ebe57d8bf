"""A route, a field or a kind of object that is new and forgotten is found here."""

import pytest
from fastapi import Request

from rules import access
from rules.access import ANYONE, TABLE
from rules.fields import FIELDS
from tests.conftest import browse
from tests.security import declared
from tests.security.conftest import Rendered
from tests.security.walk import EVERYBODY, LEADER, Place
from web.app import create_app


def test_every_form_has_its_line_and_no_line_is_of_another_time() -> None:
    assert declared.lines_missing() == []


def test_what_is_the_whole_installations_is_the_administrators_alone() -> None:
    assert declared.administrators_missing() == []


def test_it_is_known_whose_everything_is_that_a_field_names() -> None:
    assert declared.kinds_missing() == []


def test_every_field_of_every_page_is_declared_as_what_it_holds(rendered: Rendered) -> None:
    assert sum(len(rendered[who]) for who in EVERYBODY) > 60
    assert [declared.not_declared(rendered[who]) for who in EVERYBODY] == [[]] * len(EVERYBODY)


def test_no_page_reads_a_field_that_is_not_declared() -> None:
    assert declared.read_without_a_line() == []


def test_every_word_after_a_question_mark_that_a_page_takes_reaches_it(place: Place) -> None:
    assert declared.words_left_out(place.app) == []


def test_no_page_reads_a_form_by_itself() -> None:
    assert declared.doors_of_their_own() == []


def test_a_page_that_reads_a_form_by_itself_gets_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(place.settings)
    read = []

    @app.post("/planterad")
    async def _planted(request: Request) -> str:
        read.append(await request.body())
        return "läst"

    monkeypatch.setitem(TABLE, "POST /planterad", ANYONE)
    access._lines.cache_clear()
    answer = browse(app, raise_server_exceptions=False).post("/planterad", data={"group": "1"})
    access._lines.cache_clear()
    assert answer.status_code == 500
    assert read == []
    assert "POST /planterad" not in FIELDS


def test_a_field_that_is_not_the_pages_is_refused_and_nothing_is_saved(place: Place) -> None:
    leader = place.browsers[LEADER]
    path = f"/grupper/{place.hers.near}"
    answer = leader.post(f"{path}/andra", data={"name": "Omdöpt", "area": "1"})
    assert answer.status_code == 400
    assert "Formuläret hör inte till sidan som den är nu. Inget är sparat." in answer.text
    assert "Omdöpt" not in leader.get(path).text


def test_words_that_others_add_to_a_link_are_left_out(place: Place) -> None:
    leader = place.browsers[LEADER]
    assert leader.get("/aktiviteter?utm_source=brev&lage=beslutad").status_code == 200
