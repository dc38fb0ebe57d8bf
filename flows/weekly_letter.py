"""The process leader's weekly letter, on the first working day of the week. Timetable: 06:00.

The flow is asked every working morning and writes once a week to each (`notifications/letters/`):
a Monday that is quiet or was missed is made good by the next working day.
"""

from asyncio import to_thread
from datetime import date

from config import policy, settings
from flows.rounds import a_round, noted, parts_shown, show, step
from models.database import transaction
from notifications.letters import weekly

LINE = weekly.LINE


@a_round(LINE, "veckobrevet")
async def weekly_letter(today: date | None = None) -> dict[str, int]:
    """Put the week in the letter of each process leader who has not had it. Returns how many.

    1. Note that the round began (`round`).
    2. Put the parts on file, in the transaction that decides them.
    3. Show them as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        part_ids = await write_letters(day)
        await _show(day, part_ids)
        counts |= {"letters": len(part_ids)}
    return counts


@step("write weekly letters")
async def write_letters(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(_write, today)


def _write(today: date) -> list[int]:
    told = settings.load()
    with transaction(told) as session:
        return weekly.write(session, told, policy.load(told.home), today)


async def _show(today: date, part_ids: list[int]) -> None:
    rows = await to_thread(parts_shown, part_ids)
    await show(
        LINE,
        f"Veckobrevet {today.isoformat()}: {len(rows)} i dagens brev.",
        rows,
        {"Brev": "Inget att berätta"},
    )
