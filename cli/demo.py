"""The demo: a year of an example plan, played with real parts, and checked as it goes.

Real flow runs on a real Prefect server, real SMTP to a mailbox on loopback, real pages asked over
HTTP (`cli/visits.py`). Only the days are chosen. The folder is `demo` in FOLJSAM_HOME and is made
anew each time; what the year's reports look like lies in its `rapporter`.
"""

import asyncio
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from sqlalchemy import func, select
from sqlmodel import Session

from cli import visits
from cli.console import out
from cli.example.build import BY_QUARTER, DEVIATIONS, PEOPLE, PLAN
from cli.example.story import (
    ANSWER_ON,
    ASKED_ON,
    AWAY,
    DAYS,
    DECIDED_ON,
    DEVIATIONS_ON,
    FOLLOW_UPS,
    HANDS_OVER_ON,
    HOME_SAFELY,
    LEADER,
    MOVES,
    PARTS,
    PARTS_ON,
    ROUNDS,
    STAND_IN,
    TAKEN_IN,
)
from cli.mailbox import Mailbox, a_free_port
from cli.serve import PagesServer, until_signal
from cli.visits import NotUnderstood
from config import policy, settings, timetable
from config.settings import Settings
from flows import prefect_child
from flows.schedule import run_line
from intake.filing.filing import file_plan
from intake.lives.changes import ask_to_change
from intake.people.filing import file_people
from intake.people.lists import read_people
from intake.plans import read_plan
from models import database
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision, MoveRow
from models.deviation import DeviationCase
from models.edition import Edition, ReportKind
from models.group import Group
from models.letter import Letter, LetterState, Notice, NoticeKind
from models.lifecycle import Brought, Move
from models.moves import Refused, make_move
from models.part import Part
from models.status import StatusAnswer
from models.status_round import StatusQuestion
from notifications.postman import Postman
from web.page import MENU

MARK = "demo"  # a file that says: this folder is the demo's, and may be made anew
ORGANISATION = "Vårdsamverkan Exempeldalen"
REPORTS = "rapporter"  # the folder within the demo's
WHERE = (
    ("The year, and what needs attention", "/"),
    ("An activity with its parts", "/aktiviteter/{activity}"),
    ("Who has answered, who has not", "/statusrundor"),
    ("Deviations, small numbers hidden", "/avvikelser"),
    ("Reports, to read and to approve", "/rapporter"),
    ("Every letter as it went", "/utskick"),
)
FILES = ("html", "pdf", "docx", "xlsx", "json")


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
    people do what they do on the pages. 4. A round run twice changes nothing. 5. The reports are
    fetched as files. 6. All is checked.
    """
    bar = stage.progress.add_task("The plan is taken in", total=len(DAYS) + 6)

    def tell(words: str) -> None:
        stage.progress.update(bar, description=f"{words:<44}", advance=1)

    _take_in(stage.settings)
    tell("The groups decide")
    _decide(stage.turn_to(DECIDED_ON))
    tell("Prefect's server gets ready")
    try:
        child.wait_ready()
        for today in DAYS:
            tell(f"The morning of {today}")
            _day(stage, today)
        tell("The last morning once more: nothing new")
        before = len(stage.mailbox.messages)
        asyncio.run(_morning(stage, DAYS[-1], ROUNDS[DAYS[-1]]))
        if len(stage.mailbox.messages) != before:
            raise DemoFailed("a round that was run twice wrote twice")
        tell("The reports are fetched")
        files = _fetch_reports(stage)
    except (prefect_child.ServerError, NotUnderstood) as error:
        raise DemoFailed(str(error)) from error
    tell("Everything is checked")
    played = _check(stage, files)
    tell("Done")
    return played


def _day(stage: Stage, today: date) -> None:
    """A day: what was moved since the last one, the rounds and their letters, what people do."""
    told = stage.turn_to(today)
    _moves(stage, today)
    if today == ASKED_ON:
        visits.open_round(told.pages_url, _group(stage))
    asyncio.run(_morning(stage, today, ROUNDS.get(today, ("morning-round",))))
    if today == ANSWER_ON:
        words = {"says": "on_track", "text": "Första exemplet är på plats, två till är på gång."}
        visits.answer(_newest_link(stage, "alice@example.org"), words, start=True)
    if today == PARTS_ON:
        visits.put_parts(told.pages_url, _activity(stage, HOME_SAFELY), PARTS)
    if today == ASKED_ON:
        words = {"says": "on_track", "text": "Kontaktvägen är bestämd, mötena är bokade."}
        visits.answer(_newest_link(stage, "charlie@example.org"), words)
    if today == HANDS_OVER_ON:
        visits.hand_over(_newest_link(stage, "alice@example.org"), AWAY)
    if today == DEVIATIONS_ON:
        visits.take_in_deviations(told.pages_url, DEVIATIONS)


def _newest_link(stage: Stage, address: str) -> str:
    """The link in the newest letter to somebody."""
    letters = stage.mailbox.to(address)
    if not letters:
        raise DemoFailed(f"{address} got no letter")
    return visits.link_in(letters[-1])


def _activity(stage: Stage, what: str) -> int:
    """The number of the first activity with those words."""
    with reading(stage.settings) as session:
        named = select(c(Activity).id).where(c(Activity).what == what).order_by(c(Activity).id)
        found = session.execute(named).scalars().first()
    if found is None:
        raise DemoFailed(f"the plan has no {what!r}")
    return int(found)


def _group(stage: Stage) -> int:
    """The number of the group that owns the plan."""
    with reading(stage.settings) as session:
        named = select(c(Group).id).where(c(Group).name == STAND_IN)
        return int(session.execute(named).scalar_one())


def _take_in(told: Settings) -> None:
    with transaction(told) as session:
        people = read_people(PEOPLE, max_bytes=told.max_upload_bytes)
        file_people(session, people, organisation=told.organisation, today=TAKEN_IN)
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
            lacking = (c(Activity).what == what) & (c(Activity).follow_up == "")
            for id_ in session.execute(select(c(Activity).id).where(lacking)).scalars().all():
                given = {"follow_up": follow_up}
                ask_to_change(session, id_, given, LEADER, today=DECIDED_ON)
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
    before = max((day for day in (TAKEN_IN, *DAYS) if day < today), default=TAKEN_IN)
    for day, what, move, brought in MOVES:
        if not before < day <= today:
            continue
        activity_id, group_id = _activity(stage, what), _group(stage)
        with transaction(stage.settings) as session:
            along = replace(brought, stand_in_group_id=group_id)
            make_move(session, activity_id, move, LEADER, today=day, brought=along)


async def _morning(stage: Stage, today: date, lines: Sequence[str]) -> None:
    """A morning's rounds as flow runs, and the postman's walk after them."""
    told = stage.turn_to(today)
    for name in lines:
        try:
            await run_line(timetable.line(name), today)
        except Exception as error:
            raise DemoFailed(f"the round {name} of {today} broke: {error}") from error
        stage.rounds += 1
    postman = Postman(told)
    await postman.post()
    await postman.close()


def _fetch_reports(stage: Stage) -> list[Path]:
    """Each kind of report that the rounds made, the plan's group or the whole, as files."""
    told = stage.settings
    folder = told.home / REPORTS
    folder.mkdir(exist_ok=True)
    newest = select(func.max(c(Edition).id)).group_by(c(Edition).kind)
    with reading(told) as session:
        editions = list(session.execute(newest).scalars())
    pages = f"{told.pages_url}/rapporter"
    return [visits.fetch(f"{pages}/{id_}/fil.{kind}", folder) for id_ in editions for kind in FILES]


def _check(stage: Stage, files: list[Path]) -> dict[str, Any]:
    """Every promise of the demo, against what is on file, in the mailbox and at Prefect."""
    told = stage.settings
    with reading(told) as session:
        on_file = _on_file(session)
    sent, came = on_file["letters"], len(stage.mailbox.messages)
    ids = Counter(str(m["Message-ID"]) for m in stage.mailbox.messages)
    promises = {
        "thirteen activities are on file": on_file["activities"] == 13,
        "letters were sent": sent > 0,
        "no letter is left": on_file["unsent"] == 0,
        "every letter came, once": came == sent and set(ids.values()) == {1},
        "every round is a completed flow run": _flow_runs(told) == stage.rounds,
        "both answers are on file": on_file["answers"] == 2,
        "the answer started the activity": on_file["started"] == 1,
        "the parts are on file": on_file["parts"] == len(PARTS),
        "a question of the status round was answered": on_file["round_answers"] > 0,
        "silence went up the line": on_file["silences"] > 0,
        "Bob was asked while Alice was away": on_file["instead"] > 0,
        "the deviations are on file": on_file["deviations"] == sum(BY_QUARTER),
        "three kinds of reports are made": on_file["kinds"] == len(ReportKind),
        "the reports are files": len(files) == len(ReportKind) * len(FILES),
    }
    promises |= {f"{path} answers": _answers(told, path) for path, _ in MENU}
    broken = [words for words, kept in promises.items() if not kept]
    if broken:
        raise DemoFailed("it is not so that " + "; ".join(broken))
    shown = ("activities", "letters", "answers", "silences", "deviations")
    played = {name: on_file[name] for name in shown}
    return played | {"flow_runs": stage.rounds, "reports": len(files)}


def _on_file(session: Session) -> dict[str, int]:
    """How many there are of what the year has left behind."""
    by_people = (c(MoveRow).move == Move.START) & c(MoveRow).person_id.is_not(None)
    away = (date.fromisoformat(AWAY["first_day"]), date.fromisoformat(AWAY["last_day"]))
    to_bob = (c(Letter).to_name == AWAY["delegate"]) & c(Letter).on_day.between(*away)
    counted = {
        "activities": select(func.count()).select_from(Activity),
        "answers": select(func.count()).select_from(StatusAnswer),
        "letters": select(func.count()).where(c(Letter).state == LetterState.SENT),
        "unsent": select(func.count()).where(c(Letter).state != LetterState.SENT),
        "started": select(func.count()).where(by_people),
        "parts": select(func.count()).select_from(Part),
        "round_answers": select(func.count()).where(c(StatusQuestion).answered_on.is_not(None)),
        "silences": select(func.count()).where(c(Notice).kind == NoticeKind.SILENCE),
        "deviations": select(func.count()).select_from(DeviationCase),
        "instead": select(func.count()).where(to_bob),
        "kinds": select(func.count(func.distinct(c(Edition).kind))),
    }
    return {name: int(session.execute(query).scalar_one()) for name, query in counted.items()}


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
    told = stage.settings
    out.print(
        f"\n  A year has passed: {played['activities']} activities, {played['letters']} letters, "
        f"{played['answers']} answers, {played['deviations']} made-up deviations.\n"
    )
    activity = _activity(stage, HOME_SAFELY)
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
