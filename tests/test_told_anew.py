"""What stood in a letter that did not come is told again: reports and drafts, not notices alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from config import policy
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterPart, LetterState
from models.letter_kinds import LetterKind
from notifications.letters import parts
from notifications.letters.again import again
from notifications.outbox import Enclosed, Words
from notifications.unreachable import free_what_never_came
from tests.cast import Town

pytestmark = pytest.mark.by_turns
FIRST = date(2024, 1, 10)
FILE = Enclosed("arsrapport.pdf", "application/pdf", b"%PDF-1.7")
WORDS = Words("Utkast till årsrapport 2023", "Skriv färdigt.", "<tr><td>Skriv färdigt.</td></tr>")


def a_draft_for_frida(town: Town) -> None:
    with transaction(town.settings) as session:
        parts.add(
            *(session, town.frida, LetterKind.DRAFT, WORDS),
            today=FIRST,
            occasion="1 2023",
            enclosed=[FILE],
        )


def bounces(town: Town, letter_id: int) -> None:
    """Her mailbox is full: nothing that says that the address is dead."""
    with transaction(town.settings) as session:
        values = {"state": LetterState.BOUNCED, "server_said": "552 5.2.2 Mailbox full"}
        session.execute(update(Letter).where(c(Letter).id == letter_id).values(values))
        free_what_never_came(session, letter_id)


def days_it_went(town: Town) -> list[date]:
    return [each.on_day for each in town.letters() if "Utkast" in each.subject]


def test_a_draft_that_bounced_is_told_again_the_next_day_with_its_file(small_town: Town) -> None:
    a_draft_for_frida(small_town)
    (lost,) = small_town.morning(FIRST).letter_ids
    bounces(small_town, lost)
    assert small_town.morning(FIRST).letter_ids == []
    small_town.morning("2024-01-11")
    assert days_it_went(small_town) == [FIRST, date(2024, 1, 11)]
    small_town.morning("2024-01-12")
    assert len(small_town.letters()) == 2
    with reading(small_town.settings) as session:
        hers = session.execute(select(c(LetterPart).letter_id)).scalars()
        assert set(hers) == {lost, lost + 1}  # the lost letter keeps what it was about


def test_two_reports_of_one_lost_letter_tell_its_draft_anew_once(small_town: Town) -> None:
    a_draft_for_frida(small_town)
    (lost,) = small_town.morning(FIRST).letter_ids
    bounces(small_town, lost)
    bounces(small_town, lost)
    small_town.morning("2024-01-11")
    assert len(days_it_went(small_town)) == 2


def test_a_mailbox_that_stays_full_is_tried_more_and_more_seldom_and_then_no_more(
    small_town: Town,
) -> None:
    a_draft_for_frida(small_town)
    for ahead in range(60):
        for letter_id in small_town.morning(FIRST + timedelta(days=ahead)).letter_ids:
            bounces(small_town, letter_id)
    assert [(day - FIRST).days for day in days_it_went(small_town)] == [0, 1, 3, 7, 15, 31]


@pytest.mark.parametrize("pressed", [FIRST, date(2024, 1, 12)])
def test_a_draft_that_somebody_sends_by_hand_goes_once(small_town: Town, pressed: date) -> None:
    town = small_town
    a_draft_for_frida(town)
    (lost,) = town.morning(FIRST).letter_ids
    bounces(town, lost)
    for day in (date(2024, 1, 11), date(2024, 1, 12)):
        if pressed < day:
            town.morning(day)
    with transaction(town.settings) as session:
        again(session, town.settings, policy.load(town.settings.home), lost, pressed)
    for day in (date(2024, 1, 11), date(2024, 1, 12), date(2024, 1, 15)):
        if pressed < day:
            town.morning(day)
    assert len(days_it_went(town)) == 2


def test_two_weeks_without_letters_come_as_one_week(small_town: Town) -> None:
    """Frida's address was away from one Monday to the next."""
    town = small_town
    with transaction(town.settings) as session:
        week = Words("Veckan", "", "")
        for day in (date(2024, 6, 3), date(2024, 6, 10)):
            parts.add(session, town.frida, LetterKind.WEEKLY, week, today=day)
    town.activity("Fler SIP", words="alla berörda")
    town.morning("2024-06-10")
    (letter,) = town.letters()
    assert letter.text.count("att se till i vecka 24") == 1
    assert " +" not in letter.subject
    with reading(town.settings) as session:
        dropped = session.execute(select(c(LetterPart).dropped_on).order_by(c(LetterPart).id))
        assert list(dropped.scalars()) == [date(2024, 6, 10), None]


def test_a_lost_week_gives_way_to_the_next_one_where_they_meet(small_town: Town) -> None:
    """The report of the lost letter comes when the next Monday's week is on file."""
    town = small_town
    town.activity("Fler SIP", words="alla berörda")
    sunday, monday = date(2024, 6, 2), date(2024, 6, 3)
    with transaction(town.settings) as session:
        parts.add(session, town.frida, LetterKind.WEEKLY, Words("Veckan", "", ""), today=sunday)
    (lost,) = town.morning(sunday).letter_ids
    with transaction(town.settings) as session:
        parts.add(session, town.frida, LetterKind.WEEKLY, Words("Veckan", "", ""), today=monday)
    bounces(town, lost)
    assert len(town.morning(monday).letter_ids) == 1
    with reading(town.settings) as session:
        assert len(session.execute(select(c(LetterPart).id)).all()) == 2
