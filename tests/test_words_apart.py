"""Words that take a minute to understand hold up nobody but the one who sent them.

A cell of 8,000 letters kept the patterns that look for names busy for most of a minute, and as long
as that no page was answered. What is understood of a file is worked out apart, as it is read.
"""

import html
import threading
from datetime import date
from io import BytesIO
from time import process_time

import openpyxl
import pytest
from fastapi.testclient import TestClient

from intake import made_apart
from intake.apart import Bounds
from intake.documents import Refusal
from intake.people.group_list import GroupsRead
from intake.people.lists import PeopleDraft, people_in
from intake.people.lists_apart import list_of_file
from intake.people.mail_addresses import addresses_in
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    told = small_town.settings.model_copy(update={"today": date(2024, 6, 10)})
    return browse(create_app(told))


_HEADS = ("Aktivitet", "Ansvarig", "Slutdatum", "Status")


def page_with(**cells: str) -> bytes:
    rows = (_HEADS, tuple(cells.get(head, "") for head in _HEADS))
    told = "".join(
        "<tr>" + "".join(f"<td>{html.escape(words)}</td>" for words in row) + "</tr>"
        for row in rows
    )
    return f"<meta charset=utf-8><table>{told}</table>".encode()


def people(*addresses: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Namn", "E-post"])
    for number, address in enumerate(addresses):
        sheet.append([f"Alva Ek{number}", address])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def processor_time(frida: TestClient, words: str) -> float:
    """What a file with such a cell costs the process that serves pages."""
    sent = {"file": ("plan.html", page_with(Aktivitet=words))}
    began = process_time()
    assert frida.post("/planer/las-in", files=sent).status_code in {200, 422}
    return process_time() - began


@pytest.mark.parametrize("letters", ["a", "A", "/", "("])
def test_a_cell_that_is_hard_to_understand_takes_no_time_of_the_process_that_serves_pages(
    frida: TestClient, letters: str
) -> None:
    processor_time(frida, "Kurs")  # what is loaded once
    easy = processor_time(frida, "Gemensam kurs om trygg hemgång")
    hard = processor_time(frida, letters * 6000)
    assert hard < 10 * easy, "it was a hundred times as much"


def test_others_are_answered_while_such_a_file_is_understood(frida: TestClient) -> None:
    hard = {"file": ("plan.html", page_with(Aktivitet="a" * 4000))}
    done = threading.Event()

    def send() -> None:
        frida.post("/planer/las-in", files=hard)
        done.set()

    sender = threading.Thread(target=send)
    sender.start()
    answered = 0
    while not done.wait(0.2):
        frida.get("/logga-in")
        answered += not done.is_set()
    sender.join()
    assert answered > 3, "all of them waited until it was understood"


def test_words_that_take_too_long_are_refused_with_what_to_do(
    frida: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_apart, "BOUNDS", Bounds(work=2, wait=20))
    hard = page_with(Aktivitet="a" * 60_000)
    answer = frida.post("/planer/las-in", files={"file": ("plan.html", hard)})
    assert answer.status_code == 422
    assert "har text som tar för lång tid att förstå" in answer.text


@pytest.mark.parametrize("part", ["a.", "a", "a@", "<", "a <a", ", "])
def test_a_cell_full_of_what_is_nearly_an_address_is_read_once(part: str) -> None:
    def takes(letters: int) -> float:
        cell = part * (letters // len(part))
        began = process_time()
        addresses_in(cell)
        return process_time() - began

    short, long = (min(takes(letters) for _ in range(3)) for letters in (4_000, 32_000))
    assert long < 24 * short + 0.02, "eight times as long took 64 times as much"


def test_a_list_read_apart_is_the_same_list(small_town: Town) -> None:
    assert small_town.alm
    sent = people("alva@example.org", "bo@example.org; cia@example.org")
    assert list_of_file("lista.xlsx", sent, max_bytes=10**7) == people_in("lista.xlsx", sent)
    groups = b"Grupp;Typ\nNOSAM Alm;NOSAM\n"
    assert isinstance(list_of_file("grupper.csv", groups, max_bytes=10**7), GroupsRead)
    with pytest.raises(Refusal, match="nobody under"):
        list_of_file("tom.csv", b"Namn;E-post\n", max_bytes=10**7)
    assert isinstance(
        list_of_file("en.csv", b"Namn;E-post\nA B;a@example.org\n", max_bytes=10**7), PeopleDraft
    )
