"""Every list that is shown can be had as an Excel file with the same rows."""

from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
from fastapi.testclient import TestClient

from config import settings as settings_module
from rules.access import TABLE
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app
from web.asking import coming

# The list, a heading of it, and words that one of its rows has.
LISTS = [
    ("/aktiviteter", "Aktivitet", "Trygg hemgång"),
    ("/planer", "Plan", "Plan 2024"),
    ("/grupper", "Ordförande", "Alice"),
    ("/personer", "E-post", "alice@example.org"),
    ("/utskick", "Ärende", "alice@example.org"),
    ("/kommande", "Aktivitet", "=HYPERLINK(1)"),
    ("/korningar", "Körning", ""),
    ("/statusrundor", "Besvarade", ""),
    ("/moten", "Att ta upp", "NOSAM Alm"),
    ("/moten/{group}", "Aktivitet", "=HYPERLINK(1)"),
]


@pytest.fixture
def frida(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(coming, "DAYS", 14)  # the letter comes within them
    small_town.decided("Trygg hemgång", by="2024-06-20")
    small_town.decided("=HYPERLINK(1)", by="2024-06-28", follow_up="+46")
    small_town.activity("=HYPERLINK(1)")
    small_town.morning("2024-06-13")
    told = settings_module.load(
        **{**small_town.settings.model_dump(), "today": "2024-06-13", "prefect_port": 1}
    )
    with browse(create_app(told)) as client:
        yield client


def rows(frida: TestClient, address: str) -> list[list[object]]:
    answer = frida.get(address)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [cell for line in sheet for cell in line if str(cell.value).startswith("=")]
    assert all(cell.data_type == "s" for cell in cells)
    return [[cell.value for cell in line] for line in sheet]


@pytest.mark.parametrize(("address", "heading", "words"), LISTS)
def test_a_list_is_had_as_an_excel_file_with_the_rows_of_its_page(
    small_town: Town, frida: TestClient, address: str, heading: str, words: str
) -> None:
    address = address.format(group=small_town.alm)
    head, *found = rows(frida, f"{address}.xlsx")[2:]
    assert heading in head
    if words:
        assert any(words in line for line in found), found
        assert f'href="{address}.xlsx' in frida.get(address).text


def test_every_list_in_the_table_of_routes_is_tried_here() -> None:
    listed = {route.removeprefix("GET ") for route in TABLE if route.endswith(".xlsx")}
    tried = {f"{address.replace('group', 'group_id')}.xlsx" for address, _, _ in LISTS}
    assert listed - {"/planer/{plan_id}.xlsx"} == tried


def test_a_search_narrows_the_file_as_it_narrows_the_page(frida: TestClient) -> None:
    found = rows(frida, "/personer.xlsx?sok=alice")[3:]
    assert [line[0] for line in found] == ["Alice"]
    assert rows(frida, "/utskick.xlsx?sok=finns+inte")[3:] == []
    assert frida.get("/moten/999.xlsx").status_code == 404
