"""Deviations are a collaboration's: Gustav of another sees, takes back and overwrites none of hers.

The pages; the round, the folder and the command are in test_deviations_whose_rounds.py.
"""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.deviation import DeviationCase, DeviationImport, ImportState
from tests.cast import Town
from tests.deviation_files import HEADS, THREE, csv_file, row
from tests.test_deviation_report import cases
from tests.two_collaborations import Neighbours, neighbours

pytestmark = pytest.mark.by_turns
HERS = [*cases("Äldre", "2025-01", 9), *THREE]
SOURCE: dict[str, str] = {
    "namn": "Alm vård",
    "rubrik0": "Löpa",
    "kolumn0": "number",
    "rubrik1": "Klar",
    "kolumn1": "registered",
}


@pytest.fixture
def both(town: Town) -> Neighbours:
    """The two collaborations."""
    return neighbours(town)


def chooses(browser: TestClient, rows: list[list[Any]], **given: str) -> str:
    """Somebody chooses a file; the address that she comes to."""
    sent = browser.post(
        "/avvikelser/las-in", files={"fil": ("hemlig.csv", csv_file(rows))}, data=given
    )
    assert sent.status_code == 200, sent.text
    return str(sent.url.path)


def takes_in(browser: TestClient, rows: list[list[Any]], **given: str) -> str:
    """Somebody takes a file in, and ticks every new word; the page that she comes to."""
    address = chooses(browser, rows, **given)
    ticks = re.findall(r'name="(ord\d+)"', browser.get(address).text)
    told = browser.post(address, data={"spara": "ja", **dict.fromkeys(ticks, "ja")})
    assert told.status_code == 200, told.text
    return str(told.text)


def on_file(both: Neighbours) -> dict[tuple[int | None, str], str]:
    """Each case's target group, by whose it is and its number."""
    case = c(DeviationCase)
    with reading(both.town.settings) as session:
        rows = session.execute(select(case.collaboration_id, case.number, case.target_group))
        return {(whose, number): group for whose, number, group in rows}


def states(both: Neighbours) -> list[ImportState]:
    """How every import stands."""
    with reading(both.town.settings) as session:
        told = c(DeviationImport)
        return list(session.execute(select(told.state).order_by(told.id)).scalars())


def test_gustav_sees_no_figure_file_or_source_of_fridas(both: Neighbours) -> None:
    frida, gustav = both.frida(), both.gustavs()
    assert "hemlig.csv" in takes_in(frida, HERS)
    frida.post("/avvikelser/kallor", data=SOURCE)
    for path in ("/avvikelser", "/avvikelser/las-in"):
        page = gustav.get(path).text
        for words in ("hemlig.csv", "Alm vård", "<h2>Registrerade avvikelser</h2>", "Frida"):
            assert words not in page, (path, words)
    assert "<h2>Registrerade avvikelser</h2>" in frida.get("/avvikelser").text


def test_gustav_takes_back_and_drops_nothing_of_fridas(both: Neighbours) -> None:
    frida, gustav = both.frida(), both.gustavs()
    takes_in(frida, HERS)
    waiting = chooses(frida, THREE[:1])
    assert gustav.post("/avvikelser/inlasningar/1/angra").status_code == 403
    assert gustav.get(waiting).status_code == 403
    for deed in ({"avbryt": "ja"}, {"spara": "ja"}):
        assert gustav.post(waiting, data=deed).status_code == 403
    assert states(both) == [ImportState.TAKEN_IN, ImportState.WAITING]


def test_numbers_are_a_collaborations_own(both: Neighbours) -> None:
    """Also the same file: that it is on file elsewhere is not told."""
    takes_in(both.frida(), THREE)
    takes_in(both.gustavs(), THREE)
    takes_in(both.gustavs(), [row("A-1", "2025-01-15", "Barn och unga")])
    found = on_file(both)
    assert found[both.ours, "A-1"] == "Äldre"
    assert found[both.theirs, "A-1"] == "Barn och unga"
    assert len(found) == 6


def test_each_takes_back_her_own_latest_though_the_others_came_later(both: Neighbours) -> None:
    frida, gustav = both.frida(), both.gustavs()
    takes_in(frida, THREE)
    takes_in(gustav, THREE)
    assert frida.post("/avvikelser/inlasningar/1/angra").status_code == 200
    assert states(both) == [ImportState.UNDONE, ImportState.TAKEN_IN]
    assert {whose for whose, _ in on_file(both)} == {both.theirs}


def test_a_source_of_the_same_name_is_each_ones_own(both: Neighbours) -> None:
    frida, gustav = both.frida(), both.gustavs()
    frida.post("/avvikelser/kallor", data=SOURCE)
    gustav.post("/avvikelser/kallor", data=SOURCE | {"kolumn1": "happened"})
    heads = ["Löpa", "Klar", *HEADS[2:]]
    sent = {"fil": ("a.csv", csv_file(THREE, heads=heads))}
    shown = frida.post("/avvikelser/las-in", files=sent, data={"kalla": "Alm vård"}).text
    assert "Registreringsdatum" in shown
    assert gustav.get("/avvikelser/kallor/1").status_code == 403
    assert frida.get("/avvikelser/kallor/1").status_code == 200


def test_a_form_that_names_anothers_collaboration_is_refused(both: Neighbours) -> None:
    gustav = both.gustavs()
    file = {"fil": ("a.csv", csv_file(THREE))}
    named = {"collaboration": str(both.ours)}
    assert gustav.post("/avvikelser/las-in", files=file, data=named).status_code == 403
    assert gustav.post("/avvikelser/kallor", data=SOURCE | named).status_code == 403
    assert gustav.get(f"/avvikelser?collaboration={both.ours}").status_code == 403
    assert gustav.get(f"/avvikelser/las-in?collaboration={both.ours}").status_code == 403
    assert states(both) == []


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30, "²"])
def test_a_collaboration_that_is_none_is_said_and_nothing_is_saved(
    both: Neighbours, number: str
) -> None:
    named = {"collaboration": number}
    for browser in (both.gustavs(), both.machine()):
        file = {"fil": ("a.csv", csv_file(THREE))}
        assert browser.post("/avvikelser/las-in", files=file, data=named).status_code == 422
        assert browser.post("/avvikelser/kallor", data=SOURCE | named).status_code == 422
        assert browser.get(f"/avvikelser?collaboration={number}").status_code in (200, 404, 422)
    assert states(both) == []


def test_an_administrator_chooses_whose_the_file_is(both: Neighbours) -> None:
    root = both.machine()
    file = {"fil": ("a.csv", csv_file(THREE))}
    asked = root.post("/avvikelser/las-in", files=file)
    assert (asked.status_code, "Välj samverkan" in asked.text) == (422, True)
    takes_in(root, THREE, collaboration=str(both.theirs))
    assert {whose for whose, _ in on_file(both)} == {both.theirs}
    assert "hemlig.csv" in root.get(f"/avvikelser?collaboration={both.theirs}").text
    assert "hemlig.csv" not in root.get(f"/avvikelser?collaboration={both.ours}").text


@pytest.mark.parametrize(
    "number",
    ["7", "-7", "2147483647", "999999999", "-9999999999", "9_999_999_999_999_999_999", "x"],
)
def test_what_is_not_on_file_is_a_page_that_is_not_there(both: Neighbours, number: str) -> None:
    for browser in (both.frida(), both.machine()):
        for method, path in (
            ("GET", "las-in/{}"),
            ("POST", "las-in/{}"),
            ("GET", "las-in/{}/kalla"),
            ("POST", "inlasningar/{}/angra"),
            ("GET", "kallor/{}"),
            ("GET", "inlasningar/{}/ord"),
            ("POST", "inlasningar/{}/ord"),
            ("POST", "inlasningar/{}/placera"),
            ("POST", "kallor/{}/placera"),
        ):
            address = "/avvikelser/" + path.format(number)
            answer = browser.request(method, address, data={} if method == "POST" else None)
            refused = (403, 404, 422) if path.endswith("placera") else (404, 422)
            assert answer.status_code in refused, (method, address, answer.status_code)


@pytest.mark.parametrize("words", ["x\x00y", "Ingen", "9" * 400, "../x", "'; --"])
def test_words_that_are_no_source_are_said(both: Neighbours, words: str) -> None:
    for browser in (both.frida(), both.machine()):
        whose = {"collaboration": str(both.ours)}
        file = {"fil": ("a.csv", csv_file(THREE))}
        named = browser.post("/avvikelser/las-in", files=file, data={"kalla": words} | whose)
        assert named.status_code == 422
        assert browser.get("/avvikelser/las-in", params={"kalla": words}).status_code == 200
        group = browser.post("/rapporter", data={"period": "2025Q1", "group": "99999"})
        assert group.status_code in (404, 422)
