"""The year's report: the draft in January, and the approved report to groups and to the public.

Timetable: 06.40 on working mornings. Each asks what has been reached: a draft that no process
leader has had, an approved report that has not been sent.
"""

from asyncio import to_thread
from datetime import date

from prefect import flow, runtime, task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import select

from config import clock, policy, settings
from config.settings import Settings
from flows import bookkeeping, report_letters
from flows.retrying import database_is_busy
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.group import Collaboration
from models.letter import Letter
from notifications.letters import frame
from notifications.letters import reports as letters
from notifications.letters.morning import take_turns
from reports.approval import edited, missing_promises, unsent
from reports.compiling import compile_edition
from reports.editions import Of
from reports.publishing import publish
from rules.calendar import is_quiet
from rules.periods import Kind, Period

LINE = "year-close"
BY = "tidtabellen"


def _run_name() -> str:
    return f"årsrapporten {runtime.flow_run.parameters.get('today') or 'i dag'}"


@flow(name=LINE, flow_run_name=_run_name)
async def year_close(today: date | None = None) -> dict[str, int]:
    """Make drafts that are due, send what is approved. Returns how many letters of each.

    1. Note that the round began (`round`).
    2. Compile each collaboration's draft, and mail it to its process leaders, once a year.
    3. Publish what is approved, then send it to everybody in the groups.
    4. Show the letters as an artifact; note that the round ended well.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    round_id = await to_thread(bookkeeping.begin, told, LINE, day, str(runtime.flow_run.id or ""))
    try:
        drafts = await make_drafts(day)
        sent = await send_approved(day)
        await _show(day, [*drafts, *sent])
    except BaseException as error:
        await to_thread(bookkeeping.fail, told, round_id, error)
        raise
    counts = {"drafts": len(drafts), "letters": len(drafts) + len(sent)}
    await to_thread(bookkeeping.end, told, round_id, counts)
    return counts


@task(
    name="make annual drafts",
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    retry_condition_fn=database_is_busy,
)
async def make_drafts(today: date) -> list[int]:
    """The letters' numbers."""
    return await to_thread(make_due, settings.load(), today)


@task(
    name="send annual reports",
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    retry_condition_fn=database_is_busy,
)
async def send_approved(today: date) -> list[int]:
    """The letters' numbers."""
    return await to_thread(send_unsent, settings.load(), today)


def make_due(told: Settings, today: date) -> list[int]:
    """Compile last year's draft of each collaboration whose leaders have not had it."""
    period = Period(Kind.YEAR, today.year - 1)
    promises = policy.load(told.home)
    if today < period.cut_off(promises.reports.year_draft) or is_quiet(promises, today):
        return []
    with reading(told) as session:
        had = letters.drafts_sent(session)
        areas = list(session.execute(select(c(Collaboration).id).order_by(c(Collaboration).id)))
        leaders = frame.leaders(session, today)
    written: list[int] = []
    for (area,) in areas:
        occasion = f"{area} {period}"
        people = [person for person, _ in leaders.get(area, ())]
        if people and occasion not in had:
            written += _draft(told, Of(ReportKind.YEAR, area, None, str(period)), people, today)
    return written


def _draft(told: Settings, of: Of, people: list[int], today: date) -> list[int]:
    compiled = compile_edition(told, of, today, BY)
    if compiled is None:
        return []
    with reading(told) as session:
        edition = edited(session, compiled[0])
        assert edition is not None
        one = report_letters.told(session, told, edition, "docx")
    with transaction(told) as session:
        take_turns(session)
        occasion = f"{of.collaboration_id} {of.period}"
        if occasion in letters.drafts_sent(session):
            return []
        missing = missing_promises(edition.frozen)
        return letters.write_draft(
            session, told, one, people, missing, occasion=occasion, today=today
        )


def send_unsent(told: Settings, today: date) -> list[int]:
    """Publish and send each approved report; on a quiet day none. One that nobody can get waits."""
    written: list[int] = []
    if is_quiet(policy.load(told.home), today):
        return written
    with reading(told) as session:
        waiting = unsent(session, ReportKind.YEAR)
    for edition_id in waiting:
        with reading(told) as session:
            edition = edited(session, edition_id)
            assert edition is not None
            of = edition.frozen.of
            people = report_letters.readers(session, of, today)
            if not people:
                continue
            one = report_letters.told(session, told, edition, "pdf")
            if of.group_id is None:
                publish(session, told, edition)
        with transaction(told) as session:
            written += report_letters.send(
                session, told, ReportKind.YEAR, [(one, people)], of.period, today
            )
    return written


async def _show(today: date, letter_ids: list[int]) -> None:
    rows = await to_thread(_table, letter_ids)
    await acreate_table_artifact(
        key=LINE,
        table=rows or [{"Till": "–", "Ärende": "Inget att skicka"}],
        description=f"Årsrapporten {today.isoformat()}: {len(rows)} brev.",
    )


def _table(letter_ids: list[int]) -> list[dict[str, str]]:
    """Who got a letter. Addresses stay out of Prefect's database."""
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(Letter).to_name, c(Letter).subject).where(c(Letter).id.in_(letter_ids))
        ).all()
    return [{"Till": name, "Ärende": subject} for name, subject in rows]
