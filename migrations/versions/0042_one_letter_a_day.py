"""The day's letter is one row for each person and day, made of parts and notices when it goes."""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, on_sqlite, rebuild

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_PARTS = (
    *("weekly", "quarterly-report", "annual-report", "annual-draft", "deviation-report"),
    *("deviation-export", "taken-on", "declined"),
)
_KINDS = (
    *("morning", *_PARTS, "again", "sign-in", "address-confirm", "address-changed"),
    *("administrators", "address-undone", "heartbeat", "post-stop"),
    *("hand-over-code", "new-link", "passed-on"),
)
_STATES = ("queued", "sending", "sent", "kept", "failed", "bounced")
_ONE = "(letter_id IS NULL) <> (letter_part_id IS NULL)"
_PART_KEY = "CONSTRAINT fk_attachment_letter_part_id_letter_part FOREIGN KEY(letter_part_id) REFERENCES letter_part (id)"
_WAITING = "letter_id IS NULL AND dropped_on IS NULL"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_AS_PARTS = (
    "INSERT INTO letter_part (person_id, kind, occasion, on_day, "  # noqa: S608 - own words
    "decided_at, period, title, text, html, leads_to, letter_id) "
    "SELECT person_id, kind, occasion, on_day, queued_at, '', subject, '', '', '', id "
    f"FROM letter WHERE kind IN ({_listed(_PARTS)})"
)
_NEVER = "SELECT id FROM letter WHERE state IN ('replaced', 'empty')"
_TOLD = "SELECT id FROM letter_part WHERE letter_id IS NOT NULL"
_NEVER_PARTS = f"SELECT id FROM letter_part WHERE letter_id IN ({_NEVER})"  # noqa: S608
_GONE = (
    f"DELETE FROM attachment WHERE letter_part_id NOT IN ({_TOLD})",  # noqa: S608
    f"DELETE FROM attachment WHERE letter_part_id IN ({_NEVER_PARTS})",  # noqa: S608
    f"DELETE FROM attachment WHERE letter_id IN ({_NEVER})",  # noqa: S608
    f"DELETE FROM letter_item WHERE letter_id IN ({_NEVER})",  # noqa: S608
    f"UPDATE letter_part SET letter_id = NULL WHERE letter_id IN ({_NEVER})",  # noqa: S608
    "DELETE FROM letter WHERE state IN ('replaced', 'empty')",
)


def upgrade() -> None:
    """1. Parts have a table, and what has been told in letters of its own is known there.
    2. A file goes with a letter or with a part.
    3. A morning's letter that was sent again is a copy by hand; the day has one letter.
    """
    _make_parts()
    op.execute(_AS_PARTS)
    _tell_periods()
    op.execute("UPDATE letter SET kind = 'again' WHERE kind = 'morning' AND occasion <> ''")
    moment = sa.DateTime(timezone=True)
    op.add_column("letter", sa.Column("from_name", sa.String(), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("made_at", moment, nullable=True))
    op.add_column("letter", sa.Column("may_have_gone_at", moment, nullable=True))
    op.add_column("round", sa.Column("told_at", moment, nullable=True))
    op.execute("UPDATE round SET told_at = started_at")
    allow_words("letter", "state", (*_STATES, "replaced", "empty"))
    if on_sqlite():
        rebuild("letter", _with_kinds)
        rebuild("attachment", _of_parts)
    else:
        op.alter_column("letter", "kind", type_=sa.String(40))
        op.create_check_constraint(op.f("ck_letter_kind"), "letter", f"kind IN ({_listed(_KINDS)})")
        op.add_column("attachment", sa.Column("letter_part_id", sa.Integer(), nullable=True))
        op.alter_column("attachment", "letter_id", nullable=True)
        op.create_check_constraint(op.f("ck_attachment_goes_with_one"), "attachment", _ONE)
        op.create_foreign_key(
            op.f("fk_attachment_letter_part_id_letter_part"),
            *("attachment", "letter_part", ["letter_part_id"], ["id"]),
        )
    op.create_index(op.f("ix_attachment_letter_part_id"), "attachment", ["letter_part_id"])
    op.create_index(
        "uq_letter_of_the_day",
        "letter",
        ["person_id", "on_day"],
        unique=True,
        sqlite_where=sa.text("kind = 'morning'"),
        postgresql_where=sa.text("kind = 'morning'"),
    )


def _tell_periods() -> None:
    """Letters about an export named its period first, and then mostly whose it was: `#3`."""
    bind = op.get_bind()
    areas = set(bind.scalars(sa.text("SELECT id FROM collaboration")))
    asked = sa.text("SELECT id, occasion FROM letter_part WHERE kind = 'deviation-export'")
    put = sa.text(
        "UPDATE letter_part SET period = :period, collaboration_id = :area WHERE id = :id"
    )
    for id_, occasion in bind.execute(asked).all():
        period, whose = [*occasion.split(" "), ""][:2]
        named = whose.removeprefix("#")
        area = int(named) if named != whose and named.isdecimal() else None
        known = area if area in areas else None
        bind.execute(put, {"period": period, "area": known, "id": id_})


def _make_parts() -> None:
    op.create_table(
        "letter_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("leads_to", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.CheckConstraint(f"kind IN ({_listed(_KINDS)})", name=op.f("ck_letter_part_kind")),
        sa.CheckConstraint(f"kind IN ({_listed(_PARTS)})", name=op.f("ck_letter_part_is_a_part")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_part_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_letter_part_collaboration_id_collaboration"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_letter_part_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_part_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_part")),
        sa.UniqueConstraint(
            *("person_id", "on_day", "kind", "occasion"),
            name=op.f("uq_letter_part_person_id_on_day_kind_occasion"),
        ),
    )
    op.create_index(op.f("ix_letter_part_letter_id"), "letter_part", ["letter_id"])
    op.create_index(
        "ix_letter_part_waiting",
        "letter_part",
        ["person_id"],
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )


def _with_kinds(sql: str) -> str:
    check = f", CONSTRAINT ck_letter_kind CHECK (kind IN ({_listed(_KINDS)}))"
    typed = sql.replace("kind VARCHAR NOT NULL", "kind VARCHAR(40) NOT NULL", 1)
    return typed.rstrip().removesuffix(")") + check + ")"


def _of_parts(sql: str) -> str:
    free = sql.replace("letter_id INTEGER NOT NULL", "letter_id INTEGER", 1)
    head, at, rest = free.partition("content BLOB NOT NULL")
    checked = rest.rstrip().removesuffix(")").rstrip()
    one = f"CONSTRAINT ck_attachment_goes_with_one CHECK ({_ONE})"
    return f"{head}{at}, letter_part_id INTEGER{checked}, {_PART_KEY}, {one})"


def downgrade() -> None:
    """Each letter holds its files; what waited to be a part of one, and what never went, is gone."""
    op.drop_index("uq_letter_of_the_day", "letter")
    op.drop_index(op.f("ix_attachment_letter_part_id"), "attachment")
    for words in _GONE:
        op.execute(words)
    if on_sqlite():
        rebuild("attachment", _move_to_letters)
        op.drop_column("attachment", "letter_part_id")
        rebuild("letter", _without_kinds)
    else:
        op.drop_constraint(op.f("ck_attachment_goes_with_one"), "attachment", type_="check")
        op.execute(_MOVE)
        op.alter_column("attachment", "letter_id", nullable=False)
        op.drop_column("attachment", "letter_part_id")
        op.drop_constraint(op.f("ck_letter_kind"), "letter", type_="check")
        op.alter_column("letter", "kind", type_=sa.String())
    allow_words("letter", "state", _STATES)
    op.drop_table("letter_part")
    op.drop_column("round", "told_at")
    for name in ("may_have_gone_at", "made_at", "from_name"):
        op.drop_column("letter", name)


# Two parts of a letter may have had files of one name.
_MOVE = (
    "UPDATE attachment SET name = CAST(id AS VARCHAR) || '-' || name, letter_id = (SELECT letter_id "
    "FROM letter_part WHERE letter_part.id = attachment.letter_part_id), letter_part_id = NULL "
    "WHERE letter_part_id IS NOT NULL"
)


def _without_kinds(sql: str) -> str:
    check = f", CONSTRAINT ck_letter_kind CHECK (kind IN ({_listed(_KINDS)}))"
    return sql.replace(check, "").replace("kind VARCHAR(40) NOT NULL", "kind VARCHAR NOT NULL", 1)


def _move_to_letters(sql: str) -> str:
    op.execute(_MOVE)
    return (
        sql.replace(f", {_PART_KEY}", "")
        .replace(f", CONSTRAINT ck_attachment_goes_with_one CHECK ({_ONE})", "")
        .replace("letter_id INTEGER", "letter_id INTEGER NOT NULL", 1)
    )
