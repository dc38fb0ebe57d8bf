"""The tables that migrations make are the tables that the code has; what was on file stays."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import models.tables  # noqa: F401 - every table
from config import settings as settings_module
from config.settings import Settings
from models import database
from models.columns import METADATA, c
from models.group_note import GroupNote, note_waits
from tests.conftest import fill_as_of


def test_the_migrations_make_the_tables_that_the_code_has(told: Settings) -> None:
    with database.engine_for(told).connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(found, METADATA) == []


def test_a_file_from_an_earlier_version_keeps_its_letters(tmp_path: str) -> None:
    """Alice's letter of 2024 is on file, with what it was about, when the table is made anew."""
    told = settings_module.load(home=tmp_path)
    fill_as_of(told, "0002", OLD)
    database.migrate(told)
    with database.reading(told) as session:
        kept = session.execute(text("SELECT subject, occasion FROM letter")).all()
        assert [tuple(row) for row in kept] == [("1 aktivitet att svara på", "")]
        assert session.execute(text("SELECT count(*) FROM letter_item")).scalar() == 1
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'"))
        assert "ix_letter_outbox" in set(names.scalars())
    database.close(told)


OLD = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'NOSAM Alm', '');
INSERT INTO person (id, name, email, unreachable_why) VALUES (1, 'Alice', 'alice@example.org', '');
INSERT INTO plan (id, collaboration_id, group_id, title, purpose, target_groups)
VALUES (1, 1, 1, 'Plan 2024', '', '');
INSERT INTO activity (id, plan_id, group_id, position, what, how, follow_up, status_words,
  start_text, start_precision, deadline_text, deadline_precision, runs_on, state, state_since,
  result, outcome, source_key, source_file, source_table, doubts)
VALUES (1, 1, 1, 0, 'Starta mottagningen', '', '', '', '', 'none', '', 'none', false,
  'föreslagen', '2024-01-01', '', '', 'a', '', '', '');
INSERT INTO notice (id, activity_id, kind, rung, due_on, reached_on)
VALUES (1, 1, 'deadline', 7, '2024-06-30', '2024-06-23');
INSERT INTO letter (id, person_id, kind, on_day, to_name, to_address, subject, text, html,
  message_id, queued_at, state, not_before, attempts, claimed_by, server_said)
VALUES (1, 1, 'morning', '2024-06-24', 'Alice', 'alice@example.org', '1 aktivitet att svara på',
  '', '', '<a@example.org>', '2024-06-24 04:10:00', 'queued', '2024-06-24 04:10:00', 0, '', '');
INSERT INTO letter_item (letter_id, notice_id, via) VALUES (1, 1, '')
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_each_person_gets_a_home_and_is_known_where_else_she_has_roles(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Alice and Bea of two collaborations, Cai whom a plan names, Dan who is nobody's."""
    told = empty(request, tmp_path, kind)
    fill_as_of(told, "0020", TWO_COLLABORATIONS)
    database.migrate(told)
    with database.reading(told) as session:
        homes = "SELECT name, home_collaboration_id, proved_at IS NOT NULL FROM person ORDER BY id"
        assert [tuple(row) for row in session.execute(text(homes))] == [
            ("Alice", 1, True),
            ("Bea", 2, False),
            ("Cai", 2, False),
            ("Dan", None, False),
        ]
        known = "SELECT person_id, collaboration_id, name, told_at IS NOT NULL FROM person_known"
        assert [tuple(row) for row in session.execute(text(known))] == [(1, 2, "Alice", True)]
        assert session.execute(text("SELECT count(*) FROM administrator")).scalar() == 0
    database.close(told)


def test_plans_on_file_before_count_as_reminded_of(tmp_path: Path) -> None:
    told = settings_module.load(home=tmp_path)
    fill_as_of(told, "0034", A_PLAN)
    database.migrate(told)
    with database.reading(told) as session:
        begins = session.execute(text("SELECT reminded_from FROM plan")).scalar()
        assert str(begins) == "1970-01-01"
    database.close(told)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_names_that_a_collaboration_has_had_are_kept_for_it(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Alm was called Alm och Ek, and its letters came from Närvård; Väst for a while."""
    told = empty(request, tmp_path, kind, "before_0065")
    fill_as_of(told, "0064", HAD_NAMES)
    database.migrate(told)
    with database.reading(told) as session:
        had = session.execute(text("SELECT collaboration_id, name FROM collaboration_name"))
        assert {tuple(row) for row in had} == {
            (1, "Alm och Ek"),
            (1, "Alm"),
            (1, "Närvård; Väst"),
            (1, "Närvård"),
        }
    database.close(told)


HAD_NAMES = """
INSERT INTO collaboration (id, name) VALUES (1, 'Alm');
INSERT INTO register_note (collaboration_id, on_day, at, by, words) VALUES (1, '2024-01-01',
'2024-01-01 10:00:00', 'Frida',
'Namn: Alm och Ek blir Alm; Avsändare i brev: Alm och Ek blir Närvård; Väst');
INSERT INTO register_note (collaboration_id, on_day, at, by, words) VALUES (1, '2024-01-02',
'2024-01-02 10:00:00', 'Frida', 'Avsändare i brev: Närvård; Väst blir Närvård');
INSERT INTO register_note (collaboration_id, on_day, at, by, words) VALUES (1, '2024-01-02',
'2024-01-02 10:00:00', 'Frida', 'Samverkan är i gång igen.')
"""

A_PLAN = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'NOSAM Alm', '');
INSERT INTO plan (id, collaboration_id, group_id, title, purpose, target_groups)
VALUES (1, 1, 1, 'Plan 2024', '', '')
"""


def empty(
    request: pytest.FixtureRequest, home: Path, kind: str, name: str = "before_0021"
) -> Settings:
    """An installation without any tables."""
    if kind == "sqlite":
        return settings_module.load(home=home)
    server = request.getfixturevalue("postgres")
    server.psql(f"CREATE DATABASE {name}")
    return settings_module.load(home=home, database_url=str(server.get_uri(name)))


TWO_COLLABORATIONS = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov'), (2, 'Annan');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'Alm', ''), (2, 2, 'Ceder', '');
INSERT INTO person (id, name, email, unreachable_why) VALUES
  (1, 'Alice', 'alice@example.org', ''), (2, 'Bea', 'bea@example.org', ''),
  (3, 'Cai', 'cai@example.org', ''), (4, 'Dan', 'dan@example.org', '');
INSERT INTO role_holding (id, person_id, group_id, role, starts_on, ends_on) VALUES
  (1, 1, 1, 'ordförande', '2020-01-01', '2021-01-01'),
  (2, 1, 2, 'ledamot', '2019-01-01', NULL), (3, 2, 2, 'ledamot', NULL, NULL);
INSERT INTO plan (id, collaboration_id, group_id, title, purpose, target_groups)
VALUES (1, 2, 2, 'Plan 2024', '', '');
INSERT INTO activity (id, plan_id, group_id, position, what, how, follow_up, status_words,
  start_text, start_precision, deadline_text, deadline_precision, runs_on, state, state_since,
  result, outcome, source_key, source_file, source_table, doubts)
VALUES (1, 1, 2, 0, 'Starta mottagningen', '', '', '', '', 'none', '', 'none', false,
  'föreslagen', '2024-01-01', '', '', 'a', '', '', '');
INSERT INTO responsibility (id, activity_id, kind, words, person_id, role)
VALUES (1, 1, 'person', 'Cai', 3, '');
INSERT INTO signed_in (id, person_id, token_hash, browser, began_at, seen_at)
VALUES (1, 1, 'x', '', '2024-06-24 04:10:00', '2024-06-24 04:10:00')
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_who_has_left_has_left_all_that_know_her(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Alice, of two collaborations, had left; Bea had not."""
    told = empty(request, tmp_path, kind, "before_0050")
    fill_as_of(told, "0047", ALICE_HAD_LEFT)
    database.migrate(told)
    with database.reading(told) as session:
        left = "SELECT person_id, collaboration_id, last_day FROM person_left ORDER BY 1, 2"
        rows = [(*row[:2], str(row[2])) for row in session.execute(text(left))]
        assert rows == [(1, 1, "2024-05-31"), (1, 2, "2024-05-31")]
        note = "SELECT words, collaboration_id FROM register_note"
        assert [tuple(row) for row in session.execute(text(note))] == [("Sista dag.", None)]
    database.close(told)


ALICE_HAD_LEFT = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov'), (2, 'Annan');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'Alm', ''), (2, 2, 'Ceder', '');
INSERT INTO person (id, name, email, unreachable_why, home_collaboration_id, left_on) VALUES
  (1, 'Alice', 'alice@example.org', '', 1, '2024-05-31'),
  (2, 'Bea', 'bea@example.org', '', 2, NULL);
INSERT INTO role_holding (id, person_id, group_id, role) VALUES (1, 1, 2, 'ledamot');
INSERT INTO register_note (id, person_id, on_day, at, by, words)
VALUES (1, 1, '2024-05-31', '2024-05-31 04:10:00', 'Frida', 'Sista dag.')
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_written_about_deviations_may_still_be_read(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """A group's conclusion, from when nobody said yes to them."""
    told = empty(request, tmp_path, kind, "before_0051")
    fill_as_of(told, "0050", HERS_OF_BEFORE)
    database.migrate(told)
    with database.reading(told) as session:
        notes = 'SELECT id, conclusion, "by" FROM group_note'
        rows = [tuple(row) for row in session.execute(text(notes))]
        assert rows == [(1, "Listan saknas", "Alice")]
        said = "SELECT note_id, conclusion, edited, on_day FROM released_note"
        (row,) = session.execute(text(said)).all()
        assert (*row[:2], bool(row[2]), str(row[3])) == (1, "Listan saknas", False, "2024-04-12")
        waits = select(c(GroupNote).id).where(note_waits())
        assert session.execute(waits).first() is None
    with pytest.raises(DBAPIError, match="is history"), database.transaction(told) as session:
        session.execute(text("UPDATE group_note SET conclusion = 'annat'"))
    database.close(told)


HERS_OF_BEFORE = f"""
INSERT INTO collaboration (id, name) VALUES (1, 'Prov');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'Alm', '');
INSERT INTO edition (id, kind, collaboration_id, group_id, period, number, cut_off, state,
  schema_version, facts, sha256, compiled_at, compiled_by, reviewed_by, approved_at, approved_by,
  override_reason, prose) VALUES (1, 'deviations', 1, 1, '2024Q1', 1, '2024-04-05', 'sent', 1,
  '{{}}', '{"0" * 64}', '2024-04-05 04:10:00', 'x', '', '2024-04-05 04:10:00', 'x', '', '{{}}');
INSERT INTO deviation_analysis (id, edition_id, at, "by", pattern, measure, conclusion)
  VALUES (3, 1, '2024-04-12 08:00:00', 'Alice', '', '', 'Listan saknas')
"""
