"""A session: it ends with a word, with time, and with the role or the person it rests on."""

import re
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from models.columns import c
from models.database import reading, transaction
from models.decision import MoveRow
from models.lifecycle import Move
from models.person import Person, RoleHolding
from models.session import SignedIn
from tests.cast import Town
from tests.sign_in.conftest import TODAY, asks, browser, is_in, later, links, signs_in


def test_alice_signs_out(small_town: Town, alices: TestClient) -> None:
    signs_in(small_town, alices, "alice@example.org")
    stolen = dict(alices.cookies)
    page = alices.post("/logga-ut")
    assert "Du är utloggad" in page.text
    assert page.history[0].headers["clear-site-data"] == '"cache", "storage"'
    assert not is_in(alices)
    alices.cookies.update(stolen)  # the key itself is worth nothing any more
    assert not is_in(alices)


def test_alice_signs_out_everywhere(small_town: Town, app: FastAPI, alices: TestClient) -> None:
    phone, bobs = browser(app), browser(app)
    for client, who in ((alices, "alice"), (phone, "alice"), (bobs, "charlie")):
        signs_in(small_town, client, f"{who}@example.org")
    assert alices.get("/inloggningar").text.count("Avsluta</button>") == 2
    phone.post("/logga-ut", data={"overallt": "ja"})
    assert not is_in(alices)
    assert not is_in(phone)
    assert is_in(bobs)


def test_alice_ends_her_own_sessions_and_nobody_elses(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    charlies = browser(app)
    signs_in(small_town, charlies, "charlie@example.org")
    signs_in(small_town, alices, "alice@example.org")
    with reading(small_town.settings) as session:
        query = select(c(SignedIn).id).where(c(SignedIn).person_id == small_town.charlie)
        hers = session.execute(query).scalar_one()
    assert alices.post(f"/inloggningar/{hers}/avsluta").status_code == 404
    assert is_in(charlies)
    assert alices.get("/inloggningar/alla").status_code == 403


def test_an_administrator_need_not_be_on_file_and_ends_anybodys_session(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    roots = browser(app)
    signs_in(small_town, roots, "root@example.org")
    page = roots.get("/inloggningar/alla").text
    assert "alice@example.org" in page
    assert "Firefox, Windows" in page
    number = re.search(r"/inloggningar/(\d+)/avsluta", page.split("alice@example.org")[1])
    assert number
    roots.post(f"/inloggningar/{number[1]}/avsluta")
    assert not is_in(alices)
    assert is_in(roots)


def test_a_session_ends_when_nothing_is_opened_and_when_it_is_old(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    later(small_town, SignedIn, seen_at=timedelta(minutes=119))
    assert is_in(alices)  # and was seen just now
    later(small_town, SignedIn, seen_at=timedelta(minutes=119))
    assert is_in(alices)
    later(small_town, SignedIn, seen_at=timedelta(minutes=121))
    assert not is_in(alices)
    signs_in(small_town, alices, "alice@example.org")
    later(small_town, SignedIn, began_at=timedelta(hours=12))
    assert not is_in(alices)


def test_a_role_that_ends_takes_its_rights_with_it_at_once(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    assert is_in(alices)
    with transaction(small_town.settings) as session:
        session.execute(
            update(RoleHolding)
            .where(c(RoleHolding).person_id == small_town.alice)
            .values(ends_on=TODAY - timedelta(days=1))
        )
    page = alices.get("/")
    assert page.status_code == 403
    assert "Du har ingen roll i Följsam just nu" in page.text
    assert "Logga ut" in page.text


def test_somebody_who_has_left_is_out_and_cannot_come_back(
    small_town: Town, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    with transaction(small_town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.alice)
            .values(left_on=TODAY - timedelta(days=1))
        )
    assert not is_in(alices)
    asks(alices, "alice@example.org")
    assert len(links(small_town)) == 1


def test_signing_in_makes_a_new_key_and_ends_the_old(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    signs_in(small_town, alices, "alice@example.org")
    first = alices.cookies["foljsam"]
    signs_in(small_town, alices, "charlie@example.org")
    assert alices.cookies["foljsam"] != first
    old = browser(app)
    old.cookies.set("foljsam", first, domain="127.0.0.1")
    assert not is_in(old)


def test_the_history_says_who_moved(small_town: Town, app: FastAPI) -> None:
    sip = small_town.decided("Trygg hemgång", by="2025-06-30")
    fridas = browser(app)
    signs_in(small_town, fridas, "frida@example.org")
    fridas.post(f"/aktiviteter/{sip}/flytta", data={"move": Move.START.value})
    with reading(small_town.settings) as session:
        row = session.execute(
            select(c(MoveRow).by, c(MoveRow).person_id).order_by(c(MoveRow).id.desc())
        ).first()
    assert row is not None
    assert tuple(row) == ("Frida", small_town.frida)


def test_another_session_is_ended_by_whoever_has_just_shown_who_she_is(
    small_town: Town, app: FastAPI, alices: TestClient
) -> None:
    phone = browser(app)
    signs_in(small_town, phone, "alice@example.org")
    signs_in(small_town, alices, "alice@example.org")
    with reading(small_town.settings) as session:
        first = session.execute(select(c(SignedIn).id).order_by(c(SignedIn).id)).first()
    later(small_town, SignedIn, proved_at=timedelta(minutes=16))
    assert first is not None
    kept = alices.post(f"/inloggningar/{first[0]}/avsluta")
    assert "Inget är avslutat" in kept.text
    assert "Inget är avslutat" in alices.post("/logga-ut", data={"overallt": "ja"}).text
    assert is_in(phone)
    signs_in(small_town, alices, "alice@example.org")
    alices.post(f"/inloggningar/{first[0]}/avsluta")
    assert not is_in(phone)
    later(small_town, SignedIn, proved_at=timedelta(minutes=16))
    alices.post("/logga-ut")  # the browser that she has before her she always leaves
    assert not is_in(alices)
