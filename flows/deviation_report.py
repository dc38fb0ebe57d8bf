"""Each group's report of deviations goes out by itself. Timetable: 05.40 on working mornings.

Each collaboration is asked by itself: one that fails is told, and stops no other.

Each morning it asks whether a period's day has come (`rules/deviation_reports.py`), so a missed day
is made good once, and a round that is doubled finds nothing left to do.
"""

from asyncio import to_thread
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import policy, settings
from config.policy import Policy
from config.settings import Settings
from flows import report_letters
from flows.rounds import a_round, noted, show, step
from models.alone import alone
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, EditionState, ReportKind
from models.promises import policy_of
from notifications.letters import deviations as letters
from notifications.letters import frame
from notifications.outbox import Enclosed
from notifications.reports_due import DueDeviations, deviations_due, files_since, set_aside_last
from reports.approval import (
    BY_ITSELF,
    Edited,
    approve_by_itself,
    earlier_approved,
    edited,
    mark_sent,
    not_sent_to_all,
    report,
)
from reports.deviation.chart_words import picture
from reports.deviation.compiling import compile_all
from reports.deviation.facts import SCHEMA, same_figures
from reports.deviation.words import essentials, may_lack
from reports.editions import Facts, Of, freeze, newest
from reports.files import MEDIA_TYPES, as_file, file_name
from reports.writers.pdf import as_png
from rules.deviation_reports import Export
from rules.periods import Period, parse

LINE = "deviation-report"
_FREEZING = "Avvikelserapport för"
_MAKING = "Avvikelserapporter för"
_SENDING, _LETTERS = "Att skicka avvikelserapport för", "Breven med avvikelserapport för"
_FILES = ("pdf", "docx")


@a_round(LINE, "avvikelserapporter")
async def deviation_report(today: date | None = None) -> dict[str, int]:
    """Compile and send what is due. Returns how many editions and letters.

    1. Note that the round began (`round`).
    2. Where the period's export is missing, tell the process leaders once, and wait.
    3. Else compile every group's report; again where a later file has changed its figures.
    4. Send each that has not been sent. Show them as an artifact; note that the round ended well.
    """
    async with noted(LINE, today) as (day, counts):
        waiting = await tell_that_it_waits(day)
        made = await compile_due(day)
        part_ids = await send_made(day)
        await _show(day, made)
        counts |= {"editions": len(made), "letters": len(waiting) + len(part_ids)}
    return counts


@step("tell that reports wait for an export")
async def tell_that_it_waits(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(tell_waiting, settings.load(), today)


@step("compile deviation reports")
async def compile_due(today: date) -> list[int]:
    """The editions that were made."""
    return await to_thread(make_due, settings.load(), today)


@step("send deviation reports")
async def send_made(today: date) -> list[int]:
    """The parts' numbers."""
    return await to_thread(send_unsent, settings.load(), today)


def tell_waiting(told: Settings, today: date) -> list[int]:
    """Tell the process leaders once that a period's reports wait for an export, and why."""
    written: list[int] = []
    with transaction(told) as session:
        leaders = frame.with_stand_ins(session, today)
        for found in deviations_due(session, policy.load(told.home), today):
            area = found.collaboration_id
            if not found.goes and not _sent(session, area, found.period):
                written += letters.say_that_it_waits(
                    session,
                    told,
                    [person_id for person_id, _ in leaders.get(area, ())],
                    collaboration_id=area,
                    period=str(found.period),
                    words=found.period.name,
                    why=found.why_it_waits,
                    waits_to=found.waits_to,
                    today=today,
                )
    return written


def _sent(session: Session, area: int, period: Period) -> bool:
    asked = select(c(Edition).id).where(
        c(Edition).kind == ReportKind.DEVIATIONS,
        c(Edition).collaboration_id == area,
        c(Edition).period == str(period),
        c(Edition).state == EditionState.SENT,
    )
    return session.execute(asked.limit(1)).first() is not None


def make_due(told: Settings, today: date) -> list[int]:
    """Make and approve each report that is due, or that a later file has changed.

    1. Nothing to do when every report stands and no file has come or gone since.
    2. Count all of a collaboration's groups at once, as on the day the reports were due.
    3. Make an edition where there is none, or where figures differ.

    What could not be made is set aside, and is tried again by the next round.
    """
    promises = policy.load(told.home)
    with reading(told) as session:
        due = deviations_due(session, promises, today)
    made: list[int] = []
    for one in due:
        if one.goes:
            whose = f"{one.period.name}, samverkan {one.collaboration_id}"
            with alone(_MAKING, whose, collaboration_id=one.collaboration_id):
                with reading(told) as session:
                    own = policy_of(session, promises, one.collaboration_id, today)
                made += _made(told, own, one, today)
    return made


def _made(told: Settings, promises: Policy, found: DueDeviations, today: date) -> list[int]:
    area = found.collaboration_id
    with reading(told) as session:
        again = set_aside_last(session, LINE)
        if not again and not files_since(session, area, found.period):
            return []
        cut_off = _cut_off(session, area, found.period) or today
        compiled = compile_all(session, area, found.period, cut_off, promises)
        changed = [of for of, facts in compiled.items() if _differs(session, of, facts)]
    if found.export is Export.OLD and found.newest:
        for facts in compiled.values():
            facts["may_lack_after"] = found.newest.isoformat()
    made: list[int] = []
    with transaction(told) as session:
        for of in changed:
            whose = f"{compiled[of].get('group') or 'alla målgrupper'}, {of.period}"
            with alone(_FREEZING, whose, session, collaboration_id=of.collaboration_id):
                edition_id, _ = freeze(
                    session, of, compiled[of], schema_version=SCHEMA, cut_off=cut_off, by=BY_ITSELF
                )
                if approve_by_itself(session, edition_id):
                    made.append(edition_id)
    return made


def _cut_off(session: Session, area: int, period: Period) -> date | None:
    """The day that the period's reports were counted on the first time."""
    e = c(Edition)
    asked = select(func.min(e.cut_off)).where(
        e.kind == ReportKind.DEVIATIONS,
        e.collaboration_id == area,
        e.period == str(period),
        e.state.in_((EditionState.APPROVED, EditionState.SENT)),
    )
    return session.execute(asked).scalar()


def _differs(session: Session, of: Of, facts: Facts) -> bool:
    """From what readers have; an edition that somebody made meanwhile is not sent for that."""
    latest = newest(session, of)
    edition = edited(session, latest.id) if latest else None
    while edition is not None and not edition.approved:
        edition = earlier_approved(session, edition)
    return edition is None or not same_figures(edition.frozen.facts, facts)


def send_unsent(told: Settings, today: date) -> list[int]:
    """Send what is made and unsent, each edition in a transaction of its own.

    One that nobody in the group can get goes to the process leaders; without any, it waits.
    """
    written: list[int] = []
    prepared: list[tuple[letters.Told, list[int]]] = []
    with reading(told) as session:
        leaders = frame.leaders(session, today)
        for waits in report_letters.waiting(session, ReportKind.DEVIATIONS, today):
            area = waits.collaboration_id
            with alone(_SENDING, waits.whose, session, collaboration_id=area):
                edition = edited(session, waits.edition_id)
                assert edition is not None
                group_id = edition.frozen.of.group_id
                people = letters.readers(session, leaders, area, group_id, today)
                if people:
                    prepared.append((_told(session, told, edition), people))
    for one, people in prepared:
        with alone(_LETTERS, one.whose), transaction(told) as session:
            if mark_sent(session, one.edition_id):
                done = letters.write(session, told, one, people, today)
                if done.set_aside:
                    not_sent_to_all(session, one.edition_id)
                written += done.part_ids
    return written


def _told(session: Session, told: Settings, edition: Edited) -> letters.Told:
    """An edition as its letter tells it: the first target group's chart, PDF and Word."""
    frozen, shown = edition.frozen, report(session, edition)
    facts = frozen.facts
    files = [
        Enclosed(
            file_name(frozen, shown, kind),
            MEDIA_TYPES[kind].partition(";")[0],
            as_file(kind, frozen, shown, told.report_template),
        )
        for kind in _FILES
    ]
    long = parse(facts["period"]).kind
    drawn = next(((t, p) for t in facts["targets"] if (p := picture(t, long, plain=True))), None)
    if drawn:
        chart = f"{letters.CHART}-{frozen.id}"
        image = as_png(drawn[1].narrow, wide=1200)
        files.insert(0, Enclosed(f"{chart}.png", "image/png", image, chart))
    return letters.Told(
        edition_id=frozen.id,
        title=shown.title,
        whose=facts["group"] or facts["organisation"],
        correction=earlier_approved(session, edition) is not None,
        essentials=tuple(essentials(facts, plain=True)),
        warning=may_lack(facts) if facts["may_lack_after"] else "",
        alt=f"{drawn[0]['name']}. {drawn[1].alt}" if drawn else "",
        files=tuple(files),
        collaboration_id=frozen.of.collaboration_id,
    )


async def _show(today: date, made: list[int]) -> None:
    rows = await to_thread(_table, made)
    await show(
        LINE,
        f"Avvikelserapporter {today.isoformat()}: {len(rows)}.",
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
