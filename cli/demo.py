"""The demo: a year of an example plan, played with real parts, and checked as it goes.

Real flow runs on a real Prefect server, real SMTP to a mailbox on loopback, real pages asked over
HTTP. Only the days are chosen: `example/year.py` plays them, `example/promises.py` checks. The
folder is `demo` in FOLJSAM_HOME and is made anew each time; what the year's reports look like lies
in its `rapporter`.
"""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from cli.console import out
from cli.example.promises import check
from cli.example.stage import DemoFailed, Stage
from cli.example.story import DAYS, HOME_SAFELY, TAKEN_IN
from cli.example.year import REPORTS, play_year
from cli.mailbox import Mailbox, a_free_port
from cli.serve import PagesServer, door, until_signal
from config import settings
from config.settings import Settings
from flows import away, prefect_child
from models import database

MARK = "demo"  # a file that says: this folder is the demo's, and may be made anew
ORGANISATION = "Vårdsamverkan Exempeldalen"
WHERE = (
    ("The year, and what needs attention", "/"),
    ("An activity with its parts", "/aktiviteter/{activity}"),
    ("Who has answered, who has not", "/statusrundor"),
    ("Deviations, small numbers hidden", "/avvikelser"),
    ("Reports, to read and to approve", "/rapporter"),
    ("Every letter as it went", "/utskick"),
)


def play(*, stay: bool, quiet: bool) -> dict[str, Any]:
    """Play the year and check it. With `stay`, serve the pages until Ctrl-C.

    Raises `DemoFailed` with a sentence when any part did not work.
    """
    began = time.monotonic()
    told = _prepare()
    with ExitStack() as stack:
        stack.enter_context(answered(told))
        child = prefect_child.start(told)
        stack.callback(child.stop)
        mailbox = Mailbox(told.home / "mailbox")
        mailbox.open()
        stack.callback(mailbox.close)
        told = _with_mail(told, mailbox)
        stack.enter_context(door(told))
        pages = _open_pages(told, stack)
        progress = stack.enter_context(_progress(quiet))
        stage = Stage(told, pages, mailbox, progress)
        played = check(stage, play_year(stage, child))
        played |= {"url": told.pages_url, "seconds": round(time.monotonic() - began, 1)}
        progress.stop()
        if stay:
            _stay(stage, played)
    database.close(told)
    return played


@contextmanager
def answered(told: Settings) -> Iterator[None]:
    """A part that does not start, or does not answer in time, is what did not work."""
    try:
        yield
    except prefect_child.ServerError as error:
        raise DemoFailed(str(error)) from error
    except httpx.HTTPError as error:
        asked = _address(error)
        if asked.startswith(told.prefect_api):
            raise DemoFailed(away.in_words(error, told)) from error
        words = f"{asked} did not answer ({type(error).__name__}); the machine may be too busy"
        raise DemoFailed(words) from error


def _address(error: httpx.HTTPError) -> str:
    """What was asked when it went wrong; Prefect's own client does not always say."""
    try:
        return str(error.request.url)
    except RuntimeError:
        return "something"


def _prepare() -> Settings:
    """A fresh folder, settings with free ports, and the tables."""
    home = settings.load().home.absolute() / "demo"
    if home.exists():
        if not (home / MARK).exists() and any(home.iterdir()):
            raise DemoFailed(f"{home} holds something that is not a demo; move it away first")
        shutil.rmtree(home)
    home.mkdir(parents=True)
    (home / MARK).write_text("This folder is the demo's: each demo makes it anew.\n")
    asked = settings.load(home=home, organisation=ORGANISATION)
    told = asked.model_copy(
        update={
            "port": _port(asked.host, asked.port),
            "prefect_port": _port("127.0.0.1", asked.prefect_port),
            "prefect_door_port": _port("127.0.0.1", asked.prefect_door_port),
            "today": TAKEN_IN,
        }
    )
    (home / "foljsam.env").write_text(
        f"FOLJSAM_ORGANISATION={ORGANISATION}\n"
        f"FOLJSAM_TODAY={DAYS[-1]}\n"
        f"FOLJSAM_PORT={told.port}\n"
        f"FOLJSAM_PREFECT_PORT={told.prefect_port}\n"
        f"FOLJSAM_PREFECT_DOOR_PORT={told.prefect_door_port}\n"
    )
    os.environ.update(prefect_child.environment(told))
    database.migrate(told)
    return told


def _with_mail(told: Settings, mailbox: Mailbox) -> Settings:
    """The same installation, with the mailbox as its mail server; the flows read it too."""
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mailbox.port,
        "mail_from": "foljsam@example.org",
        "mail_reply_to": "frida@example.org",
    }
    os.environ.update({f"FOLJSAM_{name.upper()}": str(value) for name, value in mail.items()})
    return told.model_copy(update=mail)


def _port(host: str, wanted: int) -> int:
    return wanted if prefect_child.port_free(host, wanted) else a_free_port()


def _open_pages(told: Settings, stack: ExitStack) -> PagesServer:
    """The pages, in a thread: the play is in front."""
    ready = threading.Event()
    pages = PagesServer(told, ready.set)
    thread = threading.Thread(target=pages.run, name="pages", daemon=True)
    thread.start()
    if not ready.wait(15):
        raise DemoFailed("the pages did not start")

    def close() -> None:
        pages.should_exit = True
        thread.join(10)

    stack.callback(close)
    return pages


def _progress(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        console=Console(stderr=True, quiet=quiet),
    )


def _stay(stage: Stage, played: dict[str, Any]) -> None:
    told = stage.settings
    out.print(
        f"\n  A year has passed: {played['activities']} activities, {played['letters']} letters, "
        f"{played['answers']} answers, {played['deviations']} made-up deviations.\n"
    )
    activity = stage.activity(HOME_SAFELY)
    for words, path in WHERE:
        address = f"{told.pages_url}{path.format(activity=activity)}"
        out.print(f"  {words:<36} {address}", markup=False)
    out.print(f"  {'The rounds at Prefect':<36} {told.prefect_ui}")
    out.print(f"  {'The reports as files':<36} {_short(told.home / REPORTS)}")
    out.print(f"  {'All that is kept':<36} {_short(told.home)}")
    out.print("\n  Ctrl-C ends it.\n")
    until_signal()
    out.print("  Ending …")


def _short(path: Path) -> str:
    return os.path.relpath(path)
