"""Avvikelser: what lies in the watched folder is taken in. Timetable: each hour of the day.

A file that somebody looked at on a page and left is let go after a day. Prefect is told counts and
nothing else: the name of a file is words that somebody wrote. What became of each stands beside it
in the folder.
"""

from asyncio import to_thread
from datetime import date, datetime

from config import clock, settings
from config.settings import Settings
from flows.rounds import a_round, noted, show, step
from intake.deviation.folder import FromFolder, take_in_folder
from intake.deviations import WAITS_AT_MOST, drop_old
from models.database import transaction

LINE = "deviation-import"


@a_round(LINE, "avvikelser")
async def deviation_import(today: date | None = None) -> dict[str, int]:
    """Take in what lies in the folder. Returns how many files were taken in and turned away.

    1. Note that the round began (`round`).
    2. Take each file in, and move it out of the way.
    3. Show what became of them as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        found = await take_in()
        await _show(day, found)
        counts |= {
            "files": sum(1 for each in found if each.taken_in),
            "turned_away": sum(1 for each in found if each.why_not),
            "letters": 0,
        }
        if waits := sum(1 for each in found if each.waits):
            counts["waiting"] = waits
    return counts


@step("take in", persist_result=False)
async def take_in() -> list[FromFolder]:
    """What became of each file."""
    return await to_thread(_take_in, settings.load(), clock.now())


def _take_in(told: Settings, now: datetime) -> list[FromFolder]:
    """What lies in the folder; and what nobody has said yes to on a page in a day is let go."""
    with transaction(told) as session:
        drop_old(session, now - WAITS_AT_MOST)
    return take_in_folder(told, now)


async def _show(today: date, found: list[FromFolder]) -> None:
    rows = [
        {
            "Fil": number,
            "Nya": each.taken_in.counts.new if each.taken_in else 0,
            "Ändrade": each.taken_in.counts.updated if each.taken_in else 0,
            "Avvisad": "ja" if each.why_not else "väntar" if each.waits else "–",
        }
        for number, each in enumerate(found, 1)
    ]
    await show(
        LINE,
        f"Avvikelser {today.isoformat()}: {len(rows)} filer.",
        rows,
        {"Fil": "–", "Nya": 0, "Ändrade": 0, "Avvisad": "–"},
    )
