"""Who stands for a report: words are kept, promises are missed aloud, what is approved stays."""

from datetime import date

import pytest
from sqlalchemy import insert

from models.database import reading, transaction
from models.edition import EditionState, ReportKind
from models.lifecycle import Brought, Move, Outcome
from models.promise import Promise
from reports.approval import (
    BY_ITSELF,
    CannotApprove,
    Edited,
    approve,
    approve_by_itself,
    edited,
    mark_sent,
    places,
    report,
    review,
    save,
)
from reports.blocks import Paragraph, Table
from reports.compiling import compile_edition
from reports.editions import Of
from reports.files import as_file
from reports.writers.html import write_html
from tests.cast import Town
from tests.word_files import read_prose

pytestmark = pytest.mark.by_turns
JANUARY = date(2025, 1, 9)


def year(town: Town, when: date = JANUARY, period: str = "2024") -> int:
    """The year's report, compiled on a day."""
    made = compile_edition(town.settings, Of(ReportKind.YEAR, 1, None, period), when, "Frida")
    assert made is not None
    return made[0]


def on_file(town: Town, edition_id: int) -> Edited:
    """An edition with who stands for it."""
    with reading(town.settings) as session:
        found = edited(session, edition_id)
    assert found is not None
    return found


def write(town: Town, edition_id: int, by: str = "Frida", **texts: str) -> int:
    """Somebody writes in the report."""
    with transaction(town.settings) as session:
        found = edited(session, edition_id)
        assert found is not None
        return save(session, found, texts, by)


def step(town: Town, what: str, edition_id: int, **given: str) -> None:
    """Frida takes a step with an edition."""
    with transaction(town.settings) as session:
        (review if what == "review" else approve)(session, edition_id, "Frida", **given)


def approved(town: Town, edition_id: int, reason: str = "") -> int:
    """Frida reviews and approves an edition."""
    step(town, "review", edition_id)
    step(town, "approve", edition_id, reason=reason)
    return edition_id


def page(town: Town, edition_id: int) -> str:
    """The edition as a web page."""
    with reading(town.settings) as session:
        found = edited(session, edition_id)
        assert found is not None
        return write_html(report(session, found))


def promised(town: Town) -> int:
    """An activity that is to be told of in the year's report, and is not."""
    activity = town.decided("Trygg hemgång", by="2024-11-30")
    town.move(activity, Move.START, today=date(2024, 2, 1))
    with transaction(town.settings) as session:
        session.execute(
            insert(Promise).values(
                activity_id=activity, words="Redovisas i årsrapport", made_to="årsrapport"
            )
        )
    return activity


def follow_up(town: Town, activity: int, today: date) -> None:
    """Frida follows up an activity."""
    brought = Brought(result="Fler kom hem tryggt.", figure="12", outcome=Outcome.ACHIEVED)
    town.move(activity, Move.FOLLOW_UP, brought, today)


def test_an_edition_is_compiled_reviewed_approved_and_sent_by_names(town: Town) -> None:
    town.decided(by="2024-11-30")
    edition = year(town)
    assert on_file(town, edition).frozen.state is EditionState.COMPILED
    approved(town, edition)
    told = on_file(town, edition).approval
    assert (told.compiled_by, told.reviewed_by, told.approved_by) == ("Frida",) * 3
    with transaction(town.settings) as session:
        assert mark_sent(session, edition)
    with transaction(town.settings) as session:
        assert not mark_sent(session, edition)
    assert on_file(town, edition).frozen.state is EditionState.SENT


def test_nobody_approves_what_nobody_has_reviewed_and_nobody_twice(small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    edition = year(small_town)
    with pytest.raises(CannotApprove, match="Ingen har granskat"):
        step(small_town, "approve", edition)
    approved(small_town, edition)
    with pytest.raises(CannotApprove, match="redan godkänd av Frida"):
        step(small_town, "approve", edition)


def test_words_are_kept_when_the_report_is_compiled_again(town: Town) -> None:
    activity = town.decided(by="2024-11-30")
    write(town, year(town), inledning="Ett bra år.\r\n\r\nVi kom långt.")
    town.move(activity, Move.START, today=date(2024, 2, 1))
    second = year(town)
    assert on_file(town, second).frozen.number == 2
    shown = page(town, second)
    assert '<p class="written">Ett bra år.</p>\n<p class="written">Vi kom långt.</p>' in shown
    assert write(town, second, inledning="Ett bra år.\n\nVi kom långt.") == 0


def test_what_is_written_after_a_review_must_be_reviewed_again(small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    edition = year(small_town)
    step(small_town, "review", edition)
    write(small_town, edition, inledning="Ett bra år.")
    with pytest.raises(CannotApprove, match="Ingen har granskat"):
        step(small_town, "approve", edition)


def test_last_years_words_are_offered_until_somebody_saves_them(small_town: Town) -> None:
    small_town.decided(by="2025-11-30")
    write(small_town, year(small_town), inledning="Vi samverkar i Alm.")
    now = year(small_town, date(2026, 1, 9), "2025")
    with reading(small_town.settings) as session:
        offered = places(session, on_file(small_town, now))[0]
    assert (offered.text, offered.from_last_year) == ("Vi samverkar i Alm.", True)
    with pytest.raises(CannotApprove, match="kvar från förra året under Året i korthet"):
        step(small_town, "review", now)
    assert write(small_town, now, inledning="Vi samverkar i Alm.") == 1
    approved(small_town, now)
    assert on_file(small_town, now).approval.prose == {"inledning": "Vi samverkar i Alm."}


def test_a_missing_promise_stops_approval_by_name_until_there_is_a_reason(town: Town) -> None:
    promised(town)
    edition = year(town)
    step(town, "review", edition)
    with pytest.raises(CannotApprove, match=r"en utlovad redovisning: Trygg hemgång \(NOSAM Alm\)"):
        step(town, "approve", edition)
    step(town, "approve", edition, reason="Uppföljningen görs i mars.")
    assert "Skäl: Uppföljningen görs i mars." in page(town, edition)


def test_a_kept_promise_needs_no_reason_and_none_is_printed(small_town: Town) -> None:
    follow_up(small_town, promised(small_town), date(2024, 11, 20))
    edition = approved(small_town, year(small_town), "Behövs inte.")
    assert "Behövs inte" not in page(small_town, edition)


def test_a_correction_is_a_new_edition_that_says_what_changed(town: Town) -> None:
    activity = promised(town)
    first = approved(town, year(town), "Uppföljningen görs i mars.")
    before = page(town, first)
    follow_up(town, activity, date(2024, 11, 20))
    second = year(town, date(2025, 3, 1))
    write(town, second, inledning="Nu med uppföljning.")
    approved(town, second)
    with reading(town.settings) as session:
        shown = report(session, on_file(town, second))
    table = next(block for block in shown.blocks if isinstance(block, Table))
    assert table.caption == "Det som skiljer sig från utgåva 1"
    assert ("NOSAM Alm: Trygg hemgång", "pågående", "uppföljd") in table.rows
    assert ("NOSAM Alm: pågående", "1", "0") in table.rows
    assert ("Texten under I korthet", "ingen text", "ny text") in table.rows
    assert page(town, first) == before


def test_only_the_newest_edition_can_be_approved(small_town: Town) -> None:
    activity = small_town.decided(by="2024-11-30")
    first = year(small_town)
    small_town.move(activity, Move.START, today=date(2024, 2, 1))
    year(small_town)
    with pytest.raises(CannotApprove, match="nyare utgåva, nummer 2"):
        step(small_town, "review", first)


def test_an_approved_edition_takes_no_more_words_and_never_moves(town: Town) -> None:
    activity = town.decided(by="2024-11-30")
    edition = year(town)
    write(town, edition, inledning="Som det var.")
    approved(town, edition)
    before = page(town, edition)
    with pytest.raises(CannotApprove, match="ändras inte"):
        write(town, edition, inledning="Något annat.")
    town.move(activity, Move.START, today=date(2024, 3, 1))
    later = year(town, date(2025, 2, 1))
    write(town, later, inledning="Något annat.")
    assert page(town, edition) == before
    assert "Som det var." in before


def test_the_timetable_approves_without_a_name_in_the_report(small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    made = compile_edition(
        small_town.settings, Of(ReportKind.QUARTER, 1, small_town.alm, "2024Q1"), JANUARY, BY_ITSELF
    )
    assert made is not None
    with transaction(small_town.settings) as session:
        assert approve_by_itself(session, made[0])
        found = edited(session, made[0])
        assert found is not None
        shown = report(session, found)
    assert not [b for b in shown.blocks if isinstance(b, Paragraph) and "Godkänd" in b.text]


def test_words_come_back_from_the_word_file(small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    edition = year(small_town)
    write(small_town, edition, inledning="Ett bra år.\n\nVi kom långt.")
    found = on_file(small_town, edition)
    with reading(small_town.settings) as session:
        data = as_file("docx", found.frozen, report(session, found), None)
    assert read_prose(data)["inledning"] == "Ett bra år.\n\nVi kom långt."
