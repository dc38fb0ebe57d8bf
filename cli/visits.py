"""What people do on the pages in the demo's year, as their browsers would: forms, files, links.

The days and the words are `cli/example/story.py`; they are played by `cli/example/year.py`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx

PATIENCE = 60.0  # seconds: the demo may be played on a machine that is busy with something else


class NotUnderstood(Exception):  # noqa: N818 - the demo tells what did not work
    """A page did not answer as it should; the message says which."""


def answer(link: str, fields: Mapping[str, str], *, about: int = 1, start: bool = False) -> None:
    """Open the link of a letter and answer about the first activities of the form."""
    with _browser() as browser:
        form = browser.get(link)
        ids = re.findall(r'name="start_(\d+)"' if start else r'name="says_(\d+)"', form.text)
        asked = list(dict.fromkeys(ids))[:about]
        if not asked:
            raise NotUnderstood(f"{link} has nothing that can be answered")
        sent = {f"{name}_{id_}": words for id_ in asked for name, words in fields.items()}
        sent |= {f"start_{id_}": "ja" for id_ in asked if start}
        receipt = browser.post(link, data=sent)
    if receipt.status_code != 200 or fields["text"] not in receipt.text:
        raise NotUnderstood("an answer was not understood")


def hand_over(link: str, to: Mapping[str, str]) -> None:
    """Let somebody answer in one's place for a while, through the link of a letter."""
    with _browser() as browser:
        form = browser.get(f"{link}/ersattare")
        scope = re.search(r'name="scope"><option value="([^"]*)"', form.text)
        told = browser.post(f"{link}/ersattare", data={**to, "scope": scope[1] if scope else ""})
    if told.status_code != 200 or to["delegate"] not in told.text:
        raise NotUnderstood("a stand-in was not taken in")


def put_parts(pages: str, activity_id: int, parts: Mapping[str, str]) -> None:
    """Say which parts an activity has, and how far each has come."""
    with _browser() as browser:
        for name, state in parts.items():
            address = f"{pages}/aktiviteter/{activity_id}/delar"
            told = browser.post(address, data={"name": name, "state": state})
            if told.status_code != 200 or name not in told.text:
                raise NotUnderstood(f"the part {name} was not taken in")


def open_round(pages: str, group_id: int) -> None:
    """Ask a group about all that it has open."""
    with _browser() as browser:
        told = browser.post(f"{pages}/statusrundor", data={"group": str(group_id)})
    if told.status_code != 200 or not re.search(r"/statusrundor/\d+$", str(told.url)):
        raise NotUnderstood("a status round could not be opened")


def take_in_deviations(pages: str, file: Path) -> None:
    """Choose the file, look at what it changes, say yes."""
    with _browser() as browser:
        chosen = {"fil": (file.name, file.read_bytes(), "text/csv")}
        preview = browser.post(f"{pages}/avvikelser/las-in", files=chosen, data={"kalla": ""})
        if preview.status_code != 200 or str(preview.url).endswith("/las-in"):
            raise NotUnderstood("the deviations could not be read")
        told = browser.post(str(preview.url), data={"spara": "ja", "alla": "ja"})
    if told.status_code != 200 or file.name not in told.text:
        raise NotUnderstood("the deviations were not taken in")


def fetch(address: str, folder: Path) -> Path:
    """Save a file from the pages under the name that they give it."""
    with _browser() as browser:
        told = browser.get(address)
    name = re.search(r'filename="?([^";]+)', told.headers.get("content-disposition", ""))
    if told.status_code != 200 or not name:
        raise NotUnderstood(f"{address} gave no file")
    path = folder / Path(name[1]).name
    path.write_bytes(told.content)
    return path


def link_in(letter: EmailMessage) -> str:
    """The address of the form that a letter leads to."""
    body = letter.get_body(("plain",))
    found = re.search(r"http://\S+/svar/\S+", body.get_content()) if body else None
    if not found:
        raise NotUnderstood(f"the letter “{letter['Subject']}” has no link")
    return found[0]


@contextmanager
def _browser() -> Iterator[httpx.Client]:
    with httpx.Client(follow_redirects=True, timeout=PATIENCE) as browser:
        yield browser
