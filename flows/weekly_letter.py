"""The process leader's weekly letter, on the first working day of the week. Timetable: 06:00.

The flow is asked every working morning and writes once a week to each (`notifications/letters/`):
a Monday that is quiet or was missed is made good by the next working day.
"""

from asyncio import to_thread
from datetime import date

from prefect import flow, runtime, task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import select

from config import clock, policy, settings
from flows import bookkeeping
from flows.retrying import database_is_busy
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter
from notifications.letters import weekly

LINE = weekly.LINE


def _run_name() -> str:
    return f"veckobrevet {runtime.flow_run.parameters.get('today') or 'i dag'}"


@flow(name=LINE, flow_run_name=_run_name)
async def weekly_letter(today: date | None = None) -> dict[str, int]:
    """Write the week's letter to each process leader who has not had it. Returns how many.

    1. Note that the round began (`round`).
    2. Queue the letters, in the transaction that decides them.
    3. Show them as an artifact; note that the round ended well.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    round_id = await to_thread(bookkeeping.begin, told, LINE, day, str(runtime.flow_run.id or ""))
    try:
        letter_ids = await write_letters(day)
        await _show(day, letter_ids)
    except BaseException as error:
        await to_thread(bookkeeping.fail, told, round_id, error)
        raise
    counts = {"letters": len(letter_ids)}
    await to_thread(bookkeeping.end, told, round_id, counts)
    return counts


@task(
    name="write weekly letters",
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    retry_condition_fn=database_is_busy,
)
async def write_letters(today: date) -> list[int]:
    """The letters' numbers."""
    return await to_thread(_write, today)


def _write(today: date) -> list[int]:
    told = settings.load()
    with transaction(told) as session:
        return weekly.write(session, told, policy.load(told.home), today)


async def _show(today: date, letter_ids: list[int]) -> None:
    rows = await to_thread(_table, letter_ids)
    await acreate_table_artifact(
        key=LINE,
        table=rows or [{"Till": "–", "Ärende": "Inget att berätta"}],
        description=f"Veckobrevet {today.isoformat()}: {len(rows)} brev.",
    )


def _table(letter_ids: list[int]) -> list[dict[str, str]]:
    """Who got a letter. Addresses stay out of Prefect's database."""
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(Letter).to_name, c(Letter).subject).where(c(Letter).id.in_(letter_ids))
        ).all()
    return [{"Till": name, "Ärende": subject} for name, subject in rows]
