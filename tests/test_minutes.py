"""After a meeting: its minutes by paragraph, the days to come, and what a chair finds there."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from intake.lives.undo import look, take_back
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import MoveRow
from models.status_round import Meeting
from reports.blocks import Table
from reports.minutes import _place, days_of, minutes_of
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.two_collaborations import neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser at the meeting of 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def meet(town: Town, frida: TestClient) -> list[int]:
    """The meeting decides one activity by § 12, another by § 9, and leaves the third."""
    ids = [town.activity(f"Ärende {n}", by="2025-12-31") for n in range(3)]
    rows = {f"move_{ids[0]}": "besluta", f"reference_{ids[0]}": "§ 12"}
    rows |= {f"move_{ids[1]}": "avslå", f"reference_{ids[1]}": "§ 9"}
    rows |= {f"reason_{ids[1]}": "Görs redan", "decision_group": "NOSAM Alm"}
    frida.post(f"/moten/{town.alm}", data=rows | {"decided_on": "2024-12-02"})
    return ids


def table_of(town: Town, day: date = TODAY) -> tuple[tuple[str, ...], ...]:
    """The decisions of a day."""
    with reading(town.settings) as session:
        told = minutes_of(session, town.alm, day, TODAY)
    assert told is not None
    return next(block.rows for block in told.blocks if isinstance(block, Table))


def test_the_minutes_tell_each_decision_by_its_paragraph(town: Town, frida: TestClient) -> None:
    meet(town, frida)
    assert table_of(town) == (
        ("§ 9", "Ärende 1", "Avslagen", "Görs redan."),
        ("§ 12", "Ärende 0", "Beslutad", ""),
    )
    page = frida.get(f"/moten/{town.alm}").text
    assert f"/moten/{town.alm}/protokoll.docx?dag=2024-12-02" in page


def test_they_are_files_of_word_and_pdf(town: Town, frida: TestClient) -> None:
    meet(town, frida)
    address = f"/moten/{town.alm}/protokoll"
    word = frida.get(f"{address}.docx?dag=2024-12-02")
    tables = Document(BytesIO(word.content)).tables
    cells = [cell.text for each in tables for row in each.rows for cell in row.cells]
    assert {"§ 9", "§ 12", "Ärende 0", "Avslagen"} <= set(cells)
    pdf = frida.get(f"{address}.pdf?dag=2024-12-02")
    assert pdf.content.startswith(b"%PDF")
    for wrong in (".docx?dag=2024-12-03", ".docx?dag=i+dag", ".docx", ".xlsx?dag=2024-12-02"):
        assert frida.get(address + wrong).status_code == 404


def test_what_was_taken_back_is_not_in_the_minutes(town: Town, frida: TestClient) -> None:
    decided, *_ = meet(town, frida)
    with transaction(town.settings) as session:
        row = select(c(MoveRow).batch).where(c(MoveRow).activity_id == decided)
        key = str(session.execute(row.order_by(c(MoveRow).id.desc())).scalars().first())
        take_back(session, look(session, [decided], key), FRIDA, today=TODAY)
    assert [row[0] for row in table_of(town)] == ["§ 9"]
    with reading(town.settings) as session:
        assert days_of(session, town.alm) == [TODAY]
        assert days_of(session, town.bjork) == []


def test_a_meeting_in_january_needs_no_year_in_december(town: Town, frida: TestClient) -> None:
    frida.post(f"/moten/{town.alm}/dagar", data={"days": "17 januari"})
    assert [day.month for day in days(town)] == [1]
    assert days(town)[0] > TODAY


def test_a_years_days_are_entered_at_once(town: Town, frida: TestClient) -> None:
    asked = {"days": "14 mars 2025\n2025-06-13; 2025-09-12\n2025-06-13"}
    page = frida.post(f"/moten/{town.alm}/dagar", data=asked)
    assert page.status_code == 200
    for day in ("14 mars 2025", "13 juni 2025", "12 september 2025"):
        assert day in page.text
    assert days(town) == [date(2025, 3, 14), date(2025, 6, 13), date(2025, 9, 12)]
    frida.post(f"/moten/{town.alm}/dagar", data={"days": "2025-06-13", "remove": "ja"})
    assert days(town) == [date(2025, 3, 14), date(2025, 9, 12)]


def test_one_day_that_is_none_saves_none_and_keeps_what_was_written(
    town: Town, frida: TestClient
) -> None:
    asked = {"days": "2025-03-14\nnågon gång\n2024-11-30"}
    page = frida.post(f"/moten/{town.alm}/dagar", data=asked)
    assert page.status_code == 422
    assert "någon gång" in page.text
    assert "2024-11-30 har varit" in page.text
    assert days(town) == []
    assert frida.post(f"/moten/{town.alm}/dagar", data={"days": " "}).status_code == 422


def days(town: Town) -> list[date]:
    """The days on which NOSAM Alm meets."""
    with reading(town.settings) as session:
        return list(
            session.execute(select(c(Meeting).on_day).order_by(c(Meeting).on_day)).scalars()
        )


def test_a_chair_finds_her_groups_activities_and_her_own(town: Town) -> None:
    """Björk owns what Alice's group answers for; Möten told her once that there was nothing."""
    both = neighbours(town)
    activity_id = town.activity("Trygg hemgång", by="2025-12-31")
    with transaction(town.settings) as session:
        session.execute(text(f"UPDATE activity SET group_id = {town.bjork}"))
        asked = select(c(Responsibility).group_id).where(
            c(Responsibility).activity_id == activity_id, c(Responsibility).kind == Answerable.GROUP
        )
        assert session.execute(asked).scalar_one() == town.alm
        assert session.get_one(Activity, activity_id).group_id == town.bjork
    alice = both._signed_in(town.alice)
    page = alice.get("/moten").text
    assert "Inga grupper" not in page
    assert "NOSAM Alm" in page
    assert "Trygg hemgång" in page
    assert "NOSAM Björk</a>" not in page
    page = alice.get(f"/moten/{town.alm}").text
    assert "Gruppen svarar också för" in page
    assert "Trygg hemgång" in page
    assert "Spara dagarna" not in page
    assert alice.post(f"/moten/{town.alm}/dagar", data={"days": "2025-03-14"}).status_code == 403
    assert alice.get(f"/moten/{town.bjork}/protokoll.pdf?dag=2024-12-02").status_code == 403


def test_no_page_tells_a_chair_that_there_is_nothing_when_there_is(small_town: Town) -> None:
    both = neighbours(small_town)
    alice = both._signed_in(small_town.alice)
    page = alice.get("/moten").text
    assert f"/moten/{small_town.alm}" in page  # hers, although nothing is in it yet
    assert "inga aktiviteter" not in page
    small_town.decided("Trygg hemgång", by="2025-12-31")
    assert "Gruppens övriga aktiviteter" in alice.get(f"/moten/{small_town.alm}").text
    with transaction(small_town.settings) as session:
        session.execute(text(f"UPDATE activity SET group_id = {small_town.bjork}"))
    page = alice.get(f"/grupper/{small_town.alm}").text
    assert "Gruppen har inga öppna aktiviteter" not in page
    assert "Trygg hemgång" in page


def test_a_paragraph_of_any_length_has_its_place() -> None:
    rows = ["§ " + "1" * 5000, "§ 9", "utan nummer", "§ 12"]
    assert sorted(rows, key=_place) == ["utan nummer", "§ 9", "§ 12", "§ " + "1" * 5000]
