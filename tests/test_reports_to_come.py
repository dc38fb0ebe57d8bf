"""The rehearsal foretells the letters with reports, and then the rounds send just those."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from config import policy
from flows import deviation_report, quarter_close, year_close
from intake.lives.entries import log_of
from intake.lives.undo import look, take_back
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition
from models.letter import LetterPart
from models.lifecycle import Brought, Move, Outcome
from models.person import Person, Role
from models.status_round import Meeting
from notifications.rehearsal import rehearse
from rules.calendar import is_quiet
from tests.cast import FRIDA, Town
from tests.sizes import LONG
from tests.test_deviation_report import QUARTER, groups, take

Letters = list[tuple[date, str, str]]
# The days around three quarters' ends, each rehearsed when those before have been; or all of them.
AROUND = [
    (date(2024, 4, 2), date(2024, 4, 9)),
    (date(2024, 7, 1), date(2024, 7, 9)),
    (date(2024, 9, 27), date(2024, 10, 10)),
]
if LONG:
    AROUND = [(date(2024, 4, 2), date(2024, 10, 10))]
NOTHING_FROM = 13  # the day of a month: those until the 25th are tried where all are


def foretold(town: Town, first: date, last: date) -> Letters:
    """The reports in the letters to come."""
    coming = rehearse(town.settings, policy.load(), first, last)
    return sorted(
        (one.on_day, one.address, part.title)
        for one in coming
        for part in one.parts
        if part.title != "Veckan"
    )


def sent(town: Town, first: date, last: date) -> Letters:
    """The same of what the rounds put in letters, day by day."""
    day = first
    while day <= last:
        if not is_quiet(policy.load(), day) and (LONG or not NOTHING_FROM <= day.day < 25):
            send_reports(town, day)
        day += timedelta(days=1)
    query = (
        select(c(LetterPart).on_day, c(Person).email, c(LetterPart).title)
        .join(Person, c(Person).id == c(LetterPart).person_id)
        .where(c(LetterPart).dropped_on.is_(None))
    )
    with reading(town.settings) as session:
        return sorted(session.execute(query).tuples())


def send_reports(town: Town, day: date) -> None:
    """The rounds of a morning that send reports, without Prefect around them."""
    told = town.settings
    if day.weekday() > 4:
        return
    quarter_close.make_due(told, day)
    quarter_close.send_unsent(told, day)
    year_close.make_due(told, day)
    year_close.send_unsent(told, day)
    deviation_report.tell_waiting(told, day)
    deviation_report.make_due(told, day)
    deviation_report.send_unsent(told, day)


@pytest.fixture
def working(small_town: Town) -> Town:
    """NOSAM Alm has something under way, NOSAM Björk something that is over; Alice is in both."""
    small_town.move(small_town.decided(by="2025-12-31"), Move.START, today=date(2024, 2, 1))
    over = small_town.decided("Avslutad", by="2024-12-31", group=small_town.bjork)
    small_town.change(over, group_id=small_town.bjork)
    small_town.move(
        over,
        Move.ABANDON,
        Brought(outcome=Outcome.CEASED, reason="Gick inte", decision_id=small_town.decision),
        today=date(2024, 2, 2),
    )
    small_town.holds(small_town.alice, small_town.bjork, Role.MEMBER)
    return small_town


def test_a_quarters_end_is_foretold_as_it_is_sent(working: Town) -> None:
    with transaction(working.settings) as session:
        session.add(Meeting(group_id=working.alm, on_day=date(2024, 10, 4)))
    expected: Letters = []
    for first, last in AROUND:
        before = editions(working)
        expected += foretold(working, first, last)
        assert editions(working) == before  # nothing was compiled
        assert sent(working, first, last) == expected
        working.lines(last)  # the letters go
    assert [(day, who) for day, who, _ in expected] == [
        (date(2024, 4, 5), "alice@example.org"),
        (date(2024, 4, 5), "bob@example.org"),
        (date(2024, 7, 5), "alice@example.org"),
        (date(2024, 10, 2), "alice@example.org"),  # two days before the meeting
    ]


def test_a_report_of_nothing_but_what_was_taken_back_is_foretold_as_it_is_sent(
    small_town: Town,
) -> None:
    """The only activity was a mistake, and was told of in April."""
    town = small_town
    mistake = town.activity("Av misstag", by="2024-12-31", today=date(2024, 3, 1))
    assert len(sent(town, *AROUND[0])) == 1
    town.lines(AROUND[0][1])  # the letters go
    with transaction(town.settings) as session:
        (entry,) = log_of(session, {mistake})[mistake]
        chain = look(session, [mistake], entry.key, held=True)
        take_back(session, chain, FRIDA, today=date(2024, 5, 2), reason="Fel rad")
    first, last = AROUND[1]
    expected = foretold(town, first, last)
    assert [who for _, who, _ in expected] == ["alice@example.org"]
    assert sent(town, first, last)[1:] == expected
    town.lines(last)
    first, last = AROUND[2]
    assert foretold(town, first, last) == []
    assert sent(town, first, last)[2:] == []


def editions(town: Town) -> int:
    """How many reports have been compiled."""
    with reading(town.settings) as session:
        return len(session.execute(select(c(Edition).id)).all())


def test_the_years_draft_is_foretold_as_it_is_sent(working: Town) -> None:
    first, last = date(2025, 1, 2), date(2025, 1, 31)
    expected = foretold(working, first, last)
    assert (date(2025, 1, 9), "frida@example.org") in {(day, who) for day, who, _ in expected}
    assert sent(working, first, last) == expected


def test_deviation_reports_are_foretold_as_they_are_sent(working: Town) -> None:
    groups(working)
    take(working, QUARTER, datetime(2025, 4, 2, 9, tzinfo=UTC))
    first, last = date(2025, 4, 1), date(2025, 4, 11)
    expected = foretold(working, first, last)
    subjects = [subject.partition(" [")[0] for _, _, subject in expected]
    assert "Avvikelser kv 1 2025: Temagrupp äldre" in subjects
    assert f"Avvikelser kv 1 2025: {working.settings.organisation}" in subjects
    assert sent(working, first, last) == expected


def test_that_deviation_reports_wait_for_their_file_is_foretold_too(working: Town) -> None:
    groups(working)
    take(working, QUARTER, datetime(2025, 3, 20, 9, tzinfo=UTC))
    first, last = date(2025, 4, 1), date(2025, 5, 2)
    expected = foretold(working, first, last)
    waiting = [who for _, who, subject in expected if "väntar på en fil" in subject]
    assert waiting == ["frida@example.org"]
    assert sent(working, first, last) == expected
