"""When many want something at once: turns in order, short ones, and bounds on what a page costs."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select, update

from config import clock
from intake.lives.answers import understand
from intake.places import Asker
from models.columns import c
from models.database import PATIENCE, at_once, reading, transaction
from models.group import Collaboration, Group
from models.in_turn import Busy, InTurn
from models.letter import Link
from models.lifecycle import Brought, Move, Outcome
from models.person import Person, Role
from models.status import StatusAnswer
from notifications import directory
from notifications.directory import answers_for, parts_for
from notifications.links import address
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from web.app import create_app
from web.asking import coming


def link_of(town: Town, person: int) -> tuple[int, str]:
    """A link's number, and the address of the page that it opens."""
    with transaction(town.settings) as session:
        now = clock.now()
        link = Link(person_id=person, made_at=now, expires_at=now.replace(year=2100))
        session.add(link)
        session.flush()
        assert link.id is not None
        return link.id, "/svar/" + address(town.settings, link.id).partition("/svar/")[2]


def test_turns_come_in_the_order_they_were_asked_for() -> None:
    queue, came, held = InTurn(), [], threading.Event()

    def take(name: int) -> None:
        with queue.turn(10):
            came.append(name)

    with queue.turn(0):
        threads = [threading.Thread(target=take, args=(name,)) for name in range(20)]
        for thread in threads:
            thread.start()
            held.wait(0.01)  # so that they stand in line as they were started
    for thread in threads:
        thread.join(10)
    assert came == list(range(20))


def test_who_has_waited_long_enough_is_told_and_the_turn_goes_to_the_next() -> None:
    queue = InTurn()
    with queue.turn(0):
        with pytest.raises(Busy), queue.turn(0.05):
            pass
        with pytest.raises(Busy), queue.turn(0):
            pass
    with queue.turn(0):
        pass  # nobody is left in the line


def test_what_may_be_left_undone_does_not_wait_for_a_writer(small_town: Town) -> None:
    told = small_town.settings
    rename = update(Person).where(c(Person).id == small_town.alice).values(name="Alice A")
    with transaction(told):
        began = time.monotonic()
        assert not at_once(told, rename)
        assert time.monotonic() - began < PATIENCE  # which it would have waited
    assert at_once(told, rename)


def test_an_answer_holds_up_other_writers_only_while_it_is_saved(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading and understanding the form is done before the turn to write is asked for."""
    town = small_town
    activity = town.decided("Trygg hemgång", by="2024-02-28")
    _, path = link_of(town, town.alice)
    real, seen = understand, []

    def understand_while_somebody_writes(*args: object) -> object:
        rename = update(Person).where(c(Person).id == town.bob).values(name="Bob B")
        seen.append(at_once(town.settings, rename))
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("web.asking.answer.understand", understand_while_somebody_writes)
    client = browse(create_app(town.settings.model_copy(update={"today": date(2024, 2, 1)})))
    sent = client.post(path, data={f"says_{activity}": "on_track"}, follow_redirects=False)
    assert sent.status_code == 303
    assert seen == [True]


def test_an_answer_about_what_was_moved_while_it_was_read_is_read_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = town.decided("Trygg hemgång", by="2024-02-28")
    other = town.decided("Nätverk", by="2024-02-28")
    _, path = link_of(town, town.alice)
    real, times = understand, []

    def moved_meanwhile(*args: object) -> object:
        times.append(1)
        if len(times) == 1:
            stop = Brought(reason="Upphör", outcome=Outcome.CEASED, decision_id=town.decision)
            town.move(activity, Move.ABANDON, stop)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("web.asking.answer.understand", moved_meanwhile)
    client = browse(create_app(town.settings.model_copy(update={"today": date(2024, 2, 1)})))
    said = {f"says_{activity}": "on_track", f"says_{other}": "late"}
    answered = client.post(path, data=said, follow_redirects=False)
    assert len(times) == 2
    assert answered.status_code == 422
    assert "inte längre din att svara för" in answered.text
    with reading(town.settings) as session:
        assert session.execute(select(c(StatusAnswer).id)).all() == []


def test_a_link_that_is_revoked_while_its_form_is_read_saves_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = town.decided("Trygg hemgång", by="2024-02-28")
    link, path = link_of(town, town.alice)
    real = understand

    def revoked_meanwhile(*args: object) -> object:
        with transaction(town.settings) as session:
            session.get_one(Link, link).revoked_at = clock.now()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("web.asking.answer.understand", revoked_meanwhile)
    client = browse(create_app(town.settings.model_copy(update={"today": date(2024, 2, 1)})))
    answered = client.post(path, data={f"says_{activity}": "late"}, follow_redirects=False)
    assert answered.status_code == 410
    with reading(town.settings) as session:
        assert session.execute(select(c(StatusAnswer).id)).all() == []


def test_a_page_of_letters_to_come_stops_when_it_has_taken_its_time_and_says_so(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = small_town
    town.decided("Trygg hemgång", by="2024-02-28")
    monkeypatch.setattr(coming, "ENOUGH", -1.0)
    client = browse(create_app(town.settings.model_copy(update={"today": date(2024, 2, 1)})))
    page = client.get("/kommande").text
    assert "Att räkna ut resten till" in page
    monkeypatch.setattr(coming, "ENOUGH", 60.0)
    assert "Att räkna ut resten till" not in client.get("/kommande?till=2024-02-09").text


def test_only_one_page_of_letters_to_come_is_worked_out_at_a_time(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "PATIENCE", 0.05)
    today = date(2024, 2, 1)
    client = browse(create_app(small_town.settings.model_copy(update={"today": today})))
    with coming._places.turn():
        told = client.get("/kommande")
    assert told.status_code == 503
    assert "Vänta" in told.text or "vänta" in told.text
    assert client.get("/kommande?till=2024-02-02").status_code == 200


@contextmanager
def waiting(*askers: Asker) -> Iterator[None]:
    """The first has a page of letters to come worked out, and the others wait for theirs."""
    over = threading.Event()

    def one(asker: Asker) -> None:
        with coming._places.turn(20, asker):
            over.wait(20)

    threads = [threading.Thread(target=one, args=(asker,)) for asker in askers]
    for thread in threads:
        thread.start()
    while len(coming._places._inside()) < len(askers):
        time.sleep(0.01)
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


HERS = Asker(coming._AT_THE_MACHINE)


def test_those_who_wait_for_letters_to_come_hold_few_threads_and_each_waits_for_one(
    small_town: Town,
) -> None:
    client = browse(create_app(small_town.settings))
    gustav, nils = Asker("Gustav"), Asker("Nils")
    began = time.monotonic()
    for others in ((HERS, HERS), (gustav, gustav, nils, nils)):
        with waiting(*others):
            assert client.get("/kommande").status_code == 503
    assert time.monotonic() - began < coming.PATIENCE  # told at once
    assert coming._places._inside() == []


def test_who_loads_the_letters_to_come_anew_is_not_turned_away(small_town: Town) -> None:
    client = browse(create_app(small_town.settings))
    with ThreadPoolExecutor(1) as pool:
        with waiting(HERS):  # the page that she did not wait for is still worked out
            anew = pool.submit(client.get, "/kommande?till=2024-02-02")
            while len(coming._places._inside()) < 2:
                time.sleep(0.01)
        assert anew.result(300).status_code == 200


def test_previews_of_one_collaboration_do_not_keep_anothers_letters_to_come_waiting(
    small_town: Town,
) -> None:
    """However many leaders one has, another's is worked out next, with a place of its own."""
    theirs = [Asker(f"theirs {who}", frozenset({99})) for who in (1, 1, 2, 2)]
    frida = browser(create_app(with_sign_in(small_town.settings)))
    signs_in(small_town, frida, "frida@example.org")
    with ThreadPoolExecutor(1) as pool, waiting(*theirs):
        hers = pool.submit(frida.get, "/kommande?till=2024-02-02")
        while len(coming._places._inside()) < 5 and not hers.done():
            time.sleep(0.01)
        assert not hers.done()  # she was not sent away
        coming._places.let_others(coming._places._having[0], 20)
        assert hers.result(300).status_code == 200


def test_who_answers_is_the_same_asked_of_a_few_groups_as_of_all(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The narrowed register gives the very answers that the whole one gives."""
    today = date(2024, 9, 10)
    ceder, gustav = _next_door(town)
    town.decided("Alms", by="2024-10-01")
    town.decided("Alice själv", by="2024-10-01", person=town.alice)
    town.decided("Björks åt Ceder", by="2024-10-01", group=ceder)
    town.decided("Gustav hos oss", by="2024-10-01", person=gustav)
    everybody = [town.alice, town.bob, town.charlie, town.frida, gustav]
    asked = partial(_answers, town, everybody, today)
    narrow = asked()
    whole = directory.directory
    monkeypatch.setattr(directory, "directory", lambda session, day, *_, **__: whole(session, day))
    assert asked() == narrow
    assert any(answers for answers, _ in narrow)


def _answers(town: Town, people: list[int], today: date) -> list[tuple[list[int], object]]:
    with reading(town.settings) as session:
        return [
            (
                [one.activity_id for one in answers_for(session, person, today)],
                parts_for(session, person, today),
            )
            for person in people
        ]


def _next_door(town: Town) -> tuple[int, int]:
    """Another collaboration: NOSAM Ceder, and Gustav who leads its process."""
    with transaction(town.settings) as session:
        area = Collaboration(name="Vårdsamverkan Annan")
        gustav = Person(name="Gustav", email="gustav@example.org")
        session.add_all([area, gustav])
        session.flush()
        assert area.id is not None
        ceder = Group(collaboration_id=area.id, name="NOSAM Ceder")
        session.add(ceder)
        session.flush()
        assert ceder.id is not None
        assert gustav.id is not None
    town.holds(gustav.id, ceder.id, Role.PROCESS_LEADER)
    return ceder.id, gustav.id
