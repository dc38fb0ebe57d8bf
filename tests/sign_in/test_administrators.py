"""Administrators are people on file: no right follows from what the one who gains it can write."""

from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from config.settings import Settings
from intake.people import last_day, persons
from intake.people.taking_on import Typed, take_on
from models.administrator import Administrator, administrators, is_administrator
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, RegisterNote
from models.letter import Letter
from models.moves import Refused
from models.person import Person
from notifications import administrators as changing
from tests.cast import FRIDA, Town
from tests.sign_in.conftest import TODAY, browser, is_in, signs_in, with_sign_in
from web.app import create_app

ROOT = "root@example.org"


def on_file(settings: Settings) -> list[str]:
    """The addresses of today's administrators."""
    with reading(settings) as session:
        rows = select(c(Person).email).where(c(Person).id.in_(administrators(TODAY)))
        return sorted(session.execute(rows).scalars())


def told(settings: Settings) -> list[tuple[str, str]]:
    """(address, subject) of every letter about administrators."""
    with reading(settings) as session:
        rows = select(c(Letter).to_address, c(Letter).subject).where(
            c(Letter).kind == changing.LETTER
        )
        return sorted((address, subject) for address, subject in session.execute(rows))


def added(town: Town, address: str, name: str = "") -> None:
    with transaction(town.settings) as session:
        changing.add(session, town.settings, address, FRIDA, name=name, today=TODAY)


def ended(town: Town, address: str) -> None:
    with transaction(town.settings) as session:
        changing.end(session, town.settings, address, FRIDA, today=TODAY)


def leaves(town: Town, person_id: int) -> None:
    with transaction(town.settings) as session:
        given = {"left_on": "2025-12-31"}
        by = persons.By.ADMINISTRATOR
        last_day.leave(session, person_id, given, FRIDA, today=TODAY, by=by)


def test_frida_gives_herself_the_address_of_an_administrator_and_gains_nothing(
    town: Town,
) -> None:
    app = create_app(
        with_sign_in(town.settings, administrators="root@example.org, rut@example.org")
    )
    fridas = browser(app)
    signs_in(town, fridas, "frida@example.org")
    for address in ("root@example.org", "rut@example.org"):
        fridas.post(f"/personer/{town.frida}/andra", data={"name": "Frida", "email": address})
        assert fridas.get("/inloggningar/alla").status_code == 403


def test_an_address_that_the_setting_names_later_gives_nothing(small_town: Town) -> None:
    create_app(with_sign_in(small_town.settings))
    app = create_app(with_sign_in(small_town.settings, administrators="frida@example.org"))
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    assert fridas.get("/inloggningar/alla").status_code == 403
    assert on_file(small_town.settings) == [ROOT]


def test_the_setting_brings_in_all_that_it_names_once_and_each_proves_her_address(
    town: Town,
) -> None:
    settings = with_sign_in(town.settings, administrators=f"{ROOT}, alice@example.org")
    app = create_app(settings)
    create_app(settings)  # another process of the same installation
    assert on_file(settings) == ["alice@example.org", ROOT]
    alices = browser(app)
    assert alices.get("/inloggningar/alla", follow_redirects=False).status_code == 303
    signs_in(town, alices, "alice@example.org")
    assert alices.get("/inloggningar/alla").status_code == 200
    with reading(settings) as session:
        assert session.get_one(Person, town.alice).proved_at is not None
        root = session.execute(select(Person).where(c(Person).email == ROOT)).scalar_one()
        assert (root.home_collaboration_id, root.proved_at) == (None, None)
        words = session.execute(
            select(c(RegisterNote).words).where(c(RegisterNote).person_id == root.id)
        )
        assert words.scalars().all() == [f"{ROOT} blir administratör."]


def test_the_setting_has_no_effect_when_all_have_been_ended_by_hand(small_town: Town) -> None:
    settings = with_sign_in(small_town.settings)
    changing.bring_in(settings, TODAY)
    with transaction(settings) as session:
        session.execute(Administrator.__table__.update().values(ended_on=TODAY))  # type: ignore[attr-defined]
    changing.bring_in(settings, TODAY)
    assert on_file(settings) == []


def test_a_leader_cannot_turn_an_administrators_address_into_her_own(
    town: Town,
) -> None:
    """Alice is at home in Frida's collaboration, an administrator, and has never signed in."""
    app = create_app(with_sign_in(town.settings, administrators="alice@example.org"))
    fridas = browser(app)
    signs_in(town, fridas, "frida@example.org")
    given = {"name": "Alice", "email": "mallory@example.org"}
    refused = fridas.post(f"/personer/{town.alice}/andra", data=given)
    assert refused.status_code == 422
    assert "administratör" in refused.text
    for deed in ("slutat", "lankar"):
        gone = fridas.post(
            f"/personer/{town.alice}/{deed}", data={"left_on": "2025-01-01", "link": "alla"}
        )
        assert gone.status_code == 422
    assert on_file(town.settings) == ["alice@example.org"]


def test_each_change_is_told_to_all_of_them_and_the_last_one_stays(town: Town) -> None:
    changing.bring_in(with_sign_in(town.settings), TODAY)
    added(town, "Alice@example.org")
    assert on_file(town.settings) == ["alice@example.org", ROOT]
    assert told(town.settings) == [
        ("alice@example.org", "Alice är administratör"),
        (ROOT, "Alice är administratör"),
    ]
    ended(town, ROOT)
    assert [subject for _, subject in told(town.settings)].count(
        "root@example.org är inte längre administratör"
    ) == 2
    with pytest.raises(Refused, match="den sista administratören"):
        ended(town, "alice@example.org")
    assert on_file(town.settings) == ["alice@example.org"]


def test_who_is_one_already_or_is_none_is_refused_in_words(small_town: Town) -> None:
    added(small_town, "alice@example.org")
    with pytest.raises(Refused, match="Alice är redan administratör"):
        added(small_town, "alice@example.org")
    with pytest.raises(Refused, match="Bob är inte administratör"):
        ended(small_town, "bob@example.org")
    with pytest.raises(Refused, match="ingen e-postadress"):
        added(small_town, "alice")


def test_somebody_who_is_not_on_file_is_put_there_with_her_name(small_town: Town) -> None:
    added(small_town, "rut@example.org", "Rut Root")
    with reading(small_town.settings) as session:
        rut = session.execute(select(Person).where(c(Person).name == "Rut Root")).scalar_one()
        assert rut.id is not None
        assert is_administrator(session, rut.id, TODAY)
        assert rut.home_collaboration_id is None


def test_sessions_end_when_the_right_is_given_and_when_it_ends(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    added(small_town, "alice@example.org")
    assert not is_in(alices)
    signs_in(small_town, alices, "alice@example.org")
    assert alices.get("/inloggningar/alla").status_code == 200
    ended(small_town, "alice@example.org")
    assert not is_in(alices)


def test_the_last_administrator_cannot_leave(small_town: Town) -> None:
    added(small_town, "alice@example.org")
    with pytest.raises(Refused, match="den sista administratören"):
        leaves(small_town, small_town.alice)
    added(small_town, ROOT)
    leaves(small_town, small_town.alice)
    with pytest.raises(Refused, match="den sista administratören"):
        ended(small_town, ROOT)


def test_an_administrator_who_has_left_is_none_again_because_somebody_takes_her_on(
    town: Town,
) -> None:
    for address in (ROOT, "alice@example.org"):
        added(town, address)
    leaves(town, town.alice)
    later = TODAY.replace(year=TODAY.year + 2)
    with transaction(town.settings) as session:
        session.add(elsewhere := Collaboration(name="Grannsamverkan"))
        session.flush()
        take_on(session, elsewhere.id or 0, [Typed("Alice", "alice@example.org")], "Gustav")
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).left_on is None
        assert not is_administrator(session, town.alice, later)


def test_nor_because_it_is_said_that_she_is_back_once_her_last_day_has_passed(town: Town) -> None:
    for address in (ROOT, "alice@example.org"):
        added(town, address)
    leaves(town, town.alice)
    later = TODAY.replace(year=TODAY.year + 2)
    with transaction(town.settings) as session:
        last_day.come_back(session, town.alice, FRIDA, today=later)
    with reading(town.settings) as session:
        assert not is_administrator(session, town.alice, later)
        said = select(c(RegisterNote).words).where(c(RegisterNote).person_id == town.alice)
        assert any(
            "inte längre administratör" in words for words in session.execute(said).scalars()
        )


def test_who_had_not_left_after_all_has_her_right_still(town: Town) -> None:
    for address in (ROOT, "alice@example.org"):
        added(town, address)
    leaves(town, town.alice)
    with transaction(town.settings) as session:
        by = persons.By.ADMINISTRATOR
        last_day.come_back(session, town.alice, FRIDA, today=TODAY, by=by)
    with reading(town.settings) as session:
        assert is_administrator(session, town.alice, TODAY)


def tells(town: Town, day: date) -> int:
    """The morning's step of that day."""
    with transaction(town.settings) as session:
        return changing.tell_of_last_days(session, town.settings, day)


ENDED = "Alice är inte längre administratör"


def test_that_the_right_ends_with_a_last_day_is_told_the_morning_after_once(town: Town) -> None:
    for address in (ROOT, "alice@example.org"):
        added(town, address)
    leaves(town, town.alice)
    assert tells(town, date(2025, 12, 31)) == 0, "it is her last day"
    assert tells(town, date(2026, 1, 2)) == 1
    assert [(to, what) for to, what in told(town.settings) if what == ENDED] == [(ROOT, ENDED)]
    with reading(town.settings) as session:
        text = session.execute(select(c(Letter).text).where(c(Letter).subject == ENDED)).scalar()
    assert text is not None
    assert f"{ENDED}. Den sista dagen var 31 december 2025." in text
    assert "Det gjordes av" not in text
    assert tells(town, date(2026, 1, 5)) == 0


def test_what_cannot_be_told_stops_no_morning_and_is_told_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (ROOT, "alice@example.org"):
        added(town, address)
    leaves(town, town.alice)

    def breaks(*_: object) -> None:
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr(changing, "_tell", breaks)
        assert tells(town, date(2026, 1, 2)) == 0
    assert tells(town, date(2026, 1, 5)) == 1


def test_nor_is_it_forgotten_when_the_day_is_taken_away_before_the_morning(
    small_town: Town,
) -> None:
    for address in (ROOT, "alice@example.org"):
        added(small_town, address)
    leaves(small_town, small_town.alice)
    with transaction(small_town.settings) as session:
        last_day.come_back(session, small_town.alice, FRIDA, today=date(2026, 1, 2))
    assert tells(small_town, date(2026, 1, 2)) == 1
    assert told(small_town.settings).count((ROOT, ENDED)) == 1


def test_whoever_was_ended_by_hand_is_told_of_once(small_town: Town) -> None:
    for address in (ROOT, "alice@example.org"):
        added(small_town, address)
    ended(small_town, "alice@example.org")
    assert tells(small_town, TODAY + timedelta(days=1)) == 0


def test_the_receipt_says_that_the_right_is_lost_also_after_the_morning(small_town: Town) -> None:
    for address in (ROOT, "alice@example.org"):
        added(small_town, address)
    leaves(small_town, small_town.alice)
    tells(small_town, date(2026, 1, 2))
    with transaction(small_town.settings) as session:
        last_day.come_back(session, small_town.alice, FRIDA, today=date(2026, 1, 5))
    with reading(small_town.settings) as session:
        said = session.execute(select(c(RegisterNote).words).order_by(c(RegisterNote).id.desc()))
        assert "Är inte längre administratör." in str(said.scalars().first())
