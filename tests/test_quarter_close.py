"""Quarterly roll-ups go out by themselves: in time, before a meeting, late once, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email.message import EmailMessage

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from cli.mailbox import Mailbox
from config import clock, policy
from config.settings import Settings
from flows import quarter_close
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, EditionState, ReportKind
from models.letter import Link
from models.lifecycle import Move
from models.person import Role
from models.status_round import Meeting
from reports.approval import approve, approve_by_itself, edited, review, save
from reports.compiling import compile_edition
from reports.editions import Of
from rules.periods import parse
from rules.report_days import quarter_days
from tests.cast import Town
from tests.conftest import browse
from tests.test_postman import post, with_server
from tests.test_silence import answer
from web.app import create_app

pytestmark = pytest.mark.by_turns
DUE = date(2024, 4, 5)  # 7 April is a Sunday: the working day before it


def runs(town: Town, today: date, settings: Settings | None = None) -> tuple[int, int]:
    """The round of a morning: (editions, letters)."""
    told = settings or town.settings
    made = quarter_close.make_due(told, today)
    return len(made), len(quarter_close.send_unsent(told, today))


def working(town: Town) -> None:
    """NOSAM Alm and NOSAM Björk each have something under way; Alice is in both."""
    for group in (town.alm, town.bjork):
        row = town.decided(f"Trygg hemgång {group}", by="2024-12-31", group=group)
        town.change(row, group_id=group)
        town.move(row, Move.START, today=date(2024, 2, 1))
    town.holds(town.alice, town.bjork, Role.MEMBER)


def states(town: Town) -> list[EditionState]:
    """How far each edition has come."""
    with reading(town.settings) as session:
        return list(session.execute(select(c(Edition).state).order_by(c(Edition).id)).scalars())


def pdfs(message: EmailMessage) -> list[str]:
    """The names of the PDFs in a letter."""
    files = [part for part in message.iter_attachments() if part.get_content_type().endswith("pdf")]
    assert all(part.get_content().startswith(b"%PDF") for part in files)
    return [str(part.get_filename()) for part in files]


def link(town: Town, name: str, number: int = 0) -> str:
    """The path of a link in somebody's latest letter."""
    text = str([each for each in town.letters() if each.to_name == name][-1].text)
    return "/rapport/" + text.split("/rapport/")[1 + number].split(maxsplit=1)[0]


def browser(town: Town, today: date = DUE) -> TestClient:
    """Somebody's browser, not signed in."""
    return browse(create_app(town.settings.model_copy(update={"today": today})))


def test_three_rounds_at_once_do_what_one_does_and_none_of_them_breaks(town: Town) -> None:
    working(town)
    with ThreadPoolExecutor(3) as at_once:
        made = list(
            at_once.map(lambda _: quarter_close.make_due(town.settings, DUE), range(3), timeout=60)
        )
        sent = list(
            at_once.map(
                lambda _: quarter_close.send_unsent(town.settings, DUE), range(3), timeout=60
            )
        )
    assert sorted(id_ for ids in made for id_ in ids) == [1, 2]
    assert sum(len(ids) for ids in sent) == len(town.letters()) == 2
    assert states(town) == [EditionState.SENT] * 2


def test_a_round_that_was_overtaken_sends_nothing_anew(town: Town) -> None:
    """It found the report due, and was late: another round had made it and sent it meanwhile."""
    working(town)
    assert runs(town, DUE) == (2, 2)
    of = Of(ReportKind.QUARTER, 1, town.alm, "2024Q1")
    compiled = compile_edition(town.settings, of, DUE, "Följsam")
    assert compiled is not None
    with transaction(town.settings) as session:
        assert not approve_by_itself(session, compiled[0])
    assert EditionState.APPROVED not in states(town)


def test_each_member_gets_one_letter_with_her_groups_reports(town: Town, mailbox: Mailbox) -> None:
    working(town)
    told = with_server(town.settings, mailbox.port)
    assert runs(town, DUE, told) == (2, 2)
    post(told)
    (alice,) = mailbox.to("alice@example.org")
    assert pdfs(alice) == [
        "statusrapport-2024q1-nosam-alm-utgava-1.pdf",
        "statusrapport-2024q1-nosam-bjork-utgava-1.pdf",
    ]
    (bob,) = mailbox.to("bob@example.org")
    assert pdfs(bob) == ["statusrapport-2024q1-nosam-bjork-utgava-1.pdf"]
    assert "Statusrapport kv 1 2024" in str(bob["Subject"])
    text = bob.get_body(("plain",))
    assert text is not None
    assert "En aktivitet startade." in text.get_content()
    assert states(town) == [EditionState.SENT] * 2


@pytest.mark.parametrize("words", ["Bra! 👍", "完成了", "تم", "Klart \U00013000\x07"])
def test_an_answer_in_any_signs_stops_nobodys_report(
    town: Town, mailbox: Mailbox, words: str
) -> None:
    working(town)
    answer(town, 2, town.bob, date(2024, 3, 20), words)
    told = with_server(town.settings, mailbox.port)
    assert runs(town, DUE, told) == (2, 2)
    post(told)
    (bob,) = mailbox.to("bob@example.org")
    assert len(pdfs(bob)) == 1
    assert len(mailbox.to("alice@example.org")) == 1


def test_nothing_goes_before_its_day_and_nothing_twice(town: Town) -> None:
    working(town)
    assert runs(town, date(2024, 4, 4)) == (0, 0)
    assert runs(town, DUE) == (2, 2)
    assert runs(town, DUE) == (0, 0)
    assert runs(town, date(2024, 4, 8)) == (0, 0)


def test_a_missed_quarter_is_sent_once_late_with_the_figures_of_its_day(town: Town) -> None:
    working(town)
    assert runs(town, date(2024, 5, 20)) == (2, 2)
    assert runs(town, date(2024, 5, 21)) == (0, 0)
    with reading(town.settings) as session:
        assert set(session.execute(select(c(Edition).cut_off)).scalars()) == {DUE}


def test_it_comes_before_the_groups_next_meeting() -> None:
    promises, quarter = policy.load(), parse("2024Q1")
    soon = quarter_days(promises, quarter, [date(2024, 4, 5)])
    assert (soon.send_on, soon.cut_off) == (date(2024, 4, 3), date(2024, 4, 3))
    assert quarter_days(promises, quarter, [date(2024, 3, 20)]).send_on == DUE
    assert quarter_days(promises, quarter, [date(2024, 4, 1)]).send_on == date(2024, 4, 1)


def test_only_the_group_that_meets_gets_it_early(small_town: Town) -> None:
    working(small_town)
    with transaction(small_town.settings) as session:
        meets = insert(Meeting).values(group_id=small_town.bjork, on_day=date(2024, 4, 5))
        session.execute(meets)
    assert runs(small_town, date(2024, 4, 3)) == (1, 2)
    assert runs(small_town, DUE) == (1, 1)


def test_a_group_without_activities_or_without_people_gets_none(small_town: Town) -> None:
    small_town.decided(by="2024-12-31")
    assert runs(small_town, DUE) == (1, 1)


def test_the_link_shows_exactly_the_edition_that_was_sent_without_sign_in(town: Town) -> None:
    working(town)
    runs(town, DUE)
    path = link(town, "Bob")
    shown = browser(town).get(path)
    assert shown.status_code == 200
    assert "Statusrapport kv 1 2024" in shown.text
    assert "NOSAM Björk" in shown.text
    assert browser(town).get(f"{path}/fil.pdf").content.startswith(b"%PDF")
    correct(town, town.bjork)
    runs(town, date(2024, 4, 9))
    assert browser(town).get(path).text == shown.text
    assert "Ändrat sedan utgåva 1" in browser(town).get(link(town, "Bob")).text


def correct(town: Town, group: int) -> None:
    """Frida writes something in a group's report, and approves it anew."""
    of = Of(ReportKind.QUARTER, 1, group, "2024Q1")
    with transaction(town.settings) as session:
        asked = select(c(Edition).id).where(c(Edition).group_id == group)
        assert session.execute(asked).scalars().all()
    town.change(2, deadline_text="senast i december")
    made = compile_edition(town.settings, of, date(2024, 4, 8), "Frida")
    assert made is not None
    with transaction(town.settings) as session:
        found = edited(session, made[0])
        assert found is not None
        save(session, found, {"inledning": "Rättad."}, "Frida")
        review(session, made[0], "Frida")
        approve(session, made[0], "Frida")


def test_a_correction_that_is_approved_is_sent_the_next_morning_to_that_group(
    small_town: Town,
) -> None:
    working(small_town)
    runs(small_town, DUE)
    correct(small_town, small_town.bjork)
    assert runs(small_town, date(2024, 4, 9)) == (0, 2)
    assert "RÄTTAD: UTGÅVA 2" in small_town.letters()[-1].text


@pytest.mark.parametrize("how", ["revoked", "expired", "forged"])
def test_a_link_that_no_longer_opens_says_so(small_town: Town, how: str) -> None:
    working(small_town)
    runs(small_town, DUE)
    path = link(small_town, "Bob")
    column = "revoked_at" if how == "revoked" else "expires_at"
    if how != "forged":
        with transaction(small_town.settings) as session:
            session.execute(update(Link).values({column: clock.now()}))
    answer = browser(small_town).get(path + ("x" if how == "forged" else ""))
    assert answer.status_code == (404 if how == "forged" else 410)
    assert "Rapporten går inte att visa" in answer.text
