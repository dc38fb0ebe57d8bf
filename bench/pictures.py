"""The README's pictures, made from the demo: `python -m bench.pictures [--out docs/pictures]`.

The demo's year is played in a temporary folder, its pages are served as they are, and real Chromium
looks at them: what a visitor sees first, at the sizes that the README has room for.
"""

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import func, select

from bench.journeys import QUIET
from cli.serve import PagesServer
from config import settings as settings_module
from config.settings import Settings
from models.columns import c
from models.database import close, transaction
from models.edition import Edition, ReportKind
from models.letter import Letter, LetterItem
from notifications import links

TODAY = date(2025, 1, 20)  # the demo's year has ended, and January's reports are made
_COLOURS = 128  # a picture of a page needs no more


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, how much of it, and the file that it becomes."""

    name: str
    path: str
    wide: int
    high: int
    at: str = ""  # what is to be seen first in it; empty: the page's own beginning


def played(folder: Path) -> Settings:
    """The demo's year in a folder. Raises `CalledProcessError` when it does not end well."""
    home = os.environ | {"FOLJSAM_HOME": str(folder)}
    subprocess.run([sys.executable, "-m", "cli", "demo", "--once"], env=home, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = settings_module.load(home=folder / "demo", port=str(port))
    return told.model_copy(update={"today": TODAY})


def pictures(told: Settings) -> list[Picture]:
    """What is looked at: the first page, a letter, the page it leads to, the year's report."""
    letter = c(Letter)
    with transaction(told) as session:
        asks = (
            select(letter.id, letter.person_id)
            .join(LetterItem, c(LetterItem).letter_id == letter.id)
            .where(letter.to_name.startswith("Alice"))
            .group_by(letter.id, letter.person_id)
            .order_by(func.count().desc(), letter.id.desc())
        )
        row = session.execute(asks.limit(1)).one()
        of_the_year = c(Edition).kind == ReportKind.YEAR
        edition = session.execute(select(c(Edition).id).where(of_the_year).limit(1)).scalar_one()
        link = links.address(told, links.make(session, told, row.person_id))
    return [
        Picture("overview", "/", 1200, 870),
        Picture("letter", f"/utskick/{row.id}/brev", 390, 800),
        Picture("answer", link.removeprefix(told.pages_url), 390, 800),
        Picture("report", f"/rapporter/{edition}", 760, 800, at="main svg"),
    ]


@contextmanager
def served(told: Settings) -> Iterator[None]:
    """Its pages, really served."""
    ready = threading.Event()
    pages = PagesServer(told, ready.set)
    thread = threading.Thread(target=pages.run, daemon=True)
    thread.start()
    if not ready.wait(60):
        raise SystemExit("the pages did not come up")
    try:
        yield
    finally:
        pages.should_exit = True
        thread.join(10)


def look(browser: Browser, told: Settings, one: Picture, out: Path) -> None:
    """Take one picture, with no more colours than it needs."""
    page = browser.new_page(viewport={"width": one.wide, "height": one.high})
    page.goto(f"http://127.0.0.1:{told.port}{one.path}")
    if one.at:
        page.locator(one.at).first.evaluate("found => found.scrollIntoView()")
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(_COLOURS).save(out / f"{one.name}.png", optimize=True)
    page.close()


def main() -> None:
    """Play, look, and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="foljsam-pictures-") as folder:
        told = played(Path(folder))
        wanted = pictures(told)
        with served(told), sync_playwright() as player:
            browser = player.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(QUIET)
            )
            for one in wanted:
                look(browser, told, one, out)
            browser.close()
        close(told)


if __name__ == "__main__":
    main()
