"""The year's report: the draft in January, and the approved report to groups and to the public.

Timetable: 05.30 on working mornings. Each asks what has been reached: a draft that no process
leader has had, an approved report that has not been sent.
"""

from asyncio import to_thread
from datetime import date

from config import policy, settings
from config.settings import Settings
from flows import report_letters
from flows.rounds import a_round, noted, parts_shown, show, step
from models.alone import alone
from models.database import Turns, reading, take_turns, transaction
from models.edition import ReportKind
from notifications.letters import reports as letters
from notifications.quiet_days import nobody_is_written_to
from notifications.reports_due import DueDraft, drafts_due
from reports.approval import edited, missing_promises
from reports.compiling import compile_edition
from reports.editions import Of
from reports.publishing import must_wait, publish

LINE = "year-close"
BY = "tidtabellen"
_DRAFT, _SENDING = "Utkast till årsrapport för", "Att skicka årsrapport för"


@a_round(LINE, "årsrapporten")
async def year_close(today: date | None = None) -> dict[str, int]:
    """Make drafts that are due, send what is approved. Returns how many letters of each.

    1. Note that the round began (`round`).
    2. Compile each collaboration's draft, and mail it to its process leaders, once a year.
    3. Publish what is approved, then send it to everybody in the groups.
    4. Show the letters as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        drafts = await make_drafts(day)
        sent = await send_approved(day)
        await _show(day, [*drafts, *sent])
        counts |= {"drafts": len(drafts), "letters": len(drafts) + len(sent)}
    return counts


@step("make annual drafts")
async def make_drafts(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(make_due, settings.load(), today)


@step("send annual reports")
async def send_approved(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(send_unsent, settings.load(), today)


def make_due(told: Settings, today: date) -> list[int]:
    """Compile last year's draft of each collaboration whose leaders have not had it."""
    with reading(told) as session:
        due = list(drafts_due(session, policy.load(told.home), today))
        names = report_letters.areas(session)
    written: list[int] = []
    for one in due:
        whose = f"{names[one.collaboration_id]}, {one.period.name}"
        with alone(_DRAFT, whose, collaboration_id=one.collaboration_id):
            written += _draft(told, one, today)
    return written


def _draft(told: Settings, due: DueDraft, today: date) -> list[int]:
    of = Of(ReportKind.YEAR, due.collaboration_id, None, str(due.period))
    compiled = compile_edition(told, of, today, BY)
    if compiled is None:
        return []
    with reading(told) as session:
        edition = edited(session, compiled[0])
        assert edition is not None
        one = report_letters.told(session, told, edition, "docx")
    with transaction(told) as session:
        take_turns(session, Turns.LETTERS)
        if due.occasion in letters.drafts_sent(session):
            return []
        missing = missing_promises(edition.frozen)
        return letters.write_draft(
            session, told, one, due.leaders, missing, occasion=due.occasion, today=today
        )


def send_unsent(told: Settings, today: date) -> list[int]:
    """Publish and send each approved report; on a quiet day none. One that nobody can get waits."""
    written: list[int] = []
    if nobody_is_written_to(told, today):
        return written
    with reading(told) as session:
        waiting = report_letters.waiting(session, ReportKind.YEAR, today)
    for one in waiting:
        with alone(_SENDING, one.whose, collaboration_id=one.collaboration_id):
            written += _send(told, one.edition_id, today)
    return written


def _send(told: Settings, edition_id: int, today: date) -> list[int]:
    """Publish and send one edition to all who are to have it; while held it waits, if published."""
    with reading(told) as session:
        edition = edited(session, edition_id)
        assert edition is not None
        of = edition.frozen.of
        people = letters.readers(session, of.collaboration_id, of.group_id, today)
        if not people:
            return []
        one = report_letters.told(session, told, edition, "pdf")
        if of.group_id is None:
            if must_wait(session, told):
                return []
            publish(session, told, edition)
    with transaction(told) as session:
        return report_letters.send(
            session, told, ReportKind.YEAR, [(one, people)], of.period, today
        )


async def _show(today: date, part_ids: list[int]) -> None:
    rows = await to_thread(parts_shown, part_ids)
    await show(
        LINE,
        f"Årsrapporten {today.isoformat()}: {len(rows)} i dagens brev.",
        rows,
        {"Brev": "Inget att skicka"},
    )
