"""The demo: a year of an example plan, played with real parts, and checked as it goes.

Real flow runs on a real Prefect server, real SMTP to a mailbox on loopback, real pages asked over
HTTP. Only the days are chosen. The folder is `demo` within FOLJSAM_HOME and is made anew each time.
"""

import asyncio
import os
import re
import shutil
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from sqlalchemy import func, select, update
from sqlmodel import Session

from cli.console import out
from cli.example.build import PEOPLE, PLAN
from cli.example.story import (
    ANSWER_ON,
    DAYS,
    DECIDED_ON,
    FOLLOW_UPS,
    LEADER,
    MOVES,
    STAND_IN,
    TAKEN_IN,
)
from cli.mailbox import Mailbox, a_free_port
from cli.serve import PagesServer, until_signal
from config import policy, settings, timetable
from config.settings import Settings
from flows import prefect_child
from flows.schedule import run_line
from intake.filing import file_people, file_plan
from intake.people import read_people
from intake.plans import read_plan
from models import database
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision, MoveRow
from models.group import Group
from models.letter import Letter, LetterState
from models.lifecycle import Brought, Move
from models.moves import Refused, make_move
from models.status import StatusAnswer
from notifications.postman import Postman

MARK = "demo"  # a file that says: this folder is the demo's, and may be made anew
ORGANISATION = "Vårdsamverkan Exempeldalen"


class DemoFailed(Exception):  # noqa: N818 - the demo tells what did not work
    """A part of the demo did not work; the message says which."""


@dataclass(slots=True)
class Stage:
    """What the play needs at hand."""

    settings: Settings
    pages: PagesServer
    mailbox: Mailbox
    progress: Progress
    rounds: int = 0

    def turn_to(self, today: date) -> Settings:
        """Let it be that day, for the pages too."""
        self.settings = self.settings.model_copy(update={"today": today})
        self.pages.app.state.settings = self.settings
        return self.settings


def play(*, stay: bool, quiet: bool) -> dict[str, Any]:
    """Play the year and check it. With `stay`, serve the pages until Ctrl-C.

    Raises `DemoFailed` with a sentence when any part did not work.
    """
    began = time.monotonic()
    told = _prepare()
    with ExitStack() as stack:
        child = prefect_child.start(told)
        stack.callback(child.stop)
        mailbox = Mailbox(told.home / "mailbox")
        mailbox.open()
        stack.callback(mailbox.close)
        told = _with_mail(told, mailbox)
        pages = _open_pages(told, stack)
        progress = stack.enter_context(_progress(quiet))
        stage = Stage(told, pages, mailbox, progress)
        played = _year(stage, child)
        played |= {"url": told.pages_url, "seconds": round(time.monotonic() - began, 1)}
        progress.stop()
        if stay:
            _stay(stage, played)
    database.close(told)
    return played


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
            "today": TAKEN_IN,
        }
    )
    (home / "foljsam.env").write_text(
        f"FOLJSAM_ORGANISATION={ORGANISATION}\n"
        f"FOLJSAM_TODAY={DAYS[-1]}\n"
        f"FOLJSAM_PORT={told.port}\n"
        f"FOLJSAM_PREFECT_PORT={told.prefect_port}\n"
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


def _year(stage: Stage, child: prefect_child.Child) -> dict[str, Any]:
    """1. The plan and the people are taken in. 2. The groups decide. 3. Rounds on the key days;
    one person answers through her link. 4. A round run twice changes nothing. 5. All is checked.
    """
    bar = stage.progress.add_task("The plan is taken in", total=len(DAYS) + 5)

    def tell(words: str) -> None:
        stage.progress.update(bar, description=f"{words:<44}", advance=1)

    _take_in(stage.settings)
    tell("The groups decide")
    _decide(stage.turn_to(DECIDED_ON))
    tell("Prefect's server gets ready")
    try:
        child.wait_ready()
    except prefect_child.ServerError as error:
        raise DemoFailed(str(error)) from error
    for today in DAYS:
        tell(f"The morning of {today}")
        _moves(stage, today)
        asyncio.run(_morning(stage, today))
        if today == ANSWER_ON:
            _answer(stage)
    tell("The last morning once more: nothing new")
    before = len(stage.mailbox.messages)
    asyncio.run(_morning(stage, DAYS[-1]))
    if len(stage.mailbox.messages) != before:
        raise DemoFailed("a round that was run twice wrote twice")
    tell("Everything is checked")
    played = _check(stage)
    tell("Done")
    return played


def _take_in(told: Settings) -> None:
    with transaction(told) as session:
        people = read_people(PEOPLE, max_bytes=told.max_upload_bytes)
        file_people(session, people, organisation=told.organisation)
    draft = read_plan(PLAN, max_bytes=told.max_upload_bytes)
    for attempt in ("first", "second"):
        with transaction(told) as session:
            filed = file_plan(
                session,
                draft,
                LEADER,
                organisation=told.organisation,
                review_months=policy.load(told.home).review_months,
                today=TAKEN_IN,
            )
        if attempt == "second" and not filed.nothing_new:
            raise DemoFailed("the same file twice changed something")


def _decide(told: Settings) -> None:
    """The coordinating group's meeting: § 7 decides what has all it needs; the rest waits."""
    with transaction(told) as session:
        group_id = session.execute(
            select(c(Group).id).where(c(Group).name == "Samordningsgruppen")
        ).scalar_one()
        decision = Decision(
            group_id=group_id, decided_on=DECIDED_ON, reference="§ 7", text="Aktivitetsplan 2024"
        )
        session.add(decision)
        session.flush()
        for what, follow_up in FOLLOW_UPS.items():
            session.execute(
                update(Activity)
                .where(c(Activity).what == what, c(Activity).follow_up == "")
                .values(follow_up=follow_up)
            )
        _decide_all(session, decision)


def _decide_all(session: Session, decision: Decision) -> None:
    ids = session.execute(select(c(Activity).id).order_by(c(Activity).id)).scalars().all()
    decided = 0
    for activity_id in ids:
        try:
            brought = Brought(decision_id=decision.id)
            make_move(session, activity_id, Move.DECIDE, LEADER, today=DECIDED_ON, brought=brought)
            decided += 1
        except Refused:
            continue  # the overview tells what it waits for
    if not 1 <= decided < len(ids):
        raise DemoFailed(f"{decided} of {len(ids)} activities could be decided")


def _moves(stage: Stage, today: date) -> None:
    """What the process leader has moved since the last morning, each on its own day."""
    for day, what, move, brought in MOVES:
        if not stage.settings.today or not stage.settings.today < day <= today:
            continue
        with transaction(stage.settings) as session:
            named = select(c(Activity).id).where(c(Activity).what == what).order_by(c(Activity).id)
            first = session.execute(named).scalars().first()
            group = session.execute(select(c(Group).id).where(c(Group).name == STAND_IN)).scalar()
            if first is None:
                raise DemoFailed(f"the plan has no {what!r}")
            along = replace(brought, stand_in_group_id=group)
            make_move(session, first, move, LEADER, today=day, brought=along)


async def _morning(stage: Stage, today: date) -> None:
    """One morning round as a flow run, and the postman's walk after it."""
    told = stage.turn_to(today)
    await run_line(timetable.line("morning-round"), today)
    stage.rounds += 1
    postman = Postman(told)
    await postman.post()
    await postman.close()


def _answer(stage: Stage) -> None:
    """Alice opens the link of her letter and answers, as her browser would."""
    letters = stage.mailbox.to("alice@example.org")
    if not letters:
        raise DemoFailed("Alice got no letter")
    body = letters[0].get_body(("plain",))
    found = re.search(r"http://\S+/svar/\S+", body.get_content()) if body else None
    if not found:
        raise DemoFailed("Alice's letter has no link")
    with httpx.Client(follow_redirects=True, timeout=20) as browser:
        form = browser.get(found[0])
        ids = re.findall(r'name="start_(\d+)"', form.text)
        if not ids:
            raise DemoFailed("Alice's page has nothing that can be started")
        fields = {
            f"says_{ids[0]}": "on_track",
            f"text_{ids[0]}": "Första exemplet är på plats, två till är på gång.",
            f"start_{ids[0]}": "ja",
        }
        receipt = browser.post(found[0], data=fields)
    if receipt.status_code != 200 or "Första exemplet är på plats" not in receipt.text:
        raise DemoFailed("Alice's answer was not understood")


def _check(stage: Stage) -> dict[str, Any]:
    """Every promise of the demo, against what is on file, in the mailbox and at Prefect."""
    told = stage.settings
    with reading(told) as session:
        activities = session.execute(select(func.count()).select_from(Activity)).scalar_one()
        answers = session.execute(select(func.count()).select_from(StatusAnswer)).scalar_one()
        sent = session.execute(
            select(func.count()).where(c(Letter).state == LetterState.SENT)
        ).scalar_one()
        unsent = session.execute(
            select(func.count()).where(c(Letter).state != LetterState.SENT)
        ).scalar_one()
        started = session.execute(
            select(func.count()).where(
                c(MoveRow).move == Move.START, c(MoveRow).person_id.is_not(None)
            )
        ).scalar_one()
    runs = _flow_runs(told)
    ids = Counter(str(m["Message-ID"]) for m in stage.mailbox.messages)
    promises = {
        "thirteen activities are on file": activities == 13,
        "letters were sent": sent > 0,
        "no letter is left": unsent == 0,
        "every letter came, once": len(ids) == sent and set(ids.values()) == {1},
        "every round is a completed flow run": runs == stage.rounds,
        "the answer is on file": answers == 1,
        "the answer started the activity": started == 1,
    }
    promises |= {
        f"{path} answers": _answers(told, path) for path in ("/", "/utskick", "/korningar")
    }
    broken = [words for words, kept in promises.items() if not kept]
    if broken:
        raise DemoFailed("it is not so that " + "; ".join(broken))
    return {"activities": activities, "letters": sent, "flow_runs": runs, "answers": answers}


def _flow_runs(told: Settings) -> int:
    found = httpx.post(
        f"{told.prefect_api}/flow_runs/count",
        json={"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}},
        timeout=20,
    )
    return int(found.json())


def _answers(told: Settings, path: str) -> bool:
    return httpx.get(f"{told.pages_url}{path}", timeout=20).status_code == 200


def _stay(stage: Stage, played: dict[str, Any]) -> None:
    out.print(
        f"\n  A year has passed: {played['activities']} activities, {played['letters']} letters, "
        f"{played['flow_runs']} rounds, {played['answers']} answer.\n"
    )
    out.print(f"  Look around: {stage.settings.pages_url}  (Översikt, Möten, Kommande …)")
    out.print(f"  Prefect:     {stage.settings.prefect_ui}")
    out.print(f"  Kept in:     {_short(stage.settings.home)}")
    out.print("\n  Ctrl-C ends it.\n")
    until_signal()
    out.print("  Ending …")


def _short(path: Path) -> str:
    return os.path.relpath(path)
