"""How many clicks and fields a journey takes in Chromium, played as its user would.

    python -m bench.journeys [PLAN TRUTH] [--no-javascript] [--width 1280] [--pictures FOLDER]
    python -m bench.journeys --of deadline|person|meeting|year-end [--no-javascript] [--width 1280]

The journey `running`: a plan that is already going is brought into its true states, in a fresh
installation. TRUTH is a JSON file that was written first: {"today", "decided_on", "reference",
"rows": [{"state", "started", "came", "result", "responsible"}]}, a row for each activity in the
file's order; what is not there is not told. Without a plan the made-up one in `bench/plans/` is
played.

`deadline`: one new deadline, told in words, in the list. `person`: somebody who is not on file
becomes responsible for an activity, from its page. `meeting`: a meeting decides eleven of twelve
rows in one paragraph; its page is open. `year-end`: of eleven rows ten are carried over to a plan
that is made on the way, and one is followed up; the page *Avsluta* is open.

Counted: every click, every Enter that does something, every field that is typed in or chosen from,
every file that is chosen. What is on file afterwards is compared with the truth, and a difference
is told as a failure.
"""

import argparse
import json
import shutil
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect, sync_playwright
from sqlalchemy import select
from sqlmodel import Session

from cli.serve import PagesServer
from config import settings as settings_module
from config.settings import Settings
from intake.lives.moves import move_alike
from intake.lives.running import alike, rows_of
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import close, migrate, reading, transaction
from models.group import Collaboration, Group
from models.lifecycle import Move, State
from models.moves import Mover, propose, put_span
from models.person import Person
from models.plan import Plan
from rules.running import STANDINGS, Standing
from rules.swedish_dates import read

PLANS = Path(__file__).resolve().parent / "plans"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_BEGAN = date(2025, 1, 20)
OF_A_ROW = ("started", "came", "result", "responsible")


@dataclass
class Hand:
    """What the user does, counted."""

    page: Page
    clicks: int = 0
    fields: int = 0
    deeds: list[str] = field(default_factory=list)

    def click(self, what: Locator, why: str) -> None:
        """Press something."""
        self.clicks += 1
        self.deeds.append(why)
        what.click()

    def choose(self, which: Locator, value: str, why: str) -> None:
        """Choose in a list."""
        self.fields += 1
        self.deeds.append(why)
        which.select_option(value)

    def write(self, which: Locator, words: str, why: str) -> None:
        """Type in a field."""
        self.fields += 1
        self.deeds.append(why)
        which.fill(words)

    def enter(self, why: str) -> None:
        """Press Enter where it does something: it counts as a click."""
        self.clicks += 1
        self.deeds.append(why)
        self.page.keyboard.press("Enter")

    def upload(self, which: Locator, file: Path) -> None:
        """Choose a file."""
        self.fields += 1
        self.deeds.append("choose the file")
        which.set_input_files(file)


@contextmanager
def served(today: date) -> Iterator[Settings]:
    """A fresh installation whose pages are really served."""
    with tempfile.TemporaryDirectory(prefix="foljsam-journey-") as folder:
        told = settings_module.load(home=Path(folder), today=str(today), port=str(_free_port()))
        migrate(told)
        ready = threading.Event()
        pages = PagesServer(told, ready.set)
        thread = threading.Thread(target=pages.run, daemon=True)
        thread.start()
        if not ready.wait(60):
            raise SystemExit("the pages did not come up")
        try:
            yield told
        finally:
            pages.should_exit = True
            thread.join(10)
            close(told)


def running_plan(
    told: Settings, hand: Hand, plan: Path, truth: dict[str, Any], pictures: Path | None = None
) -> list[str]:
    """Bring the plan into its true states. Returns how what is on file differs from the truth."""
    page = hand.page
    page.goto(f"http://127.0.0.1:{told.port}/planer/las-in")
    hand.upload(page.locator("#file"), plan)
    hand.click(page.get_by_role("button", name="Visa vad som förstås"), "look at it")
    if page.locator("#decided_on").input_value() != truth["decided_on"]:
        hand.write(page.locator("#decided_on"), truth["decided_on"], "the day of the decision")
    if truth.get("reference"):
        hand.write(page.locator("#decision_reference"), truth["reference"], "the paragraph")
    hand.click(page.get_by_role("button", name="Spara och ange lägen"), "save")
    page.wait_for_url("**/pagar")
    _fill_in(told, hand, truth)
    if pictures:
        page.screenshot(path=pictures / "table.png", full_page=True)
    hand.click(page.get_by_role("button", name="Spara lägena"), "save the states")
    page.wait_for_load_state()
    return _differs(told, truth)


def _fill_in(told: Settings, hand: Hand, truth: dict[str, Any]) -> None:
    """What most rows of the same words have is said of them all; then what differs, row by row."""
    page = hand.page
    with reading(told) as session:
        plan_id = session.execute(select(c(Plan).id)).scalar_one()
        rows = rows_of(session, plan_id)
    wanted = dict(zip((row.id for row in rows), truth["rows"], strict=True))
    groups = alike(rows, {})
    usual = {group.key: _most([_standing(wanted[row]) for row in group.rows]) for group in groups}
    if any(group.proposal == usual[group.key] for group in groups):
        hand.click(page.locator("[name=agree]"), "the proposals are right")
    for group in groups:
        standing = usual[group.key]
        if group.proposal != standing and (group.proposal or standing.state is not State.PROPOSED):
            hand.choose(page.locator(f"#all_{group.key}"), standing.key, "all of the same words")
    if truth.get("as_planned", True):
        hand.click(page.locator("[name=as_planned]"), "they started as planned")
    for group in groups:
        for id_ in group.rows:
            if _standing(wanted[id_]) != usual[group.key]:
                key = _standing(wanted[id_]).key
                hand.choose(page.locator(f"#standing_{id_}"), key, "one that differs")
            for name in OF_A_ROW:
                if wanted[id_].get(name):
                    _opened(hand, page.locator(f"#{name}_{id_}"))
                    hand.write(page.locator(f"#{name}_{id_}"), wanted[id_][name], f"its {name}")


def _opened(hand: Hand, which: Locator) -> None:
    """What is folded away is opened first, and that is a click."""
    if not which.is_visible():
        hand.click(which.locator("xpath=ancestor::details/summary"), "more of it")


def _standing(row: dict[str, Any]) -> Standing:
    """Where a row truly is."""
    outcome = row.get("outcome")
    return next(one for one in STANDINGS if one.state == row["state"] and one.outcome == outcome)


def _most(standings: Sequence[Standing]) -> Standing:
    return Counter(standings).most_common(1)[0][0]


def _differs(told: Settings, truth: dict[str, Any]) -> list[str]:
    with reading(told) as session:
        asked = select(c(Activity).what, c(Activity).state)
        found = session.execute(asked.order_by(c(Activity).position)).all()
    pairs = zip(found, truth["rows"], strict=True)
    return [
        f"{what[:50]}: {state}, truly {row['state']}"
        for (what, state), row in pairs
        if state != row["state"]
    ]


def new_deadline(told: Settings, hand: Hand) -> list[str]:
    """One new deadline in the list of activities, told in words."""
    id_, page = _one_activity(told), hand.page
    page.goto(f"http://127.0.0.1:{told.port}/aktiviteter")
    hand.click(page.locator(f"#rad-{id_} a[data-row=deadline]"), "the deadline in its row")
    field = page.locator(".row-form [name=deadline]")
    expect(field).to_be_focused()
    hand.write(field, "hösten 2026", "the new one")
    hand.enter("save")
    expect(page.locator(f"#rad-{id_}")).to_contain_text("Sparat")
    with reading(told) as session:
        words = session.get_one(Activity, id_).deadline_text
    return [] if words == "hösten 2026" else [f"the deadline is {words!r}"]


def new_person(told: Settings, hand: Hand) -> list[str]:
    """Somebody who is not on file becomes responsible, from the activity's page."""
    id_, page = _one_activity(told), hand.page
    page.goto(f"http://127.0.0.1:{told.port}/aktiviteter/{id_}")
    hand.click(page.locator("a[data-row=responsible]"), "who answers")
    field = page.locator(".row-form [data-new] [data-add]")
    expect(field).to_be_focused()
    email = page.locator(".row-form [name=new_email]")
    if page.locator(".row-form [role=combobox]").count():
        hand.write(field, "Vera Lind", "her name")
        page.keyboard.press("Tab")
        expect(email).to_be_focused()
    else:
        hand.click(page.locator(".row-form .new-person summary"), "somebody new")
        hand.write(page.locator(".row-form [name=new_name]"), "Vera Lind", "her name")
    hand.write(email, "vera@example.org", "her address")
    email.focus()
    hand.enter("save")
    expect(page.locator(".receipt")).to_contain_text("Sparat")
    with reading(told) as session:
        asked = select(c(Person).name).join(
            Responsibility, c(Responsibility).person_id == c(Person).id
        )
        names = session.execute(asked.where(c(Responsibility).activity_id == id_)).scalars().all()
    return [] if "Vera Lind" in names else [f"responsible are {names}"]


def a_meeting(told: Settings, hand: Hand) -> list[str]:
    """Of twelve rows eleven are decided in one paragraph, and one is left out."""
    _, group_id, ids = _a_plan(told, 12)
    page = hand.page
    page.goto(f"http://127.0.0.1:{told.port}/moten/{group_id}")
    hand.write(page.locator("#reference"), "§ 12", "the paragraph")
    hand.click(page.locator("[name=decide_all]"), "all of them")
    hand.choose(page.locator(f"#move_{ids[4]}"), "inget nu", "but for one")
    hand.click(page.get_by_role("button", name="Registrera"), "register")
    page.wait_for_load_state()
    wanted = [State.PROPOSED if id_ == ids[4] else State.DECIDED for id_ in ids]
    return _states_differ(told, ids, wanted)


def the_years_end(told: Settings, hand: Hand) -> list[str]:
    """Of eleven ongoing rows one is followed up, and the others go on in a plan made on the way."""
    plan_id, _, ids = _a_plan(told, 11)
    _decided_and_ongoing(told, ids)
    page = hand.page
    page.goto(f"http://127.0.0.1:{told.port}/planer/{plan_id}/avsluta")
    hand.click(page.locator("[name=carry_rest]"), "all of them are carried over")
    hand.choose(page.locator(f"#move_{ids[6]}"), "följ upp", "but one is followed up")
    _opened(hand, page.locator(f"#result_{ids[6]}"))
    hand.write(page.locator(f"#result_{ids[6]}"), "40 av 45 utbildade", "what it came to")
    hand.click(page.get_by_role("button", name="Genomför"), "do it")
    page.wait_for_load_state()
    wanted = [State.FOLLOWED_UP if id_ == ids[6] else State.CARRIED_OVER for id_ in ids]
    return _states_differ(told, ids, wanted)


def _states_differ(told: Settings, ids: Sequence[int], wanted: Sequence[State]) -> list[str]:
    with reading(told) as session:
        found = [session.get_one(Activity, id_).state for id_ in ids]
    return [
        f"{id_}: {state}, truly {true}"
        for id_, state, true in zip(ids, found, wanted, strict=True)
        if state is not true
    ]


def _one_activity(told: Settings) -> int:
    """An activity with a deadline, in a plan that is on file."""
    _, _, (id_,) = _a_plan(told, 1)
    return id_


def _a_plan(told: Settings, number: int) -> tuple[int, int, list[int]]:
    """A plan, its group, and so many proposed activities."""
    with transaction(told) as session:
        area = _put(session, Collaboration(name="Vårdsamverkan Exempel"))
        group = _put(session, Group(collaboration_id=area, name="NOSAM Exempel"))
        plan = Plan(collaboration_id=area, group_id=group, title="Handlingsplan 2025")
        plan_id = _put(session, plan)
        ids = []
        for at in range(1, number + 1):
            row = Activity(
                plan_id=plan_id,
                group_id=group,
                what=f"Trygg hemgång {at}",
                source_key=str(at),
                state_since=_BEGAN,
            )
            put_span(row, "deadline", read("2025-12-31", _BEGAN))
            ids.append(propose(session, row, Mover("Frida"), today=_BEGAN))
    return plan_id, group, ids


def _decided_and_ongoing(told: Settings, ids: Sequence[int]) -> None:
    decision = {
        "decision_group": "NOSAM Exempel",
        "decided_on": str(_BEGAN),
        "decision_reference": "§ 3",
    }
    for move, words in ((Move.DECIDE, decision), (Move.START, {})):
        asked = {id_: {"move": move.value, **words} for id_ in ids}
        with transaction(told) as session:
            move_alike(session, asked, Mover("Frida"), today=_BEGAN)


def _put(session: Session, row: Collaboration | Group | Plan) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


SMALL = {
    "deadline": new_deadline,
    "person": new_person,
    "meeting": a_meeting,
    "year-end": the_years_end,
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def play(chosen: argparse.Namespace) -> tuple[Hand, list[str]]:
    """Play the journey in a browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    truth = json.loads(chosen.truth.read_text("utf-8"))
    today = date.fromisoformat(truth["today"])
    with served(today) as told, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        page = browser.new_page(
            viewport={"width": chosen.width, "height": 900},
            java_script_enabled=not chosen.no_javascript,
        )
        hand = Hand(page)
        if chosen.of in SMALL:
            differs = SMALL[chosen.of](told, hand)
        else:
            differs = running_plan(told, hand, chosen.plan, truth, chosen.pictures)
        if chosen.pictures:
            page.screenshot(path=chosen.pictures / "saved.png", full_page=True)
        browser.close()
    return hand, differs


def main() -> None:
    """Play the journey and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", nargs="?", type=Path, default=PLANS / "handlingsplan_2025.csv")
    parser.add_argument("truth", nargs="?", type=Path, default=PLANS / "handlingsplan_2025.json")
    parser.add_argument("--of", choices=["running", *SMALL], default="running")
    parser.add_argument("--no-javascript", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--pictures", type=Path, help="a folder that is there")
    chosen = parser.parse_args()
    hand, differs = play(chosen)
    for at, deed in enumerate(hand.deeds, start=1):
        print(f"{at:3} {deed}")
    print(f"{chosen.of}: {hand.clicks} clicks + {hand.fields} fields")
    if differs:
        raise SystemExit("\n".join(differs))


if __name__ == "__main__":
    main()
