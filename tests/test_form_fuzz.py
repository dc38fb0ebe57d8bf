"""Whatever is sent to any form, the answer is a page and never a fault; `make fuzz` sends more.

A real server is asked, and watched: no process of it may take much memory, however odd the files.
Forms are read off the pages themselves, so that a new one is tried without being named here; every
route that takes a post is tried with odd numbers in its address too.
"""

import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from rules.access import TABLE
from tests.cast import Town
from tests.conftest import free_port
from tests.deviation_files import THREE, csv_file, excel
from tests.test_approval import year
from tests.test_intake_fuzz import FILES

TIMES = int(os.environ.get("FUZZ", "60"))
SEED = int(os.environ.get("FUZZ_SEED", "13"))
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
DOORS = ("/planer/las-in", "/personer/las-in", "/avvikelser/las-in", "/rapporter/1/word")
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_NAME = re.compile(r'name="([^"]+)"(?:[^>]*?value="([^"]*)")?')
_LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.fixture
def server(small_town: Town) -> Iterator[tuple[str, int]]:
    """The pages in a process of their own: where they are, and its number."""
    small_town.decided(by="2025-03-31")
    small_town.decided("Trygg hemgång", by="2024-11-30")
    year(small_town)
    port, log = free_port(), small_town.settings.home / "server.log"
    surroundings = {
        "FOLJSAM_HOME": str(small_town.settings.home),
        "FOLJSAM_PORT": str(port),
        "FOLJSAM_PREFECT_PORT": str(free_port()),
        "FOLJSAM_TODAY": "2025-01-15",
    }
    with log.open("w") as out:
        command = [sys.executable, "-m", "cli", "web"]
        process = subprocess.Popen(command, env=os.environ | surroundings, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{address}/health")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield address, process.pid
    process.terminate()
    process.wait(20)
    print(log.read_text("utf-8")[-6000:])  # noqa: T201 - shown where the test fails


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


def forms_on(client: httpx.Client) -> list[tuple[str, dict[str, str]]]:
    """Every form that the pages show, found from the overview along the links."""
    waiting, seen, found = ["/"], {"/"}, {}
    while waiting and len(seen) < 120:
        page = client.get(waiting.pop(0))
        if "text/html" not in page.headers.get("content-type", ""):
            continue
        for action, inside in _FORM.findall(page.text):
            names = {unescape(n): unescape(v) for n, v in _NAME.findall(inside)}
            found[unescape(action), tuple(names)] = names
        for link in map(unescape, _LINK.findall(page.text)):
            shape = re.sub(r"\d+", "1", link.partition("?")[0])
            if shape not in seen and not link.startswith("/logga"):
                seen.add(shape)
                waiting.append(link)
    return [(action, names) for (action, _), names in found.items()]


def odd(chance: random.Random, otherwise: str = "") -> str:
    """A value that somebody could send."""
    kind = chance.random()
    if kind < 0.3:
        return otherwise
    if kind < 0.9:
        return chance.choice(ODD)
    return "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(1, 60)))


def posts(chance: random.Random, forms: list[Any], routes: list[str]) -> tuple[str, dict[str, Any]]:
    """One input: an address, and what is sent to it."""
    kind = chance.random()
    action, names = chance.choice(forms)
    if kind < 0.12:
        return chance.choice(DOORS), _upload(chance)
    if kind < 0.3:
        action = re.sub(r"\{\w+\}", lambda _: _number(chance), chance.choice(routes))
    elif kind < 0.4:
        action = re.sub(r"\d+", lambda _: _number(chance), action)
    data = {name: odd(chance, value) for name, value in names.items() if chance.random() < 0.9}
    if chance.random() < 0.2:
        data[chance.choice(["row", "group", "activity_1", "goal", "do", "filled_from"])] = odd(
            chance
        )
    if chance.random() < 0.03:
        return action, {
            "content": os.urandom(200),
            "headers": {"content-type": "multipart/form-data"},
        }
    return action, {"data": data}


def _number(chance: random.Random) -> str:
    return chance.choice(["0", "1", "2", "-1", "99999", "2147483648", "9" * 25, "x", "%00", "²"])


def _upload(chance: random.Random) -> dict[str, Any]:
    files = [(name, data) for name, many in FILES.items() for data in many]
    files += [("a.csv", csv_file(THREE)), ("a.xlsx", excel({"Data": THREE}))]
    name, data = chance.choice(files)
    whole = bytearray(data)
    for _ in range(chance.randrange(0, 9)):
        at = chance.randrange(0, max(len(whole), 1))
        planted = chance.choice([b"", b"\x00", b"\xff\xfe", b"<", b"9" * 9, bytes(whole[at:])])
        whole[at : at + chance.randrange(0, 40)] = planted
    sent = (odd(chance, name).replace("\x00", "")[:80] or name, bytes(whole))
    field = chance.choice(["file", "file", "fil"])
    return {"files": {field: sent}, "data": {"kalla": odd(chance), "plan": odd(chance)}}


def test_no_form_answers_with_a_fault_whatever_is_sent(server: tuple[str, int]) -> None:
    address, pid = server
    chance = random.Random(SEED)
    routes = [line.removeprefix("POST ") for line in TABLE if line.startswith("POST ")]
    faults: list[tuple[int, str, Any]] = []
    with Watch(pid) as watch, httpx.Client(base_url=address, timeout=120) as client:
        forms: list[Any] = []
        for at in range(TIMES):
            if at % CRAWLED_ANEW == 0:
                forms = forms_on(client) or forms
            where, what = posts(chance, forms, routes)
            answer = client.post(where, **what)
            if answer.status_code >= 500:
                faults.append((answer.status_code, where, what))
        health = client.get("/health").json()
    print(f"pages {watch.pages} kB, readers {watch.readers} kB, {len(forms)} forms")  # noqa: T201
    assert faults == []
    assert len(forms) > 20
    assert health["database"] == "ok"
    assert watch.pages <= MOST
    assert watch.readers <= MOST_OF_A_READER
