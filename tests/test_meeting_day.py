"""A meeting: its agenda by itself, its own points, who was there, and minutes that are sent out."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from config import clock
from intake.lives.undo import look, take_back
from models.columns import c
from models.database import reading, transaction
from models.decision import MoveRow
from models.letter_kinds import LetterKind
from models.lifecycle import Brought, Move, State
from models.meeting import MeetingMinutes, MeetingPresent
from models.person import Person, Role
from models.status_round import AgendaPoint, Meeting, Occasion, StatusRound
from reports.agenda import agenda_of
from reports.minutes import minutes_of, sent_out
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_agenda import wants_more_time
from tests.two_collaborations import neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
MEETS = date(2024, 12, 2)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on the day of the meeting."""
    return browse(create_app(town.settings.model_copy(update={"today": MEETS})))


@pytest.fixture
def here(small_town: Town) -> TestClient:
    """The same, where the database makes no difference."""
    return browse(create_app(small_town.settings.model_copy(update={"today": MEETS})))


def page(town: Town, day: date = MEETS) -> str:
    """The address of NOSAM Alm's meeting."""
    return f"/moten/{town.alm}/dag/{day}"


def meets(town: Town, *days: date) -> None:
    """NOSAM Alm meets on these days."""
    with transaction(town.settings) as session:
        session.add_all(Meeting(group_id=town.alm, on_day=day) for day in days)


def sections(town: Town, day: date = MEETS) -> dict[str, list[tuple[str, str]]]:
    """What stands on the agenda, by its headings: each thing and why."""
    with reading(town.settings) as session:
        agenda = agenda_of(session, town.alm, day)
    return {one.title: [(item.what, item.why) for item in one.items] for one in agenda.sections}


def test_the_agenda_is_there_by_itself_each_thing_once_and_says_why(town: Town) -> None:
    meets(town, date(2024, 9, 2), MEETS, date(2025, 1, 20))
    town.activity("Att besluta om", by="2025-12-31")
    town.decided("Sen", by="2024-11-30")
    town.decided("Kommer", by="2025-01-15")
    town.decided("Dröjer", by="2025-11-30")
    town.decided("Utan mål", by="2025-11-30", goal=False)
    rests = town.decided("Vilar", by="2025-11-30")
    pause = Brought(reason="Sjuk", resume_on=date(2025, 2, 1), stand_in_group_id=town.bjork)
    town.move(rests, Move.PAUSE, pause, today=date(2024, 10, 1))
    wants_more_time(town, town.decided("Ny dag", by="2024-12-31"), date(2024, 11, 20))
    put_up = town.decided("Uppsatt", by="2025-11-30")
    with transaction(town.settings) as session:
        row = AgendaPoint(
            activity_id=put_up, group_id=town.alm, on_day=MEETS, at=clock.now(), by="Alice"
        )
        session.add(row)
    assert sections(town) == {
        "Att besluta": [("Att besluta om", "Föreslagen. Slutdatum 31 december 2025.")],
        "Svar att ta ställning till": [
            (
                "Ny dag",
                "Nytt slutdatum föreslås: 31 mars 2025. Svar 20 november 2024: försenat. "
                "Slutdatum 31 december 2024.",
            )
        ],
        "Uppsatt till mötet": [
            ("Uppsatt", "Uppsatt av Alice 2 december 2024. Slutdatum 30 november 2025.")
        ],
        "Försenat": [
            ("Sen", "Slutdatum var 30 november 2024, 2 dagar före mötet. Inget svar har kommit.")
        ],
        "Slutdatum före nästa möte": [
            ("Kommer", "Slutdatum 15 januari 2025. Inget svar har kommit.")
        ],
        "Pausat": [
            ("Vilar", "Pausad sedan 1 oktober 2024. Tas upp igen 1 februari 2025."),
        ],
        "Saknar något": [("Utan mål", "Saknar mål.")],
    }


def test_what_is_said_to_be_done_is_to_be_followed_up_and_is_not_late(small_town: Town) -> None:
    row = small_town.decided("Trygg hemgång", by="2024-11-15")
    small_town.change(row, reported_done_on=date(2024, 11, 20))
    assert sections(small_town) == {
        "Att följa upp": [
            ("Trygg hemgång", "Klar enligt ansvarig 20 november 2024. Ska följas upp.")
        ]
    }


def test_what_was_answered_since_the_last_meeting_is_told_and_what_was_before_is_not(
    small_town: Town,
) -> None:
    town = small_town
    meets(town, date(2024, 9, 2), MEETS)
    for what, day in (("Ny", date(2024, 9, 3)), ("Gammal", date(2024, 9, 2))):
        row = town.decided(what, by="2025-11-30")
        with transaction(town.settings) as session:
            asked = "INSERT INTO status_answer (activity_id, person_id, way, registered_by, at, "
            asked += "on_day, says, text, figure, instead, proposed_text, proposed_precision) "
            asked += "VALUES (:a, :p, 'phone', 'Frida', '2024-09-03 08:00', :d, 'on_track', "
            asked += "'Privat', '', '', '', 'none')"
            session.execute(text(asked), {"a": row, "p": town.alice, "d": day})
    told = sections(town)
    assert told["Besvarat sedan förra mötet"] == [
        ("Ny", "Svar 3 september 2024: går enligt plan. Slutdatum 30 november 2025.")
    ]
    assert "Privat" not in str(told)


def add(frida: TestClient, town: Town, *titles: str) -> list[str]:
    """Frida adds points; their numbers as the page has them."""
    for title in titles:
        done = frida.post(f"{page(town)}/punkter", data={"title": title})
        assert done.status_code == 200
    found = re.findall(r'name="punkt" value="(\d+)"><input[^>]*value="spara"', done.text)
    return [str(number) for number in found]


def own(town: Town) -> tuple[str, ...]:
    """The meeting's own points, in order."""
    with reading(town.settings) as session:
        return agenda_of(session, town.alm, MEETS).own


def test_her_own_points_are_added_ordered_and_taken_away(town: Town, frida: TestClient) -> None:
    first, second, third = add(frida, town, "Budget", "Nästa års plan", "Övrigt")
    frida.post(f"{page(town)}/punkter", data={"punkt": third, "gor": "upp"})
    assert own(town) == ("Budget", "Övrigt", "Nästa års plan")
    frida.post(f"{page(town)}/punkter", data={"punkt": third, "gor": "upp"})
    frida.post(f"{page(town)}/punkter", data={"punkt": third, "gor": "upp"})
    frida.post(f"{page(town)}/punkter", data={"punkt": first, "gor": "ner"})
    assert own(town) == ("Övrigt", "Nästa års plan", "Budget")
    frida.post(f"{page(town)}/punkter", data={"punkt": second, "gor": "bort"})
    assert own(town) == ("Övrigt", "Budget")
    empty = frida.post(f"{page(town)}/punkter", data={"title": "  "})
    assert empty.status_code == 422
    assert 'href="#ny-punkt-title">Skriv vad punkten handlar om.' in empty.text


def test_two_who_write_at_one_point_do_not_undo_each_other(
    small_town: Town, here: TestClient
) -> None:
    (point,) = add(here, small_town, "Budget")
    print_ = re.search(
        r'name="filled_from" value="([^"]+title[^"]+)"', here.get(page(small_town)).text
    )
    assert print_
    seen = print_[1].replace("&#34;", '"').replace("&quot;", '"')
    form = {"punkt": point, "gor": "spara", "title": "Budget", "filled_from": seen}
    assert (
        here.post(f"{page(small_town)}/punkter", data=form | {"outcome": "Ja"}).status_code == 200
    )
    late = here.post(f"{page(small_town)}/punkter", data=form | {"outcome": "Nej"})
    assert late.status_code == 422
    assert "ändrat till ”Ja” av någon annan" in late.text
    assert ">Nej</textarea>" in late.text


def test_who_was_there_is_kept_and_stands_in_the_minutes(town: Town, frida: TestClient) -> None:
    town.holds(town.bob, town.alm, Role.MEMBER)
    form = {f"narvarande_{town.alice}": "ja", f"narvarande_{town.charlie}": "ja"}
    told = frida.post(f"{page(town)}/narvaro", data=form | {"guests": "Rut från regionen\n\nÖrjan"})
    assert re.search(rf'name="narvarande_{town.alice}" value="ja" checked', told.text)
    assert f'name="narvarande_{town.bob}" value="ja">' in told.text
    with reading(town.settings) as session:
        names = session.execute(select(c(MeetingPresent).name)).scalars().all()
        minutes = minutes_of(session, town.alm, MEETS, MEETS)
    assert sorted(names) == ["Alice", "Rut från regionen", "Örjan"]  # Charlie is no member
    assert minutes is not None
    assert "('Alice', 'Rut från regionen (gäst)', 'Örjan (gäst)')" in str(minutes.blocks)
    assert "2 december 2024</a>: <a" in frida.get(f"/moten/{town.alm}").text


def decide(town: Town, frida: TestClient, what: str, reference: str, day: date = MEETS) -> int:
    """The meeting decides something by a paragraph."""
    row = town.activity(what, by="2025-12-31")
    form = {f"move_{row}": "besluta", f"reference_{row}": reference}
    form |= {"decision_group": "NOSAM Alm", "decided_on": str(day)}
    assert frida.post(f"/moten/{town.alm}", data=form).status_code == 200
    return row


def letter(frida: TestClient, town: Town, what: str, day: date = MEETS) -> tuple[str, str]:
    """The page before a letter goes, and the mark of what stands in it."""
    told = frida.get(f"{page(town, day)}/skicka?vad={what}").text
    mark = re.search(r'name="sett" value="(\w+)"', told)
    assert mark
    return told, mark[1]


def press(frida: TestClient, town: Town, what: str, day: date = MEETS, **more: str) -> str:
    """She reads it, and presses the button."""
    form = {"vad": what, "sett": letter(frida, town, what, day)[1]}
    return str(frida.post(f"{page(town, day)}/skicka", data=form | more).text)


def sent(town: Town, kind: LetterKind) -> list[str]:
    """Who has had such a letter."""
    return [one.to_name for one in town.letters() if one.kind == kind]


def test_the_agenda_is_mailed_to_the_group_when_she_has_seen_it(
    town: Town, frida: TestClient
) -> None:
    town.holds(town.bob, town.alm, Role.MEMBER)
    town.holds(town.charlie, town.alm, Role.MEMBER)
    with transaction(town.settings) as session:
        session.get_one(Person, town.charlie).unreachable_since = clock.now()
    town.activity("Trygg hemgång", by="2025-12-31")
    add(frida, town, "Budget")
    told, _ = letter(frida, town, "dagordning")
    assert "Brevet går till 2 personer" in told
    assert "det inte går att nå dem: Charlie" in told
    assert sent(town, LetterKind.AGENDA) == []
    assert "Brevet ligger i kö till två personer." in press(frida, town, "dagordning")
    assert sent(town, LetterKind.AGENDA) == ["Alice", "Bob"]
    words = town.letters()[-1].text
    assert "1. Budget" in words
    assert "2. Trygg hemgång (g). Föreslagen." in words
    assert "Inget är skickat." in press(frida, town, "dagordning")  # the very same, the same day
    assert len(sent(town, LetterKind.AGENDA)) == 2


def test_what_changed_since_she_read_it_does_not_go_unseen(
    small_town: Town, here: TestClient
) -> None:
    _, mark = letter(here, small_town, "dagordning")
    add(here, small_town, "Någon annans punkt")
    form = {"vad": "dagordning", "sett": mark}
    told = here.post(f"{page(small_town)}/skicka", data=form)
    assert told.status_code == 422
    assert "Något har ändrats sedan du öppnade sidan" in told.text
    assert "Någon annans punkt" in told.text
    assert sent(small_town, LetterKind.AGENDA) == []


def test_minutes_that_were_sent_out_are_frozen_and_the_next_name_what_was_corrected(
    town: Town, frida: TestClient
) -> None:
    decided = decide(town, frida, "Trygg hemgång", "§ 12")
    decide(town, frida, "Fallprevention", "§ 13")
    press(frida, town, "protokoll")
    assert sent(town, LetterKind.MINUTES) == ["Alice"]
    address = f"/moten/{town.alm}/protokoll.docx"
    before = frida.get(f"{address}?dag={MEETS}").content
    with transaction(town.settings) as session:
        newest = select(c(MoveRow).batch).where(c(MoveRow).activity_id == decided)
        key = str(session.execute(newest.order_by(c(MoveRow).id.desc())).scalars().first())
        take_back(session, look(session, [decided], key), FRIDA, today=MEETS)
    decide(town, frida, "Kom efteråt", "§ 14")
    assert cells(frida.get(f"{address}?dag={MEETS}").content) == cells(before)
    assert "Kom efteråt" not in cells(before)
    later = date(2024, 12, 16)
    for name in ("Ett", "Två"):
        browser = browse(create_app(town.settings.model_copy(update={"today": later})))
        decide(town, browser, name, "§ 1", later)
        told = cells(browser.get(f"{address}?dag={later}").content)
        if name == "Ett":
            assert {"Rättelse", "Trygg hemgång", "Kom efteråt", "§ 14"} <= told
            assert "Beslutad i protokollet. Det har tagits tillbaka." in told
            press(browser, town, "protokoll", later)
        else:
            assert "Rättelse" not in told  # named once
        later = date(2024, 12, 20)


def cells(word: bytes) -> set[str]:
    """What stands in the tables of a Word file."""
    tables = Document(BytesIO(word)).tables
    return {cell.text for each in tables for row in each.rows for cell in row.cells}


def test_taking_back_what_sent_minutes_tell_says_so_before_it_is_done(
    town: Town, frida: TestClient
) -> None:
    decided = decide(town, frida, "Trygg hemgång", "§ 12")
    other = decide(town, frida, "Fallprevention", "§ 13")
    press(frida, town, "protokoll")
    with reading(town.settings) as session:
        newest = select(c(MoveRow).batch).where(c(MoveRow).activity_id == decided)
        key = str(session.execute(newest.order_by(c(MoveRow).id.desc())).scalars().first())
    told = frida.post(f"/aktiviteter/{decided}/angra", data={"gjort": key}).text
    assert "Protokollet från mötet i NOSAM Alm 2 december 2024 är utskickat" in told
    assert "Mer har hänt sedan dess" not in told
    assert town.state(decided) is State.DECIDED
    chain = re.search(r'name="kedja" value="(\w+)"', told)
    assert chain
    frida.post(f"/aktiviteter/{decided}/angra", data={"gjort": key, "kedja": chain[1]})
    assert (town.state(decided), town.state(other)) == (State.PROPOSED, State.DECIDED)


def test_nothing_of_a_meeting_whose_minutes_are_out_is_changed(
    town: Town, frida: TestClient
) -> None:
    decide(town, frida, "Trygg hemgång", "§ 12")
    told = press(frida, town, "protokoll", gor="las")
    assert "Protokollet är låst. Inget brev skickades." in told
    assert sent(town, LetterKind.MINUTES) == []
    for form, data in (("punkter", {"title": "Sent"}), ("narvaro", {"guests": "Rut"})):
        refused = frida.post(f"{page(town)}/{form}", data=data)
        assert (refused.status_code, own(town)) == (422, ())
    gone = {"days": str(MEETS), "remove": "ja"}
    assert frida.post(f"/moten/{town.alm}/dagar", data=gone).status_code == 422
    with reading(town.settings) as session:
        kept = sent_out(session, town.alm, MEETS)
        assert kept is not None
        assert kept.on_day == MEETS
    for deed in ("UPDATE meeting_minutes SET facts = '{}'", "DELETE FROM meeting_minutes"):
        with pytest.raises(DBAPIError, match="history"), transaction(town.settings) as session:
            session.execute(text(deed))
    with reading(town.settings) as session:
        assert len(session.execute(select(c(MeetingMinutes).id)).all()) == 1


def test_a_meeting_is_moved_with_all_that_is_written_about_it_and_back(
    town: Town, frida: TestClient
) -> None:
    later, taken = date(2024, 12, 9), date(2024, 12, 16)
    meets(town, MEETS, taken)
    frida.post(f"{page(town)}/punkter", data={"title": "Val av ordförande"})
    frida.post(f"{page(town)}/narvaro", data={"guests": "Rut"})
    with transaction(town.settings) as session:
        session.add(
            StatusRound(
                group_id=town.alm,
                occasion=Occasion.MEETING,
                occasion_on=MEETS,
                opened_on=MEETS,
                closes_on=MEETS,
            )
        )
    assert frida.get(page(town)).text.count("Flytta mötet till en annan dag") == 1
    moved = frida.post(f"{page(town)}/flytta", data={"to": "9 december"})
    assert moved.status_code == 200
    assert "Mötet är flyttat från 2 december 2024" in moved.text
    for words in ("Val av ordförande", "Rut"):
        assert words in frida.get(page(town, later)).text
        assert words not in frida.get(page(town)).text
    with reading(town.settings) as session:
        days = select(c(StatusRound).occasion_on)
        assert session.execute(days).scalars().all() == [later]
    back = frida.post(f"{page(town, later)}/flytta", data={"to": str(MEETS)})
    assert "Val av ordförande" in back.text
    assert "flyttades till 9 december" in frida.get(f"/grupper/{town.alm}").text


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("", "Skriv vilken dag"),
        ("1 december 2024", "har varit"),
        ("2024-12-02", "den dag som mötet redan har"),
        ("2024-12-16", "redan ett möte"),
        ("december", "to"),
        ("x" * 300, "to"),
    ],
)
def test_a_day_that_a_meeting_cannot_have_is_refused_at_the_field(
    small_town: Town, here: TestClient, to: str, why: str
) -> None:
    meets(small_town, MEETS, date(2024, 12, 16))
    told = here.post(f"{page(small_town)}/flytta", data={"to": to})
    assert told.status_code == 422
    assert why in told.text
    with reading(small_town.settings) as session:
        days = session.execute(select(c(Meeting).on_day).order_by(c(Meeting).on_day)).scalars()
        assert list(days) == [MEETS, date(2024, 12, 16)]


def test_a_meeting_that_somebody_has_moved_is_not_moved_once_more_from_an_old_page(
    town: Town, frida: TestClient
) -> None:
    meets(town, MEETS)
    frida.post(f"{page(town)}/flytta", data={"to": "9 december"})
    late = frida.post(f"{page(town)}/flytta", data={"to": "10 december"})
    assert late.status_code == 422
    assert "Gruppen har inget möte 2 december 2024. Någon annan kan ha flyttat det." in late.text
    assert "Flytta mötet till en annan dag" not in frida.get(page(town)).text
    with reading(town.settings) as session:
        days = session.execute(select(c(Meeting).on_day)).scalars()
        assert list(days) == [date(2024, 12, 9)]


def test_a_chair_reads_her_meeting_and_changes_nothing_there(small_town: Town) -> None:
    coming = page(small_town, date(2090, 1, 10))
    both = neighbours(small_town)
    small_town.activity("Trygg hemgång", by="2025-12-31")
    alice = both._signed_in(small_town.alice)
    told = alice.get(coming).text
    assert "Trygg hemgång" in told
    assert "Lägg till" not in told
    assert alice.get(f"{coming}/dagordning.pdf").content.startswith(b"%PDF")
    assert alice.get(f"{coming}/skicka?vad=dagordning").status_code == 403
    assert alice.post(f"{coming}/punkter", data={"title": "X"}).status_code == 403
    assert alice.post(f"{coming}/flytta", data={"to": "2025-01-10"}).status_code == 403
    other = f"/moten/{small_town.bjork}/dag/{MEETS}"
    assert alice.get(other).status_code == 403


@pytest.mark.parametrize(
    "wrong", ["2024-13-01", "i-dag", "20241202", "2024-W49-1", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_day_is_no_page(small_town: Town, here: TestClient, wrong: str) -> None:
    assert here.get(f"/moten/{small_town.alm}/dag/{wrong}").status_code == 404
    assert here.get(f"/moten/{small_town.alm}/protokoll.pdf?dag={wrong}").status_code == 404
    for form, data in (("punkter", {"title": "x"}), ("narvaro", {"guests": "x"})):
        sent_to = f"/moten/{small_town.alm}/dag/{wrong}/{form}"
        assert here.post(sent_to, data=data).status_code == 404
    assert here.get(f"{page(small_town)}/dagordning.xlsx").status_code == 404
    assert here.get(f"{page(small_town)}/skicka?vad=annat").status_code == 404
    assert here.get(f"{page(small_town)}/skicka?vad=protokoll").status_code == 404


FORTY = " ".join(["samverkansöverenskommelse"] * 11 + ["👩‍👩‍👧"])  # as long as a point may be


def test_signs_and_long_names_are_kept_whole_at_a_meeting(town: Town, frida: TestClient) -> None:
    add(frida, town, "Lägesbild 🧑‍⚕️🚑", FORTY)
    told = frida.post(f"{page(town)}/narvaro", data={"guests": f"Örjan 😀\n{FORTY}"})
    assert told.status_code == 200
    assert own(town) == ("Lägesbild 🧑‍⚕️🚑", FORTY)
    with reading(town.settings) as session:
        names = session.execute(select(c(MeetingPresent).name)).scalars().all()
        minutes = minutes_of(session, town.alm, MEETS, MEETS)
    assert sorted(names) == sorted(["Örjan 😀", FORTY])
    assert "Örjan 😀 (gäst)" in str(minutes)
    for kind in ("docx", "pdf"):
        assert frida.get(f"{page(town)}/dagordning.{kind}").status_code == 200, kind


def test_five_hundred_guests_are_refused_in_a_sentence_and_kept_in_the_field(
    town: Town, frida: TestClient
) -> None:
    frida.post(f"{page(town)}/narvaro", data={"guests": "Rut"})
    told = frida.post(
        f"{page(town)}/narvaro", data={"guests": "\n".join(f"Gäst {n}" for n in range(500))}
    )
    assert told.status_code == 422
    assert "Högst 60 gäster." in told.text
    assert "Gäst 499" in told.text
    with reading(town.settings) as session:
        assert session.execute(select(c(MeetingPresent).name)).scalars().all() == ["Rut"]


def test_a_meeting_that_has_been_is_reached_and_its_outcome_written_the_day_after(
    small_town: Town, here: TestClient
) -> None:
    small_town.decided("Trygg hemgång", by="2024-12-10")
    add(here, small_town, "Val av ordförande")
    assert "Slutdatum före nästa möte" in here.get(page(small_town)).text
    after = browse(create_app(small_town.settings.model_copy(update={"today": date(2024, 12, 3)})))
    listed = after.get(f"/moten/{small_town.alm}").text
    assert "Möten som har varit" in listed
    assert f'href="{page(small_town)}"' in listed
    told = after.get(page(small_town)).text
    assert "Mötet har varit." in told
    assert "Val av ordförande" in told
    assert "Slutdatum före nästa möte" not in told  # that is what waits now
    assert "vad=dagordning" not in told
    assert after.get(f"{page(small_town)}/skicka?vad=dagordning").status_code == 404
    after.post(f"{page(small_town)}/narvaro", data={"guests": "Rut"})
    assert "Rut" in after.get(page(small_town)).text


def test_the_page_says_that_the_agenda_went_out_and_when(
    small_town: Town, here: TestClient
) -> None:
    coming = date(2024, 12, 16)
    meets(small_town, coming)
    assert "Dagordningen gick ut" not in here.get(page(small_town, coming)).text
    press(here, small_town, "dagordning", coming)
    told = here.get(page(small_town, coming)).text
    assert "Dagordningen gick ut till gruppen 2 december 2024." in told


def test_a_day_on_which_no_meeting_is_entered_says_so(small_town: Town, here: TestClient) -> None:
    meets(small_town, date(2024, 12, 16))
    words = "Den här dagen är inte inlagd som mötesdag"
    assert words in here.get(page(small_town, date(2024, 12, 17))).text
    assert words not in here.get(page(small_town, date(2024, 12, 16))).text
    assert words not in here.get(page(small_town, date(2024, 11, 4))).text, "it has been"
