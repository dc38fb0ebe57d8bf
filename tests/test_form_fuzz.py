"""Whatever is sent to any form, the answer is a page and never a fault; `make fuzz` sends more.

A real server is asked, and watched: no process of it may take much memory, however odd the files.
Forms are read off the pages themselves, so that a new one is tried without being named here, also
those that are shown only when something was sent; every route that takes a post is tried with odd
numbers in its address too. A file goes with the fields of its own form, so that its reader gets it.
"""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from config.settings import load
from models.database import close
from rules.access import TABLE
from tests.cast import Town
from tests.conftest import free_port
from tests.databases import put_migrated
from tests.deviation_files import HEADS, THREE, csv_file, excel
from tests.security.page_forms import Form, read_page
from tests.sizes import LONG, SEED, size
from tests.test_approval import write, year
from tests.test_intake_fuzz import FILES, as_workbook
from tests.test_intake_open_files import HEADING_ROW, cell, open_file, row, table

TIMES = size("FUZZ", 40, 2000)
MEGABYTE = 1024
MOST, MOST_OF_A_READER = 400 * MEGABYTE, 500 * MEGABYTE  # kilobytes, as /proc tells them
CRAWLED_ANEW = 250  # inputs; forms come and go as what they change does
ODD = [
    *("", " ", "0", "-1", "1", "2", "7", "99999999", "2147483647", "2147483648", "9" * 19),
    *("9" * 400, "1.5", "1e9", "NaN", "²", "١٢", "0x1", "\x00", "a\x00b", "ja", "on", "null"),
    *("2025-13-45", "0001-01-01", "9999-12-31", "31 april", "v. 53 2025", "2025Q5", "hösten"),
    *("Alice", "alice@example.org", "@", "a@b", "NOSAM Alm", "' OR 1=1 --", "<script>", "../../x"),
    *("x" * 300, "ord " * 3000, "👍🏽", "\u202eabc", "\ufeff", "٪", "NOSAM Alm\nNOSAM Björk"),
]  # fmt: skip
TOO_LATE = 300  # seconds; letters to come take 15 of processor, and the machine may be busy
KEPT_WHOLE = {"fingerprint", "name"}  # by which a file that was shown is found again
# The letters to come are worked out for a moment, unless much is sent: 90 days take seconds.
PAGES = "from cli import main; main.run()"
if not LONG:
    PAGES = f"from web.asking import coming; coming.ENOUGH = 0.2; {PAGES}"
SHOWN = 60  # forms that were shown in answer to something, the latest of them
_LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The pages in a process of their own: where they are, and its number."""
    home = tmp_path_factory.mktemp("fuzz")
    put_migrated(home)
    settings = load(home=home)
    town = Town(settings)
    town.decided(by="2025-03-31")
    town.decided("Trygg hemgång", by="2024-11-30")
    write(town, year(town), framat="Vi tar med oss arbetssättet.")
    close(settings)
    port, log = free_port(), home / "server.log"
    surroundings = {
        "FOLJSAM_HOME": str(home),
        "FOLJSAM_PORT": str(port),
        "FOLJSAM_PREFECT_PORT": str(free_port()),
        "FOLJSAM_PREFECT_DOOR_PORT": str(free_port()),
        "FOLJSAM_TODAY": "2025-01-15",
    }
    with log.open("w") as out:
        command = [sys.executable, "-c", PAGES, "web"]
        process = subprocess.Popen(command, env=os.environ | surroundings, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + TOO_LATE
    while not answers(address):
        assert process.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < until, "the pages did not come up"
        time.sleep(0.1)
    yield address, process.pid
    process.terminate()
    process.wait(120)
    print(log.read_text("utf-8")[-6000:])  # noqa: T201 - shown where the test fails


def answers(address: str) -> bool:
    """Are the pages up?"""
    try:
        return httpx.get(f"{address}/health", timeout=TOO_LATE).is_success
    except httpx.TransportError:
        return False


class Watch:
    """The most memory that each process of the server has had, in kilobytes."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.pages = self.readers = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            for process in (found := self._family(self.pid)):
                most = _peak(process)
                if process == self.pid:
                    self.pages = max(self.pages, most)
                else:
                    self.readers = max(self.readers, most)
            assert found

    def _family(self, pid: int) -> list[int]:
        try:
            threads = list(Path(f"/proc/{pid}/task").iterdir())
            told = " ".join((thread / "children").read_text() for thread in threads)
        except OSError:
            return [pid]
        return [pid, *(one for child in told.split() for one in self._family(int(child)))]


def _peak(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


def forms_on(client: httpx.Client) -> list[Form]:
    """Every form that the pages show, found from the overview along the links."""
    waiting, seen = ["/"], {"/"}
    found: dict[tuple[str, tuple[str, ...], tuple[str, str]], Form] = {}
    while waiting and len(seen) < 120:
        path = waiting.pop(0)
        try:
            page = client.get(path)
        except httpx.TimeoutException as late:
            raise AssertionError(f"{path} has not answered in {TOO_LATE} s") from late
        for form in forms_in(page, path):
            found[form.action, tuple(form.values), form.pressed] = form
        for link in map(unescape, _LINK.findall(page.text)):
            shape = re.sub(r"\d+", "1", link.partition("?")[0])
            if shape not in seen and not link.startswith("/logga"):
                seen.add(shape)
                waiting.append(link)
    return list(found.values())


def forms_in(page: httpx.Response, path: str) -> list[Form]:
    """The forms of a page that are posted, one for each button."""
    if "text/html" not in page.headers.get("content-type", ""):
        return []
    return [form for form in read_page(page.text, path)[0] if form.method == "POST"]


def odd(chance: random.Random, otherwise: str = "", share: float = 0.7) -> str:
    """A value that somebody could send: the page's own, or so often another."""
    kind = chance.random()
    if kind >= share:
        return otherwise
    if kind < share * 0.85:
        return chance.choice(ODD)
    return "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(1, 60)))


@dataclass
class Inputs:
    """What is sent, one after the other: forms of pages, forms that were shown, routes, files."""

    chance: random.Random
    draft: bytes  # a report to write in, as the page gives it
    pages: list[Form] = field(default_factory=list)
    shown: deque[Form] = field(default_factory=lambda: deque(maxlen=SHOWN))
    sent: Counter[str] = field(default_factory=Counter)  # files, by form and what came of it

    def one(self) -> tuple[str, dict[str, Any]]:
        """An address, and what is sent to it."""
        chance = self.chance
        form = chance.choice(self.pages)
        if self.shown and chance.random() < 0.2:
            form = chance.choice(self.shown)
        share = chance.choice([0.05, 0.3, 0.7])
        kind, action = chance.random(), form.action
        if kind < 0.15:
            form = chance.choice([each for each in self.pages if each.files])
            return form.action, self._with_file(form, share)
        if kind < 0.3:
            action = re.sub(r"\{\w+\}", lambda _: _number(chance), chance.choice(ROUTES))
        elif kind < 0.4:
            action = re.sub(r"\d+", lambda _: _number(chance), action)
        data = self._filled(form, share)
        if chance.random() < 0.2:
            data[chance.choice(STRANGE)] = odd(chance)
        if chance.random() < 0.03:
            headers = {"content-type": "multipart/form-data"}
            return action, {"content": chance.randbytes(200), "headers": headers}
        return action, {"data": data}

    def _filled(self, form: Form, share: float) -> dict[str, str]:
        chance = self.chance
        return {
            name: value if name in KEPT_WHOLE else odd(chance, value, share)
            for name, value in form.values.items()
            if name in KEPT_WHOLE or chance.random() < 0.95
        }

    def _with_file(self, form: Form, share: float) -> dict[str, Any]:
        chance = self.chance
        route = form.action.partition("?")[0]
        own = FILES_OF.get(route) or [("utkast.docx", self.draft)]
        name, data = chance.choice(own if chance.random() < 0.9 else FILES_OF["/planer/las-in"])
        if chance.random() < 0.5 and data.startswith(b"PK"):
            data = _with_odd_parts(chance, data)
        elif chance.random() < 0.8:
            data = _with_odd_bytes(chance, data)
        named = odd(chance, name, 0.1).replace("\x00", "")[:80] or name
        return {"files": {form.files[0]: (named, data)}, "data": self._filled(form, share)}

    def came(self, action: str, what: dict[str, Any], answer: httpx.Response) -> None:
        """Remember what forms an answer showed, and what became of a file."""
        self.shown.extend(forms_in(answer, action))
        if "files" in what:
            self.sent[f"{action} {answer.status_code}"] += 1


ROUTES = [line.removeprefix("POST ") for line in TABLE if line.startswith("POST ")]
STRANGE = ["row", "group", "activity_1", "goal", "do", "filled_from"]
PEOPLE = b"Namn;E-post;Grupp;Roll\nAnna Berg;anna@example.org;NOSAM Alm;ledamot\n"
GROUPS = b"Grupp;Typ;Ordning\nNOSAM Dal;NOSAM;1\n"
_SHEET = table(HEADING_ROW, row(cell("Kurs"), cell("Alice"), cell("2026-05-31")))
# What each form's reader takes, by the form's address; of any other, a report to write in.
FILES_OF: dict[str, list[tuple[str, bytes]]] = {
    "/planer/las-in": [
        *((name, data) for name, many in FILES.items() for data in many),
        ("plan.ods", open_file(f"<office:spreadsheet>{_SHEET}</office:spreadsheet>")),
        ("plan.odt", open_file(f"<office:text><text:h>Plan 2026</text:h>{_SHEET}</office:text>")),
    ],
    "/personer/las-in": [
        ("folk.csv", PEOPLE),
        ("grupper.csv", GROUPS),
        ("folk.xlsx", as_workbook([line.split(";") for line in PEOPLE.decode().splitlines()])),
    ],
    "/avvikelser/las-in": [
        ("a.csv", csv_file(THREE)),
        ("a.xlsx", excel({"Data": [list(HEADS), *THREE]})),
    ],
}


def _number(chance: random.Random) -> str:
    return chance.choice(["0", "1", "2", "-1", "99999", "2147483648", "9" * 25, "x", "%00", "²"])


def _with_odd_bytes(chance: random.Random, data: bytes) -> bytes:
    """Bytes changed, cut out or put in, anywhere in it."""
    whole = bytearray(data)
    for _ in range(chance.randrange(0, 9)):
        at = chance.randrange(0, max(len(whole), 1))
        planted = chance.choice([b"", b"\x00", b"\xff\xfe", b"<", b"9" * 9, bytes(whole[at:])])
        whole[at : at + chance.randrange(0, 40)] = planted
    return bytes(whole)


def _with_odd_parts(chance: random.Random, data: bytes) -> bytes:
    """The same in one part of a package that is whole, so that the reader comes so far."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as package, ZipFile(out, "w") as changed:
        names = package.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = package.read(name)
            changed.writestr(name, _with_odd_bytes(chance, part) if name == chosen else part)
    return out.getvalue()


def test_a_file_of_each_form_is_read_and_shown(server: tuple[str, int]) -> None:
    """A whole file with the form's own fields is taken in: so a changed one reaches the reader."""
    address, _ = server
    with httpx.Client(base_url=address, timeout=120) as client:
        draft = client.get("/rapporter/1/fil.docx").content
        forms = {form.action.partition("?")[0]: form for form in forms_on(client) if form.files}
        assert {*FILES_OF, "/rapporter/1/word"} <= forms.keys()
        for where, form in forms.items():
            for name, data in FILES_OF.get(where, [("utkast.docx", draft)]):
                answer = client.post(
                    form.action, data=form.values, files={form.files[0]: (name, data)}
                )
                assert answer.status_code in {200, 303}, f"{where} {name}: {answer.text}"


def _sent(client: httpx.Client, where: str, what: dict[str, Any]) -> httpx.Response:
    """The answer; once more where the server had just given up a connection that was kept."""
    try:
        return client.post(where, **what)
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        return client.post(where, **what)


def test_no_form_answers_with_a_fault_whatever_is_sent(server: tuple[str, int]) -> None:
    address, pid = server
    faults: list[tuple[int, str, Any]] = []
    with Watch(pid) as watch, httpx.Client(base_url=address, timeout=TOO_LATE) as client:
        draft = client.get("/rapporter/1/fil.docx").content
        inputs = Inputs(random.Random(SEED), draft)
        for at in range(TIMES):
            if at % CRAWLED_ANEW == 0:
                inputs.pages = forms_on(client) or inputs.pages
                print(f"{at} inputs, {len(faults)} faults, pages {watch.pages} kB", flush=True)  # noqa: T201
            where, what = inputs.one()
            answer = _sent(client, where, what)
            inputs.came(where, what, answer)
            if answer.status_code >= 500:
                faults.append((answer.status_code, where, what))
                print(f"{answer.status_code} at {where}: {str(what)[:2000]}", flush=True)  # noqa: T201
        health = client.get("/health").json()
    print(f"pages {watch.pages} kB, readers {watch.readers} kB, {len(inputs.pages)} forms")  # noqa: T201
    print(f"files: {dict(inputs.sent)}")  # noqa: T201
    assert faults == []
    assert len(inputs.pages) > 20
    assert health["database"] == "ok"
    assert watch.pages <= MOST
    assert watch.readers <= MOST_OF_A_READER
