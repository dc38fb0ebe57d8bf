"""What we sign is signed with HMAC-SHA-256; what SHA-1 signed before opens where it may."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from config import clock, signing
from models.database import transaction
from models.letter import Link
from notifications import feeds, links
from rules.marks import without_keys
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import with_sign_in
from web.app import create_app
from web.door import without_glue
from web.prefect_door import create_door

SECRET = "en hemlighet av trettiotva tecken"


def in_base64(made: bytes) -> str:
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def a_link(town: Town) -> int:
    """A link of Alice's that opens."""
    now = clock.now()
    with transaction(town.settings) as session:
        link = Link(person_id=town.alice, made_at=now, expires_at=now + timedelta(days=9))
        session.add(link)
        session.flush()
        assert link.id is not None
        return link.id


def test_a_signature_is_hmac_with_sha_256() -> None:
    words, _, signature = signing.signer(SECRET, "answer").dumps(7).partition(".")
    key = hmac.digest(SECRET.encode(), b"answer", hashlib.sha256)
    assert signature == in_base64(hmac.digest(key, words.encode(), hashlib.sha256))
    assert len(signature) == signing.LENGTHS[0]


def test_every_link_and_calendar_is_signed_so(small_town: Town) -> None:
    told, link = small_town.settings, a_link(small_town)
    with transaction(told) as session:
        feeds.make(session, person_id=small_town.alice)
        session.flush()
        calendar = feeds.feed_address(session, told, person_id=small_town.alice)
    made = [
        links.address(told, link),
        links.edition_address(told, link, 3),
        links.sign_in_token(told, "frö"),
        links.own_address_token(told, "frö"),
        calendar.removesuffix(".ics"),
    ]
    assert {len(one.rpartition(".")[2]) for one in made} == {43}


def test_an_older_link_and_calendar_open_until_they_end(small_town: Town) -> None:
    told, link = small_town.settings, a_link(small_town)
    with transaction(told) as session:
        feeds.make(session, person_id=small_town.alice)
    pages = browse(create_app(told))
    older = URLSafeSerializer(told.secret, salt="answer").dumps(link)
    assert len(older.rpartition(".")[2]) == signing.LENGTHS[1]
    assert pages.get(f"/svar/{older}").status_code == 200
    calendar = URLSafeSerializer(told.secret, salt="calendar").dumps(1)
    assert pages.get(f"/kalender/{calendar}.ics").status_code == 200
    other_use = URLSafeSerializer(told.secret, salt="edition").dumps(link)
    assert pages.get(f"/svar/{other_use}").status_code == 403
    with transaction(told) as session:
        session.get_one(Link, link).revoked_at = clock.now()
    assert pages.get(f"/svar/{older}").status_code == 410


def test_what_lives_for_a_while_opens_by_the_new_signature_alone(small_town: Town) -> None:
    older = URLSafeTimedSerializer(SECRET, salt="known-browser").dumps(["k", []])
    with pytest.raises(BadSignature):
        signing.for_a_while(SECRET, "known-browser").loads(older)
    told = with_sign_in(small_town.settings, prefect_port=1)
    door = TestClient(create_door(told), base_url="http://127.0.0.1")
    ticket = URLSafeTimedSerializer(told.secret, salt="prefect-ticket").dumps([1, "x"])
    assert door.get(f"/foljsam/in?biljett={ticket}").status_code == 401


@pytest.mark.parametrize(
    "made",
    [signing.signer(SECRET, "answer").dumps(7), URLSafeSerializer(SECRET, salt="answer").dumps(7)],
)
def test_a_link_of_either_length_is_known_by_door_and_logs(made: str) -> None:
    assert without_glue(f"/svar/{made}_") == f"/svar/{made}"
    assert without_glue(f"/svar/{made}).") == f"/svar/{made}"
    assert made.rpartition(".")[2] not in without_keys(f"the server said {made} is spam")
