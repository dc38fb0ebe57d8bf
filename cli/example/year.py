"""The demo's year as it is played: the plan taken in and decided, rounds on the key days, answers.

The days and the words are `story.py`; what people do on the pages is `cli/visits.py`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session

from cli import visits
from cli.example.build import DEVIATIONS, PEOPLE, PLAN
from cli.example.stage import DemoFailed, Stage
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
from cli.visits import NotUnderstood
from config import policy, timetable
from config.settings import Settings
from flows import away, prefect_child
from flows.schedule import run_line
from intake.filing.filing import file_plan
from intake.lives.changes import ask_to_change
from intake.people.filing import file_people
from intake.people.lists import read_people
from intake.plans import read_plan
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision
from models.edition import Edition
from models.group import Group
from models.lifecycle import Brought, Lack, Move
from models.moves import Refused, make_move
from notifications.postman import Postman

REPORTS = "rapporter"  # the folder within the demo's
FILES = ("html", "pdf", "docx", "xlsx", "json")


def play_year(stage: Stage, child: prefect_child.Child) -> list[Path]:
    """1. The plan and the people are taken in. 2. The groups decide. 3. Rounds on the key days;
    people do what they do on the pages. 4. A round run twice changes nothing. 5. The reports are
    fetched as files.
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
        tell("Everything is checked")
    except (prefect_child.ServerError, NotUnderstood) as error:
        raise DemoFailed(str(error)) from error
    return files


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
        visits.put_parts(told.pages_url, stage.activity(HOME_SAFELY), PARTS)
    if today == ASKED_ON:
        words = {
            "says": "on_track",
            "date": "29 november 2024",  # its day has passed, so it is asked for a new one
            "text": "Kontaktvägen är bestämd, mötena är bokade.",
        }
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
            make_move(
                session,
                activity_id,
                Move.DECIDE,
                LEADER,
                today=DECIDED_ON,
                brought=Brought(decision_id=decision.id),
                hard=frozenset(Lack),  # this group lets what lacks something wait
            )
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
        activity_id, group_id = stage.activity(what), _group(stage)
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
            why = away.in_words(error, told) or str(error) or type(error).__name__
            raise DemoFailed(f"the round {name} of {today} broke: {why}") from error
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
