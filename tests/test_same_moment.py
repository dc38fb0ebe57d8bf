"""Two at the same moment: each is counted, one saves, and who comes second is told so.

One has done her part and not yet saved when the other begins. On PostgreSQL both go on, each seeing
what was on file before; on SQLite the second waits for her turn. What comes of it is the same.
"""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from config import clock
from config.settings import Settings
from intake.lives.moves import decision_on_file
from intake.people.delegation import delegate, end_delegation
from intake.people.last_day import leave
from intake.people.persons import By
from intake.people.roles import end_role
from models import database
from models.administrator import administrator_ids
from models.columns import c
from models.database import reading, transaction, was_let_go
from models.decision import Decision
from models.delegation import Delegation
from models.feed import Feed
from models.group import Group, RegisterNote
from models.letter import AnswerDraft, Letter, Link
from models.letter_kinds import LetterKind
from models.moves import Refused
from models.person import Person, RoleHolding
from models.status import Says, Settled, StatusAnswer
from notifications import administrators, code, feeds, links, new_link, own_address, passed_on
from notifications.links import Opened
from notifications.outbox import Words, queue
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.sign_in.conftest import links as links_to_sign_in
from tests.sign_in.conftest import with_sign_in
from web.app import create_app
from web.entry import lockout, mailed_link
from web.entry.mailed_link import Asking

TODAY = date(2025, 1, 10)
_A_WHILE = 0.7  # seconds that the first one keeps the second waiting
Part = Callable[[Session], object]


def second_of_two(settings: Settings, first: Part, second: Callable[[], object]) -> object:
    """What the second came to: a value, or what it raised. The first saves while it waits."""
    came: list[object] = []

    def try_it() -> None:
        try:
            came.append(second())
        except Exception as error:  # what it came to is what is asked
            came.append(error)

    other = threading.Thread(target=try_it)
    with transaction(settings) as session:
        first(session)
        session.flush()
        other.start()
        time.sleep(_A_WHILE)
    other.join(60)
    (it,) = came
    return it


def in_its_own(settings: Settings, part: Part) -> Callable[[], object]:
    """The same in a transaction of its own."""

    def done() -> object:
        with transaction(settings) as session:
            return part(session)

    return done


def letters(town: Town, kind: LetterKind) -> int:
    """How many letters of a kind are on file."""
    with reading(town.settings) as session:
        asked = select(func.count()).where(c(Letter).kind == kind)
        return int(session.execute(asked).scalar_one())


def alices_link(town: Town) -> Opened:
    """A link of Alice's that opens."""
    with transaction(town.settings) as session:
        return Opened(links.make(session, town.settings, town.alice), town.alice)


def test_of_forty_who_ask_at_once_for_links_to_alice_each_is_counted(town: Town) -> None:
    told = with_sign_in(town.settings)

    def ask(who: int) -> None:
        asking = Asking("alice@example.org", f"browser {who}", "203.0.113.7", "/")
        mailed_link.ask(told, asking, TODAY)

    threads = [threading.Thread(target=ask, args=(who,)) for who in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(links_to_sign_in(town)) == lockout.LETTERS_FROM_ONE


def test_no_more_new_addresses_than_there_may_be(town: Town) -> None:
    told = town.settings

    def asks(name: str) -> Part:
        address = f"{name}@example.org"
        return lambda session: own_address.ask(session, told, town.alice, address, TODAY)

    for n in range(own_address.MOST - 1):
        in_its_own(told, asks(f"alice{n}"))()
    came = second_of_two(told, asks("alice.first"), in_its_own(told, asks("alice.second")))
    assert isinstance(came, Refused)
    assert letters(town, LetterKind.CONFIRM) == own_address.MOST


def test_no_more_words_are_passed_on_than_there_may_be_and_none_is_told_sent_that_is_not(
    town: Town,
) -> None:
    told, opened = town.settings, alices_link(town)

    def says(words: str) -> Part:
        return lambda session: passed_on.words_of_another(
            session, told, opened, "Doris", words, TODAY
        )

    for n in range(passed_on.A_DAY - 1):
        in_its_own(told, says(f"ord {n}"))()
    came = second_of_two(told, says("först"), in_its_own(told, says("sist")))
    assert came is passed_on.Went.ENOUGH
    assert letters(town, LetterKind.PASSED_ON) == passed_on.A_DAY


def test_no_more_codes_than_there_may_be_and_the_last_one_sent_is_the_one_that_is_good(
    town: Town,
) -> None:
    told, opened = town.settings, alices_link(town)

    def sends(session: Session) -> object:
        return code.send(session, told, opened, TODAY)

    for _ in range(code.A_DAY - 1):
        in_its_own(told, sends)()
    assert second_of_two(told, sends, in_its_own(told, sends)) is False
    with reading(told) as session:
        kept = session.get_one(Link, opened.link_id).code_seed
        asked = select(c(Letter).leads_to).order_by(c(Letter).id.desc()).limit(1)
        assert kept in session.execute(asked).scalar_one()


def test_one_new_link_a_day_however_many_ask_at_once(town: Town) -> None:
    told = town.settings

    def first(session: Session) -> None:
        words = Words("x", "x", "x")
        queue(session, told, town.alice, new_link.KIND, words, today=TODAY)

    def second() -> object:
        return new_link.send(told, "", "alice@example.org", TODAY)

    assert second_of_two(told, first, second) is None
    assert letters(town, LetterKind.NEW_LINK) == 1


def test_a_change_of_address_is_confirmed_once_and_its_undoing_stays_good(town: Town) -> None:
    told = town.settings
    with transaction(told) as session:
        own_address.ask(session, told, town.alice, "alice.berg@example.org", TODAY)
    with reading(told) as session:
        (asked,) = session.execute(select(c(Letter).leads_to)).scalars()
    token = links.addresses(told, None, asked)[asked].rpartition("/")[2]

    def confirms(session: Session) -> None:
        own_address.confirm(session, told, token, TODAY)

    assert isinstance(second_of_two(told, confirms, in_its_own(told, confirms)), Refused)
    assert letters(town, LetterKind.CHANGED) == 1


def test_the_last_two_administrators_do_not_leave_at_the_same_moment(town: Town) -> None:
    told = town.settings
    with transaction(told) as session:
        for name in ("alice", "bob"):
            address = f"{name}@example.org"
            administrators.add(session, told, address, FRIDA, name="", today=TODAY)

    def leaves(person_id: int) -> Part:
        given = {"left_on": "2025-01-10"}
        return lambda session: leave(
            session, person_id, given, FRIDA, today=TODAY, by=By.ADMINISTRATOR
        )

    came = second_of_two(told, leaves(town.alice), in_its_own(told, leaves(town.bob)))
    assert isinstance(came, Refused)
    with reading(told) as session:
        assert list(administrator_ids(session, date(2025, 2, 1))) == [town.bob]


def test_a_stand_in_is_ended_once(town: Town) -> None:
    told = town.settings
    town.holds(town.bob, town.alm, "ledamot")
    with transaction(told) as session:
        given = {"delegate": "Bob", "last_day": "2025-03-01"}
        number = delegate(session, town.alice, given, FRIDA, today=TODAY)
    before = notes(town)

    def ends(session: Session) -> None:
        end_delegation(session, number, FRIDA, today=TODAY)

    assert isinstance(second_of_two(told, ends, in_its_own(told, ends)), Refused)
    assert notes(town) == before + 2  # one for each of them
    with reading(told) as session:
        assert session.get_one(Delegation, number).ended_on == TODAY


def notes(town: Town) -> int:
    """How much is written in the register."""
    with reading(town.settings) as session:
        return len(session.execute(select(c(RegisterNote).id)).all())


def test_two_who_write_down_one_meeting_mean_the_same_decision(town: Town) -> None:
    told = town.settings

    def decides(session: Session) -> object:
        return decision_on_file(session, town.deciders, date(2025, 1, 9), "§ 9")

    number = second_of_two(told, decides, in_its_own(told, decides))
    with reading(told) as session:
        asked = select(c(Decision).id).where(c(Decision).reference == "§ 9")
        assert session.execute(asked).scalars().all() == [number]


def posts(town: Town, path: str, given: dict[str, str]) -> Callable[[], Response]:
    """Somebody sends a form."""
    told = town.settings.model_copy(update={"today": TODAY})
    client: TestClient = browse(create_app(told), raise_server_exceptions=False)

    def sent() -> Response:
        answer: Response = client.post(path, data=given, follow_redirects=False)
        return answer

    return sent


def test_who_makes_a_group_that_somebody_just_made_is_told_by_the_page_itself(town: Town) -> None:
    with reading(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id

    def first(session: Session) -> None:
        session.execute(insert(Group).values(collaboration_id=area, name="Temagrupp barn"))

    second = posts(town, "/grupper/ny", {"name": "Temagrupp barn", "collaboration": str(area)})
    answer = second_of_two(town.settings, first, second)
    assert isinstance(answer, Response)
    assert answer.status_code == 422
    assert "finns redan" in answer.text


def test_who_says_yes_to_what_somebody_just_said_no_to_is_told_and_nothing_fails(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    activity = town.decided(by="2025-03-31")
    opened = alices_link(town)
    with transaction(town.settings) as session:
        answer_id = session.execute(
            insert(StatusAnswer)
            .values(
                activity_id=activity,
                person_id=town.alice,
                link_id=opened.link_id,
                at=clock.now(),
                on_day=TODAY,
                says=Says.NOT_ME,
                instead="Bob",
            )
            .returning(c(StatusAnswer).id)
        ).scalar_one()

    def first(session: Session) -> None:
        session.execute(
            insert(Settled).values(
                answer_id=answer_id,
                accepted=False,
                by="Frida",
                on_day=TODAY,
                reason="Nej",
            )
        )

    second = posts(town, f"/forslag/{answer_id}", {"answer": "ja"})
    came = second_of_two(town.settings, first, second)
    assert isinstance(came, Response)
    assert came.status_code in {409, 422}
    assert "Traceback" not in caplog.text
    with reading(town.settings) as session:
        assert session.get_one(Settled, answer_id).accepted is False


def test_two_tabs_keep_their_draft_in_turn(town: Town) -> None:
    town.decided(by="2025-03-31")
    opened = alices_link(town)
    page = links.address(town.settings, opened.link_id).removeprefix(town.settings.pages_url)

    def first(session: Session) -> None:
        session.get_one(Link, opened.link_id, with_for_update=True)
        fields = {"text_1": "först"}
        session.add(AnswerDraft(link_id=opened.link_id, fields=fields, at=clock.now()))

    came = second_of_two(town.settings, first, posts(town, f"{page}/utkast", {"text_1": "sist"}))
    assert isinstance(came, Response)
    assert came.status_code == 204
    with reading(town.settings) as session:
        assert session.get_one(AnswerDraft, opened.link_id).fields == {"text_1": "sist"}


def test_what_was_there_already_stands_in_no_fault(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL tells the values; whoever reads the journal is not to meet them there."""

    def puts(session: Session) -> None:
        session.add(Person(name="Alice", email="alice@example.org"))
        session.flush()

    with pytest.raises(IntegrityError) as told:
        in_its_own(town.settings, puts)()
    assert "alice@" not in f"{told.value} {told.value.orig} {told.value.__cause__}"
    answer = posts(town, "/grupper/ny", {"name": "NOSAM Alm"})()
    assert answer.status_code == 422
    assert "NOSAM Alm" not in caplog.text


def test_two_taps_make_one_calendar(town: Town) -> None:
    def first(session: Session) -> None:
        session.get_one(Group, town.alm, with_for_update=True)
        feeds.make(session, group_id=town.alm)

    second = posts(town, f"/grupper/{town.alm}/kalender", {"gor": "skapa"})
    came = second_of_two(town.settings, first, second)
    assert isinstance(came, Response)
    assert came.status_code == 200
    with reading(town.settings) as session:
        assert len(session.execute(select(c(Feed).id)).all()) == 1


def test_a_role_that_is_ended_twice_is_told_of_once(town: Town) -> None:
    with reading(town.settings) as session:
        asked = select(c(RoleHolding).id).where(c(RoleHolding).person_id == town.alice)
        holding = session.execute(asked).scalar_one()
    before = notes(town)
    for _ in range(2):
        with transaction(town.settings) as session:
            end_role(session, holding, {"ends_on": "2025-01-10"}, FRIDA, today=TODAY)
    assert notes(town) == before + 1


def test_of_two_who_wait_for_each_other_one_is_told_that_many_write(town: Town) -> None:
    """PostgreSQL ends one of them; SQLite has one writer, and nobody waits so."""
    if town.settings.database.startswith("sqlite"):
        return
    both = threading.Barrier(2, timeout=20)
    ended: list[OperationalError] = []

    def locks(*order: int) -> None:
        try:
            with transaction(town.settings) as session:
                session.get_one(Person, order[0], with_for_update=True)
                both.wait()
                session.get_one(Person, order[1], with_for_update=True)
        except OperationalError as error:
            ended.append(error)

    orders = ((town.alice, town.bob), (town.bob, town.alice))
    threads = [threading.Thread(target=locks, args=order) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (error,) = ended
    assert was_let_go(error)


def test_nobody_waits_for_ever_for_anothers_row(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's own bound; on SQLite whoever writes waits for her turn, which has one too."""
    if not town.settings.database.startswith("postgresql"):
        return
    monkeypatch.setattr(database, "WAITS", 1)
    database.close(town.settings)  # connections of from now on have it
    frida = browse(create_app(town.settings), raise_server_exceptions=False)
    form = {"name": "NOSAM Ny", "kind": "", "parent": "", "starts_on": "", "temporary": ""}
    with transaction(town.settings) as session:
        session.get_one(Group, town.alm, with_for_update=True)
        told = frida.post(f"/grupper/{town.alm}/andra", data=form, follow_redirects=False)
    assert told.status_code == 503
    assert "Det du skickade är inte sparat" in told.text


def test_every_connection_to_postgresql_has_its_bounds(town: Town) -> None:
    if not town.settings.database.startswith("postgresql"):
        return
    with reading(town.settings) as session:
        shown = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in (
                "lock_timeout",
                "statement_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert shown == {
        "lock_timeout": "1min",
        "statement_timeout": "5min",
        "idle_in_transaction_session_timeout": "10min",
    }
