"""Mallory asks for letters to Alice without end: Alice is neither shut out nor flooded."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.database import transaction
from models.person import Person
from models.session import SignInRequest
from tests.cast import Town
from tests.sign_in.conftest import (
    asks,
    browser,
    is_in,
    later,
    links,
    requests_on_file,
    signs_in,
    with_sign_in,
)
from web.app import create_app
from web.entry import lockout
from web.entry.known import LASTS

ALICE = "alice@example.org"


def comes_from(app: FastAPI, network: str) -> TestClient:
    """A new browser somewhere on the net, behind our own proxy."""
    client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 4711))
    client.headers.update({"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": network})
    return client


def attack(app: FastAPI, blocks: int = 4, times: int = 6) -> None:
    """Mallory asks from several places, each time as somebody new."""
    for block in range(blocks):
        for n in range(times):
            asks(comes_from(app, f"203.0.{block}.{n + 1}"), ALICE)


def test_whoever_has_signed_in_before_is_let_through_whatever_strangers_ask(town: Town) -> None:
    app = create_app(with_sign_in(town.settings))
    alices = comes_from(app, "198.51.100.7")
    signs_in(town, alices, ALICE)
    alices.post("/logga-ut")
    attack(app)
    before = len(links(town))
    alices.headers["X-Forwarded-For"] = "203.0.1.200"  # also where Mallory is
    signs_in(town, alices, ALICE)
    assert len(links(town)) == before + 1
    assert is_in(alices)


def test_alices_mailbox_is_not_flooded(small_town: Town, app: FastAPI) -> None:
    attack(app)
    assert len(links(small_town)) == lockout.LETTERS
    later(small_town, SignInRequest, asked_at=timedelta(minutes=59))
    attack(app)
    assert len(links(small_town)) == lockout.LETTERS
    later(small_town, SignInRequest, asked_at=timedelta(minutes=1))
    asks(browser(app), ALICE)
    assert len(links(small_town)) == lockout.LETTERS + 1


def test_one_block_alone_leaves_letters_for_a_new_browser_of_alices(
    small_town: Town, app: FastAPI
) -> None:
    attack(app, blocks=1, times=20)
    assert len(links(small_town)) == lockout.LETTERS_FROM_ONE
    new = comes_from(app, "198.51.100.7")
    signs_in(small_town, new, ALICE)
    assert is_in(new)


def test_a_known_browser_floods_nobody_either(small_town: Town, app: FastAPI) -> None:
    alices = comes_from(app, "198.51.100.7")
    signs_in(small_town, alices, ALICE)
    before = len(links(small_town))
    for _ in range(lockout.OWN_LETTERS + 4):
        asks(alices, ALICE)
    assert len(links(small_town)) == before + lockout.OWN_LETTERS
    asks(comes_from(app, "198.51.100.8"), ALICE)  # and takes nothing from a new one
    assert len(links(small_town)) == before + lockout.OWN_LETTERS + 1


def test_who_is_known_as_herself_is_a_stranger_to_others(small_town: Town, app: FastAPI) -> None:
    mallorys = comes_from(app, "203.0.113.9")
    signs_in(small_town, mallorys, "bob@example.org")
    for _ in range(9):
        asks(mallorys, ALICE)
    assert len(links(small_town)) == 1 + lockout.LETTERS_FROM_ONE


def test_what_a_browser_remembers_is_signed_and_names_nobody(
    small_town: Town, app: FastAPI
) -> None:
    alices = comes_from(app, "198.51.100.7")
    entered = signs_in(small_town, alices, ALICE)
    said = next(one for one in entered.headers.get_list("set-cookie") if "-known" in one)
    assert "HttpOnly" in said
    assert f"Max-Age={int(LASTS.total_seconds())}" in said
    first = alices.cookies["foljsam-known"]
    assert "alice" not in first
    signs_in(small_town, alices, ALICE)
    assert alices.cookies["foljsam-known"] != first
    attack(app)
    before = len(links(small_town))
    forger = comes_from(app, "203.0.113.9")
    for forged in (first[:-3] + "abc", "x", "", first.partition(".")[2]):
        forger.cookies.set("foljsam-known", forged)
        asks(forger, ALICE)
    assert len(links(small_town)) == before


def test_one_browser_cannot_go_through_a_register(small_town: Town, app: FastAPI) -> None:
    one = comes_from(app, "203.0.113.9")
    for n in range(lockout.ASKED_BY_ONE + 10):
        one.headers["X-Forwarded-For"] = f"203.0.{n}.9"
        asks(one, f"gissning{n}@example.org")
    assert requests_on_file(small_town) == lockout.ASKED_BY_ONE


def test_neighbours_in_a_block_are_one_asker(small_town: Town, app: FastAPI) -> None:
    for n in range(lockout.ASKED + 10):
        asks(comes_from(app, f"2001:db8:1:2::{n + 1:x}"), f"gissning{n}@example.org")
    assert requests_on_file(small_town) == lockout.ASKED


@pytest.mark.parametrize("address", [ALICE, "okand@example.org"])
def test_whether_somebody_is_known_or_shut_out_is_told_to_nobody(
    small_town: Town, app: FastAPI, address: str
) -> None:
    known = comes_from(app, "198.51.100.7")
    signs_in(small_town, known, ALICE)
    known.post("/logga-ut")
    first = asks(known, address)
    attack(app)
    for client in (known, comes_from(app, "203.0.1.9")):
        answer = asks(client, address)
        assert answer.text == first.text
        assert answer.headers.keys() == first.headers.keys()


def test_requests_do_not_heap_up(small_town: Town, app: FastAPI) -> None:
    attack(app)
    later(small_town, SignInRequest, asked_at=timedelta(days=1, minutes=1))
    asks(browser(app), ALICE)
    assert requests_on_file(small_town) == 1


def test_a_new_address_makes_every_browser_a_stranger(small_town: Town, app: FastAPI) -> None:
    alices = comes_from(app, "198.51.100.7")
    signs_in(small_town, alices, ALICE)
    with transaction(small_town.settings) as session:
        session.get_one(Person, small_town.alice).email = "alice.ek@example.org"
    for _ in range(9):
        asks(alices, "alice.ek@example.org")
    assert len(links(small_town)) == 1 + lockout.LETTERS_FROM_ONE
