"""What letters on file held when their links stood in them is gone after the upgrade, and goes out
all the same: Alice's letters of before, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.mailbox import Mailbox
from config import settings as settings_module
from config.settings import Settings
from models import database
from notifications import links
from tests.conftest import fill_as_of, free_port
from tests.test_postman import post, with_server

OLD = """
INSERT INTO person (id, name, email, unreachable_why) VALUES (1, 'Alice', 'alice@example.org',
  '550 spam {answer}');
INSERT INTO link (id, person_id, made_at, expires_at)
VALUES (5, 1, '2024-06-24 04:10:00', '2100-01-01 00:00:00');
INSERT INTO letter (id, person_id, link_id, kind, on_day, to_name, to_address, subject, text, html,
  message_id, queued_at, state, not_before, attempts, claimed_by, server_said)
VALUES (1, 1, 5, 'morning', '2024-06-24', 'Alice', 'alice@example.org', 'Svara',
  'Svara: {answer}', '<a href="{answer}">Svara</a>', '<a@example.org>', '2024-06-24 04:10:00',
  'queued', '2024-06-24 04:10:00', 0, '', '');
INSERT INTO letter (id, person_id, link_id, kind, on_day, to_name, to_address, subject, text, html,
  message_id, queued_at, state, not_before, attempts, claimed_by, server_said, done_at)
VALUES (2, 1, 5, 'quarterly-report', '2024-06-24', 'Alice', 'alice@example.org', 'Rapport',
  'Läs: {edition} eller {other}', '<a href="{edition}">Läs</a>', '<b@example.org>',
  '2024-06-24 04:10:00', 'sent', '2024-06-24 04:10:00', 0, '', '250 {edition}',
  '2024-06-24 04:10:00');
INSERT INTO letter (id, person_id, kind, on_day, to_name, to_address, subject, text, html,
  message_id, queued_at, state, not_before, attempts, claimed_by, server_said)
VALUES (3, 1, 'sign-in', '2024-06-24', 'Alice', 'alice@example.org', 'Logga in',
  'http://x.example/logga-in/lank/hemlig', '', '<c@example.org>', '2024-06-24 04:10:00',
  'queued', '2024-06-24 04:10:00', 0, '', '')
"""


@pytest.fixture(params=["sqlite", "postgres"])
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation on each database, without tables."""
    given: dict[str, object] = {"home": tmp_path}
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        name = f"earlier{free_port()}"
        server.psql(f"CREATE DATABASE {name}")
        given["database_url"] = str(server.get_uri(name))
    told = settings_module.load(**given)
    yield told
    database.close(told)


def test_letters_on_file_lose_their_links_and_open_when_they_are_sent(
    earlier: Settings, mailbox: Mailbox
) -> None:
    held = {
        "answer": links.address(earlier, 5),
        "edition": links.edition_address(earlier, 5, 7),
        "other": links.edition_address(earlier, 6, 8),  # somebody wrote another's link in a title
    }
    fill_as_of(earlier, "0020", OLD.format(**held).replace(":", r"\:"))
    database.migrate(earlier)
    with database.reading(earlier) as session:
        kept = session.execute(text("SELECT * FROM letter ORDER BY id")).mappings().all()
        why = session.execute(text("SELECT unreachable_why FROM person")).scalar_one()
    assert [letter["leads_to"] for letter in kept] == ["svar", "rapport/7", ""]
    assert kept[2]["state"] == "failed"
    for address in (*held.values(), "/hemlig"):
        assert address.rpartition("/")[2] not in str([dict(letter) for letter in kept]) + why
    if not earlier.database_url:
        file = (earlier.home / "foljsam.db").read_bytes()
        assert held["answer"].rpartition("/")[2].encode() not in file
    told = with_server(earlier, mailbox.port)
    assert post(told) == 1
    body = mailbox.messages[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == f"Svara: {held['answer']}"
