"""Status rounds: those whose last day has passed are closed, those whose time has come opened.

Timetable: 05:50, so that the morning round's letters hold the new questions. Chasing is not done
here: unanswered questions stand on a ladder of their own (`notifications/notices.py`).
"""

from asyncio import to_thread
from datetime import date

from sqlalchemy import func, select

from config import policy, settings
from flows.rounds import a_round, noted, show, step
from intake.people.dissolving import hand_over_due
from models.columns import c
from models.database import reading, transaction
from models.status_round import StatusQuestion, StatusRound
from notifications import status_rounds

LINE = "status-round"


@a_round(LINE, "statusrundor")
async def status_round(today: date | None = None) -> dict[str, int]:
    """Close and open status rounds. Returns how many.

    1. Note that the round began (`round`).
    2. Let others take over after groups whose last day has been.
       Close rounds whose last day has passed; open for a quarter that ends, a meeting that comes.
    3. Show what was opened as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        closed, opened = await close_and_open(day)
        await _show(day, opened)
        counts |= {"closed": closed, "opened": len(opened), "letters": 0}
    return counts


@step("close and open")
async def close_and_open(today: date) -> tuple[int, list[int]]:
    """How many were closed, and the numbers of those that were opened."""
    return await to_thread(_close_and_open, today)


def _close_and_open(today: date) -> tuple[int, list[int]]:
    told = settings.load()
    with transaction(told) as session:
        hand_over_due(session, today)  # so that the morning asks whoever has taken over
        closed = status_rounds.close_due(session, today)
        return closed, status_rounds.open_due(session, policy.load(told.home), today)


async def _show(today: date, opened: list[int]) -> None:
    rows = await to_thread(_table, opened)
    await show(
        LINE,
        f"Statusrundor {today.isoformat()}: {len(rows)} öppnade.",
        rows,
        {"Runda": "–", "Frågor": 0, "Stänger": "Ingen runda öppnades"},
    )


def _table(opened: list[int]) -> list[dict[str, str | int]]:
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(StatusRound).id, func.count(), c(StatusRound).closes_on)
            .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
            .where(c(StatusRound).id.in_(opened))
            .group_by(c(StatusRound).id, c(StatusRound).closes_on)
            .order_by(c(StatusRound).id)
        ).all()
    return [{"Runda": number, "Frågor": n, "Stänger": str(day)} for number, n, day in rows]
