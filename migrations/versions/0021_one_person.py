"""A person is one, at home in a collaboration and known in others; administrators are on file.

1. Each person gets a home: where she first held a role, else where a plan first named her, else the
   only collaboration there is. Somebody of none of these is the administrators'.
2. Where else she holds or held a role she is known by her name, and has been told.
3. An address is proved when somebody has signed in with it or answered by a link that came to it.
4. The tables of administrators and of changed addresses. Whom the setting names is brought in when
   the program starts: a migration reads no settings.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the three tables, and fill in what the rows on file tell."""
    _columns()
    _known()
    _administrators()
    _address_changes()
    for words in (*_HOMES, _KNOWN_ELSEWHERE, _PROVED):
        op.execute(words)


def _columns() -> None:
    # A column with its constraint in one statement: Alembic's own way would make SQLite's table
    # anew.
    op.execute(
        "ALTER TABLE person ADD COLUMN home_collaboration_id INTEGER "
        "CONSTRAINT fk_person_home_collaboration_id_collaboration REFERENCES collaboration (id)"
    )
    op.create_index(op.f("ix_person_home_collaboration_id"), "person", ["home_collaboration_id"])
    op.add_column("person", sa.Column("proved_at", MOMENT, nullable=True))


def _known() -> None:
    op.create_table(
        "person_known",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("declined_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_known_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_person_known_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_known")),
        sa.UniqueConstraint(
            "person_id", "collaboration_id", name=op.f("uq_person_known_person_id_collaboration_id")
        ),
    )
    op.create_index(op.f("ix_person_known_collaboration_id"), "person_known", ["collaboration_id"])


def _administrators() -> None:
    op.create_table(
        "administrator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= starts_on", name=op.f("ck_administrator_dates")
        ),
        sa.CheckConstraint("length(trim(by)) > 0", name=op.f("ck_administrator_has_giver")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_administrator_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator")),
    )
    op.create_index(op.f("ix_administrator_person_id"), "administrator", ["person_id"])
    op.execute(
        "CREATE UNIQUE INDEX uq_administrator_open ON administrator (person_id) "
        "WHERE ended_on IS NULL"
    )


def _address_changes() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("confirm_hash", sa.String(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("undo_hash", sa.String(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "length(before) > 0 AND length(after) > 0",
            name=op.f("ck_address_change_has_addresses"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_address_change_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_address_change_confirm_hash")),
        sa.UniqueConstraint("undo_hash", name=op.f("uq_address_change_undo_hash")),
    )
    op.create_index(op.f("ix_address_change_person_id"), "address_change", ["person_id"])


_HOMES = (
    """
    UPDATE person SET home_collaboration_id = (
      SELECT groups.collaboration_id FROM role_holding
      JOIN groups ON groups.id = role_holding.group_id
      WHERE role_holding.person_id = person.id
      ORDER BY role_holding.id LIMIT 1)
    """,
    """
    UPDATE person SET home_collaboration_id = (
      SELECT plan.collaboration_id FROM responsibility
      JOIN activity ON activity.id = responsibility.activity_id
      JOIN plan ON plan.id = activity.plan_id
      WHERE responsibility.person_id = person.id
      ORDER BY responsibility.id LIMIT 1)
    WHERE home_collaboration_id IS NULL
    """,
    """
    UPDATE person SET home_collaboration_id = (SELECT min(id) FROM collaboration)
    WHERE home_collaboration_id IS NULL AND (SELECT count(*) FROM collaboration) = 1
    """,
)
_KNOWN_ELSEWHERE = """
    INSERT INTO person_known (person_id, collaboration_id, name, since, by, told_at)
    SELECT DISTINCT person.id, groups.collaboration_id, person.name, CURRENT_TIMESTAMP, '',
      CURRENT_TIMESTAMP
    FROM role_holding
    JOIN groups ON groups.id = role_holding.group_id
    JOIN person ON person.id = role_holding.person_id
    WHERE groups.collaboration_id <> person.home_collaboration_id
"""
_PROVED = """
    UPDATE person SET proved_at = coalesce(
      (SELECT min(began_at) FROM signed_in WHERE signed_in.person_id = person.id),
      (SELECT min(at) FROM status_answer WHERE status_answer.person_id = person.id))
"""
