"""The names that a collaboration has had are rows of their own; they were told in its history alone.

What history tells is read once, here. A sentence is cut at each "blir", since a name may hold one:
a name too many can only be kept for the collaboration that its words stand in.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_NAME, _SENDER, _BECOMES = "Namn: ", "Avsändare i brev: ", " blir "


def upgrade() -> None:
    """The table, filled from the notes."""
    table = op.create_table(
        "collaboration_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_collaboration_name_has_name")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_collaboration_name_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration_name")),
        sa.UniqueConstraint(
            "collaboration_id", "name", name=op.f("uq_collaboration_name_collaboration_id_name")
        ),
    )
    told = sa.text(
        "SELECT collaboration_id, words FROM register_note WHERE collaboration_id IS NOT NULL"
        " AND (words LIKE 'Namn: %' OR words LIKE 'Avsändare i brev: %')"
    )
    names = {
        (number, name)
        for number, words in op.get_bind().execute(told)
        for name in _names_in(words)
        if name.strip()
    }
    rows = [{"collaboration_id": number, "name": name} for number, name in sorted(names)]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    """Without it; history tells the same."""
    op.drop_table("collaboration_name")


def _names_in(words: str) -> list[str]:
    found = []
    for told in words.split(f"; {_SENDER}"):
        names = told.removeprefix(_NAME).removeprefix(_SENDER)
        for cut in re.finditer(_BECOMES, names):
            found += [names[: cut.start()], names[cut.end() :]]
    return found
