"""A year at random: outages, answers, people who come and go, and what is promised holds.

With all tests a few springs are lived, with `LONG=1` whole years; `YEAR_ACTIVITIES=1000 YEARS=2` is
the longest.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, insert, select, update

from config import clock, policy
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterItem, Link, Notice, NoticeKind
from models.lifecycle import Move, State
from models.person import Person
from models.span import Precision
from models.status import Says, StatusAnswer
from notifications.rehearsal import rehearse
from rules.calendar import is_quiet, working_days_before
from rules.ladder import LADDER_OF, all_windows
from tests.cast import Town
from tests.sizes import LONG, size
from tests.test_morning_round import fresh_town
from tests.test_rehearsal import items_of
from tests.test_reports_to_come import send_reports

MANY = size("YEAR_ACTIVITIES", 6, 40)
YEARS = max(2, size("YEARS", 2, 8))  # the first is always the simplest that there is
FIRST, HALF, LAST = date(2024, 1, 8), date(2024, 3, 25), date(2024, 4, 15)
BEGUN = date(2024, 3, 4)  # when the rounds begin in a year that is rehearsed
if LONG:
    BEGUN, HALF, LAST = FIRST, date(2024, 6, 24), date(2024, 12, 30)
DAYS = (LAST - FIRST).days
ACTIVITY = st.tuples(
    st.integers(-60, DAYS + 140),  # the deadline, in days from the first day
    st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]),
    st.sampled_from(["alice", "bob", "charlie", ""]),  # who answers; "": the chair
    st.sampled_from(["decided", "started", "runs on", "proposed"]),
)
# A day, and what happens on it: somebody answers, an address stops working, the machine is down.
EVENT = st.tuples(
    st.integers(0, DAYS - 7),
    st.sampled_from(["answer", "bounce", "mend", "outage", "start"]),
    st.integers(0, 10_000),
)
LIMITS = settings(
    max_examples=YEARS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FACTS = (
    st.lists(ACTIVITY, min_size=1, max_size=8),
    st.lists(EVENT, max_size=20),
)


def fill(town: Town, kinds: list[tuple[int, Precision, str, str]]) -> list[int]:
    """As many activities as are asked for, of the kinds in turn."""
    made = []
    for number in range(max(MANY, len(kinds))):
        ahead, precision, who, life = kinds[number % len(kinds)]
        due = FIRST + timedelta(days=ahead + number // len(kinds))
        person = getattr(town, who) if who else None
        make: Callable[..., int] = town.activity if life == "proposed" else town.decided
        dated = {"runs_on": due} if life == "runs on" else {"by": due, "precision": precision}
        start = due - timedelta(days=40) if life == "decided" else None
        activity_id = make(f"Aktivitet {number}", person=person, start=start, **dated)
        if life == "started":
            town.move(activity_id, Move.START)
        made.append(activity_id)
    return made


def happen(town: Town, ids: list[int], what: str, which: int, today: date) -> None:
    """One event of the year."""
    activity_id = ids[which % len(ids)]
    person = [town.alice, town.bob, town.charlie][which % 3]
    if what == "start" and town.state(activity_id) is State.DECIDED:
        town.move(activity_id, Move.START, today=today)
    with transaction(town.settings) as session:
        if what == "answer":
            now = clock.now()
            link = session.execute(
                insert(Link)
                .values(person_id=person, made_at=now, expires_at=now)
                .returning(c(Link).id)
            ).scalar_one()
            answer = StatusAnswer(
                activity_id=activity_id,
                person_id=person,
                link_id=link,
                at=now,
                on_day=today,
                says=Says.ON_TRACK,
            )
            session.add(answer)
        if what in ("bounce", "mend"):
            since = clock.now() if what == "bounce" else None
            session.execute(
                update(Person).where(c(Person).id == person).values(unreachable_since=since)
            )


def mornings(events: list[tuple[int, str, int]]) -> list[date]:
    """The days on which the rounds run: not on quiet days, not while the machine is down."""
    down = {
        day + timedelta(days=more)
        for offset, what, which in events
        if what == "outage" and (day := FIRST + timedelta(days=offset))
        for more in range(1 + which % 12)
    }
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in days if day not in down and not is_quiet(policy.load(), day)]


def live(town: Town, ids: list[int], events: list[tuple[int, str, int]]) -> list[date]:
    """The year as it happens: events in the course of the day before, then the morning's lines."""
    waiting = sorted(events)
    ran = mornings(events)
    for today in ran:
        while waiting and FIRST + timedelta(days=waiting[0][0]) < today:
            offset, what, which = waiting.pop(0)
            happen(town, ids, what, which, FIRST + timedelta(days=offset))
        town.lines(today)
    return ran


# Somebody is silent in each week of it, which a small draw may not happen on.
SILENT = [(days, Precision.DAY, "", "started") for days in range(12, 96, 12)]


@LIMITS
@example(SILENT, [(40, "answer", 2), (50, "outage", 3), (60, "bounce", 1), (70, "mend", 1)])
@given(*FACTS)
def test_a_year_of_outages_and_answers_keeps_what_is_promised(
    kinds: list[tuple[int, Precision, str, str]], events: list[tuple[int, str, int]]
) -> None:
    with TemporaryDirectory() as home, fresh_town(Path(home)) as town:
        ids = fill(town, kinds)
        ran = live(town, ids, events)
        with reading(town.settings) as session:
            letters = session.execute(
                select(c(Letter).person_id, c(Letter).on_day, c(Letter).kind)
            ).all()
            notices = session.execute(select(Notice)).scalars().all()
            written = session.execute(
                select(c(LetterItem).notice_id, c(Letter).person_id, c(Letter).on_day).join(
                    Letter, c(Letter).id == c(LetterItem).letter_id
                )
            ).all()
        promises = policy.load()
        assert max(Counter((p, day) for p, day, _ in letters).values(), default=0) <= 1
        assert [day for _, day, _ in letters if is_quiet(promises, day)] == []
        assert {day for _, day, _ in letters} <= set(ran)
        told = Counter((n.activity_id, n.kind, n.due_on, n.rung) for n in notices)
        assert set(told.values()) <= {1}
        assert (
            max(Counter((notice, person) for notice, person, _ in written).values(), default=1) == 1
        )
        _no_rung_was_invented(notices)
        _silences_reach_frida(town, list(notices), written, ran)


def _no_rung_was_invented(notices: Sequence[Notice]) -> None:
    """Every notice stands on the rung that the windows of its day say."""
    for notice in notices:
        if notice.kind in (NoticeKind.SILENCE, NoticeKind.ROUND):
            continue
        standing = {
            window.rung
            for window in all_windows(policy.load(), notice.reached_on)
            if window.kind == LADDER_OF.get(notice.kind, notice.kind)
            and window.first <= notice.due_on <= window.last
        }
        assert notice.rung in standing


def _silences_reach_frida(
    town: Town,
    notices: list[Notice],
    written: Sequence[Row[Any]],
    ran: list[date],
) -> None:
    """What was asked and is neither answered nor past is with Frida when the grace has run out.

    One more working day is given, for a morning on which she had had the day's letter.
    """
    promises = policy.load()
    leader = promises.escalation.process_leader
    frida = {notice for notice, person, _ in written if person == town.frida}
    for notice in notices:
        counts = notice.kind is NoticeKind.ROUND or notice.rung <= promises.escalation.from_rung
        if notice.kind is NoticeKind.SILENCE or not counts or notice.written_on is None:
            continue
        if notice.settled_on is not None:
            continue
        if notice.written_on > working_days_before(promises, ran[-3], leader):
            continue
        reached = [
            other
            for other in notices
            if other.activity_id == notice.activity_id
            and other.kind is NoticeKind.SILENCE
            and other.due_on <= notice.written_on
            and other.rung == -2
        ]
        assert reached, notice
        assert any(one.id in frida or one.settled_on for one in reached), notice


@settings(LIMITS, max_examples=max(2, YEARS * 2 // 3))  # each costs two years
@given(*FACTS)
def test_the_rehearsal_of_any_year_is_what_the_rounds_then_do(
    kinds: list[tuple[int, Precision, str, str]], events: list[tuple[int, str, int]]
) -> None:
    """The first half is lived, with all that happens; the rest is rehearsed, and then lived."""
    with TemporaryDirectory() as home, fresh_town(Path(home)) as town:
        ids = fill(town, kinds)
        for today in mornings(events):
            if today < HALF:
                for offset, what, which in events:
                    if FIRST + timedelta(days=offset + 1) == today:
                        happen(town, ids, what, which, today - timedelta(days=1))
            if BEGUN <= today < HALF:
                send_reports(town, today)
                town.lines(today)
        before = len(town.letters())
        coming = rehearse(town.settings, policy.load(), HALF, LAST)
        assert len(town.letters()) == before
        for today in mornings([]):
            if today >= HALF:
                send_reports(town, today)
                town.lines(today)
        with reading(town.settings) as session:
            done = [
                (each.on_day, each.to_address, each.subject, items_of(session, each.id))
                for each in town.letters()[before:]
            ]
    said = [
        (
            each.on_day,
            each.address,
            each.subject,
            sorted((row.activity_id, row.kind, row.rung) for row in each.rows),
        )
        for each in coming
    ]
    assert sorted(said) == sorted(done)
