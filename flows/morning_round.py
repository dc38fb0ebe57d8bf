"""The morning round: rungs reached -> notices -> the day's letters, in time. Timetable: 06:10.

A flow run says when it ran and what it decided (an artifact, readable in Prefect's own pages); the
deciding is done by plain functions. Retried as often as needed: nothing is written twice.
"""

from asyncio import to_thread
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select

from config import policy, settings
from flows.rounds import a_round, noted, show, step
from models.columns import c
from models.database import reading, transaction
from models.letter import LetterItem
from notifications import administrators, notices, release, silence
from notifications.letters import taken_on
from notifications.letters.morning import Result

LINE = "morning-round"


@a_round(LINE, "morgonrunda")
async def morning_round(today: date | None = None) -> dict[str, int]:
    """Decide what everybody is to be told today. Returns what was done, in numbers.

    1. Note that the round began (`round`), so that a missed or broken one can be told.
    2. Put reached rungs on file as notices, and silences that reached the next in line: one
       set-based statement a kind; and who has been taken on elsewhere, as parts. An
       administrator whose last day has passed is told of to the others.
    3. Make the day's letters, when the other rounds of the morning have ended; else the postman
       does when they have (`notifications/release.py`).
    4. Show what was decided as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        reached = await reach_rungs(day)
        counts["taken_on"] = await tell_taken_on(day)
        if ended := await tell_of_administrators(day):
            counts["administrators_ended"] = ended
        written = await write_letters(day)
        await _show(day, written["letter_ids"])
        counts |= {f"new_{kind}": number for kind, number in reached.items()}
        counts |= {key: value for key, value in written.items() if key != "letter_ids"}
        counts["letters"] = len(written["letter_ids"])
    return counts


@step("reach rungs")
async def reach_rungs(today: date) -> dict[str, int]:
    """Notices that were not on file; how many, by kind."""
    return await to_thread(_reach, today)


@step("write letters")
async def write_letters(today: date) -> dict[str, Any]:
    """The day's letters, if they were made now: their ids, and what became of the rest."""
    return await to_thread(_write, today)


@step("tell those who were taken on")
async def tell_taken_on(today: date) -> int:
    """How many are to be told that another collaboration than their own has taken them on file."""
    return await to_thread(_taken_on, today)


@step("tell administrators")
async def tell_of_administrators(today: date) -> int:
    """How many administrators' right has ended with their last day; the others are told."""
    return await to_thread(_administrators, today)


def _reach(today: date) -> dict[str, int]:
    told = settings.load()
    with transaction(told) as session:
        promises = policy.load(told.home)
        reached = notices.sweep(session, promises, today)
        return reached | {"silence": silence.sweep(session, promises, today)}


def _write(today: date) -> dict[str, Any]:
    return asdict(release.make_due(settings.load(), today, ending=LINE) or Result())


def _taken_on(today: date) -> int:
    told = settings.load()
    with transaction(told) as session:
        return taken_on.write(session, today)


def _administrators(today: date) -> int:
    told = settings.load()
    with transaction(told) as session:
        return administrators.tell_of_last_days(session, told, today)


async def _show(today: date, letter_ids: list[int]) -> None:
    rows = await to_thread(_table, letter_ids)
    await show(
        LINE,
        f"Morgonrundan {today.isoformat()}: {len(rows)} brev.",
        rows,
        {"Brev": "Inget att skriva om", "Rader": 0},
    )


def _table(letter_ids: list[int]) -> list[dict[str, Any]]:
    """Each letter by its number, and about how many activities it is."""
    if not letter_ids:
        return []
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(LetterItem).letter_id, func.count())
            .where(c(LetterItem).letter_id.between(min(letter_ids), max(letter_ids)))
            .group_by(c(LetterItem).letter_id)
            .order_by(c(LetterItem).letter_id)
        ).all()
    wanted = set(letter_ids)
    return [{"Brev": number, "Rader": items} for number, items in rows if number in wanted]
