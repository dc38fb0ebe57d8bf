"""Status rounds: those whose last day has passed are closed, those whose time has come opened.

Timetable: 05:50, so that the morning round's letters hold the new questions. Chasing is not done
here: unanswered questions stand on a ladder of their own (`notifications/notices.py`).
"""

from asyncio import to_thread
from datetime import date

from prefect import flow, runtime, task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import func, select

from config import clock, policy, settings
from flows import bookkeeping
from flows.retrying import database_is_busy
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.status_round import StatusQuestion, StatusRound
from notifications import status_rounds

LINE = "status-round"


def _run_name() -> str:
    return f"statusrundor {runtime.flow_run.parameters.get('today') or 'i dag'}"


@flow(name=LINE, flow_run_name=_run_name)
async def status_round(today: date | None = None) -> dict[str, int]:
    """Close and open status rounds. Returns how many.

    1. Note that the round began (`round`).
    2. Close those whose last day has passed; open for a quarter that ends, a meeting that comes.
    3. Show what was opened as an artifact; note that the round ended well.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    round_id = await to_thread(bookkeeping.begin, told, LINE, day, str(runtime.flow_run.id or ""))
    try:
        closed, opened = await close_and_open(day)
        await _show(day, opened)
    except BaseException as error:
        await to_thread(bookkeeping.fail, told, round_id, error)
        raise
    counts = {"closed": closed, "opened": len(opened), "letters": 0}
    await to_thread(bookkeeping.end, told, round_id, counts)
    return counts


@task(
    name="close and open",
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    retry_condition_fn=database_is_busy,
)
async def close_and_open(today: date) -> tuple[int, list[int]]:
    """How many were closed, and the numbers of those that were opened."""
    return await to_thread(_close_and_open, today)


def _close_and_open(today: date) -> tuple[int, list[int]]:
    told = settings.load()
    with transaction(told) as session:
        closed = status_rounds.close_due(session, today)
        return closed, status_rounds.open_due(session, policy.load(told.home), today)


async def _show(today: date, opened: list[int]) -> None:
    rows = await to_thread(_table, opened)
    await acreate_table_artifact(
        key=LINE,
        table=rows or [{"Grupp": "–", "Frågor": 0, "Stänger": "Ingen runda öppnades"}],
        description=f"Statusrundor {today.isoformat()}: {len(rows)} öppnade.",
    )


def _table(opened: list[int]) -> list[dict[str, str | int]]:
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(Group).name, func.count(), c(StatusRound).closes_on)
            .join(StatusRound, c(StatusRound).group_id == c(Group).id)
            .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
            .where(c(StatusRound).id.in_(opened))
            .group_by(c(Group).name, c(StatusRound).closes_on)
            .order_by(c(Group).name)
        ).all()
    return [{"Grupp": name, "Frågor": n, "Stänger": str(day)} for name, n, day in rows]
