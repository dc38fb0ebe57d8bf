"""Whoever has a link or a session asks as often as people do; a program is told to wait."""

import pytest
from fastapi.testclient import TestClient

from config import clock
from models.database import transaction
from models.letter import Link
from notifications.links import address
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_delegation import link_of
from web.app import create_app
from web.pace import FORMS, PAGES, Measure, Pace

SOME = Measure(3, 0.001)


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser, where few are allowed."""
    app = create_app(with_sign_in(small_town.settings))
    client = browser(app)
    signs_in(small_town, client, "frida@example.org")
    app.state.pace = Pace("foljsam", pages=SOME, forms=SOME)
    return client


def test_a_program_that_fetches_lists_over_and_over_is_told_to_wait(
    small_town: Town, frida: TestClient
) -> None:
    answers = [frida.get("/personer.xlsx") for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert "Vänta en minut" in answers[-1].text
    assert answers[-1].headers["content-security-policy"]
    others = browser(frida.app)  # type: ignore[arg-type]
    assert others.get("/logga-in").status_code == 200  # another is not held back by her


def test_forms_are_counted_by_themselves(small_town: Town, frida: TestClient) -> None:
    sent = [frida.post("/statusrundor", data={"group": "0"}).status_code for _ in range(4)]
    assert sent[-1] == 429
    assert 429 not in sent[:3]
    assert frida.get("/").status_code == 200


def test_the_holder_of_a_link_is_counted_by_the_link(small_town: Town) -> None:
    told = with_sign_in(small_town.settings)
    app = create_app(told)
    app.state.pace = Pace("foljsam", pages=SOME, forms=SOME)
    now = clock.now()
    with transaction(told) as session:
        rows = [
            Link(person_id=small_town.alice, made_at=now, expires_at=now.replace(year=2100))
            for _ in range(2)
        ]
        session.add_all(rows)
        session.flush()
        pages = [address(told, int(row.id or 0))[len(told.pages_url) :] for row in rows]
    came = [browser(app).get(pages[0]).status_code for _ in range(4)]  # whatever browser it is
    assert came == [200, 200, 200, 429]
    assert browser(app).get(f"{pages[0]}/ersattare").status_code == 429
    assert browser(app).get(pages[1]).status_code == 200


def test_made_up_links_are_counted_by_where_they_come_from(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings))
    app.state.pace = Pace("foljsam", of_a_block=SOME)
    came = [browser(app).get(f"/svar/gissning{number}").status_code for number in range(4)]
    assert came == [403, 403, 403, 429]
    assert browser(app).post("/svar/en-till/ny-lank", data={"address": "x"}).status_code == 429


def test_made_up_sessions_are_counted_by_where_they_come_from(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings))
    app.state.pace.of_a_block = SOME
    came = []
    for number in range(4):
        made_up = browser(app)
        made_up.cookies.set("foljsam", f"gissning{number}")
        came.append(made_up.get("/logga-in").status_code)
    assert came == [200, 200, 200, 429]


def test_a_stranger_sends_no_long_form(small_town: Town) -> None:
    app = create_app(with_sign_in(small_town.settings))
    small_town.decided(by="2024-07-01")
    long = {"text_1": "8112189876 " * 10_000}
    assert browser(app).post("/svar/gissning", data=long).status_code == 413
    assert browser(app).post("/logga-in", data={"address": "x" * 70_000}).status_code == 413
    made_up = browser(app)
    made_up.cookies.set("foljsam", "gissning")
    assert made_up.post("/svar/gissning", data=long).status_code == 413
    hers = link_of(small_town, small_town.alice)
    assert browser(app).post(hers, data=long).status_code == 422


def test_the_measure_fills_again_and_what_is_kept_is_bounded() -> None:
    pace = Pace("foljsam")
    taken = [pace._take("a", FORMS, sends=True, now=100.0) for _ in range(121)]
    assert taken.count(True) == FORMS.most
    again = [pace._take("a", FORMS, sends=True, now=101.0) for _ in range(5)]
    assert again.count(True) == FORMS.a_second
    for number in range(30_000):
        pace._take(str(number), PAGES, sends=False, now=100.0)
    assert len(pace._full_at) == 1 << 20  # however many ask


def test_without_sign_in_nobody_is_counted(small_town: Town) -> None:
    app = create_app(small_town.settings)
    app.state.pace = Pace("foljsam", pages=Measure(0, 0), forms=Measure(0, 0))
    assert browse(app).get("/").status_code == 200
