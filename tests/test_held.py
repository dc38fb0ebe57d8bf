"""While nothing may leave, nothing does: not letters, nor what is published, taken out or told.

A restored copy is held. It may stand beside the real one, with the same settings.
"""

import ast
import os
from datetime import date
from pathlib import Path

import pytest

from cli.console import Wrong
from cli.serve import only_worker, run_once
from config import clock, copied
from config.settings import Settings
from config.timetable import line
from flows import year_close
from intake.deviation.folder import take_in_folder
from models.database import transaction
from models.edition import EditionState
from models.post_hold import hold, let_go
from tests.cast import Town
from tests.deviation_files import THREE, csv_file
from tests.test_approval import approved, follow_up, on_file, promised, year
from tests.test_year_close import SENT

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "models",
    "rules",
    "templates",
    "intake",
    "notifications",
    "reports",
    "flows",
    "web",
    "cli",
)
ASKS = {"nothing_leaves", "held"}
# Settings that lead out of the home, used where nobody asks of the hold, and why that is right.
ASKED_ABOVE = {
    "notifications/postman.py": "asks his bag (`Bag.is_held`) before anything else",
    "notifications/smtp.py": "hands over what the postman carries",
    "notifications/message.py": "writes what the postman carries",
    "notifications/returns.py": "reckons addresses",
    "notifications/calendar_days.py": "a domain in names of days",
    "notifications/stops.py": "whose refusal it is, when the postman has asked",
    "notifications/letters/frame.py": "words of a letter, which waits",
    "notifications/trust.py": "for the postman and the mailbox",
    "notifications/bounces.py": "whether letters have addresses of their own",
    "notifications/mailboxes.py": "read by flows/mail_in.py, which asks",
    "notifications/outbox.py": "writes letters, which wait",
    "flows/prefect_child.py": "its own server",
    "web/prefect_door.py": "a person reads Prefect's pages",
    "cli/encrypted.py": "looks",
    "cli/mailbox.py": "the sender that a letter came with",
}
OWN = {"home", "database_url", "clock"}  # named by many, and nothing outside by themselves


def nothing_may_leave(settings: Settings) -> None:
    with transaction(settings) as session:
        hold(session, "Databasen är återställd från en säkerhetskopia.")


def all_may_leave(settings: Settings) -> None:
    with transaction(settings) as session:
        let_go(session, "Alma")


def test_a_held_copy_leaves_exports_to_the_real_one(told: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "q1.csv").write_bytes(csv_file(THREE))
    os.utime(folder / "q1.csv", (1, 1))
    copy = told.model_copy(update={"deviations_folder": str(folder)})
    Town(told)
    nothing_may_leave(told)
    assert take_in_folder(copy, clock.now()) == []
    assert [path.name for path in folder.rglob("*")] == ["q1.csv"]
    all_may_leave(told)
    assert [one.file for one in take_in_folder(copy, clock.now())] == ["q1.csv"]


def test_a_held_copy_publishes_nothing_and_the_report_is_sent_when_it_may(
    small_town: Town, tmp_path: Path
) -> None:
    folder = tmp_path / "publikt"
    told = small_town.settings.model_copy(update={"public_folder": folder})
    follow_up(small_town, promised(small_town), date(2024, 11, 20))
    edition = approved(small_town, year(small_town))
    nothing_may_leave(told)
    assert year_close.send_unsent(told, SENT) == []
    assert not folder.exists()
    assert on_file(small_town, edition).frozen.state is EditionState.APPROVED
    all_may_leave(told)
    assert year_close.send_unsent(told, SENT)
    assert (folder / "index.html").exists()


def test_a_held_copy_puts_no_round_on_a_prefect_server_elsewhere(small_town: Town) -> None:
    far = {"prefect_api_url": "http://127.0.0.1:9/api"}
    told = small_town.settings.model_copy(update=far)
    nothing_may_leave(told)
    with pytest.raises(Wrong, match="sending on"):
        only_worker(told)
    with pytest.raises(Wrong, match="sending on"):
        run_once(told, line("morning-round"), clock.today(None))


def brought_in(tree: ast.AST) -> set[str]:
    """What a file imports of the hold's."""
    of_it = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "models.post_hold"
    ]
    return {alias.name for node in of_it for alias in node.names}


def leading_out() -> dict[str, bool]:
    """The files that use a setting that leads out: does each ask of the hold?"""
    out = copied.LEADS_OUT.keys() - OWN
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            if read & out:
                found[str(path.relative_to(ROOT))] = bool(brought_in(tree) & ASKS)
    return found


def test_whoever_uses_a_setting_that_leads_out_asks_of_the_hold() -> None:
    """A new way out is found here: it asks `models/post_hold.py`, or says above why it need not."""
    silent = {path for path, asks in leading_out().items() if not asks}
    assert silent == ASKED_ABOVE.keys()
