"""A real browser, and pages that are really served, for every test in this folder."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from cli.serve import PagesServer
from config.settings import Settings
from tests.conftest import missing


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One for all tests of this folder that a process runs."""
    with launched() as browser:
        yield browser


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium, headless, kept from calling home."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        missing("Chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@contextmanager
def served(told: Settings) -> Iterator[None]:
    """The installation's pages, served in a thread."""
    ready = threading.Event()
    pages = PagesServer(told, ready.set)
    thread = threading.Thread(target=pages.run, daemon=True)
    thread.start()
    assert ready.wait(60)
    yield
    pages.should_exit = True
    thread.join(10)
