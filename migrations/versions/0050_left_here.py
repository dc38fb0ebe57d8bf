"""A last day is each collaboration's own, a link is closed by each for itself, and so are notes.

Whoever has left has left all that know her. No link has been closed by halves. Notes of before are
of a group, or of the person's home.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

KNOWN = """
    INSERT INTO person_left (person_id, collaboration_id, last_day)
    SELECT p.id, known.collaboration_id, p.left_on
    FROM person p
    JOIN (
        SELECT id AS person_id, home_collaboration_id AS collaboration_id FROM person
        WHERE home_collaboration_id IS NOT NULL
        UNION
        SELECT person_id, collaboration_id FROM person_known WHERE declined_at IS NULL
        UNION
        SELECT h.person_id, g.collaboration_id
        FROM role_holding h JOIN groups g ON g.id = h.group_id
    ) known ON known.person_id = p.id
    WHERE p.left_on IS NOT NULL
"""


def upgrade() -> None:
    """Two tables and a column; who has left is put in the first."""
    op.create_table(
        "person_left",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_left_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_person_left_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("person_id", "collaboration_id", name=op.f("pk_person_left")),
    )
    op.create_index(op.f("ix_person_left_collaboration_id"), "person_left", ["collaboration_id"])
    op.create_table(
        "link_closed",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_closed_link_id_link")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_link_closed_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("link_id", "collaboration_id", name=op.f("pk_link_closed")),
    )
    # A column with its constraint in one statement: Alembic's own way would make SQLite's table
    # anew.
    op.execute(
        "ALTER TABLE register_note ADD COLUMN collaboration_id INTEGER "
        "CONSTRAINT fk_register_note_collaboration_id_collaboration REFERENCES collaboration (id)"
    )
    op.execute(KNOWN)


def downgrade() -> None:
    """Who has left some of several collaborations is on file in all again."""
    op.drop_column("register_note", "collaboration_id")
    op.drop_table("link_closed")
    op.drop_table("person_left")
