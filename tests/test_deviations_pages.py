"""Avvikelser in the browser: looked at, said yes to, taken back; sources; without JavaScript."""

import pytest
from fastapi.testclient import TestClient

from config.settings import Settings
from tests.conftest import browse
from tests.deviation_files import HEADS, THREE, csv_file, row
from web.app import create_app

pytestmark = pytest.mark.by_turns


@pytest.fixture
def pages(told: Settings) -> TestClient:
    """A browser."""
    return browse(create_app(told))


def send(pages: TestClient, data: bytes, name: str = "export.csv", source: str = "") -> str:
    """Frida chooses a file; the address that she comes to."""
    response = pages.post("/avvikelser/las-in", files={"fil": (name, data)}, data={"kalla": source})
    assert response.status_code == 200, response.text
    return str(response.url.path)


def test_a_file_is_looked_at_before_it_counts(pages: TestClient) -> None:
    address = send(pages, csv_file([*THREE, row("", "2025-01-01")]))
    shown = pages.get(address).text
    assert "Rader i filen: 4. Ärenden: 3, varav 3 nya. 0 ändras och 0 är som förut." in shown
    assert "Ärendenumret saknas. Rad 5." in shown
    assert "läses inte, sparas inte" in shown
    assert "Ingen fil är inläst" in pages.get("/avvikelser").text
    overview = pages.post(address, data={"spara": "ja"}).text
    assert "export.csv" in overview
    assert "Rader som inte kom med: 1" in overview
    assert "&lt;5" in overview


def test_a_file_can_be_let_go(pages: TestClient) -> None:
    address = send(pages, csv_file(THREE))
    assert "Ingen fil är inläst" in pages.post(address, data={"avbryt": "ja"}).text
    assert pages.get(address).status_code == 404


def test_the_same_file_is_told(pages: TestClient) -> None:
    pages.post(send(pages, csv_file(THREE)), data={"spara": "ja"})
    again = pages.post("/avvikelser/las-in", files={"fil": ("export.csv", csv_file(THREE))})
    assert again.status_code == 422
    assert "redan inläst" in again.text


def test_the_latest_import_is_taken_back(pages: TestClient) -> None:
    pages.post(send(pages, csv_file(THREE)), data={"spara": "ja"})
    pages.post(send(pages, csv_file(THREE[:1])), data={"spara": "ja"})
    assert pages.get("/avvikelser").text.count("Ångra</button>") == 1
    refused = pages.post("/avvikelser/inlasningar/1/angra")
    assert refused.status_code == 422
    assert "Bara den senaste" in refused.text
    undone = pages.post("/avvikelser/inlasningar/2/angra").text
    assert "Ångrad" in undone
    assert "inlasningar/1/angra" in undone


def test_headings_that_are_not_known_are_told_once(pages: TestClient) -> None:
    heads = ["Löpa", "Klar", "K1", "K2", *HEADS[4:]]
    data = csv_file(THREE, heads=heads)
    refused = pages.post("/avvikelser/las-in", files={"fil": ("export.csv", data)})
    assert refused.status_code == 422
    assert "Visa vilken kolumn som är vilken" in refused.text
    form = {"namn": "Alm vård"} | {f"rubrik{n}": head for n, head in enumerate(heads)}
    form |= {"kolumn0": "number", "kolumn1": "registered", "kolumn4": "target_group"}
    saved = pages.post("/avvikelser/kallor", data=form)
    assert "Välj filen igen" in saved.text
    assert "Ärenden: 3" in pages.get(send(pages, data, source="Alm vård")).text
    assert "Källa: Alm vård" in pages.get("/avvikelser/kallor/1").text


def test_a_column_chosen_twice_is_refused(pages: TestClient) -> None:
    form = {"namn": "Alm", "rubrik0": "a", "kolumn0": "number", "rubrik1": "b", "kolumn1": "number"}
    refused = pages.post("/avvikelser/kallor", data=form)
    assert refused.status_code == 422
    assert "vald två gånger" in refused.text


def test_a_new_source_begins_with_the_headings_of_the_file(pages: TestClient) -> None:
    address = send(pages, csv_file(THREE))
    number = address.rpartition("/")[2]
    shown = pages.get(f"/avvikelser/las-in/{number}/kalla").text
    assert all(head in shown for head in HEADS)


@pytest.mark.parametrize(
    "path", ["/avvikelser/las-in/7", "/avvikelser/kallor/7", "/avvikelser/las-in/99999999999"]
)
def test_what_is_not_there_is_said(pages: TestClient, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF-1.7", "inte kan läsas in"),
        ("a.csv", b"   ", "tom"),
        ("a.xlsx", b"PK nothing", "skadad"),
        ("a.csv", b"a;b\r\n1;2\r\n", "rubrikrad"),
    ],
)
def test_a_file_that_is_none_is_refused_in_swedish(
    pages: TestClient, name: str, data: bytes, said: str
) -> None:
    refused = pages.post("/avvikelser/las-in", files={"fil": (name, data)})
    assert refused.status_code == 422
    assert said in refused.text


def test_a_form_without_a_file_says_so(pages: TestClient) -> None:
    refused = pages.post("/avvikelser/las-in", files={"kalla": (None, "")})
    assert "Välj en fil först" in refused.text
