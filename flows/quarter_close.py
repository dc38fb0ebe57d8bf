"""Each group's roll-up of the quarter goes out by itself. Timetable: 05.20 on working mornings.

Each morning it asks what has been reached (`notifications/reports_due.py`), so a missed day is
made good once, and a round that is doubled finds nothing left to do.
"""

from asyncio import to_thread
from datetime import date
from typing import Any

from sqlalchemy import select

from config import policy, settings
from config.settings import Settings
from flows import report_letters
from flows.rounds import a_round, noted, show, step
from models.alone import alone
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from notifications.letters import reports as letters
from notifications.quiet_days import nobody_is_written_to
from notifications.reports_due import DueReport, quarters_due
from reports.approval import BY_ITSELF, approve_by_itself, edited
from reports.compiling import compile_edition
from reports.editions import Of

LINE = "quarter-close"
_KIND = "Statusrapport för"
_SENDING = "Att skicka statusrapport för"
_LETTERS = "Breven med statusrapporter för"


@a_round(LINE, "kvartalets statusrapporter")
async def quarter_close(today: date | None = None) -> dict[str, int]:
    """Compile, approve and send what is due. Returns how many editions and letters.

    1. Note that the round began (`round`).
    2. Compile and approve the roll-up of each group whose day has come.
    3. Send every approved one that has not been sent, corrections too: one letter a person.
    4. Show them as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        made = await compile_due(day)
        part_ids = await send_approved(day)
        await _show(day, made)
        counts |= {"editions": len(made), "letters": len(part_ids)}
    return counts


@step("compile quarterly roll-ups")
async def compile_due(today: date) -> list[int]:
    """The editions that were made and approved."""
    return await to_thread(make_due, settings.load(), today)


@step("send quarterly roll-ups")
async def send_approved(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(send_unsent, settings.load(), today)


def make_due(told: Settings, today: date) -> list[int]:
    """Compile and approve each group's roll-up whose day has come and that nobody has approved."""
    with reading(told) as session:
        due = list(quarters_due(session, policy.load(told.home), today))
        names = report_letters.names(session, [one.group_id for one in due])
    made: list[int] = []
    for one in due:
        whose = f"{names[one.group_id]}, {one.period}"
        with alone(_KIND, whose, collaboration_id=one.collaboration_id):
            made += _made(told, one)
    return made


def _made(told: Settings, due: DueReport) -> list[int]:
    """One group's edition, when there is anything to tell and nobody has approved it meanwhile."""
    of = Of(ReportKind.QUARTER, due.collaboration_id, due.group_id, str(due.period))
    compiled = compile_edition(told, of, due.cut_off, BY_ITSELF)
    if compiled is None:
        return []
    with transaction(told) as session:
        return [compiled[0]] if approve_by_itself(session, compiled[0]) else []


def send_unsent(told: Settings, today: date) -> list[int]:
    """Send what is approved and unsent, one period at a time; on a quiet day nothing.

    One that nobody can get waits.
    """
    if nobody_is_written_to(told, today):
        return []
    periods: dict[str, list[tuple[letters.Told, list[int]]]] = {}
    with reading(told) as session:
        for one in report_letters.waiting(session, ReportKind.QUARTER, today):
            with alone(_SENDING, one.whose, session, collaboration_id=one.collaboration_id):
                edition = edited(session, one.edition_id)
                assert edition is not None
                of = edition.frozen.of
                people = letters.readers(session, of.collaboration_id, of.group_id, today)
                if people:
                    as_told = report_letters.told(session, told, edition, "pdf")
                    periods.setdefault(of.period, []).append((as_told, people))
    written: list[int] = []
    for period, prepared in periods.items():
        with alone(_LETTERS, period), transaction(told) as session:
            written += report_letters.send(
                session, told, ReportKind.QUARTER, prepared, period, today
            )
    return written


async def _show(today: date, made: list[int]) -> None:
    rows = await to_thread(_table, made)
    await show(
        LINE,
        f"Kvartalets statusrapporter {today.isoformat()}: {len(rows)}.",
        rows,
        {"Utgåva": "–", "Period": "Inget att sammanställa"},
    )


def _table(made: list[int]) -> list[dict[str, Any]]:
    """Each edition by its number."""
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(Edition).id, c(Edition).period)
            .where(c(Edition).id.in_(made))
            .order_by(c(Edition).id)
        ).all()
    return [{"Utgåva": number, "Period": period} for number, period in rows]
